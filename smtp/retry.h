/*
 * smtp/retry.h - when a server that puts mail off wants us to come back
 *
 * Owns:   nothing.
 * Fails:  false where the reply names no time.
 * Uses:   no I/O, no clock, no allocation.
 * RFC:    5321 4.2.1 (4yz), 4.5.4.1 (sending strategy); 6647 (greylisting). The words are no standard.
 */
#ifndef SMTP_RETRY_H
#define SMTP_RETRY_H

#include "smtp/session.h"

enum { SMTP_RETRY_MAX_S = 86400 };

/*
 * "try again in 300 seconds", "Greylisted for 5 minutes", "come back in 00:04:59", "retry in 1h 30min": the time in
 * seconds, 1 to SMTP_RETRY_MAX_S. A span that only measures a limit ("10 messages per 60 seconds") is none.
 */
bool smtp_retry_after(struct mp_str text, uint32_t *seconds);

/* The same of all lines of a reply: the first that names one. */
bool smtp_reply_retry_after(const struct smtp_reply *r, uint32_t *seconds);

#endif
