/* tests/fuzz/fuzz_spf.c - any SPF record, explanation and sender: judged in bounded work, and every text safe to show */
#include "base/text.h"
#include "dns/spf_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_PASSES = 64, MOST_QUESTIONS = 256 };

static void require(bool holds)
{
	if (!holds)
		abort();
}

/* The input: sender, records of the domain, of an included domain, and an explanation, a line each. */
struct input {
	struct mp_str sender, record[3];
};

static struct input cut(const uint8_t *data, size_t size)
{
	struct mp_str rest = mp_strn((const char *)data, size);
	struct input in = {.sender = MP_LIT("")};

	mp_str_split(&rest, '\n', &in.sender);
	for (size_t i = 0; i < ARRAY_LEN(in.record); i++)
		if (!mp_str_split(&rest, '\n', &in.record[i]))
			in.record[i] = MP_LIT("");
	return in;
}

/* Every name answers: by type, and by a letter of its own so that some do not. */
static void answer(struct mp_evidence *ev, struct mp_question *q, const struct input *in)
{
	static const struct mp_ip ip4 = {MP_IPV4, {192, 0, 2, 7}}, ip6 = {MP_IPV6, {0x20, 1, 0xd, 0xb8, [15] = 7}};
	struct mp_arena *a = mp_evidence_arena(ev);
	const struct dns_question *dq = q->params;
	struct dns_answer *ans = mp_alloc(a, sizeof(*ans));
	struct dns_rr *rr = mp_alloc(a, sizeof(*rr));
	size_t which = strcmp(dq->name, "d.test") == 0 ? 0 : dq->name[0] == 'x' ? 2 : 1;

	ans->outcome = dq->name[0] == 'n' ? DNS_NXDOMAIN : dq->name[0] == 's' ? DNS_SERVFAIL : DNS_ANSWERED;
	if (ans->outcome == DNS_ANSWERED) {
		ans->rr = rr;
		ans->n_rr = 1;
		*rr = (struct dns_rr){.owner = dq->name, .type = dq->type};
		if (dq->type == DNS_TXT) {
			rr->txt.p = (const uint8_t *)in->record[which].p;
			rr->txt.n = in->record[which].n;
		} else if (dq->type == DNS_MX) {
			rr->mx.exchange = "m.test";
		} else if (dq->type == DNS_PTR) {
			rr->name = "m.d.test";
		} else {
			rr->ip = dq->type == DNS_A ? ip4 : ip6;
		}
	}
	mp_evidence_answer(ev, q, ans);
}

static size_t answer_all(struct mp_evidence *ev, const struct input *in)
{
	struct mp_question *q;
	size_t n = 0;

	for (; (q = mp_evidence_next_wanted(ev)); n++)
		answer(ev, q, in);
	return n;
}

static void require_text(const char *s)
{
	require(!s || mp_utf8_valid(mp_str(s)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input in = cut(data, size);
	struct mp_arena *a = mp_arena_new(), *texts = mp_arena_new();
	struct mp_evidence *ev = mp_evidence_new();
	struct spf_request rq = {.domain = "d.test", .helo = "mail.client.test", .now_ms = 1};
	struct spf_verdict v;
	struct spf_tree t;
	size_t passes = 0, questions = 0;

	if (size > 70000)
		goto out;
	rq.sender = mp_dupstr(texts, in.sender);
	mp_ip_parse(size % 2 ? MP_LIT("192.0.2.7") : MP_LIT("2001:db8::8"), &rq.ip);
	while (!spf_check_host(ev, a, &rq, &v)) {
		size_t n = answer_all(ev, &in);

		questions += n;
		require(n > 0 && ++passes < MOST_PASSES && questions < MOST_QUESTIONS);
		mp_arena_reset(a);
	}
	require(v.lookups <= SPF_MAX_LOOKUPS + 1 && v.void_lookups <= SPF_MAX_VOID_LOOKUPS + 1);
	require_text(v.record);
	require_text(v.path);
	require_text(v.problem);
	require_text(v.near_miss);
	for (const char *p = v.explanation; *p; p++)
		require(mp_isprint((unsigned char)*p));
	while (!spf_count(ev, a, &rq, &t)) {
		size_t n = answer_all(ev, &in);

		questions += n;
		require(n > 0 && ++passes < 2 * MOST_PASSES && questions < 2 * MOST_QUESTIONS);
		mp_arena_reset(a);
	}
	require(t.lookups <= SPF_TREE_TERMS);
	for (size_t i = 0; i < t.n_lines; i++)
		require_text(t.lines[i]);
	for (size_t i = 0; i < ARRAY_LEN(in.record); i++) {
		require_text(spf_record_fault(a, in.record[i]));
		require_text(spf_record_doubt(a, in.record[i], NULL));
		require(!spf_record_fault(a, in.record[i]) || !spf_record_doubt(a, in.record[i], NULL));
	}
out:
	mp_evidence_free(ev);
	mp_arena_free(texts);
	mp_arena_free(a);
	return 0;
}
