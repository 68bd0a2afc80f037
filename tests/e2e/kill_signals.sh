#!/bin/bash
# SPDX-License-Identifier: MIT
# SIGHUP, SIGINT and SIGTERM in commands that read and in commands that write: "cancelled", status 2,
# and the directory as before. A signal that was ignored when the program began stays ignored. A
# closed pipe ends a command as it ends grep. Signals at each write: faults.sh.
. "$(dirname "$0")/lib_check.sh"

cd "$scratch" || exit 1
mkdir -p tree/bin tree/etc
echo tool >tree/bin/tool
seq 300000 >tree/etc/numbers
tar -C tree --sort=name --mtime=@1 -cf image.tar bin etc
{
    printf 'execve("/bin/tool", ["tool"], 0x7ffd /* 3 vars */) = 0\n'
    printf 'openat(AT_FDCWD, "/etc/numbers", O_RDONLY) = 3\n+++ exited with 0 +++\n'
} >log.1
must "loading" xsmall -q -s s.xsmall load image.tar log.1
names() { find . -mindepth 1 ! -path './stderr' ! -path './stdout' -printf '%P\n' | LC_ALL=C sort; }
: >stderr
: >stdout
names_before=$(names)
endless='WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c) SELECT count(*) FROM c'

# A shell starts background commands with SIGINT ignored: env restores the default.
signalled()
{
    local signal=$1 pid
    shift
    env --default-signal=INT "$build/xsmall" -q -s s.xsmall "$@" >stdout 2>stderr </dev/null &
    pid=$!
    wait_until test -s s.xsmall-shm
    kill -s "$signal" "$pid"
    status=0
    wait "$pid" || status=$?
}

for signal in HUP INT TERM; do
    signalled "$signal" sql "$endless"
    equal "SIG$signal in a query: status" 2 "$status"
    equal "SIG$signal in a query: message" "xsmall: cancelled" "$(cat stderr)"
    equal "SIG$signal in a query: names" "$names_before" "$(names)"
done

# A load that waits for standard input; the signal comes at the first instant.
mkfifo pipe
exec 9<>pipe
names_before=$(names)
for signal in HUP INT TERM; do
    env --default-signal=INT "$build/xsmall" -s new.xsmall load - <pipe >stdout 2>stderr &
    pid=$!
    wait_until grep -q 'reading standard input' stderr
    kill -s "$signal" "$pid"
    status=0
    wait "$pid" || status=$?
    equal "SIG$signal while waiting for input: status" 2 "$status"
    equal "SIG$signal while waiting for input: message" "xsmall: cancelled" "$(tail -n 1 stderr)"
    equal "SIG$signal while waiting for input: names" "$names_before" "$(names)"
done

# Ignored when the program began, as with nohup: the query goes on until another signal.
env --ignore-signal=HUP "$build/xsmall" -q -s s.xsmall sql "$endless" >stdout 2>stderr &
pid=$!
wait_until test -s s.xsmall-shm
equal "SIGHUP of nohup is ignored" 1 "$(($(awk '/^SigIgn/ {print "0x" $2}' /proc/$pid/status) & 1))"
kill -s HUP "$pid"
kill -s TERM "$pid"
status=0
wait "$pid" || status=$?
equal "SIGTERM after an ignored SIGHUP: status" 2 "$status"
equal "after an ignored SIGHUP: names" "$names_before" "$(names)"

# A traced program inherits what was ignored, and nothing else (bits 1: HUP, 13: PIPE).
if strace -o /dev/null true 2>/dev/null; then
    must "tracing" env --ignore-signal=HUP "$build/xsmall" -q trace -o t -- grep SigIgn /proc/self/status >stdout
    equal "a traced program: ignored signals" "0000000000000001" "$(awk '{print $2}' stdout)"
    rm -f t.*
fi

# A closed pipe. The judge is GNU grep: its status and what it prints.
yes x | head -n 400000 >text
closed() { "$@" 2>stderr | true; status=${PIPESTATUS[0]}; }
rows="WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c LIMIT 400000) SELECT i FROM c"
closed grep x text
grep_status=$status
grep_printed=$(cat stderr)
names_before=$(names)
for command in "sql|$rows" "help" "--help" "load|--help"; do
    IFS='|' read -ra words <<<"$command"
    n=0
    while :; do # the reader may have left late
        closed "$build/xsmall" "${words[@]}"
        n=$((n + 1))
        [ "$status" = 0 ] && [ "$n" -lt 200 ] || break
    done
    equal "closed pipe: ${words[0]}: status" "$grep_status" "$status"
    equal "closed pipe: ${words[0]}: stderr" "$grep_printed" "$(cat stderr)"
    equal "closed pipe: ${words[0]}: names" "$names_before" "$(names)"
done
(
    trap '' PIPE
    closed grep x text
    grep_status=$status
    closed "$build/xsmall" -s s.xsmall sql "$rows"
    equal "closed pipe, SIGPIPE ignored: status" "$grep_status" "$status"
    check "closed pipe, SIGPIPE ignored: message" grep -q 'standard output: Broken pipe' stderr
    exit "$n_failed"
) || n_failed=$((n_failed + $?))

# A disk without space for the output.
for command in --help --version "load|--help" help "sql|SELECT 1"; do
    IFS='|' read -ra words <<<"$command"
    answers "/dev/full: ${words[*]}" 2 "$build/xsmall" "${words[@]}" >/dev/full 2>stderr
    check "/dev/full: ${words[*]}: message" grep -q '^xsmall: standard output: ' stderr
done
finish
