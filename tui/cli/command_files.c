/* SPDX-License-Identifier: MIT
 *
 * xsmall files, keep, drop, auto and why.
 */
#include "cli/command.h"

#include <stdio.h>
#include <stdlib.h>

#include "cli/output.h"

bool command_need_subject(const struct session *session, struct err *err)
{
    return session->subject || err_set(err, "%s: no image is loaded", db_path(session->db));
}

static bool is_listed(const struct verdict *verdict, enum files_which which)
{
    switch (which) {
    case FILES_KEPT:
        return verdict->kept;
    case FILES_IN_BASE:
        return verdict->needed && !verdict->kept;
    case FILES_DROPPED:
        return !verdict->needed;
    case FILES_ALL:
        return true;
    }
    return false;
}

struct line {
    struct bytes path;
};

static int compare_lines(const void *a, const void *b)
{
    return bytes_compare(((const struct line *)a)->path, ((const struct line *)b)->path);
}

/* Nodes stand in C order by component; the list is in C order of the whole paths, as sort(1) has
 * them: "/a-b" before "/a/c". */
static void print_files(const struct session *session, enum files_which which, char end)
{
    struct arena arena = {0};
    MEM_AUTO struct line *lines = mem_array(NULL, session->subject->n, sizeof *lines);
    BUF_AUTO struct buf path = {0};
    size_t n = 0;
    for (uint32_t node = 0; node < session->subject->n; node++) {
        if (!is_listed(&session->keep->verdicts[node], which))
            continue;
        buf_clear(&path);
        tree_path(session->subject, node, &path);
        lines[n++].path = arena_copy(&arena, buf_bytes(&path));
    }
    qsort(lines, n, sizeof *lines, compare_lines);
    for (size_t i = 0; i < n; i++) {
        output_word(stdout, lines[i].path);
        putchar(end);
    }
    arena_finish(&arena);
}

int command_files(const struct args *args, struct err *err)
{
    XSMALL_AUTO struct session *session = NULL;
    if (args->kept + args->in_base + args->dropped + args->all > 1)
        return err_set(err, "files: one of --kept, --in-base, --dropped, --all"), EXIT_FAILED;
    if (args->n_operands)
        return err_set(err, "files: takes no operands (see --help)"), EXIT_FAILED;
    if (!command_open(args, DB_READ, &session, err) || !command_need_subject(session, err) ||
        !session_settle(session, NULL, err))
        return EXIT_FAILED;
    enum files_which which = args->in_base   ? FILES_IN_BASE
                             : args->dropped ? FILES_DROPPED
                             : args->all     ? FILES_ALL
                                             : FILES_KEPT;
    print_files(session, which, args->zero ? 0 : '\n');
    return output_finish(err) ? EXIT_DONE : EXIT_FAILED;
}

int command_match(const struct args *args, const struct session *session, const char *command,
                  uint32_t **nodes, size_t *n, struct err *err)
{
    *nodes = NULL;
    *n = 0;
    for (size_t i = 0; i < args->n_operands; i++) {
        MEM_AUTO uint32_t *found = NULL;
        size_t n_found = 0;
        if (!marks_match(session->subject, bytes_of(args->operands[i]), &found, &n_found))
            return err_set(err, "%s: %s: too many matches", command, args->operands[i]),
                   EXIT_FAILED;
        if (!n_found)
            return err_no(err, "%s: matches nothing in the image", args->operands[i]), EXIT_NO;
        *nodes = mem_array(*nodes, *n + n_found, sizeof **nodes);
        for (size_t k = 0; k < n_found; k++)
            (*nodes)[(*n)++] = found[k];
    }
    return EXIT_DONE;
}

static int set_marks(const struct args *args, enum mark mark, struct err *err)
{
    XSMALL_AUTO struct session *session = NULL;
    MEM_AUTO uint32_t *nodes = NULL;
    struct bytes note = bytes_of(args->message);
    size_t n = 0;
    if (args->survivors == (args->n_operands > 0))
        return err_set(err,
                       args->survivors ? "%s: PATH or --survivors, not both"
                                       : "%s: a PATH is missing",
                       mark_name(mark)),
               EXIT_FAILED;
    if (!command_open(args, DB_WRITE, &session, err) || !command_need_subject(session, err) ||
        (args->survivors && !session_settle(session, NULL, err)))
        return EXIT_FAILED;
    int code = command_match(args, session, mark_name(mark), &nodes, &n, err);
    if (code != EXIT_DONE)
        return code;
    bool ok = args->survivors ? session_keep_survivors(session, note, &n, err)
                              : session_set_marks_with_note(session, nodes, n, mark, note, err);
    return ok && session_settle(session, NULL, err) ? EXIT_DONE : EXIT_FAILED;
}

static bool switch_closure(const struct args *args, struct err *err)
{
    XSMALL_AUTO struct session *session = NULL;
    if (!command_open(args, DB_WRITE, &session, err))
        return false;
    unsigned off = session->marks->closure_off;
    return switches_parse(bytes_of(args->closure), &off, err) &&
           session_set_switches(session, off, err) && session_settle(session, NULL, err);
}

int command_keep(const struct args *args, struct err *err)
{
    if (args->closure && !switch_closure(args, err))
        return EXIT_FAILED;
    return args->closure && !args->n_operands && !args->survivors ? EXIT_DONE
                                                                  : set_marks(args, MARK_KEEP, err);
}

int command_drop(const struct args *args, struct err *err)
{
    return set_marks(args, MARK_DROP, err);
}

int command_auto(const struct args *args, struct err *err)
{
    return set_marks(args, MARK_AUTO, err);
}

int command_why(const struct args *args, struct err *err)
{
    XSMALL_AUTO struct session *session = NULL;
    if (args->n_operands != 1)
        return err_set(err, "why: one PATH"), EXIT_FAILED;
    if (!command_open(args, DB_READ, &session, err) || !command_need_subject(session, err) ||
        !session_settle(session, NULL, err))
        return EXIT_FAILED;
    MEM_AUTO uint32_t *nodes = NULL;
    size_t n = 0;
    marks_match(session->subject, bytes_of(args->operands[0]), &nodes, &n);
    if (!n)
        return err_no(err, "%s: not in the image", args->operands[0]), EXIT_NO;
    bool kept = true;
    for (size_t i = 0; i < n; i++) {
        BUF_AUTO struct buf text = {0};
        if (!session_why(session, nodes[i], &text, err))
            return EXIT_FAILED;
        output_bytes(stdout, buf_bytes(&text));
        kept = kept && session->keep->verdicts[nodes[i]].needed;
    }
    if (!output_finish(err))
        return EXIT_FAILED;
    return kept ? EXIT_DONE : EXIT_NO;
}
