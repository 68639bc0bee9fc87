/* tests/fuzz/fuzz_case.c - the case of a saved report: refused, or as it was when it is saved again */
#include "probe/case.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_err err = {.msg = ""};
	struct mp_case c, again;
	json_t *j = mp_json_parse(mp_strn((const char *)data, size), &err);

	if (j && mp_case_from_json(j, a, &c, &err) == MP_OK) {
		json_t *first = mp_case_to_json(&c), *second;

		if (mp_case_from_json(first, a, &again, &err) != MP_OK)
			abort();
		second = mp_case_to_json(&again);
		if (!json_equal(first, second))
			abort();
		json_decref(first);
		json_decref(second);
	} else if (!err.msg[0] || strchr(err.msg, '\n')) {
		abort();
	}
	json_decref(j);
	mp_arena_free(a);
	return 0;
}
