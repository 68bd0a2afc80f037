/* SPDX-License-Identifier: MIT */
#include "report/unknown_paths.h"

#include "util/map.h"
#include "util/path.h"

/* Returns what such an access needs in the image: its path; for a file that it creates, the
 * directory; n 0: nothing apart from the directory that is not known. */
static struct bytes needed_part(const struct session *session, const struct access_row *row)
{
    struct bytes path = session->accesses->paths[row->path].path;
    return row->type->kind == ACCESS_CREATED ? path_dir(path) : path;
}

static bool can_matter(const struct session *session, const struct access_row *row)
{
    return row->type->error <= 0 && !row->type->other_root && row->type->kind != ACCESS_REMOVED &&
           !session->accesses->paths[row->path].known && needed_part(session, row).n;
}

/* Removes the last component that is a name. n 0: none is left, or a ".." comes before it. */
static struct bytes take_name(struct bytes *path)
{
    struct bytes name;
    do {
        name = path_base(*path);
        *path = path_dir(*path);
    } while (path->n && (!name.n || bytes_equal(name, bytes_of("."))));
    if (bytes_equal(name, bytes_of(".")) || bytes_equal(name, bytes_of("..")))
        return bytes_from("", 0);
    return name;
}

/* Returns true if the path of a node ends with a relative path. */
static bool ends_with(const struct tree *tree, uint32_t node, struct bytes path)
{
    struct bytes name;
    while ((name = take_name(&path)).n) {
        if (node == NODE_ROOT || node == NODE_NONE || !bytes_equal(tree->nodes[node].name, name))
            return false;
        node = tree->nodes[node].parent;
    }
    return true;
}

/* The names of all nodes of the subject image, each with the first of its nodes + 1; further nodes
 * of the name follow by `next`. */
struct names {
    struct map first;
    uint32_t *next; /* by node; owned */
};

static void names_init(struct names *names, const struct tree *tree)
{
    *names = (struct names){.next = mem_zero(tree->n, sizeof *names->next)};
    for (uint32_t node = 1; node < tree->n; node++) {
        uint64_t *first = map_at(&names->first, tree->nodes[node].name, NULL);
        names->next[node] = (uint32_t)*first;
        *first = (uint64_t)node + 1;
    }
}

static bool is_in_image(const struct names *names, const struct tree *tree, struct bytes path)
{
    struct bytes rest = path, name = take_name(&rest);
    if (!name.n)
        return true; /* "." or "..": any directory */
    const uint64_t *first = map_find(&names->first, name);
    for (uint32_t at = first ? (uint32_t)*first : 0; at; at = names->next[at - 1])
        if (ends_with(tree, at - 1, path))
            return true;
    return false;
}

/* Sets matters[i] for each log of the corpus with a path that matters. */
static void find_matters(const struct session *session, bool *matters)
{
    const struct accesses *accesses = session->accesses;
    struct names names = {0};
    bool named = false;
    for (size_t i = 0; i < accesses->n; i++) {
        struct access_row row = access_at(accesses, i);
        uint32_t log = access_log(accesses, &row);
        if (matters[log] || !can_matter(session, &row))
            continue;
        if (session->subject && !named)
            names_init(&names, session->subject);
        named = session->subject != NULL;
        matters[log] = !named || is_in_image(&names, session->subject, needed_part(session, &row));
    }
    map_finish(&names.first);
    mem_free_at(&names.next);
}

static const char RUN_ID[] = "SELECT id FROM run WHERE name = :name";

/* Sets *drop to true if a finding is about an evidence run without a path that matters. */
static bool judge(struct session *session, const bool *matters, const struct finding *finding,
                  bool *drop, struct err *err)
{
    const struct corpus *corpus = session->corpus;
    *drop = false;
    if (!bytes_equal(bytes_of(finding->id), bytes_of("unknown-cwd")) &&
        !bytes_equal(bytes_of(finding->id), bytes_of("unknown-fd")))
        return true;
    struct stmt *q = db_query(session->db, RUN_ID, err);
    if (!q)
        return false;
    stmt_bind_text(q, ":name", finding->run);
    enum step step = stmt_step(q, err);
    int64_t run = step == STEP_ROW ? stmt_int(q, 0) : 0;
    stmt_reset(q);
    bool found = false, any = false;
    for (uint32_t log = 0; log < corpus->n_logs; log++) {
        bool mine = corpus->logs[log].run == run;
        found = found || mine;
        any = any || (mine && matters[log]);
    }
    *drop = found && !any;
    return step != STEP_ERR;
}

bool unknown_paths_review(struct session *session, struct findings *findings, struct err *err)
{
    size_t n = 0;
    if (!session->accesses || !session->corpus || !findings->n)
        return true;
    MEM_AUTO bool *matters = mem_zero(session->corpus->n_logs + 1, sizeof *matters);
    find_matters(session, matters);
    for (size_t i = 0; i < findings->n; i++) {
        bool drop;
        if (!judge(session, matters, &findings->items[i], &drop, err))
            return false;
        if (!drop)
            findings->items[n++] = findings->items[i];
    }
    findings->n = n;
    return true;
}
