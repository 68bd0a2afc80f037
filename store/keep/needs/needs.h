/* SPDX-License-Identifier: MIT
 *
 * Reasons: why a path of the subject image is needed. A reason is a keep mark, a file group that
 * the user added, an access of a matching line, or a dependency of another needed path. A reason
 * with a name is a dependency kind: `keep --closure` switches it on and off (need_switches.h).
 *
 * Not here: the queue of needed nodes (closure.h), marks and base (keep.h).
 *
 * To add a dependency kind: write needs/need_NAME.c with one row
 *
 *     const struct reason reason_NAME = {
 *         NEED_KIND("NAME", "one line"), .origin = ORIGIN_NEED, .text = "NAME of ", .add = add};
 *
 * and add X(NAME) to the list below. Values of --closure, completions, the explorer's actions,
 * `why`, `report` and the exports read the list.
 */
#ifndef XSMALL_KEEP_NEEDS_NEEDS_H
#define XSMALL_KEEP_NEEDS_NEEDS_H

#include "util/bytes.h"
#include "util/err.h"

struct chain;
struct closure;
struct keep;
struct keep_input;

/* X(name): the row is reason_NAME. The order of the list decides which of two reasons for a path is
 * reported if both are found in the same step, and the order of the dependency kinds in lists. */
#define REASONS(X)                                                                                 \
    X(mark)                                                                                        \
    X(group)                                                                                       \
    X(selected)                                                                                    \
    X(traced)                                                                                      \
    X(link)                                                                                        \
    X(parent)                                                                                      \
    X(interpreter)                                                                                 \
    X(library)                                                                                     \
    X(script)                                                                                      \
    X(peer)                                                                                        \
    X(python)                                                                                      \
    X(config)

/* The origin of a needed path, for columns and sums. */
enum origin { ORIGIN_NONE, ORIGIN_MARK, ORIGIN_TRACE, ORIGIN_NEED, ORIGIN_CONFIG, N_ORIGINS };

/* All functions may be NULL. `state` is memory of the reason for one closure: state_bytes bytes,
 * initially zero; NULL if state_bytes is 0. A node's verdict contains the reason and `from` as
 * passed to closure_need. */
struct reason {
    const char *name; /* value of --closure and word of the setting closure.off; rows with the same
                         name share a switch; NULL: cannot be switched off */
    const char *help; /* one line, on the first row of a name; NULL on the others */
    const char *command, *command_help; /* the explorer's command that switches it */
    bool off_by_default;
    enum origin origin;
    const char *text; /* the reason as text; the path of `from` follows, unless it is NODE_NONE */
    /* Appends the reason of a node, one line without newline; used instead of text. */
    void (*print)(const struct keep *keep, const struct keep_input *input, uint32_t node,
                  struct buf *out);
    /* Appends the lines that follow the node's line in `why`: a log line, a stage. */
    bool (*print_source)(const struct keep *keep, const struct keep_input *input,
                         const struct chain *chain, uint32_t node, struct buf *out,
                         struct err *err);
    bool is_last; /* `from` is not the next path in `why`: the chain of reasons ends here */

    size_t state_bytes;
    /* Adds the initial nodes and prepares state. Called once, in the order of the list. */
    bool (*seed)(struct closure *closure, void *state, struct err *err);
    /* Adds the dependencies of a needed node. Called once for each needed node. */
    void (*add)(struct closure *closure, void *state, uint32_t node);
    void (*finish)(void *state); /* releases what state owns; also called if seed failed */
};

/* Initializes the name, the help and the toggle command of a dependency kind. */
#define NEED_KIND(kind, words)                                                                     \
    .name = (kind), .help = (words), .command = "closure-" kind,                                   \
    .command_help = "switch a dependency kind on or off: " words

#define X(name) extern const struct reason reason_##name;
REASONS(X)
#undef X

#define X(name) +1
enum { N_REASONS = REASONS(X) };
#undef X
extern const struct reason *const reasons[N_REASONS];

enum origin reason_origin(const struct reason *reason); /* NULL: ORIGIN_NONE */
const char *origin_name(enum origin origin); /* "mark", "trace", "need", "config"; "" of NONE */

#endif
