#include "sms_page.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"

enum { JSON_MAX = 4 * 1024 * 1024, TIME_AT = 11, TIME_LEN = 8 };

const char sms_style[] =
    ":root { color-scheme: light dark; font: 16px/1.6 system-ui, 'Noto Sans CJK SC', sans-serif; }\n"
    "body { margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 42rem; }\n"
    "h1 { font-size: 1.375rem; line-height: 1.3; margin: 0 0 .25rem; }\n"
    "p { margin: .25rem 0; }\n"
    ".note, .head { color: GrayText; font-size: .875rem; }\n"
    "ol { list-style: none; margin: 1.5rem 0 0; padding: 0; }\n"
    "li { border: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); border-radius: .75rem;\n"
    "     margin: 0 0 .75rem; padding: .75rem 1rem; overflow-wrap: anywhere; }\n"
    ".head { display: flex; justify-content: space-between; gap: 1rem;\n"
    "        font-variant-numeric: tabular-nums; }\n"
    ".text { font-variant-numeric: tabular-nums; }\n";

static const char top[] =
    "<!doctype html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta http-equiv=\"refresh\" content=\"3\">\n<title>短信 · Text messages</title>\n"
    "<link rel=\"stylesheet\" href=\"/style.css\">\n</head>\n<body>\n"
    "<h1>演示短信 <span lang=\"en\">· Demo text messages</span></h1>\n"
    "<p class=\"note\">本页代替手机：演示环境发出的验证码都显示在这里，不会发给任何人。</p>\n"
    "<p class=\"note\" lang=\"en\">This page stands in for the phones: codes of the demo arrive "
    "here and are sent to nobody.</p>\n";

static void put_escaped(FILE *out, const char *s)
{
    for (; *s; s++) {
        switch (*s) {
        case '&': fputs("&amp;", out); break;
        case '<': fputs("&lt;", out); break;
        case '>': fputs("&gt;", out); break;
        case '"': fputs("&quot;", out); break;
        case '\'': fputs("&#39;", out); break;
        default: putc(*s, out); break;
        }
    }
}

static void put_message(FILE *out, const struct clock *clock, const struct sent *m)
{
    char at[CLOCK_TEXT_MAX];

    clock_format(clock, m->at, at);
    fputs("<li>\n<p class=\"head\"><span>", out);
    put_escaped(out, m->to);
    fprintf(out, "</span><time datetime=\"%s\">%.*s</time></p>\n<p class=\"text\">", at, TIME_LEN,
            at + TIME_AT);
    put_escaped(out, m->text);
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
    fputs(top, out);
    if (count == 0) {
        fputs("<p>还没有短信。<span lang=\"en\">No messages yet.</span></p>\n", out);
    } else {
        fputs("<ol>\n", out);
        for (size_t i = 0; i < count; i++) {
            put_message(out, clock, &messages[i]);
        }
        fputs("</ol>\n", out);
    }
    fputs("</body>\n</html>\n", out);
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
