/* SPDX-License-Identifier: MIT */
#include "image/source/engine.h"

#include "image/source/spawn.h"

enum { LINE_MAX_BYTES = 512 };

struct listing {
    const struct engine *engine;
    struct buf line; /* owned */
    void (*take)(void *with, struct bytes reference);
    void *with;
};

/* Ends a line of the list. Images without a name have "<none>" as repository or tag. */
static void end_line(struct listing *listing)
{
    BUF_AUTO struct buf reference = {0};
    struct bytes line = buf_bytes(&listing->line);
    if (line.n && bytes_index(line, '<') == line.n) {
        buf_printf(&reference, "%s:", listing->engine->name);
        buf_add(&reference, line);
        listing->take(listing->with, buf_bytes(&reference));
    }
    buf_clear(&listing->line);
}

static bool take_chunk(void *with, struct bytes chunk, struct err *err)
{
    struct listing *listing = with;
    (void)err;
    for (size_t i = 0; i < chunk.n; i++)
        if (chunk.p[i] == '\n')
            end_line(listing);
        else if (listing->line.n < LINE_MAX_BYTES)
            buf_byte(&listing->line, chunk.p[i]);
    return true;
}

bool engine_list(const struct engine *engine, void (*take)(void *with, struct bytes reference),
                 void *with, struct err *err)
{
    const char *argv[ENGINE_WORDS + 2] = {"timeout", "1"};
    struct listing listing = {.engine = engine, .take = take, .with = with};
    for (size_t i = 0; i < ENGINE_WORDS && engine->list[i]; i++)
        argv[i + 2] = engine->list[i];
    bool ok = spawn_read(argv, take_chunk, &listing, NULL, err);
    buf_finish(&listing.line);
    return ok;
}
