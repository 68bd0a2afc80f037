#!/bin/bash
# SPDX-License-Identifier: MIT
# The numbers and rights of xsmall report for a whole Debian whose upper layers delete, overwrite and
# chmod, compared with the same tools as in numbers.sh and inventory.sh.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_tree.sh"
. "$here/lib_numbers.sh"
need_kernel
cd "$scratch" || exit 1

waste()
{
    rm -rf "$1/usr/share/doc" "$1/usr/share/locale" "$1/var/cache/apt"
    chmod -R g+w "$1/usr/lib/git-core"
    find "$1/usr/share/zoneinfo" -type f | LC_ALL=C sort | sed -n 'n;p' | tr '\n' '\0' | xargs -0 -r rm
}
changes()
{
    echo more >>"$1/etc/passwd"
    mkdir -p "$1/usr/share/doc/again"
    rm "$1/usr/bin/perl"
    ln -s perl5 "$1/usr/bin/perl"
    mv "$1/usr/share/perl5" "$1/usr/share/perl"
    ln "$1/usr/bin/git" "$1/usr/bin/git-too"
    setcap cap_net_raw=ep "$1/usr/bin/find"
}
restore()
{
    chmod -R g-w "$1/usr/lib/git-core"
    rm -rf "$1/usr/share/perl" "$1/usr/bin/git"
}

make()
{
    mmdebstrap --quiet --variant=minbase --include=git,tzdata \
        --aptopt='Acquire::Check-Valid-Until "false"' bookworm root.tar
    umoci init --layout oci
    umoci new --image oci:big
    layer big big unpack_root
    layer big big waste
    layer big big changes
    layer big big restore
    skopeo copy -q oci:oci:big docker-archive:big.tar:localhost/big:1
}
unpack_root()
{
    tar -C "$1" -xpf root.tar --exclude='./dev/*'
}

strictly make >make.log 2>&1
[ "$strict_status" = 0 ] || { tail make.log; die "making the image"; }
numbers big big.tar
check "much is dead" test "$(wc -l <big.dead)" -gt 500
must "unpack" umoci unpack --image oci:big bundle >/dev/null 2>&1
rights_of bundle/rootfs >rights
check "there are rights" test "$(wc -l <rights)" -gt 10
rights_in big.xsmall >rights.got
same "rights" rights rights.got
finish
