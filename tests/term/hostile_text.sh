# Names, links, log lines, configurations, histories, packages, notes, filters, sets and the session's
# own name that try to control the terminal: no command and no view sends a control sequence to it
# that xsmall did not make.
. "$(dirname "$0")/lib_term.sh"
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$work/i" "$work/made" "$XDG_CONFIG_HOME/xsmall/patterns" "$XDG_CONFIG_HOME/xsmall/families"
cd "$work/made"

# hostile TAG: prints title, report, clipboard, C1 as one byte and as UTF-8, DCS, APC, direction, zero
# width, a surrogate, tags, DEL, and line ends that would begin a new line.
hostile()
{
    printf '%s\033]0;T\007\033[6n\033]52;c;UFdORUQ=\007\302\233[31m\233[5n\033P+q\033\\\033_G\033\\' "$1"
    printf '\342\200\256\342\200\213\303\050\355\240\200\363\240\201\201\357\273\277\177\rRUN x'
}
# The same as valid UTF-8, for JSON.
hostile_json()
{
    printf '%s\\u001b]0;T\\u0007\\u001b[6n\\u001b]52;c;UFdORUQ=\\u0007\\u009b31m\\u202e\\u200b\\u007f\\r\\nRUN x' "$1"
}

name=$(hostile NAME)
mkdir -p root/bin root/etc root/usr/bin "root/opt/$name" root/var/lib/dpkg/info \
    "root/usr/lib/python3/dist-packages/p-1.dist-info"
hostile TEXT >root/etc/text
hostile OWN >"root/opt/$name/file"
ln -s "$name" root/opt/link
ln -s "$(hostile GOAL)" root/opt/dangling
printf '#!/bin/%s\n' "$(hostile LANG | tr -d '\r')" >root/bin/script
chmod 755 root/bin/script
cp /bin/true root/bin/tool
pack=$(hostile PACK | tr '\r' _)
printf 'Package: pack%s\nStatus: install ok installed\nVersion: 1%s\nArchitecture: all\n' "$pack" "$pack" \
    >root/var/lib/dpkg/status
printf '/etc/text\n' >"root/var/lib/dpkg/info/pack$pack.list"
printf 'Name: %s\nVersion: %s\n' "$pack" "$pack" \
    >root/usr/lib/python3/dist-packages/p-1.dist-info/METADATA
tar -C root --format=gnu -cf "$work/i/1.tar" .
mkdir layer
: >layer/.wh.bin
tar -C layer --format=gnu -cf "$work/i/2.tar" .wh.bin
zero=$(printf '%063d' 0)
cat >"$work/i/c.json" <<J
{"os":"linux","config":{"Env":["PATH=/bin","$(hostile_json ENVK)=$(hostile_json ENV)"],
"Entrypoint":["/bin/script","$(hostile_json ENTRY)"],"Cmd":["$(hostile_json CMD)"],
"User":"$(hostile_json USER)","WorkingDir":"/$(hostile_json DIR)","StopSignal":"$(hostile_json SIG)",
"Labels":{"$(hostile_json LABELK)":"$(hostile_json LABEL)"},
"Volumes":{"/$(hostile_json VOL)":{}},"ExposedPorts":{"$(hostile_json PORT)":{}}},
"history":[{"created_by":"$(hostile_json HIST)"},{"created_by":"$(hostile_json RM)"}],
"rootfs":{"type":"layers","diff_ids":["sha256:${zero}1","sha256:${zero}2"]}}
J
printf '[{"Config":"c.json","RepoTags":["%s:1"],"Layers":["1.tar","2.tar"]}]' "$(hostile_json REPO)" \
    >"$work/i/manifest.json"
image=$work/made/$(hostile IMAGE).tar
tar -C "$work/i" -cf "$image" 1.tar 2.tar c.json manifest.json
log=$work/made/$(hostile LOG).1
{
    printf 'execve("/bin/script", ["script"], 0x7ffd0 /* 1 var */) = 0\n'
    printf 'openat(AT_FDCWD, "/opt/%s/file", O_RDONLY) = 3\n' "$name"
    printf 'openat(AT_FDCWD, "/etc/text", O_RDONLY) = 3 %s\n' "$(hostile LINE)"
    printf 'openat(AT_FDCWD, "/%s", O_RDONLY) = -1 ENOENT (%s)\n' "$(hostile NONE)" "$(hostile WHY)"
    printf '%s(1) = 0\n%s\n' "$(hostile CALL)" "$(hostile ODD)"
} >"$log"
printf '# %s\ngrep -v %s\n' "$(hostile ABOUT)" "'never'" >"$XDG_CONFIG_HOME/xsmall/patterns/own.patterns"
printf 'about %s\n' "$(hostile FAM)" >"$XDG_CONFIG_HOME/xsmall/families/$(hostile FAMILY).family"
session=$work/made/$(hostile SESSION).xsmall
printf '%s\n' "$(hostile RULE)" >bad.rules

# prints WHAT COMMAND...: on a terminal the command prints something, and only text.
n_failed=0
prints()
{
    local what=$1
    shift
    { echo 'stty -onlcr'; printf '%q ' "$build/xsmall" "$@"; } >command
    script -qec 'bash ./command' typescript </dev/null >/dev/null 2>&1 || :
    sed -i '1d; $d' typescript
    [ -s typescript ] || { echo "$what: no output"; n_failed=$((n_failed + 1)); }
    perl "$here/controls.pl" typescript >odd || { echo "$what:"; cat odd; n_failed=$((n_failed + 1)); }
}
x=(-s "$session")
prints "load, its summary" load -q "${x[@]}" --run "$(hostile RUN)" "$image" "$log" && rm -f "$session"*
"$build/xsmall" load -q "${x[@]}" --run "$(hostile RUN)" "$image" "$log" >/dev/null 2>&1
"$build/xsmall" keep "${x[@]}" -m "$(hostile NOTE)" "/opt/$name" >/dev/null
"$build/xsmall" chain "${x[@]}" "grep -v $(hostile PATTERN | sed "s/'//g; s/.*/'&'/")" >/dev/null 2>stderr ||
    "$build/xsmall" chain "${x[@]}" "grep -v PATTERN" >/dev/null
prints "load, the same" load "${x[@]}" -q "$image" "$log-none"
prints "chain" chain "${x[@]}"
prints "chain, not a pipeline" chain "${x[@]}" "$(hostile BAD) | grep"
prints "chain, an unknown option" chain "${x[@]}" "grep --$(hostile OPT) a"
prints "chain, the sets" chain "${x[@]}" --sets
prints "lines" lines "${x[@]}"
for list in --kept --dropped --all; do
    prints "files $list" files "${x[@]}" $list
done
grep -qF 'NAME\x1b]0;T\x07' typescript
prints "why" why "${x[@]}" "/opt/$name/file"
prints "why, of a link" why "${x[@]}" /opt/dangling
prints "why, of nothing" why "${x[@]}" "$(hostile NOTHING)"
prints "keep, of nothing" keep "${x[@]}" "$(hostile NOTHING)"
prints "breaks" breaks "${x[@]}"
prints "families" families "${x[@]}"
prints "families NAME" families "${x[@]}" "$(hostile NONE)"
prints "report" report "${x[@]}"
prints "report --json" report --json "${x[@]}"
prints "report --rules" report "${x[@]}" --rules bad.rules
prints "diff" diff -q "$image" root
prints "diff --json" diff -q --json "$image" root
prints "extract" extract -q "${x[@]}" /opt -o "$(hostile OUT)"
prints "extract, again" extract -q "${x[@]}" /opt -o "$(hostile OUT)"
prints "sql" sql "${x[@]}" 'SELECT * FROM v_file; '
prints "sql, lines" sql "${x[@]}" 'SELECT * FROM v_line'
prints "sql, wrong" sql "${x[@]}" "SELECT $(hostile SQL)"
prints "no command" "$(hostile COMMAND)" "$(hostile COMMAND)"
prints "no option" load "--$(hostile OPTION)"
for form in stage copy tar list json removed image; do
    prints "export $form" export "${x[@]}" --form $form
    rm -rf out
    prints "export $form -o" export "${x[@]}" --form $form -o out --subject-name a --map "/opt/$name=/$(hostile MAP | tr -d '\r')"
    # A Dockerfile is text in any program that shows it.
    [ ! -e out/Dockerfile ] || perl "$here/controls.pl" out/Dockerfile || n_failed=$((n_failed + 1))
done
[ $n_failed = 0 ]

# The screen: the bytes that the terminal received, view by view.
tm new-session -d -s t -x 250 -y 50 "PS1='sh> ' bash --norc"
see 'sh>'
tm pipe-pane -O -t t "cat > '$work/bytes'"
{ printf 'TERM=xterm-256color '; printf '%q ' "$build/xsmall" "${x[@]}"; } >explore
keys '. ./explore' Enter
see 'opt'
# shows TAG KEYS...: after the keys the tag is on the screen
shows()
{
    local tag=$1
    shift
    keys "$@"
    see "$tag"
}
shows 'NAME\x1b' G l
keys 1
shows 'LINE\x1b' 2
shows 'NAME\x1b' 3
keys 4
shows 'HIST\x1b' 6
keys q
shows 'PACK\x1b' 7
keys q
shows 'NOTE\x1b' M
keys q
shows 'ABOUT\x1b' P
keys q
shows 'COPY cannot express' 5
shows 'No file group has a member' F
keys q
keys W
keys q
shows 'RUN\x1b' C
keys q
keys 1 /
shows '/file' file
keys Enter
shows 'OWN\x1b' E
keys q
keys y
keys 2 G
shows 'ODD\x1b' x
keys C-g
keys :
keys -l zzzz
see ':zzzz'
keys Escape
unsee ':zzzz' # an Escape and a key that come together are another key
keys q
see 'sh> '
keys exit Enter
ended() { ! tm has-session -t t 2>/dev/null; }
wait_until ended
perl "$here/controls.pl" "$work/bytes" xterm-256color
