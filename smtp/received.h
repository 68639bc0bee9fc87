/*
 * smtp/received.h - Received: one hop of a message, as Postfix, Exim, Sendmail, qmail, Exchange, Gmail and their kin write it
 *
 *     Postfix, Sendmail, Gmail   from HELO (RDNS [IP]) by HOST with ...; DATE
 *     Exim                       from RDNS ([IP] helo=HELO) by HOST ...       from [IP] (helo=HELO) by HOST ...
 *     qmail, Yahoo               from RDNS (HELO NAME) (IP) by HOST ...       from IP (EHLO HELO) by HOST ...
 *     Exchange                   from HELO (IP) by HOST (IP) with ...
 *
 * Owns:   nothing; results live in the arena given, all texts are safe to show.
 * Fails:  never; what a field does not tell is NULL.
 * Uses:   no I/O, no clock.
 * RFC:    5321 4.4.
 */
#ifndef SMTP_RECEIVED_H
#define SMTP_RECEIVED_H

#include "base/ip.h"
#include "smtp/header.h"

struct smtp_hop {
	const char *helo, *rdns;   /* as the client announced itself, and as its address resolved; lower case */
	struct mp_ip ip;           /* of the client; MP_IPNONE: not told */
	const char *by;            /* lower case */
	const char *with;          /* "ESMTPS" */
	const char *id, *to;       /* to: behind "for" */
	const char *envelope_from; /* Exim and others note it; "" is the null sender */
	bool dated;
	int64_t at_ms;
	int zone_min;
};

void smtp_received_read(struct mp_arena *a, struct mp_str value, struct smtp_hop *out);

#endif
