/* tests/fuzz/fuzz_smtp_json.c - sessions of a saved report: foreign bytes, which are refused or come back as they were */
#include "smtp/session.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Give the value as the program would write it. */
static json_t *written(const json_t *j)
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_err err;
	const void *params, *answer;
	json_t *j = mp_json_parse(mp_strn((const char *)data, size), &err);

	if (j && smtp_kind.from_json(j, a, &params, &answer, &err) == MP_OK) {
		json_t *first = smtp_kind.to_json(params, answer), *saved = written(first), *second;

		if (smtp_kind.from_json(saved, a, &params, &answer, &err) != MP_OK)
			abort();
		second = smtp_kind.to_json(params, answer);
		if (!json_equal(first, second))
			abort();
		json_decref(second);
		json_decref(saved);
		json_decref(first);
	}
	json_decref(j);
	mp_arena_free(a);
	return 0;
}
