/* SPDX-License-Identifier: MIT */
#include "cli/output.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "db/db.h"
#include "util/text.h"

static void put(FILE *stream, struct bytes text, enum text_pass pass)
{
    if (!isatty(fileno(stream))) {
        fwrite(text.n ? text.p : "", 1, text.n, stream);
        return;
    }
    BUF_AUTO struct buf escaped = {0};
    text_escape(text, pass, &escaped);
    fwrite(escaped.n ? escaped.p : "", 1, escaped.n, stream);
}

void output_bytes(FILE *stream, struct bytes text)
{
    put(stream, text, TEXT_PASS_LINES);
}

void output_word(FILE *stream, struct bytes text)
{
    put(stream, text, TEXT_PASS_NONE);
}

void output_json(struct bytes text)
{
    BUF_AUTO struct buf quoted = {0};
    json_quote(text, &quoted);
    output_word(stdout, buf_bytes(&quoted));
}

void output_json_bytes(const char *key, struct bytes text)
{
    BUF_AUTO struct buf pair = {0};
    json_pair(key, text, &pair);
    output_word(stdout, buf_bytes(&pair));
}

bool output_finish(struct err *err)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    return err_set(err, "standard output: %s", errno ? strerror(errno) : "write error");
}

void output_error(struct bytes text)
{
    fputs("xsmall: ", stderr);
    output_word(stderr, text);
    fputc('\n', stderr);
}
