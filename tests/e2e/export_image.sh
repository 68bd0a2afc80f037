#!/bin/bash
# SPDX-License-Identifier: MIT
# Form image: skopeo and umoci accept the archives, which contain the planned tree, the subject's config,
# correct digests and, on request, the base's own layers. A second export writes the same bytes.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_tree.sh"
need_kernel
image_ready
cd "$scratch" || exit 1

# unpacked ARCHIVE DIR: unpacks by skopeo, which checks digests, and umoci.
unpacked()
{
    must "skopeo copies ${1%%:*} $2" skopeo copy -q "$1" "oci:oci-$2:x"
    must "umoci unpacks $2" umoci unpack --image "oci-$2:x" "$2" >umoci.log 2>&1
}
# facts DIR: prints the tree, contents, times and attributes of the directory.
facts()
{
    tree_of "$1"
    contents_of "$1"
    (cd "$1" && find . -mindepth 1 ! -type d -printf '%P %Ts\n' | LC_ALL=C sort)
    (cd "$1" && getfattr -Rhd -m - . 2>/dev/null)
}
# in_json PATH <DOCUMENT: prints the value at the path.
in_json()
{
    cat >"$scratch/document"
    sqlite3 :memory: "SELECT json_extract(readfile('$scratch/document'), '$1')"
}
config_of()
{
    skopeo inspect --config --raw "$1" >"$scratch/config.json"
    sqlite3 :memory: "SELECT fullkey, quote(atom) FROM json_tree(readfile('$scratch/config.json'), '\$.$2') ORDER BY 1"
}

# An image with an entry of each kind; all are kept.
mkdir odd
make_odd_image "$scratch/odd"
must "an archive" skopeo copy -q oci:odd/oci:odd docker-archive:odd.tar:localhost/odd:1
unpacked docker-archive:odd.tar odd.bundle
facts odd.bundle/rootfs >want
must "load" xsmall -q -s odd.xsmall load odd.tar
must "keep" xsmall -q -s odd.xsmall keep /
for style in docker oci; do
    must "export $style" xsmall -q -s odd.xsmall export --form image --style "$style" -o "odd-$style"
    equal "$style: no other file" image.tar "$(ls -A "odd-$style")"
    must "$style again, elsewhere" env LC_ALL=C.UTF-8 TZ=Asia/Tokyo sh -c 'umask 077 && "$@"' sh \
        "$build/xsmall" -q -s odd.xsmall export --form image --style "$style" -o "again-$style"
    check "$style: the same bytes" cmp "odd-$style/image.tar" "again-$style/image.tar"
done
unpacked docker-archive:odd-docker/image.tar docker
unpacked oci-archive:odd-oci/image.tar oci
for style in docker oci; do
    facts "$style/rootfs" >got
    # No archive can contain a socket.
    grep -v "$(printf '\tsocket\t')" want >want.some
    same "$style: the tree" want.some got
done

# The real image on its base: squashed, and on the base's own layers.
must "load" xsmall -q -s s.xsmall load --base "$image/base.tar" "$image/full.tar" "$image/log"
must "chain" xsmall -q -s s.xsmall chain "grep -v '= -1'"
must "squashed" xsmall -q -s s.xsmall export --form image -o one
must "over the base" xsmall -q -s s.xsmall export --form image --no-squash -o over
unpacked docker-archive:one/image.tar one.bundle
unpacked docker-archive:over/image.tar over.bundle
unpacked "docker-archive:$image/full.tar" full.bundle
unpacked "docker-archive:$image/base.tar" base.bundle
# By hand, with GNU tar: the base, and over it the paths that `xsmall files` prints.
xsmall -s s.xsmall files -0 | sed -z 's,^/,./,' >kept
tar -C full.bundle/rootfs --numeric-owner --xattrs --xattrs-include='*' --no-recursion --null -T kept -cf kept.tar
tar -C base.bundle/rootfs --numeric-owner --same-owner --xattrs --xattrs-include='*' -xpf kept.tar
facts base.bundle/rootfs >want
facts one.bundle/rootfs >got
same "squashed: base and kept" want got
facts over.bundle/rootfs >got
same "over the base: facts" want got
bytes=$(find one.bundle/rootfs -type f -printf '%i %s\n' | sort -u | awk '{ n += $2 } END { print n }')
equal "the forecast" "$bytes" "$(in_json '$.final_bytes' <<<"$(xsmall -s s.xsmall report --json)")"

config_of "docker-archive:$image/full.tar" config >want
for image_tar in one over; do
    config_of "docker-archive:$image_tar/image.tar" config >got
    same "$image_tar: the config" want got
done
config_of "docker-archive:$image/base.tar" rootfs.diff_ids | grep sha256 | cut -d"'" -f2 >base.ids
config_of docker-archive:over/image.tar rootfs.diff_ids | grep sha256 | cut -d"'" -f2 >over.ids
equal "one layer more than the base" "$(($(wc -l <base.ids) + 1))" "$(wc -l <over.ids)"
same "the base's layers" base.ids <(head -n -1 over.ids)
equal "squashed: one layer" 1 "$(config_of docker-archive:one/image.tar rootfs.diff_ids | grep -c sha256)"
for image_tar in one over; do
    equal "$image_tar: as many entries in the history as layers" \
        "$(config_of "docker-archive:$image_tar/image.tar" rootfs.diff_ids | grep -c sha256)" \
        "$(sqlite3 :memory: "SELECT count(*) FROM json_each(readfile('config.json'), '\$.history') WHERE NOT coalesce(json_extract(value, '\$.empty_layer'), 0)")"
done
equal "its name" '["localhost/full:latest-slim"]' \
    "$(tar -xOf one/image.tar manifest.json | in_json '$[0].RepoTags')"

# xsmall loads what it wrote; the digests are verified.
must "load it" xsmall -q -s one.xsmall load --verify one/image.tar
must "load it" xsmall -q -s over.xsmall load --verify over/image.tar
tree_in one.xsmall >want
tree_in over.xsmall >got
same "the same tree in the session" want got

# A config that is not an OCI config is reported; a root file system without a config gets one.
mkdir changed
tar -C changed -xf "$image/full.tar"
config=changed/$(in_json '$[0].Config' <changed/manifest.json)
sqlite3 :memory: "SELECT writefile('$config', json_set(readfile('$config'), '\$.config.Healthcheck', json('{\"Test\":[\"CMD\",\"/usr/bin/busybox\"]}')))" >/dev/null
tar -C changed -cf docker.tar .
must "load" xsmall -q -s docker.xsmall load docker.tar
must "keep" xsmall -q -s docker.xsmall keep /app
must "export" xsmall -q -s docker.xsmall export --form image --style oci -o docker-oci 2>err
equal "what it loses" "Healthcheck omitted: not part of the OCI image config; use --style docker" "$(cat err)"
must "export" xsmall -q -s docker.xsmall export --form image -o docker-docker 2>err
equal "docker loses nothing" "" "$(cat err)"
equal "it is there" '{"Test":["CMD","/usr/bin/busybox"]}' \
    "$(skopeo inspect --config --raw docker-archive:docker-docker/image.tar | in_json '$.config.Healthcheck')"
mkdir -p root/bin root/etc root/usr
cp /bin/true root/bin/
must "load a directory" xsmall -q -s root.xsmall load root
must "keep" xsmall -q -s root.xsmall keep /
must "export" xsmall -q -s root.xsmall export --form image -o root-image
skopeo inspect --config --raw docker-archive:root-image/image.tar >config.json
equal "its architecture" "$(dpkg --print-architecture) linux" \
    "$(in_json '$.architecture' <config.json) $(in_json '$.os' <config.json)"
answers "without -o" 2 xsmall -s s.xsmall export --form image >out 2>err
check "nothing on stdout" test ! -s out
answers "another style" 2 xsmall -s s.xsmall export --form image --style flat -o none 2>err
check "names the styles" grep -q "docker, oci" err
finish
