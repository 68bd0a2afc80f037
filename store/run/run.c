/* SPDX-License-Identifier: MIT */
#include "run/run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/pidfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "run/live_run.h"
#include "util/clock.h"
#include "util/program_path.h"
#include "util/spool.h"
#include "util/write_all.h"

enum { TURN_MS = 100, CHECK_NS = 100 * 1000 * 1000, CHUNK_BYTES = 1 << 16 };

const char *const run_outcomes[] = {
    [RUN_ENDED] = "ended",     [RUN_TIMED_OUT] = "timed out", [RUN_MEMORY] = "memory limit",
    [RUN_DISK] = "disk limit", [RUN_OUTPUT] = "output limit", [RUN_LOG] = "log limit",
};

bool live_run_is_cancelled(const struct live_run *live)
{
    return live->request->progress && atomic_load(&live->request->progress->cancel);
}

bool live_run_is_over(const struct live_run *live)
{
    struct pollfd event = {live->program_fd, POLLIN, 0};
    return poll(&event, 1, 0) > 0;
}

void live_run_signal(struct live_run *live, int signal_number)
{
    int fd = signal_number == SIGKILL ? live->init_fd : live->program_fd;
    if (fd >= 0)
        pidfd_send_signal(fd, signal_number, NULL, 0);
}

/* Copies what the pipe has. What is above the limit is dropped: the limit ends the run. */
static void copy_stream(struct live_run *live, struct live_stream *stream)
{
    char bytes[CHUNK_BYTES];
    ssize_t n = read(stream->pipe, bytes, sizeof bytes);
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n <= 0) {
        spool_close_at(&stream->pipe);
        return;
    }
    live->n_output += (uint64_t)n;
    if (live->n_output <= live->spec->limits.output)
        write_all(stream->file, bytes_from(bytes, (size_t)n));
}

bool live_run_turn(struct live_run *live, int ms)
{
    struct pollfd events[3] = {{live->streams[0].pipe, POLLIN, 0},
                               {live->streams[1].pipe, POLLIN, 0},
                               {live->program_fd, POLLIN, 0}};
    if (poll(events, 3, ms) > 0)
        for (size_t i = 0; i < 2; i++)
            if (events[i].revents)
                copy_stream(live, &live->streams[i]);
    uint64_t now = clock_ns();
    if (now - live->checked_ns > CHECK_NS) {
        live->checked_ns = now;
        if (live->request->turn)
            live->request->turn(live->request->with, &live->result->dir);
        if (live_limits_reached(live))
            return false;
    }
    return !(events[2].revents & POLLIN) && !live_run_is_cancelled(live);
}

static void stop(struct live_run *live)
{
    if (live_run_is_over(live))
        return;
    if (live->result->outcome == RUN_ENDED) {
        uint64_t began = clock_ns();
        live->result->was_stopped = true;
        live_run_signal(live, live->spec->stop_signal);
        while (!live_run_is_over(live) &&
               (double)(clock_ns() - began) < live->spec->limits.stop_s * 1e9)
            live_run_turn(live, TURN_MS);
    }
    live_run_signal(live, SIGKILL);
    while (!live_run_is_over(live))
        live_run_turn(live, TURN_MS);
}

/* What the program wrote last may still be in the pipes. Its children may hold them open, until
 * process 1 of the sandbox has ended. */
static void drain(struct live_run *live)
{
    struct pollfd init = {live->init_fd, POLLIN, 0};
    while (poll(&init, 1, 0) == 0)
        live_run_turn(live, TURN_MS / 10);
    for (size_t i = 0; i < 2; i++)
        while (live->streams[i].pipe >= 0)
            copy_stream(live, &live->streams[i]);
}

static bool run_to_end(struct live_run *live, struct err *err)
{
    bool ok = true;
    if (live->spec->tests.n) {
        ok = live_ready_wait(live, err) && (!live->result->was_ready || live_tests_run(live, err));
    } else {
        while (live_run_turn(live, TURN_MS))
            ;
    }
    stop(live);
    live->result->time_ns = clock_ns() - live->began_ns;
    drain(live);
    return ok;
}

static bool open_streams(struct live_run *live, int ends[2], struct err *err)
{
    static const char *const names[] = {"stdout", "stderr"};
    for (size_t i = 0; i < 2; i++) {
        BUF_AUTO struct buf path = {0};
        int pipe[2];
        buf_printf(&path, "%s/%s", live->result->dir.path.p, names[i]);
        live->streams[i].file = open(path.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (live->streams[i].file < 0)
            return err_sys(err, "%s", path.p);
        if (pipe2(pipe, O_CLOEXEC) != 0)
            return err_sys(err, "pipe");
        live->streams[i].pipe = pipe[0];
        ends[i] = pipe[1];
    }
    return true;
}

static int open_input(const struct run_spec *spec, struct err *err)
{
    const char *path = spec->input ? spec->input : "/dev/null";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        err_sys(err, "%s", path);
    return fd;
}

static bool start_keeper(struct live_run *live, const struct id_map *map, struct err *err)
{
    int ends[2] = {-1, -1};
    FD_AUTO int input = open_input(live->spec, err);
    bool ok = input >= 0 && open_streams(live, ends, err);
    if (ok) {
        struct sandbox sandbox = {live->spec, &live->result->dir, *map, input, ends[0], ends[1]};
        ok = keeper_start(&live->keeper, &sandbox, err);
    }
    spool_close_at(&ends[0]);
    spool_close_at(&ends[1]);
    return ok;
}

/* A write that fails because the unpacker has ended: its own report has the reason. */
static bool fill(struct live_run *live, struct err *err)
{
    struct err wrote = {0}, unpacked = {0};
    const struct run_request *request = live->request;
    bool ok = request->write_image(request->with, live->keeper.tar, &wrote);
    if (!keeper_unpacked(&live->keeper, &live->result->unpacked, &unpacked))
        return err_copy(err, ok || wrote.kind == ERR_FAILED ? &unpacked : &wrote);
    return ok || err_copy(err, &wrote);
}

/* Fails with the first line that the sandbox printed, if there is one. */
static bool fail_with_output(struct live_run *live, struct err *err)
{
    char text[512];
    struct pollfd event = {live->streams[1].pipe, POLLIN, 0};
    ssize_t n = poll(&event, 1, 0) > 0 ? read(event.fd, text, sizeof text - 1) : 0;
    text[n > 0 ? n : 0] = 0;
    text[strcspn(text, "\n")] = 0;
    const char *line = strncmp(text, "xsmall: ", 8) ? text : text + 8;
    return line[0] ? err_set(err, "%s", line) : false;
}

static bool start_program(struct live_run *live, struct err *err)
{
    if (!keeper_program(&live->keeper, &live->init, &live->program, err))
        return fail_with_output(live, err);
    live->init_fd = pidfd_open(live->init, 0);
    live->program_fd = pidfd_open(live->program, 0);
    if (live->init_fd < 0 || live->program_fd < 0)
        return err_sys(err, "sandbox: pidfd_open");
    if (!tracer_start(&live->tracer, &live->result->dir, live->keeper.pid, live->program, err))
        return fail_with_output(live, err);
    live->began_ns = live->checked_ns = clock_ns();
    keeper_let_go(&live->keeper);
    return true;
}

static void finish_live(struct live_run *live)
{
    keeper_finish(&live->keeper);
    tracer_finish(&live->tracer);
    for (size_t i = 0; i < 2; i++) {
        spool_close_at(&live->streams[i].pipe);
        spool_close_at(&live->streams[i].file);
    }
    spool_close_at(&live->init_fd);
    spool_close_at(&live->program_fd);
}

static bool execute(struct live_run *live, const struct id_map *map, struct err *err)
{
    bool ok = start_keeper(live, map, err) && fill(live, err) && start_program(live, err) &&
              run_to_end(live, err);
    finish_live(live);
    if (ok && live_run_is_cancelled(live))
        return err_cancelled(err);
    return ok && tracer_trim_logs(&live->result->dir, live->program, err);
}

static bool has_space(const struct run_dir *dir, uint64_t bytes, struct err *err)
{
    uint64_t available = run_dir_free_bytes(dir);
    return bytes <= available ||
           err_set(err,
                   "%s: %llu bytes are free, the image needs %llu; set TMPDIR to another "
                   "directory",
                   dir->path.p, (unsigned long long)available, (unsigned long long)bytes);
}

static bool has_program(const char *name, const char *package, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    return program_path_find(name, &path) ||
           err_set(err,
                   "%s: not installed; install the package %s, or trace the program in a "
                   "container: xsmall help recipes",
                   name, package);
}

bool run_execute(const struct run_request *request, struct run_result *result, struct err *err)
{
    struct id_map map;
    const struct run_spec *spec = request->spec;
    *result = (struct run_result){.dir.lock = -1, .status = -1};
    if (!has_program("bwrap", "bubblewrap", err) || !has_program("strace", "strace", err))
        return false;
    run_dir_sweep();
    if (!id_map_choose(&map, err))
        return false;
    if (map.count > 1 && (spec->uid >= map.count || spec->gid >= map.count))
        return err_set(err, "user %u, group %u: the sandbox has the ids 0 to %u only", spec->uid,
                       spec->gid, map.count - 1);
    if (!run_dir_make(&result->dir, &map, err))
        return false;
    result->ids = map.kind;
    if (!has_space(&result->dir, request->image_bytes, err)) {
        run_result_finish(result);
        return false;
    }
    struct live_run live = {.request = request,
                            .spec = request->spec,
                            .result = result,
                            .keeper = {0, -1, -1, -1, -1},
                            .tracer = {0, -1},
                            .streams = {{-1, -1}, {-1, -1}},
                            .init_fd = -1,
                            .program_fd = -1};
    if (execute(&live, &map, err)) {
        int status = result->status = tracer_status(&result->dir, live.program);
        if (status != -1 && WIFSIGNALED(status) && WTERMSIG(status) == SIGXFSZ)
            result->outcome = RUN_DISK; /* the limit that the kernel keeps for each file */
        return true;
    }
    run_result_finish(result);
    return false;
}

void run_result_finish(struct run_result *result)
{
    if (result->dir.path.n)
        run_dir_remove(&result->dir, RUN_DIR_BOTH);
    run_dir_finish(&result->dir);
    free(result->tests);
    result->tests = NULL;
    result->n_tests = 0;
}

bool run_test_passed(const struct run_test_result *test)
{
    return test->status != -1 && WIFEXITED(test->status) && WEXITSTATUS(test->status) == 0;
}

static bool program_passed(const struct run_spec *spec, const struct run_result *result)
{
    if (result->outcome != RUN_ENDED)
        return false;
    return result->was_stopped || (result->status != -1 && WIFEXITED(result->status) &&
                                   WEXITSTATUS(result->status) == spec->expected_exit);
}

bool run_passed(const struct run_spec *spec, const struct run_result *result)
{
    bool ok = program_passed(spec, result) && result->n_tests == spec->tests.n;
    for (size_t i = 0; i < result->n_tests; i++)
        ok = ok && run_test_passed(&result->tests[i]);
    return ok;
}
