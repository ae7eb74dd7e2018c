#include "manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MANIFEST "manifest.json"

enum { TOTAL_WHOLE_MAX = 16, CENTRE_CHARACTERS_MAX = 60 };

bool total_parse(struct text t, int64_t *fen)
{
    size_t first = t.len > 0 && t.at[0] == '-';
    int64_t value = 0;

    if (t.len < first + 4 || t.len > first + TOTAL_WHOLE_MAX + 3 || t.at[t.len - 3] != '.' ||
        (t.at[first] == '0' && t.len > first + 4))
        return false;
    for (size_t i = first; i < t.len; i++) {
        if (i == t.len - 3)
            continue;
        if (t.at[i] < '0' || t.at[i] > '9')
            return false;
        value = value * 10 + (t.at[i] - '0');
    }
    if (first && value == 0)
        return false;
    *fen = first ? -value : value;
    return true;
}

static void fault(struct faults *faults, const char *key, const char *words)
{
    fault_add(faults, MANIFEST, 1, key, FAULT_MANIFEST, "%s", words);
}

/* The member as text; at == NULL (said) when it is not one. */
static struct text member_text(const json_t *object, const char *key, struct faults *faults)
{
    const json_t *member = json_object_get(object, key);

    if (!json_is_string(member)) {
        fault(faults, key, "must be a text");
        return (struct text){NULL, 0};
    }
    return (struct text){json_string_value(member), json_string_length(member)};
}

static int64_t member_int(const json_t *object, const char *key, int64_t least,
                          struct faults *faults)
{
    const json_t *member = json_object_get(object, key);

    if (!json_is_integer(member) || json_integer_value(member) < least) {
        fault(faults, key, "must be a whole number, not below its least");
        return least;
    }
    return json_integer_value(member);
}

static bool set_id_valid(struct text t)
{
    if (t.len < 1 || t.len > SET_ID_MAX)
        return false;
    for (size_t i = 0; i < t.len; i++) {
        char c = t.at[i];

        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
              c == '.' || c == '_' || c == '-'))
            return false;
    }
    return true;
}

static void read_head(const json_t *root, struct manifest *out, struct faults *faults)
{
    struct text format = member_text(root, "format", faults);
    struct text id = member_text(root, "set_id", faults);
    struct text kind = member_text(root, "kind", faults);
    struct text as_of = member_text(root, "as_of", faults);
    struct text centre = member_text(root, "centre", faults);
    const json_t *demo = json_object_get(root, "demo");

    out->number = member_int(root, "set_number", 1, faults);
    if (format.at && !text_equal(format, TEXT("anju-exchange/1")))
        fault(faults, "format", "must be anju-exchange/1");
    if (id.at && !set_id_valid(id))
        fault(faults, "set_id", "must have 1 to 64 characters A-Z a-z 0-9 . _ -");
    else if (id.at)
        text_copy(id, out->set_id, sizeof out->set_id);
    out->whole = text_equal(kind, TEXT("whole"));
    if (kind.at && !out->whole && !text_equal(kind, TEXT("increment")))
        fault(faults, "kind", "must be whole or increment");
    else if (kind.at && out->whole != (out->number == 1))
        fault(faults, "kind", "the first set is whole, and no other");
    if (as_of.at && !date_parse(as_of, &out->as_of))
        fault(faults, "as_of", "must be a date");
    if (centre.at && (centre.len == 0 || text_characters(centre) > CENTRE_CHARACTERS_MAX ||
                      !text_is_clean_utf8(centre)))
        fault(faults, "centre", "must have 1 to 60 characters");
    if (!json_is_boolean(demo))
        fault(faults, "demo", "must be true or false");
    out->demo = json_is_true(demo);
}

static bool digest_parse(struct text t, uint8_t out[SHA256_SIZE])
{
    static const char hex[] = "0123456789abcdef";

    if (t.len != 2 * SHA256_SIZE)
        return false;
    for (size_t i = 0; i < t.len; i++) {
        const char *digit = t.at[i] ? strchr(hex, t.at[i]) : NULL;

        if (!digit)
            return false;
        out[i / 2] = (uint8_t)(out[i / 2] << 4 | (digit - hex));
    }
    return true;
}

static void read_totals(const json_t *file, const struct kind *kind, struct manifest_file *out,
                        struct faults *faults)
{
    const json_t *totals = json_object_get(file, "totals");

    if (!json_is_object(totals) || json_object_size(totals) != (size_t)kind->total_count) {
        fault(faults, kind->file, "totals must name exactly the columns that are summed");
        return;
    }
    for (int i = 0; i < kind->total_count; i++) {
        const char *name = kind->columns[kind->totals[i]].name;
        const json_t *total = json_object_get(totals, name);

        if (!json_is_string(total) ||
            !total_parse((struct text){json_string_value(total), json_string_length(total)},
                         &out->totals[i]))
            fault(faults, kind->file, "a total must be an amount in a text, such as \"0.00\"");
    }
}

static void read_files(const json_t *root, struct manifest *out, struct faults *faults)
{
    const json_t *files = json_object_get(root, "files");

    if (!json_is_array(files) || json_array_size(files) != FILE_COUNT) {
        fault(faults, "files", "must list all ten files");
        return;
    }
    for (int i = 0; i < FILE_COUNT; i++) {
        const json_t *file = json_array_get(files, (size_t)i);
        struct text name, digest;

        if (!json_is_object(file)) {
            fault(faults, "files", "must hold an object for each file");
            return;
        }
        name = member_text(file, "name", faults);
        digest = member_text(file, "sha256", faults);
        if (name.at && !text_equal(name, text_of(kinds[i].file))) {
            fault(faults, kinds[i].file, "is missing or not in its place in the list");
            return;
        }
        out->files[i].records = member_int(file, "records", 0, faults);
        if (digest.at && !digest_parse(digest, out->files[i].sha256))
            fault(faults, kinds[i].file, "sha256 must have 64 digits 0-9 a-f");
        read_totals(file, &kinds[i], &out->files[i], faults);
    }
}

enum result manifest_parse(const char *bytes, size_t size, struct manifest *out,
                           struct faults *faults, struct error *err)
{
    int64_t before = faults->count;
    json_error_t problem;
    json_t *root = json_loadb(bytes, size, JSON_REJECT_DUPLICATES, &problem);

    *out = (struct manifest){.number = 1};
    if (!root) {
        fault_add(faults, MANIFEST, problem.line > 0 ? problem.line : 1, NULL, FAULT_MANIFEST,
                  "not well-formed JSON");
    } else if (!json_is_object(root)) {
        fault(faults, NULL, "must be a JSON object");
    } else {
        read_head(root, out, faults);
        read_files(root, out, faults);
    }
    json_decref(root);
    return faults->count == before ? RESULT_OK
                                   : error_set(err, RESULT_INVALID, "manifest.json is wrong");
}

/* The whole file, at most MANIFEST_SIZE_MAX bytes; -1 when it cannot be read or is larger. */
static ssize_t read_whole(const char *dir, char *buffer)
{
    ssize_t size = 0, n = -1;
    struct stat st;
    int fd = -1;
    int folder = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (folder >= 0)
        fd = openat(folder, MANIFEST, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        goto done;
    while ((n = read(fd, buffer + size, (size_t)(MANIFEST_SIZE_MAX + 1 - size))) > 0)
        size += n;
done:
    if (fd >= 0)
        close(fd);
    if (folder >= 0)
        close(folder);
    return n == 0 && size <= MANIFEST_SIZE_MAX ? size : -1;
}

enum result manifest_read(const char *dir, struct manifest *out, struct faults *faults,
                          struct error *err)
{
    char *buffer = malloc(MANIFEST_SIZE_MAX + 1);
    enum result result;
    struct sha256 *sha = NULL;
    ssize_t size;

    if (!buffer || !(sha = sha256_new())) {
        result = error_set(err, RESULT_MEMORY, "out of memory");
        goto done;
    }
    size = read_whole(dir, buffer);
    if (size < 0) {
        fault(faults, NULL, "is missing, cannot be read or is larger than 64 KiB");
        result = error_set(err, RESULT_INVALID, "manifest.json cannot be read");
        goto done;
    }
    result = manifest_parse(buffer, (size_t)size, out, faults, err);
    sha256_of(sha, buffer, (size_t)size, out->sha256);
done:
    sha256_free(sha);
    free(buffer);
    return result;
}
