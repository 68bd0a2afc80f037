# The mouse in the explorer: rows, tabs, filters, double-clicks, the wheel.
. "$(dirname "$0")/lib_session.sh"
out=$work/out

# five of seven rows are visible: the wheel moves the rows, and the cursor when it would leave them
drive 80x10 > "$out" <<'S'
wait
key 2
wait
wheel down
dump
wheel down
wheel up
dump
key :
wheel down
click 1 3 0
click 1 3 1
dump
S
has 1 "$out" '3/7'
lacks 1 "$out" 'ld.so.cache'
has 1 "$out" 'readme'
has 2 "$out" '3/7'
has 2 "$out" 'ld.so.cache'
has 3 "$out" '3/7' # while something is typed the mouse does nothing

# list rows begin at screen row 3 (from 0), the tab 2 Trace at column 9
drive 80x24 > "$out" <<'S'
wait
click 10 1 0
wait
dump
click 5 5 1000
dump
key v
type doc
key Enter
wait
key v
type conf
key Enter
wait
click 3 21 2000
dump
key Space
wait
dump
click 3 22 3000
click 3 22 3400
dump
key Esc
click 12 3 4000
click 12 3 4401
dump
click 12 3 4500
wait
dump
click 70 23 9000
click 79 0 9000
dump
S
has 1 "$out" '1/7'
screen 1 "$out" | sed -n 4p | grep -q 'log.1:execve' # a click below it selects that line
has 2 "$out" '3/7'
has 3 "$out" "1 [x] grep -v 'doc'"
has 4 "$out" "1 [ ] grep -v 'doc'"
has 5 "$out" " > grep -v 'conf'" # twice within 400 ms: it is edited
has 6 "$out" '1/6'               # 401 ms: selected twice
has 7 "$out" '▾ bin/'            # 99 ms: opened, in the tree
screen 7 "$out" > "$work/opened"
screen 8 "$out" | cmp - "$work/opened" # nothing is there to click on
