/*
 * tests/fuzz/kind.h - an answer of a saved report: foreign bytes, which are refused or come back as they were
 *
 * Owns:   nothing; what is read lives in the caller's arena.
 * Fails:  by abort(), which is what a fuzzer looks for.
 * Uses:   no I/O, no clock.
 */
#ifndef MP_FUZZ_KIND_H
#define MP_FUZZ_KIND_H

#include "base/evidence.h"

/* The value as the program would write it, and read it again. */
static inline json_t *fuzz_written(const json_t *j)
{
	struct mp_buf out = MP_BUF(MP_JSON_MAX);
	json_t *again;

	mp_json_write(j, 0, &out);
	again = mp_json_parse(mp_buf_str(&out), NULL);
	mp_buf_release(&out);
	if (!again)
		abort();
	return again;
}

static inline void fuzz_kind(const struct mp_kind *kind, struct mp_arena *a, struct mp_str text)
{
	struct mp_err err;
	const void *params, *answer;
	json_t *j = mp_json_parse(text, &err);

	if (j && kind->from_json(j, a, &params, &answer, &err) == MP_OK) {
		json_t *first = kind->to_json(params, answer), *saved = fuzz_written(first), *second;

		if (kind->from_json(saved, a, &params, &answer, &err) != MP_OK)
			abort();
		second = kind->to_json(params, answer);
		if (!json_equal(first, second))
			abort();
		json_decref(second);
		json_decref(saved);
		json_decref(first);
	}
	json_decref(j);
}

#endif
