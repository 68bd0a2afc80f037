#!/bin/bash
# SPDX-License-Identifier: MIT
# The coverage of three runs: the report equals sets made with sort and comm from v_access, and sums
# of stat.
. "$(dirname "$0")/lib_check.sh"

need_tool sqlite3
need_strace

# The subject image has the programs' files at the same paths.
root=$scratch/root
data=$scratch/data
mkdir -p "$data" "$root"/{bin,etc,lib,usr}
for name in a b c d; do
    head -c $((RANDOM + 1)) /dev/zero >"$data/$name"
done
ln "$data/a" "$data/peer" # one content, two names
ln -s b "$data/link"
mkdir -p "$root$data"
cp -a "$data/." "$root$data/"
for program in cat wc ls; do
    program=$(readlink -f "$(command -v $program)")
    for file in "$program" $(ldd "$program" | grep -o '/[^ ]*') /etc/ld.so.cache; do
        mkdir -p "$root${file%/*}"
        cp -L "$file" "$root$file"
    done
done

trace() { must 'strace' strace -f -y -o "$@" >/dev/null; }
cd "$scratch" || exit
trace cat.log "$(readlink -f "$(command -v cat)")" "$data/a" "$data/link"
trace wc.log "$(readlink -f "$(command -v wc)")" "$data/peer" "$data/c"
trace ls.log "$(readlink -f "$(command -v ls)")" -l "$data"
must 'load' xsmall -q -s s.xsmall load "$root" --run cat cat.log
must 'load' xsmall -q -s s.xsmall load --run wc wc.log
must 'load' xsmall -q -s s.xsmall load --run ls ls.log
cp ls.log slim.log
must 'load' xsmall -q -s s.xsmall load --check --run slim slim.log # is not counted
must 'report' xsmall -s s.xsmall report --json >report.json
must 'report' xsmall -s s.xsmall report >report.txt

for run in cat wc ls; do
    xsmall -s s.xsmall sql "SELECT DISTINCT real_path FROM v_access
        JOIN v_file ON v_file.path = real_path
        WHERE run = '$run' AND errno = 0 AND v_file.kind <> 'dir'" | sort >"$run.set"
    check "$run uses files" test -s "$run.set"
done

# sum SET: prints files and bytes, each inode once.
sum()
{
    printf '%d %d\n' "$(grep -c '' "$1")" "$(sed "s,^,$root," "$1" | tr '\n' '\0' |
        xargs -0r stat -c '%F %i %s' | grep '^regular' | sort -u | awk '{n += $NF} END {print n + 0}')"
}

# reported PATH: prints the files and bytes at this place of the report.
reported()
{
    sqlite3 -separator ' ' :memory: "SELECT json_extract(j, '$1.files'), json_extract(j, '$1.bytes')
        FROM (SELECT readfile('report.json') AS j)"
}

# Runs in the order of loading.
runs=$(sqlite3 :memory: "SELECT group_concat(json_extract(value, '\$.name'), ' ')
    FROM json_each(readfile('report.json'), '\$.runs')")
equal 'the runs in order' 'cat wc ls' "$runs"
: >before.set
i=0
for run in $runs; do
    others=$(for other in $runs; do [ $other = $run ] || echo $other.set; done)
    sort -u $others >others.set
    comm -23 $run.set others.set >only.set
    comm -23 $run.set before.set >added.set
    sort -u $run.set before.set >next.set
    mv next.set before.set
    equal "$run: used" "$(sum $run.set)" "$(reported "\$.runs[$i].used")"
    equal "$run: only" "$(sum only.set)" "$(reported "\$.runs[$i].only")"
    equal "$run: added" "$(sum added.set)" "$(reported "\$.runs[$i].added")"
    check "$run: in the text" grep -qE "^ +$(sum $run.set | sed 's/ / +/') .*  $run\$" report.txt
    i=$((i + 1))
done
comm -12 cat.set wc.set | comm -12 - ls.set >all.set
check 'all have the C library' grep -q '/libc\.so' all.set
equal 'in all' "$(sum all.set)" "$(reported '$.in_all_runs')"
equal 'in any' "$(sum before.set)" "$(reported '$.in_any_run')"

# Without a subject image: paths as in the calls.
must 'load' xsmall -q -s t.xsmall load cat.log
must 'report' xsmall -s t.xsmall report --json >report.json
n=$(xsmall -s t.xsmall sql "SELECT count(DISTINCT path) FROM v_access WHERE errno = 0")
equal 'without a subject' "$n 0" "$(reported '$.runs[0].used')"
finish
