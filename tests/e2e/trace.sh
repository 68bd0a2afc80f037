#!/bin/bash
# SPDX-License-Identifier: MIT
# xsmall trace: the command runs as without it (arguments, streams, signals, status), its logs are
# complete, no file is overwritten, and the command that xsmall prints at the end loads the logs.
. "$(dirname "$0")/lib_check.sh"

need_strace
cd "$scratch" || exit

# Arguments and streams reach the command unchanged.
words=('a b' '' '$HOME `id` *' "it's" --help)
printf '[%s]\n' "${words[@]}" >expected
xsmall trace -o args -- printf '[%s]\n' "${words[@]}" >got 2>err
same 'arguments and stdout' expected got
echo text >in
xsmall trace -o streams -- sh -c 'cat; echo no >&2' <in >got 2>err
same 'stdin and stdout' in got
check 'stderr' grep -qx no err

# Status: the command's own; killed by signal 9: 137, as in a shell.
answers 'status' 7 xsmall -q trace -o status -- sh -c 'exit 7' 2>err
check 'quiet' test ! -s err
answers 'killed' 137 xsmall trace -o killed -- sh -c 'kill -9 $$' 2>err
answers 'no command' 2 xsmall trace -o none 2>err
answers 'no such command' 2 xsmall trace -o none -- no-such-program 2>err
check 'it is named' grep -q 'no-such-program' err

# Existing files stay unchanged: a log of that name, and a file with the directory's name.
sha256sum args.* >before
answers 'an existing log' 2 xsmall trace -o args -- true 2>err
sha256sum args.* >after
same 'nothing overwritten' before after
touch plain
answers 'a file with the name of the directory' 2 xsmall trace -o plain -- true 2>err
answers 'a missing directory' 2 xsmall trace -o no/such -- true 2>err
(mkdir free && cd free && xsmall trace true && xsmall trace true) 2>err
equal 'default names' 2 "$(ls free | sed 's/\.[0-9]*$//' | sort -u | grep -c '^true.trace')"
xsmall trace -o '|touch piped' -- true 2>err
check 'no pipe to a program' test ! -e piped

# A signal to xsmall alone reaches the command; the end of the command is still traced.
cat >server <<'END'
#!/bin/sh
trap 'cat last-words; exit 3' TERM
trap 'echo hup >hup' USR1
: >ready
while :; do sleep 0.05; done
END
chmod +x server
echo bye >last-words
"$build/xsmall" trace -o signal -- ./server >got 2>err &
pid=$!
wait_until test -e ready
kill -USR1 $pid
wait_until test -e hup
kill -TERM $pid
wait $pid
equal 'the status after a signal' 3 $?
same 'its trap ran' last-words got
check 'and was traced' grep -q '"last-words"' signal.*

# The printed command loads the logs; the doctor has no findings.
mkdir 'a dir' && cp in 'a dir/in'
(cd 'a dir' && xsmall trace -o "../it's" -- sh -c 'cat in; cd ..; cat in; exec true') >/dev/null 2>err
command=$(sed -n 's/^xsmall: .*to load them: xsmall \(load .*\)$/\1/p' err)
(cd 'a dir' && eval "xsmall -s ../s.xsmall $command") 2>load.err
equal 'three logs' 3 "$(xsmall -s s.xsmall sql 'SELECT count(*) FROM log')"
check 'no warning' test -z "$(grep warning load.err)"
equal 'no finding' '' "$(xsmall -s s.xsmall report | sed -n '/^gaps in the trace/,$p')"
printf '%s\n' "$scratch/a dir/in" "$scratch/in" | sort >expected
xsmall -s s.xsmall sql "SELECT DISTINCT path FROM v_access WHERE path LIKE '%/in' AND kind = 'read'" |
    sort >got
same 'relative paths are known' expected got

# A machine without strace.
mkdir bin && ln -s "$(command -v true)" bin/true
answers 'no strace' 2 env PATH="$scratch/bin" "$build/xsmall" trace -o none -- true 2>err
check 'what to install' grep -q 'apt install strace' err
finish
