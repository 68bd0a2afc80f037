/* SPDX-License-Identifier: MIT
 *
 * An export of what is decided in a session (export/export_files.h) as a task.
 */
#ifndef XSMALL_TUI_THREADS_EXPORTER_H
#define XSMALL_TUI_THREADS_EXPORTER_H

#include "export/export_files.h"

struct exporting {
    const char *session_path;      /* borrowed */
    struct export_request request; /* without names, which the session has; stage borrowed */
    const char *dir;               /* borrowed; NULL: the text alone */
    /* The result; owned: exporting_finish. */
    struct export_text text;
};
bool exporting_run(void *exporting, struct progress *progress, struct err *err); /* task_run */
void exporting_finish(struct exporting *exporting);

#endif
