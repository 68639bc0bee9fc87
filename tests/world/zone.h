/*
 * tests/world/zone.h - zone text, and what a name server of the world says from it
 *
 * One line is one record, one behaviour, or one flag; `;` starts a comment:
 *
 *     example.com.        3600  SOA  ns1.example.com hostmaster.example.com 1 7200 3600 1209600 300
 *     mail.example.com          A    127.0.0.10          ; TTL 3600 where none is given
 *     example.com               TXT  "v=spf1 " "-all"    ; \" \\ \DDD inside the quotes
 *     odd.example.com           TYPE65 \# 3 010203       ; any type, any bytes (RFC 3597)
 *     slow.example.com          !SLOW 300                ; a behaviour of the name
 *     old.example.com     600 A !NXDOMAIN                ; ... for one type, with a TTL
 *     *.bad.example             !SERVFAIL                ; ... of bad.example and everything below it
 *     *.example.com             A 127.0.0.11             ; a DNS wildcard (RFC 4592): below example.com only
 *     @resolver  x.example 120  PTR old.example.com      ; only what resolvers say (RD set)
 *     @authority x.example      PTR new.example.com      ; only what the zone's own servers say (RD clear)
 *     @receiver  x.example      !NXDOMAIN                ; only what the world's receivers are told; else as @resolver
 *     @127.0.0.9 x.example      !TIMEOUT                 ; only what the server at that address says
 *     @ad example.com                                    ; answers at and below carry AD (resolvers only)
 *
 * Names are absolute, with or without a last dot. A prefixed RRset replaces the unprefixed one of the same name and
 * type; a behaviour comes before records, the more special behaviour before the more general.
 *
 * Behaviours: !SERVFAIL, !REFUSED, !RCODE n; !NXDOMAIN and !NODATA (with the SOA of the zone, whose TTL the line may
 * give); !TIMEOUT (no answer), !LOSE n (none to the first n questions), !SLOW ms, !TRUNCATE (TC over UDP), !MALFORMED;
 * !ANSWER (as the records say: an exception from a more general behaviour).
 *
 * A zone is what is under a SOA line. In it: CNAMEs are followed; empty non-terminals have no data; other names do not
 * exist. NS records without a SOA below a zone's apex are a delegation to nowhere: the authority refers, resolvers say
 * SERVFAIL. Under no SOA: REFUSED.
 *
 * Owns:   nothing; all lives in the arena given.
 * Fails:  parsing fails with the line's number.
 * Uses:   no I/O, no clock.
 * RFC:    1035, 2308, 3597, 4592, 6604, 6891.
 */
#ifndef WORLD_ZONE_H
#define WORLD_ZONE_H

#include "dns/dns.h"

struct world_zone;

/* Who is asked: it decides which of the prefixed lines are heard. */
enum world_view { WORLD_RESOLVER, WORLD_AUTHORITY, WORLD_RECEIVER };

/* NULL with `err` when a line is malformed. */
struct world_zone *world_zone_parse(struct mp_arena *a, const char *text, struct mp_err *err);

/* From now on say what `by` says: what was wrong has been mended. Both live in arenas that outlive `z`. */
void world_zone_become(struct world_zone *z, const struct world_zone *by);

/*
 * The answer as the observer would put it into the evidence: from an authority when q->norecurse, else from a resolver.
 * Never NULL. took_ms is that of !SLOW; !LOSE is not seen here.
 */
const struct dns_answer *world_zone_answer(
	const struct world_zone *z, const struct dns_question *q, struct mp_arena *a);
/* The same as seen by `view`. */
const struct dns_answer *world_zone_answer_to(
	const struct world_zone *z, enum world_view view, const struct dns_question *q, struct mp_arena *a);

/*
 * Answer all DNS questions that are wanted, until none is. Returns the next wanted question of another kind, for the
 * caller to answer, or NULL. (In zone_feed.c: needs libdns.)
 */
struct mp_evidence;
struct mp_question *world_zone_feed(const struct world_zone *z, struct mp_evidence *ev);

/* What a server does with a query message. */
struct world_dns_reply {
	const uint8_t *p; /* NULL: no answer at all */
	size_t n;
	uint32_t delay_ms;
	uint32_t lose;  /* answer only after so many times; the caller counts */
	char name[256]; /* the question in short, for counting and logs; "" when the query had none */
	uint16_t type;
};

/* `server`: the address that the query was sent to, NULL when it does not matter. The message lives in the arena. */
struct world_dns_reply world_zone_reply(
	const struct world_zone *z, struct mp_str query, const struct mp_ip *server, bool tcp, struct mp_arena *a);

#endif
