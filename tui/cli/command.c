/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <string.h>
#include <unistd.h>

#include "cli/suggestion.h"

#include "cli/output.h"
#include "util/interrupt.h"

/* The commands, in the order of the help. To add one, write a file command_NAME.c with its row, and
 * add its name here. */
#define COMMANDS(X)                                                                                \
    X(load)                                                                                        \
    X(chain)                                                                                       \
    X(lines)                                                                                       \
    X(files)                                                                                       \
    X(keep)                                                                                        \
    X(drop)                                                                                        \
    X(auto)                                                                                        \
    X(why)                                                                                         \
    X(breaks)                                                                                      \
    X(families)                                                                                    \
    X(export)                                                                                      \
    X(report)                                                                                      \
    X(run)                                                                                         \
    X(check)                                                                                       \
    X(trace)                                                                                       \
    X(extract)                                                                                     \
    X(diff)                                                                                        \
    X(sql)                                                                                         \
    X(help)

#define DECLARE(name) extern const struct command command_##name;
COMMANDS(DECLARE)
#undef DECLARE

const struct command *const commands[] = {
#define ROW(name) &command_##name,
    COMMANDS(ROW)
#undef ROW
        NULL,
};

const struct command *command_find(const char *name)
{
    for (const struct command *const *command = commands; *command; command++)
        if (!strcmp((*command)->name, name))
            return *command;
    return NULL;
}

/* Returns whether a word consists of letters and - only, as names of commands do. */
static bool is_plain_word(const char *word)
{
    return *word && word[strspn(word, "abcdefghijklmnopqrstuvwxyz-")] == 0 && *word != '-';
}

bool command_check_operand(const char *operand, struct err *err)
{
    struct suggestion similar = {0};
    if (!is_plain_word(operand) || access(operand, F_OK) == 0)
        return true;
    for (const struct command *const *command = commands; *command; command++)
        suggestion_try(&similar, operand, (*command)->name);
    if (similar.best)
        return err_set(err, "%s: unknown command; did you mean \"%s\"?", operand, similar.best);
    return err_set(err, "%s: no such file or command; run xsmall help", operand);
}

void command_warn_unsettled(const struct err *why)
{
    BUF_AUTO struct buf text = {0};
    buf_printf(&text,
               "warning: the change is stored, but not all tables are updated: %s; a later "
               "command updates them",
               why->text);
    output_error(buf_bytes(&text));
}

bool command_settle(struct session *session, struct err *err)
{
    struct err why;
    if (session_settle(session, interrupt_flag(), &why))
        return true;
    if (session->chain_err.kind != ERR_NONE)
        return err_copy(err, &why);
    command_warn_unsettled(&why);
    return true;
}

int command_failed(const struct err *err)
{
    return err->kind == ERR_NO ? EXIT_NO : EXIT_FAILED;
}

bool command_open(const struct args *args, enum db_mode mode, struct session **out, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    return session_find_path(args->session_path, NULL, 0, (struct image_choice){0}, &path, err) &&
           session_open(path.p, mode, out, err);
}

void command_close(struct session **session)
{
    session_close(*session);
}

bool command_need_subject(const struct session *session, struct err *err)
{
    return session->subject ||
           err_set(err, "%s: no image is loaded; run xsmall load IMAGE", db_path(session->db));
}
