#!/bin/bash
# SPDX-License-Identifier: MIT
# Input that `xsmall chain` rejects: one line on stderr with the installed grep's message and the column,
# exit 2, nothing on stdout, and each row of the session unchanged.
. "$(dirname "$0")/lib_check.sh"

cd "$scratch" || exit 1
cp "$here"/../fixtures/patterns/python.log log.1
cp "$here"/../fixtures/patterns/node.log log.2
XDG_CONFIG_HOME=$scratch/config
export XDG_CONFIG_HOME
must "session" xsmall -q -s s.xsmall load log.1 log.2
must "chain" xsmall -s s.xsmall chain "grep -h openat log.* | grep -v ENOENT"
must "off" xsmall -s s.xsmall chain --off 2
sqlite3 s.xsmall .dump >before

# refused NAMED ARGUMENT...: `xsmall chain` rejects the arguments with a message that contains NAMED.
refused()
{
    local named=$1 status=0
    shift
    xsmall -s s.xsmall chain "$@" >out 2>message </dev/null || status=$?
    equal "chain $*: exit code" 2 "$status"
    equal "chain $*: bytes on stdout" 0 "$(wc -c <out)"
    equal "chain $*: lines on stderr" 1 "$(wc -l <message)"
    message_has_object "chain $*" message
    n_checks=$((n_checks + 1))
    if ! grep -qF -e "$named" message; then
        n_failed=$((n_failed + 1))
        printf 'FAILED: chain %s: "%s" is not in: %s\n' "$*" "$named" "$(cat -v message)"
    fi
    sqlite3 s.xsmall .dump >after
    same "chain $*: the session" before after
}

# wrong COLUMN COMMAND: grep rejects it too, with the same message; COLUMN is counted by hand, or -.
wrong()
{
    local column=$1 command=$2 status=0 words
    LC_ALL=C bash -c "$command log.1" >out 2>message </dev/null || status=$?
    equal "$command: exit code of grep" 2 "$status"
    words=$(tail -n 1 message)
    words=${words#grep: }
    [ "$column" = - ] || words="$words (column $column"
    refused "$words" "$command log.*"
    refused "$words" "grep x log.* | $command"
    refused "$words" --add "$command"
}

wrong 1 "grep '\\('"
wrong 3 "grep 'ab\\(c\\(d\\)'"
wrong 2 "grep 'a\\)'"
wrong 1 "grep '['"
wrong 3 "grep 'ab[c'"
wrong 2 "grep 'x[[:nonsense:]]'"
wrong 2 "grep 'x[b-a]'"
wrong 2 "grep 'a\\{1'"
wrong 2 "grep 'a\\{2,1\\}'"
wrong 2 "grep 'a\\{99999\\}'"
wrong 4 "grep 'abc\\1'"
wrong 2 "grep 'x\\'"
wrong 2 "grep -e good -e 'x[b-a]'"
wrong 1 "grep -E '(a|b'"
wrong 4 "grep -E 'a|b{2,1}'"
wrong - "grep -E '[[.ab.]]'"
wrong 1 "grep -i -w -v '\\(a'"
wrong - "grep -P '('"
wrong 1 "grep -P '*a'"
wrong - "grep -P -e a -e b"
wrong - "grep -E -F a"

# Commands that are not part of a chain, and names of missing things.
refused "-c" "grep -c x log.*"
refused "awk" "awk /x/ log.1 | grep y"
refused "log.9" "grep x log.9"
refused "log.2" "grep x log.1 | grep y log.2"
refused '$(id)' 'grep $(id) log.1'
refused "quote" "grep 'x log.1"
refused "no-such-file" "grep -f no-such-file log.1"
refused "one argument" grep x
refused "stage" --on 3
refused "stage" --off 99
refused "stage" --delete 3
refused "stage" --move 3 1
refused "stage" --move 1 3
refused "two numbers" --move 1
refused "expected a number from 1" --on 0
refused "expected a number from 1" --off x
refused "expected a number from 1" --delete -1
refused "missing" --add
refused "sideways" --target sideways 1
refused "'none'" --use none
refused "../up" --use ../up
refused "../up" --save ../up
refused "--frobnicate" --frobnicate
check "no set was made" test ! -e config
finish
