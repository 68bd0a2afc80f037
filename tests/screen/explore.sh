# The explorer's views over a session counted by hand.
. "$(dirname "$0")/lib_session.sh"
out=$work/out

drive 100x30 > "$out" <<'S'
wait
dump
key 2
wait
dump
key v
type doc
wait
dump
key Enter
wait
dump
key u
wait
dump
key U
wait
dump
key 3
dump
S
has 1 "$out" '2 logs, 7 lines'
has 1 "$out" 'kept 5 files  8.01 kB of 8.01 kB'
has 1 "$out" '▸ usr/'
has 2 "$out" 'log.2:openat(AT_FDCWD, "/usr/share/doc/readme", O_RDONLY) = 3'
has 3 "$out" 'grep -v doc'
has 3 "$out" '6 would be left'
has 3 "$out" '−1'
has 3 "$out" 'kept 5 files' # nothing is decided yet
has 4 "$out" 'kept 4 files  3.01 kB of 8.01 kB'
has 4 "$out" '7 lines → 6'
lacks 4 "$out" readme
has 5 "$out" 'kept 5 files'
has 6 "$out" 'kept 4 files'
has 7 "$out" '/lib/libx.so.1 → libx.so.1.2'
lacks 7 "$out" readme

# marks: drop /lib, keep the doc; the tree opens and closes
drive 100x30 > "$out" <<'S'
key s
key s
wait
dump
key j
key j
key -
wait
dump
key Enter
dump
key w
dump
S
has 1 "$out" '▸ bin/'
has 2 "$out" 'kept 2 files  1.01 kB' # /bin/tool and /etc/conf
has 3 "$out" '▾ usr/'
has 3 "$out" '▸ share/'
has 4 "$out" '/usr'
"$build/xsmall" files -s "$session" > "$work/files"
printf '%s\n' / /bin /bin/tool /etc /etc/conf > "$work/expected"
diff "$work/expected" "$work/files"

# a pattern that grep rejects is not accepted; the panel toggles and deletes
drive 100x30 > "$out" <<'S'
wait
key &
type \(
wait
dump
key Esc
key Tab
key Space
wait
dump
key Space
key d
wait
dump
S
has 1 "$out" 'Unmatched ( or \('
has 2 "$out" '1 [ ] grep -v'
has 3 "$out" '7 lines → 7'

# the screen is painted at each size, also the smallest; no row is longer than the screen
for size in 40x10 80x24 200x60 20x5 1x1; do
    printf 'wait\ndump\nkey 2\nkey v\ntype x\nwait\ndump\nkey Esc\nkey 4\ndump\nkey 5\ndump\nkey ?\ndump\n' |
        drive "$size" > "$out"
    [ "$(grep -c '^==$' "$out")" = 5 ]
    width=$(grep -v '^==$' "$out" | LC_ALL=C.UTF-8 wc -L)
    [ "$width" -le "${size%x*}" ] || { echo "$size: a row of $width columns"; exit 1; }
done
