#!/bin/bash
# SPDX-License-Identifier: MIT
# The same image through every kind of source gives the same rows of v_file: archives, layouts, a
# root file system, standard input, and engines, which stand-ins in PATH play here (all_engines.sh
# asks the real ones).
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"

# rows SESSION: all that v_file says of the image. Only the columns that are named where a kind
# cannot carry the rest.
rows()
{
    xsmall -s "$1" sql "SELECT ${2:-path, kind, mode, uid, gid, bytes, link, hardlink, layer, package}
        FROM v_file ORDER BY CAST(path AS BLOB)"
}

# loaded WHAT ARGUMENT...: into a fresh session.
loaded()
{
    local what=$1
    shift
    rm -f s.xsmall
    must "$what: load" xsmall -q -s s.xsmall load "$@"
    rows s.xsmall >got
    same "$what: v_file" rows got
}

# stand_in NAME SCRIPT: a program of that name, first in PATH.
stand_in()
{
    printf '#!/bin/sh\nprintf "%%s\\n" "$0 $*" >>%s/asked\n%s\n' "$scratch" "$2" >"bin/$1"
    chmod +x "bin/$1"
}

image_ready
cd "$scratch" || exit 1
mkdir bin
PATH=$scratch/bin:$PATH
xsmall -q -s first.xsmall load "$image/full.tar"
rows first.xsmall >rows
check "there are rows" test "$(wc -l <rows)" -gt 500

loaded "OCI directory" --image 2 "$image/oci"
loaded "OCI archive, gzip layers" "$image/full.gz.tar"
loaded "OCI archive, zstd layers" "$image/full.zst.tar"
for tool in gzip zstd xz; do
    $tool -1 -c "$image/full.tar" >"full.tar.$tool"
    loaded "docker-archive, all of it $tool" "full.tar.$tool"
done
loaded "verified" --verify "$image/full.gz.tar"

# A root file system has no layers; tar and cp carry everything else.
columns="path, kind, mode, uid, gid, bytes, link, hardlink"
rows first.xsmall "$columns" >rows.flat
must "unpack" umoci unpack --image "$image/oci:full" bundle >/dev/null 2>&1
tar -C bundle/rootfs --numeric-owner --xattrs -cf rootfs.tar .
xz -1 -k rootfs.tar
for kind in bundle/rootfs rootfs.tar rootfs.tar.xz; do
    rm -f s.xsmall
    must "load $kind" xsmall -q -s s.xsmall load "$kind"
    rows s.xsmall "$columns" >got
    same "$kind: v_file" rows.flat got
done

# Standard input: as a pipe, as a file, kept and not.
rm -f s.xsmall
must "stdin" xsmall -q -s s.xsmall load - <"$image/full.tar"
rows s.xsmall >got
same "stdin: v_file" rows got
equal "stdin: source" - "$(sqlite3 s.xsmall 'SELECT source FROM image')"
cat "$image/full.gz.tar" | xsmall -q load --spool kept.tar - || die "stdin, kept"
same "stdin, kept: the file" "$image/full.gz.tar" kept.tar
check "stdin, kept: the session's name is the image's" test -e kept.xsmall
equal "stdin, kept: source" "$scratch/kept.tar" "$(sqlite3 kept.xsmall 'SELECT source FROM image')"
answers "stdin, kept: never over a file" 2 xsmall -q -s t.xsmall load --spool kept.tar - \
    <"$image/full.tar" 2>err
same "stdin, kept: the file is as it was" "$image/full.gz.tar" kept.tar
answers "stdin: empty" 2 xsmall -q -s t.xsmall load - </dev/null 2>err
answers "stdin: for the base" 2 xsmall -q -s t.xsmall load --base - "$image/full.tar" 2>err
check "stdin: no session of what failed" test ! -e t.xsmall

# Engines: asked without a shell, and named as they were asked for.
stand_in docker "exec cat '$image/full.tar'"
stand_in podman "exec cat '$image/full.tar'"
stand_in skopeo "case \"\$*\" in *inspect*) echo '{\"layers\":[]}';; *) exec cat '$image/full.tar';; esac"
loaded docker 'docker:host:5000/a b;c'
loaded podman podman:localhost/full
loaded registry registry:host/n:2
printf '%s\n' "$scratch/bin/docker save -- host:5000/a b;c" \
    "$scratch/bin/podman save --quiet --format=docker-archive -- localhost/full" \
    "$scratch/bin/skopeo inspect --raw -- docker://host/n:2" \
    "$scratch/bin/skopeo copy --quiet -- docker://host/n:2 docker-archive:/dev/stdout" >wanted
same "what was asked" wanted asked
equal "registry: name and source" "host/n:2|registry:host/n:2" \
    "$(sqlite3 s.xsmall 'SELECT name, source FROM image')"
must "load without -s" xsmall -q load docker:some/name:1
check "the session is named after the reference" test -e some_name_1.xsmall

# A registry's image of several platforms: listed, then chosen.
: >asked
stand_in skopeo "case \"\$*\" in *inspect*) echo '{\"manifests\":[{\"platform\":{\"os\":\"linux\",
    \"architecture\":\"amd64\"}},{\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\"}},
    {\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}}]}';; *) exec cat '$image/full.tar';; esac"
answers "platforms: a choice is needed" 2 xsmall -q -s p.xsmall load registry:n:1 2>err
check "platforms: listed" grep -qF '2 platforms, choose one (--platform P): linux/amd64, linux/arm64/v8' err
loaded "platform" --platform linux/amd64 registry:n:1
check "platform: asked for" grep -qF 'skopeo --override-os=linux --override-arch=amd64 copy' asked
equal "platform: can be asked for again" "registry:n:1 linux/amd64" \
    "$(sqlite3 s.xsmall 'SELECT source FROM image')"

# What fails is told in the engine's words, and nothing is left.
stand_in docker "echo 'No such image: x' >&2; exit 3"
answers "an engine that fails" 2 xsmall -q -s f.xsmall load docker:x 2>err
check "an engine that fails: its words" grep -q 'docker save -- x: exit 3: No such image: x' err
stand_in docker "head -c 100000 '$image/full.tar'; kill -9 \$\$"
answers "an engine that is killed" 2 xsmall -q -s f.xsmall load docker:x 2>err
check "an engine that is killed: told" grep -q 'killed by signal 9' err
rm bin/docker
PATH=$scratch/bin answers "no such engine" 2 xsmall -q -s f.xsmall load docker:x 2>err
check "no such engine: told" grep -q 'No such file' err
check "nothing left of what failed" test ! -e f.xsmall

# An engine that never ends is ended with us, whichever way we end.
stand_in docker 'echo $$ >pid; exec sleep infinity'
for signal in INT KILL; do
    rm -f pid
    "$build/xsmall" -q -s f.xsmall load docker:x 2>err &
    load=$!
    wait_until test -s pid
    check "$signal: the engine runs" kill -0 "$(cat pid)"
    kill -s "$signal" "$load"
    wait "$load" 2>/dev/null || true
    check "$signal: the engine is gone" wait_until eval "! kill -0 $(cat pid) 2>/dev/null"
done
finish
