/* SPDX-License-Identifier: MIT */
#include "keep/need_switches.h"

#include "db/journal.h"

static const char SETTING[] = "closure.off";

static const struct {
    const char *name, *about;
} kinds[N_CLOSURE_KINDS] = {
    [CLOSURE_LINKS] = {"links", "symlinks on the way"},
    [CLOSURE_PARENTS] = {"parents", "directories above, with mode and owner"},
    [CLOSURE_ELF] = {"elf", "interpreter and libraries of ELF files"},
    [CLOSURE_SCRIPTS] = {"scripts", "interpreters of #! lines"},
    [CLOSURE_PEERS] = {"peers", "the other names of hard links"},
    [CLOSURE_PYTHON] = {"python", "Python's sources, their bytecode, metadata of packages"},
    [CLOSURE_CONFIG] = {"config", "what the image config names"},
};

const char *closure_kind_name(enum closure_kind kind)
{
    return kinds[kind].name;
}

const char *closure_kind_about(enum closure_kind kind)
{
    return kinds[kind].about;
}

/* The bits that a word names; 0: none. */
static unsigned bits_of(struct bytes word)
{
    if (bytes_equal(word, bytes_of("all")))
        return (1u << N_CLOSURE_KINDS) - 1;
    for (enum closure_kind kind = 0; kind < N_CLOSURE_KINDS; kind++)
        if (bytes_equal(word, bytes_of(kinds[kind].name)))
            return 1u << kind;
    return 0;
}

bool switches_parse(struct bytes list, unsigned *off, struct err *err)
{
    unsigned result = *off;
    while (list.n) {
        struct bytes word = bytes_from(list.p, bytes_index(list, ','));
        list = bytes_skip(list, word.n + 1);
        bool is_off = word.n && word.p[0] == '-';
        struct bytes name = bytes_skip(word, is_off || (word.n && word.p[0] == '+'));
        unsigned bits = bits_of(name);
        if (!bits) {
            err_set(err,
                    "'%.*s' is no kind of need: links, parents, elf, scripts, peers, python, "
                    "config and all are",
                    (int)(name.n < 64 ? name.n : 64), name.p);
            return false;
        }
        result = is_off ? result | bits : result & ~bits;
    }
    *off = result;
    return true;
}

void switches_print(unsigned off, struct buf *out)
{
    const char *comma = "";
    for (enum closure_kind kind = 0; kind < N_CLOSURE_KINDS; kind++)
        if (off >> kind & 1) {
            buf_printf(out, "%s%s", comma, kinds[kind].name);
            comma = ",";
        }
}

/* A session can say anything: words that are none do not count. */
bool switches_read(struct db *db, unsigned *off, struct err *err)
{
    BUF_AUTO struct buf value = {0};
    *off = 0;
    if (!db_setting_get(db, SETTING, &value, err))
        return err->kind == ERR_NONE;
    struct bytes rest = buf_bytes(&value);
    while (rest.n) {
        struct bytes word = bytes_from(rest.p, bytes_index(rest, ','));
        rest = bytes_skip(rest, word.n + 1);
        *off |= bits_of(word);
    }
    return true;
}

bool switches_put(struct db *db, unsigned off, struct err *err)
{
    BUF_AUTO struct buf value = {0};
    switches_print(off, &value);
    return journal_set(db, EDIT_SETTING, bytes_of(SETTING),
                       off ? buf_bytes(&value) : bytes_from(NULL, 0), err);
}
