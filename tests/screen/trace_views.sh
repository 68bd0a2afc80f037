# The trace by path, by process and by missing path, its filters, and the way back. First the session
# that is counted by hand, then a real compiler that misses a header, compared with grep, sed and sort.
. "$(dirname "$0")/lib_session.sh"
name_logs_shortly
out=$work/out

drive 120x24 > "$out" <<'S'
wait
key 2
dump
key .
wait
dump
key s
wait
dump
key .
wait
dump
key .
wait
dump
key Enter
dump
key Down
key Enter
wait
dump
key Backspace
dump
key Backspace
key Backspace
key Backspace
dump
S
has 1 "$out" 'by line'
has 2 "$out" 'by path'
# times, result, kinds, bytes, path, link target, its first line
screen 2 "$out" | grep -q "^ *1 ok  *x  *1\.00 kB /bin/tool  .*log\.1:1 *$"
screen 2 "$out" | grep -q "^ *1 ENOENT  */etc/ld\.so\.cache  .*log\.1:2 *$"
screen 2 "$out" | grep -q "^ *1 ok  *r  *2\.00 kB /lib/libx\.so\.1  → /lib/libx\.so\.1\.2  .*log\.1:3 *$"
screen 2 "$out" | grep -q "^ *1 ok  *r  *5\.00 kB /usr/share/doc/readme  .*log\.2:1 *$"
[ "$(screen 2 "$out" | grep -c '^ *1 [oE]')" = 5 ]
[ "$(screen 3 "$out" | sed -n 's,^ *1 [^/]*\(/[^ ]*\) .*,\1,p' | head -5 | sort -c && echo sorted)" = sorted ]
has 4 "$out" 'by process'
screen 4 "$out" | grep -q '^ *1  *3  *1  *4 /bin/tool  \["tool"\] *$' # three used, one in vain, four calls
screen 4 "$out" | grep -q '^ *2  *1  *0  *1 (no execve in the logs) *$'
has 5 "$out" 'failed look-ups'
screen 5 "$out" | grep -q '^ *1  *1 ld\.so\.cache  found nowhere *$'
screen 6 "$out" | grep -q '^ *1     /etc  ENOENT, .*log\.1:2 *$'
has 7 "$out" 'by line'
has 7 "$out" '2/7' # on that line
has 8 "$out" 'failed look-ups'
has 9 "$out" 'by line'

# filters: failed accesses, one call, one kind, one process, no filter
drive 120x24 > "$out" <<'S'
wait
key 2
key e
wait
dump
key e
wait
dump
key 0
key Down
key c
wait
dump
key r
wait
dump
key 0
wait
dump
key 1
S
has 1 "$out" 'by line · succeeded'
has 1 "$out" '1/4'
has 2 "$out" 'by line · failed'
has 2 "$out" '1/1'
has 3 "$out" 'by line · openat'
has 3 "$out" '/4'
has 4 "$out" 'by line · openat · pid 1'
has 4 "$out" '/3'
has 5 "$out" '/7'

# from a file of the image to its lines
drive 120x24 > "$out" <<'S'
wait
key 3
key L
wait
dump
key Backspace
dump
S
has 1 "$out" 'by line · /bin' # the directory and what is in it
has 1 "$out" '1/1'
has 1 "$out" 'execve("/bin/tool"'
lacks 2 "$out" 'by line'
has 2 "$out" '/bin/tool'

# a second run: the files that each run adds; and the gaps that the doctor finds in its log
mkdir "$work/two"
cat > "$work/two/log.7" <<'L'
execve("/bin/tool", ["tool", "-v"], 0x7ffd00000000 /* 3 vars */) = 0
openat(AT_FDCWD, "/etc/conf", O_RDONLY) = 3
clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = 8
+++ exited with 0 +++
L
(cd "$work" && "$build/xsmall" load -q -s "$session" --run two two)
drive 90x20 > "$out" <<'S'
wait
key C
dump
key .
key .
dump
key End
key Enter
dump
key Backspace
dump
key q
key W
dump
key Enter
dump
key q
key q
dump
S
screen 1 "$out" | grep -q '^run 1  *8\.01 kB run1  4 files, 4 not in earlier runs, 2 in this run only'
screen 1 "$out" | grep -q '^run 2  *1\.01 kB two  2 files, 0 not in earlier runs, 0 in this run only'
screen 1 "$out" | grep -q '^++  *10 B /etc/conf  in all'
screen 1 "$out" | grep -q '^+·  *5\.00 kB /usr/share/doc/readme  only in run1'
lacks 2 "$out" /etc/conf
has 2 "$out" /usr/share/doc/readme
has 3 "$out" '▾ usr/' # it is opened in the tree
has 4 "$out" 'only in run1'
has 5 "$out" 'processes without a log file: 1'
# the whole command, in lines that a shell parses as one command
has 6 "$out" 'log.7:3'
screen 6 "$out" | sed -n '/^strace/,/^ *$/p' > "$work/command"
[ "$(wc -l < "$work/command")" -gt 1 ]
sed 's/^strace/set -- strace/' "$work/command" > "$work/again"
(. "$work/again" && [ "$1 $2 $3 $4" = 'strace -ff -y -s' ] && [ "${*: -2}" = '/bin/tool -v' ])
has 7 "$out" usr/

cd "$work"
missing=no_such_header_7.h
printf '#include <stddef.h>\n#include <%s>\n' "$missing" > a.c
if strace -f -y -e trace=openat,access,execve,newfstatat -e signal=none -o log.cc cc -c a.c 2> /dev/null; then exit 1; fi
grep -v '+++ ' log.cc > log.calls # every line is a call that is followed
session=$work/cc.xsmall
"$build/xsmall" load -q -s "$session" log.calls
lines=$(wc -l < log.calls)
failed=$(grep -c ' = -1 E' log.calls)
# the directories where the header was looked up, in that order
grep -F "/$missing\"" log.calls | grep ENOENT | sed 's,^[^"]*"\(/.*\)/[^/"]*".*,\1,' | awk '!seen[$0]++' > places
n=$(wc -l < places)
[ "$n" -ge 3 ]
drive 200x60 > "$out" <<S
wait
key 2
dump
key e
key e
wait
dump
key 0
key .
key .
key .
wait
type /$missing
key Enter
wait
key Enter
dump
S
has 1 "$out" "1/$lines"
has 2 "$out" "1/$failed"
screen 3 "$out" | grep -q "^ *$n  *[0-9]* $missing  found nowhere *$"
screen 3 "$out" | sed -n "/ $missing  found/,\$p" | sed -n 's/^ *[0-9]*     \(\/[^ ]*\)  ENOENT.*/\1/p' > shown
cmp places shown

# each process: its pid, the number of different existing and missing paths
drive 200x60 > "$out" <<'S'
wait
key 2
key .
key .
wait
dump
S
paths() { sed 's,^[^"]*"\([^"]*\)".*,\1,' | sort -u; }
for pid in $(sed 's/ .*//' log.calls | sort -u); do
    grep "^$pid " log.calls | grep -v ' = -1 E' | grep -v '""' | paths > used
    grep "^$pid " log.calls | grep ' = -1 E' | paths | comm -23 - used > vain
    screen 1 "$out" | grep -q "^ *$pid  *[0-9]*  *$(wc -l < vain)  " || { echo "pid $pid: $(wc -l < vain) in vain"; screen 1 "$out"; exit 1; }
    [ "$(screen 1 "$out" | grep -c "^ *$pid ")" = 1 ]
done
