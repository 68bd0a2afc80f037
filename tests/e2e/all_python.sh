#!/bin/bash
# SPDX-License-Identifier: MIT
# The whole task of xsmall: a script that uses numpy and h5py is traced in a Debian; the first layer
# becomes the base; the rest is exported as a tar and runs in a sandbox with the same output. `why`
# explains each kept file. 30 kept files are removed one by one: the program fails without the file, or
# its log never opened the file. A long test: sh tests/run.sh --all
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
need_kernel

deb=$build/closure-debian
if [ ! -e "$deb/tree.tar" ]; then
    mkdir -p "$deb"
    must "mmdebstrap" mmdebstrap --quiet --variant=minbase --include=python3-numpy,python3-h5py \
        --aptopt='Acquire::Check-Valid-Until "false"' bookworm "$deb/part.tar"
    mv "$deb/part.tar" "$deb/tree.tar"
fi
cd "$scratch" || exit 1
RANDOM=${XSMALL_SEED:=$(($(date +%s) % 32768))}
echo "seed $XSMALL_SEED"

# The base: the files of dpkg's essential packages, as a first layer contains them.
mkdir root
must "unpack" tar -C root -xf "$deb/tree.tar" --exclude='./dev/*'
cat >app.py <<'P'
import h5py, numpy
path = "/tmp/a.h5"
with h5py.File(path, "w") as f:
    f["x"] = numpy.arange(12.0).reshape(3, 4)
    f["x"].attrs["unit"] = "m"
with h5py.File(path) as f:
    x = f["x"][...]
    print(x.sum(), numpy.linalg.svd(x)[1].round(6).tolist(), f["x"].attrs["unit"])
    print(numpy.fft.fft(x[0]).round(3).tolist(), numpy.random.default_rng(1).integers(9, size=3).tolist())
P
make_layers()
{
    umoci init --layout oci
    umoci new --image oci:base
    umoci unpack --image oci:base bundle
    for package in base-files base-passwd bash coreutils dash libc6 libc-bin libgcc-s1 libtinfo6 zlib1g; do
        chroot root dpkg -L "$package"
    done | sed 's,^/\(bin\|sbin\|lib\|lib64\)/,/usr/\1/,' | sort -u | while read -r path; do
        [ ! -f "root$path" ] && [ ! -L "root$path" ] || echo ".$path"
    done >base.files
    printf './bin\n./sbin\n./lib\n./lib64\n./etc/passwd\n./etc/group\n./etc/ld.so.cache\n' >>base.files
    tar -C root -cf - --no-recursion -T <(sort -u base.files) 2>/dev/null | tar -C bundle/rootfs -xf - --keep-directory-symlink
    umoci repack --image oci:base bundle
    umoci config --image oci:base --config.cmd /bin/sh
    rm -rf bundle
    umoci tag --image oci:base full
    umoci unpack --image oci:full bundle
    mkdir root/app
    cp app.py root/app/app.py
    tar -C root -cf - . | tar -C bundle/rootfs -xpf - --keep-directory-symlink
    umoci repack --image oci:full bundle
    umoci config --image oci:full --config.entrypoint /usr/bin/python3 --config.entrypoint /app/app.py \
        --config.env PATH=/usr/bin:/bin --config.env HOME=/tmp
    skopeo copy -q oci:oci:base docker-archive:base.tar:localhost/base:latest
    skopeo copy -q oci:oci:full oci-archive:full.tar:latest
}
strictly make_layers >make.log 2>&1
[ "$strict_status" = 0 ] || { tail -n 30 make.log; die "making the image"; }

# sandbox ROOT COMMAND...: runs the command with nothing of this machine but /proc, /dev and its own /tmp.
sandbox()
{
    local dir=$1
    shift
    bwrap --unshare-all --die-with-parent --clearenv --setenv PATH /usr/bin:/bin --setenv HOME /tmp \
        --ro-bind "$dir" / --proc /proc --dev /dev --tmpfs /tmp "$@"
}

mkdir log
chmod 1777 root/tmp
must "trace" trace_in root log /usr/bin/python3 /app/app.py >output
check "it printed something" test "$(wc -l <output)" = 2
rm -f root/tmp/*
cat log/log.* >program.log
must "load" xsmall -q -s s.xsmall load --base base.tar full.tar program.log
must "chain" xsmall -q -s s.xsmall chain "grep -v '= -1'"
answers "nothing breaks" 0 xsmall -q -s s.xsmall breaks >/dev/null
must "export" xsmall -q -s s.xsmall export --form tar -o small

unpack()
{
    rm -rf "$1"
    mkdir "$1" unpack.base
    umoci unpack --image oci:base unpack.base/bundle >/dev/null 2>&1
    mv unpack.base/bundle/rootfs/* "$1/"
    rm -rf unpack.base
    tar -C "$1" --numeric-owner -xpf small/rootfs.tar --keep-directory-symlink
    mkdir -p "$1"/{proc,dev,tmp}
}
must "unpack" unpack kept
must "run" sandbox kept /usr/bin/python3 /app/app.py >small.output 2>&1
same "the same output" output small.output
kept=$(xsmall -s s.xsmall sql 'SELECT total(bytes) FROM v_file WHERE kept')
echo "kept: $(xsmall -s s.xsmall files | wc -l) paths, $kept of $(xsmall -s s.xsmall sql 'SELECT total(bytes) FROM v_file') bytes"

# `why` of each kept file ends in a log line, a mark or the config.
xsmall -s s.xsmall sql "SELECT path FROM v_file WHERE kept AND kind = 'file' ORDER BY path" >files
check "there are many" test "$(wc -l <files)" -gt 200
while read -r path; do
    xsmall -s s.xsmall why "$path" >why
    tail -n 1 why | grep -qE '^program.log:[0-9]+: |named by the image config|marked keep' || {
        check "why $path" false
        cat why
    }
done <files

# One of thirty files removed: the program fails, prints something else, or the file was a dependency.
shuf -n 30 --random-source=<(while :; do echo "$XSMALL_SEED"; done) files >less
n_missed=0
while read -r path; do
    mv "kept$path" aside
    if sandbox kept /usr/bin/python3 /app/app.py >less.output 2>&1 && cmp -s output less.output; then
        # The program works without the file: its log must contain the open, or the file is a dependency
        # without a line.
        xsmall -s s.xsmall why "$path" >why
        check "$path is not missed, and why names its use" grep -qE \
            'status read|listed|link read|opened|entered|read|needed by|named by|bytecode|package metadata|source of|made of|hard link' why
    else
        n_missed=$((n_missed + 1))
    fi
    mv aside "kept$path"
done <less
echo "$n_missed of 30 are missed at once"
check "most are missed" test "$n_missed" -ge 15

# A library that a pattern removes is reported with line and stage (the dependency kind that would add
# it is disabled). In a run without the library, the check reports the same file; keeping it fixes the run.
library=$(grep -m 1 '/libhdf5_serial\.so' files)
must "no libraries" xsmall -q -s s.xsmall keep --closure=-elf
must "a pattern" xsmall -q -s s.xsmall chain --add "grep -v '/libhdf5_serial'" --target path
answers "it breaks" 1 xsmall -q -s s.xsmall breaks >breaks
grep -F "$library" breaks >row
check "the library is named" test -s row
check "the stage is named" grep -q 'stage 2' row
check "the line is named" grep -qE 'program.log:[0-9]+' row
rm -rf small
must "export it all the same" xsmall -q -s s.xsmall export --form tar -o small
must "unpack" unpack broken
mkdir check
chmod 1777 broken/tmp
trace_in broken check /usr/bin/python3 /app/app.py >broken.output 2>&1
check "it fails" test "$?" != 0
check "for want of that" grep -q 'libhdf5_serial' broken.output
cat check/log.* >check.log
must "load the check" xsmall -q -s s.xsmall load --check check.log
answers "it breaks still" 1 xsmall -q -s s.xsmall breaks --keep >breaks
check "class (a)" grep -qE "/libhdf5_serial\.so[^:]*: failed in a check run, .*check.log:[0-9]+ ENOENT" breaks
rm -rf small
must "export it repaired" xsmall -q -s s.xsmall export --form tar -o small
must "unpack" unpack repaired
sandbox repaired /usr/bin/python3 /app/app.py >repaired.output 2>&1
same "repaired" output repaired.output
finish
