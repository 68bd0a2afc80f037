/* SPDX-License-Identifier: MIT */
#include "export/forms/export_form.h"

#include <string.h>

/* The forms, in the order of the help and of the explorer. The forms of a Dockerfile are tried in
 * this order. */
#define FORMS(X) X(plan) X(stage) X(tar) X(copy) X(image) X(list) X(removed) X(json)

#define DECLARE(name) extern const struct export_form form_##name;
FORMS(DECLARE)
#undef DECLARE

static const struct export_form *const forms[] = {
#define ROW(name) &form_##name,
    FORMS(ROW)
#undef ROW
};
enum { N_FORMS = sizeof forms / sizeof *forms };

const struct export_form *export_form_at(size_t i)
{
    return i < N_FORMS ? forms[i] : NULL;
}

bool export_form_find(const char *name, const struct export_form **out)
{
    *out = NULL;
    for (size_t i = 0; i < N_FORMS && !*out; i++)
        if (!strcmp(name, forms[i]->name))
            *out = forms[i];
    return *out || !strcmp(name, "auto");
}

const struct export_form *export_form_next(const struct export_form *form)
{
    for (size_t i = 0; i + 1 < N_FORMS; i++)
        if (forms[i] == form)
            return forms[i + 1];
    return forms[0];
}

const char *export_form_name(const struct export_form *form)
{
    return form ? form->name : "auto";
}

const char *export_form_text_file(const struct export_form *form)
{
    return form ? form->text_file : "Dockerfile";
}

bool export_form_has_archive(const struct export_form *form)
{
    return form && form->archive_file;
}

bool export_form_has_reasons(const struct export_form *form)
{
    return form && form->dockerfile;
}
