#!/bin/bash
# SPDX-License-Identifier: MIT
# Runs fuzz targets under libFuzzer: bash soak.sh SECONDS [TARGET ...]
#
# Builds the preset fuzz (clang) into build/fuzz and runs each target that many seconds, as many at once
# as there are cores. The corpus is in build/fuzz/corpus, findings are in build/fuzz/findings; prints a
# table at the end. Exits with 1 if there is a finding: fix it, and add it to tests/fuzz/TARGET.
set -eu
seconds=${1:?seconds for each target}
shift
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib_seeds.sh"
top=$(cd "$here/../.." && pwd)
export LC_ALL=C.UTF-8 ASAN_OPTIONS=detect_leaks=1
cd "$top"
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz >/dev/null
cd build/fuzz
mkdir -p corpus findings
[ $# -gt 0 ] || set -- $(cd "$here" && ls *.c | sed 's/\.c$//' | grep -v '^lib_')

# soak TARGET: runs one target.
soak()
{
    mkdir -p "corpus/$1"
    [ ! -d "$here/$1" ] || cp -n "$here/$1"/* "corpus/$1"
    "./fuzz_$1" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2000 -artifact_prefix="findings/$1-" \
        "corpus/$1" >"$1.log" 2>&1 || :
}

make_binary_seeds ./xsmall corpus
for target in "$@"; do
    while [ "$(jobs -rp | wc -l)" -ge "$(nproc)" ]; do
        wait -n || :
    done
    soak "$target" &
done
wait
status=0
echo '| target | executions | seconds | findings |'
echo '|---|--:|--:|--:|'
for target in "$@"; do
    n=$(find findings -name "$target-*" | wc -l)
    [ "$n" = 0 ] || status=1
    done_=$(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\).*/\1 | \2/p' "$target.log")
    echo "| $target | ${done_:-? | ?} | $n |"
done
exit $status
