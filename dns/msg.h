/*
 * dns/msg.h - DNS messages: a query out of a question, an answer out of bytes
 *
 * Owns:   nothing; what an answer points to is copied into the arena given.
 * Fails:  a query cannot be built for an impossible name; a reply that breaks the protocol is DNS_MALFORMED with a detail.
 * Uses:   no I/O, no clock. Fuzzed by tests/fuzz/fuzz_dns_msg.c.
 * RFC:    1035 4.1 (messages, compression), 2308 2 (negative answers), 6891 6.1 (OPT), 8914 (extended errors).
 */
#ifndef DNS_MSG_H
#define DNS_MSG_H

#include "dns/dns.h"

enum {
	DNS_NAME_WIRE = 255,                         /* RFC 1035 2.3.4, the root's empty label included */
	DNS_NAME_TEXT = 1024,                        /* room for the text of any name, every byte as \DDD, and a NUL */
	DNS_OPT_SIZE = 11,                           /* our OPT record: last in the query, without options */
	DNS_QUERY_MAX = 12 + 255 + 4 + DNS_OPT_SIZE, /* the longest query we build */
	DNS_UDP_SIZE = 1232,                         /* no fragments on any usual path */
	DNS_CHAIN_MAX = 16,                          /* CNAMEs followed inside one answer */
	DNS_RR_MAX = 4096,                           /* records in one message */
	DNS_RDATA_MAX = 65535,
};

enum dns_rcode {
	DNS_RCODE_NOERROR = 0,
	DNS_RCODE_FORMERR = 1,
	DNS_RCODE_SERVFAIL = 2,
	DNS_RCODE_NXDOMAIN = 3,
	DNS_RCODE_NOTIMP = 4,
	DNS_RCODE_REFUSED = 5,
	DNS_RCODE_BADVERS = 16,
	DNS_RCODE_MAX = 4095, /* 4 bits of the header, 8 of the OPT record */
};

/* Text to wire form, case kept. The number of bytes, or 0 when `name` is no possible DNS name. */
size_t dns_name_to_wire(const char *name, uint8_t out[static DNS_NAME_WIRE]);
/* The one text form of a wire name (uncompressed, valid), case kept; returns `out`. */
char *dns_name_from_wire(const uint8_t *wire, char out[static DNS_NAME_TEXT]);

/*
 * A query of one question: AD bit set, RD unless `norecurse`; with `edns` an OPT record (DO set, DNS_UDP_SIZE).
 * Returns its length, or 0 when the name is impossible.
 */
size_t dns_query_build(const struct dns_question *q, uint16_t id, bool edns, uint8_t out[static DNS_QUERY_MAX]);

struct dns_reply {
	/*
	 * Without server, times and tcp, which the message does not tell. `detail` is what is malformed, or the server's
	 * extended error as text, or NULL.
	 */
	struct dns_answer answer;
	bool edns; /* an OPT record was there */
};

/* Read the reply to `q`. The message id is not looked at: whoever received it has matched it. */
void dns_reply_parse(
	struct mp_arena *a, const struct dns_question *q, const uint8_t *msg, size_t n, struct dns_reply *out);

#endif
