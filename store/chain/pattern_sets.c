/* SPDX-License-Identifier: MIT */
#include "chain/pattern_sets.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "chain/grep/pipeline.h"
#include "patterns.h" /* made by the build from share/patterns */
#include "util/user_files.h"
#include "util/write_all.h"

static const char suffix[] = ".patterns";

/* --- names --- */

static bool check_name(const char *name, struct err *err)
{
    return user_files_is_name(bytes_of(name)) ||
           err_set(err, "'%s' is no name for a set: letters, digits and ._- are, at most %d", name,
                   USER_FILES_MAX_NAME);
}

void pattern_sets_directory(struct buf *out)
{
    user_files_directory("patterns", out);
}

static void print_path(const char *dir, const char *name, struct buf *out)
{
    buf_printf(out, "%s/%s%s", dir, name, suffix);
}

/* --- texts --- */

static const struct shipped_set *find_shipped(const char *name)
{
    for (const struct shipped_set *set = shipped_sets; set->name; set++)
        if (!strcmp(set->name, name))
            return set;
    return NULL;
}

/* Appends the text of a person's set. */
static enum lookup read_own(const char *dir, const char *name, struct buf *out, struct err *err)
{
    return user_files_read(dir, name, suffix, SETS_MAX_BYTES, out, err);
}

bool pattern_sets_text(const char *dir, const char *name, struct buf *out, struct err *err)
{
    BUF_AUTO struct buf text = {0};
    enum lookup found = check_name(name, err) ? read_own(dir, name, &text, err) : LOOKUP_ERR;
    if (found == LOOKUP_FOUND)
        buf_add(out, buf_bytes(&text));
    if (found != LOOKUP_ABSENT)
        return found == LOOKUP_FOUND;
    const struct shipped_set *shipped = find_shipped(name);
    if (!shipped)
        return err_set(err, "there is no set '%s'", name);
    buf_add(out, bytes_from((const char *)shipped->text, shipped->n_bytes));
    return true;
}

/* --- the list --- */

/* The first comment of a set, without its #. */
static struct bytes about_of(struct bytes text)
{
    struct bytes line = bytes_from(text.p, bytes_index(text, '\n'));
    size_t at = 0;
    if (!bytes_starts(line, bytes_of("#")))
        return bytes_of("");
    while (at < line.n && (line.p[at] == '#' || line.p[at] == ' '))
        at++;
    return bytes_skip(line, at);
}

static void add_entry(struct pattern_sets *sets, const char *name, struct bytes about, bool own)
{
    ARRAY_ROOM(sets->list, sets->n, sets->cap);
    sets->list[sets->n++] = (struct pattern_set){mem_dup(bytes_of(name)), mem_dup(about), own};
}

static void add_own(const char *dir, const char *name, struct pattern_sets *sets)
{
    BUF_AUTO struct buf text = {0};
    struct err err = {0};
    enum lookup found = read_own(dir, name, &text, &err);
    if (found == LOOKUP_FOUND)
        add_entry(sets, name, about_of(buf_bytes(&text)), true);
    else if (found == LOOKUP_ERR)
        add_entry(sets, name, bytes_of(err.text), true);
}

bool pattern_sets_list(const char *dir, struct pattern_sets *out, struct err *err)
{
    char **names;
    size_t n_names;
    *out = (struct pattern_sets){0};
    if (!user_files_names(dir, suffix, &names, &n_names, err))
        return false;
    for (size_t i = 0; i < n_names; i++)
        add_own(dir, names[i], out);
    user_files_free_names(names, n_names);
    size_t n_own = out->n;
    for (const struct shipped_set *set = shipped_sets; set->name; set++) {
        bool hidden = false;
        for (size_t i = 0; i < n_own; i++)
            hidden |= !strcmp(out->list[i].name, set->name);
        if (!hidden)
            add_entry(out, set->name, about_of(bytes_from((const char *)set->text, set->n_bytes)),
                      false);
    }
    return true;
}

void pattern_sets_finish(struct pattern_sets *sets)
{
    for (size_t i = 0; i < sets->n; i++) {
        free(sets->list[i].name);
        free(sets->list[i].about);
    }
    free(sets->list);
    *sets = (struct pattern_sets){0};
}

/* --- use --- */

/* The word in front of a stage that says what it is put on; text is left behind it. */
static const struct filter_target *take_target(struct bytes *text)
{
    size_t n = bytes_index(*text, ':');
    const struct filter_target *found =
        n < text->n ? filter_target_find(bytes_from(text->p, n)) : NULL;
    if (found)
        *text = bytes_skip(*text, n + 1);
    return found ? found : &target_line;
}

/* One line: a stage behind all others, or nothing. */
static bool use_line(struct bytes line, struct chain *chain, struct buf *warning, struct err *err)
{
    struct stage_spec spec;
    struct operands files;
    BUF_AUTO struct buf text = {0};
    while (line.n && strchr(" \t\r", line.p[0]) && line.p[0])
        line = bytes_skip(line, 1);
    while (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    if (!line.n || line.p[0] == '#')
        return true;
    const struct filter_target *target = take_target(&line);
    if (!pipeline_parse_stage(line, false, PIPELINE_STORED, &spec, &files, err))
        return false;
    operands_finish(&files);
    stage_spec_print(&spec, &text);
    stage_spec_finish(&spec);
    size_t at = chain_n_stages(chain);
    if (!chain_insert(chain, at, buf_bytes(&text), warning, err))
        return false;
    chain_set_target(chain, at, target);
    return true;
}

bool pattern_sets_use(const char *dir, const char *name, struct chain *chain, struct buf *warning,
                      struct err *err)
{
    BUF_AUTO struct buf text = {0};
    size_t n_before = chain_n_stages(chain);
    if (!pattern_sets_text(dir, name, &text, err))
        return false;
    struct bytes rest = buf_bytes(&text);
    for (size_t number = 1; rest.n; number++) {
        struct bytes line = bytes_split(&rest, '\n');
        if (use_line(line, chain, warning, err))
            continue;
        while (chain_n_stages(chain) > n_before)
            chain_remove(chain, chain_n_stages(chain) - 1);
        return err_wrap(err, "%s%s:%zu", name, suffix, number);
    }
    return true;
}

/* --- save --- */

static bool print_set(const char *name, const struct chain *chain, struct buf *out, struct err *err)
{
    buf_printf(out, "# %s: saved from a chain of %zu\n", name, chain_n_stages(chain));
    for (size_t i = 0; i < chain_n_stages(chain); i++) {
        struct stage_view view = chain_stage(chain, i);
        struct stage_spec spec;
        struct operands files;
        if (!pipeline_parse_stage(view.text, true, PIPELINE_STORED, &spec, &files, err))
            return false;
        operands_finish(&files);
        buf_add(out, bytes_of(view.enabled ? "" : "# off: "));
        filter_target_print_label(view.target, out);
        stage_spec_print_on_one_line(&spec, out);
        buf_byte(out, '\n');
        stage_spec_finish(&spec);
    }
    return chain_n_stages(chain) > 0 || err_set(err, "the chain has no stages to save");
}

static bool make_directories(const char *dir, struct err *err)
{
    MEM_AUTO char *path = mem_dup(bytes_of(dir));
    for (char *p = path + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        mkdir(path, 0777);
        *p = '/';
    }
    return mkdir(path, 0777) == 0 || errno == EEXIST || err_sys(err, "%s", dir);
}

/* Writes beside, then puts in place; what is there stays under the name with a ~. */
static bool write_set(const char *path, struct bytes text, struct err *err)
{
    BUF_AUTO struct buf part = {0};
    BUF_AUTO struct buf old = {0};
    buf_printf(&part, "%s.%ld", path, (long)getpid());
    buf_printf(&old, "%s~", path);
    int fd = open(part.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0)
        return err_sys(err, "%s", part.p);
    errno = 0;
    bool ok = write_all(fd, text) && fsync(fd) == 0;
    ok = close(fd) == 0 && ok;
    if (ok) {
        unlink(old.p);
        ok = link(path, old.p) == 0 || errno == ENOENT;
    }
    if (!ok || rename(part.p, path) != 0) {
        err_sys(err, "%s", path);
        unlink(part.p);
        return false;
    }
    return true;
}

bool pattern_sets_save(const char *dir, const char *name, const struct chain *chain,
                       struct err *err)
{
    BUF_AUTO struct buf text = {0};
    BUF_AUTO struct buf path = {0};
    if (!check_name(name, err))
        return false;
    if (!dir)
        return err_set(err, "there is no place for sets: neither HOME nor XDG_CONFIG_HOME is set");
    if (!print_set(name, chain, &text, err) || !make_directories(dir, err))
        return false;
    if (text.n > SETS_MAX_BYTES)
        return err_set(err, "%s: larger than %d bytes", name, SETS_MAX_BYTES);
    print_path(dir, name, &path);
    return write_set(path.p, buf_bytes(&text), err);
}
