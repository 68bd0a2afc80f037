# SPDX-License-Identifier: MIT
# Sourced after lib_check.sh: an image with each kind of entry and change that a layer can contain,
# and a listing of a directory's tree in the format of v_file.
#
# tree_of DIR: path, kind, mode, uid, gid, bytes, link, hardlink; tab-separated, sorted by path.
# Not for names with a newline or a tab: hostile.sh tests those.

tree_of()
{
    (cd "$1" && find . -mindepth 1 -printf '/%P\t%y\t%m\t%U\t%G\t%s\t%l\t%i\t%n\n') |
        LC_ALL=C sort -t"$(printf '\t')" -k1,1 | LC_ALL=C awk -F'\t' '
            BEGIN {
                OFS = "\t"
                kind["f"] = "file"; kind["d"] = "dir"; kind["l"] = "link"; kind["c"] = "char"
                kind["b"] = "block"; kind["p"] = "fifo"; kind["s"] = "socket"
            }
            {
                # A hard link group is named after its first path in C order.
                several = $9 > 1 && $2 != "d"
                if (several && !($8 in first)) first[$8] = $1
                bytes = $2 == "f" ? $6 : 0
                peer = several ? first[$8] : ""
                print $1, kind[$2], $3, $4, $5, bytes, $7, peer
            }'
}

# Prints the same for a session's subject image.
tree_in()
{
    xsmall -s "$1" sql "SELECT path, kind, printf('%o', mode), uid, gid, bytes, link, hardlink
        FROM v_file WHERE path <> '/' ORDER BY CAST(path AS BLOB)"
}

# make_odd_image DIR: makes DIR/oci, tag odd. Five layers: entries; whiteouts and replacements; an opaque
# directory; more names for old files; a name that is deleted and created again.
make_odd_image()
{
    strictly odd_layers "$1" >"$1/make.log" 2>&1
    [ "$strict_status" = 0 ] || { tail "$1/make.log"; die "making the odd image"; }
}

odd_layers()
{
    cd "$1"
    umoci init --layout oci
    umoci new --image oci:odd
    odd_layer odd_things
    odd_layer odd_changes
    mkdir -p new/in/side
    echo fresh >new/in/fresh
    chown -R 7:8 new
    umoci insert --image oci:odd --opaque new /opaque
    odd_layer odd_links
    odd_layer odd_again
}

odd_layer()
{
    umoci unpack --image oci:odd bundle
    (cd bundle/rootfs && "$1")
    umoci repack --image oci:odd bundle
    rm -rf bundle
}

odd_things()
{
    mkdir -p usr/bin etc opaque/below/deep gone/deep swap dirs/a/b 'dir with space' a a-b a.b
    echo one >usr/bin/one
    printf '\177ELF nearly' >usr/bin/almost
    : >etc/empty
    head -c 100000 /dev/urandom >etc/random
    ln -s usr/bin bin
    ln -s /etc/random absolute
    ln -s ../../../etc/random up
    ln -s nowhere dangling
    ln -s loop loop
    ln etc/random etc/random2
    ln etc/random swap/random3
    mkfifo etc/fifo
    mknod etc/char c 1 3
    mknod etc/block b 7 200
    chmod 4755 usr/bin/one
    chmod 1777 dirs
    chmod 0700 dirs/a
    chmod 0000 etc/empty
    chown 12345:54321 dirs/a/b
    chown -h 3:4 dangling
    echo x | tee opaque/below/one opaque/two gone/deep/file 'dir with space/f i l e' a/c a-b/c a.b/c \
        swap/file-to-dir >/dev/null
    mkdir swap/dir-to-file swap/dir-to-link
    echo x | tee swap/dir-to-file/x swap/dir-to-link/y >/dev/null
    ln -s dir-to-file swap/link-to-dir
    echo long >"$(printf 'n%.0s' $(seq 200))"
    mkdir -p "$(printf 'deep/%.0s' $(seq 60))"
    echo é >'ünïcode ✓'
}

odd_changes()
{
    rm -r gone etc/random2 swap/file-to-dir swap/dir-to-file swap/dir-to-link swap/link-to-dir
    mkdir swap/file-to-dir swap/link-to-dir
    echo in >swap/file-to-dir/in
    echo in >swap/link-to-dir/in
    echo now a file >swap/dir-to-file
    ln -s ../usr swap/dir-to-link
    chmod 0750 dirs/a
    chown 9:9 dirs/a/b
    echo two >>usr/bin/one
}

odd_links()
{
    ln usr/bin/one usr/bin/uno
    ln usr/bin/one a/eins
    mkdir -p opaque/below
}

odd_again()
{
    rm usr/bin/uno
    mkdir gone
    echo again >gone/again
}

# gnu_unpack ARCHIVE DIR: unpacks the plain layers of a docker-archive by GNU tar and rm alone: first the
# whiteouts and opaque markers of a layer, on literal paths, then its other entries.
gnu_unpack()
{
    local layer
    mkdir "$2" "$2.archive"
    tar -C "$2.archive" -xf "$1"
    sqlite3 :memory: "SELECT value FROM json_each(readfile('$2.archive/manifest.json'), '\$[0].Layers')" |
        while IFS= read -r layer; do
            tar -tf "$2.archive/$layer" --quoting-style=literal | grep -a '\(^\|/\)\.wh\.' | take_away "$2"
            tar -tf "$2.archive/$layer" --quoting-style=literal | make_way "$2"
            tar -C "$2" -xpf "$2.archive/$layer" --numeric-owner --same-owner --exclude='.wh.*'
        done
    rm -rf "$2.archive"
}

# Reads names of markers; applies each below the directory unless a part of its path is a link.
take_away()
{
    local marker dir name
    while IFS= read -r marker; do
        dir=$1/$(dirname "${marker#./}")
        name=$(basename "$marker")
        [ -d "$dir" ] && [ "$(realpath "$dir")" = "$(realpath -s "$dir")" ] || continue
        if [ "$name" = .wh..wh..opq ]; then
            find "$dir" -mindepth 1 -delete
        else
            rm -rf "${dir:?}/${name#.wh.}"
        fi
    done
}

# Reads names of members; removes a path that is a directory only here or only in the layer.
make_way()
{
    local name
    while IFS= read -r name; do
        case $name in
        */) [ ! -L "$1/${name%/}" ] && [ -d "$1/$name" -o ! -e "$1/$name" ] || rm -f "$1/${name%/}" ;;
        *) [ -L "$1/$name" ] || [ ! -d "$1/$name" ] || rm -rf "${1:?}/$name" ;;
        esac
    done
}

# contents_of DIR: prints the XXH3-128 of each file.
contents_of()
{
    (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 xxh128sum)
}

# Prints the same for a session's subject image.
contents_in()
{
    xsmall -s "$1" sql "WITH RECURSIVE p(id, name) AS (SELECT 1, '.' UNION ALL
            SELECT path.id, p.name || '/' || path.name FROM p JOIN path ON path.parent = p.id)
        SELECT lower(hex(entry.hash)) || '  ' || p.name FROM image JOIN merged ON merged.image = image.id
            JOIN p ON p.id = merged.path JOIN entry ON entry.layer = merged.source_layer
                AND entry.path = merged.source_path AND entry.kind = 'file'
        WHERE image.role = 'subject' AND image.complete ORDER BY CAST(p.name AS BLOB)"
}
