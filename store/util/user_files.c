/* SPDX-License-Identifier: MIT */
#include "util/user_files.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void user_files_directory(const char *kind, struct buf *out)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (config && config[0] == '/')
        buf_printf(out, "%s/xsmall/%s", config, kind);
    else if (home && home[0] == '/')
        buf_printf(out, "%s/.config/xsmall/%s", home, kind);
}

bool user_files_is_name(struct bytes name)
{
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!plain && (i == 0 || (c != '.' && c != '_' && c != '-')))
            return false;
    }
    return name.n > 0 && name.n <= USER_FILES_MAX_NAME;
}

static bool read_whole(int fd, const char *path, size_t max_bytes, struct buf *out, struct err *err)
{
    char chunk[16384];
    ssize_t n;
    while ((n = read(fd, chunk, sizeof chunk)) > 0) {
        buf_add(out, bytes_from(chunk, (size_t)n));
        if (out->n > max_bytes)
            return err_set(err, "%s: larger than %zu bytes", path, max_bytes);
    }
    return n == 0 || err_sys(err, "%s", path);
}

enum lookup user_files_read(const char *dir, const char *name, const char *suffix, size_t max_bytes,
                            struct buf *out, struct err *err)
{
    BUF_AUTO struct buf path = {0};
    struct stat st;
    if (!dir)
        return LOOKUP_ABSENT;
    buf_printf(&path, "%s/%s%s", dir, name, suffix);
    int fd = open(path.p, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
        return LOOKUP_ABSENT;
    if (fd < 0) {
        err_sys(err, "%s", path.p);
        return LOOKUP_ERR;
    }
    bool ok = fstat(fd, &st) == 0 && S_ISREG(st.st_mode)
                  ? read_whole(fd, path.p, max_bytes, out, err)
                  : err_set(err, "%s: expected a regular file", path.p);
    close(fd);
    return ok ? LOOKUP_FOUND : LOOKUP_ERR;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool user_files_names(const char *dir, const char *suffix, char ***names, size_t *n,
                      struct err *err)
{
    size_t cap = 0;
    *names = NULL;
    *n = 0;
    DIR *handle = dir ? opendir(dir) : NULL;
    if (!handle)
        return !dir || errno == ENOENT || errno == ENOTDIR || err_sys(err, "%s", dir);
    for (struct dirent *entry; (entry = readdir(handle));) {
        struct bytes name = bytes_of(entry->d_name);
        if (!bytes_ends(name, bytes_of(suffix)))
            continue;
        name.n -= strlen(suffix);
        if (!user_files_is_name(name))
            continue;
        ARRAY_ROOM(*names, *n, cap);
        (*names)[(*n)++] = mem_dup(name);
    }
    closedir(handle);
    if (*n)
        qsort(*names, *n, sizeof **names, compare_names);
    return true;
}

void user_files_free_names(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(names[i]);
    free(names);
}
