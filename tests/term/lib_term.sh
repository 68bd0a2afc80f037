# A terminal for the tests: tmux on a socket of its own, ended with the test. The session of
# tests/screen/lib_session.sh; the build directory is $1.
. "$(dirname "$0")/../screen/lib_session.sh"
command -v tmux > /dev/null || { echo "tmux is missing"; exit 1; }
socket=$work/tmux
export LC_ALL=C.UTF-8 XDG_CONFIG_HOME=$work/config
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
# unsee TEXT: until the screen does not show it any more
unsee() {
    local deadline=$((SECONDS + 20))
    while tm capture-pane -p -t t | grep -qF -- "$1"; do
        if [ "$SECONDS" -ge "$deadline" ]; then
            echo "still seen: $1"
            tm capture-pane -p -t t
            exit 1
        fi
    done
}
keys() { tm send-keys -t t "$@"; }
# Without any session the server ends, maybe while the next one begins. Behind what changes PATH.
keep_server() { tm new-session -d -s idle 'exec sleep 1000'; }
