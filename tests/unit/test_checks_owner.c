/* tests/unit/test_checks_owner.c - every status of ptr.owner, registration.sender, age.sender */
#include "tests/unit/judge.h"
#include "tests/unit/row.h"

#define OWNER &mp_check_ptr_owner
#define REGISTRATION &mp_check_registration_sender
#define AGE &mp_check_age_sender

#define IP "203.0.113.10"

/* ---- the world */

#define ZONE_COMMON                                \
	". SOA a.root h.root 1 2 3 4 300\n"        \
	"data.iana.org A 192.0.2.80\n"             \
	"data.iana.org AAAA 2001:db8::80\n"        \
	"rdap.net.example A 192.0.2.81\n"          \
	"rdap.other.example A 192.0.2.82\n"        \
	"rdap.com.example A 192.0.2.83\n"          \
	"ns1.host.example A 192.0.2.53\n"          \
	"ns2.example.com A 192.0.2.54\n"           \
	"com SOA ns1.host.example h 1 2 3 4 300\n" \
	"example.com SOA ns1.host.example h 1 2 3 4 300\n"
#define REVERSE(ns) "113.0.203.in-addr.arpa SOA " ns " h.example 1 2 3 4 300\n113.0.203.in-addr.arpa NS " ns "\n"
#define ZONE ZONE_COMMON REVERSE("ns1.host.example") "example.com NS ns9.dns.example\n"
#define ZONE_OWN ZONE_COMMON REVERSE("ns2.example.com") "example.com NS ns9.dns.example\n"
#define ZONE_SHARED ZONE_COMMON REVERSE("ns1.host.example") "example.com NS ns1.host.example\n"

#define JSON "application/rdap+json"
#define LIST4                                                                                 \
	{                                                                                     \
		"https://data.iana.org/rdap/ipv4.json", MP_FETCHED, 200, "application/json",  \
			"{\"services\":[[[\"203.0.0.0/8\"],[\"https://rdap.net.example/\"]]," \
			"[[\"198.0.0.0/8\"],[\"http://rdap.net.example/\"]]]}",               \
			NULL, 20, 0                                                           \
	}
#define LISTD                                                                                          \
	{                                                                                              \
		"https://data.iana.org/rdap/dns.json", MP_FETCHED, 200, "application/json",            \
			"{\"services\":[[[\"com\"],[\"https://rdap.com.example/v1/\"]]]}", NULL, 20, 0 \
	}
#define PAGE(url, status, body)                                  \
	{                                                        \
		url, MP_FETCHED, status, JSON, body, NULL, 50, 0 \
	}
#define FAILS(url, outcome)                              \
	{                                                \
		url, outcome, 0, NULL, NULL, NULL, 50, 0 \
	}
#define LEADS(url, to)                                      \
	{                                                   \
		url, MP_FETCHED, 302, NULL, NULL, to, 50, 0 \
	}
#define END                                                 \
	{                                                   \
		NULL, MP_FETCHED, 0, NULL, NULL, NULL, 0, 0 \
	}
#define AT4 "https://rdap.net.example/ip/" IP
#define ATD "https://rdap.com.example/v1/domain/example.com"

#define NETWORK                                                                                                      \
	"{\"objectClassName\":\"ip network\",\"handle\":\"NET-1\",\"name\":\"EXAMPLE-HOST\",\"country\":\"DE\","     \
	"\"startAddress\":\"203.0.113.0\",\"endAddress\":\"203.0.113.255\",\"entities\":[{\"roles\":["               \
	"\"registrant\"],\"vcardArray\":[\"vcard\",[[\"fn\",{},\"text\",\"Example Hosting\"],[\"kind\",{},\"text\"," \
	"\"org\"]]],\"entities\":[{\"roles\":[\"technical\"],\"vcardArray\":[\"vcard\",[[\"email\",{},\"text\","     \
	"\"noc@host.example\"]]]},{\"roles\":[\"abuse\"],\"vcardArray\":[\"vcard\",[[\"email\",{},\"text\","         \
	"\"abuse@host.example\"]]]}]}]}"
#define EMPTY_NETWORK "{\"objectClassName\":\"ip network\"}"
#define ELSEWHERE "{\"objectClassName\":\"ip network\",\"startAddress\":\"10.0.0.0\",\"endAddress\":\"10.255.255.255\"}"
#define DOMAIN(more) "{\"objectClassName\":\"domain\",\"ldhName\":\"EXAMPLE.COM\"" more "}"
#define EVENT(action, date) "{\"eventAction\":\"" action "\",\"eventDate\":\"" date "\"}"
#define REGISTRAR \
	",\"entities\":[{\"roles\":[\"registrar\"],\"vcardArray\":[\"vcard\",[[\"fn\",{},\"text\",\"Registrar Ltd\"]]]}]"
#define SINCE(date) DOMAIN(",\"events\":[" EVENT("registration", date) "]")
#define UNTIL(date) DOMAIN(",\"events\":[" EVENT("expiration", date) "]" REGISTRAR)

enum { MAX_PAGES = 8 };

struct row {
	const char *label, *zone;
	struct judge_page pages[MAX_PAGES];
	const char *ip;     /* NULL: IP */
	const char *domain; /* NULL: example.com */
	const char *rdap_url;
	struct judge_want want;   /* subject NULL: the address, the domain */
	const char *detail, *fix; /* words of them */
	const char *values;       /* a part of values, as JSON */
};

/* Cases begin at 2026-11-21T10:00:00Z. */
static const struct row rows[] = {
	{"a holder", ZONE, {LIST4, PAGE(AT4, 200, NETWORK), END},
		.want = {OWNER, NULL, MP_INFO, {"held by Example Hosting (EXAMPLE-HOST, 203.0.113.0/24, DE)"}},
		.detail = "technical: noc@host.example, abuse: abuse@host.example",
		.values = "\"email\":\"noc@host.example\""},
	{"its source", ZONE, {LIST4, PAGE(AT4, 200, NETWORK), END}, .want = {OWNER, NULL, MP_INFO, {0}},
		.values = "\"source\":\"https://rdap.net.example/ip/203.0.113.10\""},
	{"a server of one's own", ZONE, {PAGE("https://rdap.other.example:8443/x/ip/" IP, 200, NETWORK), END},
		.rdap_url = "https://rdap.other.example:8443/x", .want = {OWNER, NULL, MP_INFO, {"Example Hosting"}}},
	{"a server named by its address", ZONE, {PAGE("https://192.0.2.82/ip/" IP, 200, NETWORK), END},
		.rdap_url = "https://192.0.2.82/", .want = {OWNER, NULL, MP_INFO, {"Example Hosting"}}},
	{"a redirect", ZONE,
		{LIST4, LEADS(AT4, "https://rdap.other.example/ip/" IP),
			PAGE("https://rdap.other.example/ip/" IP, 200, NETWORK), END},
		.want = {OWNER, NULL, MP_INFO, {"Example Hosting"}}},
	{"a redirect to http", ZONE, {LIST4, LEADS(AT4, "http://rdap.other.example/ip/" IP), END},
		.want = {OWNER, NULL, MP_ERROR, {"no https URL"}}},
	{"a circle", ZONE, {LIST4, LEADS(AT4, AT4), END}, .want = {OWNER, NULL, MP_ERROR, {"more than 3 redirects"}}},
	{"a redirect to a host without address", ZONE, {LIST4, LEADS(AT4, "https://gone.example/ip/" IP), END},
		.want = {OWNER, NULL, MP_ERROR, {"gone.example could not be looked up"}}},
	{"no name for the holder", ZONE, {LIST4, PAGE(AT4, 200, EMPTY_NETWORK), END},
		.want = {OWNER, NULL, MP_INFO, {"No registry says who holds"}}},
	{"the holder left out", ZONE,
		{LIST4, PAGE(AT4, 200, "{\"objectClassName\":\"ip network\",\"redacted\":[{\"method\":\"removal\"}]}"),
			END},
		.want = {OWNER, NULL, MP_INFO, {"leaves out who holds " IP}}},
	{"an answer cut short", ZONE,
		{LIST4,
			PAGE(AT4, 200,
				"{\"objectClassName\":\"ip network\",\"notices\":[{\"type\":\"object truncated due to authorization\"}]}"),
			END},
		.want = {OWNER, NULL, MP_INFO, {"leaves out who holds " IP}}},
	{"not registered", ZONE, {LIST4, PAGE(AT4, 404, "{\"errorCode\":404}"), END},
		.want = {OWNER, NULL, MP_INFO, {"knows of no such registration"}}},
	{"no registry", ZONE, {LIST4, END}, .ip = "192.0.2.99",
		.want = {OWNER, "192.0.2.99", MP_INFO, {"names no registry"}}},
	{"no registry with https", ZONE, {LIST4, END}, .ip = "198.51.100.9",
		.want = {OWNER, "198.51.100.9", MP_INFO, {"names no registry"}}},
	{"too many questions", ZONE, {LIST4, PAGE(AT4, 429, ""), END},
		.want = {OWNER, NULL, MP_ERROR, {"status 429 (too many questions)"}}},
	{"a server in trouble", ZONE, {LIST4, PAGE(AT4, 503, ""), END},
		.want = {OWNER, NULL, MP_ERROR, {"status 503"}}},
	{"forbidden", ZONE, {LIST4, PAGE(AT4, 403, "{}"), END}, .want = {OWNER, NULL, MP_ERROR, {"status 403"}}},
	{"silence", ZONE, {LIST4, FAILS(AT4, MP_FETCH_TIMEOUT), END},
		.want = {OWNER, NULL, MP_ERROR, {"rdap.net.example did not answer"}}},
	{"a wrong certificate", ZONE, {LIST4, FAILS(AT4, MP_FETCH_TLS_FAILED), END},
		.want = {OWNER, NULL, MP_ERROR, {"did not answer"}}},
	{"garbage", ZONE, {LIST4, PAGE(AT4, 200, "{\"objectClassName\":"), END},
		.want = {OWNER, NULL, MP_ERROR, {"is no RDAP answer: line 1"}}},
	{"a page", ZONE, {LIST4, {AT4, MP_FETCHED, 200, "text/html", "<html>", NULL, 50, 0}, END},
		.want = {OWNER, NULL, MP_ERROR, {"no RDAP answer (text/html)"}}},
	{"about another network", ZONE, {LIST4, PAGE(AT4, 200, ELSEWHERE), END},
		.want = {OWNER, NULL, MP_ERROR, {"something else"}}},
	{"about a domain", ZONE, {LIST4, PAGE(AT4, 200, DOMAIN("")), END},
		.want = {OWNER, NULL, MP_ERROR, {"something else"}}},
	{"no list of registries", ZONE, {END}, .want = {OWNER, NULL, MP_ERROR, {"data.iana.org did not answer"}}},
	{"a list that is none", ZONE,
		{{"https://data.iana.org/rdap/ipv4.json", MP_FETCHED, 200, "application/json", "{}", NULL, 20, 0}, END},
		.want = {OWNER, NULL, MP_ERROR, {"is no list of registries: ", "no services"}}},
	{"a list that is gone", ZONE,
		{{"https://data.iana.org/rdap/ipv4.json", MP_FETCHED, 404, "text/html", "", NULL, 20, 0}, END},
		.want = {OWNER, NULL, MP_ERROR, {"data.iana.org answered with status 404"}}},
	{"no name server answers", "data.iana.org !TIMEOUT\n" ZONE_COMMON REVERSE("ns1.host.example"), {LIST4, END},
		.want = {OWNER, NULL, MP_ERROR, {"data.iana.org could not be looked up (time-out)"}}},
	{"no time left", ZONE,
		{{"https://data.iana.org/rdap/ipv4.json", MP_FETCHED, 200, "application/json",
			 "{\"services\":[[[\"203.0.0.0/8\"],[\"https://rdap.net.example/\"]]]}", NULL, 5000, 0},
			PAGE(AT4, 200, NETWORK), END},
		.want = {OWNER, NULL, MP_ERROR, {"no answer within 5 s"}}},
	{"an answer of long ago", ZONE,
		{LIST4, {AT4, MP_FETCHED, 200, JSON, NETWORK, NULL, 50, JUDGE_STARTED - INT64_C(8) * 86400000}, END},
		.want = {OWNER, NULL, MP_ERROR, {"did not answer"}}},
	{"an answer of yesterday", ZONE,
		{LIST4, {AT4, MP_FETCHED, 200, JSON, NETWORK, NULL, 50, JUDGE_STARTED - 86400000}, END},
		.want = {OWNER, NULL, MP_INFO, {"Example Hosting"}}},
	{"a private address", ZONE, {END}, .ip = "192.168.1.10",
		.want = {OWNER, "192.168.1.10", MP_ERROR, {"private address"}}},
	{"loopback", ZONE, {END}, .ip = "127.0.0.1",
		.want = {OWNER, "127.0.0.1", MP_SKIP, {"no address of the Internet"}}},
	{"one's own name servers", ZONE_OWN, {LIST4, PAGE(AT4, 200, NETWORK), END},
		.want = {OWNER, NULL, MP_INFO,
			{"113.0.203.in-addr.arpa is on name servers of your own (ns2.example.com): set the PTR record"}},
		.detail = "held by Example Hosting", .values = "\"own_zone\":true"},
	{"one's own name servers, no registry", ZONE_OWN, {END},
		.want = {OWNER, NULL, MP_INFO, {"name servers of your own"}}},
	{"the domain's name servers", ZONE_SHARED, {LIST4, PAGE(AT4, 200, NETWORK), END},
		.want = {OWNER, NULL, MP_INFO, {"held by Example Hosting"}},
		.detail = "same name servers as your domain (ns1.host.example)", .values = "\"own_zone\":false"},
	{"the step, with one's own name servers", ZONE_OWN, {END}, .want = {&mp_check_ptr_exists, IP, MP_FAIL, {0}},
		.fix = "In the reverse zone 113.0.203.in-addr.arpa, which is on name servers of your own, set the PTR record of "
		       "10.113.0.203.in-addr.arpa to mail.example.com."},
	{"the step, with others' name servers", ZONE_SHARED, {END}, .want = {&mp_check_ptr_exists, IP, MP_FAIL, {0}},
		.fix = "Ask the holder of 203.0.113.10"},

	/* registration.sender */
	{"registered", ZONE, {LISTD, PAGE(ATD, 200, UNTIL("2027-08-13T04:00:00Z")), END},
		.want = {REGISTRATION, NULL, MP_PASS, {"example.com is registered until 2027-08-13."}},
		.values = "\"registrar\":\"Registrar Ltd\""},
	{"registered, no end", ZONE, {LISTD, PAGE(ATD, 200, DOMAIN("")), END},
		.want = {REGISTRATION, NULL, MP_PASS, {"example.com is registered."}}},
	{"where the registrar tells more", ZONE,
		{LISTD,
			PAGE(ATD, 200,
				DOMAIN(",\"links\":[{\"rel\":\"related\",\"type\":\"application/rdap+json\",\"href\":"
				       "\"https://rdap.registrar.example/x\"}]")),
			END},
		.want = {REGISTRATION, NULL, MP_PASS, {0}},
		.values = "\"registrar_source\":\"https://rdap.registrar.example/x\""},
	{"the organizational domain alone", ZONE, {LISTD, PAGE(ATD, 200, DOMAIN("")), END}, .domain = "a.b.example.com",
		.want = {REGISTRATION, "example.com", MP_PASS, {0}}},
	{"ends soon", ZONE, {LISTD, PAGE(ATD, 200, UNTIL("2026-11-30T00:00:00Z")), END},
		.want = {REGISTRATION, NULL, MP_INFO, {"expires on 2026-11-30"}}},
	{"expired", ZONE, {LISTD, PAGE(ATD, 200, UNTIL("2026-11-20T00:00:00Z")), END},
		.want = {REGISTRATION, NULL, MP_WARN, {"expired on 2026-11-20"}}, .fix = "Registrar Ltd"},
	{"on hold", ZONE, {LISTD, PAGE(ATD, 200, DOMAIN(",\"status\":[\"client hold\"]" REGISTRAR)), END},
		.want = {REGISTRATION, NULL, MP_FAIL, {"on hold at its registry (client hold)"}},
		.fix = "Registrar Ltd"},
	{"about to go", ZONE,
		{LISTD, PAGE(ATD, 200, DOMAIN(",\"status\":[\"redemption period\",\"pending delete\"]")), END},
		.want = {REGISTRATION, NULL, MP_FAIL, {"about to be deleted"}}, .fix = "its registrar restore"},
	{"renewed by itself", ZONE,
		{LISTD,
			PAGE(ATD, 200,
				DOMAIN(",\"status\":[\"auto renew period\"],\"events\":[" EVENT(
					"expiration", "2027-11-01T00:00:00Z") "]")),
			END},
		.want = {REGISTRATION, NULL, MP_PASS, {"until 2027-11-01"}}},
	{"a registry without RDAP", ZONE, {LISTD, END}, .domain = "example.test",
		.want = {REGISTRATION, "example.test", MP_INFO, {"No registry tells by RDAP about example.test"}}},
	{"no such domain", ZONE, {LISTD, PAGE(ATD, 404, ""), END},
		.want = {REGISTRATION, NULL, MP_INFO, {"knows of no such registration"}}},
	{"registry silent", ZONE, {LISTD, FAILS(ATD, MP_FETCH_TIMEOUT), END},
		.want = {REGISTRATION, NULL, MP_ERROR, {"could not be determined"}}},
	{"about another domain", ZONE,
		{LISTD, PAGE(ATD, 200, "{\"objectClassName\":\"domain\",\"ldhName\":\"example.org\"}"), END},
		.want = {REGISTRATION, NULL, MP_ERROR, {"something else"}}},
	{"a suffix", ZONE, {END}, .domain = "com", .want = {REGISTRATION, "com", MP_SKIP, {"no domain that could be"}}},

	/* age.sender */
	{"old", ZONE, {LISTD, PAGE(ATD, 200, SINCE("1995-08-14T04:00:00Z")), END},
		.want = {AGE, NULL, MP_INFO, {"was registered 31 years ago, on 1995-08-14."}}},
	{"months", ZONE, {LISTD, PAGE(ATD, 200, SINCE("2026-01-21T10:00:00Z")), END},
		.want = {AGE, NULL, MP_INFO, {"10 months ago"}}},
	{"30 days", ZONE, {LISTD, PAGE(ATD, 200, SINCE("2026-10-22T10:00:00Z")), END},
		.want = {AGE, NULL, MP_INFO, {"30 days ago"}}, .values = "\"days\":30"},
	{"not yet 30 days", ZONE, {LISTD, PAGE(ATD, 200, SINCE("2026-10-22T10:00:01Z")), END},
		.want = {AGE, NULL, MP_WARN, {"29 days ago", "receivers distrust mail from new domains"}},
		.fix = "until 2026-11-21", .values = "\"days\":29"},
	{"one day", ZONE, {LISTD, PAGE(ATD, 200, SINCE("2026-11-20T09:00:00Z")), END},
		.want = {AGE, NULL, MP_WARN, {"1 day ago"}}, .fix = "until 2026-12-20"},
	{"today", ZONE, {LISTD, PAGE(ATD, 200, SINCE("2026-11-21T09:00:00Z")), END},
		.want = {AGE, NULL, MP_WARN, {"registered today"}}, .fix = "until 2026-12-21"},
	{"tomorrow, says a clock", ZONE, {LISTD, PAGE(ATD, 200, SINCE("2026-11-22T09:00:00Z")), END},
		.want = {AGE, NULL, MP_WARN, {"registered today"}}},
	{"age not told", ZONE, {LISTD, PAGE(ATD, 200, DOMAIN("")), END},
		.want = {AGE, NULL, MP_INFO, {"does not say when"}}},
	{"age not known", ZONE, {LISTD, FAILS(ATD, MP_FETCH_TIMEOUT), END},
		.want = {AGE, NULL, MP_SKIP, {"follows from registration.sender"}}},
};

static void has(const char *label, const char *text, const char *words)
{
	if (words && (!text || !strstr(text, words)))
		fail_msg("row '%s': \"%s\" lacks \"%s\"", label, text ? text : "(null)", words);
}

static void test_rows(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct mp_source sources[JUDGE_SOURCES];
		struct judge_want want = row->want;
		struct judge_run run;
		struct mp_case c;
		char *values;

		judge_case(&c, sources, row->ip ? row->ip : IP, "mail.example.com");
		c.domain = row->domain ? row->domain : c.domain;
		c.rdap_url = row->rdap_url;
		judge_web(row->pages);
		if (!want.subject)
			want.subject = want.check == OWNER ? IP : c.domain;
		wrong += judge_expect(row->label, &want, &c, 0, row->zone, 0);
		judge_run(&run, row->label, want.check, &c, 0, row->zone);
		has(row->label, run.judge.results[0].detail, row->detail);
		has(row->label, run.judge.results[0].fix, row->fix);
		values = json_dumps(run.judge.results[0].values, JSON_COMPACT);
		has(row->label, values, row->values);
		free(values);
		judge_release(&run);
	}
	if (wrong)
		fail_msg("%zu things differ", wrong);
}

/* The owner of an address of the Internet alone is asked for, and of nothing twice. */
static void test_questions(void **state)
{
	static const struct judge_page pages[] = {LIST4, PAGE(AT4, 200, NETWORK), END};
	struct mp_source sources[JUDGE_SOURCES];
	struct judge_run run;
	struct mp_case c;
	size_t fetches = 0;

	(void)state;
	judge_web(pages);
	judge_case(&c, sources, IP, "mail.example.com");
	judge_run(&run, "questions", OWNER, &c, 0, ZONE);
	for (const struct mp_question *q = mp_evidence_first(run.ev); q; q = q->next)
		if (q->kind == &mp_fetch_kind) {
			const struct mp_fetch_question *f = q->params;

			fetches++;
			/* the second has the time that the first has left */
			row_int("limit", f->limit_ms, fetches == 1 ? 0 : 4980);
		}
	row_int("fetches", (long long)fetches, 2);
	/* names; list; server's name and answer: beside it the reverse zone is found, which takes no longer */
	assert_true(run.steps <= 5);
	judge_release(&run);
	judge_web(NULL);
	judge_case(&c, sources, "10.0.0.1 172.16.0.1 192.168.0.1 100.64.0.1", "mail.example.com");
	for (size_t i = 0; i < c.n_sources; i++) {
		judge_run(&run, "private", OWNER, &c, i, ZONE);
		row_int("private", (long long)run.questions, 0);
		judge_release(&run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows), cmocka_unit_test(test_questions)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
