/* tests/unit/test_checks_domain.c - every status of mx.sender, soa.sender, tls_rpt.sender, dane.sender, bimi.sender, dnssec.sender */
#include "tests/unit/judge.h"
#include "tests/unit/row.h"

#define MX &mp_check_mx_sender
#define SOA &mp_check_soa_sender
#define RPT &mp_check_tls_rpt_sender
#define DANE &mp_check_dane_sender
#define BIMI &mp_check_bimi_sender
#define DNSSEC &mp_check_dnssec_sender

#define D "example.com"

/* Behind every row's own lines. */
#define WORLD                                      \
	". SOA a.root h.root 1 2 3 4 300\n"        \
	"com SOA ns.world.example h 1 2 3 4 300\n" \
	"com NS ns.world.example\n"                \
	"ns.world.example A 127.0.0.1\n"
#define ZONE D " SOA ns.world.example h.example.com 1 2 3 4 300\n"
#define NAME_SERVER D " NS ns.world.example\n"
#define GOOD_MX D " MX 10 mx.example.com\nmx.example.com A 203.0.113.30\n"
#define TLSA "_25._tcp.mx.example.com TLSA "
#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define LOGO "default._bimi." D " TXT \"v=BIMI1; l=https://example.com/l.svg; a=https://example.com/v.pem\"\n"
#define DS D " DS \\# 4 01020304\n"
#define DNSKEY D " DNSKEY \\# 4 01010308\n"

struct row {
	const char *label, *zone;
	const char *from;     /* NULL: postmaster@example.com */
	const char *domain;   /* NULL: example.com */
	const char *resolver; /* NULL: on loopback */
	bool trust_ad;
	size_t nth;
	struct judge_want want; /* subject NULL: the domain */
};

static const struct row rows[] = {
	/* mx.sender */
	{"an MX", ZONE GOOD_MX, .want = {MX, NULL, MP_PASS, {"can come back", "mx.example.com"}}},
	{"two MX", ZONE GOOD_MX D " MX 20 mx2.example.com\nmx2.example.com AAAA 2001:db8::30\n",
		.want = {MX, NULL, MP_PASS, {"mx.example.com and mx2.example.com"}}},
	{"no MX, an address", ZONE D " A 203.0.113.30\n", .want = {MX, NULL, MP_PASS, {"own address takes bounces"}}},
	{"no MX, an IPv6 address", ZONE D " AAAA 2001:db8::30\n", .want = {MX, NULL, MP_PASS, {"own address"}}},
	{"no MX, no address", ZONE, .want = {MX, NULL, MP_FAIL, {"neither an MX record nor an address"}}},
	{"no MX, A unknown", ZONE D " A !TIMEOUT\n", .want = {MX, NULL, MP_ERROR, {"which has no MX record"}}},
	{"no MX, AAAA unknown", ZONE D " AAAA !SERVFAIL\n", .want = {MX, NULL, MP_ERROR, {"SERVFAIL"}}},
	{"no such domain", "", .want = {MX, NULL, MP_FAIL, {"example.com does not exist"}}},
	{"null MX", ZONE D " MX 0 .\n", .want = {MX, NULL, MP_FAIL, {"takes no mail (null MX)"}}},
	{"null MX and another", ZONE GOOD_MX D " MX 0 .\n", .want = {MX, NULL, MP_WARN, {"null MX beside"}}},
	{"MX host without address", ZONE D " MX 10 mx.example.com\n",
		.want = {MX, NULL, MP_FAIL, {"No MX host of example.com has an address (mx.example.com)"}}},
	{"one of two without address", ZONE GOOD_MX D " MX 20 gone.example.com\n",
		.want = {MX, NULL, MP_WARN, {"gone.example.com has no address"}}},
	{"MX host unknown", ZONE D " MX 10 mx.example.com\nmx.example.com A !TIMEOUT\n",
		.want = {MX, NULL, MP_ERROR, {"the MX host mx.example.com", "time-out"}}},
	{"MX host's AAAA unknown, A there", ZONE GOOD_MX "mx.example.com AAAA !TIMEOUT\n",
		.want = {MX, NULL, MP_PASS, {0}}},
	{"SERVFAIL", D " !SERVFAIL\n", .want = {MX, NULL, MP_ERROR, {"the MX record of example.com", "SERVFAIL"}}},
	{"another envelope domain", ZONE GOOD_MX, .from = "bounce@typo.example", .nth = 1,
		.want = {MX, "typo.example", MP_FAIL, {"typo.example does not exist"}}},
	{"the same domain once", ZONE GOOD_MX, .from = "bounce@EXAMPLE.com", .want = {MX, NULL, MP_PASS, {0}}},
	{"the null sender", ZONE GOOD_MX, .from = "", .want = {MX, NULL, MP_PASS, {0}}},
	{"private MX of a sender outside", ZONE D " MX 10 mx.example.com\nmx.example.com A 192.168.0.30\n",
		.want = {MX, NULL, MP_WARN, {"private addresses alone (mx.example.com, 192.168.0.30)"}}},
	{"one of two is private", ZONE GOOD_MX "mx.example.com AAAA fd00::30\n", .want = {MX, NULL, MP_PASS, {0}}},
	/* soa.sender */
	{"a zone of its own", ZONE, .want = {SOA, NULL, MP_PASS, {"example.com has an SOA record"}}},
	{"a name in a zone", ZONE "sub." D " A 203.0.113.30\n", .domain = "sub." D, .from = "a@sub." D,
		.want = {SOA, "sub." D, MP_PASS, {"lies in the zone example.com"}}},
	{"no SOA is shown", ZONE D " SOA !RCODE 0\n", .want = {SOA, NULL, MP_INFO, {"has no SOA record"}}},
	{"SOA, no such domain", "", .want = {SOA, NULL, MP_SKIP, {"follows from mx.sender"}}},
	{"SOA, SERVFAIL", D " !SERVFAIL\n", .want = {SOA, NULL, MP_ERROR, {"SERVFAIL"}}},
	{"SOA, time-out", ZONE D " SOA !TIMEOUT\n", .want = {SOA, NULL, MP_ERROR, {"time-out"}}},
	{"SOA of the envelope's domain", ZONE "example.org SOA ns.world.example h 1 2 3 4 300\n",
		.from = "bounce@example.org", .nth = 1, .want = {SOA, "example.org", MP_PASS, {0}}},
	/* tls_rpt.sender */
	{"no TLS-RPT", ZONE, .want = {RPT, NULL, MP_INFO, {"asks for no reports on TLS"}}},
	{"TLS-RPT", ZONE "_smtp._tls." D " TXT \"v=TLSRPTv1; rua=mailto:tls@example.com,https://r.example/x\"\n",
		.want = {RPT, NULL, MP_PASS, {"mailto:tls@example.com"}}},
	{"TLS-RPT without a blank", ZONE "_smtp._tls." D " TXT \"v=TLSRPTv1;rua=mailto:tls@example.com;\"\n",
		.want = {RPT, NULL, MP_PASS, {0}}},
	{"TLS-RPT among others",
		ZONE "_smtp._tls." D " TXT \"hello\"\n_smtp._tls." D
		     " TXT \"v=TLSRPTv1; rua=mailto:tls@example.com\"\n",
		.want = {RPT, NULL, MP_PASS, {0}}},
	{"TLS-RPT of another version", ZONE "_smtp._tls." D " TXT \"v=TLSRPTv10; rua=mailto:tls@example.com\"\n",
		.want = {RPT, NULL, MP_WARN, {"does not begin with v=TLSRPTv1"}}},
	{"TLS-RPT without rua", ZONE "_smtp._tls." D " TXT \"v=TLSRPTv1\"\n",
		.want = {RPT, NULL, MP_WARN, {"no tag rua"}}},
	{"TLS-RPT, rua empty", ZONE "_smtp._tls." D " TXT \"v=TLSRPTv1; rua=\"\n",
		.want = {RPT, NULL, MP_WARN, {"rua is empty"}}},
	{"TLS-RPT, rua without scheme", ZONE "_smtp._tls." D " TXT \"v=TLSRPTv1; rua=tls@example.com\"\n",
		.want = {RPT, NULL, MP_WARN, {"\"tls@example.com\" is neither"}}},
	{"TLS-RPT, rua over http", ZONE "_smtp._tls." D " TXT \"v=TLSRPTv1; rua=http://r.example/\"\n",
		.want = {RPT, NULL, MP_WARN, {"neither"}}},
	{"TLS-RPT, no tag", ZONE "_smtp._tls." D " TXT \"v=TLSRPTv1; reports please\"\n",
		.want = {RPT, NULL, MP_WARN, {"\"reports please\" is no tag"}}},
	{"TLS-RPT, rua twice",
		ZONE "_smtp._tls." D " TXT \"v=TLSRPTv1; rua=mailto:a@b.example; rua=mailto:c@d.example\"\n",
		.want = {RPT, NULL, MP_WARN, {"rua is there twice"}}},
	{"TLS-RPT twice",
		ZONE "_smtp._tls." D " TXT \"v=TLSRPTv1; rua=mailto:a@b.example\"\n_smtp._tls." D
		     " TXT \"v=TLSRPTv1; rua=mailto:c@d.example\"\n",
		.want = {RPT, NULL, MP_WARN, {"there are 2"}}},
	{"TLS-RPT, time-out", ZONE "_smtp._tls." D " !TIMEOUT\n", .want = {RPT, NULL, MP_ERROR, {"time-out"}}},
	/* dane.sender */
	{"no TLSA", ZONE GOOD_MX, .want = {DANE, NULL, MP_INFO, {"no DANE"}}},
	{"TLSA, vouched for", "@ad " D "\n" ZONE GOOD_MX TLSA "3 1 1 " HASH "\n",
		.want = {DANE, NULL, MP_PASS, {"mx.example.com"}}},
	{"TLSA, not vouched for", ZONE GOOD_MX TLSA "3 1 1 " HASH "\n",
		.want = {DANE, NULL, MP_INFO, {"whether DNSSEC"}}},
	{"TLSA, vouched for from afar", "@ad " D "\n" ZONE GOOD_MX TLSA "3 1 1 " HASH "\n", .resolver = "192.0.2.53:53",
		.want = {DANE, NULL, MP_INFO, {"whether DNSSEC"}}},
	{"TLSA, afar and believed", "@ad " D "\n" ZONE GOOD_MX TLSA "3 1 1 " HASH "\n", .resolver = "192.0.2.53:53",
		.trust_ad = true, .want = {DANE, NULL, MP_PASS, {0}}},
	{"TLSA of the web", ZONE GOOD_MX TLSA "1 1 1 " HASH "\n", .want = {DANE, NULL, MP_WARN, {"usage 1"}}},
	{"TLSA, unassigned", ZONE GOOD_MX TLSA "3 7 1 " HASH "\n", .want = {DANE, NULL, MP_WARN, {"3 7 1"}}},
	{"TLSA, short digest", ZONE GOOD_MX TLSA "3 1 1 0123\n", .want = {DANE, NULL, MP_WARN, {"2 bytes"}}},
	{"TLSA of one host", ZONE GOOD_MX D " MX 20 mx2.example.com\n" TLSA "3 1 1 " HASH "\n",
		.want = {DANE, NULL, MP_INFO, {"not complete"}}},
	{"TLSA, no MX", ZONE "_25._tcp." D " TLSA 3 1 1 " HASH "\n", .want = {DANE, NULL, MP_INFO, {"TLSA"}}},
	{"TLSA, time-out", ZONE GOOD_MX TLSA "!TIMEOUT\n", .want = {DANE, NULL, MP_ERROR, {"time-out"}}},
	{"TLSA, MX unknown", D " !SERVFAIL\n", .want = {DANE, NULL, MP_ERROR, {"the MX record"}}},
	{"TLSA, null MX", ZONE D " MX 0 .\n", .want = {DANE, NULL, MP_SKIP, {"follows from mx.sender"}}},
	/* bimi.sender */
	{"no BIMI", ZONE, .want = {BIMI, NULL, MP_INFO, {"shows no logo"}}},
	{"BIMI", ZONE LOGO "_dmarc." D " TXT \"v=DMARC1; p=quarantine\"\n",
		.want = {BIMI, NULL, MP_PASS, {"https://example.com/l.svg"}}},
	{"BIMI, no DMARC", ZONE LOGO, .want = {BIMI, NULL, MP_WARN, {"DMARC is not enforced"}}},
	{"BIMI, DMARC without a policy", ZONE LOGO "_dmarc." D " TXT \"v=DMARC1; p=none\"\n",
		.want = {BIMI, NULL, MP_WARN, {"DMARC is not enforced"}}},
	{"BIMI, DMARC not for the names below", ZONE LOGO "_dmarc." D " TXT \"v=DMARC1; p=reject; sp=none\"\n",
		.want = {BIMI, NULL, MP_WARN, {"sp=none"}}},
	{"BIMI, DMARC of a part", ZONE LOGO "_dmarc." D " TXT \"v=DMARC1; p=quarantine; pct=50\"\n",
		.want = {BIMI, NULL, MP_WARN, {"pct=50"}}},
	{"BIMI, DMARC as a test", ZONE LOGO "_dmarc." D " TXT \"v=DMARC1; p=quarantine; t=y\"\n",
		.want = {BIMI, NULL, MP_WARN, {"the DMARC policy is none"}}},
	{"BIMI of the organization", ZONE LOGO "_dmarc." D " TXT \"v=DMARC1; p=reject\"\nsub." D " A 203.0.113.30\n",
		.domain = "sub." D, .from = "a@sub." D,
		.want = {BIMI, "sub." D, MP_PASS, {"https://example.com/l.svg"}}},
	{"BIMI below, the organization lax",
		ZONE "default._bimi.sub." D " TXT \"v=BIMI1; l=https://example.com/l.svg\"\n_dmarc." D
		     " TXT \"v=DMARC1; p=none; sp=reject\"\nsub." D " A 203.0.113.30\n",
		.domain = "sub." D, .from = "a@sub." D,
		.want = {BIMI, "sub." D, MP_WARN, {"of example.com itself is none"}}},
	{"BIMI, DMARC unknown", ZONE LOGO "_dmarc." D " !TIMEOUT\n", .want = {BIMI, NULL, MP_ERROR, {"time-out"}}},
	{"BIMI, declined", ZONE "default._bimi." D " TXT \"v=BIMI1; l=; a=;\"\n", .want = {BIMI, NULL, MP_INFO, {0}}},
	{"BIMI over http", ZONE "default._bimi." D " TXT \"v=BIMI1; l=http://example.com/l.svg\"\n",
		.want = {BIMI, NULL, MP_WARN, {"tag l"}}},
	{"BIMI, evidence over http",
		ZONE "default._bimi." D " TXT \"v=BIMI1; l=https://example.com/l.svg; a=http://example.com/v\"\n",
		.want = {BIMI, NULL, MP_WARN, {"tag a"}}},
	{"BIMI without l", ZONE "default._bimi." D " TXT \"v=BIMI1;\"\n", .want = {BIMI, NULL, MP_WARN, {"no tag l"}}},
	{"BIMI twice", ZONE "default._bimi." D " TXT \"v=BIMI1; l=\"\ndefault._bimi." D " TXT \"v=BIMI1; l=; a=\"\n",
		.want = {BIMI, NULL, MP_WARN, {"several"}}},
	{"no BIMI, but text", ZONE "default._bimi." D " TXT \"logo\"\n",
		.want = {BIMI, NULL, MP_WARN, {"does not begin with v=BIMI1"}}},
	{"BIMI, SERVFAIL", ZONE "default._bimi." D " !SERVFAIL\n", .want = {BIMI, NULL, MP_ERROR, {"SERVFAIL"}}},
	/* dnssec.sender */
	{"unsigned", ZONE, .want = {DNSSEC, NULL, MP_INFO, {"not signed"}}},
	{"secure", "@ad " D "\n" ZONE DS DNSKEY, .want = {DNSSEC, NULL, MP_PASS, {"vouches"}}},
	{"secure, says somebody far away", "@ad " D "\n" ZONE DS DNSKEY, .resolver = "192.0.2.53:53",
		.want = {DNSSEC, NULL, MP_INFO, {"is signed", "believed"}}},
	{"secure, said by one that is believed", "@ad " D "\n" ZONE DS DNSKEY, .resolver = "192.0.2.53:53",
		.trust_ad = true, .want = {DNSSEC, NULL, MP_PASS, {0}}},
	{"signed, not validated", ZONE DS DNSKEY, .want = {DNSSEC, NULL, MP_INFO, {"is signed"}}},
	{"keys without DS", ZONE DNSKEY, .want = {DNSSEC, NULL, MP_INFO, {"no DS record"}}},
	{"DS without keys", ZONE DS, .want = {DNSSEC, NULL, MP_FAIL, {"bogus"}}},
	{"DS unknown", ZONE D " DS !TIMEOUT\n", .want = {DNSSEC, NULL, MP_ERROR, {"the DS record"}}},
	{"a name inside a signed zone", ZONE DS DNSKEY "news." D " A 203.0.113.30\n", .domain = "news." D,
		.want = {DNSSEC, NULL, MP_INFO, {"news.example.com is signed"}}},
	{"bogus: its own servers answer", ZONE NAME_SERVER DS DNSKEY "@resolver " D " SOA !SERVFAIL\n",
		.want = {DNSSEC, NULL, MP_FAIL, {"bogus"}}},
	{"SERVFAIL, and its own servers say nothing either", ZONE NAME_SERVER DS DNSKEY D " SOA !SERVFAIL\n",
		.want = {DNSSEC, NULL, MP_ERROR, {"SERVFAIL"}}},
	{"SERVFAIL of an unsigned zone", ZONE NAME_SERVER "@resolver " D " SOA !SERVFAIL\n",
		.want = {DNSSEC, NULL, MP_ERROR, {"SERVFAIL"}}},
	{"no DNS", "* !TIMEOUT\n", .want = {DNSSEC, NULL, MP_ERROR, {"time-out"}}},
	{"DNSSEC of no such domain", "", .want = {DNSSEC, NULL, MP_SKIP, {"follows from mx.sender"}}},
};

static void every_row(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_source sources[JUDGE_SOURCES];
		const char *resolvers[1] = {rows[i].resolver};
		struct judge_want want = rows[i].want;
		struct mp_case c;
		char zone[4096];

		judge_case(&c, sources, "203.0.113.10", "mail.example.com");
		c.mail_from = rows[i].from ? rows[i].from : c.mail_from;
		c.domain = rows[i].domain ? rows[i].domain : c.domain;
		if (rows[i].resolver)
			c.resolvers = resolvers;
		c.trust_ad = rows[i].trust_ad;
		if (!want.subject)
			want.subject = c.domain;
		snprintf(zone, sizeof(zone), "%s" WORLD, rows[i].zone);
		wrong += judge_expect(rows[i].label, &want, &c, 0, zone, rows[i].nth);
	}
	assert_int_equal(wrong, 0);
}

/* How many results, where that is the point. */
static void one_row_a_domain(void **state)
{
	static const struct {
		const char *label, *from;
		size_t n;
	} cases[] = {{"one domain", "a@example.com", 1}, {"upper case", "a@EXAMPLE.COM", 1},
		{"two", "a@example.org", 2}, {"null sender", "", 1}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mp_source sources[JUDGE_SOURCES];
		struct judge_run run;
		struct mp_case c;

		judge_case(&c, sources, "203.0.113.10", "mail.example.com");
		c.mail_from = cases[i].from;
		judge_run(&run, cases[i].label, MX, &c, 0, ZONE GOOD_MX WORLD);
		row_int(cases[i].label, (long long)run.judge.n_results, (long long)cases[i].n);
		row_bool(cases[i].label, run.steps <= 2, true);
		judge_release(&run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row),
		cmocka_unit_test(one_row_a_domain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
