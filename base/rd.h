/*
 * base/rd.h - bounded reader over borrowed bytes
 *
 * Owns:   nothing; the caller keeps the bytes alive while a reader or a view points in.
 * Fails:  sticky: after one short read `bad` is set and every later read gives 0 or NULL.
 * Uses:   no I/O, no clock, no allocation.
 */
#ifndef MP_RD_H
#define MP_RD_H

#include "base/base.h"

struct mp_rd {
	const uint8_t *p, *end;
	bool bad;
};

static inline struct mp_rd mp_rd(const void *p, size_t n)
{
	return (struct mp_rd){p, (const uint8_t *)p + n, false};
}

static inline size_t mp_rd_left(const struct mp_rd *r)
{
	return (size_t)(r->end - r->p);
}

static inline const uint8_t *mp_rd_take(struct mp_rd *r, size_t n)
{
	if (r->bad || mp_rd_left(r) < n) {
		r->bad = true;
		return NULL;
	}
	r->p += n;
	return r->p - n;
}

static inline uint8_t mp_rd_u8(struct mp_rd *r)
{
	const uint8_t *p = mp_rd_take(r, 1);

	return p ? p[0] : 0;
}

static inline uint16_t mp_rd_u16(struct mp_rd *r) /* network byte order */
{
	const uint8_t *p = mp_rd_take(r, 2);

	return p ? (uint16_t)(p[0] << 8 | p[1]) : 0;
}

static inline uint32_t mp_rd_u32(struct mp_rd *r) /* network byte order */
{
	const uint8_t *p = mp_rd_take(r, 4);

	return p ? (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3] : 0;
}

#endif
