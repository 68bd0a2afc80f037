#!/bin/bash
# SPDX-License-Identifier: MIT
# xsmall run: the evidence equals the evidence of strace started inside the same root, for root, a user with ids
# in /etc/subuid and one without; services with tests; users by name; programs that fail.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"
. "$here/lib_run.sh"
need_sandbox
image_ready
cd "$scratch" || exit 1
cp "$image/full.tar" "$image/base.tar" "$place/"
chmod 644 "$place"/*.tar
printf '#!/bin/sh\nexec "$@" 2>&1\n' >both && chmod +x both

# accesses SESSION RUN: the files of the image that a run used, and what failed. The judge has no /dev
# and no descriptors' paths (-y).
accesses()
{
    xsmall -q -s "$1" sql "SELECT DISTINCT coalesce(real_path, path) AS p, kind, errno FROM v_access
        WHERE run = '$2' AND p NOT LIKE '/proc/%' AND p NOT LIKE '/dev/%' AND kind <> 'other'
        ORDER BY 1, 2, 3"
}

# --- The evidence, path by path.
command='cat "/app/data/in put.txt" | cat >/dev/null; python3 /app/app.py; exit $?'
# judge USER OUTPUT: strace as that user, inside the same root.
judge()
{
    umoci unpack --image "$image/oci:full" bundle >/dev/null 2>&1
    mkdir -p "judge.$1/log" bundle/rootfs/{proc,dev}
    mount --bind /proc bundle/rootfs/proc && mount --bind /dev bundle/rootfs/dev || die "mounts"
    trace_user=$1 trace_in bundle/rootfs "judge.$1/log" /bin/sh -c "export HOME=/app PYTHONDONTWRITEBYTECODE=1; $command" >"$2"
    umount bundle/rootfs/proc bundle/rootfs/dev
    rm -rf --one-file-system bundle
    must "load" xsmall -q -s "judge.$1/s" load --run judge --cwd / "$image/full.tar" "judge.$1/log"
    accesses "judge.$1/s" judge >"judge.$1/got"
}
judge 1000 output
judge 0 output.0
cp judge.1000/got judge
check "the judge saw much" test "$(wc -l <judge)" -gt 100
for user in $users; do
    as_user "$user" "$place/xsmall" -q run -s f.xsmall --entrypoint /bin/sh --run own --workdir / -e PATH=/usr/sbin:/usr/bin:/bin "$place/full.tar" \
        -- -c "export HOME=/app PYTHONDONTWRITEBYTECODE=1; $command" >"$user.out" 2>"$user.err"
    equal "$user: exit code: $(cat "$user.err")" 0 $?
    same "$user: output" "$image/output" "$user.out"
    accesses "$place/$user/f.xsmall" own >"$user.got"
    id=1000
    [ "$user" != single ] || id=0
    same "$user: accesses" "judge.$id/got" "$user.got"
    equal "$user: lines of the sandbox" 0 \
        "$(xsmall -q -s "$place/$user/f.xsmall" lines | grep -c 'xsmall-inside\|pivot_root')"
done

# --- The image's own user, directory, command and variables; the same with docker's words.
cat >show.sh <<'E2'
id -u; id -g; pwd; echo "$APP|$GREETING|$HOME|$HOSTNAME|$MADE|$PATH"
E2
for user in root range; do
    as_user "$user" "$place/xsmall" -q run -s f.xsmall --entrypoint /bin/sh -e MADE=1 \
        -- -c "$(sed 's/id -[ug]/busybox &/g' show.sh)" >got
    printf '%s\n' 1000 1000 /app '1|a "b" $c|/app|xsmall|1|/usr/bin:/bin' >expected
    same "$user: what the program gets" expected got
done
as_user root "$place/xsmall" -q run -s f.xsmall --user app:0 --workdir /tmp/new --entrypoint /bin/sh \
    -- -c 'busybox id -u; busybox id -g; pwd' >got
printf '%s\n' 1000 0 /tmp/new >expected
same "another user and directory" expected got
answers "a user that the image lacks" 2 as_user root "$place/xsmall" -q run -s f.xsmall --user nobody9 2>message
answers "a program that the image lacks" 2 as_user root "$place/xsmall" -q run -s f.xsmall --entrypoint nosuch 2>message
check "it is named" grep -q 'nosuch' message

# --- A service with tests, for each user; the output of a test that fails is shown.
for user in $users; do
    as_user "$user" "$place/xsmall" run -s s.xsmall --run web --ready tcp:80 \
        --test 'exec 3<>/dev/tcp/127.0.0.1/80' --test 'bash -c "exec 3<>/dev/tcp/127.0.0.1/80; printf \"GET /etc/passwd HTTP/1.0\r\n\r\n\" >&3; cat <&3" | grep -q app:x' \
        "$place/base.tar" -- busybox httpd -f -p 80 -h / >out 2>err
    equal "$user: a test that sh cannot run fails" 1 $?
    as_user "$user" "$place/xsmall" run -s s.xsmall --run web2 --ready http://localhost:8080/etc/passwd \
        --test 'bash -c "exec 3<>/dev/tcp/127.0.0.1/\$XSMALL_PORT; printf \"GET /etc/passwd HTTP/1.0\r\n\r\n\" >&3; cat <&3" | grep -q app:x' \
        -- busybox httpd -f -p 8080 -h / >out 2>err
    equal "$user: a service: $(cat err)" 0 $?
    equal "$user: what the test read is evidence" 1 "$(xsmall -q -s "$place/$user/s.xsmall" sql \
        "SELECT count(*) > 0 FROM v_access WHERE run = 'web2' AND path = '/etc/passwd' AND errno = 0")"
    as_user "$user" "$place/xsmall" run -s s.xsmall --ready text:^go --test 'id -u; exit 4' \
        -- sh -c 'echo go; cat /dev/zero >/dev/null' >out 2>err
    equal "$user: a test that fails" 1 $?
    check "$user: its status: $(cat err)" grep -q 'exit 4: exited with 4' err
    check "$user: it ran as the caller" grep -qx "$(stat -c %u "$place/$user")" err
    as_user "$user" "$place/xsmall" run -s s.xsmall --timeout 2 --ready tcp:1 --test true \
        -- cat /dev/zero >/dev/null 2>err
    equal "$user: never ready" 1 $?
done

# --- How programs end.
run_root()
{
    as_user root "$place/xsmall" run -s s.xsmall "$@" 2>err
}
answers "exit 3" 1 run_root -- sh -c 'exit 3'
check "the message" grep -q 'exited with 3' err
answers "expected exit 3" 0 run_root --expect-exit 3 -- sh -c 'exit 3'
answers "killed" 1 run_root -- sh -c 'kill -9 $$'
check "the message" grep -q 'killed by SIGKILL' err
seq 1000 >"$place/root/input"
run_root --stdin input -- cat >got
same "standard input" "$place/root/input" got
mkdir "$place/root/shown" && echo seen >"$place/root/shown/file"
run_root --mount "$place/root/shown:/mnt/deep" -- sh -c 'cat /mnt/deep/file; echo x >/mnt/deep/file' >got
equal "a mount" seen "$(cat got)"
equal "a mount is read-only" seen "$(cat "$place/root/shown/file")"
equal "a mount is no evidence" 0 "$(xsmall -q -s "$place/root/s.xsmall" breaks 2>/dev/null | grep -c /mnt/deep)"
perl -MSocket -e 'socket(S, AF_UNIX, SOCK_STREAM, 0); bind(S, pack_sockaddr_un("$ARGV[0]/engine.sock"))' "$place"
for refused in / /proc /dev/null /sys/kernel "$place/engine.sock"; do
    answers "mount of $refused" 2 as_user root "$place/xsmall" run -s s.xsmall --mount "$refused:/x" -- true 2>message
done

# --- Without bubblewrap.
mkdir bin && ln -s "$(command -v strace)" bin/
answers "no bubblewrap" 2 as_user root env PATH="$scratch/bin" "$place/xsmall" run -s s.xsmall -- sh 2>message
check "the package is named: $(cat message)" grep -q 'bwrap: not installed; install the package bubblewrap' message

# --- dry-run runs nothing.
run_root --dry-run -- sh -c 'exit 9' >got
equal "dry-run" 0 $?
check "it prints both commands" test "$(grep -c '^bwrap \|^strace ' got)" = 2
finish
