#!/bin/bash
# SPDX-License-Identifier: MIT
# Input that cannot be loaded is rejected: one line on stderr that names the object, nothing on stdout,
# exit 2, and the session unchanged.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"

image_ready
cp -r "$image"/log/log.* "$scratch/"
cd "$scratch" || exit 1

# refused WHAT NAME COMMAND...: the command is rejected with a message that contains NAME.
refused()
{
    local what=$1 name=$2 status=0
    shift 2
    "$@" >stdout 2>stderr </dev/null || status=$?
    equal "$what: exit code" 2 "$status"
    equal "$what: lines on stderr" 1 "$(wc -l <stderr)"
    equal "$what: bytes on stdout" 0 "$(wc -c <stdout)"
    message_has_object "$what" stderr
    n_checks=$((n_checks + 1))
    if ! grep -qaF -e "$name" stderr; then
        n_failed=$((n_failed + 1))
        printf 'FAILED: %s: "%s" is not named: %s\n' "$what" "$name" "$(cat -v stderr)"
    fi
}

# Prints all rows of a session.
dump_of()
{
    sqlite3 "$1" .dump
}

# refused_load WHAT NAME ARGUMENT...: load is rejected with an existing session and without one.
refused_load()
{
    local what=$1 name=$2
    shift 2
    refused "$what" "$name" xsmall -q -s there.xsmall load "$@"
    dump_of there.xsmall >after
    same "$what: the session" before after
    check "$what: no file next to the session" test ! -e there.xsmall-wal -a ! -e there.xsmall-shm
    refused "$what, no session yet" "$name" xsmall -q -s none.xsmall load "$@"
    check "$what: no session made" test ! -e none.xsmall
    rm -f none.xsmall*
}

must "session" xsmall -q -s there.xsmall load log.*
must "chain" xsmall -s there.xsmall chain "grep -v '= -1' log.*"
dump_of there.xsmall >before

for kind in tar gz.tar zst.tar; do
    size=$(stat -c %s "$image/full.$kind")
    for part in 3 50 97; do
        head -c $((size * part / 100)) "$image/full.$kind" >cut.tar
        refused_load "the first $part % of full.$kind" cut.tar cut.tar
    done
done
head -c 700 "$image/full.tar" >cut.tar
refused_load "a cut tar header" cut.tar cut.tar
mkdir empty 'not logs' not-an-image
echo 'Dear diary,' >'not logs/diary'
echo 'not a log' >text.txt
head -c 300000 /dev/urandom >noise
printf '{"imageLayoutVersion":"1.0.0"}' >not-an-image/oci-layout
refused_load "an empty directory" empty empty
refused_load "a directory without logs" 'not logs' 'not logs'
refused_load "a text file that is not a log" text.txt text.txt
refused_load "a file that is not a log among logs" text.txt log.* text.txt
refused_load "noise" noise noise
refused_load "a layout without an index" not-an-image not-an-image
refused_load "a missing file" no-such-file no-such-file
refused_load "a missing base" no-such-base --base no-such-base "$image/full.tar"
refused_load "a cut base" cut.tar --base cut.tar "$image/full.tar"
refused_load "two images" base.tar "$image/full.tar" "$image/base.tar"
refused_load "a path below a file" text.txt/below text.txt/below
refused_load "an unknown option" --no-such-option --no-such-option log.*
refused_load "an option without its argument" --run --run

refused "an unknown option of the program" --frobnicate xsmall --frobnicate
refused "an unknown option of files" --kepd xsmall -s there.xsmall files --kepd
refused "an invalid pattern" '\(' xsmall -s there.xsmall chain 'grep "\("'
refused "an operand that matches no log" other.log xsmall -s there.xsmall chain 'grep x other.log'
refused "no image" there.xsmall xsmall -s there.xsmall files
refused "no stage 9" 9 xsmall -s there.xsmall chain --delete 9
refused "a missing session" absent.xsmall xsmall -s absent.xsmall lines
refused "a file that is not a session" text.txt xsmall -s text.txt lines
refused "a query that writes" sql: xsmall -s there.xsmall sql 'DELETE FROM pattern'
dump_of there.xsmall >after
same "the session at the end" before after
check "no session was made" test ! -e absent.xsmall

# An image different from the session's, and the same image again.
must "session" xsmall -q -s full.xsmall load "$image/full.tar"
dump_of full.xsmall >before-full
refused "an unknown form" mosaic xsmall -s full.xsmall export --form mosaic
refused "another image" base.tar xsmall -q -s full.xsmall load "$image/base.tar"
dump_of full.xsmall >after-full
same "after another image" before-full after-full
answers "the same image" 0 xsmall -q -s full.xsmall load "$image/full.tar"

# A style that belongs to another form.
for form in auto stage copy tar plan json; do
    for style in tar rsync docker oci; do
        refused "--style of --form $form" "--style $style: --form $form has no styles" \
            xsmall -s full.xsmall export --form "$form" --style "$style"
    done
done
refused "--style without --form" "--style oci: --form auto has no styles" \
    xsmall -s full.xsmall export --style oci
refused "--style of --form image" "--style tar: expected one of docker, oci, the styles of --form image" \
    xsmall -s full.xsmall export --form image --style tar -o none
for form in list removed; do
    refused "--style of --form $form" "--style oci: expected one of tar, rsync, the styles of --form $form" \
        xsmall -s full.xsmall export --form "$form" --style oci
done
check "nothing exported" test ! -e none

# A directory without write access, for root too: a read-only bind mount.
mkdir read-only
cp there.xsmall read-only/
if unshare --mount true 2>/dev/null; then
    refused "a read-only directory" trace.xsmall unshare --mount sh -c 'mount --bind read-only read-only &&
        mount -o remount,bind,ro read-only && cd read-only && exec "$0" -q -s trace.xsmall load ../log.*' "$build/xsmall"
    refused "a read-only session" there.xsmall unshare --mount sh -c 'mount --bind read-only read-only &&
        mount -o remount,bind,ro read-only && cd read-only && exec "$0" -s there.xsmall chain --delete 1' "$build/xsmall"
    dump_of read-only/there.xsmall >after
    same "the read-only session" before after
elif [ "$(id -u)" != 0 ]; then
    chmod 555 read-only
    refused "a read-only directory" trace.xsmall xsmall -q -s read-only/trace.xsmall load log.*
    chmod 755 read-only
fi
check "nothing was written there" test "$(ls -A read-only)" = there.xsmall
finish
