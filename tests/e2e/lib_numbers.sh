# SPDX-License-Identifier: MIT
# Sourced after lib_check.sh: computes the figures of xsmall report a second time: dive's figures
# and layer waste by awk from GNU tar's listings of the layers of a docker-archive, rights by find
# and getcap. For names without newlines.
#
#   members ARCHIVE              LAYER TYPE SIZE HASH NAME TARGET, tab-separated, in the tar's order
#   members ARCHIVE | dive       efficiency (15 places), wasted bytes
#   members ARCHIVE | replay dead      BYTES PATH WRITER KILLER REASON, tab-separated, sorted
#   members ARCHIVE | replay changes   LAYER ADDED MODIFIED METADATA-ONLY REMOVED, tab-separated, sorted
#   numbers NAME ARCHIVE         checks all figures; needs lib_tree.sh too
#   rights_of DIR; rights_in SESSION     KIND, a tab, PATH and details, sorted

members()
{
    local layer n=0
    rm -rf unpacked && mkdir unpacked
    tar -C unpacked -xf "$1"
    sqlite3 :memory: "SELECT value FROM json_each(readfile('unpacked/manifest.json'), '\$[0].Layers')" |
        while IFS= read -r layer; do
            n=$((n + 1))
            mkdir unpacked/files
            # A hard link to a lower layer has no content in this layer.
            tar -C unpacked/files -xf "unpacked/$layer" --exclude='.wh.*' 2>/dev/null
            (cd unpacked/files && find . -type f -print0 | xargs -0 -r xxh128sum) >unpacked/hashes
            tar -tvf "unpacked/$layer" --numeric-owner --quoting-style=literal |
                awk -v layer=$n '
                    # Members of a layer are applied one after the other: one below a symlink of the
                    # same layer is written where the link leads (semantics.md, dive figures).
                    function applied(name,    at, rest, dir, part, n, i, out) {
                        for (at = 1; at < length(name); at++) {
                            dir = substr(name, 1, at - 1)
                            if (substr(name, at, 1) != "/" || !(dir in own)) continue
                            rest = substr(name, at)
                            sub(/[^\/]*$/, "", dir)
                            n = split((own[substr(name, 1, at - 1)] ~ /^\// ? "" : dir) own[substr(name, 1, at - 1)] rest, part, "/")
                            out = ""
                            for (i = 1; i <= n; i++) {
                                if (part[i] == "..") sub(/\/?[^\/]*$/, "", out)
                                else if (part[i] != "" && part[i] != ".") out = out (out == "" ? "" : "/") part[i]
                            }
                            return applied(out)
                        }
                        return name
                    }
                    BEGIN { OFS = "\t" }
                    FILENAME != "-" { hash[substr($0, 37)] = substr($0, 1, 32); next }
                    {
                        type = substr($0, 1, 1); size = type == "-" ? $3 : 0
                        match($0, /^[^ ]+ +[^ ]+ +[0-9,]+ +[0-9-]+ +[0-9:]+ /)
                        name = substr($0, RLENGTH + 1); target = ""
                        if (type == "l" || type == "h") {
                            arrow = type == "l" ? " -> " : " link to "
                            at = index(name, arrow)
                            target = substr(name, at + length(arrow)); name = substr(name, 1, at - 1)
                        }
                        sub(/^\.\//, "", name); sub(/\/$/, "", name); sub(/^\.\//, "", target)
                        name = applied(name)
                        if (type == "l") own[name] = target
                        content = type ~ /[bc]/ ? $3 : hash[name]
                        print layer, type, size, content, name == "" ? "." : name, target
                    }' unpacked/hashes -
            rm -rf unpacked/files
        done
    rm -rf unpacked
}

# Computes as dive's filetree/efficiency.go and file_tree.go do, in dive's order.
dive()
{
    LC_ALL=C awk -F'\t' '
        function add(path, size, is_dir,    n, part, i, at) {
            n = split(path, part, "/"); at = ""
            for (i = 1; i <= n; i++) {
                if (!((at == "" ? part[i] : at "/" part[i]) in node)) {
                    if (substr(part[i], 1, 8) == ".wh..wh.") return
                    if (at != "") inner[at] = 1
                    node[at == "" ? part[i] : at "/" part[i]] = 0
                }
                at = at == "" ? part[i] : at "/" part[i]
            }
            node[path] = size; directory[path] = is_dir
        }
        function plain(path,    at) {
            at = match(path, /[^\/]*$/)
            return substr(path, at, 4) == ".wh." ? substr(path, 1, at - 1) substr(path, at + 4) : path
        }
        function end_layer(    path, name, size, below) {
            for (path in node) {
                if (path in inner) continue
                name = plain(path); size = node[path]
                if (name != path && stack_dir[name])
                    for (below in stack)
                        if (below == name || index(below, name "/") == 1) size += stack[below]
                total[name] += size
                if (!(name in least) || size < least[name]) least[name] = size
                seen[name]++
            }
            for (path in node)
                if ((name = plain(path)) != path)
                    for (below in stack)
                        if (below == name || index(below, name "/") == 1) {
                            delete stack[below]; delete stack_dir[below]
                        }
            for (path in node)
                if (plain(path) == path) { stack[path] = node[path]; stack_dir[path] = directory[path] }
            delete node; delete directory; delete inner
        }
        $1 != layer { if (layer) end_layer(); layer = $1 }
        $5 != "." { add($5, $3, $2 == "d") }
        END {
            end_layer()
            for (name in total) {
                low += least[name]; all += total[name]
                if (seen[name] > 1) wasted += total[name]
            }
            printf "%.15f %d\n", all ? low / all : 1, wasted
        }'
}

# Tracks inodes with their names over the layers; a layer kills an inode when it removes its last name.
replay()
{
    LC_ALL=C awk -F'\t' -v part="$1" '
        function base(path) { return substr(path, match(path, /[^\/]*$/)) }
        function above(path) { return match(path, /\/[^\/]*$/) ? substr(path, 1, RSTART - 1) : "" }
        function take(path, why, why_below,    below) {
            if (!(path in inode)) return
            if (kind[inode[path]] == "d")
                for (below in inode)
                    if (index(below, path "/") == 1) {
                        gone[below] = why_below; delete inode[below]; touched[below] = 1
                    }
            gone[path] = why; delete inode[path]; touched[path] = 1
        }
        function way(path,    up) {
            for (up = above(path); up != ""; up = above(up))
                if (!(up in inode) || kind[inode[up]] != "d") {
                    take(up, "replaced", "replaced above"); inode[up] = ++n; kind[n] = "d"
                    implicit[n] = 1; touched[up] = 1
                }
        }
        function place(path, which) {
            if (!(kind[which] == "d" && path in inode && kind[inode[path]] == "d")) {
                way(path); take(path, "replaced", "replaced above")
            }
            inode[path] = which; touched[path] = 1
        }
        function link(path,    which) {
            if (path in linked) return
            linked[path] = 1
            if (target[path] in target) link(target[path])
            if (!(target[path] in inode)) { take(path, "replaced", "replaced above"); return }
            which = inode[target[path]]; place(path, which)
        }
        # A directory without an entry in any layer counts as a change only when it appears or disappears.
        function count_changes(    path, was, is, added, modified, meta, removed) {
            meta = root[layer] + 0
            for (path in touched) {
                if (!(path in before)) added += path in inode
                else if (!(path in inode)) removed++
                else {
                    was = before[path]; is = inode[path]
                    if (kind[was] != kind[is] || bytes[was] != bytes[is] || content[was] != content[is]) modified++
                    else if (!implicit[was] || !implicit[is]) meta++
                }
            }
            if (part == "changes") print layer, added + 0, modified + 0, meta, removed + 0
        }
        function end_layer(    i, path, dir, names, was, why, is) {
            for (path in inode) before[path] = inode[path]
            for (i = 1; i <= lines; i++) {
                dir = above(name[i])
                if (base(name[i]) == ".wh..wh..opq") {
                    for (path in inode)
                        if (dir == "" || index(path, dir "/") == 1) {
                            gone[path] = "opaque"; delete inode[path]; touched[path] = 1
                        }
                } else if (base(name[i]) ~ /^\.wh\./)
                    take((dir == "" ? "" : dir "/") substr(base(name[i]), 5), "whiteout", "whiteout above")
            }
            for (i = 1; i <= lines; i++)
                if (base(name[i]) !~ /^\.wh\./ && type[i] != "h") {
                    kind[++n] = type[i]; bytes[n] = size[i]
                    content[n] = type[i] == "l" ? link_to[i] : hash[i]
                    origin[n] = name[i]; writer[n] = layer; place(name[i], n)
                }
            for (i = 1; i <= lines; i++) if (type[i] == "h") target[name[i]] = link_to[i]
            for (i = 1; i <= lines; i++) if (type[i] == "h") link(name[i])
            for (path in inode) names[inode[path]]++
            for (path in before) {
                was = before[path]
                if (names[was] || !bytes[was] || printed[was]) continue
                if (before[origin[was]] == was) path = origin[was]
                why = gone[path]
                if (path in inode) {
                    is = inode[path]
                    why = kind[is] != "-" ? "replaced" : bytes[is] == bytes[was] && content[is] == content[was] ? \
                        "rewritten" : "overwritten"
                }
                printed[was] = 1
                if (part == "dead") print bytes[was], "/" origin[was], writer[was], layer, why
            }
            count_changes()
            delete before; delete touched; delete gone; delete target; delete linked; lines = 0
        }
        BEGIN { OFS = "\t" }
        $1 != layer { if (layer) end_layer(); layer = $1 }
        $5 == "." { root[layer]++; next } # it is always there
        { type[++lines] = $2; size[lines] = $3; hash[lines] = $4; name[lines] = $5; link_to[lines] = $6 }
        END { end_layer() }' | LC_ALL=C sort
}

# json QUERY: runs a query in which REPORT is replaced by report.json.
json()
{
    sqlite3 -separator "$(printf '\t')" :memory: "${1//REPORT/readfile(\'report.json\')}"
}

# numbers NAME ARCHIVE: checks all figures of the image.
numbers()
{
    must "load $1" xsmall -q -s "$1.xsmall" load "$2"
    must "report $1" xsmall -s "$1.xsmall" report --json >report.json
    xsmall -s "$1.xsmall" report >"$1.txt"
    members "$2" >"$1.members"
    check "$1: there are members" test "$(wc -l <"$1.members")" -gt 30

    equal "$1: dive" "$(dive <"$1.members")" \
        "$(json "SELECT printf('%.15f %d', json_extract(REPORT, '\$.dive.efficiency'),
            json_extract(REPORT, '\$.dive.wasted_bytes'))")"
    check "$1: 12 digits of dive's efficiency" grep -q '"efficiency": [01]\.[0-9]\{12\}' report.json

    replay dead <"$1.members" >"$1.dead"
    check "$1: something is dead" test -s "$1.dead"
    json "SELECT bytes, path, writer, killer, reason FROM (SELECT value ->> 'bytes' AS bytes,
            value ->> 'path' AS path, value ->> 'writer' AS writer, value ->> 'killer' AS killer,
            value ->> 'reason' AS reason FROM json_each(REPORT, '\$.dead'))" |
        LC_ALL=C sort >"$1.got"
    same "$1: dead contents" "$1.dead" "$1.got"

    replay changes <"$1.members" >"$1.want"
    json "SELECT value ->> 'ordinal', value ->> 'added', value ->> 'modified',
        value ->> 'metadata_only', value ->> 'removed' FROM json_each(REPORT, '\$.layers')" |
        LC_ALL=C sort >"$1.got"
    same "$1: changes by layer" "$1.want" "$1.got"
    check "$1: written is the sum" test "$(json "SELECT sum(value ->> 'written' = (value ->> 'added') +
        (value ->> 'modified') + (value ->> 'metadata_only')) FROM json_each(REPORT, '\$.layers')")" = \
        "$(wc -l <"$1.want")"

    # By layer: the layer waste, and GNU tar's listing.
    awk -F'\t' '{ bytes[$1] += $3 } NR == FNR { dead[$3] += $1; next }
        { n = $1 > n ? $1 : n; layer[$1] += $3 }
        END { OFS = "\t"; for (i = 1; i <= n; i++) print i, layer[i], dead[i] + 0 }' \
        "$1.dead" "$1.members" >"$1.want"
    json "SELECT value ->> 'ordinal', value ->> 'bytes', value ->> 'dead_bytes'
        FROM json_each(REPORT, '\$.layers')" >"$1.got"
    same "$1: bytes by layer" "$1.want" "$1.got"

    # In total: bytes of the layers that the unpacked tree lacks.
    must "unpack $1" gnu_unpack "$2" "$1.tree"
    find "$1.tree" -type f -printf '%i %s\n' | sort -u |
        awk -v layers="$(awk -F'\t' '{ n += $3 } END { print n }' "$1.members")" \
            '{ n += $2 } END { print n, layers, layers - n }' >"$1.want"
    json "SELECT printf('%d %d %d', json_extract(REPORT, '\$.subject_bytes'),
        json_extract(REPORT, '\$.layer_bytes'), json_extract(REPORT, '\$.dead_bytes'))" >"$1.got"
    same "$1: sums" "$1.want" "$1.got"

    # The text report has the 20 largest.
    sort -t"$(printf '\t')" -k1,1nr -k2,2 "$1.dead" | head -n 20 | cut -f1 >"$1.want"
    sed -n '/^files hidden by later layers/,/^[^ ]/p' "$1.txt" | sed -n 's/^ *\([0-9]\{1,\}\) .*/\1/p' >"$1.got"
    same "$1: the biggest in the text" "$1.want" "$1.got"
}

rights_of()
{
    (
        cd "$1" || exit 1
        find . -type f -perm /6000 -printf 'setuid\t/%P %04m %U:%G\n'
        find . ! -type l -perm -0002 -printf 'world_writable\t/%P %04m %U:%G\n'
        find . \( -type c -o -type b \) -exec stat -c '%n %a %Hr:%Lr %F' {} + |
            sed -n 's/^\.\([^ ]*\) \([0-7]*\) \([0-9:]*\) \(.\).*/devices\t\1 0\2 \3 \4/p'
        getcap -r -n . | sed 's/^\.\([^ ]*\) \(.*\)/capabilities\t\1 \2/'
    ) | LC_ALL=C sort
}

rights_in()
{
    must "report" xsmall -s "$1" report --json >report.json
    json "SELECT k.key, i.value ->> 'path' || ' ' || CASE k.key
            WHEN 'devices' THEN i.value ->> 'mode' || ' ' || (i.value ->> 'major') || ':' ||
                (i.value ->> 'minor') || ' ' || substr(i.value ->> 'kind', 1, 1)
            WHEN 'capabilities' THEN i.value ->> 'capabilities'
            ELSE i.value ->> 'mode' || ' ' || (i.value ->> 'uid') || ':' || (i.value ->> 'gid') END
        FROM json_each(REPORT, '\$.inventory') k, json_each(k.value) i" | LC_ALL=C sort
}
