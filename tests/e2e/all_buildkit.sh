#!/bin/bash
# SPDX-License-Identifier: MIT
# BuildKit and docker's classic builder build what export writes, for a tree made to break them and for
# the image of main_loop.sh. The kernel reports the same facts of the files in the result as in the
# subject image, except for losses that export has named. A long test: sh tests/run.sh --all
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_engine.sh"

builders="buildkit docker-classic"
gnu_packages="dash coreutils findutils libselinux1 libacl1 libattr1 libpcre2-8-0 libgmp10"
names=(
    $'new\nline' $'\nRUN touch pwned' $'x\nRUN touch "pwned"\n#' $'tab\there' $'cr\rhere'
    $'esc\e[31mred' $'c1\xc2\x9b31m' $'bidi \xe2\x80\xae txt' 'double"quote' "single'quote" '$HOME'
    '${HOME}' '$(touch pwned)' '`touch pwned`' 'back\slash' 'back\\nslash' 'back\[both]*' 'end\'
    '#comment' '# escape=`' '-n' '--from=x' 'star*' 'starYx' 'star*x' 'q?' 'qq' '[a]' 'a' '[!a]' '[^a]'
    '{a,b}' '!bang' ' leading' 'trailing ' 'semi;touch pwned' '&& touch pwned' '<<EOF' '%s%n' '~'
    '","etc"]' $'\x7f' 'ünïcode' 'a,b' 'x]y' '[' ']' '\*' '**' '..a' '.dot'
)

# Each name occurs as a file and as a directory with a link; in a tree that is kept whole, and in one
# that is not, where each name must appear in the Dockerfile.
make_hostile()
{
    local dir name
    for dir in odd part; do
        mkdir -p "$1/$dir/sub"
        for name in "${names[@]}"; do
            printf 'content of %s' "$name" >"$1/$dir/$name"
            mkdir -p "$1/$dir/sub/$name"
            ln -s "../../$name" "$1/$dir/sub/$name/to"
        done
    done
    (cd "$1" && make_attributes)
}

make_attributes()
{
    local name
    echo x >'part/never opened'
    echo x >$'odd/no utf-8 \xff\xfe'
    mkdir -p odd/bits/{sticky,private/in,setgid} far worse
    chmod 1777 odd/bits/sticky
    echo x >odd/bits/private/in/file
    chmod 0700 odd/bits/private
    chown -R 5:6 odd/bits/private
    chmod 2775 odd/bits/setgid
    chown 0:7 odd/bits/setgid
    for name in setuid capable tagged; do
        echo $name >odd/bits/$name
        chmod 0755 odd/bits/$name
    done
    chown 8:9 odd/bits/setuid
    chmod 4751 odd/bits/setuid
    setcap cap_net_raw+ep odd/bits/capable
    setfattr -n user.tag -v word odd/bits/tagged
    : >odd/bits/none
    chmod 0000 odd/bits/none
    ln -s nowhere odd/bits/dangling
    ln -s /odd/bits/setuid odd/bits/absolute
    ln -s sticky odd/bits/to-dir
    ln -s /usr/lib odd/bits/merged
    ln -s loop odd/bits/loop
    chown -h 3:4 odd/bits/dangling
    ln odd/bits/tagged odd/bits/again
    ln odd/bits/setuid far/linked
    echo x >'far/not kept'
    echo x >$'worse/\xff'
    echo x >'worse/not kept'
    mkdir special
    mkfifo special/fifo
    mknod special/char c 1 3
    mknod special/block b 7 200
    echo x >special/file
    find odd part far worse special -exec touch -h -d @1234567890.5 {} +
}

make_gnu()
{
    local name
    for name in $gnu_packages; do
        dpkg-deb --fsys-tarfile deb/"$name"_*.deb | tar -C "$1" -x --keep-directory-symlink
    done
    ln -sf dash "$1/usr/bin/sh"
}

make_subjects()
{
    mkdir deb
    (cd deb && apt-get download $gnu_packages)
    cp -r "$image/oci" oci
    layer base busybox make_hostile
    layer base gnu make_gnu
    layer gnu gnu make_hostile
    for name in busybox gnu; do
        umoci config --image "oci:$name" --config.label 'quo"te=v$v' --config.label 'space d=a\b' \
            --config.env 'Y=$HOME ${PATH} `id` "q" '\''s'\'' \ back' --config.env 'E=' \
            --config.workingdir '/odd/sub/$HOME' --config.entrypoint /bin/busybox --config.entrypoint '-c' \
            --config.entrypoint $'x\nRUN touch /pwned' --config.cmd '["x"]' --config.cmd '$HOME' \
            --config.volume '/odd/sub/double"quote' --config.user 1000 --config.exposedports 80/tcp
        skopeo copy -q "oci:oci:$name" "docker-archive:$name.tar:localhost/$name:latest"
    done
}

# Prints the config that a container gets, one value per line, sorted, without the engine's own values.
config_of()
{
    docker image inspect -f '{{json .Config}}' "$1" >config.json
    sqlite3 :memory: "SELECT fullkey || ' = ' || quote(atom) FROM json_tree(readfile('config.json'))
        WHERE key NOT IN ('ArgsEscaped', 'Hostname', 'Image') AND atom NOT IN ('', 0) OR value = '{}' AND path <> '\$'
        ORDER BY 1"
}

# excused FACTS WARNINGS: prints the facts without the columns that the warnings name as lost.
excused()
{
    awk -F'\t' -v warnings="$(cat "$2")" 'BEGIN { OFS = "\t" }
        index(warnings, "directories get the build time as modification time") && $2 == "dir" { $6 = "-" }
        index(warnings, "hard links become separate files") { $7 = "-" }
        index(warnings, "cp or mkdir drops the extended attributes") { $8 = "-" }
        index(warnings, "docker drops extended attributes other than capabilities") && $8 ~ /^user/ { $8 = "" }
        { print }' "$1"
}

# Prints the facts of the paths in NAME.kept (first column), without the engine's own mount points and
# without the times of directories into which something is copied.
kept_of()
{
    awk -F'\t' 'NR == FNR { kept[$0]; next } $1 in kept' "$1.kept" "$2"
}
rest_of()
{
    awk -F'\t' 'BEGIN { OFS = "\t" } NR == FNR { kept[$0]; next } $1 in kept { next }
        $2 == "dir" { $6 = "-" } { print }' "$1.kept" "$2" |
        grep -avE "^b'/(dev|etc|etc/(hostname|hosts|mtab|resolv.conf)|proc|sys|run)(/.*)?'"
}

# result_is NAME BUILDER FORM SUBJECT: the result contains the kept paths and the base, nothing else.
result_is()
{
    local what="$1: $3: $2" tag=localhost/out
    if ! engine_build "$2" "$1-$3-$2" $tag; then
        check "$what: builds" false
        return
    fi
    at_image $tag python3 "$here/facts.py" . >got.facts
    excused got.facts "$1-$3-$2.warnings" >got.excused
    excused "$4.facts" "$1-$3-$2.warnings" >want.excused
    kept_of "$1" want.excused >want
    kept_of "$1" got.excused >got
    check "$what: something is kept" test -s want
    same "$what: what is kept" want got
    rest_of "$1" "$1.base" >want
    rest_of "$1" got.facts >got
    same "$what: what is the base's" want got
    config_of $tag >got
    same "$what: config" "$4.config" got
}

# hostile NAME SUBJECT FORM...: each form of export builds the hostile trees correctly.
hostile()
{
    local name=$1 subject=$2 form builder
    shift 2
    for form in "$@"; do
        for builder in $builders; do
            answers "$name: export $form for $builder" 0 xsmall -s "$name.xsmall" export --form "$form" \
                --builder "$builder" -o "$name-$form-$builder" 2>"$name-$form-$builder.warnings"
            result_is "$name" "$builder" "$form" "$subject"
        done
    done
}

# load_subject NAME ARCHIVE: loads the archive into the engine, and records the facts of its files.
load_subject()
{
    must "docker load" docker load -q -i "$2" >/dev/null
    at_image "localhost/$1" python3 "$here/facts.py" . >"$1.facts"
    config_of "localhost/$1" >"$1.config"
}

# specials NAME BUILDER FORM OPTION EXPECTED: /special has the EXPECTED kinds; each lost one is reported.
specials()
{
    local dir=$1-$3-$2$4 what="$1: $3 $4: $2" got
    answers "$what: export" 0 xsmall -s "$1.xsmall" export --form "$3" --builder "$2" $4 -o "$dir" 2>"$dir.warnings"
    must "$what: build" engine_build "$2" "$dir" localhost/out
    got=$(at_image localhost/out find special -mindepth 1 -printf '%f=%y\n' | LC_ALL=C sort | paste -sd' ')
    equal "$what" "$5" "$got"
    if [ "$5" = "$all_special" ]; then
        equal "$what: no report" "" "$(grep -a '^/special' "$dir.warnings")"
    else
        check "$what: the fifo is reported" grep -q "^/special/fifo: BuildKit's COPY omits fifos" "$dir.warnings"
        check "$what: the devices are reported" grep -q "^/special/block and 1 more: BuildKit's COPY replaces devices" "$dir.warnings"
    fi
}

# Marked as in main_loop.sh: the script prints the same in the result as in the subject image.
fast_image()
{
    local form builder
    for form in stage tar copy; do
        for builder in $builders; do
            answers "full: export $form for $builder" 0 xsmall -s full.xsmall export --form "$form" \
                --builder "$builder" -o "full-$form-$builder" 2>"full-$form-$builder.warnings"
            # The layer that only deletes in /app has no entry for /app: its time is the time of the load.
            echo "directories get the build time as modification time" >>"full-$form-$builder.warnings"
            result_is full "$builder" "$form" full
            at_image localhost/out env -i PATH=/usr/sbin:/usr/bin:/bin chroot --userspec=1000:1000 . \
                python3 /app/app.py >output 2>&1
            same "full: $form: $builder: what the script prints" "$image/output" output
        done
    done
}

# mark NAME PATH...: keeps the hostile trees and these paths, except for four files.
mark()
{
    local name=$1
    shift
    must "keep" xsmall -q -s "$name.xsmall" keep /odd /part /far/linked "$@"
    must "drop" xsmall -q -s "$name.xsmall" drop /part/'never opened' /part/starYx /part/qq /part/a
}

image_ready
cd "$scratch" || exit 1
strictly make_subjects >make.log 2>&1
[ "$strict_status" = 0 ] || { tail make.log; die "making the images"; }
engine_open || exit 77
load_subject base "$image/base.tar"
load_subject full "$image/full.tar"
for subject in busybox gnu; do
    load_subject "$subject" "$subject.tar"
    must "load" xsmall -q -s "$subject.xsmall" load --base "$image/base.tar" "$subject.tar"
    mark "$subject"
    cut -f1 "$subject.facts" | grep -aE "^b['\"]/(odd|part|far'|far/linked')" |
        grep -avE "^b'/part/(never opened|starYx|qq|a)'" >"$subject.kept"
    cp base.facts "$subject.base"
    hostile "$subject" "$subject" stage tar copy
done

# Without a base, the links of a merged /usr, their targets and a sticky /tmp come from the subject image.
must "load" xsmall -q -s bare.xsmall load gnu.tar
mark bare /bin /sbin /lib /lib64 /tmp
{
    cat gnu.kept
    cut -f1 gnu.facts | grep -aE "^b['\"]/(bin|sbin|lib|lib64|tmp|usr|usr/(bin|sbin|lib|lib64)(/.*)?)['\"]$"
} >bare.kept
: >bare.base
hostile bare gnu stage tar
answers "bare: copy without a shell" 1 xsmall -s bare.xsmall export --form copy -o none 2>stderr
check "bare: names the form that can" grep -q -- 'use --form stage' stderr

# A name that COPY cannot express, in a directory that is not kept whole.
for builder in $builders; do
    cp gnu.xsmall worse.xsmall
    must "keep" xsmall -q -s worse.xsmall keep /worse
    must "drop" xsmall -q -s worse.xsmall drop '/worse/not kept'
    answers "worse: copy for $builder" 1 xsmall -s worse.xsmall export --form copy --builder "$builder" -o none 2>stderr
    check "worse: named" grep -qF '/worse/\xff' stderr
    check "worse: nothing is written" test ! -e none
done

# The effect of COPY on fifos and devices.
all_special='block=b char=c fifo=p file=f'
must "load" xsmall -q -s special.xsmall load --base "$image/base.tar" busybox.tar
must "keep" xsmall -q -s special.xsmall keep /special
for form in stage tar; do
    specials special docker-classic $form "" "$all_special"
done
specials special buildkit stage "" "block=f char=f file=f"
specials special buildkit tar "" "block=f char=f file=f"
specials special buildkit tar --no-squash "$all_special"

must "load" xsmall -q -s full.xsmall load --base "$image/base.tar" "$image/full.tar" "$image/log"
must "chain" xsmall -q -s full.xsmall chain "grep -v '= -1'"
xsmall -s full.xsmall files | sed "s/.*/b'&'/" >full.kept
cp base.facts full.base
fast_image
finish
