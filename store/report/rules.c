/* SPDX-License-Identifier: MIT */
#include "report/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_MAX_BYTES = 1 << 20 };

static const double EXACT_MAX =
    9e15; /* below this limit, a double represents each integer exactly */

const struct rule_row rule_rows[N_RULES] = {
    [RULE_MAX_SUBJECT_BYTES] = {"max-subject-bytes", "SIZE",
                                "the files of the subject image have at most SIZE bytes",
                                RULE_SIZE},
    [RULE_MAX_KEPT_BYTES] = {"max-kept-bytes", "SIZE",
                             "the files added to the base have at most SIZE bytes", RULE_SIZE},
    [RULE_MAX_FINAL_BYTES] = {"max-final-bytes", "SIZE",
                              "the slim image has at most SIZE bytes, with the base image",
                              RULE_SIZE},
    [RULE_MAX_DEAD_BYTES] = {"max-dead-bytes", "SIZE", "later layers hide at most SIZE bytes",
                             RULE_SIZE},
    [RULE_MAX_LAYERS] = {"max-layers", "N", "the image has at most N layers", RULE_NUMBER},
    [RULE_MAX_WASTED_BYTES] = {"max-wasted-bytes", "SIZE",
                               "the wasted bytes that the tool dive computes are at most SIZE",
                               RULE_SIZE},
    [RULE_MAX_WASTED_PERCENT] =
        {"max-wasted-percent", "N",
         "the wasted bytes are at most N % of the bytes of all layers except the first",
         RULE_PERCENT},
    [RULE_MIN_DIVE_EFFICIENCY] = {"min-dive-efficiency", "SHARE",
                                  "the efficiency that the tool dive computes is at least SHARE",
                                  RULE_SHARE},
    [RULE_FORBID_EVER] = {"forbid-ever", "PATTERN",
                          "no layer has a matching path, even if a later layer deletes it",
                          RULE_PATTERN},
    [RULE_FORBID_FINAL] = {"forbid-final", "PATTERN", "the image has no matching path",
                           RULE_PATTERN},
    [RULE_FORBID_KEPT] = {"forbid-kept", "PATTERN", "no matching path is copied", RULE_PATTERN},
    [RULE_NO_SETUID_KEPT] = {"no-setuid-kept", "", "no setuid or setgid file is copied",
                             RULE_NOTHING},
    [RULE_USER_NOT_ROOT] = {"user-not-root", "", "the USER of the image is set and is not root",
                            RULE_NOTHING},
    [RULE_REQUIRE_CONFIG] = {"require-config", "KEY [VALUE]",
                             "the image config has KEY, such as User, with this VALUE", RULE_KEY},
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct bytes trim(struct bytes text)
{
    while (text.n && is_blank(*text.p))
        text = bytes_skip(text, 1);
    while (text.n && is_blank(text.p[text.n - 1]))
        text.n--;
    return text;
}

/* Removes the first word from *rest, which is then trimmed, and returns it. */
static struct bytes take_word(struct bytes *rest)
{
    size_t n = 0;
    while (n < rest->n && !is_blank(rest->p[n]))
        n++;
    struct bytes word = bytes_from(rest->p, n);
    *rest = trim(bytes_skip(*rest, n));
    return word;
}

static const struct {
    const char *name;
    double factor;
} units[] = {{"", 1},
             {"B", 1},
             {"k", 1e3},
             {"K", 1e3},
             {"kB", 1e3},
             {"KB", 1e3},
             {"M", 1e6},
             {"MB", 1e6},
             {"G", 1e9},
             {"GB", 1e9},
             {"KiB", 1024},
             {"MiB", 1024.0 * 1024},
             {"GiB", 1024.0 * 1024 * 1024}};

/* Reads digits with at most one decimal point; *rest is the text after them. */
static bool read_decimal(struct bytes text, double *out, struct bytes *rest)
{
    size_t n = 0, n_digits = 0, n_points = 0;
    for (; n < text.n; n++) {
        bool digit = text.p[n] >= '0' && text.p[n] <= '9';
        if (!digit && (text.p[n] != '.' || n_points++))
            break;
        n_digits += digit;
    }
    if (!n_digits || n > 32)
        return false;
    char number[40];
    memcpy(number, text.p, n);
    number[n] = 0;
    *out = strtod(number, NULL); /* LC_NUMERIC is C */
    *rest = trim(bytes_skip(text, n));
    return true;
}

static bool read_size(struct bytes text, int64_t *out)
{
    double number;
    struct bytes unit;
    if (!read_decimal(text, &number, &unit))
        return false;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (bytes_equal(unit, bytes_of(units[i].name))) {
            number *= units[i].factor;
            *out = number < EXACT_MAX ? (int64_t)number : 0;
            return number < EXACT_MAX;
        }
    return false;
}

static bool read_number(struct bytes text, int64_t *out)
{
    double number;
    struct bytes rest;
    if (!read_decimal(text, &number, &rest) || rest.n || bytes_index(text, '.') < text.n)
        return false;
    *out = number < EXACT_MAX ? (int64_t)number : 0;
    return number < EXACT_MAX;
}

/* Reads a share: 0.95 or 95%; for a percentage, 95 or 95%. */
static bool read_share(struct bytes text, enum rule_argument type, double *out)
{
    struct bytes rest;
    if (!read_decimal(text, out, &rest) || (rest.n && !bytes_equal(rest, bytes_of("%"))))
        return false;
    if (rest.n || type == RULE_PERCENT)
        *out /= 100;
    return type == RULE_PERCENT || *out <= 1;
}

/* Returns whether text is a valid key. Keys become part of a JSON path: only letters and digits are
 * allowed. */
static bool is_key(struct bytes key)
{
    for (size_t i = 0; i < key.n; i++) {
        char c = key.p[i];
        if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return false;
    }
    return key.n > 0 && key.n < 64;
}

static bool read_argument(struct rule *rule, struct bytes text)
{
    switch (rule_rows[rule->kind].type) {
    case RULE_NOTHING:
        return !text.n;
    case RULE_SIZE:
        return read_size(text, &rule->limit);
    case RULE_NUMBER:
        return read_number(text, &rule->limit);
    case RULE_PERCENT:
    case RULE_SHARE:
        return read_share(text, rule_rows[rule->kind].type, &rule->share);
    case RULE_PATTERN:
        rule->what = text;
        return marks_is_glob(text);
    case RULE_KEY:
        rule->what = take_word(&text);
        rule->value = text.n ? text : (struct bytes){0};
        return is_key(rule->what);
    }
    return false;
}

static bool read_line(struct bytes line, const char *name, unsigned number, struct rules *out,
                      size_t *cap, struct err *err)
{
    struct rule rule = {.line = number, .text = arena_copy(&out->arena, line)};
    struct bytes rest = rule.text, word = take_word(&rest);
    while (rule.kind < N_RULES && !bytes_equal(word, bytes_of(rule_rows[rule.kind].name)))
        rule.kind++;
    if (rule.kind == N_RULES)
        return err_set(err, "%s:%u: %s: unknown rule; run xsmall report --help for a list", name,
                       number, arena_copy(&out->arena, word).p);
    if (!read_argument(&rule, rest))
        return err_set(err, "%s:%u: expected: %s %s", name, number, rule_rows[rule.kind].name,
                       rule_rows[rule.kind].argument);
    ARRAY_ROOM(out->items, out->n, *cap);
    out->items[out->n++] = rule;
    return true;
}

bool rules_parse(struct bytes text, const char *name, struct rules *out, struct err *err)
{
    size_t cap = 0;
    *out = (struct rules){0};
    for (unsigned number = 1; text.n; number++) {
        size_t n = bytes_index(text, '\n');
        struct bytes line = trim(bytes_from(text.p, n));
        text = bytes_skip(text, n + 1);
        bool ok = bytes_index(line, 0) == line.n ||
                  err_set(err, "%s:%u: the line contains a NUL byte", name, number);
        if (ok && (!line.n || line.p[0] == '#'))
            continue;
        if (!ok || !read_line(line, name, number, out, &cap, err)) {
            rules_finish(out);
            return false;
        }
    }
    return out->n ||
           err_set(err, "%s: no rule in the file; expected lines such as max-kept-bytes 50M", name);
}

bool rules_read(const char *file, struct rules *out, struct err *err)
{
    FILE *stream = fopen(file, "re");
    if (!stream)
        return err_sys(err, "%s", file);
    BUF_AUTO struct buf text = {0};
    char chunk[4096];
    size_t n;
    while (text.n <= FILE_MAX_BYTES && (n = fread(chunk, 1, sizeof chunk, stream)) > 0)
        buf_add(&text, bytes_from(chunk, n));
    bool ok = !ferror(stream) || err_sys(err, "%s", file);
    fclose(stream);
    if (ok && text.n > FILE_MAX_BYTES)
        ok = err_set(err, "%s: the file is larger than %d bytes", file, FILE_MAX_BYTES);
    return ok && rules_parse(buf_bytes(&text), file, out, err);
}

void rules_finish(struct rules *rules)
{
    for (size_t i = 0; i < rules->n; i++) {
        free(rules->items[i].offenders);
        free(rules->items[i].found_text);
    }
    free(rules->items);
    arena_finish(&rules->arena);
    *rules = (struct rules){0};
}
