/* tests/unit/test_spf.c - check_host() over zone text, rule by rule of RFC 7208; records that are out for harm */
#include "base/text.h"
#include "dns/spf_record.h"
#include "tests/unit/row.h"
#include "tests/world/zone.h"

#define SOA " SOA ns.test h.test 1 2 3 4 5\n"

/* The domain of RFC 7208's appendix A, without its records. */
#define APPENDIX                                                               \
	"example.com" SOA "example.com MX 10 mail-a.example.com\n"             \
	"example.com MX 20 mail-b.example.com\n"                               \
	"example.com A 192.0.2.10\n"                                           \
	"example.com A 192.0.2.11\n"                                           \
	"amy.example.com A 192.0.2.65\n"                                       \
	"bob.example.com A 192.0.2.66\n"                                       \
	"mail-a.example.com A 192.0.2.129\n"                                   \
	"mail-b.example.com A 192.0.2.130\n"                                   \
	"example.org" SOA "example.org MX 10 mail-c.example.org\n"             \
	"mail-c.example.org A 192.0.2.140\n"                                   \
	"2.0.192.in-addr.arpa" SOA "10.2.0.192.in-addr.arpa PTR example.com\n" \
	"65.2.0.192.in-addr.arpa PTR amy.example.com\n"                        \
	"66.2.0.192.in-addr.arpa PTR bob.example.com\n"                        \
	"129.2.0.192.in-addr.arpa PTR mail-a.example.com\n"                    \
	"130.2.0.192.in-addr.arpa PTR mail-b.example.com\n"                    \
	"140.2.0.192.in-addr.arpa PTR mail-c.example.org\n"                    \
	"10.0.10.in-addr.arpa" SOA "4.0.0.10.in-addr.arpa PTR bob.example.com\n"

#define V4 "192.0.2.7"
#define V6 "2001:db8::cb01"

struct row {
	const char *label;
	const char *record; /* the TXT record of d.test; NULL: none */
	const char *zone;   /* more of it; the zones "test" and what is needed of arpa are there */
	const char *ip;
	const char *sender; /* NULL: strong-bad@d.test */
	enum spf_result result;
	unsigned lookups, voids;
	const char *explanation; /* "" none */
	const char *path;        /* NULL: none */
};

#define ROW(label, record, zone, ip, result, lookups, voids, path)                    \
	{                                                                             \
		label, record, zone, ip, NULL, SPF_##result, lookups, voids, "", path \
	}
#define EXPLAINS(label, record, zone, ip, sender, explanation)                       \
	{                                                                            \
		label, record, zone, ip, sender, SPF_FAIL, 0, 0, explanation, "-all" \
	}
/* What the macros of a name expand to: exists asks for just that name. */
#define EXPANDS(label, macros, name, ip, sender)                                                               \
	{                                                                                                      \
		label, "v=spf1 exists:" macros " -all", name " A 127.0.0.2\n", ip, sender, SPF_PASS, 1, 0, "", \
			"exists:" macros " (" name ")"                                                         \
	}
#define SYNTAX(label, record) ROW(label, record, "", V4, PERMERROR, 0, 0, NULL)

static const struct row rows[] = {
	/* 4.3: domains that are none */
	{"one label", NULL, "", V4, "x@localhost", SPF_NONE, 0, 0, "", NULL},
	{"an address literal", NULL, "", V4, "x@[192.0.2.7]", SPF_NONE, 0, 0, "", NULL},
	{"an empty label", NULL, "", V4, "x@a..test", SPF_NONE, 0, 0, "", NULL},
	{"a label of 64 bytes", NULL, "", V4, "x@a123456789012345678901234567890123456789012345678901234567890123.test",
		SPF_NONE, 0, 0, "", NULL},
	{"a label of 63 bytes that does not exist", NULL, "", V4,
		"x@a12345678901234567890123456789012345678901234567890123456789012.test", SPF_NONE, 0, 0, "", NULL},
	{"a domain that does not exist", NULL, "", V4, "x@nowhere.test", SPF_NONE, 0, 0, "", NULL},
	{"a last dot", "v=spf1 +all", "", V4, "x@d.test.", SPF_PASS, 0, 0, "", "+all"},
	{"capitals in the domain", "v=spf1 +all", "", V4, "x@D.Test", SPF_PASS, 0, 0, "", "+all"},
	ROW("no TXT record", NULL, "d.test A 192.0.2.1\n", V4, NONE, 0, 0, NULL),

	/* 4.4: look-ups that fail */
	ROW("SERVFAIL", NULL, "d.test TXT !SERVFAIL\n", V4, TEMPERROR, 0, 0, NULL),
	ROW("REFUSED", NULL, "d.test TXT !REFUSED\n", V4, TEMPERROR, 0, 0, NULL),
	ROW("a time-out", NULL, "d.test TXT !TIMEOUT\n", V4, TEMPERROR, 0, 0, NULL),
	ROW("a malformed answer", NULL, "d.test TXT !MALFORMED\n", V4, TEMPERROR, 0, 0, NULL),
	ROW("another RCODE", NULL, "d.test TXT !RCODE 4\n", V4, TEMPERROR, 0, 0, NULL),

	/* 3.3, 4.5: which record */
	ROW("other TXT records beside it", "v=spf1 +all", "d.test TXT \"hello\"\nd.test TXT \"\"\n", V4, PASS, 0, 0,
		"+all"),
	ROW("two records", "v=spf1 +all", "d.test TXT \"v=spf1 -all\"\n", V4, PERMERROR, 0, 0, NULL),
	ROW("two equal in all but case", "v=spf1 -all", "d.test TXT \"V=SPF1 -all\"\n", V4, PERMERROR, 0, 0, NULL),
	ROW("version in capitals", "V=SPF1 +all", "", V4, PASS, 0, 0, "+all"),
	ROW("the version alone", "v=spf1", "", V4, NEUTRAL, 0, 0, NULL),
	ROW("the version and a blank", "v=spf1 ", "", V4, NEUTRAL, 0, 0, NULL),
	ROW("v=spf10", "v=spf10 +all", "", V4, NONE, 0, 0, NULL),
	ROW("v=spf1 and a tab", "v=spf1\\009+all", "", V4, NONE, 0, 0, NULL),
	ROW("v=spf1;", "v=spf1; +all", "", V4, NONE, 0, 0, NULL),
	ROW("v=spf1-all", "v=spf1-all", "", V4, NONE, 0, 0, NULL),
	ROW("a blank before the version", " v=spf1 +all", "", V4, NONE, 0, 0, NULL),
	ROW("a quote before the version", "\\\"v=spf1 +all", "", V4, NONE, 0, 0, NULL),
	ROW("spf2.0", "spf2.0/mfrom +all", "", V4, NONE, 0, 0, NULL),
	ROW("spf2.0 beside v=spf1", "v=spf1 +all", "d.test TXT \"spf2.0/pra -all\"\n", V4, PASS, 0, 0, "+all"),
	ROW("type SPF does not count", NULL, "d.test SPF \"v=spf1 +all\"\n", V4, NONE, 0, 0, NULL),
	ROW("strings are joined without a blank", NULL, "d.test TXT \"v=spf1 ip4:192.0\" \".2.7 -a\" \"ll\"\n", V4,
		PASS, 0, 0, "ip4:192.0.2.7"),
	ROW("a blank lost between strings", NULL, "d.test TXT \"v=spf1 +all\" \"mx\"\n", V4, PERMERROR, 0, 0, NULL),
	ROW("the version is split", NULL, "d.test TXT \"v=s\" \"pf1 -all\"\n", V4, FAIL, 0, 0, "-all"),
	ROW("through a CNAME", NULL, "d.test CNAME e.test\ne.test TXT \"v=spf1 -all\"\n", V4, FAIL, 0, 0, "-all"),
	ROW("blanks everywhere", "v=spf1   ip4:192.0.2.1    -all   ", "", V4, FAIL, 0, 0, "-all"),

	/* 4.6: terms */
	SYNTAX("a tab between terms", "v=spf1 a\\009-all"),
	SYNTAX("a mechanism that does not exist", "v=spf1 foo -all"),
	SYNTAX("the error stands behind what matches", "v=spf1 +all foo"),
	SYNTAX("ipv4 for ip4", "v=spf1 ipv4:192.0.2.7 -all"),
	SYNTAX("an address without ip4:", "v=spf1 192.0.2.7 -all"),
	SYNTAX("a byte that is not ASCII", "v=spf1 a:b\\228r.test -all"),
	SYNTAX("a byte that is not ASCII in an unknown modifier", "v=spf1 x=\\195\\164 -all"),
	SYNTAX("a NUL", "v=spf1 a\\000 -all"),
	SYNTAX("a qualifier alone", "v=spf1 - all"),
	SYNTAX("two qualifiers", "v=spf1 --all"),
	SYNTAX("another minus sign", "v=spf1 \\226\\128\\147all"),
	SYNTAX("a comma between terms", "v=spf1 a,mx -all"),
	SYNTAX("a qualifier before a modifier", "v=spf1 -redirect=e.test"),
	ROW("capitals in a mechanism", "v=spf1 IP4:192.0.2.7 -ALL", "", V4, PASS, 0, 0, "IP4:192.0.2.7"),
	ROW("unknown modifiers are ignored", "v=spf1 moo.cow-far_out=man:dog/cat x= -all", "", V4, FAIL, 0, 0, "-all"),
	ROW("unknown modifiers may have the letters of exp=", "v=spf1 x=%{c}%{r}%{t} -all", "", V4, FAIL, 0, 0, "-all"),
	ROW("an unknown modifier may stand twice", "v=spf1 x=1 x=2 -all", "", V4, FAIL, 0, 0, "-all"),
	SYNTAX("an unknown modifier with a broken macro", "v=spf1 x=%a -all"),
	SYNTAX("a modifier's name begins with a digit", "v=spf1 9x=1 -all"),
	SYNTAX("a modifier without a name", "v=spf1 =1 -all"),
	SYNTAX("redirect twice", "v=spf1 redirect=e.test redirect=e.test"),
	SYNTAX("redirect twice, in capitals", "v=spf1 redirect=e.test Redirect=e.test"),
	SYNTAX("exp twice", "v=spf1 exp=e.test -all exp=e.test"),
	SYNTAX("redirect with a colon", "v=spf1 redirect:e.test"),
	ROW("include with an equals sign is an unknown modifier", "v=spf1 include=e.test -all", "", V4, FAIL, 0, 0,
		"-all"),

	/* 4.6.2, 4.7: results */
	ROW("pass", "v=spf1 +all", "", V4, PASS, 0, 0, "+all"),
	ROW("pass without a qualifier", "v=spf1 all", "", V4, PASS, 0, 0, "all"),
	ROW("fail", "v=spf1 -all", "", V4, FAIL, 0, 0, "-all"),
	ROW("softfail", "v=spf1 ~all", "", V4, SOFTFAIL, 0, 0, "~all"),
	ROW("neutral", "v=spf1 ?all", "", V4, NEUTRAL, 0, 0, "?all"),
	ROW("nothing matches", "v=spf1 ip4:192.0.2.1", "", V4, NEUTRAL, 0, 0, NULL),
	ROW("the first match counts", "v=spf1 ?ip4:192.0.2.0/24 -ip4:192.0.2.7 +all", "", V4, NEUTRAL, 0, 0,
		"?ip4:192.0.2.0/24"),

	/* 5.1: all */
	SYNTAX("all with a name", "v=spf1 -all:d.test"),
	SYNTAX("all with a prefix length", "v=spf1 -all/8"),
	SYNTAX("all with a dot", "v=spf1 -all."),
	SYNTAX("all and a comma", "v=spf1 -all,"),
	ROW("what stands behind all is not evaluated", "v=spf1 -all a:nothing.test include:nothing.test", "", V4, FAIL,
		0, 0, "-all"),
	ROW("a modifier behind all is", "v=spf1 -all redirect=e.test", "e.test TXT \"v=spf1 +all\"\n", V4, FAIL, 0, 0,
		"-all"),

	/* 5.2: include */
	ROW("include: pass", "v=spf1 include:e.test -all", "e.test TXT \"v=spf1 ip4:192.0.2.0/24 -all\"\n", V4, PASS, 1,
		0, "include:e.test -> ip4:192.0.2.0/24"),
	ROW("include: fail", "v=spf1 include:e.test ~all", "e.test TXT \"v=spf1 -all\"\n", V4, SOFTFAIL, 1, 0, "~all"),
	ROW("include: softfail", "v=spf1 include:e.test -all", "e.test TXT \"v=spf1 ~all\"\n", V4, FAIL, 1, 0, "-all"),
	ROW("include: neutral", "v=spf1 include:e.test -all", "e.test TXT \"v=spf1 ?all\"\n", V4, FAIL, 1, 0, "-all"),
	ROW("include: no record", "v=spf1 include:e.test +all", "e.test TXT \"hello\"\n", V4, PERMERROR, 1, 0, NULL),
	ROW("include: no TXT", "v=spf1 include:e.test +all", "e.test A 192.0.2.1\n", V4, PERMERROR, 1, 1, NULL),
	ROW("include: no such name", "v=spf1 include:e.test +all", "", V4, PERMERROR, 1, 1, NULL),
	ROW("include: syntax error", "v=spf1 include:e.test +all", "e.test TXT \"v=spf1 foo\"\n", V4, PERMERROR, 1, 0,
		NULL),
	ROW("include: two records", "v=spf1 include:e.test +all",
		"e.test TXT \"v=spf1 -all\"\ne.test TXT \"v=spf1 +all\"\n", V4, PERMERROR, 1, 0, NULL),
	ROW("include: SERVFAIL", "v=spf1 include:e.test +all", "e.test !SERVFAIL\n", V4, TEMPERROR, 1, 0, NULL),
	ROW("include: the error comes too late", "v=spf1 ip4:192.0.2.7 include:e.test", "e.test !SERVFAIL\n", V4, PASS,
		0, 0, "ip4:192.0.2.7"),
	ROW("include with another qualifier", "v=spf1 -include:e.test +all", "e.test TXT \"v=spf1 ip4:192.0.2.7\"\n",
		V4, FAIL, 1, 0, "-include:e.test -> ip4:192.0.2.7"),
	ROW("include in an include", "v=spf1 include:e.test ?all",
		"e.test TXT \"v=spf1 include:f.test -all\"\nf.test TXT \"v=spf1 a:g.test -all\"\ng.test A 192.0.2.7\n",
		V4, PASS, 3, 0, "include:e.test -> include:f.test -> a:g.test"),
	ROW("include of a record with redirect", "v=spf1 include:e.test ?all",
		"e.test TXT \"v=spf1 redirect=f.test\"\nf.test TXT \"v=spf1 +all\"\n", V4, PASS, 2, 0,
		"include:e.test -> redirect=f.test -> +all"),
	ROW("the domain of an include is its own", "v=spf1 include:e.test -all",
		"e.test TXT \"v=spf1 a -all\"\ne.test A 192.0.2.7\nd.test A 192.0.2.8\n", V4, PASS, 2, 0,
		"include:e.test -> a"),
	SYNTAX("include without a name", "v=spf1 include"),
	SYNTAX("include with an empty name", "v=spf1 include: -all"),
	SYNTAX("include with a prefix length", "v=spf1 include:e.test/24 -all"),
	SYNTAX("include of one label", "v=spf1 include:localhost -all"),
	ROW("include through macros of no possible name", "v=spf1 include:%{l}.e.test -all", "", V4, PERMERROR, 1, 1,
		NULL),

	/* 5.3: a */
	ROW("a", "v=spf1 a -all", "d.test A 192.0.2.7\n", V4, PASS, 1, 0, "a"),
	ROW("a of several addresses", "v=spf1 a -all", "d.test A 192.0.2.6\nd.test A 192.0.2.7\n", V4, PASS, 1, 0, "a"),
	ROW("a of another name", "v=spf1 a:e.test -all", "e.test A 192.0.2.7\n", V4, PASS, 1, 0, "a:e.test"),
	ROW("a through a CNAME", "v=spf1 a:e.test -all", "e.test CNAME f.test\nf.test A 192.0.2.7\n", V4, PASS, 1, 0,
		"a:e.test"),
	ROW("a does not match", "v=spf1 a -all", "d.test A 192.0.2.8\n", V4, FAIL, 1, 0, "-all"),
	ROW("a with a prefix length", "v=spf1 a/24 -all", "d.test A 192.0.2.200\n", V4, PASS, 1, 0, "a/24"),
	ROW("a with both prefix lengths, IPv4", "v=spf1 a/29//64 -all", "d.test A 192.0.2.0\n", V4, PASS, 1, 0,
		"a/29//64"),
	ROW("a with both prefix lengths, IPv6", "v=spf1 a/32//64 -all", "d.test AAAA 2001:db8::1\n", V6, PASS, 1, 0,
		"a/32//64"),
	ROW("a with a length for IPv6 alone", "v=spf1 a:e.test//120 -all", "e.test AAAA 2001:db8::1\n", V6, FAIL, 1, 0,
		"-all"),
	ROW("a for IPv6 asks AAAA", "v=spf1 a -all", "d.test A 192.0.2.7\nd.test AAAA 2001:db8::cb01\n", V6, PASS, 1, 0,
		"a"),
	ROW("a for IPv6 of a name with IPv4 alone", "v=spf1 a -all", "d.test A 192.0.2.7\n", V6, FAIL, 1, 1, "-all"),
	ROW("a/0 matches what has an address", "v=spf1 a/0 -all", "d.test A 203.0.113.1\n", V4, PASS, 1, 0, "a/0"),
	ROW("a/0 of a name without any", "v=spf1 a:e.test/0 -all", "", V4, FAIL, 1, 1, "-all"),
	ROW("a: SERVFAIL", "v=spf1 a:e.test +all", "e.test !SERVFAIL\n", V4, TEMPERROR, 1, 0, NULL),
	ROW("a: time-out", "v=spf1 a:e.test +all", "e.test !TIMEOUT\n", V4, TEMPERROR, 1, 0, NULL),
	ROW("a with a name of odd characters", "v=spf1 a:x_y.e.test -all", "x_y.e.test A 192.0.2.7\n", V4, PASS, 1, 0,
		"a:x_y.e.test"),
	ROW("colons and slashes in a name", "v=spf1 a:foo:bar/baz.e.test -all", "foo:bar/baz.e.test A 192.0.2.7\n", V4,
		PASS, 1, 0, "a:foo:bar/baz.e.test"),
	ROW("a last dot in a name", "v=spf1 a:e.test. -all", "e.test A 192.0.2.7\n", V4, PASS, 1, 0, "a:e.test."),
	SYNTAX("a: empty name", "v=spf1 a: -all"),
	SYNTAX("a: one label", "v=spf1 a:test -all"),
	SYNTAX("a: the last label is a number", "v=spf1 a:192.0.2.7 -all"),
	SYNTAX("a: the last label ends with a hyphen", "v=spf1 a:e.test- -all"),
	SYNTAX("a: the last label has an underscore", "v=spf1 a:e.te_st -all"),
	ROW("a: the last label is digits and a letter", "v=spf1 a:e.1x -all", "1x" SOA "e.1x A 192.0.2.7\n", V4, PASS,
		1, 0, "a:e.1x"),
	SYNTAX("a: a port", "v=spf1 a:e.test:25 -all"),
	SYNTAX("a: an empty label", "v=spf1 a:e..test -all"),
	SYNTAX("a: a label of 64 bytes",
		"v=spf1 a:a123456789012345678901234567890123456789012345678901234567890123.test -all"),
	SYNTAX("a/33", "v=spf1 a/33 -all"),
	SYNTAX("a/024", "v=spf1 a/024 -all"),
	SYNTAX("a/", "v=spf1 a/ -all"),
	SYNTAX("a//", "v=spf1 a// -all"),
	SYNTAX("a//129", "v=spf1 a//129 -all"),
	SYNTAX("a/24/64", "v=spf1 a/24/64 -all"),
	SYNTAX("a//64/24", "v=spf1 a//64/24 -all"),
	SYNTAX("a/-1", "v=spf1 a/-1 -all"),
	SYNTAX("a/x", "v=spf1 a/x -all"),

	/* 5.4: mx */
	ROW("mx", "v=spf1 mx -all", "d.test MX 10 m.test\nm.test A 192.0.2.7\n", V4, PASS, 1, 0, "mx"),
	ROW("mx of another name, with a prefix length", "v=spf1 mx:e.test/28 -all",
		"e.test MX 10 m.test\nm.test A 192.0.2.1\n", V4, PASS, 1, 0, "mx:e.test/28"),
	ROW("mx: the second host", "v=spf1 mx -all",
		"d.test MX 10 m.test\nd.test MX 20 n.test\nm.test A 192.0.2.1\nn.test A 192.0.2.7\n", V4, PASS, 1, 0,
		"mx"),
	ROW("mx without MX: no implicit one", "v=spf1 mx -all", "d.test A 192.0.2.7\n", V4, FAIL, 1, 1, "-all"),
	ROW("null MX", "v=spf1 mx -all", "d.test MX 0 .\n", V4, FAIL, 1, 0, "-all"),
	ROW("mx hosts without addresses are void", "v=spf1 mx -all", "d.test MX 10 m.test\nd.test MX 20 n.test\n", V4,
		FAIL, 1, 2, "-all"),
	ROW("three of them are too many", "v=spf1 mx +all",
		"d.test MX 10 m.test\nd.test MX 20 n.test\nd.test MX 30 o.test\n", V4, PERMERROR, 1, 3, NULL),
	ROW("from IPv6 hosts with IPv4 alone are void", "v=spf1 mx +all",
		"d.test MX 10 m.test\nd.test MX 20 n.test\nd.test MX 30 o.test\nm.test A 192.0.2.1\nn.test A 192.0.2.2\n"
		"o.test A 192.0.2.3\n",
		V6, PERMERROR, 1, 3, NULL),
	ROW("ten MX", "v=spf1 mx -all",
		"d.test MX 1 a.m.test\nd.test MX 2 b.m.test\nd.test MX 3 c.m.test\nd.test MX 4 d.m.test\nd.test MX 5 e.m.test\n"
		"d.test MX 6 f.m.test\nd.test MX 7 g.m.test\nd.test MX 8 h.m.test\nd.test MX 9 i.m.test\nd.test MX 10 j.m.test\n"
		"*.m.test A 192.0.2.1\nj.m.test A 192.0.2.7\n",
		V4, PASS, 1, 0, "mx"),
	ROW("eleven MX", "v=spf1 mx +all",
		"d.test MX 1 a.m.test\nd.test MX 2 b.m.test\nd.test MX 3 c.m.test\nd.test MX 4 d.m.test\nd.test MX 5 e.m.test\n"
		"d.test MX 6 f.m.test\nd.test MX 7 g.m.test\nd.test MX 8 h.m.test\nd.test MX 9 i.m.test\nd.test MX 10 j.m.test\n"
		"d.test MX 11 k.m.test\n*.m.test A 192.0.2.1\n",
		V4, PERMERROR, 1, 0, NULL),
	ROW("mx: SERVFAIL", "v=spf1 mx +all", "d.test MX !SERVFAIL\n", V4, TEMPERROR, 1, 0, NULL),
	ROW("mx: a host ends in SERVFAIL", "v=spf1 mx +all", "d.test MX 10 m.test\nm.test !SERVFAIL\n", V4, TEMPERROR,
		1, 0, NULL),
	ROW("mx: an earlier host matches", "v=spf1 mx -all",
		"d.test MX 10 m.test\nd.test MX 20 n.test\nm.test A 192.0.2.7\nn.test !SERVFAIL\n", V4, PASS, 1, 0,
		"mx"),
	SYNTAX("mx: empty name", "v=spf1 mx: -all"),
	SYNTAX("mx//129", "v=spf1 mx//129 -all"),

	/* 5.5: ptr */
	ROW("ptr", "v=spf1 ptr -all", "7.2.0.192.in-addr.arpa PTR m.d.test\nm.d.test A 192.0.2.7\n", V4, PASS, 1, 0,
		"ptr"),
	ROW("ptr: the domain itself", "v=spf1 ptr -all", "7.2.0.192.in-addr.arpa PTR d.test\nd.test A 192.0.2.7\n", V4,
		PASS, 1, 0, "ptr"),
	ROW("ptr of another domain", "v=spf1 ptr:e.test -all",
		"7.2.0.192.in-addr.arpa PTR m.e.test\nm.e.test A 192.0.2.7\n", V4, PASS, 1, 0, "ptr:e.test"),
	ROW("ptr: ends alike, in no label", "v=spf1 ptr -all",
		"7.2.0.192.in-addr.arpa PTR bad.test\nbad.test A 192.0.2.7\n", V4, FAIL, 1, 0, "-all"),
	ROW("ptr: not confirmed", "v=spf1 ptr -all", "7.2.0.192.in-addr.arpa PTR m.d.test\nm.d.test A 192.0.2.8\n", V4,
		FAIL, 1, 0, "-all"),
	ROW("ptr: none", "v=spf1 ptr -all", "", V4, FAIL, 1, 1, "-all"),
	ROW("ptr: SERVFAIL does not match", "v=spf1 ptr -all", "7.2.0.192.in-addr.arpa !SERVFAIL\n", V4, FAIL, 1, 0,
		"-all"),
	ROW("ptr: a name ends in SERVFAIL", "v=spf1 ptr -all",
		"7.2.0.192.in-addr.arpa PTR a.d.test\n7.2.0.192.in-addr.arpa PTR b.d.test\na.d.test !SERVFAIL\nb.d.test A 192.0.2.7\n",
		V4, PASS, 1, 0, "ptr"),
	ROW("ptr for IPv6", "v=spf1 ptr -all",
		"1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR m.d.test\nm.d.test AAAA "
		"2001:db8::cb01\n",
		V6, PASS, 1, 0, "ptr"),
	ROW("ptr: of eleven names the last is ignored", "v=spf1 ptr -all",
		"7.2.0.192.in-addr.arpa PTR a.m.test\n7.2.0.192.in-addr.arpa PTR b.m.test\n7.2.0.192.in-addr.arpa PTR c.m.test\n"
		"7.2.0.192.in-addr.arpa PTR d.m.test\n7.2.0.192.in-addr.arpa PTR e.m.test\n7.2.0.192.in-addr.arpa PTR f.m.test\n"
		"7.2.0.192.in-addr.arpa PTR g.m.test\n7.2.0.192.in-addr.arpa PTR h.m.test\n7.2.0.192.in-addr.arpa PTR i.m.test\n"
		"7.2.0.192.in-addr.arpa PTR j.m.test\n7.2.0.192.in-addr.arpa PTR k.d.test\n*.m.test A 192.0.2.1\nk.d.test A 192.0.2.7\n",
		V4, FAIL, 1, 0, "-all"),
	SYNTAX("ptr with a prefix length", "v=spf1 ptr/0 -all"),
	SYNTAX("ptr: empty name", "v=spf1 ptr: -all"),

	/* 5.6: ip4, ip6 */
	ROW("ip4", "v=spf1 ip4:192.0.2.7 -all", "", V4, PASS, 0, 0, "ip4:192.0.2.7"),
	ROW("ip4/32", "v=spf1 ip4:192.0.2.7/32 -all", "", V4, PASS, 0, 0, "ip4:192.0.2.7/32"),
	ROW("ip4/31", "v=spf1 ip4:192.0.2.6/31 -all", "", V4, PASS, 0, 0, "ip4:192.0.2.6/31"),
	ROW("ip4/0", "v=spf1 ip4:0.0.0.0/0 -all", "", V4, PASS, 0, 0, "ip4:0.0.0.0/0"),
	ROW("ip4 with bits behind the prefix", "v=spf1 ip4:192.0.2.200/24 -all", "", V4, PASS, 0, 0,
		"ip4:192.0.2.200/24"),
	ROW("ip4 from IPv6", "v=spf1 ip4:0.0.0.0/0 -all", "", V6, FAIL, 0, 0, "-all"),
	ROW("a mapped client is one of IPv4", "v=spf1 ip6:::/0 ip4:192.0.2.7 -all", "", "::ffff:192.0.2.7", PASS, 0, 0,
		"ip4:192.0.2.7"),
	ROW("a mapped network is one of IPv6", "v=spf1 ip6:::ffff:192.0.2.7 -all", "", V4, FAIL, 0, 0, "-all"),
	ROW("ip6", "v=spf1 ip6:2001:db8::cb01 -all", "", V6, PASS, 0, 0, "ip6:2001:db8::cb01"),
	ROW("ip6/32", "v=spf1 ip6:2001:DB8::/32 -all", "", V6, PASS, 0, 0, "ip6:2001:DB8::/32"),
	ROW("ip6/128", "v=spf1 ip6:2001:db8::cb02/128 -all", "", V6, FAIL, 0, 0, "-all"),
	ROW("ip6/0 from IPv4", "v=spf1 ip6:::/0 -all", "", V4, FAIL, 0, 0, "-all"),
	ROW("ip6 with an IPv4 tail", "v=spf1 ip6:2001:db8::192.0.2.7 -all", "", "2001:db8::c000:207", PASS, 0, 0,
		"ip6:2001:db8::192.0.2.7"),
	SYNTAX("ip4 alone", "v=spf1 ip4 -all"),
	SYNTAX("ip4:", "v=spf1 ip4: -all"),
	SYNTAX("ip4 of three numbers", "v=spf1 ip4:192.0.2 -all"),
	SYNTAX("ip4 of 256", "v=spf1 ip4:192.0.2.256 -all"),
	SYNTAX("ip4 with a leading zero", "v=spf1 ip4:192.0.02.7 -all"),
	SYNTAX("ip4/33", "v=spf1 ip4:192.0.2.7/33 -all"),
	SYNTAX("ip4/032", "v=spf1 ip4:192.0.2.7/032 -all"),
	SYNTAX("ip4/ without a number", "v=spf1 ip4:192.0.2.7/ -all"),
	SYNTAX("ip4//", "v=spf1 ip4:192.0.2.7//32 -all"),
	SYNTAX("ip4 with a port", "v=spf1 ip4:192.0.2.7:25 -all"),
	SYNTAX("ip4 of IPv6", "v=spf1 ip4:2001:db8::1 -all"),
	SYNTAX("ip4 of a name", "v=spf1 ip4:e.test -all"),
	SYNTAX("ip6 of IPv4", "v=spf1 ip6:192.0.2.7 -all"),
	SYNTAX("ip6/129", "v=spf1 ip6:2001:db8::/129 -all"),
	SYNTAX("ip6 in brackets", "v=spf1 ip6:[2001:db8::1] -all"),
	SYNTAX("ip6 with a macro", "v=spf1 ip6:%{i} -all"),

	/* 5.7: exists */
	ROW("exists", "v=spf1 exists:e.test -all", "e.test A 127.0.0.2\n", V4, PASS, 1, 0, "exists:e.test"),
	ROW("exists: nothing there", "v=spf1 exists:e.test -all", "", V4, FAIL, 1, 1, "-all"),
	ROW("exists asks A from IPv6 as well", "v=spf1 exists:e.test -all", "e.test A 127.0.0.2\n", V6, PASS, 1, 0,
		"exists:e.test"),
	ROW("exists: AAAA alone is nothing", "v=spf1 exists:e.test -all", "e.test AAAA 2001:db8::1\n", V6, FAIL, 1, 1,
		"-all"),
	ROW("exists: SERVFAIL", "v=spf1 exists:e.test +all", "e.test !SERVFAIL\n", V4, TEMPERROR, 1, 0, NULL),
	SYNTAX("exists alone", "v=spf1 exists -all"),
	SYNTAX("exists: empty name", "v=spf1 exists: -all"),
	SYNTAX("exists with a prefix length", "v=spf1 exists:e.test/24 -all"),

	/* 6.1: redirect */
	ROW("redirect", "v=spf1 redirect=e.test", "e.test TXT \"v=spf1 ip4:192.0.2.7 -all\"\n", V4, PASS, 1, 0,
		"redirect=e.test -> ip4:192.0.2.7"),
	ROW("redirect stands first and counts last", "v=spf1 redirect=e.test ip4:192.0.2.7",
		"e.test TXT \"v=spf1 -all\"\n", V4, PASS, 0, 0, "ip4:192.0.2.7"),
	ROW("redirect is ignored beside all", "v=spf1 redirect=e.test ?all", "", V4, NEUTRAL, 0, 0, "?all"),
	ROW("redirect: the domain is the new one", "v=spf1 redirect=e.test",
		"e.test TXT \"v=spf1 a -all\"\ne.test A 192.0.2.7\n", V4, PASS, 2, 0, "redirect=e.test -> a"),
	ROW("redirect: no record", "v=spf1 redirect=e.test", "e.test A 192.0.2.7\n", V4, PERMERROR, 1, 1, NULL),
	ROW("redirect: no such name", "v=spf1 redirect=e.test", "", V4, PERMERROR, 1, 1, NULL),
	ROW("redirect: SERVFAIL", "v=spf1 redirect=e.test", "e.test !SERVFAIL\n", V4, TEMPERROR, 1, 0, NULL),
	ROW("redirect: syntax error there", "v=spf1 redirect=e.test", "e.test TXT \"v=spf1 -all foo\"\n", V4, PERMERROR,
		1, 0, NULL),
	ROW("redirect: neutral there", "v=spf1 redirect=e.test", "e.test TXT \"v=spf1\"\n", V4, NEUTRAL, 1, 0, NULL),
	ROW("redirect with a macro", "v=spf1 redirect=_spf.%{d}", "_spf.d.test TXT \"v=spf1 -all\"\n", V4, FAIL, 1, 0,
		"redirect=_spf.%{d} (_spf.d.test) -> -all"),
	ROW("redirect to one label by a macro", "v=spf1 redirect=%{d1r}", "", V4, PERMERROR, 1, 0, NULL),
	SYNTAX("redirect: empty", "v=spf1 redirect="),
	SYNTAX("redirect: two at signs of a macro", "v=spf1 redirect=%%{d}"),

	/* 4.6.4: limits */
	ROW("ten terms", "v=spf1 a a a a a a a a a a:e.test -all", "d.test A 192.0.2.1\ne.test A 192.0.2.7\n", V4, PASS,
		10, 0, "a:e.test"),
	ROW("eleven terms", "v=spf1 a a a a a a a a a a a:e.test +all", "d.test A 192.0.2.1\ne.test A 192.0.2.7\n", V4,
		PERMERROR, 11, 0, NULL),
	ROW("eleven, and the second matches", "v=spf1 a a:e.test a a a a a a a a a a -all",
		"d.test A 192.0.2.1\ne.test A 192.0.2.7\n", V4, PASS, 2, 0, "a:e.test"),
	ROW("ip4, ip6, all and exp cost nothing",
		"v=spf1 ip4:192.0.2.1 ip4:192.0.2.2 ip4:192.0.2.3 ip6:::1 ip6:::2 ip6:::3 ip6:::4 ip6:::5 ip6:::6 ip6:::8 ip6:::9 "
		"exp=e.test ~all",
		"", V4, SOFTFAIL, 0, 0, "~all"),
	ROW("terms in includes count", "v=spf1 include:e.test a a a a a +all",
		"d.test A 192.0.2.1\ne.test TXT \"v=spf1 a a a a a -all\"\ne.test A 192.0.2.1\n", V4, PERMERROR, 11, 0,
		NULL),
	ROW("the addresses of MX hosts do not", "v=spf1 mx mx mx mx mx -all",
		"d.test MX 1 m.test\nd.test MX 2 n.test\nm.test A 192.0.2.1\nn.test A 192.0.2.2\n", V4, FAIL, 5, 0,
		"-all"),
	ROW("redirect is the eleventh", "v=spf1 a a a a a a a a a a redirect=e.test",
		"d.test A 192.0.2.1\ne.test TXT \"v=spf1 +all\"\n", V4, PERMERROR, 11, 0, NULL),
	ROW("a domain that includes itself", "v=spf1 include:d.test +all", "", V4, PERMERROR, 11, 0, NULL),
	ROW("two that include each other", "v=spf1 include:e.test +all", "e.test TXT \"v=spf1 include:d.test +all\"\n",
		V4, PERMERROR, 11, 0, NULL),
	ROW("a domain that redirects to itself", "v=spf1 redirect=d.test", "", V4, PERMERROR, 11, 0, NULL),
	ROW("two void look-ups", "v=spf1 a:x.test exists:y.test -all", "", V4, FAIL, 2, 2, "-all"),
	ROW("three void look-ups", "v=spf1 a:x.test exists:y.test mx:z.test +all", "", V4, PERMERROR, 3, 3, NULL),
	ROW("three, in an include", "v=spf1 a:x.test include:e.test +all",
		"e.test TXT \"v=spf1 a:y.test a:z.test -all\"\n", V4, PERMERROR, 4, 3, NULL),
	ROW("two, and a match before the third", "v=spf1 a:x.test a:y.test ip4:192.0.2.7 a:z.test", "", V4, PASS, 2, 2,
		"ip4:192.0.2.7"),
	ROW("the same void name thrice", "v=spf1 a:x.test a:x.test a:x.test +all", "", V4, PERMERROR, 3, 3, NULL),
	ROW("names of no possible form are not looked up", "v=spf1 a:%{l}..e.test a:%{l}..f.test a:%{l}..g.test -all",
		"", V4, FAIL, 3, 0, "-all"),

	/* 6.2: exp */
	EXPLAINS("exp", "v=spf1 -all exp=e.test", "e.test TXT \"not you\"\n", V4, NULL, "not you"),
	EXPLAINS("exp of joined strings", "v=spf1 exp=e.test -all", "e.test TXT \"not\" \" you\"\n", V4, NULL,
		"not you"),
	EXPLAINS("exp with macros", "v=spf1 exp=e.test -all",
		"e.test TXT \"%{i} is not one of %{d}'s designated mail servers.%_%%%-\"\n", V4, NULL,
		"192.0.2.7 is not one of d.test's designated mail servers. %%20"),
	EXPLAINS("exp with its own letters", "v=spf1 exp=e.test -all", "e.test TXT \"%{c} %{r} %{t} %{h}\"\n", V6, NULL,
		"2001:db8::cb01 mx.receiver.test 1795255200 mail.client.test"),
	EXPLAINS("exp by macros", "v=spf1 exp=%{l}.why.%{d} -all", "strong-bad.why.d.test TXT \"%{S}\"\n", V4, NULL,
		"strong-bad%40d.test"),
	EXPLAINS("exp: no such name", "v=spf1 exp=e.test -all", "", V4, NULL, ""),
	EXPLAINS("exp: SERVFAIL", "v=spf1 exp=e.test -all", "e.test !SERVFAIL\n", V4, NULL, ""),
	EXPLAINS(
		"exp: two records", "v=spf1 exp=e.test -all", "e.test TXT \"one\"\ne.test TXT \"two\"\n", V4, NULL, ""),
	EXPLAINS("exp: a macro that is none", "v=spf1 exp=e.test -all", "e.test TXT \"100% no\"\n", V4, NULL, ""),
	EXPLAINS("exp: not ASCII", "v=spf1 exp=e.test -all", "e.test TXT \"n\\195\\164\"\n", V4, NULL, ""),
	EXPLAINS("exp: a line break", "v=spf1 exp=e.test -all", "e.test TXT \"no\\013\\010250 yes\"\n", V4, NULL, ""),
	EXPLAINS("exp: a sender that is not ASCII", "v=spf1 exp=e.test -all", "e.test TXT \"not %{s}\"\n", V4,
		"m\303\274ller@d.test", ""),
	EXPLAINS("exp: no possible name", "v=spf1 exp=%{l}..test -all", "", V4, NULL, ""),
	EXPLAINS("exp: empty", "v=spf1 exp=e.test -all", "e.test TXT \"\"\n", V4, NULL, ""),
	ROW("exp only explains a fail", "v=spf1 exp=e.test ~all", "e.test TXT \"no\"\n", V4, SOFTFAIL, 0, 0, "~all"),
	{"exp of an include is not used", "v=spf1 -include:e.test +all",
		"e.test TXT \"v=spf1 +all exp=f.test\"\nf.test TXT \"no\"\n", V4, NULL, SPF_FAIL, 1, 0, "",
		"-include:e.test -> +all"},
	{"exp of the domain beside a failing include", "v=spf1 include:e.test -all exp=g.test",
		"e.test TXT \"v=spf1 -all exp=f.test\"\nf.test TXT \"theirs\"\ng.test TXT \"ours\"\n", V4, NULL,
		SPF_FAIL, 1, 0, "ours", "-all"},
	{"exp of where redirect goes", "v=spf1 redirect=e.test exp=f.test",
		"e.test TXT \"v=spf1 -all exp=g.test\"\nf.test TXT \"old\"\ng.test TXT \"%{d}\"\n", V4, NULL, SPF_FAIL,
		1, 0, "e.test", "redirect=e.test -> -all"},
	{"without exp where redirect goes", "v=spf1 redirect=e.test exp=f.test",
		"e.test TXT \"v=spf1 -all\"\nf.test TXT \"old\"\n", V4, NULL, SPF_FAIL, 1, 0, "",
		"redirect=e.test -> -all"},
	SYNTAX("exp=", "v=spf1 exp= -all"),
	SYNTAX("exp=%{c}", "v=spf1 exp=%{c}.e.test -all"),
	SYNTAX("exp of one label", "v=spf1 exp=test -all"),

	/* 7.4: the RFC's examples, and IPv6 */
	EXPANDS("%{s}", "%{s}.x.test", "strong-bad@email.example.com.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{o}", "%{o}.x.test", "email.example.com.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{d}", "%{d}.x.test", "email.example.com.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{d4}", "%{d4}.x.test", "email.example.com.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{d3}", "%{d3}.x.test", "email.example.com.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{d2}", "%{d2}.x.test", "example.com.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{d1}", "%{d1}.x.test", "com.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{dr}", "%{dr}.x.test", "com.example.email.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{d2r}", "%{d2r}.x.test", "example.email.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{l}", "%{l}.x.test", "strong-bad.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{l-}", "%{l-}.x.test", "strong.bad.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{lr}", "%{lr}.x.test", "strong-bad.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{lr-}", "%{lr-}.x.test", "bad.strong.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{l1r-}", "%{l1r-}.x.test", "strong.x.test", V4, "strong-bad@email.example.com"),
	EXPANDS("%{ir}.%{v}._spf.%{d2}", "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com", "192.0.2.3",
		"strong-bad@email.example.com"),
	EXPANDS("%{lr-}.lp._spf.%{d2}", "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com", V4,
		"strong-bad@email.example.com"),
	EXPANDS("%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}",
		"bad.strong.lp.3.2.0.192.in-addr._spf.example.com", "192.0.2.3", "strong-bad@email.example.com"),
	EXPANDS("%{d2}.trusted-domains.example.net", "%{d2}.trusted-domains.example.net",
		"example.com.trusted-domains.example.net", V4, "strong-bad@email.example.com"),
	EXPANDS("%{ir} of IPv6", "%{ir}.%{v}._spf.%{d2}",
		"1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com", V6,
		"strong-bad@email.example.com"),
	/* 7.1 to 7.3 */
	EXPANDS("capitals escape", "%{L}.x.test", "jack%26jill%3dup-a_b~c.x.test", V4,
		"jack&jill=up-a_b~c@d.example.com"),
	EXPANDS("small letters do not", "%{l}.x.test", "jack&jill=up.x.test", V4, "jack&jill=up@d.example.com"),
	EXPANDS("several delimiters", "%{l+-=/}.x.test", "a.b.c.d.x.test", V4, "a+b-c=d@d.example.com"),
	EXPANDS("other delimiters keep dots", "%{l1-}.x.test", "b.c.x.test", V4, "a-b.c@d.example.com"),
	EXPANDS("R is r", "%{dR}.x.test", "com.example.d.x.test", V4, "a@d.example.com"),
	EXPANDS("a number beyond all parts", "%{d999999999999999999999}.x.test", "d.example.com.x.test", V4,
		"a@d.example.com"),
	EXPANDS("a number with a leading zero", "%{d02}.x.test", "example.com.x.test", V4, "a@d.example.com"),
	EXPANDS("h", "%{h}.x.test", "mail.client.test.x.test", V4, "a@d.example.com"),
	EXPANDS("no local part", "%{l}.%{o}.x.test", "postmaster.d.example.com.x.test", V4, "d.example.com"),
	EXPANDS("an empty local part", "%{l}.x.test", "postmaster.x.test", V4, "@d.example.com"),
	EXPANDS("%% and %-", "a%%b%-c.x.test", "a%b%20c.x.test", V4, "a@d.example.com"),
	EXPANDS("a macro at the end", "x.%{d2}", "x.example.com", V4, "a@d.example.com"),
	EXPANDS("p: unknown", "%{p}.x.test", "unknown.x.test", V4, "a@d.example.com"),
	{"p: the domain itself comes first", "v=spf1 exists:%{p}.x.test -all",
		"7.2.0.192.in-addr.arpa PTR z.test\n7.2.0.192.in-addr.arpa PTR m.d.test\n7.2.0.192.in-addr.arpa PTR d.test\n"
		"z.test A 192.0.2.7\nm.d.test A 192.0.2.7\nd.test A 192.0.2.7\nd.test.x.test A 127.0.0.2\n",
		V4, NULL, SPF_PASS, 1, 0, "", "exists:%{p}.x.test (d.test.x.test)"},
	{"p: then one below it", "v=spf1 exists:%{p}.x.test -all",
		"7.2.0.192.in-addr.arpa PTR z.test\n7.2.0.192.in-addr.arpa PTR m.d.test\n"
		"z.test A 192.0.2.7\nm.d.test A 192.0.2.7\nm.d.test.x.test A 127.0.0.2\n",
		V4, NULL, SPF_PASS, 1, 0, "", "exists:%{p}.x.test (m.d.test.x.test)"},
	{"p: then any that is confirmed", "v=spf1 exists:%{p}.x.test -all",
		"7.2.0.192.in-addr.arpa PTR m.d.test\n7.2.0.192.in-addr.arpa PTR z.test\n"
		"z.test A 192.0.2.7\nm.d.test A 192.0.2.8\nz.test.x.test A 127.0.0.2\n",
		V4, NULL, SPF_PASS, 1, 0, "", "exists:%{p}.x.test (z.test.x.test)"},
	{"p: an error is unknown", "v=spf1 exists:%{p}.x.test -all",
		"7.2.0.192.in-addr.arpa !SERVFAIL\nunknown.x.test A 127.0.0.2\n", V4, NULL, SPF_PASS, 1, 0, "",
		"exists:%{p}.x.test (unknown.x.test)"},
	{"d is the included domain, o is not", "v=spf1 include:e.test -all",
		"e.test TXT \"v=spf1 exists:%{d}.%{o}.x.test -all\"\ne.test.d.test.x.test A 127.0.0.2\n", V4, NULL,
		SPF_PASS, 2, 0, "", "include:e.test -> exists:%{d}.%{o}.x.test (e.test.d.test.x.test)"},
	{"names are cut at the left", "v=spf1 exists:%{l}.%{l}.%{l}.%{l}.%{d} -all",
		"123456789.123456789.123456789.123456789.cccccccccccccccccccccccccccccccccccccccccccccccccc.b.a23456789.123456789.123456789.123456789.123456789.cccccccccccccccccccccccccccccccccccccccccccccccccc.b.a23456789.123456789.123456789.123456789.123456789.d.test A 127.0.0.2\n",
		V4,
		"cccccccccccccccccccccccccccccccccccccccccccccccccc.b.a23456789.123456789.123456789.123456789.123456789@d.test",
		SPF_PASS, 1, 0, "",
		"exists:%{l}.%{l}.%{l}.%{l}.%{d} (123456789.123456789.123456789.123456789.cccccccccccccccccccccccccccccccccccccccccccccccccc.b.a23456789.123456789.123456789.123456789.123456789.cccccccccccccccccccccccccccccccccccccccccccccccccc.b.a23456789.123456789.123456789.123456789.123456789.d.test)"},
	SYNTAX("a letter that is no macro", "v=spf1 exists:%{x}.e.test -all"),
	SYNTAX("% alone", "v=spf1 exists:%.e.test -all"),
	SYNTAX("% at the end", "v=spf1 exists:e.test% -all"),
	SYNTAX("a macro without its end", "v=spf1 exists:%{d -all"),
	SYNTAX("a macro without a letter", "v=spf1 exists:%{}.e.test -all"),
	SYNTAX("a number of 0", "v=spf1 exists:%{d0}.e.test -all"),
	SYNTAX("a number behind r", "v=spf1 exists:%{dr2}.e.test -all"),
	SYNTAX("a delimiter that is none", "v=spf1 exists:%{d:}.e.test -all"),
	SYNTAX("%(d)", "v=spf1 exists:%(d).e.test -all"),
	SYNTAX("c in a name", "v=spf1 exists:%{c}.e.test -all"),
	SYNTAX("t in a name", "v=spf1 exists:%{t}.e.test -all"),
	SYNTAX("r in a name", "v=spf1 exists:%{r}.e.test -all"),
	SYNTAX("a macro inside the last label", "v=spf1 exists:e.%{l}st -all"),

	/* appendix A.1 to A.4 */
	{"A.1: +all", NULL, APPENDIX "example.com TXT \"v=spf1 +all\"\n", "192.0.2.65", "x@example.com", SPF_PASS, 0, 0,
		"", "+all"},
	{"A.1: a, amy", NULL, APPENDIX "example.com TXT \"v=spf1 a -all\"\n", "192.0.2.65", "x@example.com", SPF_FAIL,
		1, 0, "", "-all"},
	{"A.1: a, www", NULL, APPENDIX "example.com TXT \"v=spf1 a -all\"\n", "192.0.2.11", "x@example.com", SPF_PASS,
		1, 0, "", "a"},
	{"A.1: a:example.org", NULL, APPENDIX "example.com TXT \"v=spf1 a:example.org -all\"\n", "192.0.2.11",
		"x@example.com", SPF_FAIL, 1, 1, "", "-all"},
	{"A.1: mx", NULL, APPENDIX "example.com TXT \"v=spf1 mx -all\"\n", "192.0.2.130", "x@example.com", SPF_PASS, 1,
		0, "", "mx"},
	{"A.1: mx:example.org", NULL, APPENDIX "example.com TXT \"v=spf1 mx:example.org -all\"\n", "192.0.2.140",
		"x@example.com", SPF_PASS, 1, 0, "", "mx:example.org"},
	{"A.1: mx mx:example.org", NULL, APPENDIX "example.com TXT \"v=spf1 mx mx:example.org -all\"\n", "192.0.2.140",
		"x@example.com", SPF_PASS, 2, 0, "", "mx:example.org"},
	{"A.1: mx/30", NULL, APPENDIX "example.com TXT \"v=spf1 mx/30 mx:example.org/30 -all\"\n", "192.0.2.131",
		"x@example.com", SPF_PASS, 1, 0, "", "mx/30"},
	{"A.1: mx:example.org/30", NULL, APPENDIX "example.com TXT \"v=spf1 mx/30 mx:example.org/30 -all\"\n",
		"192.0.2.143", "x@example.com", SPF_PASS, 2, 0, "", "mx:example.org/30"},
	{"A.1: ptr", NULL, APPENDIX "example.com TXT \"v=spf1 ptr -all\"\n", "192.0.2.65", "x@example.com", SPF_PASS, 1,
		0, "", "ptr"},
	{"A.1: ptr, another domain", NULL, APPENDIX "example.com TXT \"v=spf1 ptr -all\"\n", "192.0.2.140",
		"x@example.com", SPF_FAIL, 1, 0, "", "-all"},
	{"A.1: ptr, a lie", NULL, APPENDIX "example.com TXT \"v=spf1 ptr -all\"\n", "10.0.0.4", "x@example.com",
		SPF_FAIL, 1, 0, "", "-all"},
	{"A.1: ip4", NULL, APPENDIX "example.com TXT \"v=spf1 ip4:192.0.2.128/28 -all\"\n", "192.0.2.65",
		"x@example.com", SPF_FAIL, 0, 0, "", "-all"},
	{"A.3: local parts", NULL,
		APPENDIX
		"example.com TXT \"v=spf1 mx include:mobile-users._spf.%{d} -all\"\nmobile-users._spf.example.com TXT "
		"\"v=spf1 exists:%{l1r+}.%{d}\"\nmary.mobile-users._spf.example.com A 127.0.0.2\n",
		"192.0.2.200", "mary+news@example.com", SPF_PASS, 3, 0, "",
		"include:mobile-users._spf.%{d} (mobile-users._spf.example.com) -> exists:%{l1r+}.%{d} "
		"(mary.mobile-users._spf.example.com)"},
};

/* ---- running a row */

struct ran {
	struct mp_evidence *ev;
	struct mp_arena *a;
	struct spf_request rq;
	struct spf_verdict v;
	size_t steps;
};

static const char *domain_of(const char *sender)
{
	const char *at = strrchr(sender, '@');

	return at ? at + 1 : sender;
}

static void begin(struct ran *r, const char *ip, const char *sender)
{
	memset(r, 0, sizeof(*r));
	r->ev = mp_evidence_new();
	r->a = mp_arena_new();
	r->rq = (struct spf_request){.sender = sender,
		.domain = domain_of(sender),
		.helo = "mail.client.test",
		.receiver = "mx.receiver.test",
		.now_ms = INT64_C(1795255200000)};
	assert_true(mp_ip_parse(mp_str(ip), &r->rq.ip));
}

static void end(struct ran *r)
{
	mp_arena_free(r->a);
	mp_evidence_free(r->ev);
}

static void settle(struct ran *r, const char *label, const char *zone_text)
{
	struct mp_err err = {0};
	struct world_zone *z = world_zone_parse(mp_evidence_arena(r->ev), zone_text, &err);

	if (!z)
		fail_msg("row '%s': zone: %s", label, err.msg);
	while (!spf_check_host(r->ev, r->a, &r->rq, &r->v)) {
		size_t before = mp_evidence_answered(r->ev);

		world_zone_feed(z, r->ev);
		if (mp_evidence_answered(r->ev) == before || ++r->steps > 30)
			fail_msg("row '%s': pending for nothing", label);
		mp_arena_reset(r->a);
	}
}

static const char zones[] = "test" SOA "com" SOA "example.net" SOA "arpa" SOA;

static size_t differs(const char *label, const char *what, const char *got, const char *want)
{
	if (got == want || (got && want && strcmp(got, want) == 0))
		return 0;
	print_error("row '%s': %s: got %s, want %s\n", label, what, got ? got : "(null)", want ? want : "(null)");
	return 1;
}

/* Everything of a verdict that a row names: how many things differ. */
static size_t compare(const struct row *row, const struct spf_verdict *v)
{
	bool error = row->result == SPF_NONE || row->result == SPF_TEMPERROR || row->result == SPF_PERMERROR;
	char got[32], want[32];
	size_t wrong = differs(row->label, v->problem ? v->problem : "result", spf_result_name(v->result),
		spf_result_name(row->result));

	snprintf(got, sizeof(got), "%u, %u void", v->lookups, v->void_lookups);
	snprintf(want, sizeof(want), "%u, %u void", row->lookups, row->voids);
	wrong += differs(row->label, "look-ups", got, want);
	wrong += differs(row->label, "path", v->path, row->path);
	wrong += differs(row->label, "explanation", v->explanation, row->explanation);
	wrong += differs(row->label, "problem", v->problem && *v->problem ? "one" : "none", error ? "one" : "none");
	return wrong;
}

static const char *sender_of(const struct row *row)
{
	return row->sender ? row->sender : "strong-bad@d.test";
}

/* The row's record stands at the sender's domain. */
static char *zone_of(const struct row *row, struct mp_arena *a)
{
	if (!row->record)
		return mp_printf(a, "%s%s", zones, row->zone);
	return mp_printf(a, "%s%s%s TXT \"%s\"\n", zones, row->zone, domain_of(sender_of(row)), row->record);
}

static void test_rows(void **state)
{
	struct mp_arena *a = mp_arena_new();
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct ran r;

		begin(&r, rows[i].ip, sender_of(&rows[i]));
		settle(&r, rows[i].label, zone_of(&rows[i], a));
		wrong += compare(&rows[i], &r.v);
		end(&r);
	}
	mp_arena_free(a);
	assert_true(ARRAY_LEN(rows) > 200);
	assert_int_equal(wrong, 0);
}

/* Answers that come one at a time, the last that was asked for first: the same verdict. */
static void test_any_order(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_question *held[128];
		struct mp_err err = {0};
		struct world_zone *z;
		size_t n = 0;
		struct ran r;

		begin(&r, rows[i].ip, sender_of(&rows[i]));
		z = world_zone_parse(mp_evidence_arena(r.ev), zone_of(&rows[i], mp_evidence_arena(r.ev)), &err);
		assert_non_null(z);
		while (!spf_check_host(r.ev, r.a, &r.rq, &r.v)) {
			while (n < ARRAY_LEN(held) && (held[n] = mp_evidence_next_wanted(r.ev)))
				n++;
			assert_true(n > 0 && n < ARRAY_LEN(held));
			n--;
			mp_evidence_answer(
				r.ev, held[n], world_zone_answer(z, held[n]->params, mp_evidence_arena(r.ev)));
			mp_arena_reset(r.a);
		}
		wrong += compare(&rows[i], &r.v);
		end(&r);
	}
	assert_int_equal(wrong, 0);
}

/* Includes are asked for at once: steps are the depth of the tree, not its look-ups. */
static void test_asks_ahead(void **state)
{
	static const struct {
		const char *label, *zone;
		size_t steps, questions;
	} cases[] = {
		{"flat",
			"d.test TXT \"v=spf1 a:a.test mx:b.test include:c.test exists:e.test ~all\"\na.test A 192.0.2.1\n"
			"b.test MX 1 m.test\nm.test A 192.0.2.1\nc.test TXT \"v=spf1 ip4:192.0.2.1\"\n",
			3, 6},
		{"depth 3",
			"d.test TXT \"v=spf1 include:a.test include:b.test ~all\"\na.test TXT \"v=spf1 include:c.test include:e.test\"\n"
			"b.test TXT \"v=spf1 include:f.test include:g.test\"\nc.test TXT \"v=spf1 a:h.test\"\n"
			"e.test TXT \"v=spf1\"\nf.test TXT \"v=spf1\"\ng.test TXT \"v=spf1\"\nh.test A 192.0.2.1\n",
			4, 8},
		{"nothing behind a match", "d.test TXT \"v=spf1 ip4:192.0.2.7 include:a.test -all\"\n", 1, 1},
		{"nothing behind all",
			"d.test TXT \"v=spf1 include:a.test ~all include:b.test\"\na.test TXT \"v=spf1\"\n", 2, 2},
		{"a syntax error asks nothing", "d.test TXT \"v=spf1 include:a.test foo\"\n", 1, 1},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct ran r;
		struct mp_arena *a = mp_arena_new();

		begin(&r, V4, "x@d.test");
		settle(&r, cases[i].label, mp_printf(a, "%s%s", zones, cases[i].zone));
		row_int(cases[i].label, (long long)r.steps, (long long)cases[i].steps);
		row_int(cases[i].label, (long long)mp_evidence_answered(r.ev), (long long)cases[i].questions);
		end(&r);
		mp_arena_free(a);
	}
}

/* ---- out for harm */

enum { MOST_QUESTIONS = 60 };

/* A TXT record of any length: strings of 250 bytes, written as RFC 3597 has it. */
static void add_txt(struct mp_buf *zone, const char *name, struct mp_str text)
{
	mp_buf_addf(zone, "%s TXT \\# %zu ", name, text.n + (text.n + 249) / 250);
	for (size_t i = 0; i < text.n; i++) {
		if (i % 250 == 0)
			mp_buf_addf(zone, "%02x", (unsigned)(text.n - i < 250 ? text.n - i : 250));
		mp_buf_addf(zone, "%02x", (unsigned char)text.p[i]);
	}
	mp_buf_adds(zone, "\n");
}

static void harm(const char *label, const char *ip, const char *sender, const char *zone, enum spf_result want)
{
	struct spf_tree tree;
	struct mp_err err = {0};
	struct world_zone *z;
	struct ran r;

	begin(&r, ip, sender);
	settle(&r, label, zone);
	if (r.v.result != want)
		fail_msg("row '%s': got %s (%s), want %s", label, spf_result_name(r.v.result), r.v.problem,
			spf_result_name(want));
	if (mp_evidence_answered(r.ev) > MOST_QUESTIONS)
		fail_msg("row '%s': %zu questions", label, mp_evidence_answered(r.ev));
	z = world_zone_parse(mp_evidence_arena(r.ev), zone, &err);
	for (size_t i = 0; !spf_count(r.ev, r.a, &r.rq, &tree); i++) {
		assert_true(i < 50);
		world_zone_feed(z, r.ev);
	}
	if (mp_evidence_answered(r.ev) > MOST_QUESTIONS)
		fail_msg("row '%s': %zu questions with the tree", label, mp_evidence_answered(r.ev));
	row_bool(label, tree.lookups <= SPF_TREE_TERMS, true);
	end(&r);
}

static void test_harm(void **state)
{
	static const char *const terms[] = {"a:", "mx:", "include:", "exists:", "-exists:%{ir}."};
	struct mp_buf text = MP_BUF(1 << 20), zone = MP_BUF(4 << 20);

	(void)state;
	/* 64 KiB of networks, then what decides */
	mp_buf_adds(&text, "v=spf1");
	while (text.n < 64000)
		mp_buf_adds(&text, " ip4:203.0.113.7/32");
	mp_buf_adds(&text, " -all");
	mp_buf_adds(&zone, zones);
	add_txt(&zone, "d.test", mp_buf_str(&text));
	harm("64 KiB", V4, "x@d.test", mp_buf_cstr(&zone), SPF_FAIL);

	/* one macro after the other */
	mp_buf_reset(&text);
	mp_buf_reset(&zone);
	mp_buf_adds(&text, "v=spf1 exists:");
	while (text.n < 60000)
		mp_buf_adds(&text, "%{S}.%{H}.");
	mp_buf_adds(&text, "%{d} ~all");
	mp_buf_adds(&zone, zones);
	add_txt(&zone, "d.test", mp_buf_str(&text));
	harm("60 KB of macros", V4, "x@d.test", mp_buf_cstr(&zone), SPF_SOFTFAIL);

	/* 500 mechanisms that all ask */
	for (size_t k = 0; k < ARRAY_LEN(terms); k++) {
		mp_buf_reset(&text);
		mp_buf_reset(&zone);
		mp_buf_adds(&text, "v=spf1");
		for (size_t i = 0; i < 500; i++)
			mp_buf_addf(&text, " %s%zu.e.test", terms[k], i);
		mp_buf_addf(&zone,
			"%s*.e.test A 203.0.113.1\n*.e.test MX 1 a.e.test\n*.e.test TXT \"v=spf1 a:x.e.test a:y.e.test\"\n",
			zones);
		add_txt(&zone, "d.test", mp_buf_str(&text));
		harm(terms[k], V4, "x@d.test", mp_buf_cstr(&zone),
			k == 3   ? SPF_PASS
			: k == 4 ? SPF_FAIL
				 : SPF_PERMERROR);
	}

	/* trees without end */
	harm("every include has two more", V4, "x@d.e.test",
		"test" SOA "*.e.test TXT \"v=spf1 include:a.%{d} include:b.%{d} -all\"\n", SPF_PERMERROR);
	harm("redirect without end", V4, "x@d.e.test", "test" SOA "*.e.test TXT \"v=spf1 redirect=a.%{d}\"\n",
		SPF_PERMERROR);
	harm("a CNAME loop", V4, "x@d.test", "test" SOA "d.test CNAME e.test\ne.test CNAME d.test\n", SPF_TEMPERROR);
	harm("a CNAME loop in a term", V4, "x@d.test",
		"test" SOA "d.test TXT \"v=spf1 a:e.test +all\"\ne.test CNAME f.test\nf.test CNAME e.test\n",
		SPF_TEMPERROR);

	/* 127 labels */
	mp_buf_reset(&text);
	mp_buf_reset(&zone);
	for (size_t i = 0; i < 122; i++)
		mp_buf_adds(&text, "a.");
	mp_buf_adds(&text, "d.test");
	mp_buf_addf(&zone, "test" SOA "%s TXT \"v=spf1 a:b.%%{d} exists:%%{dr}.%%{d} -all\"\n", mp_buf_cstr(&text));
	mp_buf_addf(&text, "%c", '\0');
	harm("127 labels", V4, mp_buf_cstr(&text), mp_buf_cstr(&zone), SPF_FAIL);

	/* binary */
	mp_buf_reset(&zone);
	mp_buf_adds(&zone, "test" SOA "d.test TXT \"v=spf1 ");
	for (unsigned i = 0; i < 230; i++)
		mp_buf_addf(&zone, "\\%03u", (i * 7 + 1) & 255);
	mp_buf_adds(&zone, "\"\n");
	harm("binary", V4, "x@d.test", mp_buf_cstr(&zone), SPF_PERMERROR);
	mp_buf_release(&text);
	mp_buf_release(&zone);
}

/* ---- what is said of a record */

static void test_words(void **state)
{
	static const struct {
		const char *record, *fault, *doubt; /* words in it; NULL: none */
	} cases[] = {
		{"v=spf1 mx -all", NULL, NULL},
		{"v=spf1 redirect=e.test", NULL, NULL},
		{"v=spf1 ipv4:192.0.2.7 -all", "meant is ip4", NULL},
		{"v=spf1 192.0.2.7 -all", "meant is ip4:", NULL},
		{"v=spf1 inclde:e.test", "meant is include", NULL},
		{"v=spf1 redirect:e.test", "meant is redirect=", NULL},
		{"v=spf1 a/33", "0 to 32", NULL},
		{"v=spf1 a:\n.test", "control character", NULL},
		{"v=spf1 include=e.test -all", NULL, "colon"},
		{"v=spf1 +all", NULL, "every host"},
		{"v=spf1 all", NULL, "every host"},
		{"v=spf1 ip4:0.0.0.0/1 -all", NULL, "large part"},
		{"v=spf1 -all mx", NULL, "never reached"},
		{"v=spf1 mx", NULL, "without \"all\""},
		{"v=spf2 mx", "does not begin", NULL},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *fault = spf_record_fault(a, mp_str(cases[i].record)),
			   *doubt = spf_record_doubt(a, mp_str(cases[i].record), NULL);

		if (!fault != !cases[i].fault || (fault && !strstr(fault, cases[i].fault)))
			fail_msg("row '%s': fault: got '%s', want '%s'", cases[i].record, fault, cases[i].fault);
		if (!doubt != !cases[i].doubt || (doubt && !strstr(doubt, cases[i].doubt)))
			fail_msg("row '%s': doubt: got '%s', want '%s'", cases[i].record, doubt, cases[i].doubt);
	}
	mp_arena_free(a);
}

static void test_near_misses(void **state)
{
	static const struct {
		const char *txt;
		bool near;
	} cases[] = {{" v=spf1 -all", true}, {"v=spf1; -all", true}, {"\\\"v=spf1 -all\\\"", true}, {"spf1 -all", true},
		{"v = spf1 -all", true}, {"v=spf1,-all", true}, {"v=spf10 -all", true}, {"spf2.0/pra -all", false},
		{"v=DMARC1; p=none", false}, {"", false}, {"google-site-verification=x", false}};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mp_arena *a = mp_arena_new();
		struct ran r;

		begin(&r, V4, "x@d.test");
		settle(&r, cases[i].txt, mp_printf(a, "test" SOA "d.test TXT \"%s\"\n", cases[i].txt));
		row_int(cases[i].txt, r.v.result, SPF_NONE);
		row_bool(cases[i].txt, r.v.near_miss != NULL, cases[i].near);
		end(&r);
		mp_arena_free(a);
	}
}

static void test_tree(void **state)
{
	static const struct {
		const char *label, *record, *zone;
		unsigned lookups, voids;
		bool incomplete;
		const char *lines; /* joined by '|' */
	} cases[] = {
		{"nothing", "v=spf1 ip4:192.0.2.1 -all", "", 0, 0, false, ""},
		{"flat", "v=spf1 a mx ptr exists:e.test -all", "d.test A 192.0.2.7\nd.test MX 1 d.test\n", 4, 2, false,
			"a|mx|ptr|exists:e.test"},
		{"a match does not end it", "v=spf1 a a:e.test +all", "d.test A 192.0.2.7\n", 2, 1, false,
			"a|a:e.test"},
		{"what cannot be reached costs nothing", "v=spf1 a -all mx redirect=e.test", "d.test A 192.0.2.7\n", 1,
			0, false, "a"},
		{"nested", "v=spf1 include:e.test mx redirect=f.test",
			"d.test MX 1 m.test\nm.test A 192.0.2.1\ne.test TXT \"v=spf1 include:g.test -all\"\ng.test TXT \"v=spf1 -all\"\nf.test TXT \"v=spf1 a -all\"\nf.test A 192.0.2.1\n",
			5, 0, false, "include:e.test (2)|  include:g.test (1)|mx|redirect=f.test (2)|  a"},
		{"a loop", "v=spf1 include:e.test -all", "e.test TXT \"v=spf1 include:d.test -all\"\n", 2, 0, false,
			"include:e.test (2)|  include:d.test (a loop)"},
		{"the same twice", "v=spf1 include:e.test include:e.test -all",
			"e.test TXT \"v=spf1 a mx -all\"\ne.test A 192.0.2.1\ne.test MX 1 e.test\n", 6, 0, false,
			"include:e.test (3)|  a|  mx|include:e.test (3, again)"},
		{"a dead end", "v=spf1 include:e.test a -all", "d.test A 192.0.2.7\n", 2, 1, true,
			"include:e.test (1)|a"},
		{"over the limit", "v=spf1 a a a a a a a a a a a a -all", "d.test A 192.0.2.7\n", 12, 0, false,
			"a|a|a|a|a|a|a|a|a|a|a|a"},
		{"the same so often that counting ends",
			"v=spf1 include:e.test include:e.test include:e.test include:e.test -all",
			"e.test TXT \"v=spf1 a a a a a a a a a -all\"\ne.test A 192.0.2.1\n", SPF_TREE_TERMS, 0, false,
			"include:e.test (10)|  a|  a|  a|  a|  a|  a|  a|  a|  a|include:e.test (10, again)|"
			"include:e.test (10, again)"},
		{"and beyond it", "v=spf1 a a a include:e.test include:e.test include:e.test -all",
			"d.test A 192.0.2.7\ne.test TXT \"v=spf1 a a a a a a a a a -all\"\ne.test A 192.0.2.1\n",
			SPF_TREE_TERMS, 0, false,
			"a|a|a|include:e.test (10)|  a|  a|  a|  a|  a|  a|  a|  a|  a|include:e.test (10, again)|"
			"include:e.test (10, again)"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct mp_buf lines = MP_BUF(4096);
		struct mp_err err = {0};
		struct world_zone *z;
		struct spf_tree t;
		struct ran r;

		begin(&r, V4, "x@d.test");
		z = world_zone_parse(mp_evidence_arena(r.ev),
			mp_printf(mp_evidence_arena(r.ev), "%sd.test TXT \"%s\"\n%s", zones, cases[i].record,
				cases[i].zone),
			&err);
		assert_non_null(z);
		while (!spf_count(r.ev, r.a, &r.rq, &t)) {
			world_zone_feed(z, r.ev);
			mp_arena_reset(r.a);
		}
		for (size_t k = 0; k < t.n_lines; k++)
			mp_buf_addf(&lines, "%s%s", k ? "|" : "", t.lines[k]);
		row_str(cases[i].label, mp_buf_cstr(&lines), cases[i].lines);
		row_int(cases[i].label, t.lookups, cases[i].lookups);
		row_int(cases[i].label, t.void_lookups, cases[i].voids);
		row_int(cases[i].label, (long long)t.n_void, cases[i].voids);
		row_bool(cases[i].label, t.incomplete, cases[i].incomplete);
		row_bool(cases[i].label, t.more, t.lookups == SPF_TREE_TERMS);
		row_int(cases[i].label, t.problem, SPF_NEUTRAL);
		row_bool(cases[i].label, t.loop != NULL, strstr(cases[i].lines, "loop") != NULL);
		end(&r);
		mp_buf_release(&lines);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_any_order),
		cmocka_unit_test(test_asks_ahead),
		cmocka_unit_test(test_harm),
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_near_misses),
		cmocka_unit_test(test_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
