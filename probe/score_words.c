/* probe/score_words.c - the commonest rules of rspamd and SpamAssassin in words; see probe/score.h */
#include "probe/score.h"

#define PTR                                                                                                          \
	"Give the sending address a PTR record with a host name of your own that resolves back to it, and announce " \
	"that name (the ptr and ehlo checks of this report say what to set)."
#define HELO \
	"Announce a full host name of your own that resolves to the sending address (the ehlo checks of this report)."
#define SPF "Publish an SPF record that lists the sending address (the spf checks of this report)."
#define DKIM \
	"Have the mail server sign with a DKIM key whose public half is published (the dkim checks of this report)."
#define DMARC \
	"Publish a DMARC record, and let SPF or DKIM pass for the domain of From: (the dmarc checks of this report)."
#define DOMAIN "Give the sender's domain an MX or address record, and write it without a slip (mx.sender)."
#define HEADER \
	"Have the program that writes the message set this field right (RFC 5322 3.6): in its settings, not in the MTA's."
#define DATE "Set the clock of the host that writes the message (NTP), and its time zone."
#define SUBJECT "Write a subject in plain words of a person, encoded as RFC 2047 wants it where it is not ASCII."
#define MIME \
	"Have the program that writes the message build its MIME parts as RFC 2045 wants them; a current mail library does."
#define HTML "Write plainer HTML, with a text/plain part of the same words beside it."
#define LINKS \
	"Leave out links to listed domains and to shorteners: link to your own domain, and see it delisted where it is listed."
#define LISTED \
	"Find out why it is listed and stop that, then ask the list to remove it (the dnsbl checks of this report)."
#define WORDS "Write other words: this reads like spam that people have reported."
#define LEARNED \
	"It resembles messages that this filter learned as spam: write it otherwise, or have the filter's owner train it."
#define ATTACHED "Send no such attachment: another format, or a link to your own site."
#define SAME "Write one sender: From:, Reply-To: and the envelope sender of the same domain."

const struct mp_rule_known mp_rules_known[] = {
	/* the client: its address and names */
	{"RDNS_NONE", "the sending address has no reverse name", PTR},
	{"RDNS_DNSFAIL", "the reverse name of the sending address could not be looked up", PTR},
	{"RDNS_DYNAMIC", "the reverse name looks like one of a dial-up line", PTR},
	{"RDNS_LOCALHOST", "the reverse name of the sending address is localhost", PTR},
	{"HFILTER_HOSTNAME_UNKNOWN", "the sending address has no reverse name that leads back to it", PTR},
	{"HFILTER_HOSTNAME_*", "the reverse name looks like one that a provider generated", PTR},
	{"HFILTER_HELO_NOT_FQDN", "the name announced is not a full host name", HELO},
	{"HFILTER_HELO_BAREIP", "an address without brackets was announced in the place of a name", HELO},
	{"HFILTER_HELO_BADIP", "the address announced is a bad one", HELO},
	{"HFILTER_HELO_IP_A", "the name announced does not resolve to the sending address", HELO},
	{"HFILTER_HELO_NORES_A_OR_MX", "the name announced has neither address nor MX", HELO},
	{"HFILTER_HELO_NORESOLVE_MX", "the MX of the name announced does not resolve", HELO},
	{"HFILTER_HELO_*", "the name announced looks like one that a provider generated", HELO},
	{"HELO_DYNAMIC_*", "the name announced looks like one of a dial-up line", HELO},
	{"HELO_NO_DOMAIN", "the name announced has no domain", HELO},
	{"HELO_LOCALHOST", "localhost was announced", HELO},
	{"FSL_HELO_*", "the name announced is one that spam programs use", HELO},
	{"RCVD_HELO_IP_MISMATCH", "the address announced is not the sending address", HELO},
	{"HFILTER_FROMHOST_*", "the domain of the sender does not resolve as one that takes mail", DOMAIN},
	{"HFILTER_FROM_BOUNCE", "the envelope sender is empty, as of a bounce", NULL},
	{"HFILTER_MID_*", "the domain in Message-ID does not resolve", HEADER},
	{"HFILTER_URL_*", "the text is little more than a link", LINKS},
	{"HFILTER_RCPT_BOUNCEMOREONE", "a bounce to several recipients", NULL},
	{"DIRECT_TO_MX", "a mail program handed it over, without a mail server between", NULL},
	{"ONCE_RECEIVED", "it has passed one server alone", NULL},
	{"ONCE_RECEIVED_STRICT", "it comes straight from a host whose name looks like a dial-up line's", PTR},
	{"RCVD_COUNT_*", "how many servers it has passed", NULL},
	{"NO_RELAYS", "the filter was not told which host would send it", NULL},
	{"ALL_TRUSTED", "the filter takes the sending host for one of its own", NULL},
	{"UNPARSEABLE_RELAY", "a Received line cannot be read", NULL},
	/* authentication */
	{"R_SPF_ALLOW", "SPF passes", NULL},
	{"R_SPF_FAIL", "SPF fails: the sending address may not send for this domain", SPF},
	{"R_SPF_SOFTFAIL", "SPF says that the sending address should not send for this domain", SPF},
	{"R_SPF_NEUTRAL", "SPF says nothing of the sending address", SPF},
	{"R_SPF_NA", "there is no SPF record", SPF},
	{"R_SPF_PERMFAIL", "the SPF record is broken", SPF},
	{"R_SPF_DNSFAIL", "the SPF record could not be looked up", NULL},
	{"R_SPF_PLUSALL", "the SPF record lets every host of the Internet send", SPF},
	{"SPF_PASS", "SPF passes", NULL},
	{"SPF_FAIL", "SPF fails: the sending address may not send for this domain", SPF},
	{"SPF_SOFTFAIL", "SPF says that the sending address should not send for this domain", SPF},
	{"SPF_NEUTRAL", "SPF says nothing of the sending address", SPF},
	{"SPF_NONE", "there is no SPF record", SPF},
	{"SPF_HELO_PASS", "SPF passes for the name announced", NULL},
	{"SPF_HELO_NONE", "there is no SPF record for the name announced", NULL},
	{"SPF_HELO_*", "SPF does not pass for the name announced", SPF},
	{"T_SPF_TEMPERROR", "the SPF record could not be looked up", NULL},
	{"R_DKIM_ALLOW", "its DKIM signature is right", NULL},
	{"R_DKIM_NA", "it has no DKIM signature", DKIM},
	{"R_DKIM_REJECT", "its DKIM signature is wrong", DKIM},
	{"R_DKIM_PERMFAIL", "its DKIM signature cannot be verified: there is no such key, or a bad one", DKIM},
	{"R_DKIM_TEMPFAIL", "the DKIM key could not be looked up", NULL},
	{"DKIM_SIGNED", "it has a DKIM signature, right or not", NULL},
	{"DKIM_VALID", "its DKIM signature is right", NULL},
	{"DKIM_VALID_AU", "its DKIM signature is right, and of the author's domain", NULL},
	{"DKIM_VALID_EF", "its DKIM signature is right, and of the envelope sender's domain", NULL},
	{"DKIM_INVALID", "its DKIM signature is wrong, or its key missing", DKIM},
	{"DKIM_ADSP_*", "it has no right DKIM signature of the author's domain", DKIM},
	{"DMARC_POLICY_ALLOW", "DMARC passes", NULL},
	{"DMARC_POLICY_ALLOW_WITH_FAILURES", "DMARC passes, by one of SPF and DKIM", NULL},
	{"DMARC_POLICY_*", "DMARC fails", DMARC},
	{"DMARC_NA", "there is no DMARC record", DMARC},
	{"DMARC_PASS", "DMARC passes", NULL},
	{"DMARC_NONE", "DMARC fails; its policy asks for nothing", DMARC},
	{"DMARC_MISSING", "there is no DMARC record", DMARC},
	{"DMARC_*", "DMARC fails", DMARC},
	{"ARC_NA", "it has no ARC seals", NULL},
	{"ARC_ALLOW", "its ARC seals are right", NULL},
	{"ARC_*", "its ARC seals are wrong", NULL},
	{"AUTH_NA", "neither SPF nor DKIM nor DMARC says anything", SPF},
	{"AUTH_NA_OR_FAIL", "neither SPF nor DKIM nor DMARC passes", SPF},
	{"VIOLATED_DIRECT_SPF", "SPF fails for a host that sends straight to the receiver", SPF},
	/* header fields */
	{"MISSING_MID", "it has no Message-ID", HEADER},
	{"MISSING_DATE", "it has no Date", HEADER},
	{"MISSING_FROM", "it has no From", HEADER},
	{"MISSING_TO", "it has no To", HEADER},
	{"MISSING_SUBJECT", "it has no subject", SUBJECT},
	{"MISSING_HEADERS", "it has no To", HEADER},
	{"MISSING_MIME_VERSION", "it has no MIME-Version", MIME},
	{"MISSING_MIMEOLE", "it claims to be of Outlook, and lacks what Outlook writes", HEADER},
	{"INVALID_MSGID", "its Message-ID is not valid", HEADER},
	{"INVALID_DATE", "its Date is not valid", DATE},
	{"MID_*", "about its Message-ID", NULL},
	{"MSGID_*", "its Message-ID looks like one of a spam program", HEADER},
	{"DATE_IN_FUTURE*", "its Date lies in the future", DATE},
	{"DATE_IN_PAST*", "its Date lies long ago", DATE},
	{"MULTIPLE_UNIQUE_HEADERS", "a field that may stand once stands there several times", HEADER},
	{"MULTIPLE_FROM", "From names several senders", HEADER},
	{"FROM_INVALID", "From is not valid", HEADER},
	{"FROM_NEQ_ENVFROM", "From is another address than the envelope sender", NULL},
	{"FROM_EQ_ENVFROM", "From and the envelope sender are the same", NULL},
	{"FROM_HAS_DN", "From has a name beside the address", NULL},
	{"FROM_NO_DN", "From has an address alone, no name", NULL},
	{"FROM_DN_EQ_ADDR", "the name in From is its address again", HEADER},
	{"FROM_NAME_*", "the name in From is odd", HEADER},
	{"FROM_EXCESS_*", "From is encoded without need", HEADER},
	{"TO_MATCH_ENVRCPT_*", "To names the recipient", NULL},
	{"TO_DN_*", "about the names in To", NULL},
	{"TO_EQ_FROM", "it is from the recipient itself", NULL},
	{"RCPT_COUNT_*", "how many recipients it has", NULL},
	{"FORGED_SENDER", "From is another address than the envelope sender", SAME},
	{"FORGED_RECIPIENTS", "To does not name the recipient", HEADER},
	{"FORGED_MUA_*", "it claims to be of a mail program that it is not of", HEADER},
	{"FORGED_*", "it claims to come from where it does not", SAME},
	{"SPOOF_*", "the name in From pretends to be another address", SAME},
	{"REPLYTO_*", "about its Reply-To", NULL},
	{"FREEMAIL_FORGED_REPLYTO", "answers go to a free mailbox elsewhere", SAME},
	{"FREEMAIL_*", "a free mailbox is among its addresses", NULL},
	{"HEADER_FROM_DIFFERENT_DOMAINS", "From is of another domain than the envelope sender", SAME},
	{"HAS_LIST_UNSUB", "it can be unsubscribed from", NULL},
	{"PRECEDENCE_BULK", "it says that it is bulk mail", NULL},
	{"UNDISC_RECIPS", "its recipients are not disclosed", HEADER},
	{"SUSPICIOUS_RECIPS", "its recipients are alike", NULL},
	{"BROKEN_HEADERS", "its header is broken", HEADER},
	{"HEADER_*", "a field of its header is odd", HEADER},
	/* subject */
	{"SUBJ_ALL_CAPS", "its subject is all capitals", SUBJECT},
	{"SUBJ_*", "its subject looks like spam's", SUBJECT},
	{"SUBJECT_*", "its subject looks like spam's", SUBJECT},
	{"LONG_SUBJ", "its subject is very long", SUBJECT},
	{"FAKE_REPLY*", "it claims to be an answer, and is none", SUBJECT},
	/* MIME and attachments */
	{"MIME_GOOD", "its MIME types are usual", NULL},
	{"MIME_TRACE", "its MIME parts", NULL},
	{"MIME_BAD*", "it has an attachment of a bad type", ATTACHED},
	{"MIME_DOUBLE_BAD_EXTENSION", "an attachment has two endings, the last a dangerous one", ATTACHED},
	{"MIME_ENCRYPTED_ARCHIVE", "it has an encrypted archive", ATTACHED},
	{"MIME_ARCHIVE_IN_ARCHIVE", "it has an archive in an archive", ATTACHED},
	{"MIME_HTML_ONLY", "it is HTML alone, without plain text", HTML},
	{"MIME_HTML_MOSTLY", "it is mostly HTML", HTML},
	{"MIME_MA_MISSING_*", "it says that it has two forms of the text, and has one", MIME},
	{"MIME_BASE64_TEXT*", "its text is in base64 without need", MIME},
	{"MIME_*", "its MIME parts are odd", MIME},
	{"CTYPE_*", "its Content-Type is odd", MIME},
	{"BODY_8BITS", "its text has bytes that it does not declare", MIME},
	{"R_PARTS_DIFFER", "its HTML and its plain text differ", HTML},
	{"R_MIXED_CHARSET*", "a word mixes scripts", WORDS},
	{"PDF_*", "a PDF in it is odd", ATTACHED},
	{"BLANK_SUBJECT", "its subject is empty", SUBJECT},
	{"EMPTY_MESSAGE", "it has no text", WORDS},
	{"COMPLETELY_EMPTY", "it has neither text nor subject", WORDS},
	/* HTML */
	{"HTML_MESSAGE", "it has a part in HTML", NULL},
	{"HTML_SHORT_LINK_IMG_*", "it is a short text with a linked image", HTML},
	{"HTML_IMAGE_*", "it is images with little text", HTML},
	{"HTML_*", "its HTML looks like spam's", HTML},
	{"R_EMPTY_IMAGE", "its HTML has an image without size", HTML},
	{"MANY_INVISIBLE_PARTS", "its HTML hides text", HTML},
	{"ZERO_FONT", "its HTML hides text in letters of size zero", HTML},
	{"R_WHITE_ON_WHITE", "its HTML has white text on white", HTML},
	{"HIDDEN_*", "its HTML hides something", HTML},
	/* links */
	{"URIBL_BLOCKED", "the list of domains did not answer the filter", NULL},
	{"URIBL_DBL_BLOCKED*", "the list of domains did not answer the filter", NULL},
	{"URIBL_ZEN_BLOCKED*", "the list of addresses did not answer the filter", NULL},
	{"URIBL_*", "a domain in the message is on a list", LINKS},
	{"RSPAMD_URIBL", "a domain in the message is on rspamd's list", LINKS},
	{"DBL_BLOCKED*", "Spamhaus did not answer the filter", NULL},
	{"DBL_PROHIBIT", "Spamhaus did not answer the filter", NULL},
	{"DBL_*", "a domain in the message is on Spamhaus's list", LINKS},
	{"SURBL_BLOCKED", "SURBL did not answer the filter", NULL},
	{"SEM_URIBL*", "a domain in the message is on a list", LINKS},
	{"PHISH*", "a link shows another address than it leads to", LINKS},
	{"PHISHED_*", "a link is on a list of phishing pages", LINKS},
	{"R_SUSPICIOUS_URL", "a link is odd", LINKS},
	{"URL_*", "a link is odd", LINKS},
	{"URI_*", "a link looks like spam's", LINKS},
	{"REDIRECTOR_*", "a link leads over another site", LINKS},
	{"NUMERIC_HTTP_ADDR", "a link has an address in the place of a name", LINKS},
	{"NORMAL_HTTP_TO_IP", "a link has an address in the place of a name", LINKS},
	/* lists of addresses */
	{"RBL_SPAMHAUS_BLOCKED*", "Spamhaus did not answer the filter", NULL},
	{"RBL_*", "the sending address is on a block list", LISTED},
	{"RECEIVED_SPAMHAUS_BLOCKED*", "Spamhaus did not answer the filter", NULL},
	{"RECEIVED_SPAMHAUS_*", "a host in its Received lines is on a list of Spamhaus", LISTED},
	{"RCVD_IN_DNSWL_BLOCKED", "the list did not answer the filter", NULL},
	{"RCVD_IN_DNSWL_*", "the sending address is on a list of good ones", NULL},
	{"RCVD_IN_VALIDITY_*_BLOCKED", "the list did not answer the filter", NULL},
	{"RCVD_IN_ZEN_BLOCKED*", "Spamhaus did not answer the filter", NULL},
	{"RCVD_IN_MSPIKE_H*", "Mailspike knows the sending address as a good one", NULL},
	{"RCVD_IN_*", "the sending address is on a block list", LISTED},
	{"RWL_*", "the sending address is on a list of good ones", NULL},
	{"DWL_*", "the sender's domain is on a list of good ones", NULL},
	{"MAILSPIKE", "Mailspike knows the sending address", NULL},
	{"IP_REPUTATION_HAM", "the sending address has a good name with this filter", NULL},
	{"*REPUTATION_SPAM", "the sender has a bad name with this filter", LISTED},
	/* what was learned */
	{"BAYES_HAM", "it resembles messages that the filter learned as good", NULL},
	{"BAYES_SPAM", "it resembles messages that the filter learned as spam", LEARNED},
	{"BAYES_00", "it resembles messages that the filter learned as good", NULL},
	{"BAYES_05", "it resembles messages that the filter learned as good", NULL},
	{"BAYES_20", "it resembles messages that the filter learned as good", NULL},
	{"BAYES_40", "it resembles neither what the filter learned as good nor as spam", NULL},
	{"BAYES_50", "it resembles neither what the filter learned as good nor as spam", NULL},
	{"BAYES_*", "it resembles messages that the filter learned as spam", LEARNED},
	{"NEURAL_HAM*", "the filter's neural network takes it for good", NULL},
	{"NEURAL_SPAM*", "the filter's neural network takes it for spam", LEARNED},
	{"FUZZY_DENIED", "it is on a shared list of spam messages", LEARNED},
	{"FUZZY_PROB", "it is probably on a shared list of spam messages", LEARNED},
	{"RAZOR2_*", "it is on Razor's list of spam messages", LEARNED},
	{"PYZOR_CHECK", "it is on Pyzor's list of spam messages", LEARNED},
	{"DCC_CHECK", "many have received it (DCC)", LEARNED},
	{"DCC_*", "many have received it (DCC)", LEARNED},
	{"TXREP", "what was learned of the sender", NULL},
	{"AWL", "what was learned of the sender", NULL},
	/* words */
	{"GTUBE", "it holds the test string that every filter takes for spam", "Leave the test string GTUBE out."},
	{"ADVANCE_FEE_*", "it reads like an advance-fee fraud", WORDS},
	{"LOTS_OF_MONEY", "it speaks of much money", WORDS},
	{"MONEY_*", "it speaks of money as frauds do", WORDS},
	{"DRUGS_*", "it names drugs", WORDS},
	{"FUZZY_*", "it disguises words", WORDS},
	{"LEAKED_PASSWORD_SCAM*", "it reads like a blackmail", WORDS},
	{"BITCOIN_*", "it asks for bitcoins", WORDS},
	{"DEAR_*", "it greets nobody by name", WORDS},
	{"URGENT_*", "it urges", WORDS},
	{"ASN", "which network it would come from", NULL},
	{"MAILLIST", "it looks like a mailing list's", NULL},
	{"LOCAL_*", "a rule of this filter's owner", NULL},
};
const size_t mp_n_rules_known = ARRAY_LEN(mp_rules_known);

/* One '*' stands for any bytes. */
static bool matches(const char *name, const char *pattern)
{
	const char *star = strchr(pattern, '*');
	size_t n = strlen(name), head, tail;

	if (!star)
		return strcmp(name, pattern) == 0;
	head = (size_t)(star - pattern);
	tail = strlen(star + 1);
	return n >= head + tail && strncmp(name, pattern, head) == 0 && strcmp(name + n - tail, star + 1) == 0;
}

/* The pattern with the most of the name in it. */
const struct mp_rule_known *mp_rule_known(const char *name)
{
	const struct mp_rule_known *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < mp_n_rules_known; i++) {
		const char *pattern = mp_rules_known[i].name;
		size_t n = strlen(pattern) * 2 + !strchr(pattern, '*');

		if (n > most && matches(name, pattern)) {
			best = &mp_rules_known[i];
			most = n;
		}
	}
	return best;
}
