/* anju-standin-bank PORT HOME: stands in for the bank-card check (standin.h has the rest).
 *
 *     POST /verify      what src/provider/check.h describes
 *     GET  /            its mood, and people of the demo city who can try to register
 *     GET  /people      the same people as JSON
 */
#include <stddef.h>
#include <stdlib.h>

#include "base/json.h"
#include "check.h"

enum { JSON_MAX = 64 * 1024 };

static const char *const kind_words[PERSON_KINDS] = {"ready", "new", "elsewhere", "registered"};
static const char *const kind_zh[PERSON_KINDS] = {"可以注册", "已开户，首笔汇缴还没有入账",
                                                  "不归本中心管，账户在另一个中心",
                                                  "演示缴存人，已注册，再注册会被告知"};
static const char *const kind_en[PERSON_KINDS] = {
    "can register", "has an account, nothing posted yet", "belongs to another centre",
    "one of the demo's depositors, registered already"};

static bool same(const struct person *asked, const struct person *known)
{
    return strcmp(asked->name, known->name) == 0 && strcmp(asked->card, known->card) == 0 &&
           strcmp(asked->phone, known->phone) == 0;
}

static enum MHD_Result take(struct MHD_Connection *c, struct text body)
{
    return check_take(c, body, same);
}

/* --- the page --- */

static void put_field(FILE *out, const char *name, const char *value)
{
    fprintf(out, "<dt>%s</dt><dd>", name);
    page_text(out, value);
    fputs("</dd>\n", out);
}

static void put_person(FILE *out, const struct example *e)
{
    fprintf(out, "<li>\n<p>%s <span class=\"note\" lang=\"en\">· %s</span></p>\n<dl>\n",
            kind_zh[e->kind], kind_en[e->kind]);
    put_field(out, "姓名 <span lang=\"en\">Name</span>", e->person.name);
    put_field(out, "证件号码 <span lang=\"en\">ID number</span>", e->person.id_number);
    put_field(out, "银行卡 <span lang=\"en\">Card</span>", e->person.card);
    put_field(out, "手机 <span lang=\"en\">Phone</span>", e->person.phone);
    fputs("</dl>\n</li>\n", out);
}

static void put_page(FILE *out)
{
    struct example list[EXAMPLES_MAX];
    size_t count = people_examples(list);

    page_begin(out, "银行卡核验 · Bank-card check", "");
    fputs(
        "<h1>演示银行卡核验 <span lang=\"en\">· Demo bank-card check</span></h1>\n"
        "<p class=\"note\">代替银行：姓名、证件号码、银行卡和预留手机是否一致。"
        "下面是演示城市里可以试着注册的人。</p>\n"
        "<p class=\"note\" lang=\"en\">Stands in for the bank: do name, ID number, card and phone "
        "belong together? Below are people of the demo city who can try to register.</p>\n",
        out);
    page_moods(out);
    fputs("<ol>\n", out);
    for (size_t i = 0; i < count; i++) {
        put_person(out, &list[i]);
    }
    fputs("</ol>\n", out);
    page_end(out);
}

static char *people_json(size_t *len)
{
    struct example list[EXAMPLES_MAX];
    size_t count = people_examples(list);
    struct json j;

    json_start(&j, JSON_MAX);
    json_put_array(&j, NULL);
    for (size_t i = 0; i < count; i++) {
        json_put_object(&j, NULL);
        json_put_word(&j, "kind", kind_words[list[i].kind]);
        json_put_text(&j, "name", text_of(list[i].person.name));
        json_put_text(&j, "id_number", text_of(list[i].person.id_number));
        json_put_text(&j, "card", text_of(list[i].person.card));
        json_put_text(&j, "phone", text_of(list[i].person.phone));
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

static enum MHD_Result get(struct MHD_Connection *c, const char *url)
{
    char *page = NULL;
    size_t len = 0;
    FILE *out;

    if (strcmp(url, "/people") == 0) {
        page = people_json(&len);
        return standin_give(c, "application/json", page, len);
    }
    out = strcmp(url, "/") == 0 ? open_memstream(&page, &len) : NULL;
    if (!out) {
        return MHD_NO;
    }
    put_page(out);
    if (fclose(out) != 0) {
        free(page);
        page = NULL;
    }
    return standin_give(c, "text/html; charset=utf-8", page, len);
}

int main(int argc, char **argv)
{
    const struct standin bank = {
        .name = "bank",
        .path = "/verify",
        .key_file = offsetof(struct config, bank_card_key_file),
        .take = take,
        .get = get,
        .open = people_open,
    };

    return standin_main(&bank, argc, argv);
}
