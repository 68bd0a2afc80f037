/* SPDX-License-Identifier: MIT */
#include "cli/report/report_inventory.h"

#include <stdio.h>

#include "cli/output.h"

enum { SHOWN = 20 };

static const char *const titles[N_INVENTORY] = {
    [INVENTORY_SETUID] = "setuid and setgid files",
    [INVENTORY_CAPABILITIES] = "files with capabilities",
    [INVENTORY_WORLD_WRITABLE] = "paths that every user can write",
    [INVENTORY_DEVICES] = "devices",
};

static bool is_kept(const struct session *session, uint32_t node)
{
    return session->keep && session->keep->verdicts[node].kept;
}

static void item_text(const struct session *session, const struct inventory *inventory,
                      enum inventory_kind kind, size_t i)
{
    uint32_t at = inventory->nodes[kind][i];
    const struct node *node = &session->subject->nodes[at];
    BUF_AUTO struct buf path = {0};
    tree_path(session->subject, at, &path);
    printf("    %c%04o %5u:%-5u layer %-3u %-5s ", "dflcbps"[node->kind], node -> mode, node -> uid,
           node -> gid, node -> ordinal, is_kept(session, at) ? "kept" : "");
    output_word(stdout, buf_bytes(&path));
    if (kind == INVENTORY_CAPABILITIES) {
        putchar(' ');
        output_word(stdout, inventory->capabilities[i]);
    }
    if (kind == INVENTORY_DEVICES)
        printf(" %u:%u", node->device_major, node->device_minor);
    putchar('\n');
}

bool report_inventory_text(struct session *session, struct err *err)
{
    struct inventory inventory;
    if (!session->subject)
        return true;
    if (!inventory_read(session->db, session->subject, &inventory, err))
        return false;
    puts("special permissions");
    for (enum inventory_kind kind = 0; kind < N_INVENTORY; kind++) {
        printf("  %s: %zu\n", titles[kind], inventory.n[kind]);
        for (size_t i = 0; i < inventory.n[kind] && i < SHOWN; i++)
            item_text(session, &inventory, kind, i);
        if (inventory.n[kind] > SHOWN)
            printf("    and %zu more (--json lists all)\n", inventory.n[kind] - SHOWN);
    }
    inventory_finish(&inventory);
    return true;
}

static void item_json(const struct session *session, const struct inventory *inventory,
                      enum inventory_kind kind, size_t i)
{
    uint32_t at = inventory->nodes[kind][i];
    const struct node *node = &session->subject->nodes[at];
    BUF_AUTO struct buf path = {0};
    tree_path(session->subject, at, &path);
    printf("%s\n      {", i ? "," : "");
    output_json_bytes("path", buf_bytes(&path));
    printf(", \"kind\": \"%s\", \"mode\": \"%04o\", \"uid\": %u, \"gid\": %u, \"layer\": %u, "
           "\"kept\": %s",
           node_kinds[node->kind], node->mode, node->uid, node->gid, node->ordinal,
           is_kept(session, at) ? "true" : "false");
    if (kind == INVENTORY_CAPABILITIES) {
        fputs(", \"capabilities\": ", stdout);
        output_json(inventory->capabilities[i]);
    }
    if (kind == INVENTORY_DEVICES)
        printf(", \"major\": %u, \"minor\": %u", node->device_major, node->device_minor);
    putchar('}');
}

bool report_inventory_json(struct session *session, struct err *err)
{
    struct inventory inventory = {0};
    if (session->subject && !inventory_read(session->db, session->subject, &inventory, err))
        return false;
    fputs("  \"inventory\": {", stdout);
    for (enum inventory_kind kind = 0; kind < N_INVENTORY; kind++) {
        printf("%s\n    \"%s\": [", kind ? "," : "", inventory_name(kind));
        for (size_t i = 0; i < inventory.n[kind]; i++)
            item_json(session, &inventory, kind, i);
        putchar(']');
    }
    puts("},");
    inventory_finish(&inventory);
    return true;
}
