/*
 * dns/rdap.h - what a registry says by RDAP of an address or a domain, and which registry to ask
 *
 * Registries agree on the frame of an answer and on little else: contacts lie in others, a holder is a contact without a
 * role, a remark, or the name of the network alone, and what is private is left out. What is missing here was missing
 * there, or was nothing that one could use: a wrong type is as good as absent.
 *
 * Owns:   results live in the arena given; all texts went through mp_text() and are cut to RDAP_TEXT_MAX.
 * Fails:  MP_EPARSE, MP_ELIMIT with the reason in one line; outputs are then untouched.
 * Uses:   no I/O, no clock. Fuzzed by tests/fuzz/fuzz_rdap.c.
 * RFC:    9083 (answers), 9082 3.1 (paths), 9224 (bootstrap), 7095 (jCard), 8056 (status), 9537 (redaction).
 */
#ifndef DNS_RDAP_H
#define DNS_RDAP_H

#include "base/arena.h"
#include "base/ip.h"

enum {
	RDAP_BODY_MAX = 1024 * 1024,
	RDAP_TEXT_MAX = 240,
	RDAP_URL_MAX = 1024,
	RDAP_DEPTH_MAX = 4,     /* of contacts in contacts */
	RDAP_ENTITIES_MAX = 32, /* further ones are not looked at */
	RDAP_STATUS_MAX = 16,
	RDAP_SERVERS_MAX = 4, /* of one registry */
};

/* ---- which server to ask */

struct rdap_servers {
	const char *entry; /* what matched: "203.0.0.0/8", "com" */
	size_t n;
	const char *const *url; /* base URLs, https first, each with a last '/' */
};

/*
 * The registry of an address (in ipv4.json, ipv6.json) or a domain (in dns.json) by the longest match. MP_OK with n == 0:
 * the document has none. `subject`: the text of an address, or a domain in A-labels.
 */
int rdap_bootstrap_find(
	struct mp_arena *a, struct mp_str body, const char *subject, struct rdap_servers *out, struct mp_err *err);

/* The same document with the matching entry alone, for what is kept: a few hundred bytes. NULL: it is no bootstrap file. */
char *rdap_bootstrap_cut(struct mp_arena *a, struct mp_str body, const char *subject);

/* ---- an answer */

enum rdap_role {
	RDAP_REGISTRANT = 1,
	RDAP_TECHNICAL = 2,
	RDAP_NOC = 4,
	RDAP_ADMINISTRATIVE = 8,
	RDAP_ABUSE = 16,
	RDAP_REGISTRAR = 32,
	RDAP_OTHER = 64, /* any other word: sponsor, reseller, ... */
};

struct rdap_entity {
	unsigned roles;      /* RDAP_REGISTRANT | ...; 0: none was given */
	const char *handle;  /* or NULL, as all below */
	const char *name;    /* jCard fn, else org */
	const char *org;     /* jCard org, or fn where the kind is org */
	const char *email;   /* the first that is one */
	const char *page;    /* contact-uri or url */
	const char *country; /* of its address */
	size_t depth;        /* 0: of the object itself */
};

enum rdap_class { RDAP_IP_NETWORK, RDAP_DOMAIN };

/* Status words that a sender should know of: RFC 8056. */
enum rdap_status {
	RDAP_ON_HOLD = 1,        /* client hold, server hold: not in the DNS */
	RDAP_PENDING_DELETE = 2, /* pending delete, redemption period: given up, about to be free */
	RDAP_AUTO_RENEW = 4,     /* auto renew period: prolonged by the registry, not yet paid for by the registrar */
	RDAP_INACTIVE = 8,       /* no name servers */
};

struct rdap_object {
	enum rdap_class class;
	const char *handle; /* "NET-203-0-113-0-1" */
	const char *name;   /* of a network: "EXAMPLE-HOSTING"; of a domain: its A-labels */
	/* a network */
	const char *country;
	struct mp_ip start, end; /* MP_IPNONE: not given */
	const char *range;       /* "203.0.113.0/24", or "203.0.113.0 - 203.0.113.130" */
	/* a domain; milliseconds since 1970, 0: not given */
	int64_t registered, changed, expires;
	const char *related; /* the registrar's answer for the same object: a URL */
	/* both */
	unsigned status; /* enum rdap_status */
	size_t n_status;
	const char *const *statuses; /* the words */
	size_t n_entities;
	const struct rdap_entity *entities; /* an object's own before those inside them */
	const char *described;              /* first line of a remark, where some registries say who it is */
	bool redacted;                      /* something private was left out */
	bool truncated;                     /* the answer is cut short, by its own words */
};

/* An error answer (RFC 9083 6) is MP_EPARSE as well, with its title as the reason. */
int rdap_parse(struct mp_arena *a, struct mp_str body, struct rdap_object *out, struct mp_err *err);

/*
 * A list or an answer for the public: the same of another subject (the text of an address, or a domain), and of all names
 * the registrar's alone. A small document of this program's own; NULL: `body` is neither.
 */
char *rdap_redacted(struct mp_arena *a, struct mp_str body, const char *subject);

/* Does the answer speak of this address? One without both ends says nothing against it. */
bool rdap_covers(const struct rdap_object *o, const struct mp_ip *ip);
/* The holder in words: the registrant, else what else names one; NULL when nothing does. */
const char *rdap_holder(const struct rdap_object *o);
/* The first entity with one of these roles (and a mail address, if asked for), outermost first. NULL: none. */
const struct rdap_entity *rdap_contact(const struct rdap_object *o, unsigned roles, bool with_email);

#endif
