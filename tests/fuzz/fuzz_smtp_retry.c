/* tests/fuzz/fuzz_smtp_retry.c - any bytes as the text of a deferral: no time out of its range */
#include "smtp/retry.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint32_t seconds = 0;

	if (smtp_retry_after(mp_strn((const char *)data, size), &seconds) &&
		(seconds < 1 || seconds > SMTP_RETRY_MAX_S))
		abort();
	return 0;
}
