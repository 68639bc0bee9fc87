/* probe/policies.c - the table of providers' requirements; see probe/policies.h */
#include "probe/policies.h"
#include "probe/receivers.h"

#define NEEDS_MESSAGE "a message is needed to see it"
#define FORMAT "a message follows RFC 5321 and 5322, with one From: and one Date: and no field twice"
#define SPAM_RATE "recipients' complaints are counted by the provider"

static const struct mp_rule gmail[] = {
	{"SPF or DKIM", MP_OF_ALL, MP_PART_SPF_OR_DKIM, "SPF or DKIM passes", NULL, "550 5.7.26"},
	{"PTR and way back", MP_OF_ALL, MP_PART_PTR, "the address has a PTR record whose name leads back to it", NULL,
		"550 5.7.25"},
	{"TLS", MP_OF_ALL, MP_PART_TLS, "mail comes by TLS", NULL, "550 5.7.29"},
	{"message format", MP_OF_ALL, MP_PART_UNSEEN, FORMAT, NEEDS_MESSAGE, "550 5.7.1"},
	{"From: not the provider's", MP_OF_ALL, MP_PART_NO_FORGE, "the From: domain is not gmail.com", NULL,
		"the spam folder, 550 5.7.26"},
	{"DKIM key size", MP_OF_ALL, MP_PART_KEY, "DKIM keys have 1024 bits or more (2048 are advised)", NULL, NULL},
	{"spam rate", MP_OF_ALL, MP_PART_UNSEEN,
		"the spam rate in Postmaster Tools stays below 0.10 % and never reaches 0.30 %", SPAM_RATE,
		"the spam folder"},
	{"SPF and DKIM", MP_OF_BULK, MP_PART_SPF_AND_DKIM, "SPF and DKIM pass", NULL, "550 5.7.27, 550 5.7.30"},
	{"DMARC record", MP_OF_BULK, MP_PART_DMARC, "the From: domain has a DMARC record (p=none is enough)", NULL,
		"550 5.7.40"},
	{"From: aligned", MP_OF_BULK, MP_PART_ALIGNED, "SPF or DKIM aligns with the From: domain", NULL, "421 4.7.32"},
	{"one-click unsubscribe", MP_OF_BULK, MP_PART_UNSEEN,
		"marketing mail has List-Unsubscribe with an https: address and List-Unsubscribe-Post (RFC 8058), signed",
		NEEDS_MESSAGE, "the spam folder"},
};

static const struct mp_rule yahoo[] = {
	{"SPF or DKIM", MP_OF_ALL, MP_PART_SPF_OR_DKIM, "SPF or DKIM passes", NULL, "a 4yz or 554 reply"},
	{"PTR and way back", MP_OF_ALL, MP_PART_PTR, "the address has a PTR record whose name leads back to it", NULL,
		"a 4yz or 554 reply"},
	{"PTR not generic", MP_OF_ALL, MP_PART_PTR_NAME, "the PTR name is no generated one", NULL,
		"a 4yz or 554 reply"},
	{"sender's domain", MP_OF_ALL, MP_PART_DOMAIN, "the sender's domain has an SOA record, and an MX or an address",
		NULL, "451 or 554 \"unresolvable\""},
	{"message format", MP_OF_ALL, MP_PART_UNSEEN, FORMAT, NEEDS_MESSAGE, NULL},
	{"DKIM key size", MP_OF_ALL, MP_PART_KEY, "DKIM keys have 1024 bits or more", NULL, NULL},
	{"spam rate", MP_OF_ALL, MP_PART_UNSEEN, "the spam rate stays below 0.3 % of what reaches the inbox", SPAM_RATE,
		"421 4.7.0 [TSS04]"},
	{"SPF and DKIM", MP_OF_BULK, MP_PART_SPF_AND_DKIM, "SPF and DKIM pass", NULL, "554 5.7.9"},
	{"DMARC record", MP_OF_BULK, MP_PART_DMARC, "the From: domain has a DMARC record (p=none is enough)", NULL,
		"554 5.7.9"},
	{"From: aligned", MP_OF_BULK, MP_PART_ALIGNED, "DMARC passes: SPF or DKIM aligns with the From: domain", NULL,
		"554 5.7.9"},
	{"one-click unsubscribe", MP_OF_BULK, MP_PART_UNSEEN,
		"marketing mail has List-Unsubscribe, one-click (RFC 8058) advised, and is heeded within two days",
		NEEDS_MESSAGE, NULL},
};

static const struct mp_rule microsoft[] = {
	{"PTR and way back", MP_OF_ALL, MP_PART_PTR, "the address has a PTR record whose name leads back to it", NULL,
		"550 5.7.25 over IPv6"},
	{"sending habits", MP_OF_ALL, MP_PART_UNSEEN,
		"at most 500 connections at a time, and no probing for addresses (namespace mining)",
		"it is how the host behaves over time", "550 SC-001 to SC-004"},
	{"SPF and DKIM", MP_OF_BULK, MP_PART_SPF_AND_DKIM, "SPF and DKIM pass", NULL, "550 5.7.515"},
	{"DMARC record", MP_OF_BULK, MP_PART_DMARC, "the From: domain has a DMARC record (p=none is enough)", NULL,
		"550 5.7.515"},
	{"From: aligned", MP_OF_BULK, MP_PART_ALIGNED, "SPF or DKIM aligns with the From: domain, best both", NULL,
		"550 5.7.515"},
	{"sender can receive", MP_ADVISED, MP_PART_DOMAIN, "From: and Reply-To: are addresses that can receive", NULL,
		NULL},
	{"unsubscribing", MP_ADVISED, MP_PART_UNSEEN, "bulk mail has an unsubscribe link that works", NEEDS_MESSAGE,
		NULL},
};

static const struct mp_rule apple[] = {
	{"SPF and DKIM", MP_OF_BULK, MP_PART_SPF_AND_DKIM, "SPF and DKIM pass", NULL, "550 5.7.1 [CS01]"},
	{"DMARC record", MP_OF_BULK, MP_PART_DMARC, "the From: domain has a DMARC record", NULL, "550 5.7.1 [CS01]"},
	{"PTR and way back", MP_OF_BULK, MP_PART_PTR, "the address has a PTR record whose name leads back to it", NULL,
		NULL},
	{"message format", MP_OF_BULK, MP_PART_UNSEEN, FORMAT, NEEDS_MESSAGE, NULL},
	{"unsubscribing", MP_OF_BULK, MP_PART_UNSEEN,
		"only those are written to who asked for it, and a visible link ends that at once", NEEDS_MESSAGE,
		NULL},
	{"steady identity", MP_OF_BULK, MP_PART_UNSEEN, "addresses, domains and the From: name stay the same",
		"it is how the host behaves over time", NULL},
};

const struct mp_policy mp_policies[] = {
	{"policy.gmail", "Gmail", {"gmail"}, "personal Gmail accounts",
		"5,000 messages or more in 24 hours to personal Gmail accounts, all names below the domain together",
		MP_GMAIL_RULES, "2026-11", gmail, ARRAY_LEN(gmail)},
	{"policy.yahoo", "Yahoo", {"yahoo"}, "Yahoo, AOL and the domains they host",
		"to Yahoo and AOL, which publish no number", MP_YAHOO_RULES, "2026-11", yahoo, ARRAY_LEN(yahoo)},
	{"policy.microsoft", "Microsoft", {"outlook.com", "microsoft365"}, "Outlook.com, Hotmail and Live",
		"more than 5,000 messages a day to Outlook.com, Hotmail and Live", MP_MICROSOFT_RULES, "2026-11",
		microsoft, ARRAY_LEN(microsoft)},
	{"policy.apple", "Apple", {"apple"}, "iCloud Mail", "to iCloud Mail, which publishes no number", MP_APPLE_RULES,
		"2026-11", apple, ARRAY_LEN(apple)},
};
const size_t mp_n_policies = ARRAY_LEN(mp_policies);

const struct mp_policy *mp_policy_by_check(const char *id)
{
	for (size_t i = 0; i < mp_n_policies; i++)
		if (strcmp(mp_policies[i].check, id) == 0)
			return &mp_policies[i];
	return NULL;
}

static const struct mp_rule *rule_by_subject(const struct mp_policy *p, const char *subject)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (strcmp(p->rules[i].subject, subject) == 0)
			return &p->rules[i];
	return NULL;
}

int mp_rule_weight(const struct mp_policy *p, const char *subject)
{
	static const int weights[] = {[MP_OF_ALL] = 2, [MP_OF_BULK] = 1, [MP_ADVISED] = 0};
	const struct mp_rule *rule = rule_by_subject(p, subject);

	return rule ? weights[rule->demand] : 0;
}

bool mp_policy_counts(const struct mp_policy *p, const struct mp_target_result *tr)
{
	const struct mp_receiver *rc = mp_receiver_of(
		tr->target->kind == MP_TARGET_DOMAIN ? tr->target->domain : NULL, tr->n_mx ? tr->mx[0].host : NULL);

	for (size_t i = 0; rc && i < ARRAY_LEN(p->receivers) && p->receivers[i]; i++)
		if (strcmp(p->receivers[i], rc->provider) == 0)
			return true;
	return false;
}

enum smtp_cause mp_rule_cause(const struct mp_policy *p, const char *subject)
{
	const struct mp_rule *rule = rule_by_subject(p, subject);

	if (!rule)
		return SMTP_CAUSE_UNKNOWN;
	return rule->part == MP_PART_TLS ? SMTP_TLS_REQUIRED : SMTP_SENDER_DOMAIN_DNS;
}
