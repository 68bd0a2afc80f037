/* SPDX-License-Identifier: MIT */
#include "cli/operands.h"
#include "util/interrupt.h"

int operands_match(const struct args *args, const struct session *session, const char *command,
                   uint32_t **nodes, size_t *n, struct err *err)
{
    *nodes = NULL;
    *n = 0;
    for (size_t i = 0; i < args->n_operands; i++) {
        MEM_AUTO uint32_t *found = NULL;
        size_t n_found = 0;
        if (!marks_match(session->subject, bytes_of(args->operands[i]), &found, &n_found))
            return err_set(err, "%s: %s: matches too many paths; use a narrower glob", command,
                           args->operands[i]),
                   EXIT_FAILED;
        if (!n_found)
            return err_no(err, "%s: matches no path of the subject image", args->operands[i]),
                   EXIT_NO;
        *nodes = mem_array(*nodes, *n + n_found, sizeof **nodes);
        for (size_t k = 0; k < n_found; k++)
            (*nodes)[(*n)++] = found[k];
    }
    return EXIT_DONE;
}

int operands_mark(const struct args *args, enum mark mark, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    MEM_AUTO uint32_t *nodes = NULL;
    struct bytes note = bytes_of(args->message);
    size_t n = 0;
    if (args->survivors == (args->n_operands > 0))
        return err_set(err,
                       args->survivors ? "%s: PATH and --survivors given; use one, not both"
                                       : "%s: expected a PATH",
                       mark_name(mark)),
               EXIT_FAILED;
    if (!command_open(args, DB_WRITE, &session, err) || !command_need_subject(session, err) ||
        (args->survivors && !session_settle(session, interrupt_flag(), err)))
        return EXIT_FAILED;
    int code = operands_match(args, session, mark_name(mark), &nodes, &n, err);
    if (code != EXIT_DONE)
        return code;
    bool ok = args->survivors ? session_keep_survivors(session, note, &n, err)
                              : session_set_marks_with_note(session, nodes, n, mark, note, err);
    return ok && command_settle(session, err) ? EXIT_DONE : EXIT_FAILED;
}
