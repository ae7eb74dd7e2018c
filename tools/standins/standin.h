/* What all stand-ins are: programs PORT HOME that play another party for a demo home and for no
 * other, on loopback only, answering to their own Host only, with the moods that tests need.
 *
 *     POST /control    {"mode": "ok" | "slow" | "wrong" | "down" | "hang"}, or the same word from
 *                      the stand-in's own page
 *     GET  /style.css
 *
 * slow: a right answer after SLOW_MS. wrong: 200 with something else. down: 503. hang: no answer
 * for as long as a client waits. */
#ifndef ANJU_STANDIN_STANDIN_H
#define ANJU_STANDIN_STANDIN_H

#include <microhttpd.h>
#include <stdio.h>

#include "config/config.h"
#include "provider/provider.h"

enum { STANDIN_BODY_MAX = 16384 };

struct standin {
    const char *name; /* "sms": for the log, and anju-standin-NAME */
    const char *path; /* of the signed requests: "/send" */
    size_t key_file;  /* offsetof(struct config, …_key_file) */
    /* A signed request; answers it. */
    enum MHD_Result (*take)(struct MHD_Connection *c, struct text body);
    /* GET of anything else; answers it, or returns MHD_NO: not found. url begins with '/'. */
    enum MHD_Result (*get)(struct MHD_Connection *c, const char *url);
    /* Called once the home is open; may be NULL. */
    enum result (*open)(const struct config *config, struct error *err);
};

/* Runs until it is killed. Returns the exit status of a start that failed. */
int standin_main(const struct standin *s, int argc, char **argv);

/* The clock of the home. */
const struct clock *standin_clock(void);

/* Answers with a JSON literal. */
enum MHD_Result standin_say(struct MHD_Connection *c, unsigned status, const char *json);
/* Answers with body, which is freed; 500 when it is NULL. */
enum MHD_Result standin_give(struct MHD_Connection *c, const char *type, char *body, size_t len);

/* A page: its beginning up to <body>, the form for moods, its end. Escaped text in between. */
void page_begin(FILE *out, const char *title, const char *head);
void page_moods(FILE *out);
void page_end(FILE *out);
void page_text(FILE *out, const char *text);

#endif
