/*
 * probe/ucl.h - the configuration language of rspamd, as far as its files use it
 *
 *     key = value;   key: "text"   key value      objects: name { ... }, name "sub" { ... }   arrays: [a, b]
 *     comments: # to the end of the line, and C's, which nest
 *
 * Read are keys and scalar values. Macros (.include) are passed over, multi-line texts (<<EOD) end the reading.
 *
 * Owns:   nothing; texts live in the arena given.
 * Fails:  never: what has no form is passed over; bounded by MP_UCL_MAX and MP_UCL_DEPTH.
 * Uses:   no I/O, no clock.
 */
#ifndef MP_UCL_H
#define MP_UCL_H

#include "base/arena.h"

enum {
	MP_UCL_DEPTH = 8,  /* of a path; what lies deeper is not kept */
	MP_UCL_MAX = 1024, /* values */
};

struct mp_ucl_value {
	size_t depth;
	const char *path[MP_UCL_DEPTH]; /* keys from the outside in; an element of an array is its number, "0" */
	const char *text;
};

struct mp_ucl {
	size_t n, cap;
	struct mp_ucl_value *value;
};

/* Add the values of a file; later ones of the same path count (mp_ucl_get()). */
void mp_ucl_read(struct mp_arena *a, struct mp_str text, struct mp_ucl *out);

/* The last value of a path; keys are compared without case. NULL: none. */
const char *mp_ucl_get(const struct mp_ucl *u, const char *const *path, size_t depth);

#endif
