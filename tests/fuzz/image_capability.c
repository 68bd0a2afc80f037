/* SPDX-License-Identifier: MIT
 * Any bytes as a value of security.capability: converted to text, or rejected. */
#include <assert.h>

#include "image/content/capability.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    BUF_AUTO struct buf out = {0};
    bool ok = capability_text(bytes_from((const char *)data, n), &out);
    assert(ok == (out.n > 0));
    return 0;
}
