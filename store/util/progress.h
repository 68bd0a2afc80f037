/* SPDX-License-Identifier: MIT
 *
 * Progress of a load or an extraction. Its threads write it; the screen or the progress line reads
 * it, without locks. All fields zero means "not started".
 */
#ifndef XSMALL_UTIL_PROGRESS_H
#define XSMALL_UTIL_PROGRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum progress_phase {
    PROGRESS_IDLE,
    PROGRESS_FETCH,  /* reading the image from an engine; total 0 */
    PROGRESS_INDEX,  /* finding the entries of an archive */
    PROGRESS_VERIFY, /* hashing the blobs that have a digest */
    PROGRESS_LAYERS, /* decoding layers */
    PROGRESS_MERGE,  /* building the tree */
    PROGRESS_LOGS,   /* reading logs */
    PROGRESS_FILES,  /* reading file contents again */
    PROGRESS_COMMIT  /* making the loaded rows visible */
};

struct progress {
    _Atomic uint64_t done_bytes, total_bytes; /* bytes of the input; total 0: not known */
    _Atomic uint32_t n_entries, n_lines;      /* found so far */
    _Atomic enum progress_phase phase;
    atomic_bool cancel; /* set when the user cancels; the load then ends soon with ERR_CANCELLED */
};

#endif
