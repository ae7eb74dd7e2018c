/* The pass phrase of exported keys: where it comes from, and which are refused. */
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "keys.h"

enum { LINE = PASS_PHRASE_MAX + 2 };

static bool read_line(char *out)
{
    if (!fgets(out, LINE, stdin))
        return false;
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}

/* On a terminal: a question, and no echo. */
static bool ask(const char *question, char *out)
{
    struct termios before, silent;
    bool ok;

    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return read_line(out);
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    fprintf(stderr, "%s: ", question);
    fflush(stderr);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    ok = read_line(out);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    fputc('\n', stderr);
    return ok;
}

/* Read byte by byte, so that no copy of it stays in a buffer. */
static enum result read_file(const char *file, char *out, struct error *err)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    size_t len = 0;
    ssize_t n = 0;

    if (fd < 0 || fstat(fd, &st) != 0) {
        error_set(err, RESULT_INVALID, "the pass phrase in %s cannot be read: %s", file,
                  strerror(errno));
        if (fd >= 0)
            close(fd);
        return RESULT_INVALID;
    }
    if (!S_ISREG(st.st_mode) || (st.st_mode & (S_IRWXG | S_IRWXO)) != 0) {
        close(fd);
        return error_set(err, RESULT_INVALID,
                         "the pass phrase in %s can be read by others, or it is no file: run chmod "
                         "600 on it",
                         file);
    }
    while (len < LINE - 1 && (n = read(fd, out + len, 1)) == 1 && out[len] != '\n')
        len++;
    close(fd);
    out[len] = '\0';
    out[strcspn(out, "\r\n")] = '\0';
    return n < 0 ? error_set(err, RESULT_INVALID, "the pass phrase in %s cannot be read", file)
                 : RESULT_OK;
}

static enum result read_standard_input(bool fresh, char *out, struct error *err)
{
    char again[LINE] = "";
    bool differs;

    setvbuf(stdin, NULL, _IONBF, 0); /* no copy of it stays in a buffer */
    if (!ask("pass phrase", out))
        return error_set(err, RESULT_INVALID,
                         "the pass phrase is wanted as a line on standard input, or in a file "
                         "(--pass-phrase FILE)");
    if (!fresh || !isatty(STDIN_FILENO))
        return RESULT_OK;
    differs = !ask("the same again", again) || strcmp(out, again) != 0;
    sodium_memzero(again, sizeof again);
    return differs ? error_set(err, RESULT_INVALID, "the two pass phrases differ") : RESULT_OK;
}

enum result pass_phrase_read(const char *file, bool fresh, char *out, struct text *phrase,
                             struct error *err)
{
    enum result r = file ? read_file(file, out, err) : read_standard_input(fresh, out, err);

    if (r != RESULT_OK)
        return r;
    *phrase = text_of(out);
    if (phrase->len >= PASS_PHRASE_MAX)
        return error_set(err, RESULT_INVALID, "the pass phrase is longer than %d bytes",
                         PASS_PHRASE_MAX - 1);
    return RESULT_OK;
}

/* 123456789012345, abcdefghijklmno. */
static bool is_a_row(struct text t)
{
    int step = t.len > 1 ? t.at[1] - t.at[0] : 0;

    if (step != 1 && step != -1)
        return false;
    for (size_t i = 2; i < t.len; i++)
        if (t.at[i] - t.at[i - 1] != step && !(t.at[i] == '0' && t.at[i - 1] == '9'))
            return false;
    return true;
}

static int kinds_in(struct text t)
{
    bool seen[256] = {false};
    int kinds = 0;

    for (size_t i = 0; i < t.len; i++) {
        kinds += !seen[(uint8_t)t.at[i]];
        seen[(uint8_t)t.at[i]] = true;
    }
    return kinds;
}

enum result pass_phrase_check(struct text phrase, struct error *err)
{
    if (!text_is_clean_utf8(phrase))
        return error_set(err, RESULT_INVALID, "the pass phrase holds what is no character");
    if (text_characters(phrase) < PASS_PHRASE_MIN)
        return error_set(err, RESULT_INVALID, "the pass phrase needs at least %d characters",
                         PASS_PHRASE_MIN);
    if (kinds_in(phrase) < PASS_PHRASE_KINDS || is_a_row(phrase))
        return error_set(err, RESULT_INVALID,
                         "the pass phrase is one that a stranger would try first: no repeated or "
                         "counted characters");
    return RESULT_OK;
}
