/* SPDX-License-Identifier: MIT
 *
 * The trace doctor: what the logs of the session lack because of how they were taken, and
 * the strace command that would have got it.
 *
 *     struct findings findings = {0};
 *     if (!doctor_examine(db, &findings, err)) …
 *     findings.items[0].id is "no-follow", .words "3 children were made and not followed …"
 *     findings_finish(&findings);
 */
#ifndef XSMALL_TRACE_DOCTOR_DOCTOR_H
#define XSMALL_TRACE_DOCTOR_DOCTOR_H

#include "db/db.h"
#include "trace/doctor/advice.h"
#include "util/arena.h"

enum finding_severity {
    FINDING_NOTE,   /* good to know; the evidence may be whole */
    FINDING_WARNING /* evidence is missing or cannot be trusted */
};

/* At most one a run and id. Bytes are in the arena of the findings. */
struct finding {
    const char *id; /* "no-follow", … ; constant */
    enum finding_severity severity;
    struct bytes run;     /* n 0: all of the evidence */
    uint64_t n;           /* how many, of what the words say */
    struct bytes log;     /* an example */
    uint32_t line;        /* in that log, from 1; 0: the log as a whole */
    struct bytes words;   /* a sentence without its full stop */
    struct bytes advice;  /* what to do other than to run the command; n 0: nothing */
    struct bytes command; /* for a shell */
    bool exact; /* false: parts of the command are not in the log, and stand there as PROGRAM ARGS
                   or end in "..." */
};
const char *finding_severity_name(enum finding_severity severity); /* "note", "warning" */

struct findings {
    struct finding *items; /* owned; by run in the order of their loading, warnings first */
    size_t n, cap;
    struct arena arena;
};

/* Of all complete logs, check runs too. Appends. */
bool doctor_examine(struct db *db, struct findings *out, struct err *err);
/* The command that traces again what made this log; *exact as in struct finding. */
bool doctor_command(struct db *db, int64_t log, enum advice_files files, struct buf *out,
                    bool *exact, struct err *err);
/* Adds one; its strings are copied. */
void findings_add(struct findings *findings, const struct finding *finding);
void findings_finish(struct findings *findings);

#endif
