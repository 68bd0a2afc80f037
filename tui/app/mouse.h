/* SPDX-License-Identifier: MIT
 *
 * What a mouse did: a button that went down, or a step of its wheel, on a cell of the screen. Two
 * presses of the button on one cell within MOUSE_DOUBLE_MS are a double-click.
 *
 *     mouse_press(&mouse, event)      // whether it is the second one
 */
#ifndef XSMALL_TUI_APP_MOUSE_H
#define XSMALL_TUI_APP_MOUSE_H

#include <stdbool.h>
#include <stdint.h>

enum { MOUSE_DOUBLE_MS = 400 };

struct mouse_event {
    enum mouse_kind { MOUSE_PRESS, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN } kind;
    int x, y;
    int64_t ms; /* of a clock that only goes on */
};

/* The press before, which a double-click needs; zeroed: no press before. */
struct mouse {
    struct mouse_event last;
    bool has;
};
/* A press. True: it makes a double-click with the one before. */
bool mouse_press(struct mouse *mouse, const struct mouse_event *event);
void mouse_forget(struct mouse *mouse); /* something else came between */

struct app;
void mouse_input(struct app *app, const struct mouse_event *event);

#endif
