/* Chance. A draw is a function of (key, what it is for, number): there is no stream that a decision
 * could disturb, so a life until one date is the beginning of the same life until a later one. */
#ifndef ANJU_CITY_DRAW_H
#define ANJU_CITY_DRAW_H

#include <stdint.h>

/* What a draw is for. Two draws with the same key, purpose and number are the same draw. */
enum purpose {
    FOR_KEY,
    FOR_UNIT,
    FOR_UNIT_RATIO,
    FOR_UNIT_OPENED,
    FOR_UNIT_CLOSED,
    FOR_UNIT_DAY,
    FOR_UNIT_JITTER,
    FOR_UNIT_LATE,
    FOR_UNIT_LAG,
    FOR_UNIT_NAME,
    FOR_BIRTH,
    FOR_NAME,
    FOR_PHONE,
    FOR_CARD,
    FOR_CATEGORY,
    FOR_OPENED,
    FOR_LEAVE,
    FOR_JOB,
    FOR_GAP,
    FOR_DAY,
    FOR_WAGE,
    FOR_RAISE,
    FOR_FATE,
    FOR_AMOUNT,
    FOR_REPAIR,
    FOR_FREEZE,
    FOR_RENT,
    FOR_REQUEST,
    FOR_LOAN,
    FOR_MERGE,
    FOR_PLANT,
};

/* The finishing function of splitmix64 (Steele, Lea and Flood; public domain). */
static inline uint64_t draw_mix(uint64_t z)
{
    z += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static inline uint64_t draw_u64(uint64_t key, enum purpose what, uint32_t number)
{
    return draw_mix(key ^ draw_mix((uint64_t)what << 32 | number));
}

/* 0 … below - 1. The bias of below / 2^32 is of no matter in a play. */
static inline uint32_t draw(uint64_t key, enum purpose what, uint32_t number, uint32_t below)
{
    return (uint32_t)((draw_u64(key, what, number) >> 32) * below >> 32);
}

#endif
