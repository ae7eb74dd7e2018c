/* The files of a set while they are written: under temporary names until all are whole. */
#ifndef ANJU_CITY_OUTFILES_H
#define ANJU_CITY_OUTFILES_H

#include "base/sha256.h"
#include "city.h"
#include "sheet.h"

struct outfile {
    int descriptor;
    struct sha256 *digest;
    int64_t records, total[TOTALS_MAX];
};

struct outfiles {
    int folder; /* descriptor of the set's folder */
    struct outfile file[FILES];
};

/* Makes the folder when it is absent; refuses one that is not empty. With force, the files of an
 * older set are removed first, its manifest before all others. */
enum result outfiles_open(struct outfiles *o, const char *dir, bool force, struct error *err);

/* Appends a sheet's lines to all files. */
enum result outfiles_write(struct outfiles *o, const struct sheet *s, struct error *err);

/* Gives the files their names, and writes the manifest last: before it there is no set. */
enum result outfiles_finish(struct outfiles *o, const struct city *c, struct error *err);

/* Closes what is open; without a finish before it, the temporary files are removed. */
void outfiles_close(struct outfiles *o);

#endif
