# An archive with several images: the screen lists them, and the chosen image is loaded.
. "$(dirname "$0")/lib_term.sh"
cd "$work"
mkdir -p image/a/etc image/b/etc
echo first > image/a/etc/first
echo second > image/b/etc/second
tar -C image/a --format=ustar -cf image/a.tar etc
tar -C image/b --format=ustar -cf image/b.tar etc
config() # NAME ARCHITECTURE
{
    printf '{"os":"linux","architecture":"%s","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$2" "$(sha256sum "image/$1.tar" | cut -d' ' -f1)" > "image/$1.json"
}
config a amd64
config b arm64
printf '[{"Config":"a.json","RepoTags":["app:old"],"Layers":["a.tar"]},{"Config":"b.json","RepoTags":["app:new\\u001b[31m"],"Layers":["b.tar"]}]' \
    > image/manifest.json
tar -C image -cf two.tar a.tar b.tar a.json b.json manifest.json

# on the command line it is an error that lists them
if "$build/xsmall" -s n.xsmall load two.tar > n.out 2> n.err; then
    echo "not refused"
    exit 1
fi
grep -qF '1 app:old (linux/amd64), 2 app:new' n.err || { cat n.err; exit 1; }
[ ! -e n.xsmall ]

keep_server
start() { tm -f /dev/null new-session -d -s t -x "$1" -y "$2" "$build/xsmall -s c.xsmall two.tar; echo left \$?; sleep infinity"; }
loaded() { "$build/xsmall" -s c.xsmall sql "SELECT path FROM v_file WHERE kind = 'file'"; }

start 80 24
see 'two.tar: 2 images; choose one'
see 'app:old'
see 'linux/arm64'
see 'app:new\x1b[31m'
keys j Enter
see 'etc/'
keys q
see 'left 0'
[ "$(loaded)" = /etc/second ] || { loaded; exit 1; }
tm kill-session -t t
rm -f c.xsmall*

# leaving selects no image and makes no file; on a small screen, resized, searched
start 40 10
see 'choose one'
tm resize-window -t t -x 30 -y 4
see 'app:old'
tm resize-window -t t -x 80 -y 24
keys / o l d Enter q
see 'left 0'
[ ! -e c.xsmall ]
tm kill-session -t t
start 80 24
see 'choose one'
keys / n e w Enter Enter
see 'etc/'
keys q
see 'left 0'
[ "$(loaded)" = /etc/second ] || { loaded; exit 1; }
