/* SPDX-License-Identifier: MIT
 * Small trees of a subject and a base, marks and map rules, and the resulting export. */
#ifndef XSMALL_TESTS_EXPORT_FIXTURE_H
#define XSMALL_TESTS_EXPORT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "export/export.h"

#define FIXTURE __attribute__((unused)) static

struct line {
    const char *path;
    enum node_kind kind;
    const char *other; /* a link's target; a file's other name */
    uint16_t mode;
    uint32_t uid;
    uint8_t tag; /* the content: equal tags are equal files */
    bool has_xattrs;
};

#define FILE_(p, ...)                                                                              \
    {                                                                                              \
        .path = p, .kind = NODE_FILE, __VA_ARGS__                                                  \
    }
#define DIR_(p, ...)                                                                               \
    {                                                                                              \
        .path = p, .kind = NODE_DIR, __VA_ARGS__                                                   \
    }
#define LINK_(p, to)                                                                               \
    {                                                                                              \
        .path = p, .kind = NODE_LINK, .other = to                                                  \
    }

static const char *const tools[] = {"sh", "cp", "mkdir", "chown", "chmod", "touch", "rm", "ln"};
enum tooled { BARE, TOOLED };

FIXTURE struct tree *make_tree(enum tooled tooled, const struct line *lines, size_t n)
{
    struct tree_builder *builder = tree_builder_create();
    for (size_t i = 0; i < n; i++) {
        struct node node = {.kind = (uint8_t)lines[i].kind,
                            .uid = lines[i].uid,
                            .mtime_s = 1000,
                            .mode = lines[i].mode ? lines[i].mode : 0755};
        node.hash[0] = lines[i].tag;
        node.xattrs[0] = lines[i].has_xattrs;
        if (node.kind == NODE_LINK)
            node.link = bytes_of(lines[i].other);
        tree_builder_add(builder, bytes_of(lines[i].path), &node,
                         bytes_of(node.kind == NODE_FILE ? lines[i].other : NULL));
    }
    for (size_t i = 0; tooled && i < sizeof tools / sizeof *tools; i++) {
        char path[32];
        struct node tool = {.kind = NODE_FILE, .mode = 0755};
        snprintf(path, sizeof path, "/bin/%s", tools[i]);
        tree_builder_add(builder, bytes_of(path), &tool, bytes_of(NULL));
    }
    return tree_builder_finish(builder);
}

#define TREE(tooled, lines) make_tree(tooled, lines, sizeof(lines) / sizeof *(lines))

static struct db *db;

struct result {
    bool ok;
    struct buf text, warnings;
    const struct export_form *used;
    struct err err;
};

FIXTURE void result_finish(struct result *result)
{
    buf_finish(&result->text);
    buf_finish(&result->warnings);
}

#define RESULT_AUTO __attribute__((cleanup(result_finish)))

FIXTURE const struct map_rules *rules_now; /* of what is decided next; NULL: none */

/* The inputs of an export. */
struct decided {
    struct marks_item items[64];
    struct marks marks;
    struct keep_input input;
    struct keep *keep;
    struct mapped_tree mapped;
};

/* marks: "keep /a", "drop /a/b", … Returns false with err if the map rules cannot be applied. */
FIXTURE bool decide(struct decided *d, const struct tree *tree, const struct tree *base,
                    const char *const *marks, const char *config, struct err *err)
{
    *d = (struct decided){0};
    d->marks.items = d->items;
    for (; *marks; marks++) {
        d->items[d->marks.n].mark = **marks == 'k' ? MARK_KEEP : MARK_DROP;
        d->items[d->marks.n++].path = bytes_of(*marks + 5);
    }
    d->input = (struct keep_input){
        .subject = tree, .base = base, .marks = &d->marks, .db = db, .config = bytes_of(config)};
    assert_true(keep_compute(&d->input, &d->keep, err));
    return mapped_tree_make(&d->mapped, &d->input, d->keep, rules_now, err);
}

FIXTURE void decided_finish(struct decided *d)
{
    mapped_tree_finish(&d->mapped);
    keep_destroy(d->keep);
}

FIXTURE struct result export_it(const struct tree *tree, const struct tree *base,
                                const char *const *marks, const char *config,
                                struct export_request request)
{
    struct result result = {0};
    struct decided decided;
    struct export_text text = {0};
    if (!request.subject_name.n)
        request.subject_name = bytes_of("localhost/app:1");
    if (!request.base_name.n)
        request.base_name = bytes_of("localhost/base");
    result.ok = decide(&decided, tree, base, marks, config, &result.err) &&
                export_write(&request, &decided.mapped, &text, &result.err);
    result.text = text.text;
    result.warnings = text.warnings;
    result.used = text.form;
    assert_true(result.ok || result.text.n == 0);
    decided_finish(&decided);
    return result;
}

#define MARKS(...) ((const char *const[]){__VA_ARGS__, NULL})
/* NULL: the form is chosen automatically. */
FIXTURE const struct export_form *form_of(const char *name)
{
    const struct export_form *form = NULL;
    assert_true(!name || export_form_find(name, &form));
    return form;
}
#define FORM(f, ...) ((struct export_request){.form = form_of(f), __VA_ARGS__})

/* Returns the text without its comment lines. */
FIXTURE void expect_text(const struct result *result, const char *expected)
{
    BUF_AUTO struct buf out = {0};
    if (!result->ok)
        fail_msg("%s", result->err.text);
    for (struct bytes rest = buf_bytes(&result->text); rest.n;) {
        struct bytes line = bytes_from(rest.p, bytes_index(rest, '\n') + 1);
        if (line.p[0] != '#')
            buf_add(&out, line);
        rest = bytes_skip(rest, line.n);
    }
    assert_string_equal(out.p ? out.p : "", expected);
}

/* A rejected export: the message names the path and the other form. */
FIXTURE void expect_no(const struct result *result, const char *path, const char *form)
{
    assert_false(result->ok);
    assert_int_equal(result->err.kind, ERR_NO);
    if (!strstr(result->err.text, path) || !strstr(result->err.text, form))
        fail_msg("\"%s\" without %s or %s", result->err.text, path, form);
}

static char session_dir[64];

FIXTURE int open_session(void **state)
{
    struct err err = {0};
    char path[96];
    (void)state;
    strcpy(session_dir, "/tmp/xsmall-export-XXXXXX");
    if (!mkdtemp(session_dir))
        return -1;
    snprintf(path, sizeof path, "%s/a.xsmall", session_dir);
    return db_open(path, DB_CREATE, &db, &err) ? 0 : -1;
}

FIXTURE int close_session(void **state)
{
    char path[96];
    (void)state;
    db_close(db);
    snprintf(path, sizeof path, "%s/a.xsmall", session_dir);
    unlink(path);
    return rmdir(session_dir);
}

#endif
