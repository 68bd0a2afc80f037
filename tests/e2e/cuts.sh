#!/bin/bash
# SPDX-License-Identifier: MIT
# Each limit is reported: input just past a limit of share/doc/limits.md makes a problem row, or is
# rejected with a message that names the limit.
. "$(dirname "$0")/lib_check.sh"
cd "$scratch" || exit 1

# problems SESSION WHERE: prints the problem rows of WHERE, one "n what" per line.
problems()
{
    sqlite3 -separator ' ' "$1" "SELECT n, what FROM v_problem WHERE where_ = '$2'"
}

# --- Dependencies of a file: 8192, and 64 KiB of a loader's configuration.
mkdir -p needs/etc/ld.so.conf.d needs/bin needs/usr
seq -f '/%.0f' 8192 >needs/etc/ld.so.conf.d/most.conf
seq -f '/%.0f' 8193 >needs/etc/ld.so.conf.d/more.conf
yes '#' | head -c 65537 >needs/etc/ld.so.conf
versions()
{
    seq "$1" | awk '{ printf "V_%d { global: f%d; };\n", $1, $1 }' >versions.map
    seq "$1" | awk '{ printf "void f%d(void) {}\n", $1 }' >versions.c
    must "versions" cc -shared -fPIC -O0 -Wl,--version-script,versions.map -o "needs/usr/$2.so" versions.c
}
versions 4095 most # and the base definition: its own name
versions 4096 more
must "needs" xsmall -q -s needs.xsmall load needs
equal "4096 versions" "" "$(problems needs.xsmall usr/most.so)"
equal "4097 versions" "1 more dynamic entries or symbol versions than are read of a file" \
    "$(problems needs.xsmall usr/more.so)"
equal "8192 needs" "" "$(problems needs.xsmall etc/ld.so.conf.d/most.conf)"
equal "8193 needs" "1 more than 8192 needs, or 1048576 bytes of them: the rest is not followed" \
    "$(problems needs.xsmall etc/ld.so.conf.d/more.conf)"
equal "65537 bytes of ld.so.conf" "1 only its first 65536 bytes are read" \
    "$(problems needs.xsmall etc/ld.so.conf)"

# --- Processes: 65536 that exist at the same time; each has a line.
seq -f '%.0f openat(AT_FDCWD, "/etc/f", O_RDONLY) = 3' 65539 >processes.log
must "processes" xsmall -q -s processes.xsmall load processes.log
equal "65539 processes" "3 lines left out, of processes beyond the 65536 that are followed at a time" \
    "$(problems processes.xsmall processes.log | grep followed)"
equal "65539 processes: accesses" 65536 "$(xsmall -s processes.xsmall sql 'SELECT count(*) FROM v_access')"
check "65539 processes: reported" grep -q ' processes, ' <(xsmall -s processes.xsmall report)

# --- Descriptors: 4096 of one process.
left_out="calls whose descriptors are beyond those followed (4096 of a process, 1048576 of all)"
seq -f '7 openat(AT_FDCWD, "/etc/f", O_RDONLY) = %.0f' 3 4101 >descriptors.log
echo '7 openat(4101, "below", O_RDONLY) = 3' >>descriptors.log
must "descriptors" xsmall -q -s descriptors.xsmall load descriptors.log
equal "4099 descriptors" "3 $left_out" "$(problems descriptors.xsmall descriptors.log | grep followed)"
equal "4099 descriptors: below one left out" "below" \
    "$(xsmall -s descriptors.xsmall sql "SELECT path FROM v_access WHERE path LIKE '%below'")"

# --- And 2^20 in total: 256 processes that inherit 4096 and open one more exceed the limit.
{
    seq -f '7 openat(AT_FDCWD, "/etc/f", O_RDONLY) = %.0f' 3 4098
    for pid in $(seq 1001 1256); do
        echo "7 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD) = $pid"
        echo "$pid close(3) = 0"
    done
    echo '1256 openat(4, "below", O_RDONLY) = 3'
} >all.log
must "all descriptors" xsmall -q -s all.xsmall load all.log
equal "descriptors of all" "1 $left_out" "$(problems all.xsmall all.log | grep followed)"
equal "descriptors of all: below one left out" "below" \
    "$(xsmall -s all.xsmall sql "SELECT path FROM v_access WHERE path LIKE '%below'")"

# --- Lists of images: 1000 entries.
echo hello >small
tar -cf l small
layer=$(sha256sum <l | cut -d' ' -f1)
printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$layer" >config.json

# listed N: prints the N lines of input as a JSON list.
listed()
{
    head -n "$1" | paste -sd, | sed 's/.*/[&]/'
}

# refused_list WHAT FILE WORDS: loading FILE is rejected with a message that contains WORDS.
refused_list()
{
    answers "$1" 2 xsmall -q -s images.xsmall load --image 1 "$2" 2>stderr
    equal "$1: message" "xsmall: $scratch/$2: $3" "$(cat stderr)"
    check "$1: no session" test ! -e images.xsmall
}

docker_list()
{
    yes '{"Config":"config.json","RepoTags":["limit:1"],"Layers":["l"]}' | listed "$1" >manifest.json
    tar -cf "docker.$1.tar" manifest.json config.json l
}

docker_list 1000
must "1000 images" xsmall -q -s most.xsmall load --image 1 docker.1000.tar
docker_list 1001
refused_list "1001 images" docker.1001.tar "manifest.json: more than 1000 entries in its list of images"

# blob FILE: adds the file to the layout and prints its descriptor.
blob()
{
    local digest
    digest=$(sha256sum <"$1" | cut -d' ' -f1)
    cp "$1" "layout/blobs/sha256/$digest"
    printf '{"digest":"sha256:%s","size":%d}' "$digest" "$(stat -c %s "$1")"
}

# index LIST: writes layout/index.json
index()
{
    printf '{"schemaVersion":2,"manifests":%s}' "$1"
}

mkdir -p layout/blobs/sha256
echo '{"imageLayoutVersion":"1.0.0"}' >layout/oci-layout
printf '{"schemaVersion":2,"config":%s,"layers":[%s]}' "$(blob config.json)" "$(blob l)" >manifest
image=$(blob manifest)
index "$(yes "$image" | listed 1000)" >layout/index.json
must "1000 entries of an index" xsmall -q -s most_oci.xsmall load layout
index "$(yes "$image" | listed 1001)" >layout/index.json
refused_list "1001 entries of an index" layout "index.json: more than 1000 entries in its list of images"

# --- Nested indexes: four levels.
nested=$image
for depth in 1 2 3 4 5; do
    index "[$nested]" >index
    nested=$(blob index)
    index "[$nested]" >layout/index.json
    [ $depth = 5 ] || must "an index in $depth" xsmall -q -s "nested$depth.xsmall" load layout
done
refused_list "an index in five" layout "index.json: more than 4 nested indexes"
index "[$image,$nested]" >layout/index.json
refused_list "an index in five, next to an image" layout "index.json: more than 4 nested indexes"

# --- The image list of docker before 1.10.
seq -f '"t%.0f":"aa"' 1001 | paste -sd, | sed 's/.*/{"limit":{&}}/' >repositories
mkdir aa
echo '{"id":"aa","os":"linux"}' >aa/json
cp l aa/layer.tar
tar -cf old.tar repositories aa
refused_list "1001 tags" old.tar "repositories: more than 1000 entries in its list of images"
finish
