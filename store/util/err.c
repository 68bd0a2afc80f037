/* SPDX-License-Identifier: MIT */
#include "util/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Appends ": MESSAGE" to the text. */
static void append(struct err *err, const char *words)
{
    if (!err)
        return;
    size_t n = strlen(err->text);
    snprintf(err->text + n, sizeof err->text - n, ": %s", words);
}

static void fill(struct err *err, enum err_kind kind, const char *fmt, va_list args)
{
    if (!err)
        return;
    err->kind = kind;
    vsnprintf(err->text, sizeof err->text, fmt, args);
}

bool err_set(struct err *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fill(err, ERR_FAILED, fmt, args);
    va_end(args);
    return false;
}

bool err_no(struct err *err, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fill(err, ERR_NO, fmt, args);
    va_end(args);
    return false;
}

bool err_sys(struct err *err, const char *fmt, ...)
{
    int number = errno;
    va_list args;
    va_start(args, fmt);
    fill(err, ERR_FAILED, fmt, args);
    va_end(args);
    append(err, strerror(number));
    return false;
}

bool err_cancelled(struct err *err)
{
    if (!err)
        return false;
    err->kind = ERR_CANCELLED;
    snprintf(err->text, sizeof err->text, "cancelled");
    return false;
}

bool err_copy(struct err *err, const struct err *from)
{
    if (err)
        *err = *from;
    return false;
}

bool err_wrap(struct err *err, const char *fmt, ...)
{
    char inner[sizeof err->text];
    if (!err || err->kind == ERR_CANCELLED)
        return false;
    snprintf(inner, sizeof inner, "%s", err->text);
    va_list args;
    va_start(args, fmt);
    vsnprintf(err->text, sizeof err->text, fmt, args);
    va_end(args);
    append(err, inner);
    return false;
}
