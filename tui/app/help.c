/* SPDX-License-Identifier: MIT */
#include "app/help.h"

#include "app/view.h"

/* The sections of the help text, in order. SECTION_HERE has the actions of the view or panel from
 * which help was opened. */
enum section { SECTION_HERE, SECTION_EVERYWHERE, SECTION_PANEL, SECTION_OTHER, N_SECTIONS };

static enum section section_of(const struct help_place *place, enum action action)
{
    bool is_here = view_takes(place->view, action) || views_opened_by(place->views, action);
    switch (action_info(action).scope) {
    case SCOPE_ALL:
        return SECTION_EVERYWHERE;
    case SCOPE_PANEL:
        return place->focus == SCOPE_PANEL ? SECTION_HERE : SECTION_PANEL;
    case SCOPE_BODY:
        break;
    }
    return place->focus == SCOPE_BODY && is_here ? SECTION_HERE : SECTION_OTHER;
}

enum { KEYS_WIDTH = 17, WORDS_LEAST = 20 };

/* Prints the text after the keys. Continuation lines are indented to the column of the first line.
 */
static void print_wrapped(struct bytes text, int width, struct buf *out)
{
    size_t room = width - KEYS_WIDTH < WORDS_LEAST ? WORDS_LEAST : (size_t)(width - KEYS_WIDTH);
    while (text.n > room) {
        size_t at = room;
        while (at && text.p[at] != ' ')
            at--;
        if (!at)
            at = room;
        buf_add(out, bytes_from(text.p, at));
        buf_printf(out, "\n%*s", KEYS_WIDTH, "");
        text = bytes_skip(text, at + (text.p[at] == ' '));
    }
    buf_add(out, text);
    buf_byte(out, '\n');
}

static void print_action(const struct bindings *bindings, enum action action, int width,
                         struct buf *out)
{
    BUF_AUTO struct buf keys = {0}, text = {0};
    bindings_keys(bindings, action, &keys);
    buf_printf(&text, "%s (:%s)", action_info(action).help, action_info(action).name);
    buf_printf(out, "  %-14s ", buf_str(&keys));
    print_wrapped(buf_bytes(&text), width, out);
}

static void print_section(const struct bindings *bindings, const struct help_place *place,
                          enum section section, int width, struct buf *out)
{
    static const char *const others[N_SECTIONS] = {NULL, "everywhere", "in the filters panel (Tab)",
                                                   "in other views"};
    bool any = false;
    for (enum action action = 1; action < actions_end(); action++) {
        if (section_of(place, action) != section)
            continue;
        if (!any)
            buf_printf(out, "\n%s\n",
                       section != SECTION_HERE       ? others[section]
                       : place->focus == SCOPE_PANEL ? "here, in the filters panel"
                                                     : "here");
        any = true;
        print_action(bindings, action, width, out);
    }
}

/* Returns whether the legend of a column is useful: the view has the column, or, for the columns of
 * the filters panel, the panel has the focus. NULL: the legend is always useful. */
static bool has_column(const struct help_place *place, const char *title)
{
    if (!title)
        return true;
    for (size_t i = 0; i < place->view->n_columns; i++)
        if (bytes_equal(bytes_of(place->view->columns[i].title), bytes_of(title)))
            return true;
    return place->focus == SCOPE_PANEL && bytes_equal(bytes_of(title), bytes_of("hits"));
}

/* Prints the legend of the columns and symbols that the screen shows. */
static void print_legend(const struct help_place *place, int width, struct buf *out)
{
    static const struct {
        const char *column; /* title of a column; NULL: in several views */
        const char *symbol, *text;
    } rows[] = {
        {"used", "used",
         "how often the trace used the path; of a package: bytes that the trace used"},
        {"base", "base",
         "B same file in the base; ~ other mode or owner; \xe2\x89\xa0 other content"},
        {"mark", "mark",
         "+ keep; - drop; a auto; dim: inherited from a directory above; "
         "~ needed by evidence or a dependency; \xc2\xb7 not needed"},
        {"kinds", "kinds",
         "x executed, m mapped, r read, l listed, w written, c created, n renamed, d removed, "
         "s stat, k readlink, / chdir, o other"},
        {"break", "break",
         "missing: not in the slim image; other: another file there; failed, untraced: failed in a "
         "check run; version: library too old; place: no directory for a new file; listed: a "
         "directory that the program lists has fewer entries; found: no "
         "break, but the base has a file that the program did not find"},
        {"hits", "hits", "lines that the filter matches; unique hits: lines that only it hides"},
        {"hits", "bytes hidden", "bytes of the files that only this filter hides"},
        {"hits", "left", "lines after this filter"},
        {"reason", "reason",
         "origin of the reason: mark: your decision; trace: the matching lines use the path; "
         "need: a dependency of another file; config: the image config names the path"},
        {"state", "state",
         "asks: the trace used a part, decide about the rest; whole: nothing to add; quiet: not "
         "used by the trace; added, refused: your decision"},
        {NULL, "A M R ~",
         "layers, comparison with the base: added, content modified, removed, only metadata "
         "changed"},
        {NULL, "~ kept", "the numbers are outdated and are being computed again"},
    };
    buf_add(out, bytes_of("symbols\n"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!has_column(place, rows[i].column))
            continue;
        buf_printf(out, "  %-14s ", rows[i].symbol);
        print_wrapped(bytes_of(rows[i].text), width, out);
    }
}

void help_print(const struct bindings *bindings, const struct help_place *place, int width,
                struct buf *out)
{
    print_legend(place, width, out);
    for (enum section section = 0; section < N_SECTIONS; section++)
        print_section(bindings, place, section, width, out);
}
