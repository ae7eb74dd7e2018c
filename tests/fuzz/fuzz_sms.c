/* What the SMS gateway answers (src/provider/sms.h): the first byte chooses the status. A message
 * counts as sent only when a 200 says so, and as never to be sent only on a 400 or a 422. */
#include <string.h>

#include "check.h"
#include "provider/sms.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const long statuses[] = {200, 200, 200, 204, 302, 400, 422, 500};
    struct error err = {0};
    struct text answer = {(const char *)bytes + 1, size > 0 ? size - 1 : 0};
    long status = size > 0 ? statuses[bytes[0] % 8] : 0;
    enum result r = sms_answer_read(status, answer, &err);

    CHECK(r == RESULT_OK || r == RESULT_REFUSED || r == RESULT_IO);
    CHECK(r == RESULT_OK || err.sentence[0] != '\0');
    CHECK((r == RESULT_REFUSED) == (status == 400 || status == 422));
    if (r == RESULT_OK) {
        CHECK(status == 200);
        CHECK(memmem(answer.at, answer.len, "accepted", 8) ||
              memmem(answer.at, answer.len, "duplicate", 9) || memchr(answer.at, '\\', answer.len));
    }
    return 0;
}
