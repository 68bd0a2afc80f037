/* SPDX-License-Identifier: MIT
 *
 * Creates directories first, with write permission; then symlinks and files. Sets the attributes of
 * directories last, from the deepest directory up.
 */
#include "image/files/extract.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "image/source/rootfs_dir.h"
#include "util/spool.h"
#include "util/sparse_write.h"

static const char XATTRS[] =
    "SELECT x.name, x.value FROM merged m JOIN xattr x ON x.layer = m.source_layer "
    "AND x.path = m.source_path WHERE m.image = :image AND m.path = :path";

struct extraction {
    struct db *db;
    const struct tree *tree;
    int root;         /* borrowed */
    bool is_root;     /* the user may change owners */
    uint8_t *wanted;  /* owned; one byte per node: WANTED, MADE */
    uint32_t *first;  /* owned; by first node of a hard link group: the first requested node of the
                         group */
    int dir;          /* owned; directory of the last node; -1: not open */
    uint32_t at;      /* node of that directory */
    uint32_t writing; /* the file that is not complete yet, or NODE_NONE */
    int file;         /* owned; descriptor of that file, or -1 */
    struct extract_result *result;
};
enum { WANTED = 1, MADE = 2 /* created by this extraction: attributes are set at the end */ };

static bool fails(const struct extraction *x, uint32_t node, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    int number = errno;
    tree_path(x->tree, node, &path);
    errno = number;
    return err_sys(err, "%s", path.p);
}

/* Opens the output directory of a node. */
static bool go_to(struct extraction *x, uint32_t dir, struct err *err)
{
    if (x->dir >= 0 && x->at == dir)
        return true;
    BUF_AUTO struct buf path = {0};
    tree_path(x->tree, dir, &path);
    spool_close_at(&x->dir);
    x->at = dir;
    x->dir = dir == NODE_ROOT ? openat(x->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                              : rootfs_dir_open(x->root, bytes_skip(buf_bytes(&path), 1));
    return x->dir >= 0 || fails(x, dir, err);
}

/* Returns true if name is valid in a directory. A hostile session can have names that no image can
 * have. */
static bool is_name(struct bytes name)
{
    return name.n && !memchr(name.p, '/', name.n) && !memchr(name.p, 0, name.n) &&
           !bytes_equal(name, bytes_of(".")) && !bytes_equal(name, bytes_of(".."));
}

/* Marks the nodes to write: the requested nodes, everything below them, and the directories above
 * them. */
static bool choose(struct extraction *x, const uint32_t *nodes, size_t n, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        memset(x->wanted + nodes[i], WANTED, (size_t)x->tree->nodes[nodes[i]].n_below + 1);
        for (uint32_t up = nodes[i]; up != NODE_NONE; up = x->tree->nodes[up].parent)
            x->wanted[up] = WANTED;
    }
    memset(x->first, 0xff, x->tree->n * sizeof *x->first);
    for (uint32_t node = 1; node < x->tree->n; node++) {
        uint32_t group = x->tree->nodes[node].peer;
        if (!x->wanted[node])
            continue;
        if (!is_name(x->tree->nodes[node].name)) {
            errno = EINVAL;
            return fails(x, node, err);
        }
        if (group != NODE_NONE && x->first[group] == NODE_NONE)
            x->first[group] = node;
    }
    return true;
}

static bool is_dir(const struct extraction *x, uint32_t node)
{
    return x->tree->nodes[node].kind == NODE_DIR;
}

/* Checks that only directories exist at the paths to write. Below a missing directory nothing is
 * checked. */
static bool check_free(struct extraction *x, struct err *err)
{
    struct stat st;
    for (uint32_t node = 1; node < x->tree->n; node++) {
        if (!x->wanted[node])
            continue;
        if (!go_to(x, x->tree->nodes[node].parent, err))
            return false;
        bool there = fstatat(x->dir, x->tree->nodes[node].name.p, &st, AT_SYMLINK_NOFOLLOW) == 0;
        if (!there && errno != ENOENT)
            return fails(x, node, err);
        if (there && !(is_dir(x, node) && S_ISDIR(st.st_mode))) {
            errno = EEXIST;
            return fails(x, node, err);
        }
        if (!there)
            node += x->tree->nodes[node].n_below;
    }
    return true;
}

static bool make_dirs(struct extraction *x, struct err *err)
{
    for (uint32_t node = 1; node < x->tree->n; node++) {
        if (!x->wanted[node] || !is_dir(x, node))
            continue;
        if (!go_to(x, x->tree->nodes[node].parent, err))
            return false;
        if (mkdirat(x->dir, x->tree->nodes[node].name.p, 0700) == 0) {
            x->wanted[node] |= MADE;
            x->result->n_written++;
        } else if (errno != EEXIST) {
            return fails(x, node, err);
        }
    }
    return true;
}

/* Returns true if the user has no permission for the last call; counts it, because that is not
 * fatal. */
static bool is_denied(struct extraction *x)
{
    bool denied = errno == EPERM || errno == ENOTSUP || errno == EACCES || errno == EINVAL;
    x->result->n_left_out += denied;
    return denied;
}

static bool set_xattrs(struct extraction *x, uint32_t node, const char *path, struct err *err)
{
    static const uint8_t none[16];
    if (!memcmp(x->tree->nodes[node].xattrs, none, sizeof none))
        return true;
    struct stmt *q = db_query(x->db, XATTRS, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":image", x->tree->image);
    stmt_bind_int(q, ":path", x->tree->nodes[node].path_id);
    enum step step;
    while ((step = stmt_step(q, err)) == STEP_ROW) {
        MEM_AUTO char *name = mem_dup(stmt_bytes(q, 0));
        struct bytes value = stmt_bytes(q, 1);
        if (lsetxattr(path, name, value.p, value.n, 0) != 0 && !is_denied(x)) {
            fails(x, node, err);
            stmt_reset(q);
            return false;
        }
    }
    return step == STEP_DONE;
}

/* Sets owner, mode, extended attributes, times, in this order, because a step can reset what a
 * later step sets (chown clears setuid). A symlink in x->dir is not followed. */
static bool set_attributes(struct extraction *x, uint32_t node, struct err *err)
{
    const struct node *n = &x->tree->nodes[node];
    BUF_AUTO struct buf path = {0};
    buf_printf(&path, "/proc/self/fd/%d/%s", x->dir, n->name.p);
    mode_t mode = n->mode;
    struct timespec times[] = {{n->mtime_s, n->mtime_ns}, {n->mtime_s, n->mtime_ns}};
    bool is_given =
        x->is_root && fchownat(x->dir, n->name.p, n->uid, n->gid, AT_SYMLINK_NOFOLLOW) == 0;
    if (x->is_root && !is_given && !is_denied(x))
        return fails(x, node, err);
    if (!is_given)
        mode &= 01777; /* the owner was not set: drop setuid and setgid */
    if (n->kind != NODE_LINK && fchmodat(x->dir, n->name.p, mode, AT_SYMLINK_NOFOLLOW) != 0 &&
        !is_denied(x))
        return fails(x, node, err);
    if (!set_xattrs(x, node, path.p, err))
        return false;
    if (utimensat(x->dir, n->name.p, times, AT_SYMLINK_NOFOLLOW) != 0 && !is_denied(x))
        return fails(x, node, err);
    return true;
}

static bool make_special(struct extraction *x, uint32_t node, struct err *err)
{
    static const mode_t kinds[] = {[NODE_CHAR] = S_IFCHR,
                                   [NODE_BLOCK] = S_IFBLK,
                                   [NODE_FIFO] = S_IFIFO,
                                   [NODE_SOCKET] = S_IFSOCK};
    const struct node *n = &x->tree->nodes[node];
    int done = n->kind == NODE_LINK ? symlinkat(n->link.p, x->dir, n->name.p)
                                    : mknodat(x->dir, n->name.p, kinds[n->kind] | 0600,
                                              makedev(n->device_major, n->device_minor));
    if (done != 0)
        return (n->kind != NODE_LINK && is_denied(x)) || fails(x, node, err);
    x->result->n_written++;
    return set_attributes(x, node, err);
}

/* Returns the name of a hard link group that is written as a file; the other names are linked to
 * it. */
static uint32_t written_peer(const struct extraction *x, uint32_t node)
{
    uint32_t group = x->tree->nodes[node].peer;
    return group == NODE_NONE ? node : x->first[group];
}

static bool make_links(struct extraction *x, struct err *err)
{
    for (uint32_t node = 1; node < x->tree->n; node++) {
        if (!x->wanted[node] || is_dir(x, node))
            continue;
        uint32_t first = written_peer(x, node);
        bool is_file = x->tree->nodes[node].kind == NODE_FILE;
        if (first == node && is_file)
            continue;
        if (!go_to(x, x->tree->nodes[node].parent, err))
            return false;
        if (first == node) {
            if (!make_special(x, node, err))
                return false;
            continue;
        }
        BUF_AUTO struct buf path = {0};
        tree_path(x->tree, x->tree->nodes[first].parent, &path);
        FD_AUTO int other = x->tree->nodes[first].parent == NODE_ROOT
                                ? openat(x->root, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                                : rootfs_dir_open(x->root, bytes_skip(buf_bytes(&path), 1));
        if (other < 0 || linkat(other, x->tree->nodes[first].name.p, x->dir,
                                x->tree->nodes[node].name.p, 0) != 0)
            return fails(x, node, err);
        x->result->n_written++;
    }
    return true;
}

static bool begin_file(struct extraction *x, uint32_t node, struct err *err)
{
    if (!go_to(x, x->tree->nodes[node].parent, err))
        return false;
    x->file = openat(x->dir, x->tree->nodes[node].name.p,
                     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (x->file < 0)
        return fails(x, node, err);
    x->writing = node;
    return ftruncate(x->file, x->tree->nodes[node].size) == 0 || fails(x, node, err);
}

static bool end_file(struct extraction *x, uint32_t node, struct err *err)
{
    int file = x->file;
    x->file = -1;
    if (close(file) != 0)
        return fails(x, node, err);
    if (!set_attributes(x, node, err))
        return false;
    x->writing = NODE_NONE;
    x->result->n_written++;
    return true;
}

static bool take(void *with, uint32_t node, uint64_t at, struct bytes chunk, struct err *err)
{
    struct extraction *x = with;
    if (x->file < 0 && !begin_file(x, node, err))
        return false;
    if (!chunk.n)
        return end_file(x, node, err);
    x->result->bytes += (int64_t)chunk.n;
    return sparse_write(x->file, chunk, at) || fails(x, node, err);
}

/* Removes the file that is not complete. */
static void undo_file(struct extraction *x)
{
    struct err ignored;
    spool_close_at(&x->file);
    if (x->writing != NODE_NONE && go_to(x, x->tree->nodes[x->writing].parent, &ignored))
        unlinkat(x->dir, x->tree->nodes[x->writing].name.p, 0);
}

static bool write_files(struct extraction *x, struct file_contents *contents, struct err *err)
{
    MEM_AUTO uint32_t *files = NULL;
    size_t n = 0, cap = 0;
    for (uint32_t node = 1; node < x->tree->n; node++) {
        if (!x->wanted[node] || x->tree->nodes[node].kind != NODE_FILE ||
            written_peer(x, node) != node)
            continue;
        ARRAY_ROOM(files, n, cap);
        files[n++] = node;
    }
    return file_contents_each(contents, files, n, take, x, err);
}

/* Sets the attributes of all created directories, also after a failure; err has the first failure.
 */
static bool finish_dirs(struct extraction *x, struct err *err)
{
    struct err later;
    bool ok = true;
    for (uint32_t node = x->tree->n; --node > 0;)
        if (x->wanted[node] & MADE)
            ok = go_to(x, x->tree->nodes[node].parent, ok ? err : &later) &&
                 set_attributes(x, node, ok ? err : &later) && ok;
    return ok;
}

int extract_directory(const char *path, struct err *err)
{
    int fd = -1;
    bool is_there = mkdir(path, 0777) == 0 || errno == EEXIST;
    if (!is_there || (fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) < 0)
        err_sys(err, "%s", path);
    return fd;
}

bool extract(const struct extract_request *request, struct extract_result *result, struct err *err)
{
    struct extraction x = {.db = request->db,
                           .tree = request->tree,
                           .root = request->dir_fd,
                           .is_root = geteuid() == 0,
                           .wanted = mem_zero(request->tree->n, 1),
                           .first = mem_array(NULL, request->tree->n, sizeof *x.first),
                           .dir = -1,
                           .writing = NODE_NONE,
                           .file = -1,
                           .result = result};
    *result = (struct extract_result){0};
    struct err later;
    bool ok = choose(&x, request->nodes, request->n, err) && check_free(&x, err) &&
              make_dirs(&x, err) && write_files(&x, request->contents, err) && make_links(&x, err);
    undo_file(&x);
    ok = finish_dirs(&x, ok ? err : &later) && ok;
    spool_close_at(&x.dir);
    free(x.wanted);
    free(x.first);
    return ok;
}
