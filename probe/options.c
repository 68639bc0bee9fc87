/* probe/options.c - the command line and the configuration, from one table of options; see probe/options.h */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "dns/dnsbl.h"
#include "probe/config.h"
#include "probe/filters.h"
#include "probe/mailboxes.h"
#include "probe/names.h"
#include "probe/ownrules.h"
#include "probe/raw.h"
#include "probe/rdap.h"
#include "probe/receivers.h"
#include "probe/redact.h"
#include "probe/request.h"
#include "probe/usage.h"
#include "reports/report.h"
#include "smtp/canon.h"

enum { VALUES_MAX = 64 }; /* of one option */

/* ---- words that options take */

static const char *const tls_words[] = {"may", "require", "off", NULL};     /* in the order of enum smtp_tls_policy */
static const char *const color_words[] = {"auto", "always", "never", NULL}; /* of enum mp_when */
static const char *const bool_words[] = {"yes", "no", "true", "false", "on", "off", "1", "0", NULL}; /* even: yes */
/* of SPF and DKIM: RFC 8601 2.7 */
static const char *const result_words[] = {
	"none", "neutral", "pass", "fail", "softfail", "policy", "temperror", "permerror", NULL};

/* ---- what values look like */

static int check_fit(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	return mp_fit(a, s, MP_INPUT_MAX, "text of one line", err);
}

static int check_target(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	return mp_fit(a, s, MP_INPUT_MAX, "an alias, a domain, an address or mx:HOST[:PORT]", err);
}

static int check_from(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	struct mp_address got;

	if (s.n == 0)
		return mp_fail(err, MP_EINVAL, "is empty; the null sender is written <>");
	return mp_address_parse(a, s, MP_ADDRESS_NULL, &got, err);
}

/* Whatever a client may claim to be: SPF has a result for every sender. */
static int check_claim(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	return s.n ? mp_fit(a, s, MP_INPUT_MAX, "a sender such as someone@example.com, or nothing", err) : MP_OK;
}

static int check_address(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	struct mp_address got;

	return mp_address_parse(a, s, 0, &got, err);
}

static int check_rcpt(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	struct mp_address got;

	/* RFC 5321 4.5.1: postmaster needs no domain. */
	if (mp_str_ieq(s, MP_LIT("postmaster")) || mp_str_ieq(s, MP_LIT("<postmaster>")))
		return MP_OK;
	return mp_address_parse(a, s, MP_ADDRESS_LITERAL, &got, err);
}

static int check_ehlo(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	const char *got;

	return mp_ehlo_parse(a, s, &got, err);
}

static int check_domain(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	const char *got;

	return mp_domain_parse(a, s, &got, err);
}

static int check_selector(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	const char *selector, *domain;

	return mp_selector_parse(a, s, &selector, &domain, err);
}

static int check_result(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	size_t at;

	return mp_word_parse(a, s, result_words, &at, err);
}

static int check_server(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	const char *host;
	struct mp_ip ip;
	uint16_t port = 25;

	return mp_server_parse(a, s, &host, &ip, &port, err);
}

static int check_ip(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	struct mp_ip ip;

	return mp_host_ip_parse(a, s, &ip, err);
}

static int check_resolver(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	struct mp_ip ip;
	uint16_t port;

	return mp_endpoint_parse(a, s, 53, &ip, &port, err);
}

static int check_port(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	uint32_t v;

	return mp_number_parse(a, s, 1, 65535, "a port", &v, err);
}

static int check_rdap_url(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	if (!mp_rdap_url_ok(a, s))
		return mp_fail(err, MP_EINVAL, "'%s' should be an https URL without a query, such as %s",
			mp_shown(a, s), "https://rdap.example.net/");
	return MP_OK;
}

static int check_timeout(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	uint32_t v;

	return mp_number_parse(a, s, 1, 86400, "a time in seconds", &v, err);
}

static int check_tls(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	size_t at;

	return mp_word_parse(a, s, tls_words, &at, err);
}

static int check_color(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	size_t at;

	return mp_word_parse(a, s, color_words, &at, err);
}

static int check_bool(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	size_t at;

	return mp_word_parse(a, s, bool_words, &at, err);
}

static int parse_request(struct mp_arena *a, struct mp_str s, const char **out, struct mp_err *err)
{
	const char **words = mp_allocn(a, mp_n_request_kinds + 1, sizeof(*words));
	size_t at;

	for (size_t i = 0; i < mp_n_request_kinds; i++)
		words[i] = mp_request_kinds[i].word;
	if (mp_word_parse(a, s, words, &at, err) != MP_OK)
		return MP_EINVAL;
	*out = words[at];
	return MP_OK;
}

static int check_request(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	const char *got;

	return parse_request(a, s, &got, err);
}

/* imaps://HOST[:PORT]/, without user or password in it. */
static int check_mailbox_url(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	const char *host;
	struct mp_ip ip;
	uint16_t port;
	bool imaps;

	return mp_mailbox_url(a, s, &host, &ip, &port, &imaps, err);
}

static int check_rspamd(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	struct mp_fetch_question q;

	return mp_rspamd_parse(a, s, &q, err);
}

static int check_spamd(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	struct mp_fetch_question q;

	return mp_spamd_parse(a, s, &q, err);
}

/* As it stands between angle brackets: RFC 2369 2. */
static int check_unsubscribe(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	bool ok = (mp_str_istarts(s, "https://") && s.n > 8) || (mp_str_istarts(s, "mailto:") && s.n > 7);

	for (size_t i = 0; ok && i < s.n; i++)
		ok = s.p[i] > 0x20 && s.p[i] < 0x7f && s.p[i] != '<' && s.p[i] != '>' && s.p[i] != ',';
	return ok && s.n < 900 ? MP_OK
			       : mp_fail(err, MP_EINVAL,
					 "'%s' should be an https: or mailto: URL, such as "
					 "https://example.com/unsubscribe?u=1",
					 mp_shown(a, s));
}

static int check_canon(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	enum smtp_canon header, body;

	return s.n && smtp_canon_parse(s, &header, &body)
		       ? MP_OK
		       : mp_fail(err, MP_EINVAL,
				 "'%s' should be relaxed or simple, or one for the header and one for the "
				 "body: relaxed/simple",
				 mp_shown(a, s));
}

static int parse_format(struct mp_arena *a, struct mp_str s, const struct rep_format **out, struct mp_err *err)
{
	const char *words[16] = {NULL};
	size_t n = 0, at;

	for (size_t i = 0; rep_formats[i] && n + 1 < ARRAY_LEN(words); i++)
		words[n++] = rep_formats[i]->name;
	if (mp_word_parse(a, s, words, &at, err) != MP_OK)
		return MP_EINVAL;
	*out = rep_formats[at];
	return MP_OK;
}

static int check_format(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	const struct rep_format *got;

	return parse_format(a, s, &got, err);
}

static int parse_ending(struct mp_arena *a, struct mp_str s, const struct rep_format **out, struct mp_err *err)
{
	const struct rep_format *known;
	const char *all = "";

	if (mp_fit(a, s, MP_INPUT_MAX, "a file such as report.json", err) != MP_OK)
		return MP_EINVAL;
	known = rep_format_by_ending(mp_dupstr(a, s));
	if (known) {
		*out = known;
		return MP_OK;
	}
	for (size_t i = 0; rep_formats[i]; i++)
		for (size_t e = 0; e < ARRAY_LEN(rep_formats[i]->suffixes) && rep_formats[i]->suffixes[e]; e++)
			all = mp_printf(a, "%s%s%s", all, *all ? " " : "", rep_formats[i]->suffixes[e]);
	return mp_fail(err, MP_EINVAL, "'%s': the ending tells the form of the report; it should be one of %s",
		mp_shown(a, s), all);
}

static int check_ending(struct mp_arena *a, struct mp_str s, struct mp_err *err)
{
	const struct rep_format *got;

	return parse_ending(a, s, &got, err);
}

/* ---- commands */

/* What exit statuses say. */
#define EXITS_VERDICT "Exit status: 0 deliverable, 1 at risk, 2 blocked, 3 unknown, 64 wrong usage."
#define EXITS_CHECKS "Exit status: 0 pass, 1 warn, 2 fail, 3 could not be determined, 64 wrong usage."
#define EXITS_NONE "Exit status: 0, or 64 for wrong usage."

const struct mp_command_row mp_commands[] = {
	{NULL, MP_CMD_PROBE, "", 0, 0, MP_COMMAND_CONFIG, "", NULL, EXITS_VERDICT, ""},
	{"check", MP_CMD_CHECK, "", 0, 0, MP_COMMAND_CONFIG, "the sender's side only, no SMTP session",
		"Name, EHLO name, reverse DNS, SPF, DKIM, DMARC, block lists, and what Gmail, Yahoo, Microsoft and "
		"Apple ask of senders.",
		EXITS_CHECKS, "mailprobe check --verbose"},
	{"demo", MP_CMD_DEMO, "[SCENARIO]", 0, 1, 0, "the main job on loopback: no network, no root",
		"Receivers and name servers are built in. Without a name: no-ptr.",
		"Exit status: 0 when the report is what the scenario promises, 64 wrong usage.",
		"mailprobe demo greylisted -o report.html"},
	{"explain", MP_CMD_EXPLAIN, "[REPLY|FILE|-]", 0, 1, MP_COMMAND_TEXT,
		"what a reply, a bounce or a mail log says",
		"Its cause, and what to do; as text or json. An argument that is no file is the reply itself. With --check, on the sending host, the options that "
		"say who sends apply too.",
		"Exit status: 0 when every reply was classified, 3 when one was not or there was none.",
		"mailprobe explain --summary /var/log/mail.log"},
	{"replay", MP_CMD_REPLAY, "REPORT", 1, 1, 0, "judge a saved report (.json, .html) again, offline",
		"'-' is standard input. It gives the judgement, and the exit status, of the run.", EXITS_VERDICT,
		"mailprobe replay report.html -o report.md"},
	{"diff", MP_CMD_DIFF, "OLD NEW", 2, 2, 0, "what got better, what worse between two reports",
		"By verdict, target, session, finding and check; reports are .json or .html. As text or json.",
		"Exit status: 0 when nothing got worse, 1 when something did, 64 wrong usage.",
		"mailprobe diff before.json after.json"},
	{"watch", MP_CMD_WATCH, "[COMMAND ...]", 0, 3, MP_COMMAND_CONFIG, "repeat a run until all is right",
		"The main job (--to), check, or a single check, with their options; between whole runs the faulty "
		"records alone are looked up, at the pace of their TTLs.",
		"Exit status: 0 when all is right; after an interrupt that of the last run.",
		"mailprobe watch --to gmail-mx --then 'notify-send \"mail works\"'"},
	{"ptr", MP_CMD_PTR, "IP", 1, 1, MP_COMMAND_CONFIG, "the reverse name of an address, and the way back", NULL,
		EXITS_CHECKS, "mailprobe ptr 203.0.113.10"},
	{"dkim", MP_CMD_DKIM, "SELECTOR DOMAIN", 2, 2, MP_COMMAND_CONFIG, "a DKIM key; with --dkim-key, is it its pair",
		NULL, EXITS_CHECKS, "mailprobe dkim s1 example.com"},
	{"dmarc", MP_CMD_DMARC, "DOMAIN", 1, 1, MP_COMMAND_CONFIG, "the DMARC policy that applies to a domain",
		"With the results of SPF and DKIM: does a message with them pass?", EXITS_CHECKS,
		"mailprobe dmarc example.com --spf-domain example.com --spf-result pass"},
	{"mx", MP_CMD_MX, "DOMAIN", 1, 1, MP_COMMAND_CONFIG, "the MX hosts of a domain", NULL, EXITS_CHECKS,
		"mailprobe mx example.org"},
	{"dnsbl", MP_CMD_DNSBL, "IP|DOMAIN", 1, 1, MP_COMMAND_CONFIG, "an address or a domain on public block lists",
		NULL, EXITS_CHECKS, "mailprobe dnsbl 203.0.113.10"},
	{"spf", MP_CMD_SPF, "", 0, 0, MP_COMMAND_CONFIG, "what SPF says of --ip with --helo and --from",
		"An empty --from is the null sender.", EXITS_CHECKS,
		"mailprobe spf --ip 192.0.2.10 --helo a.example.com --from a@example.com"},
	{"message", MP_CMD_MESSAGE, "FILE|-", 1, 1, MP_COMMAND_CONFIG,
		"verify a received message: DKIM, ARC, SPF, DMARC",
		"And what its receiver noted in it. The client is taken from its Received field, unless given.",
		EXITS_CHECKS, "mailprobe message saved.eml"},
	{"targets", MP_CMD_TARGETS, "", 0, 0, MP_COMMAND_CONFIG, "the receivers that --to knows by name",
		"The user's own, and the known ones with what they judge at which stage; short with --quiet.",
		EXITS_NONE, "mailprobe targets --verbose"},
	{"help", MP_CMD_HELP, "[ID]", 0, 1, 0, "what a check or a cause means; lists of them",
		"ID: a check, a cause, a command, or one of the lists: options, checks, causes.", EXITS_NONE,
		"mailprobe help ptr-missing"},
};
const size_t mp_n_commands = ARRAY_LEN(mp_commands);

/* ---- options */

/* To which commands they say something. */
enum {
	PROBES = MP_OF(MP_CMD_PROBE),
	SENDERS = PROBES | MP_OF(MP_CMD_CHECK), /* all that is to be said of the sender */
	REVERSE = SENDERS | MP_OF(MP_CMD_PTR),
	CLIENTS = MP_OF(MP_CMD_SPF) | MP_OF(MP_CMD_MESSAGE),
	SCORES = PROBES | MP_OF(MP_CMD_MESSAGE), /* a message that filters may judge */
	RESULTS = MP_OF(MP_CMD_DMARC),
	LOOKS_UP = REVERSE | CLIENTS | RESULTS | MP_OF(MP_CMD_DKIM) | MP_OF(MP_CMD_MX) | MP_OF(MP_CMD_DNSBL),
	REPORTS = LOOKS_UP | MP_OF(MP_CMD_DEMO) | MP_OF(MP_CMD_REPLAY),
	COMPARES = MP_OF(MP_CMD_DIFF),
	EXPLAINS = MP_OF(MP_CMD_EXPLAIN),
	LISTS = MP_OF(MP_CMD_TARGETS),
};

/* Flags, short. */
enum {
	LIST = MP_OPTION_LIST,
	CONFIG = MP_OPTION_CONFIG,
	COMMON = MP_OPTION_COMMON,
	ONLY = MP_OPTION_ONLY,
};

const struct mp_option_row mp_options[MP_OPT__COUNT] = {
	[MP_OPT_TO] = {"to", 0, "TARGET", "Whom to ask", LIST | CONFIG | COMMON, PROBES, check_target,
		"alias (gmail-mx), domain, address, mx:HOST[:PORT]",
		"repeatable, or a,b; 'mailprobe targets' lists the aliases"},
	[MP_OPT_RCPT] = {"rcpt", 0, "ADDR", "Whom to ask", CONFIG, PROBES, check_rcpt,
		"recipient, where TARGET names none", "else its postmaster, which is weaker evidence"},
	[MP_OPT_PORT] = {"port", 0, "N", "Whom to ask", CONFIG, PROBES, check_port, "port of the servers (default: 25)",
		NULL},
	[MP_OPT_TLS] = {"tls", 0, "may|require|off", "Whom to ask", CONFIG, PROBES, check_tls,
		"STARTTLS (default: may)", NULL},
	[MP_OPT_ALL_MX] = {"all-mx", 0, NULL, "Whom to ask", CONFIG | COMMON, PROBES, NULL,
		"every MX host, not only the first that answers", NULL},
	[MP_OPT_DIAGNOSE] = {"diagnose", 0, NULL, "Whom to ask", CONFIG | COMMON, PROBES, NULL,
		"where it refuses: find out which factor decides", "up to six further sessions, each one factor apart"},
	[MP_OPT_RETRY] = {"retry", 0, NULL, "Whom to ask", CONFIG, PROBES, NULL,
		"come back to a deferral once, after the time it gave", "if the run lasts so long (--timeout)"},
	[MP_OPT_IPV4] = {"ipv4", '4', NULL, "Whom to ask", CONFIG, SENDERS, NULL, "IPv4 only", NULL},
	[MP_OPT_IPV6] = {"ipv6", '6', NULL, "Whom to ask", CONFIG, SENDERS, NULL, "IPv6 only", NULL},
	[MP_OPT_FROM] = {"from", 0, "ADDR", "Who asks", CONFIG | COMMON, SENDERS | CLIENTS, check_from,
		"envelope sender (MAIL FROM); <>: the null sender",
		"by default postmaster at the domain that the local MTA sends as"},
	[MP_OPT_HEADER_FROM] = {"header-from", 0, "ADDR", "Who asks", CONFIG, SENDERS, check_address,
		"the message's From:, if it differs", NULL},
	[MP_OPT_EHLO] = {"ehlo", 0, "NAME", "Who asks", CONFIG | COMMON, REVERSE, check_ehlo,
		"name to announce (default: that of the local MTA)", NULL},
	[MP_OPT_SOURCE] = {"source", 0, "IP", "Who asks", LIST | CONFIG | COMMON, SENDERS, check_ip,
		"local address to send from; repeatable", "by default the local MTA's, or by route"},
	[MP_OPT_PUBLIC_IP] = {"public-ip", 0, "IP", "Who asks", LIST | CONFIG, SENDERS, check_ip,
		"what receivers see, where NAT hides it", "one for each --source"},
	[MP_OPT_SELECTOR] = {"selector", 0, "S[@DOMAIN]", "Who asks", LIST | CONFIG | COMMON, SENDERS, check_selector,
		"DKIM selector; repeatable", "at the header From's domain unless given"},
	[MP_OPT_DKIM_KEY] = {"dkim-key", 0, "FILE", "Who asks", LIST | CONFIG, SENDERS | MP_OF(MP_CMD_DKIM), check_fit,
		"private key (PEM) of the selector at the same position",
		"compared with the published one, and with --send it signs; never shown"},
	[MP_OPT_IP] = {"ip", 0, "IP", "Of spf and message", ONLY, CLIENTS, check_ip, "the address of the client", NULL},
	[MP_OPT_HELO] = {"helo", 0, "NAME", "Of spf and message", ONLY, CLIENTS, check_claim,
		"the name that the client gives", NULL},
	[MP_OPT_SPF_DOMAIN] = {"spf-domain", 0, "DOMAIN", "Of dmarc", ONLY, RESULTS, check_domain,
		"the domain that SPF was checked for", NULL},
	[MP_OPT_SPF_RESULT] = {"spf-result", 0, "RESULT", "Of dmarc", ONLY, RESULTS, check_result,
		"and what SPF said (pass, fail ...)", NULL},
	[MP_OPT_DKIM_DOMAIN] = {"dkim-domain", 0, "DOMAIN", "Of dmarc", LIST | ONLY, RESULTS, check_domain,
		"a signature's domain (d=); repeatable", NULL},
	[MP_OPT_DKIM_RESULT] = {"dkim-result", 0, "RESULT", "Of dmarc", LIST | ONLY, RESULTS, check_result,
		"and what its verification said", NULL},
	[MP_OPT_SEND] = {"send", 0, NULL, "What to send", COMMON, PROBES, NULL, "send each target one harmless message",
		"without it all ends at RCPT"},
	[MP_OPT_MESSAGE] = {"message", 0, "FILE", "What to send", CONFIG, PROBES, check_fit,
		"with --send: that message (RFC 5322)", "what it lacks of From, Date, Message-ID is added"},
	[MP_OPT_DRY_RUN] = {"dry-run", 0, NULL, "What to send", 0, PROBES, NULL,
		"compose the message, ask up to RCPT, do not send it", NULL},
	[MP_OPT_LIST_UNSUBSCRIBE] = {"list-unsubscribe", 0, "URL", "What to send", CONFIG, PROBES, check_unsubscribe,
		"with --send: List-Unsubscribe of our own message", "https: with one-click (RFC 8058)"},
	[MP_OPT_DKIM_CANON] = {"dkim-canonicalization", 0, "HEADER[/BODY]", "What to send", CONFIG, PROBES, check_canon,
		"with --send: how the DKIM signature takes them, relaxed or simple (default: relaxed/relaxed)", NULL},
	[MP_OPT_RSPAMD] = {"rspamd", 0, "URL", "What to send", CONFIG, SCORES, check_rspamd,
		"with --send, --dry-run, message: have your rspamd score it (http://127.0.0.1:11333/)", NULL},
	[MP_OPT_RSPAMD_PASSWORD_FILE] = {"rspamd-password-file", 0, "FILE", "What to send", CONFIG, SCORES, check_fit,
		"the password that it wants, if it does: the first line of FILE", NULL},
	[MP_OPT_SPAMD] = {"spamd", 0, "HOST[:PORT]", "What to send", CONFIG, SCORES, check_spamd,
		"with --send, --dry-run, message: have SpamAssassin's spamd score it (port 783)", NULL},
	[MP_OPT_MAILBOX] = {"mailbox", 0, "NAME", "What to send", LIST | COMMON, PROBES, check_fit,
		"with --send: where does it land? Inbox, spam?", "a [mailbox NAME] of the configuration; repeatable"},
	[MP_OPT_CLEAN] = {"clean", 0, NULL, "What to send", 0, PROBES, NULL, "with --mailbox: remove it again", NULL},
	[MP_OPT_RESOLVER] = {"resolver", 0, "IP[:PORT]", "How to look up", LIST | CONFIG, LOOKS_UP, check_resolver,
		"DNS server; repeatable (default: the system's)", NULL},
	[MP_OPT_TRUST_AD] = {"trust-ad", 0, NULL, "How to look up", CONFIG, LOOKS_UP, NULL,
		"believe the AD bit of a resolver that is not on loopback", NULL},
	[MP_OPT_NS_PORT] = {"ns-port", 0, "N", "How to look up", CONFIG, REVERSE, check_port,
		"port of authoritative name servers, in private networks (default: 53)", NULL},
	[MP_OPT_MTA_STS_PORT] = {"mta-sts-port", 0, "N", "How to look up", CONFIG, SENDERS, check_port,
		"port of MTA-STS policy hosts (443; another in private networks)", NULL},
	[MP_OPT_CA_FILE] = {"ca-file", 0, "FILE", "How to look up", CONFIG, REVERSE, check_fit,
		"further trust anchors (PEM)", NULL},
	[MP_OPT_RDAP_URL] = {"rdap-url", 0, "URL", "How to look up", CONFIG, REVERSE, check_rdap_url,
		"ask this RDAP server in the place of the registries, in private networks", NULL},
	[MP_OPT_TIMEOUT] = {"timeout", 0, "SEC", "How to look up", CONFIG, LOOKS_UP, check_timeout,
		"bound of the whole run (default: 120)", NULL},
	[MP_OPT_FORMAT] = {"format", 0, "FORM", "What to tell", CONFIG | COMMON, REPORTS | COMPARES | EXPLAINS,
		check_format, "text json html markdown jsonl prometheus junit",
		"the form of the report on standard output (default: text); diff and explain have text and json"},
	[MP_OPT_OUTPUT] = {"output", 'o', "FILE", "What to tell", LIST | COMMON, REPORTS | COMPARES, check_ending,
		"a report as a file; its ending says the form",
		".txt .json .html .md .jsonl .prom .xml; beside what stdout tells; repeatable"},
	[MP_OPT_REQUEST] = {"request", 0, "WHAT", "What to tell", COMMON, REPORTS, check_request,
		"the text to send to the party who can fix it", "it asks"},
	[MP_OPT_REDACT] = {"redact", 0, NULL, "What to tell", COMMON, REPORTS & ~MP_OF(MP_CMD_MESSAGE), NULL,
		"hide own names and addresses, for public tickets", "the same by the same"},
	[MP_OPT_QUIET] = {"quiet", 'q', NULL, "What to tell", CONFIG, REPORTS | COMPARES | LISTS, NULL,
		"no progress, no hints", NULL},
	[MP_OPT_VERBOSE] = {"verbose", 'v', NULL, "What to tell", CONFIG | COMMON, REPORTS | COMPARES | LISTS, NULL,
		"all there is to tell", NULL},
	[MP_OPT_COLOR] = {"color", 0, "auto|always|never", "What to tell", CONFIG, REPORTS | COMPARES | EXPLAINS,
		check_color, "colours (default: auto)", NULL},
	[MP_OPT_CONFIG] = {"config", 0, "FILE", "Configuration", 0, LOOKS_UP | EXPLAINS | LISTS, check_fit,
		"another configuration file", "by default ~/.config/mailprobe/mailprobe.conf, or /etc/mailprobe.conf"},
	[MP_OPT_PROFILE] = {"profile", 0, "NAME", "Configuration", 0, LOOKS_UP | EXPLAINS, check_fit,
		"a [profile NAME] of the configuration", NULL},
	[MP_OPT_RULES] = {"rules", 0, "FILE", "Configuration", CONFIG, PROBES | EXPLAINS | MP_OF(MP_CMD_DEMO),
		check_fit, "rules of your own from replies to causes", "before the built-in ones: mailprobe.conf(5)"},
	[MP_OPT_INTERVAL] = {"interval", 0, "SEC", "Of watch", ONLY, MP_OF(MP_CMD_WATCH), check_timeout,
		"time between two looks at the DNS", "by default when answers end, 15 to 300"},
	[MP_OPT_THEN] = {"then", 0, "CMD", "Of watch", ONLY, MP_OF(MP_CMD_WATCH), check_fit,
		"run CMD (sh -c) when all is right", "it finds MAILPROBE_STATUS and MAILPROBE_SUMMARY"},
	[MP_OPT_LIST] = {"list", 0, NULL, "Of demo", ONLY, MP_OF(MP_CMD_DEMO), NULL, "the scenarios", NULL},
	[MP_OPT_LINES] = {"lines", 0, NULL, "Of explain", ONLY, EXPLAINS, NULL, "every line is one reply", NULL},
	[MP_OPT_SUMMARY] = {"summary", 0, NULL, "Of explain", ONLY, EXPLAINS, NULL,
		"counts by cause, provider and recipient's domain", NULL},
	[MP_OPT_CHECK] = {"check", 0, NULL, "Of explain", ONLY, EXPLAINS, NULL,
		"on the sending host: and the checks that the causes point to", NULL},
	[MP_OPT_VERSION] = {"version", 'V', NULL, "Other", 0, PROBES, NULL, "name and version", NULL},
	[MP_OPT_HELP] = {"help", 'h', NULL, "Other", 0, PROBES, NULL, "the most used options; of a command, its own",
		NULL},
};

/* ---- sections of the configuration beside [default] and [profile NAME], whose keys are options */

static const struct mp_config_key target_keys[] = {
	{"domain", false, check_domain}, {"mx", false, check_server}, {"rcpt", false, check_rcpt}};

static const struct mp_config_key mailbox_keys[] = {{"address", false, check_address},
	{"url", false, check_mailbox_url}, {"user", false, check_fit}, {"password-file", false, check_fit},
	{"password-command", false, check_fit}, {"token-command", false, check_fit}, {"inbox", false, check_fit},
	{"junk", false, check_fit}};
static const struct mp_config_key dnsbl_keys[] = {
	{"enabled", false, check_bool}, {"key-file", false, check_fit}, {"127.*", false, check_fit}};

/* ---- values */

const struct mp_value *mp_raw_value(const struct mp_raw *raw, enum mp_opt opt)
{
	const struct mp_values *vs = &raw->opt[opt];

	return vs->n ? &vs->v[vs->n - 1] : NULL;
}

static bool yes(const char *text)
{
	for (size_t i = 0; bool_words[i]; i++)
		if (mp_ieq(text, bool_words[i]))
			return i % 2 == 0;
	return false;
}

bool mp_raw_flag(const struct mp_raw *raw, enum mp_opt opt)
{
	const struct mp_value *v = mp_raw_value(raw, opt);

	return v && yes(v->text);
}

/* ---- configuration */

static bool given(const struct mp_raw *raw, enum mp_opt opt, enum mp_layer above)
{
	const struct mp_values *vs = &raw->opt[opt];

	return vs->n && vs->layer > above;
}

static void keep(struct mp_arena *a, struct mp_raw *raw, enum mp_opt opt, enum mp_layer layer, const char *text,
	const char *where)
{
	struct mp_values *vs = &raw->opt[opt];

	if (vs->n && vs->layer < layer)
		vs->n = 0;
	vs->layer = layer;
	*MP_PUSH(a, vs->v, vs->n, vs->cap) = (struct mp_value){text, where};
}

/* Add the entries of a section that no layer above gave. */
static int add_section(struct mp_arena *a, struct mp_raw *raw, const struct mp_config_section *s, enum mp_layer layer,
	struct mp_err *err)
{
	struct mp_raw before = *raw;

	for (size_t i = 0; s && i < s->n; i++) {
		for (enum mp_opt opt = 0; opt < MP_OPT__COUNT; opt++) {
			if (!mp_ieq(s->entries[i].key, mp_options[opt].name) || given(&before, opt, layer))
				continue;
			/* -4 and -6 are one choice: another one above it stands. */
			if ((opt == MP_OPT_IPV4 && given(&before, MP_OPT_IPV6, layer)) ||
				(opt == MP_OPT_IPV6 && given(&before, MP_OPT_IPV4, layer)))
				continue;
			/* A key belongs to the selector that it was given with. */
			if (opt == MP_OPT_DKIM_KEY && given(&before, MP_OPT_SELECTOR, layer))
				continue;
			/* What receivers see belongs to the sources it was given with. */
			if (opt == MP_OPT_PUBLIC_IP && given(&before, MP_OPT_SOURCE, layer))
				continue;
			if (raw->opt[opt].n == VALUES_MAX && raw->opt[opt].layer == layer) {
				mp_fail(err, MP_EINVAL, "more than %d values", VALUES_MAX);
				return mp_at(err, s->entries[i].where);
			}
			keep(a, raw, opt, layer, s->entries[i].value, s->entries[i].where);
		}
	}
	return MP_OK;
}

static int add_target(struct mp_arena *a, struct mp_raw *raw, const struct mp_config_section *s, struct mp_err *err)
{
	const struct mp_config_entry *domain = mp_config_entry(s, "domain"), *mx = mp_config_entry(s, "mx");
	const struct mp_config_entry *rcpt = mp_config_entry(s, "rcpt");
	struct mp_own_target *t;

	if (!domain == !mx) {
		mp_fail(err, MP_EINVAL, "[target %s] needs %s: domain = DOMAIN or mx = HOST[:PORT]",
			mp_shown(a, mp_str(s->name)), domain ? "one of the two, not both" : "one of the two");
		return mp_at(err, s->where);
	}
	if (strchr(s->name, ',')) {
		mp_fail(err, MP_EINVAL, "[target %s]: a comma in --to stands between two targets; choose another name",
			mp_shown(a, mp_str(s->name)));
		return mp_at(err, s->where);
	}
	t = MP_PUSH(a, raw->targets, raw->n_targets, raw->cap_targets);
	*t = (struct mp_own_target){.name = s->name};
	if (domain)
		t->domain = (struct mp_value){domain->value, domain->where};
	else
		t->server = (struct mp_value){mx->value, mx->where};
	if (rcpt)
		t->rcpt = (struct mp_value){rcpt->value, rcpt->where};
	return MP_OK;
}

static int add_mailbox(struct mp_arena *a, struct mp_raw *raw, const struct mp_config_section *s, struct mp_err *err)
{
	struct mp_own_mailbox made = {.name = s->name, .where = s->where};
	const struct {
		const char *key;
		struct mp_value *to;
		bool needed;
	} keys[] = {
		{"address", &made.address, true},
		{"url", &made.url, true},
		{"user", &made.user, false},
		{"password-file", &made.password_file, false},
		{"password-command", &made.password_command, false},
		{"token-command", &made.token_command, false},
		{"inbox", &made.inbox, false},
		{"junk", &made.junk, false},
	};
	int secrets;

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		const struct mp_config_entry *e = mp_config_entry(s, keys[i].key);

		if (e) {
			*keys[i].to = (struct mp_value){e->value, e->where};
		} else if (keys[i].needed) {
			mp_fail(err, MP_EINVAL, "[mailbox %s] needs %s = ...", mp_shown(a, mp_str(s->name)),
				keys[i].key);
			return mp_at(err, s->where);
		}
	}
	secrets = !!made.password_file.text + !!made.password_command.text + !!made.token_command.text;
	if (secrets != 1) {
		mp_fail(err, MP_EINVAL, "[mailbox %s] needs one of password-file, password-command and token-command%s",
			mp_shown(a, mp_str(s->name)), secrets ? ", not several" : "");
		return mp_at(err, s->where);
	}
	*MP_PUSH(a, raw->mailboxes, raw->n_mailboxes, raw->cap_mailboxes) = made;
	return MP_OK;
}

/* A key is one label of a name. What it is appears in no message. */
static int check_key(struct mp_str key, struct mp_err *err)
{
	bool ok = key.n > 0 && key.n <= MP_LABEL_MAX;

	for (size_t i = 0; ok && i < key.n; i++)
		ok = mp_isalnum((unsigned char)key.p[i]) || key.p[i] == '-';
	return ok ? MP_OK
		  : mp_fail(err, MP_EINVAL, "a key should be 1 to %d letters, digits and hyphens", MP_LABEL_MAX);
}

/* The key that stands in a file, alone. */
static int read_key(struct mp_arena *a, const char *path, struct mp_str *key, struct mp_err *err)
{
	enum { KEY_FILE_MAX = 256 };
	char bytes[KEY_FILE_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, bytes, sizeof(bytes));
	int sys = errno;

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return mp_fail(err, MP_EINVAL, "cannot read '%s': %s", mp_shown(a, mp_str(path)), strerror(sys));
	while (n > 0 && (bytes[n - 1] == '\n' || bytes[n - 1] == '\r' || mp_isblank(bytes[n - 1])))
		n--;
	*key = mp_str(mp_dupn(a, bytes, (size_t)n));
	return check_key(*key, err);
}

/* The zone below which a list is asked with a key. */
static void add_secret(struct mp_arena *a, struct mp_raw *raw, const char *zone, const char *key)
{
	const struct dnsbl_list *known = dnsbl_list_by_zone(zone);

	*MP_PUSH(a, raw->secrets, raw->n_secrets, raw->cap_secrets) =
		(struct dns_secret){known && known->keyed ? known->keyed : zone, key};
}

static struct mp_own_list *own_list(struct mp_raw *raw, const char *zone)
{
	for (size_t i = 0; i < raw->n_lists; i++)
		if (mp_ieq(raw->lists[i].zone, zone))
			return &raw->lists[i];
	return NULL;
}

/* MAILPROBE_DQS_KEY: one key for all of Spamhaus, where the configuration names none. */
static int key_of_environment(struct mp_arena *a, struct mp_raw *raw, struct mp_err *err)
{
	const char *key = getenv("MAILPROBE_DQS_KEY");

	if (!key || !*key)
		return MP_OK;
	if (check_key(mp_str(key), err) != MP_OK)
		return mp_at(err, "MAILPROBE_DQS_KEY");
	for (size_t i = 0; i < dnsbl_n_lists; i++) {
		struct mp_own_list *own = own_list(raw, dnsbl_lists[i].zone);

		if (!dnsbl_lists[i].keyed || (own && (own->keyed || own->disabled)))
			continue;
		if (!own) {
			own = MP_PUSH(a, raw->lists, raw->n_lists, raw->cap_lists);
			*own = (struct mp_own_list){.zone = dnsbl_lists[i].zone};
		}
		own->keyed = true;
		add_secret(a, raw, dnsbl_lists[i].zone, mp_dup(a, key));
	}
	return MP_OK;
}

static int add_code(
	const struct mp_config_entry *e, struct mp_own_list *list, struct mp_own_code *codes, struct mp_err *err)
{
	struct mp_own_code *c = &codes[list->n_codes];

	if (!mp_ip_parse(mp_str(e->key), &c->code) || c->code.family != MP_IPV4) {
		mp_fail(err, MP_EINVAL, "the key should be the address that the list returns, such as 127.0.0.2");
		return mp_at(err, e->where);
	}
	if (list->n_codes == MP_CASE_CODES_MAX) {
		mp_fail(err, MP_EINVAL, "more than %d codes of one list", MP_CASE_CODES_MAX);
		return mp_at(err, e->where);
	}
	c->words = e->value;
	list->n_codes++;
	return MP_OK;
}

static int add_list(struct mp_arena *a, struct mp_raw *raw, const struct mp_config_section *s, struct mp_err *err)
{
	const struct mp_config_entry *enabled = mp_config_entry(s, "enabled"), *file = mp_config_entry(s, "key-file");
	struct mp_own_code *codes = mp_allocn(a, MP_CASE_CODES_MAX + 1, sizeof(*codes));
	struct mp_own_list list = {.disabled = enabled && !yes(enabled->value), .codes = codes};

	if (mp_domain_parse(a, mp_str(s->name), &list.zone, err) != MP_OK)
		return mp_at(err, s->where);
	if (raw->n_lists + 8 >= MP_CASE_LISTS_MAX) {
		mp_fail(err, MP_EINVAL, "more than %d sections [dnsbl ZONE]", MP_CASE_LISTS_MAX - 8);
		return mp_at(err, s->where);
	}
	for (size_t i = 0; i < s->n; i++)
		if (strncmp(s->entries[i].key, "127.", 4) == 0 && add_code(&s->entries[i], &list, codes, err) != MP_OK)
			return MP_EINVAL;
	if (own_list(raw, list.zone)) {
		mp_fail(err, MP_EINVAL, "there is a second section [dnsbl %s]", list.zone);
		return mp_at(err, s->where);
	}
	if (file && !list.disabled) {
		struct mp_str key = {0};

		if (read_key(a, file->value, &key, err) != MP_OK)
			return mp_at(err, file->where);
		list.keyed = true;
		add_secret(a, raw, list.zone, key.p);
	}
	*MP_PUSH(a, raw->lists, raw->n_lists, raw->cap_lists) = list;
	return MP_OK;
}

/* The kinds of sections; the keys of the first two are the options that may stand there. */
enum { KINDS = 5 };

static void make_kinds(struct mp_arena *a, struct mp_config_kind kinds[static KINDS])
{
	struct mp_config_key *keys = mp_allocn(a, MP_OPT__COUNT, sizeof(*keys));
	size_t n = 0;

	for (size_t i = 0; i < MP_OPT__COUNT; i++)
		if (mp_options[i].flags & MP_OPTION_CONFIG)
			keys[n++] = (struct mp_config_key){mp_options[i].name, mp_options[i].flags & MP_OPTION_LIST,
				mp_options[i].arg ? mp_options[i].check : check_bool};
	kinds[0] = (struct mp_config_kind){"default", NULL, keys, n};
	kinds[1] = (struct mp_config_kind){"profile", "NAME", keys, n};
	kinds[2] = (struct mp_config_kind){"target", "NAME", target_keys, ARRAY_LEN(target_keys)};
	kinds[3] = (struct mp_config_kind){"mailbox", "NAME", mailbox_keys, ARRAY_LEN(mailbox_keys)};
	kinds[4] = (struct mp_config_kind){"dnsbl", "ZONE", dnsbl_keys, ARRAY_LEN(dnsbl_keys)};
}

static int no_such_profile(
	struct mp_arena *a, const struct mp_config *c, const struct mp_value *profile, struct mp_err *err)
{
	struct mp_nearest near = {.word = mp_str(profile->text)};

	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->sections[i].kind->name, "profile") == 0)
			mp_nearest_try(&near, c->sections[i].name);
	mp_fail(err, MP_EINVAL, "%s has no [profile %s]%s", c->path, mp_shown(a, mp_str(profile->text)),
		mp_did_you_mean(a, &near, ""));
	return mp_at(err, profile->where);
}

static int apply_config(struct mp_arena *a, const struct mp_config *c, const struct mp_value *profile,
	struct mp_raw *raw, struct mp_err *err)
{
	const struct mp_config_section *s = NULL;

	raw->config = c->path;
	if (profile) {
		s = mp_config_section(c, "profile", profile->text);
		if (!s)
			return no_such_profile(a, c, profile, err);
		if (add_section(a, raw, s, MP_LAYER_PROFILE, err) != MP_OK)
			return MP_EINVAL;
	}
	if (add_section(a, raw, mp_config_section(c, "default", ""), MP_LAYER_DEFAULT, err) != MP_OK)
		return MP_EINVAL;
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->sections[i].kind->name, "target") == 0 &&
			add_target(a, raw, &c->sections[i], err) != MP_OK)
			return MP_EINVAL;
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->sections[i].kind->name, "mailbox") == 0 &&
			add_mailbox(a, raw, &c->sections[i], err) != MP_OK)
			return MP_EINVAL;
	for (size_t i = 0; i < c->n; i++)
		if (strcmp(c->sections[i].kind->name, "dnsbl") == 0 && add_list(a, raw, &c->sections[i], err) != MP_OK)
			return MP_EINVAL;
	return MP_OK;
}

int mp_raw_config(struct mp_arena *a, const char *path, struct mp_str bytes, const struct mp_value *profile,
	struct mp_raw *raw, struct mp_err *err)
{
	struct mp_config_kind kinds[KINDS];
	struct mp_config c;

	make_kinds(a, kinds);
	if (mp_config_parse(a, path, bytes, kinds, KINDS, &c, err) != MP_OK)
		return MP_EINVAL;
	return apply_config(a, &c, profile, raw, err);
}

static int read_config(struct mp_arena *a, struct mp_raw *raw, struct mp_err *err)
{
	const struct mp_value *path = mp_raw_value(raw, MP_OPT_CONFIG), *profile = mp_raw_value(raw, MP_OPT_PROFILE);
	struct mp_config_kind kinds[KINDS];
	struct mp_config c;
	const char *file = path ? path->text : mp_config_find(a, raw->root);

	if (!file) {
		if (!profile)
			return MP_OK;
		mp_fail(err, MP_EINVAL, "there is no configuration file; give one with --config FILE");
		return mp_at(err, profile->where);
	}
	make_kinds(a, kinds);
	/* A file that the user names is one of this directory, not below another root. */
	if (mp_config_read(a, path ? "" : raw->root, file, kinds, KINDS, &c, err) != MP_OK)
		return path && strncmp(err->msg, "cannot read", 11) == 0 ? mp_at(err, path->where) : MP_EINVAL;
	return apply_config(a, &c, profile, raw, err);
}

/* ---- the command line */

struct parser {
	struct mp_arena *a;
	int argc, at;
	char **argv;
	struct mp_raw *raw;
	const char **words; /* positional arguments, the command first */
	size_t n_words, cap_words;
	bool watch; /* the word stood before them */
	struct mp_err *err;
};

/* The index of an option; MP_OPT__COUNT when there is none of that name. */
static enum mp_opt by_name(struct mp_str name)
{
	for (enum mp_opt i = 0; i < MP_OPT__COUNT; i++)
		if (mp_str_eq(name, mp_str(mp_options[i].name)))
			return i;
	return MP_OPT__COUNT;
}

static enum mp_opt by_letter(char c)
{
	for (enum mp_opt i = 0; i < MP_OPT__COUNT; i++)
		if (mp_options[i].letter && mp_options[i].letter == c)
			return i;
	return MP_OPT__COUNT;
}

static int unknown_long(struct parser *p, struct mp_str name)
{
	struct mp_nearest near = {.word = name};

	for (size_t i = 0; i < MP_OPT__COUNT; i++)
		mp_nearest_try(&near, mp_options[i].name);
	return mp_fail(
		p->err, MP_EINVAL, "unknown option '--%s'%s", mp_shown(p->a, name), mp_did_you_mean(p->a, &near, "--"));
}

static int store(struct parser *p, enum mp_opt opt, struct mp_str value, const char *where)
{
	const struct mp_option_row *o = &mp_options[opt];
	struct mp_str rest = value, part = value;
	bool claims = p->n_words && (strcmp(p->words[0], "spf") == 0 || strcmp(p->words[0], "message") == 0);
	bool split = (o->flags & MP_OPTION_LIST) && opt != MP_OPT_OUTPUT &&
		     opt != MP_OPT_DKIM_KEY; /* file names may hold commas */

	do {
		int rc;

		if (split)
			mp_list_next(&rest, &part);
		rc = !o->arg                        ? MP_OK
		     : opt == MP_OPT_FROM && claims ? check_claim(p->a, part, p->err)
						    : o->check(p->a, part, p->err);
		if (rc == MP_OK && p->raw->opt[opt].n == VALUES_MAX)
			rc = mp_fail(p->err, MP_EINVAL, "more than %d values", VALUES_MAX);
		if (rc != MP_OK)
			return mp_at(p->err, where);
		keep(p->a, p->raw, opt, MP_LAYER_ARGV, mp_dupstr(p->a, part), where);
	} while (split && rest.p);
	return MP_OK;
}

/* True when `arg` is an option of ours, spelt exactly: then it is not the value that is missing before it. */
static bool is_option(const char *arg)
{
	struct mp_str s = mp_str(arg), name;

	if (strncmp(arg, "--", 2) != 0)
		return s.n == 2 && arg[0] == '-' && by_letter(arg[1]) != MP_OPT__COUNT;
	s = mp_strn(arg + 2, s.n - 2);
	return mp_str_split(&s, '=', &name) && name.n && by_name(name) != MP_OPT__COUNT;
}

/* An option with its value, from the same argument (`value` has a pointer) or from the next one. */
static int option(struct parser *p, enum mp_opt opt, const char *where, struct mp_str value)
{
	const struct mp_option_row *o = &mp_options[opt];

	if (!o->arg) {
		if (value.p)
			return mp_fail(p->err, MP_EINVAL, "%s takes no value", where);
		return store(p, opt, MP_LIT("yes"), where);
	}
	if (!value.p) {
		if (p->at >= p->argc || is_option(p->argv[p->at]))
			return mp_fail(p->err, MP_EINVAL, "%s needs a value: %s %s", where, where, o->arg);
		value = mp_str(p->argv[p->at++]);
	}
	return store(p, opt, value, where);
}

static int long_option(struct parser *p, const char *arg)
{
	struct mp_str rest = mp_str(arg + 2), name;
	enum mp_opt opt;

	mp_str_split(&rest, '=', &name);
	opt = by_name(name);
	if (opt == MP_OPT__COUNT)
		return unknown_long(p, name);
	return option(p, opt, mp_printf(p->a, "--%s", mp_options[opt].name), rest);
}

/* -4, -qv, -oFILE, -o FILE */
static int short_options(struct parser *p, const char *arg)
{
	for (const char *c = arg + 1; *c; c++) {
		enum mp_opt opt = by_letter(*c);
		const char *where = mp_printf(p->a, "-%c", *c);
		int rc;

		if (opt == MP_OPT__COUNT) {
			struct mp_nearest near = {.word = mp_str(arg + 1)};

			for (size_t i = 0; i < MP_OPT__COUNT && strlen(arg) > 2; i++)
				mp_nearest_try(&near, mp_options[i].name);
			return mp_fail(p->err, MP_EINVAL, "unknown option '%s'%s", mp_shown(p->a, mp_str(arg)),
				mp_did_you_mean(p->a, &near, "--"));
		}
		if (!mp_options[opt].arg) {
			if (option(p, opt, where, mp_strn(NULL, 0)) != MP_OK)
				return MP_EINVAL;
			continue;
		}
		rc = option(p, opt, where, c[1] ? mp_str(c + 1) : mp_strn(NULL, 0));
		return rc;
	}
	return MP_OK;
}

static int arguments(struct parser *p)
{
	bool only_words = false;

	while (p->at < p->argc) {
		const char *arg = p->argv[p->at++];
		int rc = MP_OK;

		/* A reply to explain may be of any length that the system lets through. */
		if (strlen(arg) > MP_INPUT_MAX && !(p->n_words && strcmp(p->words[0], "explain") == 0))
			return mp_fail(p->err, MP_EINVAL, "argument %d is longer than %d bytes: '%s'", p->at - 1,
				MP_INPUT_MAX, mp_shown(p->a, mp_str(arg)));
		if (only_words || arg[0] != '-' || arg[1] == '\0')
			*MP_PUSH(p->a, p->words, p->n_words, p->cap_words) = mp_dup(p->a, arg);
		else if (strcmp(arg, "--") == 0)
			only_words = true;
		else if (arg[1] == '-')
			rc = long_option(p, arg);
		else
			rc = short_options(p, arg);
		if (rc != MP_OK)
			return rc;
	}
	return MP_OK;
}

static int find_command(struct parser *p, const struct mp_command_row **out)
{
	struct mp_nearest near;
	const char *word;

	*out = &mp_commands[0];
	if (p->n_words && strcmp(p->words[0], "watch") == 0) {
		p->watch = true;
		p->words++;
		p->n_words--;
	}
	if (p->n_words == 0)
		return MP_OK;
	word = p->words[0];
	near = (struct mp_nearest){.word = mp_str(word)};
	*out = mp_command_by_name(word);
	if (*out)
		return MP_OK;
	for (size_t i = 1; i < mp_n_commands; i++)
		mp_nearest_try(&near, mp_commands[i].name);
	if (!near.best && (strpbrk(word, ".@:") || mp_receiver_by_alias(word)))
		return mp_fail(p->err, MP_EINVAL, "unknown command '%s'; to ask that receiver: mailprobe --to %s",
			mp_shown(p->a, mp_str(word)), mp_shown(p->a, mp_str(word)));
	return mp_fail(p->err, MP_EINVAL, "unknown command '%s'%s; 'mailprobe --help' lists them",
		mp_shown(p->a, mp_str(word)), mp_did_you_mean(p->a, &near, ""));
}

static int check_words(struct parser *p, const struct mp_command_row *c)
{
	if (p->n_words && p->n_words - 1 < c->min)
		return mp_fail(
			p->err, MP_EINVAL, "'%s' needs an argument: mailprobe %s %s", c->name, c->name, c->usage);
	if (p->n_words && p->n_words - 1 > c->max && c->id == MP_CMD_EXPLAIN)
		return mp_fail(p->err, MP_EINVAL,
			"'%s' is one argument too many: a reply with blanks in it needs quotes, mailprobe explain 'REPLY'",
			mp_shown(p->a, mp_str(p->words[c->max + 1])));
	if (p->n_words && p->n_words - 1 > c->max)
		return mp_fail(p->err, MP_EINVAL, "'%s' is one argument too many: mailprobe %s%s%s",
			mp_shown(p->a, mp_str(p->words[c->max + 1])), c->name, *c->usage ? " " : "", c->usage);
	for (size_t i = 1; i < p->n_words && !(c->flags & MP_COMMAND_TEXT); i++)
		if (check_fit(p->a, mp_str(p->words[i]), p->err) != MP_OK)
			return mp_at(p->err, c->name);
	return MP_OK;
}

/* ---- what is left to look at when all of it is known */

static int check_readable(struct mp_arena *a, const struct mp_value *v, struct mp_err *err)
{
	struct stat st;
	int fd;

	if (!v)
		return MP_OK;
	fd = open(v->text, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		mp_fail(err, MP_EINVAL, "cannot read '%s': %s", mp_shown(a, mp_str(v->text)), strerror(errno));
		return mp_at(err, v->where);
	}
	if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
		close(fd);
		mp_fail(err, MP_EINVAL, "cannot read '%s': it is a directory", mp_shown(a, mp_str(v->text)));
		return mp_at(err, v->where);
	}
	close(fd);
	return MP_OK;
}

static int read_rules(struct mp_arena *a, struct mp_raw *raw, struct mp_err *err)
{
	const struct mp_value *v = mp_raw_value(raw, MP_OPT_RULES);
	struct mp_own_rules *rules;

	if (!v)
		return MP_OK;
	if (check_readable(a, v, err) != MP_OK)
		return MP_EINVAL;
	rules = mp_alloc(a, sizeof(*rules));
	if (mp_own_rules_read(a, raw->root, v->text, rules, err) != MP_OK)
		return MP_EINVAL;
	if (rules->n)
		raw->rules = rules;
	return MP_OK;
}

static int belongs_elsewhere(const struct mp_option_row *o, struct mp_err *err)
{
	struct mp_buf to = MP_BUF(256);
	int rc;

	for (size_t i = 1; i < mp_n_commands; i++)
		if (o->of & MP_OF(mp_commands[i].id))
			mp_buf_addf(&to, "%s'mailprobe %s'", to.n ? " and " : "", mp_commands[i].name);
	rc = mp_fail(err, MP_EINVAL, "--%s belongs to %s", o->name, mp_buf_cstr(&to));
	mp_buf_release(&to);
	return rc;
}

static bool scores_messages(enum mp_opt opt)
{
	return opt == MP_OPT_RSPAMD || opt == MP_OPT_RSPAMD_PASSWORD_FILE || opt == MP_OPT_SPAMD;
}

/* Options that belong to some commands alone. */
static int check_places(const struct mp_raw *raw, const struct mp_command_row *c, bool watch, struct mp_err *err)
{
	if (given(raw, MP_OPT_TO, MP_LAYER_PROFILE) && c->id != MP_CMD_PROBE)
		return mp_fail(
			err, MP_EINVAL, "'%s' asks no receiver: leave --to out, or the word '%s'", c->name, c->name);
	if (given(raw, MP_OPT_RULES, MP_LAYER_PROFILE) && (c->id == MP_CMD_REPLAY || c->id == MP_CMD_DIFF))
		return mp_fail(err, MP_EINVAL, "a report holds the rules that it was judged by: leave --rules out");
	for (enum mp_opt opt = 0; opt < MP_OPT__COUNT; opt++)
		if (raw->opt[opt].n && (mp_options[opt].flags & ONLY) &&
			!(mp_options[opt].of & (MP_OF(c->id) | (watch ? MP_OF(MP_CMD_WATCH) : 0))))
			return belongs_elsewhere(&mp_options[opt], err);
	if (c->id == MP_CMD_MESSAGE && mp_raw_flag(raw, MP_OPT_REDACT))
		return mp_fail(err, MP_EINVAL, MP_NO_REDACTED_MESSAGE);
	if (c->id == MP_CMD_SPF && !mp_raw_value(raw, MP_OPT_IP))
		return mp_fail(err, MP_EINVAL, "which client? Give its address: --ip IP");
	if (c->id == MP_CMD_SPF && !mp_raw_value(raw, MP_OPT_HELO) && !given(raw, MP_OPT_FROM, MP_LAYER_PROFILE))
		return mp_fail(err, MP_EINVAL, "which sender? Give --from ADDR, --helo NAME, or both");
	if (mp_raw_flag(raw, MP_OPT_SEND) && c->id != MP_CMD_PROBE)
		return mp_fail(err, MP_EINVAL, "--send needs a receiver: mailprobe --to TARGET --send");
	for (enum mp_opt opt = MP_OPT_MESSAGE; opt <= MP_OPT_CLEAN; opt++)
		if (given(raw, opt, MP_LAYER_PROFILE) && !mp_raw_flag(raw, MP_OPT_SEND) &&
			!(mp_raw_flag(raw, MP_OPT_DRY_RUN) && c->id == MP_CMD_PROBE) &&
			!(c->id == MP_CMD_MESSAGE && scores_messages(opt)))
			return mp_fail(err, MP_EINVAL,
				opt == MP_OPT_RSPAMD || opt == MP_OPT_SPAMD
					? "--%s scores the message of --send, --dry-run or 'mailprobe message': give one of them"
					: "--%s belongs to --send: nothing is sent without that word",
				mp_options[opt].name);
	if (mp_raw_value(raw, MP_OPT_MESSAGE) && given(raw, MP_OPT_LIST_UNSUBSCRIBE, MP_LAYER_PROFILE))
		return mp_fail(
			err, MP_EINVAL, "--list-unsubscribe is for our own message; write it into that of --message");
	if (watch && mp_raw_flag(raw, MP_OPT_SEND))
		return mp_fail(err, MP_EINVAL, "'watch' sends no message: it would send one again and again");
	if (c->id == MP_CMD_DIFF && mp_raw_flag(raw, MP_OPT_REDACT))
		return mp_fail(err, MP_EINVAL,
			"'diff' compares reports as they are; redact both before: mailprobe replay REPORT --redact -o FILE");
	if (mp_raw_flag(raw, MP_OPT_IPV4) && mp_raw_flag(raw, MP_OPT_IPV6))
		return mp_fail(err, MP_EINVAL, "-4 and -6 exclude each other; without both, both families are asked");
	if (mp_raw_flag(raw, MP_OPT_CLEAN) && !mp_raw_value(raw, MP_OPT_MAILBOX))
		return mp_fail(err, MP_EINVAL, "--clean belongs to --mailbox NAME");
	if (c->id == MP_CMD_PROBE && raw->opt[MP_OPT_TO].n == 0 && !mp_raw_value(raw, MP_OPT_MAILBOX))
		return mp_fail(err, MP_EINVAL,
			"whom to ask? Give --to TARGET, such as --to gmail-mx ('mailprobe --help' tells more)");
	return MP_OK;
}

static int finish(struct parser *p, const struct mp_command_row *c, struct mp_options *out)
{
	const struct mp_values *outputs = &p->raw->opt[MP_OPT_OUTPUT];
	const struct mp_value *v;
	struct mp_output *list;
	size_t at;

	if ((c->flags & MP_COMMAND_CONFIG) || mp_raw_value(p->raw, MP_OPT_CONFIG) || c->id == MP_CMD_EXPLAIN)
		if (read_config(p->a, p->raw, p->err) != MP_OK)
			return MP_EINVAL;
	if (((c->flags & MP_COMMAND_CONFIG) || mp_raw_flag(p->raw, MP_OPT_CHECK)) &&
		key_of_environment(p->a, p->raw, p->err) != MP_OK)
		return MP_EINVAL;
	if (check_places(p->raw, c, p->watch, p->err) != MP_OK)
		return MP_EINVAL;
	if ((v = mp_raw_value(p->raw, MP_OPT_FORMAT)))
		parse_format(p->a, mp_str(v->text), &out->format, NULL);
	if ((v = mp_raw_value(p->raw, MP_OPT_COLOR)) &&
		mp_word_parse(p->a, mp_str(v->text), color_words, &at, NULL) == MP_OK)
		out->color = (enum mp_when)at;
	if ((v = mp_raw_value(p->raw, MP_OPT_REQUEST)))
		parse_request(p->a, mp_str(v->text), &out->request, NULL);
	/* What the configuration says of reports is nothing that explain could follow. */
	if (c->id == MP_CMD_EXPLAIN && out->format != &rep_json && !given(p->raw, MP_OPT_FORMAT, MP_LAYER_PROFILE))
		out->format = &rep_text;
	if (read_rules(p->a, p->raw, p->err) != MP_OK ||
		check_readable(p->a, mp_raw_value(p->raw, MP_OPT_CA_FILE), p->err) != MP_OK)
		return MP_EINVAL;
	if ((v = mp_raw_value(p->raw, MP_OPT_CA_FILE)))
		out->ca_file = v->text;
	out->quiet = mp_raw_flag(p->raw, MP_OPT_QUIET);
	out->verbose = mp_raw_flag(p->raw, MP_OPT_VERBOSE);
	out->redact = mp_raw_flag(p->raw, MP_OPT_REDACT);
	out->list = mp_raw_flag(p->raw, MP_OPT_LIST);
	out->lines = mp_raw_flag(p->raw, MP_OPT_LINES);
	out->summary = mp_raw_flag(p->raw, MP_OPT_SUMMARY);
	out->check = mp_raw_flag(p->raw, MP_OPT_CHECK);
	list = mp_allocn(p->a, outputs->n, sizeof(*list));
	for (size_t i = 0; i < outputs->n; i++) {
		list[i].path = outputs->v[i].text;
		parse_ending(p->a, mp_str(list[i].path), &list[i].format, NULL);
		if (rep_file_check(list[i].path, p->err) != MP_OK) /* before anything is sent */
			return MP_EIO;
	}
	if (c->id == MP_CMD_DIFF)
		for (size_t i = 0; i <= outputs->n; i++) {
			const struct rep_format *f = i < outputs->n ? list[i].format : out->format;

			if (f != &rep_text && f != &rep_json)
				return mp_fail(p->err, MP_EINVAL,
					"'diff' tells in text or json (--format, or -o FILE.txt, FILE.json), not in %s",
					f->name);
		}
	out->outputs = list;
	out->n_outputs = outputs->n;
	return MP_OK;
}

int mp_options_parse_at(
	struct mp_arena *a, const char *root, int argc, char **argv, struct mp_options *out, struct mp_err *err)
{
	struct mp_options made = {.format = &rep_text, .color = MP_AUTO};
	struct parser p = {.a = a, .argc = argc, .argv = argv, .at = 1, .err = err};
	const struct mp_command_row *c;
	int rc;

	p.raw = mp_alloc(a, sizeof(*p.raw));
	p.raw->root = root;
	p.raw->argc = argc;
	p.raw->argv = argv;
	made.raw = p.raw;
	if (arguments(&p) != MP_OK)
		return MP_EINVAL;
	/* Whoever asks for help gets it, whatever else is there. */
	if (mp_raw_flag(p.raw, MP_OPT_HELP) || mp_raw_flag(p.raw, MP_OPT_VERSION)) {
		made.command = mp_raw_flag(p.raw, MP_OPT_HELP) ? MP_CMD_HELP : MP_CMD_VERSION;
		if (p.n_words && mp_command_by_name(p.words[0])) {
			made.args = p.words;
			made.n_args = 1;
		}
		*out = made;
		return MP_OK;
	}
	if (find_command(&p, &c) != MP_OK || check_words(&p, c) != MP_OK)
		return MP_EINVAL;
	if (p.watch && !(c->flags & MP_COMMAND_CONFIG))
		return mp_fail(err, MP_EINVAL, "'%s' cannot be watched: only what is looked up or asked can", c->name);
	if (p.watch && (c->id == MP_CMD_TARGETS || c->id == MP_CMD_WATCH))
		return mp_fail(err, MP_EINVAL, "'%s' cannot be watched", c->name);
	made.command = c->id;
	made.watch = p.watch;
	if (p.n_words > 1) {
		made.args = p.words + 1;
		made.n_args = p.n_words - 1;
	}
	rc = finish(&p, c, &made);
	if (rc == MP_OK)
		*out = made;
	return rc;
}

int mp_options_parse(struct mp_arena *a, int argc, char **argv, struct mp_options *out, struct mp_err *err)
{
	return mp_options_parse_at(a, "", argc, argv, out, err);
}
