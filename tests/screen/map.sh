# Map rules on the screen: entered for a path, by name, rejected, undone; and their effect on the export.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
drive 100x40 > "$out" <<'S'
wait
key Down
dump
key R
dump
type /opt/app
key Enter
wait
key 5
wait
dump
key :
type map etc=/x
key Enter
dump
key :
type map /bin=/opt/bin
key Enter
wait
dump
key u
wait
key u
wait
dump
S
has 2 "$out" 'FROM=TO: /lib='
has 3 "$out" '# /lib moved to /opt/app'
has 4 "$out" 'FROM and TO must be absolute paths'
has 5 "$out" '# /bin moved to /opt/bin'
lacks 6 "$out" 'moved to'
[ "$(sqlite3 "$session" 'SELECT count(*) FROM map')" = 0 ]
