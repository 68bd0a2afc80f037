# The window changes its size all the time while an image and logs load: the final screen equals the
# screen of a start at that size.
. "$(dirname "$0")/lib_term.sh"
mkdir "$work/big"
cp -a "$work/root/." "$work/big"
(cd "$work/big/usr/share" && seq 3000 | xargs touch)
awk 'BEGIN { for (i = 1; i <= 200000; i++)
    printf "openat(AT_FDCWD, \"/usr/share/%d\", O_RDONLY) = 3\n", i % 3000 + 1 }' > "$work/tr/log.3"

tm new-session -d -s t -x 80 -y 24 "PS1='sh> ' sh"
see 'sh>'
keys "'$build/xsmall' -s '$work/big.xsmall' '$work/big' '$work/tr'" Enter
resized_to_the_end() {
    local size
    for size in 80x24 1x1 200x60 40x10 2x50 300x3; do
        tm resize-window -t t -x "${size%x*}" -y "${size#*x}"
    done
    tm resize-window -t t -x 80 -y 24
    tm capture-pane -p -t t | grep -q '200 007'
}
wait_until resized_to_the_end || { echo "not loaded"; tm capture-pane -p -t t; exit 1; }
see '200 007 lines → 200 007'
see 'kept 3 005 files'
see 'breaks 0'
tm capture-pane -p -t t > "$work/storm"
keys q
see 'sh>'
keys clear Enter
keys "'$build/xsmall' -s '$work/big.xsmall'" Enter
see 'kept 3 005 files'
see '200 007 lines → 200 007'
see 'breaks 0'
tm capture-pane -p -t t > "$work/calm"
# The last row but one shows the load in the first case, the keys in the second.
diff <(sed '$d' "$work/storm") <(sed '$d' "$work/calm")
