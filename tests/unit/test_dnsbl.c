/* tests/unit/test_dnsbl.c - lists: their table, their health, what they say; every status of dnsbl.ip and dnsbl.domain */
#include "dns/dnsbl.h"
#include "probe/run.h"
#include "tests/unit/judge.h"
#include "tests/unit/row.h"

#define IP4 "203.0.113.10"
#define IP6 "2001:db8::10"
#define ROOT ". SOA a.root h.root 1 2 3 4 300\n"
#define R4 "10.113.0.203."
#define R6 "0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2."
#define TEST6(last) last ".0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0."

#define ZEN "zen.spamhaus.org"
#define ZEN_ALIVE "2.0.0.127." ZEN " A 127.0.0.2\n2.0.0.127." ZEN " A 127.0.0.4\n" TEST6("2") ZEN " A 127.0.0.2\n"
#define COP "bl.spamcop.net"
#define COP_ALIVE "2.0.0.127." COP " A 127.0.0.2\n"
#define UCE3 "dnsbl-3.uceprotect.net"
#define UCE3_ALIVE "2.0.0.127." UCE3 " A 127.0.0.2\n"
#define KARMA "hostkarma.junkemailfilter.com"
#define KARMA_ALIVE "2.0.0.127." KARMA " A 127.0.0.2\n"
#define DNSWL "list.dnswl.org"
#define SPIKE "bl.mailspike.net"
#define SPIKE_ALIVE "2.0.0.127." SPIKE " A 127.0.0.10\n"
#define DBL "dbl.spamhaus.org"
#define DBL_ALIVE "test." DBL " A 127.0.1.2\n"
#define URIBL "multi.uribl.com"
#define URIBL_ALIVE "test.uribl.com." URIBL " A 127.0.0.14\n"
#define SURBL "multi.surbl.org"
#define SURBL_ALIVE "test." SURBL " A 127.0.0.126\n"

/* ---- the table */

static void table(void **state)
{
	(void)state;
	assert_true(dnsbl_n_lists >= 10);
	for (size_t i = 0; i < dnsbl_n_lists; i++) {
		const struct dnsbl_list *l = &dnsbl_lists[i];
		size_t n = 0;

		row_bool(l->zone, dnsbl_list_by_zone(l->zone) == l, true); /* once */
		row_bool(l->zone, dns_is_hostname(l->zone), true);
		row_bool(l->zone, strlen(l->name) > 0, true);
		row_bool(l->zone, strncmp(l->delist, "https://", 8) == 0, true);
		row_bool(l->zone, strlen(l->known) == 7 && l->known[4] == '-', true);
		/* Addresses or domains: a name is asked in another way than an address. */
		row_bool(l->zone, (l->lists & DNSBL_DOMAINS) ? l->lists == DNSBL_DOMAINS : l->lists & DNSBL_IPV4, true);
		for (; n < ARRAY_LEN(l->code) && l->code[n].words; n++) {
			const struct dnsbl_code *c = &l->code[n];

			if (c->from)
				row_bool(l->zone, c->from <= c->to && c->from >> 24 == 127, true);
			else
				row_bool(l->zone, c->to && c->to < 256 && !(c->to & (c->to - 1)), true);
			row_bool(l->zone, c->words[strlen(c->words) - 1] != '.', true);
		}
		row_bool(l->zone, n > 0 && n < ARRAY_LEN(l->code), true);
	}
	assert_null(dnsbl_list_by_zone("dnsbl.sorbs.net"));
	assert_ptr_equal(dnsbl_list_by_zone("ZEN.spamhaus.org."), &dnsbl_lists[0]);
}

static void codes(void **state)
{
	static const struct {
		const char *label, *zone;
		unsigned char b, c, d;
		bool known;
		enum dnsbl_means means;
		const char *words;
	} rows[] = {
		{"SBL", ZEN, 0, 0, 2, true, DNSBL_BLACK, "SBL"},
		{"CSS", ZEN, 0, 0, 3, true, DNSBL_BLACK, "CSS"},
		{"XBL, first", ZEN, 0, 0, 4, true, DNSBL_BLACK, "XBL"},
		{"XBL, last", ZEN, 0, 0, 7, true, DNSBL_BLACK, "XBL"},
		{"between", ZEN, 0, 0, 8, false, DNSBL_SUSPECT, "without a known meaning"},
		{"DROP", ZEN, 0, 0, 9, true, DNSBL_BLACK, "DROP"},
		{"PBL of the provider", ZEN, 0, 0, 10, true, DNSBL_POLICY, "PBL"},
		{"PBL of Spamhaus", ZEN, 0, 0, 11, true, DNSBL_POLICY, "PBL"},
		{"mistyped", ZEN, 255, 255, 252, true, DNSBL_REFUSAL, "mistyped"},
		{"public resolver", ZEN, 255, 255, 254, true, DNSBL_REFUSAL, "public resolver"},
		{"too many", COP, 255, 255, 255, true, DNSBL_REFUSAL, "too many"},
		{"an error code to come", COP, 255, 255, 250, true, DNSBL_REFUSAL, "error"},
		{"white", KARMA, 0, 0, 1, true, DNSBL_WHITE, "white"},
		{"yellow", KARMA, 0, 0, 3, true, DNSBL_YELLOW, "yellow"},
		{"brown", KARMA, 0, 0, 4, true, DNSBL_SUSPECT, "brown"},
		{"no list", KARMA, 0, 0, 5, true, DNSBL_WHITE, "no list"},
		{"broad", UCE3, 0, 0, 2, true, DNSBL_BROAD, "whole network"},
		{"DNSWL", DNSWL, 0, 10, 2, true, DNSBL_WHITE, "known sender"},
		{"DNSWL, refused", DNSWL, 0, 0, 255, true, DNSBL_REFUSAL, "too many"},
		{"DBL", DBL, 0, 1, 2, true, DNSBL_BLACK, "low reputation"},
		{"DBL, an address", DBL, 0, 1, 255, true, DNSBL_REFUSAL, "addresses"},
		{"SURBL, two bits", SURBL, 0, 0, 24, true, DNSBL_BLACK, "PH: phishing; MW: malware"},
		{"SURBL, blocked", SURBL, 0, 0, 1, true, DNSBL_REFUSAL, "blocked"},
		{"SURBL, unknown bit", SURBL, 0, 0, 32, false, DNSBL_SUSPECT, "without a known meaning"},
		{"SURBL, bits elsewhere", SURBL, 0, 1, 8, false, DNSBL_SUSPECT, "without a known meaning"},
		{"URIBL, blocked", URIBL, 0, 0, 1, true, DNSBL_REFUSAL, "blocked"},
		{"URIBL, grey", URIBL, 0, 0, 4, true, DNSBL_SUSPECT, "grey"},
		{"URIBL, all: the weightiest", URIBL, 0, 0, 14, true, DNSBL_BLACK, "black"},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint32_t code = 127u << 24 | (uint32_t)rows[i].b << 16 | (uint32_t)rows[i].c << 8 | rows[i].d;
		enum dnsbl_means means;
		const char *words;

		row_bool(rows[i].label, dnsbl_meaning(a, dnsbl_list_by_zone(rows[i].zone), code, &means, &words),
			rows[i].known);
		row_int(rows[i].label, means, rows[i].means);
		if (!strstr(words, rows[i].words))
			fail_msg("row '%s': got \"%s\", want \"%s\"", rows[i].label, words, rows[i].words);
	}
	mp_arena_free(a);
}

/* ---- the judges */

struct row {
	const char *label, *zone;
	const char *ips;    /* NULL: IP4 */
	const char *domain; /* NULL: example.com */
	const char *arg;    /* of the single command */
	size_t n;           /* how many results; 0: any */
	const struct mp_check *check;
	const char *subject;
	enum mp_status status;
	const char *words[3], *detail, *fix;
};

#define IP &mp_check_dnsbl_ip
#define DOMAIN &mp_check_dnsbl_domain

static const struct row rows[] = {
	{"not listed", ROOT ZEN_ALIVE, .check = IP, .subject = ZEN, .status = MP_PASS,
		.words = {"203.0.113.10 is not on Spamhaus ZEN"}},
	{"not listed, IPv6", ROOT ZEN_ALIVE, IP6, .n = 2, .check = IP, .subject = ZEN, .status = MP_PASS,
		.words = {"2001:db8::10 is not on"}},
	{"listed", ROOT ZEN_ALIVE R4 ZEN " A 127.0.0.4\n", .check = IP, .subject = ZEN, .status = MP_FAIL,
		.words = {"203.0.113.10 is on Spamhaus ZEN (XBL", "; answer code 127.0.0.4)."},
		.fix = "look 203.0.113.10 up at https://check.spamhaus.org/ and ask for removal there."},
	{"listed, IPv6", ROOT ZEN_ALIVE R6 ZEN " A 127.0.0.3\n", IP6, .check = IP, .subject = ZEN, .status = MP_FAIL,
		.words = {"CSS"}, .fix = "Find and end the cause first"},
	{"listed, IPv6, no test entry but that of IPv4", ROOT "2.0.0.127." ZEN " A 127.0.0.2\n" R6 ZEN " A 127.0.0.3\n",
		IP6, .check = IP, .subject = ZEN, .status = MP_FAIL, .words = {"CSS"},
		.fix = "Find and end the cause first"},
	{"with its words",
		ROOT COP_ALIVE R4 COP " A 127.0.0.2\n" R4 COP " TXT \"Blocked - see https://bl.example/x\"\n",
		.check = IP, .subject = COP, .status = MP_FAIL, .words = {"SpamCop"},
		.detail = "own words: \"Blocked - see https://bl.example/x\""},
	{"its words do not come", ROOT COP_ALIVE R4 COP " A 127.0.0.2\n" R4 COP " TXT !TIMEOUT\n", .check = IP,
		.subject = COP, .status = MP_FAIL, .words = {"SpamCop"}},
	{"several codes", ROOT ZEN_ALIVE R4 ZEN " A 127.0.0.10\n" R4 ZEN " A 127.0.0.2\n", .check = IP, .subject = ZEN,
		.status = MP_FAIL, .words = {"SBL", "PBL", "; answer codes 127.0.0.2 and 127.0.0.10)."}},
	{"policy alone", ROOT ZEN_ALIVE R4 ZEN " A 127.0.0.10\n", .check = IP, .subject = ZEN, .status = MP_WARN,
		.words = {"PBL"}, .detail = "dynamic or residential range", .fix = "provider's relay"},
	{"suspect", ROOT SPIKE_ALIVE R4 SPIKE " A 127.0.0.12\n", .check = IP, .subject = SPIKE, .status = MP_WARN,
		.words = {"a bad reputation"}},
	{"a code nobody knows", ROOT COP_ALIVE R4 COP " A 127.0.0.77\n", .check = IP, .subject = COP, .status = MP_WARN,
		.words = {"without a known meaning", "127.0.0.77"}},
	{"broad", ROOT UCE3_ALIVE R4 UCE3 " A 127.0.0.2\n", .check = IP, .subject = UCE3, .status = MP_INFO,
		.words = {"UCEPROTECT level 3"}, .detail = "whole network"},
	{"yellow", ROOT KARMA_ALIVE R4 KARMA " A 127.0.0.3\n", .check = IP, .subject = KARMA, .status = MP_INFO,
		.words = {"yellow"}},
	{"white", ROOT KARMA_ALIVE R4 KARMA " A 127.0.0.1\n", .check = IP, .subject = KARMA, .status = MP_PASS,
		.words = {"white"}},
	{"a known sender", ROOT ZEN_ALIVE R4 DNSWL " A 127.0.10.2\n", .check = IP, .subject = DNSWL, .status = MP_PASS,
		.words = {"is on DNSWL (a known sender"}},
	{"no known sender", ROOT ZEN_ALIVE, .check = IP, .subject = DNSWL, .status = MP_INFO,
		.words = {"is not on DNSWL", "no fault"}},
	{"DNSWL refuses", ROOT ZEN_ALIVE R4 DNSWL " A 127.0.0.255\n", .check = IP, .subject = DNSWL, .status = MP_ERROR,
		.words = {"could not be determined", "refuses", "127.0.0.255"}},
	/* health */
	{"refused: public resolver", ROOT COP_ALIVE "*." ZEN " A 127.255.255.254\n", .check = IP, .subject = ZEN,
		.status = MP_ERROR, .words = {"refuses to answer this resolver", "127.255.255.254"},
		.detail = "public resolvers", .fix = "which may hand questions on"},
	{"refused, the address alone", ROOT ZEN_ALIVE R4 ZEN " A 127.255.255.255\n", .check = IP, .subject = ZEN,
		.status = MP_ERROR, .words = {"127.255.255.255"}},
	{"answers everything", ROOT ZEN_ALIVE "*." COP " A 127.0.0.2\n", .check = IP, .subject = COP,
		.status = MP_ERROR, .words = {"lists everything", "127.0.0.1"}},
	{"answers nothing", ROOT ZEN_ALIVE R4 COP " A 127.0.0.2\n", .check = IP, .subject = COP, .status = MP_ERROR,
		.words = {"lists nothing", "127.0.0.2"}},
	{"IPv6 answers everything", ROOT COP_ALIVE ZEN_ALIVE TEST6("1") ZEN " A 127.0.0.2\n", IP6, .check = IP,
		.subject = ZEN, .status = MP_ERROR, .words = {"lists everything", "::ffff:127.0.0.1"}},
	{"parked", ROOT ZEN_ALIVE "*." COP " A 192.0.2.80\n", .check = IP, .subject = COP, .status = MP_ERROR,
		.words = {"192.0.2.80", "parked"}},
	{"REFUSED", ROOT ZEN_ALIVE "*." COP " !REFUSED\n", .check = IP, .subject = COP, .status = MP_ERROR,
		.words = {"could not be asked", "REFUSED"}},
	{"time-out", ROOT ZEN_ALIVE "*." COP " !TIMEOUT\n", .check = IP, .subject = COP, .status = MP_ERROR,
		.words = {"could not be asked", "time-out"}},
	{"SERVFAIL for the address alone", ROOT COP_ALIVE ZEN_ALIVE R4 COP " !SERVFAIL\n", .check = IP, .subject = COP,
		.status = MP_ERROR, .words = {"SERVFAIL"}},
	{"no list at all", ROOT, .n = 1, .check = IP, .subject = "all lists", .status = MP_ERROR,
		.words = {"none of the 10 lists answers"}},
	{"no DNS at all", ROOT "* !TIMEOUT\n", .n = 1, .check = IP, .subject = "all lists", .status = MP_ERROR,
		.words = {"could not be determined"}},
	{"everything refused", "example.com SOA a.root h.root 1 2 3 4 300\n", .n = 1, .check = IP,
		.subject = "all lists", .status = MP_ERROR, .words = {"could not be determined"}},
	{"a private address", ROOT ZEN_ALIVE, "10.0.0.1", .arg = "10.0.0.1", .n = 1, .check = IP,
		.subject = "all lists", .status = MP_SKIP, .words = {"10.0.0.1 is no address of the public Internet"}},
	{"a private address whose other face nobody knows", ROOT ZEN_ALIVE, "10.0.0.1", .n = 1, .check = IP,
		.subject = "all lists", .status = MP_SKIP},
	{"loopback", ROOT ZEN_ALIVE, "127.0.0.2", .n = 1, .check = IP, .subject = "all lists", .status = MP_SKIP},
	{"a list's test entry, asked for by name", ROOT ZEN_ALIVE, "127.0.0.2", .arg = "127.0.0.2", .check = IP,
		.subject = ZEN, .status = MP_FAIL, .words = {"127.0.0.2 is on Spamhaus ZEN"}},
	/* domains */
	{"domain not listed", ROOT DBL_ALIVE, .n = 3, .check = DOMAIN, .subject = DBL, .status = MP_PASS,
		.words = {"example.com is not on Spamhaus DBL"}},
	{"domain listed", ROOT DBL_ALIVE "example.com." DBL " A 127.0.1.102\n", .check = DOMAIN, .subject = DBL,
		.status = MP_FAIL, .words = {"example.com is on Spamhaus DBL", "abused for spam"},
		.fix = "https://check.spamhaus.org/"},
	{"the registered domain is asked for", ROOT DBL_ALIVE "example.co.uk." DBL " A 127.0.1.2\n",
		.domain = "news.example.co.uk", .check = DOMAIN, .subject = DBL, .status = MP_FAIL,
		.words = {"example.co.uk is on"}},
	{"of two the listed one", ROOT DBL_ALIVE "example.com." DBL " A 127.0.1.2\n", .domain = "example.org",
		.check = DOMAIN, .subject = DBL, .status = MP_FAIL, .words = {"example.com is on"}},
	{"of two none", ROOT DBL_ALIVE, .domain = "example.org", .check = DOMAIN, .subject = DBL, .status = MP_PASS,
		.words = {"example.org and example.com are not on Spamhaus DBL."}},
	{"of two nothing is known", ROOT DBL_ALIVE "*." URIBL " !TIMEOUT\n", .domain = "example.org", .check = DOMAIN,
		.subject = URIBL, .status = MP_ERROR, .words = {"Whether example.org and example.com are on URIBL"}},
	{"of two and no list", ROOT, .domain = "example.org", .n = 1, .check = DOMAIN, .subject = "all lists",
		.status = MP_ERROR, .words = {"Whether example.org and example.com are on a public list"},
		.fix = "unbound"},
	{"bits", ROOT URIBL_ALIVE "example.com." URIBL " A 127.0.0.4\n", .check = DOMAIN, .subject = URIBL,
		.status = MP_WARN, .words = {"grey"}},
	{"domains refused", ROOT DBL_ALIVE "*." URIBL " A 127.0.0.1\n", .check = DOMAIN, .subject = URIBL,
		.status = MP_ERROR, .words = {"refuses", "127.0.0.1"}},
	{"INVALID listed", ROOT URIBL_ALIVE DBL_ALIVE "*." DBL " A 127.0.1.2\n", .check = DOMAIN, .subject = DBL,
		.status = MP_ERROR, .words = {"lists everything", "INVALID"}},
	{"TEST not listed", ROOT URIBL_ALIVE "example.com." DBL " A 127.0.1.2\n", .check = DOMAIN, .subject = DBL,
		.status = MP_ERROR, .words = {"lists nothing", "TEST"}},
	{"no list of domains", ROOT, .n = 1, .check = DOMAIN, .subject = "all lists", .status = MP_ERROR,
		.words = {"none of the 3 lists"}},
};

static size_t lacks(const char *label, const char *what, const char *got, const char *want)
{
	if (!want || (got && strstr(got, want)))
		return 0;
	print_error("row '%s': %s \"%s\" lacks \"%s\"\n", label, what, got ? got : "(null)", want);
	return 1;
}

static void judges(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		struct mp_source sources[JUDGE_SOURCES];
		struct mp_case c;
		struct judge_run run;
		const struct mp_result *got = NULL;

		judge_case(&c, sources, r->ips ? r->ips : IP4, "mail.example.com");
		c.domain = r->domain ? r->domain : c.domain;
		c.arg = r->arg;
		judge_run(&run, r->label, r->check, &c, 0, r->zone);
		for (size_t k = 0; k < run.judge.n_results; k++) {
			judge_check_form(r->label, &run.judge.results[k]);
			if (strcmp(run.judge.results[k].subject, r->subject) == 0)
				got = &run.judge.results[k];
		}
		if (r->n)
			row_int(r->label, (long long)run.judge.n_results, (long long)r->n);
		if (!got)
			fail_msg("row '%s': no result for %s", r->label, r->subject);
		if (got->status != r->status) {
			print_error("row '%s': got %s, want %s: \"%s\"\n", r->label, mp_status_name(got->status),
				mp_status_name(r->status), got->summary);
			wrong++;
		}
		for (size_t k = 0; k < ARRAY_LEN(r->words) && r->words[k]; k++)
			wrong += lacks(r->label, "summary", got->summary, r->words[k]);
		wrong += lacks(r->label, "detail", got->detail, r->detail);
		wrong += lacks(r->label, "fix", got->fix, r->fix);
		/* Lists and their test entries at once, and only what they list once more. */
		row_bool(r->label, run.steps <= 2, true);
		judge_release(&run);
	}
	assert_int_equal(wrong, 0);
}

/* Without any name there is nothing to ask the lists of domains. */
static void no_domain(void **state)
{
	struct mp_source sources[JUDGE_SOURCES];
	struct mp_case c;
	struct judge_run run;

	(void)state;
	judge_case(&c, sources, IP4, NULL);
	c.domain = NULL;
	c.mail_from = "";
	judge_run(&run, "no domain", DOMAIN, &c, 0, ROOT);
	assert_int_equal(run.judge.n_results, 0);
	assert_int_equal(run.questions, 0);
	judge_release(&run);
	c.ehlo = "[203.0.113.10]";
	judge_run(&run, "an address literal", DOMAIN, &c, 0, ROOT);
	assert_int_equal(run.questions, 0);
	judge_release(&run);
}

/* [dnsbl ZONE] of the configuration: lists left out, added, given another meaning. */
static void configured(void **state)
{
	static const struct mp_own_code spam[] = {{{MP_IPV4, {127, 0, 0, 9}}, "spam, says the boss"}};
	static const struct mp_own_list lists[] = {{ZEN, true, false, 0, NULL}, {COP, false, false, 1, spam},
		{"bl.example.com", false, false, 1, spam}, {"any.example.com", false, false, 0, NULL}};
	static const struct {
		const char *zone;
		enum mp_status status;
		const char *words;
	} wants[] = {{COP, MP_FAIL, "spam, says the boss"}, {"bl.example.com", MP_FAIL, "spam, says the boss"},
		{"any.example.com", MP_FAIL, "an entry"}};
	struct mp_source sources[JUDGE_SOURCES];
	struct judge_run run;
	struct mp_case c;

	(void)state;
	judge_case(&c, sources, IP4, "mail.example.com");
	c.lists = lists;
	c.n_lists = ARRAY_LEN(lists);
	judge_run(&run, "configured", IP, &c, 0,
		ROOT ZEN_ALIVE COP_ALIVE R4 COP " A 127.0.0.9\n2.0.0.127.bl.example.com A 127.0.0.9\n" R4
						"bl.example.com A 127.0.0.9\n2.0.0.127.any.example.com A 127.0.0.3\n" R4
						"any.example.com A 127.0.0.3\n");
	row_int("lists", (long long)run.judge.n_results, 11);
	for (size_t i = 0; i < run.judge.n_results; i++)
		row_bool("left out", strcmp(run.judge.results[i].subject, ZEN) == 0, false);
	for (size_t i = 0; i < ARRAY_LEN(wants); i++) {
		const struct mp_result *got = NULL;

		for (size_t k = 0; k < run.judge.n_results; k++)
			if (strcmp(run.judge.results[k].subject, wants[i].zone) == 0)
				got = &run.judge.results[k];
		assert_non_null(got);
		if (got->fix && strcmp(wants[i].zone, COP) != 0)
			row_bool(wants[i].zone,
				strstr(got->fix, mp_printf(run.arena, "Then ask the operator of %s", wants[i].zone)) !=
					NULL,
				true);
		row_int(wants[i].zone, got->status, wants[i].status);
		row_bool(wants[i].zone, strstr(got->summary, wants[i].words) != NULL, true);
	}
	judge_release(&run);
}

/* With a key another zone is asked, and the key is not in the question. */
static void keyed(void **state)
{
	static const struct mp_own_list lists[] = {
		{ZEN, false, true, 0, NULL}, {"bl.example.com", false, true, 0, NULL}};
	struct mp_source sources[JUDGE_SOURCES];
	struct judge_run run;
	struct mp_case c;
	size_t found = 0;

	(void)state;
	judge_case(&c, sources, IP4, "mail.example.com");
	c.lists = lists;
	c.n_lists = ARRAY_LEN(lists);
	judge_run(&run, "keyed", IP, &c, 0,
		ROOT "2.0.0.127._key.zen.dq.spamhaus.net A 127.0.0.2\n" R4 "_key.zen.dq.spamhaus.net A 127.0.0.4\n"
		     "2.0.0.127._key.bl.example.com A 127.0.0.2\n" R4 "_key.bl.example.com A 127.0.0.2\n");
	for (size_t i = 0; i < run.judge.n_results; i++)
		found += run.judge.results[i].status == MP_FAIL;
	assert_int_equal(found, 2);
	assert_string_equal(run.judge.results[0].subject, ZEN);
	judge_release(&run);
}

/* Each single command has its own checks: none runs those of another. */
static void own_scope(void **state)
{
	static const char *const commands[] = {"ptr", "mx", "spf", "dkim", "dmarc", "dnsbl"};
	unsigned seen = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		struct mp_case c = {.command = commands[i]};
		unsigned scope = mp_run_scope(&c);

		row_bool(commands[i], scope != 0 && (scope & seen) == 0, true);
		seen |= scope;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(configured),
		cmocka_unit_test(keyed),
		cmocka_unit_test(own_scope),
		cmocka_unit_test(table),
		cmocka_unit_test(codes),
		cmocka_unit_test(judges),
		cmocka_unit_test(no_domain),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
