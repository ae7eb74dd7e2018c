/* The contract's words for what an enquiry is about and where it stands, and what may be written. */
#include "enquiry/internal.h"

static const char *const abouts[] = {
    [ABOUT_STATE] = "state",
    [ABOUT_MONTH] = "month",
    [ABOUT_ENTRY] = "entry",
    [ABOUT_LOOK] = "look",
    [ABOUT_LOAN] = "loan",
    [ABOUT_OTHER] = "other",
    [ABOUT_WITHDRAWAL] = "withdrawal",
};
static const char *const states[] = {
    [ENQUIRY_OPEN] = "open", [ENQUIRY_ANSWERED] = "answered", [ENQUIRY_CLOSED] = "closed"};

static const char *word_of(const char *const *words, size_t count, int number)
{
    return number > 0 && (size_t)number < count ? words[number] : "";
}

static int number_of(const char *const *words, size_t count, struct text word)
{
    for (size_t i = 1; i < count; i++) {
        if (text_equal(word, text_of(words[i]))) {
            return (int)i;
        }
    }
    return 0;
}

const char *enquiry_about_word(int about)
{
    return word_of(abouts, sizeof abouts / sizeof *abouts, about);
}

const char *enquiry_state_word(int state)
{
    return word_of(states, sizeof states / sizeof *states, state);
}

int enquiry_about_of(struct text word)
{
    return number_of(abouts, sizeof abouts / sizeof *abouts, word);
}

int enquiry_state_of(struct text word)
{
    return number_of(states, sizeof states / sizeof *states, word);
}

/* Printable ASCII without blanks, as applications are numbered. */
static bool is_number_of_application(struct text t)
{
    for (size_t i = 0; i < t.len; i++) {
        if (t.at[i] <= ' ' || t.at[i] > '~') {
            return false;
        }
    }
    return t.len > 0 && t.len <= ENQUIRY_REFERENCE_MAX;
}

bool enquiry_reference_valid(int about, struct text reference)
{
    civil_month month;
    int64_t n = 0;

    switch (about) {
    case ABOUT_STATE:
    case ABOUT_OTHER: return reference.len == 0;
    case ABOUT_MONTH: return month_parse(reference, &month);
    case ABOUT_ENTRY:
    case ABOUT_LOOK: return text_to_int(reference, &n) && n > 0;
    case ABOUT_WITHDRAWAL: return is_number_of_application(reference);
    case ABOUT_LOAN:
        return reference.len == 0 || (reference.len == 1 && text_to_int(reference, &n) && n > 0);
    default: return false;
    }
}

/* One line: clean text; *visible is set when a character is there that is no blank. */
static bool line_valid(struct text line, bool *visible)
{
    for (size_t i = 0; i < line.len; i++) {
        *visible |= line.at[i] != ' ';
    }
    return text_is_clean_utf8(line);
}

bool enquiry_words_valid(struct text words)
{
    struct text rest = words;
    bool visible = false;

    while (rest.len > 0) {
        const char *end = memchr(rest.at, '\n', rest.len);
        size_t len = end ? (size_t)(end - rest.at) : rest.len;

        if (!line_valid((struct text){rest.at, len}, &visible)) {
            return false;
        }
        rest.at += len + (end ? 1 : 0);
        rest.len -= len + (end ? 1 : 0);
    }
    return visible && text_characters(words) <= ENQUIRY_WORDS_MAX;
}
