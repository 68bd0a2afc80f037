#!/bin/bash
# SPDX-License-Identifier: MIT
# The paths of files that a program opens in many indirect ways: xsmall's result from the log, compared
# with the paths that the kernel reported to the program itself (fixtures/truth.c).
. "$(dirname "$0")/lib_check.sh"

need_tool sqlite3 cc
need_strace
cd "$scratch" || exit
must 'cc' cc -pthread -o truth "$here/../fixtures/truth.c"

# opened OTHER-ROOT: prints the files that xsmall lists as opened; without a root of their own, by real_path.
opened()
{
    sqlite3 s.xsmall "SELECT iif($1, path, coalesce(real, 'not found: ' || path)) FROM access JOIN asked
        ON asked.id = asked WHERE errno = 0 AND call IN ('openat', 'openat2') AND path GLOB '*/u[0-9]*'
        AND other_root = $1" | LC_ALL=C sort
}

# run COLUMN SEED STRACE-OPTIONS...: COLUMN is the column of the record with the expected result.
run()
{
    local column=$1 seed=$2
    shift 2
    rm -rf place logs record s.xsmall
    mkdir -p place/d{0..5}/e logs
    for i in 0 1 2 3 4 5; do
        ln -s "d$i/e" "place/l$i"
        ln -s "/d$i" "place/a$i"
    done
    (cd place && strace -o ../logs/log "$@" ../truth "$seed" ../record) || die "truth $seed: $?"
    rm -rf tree
    mkdir -p "tree$scratch"
    cp -a place "tree$scratch" # the image: with the files that were opened
    find . -maxdepth 1 -name 'u[0-9]*' -exec mv -t "tree$scratch" {} +
    tar -C tree -cf image.tar .
    must 'load' xsmall -q -s s.xsmall load --cwd "$scratch/place" image.tar logs
    [ "$(wc -l <record)" -gt 200 ] || die "truth $seed opened few files"
    for other in 0 1; do
        awk -F '\t' "\$3 == $other { print \$$column }" record | LC_ALL=C sort >expected
        opened $other >got
        same "seed $seed, strace $*, other root $other" expected got
    done
}

for seed in 1 2 3; do
    run 1 $seed -f
    run 2 $seed -f -y
    run 1 $seed -f -e trace=%file,%process,fchdir,dup,dup2,dup3,fcntl,close,unshare -e signal=none
    run 2 $seed -ff -y
    export TRUTH_OWN=1 # files merged by time
    run 1 $seed -ff -ttt
    run 1 $seed -ff -tt -T
    unset TRUTH_OWN
    run 1 $seed -f -X raw
    run 2 $seed -f -X verbose -yy
    run 1 $seed -f -ttt -T -xx -i
done
finish
