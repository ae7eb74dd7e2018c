/* SHA-256 of small and streamed input, without an allocation per call (OpenSSL beneath). */
#ifndef ANJU_BASE_SHA256_H
#define ANJU_BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_SIZE = 32 };

struct sha256; /* one per thread */

struct sha256 *sha256_new(void); /* NULL when there is no memory */
void sha256_free(struct sha256 *s);

/* One shot. */
void sha256_of(struct sha256 *s, const void *data, size_t size, uint8_t out[SHA256_SIZE]);

/* Streamed. */
void sha256_begin(struct sha256 *s);
void sha256_add(struct sha256 *s, const void *data, size_t size);
void sha256_end(struct sha256 *s, uint8_t out[SHA256_SIZE]);

/* 64 lower-case hex digits and a NUL. */
void sha256_hex(const uint8_t digest[SHA256_SIZE], char out[65]);

#endif
