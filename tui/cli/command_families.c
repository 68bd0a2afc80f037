/* SPDX-License-Identifier: MIT
 *
 * xsmall families: lists file groups, adds or refuses one.
 */
#include "cli/command.h"

#include <inttypes.h>
#include <stdio.h>

#include "cli/output.h"
#include "util/interrupt.h"

/* Returns whether the offer is open, answered or has an error. */
static bool is_listed(const struct group_offer *offer)
{
    return offer->state != OFFER_QUIET && offer->state != OFFER_ABSENT;
}

static void print_text(const struct group_offers *offers)
{
    for (size_t i = 0; i < offers->n; i++) {
        const struct group_offer *offer = &offers->list[i];
        BUF_AUTO struct buf words = {0};
        if (!is_listed(offer))
            continue;
        if (offer->state == OFFER_ERROR)
            buf_add(&words, offer->group->error);
        else
            group_offer_print(offer, &words);
        printf("%-8s %-16s ", group_offer_state_name(offer->state), offer->group->name.p);
        output_word(stdout, buf_bytes(&words));
        putchar('\n');
        if (offer->state != OFFER_ASKS || !offer->group->ask.n)
            continue;
        fputs("         ", stdout);
        output_word(stdout, offer->group->ask);
        putchar('\n');
    }
}

static const char *state_of_member(const struct session *session, uint32_t node)
{
    const struct verdict *verdict = &session->keep->verdicts[node];
    if (verdict->needed)
        return verdict->kept ? "kept" : "in-base";
    return verdict->mark == MARK_DROP ? "dropped" : "rest";
}

static void print_members(const struct session *session, const struct group_offer *offer)
{
    for (uint32_t i = 0; i < offer->n_members; i++) {
        BUF_AUTO struct buf path = {0};
        tree_path(session->subject, offer->members[i], &path);
        printf("%-8s ", state_of_member(session, offer->members[i]));
        output_word(stdout, buf_bytes(&path));
        putchar('\n');
    }
}

static void print_json_member(const struct session *session, uint32_t node, bool first)
{
    BUF_AUTO struct buf path = {0};
    tree_path(session->subject, node, &path);
    printf("%s\n      {", first ? "" : ",");
    output_json_bytes("path", buf_bytes(&path));
    printf(", \"state\": \"%s\"}", state_of_member(session, node));
}

static void print_json(const struct session *session, const struct group_offers *offers)
{
    fputs("[", stdout);
    for (size_t i = 0; i < offers->n; i++) {
        const struct group_offer *offer = &offers->list[i];
        printf("%s\n  {", i ? "," : "");
        output_json_bytes("name", offer->group->name);
        printf(", \"state\": \"%s\", \"fired\": %s, \"own\": %s, ",
               group_offer_state_name(offer->state), offer->fired ? "true" : "false",
               offer->group->own ? "true" : "false");
        output_json_bytes("about", offer->group->about);
        fputs(", ", stdout);
        output_json_bytes("ask", offer->group->ask);
        fputs(", ", stdout);
        output_json_bytes("error", offer->group->error);
        printf(",\n   \"members\": %u, \"used\": %u, \"needed\": %u, \"to_add\": %u, "
               "\"to_add_bytes\": %" PRId64 ",\n   \"paths\": [",
               offer->n_members, offer->n_used, offer->n_needed, offer->effect.n_files,
               offer->effect.bytes);
        for (uint32_t k = 0; k < offer->n_members; k++)
            print_json_member(session, offer->members[k], !k);
        fputs("]}", stdout);
    }
    puts("\n]");
}

static const struct group_offer *find(const struct group_offers *offers, const char *name,
                                      struct err *err)
{
    for (size_t i = 0; i < offers->n; i++)
        if (bytes_equal(offers->list[i].group->name, bytes_of(name)))
            return &offers->list[i];
    err_set(err, "%s: no such file group; xsmall families lists them", name);
    return NULL;
}

static int answer(struct session *session, const struct group_offers *offers, const char *name,
                  enum group_offer_state answer, struct err *err)
{
    const struct group_offer *offer = find(offers, name, err);
    if (!offer)
        return EXIT_FAILED;
    if (offer->state == OFFER_ERROR)
        return err_set(err, "%s", offer->group->error.p), EXIT_FAILED;
    if (!offer->n_members)
        return err_no(err, "%s: the image has no file of this group", name), EXIT_NO;
    return session_answer_offer(session, offer, answer, err) && command_settle(session, err)
               ? EXIT_DONE
               : EXIT_FAILED;
}

static int work(const struct args *args, struct session *session, const struct group_offers *offers,
                struct err *err)
{
    if (args->add)
        return answer(session, offers, args->add, OFFER_ADDED, err);
    if (args->refuse)
        return answer(session, offers, args->refuse, OFFER_REFUSED, err);
    const struct group_offer *offer = NULL;
    if (args->n_operands && !(offer = find(offers, args->operands[0], err)))
        return EXIT_FAILED;
    if (offer)
        print_members(session, offer);
    else if (args->json)
        print_json(session, offers);
    else
        print_text(offers);
    return output_finish(err) ? EXIT_DONE : EXIT_FAILED;
}

static int run_families(const struct args *args, struct err *err)
{
    SESSION_AUTO struct session *session = NULL;
    BUF_AUTO struct buf dir = {0};
    struct group_offers offers = {0};
    bool writes = args->add || args->refuse;
    if ((args->add && args->refuse) || args->n_operands + writes + args->json > 1)
        return err_set(err, "families: expected only one of NAME, --json, --add and --refuse"),
               EXIT_FAILED;
    if (!command_open(args, writes ? DB_WRITE : DB_READ, &session, err))
        return EXIT_FAILED;
    if (!command_need_subject(session, err))
        return EXIT_FAILED;
    file_group_directory(&dir);
    if (!session_settle(session, interrupt_flag(), err))
        return EXIT_FAILED;
    struct keep_input input = session_keep_input(session);
    if (!group_offers_read(dir.p, &input, session->keep, &offers, err))
        return EXIT_FAILED;
    int code = work(args, session, &offers, err);
    group_offers_finish(&offers);
    return code;
}

static const struct option_text texts[] = {
    {"add", "NAME", "keep all members of the file group"},
    {NULL, NULL, NULL},
};

static const struct command_example examples[] = {
    {"xsmall families", "List the file groups that the trace used in part"},
    {"xsmall families timezone", "List the members of one group"},
    {"xsmall families --add timezone", "Keep all time zones"},
    {NULL, NULL},
};

const struct command command_families = {
    .name = "families",
    .synopsis = "[NAME | --json | --add NAME | --refuse NAME]",
    .help = "List partly used file groups; add or refuse the rest",
    .about = "A file group is a set of files of which a program opens some, depending on its input "
             "or environment: name service modules, locales, time zones, certificates. The trace "
             "shows those of one input only.",
    .options = " add refuse json ",
    .texts = texts,
    .examples = examples,
    .exit_no = "if the image has no file of the group",
    .run = run_families,
};
