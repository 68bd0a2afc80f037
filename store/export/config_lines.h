/* SPDX-License-Identifier: MIT
 *
 * Writes the image config (OCI image-spec, config.md) as Dockerfile instructions, because FROM
 * scratch does not inherit it.
 *
 *     config_write(input, CONFIG_ON_SCRATCH, BUILDER_ANY, &out, &warnings); // ENV PATH=/usr/bin …
 * CMD ["sh"]
 */
#ifndef XSMALL_EXPORT_CONFIG_LINES_H
#define XSMALL_EXPORT_CONFIG_LINES_H

#include "export/export.h"

enum config_ground {
    CONFIG_ON_SCRATCH, /* nothing is inherited */
    CONFIG_ON_BASE     /* ENTRYPOINT and CMD of the base must be reset */
};

/* Appends the instructions. Omits values that a Dockerfile cannot express or the builder rejects,
 * and appends one line to warnings for each. */
void config_write(const struct keep_input *input, enum config_ground ground,
                  enum export_builder builder, struct buf *out, struct buf *warnings);
/* Returns whether the subject has ONBUILD triggers, which `FROM subject` runs. */
bool config_has_onbuild(const struct keep_input *input);
/* Returns whether the config has HEALTHCHECK, SHELL or ONBUILD, which only docker's image format
 * contains. */
bool config_is_docker_only(const struct keep_input *input);

#endif
