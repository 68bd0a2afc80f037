/* SPDX-License-Identifier: MIT */
#include "explorer/start_menu.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "screen/format.h"

static size_t count(const struct discovery *here, enum discovery_kind kind)
{
    size_t n = 0;
    for (size_t i = 0; i < here->n; i++)
        n += here->items[i].kind == kind;
    return n;
}

static bool is_image(const struct discovery_item *item)
{
    return item->kind == DISCOVERED_IMAGE || item->kind == DISCOVERED_ENGINE;
}

static bool is_logs(const struct discovery_item *item)
{
    return item->kind == DISCOVERED_LOG || item->kind == DISCOVERED_LOGS_DIR;
}

/* A choice among the discovered items. */
struct question {
    const char *title;
    const char *none; /* text of a first row that chooses no item; NULL: no such row */
    bool (*offers)(const struct discovery_item *item);
    const struct discovery_item *except; /* an item that is not offered, or NULL */
};

/* Shows the items of a question. *chosen is NULL if the first row `none` was chosen. */
static enum chooser_end choose_item(const struct start_menu *first, const struct question *question,
                                    const struct config *config,
                                    const struct discovery_item **chosen, struct err *err)
{
    static const char *const kinds[] = {[DISCOVERED_SESSION] = "session",
                                        [DISCOVERED_IMAGE] = "image",
                                        [DISCOVERED_LOG] = "log",
                                        [DISCOVERED_LOGS_DIR] = "logs",
                                        [DISCOVERED_ENGINE] = "engine image"};
    const struct discovery *here = &first->here;
    MEM_AUTO struct chooser_row *rows = mem_zero(here->n + 1, sizeof *rows);
    MEM_AUTO const struct discovery_item **items = mem_zero(here->n + 1, sizeof *items);
    size_t n = 0, at = 0;
    if (question->none)
        rows[n++].name = question->none;
    for (size_t i = 0; i < here->n; i++) {
        if (!question->offers(&here->items[i]) || &here->items[i] == question->except)
            continue;
        rows[n] = (struct chooser_row){here->items[i].name, kinds[here->items[i].kind]};
        items[n++] = &here->items[i];
    }
    enum chooser_end end = chooser_run(question->title, rows, n, config, &at, err);
    *chosen = end == CHOOSER_CHOSEN ? items[at] : NULL;
    return end;
}

static bool begins(const struct discovery_item *item)
{
    return item->kind == DISCOVERED_SESSION || is_image(item);
}

/* Lets the user choose between all logs of the directory and no logs. */
static enum chooser_end choose_logs(const struct start_menu *first, const struct config *config,
                                    bool *with, struct err *err)
{
    BUF_AUTO struct buf title = {0}, all = {0};
    size_t n = count(&first->here, DISCOVERED_LOG),
           n_dirs = count(&first->here, DISCOVERED_LOGS_DIR), at = 0;
    *with = false;
    if (!n && !n_dirs)
        return CHOOSER_CHOSEN;
    if (n)
        buf_printf(&all, "%zu log%s", n, n == 1 ? "" : "s");
    if (n_dirs)
        buf_printf(&all, "%s%zu log director%s", n ? ", " : "", n_dirs, n_dirs == 1 ? "y" : "ies");
    buf_add(&title, bytes_of("load the strace logs in this directory?"));
    const struct chooser_row rows[] = {{all.p, NULL}, {"no logs, only the image", NULL}};
    enum chooser_end end = chooser_run(title.p, rows, 2, config, &at, err);
    *with = end == CHOOSER_CHOSEN && at == 0;
    return end;
}

static void set_operands(struct start_menu *first, struct args *args,
                         const struct discovery_item *image, bool logs)
{
    size_t n = 0;
    first->operands = mem_array(NULL, first->here.n + 1, sizeof *first->operands);
    first->operands[n++] = image->name;
    for (size_t i = 0; logs && i < first->here.n; i++)
        if (is_logs(&first->here.items[i]))
            first->operands[n++] = first->here.items[i].name;
    args->operands = first->operands;
    args->n_operands = n;
}

static enum chooser_end choose(struct start_menu *first, struct args *args,
                               const struct config *config, struct err *err)
{
    const struct discovery_item *chosen, *base = NULL;
    bool logs;
    struct question which_item = {.title = "which session or image?", .offers = begins};
    enum chooser_end end = choose_item(first, &which_item, config, &chosen, err);
    if (end != CHOOSER_CHOSEN)
        return end;
    if (chosen->kind == DISCOVERED_SESSION) {
        args->session_path = chosen->name;
        return end;
    }
    struct question which_base = {.title = "which base image? its files need no copying",
                                  .none = "no base image",
                                  .offers = is_image,
                                  .except = chosen};
    end = choose_logs(first, config, &logs, err);
    if (end == CHOOSER_CHOSEN &&
        count(&first->here, DISCOVERED_IMAGE) + count(&first->here, DISCOVERED_ENGINE) > 1)
        end = choose_item(first, &which_base, config, &base, err);
    if (end == CHOOSER_CHOSEN)
        set_operands(first, args, chosen, logs);
    if (base)
        args->load.base = base->name;
    return end;
}

bool start_menu_offer(struct start_menu *first, struct args *args, const struct config *config,
                      bool *left, struct err *err)
{
    *left = false;
    *first = (struct start_menu){0};
    if (args->session_path || args->n_operands || args->load.base || !isatty(STDIN_FILENO) ||
        !isatty(STDOUT_FILENO))
        return true;
    if (!discovery_read(&first->here, err))
        return false;
    size_t n_sessions = count(&first->here, DISCOVERED_SESSION);
    if (n_sessions == 1)
        return true;
    if (!n_sessions && !count(&first->here, DISCOVERED_IMAGE) &&
        !count(&first->here, DISCOVERED_ENGINE))
        return err_set(err, "this directory: no session (*.xsmall) and no image found; run "
                            "xsmall IMAGE LOG... (see xsmall --help)");
    enum chooser_end end = choose(first, args, config, err);
    *left = end == CHOOSER_LEFT;
    return end != CHOOSER_FAILED;
}

void start_menu_finish(struct start_menu *first)
{
    discovery_finish(&first->here);
    free(first->operands);
}
