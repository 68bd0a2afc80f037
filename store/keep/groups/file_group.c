/* SPDX-License-Identifier: MIT */
#include "keep/groups/file_group.h"

#include <stdlib.h>
#include <string.h>

#include "shipped_families.h" /* made by the build from share/families */
#include "util/user_files.h"
#include "util/path.h"
#include "util/text.h"

static const char suffix[] = ".family";

enum { MAX_DEPTH = 60 /* components of a glob; less than the limit of marks_match */ };

void file_group_directory(struct buf *out)
{
    user_files_directory("families", out);
}

static struct bytes trimmed(struct bytes line)
{
    while (line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
        line = bytes_skip(line, 1);
    while (line.n && strchr(" \t\r", line.p[line.n - 1]) && line.p[line.n - 1])
        line.n--;
    return line;
}

/* Returns the line without the comment at its end. */
static struct bytes without_comment(struct bytes line)
{
    for (size_t i = 1; i < line.n; i++)
        if (line.p[i] == '#' && (line.p[i - 1] == ' ' || line.p[i - 1] == '\t'))
            return trimmed(bytes_from(line.p, i));
    return line;
}

static bool check_text(struct bytes text, struct err *err)
{
    if (memchr(text.p, 0, text.n))
        return err_set(err, "the line contains a NUL byte");
    return text_is_utf8(text) || err_set(err, "the line is not UTF-8");
}

static const char *const glob_keys[N_FILE_GROUP_GLOBS] = {
    [FILE_GROUP_USED] = "used", [FILE_GROUP_NEEDED] = "needed", [FILE_GROUP_MEMBER] = "member"};

static bool add_glob(struct file_group *group, enum file_group_glob kind, struct bytes glob,
                     struct arena *arena, struct err *err)
{
    size_t depth = 0;
    struct bytes rest = glob;
    if (glob.n < 2 || glob.p[0] != '/')
        return err_set(err, "the glob must begin with \"/\" and name something below it");
    for (struct bytes part; (part = path_next(&rest)).n; depth++)
        if (bytes_equal(part, bytes_of("..")))
            return err_set(err, "the glob must not contain \"..\"");
    if (depth > MAX_DEPTH)
        return err_set(err, "the glob has more than %d components", MAX_DEPTH);
    if (group->n_globs[kind] == FILE_GROUP_MAX_GLOBS)
        return err_set(err, "more than %d lines \"%s:\"", FILE_GROUP_MAX_GLOBS, glob_keys[kind]);
    if (!group->globs[kind])
        group->globs[kind] = arena_alloc(arena, FILE_GROUP_MAX_GLOBS * sizeof **group->globs);
    group->globs[kind][group->n_globs[kind]++] = arena_copy(arena, glob);
    return true;
}

static bool parse_line(struct bytes line, struct arena *arena, struct file_group *group,
                       struct err *err)
{
    if (!check_text(line, err))
        return false;
    struct bytes key = trimmed(bytes_from(line.p, bytes_index(line, ':')));
    struct bytes value = trimmed(bytes_skip(line, bytes_index(line, ':') + 1));
    if (bytes_equal(key, bytes_of("ask"))) {
        if (group->ask.n || !value.n || value.n > FILE_GROUP_MAX_ASK)
            return err_set(err, "expected one line \"ask:\" with 1 to %d bytes",
                           FILE_GROUP_MAX_ASK);
        group->ask = arena_copy(arena, value);
        return true;
    }
    for (enum file_group_glob kind = 0; kind < N_FILE_GROUP_GLOBS; kind++)
        if (bytes_equal(key, bytes_of(glob_keys[kind])))
            return add_glob(group, kind, without_comment(value), arena, err);
    return err_set(err, "unknown key; expected ask:, used:, needed: or member:");
}

/* If the first line is a comment, it is the description. */
static void read_about(struct bytes text, struct arena *arena, struct file_group *group)
{
    struct bytes line = trimmed(bytes_from(text.p, bytes_index(text, '\n')));
    struct err ignored;
    if (bytes_starts(line, bytes_of("#")) && check_text(line, &ignored))
        group->about = arena_copy(arena, trimmed(bytes_skip(line, 1)));
}

bool file_group_parse(struct bytes text, const char *file, struct arena *arena,
                      struct file_group *out, struct err *err)
{
    struct bytes rest = text;
    read_about(text, arena, out);
    for (size_t number = 1; rest.n; number++) {
        struct bytes line = bytes_split(&rest, '\n');
        line = trimmed(line);
        if (line.n && line.p[0] != '#' && !parse_line(line, arena, out, err))
            return err_wrap(err, "%s:%zu", file, number);
    }
    return out->n_globs[FILE_GROUP_MEMBER] > 0 ||
           err_set(err, "%s: no line \"member:\"; add one for each path of the group", file);
}

static void set_error(struct file_group *group, const struct err *err, struct arena *arena)
{
    group->error = arena_copy(arena, bytes_of(err->text));
    memset(group->n_globs, 0, sizeof group->n_globs);
}

static void read_own(const char *dir, const char *name, struct arena *arena,
                     struct file_group *group)
{
    BUF_AUTO struct buf text = {0}, path = {0};
    struct err err = {0};
    *group = (struct file_group){.name = arena_copy(arena, bytes_of(name)), .own = true};
    buf_printf(&path, "%s/%s%s", dir, name, suffix);
    if (user_files_read(dir, name, suffix, FILE_GROUP_MAX_BYTES, &text, &err) == LOOKUP_ERR ||
        !file_group_parse(buf_bytes(&text), path.p, arena, group, &err))
        set_error(group, &err, arena);
}

static void read_shipped(const struct shipped_family *shipped, struct arena *arena,
                         struct file_group *group)
{
    BUF_AUTO struct buf path = {0};
    struct err err = {0};
    *group = (struct file_group){.name = bytes_of(shipped->name)};
    buf_printf(&path, "%s%s", shipped->name, suffix);
    if (!file_group_parse(bytes_from((const char *)shipped->text, shipped->n_bytes), path.p, arena,
                          group, &err))
        set_error(group, &err, arena);
}

bool file_group_list_read(const char *dir, struct file_group_list *out, struct err *err)
{
    char **names;
    size_t n_own, cap = 0;
    *out = (struct file_group_list){0};
    if (!user_files_names(dir, suffix, &names, &n_own, err))
        return false;
    for (size_t i = 0; i < n_own && n_own <= FILE_GROUP_MAX_OWN; i++) {
        ARRAY_ROOM(out->list, out->n, cap);
        read_own(dir, names[i], &out->arena, &out->list[out->n++]);
    }
    user_files_free_names(names, n_own);
    if (n_own > FILE_GROUP_MAX_OWN)
        return err_set(err, "%s: more than %d files *.family; remove some", dir,
                       FILE_GROUP_MAX_OWN);
    for (const struct shipped_family *shipped = shipped_families; shipped->name; shipped++) {
        if (file_group_list_find(out, bytes_of(shipped->name)))
            continue;
        ARRAY_ROOM(out->list, out->n, cap);
        read_shipped(shipped, &out->arena, &out->list[out->n++]);
    }
    return true;
}

void file_group_list_finish(struct file_group_list *groups)
{
    free(groups->list);
    arena_finish(&groups->arena);
    *groups = (struct file_group_list){0};
}

const struct file_group *file_group_list_find(const struct file_group_list *groups,
                                              struct bytes name)
{
    for (size_t i = 0; i < groups->n; i++)
        if (bytes_equal(groups->list[i].name, name))
            return &groups->list[i];
    return NULL;
}
