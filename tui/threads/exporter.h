/* SPDX-License-Identifier: MIT
 *
 * A task that exports a session (export/export_files.h).
 */
#ifndef XSMALL_TUI_THREADS_EXPORTER_H
#define XSMALL_TUI_THREADS_EXPORTER_H

#include "export/export_files.h"

struct exporting {
    const char *session_path;      /* borrowed */
    struct export_request request; /* image names are read from the session; stage is borrowed */
    const char *dir;               /* borrowed; NULL: make the text, write no files */
    struct export_text text;       /* the result; exporting_finish frees it */
};
bool exporting_run(void *exporting, struct progress *progress, struct err *err); /* task_run */
void exporting_finish(struct exporting *exporting);

#endif
