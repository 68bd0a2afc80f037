/* SPDX-License-Identifier: MIT
 *
 * The format is cap_text_formats(7): the first clause sets all capabilities to the most common
 * state; one clause follows for each other state.
 */
#include "image/content/capability.h"

enum { EFFECTIVE = 1, PERMITTED = 2, INHERITABLE = 4, N_STATES = 8, N_BITS = 64 };

static const char *const names[] = {
    "chown",
    "dac_override",
    "dac_read_search",
    "fowner",
    "fsetid",
    "kill",
    "setgid",
    "setuid",
    "setpcap",
    "linux_immutable",
    "net_bind_service",
    "net_broadcast",
    "net_admin",
    "net_raw",
    "ipc_lock",
    "ipc_owner",
    "sys_module",
    "sys_rawio",
    "sys_chroot",
    "sys_ptrace",
    "sys_pacct",
    "sys_admin",
    "sys_boot",
    "sys_nice",
    "sys_resource",
    "sys_time",
    "sys_tty_config",
    "mknod",
    "lease",
    "audit_write",
    "audit_control",
    "setfcap",
    "mac_override",
    "mac_admin",
    "syslog",
    "wake_alarm",
    "block_suspend",
    "audit_read",
    "perfmon",
    "bpf",
    "checkpoint_restore",
};
enum { N_NAMES = sizeof names / sizeof *names };

static uint32_t little_endian(struct bytes value, size_t at)
{
    const unsigned char *p = (const unsigned char *)value.p + at;
    return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Decodes an attribute value: revision, flags, pairs of 32 permitted and 32 inheritable
 * capabilities, then (revision 3) the root id of the user namespace. */
static bool decode(struct bytes value, unsigned states[N_BITS], uint32_t *root)
{
    if (value.n < 4)
        return false;
    uint32_t magic = little_endian(value, 0), revision = magic >> 24;
    size_t n_words = revision == 1 ? 1 : 2;
    if (revision < 1 || revision > 3 || value.n != 4 + 8 * n_words + (revision == 3 ? 4 : 0))
        return false;
    for (size_t i = 0; i < N_BITS; i++) {
        size_t at = 4 + 8 * (i / 32);
        bool there = i / 32 < n_words;
        bool permitted = there && little_endian(value, at) >> i % 32 & 1;
        bool inheritable = there && little_endian(value, at + 4) >> i % 32 & 1;
        states[i] = (permitted ? PERMITTED : 0) | (inheritable ? INHERITABLE : 0);
        if (states[i] && magic & 1)
            states[i] |= EFFECTIVE;
    }
    *root = revision == 3 ? little_endian(value, value.n - 4) : 0;
    return true;
}

/* Returns the most common state of the capabilities that have a name; of equally common states, the
 * lowest. */
static unsigned common_state(const unsigned states[N_BITS])
{
    int n[N_STATES] = {0};
    unsigned common = N_STATES - 1;
    for (size_t i = 0; i < N_NAMES; i++)
        n[states[i]]++;
    for (unsigned state = N_STATES - 1; state-- > 0;)
        if (n[state] >= n[common])
            common = state;
    return common;
}

static void add_flags(char sign, unsigned flags, struct buf *out)
{
    if (!flags)
        return;
    buf_printf(out, "%c%s%s%s", sign, flags & EFFECTIVE ? "e" : "", flags & INHERITABLE ? "i" : "",
               flags & PERMITTED ? "p" : "");
}

/* Appends the names of the capabilities in this state; capabilities without a name are appended as
 * numbers if they have a state other than 0. Returns false if there are none. */
static bool add_names(const unsigned states[N_BITS], unsigned state, struct buf *out)
{
    size_t n = 0;
    for (size_t i = 0; i < N_BITS; i++) {
        if (states[i] != state || (i >= N_NAMES && !state))
            continue;
        buf_add(out, bytes_of(n++ ? "," : ""));
        if (i < N_NAMES)
            buf_printf(out, "cap_%s", names[i]);
        else
            buf_printf(out, "%zu", i);
    }
    return n > 0;
}

bool capability_text(struct bytes value, struct buf *out)
{
    unsigned states[N_BITS];
    uint32_t root;
    if (!decode(value, states, &root))
        return false;
    unsigned common = common_state(states);
    BUF_AUTO struct buf clause = {0};
    size_t n = 0;
    if (common) {
        buf_byte(out, '=');
        buf_printf(out, "%s%s%s", common & EFFECTIVE ? "e" : "", common & INHERITABLE ? "i" : "",
                   common & PERMITTED ? "p" : "");
        n++;
    }
    for (unsigned state = N_STATES; state-- > 0;) {
        buf_clear(&clause);
        if (state == common || !add_names(states, state, &clause))
            continue;
        buf_add(out, bytes_of(n ? " " : ""));
        buf_add(out, buf_bytes(&clause));
        add_flags(n++ ? '+' : '=', state & ~common, out);
        add_flags('-', common & ~state, out);
    }
    if (!n)
        buf_byte(out, '=');
    if (root)
        buf_printf(out, " [rootid=%u]", root);
    return true;
}
