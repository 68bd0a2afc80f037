#!/bin/bash
# SPDX-License-Identifier: MIT
# Generated layers and archives whose members go through symlinks, come again, and are hard links: the
# tree is the tree that umoci and GNU tar make. all_unpackers.sh runs more of them, also with buildah.
. "$(dirname "$0")/lib_check.sh"
need_tool umoci

# compare KIND COUNT: XSMALL_SEED=N repeats a run.
compare()
{
    mkdir "$scratch/$1"
    (cd "$scratch/$1" && python3 "$here/unpackers.py" "$1" "$build/xsmall" "${XSMALL_SEED:-$RANDOM}" "$2") >"$1.out" 2>&1
    local status=$?
    cat "$1.out"
    equal "$1: exit" 0 "$status"
    check "$1: an unpacker accepts cases" grep -q ' cases: .*unpacks' "$1.out"
}

cd "$scratch" || exit 1
compare layers 80
compare archives 80

# Sparse files are read again by their position in the archive: one whose name was written again, one
# that goes through a symlink.
hole()
{
    truncate -s "$2" "$1"
    printf '%s' "$3" | dd of="$1" bs=1 seek=500000 conv=notrunc status=none
}

sparse_archive()
{
    mkdir -p tree/usr/lib tree/bin tree/etc
    hole tree/usr/lib/first 1M first
    ln tree/usr/lib/first tree/etc/second
    tar -C tree -Scf sparse.tar bin etc usr/lib/first
    rm tree/etc/second
    hole tree/etc/second 2M again
    ln -s usr/lib tree/lib
    tar -C tree -Srf sparse.tar etc/second lib
    rm tree/lib
    mkdir tree/lib
    hole tree/lib/third 3M third
    tar -C tree -Srf sparse.tar lib/third
    mkdir sparse.truth
    tar -C sparse.truth -xf sparse.tar
}
strictly sparse_archive
equal 'sparse: made' 0 "$strict_status"
check 'sparse: a link' test -L sparse.truth/lib
must 'sparse: load' xsmall -q -s sparse.xsmall load sparse.tar
must 'sparse: extract' xsmall -q -s sparse.xsmall extract -o sparse.got /
check 'sparse: the same files' diff -r --no-dereference sparse.truth sparse.got

# Members that no unpacker accepts are reported by load itself: the first five, and the number of others.
mkdir -p odd/bin odd/usr
for i in 1 2 3 4 5 6 7; do
    echo file >"odd/odd$i"
done
tar -C odd -cf odd.tar .
rm odd/odd?
mkdir odd/odd1 odd/odd2 odd/odd3 odd/odd4 odd/odd5 odd/odd6 odd/odd7
for i in 1 2 3 4 5 6 7; do
    echo below >"odd/odd$i/below"
    tar -C odd -rf odd.tar "./odd$i/below"
done
must 'problems: load' xsmall -s odd.xsmall load odd.tar 2>odd.err
equal 'problems: five lines' 5 "$(grep -c '^xsmall: warning: /odd[1-5]: not a directory' odd.err)"
check 'problems: the others' grep -q '^xsmall: warning: 2 more problems with entries of the image' odd.err
must 'problems: load again' xsmall -s odd.xsmall load odd.tar 2>odd.err
check 'problems: only once' eval '! grep -q warning odd.err'
finish
