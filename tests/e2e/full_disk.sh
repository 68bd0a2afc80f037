#!/bin/bash
# SPDX-License-Identifier: MIT
# Loads on a disk that becomes full, of each of several sizes. A first load leaves no file, and a
# backup that is copied back under the name has all that it had. A load into a session gives its
# space back: the session has the same bytes as before if no other program has it open, and edits go on,
# also in an explorer that has it open.
. "$(dirname "$0")/lib_check.sh"

mkdir "$scratch/disk"
mount -t tmpfs -o size=1m tmpfs "$scratch/disk" 2>/dev/null || skip "no right to mount"
at_exit "umount '$scratch/disk'"
cd "$scratch" || exit 1
mkdir -p tree/app many
for name in a b c; do echo "$name" >tree/app/$name.txt; done
(cd many && seq -f 'file-%05.0f-of-many' 20000 | xargs touch)
tar -C tree --sort=name --mtime=@1 -cf small.tar app
tar -C many --sort=name --mtime=@1 --transform 's,^,usr/,' -cf big.tar .
for k in 1 2 3; do
    seq -f "openat(AT_FDCWD, \"/d/$k/%.0f\", O_RDONLY) = 3" 120000 >log.$k
done
must "a backup" xsmall -q -s backup.xs load small.tar
must "a mark" xsmall -q -s backup.xs keep /app/a.txt
content_of() { sqlite3 "$1" "SELECT (SELECT count(*) FROM v_file), (SELECT group_concat(path) FROM mark)"; }
backup=$(content_of backup.xs)

for size in 600k 1m 2m 3m; do
    rm -f disk/*
    must "remounting" mount -o "remount,size=$size" disk
    answers "$size: a first load" 2 xsmall -q -s disk/s.xs load big.tar 2>stderr
    check "$size: a first load names the cause" grep -q 'full' stderr
    equal "$size: a first load leaves" "" "$(ls -A disk)"
    must "restoring" cp backup.xs disk/s.xs
    equal "$size: the backup" "$backup" "$(content_of disk/s.xs)"
    answers "$size: the backup opens" 0 xsmall -q -s disk/s.xs files >/dev/null
    cp disk/s.xs before.xs
    answers "$size: a second load" 2 xsmall -q -s disk/s.xs load log.1 log.2 log.3 2>stderr
    equal "$size: a second load leaves" "s.xs" "$(ls -A disk)"
    same "$size: the session" before.xs disk/s.xs
    answers "$size: an edit" 0 xsmall -q -s disk/s.xs keep /app/b.txt
    equal "$size: marks" "/app/a.txt,/app/b.txt" "$(sqlite3 disk/s.xs 'SELECT group_concat(path) FROM mark')"
    equal "$size: integrity" ok "$(sqlite3 disk/s.xs 'PRAGMA integrity_check')"

    # An explorer has the session open.
    cp backup.xs disk/s.xs
    mkfifo keys
    "$build/screen_driver" 100x30 disk/s.xs <keys >screen 2>&1 &
    driver=$!
    exec 8>keys
    printf 'wait\ndump\n' >&8
    wait_until grep -q Image screen # it is idle: no reader of the session is in the way
    answers "$size: a load while it is open" 2 xsmall -q -s disk/s.xs load log.1 log.2 log.3 2>stderr
    printf 'key 1\nwait\nkey j\nkey k\nwait\n' >&8
    answers "$size: an edit while it is open" 0 xsmall -q -s disk/s.xs keep /app/c.txt
    exec 8>&-
    wait "$driver"
    rm keys
    equal "$size: after the explorer" "s.xs" "$(ls -A disk)"
    equal "$size: marks after the explorer" "/app/a.txt,/app/c.txt" "$(sqlite3 disk/s.xs 'SELECT group_concat(path) FROM mark')"
    check "$size: its space is given back" test "$(wc -c <disk/s.xs)" -le "$(($(wc -c <backup.xs) * 2))"
done
finish
