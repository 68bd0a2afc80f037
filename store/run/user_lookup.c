/* SPDX-License-Identifier: MIT */
#include "run/user_lookup.h"

#include <inttypes.h>
#include <stdlib.h>

/* A line of passwd: name:password:uid:gid:comment:home:shell; of group: name:password:gid:members.
 */
struct line {
    struct bytes name, third, fourth, sixth;
};

static bool next_line(struct bytes *text, struct line *out)
{
    while (text->n) {
        struct bytes rest = bytes_split(text, '\n');
        if (!rest.n || rest.p[0] == '#')
            continue;
        out->name = bytes_split(&rest, ':');
        bytes_split(&rest, ':');
        out->third = bytes_split(&rest, ':');
        out->fourth = bytes_split(&rest, ':');
        bytes_split(&rest, ':');
        out->sixth = bytes_split(&rest, ':');
        return true;
    }
    return false;
}

/* Reads a decimal id; false: text is not one. */
static bool read_id(struct bytes text, uint32_t *out)
{
    uint64_t id = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < '0' || text.p[i] > '9' || id > UINT32_MAX)
            return false;
        id = id * 10 + (uint64_t)(text.p[i] - '0');
    }
    *out = (uint32_t)id;
    return text.n > 0 && id <= INT32_MAX;
}

/* Finds the line whose name, or else whose id, is the given text. */
static bool find(struct bytes text, struct bytes word, struct line *out)
{
    uint32_t wanted = 0, id = 0;
    bool is_number = read_id(word, &wanted);
    for (struct bytes rest = text; next_line(&rest, out);)
        if (bytes_equal(out->name, word))
            return true;
    for (struct bytes rest = text; is_number && next_line(&rest, out);)
        if (read_id(out->third, &id) && id == wanted)
            return true;
    return false;
}

static bool has_member(struct bytes members, struct bytes name)
{
    while (members.n)
        if (bytes_equal(bytes_split(&members, ','), name))
            return true;
    return false;
}

static void add_groups(struct bytes group, struct bytes name, struct buf *out)
{
    struct line line;
    uint32_t id;
    while (next_line(&group, &line))
        if (has_member(line.fourth, name) && read_id(line.third, &id))
            buf_printf(out, "%s%" PRIu32, out->n ? "," : "", id);
}

static bool not_found(const char *what, struct bytes name, const char *file, struct err *err)
{
    return err_set(err, "USER %.*s: no such %s in the image's %s", (int)name.n, name.p, what, file);
}

bool user_look_up(struct bytes name, struct bytes passwd, struct bytes group, struct user *out,
                  struct err *err)
{
    struct line line;
    struct bytes group_name = name;
    struct bytes user_name = bytes_split(&group_name, ':');
    *out = (struct user){0};
    if (!user_name.n)
        user_name = bytes_of("0");
    if (find(passwd, user_name, &line)) {
        if (!read_id(line.third, &out->uid) || !read_id(line.fourth, &out->gid))
            return err_set(err, "/etc/passwd of the image: the ids of %.*s are not numbers",
                           (int)user_name.n, user_name.p);
        buf_add(&out->home, line.sixth);
        if (!group_name.n)
            add_groups(group, line.name, &out->groups);
    } else if (!read_id(user_name, &out->uid)) {
        return not_found("user", user_name, "/etc/passwd", err);
    }
    if (!group_name.n)
        return true;
    if (find(group, group_name, &line) && read_id(line.third, &out->gid))
        return true;
    if (read_id(group_name, &out->gid))
        return true;
    user_finish(out);
    return not_found("group", group_name, "/etc/group", err);
}

void user_finish(struct user *user)
{
    buf_finish(&user->groups);
    buf_finish(&user->home);
}
