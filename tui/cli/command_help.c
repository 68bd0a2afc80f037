/* SPDX-License-Identifier: MIT
 *
 * xsmall help: prints the help of the program or of a command, or a document.
 */
#include <string.h>

#include "cli/command.h"
#include "cli/docs/docs.h"
#include "cli/docs/pager.h"
#include "cli/docs/usage.h"
#include "cli/output.h"
#include "cli/suggestion.h"

static bool refuse_name(const char *name, struct err *err)
{
    struct suggestion similar = {0};
    for (const struct command *const *command = commands; *command; command++)
        suggestion_try(&similar, name, (*command)->name);
    for (const struct document *document = documents; document->name; document++)
        suggestion_try(&similar, name, document->name);
    if (similar.best)
        return err_set(err, "%s: unknown command or document; did you mean \"%s\"?", name,
                       similar.best);
    return err_set(err, "%s: unknown command or document; run xsmall help", name);
}

/* help man COMMAND. */
static bool write_manual_page(const char *name, struct buf *out, struct err *err)
{
    const struct command *command = command_find(name);
    if (!command)
        return refuse_name(name, err);
    manual_page_of(command, out);
    return true;
}

static bool write_text(const struct args *args, struct buf *out, bool *is_page, struct err *err)
{
    const char *name = args->n_operands ? args->operands[0] : NULL;
    const struct command *command = name ? command_find(name) : NULL;
    const struct document *document = name ? docs_find(name) : NULL;
    bool is_man = name && !strcmp(name, "man");
    *is_page = false;
    if (args->n_operands > (is_man ? 2 : 1))
        return err_set(err, "help: too many arguments; expected one command or document");
    if (is_man && args->n_operands == 2)
        return write_manual_page(args->operands[1], out, err);
    if (!name || command) {
        usage_write(command, out);
        return true;
    }
    if (!document)
        return refuse_name(name, err);
    *is_page = document->is_page;
    docs_text(document, out);
    return true;
}

static int run_help(const struct args *args, struct err *err)
{
    BUF_AUTO struct buf text = {0};
    bool is_page;
    if (!write_text(args, &text, &is_page, err))
        return EXIT_FAILED;
    if (is_page)
        pager_show(buf_bytes(&text));
    else
        output_bytes(stdout, buf_bytes(&text));
    return output_finish(err) ? EXIT_DONE : EXIT_FAILED;
}

static const struct command_example examples[] = {
    {"xsmall help load", "Print the help of a command"},
    {"xsmall help recipes", "Read a document; on a terminal in the pager"},
    {"xsmall help man load | man -l -", "Read a manual page that is not installed"},
    {NULL, NULL},
};

const struct command command_help = {
    .name = "help",
    .synopsis = "[COMMAND | DOCUMENT | man COMMAND]",
    .help = "Print the help of the program or of a command, or a document",
    .about = "On a terminal, documents are shown in $PAGER (default: less).",
    .options = " ",
    .examples = examples,
    .no_session = true,
    .run = run_help,
    .more = usage_documents,
    .more_title = "DOCUMENTS",
};
