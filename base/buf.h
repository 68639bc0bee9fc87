/*
 * base/buf.h - growable byte buffer with a maximum
 *
 * Owns:   its bytes; mp_buf_release() frees them. The bytes are always followed by a NUL.
 * Fails:  sticky: what would pass `max` is not added at all and `full` is set; earlier bytes stay.
 * Uses:   no I/O, no clock.
 */
#ifndef MP_BUF_H
#define MP_BUF_H

#include "base/base.h"

struct mp_buf {
	char *p; /* NULL until the first byte */
	size_t n, cap, max;
	bool full;
};

#define MP_BUF(max_) ((struct mp_buf){NULL, 0, 0, (max_), false})

void mp_buf_release(struct mp_buf *b);
void mp_buf_reset(struct mp_buf *b); /* empty again; memory kept, `full` cleared */
bool mp_buf_add(struct mp_buf *b, const void *p, size_t n);
bool mp_buf_adds(struct mp_buf *b, const char *s);
bool mp_buf_addstr(struct mp_buf *b, struct mp_str s);
bool mp_buf_addc(struct mp_buf *b, char c);
bool mp_buf_addf(struct mp_buf *b, const char *fmt, ...) MP_PRINTF(2, 3);
void mp_buf_consume(struct mp_buf *b, size_t n); /* drop the first n bytes */
const char *mp_buf_cstr(const struct mp_buf *b); /* never NULL; valid until the next change */

static inline struct mp_str mp_buf_str(const struct mp_buf *b)
{
	return mp_strn(b->p, b->n);
}

#endif
