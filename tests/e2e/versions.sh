#!/bin/bash
# SPDX-License-Identifier: MIT
# Symbol versions that a kept file needs and the base's library lacks are a break; the machine's own
# loader shows whether the program starts with that library.
. "$(dirname "$0")/lib_check.sh"

cd "$scratch" || exit 1
mkdir -p {root,base,bare}/{etc,usr/bin,usr/lib}

echo 'int one(void) { return 1; } int two(void) { return 2; }' >v.c
echo 'int one(void); int two(void); int main(void) { return one() + two() - 3; }' >app.c
echo 'int one(void); int main(void) { return one() - 1; }' >old.c
printf 'V_1 { global: one; };\nV_2 { global: two; } V_1;\n' >new.map
printf 'V_1 { global: one; two; };\n' >old.map
must "new" cc -shared -fPIC -Wl,-soname,libv.so.1 -Wl,--version-script,new.map -o root/usr/lib/libv.so.1.2 v.c
must "old" cc -shared -fPIC -Wl,-soname,libv.so.1 -Wl,--version-script,old.map -o base/usr/lib/libv.so.1.1 v.c
must "bare" cc -shared -fPIC -Wl,-soname,libv.so.1 -o bare/usr/lib/libv.so.1.1 v.c
ln -s libv.so.1.2 root/usr/lib/libv.so.1
ln -s libv.so.1.1 base/usr/lib/libv.so.1
ln -s libv.so.1.1 bare/usr/lib/libv.so.1
must "app" cc -o root/usr/bin/app app.c root/usr/lib/libv.so.1.2
must "old" cc -o root/usr/bin/old old.c root/usr/lib/libv.so.1.2
cat >log.1 <<'L'
execve("/usr/bin/app", ["app"], 0x7ffd00000000 /* 3 vars */) = 0
openat(AT_FDCWD, "/usr/lib/libv.so.1", O_RDONLY|O_CLOEXEC) = 3
execve("/usr/bin/old", ["old"], 0x7ffd00000000 /* 3 vars */) = 0
openat(AT_FDCWD, "/usr/lib/libv.so.1", O_RDONLY|O_CLOEXEC) = 3
L

# starts DIRECTORY PROGRAM: prints the message of the machine's loader.
starts()
{
    LD_LIBRARY_PATH=$1/usr/lib "root/usr/bin/$2" 2>stderr
}

# versions SESSION: prints the breaks of that kind.
versions()
{
    xsmall -s "$1" breaks | grep lacks
}

must "load" xsmall -q -s old.xsmall load --base base root log.1
equal "as it is" "" "$(versions old.xsmall)"
check "it runs" starts root app
must "the base's" xsmall -s old.xsmall drop /usr/lib/libv.so.1.2 /usr/lib/libv.so.1
equal "one needs a missing version" \
    "/usr/lib/libv.so.1: would be the library of the base, which lacks V_2, needed by /usr/bin/app" \
    "$(versions old.xsmall)"
answers "the loader" 1 starts base app
check "the same message" grep -q "version .V_2' not found (required by root/usr/bin/app)" stderr
check "the other one runs" starts base old
answers "a break" 1 xsmall -s old.xsmall breaks >/dev/null
must "keep" xsmall -s old.xsmall auto /usr/lib/libv.so.1.2 /usr/lib/libv.so.1
equal "kept again" "" "$(versions old.xsmall)"

# A library without symbol versions is not a break.
first=$(LC_ALL=C readelf -WV root/usr/bin/app | sed -n '/File: libv/,$s/.*Name: \([^ ]*\).*/\1/p' | head -n 1)
must "load" xsmall -q -s bare.xsmall load --base bare root log.1
must "the base's" xsmall -s bare.xsmall drop /usr/lib/libv.so.1.2 /usr/lib/libv.so.1
equal "no versions at all" \
    "/usr/lib/libv.so.1: would be the library of the base, which lacks $first, needed by /usr/bin/app and 1 more" \
    "$(versions bare.xsmall)"
answers "the loader does not take it" 127 starts bare app
check "message" grep -q 'no version information available' stderr
finish
