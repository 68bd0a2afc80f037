# Logs that are still written, followed on the screen: new matching lines appear, a cursor on the last
# line moves with it, decisions made meanwhile stay, and Esc ends the following.
. "$(dirname "$0")/lib_term.sh"

mkdir "$work/live"
# The process stays alive: without its end the following does not end by itself.
sed 's/^+++ exited.*/close(3) = 0/' "$work/tr/log.1" > "$work/live/log.1"
session=$work/live.xsmall
tm new-session -d -s t -x 100 -y 24 "'$build/xsmall' --follow -s '$session' '$work/root' '$work/live'"
see '1 log, 5 lines'
see 'following the logs'
keys 2
see 'ld.so.cache'
keys G
see '5/5'
keys v
keys -l "= -1"
see '4 would be left'
keys Enter
see '5 lines → 4'
echo 'openat(AT_FDCWD, "/usr/share/doc/readme", O_RDONLY) = 3' >> "$work/live/log.1"
see '6 lines → 5'
see 'doc/readme'
see '5/5' # still on the last line, which is another now
cp "$work/tr/log.2" "$work/live/log.2" # a new log of the directory
see '2 logs, 8 lines'
see '8 lines → 7'
keys Escape
unsee 'following the logs'
"$build/xsmall" lines -c -s "$session" | grep -qx 7
keys q
