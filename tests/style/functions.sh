#!/bin/bash
# SPDX-License-Identifier: MIT
# Functions fit a screen: at most 60 lines, 3 levels, 7 parameters, and the cognitive complexity that
# .clang-tidy allows. The build directory is $1.
. "$(dirname "$0")/../e2e/lib_check.sh"
need_tool clang-tidy
cd "$here/../.." || exit 1
status=0
find store tui -name '*.c' -print0 | xargs -0 -P "$(nproc)" -n 16 clang-tidy --quiet -p "$build" \
    --checks='-*,readability-function-size,readability-function-cognitive-complexity' \
    >"$scratch/out" 2>"$scratch/errors" || status=$?
equal "functions to split" "" "$(grep -E '(warning|error):' "$scratch/out" | sed "s,^$PWD/,," | LC_ALL=C sort)"
equal "clang-tidy's exit code: $(tail -n 3 "$scratch/errors")" 0 "$status"
finish
