/* SPDX-License-Identifier: MIT
 *
 * A rule is a function that examines one run and adds at most one finding. The problems that the
 * loader counted share one rule and a table.
 */
#include "trace/doctor/doctor.h"

#include <stdlib.h>
#include <string.h>

#include "trace/doctor/doctor_input.h"

enum {
    SOME_ACCESSES = 5 /* minimum for findings about accesses that are all of one kind: a program has
                         more accesses at its start, and some of them fail (/etc/ld.so.preload) */
};

const char *finding_severity_name(enum finding_severity severity)
{
    return severity == FINDING_WARNING ? "warning" : "note";
}

void findings_add(struct findings *findings, const struct finding *finding)
{
    ARRAY_ROOM(findings->items, findings->n, findings->cap);
    struct finding *item = &findings->items[findings->n++];
    struct bytes *const texts[] = {&item->run, &item->log, &item->words, &item->advice,
                                   &item->command};
    *item = *finding;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = arena_copy(&findings->arena, *texts[i]);
}

void findings_finish(struct findings *findings)
{
    free(findings->items);
    arena_finish(&findings->arena);
    *findings = (struct findings){0};
}

/* The run that is being examined. */
struct exam {
    struct db *db;
    const struct doctor_run *run;
    struct findings *findings;
    struct err *err;
};

static const char LOG_TEXTS[] =
    "SELECT l.name, (SELECT text FROM clue WHERE log = l.id AND what = 'style'), "
    "coalesce((SELECT text FROM clue WHERE log = l.id AND what = 'inside' AND EXISTS "
    "(SELECT 1 FROM access WHERE log = l.id AND call = 'chroot' AND errno = 0)), "
    "(SELECT text FROM clue WHERE log = l.id AND what = 'command')), "
    "(SELECT path FROM access JOIN asked ON asked.id = asked WHERE log = l.id AND "
    "call = 'chroot' AND errno = 0 AND known = 1 AND EXISTS "
    "(SELECT 1 FROM clue WHERE log = l.id AND what = 'inside') ORDER BY seq LIMIT 1) "
    "FROM log l WHERE l.id = :log";

bool doctor_command(struct db *db, int64_t log, enum advice_files files, struct buf *out,
                    bool *exact, struct err *err)
{
    struct stmt *q = db_query(db, LOG_TEXTS, err);
    if (!q)
        return false;
    stmt_bind_int(q, ":log", log);
    enum step step = stmt_step(q, err);
    if (step == STEP_ROW) {
        struct advice_log advice = {.name = stmt_bytes(q, 0),
                                    .style = stmt_bytes(q, 1),
                                    .command = stmt_bytes(q, 2),
                                    .root = stmt_bytes(q, 3),
                                    .files = files};
        *exact = advice_command(&advice, out);
    }
    stmt_reset(q);
    return step != STEP_ERR;
}

/* Returns the log that shows how the run was started: the log itself if it does, else the first log
 * that does. For strace -ff this is the log of the process without a parent. */
static const struct doctor_log *starting_log(const struct doctor_run *run,
                                             const struct doctor_log *own)
{
    const struct doctor_log *best = NULL;
    if (!own->file_pid && own->traits[TRAIT_COMMAND].n)
        return own;
    for (size_t i = 0; i < run->n_logs; i++) {
        const struct doctor_log *log = &run->logs[i];
        if (!log->traits[TRAIT_COMMAND].n || log->made)
            continue;
        if (!best || (best->file_pid && log->file_pid && log->file_pid < best->file_pid))
            best = log;
    }
    return best ? best : own;
}

struct finding_text {
    const char *id;
    enum finding_severity severity;
    const char *words;  /* before the number */
    const char *cause;  /* after the number, in parentheses; NULL: no cause */
    const char *advice; /* NULL: no advice */
};

/* Threads with separate files share one directory: only a single file for all processes shows the
 * order of the changes. */
static bool shares_directory(const struct doctor_run *run)
{
    for (size_t i = 0; i < run->n_logs; i++)
        if (run->logs[i].problems[PROBLEM_SHARED_CWD].n || run->logs[i].problems[PROBLEM_TIED].n)
            return true;
    return false;
}

/* Adds a finding with its example and the command to run instead. */
static bool report(const struct exam *exam, const struct finding_text *text, uint64_t n,
                   const struct doctor_log *log, uint32_t line)
{
    BUF_AUTO struct buf words = {0}, command = {0};
    struct finding finding = {.id = text->id,
                              .severity = text->severity,
                              .run = exam->run->name,
                              .n = n,
                              .log = log->name,
                              .line = line,
                              .advice = bytes_of(text->advice)};
    enum advice_files files = shares_directory(exam->run) ? ADVICE_ONE_FILE : ADVICE_AS_IT_WAS;
    if (!doctor_command(exam->db, starting_log(exam->run, log)->id, files, &command, &finding.exact,
                        exam->err))
        return false;
    buf_printf(&words, "%s: %llu", text->words, (unsigned long long)n);
    if (text->cause)
        buf_printf(&words, " (%s)", text->cause);
    finding.words = buf_bytes(&words);
    finding.command = buf_bytes(&command);
    findings_add(exam->findings, &finding);
    return true;
}

/* Sums a count over the logs of a run; the first log with a count is the example. */
struct sum {
    uint64_t n;
    const struct doctor_log *log;
    uint32_t line;
};

static void sum_add(struct sum *sum, const struct doctor_log *log, uint64_t n, uint32_t line)
{
    if (n && !sum->n) {
        sum->log = log;
        sum->line = line;
    }
    sum->n += n;
}

static bool sum_report(const struct exam *exam, const struct finding_text *text,
                       const struct sum *sum)
{
    return !sum->n || report(exam, text, sum->n, sum->log, sum->line);
}

static uint64_t count_trait(const struct doctor_run *run, enum log_trait_kind kind)
{
    uint64_t n = 0;
    for (size_t i = 0; i < run->n_logs; i++)
        n += run->logs[i].traits[kind].n;
    return n;
}

/* The log has one process, which created children: strace ran without -f. */
static bool check_follow(const struct exam *exam)
{
    static const struct finding_text text = {
        "no-follow", FINDING_WARNING, "child processes that were not traced",
        "strace ran without -f; the accesses of these processes are missing", NULL};
    struct sum sum = {0};
    for (size_t i = 0; i < exam->run->n_logs; i++) {
        const struct doctor_log *log = &exam->run->logs[i];
        if (!log->file_pid && !log->traits[TRAIT_SEVERAL].n)
            sum_add(&sum, log, log->traits[TRAIT_CHILD].n, log->traits[TRAIT_CHILD].line);
    }
    return sum_report(exam, &text, &sum);
}

/* Children without a log, in a trace of strace -ff. In a pid namespace the pids that fork returns
 * differ from the pids of the files; then as many files have no parent. */
static bool check_files(const struct exam *exam)
{
    static const struct finding_text text = {
        "missing-logs", FINDING_WARNING, "processes without a log file",
        "strace -ff writes one file for each process", "load all log files of that trace"};
    struct sum sum = {0};
    struct map files = {0};
    uint64_t n_parentless = 0;
    for (size_t i = 0; i < exam->run->n_logs; i++) {
        int32_t pid = exam->run->logs[i].file_pid;
        if (!pid)
            continue;
        map_at(&files, bytes_from((const char *)&pid, sizeof pid), NULL);
        n_parentless += !exam->run->logs[i].made;
    }
    for (size_t i = 0; i < exam->run->n_logs; i++) {
        const struct doctor_log *log = &exam->run->logs[i];
        struct bytes rest = log->file_pid ? log->children : (struct bytes){0};
        uint64_t n_missing = 0;
        for (int32_t pid; doctor_input_next_pid(&rest, &pid);)
            n_missing += !map_find(&files, bytes_from((const char *)&pid, sizeof pid));
        sum_add(&sum, log, n_missing, log->traits[TRAIT_CHILD].line);
    }
    map_finish(&files);
    return n_parentless > sum.n || sum_report(exam, &text, &sum);
}

static bool is_empty(const struct doctor_run *run)
{
    return !run->n_accesses && !count_trait(run, TRAIT_COMMAND) && !count_trait(run, TRAIT_END);
}

/* Programs ran, but no file was opened: -e open was used although the C library calls openat. */
static bool check_opens(const struct exam *exam)
{
    static const struct finding_text text = {
        "no-opens", FINDING_WARNING, "programs or processes that opened no file",
        "strace ran with -e open, but the C library calls openat", NULL};
    static const struct finding_text nothing = {
        "empty", FINDING_WARNING, "lines, none with a call that has a path", NULL, NULL};
    static const struct finding_text no_line = {
        "empty", FINDING_WARNING, "logs, all empty",
        "the program did not start, or strace was ended before it wrote", NULL};
    const struct doctor_run *run = exam->run;
    if (!run->n_lines && run->n_logs)
        return report(exam, &no_line, run->n_logs, &run->logs[0], 0);
    uint64_t n = count_trait(run, TRAIT_COMMAND), n_ended = count_trait(run, TRAIT_END);
    if (is_empty(run))
        return report(exam, &nothing, run->n_lines, &run->logs[0], 0);
    if (run->opens || count_trait(run, TRAIT_EVERYTHING) || !(n + n_ended))
        return true;
    return report(exam, &text, n > n_ended ? n : n_ended, &run->logs[0], 0);
}

static bool check_failures(const struct exam *exam)
{
    static const struct finding_text none = {
        "no-failures", FINDING_WARNING, "accesses, none failed",
        "strace -z or a grep removed failed calls; paths that must be absent are not known", NULL};
    static const struct finding_text only = {
        "only-failures", FINDING_WARNING, "accesses, none succeeded",
        "strace ran with -Z; the used files are not known", NULL};
    const struct doctor_run *run = exam->run;
    if (run->n_accesses < SOME_ACCESSES || (!run->successes && !run->failures))
        return true;
    if (!run->failures && run->opens)
        return report(exam, &none, run->n_accesses, &run->logs[0], 0);
    return run->successes || report(exam, &only, run->n_accesses, &run->logs[0], 0);
}

static bool check_start(const struct exam *exam)
{
    static const struct finding_text grepped = {
        "grepped", FINDING_WARNING, "accesses, all to .so files and without execve",
        "a grep removed the other lines", "load the whole log; xsmall filters it"};
    static const struct finding_text text = {"no-exec", FINDING_WARNING, "accesses without execve",
                                             "strace -p, strace -e without execve, or a grep",
                                             NULL};
    const struct doctor_run *run = exam->run;
    if (!run->n_accesses || !run->successes || count_trait(run, TRAIT_COMMAND))
        return true;
    if (!count_trait(run, TRAIT_STYLE)) /* loaded by a version without traits: nothing is known */
        return true;
    bool is_grepped = !run->others && run->n_accesses > 1;
    return report(exam, is_grepped ? &grepped : &text, run->n_accesses, &run->logs[0], 0);
}

static bool check_end(const struct exam *exam)
{
    static const struct finding_text text = {
        "no-end", FINDING_NOTE, "logs that end before the program does",
        "the program was still running, or strace was stopped", NULL};
    struct sum sum = {0};
    for (size_t i = 0; i < exam->run->n_logs; i++) {
        const struct doctor_log *log = &exam->run->logs[i];
        sum_add(&sum, log, log->traits[TRAIT_COMMAND].n && !log->traits[TRAIT_END].n, log->n_lines);
    }
    return sum_report(exam, &text, &sum);
}

static const struct finding_text problems[N_LOG_PROBLEMS] = {
    [PROBLEM_NO_STRACE] = {"no-strace", FINDING_NOTE, "lines that are not strace output",
                           "for example output of the program", NULL},
    [PROBLEM_TABLE] = {"table", FINDING_WARNING, "lines of a summary table",
                       "strace ran with -c, which prints no paths", NULL},
    [PROBLEM_WRAPPED] =
        {"wrapped", FINDING_NOTE,
         "lines with a prefix or an encoding of another program, read without it",
         "docker logs, compose, Kubernetes, journald, grep -n or -H, mail or HTML",
         "filters see the lines as they are in the file; load the file that strace wrote, if "
         "there is one"},
    [PROBLEM_CUT_LINE] = {"cut", FINDING_WARNING, "calls or logs that end in the middle of a line",
                          NULL, NULL},
    [PROBLEM_CUT_PATH] = {"cut-path", FINDING_WARNING, "paths that are cut or invalid", NULL, NULL},
    [PROBLEM_RAW_PATH] = {"raw-path", FINDING_WARNING, "paths printed as addresses",
                          "strace ran with -e raw", NULL},
    [PROBLEM_UNREADABLE] =
        {"unreadable", FINDING_WARNING, "paths that strace could not read",
         "strace has no CAP_SYS_PTRACE, and the program changed its user",
         "add --cap-add SYS_PTRACE to docker run or podman run, or run strace as root on the host"},
    [PROBLEM_UNKNOWN_CWD] =
        {"unknown-cwd", FINDING_WARNING, "relative paths whose directory is not in the log", NULL,
         "or load the log with --cwd DIR, the directory in which the program was started"},
    [PROBLEM_UNKNOWN_FD] = {"unknown-fd", FINDING_WARNING,
                            "paths below a descriptor that is not in the log", NULL, NULL},
    [PROBLEM_UNKNOWN_PARENT] = {"unknown-parent", FINDING_NOTE,
                                "processes whose parent is not in the log", NULL, NULL},
    [PROBLEM_LOST_START] = {"lost-start", FINDING_WARNING, "resumed calls without their first half",
                            "lines are missing", NULL},
    [PROBLEM_OTHER_ROOT] =
        {"other-root", FINDING_WARNING, "calls in another root directory, not used as evidence",
         "chroot, pivot_root, setns or unshare",
         "trace inside that root; strace must be in it, and the log is written there"},
    [PROBLEM_SHARED_CWD] = {"shared-cwd", FINDING_NOTE,
                            "directory changes that threads in other log files share", NULL, NULL},
    [PROBLEM_TIED] =
        {"tied", FINDING_NOTE,
         "relative paths used at the time at which another thread changed the directory",
         "the times of the log files are not fine enough", NULL},
    [PROBLEM_CLOCK] =
        {"clock", FINDING_NOTE, "lines before which the clock was set back",
         "log files of threads were merged by their times, so the order is not certain", NULL},
    [PROBLEM_PROCESSES] = {"processes", FINDING_WARNING,
                           "lines of processes beyond the limit of processes followed at a time",
                           NULL, NULL},
    [PROBLEM_DESCRIPTORS] = {"descriptors", FINDING_WARNING,
                             "descriptors beyond the limit of descriptors followed", NULL, NULL},
};

static bool check_problems(const struct exam *exam)
{
    for (int i = 0; i < N_LOG_PROBLEMS; i++) {
        struct sum sum = {0};
        for (size_t k = 0; k < exam->run->n_logs; k++) {
            const struct doctor_log *log = &exam->run->logs[k];
            sum_add(&sum, log, log->problems[i].n, log->problems[i].line);
            if (i == PROBLEM_CUT_LINE && !log->problems[i].n)
                sum_add(&sum, log, log->cut && !log->traits[TRAIT_WAITING].n, log->n_lines);
        }
        if (!sum_report(exam, &problems[i], &sum))
            return false;
    }
    return true;
}

/* Sorts warnings first, then in the order of the rules. */
static void sort_findings(struct finding *items, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct finding moved = items[i];
        size_t at = i;
        for (; at && items[at - 1].severity < moved.severity; at--)
            items[at] = items[at - 1];
        items[at] = moved;
    }
}

static bool examine_run(const struct exam *exam)
{
    static bool (*const checks[])(const struct exam *exam) = {
        check_follow, check_files, check_opens,   check_failures,
        check_start,  check_end,   check_problems};
    size_t first = exam->findings->n;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (!checks[i](exam))
            return false;
    if (exam->findings->n > first)
        sort_findings(exam->findings->items + first, exam->findings->n - first);
    return true;
}

bool doctor_examine(struct db *db, struct findings *out, struct err *err)
{
    struct doctor_input input = {0};
    bool ok = doctor_input_read(db, &input, err);
    for (size_t i = 0; ok && i < input.n_runs; i++) {
        struct exam exam = {.db = db, .run = &input.runs[i], .findings = out, .err = err};
        ok = examine_run(&exam);
    }
    doctor_input_finish(&input);
    return ok;
}
