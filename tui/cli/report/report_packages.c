/* SPDX-License-Identifier: MIT */
#include "cli/report/report_packages.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/output.h"
#include "report/packages.h"

enum { SHOWN = 15 };

static void sums_text(const struct packages_sum *sums)
{
    printf("  %12" PRId64 " %12" PRId64 " %12" PRId64 "  ", sums[PACKAGES_INSTALLED].bytes,
           sums[PACKAGES_USED].bytes, sums[PACKAGES_KEPT].bytes);
}

bool report_packages_text(struct session *session, struct err *err)
{
    struct packages packages = {0};
    if (!packages_read(session, &packages, err))
        return false;
    MEM_AUTO uint32_t *order = packages_order(&packages, PACKAGES_INSTALLED);
    if (packages.n)
        printf("packages: %zu, with %u files\n  %12s %12s %12s  %s\n", packages.n,
               packages.sums[PACKAGES_INSTALLED].n_files, "bytes", "used bytes", "kept bytes",
               "package");
    for (size_t i = 0; i < packages.n && i < SHOWN; i++) {
        const struct package *package = &packages.all[order[i]];
        sums_text(package->sums);
        output_word(stdout, package->name);
        putchar(' ');
        output_word(stdout, package->version);
        fputs(" (", stdout);
        output_word(stdout, package->manager);
        puts(")");
    }
    if (packages.n) {
        sums_text(packages.sums);
        printf("all packages%s\n", packages.n > SHOWN ? " (--json lists each)" : "");
    }
    packages_finish(&packages);
    return true;
}

static void sums_json(const struct packages_sum *sums)
{
    static const char *const names[] = {
        [PACKAGES_INSTALLED] = "", [PACKAGES_USED] = "used_", [PACKAGES_KEPT] = "kept_"};
    for (enum packages_part part = 0; part < N_PACKAGES_PARTS; part++)
        printf("%s\"%sfiles\": %u, \"%sbytes\": %" PRId64, part ? ", " : "", names[part],
               sums[part].n_files, names[part], sums[part].bytes);
}

static void package_json(const struct package *package)
{
    fputs("{\"manager\": ", stdout);
    output_json(package->manager);
    fputs(", ", stdout);
    output_json_bytes("name", package->name);
    fputs(", ", stdout);
    output_json_bytes("version", package->version);
    fputs(", ", stdout);
    output_json_bytes("arch", package->arch);
    fputs(", ", stdout);
    sums_json(package->sums);
    putchar('}');
}

bool report_packages_json(struct session *session, struct err *err)
{
    struct packages packages = {0};
    if (!packages_read(session, &packages, err))
        return false;
    MEM_AUTO uint32_t *order = packages_order(&packages, PACKAGES_INSTALLED);
    fputs("  \"packages\": {", stdout);
    sums_json(packages.sums);
    fputs(", \"all\": [", stdout);
    for (size_t i = 0; i < packages.n; i++) {
        fputs(i ? ",\n    " : "\n    ", stdout);
        package_json(&packages.all[order[i]]);
    }
    puts("]},");
    packages_finish(&packages);
    return true;
}
