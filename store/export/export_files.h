/* SPDX-License-Identifier: MIT
 *
 * Writes an export into a directory: its text, and the archive of the form if it has one.
 *
 *     struct export_output output = {db, &request, &mapped, &text, progress};
 *     export_files_write(&output, "slim", err);
 */
#ifndef XSMALL_EXPORT_EXPORT_FILES_H
#define XSMALL_EXPORT_EXPORT_FILES_H

#include "export/export.h"
#include "util/progress.h"

/* All pointers are borrowed. */
struct export_output {
    struct db *db;
    const struct export_request *request;
    const struct mapped_tree *mapped;
    struct export_text *text;  /* result of export_write; warnings are added */
    struct progress *progress; /* NULL: none */
};

/* Creates dir if it does not exist. Each file is written completely or not at all, and replaces an
 * existing file; the text is written last. */
bool export_files_write(const struct export_output *output, const char *dir, struct err *err);

#endif
