#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares the load time of logs with grep -c on the same logs in the same run, and measures their size in
# the session and the memory, for one and ten times the lines: bash traces.sh BUILD [--update]
#
# BUILD must be a release build. The logs are traces of real builds of this program. Prints a
# table in Markdown, times the median of several runs, files in the page cache; checks no figure.
# --update replaces the table in share/doc/benchmarks.md. Needs strace and GNU time.
set -eu -o pipefail
build=$(cd "${1:?build directory}" && pwd)
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$build/bench/traces
n_lines=1000000
runs=5
export LC_ALL=C xsmall="$build/xsmall"
mkdir -p "$work"
cd "$work"

# traced STRACE-OPTIONS...: builds this program again under strace.
traced()
{
    rm -rf made
    cmake -S "$top" -B made -G Ninja -DBUILD_TESTING=OFF >/dev/null
    strace "$@" ninja -C made >/dev/null 2>&1
    rm -rf made
}

# Builds until there are enough lines: appended to one file; and with one file per process.
make_logs()
{
    [ -e complete ] && return
    rm -rf one each
    mkdir each
    while [ "$(cat one 2>/dev/null | wc -l)" -lt "$n_lines" ]; do
        traced -f -A -o one
    done
    while [ "$(cat each/* 2>/dev/null | wc -l)" -lt "$n_lines" ]; do
        traced -ff -y -o "each/log.$(ls each | wc -l)"
    done
    strace -f -o walk find / -xdev -size +1k >/dev/null 2>&1 || true
    touch complete
}

# ten LOG: makes ten copies: of a file, appended to each other; of a directory, next to each other.
ten()
{
    rm -rf ten
    if [ -d "$1" ]; then
        mkdir ten
        for i in {0..9}; do
            for log in "$1"/*; do
                ln "$log" "ten/$i.${log##*/}"
            done
        done
    else
        for i in {0..9}; do
            cat "$1"
        done >ten
    fi
}

# median COMMAND: prints seconds.
median()
{
    local begin
    for ((i = 0; i < runs; i++)); do
        rm -f s.xsmall*
        begin=${EPOCHREALTIME/[.,]/}
        bash -c "$1" >/dev/null
        echo $((${EPOCHREALTIME/[.,]/} - begin))
    done | sort -n | sed -n "$((runs / 2 + 1))p" | awk '{ printf "%.3f", $1 / 1e6 }'
}

# peak LOG: prints the MiB of a load.
peak()
{
    rm -f s.xsmall*
    /usr/bin/time -f '%M' "$xsmall" -q -s s.xsmall load "$1" 2>&1 >/dev/null |
        awk '{ printf "%.0f", $1 / 1024 }'
}

# row WHAT LOG: prints a row of the table.
row()
{
    local ours theirs session bytes once more
    ours=$(median "\"\$xsmall\" -q -s s.xsmall load '$2'")
    theirs=$(median "find '$2' -type f -print0 | xargs -0 cat | grep -c '\.so' | cat")
    once=$(peak "$2")
    session=$(stat -c %s s.xsmall)
    bytes=$(find "$2" -type f -print0 | xargs -0 cat | wc -c)
    ten "$2"
    more=$(peak ten)
    awk -v what="$1" -v n="$(find "$2" -type f -print0 | xargs -0 cat | wc -l)" -v bytes="$bytes" \
        -v files="$(find "$2" -type f | wc -l)" -v ours="$ours" -v theirs="$theirs" \
        -v session="$session" -v once="$once" -v more="$more" 'BEGIN {
        printf "| %s: %d lines, %.0f MB, %d file%s | %.2f s | %.3f s | %.1f × | %.2f | %d MiB | %d MiB |\n",
            what, n, bytes / 1e6, files, files == 1 ? "" : "s", ours, theirs, ours / theirs,
            session / bytes, once, more }'
}

table()
{
    echo "| logs, $(nproc) cores | load | grep -c | ratio (plan ≤ 6) | session / log (plan ≤ 0.2) | memory (plan ≤ 150 MiB) | of ten times (plan ≤ 1.5 ×) |"
    echo "|---|--:|--:|--:|--:|--:|--:|"
    row "builds, \`strace -f\`" one
    row "builds, \`strace -ff -y\`" each
    row "\`find /\`: all paths differ" walk
    rm -rf ten s.xsmall*
}

make_logs
table | tee table
if [ "${2-}" = --update ]; then
    awk -v table="$work/table" '
        /^<!-- bench traces -->$/ { print; while ((getline line < table) > 0) print line; skip = 1 }
        /^<!-- end -->$/ { skip = 0 }
        !skip && !/^<!-- bench traces -->$/' "$top/share/doc/benchmarks.md" >page
    cp page "$top/share/doc/benchmarks.md"
fi
