#!/bin/bash
# SPDX-License-Identifier: MIT
# Stages on paths and on the tree, on a real image with the log of its program: they select what GNU grep
# selects from the paths of the session's public views; without logs, from the image's paths. And the
# command line of these stages.
. "$(dirname "$0")/lib_check.sh"
. "$here/lib_image.sh"

image_ready
cp -r "$image/log" "$scratch/"
cd "$scratch" || exit 1
export LC_ALL=C

# accesses WHICH: prints "LOG:LINE", a tab and the path of each access, at the line of its first occurrence.
accesses()
{
    xsmall -s both.xsmall sql "SELECT log || ':' || line, $1 FROM v_access WHERE $1 IS NOT NULL"
}

# selected TARGET ARGS...: prints the lines that grep ARGS selects by their paths, in the session's order.
selected()
{
    local paths="coalesce(real_path, path)"
    [ "$1" = tree ] && paths=real_path
    shift
    accesses "$paths" >accesses
    cut -f2 accesses | grep -a -n "$@" | cut -d: -f1 >numbers
    awk 'NR == FNR { wanted[$1]; next } FNR in wanted { print $1 }' FS='\t' numbers accesses | sort -u
}

# survivors: prints the matching lines among the lines with the first occurrence of an access.
survivors()
{
    xsmall -s both.xsmall sql "SELECT log || ':' || line FROM v_line WHERE survives = 1 AND
        (log, line) IN (SELECT log, line FROM v_access)" | sort -u
}

# compare TARGET ARGS...: grep and the stage select the same lines.
compare()
{
    local target=$1
    shift
    selected "$target" "$@" >expected
    must "chain on $target: $*" xsmall -s both.xsmall chain "grep $(printf " '%s'" "$@")" --target "$target"
    survivors >got
    same "on $target: $*" expected got
    check "on $target, something: $*" test -s got
    # without it: the other lines
    accesses 1 | cut -f1 | sort -u | comm -23 - expected >rest
    must "chain on $target: -v $*" xsmall -s both.xsmall chain "grep -v $(printf " '%s'" "$@")" --target "$target"
    survivors >got
    same "on $target: -v $*" rest got
}

must "load" xsmall -q -s both.xsmall load "$image/full.tar" log
compare path python
compare path '^/usr/lib/python3\.11/'
compare path -E 'python3\.1[0-9]|/app/'
compare path -w libc
compare path -i LIB
compare path -F -e .py -e .so
compare path -x /etc/ld.so.cache
compare tree python
compare tree -x '/usr/bin/.*'
compare tree -P '(?<=/)x86_64[^/]*/lib'

# A line without an access passes grep -v, and never passes grep.
must "all paths" xsmall -s both.xsmall chain "grep ''" --target path
xsmall -s both.xsmall lines >got
equal "no exit line has a path" 0 "$(grep -c '+++ exited' got)"
must "no path" xsmall -s both.xsmall chain "grep -v ''" --target path
xsmall -s both.xsmall lines >got
equal "exit lines have no access" "$(cat log/* | grep -c '+++ exited')" "$(grep -c '+++ exited' got)"

# Between stages on lines, the stage removes lines from the output of their pipeline.
must "three" xsmall -s both.xsmall chain "grep open log/log.* | grep lib | grep -v ENOENT"
xsmall -s both.xsmall lines >lines
must "middle" xsmall -s both.xsmall chain --target path 2
pipeline=$(xsmall -s both.xsmall chain 2>warning)
equal "printed" "grep 'open' log/log.* | grep -v 'ENOENT'  # path: grep 'lib'" "$pipeline"
check "warned" grep -q 'warning: stages on path and tree are printed as comments' warning
xsmall -s both.xsmall lines >got
bash -c "grep() { command grep -a \"\$@\"; }; $pipeline" >all
check "some of them" test "$(wc -l <got)" -lt "$(wc -l <all)"
comm -13 <(sort all) <(sort got) >others
check "of these" test ! -s others
must "back" xsmall -s both.xsmall chain --target line 2
xsmall -s both.xsmall lines >got
same "on lines again" lines got
equal "no comment" 0 "$(xsmall -s both.xsmall chain 2>&1 | grep -c '#')"

# why names the stage and its target.
must "hide" xsmall -s both.xsmall chain "grep -v encodings" --target path
answers "why: hidden" 1 xsmall -s both.xsmall why /usr/lib/python3.11/encodings/__init__.py >got
check "why" grep -q "hidden by stage 1 (path): grep -v 'encodings'" got

# The session stores the target.
equal "stored" "$(printf '1\tpath')" "$(xsmall -s both.xsmall sql 'SELECT position, target FROM pattern')"

# Rejected commands change nothing.
xsmall -s both.xsmall chain >before 2>&1
answers "no such target" 2 xsmall -s both.xsmall chain --target file 1 2>/dev/null
answers "no such stage" 2 xsmall -s both.xsmall chain --target line 2 2>/dev/null
answers "two things" 2 xsmall -s both.xsmall chain --move 1 1 --target path 2>/dev/null
answers "of what" 2 xsmall -s both.xsmall chain --target line 2>/dev/null
xsmall -s both.xsmall chain >got 2>&1
same "as it was" before got

# Without logs: the image's paths, in C order, as find | grep prints them.
must "load the image" xsmall -q -s tree.xsmall load "$image/full.tar"
skopeo copy -q "docker-archive:$image/full.tar" oci:layout:full
umoci unpack --rootless --image layout:full bundle >unpack.log 2>&1
(cd bundle/rootfs && find . -mindepth 1 -printf '/%P\n'; echo /) | sort >paths
check "a tree" test "$(wc -l <paths)" -gt 500
answers "nothing is selected" 1 xsmall -s tree.xsmall lines >got
answers "a stage on lines selects nothing" 0 xsmall -s tree.xsmall chain "grep so"
answers "still nothing" 1 xsmall -s tree.xsmall lines >got
equal "nothing kept" "" "$(xsmall -s tree.xsmall files)"
for pipeline in "grep '\.so'" "grep -v '/usr'" "grep lib | grep -v 'python\|gconv'" "grep ''"; do
    must "tree: $pipeline" xsmall -s tree.xsmall chain "$pipeline" --target tree
    bash -c "$pipeline" <paths >expected
    xsmall -s tree.xsmall lines >got
    same "tree: $pipeline" expected got
    equal "tree, counted: $pipeline" "$(wc -l <expected)" "$(xsmall -s tree.xsmall lines -c)"
    # selected paths are needed
    xsmall -s tree.xsmall sql "SELECT path FROM v_file WHERE kept = 1" | sort >kept
    comm -23 expected kept >missing
    check "kept: $pipeline" test ! -s missing
done
must "two" xsmall -s tree.xsmall chain "grep busybox | grep -v python" --target tree
xsmall -s tree.xsmall why /usr/bin/busybox >got
check "why selected" grep -q '^/usr/bin/busybox: selected by stage 1$' got
check "by which" grep -q "^stage 1 (tree): grep 'busybox'$" got
answers "why not" 1 xsmall -s tree.xsmall why /usr/lib/python3.11/encodings/__init__.py >got
equal "why not" "/usr/lib/python3.11/encodings/__init__.py: not kept: hidden by stage 1 (tree): grep 'busybox'" "$(cat got)"

# After logs are loaded, the stages on the tree apply to the paths of the lines.
must "logs" xsmall -q -s tree.xsmall load log
xsmall -s tree.xsmall lines >got
check "lines now" grep -q execve got
finish
