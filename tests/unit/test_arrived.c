/*
 * tests/unit/test_arrived.c - what a mailbox shows of the message that was sent: message.placement, message.arrived and
 * message.seen_*, from zone text, a message signed by ourselves, and what happened to it on its way
 */
#include "probe/case.h"
#include "probe/message.h"
#include "probe/run.h"
#include "tests/unit/dkim_keys.h"
#include "tests/unit/row.h"
#include "tests/world/zone.h"

static const char zone_text[] = "example.com SOA ns.example.com h.example.com 1 7200 3600 1209600 300\n"
				"example.com MX 10 mail.example.com\n"
				"_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n"
				"mail.example.com A 203.0.113.10\n"
				"113.0.203.in-addr.arpa SOA ns.example.com h.example.com 1 7200 3600 1209600 900\n"
				"113.0.203.in-addr.arpa NS ns.example.com\n"
				"ns.example.com A 127.0.0.1\n"
				"10.113.0.203.in-addr.arpa PTR mail.example.com\n"
				"ed._domainkey.example.com TXT \"v=DKIM1; k=ed25519; p=" ED25519_P "\"\n"
				"s1._domainkey.example.com TXT \"v=DKIM1; k=rsa; p=" RSA1024_P "\"\n"
				"example.net SOA ns.example.net h.example.net 1 7200 3600 1209600 300\n"
				"example.net MX 10 mx1.example.net\n"
				"mx1.example.net A 198.51.100.1\n"
				"imap.example.net A 198.51.100.2\n";

#define SPF_GOOD "example.com TXT \"v=spf1 ip4:203.0.113.10 -all\"\n"
#define SPF_BAD "example.com TXT \"v=spf1 -all\"\n"

#define ID "0123456789abcdef.0@example.com"
#define HEADER                                                                               \
	"From: <ann@example.com>\r\nTo: <you@example.net>\r\nSubject: A test\r\n"            \
	"Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <" ID ">\r\nMIME-Version: 1.0" \
	"\r\nContent-Type: text/plain; charset=us-ascii\r\n"
#define BODY "Hello,\r\n\r\nthis is the body.\r\n"
#define FROM(ip)                                                                                                   \
	"Received: from mail.example.com (mail.example.com [" ip "])\r\n\tby mx1.example.net with ESMTPS id 1\r\n" \
	"\tfor <you@example.net>; Sat, 21 Nov 2026 10:00:02 +0000\r\n"
#define SAYS(results) "Authentication-Results: mx1.example.net;\r\n\t" results "\r\n"
#define SPF(r) "spf=" r " smtp.mailfrom=example.com"
#define DKIM(r, s) "dkim=" r " header.d=example.com header.s=" s
#define DMARC(r) "dmarc=" r " header.from=example.com"
#define ALL_GOOD SAYS(SPF("pass") "; " DKIM("pass", "ed") "; " DMARC("pass")) FROM("203.0.113.10")

struct want {
	const char *check, *subject; /* subject: a part of it, or NULL */
	enum mp_status status;
	const char *words; /* of summary, detail or fix */
};

struct row {
	const char *label;
	const char *top;       /* what the receiver put before it */
	const char *from, *to; /* a piece of the message that is replaced on its way */
	const char *more;      /* appended to the body */
	bool no_signature, two_signatures;
	const char *spf;                 /* NULL: SPF_GOOD */
	struct mp_mailbox_answer answer; /* folder NULL and outcome FOUND: the inbox */
	struct want want[5];
};

static const struct row rows[] = {
	{"as predicted", ALL_GOOD,
		.want = {{"message.placement", "seed", MP_PASS, "landed in the inbox of you@example.net"},
			{"message.arrived", "seed", MP_PASS, "as it was sent; its signature is good"},
			{"message.seen_spf", "seed: SPF of example.com", MP_PASS, "SPF pass, as predicted"},
			{"message.seen_dkim", "seed: ed._domainkey.example.com", MP_PASS, "DKIM pass, as predicted"},
			{"message.seen_dmarc", "seed: DMARC of example.com", MP_PASS, "DMARC pass, as predicted"}}},
	{"nothing noted", FROM("203.0.113.10"),
		.want = {{"message.arrived", NULL, MP_PASS, "its signature is good"},
			{"message.seen_spf", NULL, MP_SKIP, "noted no result of SPF; we predict pass"},
			{"message.seen_dkim", NULL, MP_SKIP, "noted no result of DKIM"},
			{"message.seen_dmarc", NULL, MP_SKIP, "noted no result of DMARC"}}},
	{"what another host noted before is not the receiver's",
		FROM("203.0.113.10") SAYS("none") "Authentication-Results: mx.elsewhere.example; " SPF(
			"fail") "; " DKIM("fail", "ed") "\r\n",
		.want = {{"message.seen_spf", NULL, MP_SKIP, NULL}, {"message.seen_dkim", NULL, MP_SKIP, NULL}}},
	{"no signature", ALL_GOOD, .no_signature = true,
		.want = {{"message.arrived", NULL, MP_PASS, "it bears no signature"}}},
	{"two signatures", SAYS(DKIM("pass", "ed") "; " DKIM("pass", "s1")), .two_signatures = true,
		.want = {{"message.arrived", NULL, MP_PASS, "its 2 signatures are good"},
			{"message.seen_dkim", "ed._domainkey", MP_PASS, NULL},
			{"message.seen_dkim", "s1._domainkey", MP_PASS, NULL}}},
	{"one of two signatures is not understood", SAYS(DKIM("neutral", "ed") "; " DKIM("pass", "s1")),
		.two_signatures = true,
		.want = {{"message.seen_dkim", "ed._domainkey", MP_WARN,
				 "The signature is good on the message as it arrived"},
			{"message.seen_dkim", "s1._domainkey", MP_PASS, NULL}}},

	/* changed on the way */
	{"a footer", SAYS(SPF("pass") "; " DKIM("fail", "ed") "; " DMARC("pass")), .more = "_____\r\nlist\r\n",
		.want = {{"message.arrived", NULL, MP_WARN, "as it was signed: 2 lines were appended to the body"},
			{"message.arrived", NULL, MP_WARN, "Sign at the last host that touches the message"},
			{"message.seen_dkim", NULL, MP_INFO, "2 lines were appended to the body"},
			{"message.seen_dmarc", NULL, MP_PASS, NULL}}},
	{"a subject's prefix", SAYS(DKIM("fail", "ed")), .from = "Subject: A", .to = "Subject: [list] A",
		.want = {{"message.arrived", NULL, MP_WARN, "\"[list]\" was put before the subject."}}},
	{"a word of the body: nobody knows which", SAYS(DKIM("fail", "ed")), .from = "the body", .to = "a body",
		.want = {{"message.arrived", NULL, MP_WARN, "the hash of the body is not right"},
			{"message.seen_dkim", NULL, MP_INFO, NULL}}},
	{"a footer behind the receiver's verification", SAYS(DKIM("pass", "ed")), .more = "_____\r\nlist\r\n",
		.want = {{"message.arrived", NULL, MP_INFO, "changed after its receiver had verified it"},
			{"message.seen_dkim", NULL, MP_PASS, NULL}}},

	/* seen otherwise */
	{"the receiver has an older key", SAYS("dkim=fail (bad signature) header.d=example.com header.s=ed"),
		.want = {{"message.arrived", NULL, MP_PASS, NULL},
			{"message.seen_dkim", NULL, MP_WARN,
				"the receiver had no key, or an older one; it says: bad signature"}}},
	{"NAT", SAYS(SPF("fail") "; " DKIM("pass", "ed") "; " DMARC("pass")) FROM("203.0.113.77"),
		.want = {{"message.seen_spf", NULL, MP_WARN, "saw the message come from 203.0.113.77"},
			{"message.seen_spf", NULL, MP_WARN, "Put 203.0.113.77 into the SPF record of example.com"},
			{"message.seen_dmarc", NULL, MP_PASS, NULL}}},
	{"an old SPF record", SAYS(SPF("softfail") "; " DMARC("pass")) FROM("203.0.113.10"),
		.want = {{"message.seen_spf", NULL, MP_WARN, "Both are about 203.0.113.10"}}},
	{"SPF not known there", SAYS(SPF("temperror")) FROM("203.0.113.10"),
		.want = {{"message.seen_spf", NULL, MP_INFO, "the receiver saw temperror"}}},
	{"better than predicted", SAYS(SPF("pass")) FROM("203.0.113.10"), .spf = SPF_BAD,
		.want = {{"message.seen_spf", NULL, MP_INFO, "We predicted SPF fail; the receiver saw pass."}}},
	{"DMARC follows from both", SAYS(SPF("fail") "; " DKIM("fail", "ed") "; " DMARC("fail")),
		.want = {{"message.seen_spf", NULL, MP_WARN, NULL}, {"message.seen_dkim", NULL, MP_WARN, NULL},
			{"message.seen_dmarc", NULL, MP_INFO,
				"That follows from SPF and DKIM, as the receiver saw it."}}},
	{"DMARC alone", SAYS(SPF("pass") "; " DKIM("pass", "ed") "; " DMARC("fail")),
		.want = {{"message.seen_dmarc", NULL, MP_WARN, "SPF and DKIM are as predicted"},
			{"message.seen_dmarc", NULL, MP_WARN, "Compare the record at _dmarc.example.com"}}},

	/* where it is */
	{"the spam folder", SAYS(SPF("pass")) "X-Spam-Status: Yes, score=7.1 required=5.0\r\n",
		.answer = {.junk = true, .folder = "Junk"},
		.want = {{"message.placement", NULL, MP_FAIL, "into the spam folder (Junk) of you@example.net"},
			{"message.placement", NULL, MP_FAIL,
				"SpamAssassin (X-Spam-Status): taken for spam, score 7.1 of 5.0"},
			{"message.arrived", NULL, MP_PASS, NULL}}},
	{"a category", ALL_GOOD, .answer = {.tab = "promotions", .folder = "INBOX"},
		.want = {{"message.placement", NULL, MP_INFO, "in its category promotions"}}},
	{"nowhere", NULL, .answer = {.outcome = MP_MAILBOX_MISSING},
		.want = {{"message.placement", NULL, MP_WARN,
				 "in neither inbox nor spam folder of you@example.net within 60 s"},
			{"message.placement", NULL, MP_WARN, "the Message-ID " ID},
			{"message.arrived", NULL, MP_SKIP, "No message was found"}}},
	{"a wrong password", NULL,
		.answer = {.outcome = MP_MAILBOX_NO_LOGIN, .reason = "the server refused user and password"},
		.want = {{"message.placement", NULL, MP_ERROR, "is not known: the server refused user and password."},
			{"message.placement", NULL, MP_ERROR,
				"The mailbox seed of the configuration: look at its user"},
			{"message.placement", NULL, MP_ERROR, "look for the Message-ID " ID " there"},
			{"message.arrived", NULL, MP_SKIP, NULL}}},
	{"no folder", NULL, .answer = {.outcome = MP_MAILBOX_NO_FOLDER, .reason = "there is no folder 'Junk' in it"},
		.want = {{"message.placement", NULL, MP_ERROR, "name its folders (inbox, junk)"}}},
	{"no connection", NULL, .answer = {.outcome = MP_MAILBOX_UNREACHABLE, .reason = "no connection to the server"},
		.want = {{"message.placement", NULL, MP_ERROR, "look at its url"}}},
	{"an expired certificate", NULL,
		.answer = {.outcome = MP_MAILBOX_TLS_FAILED, .reason = "the certificate expired"},
		.want = {{"message.placement", NULL, MP_ERROR, "--ca-file"}}},
	{"no IMAP", NULL, .answer = {.outcome = MP_MAILBOX_PROTOCOL_ERROR, .reason = "Weird server reply"},
		.want = {{"message.placement", NULL, MP_ERROR, "whether IMAP is served there"}}},
	{"no time", NULL, .answer = {.outcome = MP_MAILBOX_UNKNOWN, .reason = "the run ended first"},
		.want = {{"message.placement", NULL, MP_ERROR, "--timeout"}}},
};

/* ---- the message */

static const char *replaced(struct mp_arena *a, const struct row *r, const char *text)
{
	const char *at = r->from ? strstr(text, r->from) : NULL;

	if (!r->from)
		return text;
	if (!at)
		fail_msg("row '%s': the message has no \"%s\"", r->label, r->from);
	return mp_printf(a, "%.*s%s%s", (int)(at - text), text, r->to, at + strlen(r->from));
}

static const struct smtp_mail *arrived(struct mp_arena *a, const struct row *r)
{
	struct smtp_private *rsa = smtp_private_new(mp_str(RSA1024_PKCS8), NULL),
			    *ed = smtp_private_new(mp_str(ED25519_PKCS8), NULL);
	struct smtp_signer first = {"example.com", "ed", ed, SMTP_RELAXED, SMTP_RELAXED, 1795255200},
			   second = {"example.com", "s1", rsa, SMTP_RELAXED, SMTP_RELAXED, 1795255200};
	struct smtp_reader *reader = smtp_reader_new(a);
	const char *header = HEADER, *text;
	const struct smtp_mail *m;

	if (!r->no_signature)
		header = mp_printf(a, "%s%s", smtp_dkim_sign(a, &first, mp_str(HEADER), mp_str(BODY)), header);
	if (r->two_signatures)
		header = mp_printf(a, "%s%s", smtp_dkim_sign(a, &second, mp_str(HEADER), mp_str(BODY)), header);
	text = replaced(a, r, mp_printf(a, "%s\r\n%s%s", header, BODY, r->more ? r->more : ""));
	smtp_reader_feed(reader, mp_str(mp_printf(a, "%s%s", r->top ? r->top : "", text)));
	m = smtp_reader_end(reader);
	smtp_reader_free(reader);
	smtp_private_free(rsa);
	smtp_private_free(ed);
	return m;
}

/* ---- the run */

static const struct smtp_session *takes_it(const struct smtp_question *q, struct mp_arena *a)
{
	static const char *const lines[] = {"250 2.0.0 Ok: queued"};
	static struct smtp_reply ok = {.code = 250, .n_lines = 1, .lines = (const char **)(uintptr_t)lines};
	struct smtp_session *s = mp_alloc(a, sizeof(*s));

	s->q = *q;
	s->outcome = SMTP_ACCEPTED;
	s->stage = SMTP_AT_MESSAGE;
	s->reply = &ok;
	s->message_id = q->message_id;
	s->ms_connect = s->ms_banner = s->ms_ehlo = s->ms_starttls = s->ms_tls = s->ms_ehlo_tls = s->ms_mail =
		s->ms_rcpt = s->ms_data = s->ms_message = -1;
	return s;
}

static const struct mp_mailbox_answer *shows_it(const struct row *r, struct mp_arena *a)
{
	struct mp_mailbox_answer *ans = mp_memdup(a, &r->answer, sizeof(*ans));

	if (ans->outcome != MP_MAILBOX_FOUND)
		return ans;
	ans->folder = ans->folder ? ans->folder : "INBOX";
	ans->seconds = 1.5;
	mp_mailbox_keep(a, ans, arrived(a, r));
	return ans;
}

static void settle(struct mp_run *run, struct mp_evidence *ev, const struct world_zone *zone, const struct row *r)
{
	for (int round = 0; !mp_run_judge(run); round++) {
		struct mp_question *q;

		assert_true(round < 50);
		while ((q = world_zone_feed(zone, ev)))
			if (q->kind == &smtp_kind)
				mp_evidence_answer(ev, q, takes_it(q->params, mp_evidence_arena(ev)));
			else if (q->kind == &mp_mailbox_kind)
				mp_evidence_answer(ev, q, shows_it(r, mp_evidence_arena(ev)));
			else
				mp_evidence_give_up(ev, q); /* there is no web */
	}
}

static bool has(const char *text, const char *words)
{
	return text && strstr(text, words);
}

static size_t differs(const struct row *r, const struct mp_run *run, const struct want *w)
{
	const struct mp_result *got = NULL;

	for (size_t i = 0; i < mp_run_n_results(run); i++) {
		const struct mp_result *one = mp_run_result(run, i);

		if (!got && strcmp(one->check->id, w->check) == 0 && (!w->subject || strstr(one->subject, w->subject)))
			got = one;
	}
	if (!got) {
		print_error("row '%s': no %s\n", r->label, w->check);
		return 1;
	}
	if (got->status == w->status &&
		(!w->words || has(got->summary, w->words) || has(got->detail, w->words) || has(got->fix, w->words)))
		return 0;
	print_error("row '%s': %s: got %s, want %s with \"%s\": %s\n%s\n%s\n", r->label, w->check,
		mp_status_name(got->status), mp_status_name(w->status), w->words ? w->words : "", got->summary,
		got->detail ? got->detail : "-", got->fix ? got->fix : "-");
	return 1;
}

static void what_a_mailbox_shows(void **state)
{
	static const char *const resolvers[] = {"127.0.0.53:53"};
	static const char *const signatures[] = {"d=example.com s=ed ed25519-sha256", "d=example.com s=s1 rsa-sha256"};
	static const struct mp_selector selectors[] = {
		{"ed", "example.com", "--selector", ED25519_P_SPKI, "key.pem"},
		{"s1", "example.com", "--selector", RSA1024_P, "key.pem"},
	};
	static const struct mp_mailbox mailbox = {.name = "seed",
		.address = "you@example.net",
		.host = "imap.example.net",
		.port = 993,
		.imaps = true,
		.inbox = "INBOX",
		.junk = ""};
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		size_t n = r->no_signature ? 0 : r->two_signatures ? 2 : 1;
		struct mp_message message = {
			.id = ID, .subject = "A test", .size = 400, .n_signatures = n, .signatures = signatures};
		struct mp_target target = {.text = "you@example.net",
			.kind = MP_TARGET_DOMAIN,
			.domain = "example.net",
			.port = 25,
			.rcpt = "you@example.net",
			.message = &message,
			.mailbox = "seed"};
		struct mp_source source = {0};
		struct mp_case c = {.command = "probe",
			.run_id = "0123456789abcdef",
			.nonce = "abcdefghijkl",
			.started_ms = INT64_C(1795255200000),
			.hostname = "mail",
			.ehlo = "mail.example.com",
			.ehlo_origin = "--ehlo",
			.mail_from = "ann@example.com",
			.mail_from_origin = "--from",
			.header_from = "ann@example.com",
			.domain = "example.com",
			.sources = &source,
			.n_sources = 1,
			.sources_origin = "--source",
			.targets = &target,
			.n_targets = 1,
			.mailboxes = &mailbox,
			.n_mailboxes = 1,
			.send = true,
			.selectors = selectors,
			.n_selectors = n,
			.resolvers = resolvers,
			.n_resolvers = 1,
			.ns_port = 53,
			.mta_sts_port = MP_HTTPS_PORT,
			.timeout_ms = 120000};
		struct mp_arena *a = mp_arena_new();
		struct mp_evidence *ev = mp_evidence_new();
		struct mp_err err = {.msg = ""};
		struct world_zone *zone =
			world_zone_parse(a, mp_printf(a, "%s%s", zone_text, r->spf ? r->spf : SPF_GOOD), &err);
		struct mp_run *run = mp_run_new(&c, ev, mp_run_scope(&c));

		if (!zone)
			fail_msg("the zone: %s", err.msg);
		assert_true(mp_ip_parse(mp_str("203.0.113.10"), &source.address));
		settle(run, ev, zone, r);
		for (size_t k = 0; k < ARRAY_LEN(r->want) && r->want[k].check; k++)
			wrong += differs(r, run, &r->want[k]);
		mp_run_free(run);
		mp_evidence_free(ev);
		mp_arena_free(a);
	}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(what_a_mailbox_shows)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
