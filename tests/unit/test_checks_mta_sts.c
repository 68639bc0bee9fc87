/* tests/unit/test_checks_mta_sts.c - the sender's own MTA-STS: rows of zone text and pages, and what is said of them */
#include "tests/unit/judge.h"
#include "tests/unit/row.h"

enum { MAX_PAGES = 2 };

struct row {
	const char *label, *zone;
	struct judge_page pages[MAX_PAGES];
	enum mp_status status;
	const char *words[4];    /* of the summary */
	const char *state, *fix; /* values.state; words of the fix */
};

#define SOA(zone) zone " SOA ns.x hostmaster.x 1 7200 3600 1209600 300\n" zone " NS ns.x\n"
#define ZONE SOA(".") SOA("example.com") "example.com MX 10 mx1.example.com\nexample.com MX 20 mx2.example.com\n"
#define RECORD "_mta-sts.example.com TXT \"v=STSv1; id=1\"\n"
#define HOST "mta-sts.example.com A 192.0.2.40\n"
#define URL "https://mta-sts.example.com/.well-known/mta-sts.txt"
#define END                                                 \
	{                                                   \
		NULL, MP_FETCHED, 0, NULL, NULL, NULL, 0, 0 \
	}
#define PAGE(status, type, body, location)                                 \
	{                                                                  \
		{URL, MP_FETCHED, status, type, body, location, 0, 0}, END \
	}
#define TEXT(body) PAGE(200, "text/plain", body, NULL)
#define NO_PAGE(outcome, why)                                 \
	{                                                     \
		{URL, outcome, 0, NULL, why, NULL, 0, 0}, END \
	}
#define NO_WEB           \
	{                \
		END, END \
	}
#define POLICY(mode, mx) "version: STSv1\nmode: " mode "\n" mx "max_age: 604800\n"
#define BOTH "mx: mx1.example.com\nmx: mx2.example.com\n"

static const struct row rows[] = {
	{"right", ZONE RECORD HOST, TEXT(POLICY("enforce", BOTH)), MP_PASS, {"mode enforce", "all 2 MX", "7 days"},
		"valid", NULL},
	{"a wildcard", ZONE RECORD HOST, TEXT(POLICY("testing", "mx: *.example.com\n")), MP_PASS, {"mode testing"},
		"valid", NULL},
	{"by alias",
		ZONE "_mta-sts.example.com CNAME sts.provider.example\nsts.provider.example TXT \"v=STSv1; id=1\"\n"
		     "mta-sts.example.com CNAME web.provider.example\nweb.provider.example A 192.0.2.41\n",
		TEXT(POLICY("enforce", BOTH)), MP_PASS, {"mode enforce"}, "valid", NULL},
	{"its own MX", SOA(".") SOA("example.com") "example.com A 192.0.2.1\n" RECORD HOST,
		TEXT(POLICY("enforce", "mx: example.com\n")), MP_PASS, {"the MX is allowed"}, "valid", NULL},
	{"null MX", SOA(".") SOA("example.com") "example.com MX 0 .\n" RECORD HOST,
		TEXT(POLICY("enforce", "mx: example.com\n")), MP_PASS, {"no MX to allow"}, "valid", NULL},
	{"kept for seconds", ZONE RECORD HOST, TEXT("version: STSv1\nmode: enforce\n" BOTH "max_age: 60\n"), MP_PASS,
		{"60 seconds"}, "valid", NULL},
	{"another text beside it", ZONE RECORD "_mta-sts.example.com TXT \"hello\"\n" HOST,
		TEXT(POLICY("enforce", BOTH)), MP_PASS, {"mode enforce"}, "valid", NULL},
	{"mode none", ZONE RECORD HOST, TEXT("version: STSv1\nmode: none\nmax_age: 86400\n"), MP_INFO, {"switched off"},
		"valid", NULL},

	{"an MX is barred, enforced", ZONE RECORD HOST, TEXT(POLICY("enforce", "mx: mx1.example.com\n")), MP_FAIL,
		{"mode enforce", "does not allow its MX mx2.example.com"}, "valid",
		"\"mode: enforce\", \"mx: mx1.example.com\", \"mx: mx2.example.com\""},
	{"an MX is barred, in testing", ZONE RECORD HOST, TEXT(POLICY("testing", "mx: mx1.example.com\n")), MP_WARN,
		{"mode testing", "does not allow its MX mx2.example.com"}, "valid", "\"mode: testing\""},
	{"a wildcard does not reach two labels",
		SOA(".") SOA("example.com") "example.com MX 10 a.mx.example.com\n" RECORD HOST,
		TEXT(POLICY("enforce", "mx: *.example.com\n")), MP_FAIL, {"a.mx.example.com"}, "valid",
		"\"mx: a.mx.example.com\""},
	{"the MX are not known", SOA(".") SOA("example.com") "example.com !SERVFAIL\n" RECORD HOST,
		TEXT(POLICY("enforce", BOTH)), MP_ERROR, {"the MX record of example.com"}, "valid", NULL},

	{"nothing", ZONE, NO_WEB, MP_INFO, {"no MTA-STS policy", "_mta-sts.example.com"}, "absent", NULL},
	{"a wildcard's text", ZONE "*.example.com TXT \"v=spf1 -all\"\n", NO_WEB, MP_INFO, {"no MTA-STS policy"},
		"absent", NULL},
	{"a policy without a record", ZONE HOST, TEXT(POLICY("enforce", BOTH)), MP_WARN, {"no record"}, "absent",
		"\"v=STSv1; id=20261121100000;\""},
	{"a web server without policy or record", ZONE HOST, PAGE(404, "text/html", "", NULL), MP_INFO,
		{"no MTA-STS policy"}, "absent", NULL},

	{"two records", ZONE RECORD "_mta-sts.example.com TXT \"v=STSv1; id=2\"\n" HOST, TEXT(POLICY("enforce", BOTH)),
		MP_WARN, {"is one of 2"}, "void", "exactly one TXT record"},
	{"no id", ZONE "_mta-sts.example.com TXT \"v=STSv1;\"\n" HOST, TEXT(POLICY("enforce", BOTH)), MP_WARN,
		{"has no id"}, "void", "\"v=STSv1; id=20261121100000;\""},
	{"a bad id", ZONE "_mta-sts.example.com TXT \"v=STSv1; id=2026-11-21\"\n" HOST, TEXT(POLICY("enforce", BOTH)),
		MP_WARN, {"has an id that is not", "2026-11-21"}, "void", "exactly one"},
	{"the version in lower case", ZONE "_mta-sts.example.com TXT \"v=stsv1; id=1\"\n" HOST,
		TEXT(POLICY("enforce", BOTH)), MP_WARN, {"does not begin with v=STSv1"}, "void", "exactly one"},
	{"no policy host", ZONE RECORD, NO_WEB, MP_WARN, {"policy host mta-sts.example.com has no address"}, "void",
		"give mta-sts.example.com an address"},
	{"404", ZONE RECORD HOST, PAGE(404, "text/html", "<html>", NULL), MP_WARN, {"the server answers 404"}, "void",
		"with status 200"},
	{"500", ZONE RECORD HOST, PAGE(500, NULL, "", NULL), MP_WARN, {"the server answers 500"}, "void",
		"with status 200"},
	{"a redirect", ZONE RECORD HOST, PAGE(302, NULL, "", "https://example.com/x"), MP_WARN,
		{"redirect (302) to https://example.com/x", "must not follow"}, "void", "with status 200"},
	{"a page", ZONE RECORD HOST, PAGE(200, "text/html; charset=utf-8", POLICY("enforce", BOTH), NULL), MP_WARN,
		{"comes as text/html"}, "void", "text/plain"},
	{"no type", ZONE RECORD HOST, PAGE(200, NULL, POLICY("enforce", BOTH), NULL), MP_WARN, {"without a type"},
		"void", "text/plain"},
	{"a broken policy", ZONE RECORD HOST, TEXT("version: STSv1\nmode: enforce\nmax_age: 1\n"), MP_WARN,
		{"is void: it has no mx"}, "void", "\"mx: mx1.example.com\", \"mx: mx2.example.com\""},
	{"a bad certificate", ZONE RECORD HOST, NO_PAGE(MP_FETCH_TLS_FAILED, "the certificate is self-signed"), MP_WARN,
		{"cannot be trusted", "self-signed"}, "void", "certificate of a public authority"},
	{"too large", ZONE RECORD HOST, NO_PAGE(MP_FETCH_TOO_LARGE, "the answer is larger than 64 KiB"), MP_WARN,
		{"larger than 64 KiB"}, "void", "its lines are"},
	{"cut", ZONE RECORD HOST, NO_PAGE(MP_FETCH_PROTOCOL_ERROR, "the connection ended"), MP_WARN, {"ended"}, "void",
		"its lines are"},

	{"no answer for the record", ZONE "_mta-sts.example.com !TIMEOUT\n", NO_WEB, MP_ERROR,
		{"could not be determined"}, "unknown", NULL},
	{"SERVFAIL for the host", ZONE RECORD "mta-sts.example.com !SERVFAIL\n", NO_WEB, MP_ERROR,
		{"address of the policy host", "SERVFAIL"}, "unknown", NULL},
	{"no address in our family", ZONE RECORD "mta-sts.example.com AAAA 2001:db8::40\n", NO_WEB, MP_ERROR,
		{"has no IPv4 address"}, "unknown", NULL},
	{"refused", ZONE RECORD HOST, NO_PAGE(MP_FETCH_UNREACHABLE, NULL), MP_ERROR,
		{"could not be fetched", "refused"}, "unknown", NULL},
	{"no answer in time", ZONE RECORD HOST, NO_PAGE(MP_FETCH_TIMEOUT, "no connection within 20 s"), MP_ERROR,
		{"could not be fetched"}, "unknown", NULL},
	{"libcurl is missing", ZONE RECORD HOST, NO_PAGE(MP_FETCH_UNKNOWN, "libcurl cannot be loaded"), MP_ERROR,
		{"libcurl cannot be loaded"}, "unknown", NULL},
};

static bool one_family(const struct row *row)
{
	return strcmp(row->label, "no address in our family") == 0;
}

static void test_sender(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct mp_source sources[JUDGE_SOURCES];
		struct judge_run run;
		const struct mp_result *r;
		struct mp_case c;

		judge_case(&c, sources, one_family(row) ? "192.0.2.1" : "192.0.2.1 2001:db8::1", "mail.example.com");
		judge_web(row->pages);
		judge_run(&run, row->label, &mp_check_mta_sts_sender, &c, 0, row->zone);
		row_int(row->label, (long long)run.judge.n_results, 1);
		r = &run.judge.results[0];
		judge_check_form(row->label, r);
		row_str(row->label, r->subject, "example.com");
		if (r->status != row->status) {
			print_error("row '%s': got %s: %s\n", row->label, mp_status_name(r->status), r->summary);
			wrong++;
		}
		for (size_t k = 0; k < ARRAY_LEN(row->words) && row->words[k]; k++)
			if (!strstr(r->summary, row->words[k])) {
				print_error("row '%s': \"%s\" lacks \"%s\"\n", row->label, r->summary, row->words[k]);
				wrong++;
			}
		if (row->fix && (!r->fix || !strstr(r->fix, row->fix))) {
			print_error("row '%s': fix \"%s\" lacks \"%s\"\n", row->label, r->fix ? r->fix : "", row->fix);
			wrong++;
		}
		row_str(row->label, mp_jget_str(r->values, "state", NULL), row->state);
		/* record and host, the policy: nothing waits for what it does not need */
		if (run.steps > 2)
			fail_msg("row '%s': %zu steps", row->label, run.steps);
		judge_release(&run);
	}
	judge_web(NULL);
	assert_int_equal(wrong, 0);
}

/* A sender without a domain has none to look up. */
static void test_no_domain(void **state)
{
	static const char *const domains[] = {"[192.0.2.1]", NULL};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(domains); i++) {
		struct mp_source sources[JUDGE_SOURCES];
		struct judge_run run;
		struct mp_case c;

		judge_case(&c, sources, "192.0.2.1", "mail.example.com");
		c.domain = domains[i];
		judge_run(&run, "no domain", &mp_check_mta_sts_sender, &c, 0, ZONE);
		row_int("no domain", run.judge.results[0].status, MP_SKIP);
		row_int("no domain", (long long)run.questions, 0);
		judge_release(&run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sender),
		cmocka_unit_test(test_no_domain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
