# SPDX-License-Identifier: MIT
#
# A terminal's screen as SVG, for share/screenshots.sh:
#
#   tmux capture-pane -e -N -p |
#       LC_ALL=C awk -v title=T [-v cursor=X,Y] -f cells.awk -f svg.awk >T.svg

BEGIN {
    cells_init()
}

{
    cells_row($0)
}

END {
    cells_open(row)
    if (split(cursor, place, ","))
        printf "%s", rectangle(place[1], place[2] + 1, 1, ink)
    printf "%s%s</svg>\n", patches, runs
}
