/* anju-standin-sms PORT HOME: stands in for the SMS gateway of a demo home (standin.h has the rest).
 *
 *     POST /send        what src/provider/sms.h describes
 *     GET  /messages    JSON, newest first, at most 200; ?to=10012345678: of one phone
 *     GET  /            the same as a page
 */
#include <jansson.h>
#include <stddef.h>
#include <stdlib.h>

#include "sms_page.h"
#include "standin.h"

enum { LIST_MAX = 200, PAGE_LIST_MAX = 50 };

static enum MHD_Result take_message(struct MHD_Connection *c, struct text sent)
{
    json_t *body = json_loadb(sent.at, sent.len, 0, NULL);
    enum sent_outcome outcome = sent_add(text_of(json_string_value(json_object_get(body, "id"))),
                                         text_of(json_string_value(json_object_get(body, "to"))),
                                         text_of(json_string_value(json_object_get(body, "text"))),
                                         clock_now(standin_clock()));

    json_decref(body);
    switch (outcome) {
    case SENT_NEW: return standin_say(c, MHD_HTTP_OK, "{\"status\":\"accepted\"}");
    case SENT_AGAIN: return standin_say(c, MHD_HTTP_OK, "{\"status\":\"duplicate\"}");
    default: return standin_say(c, MHD_HTTP_UNPROCESSABLE_CONTENT, "{\"status\":\"refused\"}");
    }
}

static enum MHD_Result list_route(struct MHD_Connection *c, bool page)
{
    const char *to = MHD_lookup_connection_value(c, MHD_GET_ARGUMENT_KIND, "to");
    struct sent *list = calloc(LIST_MAX, sizeof *list);
    enum MHD_Result r;
    size_t count, len = 0;
    char *body;

    if (!list) {
        return standin_say(c, MHD_HTTP_INTERNAL_SERVER_ERROR, "{}");
    }
    count = sent_list(text_of(to), list, page ? PAGE_LIST_MAX : LIST_MAX);
    body = page ? sms_page(standin_clock(), list, count, &len)
                : sms_json(standin_clock(), list, count, &len);
    r = standin_give(c, page ? "text/html; charset=utf-8" : "application/json", body, len);
    free(list);
    return r;
}

static enum MHD_Result get(struct MHD_Connection *c, const char *url)
{
    if (strcmp(url, "/") == 0) {
        return list_route(c, true);
    }
    return strcmp(url, "/messages") == 0 ? list_route(c, false) : MHD_NO;
}

int main(int argc, char **argv)
{
    const struct standin sms = {
        .name = "sms",
        .path = "/send",
        .key_file = offsetof(struct config, sms_key_file),
        .take = take_message,
        .get = get,
    };

    return standin_main(&sms, argc, argv);
}
