/* tests/unit/test_world_zone.c - the world's zones: what they say, as an answer and as a message */
#include "dns/msg.h"
#include "tests/world/zone.h"

#include <setjmp.h>
#include <cmocka.h>

static const char zone_text[] =
	". SOA ns1.world.example hostmaster.world.example 1 7200 3600 1209600 300 ; the root\n"
	"\n"
	"example.com. 7200 SOA ns1.example.com. hostmaster.example.com. 7 7200 3600 1209600 300\n"
	"example.com 7200 NS ns1.example.com\r\n"
	"ns1.example.com A 127.0.0.1\n"
	"mail.example.com 60 A 203.0.113.10\n"
	"mail.example.com A 203.0.113.11\n"
	"mail.example.com AAAA 2001:db8::10\n"
	"example.com MX 10 Mail.Example.COM.\n"
	"example.com TXT \"v=spf1 \" \"-all; \\\"x\\\" \\255\"\n"
	"nullmx.example.com MX 0 .\n"
	"www.example.com 30 CNAME alias.example.com\n"
	"alias.example.com CNAME mail.example.com\n"
	"gone.example.com CNAME nothing.example.com\n"
	"loop.example.com CNAME pool.example.com\n"
	"pool.example.com CNAME loop.example.com\n"
	"out.example.com CNAME host.elsewhere.test\n"
	"a.b.ent.example.com A 192.0.2.1\n"
	"*.wild.example.com A 192.0.2.2\n"
	"x.wild.example.com TXT \"x\"\n"
	"_25._tcp.mail.example.com TLSA 3 1 1 00ff 10\n"
	"odd\\.name.example.com TYPE65 \\# 3 010203\n"
	"broken.example.com A \\# 3 010203\n"
	"child.example.com NS ns1.child.example.com\n"
	"ns1.child.example.com A 127.0.0.9\n"
	"servfail.example.com !SERVFAIL\n"
	"refused.example.com !REFUSED\n"
	"formerr.example.com !RCODE 1\n"
	"timeout.example.com !TIMEOUT\n"
	"cut.example.com A 192.0.2.3\n"
	"cut.example.com !TRUNCATE\n"
	"mal.example.com !MALFORMED\n"
	"slow.example.com A 192.0.2.4\n"
	"slow.example.com !SLOW 300\n"
	"half.example.com A 192.0.2.5\n"
	"half.example.com AAAA !SERVFAIL\n"
	"nodata.example.com 77 !NODATA\n"
	"nodata.example.com A 192.0.2.6\n"
	"*.down.example.com !TIMEOUT\n"
	"up.down.example.com A 192.0.2.7\n"
	"up.down.example.com !ANSWER\n"
	"lost.example.com A 192.0.2.8\n"
	"lost.example.com !LOSE 2\n"
	"@resolver stale.example.com 120 PTR old.example.com\n"
	"@authority stale.example.com PTR new.example.com\n"
	"@resolver late.example.com 90 !NXDOMAIN\n"
	"late.example.com PTR mail.example.com\n"
	"@receiver blind.example.com !NXDOMAIN\n"
	"blind.example.com PTR mail.example.com\n"
	"@127.0.0.9 two.example.com TXT \"nine\"\n"
	"two.example.com TXT \"all\"\n"
	"@ad signed.example.com\n"
	"signed.example.com A 192.0.2.9\n"
	"sub.signed.example.com CNAME mail.example.com\n";

static const struct row {
	const char *who; /* "r": a resolver, "a": an authority, "v": as a receiver sees it; "9": the server 127.0.0.9 */
	const char *name;
	uint16_t type;
	const char *want;
} rows[] = {
	{"r", "mail.example.com", DNS_A,
		"answered ra ttl=60 | mail.example.com 203.0.113.10 60 | mail.example.com 203.0.113.11 3600"},
	{"a", "Mail.EXAMPLE.com.", DNS_AAAA, "answered aa ttl=3600 | mail.example.com 2001:db8::10 3600"},
	{"r", "example.com", DNS_MX, "answered ra ttl=3600 | example.com 10 Mail.Example.COM 3600"},
	{"r", "nullmx.example.com", DNS_MX, "answered ra ttl=3600 | nullmx.example.com 0 . 3600"},
	{"r", "example.com", DNS_TXT, "answered ra ttl=3600 | example.com 2 strings 18 bytes \xff 3600"},
	{"a", "example.com", DNS_SOA,
		"answered aa ttl=7200 | example.com ns1.example.com hostmaster.example.com 7 300 7200"},
	{"r", "www.example.com", DNS_A,
		"answered ra ttl=30 cname=alias.example.com cname=mail.example.com"
		" | mail.example.com 203.0.113.10 60 | mail.example.com 203.0.113.11 3600"},
	{"r", "www.example.com", DNS_CNAME, "answered ra ttl=30 | www.example.com alias.example.com 30"},
	{"r", "gone.example.com", DNS_A, "nxdomain ra ttl=3600 cname=nothing.example.com soa=example.com negative=300"},
	{"r", "alias.example.com", DNS_TXT, "nodata ra ttl=3600 cname=mail.example.com soa=example.com negative=300"},
	{"r", "loop.example.com", DNS_A, "malformed"},
	{"r", "nothing.example.com", DNS_A, "nxdomain ra ttl=0 soa=example.com negative=300"},
	{"r", "nothing.test", DNS_A, "nxdomain ra ttl=0 soa=. negative=300"},
	{"a", "b.ent.example.com", DNS_A, "nodata aa ttl=0 soa=example.com negative=300"},
	{"r", "q.wild.example.com", DNS_A, "answered ra ttl=3600 | q.wild.example.com 192.0.2.2 3600"},
	{"r", "q.q.wild.example.com", DNS_A, "answered ra ttl=3600 | q.q.wild.example.com 192.0.2.2 3600"},
	{"r", "x.wild.example.com", DNS_A, "nodata ra ttl=0 soa=example.com negative=300"},
	{"r", "y.x.wild.example.com", DNS_A, "nxdomain ra ttl=0 soa=example.com negative=300"},
	{"r", "q.wild.example.com", DNS_MX, "nodata ra ttl=0 soa=example.com negative=300"},
	{"r", "wild.example.com", DNS_A, "nodata ra ttl=0 soa=example.com negative=300"},
	{"r", "_25._tcp.mail.example.com", DNS_TLSA,
		"answered ra ttl=3600 | _25._tcp.mail.example.com 3 1 1 3 bytes 3600"},
	{"r", "odd\\.name.example.com", 65, "answered ra ttl=3600 | odd\\.name.example.com raw 3 bytes 3600"},
	{"r", "broken.example.com", DNS_A, "malformed"},
	{"a", "x.child.example.com", DNS_A,
		"nodata ttl=0 ns=child.example.com:ns1.child.example.com glue=ns1.child.example.com:127.0.0.9"},
	{"r", "x.child.example.com", DNS_A, "servfail ra"},
	{"r", "servfail.example.com", DNS_A, "servfail ra"},
	{"r", "x.servfail.example.com", DNS_A, "nxdomain ra ttl=0 soa=example.com negative=300"},
	{"a", "refused.example.com", DNS_A, "refused"},
	{"r", "formerr.example.com", DNS_A, "other ra rcode=1"},
	{"r", "timeout.example.com", DNS_A, "timeout"},
	{"r", "cut.example.com", DNS_A, "answered ra tcp ttl=3600 | cut.example.com 192.0.2.3 3600"},
	{"r", "mal.example.com", DNS_A, "malformed"},
	{"r", "slow.example.com", DNS_A, "answered ra ttl=3600 | slow.example.com 192.0.2.4 3600"},
	{"r", "half.example.com", DNS_A, "answered ra ttl=3600 | half.example.com 192.0.2.5 3600"},
	{"r", "half.example.com", DNS_AAAA, "servfail ra"},
	{"r", "nodata.example.com", DNS_A, "nodata ra ttl=0 soa=example.com negative=77"},
	{"r", "down.example.com", DNS_A, "timeout"},
	{"r", "x.y.down.example.com", DNS_A, "timeout"},
	{"r", "up.down.example.com", DNS_A, "answered ra ttl=3600 | up.down.example.com 192.0.2.7 3600"},
	{"r", "lost.example.com", DNS_A, "answered ra ttl=3600 | lost.example.com 192.0.2.8 3600"},
	{"r", "stale.example.com", DNS_PTR, "answered ra ttl=120 | stale.example.com old.example.com 120"},
	{"a", "stale.example.com", DNS_PTR, "answered aa ttl=3600 | stale.example.com new.example.com 3600"},
	{"v", "stale.example.com", DNS_PTR, "answered ra ttl=120 | stale.example.com old.example.com 120"},
	{"r", "late.example.com", DNS_PTR, "nxdomain ra ttl=0 soa=example.com negative=90"},
	{"a", "late.example.com", DNS_PTR, "answered aa ttl=3600 | late.example.com mail.example.com 3600"},
	{"v", "blind.example.com", DNS_PTR, "nxdomain ra ttl=0 soa=example.com negative=300"},
	{"r", "blind.example.com", DNS_PTR, "answered ra ttl=3600 | blind.example.com mail.example.com 3600"},
	{"9", "two.example.com", DNS_TXT, "answered aa ttl=3600 | two.example.com 1 strings 4 bytes e 3600"},
	{"a", "two.example.com", DNS_TXT, "answered aa ttl=3600 | two.example.com 1 strings 3 bytes l 3600"},
	{"r", "signed.example.com", DNS_A, "answered ra ad ttl=3600 | signed.example.com 192.0.2.9 3600"},
	{"r", "x.signed.example.com", DNS_A, "nxdomain ra ad ttl=0 soa=example.com negative=300"},
	{"r", "sub.signed.example.com", DNS_A,
		"answered ra ttl=60 cname=mail.example.com"
		" | mail.example.com 203.0.113.10 60 | mail.example.com 203.0.113.11 3600"},
	{"a", "signed.example.com", DNS_A, "answered aa ttl=3600 | signed.example.com 192.0.2.9 3600"},
};

static void put_record(struct mp_buf *b, const struct dns_rr *rr)
{
	char ip[MP_IP_TEXT];

	mp_buf_addf(b, " | %s", rr->owner);
	switch (rr->type) {
	case DNS_A:
	case DNS_AAAA:
		mp_buf_addf(b, " %s", mp_ip_text(&rr->ip, ip));
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		mp_buf_addf(b, " %s", rr->name);
		break;
	case DNS_MX:
		mp_buf_addf(b, " %u %s", rr->mx.preference, rr->mx.exchange);
		break;
	case DNS_TXT:
		mp_buf_addf(b, " %zu strings %zu bytes %c", rr->txt.n_strings, rr->txt.n, rr->txt.p[rr->txt.n - 1]);
		break;
	case DNS_SOA:
		mp_buf_addf(b, " %s %s %u %u", rr->soa.mname, rr->soa.rname, rr->soa.serial, rr->soa.minimum);
		break;
	case DNS_TLSA:
		mp_buf_addf(b, " %u %u %u %zu bytes", rr->tlsa.usage, rr->tlsa.selector, rr->tlsa.matching, rr->tlsa.n);
		break;
	default:
		mp_buf_addf(b, " raw %zu bytes", rr->raw.n);
		break;
	}
	mp_buf_addf(b, " %u", rr->ttl);
}

static const char *const outcome_words[] = {
	[DNS_ANSWERED] = "answered",
	[DNS_NODATA] = "nodata",
	[DNS_NXDOMAIN] = "nxdomain",
	[DNS_SERVFAIL] = "servfail",
	[DNS_REFUSED] = "refused",
	[DNS_TIMEOUT] = "timeout",
	[DNS_UNREACHABLE] = "unreachable",
	[DNS_MALFORMED] = "malformed",
	[DNS_OTHER] = "other",
	[DNS_BADNAME] = "badname",
};

static const char *render(const struct dns_answer *a, struct mp_buf *b)
{
	char ip[MP_IP_TEXT];

	mp_buf_reset(b);
	mp_buf_addf(b, "%s%s%s%s%s", outcome_words[a->outcome], a->aa ? " aa" : "", a->ra ? " ra" : "",
		a->ad ? " ad" : "", a->tcp ? " tcp" : "");
	if (a->outcome == DNS_OTHER)
		mp_buf_addf(b, " rcode=%u", a->rcode);
	if (!dns_known(a->outcome))
		return mp_buf_cstr(b);
	mp_buf_addf(b, " ttl=%u", a->ttl);
	for (size_t i = 0; i < a->n_cname; i++)
		mp_buf_addf(b, " cname=%s", a->cname[i]);
	if (a->soa)
		mp_buf_addf(b, " soa=%s negative=%u", a->soa->owner, a->negative_ttl);
	for (size_t i = 0; i < a->n_ns; i++)
		mp_buf_addf(b, " ns=%s:%s", a->ns[i].owner, a->ns[i].name);
	for (size_t i = 0; i < a->n_glue; i++)
		mp_buf_addf(b, " glue=%s:%s", a->glue[i].owner, mp_ip_text(&a->glue[i].ip, ip));
	for (size_t i = 0; i < a->n_rr; i++)
		put_record(b, &a->rr[i]);
	return mp_buf_cstr(b);
}

static void setup(struct mp_arena **a, struct world_zone **z)
{
	struct mp_err err = {0};

	*a = mp_arena_new();
	*z = world_zone_parse(*a, zone_text, &err);
	if (!*z)
		fail_msg("%s", err.msg);
}

static void answers(void **state)
{
	struct mp_buf got = MP_BUF(65536);
	struct world_zone *z;
	struct mp_arena *a;

	(void)state;
	setup(&a, &z);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct dns_question q = {
			.name = r->name, .type = r->type, .norecurse = strchr("a9", r->who[0]) != NULL};
		const struct dns_answer *answer;

		if (r->who[0] == '9')
			q.server = "127.0.0.9:5353";
		answer =
			r->who[0] == 'v' ? world_zone_answer_to(z, WORLD_RECEIVER, &q, a) : world_zone_answer(z, &q, a);
		if (strcmp(render(answer, &got), r->want) != 0)
			fail_msg("row '%s %s %u': got '%s', want '%s'", r->who, r->name, r->type, mp_buf_cstr(&got),
				r->want);
	}
	mp_buf_release(&got);
	mp_arena_free(a);
}

/* The message that a server sends, read as the observer reads it, says the same as the pure answer. */
static void messages(void **state)
{
	struct mp_buf got = MP_BUF(65536);
	struct mp_ip nine, one;
	struct world_zone *z;
	struct mp_arena *a;

	(void)state;
	setup(&a, &z);
	assert_true(mp_ip_parse(mp_str("127.0.0.9"), &nine));
	assert_true(mp_ip_parse(mp_str("127.0.0.1"), &one));
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct dns_question q = {
			.name = r->name, .type = r->type, .norecurse = strchr("a9", r->who[0]) != NULL};
		bool cut = strstr(r->want, " tcp") != NULL;
		uint8_t query[DNS_QUERY_MAX];
		struct world_dns_reply reply;
		struct dns_reply parsed;
		struct mp_str sent;

		if (r->who[0] == 'v')
			continue;
		sent = mp_strn((char *)query, dns_query_build(&q, 4711, true, query));
		reply = world_zone_reply(z, sent, r->who[0] == '9' ? &nine : &one, false, a);
		if (strcmp(r->want, "timeout") == 0) {
			assert_null(reply.p);
			continue;
		}
		assert_non_null(reply.p);
		assert_int_equal(reply.p[0] << 8 | reply.p[1], 4711);
		if (((reply.p[2] & 2) != 0) != cut)
			fail_msg("row '%s': TC is %d, want %d", r->name, !cut, cut);
		if (cut)
			reply = world_zone_reply(z, sent, &one, true, a);
		dns_reply_parse(a, &q, reply.p, reply.n, &parsed);
		parsed.answer.tcp = cut;
		if (parsed.answer.outcome == DNS_MALFORMED)
			parsed.answer = (struct dns_answer){.outcome = DNS_MALFORMED};
		if (strcmp(render(&parsed.answer, &got), r->want) != 0)
			fail_msg("row '%s %s %u': got '%s', want '%s'", r->who, r->name, r->type, mp_buf_cstr(&got),
				r->want);
	}
	mp_buf_release(&got);
	mp_arena_free(a);
}

static void behaviours(void **state)
{
	struct dns_question slow = {.name = "slow.example.com", .type = DNS_A},
			    lost = {.name = "lost.example.com", .type = DNS_A};
	uint8_t query[DNS_QUERY_MAX];
	struct world_dns_reply r;
	struct world_zone *z;
	struct mp_arena *a;
	size_t n;

	(void)state;
	setup(&a, &z);
	assert_true(world_zone_answer(z, &slow, a)->took_ms >= 300);
	n = dns_query_build(&slow, 1, true, query);
	r = world_zone_reply(z, mp_strn((char *)query, n), NULL, false, a);
	assert_int_equal(r.delay_ms, 300);
	assert_string_equal(r.name, "slow.example.com");
	assert_int_equal(r.type, DNS_A);
	n = dns_query_build(&lost, 1, true, query);
	assert_int_equal(world_zone_reply(z, mp_strn((char *)query, n), NULL, false, a).lose, 2);
	mp_arena_free(a);
}

/* A long answer is cut where the client has room for 512 bytes only. */
static void truncation(void **state)
{
	struct dns_question q = {.name = "big.example", .type = DNS_TXT};
	struct mp_arena *a = mp_arena_new();
	struct mp_buf text = MP_BUF(4096);
	uint8_t query[DNS_QUERY_MAX];
	struct world_dns_reply r;
	struct world_zone *z;
	size_t n;

	(void)state;
	mp_buf_adds(&text, "example SOA a.example b.example 1 2 3 4 5\nbig.example TXT");
	for (int i = 0; i < 5; i++)
		mp_buf_addf(&text, " \"%0200d\"", i);
	z = world_zone_parse(a, mp_buf_cstr(&text), NULL);
	assert_non_null(z);
	n = dns_query_build(&q, 1, false, query);
	r = world_zone_reply(z, mp_strn((char *)query, n), NULL, false, a);
	assert_true(r.n < 512 && r.p[2] & 2);
	r = world_zone_reply(z, mp_strn((char *)query, n), NULL, true, a);
	assert_true(r.n > 1000 && !(r.p[2] & 2));
	n = dns_query_build(&q, 1, true, query);
	r = world_zone_reply(z, mp_strn((char *)query, n), NULL, false, a);
	assert_true(r.n > 1000 && !(r.p[2] & 2));
	mp_buf_release(&text);
	mp_arena_free(a);
}

/* Nothing that a client sends makes the server read beyond it; a response is never answered. */
static void odd_queries(void **state)
{
	struct dns_question q = {.name = "mail.example.com", .type = DNS_A};
	uint8_t query[DNS_QUERY_MAX];
	struct world_dns_reply r;
	struct world_zone *z;
	struct mp_arena *a;
	size_t n;

	(void)state;
	setup(&a, &z);
	n = dns_query_build(&q, 1, true, query);
	for (size_t i = 0; i < n; i++) {
		uint8_t *cut = mp_memdup(a, query, i);

		r = world_zone_reply(z, mp_strn((char *)cut, i), NULL, false, a);
		if (i < 12)
			assert_null(r.p);
		else
			assert_int_equal(r.p[3] & 15, DNS_RCODE_FORMERR);
	}
	query[2] |= 0x80;
	assert_null(world_zone_reply(z, mp_strn((char *)query, n), NULL, false, a).p);
	mp_arena_free(a);
}

static void bad_zones(void **state)
{
	static const struct {
		const char *text, *want;
	} bad[] = {
		{"example.com A", "zone line 1: rdata is not what this type has"},
		{"\nexample.com", "zone line 2: too few words"},
		{"example.com A 192.0.2.256", "zone line 1: rdata is not what this type has"},
		{"example.com AAAA 192.0.2.1", "zone line 1: rdata is not what this type has"},
		{"example.com MX mail.example.com", "zone line 1: rdata is not what this type has"},
		{"example.com MX 65536 mail.example.com", "zone line 1: rdata is not what this type has"},
		{"example.com TXT \"open", "zone line 1: open quote"},
		{"example.com WKS 1", "zone line 1: unknown type"},
		{"a..b A 192.0.2.1", "zone line 1: no possible name"},
		{"a A \\# 4 0102", "zone line 1: rdata is not what this type has"},
		{"a !GONE", "zone line 1: no such behaviour"},
		{"a !SLOW", "zone line 1: no such behaviour"},
		{"@nobody a A 192.0.2.1", "zone line 1: unknown prefix"},
		{"@ad", "zone line 1: @ad takes one name"},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		struct mp_err err = {0};

		assert_null(world_zone_parse(a, bad[i].text, &err));
		if (strncmp(err.msg, bad[i].want, strlen(bad[i].want)) != 0)
			fail_msg("row '%s': got '%s', want '%s'", bad[i].text, err.msg, bad[i].want);
		assert_null(world_zone_parse(a, bad[i].text, NULL));
	}
	mp_arena_free(a);
}

static void names(void **state)
{
	char label[] = "123456789012345678901234567890123456789012345678901234567890123.";
	struct mp_arena *a = mp_arena_new();
	struct dns_question q = {.type = DNS_A};
	struct world_zone *z = world_zone_parse(a, ". SOA a b 1 2 3 4 5", NULL);
	char longest[5 * 64];

	(void)state;
	snprintf(longest, sizeof(longest), "%s%s%s%.61s", label, label, label, label);
	q.name = longest;
	assert_int_equal(world_zone_answer(z, &q, a)->outcome, DNS_NXDOMAIN);
	snprintf(longest, sizeof(longest), "%s%s%s%.62s", label, label, label, label);
	assert_int_equal(world_zone_answer(z, &q, a)->outcome, DNS_BADNAME);
	q.name = "1234567890123456789012345678901234567890123456789012345678901234.example";
	assert_int_equal(world_zone_answer(z, &q, a)->outcome, DNS_BADNAME);
	q.name = "";
	assert_int_equal(world_zone_answer(z, &q, a)->outcome, DNS_BADNAME);
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers),
		cmocka_unit_test(messages),
		cmocka_unit_test(behaviours),
		cmocka_unit_test(truncation),
		cmocka_unit_test(odd_queries),
		cmocka_unit_test(bad_zones),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
