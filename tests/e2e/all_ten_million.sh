#!/bin/bash
# SPDX-License-Identifier: MIT
# More than ten million lines of real traces: they load, and the screen moves from the first to the last
# line within the planned memory (150 MiB); it shows what head and tail print.
. "$(dirname "$0")/../term/lib_term.sh"

most=$((150 * 1024)) # KiB

within()
{
    [ "$2" -le "$most" ] && return
    echo "$1: $2 KiB of memory, at most $most"
    exit 1
}

strace -f -o "$work/part" ls -lR /usr/lib /usr/share /etc >/dev/null 2>&1 || :
strace -f -A -o "$work/part" find /usr /etc -name '*.h' -exec head -c 1 {} \; >/dev/null 2>&1 || :
part=$(wc -l <"$work/part")
while [ "${n:=0}" -lt 10000000 ]; do
    cat "$work/part"
    n=$((n + part))
done >"$work/log"
echo "$n lines, $(stat -c %s "$work/log") bytes"
session=$work/ten.xsmall
/usr/bin/time -o "$work/peak" -f %M "$build/xsmall" load -q -s "$session" "$work/log"
echo "load: $(cat "$work/peak") KiB"
within 'load' "$(cat "$work/peak")"

# row N: prints line N of the log as far as the screen certainly shows it
row() { sed -n "$(($1 % part ? $1 % part : part))p" "$work/part" | cut -c1-70 | sed 's/ *$//'; }
# at N: succeeds if the screen's first row is line N
at()
{
    see "$(row "$1")"
    local first
    first=$(tm capture-pane -p -t t | sed -n 4p | cut -c1-70 | sed 's/ *$//')
    [ "$first" = "$(row "$1")" ] && return
    echo "line $1 is not first: $(row "$1")"
    tm capture-pane -p -t t
    exit 1
}

# Once the rows of the screen stay the same, they are consecutive lines of the log, at the position
# that the screen shows for the cursor.
together()
{
    local screen='' before=none at
    until [ "$screen" = "$before" ]; do
        before=$screen
        sleep 0.3
        screen=$(tm capture-pane -p -t t | sed -n "4,$((rows + 3))p" | cut -c1-70 | sed 's/ *$//')
    done
    at=$(tm capture-pane -p -t t | sed -n 's/ //g;2s,.*[^0-9]\([0-9]*\)/[0-9]*$,\1,p')
    at=$(((at - 1) % part + part - 2 * rows)) # as a row of two parts, one after the other
    cat "$work/part" "$work/part" | tail -n "+$at" | head -n $((4 * rows)) | cut -c1-70 | sed 's/ *$//' >"$work/near"
    [[ "$(cat "$work/near")" == *"$screen"* ]] && [ "$(wc -l <<<"$screen")" = "$rows" ] && return
    echo "no such lines around line $at:"
    diff <(echo "$screen") "$work/near"
    exit 1
}

tm new-session -d -s t -x 120 -y 40 "'$build/xsmall' -s '$session'"
see '1 log, ' # the header, once they are read
keys 2
at 1
rows=$(($(tm capture-pane -p -t t | grep -n '── patterns' | cut -d: -f1) - 4))
keys End
see "$(row "$n")"
at $((n - rows + 1))
for _ in 1 2 3; do
    keys PageUp
done
together
keys Home
at 1
for ((page = 0; page < 200; page++)); do
    keys PageDown
done
together
pid=$(tm display-message -p -t t '#{pane_pid}')
within 'the screen' "$(awk '/^VmHWM/ { print $2 }' "/proc/$pid/status")"
keys q
