#!/bin/bash
# SPDX-License-Identifier: MIT
# Every command in the console blocks of README.md and share/doc runs on the sample and prints what is
# shown (doc_commands.pl). Blocks fenced as sh need engines or a user's own files: their syntax and the
# options of their xsmall commands are checked (doc_options.pl).
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
    perl "$here/doc_options.pl" "$document" >"$name.log"
    check "$name: $(cat "$name.log")" test $? = 0
done
check "commands were checked" test "$(sed -n 's/.* blocks, \([0-9]*\) commands.*/\1/p' ./*.log | awk '{ n += $1 } END { print n }')" -gt 50

# doc_options.pl reports what is wrong in a document.
cat >wrong.md <<'MD'
Run `xsmall lod image.tar`, not `xsmall load --run x image.tar` or `xsmall files --why`.
```sh
sudo xsmall -s s.xsmall export --form tar --frm x && xsmall breaks -Z "--quoted"
xsmall trace -o logs -- program --its-own
if true; then
```
MD
equal "wrong commands of a document" 'wrong.md:1: xsmall lod: not a command
wrong.md:1: xsmall files: no option --why
wrong.md:3: bash -n: bash: line 4: syntax error: unexpected end of file
wrong.md:3: xsmall export: no option --frm
wrong.md:3: xsmall breaks: no option -Z
wrong.md:3: xsmall breaks: no option --quoted
wrong.md: 1 blocks, 6 commands, 6 wrong' "$(perl "$here/doc_options.pl" wrong.md)"

finish
