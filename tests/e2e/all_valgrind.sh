#!/bin/bash
# SPDX-License-Identifier: MIT
# The unit tests under valgrind's memcheck, in a build without sanitizers: reads of what was never
# written, which those do not see, and leaks.
. "$(dirname "$0")/lib_check.sh"
top=$(cd "$here/../.." && pwd)
export LC_ALL=C.UTF-8

build_plain()
{
    cmake -S "$top" -B "$top/build/plain" -G Ninja -DCMAKE_BUILD_TYPE=Debug >/dev/null &&
        cmake --build "$top/build/plain" >/dev/null
}

must "the build without sanitizers" build_plain
for test in "$top"/build/plain/test_*; do
    status=0
    timeout 1800 valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite \
        --fair-sched=yes --suppressions="$top/tests/fixtures/valgrind.supp" "$test" >"$scratch/said" 2>&1 || status=$?
    case $status in
    0 | 77) check "${test##*/}" true ;; # 77: skipped
    *) check "${test##*/}: exit $status: $(grep -aE '^==|Error|FAILED' "$scratch/said" | head -n 40)" false ;;
    esac
done
finish
