/* The progress bar, on a terminal only. */
#include <stdio.h>
#include <unistd.h>

#include "audit.h"

enum { BAR_CELLS = 30, TICK_ROWS = 4096 };

void audit_row(struct audit *a)
{
    double share;
    int cells;

    if (++a->rows % TICK_ROWS != 0 || !isatty(STDERR_FILENO) || a->rows_expected <= 0)
        return;
    share = a->rows < a->rows_expected ? (double)a->rows / (double)a->rows_expected : 1;
    cells = (int)(share * BAR_CELLS);
    fprintf(stderr, "\rauditing [");
    for (int i = 0; i < BAR_CELLS; i++)
        fputc(i < cells ? '#' : '.', stderr);
    fprintf(stderr, "] %3d %%", (int)(share * 100));
}

void audit_rows_end(const struct audit *a)
{
    if (a->rows >= TICK_ROWS && isatty(STDERR_FILENO))
        fputc('\n', stderr);
}
