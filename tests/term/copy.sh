# y in a real terminal: the text that reaches tmux's clipboard by OSC 52.
. "$(dirname "$0")/lib_term.sh"
printf '%s\na\033]0;x\007b\n' 'openat(AT_FDCWD, "/etc/conf", O_RDONLY) = 3' > "$work/tr/log.3"
"$build/xsmall" load -q -s "$session" "$work/tr"

copied() { tm show-buffer 2> /dev/null | cmp -s - "$work/expected"; }
# clipboard: waits until the clipboard equals the file $work/expected
clipboard() {
    wait_until copied && return
    echo "in the clipboard:"
    tm show-buffer | od -c
    exit 1
}

tm new-session -d -s t -x 80 -y 24 "'$build/xsmall' -s '$session'; cat"
tm set -s set-clipboard on
see 'kept 5 files'
keys y
see '4 bytes sent to the clipboard'
printf /usr > "$work/expected"
clipboard
keys 2
see '1/9'
keys G
see '9/9'
see '\x1b]0;x\x07' # shown escaped
keys y
printf '%s:a\033]0;x\007b' "$work/tr/log.3" > "$work/expected" # and copied as it is
clipboard
