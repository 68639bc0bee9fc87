/* tests/fuzz/fuzz_mailbox.c - answers of IMAP servers: any bytes give a number, a folder or nothing */
#include "base/text.h"
#include "probe/mailbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_str bytes = mp_strn((const char *)data, size);
	struct mp_arena *a = mp_arena_new();
	const char *marked;

	mp_imap_search_result(bytes);
	mp_imap_has_folder(a, bytes, "Junk", &marked);
	if (marked && (!mp_utf8_valid(mp_str(marked)) || strpbrk(marked, "\r\n")))
		abort();
	mp_arena_free(a);
	return 0;
}
