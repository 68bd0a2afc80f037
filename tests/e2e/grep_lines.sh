#!/bin/bash
# SPDX-License-Identifier: MIT
# `xsmall lines` equals the shell pipeline with GNU grep in the C locale, byte for byte, on real logs
# and on a log of unusual bytes; so do its exit code and its count.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"

image_ready
cp -r "$image"/log/log.* "$scratch/"
cd "$scratch" || exit 1
set -- log.*
longest=$(wc -l log.* | sort -rn | sed -n '2s/.* //p')

# pipeline TEXT: prints the shell's output of the pipeline.
pipeline()
{
    LC_ALL=C bash -c 'grep() { command grep -a "$@"; }; '"$1"
}

# compare SESSION PIPELINE: xsmall's and the shell's output, count and exit code are equal.
compare()
{
    local expected=0
    pipeline "$2" >expected 2>/dev/null || expected=$?
    must "chain: $2" xsmall -s "$1" chain "$2"
    answers "lines: $2" "$expected" xsmall -s "$1" lines >got
    same "lines: $2" expected got
    xsmall -s "$1" lines -c >got
    equal "lines -c: $2" "$(wc -l <expected)" "$(cat got)"
    # The printed chain is a pipeline that prints the same lines.
    pipeline "$(xsmall -s "$1" chain)" >got 2>/dev/null
    same "the printed chain: $2" expected got
}

must "load" xsmall -q -s real.xsmall load log.*
check "several logs" test $# -gt 1
compare real.xsmall "grep '\.so' log.* | grep -v 'site-packages' | grep -v 'lib-dynload' | grep -v '= -1'"
compare real.xsmall "grep -v '= -1' log.*"
compare real.xsmall "grep -E 'openat|execve' log.* | grep -vE 'ENO(ENT|TDIR)' | grep -i PYTHON"
compare real.xsmall "grep -P 'open(?=at)at\(AT_FDCWD, \"(/[^/\"]+)+\"' log.* | grep -Pv '= \d{2,}\$'"
compare real.xsmall "grep -F -e '.py' -e '.so' log.* | grep -v -F '__pycache__'"
compare real.xsmall "grep -w 'libc\|libm' log.* | grep '\<so\>'"
compare real.xsmall "grep -h 'AT_FDCWD' log.* | grep '^openat' | grep -v '\(/[a-z]*\)\1'"
compare real.xsmall "grep '^openat' log.* | grep '^openat'"
compare real.xsmall "grep 'python' $longest | grep -v log"
compare real.xsmall "grep -H 'lib' $longest | grep '^$longest:'"
compare real.xsmall "grep -x '+++ exited with 0 +++' log.* | grep -v 'x\{3,\}\|y\+'"
compare real.xsmall "grep '[[:digit:]]\{2,\}' log.* | grep -E '^log\.[0-9]+:(mmap|openat)'"
compare real.xsmall "grep 'no such line anywhere' log.*"
compare real.xsmall "grep '' log.*"

# A single log has no prefix; this log has bytes that are not UTF-8, NUL, CR, an escape, no final newline.
must "load" xsmall -q -s one.xsmall load "$longest"
compare one.xsmall "grep '^execve' $longest | grep -v log"
{
    printf 'openat(AT_FDCWD, "/a\\n\\"b", O_RDONLY) = 3\n'
    printf 'openat(AT_FDCWD, "/\xff\xfe\x80", O_RDONLY) = -1 ENOENT (No such file or directory)\n'
    printf 'write(1, "\033[31mred\r", 4) = 4\r\n\n'
    printf 'openat(AT_FDCWD, "/nul\0here", O_RDONLY) = 4\n'
    printf 'openat(AT_FDCWD, "/\xc3\xa9t\xc3\xa9.so", O_RDONLY) = 5\n'
    printf 'execve("/end", ["x"], 0x0 /* 0 vars */) = 0\n+++ exited with 0 +++'
} >odd.1
cp odd.1 odd.2
must "load" xsmall -q -s bytes.xsmall load odd.1 odd.2
compare bytes.xsmall "grep '' odd.*"
compare bytes.xsmall "grep -v '= -1' odd.* | grep -i 'É\|nul'"
compare bytes.xsmall "grep -E '.{4}b' odd.1"
compare bytes.xsmall "grep -P '\xff|red' odd.* | grep -v '^odd.2'"
compare bytes.xsmall "grep -x '.*' odd.* | grep 'so'"
compare bytes.xsmall "grep '0\$' odd.2 odd.1"
finish
