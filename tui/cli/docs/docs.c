/* SPDX-License-Identifier: MIT */
#include "cli/docs/docs.h"

#include <string.h>

#include "doc_benchmarks.h"
#include "doc_guide.h"
#include "doc_limits.h"
#include "doc_recipes.h"
#include "doc_semantics.h"
#include "doc_session.h"
#include "doc_troubleshooting.h"

const struct document documents[] = {
    {"guide", "from the first start to a built image", NULL, doc_guide, true},
    {"recipes", "how to make the trace; Python, Node, Java, CI and more", NULL, doc_recipes, true},
    {"troubleshooting", "symptom, cause, remedy", NULL, doc_troubleshooting, true},
    {"reference", "all commands, options, keys, words and files", reference_write, NULL, true},
    {"session", "the session file: its public views, ten queries", NULL, doc_session, true},
    {"limits", "what is rejected, and from which size on", NULL, doc_limits, true},
    {"benchmarks", "how fast xsmall is, and how that was measured", NULL, doc_benchmarks, true},
    {"semantics", "what exactly each feature means", NULL, doc_semantics, true},
    {"keys", "the keys of the explorer, as a table", reference_keys, NULL, true},
    {"man", "the manual page xsmall(1); man COMMAND: the page of a command", manual_page, NULL,
     false},
    {"bash", "completion for bash", completions_bash, NULL, false},
    {"zsh", "completion for zsh", completions_zsh, NULL, false},
    {"fish", "completion for fish", completions_fish, NULL, false},
    {NULL, NULL, NULL, NULL, false},
};

const struct document *docs_find(const char *name)
{
    for (const struct document *document = documents; document->name; document++)
        if (!strcmp(document->name, name))
            return document;
    return NULL;
}

void docs_text(const struct document *document, struct buf *out)
{
    if (document->text)
        buf_add(out, bytes_of((const char *)document->text));
    else
        document->write(out);
}
