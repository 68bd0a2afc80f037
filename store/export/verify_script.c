/* SPDX-License-Identifier: MIT
 *
 * The script contains names in the syntax of GNU tar's --quoting-style=escape; where sha256sum
 * needs the file, in the syntax of printf(1)'s %b. Only plain bytes of a name are literal.
 */
#include "export/verify_script.h"

#include <stdlib.h>
#include <string.h>

#include "export/preflight.h"
#include "export/tar_tree.h"
#include "image/files/file_contents.h"
#include "image/format/digest.h"

static const char HEAD[] =
    "#!/bin/sh\n"
    "# Compares a built image with the plan. Reads the image's root file system as a tar archive,\n"
    "# from the file that the first argument names, or from standard input:\n"
    "#   docker export CONTAINER | sh verify.sh        podman export CONTAINER | sh verify.sh\n"
    "# (CONTAINER: made by `docker create IMAGE`). Exit status 0: the image is as planned; 1: it\n"
    "# differs, and each difference is printed: < planned, > in the image; 2: error.\n"
    "set -u\n"
    "case $(tar --version 2>/dev/null) in *GNU*) ;; *) echo \"$0: needs GNU tar\" >&2; exit 2 ;; "
    "esac\n"
    "LC_ALL=C\n"
    "export LC_ALL\n"
    "dir=$(mktemp -d) || exit 2\n"
    "trap 'chmod -R u+rwx \"$dir\" 2>/dev/null; rm -rf \"$dir\"' EXIT\n"
    "trap 'exit 2' INT TERM\n"
    "if [ $# -gt 0 ]; then cat <\"$1\"; else cat; fi >\"$dir/tar\" || exit 2\n"
    "tar --numeric-owner --quoting-style=escape -tvf \"$dir/tar\" >\"$dir/listing\" || exit 2\n"
    "engine()\n"
    "{\n"
    "    sed -e '/^[^ ]* [^ ]* \\(dev\\|proc\\|sys\\|run\\/secrets\\)\\(\\/.*\\)\\{0,1\\}$/d' \\\n"
    "        -e '/^[^ ]* [^ ]* etc\\/\\(hosts\\|hostname\\|resolv.conf\\|mtab\\)\\( "
    ".*\\)\\{0,1\\}$/d' \\\n"
    "        -e '/^[^ ]* [^ ]* \\(\\.dockerenv\\|run\\/.containerenv\\)$/d' | sort\n"
    "}\n"
    "# Lines: MODE UID/GID NAME; after NAME the target of a link, or the number of a device.\n"
    "engine <<'END' >\"$dir/planned\"\n";

/* Directories that the builder creates for WORKDIR. */
static const char MADE[] = "END\n"
                           "# Directories of the working directory, which the builder creates.\n"
                           "cat <<'END' >\"$dir/made\"\n";

/* Ignores mount points that a RUN leaves in the image. */
static const char MIDDLE[] =
    "END\n"
    "# A line NAME link to TARGET: both can contain \" link to \"; the planned path is NAME.\n"
    "sed -e 's/^\\([bc][^ ]*\\) \\([^ ]*\\) *\\([^ ]*\\) [^ ]* [^ ]* \\(.*\\)$/\\1 \\2 \\4 \\3/' "
    "-e t \\\n"
    "    -e 's/^\\([^ ]*\\) \\([^ ]*\\) *[^ ]* [^ ]* [^ ]* \\(.*\\)$/\\1 \\2 \\3/' "
    "\"$dir/listing\" |\n"
    "    sed -e 's,^\\([^ ]* [^ ]*\\) \\./,\\1 ,' -e 's,^\\(d[^ ]* [^ ]* .*\\)/$,\\1,' \\\n"
    "        -e '/^d[^ ]* [^ ]* $/d' |\n"
    "    awk -v links=\"$dir/links\" 'NR == FNR { planned[$0]; next }\n"
    "    !/^h/ { print; next }\n"
    "    {\n"
    "        line = \"-\" substr($0, 2); cut = at = 0\n"
    "        while ((step = index(substr(line, at + 1), \" link to \"))) {\n"
    "            at += step\n"
    "            if (!cut || substr(line, 1, at - 1) in planned) cut = at\n"
    "        }\n"
    "        name = substr(line, 1, cut - 1); target = substr(line, cut + 9)\n"
    "        print name\n"
    "        sub(/^[^ ]* [^ ]* /, \"\", name); sub(/^\\.\\//, \"\", target)\n"
    "        print name \"\\t\" target >links\n"
    "    }' \"$dir/planned\" - | engine >\"$dir/is\"\n"
    "comm -3 \"$dir/planned\" \"$dir/is\" | sed -e 's/^\\t/> /' -e t -e 's/^/< /' |\n"
    "    grep -v '^> d[^ ]* [^ ]* \\(run\\|etc\\)$' |\n"
    "    grep -vxF -f \"$dir/made\" >\"$dir/differences\"\n"
    "# Hard links: names of one file.\n"
    "touch \"$dir/links\"\n"
    "awk -F '\\t' 'NR == FNR { file[$1] = $2; next }\n"
    "    { a = $1 in file ? file[$1] : $1; b = $2 in file ? file[$2] : $2 }\n"
    "    a != b { print \"< one file: \" $1 \" and \" $2 }' \"$dir/links\" - <<'END' "
    ">>\"$dir/differences\"\n";
static const char SUMS[] = "END\n"
                           "mkdir \"$dir/root\"\n"
                           "tar -C \"$dir/root\" --no-same-owner -xf \"$dir/tar\" 2>/dev/null\n"
                           "cd \"$dir/root\" || exit 2\n"
                           "chmod -R u+rX . 2>/dev/null\n"
                           "sha256sum -c --quiet - <<'END' 2>/dev/null >>\"$dir/differences\"\n";
static const char ODD[] = "END\n"
                          "while read -r sum name; do\n"
                          "    file=$(printf '%b.' \"$name\")\n"
                          "    is=$(sha256sum <\"${file%.}\" 2>/dev/null)\n"
                          "    [ \"${is%% *}\" = \"$sum\" ] || printf '%s: FAILED\\n' \"$name\"\n"
                          "done <<'END' >>\"$dir/differences\"\n";
static const char TAIL[] = "END\n"
                           "cat \"$dir/differences\"\n"
                           "[ ! -s \"$dir/differences\" ]\n";

struct writing {
    struct tar_tree rootfs;
    struct buf *out;
    struct digest_stream *hash; /* owned; of the current file */
    enum rootfs_from from;      /* of the current file */
    char **sums[N_ROOTFS_FROM]; /* owned; by node of trees[from] */
};

static bool is_plain(unsigned char c)
{
    return c > 0x20 && c < 0x7f && c != '\\';
}

/* Appends text in the escape style of quotearg in the C locale. */
static void add_escaped(struct bytes text, struct buf *out)
{
    static const char letters[] = "abtnvfr"; /* 7 to 13 */
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (is_plain(c) || c == ' ')
            buf_byte(out, (char)c);
        else if (c == '\\')
            buf_add(out, bytes_of("\\\\"));
        else if (c >= 7 && c <= 13)
            buf_printf(out, "\\%c", letters[c - 7]);
        else
            buf_printf(out, "\\%03o", c);
    }
}

static void add_percent_b(struct bytes text, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        if (is_plain(c))
            buf_byte(out, (char)c);
        else
            buf_printf(out, "\\0%03o", c);
    }
}

/* Appends kind and mode as `ls -l` prints them. */
static void add_mode(const struct node *node, struct buf *out)
{
    static const char kinds[] = {
        [NODE_DIR] = 'd',   [NODE_FILE] = '-', [NODE_LINK] = 'l',  [NODE_CHAR] = 'c',
        [NODE_BLOCK] = 'b', [NODE_FIFO] = 'p', [NODE_SOCKET] = 's'};
    static const char special[] = "sst", bits[] = "xwr";
    unsigned mode = node->kind == NODE_LINK ? 0777 : node->mode;
    buf_byte(out, kinds[node->kind]);
    for (int i = 8; i >= 0; i--) {
        bool set = mode >> i & 1;
        bool over = i % 3 == 0 && (mode >> (9 + i / 3) & 1);
        char letter = special[2 - i / 3];
        buf_byte(out, over ? (char)(set ? letter : letter - 'a' + 'A') : set ? bits[i % 3] : '-');
    }
}

static const struct node *node_at(const struct writing *w, uint32_t i)
{
    return &w->rootfs.trees[w->rootfs.from[i]]->nodes[w->rootfs.node[i]];
}

static void name_at(const struct writing *w, uint32_t i, struct buf *out)
{
    buf_clear(out);
    tree_path(w->rootfs.tree, i, out);
}

/* Appends the planned paths without the root, whose attributes the builder sets. */
static void add_planned(struct writing *w)
{
    BUF_AUTO struct buf path = {0};
    for (uint32_t i = 1; i < w->rootfs.tree->n; i++) {
        if (!w->rootfs.from[i])
            continue;
        const struct node *node = node_at(w, i);
        name_at(w, i, &path);
        add_mode(node, w->out);
        buf_printf(w->out, " %u/%u ", node->uid, node->gid);
        add_escaped(bytes_skip(buf_bytes(&path), 1), w->out);
        if (node->kind == NODE_LINK) {
            buf_add(w->out, bytes_of(" -> "));
            add_escaped(node->link, w->out);
        }
        if (node->kind == NODE_CHAR || node->kind == NODE_BLOCK)
            buf_printf(w->out, " %u,%u", node->device_major, node->device_minor);
        buf_byte(w->out, '\n');
    }
}

static void add_made(const struct mapped_tree *mapped, struct buf *out)
{
    BUF_AUTO struct buf made = {0};
    preflight_made_dirs(mapped, &made);
    for (struct bytes rest = buf_bytes(&made); rest.n;) {
        struct bytes path = bytes_split(&rest, 0);
        buf_add(out, bytes_of("> drwxr-xr-x 0/0 "));
        add_escaped(bytes_skip(path, 1), out);
        buf_byte(out, '\n');
    }
}

static void add_name(struct writing *w, uint32_t node, struct buf *path, char end)
{
    name_at(w, node, path);
    add_escaped(bytes_skip(buf_bytes(path), 1), w->out);
    buf_byte(w->out, end);
}

/* Appends a line for each further name of a hard link: first name, further name. */
static void add_links_from(struct writing *w, enum rootfs_from from)
{
    BUF_AUTO struct buf path = {0};
    size_t n = w->rootfs.trees[from] ? w->rootfs.trees[from]->n : 0;
    MEM_AUTO uint32_t *first = mem_array(NULL, n + 1, sizeof *first);
    memset(first, 0xff, (n + 1) * sizeof *first);
    for (uint32_t i = 1; i < w->rootfs.tree->n; i++) {
        uint32_t peer = w->rootfs.from[i] == from ? node_at(w, i)->peer : NODE_NONE;
        if (peer == NODE_NONE)
            continue;
        if (first[peer] == NODE_NONE) {
            first[peer] = i;
            continue;
        }
        add_name(w, first[peer], &path, '\t');
        add_name(w, i, &path, '\n');
    }
}

static void add_links(struct writing *w)
{
    for (enum rootfs_from from = ROOTFS_SUBJECT; from < N_ROOTFS_FROM; from++)
        add_links_from(w, from);
}

static bool take(void *with, uint32_t node, uint64_t at, struct bytes chunk, struct err *err)
{
    struct writing *w = with;
    BUF_AUTO struct buf digest = {0};
    (void)at;
    if (chunk.n)
        return digest_add(w->hash, chunk, err);
    if (!digest_end(w->hash, &digest, err))
        return false;
    w->sums[w->from][node] = mem_dup(bytes_skip(buf_bytes(&digest), strlen("sha256:")));
    return true;
}

static bool is_summed(const struct writing *w, uint32_t i)
{
    return w->rootfs.from[i] && node_at(w, i)->kind == NODE_FILE;
}

/* Computes the sums of the kept files, or of the files from the base. */
static bool hash_from(struct writing *w, struct db *db, enum rootfs_from from,
                      struct progress *progress, struct err *err)
{
    CONTENTS_AUTO struct file_contents *contents = NULL;
    MEM_AUTO uint32_t *files = mem_array(NULL, w->rootfs.tree->n, sizeof *files);
    const struct tree *tree = w->rootfs.trees[from];
    size_t n = 0;
    for (uint32_t i = 0; i < w->rootfs.tree->n; i++)
        if (w->rootfs.from[i] == from && is_summed(w, i))
            files[n++] = w->rootfs.node[i];
    w->from = from;
    w->sums[from] = mem_zero(tree ? tree->n : 0, sizeof *w->sums[from]);
    return !n || (file_contents_open(db, tree, progress, &contents, err) &&
                  file_contents_each(contents, files, n, take, w, err));
}

/* Returns whether engines mount their own file at the path, which then cannot be compared. */
static bool is_mounted(struct bytes name)
{
    static const char *const mounted[] = {"etc/hosts", "etc/hostname", "etc/resolv.conf",
                                          "etc/mtab"};
    for (size_t i = 0; i < sizeof mounted / sizeof *mounted; i++)
        if (bytes_equal(name, bytes_of(mounted[i])))
            return true;
    return bytes_starts(name, bytes_of("dev/"));
}

static void add_sums(struct writing *w, bool odd)
{
    BUF_AUTO struct buf path = {0};
    for (uint32_t i = 1; i < w->rootfs.tree->n; i++) {
        if (!is_summed(w, i))
            continue;
        name_at(w, i, &path);
        struct bytes name = bytes_skip(buf_bytes(&path), 1);
        bool plain = true;
        for (size_t k = 0; k < name.n; k++)
            plain = plain && is_plain((unsigned char)name.p[k]);
        if (plain == odd || is_mounted(name))
            continue;
        buf_printf(w->out, "%s  ./", w->sums[w->rootfs.from[i]][w->rootfs.node[i]]);
        if (odd)
            add_percent_b(name, w->out);
        else
            buf_add(w->out, name);
        buf_byte(w->out, '\n');
    }
}

bool verify_write(struct db *db, const struct mapped_tree *mapped, struct progress *progress,
                  struct buf *out, struct err *err)
{
    struct writing w = {.out = out};
    tar_tree_of_final(&w.rootfs, mapped);
    bool ok = digest_begin(&w.hash, err);
    for (enum rootfs_from from = ROOTFS_SUBJECT; ok && from < N_ROOTFS_FROM; from++)
        ok = hash_from(&w, db, from, progress, err);
    if (ok) {
        buf_add(out, bytes_of(HEAD));
        add_planned(&w);
        buf_add(out, bytes_of(MADE));
        add_made(mapped, out);
        buf_add(out, bytes_of(MIDDLE));
        add_links(&w);
        buf_add(out, bytes_of(SUMS));
        add_sums(&w, false);
        buf_add(out, bytes_of(ODD));
        add_sums(&w, true);
        buf_add(out, bytes_of(TAIL));
    }
    for (enum rootfs_from from = ROOTFS_SUBJECT; from < N_ROOTFS_FROM; from++) {
        const struct tree *tree = w.rootfs.trees[from];
        for (uint32_t i = 0; w.sums[from] && tree && i < tree->n; i++)
            free(w.sums[from][i]);
        free(w.sums[from]);
    }
    digest_destroy(w.hash);
    tar_tree_finish(&w.rootfs);
    return ok;
}
