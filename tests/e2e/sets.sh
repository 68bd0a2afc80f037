#!/bin/bash
# SPDX-License-Identifier: MIT
# `xsmall chain --sets, --use and --save`: a shipped set selects from a real log what the shell selects
# with the lines of the set one after the other, and lines that a program needs remain.
#
# fixtures/patterns/NAME.log are lines of real straces (of python3 -m unittest, npm ls, gem list,
# javac and jlink, apt-get install, localedef, gcc, rustc, go and cmake; alpine: busybox and a
# program of musl in a tree laid out as Alpine's), chosen so that each pattern matches some.
. "$(dirname "$0")/lib_check.sh"

cd "$scratch" || exit 1
top=$here/../..
XDG_CONFIG_HOME=$scratch/config
export XDG_CONFIG_HOME

# pipeline NAME LOG: prints the set as one pipeline, without its comments.
pipeline()
{
    printf "cat '%s'" "$2"
    sed -n 's/  # .*//; s/^grep/ | grep/p' "$top/share/patterns/$1.patterns" | tr '\n' ' '
}

# use NAME LOG: loads the log alone, uses the set, and compares the lines with the shell's.
use()
{
    rm -f set.xsmall
    must "load $2" xsmall -q -s set.xsmall load "$2"
    must "use $1" xsmall -s set.xsmall chain --use "$1"
    LC_ALL=C sh -c "$(pipeline "$1" "$2")" >expected
    xsmall -s set.xsmall lines >got
    same "$1 on $2" expected got
}

# stays WHAT TEXT...: a matching line contains each text.
stays()
{
    local what=$1 text
    shift
    for text in "$@"; do
        check "$what keeps $text" grep -qF -e "$text" got
    done
}

# goes WHAT FILE TEXT...: the log contains each text, and no matching line does.
goes()
{
    local what=$1 log=$2 text
    shift 2
    for text in "$@"; do
        check "$what: $text is in the log" grep -qF -e "$text" "$log"
        equal "$what removes $text" 0 "$(grep -cF -e "$text" got)"
    done
}

for log in "$here"/../fixtures/patterns/*.log; do
    cp "$log" .
done
use noise noise.log
stays noise 'execve("/usr/bin/cat", ["cat", "/proc/self/status"]' '"/etc/ld.so.cache"' '/libselinux.so.1'
goes noise noise.log ', "/proc/self/status", O_RDONLY' '</dev/' 'pipe:[' '+++ exited' '--- SIG'
use python python.log
stays python '/libpython3.11.so.1.0' '/__pycache__/copyreg.cpython-311.pyc", O_RDONLY|O_CLOEXEC) = 4' \
    '/json/encoder.py' 'execve("/usr/local/bin/python3"'
goes python python.log '.pyc.' '.abi3.so' 'pyvenv.cfg' 'python311.zip' '/idlelib/' '.dist-info/RECORD'
use node node.log
stays node 'execve("/usr/bin/npm"' '/fs-minipass/package.json' '/cacache/lib/get.js'
goes node node.log '.js.map' '/_logs' '/.npmrc' '/.node_modules' ', "/app/node/node_modules/a/__tests__/'
use ruby ruby.log
stays ruby '.gemspec' '/io/wait.so' '/psych/omap.rb' 'execve("/usr/bin/ruby"'
goes ruby ruby.log 'nothere' '/spec/g_spec.rb' '.gem"'
use java java.log
stays java 'execve("/usr/bin/java"' '/lib/modules' '/libnio.so' '/conf/security/java.security'
goes java java.log 'hsperfdata' 'ct.sym' '/jmods' '/app/java/gone.jar' '.java_pid'
use debian debian.log
stays debian '/libstdc++.so.6' 'readlink("/etc/alternatives/' 'execve("/usr/bin/apt-get"'
goes debian debian.log '"/var/lib/dpkg' '"/var/lib/apt' '"/usr/share/doc' '"/var/log/'
use alpine alpine.log
stays alpine '/lib/ld-musl-x86_64.so.1' 'execve("/bin/sh"' '"/app/main"' '"/usr/lib/libf.so.1", O_'
goes alpine alpine.log '(AT_FDCWD, "/lib/apk' '"/etc/apk/repositories", O' '"/var/cache/misc", ' '.path"'
use locale locale.log
stays locale 'execve("/usr/bin/iconv"' '"/etc/ld.so.cache"' '"/usr/lib/locale/C.utf8/LC_'
goes locale locale.log '/locale-archive' '/gconv/' '"/usr/share/i18n' '"/usr/share/locale'
use compilers compilers.log
stays compilers 'execve("/usr/bin/gcc"' 'execve("/usr/bin/as"' '"/usr/include/stdc-predef.h", O_RDONLY|O_NOCTTY) = 4'
goes compilers compilers.log '(AT_FDCWD, "/tmp/cc' 'rmeta' '/go-build' 'CMakeFiles' 'conftest'

# Live: traces of this machine's own programs.
live=0
live()
{
    local set=$1
    shift
    strace -f -o "live.$set" "$@" >/dev/null 2>&1 || return
    use "$set" "live.$set"
    check "$set removes lines" test "$(wc -l <got)" -lt "$(wc -l <"live.$set")"
    stays "live $set" 'execve('
    live=$((live + 1))
}
printf 'int main(void) { return 0; }\n' >a.c
live noise cat /proc/self/status /dev/null
live locale env LC_ALL=xx_XX.UTF-8 ls
live debian dpkg-query -s dpkg
live compilers gcc -o a.out a.c
if [ "$live" = 0 ]; then
    strace -o /dev/null true 2>/dev/null && die "no program was traced"
    echo "ptrace is not allowed: no live traces"
fi

# Using a set is one step, undone by one undo; the set comes after the existing stages.
rm -f set.xsmall
must "load" xsmall -q -s set.xsmall load node.log java.log
must "chain" xsmall -s set.xsmall chain "grep -v '= -1' *.log"
xsmall -s set.xsmall lines >expected
must "a set" xsmall -s set.xsmall chain --use node
must "a second" xsmall -s set.xsmall chain --use java
equal "one step each time" 3 "$(xsmall -s set.xsmall sql 'SELECT count(DISTINCT step) FROM edit')"
equal "after the others" "grep -v '= -1'" \
    "$(xsmall -s set.xsmall sql 'SELECT stage FROM v_pattern WHERE position = 1')"

# A user's own set: saved, listed first, replacing the shipped set of that name, used.
must "save" xsmall -s set.xsmall chain --save java
must "save another" xsmall -s set.xsmall chain "grep javac *.log" --save 0.mine-1
xsmall chain --sets >list
equal "listed first" "0.mine-1 yours" "$(sed -n '1s/ \+/ /gp' list | cut -d' ' -f1,2)"
equal "hides the shipped one" 1 "$(grep -c '^java' list)"
equal "all of them" 10 "$(wc -l <list)"
equal "printed" "grep 'javac'" "$(xsmall chain --sets 0.mine-1 | tail -n 1)"
must "used" xsmall -s set.xsmall chain "grep java *.log" --use 0.mine-1
xsmall -s set.xsmall lines >got
LC_ALL=C sh -c "grep java *.log | grep javac" >expected
same "one's own" expected got

# A set that cannot be used changes nothing, and is reported with its line.
xsmall -s set.xsmall sql 'SELECT * FROM v_pattern' >expected
printf "grep x\npath: grep '\\\\('\n" >config/xsmall/patterns/broken.patterns
answers "a broken set" 2 xsmall -s set.xsmall chain --use broken 2>message
check "names the line" grep -q "broken.patterns:2: grep '.(': Unmatched" message
answers "no such set" 2 xsmall -s set.xsmall chain --use none 2>message
answers "no name" 2 xsmall -s set.xsmall chain --save ../none 2>message
xsmall -s set.xsmall sql 'SELECT * FROM v_pattern' >got
same "the chain at the end" expected got
finish
