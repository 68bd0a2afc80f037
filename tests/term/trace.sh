# Ctrl-C under xsmall trace and xsmall load --follow: the traced program gets it once, and is traced to
# its end; the following ends in order.
. "$(dirname "$0")/lib_term.sh"
need_strace
cd "$work"
cat > program <<'END'
trap 'echo int >> ints; cat last; exit 5' INT
echo ready
while :; do sleep 0.05; done
END
echo "last words" > last
tm new-session -d -s t -x 80 -y 24 "PS1='sh> ' sh"
see 'sh>'
keys "'$build/xsmall' trace -o log -- sh program; echo ended \$?" Enter
see 'ready'
"$build/xsmall" -s follow.xsmall -q load --follow log.* 2> /dev/null &
follower=$!
keys C-c
see 'last words'
see 'xsmall load log.*'
see 'ended 5'
[ "$(cat ints)" = int ]
grep -q '"last"' log.*
wait $follower
[ "$("$build/xsmall" -s follow.xsmall sql "SELECT count(*) > 0 FROM v_access WHERE path LIKE '%/last'")" = 1 ]

# A log that no longer grows and has no end: Ctrl-C ends the following.
grep -hv '+++' log.* > endless
keys "clear; '$build/xsmall' -s endless.xsmall load --follow endless; echo ended \$?" Enter
see 'matching lines'
keys C-c
see 'ended 0'
[ "$("$build/xsmall" -s endless.xsmall lines -c)" = "$(grep -c '' endless)" ]
[ ! -e endless.xsmall-wal ]
