# Breaks, counted by hand. All five files of the session are kept at first. Without the lines of readme
# and conf two opens that succeeded would fail; a check run fails on one of the two, on a file that no
# evidence used, and on a file that the image lacks.
. "$(dirname "$0")/lib_session.sh"
out=$work/out

# The run used four of the five kept files; no access ends at the link itself.
seen='kept files used by the run: 4 (8010 bytes), by no run: 1 (0 bytes)'
"$build/xsmall" breaks -s "$session" 2> "$out"
[ "$(cat "$out")" = "xsmall: breaks: 0; $seen" ]
"$build/xsmall" breaks -q -s "$session" 2> "$out"
[ ! -s "$out" ]
drive 160x24 > "$out" <<'S'
wait
key C
dump
S
has 1 "$out" "$seen"

drive 160x24 > "$out" <<'S'
wait
key 4
dump
key v
type /[uce]
key Enter
wait
dump
key Space
wait
dump
key u
wait
key A
wait
dump
key u
wait
S
has 1 "$out" 'breaks 0'
has 1 "$out" 'Nothing would break'
has 2 "$out" 'breaks 2'
screen 2 "$out" | grep -q "^missing *1 /etc/conf .*hidden by stage 1: grep -v '/\[uce\]'.*log\.1:4"
screen 2 "$out" | grep -q "^missing *1 /usr/share/doc/readme .*log\.2:1"
has 3 "$out" 'breaks 1'
lacks 3 "$out" 'missing        1 /etc/conf'
has 4 "$out" 'breaks 0'
has 4 "$out" '2 paths marked keep'

# the command prints the same, and exits with 1 while there is a break
if "$build/xsmall" breaks -s "$session" > "$out"; then exit 1; fi
[ "$(wc -l < "$out")" = 2 ]
grep -q "^/etc/conf: would be missing: hidden by stage 1: grep -v '/\[uce\]', .*log\.1:4$" "$out"

# a check run
mkdir "$work/check"
cat > "$work/check/log.9" <<'L'
execve("/bin/tool", ["tool"], 0x7ffd00000000 /* 3 vars */) = 0
openat(AT_FDCWD, "/etc/conf", O_RDONLY) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/etc/conf", O_RDONLY) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/usr/share", O_RDONLY|O_DIRECTORY) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/usr/share/none", O_RDONLY) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/lib/libx.so.1", O_RDONLY) = -1 ENOENT (No such file or directory)
mkdir("/proc", 0755) = -1 EEXIST (File exists)
L
"$build/xsmall" load -q -s "$session" --check "$work/check"
if "$build/xsmall" breaks -s "$session" > "$out"; then exit 1; fi
grep -q '^/etc/conf: failed in a check run, .*log\.9:2 ENOENT: hidden by stage 1' "$out"
grep -q '^/usr/share: failed in a check run; the subject has the file, the evidence does not use it, .*log\.9:4 ENOENT$' "$out"
grep -q '^1 paths* failed' "$out"
[ "$(grep -c libx "$out")" = 0 ] # it is kept: it is there now
drive 160x24 > "$out" <<'S'
wait
key 4
dump
key A
wait
dump
S
screen 1 "$out" | grep -q '^failed *2 /etc/conf '
screen 1 "$out" | grep -q '^untraced *1 /usr/share '
lacks 2 "$out" '/etc/conf'
if "$build/xsmall" breaks --keep -s "$session" > "$out"; then exit 1; fi
"$build/xsmall" breaks -s "$session" > "$out"
[ "$(cat "$out")" = '1 path failed in check runs and is not in the image' ]
"$build/xsmall" files -s "$session" | grep -q '^/usr/share/doc/readme$'
