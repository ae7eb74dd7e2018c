/* The words that the contract has for parts, channels, actors, purposes and outcomes. */
#include "access/access.h"

#define WORD(table, n) \
    ((n) > 0 && (size_t)(n) < sizeof(table) / sizeof(*(table)) && (table)[n] ? (table)[n] : "")

const char *access_part_word(int part)
{
    static const char *const words[] = {
        [PART_OVERVIEW] = "overview",
        [PART_CONTRIBUTIONS] = "contributions",
        [PART_LEDGER] = "ledger",
        [PART_LOOKS] = "looks",
        [PART_FREEZE] = "freeze",
        [PART_WITHDRAWALS] = "withdrawals",
        [PART_LOAN] = "loan",
        [PART_INTEREST] = "interest",
        [PART_STATEMENTS] = "statements",
        [PART_SECURITY] = "security",
        [PART_MESSAGES] = "messages",
        [PART_ENQUIRIES] = "enquiries",
        [PART_BORROWING] = "borrowing",
        [PART_YEAR] = "year",
    };
    return WORD(words, part);
}

const char *access_channel_word(int channel)
{
    static const char *const words[] = {[CHANNEL_WEB] = "web", [CHANNEL_COMMAND] = "command"};
    return WORD(words, channel);
}

const char *access_actor_word(int actor_kind)
{
    static const char *const words[] = {
        [ACTOR_HOLDER] = "holder",     [ACTOR_STAFF] = "staff",       [ACTOR_BANK] = "bank",
        [ACTOR_PLATFORM] = "platform", [ACTOR_EMPLOYER] = "employer", [ACTOR_HOTLINE] = "hotline",
        [ACTOR_AUDITOR] = "auditor",
    };
    return WORD(words, actor_kind);
}

const char *access_purpose_word(int purpose)
{
    static const char *const words[] = {
        [PURPOSE_OWN] = "own",
        [PURPOSE_SERVICE] = "service",
        [PURPOSE_CHECK] = "check",
    };
    return WORD(words, purpose);
}

const char *access_outcome_word(int outcome)
{
    static const char *const words[] = {
        [OUTCOME_SHOWN] = "shown",
        [OUTCOME_REFUSED] = "refused",
    };
    return WORD(words, outcome);
}
