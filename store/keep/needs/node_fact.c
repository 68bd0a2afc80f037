/* SPDX-License-Identifier: MIT */
#include "keep/needs/node_fact.h"

struct bytes node_fact(const struct node *node, enum need_kind kind)
{
    for (uint16_t i = 0; i < node->n_needs; i++)
        if (node->needs[i].kind == kind)
            return node->needs[i].value;
    return bytes_from(NULL, 0);
}
