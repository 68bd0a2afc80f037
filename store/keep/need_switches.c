/* SPDX-License-Identifier: MIT */
#include "keep/need_switches.h"

#include <string.h>

#include "db/journal.h"

static const char SETTING[] = "closure.off";

_Static_assert(N_REASONS <= 32, "a switch is a bit of an unsigned");

/* The first row of a switch has the help text. */
static bool is_switch(const struct reason *reason)
{
    return reason->name && reason->help;
}

const struct reason *switch_row(size_t i)
{
    for (size_t k = 0; k < N_REASONS; k++)
        if (is_switch(reasons[k]) && !i--)
            return reasons[k];
    return NULL;
}

size_t switches_count(void)
{
    size_t n = 0;
    for (size_t k = 0; k < N_REASONS; k++)
        n += is_switch(reasons[k]);
    return n;
}

const char *switch_name(size_t i)
{
    return switch_row(i)->name;
}

const char *switch_help(size_t i)
{
    return switch_row(i)->help;
}

unsigned switches_default(void)
{
    unsigned off = 0;
    const struct reason *row;
    for (size_t i = 0; (row = switch_row(i)) != NULL; i++)
        off |= (unsigned)row->off_by_default << i;
    return off;
}

/* Returns the bits of the switch that a word names; 0: unknown word. */
static unsigned bits_of(struct bytes word)
{
    const struct reason *row;
    if (bytes_equal(word, bytes_of("all")))
        return (1u << switches_count()) - 1;
    for (size_t i = 0; (row = switch_row(i)) != NULL; i++)
        if (bytes_equal(word, bytes_of(row->name)))
            return 1u << i;
    return 0;
}

bool switches_are_on(unsigned off, const struct reason *reason)
{
    return !reason->name || !(off & bits_of(bytes_of(reason->name)));
}

static bool refuse_name(struct bytes name, struct err *err)
{
    BUF_AUTO struct buf names = {0};
    for (size_t i = 0; i < switches_count(); i++)
        buf_printf(&names, "%s%s", i ? ", " : "", switch_name(i));
    return err_set(err, "%.*s: unknown dependency kind; expected all, %s",
                   (int)(name.n < 64 ? name.n : 64), name.p, names.p);
}

bool switches_parse(struct bytes list, unsigned *off, struct err *err)
{
    unsigned result = *off;
    while (list.n) {
        struct bytes word = bytes_split(&list, ',');
        bool is_off = word.n && word.p[0] == '-';
        struct bytes name = bytes_skip(word, is_off || (word.n && word.p[0] == '+'));
        unsigned bits = bits_of(name);
        if (!bits)
            return refuse_name(name, err);
        result = is_off ? result | bits : result & ~bits;
    }
    *off = result;
    return true;
}

/* Appends the names of a set of switches, separated by commas. */
static void print_names(unsigned set, const char *prefix, struct buf *out)
{
    for (size_t i = 0; i < switches_count(); i++)
        if (set >> i & 1)
            buf_printf(out, "%s%s%s", out->n ? "," : "", prefix, switch_name(i));
}

void switches_print(unsigned off, struct buf *out)
{
    BUF_AUTO struct buf names = {0};
    print_names(off, "", &names);
    buf_add(out, buf_bytes(&names));
}

bool switches_read(struct db *db, unsigned *off, struct err *err)
{
    BUF_AUTO struct buf value = {0};
    *off = switches_default();
    enum lookup found = db_setting_get(db, SETTING, &value, err);
    if (found != LOOKUP_FOUND)
        return found == LOOKUP_ABSENT;
    struct bytes rest = buf_bytes(&value);
    while (rest.n) {
        struct bytes word = bytes_split(&rest, ',');
        if (bytes_starts(word, bytes_of("+")))
            *off &= ~bits_of(bytes_skip(word, 1));
        else
            *off |= bits_of(word);
    }
    return true;
}

bool switches_save(struct db *db, unsigned off, struct err *err)
{
    BUF_AUTO struct buf value = {0};
    unsigned normal = switches_default();
    print_names(off & ~normal, "", &value);
    print_names(normal & ~off, "+", &value);
    return journal_set(db, EDIT_SETTING, bytes_of(SETTING),
                       value.n ? buf_bytes(&value) : bytes_from(NULL, 0), err);
}
