/* Invented names: of people, units and offices. Any likeness is the work of chance. */
#ifndef ANJU_CITY_NAMES_H
#define ANJU_CITY_NAMES_H

#include <stdint.h>

#define CENTRE_NAME   "示范市住房公积金管理中心"
#define COURT_NAME    "示范市人民法院"
#define CENTRE_OFFICE "示范市住房公积金管理中心稽核处"
#define BANK_NAME     "示范市商业银行"

enum { NAME_MAX_BYTES = 96, UNIT_NAME_MAX_BYTES = 160 };

/* A Chinese name; one in some hundreds has a character above U+20000. */
void name_of_person(uint64_t key, uint32_t number, char *out);
void name_of_foreigner(uint64_t key, char *out);
void name_of_unit(int64_t index, uint64_t key, char *out);
const char *name_of_office(int64_t unit_index);
const char *name_of_bank(uint64_t key);

#endif
