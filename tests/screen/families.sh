# File groups on the screen: one key adds a group, one refuses it, undo makes the decision open
# again. Counted by hand: the first group has /etc/conf, which is used, and readme; the second has
# libx.so.1 -> libx.so.1.2, both needed already.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
export XDG_CONFIG_HOME=$work/config
mkdir -p "$work/config/xsmall/families"
cat > "$work/config/xsmall/families/zoo.family" <<'P'
# animals
ask: Will it be a lion?
member: /etc/*
member: /usr/share/
P
printf '# the library\nmember: /lib/*\n' > "$work/config/xsmall/families/whole.family"
printf 'member: /a\nno: /b\n' > "$work/config/xsmall/families/broken.family"
"$build/xsmall" chain -s "$session" "grep -v '/[uce]' $work/tr/*"

drive 150x24 > "$out" <<'S'
wait
key 4
dump
key F
dump
key Down
key Down
key Space
wait
dump
key w
dump
key q
key u
wait
dump
key -
wait
dump
key a
wait
dump
key q
dump
S
has 1 "$out" '1 file group needs a decision (F)'
screen 2 "$out" | grep -q '^asks *zoo  *2/2  *2  *5.01 kB animals *Will it be a lion?'
screen 2 "$out" | grep -q '^whole *whole  *1/2  *the library'
screen 2 "$out" | grep -q '^error *broken .*/broken.family:2: unknown'
has 3 "$out" 'zoo: added; u undoes it'
screen 3 "$out" | grep -q '^added *zoo  *2/2  *animals'
has 3 "$out" 'breaks 0'
has 4 "$out" '~ /usr/share/doc/readme'
screen 5 "$out" | grep -q '^asks *zoo'
has 5 "$out" 'breaks 2'
screen 6 "$out" | grep -q '^refused *zoo  *2/2  *2  *5.01 kB'
screen 7 "$out" | grep -q '^asks *zoo'
has 8 "$out" '1 file group needs a decision (F)'

# the command prints the same
families() { "$build/xsmall" families -s "$session" "$@" > "$out"; }
families
[ "$(sed -n 's/  */ /g; s/^broken.*//; /^asks/p' "$out")" = 'asks zoo 2 of 2 members used; 2 to add, 5010 bytes' ]
grep -q '^  *Will it be a lion?$' "$out"
grep -q '^error *broken .*/broken.family:2: ' "$out"
families --refuse zoo
families
grep -q '^refused *zoo' "$out"
families --add zoo
families zoo
[ "$(tr -s ' ' < "$out")" = "$(printf 'kept /etc/conf\nkept /usr/share/doc/readme')" ]
[ "$("$build/xsmall" why -s "$session" /etc/conf)" = '/etc/conf: member of file group zoo' ]
# its definition file is removed: the added files stay
rm "$work/config/xsmall/families/zoo.family"
"$build/xsmall" files -s "$session" | grep -qx /usr/share/doc/readme
families --json
[ "$(sqlite3 :memory: "SELECT count(*), sum(value ->> 'state' = 'whole') FROM json_each(readfile('$out'))")" = '13|1' ]

# actions that are not possible
fails() {
    expected=$1 code=0
    shift
    "$build/xsmall" families -s "$session" "$@" > "$out" 2> "$work/message" || code=$?
    [ "$code" = "$expected" ] || { echo "$* exits with $code"; cat "$work/message"; exit 1; }
}
fails 2 --add none
fails 2 none
fails 2 --add broken
grep -q 'broken.family:2: ' "$work/message"
fails 1 --add fontconfig
fails 2 --add whole --refuse whole
fails 2 whole --json
