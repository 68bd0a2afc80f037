# Each action of the explorer, once: the result of its key is on the screen after the key, and not
# before. An action without a row here fails the test; three need a terminal, tests/term/explore.sh.
. "$(dirname "$0")/lib_session.sh"

# The same image over a base that has the same tool, another conf, a library with another mode, and
# files that the image lacks.
mkdir -p "$work/base/bin" "$work/base/etc" "$work/base/lib" "$work/base/old"
cp -a "$work/root/bin/tool" "$work/base/bin"
cp -a "$work/root/lib/." "$work/base/lib"
chmod 0700 "$work/base/lib/libx.so.1.2"
printf 'another' > "$work/base/etc/conf"
printf 12345 > "$work/base/old/gone"
based=$work/based.xsmall
"$build/xsmall" load -q -s "$based" --base "$work/base" "$work/root" "$work/tr"
# Two stages, and a check run that lacks a file.
staged=$work/staged.xsmall
cp "$session" "$staged"
"$build/xsmall" chain -s "$staged" "grep -v 'exited' | grep -F 'open'" > /dev/null
broken=$work/broken.xsmall
cp "$session" "$broken"
"$build/xsmall" drop -q -s "$broken" /etc/conf
mkdir "$work/away"

# NAME|session|keys before|keys of the action|text that they bring to the screen
# A typed text is in quotes.
table()
{
    cat << 'T'
up|session|j j|k| 2/4
down|session||j| 2/4
page-up|session|2 G|PgUp| 1/7
page-down|session|2|PgDn| 7/7
first|session|2 G|g| 1/7
last|session|2|G| 7/7
scroll-left|session|2 ] ]|[ [|log.1:execve
scroll-right|session|2|] ]|such file or directory)
count|session|2|# 3 j| 4/7
focus|staged||Tab| J K move
image|session|2|1|▸ usr/
trace|session||2|execve
files|session||3|/bin/tool
breaks|session||4|Nothing would break
export|session||5|FROM
keep-class|broken|4|A|breaks 0
keep|session|j|Space|  + ▸ lib/
drop|session|j|-|  - ▸ lib/
auto|session|j|a|  a ▸ lib/
unmark|session|j - k|Delete|  ~ ▸ lib/
view|session|j j j l j|E|0123456789
extract|session|j|: "extract AWAY" Enter|extracted
range|session||V j|2 rows
copy|session|j|y|4 bytes sent to the clipboard
map|session|j|R|FROM=TO: /lib=
note|session|j|; "word" Enter M|word
keep-survivors|session||: "keep-survivors" Enter|4 files marked keep
marks|broken||M|/etc/conf
why|session|j|w|/lib: parent directory of /lib/libx.so.1.2
open|session|j|l|libx.so.1.2
close|session|j l|h| 2/4
sort|session||s|sorted by kept bytes
dirs-first|session||S|directories
layers|session||6|command
packages|session||7|package
dead|session||d|Layer waste
diff|based||B|/old
added|based|B|i|added: hidden
modified|based|B|m|modified: hidden
removed|based|B|D|removed: hidden
rewritten|based|B|T|metadata: hidden
hidden|staged|2|H|:+++ exited
filter|session||f "type:l"|libx.so.1 →
cycle|session|2|.|result         kinds
lines|session|j|L|by line · /lib
result|session|2|e|succeeded
call|session|2|c|by line · execve
process|session|2|r|by line · pid 1
kind|session|2 .|t|by path · executed
unfilter|session|2 e|0| 1/7
doctor|session||W|gap in the trace
families|session||F|File groups
runs|session||C|run
back|session|2|Backspace|▸ usr/
write|session|5|w|write to file: Dockerfile
reasons|session|5|Y|# why /
exclude|session||v|> grep -v
include|session||&|> grep
propose|session|2|x|> grep -v
propose-in|session|2|X|> grep
pipeline|staged||p| | grep -F 'open'
sets|session||P|python
toggle|staged|Tab|Space|[ ] grep
edit|staged|Tab|e| > grep -v 'exited'
invert|staged|Tab|i|1 [x] grep 'exited'
duplicate|staged|Tab|c|3 [x]
target|staged|Tab|t|path
switch-all|staged|Tab|a|[ ] grep -F
solo|staged|Tab|s|[ ] grep -F
remove|staged|Tab|d|1 [x] grep -F
move-up|staged|Tab j|K|2 [x] grep -v 'exited'
move-down|staged|Tab|J|2 [x] grep -v 'exited'
undo|staged||u|undone
redo|staged|u|U|2 [x] grep -F
search|session||/ "conf"|conf
next|session|2 / "conf" Enter g|n| 4/7
previous|session|2 / "conf" Enter G|N| 4/7
command|session||: "keep-s"|keep-s
help|session||?|symbols
T
}

table > "$work/table"
# One action switches each dependency kind.
kinds=$("$build/xsmall" help keep | sed -n '/^--closure:$/,/^$/s/^  \([a-z]*\) .*/\1/p')
for kind in $kinds; do
    echo "closure-$kind|session||: \"closure-$kind\" Enter|not followed; u undoes it"
done >> "$work/table"
{ cut -d'|' -f1 "$work/table"; printf 'quit\nredraw\nsuspend\n'; } | sort > "$work/here"
[ -n "$kinds" ]
"$build/xsmall" help keys | grep -o '`:[a-z-]*`' | tr -d '`:' | sed '/^$/d' | sort > "$work/all"
diff "$work/all" "$work/here"
while IFS='|' read -r name from before action brings; do
    cp "${!from}" "$work/one.xsmall"
    { echo wait; script_of "$before"; echo dump; script_of "${action/AWAY/$work/away}"; echo dump; } > "$work/script"
    "$build/screen_driver" 100x30 "$work/one.xsmall" < "$work/script" > "$work/out"
    echo "action $name" # shown if it fails
    lacks 1 "$work/out" "$brings"
    has 2 "$work/out" "$brings"
done < "$work/table"
# Results outside the screen: a file was extracted.
cmp "$work/away/lib/libx.so.1.2" "$work/root/lib/libx.so.1.2"
