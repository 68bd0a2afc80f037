/* SPDX-License-Identifier: MIT
 *
 * Matches the line itself, as grep reads it: without a prefix for the first active stage on lines,
 * which reads the files, and with its "FILE:" prefix, if it has one, for all other stages. scan.c
 * matches the text of the log blocks.
 */
#include "chain/targets/filter_target.h"

const struct filter_target target_line = {
    .name = "line",
    .help = "the lines of the logs, as grep reads them",
};
