#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares load times with public tools on the same files in the same run: bash load.sh BUILD
#
# BUILD must be a release build. Prints a table; checks no figure. Each figure is the best of three,
# files in the page cache. Needs mmdebstrap, xxh128sum (xxhash), igzip (isal), zstd, strace.
set -eu -o pipefail
build=$(cd "${1:?build directory}" && pwd)
work=$build/bench
packages=python3-minimal,perl,gcc,git
n_lines=1300000
mkdir -p "$work"
cd "$work"

# The content of the archives: one layer, a Debian with a compiler.
make_layers()
{
    [ -e layer.zst ] && return
    mmdebstrap --quiet --variant=minbase --include="$packages" \
        --aptopt='Acquire::Check-Valid-Until "false"' bookworm part.tar
    mv part.tar layer.plain
    gzip -6 <layer.plain >layer.gz
    zstd -q -T0 <layer.plain >part
    mv part layer.zst
}

# pack KIND: makes KIND.tar, a docker-archive of layer.KIND.
pack()
{
    rm -rf archive
    mkdir archive
    ln "layer.$1" archive/layer
    printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$(sha256sum <layer.plain | cut -d' ' -f1)" >archive/config.json
    printf '[{"Config":"config.json","RepoTags":["localhost/bench:1"],"Layers":["layer"]}]' \
        >archive/manifest.json
    tar -C archive -cf "$1.tar" config.json layer manifest.json
    rm -rf archive
}

# A traced walk over this machine's files, with enough copies for the wanted size.
make_logs()
{
    [ -e logs/complete ] && return
    rm -rf logs walk.*
    mkdir logs
    strace -ff -o walk -e trace=file,mmap,getdents64 sh -c 'find /usr/share/doc -size +1k; ls -lR /usr/lib/$(uname -m)-linux-gnu' \
        >/dev/null 2>&1 || true
    cat walk.* >one
    local i n
    n=$(wc -l <one)
    for ((i = 0; i * n < n_lines; i++)); do
        cp one "logs/walk.$i"
    done
    rm one walk.*
    touch logs/complete
}

# best COMMAND: prints seconds, the best of three. $start prepares bench.xsmall for each.
best()
{
    local begin
    for _ in 1 2 3; do
        rm -f bench.xsmall*
        [ -z "$start" ] || cp "$start" bench.xsmall
        begin=${EPOCHREALTIME/[.,]/}
        bash -c "$1" >/dev/null 2>best.err || cat best.err >&2
        echo $((${EPOCHREALTIME/[.,]/} - begin))
    done | sort -n | head -n 1 | awk '{ printf "%.3f", $1 / 1e6 }'
}

# row WHAT OURS THEIRS PLAN: prints a row: two commands, and the ratio that the plan allows.
row()
{
    local ours theirs
    ours=$(best "$2")
    theirs=$(best "$3")
    awk -v what="$1" -v ours="$ours" -v theirs="$theirs" -v plan="$4" 'BEGIN {
        printf "%-42s %8.3f s %8.3f s  %5.2f x  (plan: %s)\n", what, ours, theirs, ours / theirs, plan }'
}

start=
make_layers
for kind in plain gz zst; do
    pack "$kind"
done
make_logs
export xsmall="$build/xsmall"
lines=$(cat logs/walk.* | wc -l)
printf '%-42s %10s %10s\n' "$(du -h --apparent-size plain.tar | cut -f1) image, $lines lines" xsmall tool
row "plain layers, against xxh128sum" '"$xsmall" -q -s bench.xsmall load plain.tar' 'xxh128sum plain.tar' 2
row "gzip layer, against igzip -dc" '"$xsmall" -q -s bench.xsmall load gz.tar' 'igzip -dc layer.gz' 1.2
row "zstd layer, against zstd -dc" '"$xsmall" -q -s bench.xsmall load zst.tar' 'zstd -dc layer.zst' 1.2
row "logs, against grep -c" '"$xsmall" -q -s bench.xsmall load logs/walk.*' \
    'cat logs/walk.* | grep -c "\.so" | cat' 6
rm -f bench.xsmall* loaded.xsmall*
"$xsmall" -q -s loaded.xsmall load logs/walk.*
printf '%-42s %10.3f of the log (plan: 0.2)\n' "the session's size" \
    "$(awk -v s="$(stat -c %s loaded.xsmall)" -v l="$(cat logs/walk.* | wc -c)" 'BEGIN { print s / l }')"
start=loaded.xsmall
stages="grep '\.so' logs/walk.* | grep -v site-packages | grep -v lib-dynload | grep -v '= -1'"
row "a chain of four, against the pipeline" \
    "\"\$xsmall\" -s bench.xsmall chain \"$stages\" && \"\$xsmall\" -s bench.xsmall lines | cat" \
    "$stages | cat" 1
rm -f bench.xsmall* loaded.xsmall* best.err
