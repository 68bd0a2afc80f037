#!/bin/sh
# SPDX-License-Identifier: MIT
# Try xsmall: sh share/try.sh
#
# Installs the build packages (Debian), builds xsmall in build/release, makes the sample of share/sample
# in build/sample, and opens the explorer on it. Without a terminal, commands do the same: the Dockerfile
# of the slim image is printed on stdout, everything else on stderr.
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

# Makes the sample, unless it exists: an existing sample keeps its session with all decisions.
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
