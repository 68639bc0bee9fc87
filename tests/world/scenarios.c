/* tests/world/scenarios.c - the table of scenarios; see tests/world/scenarios.h */
#include "tests/world/scenarios.h"

/*
 * The cast: the sender is mail.example.com at 203.0.113.10 (2001:db8::10), which on loopback is 127.0.0.10 (::1). Its
 * domain's own MX, where bounces go, is at 127.0.0.30. Receivers are mx1.example.net at 127.0.0.25 and its like. One
 * name server plays resolver and authority of all zones, one web server all registries.
 */

#define NS_AND_SOA(zone, minimum)                                                                              \
	zone " SOA ns1.world.example hostmaster.world.example 2026110101 7200 3600 1209600 " minimum "\n" zone \
	     " NS ns1.world.example\n"

const char world_zone_for_all[] = NS_AND_SOA(".", "300")
	NS_AND_SOA("world.example", "300") "ns1.world.example A 127.0.0.1\n" NS_AND_SOA("113.0.203.in-addr.arpa", "300")
		NS_AND_SOA("8.b.d.0.1.0.0.2.ip6.arpa", "300") WORLD_RDAP_HOST " A " WORLD_RDAP_ADDRESS "\n";

/* ---- what registries say */

#define RDAP_JSON .status = 200, .type = "application/rdap+json"
#define RDAP_IP "/ip/203.0.113.10"
#define RDAP_DOMAIN "/domain/example.com"
#define CARD(name, email)                                            \
	"\"vcardArray\":[\"vcard\",[[\"fn\",{},\"text\",\"" name     \
	"\"],[\"kind\",{},\"text\",\"org\"],[\"email\",{},\"text\"," \
	"\"" email "\"]]]"
#define NETWORK(from, to)                                                                                                 \
	"{\"objectClassName\":\"ip network\",\"handle\":\"NET-EXAMPLE\",\"name\":\"EXAMPLE-HOSTING\",\"country\":\"NL\"," \
	"\"startAddress\":\"" from "\",\"endAddress\":\"" to                                                              \
	"\",\"entities\":[{\"roles\":[\"registrant\"]," CARD("Example Hosting B.V.",                                      \
		"office@hosting.example") ",\"entities\":[{\"roles\":[\"technical\"]," CARD("Example NOC",                \
		"noc@hosting.example") "},{\"roles\":[\"abuse\"]," CARD("Example Abuse",                                  \
		"abuse@hosting.example") "}]}]}"
#define DOMAIN(status, since, until)                                                                       \
	"{\"objectClassName\":\"domain\",\"ldhName\":\"EXAMPLE.COM\",\"status\":[" status "],\"events\":[" \
	"{\"eventAction\":\"registration\",\"eventDate\":\"" since "\"},"                                  \
	"{\"eventAction\":\"expiration\",\"eventDate\":\"" until                                           \
	"\"}],\"entities\":[{\"roles\":[\"registrar\"]," CARD("Example Registrar", "support@registrar.example") "}]}"
#define NETWORK4 NETWORK("203.0.113.0", "203.0.113.127")
#define OLD_DOMAIN DOMAIN("\"active\"", "2009-04-01T12:00:00Z", "@+300d@")

#define THE_NETWORK                                          \
	{                                                    \
		.path = RDAP_IP, RDAP_JSON, .body = NETWORK4 \
	}
#define THE_DOMAIN                                                 \
	{                                                          \
		.path = RDAP_DOMAIN, RDAP_JSON, .body = OLD_DOMAIN \
	}

const struct world_page world_registries[] = {
	THE_NETWORK,
	{.path = "/ip/203.0.113.11", RDAP_JSON, .body = NETWORK4},
	{.path = "/ip/2001:db8::10", RDAP_JSON, .body = NETWORK("2001:db8::", "2001:db8::ffff:ffff:ffff:ffff")},
	THE_DOMAIN,
	{0},
};
static const struct world_page registries_dead[] = {
	{.path = RDAP_IP, .how = WORLD_WEB_RESETS},
	{.path = RDAP_DOMAIN, .how = WORLD_WEB_RESETS},
	{0},
};
static const struct world_page registries_hang[] = {
	{.path = RDAP_IP, .how = WORLD_WEB_HANGS},
	{.path = RDAP_DOMAIN, .how = WORLD_WEB_HANGS_MID, RDAP_JSON, .body = OLD_DOMAIN},
	{0},
};
static const struct world_page registries_garbage[] = {
	{.path = RDAP_IP, RDAP_JSON, .body = "{\"objectClassName\": \"ip network\", \"entities\": [[[["},
	{.path = RDAP_DOMAIN, .status = 200, .type = "text/html", .body = "<html>Sign in</html>"},
	{0},
};
static const struct world_page registries_busy[] = {
	{.path = RDAP_IP, .status = 429, .headers = "Retry-After: 3600\r\n"},
	{.path = RDAP_DOMAIN, .status = 404, .type = "application/rdap+json", .body = "{\"errorCode\":404}"},
	{0},
};
static const struct world_page registries_lead_on[] = {
	{.path = RDAP_IP, .status = 302, .headers = "Location: /registry/ip/203.0.113.0\r\n"},
	{.path = "/registry/ip/203.0.113.0", .status = 301, .headers = "Location: /member" RDAP_IP "\r\n"},
	{.path = "/member" RDAP_IP, RDAP_JSON, .body = NETWORK4},
	{.path = RDAP_DOMAIN, .status = 307, .headers = "Location: http://registry.example" RDAP_DOMAIN "\r\n"},
	{0},
};
static const struct world_page registries_new[] = {
	THE_NETWORK,
	{.path = RDAP_DOMAIN, RDAP_JSON, .body = DOMAIN("\"add period\"", "@-4d@", "@+361d@")},
	{0},
};
static const struct world_page registries_hold[] = {
	THE_NETWORK,
	{.path = RDAP_DOMAIN, RDAP_JSON, .body = DOMAIN("\"client hold\"", "2009-04-01T12:00:00Z", "@+300d@")},
	{0},
};

/* The test entries of RFC 5782, without which a list counts as dead. */
#define LISTS_ALIVE                                             \
	"2.0.0.127.zen.spamhaus.org A 127.0.0.2\n"              \
	"2.0.0.127.bl.spamcop.net A 127.0.0.2\n"                \
	"2.0.0.127.b.barracudacentral.org A 127.0.0.2\n"        \
	"2.0.0.127.psbl.surriel.com A 127.0.0.2\n"              \
	"2.0.0.127.bl.mailspike.net A 127.0.0.10\n"             \
	"2.0.0.127.dnsbl-1.uceprotect.net A 127.0.0.2\n"        \
	"2.0.0.127.dnsbl-2.uceprotect.net A 127.0.0.2\n"        \
	"2.0.0.127.dnsbl-3.uceprotect.net A 127.0.0.2\n"        \
	"2.0.0.127.hostkarma.junkemailfilter.com A 127.0.0.2\n" \
	"test.dbl.spamhaus.org A 127.0.1.2\n"                   \
	"test.uribl.com.multi.uribl.com A 127.0.0.14\n"         \
	"test.surbl.org.multi.surbl.org A 127.0.0.126\n"

/* The sender's domain as it should be, but for host names. */
#define SENDER_DOMAIN SENDER_DOMAIN_WITH("v=spf1 ip4:203.0.113.10/31 ip6:2001:db8::10 -all")
#define SENDER_DOMAIN_WITH(spf)              \
	LISTS_ALIVE                          \
	NS_AND_SOA("example.com", "300")     \
	"example.com MX 10 mx.example.com\n" \
	"mx.example.com A 127.0.0.30\n"      \
	"example.com TXT \"" spf "\"\n"      \
	"_dmarc.example.com TXT \"v=DMARC1; p=none\"\n"
#define SENDER_NAME                         \
	"mail.example.com A 203.0.113.10\n" \
	"mail.example.com TXT \"v=spf1 a -all\"\n"
#define PTR "10.113.0.203.in-addr.arpa"
#define PTR6 "0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"
#define SENDER_PTR PTR " PTR mail.example.com\n"
#define RECEIVER_DOMAIN                  \
	NS_AND_SOA("example.net", "300") \
	"example.net MX 10 mx1.example.net\n"
#define RECEIVER        \
	RECEIVER_DOMAIN \
	"mx1.example.net A 127.0.0.25\n"

/* MTA-STS: what announces a policy, where it is served, and the policies themselves. */
#define STS_OF(domain, address)                                      \
	"_mta-sts." domain " TXT \"v=STSv1; id=20261101T000000;\"\n" \
	"mta-sts." domain " A " address "\n"
#define STS_HOST "mta-sts.example.net", "127.0.0.40"
#define STS_PATH "/.well-known/mta-sts.txt"
#define STS_POLICY(mode, mx) "version: STSv1\r\nmode: " mode "\r\nmx: " mx "\r\nmax_age: 604800\r\n"

static const struct world_page sts_enforce[] = {
	{.path = STS_PATH, .status = 200, .type = "text/plain", .body = STS_POLICY("enforce", "*.example.net")},
	{0},
};
static const struct world_page sts_own[] = {
	{.path = STS_PATH, .status = 200, .type = "text/plain", .body = STS_POLICY("enforce", "mx.example.com")},
	{0},
};
static const struct world_page sts_other_mx[] = {
	{.path = STS_PATH, .status = 200, .type = "text/plain", .body = STS_POLICY("enforce", "mail.example.net")},
	{0},
};
static const struct world_page sts_testing[] = {
	{.path = STS_PATH, .status = 200, .type = "text/plain", .body = STS_POLICY("testing", "mail.example.net")},
	{0},
};
static const struct world_page sts_none[] = {
	{.path = STS_PATH, .status = 200, .type = "text/plain", .body = "version: STSv1\nmode: none\nmax_age: 86400\n"},
	{0},
};
static const struct world_page sts_broken[] = {
	{.path = STS_PATH,
		.status = 200,
		.type = "text/plain",
		.body = "version: STSv1\nmode: Enforce\nmx: *.example.net\nmax_age: 604800\n"},
	{0},
};
static const struct world_page sts_html[] = {
	{.path = STS_PATH, .status = 200, .type = "text/html", .body = STS_POLICY("enforce", "*.example.net")},
	{0},
};
static const struct world_page sts_moved[] = {
	{.path = STS_PATH, .status = 301, .headers = "Location: https://www.example.net/mta-sts.txt\r\n"},
	{0},
};
static const struct world_page sts_missing[] = {{0}};
static const struct world_page sts_hangs[] = {{.path = STS_PATH, .how = WORLD_WEB_HANGS}, {0}};
static const struct world_page sts_huge[] = {
	{.path = STS_PATH, .status = 200, .type = "text/plain", .how = WORLD_WEB_HUGE},
	{0},
};

/* The receiver's zone is signed, and has a TLSA record for whatever port the world chose. */
#define SIGNED_TLSA(spki)   \
	"@ad example.net\n" \
	"*._tcp.mx1.example.net TLSA 3 1 1 " spki "\n"
#define ANOTHER_SPKI "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

#define MAILBOX "imap.example.net A 127.0.0.43\n"
#define STAMP(spf, dmarc)                                                                              \
	"Authentication-Results: mx1.example.net;\r\n\t" spf " smtp.mailfrom=example.com;\r\n\t" dmarc \
	" header.from=example.com\r\n"

/* The columns that most rows share. */
#define FROM_MAIL \
	.senders = {{"127.0.0.10", "203.0.113.10", false}}, .ehlo = "mail.example.com", .from = "sender@example.com"
#define FROM_NAME(name) .senders = {{"127.0.0.10", "203.0.113.10", false}}, .ehlo = (name), .from = "sender@example.com"
#define TO_MX1(policy_name)                                                                     \
	.receivers = {{"mx1.example.net", "127.0.0.25", policy_name, WORLD_CERT_VALID, false}}, \
	.to = {"you@example.net"}

/* A generated PTR name and no DMARC record, before a receiver that hosts the recipient's domain. */
#define TWO_LATENT(mx, policy_name)                                                                              \
	.zone = LISTS_ALIVE NS_AND_SOA("example.com",                                                            \
		"300") "example.com MX 10 mx.example.com\n"                                                      \
		       "mx.example.com A 127.0.0.30\n"                                                           \
		       "example.com TXT \"v=spf1 ip4:203.0.113.10 -all\"\n" NS_AND_SOA("isp.example", "300") PTR \
		" PTR 203-0-113-10.dynamic.isp.example\n"                                                        \
		"203-0-113-10.dynamic.isp.example A 203.0.113.10\n" NS_AND_SOA(                                  \
			"example.net", "300") "example.net MX 1 " mx "\n" mx " A 127.0.0.25\n",                  \
	FROM_NAME("203-0-113-10.dynamic.isp.example"),                                                           \
	.receivers = {{mx, "127.0.0.25", policy_name, WORLD_CERT_VALID, false}}, .to = {"you@example.net"}

#define EHLO_RIGHT "ehlo.syntax pass", "ehlo.resolves pass", "ehlo.matches_source pass"
#define PTR_RIGHT                                                                                             \
	"ptr.exists pass", "ptr.single pass", "ptr.fcrdns pass", "ptr.matches_ehlo pass", "ptr.generic pass", \
		"ptr.syntax pass", "ptr.propagation pass"
/* Where there is no PTR, nothing can be said of its name. */
#define PTR_NONE                                                                                              \
	"ptr.exists fail", "ptr.single skip", "ptr.fcrdns skip", "ptr.matches_ehlo skip", "ptr.generic skip", \
		"ptr.syntax skip", "ptr.propagation pass"
#define SPF_RIGHT "spf.record pass", "spf.mail_from pass", "spf.helo pass", "spf.limits pass"
#define SERVER_RIGHT \
	"mx.target pass", "egress.port25 pass", "smtp.starttls pass", "tls.certificate pass", "tls.version pass"

#define DELIVERABLE                                                                                             \
	.verdict = "deliverable", .basis = "rcpt", .exit_status = 0, .outcome = "accepted", .stage = "rcpt-to", \
	.cause = "", .causes = ""
#define ACCEPTED_AT_RISK \
	.verdict = "at-risk", .basis = "rcpt", .exit_status = 1, .outcome = "accepted", .stage = "rcpt-to", .cause = ""
#define BLOCKED_AT(where, reply_code)                                                                     \
	.verdict = "blocked", .basis = "rcpt", .exit_status = 2, .outcome = "rejected", .stage = (where), \
	.code = (reply_code)
#define DEFERRED_AT(where, reply_code)                                                                    \
	.verdict = "at-risk", .basis = "rcpt", .exit_status = 1, .outcome = "deferred", .stage = (where), \
	.code = (reply_code)
#define PLACED(status_word, exit_code)                                                                     \
	.verdict = (status_word), .basis = "placement", .exit_status = (exit_code), .outcome = "accepted", \
	.stage = "message", .cause = ""
#define NOT_LOOKED                                                                                                 \
	.verdict = "deliverable", .basis = "message", .exit_status = 0, .outcome = "accepted", .stage = "message", \
	.cause = "", .causes = ""
#define UNDETERMINED .verdict = "unknown", .exit_status = 3, .outcome = ""

const struct world_scenario world_scenarios[] = {
	{
		.id = "healthy",
		.title = "everything is as it should be",
		.story = "PTR, its name's address and the EHLO name agree, and a receiver that checks\n"
			 "all of them takes the recipient.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.promise = {DELIVERABLE,
			.checks = {EHLO_RIGHT, PTR_RIGHT, SPF_RIGHT, SERVER_RIGHT, "smtp.session pass"}},
	},

	{
		.id = "sent",
		.title = "a message is sent, and taken",
		.story = "With --send a harmless message follows the recipient. The receiver takes it;\n"
			 "where it lands, only its mailbox could tell.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.extra = {"--send"},
		.promise = {NOT_LOOKED, .summary_has = "took the message",
			.checks = {EHLO_RIGHT, PTR_RIGHT, SPF_RIGHT, SERVER_RIGHT, "smtp.session pass"}},
	},
	{
		.id = "sent-no-ptr",
		.title = "no PTR record, and a receiver that says so after the message",
		.story = "A receiver in the style of Gmail accepts every recipient. Only with --send it\n"
			 "tells, after the end of the data, what it has against this sender.",
		.zone = SENDER_DOMAIN SENDER_NAME RECEIVER,
		FROM_MAIL,
		TO_MX1("gmail"),
		.extra = {"--send"},
		.promise = {.verdict = "blocked",
			.basis = "message",
			.exit_status = 2,
			.outcome = "rejected",
			.stage = "message",
			.code = 550,
			.finding = "ptr-missing",
			.certainty = "confirmed",
			.status = "fail",
			.causes = "ptr-missing",
			.checks = {PTR_NONE, "smtp.session fail"}},
	},
	{
		.id = "inbox",
		.title = "a message is sent, and found in the inbox",
		.story = "With --mailbox the message is looked for in a mailbox of one's own: it is\n"
			 "in the inbox, and what the receiver noted on it is told.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .stamp = STAMP("spf=pass", "dmarc=pass")}},
		.extra = {"--send", "--clean"},
		.promise = {PLACED("deliverable", 0), .causes = "",
			.checks = {"message.placement pass", "message.arrived pass", "message.seen_spf pass",
				"message.seen_dmarc pass"},
			.summary_has = "example.net took the message, and it landed in the inbox of you@example.net.",
			.says = {"landed in the inbox", "spf=pass"}},
	},
	{
		.id = "spam-folder",
		.title = "a message is taken, and lands in the spam folder",
		.story = "The receiver says yes to everything, and its filter puts the message aside:\n"
			 "the silent way that mail gets lost.",
		.zone = SENDER_DOMAIN_WITH("v=spf1 ip4:203.0.113.99 ~all") SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43",
			.folder = "Junk",
			.stamp = STAMP("spf=softfail",
				"dmarc=fail") "X-Spamd-Result: default: True [16.10 / 15.00];\r\n\tR_SPF_SOFTFAIL(0.00)[~all]\r\n"}},
		.extra = {"--send"},
		.promise = {PLACED("at-risk", 1), .finding = "content-spam", .certainty = "latent", .status = "fail",
			.summary_has =
				"example.net took the message and put it into the spam folder (Junk) of you@example.net.",
			.causes = "content-spam spf-fail", .checks = {"message.placement fail", "spf.mail_from warn"},
			.says = {"into the spam folder (Junk)", "spf=softfail",
				"rspamd (X-Spamd-Result): taken for spam, score 16.10 of the 15.00 from which on",
				"Change first (spf.mail_from): Put ip4:203.0.113.10 into the SPF record"}},
	},
	{
		.id = "seen-nat",
		.title = "the receiver saw another address than was thought",
		.story = "Our checks predict that SPF passes. The receiver noted a failure, and the\n"
			 "Received line of the message it stored names another address: NAT on the way.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43",
			.folder = "INBOX",
			.stamp = STAMP("spf=fail",
				"dmarc=fail") "Received: from mail.example.com (unknown [203.0.113.77])\r\n"
					      "\tby mx1.example.net (Postfix) with ESMTPS id 1\r\n"
					      "\tfor <you@example.net>; Sat, 28 Nov 2026 06:00:00 +0000\r\n"}},
		.extra = {"--send"},
		.promise = {PLACED("at-risk", 1), .causes = "spf-fail",
			.checks = {"message.placement pass", "message.arrived pass", "message.seen_spf warn",
				"message.seen_dmarc info", "spf.mail_from pass"},
			.says = {"That follows from SPF, as the receiver saw it.",
				"The receiver saw the message come from 203.0.113.77, and we predict for 203.0.113.10",
				"Put 203.0.113.77 into the SPF record of example.com"}},
	},
	{
		.id = "seen-twice",
		.title = "two mailboxes, and the same is seen in both",
		.story = "One fault, whoever saw it: it is told once, and both mailboxes show it.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .stamp = STAMP("spf=fail", "dmarc=fail")},
			{.address = "127.0.0.43",
				.name = "again",
				.folder = "INBOX",
				.stamp = STAMP("spf=fail", "dmarc=fail")}},
		.extra = {"--send"},
		.promise = {PLACED("at-risk", 1), .causes = "spf-fail",
			.checks = {"message.placement seed pass", "message.placement again pass",
				"message.seen_spf warn", "message.seen_dmarc info", "spf.mail_from pass"}},
	},
	{
		.id = "lost",
		.title = "a message is taken, and never arrives",
		.story = "Neither the inbox nor the spam folder has it within the time.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43"}},
		.extra = {"--send", "--timeout=3"},
		.promise = {PLACED("at-risk", 1), .finding = "content-spam", .status = "warn",
			.checks = {"message.placement warn"}, .says = {"neither inbox nor spam folder"}},
	},
	{
		.id = "late",
		.title = "a message arrives in the inbox after a while",
		.story = "Receivers may think for a while; the mailbox is looked into again.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .after_ms = 400}},
		.extra = {"--send"},
		.promise = {PLACED("deliverable", 0), .causes = "", .checks = {"message.placement pass"}},
	},
	{
		.id = "sent-again",
		.title = "a file is sent a second time, and found where it lands now",
		.story = "The spam folder still has it from the last time, with the same Message-ID. What\n"
			 "counts is what comes now: it is in the inbox.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.message =
			"From: <sender@example.com>\nTo: <you@example.net>\nSubject: News\n"
			"Date: Sat, 28 Nov 2026 06:00:00 +0000\nMessage-ID: <news-7@example.com>\n\nNews of the week.\n",
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .after_ms = 400, .before = "Junk"}},
		.extra = {"--send"},
		.promise = {PLACED("deliverable", 0), .causes = "", .checks = {"message.placement pass"}},
	},
	{
		.id = "mailbox-keeps",
		.title = "the message cannot be removed from the mailbox again",
		.story = "The server can only expunge all that is marked as deleted, and what is the\n"
			 "user's own stays untouched: it is said that the message is still there.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .keeps = true}},
		.extra = {"--send", "--clean"},
		.promise = {PLACED("deliverable", 0), .causes = "", .checks = {"message.placement pass"},
			.says = {"It was not removed again: it is marked as deleted"}},
	},
	{
		.id = "mailbox-password",
		.title = "the mailbox refuses the password",
		.story = "What cannot be looked into tells nothing: no fault of the sender, and the\n"
			 "password is in no part of the report.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .other_password = true}},
		.extra = {"--send"},
		.promise = {NOT_LOOKED, .checks = {"message.placement error"}, .says = {"refused user and password"}},
	},
	{
		.id = "mailbox-token",
		.title = "the mailbox is opened with a token (XOAUTH2)",
		.story = "The mailboxes of large providers take no password: a command of yours prints\n"
			 "a token, and with that the message is found.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .token = true}},
		.extra = {"--send"},
		.promise = {PLACED("deliverable", 0), .causes = "", .checks = {"message.placement pass"},
			.says = {"landed in the inbox"}},
	},
	{
		.id = "mailbox-old-token",
		.title = "the mailbox refuses the token",
		.story = "Tokens are good for an hour or so; one that has ended opens nothing, and says\n"
			 "nothing of the sender.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .token = true, .other_password = true}},
		.extra = {"--send"},
		.promise = {NOT_LOOKED, .checks = {"message.placement error"}, .says = {"refused user and token"}},
	},
	{
		.id = "mailbox-no-folder",
		.title = "the mailbox has no folder of that name",
		.story = "The message is not in the inbox, and a spam folder called Junk is not there.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .no_junk = true}},
		.extra = {"--send", "--timeout=3"},
		.promise = {NOT_LOOKED, .checks = {"message.placement error"},
			.says = {"there is no folder 'Junk' in it"}},
	},
	{
		.id = "mailbox-certificate",
		.title = "the mailbox server's certificate is expired",
		.story = "The password is not sent to a server that cannot show who it is.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .cert = WORLD_CERT_EXPIRED}},
		.extra = {"--send"},
		.promise = {NOT_LOOKED, .checks = {"message.placement error"}},
	},
	{
		.id = "mailbox-starttls",
		.title = "the mailbox is read by imap:// and STARTTLS",
		.story = "The server lets nobody log in without TLS: it is asked for first, and then the\n"
			 "message is found.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .tls = WORLD_IMAP_STARTTLS}},
		.extra = {"--send"},
		.promise = {PLACED("deliverable", 0), .causes = "", .checks = {"message.placement pass"}},
	},
	{
		.id = "mailbox-plain",
		.title = "the mailbox is read by imap:// on this host, without TLS",
		.story = "On loopback nobody listens, so a server there may do without STARTTLS; any other\n"
			 "gets no password then.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .tls = WORLD_IMAP_NO_TLS}},
		.extra = {"--send"},
		.promise = {PLACED("deliverable", 0), .causes = "", .checks = {"message.placement pass"}},
	},
	{
		.id = "mailbox-other-name",
		.title = "the mailbox server's certificate is for another name",
		.story = "After STARTTLS the server shows a certificate of another host: it gets no\n"
			 "password.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43",
			.folder = "INBOX",
			.tls = WORLD_IMAP_STARTTLS,
			.cert = WORLD_CERT_WRONG_NAME}},
		.extra = {"--send"},
		.promise = {NOT_LOOKED, .checks = {"message.placement error"}, .says = {"imap.example.net"}},
	},
	{
		.id = "mailbox-stranger",
		.title = "the mailbox server's certificate is by nobody that is trusted",
		.story = "An authority that nobody has heard of vouches for the server: it gets no\n"
			 "password.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .cert = WORLD_CERT_UNKNOWN_CA}},
		.extra = {"--send"},
		.promise = {NOT_LOOKED, .checks = {"message.placement error"}, .says = {"certificate"}},
	},
	{
		.id = "mailbox-no-tls",
		.title = "the mailbox server speaks no TLS on the port of imaps",
		.story = "What answers there is plain text: the handshake fails, and no password is\n"
			 "sent.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .tls = WORLD_IMAP_NOT_SPOKEN}},
		.extra = {"--send"},
		.promise = {NOT_LOOKED, .checks = {"message.placement error"},
			.says = {"the server speaks no TLS there; with STARTTLS its url begins with imap://"}},
	},
	{
		.id = "mailboxes",
		.title = "one run, four mailboxes: inbox, spam folder, nowhere, and locked",
		.story = "Each receiver judges for itself: with a mailbox at several of them one run shows\n"
			 "where the same message lands.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX", .stamp = STAMP("spf=pass", "dmarc=pass")},
			{.address = "127.0.0.43",
				.name = "strict",
				.owner = "user@example.net",
				.folder = "Junk",
				.stamp = STAMP(
					"spf=pass", "dmarc=pass") "X-Spam-Status: Yes, score=7.1 required=5.0\r\n"},
			{.address = "127.0.0.43", .name = "quiet", .owner = "abuse@example.net"},
			{.address = "127.0.0.43",
				.name = "locked",
				.owner = "postmaster@example.net",
				.other_password = true}},
		.extra = {"--send", "--timeout=3"},
		.promise = {PLACED("at-risk", 1), .finding = "content-spam", .status = "fail",
			.causes = "content-spam content-spam", .summary_has = "2 of 4 targets at risk.",
			.says = {"Where the message to postmaster@example.net landed is not known: the server refused user and"},
			.checks = {"message.placement seed pass", "message.placement strict fail",
				"message.placement quiet warn", "message.placement locked error"}},
	},
	{
		.id = "signature-list",
		.title = "a list on the way breaks the signature",
		.story = "A forwarder puts its tag before the subject and a footer below the text. The\n"
			 "report says what of the message is not as it was signed.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR WORLD_DKIM_RECORD RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("postfix"),
		.signs = true,
		.mailboxes = {{.address = "127.0.0.43",
			.folder = "INBOX",
			.tag = "[club]",
			.footer = "_______________________________________________\r\n"
				  "club mailing list\r\nhttps://lists.example.net/club\r\n",
			.stamp = "Authentication-Results: mx1.example.net;\r\n\tspf=pass smtp.mailfrom=example.com;\r\n"
				 "\tdkim=fail (body hash did not verify) header.d=example.com header.s=s1;\r\n"
				 "\tdmarc=pass header.from=example.com\r\n"}},
		.extra = {"--send"},
		.promise = {PLACED("at-risk", 1), .causes = "dkim-fail",
			.checks = {"message.placement pass", "message.arrived warn", "message.seen_spf pass",
				"message.seen_dkim info", "message.seen_dmarc pass", "dkim.pair pass"},
			.redacted_otherwise = "message.arrived (mailbox1): skip, not warn",
			.says = {"3 lines were appended to the body; without them its hash is right. \"[club]\" was put before "
				 "the subject."}},
	},
	{
		.id = "dry-run",
		.title = "a message is composed, and not sent",
		.story = "--dry-run does all but sending: the session ends at the recipient.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("gmail"),
		.extra = {"--dry-run"},
		.promise = {DELIVERABLE, .checks = {SERVER_RIGHT, "smtp.session pass"}},
	},

	{
		.id = "content",
		.title = "the sender's own filters score the message before it is sent",
		.story = "--rspamd and --spamd name filters of one's own. They get the message as it\n"
			 "would be sent, and what receivers would see of the host that sends it.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("gmail"),
		.filters = {{.address = "127.0.0.70", .password = "open sesame"},
			{.address = "127.0.0.71", .kind = WORLD_SPAMD}},
		.extra = {"--dry-run"},
		.promise = {DELIVERABLE,
			.checks = {SERVER_RIGHT, "smtp.session pass", "content.rspamd you@example.net pass",
				"content.spamd you@example.net pass"},
			.says = {"rspamd gives the message 1.2 of the 15.0 points at which it rejects, and would let it pass", "it has no DKIM signature", "a connection from 203.0.113.10 (mail.example.com)", "A rule of its owner's: a test"}},
	},
	{
		.id = "content-spam",
		.title = "the message is accepted, and the sender's own filters take it for spam",
		.story = "The receiver takes the message. What its filter will make of it, one of the\n"
			 "sender's own tells before: which rules hit, and what to change first.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.filters = {{.address = "127.0.0.70", .spam_at = 1},
			{.address = "127.0.0.71", .kind = WORLD_SPAMD, .spam_at = 1}},
		.extra = {"--send"},
		.promise = {.verdict = "at-risk",
			.basis = "message",
			.exit_status = 1,
			.outcome = "accepted",
			.stage = "message",
			.cause = "",
			.finding = "content-spam",
			.certainty = "latent",
			.status = "warn",
			.causes = "content-spam",
			.checks = {"content.rspamd warn", "content.spamd warn", "smtp.session pass"},
			.says = {"would mark it as spam", "takes it for spam", "R_DKIM_NA (+1.0)"}},
	},
	{
		.id = "content-spam-twice",
		.title = "two recipients, and the sender's filter takes both messages for spam",
		.story = "It is one text that wants another wording, to however many it goes: it is told\n"
			 "once.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix", WORLD_CERT_VALID, false}},
		.to = {"you@example.net", "user@example.net"},
		.filters = {{.address = "127.0.0.70", .spam_at = 1}},
		.extra = {"--dry-run"},
		.promise = {ACCEPTED_AT_RISK, .finding = "content-spam", .certainty = "latent", .status = "warn",
			.causes = "content-spam",
			.checks = {"content.rspamd you@example.net warn", "content.rspamd user@example.net warn"}},
	},
	{
		.id = "content-unknown",
		.title = "the sender's own filters cannot be asked",
		.story = "One does not know the password, the other does not answer: nothing is known of\n"
			 "the message's score, and nothing is held against it.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("gmail"),
		.filters = {{.address = "127.0.0.70", .password = "open sesame", .given = "hunter2"},
			{.address = "127.0.0.71", .kind = WORLD_SPAMD, .how = WORLD_FILTER_CLOSED}},
		.extra = {"--dry-run"},
		.promise = {DELIVERABLE, .checks = {"content.rspamd error", "content.spamd error"},
			.says = {"it wants a password, or another one", "connection refused"}},
	},

	/* ---- reverse DNS */
	{
		.id = "no-ptr",
		.title = "the sending address has no PTR record",
		.story = "A Postfix that wants a reverse name of every client rejects at RCPT. Whoever\n"
			 "holds the address has to set the record.",
		.zone = SENDER_DOMAIN SENDER_NAME RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-ptr"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "ptr-missing", .finding = "ptr-missing",
			.certainty = "confirmed", .status = "fail", .causes = "ptr-missing", .request = "ptr",
			.says = {"10.113.0.203.in-addr.arpa", "To: noc@hosting.example (Example Hosting B.V.)",
				"held by Example Hosting B.V. (EXAMPLE-HOSTING, 203.0.113.0/25, NL)",
				"Please set the PTR of 203.0.113.10 to mail.example.com"},
			.checks = {EHLO_RIGHT, PTR_NONE, SERVER_RIGHT, "smtp.session fail"}},
	},
	{
		.id = "no-ptr-greeting",
		.title = "no PTR record, and the receiver says so in its greeting",
		.story = "A receiver in the style of GMX refuses the connection itself; the cause\n"
			 "stands in the middle of the reply and in its link.",
		.zone = SENDER_DOMAIN SENDER_NAME RECEIVER,
		FROM_MAIL,
		TO_MX1("gmx"),
		.promise = {BLOCKED_AT("banner", 554), .finding = "ptr-missing", .certainty = "confirmed",
			.status = "fail", .causes = "ptr-missing",
			.says = {" ms, with a refusal (554) in the place of a greeting."},
			.checks = {EHLO_RIGHT, PTR_NONE, "smtp.session fail", "smtp.starttls skip",
				"tls.certificate skip"}},
	},
	{
		.id = "no-ptr-haraka",
		.title = "no PTR record, and a Haraka that wants one",
		.story = "Haraka's fcrdns plugin denies the client in the greeting, in its own words.",
		.zone = SENDER_DOMAIN SENDER_NAME RECEIVER,
		FROM_MAIL,
		TO_MX1("haraka"),
		.promise = {BLOCKED_AT("banner", 554), .cause = "ptr-missing", .finding = "ptr-missing",
			.certainty = "confirmed", .status = "fail", .causes = "ptr-missing",
			.checks = {PTR_NONE, "smtp.session fail"}},
	},
	{
		.id = "latent-no-ptr",
		.title = "no PTR record, but the receiver takes the recipient",
		.story = "A receiver in the style of Gmail accepts every recipient and judges after\n"
			 "the message: nobody has rejected yet, and still the mail would.",
		.zone = SENDER_DOMAIN SENDER_NAME RECEIVER,
		FROM_MAIL,
		TO_MX1("gmail"),
		.promise = {ACCEPTED_AT_RISK, .finding = "ptr-missing", .certainty = "latent", .causes = "ptr-missing",
			.checks = {EHLO_RIGHT, PTR_NONE, SERVER_RIGHT, "smtp.session pass"}},
	},
	{
		.id = "ptr-no-forward",
		.title = "the PTR's name has no address",
		.story = "The PTR says smtp.example.com, and no such name exists: the way back is\n"
			 "missing. A receiver that wants it confirmed rejects.",
		.zone = SENDER_DOMAIN SENDER_NAME PTR " PTR smtp.example.com\n" RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "fcrdns-mismatch", .finding = "fcrdns-mismatch",
			.certainty = "confirmed", .status = "fail", .causes = "fcrdns-mismatch",
			.checks = {EHLO_RIGHT, "ptr.exists pass", "ptr.single pass", "ptr.fcrdns fail",
				"ptr.matches_ehlo warn", "ptr.generic pass", "ptr.propagation pass", SERVER_RIGHT,
				"smtp.session fail"}},
	},
	{
		.id = "ptr-forward-mismatch",
		.title = "the PTR's name leads to another address",
		.story = "PTR and EHLO agree on mail.example.com, but after a move its address record\n"
			 "still names the old host.",
		.zone = SENDER_DOMAIN SENDER_PTR "mail.example.com A 203.0.113.99\n" RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "fcrdns-mismatch", .finding = "fcrdns-mismatch",
			.certainty = "confirmed", .status = "fail", .causes = "fcrdns-mismatch", .request = "",
			.steps = 2,
			.checks = {"ehlo.syntax pass", "ehlo.resolves pass", "ehlo.matches_source warn",
				"ptr.exists pass", "ptr.fcrdns fail", "ptr.matches_ehlo warn", "ptr.generic pass",
				"ptr.syntax pass", "ptr.propagation pass", "smtp.session fail"}},
	},
	{
		.id = "generic-ptr",
		.title = "the PTR is the provider's generated name",
		.story = "The reverse name spells the address, as those of dial-up pools do. A\n"
			 "receiver with a table against such names rejects.",
		.zone = SENDER_DOMAIN NS_AND_SOA("isp.example", "300") PTR
		" PTR 203-0-113-10.dynamic.isp.example\n"
		"203-0-113-10.dynamic.isp.example A 203.0.113.10\n" RECEIVER,
		FROM_NAME("203-0-113-10.dynamic.isp.example"),
		TO_MX1("postfix-access"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "rdns-generic", .finding = "rdns-generic",
			.certainty = "confirmed", .status = "fail", .causes = "rdns-generic",
			.says = {"refuse mail when\nits name is one that a provider's script gives",
				"We add the forward record of that name before you set the PTR"},
			.checks = {EHLO_RIGHT, "ptr.exists pass", "ptr.single pass", "ptr.fcrdns pass",
				"ptr.matches_ehlo pass", "ptr.generic warn", "ptr.syntax pass", "ptr.propagation pass",
				"smtp.session fail"}},
	},
	{
		.id = "several-ptr",
		.title = "the address has two PTR records",
		.story = "Both names lead back, and the receiver takes the recipient; others look at\n"
			 "the first name only, in an order that rotates.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR PTR " PTR www.example.com\n"
								 "www.example.com A 203.0.113.10\n" RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.promise = {ACCEPTED_AT_RISK, .finding = "fcrdns-mismatch", .certainty = "latent", .status = "warn",
			.causes = "fcrdns-mismatch",
			.checks = {EHLO_RIGHT, "ptr.exists pass", "ptr.single warn", "ptr.fcrdns pass",
				"ptr.matches_ehlo pass", "ptr.generic pass", "ptr.syntax pass",
				"ptr.propagation pass"}},
	},
	{
		.id = "ptr-bare-domain",
		.title = "the PTR is a bare domain",
		.story = "The reverse name is example.com itself. It leads back, but some receivers\n"
			 "hold a domain without a host part for a generated name.",
		.zone = SENDER_DOMAIN "example.com A 203.0.113.10\n" PTR " PTR example.com\n" RECEIVER,
		FROM_NAME("example.com"),
		TO_MX1("postfix-fcrdns"),
		.promise = {ACCEPTED_AT_RISK, .finding = "rdns-generic", .certainty = "latent", .status = "warn",
			.causes = "rdns-generic",
			.checks = {EHLO_RIGHT, "ptr.exists pass", "ptr.single pass", "ptr.fcrdns pass",
				"ptr.matches_ehlo pass", "ptr.syntax warn", "ptr.propagation pass"}},
	},
	{
		.id = "ptr-bad-syntax",
		.title = "the PTR's name has an underscore",
		.story = "mail_01.example.com is a DNS name but no host name. The receiver at hand\n"
			 "does not mind; others do.",
		.zone = SENDER_DOMAIN SENDER_NAME PTR " PTR mail_01.example.com\n"
						      "mail_01.example.com A 203.0.113.10\n" RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix"),
		.promise = {ACCEPTED_AT_RISK, .finding = "rdns-generic", .certainty = "latent", .status = "fail",
			.causes = "rdns-generic",
			.checks = {EHLO_RIGHT, "ptr.exists pass", "ptr.single pass", "ptr.fcrdns pass",
				"ptr.matches_ehlo warn", "ptr.syntax fail", "ptr.propagation pass"}},
	},
	{
		.id = "stale-cache",
		.title = "the PTR is right, but resolvers still have the old answer",
		.story = "The zone's own servers have the new PTR; the resolver, like the receiver's,\n"
			 "has cached for 240 s more that there is none. The finding says until when.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR "@resolver " PTR " 240 !NXDOMAIN\n" RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-ptr"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "ptr-missing", .finding = "ptr-missing",
			.certainty = "claimed", .status = "fail", .causes = "ptr-missing", .steps = 2,
			.says = {"mx1.example.net says: the sending address has no PTR record"},
			.checks = {EHLO_RIGHT, "ptr.exists pass", "ptr.single pass", "ptr.fcrdns pass",
				"ptr.matches_ehlo pass", "ptr.generic pass", "ptr.syntax pass", "ptr.propagation warn",
				"smtp.session fail"}},
	},
	{
		.id = "reverse-server-dead",
		.title = "one of two servers of the reverse zone never answers",
		.story = "The other one does, and so do the resolvers: everything is well, and the dead\n"
			 "server is named.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR "113.0.203.in-addr.arpa NS ns2.world.example\n"
							     "ns2.world.example A 127.0.0.9\n"
							     "@127.0.0.9 *.in-addr.arpa !TIMEOUT\n" RECEIVER,
		.second_ns = "127.0.0.9",
		FROM_MAIL,
		TO_MX1("postfix"),
		.promise = {DELIVERABLE, .says = {"(1 of 2 servers did not answer with authority)"},
			.checks = {EHLO_RIGHT, PTR_RIGHT}},
	},
	{
		.id = "stale-ptr",
		.title = "the PTR is right, but resolvers still have the old name",
		.story = "The zone's own servers say mail.example.com; caches keep the provider's\n"
			 "generated name for 15 minutes more, and the receiver rejects that.",
		.zone = SENDER_DOMAIN SENDER_NAME NS_AND_SOA("isp.example", "300") SENDER_PTR
		"@resolver " PTR " 900 PTR 203-0-113-10.dynamic.isp.example\n"
		"203-0-113-10.dynamic.isp.example A 203.0.113.10\n" RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-access"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "rdns-generic", .finding = "rdns-generic",
			.certainty = "claimed", .status = "fail", .causes = "rdns-generic", .request = "",
			.checks = {EHLO_RIGHT, "ptr.exists pass", "ptr.single pass", "ptr.fcrdns pass",
				"ptr.matches_ehlo pass", "ptr.generic pass", "ptr.syntax pass", "ptr.propagation warn",
				"smtp.session fail"}},
	},
	{
		.id = "claimed",
		.title = "the receiver sees no PTR where everybody else sees one",
		.story = "Zone and caches are right; the receiver alone still rejects. That is\n"
			 "reported as its claim, not as a fault of the sender.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR "@receiver " PTR " !NXDOMAIN\n" RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-ptr"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "ptr-missing", .finding = "ptr-missing",
			.certainty = "claimed", .status = "fail", .causes = "ptr-missing", .request = "postmaster",
			.summary_has = "has no PTR record; seen from here the reverse DNS is in order",
			.says = {"To: postmaster@example.net", "reply:   550 5.7.1 Client host rejected",
				"The PTR name mail.example.com leads back",
				"Mail from 203.0.113.10 to example.net is refused"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "smtp.session fail"}},
	},
	{
		.id = "ipv6-no-ptr",
		.title = "IPv4 is right, IPv6 has no PTR",
		.story = "The host sends from two addresses, and only one of them was set up. MTAs\n"
			 "prefer IPv6, so most mail is rejected while every IPv4 test passes.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR "mail.example.com AAAA 2001:db8::10\n" RECEIVER
							     "mx1.example.net AAAA ::1\n",
		.senders = {{"127.0.0.10", "203.0.113.10", false}, {"::1", "2001:db8::10", false}},
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix-ptr", WORLD_CERT_VALID, false},
			{"mx1.example.net", "::1", "postfix-ptr", WORLD_CERT_VALID, false}},
		.ehlo = "mail.example.com",
		.from = "sender@example.com",
		.to = {"you@example.net"},
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "ptr-missing", .source = "::1",
			.finding = "ptr-missing", .certainty = "confirmed", .status = "fail", .causes = "ptr-missing",
			.says = {"0.1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa"},
			.checks = {"ehlo.syntax pass", "ehlo.resolves pass", "ehlo.matches_source pass",
				"ptr.exists 203.0.113.10 pass", "ptr.exists 2001:db8::10 fail",
				"ptr.fcrdns 203.0.113.10 pass", "ptr.fcrdns 2001:db8::10 skip",
				"ptr.matches_ehlo 203.0.113.10 pass", "ptr.propagation pass",
				"smtp.session mx1.example.net [127.0.0.25] pass",
				"smtp.session mx1.example.net [::1] fail", "egress.port25 pass"}},
	},
	{
		.id = "one-of-pool",
		.title = "one of two sending addresses has no PTR",
		.story = "Both addresses are used in turn; nobody notices until the mail that leaves\n"
			 "by the second comes back.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR "mail.example.com A 203.0.113.11\n" RECEIVER,
		.senders = {{"127.0.0.10", "203.0.113.10", false}, {"127.0.0.11", "203.0.113.11", false}},
		.ehlo = "mail.example.com",
		.from = "sender@example.com",
		TO_MX1("postfix-ptr"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "ptr-missing", .source = "127.0.0.11",
			.finding = "ptr-missing", .certainty = "confirmed", .status = "fail", .causes = "ptr-missing",
			.says = {"Please set the PTR of 203.0.113.11 to mail.example.com"},
			.checks = {EHLO_RIGHT, "ptr.exists 203.0.113.10 pass", "ptr.exists 203.0.113.11 fail",
				"ptr.matches_ehlo 203.0.113.10 pass", "ptr.matches_ehlo 203.0.113.11 skip",
				"ptr.propagation pass", "mx.target pass", "egress.port25 pass",
				"tls.certificate pass"}},
	},
	{
		.id = "reverse-servfail",
		.title = "the reverse zone does not answer",
		.story = "Every look-up in the reverse zone ends in SERVFAIL. Whether there is a PTR\n"
			 "cannot be known; the receiver puts the mail off.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR "*.113.0.203.in-addr.arpa !SERVFAIL\n" RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-ptr"),
		.promise = {DEFERRED_AT("rcpt-to", 450), .cause = "ptr-missing", .finding = "ptr-missing",
			.certainty = "claimed", .causes = "ptr-missing", .request = "zone",
			.says = {"Please fix the reverse zone of 203.0.113.10", "  answer: SERVFAIL\n",
				"receivers look the record up. One of them said:\n\n  450 4.7.1"},
			.checks = {EHLO_RIGHT, "ptr.exists error", "smtp.session warn"}},
	},
	{
		.id = "rfc2317",
		.title = "a reverse zone that is delegated by CNAME",
		.story = "The provider has handed the reverse names of a few addresses over as RFC\n"
			 "2317 describes it. All is well.",
		.zone = SENDER_DOMAIN SENDER_NAME PTR
		" CNAME 10.0-63.113.0.203.in-addr.arpa\n" NS_AND_SOA("0-63.113.0.203.in-addr.arpa",
			"300") "10.0-63.113.0.203.in-addr.arpa PTR mail.example.com\n" RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.promise = {DELIVERABLE, .checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "smtp.session pass"}},
	},
	{
		.id = "blanket-refusal",
		.title = "no PTR record, and a receiver that does not say why it refuses",
		.story = "Exim says `Administrative prohibition' for many faults. The missing PTR is\n"
			 "the one that the checks show: likely, not confirmed.",
		.zone = SENDER_DOMAIN SENDER_NAME RECEIVER,
		FROM_MAIL,
		TO_MX1("exim-prohibition"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "policy-rejected", .finding = "ptr-missing",
			.certainty = "likely", .status = "fail", .causes = "ptr-missing",
			.checks = {EHLO_RIGHT, PTR_NONE, SERVER_RIGHT, "smtp.session fail"}},
	},

	/* ---- the EHLO name */
	{
		.id = "ehlo-mismatch",
		.title = "the EHLO name belongs to another address",
		.story = "The PTR is right, but the MTA announces the name of another host, and the\n"
			 "receiver compares.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR "smtp.example.com A 203.0.113.99\n" RECEIVER,
		FROM_NAME("smtp.example.com"),
		TO_MX1("exim-helo"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "helo-rejected", .finding = "helo-rejected",
			.certainty = "confirmed", .status = "fail", .causes = "helo-rejected",
			.checks = {"ehlo.syntax pass", "ehlo.resolves pass", "ehlo.matches_source warn",
				"ptr.exists pass", "ptr.fcrdns pass", "ptr.matches_ehlo warn", "smtp.session fail"}},
	},
	{
		.id = "ehlo-localhost",
		.title = "the MTA announces itself as localhost",
		.story = "The usual result of a container or an untouched installation. Postfix wants\n"
			 "a fully qualified name.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_NAME("localhost"),
		TO_MX1("postfix-helo"),
		.promise = {BLOCKED_AT("rcpt-to", 504), .cause = "helo-rejected", .finding = "helo-rejected",
			.certainty = "confirmed", .status = "fail", .causes = "helo-rejected", .request = "",
			.checks = {"ehlo.syntax fail", "ptr.exists pass", "ptr.fcrdns pass", "smtp.session fail"}},
	},
	{
		.id = "ehlo-unresolvable",
		.title = "the EHLO name does not exist in the DNS",
		.story = "The MTA announces a name that only this network knows; the receiver looks it\n"
			 "up and rejects.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_NAME("host17.example.com"),
		TO_MX1("postfix-helo"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "helo-rejected", .finding = "helo-rejected",
			.certainty = "confirmed", .status = "fail", .causes = "helo-rejected",
			.checks = {"ehlo.syntax pass", "ehlo.resolves fail", "ptr.exists pass", "ptr.fcrdns pass",
				"ptr.matches_ehlo warn", "smtp.session fail"}},
	},
	{
		.id = "ehlo-typo",
		.title = "one letter is wrong in the EHLO name",
		.story = "PTR and address say mail.example.com, the MTA says maill.example.com. The\n"
			 "receiver does not look; the report names the likely typo.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_NAME("maill.example.com"),
		TO_MX1("postfix-fcrdns"),
		.promise = {ACCEPTED_AT_RISK, .finding = "helo-rejected", .certainty = "latent",
			.causes = "helo-rejected",
			.summary_has =
				"maill.example.com, a likely typo of mail.example.com, does not exist in the DNS.",
			.says = {"The name was given with --ehlo, not read from the MTA: look first at what that announces"},
			.checks = {"ehlo.syntax pass", "ehlo.resolves fail", "ptr.exists pass", "ptr.fcrdns pass",
				"ptr.matches_ehlo warn", "smtp.session pass"}},
	},

	{
		.id = "two-faults",
		.title = "no PTR record, and an EHLO name that is none",
		.story = "The receiver rejects for the EHLO name. The missing PTR, which the next one\n"
			 "would reject for, is found as well.",
		.zone = SENDER_DOMAIN SENDER_NAME RECEIVER,
		FROM_NAME("ubuntu"),
		TO_MX1("postfix-helo"),
		.promise = {BLOCKED_AT("rcpt-to", 504), .cause = "helo-rejected", .finding = "helo-rejected",
			.certainty = "confirmed", .status = "fail", .causes = "helo-rejected ptr-missing",
			.checks = {"ehlo.syntax fail", PTR_NONE, "smtp.session fail"}},
	},

	/* ---- lists, and the sender's domain */
	{
		.id = "dnsbl-listed",
		.title = "the sending address is on a block list",
		.story = "Spamhaus holds the address for an infected host, and the receiver asks\n"
			 "Spamhaus. The lists' own test entries show that they are alive.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER
		"10.113.0.203.zen.spamhaus.org A 127.0.0.4\n"
		"10.113.0.203.zen.spamhaus.org TXT \"https://www.spamhaus.org/query/ip/203.0.113.10\"\n"
		/* a list of a user's own, and what a customer of Spamhaus asks: for tests/run/test_lists.c */
		"2.0.0.127.bl.own.example A 127.0.0.2\n10.113.0.203.bl.own.example A 127.0.0.9\n"
		"2.0.0.127.customer1key.zen.dq.spamhaus.net A 127.0.0.2\n"
		"10.113.0.203.customer1key.zen.dq.spamhaus.net A 127.0.0.4\n",
		FROM_MAIL,
		TO_MX1("postfix-zen"),
		.promise = {BLOCKED_AT("rcpt-to", 554), .cause = "dnsbl-listed", .finding = "dnsbl-listed",
			.certainty = "confirmed", .status = "fail", .causes = "dnsbl-listed", .request = "delisting",
			.says = {"To: https://check.spamhaus.org/ (Spamhaus ZEN)", "XBL",
				"Please remove 203.0.113.10 from your list"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, "dnsbl.ip zen.spamhaus.org fail",
				"dnsbl.ip bl.spamcop.net pass", "dnsbl.ip list.dnswl.org info", "dnsbl.domain pass",
				"smtp.session fail"}},
	},
	{
		.id = "sender-nxdomain",
		.title = "the sender's domain does not exist",
		.story = "Somebody mistyped the envelope sender: bounces could never come back, and\n"
			 "the receiver rejects what has no way back.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		.senders = {{"127.0.0.10", "203.0.113.10", false}},
		.ehlo = "mail.example.com",
		.from = "sender@exmaple.com",
		.extra = {"--header-from", "sender@example.com"},
		TO_MX1("sender-dns"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "sender-domain-dns", .finding = "sender-domain-dns",
			.certainty = "confirmed", .status = "fail", .steps = 1,
			.checks = {EHLO_RIGHT, PTR_RIGHT, "mx.sender example.com pass", "mx.sender exmaple.com fail",
				"smtp.session fail"}},
	},

	/* ---- SPF */
	{
		.id = "spf-fail",
		.title = "the domain's SPF record does not allow the address",
		.story = "After a move the record still names the old address and refuses all others.\n"
			 "A Postfix with policyd-spf rejects; the report has the record to publish.",
		.zone = SENDER_DOMAIN_WITH("v=spf1 ip4:203.0.113.99 -all") SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-spf"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "spf-fail", .finding = "spf-fail",
			.certainty = "confirmed", .status = "fail", .causes = "spf-fail", .steps = 1,
			.checks = {EHLO_RIGHT, PTR_RIGHT, "spf.record pass", "spf.mail_from fail", "spf.helo pass",
				"spf.limits pass", "smtp.session fail"}},
	},
	{
		.id = "spf-softfail",
		.title = "the domain's SPF record gives softfail for the address",
		.story = "The record ends in ~all: hardly anybody rejects for it, and many sort such\n"
			 "mail among the spam.",
		.zone = SENDER_DOMAIN_WITH("v=spf1 ip4:203.0.113.99 ~all") SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-spf"),
		.promise = {ACCEPTED_AT_RISK, .finding = "spf-fail", .certainty = "latent", .status = "warn",
			.causes = "spf-fail",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "spf.record pass", "spf.mail_from warn", "spf.helo pass",
				"spf.limits pass", "smtp.session pass"}},
	},
	{
		.id = "spf-twice",
		.title = "the domain has two SPF records",
		.story = "A second service brought a record of its own. Receivers then heed neither;\n"
			 "the two must be one.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR
		"example.com TXT \"v=spf1 include:_spf.example.com ~all\"\n" RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-spf"),
		.promise = {ACCEPTED_AT_RISK, .finding = "spf-fail", .certainty = "latent", .status = "fail",
			.causes = "spf-fail",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "spf.record fail", "spf.mail_from fail", "spf.helo pass",
				"spf.limits skip", "smtp.session pass"}},
	},
	{
		.id = "bulk-rules",
		.title = "a receiver at Gmail, and a domain without a DMARC record",
		.story = "The recipient's domain is hosted at Gmail. It takes the recipient; of what Gmail\n"
			 "asks of those who send in bulk, the DMARC record is missing.",
		.zone = LISTS_ALIVE NS_AND_SOA("example.com",
			"300") "example.com MX 10 mx.example.com\n"
			       "mx.example.com A 127.0.0.30\n"
			       "example.com TXT \"v=spf1 ip4:203.0.113.10 -all\"\n" SENDER_NAME SENDER_PTR NS_AND_SOA(
				       "example.net", "300") "example.net MX 1 aspmx.l.google.com\n"
							     "aspmx.l.google.com A 127.0.0.25\n",
		FROM_MAIL,
		.receivers = {{"aspmx.l.google.com", "127.0.0.25", "gmail", WORLD_CERT_VALID, false}},
		.to = {"you@example.net"},
		.promise = {ACCEPTED_AT_RISK, .finding = "dmarc-fail", .certainty = "latent", .status = "warn",
			.causes = "dmarc-fail",
			.checks = {"ptr.fcrdns pass", "spf.mail_from pass", "smtp.starttls pass", "soa.sender pass",
				"dmarc.record warn", "policy.gmail SPF or DKIM pass",
				"policy.gmail PTR and way back pass", "policy.gmail TLS pass",
				"policy.gmail DMARC record warn", "policy.yahoo DMARC record info",
				"policy.gmail spam rate skip"}},
	},
	{
		.id = "sender-nowhere",
		.title = "neither envelope sender nor From: has a domain that exists",
		.story = "That nothing is published there, neither SPF nor DMARC, follows from it and is\n"
			 "no fault of its own.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		.senders = {{"127.0.0.10", "203.0.113.10", false}},
		.ehlo = "mail.example.com",
		.from = "sender@exmaple.com",
		TO_MX1("postfix"),
		.promise = {ACCEPTED_AT_RISK, .finding = "sender-domain-dns", .certainty = "latent", .status = "fail",
			.causes = "sender-domain-dns",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "mx.sender exmaple.com fail", "dmarc.record warn"}},
	},
	{
		.id = "unauthenticated",
		.title = "the domain publishes neither SPF nor DKIM nor DMARC",
		.story = "Names and addresses are right, and nothing tells who may send as this domain.\n"
			 "Gmail takes the recipient, and refuses the message.",
		.zone = LISTS_ALIVE NS_AND_SOA(
			"example.com", "300") "example.com MX 10 mx.example.com\n"
					      "mx.example.com A 127.0.0.30\n" SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("gmail"),
		.extra = {"--send"},
		.promise = {.verdict = "blocked",
			.basis = "message",
			.exit_status = 2,
			.outcome = "rejected",
			.stage = "message",
			.code = 550,
			.cause = "sender-unauthenticated",
			.finding = "sender-unauthenticated",
			.certainty = "confirmed",
			.status = "fail",
			.causes = "sender-unauthenticated",
			.summary_has = "example.com has neither an SPF nor a DMARC record, and no DKIM key is known",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "spf.record warn", "dmarc.record warn", "smtp.session fail"}},
	},
	{
		.id = "no-dmarc",
		.title = "the domain has no DMARC record, and a receiver asks for one",
		.story = "SPF passes. A receiver in the style of Outlook.com takes the recipient, and\n"
			 "refuses the message: it asks for SPF, DKIM and DMARC.",
		.zone = LISTS_ALIVE NS_AND_SOA("example.com",
			"300") "example.com MX 10 mx.example.com\n"
			       "mx.example.com A 127.0.0.30\n"
			       "example.com TXT \"v=spf1 ip4:203.0.113.10 -all\"\n" SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("outlook"),
		.extra = {"--send"},
		.promise = {.verdict = "blocked",
			.basis = "message",
			.exit_status = 2,
			.outcome = "rejected",
			.stage = "message",
			.code = 550,
			.cause = "sender-unauthenticated",
			.finding = "dmarc-fail",
			.certainty = "confirmed",
			.status = "fail",
			.causes = "dmarc-fail",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "spf.mail_from pass", "dmarc.record warn",
				"smtp.session fail"}},
	},
	{
		.id = "cost-at-gmail",
		.title = "two faults that nobody rejects for; Gmail's rules name the second",
		.story = "The reverse name is the provider's, and there is no DMARC record. Gmail takes\n"
			 "the recipient; what it publishes asks for the record, and not for the name.",
		TWO_LATENT("aspmx.l.google.com", "gmail"),
		.promise = {ACCEPTED_AT_RISK,
			.summary_has =
				"no DMARC record, and no domain above it has one (against Gmail's rules for bulk senders)",
			.finding = "dmarc-fail", .certainty = "latent", .status = "warn",
			.causes = "dmarc-fail rdns-generic",
			.checks = {"ptr.generic warn", "dmarc.record warn", "policy.gmail DMARC record warn"}},
	},
	{
		.id = "cost-at-yahoo",
		.title = "the same two faults; Yahoo's rules name the first for every sender",
		.story = "The reverse name is the provider's, and there is no DMARC record. Yahoo takes\n"
			 "the recipient; it asks every sender for a name that is no generated one.",
		TWO_LATENT("mta5.am0.yahoodns.net", "yahoo"),
		.promise = {ACCEPTED_AT_RISK, .summary_has = "(against Yahoo's rules for every sender)",
			.finding = "rdns-generic", .certainty = "latent", .status = "warn",
			.causes = "dmarc-fail rdns-generic",
			.checks = {"ptr.generic warn", "dmarc.record warn", "policy.yahoo PTR not generic warn",
				"policy.yahoo DMARC record warn"}},
	},
	{
		.id = "dns-loops",
		.title = "the sender's zone has loops, and bytes that are no text",
		.story = "The SPF record includes itself, the DMARC record is an alias of an alias of\n"
			 "itself, and other records hold bytes that no reader expects.",
		.zone = LISTS_ALIVE NS_AND_SOA("example.com",
			"300") "example.com MX 10 mx.example.com\n"
			       "mx.example.com A 127.0.0.30\n"
			       "example.com TXT \"v=spf1 include:example.com -all\"\n"
			       "_dmarc.example.com CNAME loop.example.com\n"
			       "loop.example.com CNAME _dmarc.example.com\n"
			       "_smtp._tls.example.com TXT \"v=TLSRPTv1; \\000\\001\\027[31m\\255\"\n"
			       "default._bimi.example.com TXT \"v=BIMI1; \\254\\007\"\n" SENDER_NAME SENDER_PTR
				       RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.promise = {ACCEPTED_AT_RISK, .finding = "spf-fail", .certainty = "latent", .status = "fail",
			.causes = "spf-fail",
			.checks = {"ptr.fcrdns pass", "spf.record pass", "spf.mail_from fail", "spf.limits fail",
				"dmarc.record error", "dmarc.alignment error", "tls_rpt.sender warn",
				"bimi.sender warn", "smtp.session pass"}},
	},
	{
		.id = "spf-ipv6",
		.title = "SPF passes from IPv4 and cannot be evaluated from IPv6",
		.story = "The record names hosts that have no IPv6: from there each of them is a\n"
			 "look-up without an answer, and the third breaks the record.",
		.zone = SENDER_DOMAIN_WITH(
			"v=spf1 ip4:203.0.113.10 a:web.example.com a:shop.example.com a:old.example.com "
			"ip6:2001:db8::10 -all") SENDER_NAME SENDER_PTR PTR6 " PTR mail.example.com\n"
									     "mail.example.com AAAA 2001:db8::10\n"
									     "web.example.com A 203.0.113.20\n"
									     "shop.example.com A 203.0.113.21\n"
									     "old.example.com A 203.0.113.22\n" RECEIVER
									     "mx1.example.net AAAA ::1\n",
		.senders = {{"127.0.0.10", "203.0.113.10", false}, {"::1", "2001:db8::10", false}},
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix", WORLD_CERT_VALID, false},
			{"mx1.example.net", "::1", "postfix", WORLD_CERT_VALID, false}},
		.ehlo = "mail.example.com",
		.from = "sender@example.com",
		.to = {"you@example.net"},
		.promise = {ACCEPTED_AT_RISK, .finding = "spf-fail", .certainty = "latent", .status = "fail",
			.causes = "spf-fail",
			.checks = {"ptr.exists pass", "ptr.fcrdns pass", "spf.record pass", "spf.helo pass",
				"spf.limits fail", "smtp.session pass"}},
	},

	/* ---- not the sender's names */
	{
		.id = "blocked-port25",
		.title = "outgoing port 25 is blocked",
		.story = "None of the receiver's hosts can be reached at the port, nor the sender's\n"
			 "own MX: not their fault, but the provider's filter.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER "example.net MX 20 mx2.example.net\n"
								      "mx2.example.net A 127.0.0.26\n",
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix", WORLD_CERT_VALID, true},
			{"mx2.example.net", "127.0.0.26", "postfix", WORLD_CERT_VALID, true},
			{"mx.example.com", "127.0.0.30", "postfix", WORLD_CERT_VALID, true}},
		.to = {"you@example.net"},
		.promise = {UNDETERMINED, .basis = "dns", .finding = "egress-blocked", .causes = "egress-blocked",
			.request = "port25",
			.says = {"Please open outgoing TCP port", "The host, mail.example.com, is a mail server"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, "mx.target pass", "egress.port25 fail",
				"smtp.starttls skip"}},
	},
	{
		.id = "blocked-single-mx",
		.title = "outgoing port 25 is blocked, seen with a single receiver",
		.story = "The receiver has one host. The sender's own MX is asked as well, and is out\n"
			 "of reach too: two without an answer, none with one.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix", WORLD_CERT_VALID, true},
			{"mx.example.com", "127.0.0.30", "postfix", WORLD_CERT_VALID, true}},
		.to = {"you@example.net"},
		.promise = {UNDETERMINED, .basis = "dns", .finding = "egress-blocked", .causes = "egress-blocked",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "mx.target pass", "egress.port25 fail",
				"smtp.starttls skip"}},
	},
	{
		.id = "dead-receiver",
		.title = "the receiver does not answer, but others do",
		.story = "One host without an answer proves nothing about port 25: the sender's own MX\n"
			 "is asked for a greeting, and gives it.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix", WORLD_CERT_VALID, true},
			{"mx.example.com", "127.0.0.30", "postfix", WORLD_CERT_VALID, false}},
		.to = {"you@example.net"},
		.promise = {UNDETERMINED, .basis = "dns", .causes = "",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "mx.answers pass", "mx.target pass", "egress.port25 pass",
				"smtp.session error", "smtp.starttls skip"}},
	},
	{
		.id = "dead-mx",
		.title = "the first mail server is dead, the second takes the recipient",
		.story = "The next host in the order of preference is asked, as an MTA would, and\n"
			 "everything is well there.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER "example.net MX 20 mx2.example.net\n"
								      "mx2.example.net A 127.0.0.26\n",
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix", WORLD_CERT_VALID, true},
			{"mx2.example.net", "127.0.0.26", "postfix-fcrdns", WORLD_CERT_VALID, false}},
		.to = {"you@example.net"},
		.promise = {DELIVERABLE,
			.checks = {"mx.answers info", EHLO_RIGHT, PTR_RIGHT, "mx.target pass", "egress.port25 pass",
				"smtp.session mx1.example.net error", "smtp.session mx2.example.net pass",
				"smtp.starttls mx2.example.net pass"}},
	},
	{
		.id = "all-mx",
		.title = "one of three mail servers refuses (--all-mx)",
		.story = "Each is asked, and the report sets them side by side: the third refuses what\n"
			 "the other two take.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER "example.net MX 20 mx2.example.net\n"
								      "mx2.example.net A 127.0.0.26\n"
								      "example.net MX 20 alias.example.net\n"
								      "alias.example.net A 127.0.0.26\n"
								      "example.net MX 30 mx3.example.net\n"
								      "mx3.example.net A 127.0.0.27\n",
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix", WORLD_CERT_VALID, false},
			{"mx2.example.net", "127.0.0.26", "postfix", WORLD_CERT_VALID, false},
			{"mx3.example.net", "127.0.0.27", "exim-bare", WORLD_CERT_VALID, false}},
		.to = {"you@example.net"},
		.extra = {"--all-mx"},
		.promise = {ACCEPTED_AT_RISK, .finding = "policy-rejected", .certainty = "claimed", .status = "fail",
			.causes = "policy-rejected",
			.says = {"do not agree: 2 of 3 accept, but mx3.example.net [127.0.0.27]"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, "smtp.session mx1.example.net pass",
				"smtp.session mx2.example.net pass", "smtp.session mx3.example.net fail"}},
	},
	{
		.id = "implicit-mx",
		.title = "the target has no MX, but an address",
		.story = "Without MX records the domain's own address takes the mail (RFC 5321 5.1).",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR NS_AND_SOA(
			"example.net", "300") "example.net A 127.0.0.25\n",
		FROM_MAIL,
		.receivers = {{"example.net", "127.0.0.25", "postfix-fcrdns", WORLD_CERT_VALID, false}},
		.to = {"you@example.net"},
		.promise = {DELIVERABLE,
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "smtp.session example.net pass"}},
	},
	{
		.id = "greylisted",
		.title = "a first contact is put off",
		.story = "Postgrey defers what it has not met before. Nothing is wrong; an MTA comes\n"
			 "back.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postgrey"),
		.promise = {DEFERRED_AT("rcpt-to", 450), .cause = "greylisted", .finding = "greylisted",
			.certainty = "claimed", .causes = "greylisted", .request = "",
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "smtp.session warn"}},
	},
	{
		.id = "greylisted-retry",
		.title = "a first contact is put off, and the second passes (--retry)",
		.story = "The greylister says when to come back, and the probe does: nothing stands\n"
			 "against delivery, it only takes a moment longer.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("greylist-1s"),
		.extra = {"--retry"},
		.promise = {DELIVERABLE, .purpose = "retry", .finding = "greylisted", .certainty = "isolated",
			.status = "info", .says = {"greylists: the second try passed after"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "smtp.session pass"}},
	},
	{
		.id = "greylisted-sent",
		.title = "a message is put off, and taken and found at the second try",
		.story = "The first session ends before the message; the second brings it. One message is\n"
			 "sent, and one arrives.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("greylist-1s"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX"}},
		.extra = {"--send", "--retry"},
		.promise = {PLACED("deliverable", 0), .purpose = "retry", .finding = "greylisted",
			.certainty = "isolated", .status = "info", .checks = {"message.placement pass"},
			.says = {"greylists: the second try passed after", "landed in the inbox"}},
	},
	{
		.id = "greylisted-message",
		.title = "a message is put off after its end, and taken at the second try",
		.story = "The receiver wants to see the message first, and defers it: that one is not in\n"
			 "the queue, so it comes again, once.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER MAILBOX,
		FROM_MAIL,
		TO_MX1("greylist-data-1s"),
		.mailboxes = {{.address = "127.0.0.43", .folder = "INBOX"}},
		.extra = {"--send", "--retry"},
		.promise = {PLACED("deliverable", 0), .purpose = "retry", .finding = "greylisted",
			.certainty = "isolated", .status = "info", .checks = {"message.placement pass"},
			.says = {"greylists: the second try passed after", "landed in the inbox"}},
	},
	{
		.id = "greylisted-two-ways",
		.title = "both addresses are put off, and one message is sent in all",
		.story = "Each address of the sender comes back once. The first brings the message; the\n"
			 "second ends at the recipient, for one message is all that is ever accepted.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR PTR6 " PTR mail.example.com\n"
								  "mail.example.com AAAA 2001:db8::10\n" RECEIVER
								  "mx1.example.net AAAA ::1\n",
		.senders = {{"127.0.0.10", "203.0.113.10", false}, {"::1", "2001:db8::10", false}},
		.receivers = {{"mx1.example.net", "127.0.0.25", "greylist-1s", WORLD_CERT_VALID, false},
			{"mx1.example.net", "::1", "greylist-1s", WORLD_CERT_VALID, false}},
		.ehlo = "mail.example.com",
		.from = "sender@example.com",
		.to = {"you@example.net"},
		.extra = {"--send", "--retry"},
		.promise = {.verdict = "deliverable",
			.basis = "message",
			.exit_status = 0,
			.outcome = "accepted",
			.stage = "message",
			.purpose = "retry",
			.source = "127.0.0.10",
			.cause = "",
			.finding = "greylisted",
			.certainty = "isolated",
			.status = "info",
			.says = {"greylists: the second try passed after"}},
	},
	{
		.id = "greylisted-too-long",
		.title = "a first contact is put off for longer than the run lasts (--retry)",
		.story = "Five minutes do not fit into the run: it says when to come back, and how to\n"
			 "have it waited for.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("greylist-5min"),
		.extra = {"--retry"},
		.promise = {DEFERRED_AT("rcpt-to", 451), .summary_has = "come back after 300 s", .cause = "greylisted",
			.finding = "greylisted", .certainty = "claimed", .status = "warn", .causes = "greylisted",
			.says = {"mailprobe --retry --timeout 330"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "smtp.session warn"}},
	},
	{
		.id = "busy-receiver",
		.title = "the receiver has no time now",
		.story = "421 in place of the greeting: a deferral, said before anything was asked.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("busy"),
		.promise = {DEFERRED_AT("banner", 421), .cause = "receiver-error", .finding = "receiver-error",
			.causes = "receiver-error",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "smtp.session warn", "smtp.starttls skip",
				"egress.port25 pass"}},
	},
	{
		.id = "recipient-unknown",
		.title = "there is no such recipient",
		.story = "The receiver rejects the recipient, not the sender, and the report says so.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix", WORLD_CERT_VALID, false}},
		.to = {"nobody@example.net"},
		.promise = {BLOCKED_AT("rcpt-to", 550), .summary_has = "sender", .cause = "recipient-unknown",
			.finding = "recipient-unknown", .certainty = "claimed", .causes = "recipient-unknown",
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "smtp.session fail"}},
	},
	{
		.id = "relay-denied",
		.title = "the target's MX does not know the domain",
		.story = "The MX of example.org points to a host that takes mail for example.net\n"
			 "alone.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER NS_AND_SOA(
			"example.org", "300") "example.org MX 10 mx1.example.net\n",
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix", WORLD_CERT_VALID, false}},
		.to = {"you@example.org"},
		.promise = {BLOCKED_AT("rcpt-to", 554), .cause = "relay-denied", .finding = "relay-denied",
			.certainty = "claimed", .causes = "relay-denied", .request = "mx",
			.says = {"To: postmaster@example.org", "Relay access denied",
				"The MX records of example.org name this server."},
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "smtp.session fail"}},
	},
	{
		.id = "one-of-two",
		.title = "no PTR record: one receiver rejects, the other does not",
		.story = "Two targets. What one rejects for is found once, and is a risk at the other.",
		.zone = SENDER_DOMAIN SENDER_NAME RECEIVER NS_AND_SOA(
			"example.org", "300") "example.org MX 10 mx.example.org\n"
					      "mx.example.org A 127.0.0.26\n",
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix-ptr", WORLD_CERT_VALID, false},
			{"mx.example.org", "127.0.0.26", "exim", WORLD_CERT_VALID, false}},
		.to = {"you@example.net", "you@example.org"},
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "ptr-missing", .finding = "ptr-missing",
			.certainty = "confirmed", .status = "fail", .causes = "ptr-missing",
			.checks = {EHLO_RIGHT, PTR_NONE, SERVER_RIGHT, "smtp.session mx1.example.net fail",
				"smtp.session mx.example.org pass"}},
	},

	/* ---- a refusal that names no cause, isolated by further sessions */
	{
		.id = "diagnose-ehlo",
		.title = "a bare refusal for the EHLO name, isolated (--diagnose)",
		.story = "Exim says `Administrative prohibition' and no more. With the PTR name in\n"
			 "EHLO the same mail is taken.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR "smtp.example.com A 203.0.113.99\n" RECEIVER,
		FROM_NAME("smtp.example.com"),
		TO_MX1("exim-prohibition"),
		.extra = {"--diagnose"},
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "policy-rejected", .finding = "helo-rejected",
			.certainty = "isolated", .status = "fail", .causes = "helo-rejected",
			.diagnosis = "ehlo:changed", .says = {"Have the mail server announce mail.example.com"},
			.checks = {"ehlo.matches_source warn", "ptr.exists pass", "smtp.session fail"}},
	},
	{
		.id = "diagnose-sender",
		.title = "a bare refusal for the sender's domain, isolated (--diagnose)",
		.story = "The envelope sender is mistyped and its domain does not exist. The null\n"
			 "sender is taken by the same server.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		.senders = {{"127.0.0.10", "203.0.113.10", false}},
		.ehlo = "mail.example.com",
		.from = "sender@exmaple.com",
		TO_MX1("exim-bare-sender"),
		.extra = {"--header-from", "sender@example.com", "--diagnose"},
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "policy-rejected", .finding = "sender-domain-dns",
			.certainty = "isolated", .status = "fail", .diagnosis = "sender:changed",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "mx.sender exmaple.com fail", "smtp.session fail"}},
	},
	{
		.id = "diagnose-source",
		.title = "a bare refusal from one of two addresses, isolated (--diagnose)",
		.story = "What was held anyway is compared first: the other address is taken, this one\n"
			 "lacks a PTR. No further session is needed.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR "mail.example.com A 203.0.113.11\n" RECEIVER,
		.senders = {{"127.0.0.10", "203.0.113.10", false}, {"127.0.0.11", "203.0.113.11", false}},
		.ehlo = "mail.example.com",
		.from = "sender@example.com",
		TO_MX1("exim-prohibition"),
		.extra = {"--diagnose"},
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "policy-rejected", .source = "127.0.0.11",
			.finding = "ptr-missing", .certainty = "isolated", .status = "fail", .causes = "ptr-missing",
			.diagnosis = "source:changed",
			.checks = {EHLO_RIGHT, "ptr.exists 203.0.113.10 pass", "ptr.exists 203.0.113.11 fail"}},
	},
	{
		.id = "diagnose-family",
		.title = "a bare refusal by IPv6 alone, isolated (--diagnose)",
		.story = "IPv4 is taken, IPv6 is not: its address has no PTR. The reply does not say\n"
			 "so, the comparison does.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR "mail.example.com AAAA 2001:db8::10\n" RECEIVER
							     "mx1.example.net AAAA ::1\n",
		.senders = {{"127.0.0.10", "203.0.113.10", false}, {"::1", "2001:db8::10", false}},
		.receivers = {{"mx1.example.net", "127.0.0.25", "exim-prohibition", WORLD_CERT_VALID, false},
			{"mx1.example.net", "::1", "exim-prohibition", WORLD_CERT_VALID, false}},
		.ehlo = "mail.example.com",
		.from = "sender@example.com",
		.to = {"you@example.net"},
		.extra = {"--diagnose"},
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "policy-rejected", .source = "::1",
			.finding = "ptr-missing", .certainty = "isolated", .status = "fail", .causes = "ptr-missing",
			.diagnosis = "family:changed", .checks = {"ptr.exists 2001:db8::10 fail"}},
	},
	{
		.id = "diagnose-tls",
		.title = "a bare refusal of sessions in the clear, isolated (--diagnose)",
		.story = "Without STARTTLS the receiver refuses, with it the same mail is taken.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("exim-bare-tls"),
		.extra = {"--tls", "off", "--diagnose"},
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "policy-rejected", .finding = "tls-required",
			.certainty = "isolated", .status = "fail", .causes = "tls-required",
			.diagnosis = "sender:same ehlo:same tls:changed", .checks = {EHLO_RIGHT, PTR_RIGHT}},
	},
	{
		.id = "diagnose-mx",
		.title = "a bare refusal by one of two servers, isolated (--diagnose)",
		.story = "The first mail server refuses everybody, the second takes the same mail: the\n"
			 "fault is that server's.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER "example.net MX 20 mx2.example.net\n"
								      "mx2.example.net A 127.0.0.26\n",
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "exim-bare", WORLD_CERT_VALID, false},
			{"mx2.example.net", "127.0.0.26", "exim", WORLD_CERT_VALID, false}},
		.to = {"you@example.net"},
		.extra = {"--diagnose"},
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "policy-rejected", .finding = "receiver-error",
			.certainty = "isolated", .status = "fail", .causes = "receiver-error",
			.diagnosis = "sender:same ehlo:same tls:same mx:changed",
			.says = {"mx1.example.net [127.0.0.25] alone refuses"}, .checks = {EHLO_RIGHT, PTR_RIGHT}},
	},
	{
		.id = "diagnose-recipient",
		.title = "a bare refusal for the recipient, isolated (--diagnose)",
		.story = "Nothing of the sender's changes the answer, and nothing of it is at fault;\n"
			 "the postmaster of the same domain is taken.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("exim-bare-rcpt"),
		.extra = {"--diagnose"},
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "policy-rejected", .finding = "recipient-restricted",
			.certainty = "isolated", .status = "fail", .causes = "recipient-restricted",
			.diagnosis = "sender:same ehlo:same tls:same rcpt:changed", .checks = {EHLO_RIGHT, PTR_RIGHT}},
	},
	{
		.id = "diagnose-time",
		.title = "a bare deferral that passes by itself (--diagnose)",
		.story = "Another EHLO name seems to help; the same session as at first, held once\n"
			 "more, does as well. It was time, not the name.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("exim-bare-grey"),
		.extra = {"--diagnose"},
		.promise = {DEFERRED_AT("rcpt-to", 451), .finding = "greylisted", .certainty = "isolated",
			.status = "warn", .causes = "greylisted", .checks = {EHLO_RIGHT, PTR_RIGHT}},
	},
	{
		.id = "diagnose-in-vain",
		.title = "a bare refusal that nothing changes (--diagnose)",
		.story = "The address has no PTR, and there is no other to send from. What can be\n"
			 "varied changes nothing, and the missing PTR is likely the cause.",
		.zone = SENDER_DOMAIN SENDER_NAME RECEIVER,
		FROM_MAIL,
		TO_MX1("exim-prohibition"),
		.extra = {"--diagnose"},
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "policy-rejected", .finding = "ptr-missing",
			.certainty = "likely", .status = "fail", .causes = "ptr-missing",
			.diagnosis = "sender:same ehlo:same tls:same rcpt:same",
			.says = {"Varied one at a time, these changed nothing: the EHLO name, the sender",
				"One of them refuses it, and names no reason:\n\n  550 "},
			.checks = {EHLO_RIGHT, PTR_NONE}},
	},
	{
		.id = "diagnose-unwelcome",
		.title = "a receiver that hangs up on whoever comes back (--diagnose)",
		.story = "The first further session is answered by 421: it stays at that, so as not to\n"
			 "make things worse.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR "smtp.example.com A 203.0.113.99\n" RECEIVER,
		FROM_NAME("smtp.example.com"),
		TO_MX1("exim-bare-once"),
		.extra = {"--diagnose"},
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "policy-rejected", .finding = "helo-rejected",
			.certainty = "likely", .status = "fail", .causes = "helo-rejected", .diagnosis = "ehlo:same"},
	},
	{
		.id = "diagnose-listed",
		.title = "a listed address is not tried again (--diagnose)",
		.story = "The refusal is about the sender's reputation. More sessions would only make\n"
			 "it worse, and none is held.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER "10.113.0.203.zen.spamhaus.org A 127.0.0.4\n",
		FROM_MAIL,
		TO_MX1("postfix-zen"),
		.extra = {"--diagnose"},
		.promise = {BLOCKED_AT("rcpt-to", 554), .cause = "dnsbl-listed", .finding = "dnsbl-listed",
			.certainty = "confirmed", .status = "fail", .causes = "dnsbl-listed", .diagnosis = ""},
	},

	/* ---- the target's DNS, and no DNS at all */
	{
		.id = "null-mx",
		.title = "the target says that it takes no mail",
		.story = "Its only MX is `0 .' (RFC 7505): nothing is tried, and nothing here is at\n"
			 "fault.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR NS_AND_SOA(
			"example.net", "300") "example.net MX 0 .\n"
					      "example.net A 127.0.0.25\n",
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix", WORLD_CERT_VALID, false}},
		.to = {"you@example.net"},
		.promise = {.verdict = "blocked",
			.basis = "dns",
			.exit_status = 2,
			.outcome = "",
			.finding = "mx-unusable",
			.request = "",
			.causes = "mx-unusable",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "mx.target fail"}},
	},
	{
		.id = "no-such-domain",
		.title = "the target's domain does not exist",
		.story = "NXDOMAIN, most often a typo in the address.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix", WORLD_CERT_VALID, false}},
		.to = {"you@exmaple.net"},
		.promise = {.verdict = "blocked",
			.basis = "dns",
			.exit_status = 2,
			.outcome = "",
			.finding = "mx-unusable",
			.causes = "mx-unusable",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "mx.target fail"}},
	},
	{
		.id = "dns-down",
		.title = "the resolver does not answer",
		.story = "No DNS at all: everything is `could not be determined', nothing is a fault,\n"
			 "and nothing has passed.",
		.zone = "* !TIMEOUT\n",
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix", WORLD_CERT_VALID, false}},
		.to = {"you@example.net"},
		.extra = {"--timeout", "3"},
		.promise = {UNDETERMINED, .basis = "dns", .causes = "",
			.checks = {"ehlo.syntax pass", "ehlo.resolves error", "ptr.exists error", "mx.target error"}},
	},
	{
		.id = "lossy-dns",
		.title = "every first question about the sender gets lost",
		.story = "Packets get lost. A question is asked again before anything is made of it.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER "*.example.com !LOSE 1\n" PTR " !LOSE 1\n",
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.promise = {DELIVERABLE, .checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "smtp.session pass"}},
	},
	{
		.id = "dns-over-tcp",
		.title = "the answers do not fit into UDP",
		.story = "Every answer about the sender comes truncated and has to be fetched by TCP.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER "*.example.com !TRUNCATE\n" PTR " !TRUNCATE\n",
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.promise = {DELIVERABLE, .checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "smtp.session pass"}},
	},

	/* ---- TLS, the way, the greeting */
	{
		.id = "tls-expired",
		.title = "the receiver's certificate has expired",
		.story = "Met opportunistically, as MTAs do, it stands in nobody's way: information\n"
			 "about the receiver, not a fault of the sender.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix-fcrdns", WORLD_CERT_EXPIRED, false}},
		.to = {"you@example.net"},
		.promise = {DELIVERABLE, .finding = "", .status = "info", .request = "mx",
			.says = {"To: postmaster@example.net", "meets a fault on your side"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, "smtp.starttls pass", "tls.certificate warn",
				"tls.version pass", "smtp.session pass"}},
	},
	{
		.id = "by-address",
		.title = "the receiver is given by its address",
		.story = "There is no name that its certificate or a policy would have to bear: neither is\n"
			 "held against the server, though its domain enforces MTA-STS.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix-fcrdns", WORLD_CERT_WRONG_NAME, false}},
		.to = {"mx:127.0.0.25"},
		.extra = {"--rcpt", "you@example.net"},
		.sites = {{STS_HOST, sts_enforce, WORLD_CERT_VALID, false}},
		.promise = {DELIVERABLE,
			.checks = {EHLO_RIGHT, PTR_RIGHT, "tls.certificate pass", "tls.mta_sts skip", "tls.dane skip",
				"smtp.session pass"},
			.says = {"no name to compare"}},
	},
	{
		.id = "by-address-expired",
		.title = "the receiver is given by its address, and its certificate has expired",
		.story = "Without a name to compare, chain and time are still told.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix-fcrdns", WORLD_CERT_EXPIRED, false}},
		.to = {"mx:127.0.0.25"},
		.extra = {"--rcpt", "you@example.net"},
		.promise = {DELIVERABLE, .finding = "", .status = "info", .request = "mx",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "tls.certificate warn", "smtp.session pass"},
			.says = {"verifying sender; time: the certificate expired"}},
	},
	{
		.id = "no-starttls",
		.title = "the receiver offers no TLS",
		.story = "Mail is taken, in the clear.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("no-starttls"),
		.promise = {DELIVERABLE, .finding = "", .status = "info",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "smtp.starttls warn", "tls.certificate skip",
				"tls.version skip", "smtp.session pass"}},
	},
	{
		.id = "tls-broken",
		.title = "the TLS handshake fails, and the session without it is accepted",
		.story = "The receiver hangs up in the handshake. An MTA under the usual policy comes\n"
			 "back without TLS, and so does the probe.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("tls-hangup"),
		.promise = {DELIVERABLE, .purpose = "fallback:plain", .finding = "", .status = "info",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "smtp.starttls warn", "smtp.session pass"}},
	},

	/* ---- MTA-STS, the receiver's and the sender's */
	{
		.id = "mta-sts",
		.title = "the receiver's MTA-STS policy is met",
		.story = "The receiver's domain enforces MTA-STS (RFC 8461): the host is one of those that\n"
			 "the policy allows, and its certificate is valid.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{STS_HOST, sts_enforce, WORLD_CERT_VALID, false}},
		.promise = {DELIVERABLE,
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.mta_sts pass", "smtp.session pass"},
			.says = {"mode enforce"}},
	},
	{
		.id = "mta-sts-host",
		.title = "the receiver's MX is not in its own MTA-STS policy",
		.story = "The probe is accepted, but senders that honour the policy deliver nothing: it\n"
			 "allows another host.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{STS_HOST, sts_other_mx, WORLD_CERT_VALID, false}},
		.promise = {ACCEPTED_AT_RISK, .finding = "tls-policy", .certainty = "latent", .status = "fail",
			.causes = "tls-policy",
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.mta_sts fail", "smtp.session pass"},
			.says = {"mx: mx1.example.net"}},
	},
	{
		.id = "mta-sts-expired",
		.title = "MTA-STS is enforced, and the certificate has expired",
		.story = "Without the policy this would be information. With it, senders that verify do\n"
			 "not deliver.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix-fcrdns", WORLD_CERT_EXPIRED, false}},
		.to = {"you@example.net"},
		.sites = {{STS_HOST, sts_enforce, WORLD_CERT_VALID, false}},
		.promise = {ACCEPTED_AT_RISK, .finding = "tls-policy", .certainty = "latent", .status = "fail",
			.causes = "tls-policy",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "tls.certificate fail", "tls.mta_sts fail",
				"smtp.session pass"},
			.says = {"expired"}},
	},
	{
		.id = "mta-sts-name",
		.title = "MTA-STS is enforced, and the certificate is for another name",
		.story = "Without the policy this would be information. With it, senders that verify do\n"
			 "not deliver.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix-fcrdns", WORLD_CERT_WRONG_NAME, false}},
		.to = {"you@example.net"},
		.sites = {{STS_HOST, sts_enforce, WORLD_CERT_VALID, false}},
		.promise = {ACCEPTED_AT_RISK, .finding = "tls-policy", .certainty = "latent", .status = "fail",
			.causes = "tls-policy",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "tls.certificate fail", "tls.mta_sts fail",
				"smtp.session pass"},
			.says = {"another-host.example"}},
	},
	{
		.id = "mta-sts-no-tls",
		.title = "MTA-STS is enforced, and the server offers no TLS",
		.story = "The policy asks for TLS, and STARTTLS is not offered (or stripped on the way).",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("no-starttls"),
		.sites = {{STS_HOST, sts_enforce, WORLD_CERT_VALID, false}},
		.promise = {ACCEPTED_AT_RISK, .finding = "tls-policy", .certainty = "latent", .status = "fail",
			.causes = "tls-policy",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "smtp.starttls warn", "tls.mta_sts fail",
				"smtp.session pass"}},
	},
	{
		.id = "mta-sts-testing",
		.title = "the receiver's MTA-STS policy is not met, in testing",
		.story = "In mode testing a violation is only reported; mail is delivered.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{STS_HOST, sts_testing, WORLD_CERT_VALID, false}},
		.promise = {DELIVERABLE, .finding = "tls-policy", .status = "info",
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.mta_sts warn", "smtp.session pass"},
			.says = {"mode testing"}},
	},
	{
		.id = "mta-sts-none",
		.title = "the receiver has switched MTA-STS off",
		.story = "Mode none: the way out of MTA-STS. Nothing is asked for.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{STS_HOST, sts_none, WORLD_CERT_VALID, false}},
		.promise = {DELIVERABLE,
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.mta_sts info", "smtp.session pass"}},
	},
	{
		.id = "mta-sts-dead",
		.title = "the policy host refuses connections",
		.story = "There is a record, but no policy to be had: what it says could not be\n"
			 "determined.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{STS_HOST, NULL, WORLD_CERT_VALID, true}},
		.promise = {DELIVERABLE,
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.mta_sts error", "smtp.session pass"},
			.says = {"connection refused"}},
	},
	{
		.id = "mta-sts-hangs",
		.title = "the policy host does not answer",
		.story = "A policy host that hangs delays this one check, and nothing else.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{STS_HOST, sts_hangs, WORLD_CERT_VALID, false}},
		.extra = {"--timeout", "6"},
		.promise = {DELIVERABLE,
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.mta_sts error", "smtp.session pass"},
			.says = {"no whole answer"}},
	},
	{
		.id = "mta-sts-bad-host",
		.title = "the policy host's certificate is for another name",
		.story = "A policy that comes from a host that cannot be trusted is none.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{STS_HOST, sts_enforce, WORLD_CERT_WRONG_NAME, false}},
		.promise = {DELIVERABLE, .finding = "tls-policy", .status = "info",
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.mta_sts warn", "smtp.session pass"},
			.says = {"does not cover mta-sts.example.net"}},
	},
	{
		.id = "mta-sts-404",
		.title = "a record of MTA-STS without a policy",
		.story = "The TXT record announces a policy, and there is none.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{STS_HOST, sts_missing, WORLD_CERT_VALID, false}},
		.promise = {DELIVERABLE, .finding = "tls-policy", .status = "info",
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.mta_sts warn", "smtp.session pass"},
			.says = {"the server answers 404"}},
	},
	{
		.id = "mta-sts-redirect",
		.title = "in place of the policy stands a redirect",
		.story = "Senders must not follow redirects when they fetch a policy (RFC 8461 3.3).",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{STS_HOST, sts_moved, WORLD_CERT_VALID, false}},
		.promise = {DELIVERABLE, .finding = "tls-policy", .status = "info",
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.mta_sts warn", "smtp.session pass"},
			.says = {"redirect (301) to https://www.example.net/mta-sts.txt"}},
	},
	{
		.id = "mta-sts-huge",
		.title = "the policy has eight megabytes",
		.story = "What is larger than 64 KiB is no policy, and is not read.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{STS_HOST, sts_huge, WORLD_CERT_VALID, false}},
		.promise = {DELIVERABLE, .finding = "tls-policy", .status = "info",
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.mta_sts warn", "smtp.session pass"},
			.says = {"larger than 64 KiB"}},
	},
	{
		.id = "mta-sts-html",
		.title = "the policy is served as a page",
		.story = "A policy is text/plain, lest any page that somebody may upload be one.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{STS_HOST, sts_html, WORLD_CERT_VALID, false}},
		.promise = {DELIVERABLE, .finding = "tls-policy", .status = "info",
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.mta_sts warn", "smtp.session pass"},
			.says = {"comes as text/html"}},
	},
	{
		.id = "mta-sts-broken",
		.title = "the policy has a typing error",
		.story = "Words of a policy are written in lower case. One capital, and it is void.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{STS_HOST, sts_broken, WORLD_CERT_VALID, false}},
		.promise = {DELIVERABLE, .finding = "tls-policy", .status = "info",
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.mta_sts warn", "smtp.session pass"},
			.says = {"line 2: the mode is none of"}},
	},
	{
		.id = "mta-sts-own",
		.title = "the sender's own MTA-STS policy is right",
		.story = "Mail to the sender's domain, bounces too, is protected as well.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.com", "127.0.0.41"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{"mta-sts.example.com", "127.0.0.41", sts_own, WORLD_CERT_VALID, false}},
		.promise = {DELIVERABLE, .checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "mta_sts.sender pass",
						 "tls.mta_sts info", "smtp.session pass"}},
	},
	{
		.id = "mta-sts-own-mx",
		.title = "the sender's own MTA-STS policy bars its own MX",
		.story = "The policy names hosts of another domain. Bounces from senders that honour it\n"
			 "do not come back; nothing that is sent is rejected for it.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER STS_OF("example.com", "127.0.0.41"),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.sites = {{"mta-sts.example.com", "127.0.0.41", sts_enforce, WORLD_CERT_VALID, false}},
		.promise = {DELIVERABLE,
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "mta_sts.sender fail", "smtp.session pass"},
			.says = {"mx: mx.example.com"}},
	},

	/* ---- registries */
	{
		.id = "new-domain",
		.title = "the sender's domain is four days old",
		.story = "Everything is right, and yet the first messages will land in spam folders:\n"
			 "receivers know that most spam comes from new domains.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.registries = registries_new,
		.promise = {ACCEPTED_AT_RISK, .finding = "domain-reputation", .certainty = "latent", .status = "warn",
			.causes = "domain-reputation", .request = "", .says = {"registered 4 days ago", "begin small"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "age.sender warn", "registration.sender pass",
				"ptr.owner info"}},
	},
	{
		.id = "domain-on-hold",
		.title = "the sender's domain is on hold at its registry",
		.story = "Caches still know the domain; when they forget it, nobody finds it any more.\n"
			 "The registrar is who can lift the hold.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.registries = registries_hold,
		.promise = {ACCEPTED_AT_RISK, .finding = "sender-domain-dns", .certainty = "latent", .status = "fail",
			.causes = "sender-domain-dns", .request = "registrar",
			.says = {"client hold", "Ask its registrar, Example Registrar,",
				"To: Example Registrar (the registrar of example.com)",
				"restore the domain to the DNS."},
			.checks = {PTR_RIGHT, "registration.sender fail", "age.sender info"}},
	},
	{
		.id = "registries-dead",
		.title = "no registry answers",
		.story = "Who holds the address cannot be found out. It lowers nothing, and delays\n"
			 "nothing.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.registries = registries_dead,
		.promise = {DELIVERABLE, .checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "ptr.owner error",
						 "registration.sender error", "age.sender skip"}},
	},
	{
		.id = "registries-hang",
		.title = "registries take the question and say nothing",
		.story = "The run waits for them for a few seconds at most, and all else is judged as\n"
			 "ever.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.registries = registries_hang,
		.extra = {"--timeout", "6"},
		.promise = {DELIVERABLE,
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "ptr.owner error", "registration.sender error",
				"age.sender skip"},
			.says = {"no whole answer"}},
	},
	{
		.id = "registries-garbage",
		.title = "registries answer nonsense",
		.story = "A broken document and a page for signing in: neither is believed, neither does\n"
			 "harm.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.registries = registries_garbage,
		.promise = {DELIVERABLE,
			.checks = {PTR_RIGHT, "ptr.owner error", "registration.sender error", "age.sender skip"},
			.says = {"is no RDAP answer: line 1", "is no RDAP answer (text/html)"}},
	},
	{
		.id = "registries-busy",
		.title = "a registry wants to be asked less",
		.story = "Status 429 for the address, and no registration of the domain.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.registries = registries_busy,
		.promise = {DELIVERABLE,
			.checks = {PTR_RIGHT, "ptr.owner error", "registration.sender info", "age.sender skip"},
			.says = {"too many questions", "knows of no such registration"}},
	},
	{
		.id = "registries-redirect",
		.title = "a registry sends on to another",
		.story = "Registries redirect to the one that knows, twice here; to a server without TLS\n"
			 "nobody is followed.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.registries = registries_lead_on,
		.promise = {DELIVERABLE, .checks = {PTR_RIGHT, "ptr.owner info", "registration.sender error"},
			.says = {"held by Example Hosting B.V.", "no https URL"}},
	},
	{
		.id = "own-reverse-zone",
		.title = "no PTR, and the reverse zone is on name servers of one's own",
		.story = "The provider has handed the reverse names over (RFC 2317). There is nobody to\n"
			 "ask: the record is to be set in a zone of one's own.",
		.zone = SENDER_DOMAIN SENDER_NAME RECEIVER PTR
		" CNAME 10.0-63.113.0.203.in-addr.arpa\n"
		"0-63.113.0.203.in-addr.arpa SOA ns1.example.com hostmaster.example.com 1 7200 3600 1209600 300\n"
		"0-63.113.0.203.in-addr.arpa NS ns1.example.com\nns1.example.com A 127.0.0.1\n",
		FROM_MAIL,
		TO_MX1("postfix-ptr"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "ptr-missing", .finding = "ptr-missing",
			.certainty = "confirmed", .status = "fail", .causes = "ptr-missing", .request = "",
			.says = {"set the PTR record of 10.0-63.113.0.203.in-addr.arpa to mail.example.com",
				"is on name servers of your own (ns1.example.com)"},
			.checks = {"ptr.exists fail", "ptr.owner info"}},
	},

	{
		.id = "starttls-stripped",
		.title = "a device on the way takes STARTTLS out",
		.story = "The EHLO reply has XXXXXXXA in the place of STARTTLS, as some firewalls\n"
			 "leave it. Mail travels in the clear, and whoever looks sees why.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("starttls-stripped"),
		.promise = {DELIVERABLE, .finding = "", .status = "info", .says = {"XXXXXXXA", "inspect esmtp"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, "smtp.starttls warn", "tls.certificate skip",
				"tls.version skip", "smtp.session pass"}},
	},

	/* ---- DANE */
	{
		.id = "dane",
		.title = "the certificate is the one that the TLSA record names",
		.story = "No authority has signed it, and it has expired; with DANE that does not\n"
			 "count, for the DNS vouches for its key.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER SIGNED_TLSA(WORLD_SPKI),
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix-fcrdns", WORLD_CERT_EXPIRED, false}},
		.to = {"you@example.net"},
		.promise = {DELIVERABLE, .says = {"covered by DANE-EE"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.dane pass", "smtp.session pass"}},
	},
	{
		.id = "dane-mismatch",
		.title = "the certificate is not the one that the TLSA record names",
		.story = "The receiver renewed its certificate with a new key and forgot the record.\n"
			 "Who follows DANE does not deliver; the probe says what the record should be.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER SIGNED_TLSA(ANOTHER_SPKI),
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.promise = {ACCEPTED_AT_RISK, .finding = "tls-policy", .certainty = "latent", .status = "fail",
			.causes = "tls-policy", .request = "mx",
			.says = {"_tcp.mx1.example.net", "\"3 1 1 ",
				"To fix it, the administrator of mx1.example.net has to"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.dane fail", "smtp.session pass"}},
	},
	{
		.id = "dane-no-starttls",
		.title = "a TLSA record, and no STARTTLS",
		.story = "The record says that there is TLS, and there is none: stripped on the way,\n"
			 "or switched off. Who follows DANE keeps the mail back.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER SIGNED_TLSA(WORLD_SPKI),
		FROM_MAIL,
		TO_MX1("no-starttls"),
		.promise = {ACCEPTED_AT_RISK, .finding = "tls-policy", .certainty = "latent", .status = "fail",
			.causes = "tls-policy",
			.checks = {EHLO_RIGHT, PTR_RIGHT, "smtp.starttls warn", "tls.dane fail", "smtp.session pass"}},
	},
	{
		.id = "dane-one-of-two",
		.title = "of two targets one does not meet its TLSA record",
		.story = "The other receiver has nothing to do with it.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER SIGNED_TLSA(ANOTHER_SPKI)
			NS_AND_SOA("example.org", "300") "example.org MX 10 mx.example.org\n"
							 "mx.example.org A 127.0.0.26\n",
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix-fcrdns", WORLD_CERT_VALID, false},
			{"mx.example.org", "127.0.0.26", "exim", WORLD_CERT_VALID, false}},
		.to = {"you@example.net", "you@example.org"},
		.promise = {ACCEPTED_AT_RISK, .summary_has = "1 of 2 targets", .finding = "tls-policy",
			.certainty = "latent", .status = "fail", .causes = "tls-policy",
			.checks = {"tls.dane mx1.example.net fail", "tls.dane mx.example.org info"}},
	},
	{
		.id = "dane-and-mta-sts",
		.title = "DANE is met, MTA-STS is not",
		.story = "Who knows both goes by DANE and delivers. Who knows MTA-STS alone does not,\n"
			 "for the certificate has expired.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER SIGNED_TLSA(WORLD_SPKI)
			STS_OF("example.net", "127.0.0.40"),
		FROM_MAIL,
		.receivers = {{"mx1.example.net", "127.0.0.25", "postfix-fcrdns", WORLD_CERT_EXPIRED, false}},
		.sites = {{STS_HOST, sts_enforce, WORLD_CERT_VALID, false}},
		.to = {"you@example.net"},
		.promise = {ACCEPTED_AT_RISK, .finding = "tls-policy", .certainty = "latent", .status = "fail",
			.causes = "tls-policy", .says = {"Senders that know DANE, too, go by that here"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.dane pass", "tls.mta_sts fail",
				"smtp.session pass"}},
	},
	{
		.id = "dane-bogus",
		.title = "the look-up of the TLSA record fails",
		.story = "SERVFAIL, as of a zone with broken signatures: whether there is DANE cannot\n"
			 "be told, which is nobody's fault here, and nothing that has passed.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER "@ad example.net\n"
								      "*._tcp.mx1.example.net TLSA !SERVFAIL\n",
		FROM_MAIL,
		TO_MX1("postfix-fcrdns"),
		.promise = {DELIVERABLE, .says = {"follows DANE does not deliver"},
			.checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "tls.dane error", "smtp.session pass"}},
	},
	{
		.id = "nat",
		.title = "the host does not know its public address",
		.story = "The host sends from a private address. The receiver's EHLO reply names the\n"
			 "one that it sees, and all checks are about that.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		.senders = {{"127.0.0.10", "203.0.113.10", true}},
		.ehlo = "mail.example.com",
		.from = "sender@example.com",
		TO_MX1("exim"),
		.promise = {DELIVERABLE,
			.checks = {EHLO_RIGHT, "ptr.exists 203.0.113.10 pass", "ptr.fcrdns 203.0.113.10 pass",
				"ptr.matches_ehlo 203.0.113.10 pass", "ptr.propagation 203.0.113.10 pass", SERVER_RIGHT,
				"smtp.session pass"}},
	},
	{
		.id = "nat-no-ptr",
		.title = "behind NAT, and the public address has no PTR",
		.story = "The receiver's refusal names the address that it sees; that one lacks the\n"
			 "PTR, and the request to its holder names it.",
		.zone = SENDER_DOMAIN SENDER_NAME RECEIVER,
		.senders = {{"127.0.0.10", "203.0.113.10", true}},
		.ehlo = "mail.example.com",
		.from = "sender@example.com",
		TO_MX1("postfix-ptr"),
		.promise = {BLOCKED_AT("rcpt-to", 550), .cause = "ptr-missing", .finding = "ptr-missing",
			.certainty = "confirmed", .status = "fail", .causes = "ptr-missing",
			.says = {"Please set the PTR of 203.0.113.10 to mail.example.com"},
			.checks = {EHLO_RIGHT, "ptr.exists 203.0.113.10 fail", "ptr.propagation 203.0.113.10 pass",
				SERVER_RIGHT, "smtp.session fail"}},
	},
	{
		.id = "slow-banner",
		.title = "the receiver makes its clients wait for the greeting",
		.story = "Half a greeting, a pause, the other half, as postscreen does to catch those\n"
			 "who talk too early. Waiting is normal.",
		.zone = SENDER_DOMAIN SENDER_NAME SENDER_PTR RECEIVER,
		FROM_MAIL,
		TO_MX1("postscreen"),
		.promise = {DELIVERABLE, .checks = {EHLO_RIGHT, PTR_RIGHT, SERVER_RIGHT, "smtp.session pass"}},
	},
};

const size_t world_n_scenarios = ARRAY_LEN(world_scenarios);

const struct world_scenario *world_scenario_by_id(const char *id)
{
	for (size_t i = 0; i < world_n_scenarios; i++) {
		if (strcmp(world_scenarios[i].id, id) == 0)
			return &world_scenarios[i];
	}
	return NULL;
}
