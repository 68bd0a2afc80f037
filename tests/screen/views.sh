# Searching, scrolling, the export, and an empty session.
. "$(dirname "$0")/lib_session.sh"
out=$work/out

# a search finds paths in closed directories and opens them; Esc closes them again
drive 100x30 > "$out" <<'S'
wait
key /
type readm
wait
dump
roles
key Esc
dump
key /
type nowhere
wait
dump
key Enter
wait
dump
key /
type lib/libx
key Enter
wait
dump
key n
wait
dump
S
has 1 "$out" '▾ share/'
has 1 "$out" 'readme'
screen 2 "$out" | grep -q 'mmmmmx' # "readm" of "readme" is highlighted
lacks 3 "$out" 'readme'
has 3 "$out" '▸ usr/'
has 4 "$out" 'not found'
has 5 "$out" 'nowhere: not found'
has 6 "$out" '▾ lib/' # a needle with a slash is looked for in paths
has 6 "$out" 'libx.so.1.2'

# long lines scroll; n and N move through the matches, Enter leads from a line to its file
drive 40x20 > "$out" <<'S'
wait
key 2
key ]
key ]
key ]
key ]
dump
key 2
key /
type readme
wait
key Enter
key Enter
wait
dump
S
lacks 1 "$out" 'execve'
has 2 "$out" '▾ share/'
has 2 "$out" 'readme'

# the export: its forms; an existing file is not overwritten
cd "$work"
echo mine > Dockerfile
drive 120x40 > "$out" <<'S'
wait
key 5
wait
dump
key w
key Enter
dump
key w
key C-u
type out.txt
key Enter
dump
key .
wait
key .
wait
dump
S
has 1 "$out" 'FROM scratch'
has 2 "$out" 'Dockerfile: File exists'
[ "$(cat Dockerfile)" = mine ]
has 3 "$out" 'out.txt: written'
"$build/xsmall" export -s "$session" > expected
diff expected out.txt
screen 4 "$out" | grep -q '^/bin/tool' # from copy over image to list

# the panel's own keys do nothing without filters; each command has a name
drive 100x30 > "$out" <<'S'
wait
key Tab
key d
key Space
key i
key J
key e
key :
type tra
key Enter
wait
dump
key :
type nosuch
key Enter
dump
key ?
dump
key q
dump
S
has 1 "$out" 'lines (H'
has 2 "$out" 'nosuch: unknown command'
has 3 "$out" 'remove the mark (:unmark)'
has 4 "$out" 'lines (H'

# an empty session shows what to do next, and leaves no file
"$build/screen_driver" 80x24 "$work/new.xsmall" > "$out" <<'S'
wait
dump
key 2
dump
key 5
wait
dump
key v
type x
key Esc
key /
type x
key Enter
key -
key w
dump
S
for i in 1 2 3; do has $i "$out" 'This session is empty'; done
has 1 "$out" 'xsmall [--base BASE] IMAGE'
[ ! -e "$work/new.xsmall" ]

# operands are loaded while the explorer runs; a file that is not a log is rejected by name
"$build/screen_driver" 80x24 "$work/loaded.xsmall" "$work/root" "$work/tr" > "$out" <<'S'
wait
dump
S
has 1 "$out" '2 logs, 7 lines'
has 1 "$out" 'kept 5 files'
echo 'not a log' > "$work/other"
"$build/screen_driver" 80x24 "$work/loaded.xsmall" "$work/other" > "$out" <<'S'
wait
dump
S
has 1 "$out" "$(basename "$work")"
has 1 "$out" 'kept 5 files'

# the screen reacts during a load, here of an image whose engine sends nothing; Esc cancels the load,
# and the session is unchanged
mkdir "$work/bin"
printf '#!/bin/sh\nexec sleep infinity\n' > "$work/bin/docker"
chmod +x "$work/bin/docker"
mkdir "$work/more"
awk 'BEGIN { for (i = 0; i < 200000; i++) print "openat(AT_FDCWD, \"/etc/f" i "\", O_RDONLY) = 3" }' \
    > "$work/more/log.9"
PATH="$work/bin:$PATH" "$build/screen_driver" 80x24 "$work/loaded.xsmall" "$work/more" docker:slow > "$out" <<'S'
loading
key 2
dump
key Esc
wait
dump
S
has 1 "$out" 'Esc cancels'
has 1 "$out" 'lines (H'
has 1 "$out" 'exited with 0'
has 2 "$out" 'cancel'
has 2 "$out" '2 logs, 7 lines'
[ "$("$build/xsmall" lines -c -s "$work/loaded.xsmall")" = 7 ]
"$build/screen_driver" 80x24 "$work/loaded.xsmall" "$work/more" > "$out" <<'S'
loading
key v
type exited
key Enter
wait
dump
S
has 1 "$out" '3 logs, 200 007 lines'
has 1 "$out" '200 007 lines → 200 005' # what was decided while it loaded holds

# Enter goes from a line to its file, to why, to its layer; Backspace goes back the same way
drive 100x20 > "$out" <<'S2'
wait
key 2
key j
key j
key Enter
dump
key Enter
wait
dump
key G
key Enter
wait
dump
key Backspace
wait
dump
key g
key Enter
dump
key Backspace
key Backspace
key Backspace
wait
dump
S2
has 1 "$out" '▾ lib/'
has 2 "$out" '/lib/libx.so.1.2: opened'
has 2 "$out" 'layer 1'
has 3 "$out" 'Layers'
has 3 "$out" '1/1'
has 4 "$out" '/lib/libx.so.1.2: opened'
has 5 "$out" '▾ lib/'
has 6 "$out" 'by line'
has 6 "$out" ' 3/7'
