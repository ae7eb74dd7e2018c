#include "identity.h"

#include <assert.h>

#include "date.h"
#include "utf8.h"

static bool all_digits(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] < '0' || p[i] > '9')
            return false;
    return true;
}

static bool all_capitals(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (p[i] < 'A' || p[i] > 'Z')
            return false;
    return true;
}

char id_check_character(const char *first17)
{
    static const uint8_t weights[17] = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    int sum = 0;

    if (!all_digits(first17, 17))
        return '\0';
    for (int i = 0; i < 17; i++)
        sum += (first17[i] - '0') * weights[i];
    return "10X98765432"[sum % 11];
}

/* False for a wrong character among the first 17 too: '\0' equals no check character. */
static bool checked_18(struct text t)
{
    char check;

    if (t.len != 18)
        return false;
    check = id_check_character(t.at);
    return check != '\0' && check == t.at[17];
}

bool id_resident_valid(struct text t)
{
    char birth[10];
    civil_date date;

    /* Regions of GB/T 2260 and the permits begin with 1 to 8; 9 is the foreigners' card. */
    if (!checked_18(t) || t.at[0] == '0' || t.at[0] == '9')
        return false;
    memcpy(birth, t.at + 6, 4);
    birth[4] = '-';
    memcpy(birth + 5, t.at + 10, 2);
    birth[7] = '-';
    memcpy(birth + 8, t.at + 12, 2);
    return date_parse((struct text){birth, sizeof birth}, &date);
}

bool id_foreign_permanent_valid(struct text t)
{
    if (t.len == 15)
        return all_capitals(t.at, 3) && all_digits(t.at + 3, 12);
    return checked_18(t) && t.at[0] == '9';
}

static bool capitals_and_digits(struct text t)
{
    for (size_t i = 0; i < t.len; i++)
        if (!all_digits(t.at + i, 1) && !all_capitals(t.at + i, 1))
            return false;
    return true;
}

bool id_valid(enum id_type type, struct text t)
{
    switch (type) {
    case ID_RESIDENT: return id_resident_valid(t);
    case ID_FOREIGN_PERMANENT: return id_foreign_permanent_valid(t);
    case ID_OFFICER:
    case ID_PASSPORT:
    case ID_OTHER: return t.len >= 1 && t.len <= 18 && capitals_and_digits(t);
    }
    return false;
}

char credit_code_check_character(const char *first17)
{
    static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    int sum = 0, weight = 1;

    for (int i = 0; i < 17; i++) {
        const char *place = first17[i] ? strchr(alphabet, first17[i]) : NULL;

        if (!place)
            return '\0';
        sum += (int)(place - alphabet) * weight;
        weight = weight * 3 % 31;
    }
    return alphabet[(31 - sum % 31) % 31];
}

bool credit_code_valid(struct text t)
{
    char check = t.len == 18 ? credit_code_check_character(t.at) : '\0';

    return check != '\0' && check == t.at[17];
}

/* The Luhn sum; doubles every second digit, beginning with the last but skip. */
static int luhn_sum(struct text t, size_t skip)
{
    int sum = 0;

    for (size_t i = 0; i < t.len; i++) {
        int digit = t.at[t.len - 1 - i] - '0';

        if (i % 2 == skip)
            digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
        sum += digit;
    }
    return sum;
}

bool bank_card_valid(struct text t)
{
    return t.len >= 12 && t.len <= 19 && all_digits(t.at, t.len) && luhn_sum(t, 1) % 10 == 0;
}

char bank_card_check_digit(struct text without_check)
{
    if (without_check.len < 1 || without_check.len > 18 ||
        !all_digits(without_check.at, without_check.len))
        return '\0';
    return (char)('0' + (10 - luhn_sum(without_check, 0) % 10) % 10);
}

bool mobile_phone_valid(struct text t)
{
    return t.len == 11 && t.at[0] == '1' && all_digits(t.at, t.len);
}

bool id_is_demo(enum id_type type, struct text t)
{
    /* The old permanent residence card: AAA is no country's code. */
    if (type == ID_FOREIGN_PERMANENT && t.len == 15)
        return text_starts(t, TEXT("AAA000"));
    if (t.len != 18)
        return false;
    /* The permits 81, 82 and 83 count as resident IDs but have regions of their own. */
    if (type == ID_RESIDENT && t.at[0] != '8')
        return text_starts(t, TEXT("530199"));
    return memcmp(t.at + 14, "000", 3) == 0;
}

bool phone_is_demo(struct text t)
{
    return t.len == 11 && text_starts(t, TEXT("100"));
}

bool card_is_demo(struct text t)
{
    return text_starts(t, TEXT("999999"));
}

/* The byte at which the character with this number begins; t.len when there are fewer. */
static size_t byte_of_character(struct text t, size_t number)
{
    size_t i = 0;

    for (; i < t.len; i++)
        if (!utf8_continues((uint8_t)t.at[i]) && number-- == 0)
            break;
    return i;
}

/* Leaves head characters at the front and tail at the back, and one star for each between. */
static void mask(struct text t, size_t head, size_t tail, char *out, size_t room)
{
    size_t characters = text_characters(t);
    size_t stars, head_bytes, tail_from;

    if (room == 0)
        return;
    out[0] = '\0';
    assert(head + tail <= characters || characters == 0);
    if (characters == 0)
        return;
    stars = characters - head - tail;
    head_bytes = byte_of_character(t, head);
    tail_from = byte_of_character(t, characters - tail);
    if (head_bytes + stars + (t.len - tail_from) >= room)
        return;
    memcpy(out, t.at, head_bytes);
    memset(out + head_bytes, '*', stars);
    memcpy(out + head_bytes + stars, t.at + tail_from, t.len - tail_from);
    out[head_bytes + stars + t.len - tail_from] = '\0';
}

/* A number of which fewer than four characters would be hidden shows a quarter at each end. */
static void mask_number(struct text t, size_t head, size_t tail, char *out, size_t room)
{
    size_t characters = text_characters(t);

    if (characters < head + tail + 4)
        head = tail = characters / 4;
    mask(t, head, tail, out, room);
}

void mask_id(struct text t, char *out, size_t room)
{
    mask_number(t, 6, 4, out, room);
}

void mask_phone(struct text t, char *out, size_t room)
{
    mask_number(t, 3, 4, out, room);
}

void mask_card(struct text t, char *out, size_t room)
{
    mask_number(t, 6, 4, out, room);
}

void mask_name(struct text t, char *out, size_t room)
{
    size_t characters = text_characters(t);

    mask(t, characters > 0, characters > 2, out, room);
}
