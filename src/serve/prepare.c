#include "serve/prepare.h"

#include "channel/web/web.h"

enum result serve_load(struct config *config, struct error *err)
{
    return config_load(config, err);
}

enum result serve_try(struct error *err)
{
    static struct web web;
    enum result result = web_open(&web, err);

    if (result == RESULT_OK)
        web_close(&web);
    return result;
}
