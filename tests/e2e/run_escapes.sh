#!/bin/bash
# SPDX-License-Identifier: MIT
# A hostile program in the sandbox of xsmall run: no attempt of escape.c works, as root and as other
# users; what would exhaust the machine ends as an outcome.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_run.sh"
need_sandbox
need_tool gcc
cd "$scratch" || exit 1

must "compile" gcc -static -O1 -w "$here/escape.c" -o escape
must "archive" tar -cf "$place/hostile.tar" escape
echo secret >"$place/secret"
chmod 644 "$place/secret" "$place/hostile.tar"

# The judge can see: outside a sandbox several attempts work.
as_user single "$scratch/escape" "$place/secret" >outside 2>/dev/null </dev/null
check "outside: $(grep -c WORKED outside) attempts work" test "$(grep -c WORKED outside)" -ge 5

# listener: an abstract socket of the host.
perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, pack("Sx", AF_UNIX) . "xsmall-escape")
    or die; listen(S, 1); $| = 1; print "ready\n"; sleep' >listener &
at_exit "kill $!"
must "a listener" wait_until grep -q ready listener

for user in $users; do
    XSMALL_SECRET=1 as_user "$user" "$place/xsmall" -q run -s e.xsmall "$place/hostile.tar" -- \
        /escape "$place/secret" >"$user.out" 2>"$user.err" </dev/null
    equal "$user: exit code" 0 $?
    equal "$user: attempts that worked" "" "$(grep WORKED "$user.out")"
    check "$user: attempts were made: $(cat "$user.out" "$user.err")" grep -q '^tried [0-9][0-9]' "$user.out"
done

# outcome USER WORDS OPTIONS... -- COMMAND: the run ends, and its report contains WORDS.
outcome()
{
    local user=$1 words=$2
    shift 2
    as_user "$user" "$place/xsmall" run -s e.xsmall "$@" >out 2>err </dev/null
    equal "$user, $words: exit code" 1 $?
    check "$user, $words: $(cat err)" grep -qF "$words" err
}

for user in $users; do
    outcome "$user" "memory limit" --memory 300M -- /escape memory
    outcome "$user" "output limit" -- /escape print
    outcome "$user" "disk limit" --max-write 100M -- /escape disk
    outcome "$user" "timed out" --timeout 3 --max-procs 100 -- /escape fork
    outcome "$user" "timed out" --timeout 1 -- /escape sleep
    outcome "$user" "killed by SIGSEGV" -- /escape fault
done

equal "directories that are left" "" "$(ls "$place/tmp")"
finish
