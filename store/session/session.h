/* SPDX-License-Identifier: MIT
 *
 * An open session: the session file, and everything that is read from it into memory. The commands
 * and the screen use the session only through these functions, which call the rooms of store/ in
 * the right order.
 *
 *     struct session *session;
 *     if (!session_open("app.xsmall", DB_WRITE, &session, err) || !session_settle(session, NULL,
 * err)) … chain_insert(session->chain, 0, bytes_of("-v '= -1'"), NULL, err) &&
 * session_save_chain(session, err) && session_settle(session, NULL, err); session_close(session);
 *
 * A `struct session` belongs to one thread. Another thread can call keep_compute and scan_run with
 * the immutable parts (subject, base, corpus, accesses), its own database connection and reader,
 * marks that it read itself, and a copy of the surviving lines.
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
    struct image_info subject_info, base_info; /* id 0 means "no image" */
    struct tree *subject, *base;               /* NULL: no image */
    struct corpus *corpus;                     /* never NULL; can have no lines */
    struct corpus_reader *reader;
    struct accesses *accesses;
    struct line_paths
        *line_paths; /* of corpus, accesses and subject; never NULL after session_open */
    struct chain *chain;
    struct marks *marks;
    struct notes *notes;
    struct keep
        *keep; /* result of the last session_settle; NULL before it, and if there is no subject */
    struct err chain_err; /* why the chain is unusable (an operand matches no log); kind ERR_NONE if
                             it is usable */
};

bool session_open(const char *path, enum db_mode mode, struct session **out, struct err *err);
void session_close(struct session *session); /* NULL is allowed */
/* Reads images, logs and decisions again after a load; frees everything that was read before. */
bool session_reload(struct session *session, struct err *err);

/* Returns the current input of keep_compute; its borrowed parts are valid until the next change. */
struct keep_input session_keep_input(const struct session *session);
/* Finds the missing hits, evaluates the chain and computes the kept tree. If the session was opened
 * for writing, also stores hits and verdicts. */
bool session_settle(struct session *session, const atomic_bool *cancel, struct err *err);
/* Finds the missing hits and evaluates the chain only; stores nothing. */
bool session_settle_chain(struct session *session, const atomic_bool *cancel, struct err *err);
/* Stores hits and the numbers of the chain, and records that the derived tables match the
 * decisions. Call after keep_store of the same decisions. */
bool session_store_settled(struct session *session, struct err *err);

/* Each of these functions makes one undoable step, which is stored in the session when it returns.
 * Marks are on nodes of the subject image. */
bool session_set_marks(struct session *session, const uint32_t *nodes, size_t n, enum mark mark,
                       struct err *err);
/* If note.n is not 0, note is stored with each mark. */
bool session_set_marks_with_note(struct session *session, const uint32_t *nodes, size_t n,
                                 enum mark mark, struct bytes note, struct err *err);
/* Sets keep marks on all files that session->keep keeps because of the evidence itself; directories
 * are excluded. *n is the number of marks. note is as above. */
bool session_keep_survivors(struct session *session, struct bytes note, size_t *n, struct err *err);
/* Sets the note of a node; text.n 0 removes the note. */
bool session_set_note(struct session *session, uint32_t node, struct bytes text, struct err *err);
/* Sets a map rule (export/map_rules.h). */
bool session_set_map_rule(struct session *session, struct bytes rule, struct err *err);
/* Answers the offer of a file group, as group_offer_answer does. */
bool session_answer_offer(struct session *session, const struct group_offer *offer,
                          enum group_offer_state answer, struct err *err);
/* Sets which dependency kinds are disabled, one bit per kind (keep/need_switches.h). */
bool session_set_switches(struct session *session, unsigned off, struct err *err);
bool session_save_chain(struct session *session, struct err *err);
/* Undo or redo one step, then read marks and chain again. The chain stays bound and keeps its hits.
 * *done is false if there is no step. */
bool session_undo(struct session *session, bool *done, struct err *err);
bool session_redo(struct session *session, bool *done, struct err *err);

/* Appends keep_why of a node, and the notes on the node and on its ancestors. */
bool session_why(struct session *session, uint32_t node, struct buf *out, struct err *err);

/* Appends the image names for FROM: the name in the settings, else the image's own name. Appends
 * nothing for a missing image. */
bool session_names(struct session *session, struct buf *subject, struct buf *base, struct err *err);

/* Appends the text of a line as numbered by chain_output: a line of a log or, if no log is loaded,
 * a path of the subject image. */
bool session_line_text(struct session *session, uint32_t line, struct buf *out, struct err *err);
/* Returns the node of the subject image to which the line resolves, or NODE_NONE. */
uint32_t session_line_node(struct session *session, uint32_t line);
/* Returns the index of the access of a line, or of its first access if it has two. Returns SIZE_MAX
 * if xsmall does not track the call. */
size_t session_line_access(struct session *session, uint32_t line);

struct load_request {
    const char *session_path;    /* path of the session file; created if it does not exist */
    const char *const *operands; /* image, logs and directories of logs, in any order */
    size_t n_operands;
    const char *base;                       /* reference, "none" or NULL */
    const char *run, *cwd, *directory_name; /* as in trace.h; may be NULL */
    bool keep_runs; /* run applies to new logs only; known logs keep their run */
    bool check, replace;
    struct image_choice
        choice; /* --image of the subject image; --platform of subject and base image */
    bool verify;
    /* May be NULL. Called on the loading thread when other connections can read all loaded data and
     * only cleaning up is left. */
    void (*shown)(void *with);
    void *with;
};
struct load_result {
    bool image_new, image_same, base_new, base_same;
    size_t n_new, n_same, n_grown, n_changed; /* logs */
};
/* Loads with its own database connection; can be called from any thread. Readers see the load
 * completely or not at all. */
bool session_load(const struct load_request *request, struct progress *progress,
                  struct load_result *result, struct err *err);
/* Appends to out the path of the session file for the operands (semantics.md, Session file). choice
 * is as in load_request. Without operands, the path of the only session in the directory, for
 * commands that only read it. */
bool session_find_path(const char *option, const char *const *operands, size_t n_operands,
                       struct image_choice choice, struct buf *out, struct err *err);

/* Registers v_line(run, log, line, text, survives) on the connection of session, for xsmall sql.
 * Rows are read through session, which must stay open while the connection is used. */
bool line_table_register(struct session *session, struct err *err);

#endif
