#include "web_request.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct text line_take(const char **at, const char *end)
{
    const char *newline = *at < end ? memchr(*at, '\n', (size_t)(end - *at)) : NULL;
    struct text line = {*at, (size_t)((newline ? newline : end) - *at)};

    *at = newline ? newline + 1 : end;
    return line;
}

static void first_line(struct http_request *r, struct text line)
{
    const char *space = memchr(line.at, ' ', line.len);
    size_t method = space ? (size_t)(space - line.at) : line.len;
    struct text target = {line.at + line.len, 0};
    const char *mark;

    r->method = http_method_of((struct text){line.at, method});
    if (space) {
        target = (struct text){space + 1, line.len - method - 1};
    }
    mark = memchr(target.at, '?', target.len);
    r->path = (struct text){target.at, mark ? (size_t)(mark - target.at) : target.len};
    r->query = TEXT("");
    if (mark) {
        r->query = (struct text){mark + 1, target.len - r->path.len - 1};
    }
}

void web_request_read(struct web_request *out, const char *bytes, size_t size)
{
    const char *at = bytes, *end = bytes + size;
    struct text line;

    *out = (struct web_request){0};
    first_line(&out->request, line_take(&at, end));
    while ((line = line_take(&at, end)).len > 0) {
        const char *colon = memchr(line.at, ':', line.len);
        size_t name = colon ? (size_t)(colon - line.at) : line.len;
        size_t skip = colon ? 1 : 0;

        if (out->request.header_count == WEB_REQUEST_HEADERS) {
            break;
        }
        skip += colon && name + 1 < line.len && line.at[name + 1] == ' ' ? 1 : 0;
        out->headers[out->request.header_count++] =
            (struct http_header){{line.at, name}, {line.at + name + skip, line.len - name - skip}};
    }
    out->request.headers = out->headers;
    out->request.body = (struct text){at, (size_t)(end - at)};
    out->request.peer = TEXT("127.0.0.1");
}

void web_request_run(struct web *w, const struct http_request *request,
                     struct http_response *response)
{
    enum http_place place = HTTP_PLACE_LOOP;
    enum http_turn turn;

    *response = (struct http_response){0};
    while ((turn = web_handle(w, request, response, place)) != HTTP_TURN_DONE) {
        http_response_release(response);
        if (place != HTTP_PLACE_LOOP) {
            fprintf(stderr, "a handler asked for another pool twice\n");
            abort();
        }
        place = turn == HTTP_TURN_HASH      ? HTTP_PLACE_HASH
                : turn == HTTP_TURN_OUTSIDE ? HTTP_PLACE_OUTSIDE
                                            : HTTP_PLACE_IO;
    }
}

/* The other parties of a registration are named, so that its routes take requests, and away. */
static void name_parties(struct config *c)
{
    snprintf(c->sms_gateway, sizeof c->sms_gateway, "https://sms.example");
    snprintf(c->identity_check, sizeof c->identity_check, "https://identity.example");
    snprintf(c->bank_card_check, sizeof c->bank_card_check, "https://bank.example");
}

void web_fixture_open(struct web *w, char home[64])
{
    struct error err = {0};

    snprintf(home, 64, "/tmp/anju-web-XXXXXX");
    if (!mkdtemp(home)) {
        perror("mkdtemp");
        abort();
    }
    setenv("ANJU_HOME", home, 1);
    unsetenv("ANJU_DATABASE");
    unsetenv("ANJU_KEYS");
    if (web_open(w, &err) != RESULT_OK) {
        fprintf(stderr, "%s\n", err.sentence);
        abort();
    }
    name_parties(&w->config);
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *walk)
{
    (void)s, (void)kind, (void)walk;
    return remove(path);
}

void web_fixture_close(struct web *w, const char *home)
{
    char keys[CONFIG_PATH_MAX];

    snprintf(keys, sizeof keys, "%s", w->config.keys);
    web_close(w);
    nftw(keys, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    nftw(home, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
