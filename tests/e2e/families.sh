#!/bin/bash
# SPDX-License-Identifier: MIT
# File groups in a real image: their members are those that find(1) finds. Their purpose: a codec that the
# trace did not open is missing in the slim tree, and present after the group python is added.
. "$(dirname "$0")/lib_check.sh"
. "$(dirname "$0")/lib_image.sh"
image_ready

cd "$scratch" || exit 1
XDG_CONFIG_HOME=$scratch/config
export XDG_CONFIG_HOME
must "load" xsmall -q -s s.xsmall load "$image/full.tar" "$image/log"
must "unpack" umoci unpack --image "$image/oci:full" bundle >log.umoci 2>&1
root=bundle/rootfs

# members FAMILY: prints its paths, without their kinds.
members()
{
    xsmall -s s.xsmall families "$1" | sed 's/^[^ ]*  *//'
}

# found PATH...: prints files and links of the tree, as find finds them, and the targets of links.
found()
{
    (cd $root && find "$@" ! -type d 2>/dev/null) | sed 's/^/\//' | LC_ALL=C sort -u
}

members gconv >got
found usr/lib/x86_64-linux-gnu/gconv usr/lib/aarch64-linux-gnu/gconv >expected
check "gconv has members" test -s expected
same "gconv" expected got
members nss >got
(cd $root && ls -d usr/lib/*-linux-gnu/libnss_*.so.[0-9] etc/passwd) | sed 's/^/\//' | LC_ALL=C sort >expected
same "nss" expected got
members ld-cache >got
found etc/ld.so.cache etc/ld.so.conf etc/ld.so.conf.d >expected
same "ld-cache" expected got
equal "the cache was opened" "asks" "$(xsmall -s s.xsmall families | awk '$2 == "ld-cache" { print $1 }')"
equal "the codecs were" "asks" "$(xsmall -s s.xsmall families | awk '$2 == "python" { print $1 }')"

# small: makes the kept tree as a directory.
small()
{
    rm -rf small
    mkdir small
    xsmall -s s.xsmall files -0 >list
    tar -C $root --null --no-recursion -cf - -T <(sed -z 's/^\///; /^$/d' list) | tar -C small -xf -
}

# encode CODEC: prints what the slim tree's python prints.
encode()
{
    chroot small /usr/bin/python3 -c "print('\u20ac'.encode('$1').hex())" 2>stderr
}

small
equal "what the trace used" "e282ac" "$(encode utf-8)"
answers "a codec that it did not" 1 encode cp1252
check "message" grep -q 'unknown encoding: cp1252' stderr
must "add" xsmall -s s.xsmall families --add python
small
equal "the codec" "80" "$(encode cp1252)"
answers "nothing is left to add" 1 grep -q '^rest' <(xsmall -s s.xsmall families python)
must "refuse" xsmall -s s.xsmall families --refuse python
small
answers "refused" 1 encode cp1252
finish
