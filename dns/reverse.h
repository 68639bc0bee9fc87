/*
 * dns/reverse.h - an address's reverse name: what it is, whether it leads back, what its zone's own servers say
 *
 * Procedure, all possible questions of a step at once:
 *   1. PTR and SOA of the reverse name, at the resolver. The SOA's owner (answer or authority section) is the zone; through
 *      a CNAME (RFC 2317) the zone of the last name.
 *   2. A or AAAA of the PTR names. NS of the zone.
 *   3. A and AAAA of the name servers.
 *   4. PTR of the last name at each name server, without recursion.
 *   5. Only where these say something else than the resolver: A or AAAA of their PTR names.
 *
 * Owns:   nothing; results live in the arena given and borrow from the evidence.
 * Fails:  never; what could not be found out is in the answers' outcomes.
 * Uses:   no I/O, no clock.
 * RFC:    1035 3.5, 1912 2.1, 2308, 2317, 3596.
 */
#ifndef DNS_REVERSE_H
#define DNS_REVERSE_H

#include "dns/dns.h"

enum {
	DNS_REVERSE_FORWARDS =
		10,              /* PTR names that are looked up forward (as many as RFC 7208 4.6.4 lets "ptr" have) */
	DNS_REVERSE_SERVERS = 8, /* name servers that are asked */
};

/* A list of names: canonical, sorted, each once. */
struct dns_names {
	size_t n;
	const char *const *name;
};

struct dns_reverse_name {
	const char *name;
	const struct dns_answer *forward; /* A or AAAA by the address's family; NULL: the root, or one too many */
	bool leads_back;                  /* the address is among its addresses */
};

enum dns_says {
	DNS_SAYS,        /* an authoritative answer */
	DNS_SAYS_LAME,   /* refuses, fails, refers elsewhere, or answers without authority */
	DNS_SAYS_SILENT, /* no answer, or no way there */
	DNS_NO_ADDRESS,  /* its name has no address: it was not asked */
};

struct dns_reverse_server {
	const char *host;
	const char *server;             /* "IP:PORT", NULL without address */
	const struct dns_answer *reply; /* NULL without address */
	enum dns_says says;
	struct dns_names names; /* when DNS_SAYS; empty: no PTR */
};

enum dns_agreement {
	DNS_AGREE,            /* the resolver and every server that answers */
	DNS_RESOLVER_DIFFERS, /* the servers agree among themselves: the resolver has an old answer, or one of its own */
	DNS_SERVERS_DIFFER,   /* among themselves */
	DNS_AUTHORITY_UNKNOWN, /* no server of the zone answers with authority, or the zone could not be found */
	DNS_RESOLVER_UNKNOWN,  /* the servers answer, the resolver could not tell */
};

struct dns_reverse {
	struct mp_ip ip;
	const char *name;                  /* 10.113.0.203.in-addr.arpa */
	const char *last;                  /* the same, or the end of the CNAME chain */
	const struct dns_answer *resolver; /* to PTR */
	struct dns_names resolver_names;
	const char *zone; /* NULL: not found */
	size_t n_servers;
	const struct dns_reverse_server *servers;
	enum dns_agreement agreement;
	struct dns_names authority_names; /* what the servers agree on; empty unless they do */
	/*
	 * What counts: the servers' answer where it is known and the resolver's differs, else the resolver's. `outcome` is
	 * that of the answer that counts; not dns_known(): nothing can be said.
	 */
	bool by_authority;
	enum dns_outcome outcome;
	size_t n_names; /* all; the first DNS_REVERSE_FORWARDS have a forward answer */
	const struct dns_reverse_name *names;
};

/*
 * Ask all that is needed and judge it. False: pending, having asked for everything that can be asked already.
 * `prefer`: the family in which name servers are asked where they have both. `ns_port`: their port, 53 usually.
 */
bool dns_reverse_ask(struct mp_evidence *ev, struct mp_arena *a, const struct mp_ip *ip, uint16_t ns_port,
	enum mp_family prefer, struct dns_reverse *out);

/* The names of an answer to PTR or NS, canonical and sorted. */
struct dns_names dns_names_of(struct mp_arena *a, const struct dns_answer *answer);
bool dns_names_eq(const struct dns_names *x, const struct dns_names *y);

/* True when `ip` is among the addresses of an answer to A or AAAA. */
bool dns_answer_has(const struct dns_answer *answer, const struct mp_ip *ip);

#endif
