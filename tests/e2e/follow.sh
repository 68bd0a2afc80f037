#!/bin/bash
# SPDX-License-Identifier: MIT
# xsmall load --follow of live programs: lines appear while the programs run, new files of strace -ff
# are added, the load ends with the program or a signal, and after a kill at any moment the session
# contains the first part of the log.
. "$(dirname "$0")/lib_check.sh"

need_strace
cd "$scratch" || exit
touch one two
# sees PATTERN: succeeds if the session has a path like it; before the first load it has no paths.
sees()
{
    [ -e "$session" ] &&
        [ "$(xsmall -s "$session" sql "SELECT count(*) > 0 FROM v_access WHERE path LIKE '$1'" 2>err)" = 1 ]
}
# whole LOG...: the session equals a load of the finished logs.
whole()
{
    xsmall -s "$session" lines >got
    cat "$@" >expected
    same "lines of $session" expected got
    rm -f fresh.xsmall
    must 'a load at rest' xsmall -q -s fresh.xsmall load "$@"
    for s in "$session" fresh.xsmall; do
        xsmall -s $s sql "SELECT pid, call, path, errno, n, line, kind FROM v_access ORDER BY 1, 2, 3, 4, 6" >$s.rows
    done
    same "accesses of $session" fresh.xsmall.rows "$session.rows"
}

cat >stages <<'END'
#!/bin/sh
wait_file() { while ! [ -e "$1" ]; do sleep 0.02; done; }
echo >begun
wait_file go-one; cat one
wait_file go-two; cat two
END
chmod +x stages

# One file for all processes.
session=one.xsmall
strace -f -y -e trace=%file,%process -o log ./stages &
wait_until test -s log
"$build/xsmall" -s $session load --follow log 2>stderr &
follower=$!
wait_until sees '%/begun'
check 'not yet' test -z "$(xsmall -s $session sql "SELECT path FROM v_access WHERE path LIKE '%/one'")"
xsmall -s $session chain "grep '/one\"'" # a decision during the load is kept
touch go-one
wait_until sees '%/one'
touch go-two
wait $follower
equal 'ends with the program' 0 $?
equal 'the chain is still there' "grep '/one\"' log" "$(xsmall -s $session chain)"
check 'and has survivors' test "$(xsmall -s $session lines -c)" = "$(grep -c '/one"' log)"
xsmall -s $session chain "grep ''"
whole log
check 'it reported more than one load' test "$(grep -c 'matching lines' stderr)" -gt 2
check 'no file remains' test ! -e $session-wal

# One file per process: one file is named, the other files of the same trace are found; an older file is not.
rm -f go-* begun
session=each.xsmall
cp log each.1 && touch -d yesterday each.1
strace -ff -y -e trace=%file,%process -o each ./stages &
wait_until test -e begun
first=$(grep -l '^execve("./stages"' each.[0-9]*)
"$build/xsmall" -s $session -q load --follow "$first" 2>stderr &
follower=$!
wait_until sees '%/begun'
touch go-one go-two
wait $follower
equal 'ends with the programs' 0 $?
rm each.1
equal 'all files' "$(ls each.[0-9]* | sort | tr '\n' ' ')" \
    "$(xsmall -s $session sql 'SELECT name FROM log ORDER BY name' | tr '\n' ' ')"
equal 'one run' run1 "$(xsmall -s $session sql 'SELECT DISTINCT run FROM v_access')"

# A signal ends the load in order.
session=signal.xsmall
strace -f -o endless sh -c 'while ! [ -e stop ]; do ls >/dev/null; done' &
writer=$!
wait_until test -s endless
for signal in INT TERM; do
    # a shell's background commands ignore SIGINT: env restores the default
    rm -f stderr
    env --default-signal=INT "$build/xsmall" -s $session load --follow endless 2>stderr &
    follower=$!
    wait_until grep -qs 'matching lines' stderr
    kill -$signal $follower
    { wait $follower; } 2>/dev/null
    equal "SIG$signal" 0 $?
    xsmall -s $session lines >got
    check "SIG$signal: the front of the log" cmp -n "$(($(wc -c <got) - 1))" endless got
done

# kill -9 at random moments.
session=kill.xsmall
for i in 1 2 3 4 5 6; do
    "$build/xsmall" -s $session -q load --follow endless 2>stderr &
    follower=$!
    [ $i -gt 2 ] && sleep 0.$((RANDOM % 9))
    kill -9 $follower
    { wait $follower; } 2>/dev/null
    [ -e $session ] || continue
    check "kill $i: it opens" xsmall -s $session sql 'PRAGMA integrity_check' >got
    xsmall -s $session lines >got || [ ! -s got ]
    check "kill $i: the front of the log" cmp -n "$(($(wc -c <got) - 1 < 0 ? 0 : $(wc -c <got) - 1))" endless got
done
touch stop
wait $writer
must 'a last load' xsmall -q -s $session load endless
whole endless

# Logs that cannot be followed.
answers 'no log' 2 xsmall -s no.xsmall load --follow no-such-log 2>err
finish
