# The filters: numbers counted by hand, editing, moving, a pasted pipeline, rejected input.
# Of the 7 lines, 4 are openat calls; 1 failed; lines 5 and 7 are exits.
. "$(dirname "$0")/lib_session.sh"
out=$work/out

drive 120x30 > "$out" <<'S'
wait
key 2
key &
type openat
key Enter
key v
type = -1
wait
dump
roles
key Enter
wait
dump
key Tab
key i
wait
dump
key i
key K
wait
dump
key Space
wait
dump
S
# typed, not yet accepted: 4 openat lines; the line that the filter would hide is dim, with its prefix
has 1 "$out" '3 would be left  −1'
has 1 "$out" '7 lines → 4'
dim=$(screen 2 "$out" | grep -c '^d\{20,\}')
[ "$dim" = 1 ] || { echo "$dim dim rows"; screen 2 "$out"; exit 1; }
screen 2 "$out" | grep -q '^p\{4,\}x' # the others have a prefix
has 3 "$out" '7 lines → 3'
screen 3 "$out" | grep -q ' hits [ ─]*unique hits [ ─]*bytes hidden [ ─]*left'
# without the first stage the execve and both exits match again; without the second one more line
screen 3 "$out" | grep -q "1 \[x\] grep 'openat'  *4  *3  *1\.00 kB  *4$"
screen 3 "$out" | grep -q "2 \[x\] grep -v '= -1'  *1  *1  *3$"
has 4 "$out" '7 lines → 1' # inverted
screen 5 "$out" | grep -q "1 \[x\] grep -v '= -1'  *1  *1  *6$"
screen 5 "$out" | grep -q "2 \[x\] grep 'openat'  *3  *3  *1\.00 kB  *3$"
has 6 "$out" "1 [ ] grep -v '= -1'"
has 6 "$out" '7 lines → 4'

# the session has the chain of the screen, in shell syntax; the matching lines are grep's
"$build/xsmall" chain -s "$session" | grep -qF "grep 'openat'"
(cd "$work" && LC_ALL=C grep -ah openat tr/log.1 tr/log.2) > "$work/expected"
"$build/xsmall" lines -s "$session" | sed 's/^[^:]*log\.[12]://' > "$work/lines"
diff "$work/expected" "$work/lines"

# editing in place, and cancelling it
drive 120x30 > "$out" <<'S'
wait
key Tab
key j
key e
key C-w
type exited
wait
dump
key Esc
wait
dump
key e
key C-w
type exited
key Enter
wait
dump
key u
wait
dump
S
has 1 "$out" '> grep exited'
has 1 "$out" '2 would be left'
has 2 "$out" "grep 'openat'"
has 2 "$out" '7 lines → 4'
has 3 "$out" "grep 'exited'"
has 3 "$out" '7 lines → 2'
has 4 "$out" '7 lines → 4'

# a typed pipeline; one that names no loaded log, or is invalid, is rejected and changes nothing
drive 120x30 > "$out" <<'S'
wait
key p
key C-u
type grep openat log.1 | grep -v ENOENT
key Enter
wait
dump
key p
key C-u
type grep openat nowhere.*
key Enter
wait
dump
key Esc
key p
key C-u
type rm -r x
key Enter
dump
S
has 1 "$out" '7 lines → 2'
has 2 "$out" 'nowhere'
has 2 "$out" '7 lines → 2'
has 3 "$out" '7 lines → 2'
"$build/xsmall" chain -s "$session" | grep -qF "grep 'openat' log.1 | grep -v 'ENOENT'"

# pasted text is text: an escape or an Enter in it closes no prompt and runs no action
drive 120x30 > "$out" <<'S'
wait
key v
paste conf\eq
dump
key Esc
dump
paste grep execve log.*\e
wait
dump
key Enter
wait
dump
S
has 1 "$out" '> grep -v conf'
has 2 "$out" '7 lines → 2'
has 3 "$out" 'pipeline: grep execve log.*'
has 3 "$out" '7 lines → 2'
has 4 "$out" '7 lines → 1'

# filters proposed for the row: selected with arrows, counted when selected, edited, accepted
"$build/xsmall" chain -s "$session" ''
drive 80x24 > "$out" <<'S'
wait
key 2
key j
key j
key x
wait
dump
key Down
wait
dump
key Up
key Up
type .1
wait
dump
key Enter
wait
dump
key 1
key G
key X
wait
dump
key Esc
dump
key 5
key x
dump
S
has 1 "$out" '    \.so'
has 1 "$out" '    /lib/'
has 1 "$out" '    openat('
has 1 "$out" '> grep -v \.so'
has 1 "$out" '5 would be left  −2'
has 2 "$out" '> grep -v /lib/'
has 2 "$out" '6 would be left  −1'
has 3 "$out" '> grep -v \.so.1'
has 3 "$out" '6 would be left  −1'
has 4 "$out" "1 [x] grep -v '\.so.1'"
has 4 "$out" '7 lines → 6'
has 5 "$out" '> grep /etc/'
has 5 "$out" '2 would be left  −4'
has 6 "$out" '7 lines → 6'
has 7 "$out" 'this row suggests no pattern'
drive 40x10 > "$out" <<'S'
wait
key 2
key x
wait
dump
S
has 1 "$out" '> grep -v'
has 1 "$out" 'choose a pattern'

# the other keys of the panel. Each of two equal stages is redundant; on paths "openat" matches
# no line; without it the three opened files, 7 010 bytes, match again.
"$build/xsmall" chain -s "$session" "grep openat | grep -v '= -1'"
drive 120x24 > "$out" <<'S'
wait
key Tab
key c
wait
dump
key t
wait
dump
key s
wait
dump
key s
wait
dump
key a
wait
dump
key a
wait
dump
key u
key u
key u
key u
key u
key u
wait
dump
S
screen 1 "$out" | grep -q "1 \[x\] grep 'openat'  *4  *0  *redundant  *4$"
screen 1 "$out" | grep -q "2 \[x\] grep 'openat'  *4  *0  *redundant  *4$"
screen 2 "$out" | grep -q "2 \[x\] path: grep 'openat'  *0  *3  *7\.01 kB  *0$"
has 3 "$out" "1 [ ] grep 'openat'"
has 3 "$out" "2 [x] path: grep 'openat'"
has 3 "$out" '7 lines → 0'
has 4 "$out" "1 [x] grep 'openat'"
has 4 "$out" "3 [x] grep -v"
has 5 "$out" "2 [ ] path: grep 'openat'"
has 5 "$out" '7 lines → 7'
has 6 "$out" "2 [x] path: grep 'openat'"
has 7 "$out" '7 lines → 3'
lacks 7 "$out" '3 [x]'

# without a log the filters apply to the image's paths: 12 of them; /usr/share/doc and everything in it
# is hidden; C-t changes the target of the typed filter
session=$work/paths.xsmall
"$build/xsmall" load -q -s "$session" "$work/root"
drive 120x24 > "$out" <<'S'
wait
key 2
dump
key v
type doc
wait
dump
key Enter
wait
dump
key j
key x
wait
dump
key Esc
key v
key C-t
type x
wait
dump
S
has 1 "$out" 'No log is loaded'
has 1 "$out" '12 paths → 0'
has 2 "$out" '> tree: grep -v doc'
has 2 "$out" '10 would be left  −2'
has 3 "$out" "1 [x] tree: grep -v 'doc'"
has 3 "$out" '12 paths → 10'
has 3 "$out" 'kept 4 files'
has 4 "$out" 'choose a pattern'
has 5 "$out" '> grep -v x'
has 5 "$out" 'no logs are loaded'
(cd "$work/root" && find . -mindepth 1 -printf '/%P\n' && echo /) | LC_ALL=C sort |
    grep -v doc > "$work/expected"
"$build/xsmall" lines -s "$session" > "$work/lines"
diff "$work/expected" "$work/lines"

# hidden lines are shown with the stage that hides each, and labelled; the cursor stays on its line
session=$work/s.xsmall
"$build/xsmall" chain -s "$session" "grep -h -v '= -1' log.* | grep openat"
drive 100x24 > "$out" <<'S'
wait
key 2
key j
dump
key H
dump
key k
key k
key w
dump
key H
dump
S
has 1 "$out" '2/3'
has 2 "$out" '4/7'
screen 2 "$out" | grep -q '^  2 execve'
screen 2 "$out" | grep -q '^  1 openat.*ENOENT'
screen 2 "$out" | grep -q '^    openat.*etc/conf'
has 3 "$out" '2/7'
has 3 "$out" "hidden by stage 1: grep -h -v '= -1'"
has 4 "$out" '1/3'
