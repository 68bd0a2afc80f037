/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <glob.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "explorer/chooser.h"
#include "cli/command.h"
#include "cli/docs/docs.h"
#include "explorer/explorer.h"
#include "explorer/start_menu.h"
#include "cli/output.h"
#include "cli/docs/usage.h"
#include "cli/docs/wrap.h"
#include "app/input_history.h"
#include "util/interrupt.h"

/* Makes the terminal the standard input, after an image was read from it. */
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

/* Sets args->load.image if the source ref holds several images: on a terminal, lists them and lets
 * the user choose. *left: the user left the list without a choice. */
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
        buf_printf(&title, "%s: %zu images; choose one", ref, offers.n);
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

/* Runs the explorer on the session of the operands, or on the only session of the directory. If the
 * session does not exist yet, the load creates it. */
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

static bool has_session(void)
{
    glob_t found;
    bool ok = glob("*.xsmall", GLOB_NOSORT, NULL, &found) == 0;
    globfree(&found);
    return ok;
}

/* Prints to standard error what a new user can do next, if the explorer was started with nothing to
 * open. */
static void print_first_steps(const struct args *args)
{
    enum { NARROWEST = 20 /* columns; a narrower terminal did not set its size */ };
    BUF_AUTO struct buf text = {0};
    struct winsize size;
    bool has_size = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= NARROWEST;
    if (args->session_path || args->n_operands || args->load.base || has_session())
        return;
    usage_first_steps(has_size ? size.ws_col : WRAP_WIDTH, &text);
    fputs(text.p, stderr);
}

/* Returns the index of the command's name in argv: only -s SESSION and -q can precede it. Returns 0
 * if there is no command; the explorer runs then. */
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

static int run(int argc, char **argv, bool *first_steps, struct args *args, struct err *err)
{
    int name = find_name(argc, argv);
    const struct command *command = name ? command_find(argv[name]) : NULL;
    if (name) { /* options before the name belong to the command */
        memmove(argv + name, argv + name + 1, (size_t)(argc - name) * sizeof *argv);
        argc--;
    }
    if (!args_parse(command, argc, argv, args, err))
        return EXIT_FAILED;
    if (args->version) {
        BUF_AUTO struct buf versions = {0};
        docs_versions(&versions);
        fputs(versions.p, stdout);
        return output_finish(err) ? EXIT_DONE : EXIT_FAILED;
    }
    if (args->help) {
        BUF_AUTO struct buf text = {0};
        usage_write(command, &text);
        fputs(text.p, stdout);
        return output_finish(err) ? EXIT_DONE : EXIT_FAILED;
    }
    if (!command && args->n_operands && !command_check_operand(args->operands[0], err))
        return EXIT_FAILED;
    if (!command) {
        *first_steps = true;
        return run_explorer(args, err);
    }
    if (command->no_operands && args->n_operands)
        return err_set(err, "%s %s: unexpected argument; see xsmall %s --help", command->name,
                       args->operands[0], command->name),
               EXIT_FAILED;
    return command->run(args, err);
}

/* Ends as grep does: output that could not be written is a failure, and a closed pipe ends the
 * program by SIGPIPE, without a message. */
static int end_in_order(int code, struct err *err)
{
    struct err unwritten;
    if (!output_finish(&unwritten) && code != EXIT_FAILED) {
        code = EXIT_FAILED;
        err_copy(err, &unwritten);
    }
    if (interrupt_signal() == SIGPIPE && code == EXIT_FAILED) {
        signal(SIGPIPE, SIG_DFL);
        raise(SIGPIPE);
    }
    if (interrupt_is_on() && code == EXIT_FAILED)
        err_cancelled(err);
    if (code != EXIT_DONE && err->kind != ERR_NONE)
        output_error(bytes_of(err->text));
    return code;
}

int main(int argc, char **argv)
{
    struct err err = {0};
    struct args args = {0};
    bool first_steps = false;
    interrupt_catch();
    setlocale(LC_CTYPE, "");
    int code = end_in_order(run(argc, argv, &first_steps, &args, &err), &err);
    if (code == EXIT_FAILED && first_steps)
        print_first_steps(&args);
    return code;
}
