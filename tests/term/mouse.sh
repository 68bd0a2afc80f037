# A mouse in a real terminal, in xterm's protocol (SGR) and in the older one; and no mouse.
. "$(dirname "$0")/lib_term.sh"
mkdir -p "$XDG_CONFIG_HOME/xsmall"
tm new-session -d -s t -x 80 -y 24 "PS1='sh> ' sh"
see 'sh>'

# start TERM: starts the explorer in a terminal of that type
start() {
    keys clear Enter
    keys "TERM=$1 ASAN_OPTIONS=handle_segv=0 sh -c 'echo \$\$ > $work/pid; exec $build/xsmall -s $session'; echo ended \$?" Enter
    see 'kept 5 files'
}
flag() { tm display-message -p -t t "#{$1}"; }

start xterm-256color
[ "$(flag mouse_standard_flag) $(flag mouse_sgr_flag)" = '1 1' ]
keys -l $'\e[<0;12;2M\e[<0;12;2m' # 2 Trace
see '1/7'
keys -l $'\e[<0;5;8M\e[<0;5;8m'
see '5/7'
keys -l $'\e[<0;2;2M\e[<0;2;2m'
see '▸ usr/'
keys q
see 'ended 0'
[ "$(flag mouse_any_flag)" = 0 ]

start screen-256color
[ "$(flag mouse_standard_flag)" = 1 ]
keys -l $'\e[M ,"\e[M#,"' # the same: 32 + button, column, row
see '1/7'
kill -SEGV "$(cat "$work/pid")"
see 'ended 139'
[ "$(flag mouse_any_flag)" = 0 ]

echo 'mouse off' > "$XDG_CONFIG_HOME/xsmall/config"
start xterm-256color
[ "$(flag mouse_any_flag)" = 0 ]
keys q
see 'ended 0'
