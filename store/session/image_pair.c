/* SPDX-License-Identifier: MIT
 *
 * Loads the images as subject and base of a private session; layers that both images have are read
 * once.
 */
#include "session/image_pair.h"

#include "db/loading.h"

static bool load_both(struct db *db, const struct image_pair_request *request,
                      struct progress *progress, struct err *err)
{
    int64_t load;
    bool was_there;
    if (!loading_begin(db, &load, err))
        return false;
    struct image_request a = {.ref = request->a,
                              .role = "subject",
                              .choice = request->choice_a,
                              .verify = request->verify,
                              .load = load};
    struct image_request b = {.ref = request->b,
                              .role = "base",
                              .choice = request->choice_b,
                              .verify = request->verify,
                              .load = load};
    return image_load(db, &a, progress, &was_there, err) &&
           image_load(db, &b, progress, &was_there, err) && loading_finish(db, load, err);
}

static bool read_one(struct db *db, const char *role, struct tree **tree, struct image_info *info,
                     struct err *err)
{
    return tree_read(db, role, tree, err) && image_info_read(db, role, info, err) != LOOKUP_ERR;
}

bool image_pair_load(const struct image_pair_request *request, struct progress *progress,
                     struct image_pair *out, struct err *err)
{
    struct db *db;
    *out = (struct image_pair){0};
    if (!db_open_scratch(&db, err))
        return false;
    bool ok = load_both(db, request, progress, err) &&
              read_one(db, "subject", &out->a, &out->a_info, err) &&
              read_one(db, "base", &out->b, &out->b_info, err);
    db_close(db);
    if (!ok)
        image_pair_finish(out);
    return ok;
}

void image_pair_finish(struct image_pair *pair)
{
    tree_destroy(pair->a);
    tree_destroy(pair->b);
    image_info_finish(&pair->a_info);
    image_info_finish(&pair->b_info);
    *pair = (struct image_pair){0};
}
