/* SPDX-License-Identifier: MIT
 *
 * Verdicts in words.
 */
#include "keep/base_sums.h"
#include "keep/linkage.h"

#include <stdlib.h>

enum { MAX_STEPS = 64 }; /* of a chain of reasons */

enum origin reason_origin(enum reason reason)
{
    switch (reason) {
    case REASON_NOT:
        return ORIGIN_NONE;
    case REASON_MARK:
        return ORIGIN_MARK;
    case REASON_SELECTED:
    case REASON_TRACED:
        return ORIGIN_TRACE;
    case REASON_CONFIG:
        return ORIGIN_CONFIG;
    default:
        return ORIGIN_NEED;
    }
}

const char *origin_name(enum origin origin)
{
    static const char *const names[N_ORIGINS] = {"", "mark", "trace", "need", "config"};
    return names[origin];
}

static void add_line_name(const struct keep_input *input, uint32_t line, struct buf *out)
{
    const struct corpus_log *log = &input->corpus->logs[corpus_log_of(input->corpus, line)];
    buf_add(out, log->name);
    buf_printf(out, ":%u", line - log->first_line + 1);
}

static const char *verb_of(enum access_kind kind)
{
    static const char *const verbs[] = {
        [ACCESS_EXECUTED] = "executed",  [ACCESS_MAPPED] = "mapped",
        [ACCESS_READ] = "opened",        [ACCESS_LISTED] = "listed",
        [ACCESS_WRITTEN] = "written",    [ACCESS_CREATED] = "created",
        [ACCESS_RENAMED] = "renamed",    [ACCESS_STAT] = "looked at",
        [ACCESS_READLINK] = "link read", [ACCESS_CHDIR] = "entered",
        [ACCESS_OTHER] = "used",         [ACCESS_REMOVED] = "removed"};
    return verbs[kind];
}

static void add_traced(const struct keep_input *input, const struct verdict *verdict,
                       struct buf *out)
{
    struct access_row access = access_at(input->accesses, verdict->access);
    if (!verdict->n_used) /* only what was made in it is in the trace */
        buf_add(out, bytes_of("written into"));
    else
        buf_add(out, bytes_of(verb_of(access.type->kind)));
    if (verdict->n_used > 1)
        buf_printf(out, " ×%u", verdict->n_used);
    buf_add(out, bytes_of(", "));
    add_line_name(input, verdict->line, out);
}

static void add_python(const struct keep_input *input, uint32_t node, uint32_t from,
                       struct buf *out)
{
    struct bytes name = input->subject->nodes[node].name;
    buf_add(out, bytes_of(bytes_ends(name, bytes_of(".pyc"))  ? "bytecode of "
                          : bytes_ends(name, bytes_of(".py")) ? "source of "
                                                              : "metadata of the package of "));
    tree_path(input->subject, from, out);
}

/* The answers can be newer than the kept tree. */
static void add_family(const struct keep_input *input, uint32_t member, struct buf *out)
{
    buf_add(out, bytes_of("of the family "));
    if (input->marks && member < input->marks->n_members)
        buf_add(out, input->marks->members[member].family);
}

void keep_reason(const struct keep *keep, const struct keep_input *input, uint32_t node,
                 struct buf *out)
{
    static const char *const words[] = {[REASON_LINK] = "link on the way to ",
                                        [REASON_PARENT] = "above ",
                                        [REASON_INTERPRETER] = "interpreter of ",
                                        [REASON_NEEDED] = "needed by ",
                                        [REASON_SCRIPT] = "#! of ",
                                        [REASON_PEER] = "same file as "};
    const struct verdict *verdict = &keep->verdicts[node];
    switch ((enum reason)verdict->reason) {
    case REASON_NOT:
        return;
    case REASON_CONFIG:
        buf_add(out, bytes_of("named by the image config"));
        return;
    case REASON_SELECTED:
        buf_printf(out, "selected by stage %zu", keep->selecting);
        if (verdict->from != NODE_NONE) {
            buf_add(out, bytes_of(" with "));
            tree_path(input->subject, verdict->from, out);
        }
        return;
    case REASON_TRACED:
        add_traced(input, verdict, out);
        return;
    case REASON_MARK:
        buf_add(out, bytes_of("marked keep"));
        if (verdict->from != node) {
            buf_add(out, bytes_of(" with "));
            tree_path(input->subject, verdict->from, out);
        }
        return;
    case REASON_PYTHON:
        add_python(input, node, verdict->from, out);
        return;
    case REASON_FAMILY:
        add_family(input, verdict->from, out);
        return;
    case REASON_LINK:
    case REASON_PARENT:
    case REASON_INTERPRETER:
    case REASON_NEEDED:
    case REASON_SCRIPT:
    case REASON_PEER:
        buf_add(out, bytes_of(words[verdict->reason]));
        tree_path(input->subject, verdict->from, out);
        return;
    }
}

static bool add_line_text(const struct keep_input *input, uint32_t line, struct buf *out,
                          struct err *err)
{
    struct bytes text;
    if (!corpus_line(input->reader, line, &text, err))
        return false;
    add_line_name(input, line, out);
    buf_add(out, bytes_of(": "));
    buf_add(out, text);
    buf_byte(out, '\n');
    return true;
}

/* "stage 2 (path): grep -v 'x'"; the target is named where it is not the line. */
static void add_stage(const struct chain *chain, size_t stage, struct buf *out)
{
    struct stage_view view = chain_stage(chain, stage);
    buf_printf(out, "stage %zu", stage + 1);
    if (view.target != STAGE_LINE)
        buf_printf(out, " (%s)", stage_target_name(view.target));
    buf_add(out, bytes_of(": "));
    buf_add(out, view.text);
}

static uint32_t line_of_row(const struct keep_input *input, size_t row)
{
    struct access_row access = access_at(input->accesses, row);
    const struct corpus_log *log = &input->corpus->logs[access_log(input->accesses, &access)];
    uint32_t in_log = access.first_line - 1; /* a damaged session may say anything */
    return log->first_line + (in_log < log->n_lines ? in_log : 0);
}

/* Whether an access ends at the node. */
static bool ends_at(const struct keep *keep, const struct keep_input *input,
                    const struct access_row *access, uint32_t node)
{
    struct tree_walk walk;
    if (!access->type->nofollow)
        return keep->real[access->path] == node;
    if (!input->accesses->paths[access->path].known)
        return false;
    return tree_resolve(input->subject, input->accesses->paths[access->path].path, TREE_NOFOLLOW,
                        &walk) == node;
}

/* The first access of the node that would make it needed if its line survived; its index, SIZE_MAX
 * where there is none. *other is one that would not: it failed, or removed the file. */
static size_t find_hidden(const struct keep *keep, const struct keep_input *input, uint32_t node,
                          size_t *other)
{
    const struct accesses *accesses = input->accesses;
    for (size_t i = 0; accesses && keep->real && i < accesses->n; i++) {
        struct access_row access = access_at(accesses, i);
        if (access.type->other_root || !ends_at(keep, input, &access, node))
            continue;
        if (access.type->error == 0 && access.type->kind != ACCESS_REMOVED)
            return i;
        if (*other == SIZE_MAX)
            *other = i;
    }
    return SIZE_MAX;
}

/* What the files ask for and what the trace opened, where they differ. */
static void add_remark(const struct keep *keep, const struct keep_input *input, uint32_t node,
                       struct buf *out)
{
    const struct verdict *verdict = &keep->verdicts[node];
    unsigned off = input->marks ? input->marks->closure_off : 0;
    size_t other = SIZE_MAX;
    if (!input->accesses || !input->accesses->n || (off >> CLOSURE_ELF & 1))
        return;
    if (verdict->linked && !verdict->n_used && find_hidden(keep, input, node, &other) == SIZE_MAX)
        buf_add(out, bytes_of("; never opened in the trace"));
    else if (!verdict->linked && verdict->n_used && linkage_is_library(input->subject, node))
        buf_add(out, bytes_of("; no needed file is linked to it: loaded at run time"));
}

static bool why_needed(const struct keep *keep, const struct keep_input *input,
                       const struct chain *chain, uint32_t node, struct buf *out, struct err *err)
{
    for (int step = 0; step < MAX_STEPS && node != NODE_NONE; step++) {
        const struct verdict *verdict = &keep->verdicts[node];
        tree_path(input->subject, node, out);
        buf_add(out, bytes_of(": "));
        keep_reason(keep, input, node, out);
        if (!verdict->kept)
            buf_add(out, bytes_of("; not copied: the base has the same"));
        if (!step) {
            base_say(keep, input, node, out);
            add_remark(keep, input, node, out);
        }
        buf_byte(out, '\n');
        if (verdict->reason == REASON_TRACED)
            return add_line_text(input, verdict->line, out, err);
        bool selected = verdict->reason == REASON_SELECTED && verdict->from == NODE_NONE;
        if (selected && chain && keep->selecting - 1 < chain_n_stages(chain)) {
            add_stage(chain, keep->selecting - 1, out);
            buf_byte(out, '\n');
        }
        bool ends = verdict->reason == REASON_MARK || verdict->reason == REASON_FAMILY;
        node = ends ? NODE_NONE : verdict->from;
    }
    return true;
}

/* "hidden by stage 2: grep -v 'x'": what is behind an access that does not make its node needed. */
static void add_hider(const struct chain *chain, uint32_t line, struct buf *out)
{
    size_t stage = chain ? chain_hidden_by(chain, line) : SIZE_MAX;
    if (chain && stage < chain_n_stages(chain)) {
        buf_add(out, bytes_of("hidden by "));
        add_stage(chain, stage, out);
    } else if (stage == SIZE_MAX - 1) {
        buf_add(out, bytes_of("its log is not among the chain's files"));
    } else {
        buf_add(out, bytes_of("its lines do not survive"));
    }
}

/* False: no drop mark holds there. */
static bool add_drop(const struct keep *keep, const struct keep_input *input, uint32_t node,
                     struct buf *out)
{
    uint32_t marked = node;
    if (keep->verdicts[node].mark != MARK_DROP)
        return false;
    while (keep->verdicts[marked].user_files_mark == MARK_NONE)
        marked = input->subject->nodes[marked].parent;
    buf_add(out, bytes_of("marked drop"));
    if (marked != node) {
        buf_add(out, bytes_of(" with "));
        tree_path(input->subject, marked, out);
    }
    return true;
}

void keep_cause(const struct keep *keep, const struct keep_input *input, const struct chain *chain,
                uint32_t node, uint32_t row, struct buf *out)
{
    uint32_t line = line_of_row(input, row);
    if (node == NODE_NONE)
        buf_add(out, bytes_of("traced"));
    else if (!add_drop(keep, input, node, out))
        add_hider(chain, line, out);
    buf_add(out, bytes_of(", "));
    add_line_name(input, line, out);
}

/* Without logs. */
static void add_not_selected(const struct keep_input *input, const struct chain *chain,
                             uint32_t node, struct buf *out)
{
    size_t stage =
        chain ? chain_hidden_by(chain, line_paths_line(input->line_paths, node)) : SIZE_MAX;
    if (chain && stage < chain_n_stages(chain)) {
        buf_add(out, bytes_of("hidden by "));
        add_stage(chain, stage, out);
    } else {
        buf_add(out, bytes_of("no log is loaded, and no stage selects it"));
    }
}

static bool why_not(const struct keep *keep, const struct keep_input *input,
                    const struct chain *chain, uint32_t node, struct buf *out, struct err *err)
{
    tree_path(input->subject, node, out);
    buf_add(out, bytes_of(": not kept: "));
    if (add_drop(keep, input, node, out)) {
        buf_byte(out, '\n');
        return true;
    }
    if (line_paths_are_lines(input->line_paths)) {
        add_not_selected(input, chain, node, out);
        buf_byte(out, '\n');
        return true;
    }
    const uint8_t *made = input->line_paths ? line_paths_created(input->line_paths) : NULL;
    if (made && made[node]) {
        buf_add(out, bytes_of("the program makes it itself\n"));
        return true;
    }
    size_t other = SIZE_MAX, hidden = find_hidden(keep, input, node, &other);
    if (hidden != SIZE_MAX) {
        add_hider(chain, line_of_row(input, hidden), out);
        buf_byte(out, '\n');
        return add_line_text(input, line_of_row(input, hidden), out, err);
    }
    if (other == SIZE_MAX) {
        buf_add(out, bytes_of("no log names it\n"));
        return true;
    }
    buf_add(out,
            bytes_of(access_at(input->accesses, other).type->error ? "no access of it succeeded\n"
                                                                   : "it was only removed\n"));
    return add_line_text(input, line_of_row(input, other), out, err);
}

bool keep_why(const struct keep *keep, const struct keep_input *input, const struct chain *chain,
              uint32_t node, struct buf *out, struct err *err)
{
    if (keep->verdicts[node].needed)
        return why_needed(keep, input, chain, node, out, err);
    return why_not(keep, input, chain, node, out, err);
}
