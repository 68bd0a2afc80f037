#!/bin/bash
# SPDX-License-Identifier: MIT
# Damaged sessions: bytes changed at random places, cut files, empty files, a newer version. Each
# reading command exits with 0 or 2, names the problem, and changes no byte. Also: two programs on one
# session.
# XSMALL_SEED repeats a run; XSMALL_DAMAGES is the number of sessions (10; all_damaged.sh: 1000).
. "$(dirname "$0")/lib_check.sh"
RANDOM=${XSMALL_SEED:=$(($(date +%s) % 32768))}
echo "seed $XSMALL_SEED"
cd "$scratch" || exit 1
mkdir -p root/etc root/bin
seq 5000 >root/etc/numbers
echo hello >root/etc/hello
{
    echo 'execve("/bin/tool", ["tool"], 0x7ffd /* 3 vars */) = 0'
    seq -f 'openat(AT_FDCWD, "/etc/none-%.0f", O_RDONLY) = -1 ENOENT (No such file or directory)' 2000
    echo 'openat(AT_FDCWD, "/etc/hello", O_RDONLY) = 3'
    echo '+++ exited with 0 +++'
} >log.7
must "loading" xsmall -q -s good.xsmall load root log.7
must "chain" xsmall -q -s good.xsmall chain "grep -v ENOENT log.7"
size=$(stat -c %s good.xsmall)

# reads WHAT FILE: runs each reading command; the file stays unchanged.
n_refused=0
reads()
{
    local what=$1 file=$2 status command
    cp "$file" as-it-was
    for command in "lines" "files --all" "report" "sql SELECT(*)" "chain"; do
        status=0
        case $command in
        sql*) timeout "$hang_s" "$build/xsmall" -s "$file" sql "SELECT count(*) FROM v_access" >out 2>stderr || status=$? ;;
        *) timeout "$hang_s" "$build/xsmall" -s "$file" $command >out 2>stderr || status=$? ;;
        esac
        case $status in
        0) ;;
        2)
            n_refused=$((n_refused + 1))
            check "$what: $command: names the session: $(cat -v stderr)" grep -qaF "$file" stderr
            ;;
        1) # the damage changed a log or a pattern: no line matches, and no line is printed
            equal "$what: $command: exit 1" "lines 0 0" "$command $(wc -c <out) $(wc -c <stderr)"
            ;;
        *) check "$what: $command: exit $status: $(head -c 1500 stderr | cat -v)" false ;;
        esac
        same "$what: $command: the file" as-it-was "$file"
    done
    rm -f "$file"-wal "$file"-shm
}

# refused WHAT WORDS FILE: each command rejects the file with a message that contains WORDS.
refused()
{
    local what=$1 words=$2 file=$3 command
    cp "$file" as-it-was
    for command in "lines" "chain --delete 1" "drop /etc/hello" "load log.7"; do
        answers "$what: $command" 2 xsmall -q -s "$file" $command >out 2>stderr
        check "$what: $command: message: $(cat -v stderr)" grep -qF "$words" stderr
        same "$what: $command: the file" as-it-was "$file"
    done
}

for n in $(seq "${XSMALL_DAMAGES:-10}"); do
    cp good.xsmall bad.xsmall
    for ((left = RANDOM % 8 + 1; left > 0; left--)); do # not $(RANDOM): a subshell has its own chance
        at=$(((RANDOM * 32768 + RANDOM) % size))
        printf -v byte %02x $((RANDOM % 256))
        printf "\\x$byte" | dd of=bad.xsmall bs=1 seek="$at" conv=notrunc status=none
    done
    reads "damage $n" bad.xsmall
done
for part in 10 50 90 99; do
    head -c $((size * part / 100)) good.xsmall >bad.xsmall
    reads "the first $part %" bad.xsmall
done
check "some were refused" test "$n_refused" -gt 3
head -c $((size / 2)) good.xsmall >half.xsmall
answers "half a file" 2 xsmall -s half.xsmall lines >out 2>stderr
check "half a file: the message names the next step: $(cat -v stderr)" grep -qF '.recover' stderr

head -c 5000 /dev/urandom >noise.xsmall
refused "noise" "not a session of xsmall" noise.xsmall
sqlite3 other.xsmall "CREATE TABLE t (x); INSERT INTO t VALUES (1)"
refused "a database of another program" "not a session of xsmall" other.xsmall
cp good.xsmall newer.xsmall
version=$(sqlite3 newer.xsmall "PRAGMA user_version")
sqlite3 newer.xsmall "PRAGMA user_version = 99"
refused "a newer version" "made by a newer xsmall (session version 99, this one reads $version)" newer.xsmall
: >empty.xsmall
answers "empty" 2 xsmall -s empty.xsmall lines >out 2>stderr
check "empty: message: $(cat -v stderr)" grep -qF "not a session of xsmall" stderr

# Two programs: a writer waits for the other's transaction, then reports the lock; readers are not
# blocked.
cp good.xsmall two.xsmall
mkfifo hold
sqlite3 two.xsmall <hold >/dev/null &
holder=$!
exec 9>hold
echo ".timeout 900000" >&9 # those that look below if it has begun are in its way for a moment
echo "BEGIN IMMEDIATE; UPDATE setting SET value = value; SELECT 1;" >&9
until ! sqlite3 two.xsmall "BEGIN IMMEDIATE; ROLLBACK" 2>/dev/null; do :; done
answers "two: reading" 0 xsmall -s two.xsmall lines >out 2>stderr
answers "two: writing" 2 xsmall -q -s two.xsmall chain --delete 1 >out 2>stderr
check "two: message: $(cat -v stderr)" grep -qF "another program" stderr
exec 9>&-
wait "$holder"
answers "two: after it" 0 xsmall -q -s two.xsmall chain --delete 1
finish
