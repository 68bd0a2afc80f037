#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the sample: sh share/sample/make.sh DIR
#
# Packs a small program (app/) and the files of this machine that it needs into an image of four layers
# in the docker-archive format, DIR/shelf.tar. An image of the first layer alone is DIR/base.tar. Then
# runs the program under strace in the tree of the image; the logs are DIR/run.PID. If tracing is not
# allowed on this machine, copies the logs of logs/ instead.
#
#   1 system   shell, a few commands, their libraries: the base image
#   2 library  libraries of the program and its plugins; static libraries and documents, as waste
#   3 app      the program, its plugins (one unused), its data, and leftovers of its build
#   4 tidy     leftovers deleted, mode of the plugins changed
set -eu
umask 022
LC_ALL=C
export LC_ALL
here=$(cd "$(dirname "$0")" && pwd)
[ $# = 1 ] || { echo "usage: $0 DIR" >&2; exit 2; }
mkdir -p "$1"
out=$(cd "$1" && pwd)
work=$out/.work
rm -rf "$work" "$out/shelf.tar" "$out/base.tar" "$out"/run.*
mkdir "$work"
trap 'rm -rf "$work"' EXIT

# add_file LAYER PATH: copies a file of this machine; copies symlinks and their targets.
add_file()
{
    dir=$(readlink -f "$(dirname "$2")")
    file=$dir/$(basename "$2")
    mkdir -p "$work/$1$dir"
    cp -a "$file" "$work/$1$dir/"
    [ ! -L "$file" ] && return
    case $(readlink "$file") in
    /*) add_file "$1" "$(readlink "$file")" ;;
    *) add_file "$1" "$dir/$(readlink "$file")" ;;
    esac
}

# add_needed LAYER FILE: copies the libraries that ldd lists for a file, unless the system layer has them.
add_needed()
{
    ldd "$2" 2>/dev/null | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' |
        while read -r library; do
            real=$(readlink -f "$(dirname "$library")")/$(basename "$library")
            [ -e "$work/system$real" ] || add_file "$1" "$library"
        done
}

make_system()
{
    mkdir -p "$work/system/etc" "$work/system/tmp" "$work/system/root" "$work/system/proc" \
        "$work/system/dev" "$work/system/usr/lib" "$work/system/usr/share"
    chmod 1777 "$work/system/tmp"
    for dir in bin sbin lib lib64; do
        [ -L "/$dir" ] || continue
        mkdir -p "$work/system/usr/$dir"
        ln -s "usr/$dir" "$work/system/$dir"
    done
    for command in sh cat chmod chown cp env id ln ls mkdir mv rm rmdir tar touch xargs; do
        path=$(command -v "$command")
        add_file system "$path"
        add_needed system "$path"
    done
    for file in /usr/lib/locale/C.utf8 /lib/terminfo/x/xterm /usr/share/terminfo/x/xterm; do
        [ ! -e "$file" ] || add_file system "$file"
    done
    printf '%s\n' root:x:0:0:root:/root:/bin/sh reader:x:1000:1000:Reader:/app:/bin/sh \
        >"$work/system/etc/passwd"
    printf '%s\n' root:x:0: reader:x:1000: >"$work/system/etc/group"
    printf '%s\n' 'passwd: files' 'group: files' >"$work/system/etc/nsswitch.conf"
    printf '%s\n' "$(dirname "$(readlink -f "$(ldd /bin/sh | sed -n 's/.*libc.* => \(\/[^ ]*\).*/\1/p')")")" \
        >"$work/system/etc/ld.so.conf"
}

build_app()
{
    app=$work/app/app
    mkdir -p "$app/bin" "$app/plugins" "$app/etc" "$app/data" "$app/var" "$app/build"
    cc=${CC:-cc}
    "$cc" -O2 -o "$app/bin/shelf" "$here/app/shelf.c" -lsqlite3 -ltinfo -ldl
    for plugin in import:sqlite3 total:sqlite3 pack:zstd backup:archive; do
        "$cc" -O2 -fPIC -shared -o "$app/plugins/${plugin%:*}.so" "$here/app/${plugin%:*}.c" \
            "-l${plugin#*:}"
    done
    cp "$here/app/start.sh" "$app/"
    chmod 755 "$app/start.sh"
    cp "$here/app/shelf.conf" "$app/etc/"
    cp "$here/app/reading list.csv" "$app/data/"
    cp "$here"/app/*.[ch] "$app/build/"
    "$cc" -O2 -g -c -o "$app/build/shelf.o" "$here/app/shelf.c"
}

make_library()
{
    mkdir -p "$work/library/usr/share/doc"
    for file in "$work"/app/app/bin/* "$work"/app/app/plugins/*; do
        add_needed library "$file"
    done
    for name in sqlite3 zstd archive; do
        static=$(${CC:-cc} -print-file-name="lib$name.a")
        [ ! -f "$static" ] || add_file library "$static"
        [ ! -d "/usr/share/doc/lib$name-dev" ] || cp -rL "/usr/share/doc/lib$name-dev" \
            "$work/library/usr/share/doc/" 2>/dev/null || true
    done
}

make_tidy()
{
    mkdir -p "$work/tidy/app/plugins"
    : >"$work/tidy/app/.wh.build"
    cp -p "$work"/app/app/plugins/*.so "$work/tidy/app/plugins/"
    chmod g+w "$work"/tidy/app/plugins/*.so
}

# merge_tree: merges the four layers into the tree in which the program runs.
merge_tree()
{
    mkdir "$work/tree"
    for layer in system library app; do
        cp -a "$work/$layer/." "$work/tree/"
    done
    rm -r "$work/tree/app/build"
    cp -a "$work/tidy/app/plugins/." "$work/tree/app/plugins/"
}

# pack_layer NAME: writes NAME.layer. The user reader owns app/var, root owns all other files.
pack_layer()
{
    set -- "$1" "$work/$1.layer" --format=gnu --numeric-owner --mtime=@1700000000
    name=$1
    layer=$2
    shift 2
    (cd "$work/$name" && find . -mindepth 1 ! -path ./app/var | sed 's,^\./,,' | sort) |
        tar -C "$work/$name" "$@" --owner=0 --group=0 --no-recursion -cf "$layer" -T -
    [ ! -d "$work/$name/app/var" ] ||
        tar -C "$work/$name" "$@" --owner=1000 --group=1000 --no-recursion -rf "$layer" app/var
}

# pack_image FILE TAG CONFIG-JSON LAYER...: writes a docker-archive.
pack_image()
{
    file=$1 tag=$2 settings=$3
    shift 3
    rm -rf "$work/archive"
    mkdir "$work/archive"
    diff_ids='' paths='' history=''
    for layer in "$@"; do
        sum=$(sha256sum <"$work/$layer.layer" | cut -d' ' -f1)
        mkdir "$work/archive/$sum"
        ln "$work/$layer.layer" "$work/archive/$sum/layer.tar"
        diff_ids="$diff_ids${diff_ids:+,}\"sha256:$sum\""
        paths="$paths${paths:+,}\"$sum/layer.tar\""
        history="$history${history:+,}{\"created\":\"2023-11-14T22:13:20Z\",\"created_by\":\"make $layer\"}"
    done
    printf '{"architecture":"%s","os":"linux","created":"2023-11-14T22:13:20Z","config":%s,%s}' \
        "$(image_architecture)" "$settings" \
        "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[$diff_ids]},\"history\":[$history]" \
        >"$work/archive/config"
    sum=$(sha256sum <"$work/archive/config" | cut -d' ' -f1)
    mv "$work/archive/config" "$work/archive/$sum.json"
    printf '[{"Config":"%s.json","RepoTags":["%s"],"Layers":[%s]}]\n' "$sum" "$tag" "$paths" \
        >"$work/archive/manifest.json"
    (cd "$work/archive" && tar --format=gnu --numeric-owner --owner=0 --group=0 \
        --mtime=@1700000000 --sort=name -cf "$file" -- *)
}

image_architecture()
{
    case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    *) uname -m ;;
    esac
}

# trace_program: writes DIR/run.PID. strace is copied into the tree and started there by its own loader,
# so that the logs contain only one root and no chroot.
trace_program()
{
    box=$work/tree/.strace
    mkdir -p "$box/out"
    chmod 1777 "$box/out"
    strace=$(command -v strace) || return 1
    loader=$(ldd "$strace" 2>&1 | sed -n 's/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p')
    [ -n "$loader" ] || return 1
    cp "$strace" "$box/strace"
    ldd "$strace" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p' | while read -r library; do
        cp -L "$library" "$box/"
    done
    cp -L "$loader" "$box/loader"
    chmod 777 "$work/tree/app/var"
    if [ "$(id -u)" = 0 ]; then
        set -- chroot --userspec=1000:1000 "$work/tree"
    else
        set -- unshare --user --map-root-user chroot "$work/tree"
    fi
    run='cd /app && exec /.strace/loader --library-path /.strace /.strace/strace "$@"'
    env -i PATH="$PATH:/usr/sbin:/sbin" "$@" /usr/bin/env -i PATH=/usr/bin:/bin LANG=C.UTF-8 \
        TERM=xterm /bin/sh -c "$run" strace -ff -s 4096 -o /.strace/out/run -e signal=none \
        -e trace=%file,%process,fchdir,mmap,connect,getdents64 /app/start.sh \
        >"$out/output" 2>"$work/strace.err" </dev/null || return 1
    cp "$box"/out/run.* "$out/"
}

make_system
build_app
make_library
make_tidy
merge_tree
ldconfig=$(PATH=$PATH:/usr/sbin:/sbin command -v ldconfig) || ldconfig=
for layer in system tree; do
    [ -z "$ldconfig" ] || "$ldconfig" -r "$work/$layer" 2>/dev/null || true
done
mkdir -p "$work/library/etc"
[ ! -f "$work/tree/etc/ld.so.cache" ] || cp "$work/tree/etc/ld.so.cache" "$work/library/etc/"
for layer in system library app tidy; do
    pack_layer "$layer"
done
path='"Env":["PATH=/usr/bin:/bin"]'
pack_image "$out/base.tar" localhost/shelf-base:1 "{$path,\"Cmd\":[\"/bin/sh\"]}" system
pack_image "$out/shelf.tar" localhost/shelf:1 "{\"User\":\"1000\",\
\"Env\":[\"PATH=/usr/bin:/bin\",\"LANG=C.UTF-8\",\"TERM=xterm\"],\"WorkingDir\":\"/app\",\
\"Entrypoint\":[\"/app/start.sh\"],\"Labels\":{\"org.opencontainers.image.title\":\"shelf\"},\
\"Volumes\":{\"/app/var\":{}}}" system library app tidy
if ! trace_program; then
    echo "tracing is not allowed on this machine; using the logs of the sample" >&2
    [ ! -f "$work/strace.err" ] || sed 's/^/  /' "$work/strace.err" >&2
    cp "$here"/logs/run.* "$out/"
    cp "$here/logs/output" "$out/output"
fi
