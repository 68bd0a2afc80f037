# Exports with several files, written from the screen into a directory; no file is overwritten.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
drive 100x30 > "$out" <<S
wait
key 5
wait
dump
key .
wait
dump
key o
dump
key C-u
type $work/image
key Enter
wait
dump
key o
key C-u
type $work/image
key Enter
wait
dump
S
has 1 "$out" 'COPY --from=build'
has 2 "$out" '# image.tar: root:latest-slim, a docker-archive'
has 2 "$out" 'one layer with the kept files'
has 3 "$out" 'write to directory: slim'
has 4 "$out" 'form image written to'
has 5 "$out" ': file exists; choose another directory'
tar -xOf "$work/image/image.tar" manifest.json | grep -q '"RepoTags":\["root:latest-slim"\]'
layer=$(tar -tf "$work/image/image.tar" | grep '\.tar$')
tar -xOf "$work/image/image.tar" "$layer" | tar -t | LC_ALL=C sort > "$work/got"
"$build/xsmall" files -s "$session" | sed 's,^/,,' | LC_ALL=C sort > "$work/want"
sed 's,/$,,; s,^\.$,,' "$work/got" | LC_ALL=C sort | cmp - "$work/want"

# the plan as a table; then rootfs.tar next to its Dockerfile
drive 100x30 > "$out" <<S
wait
key 5
wait
key .
wait
key .
wait
key .
wait
key .
wait
key .
wait
dump
key .
wait
key .
wait
key o
key C-u
type $work/tar
key Enter
wait
dump
S
ls "$work/tar" | cat > "$work/got"
printf 'Dockerfile\nrootfs.tar\n' | cmp - "$work/got"
has 1 "$out" ' plan '
has 1 "$out" 'how  kind   mode'
has 1 "$out" '5 files kept, 8010 bytes'
