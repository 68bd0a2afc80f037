#!/bin/bash
# SPDX-License-Identifier: MIT
# The trace doctor on live logs: each log was made with a wrong option or damaged on the way. The doctor
# reports the finding, and the command in the finding, run unchanged, makes a log without it.
. "$(dirname "$0")/lib_check.sh"

need_tool sqlite3
need_strace

subject=

# finding FIELD ID: prints a field of the finding in report.json; nothing if the finding is missing.
finding()
{
    sqlite3 :memory: "SELECT json_extract(value, '\$.$1') FROM
        json_each(readfile('report.json'), '\$.findings')
        WHERE json_extract(value, '\$.id') = '$2'"
}

# examine LOG...: loads the logs into a new session; writes report.json, report.txt and load.err.
examine()
{
    rm -f s.xsmall
    must "load" xsmall -s s.xsmall load $subject "$@" 2>load.err
    must "report" xsmall -s s.xsmall report --json >report.json
    must "report" xsmall -s s.xsmall report >report.txt
}

# The directory in which the command runs, and how its log gets here.
run_again() { eval "$1"; }
take_again() { :; }

# case_of ID N PROGRAM LOG... : in an empty directory, `wrong` makes the logs. Then the doctor's command
# runs, with PROGRAM in place of the parts that the log does not contain.
case_of()
{
    local id=$1 n=$2 program=$3 command again
    shift 3
    rm -rf "$scratch/place"
    mkdir -p "$scratch/place/dir"
    cd "$scratch/place" || exit
    echo text >dir/file
    wrong >out.txt 2>err.txt
    examine $*
    if [ "$n" = some ]; then
        check "$id: there" test -n "$(finding n "$id")"
    else
        equal "$id: how many" "$n" "$(finding n "$id")"
    fi
    check "$id: in the text" grep -qE "^  [a-z]+ $id, (run run1, )?" report.txt
    if [ "$(finding severity "$id")" = warning ]; then
        check "$id: load warns" grep -qF "$(finding words "$id")" load.err
    fi
    command=$(finding command "$id")
    command_was=$command
    check "$id: one text, one command" grep -qF -- "$command" report.txt
    if [ "$(finding exact "$id")" = 0 ]; then
        check "$id: the unknown part is named" test "$command" != "${command/PROGRAM ARGS/}"
    fi
    (run_again "${command/PROGRAM ARGS/$program}") >out.txt 2>err.txt
    take_again
    again=(again-*)
    check "$id: the command makes a log" test -e "${again[0]}"
    examine "${again[@]}"
    equal "$id: gone" "" "$(finding n "$id")"
}

# Two children, by hand: one for ls and one for cat; the third command, exec, makes no child.
script='ls dir; cat dir/file; exec true'

wrong() { strace -o log sh -c "$script"; }
case_of no-follow 2 '' log
wrong() { strace -e trace=%file -o log sh -c "$script"; }
case_of no-follow 2 '' log # SIGCHLD shows the exits

# sh, ls and cat exit: three processes.
wrong() { strace -f -e open -o log sh -c "$script"; }
case_of no-opens 3 "sh -c '$script'" log
wrong() { strace -ff -e open -o log sh -c "$script"; }
case_of no-opens 3 "sh -c '$script'" 'log.*'
wrong() { strace -f -e trace=execve,open -o log sh -c "$script"; }
case_of no-opens 4 '' log # sh, ls, cat and true were started


wrong() { strace -f -z -o log ls dir none; }
case_of no-failures some '' log
wrong() { strace -f ls dir none 2>&1 | grep -v '= -1' >log; }
case_of no-failures some '' log
wrong() { strace -f -Z -o log ls dir none; }
case_of only-failures some 'ls dir none' log

wrong() { strace -f cat dir/file 2>&1 | grep '\.so' >log; }
case_of grepped some 'cat dir/file' log
wrong() { strace -f -e trace=openat -o log cat dir/file; }
case_of no-exec "$(strace -f -e trace=openat cat /dev/null 2>&1 | grep -c openat)" 'cat dir/file' log
wrong() { strace -C -f -o log true; }
case_of table "$(grep -cE '^(% time|-----|[ 0-9]+\.[0-9]+ )' <(strace -C true 2>&1))" '' log
wrong() { strace -f -e trace=write -e quiet=exit -o log echo text; }
case_of empty 1 'echo text' log

wrong() { strace -f -e raw=openat -o log cat dir/file; }
case_of raw-path "$(strace -e trace=openat cat /dev/null 2>&1 | grep -c openat)" '' log
if [ "$(id -u)" = 0 ]; then # only root can change the user
    cat >"$scratch/su.c" <<'END'
#include <fcntl.h>
#include <unistd.h>
int main(void)
{
    if (setgid(33) || setuid(33))
        return 1;
    open("/etc/hostname", O_RDONLY);
    return access("/etc/hostname", R_OK) || chdir("/");
}
END
    must 'a program that changes its user' cc -o "$scratch/su" "$scratch/su.c"
    wrong() { setpriv --inh-caps -sys_ptrace --bounding-set -sys_ptrace strace -f -o log "$scratch/su"; }
    case_of unreadable 3 '' log
    wrong >out.txt 2>err.txt
    examine log
    equal 'not -e raw' '' "$(finding n raw-path)"
    check 'the remedy' grep -q -- '--cap-add SYS_PTRACE' report.txt
fi
wrong() { strace -f -tt -T -e trace=execve,openat -o log cat dir/file; }
case_of unknown-cwd 1 '' log
check 'options of the log are kept' grep -q 'strace -f -y -tt -T -s 4096' <<<"$command_was"
wrong() { strace -f -e trace=execve,newfstatat -o log du dir; }
case_of unknown-fd 1 '' log # newfstatat(4, "file", …)
wrong() { strace -f -e trace=openat -o log sh -c "$script"; }
case_of unknown-parent 2 "sh -c '$script'" log

# The last line ends after its ninth byte.
wrong()
{
    strace -f -o whole cat dir/file
    local n=$(grep -c '' whole)
    { head -n $((n / 2)) whole && sed -n "$((n / 2 + 1)){s/^\([0-9]* *[a-z0-9_]*(\).*/\1/p}" whole | tr -d '\n'; } >log
}
case_of cut 1 '' log
# vfork is always resumed after lines of its child.
wrong()
{
    strace -f -e trace=%file,vfork -o whole sh -c "$script"
    grep -v 'vfork( <unfinished' whole >log
}
case_of lost-start 2 '' log
wrong() { strace -f -y -e trace=%file cat dir/file >log 2>&1; }
case_of no-strace 1 '' log # "text"
wrong()
{
    strace -ff -y -o log sh -c "$script"
    rm "$(grep -l 'execve("/[a-z/]*/ls"' log.*)"
}
case_of missing-logs 1 '' 'log.*'
wrong()
{
    mkfifo gate # cat waits in its open until somebody writes
    strace -f -o log cat gate &
    wait_until grep -q '"gate"' log
    kill -9 $!
    wait $!
    : >gate
    rm gate
    : >gate
}
case_of no-end 1 '' log

# A daemon that was stopped together with strace: its last line is the call in which it waited.
rm -rf "$scratch/place" && mkdir "$scratch/place" && cd "$scratch/place" || exit
mkfifo gate
: >log
strace -f -o log sh -c 'read line <gate' &
tracer=$!
wait_until grep -q '"gate"' log
sleep 60 >gate & # read waits in a call without a path
writer=$!
wait_until grep -q 'read(0, $' log
kill -9 $tracer
{ wait $tracer; } 2>/dev/null
kill $writer # ends the program, too
examine log
equal 'the last call is not a cut line' '' "$(finding n cut)"
equal 'strace was stopped' 1 "$(finding n no-end)"
printf '12 execve("/p", [], 0x7) = 0\n12 openat(AT_FDCWD, "/a", O_RDONLY <detached ...>\n' >log
examine log
equal '<detached ...> is not a cut line' '' "$(finding n cut)"
printf '12 execve("/p", [], 0x7) = 0\n12 openat(AT_FDCWD, "/a' >log
examine log
equal 'a cut path is' 1 "$(finding n cut)"

# Relative paths in an unknown directory are reported only if they can be files of the image.
unknown()
{
    printf '%s\n' '12 execve("/bin/cat", [], 0x7) = 0' "$@" '12 +++ exited with 0 +++' >log
    examine log
    finding n unknown-cwd
}
mkdir -p image/{bin,etc,usr/share}
: >image/bin/cat
: >image/usr/share/data
subject=image
equal 'all failed' '' "$(unknown '12 open("share/data", O_RDONLY) = -1 ENOENT (No such file or directory)')"
equal 'a file of the image' 1 "$(unknown '12 open("./share/data", O_RDONLY) = 3')"
equal 'another directory' '' "$(unknown '12 open("bin/data", O_RDONLY) = 3')"
equal 'through ".."' 1 "$(unknown '12 open("../bin/../share/data", O_RDONLY) = 3')"
equal 'a file that is created' '' "$(unknown '12 open("pid", O_RDWR|O_CREAT, 0600) = 3')"
equal 'in a directory of the image' 1 "$(unknown '12 open("share/pid", O_RDWR|O_CREAT, 0600) = 3')"
equal 'any directory' 1 "$(unknown '12 open(".", O_RDONLY|O_DIRECTORY) = 3')"
subject=

# One thread's chdir changes the other's directory; the other's file does not show the time of the change.
cat >"$scratch/threads.c" <<'END'
#include <pthread.h>
#include <unistd.h>
static void *move(void *none)
{
    return chdir("dir") ? move : none;
}
int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, move, NULL);
    pthread_join(thread, NULL);
    return access("file", R_OK);
}
END
must 'a program with threads' cc -pthread -o "$scratch/threads" "$scratch/threads.c"
wrong() { strace -ff -o log "$scratch/threads"; }
case_of shared-cwd 1 '' 'log.*'

# put ROOT PROGRAM...: makes a root file system with these programs and their libraries.
put()
{
    local root=$1 program file
    shift
    mkdir -p "$root"/{bin,etc,lib,tmp,usr}
    for program in "$@"; do
        program=$(command -v "$program")
        cp "$program" "$root/bin/"
        for file in $(ldd "$program" | grep -o '/[^ ]*'); do
            mkdir -p "$root${file%/*}"
            cp -L "$file" "$root$file"
        done
    done
}

# Only root may change root. The finding's log is made inside the root and read from outside.
if [ "$(id -u)" = 0 ] && chroot / true; then
    inside=$scratch/inside
    put "$inside" cat strace
    echo text >"$inside/etc/motd"
    wrong() { strace -f -y -o log chroot "$inside" /bin/cat /etc/motd; }
    take_again() { mv "$inside/again-log" .; }
    case_of other-root some '' log

    # The trace of this machine's cat is no evidence for that image.
    wrong() { strace -f -y -o log "$(command -v cat)" /etc/os-release; }
    run_again() { chroot "$inside" /bin/sh -c "cd /tmp && $1"; }
    take_again() { mv "$inside/tmp/again-log" .; }
    put "$inside" sh
    cp /etc/os-release "$inside/etc/issue"
    subject=$inside
    mkdir -p "$inside/usr/bin" && cp "$inside/bin/cat" "$inside/usr/bin"
    case_of other-image some '' log
fi
finish
