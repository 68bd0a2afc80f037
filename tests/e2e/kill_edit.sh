#!/bin/bash
# SPDX-License-Identifier: MIT
# kill -9 in the middle of an edit, an undo, an export and a migration, at random moments: the session
# opens, is sound, and is in the state before or after; exported files are complete or missing. In half
# of the rounds the program opens the file first, in the others sqlite3.
# XSMALL_KILLS is the number of kills of each kind (6; all_kill.sh: 170); XSMALL_SEED repeats a run.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"

image_ready
RANDOM=${XSMALL_SEED:=$(($(date +%s) % 32768))}
echo "seed $XSMALL_SEED"
cp -r "$image"/log/log.* "$scratch/"
cd "$scratch" || exit 1

# Prints the content of a session by sqlite3, not by the program under test.
state_of()
{
    sqlite3 "$1" "PRAGMA user_version; SELECT * FROM mark ORDER BY 1; SELECT * FROM pattern;
        SELECT what, undone FROM edit ORDER BY id; SELECT count(*) FROM asked; SELECT count(*) FROM v_file; SELECT count(*) FROM v_access" 2>&1
}

one_edit() { exec "$build/xsmall" -q -s s.xsmall keep '/usr/**'; }
one_undo() { exec "$build/screen_driver" 100x30 s.xsmall < <(printf 'key u\nwait\n'); }
one_export() { exec "$build/xsmall" -q -s s.xsmall export --form tar -o out --verify; }
one_migrate() { exec "$build/xsmall" -q -s s.xsmall sql 'SELECT 1'; }

begin()
{
    rm -rf s.xsmall* out
    cp "$1.before" s.xsmall
}

exported()
{
    (cd out 2>/dev/null && find . -type f ! -name '.*.part' -printf '%P\n' | LC_ALL=C sort | xargs -r sha256sum)
}

judge()
{
    local what=$1 state line
    [ $((RANDOM % 2)) = 0 ] || answers "$what: opens" 0 xsmall -q -s s.xsmall sql "SELECT 1" >/dev/null
    equal "$what: integrity" ok "$(sqlite3 s.xsmall 'PRAGMA integrity_check' 2>&1)"
    state=$(state_of s.xsmall)
    if [ "$state" = "$before" ]; then
        n_before=$((n_before + 1))
    else
        equal "$what: as after" "$after" "$state"
    fi
    while read -r line; do
        check "$what: whole or absent: $line" grep -qxF "$line" files
    done < <(exported)
    answers "$what: is done again" 0 eval "(one_$name) >/dev/null 2>&1"
}

now_ms()
{
    local now=${EPOCHREALTIME/[.,]/}
    echo $((now / 1000))
}

kills()
{
    local name=$1 whole n=0 n_before=0 round=0 after_ms pid status
    begin "$name"
    before=$(state_of s.xsmall)
    whole=$(now_ms)
    (one_$name) >/dev/null 2>&1 || die "$name without a kill"
    whole=$(($(now_ms) - whole))
    after=$(state_of s.xsmall)
    exported >files
    while [ "$n" -lt "${XSMALL_KILLS:-6}" ] && [ "$round" -lt $((${XSMALL_KILLS:-6} * 20)) ]; do
        round=$((round + 1))
        begin "$name"
        after_ms=$((RANDOM * whole / 32768))
        (one_$name) >/dev/null 2>&1 &
        pid=$!
        sleep "$((after_ms / 1000)).$(printf %03d $((after_ms % 1000)))"
        kill -KILL "$pid" 2>/dev/null
        status=0
        { wait "$pid" || status=$?; } 2>/dev/null
        if [ "$status" != 137 ]; then # the operation ended before the kill
            whole=$((whole * 7 / 8 + 1))
            continue
        fi
        n=$((n + 1))
        judge "$name, kill $n after $after_ms ms"
    done
    echo "$name: $n killed in $round rounds, $n_before as before"
    equal "$name: kills that hit" "${XSMALL_KILLS:-6}" "$n"
}

must "loading" xsmall -q -s s.xsmall load "$image/base.tar" log.*
must "chain" xsmall -q -s s.xsmall chain "grep -v ' = -1' log.*"
must "mark" xsmall -q -s s.xsmall keep /bin
cp s.xsmall edit.before
cp s.xsmall export.before
must "a mark more" xsmall -q -s s.xsmall drop '/usr/**'
cp s.xsmall undo.before
sqlite3 migrate.before <"$here/../fixtures/schema_001.sql"
sqlite3 migrate.before "PRAGMA journal_mode = WAL; PRAGMA application_id = $((0x78736d6c)); PRAGMA user_version = 1;
    INSERT INTO mark VALUES ('/a', 'keep');
    WITH RECURSIVE c (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 200000)
    INSERT INTO asked SELECT i * 400, '/p' || i, i % 5 > 0, iif(i % 3, NULL, '/r' || i) FROM c" >/dev/null
for name in edit export migrate undo; do
    kills "$name"
done
finish
