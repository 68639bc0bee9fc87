/*
 * dns/dns.h - DNS questions and answers as evidence
 *
 * Owns:   nothing; questions and answers live in the evidence's arena and never change.
 * Fails:  an answer always has an outcome; a look-up that did not work is an outcome, not an error.
 * Uses:   no I/O, no clock.
 * RFC:    1035, 2308 (negative answers), 2181, 3596 (AAAA), 6698 (TLSA), 4035 (AD).
 *
 * Names are in presentation form, lower case where asked, without the last dot (the root is "."): bytes that are not
 * printable ASCII, and dots and backslashes inside labels, are \DDD or \c escapes (RFC 1035 5.1).
 */
#ifndef DNS_DNS_H
#define DNS_DNS_H

#include "base/evidence.h"
#include "base/ip.h"

enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_DS = 43,
	DNS_DNSKEY = 48,
	DNS_TLSA = 52,
	DNS_SPF = 99,
};

enum dns_outcome {
	DNS_ANSWERED, /* at least one record of the type asked, at the end of the CNAME chain */
	DNS_NODATA,   /* the name exists, the type does not; see dns_is_referral() */
	DNS_NXDOMAIN,
	DNS_SERVFAIL,
	DNS_REFUSED,
	DNS_TIMEOUT,     /* no answer in time, all servers and tries included; also: not known in time */
	DNS_UNREACHABLE, /* no server could be sent to (no route, port closed) */
	DNS_MALFORMED,   /* an answer that breaks the protocol, a CNAME loop included */
	DNS_OTHER,       /* another RCODE, in rcode */
	DNS_BADNAME,     /* never asked: a label over 63 bytes, a name over 255, an empty label */
};

/* True when the outcome says something of the name (answered, no data, no such name); false: could not be determined. */
static inline bool dns_known(enum dns_outcome o)
{
	return o == DNS_ANSWERED || o == DNS_NODATA || o == DNS_NXDOMAIN;
}

/*
 * The precedence when several servers answer one question differently: the better known outcome first
 * (answered, NXDOMAIN and no data settle it; then SERVFAIL, refused, other, malformed, time-out, unreachable).
 */
int dns_outcome_rank(enum dns_outcome o); /* smaller wins */

struct dns_question {
	const char *name;
	uint16_t type;
	const char *server; /* NULL: the run's resolvers, in order; else "IP:PORT" or "[IPv6]:PORT", this one alone */
	bool norecurse;     /* RD clear: to ask a zone's own server */
};

/*
 * A zone that answers those who have a key, which stands as a label before the zone's name. Questions and answers have
 * DNS_KEY_LABEL in its place; the observer alone knows the key.
 */
#define DNS_KEY_LABEL "_key"

struct dns_secret {
	const char *zone, *key;
};

struct dns_rr {
	const char *owner;
	uint16_t type;
	uint32_t ttl; /* seconds, as received */
	union {
		struct mp_ip ip;  /* A, AAAA */
		const char *name; /* PTR, NS, CNAME */
		struct {
			uint16_t preference;
			const char *exchange; /* "." is the null MX (RFC 7505) */
		} mx;
		struct {
			const uint8_t *p; /* all strings joined */
			size_t n, n_strings;
		} txt; /* TXT, SPF */
		struct {
			const char *mname, *rname;
			uint32_t serial, refresh, retry, expire, minimum;
		} soa;
		struct {
			uint8_t usage, selector, matching;
			const uint8_t *p;
			size_t n;
		} tlsa;
		struct {
			const uint8_t *p;
			size_t n;
		} raw; /* every other type */
	};
};

struct dns_answer {
	enum dns_outcome outcome;
	uint16_t rcode;
	bool aa, ad, ra, tcp;
	const char *server;    /* who gave the answer ("127.0.0.1:53"), NULL when nobody did */
	const char *detail;    /* one line for a person where the outcome needs one, else NULL */
	double at_ms, took_ms; /* when it was asked, since the start of the run; how long it took */
	size_t n_rr;
	const struct dns_rr *rr; /* records of the type asked, at the end of the chain */
	size_t n_cname;
	const char *const *cname; /* the chain followed: targets in order; empty when there was none */
	uint32_t ttl;             /* the least TTL of chain and records: seconds this answer may be cached */
	const struct dns_rr *soa; /* SOA of the authority section, or NULL */
	uint32_t negative_ttl;    /* RFC 2308 5: min(TTL of the SOA, its MINIMUM); 0 when there is no SOA */
	size_t n_ns;
	const struct dns_rr *ns; /* NS records of the authority section: a referral */
	size_t n_glue;
	const struct dns_rr *glue; /* A and AAAA of the additional section */
};

/* The times of an answer have tenths of a millisecond, so that the saved form gives the very same number again. */
static inline double dns_round_ms(double ms)
{
	return ms > 0 ? (double)(uint64_t)(ms * 10 + 0.5) / 10 : 0;
}

/* No data because the server sends one on to others (a zone cut below it): it has not said what the name has. */
static inline bool dns_is_referral(const struct dns_answer *a)
{
	return a->outcome == DNS_NODATA && a->n_ns > 0 && !a->soa && !a->aa;
}

extern const struct mp_kind dns_kind;

/* Ask the run's resolvers. NULL: pending. `name` of any case, with or without last dot. */
const struct dns_answer *dns_ask(struct mp_evidence *ev, const char *name, enum dns_type type);
/* Ask one server; `recurse` false for a zone's own server. */
const struct dns_answer *dns_ask_server(
	struct mp_evidence *ev, const char *server, const char *name, enum dns_type type, bool recurse);

const char *dns_type_name(uint16_t type);         /* "A", ..., "TYPE123" from a static ring */
const char *dns_outcome_name(enum dns_outcome o); /* the word of the JSON: "answered", "nodata", "nxdomain", ... */
/* For a sentence: "has no such record", "SERVFAIL", "time-out" ... */
const char *dns_outcome_words(enum dns_outcome o);

/* "IP:PORT" or "[IPv6]:PORT", whole; false when it is not one. The other way round into the arena. */
bool dns_server_parse(const char *text, struct mp_ip *ip, uint16_t *port);
char *dns_server_text(struct mp_arena *a, const struct mp_ip *ip, uint16_t port);

/* Presentation-form names, NUL-terminated: equal without case and last dot; a below or equal to b. */
bool dns_name_eq(const char *a, const char *b);
bool dns_name_under(const char *name, const char *ancestor);
/* The name without its first label, "." after the last one; NULL for the root. Points into `name`. */
const char *dns_name_parent(const char *name);
size_t dns_name_labels(const char *name);
/* Canonical form for keys and display: lower case, no last dot. NULL when it is no possible DNS name. */
char *dns_name_canonical(struct mp_arena *a, const char *name);
/* Host-name syntax (RFC 1123 2.1): letters, digits, inner hyphens; labels to 63, 253 in all; last label not all digits. */
bool dns_is_hostname(const char *name);

#endif
