/* SPDX-License-Identifier: MIT */
#include "app/config.h"

#include "util/user_files.h"

enum { MAX_WORDS = 3 };

/* A line, split into words. Words after the first MAX_WORDS are counted but not stored. */
struct line {
    const char *file;
    size_t number;
    struct bytes words[MAX_WORDS];
    size_t n;
};

#define PLACE(line)   (line)->file, (line)->number
#define WORD(line, i) (int)(line)->words[i].n, (line)->words[i].p

void config_init(struct config *config)
{
    *config = (struct config){.mouse = true};
    bindings_init(&config->bindings);
}

/* Reads the key of a statement. Rejects Esc and C-c, which always close a prompt and cancel running
 * work. */
static bool parse_key(const struct line *line, uint32_t *key, struct err *err)
{
    enum { CTRL_C = 3 };
    struct bytes word = line->words[1];
    *key = key_of_word(word);
    if (!*key || (word.n == 1 && (*key < ' ' || *key == 0x7f)))
        return err_set(err, "%s:%zu: '%.*s': not a key; expected a character, C-x or a key name",
                       PLACE(line), WORD(line, 1));
    if (*key == KEY_ESCAPE_ || *key == CTRL_C)
        return err_set(err, "%s:%zu: %.*s: this key cannot be bound; it always cancels",
                       PLACE(line), WORD(line, 1));
    return true;
}

static bool parse_bind(struct config *config, const struct line *line, struct err *err)
{
    uint32_t key;
    if (!parse_key(line, &key, err))
        return false;
    for (enum action action = 1; action < actions_end(); action++) {
        if (!bytes_equal(bytes_of(action_info(action).name), line->words[2]))
            continue;
        return bindings_bind(&config->bindings, key, action) ||
               err_set(err, "%s:%zu: too many bound keys; the limit is %d", PLACE(line),
                       BINDINGS_MAX);
    }
    return err_set(err, "%s:%zu: '%.*s': unknown action; xsmall help keys lists them", PLACE(line),
                   WORD(line, 2));
}

static bool parse_unbind(struct config *config, const struct line *line, struct err *err)
{
    uint32_t key;
    return parse_key(line, &key, err) &&
           (bindings_unbind(&config->bindings, key) ||
            err_set(err, "%s:%zu: %.*s: this key is not bound", PLACE(line), WORD(line, 1)));
}

static bool parse_mouse(struct config *config, const struct line *line, struct err *err)
{
    config->mouse = bytes_equal(line->words[1], bytes_of("on"));
    return config->mouse || bytes_equal(line->words[1], bytes_of("off")) ||
           err_set(err, "%s:%zu: mouse '%.*s': expected on or off", PLACE(line), WORD(line, 1));
}

static bool parse_theme(struct config *config, const struct line *line, struct err *err)
{
    for (enum theme theme = 0; theme < N_THEMES; theme++) {
        if (bytes_equal(bytes_of(theme_names[theme]), line->words[1])) {
            config->theme = theme;
            return true;
        }
    }
    return err_set(err, "%s:%zu: theme '%.*s': expected dark, light or mono", PLACE(line),
                   WORD(line, 1));
}

static bool parse_border(struct config *config, const struct line *line, struct err *err)
{
    bool ascii = bytes_equal(line->words[1], bytes_of("ascii"));
    config->border = ascii ? BORDER_ASCII : BORDER_UNICODE;
    return ascii || bytes_equal(line->words[1], bytes_of("unicode")) ||
           err_set(err, "%s:%zu: border '%.*s': expected unicode or ascii", PLACE(line),
                   WORD(line, 1));
}

static const struct statement {
    const char *name, *arguments;
    size_t n_words;
    bool (*parse)(struct config *, const struct line *, struct err *);
} statements[] = {
    {"bind", "KEY ACTION", 3, parse_bind},        {"unbind", "KEY", 2, parse_unbind},
    {"mouse", "on|off", 2, parse_mouse},          {"theme", "dark|light|mono", 2, parse_theme},
    {"border", "unicode|ascii", 2, parse_border},
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void split(struct bytes text, struct line *out)
{
    out->n = 0;
    for (size_t at = 0; at < text.n;) {
        size_t begin = at;
        while (at < text.n && !is_blank(text.p[at]))
            at++;
        if (at > begin && out->n < MAX_WORDS)
            out->words[out->n] = bytes_from(text.p + begin, at - begin);
        out->n += at > begin;
        while (at < text.n && is_blank(text.p[at]))
            at++;
    }
}

static bool parse_line(struct config *config, const struct line *line, struct err *err)
{
    if (!line->n || line->words[0].p[0] == '#')
        return true;
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        const struct statement *statement = &statements[i];
        if (!bytes_equal(bytes_of(statement->name), line->words[0]))
            continue;
        if (line->n != statement->n_words)
            return err_set(err, "%s:%zu: wrong number of words; expected: %s %s", PLACE(line),
                           statement->name, statement->arguments);
        return statement->parse(config, line, err);
    }
    return err_set(err, "%s:%zu: '%.*s': expected bind, unbind, mouse, theme or border",
                   PLACE(line), WORD(line, 0));
}

bool config_parse(struct config *config, struct bytes text, const char *name, struct err *err)
{
    struct line line = {.file = name};
    while (text.n) {
        struct bytes one = bytes_split(&text, '\n');
        line.number++;
        split(one, &line);
        if (!parse_line(config, &line, err))
            return false;
    }
    return true;
}

bool config_read(struct config *config, struct err *err)
{
    BUF_AUTO struct buf dir = {0}, text = {0}, path = {0};
    user_files_directory("", &dir); /* ends in a slash */
    if (dir.n)
        dir.p[--dir.n] = 0;
    enum lookup found = user_files_read(dir.p, "config", "", CONFIG_MAX_BYTES, &text, err);
    if (found != LOOKUP_FOUND)
        return found == LOOKUP_ABSENT;
    buf_printf(&path, "%s/config", buf_str(&dir));
    return config_parse(config, buf_bytes(&text), path.p, err);
}

void config_fit(struct config *config, bool is_utf8)
{
    bool all = config->border == BORDER_UNICODE || (is_utf8 && config->border == BORDER_BY_LOCALE);
    config->charset = all ? SCREEN_UTF8 : is_utf8 ? SCREEN_ASCII_SIGNS : SCREEN_ASCII;
}
