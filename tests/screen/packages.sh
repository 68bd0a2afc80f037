# The packages of the small image of lib_session.sh, with dpkg's records added. By hand:
#   libx  the link, /lib/libx.so.1.2 2000        used: libx.so.1.2
#   tool  /bin/tool 1000, /etc/conf 10           used: both
#   docs  /usr/share/doc/readme 5000, extra 300  used: readme
#   empty nothing
. "$(dirname "$0")/lib_session.sh"
out=$work/out
info=$work/root/var/lib/dpkg/info
mkdir -p "$info"
head -c 300 /dev/zero > "$work/root/usr/share/doc/extra"
for name in libx tool docs empty; do
    printf 'Package: %s\nStatus: install ok installed\nArchitecture: all\nVersion: 1.%s\n\n' \
        $name ${#name}
done > "$work/root/var/lib/dpkg/status"
printf '%s\n' /. /lib /lib/libx.so.1 /lib/libx.so.1.2 > "$info/libx.list"
printf '%s\n' /. /bin /bin/tool /etc /etc/conf > "$info/tool.list"
printf '%s\n' /. /usr/share/doc/extra /usr/share/doc/readme > "$info/docs.list"
printf '%s\n' /. /usr > "$info/empty.list"
session=$work/p.xsmall
"$build/xsmall" load -q -s "$session" "$work/root" "$work/tr"

drive 120x30 > "$out" <<'S'
wait
key 7
dump
key s
key s
dump
key s
dump
key Enter
dump
key q
key -
wait
dump
key u
wait
dump
key s
key -
wait
dump
key u
wait
dump
key j
key Enter
dump
key Space
wait
dump
key Enter
dump
S
row() { screen "$1" "$out" | grep -qE -- "$2" || { echo "screen $1: no $2"; screen "$1" "$out"; exit 1; }; }

# by installed bytes, then by kept bytes, then by name
has 1 "$out" 'installed 8.31 kB, used 8.01 kB, kept 8.01 kB'
row 1 '5.30 kB +5.00 kB +5.00 kB +2 +docs  1.4 all  dpkg$'
row 1 '2.00 kB +2.00 kB +2.00 kB +2 +libx  1.4 all  dpkg$'
row 1 '1.01 kB +1.01 kB +1.01 kB +2 +tool  1.4 all  dpkg$'
row 1 '^ +0 +empty  1.5 all  dpkg$'
has 2 "$out" 'sorted by kept bytes'
has 3 "$out" 'sorted by name'
# the first row is docs; its first file is extra, which no file needs
row 4 '^ +300 B +/usr/share/doc/extra$'
row 4 '5.00 kB +1 +5.00 kB +/usr/share/doc/readme  opened'
# drop on docs: both files in one step; one undo restores both
row 5 'drop +5.30 kB +5.00 kB +2 +docs '
has 5 "$out" '2 files of docs marked; u undoes it'
has 5 "$out" 'kept 3.01 kB'
row 6 '5.30 kB +5.00 kB +5.00 kB +2 +docs '
lacks 6 "$out" drop
row 7 'drop +5.30 kB +5.00 kB +2 +docs '
lacks 8 "$out" 'drop '
# the second row by installed bytes is libx
has 9 "$out" 'libx 1.4'
row 9 '/lib/libx.so.1 → libx.so.1.2'
row 9 '2.00 kB +1 +2.00 kB +/lib/libx.so.1.2 '
row 10 'keep +/lib/libx.so.1 →|keep .*/lib/libx.so.1 '
row 11 'libx.so.1'
[ "$("$build/xsmall" -s "$session" sql "SELECT group_concat(path, ' ') FROM mark")" = \
    '/lib/libx.so.1 /lib/libx.so.1.2' ]

# the tree's filter by package, as in the lists above; no package has dpkg's own files: four lists and
# status
passes()
{
    drive 100x60 > "$out" <<S
wait
key f
type $1
dump
S
    has 1 "$out" "$2 of "
}
passes 'package:docs' 2
row 1 ' extra'
row 1 ' readme'
lacks 1 "$out" conf
passes 'package:[dl]* type:f' 3
passes 'package:libx' "$("$build/xsmall" -s "$session" sql "SELECT count(*) FROM v_file WHERE package = 'libx'")"
passes 'package:nothing' 0
passes '!package:* type:f' 5
passes 'package:empty' "$("$build/xsmall" -s "$session" sql "SELECT count(*) FROM v_file WHERE package = 'empty'")"
drive 100x30 > "$out" <<'S'
wait
key f
type package:
key Enter
dump
S
has 1 "$out" 'package:: expected a package name'

# an image without packages
session=$work/s.xsmall
drive 100x20 > "$out" <<'S'
wait
key 7
dump
key q
dump
S
has 1 "$out" 'No packages were found.'
lacks 2 "$out" 'No package manager'
