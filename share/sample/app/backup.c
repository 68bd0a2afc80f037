/* SPDX-License-Identifier: MIT
 *
 * Plugin: writes the list into a tar file. The configuration does not name the plugin, so
 * the plugin, its library and their dependencies are the waste of the sample.
 */
#include "shelf.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdio.h>

int shelf_plugin(sqlite3 *db)
{
    (void)db;
    struct archive *tar = archive_write_new();
    archive_write_set_format_pax_restricted(tar);
    int failed = archive_write_open_filename(tar, "/app/var/backup.tar") != ARCHIVE_OK;
    if (failed)
        fprintf(stderr, "backup: %s\n", archive_error_string(tar));
    archive_write_free(tar);
    return failed;
}
