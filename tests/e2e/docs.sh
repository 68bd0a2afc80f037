#!/bin/bash
# SPDX-License-Identifier: MIT
# What the program tells of itself: the manual page without a warning, the keys as README has them,
# completions that shells take and that complete, versions; and what `cmake --install` puts where.
. "$(dirname "$0")/lib_check.sh"
top=$(cd "$here/../.." && pwd)
cd "$scratch" || exit 1

must "man" xsmall help man >xsmall.1
equal "groff's warnings" "" "$(groff -ww -z -man -Tutf8 xsmall.1 2>&1)"
groff -man -Tascii -P-c -P-b -P-o -P-u xsmall.1 >page
for word in NAME SYNOPSIS COMMANDS OPTIONS KEYS FILES 'EXIT STATUS' --squash-only --map :keep-survivors families; do
    check "the manual has $word" grep -qF -- "$word" page
done
# Each option that a command's help lists is in the manual, and the other way round.
xsmall help | sed -n 's/^  \([a-z][a-z]*\) .*/\1/p' >commands
while read -r command; do
    xsmall help "$command"
done <commands | grep -o '^  .\{0,4\} --[a-z0-9-]*' | grep -o -- '--[a-z0-9-]*' >in-helps
xsmall help | grep -o -- '^  .\{0,4\} --[a-z0-9-]*' | grep -o -- '--[a-z0-9-]*' >>in-helps
sort -u in-helps >want
grep -A1 '^\.TP' xsmall.1 | grep -o '\\-\\-[a-z0-9\\-]*' | tr -d '\\' | sort -u >got
same "options in the manual" want got

sed -n '/^<!-- keys -->$/,/^<!-- end -->$/p' "$top/share/doc/reference.md" | sed '1d;$d' >want
xsmall help keys >got
same "the keys of reference.md (xsmall help keys)" want got
check "many of them" test "$(wc -l <got)" -gt 60

# Completions, as a shell calls them.
for shell in bash zsh fish; do
    must "$shell" xsmall help "$shell" >"$shell.completion"
    if command -v "$shell" >/dev/null; then
        check "$shell takes it" "$shell" -n "$shell.completion"
    fi
done
completed()
{
    bash -c '
        . ./bash.completion
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        $(complete -p xsmall | grep -o "_[a-z]*")
        printf "%s\n" "${COMPREPLY[@]}"' bash "$@" | LC_ALL=C sort | paste -sd' '
}
mkdir dir
touch image.tar
equal "commands" "export extract" "$(completed xsmall ex)"
equal "a file" "image.tar" "$(completed xsmall load ima)"
equal "an option of the command" "--snippet --squash-only --stage --style --subject-name" "$(completed xsmall export --s | sed 's/--session //')"
equal "no other's" "" "$(completed xsmall why --fo)"
equal "a value" "list" "$(completed xsmall -s s.xsmall export --form li)"
equal "directories" "dir" "$(completed xsmall export -o '')"

xsmall --version >versions
equal "its own first" "xsmall" "$(head -n 1 versions | cut -d' ' -f1)"
equal "SQLite's, as it says itself" "$(sqlite3 --version | cut -d' ' -f1)" "$(sed -n 's/^SQLite //p' versions)"
equal "libraries" 11 "$(tail -n +2 versions | wc -l)"
answers "no such document" 2 xsmall help none 2>err

DESTDIR=$scratch/installed cmake --install "$build" --prefix /opt/x >install.log 2>&1 || check "install" false
(cd installed/opt/x && find . -type f ! -path '*/patterns/*' ! -path '*/families/*' | LC_ALL=C sort) >got
printf './%s\n' bin/xsmall share/bash-completion/completions/xsmall share/doc/xsmall/{LICENSE,README.md} \
    share/doc/xsmall/share/doc/{architecture,benchmarks,guide,limits,recipes,reference,semantics,session,troubleshooting}.md \
    share/doc/xsmall/share/screenshots/{breaks,export,film,trace,tree,why}.svg \
    share/fish/vendor_completions.d/xsmall.fish share/man/man1/xsmall.1 share/xsmall/{rules.example,schema.sql} \
    share/zsh/site-functions/_xsmall >want
same "what is installed" want got
check "patterns and families" test "$(find installed/opt/x/share/xsmall/{patterns,families} -type f | wc -l)" = \
    "$(find "$top"/share/{patterns,families} -type f | wc -l)"
mkdir -p root/{bin,usr,etc}
cp /bin/true root/bin/tool
must "the installed one loads" installed/opt/x/bin/xsmall -q -s s.xsmall load "$scratch/root"
must "and keeps" installed/opt/x/bin/xsmall -q -s s.xsmall keep /bin/tool
equal "and lists" /bin/tool "$(installed/opt/x/bin/xsmall -s s.xsmall export --form list | grep tool)"
same "its manual" xsmall.1 installed/opt/x/share/man/man1/xsmall.1
finish
