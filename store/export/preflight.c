/* SPDX-License-Identifier: MIT
 *
 * Sources: OCI image-spec, config.md. Engines look up programs like exec(3), with the config's
 * PATH, in WorkingDir.
 */
#include "export/preflight.h"

#include <stdlib.h>
#include <string.h>

#include "export/quote.h"
#include "image/files/file_contents.h"
#include "keep/breaks.h"
#include "util/path.h"

struct checking {
    struct preflight *out;
    const struct mapped_tree *mapped;
    const struct keep_input *input;
    struct tree *final; /* owned */
    struct buf path;    /* value of PATH */
    struct buf cwd;
};

static bool get(const struct checking *g, const char *path, struct buf *out)
{
    buf_clear(out);
    return db_json(g->input->db, g->input->config, path, out) && out->n;
}

static void add_row(struct checking *g, const char *key, struct bytes value, struct bytes warning)
{
    struct preflight *out = g->out;
    ARRAY_ROOM(out->rows, out->n, out->cap);
    out->rows[out->n++] = (struct preflight_row){.key = key,
                                                 .value = arena_copy(&out->arena, value),
                                                 .warning = arena_copy(&out->arena, warning)};
}

/* What the look-up of a program finds; a greater value is closer to a program that starts. */
enum found { FOUND_NOTHING, FOUND_DIR, FOUND_FILE /* without execute permission */, FOUND_PROGRAM };

static enum found found_at(const struct checking *g, struct bytes path)
{
    struct tree_walk walk;
    uint32_t node = tree_resolve(g->final, path, TREE_FOLLOW, &walk);
    if (node == NODE_NONE)
        return FOUND_NOTHING;
    if (g->final->nodes[node].kind != NODE_FILE)
        return g->final->nodes[node].kind == NODE_DIR ? FOUND_DIR : FOUND_FILE;
    return g->final->nodes[node].mode & 0111 ? FOUND_PROGRAM : FOUND_FILE;
}

static enum found find_program(const struct checking *g, struct bytes word)
{
    enum found best = FOUND_NOTHING;
    BUF_AUTO struct buf path = {0}, name = {0};
    if (bytes_index(word, '/') < word.n) {
        path_absolute(g->cwd.n ? buf_bytes(&g->cwd) : bytes_of("/"), word, &path);
        return found_at(g, buf_bytes(&path));
    }
    for (struct bytes dirs = buf_bytes(&g->path); dirs.n;) {
        struct bytes dir = bytes_split(&dirs, ':');
        buf_clear(&name);
        buf_add(&name, dir);
        buf_byte(&name, '/');
        buf_add(&name, word);
        path_absolute(bytes_of("/"), buf_bytes(&name), &path);
        enum found found = found_at(g, buf_bytes(&path));
        best = found > best ? found : best;
    }
    return best;
}

static void check_program(const struct checking *g, struct bytes word, const char *what,
                          struct buf *warning)
{
    static const char *const states[] = {
        [FOUND_DIR] = "is a directory in the slim image, not a program",
        [FOUND_FILE] = "is in the slim image, but is not executable",
    };
    enum found found = word.n ? find_program(g, word) : FOUND_PROGRAM;
    if (found == FOUND_PROGRAM)
        return;
    quote_comment(word, warning);
    buf_printf(warning, " %s", found == FOUND_NOTHING ? what : states[found]);
}

/* Checks Entrypoint and Cmd: the first word of both together is the program. Shell form is
 * ["/bin/sh",
 * "-c", …]. */
static void preflight_commands(struct checking *g)
{
    static const struct {
        const char *key, *whole, *first, *second;
    } commands[] = {
        {"Entrypoint", "$.config.Entrypoint", "$.config.Entrypoint[0]", "$.config.Entrypoint[1]"},
        {"Cmd", "$.config.Cmd", "$.config.Cmd[0]", "$.config.Cmd[1]"}};
    bool started = false;
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        BUF_AUTO struct buf whole = {0}, first = {0}, second = {0}, warning = {0};
        if (!get(g, commands[i].whole, &whole))
            continue;
        bool has = get(g, commands[i].first, &first);
        get(g, commands[i].second, &second);
        bool shell = bytes_equal(buf_bytes(&second), bytes_of("-c"));
        if (has && !started)
            check_program(g, buf_bytes(&first),
                          shell ? "is the shell of this command and is missing in the slim image"
                                : "is not found through PATH in the slim image",
                          &warning);
        started = started || has;
        add_row(g, commands[i].key, buf_bytes(&whole), buf_bytes(&warning));
    }
}

static void preflight_health(struct checking *g)
{
    BUF_AUTO struct buf whole = {0}, kind = {0}, word = {0}, warning = {0};
    if (!get(g, "$.config.Healthcheck", &whole))
        return;
    get(g, "$.config.Healthcheck.Test[0]", &kind);
    if (bytes_equal(buf_bytes(&kind), bytes_of("CMD-SHELL"))) {
        if (!get(g, "$.config.Shell[0]", &word))
            buf_add(&word, bytes_of("/bin/sh"));
    } else if (bytes_equal(buf_bytes(&kind), bytes_of("CMD"))) {
        get(g, "$.config.Healthcheck.Test[1]", &word);
    }
    check_program(g, buf_bytes(&word), "runs the health check and is missing in the slim image",
                  &warning);
    add_row(g, "Healthcheck", buf_bytes(&whole), buf_bytes(&warning));
}

static void preflight_workdir(struct checking *g)
{
    struct tree_walk walk;
    BUF_AUTO struct buf path = {0}, warning = {0};
    if (!g->cwd.n)
        return;
    path_absolute(bytes_of("/"), buf_bytes(&g->cwd), &path);
    uint32_t node = tree_resolve(g->final, buf_bytes(&path), TREE_FOLLOW, &walk);
    if (node == NODE_NONE || g->final->nodes[node].kind != NODE_DIR) {
        quote_comment(buf_bytes(&path), &warning);
        buf_add(&warning, bytes_of(" is not a directory in the slim image; the engine creates it: "
                                   "empty, mode 0755, owner root"));
    }
    add_row(g, "WorkingDir", buf_bytes(&g->cwd), buf_bytes(&warning));
}

static bool take_text(void *with, uint32_t node, uint64_t at, struct bytes chunk, struct err *err)
{
    enum { TEXT_MAX = 16 * 1024 * 1024 };
    struct buf *text = with;
    (void)node;
    (void)at;
    if (text->n + chunk.n > TEXT_MAX)
        return err_set(err, "the file is larger than 16 MiB");
    buf_add(text, chunk);
    return true;
}

/* Returns whether a line begins with NAME: (passwd(5), group(5)). */
static bool lists_name(struct bytes text, struct bytes name)
{
    while (text.n) {
        struct bytes line = bytes_split(&text, '\n');
        if (bytes_starts(line, name) && line.n > name.n && line.p[name.n] == ':')
            return true;
    }
    return false;
}

/* Checks that the slim image's list contains the name. If the list is the subject's, the name is in
 * it; only a list from the base is read. */
static void check_name(struct checking *g, const char *list, struct bytes name, struct buf *warning)
{
    const struct tree *subject = g->mapped->source, *base = g->input->base;
    struct tree_walk walk;
    uint32_t final_node = tree_resolve(g->final, bytes_of(list), TREE_FOLLOW, &walk);
    uint32_t subject_node = tree_resolve(subject, bytes_of(list), TREE_FOLLOW, &walk);
    bool number = true;
    for (size_t i = 0; i < name.n; i++)
        number = number && name.p[i] >= '0' && name.p[i] <= '9';
    if (number ||
        (final_node != NODE_NONE && subject_node != NODE_NONE &&
         !memcmp(g->final->nodes[final_node].hash, subject->nodes[subject_node].hash, 16)))
        return;
    BUF_AUTO struct buf text = {0};
    uint32_t base_node = base ? tree_resolve(base, bytes_of(list), TREE_FOLLOW, &walk) : NODE_NONE;
    if (final_node != NODE_NONE && base_node != NODE_NONE &&
        base->nodes[base_node].kind == NODE_FILE) {
        CONTENTS_AUTO struct file_contents *contents = NULL;
        struct err err;
        if (!file_contents_open(g->input->db, base, NULL, &contents, &err) ||
            !file_contents_each(contents, &base_node, 1, take_text, &text, &err)) {
            buf_printf(warning, "%scannot read %s of the base: ", warning->n ? ", " : "", list);
            quote_comment(bytes_of(err.text), warning);
            return;
        }
    }
    if (lists_name(buf_bytes(&text), name))
        return;
    buf_add(warning, bytes_of(warning->n ? ", " : ""));
    quote_comment(name, warning);
    buf_printf(warning, " is not listed in %s of the slim image", list);
}

static void preflight_user(struct checking *g)
{
    BUF_AUTO struct buf user = {0}, warning = {0};
    if (!get(g, "$.config.User", &user))
        return;
    struct bytes whole = buf_bytes(&user);
    size_t colon = bytes_index(whole, ':');
    check_name(g, "/etc/passwd", bytes_from(whole.p, colon), &warning);
    check_name(g, "/etc/group", bytes_skip(whole, colon + 1), &warning);
    add_row(g, "User", whole, buf_bytes(&warning));
}

static void preflight_others(struct checking *g)
{
    static const char *const keys[] = {"Env",        "Labels", "ExposedPorts", "Volumes",
                                       "StopSignal", "Shell",  "OnBuild"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        BUF_AUTO struct buf path = {0}, value = {0};
        buf_printf(&path, "$.config.%s", keys[i]);
        if (get(g, path.p, &value))
            add_row(g, keys[i], buf_bytes(&value), bytes_of(""));
    }
}

/* A walk along WorkingDir in the slim image. */
struct workdir {
    struct buf path;    /* absolute */
    struct buf made;    /* directories that do not exist, each followed by a NUL */
    struct buf blocked; /* the first path that is not a directory; n 0: no such path */
};

static void workdir_finish(struct workdir *w)
{
    buf_finish(&w->path);
    buf_finish(&w->made);
    buf_finish(&w->blocked);
}
#define WORKDIR_AUTO __attribute__((cleanup(workdir_finish)))

/* Follows links. Stops at a dangling link: builders differ in what they create there. */
static void walk_workdir(struct workdir *w, const struct tree *final)
{
    BUF_AUTO struct buf real = {0}, next = {0};
    struct bytes part, rest = buf_bytes(&w->path);
    while ((part = path_next(&rest)).n) {
        struct tree_walk walk;
        buf_clear(&next);
        buf_printf(&next, "%s/%.*s", real.n > 1 ? real.p : "", (int)part.n, part.p);
        buf_clear(&real);
        buf_add(&real, buf_bytes(&next));
        if (w->made.n) { /* nothing exists below a directory that does not exist */
            buf_add(&w->made, bytes_from(real.p, real.n + 1));
            continue;
        }
        uint32_t node = tree_resolve(final, buf_bytes(&next), TREE_FOLLOW, &walk);
        if (node == NODE_NONE && tree_find(final, buf_bytes(&next)) == NODE_NONE) {
            buf_add(&w->made, bytes_from(real.p, real.n + 1));
        } else if (node == NODE_NONE) {
            return;
        } else if (final->nodes[node].kind != NODE_DIR) {
            buf_add(&w->blocked, buf_bytes(&next));
            return;
        } else {
            buf_clear(&real);
            tree_path(final, node, &real);
        }
    }
}

static void find_workdir(const struct mapped_tree *mapped, struct workdir *w)
{
    const struct keep_input *input = &mapped->input;
    BUF_AUTO struct buf cwd = {0};
    if (!input->db || !input->config.n || !db_json_valid(input->db, input->config) ||
        !db_json(input->db, input->config, "$.config.WorkingDir", &cwd) || !cwd.n)
        return;
    path_absolute(bytes_of("/"), buf_bytes(&cwd), &w->path);
    struct tree *final = final_tree(input, mapped->keep);
    walk_workdir(w, final);
    tree_destroy(final);
}

bool preflight_can_start(const struct mapped_tree *mapped, struct err *err)
{
    WORKDIR_AUTO struct workdir w = {0};
    BUF_AUTO struct buf path = {0}, blocked = {0};
    find_workdir(mapped, &w);
    if (!w.blocked.n)
        return true;
    quote_comment(buf_bytes(&w.path), &path);
    quote_comment(buf_bytes(&w.blocked), &blocked);
    return err_no(err,
                  "WorkingDir: %s cannot be created, because %s is not a directory in the slim "
                  "image; drop %s, or change WorkingDir of the subject image",
                  path.p, blocked.p, blocked.p);
}

void preflight_made_dirs(const struct mapped_tree *mapped, struct buf *out)
{
    WORKDIR_AUTO struct workdir w = {0};
    find_workdir(mapped, &w);
    buf_add(out, buf_bytes(&w.made));
}

void preflight_make(struct preflight *preflight, const struct mapped_tree *mapped)
{
    const struct keep_input *input = &mapped->input;
    *preflight = (struct preflight){0};
    if (!input->db || !input->config.n || !db_json_valid(input->db, input->config))
        return;
    struct checking g = {.out = preflight, .mapped = mapped, .input = input};
    g.final = final_tree(input, mapped->keep);
    config_path(input, &g.path);
    get(&g, "$.config.WorkingDir", &g.cwd);
    preflight_others(&g);
    preflight_health(&g);
    preflight_workdir(&g);
    preflight_user(&g);
    preflight_commands(&g);
    tree_destroy(g.final);
    buf_finish(&g.path);
    buf_finish(&g.cwd);
}

void preflight_finish(struct preflight *preflight)
{
    free(preflight->rows);
    arena_finish(&preflight->arena);
    *preflight = (struct preflight){0};
}

void preflight_warnings(const struct preflight *preflight, struct buf *out)
{
    for (size_t i = 0; i < preflight->n; i++) {
        if (!preflight->rows[i].warning.n)
            continue;
        buf_printf(out, "%s: ", preflight->rows[i].key);
        buf_add(out, preflight->rows[i].warning);
        buf_byte(out, '\n');
    }
}

void preflight_add_warnings(const struct mapped_tree *mapped, struct buf *out)
{
    struct preflight preflight;
    preflight_make(&preflight, mapped);
    preflight_warnings(&preflight, out);
    preflight_finish(&preflight);
}
