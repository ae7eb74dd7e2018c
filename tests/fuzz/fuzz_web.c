/* Any request, without a session: answered in the contract's form, and never with personal data. */
#include <jansson.h>
#include <stdlib.h>

#include "check.h"
#include "web_request.h"

static struct web web;
static char home[64];

static void end(void)
{
    web_fixture_close(&web, home);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct web_request r;
    struct http_response response;
    json_t *json;

    if (home[0] == '\0') {
        web_fixture_open(&web, home);
        atexit(end);
    }
    web_request_read(&r, (const char *)bytes, size);
    web_request_run(&web, &r.request, &response);
    CHECK(!response.failed);
    CHECK(response.status >= 200 && response.status <= 599);
    CHECK(response.status != 500);
    if (text_starts(r.request.path, TEXT("/api/v1/me/"))) {
        CHECK(response.status >= 400);
    }
    if (response.status >= 400) {
        CHECK(text_equal(response.content_type, TEXT("application/problem+json")));
        CHECK(response.code.len > 0);
    }
    if (response.body_len > 0) {
        json = json_loadb(response.body, response.body_len, JSON_REJECT_DUPLICATES, NULL);
        CHECK(json_is_object(json));
        json_decref(json);
    }
    http_response_release(&response);
    return 0;
}
