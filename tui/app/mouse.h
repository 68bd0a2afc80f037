/* SPDX-License-Identifier: MIT
 *
 * Mouse events: a press of the button, or a step of the wheel, on a cell of the screen. Two presses
 * on one cell within MOUSE_DOUBLE_MS are a double-click.
 *
 *     mouse_press(&mouse, event)      // true for the second press of a double-click
 */
#ifndef XSMALL_TUI_APP_MOUSE_H
#define XSMALL_TUI_APP_MOUSE_H

#include <stdbool.h>
#include <stdint.h>

enum { MOUSE_DOUBLE_MS = 400 };

struct mouse_event {
    enum mouse_kind { MOUSE_PRESS, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN } kind;
    int x, y;
    int64_t ms; /* monotonic clock */
};

/* The previous press, for double-clicks; zeroed: no previous press. */
struct mouse {
    struct mouse_event last;
    bool has;
};
/* Stores a press. Returns true if it is the second press of a double-click. */
bool mouse_press(struct mouse *mouse, const struct mouse_event *event);
void mouse_forget(struct mouse *mouse); /* the next press begins a new double-click */

struct app;
void mouse_input(struct app *app, const struct mouse_event *event);

#endif
