#!/bin/bash
# SPDX-License-Identifier: MIT
# Map rules: the files of `pip install -t /inst` are moved, bin/ to /usr/local/bin, the rest to
# site-packages, in each form; the builder's result is compared with the list below.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_build.sh"

image_ready
cd "$scratch" || exit 1
site=usr/local/lib/python3.11/site-packages

make_inst()
{
    local inst=$1/inst
    mkdir -p "$inst"/bin "$inst"/pkg/data "$inst"/other-1.0.dist-info "$1/srv/one" "$1/usr/local/lib"
    printf '#!/usr/bin/python3\nimport sys\nsys.path.insert(0, "/%s")\nimport pkg\nprint(pkg.word())\n' "$site" >"$inst/bin/tool"
    printf '#!/inst/bin/python\n' >"$inst/bin/lost"
    chmod 755 "$inst"/bin/*
    ln -s /usr/bin/python3 "$inst/bin/python"
    printf 'import os\ndef word():\n    return open(os.path.dirname(__file__) + "/data/a b").read().strip()\n' >"$inst/pkg/__init__.py"
    echo moved >"$inst/pkg/data/a b"
    echo unused >"$inst/pkg/data/unused"
    echo name >"$inst/other-1.0.dist-info/METADATA"
    chmod 2775 "$inst/pkg/data"
    chown 7:8 "$inst/pkg/data" "$inst/pkg/data/a b"
    ln -s ../pkg/data "$inst/other-1.0.dist-info/data"
    ln -s /inst/pkg "$1/srv/one/absolute"
    echo shared >"$inst/pkg/first"
    ln "$inst/pkg/first" "$1/srv/second"
    touch -d @1000000000 "$inst"/{bin,pkg,pkg/data,other-1.0.dist-info}/* "$inst"/{pkg/data,pkg,bin} "$inst" "$1/srv/second"
}
prepare()
{
    cp -r "$image/oci" oci
    layer full full make_inst
    skopeo copy -q oci:oci:full docker-archive:full.tar:localhost/full:latest
}
strictly prepare >make.log 2>&1
[ "$strict_status" = 0 ] || { tail -n 30 make.log; die "making the image"; }

must "load" xsmall -q -s s.xsmall load --base "$image/base.tar" full.tar
must "drop" xsmall -q -s s.xsmall drop /
must "keep" xsmall -q -s s.xsmall keep /inst /srv '/usr/bin/python3*' '/usr/lib/python3.11' \
    '/usr/lib/x86_64-linux-gnu/libz.*' '/usr/lib/x86_64-linux-gnu/libexpat.*'
must "drop" xsmall -q -s s.xsmall drop /inst/pkg/data/unused
map="--map /inst/bin=/usr/local/bin --map /inst=/$site --map /srv/second=/$site/pkg/renamed"

# Expected paths, by hand: kind, mode, owner, size or target, and the time except of directories.
cat >expected <<E
/srv d 755 0:0
/srv/one d 755 0:0
/srv/one/absolute l 0:0 /inst/pkg
/usr/local/bin d 755 0:0
/usr/local/bin/lost f 755 0:0 19 1000000000
/usr/local/bin/python l 0:0 /usr/bin/python3
/usr/local/bin/tool f 755 0:0 $((19 + 11 + 20 + ${#site} + 4 + 11 + 18)) 1000000000
/$site d 755 0:0
/$site/other-1.0.dist-info d 755 0:0
/$site/other-1.0.dist-info/METADATA f 644 0:0 5 1000000000
/$site/other-1.0.dist-info/data l 0:0 ../pkg/data
/$site/pkg d 755 0:0
/$site/pkg/__init__.py f 644 0:0 94 1000000000
/$site/pkg/data d 2775 7:8
/$site/pkg/data/a b f 644 7:8 6 1000000000
/$site/pkg/first f 644 0:0 7 1000000000
/$site/pkg/renamed f 644 0:0 7 1000000000
E
LC_ALL=C sort -o expected expected
list_result()
{
    find ./inst ./srv ./usr/local/bin "./$site" \( -type d -printf '%p d %m %U:%G\n' -o \
        -type l -printf '%p l %U:%G %l\n' -o -printf '%p %y %m %U:%G %s %T@\n' \) |
        sed 's/^\.//; s/\.0000000000$//' | LC_ALL=C sort
}

storage_open
must "storage" storage_add full.tar localhost/full:latest
must "storage" storage_add "$image/base.tar" localhost/base:latest
for form in stage tar copy; do
    cp s.xsmall "$form.xsmall"
    must "export $form" xsmall -s "$form.xsmall" export --form "$form" $map -o "out-$form" 2>"$form.warnings"
    check "$form: the shebang" grep -qF \
        '/usr/local/bin/lost: interpreter is missing in the slim image: /inst/bin/python' "$form.warnings"
    check "$form: the link" grep -qF \
        '/srv/one/absolute: symlink target is missing in the slim image: /inst/pkg' "$form.warnings"
    if ! build_image "out-$form" "localhost/out:$form"; then
        check "$form builds" false
        cut -c1-300 "out-$form/Dockerfile"
        continue
    fi
    with_mounted "localhost/out:$form" list_result >"$form.list" 2>"$form.find"
    check "$form: /inst is gone" grep -q "inst.*: No such file" "$form.find"
    same "$form: paths" expected "$form.list"
    equal "$form: the tool" moved "$(run_image "localhost/out:$form" 1000 /usr/local/bin/tool)"
    links()
    {
        stat -c '%h' "$site/pkg/first" "$site/pkg/renamed" | tr '\n' ' '
    }
    equal "$form: one file with two names" "2 2 " "$(with_mounted "localhost/out:$form" links)"
done

# The rules are stored in the session, and can be removed.
equal "remembered" "/inst /$site
/inst/bin /usr/local/bin
/srv/second /$site/pkg/renamed" "$(sqlite3 -separator ' ' stage.xsmall 'SELECT * FROM map ORDER BY source')"
must "again" xsmall -s stage.xsmall export >again 2>/dev/null
same "the same Dockerfile" out-stage/Dockerfile again
must "taken back" xsmall -s stage.xsmall export --map /inst= --map /inst/bin= --map /srv/second= -o back
must "never given" xsmall -s s.xsmall export -o never
same "as if they had not been" never/Dockerfile back/Dockerfile

# Impossible rules are reported, and no file is written.
refused()
{
    local what=$1 code=$2 words=$3
    shift 3
    cp s.xsmall r.xsmall
    answers "$what" "$code" xsmall -s r.xsmall export -o none "$@" 2>stderr
    grep -qF -- "$words" stderr || { check "$what: message" false && cat stderr; }
    check "$what: nothing is written" test ! -e none
}
refused "two at one place" 1 "is mapped onto another path at /usr/bin/python3.11" --map /srv/second=/usr/bin/python3.11
refused "below a file" 1 "below a path that is not a directory" --map /srv/second=/srv/file --map /inst/pkg=/srv/file/pkg
refused "not there" 1 "/nowhere: no such path in the subject image" --map /nowhere=/x
refused "relative" 2 "absolute paths" --map inst=/x
refused "no rule" 2 "expected FROM=TO" --map /inst
refused "the root" 2 "/ cannot be moved" --map /=/x
finish
