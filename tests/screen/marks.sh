# Marks, notes and the sources of the kept bytes: on the small session of lib_session.sh, by hand.
#   used by the trace: tool 1000, libx.so.1.2 2000 (through libx.so.1), conf 10, readme 5000.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
xs() { "$build/xsmall" -q -s "$session" "$@"; }

# on the screen: a note, a glob after a command's name, the list of marks, the sums
drive 120x30 > "$out" <<'S'
wait
key M
dump
key Esc
type :drop /usr/share
key Enter
wait
type :keep nothing*
key Enter
wait
dump
type :keep /lib/libx*
key Enter
wait
dump
key M
dump
key j
key ;
type asked twice, kept
key Enter
dump
key w
dump
key q
key Delete
wait
dump
key u
wait
dump
key q
key 3
dump
key s
dump
key f
type from:mark
dump
S
has 1 "$out" 'No marks and no notes.'
has 2 "$out" ': no path in the image matches'
has 3 "$out" '2 paths marked; u undoes it' # the link and the file
screen 4 "$out" | grep -qE 'keep +0 B +0 B +/lib/libx.so.1$'
screen 4 "$out" | grep -qE 'keep +2.00 kB +2.00 kB +/lib/libx.so.1.2$'
screen 4 "$out" | grep -qE 'drop +5.00 kB +0 B +/usr/share$'
has 4 "$out" 'kept bytes: mark 2.00 kB, trace 1.01 kB, need 0 B, config 0 B'
screen 5 "$out" | grep -qE '/lib/libx.so.1.2  asked twice, kept'
has 6 "$out" 'note on /lib/libx.so.1.2: asked twice, kept'
screen 7 "$out" | grep -qE '^ +2.00 kB +2.00 kB +/lib/libx.so.1.2  asked twice' # the note stays
screen 8 "$out" | grep -qE 'keep +2.00 kB +2.00 kB +/lib/libx.so.1.2  asked twice'
screen 9 "$out" | grep -qE '10 B +trace +/etc/conf '
screen 9 "$out" | grep -qE '2.00 kB +mark +/lib/libx.so.1.2 '
screen 10 "$out" | sed -n 4p | grep -qE '2.00 kB +mark +/lib/libx.so.1.2 '
screen 11 "$out" | grep -qE '2.00 kB +mark +/lib/libx.so.1.2 '
lacks 11 "$out" '/etc/conf'

# on the command line: notes with marks, --survivors, why
[ "$(sqlite3 "$session" 'SELECT text FROM note')" = 'asked twice, kept' ]
xs drop -m 'not read' /etc
xs why /etc/conf > "$out" && exit 1
grep -qx 'note on /etc: not read' "$out"
[ "$(xs files | grep -c conf)" = 0 ]
xs auto /usr/share /etc
xs keep --survivors -m 'seen in the trace'
xs chain --add 'grep -v readme'
xs files > "$out"
grep -qx /usr/share/doc/readme "$out"
[ "$(sqlite3 "$session" "SELECT group_concat(path, ' ') FROM (SELECT path FROM note WHERE text = 'seen in the trace' ORDER BY path)")" \
    = '/bin/tool /etc/conf /usr/share/doc/readme' ] # libx is marked already
if xs keep --survivors /etc 2> "$out"; then exit 1; fi
grep -q 'not both' "$out"
