/* SPDX-License-Identifier: MIT */
#include "image/content/package_text.h"

#include "util/path.h"

static const struct {
    const char *dir;
    const char *suffix;
    enum package_text_kind kind;
} dpkg_dirs[] = {
    {"var/lib/dpkg/info/", ".list", PACKAGE_DPKG_LIST},
    {"var/lib/dpkg/status.d/", ".md5sums", PACKAGE_DPKG_SUMS},
    {"var/lib/dpkg/status.d/", "", PACKAGE_DPKG_ONE},
};

static const struct {
    const char *path;
    enum package_text_kind kind;
} places[] = {
    {"var/lib/dpkg/status", PACKAGE_DPKG_STATUS},
    {"var/lib/dpkg/diversions", PACKAGE_DPKG_DIVERSIONS},
    {"lib/apk/db/installed", PACKAGE_APK},
    {"usr/lib/apk/db/installed", PACKAGE_APK},
};

/* Returns true if path is …/{site,dist}-packages/X.dist-info/NAME. */
static bool is_of_dist_info(struct bytes path, const char *name)
{
    struct bytes dir = path_dir(path), above = path_base(path_dir(dir));
    return bytes_equal(path_base(path), bytes_of(name)) &&
           bytes_ends(dir, bytes_of(".dist-info")) &&
           (bytes_equal(above, bytes_of("site-packages")) ||
            bytes_equal(above, bytes_of("dist-packages")));
}

enum package_text_kind package_text_kind_of(struct bytes path)
{
    /* This is called for every file; the last byte excludes most files. */
    char last = path.n ? path.p[path.n - 1] : 0;
    if (last == 'D' && is_of_dist_info(path, "RECORD"))
        return PACKAGE_PYTHON_RECORD;
    if (last == 'A' && is_of_dist_info(path, "METADATA"))
        return PACKAGE_PYTHON_METADATA;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (bytes_equal(path, bytes_of(places[i].path)))
            return places[i].kind;
    if (!bytes_starts(path, bytes_of("var/lib/dpkg/")))
        return PACKAGE_NONE;
    for (size_t i = 0; i < sizeof dpkg_dirs / sizeof *dpkg_dirs; i++) {
        struct bytes dir = bytes_of(dpkg_dirs[i].dir), suffix = bytes_of(dpkg_dirs[i].suffix);
        if (path.n > dir.n + suffix.n && bytes_starts(path, dir) && bytes_ends(path, suffix) &&
            bytes_index(bytes_skip(path, dir.n), '/') == path.n - dir.n)
            return dpkg_dirs[i].kind;
    }
    return PACKAGE_NONE;
}

struct bytes package_text_stem(enum package_text_kind kind, struct bytes path)
{
    if (kind == PACKAGE_PYTHON_RECORD || kind == PACKAGE_PYTHON_METADATA)
        return path_dir(path);
    for (size_t i = 0; i < sizeof dpkg_dirs / sizeof *dpkg_dirs; i++) {
        if (dpkg_dirs[i].kind != kind)
            continue;
        path = path_base(path);
        path.n -= strlen(dpkg_dirs[i].suffix);
        return path;
    }
    return bytes_from(path.p, 0);
}

static struct bytes next_line(struct bytes *rest)
{
    struct bytes line = bytes_split(rest, '\n');
    if (line.n && line.p[line.n - 1] == '\r')
        line.n--;
    return line;
}

static void give_path(const struct package_text_sink *sink, struct bytes path)
{
    if (path.n > PACKAGE_PATH_MAX || bytes_index(path, 0) != path.n) {
        if (sink->odd)
            sink->odd(sink->with, "a path that no file can have");
    } else if (path.n && sink->path) {
        sink->path(sink->with, path);
    }
}

/* Returns the last word of "install ok installed": the current state, not the wanted state. */
static struct bytes last_word(struct bytes text)
{
    size_t at = bytes_rindex(text, ' ');
    return at == text.n ? text : bytes_skip(text, at + 1);
}

static void give_package(const struct package_text_sink *sink, struct package_text_about *about)
{
    struct bytes *words[] = {&about->name, &about->version, &about->arch};
    bool long_word = false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        long_word = long_word || words[i]->n > PACKAGE_WORD_MAX;
    about->state = last_word(about->state);
    if (about->name.n && !long_word && sink->package)
        sink->package(sink->with, about);
    else if (long_word && sink->odd)
        sink->odd(sink->with, "a package whose name or version is too long");
    *about = (struct package_text_about){0};
}

/* Reads the value of a line "KEY: value", without blanks around it. If the line has another key,
 * *value is unchanged. */
static void take_field(struct bytes line, const char *key, struct bytes *value)
{
    size_t n = strlen(key);
    if (!bytes_starts(line, bytes_of(key)) || line.n == n || line.p[n] != ':')
        return;
    line = bytes_skip(line, n + 1);
    while (line.n && (line.p[0] == ' ' || line.p[0] == '\t'))
        line = bytes_skip(line, 1);
    while (line.n && (line.p[line.n - 1] == ' ' || line.p[line.n - 1] == '\t'))
        line.n--;
    *value = line;
}

enum paragraphs { PARAGRAPHS_ALL, PARAGRAPHS_FIRST };

/* Reads paragraphs of "Field: value" lines, each followed by an empty line. */
static void read_paragraphs(struct bytes text, enum paragraphs which,
                            const struct package_text_sink *sink)
{
    struct package_text_about about = {0};
    while (text.n) {
        struct bytes line = next_line(&text);
        if (!line.n && about.name.n) {
            give_package(sink, &about);
            if (which == PARAGRAPHS_FIRST)
                return;
        }
        if (!line.n)
            about = (struct package_text_about){0};
        take_field(line, which == PARAGRAPHS_ALL ? "Package" : "Name", &about.name);
        take_field(line, "Version", &about.version);
        take_field(line, "Architecture", &about.arch);
        take_field(line, "Status", &about.state);
    }
    if (about.name.n)
        give_package(sink, &about);
}

/* Reads paragraphs of "K:value" lines: P name, V version, A architecture, F a directory, R a file
 * in the directory. */
static void read_apk(struct bytes text, const struct package_text_sink *sink)
{
    struct package_text_about about = {0};
    struct bytes dir = {0};
    BUF_AUTO struct buf path = {0};
    bool given = false;
    for (bool end = false; !end;) {
        struct bytes line = next_line(&text);
        end = !text.n;
        char key = line.n > 1 && line.p[1] == ':' ? line.p[0] : 0;
        struct bytes value = bytes_skip(line, 2);
        if (key == 'P')
            about.name = value;
        else if (key == 'V')
            about.version = value;
        else if (key == 'A')
            about.arch = value;
        if ((key == 'F' || !line.n || end) && !given && about.name.n) {
            give_package(sink, &about);
            given = true;
        }
        if (key == 'F' && given) {
            dir = value;
            give_path(sink, dir);
        } else if (key == 'R' && given) {
            buf_clear(&path);
            buf_add(&path, dir);
            buf_byte(&path, '/');
            buf_add(&path, value);
            give_path(sink, buf_bytes(&path));
        } else if (!line.n) {
            about = (struct package_text_about){0};
            dir = bytes_from(NULL, 0);
            given = false;
        }
    }
}

/* Reads the first field of each row of comma-separated values (RFC 4180). A quoted field can
 * contain commas, newlines and doubled quotes. */
static void read_record(struct bytes text, const struct package_text_sink *sink)
{
    BUF_AUTO struct buf field = {0};
    while (text.n) {
        if (text.p[0] != '"') {
            struct bytes line = next_line(&text);
            line.n = bytes_index(line, ',');
            give_path(sink, line);
            continue;
        }
        buf_clear(&field);
        text = bytes_skip(text, 1);
        for (;;) {
            size_t n = bytes_index(text, '"');
            buf_add(&field, bytes_from(text.p, n));
            bool doubled = n + 1 < text.n && text.p[n + 1] == '"';
            text = bytes_skip(text, n + 1 + doubled);
            if (!doubled)
                break;
            buf_byte(&field, '"');
        }
        give_path(sink, buf_bytes(&field));
        next_line(&text);
    }
}

/* Reads lines "SUM  path" in the format of md5sum. */
static void read_sums(struct bytes text, const struct package_text_sink *sink)
{
    while (text.n) {
        struct bytes line = next_line(&text);
        line = bytes_skip(line, bytes_index(line, ' '));
        while (line.n && (line.p[0] == ' ' || line.p[0] == '*'))
            line = bytes_skip(line, 1);
        give_path(sink, line);
    }
}

void package_text_read(enum package_text_kind kind, struct bytes text,
                       const struct package_text_sink *sink)
{
    switch (kind) {
    case PACKAGE_NONE:
        break;
    case PACKAGE_DPKG_STATUS:
    case PACKAGE_DPKG_ONE:
        read_paragraphs(text, PARAGRAPHS_ALL, sink);
        break;
    case PACKAGE_PYTHON_METADATA:
        read_paragraphs(text, PARAGRAPHS_FIRST, sink);
        break;
    case PACKAGE_DPKG_LIST:
    case PACKAGE_DPKG_DIVERSIONS:
        while (text.n)
            give_path(sink, next_line(&text));
        break;
    case PACKAGE_DPKG_SUMS:
        read_sums(text, sink);
        break;
    case PACKAGE_APK:
        read_apk(text, sink);
        break;
    case PACKAGE_PYTHON_RECORD:
        read_record(text, sink);
        break;
    }
}
