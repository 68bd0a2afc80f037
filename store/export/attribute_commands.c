/* SPDX-License-Identifier: MIT */
#include "export/attribute_commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* An item with its index: qsort is not stable. */
struct sorted {
    const struct attributes *item;
    size_t index;
};

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static int compare_owner(const struct attributes *a, const struct attributes *b)
{
    int c = COMPARE(a->node->uid, b->node->uid);
    return c ? c : COMPARE(a->node->gid, b->node->gid);
}

static int compare_mode(const struct attributes *a, const struct attributes *b)
{
    return COMPARE(a->node->mode, b->node->mode);
}

static int compare_second(const struct attributes *a, const struct attributes *b)
{
    return COMPARE(a->node->mtime_s, b->node->mtime_s);
}

static int compare_time(const struct attributes *a, const struct attributes *b)
{
    int c = COMPARE(a->node->mtime_s, b->node->mtime_s);
    return c ? c : COMPARE(a->node->mtime_ns, b->node->mtime_ns);
}

/* A kind of command: chown, chmod or touch. */
struct pass {
    int (*compare)(const struct attributes *a, const struct attributes *b);
    bool (*wants)(const struct attributes *item);
    void (*command)(const struct attributes *item, struct buf *before);
    const char *after;
};

static bool wants_owner(const struct attributes *item)
{
    return item->give_owner;
}

static bool wants_mode(const struct attributes *item)
{
    return item->give_mode && !item->is_link;
}

static bool wants_time(const struct attributes *item)
{
    (void)item;
    return true;
}

static void owner_command(const struct attributes *item, struct buf *before)
{
    buf_printf(before, "chown%s %u:%u --", item->is_link ? " -h" : "", item->node->uid,
               item->node->gid);
}

static void mode_command(const struct attributes *item, struct buf *before)
{
    buf_printf(before, "chmod %04o --", item->node->mode);
}

static bool wants_fraction(const struct attributes *item)
{
    return item->node->mtime_ns != 0;
}

static void second_command(const struct attributes *item, struct buf *before)
{
    buf_printf(before, "touch%s -d @%" PRId64 " --", item->is_link ? " -h" : "",
               item->node->mtime_s);
}

static void time_command(const struct attributes *item, struct buf *before)
{
    buf_printf(before, "touch%s -d @%" PRId64 ".%09u --", item->is_link ? " -h" : "",
               item->node->mtime_s, item->node->mtime_ns);
}

/* busybox's touch accepts only whole seconds: files for which it fails already have the seconds. */
static const struct pass passes[] = {
    {compare_owner, wants_owner, owner_command, ""},
    {compare_mode, wants_mode, mode_command, ""},
    {compare_second, wants_time, second_command, ""},
    {compare_time, wants_fraction, time_command, " 2>/dev/null || :"},
};

static int compare_sorted(const void *a, const void *b, void *with)
{
    const struct sorted *x = a, *y = b;
    int c = COMPARE(x->item->is_link, y->item->is_link);
    if (!c)
        c = ((const struct pass *)with)->compare(x->item, y->item);
    return c ? c : COMPARE(y->index, x->index);
}

static bool write_group(struct script *script, struct bytes dir, const struct pass *pass,
                        const struct sorted *group, size_t n)
{
    BUF_AUTO struct buf before = {0};
    MEM_AUTO struct bytes *names = mem_array(NULL, n, sizeof *names);
    for (size_t i = 0; i < n; i++)
        names[i] = group[i].item->name;
    pass->command(group[0].item, &before);
    return script_command(script, dir, before.p, names, n, pass->after, SCRIPT_SPLIT);
}

static bool write_pass(struct script *script, struct bytes dir, const struct pass *pass,
                       const struct attributes *items, size_t n)
{
    MEM_AUTO struct sorted *sorted = mem_array(NULL, n, sizeof *sorted);
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (pass->wants(&items[i]))
            sorted[count++] = (struct sorted){&items[i], i};
    qsort_r(sorted, count, sizeof *sorted, compare_sorted, (void *)pass);
    for (size_t i = 0, next; i < count; i = next) {
        for (next = i + 1; next < count; next++)
            if (sorted[next].item->is_link != sorted[i].item->is_link ||
                pass->compare(sorted[i].item, sorted[next].item))
                break;
        if (!write_group(script, dir, pass, sorted + i, next - i))
            return false;
    }
    return true;
}

bool attributes_write(struct script *script, struct bytes dir, const struct attributes *items,
                      size_t n)
{
    for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
        if (!write_pass(script, dir, &passes[i], items, n))
            return false;
    return true;
}
