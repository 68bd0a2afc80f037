#!/bin/bash
# SPDX-License-Identifier: MIT
# xsmall report --rules: each rule passes and fails at its limit, on an image whose numbers are
# counted by hand; secrets that a later layer deletes; rejected rules.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
need_kernel
cd "$scratch" || exit 1

# Contents: 1000 + 10 + 5 + 7 + 2000 + 20 = 3042 in layers; layer waste: key 10, big 1000; visible: 2032.
# The directories keep old times: umoci adds a directory to a layer if the second of its time changed.
still()
{
    find "$1" -type d -exec touch -d @1700000000 {} +
}
layer_1()
{
    mkdir -p "$1"/{root/.ssh,app/.git,usr/bin,usr/share/doc/x}
    printf '%01000d' 0 >"$1/app/big"
    printf '%010d' 0 >"$1/root/.ssh/key"
    printf '%05d' 0 >"$1/app/.git/config"
    printf '%07d' 0 >"$1/usr/bin/su"
    chmod 4755 "$1/usr/bin/su"
    still "$1"
}
layer_2()
{
    rm -r "$1/root/.ssh/key"
    printf '%02000d' 0 >"$1/app/big"
    still "$1"
}
layer_3()
{
    printf '%020d' 0 >"$1/usr/share/doc/x/copyright"
    still "$1"
}

make()
{
    umoci init --layout oci
    umoci new --image oci:one
    layer one one layer_1
    layer one one layer_2
    layer one one layer_3
    umoci config --image oci:one --config.user "${1-app:app}" --config.label a=b
}
strictly make >make.log 2>&1
[ "$strict_status" = 0 ] || { tail make.log; die "making the image"; }
must "load" xsmall -q -s s.xsmall load oci
must "keep" xsmall -s s.xsmall keep /app /usr/bin

# rule PASS|FAIL RULE FOUND [OFFENDER...]: the rule has this result.
rule()
{
    local want=$1 rule=$2 found=$3 code=0
    shift 3
    echo "$rule" >one.rules
    {
        echo "  $want  one.rules:1: $rule: $found"
        [ $# = 0 ] || printf '          %s\n' "$@"
    } >rule.want
    [ "$want" = pass ] || code=1
    answers "$rule" $code xsmall -s s.xsmall report --rules one.rules >report.txt
    sed '1,/^rules: /d' report.txt >rule.got
    same "$rule" rule.want rule.got
}

rule pass 'max-subject-bytes 2032' '2032 bytes'
rule FAIL 'max-subject-bytes 2031' '2032 bytes'
rule pass 'max-dead-bytes 1010' '1010 bytes'
rule FAIL 'max-dead-bytes 1009' '1010 bytes' '/app/big  layer 1, hidden by layer 2, 1000 bytes' \
    '/root/.ssh/key  layer 1, hidden by layer 2, 10 bytes'
rule FAIL 'max-dead-bytes 1k' '1010 bytes' '/app/big  layer 1, hidden by layer 2, 1000 bytes' \
    '/root/.ssh/key  layer 1, hidden by layer 2, 10 bytes'
rule pass 'max-dead-bytes 1KiB' '1010 bytes'
rule pass 'max-kept-bytes 2012' '2012 bytes'
rule FAIL 'max-kept-bytes 2011' '2012 bytes'
rule pass 'max-final-bytes 2012' '2012 bytes'
rule FAIL 'max-final-bytes 2011' '2012 bytes'
rule pass 'max-layers 3' 3
rule FAIL 'max-layers 2' 3
# dive: big 1000 and 2000, key 10 and 0; least 1000 + 0 + 5 + 7 + 20 of 3042; wasted 3010 of 2020.
rule pass 'max-wasted-bytes 3010' '3010 bytes'
rule FAIL 'max-wasted-bytes 3009' '3010 bytes'
rule pass 'max-wasted-percent 149.01' '149.0099 %'
rule FAIL 'max-wasted-percent 149' '149.0099 %'
rule pass 'min-dive-efficiency 33.9%' '33.9250 %'
rule FAIL 'min-dive-efficiency 0.34' '33.9250 %'
rule FAIL 'forbid-ever /root/.ssh/**' '1 path' '/root/.ssh/key  layer 1, hidden by layer 2, 10 bytes'
rule FAIL 'forbid-ever **/.git' '1 path' '/app/.git  layer 1, 0 bytes'
rule FAIL 'forbid-ever app/big' '1 path' '/app/big  layer 1, 2000 bytes'
rule pass 'forbid-ever /.git' '0 paths'
rule pass 'forbid-final /root/.ssh/*' '0 paths'
rule FAIL 'forbid-final /root/.ss[h]' '1 path' '/root/.ssh  layer 1, 0 bytes'
rule FAIL 'forbid-final **/copy*' '1 path' '/usr/share/doc/x/copyright  layer 3, 20 bytes'
rule pass 'forbid-kept /usr/share/**' '0 paths'
rule pass 'forbid-kept /app/?it/**' '0 paths'
rule FAIL 'forbid-kept /app/?git/**' '1 path' '/app/.git/config  layer 1, 5 bytes'
rule FAIL 'no-setuid-kept' '1 path' '/usr/bin/su  layer 1, 7 bytes'
rule pass 'user-not-root' app:app
rule pass 'require-config User app:app' app:app
rule FAIL 'require-config User app' app:app
rule pass 'require-config Labels' '{"a":"b"}'
rule FAIL 'require-config WorkingDir' 'not set'

# All users that count as root.
for user in '' root 0 000 root:app 0:7; do
    umoci config --image oci:one --config.user "$user" >make.log 2>&1 || die "config"
    must "load again" xsmall -q -s s.xsmall load --replace oci
    rule FAIL 'user-not-root' "${user:-not set}"
done
must "drop" xsmall -s s.xsmall drop /usr/bin/su
rule pass 'no-setuid-kept' '0 paths'

# Several rules: one line each, all reported; JSON has the same, with all offenders.
printf '%s\n' '# two of four' 'max-layers 3' '' 'forbid-ever **' 'user-not-root' 'max-dead-bytes 1M' >all.rules
answers "several" 1 xsmall -s s.xsmall report --rules all.rules >report.txt
equal "several: how many" 'rules: 2 passed, 2 failed' "$(grep '^rules: ' report.txt)"
equal "several: the lines" 'pass FAIL FAIL pass' \
    "$(sed -n 's/^  \(pass\|FAIL\)  all.rules:.*/\1/p' report.txt | paste -sd' ')"
answers "several, JSON" 1 xsmall -s s.xsmall report --json --rules all.rules >report.json
equal "JSON" '0 2:1:3 4:0:14 5:0:0:7 6:1:1010' "$(sqlite3 :memory: "
    SELECT json_extract(j, '\$.pass') || ' ' || group_concat((value ->> 'line') || ':' ||
        (value ->> 'pass') || ':' || (coalesce(value ->> 'found', 0)), ' ')
    FROM (SELECT readfile('report.json') ->> '\$.rules' AS j), json_each(j, '\$.results')")"
equal "JSON: offenders" '14 /root/.ssh/key:1:2' "$(sqlite3 :memory: "
    SELECT (SELECT count(*) FROM json_each(r, '\$.results[1].offenders')) || ' ' || group_concat(
        (value ->> 'path') || ':' || (value ->> 'layer') || ':' || (value ->> 'gone_since'))
    FROM (SELECT readfile('report.json') ->> '\$.rules' AS r), json_each(r, '\$.results[1].offenders')
    WHERE value ->> 'gone_since' NOT NULL")"
equal "every path that any layer has" 14 "$(for n in 0 1 2; do
    tar -tf <(gzip -dc oci/blobs/sha256/"$(sqlite3 :memory: "SELECT substr(value ->> 'digest', 8) FROM
        json_each(readfile('oci/blobs/sha256/' || substr(readfile('oci/index.json') ->> '\$.manifests[0].digest', 8)),
        '\$.layers') WHERE key = $n")")
done | sed 's/\.wh\.//; s:^\./::; s:/$::' | grep -v '^\.\{0,1\}$' | sort -u | wc -l)"
printf 'max-layers 9\n' >all.rules
answers "all pass" 0 xsmall -s s.xsmall report --json --rules all.rules >report.json
equal "without rules" '' "$(xsmall -s s.xsmall report | sed -n '/^rules: /p')"

# Rejected rules change and print nothing.
refuse()
{
    answers "$1" 2 xsmall -s s.xsmall report --rules "$2" >out 2>words
    equal "$1: words" "xsmall: $3" "$(cat words)"
    check "$1: nothing is printed" test ! -s out
}
printf 'max-layers 3\nmax-leyers 3\n' >bad.rules
refuse "a word that is no rule" bad.rules "bad.rules:2: max-leyers: unknown rule; run xsmall report --help for a list"
printf 'max-layers\n' >bad.rules
refuse "no argument" bad.rules "bad.rules:1: expected: max-layers N"
refuse "no file" none.rules "none.rules: No such file or directory"
refuse "a directory" oci "oci: Is a directory"
: >bad.rules
refuse "nothing in it" bad.rules "bad.rules: no rule in the file; expected lines such as max-kept-bytes 50M"
head -c 1100000 /dev/zero >bad.rules
refuse "too big" bad.rules "bad.rules: the file is larger than 1048576 bytes"
echo '1 openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 3' >log
must "a session of logs" xsmall -q -s logs.xsmall load log
answers "no image" 2 xsmall -s logs.xsmall report --rules all.rules >out 2>words
equal "no image: words" "xsmall: rules: no image is loaded; run xsmall load IMAGE" "$(cat words)"

# The example file contains the rules of the help text, and is accepted.
xsmall -s s.xsmall report --rules "$here/../../share/rules.example" >report.txt
check "the example" test $? -le 1
for name in $(sed -n 's/^\([a-z][a-z-]*\) .*/\1/p' "$here/../../share/rules.example" | sort -u); do
    check "help has $name" grep -q "^  $name " <(xsmall report --help)
done
finish
