/*
 * tests/unit/test_request.c - the kinds of requests: each has its word wherever words are, and a scenario that needs it;
 * and texts that need no session
 */
#include "probe/usage.h"
#include "probe/receivers.h"
#include "probe/request.h"
#include "probe/run.h"
#include "tests/unit/judge.h"
#include "tests/unit/row.h"
#include "tests/world/scenarios.h"
#include "tests/world/zone.h"

static char *read_manual(struct mp_arena *a)
{
	const char *srcdir = getenv("srcdir");
	FILE *f = fopen(mp_printf(a, "%s/docs/mailprobe.1", srcdir ? srcdir : "."), "rb");
	char *text = mp_alloc(a, (size_t)256 * 1024);

	assert_non_null(f);
	assert_true(fread(text, 1, 256 * 1024 - 1, f) > 0);
	fclose(f);
	return text;
}

static char *options_page(struct mp_arena *a)
{
	char *text = NULL, *copy;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	mp_usage_options(f);
	fclose(f);
	copy = mp_dup(a, text);
	free(text);
	return copy;
}

static bool promised(const char *word)
{
	for (size_t i = 0; i < world_n_scenarios; i++)
		if (world_scenarios[i].promise.request && strcmp(world_scenarios[i].promise.request, word) == 0)
			return true;
	return false;
}

static int parse(struct mp_arena *a, const char *word, struct mp_options *o, struct mp_err *err)
{
	const char *argv[] = {"mailprobe", "ptr", "192.0.2.1", "--config=/dev/null", "--request", word, NULL};

	return mp_options_parse(a, 6, (char **)(uintptr_t)argv, o, err);
}

static void test_kinds(void **state)
{
	struct mp_arena *a = mp_arena_new();
	const char *manual = read_manual(a), *help = options_page(a);

	(void)state;
	for (size_t i = 0; i < mp_n_request_kinds; i++) {
		const struct mp_request_kind *k = &mp_request_kinds[i];
		struct mp_err err = {.msg = ""};
		struct mp_options o;

		for (size_t n = 0; n < i; n++)
			row_bool(k->word, strcmp(mp_request_kinds[n].word, k->word) == 0, false);
		if (!strstr(help, mp_printf(a, "\n        %s ", k->word)))
			fail_msg("help options does not tell of --request %s", k->word);
		if (!strstr(manual, mp_printf(a, "\n.It Cm %s\n", k->word)))
			fail_msg("the manual does not tell of --request %s", k->word);
		if (!promised(k->word))
			fail_msg("no scenario promises a request '%s'", k->word);
		if (parse(a, k->word, &o, &err) != MP_OK)
			fail_msg("--request %s: %s", k->word, err.msg);
		row_str(k->word, o.request, k->word);
		/* the words of a wrong one name it */
		row_int("wrong", parse(a, "nothing", &o, &err), MP_EINVAL);
		if (!strstr(err.msg, k->word))
			fail_msg("\"%s\" does not name %s", err.msg, k->word);
	}
	mp_arena_free(a);
}

/* ---- texts */

#define ZONE_BUT_MAIL                                                                                              \
	". SOA a.root h.root 1 2 3 4 300\n113.0.203.in-addr.arpa SOA ns.host.example h.host.example 1 2 3 4 300\n" \
	"113.0.203.in-addr.arpa NS ns.host.example\nns.host.example A 192.0.2.1\nrdap.example A 192.0.2.81\n"      \
	"example.com SOA ns.host.example h 1 2 3 4 300\nexample.com MX 10 mail.example.com\n"                      \
	"example.com TXT \"v=spf1 ip4:203.0.113.10 -all\"\n"                                                       \
	"_dmarc.example.com TXT \"v=DMARC1; p=none\"\n"
#define ZONE ZONE_BUT_MAIL "mail.example.com A 203.0.113.10\n"
#define PTR "10.113.0.203.in-addr.arpa PTR mail.example.com\n"
#define LISTED                                                                             \
	"2.0.0.127.zen.spamhaus.org A 127.0.0.2\n2.0.0.127.psbl.surriel.com A 127.0.0.2\n" \
	"10.113.0.203.zen.spamhaus.org A 127.0.0.4\n10.113.0.203.psbl.surriel.com A 127.0.0.2\n"
#define COP_ALIVE "2.0.0.127.bl.spamcop.net A 127.0.0.2\n"
#define NETWORK(holder, contacts)                                                                                    \
	"{\"objectClassName\":\"ip network\",\"entities\":[{\"roles\":[\"registrant\"],\"vcardArray\":[\"vcard\",[[" \
	"\"org\",{},\"text\",\"" holder "\"]]]}" contacts "]}"
#define CONTACT(role, email) \
	",{\"roles\":[\"" role "\"],\"vcardArray\":[\"vcard\",[[\"email\",{},\"text\",\"" email "\"]]]}"

static const struct text_row {
	const char *label, *zone;
	const char *network; /* what the registry says; NULL: it cannot be reached */
	const char *ehlo;    /* NULL: mail.example.com */
	const char *kind;    /* of the first finding; NULL: it has none */
	const char *has[4], *lacks[2];
} texts[] = {
	{"to the technical contact", ZONE,
		NETWORK("Hoster Inc.", CONTACT("abuse", "abuse@host.example") CONTACT("technical", "noc@host.example")),
		NULL, "ptr",
		{"To: noc@host.example (Hoster Inc.)\nSubject: Please set the PTR of 203.0.113.10 to mail.example.com\n\n",
			"today:  none",
			"The forward record of that name exists already:\n\n  mail.example.com A 203.0.113.10"},
		{"One of them said", "names no reason"}},
	{"a name that leads nowhere yet", ZONE_BUT_MAIL, NETWORK("Hoster Inc.", ""), "mx7.example.com", "ptr",
		{"wanted: PTR mx7.example.com",
			"We add the forward record of that name before you set the PTR:\n\n  mx7.example.com A 203.0.113.10"},
		{"already"}},
	{"a name that leads elsewhere is not asked for", "mail2.example.com A 203.0.113.9\n" ZONE,
		NETWORK("Hoster Inc.", ""), "mail2.example.com", "ptr",
		{"wanted: PTR mail.example.com", "exists already:\n\n  mail.example.com A 203.0.113.10"}, {"mail2"}},
	{"to the abuse desk, for want of another", ZONE, NETWORK("Hoster Inc.", CONTACT("abuse", "abuse@host.example")),
		NULL, "ptr", {"To: abuse@host.example (Hoster Inc.)\n"}, {NULL}},
	{"to the holder, without an address", ZONE, NETWORK("Hoster Inc.", ""), NULL, "ptr", {"To: Hoster Inc.\n"},
		{NULL}},
	{"to a holder that is not known", ZONE, NULL, NULL, "ptr",
		{"To: the holder of 203.0.113.10 (the hosting or access provider)\n"}, {NULL}},
	{"no line of a name becomes one of the mail", ZONE,
		NETWORK("Evil\\r\\nBcc: all@host.example\\n\\nHello",
			CONTACT("technical", "a@b.example\\nBcc: c@d.example")),
		NULL, "ptr", {"To: Evil  Bcc: all@host.example  Hello\n"}, {"\nBcc"}},
	{"a name that is none is not asked for", ZONE, NETWORK("Hoster Inc.", ""), "ubuntu", "ptr",
		{"Please set the PTR of 203.0.113.10 to mail.example.com\n"}, {"ubuntu"}},
	{"no name is known",
		"mail.example.com A 203.0.113.9\nmail2.example.com A 203.0.113.9\nmail3.example.com A 203.0.113.9\n"
		"mail4.example.com A 203.0.113.9\n" ZONE_BUT_MAIL,
		NETWORK("Hoster Inc.", ""), "ubuntu", "ptr", {"to <the full host name of the mail server>"}, {"mail2"}},
	{"the reverse zone is one's own", "113.0.203.in-addr.arpa NS ns.example.com\nns.example.com A 192.0.2.9\n" ZONE,
		NETWORK("Hoster Inc.", ""), NULL, NULL, {NULL}, {NULL}},
	{"on two lists", LISTED PTR ZONE, NULL, NULL, "delisting",
		{"Subject: Please remove 203.0.113.10 from your list\n", "zen.spamhaus.org: 203.0.113.10 is on",
			"psbl.surriel.com: 203.0.113.10 is on", "https://psbl.org/remove"},
		{"not listed by"}},
	{"on one list, and on none of another that answers", COP_ALIVE LISTED PTR ZONE, NULL, NULL, "delisting",
		{"1 public block list that answered does not list 203.0.113.10."}, {NULL}},
	{"nothing wrong", PTR ZONE, NULL, NULL, NULL, {NULL}, {NULL}},
};

static void text(const struct text_row *row)
{
	const struct judge_page pages[] = {{"https://rdap.example/ip/203.0.113.10", MP_FETCHED, 200,
						   "application/rdap+json", row->network, NULL, 0, 0},
		{NULL, MP_FETCHED, 0, NULL, NULL, NULL, 0, 0}};
	struct mp_arena *a = mp_arena_new();
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_err err = {.msg = ""};
	struct world_zone *zone = world_zone_parse(a, row->zone, &err);
	struct mp_source sources[JUDGE_SOURCES];
	const struct mp_conclusion *con;
	const struct mp_finding *f;
	struct mp_question *q;
	struct mp_case c;
	struct mp_run *run;

	if (!zone)
		fail_msg("row '%s': the zone: %s", row->label, err.msg);
	judge_case(&c, sources, "203.0.113.10", row->ehlo ? row->ehlo : "mail.example.com");
	c.fqdn = NULL;
	c.rdap_url = "https://rdap.example/";
	judge_web(row->network ? pages : NULL);
	run = mp_run_new(&c, ev, mp_run_scope(&c));
	while (!mp_run_judge(run))
		while ((q = world_zone_feed(zone, ev)))
			judge_fetch(ev, q);
	con = mp_run_conclusion(run);
	f = con->n_findings ? &con->findings[0] : NULL;
	row_str(row->label, f ? f->request_kind : NULL, row->kind);
	for (size_t i = 0; i < ARRAY_LEN(row->has) && row->has[i]; i++)
		if (!strstr(f->request, row->has[i]))
			fail_msg("row '%s': no \"%s\" in:\n%s", row->label, row->has[i], f->request);
	for (size_t i = 0; i < ARRAY_LEN(row->lacks) && row->lacks[i]; i++)
		if (strstr(f->request, row->lacks[i]))
			fail_msg("row '%s': \"%s\" in:\n%s", row->label, row->lacks[i], f->request);
	/* who it goes to is a step, where that is more than the other steps say */
	if (row->network && row->kind)
		row_bool(row->label, strstr(f->fix[f->n_fix - 1], "Send the request text to ") != NULL, true);
	judge_web(NULL);
	mp_run_free(run);
	mp_evidence_free(ev);
	mp_arena_free(a);
}

static void test_texts(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		text(&texts[i]);
}

/* Where a receiver wants to be written to: a page, or a mail address. */
static void test_contacts(void **state)
{
	(void)state;
	for (size_t i = 0; i < mp_n_receivers; i++) {
		struct mp_str contact = mp_str(mp_receivers[i].contact);

		if (contact.p && !mp_str_istarts(contact, "https://") && !memchr(contact.p, '@', contact.n))
			fail_msg("%s: '%s' is neither a page nor an address", mp_receivers[i].alias, contact.p);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds), cmocka_unit_test(test_texts), cmocka_unit_test(test_contacts)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
