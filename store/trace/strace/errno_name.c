/* SPDX-License-Identifier: MIT
 *
 * Maps errno names to numbers (errno(3)); the table is in C order.
 */
#include "trace/strace/line.h"

#include <errno.h>

/* clang-format off */
#define NAMES(X)                                                                                   \
    X(E2BIG)                                                                                       \
    X(EACCES) X(EADDRINUSE) X(EADDRNOTAVAIL) X(EADV) X(EAFNOSUPPORT) X(EAGAIN) X(EALREADY) X(      \
        EBADE) X(EBADF) X(EBADFD) X(EBADMSG) X(EBADR) X(EBADRQC) X(EBADSLT) X(EBFONT) X(EBUSY)     \
        X(ECANCELED) X(ECHILD) X(ECHRNG) X(ECOMM) X(ECONNABORTED) X(ECONNREFUSED) X(ECONNRESET) X( \
            EDEADLK) X(EDEADLOCK) X(EDESTADDRREQ) X(EDOM) X(EDOTDOT) X(EDQUOT) X(EEXIST) X(EFAULT) \
            X(EFBIG) X(EHOSTDOWN) X(EHOSTUNREACH) X(EHWPOISON) X(EIDRM) X(EILSEQ) X(EINPROGRESS)   \
                X(EINTR) X(EINVAL) X(EIO) X(EISCONN) X(EISDIR) X(EISNAM) X(EKEYEXPIRED) X(         \
                    EKEYREJECTED) X(EKEYREVOKED) X(EL2HLT) X(EL2NSYNC) X(EL3HLT) X(EL3RST)         \
                    X(ELIBACC) X(ELIBBAD) X(ELIBEXEC) X(ELIBMAX) X(ELIBSCN) X(ELNRNG) X(ELOOP) X(  \
                        EMEDIUMTYPE) X(EMFILE) X(EMLINK) X(EMSGSIZE) X(EMULTIHOP) X(ENAMETOOLONG)  \
                        X(ENAVAIL) X(ENETDOWN) X(ENETRESET) X(ENETUNREACH) X(ENFILE) X(            \
                            ENOANO) X(ENOBUFS) X(ENOCSI) X(ENODATA) X(ENODEV) X(ENOENT)            \
                            X(ENOEXEC) X(ENOKEY) X(ENOLCK) X(ENOLINK) X(                           \
                                ENOMEDIUM) X(ENOMEM) X(ENOMSG) X(ENONET) X(ENOPKG) X(ENOPROTOOPT)  \
                                X(ENOSPC) X(ENOSR) X(ENOSTR) X(ENOSYS) X(ENOTBLK) X(ENOTCONN) X(   \
                                    ENOTDIR) X(ENOTEMPTY) X(ENOTNAM)                               \
                                    X(ENOTRECOVERABLE) X(ENOTSOCK) X(ENOTSUP) X(                   \
                                        ENOTTY) X(ENOTUNIQ) X(ENXIO) X(EOPNOTSUPP) X(EOVERFLOW)    \
                                        X(EOWNERDEAD) X(EPERM) X(EPFNOSUPPORT) X(EPIPE) X(EPROTO)  \
                                            X(EPROTONOSUPPORT) X(EPROTOTYPE) X(ERANGE)             \
                                                X(EREMCHG) X(EREMOTE) X(EREMOTEIO) X(ERESTART) X(  \
                                                    ERFKILL) X(EROFS) X(ESHUTDOWN)                 \
                                                    X(ESOCKTNOSUPPORT) X(ESPIPE)                   \
                                                        X(ESRCH) X(ESRMNT) X(ESTALE) X(ESTRPIPE)   \
                                                            X(ETIME) X(ETIMEDOUT) X(ETOOMANYREFS)  \
                                                                X(ETXTBSY) X(EUCLEAN) X(EUNATCH)   \
                                                                    X(EUSERS) X(EWOULDBLOCK)       \
                                                                        X(EXDEV) X(EXFULL)
/* clang-format on */

static const struct errno_name {
    const char *name;
    int32_t number;
} errno_names[] = {
#define ROW(name) {#name, name},
    NAMES(ROW)
#undef ROW
};

int32_t line_errno(struct bytes name)
{
    if (bytes_equal(name, bytes_of("ENOENT"))) /* the most frequent name */
        return ENOENT;
    size_t low = 0, high = sizeof errno_names / sizeof *errno_names;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = bytes_compare(name, bytes_of(errno_names[middle].name));
        if (order == 0)
            return errno_names[middle].number;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return -1;
}
