/*
 * probe/redact.h - a report's evidence with the sender's own names, addresses and local parts replaced
 *
 * For public tickets. What is replaced is the evidence, in every text of it, and the judges judge it again: so the
 * redacted report is whole, replays as any other does, and no form of it can hold what the evidence does not. The same
 * thing is replaced by the same thing everywhere, and what the judgement rests on is kept:
 *
 *   addresses   to the documentation ranges 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 (then 198.18.0.0/15) and
 *               2001:db8::/32 (then 3fff::/20); private ones to private ones; loopback stays. The last octet of an IPv4
 *               address stays, so that ranges, RFC 2317 zones and name patterns still read. An SPF range goes to one
 *               that contains the same of them. Reverse names, names that spell an address, and look-ups at lists follow.
 *   domains     their first label to "example", "example2", ...; the suffix stays. One that is a typing error away from
 *               another stays so.
 *   host names  labels that say what a host is ("mail", "mx1", "vps123") stay, others become "host1", ...
 *   local parts "user1", ...; roles (postmaster, abuse) stay
 *   messages    that were sent: subjects and the names of people are emptied, but for those of our own text
 *
 * Own are: the sources and what receivers saw of them, EHLO name, host names, sender domains and PTR names, the addresses
 * of all names below them, and what their SPF records list. Receivers, resolvers on public addresses and providers stay.
 * TXT records of own names that are no mail policy are emptied, paths in arguments too.
 *
 * Owns:   the result is a new reference.
 * Fails:  never: text in which nothing is found stays as it is.
 * Uses:   no I/O, no clock.
 * RFC:    5737, 3849, 9637, 2544 (documentation and benchmark ranges), 6761.
 */
#ifndef MP_REDACT_H
#define MP_REDACT_H

#include "base/json.h"

/* The evidence of a received message is the message. */
#define MP_NO_REDACTED_MESSAGE "a message cannot be redacted: its signatures are for the very text; leave --redact out"

/* `evidence`: the member of a report, its case included. */
json_t *mp_redact(const json_t *evidence);

/*
 * What was judged otherwise for the redaction, one line each (a check's id and subject, a finding's, the verdict): where a
 * judgement needs the very text that was replaced. Returns how many.
 */
size_t mp_redact_changed(const json_t *report, const json_t *redacted, struct mp_buf *lines);

#endif
