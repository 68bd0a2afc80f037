# The explorer in a real terminal (tmux): start, live pattern, resize, suspend, kill, quit.
. "$(dirname "$0")/../screen/lib_session.sh"
command -v tmux > /dev/null || { echo "tmux is missing"; exit 1; }
socket=$work/tmux
export LC_ALL=C.UTF-8
tm() { tmux -S "$socket" -f /dev/null "$@"; }
trap 'tm kill-server 2> /dev/null || :; rm -rf "$work"' EXIT

# see TEXT: until the screen shows it, at most 20 s
see() {
    local deadline=$((SECONDS + 20))
    until tm capture-pane -p -t t | grep -qF -- "$1"; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            echo "not seen: $1"
            tm capture-pane -p -t t
            exit 1
        fi
    done
}

tm new-session -d -s t -x 80 -y 24 "PS1='sh> ' sh"
see 'sh>'
tm send-keys -t t "'$build/xsmall' -s '$session'" Enter
see 'kept 5 files'
tm send-keys -t t 2
tm send-keys -t t v
tm send-keys -t t -l 'doc'
see '6 would be left'
tm send-keys -t t Enter
see '7 lines → 6'
see 'kept 4 files'
tm send-keys -t t u
see 'kept 5 files'

tm resize-window -t t -x 40 -y 10
see '7 lines → 7'
tm resize-window -t t -x 200 -y 60
see 'kept 5 files  8.01 kB of 8.01 kB'

tm send-keys -t t C-z
see 'Stopped'
tm send-keys -t t fg Enter
see 'kept 5 files'

# a pipeline pasted with no prompt open becomes the chain
tm set-buffer "grep 'so' log.* | grep -v '= -1'"
tm paste-buffer -p -t t
see "grep -v '= -1'"
tm send-keys -t t Enter
see '7 lines → 1'

tm send-keys -t t q
see 'sh>'
tm send-keys -t t clear Enter
tm send-keys -t t "'$build/xsmall' lines -s '$session'" Enter
see '/lib/libx.so.1'

# killed: the shell is usable, and what was decided is there
tm send-keys -t t clear Enter
tm send-keys -t t "'$build/xsmall' -s '$session'" Enter
see '7 lines → 1'
pid=$(pgrep -f "^$build/xsmall -s $session")
kill -9 "$pid"
tm send-keys -t t clear Enter
see 'sh>'
"$build/xsmall" chain -s "$session" | grep -qxF "grep so log.* | grep -v '= -1'" ||
    "$build/xsmall" chain -s "$session" | grep -qF "grep -v '= -1'"
[ "$("$build/xsmall" lines -c -s "$session")" = 1 ]
[ "$("$build/xsmall" sql -s "$session" 'PRAGMA integrity_check')" = ok ]
