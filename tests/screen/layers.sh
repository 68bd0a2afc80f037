# The layers and the tree of each: three layers of files counted by hand.
#   1: /bin/tool 1000, /etc/conf 10, /usr/doc/a 300, /usr/doc/b 400, /usr/lib/x 2000; 6 directories
#      (/bin /etc /usr /usr/doc /usr/lib and the root, which does not count as a change)
#   2: /etc/conf with other content, 10, /usr/lib/x unchanged except for its mode, /opt/new 70; removes
#      /usr/doc/a
#   3: removes /usr/doc
# The image shows: tool 1000, conf 10, x 2000, new 70. Waste: in 1 conf 10, a 300, b 400, x 2000.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
mkdir -p "$work/1/bin" "$work/1/etc" "$work/1/usr/doc" "$work/1/usr/lib" "$work/2/etc" \
    "$work/2/usr/lib" "$work/2/usr/doc" "$work/2/opt" "$work/3/usr" "$work/image"
head -c 1000 /dev/zero > "$work/1/bin/tool"
printf 0123456789 > "$work/1/etc/conf"
head -c 300 /dev/zero > "$work/1/usr/doc/a"
head -c 400 /dev/zero > "$work/1/usr/doc/b"
head -c 2000 /dev/zero > "$work/1/usr/lib/x"
printf 9876543210 > "$work/2/etc/conf"
head -c 2000 /dev/zero > "$work/2/usr/lib/x"
chmod 755 "$work/2/usr/lib/x"
head -c 70 /dev/zero > "$work/2/opt/new"
: > "$work/2/usr/doc/.wh.a"
: > "$work/3/usr/.wh.doc"
pack() { tar -C "$work/$1" --format=ustar -cf "$work/image/$1.tar" "${@:2}"; }
pack 1 bin etc usr
pack 2 etc/conf usr/lib/x usr/doc/.wh.a opt
pack 3 usr/.wh.doc
digest() { printf '%064d' "$1"; }
cat > "$work/image/c.json" <<J
{"os":"linux","config":{},"history":[{"created_by":"COPY all"},{"created_by":"RUN change"},
{"created_by":"RUN rm -r /usr/doc"}],
"rootfs":{"type":"layers","diff_ids":["sha256:$(digest 1)","sha256:$(digest 2)","sha256:$(digest 3)"]}}
J
printf '[{"Config":"c.json","RepoTags":["t:1"],"Layers":["1.tar","2.tar","3.tar"]}]' \
    > "$work/image/manifest.json"
tar -C "$work/image" -cf "$work/t.tar" 1.tar 2.tar 3.tar c.json manifest.json
session=$work/l.xsmall
"$build/xsmall" load -q -s "$session" "$work/t.tar"

# row N FILE NAME: prints the row of the N-th dump that ends in NAME, spaces squeezed
row() { screen "$1" "$2" | grep -E -- " $3( |\$)" | tr -s ' ' | sed 's/^ //'; }
# is N FILE NAME WANT: the row must be WANT
is() {
    [ "$(row "$1" "$2" "$3")" = "$4" ] && return
    echo "screen $1, row of $3: '$(row "$1" "$2" "$3")', not '$4'"
    screen "$1" "$2"
    exit 1
}

# the list; Enter shows the changes of a layer; one key per class; the tree up to a layer; all changes
drive 100x24 > "$out" <<'S'
wait
key 6
wait
dump
key k
key Enter
dump
key /
type conf
key Enter
wait
dump
key /
type lib/x
key Enter
wait
key D
dump
key D
key T
key m
key i
dump
key T
key m
key i
key .
dump
key q
S
is 1 "$out" 'COPY all' '1 3.71 kB 2.71 kB 10 COPY all'
is 1 "$out" 'RUN change' '2 2.08 kB 4 1 RUN change hides 300 B of lower layers'
is 1 "$out" 'RUN rm -r /usr/doc' '3 0 B 0 2 RUN rm -r /usr/doc hides 400 B of lower layers'
has 1 "$out" 'layers █▄▁ all'
has 2 "$out" 'layers █[▄]▁ layer 2 only'
own=$(id -u):$(id -g)
is 2 "$out" 'usr/' '2.30 kB 2 755 0:0 ▸ usr/' # x 2000 and what a had, 300
is 2 "$out" 'opt/' "A 70 B 2 755 $own ▸ opt/"
lacks 2 "$out" 'bin/'
is 3 "$out" 'conf' "M 10 B 644 $own conf"
lacks 4 "$out" 'doc/'
is 4 "$out" 'x' "~ 2.00 kB 755 $own x"
is 5 "$out" 'doc/' "300 B 1 755 0:0 ▸ doc/"
lacks 5 "$out" 'opt/'
has 6 "$out" 'up to layer 2'
is 6 "$out" 'bin/' "1.00 kB 755 $own ▸ bin/"
is 6 "$out" 'doc/' "400 B 1 755 $own ▸ doc/" # b
is 6 "$out" 'opt/' "A 70 B 2 755 $own ▸ opt/"

# f cycles; a mark in a layer's tree is a mark of the image; a removed path cannot be marked
drive 80x24 > "$out" <<'S'
wait
key .
wait
dump
key .
dump
key .
dump
key 6
key k
key Enter
key /
type conf
key Enter
wait
key Space
wait
key /
type usr/doc/a
key Enter
wait
key Space
dump
key .
key .
wait
key /
type conf
key Enter
wait
dump
S
is 1 "$out" 'usr/' '400 B 2 755 0:0 ▸ usr/' # b, and doc itself
has 1 "$out" 'layers █▄[▁] layer 3 only'
has 2 "$out" 'layers █▄[▁] up to layer 3'
has 3 "$out" 'layers █▄▁ all'
has 4 "$out" '/usr/doc/a: not in the final image'
row 5 "$out" 'conf' | grep -q '^10 B 10 B .* + conf  *marked keep'

# layer waste, with dive's figures: of each path the smallest size in all layers, conf 10 10, a 300 0, x
# 2000 2000, b 400, tool 1000, new 70, doc 0 (2 has no entry for it: dive does not count it as a
# directory): 3480 of 5790; conf, a and x occur twice.
drive 120x24 > "$out" <<'S'
wait
key d
wait
dump
key /
type conf
key Enter
wait
key Enter
wait
dump
key d
key /
type doc/b
key Enter
wait
key Enter
dump
key q
dump
S
dead() { screen 1 "$out" | grep -E -- " $1( |\$)" | tr -s ' ' | sed 's/^ //; s/ $//'; }
[ "$(dead /usr/lib/x)" = '2.00 kB 1 2 rewritten /usr/lib/x' ]
[ "$(dead /usr/doc/b)" = '400 B 1 3 whiteout above /usr/doc/b' ]
[ "$(dead /usr/doc/a)" = '300 B 1 2 whiteout /usr/doc/a' ]
[ "$(dead /etc/conf)" = '10 B 1 2 overwritten /etc/conf' ]
has 1 "$out" '2.71 kB; dive: efficiency 60.10 %, wasted 4.32 kB'
has 2 "$out" 'conf'
lacks 2 "$out" 'dive:'
has 3 "$out" '/usr/doc/b: not in the final image'
lacks 4 "$out" 'dive:'

# narrow, wide, and no image
drive 40x10 > "$out" <<'S'
wait
key 6
wait
dump
key Enter
dump
S
has 1 "$out" '    3       0 B'
has 2 "$out" '▸ usr/'
drive 200x60 > "$out" <<'S'
wait
key 6
wait
dump
S
has 1 "$out" 'RUN rm -r /usr/doc  hides 400 B of lower layers'
# the layers are read and no layer is chosen: the trees are sorted and filtered as usual
drive 80x24 > "$out" <<'S'
wait
key 6
wait
key q
key s
key f
type *
key Enter
wait
dump
S
has 1 "$out" 'filter: *'
session=$work/none.xsmall
"$build/xsmall" load -q -s "$session" "$work/tr"
drive 80x24 > "$out" <<'S'
wait
key 6
wait
dump
key Enter
key q
key 1
key .
wait
dump
S
has 1 "$out" 'No image is loaded'
has 2 "$out" 'No image is loaded'
