/* SPDX-License-Identifier: MIT
 *
 * share/doc/reference.md, from the template share/man/reference.in.
 */
#include "cli/docs/docs.h"

#include "app/actions.h"
#include "app/bindings.h"
#include "cli/docs/usage.h"
#include "cli/docs/template.h"
#include "reference_template.h"
#include "report/rules.h"
#include "rows/tree_filter.h"

/* Appends text of a cell; a backslash before characters that markdown would interpret. */
static void add_cell(struct bytes text, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '|' || text.p[i] == '*' || text.p[i] == '<')
            buf_byte(out, '\\');
        buf_byte(out, text.p[i]);
    }
}

/* Appends "`TEXT`"; in a table, "|" needs a backslash. */
static void add_code(struct bytes text, struct buf *out)
{
    buf_byte(out, '`');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '|')
            buf_byte(out, '\\');
        buf_byte(out, text.p[i]);
    }
    buf_byte(out, '`');
}

static void add_row(const char *code, const char *text, struct buf *out)
{
    buf_add(out, bytes_of("| "));
    add_code(bytes_of(code), out);
    buf_add(out, bytes_of(" | "));
    add_cell(bytes_of(text), out);
    buf_add(out, bytes_of(" |\n"));
}

static bool is_common(const struct option_info *option)
{
    static const char *const names[] = {"session", "quiet", "help", "version"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (bytes_equal(bytes_of(option->name), bytes_of(names[i])))
            return true;
    return false;
}

static void add_option(const struct option_info *option, struct buf *out)
{
    BUF_AUTO struct buf name = {0}, help = {0};
    if (option->letter)
        buf_printf(&name, "-%c, ", option->letter);
    buf_printf(&name, "--%s%s%s", option->name, option->argument ? " " : "",
               option->argument ? option->argument : "");
    usage_option_help(option, &help);
    add_row(name.p, help.p, out);
}

/* Appends the options that the command does not share with all others. */
static void add_options(const struct command *command, struct buf *out)
{
    struct option_info option;
    bool first = true;
    for (size_t at = 0; args_next_option(command, &at, &option);) {
        if (is_common(&option))
            continue;
        if (first)
            buf_add(out, bytes_of("\n| option | meaning |\n|---|---|\n"));
        first = false;
        add_option(&option, out);
    }
}

static void add_examples(const struct command_example *examples, struct buf *out)
{
    buf_add(out, bytes_of("\n```sh\n"));
    for (; examples->line; examples++)
        buf_printf(out, "%s    # %s\n", examples->line, examples->effect);
    buf_add(out, bytes_of("```\n"));
}

static void write_explorer(struct buf *out)
{
    buf_printf(out, "`xsmall %s`\n", explorer_synopsis);
    add_options(NULL, out);
    add_examples(explorer_examples, out);
}

static void write_common(struct buf *out)
{
    struct option_info option;
    buf_add(out, bytes_of("| option | meaning |\n|---|---|\n"));
    for (size_t at = 0; args_next_option(NULL, &at, &option);)
        if (is_common(&option))
            add_option(&option, out);
}

static void write_commands(struct buf *out)
{
    for (const struct command *const *c = commands; *c; c++) {
        BUF_AUTO struct buf about = {0}, exits = {0};
        buf_printf(out, "%s### xsmall %s\n\n`xsmall %s%s%s`\n\n%s.\n", c == commands ? "" : "\n",
                   (*c)->name, (*c)->name, *(*c)->synopsis ? " " : "", (*c)->synopsis, (*c)->help);
        usage_about(*c, &about);
        if (about.n) {
            buf_byte(out, '\n');
            add_cell(buf_bytes(&about), out);
            buf_byte(out, '\n');
        }
        add_options(*c, out);
        add_examples((*c)->examples, out);
        usage_exit_status(*c, &exits);
        buf_printf(out, "\nExit status: %s\n", exits.p);
    }
}

/* Appends the values of each option that has named values with help texts. */
static void write_values(struct buf *out)
{
    struct option_info option;
    struct option_value value;
    bool first = true;
    for (size_t i = 0; args_option(i, &option); i++) {
        if (!option.values)
            continue;
        buf_printf(out, "%s### --%s\n\n| value | meaning |\n|---|---|\n", first ? "" : "\n",
                   option.name);
        first = false;
        for (size_t k = 0; option.values(k, &value); k++)
            add_row(value.name, value.help ? value.help : "all of them", out);
    }
}

void reference_keys(struct buf *out)
{
    static const char *const where[] = {
        [SCOPE_ALL] = "everywhere", [SCOPE_BODY] = "view", [SCOPE_PANEL] = "filters"};
    struct bindings bindings;
    BUF_AUTO struct buf keys = {0};
    bindings_init(&bindings);
    buf_add(out, bytes_of("| keys | name | where | what it does |\n|---|---|---|---|\n"));
    for (enum action action = 1; action < actions_end(); action++) {
        struct action_info info = action_info(action);
        buf_clear(&keys);
        bindings_keys(&bindings, action, &keys);
        buf_add(out, bytes_of("|"));
        for (struct bytes rest = buf_bytes(&keys); rest.n;) {
            buf_byte(out, ' ');
            add_code(bytes_split(&rest, ' '), out);
        }
        buf_printf(out, " | `:%s` | %s | ", info.name, where[info.scope]);
        add_cell(bytes_of(info.help), out);
        buf_add(out, bytes_of(" |\n"));
    }
}

static void write_filter_words(struct buf *out)
{
    struct tree_filter_help help;
    buf_add(out, bytes_of("| term | shows the paths |\n|---|---|\n"));
    for (size_t i = 0; tree_filter_help_at(i, &help); i++)
        add_row(help.form, help.help, out);
}

static void write_rules(struct buf *out)
{
    buf_add(out, bytes_of("| rule | passes if |\n|---|---|\n"));
    for (enum rule_kind kind = 0; kind < N_RULES; kind++) {
        BUF_AUTO struct buf name = {0};
        buf_printf(&name, "%s%s%s", rule_rows[kind].name, *rule_rows[kind].argument ? " " : "",
                   rule_rows[kind].argument);
        add_row(name.p, rule_rows[kind].help, out);
    }
}

static void write_documents(struct buf *out)
{
    buf_add(out, bytes_of("| name | what it is |\n|---|---|\n"));
    for (const struct document *document = documents; document->name; document++)
        add_row(document->name, document->help, out);
}

static const struct template_part parts[] = {{"@EXPLORER@", write_explorer},
                                             {"@COMMON@", write_common},
                                             {"@COMMANDS@", write_commands},
                                             {"@VALUES@", write_values},
                                             {"@KEYS@", reference_keys},
                                             {"@FILTER_WORDS@", write_filter_words},
                                             {"@RULES@", write_rules},
                                             {"@DOCUMENTS@", write_documents},
                                             {NULL, NULL}};

void reference_write(struct buf *out)
{
    template_fill(bytes_of((const char *)reference_template), parts, out);
}
