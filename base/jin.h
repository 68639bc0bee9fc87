/*
 * base/jin.h - strict reader for the members of a saved object: foreign bytes, refused at the first wrong member
 *
 * Owns:   nothing; texts are copied into the arena.
 * Fails:  sticky: after the first wrong member `bad` is set, `err` names it, and later reads do nothing of harm (they
 *         give NULL, 0 or false).
 * Uses:   no I/O, no clock.
 */
#ifndef MP_JIN_H
#define MP_JIN_H

#include "base/ip.h"
#include "base/json.h"

struct mp_jin {
	const json_t *j; /* the object */
	struct mp_arena *a;
	struct mp_err *err;
	bool bad;
};

void mp_jin_wrong(struct mp_jin *in, const char *key, const char *how); /* "is not ..." */

enum mp_jin_need { MP_JIN_MAY_LACK, MP_JIN_NEEDED };

/* One line as mp_text() leaves it, at most `max` bytes; NULL where it may lack and is absent or null. */
const char *mp_jin_text(struct mp_jin *in, const char *key, size_t max, enum mp_jin_need need);
/* Any string without NUL, as it stands. */
struct mp_str mp_jin_string(struct mp_jin *in, const char *key, size_t max, enum mp_jin_need need);
int64_t mp_jin_int(struct mp_jin *in, const char *key, int64_t min, int64_t max); /* needed */
bool mp_jin_bool(struct mp_jin *in, const char *key);                             /* needed */
double mp_jin_ms(struct mp_jin *in, const char *key); /* needed; tenths, to a third of a year */
/* RFC 3339, whole seconds; 0 where it may lack and does. */
int64_t mp_jin_time(struct mp_jin *in, const char *key, enum mp_jin_need need);
/* One of `words`, as its index; needed. */
size_t mp_jin_word(struct mp_jin *in, const char *key, const char *const *words, size_t n);
struct mp_ip mp_jin_ip(struct mp_jin *in, const char *key, enum mp_jin_need need);
/* A list of at most `max` addresses; needed. */
const struct mp_ip *mp_jin_ips(struct mp_jin *in, const char *key, size_t max, size_t *n);

#endif
