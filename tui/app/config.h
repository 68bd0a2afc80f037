/* SPDX-License-Identifier: MIT
 *
 * What a person has set: $XDG_CONFIG_HOME/xsmall/config, or that in ~/.config. A line is
 *
 *     bind KEY ACTION
 *     unbind KEY
 *     mouse on|off
 *     theme dark|light|mono
 *     border unicode|ascii
 *
 * with the words of actions.h. Empty lines, and lines that begin with #, say nothing. Anything else
 * is an error that names the file and the line.
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
    enum screen_charset charset; /* config_fit */
};

void config_init(struct config *config); /* as it is without a file */
/* Reads the person's file over it; one that is not there says nothing. */
bool config_read(struct config *config, struct err *err);
/* The same of a text; name is the file's, for errors. */
bool config_parse(struct config *config, struct bytes text, const char *name, struct err *err);

/* Makes charset of border and of the locale, whose characters are UTF-8 or are not. */
void config_fit(struct config *config, bool is_utf8);

#endif
