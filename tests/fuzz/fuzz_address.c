/* Any text as an address to listen on: refused with a sentence, or read as what is printed again. */
#include "check.h"

#include "base/text.h"
#include "serve/address.h"

static void check(const char *text, const char *port)
{
    struct error err = {0};
    struct address a, again;

    if (address_parse(text, &a, &err) != RESULT_OK) {
        CHECK(err.sentence[0] != '\0');
        return;
    }
    CHECK(a.port >= 1 && a.port <= 65535);
    CHECK(address_parse(a.text, &again, &err) == RESULT_OK);
    CHECK(strcmp(a.text, again.text) == 0 && strcmp(a.host, again.host) == 0);
    CHECK(strcmp(port, strrchr(a.text, ':')) == 0);
    CHECK(strstr(a.text, a.host) == a.text);
    /* An IPv6 address has several spellings. */
    if (a.any.sa_family == AF_INET && !text_starts(text_of(text), TEXT("localhost:")))
        CHECK(strcmp(text, a.text) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    char *text = malloc(size + 1), *port;

    CHECK(text);
    if (size)
        memcpy(text, bytes, size);
    text[size] = '\0';
    port = strrchr(text, ':');
    /* Port 0 asks the kernel for a free one: not for a fuzzer. */
    if (!port || port[1 + strspn(port + 1, "0")] != '\0')
        check(text, port);
    free(text);
    return 0;
}
