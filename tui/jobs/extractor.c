/* SPDX-License-Identifier: MIT */
#include "jobs/extractor.h"

#include "util/spool.h"

bool extraction_run(void *with, struct progress *progress, struct err *err)
{
    struct extraction *e = with;
    struct db *db = NULL;
    struct file_contents *contents = NULL;
    FD_AUTO int dir = -1;
    bool ok = db_open(e->session_path, DB_READ, &db, err) &&
              file_contents_open(db, e->tree, progress, &contents, err) &&
              (dir = extract_directory(e->dir, err)) >= 0 &&
              extract(&(struct extract_request){contents, db, e->tree, e->nodes, e->n, dir},
                      &e->result, err);
    file_contents_close(contents);
    db_close(db);
    return ok;
}
