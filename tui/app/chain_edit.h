/* SPDX-License-Identifier: MIT
 *
 * Edits the filter chain from the screen: adds, changes, toggles and moves stages. Each change is
 * one undoable step. While a stage is typed, a preview counts the lines that it would leave.
 */
#ifndef XSMALL_TUI_APP_CHAIN_EDIT_H
#define XSMALL_TUI_APP_CHAIN_EDIT_H

#include "app/actions.h"
#include "app/prompt.h"
#include "app/proposals.h"
#include "chain/chain.h"

/* The effect of the stage that is being typed. */
struct preview {
    uint64_t serial;        /* number of changes of the text */
    bool asked;             /* the text has changed since the last job (jobs/job_preview.c) */
    bool known;             /* hits, matched and left are computed for the current text */
    uint32_t matched, left; /* lines that the pattern matches; lines left after the stage */
    bool valid, invert;
    struct scan scan; /* of the current text, for the lines on screen; only if valid */
    struct pattern_scratch *scratch;
    roaring_bitmap_t *hits; /* owned; only if known */
    struct buf error;
};

/* The stage that is being typed. */
struct chain_edit {
    size_t stage; /* its position in the chain */
    const struct filter_target *target;
    const char *begin; /* "grep -v": the typed text is the expression only; NULL: the typed text is
                          a complete grep command */
    bool is_new;
    struct preview preview;
    struct proposals proposals; /* patterns to choose from; n 0: none */
};

extern const struct prompt_type pipeline_prompt; /* edits the whole chain as text */

bool chain_edit_is_open(const struct app *app); /* a stage is being typed */
void chain_edit_changed(struct app *app);       /* restarts the preview */
void chain_edit_end(struct app *app);
/* Stores the changed chain in the session. Returns false and shows a message on failure. */
bool chain_edit_save(struct app *app);
/* Frees the preview. Call before the lines that it refers to are freed. */
void chain_edit_forget(struct app *app);
/* Appends the typed text as one grep command. */
void chain_edit_text(const struct app *app, struct buf *out);
/* Returns true if the typed stage would hide a line; text is the line with its prefix of prefix_n
 * bytes. Until the hits are known, only a stage on lines can be tested. */
bool chain_edit_would_remove(struct app *app, uint32_t line, struct bytes text, size_t prefix_n);

#endif
