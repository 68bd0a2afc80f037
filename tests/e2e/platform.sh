#!/bin/bash
# SPDX-License-Identifier: MIT
# A subject image for another machine: each form of a Dockerfile names its platform, the built image has
# it, and the report prints it. buildah's inspection is the judge.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_build.sh"
need_tool buildah skopeo

# make ARCHITECTURE VARIANT ARCHIVE: an image with one program.
make()
{
    mkdir -p tree/bin
    printf '#!/bin/sh\n' >tree/bin/app
    chmod 755 tree/bin/app
    tar -C tree -cf layer.tar bin
    printf '{"os":"linux","architecture":"%s","variant":"%s","config":{"Entrypoint":["/bin/app"]},
        "rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$1" "$2" \
        "$(sha256sum layer.tar | cut -c1-64)" >config.json
    echo '[{"Config":"config.json","RepoTags":["localhost/subject:1"],"Layers":["layer.tar"]}]' >manifest.json
    tar -cf "$3" config.json manifest.json layer.tar
}

# session ARCHIVE: loads the image and keeps all its files.
session()
{
    rm -f s.xsmall
    must "load $1" xsmall -q -s s.xsmall load "$1"
    must "keep" xsmall -q -s s.xsmall keep /
}

from_lines()
{
    xsmall -q -s s.xsmall export "$@" 2>export.err | grep '^FROM' | paste -sd'|'
}

cd "$scratch" || exit 1
other=arm64 variant=v8 own=amd64
[ "$(uname -m)" = aarch64 ] && other=amd64 variant=v1 own=arm64
make "$other" "$variant" other.tar
make "$own" "" own.tar
platform=linux/$other/$variant

session other.tar
equal 'copy' "FROM --platform=$platform localhost/subject:1 AS build|FROM --platform=$platform scratch AS final" \
    "$(from_lines --form copy)"
equal 'squash' "FROM --platform=$platform localhost/subject:1 AS final|FROM --platform=$platform scratch" \
    "$(from_lines --squash-only)"
check 'snippet' eval 'xsmall -q -s s.xsmall export --form copy --snippet | grep -q "FROM --platform=$platform"'
equal 'the classic builder builds for one platform' \
    'FROM localhost/subject:1 AS build|FROM scratch AS final' "$(from_lines --form copy --builder docker-classic)"
check 'and that is reported' grep -q "platform of the engine, not $platform" export.err
equal 'report' "  platform $platform" "$(xsmall -s s.xsmall report | grep '^  platform')"
check 'report, JSON' eval 'xsmall -s s.xsmall report --json | grep -q "\"platform\": \"$platform\""'

must 'form tar' xsmall -q -s s.xsmall export --form tar -o out 2>/dev/null
equal 'tar' "FROM --platform=$platform scratch AS final" "$(grep '^FROM' out/Dockerfile)"
storage_open
must 'build' build_image out localhost/slim:1
equal 'the built image' "linux/$other" \
    "$(skopeo inspect --config "$(storage_name localhost/slim:1)" |
        sed -n 's/^ *"\(architecture\|os\)": "\(.*\)",*$/\1 \2/p' | sort -r | cut -d' ' -f2 | paste -sd/)"
must 'form image' xsmall -q -s s.xsmall export --form image -o image 2>/dev/null
must 'load the image' xsmall -q -s slim.xsmall load image/image.tar
equal 'form image' "  platform $platform" "$(xsmall -s slim.xsmall report | grep '^  platform')"

# The machine's own platform, also without its variant, needs no option.
session own.tar
equal 'own: copy' 'FROM localhost/subject:1 AS build|FROM scratch AS final' "$(from_lines --form copy)"
finish
