#!/bin/bash
# SPDX-License-Identifier: MIT
# Analyzers find nothing in the sources: gcc -fanalyzer, clang-tidy (.clang-tidy lists its checks) and
# cppcheck.
. "$(dirname "$0")/lib_check.sh"
top=$(cd "$here/../.." && pwd)
cd "$top" || exit 1

build_gcc()
{
    cmake -S . -B build/analyze -G Ninja -DCMAKE_BUILD_TYPE=Debug -DBUILD_TESTING=OFF -DXSMALL_WERROR=ON \
        -DCMAKE_C_COMPILER=gcc -DCMAKE_C_FLAGS=-fanalyzer >/dev/null &&
        cmake --build build/analyze --clean-first >"$scratch/output"
}

build_tidy()
{
    cmake --preset tidy -DBUILD_TESTING=OFF >/dev/null &&
        cmake --build --preset tidy --clean-first >"$scratch/output"
}

# quiet WHAT COMMAND...: the command must succeed; its output is printed only if it fails.
quiet()
{
    check "$@" || :
    [ "$n_failed" = "$n_failed_before" ] || grep -aE 'warning:|error:' "$scratch/output"
    n_failed_before=$n_failed
}

n_failed_before=0
quiet "gcc -fanalyzer" build_gcc
quiet "clang-tidy" build_tidy
: >"$scratch/output"
quiet "cppcheck" cppcheck --quiet --enable=warning,performance,portability --std=c11 -I store -I tui \
    --error-exitcode=1 store tui
finish
