/* SPDX-License-Identifier: MIT
 *
 * One investigation: the session with all that is read from it into memory, for the commands and
 * the screen. What both do with it goes through here; the rooms below know nothing of each other's
 * order.
 *
 *     struct session *session;
 *     if (!session_open("app.xsmall", DB_WRITE, &session, err) || !session_settle(session, NULL,
 * err)) … chain_insert(session->chain, 0, bytes_of("-v '= -1'"), NULL, err) &&
 * session_save_chain(session, err) && session_settle(session, NULL, err); session_close(session);
 *
 * A `struct session` belongs to one thread. Another thread computes with keep_compute and scan_run
 * on the immutable parts (subject, base, corpus, accesses), a database connection and a reader of
 * its own, marks that it read itself and a copy of the survivors.
 */
#ifndef XSMALL_SESSION_SESSION_H
#define XSMALL_SESSION_SESSION_H

#include "db/db.h"
#include "export/export.h"
#include "image/image.h"
#include "keep/keep.h"
#include "keep/notes.h"
#include "keep/groups/group_offer.h"
#include "trace/access.h"
#include "util/progress.h"

struct session {
    struct db *db;
    struct image_info subject_info, base_info; /* id 0: none */
    struct tree *subject, *base;               /* NULL: none */
    struct corpus *corpus;                     /* never NULL; may have no lines */
    struct corpus_reader *reader;
    struct accesses *accesses;
    struct line_paths *line_paths; /* of these; never NULL once opened */
    struct chain *chain;
    struct marks *marks;
    struct notes *notes;
    struct keep *keep;    /* of the last settle; NULL before, and without a subject */
    struct err chain_err; /* why the chain cannot be used (an operand matches no log); kind
                             ERR_NONE: it can */
};

bool session_open(const char *path, enum db_mode mode, struct session **out, struct err *err);
void session_close(struct session *session); /* NULL is allowed */
/* Reads images, logs and decisions anew after a load; what was read before is gone. */
bool session_reload(struct session *session, struct err *err);

/* The input of keep_compute as of now; borrowed parts live until the next change. */
struct keep_input session_keep_input(const struct session *session);
/* Finds what hits are missing, evaluates the chain and computes the kept tree. In a session opened
 * for writing, hits and verdicts are stored too. */
bool session_settle(struct session *session, const atomic_bool *cancel, struct err *err);
/* The chain's part of it alone; nothing is stored. */
bool session_settle_chain(struct session *session, const atomic_bool *cancel, struct err *err);
/* Stores hits and the chain's numbers, and notes that the derived tables are as the decisions are:
 * behind keep_store of the same decisions. */
bool session_store_settled(struct session *session, struct err *err);

/* One undoable step each; in the session when they return. Marks: nodes of the subject. */
bool session_set_marks(struct session *session, const uint32_t *nodes, size_t n, enum mark mark,
                       struct err *err);
/* With note.n the marks have these words on them. */
bool session_set_marks_with_note(struct session *session, const uint32_t *nodes, size_t n,
                                 enum mark mark, struct bytes note, struct err *err);
/* Keep marks on all but directories that session->keep needs for the evidence itself; *n of them.
 * With a note as above. */
bool session_keep_survivors(struct session *session, struct bytes note, size_t *n, struct err *err);
/* n 0: the note goes. */
bool session_set_note(struct session *session, uint32_t node, struct bytes text, struct err *err);
/* A map rule (export/map_rules.h), as one undoable step. */
bool session_set_map_rule(struct session *session, struct bytes rule, struct err *err);
/* The answer to an offer, as group_offer_answer takes it. */
bool session_answer_offer(struct session *session, const struct group_offer *offer,
                          enum group_offer_state answer, struct err *err);
/* Kinds of needs that are off, a bit each (keep/need_switches.h). */
bool session_set_switches(struct session *session, unsigned off, struct err *err);
bool session_save_chain(struct session *session, struct err *err);
/* *done false: nothing to undo. Marks and chain are read again; the chain is bound, and has the
 * hits that it had. */
bool session_undo(struct session *session, bool *done, struct err *err);
bool session_redo(struct session *session, bool *done, struct err *err);

/* keep_why of a node, and the notes on it and above it; appended. */
bool session_why(struct session *session, uint32_t node, struct buf *out, struct err *err);

/* The names for FROM: overridden by the settings, else the images' own. n 0: no such image.
 * Appended. */
bool session_names(struct session *session, struct buf *subject, struct buf *base, struct err *err);

/* The text of a line as chain_output gives it, of a log, or without logs a path of the subject;
 * appended. */
bool session_line_text(struct session *session, uint32_t line, struct buf *out, struct err *err);
/* The node of the subject that the line leads to, or NODE_NONE. */
uint32_t session_line_node(struct session *session, uint32_t line);
/* The index of the line's access, of two the first; SIZE_MAX: its call is none that is followed. */
size_t session_line_access(struct session *session, uint32_t line);

struct load_request {
    const char *session_path;    /* path of the session file; created if need be */
    const char *const *operands; /* image, logs, directories of logs, in any order */
    size_t n_operands;
    const char *base;      /* reference, "none" or NULL */
    const char *run, *cwd; /* as in trace.h; may be NULL */
    bool keep_runs;        /* run is for new logs; known ones stay in theirs */
    bool check, replace;
    struct image_choice choice; /* --image: of the subject; --platform: of the base, too */
    bool verify;
    /* May be NULL: called on the loading thread when everything is there for other connections, and
     * only tidying is left. */
    void (*shown)(void *with);
    void *with;
};
struct load_result {
    bool image_new, image_same, base_new, base_same;
    size_t n_new, n_same, n_grown, n_changed; /* logs */
};
/* Loads with a connection of its own, from any thread; all or nothing to every reader. */
bool session_load(const struct load_request *request, struct progress *progress,
                  struct load_result *result, struct err *err);
/* The session file that the operands mean (semantics.md, Session file), appended to out. choice as
 * in load_request; without operands: the one that is there, for commands that only read it. */
bool session_find_path(const char *option, const char *const *operands, size_t n_operands,
                       struct image_choice choice, struct buf *out, struct err *err);

/* Registers v_line(run, log, line, text, survives) on the connection, for xsmall sql. Rows are read
 * through session, which must live as long as the connection is used. */
bool line_table_register(struct session *session, struct err *err);

#endif
