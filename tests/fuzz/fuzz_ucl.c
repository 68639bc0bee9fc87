/* tests/fuzz/fuzz_ucl.c - the configuration language of rspamd: bounded, and every value is found by its path */
#include "probe/ucl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_ucl u = {.n = 0};

	mp_ucl_read(a, mp_strn((const char *)data, size), &u);
	if (u.n > MP_UCL_MAX)
		abort();
	for (size_t i = 0; i < u.n && i < 16; i++)
		if (!u.value[i].depth || u.value[i].depth > MP_UCL_DEPTH ||
			!mp_ucl_get(&u, u.value[i].path, u.value[i].depth))
			abort();
	mp_arena_free(a);
	return 0;
}
