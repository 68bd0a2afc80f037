/* SPDX-License-Identifier: MIT
 * Any bytes as a rules file: accepted as rules, or rejected with the line that is wrong. */
#include <assert.h>
#include <string.h>

#include "report/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct rules rules;
    struct err err = {0};
    if (rules_parse(bytes_from((const char *)data, n), "F", &rules, &err)) {
        assert(rules.n);
        for (size_t i = 0; i < rules.n; i++)
            assert(rules.items[i].kind < N_RULES && rules.items[i].limit >= 0 &&
                   rules.items[i].share >= 0);
    } else {
        assert(!strncmp(err.text, "F:", 2));
    }
    rules_finish(&rules);
    return 0;
}
