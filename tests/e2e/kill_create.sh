#!/bin/bash
# SPDX-License-Identifier: MIT
# kill -9 before the first, second, third … write to a new session: the file is missing, or opens; no
# other file remains in the directory, and the load can be repeated. A file of another program that
# appears under the same name is not changed.
. "$(dirname "$0")/lib_check.sh"

must "the shim" cc -shared -fPIC -O1 -o "$scratch/fault.so" "$here/fault.c" -ldl
mkdir "$scratch/disk"
cd "$scratch/disk" || exit 1
disk=$(pwd -P)
{
    printf 'execve("/bin/tool", ["tool"], 0x7ffd /* 3 vars */) = 0\n'
    printf 'openat(AT_FDCWD, "/etc/hello", O_RDONLY) = 3\n+++ exited with 0 +++\n'
} >"$scratch/log.11"

load() { "$build/xsmall" -q -s s.xsmall load "$scratch/log.11"; }

# killed AT: succeeds if the load was killed before its write AT.
killed()
{
    rm -f s.xsmall* "$scratch/fired"
    (
        export LD_PRELOAD="$scratch/fault.so" FAULT_UNDER="$disk" FAULT_AT="$1" FAULT_ERROR=kill \
            FAULT_FIRED="$scratch/fired" ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0:detect_leaks=0"
        load
    ) 2>"$scratch/stderr"
    [ -e "$scratch/fired" ]
}

n_absent=0
at=1
while [ "$at" -le 60 ] && killed "$at"; do
    left=$(find . -mindepth 1 ! -name 's.xsmall' ! -name 's.xsmall-wal' ! -name 's.xsmall-shm' ! -name 's.xsmall-journal')
    equal "killed at write $at: nothing else is left" "" "$left"
    if [ -e s.xsmall ]; then
        answers "killed at write $at: opens" 0 "$build/xsmall" -q -s s.xsmall sql "SELECT 1" >/dev/null
        equal "killed at write $at: integrity" ok "$(sqlite3 s.xsmall 'PRAGMA integrity_check' 2>&1)"
    else
        n_absent=$((n_absent + 1))
    fi
    answers "killed at write $at: the load is done again" 0 load
    at=$((at + 1))
done
echo "$((at - 1)) kills, $n_absent of them before the session was there"
check "kills struck on both sides" test "$n_absent" -ge 1 -a "$((at - 1))" -gt "$n_absent"

# Files that are not sessions stay unchanged.
rm -f s.xsmall*
echo "of another program" >s.xsmall
answers "a text file" 2 load 2>/dev/null
equal "the text file" "of another program" "$(cat s.xsmall)"
rm s.xsmall
sqlite3 s.xsmall "CREATE TABLE t (x); INSERT INTO t VALUES (7)"
answers "a database of another program" 2 load 2>/dev/null
equal "its row" 7 "$(sqlite3 s.xsmall 'SELECT x FROM t')"
rm s.xsmall
: >s.xsmall
answers "an empty file becomes a session" 0 load

# The -wal file of a session that was removed is not applied to a new session of that name.
rm -f s.xsmall*
must "a session" load
must "its log" sqlite3 s.xsmall "PRAGMA wal_autocheckpoint = 0; UPDATE log SET name = 'stale';" ".shell cp s.xsmall-wal $scratch/wal" >/dev/null
check "the log has frames" test -s "$scratch/wal"
rm -f s.xsmall*
cp "$scratch/wal" s.xsmall-wal
answers "a load next to an old -wal file" 0 load
equal "a load next to an old -wal file: log" "$scratch/log.11" "$(sqlite3 s.xsmall 'SELECT DISTINCT log FROM v_access')"
equal "a load next to an old -wal file: names" s.xsmall "$(ls -A)"

# A name that leaves no space for SQLite's suffix is reported as such, also in a deep directory.
rm -f s.xsmall*
long=$(printf 'n%.0s' $(seq 248))
answers "a name of 247 bytes" 0 "$build/xsmall" -q -s "${long:1}" load "$scratch/log.11"
rm "${long:1}"
answers "a name of 248 bytes" 2 "$build/xsmall" -q -s "$long" load "$scratch/log.11" 2>"$scratch/stderr"
check "a name of 248 bytes: message" grep -q "$long: the name is too long for a session: at most 247 bytes" "$scratch/stderr"
mkdir -p "${long:1}/${long:1}/d"
answers "a deep directory" 2 "$build/xsmall" -q -s "${long:1}/${long:1}/d/s.xsmall" load "$scratch/log.11" 2>"$scratch/stderr"
check "a deep directory: message" grep -q 'too long for a session' "$scratch/stderr"
rm -r "${long:1}"
equal "refused names leave no file" "" "$(ls -A)"

# Without /proc a file without a name cannot be linked to a name: a file with a name is created instead.
# The exit code comes from the sanitizer, which cannot check leaks there.
if unshare -rm mount -t tmpfs none /proc 2>/dev/null; then
    rm -f s.xsmall*
    unshare -rm sh -c 'mount -t tmpfs none /proc && exec "$@"' sh \
        "$build/xsmall" -q -s s.xsmall load "$scratch/log.11" 2>"$scratch/stderr"
    equal "without /proc: one file" s.xsmall "$(ls -A)"
    equal "without /proc: lines" 3 "$(xsmall -s s.xsmall lines | wc -l)"
fi
finish
