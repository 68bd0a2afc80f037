/* SPDX-License-Identifier: MIT
 *
 * The key map: the default keys of the actions, changed by the user's configuration.
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

/* A key has at most one action in the body, and at most one in the filters panel. */
struct bindings {
    struct binding {
        uint32_t key;
        enum action action;
    } list[BINDINGS_MAX]; /* default keys in the order of ACTIONS, then the configured keys */
    size_t n;
};

void bindings_init(struct bindings *bindings);
/* Adds a key to an action. Removes the key from other actions that work with the same focus.
 * Returns false if there are BINDINGS_MAX bindings already. */
bool bindings_bind(struct bindings *bindings, uint32_t key, enum action action);
bool bindings_unbind(struct bindings *bindings, uint32_t key); /* false: the key was not bound */

/* Returns the action of a key for a focus (SCOPE_BODY or SCOPE_PANEL), or ACTION_NONE. */
enum action bindings_action(const struct bindings *bindings, uint32_t key, enum scope focus);
/* Appends the words of all keys of an action, separated by blanks. */
void bindings_keys(const struct bindings *bindings, enum action action, struct buf *out);
/* Appends the word of the action's first key. Returns false if the action has no key. */
bool bindings_key(const struct bindings *bindings, enum action action, struct buf *out);

/* Appends a hint with the keys as they are bound. A hint is a list of keys, each with a short text,
 * separated by two blanks. Each default key is replaced by the key that its action has now; actions
 * without a key are omitted. */
void bindings_hint(const struct bindings *bindings, struct bytes hint, enum scope focus,
                   struct buf *out);

#endif
