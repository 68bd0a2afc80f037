#!/bin/bash
# SPDX-License-Identifier: MIT
# verify.sh, which export writes with --verify, accepts the image that a builder made from the export. It
# reports a file that is changed, missing, added, no longer linked, or has another mode, owner or target.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_build.sh"
. "$here/lib_tree.sh"
need_kernel
cd "$scratch" || exit 1

mkdir odd
make_odd_image "$scratch/odd"
must "unpack" umoci unpack --image odd/oci:odd bundle >umoci.log 2>&1
mkdir bundle/rootfs/names
(
    cd bundle/rootfs/names || exit 1
    for name in 'a b' 'back\slash' '\101' 'quo"te' "a'b" '$HOME' '$(touch pwned)' '`id`' $'new\nline' $'tab\tb' \
        $'esc\e[31m' $'no utf-8 \xff' 'ü' '-n' '%s%n' 'x -> y' 'link to z' 'END' $'cr\rx' 'END	END' ' lead' 'trail '; do
        printf 'in %s' "$name" >"$name"
    done
    ln 'x -> y' 'hard -> x'
    ln -s 'nowhere -> x' 'link -> l'
    ln 'END' 'END	peer'
    echo far >'far link to names'
    ln 'far link to names' 'a link to b link to c'
    ln 'far link to names' 'a'
)
must "repack" umoci repack --image odd/oci:odd bundle >umoci.log 2>&1
must "archive" skopeo copy -q oci:odd/oci:odd docker-archive:odd.tar:localhost/odd:1
must "load" xsmall -q -s s.xsmall load odd.tar
must "keep" xsmall -q -s s.xsmall keep /
must "export" xsmall -q -s s.xsmall export --form tar --verify -o out
check "plain bytes alone" test -z "$(LC_ALL=C grep -a -v '^[ -~	]*$' out/verify.sh)"
storage_open
must "build" build_image out localhost/out:latest
rootfs_tar()
{
    tar -cf - . 2>/dev/null
}
must "its tree" with_mounted localhost/out:latest rootfs_tar >rootfs.tar
for shell in dash bash; do
    equal "$shell: as planned" "" "$($shell out/verify.sh rootfs.tar 2>&1)"
done
answers "from a pipe" 0 sh out/verify.sh <rootfs.tar
mkdir root
tar -C root -xpf rootfs.tar --numeric-owner --same-owner

# reports WHAT WORDS COMMAND...: verify.sh prints WORDS after COMMAND changed a copy of the tree.
reports()
{
    local what=$1 words=$2
    shift 2
    rm -rf changed
    cp -a root changed
    (cd changed && "$@") || die "$what"
    tar -C changed -cf changed.tar .
    answers "$what" 1 sh out/verify.sh changed.tar >report 2>&1
    check "$what: named" grep -qF -- "$words" report
    equal "$what: nothing else is named" 0 "$(grep -vcF -- "$words" report)"
    equal "$what: nothing was run" "" "$(find / -maxdepth 1 -name pwned; find . -name pwned)"
}
append()
{
    printf x >>"$1"
}
relink()
{
    ln -sfn elsewhere "$1"
}
unlink_peer()
{
    cp -a "$1" copy
    mv copy "$1"
}
reports "another content" gone/again append gone/again
reports "the same size" 'names/quo"te: FAILED' sed -i s/in/IN/ 'names/quo"te'
reports "in an odd name" 'names/new\0012line: FAILED' append $'names/new\nline'
reports "a file gone" 'names/$HOME' rm 'names/$HOME'
reports "a file more" '> -rw-r--r-- 0/0 usr/more' touch usr/more
reports "a mode" 'names/a b' chmod 600 'names/a b'
reports "setuid" r-xr-x\ 0/0\  chmod u-s usr/bin/one
reports "an owner" names/-n chown 5:6 names/-n
reports "a target" 'dangling -> ' relink dangling
reports "a link less" '< one file: ' unlink_peer 'names/END	peer'
reports "a directory's mode" ' dirs' chmod 0777 dirs
reports "another link less" '< one file: ' unlink_peer 'names/far link to names'

# The directories that the builder creates for WORKDIR are no difference; with another mode they are.
mkdir -p work/app
echo hello >work/app/a
tar -C work --owner=0 --group=0 -cf work.layer.tar app
work_config='{"os":"linux","architecture":"amd64","config":{"WorkingDir":"/app/new/dir","Cmd":["/app/a"]},'
printf '%s"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$work_config" \
    "$(sha256sum <work.layer.tar | cut -c1-64)" >work.json
printf '[{"Config":"work.json","RepoTags":["localhost/work:1"],"Layers":["work.layer.tar"]}]' >manifest.json
tar -cf work.tar work.json work.layer.tar manifest.json
must "working directory: load" xsmall -q -s w.xsmall load work.tar
must "working directory: keep" xsmall -q -s w.xsmall keep /app
must "working directory: export" xsmall -q -s w.xsmall export --form tar --verify -o work-out
must "working directory: build" build_image work-out localhost/work-out:latest
must "working directory: tree" with_mounted localhost/work-out:latest rootfs_tar >work-root.tar
check "working directory: the builder created it" grep -q 'app/new/dir/' <<<"$(tar -tf work-root.tar)"
equal "working directory: as planned" "" "$(sh work-out/verify.sh work-root.tar 2>&1)"
mkdir work-root
tar -C work-root -xpf work-root.tar
chmod 700 work-root/app/new
tar -C work-root -cf work-root.tar .
answers "working directory: another mode" 1 sh work-out/verify.sh work-root.tar >report
equal "working directory: another mode is named" "> drwx------ 0/0 app/new" "$(cat report)"

# Over a base, the checksums include the base's files.
mkdir -p under/{usr,etc,bin} over/{usr,etc,bin}
echo base >under/etc/base
cp -a under/etc/base over/etc/base
echo kept >over/etc/kept
must "load" xsmall -q -s b.xsmall load --base "$scratch/under" "$scratch/over"
must "keep" xsmall -q -s b.xsmall keep /etc
must "export" xsmall -q -s b.xsmall export --form tar --verify -o over-out
cp -a under root-over
tar -C root-over -xpf over-out/rootfs.tar
tar -C root-over -cf over.tar .
equal "over the base: as planned" "" "$(sh over-out/verify.sh over.tar 2>&1)"
echo Base >root-over/etc/base
touch -r under/etc/base root-over/etc/base
tar -C root-over -cf over.tar .
answers "a file of the base" 1 sh over-out/verify.sh over.tar >report
equal "a file of the base: named" "./etc/base: FAILED" "$(cat report)"
finish
