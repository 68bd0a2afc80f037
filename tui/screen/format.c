/* SPDX-License-Identifier: MIT */
#include "screen/format.h"

#include <stdio.h>

void format_bytes(int64_t n, struct buf *out)
{
    static const char *const units[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
    double value = (double)n;
    size_t unit = 0;
    while (value >= 999.95 && unit + 1 < sizeof units / sizeof *units) {
        value /= 1000;
        unit++;
    }
    if (unit == 0)
        buf_printf(out, "%lld B", (long long)n);
    else
        buf_printf(out, value < 9.995 ? "%.2f %s" : "%.1f %s", value, units[unit]);
}

void format_count(uint64_t n, struct buf *out)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%llu", (unsigned long long)n);
    for (int i = 0; i < length; i++) {
        if (i && (length - i) % 3 == 0)
            buf_byte(out, ' ');
        buf_byte(out, digits[i]);
    }
}
