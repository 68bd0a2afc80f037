/* SPDX-License-Identifier: MIT
 *
 * Binds file operands to logs. The pipeline may have been typed in another directory. Therefore an
 * operand is matched first against the names as loaded, then against the last components of the
 * names; then the last component of the operand is matched against the last component of each name.
 * The prefix is the name to which the shell would have expanded the operand.
 */
#include <roaring/roaring.h>
#include <fnmatch.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "chain/chain_private.h"
#include "util/path.h"

enum {
    MAX_STARS =
        8 /* in a glob: the run time of fnmatch grows exponentially with the number of stars */
};

/* A log that matches an operand, and the name to which the operand expands for this log. */
struct match {
    uint32_t log;
    struct bytes name; /* in chain.names */
};

struct matches {
    struct match *list;
    size_t n, cap;
};

void chain_unbind(struct chain *chain)
{
    chain->corpus = NULL;
    chain->of_tree = false;
    chain->n_lines = 0;
    chain->unusable = false;
    chain->n_selected = 0;
    chain->selects_twice = false;
    arena_finish(&chain->names);
    line_set_free(chain->lines);
    chain->lines = NULL;
}

bool chain_is_prefixing(const struct chain *chain)
{
    enum grep_prefix mode = chain_prefix_mode(chain);
    return mode == GREP_PREFIX_ALWAYS || (mode == GREP_PREFIX_AUTO && chain->n_selected > 1);
}

static bool name_matches(const struct operand *operand, struct bytes pattern, struct bytes name)
{
    if (!operand->is_glob)
        return bytes_equal(pattern, name);
    MEM_AUTO char *glob = mem_dup(pattern);
    MEM_AUTO char *text = mem_dup(name);
    return strlen(text) == name.n && fnmatch(glob, text, FNM_PATHNAME | FNM_PERIOD) == 0;
}

/* Returns the last n components of a path, or the whole path if it has at most n. */
static struct bytes last_components(struct bytes path, size_t n)
{
    for (size_t i = path.n; i > 0; i--)
        if (path.p[i - 1] == '/' && --n == 0)
            return bytes_skip(path, i);
    return path;
}

enum name_match { MATCH_WHOLE_NAMES, MATCH_LAST_COMPONENTS, MATCH_BASE_NAMES, N_NAME_MATCHES };

static bool has_glob(struct bytes text)
{
    return memchr(text.n ? text.p : "", '*', text.n) || memchr(text.n ? text.p : "", '?', text.n) ||
           memchr(text.n ? text.p : "", '[', text.n);
}

/* Returns whether the operand matches this log by one kind of match; out receives the name to which
 * the operand expands. */
static bool match_log(const struct operand *operand, struct bytes name, enum name_match by,
                      struct buf *out)
{
    struct bytes pattern = buf_bytes(&operand->text);
    buf_clear(out);
    size_t n_components = 1;
    for (size_t i = 0; i < pattern.n; i++)
        n_components += pattern.p[i] == '/';
    if (by == MATCH_LAST_COMPONENTS)
        name = last_components(name, n_components);
    if (by != MATCH_BASE_NAMES) {
        buf_add(out, name);
        return name_matches(operand, pattern, name);
    }
    struct bytes base = path_base(pattern), dir = bytes_from(pattern.p, pattern.n - base.n);
    if (operand->is_glob && has_glob(dir))
        return false;
    buf_add(out, dir);
    buf_add(out, path_base(name));
    return name_matches(operand, base, path_base(name));
}

static int compare_matches(const void *a, const void *b)
{
    const struct match *left = a, *right = b;
    int order = bytes_compare(left->name, right->name);
    return order ? order : (left->log > right->log) - (left->log < right->log);
}

static bool check_stars(const struct operand *operand, struct err *err)
{
    size_t n = 0;
    for (size_t i = 0; operand->is_glob && i < operand->text.n; i++)
        n += operand->text.p[i] == '*';
    return n <= MAX_STARS || err_set(err, "%s: more than %d \"*\" in a file pattern; use fewer",
                                     operand->text.p, MAX_STARS);
}

static bool match_operand(struct chain *chain, const struct operand *operand,
                          struct matches *matches, struct err *err)
{
    BUF_AUTO struct buf name = {0};
    matches->n = 0;
    if (!check_stars(operand, err))
        return false;
    for (enum name_match by = 0; by < N_NAME_MATCHES && !matches->n; by++) {
        for (uint32_t log = 0; log < chain->corpus->n_logs; log++) {
            if (!match_log(operand, chain->corpus->logs[log].name, by, &name))
                continue;
            ARRAY_ROOM(matches->list, matches->n, matches->cap);
            matches->list[matches->n++] =
                (struct match){log, arena_copy(&chain->names, buf_bytes(&name))};
        }
    }
    if (!matches->n)
        return err_set(err, "%s: no loaded log has this name",
                       operand->text.n ? operand->text.p : "''");
    qsort(matches->list, matches->n, sizeof *matches->list, compare_matches);
    return true;
}

/* Selects a log. seen has the prefix of each log selected so far. A log has only one set of hits,
 * and therefore only one prefix. */
static bool select_log(struct chain *chain, uint32_t log, struct bytes name, struct bytes *seen,
                       struct err *err)
{
    BUF_AUTO struct buf prefix = {0};
    buf_add(&prefix, name);
    buf_byte(&prefix, ':');
    if (seen[log].n && !bytes_equal(seen[log], buf_bytes(&prefix)))
        return err_set(err, "%.*s: the same log as %.*s; use one name", (int)seen[log].n - 1,
                       seen[log].p, (int)name.n, name.p);
    chain->selects_twice |= seen[log].n != 0;
    if (!seen[log].n)
        seen[log] = arena_copy(&chain->names, buf_bytes(&prefix));
    ARRAY_ROOM(chain->selected, chain->n_selected, chain->cap_selected);
    chain->selected[chain->n_selected++] = (struct selected){.log = log, .prefix = seen[log]};
    return true;
}

static bool select_logs(struct chain *chain, struct bytes *seen, struct err *err)
{
    struct matches matches = {0};
    bool ok = true;
    for (size_t i = 0; ok && i < chain->files.n; i++) {
        ok = match_operand(chain, &chain->files.list[i], &matches, err);
        for (size_t k = 0; ok && k < matches.n; k++)
            ok = select_log(chain, matches.list[k].log, matches.list[k].name, seen, err);
    }
    free(matches.list);
    for (uint32_t log = 0; !chain->files.n && log < chain->corpus->n_logs; log++)
        select_log(chain, log, chain->corpus->logs[log].name, seen, err);
    return ok;
}

/* Writes the identity of the prefixes; it does not depend on the order of output. */
static void name_form(const struct chain *chain, const struct bytes *seen, char *out)
{
    BUF_AUTO struct buf text = {0};
    for (uint32_t log = 0; log < chain->corpus->n_logs; log++)
        if (seen[log].n)
            buf_printf(&text, "%u %zu ", log, seen[log].n), buf_add(&text, seen[log]);
    XXH128_hash_t hash = XXH3_128bits(text.n ? text.p : "", text.n);
    snprintf(out, FORM_BYTES, "p%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
}

static bool bind_logs(struct chain *chain, struct err *err)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0); /* fnmatch: names are bytes */
    locale_t before = uselocale(c);
    MEM_AUTO struct bytes *seen = mem_zero(chain->corpus->n_logs, sizeof *seen);
    bool ok = select_logs(chain, seen, err);
    uselocale(before);
    freelocale(c);
    if (!ok)
        return false;
    char form[FORM_BYTES];
    name_form(chain, seen, form);
    if (strcmp(form, chain->form))
        hits_drop_prefixed(chain);
    memcpy(chain->form, form, sizeof form);
    chain->lines = roaring_bitmap_create();
    for (size_t i = 0; i < chain->n_selected; i++) {
        const struct corpus_log *log = &chain->corpus->logs[chain->selected[i].log];
        if (log->n_lines)
            roaring_bitmap_add_range(chain->lines, log->first_line,
                                     (uint64_t)log->first_line + log->n_lines);
    }
    return true;
}

void chain_set_line_paths(struct chain *chain, const struct line_paths *line_paths)
{
    if (chain->line_paths != line_paths)
        hits_drop_calls(chain);
    chain->line_paths = line_paths;
}

static void bind_tree(struct chain *chain)
{
    chain->of_tree = true;
    chain->n_lines = line_paths_n_lines(chain->line_paths);
    chain->lines = roaring_bitmap_from_range(0, chain->n_lines, 1);
}

bool chain_bind(struct chain *chain, const struct corpus *corpus, struct db *db, struct err *err)
{
    chain_unbind(chain);
    if (memcmp(chain->key, corpus->key, sizeof chain->key))
        hits_drop_all(chain);
    memcpy(chain->key, corpus->key, sizeof chain->key);
    if (line_paths_are_lines(chain->line_paths)) {
        bind_tree(chain);
        return hits_load(chain, db, err);
    }
    if (!corpus->n_logs)
        return true;
    chain->corpus = corpus;
    chain->n_lines = corpus->n_lines;
    if (!bind_logs(chain, err)) {
        chain_unbind(chain);
        chain->unusable = true;
        return false;
    }
    return hits_load(chain, db, err);
}

const struct filter_target *chain_first_target(const struct chain *chain)
{
    const struct filter_target *target = &target_line;
    while (chain->of_tree && !target->match_tree)
        target = filter_target_next(target);
    return target;
}

size_t chain_n_selected(const struct chain *chain)
{
    return chain->n_selected;
}

uint32_t chain_selected(const struct chain *chain, size_t k, struct bytes *prefix)
{
    *prefix = chain_is_prefixing(chain) ? chain->selected[k].prefix : bytes_from("", 0);
    return chain->selected[k].log;
}
