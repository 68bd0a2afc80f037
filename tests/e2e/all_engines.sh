#!/bin/bash
# SPDX-License-Identifier: MIT
# Real engines load what export --form image writes, with the same tree and config.
# Real engines and a real registry provide an image by name: podman, skopeo from a registry on the
# loopback, and docker if its daemon starts. Servers are stopped by their pids.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_build.sh"
. "$here/lib_engine.sh"

rows()
{
    xsmall -s "$1" sql "SELECT path, kind, mode, uid, gid, bytes, link, hardlink, layer, package
        FROM v_file ORDER BY CAST(path AS BLOB)"
}

# loaded WHAT NAME ARGUMENT...: loads an image by name; its rows equal those of the archive.
loaded()
{
    local what=$1 name=$2
    shift 2
    rm -f s.xsmall
    must "$what: load" xsmall -q -s s.xsmall load "$@"
    rows s.xsmall >got
    same "$what: v_file" rows got
    equal "$what: name" "$name" "$(sqlite3 s.xsmall 'SELECT name FROM image')"
}

image_ready
cd "$scratch" || exit 1
must "load" xsmall -q -s first.xsmall load "$image/full.tar"
rows first.xsmall >rows
storage_open

# podman finds its storage through a file that xsmall inherits too.
cat >storage.conf <<END
[storage]
driver = "$storage_driver"
graphroot = "$storage/root"
runroot = "$storage/run"
END
export CONTAINERS_STORAGE_CONF=$scratch/storage.conf
must "podman load" podman --cgroup-manager cgroupfs load -q -i "$image/full.tar" >/dev/null
loaded podman localhost/full:latest podman:localhost/full:latest
answers "podman: no such image" 2 xsmall -q -s none.xsmall load podman:localhost/none 2>err
check "podman: message" grep -q 'localhost/none' err
podman save -q --format oci-archive -o podman.oci.tar localhost/full:latest
loaded "podman save, OCI" localhost/full:latest podman.oci.tar
loaded "podman save, verified" localhost/full:latest --verify podman.oci.tar

# The image without a builder: the engine returns the same rows as the archive itself.
must "keep" xsmall -q -s first.xsmall keep /app /usr
for style in docker oci; do
    must "export $style" xsmall -q -s first.xsmall export --form image --style "$style" -o "image-$style"
    must "load $style" xsmall -q -s "image-$style.xsmall" load --verify "image-$style/image.tar"
    rows "image-$style.xsmall" >"image-$style.rows"
    must "podman loads $style" podman --cgroup-manager cgroupfs load -q -i "image-$style/image.tar" >/dev/null
    must "load from podman" xsmall -q -s "podman-$style.xsmall" load podman:localhost/full:latest-slim
    rows "podman-$style.xsmall" >got
    same "podman: $style" "image-$style.rows" got
    podman --cgroup-manager cgroupfs rmi localhost/full:latest-slim >/dev/null
done
same "both styles" image-docker.rows image-oci.rows

# A registry on a loopback port.
port=5055
cat >registry.yml <<END
version: 0.1
storage: {filesystem: {rootdirectory: $scratch/registry}}
http: {addr: "127.0.0.1:$port"}
END
mkdir -p home/.config/containers
cat >home/.config/containers/registries.conf <<END
[[registry]]
location = "127.0.0.1:$port"
insecure = true
END
export HOME=$scratch/home
docker-registry serve registry.yml >registry.log 2>&1 &
at_exit "stop $!"
push()
{
    skopeo copy -q --dest-tls-verify=false "oci:$image/oci:full" "docker://127.0.0.1:$port/full:1"
}
must "push" wait_until push
loaded registry "127.0.0.1:$port/full:1" "registry:127.0.0.1:$port/full:1"
answers "registry: no such image" 2 xsmall -q -s none.xsmall load "registry:127.0.0.1:$port/none:1" 2>err
check "registry: message" grep -q 'none' err

# docker, if its daemon starts.
if command -v dockerd >/dev/null && engine_open; then
    must "docker load" docker load -q -i "$image/full.tar" >/dev/null
    loaded docker localhost/full:latest docker:localhost/full:latest
    must "docker loads an image" docker load -q -i image-docker/image.tar >/dev/null
    must "load from docker" xsmall -q -s slim.xsmall load docker:localhost/full:latest-slim
    rows slim.xsmall >got
    same "docker: the image" image-docker.rows got
    docker tag localhost/full:latest localhost/other:2
    docker save localhost/full:latest localhost/other:2 >docker.tar
    loaded "docker save of two tags" localhost/full:latest --verify docker.tar
    docker save localhost/full:latest | xsmall -q -s pipe.xsmall load - || die "docker save | -"
    rows pipe.xsmall >got
fi
check "no session after a failed load" test ! -e none.xsmall
finish
