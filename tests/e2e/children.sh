#!/bin/bash
# SPDX-License-Identifier: MIT
# The programs that xsmall runs: names come after --, the environment is xsmall's, their stderr is shown,
# and they end when xsmall is killed by any signal.
. "$(dirname "$0")/lib_check.sh"
cd "$scratch" || exit 1
mkdir bin
PATH=$scratch/bin:$PATH

# program NAME: creates a program whose text comes from stdin.
program()
{
    { echo '#!/bin/sh' && cat; } >"bin/$1"
    chmod +x "bin/$1"
}

# is_gone PID: succeeds if there is no process PID, or only its exit status.
is_gone()
{
    local state
    state=$(sed 's/.*) //; s/ .*//' "/proc/$1/stat" 2>/dev/null)
    [ -z "$state" ] || [ "$state" = Z ] || [ "$state" = X ]
}

# kill_it: kills process $pid, which cannot clean up.
kill_it()
{
    kill -KILL "$pid"
    { wait "$pid"; } 2>/dev/null
}

# --- Arguments, environment, stderr.
program docker <<'E2'
printf '%s\n' "$@" >>arguments
env >environment
echo "first line" >&2
echo "cannot reach \"the daemon\"" >&2
exit 3
E2
answers "an invalid name" 2 xsmall -q -s s.xsmall load 'docker:-name;touch$IFS.made' 2>stderr
check "nothing is run for it" test ! -e arguments
DOCKER_HOST=tcp://elsewhere:1 answers "a missing daemon" 2 \
    xsmall -q -s s.xsmall load docker:shop/app:1 2>stderr
check "stderr is shown: $(cat stderr)" grep -qF 'exit 3: first line cannot reach "the daemon"' stderr
check "DOCKER_HOST is handed on" grep -qxF 'DOCKER_HOST=tcp://elsewhere:1' environment
equal "the name comes after --" "-- shop/app:1" "$(tail -n 2 arguments | paste -sd' ')"
check "no session" test ! -e s.xsmall

# --- Killed in the middle of a load: the engine ends too.
program docker <<'E2'
echo $$ >engine.new
mv engine.new engine
exec sleep infinity
E2
"$build/xsmall" -q -s s.xsmall load docker:slow 2>/dev/null &
pid=$!
check "the engine runs" wait_until test -e engine
kill_it
check "the engine is gone" wait_until is_gone "$(cat engine)"

# --- xsmall trace: strace and the traced command.
if strace -o /dev/null true 2>/dev/null; then
    program traced <<'E2'
grep '^PPid:' "/proc/$$/status" | tr -dc 0-9 >tracer
echo $$ >traced.new
mv traced.new traced
exec sleep infinity
E2
    "$build/xsmall" trace -o log traced 2>/dev/null &
    pid=$!
    check "the command runs" wait_until test -e traced
    kill_it
    check "strace is gone" wait_until is_gone "$(cat tracer)"
    check "the command is gone" wait_until is_gone "$(cat traced)"
fi
finish
