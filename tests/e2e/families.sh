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

# kept SESSION: the files to copy, and the bytes of their contents, a hard link once.
kept()
{
    xsmall -s "$1" sql "SELECT count(*), coalesce(sum(bytes), 0) FROM (SELECT max(bytes) AS bytes,
        count(*) AS n FROM v_file WHERE kept AND kind = 'file' GROUP BY coalesce(hardlink, path))"
    xsmall -s "$1" sql "SELECT count(*) FROM v_file WHERE kept AND kind <> 'dir'"
}

# amounts WHAT SESSION: the printed amounts of each group are what adding it adds.
amounts()
{
    local what=$1 session=$2 state name rest n bytes before after n_asked=0
    while read -r state name rest; do
        [ "$state" = asks ] || continue
        n_asked=$((n_asked + 1))
        n=$(sed -n 's/.*; \([0-9]*\) to add.*/\1/p' <<<"$rest")
        bytes=$(sed -n 's/.* to add, \([0-9]*\) byte.*/\1/p' <<<"$rest")
        cp "$session" added.xsmall
        before=$(kept added.xsmall)
        must "$what: add $name" xsmall -q -s added.xsmall families --add "$name"
        after=$(kept added.xsmall)
        equal "$what: $name: files" "$n" "$(($(tail -n 1 <<<"$after") - $(tail -n 1 <<<"$before")))"
        equal "$what: $name: bytes" "$bytes" \
            "$(($(head -n 1 <<<"$after" | cut -f2) - $(head -n 1 <<<"$before" | cut -f2)))"
        check "$what: $name: something is added" test "$before" != "$after"
    done < <(xsmall -s "$session" families)
    check "$what: groups ask" test "$n_asked" -ge 1
    echo "$what: $n_asked groups ask"
}

amounts "without a base" s.xsmall
cp s.xsmall based.xsmall
must "a base" xsmall -q -s based.xsmall load --base "$image/base.tar"
amounts "with a base" based.xsmall

# All members are in the base: adding the group changes nothing, so it does not ask.
mkdir -p zones/bin zones/etc zones/usr/share/zoneinfo
echo p >zones/bin/p
for zone in A B C; do echo "zone $zone" >zones/usr/share/zoneinfo/$zone; done
tar -C zones --sort=name --mtime=@0 -cf zones-base.tar bin etc usr
echo conf >zones/etc/app.conf
tar -C zones --sort=name --mtime=@0 -cf zones.tar bin etc usr
printf 'openat(AT_FDCWD, "/etc/app.conf", O_RDONLY) = 3\nopenat(AT_FDCWD, "/usr/share/zoneinfo/A", O_RDONLY) = 3\n' >zones.log
must "zones" xsmall -q -s zones.xsmall load --base zones-base.tar zones.tar zones.log
equal "a group that the base provides" "whole timezone 1 of 3 members used" \
    "$(xsmall -s zones.xsmall families | tr -s ' ' | sed 's/ $//')"
must "without base" xsmall -q -s zones.xsmall load --base none
equal "the same group without a base" "asks timezone 1 of 3 members used; 2 to add, 14 bytes" \
    "$(xsmall -s zones.xsmall families | head -n 1 | tr -s ' ')"

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
