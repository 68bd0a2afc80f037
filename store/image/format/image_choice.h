/* SPDX-License-Identifier: MIT
 *
 * A source with several images: the list from which the user chooses, and the choice.
 */
#ifndef XSMALL_IMAGE_FORMAT_IMAGE_CHOICE_H
#define XSMALL_IMAGE_FORMAT_IMAGE_CHOICE_H

#include <stddef.h>

/* Which image of a source. All zero: the source must have exactly one. */
struct image_choice {
    int number;           /* from 1, the number in the list; 0: any */
    const char *platform; /* borrowed; OS/ARCHITECTURE[/VARIANT]; NULL: any */
};

/* The images of a source. */
struct image_offers {
    struct image_offer {
        int number;     /* from 1, as in image_choice */
        char *label;    /* owned; the image's names, or its digest */
        char *platform; /* owned; "" if it is not known */
    } * list;           /* owned */
    size_t n;
};
void image_offers_finish(struct image_offers *offers);

#endif
