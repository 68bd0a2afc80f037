#!/bin/bash
# SPDX-License-Identifier: MIT
# The program's documents: help texts, manual pages without a warning of three linters, reference.md
# and the embedded guides, completions that shells accept and that complete, messages for mistyped
# words, versions; and which files `cmake --install` installs.
. "$(dirname "$0")/lib_check.sh"
top=$(cd "$here/../.." && pwd)
cd "$scratch" || exit 1

# lint PAGE: the manual page has no warning of groff, man or mandoc.
lint()
{
    equal "groff's warnings on $1" "" "$(groff -ww -z -man -Tutf8 "$1" 2>&1)"
    if command -v man >/dev/null; then
        equal "man's warnings on $1" "" "$(man --warnings -E UTF-8 -l -Tutf8 -Z "./$1" 2>&1 >/dev/null)"
    fi
    if command -v mandoc >/dev/null; then
        equal "mandoc's warnings on $1" "" "$(mandoc -Tlint "$1" 2>&1)"
    fi
}
# options FILE: the long options that a help text lists, and those that a manual page lists.
help_options() { grep -o '^  .\{0,4\} --[a-z0-9-]*' "$1" | grep -o -- '--[a-z0-9-]*' | LC_ALL=C sort -u; }
page_options() { sed -n '/^\.SH OPTIONS/,/^\.SH [^O]/p' "$1" | grep -o '^\.B .*\\-\\-[a-z0-9\-]*' | grep -o '\\-\\-[a-z0-9\-]*' | tr -d '\\' | LC_ALL=C sort -u; }

must "man" xsmall help man >xsmall.1
lint xsmall.1
groff -man -Tascii -P-c -P-b -P-o -P-u xsmall.1 >page
for word in NAME SYNOPSIS COMMANDS OPTIONS KEYS FILES ENVIRONMENT 'EXIT STATUS' EXAMPLES :keep-survivors 'xsmall-families(1)'; do
    check "the manual has $word" grep -qF -- "$word" page
done
xsmall help >help
help_options help >want
page_options xsmall.1 >got
same "options of the explorer in the manual" want got
equal "lines of the help over 80 columns" "" "$(LC_ALL=C.UTF-8 awk 'length > 80' help)"

# Each command: a help with examples, at most 80 columns wide, and a manual page with the same options.
sed -n '/^commands/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' help >commands
equal "the commands of the help" "$(find "$top/tui/cli" -name 'command_*.c' | wc -l)" "$(wc -l <commands)"
while read -r command; do
    must "help of $command" xsmall help "$command" >"help-$command"
    xsmall "$command" --help >again
    same "$command --help" "help-$command" again
    equal "lines over 80 columns in the help of $command" "" "$(LC_ALL=C.UTF-8 awk 'length > 80' "help-$command")"
    check "$command has examples" test "$(sed -n '/^examples:$/,/^$/p' "help-$command" | grep -c '^  xsmall ')" -ge 2
    sed '/^$/,$d' "help-$command" >usage
    equal "options of $command that its usage line lacks" "" "$(sed -n '/^options:$/,/^$/p' "help-$command" |
        grep -o '^  .\{4\}--[a-z-]*' | while read -r words; do
            letter=$(grep -o '^-.' <<<"$words") name=--${words##*--}
            grep -qE -- "(^|[[ ])($name|${letter:-$name})([] ]|\$)" usage || echo "$name"
        done | grep -vxE -- '--(session|quiet|help|version)')"
    must "man $command" xsmall help man "$command" >"xsmall-$command.1"
    lint "xsmall-$command.1"
    for word in NAME SYNOPSIS DESCRIPTION OPTIONS EXAMPLES 'EXIT STATUS'; do
        check "the page of $command has $word" grep -qx "\.SH $word" "xsmall-$command.1"
    done
    help_options "help-$command" >want
    page_options "xsmall-$command.1" >got
    same "options of $command in its page" want got
    check "xsmall(1) names xsmall-$command(1)" grep -qF "xsmall\\-$command (1)" xsmall.1
done <commands

# Documents: reference.md is what the program prints, the others are embedded as they are.
for document in guide recipes troubleshooting reference session limits benchmarks semantics; do
    must "$document" xsmall help "$document" >got
    same "$document (xsmall help $document)" "$top/share/doc/$document.md" got
done
while read -r variable; do
    check "$variable is in reference.md" grep -q "^| \`$variable\` |" "$top/share/doc/reference.md"
    check "$variable is in the manual" grep -qx "\.B $variable" xsmall.1
done < <(grep -rhoE 'getenv\("[A-Z_]+"' "$top/store" "$top/tui" | cut -d'"' -f2 | LC_ALL=C sort -u)
PAGER='sed s/^/paged:/' script -qec "$build/xsmall help keys" /dev/null >got </dev/null
check "a terminal gets a document through the pager" grep -q '^paged:| keys' got
PAGER=no-such-pager script -qec "$build/xsmall help keys" /dev/null >got </dev/null
check "without the pager it is printed" grep -q '^| keys' got
xsmall help keys >got
check "the reference has many keys" test "$(wc -l <got)" -gt 60

# Completions, as a shell calls them.
for shell in bash zsh fish; do
    must "$shell" xsmall help "$shell" >"$shell.completion"
    if command -v "$shell" >/dev/null; then
        check "$shell accepts it" "$shell" -n "$shell.completion"
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
equal "SQLite's, as sqlite3 prints it" "$(sqlite3 --version | cut -d' ' -f1)" "$(sed -n 's/^SQLite //p' versions)"
equal "libraries" 11 "$(tail -n +2 versions | wc -l)"
answers "no such document" 2 xsmall help gide 2>err
equal "its message" 'xsmall: gide: unknown command or document; did you mean "guide"?' "$(cat err)"
answers "no such command" 2 xsmall lod 2>err
equal "its message" 'xsmall: lod: unknown command; did you mean "load"?' "$(cat err)"
answers "no command like it" 2 xsmall frobnicate 2>err
equal "its message" 'xsmall: frobnicate: no such file or command; run xsmall help' "$(cat err)"
answers "no such option" 2 xsmall export --fomr list 2>err
equal "its message" 'xsmall: --fomr: unknown option of xsmall export; did you mean --form?' "$(cat err)"
mkdir empty
(cd empty && xsmall </dev/null >out 2>err)
equal "nothing to open: exit code" 2 $?
check "what to do next" grep -qF 'xsmall run --base' empty/err
equal "in 80 columns" "" "$(awk 'length > 80' empty/err)"

DESTDIR=$scratch/installed cmake --install "$build" --prefix /opt/x >install.log 2>&1 || check "install" false
(cd installed/opt/x && find . -type f ! -path '*/patterns/*' ! -path '*/families/*' | LC_ALL=C sort) >got
printf './%s\n' bin/xsmall share/bash-completion/completions/xsmall share/doc/xsmall/{LICENSE,README.md} \
    share/doc/xsmall/share/doc/{architecture,benchmarks,guide,limits,recipes,reference,semantics,session,troubleshooting}.md \
    share/doc/xsmall/share/screenshots/{breaks,export,film,trace,tree,why}.svg \
    share/fish/vendor_completions.d/xsmall.fish share/man/man1/xsmall.1 share/xsmall/{rules.example,schema.sql} \
    share/zsh/site-functions/_xsmall >want
sed 's,.*,./share/man/man1/xsmall-&.1,' commands >>want
LC_ALL=C sort -o want want
same "installed files" want got
check "patterns and families" test "$(find installed/opt/x/share/xsmall/{patterns,families} -type f | wc -l)" = \
    "$(find "$top"/share/{patterns,families} -type f | wc -l)"
mkdir -p root/{bin,usr,etc}
cp /bin/true root/bin/tool
must "the installed one loads" installed/opt/x/bin/xsmall -q -s s.xsmall load "$scratch/root"
must "and keeps" installed/opt/x/bin/xsmall -q -s s.xsmall keep /bin/tool
equal "and lists" /bin/tool "$(installed/opt/x/bin/xsmall -s s.xsmall export --form list | grep tool)"
same "its manual" xsmall.1 installed/opt/x/share/man/man1/xsmall.1
same "the page of a command" xsmall-load.1 installed/opt/x/share/man/man1/xsmall-load.1
finish
