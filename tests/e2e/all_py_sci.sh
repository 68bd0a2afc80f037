#!/bin/bash
# SPDX-License-Identifier: MIT
# The worked example: a Debian of more than 1 GB with numba, h5py, scipy and flask, and a small service
# that uses them. The service is traced, the chain refined, the base subtracted, the result exported and
# built with the squash by buildah. The service answers the same in an image of at most 35 % of the
# subject's bytes, and the built layer has the forecast size. A long test: sh tests/run.sh --all
#
#   bash all_py_sci.sh BUILD [--update]     --update: writes the figures to share/doc/benchmarks.md
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_build.sh"
need_kernel

most_percent=35
packages=python3-numba,python3-h5py,python3-scipy,python3-flask
made=$build/py-sci
cd "$scratch" || exit 1

write_app()
{
    cat >"$1/app.py" <<'P'
import h5py, numba, numpy, scipy.linalg, scipy.optimize, scipy.sparse, scipy.stats
from flask import Flask, jsonify, request

app = Flask(__name__)

@numba.njit
def pairs(x):
    total = 0.0
    for i in range(x.size):
        for k in range(i):
            total += abs(x[i] - x[k])
    return total

@app.route("/spread", methods=["POST"])
def spread():
    x = numpy.array(request.get_json()["x"])
    with h5py.File("/tmp/x.h5", "w") as f:
        f.create_dataset("x", data=x, compression="gzip")
    with h5py.File("/tmp/x.h5") as f:
        x = f["x"][...]
    root = scipy.optimize.brentq(lambda t: t ** 3 - x.sum(), 0, 100)
    inverse = scipy.linalg.inv(numpy.diag(x + 1))
    test = scipy.stats.norm.cdf(float(scipy.sparse.csr_matrix(inverse).sum()))
    return jsonify(pairs=pairs(x), root=round(root, 9), cdf=round(float(test), 9))

if __name__ == "__main__":
    client = app.test_client()
    for n in (5, 9):
        print(client.post("/spread", json={"x": list(range(1, n))}).get_data(as_text=True).strip())
    print(client.get("/none").status)
P
}

# Recommended packages are installed too, as `RUN apt-get install` does. The base is the tree after the
# essential packages are configured, as in a debian:slim.
make_layers()
{
    mmdebstrap --quiet --variant=minbase --include="$packages" \
        --aptopt='APT::Install-Recommends "true"' --aptopt='Acquire::Check-Valid-Until "false"' \
        --essential-hook='tar -C "$1" --one-file-system --exclude=./proc/* --exclude=./sys/* --exclude=./dev/* --exclude=./var/cache/apt/* --exclude=./var/lib/apt/lists/* -cf "$HOOK_BASE" .' \
        bookworm full.root.tar
    umoci init --layout oci
    umoci new --image oci:base
    layer base base add_base
    umoci config --image oci:base --config.cmd /bin/sh --config.env PATH=/usr/sbin:/usr/bin:/sbin:/bin
    layer base full add_full
    umoci config --image oci:full --config.entrypoint /usr/bin/python3 --config.entrypoint /app/app.py \
        --config.user 1000:1000 --config.workingdir /app --config.env NUMBA_DISABLE_PERFORMANCE_WARNINGS=1
    skopeo copy -q oci:oci:base docker-archive:base.tar:localhost/base:latest
    skopeo copy -q oci:oci:full docker-archive:full.tar:localhost/full:latest
    trace_app
    rm -rf base.root.tar full.root.tar oci
}

add_base()
{
    tar -C "$1" --numeric-owner -xpf base.root.tar
}

add_full()
{
    find "$1" -mindepth 1 -delete
    tar -C "$1" --numeric-owner -xpf full.root.tar --exclude='./dev/*'
    mkdir "$1/app"
    write_app "$1/app"
}

trace_app()
{
    umoci unpack --image oci:full bundle
    mkdir log
    trace_in bundle/rootfs log /usr/bin/python3 /app/app.py >output
    rm -rf bundle
}

if [ ! "$made/ready" -nt "$here/all_py_sci.sh" ]; then
    rm -rf "$made"
    mkdir "$made"
    (cd "$made" && export HOOK_BASE=$made/base.root.tar && strictly make_layers >make.log 2>&1 && exit "$strict_status") ||
        { tail -n 30 "$made/make.log"; die "making the image"; }
    touch "$made/ready"
fi
check "the service answered" test "$(wc -l <"$made/output")" = 3

seconds_since()
{
    awk -v from="$1" -v to="$(date +%s.%N)" 'BEGIN { printf "%.1f", to - from }'
}

load=$(date +%s.%N)
must "load" xsmall -q -s s.xsmall load --base "$made/base.tar" "$made/full.tar" "$made/log"
load=$(seconds_since "$load")
must "chain" xsmall -q -s s.xsmall chain "grep -v ENOENT log.* | grep -v '\"/proc/' | grep -v '\.dist-info'"
answers "nothing breaks" 0 xsmall -q -s s.xsmall breaks >breaks
must "export" xsmall -q -s s.xsmall export -o slim
storage_open
must "storage" storage_add "$made/full.tar" localhost/full:latest
must "storage" storage_add "$made/base.tar" localhost/base:latest
took=$(date +%s.%N)
build_image slim localhost/slim:latest || die "the build"
took=$(seconds_since "$took")
must "run" run_image localhost/slim:latest 1000 python3 /app/app.py >slim.output 2>&1
same "the service answers the same" "$made/output" slim.output
image_config localhost/full:latest >full.config
image_config localhost/slim:latest >slim.config
same "config" full.config slim.config
# file_bytes NAME: prints the bytes of the image's files, hard links once.
file_bytes()
{
    with_mounted "$1" find . -xdev -type f -printf '%i %s\n' | sort -u | awk '{ n += $2 } END { printf "%d", n }'
}
subject=$(file_bytes localhost/full:latest)
slim=$(file_bytes localhost/slim:latest)
forecast=$(sed -n '1s/.*slim image: \([0-9]*\) bytes.*/\1/p' slim/Dockerfile)
# Mount points that a builder's RUN creates are empty: they add no bytes.
equal "forecast" "$slim" "$forecast"
percent=$((100 * slim / subject))
check "$percent % of the subject, at most $most_percent" test "$percent" -le "$most_percent"
check "a subject of 1 GB" test "$subject" -ge 1000000000
figures="| subject | base | slim image | of the subject | files kept | load (image and $(cat "$made"/log/log.* | wc -l) lines) | build | \`COPY\` lines |
|--:|--:|--:|--:|--:|--:|--:|--:|
| $((subject / 1000000)) MB | $(($(file_bytes localhost/base:latest) / 1000000)) MB | $((slim / 1000000)) MB | $percent % | $(xsmall -s s.xsmall files --kept | wc -l) | $load s | $took s | $(grep -c '^COPY' slim/Dockerfile) |"
printf '%s\n' "$figures" | tee table
if [ "${2-}" = --update ]; then
    awk '/^<!-- py-sci -->$/ { print; while ((getline line < "table") > 0) print line; skip = 1 }
        /^<!-- end -->$/ { skip = 0 }
        !skip && !/^<!-- py-sci -->$/' "$here/../../share/doc/benchmarks.md" >page
    cp page "$here/../../share/doc/benchmarks.md"
fi
finish
