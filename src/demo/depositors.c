/* The six people of a demo city who can sign in. They are registered by the same code as everybody;
 * their passwords are random in each home and lie in it for all to read. */
#include "internal.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <unistd.h>

#include "member/member.h"

enum { SPECIAL_MAX = 200, NUMBER_MAX = 20, PHONE_MAX = 16, LINE_MAX_BYTES = 64 * 1024 };

struct depositor {
    char id_number[NUMBER_MAX], phone[PHONE_MAX], special[SPECIAL_MAX], password[PASSWORD_ROOM];
};

struct six {
    struct depositor list[DEPOSITORS];
    int found;
};

static bool take_word(const json_t *line, const char *key, char *out, size_t room)
{
    const char *word = json_string_value(json_object_get(line, key));

    return word && text_copy(text_of(word), out, room);
}

/* One line of truth.jsonl; most are about people who are nobody's example. */
static bool take_line(const char *text, struct six *six)
{
    json_t *line = json_loads(text, 0, NULL);
    int number = (int)json_integer_value(json_object_get(line, "demo"));
    bool ok = line != NULL;

    if (ok && number >= 1 && number <= DEPOSITORS) {
        struct depositor *d = &six->list[number - 1];

        ok = take_word(line, "id_number", d->id_number, sizeof d->id_number) &&
             take_word(line, "phone", d->phone, sizeof d->phone) &&
             take_word(json_object_get(line, "special"), "en", d->special, sizeof d->special);
        six->found++;
    }
    json_decref(line);
    return ok;
}

static enum result read_truth(const struct config *c, struct six *six, struct error *err)
{
    static char text[LINE_MAX_BYTES];
    char path[DEMO_PATH_MAX];
    bool ok = true;
    FILE *f;

    snprintf(path, sizeof path, "%s/truth.jsonl", c->home);
    f = fopen(path, "re");
    if (!f)
        return error_set(err, RESULT_IO, "%s: %s", path, strerror(errno));
    while (ok && six->found < DEPOSITORS && fgets(text, sizeof text, f))
        ok = take_line(text, six);
    fclose(f);
    if (!ok || six->found < DEPOSITORS)
        return error_set(err, RESULT_DAMAGED, "%s does not name %d demo depositors", path,
                         DEPOSITORS);
    return RESULT_OK;
}

/* Three groups of four, without the characters that look alike; letters and digits both. */
static void make_password(struct random *r, char out[PASSWORD_ROOM])
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyz", digits[] = "23456789";
    int at = 0;

    for (int group = 0; group < 3; group++) {
        if (group > 0)
            out[at++] = '-';
        for (int i = 0; i < 3; i++)
            out[at++] = letters[random_below(r, sizeof letters - 1)];
        out[at++] = digits[random_below(r, sizeof digits - 1)];
    }
    out[at] = '\0';
}

/* The list is whole before the first of them is registered: a command that is killed in between
 * finds their passwords again. */
static enum result write_list(const struct six *six, const char *path, struct error *err)
{
    char fresh[DEMO_PATH_MAX + 8];
    bool ok = true;
    FILE *f;

    snprintf(fresh, sizeof fresh, "%s.new", path);
    f = fopen(fresh, "we");
    if (!f)
        return error_set(err, RESULT_IO, "%s: %s", fresh, strerror(errno));
    for (int i = 0; i < DEPOSITORS; i++)
        ok = fprintf(f, "%d  ID number %s  password %s  %s\n", i + 1, six->list[i].id_number,
                     six->list[i].password, six->list[i].special) > 0 &&
             ok;
    ok = fflush(f) == 0 && fsync(fileno(f)) == 0 && ok;
    ok = fclose(f) == 0 && ok;
    if (!ok || rename(fresh, path) != 0)
        return error_set(err, RESULT_IO, "%s: %s", path, strerror(errno));
    return RESULT_OK;
}

static bool read_list(struct six *six, const char *path)
{
    FILE *f = fopen(path, "re");
    char line[SPECIAL_MAX + 128];
    int i = 0;

    while (f && i < DEPOSITORS && fgets(line, sizeof line, f)) {
        if (sscanf(line, "%*d ID number %*s password %15s", six->list[i].password) != 1)
            break;
        i++;
    }
    if (f)
        fclose(f);
    return i == DEPOSITORS;
}

static enum result register_one(struct member_desk *desk, struct db *db, struct random *random,
                                const struct depositor *d, struct error *err)
{
    const struct member_registration registration = {
        .id_number = text_of(d->id_number),
        .phone = text_of(d->phone),
        .password = text_of(d->password),
        .language = TEXT("zh"),
    };
    enum result r = member_register(desk, db, random, &registration, err);

    /* Registered by the command that was killed, with this password. */
    return r == RESULT_CONFLICT ? RESULT_OK : r;
}

static enum result register_all(const struct config *c, const struct six *six,
                                struct random *random, struct error *err)
{
    struct clock clock;
    struct member_desk desk = {.config = c, .clock = &clock};
    struct store *store = NULL;
    struct db *db = NULL;
    enum result r = config_clock(c, &clock, err);

    if (r == RESULT_OK)
        r = vault_open(c->keys, false, &desk.vault, err);
    if (r == RESULT_OK)
        r = store_open(c->home, c->database, &store, err);
    if (r == RESULT_OK)
        r = db_open(store, &db, err);
    for (int i = 0; i < DEPOSITORS && r == RESULT_OK; i++)
        r = register_one(&desk, db, random, &six->list[i], err);
    db_close(db);
    store_close(store);
    vault_close(desk.vault);
    return r;
}

enum result depositors_register(const struct config *c, struct error *err)
{
    struct six six = {.found = 0};
    char waiting[DEMO_PATH_MAX], path[DEMO_PATH_MAX];
    struct random random;
    enum result r = read_truth(c, &six, err);

    snprintf(waiting, sizeof waiting, "%s/tmp/demo-depositors", c->home);
    snprintf(path, sizeof path, "%s/demo-depositors.txt", c->home);
    random_system(&random);
    if (r == RESULT_OK && access(path, F_OK) == 0)
        return RESULT_OK; /* all of them are registered */
    if (r == RESULT_OK && !read_list(&six, waiting)) {
        for (int i = 0; i < DEPOSITORS; i++)
            make_password(&random, six.list[i].password);
        r = write_list(&six, waiting, err);
    }
    if (r == RESULT_OK)
        r = register_all(c, &six, &random, err);
    if (r == RESULT_OK && rename(waiting, path) != 0)
        r = error_set(err, RESULT_IO, "%s: %s", path, strerror(errno));
    return r;
}
