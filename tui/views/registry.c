/* SPDX-License-Identifier: MIT */
#include "views/registry.h"

const struct view *const view_registry[N_VIEWS] = {
#define X(name) [VIEW_ID_##name] = &view_##name,
    VIEWS(X)
#undef X
};
