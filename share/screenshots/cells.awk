# SPDX-License-Identifier: MIT
#
# Cells of a terminal's screen as SVG elements. svg.awk and film.awk use these functions.
#
# The escape sequences are those that `tmux capture-pane -e` writes: bold, dim, underline, reverse,
# colours of 8, 16 and 256. Characters are UTF-8, one column wide each; spaces that are underlined
# are not. Text is split into runs of one look. Each run begins at its own column and is as wide as
# its cells in any font; two spaces end a run.
#
# Call cells_init() once, then cells_row(LINE) for each row from the top: it appends the row's
# elements to `patches` (backgrounds) and `runs` (text).

function cells_init(    i)
{
    columns = columns ? columns : 100
    cell_width = 8.43
    cell_height = 18
    margin = 12
    split("16181d cd5c5c 7fb86a d0b05a 6a95d8 b57fc4 5fb3b3 c8ccd4 " \
          "6b7280 f08080 98d982 ecd07a 8ab4f8 d7a1e6 7fd6d6 ffffff", palette, " ")
    paper = palette[1]
    ink = palette[8]
    for (i = 128; i < 192; i++)
        continues[sprintf("%c", i)] = 1
    set_plain()
}

function cells_row(line,    at, char)
{
    column = 0
    row++
    for (at = 1; at <= length(line);) {
        if (match(substr(line, at), /^\033\[[0-9;]*m/)) {
            set_look(substr(line, at + 2, RLENGTH - 3))
            at += RLENGTH
            continue
        }
        char = substr(line, at++, 1)
        while (substr(line, at, 1) in continues)
            char = char substr(line, at++, 1)
        put_cell(char)
    }
    end_run()
    end_patch()
}

# The start of the document, up to its background.
function cells_open(n_rows,    width, height)
{
    width = columns * cell_width + 2 * margin
    height = n_rows * cell_height + 2 * margin
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\"", width, height
    printf " viewBox=\"0 0 %d %d\" role=\"img\"\n", width, height
    print "     font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\""
    printf "     font-size=\"14\" fill=\"#%s\">\n", ink
    printf "<title>%s</title>\n", escaped(title)
    printf "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#%s\"/>\n", width, height, paper
}

function set_plain()
{
    bold = dim = underline = reverse = 0
    front = ink
    back = paper
}

# Applies an SGR sequence (ECMA-48, 8.3.117; 38 and 48: ITU-T T.416 as xterm writes it).
function set_look(codes,    n, i, code)
{
    n = split(codes == "" ? "0" : codes, code, ";")
    for (i = 1; i <= n; i++) {
        if (code[i] == 0) set_plain()
        else if (code[i] == 1) bold = 1
        else if (code[i] == 2) dim = 1
        else if (code[i] == 4) underline = 1
        else if (code[i] == 7) reverse = 1
        else if (code[i] == 22) bold = dim = 0
        else if (code[i] == 24) underline = 0
        else if (code[i] == 27) reverse = 0
        else if (code[i] >= 30 && code[i] <= 37) front = color(code[i] - 30)
        else if (code[i] == 39) front = ink
        else if (code[i] >= 40 && code[i] <= 47) back = color(code[i] - 40)
        else if (code[i] == 49) back = paper
        else if (code[i] >= 90 && code[i] <= 97) front = color(code[i] - 82)
        else if (code[i] >= 100 && code[i] <= 107) back = color(code[i] - 92)
        else if (code[i] == 38 && code[i + 1] == 5) { front = color(code[i + 2]); i += 2 }
        else if (code[i] == 48 && code[i + 1] == 5) { back = color(code[i + 2]); i += 2 }
    }
}

# Returns one of the 256 colours of xterm: 16 names, a cube of 6 x 6 x 6, 24 greys.
function color(n)
{
    if (n < 16)
        return palette[n + 1]
    if (n >= 232)
        return sprintf("%02x%02x%02x", 8 + (n - 232) * 10, 8 + (n - 232) * 10, 8 + (n - 232) * 10)
    n -= 16
    return sprintf("%02x%02x%02x", level(int(n / 36)), level(int(n / 6) % 6), level(n % 6))
}

function level(n)
{
    return n ? 55 + n * 40 : 0
}

# Adds one cell: its background to the current patch and its character to the current run, if they have
# the same look; else begins new ones.
function put_cell(char,    text_color, patch_color, look)
{
    text_color = reverse ? back : front
    patch_color = reverse ? front : back
    if (patch_color != of_patch)
        end_patch()
    if (of_patch == "" && patch_color != paper) {
        of_patch = patch_color
        patch_column = column
    }
    look = text_color == ink ? "" : sprintf(" fill=\"#%s\"", text_color)
    look = look (bold ? " font-weight=\"bold\"" : "") (dim ? " fill-opacity=\".6\"" : "") \
        (underline ? " text-decoration=\"underline\"" : "")
    if (char == " ") {
        n_spaces++
    } else {
        if (n_spaces > 1 || look != of_run)
            end_run()
        if (run == "") {
            run_column = column
            of_run = look
            n_spaces = 0
        }
        run = run (n_spaces ? " " : "") escaped(char)
        run_end = column + 1
        n_spaces = 0
    }
    column++
}

function end_run()
{
    if (run != "")
        runs = runs sprintf("<text x=\"%.2f\" y=\"%.2f\" textLength=\"%.2f\"%s>%s</text>\n",
            margin + run_column * cell_width, margin + row * cell_height - 4,
            (run_end - run_column) * cell_width, of_run " lengthAdjust=\"spacingAndGlyphs\"", run)
    run = ""
    n_spaces = 0
}

function end_patch()
{
    if (of_patch != "")
        patches = patches rectangle(patch_column, row, column - patch_column, of_patch)
    of_patch = ""
}

function rectangle(from, on, n_cells, fill)
{
    return sprintf("<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%d\" fill=\"#%s\"/>\n",
        margin + from * cell_width, margin + (on - 1) * cell_height, n_cells * cell_width,
        cell_height, fill)
}

function escaped(text)
{
    gsub(/&/, "\\&amp;", text)
    gsub(/</, "\\&lt;", text)
    gsub(/>/, "\\&gt;", text)
    return text
}
