#!/bin/bash
# SPDX-License-Identifier: MIT
# A full disk, a single write that fails, and the signals SIGHUP, SIGINT and SIGTERM: at the first,
# second, third … write to the session or to the export. The exit status is 2 with one line that names
# the cause, or 0 if nothing was lost; the session is sound, and in the state before or after the
# operation; exported files are complete or missing. After status 2, the directory has the same names
# as before; after status 0, the names that the command makes without a fault.
# XSMALL_FAULTS=all tries each write (all_faults.sh), else some of them.
. "$(dirname "$0")/lib_check.sh"

must "the shim" cc -shared -fPIC -O1 -o "$scratch/fault.so" "$here/fault.c" -ldl
mkdir "$scratch/disk"
cd "$scratch/disk" || exit 1
disk=$(pwd -P)

# An archive as docker save writes it, one layer of three files.
make_image()
{
    mkdir tree tree/etc tree/bin
    seq 3000 >tree/etc/numbers
    echo hello >tree/etc/hello
    head -c 300000 /dev/zero | tr '\0' x >tree/bin/tool
    chmod +x tree/bin/tool
    tar -C tree --sort=name --mtime=@1 --owner=0 --group=0 -cf layer.tar etc bin
    printf '{"architecture":"amd64","os":"linux","config":{"Env":["PATH=/bin"],"Cmd":["/bin/tool"]},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' \
        "$(sha256sum <layer.tar | cut -d' ' -f1)" >config.json
    printf '[{"Config":"config.json","RepoTags":["faulty:1"],"Layers":["layer.tar"]}]' >manifest.json
    tar -cf "$scratch/image.tar" manifest.json config.json layer.tar
    rm -r tree layer.tar config.json manifest.json
    {
        printf 'execve("/bin/tool", ["tool"], 0x7ffd /* 3 vars */) = 0\nopenat(AT_FDCWD, "/etc/hello", O_RDONLY) = 3\n'
        seq -f 'openat(AT_FDCWD, "/tmp/none-%.0f", O_RDONLY) = -1 ENOENT (No such file or directory)' 400
        echo '+++ exited with 0 +++'
    } >"$scratch/log.11"
}

# Prints the content of a session by sqlite3, not by the program under test.
state_of()
{
    sqlite3 "$1" "PRAGMA user_version; SELECT * FROM mark; SELECT * FROM pattern;
        SELECT (SELECT count(*) FROM image WHERE complete), (SELECT count(*) FROM v_file),
        (SELECT count(*) FROM layer l JOIN image_layer i ON i.layer = l.id JOIN image m ON m.id = i.image
            WHERE m.complete), (SELECT count(*) FROM log WHERE complete),
        (SELECT count(*) FROM edit)" 2>&1
}

one_load() { "$build/xsmall" -q -s s.xsmall load "$scratch/image.tar" "$scratch/log.11"; }
one_first() { "$build/xsmall" -q -s s.xsmall load "$scratch/log.11"; }
one_edit() { "$build/xsmall" -q -s s.xsmall chain "grep -v ' = -1 E' log.11 | grep -F /etc"; }
one_mark() { "$build/xsmall" -q -s s.xsmall drop -m why /etc/numbers; }
one_migrate() { "$build/xsmall" -q -s s.xsmall chain "grep -v x"; }
one_tar() { "$build/xsmall" -q -s s.xsmall export --form tar -o out --verify >/dev/null; }
one_image() { "$build/xsmall" -q -s s.xsmall export --form image -o out >/dev/null; }

# begin NAME: restores the session to the state before operation NAME.
begin()
{
    rm -rf s.xsmall* out
    [ ! -e "$scratch/$1.before" ] || cp "$scratch/$1.before" s.xsmall
}

names() { find . -mindepth 1 -printf '%P\n' | LC_ALL=C sort; }

exported()
{
    (cd out 2>/dev/null && find . -type f -printf '%P\n' | LC_ALL=C sort | xargs -r sha256sum)
}

# with_fault AT HOW NAME: sets the status, whether the fault occurred, and the output. Leaks are not
# checked: after a failed write libarchive never calls the close that would free its output buffer.
with_fault()
{
    rm -f "$scratch/fired"
    status=0
    (
        export LD_PRELOAD="$scratch/fault.so" FAULT_UNDER="$disk" FAULT_AT="$1" FAULT_ERROR="$2" \
            FAULT_FIRED="$scratch/fired" ASAN_OPTIONS="${ASAN_OPTIONS-}:verify_asan_link_order=0:detect_leaks=0"
        "one_$3"
    ) 2>"$scratch/stderr" || status=$?
}

# Checks that hold after a fault in operation NAME.
judge()
{
    local what=$1 name=$2 state=none line names
    names=$(names)
    case $status in
    0) ;;
    2)
        equal "$what: lines on stderr: $(head -c 500 "$scratch/stderr" | cat -v)" 1 "$(wc -l <"$scratch/stderr")"
        if [[ $what = *", "[HIT]* ]]; then
            equal "$what: message" "xsmall: cancelled" "$(cat "$scratch/stderr")"
        else
            check "$what: names the cause" grep -qaE 'xsmall: .*(disk|full|space|I/O|Input/output|damaged)' "$scratch/stderr"
        fi
        ;;
    *) check "$what: exit $status: $(head -c 2000 "$scratch/stderr")" false ;;
    esac
    # A session that was migrated stays so; a full disk can keep that in the log.
    [ "$status" = 2 ] && [[ $what != "migrate, full"* ]] && equal "$what: names" "$names_before" "$names"
    # A disk that stays full can keep a stored edit in the log: it is read from there.
    [ "$status" = 0 ] && [[ $what != *", full"* ]] && equal "$what: names" "$names_after" "$names"
    [ ! -e s.xsmall ] || {
        equal "$what: integrity" ok "$(sqlite3 s.xsmall 'PRAGMA integrity_check' 2>&1)"
        state=$(state_of s.xsmall)
    }
    if [ "$status" = 0 ] || [ "$state" != "$before" ]; then
        if [ "$name" = migrate ] && [ "$status" = 2 ]; then # it may be migrated and not yet edited
            check "$what: a version" test "$(head -n 1 <<<"$state")" -ge 1
        else
            equal "$what: as after" "$after" "$state"
        fi
    fi
    while read -r line; do
        check "$what: whole or absent: $line" grep -qxF "$line" "$scratch/files"
    done < <(exported)
    [ "$status" = 2 ] || equal "$what: all is exported" "$(cat "$scratch/files")" "$(exported)"
}

# faults NAME: runs the operation without a fault as reference, then with the faults.
faults()
{
    local name=$1 how at step n=0
    begin "$name"
    before=none
    names_before=$(names)
    [ ! -e s.xsmall ] || before=$(state_of s.xsmall)
    must "$name without a fault" "one_$name"
    after=$(state_of s.xsmall)
    names_after=$(names)
    exported >"$scratch/files"
    for how in full once HUP INT TERM; do
        at=1
        while :; do
            begin "$name"
            with_fault "$at" "$how" "$name"
            [ -e "$scratch/fired" ] || break
            n=$((n + 1))
            judge "$name, $how at write $at" "$name"
            if [ $((n % 3)) = 0 ]; then # and afterwards it can be done
                must "$name after $how at $at" "one_$name" 2>/dev/null
                equal "$name after $how at $at" "$(grep -v '^$' <<<"$after" | head -n 1)" "$(state_of s.xsmall | head -n 1)"
            fi
            step=1
            [ "${XSMALL_FAULTS-}" = all ] || step=$at
            at=$((at + step))
        done
        equal "$name: $how after the last write: exit" 0 "$status"
    done
    echo "$name: $n faults"
    check "$name: faults struck" test "$n" -ge 2
}

make_image
begin first
must "loading" one_first
cp s.xsmall "$scratch/load.before"
begin load
must "loading" one_load
cp s.xsmall "$scratch/edit.before"
must "a mark" xsmall -q -s s.xsmall keep /bin/tool /etc/hello
for name in mark tar image; do
    cp s.xsmall "$scratch/$name.before"
done
sqlite3 "$scratch/migrate.before" <"$here/../fixtures/schema_001.sql"
sqlite3 "$scratch/migrate.before" "PRAGMA journal_mode = WAL; PRAGMA application_id = $((0x78736d6c));
    PRAGMA user_version = 1; INSERT INTO mark VALUES ('/a', 'keep')" >/dev/null
for name in first load edit mark migrate tar image; do
    faults "$name"
done
finish
