/* SPDX-License-Identifier: MIT
 *
 * Names CRoaring's bitmap type without CRoaring's header, which includes all vector intrinsics of
 * the compiler: 900 kB of text. Files that call roaring_… functions include <roaring/roaring.h>.
 */
#ifndef XSMALL_UTIL_BITMAP_TYPE_H
#define XSMALL_UTIL_BITMAP_TYPE_H

typedef struct roaring_bitmap_s roaring_bitmap_t;

#endif
