/* SPDX-License-Identifier: MIT
 *
 * A line of the file is a letter for the kind, then the text. Entries are appended one write each.
 * Whoever reads a file of many more entries than are kept writes it anew with those alone.
 */
#include "app/input_history.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char letters[N_RECALL_KINDS] = {
    [RECALL_COMMAND] = ':', [RECALL_SEARCH] = '/', [RECALL_PATTERN] = '|', [RECALL_FILTER] = 'f'};

void input_history_path(struct buf *out)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    if (state && state[0] == '/')
        buf_printf(out, "%s/xsmall/history", state);
    else if (home && home[0] == '/')
        buf_printf(out, "%s/.local/state/xsmall/history", home);
}

static void remove_entry(struct input_history *recall, size_t at)
{
    buf_finish(&recall->list[at].text);
    memmove(&recall->list[at], &recall->list[at + 1], (recall->n - at - 1) * sizeof *recall->list);
    recall->n--;
}

static bool keeps(struct bytes text)
{
    return text.n && text.n <= RECALL_MAX_TEXT && bytes_index(text, '\n') == text.n;
}

static void put(struct input_history *recall, enum input_history_kind kind, struct bytes text)
{
    for (size_t i = recall->n; i-- > 0;)
        if (recall->list[i].kind == kind && bytes_equal(buf_bytes(&recall->list[i].text), text))
            remove_entry(recall, i);
    if (recall->n == RECALL_MAX)
        remove_entry(recall, 0);
    struct recall_entry *entry = &recall->list[recall->n++];
    *entry = (struct recall_entry){.kind = kind};
    buf_add(&entry->text, text);
}

/* The number of lines. */
static size_t parse(struct input_history *recall, struct bytes text)
{
    size_t n = 0;
    for (; text.n; n++) {
        struct bytes line = bytes_from(text.p, bytes_index(text, '\n'));
        text = bytes_skip(text, line.n + 1);
        const char *letter = line.n ? memchr(letters, line.p[0], sizeof letters) : NULL;
        if (letter && keeps(bytes_skip(line, 1)))
            put(recall, (enum input_history_kind)(letter - letters), bytes_skip(line, 1));
    }
    return n;
}

static void print(const struct recall_entry *entry, struct buf *out)
{
    buf_byte(out, letters[entry->kind]);
    buf_add(out, bytes_from(entry->text.p, entry->text.n));
    buf_byte(out, '\n');
}

static void write_anew(const struct input_history *recall)
{
    BUF_AUTO struct buf part = {0}, text = {0};
    for (size_t i = 0; i < recall->n; i++)
        print(&recall->list[i], &text);
    buf_printf(&part, "%s.%ld", recall->path.p, (long)getpid());
    int fd = open(part.p, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    bool ok = write(fd, text.p, text.n) == (ssize_t)text.n;
    close(fd);
    if (!ok || rename(part.p, recall->path.p) != 0)
        unlink(part.p);
}

/* The end of the file, RECALL_MAX_BYTES at the most; what is cut off of a first line is no entry or
 * one that is a part: both do no harm. */
static void read_end(int fd, off_t size, struct buf *out)
{
    char chunk[16384];
    ssize_t n;
    if (size > RECALL_MAX_BYTES)
        lseek(fd, size - RECALL_MAX_BYTES, SEEK_SET);
    while (out->n < RECALL_MAX_BYTES && (n = read(fd, chunk, sizeof chunk)) > 0)
        buf_add(out, bytes_from(chunk, (size_t)n));
}

void input_history_read(struct input_history *recall, const char *path)
{
    BUF_AUTO struct buf text = {0};
    struct stat st;
    if (!path)
        return;
    buf_add(&recall->path, bytes_of(path));
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return;
    bool is_file = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    if (is_file)
        read_end(fd, st.st_size, &text);
    close(fd);
    if (is_file && parse(recall, buf_bytes(&text)) > (size_t)2 * RECALL_MAX)
        write_anew(recall);
}

void input_history_finish(struct input_history *recall)
{
    while (recall->n)
        remove_entry(recall, recall->n - 1);
    buf_finish(&recall->path);
    buf_finish(&recall->typed);
}

/* Only the directories that XDG leaves to programs to make, for the person alone. */
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

static void append(const struct input_history *recall, const struct recall_entry *entry)
{
    BUF_AUTO struct buf line = {0};
    if (!recall->path.n)
        return;
    make_directories(recall->path.p);
    int fd = open(recall->path.p, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600);
    if (fd < 0)
        return;
    print(entry, &line);
    ssize_t ignored = write(fd, line.p, line.n);
    (void)ignored;
    close(fd);
}

void input_history_add(struct input_history *recall, enum input_history_kind kind,
                       struct bytes text)
{
    if (!keeps(text))
        return;
    const struct recall_entry *last = recall->n ? &recall->list[recall->n - 1] : NULL;
    if (last && last->kind == kind && bytes_equal(buf_bytes(&last->text), text))
        return;
    put(recall, kind, text);
    append(recall, &recall->list[recall->n - 1]);
}

void input_history_begin(struct input_history *recall)
{
    recall->at = recall->n;
}

bool input_history_move(struct input_history *recall, enum input_history_kind kind, int by,
                        struct bytes typed, struct bytes *out)
{
    size_t at = recall->at;
    do {
        if (by < 0 ? at == 0 : at >= recall->n)
            return false;
        at = by < 0 ? at - 1 : at + 1;
    } while (at < recall->n && recall->list[at].kind != kind);
    if (recall->at == recall->n) {
        buf_clear(&recall->typed);
        buf_add(&recall->typed, typed);
    }
    recall->at = at;
    *out = buf_bytes(at < recall->n ? &recall->list[at].text : &recall->typed);
    return true;
}
