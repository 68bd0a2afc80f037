/* SPDX-License-Identifier: MIT
 *
 * Symbol versions (Drepper, How To Write Shared Libraries, 3.3): the loader refuses to start a
 * program whose library does not define a version that the program or another library needs;
 * if the library defines no version at all, glibc stops in an assertion of check_match
 * (elf/dl-lookup.c).
 */
#include <stdlib.h>

#include "keep/breaks.h"
#include "util/path.h"

/* Returns the fact of a kind; for NEED_VERSION_NEEDED the versions needed from one library. n 0: no
 * such fact. */
static struct bytes fact_of(const struct node *node, enum need_kind kind, struct bytes library)
{
    for (uint16_t i = 0; i < node->n_needs; i++) {
        struct bytes value = node->needs[i].value;
        if (node->needs[i].kind != kind)
            continue;
        size_t blank = bytes_index(value, ' ');
        if (kind != NEED_VERSION_NEEDED)
            return value;
        if (bytes_equal(bytes_from(value.p, blank), library))
            return bytes_skip(value, blank + 1);
    }
    return bytes_from(NULL, 0);
}

static struct bytes next_word(struct bytes *rest)
{
    struct bytes word = bytes_split(rest, ' ');
    return word;
}

static bool has_word(struct bytes words, struct bytes word)
{
    while (words.n)
        if (bytes_equal(next_word(&words), word))
            return true;
    return false;
}

/* Returns the node, of the subject or the base, of the file to which a path resolves in the final
 * image; NULL: no file. */
static const struct node *provider_of(const struct keep_input *input, const struct tree *final,
                                      struct bytes path)
{
    struct tree_walk walk;
    BUF_AUTO struct buf real = {0};
    uint32_t end = tree_resolve(final, path, TREE_FOLLOW, &walk);
    if (end == NODE_NONE)
        return NULL;
    int64_t from = final->nodes[end].path_id;
    if (from > 0)
        return &input->subject->nodes[from - 1];
    tree_path(final, end, &real);
    uint32_t node = tree_find(input->base, buf_bytes(&real));
    return node == NODE_NONE ? NULL : &input->base->nodes[node];
}

/* Returns the first version that the user needs from the library and the provider does not define;
 * n 0: no version is missing, or the session does not contain the versions of the provider. */
static struct bytes lacking(const struct node *user, const struct node *provider,
                            struct bytes library)
{
    struct bytes needed = fact_of(user, NEED_VERSION_NEEDED, library);
    struct bytes defined = fact_of(provider, NEED_VERSION_DEFINED, library);
    bool is_known = fact_of(provider, NEED_MACHINE, library).n > 0;
    while (is_known && needed.n) {
        struct bytes version = next_word(&needed);
        if (!has_word(defined, version))
            return version;
    }
    return bytes_from(NULL, 0);
}

void versions_check(const struct keep_input *input, const struct keep *keep,
                    const struct tree *final, struct breaks *out)
{
    if (!input->base)
        return;
    MEM_AUTO uint32_t *row_of = mem_zero(keep->n, sizeof *row_of); /* row number + 1, by library */
    for (size_t i = 0; i < keep->n_links; i++) {
        const struct keep_link *link = &keep->links[i];
        const struct node *provider = provider_of(input, final, link->path);
        if (!provider || provider == &input->subject->nodes[link->library])
            continue;
        struct bytes version =
            lacking(&input->subject->nodes[link->user], provider, path_base(link->path));
        if (!version.n)
            continue;
        if (row_of[link->library]) {
            out->rows[row_of[link->library] - 1].n++;
            continue;
        }
        ARRAY_ROOM(out->rows, out->n, out->cap);
        out->rows[out->n++] = (struct break_row){.kind = BREAK_VERSION,
                                                 .node = link->library,
                                                 .path = arena_copy(&out->arena, link->path),
                                                 .version = arena_copy(&out->arena, version),
                                                 .user = link->user,
                                                 .row = UINT32_MAX,
                                                 .n = 1};
        out->n_of[BREAK_VERSION]++;
        row_of[link->library] = (uint32_t)out->n;
    }
}
