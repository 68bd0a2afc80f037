/* SPDX-License-Identifier: MIT */
#include "export/shell_script.h"

#include "export/quote.h"

enum {
    SCRIPT_BYTES = 99000, /* of a RUN: the kernel accepts 131 071 bytes in one argument */
    SPLIT_BYTES = 24000,  /* of a command whose names can be split */
    ODD_BYTES = 12000,    /* of names for xargs, whose limit is at least 20 kB */
    LINE_BYTES = 96       /* approximate length of a Dockerfile line */
};

static const char BEGIN[] =
    "set -e; umask 022; "
    "PATH=$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin; ";

void script_init(struct script *script, struct buf *out)
{
    *script = (struct script){.out = out};
}

/* Appends the text as JSON; a newline becomes a continuation of the Dockerfile line. */
static void write_run(struct script *script)
{
    if (!script->text.n)
        return;
    struct bytes rest = buf_bytes(&script->text);
    BUF_AUTO struct buf json = {0};
    buf_add(script->out, bytes_of("RUN [\"/bin/sh\", \"-c\", \""));
    while (rest.n) {
        struct bytes line = bytes_from(rest.p, bytes_index(rest, '\n'));
        buf_clear(&json);
        quote_json(line, &json);
        buf_add(script->out, bytes_from(json.p + 1, json.n - 2));
        if (line.n < rest.n)
            buf_add(script->out, bytes_of("\\\n"));
        rest = bytes_skip(rest, line.n + 1);
    }
    buf_add(script->out, bytes_of("\"]\n"));
    buf_clear(&script->text);
}

void script_finish(struct script *script)
{
    write_run(script);
    buf_finish(&script->text);
    buf_finish(&script->dir);
}

static void append(struct script *script, struct bytes dir, struct bytes command)
{
    if (script->text.n + command.n + dir.n + 16 > SCRIPT_BYTES)
        write_run(script);
    bool is_new = !script->text.n;
    if (is_new)
        buf_add(&script->text, bytes_of(BEGIN));
    else
        buf_add(&script->text, bytes_of("; \n"));
    if (is_new || !bytes_equal(buf_bytes(&script->dir), dir)) {
        buf_add(&script->text, bytes_of("cd "));
        quote_shell(dir, &script->text);
        buf_add(&script->text, bytes_of("; \n"));
        buf_clear(&script->dir);
        buf_add(&script->dir, dir);
    }
    buf_add(&script->text, command);
}

/* Breaks the line between two names, after the blank. The next line cannot begin with '#', because
 * such a name is quoted. */
static void add_names(const struct bytes *names, size_t n, struct buf *out)
{
    size_t column = 0;
    for (size_t i = 0; i < n; i++) {
        size_t before = out->n;
        buf_byte(out, ' ');
        if (column > LINE_BYTES) {
            buf_byte(out, '\n');
            column = 0;
        }
        quote_shell(names[i], out);
        column += out->n - before;
    }
}

static void plain_command(const char *before, const struct bytes *names, size_t n,
                          const char *after, struct buf *out)
{
    buf_add(out, bytes_of(before));
    add_names(names, n, out);
    buf_add(out, bytes_of(after));
}

static void odd_command(const char *before, const struct bytes *names, size_t n, const char *after,
                        struct buf *out)
{
    buf_add(out, bytes_of("printf '"));
    for (size_t i = 0; i < n; i++)
        quote_octal(names[i], out);
    buf_add(out, bytes_of("' | xargs -0 "));
    if (*after) {
        buf_add(out, bytes_of("/bin/sh -c 'exec "));
        buf_add(out, bytes_of(before));
        buf_add(out, bytes_of(" \"$@\""));
        buf_add(out, bytes_of(after));
        buf_add(out, bytes_of("' sh"));
    } else {
        buf_add(out, bytes_of(before));
    }
}

static size_t shell_bytes(struct bytes name, bool odd)
{
    BUF_AUTO struct buf text = {0};
    if (odd)
        quote_octal(name, &text);
    else
        quote_shell(name, &text);
    return text.n + 2;
}

/* Appends one command with as many names from *i as fit and are all odd, or all plain. */
static bool next_command(const char *before, const struct bytes *names, size_t n, size_t *i,
                         const char *after, struct buf *out)
{
    bool odd = !quote_is_plain(names[*i]);
    size_t limit = odd ? ODD_BYTES : SPLIT_BYTES, bytes = 0, first = *i;
    for (; *i < n && !quote_is_plain(names[*i]) == odd; ++*i) {
        bytes += shell_bytes(names[*i], odd);
        if (bytes > limit && *i > first)
            break;
    }
    (odd ? odd_command : plain_command)(before, names + first, *i - first, after, out);
    return out->n < SCRIPT_BYTES - 1000;
}

static bool whole_command(const char *before, const struct bytes *names, size_t n,
                          const char *after, struct buf *out)
{
    bool odd = false;
    for (size_t i = 0; i < n; i++)
        odd = odd || !quote_is_plain(names[i]);
    (odd ? odd_command : plain_command)(before, names, n, after, out);
    return out->n < (odd ? ODD_BYTES : SCRIPT_BYTES - 1000);
}

bool script_command(struct script *script, struct bytes dir, const char *before,
                    const struct bytes *names, size_t n, const char *after, enum script_split split)
{
    BUF_AUTO struct buf command = {0};
    if (split == SCRIPT_WHOLE) {
        if (!whole_command(before, names, n, after, &command))
            return false;
        append(script, dir, buf_bytes(&command));
        return true;
    }
    for (size_t i = 0; i < n;) {
        buf_clear(&command);
        if (!next_command(before, names, n, &i, after, &command))
            return false;
        append(script, dir, buf_bytes(&command));
    }
    return true;
}
