/* SPDX-License-Identifier: MIT
 *
 * Enables and disables stages.
 */
#include <stdlib.h>

#include "chain/chain_private.h"

void chain_enable(struct chain *chain, size_t i, bool enabled)
{
    chain->stages[i].enabled = enabled;
    chain->is_solo = false;
}

void chain_enable_all(struct chain *chain, bool enabled)
{
    for (size_t i = 0; i < chain->n_stages; i++)
        chain_enable(chain, i, enabled);
}

static bool is_alone(const struct chain *chain, size_t i)
{
    for (size_t k = 0; k < chain->n_stages; k++)
        if (chain->stages[k].enabled != (k == i))
            return false;
    return true;
}

bool chain_solo(struct chain *chain, size_t i)
{
    bool back = chain->is_solo && is_alone(chain, i);
    for (size_t k = 0; k < chain->n_stages; k++) {
        struct stage *stage = &chain->stages[k];
        if (!chain->is_solo)
            stage->was_enabled = stage->enabled;
        stage->enabled = back ? stage->was_enabled : k == i;
    }
    chain->is_solo = !back;
    return !back;
}
