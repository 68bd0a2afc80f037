#!/bin/sh
# SPDX-License-Identifier: MIT
# Try xsmall: sh share/try.sh
#
# Installs what a build needs (Debian), builds into build/release, makes the sample of
# share/sample into build/sample and opens the explorer on it. Without a terminal the same goes in
# batch: the Dockerfile of the small image on stdout, all else on stderr.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
. "$top/share/sample/packages.sh"

xsmall=$top/build/release/xsmall
sample=$top/build/sample

build()
{
    install_packages $BUILD_PACKAGES strace tar
    (cd "$top" && cmake --preset release -DBUILD_TESTING=OFF && cmake --build --preset release) >&2
}

# A sample that is there keeps its session and all that was decided in it.
make_sample()
{
    if [ -f "$sample/shelf.xsmall" ] &&
        [ -z "$(find "$top/share/sample" -newer "$sample/shelf.xsmall" -type f)" ]; then
        return
    fi
    echo "making the sample in build/sample" >&2
    rm -rf "$sample"
    sh "$top/share/sample/make.sh" "$sample"
    cd "$sample"
    "$xsmall" -s new.part load --base base.tar shelf.tar run.* >&2
    "$xsmall" -s new.part chain "grep -v '= -1' run.*" >&2
    mv new.part shelf.xsmall
}

build
make_sample
cd "$sample"
if [ -t 0 ] && [ -t 1 ]; then
    exec "$xsmall" -s shelf.xsmall
fi
{
    echo "chain: $("$xsmall" -s shelf.xsmall chain)"
    echo "files to copy:"
    "$xsmall" -s shelf.xsmall files | sed 's/^/    /'
    "$xsmall" -s shelf.xsmall report
} >&2
exec "$xsmall" -s shelf.xsmall export
