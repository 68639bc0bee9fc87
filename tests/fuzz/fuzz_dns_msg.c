/* tests/fuzz/fuzz_dns_msg.c - a reply from a name server: no bytes crash it, and what it gives can be saved and read back */
#include "dns/msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The question that this reply repeats, so that the decoder gets past comparing it. */
static void question_of(const uint8_t *p, size_t n, char name[static DNS_NAME_TEXT], struct dns_question *q)
{
	size_t at = 12, len = 0;

	q->name = "www.example";
	q->type = DNS_A;
	q->norecurse = n > 2 && !(p[2] & 1);
	while (at + len < n && p[at + len] > 0 && p[at + len] < 64)
		len += p[at + len] + 1U;
	if (at + len + 2 >= n || p[at + len] != 0 || len >= DNS_NAME_WIRE)
		return;
	q->name = dns_name_from_wire(p + at, name);
	q->type = (uint16_t)(p[at + len + 1] << 8 | p[at + len + 2]);
}

static void require(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_arena *a = mp_arena_new();
	uint8_t query[DNS_QUERY_MAX];
	char name[DNS_NAME_TEXT], *canonical;
	struct dns_question q = {0};
	struct dns_reply r;
	struct mp_err err;
	const void *params, *answer;
	json_t *j, *again;

	if (size > DNS_RDATA_MAX)
		size = DNS_RDATA_MAX;
	question_of(data, size, name, &q);
	require(dns_query_build(&q, 1, true, query) > 0);
	dns_reply_parse(a, &q, data, size, &r);
	require((r.answer.outcome == DNS_ANSWERED) == (r.answer.n_rr > 0));
	require(r.answer.n_cname <= DNS_CHAIN_MAX);

	canonical = dns_name_canonical(a, q.name);
	require(canonical && dns_name_eq(canonical, q.name) && dns_name_under(q.name, canonical));
	q.name = canonical;
	r.answer.server = "127.0.0.1:53";
	j = dns_kind.to_json(&q, &r.answer);
	require(dns_kind.from_json(j, a, &params, &answer, &err) == MP_OK);
	again = dns_kind.to_json(params, answer);
	require(json_equal(j, again));
	json_decref(again);
	json_decref(j);
	mp_arena_free(a);
	return 0;
}
