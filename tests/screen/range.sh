# V: rows marked in one step; y: the copied text.
. "$(dirname "$0")/lib_session.sh"
out=$work/out

# the tree by size: usr, lib, bin, etc in the rows 4 to 7. The last three are dropped in one step.
drive 100x30 > "$out" <<'S'
wait
key j
key V
key G
dump
selected
key -
wait
dump
selected
key u
wait
dump
key U
wait
dump
key u
wait
key V
key k
key y
clipboard
selected
key g
key y
clipboard
key y
dump
S
has 1 "$out" '3 rows  Space keep'
has 2 "$out" '5 6 7 '
has 3 "$out" 'kept 1 files  5.00 kB'
has 3 "$out" '3 paths marked; u undoes it'
has 4 "$out" '7 '
lacks 4 "$out" 6
has 5 "$out" 'kept 5 files'
has 6 "$out" 'kept 1 files'
[ "$(screen 7 "$out")" = "/bin
/etc" ]
lacks 8 "$out" 7 # copied: the range is over
[ "$(screen 9 "$out")" = /usr ]
has 10 "$out" '4 bytes sent to the clipboard'

# lines lead to files: one mark for each file. Escape, another view and V again end a range.
drive 100x30 > "$out" <<'S'
wait
key 2
wait
key V
key G
key Space
wait
dump
key u
key g
key V
key j
key Esc
selected
key V
key j
key V
selected
key V
key j
key 3
key 2
wait
selected
key 5
wait
key V
key j
key Space
dump
key y
clipboard
S
has 1 "$out" '4 paths marked; u undoes it'
lacks 2 "$out" '4 '
has 2 "$out" '5 '
[ "$(screen 3 "$out")" = '6 ' ]
[ "$(screen 4 "$out")" = '7 ' ]
has 5 "$out" 'the rows of this view are not paths'
"$build/xsmall" export -s "$session" > "$work/export"
screen 6 "$out" > "$work/copied"
head -n 2 "$work/export" | cmp - "$work/copied"
