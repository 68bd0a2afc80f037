#!/bin/bash
# SPDX-License-Identifier: MIT
# The numbers of xsmall report: dead contents with writer, killer and reason, and dive's figures,
# against awk over GNU tar's listings; for the real image and the one of odd things.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_tree.sh"
. "$here/lib_numbers.sh"

# json QUERY: report.json in place of REPORT.
json()
{
    sqlite3 -separator "$(printf '\t')" :memory: "${1//REPORT/readfile(\'report.json\')}"
}

# numbers NAME ARCHIVE
numbers()
{
    must "load $1" xsmall -q -s "$1.xsmall" load "$2"
    must "report $1" xsmall -s "$1.xsmall" report --json >report.json
    xsmall -s "$1.xsmall" report >"$1.txt"
    members "$2" >"$1.members"
    check "$1: there are members" test "$(wc -l <"$1.members")" -gt 30

    equal "$1: dive" "$(dive <"$1.members")" \
        "$(json "SELECT printf('%.15f %d', json_extract(REPORT, '\$.dive.efficiency'),
            json_extract(REPORT, '\$.dive.wasted_bytes'))")"
    check "$1: 12 digits of dive's efficiency" grep -q '"efficiency": [01]\.[0-9]\{12\}' report.json

    dead <"$1.members" >"$1.dead"
    check "$1: something is dead" test -s "$1.dead"
    json "SELECT bytes, path, writer, killer, reason FROM (SELECT value ->> 'bytes' AS bytes,
            value ->> 'path' AS path, value ->> 'writer' AS writer, value ->> 'killer' AS killer,
            value ->> 'reason' AS reason FROM json_each(REPORT, '\$.dead'))" |
        LC_ALL=C sort >"$1.got"
    same "$1: dead contents" "$1.dead" "$1.got"

    # By layer: what is dead, and what GNU tar lists.
    awk -F'\t' '{ bytes[$1] += $3 } NR == FNR { dead[$3] += $1; next }
        { n = $1 > n ? $1 : n; layer[$1] += $3 }
        END { OFS = "\t"; for (i = 1; i <= n; i++) print i, layer[i], dead[i] + 0 }' \
        "$1.dead" "$1.members" >"$1.want"
    json "SELECT value ->> 'ordinal', value ->> 'bytes', value ->> 'dead_bytes'
        FROM json_each(REPORT, '\$.layers')" >"$1.got"
    same "$1: bytes by layer" "$1.want" "$1.got"

    # In all: what the layers have and the unpacked tree does not.
    must "unpack $1" gnu_unpack "$2" "$1.tree"
    find "$1.tree" -type f -printf '%i %s\n' | sort -u |
        awk -v layers="$(awk -F'\t' '{ n += $3 } END { print n }' "$1.members")" \
            '{ n += $2 } END { print n, layers, layers - n }' >"$1.want"
    json "SELECT printf('%d %d %d', json_extract(REPORT, '\$.subject_bytes'),
        json_extract(REPORT, '\$.layer_bytes'), json_extract(REPORT, '\$.dead_bytes'))" >"$1.got"
    same "$1: sums" "$1.want" "$1.got"

    # The text has the 20 biggest.
    sort -t"$(printf '\t')" -k1,1nr -k2,2 "$1.dead" | head -n 20 | cut -f1 >"$1.want"
    sed -n '/^dead /,/^[^ ]/p' "$1.txt" | sed -n 's/^ *\([0-9]\{1,\}\) .*/\1/p' >"$1.got"
    same "$1: the biggest in the text" "$1.want" "$1.got"
}

image_ready
cd "$scratch" || exit 1
numbers full "$image/full.tar"
mkdir odd
make_odd_image "$scratch/odd"
must "docker-archive" skopeo copy -q oci:odd/oci:odd docker-archive:odd.tar:localhost/odd:1
numbers odd odd.tar
finish
