/* SPDX-License-Identifier: MIT
 *
 * The line that is typed below the view, and what it is for. A prompt type is a row in the file
 * that opens it:
 *
 *     static void name_accepted(struct app *app, struct bytes typed) ...
 *     static const struct prompt_type name_prompt = {.label = " name: ", .accepted =
 * name_accepted};
 *
 *     prompt_open(app, &name_prompt, bytes_of("slim"));    // text to begin with
 *
 * The painter, the input and the history read the row; none of them knows a prompt.
 */
#ifndef XSMALL_TUI_APP_PROMPT_H
#define XSMALL_TUI_APP_PROMPT_H

#include "app/input_history.h"
#include "app/line_edit.h"

struct app;

/* Functions may be NULL: then there is nothing to do. */
struct prompt_type {
    const char *label; /* before the text; NULL: the panel paints the prompt in a row of its own */
    const char *hint;  /* keys for the last row where label is NULL */
    enum input_history_kind history;  /* what Up and Down go through */
    bool ignores_empty;               /* Enter without a text only closes the prompt */
    bool is_about_node;               /* uses prompt->node */
    void (*changed)(struct app *app); /* after each change of the text */
    /* Enter, while the prompt is still open. False: the text is refused and the prompt stays open;
     * a message says why. */
    bool (*accept)(struct app *app);
    /* Enter, after the prompt was closed; may open another prompt. */
    void (*accepted)(struct app *app, struct bytes typed);
    void (*cancel)(struct app *app); /* Esc, while the prompt is still open */
    void (*close)(struct app *app);  /* the prompt is being closed, whatever the reason */
    bool (*key)(struct app *app, uint32_t key); /* before all others; false: not its key */
    /* Tab, as complete_command (completion.h). */
    size_t (*complete)(struct app *app, struct bytes typed, struct buf *text, struct buf *list);
    const char *(*problem)(const struct app *app); /* to the right of the text; NULL: none */
};

struct prompt {
    const struct prompt_type *type; /* NULL: no prompt is open */
    struct line_edit line;          /* stays until the next prompt is opened */
    struct input_history history;
    uint32_t node;   /* of the subject; the path that the prompt is about, if is_about_node */
    bool is_pasting; /* keys are text */
};

void prompt_open(struct app *app, const struct prompt_type *type, struct bytes text);
void prompt_close(struct app *app);
void prompt_changed(struct app *app);             /* the line was changed from outside */
void prompt_key(struct app *app, uint32_t key);   /* while a prompt is open */
void prompt_paste(struct app *app, uint32_t key); /* a key of a paste: text, whatever key it is */
void prompt_finish(struct prompt *prompt);

#endif
