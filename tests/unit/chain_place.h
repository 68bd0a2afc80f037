/* SPDX-License-Identifier: MIT
 * A session with logs in a temporary directory, and the chains over them. */
#include <roaring/roaring.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "chain/chain.h"
#include "db/loading.h"
#include "trace/trace.h"

struct place {
    char dir[64];
    struct db *db;
    struct corpus *corpus;
    struct corpus_reader *reader;
};

static void must(bool ok, const struct err *err)
{
    if (!ok)
        fail_msg("%s", err->text);
}

static void load_logs(struct place *place, const char *const *names, size_t n)
{
    struct err err = {0};
    struct progress progress = {0};
    struct trace_result result;
    struct trace_request request = {.operands = names, .n_operands = n, .role = "evidence"};
    must(loading_begin(place->db, &request.load, &err), &err);
    must(trace_load(place->db, &request, &progress, &result, &err), &err);
    must(loading_finish(place->db, request.load, &err), &err);
    corpus_reader_destroy(place->reader);
    corpus_destroy(place->corpus);
    must(corpus_read(place->db, &place->corpus, &err), &err);
    must(corpus_reader_create(place->db, place->corpus, &place->reader, &err), &err);
}

static int tear_down(void **state)
{
    struct place *place = *state;
    char command[128];
    corpus_reader_destroy(place->reader);
    corpus_destroy(place->corpus);
    db_close(place->db);
    assert_int_equal(chdir("/"), 0);
    snprintf(command, sizeof command, "rm -rf '%s'", place->dir);
    assert_int_equal(system(command), 0);
    free(place);
    return 0;
}

static void output_of(struct place *place, const struct chain *chain, struct buf *out)
{
    struct err err = {0};
    uint64_t n = chain_n_output(chain);
    for (uint64_t k = 0; k < n; k++) {
        uint32_t line;
        struct bytes prefix, text;
        assert_true(chain_output(chain, k, &line, &prefix));
        must(corpus_line(place->reader, line, &text, &err), &err);
        buf_add(out, prefix);
        buf_add(out, text);
        buf_byte(out, '\n');
        assert_true(roaring_bitmap_contains(chain_survivors(chain), line));
    }
}

static struct chain *make(struct place *place, const char *pipeline)
{
    struct chain *chain;
    struct err err = {0};
    must(chain_read(place->db, &chain, &err), &err);
    must(chain_from_pipeline(chain, bytes_of(pipeline), NULL, &err), &err);
    must(chain_bind(chain, place->corpus, place->db, &err), &err);
    return chain;
}
