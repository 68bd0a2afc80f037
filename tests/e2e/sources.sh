#!/bin/bash
# SPDX-License-Identifier: MIT
# The same image from each kind of source has the same rows of v_file: archives, layouts, a root file
# system, standard input, and engines. Stand-ins in PATH replace the engines (all_engines.sh uses
# real ones).
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"

# rows SESSION: prints all columns of v_file, or the named columns for a kind of source that does not
# contain the others.
rows()
{
    xsmall -s "$1" sql "SELECT ${2:-path, kind, mode, uid, gid, bytes, link, hardlink, layer, package}
        FROM v_file ORDER BY CAST(path AS BLOB)"
}

# loaded WHAT ARGUMENT...: loads into a new session.
loaded()
{
    local what=$1
    shift
    rm -f s.xsmall
    must "$what: load" xsmall -q -s s.xsmall load "$@"
    rows s.xsmall >got
    same "$what: v_file" rows got
}

# stand_in NAME SCRIPT: makes a program of that name, first in PATH.
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
must "skopeo: dir" skopeo copy -q "oci:$image/oci:full" dir:skopeo
loaded "directory of skopeo" skopeo
tar -cf folder.tar skopeo
loaded "an archive of the directory" --verify folder.tar
loaded "OCI archive, gzip layers" "$image/full.gz.tar"
loaded "OCI archive, zstd layers" "$image/full.zst.tar"
for tool in gzip zstd xz; do
    $tool -1 -c "$image/full.tar" >"full.tar.$tool"
    loaded "docker-archive, whole file $tool" "full.tar.$tool"
done
loaded "verified" --verify "$image/full.gz.tar"

# A root file system has no layers; tar and cp preserve everything else.
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

# Standard input: from a pipe, from a file, stored and not stored.
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
check "stdin: no session after a failed load" test ! -e t.xsmall

# Engines: called without a shell, and named in messages as in the argument.
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
same "calls of the engine" wanted asked
equal "registry: name and source" "host/n:2|registry:host/n:2" \
    "$(sqlite3 s.xsmall 'SELECT name, source FROM image')"
must "load without -s" xsmall -q load docker:some/name:1
check "the session is named after the reference" test -e some_name_1.xsmall

# A registry's image for several platforms: the platforms are listed, then one is chosen.
: >asked
stand_in skopeo "case \"\$*\" in *inspect*) echo '{\"manifests\":[{\"platform\":{\"os\":\"linux\",
    \"architecture\":\"amd64\"}},{\"platform\":{\"os\":\"linux\",\"architecture\":\"arm64\",\"variant\":\"v8\"}},
    {\"platform\":{\"os\":\"unknown\",\"architecture\":\"unknown\"}}]}';; *) exec cat '$image/full.tar';; esac"
answers "platforms: a choice is needed" 2 xsmall -q -s p.xsmall load registry:n:1 2>err
check "platforms: listed" grep -qF '2 platforms; choose one with --platform P: linux/amd64, linux/arm64/v8' err
loaded "platform" --platform linux/amd64 registry:n:1
check "platform: requested" grep -qF 'skopeo --override-os=linux --override-arch=amd64 copy' asked
equal "platform: can be requested again" "registry:n:1 linux/amd64" \
    "$(sqlite3 s.xsmall 'SELECT source FROM image')"

# Failures are reported with the engine's message, and no file remains.
stand_in docker "echo 'No such image: x' >&2; exit 3"
answers "an engine that fails" 2 xsmall -q -s f.xsmall load docker:x 2>err
check "an engine that fails: its message" grep -q 'docker save -- x: exit 3: No such image: x' err
stand_in docker "head -c 100000 '$image/full.tar'; kill -9 \$\$"
answers "an engine that is killed" 2 xsmall -q -s f.xsmall load docker:x 2>err
check "an engine that is killed: reported" grep -q 'killed by signal 9' err
rm bin/docker
PATH=$scratch/bin answers "no such engine" 2 xsmall -q -s f.xsmall load docker:x 2>err
check "no such engine: reported" grep -q 'No such file' err
check "no session after a failed load" test ! -e f.xsmall

# An engine that does not end by itself ends when xsmall ends in any way.
stand_in docker 'echo $$ >pid; exec sleep infinity'
for signal in INT KILL; do
    rm -f pid
    # a shell's background commands ignore SIGINT: env restores the default
    env --default-signal=INT "$build/xsmall" -q -s f.xsmall load docker:x 2>err &
    load=$!
    wait_until test -s pid
    check "$signal: the engine runs" kill -0 "$(cat pid)"
    kill -s "$signal" "$load"
    wait "$load" 2>/dev/null || true
    check "$signal: the engine is gone" wait_until eval "! kill -0 $(cat pid) 2>/dev/null"
done
finish
