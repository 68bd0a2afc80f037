#!/bin/sh
# SPDX-License-Identifier: MIT
# Renames the logs of the sample, for pictures and documents whose names do not depend on process ids:
# sh share/sample/name_logs.sh DIR
#
# DIR/run.101 is the program, DIR/run.102 its child.
set -eu
cd "$1"
set -- run.*
[ $# = 2 ] || { echo "$PWD: expected two logs, run.PID; found: $*" >&2; exit 1; }
grep -q '^execve("/app/start.sh"' "$1" || set -- "$2" "$1"
grep -q '^execve("/app/start.sh"' "$1"
sed "s/= ${2#run.}\$/= 102/" "$1" >program
mv "$2" child
rm "$1"
mv program run.101
mv child run.102
