/*
 * probe/policies.h - what large receivers publish that senders must do: the rows behind policy.<provider>
 *
 * One row a requirement. A requirement rests on what other checks have settled (its part); what no check can see is a
 * row all the same, so that a reader knows that it is left open.
 *
 * Owns:   static tables. Fails: NULL. Uses: no I/O, no clock.
 */
#ifndef MP_POLICIES_H
#define MP_POLICIES_H

#include "probe/target.h"

enum mp_demand {
	MP_OF_ALL,  /* of every sender */
	MP_OF_BULK, /* of senders of much mail, which nobody can see from here */
	MP_ADVISED,
};

/* Of what checks a requirement is made. */
enum mp_part {
	MP_PART_UNSEEN, /* of none */
	MP_PART_SPF_OR_DKIM,
	MP_PART_SPF_AND_DKIM,
	MP_PART_PTR,      /* there, and leading back */
	MP_PART_PTR_NAME, /* no generated name */
	MP_PART_TLS,
	MP_PART_DMARC, /* a record */
	MP_PART_ALIGNED,
	MP_PART_KEY,      /* DKIM keys of 1024 bits or more */
	MP_PART_DOMAIN,   /* the domain is in the DNS, and mail can come back */
	MP_PART_NO_FORGE, /* the From: domain is not the provider's own */
};

struct mp_rule {
	const char *subject; /* short, stable: the subject of the result */
	enum mp_demand demand;
	enum mp_part part;
	const char *holds;  /* a clause: "SPF or DKIM passes" */
	const char *unseen; /* why it cannot be seen from here; MP_PART_UNSEEN only */
	const char *effect; /* what is met where it does not hold, or NULL */
};

struct mp_policy {
	const char *check;        /* "policy.gmail" */
	const char *name;         /* "Gmail" */
	const char *receivers[3]; /* providers of probe/receivers.h that it counts for; ended by NULL or the array */
	const char *whom;         /* whose mailboxes: "personal Gmail accounts" */
	const char *bulk;         /* what counts as much: "5,000 messages or more in 24 hours ..." */
	const char *source;       /* where the provider says so */
	const char *verified;     /* "2026-11": when the rows were last held against it */
	const struct mp_rule *rules;
	size_t n_rules;
};

/* Where the providers publish them. */
#define MP_GMAIL_RULES "https://support.google.com/a/answer/81126"
#define MP_YAHOO_RULES "https://senders.yahooinc.com/best-practices/"
#define MP_MICROSOFT_RULES "https://techcommunity.microsoft.com/blog/microsoftdefenderforoffice365blog/4399730"
#define MP_APPLE_RULES "https://support.apple.com/en-us/102322"

extern const struct mp_policy mp_policies[];
extern const size_t mp_n_policies;

const struct mp_policy *mp_policy_by_check(const char *id);

/* How binding a broken requirement is: 2 for what is asked of every sender, 1 of those in bulk; 0: no such row, advice. */
int mp_rule_weight(const struct mp_policy *p, const char *subject);

/* The cause of a requirement that is broken by nothing that another check is faulty for. */
enum smtp_cause mp_rule_cause(const struct mp_policy *p, const char *subject);

/* Is this provider the one of a target? By the target's own domain, else by its first MX. */
bool mp_policy_counts(const struct mp_policy *p, const struct mp_target_result *tr);

#endif
