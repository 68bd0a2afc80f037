#!/bin/bash
# SPDX-License-Identifier: MIT
# The smaller forms: lists that GNU tar and rsync accept, for any file names; the removed paths; the
# whole subject image in one layer, with the same config.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_build.sh"
. "$here/lib_tree.sh"
image_ready
cd "$scratch" || exit 1

# Names that can break a list; one of the two directories has no name with a line break.
mkdir -p root/{usr,etc,bin,odd} root/gone
for name in '-C' '--exclude=*' '#comment' ';semi' ' lead' 'trail ' 'back\slash' 'back\nslash' 'star*' 'q?' \
    '[a]' './.dot' $'tab\there' $'no utf-8 \xff' "quo'te" 'dou"ble' '\101' '@at' '/deep/-er'; do
    mkdir -p "$(dirname "root/odd/$name")"
    printf 'in %s' "$name" >"root/odd/$name"
done
touch root/gone/{one,two}
must "load" xsmall -q -s s.xsmall load "$scratch/root"
must "keep" xsmall -q -s s.xsmall keep /odd
(cd root && find . ./odd \( -path ./gone -o -path './[ueb]*' \) -prune -o -print0) | sort -zu | tr '\0' '\n' >want

must "tar's" xsmall -q -s s.xsmall export --form list --style tar -o tar
tar -C root --no-recursion -T tar/list.txt -cf got.tar || check "tar takes it" false
mkdir from-tar
tar -C from-tar -xf got.tar
(cd from-tar && find . -print0) | sort -z | tr '\0' '\n' >got
same "what GNU tar takes" want got
must "rsync's" xsmall -q -s s.xsmall export --form list --style rsync -o rsync
must "rsync" rsync -a --files-from=rsync/list.txt root/ from-rsync
(cd from-rsync && find . -print0) | sort -z | tr '\0' '\n' >got
same "what rsync takes" want got
check "the same contents" diff -r from-tar from-rsync
must "removed" xsmall -q -s s.xsmall export --form removed -o removed
printf '%s\n' /bin /etc /gone /gone/one /gone/two /usr >want.removed
same "removed" want.removed removed/removed.txt
must "as files --dropped" xsmall -s s.xsmall files --dropped >got
same "removed, as files has it" got removed/removed.txt

# A name with a line break: the NUL-separated list and tar's quotes express it, rsync's list cannot.
touch "root/odd/$(printf 'new\nline')"
must "load" xsmall -q -s n.xsmall load "$scratch/root"
must "keep" xsmall -q -s n.xsmall keep /odd
xsmall -s n.xsmall export --form list --style rsync -0 >null.list
rsync -a --from0 --files-from=null.list root/ from-null || check "rsync --from0 takes it" false
must "tar's" xsmall -q -s n.xsmall export --form list --style tar -o tar2
tar -C root --no-recursion -T tar2/list.txt -cf got.tar
mkdir from-tar2
tar -C from-tar2 -xf got.tar
check "the same" diff -r from-null from-tar2
xsmall -s n.xsmall export --form list --style tar -0 >null.list
tar -C root --no-recursion --null -T null.list -cf got0.tar
check "tar --null: the same" cmp got.tar got0.tar
xsmall -s n.xsmall export --form list -0 | tr '\0\n' '\n?' | LC_ALL=C sort >got
xsmall -s n.xsmall files -0 | tr '\0\n' '\n?' | LC_ALL=C sort >want
same "-0, as files -0 has it" want got
check "the name is there" test -e "from-null/odd/$(printf 'new\nline')"
answers "rsync's" 1 xsmall -q -s n.xsmall export --form list --style rsync -o none 2>err
check "names it" grep -qF '/odd/new\nline' err
check "nothing written" test ! -e none
answers "another style" 2 xsmall -q -s n.xsmall export --form list --style cpio 2>err

# With at most 15 files per COPY line BuildKit 0.8 copied all of 320 files on 40 lines; with 16 it failed.
sources()
{
    awk '/^COPY --from=build/ { n = 0 } /^    "\/many\/.*,/ { n++ } /\]$/ { print n }' "$1/Dockerfile"
}
mkdir -p many/{usr,etc,bin,many}
(cd many/many && seq 400 | xargs touch)
must "load" xsmall -q -s many.xsmall load "$scratch/many"
must "keep" xsmall -q -s many.xsmall keep '/many/[1-2]?' '/many/[1-2]??'
must "copy" xsmall -q -s many.xsmall export --form copy -o few 2>err
equal "COPY lines of few files" "220 8" "$(sources few | awk '{ all += $1; most = $1 > most ? $1 : most } END { print all, most }')"
must "keep" xsmall -q -s many.xsmall keep '/many/3??' '/many/[3-9]?'
must "copy" xsmall -q -s many.xsmall export --form copy -o more 2>err
equal "so many files that the lines get longer" "390 16" "$(sources more | awk '{ all += $1; most = $1 > most ? $1 : most } END { print all, most }')"
check "and that is reported" grep -q flightcontrol err

# The plan as a table: each path once, what the form loses of it, and the total size.
mkdir -p planned/{usr/share,etc,bin,odd} below/{usr,etc,bin}
cp -r "$here"/../../{store,tui} planned/usr/share
mkfifo planned/odd/fifo
echo tagged >planned/odd/tagged
setfattr -n user.tag -v word planned/odd/tagged
ln planned/odd/tagged planned/odd/again
echo 'not kept' >planned/etc/motd
must "load" xsmall -q -s plan.xsmall load --base "$scratch/below" "$scratch/planned"
must "keep" xsmall -q -s plan.xsmall keep /usr/share /odd
must "plan" xsmall -q -s plan.xsmall export --form plan --builder buildkit -o plan
equal "the fifo and the tag are lost" "S /odd/fifo:X /odd/again:X /odd/tagged" \
    "$(awk '!/^#/ && $6 != "-" { printf "%s%s %s", sep, $6, $7; sep = ":" }' plan/plan.txt | tr : '\n' | sort | paste -sd:)"
equal "at most one line each" 2 "$(grep -c '^# [SX] ' plan/plan.txt)"
must "buildah's" xsmall -q -s plan.xsmall export --form plan --builder buildah -o plan-buildah
equal "buildah loses nothing" 0 "$(grep -v '^#' plan-buildah/plan.txt | awk '$6 != "-"' | wc -l)"
check "/usr/share comes whole" grep -qE '^whole +dir .* /usr/share$' plan/plan.txt
equal "its bytes" "$(find planned/usr/share -type f -printf '%s\n' | awk '{ n += $1 } END { print n }')" \
    "$(awk '$7 == "/usr/share" { print $5 }' plan/plan.txt)"
must "tar" xsmall -q -s plan.xsmall export --form tar -o plan-tar
is=$(gzip -6 <plan-tar/rootfs.tar | wc -c)
forecast=$(awk '/^# about .* gzipped/ { print $3 }' plan/plan.txt)
check "gzipped $is, forecast $forecast" test $((forecast * 100)) -ge $((is * 90)) -a $((forecast * 100)) -le $((is * 110))

# --why writes comments: the log line, the mark; file names from images stay within their line.
mkdir -p whys/{usr,etc,bin,odd}
printf 'conf' >whys/etc/conf
printf 'x' >"whys/odd/$(printf 'new\nRUN line')"
printf 'x' >whys/odd/left
printf 'openat(AT_FDCWD, "/etc/conf", O_RDONLY) = 3\n' >whys.log.7
must "load" xsmall -q -s why.xsmall load "$scratch/whys" whys.log.7
must "keep" xsmall -q -s why.xsmall keep '/odd/new*'
must "why" xsmall -q -s why.xsmall export --form copy --why -o whys.out
printf '%s\n' '# why /etc, 1 file, /etc/conf: opened, whys.log.7:1' '# why /odd/new\nRUN line: marked keep' >want
grep '^# why' whys.out/Dockerfile >got
same "why" want got
equal "no instruction of theirs" 0 "$(grep -c '^RUN line' whys.out/Dockerfile)"
must "without" xsmall -q -s why.xsmall export --form copy -o whys.without
same "nothing else" <(grep -v '^# why' whys.out/Dockerfile) whys.without/Dockerfile

# The plan as JSON: a strict parser accepts it; it has the bytes of each path and the sizes of the tree.
must "json" xsmall -q -s n.xsmall export --form json -o json
equal "valid" "1 1" "$(sqlite3 -separator ' ' :memory: "SELECT json_valid(j), json_extract(j, '\$.version') FROM (SELECT CAST(readfile('json/plan.json') AS TEXT) AS j)")"
files="json_each(CAST(readfile('json/plan.json') AS TEXT), '\$.files')"
sqlite3 :memory: "SELECT coalesce(json_extract(value, '\$.path_hex'), hex(json_extract(value, '\$.path'))) FROM $files" |
    tr a-f A-F | LC_ALL=C sort >got
xsmall -s n.xsmall files -0 | while IFS= read -r -d '' path; do
    printf %s "$path" | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F
    echo
done | LC_ALL=C sort >want
same "its paths" want got
(cd root && find odd -type f -printf '%s %m %T@\n' | sed 's/\.\([0-9]*\)0$/ \1/' | LC_ALL=C sort) >want
sqlite3 :memory: "SELECT printf('%d %o %d %09d', json_extract(value, '\$.bytes'), 420, json_extract(value, '\$.mtime'), json_extract(value, '\$.mtime_ns'))
    FROM $files WHERE json_extract(value, '\$.kind') = 'file' AND json_extract(value, '\$.mode') = '0644'" | LC_ALL=C sort >got
same "sizes, modes, times" want got
equal "why" "marked keep by the mark on /odd|mark" "$(sqlite3 :memory: "SELECT DISTINCT json_extract(value, '\$.reason'), json_extract(value, '\$.origin') FROM $files WHERE json_extract(value, '\$.kind') = 'file'")"

# The whole image in one layer: config and tree unchanged, without a log, with a shell or without.
umoci_with()
{
    cp -r "$image/oci" oci
    umoci config --image oci:full --config.env 'Y=$HOME "q" '\''s'\'' \ back' --config.env 'E=a b' \
        --config.entrypoint '/bin/sh' --config.entrypoint '-c' --config.entrypoint 'echo "$0" '\''x'\''' \
        --config.cmd '["a"]' --config.cmd '$b' --config.user app --config.workingdir /app/data
    skopeo copy -q oci:oci:full docker-archive:plain.tar:localhost/full:latest
    mkdir docker
    tar -C docker -xf plain.tar
    local config
    config=docker/$(sqlite3 :memory: "SELECT json_extract(readfile('docker/manifest.json'), '\$[0].Config')")
    sqlite3 :memory: "SELECT writefile('$config', json_set(readfile('$config'), '\$.config.Healthcheck',
        json('{\"Test\":[\"CMD-SHELL\",\"test -e \\\"/app/\$X\\\" || exit 1\"],\"Interval\":30000000000}')))" >/dev/null
    rm -f plain.tar
    sed -i "s,\"Config\":\"[^\"]*\",\"Config\":\"config.json\"," docker/manifest.json
    mv "$config" docker/config.json
    tar -C docker -cf full.tar .
}
strictly umoci_with >make.log 2>&1
[ "$strict_status" = 0 ] || { tail -n 30 make.log; die "making the image"; }
storage_open
must "storage" storage_add full.tar localhost/full:latest
must "load" xsmall -q -s full.xsmall load full.tar
must "squash" xsmall -q -s full.xsmall export --squash-only -o squash
must "build" build_image squash localhost/squash:latest
image_config localhost/full:latest >full.config
image_config localhost/squash:latest >squash.config
check "a health check is in it" grep -q CMD-SHELL full.config
same "the config" full.config squash.config
with_mounted localhost/full:latest tree_of . >want
with_mounted localhost/squash:latest tree_of . >got
same "the tree" want got
skopeo inspect --config --raw "$(storage_name localhost/squash:latest)" >squash.json
equal "one layer" 1 "$(sqlite3 :memory: "SELECT json_array_length(readfile('squash.json'), '\$.rootfs.diff_ids')")"
must "as an image" xsmall -q -s full.xsmall export --squash-only --form image -o squash-image
must "load it" xsmall -q -s again.xsmall load --verify squash-image/image.tar
tree_in full.xsmall >want
tree_in again.xsmall >got
same "the image's tree" want got
# The config guard: config entries whose files the slim image lacks. The dependency kind that would add
# the files is disabled.
warned()
{
    xsmall -q -s "$1" export --form tar -o guarded 2>&1 >/dev/null
}
must "load" xsmall -q -s guard.xsmall load full.tar
must "closure" xsmall -q -s guard.xsmall keep --closure=-all
must "keep" xsmall -q -s guard.xsmall keep /usr/bin/python3.11
equal "without a base" "Healthcheck: /bin/sh runs the health check and is missing in the slim image
WorkingDir: /app/data is not a directory in the slim image; the engine creates it: empty, mode 0755, owner root
User: app is not listed in /etc/passwd of the slim image
Entrypoint: /bin/sh is the shell of this command and is missing in the slim image" "$(warned guard.xsmall)"
check "in the Dockerfile too" grep -q "^# User: app is not listed in" guarded/Dockerfile
for passwd in other:x:1:1::/: app:x:1000:1000::/:; do
    rm -rf base
    mkdir -p base/{etc,usr,bin} base/app/data
    echo "$passwd" >base/etc/passwd
    cp /bin/true base/bin/sh
    must "another base" xsmall -q -s guard.xsmall load --base "$scratch/base"
    if [ "${passwd%%:*}" = app ]; then
        equal "a base that has all" "" "$(warned guard.xsmall)"
    else
        equal "a base without the user" "User: app is not listed in /etc/passwd of the slim image" "$(warned guard.xsmall)"
    fi
done
must "the closure brings it" xsmall -q -s guard.xsmall keep --closure=all
must "no base" xsmall -q -s guard.xsmall load --base none
equal "all is there" "" "$(warned guard.xsmall)"
answers "no other form" 2 xsmall -q -s full.xsmall export --squash-only --form tar -o none 2>err
finish
