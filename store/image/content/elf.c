/* SPDX-License-Identifier: MIT
 *
 * Reads only the needed parts of a file: header, program headers, the dynamic section and its
 * strings. The file can be in memory, in a temporary file, or in the middle of an archive. libelf
 * converts the parts from the file's class and byte order. Every offset is checked against the
 * size.
 */
#include "image/content/elf.h"

#include <gelf.h>
#include <stdlib.h>
#include <string.h>

/* Limits above what any linker writes. A file that exceeds one is treated as damaged. */
enum {
    PHDRS_MAX = 512,
    DYNS_MAX = 16384,
    INTERPRETER_MAX = 4096,
    STRINGS_MAX = 16 * 1024 * 1024, /* bytes of a string table, and bytes read from it */
    STRINGS_WHOLE = 16 * 1024,      /* a smaller table is read as a whole */
    STRING_FIRST = 256,             /* larger table: bytes of the first read of a string */
    STRING_MAX = 1024 * 1024,       /* longer strings are skipped */
    VERSIONS_MAX = 4096,            /* versions of a file, required or defined */
    VERSION_MAX = 256               /* bytes of a version's name, or of a library's name */
};

struct elf_file {
    const struct elf_source *source;
    uint64_t size;
    unsigned char ident[EI_NIDENT];
    GElf_Ehdr ehdr;
    GElf_Phdr phdrs[PHDRS_MAX];
    size_t n_phdrs;
};

static bool is_64(const struct elf_file *file)
{
    return file->ident[EI_CLASS] == ELFCLASS64;
}

static bool read_at(const struct elf_file *file, uint64_t offset, void *to, uint64_t n)
{
    return offset <= file->size && n <= file->size - offset &&
           file->source->read(file->source->with, to, (size_t)n, offset);
}

/* Reads n bytes of ELF structures of one type and converts them to native byte order, in place.
 * These types have the same size in memory and in the file. */
static bool read_as(const struct elf_file *file, uint64_t offset, void *to, uint64_t n,
                    Elf_Type type)
{
    if (!read_at(file, offset, to, n))
        return false;
    Elf_Data data = {.d_buf = to, .d_type = type, .d_version = EV_CURRENT, .d_size = (size_t)n};
    unsigned encoding = file->ident[EI_DATA];
    return is_64(file) ? elf64_xlatetom(&data, &data, encoding) != NULL
                       : elf32_xlatetom(&data, &data, encoding) != NULL;
}

static bool read_header(struct elf_file *file)
{
    if (!read_at(file, 0, file->ident, EI_NIDENT) || memcmp(file->ident, ELFMAG, SELFMAG) != 0)
        return false;
    if (file->ident[EI_DATA] != ELFDATA2LSB && file->ident[EI_DATA] != ELFDATA2MSB)
        return false;
    if (is_64(file))
        return read_as(file, 0, &file->ehdr, sizeof(Elf64_Ehdr), ELF_T_EHDR);
    if (file->ident[EI_CLASS] != ELFCLASS32)
        return false;
    Elf32_Ehdr narrow;
    if (!read_as(file, 0, &narrow, sizeof narrow, ELF_T_EHDR))
        return false;
    file->ehdr.e_machine = narrow.e_machine;
    file->ehdr.e_phoff = narrow.e_phoff;
    file->ehdr.e_phentsize = narrow.e_phentsize;
    file->ehdr.e_phnum = narrow.e_phnum;
    return true;
}

static bool read_phdrs(struct elf_file *file)
{
    size_t entry = is_64(file) ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
    size_t n = file->ehdr.e_phnum;
    if (n > PHDRS_MAX || (n && file->ehdr.e_phentsize != entry))
        return false;
    file->n_phdrs = n;
    if (is_64(file))
        return read_as(file, file->ehdr.e_phoff, file->phdrs, n * entry, ELF_T_PHDR);
    Elf32_Phdr narrow[PHDRS_MAX];
    if (!read_as(file, file->ehdr.e_phoff, narrow, n * entry, ELF_T_PHDR))
        return false;
    for (size_t i = 0; i < n; i++)
        file->phdrs[i] = (GElf_Phdr){.p_type = narrow[i].p_type,
                                     .p_offset = narrow[i].p_offset,
                                     .p_vaddr = narrow[i].p_vaddr,
                                     .p_filesz = narrow[i].p_filesz};
    return true;
}

static const GElf_Phdr *find_phdr(const struct elf_file *file, uint32_t type)
{
    for (size_t i = 0; i < file->n_phdrs; i++)
        if (file->phdrs[i].p_type == type)
            return &file->phdrs[i];
    return NULL;
}

/* Finds the file offset of n bytes at a virtual address, from the PT_LOAD segment that contains
 * them. */
static bool offset_of(const struct elf_file *file, uint64_t address, uint64_t n, uint64_t *out)
{
    for (size_t i = 0; i < file->n_phdrs; i++) {
        const GElf_Phdr *p = &file->phdrs[i];
        if (p->p_type != PT_LOAD || address < p->p_vaddr || address - p->p_vaddr > p->p_filesz ||
            n > p->p_filesz - (address - p->p_vaddr))
            continue;
        *out = p->p_offset + (address - p->p_vaddr);
        return true;
    }
    return false;
}

/* Records that a limit was exceeded and the rest was not read. */
static void note_cut(const struct elf_file *file, bool is_cut)
{
    if (is_cut && file->source->cut)
        *file->source->cut = true;
}

/* Returns the *n entries of the dynamic section up to DT_NULL, widened to 64 bits. The caller frees
 * them. */
static GElf_Dyn *read_dyns(const struct elf_file *file, const GElf_Phdr *dynamic, size_t *n)
{
    size_t entry = is_64(file) ? sizeof(Elf64_Dyn) : sizeof(Elf32_Dyn);
    size_t count = (size_t)(dynamic->p_filesz / entry);
    note_cut(file, count > DYNS_MAX);
    if (count > DYNS_MAX)
        return NULL;
    MEM_AUTO GElf_Dyn *dyns = mem_zero(count, sizeof *dyns);
    if (is_64(file)) {
        if (!read_as(file, dynamic->p_offset, dyns, count * entry, ELF_T_DYN))
            return NULL;
    } else {
        MEM_AUTO Elf32_Dyn *narrow = mem_zero(count, sizeof *narrow);
        if (!read_as(file, dynamic->p_offset, narrow, count * entry, ELF_T_DYN))
            return NULL;
        for (size_t i = 0; i < count; i++) {
            dyns[i].d_tag = narrow[i].d_tag;
            dyns[i].d_un.d_val = narrow[i].d_un.d_val;
        }
    }
    for (*n = 0; *n < count && dyns[*n].d_tag != DT_NULL; ++*n)
        continue;
    return mem_steal(&dyns);
}

static uint64_t dyn_value(const GElf_Dyn *dyns, size_t n, int64_t tag)
{
    for (size_t i = 0; i < n; i++)
        if (dyns[i].d_tag == tag)
            return dyns[i].d_un.d_val;
    return 0;
}

static bool kind_of(int64_t tag, enum need_kind *kind)
{
    switch (tag) {
    case DT_NEEDED:
        *kind = NEED_NEEDED;
        return true;
    case DT_RUNPATH:
        *kind = NEED_RUNPATH;
        return true;
    case DT_RPATH:
        *kind = NEED_RPATH;
        return true;
    case DT_SONAME:
        *kind = NEED_SONAME;
        return true;
    default:
        return false;
    }
}

/* The string table. A small table is read as a whole. From a large table, which can have megabytes
 * of unused names, only the requested string is read. */
struct strings {
    const struct elf_file *file;
    uint64_t at, n;
    struct buf read; /* owned: the table, or the last string */
    bool is_whole;
    uint64_t n_read; /* bytes read so far; limited, because many values can share a long string */
};

static void strings_finish(struct strings *strings)
{
    buf_finish(&strings->read);
}
#define STRINGS_AUTO __attribute__((cleanup(strings_finish)))

/* Reads n bytes of the table at offset into `read`. */
static bool read_strings(struct strings *strings, uint64_t offset, size_t n)
{
    buf_clear(&strings->read);
    buf_reserve(&strings->read, n);
    if (!read_at(strings->file, strings->at + offset, strings->read.p, n))
        return false;
    strings->read.n = n;
    return true;
}

static bool strings_open(struct strings *strings)
{
    if (strings->at > strings->file->size || strings->n > strings->file->size - strings->at)
        return false;
    strings->is_whole = strings->n <= STRINGS_WHOLE;
    return !strings->is_whole || read_strings(strings, 0, (size_t)strings->n);
}

/* Returns the string at an offset, valid until the next call. p is NULL if the table has no string
 * there, or the string is longer than max bytes. */
static struct bytes string_at(struct strings *strings, uint64_t offset, size_t max)
{
    if (offset >= strings->n)
        return bytes_from(NULL, 0);
    uint64_t rest = strings->n - offset;
    size_t most = rest <= max ? (size_t)rest : max + 1;
    for (size_t n = most < STRING_FIRST ? most : STRING_FIRST;; n = most) {
        strings->n_read += n;
        note_cut(strings->file, strings->n_read > STRINGS_MAX);
        if (strings->n_read > STRINGS_MAX ||
            (!strings->is_whole && !read_strings(strings, offset, n)))
            return bytes_from(NULL, 0);
        struct bytes text = strings->is_whole ? bytes_from(strings->read.p + offset, most)
                                              : buf_bytes(&strings->read);
        size_t length = bytes_index(text, 0);
        if (length < text.n)
            return bytes_from(text.p, length);
        if (text.n == most)
            return bytes_from(NULL, 0);
    }
}

/* A part of the file in memory, with entries that refer to each other by relative offsets. */
struct window {
    char *bytes; /* owned */
    size_t n;
};

/* Reads n bytes at a virtual address, or fewer if the segment ends before. */
static bool read_window(const struct elf_file *file, uint64_t address, size_t n, struct window *out)
{
    for (size_t i = 0; i < file->n_phdrs; i++) {
        const GElf_Phdr *p = &file->phdrs[i];
        uint64_t skip = address - p->p_vaddr;
        if (p->p_type != PT_LOAD || address < p->p_vaddr || skip >= p->p_filesz)
            continue;
        uint64_t at = p->p_offset + skip, rest = p->p_filesz - skip;
        *out = (struct window){mem_alloc(n), n < rest ? n : (size_t)rest};
        return read_at(file, at, out->bytes, out->n);
    }
    return false;
}

/* Reads an entry of 16-bit fields followed by 32-bit fields, at an offset in the window; converts
 * it to native byte order. */
static bool read_entry(const struct elf_file *file, const struct window *window, uint64_t at,
                       size_t halves, size_t size, void *to)
{
    unsigned encoding = file->ident[EI_DATA];
    if (at > window->n || size > window->n - at)
        return false;
    memcpy(to, window->bytes + at, size);
    Elf_Data head = {.d_buf = to, .d_type = ELF_T_HALF, .d_version = EV_CURRENT, .d_size = halves};
    Elf_Data rest = {.d_buf = (char *)to + halves,
                     .d_type = ELF_T_WORD,
                     .d_version = EV_CURRENT,
                     .d_size = size - halves};
    return (!halves || elf32_xlatetom(&head, &head, encoding)) &&
           elf32_xlatetom(&rest, &rest, encoding);
}

/* Appends " VERSION" for each version that an entry of DT_VERNEED requires; *n_left is the number
 * of versions that may still be read from the file. */
static void append_versions(const struct elf_file *file, const struct window *window,
                            struct strings *strings, const GElf_Verneed *entry, uint64_t at,
                            size_t *n_left, struct buf *text)
{
    for (size_t i = 0; i < entry->vn_cnt && *n_left; i++, --*n_left) {
        GElf_Vernaux aux; /* one 32-bit, two 16-bit, two 32-bit fields */
        if (!read_entry(file, window, at + 4, 4, sizeof aux - 4, (char *)&aux + 4))
            return;
        struct bytes version = string_at(strings, aux.vna_name, VERSION_MAX);
        if (version.n && !(aux.vna_flags & VER_FLG_WEAK)) {
            buf_byte(text, ' ');
            buf_add(text, version);
        }
        if (!aux.vna_next)
            return;
        at += aux.vna_next;
        note_cut(file, *n_left == 1);
    }
}

/* Reads DT_VERNEED (Linux Standard Base, symbol versioning): each library, and the versions
 * required from it. */
static void add_needed_versions(const struct elf_file *file, uint64_t address, uint64_t n,
                                struct strings *strings,
                                void (*add)(void *with, enum need_kind kind, struct bytes value),
                                void *with)
{
    struct window window = {0};
    BUF_AUTO struct buf text = {0};
    size_t n_left = VERSIONS_MAX;
    uint64_t at = 0;
    note_cut(file, n > VERSIONS_MAX);
    n = n < VERSIONS_MAX ? n : VERSIONS_MAX;
    bool ok = n && read_window(file, address, (size_t)n * 1024, &window);
    for (uint64_t i = 0; ok && i < n; i++) {
        GElf_Verneed entry;
        /* Two 16-bit fields, three 32-bit fields: vn_version, vn_cnt, vn_file, vn_aux, vn_next */
        if (!read_entry(file, &window, at, 4, sizeof entry, &entry))
            break;
        buf_clear(&text);
        buf_add(&text, string_at(strings, entry.vn_file, VERSION_MAX));
        append_versions(file, &window, strings, &entry, at + entry.vn_aux, &n_left, &text);
        if (bytes_index(buf_bytes(&text), ' ') < text.n)
            add(with, NEED_VERSION_NEEDED, buf_bytes(&text));
        if (!entry.vn_next)
            break;
        at += entry.vn_next;
    }
    free(window.bytes);
}

/* Reads DT_VERDEF: the versions that the file defines. The base entry, which is the file's own
 * name, is not a version. */
static void add_defined_versions(const struct elf_file *file, uint64_t address, uint64_t n,
                                 struct strings *strings,
                                 void (*add)(void *with, enum need_kind kind, struct bytes value),
                                 void *with)
{
    struct window window = {0};
    BUF_AUTO struct buf text = {0};
    uint64_t at = 0;
    note_cut(file, n > VERSIONS_MAX);
    n = n < VERSIONS_MAX ? n : VERSIONS_MAX;
    bool ok = n && read_window(file, address, (size_t)n * 64, &window);
    for (uint64_t i = 0; ok && i < n; i++) {
        GElf_Verdef entry; /* four 16-bit fields, three 32-bit fields */
        GElf_Verdaux aux;
        if (!read_entry(file, &window, at, 8, sizeof entry, &entry) ||
            !read_entry(file, &window, at + entry.vd_aux, 0, sizeof aux, &aux))
            break;
        struct bytes version = string_at(strings, aux.vda_name, VERSION_MAX);
        if (version.n && !(entry.vd_flags & VER_FLG_BASE)) {
            if (text.n)
                buf_byte(&text, ' ');
            buf_add(&text, version);
        }
        if (!entry.vd_next)
            break;
        at += entry.vd_next;
    }
    if (text.n)
        add(with, NEED_VERSION_DEFINED, buf_bytes(&text));
    free(window.bytes);
}

static void add_machine(const struct elf_file *file,
                        void (*add)(void *with, enum need_kind kind, struct bytes value),
                        void *with)
{
    BUF_AUTO struct buf text = {0};
    buf_printf(&text, "%d %d %d", file->ident[EI_CLASS], file->ident[EI_DATA],
               file->ehdr.e_machine);
    add(with, NEED_MACHINE, buf_bytes(&text));
}

/* Reads the dynamic section. A value that is outside the string table or not terminated is skipped.
 */
static bool add_dynamic(const struct elf_file *file, const GElf_Phdr *dynamic,
                        void (*add)(void *with, enum need_kind kind, struct bytes value),
                        void *with)
{
    size_t n = 0;
    MEM_AUTO GElf_Dyn *dyns = read_dyns(file, dynamic, &n);
    if (!dyns)
        return false;
    STRINGS_AUTO struct strings table = {.file = file, .n = dyn_value(dyns, n, DT_STRSZ)};
    if (!table.n || table.n > STRINGS_MAX ||
        !offset_of(file, dyn_value(dyns, n, DT_STRTAB), table.n, &table.at) ||
        !strings_open(&table))
        return false;
    for (size_t i = 0; i < n; i++) {
        enum need_kind kind;
        if (!kind_of(dyns[i].d_tag, &kind))
            continue;
        struct bytes value = string_at(&table, dyns[i].d_un.d_val, STRING_MAX);
        if (value.p)
            add(with, kind, value);
    }
    add_machine(file, add, with);
    add_needed_versions(file, dyn_value(dyns, n, DT_VERNEED), dyn_value(dyns, n, DT_VERNEEDNUM),
                        &table, add, with);
    add_defined_versions(file, dyn_value(dyns, n, DT_VERDEF), dyn_value(dyns, n, DT_VERDEFNUM),
                         &table, add, with);
    return true;
}

bool elf_needs(const struct elf_source *source, uint64_t size,
               void (*add)(void *with, enum need_kind kind, struct bytes value), void *with)
{
    MEM_AUTO struct elf_file *file = mem_zero(1, sizeof *file);
    file->source = source;
    file->size = size;
    if (elf_version(EV_CURRENT) == EV_NONE || !read_header(file) || !read_phdrs(file))
        return false;
    const GElf_Phdr *interp = find_phdr(file, PT_INTERP);
    if (interp && interp->p_filesz > 1 && interp->p_filesz <= INTERPRETER_MAX) {
        char path[INTERPRETER_MAX];
        if (!read_at(file, interp->p_offset, path, interp->p_filesz))
            return false;
        struct bytes text = bytes_from(path, (size_t)interp->p_filesz);
        add(with, NEED_INTERPRETER, bytes_from(path, bytes_index(text, 0)));
    }
    const GElf_Phdr *dynamic = find_phdr(file, PT_DYNAMIC);
    return !dynamic || add_dynamic(file, dynamic, add, with);
}
