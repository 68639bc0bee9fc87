/* dns/tlsa.c - see dns/tlsa.h */
#include "dns/tlsa.h"

enum { SHOWN_BYTES = 64 };

const char *dns_tlsa_fault(struct mp_arena *a, const struct dns_rr *rr)
{
	if (rr->tlsa.usage < 2)
		return mp_printf(a, "usage %u is not for SMTP, 2 and 3 are", rr->tlsa.usage);
	if (rr->tlsa.usage > 3 || rr->tlsa.selector > 1 || rr->tlsa.matching > 2)
		return mp_printf(a, "the parameters %u %u %u are not assigned", rr->tlsa.usage, rr->tlsa.selector,
			rr->tlsa.matching);
	if ((rr->tlsa.matching == 1 && rr->tlsa.n != 32) || (rr->tlsa.matching == 2 && rr->tlsa.n != 64))
		return mp_printf(a, "a digest of %zu bytes does not fit its type %u", rr->tlsa.n, rr->tlsa.matching);
	return rr->tlsa.n ? NULL : "it holds no data";
}

bool dns_tlsa_passed_over(const struct dns_answer *answer, size_t i)
{
	struct mp_arena *a = mp_arena_new();
	const struct dns_rr *rr = &answer->rr[i];
	bool stronger = false;

	for (size_t k = 0; k < answer->n_rr && rr->tlsa.matching && !stronger; k++) {
		const struct dns_rr *other = &answer->rr[k];

		stronger = other->tlsa.usage == rr->tlsa.usage && other->tlsa.selector == rr->tlsa.selector &&
			   other->tlsa.matching > rr->tlsa.matching && !dns_tlsa_fault(a, other);
	}
	mp_arena_free(a);
	return stronger;
}

const char *dns_tlsa_text(struct mp_arena *a, const struct dns_rr *rr)
{
	struct mp_buf b = MP_BUF(256);
	const char *text;

	mp_buf_addf(&b, "%u %u %u ", rr->tlsa.usage, rr->tlsa.selector, rr->tlsa.matching);
	for (size_t i = 0; i < rr->tlsa.n && i < SHOWN_BYTES; i++)
		mp_buf_addf(&b, "%02x", rr->tlsa.p[i]);
	if (rr->tlsa.n > SHOWN_BYTES)
		mp_buf_addf(&b, " (and %zu bytes)", rr->tlsa.n - SHOWN_BYTES);
	text = mp_dupn(a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}
