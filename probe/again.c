/* probe/again.c - how to test again when the first fault is fixed, and when that can show: see probe/correlate.h */
#include "probe/correlate.h"
#include "base/text.h"
#include "probe/findings.h"
#include "probe/run.h"

enum { LONGEST_COMMAND = 240 };

/* NULL: too long to be copied from a page, or not known. */
static const char *command(struct mp_judge *j)
{
	const struct mp_case *c = j->c;
	const char *slash = c->n_argv ? strrchr(c->argv[0], '/') : NULL;
	const char *text = c->n_argv ? mp_shell_word(j->a, slash ? slash + 1 : c->argv[0]) : "";

	for (size_t i = 1; i < c->n_argv && strlen(text) <= LONGEST_COMMAND; i++)
		text = mp_printf(j->a, "%s %s", text, mp_shell_word(j->a, c->argv[i]));
	return *text && strlen(text) <= LONGEST_COMMAND ? text : NULL;
}

static const char *duration(struct mp_arena *a, uint32_t seconds)
{
	static const struct {
		uint32_t seconds;
		const char *unit;
	} units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
	size_t i = 0;
	uint32_t n;

	while (i + 1 < ARRAY_LEN(units) && seconds < units[i].seconds)
		i++;
	n = seconds / units[i].seconds + (seconds % units[i].seconds != 0);
	return mp_printf(a, "%u %s%s", n, units[i].unit, n == 1 ? "" : "s");
}

/* For how long resolvers may repeat what they said of the PTR; 0: not known. */
static uint32_t ptr_ttl(struct mp_judge *j, const struct mp_finding *f)
{
	const struct dns_answer *answer;
	char rev[MP_IP_REVERSE];
	struct mp_seen seen;

	if (f->source < 0 || !mp_seen_as(j, (size_t)f->source, &seen) || !seen.known)
		return 0;
	answer = dns_ask(j->ev, mp_ip_reverse(&seen.ip, rev), DNS_PTR);
	return !answer ? 0 : answer->outcome == DNS_ANSWERED ? answer->ttl : answer->negative_ttl;
}

static const char *when_it_shows(struct mp_judge *j, const struct mp_finding *f)
{
	uint32_t ttl;

	switch (f->cause) {
	case SMTP_PTR_MISSING:
	case SMTP_FCRDNS_MISMATCH:
	case SMTP_RDNS_GENERIC:
		ttl = ptr_ttl(j, f);
		return mp_printf(j->a,
			"Providers mostly set a PTR within minutes to a day; after that, receivers may still go by the old answer for %s.",
			ttl ? mp_printf(j->a, "up to %s", duration(j->a, ttl)) : "some time");
	case SMTP_HELO_REJECTED:
		return "A new EHLO name counts at once, a changed record when the TTL of the old answer has run out.";
	case SMTP_SENDER_DOMAIN_DNS:
	case SMTP_SPF_FAIL:
	case SMTP_DKIM_FAIL:
	case SMTP_DMARC_FAIL:
	case SMTP_SENDER_UNAUTHENTICATED:
		return "Receivers may go by an old DNS record until its TTL has run out, mostly an hour or less.";
	case SMTP_DNSBL_LISTED:
		return "After a removal, receivers may go by the old entry until its TTL has run out.";
	default:
		return NULL;
	}
}

static bool is_option(const char *origin)
{
	return origin && strncmp(origin, "--", 2) == 0;
}

/* Where the fix changes what was given on the command line, the same command would show the same fault. NULL: it does not. */
static const char *what_changes(const struct mp_judge *j, const struct mp_finding *f)
{
	switch (f->cause) {
	case SMTP_HELO_REJECTED:
		return is_option(j->c->ehlo_origin) ? "the name that the mail server then announces (--ehlo)" : NULL;
	case SMTP_SENDER_DOMAIN_DNS:
		return is_option(j->c->mail_from_origin)
			       ? "the right sender (--from), or the same when its domain is there"
			       : NULL;
	case SMTP_DMARC_FAIL:
		return "what was changed: the selector and key of the signature (--selector, --dkim-key), the sender (--from) "
		       "or the From: (--header-from)";
	default:
		return NULL;
	}
}

void mp_say_again(struct mp_judge *j, struct mp_conclusion *out)
{
	for (size_t i = 0; i < out->n_findings; i++) {
		const struct mp_finding *f = &out->findings[i];

		if (f->status == MP_INFO || !f->n_fix)
			continue;
		out->again = true;
		out->again_with = what_changes(j, f);
		out->again_command = out->again_with ? NULL : command(j);
		out->again_after = when_it_shows(j, f);
		return;
	}
}
