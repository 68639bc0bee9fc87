/*
 * tests/unit/test_checks_hostile.c - mailprobe check against a DNS that is broken, slow or out to harm: each row settles with
 * a clear status, asks a bounded number of questions, and says the same in a replay
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "probe/report.h"
#include "tests/unit/judge.h"
#include "tests/unit/row.h"
#include "tests/world/zone.h"

enum {
	RECORD = 63000,           /* bytes of a record, such as TCP alone can bring */
	QUESTIONS_MAX = 200,      /* of the healthy sender there are some ninety */
	REPORT_MAX = 1024 * 1024, /* bytes, evidence and all */
};

#define D "example.com"
#define ROOT ". SOA a.root h.root 1 2 3 4 300\n"
#define HEALTHY                                                                                \
	ROOT D " SOA ns.example.com h.example.com 1 2 3 4 300\n" D " MX 10 mail.example.com\n" \
	       "mail.example.com A 203.0.113.10\n"                                             \
	       "10.113.0.203.in-addr.arpa PTR mail.example.com\n"                              \
	       "2.0.0.127.zen.spamhaus.org A 127.0.0.2\n"                                      \
	       "2.0.0.127.bl.spamcop.net A 127.0.0.2\n"
#define SPF D " TXT \"v=spf1 ip4:203.0.113.10 -all\"\n"
#define DMARC "_dmarc." D " TXT \"v=DMARC1; p=none\"\n"
#define LOOP "c1.example.com CNAME c2.example.com\nc2.example.com CNAME c1.example.com\n"
#define BYTES "\\000\\001\\027[31m\\254\\255p=\\200"

/* 127 labels: the longest name that there is. */
#define LABELS_8 "a.a.a.a.a.a.a.a."
#define LABELS_64 LABELS_8 LABELS_8 LABELS_8 LABELS_8 LABELS_8 LABELS_8 LABELS_8 LABELS_8
#define LABELS_120 LABELS_64 LABELS_8 LABELS_8 LABELS_8 LABELS_8 LABELS_8 LABELS_8 LABELS_8
#define LONGEST LABELS_120 "a.a.a.a.a.a.a"

struct row {
	const char *label, *zone;
	const char *big;      /* a name whose TXT record has RECORD bytes, and what they begin with: "NAME TEXT" */
	const char *fill;     /* what follows, again and again */
	const char *domain;   /* of the sender; NULL: example.com */
	const char *want[10]; /* "ID STATUS" of the first result; '*' behind: of every one */
};

static const struct row rows[] = {
	{"healthy", HEALTHY SPF DMARC,
		.want = {"spf.mail_from pass", "dmarc.record pass", "dmarc.alignment pass", "mx.sender pass"}},
	/* a record of 64 KiB */
	{"SPF", HEALTHY DMARC, D " v=spf1 ", "ip4:192.0.2.77 ",
		.want = {"spf.record pass", "spf.mail_from warn", "spf.limits pass"}},
	{"SPF that asks", HEALTHY DMARC, D " v=spf1 ", "a:a.example.com ",
		.want = {"spf.record pass", "spf.mail_from fail", "spf.limits fail"}},
	{"SPF that includes", HEALTHY DMARC, D " v=spf1 ", "include:example.com ",
		.want = {"spf.record pass", "spf.mail_from fail", "spf.limits fail"}},
	{"DMARC", HEALTHY SPF, "_dmarc." D " v=DMARC1; p=none; ", "x=y; ",
		.want = {"dmarc.record warn", "dmarc.policy info"}},
	{"DMARC reports", HEALTHY SPF, "_dmarc." D " v=DMARC1; p=none; rua=mailto:a@a.example", ",mailto:a@b.example",
		.want = {"dmarc.record warn", "dmarc.policy warn"}},
	{"TLS-RPT", HEALTHY SPF DMARC, "_smtp._tls." D " v=TLSRPTv1; rua=mailto:a@a.example", ",mailto:a@a.example",
		.want = {"tls_rpt.sender pass"}},
	{"BIMI", HEALTHY SPF DMARC, "default._bimi." D " v=BIMI1; l=https://", "aaaa", .want = {"bimi.sender warn"}},
	{"DKIM", HEALTHY SPF DMARC, "s._domainkey." D " v=DKIM1; p=", "AAAA",
		.want = {"dkim.key fail", "dkim.strength skip"}},
	/* loops */
	{"SPF includes itself", HEALTHY DMARC D " TXT \"v=spf1 include:example.com -all\"\n",
		.want = {"spf.record pass", "spf.mail_from fail", "spf.limits fail"}},
	{"SPF in a circle",
		HEALTHY DMARC D " TXT \"v=spf1 include:b.example.com -all\"\n"
				"b.example.com TXT \"v=spf1 redirect=example.com\"\n",
		.want = {"spf.mail_from fail", "spf.limits fail"}},
	{"SPF redirects to itself", HEALTHY DMARC D " TXT \"v=spf1 redirect=example.com\"\n",
		.want = {"spf.mail_from fail"}},
	{"SPF and a CNAME loop", HEALTHY DMARC LOOP D " TXT \"v=spf1 include:c1.example.com -all\"\n",
		.want = {"spf.record pass", "spf.mail_from error"}},
	{"CNAME loops",
		ROOT LOOP D " SOA ns.example.com h.example.com 1 2 3 4 300\n" D " MX 10 c1.example.com\n" SPF
			    "_dmarc." D " CNAME c1.example.com\n_smtp._tls." D " CNAME c1.example.com\ndefault._bimi." D
			    " CNAME c1.example.com\ns._domainkey." D
			    " CNAME c1.example.com\n10.113.0.203.in-addr.arpa CNAME c1.example.com\n",
		.want = {"mx.sender error", "dmarc.record error", "dmarc.policy error", "dmarc.alignment error",
			"tls_rpt.sender error", "bimi.sender error", "dkim.key error", "ptr.exists error",
			"spf.mail_from pass"}},
	/* a tree of 127 labels */
	{"127 labels", HEALTHY DMARC, .domain = LONGEST,
		.want = {"dmarc.record warn", "mx.sender fail", "dkim.key fail"}},
	{"126 labels below a policy", HEALTHY DMARC, .domain = LABELS_64 LABELS_8 LABELS_8 LABELS_8 LABELS_8 LABELS_8 D,
		.want = {"dmarc.record pass", "dmarc.policy info", "mx.sender fail"}},
	/* bytes that are no text */
	{"binary",
		HEALTHY D " TXT \"v=spf1 " BYTES "\"\n_dmarc." D " TXT \"v=DMARC1; p=none; " BYTES "\"\n_smtp._tls." D
			  " TXT \"v=TLSRPTv1; " BYTES "\"\ndefault._bimi." D " TXT \"v=BIMI1; " BYTES
			  "\"\ns._domainkey." D " TXT \"v=DKIM1; " BYTES "\"\n",
		.want = {"spf.record fail", "spf.mail_from fail", "dmarc.record warn", "tls_rpt.sender warn",
			"bimi.sender warn", "dkim.key fail"}},
	/* a resolver that knows an address for every name, as some do in hotels */
	{"NXDOMAIN is rewritten",
		HEALTHY SPF DMARC
		"*.com A 198.51.100.99\n*.zen.spamhaus.org A 198.51.100.99\n*.bl.spamcop.net A 198.51.100.99\n*.list.dnswl.org A 198.51.100.99\n",
		.want = {"resolver.health warn", "dnsbl.ip error*", "dnsbl.domain error*", "spf.mail_from pass",
			"mx.sender pass", "dmarc.record pass"}},
	/* slow and dead name servers hold up what needs them */
	{"the DMARC zone is dead", HEALTHY SPF "_dmarc." D " !TIMEOUT\n",
		.want = {"dmarc.record error", "dmarc.alignment error", "spf.mail_from pass", "mx.sender pass",
			"ptr.fcrdns pass", "dnsbl.ip pass"}},
	{"one list is dead", HEALTHY SPF DMARC "*.zen.spamhaus.org !TIMEOUT\n",
		.want = {"dnsbl.ip error", "spf.mail_from pass", "dmarc.record pass"}},
	{"an include is dead",
		HEALTHY DMARC D " TXT \"v=spf1 include:dead.example ip4:203.0.113.10 -all\"\n*.dead.example !TIMEOUT\n",
		.want = {"spf.record pass", "spf.mail_from error", "dmarc.record pass", "mx.sender pass"}},
	{"answers that are none", HEALTHY "_dmarc." D " !MALFORMED\n" D " TXT !MALFORMED\n",
		.want = {"spf.record error", "spf.mail_from error", "dmarc.record error", "mx.sender pass"}},
	{"refused", HEALTHY "_dmarc." D " !REFUSED\n" D " TXT !REFUSED\n",
		.want = {"spf.record error", "spf.mail_from error", "dmarc.record error", "mx.sender pass"}},
};

/* "NAME TXT \# N HEX" of strings of 255 bytes. */
static const char *big_record(struct mp_arena *a, const char *big, const char *fill)
{
	const char *text = strchr(big, ' ') + 1;
	size_t n = strlen(text), each = strlen(fill), at = 0;
	struct mp_buf b = MP_BUF(RECORD * 3);
	char *all = mp_alloc(a, RECORD + 1);
	const char *line;

	memcpy(all, text, n);
	for (; n + each <= RECORD - RECORD / 250; n += each)
		memcpy(all + n, fill, each);
	mp_buf_addf(&b, "%.*s TXT \\# %zu ", (int)(text - 1 - big), big, n + (n + 254) / 255);
	while (at < n) {
		size_t part = n - at < 255 ? n - at : 255;

		mp_buf_addf(&b, "%02x", (unsigned)part);
		for (size_t i = 0; i < part; i++)
			mp_buf_addf(&b, "%02x", (unsigned)(unsigned char)all[at + i]);
		at += part;
	}
	mp_buf_addc(&b, '\n');
	line = mp_dupn(a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return line;
}

static void check_status(const struct row *row, const struct mp_run *run, const char *want)
{
	struct mp_str rest = mp_str(want), id;
	bool every = mp_str_iends(rest, "*"), any = false;

	mp_str_split(&rest, ' ', &id);
	rest.n -= every;
	for (size_t i = 0; i < mp_run_n_results(run); i++) {
		const struct mp_result *r = mp_run_result(run, i);

		if (!mp_str_eq(id, mp_str(r->check->id)) || (any && !every))
			continue;
		if (!mp_str_eq(rest, mp_str(mp_status_name(r->status))))
			fail_msg("row '%s': want %s, got %s: \"%s\"", row->label, want, mp_status_name(r->status),
				r->summary);
		any = true;
	}
	if (!any)
		fail_msg("row '%s': no result of %.*s", row->label, (int)id.n, id.p);
}

static void replay(const struct row *row, const json_t *report)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_run_facts facts = {0};
	struct mp_buf text = MP_BUF(REPORT_MAX);
	struct mp_err err = {.msg = ""};
	struct mp_case c;
	struct mp_run *run;
	json_t *again;

	mp_json_write(report, 0, &text);
	row_bool(row->label, text.full, false);
	if (mp_report_read(mp_buf_str(&text), a, &c, ev, &facts, &err) != MP_OK)
		fail_msg("row '%s': replay: %s", row->label, err.msg);
	run = mp_run_new(&c, ev, mp_run_scope(&c));
	assert_true(mp_run_judge(run));
	again = mp_report_build(run, ev, &facts);
	row_bool(row->label, json_equal(mp_jget(report, "checks"), mp_jget(again, "checks")), true);
	row_bool(row->label, json_equal(mp_jget(report, "findings"), mp_jget(again, "findings")), true);
	json_decref(again);
	mp_run_free(run);
	mp_evidence_free(ev);
	mp_buf_release(&text);
	mp_arena_free(a);
}

static void test_rows(void **state)
{
	static const struct mp_selector selector = {.selector = "s", .domain = D, .origin = "--selector"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct mp_arena *a = mp_arena_new();
		struct mp_evidence *ev = mp_evidence_new();
		struct mp_source sources[JUDGE_SOURCES];
		struct mp_selector own = selector;
		struct mp_run_facts facts = {0};
		struct mp_err err = {.msg = ""};
		const char *zone =
			row->big ? mp_printf(a, "%s%s", row->zone, big_record(a, row->big, row->fill)) : row->zone;
		struct world_zone *z = world_zone_parse(a, zone, &err);
		struct mp_case c;
		struct mp_run *run;
		json_t *report;

		if (!z)
			fail_msg("row '%s': zone: %s", row->label, err.msg);
		judge_case(&c, sources, "203.0.113.10", "mail.example.com");
		c.selectors = &own;
		c.n_selectors = 1;
		if (row->domain) {
			c.domain = own.domain = row->domain;
			c.mail_from = c.header_from = mp_printf(a, "a@%s", row->domain);
		}
		run = mp_run_new(&c, ev, mp_run_scope(&c));
		for (int round = 0; !mp_run_judge(run); round++) {
			struct mp_question *q;

			assert_true(round < 40);
			/* Nobody else answers. */
			while ((q = world_zone_feed(z, ev)))
				mp_evidence_give_up(ev, q);
		}
		if (mp_evidence_answered(ev) > QUESTIONS_MAX)
			fail_msg("row '%s': %zu questions", row->label, mp_evidence_answered(ev));
		for (size_t w = 0; w < ARRAY_LEN(row->want) && row->want[w]; w++)
			check_status(row, run, row->want[w]);
		for (size_t k = 0; k < mp_run_n_results(run); k++)
			judge_check_form(row->label, mp_run_result(run, k));
		report = mp_report_build(run, ev, &facts);
		replay(row, report);
		json_decref(report);
		mp_run_free(run);
		mp_evidence_free(ev);
		mp_arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_rows)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
