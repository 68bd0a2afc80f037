/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "chain/chain_private.h"
#include "db/journal.h"

enum { MAX_STAGES = 1000 };

static void stage_finish(struct stage *stage)
{
    stage_spec_finish(&stage->spec);
    buf_finish(&stage->text);
    buf_finish(&stage->key);
    *stage = (struct stage){0};
}

static void drop_stages(struct chain *chain)
{
    for (size_t i = 0; i < chain->n_stages; i++)
        stage_finish(&chain->stages[i]);
    chain->n_stages = 0;
}

/* Sets the texts of a stage (canonical text, key) from its options. */
static void name_stage(struct stage *stage)
{
    struct stage_spec bare = stage->spec;
    bare.invert = false;
    bare.prefix = GREP_PREFIX_AUTO;
    buf_clear(&stage->text);
    buf_clear(&stage->key);
    stage_spec_print(&stage->spec, &stage->text);
    stage_spec_print(&bare, &stage->key);
    stage->numbers = (struct stage_view){0};
}

/* Makes a stage and takes ownership of spec. Returns false if grep would reject it; spec is then
 * freed. */
static bool make_stage(struct stage_spec *spec, struct stage *out, struct buf *warning,
                       struct err *err)
{
    struct pattern *pattern;
    *out =
        (struct stage){.spec = *spec, .target = &target_line, .enabled = true, .was_enabled = true};
    name_stage(out);
    if (!pattern_compile(&out->spec, &pattern, warning, err)) {
        err_wrap(err, "%s", out->text.p);
        stage_finish(out);
        return false;
    }
    pattern_destroy(pattern);
    return true;
}

/* Makes a stage from the text of one command. files stays empty if the command has no files. */
static bool parse_stage(struct bytes text, bool is_first, enum pipeline_source source,
                        struct stage *out, struct operands *files, struct buf *warning,
                        struct err *err)
{
    struct stage_spec spec;
    if (!pipeline_parse_stage(text, is_first, source, &spec, files, err))
        return false;
    if (make_stage(&spec, out, warning, err))
        return true;
    operands_finish(files);
    return false;
}

static void take_files(struct chain *chain, struct operands *files)
{
    if (!files->n)
        return;
    operands_finish(&chain->files);
    chain->files = *files;
}

static void insert_stage(struct chain *chain, size_t at, const struct stage *stage)
{
    ARRAY_ROOM(chain->stages, chain->n_stages, chain->cap_stages);
    memmove(chain->stages + at + 1, chain->stages + at,
            (chain->n_stages - at) * sizeof *chain->stages);
    chain->stages[at] = *stage;
    chain->n_stages++;
}

/* Copies a stage that was compiled before. */
static struct stage copy_stage(const struct stage *stage)
{
    struct stage copy = {
        .target = stage->target, .enabled = stage->enabled, .was_enabled = stage->was_enabled};
    stage_spec_copy(&stage->spec, &copy.spec);
    name_stage(&copy);
    return copy;
}

/* Parses a stored stage. known is a chain whose stages need not be compiled again, or NULL. */
static bool parse_stored(struct bytes text, const struct chain *known, struct stage *out,
                         struct err *err)
{
    struct operands files;
    for (size_t i = 0; known && i < known->n_stages; i++) {
        if (bytes_equal(buf_bytes(&known->stages[i].text), text)) {
            *out = copy_stage(&known->stages[i]);
            return true;
        }
    }
    if (!parse_stage(text, true, PIPELINE_STORED, out, &files, NULL, err))
        return false;
    if (!files.n)
        return true;
    operands_finish(&files);
    stage_finish(out);
    return err_set(err, "damaged: a stage other than the first has files");
}

/* Reads one stage from "ETARGET STAGE" (journal.h): E is 0 or 1 (enabled), then the target, one
 * blank, and the shell text of the stage. */
static bool read_stage(struct chain *chain, struct bytes field, const struct chain *known,
                       struct err *err)
{
    struct stage stage;
    struct bytes word = bytes_from(field.p, bytes_index(field, ' '));
    if (word.n < 2 || word.n == field.n || chain->n_stages == MAX_STAGES)
        return err_set(err, "damaged");
    const struct filter_target *target = filter_target_find(bytes_skip(word, 1));
    if (!target)
        return err_set(err, "unknown target \"%.*s\"; written by a newer xsmall?",
                       (int)(word.n < 40 ? word.n - 1 : 40), word.p + 1);
    if (!parse_stored(bytes_skip(field, word.n + 1), known, &stage, err))
        return false;
    stage.enabled = word.p[0] == '1';
    stage.target = target;
    insert_stage(chain, chain->n_stages, &stage);
    return true;
}

static bool read_value(struct chain *chain, struct bytes value, const struct chain *known,
                       struct err *err)
{
    size_t n = bytes_index(value, 0);
    if (!operands_parse(bytes_from(value.p, n), &chain->files, err))
        return err_wrap(err, "the chain's files");
    for (size_t i = 1; n < value.n; i++) {
        value = bytes_skip(value, n + 1);
        n = bytes_index(value, 0);
        if (value.n && !read_stage(chain, bytes_from(value.p, n), known, err))
            return err_wrap(err, "stage %zu", i);
    }
    return true;
}

static bool read_decided(struct chain *chain, struct db *db, const struct chain *known,
                         struct err *err)
{
    BUF_AUTO struct buf value = {0};
    enum lookup found = journal_get(db, EDIT_CHAIN, bytes_of(""), &value, err);
    if (found == LOOKUP_FOUND && !read_value(chain, buf_bytes(&value), known, err))
        return err_wrap(err, "%s", db_path(db));
    return found != LOOKUP_ERR;
}

bool chain_read(struct db *db, struct chain **out, struct err *err)
{
    struct chain *chain = mem_zero(1, sizeof *chain);
    if (!read_decided(chain, db, NULL, err)) {
        chain_destroy(chain);
        return false;
    }
    *out = chain;
    return true;
}

static bool same_files(const struct chain *a, const struct chain *b)
{
    BUF_AUTO struct buf left = {0}, right = {0};
    operands_print(&a->files, &left);
    operands_print(&b->files, &right);
    return bytes_equal(buf_bytes(&left), buf_bytes(&right));
}

/* Moves the stages and files of `from` to chain; `from` is empty afterwards. */
static void take_decided(struct chain *chain, struct chain *from)
{
    drop_stages(chain);
    free(chain->stages);
    operands_finish(&chain->files);
    chain->stages = from->stages;
    chain->n_stages = from->n_stages;
    chain->cap_stages = from->cap_stages;
    chain->files = from->files;
    chain->is_solo = false;
}

bool chain_read_again(struct chain *chain, struct db *db, bool *is_bound, struct err *err)
{
    struct chain read = {0};
    if (!read_decided(&read, db, chain, err)) {
        drop_stages(&read);
        free(read.stages);
        operands_finish(&read.files);
        return false;
    }
    *is_bound = !chain->unusable && chain->lines && same_files(chain, &read);
    take_decided(chain, &read);
    return !*is_bound || hits_load(chain, db, err);
}

void chain_destroy(struct chain *chain)
{
    if (!chain)
        return;
    chain_unbind(chain);
    hits_drop_all(chain);
    drop_stages(chain);
    free(chain->stages);
    free(chain->sets);
    free(chain->selected);
    operands_finish(&chain->files);
    line_set_free(chain->survivors);
    output_cursor_destroy(chain->cursor);
    free(chain);
}

static const char COUNTED_CLEAR[] = "DELETE FROM counted WHERE position >= 1";

bool chain_write(const struct chain *chain, struct db *db, struct err *err)
{
    BUF_AUTO struct buf value = {0};
    operands_print(&chain->files, &value);
    buf_byte(&value, 0);
    for (size_t i = 0; i < chain->n_stages; i++) {
        buf_byte(&value, chain->stages[i].enabled ? '1' : '0');
        buf_printf(&value, "%s ", chain->stages[i].target->name);
        buf_add(&value, buf_bytes(&chain->stages[i].text));
        buf_byte(&value, 0);
    }
    /* removes the numbers of the old stages */
    struct stmt *clear = db_query(db, COUNTED_CLEAR, err);
    if (!clear || !stmt_run(clear, err))
        return false;
    bool any = chain->n_stages || chain->files.n;
    struct bytes text = buf_bytes(&value);
    if (chain->files.n)
        text = bytes_skip(text, 1); /* the space before the first operand */
    return journal_set(db, EDIT_CHAIN, bytes_of(""), any ? text : bytes_from(NULL, 0), err);
}

size_t chain_n_stages(const struct chain *chain)
{
    return chain->n_stages;
}

struct stage_view chain_stage(const struct chain *chain, size_t i)
{
    const struct stage *stage = &chain->stages[i];
    struct stage_view view = stage->numbers;
    view.text = buf_bytes(&stage->text);
    view.target = stage->target;
    view.enabled = stage->enabled;
    view.active = chain_is_active(chain, stage);
    view.invert = stage->spec.invert;
    return view;
}

enum grep_prefix chain_prefix_mode(const struct chain *chain)
{
    return chain->n_stages ? chain->stages[0].spec.prefix : GREP_PREFIX_AUTO;
}

/* Sets -h or -H, which belongs to the whole chain but is stored at the first stage. The first
 * enabled stage reads the files with it. The option stays when stages are inserted, removed or
 * moved. */
static void keep_mode(struct chain *chain, enum grep_prefix mode)
{
    for (size_t i = 0; i < chain->n_stages; i++) {
        enum grep_prefix wanted = i == 0 ? mode : GREP_PREFIX_AUTO;
        if (chain->stages[i].spec.prefix != wanted) {
            chain->stages[i].spec.prefix = wanted;
            name_stage(&chain->stages[i]);
        }
    }
}

static bool has_room(const struct chain *chain, struct err *err)
{
    return chain->n_stages < MAX_STAGES || err_set(err, "more than %d stages", MAX_STAGES);
}

bool chain_insert(struct chain *chain, size_t at, struct bytes text, struct buf *warning,
                  struct err *err)
{
    struct stage stage;
    struct operands files;
    at = at < chain->n_stages ? at : chain->n_stages;
    if (!has_room(chain, err))
        return false;
    if (!parse_stage(text, at == 0, PIPELINE_TYPED, &stage, &files, warning, err))
        return false;
    take_files(chain, &files);
    enum grep_prefix mode = chain_prefix_mode(chain);
    insert_stage(chain, at, &stage);
    keep_mode(chain, stage.spec.prefix != GREP_PREFIX_AUTO ? stage.spec.prefix : mode);
    return true;
}

bool chain_replace(struct chain *chain, size_t i, struct bytes text, struct buf *warning,
                   struct err *err)
{
    struct stage stage;
    struct operands files;
    if (!parse_stage(text, i == 0, PIPELINE_TYPED, &stage, &files, warning, err))
        return false;
    take_files(chain, &files);
    stage.enabled = chain->stages[i].enabled;
    stage.was_enabled = chain->stages[i].was_enabled;
    stage.target = chain->stages[i].target;
    stage_finish(&chain->stages[i]);
    chain->stages[i] = stage;
    return true;
}

void chain_remove(struct chain *chain, size_t i)
{
    enum grep_prefix mode = chain_prefix_mode(chain);
    stage_finish(&chain->stages[i]);
    chain->n_stages--;
    memmove(chain->stages + i, chain->stages + i + 1,
            (chain->n_stages - i) * sizeof *chain->stages);
    keep_mode(chain, mode);
}

void chain_move(struct chain *chain, size_t from, size_t to)
{
    enum grep_prefix mode = chain_prefix_mode(chain);
    struct stage moved = chain->stages[from];
    memmove(chain->stages + from, chain->stages + from + 1,
            (chain->n_stages - from - 1) * sizeof moved);
    memmove(chain->stages + to + 1, chain->stages + to, (chain->n_stages - to - 1) * sizeof moved);
    chain->stages[to] = moved;
    keep_mode(chain, mode);
}

bool chain_duplicate(struct chain *chain, size_t i, struct err *err)
{
    if (!has_room(chain, err))
        return false;
    struct stage copy = copy_stage(&chain->stages[i]);
    enum grep_prefix mode = chain_prefix_mode(chain);
    insert_stage(chain, i + 1, &copy);
    keep_mode(chain, mode);
    return true;
}

void chain_invert(struct chain *chain, size_t i)
{
    chain->stages[i].spec.invert = !chain->stages[i].spec.invert;
    name_stage(&chain->stages[i]);
}

void chain_set_target(struct chain *chain, size_t i, const struct filter_target *target)
{
    chain->stages[i].target = target;
    chain->stages[i].numbers = (struct stage_view){0};
}

static bool is_blank(struct bytes text)
{
    for (size_t i = 0; i < text.n; i++)
        if (!strchr(" \t\n", text.p[i]) || !text.p[i])
            return false;
    return true;
}

/* Compiles all stages of a pipeline into a chain that has only stages. Takes ownership of the
 * specs. */
static bool make_stages(struct pipeline *pipeline, struct chain *out, struct buf *warning,
                        struct err *err)
{
    for (size_t i = 0; i < pipeline->n; i++) {
        struct stage stage;
        bool ok = make_stage(&pipeline->stages[i], &stage, warning, err);
        pipeline->stages[i] = (struct stage_spec){0};
        if (!ok)
            return false;
        insert_stage(out, out->n_stages, &stage);
    }
    return true;
}

bool chain_from_pipeline(struct chain *chain, struct bytes text, struct buf *warning,
                         struct err *err)
{
    struct pipeline pipeline = {0};
    struct chain made = {0};
    if (!is_blank(text) && !pipeline_parse(text, PIPELINE_TYPED, &pipeline, warning, err))
        return false;
    bool ok = make_stages(&pipeline, &made, warning, err);
    if (ok) {
        made.files = pipeline.files;
        pipeline.files = (struct operands){0};
        take_decided(chain, &made);
    } else {
        drop_stages(&made);
        free(made.stages);
    }
    pipeline_finish(&pipeline);
    return ok;
}
