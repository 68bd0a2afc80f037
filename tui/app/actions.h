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

/* Keys: a Unicode code point, or one of these behind the last of them. */
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

/* X(ID, scope, name, keys separated by spaces, help) */
#define ACTIONS(X)                                                                                 \
    X(UP, ALL, "up", "k Up", "one row up")                                                         \
    X(DOWN, ALL, "down", "j Down", "one row down")                                                 \
    X(PAGE_UP, ALL, "page-up", "PgUp C-b", "one page up")                                          \
    X(PAGE_DOWN, ALL, "page-down", "PgDn C-f", "one page down")                                    \
    X(FIRST, ALL, "first", "g Home <", "to the first row")                                         \
    X(LAST, ALL, "last", "G End >", "to the last row")                                             \
    X(SCROLL_LEFT, ALL, "scroll-left", "[", "long lines: to the left")                             \
    X(SCROLL_RIGHT, ALL, "scroll-right", "]", "long lines: to the right")                          \
    X(COUNT, ALL, "count", "#", "a number before a motion: #5j; #20G and :20 are row 20")          \
    X(FOCUS, ALL, "focus", "Tab", "between the view and the patterns")                             \
    X(VIEW_IMAGE, ALL, "image", "1", "the image's tree")                                           \
    X(VIEW_TRACE, ALL, "trace", "2", "the surviving lines")                                        \
    X(VIEW_FILES, ALL, "files", "3", "the files kept, given by the base, or dropped")              \
    X(VIEW_BREAKS, ALL, "breaks", "4", "what would fail in the small image")                       \
    X(VIEW_EXPORT, ALL, "export", "5", "the Dockerfile")                                           \
    X(KEEP_CLASS, BODY, "keep-class", "A", "breaks: keep all of this kind")                        \
    X(KEEP, BODY, "keep", "Space +", "mark keep: the path and all below")                          \
    X(DROP, BODY, "drop", "-", "mark drop")                                                        \
    X(AUTO, BODY, "auto", "a", "mark auto: the evidence decides")                                  \
    X(UNMARK, BODY, "unmark", "Delete", "take the mark away")                                      \
    X(VIEW, BODY, "view", "E", "look into this file: text or bytes (.), what is known of it")      \
    X(EXTRACT, BODY, "extract", "",                                                                \
      "copy this path with all below into a directory: :extract DIR")                              \
    X(RANGE, BODY, "range", "V", "rows from here to the cursor: a mark goes on all, y copies all") \
    X(COPY, BODY, "copy", "y", "the row's path or line into the terminal's clipboard (OSC 52)")    \
    X(MAP, BODY, "map", "R",                                                                       \
      "where this path stands in the small image: :map FROM=TO; FROM= takes it back")              \
    X(NOTE, BODY, "note", ";", "write a note on this path")                                        \
    X(KEEP_SURVIVORS, ALL, "keep-survivors", "", "mark keep all that the surviving lines use")     \
    X(MARKS, ALL, "marks", "M", "the marks and notes, and where the kept bytes come from")         \
    X(WHY, BODY, "why", "w", "why a path is kept, or what dropped it")                             \
    X(OPEN, BODY, "open", "Enter l Right",                                                         \
      "open a directory; from a line to its file, from a file to why, and on from there")          \
    X(CLOSE, BODY, "close", "h Left", "close a directory, or go to its parent")                    \
    X(SORT, BODY, "sort", "s", "sort by size, kept bytes, name, number of files or time")          \
    X(DIRS_FIRST, BODY, "dirs-first", "S", "directories first, or as they are sorted")             \
    X(LAYERS, ALL, "layers", "6", "the layers: Enter shows the tree of one")                       \
    X(PACKAGES, ALL, "packages", "7", "the packages: Enter shows the files of one")                \
    X(DEAD, BODY, "dead", "d", "what the layers have and the image does not show, and why")        \
    X(DIFF, ALL, "diff", "B", "the image against its base: what differs, path by path")            \
    X(ADDED, BODY, "added", "i", "of a layer, against the base: what was added, shown or hidden")  \
    X(MODIFIED, BODY, "modified", "m", "likewise: what has another content")                       \
    X(REMOVED, BODY, "removed", "D", "likewise: what was removed")                                 \
    X(META, BODY, "rewritten", "T", "likewise: what has the same content and other metadata")      \
    X(HIDDEN, BODY, "hidden", "H", "lines: the hidden ones too, with the stage that hides each")   \
    X(FILTER, BODY, "filter", "f",                                                                 \
      "tree: only what all words say: size>1M type:f mode:/6000 owner:0 layer:2 is:used "          \
      "package:libc* *.so /lib/")                                                                  \
    X(CYCLE, BODY, "cycle", ".",                                                                   \
      "the next form of export, list, view of the trace, part of the image")                       \
    X(LINES, BODY, "lines", "L", "the surviving lines of this path and all below, or process")     \
    X(RESULT, BODY, "result", "e", "trace: all, what succeeded, what failed")                      \
    X(CALL, BODY, "call", "c", "trace: this row's call only; again: any")                          \
    X(PROCESS, BODY, "process", "r", "trace: this row's process only; again: any")                 \
    X(KIND, BODY, "kind", "t", "trace: this row's kind of use only; again: any")                   \
    X(ALL, BODY, "unfilter", "0", "trace: no filter")                                              \
    X(DOCTOR, ALL, "doctor", "W", "what the logs do not tell, with the strace command that would") \
    X(FAMILIES, ALL, "families", "F", "files that stand for others that the trace did not need")   \
    X(RUNS, ALL, "runs", "C", "the runs: which uses which file, what each adds")                   \
    X(CLOSURE_LINKS, ALL, "closure-links", "", "needs: symlinks on the way, on or off")            \
    X(CLOSURE_PARENTS, ALL, "closure-parents", "", "needs: directories above, on or off")          \
    X(CLOSURE_ELF, ALL, "closure-elf", "", "needs: interpreters and libraries, on or off")         \
    X(CLOSURE_SCRIPTS, ALL, "closure-scripts", "", "needs: interpreters of #! lines, on or off")   \
    X(CLOSURE_PEERS, ALL, "closure-peers", "", "needs: other names of hard links, on or off")      \
    X(CLOSURE_PYTHON, ALL, "closure-python", "", "needs: sources, bytecode, metadata, on or off")  \
    X(CLOSURE_CONFIG, ALL, "closure-config", "", "needs: what the config names, on or off")        \
    X(BACK, ALL, "back", "Backspace C-o", "back to where you were before")                         \
    X(WRITE, BODY, "write", "o", "export: write it into a file (w too)")                           \
    X(REASONS, BODY, "reasons", "Y", "export: with or without comments that say why")              \
    X(EXCLUDE, ALL, "exclude", "v", "add a pattern: grep -v")                                      \
    X(INCLUDE, ALL, "include", "&", "add a pattern: grep")                                         \
    X(PROPOSE, BODY, "propose", "x", "grep -v, from what the row names: choose with arrows")       \
    X(PROPOSE_IN, BODY, "propose-in", "X", "the same for grep")                                    \
    X(PIPELINE, ALL, "pipeline", "p", "the whole chain as a shell pipeline")                       \
    X(SETS, ALL, "sets", "P", "sets of patterns: use one, save one")                               \
    X(TOGGLE, PANEL, "toggle", "Space x", "stage on or off")                                       \
    X(EDIT, PANEL, "edit", "e Enter", "edit the stage")                                            \
    X(INVERT, PANEL, "invert", "i", "grep to grep -v and back")                                    \
    X(DUPLICATE, PANEL, "duplicate", "c", "the same stage once more")                              \
    X(TARGET, PANEL, "target", "t", "the stage on lines, on their paths, or on the tree")          \
    X(SWITCH_ALL, PANEL, "switch-all", "a", "all stages off, or on again")                         \
    X(SOLO, PANEL, "solo", "s", "this stage alone; again: as before")                              \
    X(REMOVE, PANEL, "remove", "d Delete", "delete the stage")                                     \
    X(MOVE_UP, PANEL, "move-up", "K", "move the stage up")                                         \
    X(MOVE_DOWN, PANEL, "move-down", "J", "move the stage down")                                   \
    X(UNDO, ALL, "undo", "u", "undo the last decision")                                            \
    X(REDO, ALL, "redo", "U C-r", "do it again")                                                   \
    X(SEARCH, ALL, "search", "/", "search in this view")                                           \
    X(NEXT, ALL, "next", "n", "next match")                                                        \
    X(PREVIOUS, ALL, "previous", "N", "previous match")                                            \
    X(COMMAND, ALL, "command", ":", "a command by its name")                                       \
    X(REDRAW, ALL, "redraw", "C-l", "paint the screen anew")                                       \
    X(SUSPEND, ALL, "suspend", "C-z", "back to the shell; fg returns")                             \
    X(HELP, ALL, "help", "?", "this list")                                                         \
    X(QUIT, ALL, "quit", "q", "leave; nothing is lost")

enum action {
    ACTION_NONE,
#define X(id, scope, name, keys, help) ACTION_##id,
    ACTIONS(X)
#undef X
        N_ACTIONS
};

struct action_info {
    enum scope scope;
    const char *name, *keys, *help;
};
const struct action_info *action_info(enum action action); /* not for ACTION_NONE */
/* What the table says of a key where the focus is (SCOPE_BODY or SCOPE_PANEL), or ACTION_NONE. What
 * it means to this person: bindings.h. */
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
