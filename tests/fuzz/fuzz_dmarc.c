/* tests/fuzz/fuzz_dmarc.c - any bytes as a DMARC record, and as what somebody meant as one */
#include "base/text.h"
#include "dns/dmarc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_str record = mp_strn((const char *)data, size);
	struct mp_arena *a = mp_arena_new();
	struct dns_dmarc_record r;
	const char *words = dns_dmarc_near_miss(a, record);

	require(!words || mp_utf8_valid(mp_str(words)));
	if (dns_dmarc_parse(a, record, &r)) {
		require(mp_utf8_valid(mp_str(r.text)) && r.n_notes <= DNS_DMARC_NOTES);
		require(r.psd == 'y' || r.psd == 'n' || r.psd == 'u');
		require(r.n_rua <= DNS_DMARC_URIS && r.n_ruf <= DNS_DMARC_URIS && r.pct_number <= 100);
		for (size_t i = 0; i < r.n_notes; i++)
			require(mp_utf8_valid(mp_str(r.note[i].words)));
		for (size_t i = 0; i < r.n_rua; i++)
			require(r.rua[i].text && (!r.rua[i].domain || dns_is_hostname(r.rua[i].domain)));
		require(r.broken ==
			(r.p == DNS_DMARC_INVALID || r.sp == DNS_DMARC_INVALID || r.np == DNS_DMARC_INVALID));
	}
	mp_arena_free(a);
	return 0;
}
