#!/bin/bash
# SPDX-License-Identifier: MIT
# The accesses that xsmall run records equal those of strace in the same root: threads, children, a
# program that drops its rights or executes another, a service that tests use, --net host.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_run.sh"
need_sandbox
need_tool gcc perl
cd "$scratch" || exit 1

must "compile" gcc -static -O1 -pthread "$here/worker.c" -o worker
mkdir -p root/data/sub root/dev root/proc
cp worker root/
for name in first again relative own roots end word thread0 thread1 thread2 thread3; do
    echo "$name" >"root/data/$name"
done
chown 1000:1000 root/data/own
chmod 600 root/data/own root/data/roots
must "archive" tar -C root -cf "$place/worker.tar" .
chmod 644 "$place/worker.tar"

accesses()
{
    xsmall -q -s "$1" sql "SELECT DISTINCT path, kind, errno FROM v_access
        WHERE run = '$2' AND (path LIKE '/data%' OR path LIKE '/worker%') ORDER BY 1, 2, 3"
}

# ask PORT WORD: sends a word to the service and prints its answer.
ask='perl -MIO::Socket::INET -e "\$s = IO::Socket::INET->new(PeerAddr => q(127.0.0.1), PeerPort => shift) or die; print \$s shift, qq(\n); print <\$s>"'

must "the judge's log" mkdir judge
trace_user=0 trace_in root judge /worker >/dev/null || die "strace"
must "load" xsmall -q -s judge.xsmall load --run judge --cwd / "$place/worker.tar" judge
accesses judge.xsmall judge >expected
check "the judge saw all: $(wc -l <expected)" test "$(wc -l <expected)" -ge 12

mkdir judge.service
trace_user=0 trace_in root judge.service /worker 28417 >/dev/null &
check "the judge's service" wait_until sh -c "$ask 28417 word"
check "it ends" sh -c "$ask 28417 end" >/dev/null
wait $!
must "load" xsmall -q -s judge.xsmall load --run service --cwd / judge.service
accesses judge.xsmall service >expected.service

for user in root range; do
    as_user "$user" "$place/xsmall" -q run -s w.xsmall --run plain "$place/worker.tar" -- /worker
    equal "$user: exit code" 0 $?
    accesses "$place/$user/w.xsmall" plain >got
    same "$user: accesses" expected got
    for net in none host; do
        as_user "$user" "$place/xsmall" run -s w.xsmall --run "$net" --net "$net" --ready tcp:28417 \
            --test "$ask 28417 word" --test "$ask 28417 end" -- /worker 28417 >out 2>message
        equal "$user, --net $net: exit code, $(cat message)" 0 $?
        accesses "$place/$user/w.xsmall" "$net" >got
        same "$user, --net $net: accesses of the service" expected.service got
    done
done

# With one id, a program cannot drop its rights: all other accesses are equal.
as_user single "$place/xsmall" -q run -s w.xsmall --run plain "$place/worker.tar" -- /worker
equal "single: exit code" 0 $?
accesses "$place/single/w.xsmall" plain >got
grep -v '^/data/\(own\|roots\)' expected >expected.single
same "single: accesses" expected.single got
finish
