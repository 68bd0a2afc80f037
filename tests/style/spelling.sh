#!/bin/bash
# SPDX-License-Identifier: MIT
# codespell finds no misspelled word in code, documents and tests. Each word that it may not report is
# in spelling.txt with a reason. The build directory is $1.
. "$(dirname "$0")/../e2e/lib_check.sh"
need_tool codespell
top=$(cd "$here/../.." && pwd)
cd "$top" || exit 1
status=0
# Fuzz inputs and pictures contain no prose.
LC_ALL=C.UTF-8 codespell --ignore-words tests/style/spelling.txt \
    --skip 'tests/fuzz/*/*,*.svg,tests/style/spelling.txt' \
    README.md .github CMakeLists.txt share store tui tests >"$scratch/out" 2>"$scratch/errors" || status=$?
equal "misspelled words" "" "$(cat "$scratch/out")"
equal "exit code of codespell: $(cat "$scratch/errors")" 0 "$status"

# codespell does report a word that is not in spelling.txt.
wrong=rec"ie"ve # in two parts: this file is checked too
echo "$wrong" >"$scratch/wrong"
check "codespell reports $wrong" grep -q "$wrong ==> receive" \
    <(codespell --ignore-words "$top/tests/style/spelling.txt" "$scratch/wrong")
finish
