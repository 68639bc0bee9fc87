/* tests/fuzz/fuzz_fetch.c - fetches of a saved report, and URLs: refused, or they come back as they were */
#include "probe/fetch.h"

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

static void try_json(struct mp_arena *a, struct mp_str text)
{
	struct mp_err err;
	const void *params, *answer;
	json_t *j = mp_json_parse(text, &err);

	if (j && mp_fetch_kind.from_json(j, a, &params, &answer, &err) == MP_OK) {
		json_t *first = mp_fetch_kind.to_json(params, answer), *saved = written(first), *second;

		if (mp_fetch_kind.from_json(saved, a, &params, &answer, &err) != MP_OK)
			abort();
		second = mp_fetch_kind.to_json(params, answer);
		if (!json_equal(first, second))
			abort();
		json_decref(second);
		json_decref(saved);
		json_decref(first);
	}
	json_decref(j);
}

static void try_url(struct mp_arena *a, struct mp_str text)
{
	struct mp_fetch_question q = {.use = "rdap"}, again = {.use = "rdap"};

	if (!mp_fetch_parse_url(a, text, &q))
		return;
	if (!mp_fetch_valid(&q) && !q.http)
		abort();
	if (!mp_fetch_parse_url(a, mp_str(mp_fetch_url(a, &q)), &again) || again.port != q.port ||
		strcmp(again.host, q.host) != 0 || strcmp(again.path, q.path) != 0 || again.http != q.http)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena *a = mp_arena_new();

	try_json(a, mp_strn((const char *)data, size));
	try_url(a, mp_strn((const char *)data, size));
	mp_arena_free(a);
	return 0;
}
