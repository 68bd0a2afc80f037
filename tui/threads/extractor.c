/* SPDX-License-Identifier: MIT */
#include "threads/extractor.h"

#include "util/spool.h"

bool extraction_run(void *with, struct progress *progress, struct err *err)
{
    struct extraction *extraction = with;
    struct db *db = NULL;
    struct file_contents *contents = NULL;
    FD_AUTO int dir = -1;
    bool ok = db_open(extraction->session_path, DB_READ, &db, err) &&
              file_contents_open(db, extraction->tree, progress, &contents, err) &&
              (dir = extract_directory(extraction->dir, err)) >= 0 &&
              extract(&(struct extract_request){contents, db, extraction->tree, extraction->nodes,
                                                extraction->n, dir},
                      &extraction->result, err);
    file_contents_close(contents);
    db_close(db);
    return ok;
}
