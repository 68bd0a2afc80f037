#!/bin/bash
# SPDX-License-Identifier: MIT
# Directories that a program writes into are kept with mode and owner; files that the program creates
# are not copied, even if the image has an older copy. A small tree and its logs, judged by hand.
. "$(dirname "$0")/lib_check.sh"

cd "$scratch" || exit 1
mkdir -p root/{etc,bin,tmp,run/app,run/gone,data,home/app,srv/volume} root/var/{cache/app,lib/app,log,spool}
chmod 1777 root/tmp
chmod 750 root/var/spool
touch root/run/{app.pid,lock,app/inside} root/var/cache/app/old root/var/lib/app/{state,kept} \
    root/var/log/app.log root/data/{db,other,seen}
ln -s none root/etc/dangling
python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("root/run/old.sock")' ||
    perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0); bind(S, sockaddr_un("root/run/old.sock"))'
check "a socket" test -S root/run/old.sock

# Run one: process 1 and its child 2.
cat >log.1 <<'L'
openat(AT_FDCWD, "/run/app.pid", O_RDONLY) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/run/app.pid", O_WRONLY|O_CREAT, 0644) = 3
mkdir("/run/app", 0755) = 0
openat(AT_FDCWD, "/run/app/inside", O_WRONLY|O_CREAT, 0644) = 3
openat(AT_FDCWD, "/run/lock", O_RDONLY) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/run/lock", O_WRONLY|O_CREAT, 0644) = 3
unlink("/run/lock") = 0
openat(AT_FDCWD, "/var/log/app.log", O_WRONLY|O_CREAT|O_APPEND, 0644) = 3
openat(AT_FDCWD, "/var/lib/app/state", O_RDONLY) = 3
unlink("/var/lib/app/state") = 0
openat(AT_FDCWD, "/var/lib/app/state", O_RDONLY) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/var/lib/app/state", O_WRONLY|O_CREAT, 0644) = 3
openat(AT_FDCWD, "/tmp/x1", O_RDWR|O_CREAT|O_EXCL, 0600) = 3
bind(4, {sa_family=AF_UNIX, sun_path="/var/spool/app.sock"}, 110) = 0
connect(5, {sa_family=AF_UNIX, sun_path="/run/old.sock"}, 110) = 0
openat(AT_FDCWD, "/etc/dangling", O_RDONLY) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/etc/dangling", O_WRONLY|O_CREAT, 0644) = 3
openat(AT_FDCWD, "/data/other", O_RDONLY) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/data/other", O_WRONLY|O_CREAT, 0644) = 3
openat(AT_FDCWD, "/data/seen", O_RDONLY) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/data/seen", O_WRONLY|O_CREAT, 0644) = 3
L
cat >log.2 <<'L'
openat(AT_FDCWD, "/run/app.pid", O_RDONLY) = 3
openat(AT_FDCWD, "/data/db", O_RDWR|O_CREAT, 0644) = 3
unlink("/data/other") = 0
L
# Run two found files that run one had created.
cat >log.3 <<'L'
openat(AT_FDCWD, "/data/seen", O_RDONLY) = 3
L
must "load" xsmall -q -s s.xsmall load --run one root log.1 log.2
must "load" xsmall -q -s s.xsmall load --run two log.3

# Not kept: app.pid, run/app and inside, lock (created, then removed by the same process), old.sock, x1.
# Kept: state existed when it was read; other may have been removed before; seen existed in run two;
# app.log and db may have existed.
cat >expected <<'L'
/
/data
/data/db
/data/other
/data/seen
/etc
/etc/dangling
/run
/tmp
/var
/var/lib
/var/lib/app
/var/lib/app/state
/var/log
/var/log/app.log
/var/spool
L
xsmall -s s.xsmall files >got
same "what is kept" expected got
equal "no break" "" "$(xsmall -s s.xsmall breaks)"
why()
{
    equal "why $1" "$1: $2" "$(xsmall -s s.xsmall why "$1" | head -n 1)"
}
why /run/app.pid 'not kept: the program creates this file itself'
why /run/app/inside 'not kept: the program creates this file itself'
why /run/old.sock 'not kept: the program creates this file itself'
why /tmp 'file created in it, log.1:13'
why /var/spool 'file created in it, log.1:14'
equal "mode of /tmp and /var/spool" "1777 0750" \
    "$(xsmall -s s.xsmall sql "SELECT group_concat(printf('%04o', mode), ' ') FROM (SELECT mode FROM v_file
        WHERE path IN ('/tmp', '/var/spool') AND kept ORDER BY path)")"
# A mark overrides this.
must "keep" xsmall -s s.xsmall keep /run/app.pid
check "kept by a mark" grep -qx /run/app.pid <(xsmall -s s.xsmall files)
# Dropping such a directory is a break.
must "drop" xsmall -s s.xsmall drop /var/spool
check "the place is missed" grep -q '^/var/spool: would be missing; the program creates a file in it: marked drop, log.1:14$' \
    <(xsmall -s s.xsmall breaks)
finish
