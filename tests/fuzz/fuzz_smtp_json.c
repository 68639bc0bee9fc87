/* tests/fuzz/fuzz_smtp_json.c - sessions of a saved report: see tests/fuzz/kind.h */
#include "smtp/session.h"
#include "tests/fuzz/kind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena *a = mp_arena_new();

	fuzz_kind(&smtp_kind, a, mp_strn((const char *)data, size));
	mp_arena_free(a);
	return 0;
}
