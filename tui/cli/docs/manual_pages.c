/* SPDX-License-Identifier: MIT
 *
 * The manual pages in roff: xsmall(1) from the template share/man/xsmall.in, and xsmall-COMMAND(1)
 * of each command.
 */
#include "cli/docs/docs.h"

#include <ctype.h>

#include "app/actions.h"
#include "app/bindings.h"
#include "cli/docs/usage.h"
#include "cli/docs/wrap.h"
#include "cli/docs/template.h"
#include "image/source/source_kind.h"
#include "manual.h"
#include "util/text.h"

/* Appends text as a line of roff: no requests, no escapes, ASCII hyphens. */
static void add_roff(struct bytes text, struct buf *out)
{
    if (text.n && (text.p[0] == '.' || text.p[0] == '\''))
        buf_add(out, bytes_of("\\&"));
    while (text.n) {
        uint32_t rune = 0;
        size_t n = text_decode(text, &rune);
        if (rune == '\\')
            buf_add(out, bytes_of("\\e"));
        else if (rune == '-')
            buf_add(out, bytes_of("\\-"));
        else if (rune == '\'')
            buf_add(out, bytes_of("\\(aq"));
        else if (rune >= 0x80)
            buf_printf(out, "\\[u%04X]", rune);
        else
            buf_byte(out, text.p[0]);
        text = bytes_skip(text, n ? n : 1);
    }
}

/* Appends one line of roff. */
static void add_line(const char *text, struct buf *out)
{
    add_roff(bytes_of(text), out);
    buf_byte(out, '\n');
}

/* Appends a text without empty lines: a new line for each sentence, and short lines, as
 * man-pages(7) wants them. */
static void add_text(struct bytes text, struct buf *out)
{
    enum { WIDTH = 66 }; /* escapes make a line longer */
    while (text.n) {
        size_t n = 0;
        while (n < text.n && !(text.p[n] == '.' && n + 1 < text.n && text.p[n + 1] == ' '))
            n++;
        struct bytes sentence = bytes_from(text.p, n + (n < text.n));
        BUF_AUTO struct buf lines = {0};
        text = bytes_skip(text, n + 2);
        wrap_text(sentence, WRAP_WORDS, 0, 0, WIDTH, &lines);
        for (struct bytes rest = buf_bytes(&lines); rest.n;) {
            add_roff(bytes_split(&rest, '\n'), out);
            buf_byte(out, '\n');
        }
    }
}

/* Appends text and a full stop. */
static void add_sentence(const char *text, struct buf *out)
{
    BUF_AUTO struct buf sentence = {0};
    buf_printf(&sentence, "%s.", text);
    add_text(buf_bytes(&sentence), out);
}

/* Appends paragraphs that are separated by "\n\n". */
static void add_paragraphs(struct bytes text, struct buf *out)
{
    while (text.n) {
        struct bytes line = bytes_split(&text, '\n');
        if (line.n)
            add_text(line, out);
        else
            buf_add(out, bytes_of(".PP\n"));
    }
}

static void add_head(const char *title, struct buf *out)
{
    buf_add(out, bytes_of(".TH \""));
    for (; *title; title++) {
        if (*title == '-')
            buf_byte(out, '\\');
        buf_byte(out, (char)toupper((unsigned char)*title));
    }
    buf_add(out,
            bytes_of("\" 1 \"" XSMALL_DATE "\" \"xsmall " XSMALL_VERSION "\" \"User Commands\"\n"));
}

static void add_synopsis(const struct command *command, struct buf *out)
{
    buf_printf(out, ".B xsmall\n%s.B %s\n", command->no_session ? "" : "[\\-s SESSION]\n",
               command->name);
    if (*command->synopsis)
        add_text(bytes_of(command->synopsis), out);
}

/* Appends a line for each value of an option that has a help text. */
static void add_values(const struct option_info *option, struct buf *out)
{
    struct option_value value;
    for (size_t i = 0; option->values && option->values(i, &value); i++) {
        BUF_AUTO struct buf text = {0};
        if (!value.help)
            continue;
        buf_add(out, bytes_of(".br\n"));
        buf_printf(&text, "%s: %s", value.name, value.help);
        add_text(buf_bytes(&text), out);
    }
}

static void add_options(const struct command *command, struct buf *out)
{
    struct option_info option;
    for (size_t at = 0; args_next_option(command, &at, &option);) {
        BUF_AUTO struct buf help = {0};
        buf_add(out, bytes_of(".TP\n.B "));
        if (option.letter)
            buf_printf(out, "\\-%c, ", option.letter);
        buf_add(out, bytes_of("\\-\\-"));
        add_roff(bytes_of(option.name), out);
        buf_printf(out, "%s%s\n", option.argument ? " " : "",
                   option.argument ? option.argument : "");
        usage_option_help(&option, &help);
        add_text(buf_bytes(&help), out);
        add_values(&option, out);
    }
}

static void add_examples(const struct command_example *examples, struct buf *out)
{
    for (; examples->line; examples++) {
        buf_add(out, bytes_of(".TP\n.B "));
        /* In a macro's argument, a double quote would begin a quoted string. */
        for (struct bytes rest = bytes_of(examples->line); rest.n;) {
            struct bytes part = bytes_split(&rest, '"');
            add_roff(part, out);
            if (part.p[part.n] == '"')
                buf_add(out, bytes_of("\\(dq"));
        }
        buf_byte(out, '\n');
        add_sentence(examples->effect, out);
    }
}

static void add_exit_status(const struct command *command, struct buf *out)
{
    BUF_AUTO struct buf text = {0};
    usage_exit_status(command, &text);
    add_text(buf_bytes(&text), out);
}

void manual_page_of(const struct command *command, struct buf *out)
{
    BUF_AUTO struct buf title = {0}, about = {0}, more = {0};
    buf_printf(&title, "xsmall-%s", command->name);
    add_head(title.p, out);
    buf_printf(out, ".SH NAME\nxsmall\\-%s \\- ", command->name);
    add_line(command->help, out);
    buf_add(out, bytes_of(".SH SYNOPSIS\n"));
    add_synopsis(command, out);
    buf_add(out, bytes_of(".SH DESCRIPTION\n"));
    add_sentence(command->help, out);
    usage_about(command, &about);
    if (about.n) {
        buf_add(out, bytes_of(".PP\n"));
        add_paragraphs(buf_bytes(&about), out);
    }
    buf_add(out, bytes_of(".SH OPTIONS\n"));
    add_options(command, out);
    if (command->more) {
        command->more(&more);
        buf_printf(out, ".SH %s\n.EX\n", command->more_title);
        for (struct bytes rest = buf_bytes(&more); rest.n;) {
            struct bytes line = bytes_split(&rest, '\n');
            add_roff(line.n ? line : bytes_of(" "), out);
            buf_byte(out, '\n');
        }
        buf_add(out, bytes_of(".EE\n"));
    }
    buf_add(out, bytes_of(".SH EXAMPLES\n"));
    add_examples(command->examples, out);
    buf_add(out, bytes_of(".SH EXIT STATUS\n"));
    add_exit_status(command, out);
    buf_add(out, bytes_of(".SH SEE ALSO\n.BR xsmall (1)\n"));
}

static void man_synopsis(struct buf *out)
{
    buf_add(out, bytes_of(".B xsmall\n"));
    add_line(explorer_synopsis, out);
    buf_add(out, bytes_of(".br\n.B xsmall\n[\\-s SESSION] COMMAND ...\n"));
}

static void man_commands(struct buf *out)
{
    for (const struct command *const *c = commands; *c; c++) {
        buf_printf(out, ".TP\n.BR xsmall\\-%s (1)\n", (*c)->name);
        add_sentence((*c)->help, out);
    }
}

static void man_sources(struct buf *out)
{
    BUF_AUTO struct buf text = {0};
    source_kinds_help(&text);
    add_text(buf_bytes(&text), out);
}

static void man_options(struct buf *out)
{
    add_options(NULL, out);
}

static void man_keys(struct buf *out)
{
    struct bindings bindings;
    BUF_AUTO struct buf keys = {0};
    bindings_init(&bindings);
    for (enum action action = 1; action < actions_end(); action++) {
        struct action_info info = action_info(action);
        buf_clear(&keys);
        bindings_keys(&bindings, action, &keys);
        buf_add(out, bytes_of(".TP\n.B "));
        add_roff(buf_bytes(&keys), out);
        buf_add(out, bytes_of(keys.n ? "  :" : ":"));
        add_line(info.name, out);
        add_text(bytes_of(info.help), out);
    }
}

static void man_exit_status(struct buf *out)
{
    add_exit_status(NULL, out);
}

static void man_examples(struct buf *out)
{
    add_examples(explorer_examples, out);
}

static void man_see_also(struct buf *out)
{
    for (const struct command *const *c = commands; *c; c++)
        buf_printf(out, ".BR xsmall\\-%s (1),\n", (*c)->name);
}

static const struct template_part parts[] = {
    {"@SYNOPSIS@", man_synopsis}, {"@COMMANDS@", man_commands}, {"@SOURCES@", man_sources},
    {"@OPTIONS@", man_options},   {"@KEYS@", man_keys},         {"@EXIT@", man_exit_status},
    {"@EXAMPLES@", man_examples}, {"@SEE_ALSO@", man_see_also}, {NULL, NULL}};

void manual_page(struct buf *out)
{
    add_head("xsmall", out);
    template_fill(bytes_of((const char *)manual), parts, out);
}
