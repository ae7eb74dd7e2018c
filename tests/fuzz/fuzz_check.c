/* What a party answers to a check (src/provider/check.h): the first byte chooses the status. It is
 * taken for a match only when it says so about this very question. */
#include <string.h>

#include "check.h"
#include "provider/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const char request[] = "00112233445566778899aabbccddeeff";
    static const long statuses[] = {200, 200, 200, 204, 302, 400, 422, 500};
    struct error err = {0};
    struct text answer = {(const char *)bytes + 1, size > 0 ? size - 1 : 0};
    long status = size > 0 ? statuses[bytes[0] % 8] : 0;
    enum result r = check_answer_read(status, answer, request, &err);

    CHECK(r == RESULT_OK || r == RESULT_REFUSED || r == RESULT_IO);
    CHECK(r == RESULT_OK || err.sentence[0] != '\0');
    if (r != RESULT_IO) {
        CHECK(status == 200);
        CHECK(memmem(answer.at, answer.len, "match", 5) || memchr(answer.at, '\\', answer.len));
    }
    return 0;
}
