#!/bin/bash
# SPDX-License-Identifier: MIT
# A log as people have it: with prefixes of docker, compose, Kubernetes, journald, grep and mail, or as HTML,
# has the accesses of the log that strace wrote. What cannot be read is named.
. "$(dirname "$0")/lib_check.sh"

need_tool sqlite3 gzip zstd xz bzip2 iconv
need_strace
cd "$scratch" || exit 1
echo '<a&"b">' >'<a> &"b"'
strace -f -o whole sh -c 'cat "<a> &\"b\"" none; ls / >/dev/null' >/dev/null 2>&1
strace -f -tt -o timed sh -c 'cat none; ls /' >/dev/null 2>&1
[ "$(grep -c '<unfinished' whole)" -gt 0 ] || die 'the log has no halves'

# accesses LOG: prints its accesses, without the line numbers.
accesses()
{
    rm -f s.xsmall
    must "load $1" xsmall -q -s s.xsmall load "$@" 2>warnings
    sqlite3 s.xsmall "SELECT pid, call, path, errno, n, kind FROM v_access ORDER BY line, 1, 2, 3" 
}

# wraps NAME LOG SED-SCRIPT: the log, wrapped by sed, has the accesses of the log; the wrapping is reported.
wraps()
{
    accesses "$2" >expected
    sed "$3" "$2" >wrapped.log
    accesses wrapped.log >got
    same "$1" expected got
    equal "$1: reported" "$(grep -c '' wrapped.log)" \
        "$(sqlite3 s.xsmall "SELECT n FROM clue WHERE what = 'wrapped'")"
}

for log in whole timed; do
    wraps 'docker logs -t' $log 's/^/2026-01-02T03:04:05.123456789Z /'
    wraps 'kubectl logs --timestamps, with a zone' $log 's/^/2026-01-02T03:04:05.123456789+01:00 /'
    wraps 'CRI' $log 's/^/2026-01-02T03:04:05.123456789Z stderr F /'
    wraps 'docker compose logs' $log 's/^/web-1  | /'
    wraps 'docker compose logs -t' $log 's/^/web-1  | 2026-01-02T03:04:05.123456789Z /'
    wraps 'kubectl logs --prefix --timestamps' $log 's/^/[pod\/web-0\/app] 2026-01-02T03:04:05.123456789Z /'
    wraps 'journalctl' $log 's/^/Jan 02 03:04:05 host app[123]: /'
    wraps 'journalctl -o short-iso' $log 's/^/2026-01-02T03:04:05+0100 host app[123]: /'
    wraps 'mail' $log 's/^/> /'
    wraps 'a mail in a mail' $log 's/^/>> /'
    wraps 'grep -H' $log 's/^/dir\/x.log:/'
    grep -n '' $log >numbered
    wraps 'grep -n of docker logs -t' $log 's/^/7:2026-01-02T03:04:05.123456789Z /'
    wraps 'HTML' $log 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g; s/^/<span class="x">/; s/$/<\/span>/'
    accesses $log >expected
    accesses numbered >got
    same "grep -n $log" expected got
    grep -nH '' $log >numbered
    accesses numbered >got
    same "grep -nH $log" expected got
done

# grep -H over the files of strace -ff: the pids are in the names.
strace -ff -o part sh -c 'cat none; ls /' >/dev/null 2>&1
grep -H '' part.* >joined
accesses joined | cut -d '|' -f 1 | sort -u >got
ls part.* | cut -d . -f 2 | sort >expected
same 'pids of the file names' expected got
accesses whole >/dev/null
equal 'no wrapping' '' "$(sqlite3 s.xsmall "SELECT n FROM clue WHERE what = 'wrapped'")"

# python-ptrace
printf '[12] open("/a", O_RDONLY) = 3\n[13] open("/b", O_RDONLY) = 3\n' >python.log
equal 'python-ptrace' '12 13' "$(accesses python.log | cut -d '|' -f 1 | tr '\n' ' ' | sed 's/ $//')"
printf '[ 257] openat(AT_FDCWD, "/a", O_RDONLY) = 3\n' >numbers.log
equal 'strace -n' 0 "$(accesses numbers.log | cut -d '|' -f 1)"

# refused NAME WORDS: the file is refused, and the message has these words.
refused()
{
    rm -f s.xsmall
    answers "$1" 2 xsmall -q -s s.xsmall load "$1" 2>message
    check "$1: $2" grep -qF -- "$2" message
}

gzip -k whole
zstd -q whole
xz -k whole
bzip2 -k whole
iconv -f UTF-8 -t UTF-16 <timed >wide
refused whole.gz 'compressed with gzip; decompress it first: gzip -dc FILE'
refused whole.zst 'compressed with zstd'
refused whole.xz 'compressed with xz'
refused whole.bz2 'compressed with bzip2'
refused wide 'iconv -f UTF-16'
echo '__libc_start_main(0x55, 1, 0x7f, 0x55 <unfinished ...>' >ltrace
refused ltrace 'output of ltrace'
echo '     0.000 ( 0.010 ms): cat/1234 openat(dfd: CWD, filename: 0x7f, flags: RDONLY) = 3' >perf
refused perf 'output of perf trace'
echo 'I0101 12:00:00.000000       1 strace.go:576] [   1:   1] cat E openat(AT_FDCWD /, 0x7f /etc/x, O_RDONLY)' >gvisor
refused gvisor 'output of gVisor'
echo '{"log":"12 open(\"/a\", O_RDONLY) = 3\n","stream":"stderr"}' >json
refused json 'docker logs CONTAINER'
echo 'hello world' >text
refused text 'its first line is "hello world"'
: >empty
rm -f s.xsmall
must 'an empty log' xsmall -q -s s.xsmall load empty
must 'report' xsmall -s s.xsmall report >report
check 'is reported' grep -q 'logs, all empty: 1' report
finish
