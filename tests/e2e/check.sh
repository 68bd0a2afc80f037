#!/bin/bash
# SPDX-License-Identifier: MIT
# xsmall check: the same answer for a good slim image; a dropped library, file or module is found and
# named; lines that differ from run to run are masked; --ignore; services; what fails in the subject.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_run.sh"
need_sandbox
image_ready
cd "$scratch" || exit 1

# check_run CODE OPTIONS...: runs check, whose exit code must be CODE; differences are in got.
check_run()
{
    local code=$1 status
    shift
    xsmall -q -s c.xsmall check "$@" >got 2>message
    status=$?
    equal "check $*: exit code, $(cat got message)" "$code" "$status"
}

must "run" xsmall -q -s c.xsmall run --base "$image/base.tar" "$image/full.tar" >output
same "the program's output" <(tail -n 1 "$image/output") output
must "filters" xsmall -q -s c.xsmall chain "grep -v -- '= -1'"
check_run 0
equal "no difference" "" "$(cat got)"
equal "no break" "" "$(xsmall -q -s c.xsmall breaks | grep -vE 'check runs|: listed by the program')"

# --- What was dropped is found: by its answer, and by its name.
for path in "/app/data/in put.txt" /usr/lib/python3.11/collections /usr/lib/x86_64-linux-gnu/libz.so.1; do
    must "drop $path" xsmall -q -s c.xsmall drop "$path"
    check_run 1
    check "$path: the exit status is reported" grep -q '^the program: exit status 0 in the subject image, exit status ' got
    xsmall -q -s c.xsmall breaks >breaks
    check "$path: breaks names it: $(cat breaks)" grep -qF "$path" breaks
    must "keep $path" xsmall -q -s c.xsmall keep "$path"
    check_run 0
    xsmall -q -s c.xsmall breaks >breaks
    check "$path: no break is left: $(cat breaks)" test -z "$(grep -F "$path" breaks)"
done

# --- Lines of output. The program is a shell, which the base image has.
shell="--entrypoint /bin/sh"
check_run 0 $shell -- -c 'echo same; echo $$; cat /proc/sys/kernel/random/uuid; echo end'
check_run 0 $shell -- -c 'echo same; cat /proc/sys/kernel/random/uuid; echo end'
equal "masked lines are no difference" "" "$(cat got)"
xsmall -s c.xsmall check $shell -- -c 'echo same; cat /proc/sys/kernel/random/uuid; echo end' >got 2>message
check "they are counted: $(cat message)" grep -q 'lines that differ between two runs of the subject image, or are ignored: 1' message
# A line that only the slim image lacks, next to one that always differs.
check_run 1 $shell -- -c 'cat /proc/sys/kernel/random/uuid; echo middle; [ ! -e /usr/bin/python3.11-config ] ; ls /app/data; [ -e /usr/lib/python3.11/zipfile.py ] && echo zipfile; exit 0'
printf '%s\n' 'standard output: the output differs' '- zipfile' >expected
same "the differing line" expected got
check_run 0 $shell --ignore '^zip' -- -c 'echo 1; [ -e /usr/lib/python3.11/zipfile.py ] && echo zipfile; exit 0'
answers "a pattern" 2 xsmall -q -s c.xsmall check $shell --ignore '(' -- -c 'exit 0' 2>message

# --- What does not work in the subject image proves nothing.
answers "fails in the subject image" 2 xsmall -q -s c.xsmall check $shell -- -c 'exit 3' 2>message
check_run 0 $shell --expect-exit 3 -- -c 'exit 3'

# --- A service: the status and the output of its tests count, its log does not.
get='bash -c "exec 3<>/dev/tcp/127.0.0.1/\$XSMALL_PORT; printf \"GET /\$0 HTTP/1.0\r\n\r\n\" >&3; cat <&3"'
serve="--entrypoint busybox --ready http://localhost:8080/etc/passwd"
check_run 0 $serve --test "$get etc/passwd" -- httpd -f -p 8080 -h /
check_run 1 $serve --test "$get usr/lib/python3.11/zipfile.py | head -n 1" -- httpd -f -p 8080 -h /
check "the test is named: $(cat got)" grep -q '^test 1: the output differs' got
finish
