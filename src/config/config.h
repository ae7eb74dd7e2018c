/* The home folder and its configuration. */
#ifndef ANJU_CONFIG_CONFIG_H
#define ANJU_CONFIG_CONFIG_H

#include <stdbool.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/result.h"

enum { CONFIG_PATH_MAX = 1024, CONFIG_PROXIES_MAX = 16 };

/* HOME/anju.yaml, environment variables applied. A home is made in this order: the note .making, the
 * keys, the schema, anju.yaml (by rename), and then .making goes: a folder with .making and without
 * anju.yaml was left half made, and the next command completes it. */
struct config {
    char home[CONFIG_PATH_MAX];    /* absolute; ANJU_HOME, default ./home */
    char keys[CONFIG_PATH_MAX];    /* ANJU_KEYS; default HOME/keys in a demo home, else HOME-keys */
    char program[CONFIG_PATH_MAX]; /* folder of the running program */
    char assets[CONFIG_PATH_MAX];  /* folder that holds policy/ (and web pages when built) */
    char policy[CONFIG_PATH_MAX];  /* the policy file */
    char offices[CONFIG_PATH_MAX]; /* a file of the centre's offices; "": the policy's own */
    char database[CONFIG_PATH_MAX]; /* "" for SQLite, or postgresql://… (ANJU_DATABASE) */
    char listen[128];               /* ANJU_LISTEN, default 127.0.0.1:8080 */
    char public_origin[256];        /* e.g. https://gjj.example; "" : http://LISTEN */
    char hosts[8][256];             /* Host names taken besides the listen address */
    int host_count;
    char trusted_proxies[CONFIG_PROXIES_MAX][64];
    int trusted_proxy_count;
    char centre_zh[128], centre_en[128];
    char zone[64];          /* Asia/Shanghai */
    bool demo;              /* set when the home was made; stand-ins work only then */
    civil_date clock_start; /* demo homes only; DATE_NONE */
    char sms_gateway[256];  /* URL; in a demo home the stand-in's, from run/addresses.json */
    char sms_key_file[CONFIG_PATH_MAX]; /* HMAC key of the gateway */
    char identity_check[256];           /* URL of the identity authority, as sms_gateway */
    char identity_key_file[CONFIG_PATH_MAX];
    char bank_card_check[256]; /* URL of the bank-card check, as sms_gateway */
    char bank_card_key_file[CONFIG_PATH_MAX];
};

/* Can people register in the hall? Both checks and the gateway for their codes are named. */
bool config_takes_registrations(const struct config *c);

/* Makes the home (0700) with anju.yaml, keys and schema when it is absent or empty, reads it, and
 * checks it: unwritable folder, keys inside the data folder outside a demo home, clock_start
 * outside a demo home, a demo home listening beyond loopback: one clear sentence each. */
enum result config_load(struct config *c, struct error *err);

/* For what makes no home: reads the one that is there. When anju.yaml is not, *there is false and
 * only home, program and assets are set. */
enum result config_look(struct config *c, bool *there, struct error *err);

/* For such a home that is not there: where one of its kind has its keys. */
enum result config_keys_of(struct config *c, bool demo, struct error *err);

/* For a restore: what the settings in the file yaml will be in this home, which is not there yet. */
enum result config_load_from(struct config *c, const char *yaml, struct error *err);

/* The same for a service that root runs on a home of its own: CONFIG unless it is a demo home; a home
 * that is not there yet is not made. */
enum result config_load_demo_only(struct config *c, struct error *err);

/* Makes an empty home a demo home whose city ends at until (DATE_NONE: today in Asia/Shanghai), and
 * reads it. A demo home that was left half made is completed: its date stays. RESULT_CONFLICT when
 * the folder holds anything else. What fills the home calls config_demo_made at the end. */
enum result config_make_demo(struct config *c, civil_date until, struct error *err);

/* What a command that takes a set calls: an absent or empty home becomes of the set's kind (a demo
 * set makes a demo home whose clock starts at as_of); one that is there is read as it is. *made
 * tells whether a demo home was made. */
enum result config_load_for_set(struct config *c, bool demo, civil_date as_of, bool *made,
                                struct error *err);

/* True while a demo home has not been filled to the end. */
bool config_demo_unfinished(const struct config *c);
enum result config_demo_made(const struct config *c, struct error *err);

/* HOME/run/policy.yaml and HOME/run/offices.yaml: the rules that a running service goes by. The
 * latter is not there when the offices are the policy's own. */
void config_kept_policy(const struct config *c, char out[CONFIG_PATH_MAX]);
void config_kept_offices(const struct config *c, char out[CONFIG_PATH_MAX]);

/* Makes c->policy and c->offices the kept ones, which the supervisor found good. */
void config_go_by_kept(struct config *c);

/* The clock of this home: the system's, or shifted to clock_start. */
enum result config_clock(const struct config *c, struct clock *out, struct error *err);

/* A service that starts works out the shift once for all processes of this home (HOME/run must be
 * there), and forgets it when it ends. */
enum result config_clock_keep(const struct config *c, struct error *err);
void config_clock_forget(const struct config *c);

#endif
