# The image compared with its base, counted by hand.
#   base: /bin/sh 100, /bin/tool 50, /etc/conf 10, /etc/link -> conf, /old/x 5
#   image: /bin/sh unchanged, /bin/tool with mode 4755, /etc/conf different, 12, /etc/link -> sh,
#   /new/y 7, without /old
. "$(dirname "$0")/lib_session.sh"
out=$work/out
mkdir -p "$work/base/bin" "$work/base/etc" "$work/base/old"
head -c 100 /dev/zero > "$work/base/bin/sh"
head -c 50 /dev/zero > "$work/base/bin/tool"
printf 0123456789 > "$work/base/etc/conf"
ln -s conf "$work/base/etc/link"
printf 12345 > "$work/base/old/x"
cp -a "$work/base" "$work/new"
chmod 4755 "$work/new/bin/tool"
printf 012345678912 > "$work/new/etc/conf"
ln -sfn sh "$work/new/etc/link"
rm -r "$work/new/old"
mkdir "$work/new/new"
printf 1234567 > "$work/new/new/y"
# Times are equal except where the list below gives one.
for dir in base new; do
    find "$work/$dir" -exec touch -h -d @1700000000 {} +
done
mkdir "$work/new/lib" "$work/base/lib" # a rootfs has two of bin, etc, lib, usr, sbin
touch -d @1700000000 "$work/new/lib" "$work/base/lib" "$work/base"
touch -d @1700000001 "$work/new"
session=$work/d.xsmall
"$build/xsmall" load -q -s "$session" --base "$work/base" "$work/new"

row() { screen "$1" "$2" | grep -E -- " $3( |\$)" | tr -s ' ' | sed 's/^ //; s/ $//'; }
is() {
    [ "$(row "$1" "$2" "$3")" = "$4" ] && return
    echo "screen $1, row of $3: '$(row "$1" "$2" "$3")', not '$4'"
    screen "$1" "$2"
    exit 1
}

drive 100x20 > "$out" <<'S'
wait
key B
wait
dump
key i
key D
key T
dump
key m
dump
key m
key i
key D
key T
key /
type tool
key Enter
wait
key Space
wait
dump
key /
type old/x
key Enter
wait
key Space
dump
key /
type new/y
key Enter
wait
key Enter
wait
dump
key q
S
has 1 "$out" 'A 2  M 2  R 2  ~ 2'
is 1 "$out" /bin/tool '~ 50 B 50 B mode /bin/tool 644 → 4755'
is 1 "$out" /etc/conf 'M 10 B 12 B content /etc/conf'
is 1 "$out" /etc/link 'M link /etc/link conf → sh'
is 1 "$out" /new 'A /new'
is 1 "$out" /new/y 'A 7 B /new/y'
is 1 "$out" /old 'R /old'
is 1 "$out" /old/x 'R 5 B /old/x'
[ "$(screen 1 "$out" | grep -cE '^~ +mtime +/ *$')" = 1 ] || { echo 'the root'; screen 1 "$out"; exit 1; }
lacks 1 "$out" /bin/sh
[ "$(screen 1 "$out" | grep '^[AMR~] ' | grep -o ' /[a-z/]*' | tr -d ' \n')" = "//bin/tool/etc/conf/etc/link/new/new/y/old/old/x" ] ||
    { echo "the order"; screen 1 "$out"; exit 1; }
has 2 "$out" 'A 2 hidden  M 2  R 2 hidden  ~ 2 hidden'
is 2 "$out" /etc/conf 'M 10 B 12 B content /etc/conf'
lacks 2 "$out" /new
lacks 2 "$out" /old
lacks 2 "$out" /bin/tool
has 3 "$out" 'All differences are hidden'
has 4 "$out" 'kept 1 files  50 B of 169 B'
has 5 "$out" 'this path is only in the base image'
is 6 "$out" y '7 B – ░░░░░░░░░ · y' # in the tree

# No difference; no base; no image.
session=$work/same.xsmall
"$build/xsmall" load -q -s "$session" --base "$work/base" "$work/base"
drive 80x24 > "$out" <<'S'
wait
key B
wait
dump
S
has 1 "$out" 'The image is identical to its base.'
session=$work/s.xsmall
drive 80x24 > "$out" <<'S'
wait
key B
wait
dump
key Space
key Enter
key q
dump
S
has 1 "$out" 'No base image is loaded'
session=$work/none.xsmall
"$build/xsmall" load -q -s "$session" "$work/tr"
drive 80x24 > "$out" <<'S'
wait
key B
wait
dump
S
has 1 "$out" 'No image is loaded'
