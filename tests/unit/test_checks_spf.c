/* tests/unit/test_checks_spf.c - every status of spf.*, what they say, and the records that they tell one to publish */
#include "tests/unit/judge.h"
#include "tests/unit/row.h"

#define RECORD &mp_check_spf_record
#define MAIL &mp_check_spf_mail_from
#define HELO &mp_check_spf_helo
#define LIMITS &mp_check_spf_limits

#define IP4 "203.0.113.10"
#define IP6 "2001:db8::10"
#define DOMAIN "example.com"
#define NAME "mail.example.com"
#define SENDER "postmaster@example.com"
#define SPF(record) "example.com TXT \"" record "\"\n"

/* Behind every row's own lines. */
#define WORLD                                            \
	"example.com SOA ns.example.com h 1 2 3 4 300\n" \
	"example.net SOA ns.example.com h 1 2 3 4 300\n"

struct row {
	const char *label, *zone;
	const char *ips;  /* NULL: IP4 */
	const char *ehlo; /* NULL: NAME */
	const char *from; /* NULL: SENDER */
	size_t source;
	struct judge_want want[4]; /* check NULL ends */
	const char *fix, *detail;  /* words of the first result's; NULL: not looked at */
};

static const struct row rows[] = {
	{"all is well", SPF("v=spf1 ip4:203.0.113.10 -all") NAME " A " IP4 "\n" NAME " TXT \"v=spf1 a -all\"\n",
		.want = {{RECORD, DOMAIN, MP_PASS, {"one SPF record"}}, {MAIL, SENDER, MP_PASS, {"(ip4:203.0.113.10)"}},
			{HELO, NAME, MP_PASS, {"(a)"}}, {LIMITS, DOMAIN, MP_PASS, {"needs 0 DNS look-ups"}}}},
	{"the path through an include",
		SPF("v=spf1 include:_spf.example.net -all") "_spf.example.net TXT \"v=spf1 ip4:203.0.113.0/24 -all\"\n",
		.want = {{MAIL, SENDER, MP_PASS, {"(include:_spf.example.net -> ip4:203.0.113.0/24)"}},
			{LIMITS, DOMAIN, MP_PASS, {"needs 1 DNS look-up of"}}}},
	{"fail, with the record to publish", SPF("v=spf1 mx -all"),
		.want = {{MAIL, SENDER, MP_FAIL, {"fails for 203.0.113.10 (-all)"}}},
		.fix = "Put ip4:203.0.113.10 into the SPF record of example.com (whoever runs its DNS), so that it reads \"v=spf1 "
		       "ip4:203.0.113.10 mx -all\" in the place of \"v=spf1 mx -all\"."},
	{"fail from IPv6", SPF("v=spf1 ip4:203.0.113.10 -all"), .ips = IP4 " " IP6, .source = 1,
		.want = {{MAIL, SENDER, MP_FAIL, {"2001:db8::10"}}},
		.fix = "\"v=spf1 ip6:2001:db8::10 ip4:203.0.113.10 -all\""},
	{"and pass from IPv4", SPF("v=spf1 ip4:203.0.113.10 -all"), .ips = IP4 " " IP6,
		.want = {{MAIL, SENDER, MP_PASS, {IP4}}}},
	{"fail, with the domain's explanation",
		SPF("v=spf1 exp=why.example.com -all") "why.example.com TXT \"ask %{o}, not %{i}\"\n",
		.want = {{MAIL, SENDER, MP_FAIL, {0}}}, .detail = "ask example.com, not 203.0.113.10"},
	{"softfail", SPF("v=spf1 ip4:192.0.2.1 ~all"), .want = {{MAIL, SENDER, MP_WARN, {"softfail", "(~all)"}}},
		.fix = "v=spf1 ip4:203.0.113.10 ip4:192.0.2.1 ~all"},
	{"neutral", SPF("v=spf1 ip4:192.0.2.1 ?all"), .want = {{MAIL, SENDER, MP_WARN, {"neutral", "(?all)"}}}},
	{"nothing matches", SPF("v=spf1 ip4:192.0.2.1"),
		.want = {{MAIL, SENDER, MP_WARN, {"nothing in its record matches"}}, {RECORD, DOMAIN, MP_PASS, {0}}}},
	{"no record", "example.com A 192.0.2.1\n",
		.want = {{RECORD, DOMAIN, MP_WARN, {"has no SPF record"}}, {MAIL, SENDER, MP_WARN, {"no SPF record"}},
			{HELO, NAME, MP_INFO, {"There is no SPF"}}, {LIMITS, DOMAIN, MP_SKIP, {"spf.record"}}},
		.fix = "\"v=spf1 ip4:203.0.113.10 -all\""},
	{"no record, two addresses", "", .ips = IP4 " " IP6, .want = {{RECORD, DOMAIN, MP_WARN, {0}}},
		.fix = "\"v=spf1 ip4:203.0.113.10 ip6:2001:db8::10 -all\""},
	{"a near miss", SPF(" v=spf1 -all"), .want = {{RECORD, DOMAIN, MP_WARN, {"has no SPF record"}}},
		.detail = "v=spf1 -all"},
	{"two records", SPF("v=spf1 -all") SPF("v=spf1 +all"),
		.want = {{RECORD, DOMAIN, MP_FAIL, {"2 SPF records"}}, {MAIL, SENDER, MP_FAIL, {"permerror"}},
			{LIMITS, DOMAIN, MP_SKIP, {0}}},
		.fix = "Keep one of the 2"},
	{"a broken record", SPF("v=spf1 ipv4:203.0.113.10 -all"),
		.want = {{RECORD, DOMAIN, MP_FAIL, {"broken", "meant is ip4"}}, {MAIL, SENDER, MP_FAIL, {"permerror"}},
			{LIMITS, DOMAIN, MP_SKIP, {0}}},
		.fix = "ipv4:203.0.113.10"},
	{"+all", SPF("v=spf1 +all"),
		.want = {{RECORD, DOMAIN, MP_WARN, {"every host"}}, {MAIL, SENDER, MP_PASS, {"+all"}}}},
	{"include= is nothing", SPF("v=spf1 include=_spf.example.net ip4:203.0.113.10 -all"),
		.want = {{RECORD, DOMAIN, MP_WARN, {"unknown modifier"}}, {MAIL, SENDER, MP_PASS, {0}}}},
	{"what stands behind all is noted", SPF("v=spf1 -all ip4:203.0.113.10"),
		.want = {{RECORD, DOMAIN, MP_PASS, {0}}}, .detail = "never reached"},
	{"SERVFAIL", "example.com TXT !SERVFAIL\n",
		.want = {{RECORD, DOMAIN, MP_ERROR, {"SERVFAIL"}}, {MAIL, SENDER, MP_ERROR, {"SERVFAIL"}},
			{LIMITS, DOMAIN, MP_ERROR, {0}}}},
	{"an include does not answer", SPF("v=spf1 include:_spf.example.net -all") "_spf.example.net !TIMEOUT\n",
		.want = {{MAIL, SENDER, MP_ERROR, {"include:_spf.example.net", "time-out"}},
			{RECORD, DOMAIN, MP_PASS, {0}}, {LIMITS, DOMAIN, MP_PASS, {0}}}},
	{"an include has no record", SPF("v=spf1 include:_spf.example.net -all"),
		.want = {{MAIL, SENDER, MP_FAIL, {"include:_spf.example.net names a domain without"}}}},
	/* identities */
	{"the null sender is judged by its name", NAME " TXT \"v=spf1 ip4:203.0.113.10 -all\"\n", .from = "",
		.want = {{MAIL, "postmaster@" NAME, MP_PASS, {NAME}}, {RECORD, NAME, MP_PASS, {0}},
			{HELO, NAME, MP_PASS, {0}}, {LIMITS, NAME, MP_PASS, {0}}}},
	{"with an address literal there is none", "", .from = "", .ehlo = "[203.0.113.10]",
		.want = {{RECORD, "postmaster@[203.0.113.10]", MP_SKIP, {0}},
			{MAIL, "postmaster@[203.0.113.10]", MP_WARN, {"no domain name"}},
			{HELO, "[203.0.113.10]", MP_INFO, {0}}}},
	{"nor with one label", "", .from = "", .ehlo = "localhost",
		.want = {{RECORD, "postmaster@localhost", MP_SKIP, {"names no domain"}},
			{LIMITS, "localhost", MP_SKIP, {0}}}},
	{"the EHLO name refuses", NAME " TXT \"v=spf1 -all\"\n", .want = {{HELO, NAME, MP_FAIL, {"(-all)"}}},
		.fix = "SPF record of mail.example.com"},
	{"the EHLO name has no record", NAME " A " IP4 "\n", .want = {{HELO, NAME, MP_INFO, {0}}},
		.detail = "v=spf1 a -all"},
	{"localhost", "", .ehlo = "localhost", .want = {{HELO, "localhost", MP_INFO, {"one label"}}}},
	{"a private address nobody translates", SPF("v=spf1 -all"), .ips = "10.0.0.5",
		.want = {{MAIL, SENDER, MP_ERROR, {"private address"}}}},
	/* limits */
	{"ten look-ups",
		SPF("v=spf1 a a a a a a a a a mx ip4:203.0.113.10 -all") "example.com A 192.0.2.1\nexample.com MX 0 .\n",
		.want = {{LIMITS, DOMAIN, MP_WARN, {"needs 10 DNS look-ups"}}, {MAIL, SENDER, MP_PASS, {0}}}},
	{"eight", SPF("v=spf1 a a a a a a a a -all") "example.com A 192.0.2.1\n",
		.want = {{LIMITS, DOMAIN, MP_PASS, {"needs 8"}}}, .detail = "a; a"},
	{"twelve, behind a match",
		SPF("v=spf1 ip4:203.0.113.10 a a a a a a a a a a a a -all") "example.com A 192.0.2.1\n",
		.want = {{LIMITS, DOMAIN, MP_FAIL, {"needs 12 DNS look-ups; 10"}}, {MAIL, SENDER, MP_PASS, {0}}}},
	{"twelve, before it", SPF("v=spf1 a a a a a a a a a a a a ip4:203.0.113.10 -all") "example.com A 192.0.2.1\n",
		.want = {{MAIL, SENDER, MP_FAIL, {"permerror", "more than 10 terms"}}}, .fix = "down to 10 terms"},
	{"without end",
		SPF("v=spf1 include:a.%{d} include:b.%{d} -all") "*.example.com TXT \"v=spf1 include:a.%{d} include:b.%{d} -all\"\n",
		.want = {{LIMITS, DOMAIN, MP_FAIL, {"needs more than 30"}}, {MAIL, SENDER, MP_FAIL, {"permerror"}}}},
	{"three without an answer", SPF("v=spf1 a:x.example.com a:y.example.com a:z.example.com ip4:203.0.113.10 -all"),
		.want = {{LIMITS, DOMAIN, MP_FAIL, {"3 look-ups without an answer"}},
			{MAIL, SENDER, MP_FAIL, {"permerror"}}},
		.fix = "A x.example.com, A y.example.com and A z.example.com"},
	{"three from IPv6 alone",
		SPF("v=spf1 a:x.example.com a:y.example.com a:z.example.com -all") "x.example.com A 192.0.2.1\n"
										   "y.example.com A 192.0.2.1\nz.example.com A 192.0.2.1\n",
		.ips = IP4 " " IP6, .want = {{LIMITS, DOMAIN, MP_FAIL, {"3 look-ups"}}}, .fix = "AAAA x.example.com"},
};

static const char *text_of(const char *label, const struct judge_want *w, const struct mp_case *c,
	const struct row *row, const char *zone, bool fix)
{
	static char text[4096];
	struct judge_run run;
	const struct mp_result *r;

	judge_run(&run, label, w->check, c, row->source, zone);
	r = &run.judge.results[0];
	snprintf(text, sizeof(text), "%s", fix ? (r->fix ? r->fix : "") : (r->detail ? r->detail : ""));
	judge_release(&run);
	return text;
}

static void test_rows(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct mp_source sources[JUDGE_SOURCES];
		struct mp_arena *a = mp_arena_new();
		const char *zone = mp_printf(a, "%s%s", row->zone, WORLD), *text;
		struct mp_case c;

		judge_case(&c, sources, row->ips ? row->ips : IP4, row->ehlo ? row->ehlo : NAME);
		c.mail_from = row->from ? row->from : SENDER;
		for (size_t k = 0; k < ARRAY_LEN(row->want) && row->want[k].check; k++)
			wrong += judge_expect(row->label, &row->want[k], &c, row->source, zone, 0);
		for (int fix = 0; fix < 2; fix++) {
			const char *want = fix ? row->fix : row->detail;

			if (!want)
				continue;
			text = text_of(row->label, &row->want[0], &c, row, zone, fix);
			if (!strstr(text, want)) {
				print_error("row '%s': %s: \"%s\" lacks \"%s\"\n", row->label, fix ? "fix" : "detail",
					text, want);
				wrong++;
			}
		}
		mp_arena_free(a);
	}
	assert_int_equal(wrong, 0);
}

/* What other programs read. */
static void test_values(void **state)
{
	struct mp_source sources[JUDGE_SOURCES];
	struct judge_run run;
	struct mp_case c;
	const json_t *v;

	(void)state;
	judge_case(&c, sources, IP4, NAME);
	judge_run(&run, "values", MAIL, &c, 0,
		SPF("v=spf1 include:a.example.com exp=why.example.com -all") "a.example.com TXT \"v=spf1 a:x.example.com ~all\"\n"
									     "why.example.com TXT \"%{i}\"\n" WORLD);
	v = run.judge.results[0].values;
	row_str("result", mp_jget_str(v, "result", NULL), "fail");
	row_str("explanation", mp_jget_str(v, "explanation", NULL), IP4);
	row_str("path", mp_jget_str(v, "path", NULL), "-all");
	row_str("ip", mp_jget_str(v, "ip", NULL), IP4);
	row_int("lookups", mp_jget_int(v, "lookups", -1), 2);
	row_int("void_lookups", mp_jget_int(v, "void_lookups", -1), 1);
	judge_release(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
