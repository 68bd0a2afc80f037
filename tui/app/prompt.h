/* SPDX-License-Identifier: MIT
 *
 * The prompt: a line of text that is typed below the view. A prompt type is a row of functions in
 * the file that opens the prompt:
 *
 *     static void name_accepted(struct app *app, struct bytes typed) ...
 *     static const struct prompt_type name_prompt = {.label = " name: ", .accepted =
 * name_accepted};
 *
 *     prompt_open(app, &name_prompt, bytes_of("slim"));    // text to begin with
 *
 * The painter, the input and the history use the row; they do not depend on any prompt.
 */
#ifndef XSMALL_TUI_APP_PROMPT_H
#define XSMALL_TUI_APP_PROMPT_H

#include "app/input_history.h"
#include "app/line_edit.h"

struct app;

/* Each function may be NULL. */
struct prompt_type {
    const char *label; /* shown before the text; NULL: the panel paints the prompt in its own row */
    const char *hint;  /* keys for the last row, if label is NULL */
    enum input_history_kind history;  /* the entries that Up and Down show */
    bool ignores_empty;               /* Enter with an empty text only closes the prompt */
    bool is_about_node;               /* uses prompt->node */
    void (*changed)(struct app *app); /* called after each change of the text */
    /* Called on Enter, while the prompt is still open. Returns false, with a message, to reject the
     * text; the prompt then stays open. */
    bool (*accept)(struct app *app);
    /* Called on Enter, after the prompt was closed; may open another prompt. */
    void (*accepted)(struct app *app, struct bytes typed);
    void (*cancel)(struct app *app); /* called on Esc, while the prompt is still open */
    void (*close)(struct app *app);  /* called when the prompt is closed, for any reason */
    /* Called first for each key. Returns false if the prompt has no own meaning for the key. */
    bool (*key)(struct app *app, uint32_t key);
    /* Called on Tab; works as complete_command (completion.h). */
    size_t (*complete)(struct app *app, struct bytes typed, struct buf *text, struct buf *list);
    /* Returns a text that is shown to the right of the prompt, or NULL. */
    const char *(*problem)(const struct app *app);
};

struct prompt {
    const struct prompt_type *type; /* NULL: no prompt is open */
    struct line_edit line;          /* kept until the next prompt is opened */
    struct input_history history;
    uint32_t node;   /* the node of the subject image for which the prompt was opened */
    bool is_pasting; /* all keys are text */
};

void prompt_open(struct app *app, const struct prompt_type *type, struct bytes text);
void prompt_close(struct app *app);
void prompt_changed(struct app *app);             /* call after changing the line */
void prompt_key(struct app *app, uint32_t key);   /* handles a key; a prompt must be open */
void prompt_paste(struct app *app, uint32_t key); /* inserts a key of a paste as text */
void prompt_finish(struct prompt *prompt);

#endif
