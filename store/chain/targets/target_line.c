/* SPDX-License-Identifier: MIT
 *
 * The line itself, as grep reads it: bare for the first active stage on lines, which opens the
 * files, and with its "FILE:" prefix, if there is one, for all others. scan.c matches the text of
 * the log blocks.
 */
#include "chain/targets/filter_target.h"

const struct filter_target target_line = {
    .name = "line",
    .help = "the lines of the logs, as grep reads them",
};
