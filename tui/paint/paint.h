/* SPDX-License-Identifier: MIT
 *
 * The painter: draws the whole screen from struct app, once per turn of the main loop.
 */
#ifndef XSMALL_TUI_PAINT_PAINT_H
#define XSMALL_TUI_PAINT_PAINT_H

struct app;
/* Draws all cells of app->screen. */
void paint(struct app *app);

/* Parts of the screen: the filters panel (paint_stages.c), the prompt of a filter and the last row
 * (paint_status.c). */
void paint_panel(struct app *app, int y, int rows);
void paint_stage_prompt(struct app *app, int y);
void paint_last(struct app *app, int y);

#endif
