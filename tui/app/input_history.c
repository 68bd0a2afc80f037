/* SPDX-License-Identifier: MIT
 *
 * A line of the file is a letter for the kind, then the text. Entries are appended one write each.
 * If a file has many more entries than are kept, the reader rewrites it with the kept ones.
 */
#include "app/input_history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "util/write_all.h"

static const char letters[N_INPUT_KINDS] = {
    [INPUT_COMMAND] = ':', [INPUT_SEARCH] = '/', [INPUT_PATTERN] = '|', [INPUT_FILTER] = 'f'};

void input_history_path(struct buf *out)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && state[0] == '/')
        buf_printf(out, "%s/xsmall/history", state);
    else if (home && home[0] == '/')
        buf_printf(out, "%s/.local/state/xsmall/history", home);
}

static void remove_entry(struct input_history *history, size_t at)
{
    buf_finish(&history->list[at].text);
    memmove(&history->list[at], &history->list[at + 1],
            (history->n - at - 1) * sizeof *history->list);
    history->n--;
}

static bool is_kept(struct bytes text)
{
    return text.n && text.n <= INPUT_HISTORY_MAX_TEXT && bytes_index(text, '\n') == text.n;
}

static void add_entry(struct input_history *history, enum input_history_kind kind,
                      struct bytes text)
{
    for (size_t i = history->n; i-- > 0;)
        if (history->list[i].kind == kind && bytes_equal(buf_bytes(&history->list[i].text), text))
            remove_entry(history, i);
    if (history->n == INPUT_HISTORY_MAX)
        remove_entry(history, 0);
    struct input_history_entry *entry = &history->list[history->n++];
    *entry = (struct input_history_entry){.kind = kind};
    buf_add(&entry->text, text);
}

/* Adds the entries of the file's text. Returns the number of lines. */
static size_t parse(struct input_history *history, struct bytes text)
{
    size_t n = 0;
    for (; text.n; n++) {
        struct bytes line = bytes_split(&text, '\n');
        const char *letter =
            line.n && line.p[0] ? memchr(letters, line.p[0], sizeof letters) : NULL;
        if (letter && is_kept(bytes_skip(line, 1)))
            add_entry(history, (enum input_history_kind)(letter - letters), bytes_skip(line, 1));
    }
    return n;
}

static void print(const struct input_history_entry *entry, struct buf *out)
{
    buf_byte(out, letters[entry->kind]);
    buf_add(out, bytes_from(entry->text.p, entry->text.n));
    buf_byte(out, '\n');
}

static void rewrite_file(const struct input_history *history)
{
    BUF_AUTO struct buf part = {0}, text = {0};
    for (size_t i = 0; i < history->n; i++)
        print(&history->list[i], &text);
    buf_printf(&part, "%s.%ld", history->path.p, (long)getpid());
    int fd = open(part.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    bool ok = write_all(fd, buf_bytes(&text));
    close(fd);
    if (!ok || rename(part.p, history->path.p) != 0)
        unlink(part.p);
}

/* Reads the end of the file, at most INPUT_HISTORY_MAX_BYTES. If the first line is cut, it becomes
 * no entry or a partial entry, which is harmless. */
static void read_end(int fd, off_t size, struct buf *out)
{
    char chunk[16384];
    ssize_t n;
    if (size > INPUT_HISTORY_MAX_BYTES)
        lseek(fd, size - INPUT_HISTORY_MAX_BYTES, SEEK_SET);
    while (out->n < INPUT_HISTORY_MAX_BYTES && (n = read(fd, chunk, sizeof chunk)) > 0)
        buf_add(out, bytes_from(chunk, (size_t)n));
}

void input_history_read(struct input_history *history, const char *path)
{
    BUF_AUTO struct buf text = {0};
    struct stat st;
    if (!path)
        return;
    buf_add(&history->path, bytes_of(path));
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    bool is_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    if (is_file)
        read_end(fd, st.st_size, &text);
    close(fd);
    if (is_file && parse(history, buf_bytes(&text)) > (size_t)2 * INPUT_HISTORY_MAX)
        rewrite_file(history);
}

void input_history_finish(struct input_history *history)
{
    while (history->n)
        remove_entry(history, history->n - 1);
    buf_finish(&history->path);
    buf_finish(&history->typed);
}

/* Creates the parent directories of a path, with mode 0700 as XDG requires. */
static void make_directories(const char *path)
{
    MEM_AUTO char *copy = mem_dup(bytes_of(path));
    for (char *p = copy + 1; *p; p++) {
        if (*p != '/')
            continue;
        *p = 0;
        mkdir(copy, 0700);
        *p = '/';
    }
}

static void append(const struct input_history *history, const struct input_history_entry *entry)
{
    BUF_AUTO struct buf line = {0};
    if (!history->path.n)
        return;
    make_directories(history->path.p);
    int fd = open(history->path.p, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600);
    if (fd < 0)
        return;
    print(entry, &line);
    ssize_t ignored = write(fd, line.p, line.n);
    (void)ignored;
    close(fd);
}

void input_history_add(struct input_history *history, enum input_history_kind kind,
                       struct bytes text)
{
    if (!is_kept(text))
        return;
    const struct input_history_entry *last = history->n ? &history->list[history->n - 1] : NULL;
    if (last && last->kind == kind && bytes_equal(buf_bytes(&last->text), text))
        return;
    add_entry(history, kind, text);
    append(history, &history->list[history->n - 1]);
}

void input_history_begin(struct input_history *history)
{
    history->at = history->n;
}

bool input_history_move(struct input_history *history, enum input_history_kind kind, int by,
                        struct bytes typed, struct bytes *out)
{
    size_t at = history->at;
    do {
        if (by < 0 ? at == 0 : at >= history->n)
            return false;
        at = by < 0 ? at - 1 : at + 1;
    } while (at < history->n && history->list[at].kind != kind);
    if (history->at == history->n) {
        buf_clear(&history->typed);
        buf_add(&history->typed, typed);
    }
    history->at = at;
    *out = buf_bytes(at < history->n ? &history->list[at].text : &history->typed);
    return true;
}
