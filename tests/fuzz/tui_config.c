/* SPDX-License-Identifier: MIT
 * Any bytes as a user's configuration: accepted, or rejected with the line. Then a key, and the
 * help text for the terminal. */
#include <assert.h>
#include <string.h>

#include "app/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct config config;
    struct err err = {0};
    config_init(&config);
    if (config_parse(&config, bytes_from((const char *)data, n), "F", &err)) {
        config_fit(&config, n % 2);
        for (uint32_t key = 1; key < KEY_PASTE_END_; key += key < 256 ? 1 : 0x10ff00)
            assert(bindings_action(&config.bindings, key, SCOPE_BODY) < actions_end());
    } else {
        assert(!strncmp(err.text, "F", 1));
    }
    return 0;
}
