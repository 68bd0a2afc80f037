# Two explorers on one session: the second is read-only, shows that, and rejects changes; after the first
# has exited or was killed, the next one can write.
. "$(dirname "$0")/lib_term.sh"
cd "$work"

# start ARGUMENTS: starts an explorer to which see and keys apply.
keep_server
start() { tm new-session -d -s t -x 200 -y 24 "cd $work; $build/xsmall $1; printf '\\r\\nleft %s\\n' \$?; sleep infinity"; }
# put_away NAME, turn_to NAME: see and keys no longer apply, or apply again, to that explorer.
put_away() { tm rename-session -t t "$1"; }
turn_to() { tm rename-session -t "$1" t; }
marks() { "$build/xsmall" -s "$session" sql 'SELECT mark, path FROM mark'; }

start "-s $session"
see '2 logs, 7 lines'
unsee 'read only'
put_away first

start "-s $session"
see '[read only]'
see 'session: open in another xsmall; read-only here'
keys '?'
unsee 'another xsmall'
keys Escape
see 'etc/'
keys : 'drop /etc/conf' Enter
see "$session: open in another xsmall; read-only here"
keys '?'
unsee 'another xsmall'
keys Escape
see 'etc/'
keys -l v
see 'grep -v'
keys -l zzzz
keys Enter
see "$session: open in another xsmall; read-only here"
keys Escape # what was typed stays until then
unsee 'zzzz'
see '7 lines → 7'
[ -z "$(marks)" ]
keys q
see 'left 0'
tm kill-session -t t

# A load is rejected too.
start "-s $session $work/tr"
see 'read-only here, nothing was loaded'
put_away second

# The first explorer writes, and a single command waits for its turn.
turn_to first
keys : 'drop /etc/conf' Enter
see 'kept 4'
"$build/xsmall" -q -s "$session" keep /bin/tool
[ "$(marks | sort)" = "$(printf 'drop\t/etc/conf\nkeep\t/bin/tool')" ]

# Killed: the lock is released.
pid=$(tm list-panes -t t -F '#{pane_pid}')
kill -KILL "$(tr -d ' ' <"/proc/$pid/task/$pid/children")"
see 'left 137'
tm kill-session -t t
start "-s $session"
see '2 logs, 7 lines'
unsee 'read only'
keys : 'drop /bin/tool' Enter
see 'kept 3'
[ "$(marks | sort)" = "$(printf 'drop\t/bin/tool\ndrop\t/etc/conf')" ]
keys q
see 'left 0'
