/* SPDX-License-Identifier: MIT
 *
 * The explorer's second thread: scans patterns, computes the kept tree and writes the export's
 * text, so that no key waits. One job at a time; its result is taken by the screen's thread when
 * the wake-up descriptor says so.
 *
 * It works on the immutable parts of a struct session, which must stay until worker_stop.
 */
#ifndef XSMALL_TUI_JOBS_WORKER_H
#define XSMALL_TUI_JOBS_WORKER_H

#include "image/tree/tree_compare.h"
#include "image/tree/layers.h"
#include "keep/breaks.h"
#include "report/pivot.h"
#include "session/session.h"

enum job_kind {
    JOB_SCAN,    /* a stage's missing hits */
    JOB_PREVIEW, /* the hits of what is being typed */
    JOB_KEEP,    /* the kept tree; stored in the session too */
    JOB_HIDDEN,  /* what each stage hides */
    JOB_BREAKS,  /* what would fail in the kept tree; what the families offer */
    JOB_PIVOT,   /* the surviving accesses grouped, or the lines that pass a filter */
    JOB_EXPORT,  /* what the export would write */
    JOB_LAYERS,  /* what each layer did */
    JOB_COMPARE  /* what the subject has and the base has not, and the other way round */
};

struct job {
    enum job_kind kind;
    struct scan scan;            /* SCAN, PREVIEW: owned */
    bool invert;                 /* PREVIEW */
    size_t at;                   /* PREVIEW: position of the stage */
    roaring_bitmap_t *survivors; /* KEEP, PIVOT: a copy, owned; NULL: none */
    roaring_bitmap_t **back;     /* HIDDEN: lines that come back without each stage; owned */
    size_t n_back;
    size_t selecting;           /* KEEP: as in keep_input */
    uint64_t generation;        /* of the decisions when it was given */
    const struct keep *of;      /* BREAKS, EXPORT: borrowed; stays until this job is taken */
    enum export_form form;      /* EXPORT; the one used, afterwards */
    bool why;                   /* EXPORT: with comments that say why */
    struct pivot_filter filter; /* PIVOT */
    enum pivot_sort sort;       /* PIVOT */
    uint32_t *logs;             /* PIVOT: as in pivot_input; owned */
    size_t n_logs;
    uint64_t serial;            /* PIVOT: of the wish */
    const struct uses *uses_of; /* PIVOT: borrowed, likewise; NULL: count them */
    struct buf subject, base;   /* EXPORT: names for FROM; owned */
    atomic_bool cancel;
    /* the result */
    bool ok;
    struct err err;
    roaring_bitmap_t *hits;
    struct keep *keep;
    struct breaks *breaks;
    struct group_offers offers; /* BREAKS: what the families offer */
    struct hidden *hides;       /* HIDDEN: n_back of them */
    struct pivot pivot;         /* PIVOT */
    struct uses uses;           /* PIVOT: where it counted them */
    struct buf text;            /* EXPORT */
    struct layers *layers;
    struct compare compare; /* COMPARE: base, subject */
};
void job_destroy(struct job *job); /* NULL is allowed */

struct worker;
/* wake is an eventfd that is written when a job is over. */
bool worker_start(const struct session *session, int wake, struct worker **out, struct err *err);
/* Cancels and waits. NULL is allowed. */
void worker_stop(struct worker *worker);
bool worker_is_idle(const struct worker *worker); /* no job runs, and no result waits */
/* The job that runs, or NULL; its kind and cancel may be used. */
struct job *worker_running(struct worker *worker);
void worker_give(struct worker *worker, struct job *job); /* takes it over; must be idle */
struct job *worker_take(struct worker *worker);           /* a finished job, yours; or NULL */

#endif
