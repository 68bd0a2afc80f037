#!/bin/bash
# SPDX-License-Identifier: MIT
# xsmall run that is killed or interrupted at a random moment leaves no process, no mount, no
# directory and no half of a run; the session is whole. XSMALL_SEED=N for other moments.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_run.sh"
need_sandbox
image_ready
seed=${XSMALL_SEED:-$$}
RANDOM=$seed
rounds=${XSMALL_KILLS:-1}
cp "$image/base.tar" "$place/"
chmod 644 "$place/base.tar"

# children_of PID: it and all below.
children_of()
{
    local child
    echo "$1"
    for child in $(cat /proc/"$1"/task/*/children 2>/dev/null); do
        children_of "$child"
    done
}

are_gone()
{
    local pid state
    for pid in $family; do
        state=$(sed 's/.*) //; s/ .*//' "/proc/$pid/stat" 2>/dev/null)
        [ -z "$state" ] || [ "$state" = Z ] || [ "$state" = X ] || return 1
    done
}

is_empty()
{
    [ -z "$(ls "$place/tmp")" ]
}

# start USER: runs a program that does not end; $pid is xsmall.
start()
{
    rm -f "$place/$1/pid"
    as_user "$1" sh -c 'echo $$ >pid; exec "$0"/xsmall -q run -s k.xsmall -- sh -c "
        cat /etc/passwd; (cat /dev/zero >/dev/null) & cat /dev/zero >/dev/null"' "$place" >/dev/null 2>&1 &
    outer=$!
    must "start" wait_until test -s "$place/$1/pid"
    pid=$(cat "$place/$1/pid")
}

for user in $users; do
    must "load" as_user "$user" "$place/xsmall" -q load -s k.xsmall "$place/base.tar"
    before=$(xsmall -q -s "$place/$user/k.xsmall" sql "SELECT count(*) FROM run")
    for signal in KILL TERM INT HUP; do
        for ((i = 0; i < rounds; i++)); do
            start "$user"
            sleep "0.$(printf '%03d' $((RANDOM % 1000)))"
            family=$(children_of "$pid")
            kill -"$signal" "$pid" 2>/dev/null
            { wait "$outer"; } 2>/dev/null
            check "$user, $signal $i (seed $seed): processes are gone" wait_until are_gone
            check "$user, $signal $i (seed $seed): directories are gone: $(ls "$place/tmp")" wait_until is_empty
        done
    done
    equal "$user: runs" "$before" "$(xsmall -q -s "$place/$user/k.xsmall" sql "SELECT count(*) FROM run")"
    equal "$user: the session" ok "$(xsmall -q -s "$place/$user/k.xsmall" sql "PRAGMA integrity_check")"
done

# With the keeper killed as well, the next run removes what is left.
start range
must "a sandbox" wait_until sh -c "ls '$place/tmp'/*/trace/log.* >/dev/null 2>&1"
family=$(children_of "$pid")
kill -STOP $family 2>/dev/null
kill -KILL $family 2>/dev/null
{ wait "$outer"; } 2>/dev/null
check "processes are gone" wait_until are_gone
check "directories are left" test -n "$(ls "$place/tmp")"
as_user range "$place/xsmall" -q run -s k.xsmall -- sh -c 'exit 0'
equal "the next run" 0 $?
check "it removes them: $(ls "$place/tmp")" is_empty
finish
