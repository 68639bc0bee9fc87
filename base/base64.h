/*
 * base/base64.h - bytes as base64 and back
 *
 * Owns:   results live in the arena given.
 * Fails:  decoding says in words what is wrong, and where.
 * Uses:   no I/O, no clock.
 * RFC:    4648 4. White space between the characters is passed over (6376 3.2, 2045 6.8); "=" at the end may be missing.
 */
#ifndef MP_BASE64_H
#define MP_BASE64_H

#include "base/arena.h"

struct mp_bytes {
	uint8_t *p;
	size_t n;
};

/* NULL, or what is wrong, to stand behind "it"; `*at` is then the offset. */
const char *mp_base64_decode(struct mp_arena *a, struct mp_str s, struct mp_bytes *out, size_t *at);

char *mp_base64_encode(struct mp_arena *a, const uint8_t *p, size_t n);

#endif
