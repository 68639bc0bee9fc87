/*
 * dns/tlsa.h - TLSA records as SMTP uses them: which can be used, which are passed over, how they are written
 *
 * Owns:   texts live in the arena given.
 * Fails:  never; a record that cannot be used has a reason.
 * Uses:   no I/O, no clock.
 * RFC:    6698 2, 7671 4 and 9 (digest agility), 7672 3.1.
 */
#ifndef DNS_TLSA_H
#define DNS_TLSA_H

#include "dns/dns.h"

enum { DNS_TLSA_MAX = 64 }; /* records of one name that are looked at */

/* Why the record cannot be used for SMTP, to stand behind "it"; NULL: it can. Whether its data is a key is not looked at. */
const char *dns_tlsa_fault(struct mp_arena *a, const struct dns_rr *rr);

/*
 * RFC 7671 9: of digests over the same thing (usage and selector) the strongest counts alone, whole data always. True
 * when the answer has a usable record that is stronger than its record number `i`.
 */
bool dns_tlsa_passed_over(const struct dns_answer *answer, size_t i);

/* "3 1 1 0a1b2c..."; of data over 64 bytes the rest is counted. */
const char *dns_tlsa_text(struct mp_arena *a, const struct dns_rr *rr);

#endif
