#!/bin/bash
# SPDX-License-Identifier: MIT
# From a real image and its logs to Dockerfiles that build: load three kinds of archive, filter, mark,
# export, build, run. In the result the script prints what it printed in the subject image.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_build.sh"

image_ready
cp -r "$image"/log/log.* "$scratch/"
cd "$scratch" || exit 1

load_kinds()
{
    local kind
    for kind in tar gz.tar zst.tar; do
        must "load full.$kind" xsmall -q -s "$kind.xsmall" load --base "$image/base.tar" \
            "$image/full.$kind" log.*
        must "files of full.$kind" xsmall -s "$kind.xsmall" files --all >"$kind.files"
    done
    check "the list of files is not empty" test -s tar.files
    same "files of the gzip layers" tar.files gz.tar.files
    same "files of the zstd layers" tar.files zst.tar.files
    equal "no file next to the sessions" "" "$(find . -name '*-wal' -o -name '*-shm')"
}

# export_builds NAME FORM: the Dockerfile builds, the script runs in the result, the config is kept.
export_builds()
{
    local name=$1 form=$2 tag=localhost/$1-$2:latest
    answers "$name: export $form" 0 xsmall -s tar.xsmall export --form "$form" -o "$name-$form"
    if ! build_image "$name-$form" "$tag"; then
        check "$name: $form builds" false
        sed 's/^/    /' "$name-$form/Dockerfile" | cut -c1-200 | head -n 60
        return
    fi
    run_image "$tag" 1000 python3 /app/app.py >"$name-$form.output" 2>&1
    same "$name: $form: output of the script" "$image/output" "$name-$form.output"
    image_config "$tag" >"$name-$form.config"
    same "$name: $form: config" subject.config "$name-$form.config"
    check "$name: $form: at most 40 COPY lines" \
        test "$(grep -c '^COPY' "$name-$form/Dockerfile")" -le 40
    with_mounted "$tag" facts_of >"$name-$form.facts"
    kept_of "$name-$form.facts" >got
    kept_of subject.facts >expected
    check "$name: $form: something is kept" test -s expected
    same "$name: $form: the kept paths" expected got
    # A RUN leaves the engine's mount points.
    { cut -f1 subject.facts base.facts; printf '/%s\n' etc/hostname etc/hosts etc/resolv.conf run sys; } |
        LC_ALL=C sort -u >known
    cut -f1 "$name-$form.facts" | LC_ALL=C comm -13 known - >got
    same "$name: $form: no path that both images lack" /dev/null got
}

# Prints facts of the tree below the current directory: path, kind, mode, owner, size, link; the time
# except of directories; the checksum of files.
facts_of()
{
    find . -mindepth 1 -type d -printf '/%P\t%y\t%m\t%U\t%G\n' >"$scratch/facts"
    find . -type f -printf '/%P\t%y\t%m\t%U\t%G\t%s\t%Ts\n' | LC_ALL=C sort >"$scratch/files"
    find . -type f -exec sha256sum {} + | sed 's,^\([0-9a-f]*\)  \.\(.*\),\2\t\1,' | LC_ALL=C sort >"$scratch/sums"
    LC_ALL=C join -t "$(printf '\t')" "$scratch/files" "$scratch/sums" >>"$scratch/facts"
    find . -mindepth 1 ! -type d ! -type f -printf '/%P\t%y\t%m\t%U\t%G\t%l\t%Ts\n' >>"$scratch/facts"
    LC_ALL=C sort "$scratch/facts"
}

# kept_of FACTS: prints the facts of the paths that the session keeps.
kept_of()
{
    xsmall -s tar.xsmall files | LC_ALL=C sort >kept.paths
    LC_ALL=C join -t "$(printf '\t')" kept.paths "$1"
}

load_kinds
storage_open
must "storage" storage_add "$image/full.tar" localhost/full:latest
must "storage" storage_add "$image/base.tar" localhost/base:latest
image_config localhost/full:latest >subject.config
with_mounted localhost/full:latest facts_of >subject.facts
with_mounted localhost/base:latest facts_of >base.facts
check "the subject has a config" test -s subject.config

# The chain for the manual method, and the marks that a person adds: the interpreter and its modules.
must chain xsmall -s tar.xsmall chain \
    "grep '\.so' log.* | grep -v 'site-packages' | grep -v 'lib-dynload' | grep -v '= -1'"
must keep xsmall -s tar.xsmall keep '/usr/bin/python3*' /usr/lib/python3.11 /app/app.py '/app/data/in put.txt'
export_builds libraries stage
export_builds libraries copy

# All opened files, and one mark: /app/volume, which no trace shows.
must auto xsmall -s tar.xsmall auto '/usr/bin/python3*' /usr/lib/python3.11 /app/app.py '/app/data/in put.txt'
must chain xsmall -s tar.xsmall chain "grep -v '= -1' log.*"
export_builds opened stage
export_builds opened tar
export_builds opened copy
check "the deleted file is not in the subject" \
    test "$(xsmall -s tar.xsmall sql "SELECT count(*) FROM v_file WHERE path LIKE '%unused.bin'")" = 0
finish
