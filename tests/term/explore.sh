# The explorer in a real terminal (tmux): start, live pattern, resize, suspend, kill, quit.
. "$(dirname "$0")/lib_term.sh"

tm new-session -d -s t -x 80 -y 24 "PS1='sh> ' sh"
see 'sh>'
keys "'$build/xsmall' -s '$session'" Enter
see 'kept 5 files'
keys 2
keys v
keys -l 'doc'
see '6 would be left'
keys Enter
see '7 lines → 6'
see 'kept 4 files'
keys u
see 'kept 5 files'

tm resize-window -t t -x 40 -y 10
see '7 lines → 7'
tm resize-window -t t -x 200 -y 60
see 'kept 5 files  8.01 kB of 8.01 kB'

# text that another program wrote over the screen disappears when the screen is redrawn
printf '\033[5;1Hanother program' > "$(tm display -p -t t '#{pane_tty}')"
see 'another program'
keys C-l
unsee 'another program'

keys C-z
see 'Stopped'
keys fg Enter
see 'kept 5 files'

# a pipeline that is pasted without an open prompt becomes the chain
tm set-buffer "grep 'so' log.* | grep -v '= -1'"
tm paste-buffer -p -t t
see "grep -v '= -1'"
keys Enter
see '7 lines → 1'

keys q
see 'sh>'
keys clear Enter
keys "'$build/xsmall' lines -s '$session'" Enter
see '/lib/libx.so.1'

# killed: the shell is usable, and the decisions are stored
keys clear Enter
keys "'$build/xsmall' -s '$session'" Enter
see '7 lines → 1'
pid=$(pgrep -f "^$build/xsmall -s $session")
kill -9 "$pid"
keys clear Enter
see 'sh>'
"$build/xsmall" chain -s "$session" | grep -qF "| grep -v '= -1'"
[ "$("$build/xsmall" lines -c -s "$session")" = 1 ]
[ "$("$build/xsmall" sql -s "$session" 'PRAGMA integrity_check')" = ok ]
