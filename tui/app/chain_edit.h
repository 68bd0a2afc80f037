/* SPDX-License-Identifier: MIT
 *
 * The chain from the screen: stages added, edited, toggled and moved. Each change is one undoable
 * step. While a stage is typed, a preview says what it would do.
 */
#ifndef XSMALL_TUI_APP_CHAIN_EDIT_H
#define XSMALL_TUI_APP_CHAIN_EDIT_H

#include "app/actions.h"
#include "app/prompt.h"
#include "app/proposals.h"
#include "chain/chain.h"

/* What the typed stage would do. */
struct preview {
    uint64_t serial; /* counts the changes of the text */
    bool asked;      /* the text has changed since the last job (jobs/job_preview.c) */
    bool known;      /* matched and left are of the text as it is */
    uint32_t matched, left;
    bool valid, invert;
    struct scan scan; /* of the text, for the lines on screen; only if valid */
    struct pattern_scratch *scratch;
    roaring_bitmap_t *hits; /* owned; only if known */
    struct buf error;
};

/* The stage that is being typed. */
struct chain_edit {
    size_t stage; /* its position */
    const struct filter_target *target;
    const char *begin; /* "grep -v": the text is the expression alone; NULL: the text is a whole
                          grep command */
    bool is_new;
    struct preview preview;
    struct proposals proposals; /* to choose from; n 0: none */
};

extern const struct prompt_type pipeline_prompt; /* the whole chain as text */

bool chain_edit_is_open(const struct app *app); /* a stage is being typed */
void chain_edit_changed(struct app *app);       /* starts the preview again */
void chain_edit_end(struct app *app);
/* Stores the chain, which was changed in memory, in the session. False: a message says why not. */
bool chain_edit_save(struct app *app);
void chain_edit_forget(struct app *app); /* the preview: its lines are about to be freed */
/* What is typed, as one grep command; appended. */
void chain_edit_text(const struct app *app, struct buf *out);
/* Whether the typed stage would remove a line; text is the line with its prefix of prefix_n bytes.
 * Before the hits are counted only a stage on lines can be answered for. */
bool chain_edit_would_remove(struct app *app, uint32_t line, struct bytes text, size_t prefix_n);

#endif
