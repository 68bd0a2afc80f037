/* SPDX-License-Identifier: MIT
 *
 * The program of the sample: a reading list. It uses the file system as real programs do: it looks
 * up its user, its locale and its terminal, reads a configuration, loads the plugins that the
 * configuration names, and writes a database.
 */
#include "shelf.h"

#include <curses.h>
#include <dlfcn.h>
#include <locale.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

static void greet(void)
{
    struct passwd *user = getpwuid(getuid());
    int error;
    int colors = setupterm(NULL, STDOUT_FILENO, &error) == OK ? tigetnum("colors") : 0;
    printf("shelf of %s, %s colours\n", user ? user->pw_name : "nobody",
           colors > 0 ? "with" : "no");
}

static int run_plugin(const char *name, sqlite3 *db)
{
    char path[256];
    snprintf(path, sizeof path, "/app/plugins/%s.so", name);
    void *plugin = dlopen(path, RTLD_NOW);
    shelf_plugin_fn *run = plugin ? (shelf_plugin_fn *)dlsym(plugin, "shelf_plugin") : NULL;
    if (!run) {
        fprintf(stderr, "shelf: %s\n", dlerror());
        return 1;
    }
    return run(db);
}

static int run_plugins(FILE *config, sqlite3 *db)
{
    char line[128], name[64];
    while (fgets(line, sizeof line, config))
        if (sscanf(line, "plugin %63s", name) == 1 && run_plugin(name, db))
            return 1;
    return 0;
}

int main(int argc, char **argv)
{
    const char *config_path = argc > 1 ? argv[1] : "/app/etc/shelf.conf";
    sqlite3 *db;
    setlocale(LC_ALL, "");
    greet();
    FILE *config = fopen(config_path, "r");
    if (!config) {
        perror(config_path);
        return 1;
    }
    if (sqlite3_open("/app/var/shelf.db", &db) != SQLITE_OK) {
        fprintf(stderr, "shelf: %s\n", sqlite3_errmsg(db));
        return 1;
    }
    int status = run_plugins(config, db);
    fclose(config);
    sqlite3_close(db);
    return status;
}
