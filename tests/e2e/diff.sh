#!/bin/bash
# SPDX-License-Identifier: MIT
# xsmall diff compared with find, xxh128sum, getcap and diff -r on the same two trees, made by hand with
# each kind of difference, as directories and as tars; then on real images as umoci unpacks them. No
# temporary file remains, also after errors.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
need_kernel
mkdir "$scratch/tmp" "$scratch/work"
export TMPDIR=$scratch/tmp
cd "$scratch/work" || exit 1

make_trees()
{
    mkdir -p old/{bin,etc,gone/deep,same,swap/dir,links} 'old/a b' old/a old/a-b
    for name in bin/mode bin/owner bin/content bin/size bin/cap bin/time bin/all same/file gone/deep/x \
        'a b/c' a/c a-b/c swap/dir/in etc/less links/one links/three; do
        echo "the content of $name" >"old/$name"
    done
    ln -s mode old/bin/link
    ln -s same old/bin/link-same
    ln -s x old/bin/link-to-file
    mkfifo old/etc/fifo
    mknod old/etc/null c 1 3
    mknod old/etc/disk b 8 1
    ln old/links/one old/links/two
    echo é >'old/ü ✓'
    cp -a old new
    chmod 4755 new/bin/mode
    chown 5:6 new/bin/owner
    echo "the CONTENT of bin/content" >new/bin/content
    echo more >>new/bin/size
    setcap cap_net_raw=ep new/bin/cap
    touch -d '2001-02-03 04:05:06.789' new/bin/time
    chmod 0700 new/bin/all
    chown 7:7 new/bin/all
    echo other >new/bin/all
    ln -sfn owner new/bin/link
    chown -h 9:9 new/bin/link-same
    rm new/bin/link-to-file
    echo file >new/bin/link-to-file
    rm -r new/gone new/swap/dir
    echo now a file >new/swap/dir
    rm new/etc/less new/etc/null new/etc/disk
    mkdir -p new/etc/less/more new/later/on
    echo in >new/etc/less/more/in
    echo new >new/later/on/x
    mknod new/etc/null c 1 5
    mknod new/etc/disk b 8 1
    rm new/links/two
    cp -p new/links/one new/links/two
    ln new/links/three new/links/four
    chmod 1777 new/same
    # cp -a keeps times equal except those of changed files; one directory gets a different time.
    touch -d '2011-01-01' old/a new/a
    touch -d '2012-01-01' new/a-b
}

# tree DIR: prints PATH KIND MODE OWNER SIZE CONTENT LINK DEVICE CAPABILITIES GROUP TIME, tab-separated.
tree()
{
    (cd "$1" && {
        find . -type f -print0 | xargs -0 -r xxh128sum | awk '{ print "hash\t" substr($0, 36) "\t" $1 }'
        getcap -r . | awk '{ path = $0; sub(/ [^ ]*$/, "", path); print "cap\t" substr(path, 2) "\t" $NF }'
        find . \( -type c -o -type b \) -exec stat -c 'device	%n	%t:%T' {} + | sed 's/	\./	/'
        find . -printf 'node\t/%P\t%y\t%m\t%U:%G\t%s\t%l\t%i\t%n\t%T@\n' | LC_ALL=C sort -t'	' -k2,2
    }) | LC_ALL=C awk -F'\t' '
        BEGIN { OFS = "\t" }
        $1 != "node" { fact[$1, $2] = $3; next }
        {
            several = $3 != "d" && $9 > 1
            if (several && !($8 in first)) first[$8] = $2
            group = several ? first[$8] : ""
            size = $3 == "f" ? $6 : 0
            print $2, $3, $4, $5, size, fact["hash", $2], $7, fact["device", $2], fact["cap", $2], group, $10
        }'
}

# compare A B: prints STATUS PATH CHANGES, from tree's output for both.
compare()
{
    LC_ALL=C awk -F'\t' '
        BEGIN { OFS = "\t" }
        function changes(path,    what) {
            if (a[path, 2] != b[path, 2]) what = what " kind"
            else {
                if (a[path, 6] != b[path, 6] || a[path, 8] != b[path, 8]) what = what " content"
                if (a[path, 7] != b[path, 7]) what = what " link"
            }
            if (a[path, 3] != b[path, 3] && a[path, 2] != "l" && b[path, 2] != "l") what = what " mode"
            if (a[path, 4] != b[path, 4]) what = what " owner"
            if (a[path, 9] != b[path, 9]) what = what " xattrs"
            if (a[path, 10] != b[path, 10]) what = what " hardlink"
            if (a[path, 11] != b[path, 11]) what = what " mtime"
            return substr(what, 2)
        }
        FNR == NR { in_a[$1]; for (i = 2; i <= NF; i++) a[$1, i] = $i; next }
        { in_b[$1]; for (i = 2; i <= NF; i++) b[$1, i] = $i }
        END {
            for (path in in_a) if (!(path in in_b)) print path, "removed", ""
            for (path in in_b) if (!(path in in_a)) print path, "added", ""
            for (path in in_a) if (path in in_b && (what = changes(path)) != "")
                print path, what == "mtime" ? "mtime" : "changed", what
        }' "$1" "$2" | LC_ALL=C sort -t'	' -k1,1
}

# reported A B [OPTION...]: prints the same from xsmall's JSON, reported.json.
reported()
{
    xsmall diff --json "$@" >reported.json 2>reported.err
    sqlite3 -separator '	' :memory: "SELECT value ->> 'path', value ->> 'status',
        (SELECT coalesce(group_concat(value, ' '), '') FROM json_each(d.value, '\$.changes'))
        FROM json_each(readfile('reported.json'), '\$.differences') d"
}

strictly make_trees
[ "$strict_status" = 0 ] || die "making the trees"
tree old >old.tree
tree new >new.tree
compare old.tree new.tree >want
for status in added removed changed mtime; do
    check "there are $status" grep -q "	$status	" want
done
for what in kind content link mode owner xattrs hardlink mtime; do
    check "there is a change of $what" grep -q "	changed	\(.* \)\?$what\b" want
done

reported old new >got
same "directories" want got
for name in old new; do
    tar -C $name --xattrs --xattrs-include='security.*' --format=posix --numeric-owner -cf $name.tar .
done
reported old.tar new.tar >got
same "tars" want got
reported old new.tar >got
same "a directory and a tar" want got
answers "they differ" 1 xsmall -q diff old new >text
answers "the same" 0 xsmall -q diff old old.tar >nothing
check "the same: nothing is printed" test ! -s nothing
answers "the same, reported" 0 xsmall diff new new.tar >summary 2>progress
equal "the same: summary" "0 added (0 bytes), 0 removed (0 bytes), 0 changed, 0 in mtime only, $(
    wc -l <new.tree) unchanged" "$(tail -n 1 summary)"

# The text has the same rows.
sed 's/^\(.\) .\{29\} \(.*\)$/\1 \2/' text >text.rows
awk -F'\t' '{ sign = $2 == "added" ? "+" : $2 == "removed" ? "-" : $2 == "changed" ? "~" : "t"
    print sign, $1 }' want >want.rows
sed 's/^\(.\) .*  \//\1 \//' text.rows >got.rows
same "text: signs and paths" want.rows got.rows
equal "text: mode" '~             24             24  mode 0644>4755  /bin/mode' "$(grep ' /bin/mode$' text)"
check "text: owner" grep -q '  owner 0:0>5:6  /bin/owner$' text
check "text: kind" grep -q '  kind link>file.*  /bin/link-to-file$' text
check "text: added" grep -q '^+              -              4  file  /later/on/x$' text

# diff -r: contents that differ, and the topmost paths that only one tree has.
diff -rq --no-dereference old new >diff.out
sed -n 's/^Files old\(.*\) and new.* differ$/\1/p' diff.out | LC_ALL=C sort >diff.want
sqlite3 :memory: "SELECT value ->> 'path' FROM json_each(readfile('reported.json'), '\$.differences')
    WHERE value ->> 'changes' LIKE '%content%' AND value ->> '$.a.kind' = 'file'" >diff.got
same "diff -r: contents" diff.want diff.got
sed -n 's/^Only in \(old\|new\)\(.*\): \(.*\)$/\1 \2\/\3/p' diff.out | LC_ALL=C sort >diff.want
sed -n 's/^\([^	]*\)	\(added\|removed\)	$/\2 \1/p' want | sed 's/^added/new/; s/^removed/old/' |
    awk '{ path = substr($0, 5); up = path; sub(/\/[^\/]*$/, "", up); if (!($1 up in seen) &&
        !(("old" up) in seen) && !(("new" up) in seen)) print; seen[$1 path] }' | LC_ALL=C sort >diff.got
grep -v ' /swap/dir/\| /etc/less/' diff.got >diff.kinds # below what changed its kind diff is silent
same "diff -r: only in one" diff.want diff.kinds

# The summary: counts, and content bytes with each hard link group once.
equal "summary" "$(awk -F'\t' '
    FILENAME == "want" { status[$1] = $2; n[$2]++; next }
    FNR == 1 { file++ }
    status[$1] == (file == 1 ? "removed" : "added") && !($10 != "" && seen[file, $10]++) { bytes[file] += $5 }
    END { print n["added"], bytes[2], n["removed"], bytes[1], n["changed"], n["mtime"] }' \
    want old.tree new.tree)" "$(xsmall diff old new 2>/dev/null | tail -n 1 |
    sed 's/ (content[^)]*)//; s/ (kind[^)]*)//; s/[^0-9]\{1,\}/ /g' | cut -d' ' -f1-6)"

# Without times.
awk -F'\t' '$2 != "mtime" { sub(/ ?mtime$/, ""); print }' want >want.times
reported old new --no-mtime >got
same "--no-mtime" want.times got
touch -d '1999-01-01' old/same/file
answers "times alone" 1 xsmall -q diff old old.tar >text
equal "times alone: the row" 't             25             25  mtime  /same/file' "$(cat text)"
answers "times alone, --no-mtime" 0 xsmall -q diff --no-mtime old old.tar

# Names with a newline, and with bytes that are not UTF-8: exact in a pipe, and as bytes in JSON.
mkdir -p odd-a/bin odd-a/etc
cp -a odd-a odd-b
name=$(printf 'bin/\377 x\ny')
: >"odd-b/$name"
touch -d '2001-01-01' odd-a/bin odd-b/bin
answers "an odd name" 1 xsmall -q diff odd-a odd-b >text
printf '+              -              0  file  /%s\n' "$name" >text.want
same "an odd name: text" text.want text
reported odd-a odd-b >/dev/null
equal "an odd name: JSON" "$(printf '/%s' "$name" | od -An -tx1 | tr -d ' \n')" "$(sqlite3 :memory: \
    "SELECT json_extract(readfile('reported.json'), '\$.differences[0].path_hex')")"
script -qec "$build/xsmall -q diff odd-a odd-b" /dev/null </dev/null | tr -d '\r' >text
printf '%s\n' '+              -              0  file  /bin/\xff x\ny' >text.want
same "an odd name: on a terminal" text.want text

# Real images, compared with the trees that umoci unpacks.
image_ready
for tag in base full; do
    must "unpack $tag" umoci unpack --image "$image/oci:$tag" $tag.bundle >/dev/null 2>&1
    tree $tag.bundle/rootfs >$tag.tree
done
compare base.tree full.tree >want
check "real images differ" test "$(wc -l <want)" -gt 100
reported "$image/base.tar" "$image/full.zst.tar" >got
same "real images" want got
reported "$image/oci" "$image/oci" --image 1 --image-b 2 >got
reported "$image/oci" "$image/oci" --image 2 --image-b 1 >back
check "images of one layout" cmp -s want "$(cmp -s want got && echo got || echo back)"
answers "the same layout" 0 xsmall -q diff --image 1 --image-b 1 "$image/oci" "$image/oci"
answers "the same image, plain and zstd" 0 xsmall -q diff "$image/full.tar" "$image/full.zst.tar"

# Rejected arguments; no temporary file remains, neither here nor in TMPDIR.
refuse()
{
    answers "$1" 2 xsmall diff "${@:3}" >out 2>words
    check "$1: message: $(tail -n 1 words)" grep -q "$2" words
    check "$1: nothing is printed" test ! -s out
}
head -c 100000 "$image/full.tar" >cut.tar
refuse "one image" 'expected two images' old
refuse "three images" 'expected two images' old new old
refuse "not there" 'none.tar: No such file' old none.tar
refuse "damaged" 'cut.tar' "$image/base.tar" cut.tar
refuse "an image of several" 'image' "$image/oci" old
cat "$image/full.tar" | xsmall -q diff - "$image/full.gz.tar"
equal "from standard input" 0 $?
equal "no session is left" '' "$(find . -name '*.xsmall*')"
equal "no temporary file is left" '' "$(ls -A "$TMPDIR")"
finish
