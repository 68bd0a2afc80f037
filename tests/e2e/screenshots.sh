#!/bin/bash
# SPDX-License-Identifier: MIT
# README's screenshots show what the program shows now, except figures, which depend on the sample and
# the packages of the day. Also share/screenshots/cells.awk: it loses no character of a screen, columns
# and colours equal those of a terminal.
. "$(dirname "$0")/lib_check.sh"
top=$(cd "$here/../.." && pwd)
[ "$(uname -m)" = x86_64 ] || skip "the screenshots are of x86_64"
export LC_ALL=C.UTF-8
cd "$scratch" || exit 1

svg()
{
    LC_ALL=C awk "$@" -f "$top/share/screenshots/cells.awk" -f "$top/share/screenshots/svg.awk"
}

# text_of FILE: prints its text, one line for each row of the screen.
text_of()
{
    sed -n 's/^<text x="[^"]*" y="\([^"]*\)"[^>]*>\(.*\)<\/text>$/\1 \2/p' "$1" |
        sed 's/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' |
        awk '{ y = $1; sub(/^[^ ]* /, ""); printf "%s%s", y == row ? " " : (NR > 1 ? "\n" : ""), $0; row = y }
             END { print "" }'
}

# masked: removes figures, bars, their padding, and the word that is cut off at the edge.
masked()
{
    sed -E 's/0x[0-9a-f]+/H/g; s/[^ ]* *…$/…/; s/[█▏▎▍▌▋▊▉░]+/ /g; s/[0-9]+([.,][0-9]+)*/N/g
        s/N [kMG]?B/N B/g; s/[ ─]+/ /g; s/ $//'
}

# The converter, on a screen made by hand. Cells are 8.43 by 18, the margin is 12; colour 114 is
# #87d787 (xterm's 256colres.h).
printf '\033[1ma<b\033[0m  \033[38;5;114mé&\033[39m\033[48;5;231m \033[0m\n\n\033[4;7m>\033[0m\n' |
    svg -v title='a & b' >made.svg 2>err
equal "the converter's messages" "" "$(cat err)"
equal "title" "<title>a &amp; b</title>" "$(grep title made.svg)"
equal "bold, at column 0" 1 "$(grep -c '^<text x="12.00" y="26.00" textLength="25.29" font-weight="bold"[^>]*>a&lt;b</text>$' made.svg)"
equal "a colour of 256, at column 5" 1 "$(grep -c '^<text x="54.15" y="26.00" textLength="16.86" fill="#87d787"[^>]*>é&amp;</text>$' made.svg)"
equal "a background under it, at column 7" 1 "$(grep -c '^<rect x="71.01" y="12.00" width="8.43" height="18" fill="#ffffff"/>$' made.svg)"
equal "reverse and underlined, in row 3" 1 "$(grep -c '^<text x="12.00" y="62.00"[^>]* text-decoration="underline"[^>]*>&gt;</text>$' made.svg)"
equal "reverse" 1 "$(grep -c '^<rect x="12.00" y="48.00" width="8.43"' made.svg)"
svg <"$top/README.md" >readme.svg
text_of readme.svg | tr -s ' ' '\n' >got
tr -s ' \n' '\n\n' <"$top/README.md" >want
same "each word of a long text" want got

# The screenshots.
must "make them" sh "$top/share/screenshots.sh" "$build" "$scratch/now"
(cd now && ls) >want
(cd "$top/share/screenshots" && ls -- *.svg) >got
same "names of the pictures" want got
grep -oh 'screenshots/[a-z]*\.svg' "$top/README.md" "$top"/share/doc/*.md | sed 's,.*/,,' | sort -u >got
same "pictures that README and the documents show" want got
while read -r file; do
    text_of "$top/share/screenshots/$file" >shipped
    check "$file: much of a screen" test "$(wc -w <shipped)" -gt 50
    masked <shipped >want
    text_of "now/$file" | masked >got
    if [ "$file" = film.svg ]; then # its screens depend on moments: those that matter are there
        for film in "$top/share/screenshots/film.svg" now/film.svg; do
            for words in 'would be left' 'hidden by stage 4' 'Nothing would break' 'AS build'; do
                check "$film shows: $words" grep -qF "$words" "$film"
            done
        done
    else
        same "$file is what the program shows" want got
    fi
    check "$file: well formed" xmllint --noout "$top/share/screenshots/$file"
    check "$file: small" test "$(wc -c <"$top/share/screenshots/$file")" -lt 120000
    equal "$file: no directory of the machine that made it" "" "$(grep -oE '/(tmp|home|root|work|build)/.*' shipped)"
done < <(ls now)
finish
