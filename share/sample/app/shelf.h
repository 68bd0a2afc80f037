/* SPDX-License-Identifier: MIT
 *
 * The sample's program and its plugins: each plugin is a shared object with one function,
 * shelf_plugin, called with the shelf's database.
 */
#ifndef SHELF_H
#define SHELF_H

#include <sqlite3.h>

#define SHELF_DATA "/app/data/reading list.csv"

typedef int shelf_plugin_fn(sqlite3 *db);
shelf_plugin_fn shelf_plugin; /* returns 0, or prints an error to stderr */

#endif
