/* SPDX-License-Identifier: MIT */
#include "views/view_file.h"

#include <elf.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/app.h"
#include "rows/file_pager.h"
#include "rows/text_rows.h"
#include "views/registry.h"
#include "screen/format.h"

enum { COLUMN_PLACE, COLUMN_TEXT, BYTES_A_ROW = 16 };

static const struct column columns[] = {
    [COLUMN_PLACE] = {"", 10, true, 30},
    [COLUMN_TEXT] = {"", 0, false, 0},
};

struct state {
    struct pager *pager; /* owned; NULL: no file is open */
    struct pager_state seen;
    struct buf path;
    bool as_bytes, chosen; /* shown as hexadecimal bytes; the user chose the form */
    struct list list;
    struct buf facts;        /* properties of the file as text */
    struct bytes *fact_rows; /* rows of facts, shown before the content; owned */
    size_t n_facts;
};

static struct state *state_of(const struct app *app)
{
    return view_state(app, &view_file);
}

static void add_machine(struct bytes value, struct buf *out)
{
    static const struct {
        int machine;
        const char *name;
    } names[] = {{EM_386, "i386"},        {EM_X86_64, "x86-64"},       {EM_ARM, "ARM"},
                 {EM_AARCH64, "AArch64"}, {EM_RISCV, "RISC-V"},        {EM_PPC64, "PowerPC64"},
                 {EM_S390, "S/390"},      {EM_LOONGARCH, "LoongArch"}, {EM_MIPS, "MIPS"}};
    MEM_AUTO char *text = mem_dup(value);
    int class = 0, data = 0, machine = 0;
    if (sscanf(text, "%d %d %d", &class, &data, &machine) != 3)
        return;
    const char *name = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        name = names[i].machine == machine ? names[i].name : name;
    buf_printf(out, "ELF %s-bit %s-endian, ", class == ELFCLASS64 ? "64" : "32",
               data == ELFDATA2MSB ? "big" : "little");
    if (name)
        buf_add(out, bytes_of(name));
    else
        buf_printf(out, "machine %d", machine);
    buf_byte(out, '\n');
}

/* Appends the properties of the file, one per line. */
static void add_facts(const struct node *node, struct buf *out)
{
    static const char *const words[N_NEED_KINDS] = {
        [NEED_INTERPRETER] = "interpreter",
        [NEED_NEEDED] = "library",
        [NEED_RUNPATH] = "runpath",
        [NEED_RPATH] = "rpath",
        [NEED_SONAME] = "soname",
        [NEED_SCRIPT] = "script interpreter",
        [NEED_SCRIPT_ARG] = "interpreter argument",
        [NEED_VERSION_NEEDED] = "symbol versions needed",
        [NEED_VERSION_DEFINED] = "symbol versions defined"};
    format_bytes(node->size, out);
    buf_printf(out, ", mode %04o, owner %u:%u, layer %u\n", node->mode, node->uid, node->gid,
               node->ordinal);
    for (size_t i = 0; i < node->n_needs; i++) {
        const struct need *need = &node->needs[i];
        if (need->kind == NEED_MACHINE) {
            add_machine(need->value, out);
        } else if (words[need->kind]) {
            buf_printf(out, "%s: ", words[need->kind]);
            buf_add(out, need->value);
            buf_byte(out, '\n');
        }
    }
}

static void close_file(struct app *app)
{
    struct state *file = state_of(app);
    pager_stop(file->pager);
    file->pager = NULL;
    file->seen = (struct pager_state){0};
    free(file->fact_rows);
    file->fact_rows = NULL;
    file->n_facts = 0;
    buf_finish(&file->facts);
    buf_finish(&file->path);
    file->list = (struct list){0};
    file->as_bytes = file->chosen = false;
}

void view_file_open(struct app *app, uint32_t node)
{
    struct state *file = state_of(app);
    struct err err;
    const struct node *n = &app->session->subject->nodes[node];
    BUF_AUTO struct buf path = {0};
    tree_path(app->session->subject, node, &path);
    if (n->kind == NODE_LINK) {
        struct tree_walk walk;
        node = tree_resolve(app->session->subject, buf_bytes(&path), TREE_FOLLOW, &walk);
    }
    if (node == NODE_NONE || app->session->subject->nodes[node].kind != NODE_FILE) {
        app_say(app, ROLE_DIM, "%s: not a regular file", path.p);
        return;
    }
    close_file(app);
    if (!pager_start(app->session_path, app->session->subject, node, app->wake, &file->pager,
                     &err)) {
        app_say(app, ROLE_ERROR, "%s", err.text);
        return;
    }
    tree_path(app->session->subject, node, &file->path);
    add_facts(&app->session->subject->nodes[node], &file->facts);
    text_rows_split(buf_bytes(&file->facts), &file->fact_rows, &file->n_facts);
    app_open(app, &view_file);
}

static void turn(struct app *app)
{
    struct state *file = state_of(app);
    if (file->pager) {
        struct pager_state now;
        pager_look(file->pager, &now);
        app->dirty = app->dirty || now.n_bytes != file->seen.n_bytes ||
                     now.is_complete != file->seen.is_complete;
        if (!file->chosen && now.is_binary && !file->seen.is_binary)
            file->as_bytes = true;
        file->seen = now;
    }
}

static bool is_idle(const struct app *app)
{
    const struct state *file = state_of(app);
    return !file->pager || file->seen.is_complete;
}

/* Closes a file that is not completely read, because its thread uses the tree that is replaced. */
static void forget(struct app *app, enum view_renewal renewal)
{
    (void)renewal;
    bool is_complete = state_of(app)->seen.is_complete;
    while (app->view == &view_file && !is_complete)
        app_back(app);
    if (!is_complete) /* a complete file no longer needs the tree */
        close_file(app);
}

static struct list *list(struct app *app)
{
    return &state_of(app)->list;
}

static uint64_t count(struct app *app)
{
    const struct state *file = state_of(app);
    uint64_t n =
        file->as_bytes ? (file->seen.n_bytes + BYTES_A_ROW - 1) / BYTES_A_ROW : file->seen.n_rows;
    return file->n_facts + n + (file->seen.err.kind != ERR_NONE);
}

/* Appends up to 16 bytes as hexadecimal pairs, then as characters. */
static void add_bytes(struct bytes bytes, struct buf *out)
{
    for (size_t i = 0; i < BYTES_A_ROW; i++) {
        buf_add(out, bytes_of(i == BYTES_A_ROW / 2 ? " " : ""));
        if (i < bytes.n)
            buf_printf(out, "%02x ", (unsigned char)bytes.p[i]);
        else
            buf_add(out, bytes_of("   "));
    }
    buf_byte(out, ' ');
    for (size_t i = 0; i < bytes.n; i++)
        buf_byte(out, bytes.p[i] >= ' ' && bytes.p[i] <= '~' ? bytes.p[i] : '.');
}

/* Appends the place of a row (its line number or its offset) and its text. place may be NULL. */
static void add_content(struct app *app, uint64_t row, struct buf *place, struct buf *text)
{
    const struct state *file = state_of(app);
    struct bytes bytes;
    uint64_t number = 0;
    if (file->as_bytes) {
        if (pager_bytes(file->pager, row * BYTES_A_ROW, BYTES_A_ROW, &bytes))
            add_bytes(bytes, text);
        if (place)
            buf_printf(place, "%08llx", (unsigned long long)(row * BYTES_A_ROW));
        return;
    }
    if (!pager_row(file->pager, row, &bytes, &number))
        return;
    buf_add(text, bytes);
    if (place && number)
        buf_printf(place, "%llu", (unsigned long long)number);
}

static void cell(struct app *app, uint64_t row, size_t column, struct view_cell *out)
{
    const struct state *file = state_of(app);
    BUF_AUTO struct buf other = {0};
    bool failed = file->seen.err.kind != ERR_NONE && row + 1 == count(app);
    if (row < file->n_facts || failed) {
        out->role = failed ? ROLE_ERROR : ROLE_DIM;
        if (column == COLUMN_TEXT)
            buf_add(&out->text, failed ? bytes_of(file->seen.err.text) : file->fact_rows[row]);
        return;
    }
    out->role = column == COLUMN_PLACE ? ROLE_DIM : ROLE_TEXT;
    if (column == COLUMN_PLACE)
        add_content(app, row - file->n_facts, &out->text, &other);
    else
        add_content(app, row - file->n_facts, NULL, &out->text);
}

static void text(struct app *app, uint64_t row, struct buf *out)
{
    const struct state *file = state_of(app);
    if (row < file->n_facts)
        buf_add(out, file->fact_rows[row]);
    else if (row - file->n_facts < (file->as_bytes ? UINT64_MAX : file->seen.n_rows))
        add_content(app, row - file->n_facts, NULL, out);
}

static bool act(struct app *app, enum action action)
{
    struct state *file = state_of(app);
    if (action != ACTION_CYCLE)
        return false;
    file->as_bytes = !file->as_bytes;
    file->chosen = true;
    file->list = (struct list){0};
    return true;
}

static void add_summary(struct app *app, struct buf *out)
{
    const struct state *file = state_of(app);
    buf_add(out, buf_bytes(&file->path));
    if (file->seen.is_complete)
        return;
    buf_add(out, bytes_of("  reading: "));
    format_bytes((int64_t)file->seen.n_bytes, out);
}

static const char *empty(struct app *app)
{
    (void)app;
    return "reading ...";
}

static const enum action takes[] = {ACTION_CYCLE, ACTION_NONE};

const struct view view_file = {
    .id = VIEW_ID_file,
    .title = "File",
    .state.size = sizeof(struct state),
    .state.forget = forget,
    .state.turn = turn,
    .state.is_idle = is_idle,
    .state.finish = close_file,
    .columns = columns,
    .n_columns = sizeof columns / sizeof *columns,
    .list = list,
    .count = count,
    .cell = cell,
    .text = text,
    .takes = takes,
    .act = act,
    .empty = empty,
    .summary = add_summary,
    .hint = "q back  ? help  . text or bytes  / search  n next  [ ] scroll  PgDn PgUp",
};
