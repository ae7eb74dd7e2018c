#include "wages.h"

#include "base/date.h"
#include "draw.h"
#include "interest.h"

enum { BASIS_YEAR = 2026 };

/* Wages rose by 7.2 % a year up to the basis and rise by 3 % after it; millionths of the basis. */
static int64_t level_of(int year)
{
    int64_t level = 1000000;

    for (int y = BASIS_YEAR; y > year; y--)
        level = level * 1000 / 1072;
    for (int y = BASIS_YEAR; y < year; y++)
        level = level * 1030 / 1000;
    return level;
}

/* The upper limit of bases, three times the city's mean wage. The two of 2025 and 2026 are those
 * of Kunming; the others follow the level of wages. */
static int64_t highest_base(int32_t month)
{
    int year = month / 12;

    if (month >= month_of(2025, 1).n && month < month_of(2026, 9).n)
        return 3247000;
    if (month >= month_of(2026, 9).n && year == 2026)
        return 3254300;
    return 3254300 * level_of(year) / 1000000 / 100 * 100;
}

static int64_t lowest_base(int32_t month)
{
    return 227000 * level_of(month / 12) / 1000000 / 1000 * 1000;
}

int64_t wage_of(const struct person *p)
{
    int64_t u = draw(p->key, FOR_WAGE, 0, 1000);

    return 190000 + u * 350 + u * u * u / 1000 * 38 / 10;
}

/* The demo depositors' bases are round: so many yuan now, 400 less for each year before. */
static int64_t special_base(const struct world *w, const struct person *p, int32_t month)
{
    static const int64_t now[SPECIALS] = {1000000, 600000, 800000, 1200000, 950000, 1500000};
    int64_t base =
        now[p->special - 1] - 40000 * (month_of_day(w->anchor) / 12 - (int64_t)(month / 12));

    return base < 300000 ? 300000 : base;
}

int64_t base_for(const struct world *w, const struct person *p, int64_t wage, int32_t month)
{
    int year = month / 12;
    int64_t base, low = lowest_base(month), high = highest_base(month);

    if (p->special) {
        base = special_base(w, p, month);
    } else {
        base = wage * level_of(year) / 1000000;
        base = base * (960 + draw(p->key, FOR_RAISE, (uint32_t)year, 90)) / 1000;
        /* three in four have their wages counted in whole yuan */
        if (draw(p->key, FOR_WAGE, 1, 4) != 0)
            base = base / 100 * 100;
    }
    return base < low ? low : base > high ? high : base;
}

int64_t share_of(int64_t base, int32_t ratio)
{
    return half_up((__int128)base * ratio, INT64_C(1000000) * 100) * 100;
}
