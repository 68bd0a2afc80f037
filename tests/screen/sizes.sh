# Each view at each size: no row is wider than the screen, no row is below it, and the main content is
# visible from 40x10 on. Some names are wider or narrower than their bytes.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
odd=$work/root/usr/share
long=$(printf '%0250d' 7)
mkdir "$odd/$(printf '\346\274\242\345\255\227')"
printf x > "$odd/$(printf '\346\274\242\345\255\227')/$long"
printf x > "$odd/$(printf 'e\314\201 combined')"
printf x > "$odd/$(printf 'bad \377\376 bytes')"
printf x > "$odd/$(printf 'esc \033[31m')"
session=$work/sizes.xsmall
"$build/xsmall" load -q -s "$session" "$work/root" "$work/tr"
"$build/xsmall" keep -q -s "$session" -m 'why it is kept' /usr/share
"$build/xsmall" drop -q -s "$session" /etc/conf
"$build/xsmall" chain -s "$session" "grep -v 'exited with'" > /dev/null

# NAME|keys to the view|text that must be visible from 40x10 on
views() {
    cat << 'T'
tree|1 l j l|share
trace|2|execve
trace by path|2 .|/bin/tool
trace by process|2 . .|tool
trace, searched in vain|2 . . .|ld.so.cache
files|3|/bin
breaks|4|/etc/conf
export|5|FROM
layers|6|layer
packages|7|package
base|B|base
marks|M|/usr/share
families|F|group
runs|C|run
doctor|W|gap
sets|P|alpine
why|1 w|/usr
dead|6 d|waste
help|?|symbols
a file|1 / "conf" Enter E|0123456789
patterns|Tab|exited
a pattern typed|v "lib"|> grep -v lib
a search|/ "tool"|tool
a command|: "extr"|extr
T
}
# fits WIDTH HEIGHT: checks the screen on standard input; a Han character has two columns, a combining
# character none.
fits() {
    perl -CS -e '
        my ($width, $height) = @ARGV;
        my @rows = <STDIN>;
        die scalar(@rows), " rows\n" if @rows > $height;
        for (@rows) {
            chomp;
            my $columns = 0;
            $columns += /\p{Mn}/ ? 0 : /\p{Han}/ ? 2 : 1 for split //;
            die "$columns columns: $_\n" if $columns > $width;
            die "a control character: $_\n" if /\p{Cc}/;
        }' "$1" "$2"
}

sizes="80x24 40x10 200x60 300x100 20x5 3x3 1x1 2x40 400x2 80x24"
views > "$work/views"
while IFS='|' read -r name way text; do
    {
        echo wait
        script_of "$way"
        for size in $sizes; do printf 'size %s\nwait\ndump\n' "$size"; done
    } > "$work/script"
    "$build/screen_driver" 100x30 "$session" < "$work/script" > "$out"
    n=0
    for size in $sizes; do
        n=$((n + 1))
        screen "$n" "$out" > "$work/one"
        fits "${size%x*}" "${size#*x}" < "$work/one" || { echo "$name at $size"; cat "$work/one"; exit 1; }
        case $size in
        80x24 | 40x10 | 200x60 | 300x100)
            grep -qF -- "$text" "$work/one" || { echo "$name at $size: no $text"; cat "$work/one"; exit 1; }
            [ -n "$(tail -n 1 "$work/one" | tr -d ' ')" ] || { echo "$name at $size: the last row is empty"; exit 1; }
            ;;
        esac
    done
    # the first size again: the same screen
    screen 1 "$out" > "$work/first"
    diff "$work/first" "$work/one"
done < "$work/views"
