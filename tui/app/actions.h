/* SPDX-License-Identifier: MIT
 *
 * Every command of the explorer, once: id, where it works, name, default keys, help. The key map,
 * the help screen and the ':' prompt are made from this list.
 */
#ifndef XSMALL_TUI_APP_ACTIONS_H
#define XSMALL_TUI_APP_ACTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/bytes.h"

/* Keys: a Unicode code point, or one of these after the last code point. */
enum key {
    KEY_NONE_ = 0,
    KEY_TAB_ = '\t',
    KEY_ENTER_ = '\r',
    KEY_ESCAPE_ = 27,
    KEY_UP_ = 0x110000,
    KEY_DOWN_,
    KEY_LEFT_,
    KEY_RIGHT_,
    KEY_PAGE_UP_,
    KEY_PAGE_DOWN_,
    KEY_HOME_,
    KEY_END_,
    KEY_BACKSPACE_,
    KEY_DELETE_,
    KEY_RESIZE_,
    KEY_MOUSE_,       /* something that a mouse did */
    KEY_PASTE_BEGIN_, /* of a bracketed paste */
    KEY_PASTE_END_
};

/* Where an action works: everywhere, in the body, or with the focus on the patterns. */
enum scope { SCOPE_ALL, SCOPE_BODY, SCOPE_PANEL };

/* X(ID, scope, name, keys separated by spaces, handler, help). The handlers (action_handlers.h) get
 * the action: one that several actions share. */
#define ACTIONS(X)                                                                                 \
    X(UP, ALL, "up", "k Up", motion_up, "one row up")                                              \
    X(DOWN, ALL, "down", "j Down", motion_down, "one row down")                                    \
    X(PAGE_UP, ALL, "page-up", "PgUp C-b", motion_page_up, "one page up")                          \
    X(PAGE_DOWN, ALL, "page-down", "PgDn C-f", motion_page_down, "one page down")                  \
    X(FIRST, ALL, "first", "g Home <", motion_first, "to the first row")                           \
    X(LAST, ALL, "last", "G End >", motion_last, "to the last row")                                \
    X(SCROLL_LEFT, ALL, "scroll-left", "[", motion_left, "long lines: to the left")                \
    X(SCROLL_RIGHT, ALL, "scroll-right", "]", motion_right, "long lines: to the right")            \
    X(COUNT, ALL, "count", "#", motion_count,                                                      \
      "a number before a motion: #5j; #20G and :20 are row 20")                                    \
    X(FOCUS, ALL, "focus", "Tab", app_switch_focus, "between the view and the patterns")           \
    X(VIEW_IMAGE, ALL, "image", "1", app_open_view, "the image's tree")                            \
    X(VIEW_TRACE, ALL, "trace", "2", app_open_view, "the surviving lines")                         \
    X(VIEW_FILES, ALL, "files", "3", app_open_view,                                                \
      "the files kept, given by the base, or dropped")                                             \
    X(VIEW_BREAKS, ALL, "breaks", "4", app_open_view, "what would fail in the small image")        \
    X(VIEW_EXPORT, ALL, "export", "5", app_open_view, "the Dockerfile")                            \
    X(KEEP_CLASS, BODY, "keep-class", "A", view_act, "breaks: keep all of this kind")              \
    X(KEEP, BODY, "keep", "Space +", range_mark, "mark keep: the path and all below")              \
    X(DROP, BODY, "drop", "-", range_mark, "mark drop")                                            \
    X(AUTO, BODY, "auto", "a", range_mark, "mark auto: the evidence decides")                      \
    X(UNMARK, BODY, "unmark", "Delete", range_mark, "take the mark away")                          \
    X(VIEW, BODY, "view", "E", view_act,                                                           \
      "look into this file: text or bytes (.), what is known of it")                               \
    X(EXTRACT, BODY, "extract", "", view_act,                                                      \
      "copy this path with all below into a directory: :extract DIR")                              \
    X(RANGE, BODY, "range", "V", range_toggle,                                                     \
      "rows from here to the cursor: a mark goes on all, y copies all")                            \
    X(COPY, BODY, "copy", "y", range_copy,                                                         \
      "the row's path or line into the terminal's clipboard (OSC 52)")                             \
    X(MAP, BODY, "map", "R", view_act,                                                             \
      "where this path stands in the small image: :map FROM=TO; FROM= takes it back")              \
    X(NOTE, BODY, "note", ";", view_act, "write a note on this path")                              \
    X(KEEP_SURVIVORS, ALL, "keep-survivors", "", app_keep_survivors,                               \
      "mark keep all that the surviving lines use")                                                \
    X(MARKS, ALL, "marks", "M", app_open_view,                                                     \
      "the marks and notes, and where the kept bytes come from")                                   \
    X(WHY, BODY, "why", "w", view_act, "why a path is kept, or what dropped it")                   \
    X(OPEN, BODY, "open", "Enter l Right", view_act,                                               \
      "open a directory; from a line to its file, from a file to why, and on from there")          \
    X(CLOSE, BODY, "close", "h Left", view_act, "close a directory, or go to its parent")          \
    X(SORT, BODY, "sort", "s", view_act,                                                           \
      "sort by size, kept bytes, name, number of files or time")                                   \
    X(DIRS_FIRST, BODY, "dirs-first", "S", view_act, "directories first, or as they are sorted")   \
    X(LAYERS, ALL, "layers", "6", app_open_view, "the layers: Enter shows the tree of one")        \
    X(PACKAGES, ALL, "packages", "7", app_open_view, "the packages: Enter shows the files of one") \
    X(DEAD, BODY, "dead", "d", app_open_view,                                                      \
      "what the layers have and the image does not show, and why")                                 \
    X(DIFF, ALL, "diff", "B", app_open_view,                                                       \
      "the image against its base: what differs, path by path")                                    \
    X(ADDED, BODY, "added", "i", view_act,                                                         \
      "of a layer, against the base: what was added, shown or hidden")                             \
    X(MODIFIED, BODY, "modified", "m", view_act, "likewise: what has another content")             \
    X(REMOVED, BODY, "removed", "D", view_act, "likewise: what was removed")                       \
    X(META, BODY, "rewritten", "T", view_act,                                                      \
      "likewise: what has the same content and other metadata")                                    \
    X(HIDDEN, BODY, "hidden", "H", view_act,                                                       \
      "lines: the hidden ones too, with the stage that hides each")                                \
    X(FILTER, BODY, "filter", "f", view_act,                                                       \
      "tree: only what all words say: size>1M type:f mode:/6000 owner:0 layer:2 is:used "          \
      "package:libc* *.so /lib/")                                                                  \
    X(CYCLE, BODY, "cycle", ".", view_act,                                                         \
      "the next form of export, list, view of the trace, part of the image")                       \
    X(LINES, BODY, "lines", "L", view_act,                                                         \
      "the surviving lines of this path and all below, or process")                                \
    X(RESULT, BODY, "result", "e", view_act, "trace: all, what succeeded, what failed")            \
    X(CALL, BODY, "call", "c", view_act, "trace: this row's call only; again: any")                \
    X(PROCESS, BODY, "process", "r", view_act, "trace: this row's process only; again: any")       \
    X(KIND, BODY, "kind", "t", view_act, "trace: this row's kind of use only; again: any")         \
    X(ALL, BODY, "unfilter", "0", view_act, "trace: no filter")                                    \
    X(DOCTOR, ALL, "doctor", "W", app_open_view,                                                   \
      "what the logs do not tell, with the strace command that would")                             \
    X(FAMILIES, ALL, "families", "F", app_open_view,                                               \
      "files that stand for others that the trace did not need")                                   \
    X(RUNS, ALL, "runs", "C", app_open_view, "the runs: which uses which file, what each adds")    \
    X(BACK, ALL, "back", "Backspace C-o", app_go_back, "back to where you were before")            \
    X(WRITE, BODY, "write", "o", view_act, "export: write it into a file (w too)")                 \
    X(REASONS, BODY, "reasons", "Y", view_act, "export: with or without comments that say why")    \
    X(EXCLUDE, ALL, "exclude", "v", chain_edit_add, "add a pattern: grep -v")                      \
    X(INCLUDE, ALL, "include", "&", chain_edit_add, "add a pattern: grep")                         \
    X(PROPOSE, BODY, "propose", "x", chain_edit_propose,                                           \
      "grep -v, from what the row names: choose with arrows")                                      \
    X(PROPOSE_IN, BODY, "propose-in", "X", chain_edit_propose, "the same for grep")                \
    X(PIPELINE, ALL, "pipeline", "p", chain_edit_pipeline, "the whole chain as a shell pipeline")  \
    X(SETS, ALL, "sets", "P", app_open_view, "sets of patterns: use one, save one")                \
    X(TOGGLE, PANEL, "toggle", "Space x", chain_edit_toggle, "stage on or off")                    \
    X(EDIT, PANEL, "edit", "e Enter", chain_edit_edit, "edit the stage")                           \
    X(INVERT, PANEL, "invert", "i", chain_edit_invert, "grep to grep -v and back")                 \
    X(DUPLICATE, PANEL, "duplicate", "c", chain_edit_duplicate, "the same stage once more")        \
    X(TARGET, PANEL, "target", "t", chain_edit_target,                                             \
      "the stage on lines, on their paths, or on the tree")                                        \
    X(SWITCH_ALL, PANEL, "switch-all", "a", chain_edit_switch_all, "all stages off, or on again")  \
    X(SOLO, PANEL, "solo", "s", chain_edit_solo, "this stage alone; again: as before")             \
    X(REMOVE, PANEL, "remove", "d Delete", chain_edit_remove, "delete the stage")                  \
    X(MOVE_UP, PANEL, "move-up", "K", chain_edit_move, "move the stage up")                        \
    X(MOVE_DOWN, PANEL, "move-down", "J", chain_edit_move, "move the stage down")                  \
    X(UNDO, ALL, "undo", "u", app_undo, "undo the last decision")                                  \
    X(REDO, ALL, "redo", "U C-r", app_undo, "do it again")                                         \
    X(SEARCH, ALL, "search", "/", search_open, "search in this view")                              \
    X(NEXT, ALL, "next", "n", search_next, "next match")                                           \
    X(PREVIOUS, ALL, "previous", "N", search_next, "previous match")                               \
    X(COMMAND, ALL, "command", ":", command_prompt_open, "a command by its name")                  \
    X(REDRAW, ALL, "redraw", "C-l", app_redraw, "paint the screen anew")                           \
    X(SUSPEND, ALL, "suspend", "C-z", app_suspend, "back to the shell; fg returns")                \
    X(HELP, ALL, "help", "?", app_open_view, "this list")                                          \
    X(QUIT, ALL, "quit", "q", app_quit, "leave; nothing is lost")

/* Actions that take an argument on the ':' line.
 * X(ID, what the argument is, handler of the action with an argument) */
#define ACTION_ARGUMENTS(X)                                                                        \
    X(KEEP, PATH, app_mark_argument)                                                               \
    X(DROP, PATH, app_mark_argument)                                                               \
    X(AUTO, PATH, app_mark_argument)                                                               \
    X(UNMARK, PATH, app_mark_argument)                                                             \
    X(EXTRACT, DIRECTORY, app_extract_argument)                                                    \
    X(MAP, TEXT, app_map_argument)                                                                 \
    X(FILTER, TEXT, app_filter_argument)

enum action {
    ACTION_NONE,
#define X(id, scope, name, keys, handler, help) ACTION_##id,
    ACTIONS(X)
#undef X
        N_ACTIONS
};

/* What follows the name on the ':' line. */
enum argument {
    ARGUMENT_NONE,
    ARGUMENT_TEXT,
    ARGUMENT_PATH /* of the image */,
    ARGUMENT_DIRECTORY
};

struct action_info {
    enum scope scope;
    const char *name, *keys, *help;
};
struct action_info action_info(enum action action); /* not for ACTION_NONE */
/* One more than the last action: `for (enum action a = 1; a < actions_end(); a++)`. */
enum action actions_end(void);
/* After the listed actions come those that switch a dependency kind, one a switch of
 * keep/need_switches.h. Returns whether it is such an action, and the switch. */
bool action_is_switch(enum action action, size_t *number);
enum argument action_argument(enum action action);
/* The default action of a key where the focus is (SCOPE_BODY or SCOPE_PANEL), or ACTION_NONE. The
 * configured one: bindings.h. */
enum action action_of_default(uint32_t key, enum scope focus);
enum action action_of_name(struct bytes name); /* a whole name or a prefix of one alone */
/* The key that a word of `keys` names ("PgUp", "C-r", "x"), or 0. */
uint32_t key_of_word(struct bytes word);
/* The key that a terminal means by what it sends: some send C-h for Backspace, C-j for Enter. */
uint32_t key_of_byte(uint32_t byte);
void key_word(uint32_t key, struct buf *out); /* the word of a key; appended */
/* Takes the next word of a list of keys off *rest; n 0 at the end. */
struct bytes key_next_word(struct bytes *rest);

#endif
