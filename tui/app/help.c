/* SPDX-License-Identifier: MIT */
#include "app/help.h"

#include "app/view.h"

/* What an action is for, seen from where help was asked for; the order of the list. */
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

/* Text behind the keys, its further lines below its first. The actions' help is ASCII. */
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

/* Prints the legend of the symbols that trees and lists of changes have in their columns. */
static void print_legend(int width, struct buf *out)
{
    static const struct {
        const char *symbol, *text;
    } rows[] = {
        {"used", "number of times that the trace used the path"},
        {"base", "B same file in the base; ~ other mode or owner; \xe2\x89\xa0 other content"},
        {"mark", "+ keep; - drop; a auto; dim: inherited from a directory above; "
                 "~ needed by evidence or a dependency; \xc2\xb7 not needed"},
        {"A M R ~", "layers, comparison with the base: added, content modified, removed, "
                    "only metadata changed"},
    };
    buf_add(out, bytes_of("symbols\n"));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        buf_printf(out, "  %-14s ", rows[i].symbol);
        print_wrapped(bytes_of(rows[i].text), width, out);
    }
}

void help_print(const struct bindings *bindings, const struct help_place *place, int width,
                struct buf *out)
{
    print_legend(width, out);
    for (enum section section = 0; section < N_SECTIONS; section++)
        print_section(bindings, place, section, width, out);
}
