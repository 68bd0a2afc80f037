# A dependency kind is disabled and enabled by its name: one of the five kept files is the link to the
# library.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
drive 150x24 > "$out" <<'S'
wait
type :closure-links
key Enter
wait
dump
key u
wait
dump
type :closure-links
key Enter
type :closure-links
key Enter
wait
dump
S
has 1 "$out" 'symlinks on the way to needed files: not followed; u undoes it'
has 1 "$out" 'kept 4 files'
has 2 "$out" 'kept 5 files'
has 3 "$out" 'symlinks on the way to needed files: followed'
has 3 "$out" 'kept 5 files'
