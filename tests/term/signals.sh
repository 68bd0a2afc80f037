# The terminal is restored after SIGTERM, SIGHUP and a crash; with NO_COLOR the screen has no
# colours.
. "$(dirname "$0")/lib_term.sh"
tm new-session -d -s t -x 80 -y 24 "PS1='sh> ' sh"
see 'sh>'

# restored: the shell's screen is shown, with its cursor, without mouse and keypad mode, and the
# terminal echoes and edits lines again
restored() {
    see "ended $1"
    unsee '1 Image'
    modes=$(tm display -p -t t 'alternate #{alternate_on} cursor #{cursor_flag} mouse #{mouse_any_flag} keypad #{keypad_flag}')
    [ "$modes" = 'alternate 0 cursor 1 mouse 0 keypad 0' ] || { echo "after $1: $modes"; exit 1; }
    keys clear Enter
    keys 'stty -a | tr " ;" "\n\n" | grep -xE "icanon|echo|isig|opost" | sort | tr "\n" " "' Enter
    see 'echo icanon isig opost'
    keys clear Enter
}

for signal in TERM HUP QUIT; do
    keys "sh -c 'echo \$\$ > $work/pid; exec $build/xsmall -s $session'; echo ended \$?" Enter
    see 'kept 5 files'
    [ "$(tm display -p -t t '#{alternate_on}#{mouse_any_flag}')" = 11 ] # the explorer has changed the modes of the terminal
    kill -$signal "$(cat "$work/pid")"
    restored $((128 + $(kill -l $signal)))
done
keys "ASAN_OPTIONS=handle_segv=0 sh -c 'echo \$\$ > $work/pid; exec $build/xsmall -s $session'; echo ended \$?" Enter
see 'kept 5 files'
kill -SEGV "$(cat "$work/pid")"
restored 139
[ "$("$build/xsmall" sql -s "$session" 'PRAGMA integrity_check')" = ok ]
[ ! -e "$session-wal" ]

# with and without colours
keys "'$build/xsmall' -s '$session'" Enter
see 'kept 5 files'
tm capture-pane -e -p -t t | grep -qE "$(printf '\033')\[[0-9;]*(3[0-7]|38;5;[0-9]+)m"
keys q
see 'sh>'
keys clear Enter
keys "NO_COLOR=1 '$build/xsmall' -s '$session'" Enter
see 'kept 5 files'
if tm capture-pane -e -p -t t | grep -qE "$(printf '\033')\[[0-9;]*(3[0-7]|38;5;[0-9]+)m"; then
    echo "colours in spite of NO_COLOR"
    exit 1
fi
keys q
see 'sh>'

# not a terminal: an error, and no output
code=0
"$build/xsmall" -s "$session" < /dev/null > "$work/out" 2> "$work/err" || code=$?
[ "$code" = 2 ]
[ ! -s "$work/out" ]
grep -q 'needs a terminal' "$work/err"
