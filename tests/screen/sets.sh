# Filter sets on the screen: shipped sets and the user's own are listed, viewed, appended to the chain in
# one step, and made from the chain.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
export XDG_CONFIG_HOME=$work/config
mkdir -p "$work/config/xsmall/patterns"
cat > "$work/config/xsmall/patterns/zoo.patterns" <<'P'
# animals
grep -v 'conf'  # no configuration
path: grep -v '/doc/'
P
echo "grep '\\('" > "$work/config/xsmall/patterns/broken.patterns"

drive 100x24 > "$out" <<'S'
wait
key P
dump
type /zoo
key Enter
key w
dump
key q
dump
key Enter
wait
dump
key u
wait
dump
key P
key Home
key Enter
dump
key Esc
key &
type so
key Enter
wait
key P
key o
type my-own
key Enter
dump
key o
type ../x
key Enter
dump
key q
dump
S
has 1 "$out" 'broken'
has 1 "$out" 'zoo '
has 1 "$out" 'yours  animals'
has 1 "$out" 'python'
S=$(LC_ALL=C grep -m1 -o '^# .\{20\}' "$(dirname "$0")/../../share/patterns/python.patterns")
has 1 "$out" "${S#\# }"
has 2 "$out" "path: grep -v '/doc/'"
has 3 "$out" 'yours  animals'
has 4 "$out" 'zoo: 2 filters added'
has 4 "$out" '7 lines → 5'
has 4 "$out" "2 [x] path: grep -v '/doc/'"
has 5 "$out" '7 lines → 7'
has 6 "$out" 'broken.patterns:1: ' # its line, and grep's words
has 6 "$out" 'Unmatched ( or \('
has 7 "$out" 'my-own'
has 7 "$out" 'saved in'
grep -qx "grep 'so'" "$work/config/xsmall/patterns/my-own.patterns"
has 8 "$out" '../x'
[ ! -e "$work/config/xsmall/x.patterns" ]
has 9 "$out" '1 Image  2 Trace'
lacks 9 "$out" 'yours'
