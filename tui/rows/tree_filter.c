/* SPDX-License-Identifier: MIT */
#include "rows/tree_filter.h"

#include <stdlib.h>

#include "keep/glob.h"
#include "screen/search_match.h"

static const struct {
    const char *name;
    enum tree_filter_key key;
    bool is_ordered;      /* < and > are allowed */
    const char *expected; /* its values, for the error message */
} keys[] = {
    {"size", FILTER_SIZE, true, "a number such as 500k, 1M or 2Mi"},
    {"type", FILTER_TYPE, false, "one or more of the letters f d l c b p s"},
    {"mode", FILTER_MODE, false, "an octal mode such as 644, -4000 or /6000"},
    {"owner", FILTER_OWNER, false, "a user number, or USER:GROUP as numbers"},
    {"layer", FILTER_LAYER, true, "a layer number"},
    {"is", FILTER_IS, false, "kept, needed, used, base or marked"},
    {"from", FILTER_FROM, false, "mark, trace, need or config"},
    {"package", FILTER_PACKAGE, false, "a package name or a glob such as libc*"},
};

static const char letters[] = {
    [NODE_DIR] = 'd',   [NODE_FILE] = 'f', [NODE_LINK] = 'l',   [NODE_CHAR] = 'c',
    [NODE_BLOCK] = 'b', [NODE_FIFO] = 'p', [NODE_SOCKET] = 's',
};

static const char *const states[] = {"kept", "needed", "used", "base", "marked"};

/* Reads a number and removes it from the front of *b. Returns false without a digit, or if the
 * number exceeds any file size. */
static bool read_number(struct bytes *b, unsigned base, int64_t *out)
{
    size_t n = 0;
    int64_t value = 0;
    for (; n < b->n && b->p[n] >= '0' && (unsigned)(b->p[n] - '0') < base; n++) {
        if (value > INT64_MAX / 16)
            return false;
        value = value * base + (b->p[n] - '0');
    }
    *b = bytes_skip(*b, n);
    *out = value;
    return n > 0;
}

/* Reads a number with an optional unit, such as "10k". */
static bool read_size(struct bytes value, int64_t *out)
{
    static const char units[] = "kMGT";
    if (!read_number(&value, 10, out))
        return false;
    if (!value.n)
        return true;
    bool is_binary = value.n > 1 && value.p[1] == 'i';
    for (size_t i = 0; i < sizeof units - 1; i++) {
        if ((value.p[0] | 0x20) != (units[i] | 0x20))
            continue;
        for (size_t k = 0; k <= i; k++)
            if (__builtin_mul_overflow(*out, is_binary ? 1024 : 1000, out))
                return false;
        value = bytes_skip(value, is_binary ? 2 : 1);
        return !value.n || bytes_equal(value, bytes_of("B"));
    }
    return bytes_equal(value, bytes_of("B"));
}

static bool read_mode(struct tree_filter_word *word)
{
    struct bytes value = word->value;
    word->sign = '=';
    if (value.n && (value.p[0] == '-' || value.p[0] == '/')) {
        word->sign = value.p[0];
        value = bytes_skip(value, 1);
    }
    return read_number(&value, 8, &word->number) && !value.n && word->number <= 07777;
}

static bool read_owner(struct tree_filter_word *word)
{
    struct bytes value = word->value;
    word->more = -1;
    if (!read_number(&value, 10, &word->number))
        return false;
    if (!value.n)
        return true;
    if (value.p[0] != ':')
        return false;
    value = bytes_skip(value, 1);
    return read_number(&value, 10, &word->more) && !value.n;
}

static bool read_type(struct bytes value)
{
    for (size_t i = 0; i < value.n; i++)
        if (!memchr(letters, value.p[i], sizeof letters))
            return false;
    return value.n > 0;
}

static bool read_state(struct tree_filter_word *word)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (bytes_equal(word->value, bytes_of(states[i])))
            return word->number = (int64_t)i, true;
    return false;
}

static bool read_origin(struct tree_filter_word *word)
{
    for (enum origin origin = ORIGIN_MARK; origin < N_ORIGINS; origin++)
        if (bytes_equal(word->value, bytes_of(origin_name(origin))))
            return word->number = origin, true;
    return false;
}

static bool read_value(struct tree_filter_word *word)
{
    struct bytes value = word->value;
    switch (word->key) {
    case FILTER_SIZE:
        return read_size(value, &word->number);
    case FILTER_LAYER:
        return read_number(&value, 10, &word->number) && !value.n;
    case FILTER_MODE:
        return read_mode(word);
    case FILTER_OWNER:
        return read_owner(word);
    case FILTER_TYPE:
        return read_type(value);
    case FILTER_IS:
        return read_state(word);
    case FILTER_FROM:
        return read_origin(word);
    case FILTER_PACKAGE:
        return value.n > 0;
    default:
        return true;
    }
}

/* Splits a term into key, sign and value. Returns false for a plain text or a glob. */
static bool split_key(struct bytes text, struct tree_filter_word *word)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        struct bytes name = bytes_of(keys[i].name);
        struct bytes rest = bytes_skip(text, name.n);
        if (!bytes_starts(text, name) || !rest.n)
            continue;
        bool is_order = rest.p[0] == '<' || rest.p[0] == '>';
        if (rest.p[0] != ':' && rest.p[0] != '=' && !(is_order && keys[i].is_ordered))
            continue;
        word->key = keys[i].key;
        word->sign = is_order ? rest.p[0] : '=';
        rest = bytes_skip(rest, 1);
        word->or_equal = is_order && rest.n && rest.p[0] == '=';
        word->value = bytes_skip(rest, word->or_equal);
        return true;
    }
    return false;
}

static const char *expected_value(enum tree_filter_key key)
{
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].key == key)
            return keys[i].expected;
    return "a value";
}

static bool read_word(struct bytes text, struct tree_filter_word *word, struct err *err)
{
    struct bytes whole = text;
    *word = (struct tree_filter_word){.inverted = text.p[0] == '!'};
    text = bytes_skip(text, word->inverted);
    if (!text.n)
        return err_set(err, "\"!\" must be followed by a filter term");
    if (!split_key(text, word)) {
        word->key = glob_is_pattern(text) ? FILTER_GLOB : FILTER_TEXT;
        word->value = text;
    } else if (!read_value(word)) {
        return err_set(err, "%.*s: expected %s", (int)whole.n, whole.p, expected_value(word->key));
    }
    return true;
}

static bool read_words(struct tree_filter *out, struct err *err)
{
    size_t cap = 0;
    struct bytes rest = buf_bytes(&out->text);
    while (rest.n) {
        struct bytes text = bytes_split(&rest, ' ');
        if (!text.n)
            continue;
        ARRAY_ROOM(out->words, out->n, cap);
        if (!read_word(text, &out->words[out->n], err))
            return false;
        out->uses_packages = out->uses_packages || out->words[out->n].key == FILTER_PACKAGE;
        out->n++;
    }
    return true;
}

bool tree_filter_parse(struct bytes text, struct tree_filter *out, struct err *err)
{
    *out = (struct tree_filter){0};
    buf_add(&out->text, text);
    if (read_words(out, err))
        return true;
    tree_filter_finish(out);
    return false;
}

void tree_filter_finish(struct tree_filter *filter)
{
    free(filter->words);
    buf_finish(&filter->text);
    *filter = (struct tree_filter){0};
}

static bool compare(const struct tree_filter_word *word, int64_t value)
{
    if (value == word->number)
        return word->or_equal || word->sign == '=';
    return word->sign == (value < word->number ? '<' : '>');
}

static bool has_mode(const struct tree_filter_word *word, const struct node *node)
{
    int64_t bits = node->mode & word->number;
    if (node->kind == NODE_LINK) /* a symbolic link has no mode of its own */
        return false;
    return word->sign == '='   ? node->mode == word->number
           : word->sign == '-' ? bits == word->number
                               : bits || !word->number;
}

static bool has_state(const struct tree_filter_word *word, uint32_t node, const struct keep *keep)
{
    if (!keep)
        return false;
    const struct verdict *verdict = &keep->verdicts[node];
    switch (word->number) {
    case 0:
        return verdict->kept;
    case 1:
        return verdict->needed;
    case 2:
        return verdict->n_used;
    case 3:
        return verdict->in_base == BASE_SAME;
    default:
        return verdict->own_mark != MARK_NONE;
    }
}

static bool has_text(const struct tree_filter_word *word, const struct tree *tree, uint32_t node)
{
    bool is_path = word->key == FILTER_TEXT || memchr(word->value.p, '/', word->value.n);
    BUF_AUTO struct buf path = {0};
    if (is_path)
        tree_path(tree, node, &path);
    struct bytes text = is_path ? buf_bytes(&path) : tree->nodes[node].name;
    return word->key == FILTER_GLOB ? glob_match(word->value, text)
                                    : search_match_in(text, word->value);
}

static bool has_package(const struct tree_filter_word *word, const struct node *node,
                        const struct packages *packages)
{
    return node->package && node->package <= packages->n &&
           glob_match(word->value, packages->all[node->package - 1].name);
}

static bool holds(const struct tree_filter_word *word, const struct tree *tree, uint32_t at,
                  const struct keep *keep, const struct packages *packages)
{
    const struct node *node = &tree->nodes[at];
    switch (word->key) {
    case FILTER_SIZE:
        return node->kind == NODE_FILE && compare(word, node->size);
    case FILTER_LAYER:
        return compare(word, node->ordinal);
    case FILTER_MODE:
        return has_mode(word, node);
    case FILTER_OWNER:
        return node->uid == word->number && (word->more < 0 || node->gid == word->more);
    case FILTER_TYPE:
        return memchr(word->value.p, letters[node->kind], word->value.n);
    case FILTER_IS:
        return has_state(word, at, keep);
    case FILTER_FROM:
        return keep && reason_origin(keep->verdicts[at].reason) == word->number;
    case FILTER_PACKAGE:
        return has_package(word, node, packages);
    default:
        return has_text(word, tree, at);
    }
}

bool tree_filter_passes(const struct tree_filter *filter, const struct tree *tree, uint32_t node,
                        const struct keep *keep, const struct packages *packages)
{
    for (size_t i = 0; i < filter->n; i++)
        if (holds(&filter->words[i], tree, node, keep, packages) == filter->words[i].inverted)
            return false;
    return true;
}

bool tree_filter_help_at(size_t i, struct tree_filter_help *out)
{
    static const struct tree_filter_help rows[] = {
        {"size>1M", "with more than 1 MB of content; also < >= <= =; suffixes k, M, G, T (1000) "
                    "and Ki, Mi, Gi, Ti (1024)"},
        {"type:f", "of a type: f file, d directory, l link, c and b device, p FIFO, s socket; "
                   "several letters: any of them"},
        {"mode:644", "with exactly this mode; mode:-4000: with all these bits; mode:/6000: with "
                     "any of these bits"},
        {"owner:0", "with this user ID; owner:1000:100: with this user and group ID"},
        {"layer:3", "that layer 3 wrote; also layer>2, layer<=5"},
        {"is:kept",
         "that are kept; also is:needed, is:used (by the evidence), is:base (provided by "
         "base), is:marked"},
        {"from:trace", "that are needed because of the trace; also from:mark, from:need (a "
                       "dependency), from:config (the image config)"},
        {"package:libc*", "that a matching package installed; package:* is any package"},
        {"*.so", "whose name matches a glob; a glob with a / is compared with the whole path"},
        {"/lib/", "that contain this text anywhere in the path"},
        {"!size>1M", "that do not match the term after the !"},
    };
    if (i >= sizeof rows / sizeof *rows)
        return false;
    *out = rows[i];
    return true;
}
