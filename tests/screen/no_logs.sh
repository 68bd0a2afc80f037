# Without a log the trace view shows the command to run: the image's own command, quoted for a shell.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
mkdir -p "$work/image/layer/bin"
echo x > "$work/image/layer/bin/app"
tar -C "$work/image/layer" -cf "$work/image/l.tar" bin
printf '{"os":"linux","architecture":"amd64","config":{"Entrypoint":["/bin/app","a b"],"Cmd":["it'"'"'s","\\u001b[31m",""]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
    "$(sha256sum "$work/image/l.tar" | cut -d' ' -f1)" > "$work/image/c.json"
printf '[{"Config":"c.json","RepoTags":["app:1"],"Layers":["l.tar"]}]' > "$work/image/manifest.json"
tar -C "$work/image" -cf "$work/app.tar" l.tar c.json manifest.json
session=$work/app.xsmall
"$build/xsmall" load -q -s "$session" "$work/app.tar"
drive 120x30 > "$out" <<'S'
wait
key 2
wait
dump
size 40x10
dump
S
has 1 "$out" "strace -ff -y -e trace=%file,%process,fchdir,mmap -o /tmp/log /bin/app 'a b' 'it'\\''s' '\\x1b[31m' ''"
has 1 "$out" 'xsmall load log.*'
has 1 "$out" 'xsmall run'
has 2 "$out" 'No log is loaded.'
