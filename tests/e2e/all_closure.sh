#!/bin/bash
# SPDX-License-Identifier: MIT
# Libraries as the loader finds them: for files of a Debian with python3, numpy and h5py, each kept
# alone, the dependencies are those that ldd(1) prints inside that tree. A long test: sh tests/run.sh --all
. "$(dirname "$0")/lib_check.sh"
need_kernel

deb=$build/closure-debian
if [ ! -e "$deb/tree.tar" ]; then
    mkdir -p "$deb"
    must "mmdebstrap" mmdebstrap --quiet --variant=minbase --include=python3-numpy,python3-h5py \
        --aptopt='Acquire::Check-Valid-Until "false"' bookworm "$deb/part.tar"
    mv "$deb/part.tar" "$deb/tree.tar"
fi
cd "$scratch" || exit 1
mkdir root
must "unpack" tar -C root -xf "$deb/tree.tar" --exclude='./dev/*'
must "load" xsmall -q -s all.xsmall load "$deb/tree.tar"
must "libraries alone" xsmall -s all.xsmall keep --closure=-all,elf,links
xsmall -s all.xsmall sql "SELECT p.path FROM v_path p JOIN need n ON n.path = p.id
    WHERE n.kind = 'needed' GROUP BY 1 ORDER BY 1" >elf
# All of numpy and h5py, and every eighth of the rest.
{
    grep -E '/(numpy|h5py)/' elf
    grep -vE '/(numpy|h5py)/' elf | awk 'NR % 8 == 1'
} >chosen
check "at least 100 files" test "$(wc -l <chosen)" -ge 100

# real PATH...: prints the paths in the tree after all links are followed. Links to directories occur
# only in the middle of paths.
real()
{
    chroot root /usr/bin/readlink -f "$@" | while read -r path; do
        [ -d "root$path" ] || echo "$path"
    done
}

while read -r file; do
    cp all.xsmall one.xsmall
    must "keep $file" xsmall -s one.xsmall keep "$file"
    chroot root /usr/bin/ldd "$file" 2>/dev/null |
        sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' >listed
    { real $(cat listed) && real "$file"; } | LC_ALL=C sort -u >expected
    xsmall -s one.xsmall files >names
    real $(cat names) | LC_ALL=C sort -u >got
    same "$file" expected got
done <chosen

# The same for all files at once: no library is found for one file and missed for another.
must "all" xsmall -s all.xsmall keep $(cat chosen)
xsmall -s all.xsmall files >names
real $(cat names) | LC_ALL=C sort -u >got
for file in $(cat chosen); do
    chroot root /usr/bin/ldd "$file" 2>/dev/null
done | sed -n 's/.*=> \(\/[^ ]*\) .*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' | LC_ALL=C sort -u >listed
{ real $(cat listed) && real $(cat chosen); } | LC_ALL=C sort -u >expected
same "all at once" expected got

# Symbol versions as readelf reads them.
for file in $(awk 'NR % 4 == 1' chosen); do
    LC_ALL=C readelf -WV "root$file" | awk '
        / Version: [0-9]+  File: / { library = $5 }
        /  Name: .*Flags: / && !/Flags: WEAK/ { print library, $3 }' | LC_ALL=C sort >expected
    xsmall -s all.xsmall sql "SELECT n.value FROM v_path p JOIN need n ON n.path = p.id
        WHERE n.kind = 'version-needed' AND p.path = '$file'" |
        awk '{ for (i = 2; i <= NF; i++) print $1, $i }' | LC_ALL=C sort >got
    same "versions of $file" expected got
done
finish
