#!/bin/bash
# SPDX-License-Identifier: MIT
# The manual method that xsmall replaces, with its usual C library: an image of Debian's musl and
# busybox and a program with libraries, traced with strace -ff -e open (musl calls open); the base is
# subtracted, the rest copied onto the base, and the program run.
. "$(dirname "$0")/lib_check.sh"
. "$(dirname "$0")/lib_image.sh"
need_kernel

cd "$scratch" || exit 1
mkdir deb base
must "packages" eval '(cd deb && apt-get download -q musl busybox-static >/dev/null 2>&1)'
for deb in deb/*.deb; do
    must "unpack $deb" eval 'dpkg-deb --fsys-tarfile "$deb" | tar -C base -x --exclude="./usr/share/*"'
done
mkdir -p base/{tmp,dev,root}
ln -s busybox base/bin/sh
multiarch=$(basename base/lib/*-linux-musl)

# prog is linked to libone, libone to libtwo; prog opens libthree by name. No file needs libfour.
cp -a base subject
libs=subject/usr/lib/$multiarch
mkdir -p "$libs" subject/srv
for n in one two three four; do
    echo "int $n(void) { return sizeof \"$n\"; }" >$n.c
done
echo 'int two(void); int one(void) { return two(); }' >one.c
must "two" musl-gcc -shared -fPIC -Wl,-soname,libtwo.so.1 -o "$libs/libtwo.so.1" two.c
must "one" musl-gcc -shared -fPIC -Wl,-soname,libone.so.1 -o "$libs/libone.so.1.0" one.c "$libs/libtwo.so.1"
ln -s libone.so.1.0 "$libs/libone.so.1"
for n in three four; do
    must "$n" musl-gcc -shared -fPIC -Wl,-soname,lib$n.so.1 -o "$libs/lib$n.so.1" $n.c
done
cat >prog.c <<'C'
#include <dlfcn.h>
#include <stdio.h>
int one(void);
int main(void)
{
    void *three = dlopen("libthree.so.1", RTLD_NOW);
    int (*f)(void) = three ? (int (*)(void))dlsym(three, "three") : 0;
    printf("%d %d\n", one(), f ? f() : -1);
    return 0;
}
C
must "prog" musl-gcc -o subject/srv/prog prog.c "$libs/libone.so.1.0" "$libs/libtwo.so.1"
mkdir logs
traced_calls=open trace_in subject logs /srv/prog >expected || die "the program ends with $?"
equal "output of the program" "4 6" "$(cat expected)"

must "load" xsmall -q -s s.xsmall load --base base subject logs
must "the chain" xsmall -s s.xsmall chain "grep '\.so' logs/* | grep -v '= -1'"
must "the program" xsmall -s s.xsmall keep /srv/prog
xsmall -s s.xsmall files | while read -r path; do
    [ -d "subject$path" ] || echo "$path"
done >got
printf '%s\n' /srv/prog "${libs#subject}"/{libone.so.1,libone.so.1.0,libthree.so.1,libtwo.so.1} >wanted
same "copied files" wanted got
equal "the C library is the base's" "/lib/ld-musl-$(uname -m).so.1 /lib/$multiarch/libc.so" \
    "$(xsmall -s s.xsmall files --in-base | grep -E 'musl.*so' | tr '\n' ' ' | sed 's/ $//')"
check "needed by name" grep -q "needed by /srv/prog" \
    <(xsmall -s s.xsmall chain "grep three logs/*" && xsmall -s s.xsmall why "${libs#subject}/libtwo.so.1")
must "the chain again" xsmall -s s.xsmall chain "grep '\.so' logs/* | grep -v '= -1'"

# small: makes the base with the kept files added.
small()
{
    rm -rf small
    cp -a base small
    xsmall -s s.xsmall files -0 | sed -z 's/^\///; /^$/d' >list
    tar -C subject --null --no-recursion -cf - -T list | tar -C small -xf -
}
small
chroot small /srv/prog >got
same "it runs" expected got
must "drop one" xsmall -s s.xsmall drop "${libs#subject}/libtwo.so.1"
check "breaks names it" grep -q "^${libs#subject}/libtwo.so.1: would be missing: marked drop" \
    <(xsmall -s s.xsmall breaks)
small
answers "without it" 127 chroot small /srv/prog >/dev/null 2>&1
finish
