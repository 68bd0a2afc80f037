#!/bin/bash
# SPDX-License-Identifier: MIT
# What analyzers say of the sources: gcc -fanalyzer, clang-tidy (.clang-tidy tells its checks) and
# cppcheck. No finding is left.
. "$(dirname "$0")/lib_check.sh"
top=$(cd "$here/../.." && pwd)
cd "$top" || exit 1

# Off, because GCC 12 and cppcheck were wrong in the cases that were read, not in each: null-dereference (a list is
# NULL only where its count is 0), uninitialized values (what a function fills where it returns true;
# valgrind sees to those).
gcc_flags="-fanalyzer -Wno-analyzer-null-dereference -Wno-analyzer-use-of-uninitialized-value"

build_gcc()
{
    cmake -S . -B build/analyze -G Ninja -DCMAKE_BUILD_TYPE=Debug -DBUILD_TESTING=OFF -DXSMALL_WERROR=ON \
        -DCMAKE_C_COMPILER=gcc -DCMAKE_C_FLAGS="$gcc_flags" >/dev/null &&
        cmake --build build/analyze --clean-first >"$scratch/said"
}

build_tidy()
{
    cmake --preset tidy -DBUILD_TESTING=OFF >/dev/null &&
        cmake --build --preset tidy --clean-first >"$scratch/said"
}

# told WHAT COMMAND...: what it said, where it fails.
told()
{
    check "$@" || :
    [ "$n_failed" = "$n_failed_before" ] || grep -aE 'warning:|error:' "$scratch/said"
    n_failed_before=$n_failed
}

n_failed_before=0
told "gcc -fanalyzer" build_gcc
told "clang-tidy" build_tidy
: >"$scratch/said"
told "cppcheck" cppcheck --quiet --enable=warning,performance,portability --std=c11 -I store -I tui \
    --suppress=uninitvar --error-exitcode=1 store tui
finish
