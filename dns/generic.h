/*
 * dns/generic.h - is a host name one that a provider generated, or one that somebody chose?
 *
 * Receivers distrust mail from hosts whose PTR name was made by a provider's script: such hosts are mostly somebody's
 * DSL line or a server nobody looks after. The judgement goes by labels, by the words in them, and by the address's own
 * digits; never by substrings ("liverpool" is no pool). What lies in the registered domain itself is its owner's name
 * and says nothing, save where it holds the address.
 *
 * Owns:   the reason's text, in the arena given.
 * Fails:  never: what matches no rule was chosen.
 * Uses:   no I/O, no clock. Fuzzed by tests/fuzz/fuzz_dns_generic.c.
 */
#ifndef DNS_GENERIC_H
#define DNS_GENERIC_H

#include "base/arena.h"
#include "base/ip.h"

struct dns_generic {
	const char *pattern; /* which rule: one word, stable */
	const char *reason;  /* "the name spells the address 203.0.113.10 in reversed octets" */
	bool owners;         /* in a domain of one's own it is an owner's name as well: host11, server2 */
};

/*
 * True when `name` (presentation form) is a generated name of `ip`. Rules, in this order; the first that matches names
 * the reason:
 *   address        the whole address is spelled: octets in any order, padded, hexadecimal, one number, nibbles, groups
 *   address-part   the registered domain holds part of the address
 *   placeholder    "no-reverse-dns", "unassigned", "hosted-by"
 *   provider       under a domain that holds nothing but default names
 * and, unless the words of the name say mail:
 *   access         a word of access networks: dsl, dyn, pool, cpe, static ...
 *   default        what a fresh system is called: ubuntu-2gb-fra1-1
 *   other-address  another address is spelled
 *   numbered       a hosting product and its number: vps123, server25
 *   address-part   part of the address
 *   serial         a serial number, a hexadecimal id, a bare number
 */
bool dns_generic_name(struct mp_arena *a, const char *name, const struct mp_ip *ip, struct dns_generic *out);

#endif
