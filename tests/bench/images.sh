#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares the time to load an image with tools that only hash or decompress the same bytes, and the
# memory: bash images.sh BUILD [--update]
#
# BUILD must be a release build. Makes its image once: 1.5 GB, a Debian with compilers in ten
# layers, among them deletions, an opaque directory and a chmod -R. Prints a Markdown table; checks no
# figure. Each figure is the median of nine, tool and xsmall in turns, files in the page cache.
# --update replaces the table in share/doc/benchmarks.md. Needs mmdebstrap, skopeo, xxh128sum
# (xxhash), igzip (isal), zstd.
set -eu -o pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${1:?build directory}" && pwd)
work=$build/bench-images
packages=python3-minimal,perl,gcc,git,clang,golang-go,linux-headers-amd64,openjdk-17-jre-headless
n_parts=8
mkdir -p "$work"
cd "$work"
export xsmall="$build/xsmall"

make_root()
{
    rm -rf root
    mkdir root
    mmdebstrap --quiet --variant=minbase --include="$packages" \
        --aptopt='Acquire::Check-Valid-Until "false"' bookworm root.tar
    tar -C root -xf root.tar
    rm -rf root.tar root/dev root/var/cache root/var/lib/apt
}

# layer NAME ARGUMENT...: makes the next layer from the output of tar with these arguments.
layer()
{
    local name=$1
    shift
    tar --numeric-owner -cf "archive/$name.tar" "$@"
    layers+=("$name.tar")
}

# The first layers are parts of the root, the others change it.
make_archive()
{
    local part layers=()
    rm -rf archive over
    mkdir archive over
    (cd root && find . -mindepth 1 | LC_ALL=C sort) >all
    split -n "l/$n_parts" -d all part.
    for part in part.*; do
        layer "$part" -C root --no-recursion -T "$part"
    done
    mkdir -p over/usr/share/man over/usr/lib/git-core
    touch over/usr/share/.wh.doc over/usr/share/man/.wh..wh..opq
    layer deleted -C over usr
    rm -rf over
    mkdir -p over/usr/lib
    cp -a root/usr/lib/git-core over/usr/lib
    chmod -R go-w,u+s over/usr/lib/git-core
    layer chmod -C over usr
    rm -rf over part.* all
    write_documents
    tar -C archive -cf plain.tar "${layers[@]}" config.json manifest.json
}

write_documents()
{
    local name between=
    {
        printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":['
        for name in "${layers[@]}"; do
            printf '%s"sha256:%s"' "$between" "$(sha256sum <"archive/$name" | cut -d' ' -f1)"
            between=,
        done
        printf ']}}'
    } >archive/config.json
    {
        printf '[{"Config":"config.json","RepoTags":["localhost/bench:1"],"Layers":['
        printf '"%s"\n' "${layers[@]}" | paste -sd,
        printf ']}]'
    } >archive/manifest.json
}

make_images()
{
    [ -e complete ] && return
    make_root
    make_archive
    skopeo copy -q docker-archive:plain.tar oci-archive:gzip.tar:1
    skopeo copy -q --dest-compress-format zstd docker-archive:plain.tar oci-archive:zstd.tar:1
    for kind in gzip zstd; do
        rm -rf "$kind.blobs"
        mkdir "$kind.blobs"
        tar -C "$kind.blobs" -xf "$kind.tar"
        find "$kind.blobs" -type f -size -20k -delete # the documents
    done
    rm -rf root archive
    touch complete
}

# seconds COMMAND: prints the time of a command.
seconds()
{
    local begin=${EPOCHREALTIME/[.,]/}
    bash -c "$1" >/dev/null
    echo $((${EPOCHREALTIME/[.,]/} - begin)) | awk '{ printf "%.3f\n", $1 / 1e6 }'
}

median()
{
    sort -n | sed -n 5p
}

# peak COMMAND...: prints the maximum resident memory in MB.
peak()
{
    local pid high=0 now
    "$@" &
    pid=$!
    while now=$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status" 2>/dev/null) && [ -n "$now" ]; do
        high=$now
        read -rt 0.02 <> <(:) || true
    done
    wait "$pid"
    echo $((high / 1024))
}

# row KIND BUDGET TOOL COMMAND: prints a row of the table.
row()
{
    local ours theirs
    : >ours && : >theirs
    cat "$1.tar" >/dev/null
    for _ in 1 2 3 4 5 6 7 8 9; do
        rm -f bench.xsmall*
        seconds "\"\$xsmall\" -q -s bench.xsmall load $1.tar" >>ours
        seconds "$4" >>theirs
    done
    ours=$(median <ours)
    theirs=$(median <theirs)
    rm -f bench.xsmall*
    awk -v kind="$1" -v budget="$2" -v tool="$3" -v ours="$ours" -v theirs="$theirs" \
        -v peak="$(peak "$xsmall" -q -s bench.xsmall load "$1.tar")" 'BEGIN {
        printf "| %s layers | %.2f s | `%s` %.2f s | %.2f × | ≤ %s × | %d MB |\n",
            kind, ours, tool, theirs, ours / theirs, budget, peak }'
}

# each TOOL: runs the tool on the blobs of a kind, as many at once as there are cores.
each()
{
    printf 'find %s.blobs -type f -size +0 -printf "%%s %%p\\n" | sort -rn | cut -d" " -f2 | xargs -P %s -n 1 %s >/dev/null' \
        "$1" "$(nproc)" "$2"
}

table()
{
    rm -f bench.xsmall*
    "$xsmall" -q -s bench.xsmall load plain.tar
    printf '| %s, %s layers, %s entries, %s cores | xsmall | limit | ratio | plan | peak memory |\n' \
        "$(du -h --apparent-size plain.tar | cut -f1)" \
        "$("$xsmall" -s bench.xsmall sql 'SELECT count(*) FROM v_layer')" \
        "$("$xsmall" -s bench.xsmall sql 'SELECT count(*) FROM entry')" "$(nproc)"
    echo '|---|--:|--:|--:|--:|--:|'
    row plain 2 'xxh128sum' 'xxh128sum -q plain.tar'
    row gzip 1.2 'igzip -dc' "$(each gzip 'igzip -dc')"
    row zstd 1.2 'zstd -dc' "$(each zstd 'zstd -qdc')"
    rm -f bench.xsmall* ours theirs
}

make_images
table | tee table
if [ "${2-}" = --update ]; then
    awk -v table="$work/table" '
        /^<!-- bench images -->$/ { print; while ((getline line < table) > 0) print line; skip = 1 }
        /^<!-- end -->$/ { skip = 0 }
        !skip && !/^<!-- bench images -->$/' "$top/share/doc/benchmarks.md" >page
    cp page "$top/share/doc/benchmarks.md"
fi
