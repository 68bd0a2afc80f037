# SPDX-License-Identifier: MIT
# Sourced after lib_check.sh: a real image with a real strace log of its program, made once and
# shared by the tests ($image, under the build directory).
#
#   full.tar          docker-archive of four layers: libc and busybox; python3-minimal; a script and
#                     its data; a deletion, a removed directory, a chmod -R
#   full.gz.tar       the same as an OCI archive with gzip layers
#   full.zst.tar      … with zstd layers
#   base.tar          docker-archive of the first layer as a separate image
#   oci               the OCI layout from which they are made, tags full and base
#   log/log.PID       strace -ff of a shell that runs cat and the script in the image's tree
#   output            the script's output
#
# The packages come from apt-get download; umoci makes the layers, skopeo the archives.

image=$build/e2e-image
system_packages="libc6 libgcc-s1 busybox-static"
python_packages="zlib1g libexpat1 libpython3.11-minimal python3.11-minimal python3-minimal"

# Makes the image unless it exists and is newer than this file.
image_ready()
{
    need_kernel
    exec {image_lock}>"$build/e2e-image.lock"
    must "lock" flock "$image_lock"
    if [ ! "$image/ready" -nt "$here/lib_image.sh" ]; then
        rm -rf "$image"
        mkdir "$image"
        strictly make_image "$image" >"$build/e2e-image.log" 2>&1
        [ "$strict_status" = 0 ] || { tail -n 30 "$build/e2e-image.log"; die "making the image"; }
        touch "$image/ready"
    fi
    exec {image_lock}>&-
}

make_image()
{
    cd "$1"
    mkdir deb
    download
    umoci init --layout oci
    umoci new --image oci:base
    layer base base make_system
    umoci config --image oci:base --config.cmd /bin/sh --config.env PATH=/usr/bin:/bin
    layer base full make_python
    layer full full make_script
    layer full full make_waste
    umoci config --image oci:full --config.entrypoint python3 --config.entrypoint /app/app.py \
        --config.env APP=1 --config.env 'GREETING=a "b" $c' --config.workingdir /app \
        --config.user 1000 --config.exposedports 80/tcp --config.volume /app/volume \
        --config.label k=v --config.label 'org.x=two words' --config.stopsignal SIGINT
    skopeo copy -q oci:oci:base docker-archive:base.tar:localhost/base:latest
    skopeo copy -q oci:oci:full docker-archive:full.tar:localhost/full:latest
    skopeo copy -q oci:oci:full oci-archive:full.gz.tar:latest
    skopeo copy -q --dest-compress-format zstd docker-archive:full.tar oci-archive:full.zst.tar:latest
    trace_script
    rm -rf deb
}

download()
{
    (cd deb && apt-get download $system_packages $python_packages) ||
        { apt-get update && (cd deb && apt-get download $system_packages $python_packages); }
}

# layer FROM TO FUNCTION: makes a layer TO from the changes of FUNCTION to the tree of FROM.
layer()
{
    umoci unpack --image "oci:$1" bundle
    "$3" bundle/rootfs
    umoci repack --image "oci:$2" bundle
    rm -rf bundle
}

unpack_packages()
{
    local root=$1 name
    shift
    for name in "$@"; do
        dpkg-deb --fsys-tarfile deb/"$name"_*.deb |
            tar -C "$root" -x --keep-directory-symlink --exclude='./usr/share/doc*' \
                --exclude='./usr/share/man*'
    done
}

make_system()
{
    mkdir -p "$1"/usr/{bin,sbin,lib,lib64} "$1"/{etc,tmp,proc,dev,root}
    chmod 1777 "$1/tmp"
    local dir name
    for dir in bin sbin lib lib64; do
        ln -s "usr/$dir" "$1/$dir"
    done
    unpack_packages "$1" $system_packages
    # RUN needs more than /usr/bin/busybox: the shell and the tools are names of busybox.
    for name in sh mkdir cp chown chmod touch ln rm cat xargs printf; do
        ln -s busybox "$1/usr/bin/$name"
    done
    printf '%s\n' root:x:0:0:root:/root:/bin/sh app:x:1000:1000::/app:/bin/sh >"$1/etc/passwd"
}

make_python()
{
    unpack_packages "$1" $python_packages
    ldconfig -r "$1"
}

make_script()
{
    mkdir -p "$1/app/data" "$1/app/volume"
    cat >"$1/app/app.py" <<'SCRIPT'
import re, sys, os
import zlib, collections
d = os.path.join(os.path.dirname(__file__), 'data', 'in put.txt')
print('ok', len(open(d).read()), zlib.crc32(b'x'), os.path.exists('/etc/none'))
SCRIPT
    echo hello >"$1/app/data/in put.txt"
    head -c 500000 /dev/zero >"$1/app/data/unused.bin"
    chown -R 1000:1000 "$1/app/data"
}

make_waste()
{
    rm "$1/app/data/unused.bin"
    # If a layer only deletes in a directory, it has no entry for the directory, and builders on overlay
    # change its owner to root. With an entry all tools agree.
    chmod 0775 "$1/app/data"
    rm -rf "${1:?}/usr/share"
    chmod -R g+w "$1/usr/lib/python3.11"
}

trace_script()
{
    umoci unpack --image oci:full bundle
    mkdir log
    trace_in bundle/rootfs log /bin/sh -c \
        'cat "/app/data/in put.txt" | cat >/dev/null; python3 /app/app.py; exit $?' >output
    rm -rf bundle
}

# trace_in ROOT LOGS COMMAND...: writes LOGS/log.PID of a command run as user $trace_user (default: 1000)
# in the root, with the calls of $traced_calls or those that xsmall reads. strace is inside the tree and is started by its own
# loader, so that the logs contain only the command.
trace_in()
{
    local root=$1 logs=$2 box=$1/strace library loader status=0
    shift 2
    mkdir -p "$box/out"
    chmod 777 "$box/out"
    for library in "$(command -v strace)" $(ldd "$(command -v strace)" | grep -o '/[^ ]*'); do
        cp -L "$library" "$box/"
    done
    loader=$(basename "$(ldd /bin/sh | grep -o '/[^ ]*ld-[^ ]*')")
    env -i PATH=/usr/sbin:/usr/bin:/bin chroot --userspec="${trace_user:-1000}:${trace_user:-1000}" "$root" \
        "/strace/$loader" --library-path /strace /strace/strace -ff -o /strace/out/log \
        -e trace="${traced_calls:-file,process,fchdir,mmap,getdents64}" "$@" || status=$?
    cp "$box"/out/log.* "$logs/"
    rm -rf "$box"
    return "$status"
}
