/* SPDX-License-Identifier: MIT */
#include "cli/command.h"

#include <string.h>

/* The commands, in the order of the help. Adding one: a file command_NAME.c with its row, and its
 * name here. */
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
    return session->subject || err_set(err, "%s: no image is loaded", db_path(session->db));
}
