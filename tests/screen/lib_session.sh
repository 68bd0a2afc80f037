# A small session whose numbers are counted by hand:
#   /bin/tool 1000 bytes, /lib/libx.so.1 -> libx.so.1.2 2000 bytes, /etc/conf 10 bytes,
#   /usr/share/doc/readme 5000 bytes; two logs of 5 and 2 lines.
# Sets $work (removed at exit), $session; $1 is the build directory.
set -eu
build=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/root/bin" "$work/root/lib" "$work/root/etc" "$work/root/usr/share/doc" "$work/tr"
head -c 1000 /dev/zero > "$work/root/bin/tool"
head -c 2000 /dev/zero > "$work/root/lib/libx.so.1.2"
ln -s libx.so.1.2 "$work/root/lib/libx.so.1"
printf 0123456789 > "$work/root/etc/conf"
head -c 5000 /dev/zero > "$work/root/usr/share/doc/readme"
cat > "$work/tr/log.1" <<'L'
execve("/bin/tool", ["tool"], 0x7ffd00000000 /* 3 vars */) = 0
openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY|O_CLOEXEC) = -1 ENOENT (No such file or directory)
openat(AT_FDCWD, "/lib/libx.so.1", O_RDONLY|O_CLOEXEC) = 3
openat(AT_FDCWD, "/etc/conf", O_RDONLY) = 3
+++ exited with 0 +++
L
cat > "$work/tr/log.2" <<'L'
openat(AT_FDCWD, "/usr/share/doc/readme", O_RDONLY) = 3
+++ exited with 0 +++
L
session=$work/s.xsmall
"$build/xsmall" load -q -s "$session" "$work/root" "$work/tr"

# name_logs_shortly: makes another session of the same files, whose logs are tr/log.1 and tr/log.2, so that
# the screen shows whole log names for any length of $work
name_logs_shortly() {
    session=$work/short.xsmall
    (cd "$work" && "$build/xsmall" load -q -s "$session" ./root tr)
}

# drive WIDTHxHEIGHT < script > screens: runs the explorer with a script of keys
drive() { "$build/screen_driver" "$1" "$session"; }
# screen N FILE: prints the N-th dump of FILE
screen() { awk -v n="$1" '$0 == "==" { i++; next } i == n - 1' "$2"; }
# has N FILE TEXT: the N-th dump shows TEXT; lacks: it does not
has() {
    screen "$1" "$2" | grep -qF -- "$3" && return
    echo "screen $1 does not show: $3"
    screen "$1" "$2"
    exit 1
}
lacks() {
    screen "$1" "$2" | grep -qF -- "$3" || return 0
    echo "screen $1 shows: $3"
    screen "$1" "$2"
    exit 1
}
# script_of 'j l "text" Enter': prints the driver's lines, each with a wait; typed text is in quotes
script_of() {
    printf '%s' "$1" | perl -ne '
        while (/\G\s*(?:"([^"]*)"|(\S+))/g) {
            print defined $1 ? "type $1\n" : "key $2\n";
            print "wait\n";
        }'
}
