#!/bin/bash
# SPDX-License-Identifier: MIT
# Every command that README.md and share/doc show runs on the sample and prints what is shown
# (doc_commands.pl). Blocks fenced as sh need engines or a user's own files: their syntax and the
# options of their xsmall commands are checked.
. "$(dirname "$0")/lib_check.sh"
top=$(cd "$here/../.." && pwd)
export LC_ALL=C.UTF-8 PATH="$build:$PATH"
cd "$scratch" || exit 1

must "make the sample" sh "$top/share/sample/make.sh" "$scratch/sample" >make.log 2>&1
# The logs get the names that the documents show: 101 the program, 102 its child.
sh "$top/share/sample/name_logs.sh" "$scratch/sample" || check "logs are named" false
for document in "$top"/README.md "$top"/share/doc/*.md; do
    name=$(basename "$document" .md)
    if grep -q '^```console$' "$document"; then
        rm -rf "at-$name"
        cp -a sample "at-$name"
        (cd "at-$name" && perl "$here/doc_commands.pl" "$document") >"$name.log" 2>&1
        check "$name: $(tail -n 1 "$name.log")" test $? = 0 || cat "$name.log"
    fi
done

finish
