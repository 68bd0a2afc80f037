# The subject image is replaced while a prompt about one of its paths is open.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
mkdir -p "$work/other/bin" "$work/other/lib" "$work/other/etc"
echo new > "$work/other/etc/conf"

# note_on PATH: until `wait` the explorer shows the first image
note_on() {
    "$build/xsmall" load -q -s "$session" --replace "$work/root"
    "$build/screen_driver" --replace 100x24 "$session" "$work/other" <<S
loading
key /
type $1
key Enter
key ;
type zz
dump
wait
dump
key Enter
wait
key M
wait
dump
S
}

# the new image does not have the path
note_on usr > "$out"
has 1 "$out" ' note: zz'
lacks 2 "$out" ' note: '
has 2 "$out" '/usr: no such path in the new image'
lacks 3 "$out" zz

# the path has another number in the new image
note_on etc > "$out"
has 2 "$out" ' note: zz'
screen 3 "$out" | grep -q '/etc.*zz'
