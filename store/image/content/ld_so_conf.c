/* SPDX-License-Identifier: MIT */
#include "image/content/ld_so_conf.h"

#include <string.h>

static bool is_between(struct bytes path, const char *before, const char *after)
{
    size_t n = strlen(before) + strlen(after);
    return path.n > n && bytes_starts(path, bytes_of(before)) &&
           bytes_ends(path, bytes_of(after)) &&
           bytes_index(bytes_skip(path, strlen(before)), '/') == path.n - strlen(before);
}

static bool is_musl(struct bytes path)
{
    return is_between(path, "etc/ld-musl-", ".path");
}

bool ld_so_conf_is_one(struct bytes path)
{
    return bytes_equal(path, bytes_of("etc/ld.so.conf")) ||
           is_between(path, "etc/ld.so.conf.d/", ".conf") || is_musl(path);
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct bytes next_word(struct bytes *rest)
{
    while (rest->n && is_blank(rest->p[0]))
        *rest = bytes_skip(*rest, 1);
    size_t n = 0;
    while (n < rest->n && !is_blank(rest->p[n]))
        n++;
    struct bytes word = bytes_from(rest->p, n);
    *rest = bytes_skip(*rest, n);
    return word;
}

/* Parses a line of ld.so.conf: "include GLOB…", or a directory, optionally followed by "=TYPE".
 * hwcap lines are obsolete and ignored. */
static void conf_line(struct bytes line,
                      void (*add)(void *with, enum need_kind kind, struct bytes value), void *with)
{
    line.n = bytes_index(line, '#');
    struct bytes rest = line, word = next_word(&rest);
    if (bytes_equal(word, bytes_of("include"))) {
        while ((word = next_word(&rest)).n)
            add(with, NEED_INCLUDE, word);
        return;
    }
    word.n = bytes_index(word, '=');
    while (word.n > 1 && word.p[word.n - 1] == '/')
        word.n--;
    if (word.n && word.p[0] == '/')
        add(with, NEED_DIRECTORY, word);
}

void ld_so_conf_needs(struct bytes path, struct bytes text,
                      void (*add)(void *with, enum need_kind kind, struct bytes value), void *with)
{
    bool musl = is_musl(path);
    while (text.n) {
        struct bytes line = bytes_split(&text, '\n');
        if (!musl)
            conf_line(line, add, with);
        while (musl && line.n) {
            struct bytes dir = bytes_split(&line, ':');
            if (dir.n && dir.p[0] == '/')
                add(with, NEED_DIRECTORY, dir);
        }
    }
}
