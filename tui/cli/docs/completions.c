/* SPDX-License-Identifier: MIT
 *
 * Completions for bash, zsh and fish.
 */
#include "cli/docs/docs.h"

#include <string.h>

/* Appends text in single quotes for a shell; apostrophe replaces each single quote in it. */
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

static void list_commands(struct buf *out)
{
    for (const struct command *const *c = commands; *c; c++)
        buf_printf(out, "%s%s", c == commands ? "" : " ", (*c)->name);
}

static void list_options(const struct command *command, struct buf *out)
{
    struct option_info option;
    for (size_t at = 0; args_next_option(command, &at, &option);) {
        buf_printf(out, " --%s", option.name);
        if (option.letter)
            buf_printf(out, " -%c", option.letter);
    }
}

static bool is_directory(const struct option_info *option)
{
    return option->argument && !strcmp(option->argument, "DIR");
}

void completions_bash(struct buf *out)
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

/* Appends text with a backslash before ':' and brackets, which _arguments would interpret. */
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

/* Appends ":(A B)", or ":((A\:HELP B\:HELP))" if the values have help texts. */
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
    for (size_t at = 0; args_next_option(command, &at, &option);) {
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

void completions_zsh(struct buf *out)
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

/* Appends one value a line, with its help text after a tab. */
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
    for (size_t at = 0; args_next_option(command, &at, &option);) {
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

void completions_fish(struct buf *out)
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
