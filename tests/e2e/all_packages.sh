#!/bin/bash
# SPDX-License-Identifier: MIT
# Each file of a whole Debian has the owner that dpkg-query names, and no owner if dpkg-query names none.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_packages.sh"
need_kernel
cd "$scratch" || exit 1

make_root()
{
    mmdebstrap --quiet --variant=minbase --include=git,python3-numpy,python3-pip,gcc \
        --aptopt='Acquire::Check-Valid-Until "false"' bookworm root.tar
    mkdir root
    tar -C root -xpf root.tar --exclude='./dev/*'
    chroot root dpkg-divert --local --rename --add /usr/bin/git-shell
    chroot root dpkg --force-depends --remove make libexpat1 perl-modules-5.36 tzdata 2>/dev/null || true
}

strictly make_root >make.log 2>&1
[ "$strict_status" = 0 ] || { tail make.log; die "making the tree"; }
must "load" xsmall -q -s s.xsmall load root
packages_are_dpkgs root s.xsmall
check "they are many" test "$(wc -l <owned)" -gt 5000
report_is_view s.xsmall
finish
