/* SPDX-License-Identifier: MIT
 *
 * The interpreter that the #! line of a needed file names; if that is env(1), also the command that
 * env starts.
 */
#include "keep/closure.h"
#include "keep/needs/node_fact.h"

/* Returns the command in the argument of env: the first word that is neither option nor assignment.
 * The command can follow -S without a blank. n 0: no command. */
static struct bytes env_command(struct bytes argument)
{
    while (argument.n) {
        size_t n = 0;
        while (n < argument.n && argument.p[n] != ' ' && argument.p[n] != '\t')
            n++;
        struct bytes word = bytes_from(argument.p, n);
        argument = bytes_skip(argument, n + 1);
        if (bytes_starts(word, bytes_of("-S")))
            word = bytes_skip(word, 2);
        if (word.n && word.p[0] != '-' && bytes_index(word, '=') == word.n)
            return word;
    }
    return argument;
}

static void add(struct closure *closure, void *state, uint32_t node)
{
    (void)state;
    struct bytes root = bytes_from(NULL, 0);
    struct bytes interpreter = node_fact(&closure->tree->nodes[node], NEED_SCRIPT);
    if (!interpreter.n)
        return;
    closure_need_file(closure, interpreter, &reason_script, node);
    if (bytes_ends(interpreter, bytes_of("/env"))) {
        struct bytes argument = node_fact(&closure->tree->nodes[node], NEED_SCRIPT_ARG);
        closure_need_command(closure, env_command(argument), root, &reason_script, node);
    }
}

const struct reason reason_script = {NEED_KIND("scripts", "interpreters of #! lines"),
                                     .origin = ORIGIN_NEED, .text = "#! interpreter of ",
                                     .add = add};
