#!/bin/bash
# SPDX-License-Identifier: MIT
# An image and a log with hostile names: a pipe gets the exact bytes, a terminal gets no escape
# sequence, a Dockerfile gets no injected instruction; and the built image contains all the names.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_build.sh"

names=(
    $'new\nline' $'\nRUN touch pwned' $'x\nRUN touch "pwned"\n#' $'tab\there' $'cr\rhere'
    $'esc\e[31mred\e]0;title\a' $'c1\xc2\x9b31m' $'no utf-8 \xff\xfe' $'bidi \xe2\x80\xae txt'
    'double"quote' "single'quote" '$HOME' '${HOME}' '$(touch pwned)' '`touch pwned`' 'back\slash'
    'back\\nslash' 'end\' '#comment' '# escape=`' '-n' '--from=x' 'star*' 'q?' '[a]' '{a,b}' '!bang'
    ' leading' 'trailing ' 'semi;touch pwned' '&& touch pwned' '<<EOF' '%s%n' '~' '","etc"]'
    $'\x7f' 'ünïcode' $'zero\xe2\x80\x8bwidth'
)

make_tree()
{
    local name
    mkdir -p "$1/odd/sub"
    for name in "${names[@]}"; do
        printf 'content of %s' "$name" >"$1/odd/$name"
        mkdir -p "$1/odd/sub/$name"
        ln -s "../../$name" "$1/odd/sub/$name/to"
    done
    echo unused >"$1/odd/never opened"
}

make_image_here()
{
    umoci unpack --image "$image/oci:full" bundle
    make_tree bundle/rootfs
    cp -r "$image/oci" oci
    umoci repack --image oci:full bundle
    umoci config --image oci:full --config.label 'quo"te=v$v' --config.label 'space d=a\b' \
        --config.env 'Y=$HOME ${PATH} `id` "q" '\''s'\'' \ back' --config.env 'E=' \
        --config.workingdir '/odd/sub/$HOME' --config.entrypoint $'/bin/sh' \
        --config.entrypoint $'-c\nRUN touch /pwned' --config.cmd '["x"]' --config.cmd '$HOME' \
        --config.volume '/odd/sub/double"quote'
    skopeo copy -q oci:oci:full docker-archive:hostile.tar:localhost/hostile:latest
    # Values that a Dockerfile cannot express: a newline in ENV and LABEL, an escape character.
    umoci config --image oci:full --config.env $'X=a\nRUN touch /pwned' --config.env $'Z=\e[31m' \
        --config.label $'l\nRUN touch /pwned=\nRUN touch /pwned'
    skopeo copy -q oci:oci:full docker-archive:worse.tar:localhost/hostile:latest
    mkdir log
    trace_in bundle/rootfs log /bin/sh -c 'for f in /odd/* /odd/sub/*/to; do
        [ "$f" = "/odd/never opened" ] || [ -d "$f" ] || cat "$f"; done; exit' >/dev/null
    # Bytes that strace would have escaped: written by another tracer, or by hand.
    set -- log/log.*
    printf 'openat(AT_FDCWD, "/odd/no utf-8 \xff\xfe", O_RDONLY) = 3\nwrite(1, "\033[31m", 5) = 5\n' >>"$1"
}

in_c_order()
{
    LC_ALL=C sort -z
}

# Prints the instructions of a Dockerfile, continuation lines joined.
instructions()
{
    sed -e ':a' -e '/\\$/{N; s/\\\n//; ba' -e '}' "$1" | grep -av '^#' | grep -av '^$'
}

harmless()
{
    ! instructions "$1" | grep -avE '^(FROM|COPY|ADD rootfs.tar /$|RUN \[|USER|ENV|WORKDIR|ENTRYPOINT|CMD|EXPOSE|VOLUME|LABEL|STOPSIGNAL|ARG) *' &&
        ! LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f]' "$1" &&
        ! grep -aE '^ *(RUN|run) touch|^# *escape' "$1"
}

# No control character except newline and tab, no C1, no bidi or zero-width character.
no_escapes()
{
    ! LC_ALL=C grep -aP '[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8b-\x8f\xaa-\xae]' "$1" |
        head -n 3 | cat -v | grep .
}

# export_form FORM: exit 0 and a correct result, or exit 1 and no result.
export_form()
{
    local form=$1 status=0 tag=localhost/odd-$1:latest
    xsmall -s hostile.xsmall export --form "$form" --builder buildah-1.28 -o "$form" 2>"$form.err" || status=$?
    if [ "$status" != 0 ]; then
        equal "$form: a form that cannot express it: exit code" 1 "$status"
        check "$form: a form that cannot express it: nothing written" test ! -e "$form/Dockerfile"
        check "$form: names the cause" test -s "$form.err"
        return
    fi
    check "$form: no injected instruction" harmless "$form/Dockerfile"
    must "$form: build" build_image "$form" "$tag"
    check "$form: nothing of theirs ran" with_mounted "$tag" test ! -e pwned
    with_mounted "$tag" sh -c 'find odd \( -type f -o -type l \) -print0' | in_c_order >"$form.found"
    same "$form: the names" wanted "$form.found"
    with_mounted "$tag" sh -c 'find odd -type f -print0 | LC_ALL=C sort -z | xargs -0 cat' >"$form.content"
    same "$form: the contents" wanted.content "$form.content"
    image_config "$tag" >"$form.config"
    same "$form: config" subject.config "$form.config"
}

image_ready
cd "$scratch" || exit 1
strictly make_image_here >make.log 2>&1
[ "$strict_status" = 0 ] || { tail make.log; die "making the image"; }
must "load" xsmall -q -s hostile.xsmall load --base "$image/base.tar" hostile.tar log

(cd bundle/rootfs && find . -printf '/%P\0') | in_c_order >all
xsmall -s hostile.xsmall files --all -0 >got
same "files --all -0" all got
tr '\0' '\n' <all >expected
xsmall -s hostile.xsmall files --all >got
same "files --all" expected got

must "chain" xsmall -s hostile.xsmall chain "grep -v '= -1' | grep odd"
LC_ALL=C grep -a -v '= -1' log/log.* | LC_ALL=C grep -a odd >expected
xsmall -s hostile.xsmall lines >got
same "lines: the exact bytes" expected got
check "a raw byte reached the lines" env LC_ALL=C grep -qaP '\xff\xfe' got

echo 'forbid-ever **' >all.rules
for command in 'files --all' lines 'report --rules all.rules' 'report --json --rules all.rules' \
    "diff -q $image/base.tar hostile.tar" "diff -q --json $image/base.tar hostile.tar" \
    'export --form list' "sql 'SELECT path FROM v_file'"; do
    script -qec "stty -onlcr; '$build/xsmall' -s hostile.xsmall $command" typescript </dev/null >/dev/null 2>&1
    sed -i '1d; $d' typescript
    check "on a terminal: $command: something came" test -s typescript
    check "on a terminal: $command: no escape" no_escapes typescript
done

storage_open
must "storage" storage_add hostile.tar localhost/hostile:latest
must "storage" storage_add "$image/base.tar" localhost/base:latest
image_config localhost/hostile:latest >subject.config
(cd bundle/rootfs && find odd \( -type f -o -type l \) ! -name 'never opened' -print0) | in_c_order >wanted
(cd bundle/rootfs && find odd -type f ! -name 'never opened' -print0 | in_c_order | xargs -0 cat) >wanted.content
for form in stage tar copy; do
    export_form "$form"
done

# The config that a Dockerfile cannot express: left out with a warning, or rejected; never written.
must "load" xsmall -q -s worse.xsmall load --base "$image/base.tar" worse.tar log
must "chain" xsmall -s worse.xsmall chain "grep -v '= -1' | grep odd"
status=0
xsmall -s worse.xsmall export --form stage >worse.Dockerfile 2>worse.err || status=$?
check "an inexpressible config: exit code $status" test "$status" -le 1
check "an inexpressible config is reported" test -s worse.err
if [ -s worse.Dockerfile ]; then
    check "an inexpressible config: no injected instruction" harmless worse.Dockerfile
fi
finish
