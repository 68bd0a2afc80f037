/* SPDX-License-Identifier: MIT */
#include "run/run_spec.h"

#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

void words_add(struct words *words, struct bytes word)
{
    ARRAY_ROOM(words->items, words->n + 1, words->cap);
    words->items[words->n++] = mem_dup(word);
    words->items[words->n] = NULL;
}

void words_finish(struct words *words)
{
    for (size_t i = 0; i < words->n; i++)
        free(words->items[i]);
    free(words->items);
    *words = (struct words){0};
}

/* Half of the machine's memory: a program that needs more is not one that leaks. */
static uint64_t default_memory(void)
{
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 ? (uint64_t)pages / 2 * (uint64_t)page : (uint64_t)1 << 30;
}

void run_spec_init(struct run_spec *spec)
{
    *spec = (struct run_spec){
        .ready = {.kind = READY_DELAY, .delay_s = 1},
        .stop_signal = SIGTERM,
        .limits = {.timeout_s = 300,
                   .test_s = 60,
                   .stop_s = 10,
                   .memory = default_memory(),
                   .write = 10000000000,
                   .output = (uint64_t)64 << 20,
                   .log = (uint64_t)4 << 30,
                   .processes = 4096},
    };
}

void run_spec_finish(struct run_spec *spec)
{
    words_finish(&spec->command);
    words_finish(&spec->environment);
    words_finish(&spec->tests);
    free(spec->working_directory);
    free(spec->hostname);
    buf_finish(&spec->groups);
    for (size_t i = 0; i < spec->n_mounts; i++) {
        free(spec->mounts[i].source);
        free(spec->mounts[i].target);
    }
    free(spec->mounts);
    free(spec->input);
    free(spec->ready.text);
    *spec = (struct run_spec){0};
}

int run_signal_number(const char *text)
{
    if (isdigit((unsigned char)text[0]))
        return atoi(text) < NSIG ? atoi(text) : 0;
    if (strncmp(text, "SIG", 3) == 0)
        text += 3;
    for (int number = 1; number < NSIG; number++)
        if (sigabbrev_np(number) && strcmp(sigabbrev_np(number), text) == 0)
            return number;
    return strncmp(text, "RTMIN+", 6) == 0 ? SIGRTMIN + atoi(text + 6) : 0;
}
