/* tests/unit/test_checks_ptr.c - every status of every ptr.* check: zone text in, result out */
#include "tests/unit/judge.h"
#include "tests/unit/row.h"

#define EXISTS &mp_check_ptr_exists
#define SINGLE &mp_check_ptr_single
#define FCRDNS &mp_check_ptr_fcrdns
#define MATCHES &mp_check_ptr_matches_ehlo
#define GENERIC &mp_check_ptr_generic
#define SYNTAX &mp_check_ptr_syntax
#define PROPAGATION &mp_check_ptr_propagation

#define IP4 "203.0.113.10"
#define REV4 "10.113.0.203.in-addr.arpa"
#define IP6 "2001:db8::10"
#define REV6 "0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"

/* Behind every row's own lines. */
#define WORLD                                                                         \
	"113.0.203.in-addr.arpa 3600 SOA ns1.rev.example h.rev.example 1 2 3 4 900\n" \
	"113.0.203.in-addr.arpa NS ns1.rev.example\n"                                 \
	"113.0.203.in-addr.arpa NS ns2.rev.example\n"                                 \
	"8.b.d.0.1.0.0.2.ip6.arpa SOA ns1.rev.example h.rev.example 1 2 3 4 900\n"    \
	"8.b.d.0.1.0.0.2.ip6.arpa NS ns1.rev.example\n"                               \
	"rev.example SOA ns1.rev.example h.rev.example 1 2 3 4 900\n"                 \
	"ns1.rev.example A 192.0.2.1\n"                                               \
	"ns2.rev.example A 192.0.2.2\n"                                               \
	"example.com SOA ns1.rev.example h.rev.example 1 2 3 4 300\n"                 \
	"example.net SOA ns1.rev.example h.rev.example 1 2 3 4 300\n"                 \
	"isp.example SOA ns1.rev.example h.rev.example 1 2 3 4 300\n"                 \
	"hosting SOA ns1.rev.example h.rev.example 1 2 3 4 300\n"

struct row {
	const char *label;
	const char *zone;
	const char *ip;            /* NULL: IP4 */
	const char *ehlo;          /* NULL: mail.example.com; "-": none */
	struct judge_want want[7]; /* subject NULL: the address */
};

static const struct row rows[] = {
	{"all is well", REV4 " PTR mail.example.com\nmail.example.com A " IP4 "\n", NULL, NULL,
		{{EXISTS, NULL, MP_PASS, {IP4 " has the PTR record mail.example.com."}},
			{SINGLE, NULL, MP_PASS, {"one PTR name, mail.example.com"}},
			{FCRDNS, NULL, MP_PASS, {"mail.example.com leads back to " IP4}},
			{MATCHES, NULL, MP_PASS, {"agree: mail.example.com, " IP4}},
			{GENERIC, NULL, MP_PASS, {"mail.example.com is no provider's"}},
			{SYNTAX, NULL, MP_PASS, {"mail.example.com is a fully qualified"}},
			{PROPAGATION, NULL, MP_PASS, {"113.0.203.in-addr.arpa agree: mail.example.com"}}}},
	{"letter case and last dots do not matter", REV4 " PTR MAIL.Example.COM.\nmail.example.com. A " IP4 "\n", NULL,
		"Mail.EXAMPLE.com",
		{{EXISTS, NULL, MP_PASS, {"mail.example.com"}}, {FCRDNS, NULL, MP_PASS, {0}},
			{MATCHES, NULL, MP_PASS, {0}}, {SYNTAX, NULL, MP_PASS, {0}},
			{PROPAGATION, NULL, MP_PASS, {0}}}},
	{"IPv6", REV6 " PTR mail.example.com\nmail.example.com AAAA 2001:DB8:0:0:0:0:0:10\n", IP6, NULL,
		{{EXISTS, NULL, MP_PASS, {"mail.example.com"}}, {FCRDNS, NULL, MP_PASS, {0}},
			{MATCHES, NULL, MP_PASS, {0}}, {PROPAGATION, NULL, MP_PASS, {0}}}},
	{"IPv6 without PTR", "mail.example.com AAAA 2001:db8::10\n", IP6, NULL,
		{{EXISTS, NULL, MP_FAIL, {"2001:db8::10 has no PTR record."}},
			{FCRDNS, NULL, MP_SKIP, {"follows from ptr.exists"}},
			{PROPAGATION, NULL, MP_PASS, {"no PTR record"}}}},
	{"no PTR, the name is not there", "mail.example.com A " IP4 "\n", NULL, NULL,
		{{EXISTS, NULL, MP_FAIL, {IP4 " has no PTR record."}},
			{SINGLE, NULL, MP_SKIP, {"follows from ptr.exists"}},
			{FCRDNS, NULL, MP_SKIP, {"follows from ptr.exists"}},
			{MATCHES, NULL, MP_SKIP, {"follows from ptr.exists"}},
			{GENERIC, NULL, MP_SKIP, {"follows from ptr.exists"}},
			{SYNTAX, NULL, MP_SKIP, {"follows from ptr.exists"}},
			{PROPAGATION, NULL, MP_PASS, {"agree: no PTR record"}}}},
	{"no PTR, other data at the name", REV4 " TXT \"hello\"\n", NULL, "localhost",
		{{EXISTS, NULL, MP_FAIL, {IP4 " has no PTR record."}}, {FCRDNS, NULL, MP_SKIP, {0}}}},
	{"SERVFAIL", REV4 " !SERVFAIL\n", NULL, NULL,
		{{EXISTS, NULL, MP_ERROR, {REV4, "SERVFAIL"}}, {SINGLE, NULL, MP_ERROR, {"SERVFAIL"}},
			{FCRDNS, NULL, MP_ERROR, {"SERVFAIL"}}, {MATCHES, NULL, MP_ERROR, {"SERVFAIL"}},
			{GENERIC, NULL, MP_ERROR, {"SERVFAIL"}}, {SYNTAX, NULL, MP_ERROR, {"SERVFAIL"}},
			{PROPAGATION, NULL, MP_ERROR, {0}}}},
	{"SERVFAIL of the whole zone", "*.113.0.203.in-addr.arpa !SERVFAIL\n", NULL, NULL,
		{{EXISTS, NULL, MP_ERROR, {"SERVFAIL"}}, {PROPAGATION, NULL, MP_ERROR, {0}}}},
	{"SERVFAIL at the resolver alone", "@resolver " REV4 " !SERVFAIL\n" REV4 " PTR mail.example.com\n", NULL, NULL,
		{{EXISTS, NULL, MP_ERROR, {"SERVFAIL"}}, {FCRDNS, NULL, MP_ERROR, {"SERVFAIL"}},
			{PROPAGATION, NULL, MP_ERROR, {"SERVFAIL"}}}},
	{"time-out", REV4 " !TIMEOUT\n", NULL, NULL,
		{{EXISTS, NULL, MP_ERROR, {"time-out"}}, {SINGLE, NULL, MP_ERROR, {"time-out"}},
			{FCRDNS, NULL, MP_ERROR, {"time-out"}}, {MATCHES, NULL, MP_ERROR, {"time-out"}},
			{GENERIC, NULL, MP_ERROR, {"time-out"}}, {SYNTAX, NULL, MP_ERROR, {"time-out"}},
			{PROPAGATION, NULL, MP_ERROR, {0}}}},
	{"refused", "*.in-addr.arpa !REFUSED\n", NULL, NULL, {{EXISTS, NULL, MP_ERROR, {"REFUSED"}}}},
	{"malformed", REV4 " !MALFORMED\n", NULL, NULL, {{EXISTS, NULL, MP_ERROR, {"malformed"}}}},
	{"RFC 2317: the zone is elsewhere",
		REV4 " CNAME 10.0-63.113.0.203.in-addr.arpa\n10.0-63.113.0.203.in-addr.arpa PTR mail.example.com\n"
		     "0-63.113.0.203.in-addr.arpa SOA ns1.rev.example h.rev.example 1 2 3 4 5\n"
		     "0-63.113.0.203.in-addr.arpa NS ns2.rev.example\nmail.example.com A " IP4 "\n",
		NULL, NULL,
		{{EXISTS, NULL, MP_PASS, {"mail.example.com"}}, {FCRDNS, NULL, MP_PASS, {0}},
			{MATCHES, NULL, MP_PASS, {0}},
			{PROPAGATION, NULL, MP_PASS, {"0-63.113.0.203.in-addr.arpa agree: mail.example.com"}}}},
	{"RFC 2317: into a customer's own zone",
		REV4 " CNAME 10.rev.example.com\n10.rev.example.com PTR mail.example.com\n"
		     "rev.example.com SOA ns1.rev.example h.rev.example 1 2 3 4 5\n"
		     "rev.example.com NS ns2.rev.example\nmail.example.com A " IP4 "\n",
		NULL, NULL,
		{{EXISTS, NULL, MP_PASS, {0}}, {FCRDNS, NULL, MP_PASS, {0}},
			{PROPAGATION, NULL, MP_PASS, {"rev.example.com agree"}}}},
	{"RFC 2317: nothing at the end", REV4 " CNAME 10.rev.example.com\n", NULL, NULL,
		{{EXISTS, NULL, MP_FAIL, {"has no PTR record"}}, {FCRDNS, NULL, MP_SKIP, {0}}}},
	/* forward */
	{"forward: no such name", REV4 " PTR mail.example.com\n", NULL, NULL,
		{{EXISTS, NULL, MP_PASS, {0}},
			{FCRDNS, NULL, MP_FAIL,
				{"does not lead back to it: mail.example.com does not exist in the DNS."}},
			{MATCHES, NULL, MP_WARN, {"both mail.example.com, but it does not lead back to " IP4}}}},
	{"forward: no A record", REV4 " PTR mail.example.com\nmail.example.com AAAA 2001:db8::10\n", NULL, NULL,
		{{FCRDNS, NULL, MP_FAIL, {"mail.example.com has no A record"}}}},
	{"forward: another address", REV4 " PTR mail.example.com\nmail.example.com A 203.0.113.99\n", NULL, NULL,
		{{FCRDNS, NULL, MP_FAIL, {"does not lead back", "mail.example.com has the address 203.0.113.99."}},
			{MATCHES, NULL, MP_WARN, {"does not lead back"}}}},
	{"forward: ours among others",
		REV4 " PTR mail.example.com\nmail.example.com A 203.0.113.99\nmail.example.com A " IP4 "\n", NULL, NULL,
		{{FCRDNS, NULL, MP_PASS, {0}}, {MATCHES, NULL, MP_PASS, {0}}}},
	{"forward: through CNAME",
		REV4 " PTR mail.example.com\nmail.example.com CNAME host.example.net\nhost.example.net A " IP4 "\n",
		NULL, NULL, {{FCRDNS, NULL, MP_PASS, {0}}, {MATCHES, NULL, MP_PASS, {0}}}},
	{"forward: CNAME loop",
		REV4 " PTR mail.example.com\nmail.example.com CNAME b.example.com\nb.example.com CNAME "
		     "mail.example.com\n",
		NULL, NULL, {{FCRDNS, NULL, MP_ERROR, {"malformed"}}, {MATCHES, NULL, MP_ERROR, {"malformed"}}}},
	{"forward: time-out", REV4 " PTR mail.example.com\nmail.example.com !TIMEOUT\n", NULL, NULL,
		{{EXISTS, NULL, MP_PASS, {0}}, {FCRDNS, NULL, MP_ERROR, {"A record", "mail.example.com", "time-out"}},
			{MATCHES, NULL, MP_ERROR, {"time-out"}}, {GENERIC, NULL, MP_PASS, {0}},
			{SYNTAX, NULL, MP_PASS, {0}}}},
	{"forward: SERVFAIL", REV4 " PTR mail.example.com\nmail.example.com !SERVFAIL\n", NULL, NULL,
		{{FCRDNS, NULL, MP_ERROR, {"SERVFAIL"}}, {MATCHES, NULL, MP_ERROR, {"SERVFAIL"}}}},
	/* several */
	{"several, the second leads back",
		REV4 " PTR a.example.com\n" REV4 " PTR mail.example.com\nmail.example.com A " IP4 "\n", NULL, NULL,
		{{EXISTS, NULL, MP_PASS, {"records a.example.com and mail.example.com"}},
			{SINGLE, NULL, MP_WARN,
				{"2 PTR names (a.example.com and mail.example.com), and should have one."}},
			{FCRDNS, NULL, MP_PASS, {"mail.example.com leads back"}}, {MATCHES, NULL, MP_PASS, {0}}}},
	{"several, none leads back", REV4 " PTR a.example.com\n" REV4 " PTR b.example.com\nb.example.com A 192.0.2.9\n",
		NULL, NULL,
		{{FCRDNS, NULL, MP_FAIL,
			{"None of the PTR names", "a.example.com does not exist",
				"b.example.com has the address 192.0.2.9"}}}},
	{"several, one unknown, none leads back",
		REV4 " PTR a.example.com\n" REV4 " PTR b.example.com\na.example.com !TIMEOUT\n", NULL, NULL,
		{{FCRDNS, NULL, MP_ERROR, {"a.example.com", "time-out"}}}},
	{"several, one unknown, one leads back",
		REV4 " PTR a.example.com\n" REV4 " PTR b.example.com\na.example.com !TIMEOUT\nb.example.com A " IP4
		     "\n",
		NULL, NULL, {{FCRDNS, NULL, MP_PASS, {"b.example.com"}}}},
	{"the same name twice is one", REV4 " PTR mail.example.com\n" REV4 " PTR MAIL.example.com\n", NULL, NULL,
		{{SINGLE, NULL, MP_PASS, {0}}}},
	{"several, one generated", REV4 " PTR mail.example.com\n" REV4 " PTR ip-203-0-113-10.isp.example\n", NULL, NULL,
		{{GENERIC, NULL, MP_WARN, {"ip-203-0-113-10.isp.example looks generated by a provider."}}}},
	/* the EHLO name */
	{"another name, leads back",
		REV4 " PTR host.example.net\nhost.example.net A " IP4 "\nmail.example.com A " IP4 "\n", NULL, NULL,
		{{FCRDNS, NULL, MP_PASS, {0}},
			{MATCHES, NULL, MP_WARN,
				{"PTR name is host.example.net, but the EHLO name is mail.example.com."}}}},
	{"another name, EHLO leads nowhere", REV4 " PTR host.example.net\nhost.example.net A " IP4 "\n", NULL, NULL,
		{{MATCHES, NULL, MP_WARN, {"host.example.net", "mail.example.com"}}}},
	{"EHLO localhost", REV4 " PTR mail.example.com\nmail.example.com A " IP4 "\n", NULL, "localhost",
		{{MATCHES, NULL, MP_WARN, {"PTR name is mail.example.com, but the EHLO name is localhost."}}}},
	{"EHLO ubuntu", REV4 " PTR mail.example.com\nmail.example.com A " IP4 "\n", NULL, "ubuntu",
		{{MATCHES, NULL, MP_WARN, {"the EHLO name is ubuntu."}}}},
	{"EHLO literal", REV4 " PTR mail.example.com\n", NULL, "[203.0.113.10]",
		{{MATCHES, NULL, MP_SKIP, {"address literal"}}}},
	{"no EHLO name", REV4 " PTR mail.example.com\n", NULL, "-",
		{{EXISTS, NULL, MP_PASS, {0}}, {MATCHES, NULL, MP_SKIP, {"No EHLO name"}}}},
	{"no EHLO name and no PTR", "", NULL, "-",
		{{EXISTS, NULL, MP_FAIL, {IP4 " has no PTR record."}}, {MATCHES, NULL, MP_SKIP, {"No EHLO name"}}}},
	{"EHLO look-up times out, names differ",
		REV4 " PTR host.example.net\nhost.example.net A " IP4 "\nmail.example.com !TIMEOUT\n", NULL, NULL,
		{{MATCHES, NULL, MP_WARN, {"host.example.net"}}}},
	/* typos */
	{"typo in the PTR", REV4 " PTR mial.example.com\nmail.example.com A " IP4 "\n", NULL, NULL,
		{{FCRDNS, NULL, MP_FAIL, {"mial.example.com does not exist"}},
			{MATCHES, NULL, MP_WARN,
				{"mial.example.com", "a likely typo in the PTR name, mial for mail."}}}},
	{"typo in the EHLO name",
		REV4 " PTR mail.example.com\nmail.example.com A " IP4 "\nexmaple.com SOA a b 1 2 3 4 5\n", NULL,
		"mail.exmaple.com",
		{{MATCHES, NULL, MP_WARN,
			{"mail.exmaple.com", "a likely typo in the EHLO name, exmaple for example."}}}},
	{"typo, both lead back",
		REV4 " PTR mail.exampel.com\nmail.exampel.com A " IP4 "\nmail.example.com A " IP4 "\n"
		     "exampel.com SOA a b 1 2 3 4 5\n",
		NULL, NULL, {{MATCHES, NULL, MP_WARN, {"differ by a likely typo, exampel and example."}}}},
	{"typo, neither leads back", REV4 " PTR mail.example.net\n", NULL, NULL,
		{{MATCHES, NULL, MP_WARN, {"mail.example.net", "differ by a likely typo, net and com."}}}},
	{"typo, the look-up failed",
		REV4 " PTR mail.example.net\nmail.example.net !SERVFAIL\nmail.example.com A " IP4 "\n", NULL, NULL,
		{{MATCHES, NULL, MP_WARN, {"differ by a likely typo, net and com."}}}},
	{"numbered siblings are no typo", REV4 " PTR mail2.example.com\nmail2.example.com A " IP4 "\n", NULL,
		"mail1.example.com", {{MATCHES, NULL, MP_WARN, {"the EHLO name is mail1.example.com."}}}},
	/* generated names */
	{"generated: octets", REV4 " PTR ip-203-0-113-10.isp.example\nip-203-0-113-10.isp.example A " IP4 "\n", NULL,
		NULL,
		{{GENERIC, NULL, MP_WARN, {"ip-203-0-113-10.isp.example looks generated by a provider."}},
			{FCRDNS, NULL, MP_PASS, {0}}, {SYNTAX, NULL, MP_PASS, {0}}, {MATCHES, NULL, MP_WARN, {0}}}},
	{"generated: reversed", REV4 " PTR 10.113.0.203.dyn.isp.example\n", NULL, NULL,
		{{GENERIC, NULL, MP_WARN, {"10.113.0.203.dyn.isp.example looks generated"}}}},
	{"generated: vps123, announced too", REV4 " PTR vps123.isp.example\nvps123.isp.example A " IP4 "\n", NULL,
		"vps123.isp.example",
		{{GENERIC, NULL, MP_WARN, {"vps123.isp.example looks generated"}}, {MATCHES, NULL, MP_PASS, {0}}}},
	{"generated: server25.hosting", REV4 " PTR server25.hosting\n", NULL, NULL,
		{{GENERIC, NULL, MP_WARN, {"server25"}}, {SYNTAX, NULL, MP_WARN, {"bare domain"}}}},
	{"chosen, with octets in it", REV4 " PTR mail113-10.example.com\n", NULL, NULL,
		{{GENERIC, NULL, MP_PASS, {0}}}},
	/* syntax */
	{"bare domain", REV4 " PTR example.com\nexample.com A " IP4 "\n", NULL, NULL,
		{{SYNTAX, NULL, MP_WARN, {"example.com is a bare domain, not the name of a host in it."}},
			{FCRDNS, NULL, MP_PASS, {0}}}},
	{"bare domain under a long suffix", REV4 " PTR example.co.uk\n", NULL, NULL,
		{{SYNTAX, NULL, MP_WARN, {"bare domain"}}}},
	{"host under a long suffix", REV4 " PTR mail.example.co.uk\n", NULL, NULL, {{SYNTAX, NULL, MP_PASS, {0}}}},
	{"default name of a cloud is no bare domain", REV4 " PTR ec2-203-0-113-10.compute-1.amazonaws.com\n", NULL,
		NULL, {{SYNTAX, NULL, MP_PASS, {0}}}},
	{"one label", REV4 " PTR mail\n", NULL, NULL, {{SYNTAX, NULL, MP_FAIL, {"mail is one label"}}}},
	{"localhost", REV4 " PTR localhost\n", NULL, NULL, {{SYNTAX, NULL, MP_FAIL, {"loopback"}}}},
	{"underscore", REV4 " PTR mail_1.example.com\nmail_1.example.com A " IP4 "\n", NULL, NULL,
		{{SYNTAX, NULL, MP_FAIL, {"mail_1.example.com has an underscore"}}, {FCRDNS, NULL, MP_PASS, {0}}}},
	{"a space", REV4 " PTR my\\032mail.example.com\n", NULL, NULL, {{SYNTAX, NULL, MP_FAIL, {"has bytes"}}}},
	{"an address as name", REV4 " PTR 203.0.113.10\n", NULL, NULL, {{SYNTAX, NULL, MP_FAIL, {"is an address"}}}},
	{"digits at the end", REV4 " PTR mail.example.123\n", NULL, NULL, {{SYNTAX, NULL, MP_FAIL, {"digits alone"}}}},
	{"private suffix", REV4 " PTR mail.office.lan\n", NULL, NULL, {{SYNTAX, NULL, MP_FAIL, {"ends in .lan"}}}},
	{"hyphen", REV4 " PTR -mail.example.com\n", NULL, NULL, {{SYNTAX, NULL, MP_FAIL, {"hyphen"}}}},
	{"last dot forgotten", REV4 " PTR mail.example.com.113.0.203.in-addr.arpa\n", NULL, NULL,
		{{SYNTAX, NULL, MP_FAIL, {"last dot is missing"}}, {FCRDNS, NULL, MP_FAIL, {"does not exist"}}}},
	{"the faulty one of several", REV4 " PTR mail.example.com\n" REV4 " PTR my_host.example.com\n", NULL, NULL,
		{{SYNTAX, NULL, MP_FAIL, {"my_host.example.com"}}}},
	/* hostile */
	{"the root", REV4 " PTR .\n", NULL, NULL,
		{{EXISTS, NULL, MP_PASS, {"PTR record \".\""}}, {FCRDNS, NULL, MP_FAIL, {"names the root"}},
			{SYNTAX, NULL, MP_FAIL, {"the root"}}, {GENERIC, NULL, MP_PASS, {0}},
			{MATCHES, NULL, MP_WARN, {0}}}},
	{"binary labels", REV4 " PTR \\000\\255\\027[31m.\\.\\..example.com\n", NULL, NULL,
		{{EXISTS, NULL, MP_PASS, {"\\000\\255\\027[31m"}}, {FCRDNS, NULL, MP_FAIL, {"does not exist"}},
			{SYNTAX, NULL, MP_FAIL, {"bytes"}}, {GENERIC, NULL, MP_PASS, {0}},
			{MATCHES, NULL, MP_WARN, {0}}}},
	{"CNAME loop of the reverse name", REV4 " CNAME a.rev.example\na.rev.example CNAME " REV4 "\n", NULL, NULL,
		{{EXISTS, NULL, MP_ERROR, {"malformed"}}, {FCRDNS, NULL, MP_ERROR, {0}},
			{PROPAGATION, NULL, MP_ERROR, {0}}}},
	/* the zone's own servers */
	{"stale: the resolver has the old name",
		"@resolver " REV4 " 120 PTR old.isp.example\n" REV4 " PTR mail.example.com\nmail.example.com A " IP4
		"\n",
		NULL, NULL,
		{{PROPAGATION, NULL, MP_WARN,
			 {"The resolver says old.isp.example", "say mail.example.com", "still cached"}},
			{EXISTS, NULL, MP_PASS, {"mail.example.com, say the zone's own servers"}},
			{FCRDNS, NULL, MP_PASS, {"mail.example.com"}}, {MATCHES, NULL, MP_PASS, {0}},
			{SINGLE, NULL, MP_PASS, {"mail.example.com"}}, {GENERIC, NULL, MP_PASS, {0}},
			{SYNTAX, NULL, MP_PASS, {"mail.example.com"}}}},
	{"stale: the resolver has nothing yet",
		"@resolver " REV4 " PTR !NXDOMAIN\n" REV4 " PTR mail.example.com\nmail.example.com A " IP4 "\n", NULL,
		NULL,
		{{PROPAGATION, NULL, MP_WARN, {"The resolver says no PTR record", "say mail.example.com"}},
			{EXISTS, NULL, MP_PASS, {"say the zone's own servers"}}, {FCRDNS, NULL, MP_PASS, {0}}}},
	{"stale: the record is gone", "@resolver " REV4 " PTR mail.example.com\nmail.example.com A " IP4 "\n", NULL,
		NULL,
		{{PROPAGATION, NULL, MP_WARN, {"say no PTR record"}},
			{EXISTS, NULL, MP_FAIL, {"no PTR record, say the zone's own servers"}},
			{FCRDNS, NULL, MP_SKIP, {0}}}},
	{"the servers differ",
		REV4 " PTR mail.example.com\n@192.0.2.2 " REV4 " PTR old.isp.example\nmail.example.com A " IP4 "\n",
		NULL, NULL,
		{{PROPAGATION, NULL, MP_WARN, {"113.0.203.in-addr.arpa contradict each other"}},
			{EXISTS, NULL, MP_PASS, {"mail.example.com."}}, {FCRDNS, NULL, MP_PASS, {0}}}},
	{"one server is lame", REV4 " PTR mail.example.com\n@192.0.2.2 *.in-addr.arpa !REFUSED\n", NULL, NULL,
		{{PROPAGATION, NULL, MP_PASS, {"agree"}}}},
	{"one server is silent", REV4 " PTR mail.example.com\n@192.0.2.1 *.in-addr.arpa !TIMEOUT\n", NULL, NULL,
		{{PROPAGATION, NULL, MP_PASS, {"agree"}}}},
	{"all servers are lame", REV4 " PTR mail.example.com\n@authority *.in-addr.arpa !REFUSED\n", NULL, NULL,
		{{PROPAGATION, NULL, MP_ERROR,
			 {"no server of the reverse zone 113.0.203.in-addr.arpa", "go by the resolver"}},
			{EXISTS, NULL, MP_PASS, {"mail.example.com."}}}},
	{"no server answers", REV4 " PTR mail.example.com\n@authority *.in-addr.arpa !TIMEOUT\n", NULL, NULL,
		{{PROPAGATION, NULL, MP_ERROR, {0}}, {EXISTS, NULL, MP_PASS, {0}}}},
	{"the name servers have no address", REV4 " PTR mail.example.com\n*.rev.example !NXDOMAIN\n", NULL, NULL,
		{{PROPAGATION, NULL, MP_ERROR, {0}}, {EXISTS, NULL, MP_PASS, {0}}}},
	{"the name servers cannot be found", REV4 " PTR mail.example.com\n113.0.203.in-addr.arpa NS !SERVFAIL\n", NULL,
		NULL, {{PROPAGATION, NULL, MP_ERROR, {0}}, {EXISTS, NULL, MP_PASS, {0}}}},
	{"the SOA cannot be had: found by NS", REV4 " PTR mail.example.com\n@resolver " REV4 " SOA !SERVFAIL\n", NULL,
		NULL, {{PROPAGATION, NULL, MP_PASS, {"113.0.203.in-addr.arpa agree"}}}},
	{"the SOA cannot be had: IPv6", REV6 " PTR mail.example.com\n@resolver " REV6 " SOA !SERVFAIL\n", IP6, NULL,
		{{PROPAGATION, NULL, MP_PASS, {"8.b.d.0.1.0.0.2.ip6.arpa agree"}}}},
};

static void every_status(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		struct mp_source sources[JUDGE_SOURCES];
		struct mp_arena *a = mp_arena_new();
		const char *ip = row->ip ? row->ip : IP4;
		struct mp_case c;

		judge_case(&c, sources, ip, row->ehlo ? row->ehlo : "mail.example.com");
		if (mp_ieq(c.ehlo, "-"))
			c.ehlo = NULL;
		for (size_t k = 0; k < ARRAY_LEN(row->want) && row->want[k].check; k++) {
			struct judge_want want = row->want[k];

			if (!want.subject)
				want.subject = ip;
			wrong += judge_expect(row->label, &want, &c, 0, mp_printf(a, "%s%s", row->zone, WORLD), 0);
		}
		mp_arena_free(a);
	}
	assert_int_equal(wrong, 0);
}

/* ---- what the rows do not show */

struct world {
	struct mp_case c;
	struct mp_source sources[JUDGE_SOURCES];
	struct mp_arena *a;
	struct judge_run run;
};

static const struct mp_result *judged(struct world *w, const struct mp_check *check, const char *ip, const char *zone)
{
	judge_case(&w->c, w->sources, ip, "mail.example.com");
	w->a = mp_arena_new();
	judge_run(&w->run, ip, check, &w->c, 0, mp_printf(w->a, "%s%s", zone, WORLD));
	assert_int_equal(w->run.judge.n_results, 1);
	judge_check_form(ip, &w->run.judge.results[0]);
	return &w->run.judge.results[0];
}

static void release(struct world *w)
{
	judge_release(&w->run);
	mp_arena_free(w->a);
}

static const char *item(const struct mp_result *r, const char *key, size_t i)
{
	return json_string_value(json_array_get(mp_jget_array(r->values, key), i));
}

static void the_old_answer_has_an_end(void **state)
{
	const struct mp_result *r;
	struct world w;

	(void)state;
	r = judged(&w, PROPAGATION, IP4, "@resolver " REV4 " 120 PTR old.isp.example\n" REV4 " PTR mail.example.com\n");
	assert_string_equal(mp_jget_str(r->values, "until", ""), "2026-11-21T10:02:00Z");
	assert_int_equal(mp_jget_int(r->values, "ttl", -1), 120);
	assert_string_equal(item(r, "resolver", 0), "old.isp.example");
	assert_string_equal(item(r, "authority", 0), "mail.example.com");
	assert_string_equal(item(r, "servers", 1), "ns2.rev.example (192.0.2.2:53): mail.example.com");
	assert_string_equal(mp_jget_str(r->values, "zone", ""), "113.0.203.in-addr.arpa");
	assert_string_equal(mp_jget_str(r->values, "ip", ""), IP4);
	assert_non_null(strstr(r->fix, "2026-11-21T10:02:00Z"));
	release(&w);
	/* A negative answer ends by the SOA: the lesser of its TTL and its last number. */
	r = judged(&w, PROPAGATION, IP4, "@resolver " REV4 " PTR !NXDOMAIN\n" REV4 " PTR mail.example.com\n");
	assert_string_equal(mp_jget_str(r->values, "until", ""), "2026-11-21T10:15:00Z");
	assert_int_equal(mp_jget_int(r->values, "ttl", -1), 900);
	assert_int_equal(json_array_size(mp_jget_array(r->values, "resolver")), 0);
	release(&w);
	/* Where all agree there is nothing to wait for. */
	r = judged(&w, PROPAGATION, IP4, REV4 " PTR mail.example.com\n");
	assert_null(mp_jget(r->values, "until"));
	release(&w);
}

static void values_for_programs(void **state)
{
	const struct mp_result *r;
	struct world w;

	(void)state;
	r = judged(&w, EXISTS, IP4, REV4 " PTR mail.example.com\n");
	assert_string_equal(item(r, "names", 0), "mail.example.com");
	assert_string_equal(mp_jget_str(r->values, "reverse_name", ""), REV4);
	assert_string_equal(mp_jget_str(r->values, "dns", ""), "answered");
	release(&w);
	r = judged(&w, FCRDNS, IP4, REV4 " PTR mail.example.com\nmail.example.com A 203.0.113.99\n");
	assert_string_equal(item(r, "names", 0), "mail.example.com");
	assert_string_equal(item(r, "addresses", 0), "203.0.113.99");
	release(&w);
	r = judged(&w, GENERIC, IP4, REV4 " PTR cb00710a.isp.example\n");
	assert_string_equal(mp_jget_str(r->values, "name", ""), "cb00710a.isp.example");
	assert_string_equal(mp_jget_str(r->values, "pattern", ""), "address");
	assert_string_equal(
		mp_jget_str(r->values, "reason", ""), "the name spells the address 203.0.113.10 in hexadecimal");
	assert_string_equal(r->detail,
		"The name spells the address 203.0.113.10 in hexadecimal. Many receivers take such a name for a home "
		"connection or an unattended server.");
	release(&w);
	r = judged(&w, MATCHES, IP4, REV4 " PTR mial.example.com\nmail.example.com A " IP4 "\n");
	assert_true(mp_jget_bool(r->values, "typo", false));
	assert_string_equal(mp_jget_str(r->values, "typo_in", ""), "ptr");
	assert_non_null(strstr(r->fix, "to mail.example.com"));
	release(&w);
}

/* Each fix says what, where, and by whom. */
static void fixes_name_who_can(void **state)
{
	const struct mp_result *r;
	struct world w;

	(void)state;
	r = judged(&w, EXISTS, IP4, "");
	assert_non_null(strstr(r->fix, "holder of " IP4));
	assert_non_null(strstr(r->fix, REV4));
	assert_non_null(strstr(r->fix, "to mail.example.com"));
	assert_non_null(strstr(r->fix, "never the DNS of your own domain"));
	release(&w);
	r = judged(&w, FCRDNS, IP4, REV4 " PTR mail.example.com\n");
	assert_non_null(strstr(r->fix, "zone example.com"));
	assert_non_null(strstr(r->fix, "give mail.example.com the A record " IP4));
	release(&w);
	r = judged(&w, FCRDNS, IP6, REV6 " PTR mail.example.com\n");
	assert_non_null(strstr(r->fix, "give mail.example.com the AAAA record " IP6));
	release(&w);
}

/* Which name is proposed, and what has to be done in which order. */
static const struct proposal {
	const char *label, *zone;
	const char *ehlo, *origin; /* of the EHLO name, of the sender */
	const char *fqdn;          /* of the host */
	const struct mp_check *check;
	const char *steps[5]; /* a part of each; NULL ends, and there are no more */
	const char *never;    /* in no step; may be NULL */
} proposals[] = {
	{"the EHLO name leads here", "mail.example.com A " IP4 "\n", "mail.example.com", "--from", NULL, EXISTS,
		{"to mail.example.com, which the server announces and which leads to this address already."}, NULL},
	{"a numbered host of one's own leads here", "host11.example.com A " IP4 "\nmail.example.com A 192.0.2.9\n",
		"host11.example.com", "--from", NULL, EXISTS, {"to host11.example.com, which the server announces"},
		"mail.example.com"},
	{"the same, of a domain that nobody gave", "server2.isp.example A " IP4 "\n", "server2.isp.example",
		"the EHLO name's organizational domain", NULL, EXISTS,
		{"give mail.isp.example the A record " IP4, "to mail.isp.example.", "announce mail.isp.example"},
		"server2"},
	{"the EHLO name leads elsewhere, the host's name here",
		"mail.example.com A 192.0.2.9\nbox.example.com A " IP4 "\n", "mail.example.com", "--from",
		"box.example.com", EXISTS, {"to box.example.com.", "announce box.example.com"}, "mail.example.com"},
	{"the EHLO name has no record yet", "", "mx7.example.com", "--from", NULL, EXISTS,
		{"give mx7.example.com the A record " IP4, "to mx7.example.com."}, "already"},
	{"no name of the host, mail is another's", "mail.example.com A 192.0.2.9\nmail2.example.com AAAA 2001:db8::9\n",
		"localhost", "--from", NULL, EXISTS,
		{"give mail3.example.com the A record " IP4, "to mail3.example.com.", "announce mail3.example.com"},
		"mail.example.com"},
	{"no name of the host, mail leads here", "mail.example.com A " IP4 "\n", "ubuntu", "--from", NULL, EXISTS,
		{"to mail.example.com.", "announce mail.example.com"}, "A record"},
	{"all names of the domain are another's", "*.example.com A 192.0.2.9\n", "localhost", "--from", NULL, EXISTS,
		{"Give a host name of your own an A record with the address " IP4, "to that name.",
			"announce that name"},
		"such as"},
	{"the domain's names cannot be looked up", "*.example.com !SERVFAIL\n", "localhost", "--from", NULL, EXISTS,
		{"Give a host name of your own", "to that name.", "announce that name"},
		"mail"
		".example.com"},
	{"a generated name, announced too",
		REV4 " PTR 203-0-113-10.dsl.isp.example\n203-0-113-10.dsl.isp.example A " IP4
		     "\nmail.example.com A 192.0.2.9\n",
		"203-0-113-10.dsl.isp.example", "--from", NULL, GENERIC,
		{"give mail2.example.com the A record", "to mail2.example.com.", "announce mail2.example.com",
			"mail relay (smarthost)"},
		"to mail.example.com"},
	{"the PTR leads nowhere, the EHLO name here", REV4 " PTR gone.example.com\nhost16.example.com A " IP4 "\n",
		"host16.example.com", "--from", NULL, FCRDNS,
		{"to host16.example.com, which the server announces",
			"Or, if gone.example.com is to be this host's name: in the zone example.com"},
		NULL},
	{"the same, of the two names", REV4 " PTR gone.example.com\nhost16.example.com A " IP4 "\n",
		"host16.example.com", "--from", NULL, MATCHES,
		{"to host16.example.com, which the server announces",
			"Or, if gone.example.com is to be this host's name: in the zone example.com"},
		NULL},
	{"the PTR leads nowhere, and so does the EHLO name", REV4 " PTR gone.example.com\n", "host16.example.com",
		"--from", NULL, FCRDNS, {"give gone.example.com the A record " IP4, "announce gone.example.com"},
		"set its PTR"},
	{"the PTR is another host's name", REV4 " PTR www.example.com\nwww.example.com A 192.0.2.80\n", "localhost",
		"--from", NULL, FCRDNS,
		{"give mail.example.com the A record " IP4, "to mail.example.com.", "announce mail.example.com",
			"Or, if www.example.com is to be this host's name"},
		NULL},
	{"PTR and EHLO agree, the forward record is old", REV4 " PTR mail.example.com\nmail.example.com A 192.0.2.9\n",
		"mail.example.com", "--from", NULL, FCRDNS,
		{"give mail.example.com the A record " IP4,
			"Or, if mail.example.com is another host's name: give this one a name of its own, mail2.example.com "
			"say, by A record, PTR record and EHLO name."},
		"holder"},
	{"a good PTR, and an EHLO name that leads elsewhere",
		REV4 " PTR mail.example.com\nmail.example.com A " IP4 "\nsmtp.example.com A 192.0.2.9\n",
		"smtp.example.com", "--from", NULL, MATCHES, {"announce mail.example.com"}, "smtp.example.com"},
	{"both names lead here", REV4 " PTR mail.example.com\nmail.example.com A " IP4 "\nsmtp.example.com A " IP4 "\n",
		"smtp.example.com", "--from", NULL, MATCHES,
		{"announce mail.example.com", "Or, if smtp.example.com is to be this host's name: ask the holder"},
		NULL},
	{"a bare domain", REV4 " PTR example.com\nexample.com A " IP4 "\n", "example.com", "--from", NULL, SYNTAX,
		{"give mail.example.com the A record " IP4, "to mail.example.com.", "announce mail.example.com"},
		"to example.com"},
};

static void names_are_proposed(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(proposals); i++) {
		const struct proposal *p = &proposals[i];
		struct mp_source sources[JUDGE_SOURCES];
		struct mp_arena *a = mp_arena_new();
		const struct mp_result *r;
		struct judge_run run;
		struct mp_case c;

		judge_case(&c, sources, IP4, p->ehlo);
		c.mail_from_origin = p->origin;
		if (strncmp(p->origin, "--", 2) != 0)
			c.domain = strchr(p->ehlo, '.') + 1;
		c.hostname = c.fqdn = p->fqdn;
		judge_run(&run, p->label, p->check, &c, 0, mp_printf(a, "%s%s", p->zone, WORLD));
		r = &run.judge.results[0];
		judge_check_form(p->label, r);
		for (size_t k = 0; k < ARRAY_LEN(p->steps) && (p->steps[k] || k < r->n_steps); k++)
			if (k >= r->n_steps || !p->steps[k] || !strstr(r->steps[k], p->steps[k]))
				fail_msg("row '%s': step %zu: got \"%s\", want \"%s\"", p->label, k + 1,
					k < r->n_steps ? r->steps[k] : "", p->steps[k] ? p->steps[k] : "");
		if (p->never && strstr(r->fix, p->never))
			fail_msg("row '%s': \"%s\" in \"%s\"", p->label, p->never, r->fix);
		judge_release(&run);
		mp_arena_free(a);
	}
}

static void failures_are_explained(void **state)
{
	const struct mp_result *r;
	struct world w;

	(void)state;
	r = judged(&w, EXISTS, IP4, "@resolver " REV4 " !SERVFAIL\n" REV4 " PTR mail.example.com\n");
	assert_non_null(strstr(r->detail, "own servers do answer: mail.example.com"));
	assert_non_null(strstr(r->detail, "bogus"));
	assert_non_null(r->fix);
	release(&w);
	r = judged(&w, EXISTS, IP4,
		"@resolver " REV4 " PTR !SERVFAIL\n@resolver " REV4
		" SOA !SERVFAIL\n@authority *.in-addr.arpa !REFUSED\n");
	assert_non_null(strstr(r->detail, "lame"));
	assert_non_null(strstr(r->detail, "ns1.rev.example (192.0.2.1:53): REFUSED"));
	release(&w);
	r = judged(&w, EXISTS, IP4, "*.in-addr.arpa !SERVFAIL\n");
	assert_non_null(strstr(r->detail, "lame delegation"));
	release(&w);
	r = judged(&w, PROPAGATION, IP4, REV4 " PTR mail.example.com\n@192.0.2.2 *.in-addr.arpa !REFUSED\n");
	assert_string_equal(item(r, "servers", 1), "ns2.rev.example (192.0.2.2:53): REFUSED");
	assert_non_null(strstr(r->summary, " servers did not answer with authority)"));
	assert_non_null(strstr(r->detail, "the others then"));
	release(&w);
}

static void many_records(void **state)
{
	struct mp_buf zone = MP_BUF(1 << 20);
	const struct mp_result *r;
	struct world w;

	(void)state;
	for (int i = 0; i < 500; i++)
		mp_buf_addf(&zone, "%s PTR host%03d.example.com\n", REV4, i);
	mp_buf_addf(&zone, "host007.example.com A %s\n", IP4);
	r = judged(&w, FCRDNS, IP4, mp_buf_cstr(&zone));
	assert_int_equal(r->status, MP_PASS);
	assert_true(w.run.questions <= 2 + 10 + 1 + 4 + 2);
	release(&w);
	r = judged(&w, SINGLE, IP4, mp_buf_cstr(&zone));
	assert_non_null(
		strstr(r->summary, "500 PTR names (host000.example.com, host001.example.com, host002.example.com "
				   "and 497 more)"));
	release(&w);
	mp_buf_addf(&zone, "%s PTR mail.example.com\nmail.example.com A %s\n", REV4, IP4); /* the last of them */
	r = judged(&w, MATCHES, IP4, mp_buf_cstr(&zone));
	assert_int_equal(r->status, MP_PASS);
	release(&w);
	mp_buf_addf(&zone, "host007.example.com A !NXDOMAIN\n");
	r = judged(&w, FCRDNS, IP4, mp_buf_cstr(&zone));
	assert_int_equal(r->status, MP_FAIL);
	assert_non_null(strstr(r->detail, "Of 501 PTR names the first 10"));
	release(&w);
	mp_buf_release(&zone);
}

static void longest_names(void **state)
{
	static const struct mp_check *const all[] = {EXISTS, SINGLE, FCRDNS, MATCHES, GENERIC, SYNTAX, PROPAGATION};
	struct mp_buf zone = MP_BUF(8192);

	(void)state;
	mp_buf_addf(&zone, "%s PTR ", REV4);
	for (int i = 0; i < 253; i++)
		if (i % 64 == 63)
			mp_buf_addc(&zone, '.');
		else
			mp_buf_adds(&zone, i % 2 ? "\\001" : "\\.");
	mp_buf_addc(&zone, '\n');
	for (size_t i = 0; i < ARRAY_LEN(all); i++) {
		struct world w;

		judged(&w, all[i], IP4, mp_buf_cstr(&zone));
		release(&w);
	}
	mp_buf_release(&zone);
}

/* Round trips are what a run costs: nothing may be asked later than it can be. */
static void steps_are_few(void **state)
{
	const char *good = REV4 " PTR mail.example.com\nmail.example.com A " IP4 "\n";
	const char *stale = "@resolver " REV4 " PTR old.isp.example\n" REV4 " PTR mail.example.com\n";
	const char *alone = REV4 " PTR mail.example.com\n*.rev.example !NXDOMAIN\n";
	struct world w;

	(void)state;
	judged(&w, PROPAGATION, IP4, good);
	assert_int_equal(w.run.steps, 4);
	assert_int_equal(w.run.questions, 2 + 2 + 4 + 2);
	release(&w);
	judged(&w, MATCHES, IP4, good);
	assert_int_equal(w.run.steps, 4);
	assert_int_equal(w.run.questions, 2 + 1 + 1 + 4 + 2); /* the AAAA of the EHLO name is not needed */
	release(&w);
	judged(&w, FCRDNS, IP4, stale);
	assert_int_equal(w.run.steps, 5);
	release(&w);
	judged(&w, FCRDNS, IP4, alone);
	assert_int_equal(w.run.steps, 3);
	release(&w);
}

static void private_address_behind_nat(void **state)
{
	struct mp_source sources[JUDGE_SOURCES];
	struct judge_run run;
	struct mp_case c;

	(void)state;
	judge_case(&c, sources, "192.168.1.5", "mail.example.com");
	judge_run(&run, "nat", EXISTS, &c, 0, WORLD);
	assert_int_equal(run.judge.n_results, 1);
	assert_int_equal(run.judge.results[0].status, MP_ERROR);
	judge_release(&run);
	assert_true(mp_ip_parse(mp_str(IP4), &sources[0].public_ip));
	judge_run(&run, "nat", EXISTS, &c, 0, REV4 " PTR mail.example.com\n" WORLD);
	assert_int_equal(run.judge.results[0].status, MP_PASS);
	assert_string_equal(run.judge.results[0].subject, IP4);
	assert_string_equal(mp_jget_str(run.judge.results[0].values, "ip", ""), "192.168.1.5");
	judge_release(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_status),
		cmocka_unit_test(the_old_answer_has_an_end),
		cmocka_unit_test(values_for_programs),
		cmocka_unit_test(fixes_name_who_can),
		cmocka_unit_test(names_are_proposed),
		cmocka_unit_test(failures_are_explained),
		cmocka_unit_test(many_records),
		cmocka_unit_test(longest_names),
		cmocka_unit_test(steps_are_few),
		cmocka_unit_test(private_address_behind_nat),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
