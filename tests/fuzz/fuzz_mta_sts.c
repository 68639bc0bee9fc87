/* tests/fuzz/fuzz_mta_sts.c - records and policies of MTA-STS: any bytes are read, what is found keeps its promises */
#include "base/text.h"
#include "dns/mta_sts.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void one_line(struct mp_arena *a, const char *text)
{
	if (text && strcmp(mp_text(a, mp_str(text)), text) != 0)
		abort();
}

static void try_record(struct mp_arena *a, const uint8_t *data, size_t size)
{
	struct dns_rr rr[2] = {{.type = DNS_TXT, .txt = {.p = data, .n = size, .n_strings = 1}}};
	struct dns_answer answer = {.outcome = DNS_ANSWERED, .n_rr = 1, .rr = rr};
	struct dns_sts_record r;

	dns_sts_record_read(a, &answer, &r);
	if (!r.fault != (r.id != NULL) || (r.id && r.n != 1))
		abort();
	one_line(a, r.text);
	one_line(a, r.fault);
	rr[1] = rr[0];
	answer.n_rr = 2;
	dns_sts_record_read(a, &answer, &r);
	if (!r.fault)
		abort(); /* two never count */
}

static void try_policy(struct mp_arena *a, const uint8_t *data, size_t size)
{
	struct dns_sts_policy p;

	dns_sts_policy_read(a, mp_strn((const char *)data, size), &p);
	one_line(a, p.fault);
	for (size_t i = 0; i < p.n_remarks; i++)
		one_line(a, p.remarks[i]);
	if (!p.fault && (p.max_age > DNS_STS_MAX_AGE || (p.mode != DNS_STS_NONE && !p.n_mx)))
		abort();
	for (size_t i = 0; i < p.n_mx; i++) {
		const char *rest = strncmp(p.mx[i], "*.", 2) == 0 ? p.mx[i] + 2 : p.mx[i];

		if (!dns_is_hostname(rest) ||
			dns_sts_allows(&p, "no-such-host.invalid.") != dns_sts_allows(&p, "NO-SUCH-HOST.invalid"))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena *a = mp_arena_new();

	try_record(a, data, size);
	try_policy(a, data, size);
	mp_arena_free(a);
	return 0;
}
