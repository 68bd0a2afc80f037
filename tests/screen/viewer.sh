# The file viewer: numbered lines compared with cat -n, bytes with od, searching to the end of a big file
# in a gzip layer and past the hole of a sparse file, a script and an ELF file with their facts,
# unreadable files; and files extracted from the screen.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
mkdir -p "$work/t/etc" "$work/t/usr/bin" "$work/t/lib"
seq -f 'line %g of the big file, which goes on for a while so that it is big' 600000 > "$work/t/usr/big"
printf 'one\ntwo\tx\n\n\033[31mred\033[0m \342\200\256 \377\nno newline' > "$work/t/etc/odd"
{ head -c 10000 /dev/zero | tr '\0' x; printf '\nafter it\n'; } > "$work/t/etc/long"
printf '\001\002\000ABC' > "$work/t/etc/bytes"
head -c 300 /dev/urandom >> "$work/t/etc/bytes"
: > "$work/t/etc/empty"
printf '#!/usr/bin/env -S sh -e\necho hello\n' > "$work/t/usr/bin/script"
cp /bin/true "$work/t/usr/bin/true"
ln -s ../etc/odd "$work/t/usr/link"
tar -C "$work/t" --format=ustar -czf "$work/t.tar.gz" etc lib usr
session=$work/v.xsmall
"$build/xsmall" load -q -s "$session" "$work/t.tar.gz"

# look NAME KEYS...: dumps the screen after the keys with the file open
look()
{
    local name=$1
    shift
    {
        printf '%s\n' wait "key /" "type $name" "key Enter" wait "key E" wait
        printf '%s\n' "$@"
        echo dump
    } | drive 100x40 > "$out"
}

look etc/odd
for text in '1 one' '3' '4 \x1b[31mred\x1b[0m \u202e \xff' '5 no newline' '/etc/odd' 'mode 0644'; do
    has 1 "$out" "$text"
done
screen 1 "$out" | grep -qE '^ +2 two(\\t| +)x$'
[ "$(screen 1 "$out" | grep -cE '^ {9}[1-9] ?')" = "$(cat -n "$work/t/etc/odd" | grep -c '')" ]

look etc/bytes
screen 1 "$out" | grep -E '^ *[0-9a-f]{8} ' | tr -s ' ' | cut -d' ' -f2-18 | sed 's/ *$//' > "$work/got"
od -A x -t x1 -v "$work/t/etc/bytes" | grep ' ' | sed 's/^[0-9a-f]*/&/; s/^\([0-9a-f]*\) */00\1 /' |
    tr -s ' ' | sed 's/ *$//' | head -n "$(grep -c '' < "$work/got")" > "$work/want"
head -n 19 "$work/got" | cut -d" " -f1-9 > "$work/got.head"
head -n 19 "$work/want" | cut -d" " -f1-9 > "$work/want.head"
cmp "$work/want.head" "$work/got.head"
[ "$(grep -c '' < "$work/got")" -ge 19 ] # 306 bytes
has 1 "$out" '...ABC'

look etc/bytes 'key .'
has 1 "$out" '\x01\x02\x00ABC'
look etc/odd 'key .'
has 1 "$out" '6f 6e 65 0a 74 77 6f 09  78 0a'

look etc/long 'key End'
has 1 "$out" '2 after it' # the long line is several rows, and one line
look etc/empty
has 1 "$out" ' 1/1'

look usr/bin/script
has 1 "$out" 'script interpreter: /usr/bin/env'
has 1 "$out" '2 echo hello'
look usr/bin/true
has 1 "$out" "ELF $(readelf -h /bin/true | awk '/Class:/ { print $2 == "ELF64" ? 64 : 32 }')-bit"
has 1 "$out" "library: $(readelf -d /bin/true | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | head -1)"
has 1 "$out" '7f 45 4c 46'
look usr/link
has 1 "$out" '5 no newline' # the link's target
look 'lib' # a directory
has 1 "$out" ': not a regular file'

look usr/big 'key End' wait
has 1 "$out" '600000 line 600000 of'
look usr/big 'key /' 'type 543210 of' 'key Enter' wait
has 1 "$out" '543210 line 543210 of'
look usr/big 'key q'
has 1 "$out" 'usr/'
lacks 1 "$out" 'line 1 of'

# a sparse file in a gzip layer: 10000 lines, a hole to byte 60000000, a line
mkdir "$work/h"
seq -f 'line %g of the file before its hole' 10000 > "$work/h/sparse"
truncate -s 60000000 "$work/h/sparse"
printf '\nbeyond the hole\n' >> "$work/h/sparse"
tar -C "$work/h" -S --format=gnu -czf "$work/h.tar.gz" sparse
session=$work/h.xsmall
"$build/xsmall" load -q -s "$session" "$work/h.tar.gz"
look sparse 'key End' wait
has 1 "$out" '10002 beyond the hole'
look sparse 'key .' 'key End' wait
has 1 "$out" "$(printf '%08x' $((60000017 / 16 * 16)))"
session=$work/v.xsmall

# extracted, and a second time, which must not overwrite
drive 100x30 > "$out" <<S
wait
key /
type etc/odd
key Enter
wait
type :extract $work/copy
key Enter
wait
dump
key h
key e
type :extract
key Enter
type $work/copy
key Enter
wait
dump
S
has 1 "$out" '2 entries extracted'
cmp "$work/t/etc/odd" "$work/copy/etc/odd"
has 2 "$out" 'File exists'
[ ! -e "$work/copy/etc/long" ]

# the source is missing
rm "$work/t.tar.gz"
look etc/odd
has 1 "$out" 't.tar.gz'
has 1 "$out" 'No such file'
