/* tests/unit/test_dns_dmarc.c - DMARC: records, tree walks, policies, alignment, reports to others, RFC 7489 beside it */
#include <stdarg.h>
#include <stddef.h>

#include "dns/dmarc.h"
#include "tests/unit/row.h"
#include "tests/world/zone.h"

/* ---- records */

struct record_row {
	const char *label, *record;
	const char *tags; /* "p sp np psd flags" with '-' for what is not there, '!' for not valid; NULL: no record */
	const char *
		notes; /* parts of the notes that are there, in order, '|' between: "!": fault, "+": warning, ".": remark */
};

static const struct record_row records[] = {
	{"RFC 9989 B.2.1", "v=DMARC1; p=none; rua=mailto:dmarc-feedback@example.com", "none - - u a", ""},
	{"all tags",
		"v=DMARC1;p=reject;sp=quarantine;np=reject;psd=n;t=y;adkim=s;aspf=s;fo=1:d:s;ruf=mailto:a@b.example",
		"reject quarantine reject n tds", ""},
	{"defaults written out", "v=DMARC1; p=none; psd=u; t=n; adkim=r; aspf=r", "none - - u ", ""},
	{"values of any case", "v=DMARC1; p=None; sp=REJECT; psd=Y", "none reject - y ", ""},
	{"white space around", "v\t= DMARC1 ; p = quarantine ;", "quarantine - - u ", ""},
	{"capital V", "V=DMARC1; p=none", "none - - u ", ".lower case"},
	{"no p", "v=DMARC1; rua=mailto:a@example.com", "- - - u a", "+no tag p"},
	{"version alone", "v=DMARC1", "- - - u ", "+no tag p"},
	{"p not valid", "v=DMARC1; p=r", "! - - u b", "!\"r\" of the tag p"},
	{"p empty", "v=DMARC1; p=", "! - - u b", "!of the tag p"},
	{"sp not valid", "v=DMARC1; p=reject; sp=quarantin", "reject ! - u b", "!of the tag sp"},
	{"np not valid", "v=DMARC1; p=reject; np=yes", "reject - ! u b", "!of the tag np"},
	{"letters not valid", "v=DMARC1; p=none; adkim=x; aspf=strict; t=1; psd=maybe", "none - - u ",
		"+tag adkim|+tag aspf|+tag t|+tag psd"},
	{"pct", "v=DMARC1; p=reject; pct=50", "reject - - u ", "+pct=50 was removed"},
	{"pct that changes nothing", "v=DMARC1; p=reject; pct=100", "reject - - u ", ".pct=100 was removed"},
	{"rf and ri", "v=DMARC1; p=none; rf=afrf; ri=3600", "none - - u ", ".rf=afrf|+ri=3600"},
	{"an unknown tag", "v=DMARC1; p=none; polcy=reject", "none - - u ", "+\"polcy\" is unknown"},
	{"twice", "v=DMARC1; p=none; p=reject", "none - - u ", "+tag \"p\" twice (byte 19)"},
	{"a syntax error is passed over", "v=DMARC1; none; p=reject", "reject - - u ", "+no '=' in \"none\""},
	{"binary in a value", "v=DMARC1; p=none; rua=\x01\xff", "none - - u ", "+not printable ASCII"},
	{"rua without mailto", "v=DMARC1; p=none; rua=dmarc@example.com", "none - - u ", "+\"mailto:\" is missing"},
	{"rua with a limit", "v=DMARC1; p=none; rua=mailto:a@example.com!10m", "none - - u a", ".size limit"},
	{"rua of another scheme", "v=DMARC1; p=none; rua=https://example.com/r", "none - - u a", ".not a mailto: one"},
	{"rua without a mailbox", "v=DMARC1; p=none; rua=mailto:example.com", "none - - u ", "+names no mailbox"},
	{"rua with a bad domain", "v=DMARC1; p=none; rua=mailto:a@exa_mple..com", "none - - u ", "+no valid domain"},
	{"one good rua of two", "v=DMARC1; p=none; rua=nonsense, mailto:a@example.com", "none - - u a",
		"+\"nonsense\""},
	{"fo without ruf", "v=DMARC1; p=none; fo=0:s", "none - - u ", ".no effect without ruf"},
	{"fo with both digits", "v=DMARC1; p=none; fo=0:1; ruf=mailto:a@example.com", "none - - u ", "+tag fo"},
	{"fo twice the same", "v=DMARC1; p=none; fo=d:d; ruf=mailto:a@example.com", "none - - u ", "+tag fo"},
	{"v not first", "p=none; v=DMARC1", NULL, NULL},
	{"lower case version", "v=dmarc1; p=none", NULL, NULL},
	{"another version", "v=DMARC2; p=none", NULL, NULL},
	{"longer version", "v=DMARC10; p=none", NULL, NULL},
	{"no semicolon", "v=DMARC1 p=none", NULL, NULL},
	{"white space first", " v=DMARC1; p=none", NULL, NULL},
	{"SPF", "v=spf1 -all", NULL, NULL},
	{"nothing", "", NULL, NULL},
};

static const char *policy_mark(enum dns_dmarc_policy p)
{
	return p == DNS_DMARC_ABSENT ? "-" : p == DNS_DMARC_INVALID ? "!" : dns_dmarc_policy_name(p);
}

static void expect_notes(const struct record_row *row, const struct dns_dmarc_record *r)
{
	struct mp_str rest = mp_str(row->notes), part;
	size_t n = 0;

	while (*row->notes && mp_str_split(&rest, '|', &part)) {
		if (n >= r->n_notes)
			fail_msg("row '%s': no note for \"%.*s\"", row->label, (int)part.n, part.p);
		if (r->note[n].weight != (enum dns_dmarc_weight)(strchr(".+!", part.p[0]) - ".+!") ||
			!memmem(r->note[n].words, strlen(r->note[n].words), part.p + 1, part.n - 1))
			fail_msg("row '%s': got \"%s\" (%d), want \"%.*s\"", row->label, r->note[n].words,
				(int)r->note[n].weight, (int)part.n, part.p);
		n++;
	}
	if (r->n_notes != n)
		fail_msg("row '%s': further note \"%s\"", row->label, r->note[n].words);
}

static void parse(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		const struct record_row *row = &records[i];
		struct mp_arena *a = mp_arena_new();
		struct dns_dmarc_record r;
		bool is = dns_dmarc_parse(a, mp_str(row->record), &r);

		row_bool(row->label, is, row->tags != NULL);
		if (is) {
			row_str(row->label,
				mp_printf(a, "%s %s %s %c %s%s%s%s%s", policy_mark(r.p), policy_mark(r.sp),
					policy_mark(r.np), r.psd, r.test ? "t" : "", r.strict_dkim ? "d" : "",
					r.strict_spf ? "s" : "", r.has_rua ? "a" : "", r.broken ? "b" : ""),
				row->tags);
			expect_notes(row, &r);
		}
		mp_arena_free(a);
	}
}

static void near_misses(void **state)
{
	static const struct {
		const char *record, *words;
	} rows[] = {
		{" v=DMARC1; p=none", "white space before"},
		{"\"v=DMARC1; p=none\"", "quotation marks"},
		{"v=dmarc1; p=none", "begins with \"v=dmarc1;\""},
		{"v=DMARC1, p=none", "begins with \"v=DMARC1,\""},
		{"v=spf1 -all", "SPF record"},
		{"v=DKIM1; p=x", "DKIM key"},
		{"p=none; v=DMARC1", "another place"},
		{"p=reject", "lacks v=DMARC1"},
		{"DMARC1; p=none", "lacks \"v=\""},
		{"hello", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		const char *words = dns_dmarc_near_miss(a, mp_str(rows[i].record));

		if (!words != !rows[i].words || (words && !strstr(words, rows[i].words)))
			fail_msg("row '%s': got \"%s\"", rows[i].record, words ? words : "(null)");
		mp_arena_free(a);
	}
}

/* ---- discovery, over zone text */

#define ROOT ". SOA a.root h.root 1 2 3 4 5\n"
#define DEEP "a.b.c.d.e.f.g.h.i.j.mail.example.com"

struct walk_row {
	const char *label, *domain, *zone;
	const char *walk; /* the names walked, blanks between */
	const char *org;
	enum dns_dmarc_found found;
	const char *record_domain, *policy, *from; /* policy after t; NULL where there is no record */
	const char *other; /* "DOMAIN=yes", "DOMAIN=no", "DOMAIN=?": relaxed alignment; blanks between */
	const char *old;   /* RFC 7489: "ORG RECORD-DOMAIN POLICY" with '-' where there is none; "?": unknown */
};

static const struct walk_row walks[] = {
	/* RFC 9989 4.10, 4.10.2 */
	{"the eight questions of RFC 9989", DEEP, ROOT,
		DEEP " g.h.i.j.mail.example.com h.i.j.mail.example.com i.j.mail.example.com j.mail.example.com "
		     "mail.example.com example.com com",
		DEEP, DNS_DMARC_NO_RECORD, NULL, NULL, NULL, NULL, "example.com - -"},
	{"eight labels", "a.b.c.d.e.f.example.com", ROOT,
		"a.b.c.d.e.f.example.com b.c.d.e.f.example.com c.d.e.f.example.com d.e.f.example.com e.f.example.com "
		"f.example.com example.com com",
		"a.b.c.d.e.f.example.com", DNS_DMARC_NO_RECORD, NULL, NULL, NULL, NULL, NULL},
	{"the shortest name with a record", "a.mail.example.com",
		"_dmarc.mail.example.com TXT \"v=DMARC1; p=reject\"\n_dmarc.example.com TXT \"v=DMARC1; p=none\"\n" ROOT,
		"a.mail.example.com mail.example.com example.com com", "example.com", DNS_DMARC_FOUND, "example.com",
		"none", "p", "mail.example.com=yes b.example.com=yes example.net=no", "example.com example.com none"},
	{"psd=n ends it", "a.mail.example.com",
		"_dmarc.mail.example.com TXT \"v=DMARC1; p=reject; psd=n\"\n_dmarc.example.com TXT \"v=DMARC1; p=none\"\n" ROOT,
		"a.mail.example.com mail.example.com", "mail.example.com", DNS_DMARC_FOUND, "mail.example.com",
		"reject", "p", "mail.example.com=yes example.com=no www.example.com=no",
		"example.com example.com none"},
	{"psd=y at the TLD", "a.mail.example.com", "_dmarc.com TXT \"v=DMARC1; p=reject; sp=quarantine; psd=y\"\n" ROOT,
		"a.mail.example.com mail.example.com example.com com", "example.com", DNS_DMARC_FOUND, "com",
		"quarantine", "sp", "example.com=yes b.example.com=yes other.com=no", "example.com - -"},
	{"psd=y above a record of the organization", "www.example.com",
		"_dmarc.com TXT \"v=DMARC1; p=reject; psd=y\"\n_dmarc.example.com TXT \"v=DMARC1; p=quarantine\"\n" ROOT,
		"www.example.com example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "quarantine", "p",
		NULL, NULL},
	{"psd=y at the start itself", "giant.bank.example",
		"_dmarc.giant.bank.example TXT \"v=DMARC1; p=reject; psd=y\"\n_dmarc.bank.example TXT \"v=DMARC1; p=none\"\n" ROOT,
		"giant.bank.example", "giant.bank.example", DNS_DMARC_FOUND, "giant.bank.example", "reject", "p", NULL,
		NULL},
	{"a record at a name between counts for none of the three", "a.b.example.com",
		"_dmarc.b.example.com TXT \"v=DMARC1; p=reject\"\n_dmarc.com TXT \"v=DMARC1; p=none; psd=y\"\n" ROOT,
		"a.b.example.com b.example.com example.com com", "example.com", DNS_DMARC_FOUND, "com", "none", "p",
		NULL, "example.com - -"},
	/* the policy */
	{"its own record", "example.com", "_dmarc.example.com TXT \"v=DMARC1; p=reject; sp=none\"\n" ROOT,
		"example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "reject", "p",
		"mail.example.com=yes example.com=yes EXAMPLE.COM.=yes com=no", "example.com example.com reject"},
	{"own record below the organization's", "news.example.com",
		"_dmarc.news.example.com TXT \"v=DMARC1; p=quarantine; sp=none\"\n"
		"_dmarc.example.com TXT \"v=DMARC1; p=reject; sp=reject\"\n" ROOT,
		"news.example.com example.com com", "example.com", DNS_DMARC_FOUND, "news.example.com", "quarantine",
		"p", "shop.example.com=yes", "example.com news.example.com quarantine"},
	{"sp for a subdomain that exists", "www.example.com",
		"www.example.com A 192.0.2.1\n_dmarc.example.com TXT \"v=DMARC1; p=reject; sp=quarantine; np=none\"\n" ROOT,
		"www.example.com example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "quarantine", "sp",
		NULL, "example.com example.com quarantine"},
	{"np for one that does not", "nobody.example.com",
		"_dmarc.example.com TXT \"v=DMARC1; p=none; sp=quarantine; np=reject\"\n" ROOT,
		"nobody.example.com example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "reject", "np",
		NULL, "example.com example.com quarantine"},
	{"np where there is data of another type", "txt.example.com",
		"txt.example.com TXT \"x\"\n_dmarc.example.com TXT \"v=DMARC1; p=none; np=reject\"\n" ROOT,
		"txt.example.com example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "none", "p", NULL,
		NULL},
	{"np, and whether it exists is not known", "odd.example.com",
		"odd.example.com A !SERVFAIL\n_dmarc.example.com TXT \"v=DMARC1; p=none; np=reject\"\n" ROOT,
		"odd.example.com example.com com", "example.com", DNS_DMARC_UNKNOWN, NULL, NULL, NULL, NULL, NULL},
	{"t=y lowers reject", "example.com", "_dmarc.example.com TXT \"v=DMARC1; p=reject; t=y\"\n" ROOT,
		"example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "quarantine", "p", NULL,
		"example.com example.com reject"},
	{"t=y lowers quarantine", "example.com", "_dmarc.example.com TXT \"v=DMARC1; p=quarantine; t=y\"\n" ROOT,
		"example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "none", "p", NULL, NULL},
	{"t=y leaves none", "example.com", "_dmarc.example.com TXT \"v=DMARC1; p=none; t=y\"\n" ROOT, "example.com com",
		"example.com", DNS_DMARC_FOUND, "example.com", "none", "p", NULL, NULL},
	{"t=y lowers sp", "www.example.com", "_dmarc.example.com TXT \"v=DMARC1; p=none; sp=reject; t=y\"\n" ROOT,
		"www.example.com example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "quarantine", "sp",
		NULL, NULL},
	{"no p", "example.com", "_dmarc.example.com TXT \"v=DMARC1; rua=mailto:a@example.com\"\n" ROOT,
		"example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "none", "p", NULL,
		"example.com example.com none"},
	{"p not valid, reports wanted", "example.com",
		"_dmarc.example.com TXT \"v=DMARC1; p=rejct; rua=mailto:a@example.com\"\n" ROOT, "example.com com",
		"example.com", DNS_DMARC_FOUND, "example.com", "none", "p", NULL, NULL},
	{"p not valid", "example.com", "_dmarc.example.com TXT \"v=DMARC1; p=rejct\"\n" ROOT, "example.com com",
		"example.com", DNS_DMARC_BROKEN, "example.com", "none", "p", NULL, NULL},
	{"sp not valid makes all of it none", "example.com",
		"_dmarc.example.com TXT \"v=DMARC1; p=reject; sp=x; rua=mailto:a@example.com\"\n" ROOT,
		"example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "none", "p", NULL, NULL},
	/* what is found */
	{"several records are none, and the walk goes on", "www.example.com",
		"_dmarc.www.example.com TXT \"v=DMARC1; p=reject\"\n_dmarc.www.example.com TXT \"v=DMARC1; p=none\"\n"
		"_dmarc.example.com TXT \"v=DMARC1; p=quarantine\"\n" ROOT,
		"www.example.com example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "quarantine", "p",
		NULL, "example.com - -"},
	{"other text beside it", "example.com",
		"_dmarc.example.com TXT \"v=spf1 -all\"\n_dmarc.example.com TXT \"v=DMARC1; \" \"p=reject\"\n"
		"_dmarc.example.com TXT \"hello\"\n" ROOT,
		"example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "reject", "p", NULL, NULL},
	{"an alias", "example.com",
		"_dmarc.example.com CNAME d.host.example\nd.host.example TXT \"v=DMARC1; p=reject\"\n" ROOT,
		"example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "reject", "p", NULL, NULL},
	{"a record at the domain itself stops nothing", "www.example.com",
		"www.example.com TXT \"v=DMARC1; p=reject\"\n_dmarc.example.com TXT \"v=DMARC1; p=none\"\n" ROOT,
		"www.example.com example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "none", "p", NULL,
		NULL},
	{"no record anywhere: the domain itself", "www.example.com", ROOT, "www.example.com example.com com",
		"www.example.com", DNS_DMARC_NO_RECORD, NULL, NULL, NULL, NULL, "example.com - -"},
	{"one label", "localdomain", "_dmarc.localdomain TXT \"v=DMARC1; p=reject\"\n" ROOT, "localdomain",
		"localdomain", DNS_DMARC_FOUND, "localdomain", "reject", "p", NULL, NULL},
	/* look-ups that fail */
	{"SERVFAIL at the domain", "www.example.com",
		"_dmarc.www.example.com !SERVFAIL\n_dmarc.example.com TXT \"v=DMARC1; p=none\"\n" ROOT,
		"www.example.com example.com com", "example.com", DNS_DMARC_UNKNOWN, NULL, NULL, NULL, NULL, "?"},
	{"time-out above its own record", "www.example.com",
		"_dmarc.www.example.com TXT \"v=DMARC1; p=reject\"\n_dmarc.example.com !TIMEOUT\n" ROOT,
		"www.example.com example.com com", "www.example.com", DNS_DMARC_FOUND, "www.example.com", "reject", "p",
		"www.example.com=yes mail.example.com=? example.net=no", NULL},
	{"time-out between", "www.example.com", "_dmarc.example.com !TIMEOUT\n" ROOT, "www.example.com example.com com",
		"www.example.com", DNS_DMARC_UNKNOWN, NULL, NULL, NULL, NULL, "?"},
	{"a TLD that fails changes nothing for a domain below it", "www.example.com",
		"_dmarc.com !REFUSED\n_dmarc.example.com TXT \"v=DMARC1; p=reject\"\n" ROOT,
		"www.example.com example.com com", "example.com", DNS_DMARC_FOUND, "example.com", "reject", "p",
		"mail.example.com=yes other.com=no", NULL},
	{"what is above psd=n need not be known", "a.example.com",
		"_dmarc.a.example.com TXT \"v=DMARC1; p=reject; psd=n\"\n_dmarc.example.com !SERVFAIL\n" ROOT,
		"a.example.com", "a.example.com", DNS_DMARC_FOUND, "a.example.com", "reject", "p",
		"b.a.example.com=yes", NULL},
	{"CNAME loop", "example.com",
		"_dmarc.example.com CNAME x.example.com\nx.example.com CNAME _dmarc.example.com\n" ROOT,
		"example.com com", "example.com", DNS_DMARC_UNKNOWN, NULL, NULL, NULL, NULL, NULL},
};

static struct world_zone *zone(const char *label, struct mp_evidence *ev, const char *text)
{
	struct mp_err err = {.msg = ""};
	struct world_zone *z = world_zone_parse(mp_evidence_arena(ev), text, &err);

	if (!z)
		fail_msg("row '%s': %s", label, err.msg);
	return z;
}

/* Repeat `step` until it is no longer pending. */
#define UNTIL(label, z, ev, step)                                               \
	for (size_t tries_ = 0; !(step); tries_++) {                            \
		assert_null(world_zone_feed(z, ev));                            \
		if (tries_ > 8)                                                 \
			fail_msg("row '%s': it does not end: " #step, (label)); \
	}

static void expect_alignment(const struct walk_row *row, struct world_zone *z, struct mp_evidence *ev,
	struct mp_arena *a, const struct dns_dmarc *d)
{
	struct mp_str rest = mp_str(row->other), item;

	while (mp_str_split(&rest, ' ', &item)) {
		struct mp_str want = item, name;
		enum dns_dmarc_aligned got;
		const char *identity;

		mp_str_split(&want, '=', &name);
		identity = mp_dupstr(a, name);
		UNTIL(row->label, z, ev, (got = dns_dmarc_align(ev, a, d, identity, false, NULL)) != DNS_DMARC_PENDING)
		if (!mp_str_eq(want, mp_str(got == DNS_DMARC_ALIGNED        ? "yes"
					     : got == DNS_DMARC_NOT_ALIGNED ? "no"
									    : "?")))
			fail_msg("row '%s': %s: got %d", row->label, identity, (int)got);
		row_bool(row->label, dns_dmarc_align(ev, a, d, identity, true, NULL) == DNS_DMARC_ALIGNED,
			dns_name_eq(identity, row->domain));
	}
}

static void discover(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(walks); i++) {
		const struct walk_row *row = &walks[i];
		struct mp_evidence *ev = mp_evidence_new();
		struct mp_arena *a = mp_arena_new();
		struct world_zone *z = zone(row->label, ev, row->zone);
		struct mp_buf names = MP_BUF(4096);
		struct dns_dmarc d;

		UNTIL(row->label, z, ev, dns_dmarc_discover(ev, a, row->domain, &d))
		for (size_t k = 0; k < d.walk.n; k++)
			mp_buf_addf(&names, "%s%s", k ? " " : "", d.walk.step[k].domain);
		row_str(row->label, mp_buf_cstr(&names), row->walk);
		mp_buf_release(&names);
		row_str(row->label, d.walk.org, row->org);
		row_int(row->label, d.found, row->found);
		if (row->policy) {
			row_str(row->label, d.record_domain, row->record_domain);
			row_str(row->label, dns_dmarc_policy_name(d.policy), row->policy);
			row_str(row->label, d.taken_from, row->from);
		}
		row_bool(row->label, d.failed != NULL, row->found == DNS_DMARC_UNKNOWN);
		if (row->other)
			expect_alignment(row, z, ev, a, &d);
		if (row->old) {
			struct dns_dmarc_7489 old;

			UNTIL(row->label, z, ev, dns_dmarc_7489(ev, a, row->domain, &old))
			row_str(row->label,
				old.found == DNS_DMARC_UNKNOWN
					? "?"
					: mp_printf(a, "%s %s %s", old.org, old.record_domain ? old.record_domain : "-",
						  old.record_domain ? dns_dmarc_policy_name(old.policy) : "-"),
				row->old);
		}
		mp_arena_free(a);
		mp_evidence_free(ev);
	}
}

/* ---- reports to others */

static void external(void **state)
{
	static const struct {
		const char *target;
		enum dns_dmarc_external want;
	} rows[] = {
		{"example.com", DNS_DMARC_EXT_OWN},
		{"reports.example.com", DNS_DMARC_EXT_OWN},
		{"good.example.net", DNS_DMARC_EXT_ALLOWED},
		{"wild.example.net", DNS_DMARC_EXT_ALLOWED},
		{"none.example.net", DNS_DMARC_EXT_REFUSED},
		{"text.example.net", DNS_DMARC_EXT_REFUSED},
		{"slow.example.net", DNS_DMARC_EXT_UNKNOWN},
	};
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_arena *a = mp_arena_new();
	struct world_zone *z = zone("external", ev,
		ROOT "_dmarc.example.com TXT \"v=DMARC1; p=none\"\n"
		     "example.com._report._dmarc.good.example.net TXT \"v=DMARC1\"\n"
		     "*._report._dmarc.wild.example.net TXT \"v=DMARC1;\"\n"
		     "example.com._report._dmarc.text.example.net TXT \"v=spf1 -all\"\n"
		     "example.com._report._dmarc.slow.example.net !TIMEOUT\n");

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		enum dns_dmarc_external got;
		const struct dns_answer *answer;
		const char *name;

		UNTIL(rows[i].target, z, ev,
			(got = dns_dmarc_external(ev, a, "example.com", rows[i].target, &name, &answer)) !=
				DNS_DMARC_EXT_PENDING)
		row_int(rows[i].target, got, rows[i].want);
	}
	mp_arena_free(a);
	mp_evidence_free(ev);
}

/* ---- bounds */

static void hostile(void **state)
{
	static const char *const parts[] = {"p=none;", ",mailto:a@b.c", "=", ";", "\xff", "x=1;", "pct=1;"};
	enum { SIZE = 65535 };
	char *bytes = mp_xmalloc(SIZE);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		struct mp_arena *a = mp_arena_new();
		size_t n = strlen(parts[i]);
		struct dns_dmarc_record r;

		for (size_t at = 0; at < SIZE; at++)
			bytes[at] = parts[i][at % n];
		memcpy(bytes, "v=DMARC1;rua=", 13);
		assert_true(dns_dmarc_parse(a, mp_strn(bytes, SIZE), &r));
		assert_true(r.n_notes <= DNS_DMARC_NOTES && r.n_rua <= DNS_DMARC_URIS);
		dns_dmarc_near_miss(a, mp_strn(bytes + 1, SIZE - 1));
		mp_arena_free(a);
	}
	free(bytes);
}

static void long_names(void **state)
{
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_arena *a = mp_arena_new();
	struct world_zone *z = zone("long names", ev, ROOT "_dmarc.a.a TXT \"v=DMARC1; p=reject\"\n");
	struct dns_dmarc d;
	char name[400];

	(void)state;
	/* 127 labels: with "_dmarc" before them no name any more, so nothing can be there; what is above is found. */
	for (size_t i = 0; i < 127; i++)
		memcpy(name + 2 * i, "a.", 3);
	UNTIL("127 labels", z, ev, dns_dmarc_discover(ev, a, name, &d))
	assert_int_equal(d.walk.n, 8);
	assert_int_equal(d.found, DNS_DMARC_FOUND);
	assert_string_equal(d.record_domain, "a.a");
	/* No name at all. */
	memset(name, 'x', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	UNTIL("no name", z, ev, dns_dmarc_discover(ev, a, name, &d))
	assert_int_equal(d.walk.n, 0);
	assert_int_equal(d.found, DNS_DMARC_NO_RECORD);
	assert_int_equal(dns_dmarc_align(ev, a, &d, "example.com", false, NULL), DNS_DMARC_NOT_ALIGNED);
	UNTIL("the root", z, ev, dns_dmarc_discover(ev, a, ".", &d))
	assert_int_equal(d.walk.n, 0);
	mp_arena_free(a);
	mp_evidence_free(ev);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parse),
		cmocka_unit_test(near_misses),
		cmocka_unit_test(discover),
		cmocka_unit_test(external),
		cmocka_unit_test(hostile),
		cmocka_unit_test(long_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
