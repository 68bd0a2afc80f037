/* SPDX-License-Identifier: MIT
 *
 * Reads the user's configuration: $XDG_CONFIG_HOME/xsmall/config or ~/.config/xsmall/config. A line
 * is
 *
 *     bind KEY ACTION
 *     unbind KEY
 *     mouse on|off
 *     theme dark|light|mono
 *     border unicode|ascii
 *
 * with the key words and action names of actions.h. Empty lines and lines that begin with # are
 * ignored. Any other line is an error that names the file and the line.
 */
#ifndef XSMALL_TUI_APP_CONFIG_H
#define XSMALL_TUI_APP_CONFIG_H

#include "app/bindings.h"
#include "screen/theme.h"
#include "util/err.h"

enum { CONFIG_MAX_BYTES = 1 << 16 };

struct config {
    struct bindings bindings;
    bool mouse;
    enum theme theme;
    enum border { BORDER_BY_LOCALE, BORDER_UNICODE, BORDER_ASCII } border;
    enum screen_charset charset; /* set by config_fit */
};

void config_init(struct config *config); /* sets the defaults */
/* Reads the user's file and changes config accordingly. A missing file is not an error. */
bool config_read(struct config *config, struct err *err);
/* Reads a text in the same way; name is the file name for errors. */
bool config_parse(struct config *config, struct bytes text, const char *name, struct err *err);

/* Sets charset from border and from the locale. is_utf8: the locale's charset is UTF-8. */
void config_fit(struct config *config, bool is_utf8);

#endif
