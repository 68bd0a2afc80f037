/* SPDX-License-Identifier: MIT */
#include "app/completion.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "app/actions.h"

struct candidates {
    struct bytes begin; /* the typed prefix of a candidate */
    struct buf common;  /* the common prefix of all candidates so far */
    const char *end;    /* appended if there is exactly one candidate */
    struct buf *list;
    size_t n;
};

static void add_candidate(struct candidates *candidates, struct bytes name, const char *end)
{
    if (!bytes_starts(name, candidates->begin))
        return;
    if (candidates->n++ == 0) {
        buf_add(&candidates->common, name);
        candidates->end = end;
    }
    size_t same = 0;
    while (same < candidates->common.n && same < name.n &&
           candidates->common.p[same] == name.p[same])
        same++;
    while (same > candidates->begin.n && same < name.n && (name.p[same] & 0xc0) == 0x80)
        same--; /* do not end inside a code point */
    candidates->common.n = same;
    if (candidates->list->n + name.n + 2 > COMPLETE_MAX_LIST)
        return;
    if (candidates->list->n)
        buf_add(candidates->list, bytes_of("  "));
    buf_add(candidates->list, name);
    if (end[0] == '/')
        buf_byte(candidates->list, '/');
}

/* Appends the text before the candidates and their common prefix. Returns the number of candidates
 * and frees them. */
static size_t finish_text(struct candidates *candidates, struct bytes before, struct buf *text)
{
    buf_add(text, before);
    buf_add(text, candidates->n ? bytes_from(candidates->common.p, candidates->common.n)
                                : candidates->begin);
    if (candidates->n == 1)
        buf_add(text, bytes_of(candidates->end));
    if (candidates->n < 2)
        buf_clear(candidates->list);
    buf_finish(&candidates->common);
    return candidates->n;
}

static void add_names(struct candidates *candidates)
{
    for (enum action action = 1; action < actions_end(); action++)
        add_candidate(candidates, bytes_of(action_info(action).name),
                      action_argument(action) ? " " : "");
}

size_t complete_names(struct bytes typed, struct buf *list)
{
    struct candidates candidates = {.begin = typed, .list = list};
    add_names(&candidates);
    buf_finish(&candidates.common);
    return candidates.n;
}

/* Returns the length of a path up to its last component, with the slash. */
static size_t directory_length(struct bytes path)
{
    size_t slash = bytes_rindex(path, '/');
    return slash < path.n ? slash + 1 : 0;
}

static void add_nodes(struct candidates *candidates, const struct tree *tree, struct bytes dir)
{
    BUF_AUTO struct buf path = {0};
    struct tree_walk walk;
    if (!bytes_starts(dir, bytes_of("/")))
        buf_byte(&path, '/');
    buf_add(&path, dir);
    uint32_t at = tree_resolve(tree, buf_bytes(&path), TREE_FOLLOW, &walk);
    if (at == NODE_NONE || tree->nodes[at].kind != NODE_DIR)
        return;
    for (uint32_t node = tree_first(tree, at); node != NODE_NONE; node = tree_next(tree, node))
        add_candidate(candidates, tree->nodes[node].name,
                      tree->nodes[node].kind == NODE_DIR ? "/" : "");
}

static bool is_directory(const char *dir, const struct dirent *entry)
{
    BUF_AUTO struct buf path = {0};
    struct stat st;
    buf_printf(&path, "%s/%s", dir, entry->d_name);
    return entry->d_type == DT_DIR ||
           (entry->d_type != DT_REG && stat(path.p, &st) == 0 && S_ISDIR(st.st_mode));
}

size_t complete_directory(struct bytes typed, struct buf *text, struct buf *list)
{
    BUF_AUTO struct buf path = {0};
    size_t n = directory_length(typed);
    struct candidates candidates = {.begin = bytes_skip(typed, n), .list = list};
    buf_add(&path, n ? bytes_from(typed.p, n) : bytes_of("."));
    struct dirent **entries = NULL;
    int n_entries = scandir(path.p, &entries, NULL, alphasort);
    for (int i = 0; i < n_entries; i++) {
        struct bytes name = bytes_of(entries[i]->d_name);
        bool is_hidden = name.p[0] == '.' && !candidates.begin.n;
        if (!is_hidden && bytes_starts(name, candidates.begin) && is_directory(path.p, entries[i]))
            add_candidate(&candidates, name, "/");
        free(entries[i]);
    }
    free(entries);
    return finish_text(&candidates, bytes_from(typed.p, n), text);
}

size_t complete_command(struct bytes typed, const struct tree *tree, struct buf *text,
                        struct buf *list)
{
    size_t n = bytes_index(typed, ' ');
    struct bytes name = bytes_from(typed.p, n);
    if (n == typed.n) {
        struct candidates candidates = {.begin = typed, .list = list};
        add_names(&candidates);
        return finish_text(&candidates, bytes_from(typed.p, 0), text);
    }
    while (n < typed.n && typed.p[n] == ' ')
        n++;
    enum action action = action_of_name(name);
    struct bytes argument = bytes_skip(typed, n);
    if (action_argument(action) == ARGUMENT_DIRECTORY) {
        buf_add(text, bytes_from(typed.p, n));
        return complete_directory(argument, text, list);
    }
    size_t dir = directory_length(argument);
    struct candidates candidates = {.begin = bytes_skip(argument, dir), .list = list};
    if (tree && action_argument(action) == ARGUMENT_PATH)
        add_nodes(&candidates, tree, bytes_from(argument.p, dir));
    return finish_text(&candidates, bytes_from(typed.p, n + dir), text);
}
