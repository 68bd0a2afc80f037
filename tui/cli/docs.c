/* SPDX-License-Identifier: MIT */
#include "cli/docs.h"

#include <string.h>

#include "app/actions.h"
#include "app/bindings.h"
#include "cli/command.h"
#include "image/source/source_kind.h"
#include "manual.h"
#include "util/text.h"

/* Text of a roff line: no request, no escape, ASCII hyphens. */
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
        else if (rune >= 0x80)
            buf_printf(out, "\\[u%04X]", rune);
        else
            buf_byte(out, text.p[0]);
        text = bytes_skip(text, n ? n : 1);
    }
}

/* In single quotes for a shell. */
static void add_quoted(struct bytes text, const char *apostrophe, struct buf *out)
{
    buf_byte(out, '\'');
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '\'')
            buf_add(out, bytes_of(apostrophe));
        else
            buf_byte(out, text.p[i]);
    }
    buf_byte(out, '\'');
}

static void man_synopsis(struct buf *out)
{
    buf_add(out, bytes_of(".B xsmall\n[\\-s SESSION] [\\-\\-base REF] [IMAGE] [LOG|DIR ...]\n"));
    for (const struct command *const *c = commands; *c; c++) {
        struct bytes synopsis = bytes_of((*c)->synopsis);
        buf_printf(out, ".br\n.B xsmall %s\n", (*c)->name);
        if (synopsis.n) {
            add_roff(synopsis, out);
            buf_byte(out, '\n');
        }
    }
}

static void man_commands(struct buf *out)
{
    for (const struct command *const *c = commands; *c; c++) {
        BUF_AUTO struct buf more = {0};
        buf_printf(out, ".TP\n.B %s\n", (*c)->name);
        add_roff(bytes_of((*c)->help), out);
        buf_add(out, bytes_of(".\n"));
        if ((*c)->explain) {
            (*c)->explain(&more);
            add_roff(buf_bytes(&more), out);
            buf_add(out, bytes_of(".\n"));
        }
    }
}

static void man_engines(struct buf *out)
{
    engine_source.help(out);
    buf_byte(out, '\n');
}

/* ": A B C", then a line for each value that has a help text. */
static void man_values(const struct option_info *option, struct buf *out)
{
    BUF_AUTO struct buf names = {0};
    struct option_value value;
    if (!option->values)
        return;
    option_values_join(option->values, " ", &names);
    buf_add(out, bytes_of(": "));
    add_roff(buf_bytes(&names), out);
    for (size_t i = 0; option->values(i, &value); i++) {
        if (!value.help)
            continue;
        buf_add(out, bytes_of("\n.br\n"));
        add_roff(bytes_of(value.name), out);
        buf_add(out, bytes_of(": "));
        add_roff(bytes_of(value.help), out);
    }
}

static void man_options(struct buf *out)
{
    struct option_info option;
    for (size_t i = 0; args_option(i, &option); i++) {
        buf_add(out, bytes_of(".TP\n.B "));
        if (option.letter)
            buf_printf(out, "\\-%c, ", option.letter);
        buf_add(out, bytes_of("\\-\\-"));
        add_roff(bytes_of(option.name), out);
        buf_printf(out, "%s%s\n", option.argument ? " " : "",
                   option.argument ? option.argument : "");
        add_roff(bytes_of(option.help), out);
        man_values(&option, out);
        buf_byte(out, '\n');
    }
}

static void keys_of(const struct bindings *bindings, enum action action, struct buf *out)
{
    buf_clear(out);
    bindings_keys(bindings, action, out);
}

static void man_keys(struct buf *out)
{
    struct bindings bindings;
    BUF_AUTO struct buf keys = {0};
    bindings_init(&bindings);
    for (enum action action = 1; action < actions_end(); action++) {
        struct action_info info = action_info(action);
        keys_of(&bindings, action, &keys);
        buf_add(out, bytes_of(".TP\n.B "));
        add_roff(keys.n ? buf_bytes(&keys) : bytes_of("\xe2\x80\x94"), out);
        buf_add(out, bytes_of("  :"));
        add_roff(bytes_of(info.name), out);
        buf_byte(out, '\n');
        add_roff(bytes_of(info.help), out);
        buf_byte(out, '\n');
    }
}

/* Writes the part that a line of the template stands for; false: the line is text. */
static bool man_part(struct bytes line, struct buf *out)
{
    static const struct {
        const char *mark;
        void (*write)(struct buf *out);
    } parts[] = {{"@SYNOPSIS@", man_synopsis},
                 {"@COMMANDS@", man_commands},
                 {"@ENGINES@", man_engines},
                 {"@OPTIONS@", man_options},
                 {"@KEYS@", man_keys}};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (bytes_equal(line, bytes_of(parts[i].mark))) {
            parts[i].write(out);
            return true;
        }
    }
    return false;
}

static void write_man(struct buf *out)
{
    buf_add(out, bytes_of(".TH XSMALL 1 \"\" \"xsmall " XSMALL_VERSION "\" \"User Commands\"\n"));
    struct bytes text = bytes_of((const char *)manual);
    while (text.n) {
        struct bytes line = bytes_split(&text, '\n');
        if (!man_part(line, out)) {
            buf_add(out, line);
            buf_byte(out, '\n');
        }
    }
}

static void add_cell(struct bytes text, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '|' || text.p[i] == '*' || text.p[i] == '<')
            buf_byte(out, '\\');
        buf_byte(out, text.p[i]);
    }
}

static void write_keys(struct buf *out)
{
    static const char *const where[] = {
        [SCOPE_ALL] = "", [SCOPE_BODY] = " (in a view)", [SCOPE_PANEL] = " (in the filters panel)"};
    struct bindings bindings;
    BUF_AUTO struct buf keys = {0};
    bindings_init(&bindings);
    buf_add(out, bytes_of("| keys | name | what it does |\n|---|---|---|\n"));
    for (enum action action = 1; action < N_ACTIONS; action++) {
        struct action_info info = action_info(action);
        keys_of(&bindings, action, &keys);
        buf_add(out, bytes_of("| "));
        for (struct bytes rest = buf_bytes(&keys); rest.n;) {
            struct bytes key = bytes_split(&rest, ' ');
            buf_add(out, bytes_of("`"));
            buf_add(out, key);
            buf_add(out, bytes_of("` "));
        }
        buf_printf(out, "| `:%s` | ", info.name);
        add_cell(bytes_of(info.help), out);
        buf_printf(out, "%s |\n", where[info.scope]);
    }
    buf_add(out, bytes_of("| | `:closure-KIND` | switch a dependency kind on or off; `xsmall help "
                          "keep` lists the kinds |\n"));
}

static void list_commands(struct buf *out)
{
    for (const struct command *const *c = commands; *c; c++)
        buf_printf(out, "%s%s", c == commands ? "" : " ", (*c)->name);
}

static void list_options(const struct command *command, struct buf *out)
{
    struct option_info option;
    for (size_t i = 0; args_option(i, &option); i++) {
        if (!args_takes(command, i))
            continue;
        buf_printf(out, " --%s", option.name);
        if (option.letter)
            buf_printf(out, " -%c", option.letter);
    }
}

static bool is_directory(const struct option_info *option)
{
    return option->argument && !strcmp(option->argument, "DIR");
}

static void write_bash(struct buf *out)
{
    struct option_info option;
    buf_add(out,
            bytes_of("# bash completion for xsmall\n_xsmall()\n{\n"
                     "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
                     "    local command='' word options\n"
                     "    for word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
                     "        case $word in\n        "));
    for (const struct command *const *c = commands; *c; c++)
        buf_printf(out, "%s%s", c == commands ? "" : "|", (*c)->name);
    buf_add(out,
            bytes_of(") command=$word && break ;;\n        esac\n    done\n    case $prev in\n"));
    for (size_t i = 0; args_option(i, &option); i++) {
        if (!option.argument)
            continue;
        buf_printf(out, "    --%s", option.name);
        if (option.letter)
            buf_printf(out, "|-%c", option.letter);
        buf_add(out, bytes_of(") "));
        BUF_AUTO struct buf values = {0};
        if (option.values)
            option_values_join(option.values, " ", &values);
        if (values.n)
            buf_printf(out, "COMPREPLY=($(compgen -W '%s' -- \"$cur\"))", values.p);
        else
            buf_printf(out, "COMPREPLY=($(compgen %s -- \"$cur\"))",
                       is_directory(&option) ? "-d" : "-f");
        buf_add(out, bytes_of("; return ;;\n"));
    }
    buf_add(out, bytes_of("    esac\n    case $command in\n"));
    for (const struct command *const *c = commands; *c; c++) {
        buf_printf(out, "    %s) options='", (*c)->name);
        list_options(*c, out);
        buf_add(out, bytes_of("' ;;\n"));
    }
    buf_add(out, bytes_of("    *) options='"));
    list_options(NULL, out);
    buf_add(out, bytes_of("' ;;\n    esac\n    if [[ $cur == -* ]]; then\n"
                          "        COMPREPLY=($(compgen -W \"$options\" -- \"$cur\"))\n"
                          "    elif [[ -z $command ]]; then\n"
                          "        COMPREPLY=($(compgen -W '"));
    list_commands(out);
    buf_add(out, bytes_of("' -- \"$cur\") $(compgen -f -- \"$cur\"))\n    else\n"
                          "        COMPREPLY=($(compgen -f -- \"$cur\"))\n    fi\n}\n"
                          "complete -o filenames -F _xsmall xsmall\n"));
}

/* _arguments takes ':' and brackets for itself. */
static void add_zsh(struct bytes text, struct buf *out)
{
    for (size_t i = 0; i < text.n; i++) {
        if (strchr(":[]\\", text.p[i]))
            buf_byte(out, '\\');
        if (text.p[i] == '\'')
            buf_add(out, bytes_of("'\\''"));
        else
            buf_byte(out, text.p[i]);
    }
}

/* ":(A B)", or where values have help ":((A\:HELP B\:HELP))". */
static void zsh_values(option_values *values, struct buf *out)
{
    struct option_value value;
    bool described = values(0, &value) && value.help;
    buf_add(out, bytes_of(described ? ":((" : ":("));
    for (size_t i = 0; values(i, &value); i++) {
        buf_printf(out, "%s%s", i ? " " : "", value.name);
        if (!value.help)
            continue;
        buf_add(out, bytes_of("\\:\""));
        add_zsh(bytes_of(value.help), out);
        buf_byte(out, '"');
    }
    buf_add(out, bytes_of(described ? "))" : ")"));
}

static void zsh_options(const struct command *command, struct buf *out)
{
    struct option_info option;
    for (size_t i = 0; args_option(i, &option); i++) {
        if (!args_takes(command, i))
            continue;
        buf_printf(out, " \\\n        '--%s[", option.name);
        add_zsh(bytes_of(option.help), out);
        buf_byte(out, ']');
        if (option.argument) {
            buf_byte(out, ':');
            add_zsh(bytes_of(option.argument), out);
            if (option.values)
                zsh_values(option.values, out);
            else
                buf_add(out, bytes_of(is_directory(&option) ? ":_files -/" : ":_files"));
        }
        buf_byte(out, '\'');
    }
    buf_add(out, bytes_of(" \\\n        '*:file:_files'"));
}

static void write_zsh(struct buf *out)
{
    buf_add(out,
            bytes_of("#compdef xsmall\n_xsmall()\n{\n    local -a names\n    local word command\n"
                     "    names=(\n"));
    for (const struct command *const *c = commands; *c; c++) {
        buf_printf(out, "        '%s:", (*c)->name);
        add_zsh(bytes_of((*c)->help), out);
        buf_add(out, bytes_of("'\n"));
    }
    buf_add(out, bytes_of("    )\n    for word in ${words[2,CURRENT-1]}; do\n"
                          "        if (( ${names[(I)$word:*]} )); then command=$word; break; fi\n"
                          "    done\n    case $command in\n"));
    for (const struct command *const *c = commands; *c; c++) {
        buf_printf(out, "    %s) _arguments", (*c)->name);
        zsh_options(*c, out);
        buf_add(out, bytes_of(" ;;\n"));
    }
    buf_add(out, bytes_of("    *) _describe -t commands command names; _arguments"));
    zsh_options(NULL, out);
    buf_add(out, bytes_of(" ;;\n    esac\n}\n_xsmall \"$@\"\n"));
}

/* A word a line; after a tab, what it means. */
static void fish_values(option_values *values, struct buf *out)
{
    BUF_AUTO struct buf words = {0};
    struct option_value value;
    for (size_t i = 0; values(i, &value); i++)
        buf_printf(&words, "%s%s%s%s", i ? "\n" : "", value.name, value.help ? "\t" : "",
                   value.help ? value.help : "");
    buf_add(out, bytes_of(" -x -a "));
    add_quoted(buf_bytes(&words), "\\'", out);
}

static void fish_options(const struct command *command, struct buf *out)
{
    struct option_info option;
    for (size_t i = 0; args_option(i, &option); i++) {
        if (!args_takes(command, i))
            continue;
        buf_add(out, bytes_of("complete -c xsmall -n '"));
        if (command)
            buf_printf(out, "__fish_seen_subcommand_from %s", command->name);
        else
            buf_add(out, bytes_of("__fish_use_subcommand"));
        buf_printf(out, "' -l %s", option.name);
        if (option.letter)
            buf_printf(out, " -s %c", option.letter);
        if (option.values)
            fish_values(option.values, out);
        else if (option.argument)
            buf_add(out, bytes_of(" -r"));
        buf_add(out, bytes_of(" -d "));
        add_quoted(bytes_of(option.help), "\\'", out);
        buf_byte(out, '\n');
    }
}

static void write_fish(struct buf *out)
{
    buf_add(out, bytes_of("# fish completion for xsmall\n"));
    for (const struct command *const *c = commands; *c; c++) {
        buf_printf(out, "complete -c xsmall -n __fish_use_subcommand -a %s -d ", (*c)->name);
        add_quoted(bytes_of((*c)->help), "\\'", out);
        buf_byte(out, '\n');
    }
    fish_options(NULL, out);
    for (const struct command *const *c = commands; *c; c++)
        fish_options(*c, out);
}

bool docs_write(struct bytes name, struct buf *out)
{
    static const struct {
        const char *name;
        void (*write)(struct buf *out);
    } documents[] = {{"man", write_man},
                     {"keys", write_keys},
                     {"bash", write_bash},
                     {"zsh", write_zsh},
                     {"fish", write_fish}};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        if (bytes_equal(name, bytes_of(documents[i].name))) {
            documents[i].write(out);
            return true;
        }
    }
    return false;
}
