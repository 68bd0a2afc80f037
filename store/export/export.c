/* SPDX-License-Identifier: MIT */
#include "export/export.h"

#include "export/forms/dockerfile.h"

void export_text_finish(struct export_text *text)
{
    buf_finish(&text->text);
    buf_finish(&text->warnings);
}

bool export_write(const struct export_request *request, const struct mapped_tree *mapped,
                  struct export_text *out, struct err *err)
{
    if (!mapped->source || mapped->source_keep->n != mapped->source->n)
        return err_set(err, "export: no image is loaded; run xsmall load IMAGE");
    out->form = request->form;
    if (request->form)
        return request->form->write(request, mapped, out, err);
    return request->squash_only
               ? dockerfile_write_squash(request, mapped, out, err)
               : dockerfile_write_best(request, mapped, dockerfile_print, out, err);
}
