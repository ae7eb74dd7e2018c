/* Reading enquiries: the holder's own with the answers, and the centre's queue. */
#include <assert.h>

#include "enquiry/internal.h"

enum result words_open(const struct enquiry_desk *d, struct arena *a, const char *table,
                       struct text person, struct text sealed, struct text *out, struct error *err)
{
    struct vault_item item = {.place = {table, "words", person}, .in = sealed};

    item.out = arena_alloc(a, sealed.len > 0 ? sealed.len : 1);
    if (!item.out) {
        return error_set(err, RESULT_MEMORY, "no memory for the words of an enquiry");
    }
    if (vault_open_fields(d->vault, &item, 1) != RESULT_OK) {
        return error_set(err, RESULT_DAMAGED, "the words of an enquiry do not open");
    }
    *out = (struct text){(const char *)item.out, item.out_len};
    return RESULT_OK;
}

static struct text keep(struct arena *a, struct text t, bool *failed)
{
    char *copy = arena_copy(a, t);

    *failed |= !copy;
    return (struct text){copy, t.len};
}

static enum result enquiry_read(const struct enquiry_desk *d, struct arena *a, struct stmt *q,
                                struct text person, struct enquiry *e, struct error *err)
{
    bool failed = false;

    *e = (struct enquiry){
        .seq = column_int(q, 0),
        .number = keep(a, column_text(q, 1), &failed),
        .account = keep(a, column_text(q, 2), &failed),
        .about = (int)column_int(q, 3),
        .reference = keep(a, column_text(q, 4), &failed),
        .asked = column_int(q, 6),
        .due_on = column_date(q, 7),
        .state = (int)column_int(q, 8),
    };
    if (failed) {
        return error_set(err, RESULT_MEMORY, "no memory for an enquiry");
    }
    return words_open(d, a, "desk.enquiry", person, column_bytes(q, 5), &e->words, err);
}

/* Reads the answers to list[0] … list[count - 1], which come newest enquiry first. */
static enum result answers_read(const struct enquiry_desk *d, struct db *db, struct arena *a,
                                struct text person, struct enquiry *list, size_t count,
                                struct error *err)
{
    size_t room = count * ENQUIRY_ANSWERS_MAX, n = 0, i = 0;
    struct enquiry_answer *all = arena_alloc(a, room * sizeof *all);
    struct stmt *q = db_query(db, QUERY_enquiry_answers);
    enum stmt_step step;

    if (!all) {
        return error_set(err, RESULT_MEMORY, "no memory for answers");
    }
    stmt_text(q, 1, person);
    stmt_int(q, 2, list[count - 1].seq);
    stmt_int(q, 3, list[0].seq);
    stmt_int(q, 4, (int64_t)room);
    while ((step = stmt_step(q)) == STMT_ROW) {
        struct enquiry_answer *answer = &all[n++];
        bool failed = false;
        enum result r;

        while (i < count && list[i].seq != column_int(q, 0)) {
            i++;
        }
        answer->at = column_int(q, 1);
        answer->staff = keep(a, column_text(q, 2), &failed);
        answer->office = keep(a, column_text(q, 3), &failed);
        r = failed || i == count ? error_set(err, RESULT_MEMORY, "no memory for an answer")
                                 : words_open(d, a, "desk.enquiry_answer", person,
                                              column_bytes(q, 4), &answer->words, err);
        if (r != RESULT_OK) {
            stmt_end(q);
            return r;
        }
        if (list[i].answer_count++ == 0) {
            list[i].answers = answer;
        }
    }
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

enum result enquiry_list(const struct enquiry_desk *d, struct db *db, struct arena *a,
                         const struct view *v, int64_t before_seq, int limit, struct enquiry **out,
                         size_t *count, bool *more, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_enquiries_of_person);
    struct enquiry *list;
    size_t n = 0;
    enum stmt_step step = STMT_DONE;

    assert(view_is_good(v, PART_ENQUIRIES));
    assert(limit >= 1 && limit <= ENQUIRY_LIST_MAX);
    list = arena_alloc(a, sizeof *list * (size_t)limit);
    if (!list) {
        return error_set(err, RESULT_MEMORY, "no memory for %d enquiries", limit);
    }
    stmt_text(q, 1, v->person);
    stmt_int(q, 2, before_seq > 0 ? before_seq : INT64_MAX);
    stmt_int(q, 3, limit + 1);
    *more = false;
    while ((step = stmt_step(q)) == STMT_ROW) {
        enum result r = RESULT_OK;

        *more = n == (size_t)limit;
        if (!*more) {
            r = enquiry_read(d, a, q, v->person, &list[n++], err);
        }
        if (*more || r != RESULT_OK) {
            stmt_end(q);
            if (r != RESULT_OK) {
                return r;
            }
            break;
        }
    }
    if (step == STMT_FAILED) {
        return db_failure(db, err);
    }
    *out = list;
    *count = n;
    return n > 0 ? answers_read(d, db, a, v->person, list, n, err) : RESULT_OK;
}

enum result enquiry_queue(struct db *db, struct arena *a, int state, int limit,
                          struct enquiry_due **out, size_t *count, struct error *err)
{
    struct stmt *q = db_query(db, QUERY_enquiries_by_state);
    struct enquiry_due *list = arena_alloc(a, sizeof *list * (size_t)limit);
    enum stmt_step step;

    assert(limit >= 1 && limit <= ENQUIRY_QUEUE_MAX);
    if (!list) {
        return error_set(err, RESULT_MEMORY, "no memory for %d enquiries", limit);
    }
    *count = 0;
    stmt_int(q, 1, state);
    stmt_int(q, 2, limit);
    while ((step = stmt_step(q)) == STMT_ROW) {
        bool failed = false;

        list[*count] = (struct enquiry_due){
            .number = keep(a, column_text(q, 0), &failed),
            .about = (int)column_int(q, 1),
            .asked = column_int(q, 2),
            .due_on = column_date(q, 3),
        };
        (*count)++;
        if (failed) {
            stmt_end(q);
            return error_set(err, RESULT_MEMORY, "no memory for %d enquiries", limit);
        }
    }
    *out = list;
    return step == STMT_DONE ? RESULT_OK : db_failure(db, err);
}

enum result enquiry_find(struct db *db, struct text number, struct enquiry_place *out,
                         struct error *err)
{
    struct stmt *q = db_query(db, QUERY_enquiry_find);
    enum stmt_step step;
    bool fits;

    stmt_text(q, 1, number);
    step = stmt_step(q);
    if (step != STMT_ROW) {
        return step == STMT_DONE ? error_set(err, RESULT_NOT_FOUND, "there is no such enquiry")
                                 : db_failure(db, err);
    }
    fits = text_copy(column_text(q, 0), out->person, sizeof out->person) &&
           text_copy(column_text(q, 2), out->account, sizeof out->account);
    out->seq = column_int(q, 1);
    stmt_end(q);
    return fits ? RESULT_OK
                : error_set(err, RESULT_DAMAGED, "desk.enquiry holds a number that is too long");
}
