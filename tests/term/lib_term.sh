# A terminal for the tests: tmux on a separate socket, ended with the test. The session of
# tests/screen/lib_session.sh; the build directory is $1.
. "$(dirname "$0")/../screen/lib_session.sh"
. "$(dirname "$0")/../lib_common.sh"
need_tool tmux
socket=$work/tmux
export LC_ALL=C.UTF-8 XDG_CONFIG_HOME=$work/config
tm() { tmux -S "$socket" -f /dev/null "$@"; }
trap 'tm kill-server 2> /dev/null || :; rm -rf "$work"' EXIT

shown() { tm capture-pane -p -t t | grep -qF -- "$1"; }
hidden() { ! shown "$1"; }
# see TEXT: waits until the screen shows the text
see() {
    wait_until shown "$1" && return
    echo "not seen: $1"
    tm capture-pane -p -t t
    exit 1
}
# unsee TEXT: waits until the screen no longer shows the text
unsee() {
    wait_until hidden "$1" && return
    echo "still seen: $1"
    tm capture-pane -p -t t
    exit 1
}
keys() { tm send-keys -t t "$@"; }
# The server ends when it has no session, possibly while the next one starts. Call it after PATH is set.
keep_server() { tm new-session -d -s idle "exec sleep infinity"; }
