/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "explorer/chooser.h"
#include "cli/command.h"
#include "cli/docs.h"
#include "explorer/explorer.h"
#include "explorer/start_menu.h"
#include "cli/output.h"
#include "cli/usage.h"
#include "app/input_history.h"

/* Where standard input was an image, keys come from the terminal itself. */
static bool keys_from_terminal(struct err *err)
{
    if (isatty(STDIN_FILENO))
        return true;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    bool ok = fd >= 0 && dup2(fd, STDIN_FILENO) >= 0;
    if (fd >= 0)
        close(fd);
    return ok || err_set(err, "explorer: needs a terminal; xsmall --help lists the commands");
}

/* Which of the images of a source that holds several: asked on the screen. *left: by somebody who
 * would rather have none. */
static bool choose_image(struct args *args, const char *ref, const struct config *config,
                         bool *left, struct err *err)
{
    struct image_offers offers;
    if (!image_offers_read(ref, (struct image_choice){args->load.image, args->load.platform},
                           &offers, err))
        return false;
    bool ok = true;
    if (offers.n > 1 && isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
        BUF_AUTO struct buf title = {0};
        MEM_AUTO struct chooser_row *rows = mem_zero(offers.n, sizeof *rows);
        size_t at;
        for (size_t i = 0; i < offers.n; i++)
            rows[i] = (struct chooser_row){offers.list[i].label, offers.list[i].platform};
        buf_printf(&title, "%s holds %zu images: which one?", ref, offers.n);
        enum chooser_end end = chooser_run(title.p, rows, offers.n, config, &at, err);
        ok = end != CHOOSER_FAILED;
        *left = end == CHOOSER_LEFT;
        if (end == CHOOSER_CHOSEN)
            args->load.image = offers.list[at].number;
    }
    image_offers_finish(&offers);
    return ok;
}

static bool choose_images(struct args *args, const struct config *config, bool *left,
                          struct err *err)
{
    *left = false;
    for (size_t i = 0; i < args->n_operands && !*left; i++) {
        enum operand kind;
        if (!image_operand(args->operands[i], &kind, err) ||
            (kind == OPERAND_IMAGE && !choose_image(args, args->operands[i], config, left, err)))
            return false;
    }
    return true;
}

/* The explorer opens the session of its operands, or the one that is there; one that is not there
 * yet is made by the load. */
static int run_explorer(struct args *args, struct err *err)
{
    ARGS_STDIN_AUTO struct args_stdin keep = {0};
    BUF_AUTO struct buf session_path = {0};
    BUF_AUTO struct buf history = {0};
    struct config config;
    bool left;
    input_history_path(&history);
    config_init(&config);
    if (!config_read(&config, err))
        return EXIT_FAILED;
    config_fit(&config, !strcmp(nl_langinfo(CODESET), "UTF-8"));
    if (!args_read_stdin(args, &keep, err) || (keep.operands && !keys_from_terminal(err)))
        return EXIT_FAILED;
    FIRST_AUTO struct start_menu first;
    if (!start_menu_offer(&first, args, &config, &left, err) ||
        (!left && !choose_images(args, &config, &left, err)))
        return EXIT_FAILED;
    if (left)
        return EXIT_DONE;
    if (!session_find_path(args->session_path, args->operands, args->n_operands,
                           (struct image_choice){args->load.image, args->load.platform},
                           &session_path, err))
        return EXIT_FAILED;
    struct explorer_options options = {.session_path = session_path.p,
                                       .follow = args->load.follow,
                                       .config = &config,
                                       .history = history.p,
                                       .load = args_load_request(args, session_path.p)};
    return explorer_run(&options, err) ? EXIT_DONE : EXIT_FAILED;
}

/* Where the command's name stands: behind nothing but -s SESSION and -q. 0: there is none, this is
 * the explorer. */
static int find_name(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "-s") || !strcmp(argv[i], "--session"))
            i++;
        else if (argv[i][0] != '-')
            return command_find(argv[i]) ? i : 0;
        else if (strncmp(argv[i], "-s", 2) && strncmp(argv[i], "--session=", 10) &&
                 strcmp(argv[i], "-q") && strcmp(argv[i], "--quiet"))
            return 0;
    }
    return 0;
}

static int run(int argc, char **argv, struct err *err)
{
    int name = find_name(argc, argv);
    const struct command *command = name ? command_find(argv[name]) : NULL;
    struct args args;
    if (name) { /* what stands before it is the command's too */
        memmove(argv + name, argv + name + 1, (size_t)(argc - name) * sizeof *argv);
        argc--;
    }
    if (!args_parse(command, argc, argv, &args, err))
        return EXIT_FAILED;
    if (args.version) {
        BUF_AUTO struct buf versions = {0};
        docs_versions(&versions);
        fputs(versions.p, stdout);
        return EXIT_DONE;
    }
    if (args.help) {
        usage_print(command);
        return EXIT_DONE;
    }
    if (!command)
        return run_explorer(&args, err);
    if (command->no_operands && args.n_operands)
        return err_set(err, "%s: takes no operands (see --help)", command->name), EXIT_FAILED;
    return command->run(&args, err);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    setlocale(LC_CTYPE, "");
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write: the session is closed in order */
    signal(SIGXFSZ, SIG_IGN); /* so is a file that may not be so big */
    int code = run(argc, argv, &err);
    if (code != EXIT_DONE && err.kind != ERR_NONE)
        output_error(bytes_of(err.text));
    return code;
}
