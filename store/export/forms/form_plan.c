/* SPDX-License-Identifier: MIT
 *
 * Form `plan`: a table of what the proposed form of a Dockerfile does.
 */
#include "export/forms/dockerfile.h"
#include "export/plan_table.h"

static bool write_plan(const struct export_request *request, const struct mapped_tree *mapped,
                       struct export_text *out, struct err *err)
{
    struct export_request chosen = *request;
    chosen.with_files = true;
    bool ok = dockerfile_write_best(&chosen, mapped, plan_table_print, out, err);
    out->form = request->form;
    return ok;
}

const struct export_form form_plan = {
    .name = "plan",
    .help = "table: how each path is copied, and what is lost on the way",
    .text_file = "plan.txt",
    .write = write_plan,
};
