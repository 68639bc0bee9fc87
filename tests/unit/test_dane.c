/* tests/unit/test_dane.c - which TLSA records count for an MX host: signed, unsigned and bogus ways, aliases, digests */
#include "probe/dane.h"
#include "tests/unit/judge.h"
#include "tests/unit/row.h"

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define EE "TLSA 3 1 1 " HASH "\n"

#define COMMON                                                       \
	". SOA a.root h.root 1 2 3 4 300\n"                          \
	"example.net SOA ns.example.net h.example.net 1 2 3 4 300\n" \
	"example.org SOA ns.example.org h.example.org 1 2 3 4 300\n"
#define ALL_SIGNED "@ad .\n"
#define NET_SIGNED "@ad example.net\n"
#define MX "example.net MX 10 mx.example.net\n"
#define HOST "mx.example.net A 198.51.100.25\n"
#define NAME "_25._tcp.mx.example.net"

/* The look-ups as the judge of a target makes them, for its first MX host. */
static enum mp_judged judge_find(struct mp_judge *j)
{
	const struct mp_target *t = &j->c->targets[0];
	const struct dns_answer *mx = t->kind == MP_TARGET_DOMAIN ? mp_dns(j, t->domain, DNS_MX) : NULL;
	static const char *const states[] = {"no name", "insecure", "none", "records", "unknown"};
	struct mp_dane d;
	const char *host;

	if (t->kind == MP_TARGET_DOMAIN && !mx)
		return MP_PENDING;
	host = !mx ? t->host : mx->n_rr ? mx->rr[0].mx.exchange : t->domain;
	if (!mp_dane_find(j, t, mx, host, &d))
		return MP_PENDING;
	mp_report(j, d.name, MP_INFO, "%s%s%s%s: %s.", states[d.state], d.insecure ? " " : "",
		d.insecure ? d.insecure : "", d.believed ? "" : " (not believed)",
		d.state == MP_DANE_RECORDS   ? dns_tlsa_text(j->a, &d.rr->rr[0])
		: d.state == MP_DANE_UNKNOWN ? d.failed_name
					     : d.base);
	return MP_SETTLED;
}

static const struct mp_check probe = {.id = "test.dane", .judge = judge_find};

static const struct {
	const char *label, *zone;
	const char *says; /* state, and what with it */
	const char *name; /* where records were looked for; NULL: not looked at */
	const char *resolver;
	const char *server; /* a target that is one server */
	uint16_t port;
	size_t steps; /* batches of look-ups; 0: not looked at */
} rows[] = {
	{"records, all signed", ALL_SIGNED MX HOST NAME " " EE, "records: 3 1 1 " HASH ".", .name = NAME, .steps = 2},
	{"another port", ALL_SIGNED MX HOST "_2525._tcp.mx.example.net " EE, "records: 3 1 1 " HASH ".",
		.name = "_2525._tcp.mx.example.net", .port = 2525},
	{"no records", ALL_SIGNED MX HOST, "none: mx.example.net.", .name = NAME, .steps = 2},
	{"the MX is not signed", "@ad mx.example.net\n" MX HOST NAME " " EE,
		"insecure the MX record of example.net: mx.example.net.", .name = NULL, .steps = 1},
	{"the address is not signed",
		"@ad example.net\nexample.net MX 10 mx.example.org\nmx.example.org A 198.51.100.25\n"
		"_25._tcp.mx.example.org " EE,
		"insecure the addresses of mx.example.org: mx.example.org.", .name = NULL},
	{"the records are not signed",
		"@ad example.net\nexample.net MX 10 mx.example.org\nmx.example.org A 198.51.100.25\n"
		"@ad mx.example.org\n_25._tcp.mx.example.org CNAME tlsa.elsewhere.example\n"
		"elsewhere.example SOA a.root h.root 1 2 3 4 300\ntlsa.elsewhere.example " EE,
		"insecure the TLSA records of _25._tcp.mx.example.org: mx.example.org.", .name = NULL},
	{"records by an alias", ALL_SIGNED MX HOST NAME " CNAME tlsa.example.net\ntlsa.example.net " EE,
		"records: 3 1 1 " HASH ".", .name = NAME},
	{"bogus records", ALL_SIGNED MX HOST NAME " TLSA !SERVFAIL\n", "unknown: " NAME ".", .name = NAME},
	{"records that nobody answers for", ALL_SIGNED MX HOST NAME " TLSA !TIMEOUT\n", "unknown: " NAME ".",
		.name = NAME},
	{"a broken server for records that do not count",
		"@ad example.net\nexample.net MX 10 mx.example.org\n"
		"mx.example.org A 198.51.100.25\n_25._tcp.mx.example.org TLSA !TIMEOUT\n",
		"insecure the addresses of mx.example.org: mx.example.org.", .name = NULL},
	{"bogus addresses", ALL_SIGNED MX "mx.example.net A !SERVFAIL\nmx.example.net AAAA !SERVFAIL\n",
		"unknown: mx.example.net.", .name = NULL},
	{"no MX, its own host", ALL_SIGNED "example.net A 198.51.100.25\n_25._tcp.example.net " EE,
		"records: 3 1 1 " HASH ".", .name = "_25._tcp.example.net"},
	{"no MX, not signed", "example.net A 198.51.100.25\n_25._tcp.example.net " EE,
		"insecure the MX record of example.net: example.net.", .name = NULL},

	/* aliases */
	{"the host is an alias, records where it leads",
		ALL_SIGNED MX "mx.example.net CNAME real.example.net\nreal.example.net A 198.51.100.25\n"
			      "_25._tcp.real.example.net " EE,
		"records: 3 1 1 " HASH ".", .name = "_25._tcp.real.example.net"},
	{"the host is an alias, records at its own name",
		ALL_SIGNED MX "mx.example.net CNAME real.example.net\nreal.example.net A 198.51.100.25\n" NAME " " EE,
		"records: 3 1 1 " HASH ".", .name = NAME},
	{"the alias leads out of what is signed, records at its own name",
		NET_SIGNED MX "mx.example.net CNAME real.example.org\nreal.example.org A 198.51.100.25\n" NAME " " EE
			      "_25._tcp.real.example.org " EE,
		"records: 3 1 1 " HASH ".", .name = NAME},
	{"the alias leads out of what is signed, records there alone",
		NET_SIGNED MX "mx.example.net CNAME real.example.org\nreal.example.org A 198.51.100.25\n"
			      "_25._tcp.real.example.org " EE,
		"none: mx.example.net.", .name = NAME},
	{"an unsigned alias",
		"@ad example.net\nexample.net MX 10 mx.example.org\nmx.example.org CNAME real.example.net\n"
		"real.example.net A 198.51.100.25\n_25._tcp.real.example.net " EE,
		"insecure the alias mx.example.org: mx.example.org.", .name = NULL},

	/* who says so */
	{"a resolver that is not believed", ALL_SIGNED MX HOST NAME " " EE, "records (not believed): 3 1 1 " HASH ".",
		.name = NAME, .resolver = "192.0.2.53:53"},
	{"one server", ALL_SIGNED HOST NAME " " EE, "records: 3 1 1 " HASH ".", .name = NAME,
		.server = "mx.example.net", .steps = 1},
	{"one server, not signed", HOST NAME " " EE, "insecure the addresses of mx.example.net: mx.example.net.",
		.name = NULL, .server = "mx.example.net"},
};

static void finds(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_source sources[JUDGE_SOURCES];
		const char *resolver = rows[i].resolver ? rows[i].resolver : "127.0.0.1:53";
		struct mp_target t = {.text = "example.net",
			.domain = rows[i].server ? rows[i].server : "example.net",
			.kind = rows[i].server ? MP_TARGET_SERVER : MP_TARGET_DOMAIN,
			.host = rows[i].server,
			.port = rows[i].port ? rows[i].port : 25};
		struct judge_run run;
		struct mp_case c;
		const struct mp_result *r;

		judge_case(&c, sources, "203.0.113.10", "mail.example.com");
		c.targets = &t;
		c.n_targets = 1;
		c.resolvers = &resolver;
		c.n_resolvers = 1;
		judge_run(&run, rows[i].label, &probe, &c, 0, mp_printf(a, COMMON "%s", rows[i].zone));
		r = &run.judge.results[0];
		row_str(rows[i].label, r->summary, rows[i].says);
		if (rows[i].name)
			row_str(rows[i].label, r->subject, rows[i].name);
		if (rows[i].steps)
			row_int(rows[i].label, (long long)run.steps, (long long)rows[i].steps);
		judge_release(&run);
		mp_arena_free(a);
	}
}

/* ---- records by themselves */

static const uint8_t bytes[65] = {0xab, 0xcd};

static struct dns_rr tlsa(uint8_t usage, uint8_t selector, uint8_t matching, size_t n)
{
	struct dns_rr rr = {.owner = NAME, .type = DNS_TLSA};

	rr.tlsa.usage = usage;
	rr.tlsa.selector = selector;
	rr.tlsa.matching = matching;
	rr.tlsa.p = bytes;
	rr.tlsa.n = n;
	return rr;
}

static void faults(void **state)
{
	static const struct {
		uint8_t usage, selector, matching;
		size_t n;
		const char *want;
	} faulty[] = {
		{3, 1, 1, 32, NULL},
		{2, 0, 2, 64, NULL},
		{3, 0, 0, 65, NULL},
		{0, 1, 1, 32, "usage 0 is not for SMTP, 2 and 3 are"},
		{1, 1, 1, 32, "usage 1 is not for SMTP, 2 and 3 are"},
		{4, 1, 1, 32, "the parameters 4 1 1 are not assigned"},
		{255, 1, 1, 32, "the parameters 255 1 1 are not assigned"},
		{3, 2, 1, 32, "the parameters 3 2 1 are not assigned"},
		{3, 1, 3, 32, "the parameters 3 1 3 are not assigned"},
		{3, 1, 1, 31, "a digest of 31 bytes does not fit its type 1"},
		{3, 1, 2, 32, "a digest of 32 bytes does not fit its type 2"},
		{3, 1, 0, 0, "it holds no data"},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(faulty); i++) {
		struct dns_rr rr = tlsa(faulty[i].usage, faulty[i].selector, faulty[i].matching, faulty[i].n);

		row_str(faulty[i].want ? faulty[i].want : "usable", dns_tlsa_fault(a, &rr), faulty[i].want);
	}
	mp_arena_free(a);
}

/* RFC 7671 9: the strongest digest over the same thing counts alone; whole data always. */
static void agility(void **state)
{
	struct dns_rr rr[] = {tlsa(3, 1, 1, 32), tlsa(3, 1, 2, 64), tlsa(3, 0, 1, 32), tlsa(2, 1, 1, 32),
		tlsa(3, 1, 0, 65), tlsa(2, 1, 2, 63)};
	static const bool over[] = {true, false, false, false, false, false};
	struct dns_answer answer = {.outcome = DNS_ANSWERED, .n_rr = ARRAY_LEN(rr), .rr = rr};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rr); i++)
		row_bool(dns_tlsa_text(a, &rr[i]), dns_tlsa_passed_over(&answer, i), over[i]);
	assert_string_equal(
		dns_tlsa_text(a, &rr[0]), "3 1 1 abcd000000000000000000000000000000000000000000000000000000000000");
	assert_non_null(strstr(dns_tlsa_text(a, &rr[4]), " (and 1 bytes)"));
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds),
		cmocka_unit_test(faults),
		cmocka_unit_test(agility),
	};

	return cmocka_run_group_tests_name("dane", tests, NULL, NULL);
}
