#!/bin/bash
# SPDX-License-Identifier: MIT
# Dependencies of each kind on a small tree and its log, counted by hand; each kind disabled alone.
# Also: libraries that are opened without being linked, and libraries that are linked but never opened.
. "$(dirname "$0")/lib_check.sh"

cd "$scratch" || exit 1
export XDG_CONFIG_HOME=$scratch/config
mkdir -p root/{usr/bin,usr/lib,opt/two,app,etc,lib64} root/usr/lib/python3/dist-packages
pkgs=root/usr/lib/python3/dist-packages
ln -s usr/lib root/lib
touch root/lib64/ld.so root/usr/lib/libc.so.6 root/usr/bin/sh root/etc/real.conf root/etc/unused
ln -s real.conf root/etc/link.conf

# ELF files: app needs libone (opened) and libnever (not opened); libtwo is loaded by name.
echo 'int f(void) { return 0; }' >f.c
echo 'int main(void) { return 0; }' >main.c
for name in one two never; do
    must "cc" cc -shared -fPIC -nostdlib -Wl,-soname,lib$name.so.1 -o lib$name.so.1 f.c
done
must "cc" cc -Wl,--no-as-needed -Wl,--dynamic-linker=/lib64/ld.so -Wl,-rpath,/usr/lib \
    -o root/usr/bin/app main.c libone.so.1 libnever.so.1
cp libtwo.so.1 root/opt/two/
cp libnever.so.1 root/usr/lib/
cp libone.so.1 root/usr/lib/libone.so.1.0
ln -s libone.so.1.0 root/usr/lib/libone.so.1

printf '#!/usr/bin/sh\n' >root/usr/bin/run
echo x >root/app/name1
ln root/app/name1 root/app/name2

# Python: a package whose source was opened, a module whose bytecode was, one that was not opened.
mkdir -p $pkgs/{pkg,unused,__pycache__} $pkgs/pkg/__pycache__ \
    $pkgs/{Pkg-1.0,unused-2.0,mod_x-3}.dist-info
touch $pkgs/pkg/__init__.py $pkgs/pkg/__pycache__/__init__.cpython-311{,.opt-1}.pyc $pkgs/pkg/rest.py
touch $pkgs/Pkg-1.0.dist-info/{METADATA,RECORD} $pkgs/unused-2.0.dist-info/METADATA
touch $pkgs/Mod_X.py $pkgs/__pycache__/Mod_X.cpython-311.pyc $pkgs/mod_x-3.dist-info/METADATA
touch $pkgs/unused/__init__.py

cat >log.1 <<'L'
execve("/usr/bin/app", ["app"], 0x7ffd00000000 /* 3 vars */) = 0
openat(AT_FDCWD, "/usr/lib/libone.so.1", O_RDONLY|O_CLOEXEC) = 3
openat(AT_FDCWD, "/usr/lib/libc.so.6", O_RDONLY|O_CLOEXEC) = 3
openat(AT_FDCWD, "/opt/two/libtwo.so.1", O_RDONLY|O_CLOEXEC) = 3
openat(AT_FDCWD, "/etc/link.conf", O_RDONLY) = 3
openat(AT_FDCWD, "/app/name2", O_RDONLY) = 3
openat(AT_FDCWD, "/usr/lib/python3/dist-packages/pkg/__init__.py", O_RDONLY) = 3
openat(AT_FDCWD, "/usr/lib/python3/dist-packages/__pycache__/Mod_X.cpython-311.pyc", O_RDONLY) = 3
openat(AT_FDCWD, "/app/none", O_RDONLY) = -1 ENOENT (No such file or directory)
execve("/usr/bin/run", ["run"], 0x7ffd00000000 /* 3 vars */) = 0
L
must "load" xsmall -q -s s.xsmall load root log.1

cat >traced <<'L'
/app/name2
/etc/link.conf
/etc/real.conf
/opt/two/libtwo.so.1
/usr/bin/app
/usr/bin/run
/usr/lib/libc.so.6
/usr/lib/libone.so.1
/usr/lib/libone.so.1.0
/usr/lib/python3/dist-packages/__pycache__/Mod_X.cpython-311.pyc
/usr/lib/python3/dist-packages/pkg/__init__.py
L
cat >links <<'L'
/etc/link.conf
/usr/lib/libone.so.1
L
cat >parents <<'L'
/
/app
/etc
/lib64
/opt
/opt/two
/usr
/usr/bin
/usr/lib
/usr/lib/python3
/usr/lib/python3/dist-packages
/usr/lib/python3/dist-packages/Pkg-1.0.dist-info
/usr/lib/python3/dist-packages/__pycache__
/usr/lib/python3/dist-packages/mod_x-3.dist-info
/usr/lib/python3/dist-packages/pkg
/usr/lib/python3/dist-packages/pkg/__pycache__
L
printf '%s\n' /lib64 /lib64/ld.so /usr/lib/libnever.so.1 >elf
echo /usr/bin/sh >scripts
echo /app/name1 >peers
cat >python <<'L'
/usr/lib/python3/dist-packages/Mod_X.py
/usr/lib/python3/dist-packages/Pkg-1.0.dist-info
/usr/lib/python3/dist-packages/Pkg-1.0.dist-info/METADATA
/usr/lib/python3/dist-packages/Pkg-1.0.dist-info/RECORD
/usr/lib/python3/dist-packages/mod_x-3.dist-info
/usr/lib/python3/dist-packages/mod_x-3.dist-info/METADATA
/usr/lib/python3/dist-packages/pkg/__pycache__
/usr/lib/python3/dist-packages/pkg/__pycache__/__init__.cpython-311.pyc
L

LC_ALL=C sort -u traced links parents elf scripts peers python >expected
xsmall -s s.xsmall files >got
same "all kinds" expected got
for kind in links parents elf scripts peers python; do
    must "$kind off" xsmall -s s.xsmall keep --closure=-$kind
    LC_ALL=C comm -23 got $kind >expected
    xsmall -s s.xsmall files >got.off
    same "without $kind" expected got.off
    must "$kind on" xsmall -s s.xsmall keep --closure=$kind
done
xsmall -s s.xsmall files >got.on
same "all kinds again" got got.on
must "all off" xsmall -s s.xsmall keep --closure=-all /etc/unused
LC_ALL=C comm -23 traced links | LC_ALL=C sort - <(echo /etc/unused) >expected
xsmall -s s.xsmall files >got.off
same "no needs" expected got.off
answers "no kind" 2 xsmall -s s.xsmall keep --closure=-what 2>message
check "named" grep -q "what: unknown dependency kind; expected all, links, parents, elf" message
must "all on" xsmall -s s.xsmall keep --closure=all

# why reports the differences between the files and the trace.
why()
{
    equal "why $1" "$1: $2" "$(xsmall -s s.xsmall why "$1" | head -n 1)"
}
why /usr/lib/libnever.so.1 'needed by /usr/bin/app; never opened in the trace'
why /lib64/ld.so 'ELF interpreter of /usr/bin/app; never opened in the trace'
why /opt/two/libtwo.so.1 'opened, log.1:4; no needed file links to it: loaded at run time (dlopen)'
why /usr/lib/libone.so.1.0 'opened, log.1:2'
why /usr/lib/libc.so.6 'opened, log.1:3'
why /app/name1 'hard link to /app/name2'
why "${pkgs#root}/Mod_X.py" "source of ${pkgs#root}/__pycache__/Mod_X.cpython-311.pyc"
why "${pkgs#root}/mod_x-3.dist-info/METADATA" \
    "package metadata of ${pkgs#root}/Mod_X.py"
# Files that the chain hides still count as opened by the trace.
must "chain" xsmall -s s.xsmall chain "grep -v libone log.1"
why /usr/lib/libone.so.1.0 'needed by /usr/bin/app'
finish
