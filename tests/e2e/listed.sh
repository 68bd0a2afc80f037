#!/bin/bash
# SPDX-License-Identifier: MIT
# A Python service imports a module by name. Python lists the package's directory and never looks up
# a name that is not listed: if the module is not in the slim image, no call fails. breaks names the
# directory, in the evidence and in a check run, and keeping its files fixes the service. The judges
# are CPython and strace.
. "$(dirname "$0")/lib_check.sh"
need_tool python3
need_strace

cd "$scratch" || exit 1
root=$(pwd -P)
python=$(python3 -c 'import sys; print(sys.executable)') # not a script that starts it
mkdir -p app/plugins fat usr/bin etc
cat >app/service.py <<'P'
import importlib, sys
sys.path.insert(0, sys.argv[1])
for request in sys.stdin:
    try:
        print(importlib.import_module("plugins." + request.strip()).answer)
    except ModuleNotFoundError as error:
        print("500", error)
P
: >app/plugins/__init__.py
for name in one two three; do echo "answer = '$name'" >app/plugins/$name.py; done
echo text >app/plugins/notes.txt
mkdir -p "fat$root" fat/usr/bin fat/etc
cp -r app "fat$root/app"
: >fat/usr/bin/tool
tar -C fat --sort=name --mtime=@1 -cf fat.tar .
export PYTHONDONTWRITEBYTECODE=1

# serve LOG REQUEST...: the answers of the service, traced.
serve()
{
    local log=$1
    shift
    printf '%s\n' "$@" | strace -f -y -s 4096 -e trace=%file,%process,getdents64 -o "$log" \
        "$python" -S app/service.py "$root/app"
}

# Replaces the application by what the slim image has of it.
slim()
{
    mv app app.before
    must "the kept files" xsmall -q -s s.xsmall files --kept -0 >kept
    mkdir slim
    sed -z 's,^/,./,' kept | grep -zF "$root/app" |
        tar -C fat --no-recursion --null -T - -cf - | tar -C slim -xf - || die "copying"
    mv "slim$root/app" app
    rm -rf slim app.before
}

equal "evidence" "one" "$(serve ev.log one)"
must "loading" xsmall -q -s s.xsmall load fat.tar ev.log
answers "breaks after the evidence" 0 xsmall -s s.xsmall breaks >breaks 2>stderr
check "the directory after the evidence: $(cat breaks)" grep -q \
    "^$root/app/plugins: listed by the program; 3 of its 5 entries are not in the slim image: " breaks
check "the summary" grep -q 'listed directories with missing entries: [1-9]' stderr

slim
equal "the slim image lacks a module" "one
500 No module named 'plugins.two'" "$(serve ck.log one two)"
equal "and no call on the module failed" 0 "$(grep -c 'plugins/two' ck.log)"
must "loading the check run" xsmall -q -s s.xsmall load --check ck.log
answers "breaks after the check run" 0 xsmall -q -s s.xsmall breaks >breaks
check "the directory after the check run" grep -q "^$root/app/plugins: listed .*ck.log:" breaks

answers "keeping files like the used ones" 0 xsmall -q -s s.xsmall breaks --keep-listed same >/dev/null
slim
equal "the service answers" "one
two
three" "$(serve again.log one two three)"
check "another kind of file is not kept" test ! -e app/plugins/notes.txt
answers "keeping whole directories" 0 xsmall -q -s s.xsmall breaks --keep-listed all >/dev/null
check "the other file is kept" grep -q "^$root/app/plugins/notes.txt$" <(xsmall -s s.xsmall files --kept)
equal "nothing is left" "" "$(xsmall -q -s s.xsmall breaks | grep -F "$root/app")"
answers "an unknown choice" 2 xsmall -s s.xsmall breaks --keep-listed some 2>stderr
check "an unknown choice: message" grep -q 'same' stderr
finish
