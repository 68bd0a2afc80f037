/* SPDX-License-Identifier: MIT
 *
 * All views of the explorer, a row each: X(NAME) is view_NAME of views/view_NAME.c and the like.
 *
 * Tabs are numbered in this order. A view's refresh may rely on the refresh of the views above it:
 * the filter of the trees reads the packages.
 */
#ifndef XSMALL_TUI_VIEWS_REGISTRY_H
#define XSMALL_TUI_VIEWS_REGISTRY_H

#include "app/view.h"

#define VIEWS(X)                                                                                   \
    X(packages)                                                                                    \
    X(package)                                                                                     \
    X(image)                                                                                       \
    X(layer)                                                                                       \
    X(layers)                                                                                      \
    X(dead)                                                                                        \
    X(trace)                                                                                       \
    X(paths)                                                                                       \
    X(processes)                                                                                   \
    X(searches)                                                                                    \
    X(files)                                                                                       \
    X(breaks)                                                                                      \
    X(export)                                                                                      \
    X(diff)                                                                                        \
    X(doctor)                                                                                      \
    X(families)                                                                                    \
    X(file)                                                                                        \
    X(marks)                                                                                       \
    X(runs)                                                                                        \
    X(sets)                                                                                        \
    X(text)                                                                                        \
    X(why)

enum view_id {
#define X(name) VIEW_ID_##name,
    VIEWS(X)
#undef X
        N_VIEWS
};

#define X(name) extern const struct view view_##name;
VIEWS(X)
#undef X

/* Texts of several views: messages, then texts shown in place of rows. */
#define NO_IMAGE       "no image is loaded; run xsmall load IMAGE"
#define STILL_COUNTING "the files to keep are still being computed; try again in a moment"
#define NO_IMAGE_TEXT  "No image is loaded. To load one, run: xsmall load IMAGE"
#define NO_LOG_TEXT    "No log is loaded. To load logs, run: xsmall load LOG|DIR"

/* Each at its id. */
extern const struct view *const view_registry[N_VIEWS];

#endif
