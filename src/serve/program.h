/* Where the files of the program lie: beside it in a build folder, or installed. */
#ifndef ANJU_SERVE_PROGRAM_H
#define ANJU_SERVE_PROGRAM_H

#include "base/result.h"
#include "config/config.h"

/* The stand-ins of a demo home. */
enum { STANDIN_SMS, STANDIN_IDENTITY, STANDIN_BANK, STANDIN_COUNT };

struct program {
    char self[CONFIG_PATH_MAX];                    /* the running program */
    char nginx[CONFIG_PATH_MAX];                   /* of the build folder, else of the system */
    char module[CONFIG_PATH_MAX];                  /* ngx_http_adapter_module.so */
    char library[CONFIG_PATH_MAX];                 /* libanju_web.so */
    char pages[CONFIG_PATH_MAX];                   /* web/hall; may be absent */
    char standins[STANDIN_COUNT][CONFIG_PATH_MAX]; /* "" when there is none */
};

/* What a stand-in is called: "sms" for anju-standin-sms. */
extern const char *const standin_names[STANDIN_COUNT];

/* Finds them, whatever the working folder. RESULT_CONFIG names the first that is missing. */
enum result program_find(struct program *out, struct error *err);

#endif
