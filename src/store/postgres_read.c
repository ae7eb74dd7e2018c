/* Values of a result in PostgreSQL's binary form. */
#include "store/postgres.h"

#include <assert.h>

enum { PG_TYPE_NUMERIC = 1700, PG_NUMERIC_HEADER = 8, PG_NUMERIC_NEGATIVE = 0x4000 };

static struct pg_stmt *of(struct stmt *q)
{
    return (struct pg_stmt *)(void *)q;
}

/* A big-endian integer of size bytes, with its sign. */
static int64_t read_int(const uint8_t *at, int size)
{
    uint64_t n = size > 0 && (at[0] & 0x80) ? UINT64_MAX : 0;

    for (int i = 0; i < size; i++)
        n = n << 8 | at[i];
    return (int64_t)n;
}

/* sum() over BIGINT is a NUMERIC: count of digits, weight of the first, sign, scale, then digits of
 * base 10000. What stands behind the point is left out; our sums have nothing there. */
static int64_t read_numeric(const uint8_t *at, int size)
{
    __int128 n = 0;
    int digits, weight;

    if (size < PG_NUMERIC_HEADER)
        return 0;
    digits = (int)read_int(at, 2);
    weight = (int)read_int(at + 2, 2);
    assert(weight < 5); /* beyond 10^20 no amount of ours can be */
    for (int i = 0; i <= weight; i++) {
        int digit = i < digits ? (int)read_int(at + PG_NUMERIC_HEADER + 2 * i, 2) : 0;

        n = n * 10000 + digit;
    }
    return (int64_t)(read_int(at + 4, 2) == PG_NUMERIC_NEGATIVE ? -n : n);
}

bool pg_is_null(struct stmt *q, int column)
{
    return PQgetisnull(of(q)->result, of(q)->row, column);
}

int64_t pg_get_int(struct stmt *q, int column)
{
    const PGresult *result = of(q)->result;
    int row = of(q)->row;
    const uint8_t *at = (const uint8_t *)PQgetvalue(result, row, column);
    int size = PQgetlength(result, row, column);

    if (PQgetisnull(result, row, column))
        return 0;
    if (PQftype(result, column) == PG_TYPE_NUMERIC)
        return read_numeric(at, size);
    assert(size <= 8);
    return size == 1 ? at[0] : read_int(at, size); /* one byte: a boolean */
}

struct text pg_get_text(struct stmt *q, int column)
{
    const PGresult *result = of(q)->result;
    int row = of(q)->row;

    if (PQgetisnull(result, row, column))
        return (struct text){NULL, 0};
    return (struct text){PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column)};
}
