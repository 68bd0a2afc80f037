/* SPDX-License-Identifier: MIT */
#include "keep/needs/needs.h"

#define X(name) &reason_##name,
const struct reason *const reasons[N_REASONS] = {REASONS(X)};
#undef X

enum origin reason_origin(const struct reason *reason)
{
    return reason ? reason->origin : ORIGIN_NONE;
}

const char *origin_name(enum origin origin)
{
    static const char *const names[N_ORIGINS] = {"", "mark", "trace", "need", "config"};
    return names[origin];
}
