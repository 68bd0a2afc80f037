#!/bin/bash
# SPDX-License-Identifier: MIT
# A root file system with more than a million members loads, plain and compressed. Its file manifest.json
# makes xsmall look for an image. GNU tar counts the members.
. "$(dirname "$0")/lib_check.sh"
need_kernel
cd "$scratch" || exit 1

mkdir -p parts/usr/many
(cd parts/usr/many && seq -f '%06.0f' 0 104999 | xargs touch)
echo '{"name":"a web app"}' >parts/manifest.json
for part in 0 1 2 3 4 5 6 7 8 9; do
    tar -C parts --transform "s,many,many$part," -rf rootfs.tar usr
done
tar -C parts -rf rootfs.tar manifest.json
gzip -1 -k rootfs.tar
n=$(tar -tf rootfs.tar | sed -e 's,/$,,' | sort -u | wc -l)
check "more than a million" test "$n" -gt 1000000
for kind in rootfs.tar rootfs.tar.gz; do
    rm -f s.xsmall
    must "$kind: load" xsmall -q -s s.xsmall load "$kind"
    equal "$kind: paths and the root" "$((n + 1))" "$(xsmall -s s.xsmall sql 'SELECT count(*) FROM v_file')"
    equal "$kind: kind" rootfs-tar "$(sqlite3 s.xsmall 'SELECT kind FROM image')"
done
finish
