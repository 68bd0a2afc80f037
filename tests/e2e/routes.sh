#!/bin/bash
# SPDX-License-Identifier: MIT
# Paths whose text and file differ: ".." after a symlink, the links of /proc and /dev, and openat2 with
# a root of its own. Expected: path_resolution(7), proc(5), openat2(2); trace_truth.sh asks the kernel.
. "$(dirname "$0")/lib_check.sh"

need_tool sqlite3 cc
cd "$scratch" || exit 1
mkdir -p root/{etc,usr,proc,dev,jail/etc,a/b,gcc/12,lib}
echo passwd >root/etc/passwd
echo jailed >root/jail/etc/passwd
echo ax >root/a/x
echo x >root/x
echo crt >root/lib/crt.o
ln -s a/b root/lnk
ln -s /etc root/jail/link
tar -C root -cf image.tar .

# real LOG-LINE...: real_path of the opens of a log with these lines.
real()
{
    rm -f s.xsmall
    printf '%s\n' '1 execve("/p", ["p"], 0x7 /* 0 vars */) = 0' '1 chdir("/") = 0' "$@" >log
    must 'load' xsmall -q -s s.xsmall load image.tar log
    sqlite3 s.xsmall "SELECT path || ' ' || coalesce(real_path, '-') FROM v_access
        WHERE call LIKE 'openat%' ORDER BY line" | tail -n 1
}

equal '".." after a symlink' '/x /a/x' "$(real '1 openat(AT_FDCWD, "lnk/../x", O_RDONLY) = 3')"
equal 'chdir to it' '/x /a/x' \
    "$(real '1 chdir("lnk/..") = 0' '1 openat(AT_FDCWD, "x", O_RDONLY) = 3')"
equal 'a directory that the program made' '/x /x' \
    "$(real '1 mkdir("/new", 0777) = 0' '1 openat(AT_FDCWD, "/new/../x", O_RDONLY) = 3')"
equal 'RESOLVE_IN_ROOT' '/jail/etc/passwd /jail/etc/passwd' \
    "$(real '1 openat2(5</jail>, "/../etc/passwd", {flags=O_RDONLY, resolve=RESOLVE_IN_ROOT}, 24) = 3')"
equal 'RESOLVE_IN_ROOT, an absolute symlink' '/jail/link/passwd /jail/etc/passwd' \
    "$(real '1 openat2(5</jail>, "link/passwd", {flags=O_RDONLY, resolve=0x10}, 24) = 3')"
equal 'no RESOLVE_IN_ROOT' '/jail/link/passwd /etc/passwd' \
    "$(real '1 openat2(5</jail>, "link/passwd", {flags=O_RDONLY, resolve=0}, 24) = 3')"
for link in /proc/self/root/etc /proc/self/cwd/etc /proc/thread-self/cwd/etc /proc/1/cwd/etc /proc/self/fd/7 /dev/fd/7 \
    /proc/self/task/1/fd/7; do
    equal "$link" "$link/passwd /etc/passwd" \
        "$(real '1 openat(AT_FDCWD, "/etc", O_RDONLY|O_DIRECTORY) = 7' "1 openat(AT_FDCWD, \"$link/passwd\", O_RDONLY) = 3")"
done
equal '/dev/stdin' '/dev/stdin /etc/passwd' \
    "$(real '1 openat(AT_FDCWD, "/etc/passwd", O_RDONLY) = 0' '1 openat(AT_FDCWD, "/dev/stdin", O_RDONLY) = 3')"
equal 'an inherited descriptor, with -y' '/proc/self/fd/9 /etc/passwd' \
    "$(real '1 openat(AT_FDCWD</>, "/proc/self/fd/9", O_RDONLY) = 3</etc/passwd>')"
equal 'an inherited descriptor, without -y' '/proc/self/fd/9 -' \
    "$(real '1 openat(AT_FDCWD, "/proc/self/fd/9", O_RDONLY) = 3')"
equal 'the link itself' '/proc/self/fd/7 -' \
    "$(real '1 openat(AT_FDCWD, "/etc", O_RDONLY|O_DIRECTORY) = 7' '1 openat(AT_FDCWD, "/proc/self/fd/7", O_RDONLY|O_NOFOLLOW|O_PATH) = 3')"

# The kernel walks through a directory before "..", so it has to be in the slim image.
real '1 openat(AT_FDCWD, "/gcc/12/../../lib/crt.o", O_RDONLY) = 3' >/dev/null
equal 'kept' '/gcc
/gcc/12
/lib
/lib/crt.o' "$(xsmall -s s.xsmall files | grep -E '^/(gcc|lib)')"
answers 'no break' 0 xsmall -s s.xsmall breaks >/dev/null
must 'drop' xsmall -s s.xsmall drop /gcc
answers 'a break' 1 xsmall -s s.xsmall breaks >breaks
check 'names the file' grep -q '^/lib/crt.o: would be missing' breaks

# A file under another name is no less replayed.
real '1 openat(AT_FDCWD, "/proc/self/root/etc/passwd", O_RDONLY) = 3' >/dev/null
must 'drop' xsmall -s s.xsmall drop /etc/passwd
answers 'a break through /proc' 1 xsmall -s s.xsmall breaks >/dev/null
finish
