#!/bin/bash
# SPDX-License-Identifier: MIT
# A layer with fewer bytes than its descriptor has, or without bytes, is rejected by name, also without
# --verify. An image without layers is an image without files (umoci unpacks the root directory).
. "$(dirname "$0")/lib_check.sh"
need_tool umoci sqlite3

# rejected WHAT IMAGE PATTERN: the load fails and names layer 1.
rejected()
{
    answers "$1" 2 xsmall -q -s s.xsmall load "$2" 2>stderr
    check "$1: layer" grep -q "layer 1 (sha256:.*$3" stderr
    check "$1: no session" test ! -e s.xsmall
}

# archive LAYERS SOURCES DIFF_IDS: makes docker.tar.
archive()
{
    printf '{"os":"linux","architecture":"amd64","rootfs":{"type":"layers","diff_ids":%s}}' "$3" >config.json
    printf '[{"Config":"config.json","RepoTags":["localhost/a:1"],"Layers":%s,"LayerSources":%s}]' \
        "$1" "$2" >manifest.json
    tar -cf docker.tar config.json manifest.json layer.tar
}

cd "$scratch" || exit 1
mkdir tree
echo content >tree/file
must 'init' umoci init --layout oci 2>/dev/null
must 'new' umoci new --image oci:1 2>/dev/null
must 'OCI, no layers' xsmall -q -s empty.xsmall load oci
equal 'OCI, no layers: files' / "$(xsmall -s empty.xsmall files --all)"
must 'insert' umoci insert --image oci:1 tree /tree 2>/dev/null
must 'one layer' xsmall -q -s whole.xsmall load oci
layer=$(sqlite3 whole.xsmall 'SELECT member FROM image_layer')
check 'there is a layer' test -s "oci/$layer"
truncate -s -1 "oci/$layer"
rejected 'one byte missing' oci 'bytes of'
truncate -s 0 "oci/$layer"
rejected 'no bytes' oci empty

tar -C tree -cf layer.tar file
id=sha256:$(sha256sum layer.tar | cut -c1-64)
size=$(stat -c %s layer.tar)
archive '["layer.tar"]' "{\"$id\":{\"size\":$size,\"digest\":\"$id\"}}" "[\"$id\"]"
must 'docker-archive' xsmall -q -s docker.xsmall load docker.tar
archive '["layer.tar"]' "{\"$id\":{\"size\":$((size + 1)),\"digest\":\"$id\"}}" "[\"$id\"]"
rejected 'fewer bytes than LayerSources has' docker.tar 'bytes of'
gzip -c layer.tar >small && mv small layer.tar
must 'a member that was compressed' archive '["layer.tar"]' "{\"$id\":{\"size\":$size,\"digest\":\"$id\"}}" "[\"$id\"]"
must 'is loaded' xsmall -q -s zipped.xsmall load docker.tar
: >layer.tar
archive '["layer.tar"]' null "[\"$id\"]"
rejected 'a member without bytes' docker.tar empty
for layers in null '[]'; do
    for ids in null '[]'; do
        rm -f none.xsmall
        archive "$layers" null "$ids"
        must "Layers $layers, diff_ids $ids" xsmall -q -s none.xsmall load docker.tar
        equal "Layers $layers, diff_ids $ids: files" / "$(xsmall -s none.xsmall files --all)"
    done
done
finish
