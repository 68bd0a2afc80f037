#!/bin/bash
# SPDX-License-Identifier: MIT
# Measures the time from a key to the paint that shows its result, after loading and during loads, and
# from the start to the first screen: bash latency.sh BUILD [--update]
#
# BUILD must be a release build; bench_latency is built in it. The image is the one of images.sh with
# its /usr twice, the logs come from chain.sh; both run before this script by alphabetical order.
# Prints a table in Markdown; checks no figure. --update replaces the table in share/doc/benchmarks.md.
set -eu -o pipefail
build=$(cd "${1:?build directory}" && pwd)
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$build/bench/latency
logs=$build/bench/chain/logs
export LC_ALL=C.UTF-8
mkdir -p "$work"
cd "$work"

# An archive as docker export writes it: one tree.
make_image()
{
    local layer
    [ -e wide.tar ] && return
    rm -rf layers root
    mkdir layers root
    tar -C layers -xf "$build/bench-images/plain.tar"
    for layer in layers/part.0*.tar; do
        tar -C root -xf "$layer"
    done
    tar -C root -cf part.tar .
    tar -C root --transform='s,^\./usr,./srv/usr,' -rf part.tar ./usr
    rm -rf layers root
    mv part.tar wide.tar
}

# row WHAT [PLAN]: prints a row for the times on standard input.
row()
{
    sort -n | awk -v what="$1" -v plan="${2:-16}" '{ ms[NR] = $1; missed += $1 >= 1000 } END {
        printf "| %s | %d | %.1f ms | %.1f ms | %.1f ms | %d | ≤ %d ms |\n", what, NR,
            ms[int((NR + 1) / 2)], ms[NR - int(NR / 100)], ms[NR], missed, plan }'
}

# Keys for 20 s in total, in repeated loads; each explorer is stopped before its load ends.
while_loading()
{
    local begin=${EPOCHREALTIME/[.,]/} part
    rm -f load.xsmall*
    "$build/xsmall" -q -s load.xsmall load "$@"
    part=$(((${EPOCHREALTIME/[.,]/} - begin) * 8 / 10))
    for ((i = 0; i * part < 20000000; i++)); do
        rm -f load.xsmall*
        "$build/bench_latency" loading "$(awk -v us="$part" 'BEGIN { print us / 1e6 }')" \
            "$build/xsmall" -s load.xsmall "$@"
    done
    rm -f load.xsmall*
}

cmake -S "$top" -B "$build" -DXSMALL_BENCH=ON >/dev/null
cmake --build "$build" --target bench_latency >/dev/null
make_image
rm -f latency.xsmall*
"$build/xsmall" -q -s latency.xsmall load wide.tar "$logs"
"$build/xsmall" -q -s latency.xsmall chain "grep -v ' = -1 E' | grep -v '/proc/'" >/dev/null
table()
{
    printf '| %s entries, %s lines, %s cores | times | median | p99 | greatest | unanswered | plan (p99) |\n|---|--:|--:|--:|--:|--:|--:|\n' \
        "$("$build/xsmall" -s latency.xsmall sql 'SELECT count(*) FROM v_file' | tail -n 1)" \
        "$("$build/xsmall" -s latency.xsmall sql 'SELECT count(*) FROM v_line' | tail -n 1)" "$(nproc)"
    "$build/bench_latency" settled 20 "$build/xsmall" -s latency.xsmall |
        row 'settled: motions, sorts, views, searches and patterns typed'
    while_loading wide.tar "$logs" |
        row 'while the image and the logs load: views, searches and patterns typed'
    "$build/bench_latency" opening 31 "$build/xsmall" -s latency.xsmall |
        row 'the session is opened: its first screen' 100
}
table >table.md
cat table.md
rm -f latency.xsmall*
if [ "${2-}" = --update ]; then
    sed -i -e '/<!-- bench latency -->/,/<!-- end -->/ { //!d }' \
        -e '/<!-- bench latency -->/r table.md' "$top/share/doc/benchmarks.md"
fi
