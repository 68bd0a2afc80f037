/* SPDX-License-Identifier: MIT */
#include "image/source/fetch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "image/source/platform.h"
#include "image/source/spawn.h"
#include "image/source/spool.h"

#define STDIN_PREFIX "-:"

/* Where an image can come from: a further engine is one row. @ stands for the name; the platform's
 * options are skopeo's alone. */
static const struct engine {
    const char *prefix;
    const char *argv[8];
    bool is_registry;
} engines[] = {
    {"docker:", {"docker", "save", "--", "@"}, false},
    {"podman:", {"podman", "save", "--quiet", "--format=docker-archive", "--", "@"}, false},
    {"registry:",
     {"skopeo", "copy", "--quiet", "--", "docker://@", "docker-archive:/dev/stdout"},
     true},
};

static const struct engine *engine_of(const char *ref)
{
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++)
        if (bytes_starts(bytes_of(ref), bytes_of(engines[i].prefix)))
            return &engines[i];
    return NULL;
}

static bool is_stdin(const char *ref)
{
    return !strcmp(ref, "-") || bytes_starts(bytes_of(ref), bytes_of(STDIN_PREFIX));
}

bool fetch_is_reference(const char *ref)
{
    return is_stdin(ref) || engine_of(ref);
}

bool fetch_takes_platform(const char *ref)
{
    const struct engine *engine = engine_of(ref);
    return engine && engine->is_registry && !strchr(ref, ' ');
}

const char *fetch_public(const char *ref)
{
    return is_stdin(ref) ? "-" : ref;
}

/* The parts of "PREFIX:NAME PLATFORM". */
static struct bytes name_of(const char *ref, const struct engine *engine, struct bytes *platform)
{
    struct bytes rest = bytes_skip(bytes_of(ref), strlen(engine->prefix));
    struct bytes name = rest;
    if (engine->is_registry)
        name.n = bytes_index(rest, ' ');
    *platform = bytes_skip(rest, name.n + 1);
    return name;
}

void fetch_name(const char *ref, struct buf *out)
{
    const struct engine *engine = engine_of(ref);
    struct bytes platform;
    buf_clear(out);
    if (!engine)
        return;
    struct bytes name = name_of(ref, engine, &platform);
    buf_add(out, bytes_from(name.p, bytes_index(name, '@')));
}

/* A file being filled. */
struct filling {
    int fd;
    uint64_t n;
    struct progress *progress;
};

static bool take_chunk(void *with, struct bytes chunk, struct err *err)
{
    struct filling *filling = with;
    if (!spool_write(filling->fd, chunk, filling->n, err))
        return false;
    filling->n += chunk.n;
    if (filling->progress)
        atomic_fetch_add(&filling->progress->done_bytes, chunk.n);
    return true;
}

/* The words of the command, in a list that ends with NULL; the strings are owned. */
struct command {
    char *words[16];
    size_t n;
};

static void command_finish(struct command *command)
{
    for (size_t i = 0; i < command->n; i++)
        free(command->words[i]);
}

static void add_word(struct command *command, const char *option, struct bytes value)
{
    BUF_AUTO struct buf word = {0};
    buf_add(&word, bytes_of(option));
    buf_add(&word, value);
    command->words[command->n++] = buf_steal(&word);
}

static void make_command(const struct engine *engine, struct bytes name, struct bytes platform,
                         struct command *out)
{
    struct platform_parts parts;
    add_word(out, engine->argv[0], bytes_from("", 0));
    if (platform.n && platform_split(platform, &parts)) {
        add_word(out, "--override-os=", parts.os);
        add_word(out, "--override-arch=", parts.machine);
        if (parts.variant.n)
            add_word(out, "--override-variant=", parts.variant);
    }
    for (size_t i = 1; engine->argv[i]; i++) {
        struct bytes word = bytes_of(engine->argv[i]);
        if (bytes_ends(word, bytes_of("@"))) {
            MEM_AUTO char *before = mem_dup(bytes_from(word.p, word.n - 1));
            add_word(out, before, name);
        } else {
            add_word(out, engine->argv[i], bytes_from("", 0));
        }
    }
}

static bool add_text(void *with, struct bytes chunk, struct err *err)
{
    enum { INDEX_MAX = 4 * 1024 * 1024 };
    struct buf *text = with;
    if (text->n + chunk.n > INDEX_MAX)
        return err_set(err, "an index of more than %d bytes", INDEX_MAX);
    buf_add(text, chunk);
    return true;
}

/* A registry's image may be one of several platforms: then somebody has to say which. */
static bool check_platforms(struct bytes name, struct progress *progress, struct err *err)
{
    BUF_AUTO struct buf from = {0};
    BUF_AUTO struct buf index = {0};
    BUF_AUTO struct buf list = {0};
    buf_add(&from, bytes_of("docker://"));
    buf_add(&from, name);
    const char *const argv[] = {"skopeo", "inspect", "--raw", "--", from.p, NULL};
    if (!spawn_read(argv, add_text, &index, progress, err))
        return false;
    size_t n;
    if (!platform_list(buf_bytes(&index), &list, &n, err))
        return false;
    return n < 2 ||
           err_set(err, "is there for %zu platforms, choose one (--platform P): %s", n, list.p);
}

static bool fetch_from(const struct engine *engine, const char *ref, struct filling *filling,
                       struct err *err)
{
    struct bytes platform, name = name_of(ref, engine, &platform);
    if (!name.n || strchr("-/:@", name.p[0]))
        return err_set(err, "no name of an image behind %s", engine->prefix);
    struct platform_parts parts;
    if (platform.n && !platform_split(platform, &parts))
        return err_set(err, "'%s' is not OS/ARCHITECTURE[/VARIANT]", platform.p);
    if (engine->is_registry && !platform.n && !check_platforms(name, filling->progress, err))
        return false;
    struct command command = {0};
    make_command(engine, name, platform, &command);
    bool ok =
        spawn_read((const char *const *)command.words, take_chunk, filling, filling->progress, err);
    command_finish(&command);
    return ok;
}

static int open_stdin_again(const char *ref, uint64_t *size, struct err *err)
{
    struct stat st;
    int number = atoi(ref + strlen(STDIN_PREFIX));
    int fd = fcntl(number, F_DUPFD_CLOEXEC, 0);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode)) {
        *size = (uint64_t)st.st_size;
        return fd;
    }
    spool_close_at(&fd);
    err_set(err, "standard input is gone");
    return -1;
}

int fetch_open(const char *ref, struct progress *progress, uint64_t *size, struct err *err)
{
    const struct engine *engine = engine_of(ref);
    if (!strcmp(ref, "-")) {
        err_set(err, "standard input was not kept: load it again, with --spool FILE");
        return -1;
    }
    if (!engine)
        return open_stdin_again(ref, size, err);
    struct filling filling = {.fd = spool_open(err), .progress = progress};
    if (filling.fd < 0)
        return -1;
    if (progress)
        progress->phase = PROGRESS_FETCH;
    bool ok = fetch_from(engine, ref, &filling, err);
    if (progress) /* what is to be decoded is counted anew */
        atomic_fetch_sub(&progress->done_bytes, filling.n);
    *size = filling.n;
    if (!ok)
        spool_close_at(&filling.fd);
    return filling.fd;
}

static bool copy_stdin(int to, struct err *err)
{
    enum { CHUNK = 256 * 1024 };
    MEM_AUTO char *buffer = mem_alloc(CHUNK);
    struct filling filling = {.fd = to};
    for (;;) {
        ssize_t n = read(STDIN_FILENO, buffer, CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return err_sys(err, "standard input");
        if (n == 0)
            return filling.n || err_set(err, "standard input is empty");
        if (!take_chunk(&filling, bytes_from(buffer, (size_t)n), err))
            return false;
    }
}

bool fetch_stdin(const char *spool, struct buf *ref, struct err *err)
{
    if (isatty(STDIN_FILENO))
        return err_set(err, "-: standard input is a terminal: an image is expected there");
    FD_AUTO int fd =
        spool ? open(spool, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : spool_open(err);
    if (fd < 0)
        return spool ? err_sys(err, "%s", spool) : false;
    if (!copy_stdin(fd, err)) {
        if (spool)
            unlink(spool);
        return false;
    }
    buf_clear(ref);
    if (spool)
        buf_add(ref, bytes_of(spool));
    else
        buf_printf(ref, STDIN_PREFIX "%d", fd);
    if (!spool)
        fd = -1; /* stays open for as long as we run */
    return true;
}
