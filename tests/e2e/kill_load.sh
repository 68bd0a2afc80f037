#!/bin/bash
# SPDX-License-Identifier: MIT
# kill -9 in the middle of a load, at random moments, until twenty kills interrupt a load: the session
# opens, is sound, has all rows from before, and all or no rows of the killed load.
# XSMALL_SEED repeats a run.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"

image_ready
RANDOM=${XSMALL_SEED:=$(($(date +%s) % 32768))}
echo "seed $XSMALL_SEED"
mkdir "$scratch/logs"
cp -r "$image"/log/log.* "$scratch/"
cd "$scratch" || exit 1
# More text than the real logs have, so that a kill can interrupt the load of logs as well as of the image.
for number in $(seq 8); do
    for copy in $(seq 40); do
        cat log.*
    done >"logs/many.$number"
done

# Prints the rows of the first load and the number of rows of the second. Counted by sqlite3, so
# that an error in the program's own reading cannot hide damage in the file.
earlier_of()
{
    sqlite3 "$1" "SELECT run, log, line, pid, call, path, errno, n FROM v_access
            WHERE log LIKE 'log.%' ORDER BY log, line, path, call;
        SELECT position, enabled, stage FROM v_pattern"
}

later_of()
{
    sqlite3 "$1" "SELECT (SELECT count(*) FROM v_file), (SELECT count(*) FROM v_layer),
        (SELECT count(DISTINCT log) FROM v_access WHERE log LIKE 'logs/%'),
        (SELECT total(n) FROM v_access WHERE log LIKE 'logs/%'),
        (SELECT count(*) FROM image WHERE complete = 1)"
}

derived_of()
{
    sqlite3 "$1" "SELECT (SELECT count(real_path) FROM v_access),
        (SELECT total(kept) FROM v_file), (SELECT total(length(reason)) FROM v_file)"
}

load_more()
{
    "$build/xsmall" -q -s "$1" load --base "$image/base.tar" "$image/full.tar" logs
}

now_ms()
{
    local now=${EPOCHREALTIME/[.,]/}
    echo $((now / 1000))
}

must "first load" xsmall -q -s start.xsmall load log.*
must "chain" xsmall -s start.xsmall chain "grep -v '= -1' log.*"
earlier_of start.xsmall >earlier
nothing=$(later_of start.xsmall)
cp start.xsmall whole.xsmall
begin=$(now_ms)
must "second load" load_more whole.xsmall
whole_ms=$(($(now_ms) - begin))
everything=$(later_of whole.xsmall)
derived=$(derived_of whole.xsmall)
check "the second load adds rows" test "$nothing" != "$everything"
echo "a whole load takes $whole_ms ms"

n_killed=0
n_nothing=0
round=0
while [ "$n_killed" -lt 20 ] && [ "$round" -lt 200 ]; do
    round=$((round + 1))
    after=$((RANDOM * whole_ms / 32768 + 1))
    cp start.xsmall "kill.xsmall"
    "$build/xsmall" -q -s kill.xsmall load --base "$image/base.tar" "$image/full.tar" logs \
        >kill.out 2>&1 &
    loader=$!
    sleep "$((after / 1000)).$(printf %03d $((after % 1000)))"
    kill -KILL "$loader" 2>/dev/null
    status=0
    { wait "$loader" || status=$?; } 2>/dev/null # reaped: no process has the session open
    if [ "$status" = 137 ]; then
        n_killed=$((n_killed + 1))
    else # the load ended before the kill: it was faster than the timed load
        whole_ms=$((whole_ms * 3 / 4 + 1))
    fi
    what="round $round, killed after $after ms"
    # In half of the rounds the program opens the file first, in the others sqlite3.
    [ $((round % 2)) = 0 ] || answers "$what: opens" 0 xsmall -s kill.xsmall sql "SELECT 1" >/dev/null
    equal "$what: integrity_check" ok "$(sqlite3 kill.xsmall 'PRAGMA integrity_check')"
    found=$(later_of kill.xsmall)
    if [ "$found" = "$nothing" ]; then
        n_nothing=$((n_nothing + 1))
    else
        equal "$what: all or nothing" "$everything" "$found"
        # Derived tables may be older; the next command that writes updates them.
        answers "$what: writes" 0 xsmall -s kill.xsmall chain "grep -v '= -1' log.*"
        equal "$what: derived tables" "$derived" "$(derived_of kill.xsmall)"
    fi
    earlier_of kill.xsmall >got
    same "$what: the rows from before" earlier got
    answers "$what: opens and lists" 0 xsmall -s kill.xsmall lines >/dev/null
    if [ $((round % 5)) = 0 ]; then
        must "$what: loads again" load_more kill.xsmall
        equal "$what: after loading again" "$everything" "$(later_of kill.xsmall)"
        equal "$what: no remains" "0|0" "$(sqlite3 kill.xsmall \
            'SELECT (SELECT count(*) FROM load), (SELECT count(*) FROM log WHERE complete = 0)')"
    fi
    rm -f kill.xsmall*
done
echo "$n_killed killed in $round rounds, $n_nothing held nothing of the load"
equal "kills that hit" 20 "$n_killed"
check "some rounds stored nothing" test "$n_nothing" -ge 4
finish
