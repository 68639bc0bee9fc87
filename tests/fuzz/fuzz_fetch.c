/* tests/fuzz/fuzz_fetch.c - fetches of a saved report, and URLs: refused, or they come back as they were */
#include "probe/fetch.h"
#include "tests/fuzz/kind.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

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

	fuzz_kind(&mp_fetch_kind, a, mp_strn((const char *)data, size));
	try_url(a, mp_strn((const char *)data, size));
	mp_arena_free(a);
	return 0;
}
