#!/bin/bash
# SPDX-License-Identifier: MIT
# Files of strace -ff whose threads share a directory are merged by their times. Expected: the order of
# the times, worked out by hand; trace_truth.sh compares with the kernel.
. "$(dirname "$0")/lib_check.sh"

need_tool sqlite3
cd "$scratch" || exit 1
clone='clone(child_stack=0x7f, flags=CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD) = 11'

# paths: loads t.10 and t.11; prints the paths of their opens in the order of the lines, by log.
paths()
{
    rm -f s.xsmall
    must 'load' xsmall -q -s s.xsmall load --cwd /start t.10 t.11 2>warnings
    sqlite3 s.xsmall "SELECT log || ' ' || path FROM v_access WHERE call LIKE 'open%' ORDER BY log, line"
}

# problems: prints the problems of the logs, with their number.
problems()
{
    sqlite3 s.xsmall "SELECT log.name || ' ' || what || ' ' || clue.n FROM clue JOIN log ON log.id = log
        WHERE what IN ('tied', 'clock', 'shared-cwd', 'unknown-cwd') ORDER BY 1"
}

for style in '12:00:0' '12:00:00.00000' '170000000' '1700000000.00000'; do
    cat >t.10 <<L
${style}1 execve("/p", ["p"], 0x7 /* 0 vars */) = 0
${style}2 $clone
${style}3 open("a", O_RDONLY) = 3
${style}5 chdir("/ten") = 0
${style}7 open("b", O_RDONLY) = 3
L
    cat >t.11 <<L
${style}3 open("c", O_RDONLY) = 4
${style}4 chdir("/eleven") = 0
${style}4 open("d", O_RDONLY) = 4
${style}6 open("e", O_RDONLY) = 4
${style}6 openat(3, "f", O_RDONLY) = 4
${style}8 chdir("deeper") = 0
${style}9 open("g", O_RDONLY) = 4
L
    equal "times such as ${style}1" 't.10 /start/a
t.10 /ten/b
t.11 /start/c
t.11 /eleven/d
t.11 /ten/e
t.11 /start/a/f
t.11 /ten/deeper/g' "$(paths)"
    equal 'no problems' '' "$(problems)"
done

# At the time of a change in the other file, the directory is not known.
cat >t.10 <<L
12:00:01 execve("/p", ["p"], 0x7 /* 0 vars */) = 0
12:00:02 $clone
12:00:03 chdir("/ten") = 0
12:00:04 open("b", O_RDONLY) = 3
L
cat >t.11 <<L
12:00:03 open("c", O_RDONLY) = 4
12:00:03 open("/absolute", O_RDONLY) = 4
12:00:04 open("d", O_RDONLY) = 4
L
equal 'the same second' 't.10 /ten/b
t.11 c
t.11 /absolute
t.11 /ten/d' "$(paths)"
equal 'is reported' 't.11 tied 1' "$(problems)"
xsmall -s s.xsmall report >report
check 'with the example' grep -q 'relative paths used at the time at which another thread changed the directory: 1' report

# Midnight, and a clock that is set back.
cat >t.10 <<L
23:59:58 execve("/p", ["p"], 0x7 /* 0 vars */) = 0
23:59:59 $clone
00:00:01 chdir("/ten") = 0
00:00:05 open("a", O_RDONLY) = 3
L
cat >t.11 <<L
00:00:00 open("b", O_RDONLY) = 4
00:00:02 open("c", O_RDONLY) = 4
L
equal 'midnight' 't.10 /ten/a
t.11 /start/b
t.11 /ten/c' "$(paths)"
equal 'midnight is no problem' '' "$(problems)"
cat >t.10 <<L
12:00:08 execve("/p", ["p"], 0x7 /* 0 vars */) = 0
12:00:09 $clone
12:00:02 chdir("/ten") = 0
12:00:05 open("a", O_RDONLY) = 3
L
cat >t.11 <<L
12:00:10 open("b", O_RDONLY) = 4
12:00:03 open("c", O_RDONLY) = 4
L
equal 'the clock is set back' 't.10 /ten/a
t.11 /start/b
t.11 /ten/c' "$(paths)"
equal 'is reported in each file' 't.10 clock 1
t.11 clock 1' "$(problems)"

# Without times, as before: the directory is not known.
sed -i 's/^[0-9:]* //' t.10 t.11
equal 'no times' 't.10 /ten/a
t.11 b
t.11 c' "$(paths)"
finish
