/* smtp/cause.c - see smtp/cause.h */
#include "smtp/cause.h"

#include "base/text.h"
#include "smtp/lexicon.h"
#include "smtp/match.h"
#include "smtp/own.h"
#include "smtp/rules.h"

enum {
	TEXT_MAX = 8192, /* more of a reply than this is not looked at */
	ALTS_MAX = 4096, /* alternatives of all rows together */
	TOKEN_MAX = 255, /* the longest thing that is masked as an address, a host or a URL */
	REFS_MAX = 3,    /* struct smtp_classified, without the NULL */
	REF_LEN_MAX = 200,
};

/* ---- taxonomy */

const struct smtp_cause_info smtp_causes[SMTP_CAUSE__COUNT] = {
	[SMTP_CAUSE_UNKNOWN] = {"unknown", "", "The reply names no cause that is known",
		"Nothing in the reply tells why the message was refused.", {NULL},
		{"Read the reply as it stands, with the session's transcript.",
			"Vary one thing at a time (--diagnose), or ask the receiver's postmaster."}},
	/* identity */
	[SMTP_PTR_MISSING] = {"ptr-missing", "identity", "The sending address has no PTR record",
		"The receiver looked up the name of the address that connected and found none, or the reverse zone did not "
		"answer.",
		{"ptr.exists", "ptr.propagation", "ptr.owner"},
		{"Have a PTR record set by the holder of the address block (the hoster's panel or support), naming this host.",
			"Give that name an A or AAAA record that leads back to the address.",
			"Stop sending by IPv6 until the IPv6 address has a PTR record of its own."}},
	[SMTP_FCRDNS_MISMATCH] = {"fcrdns-mismatch", "identity",
		"The PTR name of the sending address does not lead back to it",
		"The address has a name, or should have one, but looking that name up does not give the address (FCrDNS).",
		{"ptr.fcrdns", "ptr.exists", "ptr.single", "ptr.propagation"},
		{"Add the address to the A or AAAA records of the PTR name.",
			"Or have the PTR changed to a name that already resolves to the address.",
			"Check IPv4 and IPv6 apart: each address needs its own pair."}},
	[SMTP_RDNS_GENERIC] = {"rdns-generic", "identity", "The sending address looks like a dial-up or generated one",
		"The PTR name looks like a provider's pattern, or the address is known as residential: such hosts are "
		"expected to send through their provider.",
		{"ptr.generic", "dnsbl.ip", "ptr.owner"},
		{"Have the PTR set to a host name in your own domain.",
			"Ask for removal from the Spamhaus PBL if the address is static and listed there.",
			"Or send through the provider's mail relay."}},
	[SMTP_HELO_REJECTED] = {"helo-rejected", "identity", "The EHLO name was refused",
		"The name announced is not a full host name, does not resolve, does not fit the address, or is the "
		"receiver's own.",
		{"ehlo.syntax", "ehlo.resolves", "ehlo.matches_source", "ptr.matches_ehlo", "host.fqdn"},
		{"Announce the PTR name of the sending address (Postfix: myhostname or smtp_helo_name).",
			"Give that name an A or AAAA record with the address."}},
	[SMTP_SENDER_DOMAIN_DNS] = {"sender-domain-dns", "identity", "The sender's domain cannot be found in the DNS",
		"The domain of MAIL FROM or From has no MX and no address, does not exist, or says that it takes no mail.",
		{"mx.sender", "dnssec.sender", "registration.sender", "resolver.health"},
		{"Publish an MX (or A/AAAA) record for the sender's domain.",
			"Use a sender address in a domain that exists and takes mail."}},
	/* authentication */
	[SMTP_SPF_FAIL] = {"spf-fail", "authentication", "SPF did not pass",
		"The sender's domain does not authorize the sending address, or its SPF record cannot be evaluated.",
		{"spf.mail_from", "spf.record", "spf.limits", "spf.helo"},
		{"Add the sending address or the service's include to the domain's SPF record.",
			"Keep to ten look-ups, two void look-ups and one record.",
			"When forwarding, rewrite the sender (SRS)."}},
	[SMTP_DKIM_FAIL] = {"dkim-fail", "authentication", "DKIM did not pass",
		"A signature is missing where one is required, or it did not verify.",
		{"dkim.key", "dkim.strength", "dkim.pair"},
		{"Publish the key of the selector that signs.", "Sign last, after everything that changes the message.",
			"Use RSA of 2048 bits, or Ed25519 beside it."}},
	[SMTP_DMARC_FAIL] = {"dmarc-fail", "authentication", "DMARC did not pass",
		"Neither SPF nor DKIM passed for the domain of the From header, or no DMARC record is there where one is "
		"demanded.",
		{"dmarc.record", "dmarc.alignment", "dmarc.policy", "spf.mail_from", "dkim.key"},
		{"Sign with d= in the From domain, or use an envelope sender in it.",
			"Publish a DMARC record (p=none is enough to begin with)."}},
	[SMTP_SENDER_UNAUTHENTICATED] = {"sender-unauthenticated", "authentication",
		"The receiver demands authenticated mail",
		"The message passed neither SPF nor DKIM as this receiver wants it.",
		{"spf.mail_from", "dkim.key", "dmarc.alignment", "dmarc.record"},
		{"Make SPF pass for the sending address.", "Sign with DKIM in the From domain.",
			"Align both with the From domain and publish DMARC."}},
	/* reputation */
	[SMTP_DNSBL_LISTED] = {"dnsbl-listed", "reputation", "The sending address is on a public block list",
		"The receiver asked a third party's list about the address and found it there.",
		{"dnsbl.ip", "ptr.generic"},
		{"Find and end the cause first: an infected host, an open relay, a stolen account.",
			"Then ask for removal with the list's own form.", "Look the address up again before sending."}},
	[SMTP_IP_BLOCKED] = {"ip-blocked", "reputation", "The receiver blocks the sending address itself",
		"The address, its network or its country is on a list of the receiver's own.",
		{"ptr.owner", "dnsbl.ip"},
		{"Use the form or mailbox that the reply names, with the address and the exact text.",
			"Check that nothing else sends through this address."}},
	[SMTP_IP_REPUTATION] = {"ip-reputation", "reputation", "The sending address has a poor reputation",
		"Complaints, volume or history of the address make the receiver defer or refuse it.",
		{"dnsbl.ip", "ptr.owner"},
		{"Send less and to engaged recipients only, and grow slowly.", "Join the receiver's feedback loop.",
			"Use another address where this one's history is not yours."}},
	[SMTP_DOMAIN_REPUTATION] = {"domain-reputation", "reputation", "A domain in the message has a poor reputation",
		"The sender's, the EHLO name's or a linked domain is new, on a domain list, or has a low score.",
		{"dnsbl.domain", "age.sender"},
		{"Find which domain is listed (sender, EHLO name, links) and ask that list for removal.",
			"Leave out links and shorteners of doubtful domains."}},
	/* rate */
	[SMTP_GREYLISTED] = {"greylisted", "rate", "Deferred at first contact (greylisting)",
		"The receiver does not know this sender yet and wants to see whether it comes back.", {"smtp.session"},
		{"Let the queue retry, from the same address.", "Keep one outgoing address for a destination."}},
	[SMTP_RATE_LIMITED] = {"rate-limited", "rate", "Too much mail in too short a time",
		"The receiver, or the relay, limits how much this address, domain or account may send.",
		{"smtp.session"},
		{"Slow down: fewer messages for a connection, pauses after a deferral.",
			"Look for a stolen account or a loop."}},
	[SMTP_TOO_MANY_CONNECTIONS] = {"too-many-connections", "rate", "Too many connections at once",
		"More sessions are open from this address than the receiver allows.", {"smtp.session"},
		{"Lower the number of concurrent connections to this destination."}},
	[SMTP_TOO_MANY_RECIPIENTS] = {"too-many-recipients", "rate", "Too many recipients in one message",
		"The receiver takes only so many recipients in a transaction; the others may follow in another.",
		{"smtp.session"}, {"Send to fewer recipients in one transaction; deliver the rest separately."}},
	[SMTP_RECIPIENT_RATE_LIMITED] = {"recipient-rate-limited", "rate", "The recipient gets too much mail",
		"It is the recipient's limit that is reached, not the sender's.", {"smtp.session"},
		{"Wait; the queue's retries will do."}},
	/* recipient */
	[SMTP_RECIPIENT_UNKNOWN] = {"recipient-unknown", "recipient", "No such recipient",
		"The receiver has no mailbox of that name.", {"smtp.session"},
		{"Correct the address.", "Take it off the list; repeated tries harm the sender's reputation."}},
	[SMTP_RECIPIENT_DISABLED] = {"recipient-disabled", "recipient", "The recipient's mailbox is closed",
		"The mailbox exists or existed, but is inactive, suspended, closed or moved.", {"smtp.session"},
		{"Take the address off the list, or try much later."}},
	[SMTP_DOMAIN_NOT_HOSTED] = {"domain-not-hosted", "recipient", "The recipient's domain is not handled there",
		"The host does not take mail for that domain, or the domain takes none at all.",
		{"mx.target", "smtp.session"},
		{"Check the MX of the recipient's domain, and whether the sender uses a stale one.",
			"Correct the domain."}},
	/* quota */
	[SMTP_MAILBOX_FULL] = {"mailbox-full", "quota", "The recipient's mailbox is full",
		"The mailbox is over its quota.", {"smtp.session"},
		{"Wait; only the recipient can make room.", "Reach the recipient in another way."}},
	/* content */
	[SMTP_CONTENT_SPAM] = {"content-spam", "content", "The message was judged to be spam",
		"A filter looked at the message and refused it.", {"dnsbl.domain", "dkim.key", "dmarc.alignment"},
		{"Send a minimal plain message and compare.",
			"Change links, wording and markup; fix authentication first.",
			"Ask the receiver to look at the message by its id."}},
	[SMTP_CONTENT_VIRUS] = {"content-virus", "content", "A virus was found in the message",
		"A scanner found what it takes for malware.", {"smtp.session"},
		{"Scan the message and the sending host.", "Send the file in another way if it is harmless."}},
	[SMTP_CONTENT_POLICY] = {"content-policy", "content", "Attachments or contents of that kind are not taken",
		"The receiver refuses a type of attachment or a class of content.", {"smtp.session"},
		{"Send another format, or a link.", "Compare with a plain message."}},
	[SMTP_MESSAGE_MALFORMED] = {"message-malformed", "content", "The message breaks the rules of its format",
		"A header is missing, doubled, too long or wrong, or lines and characters are not as RFC 5322 wants them.",
		{"smtp.session"},
		{"Fix the program that made the message: one From, Date and Message-ID each, CRLF line ends.",
			"Encode 8-bit text."}},
	[SMTP_MESSAGE_TOO_LARGE] = {"message-too-large", "content", "The message is too large",
		"It is over the size that the receiver takes.", {"smtp.session"},
		{"Keep under the SIZE that the server announces.", "Send large files as links."}},
	/* access */
	[SMTP_SENDER_REJECTED] = {"sender-rejected", "access", "This sender is refused by rule",
		"The sender's address or domain is blocked, or may not be used by this host or login.",
		{"spf.mail_from", "dnsbl.domain"},
		{"Use an address of your own domain.", "Ask the receiver to allow the sender."}},
	[SMTP_SENDER_VERIFY_FAILED] = {"sender-verify-failed", "access",
		"The receiver could not verify the sender's address",
		"It called back to the sender's MX and was not told that the address exists.",
		{"mx.sender", "smtp.session"},
		{"Make the sender's MX reachable and accept RCPT for the sender's address.",
			"Accept the null sender (MAIL FROM:<>)."}},
	[SMTP_AUTH_REQUIRED] = {"auth-required", "access", "The server wants a login, or refused one",
		"This is a submission server, or the credentials are wrong.", {"mx.target", "smtp.session"},
		{"Deliver to the domain's MX on port 25, or log in on port 587.", "Check user name and password."}},
	[SMTP_TLS_REQUIRED] = {"tls-required", "access", "The receiver wants encryption",
		"The session was not encrypted, or not as the receiver demands it.",
		{"smtp.starttls", "tls.version", "tls.certificate"},
		{"Turn on STARTTLS for outgoing mail.", "Offer TLS 1.2 or later."}},
	[SMTP_RELAY_DENIED] = {"relay-denied", "access", "Relaying denied",
		"The server does not take mail for that domain from this host.", {"mx.target", "ptr.exists"},
		{"Check the MX of the recipient's domain.", "For outgoing mail, log in at a submission server."}},
	[SMTP_RECIPIENT_RESTRICTED] = {"recipient-restricted", "access",
		"The recipient takes mail from some senders only",
		"Only members, internal or allowed senders may write to that address.", {"smtp.session"},
		{"Ask the recipient or the administrator to allow the sender."}},
	[SMTP_POLICY_REJECTED] = {"policy-rejected", "access", "Refused by policy, with no reason given",
		"The receiver says no more than that it will not take the message.",
		{"ptr.fcrdns", "ehlo.matches_source", "spf.mail_from", "dmarc.alignment", "dnsbl.ip"},
		{"Fix what the checks find at fault, if anything: it is the likely reason.",
			"Vary one factor at a time (--diagnose).",
			"Ask the receiver's postmaster with the exact reply."}},
	/* server */
	[SMTP_PROTOCOL_ERROR_CAUSE] = {"protocol-error", "server", "The server did not understand the client",
		"A command was wrong, out of order, too early or not supported.", {"smtp.session"},
		{"Read the transcript: the command before the reply is the one that was refused.", "Fix the client."}},
	[SMTP_RECEIVER_ERROR] = {"receiver-error", "server", "The receiver has a fault of its own",
		"Its disk, look-ups, configuration or load keep it from taking mail.", {"smtp.session", "mx.target"},
		{"Retry later, or by another MX.", "Tell the receiver's postmaster if it lasts."}},
	/* findings only */
	[SMTP_EGRESS_BLOCKED] = {"egress-blocked", "", "Outgoing connections to port 25 are blocked",
		"The provider or a firewall keeps this host from reaching other mail servers.", {"egress.port25"},
		{"Ask the provider to open port 25.", "Or send through a relay on port 587."}},
	[SMTP_TLS_POLICY] = {"tls-policy", "", "The receiver's TLS policy cannot be met",
		"The receiver publishes DANE or MTA-STS, and its server does not offer what that demands.",
		{"tls.dane", "tls.mta_sts", "tls.certificate"},
		{"Tell the receiver's postmaster; a strict sender cannot deliver."}},
	[SMTP_MX_UNUSABLE] = {"mx-unusable", "", "The receiver's MX records cannot be used",
		"The domain's MX does not resolve, or says that it takes no mail.", {"mx.target"},
		{"Correct the domain.", "Tell the domain's postmaster."}},
};

enum smtp_cause smtp_cause_by_id(const char *id)
{
	if (!id)
		return SMTP_CAUSE_UNKNOWN;
	for (size_t i = 0; i < SMTP_CAUSE__COUNT; i++)
		if (strcmp(smtp_causes[i].id, id) == 0)
			return (enum smtp_cause)i;
	return SMTP_CAUSE_UNKNOWN;
}

/* ---- which causes a stage excludes: what the receiver has not yet seen cannot be why it refuses */

static bool cause_at(enum smtp_cause cause, int stage)
{
	bool before_mail = stage >= SMTP_AT_CONNECT && stage <= SMTP_AT_EHLO_TLS;
	bool before_rcpt = before_mail || stage == SMTP_AT_MAIL;
	bool before_message = before_rcpt || stage == SMTP_AT_RCPT || stage == SMTP_AT_DATA;

	switch (cause) {
	case SMTP_SENDER_DOMAIN_DNS:
	case SMTP_SPF_FAIL:
	case SMTP_DMARC_FAIL:
	case SMTP_SENDER_UNAUTHENTICATED:
	case SMTP_SENDER_REJECTED:
	case SMTP_SENDER_VERIFY_FAILED:
	case SMTP_MESSAGE_TOO_LARGE:
		return !before_mail;
	case SMTP_RECIPIENT_UNKNOWN:
	case SMTP_RECIPIENT_DISABLED:
	case SMTP_DOMAIN_NOT_HOSTED:
	case SMTP_MAILBOX_FULL:
	case SMTP_TOO_MANY_RECIPIENTS:
	case SMTP_RECIPIENT_RATE_LIMITED:
	case SMTP_RECIPIENT_RESTRICTED:
		return !before_rcpt;
	case SMTP_DKIM_FAIL:
	case SMTP_CONTENT_SPAM:
	case SMTP_CONTENT_VIRUS:
	case SMTP_CONTENT_POLICY:
	case SMTP_MESSAGE_MALFORMED:
		return !before_message;
	default:
		return true;
	}
}

/* ---- codes */

static size_t skip_blanks(struct mp_str s, size_t i)
{
	while (i < s.n && mp_isblank(s.p[i]))
		i++;
	return i;
}

/* A reply code at `i`, not part of a longer number or word; 0 when there is none. */
static int code_at(struct mp_str s, size_t i)
{
	if (i + 3 > s.n || s.p[i] < '2' || s.p[i] > '5' || !mp_isdigit(s.p[i + 1]) || !mp_isdigit(s.p[i + 2]))
		return 0;
	if (i + 3 < s.n && (mp_isalnum((unsigned char)s.p[i + 3]) || s.p[i + 3] == '.' || s.p[i + 3] == '_'))
		return 0;
	return (s.p[i] - '0') * 100 + (s.p[i + 1] - '0') * 10 + (s.p[i + 2] - '0');
}

/* Length of an enhanced code (class 2, 4, 5) at `i`, or 0. RFC 3463: up to three digits each; not a piece of an address. */
static size_t enhanced_at(struct mp_str s, size_t i)
{
	size_t start = i;

	if (i >= s.n || (s.p[i] != '2' && s.p[i] != '4' && s.p[i] != '5'))
		return 0;
	i++;
	for (int part = 0; part < 2; part++) {
		size_t digits = 0;

		if (i >= s.n || s.p[i] != '.')
			return 0;
		for (i++; i < s.n && mp_isdigit(s.p[i]); i++)
			digits++;
		if (digits == 0 || digits > 3)
			return 0;
	}
	if (i < s.n && (mp_isalnum((unsigned char)s.p[i]) || s.p[i] == '@'))
		return 0;
	if (i + 1 < s.n && s.p[i] == '.' && mp_isdigit(s.p[i + 1]))
		return 0;
	return i - start;
}

/* ---- unfolding */

struct reply {
	int code;               /* 0: none */
	struct mp_str enhanced; /* empty: none; points into the text given */
	char text[TEXT_MAX];    /* all lines in one, without the repeated codes */
	size_t n;
	bool folded; /* "550-" was seen: further codes in the text are line starts */
};

static void put(struct reply *r, const char *p, size_t n)
{
	if (n > sizeof(r->text) - r->n)
		n = sizeof(r->text) - r->n;
	if (n)
		memcpy(r->text + r->n, p, n);
	r->n += n;
}

/* Drop the code and the enhanced code at the start of a line or, in a folded reply, at the start of a word. */
static size_t skip_codes(struct reply *r, struct mp_str s, size_t i, bool at_line)
{
	int code = code_at(s, i);
	size_t j, len;

	if (!code || (r->code && code != r->code) || (!r->code && !at_line)) {
		len = at_line && !r->code ? enhanced_at(s, i) : 0;
		if (len && !r->enhanced.n)
			r->enhanced = mp_strn(s.p + i, len);
		return i + len;
	}
	j = i + 3;
	if (j < s.n && s.p[j] == '-')
		r->folded = true;
	while (j < s.n && (mp_isblank(s.p[j]) || s.p[j] == '-' || s.p[j] == ':' || s.p[j] == '#'))
		j++;
	len = enhanced_at(s, j);
	if (!at_line && !len && !r->folded)
		return i;
	r->code = code;
	if (!len)
		return j;
	if (!r->enhanced.n)
		r->enhanced = mp_strn(s.p + j, len);
	else if (!mp_str_eq(r->enhanced, mp_strn(s.p + j, len)))
		return j;
	j += len;
	while (j < s.n && (s.p[j] == ':' || s.p[j] == ','))
		j++;
	return j;
}

static void unfold_line(struct reply *r, struct mp_str line)
{
	size_t i = skip_blanks(line, 0);
	bool word_start = true;

	if (mp_str_istarts(line, "<<< ")) /* sendmail's transcript of a session */
		i = skip_blanks(line, 4);
	i = skip_codes(r, line, i, true);

	if (r->n)
		put(r, " ", 1);
	while (i < line.n) {
		size_t from = i;

		if (word_start && r->code && (i = skip_codes(r, line, i, false)) > from)
			continue;
		word_start = mp_isblank(line.p[i]);
		put(r, line.p + i, 1);
		i++;
	}
}

/* Newlines, and the "\n" that logs print for them, end a line. */
static size_t line_end(struct mp_str s, size_t i, size_t *next)
{
	for (; i < s.n; i++) {
		if (s.p[i] == '\n' || s.p[i] == '\r') {
			*next = i + 1;
			return i;
		}
		if (s.p[i] == '\\' && i + 1 < s.n && (s.p[i + 1] == 'n' || s.p[i + 1] == 'r')) {
			*next = i + 2;
			return i;
		}
	}
	*next = s.n + 1;
	return s.n;
}

/* "(#5.7.1)", "(5.1.1)", "[5.7.1]" within the text: qmail and its like put the enhanced code last. */
static void find_enhanced(struct reply *r)
{
	struct mp_str s = mp_strn(r->text, r->n);

	for (size_t i = 1; i < s.n; i++) {
		size_t len;

		if (s.p[i - 1] != '#' && s.p[i - 1] != '(' && s.p[i - 1] != '[')
			continue;
		len = enhanced_at(s, i);
		if (len && s.p[i] != '2') {
			r->enhanced = mp_strn(s.p + i, len);
			return;
		}
	}
}

static void unfold(struct mp_str text, struct reply *r)
{
	r->code = 0;
	r->enhanced = mp_strn(NULL, 0);
	r->n = 0;
	r->folded = false;
	for (size_t i = 0, next; i < text.n; i = next) {
		size_t end = line_end(text, i, &next);

		unfold_line(r, mp_strn(text.p + i, end - i));
	}
	if (!r->enhanced.n)
		find_enhanced(r);
}

/* ---- quoted replies */

/* Words after which another server's reply is quoted, without a colon between. */
static bool quoting_word(struct mp_str s)
{
	static const char *const words[] = {
		"said", "returned", "with", "was", "response", "reply", "server", "error", "<<<"};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (mp_str_iends(s, words[i]))
			return true;
	return false;
}

/* Does a quoted reply begin at the code at `i`? Something must introduce it, and a text must follow. */
static bool quoted_at(struct mp_str s, size_t i)
{
	int code = code_at(s, i);
	size_t before = i, after = i + 3;

	if (code < 420 || code == 500 || after >= s.n || (s.p[after] != ' ' && s.p[after] != '-'))
		return false;
	after = skip_blanks(s, after + 1);
	if (after >= s.n || (mp_isdigit(s.p[after]) && !enhanced_at(s, after)))
		return false;
	while (before && (mp_isblank(s.p[before - 1]) || strchr("\"'(<", s.p[before - 1])))
		before--;
	if (!before)
		return false;
	return s.p[before - 1] == ':' || s.p[before - 1] == ';' || (before < i && quoting_word(mp_strn(s.p, before)));
}

/* Where the innermost quoted reply begins; 0: nothing is quoted. */
static size_t find_quoted(struct mp_str s)
{
	for (size_t i = s.n; i-- > 4;)
		if (mp_isdigit(s.p[i]) && !mp_isalnum((unsigned char)s.p[i - 1]) && quoted_at(s, i))
			return i;
	return 0;
}

/* The stage that the text itself names: Postfix "(in reply to RCPT TO command)", Exim "after RCPT TO:<..>". */
static int stage_named(struct mp_str text)
{
	static const struct {
		const char *phrase;
		int stage;
	} names[] = {
		{"in reply to end of data | after end of data | failed after i sent the message", SMTP_AT_MESSAGE},
		{"in reply to rcpt to | after (pipelined |)rcpt to", SMTP_AT_RCPT},
		{"in reply to mail from | after (pipelined |)mail from", SMTP_AT_MAIL},
		{"in reply to data command | after (pipelined |)data:", SMTP_AT_DATA},
		{"in reply to (ehlo|helo) | after (ehlo|helo)", SMTP_AT_EHLO},
		{"refused to talk to me | after initial connection", SMTP_AT_BANNER},
	};
	char folded[TEXT_MAX];
	struct smtp_text t;

	smtp_text_init(&t, folded, smtp_fold(text, folded));
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (smtp_match(&t, names[i].phrase))
			return names[i].stage;
	return -1;
}

/* ---- masking: names that vary say nothing, and may hold any word */

/* Top-level domains that end a masked host name; a full stop without a blank behind it also joins two words. */
static bool is_tld(struct mp_str s)
{
	static const char *const gtld[] = {"com", "net", "org", "edu", "gov", "mil", "info", "biz", "name", "mobi",
		"app", "dev", "cloud", "online", "shop", "site", "email", "mail", "local", "lan", "internal", "example",
		"test", "invalid", "localdomain", "arpa", "xyz", "top", "club", "pro"};

	for (size_t i = 0; i < ARRAY_LEN(gtld); i++)
		if (mp_str_ieq(s, mp_str(gtld[i])))
			return true;
	return s.n == 2 && mp_isalpha(s.p[0]) && mp_isalpha(s.p[1]) && !mp_str_eq(s, MP_LIT("is")) &&
	       !mp_str_eq(s, MP_LIT("in")) && !mp_str_eq(s, MP_LIT("no")) && !mp_str_eq(s, MP_LIT("to")) &&
	       !mp_str_eq(s, MP_LIT("it"));
}

static bool is_host_char(char c)
{
	return mp_isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.';
}

static bool is_local_char(char c)
{
	return is_host_char(c) || c == '+' || c == '=' || c == '~' || c == '%' || c == '/' || c == '*' || c == '&' ||
	       c == '#';
}

static bool is_ipv4(struct mp_str s)
{
	int dots = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '.')
			dots++;
		else if (!mp_isdigit(s.p[i]))
			return false;
	}
	return dots == 3 && s.n >= 7 && s.n <= 15;
}

static bool is_host(struct mp_str s)
{
	size_t dot = s.n;

	while (dot && s.p[dot - 1] != '.')
		dot--;
	return dot > 2 && is_tld(mp_strn(s.p + dot, s.n - dot));
}

/* Length of an IPv6 address at `i`: two colons at least in a row, or four in all. */
static size_t ipv6_len(struct mp_str s, size_t i)
{
	size_t start = i, colons = 0;
	bool twice = false;

	for (; i < s.n && (mp_isxdigit(s.p[i]) || s.p[i] == ':' || s.p[i] == '.'); i++) {
		if (s.p[i] != ':')
			continue;
		colons++;
		twice |= i > start && s.p[i - 1] == ':';
	}
	return colons >= 4 || (twice && colons >= 2 && i - start > 3) ? i - start : 0;
}

/* What stands at `i`, where a word begins: its length, and what to put instead; 0 when it stays. */
static size_t masked_len(struct mp_str s, size_t i, const char **mask)
{
	size_t n = 0, host = 0;
	struct mp_str here = mp_strn(s.p + i, s.n - i);

	if (mp_str_istarts(here, "http://") || mp_str_istarts(here, "https://")) {
		while (n < here.n && here.p[n] != ' ' && !strchr(">)\"'", here.p[n]))
			n++;
		*mask = "@xurl";
		return n;
	}
	n = ipv6_len(s, i);
	if (n) {
		*mask = "@xip";
		return n;
	}
	while (n < here.n && n < TOKEN_MAX && is_local_char(here.p[n]))
		n++;
	if (n && n < here.n && here.p[n] == '@') {
		host = n + 1;
		while (host < here.n && host < 2 * TOKEN_MAX && is_host_char(here.p[host]))
			host++;
		while (host > n + 1 && strchr(".-", here.p[host - 1]))
			host--;
		*mask = "@xaddr";
		return host > n + 1 ? host : 0;
	}
	n = 0;
	while (n < here.n && n < TOKEN_MAX && is_host_char(here.p[n]))
		n++;
	while (n && strchr(".-_", here.p[n - 1]))
		n--;
	*mask = is_ipv4(mp_strn(here.p, n)) ? "@xip" : "@xhost";
	return **mask && (is_ipv4(mp_strn(here.p, n)) || is_host(mp_strn(here.p, n))) ? n : 0;
}

/* Folded text with addresses, hosts and URLs replaced by "@xaddr", "@xhost", "@xip", "@xurl". Never longer than `size`. */
static size_t mask_names(struct mp_str s, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n + 6 < size;) {
		bool starts = i == 0 || !is_local_char(s.p[i - 1]);
		const char *mask = "";
		size_t len = starts && (is_local_char(s.p[i]) || s.p[i] == ':') ? masked_len(s, i, &mask) : 0;

		if (!len) {
			out[n++] = s.p[i++];
			continue;
		}
		memcpy(out + n, mask, strlen(mask));
		n += strlen(mask);
		i += len;
	}
	return n;
}

/*
 * Postfix puts "Recipient address rejected:" and the like before the words of a policy server or an access table. What
 * it rejected at is not why: the rows for words see these prefixes as one word each. The same goes for RFC 5321's
 * default text of a code where the receiver's own words follow it.
 */
static const struct {
	const char *prefix, *instead;
	bool before_more; /* only where words follow */
} hidden[] = {
	{"recipient address rejected:", "@xrcpt:", false},
	{"sender address rejected:", "@xsender:", false},
	{"client host rejected:", "@xclient:", false},
	{"helo command rejected:", "@xhelo:", false},
	{"data command rejected:", "@xdata:", false},
	{"end-of-data rejected:", "@xdata:", false},
	{"requested action not taken: mailbox unavailable", "@xdefault:", true},
	{"requested mail action not taken: mailbox unavailable", "@xdefault:", true},
	{"mailbox unavailable or access denied", "@xdefault:", true},
};

static bool words_follow(struct mp_str s)
{
	size_t letters = 0;

	for (size_t i = 0; i < s.n; i++)
		letters += is_host_char(s.p[i]) ? 1 : 0;
	return letters >= 4;
}

static size_t hide_prefixes(struct mp_str s, char *out, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n < size;) {
		size_t k = ARRAY_LEN(hidden), len = 0;

		if (i == 0 || s.p[i - 1] == ' ')
			for (k = 0; k < ARRAY_LEN(hidden); k++) {
				len = strlen(hidden[k].prefix);
				if (mp_str_istarts(mp_strn(s.p + i, s.n - i), hidden[k].prefix) &&
					(!hidden[k].before_more || words_follow(mp_strn(s.p + i + len, s.n - i - len))))
					break;
			}
		if (k == ARRAY_LEN(hidden)) {
			out[n++] = s.p[i++];
			continue;
		}
		memcpy(out + n, hidden[k].instead, strlen(hidden[k].instead));
		n += strlen(hidden[k].instead);
		i += len;
	}
	return n;
}

/*
 * Where advice begins ("please make sure ...", "for more information ..."): it names causes that may not be this one.
 * The length of the text when there is none, or nothing before it.
 */
static size_t advice_at(struct mp_str s)
{
	static const char *const marks[] = {"please be sure", "please make sure", "please ensure", "please verify",
		"please check", "please contact", "please visit", "please refer", "please see", "please review",
		"please configure", "please provide", "for more information", "for further", "for assistance",
		"for details", "if you believe", "if you feel", "if you think", "if this is", "in case you",
		"to resolve this", "contact your", "ask your", "you can also", "you may also", "to learn"};
	const char *start = s.p;

	for (size_t i = 8; i < s.n; i++) {
		if (s.p[i - 1] != ' ' || !strchr("pfitcay", s.p[i]))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(marks); k++)
			if (mp_str_istarts(mp_strn(start + i, s.n - i), marks[k]))
				return i;
	}
	return s.n;
}

/* ---- the walk */

/* Both tables, prepared at the first classification: about a millisecond. */
static struct smtp_index rules, speakers;
static size_t tier_start[SMTP_TIER__COUNT + 1]; /* the first alternative of each tier */

static void prepare(void)
{
	if (rules.n)
		return;
	for (size_t i = 0, tier = 0; i < smtp_n_rules; i++) {
		while (tier < smtp_rules[i].tier)
			tier_start[++tier] = rules.n;
		smtp_index_add(&rules, smtp_rules[i].phrase, (uint16_t)i);
	}
	tier_start[SMTP_TIER__COUNT] = rules.n;
	for (size_t i = 0; i < smtp_n_speakers; i++)
		if (smtp_speakers[i].text)
			smtp_index_add(&speakers, smtp_speakers[i].text, (uint16_t)i);
}

bool smtp_code_matches(const char *pattern, int code)
{
	for (const char *p = pattern; *p; p += strcspn(p, "|")) {
		p += *p == '|';
		if (code && p[0] == '0' + code / 100 && (p[1] == 'x' || p[1] == '0' + code / 10 % 10) &&
			(p[2] == 'x' || p[2] == '0' + code % 10))
			return true;
	}
	return false;
}

struct facts {
	int code;
	int stage;
	const char *provider; /* NULL: not recognised */
	struct smtp_text full, masked, words, head, enhanced;
	bool has_head; /* head: words, before the advice */
	const struct smtp_own_rules *own;
	const char *mx;
};

/* A row this sure about the words before the advice needs no more of the text. */
enum { SURE_OF_HEAD = 75 };

static bool applies(const struct smtp_rule *r, struct facts *f)
{
	if (r->only && (!f->provider || strcmp(f->provider, r->provider) != 0))
		return false;
	if (r->code && !smtp_code_matches(r->code, f->code))
		return false;
	if (!cause_at((enum smtp_cause)r->cause, f->stage))
		return false;
	return !r->enhanced || (f->enhanced.n && smtp_match(&f->enhanced, r->enhanced));
}

enum part { HEAD, ALL };

/* What the rows of a tier are matched against; NULL: not against this part. */
static struct smtp_text *text_for(size_t tier, struct facts *f, enum part part)
{
	if (tier < SMTP_BY_MTA)
		return &f->full;
	if (tier == SMTP_BY_MTA)
		return &f->masked;
	if (part == ALL)
		return &f->words;
	return tier == SMTP_BY_WORDS ? &f->head : NULL;
}

/* A rule of the user's own; its row is the first member. */
static const struct smtp_rule *own_row(struct facts *f, enum smtp_tier tier)
{
	struct smtp_own_facts known = {f->code, f->stage, f->provider, f->mx, &f->enhanced};
	const struct smtp_own_rule *own = smtp_own_match(f->own, tier, &known, &f->full);

	return own ? &own->row : NULL;
}

static const struct smtp_rule *walk_part(struct facts *f, enum part part, size_t tier)
{
	for (; tier < SMTP_TIER__COUNT; tier++) {
		struct smtp_text *t = text_for(tier, f, part);
		const struct smtp_rule *own = tier == SMTP_BY_ENHANCED && t ? own_row(f, tier) : NULL;

		if (own)
			return own;
		for (size_t i = tier_start[tier]; t && i < tier_start[tier + 1]; i++) {
			const struct smtp_rule *r = &smtp_rules[rules.alts[i].owner];

			if (!smtp_index_possible(&rules, i, t) || (t == &f->head && r->confidence < SURE_OF_HEAD))
				continue;
			if (applies(r, f) && smtp_index_match(&rules, i, t))
				return r;
		}
	}
	return NULL;
}

static const struct smtp_rule *walk(struct facts *f)
{
	const struct smtp_rule *r = own_row(f, SMTP_BY_USER);

	if (!r)
		r = walk_part(f, f->has_head ? HEAD : ALL, SMTP_BY_TOKEN);
	return r || !f->has_head ? r : walk_part(f, ALL, SMTP_BY_WORDS);
}

static const char *recognise(struct smtp_text *text, const struct smtp_cause_hint *hint)
{
	const char *hosts[] = {hint ? hint->mx : NULL, hint ? hint->banner : NULL};

	for (size_t h = 0; h < ARRAY_LEN(hosts); h++) {
		char folded[TOKEN_MAX + 1];
		struct smtp_text t;

		if (!hosts[h])
			continue;
		smtp_text_init(&t, folded, smtp_fold(mp_strn(hosts[h], strnlen(hosts[h], TOKEN_MAX)), folded));
		for (size_t i = 0; i < smtp_n_speakers; i++)
			if (smtp_speakers[i].host && smtp_match(&t, smtp_speakers[i].host))
				return smtp_speakers[i].name;
	}
	for (size_t i = 0; i < speakers.n; i++)
		if (smtp_index_possible(&speakers, i, text) && smtp_index_match(&speakers, i, text))
			return smtp_speakers[speakers.alts[i].owner].name;
	return NULL;
}

/* One reply, as its server wrote it: which row decides, and who speaks. */
static const struct smtp_rule *judge(struct mp_str text, const struct smtp_cause_hint *hint,
	const struct smtp_own_rules *own, int stage, struct reply *r, const char **provider)
{
	char folded[TEXT_MAX], masked[TEXT_MAX], bare[TEXT_MAX], words[TEXT_MAX], enhanced[16];
	struct facts f;
	size_t n, head;

	prepare();
	unfold(text, r);
	n = smtp_fold(mp_strn(r->text, r->n), folded);
	smtp_text_init(&f.full, folded, n);
	smtp_text_init(&f.masked, masked, mask_names(mp_strn(folded, n), masked, sizeof(masked)));
	n = hide_prefixes(mp_strn(masked, f.masked.n), bare, sizeof(bare));
	n = smtp_to_english(mp_strn(bare, n), words, sizeof(words));
	smtp_text_init(&f.words, words, n);
	head = advice_at(mp_strn(words, n));
	f.has_head = head < n;
	if (f.has_head)
		smtp_text_init(&f.head, words, head);
	n = r->enhanced.n < sizeof(enhanced) ? r->enhanced.n : 0;
	if (n)
		memcpy(enhanced, r->enhanced.p, n);
	smtp_text_init(&f.enhanced, enhanced, n);
	f.code = r->code;
	f.stage = stage;
	f.provider = recognise(&f.full, hint);
	f.own = own;
	f.mx = hint ? hint->mx : NULL;
	*provider = f.provider;
	return walk(&f);
}

/* ---- references */

static bool is_ref_char(char c)
{
	return mp_isalnum((unsigned char)c) || c == '_' || c == '-' || c == '#';
}

/* Letters first, a digit somewhere, upper case, short: S3140, TSS04, OFR_506, AUP#In-1310, HME1. */
static bool is_support_code(struct mp_str s, bool bracketed)
{
	static const char *const known[] = {"OFR", "LPN", "OUK", "LIB_", "VIR_", "IB", "AUP#", "RP-0", "SC-0", "OU-0",
		"DY-0", "BL0", "RL0", "ES0", "DM0", "TSS", "S7", "S8", "S31", "AS1", "AS2", "AS7", "CXDNS", "CXBL",
		"POL-", "DNS-P", "RCP-P"};
	size_t digits = 0;

	if (s.n < 4 || s.n > 16 || !mp_isupper(s.p[0]))
		return false;
	for (size_t i = 0; i < s.n; i++)
		digits += mp_isdigit(s.p[i]) ? 1 : 0;
	if (!digits || digits + 1 > s.n)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (strncmp(s.p, known[i], strlen(known[i]) < s.n ? strlen(known[i]) : s.n) == 0)
			return true;
	return bracketed && !mp_str_istarts(s, "RFC") && s.n <= 8;
}

static void add_ref(struct mp_arena *a, struct smtp_classified *c, struct mp_str s)
{
	if (s.n > REF_LEN_MAX)
		return;
	for (size_t i = 0; i < REFS_MAX; i++) {
		if (!c->refs[i]) {
			c->refs[i] = mp_text(a, s);
			return;
		}
		if (mp_str_eq(mp_str(c->refs[i]), s))
			return;
	}
}

static void find_refs(struct mp_arena *a, struct mp_str s, struct smtp_classified *c)
{
	for (size_t i = 0; i < s.n;) {
		struct mp_str here = mp_strn(s.p + i, s.n - i);
		size_t n = 0;

		if (mp_str_istarts(here, "http://") || mp_str_istarts(here, "https://")) {
			while (n < here.n && here.p[n] > ' ' && !strchr("<>\"'", here.p[n]))
				n++;
			i += n;
			while (n && strchr(".,;:)]", here.p[n - 1]))
				n--;
			add_ref(a, c, mp_strn(here.p, n));
			continue;
		}
		while (n < here.n && is_ref_char(here.p[n]))
			n++;
		if (n && is_support_code(mp_strn(here.p, n),
				 i && n < here.n && strchr("[(", s.p[i - 1]) && strchr("])", here.p[n])))
			add_ref(a, c, mp_strn(here.p, n));
		i += n ? n : 1;
	}
}

/* ---- classification */

static size_t own_line(const struct smtp_own_rules *own, const struct smtp_rule *r)
{
	for (size_t i = 0; own && i < own->n; i++)
		if (r == &own->list[i].row)
			return own->list[i].line;
	return 0;
}

/* Does the row found for the outer text decide, and not that for what is quoted in it? */
static bool goes_before(const struct smtp_rule *outer, const struct smtp_rule *quoted)
{
	if (!outer || !quoted)
		return outer != NULL;
	if ((outer->tier == SMTP_BY_USER) != (quoted->tier == SMTP_BY_USER))
		return outer->tier == SMTP_BY_USER;
	return quoted->tier >= SMTP_BY_ENHANCED && outer->confidence > quoted->confidence;
}

/* Is what is quoted the answer to the receiver's own question about our sender? Then the receiver's words decide. */
static bool about_sender(struct mp_str outer)
{
	char folded[TEXT_MAX];
	struct smtp_text t;

	smtp_text_init(&t, folded, smtp_fold(outer, folded));
	return smtp_match(&t,
		"sender address rejected | sender verif* | verification failed (for|while) | call(back|out) | "
		"call-(back|out) | could not verify sender | verify .. sender");
}

/* The quoted reply from `at` on, without what Postfix adds behind it. */
static struct mp_str quoted_text(struct mp_str text, size_t at)
{
	struct mp_str s = mp_strn(text.p + at, text.n - at);
	ptrdiff_t tail = mp_str_ifind(s, "(in reply to ");

	if (tail > 0)
		s.n = (size_t)tail;
	return s;
}

static void note_codes(struct mp_arena *a, struct smtp_classified *c, const struct reply *r)
{
	if (r->code) {
		c->code = r->code;
		c->enhanced = NULL;
	}
	if (r->enhanced.n && !c->enhanced)
		c->enhanced = mp_dupstr(a, r->enhanced);
}

struct smtp_classified smtp_classify(struct mp_arena *a, struct mp_str text, const struct smtp_cause_hint *hint)
{
	struct smtp_classified c = {.cause = SMTP_CAUSE_UNKNOWN, .provider = "unknown", .rule = "none"};
	const struct smtp_own_rules *own = hint ? hint->own : NULL;
	const struct smtp_rule *rule = NULL;
	const char *provider = NULL;
	struct reply r;
	int stage = hint ? hint->stage : -1;
	size_t at;

	if (text.n > TEXT_MAX)
		text.n = TEXT_MAX;
	at = find_quoted(text);
	if (at && !about_sender(mp_strn(text.p, at))) {
		if (stage < 0)
			stage = stage_named(text);
		rule = judge(quoted_text(text, at), NULL, own, stage, &r, &provider);
		note_codes(a, &c, &r);
	}
	if (!rule || rule->tier >= SMTP_BY_ENHANCED || (own && own->n && rule->tier != SMTP_BY_USER)) {
		const char *outer_provider;
		const struct smtp_rule *outer = judge(quoted_text(text, 0), hint, own, stage, &r, &outer_provider);

		if (goes_before(outer, rule))
			rule = outer;
		if (!provider)
			provider = outer_provider;
	} else {
		unfold(text, &r);
	}
	note_codes(a, &c, &r); /* the outer reply's own code, where it has one */
	find_refs(a, mp_strn(r.text, r.n), &c);
	if (provider)
		c.provider = provider;
	if (!rule)
		return c;
	c.cause = (enum smtp_cause)rule->cause;
	c.confidence = rule->confidence / 100.0;
	c.rule = rule->name;
	c.own_line = own_line(own, rule);
	if (rule->provider && (rule->tier <= SMTP_BY_PROVIDER || !provider))
		c.provider = rule->provider;
	return c;
}
