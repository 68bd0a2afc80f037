# Keys bound by the user's configuration; the screen shows them.
. "$(dirname "$0")/lib_session.sh"
name_logs_shortly
out=$work/out

printf 'bind z quit\nunbind Space\nbind Enter why\nbind ( pipeline\n' > "$work/config"
drive 100x30 > "$out" <<S
config $work/config
wait
dump
key Enter
dump
key Backspace
key (
dump
S
lacks 1 "$out" 'Space keep'
has 1 "$out" '+ keep'
has 2 "$out" 'Why'
has 2 "$out" '/usr'
has 3 "$out" ' pipeline: grep'

# ? lists the actions of the view first, with the configured keys
drive 100x90 > "$out" <<S
config $work/config
wait
key 5
key ?
dump
S
[ "$(screen 1 "$out" | sed -n 3p)" = symbols ]
[ "$(screen 1 "$out" | grep -xE 'here|everywhere' | head -n 1)" = here ]
screen 1 "$out" | sed -n '/^here/,/^everywhere/p' > "$work/here"
grep -q '^  o .*(:write)' "$work/here"
if grep -q ':keep)' "$work/here"; then exit 1; fi
has 1 "$out" '  q z            quit;'

# g and G: the first and the last row
drive 80x24 > "$out" <<'S'
wait
key 2
wait
key G
dump
key g
dump
S
has 1 "$out" '7/7'
has 2 "$out" '1/7'

# an invalid configuration ends the program before it opens the screen
mkdir -p "$work/xdg/xsmall"
printf '\nbind z fly\n' > "$work/xdg/xsmall/config"
code=0
XDG_CONFIG_HOME=$work/xdg "$build/xsmall" -s "$session" 2> "$work/err" < /dev/null || code=$?
[ "$code" = 2 ]
grep -qx "xsmall: $work/xdg/xsmall/config:2: 'fly': unknown action; xsmall help keys lists them" "$work/err"
XDG_CONFIG_HOME=$work/xdg "$build/xsmall" files -s "$session" > /dev/null # a command has no keys

# a number before a motion; a digit counts as a number where it has no other meaning
printf 'unbind 2\nunbind 0\n' > "$work/config"
drive 80x24 > "$out" <<S
wait
key 2
wait
key #
key 3
dump
key j
dump
key #
key 2
key k
dump
key #
key 6
key G
dump
key :
type 5
key Enter
dump
key 9
key Esc
key k
dump
key 8
key 8
key G
key #
key 1
key PgUp
dump
config $work/config
key g
key 2
key j
dump
key 2
key 0
key g
dump
key #
key 3
key 1
dump
S
has 1 "$out" '#3  j rows down'
has 2 "$out" ' 4/7'
has 3 "$out" ' 2/7'
has 4 "$out" ' 6/7'
has 5 "$out" ' 5/7'
has 6 "$out" ' 4/7'
has 7 "$out" ' 1/7'
has 8 "$out" ' 3/7'
has 9 "$out" ' 7/7'
has 10 "$out" '#31'

# Tab at the command prompt; the completions of an abbreviation; earlier inputs, also in the next
# explorer
for round in 1 2; do
    drive 100x30 > "$out.$round" <<S
history $work/state/history
wait
key :
key Up
dump
key C-u
type move
key Tab
dump
type d
key Tab
dump
key C-u
type move
key Enter
dump
key :
type drop /us
key Tab
type sh
key Tab
key Enter
wait
dump
key u
key v
type doc
key Enter
wait
key v
key Up
wait
dump
key Down
dump
key Esc
key u
key /
type conf
key Enter
key :
key Up
key Up
dump
S
done
lacks 1 "$out.1" ':move'
has 1 "$out.2" ':drop /usr/share/'
has 2 "$out.1" ':move-'
has 2 "$out.1" '2 candidates: move-up  move-down'
has 3 "$out.1" ':move-down'
has 4 "$out.1" 'move: ambiguous command; candidates: move-up  move-down'
has 5 "$out.1" 'kept 4 files  3.01 kB'
has 6 "$out.1" 'grep -v doc'
has 6 "$out.1" '6 would be left'
has 7 "$out.1" ' > grep -v'
lacks 7 "$out.1" ' > grep -v doc'
has 8 "$out.1" ':move'
