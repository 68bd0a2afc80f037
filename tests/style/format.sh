#!/bin/bash
# SPDX-License-Identifier: MIT
# Each .c and .h file is formatted as clang-format 14 (Debian 12) prints it with .clang-format. Names each
# file that differs. The build directory is $1.
. "$(dirname "$0")/../e2e/lib_check.sh"
need_tool clang-format
clang-format --version | grep -q 'version 14\.' || skip "another clang-format: $(clang-format --version)"
cd "$here/../.." || exit 1
find store tui tests -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run 2>&1 |
    sed -n 's/:[0-9]*:[0-9]*: warning: code should be clang-formatted.*//p' | LC_ALL=C sort -u >"$scratch/differ"
equal "files that clang-format -i would change" "" "$(cat "$scratch/differ")"
finish
