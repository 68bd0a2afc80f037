/* SPDX-License-Identifier: MIT
 *
 * The list of all views of the explorer. X(NAME) is view_NAME, defined in
 * views/view_NAME.c.
 *
 * The list sets the numbers of the tabs and the order of refresh. The refresh of a view may use
 * the state of the views above it in the list; for example, the tree filter reads the packages.
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

/* Texts that several views use: two messages, then two texts that replace the rows of a view. */
#define NO_IMAGE       "no image is loaded; run xsmall load IMAGE"
#define STILL_COUNTING "the files to keep are still being computed; try again in a moment"
#define NO_IMAGE_TEXT  "No image is loaded. To load one, run: xsmall load IMAGE"
#define NO_LOG_TEXT                                                                                \
    "No log is loaded. To run the image, traced: xsmall run. To load logs: xsmall load LOG|DIR"

/* The views, indexed by enum view_id. */
extern const struct view *const view_registry[N_VIEWS];

#endif
