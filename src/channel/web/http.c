#include "channel/web/http.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_ROOM_FIRST = 8192 };

static const struct {
    const char *name;
    enum http_method method;
} methods[] = {
    {"GET", HTTP_GET},     {"HEAD", HTTP_HEAD},     {"POST", HTTP_POST},       {"PUT", HTTP_PUT},
    {"PATCH", HTTP_PATCH}, {"DELETE", HTTP_DELETE}, {"OPTIONS", HTTP_OPTIONS},
};

static bool value_is_one_line(struct text value)
{
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.at[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

bool http_response_header(struct http_response *response, const char *name, struct text value)
{
    if (response->header_count == HTTP_RESPONSE_HEADERS_MAX ||
        value.len > HTTP_RESPONSE_KEEP_MAX - response->keep_len || !value_is_one_line(value)) {
        response->failed = true;
        return false;
    }
    char *kept = response->keep + response->keep_len;
    if (value.len > 0)
        memcpy(kept, value.at, value.len);
    response->keep_len += value.len;
    response->headers[response->header_count++] =
        (struct http_header){text_of(name), {kept, value.len}};
    return true;
}

bool http_response_header_z(struct http_response *response, const char *name, const char *value)
{
    return http_response_header(response, name, text_of(value));
}

char *http_response_reserve(struct http_response *response, size_t more)
{
    if (more > HTTP_RESPONSE_BODY_MAX - response->body_len) {
        response->failed = true;
        return NULL;
    }
    size_t need = response->body_len + more;
    if (need > response->body_room || !response->body) {
        size_t room = response->body_room ? response->body_room : BODY_ROOM_FIRST;
        while (room < need)
            room *= 2;
        char *body = realloc(response->body, room);
        if (!body) {
            response->failed = true;
            return NULL;
        }
        response->body = body;
        response->body_room = room;
    }
    return response->body + response->body_len;
}

bool http_response_write(struct http_response *response, struct text part)
{
    char *to = http_response_reserve(response, part.len);
    if (!to)
        return false;
    if (part.len > 0)
        memcpy(to, part.at, part.len);
    response->body_len += part.len;
    return true;
}

bool http_response_write_z(struct http_response *response, const char *part)
{
    return http_response_write(response, text_of(part));
}

void http_response_release(struct http_response *response)
{
    free(response->body);
    if (response->own && response->own_release)
        response->own_release(response->own);
    *response = (struct http_response){0};
}

struct text http_request_header(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->header_count; i++)
        if (text_equal(request->headers[i].name, text_of(name)))
            return request->headers[i].value;
    return (struct text){0};
}

size_t http_request_header_count(const struct http_request *request, const char *name)
{
    size_t count = 0;
    for (size_t i = 0; i < request->header_count; i++)
        if (text_equal(request->headers[i].name, text_of(name)))
            count++;
    return count;
}

const char *http_method_name(enum http_method method)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (methods[i].method == method)
            return methods[i].name;
    return "OTHER";
}

enum http_method http_method_of(struct text name)
{
    for (size_t i = 0; i < sizeof(methods) / sizeof(methods[0]); i++)
        if (text_equal(name, text_of(methods[i].name)))
            return methods[i].method;
    return HTTP_OTHER;
}
