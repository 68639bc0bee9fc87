/* tests/unit/test_checks_dmarc.c - every status of dkim.* and dmarc.* */
#include "dns/dkim_key.h"
#include "tests/unit/dkim_keys.h"
#include "tests/unit/judge.h"
#include "tests/unit/row.h"

#define KEY &mp_check_dkim_key
#define STRENGTH &mp_check_dkim_strength
#define PAIR &mp_check_dkim_pair
#define RECORD &mp_check_dmarc_record
#define POLICY &mp_check_dmarc_policy
#define ALIGNMENT &mp_check_dmarc_alignment

#define D "example.com"
#define S1 "s1._domainkey.example.com"
#define S2 "s2._domainkey.example.com"
#define SPF_OF(name) name " TXT \"v=spf1 ip4:203.0.113.10 -all\"\n"
#define WORLD ". SOA a.root h.root 1 2 3 4 5\n"
/* Where SPF passes for the sender's address. */
#define SENT_FROM SPF_OF(D) SPF_OF("mail.example.com") SPF_OF("bounce.example.com") SPF_OF("example.net")
#define POLICY_OF(name, record) "_dmarc." name " TXT \"" record "\"\n"

struct row {
	const char *label, *zone;
	const char *selectors;               /* blanks between; a '+' behind one: its private key is RSA1024_PKCS1 */
	const char *mail_from, *header_from; /* domains; NULL: example.com; "-": the null sender */
	const char *auths;                   /* "METHOD DOMAIN RESULT" ..., ',' between: as mailprobe dmarc gets them */
	const char *ips;                     /* sources; NULL: 203.0.113.10 */
	size_t nth;
	struct judge_want want[4];
};

static const struct row rows[] = {
	/* dkim.* */
	{"no selector", "",
		.want = {{KEY, D, MP_SKIP, {"No DKIM selector is known"}}, {STRENGTH, D, MP_SKIP, {0}},
			{PAIR, D, MP_SKIP, {0}}}},
	{"a usual selector is there", "mail._domainkey.example.com TXT \"p=" RSA1024_P "\"\n", .nth = 1,
		.want = {{KEY, "mail._domainkey.example.com", MP_INFO, {"valid key (RSA, 1024 bits)"}}}},
	{"a usual selector that cannot be looked up is none", "mail._domainkey.example.com !TIMEOUT\n",
		.want = {{KEY, D, MP_SKIP, {0}}}},
	{"1024 bits, and the private key", S1 " TXT \"v=DKIM1; k=rsa; p=" RSA1024_P "\"\n", "s1+",
		.want = {{KEY, S1, MP_PASS, {"valid (RSA, 1024 bits)"}},
			{STRENGTH, S1, MP_WARN, {"1024 bits; 2048 are advised"}},
			{PAIR, S1, MP_PASS, {"/etc/dkim.pem belongs to"}}}},
	{"512 bits", S1 " TXT \"p=" RSA512_P "\"\n", "s1",
		.want = {{KEY, S1, MP_PASS, {0}}, {STRENGTH, S1, MP_FAIL, {"fewer than 1024"}},
			{PAIR, S1, MP_SKIP, {0}}}},
	{"another private key", S1 " TXT \"p=" RSA512_P "\"\n", "s1+",
		.want = {{PAIR, S1, MP_FAIL, {"does not belong"}}}},
	{"Ed25519", S1 " TXT \"v=DKIM1; k=ed25519; p=" ED25519_P "\"\n", "s1+",
		.want = {{KEY, S1, MP_PASS, {"Ed25519"}}, {STRENGTH, S1, MP_PASS, {"is Ed25519"}},
			{PAIR, S1, MP_FAIL, {"does not belong"}}}},
	{"testing", S1 " TXT \"v=DKIM1; t=y; p=" RSA1024_P "\"\n", "s1", .want = {{KEY, S1, MP_WARN, {"t=y"}}}},
	{"not there", "", "s1+",
		.want = {{KEY, S1, MP_FAIL, {"no DKIM key", "does not exist"}},
			{STRENGTH, S1, MP_SKIP, {"follows from dkim.key"}},
			{PAIR, S1, MP_SKIP, {"follows from dkim.key"}}}},
	{"there with the domain twice", "s1._domainkey.example.com.example.com TXT \"p=" RSA1024_P "\"\n", "s1",
		.want = {{KEY, S1, MP_FAIL, {"no DKIM key"}}}},
	{"other text", S1 " TXT \"v=spf1 -all\"\n", "s1", .want = {{KEY, S1, MP_FAIL, {"is something else"}}}},
	{"revoked", S1 " TXT \"v=DKIM1; p=\"\n", "s1",
		.want = {{KEY, S1, MP_FAIL, {"the key is revoked"}}, {STRENGTH, S1, MP_SKIP, {0}}}},
	{"the private key is published", S1 " TXT \"p=" RSA1024_P_PRIVATE_STRINGS "\"\n", "s1",
		.want = {{KEY, S1, MP_FAIL, {"holds the private key"}}}},
	{"two records", S1 " TXT \"p=" RSA1024_P "\"\n" S1 " TXT \"p=" RSA512_P "\"\n", "s1",
		.want = {{KEY, S1, MP_FAIL, {"2 DKIM keys"}}, {STRENGTH, S1, MP_SKIP, {0}}}},
	{"time-out", S1 " !TIMEOUT\n", "s1",
		.want = {{KEY, S1, MP_ERROR, {"time-out"}}, {STRENGTH, S1, MP_SKIP, {0}}, {PAIR, S1, MP_SKIP, {0}}}},
	{"through an alias", S1 " CNAME k.host.example\nk.host.example TXT \"p=" RSA1024_P "\"\n", "s1",
		.want = {{KEY, S1, MP_PASS, {0}}}},
	{"the second of two", S1 " TXT \"p=" RSA1024_P "\"\n", "s1 s2", .nth = 1, .want = {{KEY, S2, MP_FAIL, {0}}}},
	/* dmarc.record, dmarc.policy */
	{"none", "",
		.want = {{RECORD, D, MP_WARN, {"has no DMARC record"}},
			{POLICY, D, MP_SKIP, {"follows from dmarc.record"}},
			{ALIGNMENT, D, MP_SKIP, {"follows from dmarc.record"}}}},
	{"p=none", SENT_FROM POLICY_OF(D, "v=DMARC1; p=none; rua=mailto:a@example.com"),
		.want = {{RECORD, D, MP_PASS, {"_dmarc.example.com is valid"}},
			{POLICY, D, MP_INFO, {"is none, by the tag p"}},
			{ALIGNMENT, D, MP_PASS, {"SPF example.com aligns"}}}},
	{"reject", POLICY_OF(D, "v=DMARC1; p=reject"), .want = {{POLICY, D, MP_PASS, {"is reject"}}}},
	{"reject, as a test", POLICY_OF(D, "v=DMARC1; p=reject; t=y"),
		.want = {{POLICY, D, MP_PASS, {"is quarantine: ", "says p=reject", "t=y"}}}},
	{"sp", "www.example.com A 192.0.2.1\n" POLICY_OF(D, "v=DMARC1; p=none; sp=reject"),
		.header_from = "www.example.com",
		.want = {{POLICY, "www.example.com", MP_PASS, {"reject, by the tag sp of the record of example.com"}}}},
	{"np", POLICY_OF(D, "v=DMARC1; p=none; np=reject"), .header_from = "no.example.com",
		.want = {{POLICY, "no.example.com", MP_PASS, {"reject, by the tag np"}}}},
	{"removed tag", POLICY_OF(D, "v=DMARC1; p=none; pct=50"),
		.want = {{RECORD, D, MP_WARN, {"the tag pct=50 was removed"}}}},
	{"unknown tag", POLICY_OF(D, "v=DMARC1; p=none; foo=bar"),
		.want = {{RECORD, D, MP_WARN, {"\"foo\" is unknown"}}}},
	{"policy not valid", POLICY_OF(D, "v=DMARC1; p=rejct"),
		.want = {{RECORD, D, MP_FAIL, {"No receiver can apply", "\"rejct\""}}, {POLICY, D, MP_SKIP, {0}},
			{ALIGNMENT, D, MP_SKIP, {0}}}},
	{"policy not valid, reports wanted", POLICY_OF(D, "v=DMARC1; p=rejct; rua=mailto:a@example.com"),
		.want = {{RECORD, D, MP_WARN, {"\"rejct\""}}, {POLICY, D, MP_INFO, {"is none"}}}},
	{"two records", POLICY_OF(D, "v=DMARC1; p=none") POLICY_OF(D, "v=DMARC1; p=reject"),
		.want = {{RECORD, D, MP_FAIL, {"2 DMARC records"}}, {POLICY, D, MP_SKIP, {0}}}},
	{"at the domain itself", D " TXT \"v=DMARC1; p=none\"\n",
		.want = {{RECORD, D, MP_FAIL, {"where no receiver looks"}}}},
	{"lower case", POLICY_OF(D, "v=dmarc1; p=none"), .want = {{RECORD, D, MP_FAIL, {"begins with \"v=dmarc1;\""}}}},
	{"SPF in its place", POLICY_OF(D, "v=spf1 -all"), .want = {{RECORD, D, MP_FAIL, {"is an SPF record"}}}},
	{"text of no meaning", POLICY_OF(D, "hello"), .want = {{RECORD, D, MP_WARN, {"has no DMARC record"}}}},
	{"SERVFAIL", "_dmarc.example.com !SERVFAIL\n",
		.want = {{RECORD, D, MP_ERROR, {"SERVFAIL"}}, {POLICY, D, MP_ERROR, {0}},
			{ALIGNMENT, D, MP_ERROR, {0}}}},
	{"reports elsewhere, allowed",
		POLICY_OF(D,
			"v=DMARC1; p=reject; rua=mailto:a@r.example") "example.com._report._dmarc.r.example TXT \"v=DMARC1\"\n",
		.want = {{POLICY, D, MP_PASS, {0}}}},
	{"reports elsewhere, not allowed",
		POLICY_OF(D, "v=DMARC1; p=reject; rua=mailto:a@r.example; ruf=mailto:b@r.example"),
		.want = {{RECORD, D, MP_PASS, {0}}, {POLICY, D, MP_WARN, {"; r.example has not agreed"}}}},
	{"reports elsewhere, not known",
		POLICY_OF(D,
			"v=DMARC1; p=reject; rua=mailto:a@r.example") "example.com._report._dmarc.r.example !TIMEOUT\n",
		.want = {{POLICY, D, MP_PASS, {0}}}},
	/* dmarc.alignment, of mail still to be sent */
	{"a bounce address below", SENT_FROM POLICY_OF(D, "v=DMARC1; p=none"), .mail_from = "bounce.example.com",
		.want = {{ALIGNMENT, D, MP_PASS, {"SPF bounce.example.com aligns"}}}},
	{"the same, strict", SENT_FROM POLICY_OF(D, "v=DMARC1; p=none; aspf=s"), .mail_from = "bounce.example.com",
		.want = {{ALIGNMENT, D, MP_WARN,
			{"(p=none): SPF passes only for bounce.example.com and no DKIM signature is known"}}}},
	{"another domain, no selector", SENT_FROM POLICY_OF(D, "v=DMARC1; p=none"), .mail_from = "example.net",
		.want = {{ALIGNMENT, D, MP_WARN, {"SPF passes only for example.net and no DKIM signature is known"}}}},
	{"another domain, and DKIM",
		SENT_FROM "s1._domainkey.mail.example.com TXT \"p=" RSA1024_P "\"\n" POLICY_OF(D, "v=DMARC1; p=none"),
		"s1@mail.example.com", .mail_from = "example.net",
		.want = {{ALIGNMENT, D, MP_PASS, {"DKIM mail.example.com aligns"}}}},
	{"the same, strict, without a key below",
		SENT_FROM "s1._domainkey.mail.example.com TXT \"p=" RSA1024_P
			  "\"\n" POLICY_OF(D, "v=DMARC1; p=none; adkim=s"),
		"s1@mail.example.com", .mail_from = "example.net", .want = {{ALIGNMENT, D, MP_FAIL, {0}}}},
	{"neither", SENT_FROM "s1._domainkey.example.org TXT \"p=" RSA1024_P "\"\n" POLICY_OF(D, "v=DMARC1; p=none"),
		"s1@example.org", .mail_from = "example.net",
		.want = {{ALIGNMENT, D, MP_FAIL,
			{"SPF passes only for example.net and DKIM passes only for example.org"}}}},
	{"the null sender: the EHLO name", SENT_FROM POLICY_OF(D, "v=DMARC1; p=none"), .mail_from = "-",
		.want = {{ALIGNMENT, D, MP_PASS, {"SPF mail.example.com aligns"}}}},
	{"cannot tell", SENT_FROM POLICY_OF(D, "v=DMARC1; p=none") "_dmarc.bounce.example.com !TIMEOUT\n",
		.mail_from = "bounce.example.com", .want = {{ALIGNMENT, D, MP_ERROR, {"SPF bounce.example.com"}}}},
	{"SPF softfails", D " TXT \"v=spf1 ~all\"\n" POLICY_OF(D, "v=DMARC1; p=none"),
		.want = {{ALIGNMENT, D, MP_WARN, {"SPF of example.com gives softfail"}}}},
	{"SPF fails, DKIM is there",
		D " TXT \"v=spf1 -all\"\n" S1 " TXT \"p=" RSA1024_P "\"\n" POLICY_OF(D, "v=DMARC1; p=none"), "s1+",
		.want = {{ALIGNMENT, D, MP_PASS, {"DKIM example.com aligns"}}}},
	{"SPF fails, the signer has another key",
		D " TXT \"v=spf1 -all\"\n" S1 " TXT \"p=" RSA512_P "\"\n" POLICY_OF(D, "v=DMARC1; p=none"), "s1+",
		.want = {{ALIGNMENT, D, MP_FAIL, {"DKIM of example.com gives fail"}}}},
	{"SPF cannot be determined", D " TXT !TIMEOUT\n" POLICY_OF(D, "v=DMARC1; p=none"),
		.want = {{ALIGNMENT, D, MP_ERROR, {"SPF example.com with the result temperror"}}}},
	{"nor can it, but DKIM will do",
		D " TXT !TIMEOUT\n" S1 " TXT \"p=" RSA1024_P "\"\n" POLICY_OF(D, "v=DMARC1; p=none"), "s1",
		.want = {{ALIGNMENT, D, MP_PASS, {"DKIM example.com aligns"}}}},
	{"one of two sources", SENT_FROM POLICY_OF(D, "v=DMARC1; p=none"), .ips = "203.0.113.10 2001:db8::10",
		.want = {{ALIGNMENT, D, MP_WARN, {"SPF of example.com gives fail for 2001:db8::10"}}}},
	{"two sources, and DKIM", SENT_FROM S1 " TXT \"p=" RSA1024_P "\"\n" POLICY_OF(D, "v=DMARC1; p=none"), "s1",
		.ips = "203.0.113.10 2001:db8::10",
		.want = {{ALIGNMENT, D, MP_PASS, {"SPF example.com from 203.0.113.10 and DKIM example.com align"}}}},
	{"a private source", SENT_FROM POLICY_OF(D, "v=DMARC1; p=none"), .ips = "192.168.0.10",
		.want = {{ALIGNMENT, D, MP_ERROR, {0}}}},
	/* of given results */
	{"no results", POLICY_OF(D, "v=DMARC1; p=reject"), .auths = "",
		.want = {{ALIGNMENT, D, MP_SKIP, {"--spf-domain"}}}},
	{"SPF passed", POLICY_OF(D, "v=DMARC1; p=reject"), .auths = "spf a.example.com pass,dkim other.example fail",
		.want = {{ALIGNMENT, D, MP_PASS, {"SPF a.example.com aligns"}}}},
	{"aligned, but failed", POLICY_OF(D, "v=DMARC1; p=reject"),
		.auths = "spf example.com fail,dkim example.com fail",
		.want = {{ALIGNMENT, D, MP_FAIL,
			{"(p=reject): SPF of example.com gives fail and DKIM of example.com gives fail."}}}},
	{"aligned, not known", POLICY_OF(D, "v=DMARC1; p=reject"), .auths = "dkim example.com temperror",
		.want = {{ALIGNMENT, D, MP_ERROR, {0}}}},
	{"one of two signatures", POLICY_OF(D, "v=DMARC1; p=reject; adkim=s"),
		.auths = "dkim mail.example.com pass,dkim example.com pass",
		.want = {{ALIGNMENT, D, MP_PASS, {"DKIM example.com aligns"}}}},
};

static const struct mp_selector *selectors(struct mp_arena *a, const char *text, size_t *n)
{
	struct mp_selector *list = mp_allocn(a, 4, sizeof(*list));
	struct mp_str rest = mp_str(text), item;
	struct mp_err err = {.msg = ""};

	while (mp_str_split(&rest, ' ', &item)) {
		struct mp_selector *s = &list[(*n)++];
		bool key = mp_str_iends(item, "+");
		struct mp_str domain = mp_strn(item.p, item.n - key), name;

		mp_str_split(&domain, '@', &name);
		s->selector = mp_dupstr(a, name);
		s->domain = domain.p ? mp_dupstr(a, domain) : D;
		if (key) {
			assert_int_equal(dns_dkim_public_of_pem(a, mp_str(RSA1024_PKCS1), &s->public_key, &err), MP_OK);
			s->key_origin = "/etc/dkim.pem";
		}
	}
	return list;
}

static const struct mp_auth *auths(struct mp_arena *a, const char *text, size_t *n)
{
	struct mp_auth *list = mp_allocn(a, 4, sizeof(*list));
	struct mp_str rest = mp_str(text), item, word;

	while (*text && mp_str_split(&rest, ',', &item)) {
		struct mp_auth *one = &list[(*n)++];

		mp_str_split(&item, ' ', &word);
		one->method = mp_dupstr(a, word);
		mp_str_split(&item, ' ', &word);
		one->domain = mp_dupstr(a, word);
		one->result = mp_dupstr(a, item);
	}
	return list;
}

static void statuses(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct mp_arena *a = mp_arena_new();
		struct mp_source sources[JUDGE_SOURCES];
		struct mp_case c;

		judge_case(&c, sources, row->ips ? row->ips : "203.0.113.10", "mail.example.com");
		if (row->selectors)
			c.selectors = selectors(a, row->selectors, &c.n_selectors);
		if (row->header_from)
			c.domain = row->header_from;
		if (row->mail_from)
			c.mail_from = strcmp(row->mail_from, "-") == 0 ? "" : mp_printf(a, "a@%s", row->mail_from);
		if (row->auths) {
			c.command = "dmarc";
			c.arg = c.domain;
			c.auths = auths(a, row->auths, &c.n_auths);
		}
		for (size_t w = 0; w < ARRAY_LEN(row->want) && row->want[w].check; w++)
			wrong += judge_expect(
				row->label, &row->want[w], &c, 0, mp_printf(a, "%s%s", row->zone, WORLD), row->nth);
		mp_arena_free(a);
	}
	assert_int_equal(wrong, 0);
}

/* What mailprobe dmarc and mailprobe dkim print beside their report. */
static void values(void **state)
{
	static const struct {
		const char *label;
		const struct mp_check *check;
		const char *zone, *auths, *want; /* "MEMBER=TEXT" ..., blanks between */
	} cases[] = {
		{"pass", ALIGNMENT, POLICY_OF(D, "v=DMARC1; p=reject"), "spf example.com pass",
			"result=pass policy=reject organizational_domain=example.com record_domain=example.com"},
		{"fail", ALIGNMENT, POLICY_OF(D, "v=DMARC1; p=quarantine; t=y"), "spf example.net pass",
			"result=fail policy=none organizational_domain=example.com record_domain=example.com"},
		{"none", ALIGNMENT, "", "spf example.com pass",
			"result=none policy=none organizational_domain=example.com record_domain=-"},
		{"permerror", ALIGNMENT, POLICY_OF(D, "v=DMARC1; p=x"), "spf example.com pass",
			"result=permerror policy=none record_domain=example.com"},
		{"temperror", ALIGNMENT, "_dmarc.example.com !SERVFAIL\n", "spf example.com pass",
			"result=temperror policy=none record_domain=-"},
		{"public suffix list", POLICY, POLICY_OF("com", "v=DMARC1; p=reject; psd=y"), "",
			"policy=reject record_domain=com organizational_domain=example.com"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_str rest = mp_str(cases[i].want), item, name;
		struct mp_source sources[JUDGE_SOURCES];
		struct judge_run run;
		struct mp_case c;

		judge_case(&c, sources, "203.0.113.10", "mail.example.com");
		c.command = "dmarc";
		c.auths = auths(a, cases[i].auths, &c.n_auths);
		judge_run(&run, cases[i].label, cases[i].check, &c, 0, mp_printf(a, "%s%s", cases[i].zone, WORLD));
		row_int(cases[i].label, (long long)run.judge.n_results, 1);
		while (mp_str_split(&rest, ' ', &item)) {
			mp_str_split(&item, '=', &name);
			row_str(cases[i].label, mp_jget_str(run.judge.results[0].values, mp_dupstr(a, name), "-"),
				mp_dupstr(a, item));
		}
		if (cases[i].check == POLICY)
			row_bool(cases[i].label,
				mp_jget_bool(mp_jget(run.judge.results[0].values, "rfc7489"), "differs", false), true);
		judge_release(&run);
		mp_arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statuses),
		cmocka_unit_test(values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
