/*
 * dns/dmarc.h - DMARC: records, the walk up the tree that finds them, the policy that applies, alignment
 *
 * Procedure (RFC 9989 4.10), all questions at once since every name is known beforehand:
 *   1. TXT of _dmarc.<domain>, then of _dmarc.<each name above it>; of a name of 8 labels and more the walk goes on with
 *      its last 7. At most 8 questions.
 *   2. At each name: records that do not begin with v=DMARC1 are none; several are none. psd=n and psd=y end the walk.
 *   3. Organizational domain: the name with psd=n; else one label below a psd=y that is not the first name; else the
 *      shortest name with a record; else the domain itself.
 *   4. Policy: of the domain's own record p; else of the organizational domain's, else of the public suffix's record, sp, or
 *      np where the domain does not exist, and p without these. t=y lowers it by one step.
 *
 * Owns:   nothing; results live in the arena given and borrow from the evidence.
 * Fails:  never; look-ups that failed are in `failed`, faults of records in their notes.
 * Uses:   no I/O, no clock.
 * RFC:    9989 (policy), 9990 (aggregate reports, external destinations), 7489 (for receivers that still follow it).
 */
#ifndef DNS_DMARC_H
#define DNS_DMARC_H

#include "dns/dns.h"
#include "base/tags.h"

enum {
	DNS_DMARC_STEPS = 8,
	DNS_DMARC_NOTES = 16,
	DNS_DMARC_URIS = 8, /* that are looked at, of rua and ruf each */
};

enum dns_dmarc_policy {
	DNS_DMARC_ABSENT, /* the tag is not there */
	DNS_DMARC_INVALID,
	DNS_DMARC_NONE,
	DNS_DMARC_QUARANTINE,
	DNS_DMARC_REJECT,
};

/* "none", "quarantine", "reject"; "none" for the first two, too. */
const char *dns_dmarc_policy_name(enum dns_dmarc_policy p);

enum dns_dmarc_weight {
	DNS_DMARC_REMARK,  /* changes nothing */
	DNS_DMARC_WARNING, /* something in the record does not do what its owner meant */
	DNS_DMARC_FAULT,   /* a policy that cannot be read: RFC 9989 4.10.1 */
};

struct dns_dmarc_note {
	enum dns_dmarc_weight weight;
	const char *words; /* a whole sentence */
};

struct dns_dmarc_uri {
	const char *text;
	const char *domain; /* of a mailto: address, canonical; NULL: of another scheme, or faulty */
	const char *fault;  /* why no receiver can send there: "is no URI: it lacks \"mailto:\""; NULL: none */
};

struct dns_dmarc_record {
	const char *text; /* safe to show */
	enum dns_dmarc_policy p, sp, np;
	char psd; /* 'y', 'n', 'u' */
	bool test;
	bool strict_dkim, strict_spf;
	const char *fo; /* NULL: not there, or not valid */
	size_t n_rua, n_ruf;
	struct dns_dmarc_uri rua[DNS_DMARC_URIS], ruf[DNS_DMARC_URIS];
	bool has_rua;        /* at least one that is a valid URI */
	const char *pct;     /* removed since RFC 7489; NULL: not there */
	unsigned pct_number; /* what a receiver on RFC 7489 makes of it: 100 where it is not there */
	/* A policy tag is not valid: RFC 9989 4.10.1 makes it p=none where reports are wanted, else nothing at all. */
	bool broken;
	size_t n_notes;
	struct dns_dmarc_note note[DNS_DMARC_NOTES];
};

/* False: these bytes are no DMARC record at all (they do not begin with v=DMARC1). */
bool dns_dmarc_parse(struct mp_arena *a, struct mp_str bytes, struct dns_dmarc_record *out);

/* Bytes that are no record but were meant as one, or are out of place: "its \"v=dmarc1\" is ..."; NULL: nothing known. */
const char *dns_dmarc_near_miss(struct mp_arena *a, struct mp_str bytes);

/* ---- the walk */

struct dns_dmarc_step {
	const char *domain;
	const struct dns_answer *answer;       /* TXT of _dmarc.<domain> */
	size_t n_records, n_other;             /* that begin with v=DMARC1; other TXT records there */
	const struct dns_dmarc_record *record; /* the one; NULL: none or several */
};

struct dns_dmarc_walk {
	const char *domain; /* where it started, canonical; NULL: no possible name */
	size_t n;           /* up to where it ended */
	struct dns_dmarc_step step[DNS_DMARC_STEPS];
	size_t failed; /* the first step that could not be determined; n: none */
	/*
	 * The organizational domain. It is known where no look-up failed that could change it: a TLD's record could be that
	 * of a public suffix at most, which leaves a domain right below it what it is.
	 */
	const char *org;
	bool org_known;
	size_t psd; /* the step with psd=y that told it; n: none did */
};

/* False: pending. */
bool dns_dmarc_walk(struct mp_evidence *ev, struct mp_arena *a, const char *domain, struct dns_dmarc_walk *out);

enum dns_dmarc_found {
	DNS_DMARC_NO_RECORD,
	DNS_DMARC_FOUND,
	DNS_DMARC_BROKEN,  /* found, and no receiver can apply it */
	DNS_DMARC_UNKNOWN, /* a look-up failed that decides */
};

struct dns_dmarc {
	struct dns_dmarc_walk walk; /* of the author domain */
	enum dns_dmarc_found found;
	const struct dns_answer *failed; /* when UNKNOWN: the look-up, and its name */
	const char *failed_name;
	const struct dns_dmarc_record *record; /* when FOUND or BROKEN */
	const char *record_domain;
	const char *taken_from;          /* "p", "sp", "np", as the record has it */
	bool exists;                     /* the author domain is in the DNS; only looked up where np could matter */
	enum dns_dmarc_policy published; /* NONE, QUARANTINE, REJECT */
	enum dns_dmarc_policy policy;    /* the same after t */
};

/* Policy discovery for an author domain. False: pending. */
bool dns_dmarc_discover(struct mp_evidence *ev, struct mp_arena *a, const char *domain, struct dns_dmarc *out);

/* ---- alignment */

enum dns_dmarc_aligned { DNS_DMARC_PENDING, DNS_DMARC_ALIGNED, DNS_DMARC_NOT_ALIGNED, DNS_DMARC_CANNOT_TELL };

/*
 * Does an authenticated domain align with the author domain of `d` (FOUND)? `org_out` (may be NULL) gets the organizational
 * domain of `identity` where it was looked for.
 */
enum dns_dmarc_aligned dns_dmarc_align(struct mp_evidence *ev, struct mp_arena *a, const struct dns_dmarc *d,
	const char *identity, bool strict, const char **org_out);

/* ---- reports to another domain */

enum dns_dmarc_external {
	DNS_DMARC_EXT_PENDING,
	DNS_DMARC_EXT_OWN,     /* the same organizational domain: no permission is needed */
	DNS_DMARC_EXT_ALLOWED, /* the record is there */
	DNS_DMARC_EXT_REFUSED, /* it is not */
	DNS_DMARC_EXT_UNKNOWN, /* the look-up failed */
};

/* May reports about `record_domain` go to `target`? `name_out` gets the name that was asked (NULL when OWN). */
enum dns_dmarc_external dns_dmarc_external(struct mp_evidence *ev, struct mp_arena *a, const char *record_domain,
	const char *target, const char **name_out, const struct dns_answer **answer_out);

/* ---- RFC 7489 */

struct dns_dmarc_7489 {
	enum dns_dmarc_found found;
	const char *org; /* by the public suffix list */
	const char *record_domain;
	enum dns_dmarc_policy policy;
	unsigned pct;
};

/* What a receiver that still goes by RFC 7489 makes of the same domain. False: pending. */
bool dns_dmarc_7489(struct mp_evidence *ev, struct mp_arena *a, const char *domain, struct dns_dmarc_7489 *out);

#endif
