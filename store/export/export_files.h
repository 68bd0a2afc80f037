/* SPDX-License-Identifier: MIT
 *
 * An export written into a directory: the text, and the file that the form has next to it.
 *
 *     struct export_output output = {db, &request, &mapped, &text, progress};
 *     export_files_write(&output, "slim", err);
 */
#ifndef XSMALL_EXPORT_EXPORT_FILES_H
#define XSMALL_EXPORT_EXPORT_FILES_H

#include "export/export.h"
#include "util/progress.h"

/* All borrowed. */
struct export_output {
    struct db *db;
    const struct export_request *request;
    const struct mapped_tree *mapped;
    struct export_text *text;  /* of export_write; gets further warnings */
    struct progress *progress; /* NULL: none */
};

/* Makes dir if it does not exist. Each file is written whole or not at all and replaces an older
 * one; the text is the last. */
bool export_files_write(const struct export_output *output, const char *dir, struct err *err);

#endif
