#!/bin/bash
# SPDX-License-Identifier: MIT
# Compares the table of limits in share/doc/limits.md with the constants of the sources. Loads a manifest
# with a million layers, sparse files of 4 TiB and 1 GiB, an archive compressed five times, and layers that
# are bombs (whole archives: all_bombs.sh).
. "$(dirname "$0")/lib_check.sh"
top=$(cd "$here/../.." && pwd)
cd "$scratch" || exit 1

# | object | limit | beyond the limit | `FILE` `NAME` |
n_rows=0
while IFS='|' read -r _ what limit _ where _; do
    read -r file name <<<"${where//\`/}"
    value=$(grep -oE "\b$name = [^,}/]*" "$top/$file" | head -n 1)
    equal "limits.md, $what: $file $name" "$((${value#*=}))" "${limit//[^0-9]/}"
    n_rows=$((n_rows + 1))
done < <(grep -E '^\|.*`store/[a-z_/]*\.[ch] [A-Z_]*` \|$' "$top/share/doc/limits.md")
check "the table has rows ($n_rows)" test "$n_rows" -ge 20

# archive NAME LAYERS LAYER-FILE: writes an archive as docker save does, with LAYERS equal layers.
archive()
{
    local digest list
    digest=\"sha256:$(sha256sum <"$3" | cut -d' ' -f1)\"
    list=$(yes "$digest" | head -n "$2" | paste -sd,)
    printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":[%s]}}' "$list" >config.json
    list=$(yes '"l"' | head -n "$2" | paste -sd,)
    printf '[{"Config":"config.json","RepoTags":["limit:1"],"Layers":[%s]}]' "$list" >manifest.json
    cp "$3" l
    tar -cf "$1" manifest.json config.json l
}

echo hello >small
tar -cf small.layer small
archive million.tar 1000000 small.layer
answers "a million layers" 2 timeout "$hang_s" "$build/xsmall" -q -s a.xsmall load million.tar 2>stderr
check "a million layers: message: $(head -c 300 stderr)" grep -q "million.tar" stderr
check "a million layers: no session" test ! -e a.xsmall

for size in 4T 1G; do
    rm -f giant
    truncate -s "$size" giant
    tar --sparse --format=posix -cf giant.layer giant
    archive "giant.$size.tar" 1 giant.layer
done
answers "a giant" 2 timeout "$hang_s" "$build/xsmall" -q -s b.xsmall load giant.4T.tar 2>stderr
check "a giant: message: $(head -c 300 stderr)" grep -q "giant: sparse files with more than 64 GiB of holes" stderr
answers "a sparse file" 0 timeout "$hang_s" "$build/xsmall" -q -s b.xsmall load giant.1G.tar
equal "a sparse file: its size" 1073741824 "$(sqlite3 b.xsmall "SELECT bytes FROM v_file WHERE path = '/giant'")"

# Bombs: more than 16 GiB of zeros, in pieces that decoders join.
truncate -s 128M zeros
zstd -q zeros -o zeros.zst
gzip -9 <zeros >zeros.gz
truncate -s 17G bomb
tar --format=posix -b1 -cf - bomb 2>/dev/null | head -c 1536 >bomb.head
for kind in zst gz; do
    { [ $kind = gz ] && gzip -c bomb.head || zstd -qc bomb.head; } >bomb.layer
    for _ in $(seq 132); do
        cat "zeros.$kind"
    done >>bomb.layer
    archive "bomb.$kind.tar" 1 bomb.layer
    answers "a bomb of $kind" 2 timeout "$hang_s" "$build/xsmall" -q -s b2.xsmall load "bomb.$kind.tar" 2>stderr
    check "a bomb of $kind: message: $(head -c 300 stderr)" grep -q "decompression bomb: [0-9]* bytes expand to more than 16 GiB" stderr
done
rm -f bomb zeros

head -c 300000000 /dev/zero | gzip -1 >bomb.gz
archive nested.tar 1 small.layer
for _ in 1 2 3 4 5; do
    gzip -c nested.tar >nested.gz
    mv nested.gz nested.tar
done
answers "compressed five times" 2 timeout "$hang_s" "$build/xsmall" -q -s c.xsmall load nested.tar 2>stderr
check "compressed five times: message: $(head -c 300 stderr)" grep -q "nested.tar" stderr
answers "a bomb that is not an archive" 2 timeout "$hang_s" "$build/xsmall" -q -s c.xsmall load bomb.gz 2>stderr
check "a bomb: message: $(head -c 300 stderr)" grep -q "bomb.gz" stderr
finish
