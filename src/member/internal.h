/* Inside the member module. */
#ifndef ANJU_MEMBER_INTERNAL_H
#define ANJU_MEMBER_INTERNAL_H

#include "member/member.h"

/* Parts whose looks the session map notes: 1 to PART_WORDS - 1 (src/access). */
enum { PART_WORDS = 16 };

/* --- session_map.c --- */

/* OK: live; NOT_FOUND: known as ended; BUSY: not in the map, the store must be asked. */
enum result session_map_find(struct session_map *map, const uint8_t id[32], struct session *out);

/* Filling is in three steps, so that a session that ends meanwhile is never believed: read endings;
 * ask the store; fill (the slot is not believed yet); when endings is still the same, publish,
 * otherwise begin again. Returns the slot, or -1 when it could not be had. flushed: the last use
 * that the store knows. */
uint64_t session_map_endings(struct session_map *map);
int session_map_fill(struct session_map *map, const struct session *session, instant flushed);
void session_map_publish(struct session_map *map, int slot, const uint8_t id[32]);

/* After the store's commit: every process refuses this session from now on. */
bool session_map_end(struct session_map *map, const uint8_t id[32]);

/* Notes a use. */
void session_map_use(struct session_map *map, const struct session *session, instant now);

/* Sessions whose last use the store does not know yet, at most room; they count as known then. */
size_t session_map_flush(struct session_map *map, struct session *out, size_t room);

#endif
