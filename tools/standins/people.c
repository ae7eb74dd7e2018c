#include "people.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

enum { EXAMPLES_EACH = 3, NEEDLE_MAX = 64 };

static struct text truth; /* mapped for as long as the program runs */

/* In no file of the city: so many people it does not let be born on one day. */
static const struct person elsewhere = {"段明远", "530199198711119911", "9999990000009916",
                                        "10099990001"};

enum result people_open(const struct config *config, struct error *err)
{
    char path[CONFIG_PATH_MAX + 32];
    struct stat st;
    int fd;
    void *at;

    snprintf(path, sizeof path, "%.1000s/truth.jsonl", config->home);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        return RESULT_OK; /* a demo home without a city */
    }
    if (fd < 0 || fstat(fd, &st) != 0) {
        error_set(err, RESULT_IO, "cannot read %s: %s", path, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return RESULT_IO;
    }
    at = st.st_size > 0 ? mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    close(fd);
    if (at == MAP_FAILED) {
        return error_set(err, RESULT_IO, "cannot map %s: %s", path, strerror(errno));
    }
    truth = (struct text){at, (size_t)st.st_size};
    return RESULT_OK;
}

/* The next line from *at; false at the end. */
static bool line_next(size_t *at, struct text *out)
{
    const char *from = truth.at + *at, *end;

    if (*at >= truth.len) {
        return false;
    }
    end = memchr(from, '\n', truth.len - *at);
    *out = (struct text){from, end ? (size_t)(end - from) : truth.len - *at};
    *at += out->len + 1;
    return true;
}

static bool take(const json_t *line, const char *key, char *out, size_t room)
{
    return text_copy(text_of(json_string_value(json_object_get(line, key))), out, room) && out[0];
}

static bool person_read(const json_t *line, struct person *out)
{
    return take(line, "name", out->name, sizeof out->name) &&
           take(line, "id_number", out->id_number, sizeof out->id_number) &&
           take(line, "card", out->card, sizeof out->card) &&
           take(line, "phone", out->phone, sizeof out->phone);
}

bool people_find(const char *id_number, struct person *out)
{
    char needle[NEEDLE_MAX];
    struct text line;
    size_t at = 0;
    bool found = false;

    if (strcmp(id_number, elsewhere.id_number) == 0) {
        *out = elsewhere;
        return true;
    }
    /* The number with its quotes: it cannot stand in the middle of anything else. */
    if (snprintf(needle, sizeof needle, "\"%s\"", id_number) >= (int)sizeof needle) {
        return false;
    }
    while (!found && line_next(&at, &line)) {
        if (memmem(line.at, line.len, needle, strlen(needle))) {
            json_t *json = json_loadb(line.at, line.len, 0, NULL);

            found = person_read(json, out) && strcmp(out->id_number, id_number) == 0;
            json_decref(json);
        }
    }
    return found;
}

/* --- examples --- */

static bool kind_of(const json_t *line, enum person_kind *out)
{
    if (json_integer_value(json_object_get(line, "demo")) > 0) {
        *out = PERSON_REGISTERED;
    } else if (json_is_string(json_object_get(line, "closed"))) {
        return false;
    } else {
        *out = json_is_null(json_object_get(line, "last_contribution")) ? PERSON_NEW : PERSON_READY;
    }
    return true;
}

static int by_kind(const void *a, const void *b)
{
    const struct example *one = a, *other = b;

    return one->kind != other->kind ? (int)one->kind - (int)other->kind
                                    : strcmp(one->person.id_number, other->person.id_number);
}

size_t people_examples(struct example out[EXAMPLES_MAX])
{
    size_t counts[PERSON_KINDS] = {0}, count = 0, at = 0;
    struct text line;

    while (count < EXAMPLES_MAX - 1 && line_next(&at, &line) &&
           (counts[PERSON_READY] < EXAMPLES_EACH || counts[PERSON_NEW] < EXAMPLES_EACH ||
            counts[PERSON_REGISTERED] < EXAMPLES_EACH)) {
        json_t *json = json_loadb(line.at, line.len, 0, NULL);
        struct example *e = &out[count];

        if (kind_of(json, &e->kind) && counts[e->kind] < EXAMPLES_EACH &&
            person_read(json, &e->person)) {
            counts[e->kind]++;
            count++;
        }
        json_decref(json);
    }
    out[count++] = (struct example){PERSON_ELSEWHERE, elsewhere};
    qsort(out, count, sizeof *out, by_kind);
    return count;
}
