/* Private to src/config. */
#ifndef ANJU_CONFIG_INTERNAL_H
#define ANJU_CONFIG_INTERNAL_H

#include "config/config.h"

/* Room that is kept free behind the home folder's name for the names inside it. */
enum { CONFIG_NAME_ROOM = 128 };

/* "FOLDER/NAME" into out; the folder was checked to leave room. */
void config_path(char out[CONFIG_PATH_MAX], const char *folder, const char *name);

/* Fills home, program, assets from the environment and the running program. */
enum result config_find_places(struct config *c, struct error *err);

/* Sets keys: ANJU_KEYS, or the place a home of this kind has them. */
enum result config_find_keys(struct config *c, struct error *err);

/* Reads HOME/anju.yaml over the defaults, applies the environment, checks. */
enum result config_read(struct config *c, struct error *err);

/* Makes the home when it is absent, empty or half made; nothing when anju.yaml stands in it. */
enum result config_make(struct config *c, bool demo, civil_date until, struct error *err);

#endif
