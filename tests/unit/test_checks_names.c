/* tests/unit/test_checks_names.c - every status of resolver.health, host.* and ehlo.*; names judged by their text */
#include "tests/unit/judge.h"
#include "tests/unit/row.h"

#define HEALTH &mp_check_resolver_health
#define WITNESS &mp_check_host_witness
#define FQDN &mp_check_host_fqdn
#define SYNTAX &mp_check_ehlo_syntax
#define RESOLVES &mp_check_ehlo_resolves
#define MATCHES &mp_check_ehlo_matches_source

#define IP4 "203.0.113.10"
#define IP6 "2001:db8::10"
#define BOTH IP4 " " IP6
#define NAME "mail.example.com"

/* Behind every row's own lines. */
#define WORLD                                            \
	". SOA a.root h.root 1 2 3 4 5\n"                \
	"example.com SOA ns.example.com h 1 2 3 4 300\n" \
	"com SOA ns.example.com h 1 2 3 4 300\n"         \
	"in-addr.arpa SOA ns.example.com h 1 2 3 4 300\n"

struct row {
	const char *label;
	const char *zone;
	const char *ips;             /* NULL: IP4 */
	const char *ehlo;            /* NULL: NAME; "-": none */
	const char *hostname, *fqdn; /* NULL: NAME; "-": none */
	const char *mta;
	const char *hosts; /* "ADDRESS NAME", or NULL */
	const char *resolvers[3];
	size_t nth; /* which result */
	size_t source;
	struct judge_want want[3]; /* subject NULL: the EHLO name */
};

static const struct row rows[] = {
	/* ehlo.syntax */
	{"a good name", "", .want = {{SYNTAX, NULL, MP_PASS, {"mail.example.com is a fully qualified host name"}}}},
	{"upper case", "", .ehlo = "MAIL.Example.Com", .want = {{SYNTAX, NULL, MP_PASS, {0}}}},
	{"localhost", "", .ehlo = "localhost",
		.want = {{SYNTAX, NULL, MP_FAIL, {"localhost is the loopback name of every host."}},
			{RESOLVES, NULL, MP_SKIP, {"follows from ehlo.syntax"}},
			{MATCHES, NULL, MP_SKIP, {"follows from ehlo.syntax"}}}},
	{"localhost.localdomain", "", .ehlo = "localhost.localdomain", .want = {{SYNTAX, NULL, MP_FAIL, {"loopback"}}}},
	{"one label", "", .ehlo = "ubuntu",
		.want = {{SYNTAX, NULL, MP_FAIL, {"ubuntu is one label"}},
			{RESOLVES, NULL, MP_SKIP, {"follows from ehlo.syntax"}},
			{MATCHES, NULL, MP_SKIP, {"follows from ehlo.syntax"}}}},
	{".local", "", .ehlo = "mail.local", .want = {{SYNTAX, NULL, MP_FAIL, {"ends in .local, which multicast"}}}},
	{".lan", "", .ehlo = "mail.office.LAN", .want = {{SYNTAX, NULL, MP_FAIL, {"ends in .lan"}}}},
	{".internal", "", .ehlo = "ip-10-0-0-5.ec2.internal", .want = {{SYNTAX, NULL, MP_FAIL, {"ends in .internal"}}}},
	{".localdomain", "", .ehlo = "mail.localdomain", .want = {{SYNTAX, NULL, MP_FAIL, {"ends in .localdomain"}}}},
	{".home", "", .ehlo = "nas.home", .want = {{SYNTAX, NULL, MP_FAIL, {"ends in .home,"}}}},
	{".home.arpa", "", .ehlo = "nas.home.arpa",
		.want = {{SYNTAX, NULL, MP_FAIL, {"ends in .home.arpa"}}, {RESOLVES, NULL, MP_SKIP, {0}}}},
	{"no private suffix, only like one", "", .ehlo = "mail.mylocal", .want = {{SYNTAX, NULL, MP_PASS, {0}}}},
	{"underscore", "my_host.example.com A " IP4 "\n", .ehlo = "my_host.example.com",
		.want = {{SYNTAX, NULL, MP_FAIL, {"has an underscore"}}, {RESOLVES, NULL, MP_PASS, {0}},
			{MATCHES, NULL, MP_PASS, {0}}}},
	{"digits at the end", "", .ehlo = "mail.123",
		.want = {{SYNTAX, NULL, MP_FAIL, {"ends in a label of digits"}}, {RESOLVES, NULL, MP_SKIP, {0}}}},
	{"an address without brackets", "", .ehlo = "203.0.113.10",
		.want = {{SYNTAX, NULL, MP_FAIL, {"is an address, not a name"}}}},
	{"an IPv6 address without brackets", "", .ehlo = "2001:db8::10",
		.want = {{SYNTAX, NULL, MP_FAIL, {"is an address, not a name"}}}},
	{"a hyphen in the wrong place", "", .ehlo = "mail-.example.com", .want = {{SYNTAX, NULL, MP_FAIL, {"hyphen"}}}},
	{"an empty label", "", .ehlo = "mail..example.com",
		.want = {{SYNTAX, NULL, MP_FAIL, {"empty label"}}, {RESOLVES, NULL, MP_SKIP, {0}}}},
	{"a last dot", "mail.example.com A " IP4 "\n", .ehlo = "mail.example.com.",
		.want = {{SYNTAX, NULL, MP_FAIL, {"ends with a dot"}}, {RESOLVES, NULL, MP_PASS, {0}}}},
	{"a strange character", "", .ehlo = "mail*1.example.com",
		.want = {{SYNTAX, NULL, MP_FAIL, {"the character '*'"}}}},
	{"not ASCII", "", .ehlo = "m\xc3\xa4il.example.com", .want = {{SYNTAX, NULL, MP_FAIL, {"has bytes"}}}},
	{"a label too long", "", .ehlo = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com",
		.want = {{SYNTAX, NULL, MP_FAIL, {"more than 63 bytes"}}}},
	{"no name", "", .ehlo = "-",
		.want = {{SYNTAX, "", MP_SKIP, {0}}, {RESOLVES, "", MP_SKIP, {0}}, {MATCHES, "", MP_SKIP, {0}}}},
	/* literals */
	{"literal of the sending address", "", .ehlo = "[203.0.113.10]",
		.want = {{SYNTAX, NULL, MP_PASS, {"address literal"}}, {RESOLVES, NULL, MP_SKIP, {"literal"}},
			{MATCHES, NULL, MP_SKIP, {"literal"}}}},
	{"literal of the second source", "", BOTH, .ehlo = "[IPv6:2001:DB8:0::10]",
		.want = {{SYNTAX, NULL, MP_PASS, {0}}}},
	{"literal of another address", "", .ehlo = "[192.0.2.1]",
		.want = {{SYNTAX, NULL, MP_WARN, {"that is not a sending one."}}}},
	{"literal without the tag", "", .ehlo = "[2001:db8::10]", .want = {{SYNTAX, NULL, MP_FAIL, {"lacks the tag"}}}},
	{"literal with the wrong tag", "", .ehlo = "[IPv6:203.0.113.10]",
		.want = {{SYNTAX, NULL, MP_FAIL, {"tag of IPv6"}}}},
	{"literal not closed", "", .ehlo = "[203.0.113.10", .want = {{SYNTAX, NULL, MP_FAIL, {"no closing bracket"}}}},
	{"literal of nothing", "", .ehlo = "[]", .want = {{SYNTAX, NULL, MP_FAIL, {"holds no IP address"}}}},
	{"literal, opening bracket alone", "", .ehlo = "[", .want = {{SYNTAX, NULL, MP_FAIL, {"no closing bracket"}}}},
	{"literal of a name", "", .ehlo = "[mail.example.com]",
		.want = {{SYNTAX, NULL, MP_FAIL, {"holds no IP address"}}}},
	{"literal with three octets", "", .ehlo = "[203.0.113]", .want = {{SYNTAX, NULL, MP_FAIL, {"holds no IP"}}}},
	/* ehlo.resolves, ehlo.matches_source */
	{"resolves to the source", NAME " A " IP4 "\n",
		.want = {{RESOLVES, NULL, MP_PASS, {"has the address 203.0.113.10."}},
			{MATCHES, NULL, MP_PASS, {"leads to the sending address 203.0.113.10"}}}},
	{"resolves to several", NAME " A 192.0.2.7\n" NAME " A " IP4 "\n" NAME " AAAA 2001:db8::99\n",
		.want = {{RESOLVES, NULL, MP_PASS, {"192.0.2.7 and 203.0.113.10 and 2001:db8::99"}},
			{MATCHES, NULL, MP_PASS, {0}}}},
	{"no such name", "",
		.want = {{RESOLVES, NULL, MP_FAIL, {"mail.example.com does not exist"}},
			{MATCHES, NULL, MP_SKIP, {"follows from ehlo.resolves"}}}},
	{"no address", NAME " TXT \"x\"\n",
		.want = {{RESOLVES, NULL, MP_FAIL, {"neither an A nor an AAAA record"}},
			{MATCHES, NULL, MP_SKIP, {0}}}},
	{"time-out", NAME " !TIMEOUT\n",
		.want = {{RESOLVES, NULL, MP_ERROR, {"A record of the EHLO name mail.example.com", "time-out"}},
			{MATCHES, NULL, MP_ERROR, {"time-out"}}}},
	{"SERVFAIL", NAME " !SERVFAIL\n",
		.want = {{RESOLVES, NULL, MP_ERROR, {"SERVFAIL"}}, {MATCHES, NULL, MP_ERROR, {"SERVFAIL"}}}},
	{"A unknown, no AAAA", NAME " A !TIMEOUT\n",
		.want = {{RESOLVES, NULL, MP_ERROR, {"A record"}}, {MATCHES, NULL, MP_ERROR, {0}}}},
	{"AAAA unknown, A there", NAME " AAAA !SERVFAIL\n" NAME " A " IP4 "\n",
		.want = {{RESOLVES, NULL, MP_PASS, {0}}, {MATCHES, NULL, MP_PASS, {0}}}},
	{"AAAA unknown, source is IPv6", NAME " AAAA !SERVFAIL\n" NAME " A " IP4 "\n", BOTH, .source = 1,
		.want = {{MATCHES, NULL, MP_ERROR, {"AAAA record", "SERVFAIL"}}}},
	{"another address", NAME " A 192.0.2.7\n",
		.want = {{MATCHES, NULL, MP_WARN, {"leads to 192.0.2.7; the sending address is 203.0.113.10"}}}},
	{"no address of the family", NAME " A " IP4 "\n", BOTH, .source = 1,
		.want = {{MATCHES, NULL, MP_WARN, {"has no AAAA record; the sending address is 2001:db8::10"}}}},
	{"an alias", NAME " CNAME h.example.com\nh.example.com A " IP4 "\n",
		.want = {{RESOLVES, NULL, MP_PASS, {0}}, {MATCHES, NULL, MP_PASS, {0}}}},
	/* host.fqdn */
	{"the host's name is full", "", .want = {{FQDN, NAME, MP_PASS, {"mail.example.com is fully qualified"}}}},
	{"the host's name is short, the FQDN full", "", .hostname = "mail",
		.want = {{FQDN, "mail", MP_PASS, {"is mail, in full mail.example.com"}}}},
	{"the host's name is not what is announced", "", .hostname = "f3a9c1", .fqdn = "-",
		.want = {{FQDN, "f3a9c1", MP_INFO, {"not used for mail", "announces mail.example.com"}}}},
	{"localhost, not announced", "", .hostname = "localhost", .fqdn = "localhost",
		.want = {{FQDN, "localhost", MP_INFO, {"loopback"}}}},
	{"ubuntu, announced", "", .ehlo = "ubuntu", .hostname = "ubuntu", .fqdn = "-",
		.want = {{FQDN, "ubuntu", MP_WARN, {"ubuntu is one label", "it is what is announced"}}}},
	{"vps123, announced in full", "", .ehlo = "vps123.localdomain", .hostname = "vps123",
		.fqdn = "vps123.localdomain", .mta = "postfix",
		.want = {{FQDN, "vps123", MP_WARN, {"vps123 is one label"}}}},
	{"localhost, announced", "", .ehlo = "localhost", .hostname = "localhost", .fqdn = "localhost", .mta = "exim",
		.want = {{FQDN, "localhost", MP_WARN, {0}}}},
	{"no host name", "", .hostname = "-", .want = {{FQDN, "", MP_SKIP, {0}}}},
	/* host.witness */
	{"public answers", NAME " A " IP4 "\n", .want = {{WITNESS, NULL, MP_PASS, {0}}}},
	{"127.0.1.1 in the hosts file", NAME " A " IP4 "\n", .hosts = "127.0.1.1 " NAME,
		.want = {{WITNESS, NULL, MP_INFO, {"hosts file says 127.0.1.1", "the DNS says 203.0.113.10"}}}},
	{"the hosts file agrees", NAME " A " IP4 "\n", .hosts = IP4 " " NAME, .want = {{WITNESS, NULL, MP_PASS, {0}}}},
	{"the hosts file alone knows the name", "", .hosts = IP4 " " NAME,
		.want = {{WITNESS, NULL, MP_INFO, {"the DNS says no address"}}}},
	{"a container's own line", NAME " A " IP4 "\n", .hosts = "172.17.0.2 f3a9c1", .hostname = "f3a9c1",
		.want = {{WITNESS, NULL, MP_PASS, {0}}}},
	{"the resolver serves the hosts file", NAME " A 127.0.1.1\n", .hosts = "127.0.1.1 " NAME,
		.want = {{WITNESS, NULL, MP_WARN,
			{"gives 127.0.1.1 for the host's own name mail.example.com", "receivers see 203.0.113.10"}}}},
	{"split DNS", NAME " A 192.168.1.5\n", .want = {{WITNESS, NULL, MP_WARN, {"192.168.1.5"}}}},
	{"split DNS of one family", NAME " A " IP4 "\n" NAME " AAAA fd00::5\n", BOTH,
		.want = {{WITNESS, NULL, MP_WARN, {"fd00::5", "receivers see 2001:db8::10"}}}},
	{"a private address beside the right one", NAME " A " IP4 "\n" NAME " A 10.0.0.5\n",
		.want = {{WITNESS, NULL, MP_PASS, {0}}}},
	{"all is private: a laboratory", NAME " A 127.0.0.10\n", "127.0.0.10", .want = {{WITNESS, NULL, MP_PASS, {0}}}},
	{"witness: time-out", NAME " !TIMEOUT\n", .want = {{WITNESS, NULL, MP_ERROR, {"time-out"}}}},
	{"witness: one family times out", NAME " AAAA !TIMEOUT\n" NAME " A " IP4 "\n",
		.want = {{WITNESS, NULL, MP_PASS, {0}}}},
	{"witness: no name to look up", "", .ehlo = "localhost", .want = {{WITNESS, NULL, MP_SKIP, {"ehlo.syntax"}}}},
	{"witness: a literal", "", .ehlo = "[203.0.113.10]", .want = {{WITNESS, NULL, MP_SKIP, {0}}}},
	/* resolver.health */
	{"validates", "@ad .\n" NAME " A " IP4 "\n",
		.want = {{HEALTH, "127.0.0.1:53", MP_PASS, {"127.0.0.1:53 answers; it validates DNSSEC"}}}},
	{"does not validate", NAME " A " IP4 "\n",
		.want = {{HEALTH, "127.0.0.1:53", MP_PASS, {"it does not validate DNSSEC"}}}},
	{"says that it validates, from afar", "@ad .\n", .resolvers = {"192.0.2.53:53"},
		.want = {{HEALTH, "192.0.2.53:53", MP_PASS, {"whether it validates DNSSEC is not known"}}}},
	{"the root cannot be had", ". SOA !SERVFAIL\n",
		.want = {{HEALTH, "127.0.0.1:53", MP_PASS, {"whether it validates DNSSEC is not known"}}}},
	{"rewrites NXDOMAIN", "nobodyhas123.com A 192.0.2.80\n",
		.want = {{HEALTH, "127.0.0.1:53", MP_WARN, {"rewrites NXDOMAIN", "nobodyhas123.com", "192.0.2.80"}}}},
	{"refuses the name that nobody has", "nobodyhas123.com !REFUSED\n",
		.want = {{HEALTH, "127.0.0.1:53", MP_PASS, {0}}}},
	{"answers nothing", "*. !TIMEOUT\n",
		.want = {{HEALTH, "127.0.0.1:53", MP_ERROR, {"127.0.0.1:53", "time-out"}}}},
	{"refuses all", "*. !REFUSED\n", .want = {{HEALTH, "127.0.0.1:53", MP_ERROR, {"REFUSED"}}}},
	{"no EHLO name to ask for", "", .ehlo = "-", .want = {{HEALTH, "127.0.0.1:53", MP_PASS, {0}}}},
	{"two that agree", NAME " A " IP4 "\n", .resolvers = {"192.0.2.1:53", "[2001:db8::53]:53"}, .nth = 1,
		.want = {{HEALTH, "[2001:db8::53]:53", MP_PASS, {0}}}},
	{"two that differ", NAME " A " IP4 "\n@192.0.2.2 " NAME " A 192.0.2.7\n",
		.resolvers = {"192.0.2.1:53", "192.0.2.2:53"},
		.want = {{HEALTH, "192.0.2.1:53", MP_WARN, {"says something else of this host's names"}}}},
	{"two that differ, the other", NAME " A " IP4 "\n@192.0.2.2 " NAME " A 192.0.2.7\n",
		.resolvers = {"192.0.2.1:53", "192.0.2.2:53"}, .nth = 1,
		.want = {{HEALTH, "192.0.2.2:53", MP_WARN, {0}}}},
	{"three, one differs in the PTR",
		"10.113.0.203.in-addr.arpa PTR " NAME "\n@192.0.2.3 10.113.0.203.in-addr.arpa PTR !NXDOMAIN\n",
		.resolvers = {"192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53"}, .nth = 2,
		.want = {{HEALTH, "192.0.2.3:53", MP_WARN, {0}}}},
	{"three, most agree",
		"10.113.0.203.in-addr.arpa PTR " NAME "\n@192.0.2.3 10.113.0.203.in-addr.arpa PTR !NXDOMAIN\n",
		.resolvers = {"192.0.2.1:53", "192.0.2.2:53", "192.0.2.3:53"},
		.want = {{HEALTH, "192.0.2.1:53", MP_PASS, {0}}}},
	{"one of two is dead", "@192.0.2.2 *. !TIMEOUT\n" NAME " A " IP4 "\n",
		.resolvers = {"192.0.2.1:53", "192.0.2.2:53"}, .nth = 1,
		.want = {{HEALTH, "192.0.2.2:53", MP_ERROR, {"192.0.2.2:53", "time-out"}}}},
	{"one of two is dead: the other does not differ", "@192.0.2.2 *. !TIMEOUT\n" NAME " A " IP4 "\n",
		.resolvers = {"192.0.2.1:53", "192.0.2.2:53"}, .want = {{HEALTH, "192.0.2.1:53", MP_PASS, {0}}}},
	{"no resolver", "", .resolvers = {"-"}, .want = {{HEALTH, "", MP_ERROR, {"No resolver"}}}},
};

static const char *or_none(const char *s, const char *or_else)
{
	return !s ? or_else : strcmp(s, "-") == 0 ? NULL : s;
}

static void every_status(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct mp_source sources[JUDGE_SOURCES];
		struct mp_arena *a = mp_arena_new();
		struct mp_hosts_entry entry;
		struct mp_case c;

		judge_case(&c, sources, row->ips ? row->ips : IP4, or_none(row->ehlo, NAME));
		c.hostname = or_none(row->hostname, NAME);
		c.fqdn = or_none(row->fqdn, NAME);
		c.mta = row->mta;
		if (row->mta)
			c.ehlo_origin = row->mta;
		if (row->hosts) {
			const char *blank = strchr(row->hosts, ' ');

			assert_true(mp_ip_parse(mp_strn(row->hosts, (size_t)(blank - row->hosts)), &entry.address));
			entry.name = blank + 1;
			c.hosts = &entry;
			c.n_hosts = 1;
		}
		if (row->resolvers[0]) {
			c.resolvers = row->resolvers;
			for (c.n_resolvers = 0; c.n_resolvers < 3 && row->resolvers[c.n_resolvers];)
				c.n_resolvers++;
			if (strcmp(row->resolvers[0], "-") == 0)
				c.n_resolvers = 0;
		}
		for (size_t k = 0; k < ARRAY_LEN(row->want) && row->want[k].check; k++) {
			struct judge_want want = row->want[k];

			if (!want.subject)
				want.subject = c.ehlo;
			wrong += judge_expect(
				row->label, &want, &c, row->source, mp_printf(a, "%s%s", row->zone, WORLD), row->nth);
		}
		mp_arena_free(a);
	}
	assert_int_equal(wrong, 0);
}

/* A container: its own name means nothing, the EHLO name is given. No check may blame it. */
static void healthy_sender_in_a_container(void **state)
{
	static const struct mp_check *const checks[] = {HEALTH, WITNESS, FQDN, SYNTAX, RESOLVES, MATCHES};
	const struct mp_hosts_entry entry = {{MP_IPV4, {172, 17, 0, 2}}, "f3a9c1"};
	struct mp_source sources[JUDGE_SOURCES];
	struct mp_case c;

	(void)state;
	judge_case(&c, sources, "172.17.0.2", NAME);
	assert_true(mp_ip_parse(mp_str(IP4), &sources[0].public_ip));
	c.hostname = "f3a9c1";
	c.fqdn = NULL;
	c.hosts = &entry;
	c.n_hosts = 1;
	for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
		struct judge_run run;

		judge_run(&run, checks[i]->id, checks[i], &c, 0, NAME " A " IP4 "\n" WORLD);
		assert_int_equal(run.judge.n_results, 1);
		judge_check_form(checks[i]->id, &run.judge.results[0]);
		row_bool(checks[i]->id,
			run.judge.results[0].status == MP_PASS || run.judge.results[0].status == MP_INFO, true);
		row_bool(checks[i]->id, run.steps <= 1, true);
		judge_release(&run);
	}
}

static void few_questions(void **state)
{
	static const char *const two[] = {"192.0.2.1:53", "192.0.2.2:53"};
	struct mp_source sources[JUDGE_SOURCES];
	struct judge_run run;
	struct mp_case c;

	(void)state;
	judge_case(&c, sources, IP4, NAME);
	judge_run(&run, "one resolver", HEALTH, &c, 0, WORLD);
	assert_int_equal(run.questions, 4);
	assert_int_equal(run.steps, 1);
	assert_true(json_is_false(mp_jget(run.judge.results[0].values, "validates")));
	judge_release(&run);
	c.resolvers = two;
	c.n_resolvers = 2;
	judge_run(&run, "two resolvers", HEALTH, &c, 0, "@ad .\n" WORLD);
	assert_int_equal(run.questions, 8);
	assert_int_equal(run.judge.n_results, 2);
	assert_null(mp_jget(run.judge.results[1].values, "validates"));
	judge_release(&run);
	c.trust_ad = true;
	judge_run(&run, "trusted", HEALTH, &c, 0, "@ad .\n" WORLD);
	assert_true(json_is_true(mp_jget(run.judge.results[1].values, "validates")));
	judge_release(&run);
}

/* The step for the MTA at hand, and never a wanted name that is as bad as the one found. */
static void fixes_fit_the_mta(void **state)
{
	static const struct {
		const char *mta, *origin, *words;
	} mtas[] = {
		{"postfix", "postfix (myhostname)", "main.cf set smtp_helo_name (or myhostname) to mail.example.com"},
		{"exim", "exim", "primary_hostname to mail.example.com"},
		{"opensmtpd", "opensmtpd", "helo with mail.example.com"},
		{"sendmail", "sendmail", "confDOMAIN_NAME as mail.example.com"},
		{"postfix", "--ehlo", "Have the mail server announce mail.example.com (Postfix"},
		{NULL, "hostname", "confDOMAIN_NAME"},
	};
	struct mp_source sources[JUDGE_SOURCES];
	struct judge_run run;
	struct mp_case c;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mtas); i++) {
		judge_case(&c, sources, IP4, "localhost");
		c.mta = mtas[i].mta;
		c.ehlo_origin = mtas[i].origin;
		judge_run(&run, mtas[i].words, SYNTAX, &c, 0, WORLD);
		judge_check_form(mtas[i].words, &run.judge.results[0]);
		if (!strstr(run.judge.results[0].fix, mtas[i].words))
			fail_msg("row '%s': \"%s\"", mtas[i].words, run.judge.results[0].fix);
		judge_release(&run);
	}
	c.fqdn = "localhost.localdomain";
	judge_run(&run, "no good name", SYNTAX, &c, 0, WORLD);
	assert_non_null(strstr(run.judge.results[0].fix, "announce mail.example.com"));
	judge_release(&run);
}

/* A name that does not exist is best mended to the one that was meant. */
static void the_name_that_was_meant(void **state)
{
	struct mp_source sources[JUDGE_SOURCES];
	struct judge_run run;
	struct mp_case c;

	(void)state;
	judge_case(&c, sources, IP4, "maill.example.com");
	judge_run(&run, "meant", RESOLVES, &c, 0, "10.113.0.203.in-addr.arpa PTR " NAME "\n" WORLD);
	assert_int_equal(run.judge.results[0].status, MP_FAIL);
	assert_string_equal(run.judge.results[0].summary,
		"The EHLO name maill.example.com, a likely typo of mail.example.com, does not exist in the DNS.");
	assert_non_null(strstr(run.judge.results[0].fix, "announce mail.example.com"));
	assert_null(strstr(run.judge.results[0].fix, "A record"));
	judge_release(&run);
	judge_run(&run, "nothing near", RESOLVES, &c, 0, "10.113.0.203.in-addr.arpa PTR host.example.net\n" WORLD);
	assert_null(run.judge.results[0].detail);
	assert_non_null(strstr(run.judge.results[0].fix, "In the zone example.com"));
	judge_release(&run);
}

static void likely_typos(void **state)
{
	static const struct {
		const char *x, *y;
		bool typo;
	} names[] = {
		{"mail.example.com", "mial.example.com", true},
		{"mail.example.com", "mal.example.com", true},
		{"mail.example.com", "maill.example.com", true},
		{"mail.example.com", "nail.example.com", true},
		{"mail.example.com", "mail.exmaple.com", true},
		{"mail.example.com", "mail.exampel.com", true},
		{"mail.example.com", "mail.exmapel.com", true}, /* two steps in a long name */
		{"mail.example.com", "mail.example.net", true},
		{"mail.example.com", "mail.example.co", true},
		{"mail.example.co.uk", "mail.example.org.uk", true},
		{"mail.example.com", "mailexample.com", true},
		{"mail-out.example.com", "mailout.example.com", true},
		{"relay.example.com", "realy.example.com", true},
		{"mx-frankfurt.example.com", "mx-frankfrut.example.com", true},
		{"mail.example.com", "MAIL.Example.com", false},
		{"mail.example.com", "mail.example.com.", false},
		{"mail1.example.com", "mail2.example.com", false},
		{"mail.example.com", "mail1.example.com", false},
		{"mx1.example.com", "mx10.example.com", false},
		{"mx.example.com", "mta.example.com", false},
		{"mx.example.com", "my.example.com", false},
		{"mta.example.com", "mts.example.com", false},
		{"mx-a.example.com", "mx-b.example.com", false},
		{"mail-de.example.com", "mail-us.example.com", false},
		{"mail.fra.example.com", "mail.ams.example.com", false},
		{"mail.example.com", "smtp.example.com", false},
		{"mail.example.com", "example.com", false},
		{"mail.example.com", "mail.other.net", false},
		{"mail.example.com", "mx.example.net", false},
		{"localhost", "localhos", false},
		{"mail.example.com", "", false},
		{"", "", false},
		{".", ".", false},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		char *label = mp_printf(a, "%s, %s", names[i].x, names[i].y);

		row_bool(label, mp_likely_typo(a, names[i].x, names[i].y, NULL), names[i].typo);
		row_bool(label, mp_likely_typo(a, names[i].y, names[i].x, NULL), names[i].typo);
	}
	mp_arena_free(a);
}

static void the_table_is_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < mp_n_checks; i++) {
		const struct mp_check *c = mp_checks[i];

		row_bool(c->id, c->title && *c->title && c->title[strlen(c->title) - 1] != '.', true);
		row_bool(c->id, c->ref && c->judge && c->in, true);
		row_bool(c->id, mp_check_by_id(c->id) == c, true); /* no id twice */
	}
	assert_null(mp_check_by_id("ptr"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status),
		cmocka_unit_test(healthy_sender_in_a_container),
		cmocka_unit_test(few_questions),
		cmocka_unit_test(fixes_fit_the_mta),
		cmocka_unit_test(the_name_that_was_meant),
		cmocka_unit_test(likely_typos),
		cmocka_unit_test(the_table_is_sound),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
