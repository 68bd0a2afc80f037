/* SPDX-License-Identifier: MIT
 *
 * Paths that the image config names (OCI image-spec, config.md): commands, working directory, user
 * lists, HOME, volumes.
 */
#include "keep/closure.h"

#include <string.h>

/* The PATH that builders and engines use if the config does not set one. */
static const char DEFAULT_PATH[] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

static bool read_path(void *with, struct bytes key, struct bytes value)
{
    (void)key;
    if (bytes_starts(value, bytes_of("PATH="))) {
        buf_clear(with);
        buf_add(with, bytes_skip(value, 5));
    }
    return true;
}

static bool has_config(const struct keep_input *input)
{
    return input->db && input->config.n && db_json_valid(input->db, input->config);
}

void config_path(const struct keep_input *input, struct buf *out)
{
    BUF_AUTO struct buf path = {0};
    if (has_config(input))
        db_json_each(input->db, input->config, "$.config.Env", read_path, &path);
    buf_add(out, path.n ? buf_bytes(&path) : bytes_of(DEFAULT_PATH));
}

static bool is_number(struct bytes word)
{
    for (size_t i = 0; i < word.n; i++)
        if (word.p[i] < '0' || word.p[i] > '9')
            return false;
    return true;
}

/* The engine looks up the name of a user or group in these files when the container starts. */
static void need_user(struct closure *closure, struct bytes user)
{
    size_t colon = bytes_index(user, ':');
    if (is_number(bytes_from(user.p, colon)) && is_number(bytes_skip(user, colon + 1)))
        return;
    closure_need_file(closure, bytes_of("/etc/passwd"), &reason_config, NODE_NONE);
    closure_need_file(closure, bytes_of("/etc/group"), &reason_config, NODE_NONE);
}

static void need_directory(struct closure *closure, struct bytes path)
{
    struct tree_walk walk;
    if (!path.n || tree_resolve(closure->tree, path, TREE_FOLLOW, &walk) == NODE_NONE)
        return;
    closure_need(closure, walk.node, &reason_config, NODE_NONE);
    closure_need_links(closure, &walk, walk.node);
}

static bool need_home(void *with, struct bytes key, struct bytes value)
{
    (void)key;
    if (bytes_starts(value, bytes_of("HOME=")))
        need_directory(with, bytes_skip(value, 5));
    return true;
}

/* A volume starts as a copy of the image's directory: the directory is needed, with mode and
 * owner; of its content only the files that the evidence used. */
static bool need_volume(void *with, struct bytes key, struct bytes value)
{
    (void)value;
    need_directory(with, key);
    return true;
}

static void need_healthcheck(struct closure *closure, struct bytes cwd)
{
    const struct keep_input *input = closure->input;
    BUF_AUTO struct buf kind = {0}, word = {0};
    if (!db_json(input->db, input->config, "$.config.Healthcheck.Test[0]", &kind))
        return;
    bool is_shell = bytes_equal(buf_bytes(&kind), bytes_of("CMD-SHELL"));
    if (!is_shell && !bytes_equal(buf_bytes(&kind), bytes_of("CMD")))
        return;
    const char *where = is_shell ? "$.config.Shell[0]" : "$.config.Healthcheck.Test[1]";
    if (!db_json(input->db, input->config, where, &word) && is_shell)
        buf_add(&word, bytes_of("/bin/sh"));
    closure_need_command(closure, buf_bytes(&word), cwd, &reason_config, NODE_NONE);
}

static bool seed(struct closure *closure, void *state, struct err *err)
{
    (void)state;
    (void)err;
    static const char *const commands[] = {"$.config.Entrypoint[0]", "$.config.Cmd[0]"};
    const struct keep_input *input = closure->input;
    BUF_AUTO struct buf cwd = {0}, word = {0};
    if (!closure->n_queue || !has_config(input)) /* an empty session keeps nothing */
        return true;
    db_json(input->db, input->config, "$.config.WorkingDir", &cwd);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (db_json(input->db, input->config, commands[i], &word))
            closure_need_command(closure, buf_bytes(&word), buf_bytes(&cwd), &reason_config,
                                 NODE_NONE);
    need_healthcheck(closure, buf_bytes(&cwd));
    need_directory(closure, buf_bytes(&cwd));
    db_json_each(input->db, input->config, "$.config.Env", need_home, closure);
    db_json_each(input->db, input->config, "$.config.Volumes", need_volume, closure);
    if (db_json(input->db, input->config, "$.config.User", &word) && word.n)
        need_user(closure, buf_bytes(&word));
    return true;
}

const struct reason reason_config = {NEED_KIND("config", "paths that the image config names"),
                                     .origin = ORIGIN_CONFIG, .text = "named by the image config",
                                     .seed = seed};
