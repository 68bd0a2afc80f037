/* SPDX-License-Identifier: MIT
 *
 * How far a load or an extraction is: written by its threads, read by the screen or the progress
 * line, without locks. All zero is one that has not begun.
 */
#ifndef XSMALL_UTIL_PROGRESS_H
#define XSMALL_UTIL_PROGRESS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum progress_phase {
    PROGRESS_IDLE,
    PROGRESS_FETCH,  /* an engine hands its image over; total 0 */
    PROGRESS_INDEX,  /* finding the members of an archive */
    PROGRESS_VERIFY, /* hashing what has a digest */
    PROGRESS_LAYERS, /* decoding layers */
    PROGRESS_MERGE,  /* making the tree */
    PROGRESS_LOGS,   /* reading logs */
    PROGRESS_FILES,  /* reading contents again */
    PROGRESS_COMMIT  /* making it visible */
};

struct progress {
    _Atomic uint64_t done_bytes, total_bytes; /* of the input; total 0: not known */
    _Atomic uint32_t n_entries, n_lines;      /* found so far */
    _Atomic enum progress_phase phase;
    atomic_bool cancel; /* set by the person; the load ends soon with ERR_CANCELLED */
};

#endif
