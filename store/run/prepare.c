/* SPDX-License-Identifier: MIT */
#include "run/unpack.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "run/in_root.h"
#include "util/path.h"
#include "util/spool.h"

/* A directory of the root itself, at which something is mounted: a link there would lead the mount
 * elsewhere. */
static bool make_own_directory(int root, const char *name, struct err *err)
{
    struct stat st;
    if (fstatat(root, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(st.st_mode) &&
        unlinkat(root, name, 0) != 0)
        return err_sys(err, "/%s", name);
    return mkdirat(root, name, 0755) == 0 || errno == EEXIST || err_sys(err, "/%s", name);
}

/* Whether the root has an empty directory of that name. */
static bool is_empty_directory(int root, const char *name)
{
    int fd = openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    size_t n = 0;
    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return dir && n == 2; /* "." and ".." */
}

/* As an engine makes them: a host of its own, reached by no name server. */
static bool write_etc(int root, const struct run_spec *spec, struct err *err)
{
    FD_AUTO int etc = in_root_open(root, "/etc", O_PATH | O_DIRECTORY, 0);
    if (etc < 0)
        return true;
    BUF_AUTO struct buf hosts = {0}, name = {0}, servers = {0};
    buf_printf(&hosts,
               "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n"
               "127.0.0.1\t%s\n",
               spec->hostname);
    buf_printf(&name, "%s\n", spec->hostname);
    FD_AUTO int file = spec->has_host_network ? open("/etc/resolv.conf", O_RDONLY | O_CLOEXEC) : -1;
    char bytes[4096];
    for (ssize_t n; file >= 0 && (n = read(file, bytes, sizeof bytes)) > 0;)
        buf_add(&servers, bytes_from(bytes, (size_t)n));
    return in_root_write(etc, "hosts", buf_bytes(&hosts), err) &&
           in_root_write(etc, "hostname", buf_bytes(&name), err) &&
           in_root_write(etc, "resolv.conf", buf_bytes(&servers), err);
}

/* Appends the path of an open file or directory of the root, as the sandbox sees it. */
static bool add_real_path(int root, int fd, struct words *out)
{
    char name[64], base[4096], path[4096];
    snprintf(name, sizeof name, "/proc/self/fd/%d", root);
    ssize_t n_base = readlink(name, base, sizeof base - 1);
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(name, path, sizeof path - 1);
    if (n_base <= 0 || n <= n_base || n >= (ssize_t)sizeof path - 1)
        return false;
    words_add(out, bytes_from(path + n_base, (size_t)(n - n_base)));
    return true;
}

static bool make_target(int root, const struct run_mount *mount, struct words *out, struct err *err)
{
    struct stat st;
    FD_AUTO int fd = -1;
    if (stat(mount->source, &st) != 0)
        return err_sys(err, "%s", mount->source);
    if (S_ISDIR(st.st_mode)) {
        fd = in_root_make_directory(root, mount->target);
    } else {
        BUF_AUTO struct buf above = {0};
        buf_add(&above, path_dir(bytes_of(mount->target)));
        FD_AUTO int dir = in_root_make_directory(root, above.n ? above.p : "/");
        fd = dir >= 0 ? in_root_open(root, mount->target, O_RDWR | O_CREAT, 0644) : -1;
    }
    if (fd < 0)
        return err_sys(err, "%s in the image", mount->target);
    return add_real_path(root, fd, out) ||
           err_set(err, "%s: cannot be a mount point in the image", mount->target);
}

bool unpack_prepare(const char *directory, const struct run_spec *spec,
                    struct sandbox_places *places, struct err *err)
{
    *places = (struct sandbox_places){0};
    FD_AUTO int root = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return err_sys(err, "%s", directory);
    if (!make_own_directory(root, "proc", err) || !make_own_directory(root, "dev", err) ||
        !write_etc(root, spec, err))
        return false;
    if (unlinkat(root, SANDBOX_INSIDE, 0) != 0 && errno != ENOENT)
        return err_sys(err, "/" SANDBOX_INSIDE);
    places->has_tmp = is_empty_directory(root, "tmp");
    FD_AUTO int work = in_root_make_directory(root, spec->working_directory);
    if (work < 0)
        return err_sys(err, "WORKDIR %s of the image", spec->working_directory);
    for (size_t i = 0; i < spec->n_mounts; i++)
        if (!make_target(root, &spec->mounts[i], &places->targets, err))
            return false;
    return true;
}
