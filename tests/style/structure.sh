#!/bin/bash
# SPDX-License-Identifier: MIT
# The structure that share/doc/architecture.md promises: names, sizes of files, folders and structs,
# which room includes which, and which files call a library. The build directory is $1.
. "$(dirname "$0")/../e2e/lib_check.sh"
cd "$here/../.." || exit 1

# A base name has one meaning: at most one .c and one .h file, in one folder.
find store tui -name '*.[ch]' | LC_ALL=C sort >"$scratch/files"
twice=$(awk -F/ '{ file = $NF; sub(/\.[ch]$/, "", file); dir = $0; sub(/\/[^\/]*$/, "", dir) }
    file in dirs && dirs[file] != dir { print dirs[file] "/" file ", " dir "/" file }
    { dirs[file] = dir }' "$scratch/files")
equal "base names that occur twice" "" "$twice"

equal "folders with more than 44 .c and .h files" "" \
    "$(sed 's,/[^/]*$,,' "$scratch/files" | uniq -c | awk '$1 > 44')"

equal "files with more than 600 lines" "" \
    "$(find store tui tests -name '*.[ch]' -exec wc -l {} + | awk '$1 > 600 && $2 != "total"')"

# Structs of tui with more than 30 fields. A struct with a name inside another one is one field of it and
# is counted by itself; the fields of one without a name belong to the outer one. Counts declarators in
# files that clang-format wrote: a macro that declares fields counts as one.
equal "structs with more than 30 fields" "" "$(
    find tui -name '*.[ch]' -exec awk '
        FNR == 1 { depth = comment = 0 }
        depth == 0 && !/^(typedef |static |const )*(struct|union)( [a-z_0-9]+)? \{/ { next }
        {
            line = $0
            gsub(/\/\*[^*]*\*\//, "", line)
            if (comment && !sub(/^.*\*\//, "", line)) next
            comment = sub(/\/\*.*/, "", line)
            while (gsub(/\([^()]*\)/, "", line)) continue
            gsub(/"[^"]*"/, "", line)
        }
        line ~ /^ *\}/ {
            if (n[depth] > 30) print name[depth] ": " n[depth] " fields"
            depth--
            if (depth > 0) n[depth] += line ~ /^ *\};/ ? n[depth + 1] : gsub(/[;,]/, "", line)
            next
        }
        line ~ /\{$/ { n[++depth] = 0; name[depth] = FILENAME ":" FNR; next }
        { n[depth] += gsub(/[;,]/, "", line) }' {} +
)"

# Rooms: $1/rooms.txt has "in LIBRARY FILE.c" and "uses LIBRARY LIBRARY" from CMake. A header belongs to
# the library of its folder.
equal "includes of rooms that the including room does not link" "" "$(
    xargs grep -Hno '^#include "[^"]*"' <"$scratch/files" | awk -F'[ :"]' '
        function owner(file) { sub(/\/[^\/]*$/, "", file); return of[file] }
        function reaches(from, to,    i, n, next_) {
            if (from == to) return 1
            if ((from, to) in known) return known[from, to]
            known[from, to] = 0
            n = split(uses[from], next_, " ")
            for (i = 1; i <= n; i++)
                if (reaches(next_[i], to)) return known[from, to] = 1
            return 0
        }
        FILENAME != "-" && $1 == "in" { dir = $3; sub(/\/[^\/]*$/, "", dir); of[dir] = $2; next }
        FILENAME != "-" { uses[$2] = uses[$2] " " $3; next }
        {
            from = owner($1)
            to = owner("store/" $5)
            if (to == "") to = owner("tui/" $5)
            if (from != "" && to != "" && !reaches(from, to)) print $1 " includes " $5
        }' "$build/rooms.txt" -
)"

# callers PATTERN: prints the files that match, except the file that queries versions of libraries.
callers() { xargs grep -lE "$1" <"$scratch/files" | grep -vx 'tui/cli/docs/library_versions.c' | paste -sd' '; }
equal "callers of SQLite outside store/db" "" \
    "$(callers '\bsqlite3_[a-z0-9_]+\(' | tr ' ' '\n' | grep -v '^store/db/')"
# What is at the top of the tree is listed here, so that nothing gets there by accident.
equal "files and folders at the top" ".ci .clang-format .clang-tidy .editorconfig .github .gitignore CMakeLists.txt CMakePresets.json LICENSE \
README.md share store tests tui" "$(ls -A "$here/../.." | grep -vx '\.git\|build' | LC_ALL=C sort | paste -sd' ')"
equal "callers of libarchive" "store/image/layer/foreign_decoder.c store/image/layer/layer.c store/image/layer/tar_writer.c \
store/image/layer/tar_xattrs.c store/run/unpack.c" \
    "$(callers '\barchive_[a-z_]+\(')"
equal "includes of curses outside tui/term" "" \
    "$(callers '#include <(n?curses|term|form|menu|panel)' | tr ' ' '\n' | grep -v '^tui/term/')"
finish
