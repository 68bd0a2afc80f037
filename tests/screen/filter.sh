# The tree's filter compared with find: each query must pass as many paths as find finds, and show the
# same names. The tree is a root file system that the test makes, owned by the user who runs it.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
root=$work/tree
mkdir -p "$root/usr/lib/deep/er" "$root/usr/bin" "$root/etc" "$root/tmp" "$root/usr/share/doc"
for i in 1 2 3 4 5 6 7 8 9; do
    head -c $((i * 1000)) /dev/zero > "$root/usr/lib/lib$i.so.$i"
    head -c $((i * i * i * 1024)) /dev/zero > "$root/usr/share/doc/file $i"
    echo "$i" > "$root/usr/lib/deep/er/Part$i.py"
    ln -s "../lib/lib$i.so.$i" "$root/usr/bin/tool$i"
done
mkfifo "$root/tmp/pipe"
chmod 1777 "$root/tmp"
chmod 4755 "$root/usr/lib/lib1.so.1"
chmod 2755 "$root/usr/lib/lib2.so.2"
chmod 6711 "$root/usr/lib/lib3.so.3"
chmod 600 "$root/usr/lib/lib4.so.4" "$root/usr/lib/lib5.so.5"
session=$work/f.xsmall
"$build/xsmall" load -q -s "$session" "$root"
n_all=$(find "$root" -mindepth 1 | wc -l)

# passes QUERY FIND-ARGUMENTS...: the filter passes the paths that find finds.
passes()
{
    local query=$1 found name
    shift
    found=$(find "$root" -mindepth 1 "$@" -printf '/%P\n' | LC_ALL=C sort)
    drive 100x120 > "$out" <<S
wait
key f
type $query
dump
key Enter
dump
S
    has 1 "$out" "$(printf '%s' "$found" | grep -c .) of $n_all paths match"
    has 2 "$out" "filter: $query"
    while IFS= read -r name; do
        [ -z "$name" ] || screen 2 "$out" | grep -qE "[▾▸ ] ${name##*/}(/|$|  | →)" || {
            echo "$query: $name is not listed"
            screen 2 "$out"
            exit 1
        }
    done <<< "$found"
}
passes 'size>4k type:f' -type f -size +4000c
passes 'size>=9Ki' -type f '(' -size +9216c -o -size 9216c ')'
passes 'size<1k' -type f -size -1000c
passes 'size:3000' -type f -size 3000c
passes 'type:l' -type l
passes 'type:dp' -type d,p
passes '!type:f' ! -type f
passes 'mode:-4000' ! -type l -perm -4000
passes 'mode:/6000' ! -type l -perm /6000
passes 'mode:600' ! -type l -perm 600
passes 'type:f !mode:/0044' -type f ! -perm /044
passes "owner:$(id -u)" -user "$(id -u)"
passes "!owner:$(id -u):$(id -g)" ! '(' -user "$(id -u)" -group "$(id -g)" ')'
passes '*.so.?' -name '*.so.?'
passes '/usr/*[1-3].*' -path "$root/usr/*[1-3].*"
passes 'part' -path '*[Pp]art*' # folded, as a search
passes 'Part' -path '*Part*'
passes 'lib/ !deep type:f' -type f -path '*lib/*' ! -path '*deep*'
passes 'layer:1' -mindepth 1
passes 'layer>1' -name '' # none
has 2 "$out" "No path matches the tree filter"

# Escape restores the previous filter, an empty filter shows all; an invalid filter is reported and changes
# nothing; a directory that was closed before is closed again afterwards.
drive 100x60 > "$out" <<'S'
wait
key f
type type:p
key Enter
dump
key f
type  size>1k
dump
key Esc
dump
key f
type  mode:9
key Enter
dump
key Esc
dump
key f
key C-u
key Enter
dump
S
has 1 "$out" '1 of'
has 1 "$out" '▾ tmp/'
has 2 "$out" '0 of'
has 3 "$out" 'filter: type:p'
has 3 "$out" '▾ tmp/'
has 4 "$out" 'mode:9: expected an octal mode'
has 4 "$out" 'filter: type:p mode:9' # the prompt stays
has 5 "$out" '▾ tmp/'
has 6 "$out" '▸ tmp/'
lacks 6 "$out" 'filter:'

# The words used, kept and marked for a traced image, compared with the session.
session=$work/s.xsmall
count() { "$build/xsmall" -s "$session" sql "SELECT count(*) FROM v_file WHERE path <> '/' AND $1"; }
"$build/xsmall" -q -s "$session" drop /etc/conf
drive 100x30 > "$out" <<'S'
wait
key f
type is:kept
dump
key C-u
type is:marked
dump
key C-u
type is:used type:f
dump
S
has 1 "$out" "$(count 'kept') of"
has 2 "$out" '1 of'
has 3 "$out" '4 of' # tool, libx, conf (dropped, but used), readme
