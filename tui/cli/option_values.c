/* SPDX-License-Identifier: MIT */
#include "cli/option_values.h"

#include "chain/chain.h"
#include "export/export.h"
#include "keep/need_switches.h"

bool values_forms(size_t i, struct option_value *out)
{
    const struct export_form *form = export_form_at(i);
    if (form)
        *out = (struct option_value){form->name, form->help};
    return form;
}

/* Adjacent forms can share their list of styles. */
bool values_styles(size_t i, struct option_value *out)
{
    const struct export_style *style = NULL, *last = NULL;
    const struct export_form *form;
    for (size_t k = 0; (!style || !style->name) && (form = export_form_at(k)); k++) {
        if (form->styles == last)
            continue;
        last = form->styles;
        for (style = form->styles; style && style->name && i; style++)
            i--;
    }
    if (!style || !style->name)
        return false;
    *out = (struct option_value){style->name, style->help};
    return true;
}

bool values_builders(size_t i, struct option_value *out)
{
    if (i >= N_BUILDERS)
        return false;
    const struct builder *builder = builder_of((enum export_builder)i);
    *out = (struct option_value){builder->name, builder->help};
    return true;
}

bool values_closure(size_t i, struct option_value *out)
{
    size_t n = switches_count();
    if (i > n)
        return false;
    *out = i == n ? (struct option_value){.name = "all"}
                  : (struct option_value){switch_name(i), switch_help(i)};
    return true;
}

bool values_targets(size_t i, struct option_value *out)
{
    const struct filter_target *target = filter_target_at(i);
    if (!target)
        return false;
    *out = (struct option_value){target->name, target->help};
    return true;
}

bool values_listed(size_t i, struct option_value *out)
{
    static const struct option_value values[] = {
        {"same", "the files with the suffix of a used file of the same directory"},
        {"all", "the listed directories with everything below them"}};
    if (i >= sizeof values / sizeof *values)
        return false;
    *out = values[i];
    return true;
}

void option_values_join(option_values *values, const char *between, struct buf *out)
{
    struct option_value value;
    for (size_t i = 0; values(i, &value); i++)
        buf_printf(out, "%s%s", i ? between : "", value.name);
}

void option_values_describe(option_values *values, struct buf *out)
{
    struct option_value value;
    for (size_t i = 0; values(i, &value); i++)
        if (value.help)
            buf_printf(out, "  %-14s %s\n", value.name, value.help);
}

bool option_values_refuse(option_values *values, const char *option, const char *given,
                          struct err *err)
{
    BUF_AUTO struct buf names = {0};
    option_values_join(values, ", ", &names);
    return err_set(err, "%s %s: expected one of %s", option, given, names.p);
}
