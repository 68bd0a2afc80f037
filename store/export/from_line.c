/* SPDX-License-Identifier: MIT */
#include "export/from_line.h"

#include "image/source/platform.h"

/* The numbers are e_machine of elf.h. */
const char *from_line_architecture(const struct tree *tree)
{
    static const struct {
        const char *machine, *name;
    } known[] = {{"3", "386"},       {"40", "arm"},   {"62", "amd64"},   {"183", "arm64"},
                 {"243", "riscv64"}, {"22", "s390x"}, {"21", "ppc64le"}, {"8", "mips64le"}};
    for (uint32_t i = 0; i < tree->n; i++) {
        for (uint16_t k = 0; k < tree->nodes[i].n_needs; k++) {
            const struct need *need = &tree->nodes[i].needs[k];
            struct bytes machine = bytes_skip(need->value, bytes_rindex(need->value, ' ') + 1);
            for (size_t m = 0; need->kind == NEED_MACHINE && m < sizeof known / sizeof *known; m++)
                if (bytes_equal(machine, bytes_of(known[m].machine)))
                    return known[m].name;
        }
    }
    return NULL;
}

void from_line_subject_platform(const struct mapped_tree *mapped, struct buf *out)
{
    const struct keep_input *input = &mapped->input;
    size_t n = out->n;
    if (input->db && input->config.n && db_json_valid(input->db, input->config))
        platform_of(input->db, input->config, out);
    const char *architecture = from_line_architecture(mapped->source);
    if (out->n == n && architecture)
        buf_printf(out, "linux/%s", architecture);
}

void from_line_platform(const struct mapped_tree *mapped, struct buf *out)
{
    BUF_AUTO struct buf host = {0}, platform = {0};
    from_line_subject_platform(mapped, &platform);
    platform_of_host(&host);
    if (platform.n && !platform_is_same(buf_bytes(&platform), buf_bytes(&host)))
        buf_add(out, buf_bytes(&platform));
}

void from_line_write(struct bytes platform, struct bytes name, const char *stage, struct buf *out)
{
    buf_add(out, bytes_of("FROM "));
    if (platform.n)
        buf_printf(out, "--platform=%.*s ", (int)platform.n, platform.p);
    buf_add(out, name);
    if (stage)
        buf_printf(out, " AS %s", stage);
    buf_byte(out, '\n');
}
