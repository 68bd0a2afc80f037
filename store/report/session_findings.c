/* SPDX-License-Identifier: MIT
 *
 * Detects a trace from another image: files that the program used and did not create, and that the
 * subject image does not have.
 */
#include "report/session_findings.h"
#include "report/unknown_paths.h"

#include <string.h>

#include "chain/access_route.h"
#include "util/map.h"
#include "util/path.h"

/* If more than one of STRANGE_ONE_IN used paths is missing, the finding is a warning and not a
 * note: files that are created at run time cannot explain such a share. */
enum { STRANGE_ONE_IN = 20 };

struct strangers {
    const struct session *session;
    struct map made;  /* paths that the evidence creates */
    uint8_t *counted; /* by path as the program passed it; owned */
    uint64_t n_used, n_strange;
    bool programs;   /* a missing file was executed or mapped */
    uint32_t access; /* first access to a missing file, or UINT32_MAX */
};

static bool counts(const struct session *session, const struct access_row *row)
{
    return row->type->error == 0 && !row->type->other_root &&
           session->accesses->paths[row->path].known;
}

static bool makes(const struct access_row *row)
{
    return row->type->kind == ACCESS_CREATED;
}

static bool is_below(struct bytes path, const char *dir)
{
    size_t n = strlen(dir);
    return bytes_starts(path, bytes_of(dir)) && (path.n == n || path.p[n] == '/');
}

/* Returns true for paths that are never files of the image: paths of the kernel and of the
 * container engine, and files that programs create at run time. */
static bool is_from_outside(struct bytes path)
{
    static const char *const dirs[] = {
        "/proc",      "/sys",          "/dev",     "/run", "/var/run", "/tmp", "/etc/resolv.conf",
        "/etc/hosts", "/etc/hostname", "/etc/mtab"};
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
        if (is_below(path, dirs[i]))
            return true;
    return path.n && path.p[0] != '/';
}

/* Returns whether the evidence creates the path or one of its parent directories. */
static bool is_made(const struct strangers *s, struct bytes path)
{
    for (; path.n; path = path_dir(path))
        if (map_find(&s->made, path))
            return true;
    return false;
}

static void look_at(struct strangers *s, uint32_t index)
{
    struct access_row row = access_at(s->session->accesses, index);
    struct bytes path = s->session->accesses->paths[row.path].path;
    if (!counts(s->session, &row) || makes(&row) || row.type->kind == ACCESS_REMOVED ||
        s->counted[row.path] || is_from_outside(path))
        return;
    s->counted[row.path] = 1;
    s->n_used++;
    struct tree_walk walk;
    if (s->session->keep->real[row.path] != NODE_NONE || is_made(s, path) ||
        access_resolve(s->session->subject, &s->session->accesses->paths[row.path], TREE_NOFOLLOW,
                       &walk) != NODE_NONE)
        return;
    s->n_strange++;
    s->programs =
        s->programs || row.type->kind == ACCESS_EXECUTED || row.type->kind == ACCESS_MAPPED;
    if (s->access == UINT32_MAX)
        s->access = index;
}

static bool add_finding(const struct strangers *s, struct findings *out, struct err *err)
{
    BUF_AUTO struct buf words = {0}, command = {0};
    struct access_row row = access_at(s->session->accesses, s->access);
    const struct corpus_log *log =
        &s->session->corpus->logs[access_log(s->session->accesses, &row)];
    struct bytes path = s->session->accesses->paths[row.path].path;
    bool strange = s->programs || s->n_strange * STRANGE_ONE_IN > s->n_used;
    struct finding finding = {.id = "other-image",
                              .severity = strange ? FINDING_WARNING : FINDING_NOTE,
                              .n = s->n_strange,
                              .log = log->name,
                              .line = row.first_line,
                              .advice = bytes_of("trace inside a container of the subject image")};
    buf_printf(
        &words,
        "used paths that the subject image does not have: %llu of %llu (the first is %.*s; the "
        "trace is from another image)",
        (unsigned long long)s->n_strange, (unsigned long long)s->n_used, (int)path.n, path.p);
    finding.words = buf_bytes(&words);
    if (!doctor_command(s->session->db, log->id, ADVICE_AS_IT_WAS, &command, &finding.exact, err))
        return false;
    finding.command = buf_bytes(&command);
    findings_add(out, &finding);
    return true;
}

static bool find_strangers(struct session *session, struct findings *out, struct err *err)
{
    struct strangers s = {.session = session,
                          .counted = mem_zero(session->accesses->n_paths + 1, 1),
                          .access = UINT32_MAX};
    for (size_t i = 0; i < session->accesses->n; i++) {
        struct access_row row = access_at(session->accesses, i);
        if (counts(session, &row) && makes(&row))
            map_at(&s.made, session->accesses->paths[row.path].path, NULL);
    }
    for (size_t i = 0; i < session->accesses->n && i < UINT32_MAX; i++)
        look_at(&s, (uint32_t)i);
    bool ok = !s.n_strange || add_finding(&s, out, err);
    map_finish(&s.made);
    mem_free_at(&s.counted);
    return ok;
}

bool session_findings(struct session *session, struct findings *out, struct err *err)
{
    return doctor_examine(session->db, out, err) && unknown_paths_review(session, out, err) &&
           (!session->subject || !session->keep || !session->keep->real ||
            find_strangers(session, out, err));
}
