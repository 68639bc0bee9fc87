/* tests/unit/test_checks_policy.c - what providers ask of senders: the table, and whole runs over zone text */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "probe/policies.h"
#include "probe/receivers.h"
#include "probe/report.h"
#include "tests/unit/dkim_keys.h"
#include "tests/unit/judge.h"
#include "tests/unit/row.h"
#include "tests/world/zone.h"

static const char common[] = ". SOA a.root h.root 1 2 3 4 300\n"
			     "example.com SOA ns.example.com h.example.com 1 7200 3600 1209600 300\n"
			     "example.com MX 10 mail.example.com\n"
			     "mail.example.com A 203.0.113.10\n"
			     "mail.example.com AAAA 2001:db8::10\n"
			     "10.113.0.203.in-addr.arpa PTR mail.example.com\n"
			     "gmail.com MX 5 gmail-smtp-in.l.google.com\n"
			     "hosted.example MX 5 aspmx.l.google.com\n"
			     "yahoo.com MX 5 mta5.am0.yahoodns.net\n"
			     "outlook.com MX 5 outlook-com.olc.protection.outlook.com\n"
			     "outlook-com.olc.protection.outlook.com A 198.51.100.1\n"
			     "icloud.com MX 5 mx01.mail.icloud.com\n"
			     "mx01.mail.icloud.com A 198.51.100.1\n"
			     "other.example MX 5 mx.other.example\n"
			     "gmail-smtp-in.l.google.com A 198.51.100.1\n"
			     "aspmx.l.google.com A 198.51.100.1\n"
			     "mta5.am0.yahoodns.net A 198.51.100.1\n"
			     "mx.other.example A 198.51.100.1\n";

#define SPF "example.com TXT \"v=spf1 ip4:203.0.113.10 -all\"\n"
#define NO_SPF "example.com TXT \"v=spf1 -all\"\n"
#define DKIM "s._domainkey.example.com TXT \"k=ed25519; p=" ED25519_P "\"\n"
#define SHORT_KEY "s._domainkey.example.com TXT \"p=" RSA512_P "\"\n"
#define DMARC "_dmarc.example.com TXT \"v=DMARC1; p=none\"\n"

struct row {
	const char *label, *zone;
	const char *to;   /* domain; NULL: mailprobe check */
	bool selector;    /* "s" is known */
	const char *ips;  /* NULL: 203.0.113.10 */
	const char *from; /* domain; NULL: example.com */
	bool plain;       /* the session has no TLS */
	enum smtp_tls_policy tls;
	enum mp_verdict verdict;
	const char *want[6];  /* "policy.gmail SUBJECT: STATUS STATE" */
	const char *findings; /* ids of those that count, blanks between; NULL: does not matter */
};

#define GMAIL_AUTH "policy.gmail SPF or DKIM: "
#define GMAIL_BOTH "policy.gmail SPF and DKIM: "

/* Two faults that nobody rejected for: a generated PTR name, and no DMARC record. What they cost differs by receiver. */
#define RANKED                                                             \
	"example.com TXT \"v=spf1 ip4:203.0.113.11 -all\"\n" DKIM          \
	"11.113.0.203.in-addr.arpa PTR 203-0-113-11.dynamic.isp.example\n" \
	"203-0-113-11.dynamic.isp.example A 203.0.113.11\n"
#define RANK_PTR "rdns-generic:203.0.113.11"
#define RANK_EHLO "helo-rejected:mail.example.com"
#define RANK_DMARC "dmarc-fail:example.com"
#define RANK(label, to, want)                                                                           \
	{                                                                                               \
		label, RANKED, to, true, .ips = "203.0.113.11", .verdict = MP_AT_RISK, .findings = want \
	}

static const struct row rows[] = {
	RANK("ranked for nobody", "other.example", RANK_PTR " " RANK_EHLO " " RANK_DMARC),
	RANK("ranked for all", NULL, RANK_PTR " " RANK_DMARC " " RANK_EHLO),
	RANK("ranked for Gmail", "gmail.com", RANK_DMARC " " RANK_PTR " " RANK_EHLO),
	RANK("ranked for Yahoo", "yahoo.com", RANK_PTR " " RANK_DMARC " " RANK_EHLO),
	RANK("ranked for Microsoft", "outlook.com", RANK_DMARC " " RANK_PTR " " RANK_EHLO),
	RANK("ranked for Apple", "icloud.com", RANK_DMARC " " RANK_PTR " " RANK_EHLO),
	{"all is well", SPF DKIM DMARC, NULL, true, .verdict = MP_DELIVERABLE,
		.want = {GMAIL_AUTH "pass met", GMAIL_BOTH "pass met", "policy.gmail DMARC record: pass met",
			"policy.gmail From: aligned: pass met", "policy.gmail PTR and way back: pass met",
			"policy.yahoo sender's domain: pass met"}},
	{"what is not seen", SPF DKIM DMARC, NULL, true, .verdict = MP_DELIVERABLE,
		.want = {"policy.gmail TLS: skip not seen", "policy.gmail spam rate: skip not seen",
			"policy.gmail one-click unsubscribe: skip not seen",
			"policy.apple unsubscribing: skip not seen", "policy.gmail DKIM key size: pass met",
			"policy.microsoft sender can receive: pass met"}},
	{"no selector is known", SPF DMARC, NULL, .verdict = MP_DELIVERABLE,
		.want = {GMAIL_AUTH "pass met", GMAIL_BOTH "skip not seen", "policy.gmail DKIM key size: skip not seen",
			"policy.microsoft SPF and DKIM: skip not seen"}},
	{"SPF fails, and no selector is known", NO_SPF DMARC, NULL, .verdict = MP_AT_RISK,
		.want = {GMAIL_AUTH "warn not met", GMAIL_BOTH "warn not met",
			"policy.gmail From: aligned: warn not met"},
		.findings = "spf-fail:example.com"},
	{"SPF fails, and DKIM is there", NO_SPF DKIM DMARC, NULL, true, .verdict = MP_AT_RISK,
		.want = {GMAIL_AUTH "pass met", GMAIL_BOTH "warn not met", "policy.gmail From: aligned: pass met"}},
	{"neither", NO_SPF DMARC, NULL, true, .verdict = MP_AT_RISK,
		.want = {GMAIL_AUTH "fail not met", GMAIL_BOTH "warn not met",
			"policy.yahoo SPF or DKIM: fail not met"}},
	{"a short key is none", SPF SHORT_KEY DMARC, NULL, true, .verdict = MP_AT_RISK,
		.want = {GMAIL_AUTH "pass met", GMAIL_BOTH "warn not met", "policy.gmail DKIM key size: fail not met"},
		.findings = "dkim-fail:s._domainkey.example.com"},
	{"SPF times out", "example.com TXT !TIMEOUT\n" DMARC, NULL, .verdict = MP_UNKNOWN,
		.want = {GMAIL_AUTH "error not determined", GMAIL_BOTH "error not determined"}, .findings = ""},
	{"SPF times out, and DKIM is there", "example.com TXT !TIMEOUT\n" DKIM DMARC, NULL, true, .verdict = MP_UNKNOWN,
		.want = {GMAIL_AUTH "pass met", GMAIL_BOTH "error not determined"}, .findings = ""},
	{"no DMARC record", SPF DKIM, NULL, true, .verdict = MP_AT_RISK,
		.want = {"policy.gmail DMARC record: warn not met", "policy.gmail From: aligned: warn not met",
			"policy.apple DMARC record: warn not met", "policy.microsoft From: aligned: warn not met"},
		.findings = "dmarc-fail:example.com"},
	{"a DMARC record with a fault that all pass over",
		SPF DKIM "_dmarc.example.com TXT \"v=DMARC1; p=none; pct=9\"\n", NULL, true, .verdict = MP_AT_RISK,
		.want = {"policy.gmail DMARC record: pass met"}},
	{"one of two addresses has no PTR", SPF DKIM DMARC, NULL, true, .ips = "203.0.113.10 2001:db8::10",
		.verdict = MP_AT_RISK,
		.want = {"policy.gmail PTR and way back: fail not met",
			"policy.microsoft PTR and way back: fail not met",
			"policy.apple PTR and way back: warn not met"}},
	{"the provider's own name", SPF "gmail.com TXT \"v=spf1 -all\"\n_dmarc.gmail.com TXT \"v=DMARC1; p=none\"\n",
		NULL, .from = "gmail.com", .verdict = MP_AT_RISK,
		.want = {"policy.gmail From: not the provider's: warn not met"}},
	/* in the main job */
	{"TLS", SPF DKIM DMARC, "gmail.com", true, .verdict = MP_DELIVERABLE, .want = {"policy.gmail TLS: pass met"},
		.findings = ""},
	{"no TLS", SPF DKIM DMARC, "gmail.com", true, .plain = true, .verdict = MP_AT_RISK,
		.want = {"policy.gmail TLS: warn not met"}, .findings = "policy.gmail:gmail.com"},
	{"no TLS, as told", SPF DKIM DMARC, "gmail.com", true, .plain = true, .tls = SMTP_TLS_OFF,
		.verdict = MP_DELIVERABLE, .want = {"policy.gmail TLS: skip not seen"}, .findings = ""},
	{"no TLS at a hosted domain", SPF DKIM DMARC, "hosted.example", true, .plain = true, .verdict = MP_AT_RISK,
		.want = {"policy.gmail TLS: warn not met"}, .findings = "policy.gmail:hosted.example"},
	{"no TLS elsewhere", SPF DKIM DMARC, "other.example", true, .plain = true, .verdict = MP_DELIVERABLE,
		.want = {"policy.gmail TLS: skip not seen"}, .findings = ""},
	{"what is broken for another provider is information", SPF DKIM, "other.example", true, .verdict = MP_AT_RISK,
		.want = {"policy.gmail DMARC record: info not met"}, .findings = "dmarc-fail:example.com"},
	{"what is broken for this one counts, once", SPF DKIM, "gmail.com", true, .verdict = MP_AT_RISK,
		.want = {"policy.gmail DMARC record: warn not met", "policy.yahoo DMARC record: info not met"},
		.findings = "dmarc-fail:example.com"},
	{"no SOA record, at Yahoo", SPF DKIM DMARC "example.com SOA !RCODE 0\n", "yahoo.com", true,
		.verdict = MP_AT_RISK, .want = {"policy.yahoo sender's domain: warn not met"},
		.findings = "policy.yahoo:yahoo.com"},
};

static const struct smtp_session *session(const struct row *row, const struct smtp_question *q, struct mp_arena *a)
{
	static const struct smtp_cert cert = {.subject = "CN=mx",
		.issuer = "CN=ca",
		.key = "EC P-256",
		.signature = "ECDSA",
		.sha256 = "00",
		.spki_sha256 = "00"};
	static const char *const lines[] = {"250 2.1.5 Ok"};
	struct smtp_session *s = mp_alloc(a, sizeof(*s));

	s->q = *q;
	s->outcome = SMTP_ACCEPTED;
	s->stage = SMTP_AT_RCPT;
	s->ms_connect = s->ms_banner = s->ms_ehlo = s->ms_starttls = s->ms_tls = s->ms_ehlo_tls = s->ms_mail =
		s->ms_rcpt = -1;
	s->reply = mp_alloc(a, sizeof(*s->reply));
	*s->reply = (struct smtp_reply){.code = 250, .n_lines = 1, .lines = lines};
	if (!row->plain) {
		s->starttls_offered = true;
		s->tls = mp_alloc(a, sizeof(*s->tls));
		*s->tls = (struct smtp_tls){.version = "TLSv1.3", .roots_loaded = true, .chain = &cert, .n_chain = 1};
	}
	return s;
}

static void settle(const struct row *row, struct mp_run *run, struct mp_evidence *ev)
{
	struct mp_err err = {.msg = ""};
	struct world_zone *zone = world_zone_parse(
		mp_evidence_arena(ev), mp_printf(mp_evidence_arena(ev), "%s%s", common, row->zone), &err);

	if (!zone)
		fail_msg("row '%s': zone: %s", row->label, err.msg);
	for (int round = 0; !mp_run_judge(run); round++) {
		struct mp_question *q;

		assert_true(round < 50);
		while ((q = world_zone_feed(zone, ev)))
			mp_evidence_answer(ev, q, session(row, q->params, mp_evidence_arena(ev)));
	}
}

/* Each requirement once, in a sentence; never worse than what it rests on. */
static void check_form(const struct row *row, const struct mp_run *run)
{
	for (size_t i = 0; i < mp_run_n_results(run); i++) {
		const struct mp_result *r = mp_run_result(run, i);

		if (!mp_policy_by_check(r->check->id))
			continue;
		judge_check_form(row->label, r);
		row_bool(row->label, r->status != MP_FAIL || r->n_rests_on > 0, true);
		if (r->status == MP_FAIL) {
			bool worse = true;

			for (size_t k = 0; k < r->n_rests_on; k++)
				worse = worse && r->rests_on[k]->status != MP_FAIL;
			row_bool(row->label, worse, false);
		}
	}
}

static void check_want(const struct row *row, const struct mp_run *run, struct mp_arena *a)
{
	for (size_t w = 0; w < ARRAY_LEN(row->want) && row->want[w]; w++) {
		const char *got = NULL;
		size_t n = (size_t)(strrchr(row->want[w], ':') - row->want[w]);

		for (size_t i = 0; i < mp_run_n_results(run); i++) {
			const struct mp_result *r = mp_run_result(run, i);
			const char *text = mp_printf(a, "%s %s: %s %s", r->check->id, r->subject,
				mp_status_name(r->status), mp_jget_str(r->values, "state", ""));

			if (strncmp(text, row->want[w], n + 1) == 0)
				got = text;
		}
		row_str(row->label, got, row->want[w]);
	}
}

static void check_findings(const struct row *row, const struct mp_run *run, struct mp_arena *a)
{
	const struct mp_conclusion *con = mp_run_conclusion(run);
	const char *ids = "";

	row_str(row->label, mp_verdict_name(con->status), mp_verdict_name(row->verdict));
	for (size_t i = 0; i < con->n_findings; i++)
		if (con->findings[i].status != MP_INFO)
			ids = mp_printf(a, "%s%s%s", ids, *ids ? " " : "", con->findings[i].id);
	if (row->findings)
		row_str(row->label, ids, row->findings);
	/* Every fault among the requirements is told by a finding. */
	for (size_t i = 0; i < mp_run_n_results(run); i++) {
		const struct mp_result *r = mp_run_result(run, i);
		bool told = false;

		if (!mp_policy_by_check(r->check->id) || (r->status != MP_WARN && r->status != MP_FAIL))
			continue;
		for (size_t k = 0; k < con->n_findings; k++)
			for (size_t b = 0; b < con->findings[k].n_because; b++)
				told = told || con->findings[k].because[b].result == r;
		if (!told)
			fail_msg("row '%s': no finding tells of %s %s", row->label, r->check->id, r->subject);
	}
}

static void test_rows(void **state)
{
	static const struct mp_selector selector = {.selector = "s", .domain = "example.com", .origin = "--selector"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct mp_arena *a = mp_arena_new();
		struct mp_evidence *ev = mp_evidence_new();
		struct mp_source sources[JUDGE_SOURCES];
		struct mp_target target = {.text = row->to,
			.kind = MP_TARGET_DOMAIN,
			.domain = row->to,
			.port = 25,
			.rcpt = "postmaster",
			.rcpt_assumed = true};
		struct mp_case c;
		struct mp_run *run;

		judge_case(&c, sources, row->ips ? row->ips : "203.0.113.10", "mail.example.com");
		c.tls = row->tls;
		if (row->selector) {
			c.selectors = &selector;
			c.n_selectors = 1;
		}
		if (row->from) {
			c.domain = row->from;
			c.mail_from = c.header_from = mp_printf(a, "postmaster@%s", row->from);
		}
		if (row->to) {
			c.command = "probe";
			c.targets = &target;
			c.n_targets = 1;
		}
		run = mp_run_new(&c, ev, mp_run_scope(&c));
		settle(row, run, ev);
		check_form(row, run);
		check_want(row, run, a);
		check_findings(row, run, a);
		mp_run_free(run);
		mp_evidence_free(ev);
		mp_arena_free(a);
	}
}

/* The table: every provider is one of the receivers' and has a check; subjects are told once of each kind. */
static void test_table(void **state)
{
	(void)state;
	for (size_t i = 0; i < mp_n_policies; i++) {
		const struct mp_policy *p = &mp_policies[i];
		const struct mp_check *check = mp_check_by_id(p->check);

		row_bool(p->check, check && check->after, true);
		row_bool(p->check, strlen(p->verified) == 7 && strncmp(p->source, "https://", 8) == 0, true);
		row_str(p->check, check->ref, p->source);
		for (size_t k = 0; k < ARRAY_LEN(p->receivers) && p->receivers[k]; k++) {
			bool known = false;

			for (size_t r = 0; r < mp_n_receivers; r++)
				known = known || strcmp(mp_receivers[r].provider, p->receivers[k]) == 0;
			row_bool(p->receivers[k], known, true);
		}
		for (size_t k = 0; k < p->n_rules; k++) {
			row_bool(p->rules[k].subject, (p->rules[k].part == MP_PART_UNSEEN) == !!p->rules[k].unseen,
				true);
			for (size_t m = 0; m < k; m++)
				row_bool(p->rules[k].subject, strcmp(p->rules[k].subject, p->rules[m].subject) == 0,
					false);
		}
	}
	assert_null(mp_policy_by_check("policy.nobody"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_table),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
