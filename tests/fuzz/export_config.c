/* SPDX-License-Identifier: MIT
 * Any bytes as an image's configuration: the export contains only allowed instructions, printable
 * and complete, and a warning for values that it cannot express. The first byte selects the base.
 */
#include <stdlib.h>
#include <string.h>

#include "export/config_lines.h"
#include "util/text.h"

static void need(bool ok)
{
    if (!ok)
        abort();
}

static bool begins(struct bytes line, const char *word)
{
    return line.n >= strlen(word) && !memcmp(line.p, word, strlen(word));
}

static void check_line(struct bytes line, bool continues)
{
    static const char *const words[] = {
        "ENV ",   "USER ",       "WORKDIR ",     "ENTRYPOINT ", "CMD ",     "EXPOSE ", "VOLUME ",
        "LABEL ", "STOPSIGNAL ", "HEALTHCHECK ", "SHELL ",      "ONBUILD ", "#"};
    bool known = continues;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        known = known || begins(line, words[i]);
    need(known || !line.n);
    for (size_t i = 0; i < line.n; i++)
        need(line.p[i] == '\t' || ((unsigned char)line.p[i] >= 0x20 && line.p[i] != 0x7f));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static struct db *db;
    struct err err = {0};
    need(db || db_open_memory(&db, &err));
    if (!n)
        return 0;
    struct keep_input input = {.config = bytes_from((const char *)data + 1, n - 1), .db = db};
    BUF_AUTO struct buf out = {0}, warnings = {0};
    config_write(&input, data[0] & 1 ? CONFIG_ON_BASE : CONFIG_ON_SCRATCH, BUILDER_ANY, &out,
                 &warnings);
    config_has_onbuild(&input);
    config_is_docker_only(&input);
    bool continues = false;
    for (struct bytes rest = buf_bytes(&out); rest.n;) {
        struct bytes line = bytes_from(rest.p, bytes_index(rest, '\n'));
        need(line.n < rest.n);
        check_line(line, continues);
        continues = line.n && line.p[line.n - 1] == '\\';
        rest = bytes_skip(rest, line.n + 1);
    }
    need(!continues);
    return 0;
}
