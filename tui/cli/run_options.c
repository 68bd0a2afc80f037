/* SPDX-License-Identifier: MIT */
#include "cli/run_options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "run/image_program.h"
#include "util/path.h"

enum { ENV_FILE_BYTES_MAX = 1 << 20 };

/* "500M", "2GiB": bytes. */
static bool read_bytes(const char *option, const char *text, uint64_t *out, struct err *err)
{
    static const struct {
        const char *suffix;
        uint64_t factor;
    } units[] = {{"", 1},          {"K", 1000},      {"M", 1000000},  {"G", 1000000000},
                 {"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}};
    char *end;
    errno = 0;
    double number = strtod(text, &end);
    for (size_t i = 0; end > text && i < sizeof units / sizeof *units; i++) {
        double bytes = number * (double)units[i].factor;
        if (strcmp(end, units[i].suffix) || !(bytes >= 1) || bytes > 1e18)
            continue;
        *out = (uint64_t)bytes;
        return true;
    }
    return err_set(err, "--%s %s: expected a number of bytes, such as 500M or 2GiB", option, text);
}

static bool read_seconds(const char *option, const char *text, double *out, struct err *err)
{
    char *end;
    *out = strtod(text, &end);
    return (end > text && !*end && *out >= 0 && *out < 1e9) ||
           err_set(err, "--%s %s: expected a number of seconds", option, text);
}

static bool read_port(const char *option, const char *text, uint16_t *out, const char **rest,
                      struct err *err)
{
    char *end;
    long port = strtol(text, &end, 10);
    *rest = end;
    *out = (uint16_t)port;
    return (end > text && port > 0 && port < 65536) ||
           err_set(err, "--%s %s: expected a port from 1 to 65535", option, text);
}

/* http://HOST[:PORT][/PATH]; HOST is ignored: the request goes to the sandbox. */
static bool read_http(const char *text, struct run_ready *ready, struct err *err)
{
    const char *host = text + strlen("http://");
    const char *rest = host + strcspn(host, ":/");
    ready->kind = READY_HTTP;
    ready->port = 80;
    if (*rest == ':' && !read_port("ready", rest + 1, &ready->port, &rest, err))
        return false;
    ready->text = mem_dup(bytes_of(*rest ? rest : "/"));
    return ready->text[0] == '/' ||
           err_set(err, "--ready %s: expected a URL such as http://localhost:8080/", text);
}

static bool read_ready(const char *text, struct run_ready *ready, struct err *err)
{
    const char *rest;
    if (strncmp(text, "tcp:", 4) == 0) {
        ready->kind = READY_TCP;
        return read_port("ready", text + 4, &ready->port, &rest, err) &&
               (!*rest || err_set(err, "--ready %s: expected tcp:PORT", text));
    }
    if (strncmp(text, "http://", 7) == 0)
        return read_http(text, ready, err);
    if (strncmp(text, "file:", 5) == 0 || strncmp(text, "text:", 5) == 0) {
        ready->kind = text[0] == 'f' ? READY_FILE : READY_TEXT;
        ready->text = mem_dup(bytes_of(text + 5));
        return true;
    }
    char *end;
    ready->kind = READY_DELAY;
    ready->delay_s = strtod(text, &end);
    return (end > text && !*end && ready->delay_s >= 0) ||
           err_set(
               err,
               "--ready %s: expected tcp:PORT, http://HOST:PORT/PATH, file:PATH, text:REGEX or a "
               "number of seconds",
               text);
}

/* Without --ready: the first TCP port that the image exposes, else a second. */
static bool expose(void *with, struct bytes key, struct bytes value)
{
    (void)value;
    struct run_ready *ready = with;
    BUF_AUTO struct buf text = {0};
    buf_add(&text, key);
    const char *protocol = text.n ? strchr(text.p, '/') : NULL;
    long port = text.n ? strtol(text.p, NULL, 10) : 0;
    if (port < 1 || port > 65535 || (protocol && strcmp(protocol, "/tcp")))
        return true;
    *ready = (struct run_ready){.kind = READY_TCP, .port = (uint16_t)port};
    return false;
}

/* Whether a program could change or control the host through the mount. */
static bool reaches_host(const char *source)
{
    static const char *const refused[] = {"/proc", "/sys", "/dev", "/run"};
    struct stat st;
    if (strcmp(source, "/") == 0 || (stat(source, &st) == 0 && S_ISSOCK(st.st_mode)))
        return true;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        size_t n = strlen(refused[i]);
        if (strncmp(source, refused[i], n) == 0 && (source[n] == '/' || !source[n]))
            return true;
    }
    return false;
}

static bool add_mount(const char *text, struct run_spec *spec, struct err *err)
{
    struct bytes rest = bytes_of(text);
    struct bytes source = bytes_split(&rest, ':'), target = bytes_split(&rest, ':');
    bool is_writable = bytes_equal(rest, bytes_of("rw"));
    if (!source.n || !target.n || target.p[0] != '/' ||
        (rest.n && !is_writable && !bytes_equal(rest, bytes_of("ro"))))
        return err_set(err, "--mount %s: expected SRC:DST or SRC:DST:rw, DST absolute", text);
    MEM_AUTO char *path = mem_dup(source);
    MEM_AUTO char *real = realpath(path, NULL);
    if (!real)
        return err_sys(err, "--mount %s", path);
    if (reaches_host(real))
        return err_set(err, "--mount %s: rejected; the program could control the host with it",
                       text);
    spec->mounts = mem_grow(spec->mounts, spec->n_mounts, spec->n_mounts + 1, sizeof *spec->mounts);
    spec->mounts[spec->n_mounts++] =
        (struct run_mount){mem_steal(&real), mem_dup(target), is_writable};
    return true;
}

/* NAME=VALUE, or NAME with the caller's value; nothing if the caller has no such variable. */
static void add_variable(struct bytes text, struct words *out)
{
    if (bytes_index(text, '=') < text.n) {
        words_add(out, text);
        return;
    }
    BUF_AUTO struct buf name = {0};
    buf_add(&name, text);
    const char *value = getenv(buf_str(&name));
    if (!value)
        return;
    buf_byte(&name, '=');
    buf_add(&name, bytes_of(value));
    words_add(out, buf_bytes(&name));
}

static bool read_environment_file(const char *path, struct words *out, struct err *err)
{
    MEM_AUTO char *text = mem_alloc(ENV_FILE_BYTES_MAX);
    FILE *file = fopen(path, "re");
    if (!file)
        return err_sys(err, "%s", path);
    size_t n = fread(text, 1, ENV_FILE_BYTES_MAX, file);
    fclose(file);
    if (n == ENV_FILE_BYTES_MAX)
        return err_set(err, "%s: larger than 1 MiB", path);
    for (struct bytes rest = bytes_from(text, n); rest.n;) {
        struct bytes line = bytes_split(&rest, '\n');
        if (line.n && line.p[0] != '#')
            add_variable(line, out);
    }
    return true;
}

static bool read_program(const struct args *args, struct session *session, struct run_spec *spec,
                         struct err *err)
{
    struct words environment = {0};
    bool ok = !args->run.env_file || read_environment_file(args->run.env_file, &environment, err);
    for (size_t i = 0; i < args->run.env.n; i++)
        add_variable(bytes_of(args->run.env.items[i]), &environment);
    struct program_choice choice = {.command = args->command,
                                    .n_command = args->n_command,
                                    .entrypoint = args->run.entrypoint,
                                    .user = args->run.user,
                                    .working_directory = args->run.workdir,
                                    .environment = (const char *const *)environment.items,
                                    .n_environment = environment.n};
    ok = ok && image_program_read(session->db, session->subject,
                                  bytes_of(session->subject_info.config), &choice, spec, err);
    words_finish(&environment);
    return ok;
}

static bool read_limits(const struct args *args, struct run_limits *limits, struct err *err)
{
    const struct run_args *run = &args->run;
    if (run->max_procs)
        limits->processes = (uint32_t)run->max_procs;
    return (!run->timeout || read_seconds("timeout", run->timeout, &limits->timeout_s, err)) &&
           (!run->memory || read_bytes("memory", run->memory, &limits->memory, err)) &&
           (!run->max_write || read_bytes("max-write", run->max_write, &limits->write, err));
}

bool run_options_read(const struct args *args, struct session *session, struct run_spec *spec,
                      struct err *err)
{
    const struct run_args *run = &args->run;
    if (!read_program(args, session, spec, err) || !read_limits(args, &spec->limits, err))
        return false;
    db_json_each(session->db, bytes_of(session->subject_info.config), "$.config.ExposedPorts",
                 expose, &spec->ready);
    if (run->ready) {
        spec->ready = (struct run_ready){0};
        if (!read_ready(run->ready, &spec->ready, err))
            return false;
    }
    for (size_t i = 0; i < run->mount.n; i++)
        if (!add_mount(run->mount.items[i], spec, err))
            return false;
    for (size_t i = 0; i < run->test.n; i++)
        words_add(&spec->tests, bytes_of(run->test.items[i]));
    spec->expected_exit = run->expect_exit;
    if (run->stdin_file)
        spec->input = mem_dup(bytes_of(run->stdin_file));
    if (run->net && strcmp(run->net, "none") && strcmp(run->net, "host"))
        return err_set(err, "--net %s: expected none or host", run->net);
    spec->has_host_network = run->net && strcmp(run->net, "host") == 0;
    if (run->stop && !(spec->stop_signal = run_signal_number(run->stop)))
        return err_set(err, "--stop %s: expected a signal, such as TERM, SIGQUIT or 3", run->stop);
    return true;
}
