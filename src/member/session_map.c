/* The quick look at sessions: shared memory of all processes, beside the store which is the truth.
 *
 * A slot is a row of 64-bit words behind a sequence lock: a writer makes the count odd, writes,
 * makes it even; a reader copies the words and takes them when the count was even and the same
 * before and after. (Words are stored with release and loaded with acquire, which orders them with
 * the lock without fences.) Every write checks under the lock that the slot still holds the same
 * session: a look noted on another person's slot would keep that person's record from being
 * written. The last use stands beside the slots and is written without the lock: a use that is
 * noted just when the slot changes hands falls on a session that began at the same moment.
 *
 * A process that dies while it holds a lock leaves it odd, with its own number in it. Readers give
 * up after a bounded number of turns (the store is asked instead); a writer takes the lock over
 * when its owner is gone. A map of an earlier boot is emptied: its process numbers mean others now. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "member/session_map.h"

/* --- one slot ------------------------------------------------------------------------------- */

static uint64_t word(const struct slot *s, int i)
{
    return atomic_load_explicit(&s->words[i], memory_order_acquire);
}

static void word_set(struct slot *s, int i, uint64_t value)
{
    atomic_store_explicit(&s->words[i], value, memory_order_release);
}

static bool is_locked(uint64_t lock)
{
    return lock % 2 != 0;
}

/* The same count, held by this process; the count of a free lock becomes odd. */
static uint64_t locked_by_me(uint64_t lock)
{
    return (lock & UINT32_MAX) | 1 | (uint64_t)(uint32_t)getpid() << 32;
}

static bool owner_is_gone(uint64_t lock)
{
    return kill((pid_t)(lock >> 32), 0) != 0 && errno == ESRCH;
}

static bool slot_lock(struct slot *s)
{
    for (int turn = 0; turn < MAP_TURNS; turn++) {
        uint64_t lock = atomic_load_explicit(&s->lock, memory_order_relaxed);

        if (!is_locked(lock)) {
            if (atomic_compare_exchange_weak(&s->lock, &lock, locked_by_me(lock))) {
                return true;
            }
            continue;
        }
        /* Its owner died: what it wrote is half, so the slot is emptied and freed. */
        if (turn == MAP_TURNS / 2 && owner_is_gone(lock) &&
            atomic_compare_exchange_strong(&s->lock, &lock, locked_by_me(lock))) {
            word_set(s, WORD_STATE, SLOT_FREE);
            return true;
        }
        sched_yield();
    }
    return false;
}

static void slot_unlock(struct slot *s)
{
    uint64_t lock = atomic_load_explicit(&s->lock, memory_order_relaxed);

    atomic_store_explicit(&s->lock, (lock + 1) & UINT32_MAX, memory_order_release);
}

static void wait_a_turn(int turn)
{
    if (turn > 10) {
        sched_yield();
    }
}

static uint64_t used_of(const struct session_map *map, size_t i)
{
    return atomic_load_explicit(&map->at->used[i], memory_order_acquire);
}

/* A whole copy, with the last use; false when it could not be had. */
static bool slot_read(const struct session_map *map, size_t slot, uint64_t out[WORDS],
                      uint64_t *used)
{
    const struct slot *s = &map->at->slots[slot];

    for (int turn = 0; turn < MAP_TURNS; turn++) {
        uint64_t before = atomic_load_explicit(&s->lock, memory_order_acquire);

        if (!is_locked(before)) {
            for (int i = 0; i < WORDS; i++) {
                out[i] = word(s, i);
            }
            *used = used_of(map, slot);
            if (atomic_load_explicit(&s->lock, memory_order_relaxed) == before) {
                return true;
            }
        }
        wait_a_turn(turn);
    }
    return false;
}

static bool slot_holds(const struct slot *s, const uint8_t id[32])
{
    uint64_t words[4];

    memcpy(words, id, sizeof words);
    for (int i = 0; i < 4; i++) {
        if (word(s, WORD_ID + i) != words[i]) {
            return false;
        }
    }
    return (word(s, WORD_STATE) & 0xff) != SLOT_FREE;
}

/* The first slot of the session's set of MAP_WAYS. */
static size_t set_of(const uint8_t id[32])
{
    uint64_t h;

    memcpy(&h, id, sizeof h);
    return (size_t)(h % (MAP_SLOTS / MAP_WAYS)) * MAP_WAYS;
}

static off_t slot_offset(size_t i)
{
    return (off_t)(offsetof(struct shared, slots) + i * sizeof(struct slot));
}

static off_t used_offset(size_t i)
{
    return (off_t)(offsetof(struct shared, used) + i * sizeof(uint64_t));
}

/* Known to be no hole of the file, without asking the kernel. */
static bool page_is_known(struct session_map *map, off_t at)
{
    return atomic_load_explicit(&map->there[at / MAP_PAGE], memory_order_relaxed);
}

/* False when the place lies in a hole of the file: nobody has filled it. Not even reading may touch a
 * hole: tmpfs wants room for it, and on a full disk that ends the process (SIGBUS). A page that was
 * filled stays; where the file system does not tell, everything is there. */
static bool page_is_there(struct session_map *map, off_t at)
{
    off_t page = at / MAP_PAGE * MAP_PAGE, data;

    if (page_is_known(map, at)) {
        return true;
    }
    data = lseek(map->fd, page, SEEK_DATA);
    if (data > page || (data < 0 && errno == ENXIO)) {
        return false;
    }
    atomic_store_explicit(&map->there[page / MAP_PAGE], 1, memory_order_relaxed);
    return true;
}

/* A slot is there when its last use is as well: they are filled together. */
static bool slot_is_there(struct session_map *map, size_t i)
{
    return page_is_there(map, slot_offset(i)) && page_is_there(map, used_offset(i));
}

static bool slot_is_known(struct session_map *map, size_t i)
{
    return page_is_known(map, slot_offset(i)) && page_is_known(map, used_offset(i));
}

/* The kernel's look for a hole costs more than reading a session: it is asked only for a session that
 * is not where it need not be asked. */
static int slot_find(struct session_map *map, const uint8_t id[32])
{
    size_t first = set_of(id);

    for (size_t i = first; i < first + MAP_WAYS; i++) {
        if (slot_is_known(map, i) && slot_holds(&map->at->slots[i], id)) {
            return (int)i;
        }
    }
    for (size_t i = first; i < first + MAP_WAYS; i++) {
        if (!slot_is_known(map, i) && slot_is_there(map, i) && slot_holds(&map->at->slots[i], id)) {
            return (int)i;
        }
    }
    return -1;
}

static void session_from(const uint64_t w[WORDS], uint64_t used, int slot, struct session *out)
{
    memcpy(out->id, w + WORD_ID, sizeof out->id);
    memcpy(out->person, w + WORD_PERSON, sizeof out->person);
    memcpy(out->account, w + WORD_ACCOUNT, sizeof out->account);
    out->person[sizeof out->person - 1] = out->account[sizeof out->account - 1] = '\0';
    out->channel = (int)(w[WORD_STATE] >> 8);
    out->created = (instant)w[WORD_CREATED];
    out->ends = (instant)w[WORD_ENDS];
    out->previous = (instant)w[WORD_PREVIOUS];
    out->used = (instant)used;
    out->slot = slot;
}

/* --- what the module calls ------------------------------------------------------------------ */

enum result session_map_find(struct session_map *map, const uint8_t id[32], struct session *out)
{
    uint64_t w[WORDS], used;
    int i = slot_find(map, id);

    if (i < 0 || !slot_read(map, (size_t)i, w, &used) || memcmp(w, id, 32) != 0) {
        return RESULT_BUSY;
    }
    switch ((enum slot_state)(w[WORD_STATE] & 0xff)) {
    case SLOT_LIVE: session_from(w, used, i, out); return RESULT_OK;
    case SLOT_ENDED: return RESULT_NOT_FOUND;
    default: return RESULT_BUSY;
    }
}

/* A write that changes nothing: a load could overtake the words that were just filled in, and a
 * sign-out on another core would neither see them nor be seen. */
uint64_t session_map_endings(struct session_map *map)
{
    return atomic_fetch_add(&map->at->endings, 0);
}

/* The slot to fill: the session's own, a free one, an ended one, or the one used least lately. */
static int slot_choose(struct session_map *map, const uint8_t id[32])
{
    size_t first = set_of(id);
    int own = slot_find(map, id), best = (int)first;
    uint64_t oldest = UINT64_MAX;

    if (own >= 0) {
        return own;
    }
    for (size_t i = first; i < first + MAP_WAYS; i++) {
        const struct slot *s = &map->at->slots[i];
        uint64_t state = slot_is_there(map, i) ? word(s, WORD_STATE) & 0xff : SLOT_FREE;
        uint64_t age = state == SLOT_FREE ? 0 : state == SLOT_ENDED ? 1 : used_of(map, i);

        if (age < oldest) {
            oldest = age;
            best = (int)i;
        }
    }
    return best;
}

/* The file is sparse. Writing where the full disk has no room for it would end the process (SIGBUS);
 * the store is asked instead. A file system that cannot take room beforehand is not asked. */
static bool has_room(struct session_map *map, off_t at, size_t size)
{
    if (page_is_known(map, at)) {
        return true; /* part of a page that is there */
    }
    return fallocate(map->fd, FALLOC_FL_KEEP_SIZE, at, (off_t)size) == 0 ||
           (errno != ENOSPC && errno != EDQUOT && errno != EIO);
}

static bool slot_has_room(struct session_map *map, int i)
{
    return has_room(map, slot_offset((size_t)i), sizeof(struct slot)) &&
           has_room(map, used_offset((size_t)i), sizeof(uint64_t));
}

int session_map_fill(struct session_map *map, const struct session *session, instant flushed)
{
    int i = slot_choose(map, session->id);
    struct slot *s = &map->at->slots[i];
    uint64_t w[WORDS] = {0};

    if (!slot_has_room(map, i) || !slot_lock(s)) {
        return -1;
    }
    memcpy(w + WORD_ID, session->id, 32);
    memcpy(w + WORD_PERSON, session->person, sizeof session->person);
    memcpy(w + WORD_ACCOUNT, session->account, sizeof session->account);
    w[WORD_STATE] = SLOT_COMING | (uint64_t)session->channel << 8;
    w[WORD_CREATED] = (uint64_t)session->created;
    w[WORD_ENDS] = (uint64_t)session->ends;
    w[WORD_PREVIOUS] = (uint64_t)session->previous;
    w[WORD_FLUSHED] = (uint64_t)flushed;
    if (slot_holds(s, session->id)) {
        /* Two filled at once, or it has ended meanwhile: what is noted there stays. */
        for (int part = 0; part < PART_WORDS - 1; part++) {
            w[WORD_LOOKED + part] = word(s, WORD_LOOKED + part);
        }
        w[WORD_STATE] = word(s, WORD_STATE);
    }
    for (int k = 0; k < WORDS; k++) {
        word_set(s, k, w[k]);
    }
    atomic_store_explicit(&map->at->used[i], (uint64_t)session->used, memory_order_release);
    slot_unlock(s);
    return i;
}

/* Changes the state of the slot when it holds that session and is in state from. */
static bool slot_move(struct session_map *map, int i, const uint8_t id[32], int from, int to)
{
    struct slot *s = &map->at->slots[i];
    bool moved = false;

    if (!slot_lock(s)) {
        return false;
    }
    if (slot_holds(s, id)) {
        uint64_t state = word(s, WORD_STATE);

        if (from < 0 || (int)(state & 0xff) == from) {
            word_set(s, WORD_STATE, (state & ~UINT64_C(0xff)) | (uint64_t)to);
            moved = true;
        }
    }
    slot_unlock(s);
    return moved;
}

void session_map_publish(struct session_map *map, int slot, const uint8_t id[32])
{
    slot_move(map, slot, id, SLOT_COMING, SLOT_LIVE);
}

bool session_map_end(struct session_map *map, const uint8_t id[32])
{
    size_t first = set_of(id);
    bool ended = true;

    atomic_fetch_add(&map->at->endings, 1);
    /* Every slot of the set: two that filled at the same time may have chosen different ones, and
     * the second would be found again when the first is given to another session. */
    for (size_t i = first; i < first + MAP_WAYS; i++) {
        struct slot *s = &map->at->slots[i];

        if (slot_is_there(map, i) && slot_holds(s, id) &&
            !slot_move(map, (int)i, id, -1, SLOT_ENDED) && slot_holds(s, id)) {
            ended = false; /* held by another process, which may let it be believed again */
        }
    }
    return ended;
}

void session_map_use(struct session_map *map, const struct session *session, instant now)
{
    _Atomic uint8_t *touched = &map->at->touched[session->slot / MAP_GROUP_SLOTS];

    if (!slot_holds(&map->at->slots[session->slot], session->id)) {
        return;
    }
    /* In one order with the flush, which takes the mark away and then reads. */
    atomic_store(&map->at->used[session->slot], (uint64_t)now);
    if (!atomic_load(touched)) {
        atomic_store(touched, 1);
    }
}

instant session_map_looked(struct session_map *map, const struct session *session, int part)
{
    const struct slot *s;

    if (session->slot < 0 || part < 1 || part >= PART_WORDS) {
        return 0;
    }
    s = &map->at->slots[session->slot];
    for (int turn = 0; turn < MAP_TURNS; turn++) {
        uint64_t before = atomic_load_explicit(&s->lock, memory_order_acquire);
        instant looked = (instant)word(s, WORD_LOOKED + part - 1);
        bool holds = slot_holds(s, session->id);

        if (!is_locked(before) && atomic_load_explicit(&s->lock, memory_order_relaxed) == before) {
            return holds ? looked : 0;
        }
        wait_a_turn(turn);
    }
    return 0;
}

void session_map_set_looked(struct session_map *map, const struct session *session, int part,
                            instant at)
{
    struct slot *s;

    if (session->slot < 0 || part < 1 || part >= PART_WORDS) {
        return;
    }
    s = &map->at->slots[session->slot];
    if (!slot_lock(s)) {
        return;
    }
    if (slot_holds(s, session->id)) {
        word_set(s, WORD_LOOKED + part - 1, (uint64_t)at);
    }
    slot_unlock(s);
}

/* Slots of one group whose last use the store does not know. */
static size_t group_flush(struct session_map *map, int group, struct session *out, size_t room)
{
    size_t n = 0;

    for (int i = group * MAP_GROUP_SLOTS; i < (group + 1) * MAP_GROUP_SLOTS; i++) {
        struct slot *s = &map->at->slots[i];
        uint64_t w[WORDS], used;

        if (!slot_is_there(map, (size_t)i) || !slot_read(map, (size_t)i, w, &used) ||
            (w[WORD_STATE] & 0xff) != SLOT_LIVE || used == w[WORD_FLUSHED]) {
            continue;
        }
        if (n == room) {
            atomic_store(&map->at->touched[group], 1); /* the rest comes the next time */
            break;
        }
        session_from(w, used, i, &out[n]);
        if (!slot_lock(s)) {
            atomic_store(&map->at->touched[group], 1);
            continue;
        }
        if (slot_holds(s, out[n].id)) {
            word_set(s, WORD_FLUSHED, used);
            n++;
        }
        slot_unlock(s);
    }
    return n;
}

size_t session_map_flush(struct session_map *map, struct session *out, size_t room)
{
    size_t n = 0;

    for (int group = 0; group < MAP_GROUPS && n < room; group++) {
        if (atomic_exchange(&map->at->touched[group], 0) != 0) {
            n += group_flush(map, group, out + n, room - n);
        }
    }
    return n;
}
