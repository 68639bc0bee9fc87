/* tests/unit/test_correlate.c - targets, correlation and verdict, from zone text and scripted sessions */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "probe/report.h"
#include "tests/unit/row.h"
#include "tests/world/zone.h"

/* What a server at an address does, instead of a network. */
struct script {
	const char *address; /* of the server; NULL ends the list */
	const char *source;  /* only from this source; NULL: any */
	enum smtp_outcome outcome;
	enum smtp_stage stage;
	const char *reply; /* the deciding reply, its lines with a line feed between; or NULL */
	const char *seen_as;
	const char *cert_fault;  /* the TLS session's time_error; "" for a good one; NULL: no TLS */
	enum smtp_no_way no_way; /* of an unreachable one */
	const char *greets;      /* the name in its greeting; it then got to EHLO, where STARTTLS was not offered */
	uint16_t port;           /* only this one; 0: any */
};

struct row {
	const char *label;
	const char *zone; /* beside the common zone */
	const char *to;   /* domain; "mx:ADDR" for a server; two with a comma */
	const char *sources[3];
	const char *public_ip;
	const char *ehlo;
	enum smtp_tls_policy tls;
	struct script scripts[6];
	enum mp_verdict verdict;
	const char *basis;
	int decided_by;       /* of the first target */
	size_t n_sessions;    /* of the first target */
	const char *first;    /* "ID CERTAINTY STATUS" of the first finding; "" none */
	size_t n_faults;      /* findings of status fail or warn */
	const char *says;     /* part of the verdict's summary */
	const char *explains; /* part of the first finding's explanation, or NULL */
};

static const char common[] = "example.com SOA ns.example.com h.example.com 1 7200 3600 1209600 300\n"
			     "example.com MX 10 mail.example.com\n"
			     "example.com TXT \"v=spf1 ip4:203.0.113.0/24 ip6:2001:db8::/32 -all\"\n"
			     "_dmarc.example.com TXT \"v=DMARC1; p=none\"\n"
			     "mail.example.com A 203.0.113.10\n"
			     "mail.example.com AAAA 2001:db8::10\n"
			     "other.example.com A 203.0.113.77\n"
			     "113.0.203.in-addr.arpa SOA ns.example.com h.example.com 1 7200 3600 1209600 900\n"
			     "113.0.203.in-addr.arpa NS ns.example.com\n"
			     "ns.example.com A 127.0.0.1\n"
			     "10.113.0.203.in-addr.arpa PTR mail.example.com\n"
			     "77.113.0.203.in-addr.arpa PTR gone.example.com\n"
			     "8.b.d.0.1.0.0.2.ip6.arpa SOA ns.example.com h.example.com 1 7200 3600 1209600 900\n"
			     "8.b.d.0.1.0.0.2.ip6.arpa NS ns.example.com\n"
			     "example.net SOA ns.example.net h.example.net 1 7200 3600 1209600 300\n"
			     "example.net MX 10 mx1.example.net\n"
			     "example.net MX 20 mx2.example.net\n"
			     "mx1.example.net A 198.51.100.1\n"
			     "mx1.example.net AAAA 2001:db8:2::1\n"
			     "mx2.example.net A 198.51.100.2\n"
			     "null.example.net MX 0 .\n"
			     "both.example.net MX 0 .\n"
			     "both.example.net MX 10 mx1.example.net\n"
			     "implicit.example.net A 198.51.100.3\n"
			     "nothing.example.net TXT \"no mail here\"\n"
			     "dead.example.net MX 10 gone.example.net\n"
			     "v6.example.net MX 10 mx6.example.net\n"
			     "mx6.example.net AAAA 2001:db8:2::6\n"
			     "fail.example.net !SERVFAIL\n"
			     "example.info SOA ns.example.com h.example.com 1 7200 3600 1209600 300\n"
			     "example.info MX 10 mail.example.info\n"
			     "mail.example.info A 203.0.113.20\n"
			     "20.113.0.203.in-addr.arpa PTR mail.example.info\n"
			     "info SOA ns.info h.info 1 7200 3600 1209600 300\n";

#define NO_PTR "203.0.113.11"
#define OK_IP "203.0.113.10"

#define AT(at, o, st, r)                                                     \
	{                                                                    \
		.address = (at), .outcome = (o), .stage = (st), .reply = (r) \
	}
#define SEES(at, o, st, r, ip)                                                                \
	{                                                                                     \
		.address = (at), .outcome = (o), .stage = (st), .reply = (r), .seen_as = (ip) \
	}
#define CERT(at, o, st, r, f)                                                                   \
	{                                                                                       \
		.address = (at), .outcome = (o), .stage = (st), .reply = (r), .cert_fault = (f) \
	}

#define NO_WAY(at, why, only)                                                                            \
	{                                                                                                \
		.address = (at), .outcome = SMTP_UNREACHABLE, .stage = SMTP_AT_CONNECT, .no_way = (why), \
		.port = (only)                                                                           \
	}
#define GREETS(at, name)                                                                                              \
	{                                                                                                             \
		.address = (at), .outcome = SMTP_ACCEPTED, .stage = SMTP_AT_RCPT, .reply = "250 Ok", .greets = (name) \
	}

#define LISTS_ALIVE \
	". SOA a.root h.root 1 2 3 4 300\n2.0.0.127.zen.spamhaus.org A 127.0.0.2\n2.0.0.127.psbl.surriel.com A 127.0.0.2\n"

static const struct row rows[] = {
	{"a reply of several lines is quoted as one text", "", "example.net", {OK_IP}, NULL, "mail.example.com",
		SMTP_TLS_MAY, {AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT, "550-Administrative\n550 prohibition")},
		MP_BLOCKED, "rcpt", 0, 1, NULL, 1, NULL, "\"550 Administrative prohibition\""},
	{"a code alone says no more than no", "", "example.net", {NO_PTR}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT, "550 zork")}, MP_BLOCKED, "rcpt", 0, 1,
		"ptr-missing:203.0.113.11 likely fail", 2,
		"rejects mail from this host: 203.0.113.11 has no PTR record",
		"in words that may mean one thing or another"},
	{"a code alone, and a sender in order", "", "example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT, "550 zork")}, MP_BLOCKED, "rcpt", 0, 1,
		"recipient-unknown:example.net claimed fail", 1, "not a fault of this sender", NULL},
	{"listed, the receiver names the list", LISTS_ALIVE "10.113.0.203.zen.spamhaus.org A 127.0.0.4\n",
		"example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT,
			"554 5.7.1 Service unavailable; Client host [203.0.113.10] blocked using zen.spamhaus.org")},
		MP_BLOCKED, "rcpt", 0, 1, "dnsbl-listed:203.0.113.10 confirmed fail", 1, "Spamhaus ZEN",
		"blocked using zen.spamhaus.org"},
	{"SPF fails, says the receiver; it passes here", "", "example.net", {OK_IP}, NULL, "mail.example.com",
		SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT,
			"550 5.7.23 Message rejected due to: SPF fail - not authorized")},
		MP_BLOCKED, "rcpt", 0, 1, "spf-fail:example.net claimed fail", 1,
		"mx1.example.net says: ", "Seen from here it is not so: SPF of example.com passes for 203.0.113.10"},
	{"listed, says the receiver; the list has no entry here", LISTS_ALIVE, "example.net", {OK_IP}, NULL,
		"mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT,
			"554 5.7.1 Service unavailable; Client host [203.0.113.10] blocked using zen.spamhaus.org")},
		MP_BLOCKED, "rcpt", 0, 1, "dnsbl-listed:203.0.113.10 claimed fail", 1, NULL,
		"Seen from here it is not so: 203.0.113.10 is not on Spamhaus ZEN"},
	{"listed elsewhere than the receiver says", LISTS_ALIVE "10.113.0.203.psbl.surriel.com A 127.0.0.2\n",
		"example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT,
			"554 5.7.1 Service unavailable; Client host [203.0.113.10] blocked using zen.spamhaus.org")},
		MP_BLOCKED, "rcpt", 0, 1, "dnsbl-listed:203.0.113.10 claimed fail", 1, NULL, NULL},
	{"listed, nobody minds", LISTS_ALIVE "10.113.0.203.zen.spamhaus.org A 127.0.0.10\n", "example.net", {OK_IP},
		NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_ACCEPTED, SMTP_AT_RCPT, "250 2.1.5 Ok")}, MP_AT_RISK, "rcpt", 0, 1,
		"dnsbl-listed:203.0.113.10 latent warn", 1, "PBL", NULL},
	{"two lists of domains, one finding",
		LISTS_ALIVE "test.dbl.spamhaus.org A 127.0.1.2\nexample.com.dbl.spamhaus.org A 127.0.1.2\n"
			    "test.uribl.com.multi.uribl.com A 127.0.0.14\nexample.com.multi.uribl.com A 127.0.0.2\n",
		"example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_ACCEPTED, SMTP_AT_RCPT, "250 2.1.5 Ok")}, MP_AT_RISK, "rcpt", 0, 1,
		"domain-reputation:example.com latent fail", 1, "Spamhaus DBL", NULL},
	{"the sender's domain has no way back", "example.com MX !NODATA\n", "example.net", {OK_IP}, NULL,
		"mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT,
			"550 5.1.8 <postmaster@example.com>: Sender address rejected: Domain not found")},
		MP_BLOCKED, "rcpt", 0, 1, "sender-domain-dns:example.com confirmed fail", 1,
		"neither an MX record nor an address", NULL},
	{"healthy sender, accepted", "", "example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_ACCEPTED, SMTP_AT_RCPT, "250 2.1.5 Ok")}, MP_DELIVERABLE, "rcpt", 0, 1, "", 0,
		"Nothing stands against", NULL},
	{"no PTR, the receiver says so", "", "example.net", {NO_PTR}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT,
			"550 5.7.1 Client host rejected: cannot find your reverse hostname, [203.0.113.11]")},
		MP_BLOCKED, "rcpt", 0, 1, "ptr-missing:203.0.113.11 confirmed fail", 2, "example.net rejects",
		"cannot find your reverse hostname"},
	{"no PTR, the receiver names the symptom", "", "example.net", {NO_PTR}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT,
			"550 5.7.25 Client host rejected: cannot find your hostname, [203.0.113.11]")},
		MP_BLOCKED, "rcpt", 0, 1, "ptr-missing:203.0.113.11 confirmed fail", 2, NULL, "root of it"},
	{"no PTR, nobody minds", "", "example.net", {NO_PTR}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_ACCEPTED, SMTP_AT_RCPT, "250 2.1.5 Ok")}, MP_AT_RISK, "rcpt", 0, 1,
		"ptr-missing:203.0.113.11 latent fail", 2, "accepts the recipient, but", NULL},
	{"PTR whose name does not lead back", "", "example.net", {"203.0.113.77"}, NULL, "other.example.com",
		SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT,
			"550 5.7.25 Client host rejected: cannot find your hostname, [203.0.113.77]")},
		MP_BLOCKED, "rcpt", 0, 1, "fcrdns-mismatch:203.0.113.77 confirmed fail", 1, NULL, NULL},
	{"a PTR whose name does not lead back, which the receiver counts as none", "", "example.net", {"203.0.113.77"},
		NULL, "other.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT, "550 no reverse DNS name for 203.0.113.77")},
		MP_BLOCKED, "rcpt", 0, 1, "fcrdns-mismatch:203.0.113.77 confirmed fail", 1, "does not lead back",
		"root of it"},
	{"the receiver claims what is not so", "", "example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT,
			"550 5.7.1 Client host rejected: cannot find your reverse hostname, [203.0.113.10]")},
		MP_BLOCKED, "rcpt", 0, 1, "ptr-missing:203.0.113.10 claimed fail", 1, NULL,
		"until 2026-01-01T00:15:00Z"},
	{"refused without a cause, no PTR", "", "example.net", {NO_PTR}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT, "550 Administrative prohibition")}, MP_BLOCKED, "rcpt",
		0, 1, "ptr-missing:203.0.113.11 likely fail", 2, NULL, "without naming a cause"},
	{"the first MX is dead, the second answers", "", "example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_UNREACHABLE, SMTP_AT_CONNECT, NULL),
			AT("198.51.100.2", SMTP_ACCEPTED, SMTP_AT_RCPT, "250 Ok")},
		MP_DELIVERABLE, "rcpt", 1, 2, "", 0, NULL, NULL},
	{"no MX answers: blocked port", "", "example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_UNREACHABLE, SMTP_AT_CONNECT, NULL),
			AT("198.51.100.2", SMTP_UNREACHABLE, SMTP_AT_CONNECT, NULL)},
		MP_UNKNOWN, "dns", -1, 2, "egress-blocked:203.0.113.10 latent fail", 1, "could not be determined",
		NULL},
	{"one dead receiver is no blocked port", "", "implicit.example.net", {OK_IP}, NULL, "mail.example.com",
		SMTP_TLS_MAY, {AT("198.51.100.3", SMTP_UNREACHABLE, SMTP_AT_CONNECT, NULL)}, MP_UNKNOWN, "dns", -1, 1,
		"", 0, "cannot be reached", NULL},
	{"every SYN is dropped, and port 587 answers", "", "example.net", {OK_IP}, NULL, "mail.example.com",
		SMTP_TLS_MAY,
		{NO_WAY("198.51.100.1", SMTP_WAY_SILENT, 25), NO_WAY("198.51.100.1", SMTP_WAY_REFUSED, 587),
			NO_WAY("198.51.100.2", SMTP_WAY_SILENT, 25)},
		MP_UNKNOWN, "dns", -1, 2, "egress-blocked:203.0.113.10 latent fail", 1, "port seems blocked",
		"Port 587 of mx1.example.net answers (refused (RST)): the host is there, and it is port 25 that is filtered"},
	{"dropped and refused, told apart", "", "example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{NO_WAY("198.51.100.1", SMTP_WAY_SILENT, 0), NO_WAY("198.51.100.2", SMTP_WAY_REFUSED, 0)}, MP_UNKNOWN,
		"dns", -1, 2, "egress-blocked:203.0.113.10 latent fail", 1, NULL,
		"mx1.example.net [198.51.100.1]: no answer within 15 s; mx2.example.net [198.51.100.2]: refused (RST). Port 587 of "
		"mx1.example.net gives no answer either"},
	{"no route by IPv6 is no block",
		"0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR mail.example.com\n",
		"v6.example.net", {"2001:db8::10"}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{NO_WAY("2001:db8:2::6", SMTP_WAY_NO_NETWORK, 0)}, MP_UNKNOWN, "dns", -1, 1,
		"egress.port25:2001:db8::10 latent info", 0, NULL, "no route"},
	{"greeted by ourselves", "", "example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{GREETS("198.51.100.1", "mail.example.com")}, MP_AT_RISK, "rcpt", 0, 1,
		"egress-blocked:203.0.113.10 latent warn", 1, "mx1.example.net greets by this host's own name",
		"Transparent proxies"},
	{"a known provider without STARTTLS under another name",
		". SOA a.root h.root 1 2 3 4 300\ngmail.com MX 5 gmail-smtp-in.l.google.com\n"
		"gmail-smtp-in.l.google.com A 198.51.100.9\n",
		"gmail.com", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{GREETS("198.51.100.9", "relay7.isp.example")}, MP_AT_RISK, "rcpt", 0, 1,
		"egress-blocked:203.0.113.10 latent warn", 2, "greets as relay7.isp.example and offers no STARTTLS",
		NULL},
	{"a pool greets by another name", "", "example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{GREETS("198.51.100.1", "node17.pool.example.net")}, MP_DELIVERABLE, "rcpt", 0, 1, NULL, 0, NULL, NULL},
	{"a hoster's server by a name of the domain's own", "", "example.net", {OK_IP}, NULL, "mail.example.com",
		SMTP_TLS_MAY, {GREETS("198.51.100.1", "mx07.hoster.example")}, MP_DELIVERABLE, "rcpt", 0, 1, NULL, 0,
		NULL, NULL},
	{"one name at the end of two ways", "example.info MX 5 mx.example.info\nmx.example.info A 198.51.100.8\n",
		"example.net,example.info", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{GREETS("198.51.100.1", "proxy.isp.example"), GREETS("198.51.100.8", "proxy.isp.example")}, MP_AT_RISK,
		"rcpt", 0, 1, "egress-blocked:203.0.113.10 latent warn", 1, "both greet as proxy.isp.example", NULL},
	{"failed handshake, then plain", "", "implicit.example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.3", SMTP_TLS_FAILED, SMTP_AT_TLS, NULL)}, MP_DELIVERABLE, "rcpt", 1, 2, NULL, 0, NULL,
		NULL},
	{"failed handshake under require", "", "implicit.example.net", {OK_IP}, NULL, "mail.example.com",
		SMTP_TLS_REQUIRE, {AT("198.51.100.3", SMTP_TLS_FAILED, SMTP_AT_TLS, NULL)}, MP_AT_RISK, "dns", -1, 1,
		"tls-policy:implicit.example.net confirmed fail", 1, "TLS", NULL},
	{"deferred", "", "implicit.example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.3", SMTP_DEFERRED, SMTP_AT_RCPT, "450 4.2.0 Greylisted, see http://postgrey.example/")},
		MP_AT_RISK, "rcpt", 0, 1, "greylisted:implicit.example.net claimed warn", 1, "delays mail", NULL},
	{"no such user is not the sender", "", "implicit.example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.3", SMTP_REJECTED, SMTP_AT_RCPT,
			"550 5.1.1 <x@example.net>: User unknown in local table")},
		MP_BLOCKED, "rcpt", 0, 1, "recipient-unknown:implicit.example.net claimed fail", 1,
		"not a fault of this sender", NULL},
	{"null MX", "", "null.example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY, {{.address = NULL}},
		MP_BLOCKED, "dns", -1, 0, "mx-unusable:null.example.net latent fail", 1, "null MX", NULL},
	{"null MX beside others is passed over", "", "both.example.net", {OK_IP}, NULL, "mail.example.com",
		SMTP_TLS_MAY, {AT("198.51.100.1", SMTP_ACCEPTED, SMTP_AT_RCPT, "250 Ok")}, MP_DELIVERABLE, "rcpt", 0, 1,
		"mx-unusable:both.example.net latent info", 0, NULL, NULL},
	{"no such domain", "", "no-such.example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{{.address = NULL}}, MP_BLOCKED, "dns", -1, 0, "mx-unusable:no-such.example.net latent fail", 1,
		"does not exist", NULL},
	{"neither MX nor address", "", "nothing.example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{{.address = NULL}}, MP_BLOCKED, "dns", -1, 0, "mx-unusable:nothing.example.net latent fail", 1,
		"neither", NULL},
	{"MX host without address", "", "dead.example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{{.address = NULL}}, MP_BLOCKED, "dns", -1, 0, "mx-unusable:dead.example.net latent fail", 1, NULL,
		NULL},
	{"an IPv6-only MX and an IPv4 sender", "", "v6.example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{{.address = NULL}}, MP_UNKNOWN, "dns", -1, 0, "mx-unusable:v6.example.net latent fail", 1,
		"no address that this host", NULL},
	{"the MX look-up fails", "", "fail.example.net", {OK_IP}, NULL, "mail.example.com", SMTP_TLS_MAY,
		{{.address = NULL}}, MP_UNKNOWN, "dns", -1, 0, "", 0, "SERVFAIL", NULL},
	{"IPv4 accepted, IPv6 without PTR rejected", "", "example.net", {OK_IP, "2001:db8::10"}, NULL,
		"mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_ACCEPTED, SMTP_AT_RCPT, "250 Ok"),
			AT("2001:db8:2::1", SMTP_REJECTED, SMTP_AT_RCPT,
				"550 5.7.1 Client host rejected: cannot find your reverse hostname, [2001:db8::10]")},
		MP_BLOCKED, "rcpt", 1, 2, "ptr-missing:2001:db8::10 confirmed fail", 1, NULL, NULL},
	{"NAT: the receiver names the address", "", "implicit.example.net", {"10.0.0.5"}, NULL, "mail.example.com",
		SMTP_TLS_MAY, {SEES("198.51.100.3", SMTP_ACCEPTED, SMTP_AT_RCPT, "250 Ok", OK_IP)}, MP_DELIVERABLE,
		"rcpt", 0, 1, "", 0, NULL, NULL},
	{"NAT, and the receiver sees an address without PTR", "", "implicit.example.net", {"10.0.0.5"}, NULL,
		"mail.example.com", SMTP_TLS_MAY, {SEES("198.51.100.3", SMTP_ACCEPTED, SMTP_AT_RCPT, "250 Ok", NO_PTR)},
		MP_AT_RISK, "rcpt", 0, 1, "ptr-missing:203.0.113.11 latent fail", 2, NULL, NULL},
	{"an expired certificate is the receiver's affair", "", "implicit.example.net", {OK_IP}, NULL,
		"mail.example.com", SMTP_TLS_MAY,
		{CERT("198.51.100.3", SMTP_ACCEPTED, SMTP_AT_RCPT, "250 Ok", "expired 2025-01-01")}, MP_DELIVERABLE,
		"rcpt", 0, 1, NULL, 0, NULL, NULL},
	{"neither SPF nor DKIM nor DMARC: one fault", "", "implicit.example.net", {"203.0.113.20"}, NULL,
		"mail.example.info", SMTP_TLS_MAY, {AT("198.51.100.3", SMTP_ACCEPTED, SMTP_AT_RCPT, "250 Ok")},
		MP_AT_RISK, "rcpt", 0, 1, "sender-unauthenticated:example.info latent warn", 1, NULL, NULL},
	{"two receivers that agree raise one finding", "", "example.net,implicit.example.net", {NO_PTR}, NULL,
		"mail.example.com", SMTP_TLS_MAY,
		{AT("198.51.100.1", SMTP_REJECTED, SMTP_AT_RCPT,
			 "550 5.7.1 cannot find your reverse hostname, [203.0.113.11]"),
			AT("198.51.100.3", SMTP_REJECTED, SMTP_AT_RCPT,
				"550 5.7.1 cannot find your reverse hostname, [203.0.113.11]")},
		MP_BLOCKED, "rcpt", 0, 1, "ptr-missing:203.0.113.11 confirmed fail", 2, "2 of 2 targets blocked", NULL},
};

static const struct smtp_session *act(const struct row *row, const struct smtp_question *q, struct mp_arena *a)
{
	struct smtp_session *s = mp_alloc(a, sizeof(*s));
	char at[MP_IP_TEXT], from[MP_IP_TEXT];

	s->q = *q;
	s->outcome = SMTP_UNREACHABLE;
	s->reason = "connection refused";
	s->ms_connect = s->ms_banner = s->ms_ehlo = s->ms_starttls = s->ms_tls = s->ms_ehlo_tls = s->ms_mail =
		s->ms_rcpt = -1;
	mp_ip_text(&q->address, at);
	mp_ip_text(&q->source, from);
	for (size_t i = 0; i < ARRAY_LEN(row->scripts) && row->scripts[i].address; i++) {
		const struct script *sc = &row->scripts[i];
		const char *reply = sc->reply;

		if (strcmp(sc->address, at) != 0 || (sc->port && sc->port != q->port) ||
			(sc->source && strcmp(sc->source, from) != 0))
			continue;
		s->outcome = sc->outcome;
		s->stage = sc->stage;
		s->seen_as = sc->seen_as;
		if (sc->outcome == SMTP_UNREACHABLE) {
			s->no_way = sc->no_way;
			s->reason = sc->no_way == SMTP_WAY_SILENT ? "no answer within 15 s" : "no connection";
		}
		if (sc->greets) {
			const char **lines = mp_alloc(a, sizeof(*lines));

			lines[0] = "250 hello";
			s->ms_banner = 4321;
			s->banner_host = sc->greets;
			s->banner = s->ehlo_reply = mp_alloc(a, sizeof(*s->banner));
			*s->banner = (struct smtp_reply){.code = 250, .n_lines = 1, .lines = lines};
		}
		if (sc->outcome == SMTP_TLS_FAILED && q->tls == SMTP_TLS_OFF) {
			s->outcome = SMTP_ACCEPTED; /* without TLS it takes the mail */
			s->stage = SMTP_AT_RCPT;
			reply = "250 2.1.5 Ok";
		}
		if (reply) {
			const char **lines = mp_allocn(a, 4, sizeof(*lines));
			struct mp_str rest = mp_str(reply), line;
			size_t n = 0;

			while (n < 4 && mp_str_split(&rest, '\n', &line))
				lines[n++] = mp_dupstr(a, line);
			s->reply = mp_alloc(a, sizeof(*s->reply));
			*s->reply = (struct smtp_reply){
				.code = (reply[0] - '0') * 100 + (reply[1] - '0') * 10 + (reply[2] - '0'),
				.n_lines = n,
				.lines = lines};
		}
		if (sc->cert_fault) {
			static const struct smtp_cert cert = {.subject = "CN=mx",
				.issuer = "CN=ca",
				.key = "EC P-256",
				.signature = "ECDSA",
				.sha256 = "00",
				.spki_sha256 = "00"};

			s->tls = mp_alloc(a, sizeof(*s->tls));
			*s->tls = (struct smtp_tls){.version = "TLSv1.3",
				.roots_loaded = true,
				.chain = &cert,
				.n_chain = 1,
				.time_error = sc->cert_fault[0] ? sc->cert_fault : NULL};
		}
	}
	return s;
}

/* Judge until all is settled, answering from zone and script. */
static void settle(struct mp_run *run, struct mp_evidence *ev, const struct world_zone *zone, const struct row *row)
{
	for (int round = 0; !mp_run_judge(run); round++) {
		struct mp_question *q;

		assert_true(round < 50);
		while ((q = world_zone_feed(zone, ev)))
			if (q->kind == &smtp_kind)
				mp_evidence_answer(ev, q, act(row, q->params, mp_evidence_arena(ev)));
			else
				mp_evidence_give_up(ev, q); /* there is no web */
	}
}

static void make_case(const struct row *row, struct mp_arena *a, struct mp_case *c)
{
	static const char *const resolvers[] = {"127.0.0.53:53"};
	struct mp_source *sources = mp_allocn(a, 3, sizeof(*sources));
	struct mp_target *targets = mp_allocn(a, 2, sizeof(*targets));
	struct mp_str to = mp_str(row->to), one;
	const char *from = strchr(row->ehlo, '.') + 1; /* the domain that it is a host of */

	*c = (struct mp_case){.command = "probe",
		.run_id = "0123456789abcdef",
		.nonce = "abcdefghijkl",
		.started_ms = 1767225600000, /* 2026-01-01T00:00:00Z */
		.hostname = "mail",
		.ehlo = row->ehlo,
		.ehlo_origin = "--ehlo",
		.mail_from = mp_printf(a, "postmaster@%s", from),
		.mail_from_origin = "--from",
		.header_from = mp_printf(a, "postmaster@%s", from),
		.domain = from,
		.sources = sources,
		.sources_origin = "--source",
		.targets = targets,
		.tls = row->tls,
		.resolvers = resolvers,
		.n_resolvers = 1,
		.ns_port = 53,
		.mta_sts_port = MP_HTTPS_PORT,
		.timeout_ms = 120000};
	for (; row->sources[c->n_sources]; c->n_sources++)
		assert_true(mp_ip_parse(mp_str(row->sources[c->n_sources]), &sources[c->n_sources].address));
	while (mp_str_split(&to, ',', &one))
		targets[c->n_targets++] = (struct mp_target){.text = mp_dupstr(a, one),
			.kind = MP_TARGET_DOMAIN,
			.domain = mp_dupstr(a, one),
			.port = 25,
			.rcpt = mp_printf(a, "postmaster@%.*s", (int)one.n, one.p),
			.rcpt_assumed = true};
}

static void fail_row(const struct row *row, const char *what, const char *got, const char *want)
{
	fail_msg("row '%s': %s: got '%s', want '%s'", row->label, what, got, want);
}

static void check_row(const struct row *row, const struct mp_run *run)
{
	const struct mp_conclusion *con = mp_run_conclusion(run);
	const struct mp_target_result *tr = mp_run_target(run, 0);
	size_t faults = 0;
	char first[256] = "";

	for (size_t i = 0; i < con->n_findings; i++)
		faults += con->findings[i].status != MP_INFO;
	if (con->n_findings)
		snprintf(first, sizeof(first), "%s %s %s", con->findings[0].id,
			mp_certainty_name(con->findings[0].certainty), mp_status_name(con->findings[0].status));
	if (row->first && strcmp(first, row->first) != 0)
		fail_row(row, "first finding", first, row->first);
	if (con->status != row->verdict)
		fail_row(row, "verdict", mp_verdict_name(con->status), mp_verdict_name(row->verdict));
	if (strcmp(con->basis, row->basis) != 0)
		fail_row(row, "basis", con->basis, row->basis);
	if (tr->decided_by != row->decided_by || tr->n_sessions != row->n_sessions)
		fail_msg("row '%s': decided by %d of %zu sessions, want %d of %zu", row->label, tr->decided_by,
			tr->n_sessions, row->decided_by, row->n_sessions);
	if (row->says && !strstr(con->summary, row->says))
		fail_row(row, "summary", con->summary, row->says);
	if (row->explains && (!con->n_findings || !strstr(con->findings[0].explanation, row->explains)))
		fail_row(row, "explanation", con->n_findings ? con->findings[0].explanation : "", row->explains);
	if (faults != row->n_faults) {
		for (size_t i = 0; i < con->n_findings; i++)
			print_message("  %s %s\n", con->findings[i].id, mp_status_name(con->findings[i].status));
		fail_msg("row '%s': %zu faults, want %zu", row->label, faults, row->n_faults);
	}
	for (size_t i = 0; i < con->n_findings; i++)
		if (!con->findings[i].title || !con->findings[i].explanation || !con->findings[i].n_because ||
			(con->findings[i].status != MP_INFO && !con->findings[i].n_fix))
			fail_msg(
				"row '%s': finding %s lacks words, evidence or a fix", row->label, con->findings[i].id);
}

static const char *const same[] = {"sender", "checks", "targets", "findings", "verdict"};

/* The same evidence, saved and judged again, gives the same report. */
static void check_replay(const struct row *row, const json_t *report)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_run_facts facts = {0};
	struct mp_buf text = MP_BUF(1 << 24);
	struct mp_err err = {.msg = ""};
	struct mp_case c;
	struct mp_run *run;
	json_t *again;

	mp_json_write(report, 2, &text);
	if (mp_report_read(mp_buf_str(&text), a, &c, ev, &facts, &err) != MP_OK)
		fail_msg("row '%s': replay: %s", row->label, err.msg);
	run = mp_run_new(&c, ev, mp_run_scope(&c));
	assert_true(mp_run_judge(run));
	again = mp_report_build(run, ev, &facts);
	for (size_t i = 0; i < ARRAY_LEN(same); i++) {
		char *x = json_dumps(mp_jget(report, same[i]), JSON_INDENT(1)),
		     *y = json_dumps(mp_jget(again, same[i]), JSON_INDENT(1));

		if (strcmp(x, y) != 0)
			fail_msg("row '%s': %s differs in the replay", row->label, same[i]);
		free(x);
		free(y);
	}
	json_decref(again);
	mp_run_free(run);
	mp_evidence_free(ev);
	mp_buf_release(&text);
	mp_arena_free(a);
}

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_evidence *ev = mp_evidence_new();
		struct mp_run_facts facts = {.duration_ms = 5};
		struct mp_err err = {.msg = ""};
		struct world_zone *zone = world_zone_parse(a, mp_printf(a, "%s%s", common, rows[i].zone), &err);
		struct mp_case c;
		struct mp_run *run;
		json_t *report;

		if (!zone)
			fail_msg("row '%s': zone: %s", rows[i].label, err.msg);
		make_case(&rows[i], a, &c);
		run = mp_run_new(&c, ev, mp_run_scope(&c));
		settle(run, ev, zone, &rows[i]);
		check_row(&rows[i], run);
		report = mp_report_build(run, ev, &facts);
		check_replay(&rows[i], report);
		json_decref(report);
		mp_run_free(run);
		mp_evidence_free(ev);
		mp_arena_free(a);
	}
}

static const struct row *row_with(const char *first)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].first ? mp_ieq(rows[i].first, first) : !first)
			return &rows[i];
	fail_msg("no row begins with %s", first ? first : "nothing");
	return NULL;
}

/* What tests it again: a command that a shell takes as it was given, where it can be copied. */
static void test_again(void **state)
{
	static char page[300];
	static const struct {
		const char *label, *first, *argv[5], *command, *after;
		bool none;
	} runs[] = {
		{"plain", "ptr-missing:203.0.113.11 latent fail", {"/usr/bin/mailprobe", "--to", "example.net"},
			"mailprobe --to example.net", "go by the old answer for up to 15 minutes.", false},
		{"for a shell", "ptr-missing:203.0.113.11 latent fail",
			{"mailprobe", "--to", "mx:[2001:db8::1]:25", "--from=<>", "o'x;$(id)"},
			"mailprobe --to 'mx:[2001:db8::1]:25' '--from=<>' 'o'\\''x;$(id)'", NULL, false},
		{"an empty argument", "ptr-missing:203.0.113.11 latent fail", {"mailprobe", ""}, "mailprobe ''", NULL,
			false},
		{"too long", "ptr-missing:203.0.113.11 latent fail", {"mailprobe", page}, NULL, NULL, false},
		{"not known", "ptr-missing:203.0.113.11 latent fail", {NULL}, NULL, NULL, false},
		{"nothing to do", "", {"mailprobe", "--to", "example.net"}, NULL, NULL, true},
	};

	(void)state;
	memset(page, 'x', sizeof(page) - 1);
	for (size_t i = 0; i < ARRAY_LEN(runs); i++) {
		const struct row *row = row_with(runs[i].first);
		struct mp_arena *a = mp_arena_new();
		struct mp_evidence *ev = mp_evidence_new();
		struct mp_err err = {.msg = ""};
		struct world_zone *zone = world_zone_parse(a, mp_printf(a, "%s%s", common, row->zone), &err);
		const struct mp_conclusion *con;
		struct mp_case c;
		struct mp_run *run;

		make_case(row, a, &c);
		c.argv = runs[i].argv;
		while (c.n_argv < ARRAY_LEN(runs[i].argv) && c.argv[c.n_argv])
			c.n_argv++;
		run = mp_run_new(&c, ev, mp_run_scope(&c));
		settle(run, ev, zone, row);
		con = mp_run_conclusion(run);
		row_bool(runs[i].label, con->again, !runs[i].none);
		row_str(runs[i].label, con->again_command, runs[i].command);
		if (runs[i].after && !strstr(con->again_after, runs[i].after))
			fail_row(row, "after", con->again_after, runs[i].after);
		mp_run_free(run);
		mp_evidence_free(ev);
		mp_arena_free(a);
	}
}

/* The deadline: what is unanswered is "not known in time", and never a fault. */
static void test_nothing_answers(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_evidence *ev = mp_evidence_new();
	struct mp_case c;
	struct mp_run *run;

	(void)state;
	make_case(&rows[0], a, &c);
	run = mp_run_new(&c, ev, mp_run_scope(&c));
	assert_false(mp_run_judge(run));
	mp_evidence_close(ev);
	assert_true(mp_run_judge(run));
	assert_int_equal(mp_run_conclusion(run)->status, MP_UNKNOWN);
	assert_int_equal(mp_exit_status(run), 3);
	for (size_t i = 0; i < mp_run_conclusion(run)->n_findings; i++)
		assert_int_equal(mp_run_conclusion(run)->findings[i].status, MP_INFO);
	mp_run_free(run);
	mp_evidence_free(ev);
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_nothing_answers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
