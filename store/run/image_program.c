/* SPDX-License-Identifier: MIT */
#include "run/image_program.h"

#include <inttypes.h>
#include <stdlib.h>

#include "image/files/file_contents.h"
#include "image/source/platform.h"
#include "run/user_lookup.h"

/* The PATH that docker sets if the image config sets no PATH. */
#define DEFAULT_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static bool check_platform(struct db *db, struct bytes config, struct err *err)
{
    BUF_AUTO struct buf platform = {0};
    BUF_AUTO struct buf host = {0};
    struct platform_parts parts, own;
    platform_of(db, config, &platform);
    platform_of_host(&host);
    if (!platform_split(buf_bytes(&platform), &parts) || !platform_split(buf_bytes(&host), &own))
        return true; /* a root file system has no platform */
    bool is_32_bit =
        bytes_equal(parts.machine, bytes_of("386")) && bytes_equal(own.machine, bytes_of("amd64"));
    if (bytes_equal(parts.os, own.os) && (bytes_equal(parts.machine, own.machine) || is_32_bit))
        return true;
    return err_set(err,
                   "%s: an image for another platform than this machine's %s; trace it on such a "
                   "machine, or in an emulator (qemu-user)",
                   platform.p, host.p);
}

static bool add_word(void *with, struct bytes key, struct bytes value)
{
    (void)key;
    words_add(with, value);
    return true;
}

static bool read_command(struct db *db, struct bytes config, const struct program_choice *choice,
                         struct run_spec *spec, struct err *err)
{
    if (!choice->entrypoint)
        db_json_each(db, config, "$.config.Entrypoint", add_word, &spec->command);
    else if (choice->entrypoint[0])
        words_add(&spec->command, bytes_of(choice->entrypoint));
    for (size_t i = 0; i < choice->n_command; i++)
        words_add(&spec->command, bytes_of(choice->command[i]));
    if (!choice->n_command && !choice->entrypoint)
        db_json_each(db, config, "$.config.Cmd", add_word, &spec->command);
    return spec->command.n > 0 ||
           err_set(err, "image: no ENTRYPOINT and no CMD; write a command after --");
}

/* Sets NAME=VALUE, replacing an earlier value of the name. */
static void set_variable(struct words *environment, struct bytes variable)
{
    struct bytes name = bytes_from(variable.p, bytes_index(variable, '=') + 1);
    if (!variable.n || name.n > variable.n)
        return;
    for (size_t i = 0; i < environment->n; i++) {
        if (!bytes_starts(bytes_of(environment->items[i]), name))
            continue;
        free(environment->items[i]);
        environment->items[i] = mem_dup(variable);
        return;
    }
    words_add(environment, variable);
}

static bool add_variable(void *with, struct bytes key, struct bytes value)
{
    (void)key;
    set_variable(with, value);
    return true;
}

static void read_environment(struct db *db, struct bytes config,
                             const struct program_choice *choice, const char *home,
                             struct run_spec *spec)
{
    BUF_AUTO struct buf text = {0};
    struct words *environment = &spec->environment;
    set_variable(environment, bytes_of(DEFAULT_PATH));
    buf_printf(&text, "HOSTNAME=%s", spec->hostname);
    set_variable(environment, buf_bytes(&text));
    buf_clear(&text);
    buf_printf(&text, "HOME=%s", home);
    set_variable(environment, buf_bytes(&text));
    db_json_each(db, config, "$.config.Env", add_variable, environment);
    for (size_t i = 0; i < choice->n_environment; i++)
        set_variable(environment, bytes_of(choice->environment[i]));
}

static void read_stop_signal(struct db *db, struct bytes config, struct run_spec *spec)
{
    BUF_AUTO struct buf text = {0};
    if (db_json(db, config, "$.config.StopSignal", &text) && text.n && run_signal_number(text.p))
        spec->stop_signal = run_signal_number(text.p);
}

static void read_directory(struct db *db, struct bytes config, const struct program_choice *choice,
                           struct run_spec *spec)
{
    BUF_AUTO struct buf text = {0};
    if (choice->working_directory)
        buf_add(&text, bytes_of(choice->working_directory));
    else
        db_json(db, config, "$.config.WorkingDir", &text);
    free(spec->working_directory);
    spec->working_directory = mem_dup(text.n ? buf_bytes(&text) : bytes_of("/"));
}

static bool append_chunk(void *with, uint32_t node, uint64_t at, struct bytes chunk,
                         struct err *err)
{
    (void)node, (void)at, (void)err;
    buf_add(with, chunk);
    return true;
}

/* Appends a small text file of the image; appends nothing if the image has no such file. */
static bool read_text(struct file_contents *contents, const struct tree *tree, const char *path,
                      struct buf *out, struct err *err)
{
    enum { TEXT_BYTES_MAX = 1 << 20 };
    struct tree_walk walk;
    uint32_t node = tree_resolve(tree, bytes_of(path), TREE_FOLLOW, &walk);
    if (node == NODE_NONE || tree->nodes[node].kind != NODE_FILE ||
        tree->nodes[node].size > TEXT_BYTES_MAX)
        return true;
    return file_contents_each(contents, &node, 1, append_chunk, out, err);
}

static bool read_user(struct db *db, const struct tree *tree, struct bytes config,
                      const struct program_choice *choice, struct user *user, struct err *err)
{
    BUF_AUTO struct buf name = {0}, users = {0}, groups = {0};
    CONTENTS_AUTO struct file_contents *contents = NULL;
    if (choice->user)
        buf_add(&name, bytes_of(choice->user));
    else
        db_json(db, config, "$.config.User", &name);
    return file_contents_open(db, tree, NULL, &contents, err) &&
           read_text(contents, tree, "/etc/passwd", &users, err) &&
           read_text(contents, tree, "/etc/group", &groups, err) &&
           user_look_up(buf_bytes(&name), buf_bytes(&users), buf_bytes(&groups), user, err);
}

bool image_program_read(struct db *db, const struct tree *tree, struct bytes config,
                        const struct program_choice *choice, struct run_spec *spec, struct err *err)
{
    struct user user = {0};
    if (!check_platform(db, config, err) || !read_command(db, config, choice, spec, err) ||
        !read_user(db, tree, config, choice, &user, err))
        return false;
    spec->uid = user.uid;
    spec->gid = user.gid;
    buf_add(&spec->groups, buf_bytes(&user.groups));
    /* the same name in each run, so that outputs can be compared */
    spec->hostname = mem_dup(bytes_of("xsmall"));
    read_environment(db, config, choice, user.home.n ? user.home.p : "/", spec);
    read_directory(db, config, choice, spec);
    read_stop_signal(db, config, spec);
    user_finish(&user);
    return true;
}
