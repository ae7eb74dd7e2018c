#include "yaml/yaml.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const cyaml_strval_t yaml_switch[2] = {{"false", 0}, {"true", 1}};

enum { COMPLAINT_MAX = 200, KEY_MAX = 64 };

/* What libcyaml said while it failed: the complaint comes first, then where it happened, innermost
 * place first. */
struct complaint {
    char words[COMPLAINT_MAX];
    char place[KEY_MAX]; /* "field 'rate'", "" when unknown */
    int line;            /* 0: unknown */
};

static void take_log(cyaml_log_t level, void *context, const char *format, va_list args)
{
    static const char before[] = "Load: ";
    struct complaint *c = context;
    char message[COMPLAINT_MAX];
    const char *words = message, *line;
    size_t len;

    (void)level;
    vsnprintf(message, sizeof message, format, args);
    len = strlen(message);
    if (len > 0 && message[len - 1] == '\n')
        message[len - 1] = '\0';
    if (strncmp(words, before, sizeof before - 1) == 0)
        words += sizeof before - 1;
    if (strcmp(words, "Backtrace:") == 0)
        return;
    line = strstr(words, "(line: ");
    if (line && strncmp(words, "  in ", 5) == 0) {
        const char *name = strchr(words, '\'');
        if (c->line == 0) {
            c->line = (int)strtol(line + 7, NULL, 10);
            if (name && strstr(words, "field '"))
                snprintf(c->place, sizeof c->place, "%.*s", (int)strcspn(name + 1, "'"), name + 1);
        }
    } else if (c->words[0] == '\0') {
        snprintf(c->words, sizeof c->words, "%s", words);
    }
}

/* The line on which key stands, at or after the given one: libcyaml names for an unexpected key
 * the place before it. 0 when there is none. */
static int line_of_key(const char *text, const char *key, int from)
{
    size_t len = strlen(key);
    int line = 1;

    for (const char *p = text; *p; line++) {
        const char *start = p + strspn(p, " -{");
        if (line >= from && strncmp(start, key, len) == 0 && start[len] == ':')
            return line;
        p += strcspn(p, "\n");
        if (*p == '\n')
            p++;
    }
    return 0;
}

static enum result explain(const char *path, const char *text, const struct complaint *c,
                           cyaml_err_t code, struct error *err)
{
    static const char unexpected[] = "Unexpected key: ";
    int line = c->line;
    char at[16] = "";

    if (code == CYAML_ERR_INVALID_KEY &&
        strncmp(c->words, unexpected, sizeof unexpected - 1) == 0) {
        const char *key = c->words + sizeof unexpected - 1;
        int found = line_of_key(text, key, line);
        snprintf(at, sizeof at, ":%d", found ? found : line);
        return error_set(err, RESULT_CONFIG, "%s%s: unknown key \"%s\"", path, at, key);
    }
    if (line > 0)
        snprintf(at, sizeof at, ":%d", line);
    return error_set(err, RESULT_CONFIG, "%s%s: %s%s%s", path, at, c->place,
                     c->place[0] ? ": " : "", c->words[0] ? c->words : cyaml_strerror(code));
}

static enum result read_file(const char *path, char **out, size_t *len, struct error *err)
{
    char *text = malloc(YAML_FILE_MAX + 1);
    FILE *f = fopen(path, "re");
    enum result r = RESULT_OK;

    if (!text) {
        r = error_set(err, RESULT_MEMORY, "out of memory while reading %s", path);
        goto done;
    }
    if (!f) {
        r = error_set(err, RESULT_IO, "%s: %s", path, strerror(errno));
        goto done;
    }
    *len = fread(text, 1, YAML_FILE_MAX + 1, f);
    if (ferror(f))
        r = error_set(err, RESULT_IO, "%s: %s", path, strerror(errno));
    else if (*len > YAML_FILE_MAX)
        r = error_set(err, RESULT_CONFIG, "%s: longer than %d bytes", path, YAML_FILE_MAX);
    else if (memchr(text, '\0', *len))
        r = error_set(err, RESULT_CONFIG, "%s: holds a NUL byte", path);
    if (r != RESULT_OK)
        goto done;
    text[*len] = '\0';
    *out = text;
    text = NULL;
done:
    if (f)
        fclose(f);
    free(text);
    return r;
}

/* No anchors and aliases: what a file says should stand where it is read. */
static cyaml_config_t settings(struct complaint *c)
{
    return (cyaml_config_t){
        .log_fn = take_log,
        .log_ctx = c,
        .mem_fn = cyaml_mem,
        .log_level = CYAML_LOG_ERROR,
        .flags = CYAML_CFG_NO_ALIAS,
    };
}

enum result yaml_file_load(const char *path, const cyaml_schema_value_t *schema, void **out,
                           struct error *err)
{
    struct complaint complaint = {0};
    cyaml_config_t config = settings(&complaint);
    char *text = NULL;
    size_t len = 0;
    cyaml_err_t code;
    enum result r = read_file(path, &text, &len, err);

    *out = NULL;
    if (r != RESULT_OK || !text)
        return r;
    code = cyaml_load_data((const uint8_t *)text, len, &config, schema, out, NULL);
    if (code != CYAML_OK)
        r = explain(path, text, &complaint, code, err);
    else if (!*out)
        r = error_set(err, RESULT_CONFIG, "%s: is empty", path);
    free(text);
    return r;
}

void yaml_file_free(const cyaml_schema_value_t *schema, void *data)
{
    struct complaint complaint = {0};
    cyaml_config_t config = settings(&complaint);

    if (data)
        cyaml_free(&config, schema, data, 0);
}
