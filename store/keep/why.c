/* SPDX-License-Identifier: MIT
 *
 * Verdicts as text: why a path is needed, or why it is not.
 */
#include "keep/base_sums.h"
#include "keep/linkage.h"
#include "chain/access_route.h"
#include "keep/why_text.h"

#include <stdlib.h>

enum { MAX_STEPS = 64 }; /* of a chain of reasons */

void keep_reason(const struct keep *keep, const struct keep_input *input, uint32_t node,
                 struct buf *out)
{
    const struct verdict *verdict = &keep->verdicts[node];
    if (!verdict->reason)
        return;
    if (verdict->reason->print) {
        verdict->reason->print(keep, input, node, out);
        return;
    }
    buf_add(out, bytes_of(verdict->reason->text));
    if (verdict->from != NODE_NONE)
        tree_path(input->subject, verdict->from, out);
}

static uint32_t line_of_row(const struct keep_input *input, size_t row)
{
    struct access_row access = access_at(input->accesses, row);
    const struct corpus_log *log = &input->corpus->logs[access_log(input->accesses, &access)];
    uint32_t in_log = access.first_line - 1; /* a damaged session can contain any number */
    return log->first_line + (in_log < log->n_lines ? in_log : 0);
}

/* Returns whether an access uses the node. */
static bool ends_at(const struct keep *keep, const struct keep_input *input,
                    const struct access_row *access, uint32_t node)
{
    struct tree_walk walk;
    if (!access->type->nofollow)
        return keep->real[access->path] == node;
    if (!input->accesses->paths[access->path].known)
        return false;
    return access_resolve(input->subject, &input->accesses->paths[access->path], TREE_NOFOLLOW,
                          &walk) == node;
}

/* Returns the index of the first access that would make the node needed if its line matched;
 * SIZE_MAX if no such access exists. Sets *other to the first access that would not: it failed or
 * removed the file. */
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

/* Appends whether the node is linked but never opened, or opened without being linked. */
static void add_remark(const struct keep *keep, const struct keep_input *input, uint32_t node,
                       struct buf *out)
{
    const struct verdict *verdict = &keep->verdicts[node];
    size_t other = SIZE_MAX;
    if (!linkage_is_known(input))
        return;
    if (verdict->linked && !verdict->n_used && find_hidden(keep, input, node, &other) == SIZE_MAX)
        buf_add(out, bytes_of("; never opened in the trace"));
    else if (!verdict->linked && verdict->n_used && linkage_is_library(input->subject, node))
        buf_add(out, bytes_of("; no needed file links to it: loaded at run time (dlopen)"));
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
            buf_add(out, bytes_of("; not copied: provided by the base"));
        if (!step) {
            base_difference_print(keep, input, node, out);
            add_remark(keep, input, node, out);
        }
        buf_byte(out, '\n');
        const struct reason *reason = verdict->reason;
        if (reason->print_source && !reason->print_source(keep, input, chain, node, out, err))
            return false;
        node = reason->is_last ? NODE_NONE : verdict->from;
    }
    return true;
}

/* Appends why an access does not make its node needed: "hidden by stage 2: grep -v 'x'". */
static void add_hider(const struct chain *chain, uint32_t line, struct buf *out)
{
    size_t stage = chain ? chain_hidden_by(chain, line) : SIZE_MAX;
    if (chain && stage < chain_n_stages(chain)) {
        buf_add(out, bytes_of("hidden by "));
        why_add_stage(chain, stage, out);
    } else if (stage == SIZE_MAX - 1) {
        buf_add(out, bytes_of("its log is not an input file of the filter chain"));
    } else {
        buf_add(out, bytes_of("its lines do not pass the filter chain"));
    }
}

/* Appends the drop mark that applies to the node; returns false if no drop mark applies. */
static bool add_drop(const struct keep *keep, const struct keep_input *input, uint32_t node,
                     struct buf *out)
{
    uint32_t marked = node;
    if (keep->verdicts[node].mark != MARK_DROP)
        return false;
    while (keep->verdicts[marked].own_mark == MARK_NONE)
        marked = input->subject->nodes[marked].parent;
    buf_add(out, bytes_of("marked drop"));
    if (marked != node) {
        buf_add(out, bytes_of(" by the mark on "));
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
    why_add_line_name(input, line, out);
}

/* Appends why no stage selects the node, in a session without logs. */
static void add_not_selected(const struct keep_input *input, const struct chain *chain,
                             uint32_t node, struct buf *out)
{
    size_t stage =
        chain ? chain_hidden_by(chain, line_paths_line(input->line_paths, node)) : SIZE_MAX;
    if (chain && stage < chain_n_stages(chain)) {
        buf_add(out, bytes_of("hidden by "));
        why_add_stage(chain, stage, out);
    } else {
        buf_add(out, bytes_of("no log is loaded, and no filter stage selects this path"));
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
        buf_add(out, bytes_of("the program creates this file itself\n"));
        return true;
    }
    size_t other = SIZE_MAX, hidden = find_hidden(keep, input, node, &other);
    if (hidden != SIZE_MAX) {
        add_hider(chain, line_of_row(input, hidden), out);
        buf_byte(out, '\n');
        return why_add_line_text(input, line_of_row(input, hidden), out, err);
    }
    if (other == SIZE_MAX) {
        buf_add(out, bytes_of("no log names this path\n"));
        return true;
    }
    buf_add(out, bytes_of(access_at(input->accesses, other).type->error
                              ? "every access to this path failed\n"
                              : "the program only removed this file\n"));
    return why_add_line_text(input, line_of_row(input, other), out, err);
}

bool keep_why(const struct keep *keep, const struct keep_input *input, const struct chain *chain,
              uint32_t node, struct buf *out, struct err *err)
{
    if (keep->verdicts[node].needed)
        return why_needed(keep, input, chain, node, out, err);
    return why_not(keep, input, chain, node, out, err);
}
