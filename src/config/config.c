/* Reading HOME/anju.yaml and the environment over it. */
#include "internal.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "yaml/yaml.h"

enum { HOSTS_MAX = 8, WORDS_MAX = 1000 };

struct centre {
    char *zh, *en;
};

/* anju.yaml as it stands; what is absent is NULL. */
struct file {
    int demo;
    char *clock_start, *database, *listen, *public_origin, *zone, *policy, *offices;
    char *sms_gateway, *sms_key_file;
    char *identity_check, *identity_key_file, *bank_card_check, *bank_card_key_file;
    struct centre centre;
    char **hosts, **trusted_proxies;
    uint32_t hosts_count, trusted_proxies_count;
};

#define WORD(key, structure, member)                                                              \
    CYAML_FIELD_STRING_PTR(key, CYAML_FLAG_POINTER_NULL | CYAML_FLAG_OPTIONAL, structure, member, \
                           0, WORDS_MAX)

static const cyaml_schema_value_t host_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 255)};
static const cyaml_schema_value_t proxy_entry = {
    CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char *, 1, 63)};

static const cyaml_schema_field_t centre_fields[] = {
    WORD("zh", struct centre, zh),
    WORD("en", struct centre, en),
    CYAML_FIELD_END,
};

static const cyaml_schema_field_t file_fields[] = {
    YAML_FIELD_SWITCH("demo", struct file, demo),
    WORD("clock_start", struct file, clock_start),
    WORD("database", struct file, database),
    WORD("listen", struct file, listen),
    WORD("public_origin", struct file, public_origin),
    WORD("zone", struct file, zone),
    WORD("policy", struct file, policy),
    WORD("offices", struct file, offices),
    WORD("sms_gateway", struct file, sms_gateway),
    WORD("sms_key_file", struct file, sms_key_file),
    WORD("identity_check", struct file, identity_check),
    WORD("identity_key_file", struct file, identity_key_file),
    WORD("bank_card_check", struct file, bank_card_check),
    WORD("bank_card_key_file", struct file, bank_card_key_file),
    CYAML_FIELD_MAPPING("centre", CYAML_FLAG_OPTIONAL, struct file, centre, centre_fields),
    CYAML_FIELD_SEQUENCE("hosts", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file, hosts,
                         &host_entry, 0, HOSTS_MAX),
    CYAML_FIELD_SEQUENCE("trusted_proxies", CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL, struct file,
                         trusted_proxies, &proxy_entry, 0, CONFIG_PROXIES_MAX),
    CYAML_FIELD_END,
};

static const cyaml_schema_value_t file_schema = {
    CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct file, file_fields),
};

/* One setting: the environment's word if there is one, else the file's, else the default. */
struct setting {
    const char *key, *variable, *in_file, *otherwise;
    char *out;
    size_t room;
};

static enum result take(const struct config *c, const struct setting *s, struct error *err)
{
    const char *word = s->variable ? getenv(s->variable) : NULL;
    bool from_file = !word;

    if (!word)
        word = s->in_file ? s->in_file : s->otherwise;
    if (strlen(word) < s->room) {
        snprintf(s->out, s->room, "%s", word);
        return RESULT_OK;
    }
    if (from_file)
        return error_set(err, RESULT_CONFIG, "%s/anju.yaml: %s: longer than %zu bytes", c->home,
                         s->key, s->room - 1);
    return error_set(err, RESULT_CONFIG, "%s: longer than %zu bytes", s->variable, s->room - 1);
}

/* As browsers write it, because it is compared with what they send: small letters, nothing behind
 * the host but a port that is not the usual one. Otherwise nobody could sign in. */
static enum result tidy_origin(struct config *c, struct error *err)
{
    char *origin = c->public_origin;
    size_t len = strlen(origin);
    bool tls, plain, usual;

    if (len > 0 && origin[len - 1] == '/')
        origin[--len] = '\0';
    for (size_t i = 0; i < len; i++)
        if (origin[i] >= 'A' && origin[i] <= 'Z')
            origin[i] = (char)(origin[i] - 'A' + 'a');
    tls = strncmp(origin, "https://", 8) == 0 && len > 8;
    plain = strncmp(origin, "http://", 7) == 0 && len > 7;
    usual = (tls && strcmp(origin + len - 4, ":443") == 0) ||
            (plain && strcmp(origin + len - 3, ":80") == 0);
    if (len == 0 || ((tls || plain) && !usual && !strpbrk(origin + (tls ? 8 : 7), "/?#@ ")))
        return RESULT_OK;
    return error_set(err, RESULT_CONFIG,
                     "%s/anju.yaml: public_origin: scheme and host like https://gjj.example are "
                     "wanted, without a path and without the scheme's own port",
                     c->home);
}

static bool is_policy_name(const char *word)
{
    return word[0] != '\0' && word[0] != '.' && !strchr(word, '/');
}

static void policy_path(const struct config *c, const char *name, char out[CONFIG_PATH_MAX])
{
    snprintf(out, CONFIG_PATH_MAX, "%.*s/policy/%.*s.yaml", CONFIG_PATH_MAX - CONFIG_NAME_ROOM,
             c->assets, CONFIG_NAME_ROOM - 16, name);
}

static enum result take_words(struct config *c, const struct file *f, struct error *err)
{
    char policy[CONFIG_NAME_ROOM - 16], offices[CONFIG_NAME_ROOM - 16];
    const struct setting settings[] = {
        {"database", "ANJU_DATABASE", f->database, "", c->database, sizeof c->database},
        {"listen", "ANJU_LISTEN", f->listen, "127.0.0.1:8080", c->listen, sizeof c->listen},
        {"public_origin", NULL, f->public_origin, "", c->public_origin, sizeof c->public_origin},
        {"zone", NULL, f->zone, "Asia/Shanghai", c->zone, sizeof c->zone},
        {"centre.zh", NULL, f->centre.zh, "示范市住房公积金管理中心", c->centre_zh,
         sizeof c->centre_zh},
        {"centre.en", NULL, f->centre.en, "Demonstration City Housing Provident Fund Centre",
         c->centre_en, sizeof c->centre_en},
        {"sms_gateway", NULL, f->sms_gateway, "", c->sms_gateway, sizeof c->sms_gateway},
        {"sms_key_file", NULL, f->sms_key_file, "", c->sms_key_file, sizeof c->sms_key_file},
        {"identity_check", NULL, f->identity_check, "", c->identity_check,
         sizeof c->identity_check},
        {"identity_key_file", NULL, f->identity_key_file, "", c->identity_key_file,
         sizeof c->identity_key_file},
        {"bank_card_check", NULL, f->bank_card_check, "", c->bank_card_check,
         sizeof c->bank_card_check},
        {"bank_card_key_file", NULL, f->bank_card_key_file, "", c->bank_card_key_file,
         sizeof c->bank_card_key_file},
        {"policy", NULL, f->policy, "kunming", policy, sizeof policy},
        {"offices", NULL, f->offices, "", offices, sizeof offices},
    };

    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        enum result r = take(c, &settings[i], err);
        if (r != RESULT_OK)
            return r;
    }
    if (strcmp(c->database, "sqlite") == 0)
        c->database[0] = '\0';
    if (!is_policy_name(policy) || (offices[0] && !is_policy_name(offices)))
        return error_set(err, RESULT_CONFIG,
                         "%s/anju.yaml: %s: the name of a file in %s/policy without .yaml is "
                         "wanted",
                         c->home, is_policy_name(policy) ? "offices" : "policy", c->assets);
    policy_path(c, policy, c->policy);
    if (offices[0])
        policy_path(c, offices, c->offices);
    return tidy_origin(c, err);
}

static enum result take_file(struct config *c, const struct file *f, struct error *err)
{
    enum result r = take_words(c, f, err);

    if (r != RESULT_OK)
        return r;
    c->demo = f->demo;
    c->clock_start = DATE_NONE;
    if (f->clock_start && f->clock_start[0] &&
        !date_parse(text_of(f->clock_start), &c->clock_start))
        return error_set(err, RESULT_CONFIG,
                         "%s/anju.yaml: clock_start: \"%.20s\" is not a date like 2026-06-30",
                         c->home, f->clock_start);
    c->host_count = (int)f->hosts_count;
    for (uint32_t i = 0; i < f->hosts_count; i++)
        snprintf(c->hosts[i], sizeof c->hosts[i], "%s", f->hosts[i]);
    c->trusted_proxy_count = (int)f->trusted_proxies_count;
    for (uint32_t i = 0; i < f->trusted_proxies_count; i++)
        snprintf(c->trusted_proxies[i], sizeof c->trusted_proxies[i], "%s", f->trusted_proxies[i]);
    return config_find_keys(c, err);
}

/* "HOST:PORT" or "[ADDRESS]:PORT": finds the colon before the port. */
static bool listen_is_formed(const char *listen, size_t *host_len)
{
    const char *colon = strrchr(listen, ':');
    int64_t port;

    if (!colon || colon == listen || !text_to_int(text_of(colon + 1), &port) || port > 65535)
        return false;
    *host_len = (size_t)(colon - listen);
    if (memchr(listen, ':', *host_len))
        return listen[0] == '[' && colon[-1] == ']';
    return true;
}

static bool host_is_loopback(const char *host, size_t len)
{
    struct text t = {host, len};

    return text_equal(t, TEXT("localhost")) || text_equal(t, TEXT("[::1]")) ||
           (text_starts(t, TEXT("127.")) && strspn(host, "0123456789.") >= len);
}

/* Phones, codes, ID numbers and cards go there: encrypted, unless they stay on this machine. */
static bool url_is_private(const char *url)
{
    const char *host = url + 7;
    size_t len;

    if (url[0] == '\0' || strncmp(url, "https://", 8) == 0)
        return true;
    if (strncmp(url, "http://", 7) != 0 || strchr(url, '@'))
        return false;
    len = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/");
    return host_is_loopback(host, len);
}

static enum result check_parties(const struct config *c, struct error *err)
{
    const struct {
        const char *key, *url, *what;
    } parties[] = {
        {"sms_gateway", c->sms_gateway, "sign-in codes go there"},
        {"identity_check", c->identity_check, "ID numbers go there"},
        {"bank_card_check", c->bank_card_check, "card numbers go there"},
    };

    for (size_t i = 0; i < sizeof parties / sizeof *parties; i++) {
        if (!url_is_private(parties[i].url))
            return error_set(err, RESULT_CONFIG,
                             "%s/anju.yaml: %s: an address https://… is wanted (http only to this "
                             "machine): %s",
                             c->home, parties[i].key, parties[i].what);
    }
    return RESULT_OK;
}

static enum result check(const struct config *c, struct error *err)
{
    size_t host_len = 0;
    enum result r = check_parties(c, err);

    if (r != RESULT_OK)
        return r;

    if (!listen_is_formed(c->listen, &host_len))
        return error_set(err, RESULT_CONFIG,
                         "listen: \"%s\" is not an address and a port like 127.0.0.1:8080",
                         c->listen);
    if (c->demo && !host_is_loopback(c->listen, host_len))
        return error_set(err, RESULT_CONFIG,
                         "listen: %s is a demo home, with passwords that anybody can read; it "
                         "listens on loopback only, not on %s",
                         c->home, c->listen);
    if (!c->demo && !date_is_none(c->clock_start))
        return error_set(err, RESULT_CONFIG,
                         "%s/anju.yaml: clock_start: only the clock of a demo home can be set",
                         c->home);
    if (c->database[0] && strncmp(c->database, "postgresql://", 13) != 0 &&
        strncmp(c->database, "postgres://", 11) != 0)
        return error_set(err, RESULT_CONFIG,
                         "database: empty for SQLite or an address postgresql://… is wanted");
    return RESULT_OK;
}

/* In a demo home the other parties are stand-ins, whose ports are found free at each start and
 * written into run/addresses.json. Its absence is no mistake: nothing is running yet. */
static void find_stand_ins(struct config *c)
{
    const struct {
        const char *key;
        char *url;
        size_t room;
    } parties[] = {
        {"sms_gateway", c->sms_gateway, sizeof c->sms_gateway},
        {"identity_check", c->identity_check, sizeof c->identity_check},
        {"bank_card_check", c->bank_card_check, sizeof c->bank_card_check},
    };
    char path[CONFIG_PATH_MAX];
    json_t *addresses;

    if (!c->demo)
        return;
    config_path(path, c->home, "run/addresses.json");
    addresses = json_load_file(path, 0, NULL);
    for (size_t i = 0; i < sizeof parties / sizeof *parties; i++) {
        const char *url = json_string_value(json_object_get(addresses, parties[i].key));

        if (!parties[i].url[0] && url && strlen(url) < parties[i].room && url_is_private(url))
            snprintf(parties[i].url, parties[i].room, "%s", url);
    }
    json_decref(addresses);
}

static void name_keys(struct config *c)
{
    const struct {
        char *path;
        const char *name;
    } keys[] = {
        {c->sms_key_file, "sms.key"},
        {c->identity_key_file, "identity.key"},
        {c->bank_card_key_file, "bank-card.key"},
    };

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (keys[i].path[0] == '\0')
            config_path(keys[i].path, c->keys, keys[i].name);
}

bool config_takes_registrations(const struct config *c)
{
    return c->sms_gateway[0] && c->identity_check[0] && c->bank_card_check[0];
}

/* The file at path over the defaults, the environment over both. */
static enum result read_from(struct config *c, const char *path, struct error *err)
{
    void *data = NULL;
    enum result r = yaml_file_load(path, &file_schema, &data, err);

    if (r == RESULT_OK)
        r = take_file(c, data, err);
    yaml_file_free(&file_schema, data);
    return r == RESULT_OK ? check(c, err) : r;
}

enum result config_read(struct config *c, struct error *err)
{
    char path[CONFIG_PATH_MAX];
    enum result r;

    config_path(path, c->home, "anju.yaml");
    r = read_from(c, path, err);
    if (r != RESULT_OK)
        return r;
    if (access(c->home, R_OK | W_OK | X_OK) != 0)
        return error_set(err, RESULT_IO, "the home folder %s cannot be written: %s", c->home,
                         strerror(errno));
    name_keys(c);
    find_stand_ins(c);
    return RESULT_OK;
}

enum result config_load_from(struct config *c, const char *yaml, struct error *err)
{
    enum result r;

    *c = (struct config){.clock_start = DATE_NONE};
    umask(077);
    r = config_find_places(c, err);
    return r == RESULT_OK ? read_from(c, yaml, err) : r;
}

enum result config_look(struct config *c, bool *there, struct error *err)
{
    char path[CONFIG_PATH_MAX];
    enum result r;

    *c = (struct config){.clock_start = DATE_NONE};
    umask(077);
    r = config_find_places(c, err);
    config_path(path, c->home, "anju.yaml");
    *there = r == RESULT_OK && access(path, F_OK) == 0;
    return *there ? config_read(c, err) : r;
}

enum result config_keys_of(struct config *c, bool demo, struct error *err)
{
    c->demo = demo;
    return config_find_keys(c, err);
}

enum result config_load(struct config *c, struct error *err)
{
    enum result r;

    *c = (struct config){.clock_start = DATE_NONE};
    umask(077);
    r = config_find_places(c, err);
    if (r == RESULT_OK)
        r = config_make(c, false, DATE_NONE, err);
    if (r == RESULT_OK)
        r = config_read(c, err);
    return r;
}

enum result config_make_demo(struct config *c, civil_date until, struct error *err)
{
    enum result r;

    *c = (struct config){.clock_start = DATE_NONE};
    umask(077);
    r = config_find_places(c, err);
    if (r == RESULT_OK)
        r = config_make(c, true, until, err);
    if (r == RESULT_OK)
        r = config_read(c, err);
    if (r == RESULT_OK && !c->demo)
        r = error_set(err, RESULT_CONFLICT, "%s is an ordinary home and cannot become a demo home",
                      c->home);
    return r;
}
