/* probe/roots.c - which check stands for which cause; see probe/findings.h */
#include "probe/findings.h"

const struct mp_root mp_roots[] = {
	{"egress.port25", SMTP_EGRESS_BLOCKED, SMTP_AT_CONNECT, true},
	{"ptr.exists", SMTP_PTR_MISSING, SMTP_AT_CONNECT, true},
	{"ptr.fcrdns", SMTP_FCRDNS_MISMATCH, SMTP_AT_CONNECT, true},
	{"ptr.syntax", SMTP_RDNS_GENERIC, SMTP_AT_CONNECT, true},
	{"ptr.generic", SMTP_RDNS_GENERIC, SMTP_AT_CONNECT, true},
	{"ehlo.", SMTP_HELO_REJECTED, SMTP_AT_EHLO, true},
	{"ptr.matches_ehlo", SMTP_HELO_REJECTED, SMTP_AT_EHLO, true},
	{"ptr.single", SMTP_FCRDNS_MISMATCH, SMTP_AT_CONNECT, true},
	{"ptr.propagation", SMTP_PTR_MISSING, SMTP_AT_CONNECT, true},
	{"host.", SMTP_HELO_REJECTED, SMTP_AT_EHLO, true},
	{"dnssec.sender", SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL, true},
	{"mx.sender", SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL, true},
	{"spf.", SMTP_SPF_FAIL, SMTP_AT_MAIL, true},
	{"dnsbl.ip", SMTP_DNSBL_LISTED, SMTP_AT_CONNECT, true},
	{"registration.sender", SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL, true},
	{"dnsbl.domain", SMTP_DOMAIN_REPUTATION, SMTP_AT_MAIL, true},
	{"age.sender", SMTP_DOMAIN_REPUTATION, SMTP_AT_MAIL, true},
	{"dkim.", SMTP_DKIM_FAIL, SMTP_AT_MESSAGE, true},
	{"dmarc.", SMTP_DMARC_FAIL, SMTP_AT_MESSAGE, true},
	{"content.", SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE, true},
	{"message.placement", SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE, true},
	{"message.arrived", SMTP_DKIM_FAIL, SMTP_AT_MESSAGE, true},
	{"message.seen_spf", SMTP_SPF_FAIL, SMTP_AT_MESSAGE, true},
	{"message.seen_dkim", SMTP_DKIM_FAIL, SMTP_AT_MESSAGE, true},
	{"message.seen_dmarc", SMTP_DMARC_FAIL, SMTP_AT_MESSAGE, true},
	{"message.dkim", SMTP_DKIM_FAIL, SMTP_AT_MESSAGE, true},
	{"message.dmarc", SMTP_DMARC_FAIL, SMTP_AT_MESSAGE, true},
	{"message.spf", SMTP_SPF_FAIL, SMTP_AT_MESSAGE, true},
	{"message.receiver", SMTP_CAUSE_UNKNOWN, SMTP_AT_MESSAGE, true},
	{"message.headers", SMTP_MESSAGE_MALFORMED, SMTP_AT_MESSAGE, true},
	{"message.format", SMTP_MESSAGE_MALFORMED, SMTP_AT_MESSAGE, true},
	{"message.", SMTP_CAUSE_UNKNOWN, SMTP_AT_MESSAGE, true},
	{"mx.target", SMTP_MX_UNUSABLE, SMTP_AT_CONNECT, false},
	{"tls.dane", SMTP_TLS_POLICY, SMTP_AT_TLS, false},
	{"tls.mta_sts", SMTP_TLS_POLICY, SMTP_AT_TLS, false},
	{"smtp.starttls", SMTP_CAUSE_UNKNOWN, SMTP_AT_STARTTLS, false},
	{"tls.certificate", SMTP_CAUSE_UNKNOWN, SMTP_AT_TLS, false},
	{"tls.version", SMTP_CAUSE_UNKNOWN, SMTP_AT_TLS, false},
};
const size_t mp_n_roots = ARRAY_LEN(mp_roots);

/*
 * A cause that a receiver names, and the checks that show it, the deeper root first: one that looks for the way back
 * from a PTR name says so also when there is no PTR at all.
 */
static const struct {
	enum smtp_cause said;
	const char *checks[8];
} shown_by[] = {
	{SMTP_PTR_MISSING, {"ptr.exists", "ptr.fcrdns"}},
	{SMTP_CONTENT_SPAM, {"content.rspamd", "content.spamd"}},
	{SMTP_SENDER_DOMAIN_DNS, {"mx.sender", "dnssec.sender", "registration.sender"}},
	{SMTP_FCRDNS_MISMATCH, {"ptr.exists", "ptr.fcrdns", "ptr.single"}},
	{SMTP_RDNS_GENERIC, {"ptr.exists", "ptr.generic", "ptr.syntax"}},
	{SMTP_HELO_REJECTED, {"ehlo.syntax", "ehlo.resolves", "ptr.exists", "ptr.fcrdns", "ptr.matches_ehlo",
				     "ehlo.matches_source", "host.fqdn"}},
};

bool mp_id_matches(const char *id, const char *pattern)
{
	size_t n = strlen(pattern);

	return n && pattern[n - 1] == '.' ? strncmp(id, pattern, n) == 0 : strcmp(id, pattern) == 0;
}

int mp_root_of(const struct mp_result *r)
{
	for (size_t i = 0; i < mp_n_roots; i++)
		if (mp_id_matches(r->check->id, mp_roots[i].check))
			return (int)i;
	return -1;
}

enum smtp_cause mp_root_cause(const struct mp_findings *w, int root)
{
	enum smtp_cause c = mp_roots[root].cause;

	return w->bare && (c == SMTP_SPF_FAIL || c == SMTP_DKIM_FAIL || c == SMTP_DMARC_FAIL)
		       ? SMTP_SENDER_UNAUTHENTICATED
		       : c;
}

bool mp_is_faulty(const struct mp_result *r)
{
	return r->status == MP_FAIL || r->status == MP_WARN;
}

bool mp_cause_per_address(enum smtp_cause c)
{
	return c == SMTP_PTR_MISSING || c == SMTP_FCRDNS_MISMATCH || c == SMTP_RDNS_GENERIC ||
	       c == SMTP_EGRESS_BLOCKED || c == SMTP_DNSBL_LISTED;
}

bool mp_is_ptr_cause(enum smtp_cause c)
{
	return c == SMTP_PTR_MISSING || c == SMTP_FCRDNS_MISMATCH || c == SMTP_RDNS_GENERIC;
}

bool mp_not_the_sender(enum smtp_cause c)
{
	const char *group = smtp_causes[c].group;

	return strcmp(group, "recipient") == 0 || strcmp(group, "quota") == 0 || c == SMTP_RECEIVER_ERROR ||
	       c == SMTP_RECIPIENT_RATE_LIMITED || c == SMTP_RECIPIENT_RESTRICTED;
}

bool mp_says_nothing(enum smtp_cause c)
{
	return c == SMTP_CAUSE_UNKNOWN || c == SMTP_POLICY_REJECTED;
}

const char *const *mp_checks_for(enum smtp_cause said)
{
	for (size_t i = 0; i < ARRAY_LEN(shown_by); i++)
		if (shown_by[i].said == said)
			return shown_by[i].checks;
	return smtp_causes[said].points_to;
}
