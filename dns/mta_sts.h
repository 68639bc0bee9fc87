/*
 * dns/mta_sts.h - MTA-STS: the TXT record that announces a policy, the policy file, and which MX hosts it allows
 *
 * The record (RFC 8461 3.1), a TXT record of _mta-sts.<domain>; those that do not begin with v=STSv1 are none:
 *     sts-text-record = "v=STSv1" 1*(*WSP ";" *WSP sts-field) [*WSP ";" *WSP]
 *     sts-field       = "id=" 1*32(ALPHA / DIGIT) / ext-name "=" ext-value
 * The policy (3.2), https://mta-sts.<domain>/.well-known/mta-sts.txt:
 *     sts-policy-record = sts-policy-field *WSP *(term sts-policy-field *WSP) [term]      ; term: LF / CRLF
 *     sts-policy-field  = name *WSP ":" *WSP value
 * version, mode and max_age once each (of several the first counts), mx at least once but for mode none; fields of
 * other names are passed over.
 *
 * Owns:   nothing; results live in the arena given.
 * Fails:  never. What makes a record or policy void is its `fault`: senders then act as if there were none.
 * Uses:   no I/O, no clock. Fuzzed by tests/fuzz/fuzz_mta_sts.c.
 * RFC:    8461 3.1, 3.2, 4.1.
 */
#ifndef DNS_MTA_STS_H
#define DNS_MTA_STS_H

#include "dns/dns.h"

enum {
	DNS_STS_REMARKS = 4,
	DNS_STS_MAX_AGE = 31557600, /* a year */
};

struct dns_sts_record {
	size_t n;          /* TXT records that begin with v=STSv1: one is right */
	size_t n_other;    /* other TXT records of that name */
	const char *text;  /* safe to show: the first that begins so, else the first of all; NULL: none */
	const char *id;    /* NULL: not there, or not valid */
	const char *fault; /* why senders pass over it, to stand behind "it": "has no id"; NULL: it is right */
};

/* Of all TXT records of the name (an answer of outcome "answered", or any other: then there is none). */
void dns_sts_record_read(struct mp_arena *a, const struct dns_answer *txt, struct dns_sts_record *out);

enum dns_sts_mode { DNS_STS_NONE, DNS_STS_TESTING, DNS_STS_ENFORCE };

const char *dns_sts_mode_name(enum dns_sts_mode m); /* "none", "testing", "enforce" */

struct dns_sts_policy {
	enum dns_sts_mode mode;
	uint32_t max_age; /* seconds */
	size_t n_mx, cap_mx;
	const char **mx; /* patterns, lower case */
	const char
		*fault; /* why it is void, a clause: "line 2: the mode is none of enforce, testing and none: \"x\"" */
	size_t n_remarks;
	const char *remarks[DNS_STS_REMARKS]; /* what is odd and does no harm by the letter, clauses */
};

void dns_sts_policy_read(struct mp_arena *a, struct mp_str bytes, struct dns_sts_policy *out);

/* "mail.example.com", or "*.example.com", which stands for names of one more label. Case and last dots do not count. */
bool dns_sts_mx_matches(const char *pattern, const char *host);
/* One of the policy's patterns does. */
bool dns_sts_allows(const struct dns_sts_policy *p, const char *host);

#endif
