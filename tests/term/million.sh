# A filter typed on a million lines of a real trace: after each letter, and before the next one, the
# lines that it would hide are dim and the count is the installed grep's.
. "$(dirname "$0")/lib_term.sh"

strace -ff -o "$work/one" ls -lR /usr/lib/locale /usr/share/perl /etc > "$work/listed" 2>&1 || :
[ -s "$work/listed" ]
cat "$work"/one.* > "$work/part"
while [ "$(cat "$work/half" 2> /dev/null | wc -l)" -lt 500000 ]; do
    cat "$work/part" "$work/part" "$work/part" "$work/part" >> "$work/half"
done
mkdir "$work/big"
mv "$work/half" "$work/big/log.1"
cp "$work/big/log.1" "$work/big/log.2"
n=$(cat "$work"/big/log.* | wc -l)
[ "$n" -ge 1000000 ]
session=$work/big.xsmall
"$build/xsmall" load -q -s "$session" "$work/big"

# 1234567 in the screen's notation
spaced() { echo "$1" | sed -e ':a' -e 's/\([0-9]\)\([0-9]\{3\}\)\($\| \)/\1 \2\3/;ta'; }
# the lines of grep -v $1
left() { LC_ALL=C grep -avc -e "$1" "$work/big/log.1" "$work/big/log.2" | awk -F: '{ n += $NF } END { print n }'; }

tm new-session -d -s t -x 120 -y 40 "'$build/xsmall' -s '$session'"
see "$(spaced "$n") lines"
keys 2
see "lines → $(spaced "$n")"
keys v
typed=
for letter in o p e n a t '('; do
    typed=$typed$letter
    keys -l "$letter"
    see "> grep -v $typed"
    see "$(spaced "$(left "$typed")") would be left"
done
# lines that would be hidden are dim on the screen, others are not
first=$(tm capture-pane -p -t t | sed -n 4,20p | grep -c 'openat(')
dim=$(tm capture-pane -e -p -t t | sed -n 4,20p | grep 'openat(' | grep -c "$(printf '\033')\[2m" || :)
[ "$first" -gt 0 ] && [ "$first" = "$dim" ] || { echo "$first lines would go, $dim are dim"; tm capture-pane -e -p -t t; exit 1; }
keys Enter
see "lines → $(spaced "$(left 'openat(')")"
keys u
see "lines → $(spaced "$n")"
keys q
