#!/bin/bash
# SPDX-License-Identifier: MIT
# The files of the base by class, the share of the kept files that the runs opened, and the differences
# between kept files and the base's files: a small tree and its base, counted by hand.
. "$(dirname "$0")/lib_check.sh"

cd "$scratch" || exit 1
mkdir -p {root,base}/{etc,usr/lib,opt,app} logs
printf same >root/etc/same && cp root/etc/same base/etc/
printf meta-- >root/etc/meta && cp root/etc/meta base/etc/
chmod 600 base/etc/meta
printf 0123456789 >root/etc/content
printf 012 >base/etc/content
ln -s a root/etc/link
ln -s b base/etc/link
head -c 20 /dev/zero >root/app/new
printf moved >root/app/copy && cp root/app/copy base/opt/moved
printf 12345678 >root/app/h1
ln root/app/h1 root/app/h2
echo 'int one(void) { return 1; } int two(void) { return 2; }' >v.c
printf 'V_1 { global: one; };\nV_2 { global: two; } V_1;\n' >new.map
printf 'V_1 { global: one; two; };\n' >old.map
must "cc" cc -shared -fPIC -Wl,-soname,libv.so.2 -Wl,--version-script,new.map -o root/usr/lib/libv.so v.c
must "cc" cc -shared -fPIC -Wl,-soname,libv.so.1 -Wl,--version-script,old.map -o base/usr/lib/libv.so v.c
library=$(stat -c %s root/usr/lib/libv.so)

cat >first <<'L'
openat(AT_FDCWD, "/etc/same", O_RDONLY) = 3
openat(AT_FDCWD, "/app/new", O_RDONLY) = 3
L
cat >second <<'L'
openat(AT_FDCWD, "/app/new", O_RDONLY) = 3
openat(AT_FDCWD, "/etc/content", O_RDONLY) = 3
L
must "load" xsmall -q -s s.xsmall load --base base root first
must "load" xsmall -q -s s.xsmall load second
must "keep" xsmall -s s.xsmall keep /app/copy /etc/link /app/h1

cat >expected <<E
subject image compared with the base image
  class files bytes needed files needed bytes meaning
  same 1 4 1 4 identical in the base image
  meta 1 6 0 0 only the metadata differs
  content 2 $((10 + library)) 1 10 the content differs
  link 1 0 1 0 the type or the link target differs
  absent 4 33 4 33 not in the base image
  elsewhere 1 5 1 5 absent, but the base image has the content at another path
kept files used by all runs: 1 (20 bytes), by some runs: 1 (10 bytes), by no run: 4 (13 bytes)
E
xsmall -s s.xsmall report | sed -n '/^subject image compared/,/^kept files/p' | sed '/^  /s/\([^ ]\)  */\1 /g' >got
same "the classes" expected got
xsmall -s s.xsmall report --json >json
ask()
{
    sqlite3 :memory: "SELECT json_extract(readfile('json'), '$.$1')"
}
equal "in JSON" '{"files":4,"bytes":33,"needed_files":4,"needed_bytes":33}' "$(ask in_base.absent)"
equal "seen in JSON" '{"by_all_runs":{"files":1,"bytes":20},"by_some_runs":{"files":1,"bytes":10},"by_none":{"files":4,"bytes":13}}' \
    "$(ask kept_seen)"

why()
{
    equal "why $1" "$1: $2" "$(xsmall -s s.xsmall why "$1" | head -n 1)"
}
must "keep" xsmall -s s.xsmall keep /etc/meta /usr/lib/libv.so
why /etc/content 'opened, second:2; the base has different content at this path: 3 bytes'
why /etc/meta 'marked keep; the base has this path with mode 0600'
why /etc/link 'marked keep; the base has a symlink at this path to b'
why /app/copy 'marked keep; the base has the same content at /opt/moved'
why /app/new 'opened ×2, first:2'
why /usr/lib/libv.so "marked keep; the base has different content at this path: $(stat -c %s base/usr/lib/libv.so) bytes, soname libv.so.1 (subject: libv.so.2), symbol versions up to V_1 (subject: V_2)"

must "off" xsmall -s s.xsmall keep --closure=-elf,-peers
check "switches in the report" grep -q '^dependency kinds not followed: elf,peers$' <(xsmall -s s.xsmall report)
finish
