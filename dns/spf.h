/*
 * dns/spf.h - check_host(): does a domain let an address send its mail?
 *
 * A pure function of DNS answers: it asks for what it needs and says "pending" until that is there. What a record will
 * need is asked for ahead, all of it at once, so that evaluation costs the depth of includes and not their number; the
 * result and the counts are those of RFC 7208's strict order.
 *
 * Owns:   texts live in the arena given.
 * Fails:  never: every record, however broken, has a result.
 * Uses:   no I/O; the time of the macro "t" is given.
 * RFC:    7208 (all of it; section numbers stand at the code), 5321 2.3.5.
 *
 * Where the RFC leaves a choice: a void look-up is one query without an answer, counted for each term that makes it, the
 * TXT queries of include and redirect as well; not those of the domain itself, of "exp" and of the macro "p". A domain
 * name that cannot be one (an empty label, a label over 63 bytes) is a syntax error where the record itself spells it
 * out, and a name that does not exist where macros made it.
 */
#ifndef DNS_SPF_H
#define DNS_SPF_H

#include "dns/dns.h"

enum spf_result {
	SPF_NONE,
	SPF_NEUTRAL,
	SPF_PASS,
	SPF_FAIL,
	SPF_SOFTFAIL,
	SPF_TEMPERROR,
	SPF_PERMERROR,
};

enum {
	SPF_MAX_LOOKUPS = 10,     /* terms that ask the DNS (4.6.4) */
	SPF_MAX_VOID_LOOKUPS = 2, /* of these, queries without an answer (4.6.4: SHOULD; receivers differ) */
	SPF_MAX_NAMES = 10,       /* MX hosts of one "mx", PTR names of one "ptr" or macro "p" (4.6.4) */
};

struct spf_request {
	struct mp_ip ip;      /* <ip>: the SMTP client */
	const char *domain;   /* <domain>: where the search begins */
	const char *sender;   /* <sender>: the whole identity; no local part: postmaster is put before it (4.3) */
	const char *helo;     /* for the macro "h" */
	int64_t now_ms;       /* for the macro "t" */
	const char *receiver; /* for the macro "r"; NULL: "unknown" */
};

struct spf_verdict {
	enum spf_result result;
	const char *explanation; /* the domain's exp= text, expanded; "" where it gives none (6.2) */
	unsigned lookups;        /* terms counted by 4.6.4 up to the result; 11: that one was too many */
	unsigned void_lookups;   /* queries that had no answer up to the result; 3: that one was too many */
	const char *record;      /* the domain's own record, by mp_text()'s rules, or NULL */
	size_t n_records;        /* records of version spf1 at the domain itself */
	const char *path;    /* what decided: "include:_spf.example.net -> ip4:203.0.113.0/24"; NULL when nothing did */
	const char *problem; /* temperror, permerror and none: what is wrong, and where; else NULL */
	const char *near_miss; /* a TXT record that was meant to be one ("v=spf1;", " v=spf1", "spf1 ..."), or NULL */
};

/* False: pending (all that can be known to be needed has been asked for). */
bool spf_check_host(struct mp_evidence *ev, struct mp_arena *a, const struct spf_request *rq, struct spf_verdict *out);

const char *spf_result_name(enum spf_result r); /* "none", "neutral", "pass", ... */

/*
 * Does a record obey the grammar (RFC 7208 12)? NULL: yes. Else what is wrong, for a person. For checks of a record as
 * such; check_host() calls it too.
 */
const char *spf_record_fault(struct mp_arena *a, struct mp_str record);

/*
 * What a record that obeys the grammar says and hardly means ("+all", "include=" for "include:"); NULL: nothing. `serious`
 * (may be NULL): it does harm, and is not only odd.
 */
const char *spf_record_doubt(struct mp_arena *a, struct mp_str record, bool *serious);

/* The SPF records among the TXT records of a domain (4.5). */
struct spf_found {
	size_t n;
	struct mp_str text;    /* the first; borrowed from the answer */
	const char *near_miss; /* as in the verdict */
};
void spf_find(struct mp_arena *a, const struct dns_answer *txt, struct spf_found *out);

/*
 * What the whole tree of a record costs when nothing matches, whoever the client is: what its owner must keep under the
 * limits. Each include is followed once, and counted as often as it is there; counting ends at SPF_TREE_TERMS, and only the first SPF_MAX_LOOKUPS terms that
 * ask for other than records are looked up.
 */
enum { SPF_TREE_TERMS = 30 };

struct spf_tree {
	enum spf_result problem; /* of the domain's record: SPF_NONE, SPF_TEMPERROR, SPF_PERMERROR; else SPF_NEUTRAL */
	bool incomplete;         /* a part of the tree could not be looked up, or has no valid record */
	bool more;               /* there are more than SPF_TREE_TERMS terms */
	const char *loop;        /* a term that leads back into a record that it is inside of; NULL: none */
	unsigned lookups, void_lookups;
	size_t n_lines;
	const char *const *lines; /* "include:_spf.example.net (3)", two blanks for each level before it */
	size_t n_void;
	const char *const *voids; /* "A nothing.example.net" */
};

/* False: pending. `rq` tells what macros expand to. */
bool spf_count(struct mp_evidence *ev, struct mp_arena *a, const struct spf_request *rq, struct spf_tree *out);

#endif
