#include "sms_page.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "standin.h"

enum { JSON_MAX = 4 * 1024 * 1024, TIME_AT = 11, TIME_LEN = 8 };

static void put_message(FILE *out, const struct clock *clock, const struct sent *m)
{
    char at[CLOCK_TEXT_MAX];

    clock_format(clock, m->at, at);
    fputs("<li>\n<p class=\"head\"><span>", out);
    page_text(out, m->to);
    fprintf(out, "</span><time datetime=\"%s\">%.*s</time></p>\n<p class=\"text\">", at, TIME_LEN,
            at + TIME_AT);
    page_text(out, m->text);
    fputs("</p>\n</li>\n", out);
}

char *sms_page(const struct clock *clock, const struct sent *messages, size_t count, size_t *len)
{
    char *page = NULL;
    FILE *out = open_memstream(&page, len);
    bool failed;

    if (!out) {
        return NULL;
    }
    page_begin(out, "短信 · Text messages", "<meta http-equiv=\"refresh\" content=\"3\">\n");
    fputs("<h1>演示短信 <span lang=\"en\">· Demo text messages</span></h1>\n"
          "<p class=\"note\">本页代替手机：演示环境发出的短信都显示在这里，不会发给任何人。</p>\n"
          "<p class=\"note\" lang=\"en\">This page stands in for the phones: messages of the demo "
          "arrive here and are sent to nobody.</p>\n",
          out);
    if (count == 0) {
        fputs("<p>还没有短信。<span lang=\"en\">No messages yet.</span></p>\n", out);
    } else {
        fputs("<ol>\n", out);
        for (size_t i = 0; i < count; i++) {
            put_message(out, clock, &messages[i]);
        }
        fputs("</ol>\n", out);
    }
    page_end(out);
    failed = ferror(out) != 0;
    if (fclose(out) != 0 || failed) {
        free(page);
        return NULL;
    }
    return page;
}

char *sms_json(const struct clock *clock, const struct sent *messages, size_t count, size_t *len)
{
    struct json j;

    json_start(&j, JSON_MAX);
    json_put_array(&j, NULL);
    for (size_t i = 0; i < count; i++) {
        json_put_object(&j, NULL);
        json_put_word(&j, "id", messages[i].id);
        json_put_text(&j, "to", text_of(messages[i].to));
        json_put_text(&j, "text", text_of(messages[i].text));
        json_put_instant(&j, "at", clock, messages[i].at);
        json_put_object_end(&j);
    }
    json_put_array_end(&j);
    if (j.failed) {
        json_free(&j);
        return NULL;
    }
    *len = j.len;
    return j.at;
}
