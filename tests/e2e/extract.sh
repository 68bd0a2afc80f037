#!/bin/bash
# SPDX-License-Identifier: MIT
# extract writes what umoci unpacks: paths, kinds, modes, owners, links, hard links, times, contents,
# capabilities; from each kind of source. It overwrites no file and writes no file outside the directory.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_tree.sh"

# times_of DIR: prints the times in seconds, which is umoci's resolution, without directories into which
# links are made.
times_of()
{
    (cd "$1" && find . -mindepth 1 ! -type d -printf '/%P\t%Ts\n') | LC_ALL=C sort
}

rights_of()
{
    (cd "$1" && getfattr -Rhd -m - . 2>/dev/null)
}

# truth NAME LAYOUT TAG: unpacks the image by umoci.
truth()
{
    must "unpack $1" umoci unpack --image "$2:$3" "$1.bundle" >/dev/null 2>&1
    tree_of "$1.bundle/rootfs" >"$1.truth"
    contents_of "$1.bundle/rootfs" >"$1.contents"
    times_of "$1.bundle/rootfs" >"$1.times"
    rights_of "$1.bundle/rootfs" >"$1.rights"
}

# all NAME WHAT REFERENCE: extracts the whole image and compares it.
all()
{
    rm -rf s.xsmall out
    must "load $3" xsmall -q -s s.xsmall load "$3"
    must "extract $2" xsmall -q -s s.xsmall extract / -o out
    tree_of out >got
    same "$1, $2: the tree" "$1.truth" got
    contents_of out >got
    same "$1, $2: the contents" "$1.contents" got
    times_of out >got
    same "$1, $2: the times" "$1.times" got
    rights_of out >got
    same "$1, $2: extended attributes" "$1.rights" got
}

image_ready
cd "$scratch" || exit 1
truth full "$image/oci" full
all full docker-archive "$image/full.tar"
all full gzip "$image/full.gz.tar"
all full zstd "$image/full.zst.tar"
xz -1 -c "$image/full.tar" >full.tar.xz
all full "xz around it" full.tar.xz

mkdir odd
make_odd_image "$scratch/odd"
truth odd odd/oci odd
all odd layout odd/oci
must "capabilities" setcap cap_net_raw,cap_chown+ep odd.bundle/rootfs/usr/bin/almost
rights_of odd.bundle/rootfs >odd.rights
check "there are extended attributes" test -s odd.rights
all odd directory odd.bundle/rootfs
tar -C odd.bundle/rootfs --numeric-owner --xattrs --xattrs-include='*' -cf rootfs.tar .
all odd rootfs.tar rootfs.tar

# A part: the paths below and the directories above equal those of the whole image.
cp "$image/full.gz.tar" moved.tar
xsmall -q -s full.xsmall load moved.tar
must "a part" xsmall -s full.xsmall extract /etc 'usr/lib/**/*.so*' -o part 2>err
check "names its activity" grep -q '^xsmall: reading files$' err
tree_of part >part.got
check "it has something" test "$(wc -l <part.got)" -gt 100
cut -f1-7 part.got | LC_ALL=C comm -23 - <(cut -f1-7 full.truth | LC_ALL=C sort) >part.more
: >nothing
same "a part of the whole" nothing part.more
(cd full.bundle/rootfs && find etc -mindepth 1 -printf '/%p\n') | LC_ALL=C sort >etc.want
cut -f1 part.got | grep '^/etc/' | LC_ALL=C sort >etc.got
same "all of /etc" etc.want etc.got
(cd full.bundle/rootfs && find usr/lib -name '*.so*' ! -type d -printf '/%p\n') | LC_ALL=C sort >so.want
cut -f1 part.got | grep '^/usr/lib/.*\.so[^/]*$' | LC_ALL=C sort | comm -12 - so.want >so.got
same "all libraries" so.want so.got

# Existing files are not overwritten, and no other file is written.
mkdir -p there/etc
echo mine >there/etc/passwd
find there | sort >before
answers "an existing file" 2 xsmall -q -s full.xsmall extract /etc /usr/bin -o there >/dev/null 2>err
check "it is named" grep -q '/etc/passwd: File exists' err
find there | sort >after
same "nothing else was written" before after
equal "nor over it" mine "$(cat there/etc/passwd)"
mkdir linked elsewhere
ln -s ../elsewhere linked/etc
answers "a link in the way" 2 xsmall -q -s full.xsmall extract /etc/passwd -o linked >/dev/null 2>err
check "no file at the target of the link" test -z "$(ls elsewhere)"
mkdir -p into/etc
chmod 701 into/etc
must "into an existing directory" xsmall -q -s full.xsmall extract /etc/passwd -o into
check "the file" cmp -s into/etc/passwd full.bundle/rootfs/etc/passwd
equal "which stays as it is" 701 "$(stat -c %a into/etc)"
answers "twice" 2 xsmall -q -s full.xsmall extract /etc/passwd -o into >/dev/null 2>&1
answers "nothing of that name" 1 xsmall -q -s full.xsmall extract /nowhere -o into >/dev/null 2>&1
answers "no directory" 2 xsmall -q -s full.xsmall extract /etc >/dev/null 2>&1

# A session from a stranger: a name that leads out of the directory.
cp s.xsmall evil.xsmall
sqlite3 evil.xsmall "UPDATE path SET name = '../../evil' WHERE id = (SELECT id FROM path WHERE name = 'random')"
answers "a name with slashes" 2 xsmall -q -s evil.xsmall extract / -o trap/deep/er >/dev/null 2>err
check "nothing outside" test ! -e trap/evil -a ! -e trap/deep/evil

# The source is missing, has changed, or was never stored.
touch moved.tar
answers "touched" 2 xsmall -q -s full.xsmall extract /etc/passwd -o o1 >/dev/null 2>err
check "message" grep -q 'moved.tar: changed since it was loaded; run xsmall load again' err
xsmall -q -s full.xsmall load moved.tar
must "loaded again" xsmall -q -s full.xsmall extract /etc/passwd -o o1
mv moved.tar other.tar
answers "gone" 2 xsmall -q -s full.xsmall extract /etc/passwd -o o2 >/dev/null 2>err
check "named" grep -q 'moved.tar' err
xsmall -q -s full.xsmall load other.tar
must "found again" xsmall -q -s full.xsmall extract /etc/passwd -o o2
xsmall -q -s stdin.xsmall load - <"$image/full.tar"
answers "from a pipe" 2 xsmall -q -s stdin.xsmall extract /etc/passwd -o o3 >/dev/null 2>err
check "what to do" grep -q -- '--spool' err

# listed DIR: prints paths and modes.
listed()
{
    (cd "$1" && find . -mindepth 1 -printf '%P %m\n') | LC_ALL=C sort
}

# Blocks of zeros use no disk space, whether the layer contains them or not.
mkdir -p zeros/d
chmod 750 zeros zeros/d
{ head -c 20001 /dev/urandom && head -c 30000000 /dev/zero && echo end; } >zeros/d/dense
truncate -s 50000000 zeros/d/hole
cp zeros/d/dense zeros/d/sparse
fallocate -d zeros/d/sparse 2>/dev/null
tar -C zeros -S --numeric-owner -cf - d | gzip -1 >zeros.tar.gz
must "zeros" xsmall -q -s zeros.xsmall load zeros.tar.gz
must "extract zeros" xsmall -q -s zeros.xsmall extract /d -o zeros.out
check "the same bytes" diff -r zeros/d zeros.out/d
check "fewer blocks" test "$(du -sk zeros.out | cut -f1)" -lt 500

# After an error, complete files and directories with their modes remain. In the layer's order:
# d/a is complete when d/b is damaged, or is larger than the file size limit.
mkdir -p half/d/e
echo whole >half/d/a
{ head -c 300000 /dev/zero | tr '\0' x; echo MARK; } >half/d/b
echo later >half/d/e/c
chmod 751 half/d
chmod 2755 half/d/e
tar -C half --sort=name --numeric-owner -cf half.tar d
must "half" xsmall -q -s half.xsmall load half.tar
printf '%s\n' 'd 751' 'd/a 644' 'd/e 2755' >half.want
(
    ulimit -f 100
    xsmall -q -s half.xsmall extract /d -o limited 2>err
    echo $? >code
)
equal "a file that may not be so big" 2 "$(cat code)"
check "is named" grep -q '/d/b: File too large' err
listed limited >got
same "and is not there" half.want got
equal "a whole one" whole "$(cat limited/d/a)"
cp -p half.tar before.tar
sed -i s/MARK/mark/ half.tar
touch -r before.tar half.tar
answers "damaged" 2 xsmall -q -s half.xsmall extract /d -o damaged 2>err
check "names the file" grep -q '/d/b changed since it was loaded' err
listed damaged >got
same "not there either" half.want got

# Root without the right to change owners does not make files setuid root.
if [ "$(id -u)" = 0 ] && setpriv --bounding-set=-chown --inh-caps=-chown true 2>/dev/null; then
    mkdir -p given
    echo s >given/other
    echo s >given/own
    chown 1234:1235 given/other
    chmod 6755 given/other given/own
    tar -C given --numeric-owner -cf given.tar other own
    must "load it" xsmall -q -s given.xsmall load given.tar
    must "without chown" setpriv --bounding-set=-chown --inh-caps=-chown \
        "$build/xsmall" -q -s given.xsmall extract / -o given.out
    printf '%s\n' 'other 755' 'own 6755' >given.want
    listed given.out >got
    same "no setuid for another's" given.want got
fi

# Without root: contents and modes, no foreign owners, and no setuid bit on such files.
if [ "$(id -u)" = 0 ] && setpriv --reuid 65534 --regid 65534 --clear-groups true 2>/dev/null; then
    mkdir -m 777 nobody
    chmod 755 "$scratch"
    xsmall -q -s odd.xsmall load rootfs.tar
    chmod 644 odd.xsmall rootfs.tar
    cp "$build/xsmall" ./xsmall-copy
    must "as nobody" setpriv --reuid 65534 --regid 65534 --clear-groups ./xsmall-copy -q -s odd.xsmall \
        extract /usr /swap -o nobody/out 2>err
    equal "no setuid" 755 "$(stat -c %a nobody/out/usr/bin/one)"
    equal "the user's own" 65534 "$(stat -c %u nobody/out/usr/bin/one)"
    check "contents" cmp -s nobody/out/usr/bin/one odd.bundle/rootfs/usr/bin/one
fi
finish
