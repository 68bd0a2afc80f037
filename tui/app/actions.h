/* SPDX-License-Identifier: MIT
 *
 * The list of all actions of the explorer: id, scope, name, default keys, handler, help. The key
 * map, the help screen, the ':' prompt and share/doc/reference.md are made from this list.
 */
#ifndef XSMALL_TUI_APP_ACTIONS_H
#define XSMALL_TUI_APP_ACTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "util/bytes.h"

/* A key is a Unicode code point, or one of the values after the last code point. */
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
    KEY_MOUSE_,       /* a mouse event */
    KEY_PASTE_BEGIN_, /* a bracketed paste begins */
    KEY_PASTE_END_
};

/* The focus that an action needs: any, the body (the view), or the filters panel. */
enum scope { SCOPE_ALL, SCOPE_BODY, SCOPE_PANEL };

/* X(ID, scope, name, keys separated by spaces, handler, help). A handler (action_handlers.h) gets
 * the action as its argument, because several actions can share one handler. */
#define ACTIONS(X)                                                                                 \
    X(UP, ALL, "up", "k Up", motion_up, "move up one row")                                         \
    X(DOWN, ALL, "down", "j Down", motion_down, "move down one row")                               \
    X(PAGE_UP, ALL, "page-up", "PgUp C-b", motion_page_up, "move up one page")                     \
    X(PAGE_DOWN, ALL, "page-down", "PgDn C-f", motion_page_down, "move down one page")             \
    X(FIRST, ALL, "first", "g Home <", motion_first, "go to the first row")                        \
    X(LAST, ALL, "last", "G End >", motion_last, "go to the last row")                             \
    X(SCROLL_LEFT, ALL, "scroll-left", "[", motion_left, "scroll long lines to the left")          \
    X(SCROLL_RIGHT, ALL, "scroll-right", "]", motion_right, "scroll long lines to the right")      \
    X(COUNT, ALL, "count", "#", motion_count,                                                      \
      "type a number before a motion: #5j moves 5 rows down; #20G and :20 go to row 20")           \
    X(FOCUS, ALL, "focus", "Tab", app_switch_focus,                                                \
      "switch between the view and the filters panel")                                             \
    X(VIEW_IMAGE, ALL, "image", "1", app_open_view, "show the tree of the image")                  \
    X(VIEW_TRACE, ALL, "trace", "2", app_open_view,                                                \
      "show the trace: the matching lines of the logs")                                            \
    X(VIEW_FILES, ALL, "files", "3", app_open_view,                                                \
      "list the files that are kept, provided by the base, or dropped")                            \
    X(VIEW_BREAKS, ALL, "breaks", "4", app_open_view,                                              \
      "list the accesses that would fail in the slim image")                                       \
    X(VIEW_EXPORT, ALL, "export", "5", app_open_view, "show the export, such as a Dockerfile")     \
    X(KEEP_CLASS, BODY, "keep-class", "A", view_act,                                               \
      "breaks: mark the paths of all breaks of this kind as keep")                                 \
    X(KEEP, BODY, "keep", "Space +", range_mark, "mark the path and everything below it as keep")  \
    X(DROP, BODY, "drop", "-", range_mark, "mark the path and everything below it as drop")        \
    X(AUTO, BODY, "auto", "a", range_mark,                                                         \
      "mark the path and everything below it as auto: the evidence decides")                       \
    X(UNMARK, BODY, "unmark", "Delete", range_mark, "remove the mark")                             \
    X(VIEW, BODY, "view", "E", view_act,                                                           \
      "show this file; . switches between text, bytes and details")                                \
    X(EXTRACT, BODY, "extract", "", view_act,                                                      \
      "copy this path and everything below it to a directory: :extract DIR")                       \
    X(RANGE, BODY, "range", "V", range_toggle,                                                     \
      "select the rows from here to the cursor; marks and y then apply to all of them")            \
    X(COPY, BODY, "copy", "y", range_copy,                                                         \
      "copy the path or line of the row to the terminal's clipboard (OSC 52)")                     \
    X(MAP, BODY, "map", "R", view_act,                                                             \
      "move this path in the slim image: :map FROM=TO; FROM= removes the rule")                    \
    X(NOTE, BODY, "note", ";", view_act, "write a note on this path")                              \
    X(KEEP_SURVIVORS, ALL, "keep-survivors", "", app_keep_survivors,                               \
      "mark the files that the matching lines use as keep")                                        \
    X(MARKS, ALL, "marks", "M", app_open_view,                                                     \
      "list the marks and notes, and the reasons for the kept bytes")                              \
    X(WHY, BODY, "why", "w", view_act, "explain why the path is kept or dropped")                  \
    X(OPEN, BODY, "open", "Enter l Right", view_act,                                               \
      "open the row: a directory, the file of a line, the reasons for a file")                     \
    X(CLOSE, BODY, "close", "h Left", view_act, "close the directory, or go to its parent")        \
    X(SORT, BODY, "sort", "s", view_act,                                                           \
      "sort by size, kept bytes, name, number of files or time")                                   \
    X(DIRS_FIRST, BODY, "dirs-first", "S", view_act,                                               \
      "list directories first, or sort them among the files")                                      \
    X(LAYERS, ALL, "layers", "6", app_open_view,                                                   \
      "list the layers; Enter shows the tree of one layer")                                        \
    X(PACKAGES, ALL, "packages", "7", app_open_view,                                               \
      "list the packages; Enter shows the files of one package")                                   \
    X(DEAD, BODY, "dead", "d", app_open_view,                                                      \
      "list the layer waste: layer entries that the image does not show, and why")                 \
    X(DIFF, ALL, "diff", "B", app_open_view, "compare the image with its base, path by path")      \
    X(ADDED, BODY, "added", "i", view_act, "layer, comparison: show or hide added paths")          \
    X(MODIFIED, BODY, "modified", "m", view_act,                                                   \
      "layer, comparison: show or hide paths with changed content")                                \
    X(REMOVED, BODY, "removed", "D", view_act, "layer, comparison: show or hide removed paths")    \
    X(META, BODY, "rewritten", "T", view_act,                                                      \
      "layer, comparison: show or hide paths where only the metadata changed")                     \
    X(HIDDEN, BODY, "hidden", "H", view_act,                                                       \
      "lines: show or omit hidden lines, each with the filter that hides it")                      \
    X(FILTER, BODY, "filter", "f", view_act,                                                       \
      "tree: show only the paths that match all terms: size>1M type:f mode:/6000 owner:0 "         \
      "layer:2 is:used package:libc* *.so /lib/")                                                  \
    X(CYCLE, BODY, "cycle", ".", view_act,                                                         \
      "switch to the next export form, list, trace view or file view")                             \
    X(LINES, BODY, "lines", "L", view_act,                                                         \
      "list the matching lines of this process, or of this path and everything below it")          \
    X(RESULT, BODY, "result", "e", view_act,                                                       \
      "trace: show all calls, the successful ones, or the failed ones")                            \
    X(CALL, BODY, "call", "c", view_act,                                                           \
      "trace: show only the call of this row; press again to show all calls")                      \
    X(PROCESS, BODY, "process", "r", view_act,                                                     \
      "trace: show only the process of this row; press again to show all processes")               \
    X(KIND, BODY, "kind", "t", view_act,                                                           \
      "trace: show only the access kind of this row; press again to show all kinds")               \
    X(ALL, BODY, "unfilter", "0", view_act,                                                        \
      "trace: clear the limits on result, call, process and kind")                                 \
    X(DOCTOR, ALL, "doctor", "W", app_open_view,                                                   \
      "list gaps in the trace, and the strace command that closes each")                           \
    X(FAMILIES, ALL, "families", "F", app_open_view,                                               \
      "list file groups that the trace used only in part; add or refuse the rest")                 \
    X(RUNS, ALL, "runs", "C", app_open_view,                                                       \
      "list the runs, the files that each run uses, and the files that it adds")                   \
    X(BACK, ALL, "back", "Backspace C-o", app_go_back, "return to the previous view")              \
    X(WRITE, BODY, "write", "o", view_act, "export: write to a file or directory (also w)")        \
    X(REASONS, BODY, "reasons", "Y", view_act,                                                     \
      "export: show or hide the comments that give reasons")                                       \
    X(EXCLUDE, ALL, "exclude", "v", chain_edit_add,                                                \
      "add a filter: grep -v PATTERN hides the lines that match")                                  \
    X(INCLUDE, ALL, "include", "&", chain_edit_add,                                                \
      "add a filter: grep PATTERN hides the lines that do not match")                              \
    X(PROPOSE, BODY, "propose", "x", chain_edit_propose,                                           \
      "add a grep -v filter from this row; Up and Down choose the pattern")                        \
    X(PROPOSE_IN, BODY, "propose-in", "X", chain_edit_propose,                                     \
      "add a grep filter from this row; Up and Down choose the pattern")                           \
    X(PIPELINE, ALL, "pipeline", "p", chain_edit_pipeline,                                         \
      "edit all filters as one shell pipeline")                                                    \
    X(SETS, ALL, "sets", "P", app_open_view,                                                       \
      "list the filter sets: apply one, or save the filters as a new one")                         \
    X(TOGGLE, PANEL, "toggle", "Space x", chain_edit_toggle, "switch the filter on or off")        \
    X(EDIT, PANEL, "edit", "e Enter", chain_edit_edit, "edit the filter")                          \
    X(INVERT, PANEL, "invert", "i", chain_edit_invert, "change grep to grep -v, or back")          \
    X(DUPLICATE, PANEL, "duplicate", "c", chain_edit_duplicate, "duplicate the filter")            \
    X(TARGET, PANEL, "target", "t", chain_edit_target,                                             \
      "apply the filter to lines, to their paths, or to the image tree")                           \
    X(SWITCH_ALL, PANEL, "switch-all", "a", chain_edit_switch_all,                                 \
      "switch all filters off, or on if all are off")                                              \
    X(SOLO, PANEL, "solo", "s", chain_edit_solo,                                                   \
      "switch all other filters off; press again to restore them")                                 \
    X(REMOVE, PANEL, "remove", "d Delete", chain_edit_remove, "delete the filter")                 \
    X(MOVE_UP, PANEL, "move-up", "K", chain_edit_move, "move the filter up")                       \
    X(MOVE_DOWN, PANEL, "move-down", "J", chain_edit_move, "move the filter down")                 \
    X(UNDO, ALL, "undo", "u", app_undo, "undo the last decision")                                  \
    X(REDO, ALL, "redo", "U C-r", app_undo, "redo the decision that was undone")                   \
    X(SEARCH, ALL, "search", "/", search_open, "search in this view")                              \
    X(NEXT, ALL, "next", "n", search_next, "go to the next match")                                 \
    X(PREVIOUS, ALL, "previous", "N", search_next, "go to the previous match")                     \
    X(COMMAND, ALL, "command", ":", command_prompt_open, "type a command by its name")             \
    X(REDRAW, ALL, "redraw", "C-l", app_redraw, "redraw the screen")                               \
    X(SUSPEND, ALL, "suspend", "C-z", app_suspend,                                                 \
      "suspend xsmall; the shell command fg resumes it")                                           \
    X(HELP, ALL, "help", "?", app_open_view, "show this help")                                     \
    X(QUIT, ALL, "quit", "q", app_quit, "quit; all decisions are saved already")

/* Actions that accept an argument on the ':' line.
 * X(ID, kind of argument, handler that is called with the argument) */
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

/* The kind of argument that follows the action's name on the ':' line. */
enum argument {
    ARGUMENT_NONE,
    ARGUMENT_TEXT,
    ARGUMENT_PATH,     /* a path of the subject image */
    ARGUMENT_DIRECTORY /* a directory of the host */
};

struct action_info {
    enum scope scope;
    const char *name, *keys, *help;
};
struct action_info action_info(enum action action); /* action must not be ACTION_NONE */
/* Returns the last action + 1: `for (enum action a = 1; a < actions_end(); a++)`. */
enum action actions_end(void);
/* Returns true if the action switches a dependency kind on or off; sets *number to the index of the
 * switch (keep/need_switches.h). Each switch has one action, after the actions of ACTIONS. */
bool action_is_switch(enum action action, size_t *number);
enum argument action_argument(enum action action);
/* Returns the default action of a key for a focus (SCOPE_BODY or SCOPE_PANEL), or ACTION_NONE.
 * bindings_action returns the configured action. */
enum action action_of_default(uint32_t key, enum scope focus);
/* Returns the action with this name or this unambiguous prefix of its name, or ACTION_NONE. */
enum action action_of_name(struct bytes name);
/* Returns the key that a word of `keys` names ("PgUp", "C-r", "x"), or 0. */
uint32_t key_of_word(struct bytes word);
/* Returns the key for a byte from the terminal. Some terminals send C-h for Backspace, C-j for
 * Enter. */
uint32_t key_of_byte(uint32_t byte);
void key_word(uint32_t key, struct buf *out); /* appends the word of a key */
/* Removes the first word of a list of keys from *rest and returns it; n 0 at the end. */
struct bytes key_next_word(struct bytes *rest);

#endif
