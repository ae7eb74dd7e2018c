/* Numbers that people and units carry, and their check digits. */
#ifndef ANJU_BASE_IDENTITY_H
#define ANJU_BASE_IDENTITY_H

#include <stdbool.h>

#include "text.h"

/* JGJ/T 320 table A.1. */
enum id_type {
    ID_RESIDENT = 1, /* 居民身份证, and the residence permits 81/82/83 of the same form */
    ID_OFFICER = 2,  /* 军官证 */
    ID_PASSPORT = 3, /* 护照 */
    ID_FOREIGN_PERMANENT = 4, /* 外国人永久居留证 */
    ID_OTHER = 99,
};

/* The check character of the first 17 characters (ISO 7064 MOD 11-2, GB 11643): '0'…'9' or 'X';
 * '\0' when one is not a digit. */
char id_check_character(const char *first17);

/* An 18-digit resident ID or residence permit 810000/820000/830000: digits, a birth date that
 * exists, check character (capital X). */
bool id_resident_valid(struct text t);

/* A foreigner's permanent residence card: 18 digits beginning with 9 (since December 2023, same
 * check), or three capital letters and twelve digits (before). */
bool id_foreign_permanent_valid(struct text t);

/* Any document of that type: the two above by check digit, others by length 1 to 18 and
 * characters A-Z 0-9. */
bool id_valid(enum id_type type, struct text t);

/* Unified social credit code, GB 32100-2015: 18 characters, weights 3^k mod 31. */
bool credit_code_valid(struct text t);
char credit_code_check_character(const char *first17);

/* Bank card, ISO/IEC 7812: 12 to 19 digits, Luhn. */
bool bank_card_valid(struct text t);
char bank_card_check_digit(struct text without_check);

/* Mobile phone: 11 digits beginning with 1. */
bool mobile_phone_valid(struct text t);

/* Numbers that name nobody, for demo homes only: region 530199 on resident IDs, sequence 000 on
 * other 18-digit documents, AAA000 on the old permanent residence card, phones 100…, cards 999999…. */
bool id_is_demo(enum id_type type, struct text t);
bool phone_is_demo(struct text t);
bool card_is_demo(struct text t);

/* Masks: "530199********1234", "100****5678", "999999*********1234", "李*华" (first and last
 * character stay, of two characters the first). out has room bytes; "" when it does not fit. */
void mask_id(struct text t, char *out, size_t room);
void mask_phone(struct text t, char *out, size_t room);
void mask_card(struct text t, char *out, size_t room);
void mask_name(struct text t, char *out, size_t room);

#endif
