#include "sha256.h"

#include <stdlib.h>

#include <openssl/evp.h>

/* The algorithm is fetched once and the context reused: fetching costs more than hashing. */
struct sha256 {
    EVP_MD *algorithm;
    EVP_MD_CTX *context;
};

/* The calls below fail only without memory or with a broken OpenSSL. A wrong link in a proof
 * chain must not come of it. */
static void must(int ok)
{
    if (ok != 1)
        abort();
}

struct sha256 *sha256_new(void)
{
    struct sha256 *s = calloc(1, sizeof *s);

    if (!s)
        return NULL;
    s->algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
    s->context = EVP_MD_CTX_new();
    /* The first beginning allocates inside the context, later ones do not. */
    if (!s->algorithm || !s->context || EVP_DigestInit_ex2(s->context, s->algorithm, NULL) != 1) {
        sha256_free(s);
        return NULL;
    }
    return s;
}

void sha256_free(struct sha256 *s)
{
    if (!s)
        return;
    EVP_MD_CTX_free(s->context);
    EVP_MD_free(s->algorithm);
    free(s);
}

void sha256_of(struct sha256 *s, const void *data, size_t size, uint8_t out[SHA256_SIZE])
{
    sha256_begin(s);
    sha256_add(s, data, size);
    sha256_end(s, out);
}

void sha256_begin(struct sha256 *s)
{
    must(EVP_DigestInit_ex2(s->context, s->algorithm, NULL));
}

void sha256_add(struct sha256 *s, const void *data, size_t size)
{
    must(EVP_DigestUpdate(s->context, data, size));
}

void sha256_end(struct sha256 *s, uint8_t out[SHA256_SIZE])
{
    must(EVP_DigestFinal_ex(s->context, out, NULL));
}

void sha256_hex(const uint8_t digest[SHA256_SIZE], char out[65])
{
    static const char hex[] = "0123456789abcdef";

    for (int i = 0; i < SHA256_SIZE; i++) {
        out[2 * i] = hex[digest[i] >> 4];
        out[2 * i + 1] = hex[digest[i] & 15];
    }
    out[64] = '\0';
}
