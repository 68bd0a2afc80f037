#!/bin/bash
# SPDX-License-Identifier: MIT
# Random keys over a session that is loading: bash keys.sh BUILD MINUTES|SECONDSs [SEED]
#
# BUILD has the sanitizers. The explorer follows logs that grow and are replaced while it gets keys,
# texts, pastes, clicks and sizes. The test fails if a sanitizer reports something, if the explorer
# does not exit by itself, if it paints no more screens, if memory grows, if the session is damaged,
# or if undoing everything does not restore the decisions of the start. Prints a line of figures at the
# end, with the seed. The typed keys depend only on the seed; the time when a load ends does not.
#
# Typed text may be a file name: the explorer runs as the user nobody, which needs root.
set -eu
build=$(cd "${1:?build directory}" && pwd)
span=${2:?minutes}
seed=${3:-$((RANDOM * 32768 + RANDOM))}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../lib_common.sh"
case $span in
*s) seconds=${span%s} ;;
*) seconds=$((span * 60)) ;;
esac
[ "$(id -u)" = 0 ] || skip "not root"

export LC_ALL=C.UTF-8
work=$(mktemp -d)
kept=no
pids=()
leave()
{
    local pid
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null || :
    done
    [ $kept = yes ] || rm -rf "$work"
}
trap leave EXIT
fail()
{
    kept=yes
    echo "FAILED with seed $seed: $1 (everything is in $work)"
    tail -n 60 "$work/stderr" 2>/dev/null || :
    exit 1
}
# as_nobody COMMAND...: replaces this (sub)shell.
as_nobody()
{
    cd "$work/play"
    exec env HOME="$work/play" XDG_CONFIG_HOME="$work/play/config" \
        XDG_STATE_HOME="$work/play/state" TMPDIR="$work/play" \
        ASAN_OPTIONS=detect_leaks=1:handle_abort=1:quarantine_size_mb=8 \
        UBSAN_OPTIONS=print_stacktrace=1 \
        setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

# An image of some thousand paths with links, packages, scripts and hostile names, and its base.
make_images()
{
    local i root=$work/root letters=(a b c)
    mkdir -p "$root"/{bin,etc,lib,opt/{a,b,c}/sub,usr/lib/python3/dist-packages/x-1.dist-info,var/lib/dpkg/info}
    for ((i = 0; i < 1500; i++)); do
        echo "$i" >"$root/opt/${letters[i % 3]}/sub/file$i.so"
    done
    cp /bin/true "$root/bin/tool"
    printf '#!/bin/tool\n' >"$root/bin/script"
    ln -s libx.so.1.2 "$root/lib/libx.so.1"
    head -c 20000 /dev/zero >"$root/lib/libx.so.1.2"
    ln "$root/bin/tool" "$root/bin/peer"
    ln -s loop "$root/etc/loop"
    printf 0123456789 >"$root/etc/conf"
    printf x >"$root/etc/$(printf 'evil\033]0;x\007\n\342\200\256\377')"
    printf 'Package: pack\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n' \
        >"$root/var/lib/dpkg/status"
    printf '/opt/a\n/etc/conf\n' >"$root/var/lib/dpkg/info/pack.list"
    printf 'Name: x\nVersion: 1\n' >"$root/usr/lib/python3/dist-packages/x-1.dist-info/METADATA"
    tar -C "$root" -cf "$work/image.tar" .
    rm -r "$root/opt/b" "$root/bin/script"
    echo other >"$root/etc/conf"
    tar -C "$root" -cf "$work/base.tar" .
}

# make_log N: prints N calls of processes.
make_log()
{
    awk -v n="$1" 'BEGIN {
        for (i = 0; i < n; i++)
            if (i % 7 == 0)
                printf "%d openat(AT_FDCWD, \"/opt/none%d\", O_RDONLY) = -1 ENOENT (No such file or directory)\n", 5 + i % 3, i
            else
                printf "%d openat(AT_FDCWD, \"/opt/%c/sub/file%d.so\", O_RDONLY) = 3\n", 5 + i % 3, 97 + i % 3, i % 1500
        print "5 openat(AT_FDCWD, \"/etc/conf\", O_RDONLY) = 3 \033[2J\302\233"
        print "6 execve(\"/bin/script\", [\"script\"], 0x7ffd0 /* 1 var */) = 0"
    }'
}

# The logs grow for a while, then one is replaced: the explorer loads again and again.
grow()
{
    local i
    while :; do
        make_log 3000 >"$work/logs/part"
        mv "$work/logs/part" "$work/logs/a.log"
        for ((i = 0; i < 20; i++)); do
            make_log 100 >>"$work/logs/a.log"
            sleep 0.3
        done
    done
}

# type_keys SEED N: prints a script for the driver. It types words of each kind that prompts accept.
type_keys()
{
    awk -v seed="$1" -v n="$2" -v names="$names" '
    function pick(list, n_list) { return list[1 + int(rand() * n_list)] }
    function text(    out, i) {
        if (rand() < 0.7)
            return pick(words, n_words)
        for (i = int(rand() * 12); i >= 0; i--)
            out = out sprintf("%c", 32 + int(rand() * 95))
        gsub("q", "k", out) # without a prompt it would leave
        return out
    }
    BEGIN {
        srand(seed)
        n_names = split(names, name, " ")
        n_keys = split("Up Down Left Right PgUp PgDn Home End Tab Enter Space Delete Backspace C-a C-b C-d C-e C-f C-g C-h C-j C-k C-l C-n C-o C-p C-r C-t C-u C-v C-w C-y C-z Tab Enter Down Down Up", key, " ")
        n_words = split("\\.so@opt@= -1@[@\\(a\\)\\1@grep -v x | grep -c y@grep -P (?=a)@-e a -e b@size>1k@type:f mode:/6000@is:used@package:*@layer:1@/opt/a@/etc/conf=/etc/other@/opt=@/@../..@*@/opt/**@99999999999999999999@1@out@a b@é世\342\200\256@\\x1b@grep -v -f x@FILE@python", words, "@")
        while (n-- > 0) {
            r = rand()
            if (r < 0.55) {
                c = sprintf("%c", 33 + int(rand() * 94))
                if (c == "q" && rand() > 0.01)
                    c = "j"
                print "key " c
            } else if (r < 0.75)
                print "key " pick(key, n_keys)
            else if (r < 0.80)
                print "key :\ntype " pick(name, n_names) (rand() < 0.5 ? " " text() : "") "\nkey Enter"
            else if (r < 0.86)
                print "type " text() (rand() < 0.6 ? "\nkey Enter" : "")
            else if (r < 0.88)
                print "key " substr("/vpf&xR;:", 1 + int(rand() * 9), 1) "\ntype " text() "\nkey Enter"
            else if (r < 0.89)
                print "paste " text() (rand() < 0.2 ? "\\e" : "")
            else if (r < 0.93)
                printf "click %d %d %d\n", rand() * 130, rand() * 45, ms += int(rand() * 700)
            else if (r < 0.95)
                print "wheel " (rand() < 0.5 ? "up" : "down")
            else if (r < 0.96)
                printf "size %dx%d\n", 1 + rand() * 200, 1 + rand() * 60
            else if (r < 0.97)
                print "pause " int(rand() * 30)
            else
                print "key C-g"
            if (rand() < 0.3)
                print "dump"
        }
        print "size 100x30\ndump"
    }'
}

# type_parts ROUND: sends part after part until the end, never far ahead of the painted screens.
type_parts()
{
    local part n=0 seen
    for ((part = 0; SECONDS < end; part++)); do
        type_keys $((seed + $1 * 1000003 + part)) 200 >"$work/part"
        cat "$work/part" || return
        n=$((n + $(grep -c '^dump' "$work/part")))
        while [ ! -e "$work/code" ] && read -r seen <"$work/screens" && ((n - seen > 100 && SECONDS < end)); do
            sleep 0.05
        done
    done
}

# Counts the painted screens, and stores the last one.
count_screens()
{
    awk -v count="$work/screens" -v last="$work/screen" '
        $0 == "==" { n++; shown = text; text = ""; if (n % 20 == 0) { print n > (count ".new"); close(count ".new"); system("mv " count ".new " count) }; next }
        { text = text $0 "\n" }
        END { print n > count; print shown > last }'
}

rss_of() { awk '$1 == "VmRSS:" { print $2 }' "/proc/$1/status" 2>/dev/null || :; }

# watch PID: records its memory each second until it has ended.
watch()
{
    local now before='' since=$SECONDS
    while kill -0 "$1" 2>/dev/null; do
        now=$(cat "$work/screens" 2>/dev/null || :)
        if [ "$now" != "$before" ]; then
            before=$now since=$SECONDS
        elif ((SECONDS - since > hang_s)); then
            kill -ABRT "$1"
            while kill -0 "$1" 2>/dev/null; do sleep 0.5; done
            fail "no screen for $hang_s s"
        fi
        rss_of "$1" >>"$work/memory"
        sleep 0.5
    done
}

# The last third of the samples is at most a quarter above the middle third. Short runs are not checked.
check_memory()
{
    awk '{ rss[NR] = $1 }
        END {
            if (NR < 180)
                exit 0
            for (i = 1; i <= NR; i++) {
                part = i <= NR / 3 ? 1 : i <= NR * 2 / 3 ? 2 : 3
                if (rss[i] > most[part])
                    most[part] = rss[i]
            }
            printf "memory by thirds: %d %d %d KiB\n", most[1], most[2], most[3]
            exit most[3] > most[2] * 1.25
        }' "$work/memory" || fail "memory grows"
}

# Prints all decisions.
decisions()
{
    sqlite3 "$work/play/s.xsmall" 'SELECT * FROM mark; SELECT * FROM note; SELECT * FROM map;
        SELECT * FROM pattern; SELECT * FROM setting'
}

names=$(sed -n 's/^    X([A-Z_]*, [A-Z]*, "\([a-z-]*\)".*/\1/p' "$here/../../tui/app/actions.h" | grep -vx quit)
mkdir "$work/play" "$work/logs"
make_images
make_log 200 >"$work/logs/b.log"
make_log 10 >"$work/logs/a.log"
chmod -R a+rX "$work"
chown 65534 "$work/play"
(as_nobody "$build/xsmall" load -q -s s.xsmall --base "$work/base.tar" "$work/image.tar" \
    "$work/logs") >"$work/stderr" 2>&1 ||
    fail "the first load"
decisions >"$work/before"
grow &
pids+=($!)

end=$((SECONDS + seconds)) round=0 screens=0
while ((SECONDS < end)); do
    : >"$work/memory"
    round=$((round + 1))
    rm -f "$work/sent" "$work/code"
    echo 0 >"$work/screens"
    type_parts "$round" 2>/dev/null | tee "$work/sent" 2>/dev/null |
        { as_nobody "$build/screen_driver" --follow 100x30 s.xsmall "$work/image.tar" "$work/logs" \
            2>"$work/stderr" & echo $! >"$work/pid"; code=0; wait $! || code=$?; echo $code >"$work/code"; } |
        count_screens &
    wait_until test -s "$work/pid"
    watch "$(cat "$work/pid")"
    wait $!
    rm "$work/pid"
    [ "$(cat "$work/code")" = 0 ] && [ ! -s "$work/stderr" ] || fail "round $round ended with $(cat "$work/code")"
    screens=$((screens + $(cat "$work/screens")))
    check_memory
done

[ "$(sqlite3 "$work/play/s.xsmall" 'PRAGMA integrity_check')" = ok ] || fail "the session is damaged"
steps=$(sqlite3 "$work/play/s.xsmall" 'SELECT count(DISTINCT step) FROM edit')
{ echo wait; for ((i = 0; i <= steps; i++)); do echo 'key u'; done; echo wait; } |
    (as_nobody "$build/screen_driver" 100x30 s.xsmall) >"$work/stderr" 2>&1 || fail "undo"
decisions >"$work/after"
cmp -s "$work/before" "$work/after" || fail "undone, the decisions are not those of the beginning"
(as_nobody "$build/xsmall" files -s s.xsmall) >/dev/null 2>"$work/stderr" || fail "files"
echo "keys: $seconds s, seed $seed: $round starts, $screens screens, $steps steps undone, no finding"
