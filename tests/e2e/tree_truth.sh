#!/bin/bash
# SPDX-License-Identifier: MIT
# The tree in the session equals the tree that another tool extracts: paths, kinds, sizes, modes,
# owners, links, hard links and contents, for the real image and for the image of odd entries; compared
# with umoci and with GNU tar.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_tree.sh"

# truth NAME LAYOUT TAG: writes NAME.truth from the tree that umoci unpacks.
truth()
{
    must "unpack $1" umoci unpack --image "$2:$3" "$1.bundle" >/dev/null 2>&1
    tree_of "$1.bundle/rootfs" >"$1.truth"
    contents_of "$1.bundle/rootfs" >"$1.contents"
    check "$1: there is a tree" test "$(wc -l <"$1.truth")" -gt 30
}

# compare NAME REFERENCE: compares the session; NAME is a label and the session's name.
compare()
{
    must "load $2" xsmall -q -s "$1.xsmall" load "$2"
    tree_in "$1.xsmall" >"$1.got"
    same "$1: the tree" "${3:-$1}.truth" "$1.got"
    contents_in "$1.xsmall" >"$1.got"
    same "$1: the contents" "${3:-$1}.contents" "$1.got"
    xsmall -s "$1.xsmall" files --all >"$1.files"
    { echo /; cut -f1 "${3:-$1}.truth"; } | LC_ALL=C sort >"$1.paths"
    same "$1: files --all" "$1.paths" "$1.files"
}

image_ready
cd "$scratch" || exit 1
truth full "$image/oci" full
compare full "$image/full.tar"
for kind in gz zst; do
    compare "full-$kind" "$image/full.$kind.tar" full
done

mkdir odd
make_odd_image "$scratch/odd"
truth odd odd/oci odd
must "docker-archive" skopeo copy -q oci:odd/oci:odd docker-archive:odd.tar:localhost/odd:1
must "zstd" skopeo copy -q --dest-compress-format zstd docker-archive:odd.tar oci-archive:odd.zst.tar:odd
compare odd odd.tar
compare odd-layout odd/oci odd
compare odd-zst odd.zst.tar odd

# The second tool.
for name in full odd; do
    archive=$name.tar
    [ "$name" = odd ] || archive=$image/full.tar
    must "GNU tar: $name" gnu_unpack "$archive" "$name.gnu"
    tree_of "$name.gnu" >gnu.truth
    same "$name: umoci and GNU tar" "$name.truth" gnu.truth
    contents_of "$name.gnu" >gnu.contents
    same "$name: umoci's and GNU tar's contents" "$name.contents" gnu.contents
done

# A root file system without layers: as a tar, and as the directory itself.
tar -C odd.bundle/rootfs --numeric-owner -cf rootfs.tar .
compare odd-rootfs-tar rootfs.tar odd
compare odd-rootfs-dir odd.bundle/rootfs odd

# Files that the base has with the same content, found by comparing the extracted trees byte by byte.
must "unpack base" umoci unpack --image "$image/oci:base" base.bundle >/dev/null 2>&1
must "load base" xsmall -q -s full.xsmall load --base "$image/base.tar"
(cd base.bundle/rootfs && find . -type f -printf '/%P\n') | while IFS= read -r path; do
    cmp -s "base.bundle/rootfs$path" "full.bundle/rootfs$path" && printf '%s\n' "$path"
done | LC_ALL=C sort >same.truth
xsmall -s full.xsmall sql "SELECT path FROM v_file WHERE kind = 'file' AND in_base IN ('same', 'meta')" |
    LC_ALL=C sort >same.got
check "the base has files" test -s same.truth
same "files whose content the base has" same.truth same.got
finish
