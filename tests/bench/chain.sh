#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares the chain over a million real lines with the shell's pipelines, on the same logs in the same
# run: bash chain.sh BUILD [--update]
#
# BUILD must be a release build; bench_chain is built in it. Prints a table in Markdown, each figure
# the median of several runs, files in the page cache; checks no figure. --update replaces the table in
# share/doc/benchmarks.md. Needs strace; traces those of find, ls, python3, gcc, apt-cache and perl that
# are installed.
set -eu -o pipefail
build=$(cd "${1:?build directory}" && pwd)
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$build/bench/chain
n_lines=1000000
runs=5
export LC_ALL=C
mkdir -p "$work"
cd "$work"

# trace NAME COMMAND...: writes logs/NAME.PID, one per process; does nothing if the command cannot run.
trace()
{
    local name=$1
    shift
    strace -ff -o "part/$name" "$@" >/dev/null 2>&1 || true
}

# Rounds of the same programs, each over other directories, until there are enough lines.
make_logs()
{
    [ -e logs/complete ] && return
    local round=0 dirs dir
    rm -rf part logs
    mkdir part
    printf '#include <stdio.h>\nint main(void) { return 0; }\n' >a.c
    dirs=(/usr/share /usr/lib /usr/include /var/lib /etc)
    while [ "$(cat part/* 2>/dev/null | wc -l)" -lt "$n_lines" ]; do
        dir=${dirs[round % ${#dirs[@]}]}
        round=$((round + 1))
        trace "find.$round" find "$dir" -size +1k
        trace "ls.$round" ls -lR "$dir"
        trace "python.$round" python3 -c 'import json, ssl, sqlite3, unittest, asyncio, http.server'
        trace "gcc.$round" gcc -O2 -o a.out a.c
        trace "apt.$round" apt-cache policy
        trace "perl.$round" perl -MPOSIX -MData::Dumper -MFile::Find -e 'find(sub { -s }, "/usr/include")'
    done
    mv part logs
    touch logs/complete
}

# median COMMAND [RUNS]: prints the milliseconds of a shell command.
median()
{
    local begin n=${2-$runs}
    for ((i = 0; i < n; i++)); do
        begin=${EPOCHREALTIME/[.,]/}
        bash -c "$1" >/dev/null 2>&1 || true
        echo $((${EPOCHREALTIME/[.,]/} - begin))
    done | sort -n | sed -n "$((n / 2 + 1))p" | awk '{ printf "%.3f", $1 / 1000 }'
}

# ours NAME: prints the time that bench_chain measured.
ours()
{
    awk -F'\t' -v name="$1" '$1 == name { print $2 }' "$work/times"
}

# against WHAT NAME PIPELINE PLAN: prints a row with the shell's time and the ratio.
against()
{
    awk -v what="$1" -v ours="$(ours "$2")" -v theirs="$(median "$3 | cat")" -v plan="$4" 'BEGIN {
        printf "| %s | %.0f ms | %.0f ms | %.2f × | %s |\n", what, ours, theirs, ours / theirs, plan }'
}

# alone WHAT NAME PLAN: prints a row without a pipeline to compare with.
alone()
{
    awk -v what="$1" -v ours="$(ours "$2")" -v plan="$3" 'BEGIN {
        printf "| %s | %.1f ms | | | %s |\n", what, ours, plan }'
}

make_logs
cmake -DXSMALL_BENCH=ON "$build" >/dev/null
cmake --build "$build" --target bench_chain >/dev/null
rm -f bench.xsmall*
(cd logs && "$build/xsmall" -q -s ../bench.xsmall load ./*.*)

literal="grep '\.so' *.*"
alternation="grep -E 'ENOENT|EACCES|ENOTDIR' *.*"
classes="grep '[[:alpha:]_]\{8,\}[0-9]\{2,\}/[^/\"]*\.h' *.*"
backref="grep '/\([a-z]\{3,\}\)[^/]*/\1' *.*"
four="grep '\.so' *.* | grep -v site-packages | grep -v lib-dynload | grep -v '= -1'"
ten="grep -v '= -1' *.* | grep -v '+++ exited' | grep -v site-packages | grep -v -E 'lib(c|m|dl)\.so' |
    grep -v '\.py[co]\"' | grep -v '^[^ ]*:brk' | grep -v -i '/DOC/' | grep -v mprotect |
    grep -v -F -e '/proc/' -e '/sys/' | grep /"
typed="grep -v 'site-packages/[a-z]*\.pyc" # as bench_chain does, 25 letters
"$build/bench_chain" bench.xsmall literal "$literal" alternation "$alternation" classes "$classes" \
    backref "$backref" four "$four" ten "$ten" "$ten" >times

# Each pattern on the way to the typed one, as a pipeline for each letter.
cd logs
typing_all=0
for ((length = ${#typed} - 24; length <= ${#typed}; length++)); do
    one=$(median "${typed:0:length}' *.* | cat" 1)
    typing_all=$(awk -v a="$typing_all" -v b="$one" 'BEGIN { print a + b }')
done
cd ..

table()
{
    printf '| %s lines, %s MB, %s logs, %s cores | xsmall | shell | ratio | plan |\n|---|--:|--:|--:|--:|\n' \
        "$(cat logs/*.* | wc -l | sed ':a; s/\B[0-9]\{3\}\>/ &/; ta')" \
        "$(cat logs/*.* | wc -c | awk '{ printf "%.0f", $1 / 1e6 }')" \
        "$(ls logs/*.* | wc -l)" "$(nproc)"
    cd logs
    against "new pattern: \`'\.so'\`" literal "$literal" '≤ 1 ×'
    against 'new pattern: three alternatives' alternation "$alternation" '≤ 1 ×'
    against 'new pattern: classes and counts' classes "$classes" '≤ 1 ×'
    against 'new pattern: a back-reference' backref "$backref" '≤ 1 ×'
    against 'four stages at once' four "$four" '≤ 1 ×'
    against 'ten stages at once' ten "$ten" '≤ 1 ×'
    cd ..
    awk -v ours="$(ours typing)" -v theirs="$typing_all" 'BEGIN {
        printf "| 25 letters typed, all counts after each | %.0f ms | %.0f ms | %.2f × | ≤ 1 × |\n",
            ours, theirs, ours / theirs }'
    alone 'a letter typed: the lines on the screen (the slowest)' preview '≤ 50 ms'
    for edit in toggle reorder delete; do
        alone "$edit one of ten stages: counts and screen" "$edit" '≤ 5 ms'
        alone "$edit: stored in the session" "$edit stored" ''
        alone "$edit: undone, counts and screen" "$edit undone" '≤ 5 ms'
    done
}
table >table.md
cat table.md
rm -f bench.xsmall*
if [ "${2-}" = --update ]; then
    sed -i -e '/<!-- bench chain -->/,/<!-- end -->/ { //!d }' \
        -e '/<!-- bench chain -->/r table.md' "$top/share/doc/benchmarks.md"
fi
