#!/bin/bash
# SPDX-License-Identifier: MIT
# Comments, messages and documents contain no phrase of words.txt: plain technical English uses another
# word (.github/CONTRIBUTING.md). words_allowed.txt lists the true uses. The build directory is $1.
. "$(dirname "$0")/../e2e/lib_check.sh"
top=$(cd "$here/../.." && pwd)
style=$top/tests/style
cd "$top" || exit 1

# phrases_in FILE...: prints FILE:LINE of each listed phrase.
phrases_in()
{
    printf '%s\n' "$@" | perl "$style/words.pl" "$style/words.txt" "$style/words_allowed.txt"
}

# Pictures contain screens, fuzz inputs contain bytes, *.log are logs of other programs, schema_*.sql are
# the schemas of earlier versions.
mapfile -t files < <(find README.md .github .ci CMakeLists.txt share store tui tests -type f \
    ! -name '*.svg' ! -name '*.log' ! -name 'schema_*.sql' ! -path 'tests/fuzz/*/*' \
    ! -path 'tests/style/words*' | LC_ALL=C sort)
check "files were found" test "${#files[@]}" -gt 50
equal "phrases to replace" "" "$(phrases_in "${files[@]}")"

# words.pl reads the comments and string literals of C files, across line breaks, and all of other files.
cd "$scratch" || exit 1
printf '%s\n' 'int behind; // anew' '/* It is in front' ' * of "likewise" */' \
    "char c = '\"'; f(\"nobody\", behind);" >some.c
printf '%s\n' 'echo beside # to show what' '# is there' 'told_apart=1' >some.sh
equal "phrases found" 'some.c:1: "anew"
some.c:2: "in front of"
some.c:3: "likewise"
some.c:4: "nobody"
some.sh:1: "beside"
some.sh:1: "what is there"' "$(phrases_in some.c some.sh | sed 's/: write .*//' | LC_ALL=C sort)"
# An entry of the list that has become unnecessary is reported.
printf '%s\n' 'some.sh: echo beside' 'some.sh: to show what is there' 'some.sh: not in the file' >allowed
equal "entries not needed" "allowed: not needed: some.sh: not in the file" \
    "$(echo some.sh | perl "$style/words.pl" "$style/words.txt" allowed)"
finish
