/* SPDX-License-Identifier: MIT
 *
 * The image config (OCI image-spec, config.md) as Dockerfile instructions: FROM scratch loses it.
 *
 *     config_write(input, false, &out, &warnings); // ENV PATH=/usr/bin … CMD ["sh"]
 */
#ifndef XSMALL_EXPORT_CONFIG_LINES_H
#define XSMALL_EXPORT_CONFIG_LINES_H

#include "export/export.h"

enum config_ground {
    CONFIG_ON_SCRATCH, /* nothing is inherited */
    CONFIG_ON_BASE     /* what the base has of ENTRYPOINT and CMD is to be ended */
};

/* Appends the instructions. What no line can express is left out and listed in warnings, a line
 * each. */
void config_write(const struct keep_input *input, enum config_ground ground, struct buf *out,
                  struct buf *warnings);
/* Whether the subject has triggers, which `FROM subject` runs. */
bool config_has_onbuild(const struct keep_input *input);
/* Whether it has what only docker's own image format holds: HEALTHCHECK, SHELL or ONBUILD. */
bool config_is_docker_only(const struct keep_input *input);

#endif
