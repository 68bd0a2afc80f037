# Names and lines with control bytes are shown escaped; no control byte reaches the screen.
. "$(dirname "$0")/lib_session.sh"
out=$work/out
printf x > "$work/root/etc/$(printf 'evil\033]0;pwned\007\n\342\200\256\377')"
printf 'openat(AT_FDCWD, "/etc/conf", O_RDONLY) = 3 \033[2J\r\302\233\n' > "$work/tr/log.3"
"$build/xsmall" load -q -s "$session" --replace "$work/root" "$work/tr"
drive 120x40 > "$out" <<'S'
wait
key s
key s
key <
key j
key Enter
dump
key 2
wait
dump
S
has 1 "$out" 'evil\x1b]0;pwned\x07\n\u202e\xff'
has 2 "$out" '= 3 \x1b[2J\r\u009b'
# only newline, and code points from space on
if LC_ALL=C grep -q '[^[:print:]'"$(printf '\200-\377')"']' "$out"; then
    echo "a control byte is in the dump"
    exit 1
fi
# a command with an argument in a view without rows: rejected, not applied to the rows of another view
drive 120x40 > "$out" <<'S'
wait
key ?
key :
type extract out
key Enter
dump
S
has 1 "$out" 'extract: this command takes no argument'
