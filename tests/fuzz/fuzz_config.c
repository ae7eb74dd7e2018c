/* Any bytes as anju.yaml, run/addresses.json or run/clock of a home: refused with a sentence, or a
 * configuration that keeps its promises. The first byte says which file. */
#include <stdio.h>

#include "config/config.h"
#include "home_file.h"

static char home[HOME_MAX];

static void end(void)
{
    home_remove(home);
}

static void start(void)
{
    home_make(home);
    atexit(end);
    setenv("ANJU_HOME", home, 1);
    unsetenv("ANJU_DATABASE");
    unsetenv("ANJU_KEYS");
    unsetenv("ANJU_LISTEN");
}

static bool begins(const char *word, const char *with)
{
    return strncmp(word, with, strlen(with)) == 0;
}

static void check_party(const char *url)
{
    CHECK(url[0] == '\0' || begins(url, "https://") || begins(url, "http://127.") ||
          begins(url, "http://localhost") || begins(url, "http://[::1]"));
}

static void check_config(const struct config *c)
{
    const char *o = c->public_origin;

    check_party(c->sms_gateway);
    check_party(c->identity_check);
    check_party(c->bank_card_check);
    CHECK(!c->demo || begins(c->listen, "127.") || begins(c->listen, "localhost:") ||
          begins(c->listen, "[::1]:"));
    CHECK(c->demo || date_is_none(c->clock_start));
    CHECK(!c->database[0] || begins(c->database, "postgres"));
    CHECK(o[0] == '\0' || begins(o, "https://") || begins(o, "http://"));
    CHECK(o[0] == '\0' || !strpbrk(strchr(o, '/') + 2, "/?#@ ABCDEFGHIJKLMNOPQRSTUVWXYZ"));
    CHECK(c->host_count >= 0 && c->host_count <= 8);
    CHECK(c->trusted_proxy_count >= 0 && c->trusted_proxy_count <= CONFIG_PROXIES_MAX);
    for (int i = 0; i < c->host_count; i++)
        CHECK(c->hosts[i][0] != '\0');
    for (int i = 0; i < c->trusted_proxy_count; i++)
        CHECK(c->trusted_proxies[i][0] != '\0');
    CHECK(!strstr(c->policy, "/../"));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char demo[] = "demo: true\nclock_start: 2026-11-23\n";
    static struct config c;
    struct error err = {0};
    struct clock clock = {0};
    char kind = size > 0 ? (char)bytes[0] : 'y';
    enum result r;

    if (home[0] == '\0')
        start();
    if (size > 0) {
        bytes++;
        size--;
    }
    home_write(home, "anju.yaml", kind == 'y' ? (const void *)bytes : demo,
               kind == 'y' ? size : sizeof demo - 1);
    home_write(home, "run/addresses.json", bytes, kind == 'a' ? size : 0);
    home_write(home, "run/clock", bytes, kind == 'c' ? size : 0);
    r = config_load(&c, &err);
    CHECK(r == RESULT_OK || err.sentence[0] != '\0');
    CHECK(r == RESULT_OK || kind == 'y'); /* the other two files never keep a home from starting */
    if (r == RESULT_OK) {
        check_config(&c);
        r = config_clock(&c, &clock, &err);
        CHECK(r == RESULT_OK || err.sentence[0] != '\0');
    }
    return 0;
}
