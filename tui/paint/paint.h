/* SPDX-License-Identifier: MIT
 *
 * The painter: everything that is on the screen, out of struct app. Layout, fetch, paint, once a
 * turn.
 */
#ifndef XSMALL_TUI_PAINT_PAINT_H
#define XSMALL_TUI_PAINT_PAINT_H

struct app;
void paint(struct app *app); /* all of app->screen */

/* Its parts (paint_stages.c, paint_status.c). */
void paint_panel(struct app *app, int y, int rows);
void paint_stage_prompt(struct app *app, int y);
void paint_last(struct app *app, int y);

#endif
