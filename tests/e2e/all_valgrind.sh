#!/bin/bash
# SPDX-License-Identifier: MIT
# The unit tests under valgrind's memcheck, in a build without sanitizers: leaks, and reads of
# uninitialized memory, which the sanitizers do not detect.
. "$(dirname "$0")/lib_check.sh"
top=$(cd "$here/../.." && pwd)
export LC_ALL=C.UTF-8

build_plain()
{
    cmake -S "$top" -B "$top/build/plain" -G Ninja -DCMAKE_BUILD_TYPE=Debug >/dev/null &&
        cmake --build "$top/build/plain" >/dev/null
}

# run_one TEST: writes the output to $scratch/NAME.out, the exit status to $scratch/NAME.exit.
run_one()
{
    local name=${1##*/} status=0
    timeout 3600 valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite \
        --fair-sched=yes --suppressions="$top/tests/fixtures/valgrind.supp" "$1" >"$scratch/$name.out" 2>&1 || status=$?
    echo "$status" >"$scratch/$name.exit"
}
export -f run_one
export top scratch

must "the build without sanitizers" build_plain
printf '%s\0' "$top"/build/plain/test_* | xargs -0 -P "$(nproc)" -I{} bash -c 'run_one {}'
for test in "$top"/build/plain/test_*; do
    name=${test##*/}
    status=$(cat "$scratch/$name.exit")
    case $status in
    0 | 77) check "$name" true ;; # 77: skipped
    *) check "$name: exit $status: $(grep -aE '^==|Error|FAILED' "$scratch/$name.out" | head -n 40)" false ;;
    esac
done
finish
