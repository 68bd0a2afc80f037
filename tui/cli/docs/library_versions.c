/* SPDX-License-Identifier: MIT
 *
 * The only file outside the room of each library that includes its header: it queries versions,
 * and nothing else.
 */
#include "cli/docs/docs.h"

#include <archive.h>
#include <curses.h>
#include <elfutils/version.h>
#include <isa-l.h>
#include <openssl/crypto.h>
#include <roaring/roaring.h>
#include <sqlite3.h>
#include <string.h>
#include <xxhash.h>
#include <zlib.h>
#include <zstd.h>
#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

void docs_versions(struct buf *out)
{
    char pcre2[64] = "";
    pcre2_config(PCRE2_CONFIG_VERSION, pcre2);
    pcre2[strcspn(pcre2, " ")] = 0;
    buf_printf(out, "xsmall %s\n", XSMALL_VERSION);
    buf_printf(out, "%s\n", curses_version());
    buf_printf(out, "SQLite %s\n", sqlite3_libversion());
    buf_printf(out, "%s\n", archive_version_string());
    buf_printf(out, "PCRE2 %s\n", pcre2);
    buf_printf(out, "CRoaring %d.%d.%d\n", ROARING_VERSION_MAJOR, ROARING_VERSION_MINOR,
               ROARING_VERSION_REVISION);
    buf_printf(out, "zstd %s\n", ZSTD_versionString());
    buf_printf(out, "ISA-L %d.%d.%d\n", ISAL_MAJOR_VERSION, ISAL_MINOR_VERSION, ISAL_PATCH_VERSION);
    buf_printf(out, "zlib %s\n", zlibVersion());
    buf_printf(out, "xxHash %u.%u.%u\n", XXH_versionNumber() / 10000,
               XXH_versionNumber() / 100 % 100, XXH_versionNumber() % 100);
    buf_printf(out, "elfutils %d\n", _ELFUTILS_VERSION);
    buf_printf(out, "%s\n", OpenSSL_version(OPENSSL_VERSION));
}
