/* SPDX-License-Identifier: MIT */
#include "trace/log/log_foreign.h"

#include <stdio.h>
#include <string.h>

#include "trace/strace/line_wrap.h"

enum { LOOK_LINES = 50, QUOTED_MAX = 60 };

static const struct {
    const char *magic;
    size_t n;
    const char *reason;
} encodings[] = {
    {"\037\213", 2, "compressed with gzip; decompress it first: gzip -dc FILE >FILE.log"},
    {"\050\265\057\375", 4, "compressed with zstd; decompress it first: zstd -dc FILE >FILE.log"},
    {"\3757zXZ", 5, "compressed with xz; decompress it first: xz -dc FILE >FILE.log"},
    {"BZh", 3, "compressed with bzip2; decompress it first: bzip2 -dc FILE >FILE.log"},
    {"\377\376", 2, "text in UTF-16; convert it first: iconv -f UTF-16 -t UTF-8 FILE >FILE.log"},
    {"\376\377", 2, "text in UTF-16; convert it first: iconv -f UTF-16 -t UTF-8 FILE >FILE.log"},
    {"{\"log\":", 7,
     "a log file of docker's json-file driver; load the output of docker logs CONTAINER"},
};

static bool has(struct bytes line, const char *words)
{
    return line.n && memmem(line.p, line.n, words, strlen(words));
}

/* perf trace: `     0.000 ( 0.010 ms): cat/1234 openat(`. */
static bool is_perf(struct bytes line)
{
    return has(line, " ms): ") && has(line, "/") && has(line, "(");
}

/* ltrace: library calls, and system calls with -S: `SYS_openat(`, `libc.so.6->fopen(`. */
static bool is_ltrace(struct bytes line)
{
    size_t n = bytes_index(line, '(');
    struct bytes name = bytes_from(line.p, n < line.n ? n : 0);
    return has(name, "SYS_") || has(name, "->") || has(name, "__libc_start_main") ||
           has(name, "@SYS");
}

static bool is_gvisor(struct bytes line)
{
    return has(line, "strace.go:");
}

static const struct {
    bool (*is)(struct bytes line);
    const char *reason;
} tools[] = {
    {is_gvisor,
     "output of gVisor (runsc --strace); trace with strace in a container without gVisor"},
    {is_perf, "output of perf trace, which has no complete paths; trace with strace"},
    {is_ltrace, "output of ltrace, which has library calls; trace with strace"},
};

/* Writes the first line that is not empty, bytes that do not print as `?`. */
static void quote_first(struct bytes text, char *reason, size_t size)
{
    char quoted[QUOTED_MAX + 1];
    size_t n = 0;
    while (text.n && text.p[0] == '\n')
        text = bytes_skip(text, 1);
    for (; n < QUOTED_MAX && n < text.n && text.p[n] != '\n'; n++)
        quoted[n] = text.p[n] >= ' ' && text.p[n] <= '~' ? text.p[n] : '?';
    quoted[n] = 0;
    reason[0] = 0;
    if (n)
        snprintf(reason, size, "its first line is \"%s\"", quoted);
}

bool log_foreign_find(struct bytes text, char *reason, size_t size)
{
    struct bytes rest = text;
    for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++)
        if (bytes_starts(text, bytes_from(encodings[i].magic, encodings[i].n))) {
            snprintf(reason, size, "%s", encodings[i].reason);
            return true;
        }
    for (size_t n = 0; rest.n && n < LOOK_LINES; n++) {
        struct bytes line = bytes_split(&rest, '\n');
        if (line_is_strace(line) && !is_ltrace(line))
            break;
        for (size_t i = 0; i < sizeof tools / sizeof *tools; i++)
            if (tools[i].is(line)) {
                snprintf(reason, size, "%s", tools[i].reason);
                return true;
            }
    }
    quote_first(text, reason, size);
    return false;
}
