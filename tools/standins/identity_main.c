/* anju-standin-identity PORT HOME: stands in for the identity authority (standin.h has the rest).
 *
 *     POST /verify      what src/provider/check.h describes
 *     GET  /            its mood, and how often it was asked
 */
#include <stddef.h>
#include <stdlib.h>

#include "check.h"

static bool same(const struct person *asked, const struct person *known)
{
    return strcmp(asked->name, known->name) == 0;
}

static enum MHD_Result take(struct MHD_Connection *c, struct text body)
{
    return check_take(c, body, same);
}

static enum MHD_Result get(struct MHD_Connection *c, const char *url)
{
    char *page = NULL;
    size_t len = 0;
    FILE *out = strcmp(url, "/") == 0 ? open_memstream(&page, &len) : NULL;

    if (!out) {
        return MHD_NO;
    }
    page_begin(out, "身份核验 · Identity check", "");
    fputs(
        "<h1>演示身份核验 <span lang=\"en\">· Demo identity check</span></h1>\n"
        "<p class=\"note\">代替公安身份核验：姓名与证件号码是否一致。只认识演示城市里的人。</p>\n"
        "<p class=\"note\" lang=\"en\">Stands in for the identity authority: do name and ID number "
        "belong together? It knows the people of the demo city only.</p>\n",
        out);
    page_moods(out);
    fprintf(out,
            "<p>%d <span class=\"note\">次查询 <span lang=\"en\">questions</span></span></p>\n",
            check_count());
    page_end(out);
    if (fclose(out) != 0) {
        free(page);
        page = NULL;
    }
    return standin_give(c, "text/html; charset=utf-8", page, len);
}

int main(int argc, char **argv)
{
    const struct standin identity = {
        .name = "identity",
        .path = "/verify",
        .key_file = offsetof(struct config, identity_key_file),
        .take = take,
        .get = get,
        .open = people_open,
    };

    return standin_main(&identity, argc, argv);
}
