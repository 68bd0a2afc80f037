# The screen in ASCII: each sign that the program paints has a distinct ASCII sign, in each view.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
: > "$work/config"
mkdir -p "$work/base/etc" "$work/base/bin" "$work/base/usr"
"$build/xsmall" load -q -s "$session" --base "$work/base"

cat > "$work/script" <<'S'
wait
dump
key Enter
dump
key w
dump
key Backspace
key 2
wait
dump
key x
wait
dump
key Esc
key .
wait
dump
key .
wait
dump
key .
wait
dump
key .
key 3
dump
key 4
dump
key 5
wait
dump
key 6
wait
dump
key d
wait
dump
key B
wait
dump
key P
dump
key W
dump
key C
dump
key F
dump
key M
dump
key ?
dump
key G
dump
S
n=$(grep -c '^dump$' "$work/script")
for size in 120x40 40x10; do
    { echo "no-utf8 $work/config"; cat "$work/script"; } | drive $size > "$out"
    [ "$(grep -c '^==$' "$out")" = "$n" ]
    if LC_ALL=C grep -n "$(printf '[\200-\377]')" "$out"; then
        echo "not ASCII"
        exit 1
    fi
    # a question mark replaces a sign without an ASCII sign: the only one allowed is the help key
    if sed 's/? help//; s/?   *show this help//; s/(? in/(/' "$out" | grep -n '?'; then
        echo "no sign"
        exit 1
    fi
    drive $size < "$work/script" > "$work/utf8" # all else is the same: rows end at the same column
    for file in "$out" "$work/utf8"; do
        LC_ALL=C.UTF-8 sed 's,.,x,g' "$file" | awk '{ print length }' > "$file.lengths"
    done
    cmp "$out.lengths" "$work/utf8.lengths"
done

# file names keep their letters if only the border is ASCII
mkdir -p "$work/names/etc" "$work/names/bin" "$work/names/usr"
: > "$work/names/été→中"
session=$work/names.xsmall
"$build/xsmall" load -q -s "$session" "$work/names"
echo 'border ascii' > "$work/config"
for way in config no-utf8; do
    printf '%s %s\nwait\ndump\n' "$way" "$work/config"
done | drive 120x30 > "$out"
has 1 "$out" 'été>中'
has 1 "$out" '-- filters -'
has 2 "$out" '?t?>??'
