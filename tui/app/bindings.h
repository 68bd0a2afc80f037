/* SPDX-License-Identifier: MIT
 *
 * Which key does what: the keys of the actions table, changed by a person's configuration.
 *
 *     bindings_init(&bindings);
 *     bindings_bind(&bindings, 'z', ACTION_QUIT);
 *     bindings_action(&bindings, 'z', SCOPE_BODY)      // ACTION_QUIT
 *     bindings_keys(&bindings, ACTION_QUIT, &text);    // "q z"
 */
#ifndef XSMALL_TUI_APP_BINDINGS_H
#define XSMALL_TUI_APP_BINDINGS_H

#include "app/actions.h"

enum { BINDINGS_MAX = 512 };

/* A key means one action at the most in the body, and one in the patterns. */
struct bindings {
    struct binding {
        uint32_t key;
        enum action action;
    } list[BINDINGS_MAX]; /* in the order of the table, then of the configuration */
    size_t n;
};

void bindings_init(struct bindings *bindings);
/* One more key for an action. Where the action works, the key means nothing else any more. False:
 * there are BINDINGS_MAX already. */
bool bindings_bind(struct bindings *bindings, uint32_t key, enum action action);
bool bindings_unbind(struct bindings *bindings, uint32_t key); /* false: it meant nothing */

/* The action of a key where the focus is (SCOPE_BODY or SCOPE_PANEL), or ACTION_NONE. */
enum action bindings_action(const struct bindings *bindings, uint32_t key, enum scope focus);
/* The words of an action's keys with blanks between; appended. */
void bindings_keys(const struct bindings *bindings, enum action action, struct buf *out);
/* The word of its first key; false: it has none. */
bool bindings_key(const struct bindings *bindings, enum action action, struct buf *out);

/* Hints: keys with what they do, two blanks between. Each key that the table gives an action where
 * the focus is becomes the key that the action has now; an action without a key is left out.
 * Appended. */
void bindings_hint(const struct bindings *bindings, struct bytes hint, enum scope focus,
                   struct buf *out);

#endif
