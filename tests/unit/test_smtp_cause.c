/* tests/unit/test_smtp_cause.c - replies to causes: taxonomy, rows, unfolding, quoting, stages, speakers, hostile bytes */
#include "base/json.h"
#include "base/text.h"
#include "smtp/cause.h"
#include "smtp/match.h"
#include "smtp/rules.h"
#include "tests/unit/row.h"

static struct smtp_classified classify(struct mp_arena *a, const char *text)
{
	return smtp_classify(a, mp_str(text), NULL);
}

/* ---- the taxonomy */

static bool is_check_id(const char *s)
{
	const char *dot = strchr(s, '.');

	if (!dot || dot == s || !dot[1] || strchr(dot + 1, '.'))
		return false;
	for (; *s; s++)
		if (!mp_islower(*s) && !mp_isdigit(*s) && *s != '_' && *s != '.')
			return false;
	return true;
}

static void test_taxonomy(void **state)
{
	static const char *const groups[] = {"identity", "authentication", "reputation", "rate", "recipient", "quota",
		"content", "access", "server"};

	(void)state;
	row_int("how many", SMTP_CAUSE__COUNT, 1 + 36 + 3);
	for (size_t i = 0; i < SMTP_CAUSE__COUNT; i++) {
		const struct smtp_cause_info *c = &smtp_causes[i];
		bool named = i > SMTP_CAUSE_UNKNOWN && i < SMTP_EGRESS_BLOCKED, known = false;

		if (!c->id || !c->group || !c->title || !c->meaning)
			fail_msg("row %zu: has holes", i);
		row_int(c->id, smtp_cause_by_id(c->id), (long long)i);
		for (size_t g = 0; g < ARRAY_LEN(groups); g++)
			known |= strcmp(c->group, groups[g]) == 0;
		row_bool(c->id, known, named);
		row_bool(c->id, c->fix[0] != NULL, true);
		row_bool(c->id, c->points_to[0] != NULL, i != SMTP_CAUSE_UNKNOWN);
		row_bool(c->id, c->fix[ARRAY_LEN(c->fix) - 1] || c->points_to[ARRAY_LEN(c->points_to) - 1], false);
		for (size_t k = 0; c->points_to[k]; k++)
			row_bool(c->points_to[k], is_check_id(c->points_to[k]), true);
		for (size_t k = 0; k < i; k++)
			row_bool(c->id, strcmp(c->title, smtp_causes[k].title) == 0, false);
	}
	row_int("no such", smtp_cause_by_id("no-such-cause"), SMTP_CAUSE_UNKNOWN);
	row_int("NULL", smtp_cause_by_id(NULL), SMTP_CAUSE_UNKNOWN);
}

/* ---- the tables */

static void check_pattern(const char *name, const char *p)
{
	int depth = 0;

	row_bool(name, *p != '\0', true);
	for (const char *c = p; *c; c++) {
		if (mp_isupper(*c))
			fail_msg("row '%s': capital letter in '%s'", name, p);
		if (*c == '\\' && c[1])
			c++;
		else if (*c == '(')
			depth++;
		else if (*c == ')' && depth-- == 0)
			fail_msg("row '%s': ')' without '(' in '%s'", name, p);
		else if (*c == '%' && !strchr("dw<", c[1]))
			fail_msg("row '%s': '%%' and then '%c' in '%s'", name, c[1], p);
		else if (*c == ' ' && (c[1] == ' ' || c[1] == '\0' || c == p))
			fail_msg("row '%s': stray blank in '%s'", name, p);
	}
	row_int(name, depth, 0);
}

static bool is_code_pattern(const char *p)
{
	for (;; p += 4) {
		if (p[0] < '4' || p[0] > '5' || !p[1] || !p[2])
			return false;
		for (int i = 1; i < 3; i++)
			if (!mp_isdigit(p[i]) && p[i] != 'x')
				return false;
		if (!p[3])
			return true;
		if (p[3] != '|')
			return false;
	}
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool is_speaker(const char *name)
{
	for (size_t i = 0; i < smtp_n_speakers; i++)
		if (strcmp(smtp_speakers[i].name, name) == 0)
			return true;
	return false;
}

static void test_rules(void **state)
{
	bool reached[SMTP_CAUSE__COUNT] = {false};

	(void)state;
	for (size_t i = 0; i < smtp_n_rules; i++) {
		const struct smtp_rule *r = &smtp_rules[i];

		row_bool(r->name, strchr(r->name, '.') != NULL, true);
		row_bool(r->name, r->confidence > 0 && r->confidence <= 100, true);
		row_bool(r->name, r->cause > SMTP_CAUSE_UNKNOWN && r->cause < SMTP_EGRESS_BLOCKED, true);
		row_bool(r->name, r->tier < SMTP_TIER__COUNT && (i == 0 || r->tier >= r[-1].tier), true);
		row_bool(r->name, r->phrase || r->code || r->enhanced, true);
		row_bool(r->name, !r->only || (r->provider && is_speaker(r->provider)), true);
		if (r->phrase)
			check_pattern(r->name, r->phrase);
		if (r->enhanced)
			check_pattern(r->name, r->enhanced);
		if (r->code)
			row_bool(r->name, is_code_pattern(r->code), true);
		reached[r->cause] = true;
		for (size_t k = 0; k < i; k++) {
			const struct smtp_rule *o = &smtp_rules[k];

			row_bool(r->name, strcmp(r->name, o->name) == 0, false);
			if (same(r->phrase, o->phrase) && same(r->code, o->code) && same(r->enhanced, o->enhanced) &&
				same(r->provider, o->provider))
				fail_msg("row '%s': asks for the same as '%s'", r->name, o->name);
		}
	}
	for (size_t i = SMTP_CAUSE_UNKNOWN + 1; i < SMTP_EGRESS_BLOCKED; i++)
		row_bool(smtp_causes[i].id, reached[i], true);
}

static void test_speakers(void **state)
{
	(void)state;
	for (size_t i = 0; i < smtp_n_speakers; i++) {
		const struct smtp_speaker *s = &smtp_speakers[i];

		row_bool(s->name, s->text || s->host, true);
		if (s->text)
			check_pattern(s->name, s->text);
		if (s->host)
			check_pattern(s->name, s->host);
		for (const char *p = s->name; *p; p++)
			row_bool(s->name, mp_islower(*p) || mp_isdigit(*p) || *p == '-' || *p == '.', true);
	}
}

/* ---- labelled replies: the figure that must not fall */

static char *read_data(struct mp_arena *a, const char *name)
{
	const char *srcdir = getenv("srcdir");
	char *path = mp_printf(a, "%s/tests/data/%s", srcdir ? srcdir : ".", name);
	struct mp_buf b = MP_BUF(1 << 22);
	char part[4096], *text;
	size_t n;
	FILE *f = fopen(path, "r");

	if (!f)
		fail_msg("cannot read %s", path);
	while ((n = fread(part, 1, sizeof(part), f)))
		mp_buf_add(&b, part, n);
	fclose(f);
	text = mp_dupstr(a, mp_buf_str(&b));
	mp_buf_release(&b);
	return text;
}

static struct mp_str unescape(struct mp_arena *a, struct mp_str s)
{
	char *out = mp_alloc(a, s.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		bool newline = s.p[i] == '\\' && i + 1 < s.n && s.p[i + 1] == 'n';

		out[n++] = newline ? '\n' : s.p[i];
		i += newline ? 1 : 0;
	}
	return mp_strn(out, n);
}

/*
 * Labelled replies of our own. replies.tsv: one for each row of the tables; wordings.tsv: written without looking at the
 * rows, as receivers and administrators word the same things, provider "-" (not looked at). held.tsv: the same, and no row
 * was changed for one of its replies: its figures say how well replies are understood that nobody has met. It says which
 * share is right and never which reply is wrong; whoever reads that moves the reply to wordings.tsv.
 */
static const struct {
	const char *file;
	size_t at_least, each;         /* replies: in all, of each cause */
	size_t cause, group, answered; /* percent: at least */
	size_t confident_wrong;        /* per thousand: at most */
	bool held;
} measured[] = {
	{"replies.tsv", 1000, 5, 98, 98, 99, 10, false},
	{"wordings.tsv", 2000, 5, 96, 97, 99, 10, false},
	{"held.tsv", 250, 1, 88, 92, 95, 20, true},
};

struct tally {
	size_t n, right, right_group, answered, confident_wrong, right_provider, seen[SMTP_CAUSE__COUNT];
};

static void measure_line(struct mp_arena *a, struct tally *t, struct mp_str line, bool held)
{
	struct mp_str id = MP_LIT(""), reply = MP_LIT(""), cause = MP_LIT("");
	struct smtp_classified c;
	enum smtp_cause want;

	if (!mp_str_split(&line, '\t', &id) || !mp_str_split(&line, '\t', &reply) ||
		!mp_str_split(&line, '\t', &cause) || !line.n)
		fail_msg("%.*s: a line without four columns", (int)id.n, id.p);
	want = smtp_cause_by_id(mp_dupstr(a, cause));
	row_bool(mp_dupstr(a, id), want != SMTP_CAUSE_UNKNOWN, true);
	c = smtp_classify(a, unescape(a, reply), NULL);
	t->n++;
	t->seen[want]++;
	t->right += c.cause == want;
	t->right_group += strcmp(smtp_causes[c.cause].group, smtp_causes[want].group) == 0;
	t->answered += c.cause != SMTP_CAUSE_UNKNOWN;
	t->right_provider += mp_str_eq(line, MP_LIT("-")) || mp_str_eq(line, mp_str(c.provider));
	t->confident_wrong += c.cause != want && c.confidence > 0.8;
	if (c.cause != want && !held)
		print_message("%s: want %s, got %s (%.2f, %s)\n", mp_dupstr(a, id), smtp_causes[want].id,
			smtp_causes[c.cause].id, c.confidence, c.rule);
}

static void at_least(const char *file, const char *what, size_t part, size_t all, size_t percent)
{
	print_message("%s: %s for %zu of %zu (%.1f %%)\n", file, what, part, all, 100.0 * (double)part / (double)all);
	if (part * 100 < all * percent)
		fail_msg("%s: %s: less than %zu %%", file, what, percent);
}

static void test_measure(void **state)
{
	struct mp_arena *a = mp_arena_new(), *scratch = mp_arena_new();

	(void)state;
	for (size_t k = 0; k < ARRAY_LEN(measured); k++) {
		struct mp_str rest = mp_str(read_data(a, measured[k].file)), line;
		struct tally t = {0};

		while (mp_str_split(&rest, '\n', &line)) {
			if (line.n && !mp_str_istarts(line, "id\t"))
				measure_line(scratch, &t, line, measured[k].held);
			mp_arena_reset(scratch);
		}
		for (size_t i = SMTP_CAUSE_UNKNOWN + 1; i < SMTP_EGRESS_BLOCKED; i++)
			row_bool(smtp_causes[i].id, t.seen[i] >= measured[k].each, true);
		row_bool("enough replies", t.n >= measured[k].at_least, true);
		at_least(measured[k].file, "right cause", t.right, t.n, measured[k].cause);
		at_least(measured[k].file, "right group", t.right_group, t.n, measured[k].group);
		at_least(measured[k].file, "an answer", t.answered, t.n, measured[k].answered);
		at_least(measured[k].file, "right provider", t.right_provider, t.n, 98);
		if (t.confident_wrong * 1000 > t.n * measured[k].confident_wrong)
			fail_msg("%s: wrong with more than 0.8 for %zu of %zu", measured[k].file, t.confident_wrong,
				t.n);
	}
	mp_arena_free(a);
	mp_arena_free(scratch);
}

/* ---- codes and lines */

static const struct {
	const char *label, *text;
	int code;
	const char *enhanced, *cause;
} unfolds[] = {
	{"one line", "550 5.1.1 No such user", 550, "5.1.1", "recipient-unknown"},
	{"no enhanced code", "550 No such user", 550, NULL, "recipient-unknown"},
	{"several lines", "550-5.1.1 The mailbox does\n550 5.1.1 not exist here", 550, "5.1.1", "recipient-unknown"},
	{"lines without codes", "550 5.1.1 The mailbox does\nnot exist here", 550, "5.1.1", "recipient-unknown"},
	{"CR LF", "550-5.1.1 The mailbox does\r\n550 5.1.1 not exist\r\n", 550, "5.1.1", "recipient-unknown"},
	{"newlines as a log prints them", "550-5.1.1 The mailbox does\\n550 5.1.1 not exist", 550, "5.1.1",
		"recipient-unknown"},
	{"folded into one line", "550-5.1.1 The mailbox does 550-5.1.1 not exist 550 5.1.1 here", 550, "5.1.1",
		"recipient-unknown"},
	{"dash before the enhanced code", "550-5.1.1-No such user", 550, "5.1.1", "recipient-unknown"},
	{"enhanced code last", "550 sorry, no mailbox here by that name. (#5.1.1)", 550, "5.1.1", "recipient-unknown"},
	{"enhanced code behind '#'", "550 #5.1.0 Address rejected.", 550, "5.1.0", "recipient-unknown"},
	{"enhanced code first", "5.1.1 User unknown", 0, "5.1.1", "recipient-unknown"},
	{"an address is no enhanced code", "550 5.1.1.7 is not welcome here, spammer", 550, NULL, NULL},
	{"DSN form", "smtp; 550 5.1.1 User unknown", 550, "5.1.1", "recipient-unknown"},
	{"code twice", "550 550 5.1.1 User unknown", 550, "5.1.1", "recipient-unknown"},
	{"no code", "mailbox is full", 0, NULL, "mailbox-full"},
	{"word in the second line", "554-mx.example.net\n554-No SMTP service\n554 Your IP has no PTR record", 554, NULL,
		"ptr-missing"},
	{"numbers are no codes", "552 Message is 5500 bytes too large", 552, NULL, "message-too-large"},
};

static void test_unfold(void **state)
{
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(unfolds); i++) {
		struct smtp_classified c = classify(a, unfolds[i].text);

		row_int(unfolds[i].label, c.code, unfolds[i].code);
		row_str(unfolds[i].label, c.enhanced, unfolds[i].enhanced);
		if (unfolds[i].cause)
			row_str(unfolds[i].label, smtp_causes[c.cause].id, unfolds[i].cause);
	}
	mp_arena_free(a);
}

/* ---- replies within replies */

static const struct {
	const char *label, *text;
	int code;
	const char *cause, *provider;
} quotes[] = {
	{"Postfix log",
		"host mx.example.net[192.0.2.1] said: 550 5.1.1 <nobody@example.net>: Recipient address rejected: User unknown in "
		"virtual mailbox table (in reply to RCPT TO command)",
		550, "recipient-unknown", "postfix"},
	{"verification of the recipient through another host",
		"450 4.1.1 <a@example.net>: Recipient address rejected: unverified address: host 192.0.2.1[192.0.2.1] said: 552 5.2.2 "
		"mailbox full (in reply to RCPT TO command)",
		450, "mailbox-full", NULL},
	{"verification of the sender stays ours",
		"550 5.1.7 <a@example.com>: Sender address rejected: undeliverable address: host mx.example.com[192.0.2.1] said: 550 "
		"5.1.1 User unknown (in reply to RCPT TO command)",
		550, "sender-verify-failed", NULL},
	{"Exim's callout stays ours",
		"550-Verification failed for <a@example.com>\n550-Called: 192.0.2.1\n550-Sent: RCPT TO:<a@example.com>\n550-Response: "
		"550 User unknown\n550 Sender verify failed",
		550, "sender-verify-failed", "exim"},
	{"Exim bounce",
		"SMTP error from remote mail server after RCPT TO:<a@example.net>: host mx.example.net [192.0.2.1]: 550 relay not "
		"permitted",
		550, "relay-denied", "exim"},
	{"Exim bounce, greeting",
		"SMTP error from remote mail server after initial connection: host mx.example.net [192.0.2.1]: 554 no PTR record for "
		"your address",
		554, "ptr-missing", NULL},
	{"qmail bounce",
		"192.0.2.1 does not like recipient.\nRemote host said: 550 5.2.1 account is disabled\nGiving up on 192.0.2.1.",
		550, "recipient-disabled", NULL},
	{"sendmail's transcript",
		"<<< 550-5.7.26 This mail has been blocked because the sender is unauthenticated. - gsmtp", 550,
		"sender-unauthenticated", "gmail"},
	{"Exchange",
		"Remote Server returned '550 5.7.23 The message was rejected because of Sender Policy Framework violation'",
		550, "spf-fail", NULL},
	{"gateway with the address in front",
		"550 permanent failure for one or more recipients (nobody@example.net:550 5.1.1 No such user here)",
		550, "recipient-unknown", NULL},
	{"Gmail behind Postfix",
		"host gmail-smtp-in.l.google.com[192.0.2.26] said: 550-5.7.25 [192.0.2.10] The IP address sending this message does not "
		"550-5.7.25 have a PTR record setup 550 5.7.25 - gsmtp (in reply to end of DATA command)",
		550, "fcrdns-mismatch", "gmail"},
	{"a number after a colon is no reply", "451 4.7.1 too many messages, limit: 500 messages per hour", 451,
		"rate-limited", NULL},
	{"nested twice",
		"delivery failed: host a.example said: 450 host b.example[192.0.2.2] said: 550 5.2.2 over quota (in reply to RCPT TO)",
		550, "mailbox-full", NULL},
};

static void test_quoted(void **state)
{
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(quotes); i++) {
		struct smtp_classified c = classify(a, quotes[i].text);

		row_str(quotes[i].label, smtp_causes[c.cause].id, quotes[i].cause);
		row_int(quotes[i].label, c.code, quotes[i].code);
		if (quotes[i].provider)
			row_str(quotes[i].label, c.provider, quotes[i].provider);
	}
	mp_arena_free(a);
}

/* ---- what a stage excludes */

static const struct {
	const char *label, *text;
	int stage;
	const char *cause;
} stages[] = {
	{"spam in a greeting is about the address", "554 5.7.1 Rejected: spam from your IP address", SMTP_AT_BANNER,
		"ip-blocked"},
	{"the same after the message", "554 5.7.1 Rejected: this message is spam", SMTP_AT_MESSAGE, "content-spam"},
	{"spam at RCPT is not the content", "550 spam", SMTP_AT_RCPT, NULL},
	{"no user in a greeting", "550 User unknown", SMTP_AT_BANNER, NULL},
	{"no user at MAIL", "550 User unknown", SMTP_AT_MAIL, NULL},
	{"user at RCPT", "550 User unknown", SMTP_AT_RCPT, "recipient-unknown"},
	{"SPF at MAIL", "550 SPF check failed", SMTP_AT_MAIL, "spf-fail"},
	{"PTR in a greeting", "554 no PTR record for your address", SMTP_AT_BANNER, "ptr-missing"},
	{"PTR at RCPT", "450 4.7.1 Client host rejected: cannot find your reverse hostname, [192.0.2.10]", SMTP_AT_RCPT,
		"ptr-missing"},
	{"bare code in a greeting", "550", SMTP_AT_BANNER, "policy-rejected"},
	{"size at MAIL", "552 5.3.4 Message size exceeds fixed limit", SMTP_AT_MAIL, "message-too-large"},
	{"not known", "550 User unknown", -1, "recipient-unknown"},
};

static void test_stages(void **state)
{
	static const char *const never_before_rcpt[] = {"recipient", "quota", "content"};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
		struct smtp_cause_hint hint = {.stage = stages[i].stage};
		struct smtp_classified c = smtp_classify(a, mp_str(stages[i].text), &hint);

		if (stages[i].cause)
			row_str(stages[i].label, smtp_causes[c.cause].id, stages[i].cause);
		for (size_t k = 0; k < ARRAY_LEN(never_before_rcpt); k++)
			row_bool(stages[i].label,
				hint.stage >= 0 && hint.stage < SMTP_AT_RCPT && c.cause != SMTP_MESSAGE_TOO_LARGE &&
					strcmp(smtp_causes[c.cause].group, never_before_rcpt[k]) == 0,
				false);
	}
	/* the text names the stage itself */
	row_str("Postfix names the stage",
		smtp_causes[classify(a, "host x said: 554 spam source (in reply to MAIL FROM command)").cause].group,
		"access");
	mp_arena_free(a);
}

/* ---- who speaks */

static const struct {
	const char *label, *text, *banner, *mx, *provider, *cause;
} speakers[] = {
	{"by the text", "550-5.1.1 The email account that you tried to reach does not exist. - gsmtp", NULL, NULL,
		"gmail", "recipient-unknown"},
	{"by the MX", "421 4.7.0 Try again later, closing connection.", NULL, "aspmx.l.google.com", "gmail",
		"rate-limited"},
	{"by the MX, in capitals", "421 4.7.0 Try again later, closing connection.", NULL, "ASPMX.L.GOOGLE.COM",
		"gmail", "rate-limited"},
	{"by the banner", "421 4.7.0 Try again later, closing connection.", "220 mx.google.com ESMTP a1-2 - gsmtp",
		NULL, "gmail", "rate-limited"},
	{"the code means something else elsewhere", "550 5.7.25 rejected", NULL,
		"example-com.mail.protection.outlook.com", "microsoft365", "ptr-missing"},
	{"and there", "550 5.7.25 rejected", NULL, "gmail-smtp-in.l.google.com", "gmail", "fcrdns-mismatch"},
	{"Hornetsecurity's codes contradict RFC 3463", "554 5.5.5 rejected", NULL, "mx01.hornetsecurity.com",
		"hornetsecurity", "content-spam"},
	{"the software, by the banner", "550 rejected", "220 mx.example.net ESMTP Postfix", NULL, "postfix",
		"policy-rejected"},
	{"a service before the software", "550 5.7.1 <a@example.net>: Recipient address rejected: Access denied", NULL,
		"mx1-eu1.ppe-hosted.com", "proofpoint", NULL},
	{"nobody", "550 rejected", NULL, NULL, "unknown", "policy-rejected"},
	{"no part of a name", "550 rejected", NULL, "notgoogle.com.example.net", "unknown", "policy-rejected"},
};

static void test_who(void **state)
{
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(speakers); i++) {
		struct smtp_cause_hint hint = {.stage = -1, .banner = speakers[i].banner, .mx = speakers[i].mx};
		struct smtp_classified c = smtp_classify(a, mp_str(speakers[i].text), &hint);

		row_str(speakers[i].label, c.provider, speakers[i].provider);
		if (speakers[i].cause)
			row_str(speakers[i].label, smtp_causes[c.cause].id, speakers[i].cause);
	}
	mp_arena_free(a);
}

/* ---- references */

static const struct {
	const char *label, *text, *refs[4];
} refs[] = {
	{"URL", "550 see https://example.net/why?ip=192.0.2.10&c=rdns for more",
		{"https://example.net/why?ip=192.0.2.10&c=rdns"}},
	{"URL at the end of a sentence", "550 see http://example.net/help.", {"http://example.net/help"}},
	{"support code in brackets", "421 4.7.0 [TSS04] Messages from 192.0.2.10 temporarily deferred", {"TSS04"}},
	{"in parentheses", "550 5.7.1 on our block list (S3140). See http://mail.live.com/x",
		{"S3140", "http://mail.live.com/x"}},
	{"bare", "550 5.2.0 Mail rejete. OFR_506", {"OFR_506"}},
	{"by itself, with a number sign", "554 refused AUP#In-1310", {"AUP#In-1310"}},
	{"once each", "550 IB108 and IB108", {"IB108"}},
	{"at most three", "550 (AB12) (CD34) (EF56) (GH78)", {"AB12", "CD34", "EF56"}},
	{"no RFC", "550 violates (RFC5321)", {NULL}},
	{"none", "550 User unknown", {NULL}},
};

static void test_refs(void **state)
{
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(refs); i++) {
		struct smtp_classified c = classify(a, refs[i].text);

		for (size_t k = 0; k < ARRAY_LEN(c.refs); k++)
			row_str(refs[i].label, c.refs[k], refs[i].refs[k]);
	}
	mp_arena_free(a);
}

/* ---- names that must not decide, and nothing to decide by */

static const struct {
	const char *label, *text, *cause;
} names[] = {
	{"words in an address", "550 5.1.1 <spam-virus@quota.example>: User unknown", "recipient-unknown"},
	{"words in a host", "550 relay.blacklist.example.com: no such user", "recipient-unknown"},
	{"words in a URL", "550 no such user, see http://example.net/spam/blocked/quota", "recipient-unknown"},
	{"the query of a URL",
		"554-No SMTP service\n554 see https://postmaster.gmx.net/error-messages?ip=192.0.2.1&c=rdns",
		"fcrdns-mismatch"},
	{"ip within recipient", "550 recipient unknown", "recipient-unknown"},
	{"advice does not decide", "550 5.1.1 Recipient unknown. Please check your SPF record and PTR.",
		"recipient-unknown"},
	{"advice where nothing else is", "550 5.7.1 Rejected. Please check your SPF record.", "spf-fail"},
	{"policy server behind Postfix's prefix",
		"450 4.7.1 <a@example.net>: Recipient address rejected: Greylisted for 60 s", "greylisted"},
	{"success is no cause", "250 2.1.5 Ok", "unknown"},
	{"empty", "", "unknown"},
	{"blanks", " \t\r\n ", "unknown"},
	{"no words", "-- ** --", "unknown"},
	{"bare 5yz", "599", "policy-rejected"},
	{"bare 4yz", "499", "receiver-error"},
};

static void test_names(void **state)
{
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct smtp_classified c = classify(a, names[i].text);

		row_str(names[i].label, smtp_causes[c.cause].id, names[i].cause);
		row_bool(names[i].label, c.cause == SMTP_CAUSE_UNKNOWN, c.confidence <= 0);
	}
	mp_arena_free(a);
}

/* ---- hostile bytes */

static void sane(const char *label, const struct smtp_classified *c)
{
	row_bool(label, c->cause >= SMTP_CAUSE_UNKNOWN && c->cause < SMTP_EGRESS_BLOCKED, true);
	row_bool(label, c->confidence >= 0 && c->confidence <= 1, true);
	row_bool(label, c->provider && *c->provider && c->rule && *c->rule, true);
	row_bool(label, c->refs[ARRAY_LEN(c->refs) - 1] == NULL, true);
	for (size_t i = 0; c->refs[i]; i++)
		row_bool(label, mp_utf8_valid(mp_str(c->refs[i])), true);
}

static void test_hostile(void **state)
{
	static const char *const units[] = {"a ", "(", "550 ", "550-", "said: 550 x ", "recipient ", "user not ",
		"((((", "..", "@", "a@", "http://", "\\n", "\n", "5.1.1 ", "#5.1.1", "mailbox .. ", "\xff", "\xe2\x80",
		"用户", "[TSS04] ", "1.2.3.4:", ":::", "please ", "sender address rejected: "};
	struct mp_arena *a = mp_arena_new();
	struct smtp_classified c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		for (size_t size = 1; size <= 1 << 16; size *= 16) {
			struct mp_buf b = MP_BUF(1 << 20);

			while (b.n < size)
				mp_buf_adds(&b, units[i]);
			c = smtp_classify(a, mp_buf_str(&b), NULL);
			sane(units[i], &c);
			mp_buf_release(&b);
			mp_arena_reset(a);
		}
	for (int byte = 0; byte < 256; byte++) {
		char text[] = "550 5.1.1 user_unknown here";

		text[14] = (char)byte;
		c = smtp_classify(a, mp_strn(text, sizeof(text)), NULL); /* with the NUL */
		sane("any byte", &c);
	}
	c = smtp_classify(a, mp_strn("550\0user\0unknown", 16), NULL);
	row_str("NUL", smtp_causes[c.cause].id, "recipient-unknown");
	c = classify(a, "550 5.2.2 bo\xeete pleine, quota d\xe9pass\xe9");
	row_str("Latin-1", smtp_causes[c.cause].id, "mailbox-full");
	mp_arena_free(a);
}

/* Every cut of every labelled reply, and the same twice: no crash, no memory of what was before. */
static void test_cut(void **state)
{
	struct mp_arena *a = mp_arena_new(), *scratch = mp_arena_new();
	struct mp_str rest = mp_str(read_data(a, "replies.tsv")), line;
	size_t row = 0;

	(void)state;
	while (mp_str_split(&rest, '\n', &line)) {
		if (++row % 16)
			continue;
		for (size_t n = 0; n <= line.n; n++) {
			char *copy = mp_memdup(scratch, line.p, n + 1);
			struct smtp_classified once, again;
			char *exact = mp_xmalloc(n ? n : 1);

			memcpy(exact, copy, n);
			once = smtp_classify(scratch, mp_strn(exact, n), NULL);
			again = smtp_classify(scratch, mp_strn(exact, n), NULL);
			sane("cut", &once);
			row_str("again", again.rule, once.rule);
			row_str("again", again.enhanced, once.enhanced);
			free(exact);
			mp_arena_reset(scratch);
		}
	}
	mp_arena_free(a);
	mp_arena_free(scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_taxonomy),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_speakers),
		cmocka_unit_test(test_measure),
		cmocka_unit_test(test_unfold),
		cmocka_unit_test(test_quoted),
		cmocka_unit_test(test_stages),
		cmocka_unit_test(test_who),
		cmocka_unit_test(test_refs),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
