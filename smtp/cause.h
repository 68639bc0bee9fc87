/*
 * smtp/cause.h - from a reply to its cause
 *
 * Owns:   nothing; results point into static tables, references into the arena given.
 * Fails:  never: what no rule knows is SMTP_CAUSE_UNKNOWN with confidence 0.
 * Uses:   no I/O, no clock, no locale. The first classification prepares the tables of smtp/rules.h, in static memory,
 *         which takes about a millisecond; each takes some ten microseconds then. Not for several threads at once.
 * RFC:    5321 4.2, 3463, 5248, 7372 (authentication), 7505.
 */
#ifndef SMTP_CAUSE_H
#define SMTP_CAUSE_H

#include "smtp/session.h"

/* The taxonomy. Order and names are part of the interface (smtp_causes[] has a row for each). */
enum smtp_cause {
	SMTP_CAUSE_UNKNOWN,
	/* identity */
	SMTP_PTR_MISSING,
	SMTP_FCRDNS_MISMATCH,
	SMTP_RDNS_GENERIC,
	SMTP_HELO_REJECTED,
	SMTP_SENDER_DOMAIN_DNS,
	/* authentication */
	SMTP_SPF_FAIL,
	SMTP_DKIM_FAIL,
	SMTP_DMARC_FAIL,
	SMTP_SENDER_UNAUTHENTICATED,
	/* reputation */
	SMTP_DNSBL_LISTED,
	SMTP_IP_BLOCKED,
	SMTP_IP_REPUTATION,
	SMTP_DOMAIN_REPUTATION,
	/* rate */
	SMTP_GREYLISTED,
	SMTP_RATE_LIMITED,
	SMTP_TOO_MANY_CONNECTIONS,
	SMTP_TOO_MANY_RECIPIENTS,
	SMTP_RECIPIENT_RATE_LIMITED,
	/* recipient */
	SMTP_RECIPIENT_UNKNOWN,
	SMTP_RECIPIENT_DISABLED,
	SMTP_DOMAIN_NOT_HOSTED,
	/* quota */
	SMTP_MAILBOX_FULL,
	/* content */
	SMTP_CONTENT_SPAM,
	SMTP_CONTENT_VIRUS,
	SMTP_CONTENT_POLICY,
	SMTP_MESSAGE_MALFORMED,
	SMTP_MESSAGE_TOO_LARGE,
	/* access */
	SMTP_SENDER_REJECTED,
	SMTP_SENDER_VERIFY_FAILED,
	SMTP_AUTH_REQUIRED,
	SMTP_TLS_REQUIRED,
	SMTP_RELAY_DENIED,
	SMTP_RECIPIENT_RESTRICTED,
	SMTP_POLICY_REJECTED,
	/* server */
	SMTP_PROTOCOL_ERROR_CAUSE,
	SMTP_RECEIVER_ERROR,
	/* causes that no reply names; findings only */
	SMTP_EGRESS_BLOCKED,
	SMTP_TLS_POLICY,
	SMTP_MX_UNUSABLE,
	SMTP_CAUSE__COUNT
};

struct smtp_cause_info {
	const char *id;           /* "ptr-missing" */
	const char *group;        /* "identity"; "" for the last three */
	const char *title;        /* a short sentence: "The sending address has no PTR record" */
	const char *meaning;      /* one or two sentences for someone who has never met it */
	const char *points_to[6]; /* ids of the checks that confirm or refute it; NULL-ended */
	const char *fix[6];       /* usual steps; NULL-ended */
};
extern const struct smtp_cause_info smtp_causes[SMTP_CAUSE__COUNT];
/* SMTP_CAUSE_UNKNOWN when `id` is none. */
enum smtp_cause smtp_cause_by_id(const char *id);

struct smtp_own_rules;

/* What is known beside the words. All may be absent. */
struct smtp_cause_hint {
	int stage;                        /* enum smtp_stage, or -1: not known */
	const char *banner;               /* first banner line, or NULL */
	const char *mx;                   /* MX host name, or NULL */
	const struct smtp_own_rules *own; /* rules of the user's own (smtp/own.h), or NULL */
};

struct smtp_classified {
	enum smtp_cause cause;
	const char *provider; /* "gmail", "postfix", ..., "unknown" */
	double confidence;    /* 0..1: how often a reply that this rule matches has this cause */
	int code;             /* 0 when the text has none */
	const char *enhanced; /* NULL when it has none; in the arena */
	const char *rule;     /* name of the rule that decided, for tests */
	size_t own_line;      /* the line of the user's own rule that decided; 0: it was a built-in one */
	const char *refs[4];  /* support codes and URLs found in the text (S3140, TSS04, https://...); NULL-ended */
};

/*
 * Classify a reply. `text`: all lines, joined by '\n' (codes repeated or not), any bytes; the first 8 KiB count. What
 * stands before a reply that is quoted ("host A said: 550 ...", "smtp; 550 ...") may be there: the innermost decides.
 * `hint` may be NULL.
 */
struct smtp_classified smtp_classify(struct mp_arena *a, struct mp_str text, const struct smtp_cause_hint *hint);

#endif
