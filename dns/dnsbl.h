/*
 * dns/dnsbl.h - public lists of addresses and domains in the DNS: the table of them, and what one says of a subject
 *
 * Procedure, all questions of a step at once:
 *   1. A of the subject in the list. With it the entries that tell whether the list is alive (RFC 5782 5): 127.0.0.1
 *      (IPv6: ::ffff:127.0.0.1; of domains INVALID) must not be listed, 127.0.0.2 (TEST) must. For IPv6 either of
 *      ::ffff:127.0.0.2 and, where the list holds both families, 127.0.0.2 will do.
 *   2. TXT, only where the subject is listed: the list's own words.
 * A list that fails its own test, refuses, or answers outside of 127.0.0.0/8 has said nothing of the subject.
 *
 * Owns:   results live in the arena given, and borrow from the table and the evidence.
 * Fails:  never; what could not be found out is DNSBL_UNKNOWN with the reason.
 * Uses:   no I/O, no clock.
 * RFC:    5782 (how lists are asked, and their test entries), 6471 (how lists should be run and end).
 */
#ifndef DNS_DNSBL_H
#define DNS_DNSBL_H

#include "dns/dns.h"

/* What a list lists. */
enum { DNSBL_IPV4 = 1, DNSBL_IPV6 = 2, DNSBL_DOMAINS = 4 };

/* What an entry means, the weightiest last. */
enum dnsbl_means {
	DNSBL_WHITE,   /* counts for the subject */
	DNSBL_YELLOW,  /* sends good and bad mail: receivers should not judge by it */
	DNSBL_BROAD,   /* whole networks or providers: information, few reject for it */
	DNSBL_POLICY,  /* an address that should send no mail directly, whatever it does */
	DNSBL_SUSPECT, /* counts against it, seldom enough to reject; also a code that has no known meaning */
	DNSBL_BLACK,   /* receivers reject for it */
	DNSBL_REFUSAL, /* no entry: the list's way to say that it does not answer whoever asks */
};

struct dnsbl_code {
	uint32_t from, to; /* the address returned, as a number; or with `from` 0: bits of its last octet, in `to` */
	enum dnsbl_means means;
	const char *words; /* "SBL: a spam source" */
};

struct dnsbl_list {
	const char *zone;
	const char *name;
	unsigned lists;             /* DNSBL_IPV4 ... */
	struct dnsbl_code code[14]; /* words NULL ends; the first that fits counts (of bits: all) */
	const char *delist;         /* where to look up why, and to ask for removal; NULL: not known */
	const char *test;           /* a further entry that is always listed, beside RFC 5782's; or NULL */
	const char *keyed;          /* the zone for those who have a key, or NULL */
	bool with_key;              /* ask that one (or, without `keyed`, this one below a key); see DNS_KEY_LABEL */
	bool no_test;               /* does not promise one: a missing entry proves nothing */
	const char *access;         /* who is answered, where not everybody is; or NULL */
	const char *known;          /* year and month as of which all this is known to be so */
};

extern const struct dnsbl_list dnsbl_lists[];
extern const size_t dnsbl_n_lists;
const struct dnsbl_list *dnsbl_list_by_zone(const char *zone); /* NULL when there is none */
/* Who is on it is known for good mail: no code of it counts against anybody. */
bool dnsbl_is_allow_list(const struct dnsbl_list *list);

enum dnsbl_state { DNSBL_CLEAR, DNSBL_LISTED, DNSBL_UNKNOWN };

struct dnsbl_verdict {
	enum dnsbl_state state;
	/* listed */
	enum dnsbl_means means; /* of the weightiest code */
	size_t n_codes;
	const char *const *codes; /* "127.0.0.4" */
	const char *meaning;      /* what they mean, joined */
	const char *reason;       /* the list's own words (TXT), or NULL */
	/* unknown */
	const char *trouble; /* "it refuses to answer this resolver (127.255.255.254: ...)" */
	bool silent;         /* no sign of life: its test entry is not there, or cannot be looked up */
};

/* Ask a list that lists addresses of this family. False: pending, everything asked. */
bool dnsbl_ask_ip(struct mp_evidence *ev, struct mp_arena *a, const struct dnsbl_list *list, const struct mp_ip *ip,
	struct dnsbl_verdict *out);
/* Ask a list of domains. */
bool dnsbl_ask_domain(struct mp_evidence *ev, struct mp_arena *a, const struct dnsbl_list *list, const char *domain,
	struct dnsbl_verdict *out);

/* The meaning of one returned address. False: the list has no such code; then it is DNSBL_SUSPECT. Words never NULL. */
bool dnsbl_meaning(
	struct mp_arena *a, const struct dnsbl_list *list, uint32_t code, enum dnsbl_means *means, const char **words);

#endif
