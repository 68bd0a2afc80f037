# The output to a real terminal: as many colours as it has and the theme selects, ASCII in a locale
# without UTF-8.
. "$(dirname "$0")/lib_term.sh"
mkdir -p "$XDG_CONFIG_HOME/xsmall"
tm new-session -d -s t -x 80 -y 24 "PS1='sh> ' sh"
see 'sh>'

# run VARIABLE=VALUE...: runs the explorer with these; its output is in $work/painted
run() {
    keys clear Enter
    keys "env $* '$build/xsmall' -s '$session'" Enter
    see 'kept 5 files'
    see 'usr/'
    tm capture-pane -e -p -t t > "$work/painted"
    keys q
    see 'sh>'
}
# sent PATTERN: the output has an escape sequence for the look of text
sent() { grep -q "$(printf '\033')\[[0-9;]*$1" "$work/painted"; }

run TERM=xterm-256color
sent '38;5;114m' # kept, dark
run TERM=xterm
sent '32m'
if sent '38;5'; then exit 1; fi
echo 'theme light' > "$XDG_CONFIG_HOME/xsmall/config"
run TERM=xterm-256color
sent '38;5;28m'
if sent '38;5;114m'; then exit 1; fi
echo 'theme mono' > "$XDG_CONFIG_HOME/xsmall/config"
run TERM=xterm-256color
if sent '3[0-7]m' || sent '38;5'; then exit 1; fi
grep -q '█' "$work/painted"

run TERM=xterm LC_ALL=C
if LC_ALL=C grep -q "$(printf '[\200-\377]')" "$work/painted"; then exit 1; fi
grep -q -- '-- filters -' "$work/painted"
grep -q '####' "$work/painted"
echo 'border unicode' > "$XDG_CONFIG_HOME/xsmall/config"
run TERM=xterm LC_ALL=C
grep -q '█' "$work/painted"
echo 'border ascii' > "$XDG_CONFIG_HOME/xsmall/config"
run TERM=xterm
grep -q '####' "$work/painted"
