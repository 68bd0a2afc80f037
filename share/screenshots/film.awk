# SPDX-License-Identifier: MIT
#
# Screens of a terminal, one after the other, as one SVG that plays by itself and repeats, for
# share/screenshots.sh:
#
#   LC_ALL=C awk -v title=T -f cells.awk -f film.awk SCREENS >film.svg
#
# SCREENS holds, for each screen, a line "\f SECONDS [X,Y]" (how long it is shown, where the cursor
# is), then its rows as `tmux capture-pane -e -N -p` writes them.
#
# A row that looks the same in several screens is written once, with an animation that shows it
# while one of these screens is shown (CSS animations: a web page shows an SVG image without running scripts).

BEGIN {
    cells_init()
}

/^\f/ {
    shown_from[++n_screens] = total
    total += $2
    shown_to[n_screens] = total
    row = 0
    set_plain()
    if (split($3, place, ","))
        add_element(n_screens, place[2] + 1, rectangle(place[1], place[2] + 1, 1, ink))
    next
}

{
    patches = runs = ""
    cells_row($0)
    if (row > n_rows)
        n_rows = row
    add_element(n_screens, row, patches runs)
}

END {
    cells_open(n_rows)
    print "<style>g{visibility:hidden;animation-duration:" total "s;" \
          "animation-iteration-count:infinite;animation-timing-function:step-end}"
    for (i = 1; i <= n_elements; i++)
        printf "%s", frames(i)
    print "</style>"
    for (i = 1; i <= n_elements; i++)
        printf "<g%s>\n%s</g>\n", is_always(i) ? " visibility=\"visible\"" : " id=\"r" i "\"", element[i]
    print "</svg>"
}

function add_element(screen, at_row, text,    key)
{
    if (text == "")
        return
    key = at_row SUBSEP text
    if (!(key in number)) {
        number[key] = ++n_elements
        element[n_elements] = text
    }
    is_on[number[key], screen] = 1
}

function is_always(i,    s)
{
    for (s = 1; s <= n_screens; s++)
        if (!((i, s) in is_on))
            return 0
    return 1
}

# The key frames of an element: one for each screen at which it appears or disappears.
function frames(i,    s, on, was, text)
{
    if (is_always(i))
        return ""
    text = "@keyframes k" i "{"
    was = -1
    for (s = 1; s <= n_screens; s++) {
        on = (i, s) in is_on
        if (on != was)
            text = text sprintf("%.3f%%{visibility:%s}", 100 * shown_from[s] / total, on ? "visible" : "hidden")
        was = on
    }
    return text "}#r" i "{animation-name:k" i "}\n"
}
