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
    static const char *const others[N_SECTIONS] = {NULL, "everywhere", "patterns (Tab goes there)",
                                                   "in other views"};
    bool any = false;
    for (enum action action = 1; action < actions_end(); action++) {
        if (section_of(place, action) != section)
            continue;
        if (!any)
            buf_printf(out, "%s%s\n", out->n ? "\n" : "",
                       section != SECTION_HERE       ? others[section]
                       : place->focus == SCOPE_PANEL ? "here, in the patterns"
                                                     : "here");
        any = true;
        print_action(bindings, action, width, out);
    }
}

void help_print(const struct bindings *bindings, const struct help_place *place, int width,
                struct buf *out)
{
    for (enum section section = 0; section < N_SECTIONS; section++)
        print_section(bindings, place, section, width, out);
    buf_add(
        out,
        bytes_of(
            "\ncolumns of the tree: used: times that the trace used it; base: B the base has "
            "the same,"
            "\n~ with another mode or owner, \xe2\x89\xa0 with another content; mark: + keep, "
            "- drop,"
            "\na auto, dim where it is inherited; ~ needed by evidence, \xc2\xb7 not needed\n"));
}
