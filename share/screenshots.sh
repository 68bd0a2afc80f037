#!/bin/sh
# SPDX-License-Identifier: MIT
# Takes the pictures of README and the guide: sh share/screenshots.sh [BUILD [DIR]]
#
# Makes the sample, opens BUILD/xsmall (default: build/release) on it in tmux, presses keys as a user
# does, and writes the screens to DIR/*.svg (default: share/screenshots). Needs tmux and the programs
# that share/sample/make.sh needs.
set -eu
top=$(cd "$(dirname "$0")/.." && pwd)
build=$(cd "${1:-$top/build/release}" && pwd)
mkdir -p "${2:-$top/share/screenshots}"
awk=$top/share/screenshots
out=$(cd "${2:-$top/share/screenshots}" && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/xsmall-shots-XXXXXX")
trap 'tm kill-server 2>/dev/null || :; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
LC_ALL=C.UTF-8
export LC_ALL

tm()
{
    tmux -u -S "$work/tmux" -f /dev/null "$@"
}

make_session()
{
    sh "$top/share/sample/make.sh" "$work/sample"
    sh "$top/share/sample/name_logs.sh" "$work/sample"
    cd "$work/sample"
    "$build/xsmall" -q -s shelf.xsmall load --base base.tar shelf.tar run.*
    "$build/xsmall" -s shelf.xsmall chain "grep -v '= -1' run.*"
}

screen()
{
    tm capture-pane -p -t shots
}

# see REGEX: waits until a row of the screen matches, at most 20 s.
see()
{
    tries=200
    until screen | grep -qE -- "$1"; do
        tries=$((tries - 1))
        if [ $tries = 0 ]; then
            echo "not seen: $1" >&2
            screen >&2
            exit 1
        fi
        sleep 0.1
    done
}

keys()
{
    tm send-keys -t shots "$@"
}

# lower ROWS: makes the screen lower. The hint in the last row appears again when the screen has been
# redrawn.
lower()
{
    tm resize-window -t shots -x 100 -y "$1"
    see '/ search|\? help'
}

# shot NAME TITLE: writes the screen to NAME.svg when its numbers are up to date.
shot()
{
    see '[^~] kept [0-9]+ files .* breaks [0-9]+$'
    cursor=$(tm display-message -p -t shots '#{?cursor_flag,#{cursor_x}#,#{cursor_y},}')
    tm capture-pane -e -N -p -t shots |
        LC_ALL=C awk -v title="$2" -v cursor="$cursor" -f "$awk/cells.awk" -f "$awk/svg.awk" >"$work/$1.svg"
    publish "$1"
}

# publish NAME: moves a finished picture to the output directory.
publish()
{
    if grep -qF "$work" "$work/$1.svg"; then
        echo "$1 names the directory that it was made in" >&2
        exit 1
    fi
    mv "$work/$1.svg" "$out/$1.svg"
}

# frame SECONDS: adds the current screen to the film.
frame()
{
    cursor=$(tm display-message -p -t shots '#{?cursor_flag,#{cursor_x}#,#{cursor_y},}')
    printf '\f %s %s\n' "$1" "$cursor" >>"$work/film"
    tm capture-pane -e -N -p -t shots >>"$work/film"
}

# type_slowly TEXT: types a filter into the prompt; adds a frame for each letter.
type_slowly()
{
    typed=
    rest=$1
    while [ -n "$rest" ]; do
        letter=${rest%"${rest#?}"}
        rest=${rest#?}
        typed=$typed$letter
        keys -l "$letter"
        see "> grep -v $(printf '%s' "$typed" | sed 's/ $//; s/[][\.*^$|]/\\&/g').*(would be left|invalid filter)"
        frame 0.18
    done
}

make_session
tm new-session -d -s shots -x 100 -y 30 "exec env -u NO_COLOR HOME='$work' XDG_CONFIG_HOME='$work' \
    XDG_STATE_HOME='$work' TERM=tmux-256color '$build/xsmall' -s shelf.xsmall"

see 'kept .* breaks 0$'
keys j l
see '▸ plugins/'
keys j l
see 'backup\.so'
shot tree "xsmall: the tree of the image, with the kept files and their reasons"

keys 2
see '101:execve'
keys v
keys -l 'mmap\|stat'
see '> grep -v mmap.\|stat .*would be left'
shot trace 'xsmall: the trace, while a filter is typed'
keys Enter
see '2 \[x\] grep -v'

keys 5
see 'stage +1/'
keys .
see 'tar +1/'
keys .
see 'copy +1/'
keys g
see '\. next form'
shot export 'xsmall: the Dockerfile'

lower 16
keys v
keys -l data/
see '> grep -v data/ .*would be left'
keys Enter
see 'breaks 1$'
keys 4
see 'hidden by stage 3'
shot breaks 'xsmall: a break, and the filter that causes it'

keys u
see 'Nothing would break'
keys 3
see 'kept bytes:'
keys /
keys -l sqlite
keys Enter
see 'libsqlite3'
keys w
see '^run\.101:.*sqlite'
shot why 'xsmall: why a file is kept, down to the log line'

# The film: a filter is typed and the numbers fall; another filter causes a break and is undone; the
# Dockerfile is shown.
tm kill-server
"$build/xsmall" -s shelf.xsmall chain "grep '' run.*"
tm new-session -d -s shots -x 100 -y 24 "exec env -u NO_COLOR HOME='$work' XDG_CONFIG_HOME='$work' \
    XDG_STATE_HOME='$work' TERM=tmux-256color '$build/xsmall' -s shelf.xsmall"
settled='[^~] kept [0-9]+ files .* breaks'
see "$settled [0-9]+\$"
keys 2
see '101:execve'
frame 1.6
keys v
see '> grep -v'
frame 0.8
type_slowly '= -1'
frame 1.2
keys Enter
see '2 \[x\] grep -v'
see "$settled 0\$"
frame 1.2
keys v
see '> grep -v'
type_slowly 'mmap\|stat'
frame 1.2
keys Enter
see '3 \[x\] grep -v'
see "$settled 0\$"
frame 1.2
keys v
see '> grep -v'
type_slowly 'data/'
frame 1.2
keys Enter
see "$settled 1\$"
frame 1.6
keys 4
see 'hidden by stage 4'
frame 2.6
keys u
see 'Nothing would break'
frame 1.6
keys 1
see '▸'
frame 1.6
keys 5
see 'stage +1/'
frame 3.5
LC_ALL=C awk -v title='xsmall: filters typed, a break found and undone, the Dockerfile written' \
    -f "$awk/cells.awk" -f "$awk/film.awk" "$work/film" >"$work/film.svg"
publish film
