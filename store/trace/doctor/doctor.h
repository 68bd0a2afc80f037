/* SPDX-License-Identifier: MIT
 *
 * The trace doctor: finds gaps in the logs of the session that come from how the trace was
 * recorded, and prints the strace command that closes each gap.
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
    FINDING_NOTE,   /* for information; the evidence may be complete */
    FINDING_WARNING /* evidence is missing or cannot be trusted */
};

/* At most one finding for each run and id. Bytes are in the arena of the findings. */
struct finding {
    const char *id; /* "no-follow", … ; constant */
    enum finding_severity severity;
    struct bytes run;     /* n 0: all of the evidence */
    uint64_t n;           /* the number in the words */
    struct bytes log;     /* an example */
    uint32_t line;        /* in that log, from 1; 0: the log as a whole */
    struct bytes words;   /* the message: a sentence without a full stop */
    struct bytes advice;  /* advice apart from the command; n 0: no advice */
    struct bytes command; /* for a shell */
    bool exact;           /* false: parts of the command are not in the log; they are PROGRAM ARGS
                             or end in "..." */
};
const char *finding_severity_name(enum finding_severity severity); /* "note", "warning" */

struct findings {
    struct finding *items; /* owned; by run in the order of their loading, warnings first */
    size_t n, cap;
    struct arena arena;
};

/* Examines all complete logs, including check runs. Appends the findings. */
bool doctor_examine(struct db *db, struct findings *out, struct err *err);
/* Appends the command that records this log's trace again; *exact is as in struct finding. */
bool doctor_command(struct db *db, int64_t log, enum advice_files files, struct buf *out,
                    bool *exact, struct err *err);
/* Adds a finding; its strings are copied. */
void findings_add(struct findings *findings, const struct finding *finding);
void findings_finish(struct findings *findings);

#endif
