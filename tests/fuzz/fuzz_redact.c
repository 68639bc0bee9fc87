/* tests/fuzz/fuzz_redact.c - any evidence is redacted, and the same way each time */
#include "probe/redact.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_err err = {.msg = ""};
	json_t *j = mp_json_parse(mp_strn((const char *)data, size), &err), *once, *again;

	if (!j)
		return 0;
	once = mp_redact(j);
	again = mp_redact(j);
	if (!json_equal(once, again))
		abort();
	json_decref(once);
	json_decref(again);
	json_decref(j);
	return 0;
}
