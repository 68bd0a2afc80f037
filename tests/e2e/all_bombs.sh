#!/bin/bash
# SPDX-License-Identifier: MIT
# Archives that are decompression bombs as a whole: xsmall unpacks them into a temporary file, stops
# after 16 GiB and removes the file.
. "$(dirname "$0")/lib_check.sh"
cd "$scratch" || exit 1
if [ "$(df --output=avail -BG . | tail -n 1 | tr -dc 0-9)" -lt 20 ]; then
    echo "skipped: less than 20 GiB are free"
    exit 77
fi
truncate -s 128M zeros
truncate -s 17G bomb
tar --format=posix -b1 -cf - bomb 2>/dev/null | head -c 1536 >head
mkdir spool
export TMPDIR=$scratch/spool
for kind in zstd gzip xz; do
    "$kind" -c head >bomb.tar
    "$kind" -c zeros >piece
    for _ in $(seq 132); do
        cat piece
    done >>bomb.tar
    answers "$kind" 2 timeout 900 "$build/xsmall" -q -s s.xsmall load bomb.tar 2>stderr
    check "$kind: message: $(head -c 300 stderr)" grep -q "decompression bomb: [0-9]* bytes expand to more than 16 GiB" stderr
    check "$kind: no session" test ! -e s.xsmall
    check "$kind: nothing stays" test -z "$(ls spool)"
done
finish
