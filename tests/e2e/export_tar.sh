#!/bin/bash
# SPDX-License-Identifier: MIT
# Form tar: the archive contains the kept tree, as GNU tar lists it; its bytes are the same from each kind
# of source and in each locale; if the source is missing, no file remains.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_tree.sh"
need_kernel
cd "$scratch" || exit 1
mkdir odd
make_odd_image "$scratch/odd"
must "unpack" umoci unpack --image odd/oci:odd bundle >/dev/null 2>&1
rm -rf odd/rootfs
must "capabilities" setcap cap_net_raw+ep bundle/rootfs/usr/bin/almost
printf x >"$(printf 'bundle/rootfs/no utf-8 \377')"
touch -d @-1.25 bundle/rootfs/etc/before-1970 # libarchive neither reads nor writes its sign
touch -d @-3.000000001 bundle/rootfs/etc/long-before-1970
tar -C bundle/rootfs --numeric-owner --xattrs --xattrs-include='*' --format=pax -cf rootfs.tar .
gzip -1 -k rootfs.tar
zstd -q -1 rootfs.tar -o rootfs.tar.zst

# exported NAME REFERENCE: exports the image with all paths kept.
exported()
{
    rm -f s.xsmall
    must "load $2" xsmall -q -s s.xsmall load "$2"
    must "keep" xsmall -q -s s.xsmall keep /
    must "export $1" xsmall -q -s s.xsmall export --form tar -o "$1"
}
exported plain rootfs.tar
exported gzip rootfs.tar.gz
exported zstd rootfs.tar.zst
check "gzip: the same bytes" cmp plain/rootfs.tar gzip/rootfs.tar
check "zstd: the same bytes" cmp plain/rootfs.tar zstd/rootfs.tar
must "again, another locale" env LC_ALL=C.UTF-8 TZ=Asia/Tokyo "$build/xsmall" -q -s s.xsmall export --form tar -o again
check "another locale: the same bytes" cmp plain/rootfs.tar again/rootfs.tar
check "no remains" test "$(ls -A plain | tr '\n' ' ')" = 'Dockerfile rootfs.tar '
equal "the Dockerfile" 'FROM scratch AS final ADD rootfs.tar /' "$(grep -v '^#' plain/Dockerfile | grep . | paste -sd' ')"

mkdir unpacked
must "GNU tar" tar -C unpacked --numeric-owner --same-owner --xattrs --xattrs-include='*' -xpf plain/rootfs.tar
tree_of bundle/rootfs >want
tree_of unpacked >got
same "the tree" want got
contents_of bundle/rootfs >want
contents_of unpacked >got
same "the contents" want got
(cd bundle/rootfs && find . ! -type s -printf '%P %T@\n' | LC_ALL=C sort) >want
(cd unpacked && find . -printf '%P %T@\n' | LC_ALL=C sort) >got
same "the times, to the nanosecond" want got
(cd bundle/rootfs && getfattr -Rhd -m - . 2>/dev/null) >want
(cd unpacked && getfattr -Rhd -m - . 2>/dev/null) >got
check "there are attributes" test -s want
same "the attributes" want got

# A part of the tree: hard links whose first name is not kept; sorted as the tree is.
must "drop" xsmall -q -s s.xsmall drop /etc/random /deep
must "export" xsmall -q -s s.xsmall export --form tar -o part
tar -tf part/rootfs.tar --quoting-style=literal >names
check "dropped paths are missing" test "$(grep -c '^deep/\|^etc/random$' names)" = 0
xsmall -s s.xsmall files | LC_ALL=C sort >want
sed 's,^\./$,/,; s,^\([^/]\),/\1,; s,\(.\)/$,\1,' names | LC_ALL=C sort >got
same "the paths that xsmall files prints" want got
mkdir parts
tar -C parts -xf part/rootfs.tar
check "a link whose first name is gone is a file" cmp bundle/rootfs/swap/random3 parts/swap/random3

# The next-command line: without -o DIR there is no directory for the tar.
answers "without -o" 2 xsmall -s s.xsmall export --form tar >out 2>err
check "nothing on stdout" test ! -s out
mv rootfs.tar.zst gone.zst
answers "the source is gone" 2 xsmall -s s.xsmall export --form tar -o lost >/dev/null 2>err
check "named" grep -q 'rootfs.tar.zst' err
check "nothing written" test ! -e lost/rootfs.tar -a ! -e lost/Dockerfile
finish
