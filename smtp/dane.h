/*
 * smtp/dane.h - one TLSA record against the chain that a server sent
 *
 * Owns:   texts live in the arena given.
 * Fails:  never; what does not fit is told apart.
 * Uses:   no I/O, no clock: validity is judged against the time given. OpenSSL's certificates. Fuzzed.
 * RFC:    6698 2, 7671 5, 7672 3.1 (usages 2 and 3; no name and no time for 3) and 3.2 (names for 2).
 */
#ifndef SMTP_DANE_H
#define SMTP_DANE_H

#include "smtp/session.h"

struct smtp_tlsa {
	uint8_t usage, selector, matching;
	const uint8_t *p;
	size_t n;
};

enum smtp_dane_fit {
	SMTP_DANE_MATCHES,
	SMTP_DANE_DIFFERS,  /* nothing of the chain is what it says */
	SMTP_DANE_NO_PATH,  /* 2: the trust anchor fits, but no valid chain leads to it */
	SMTP_DANE_NAME,     /* 2: chain right, but none of the names */
	SMTP_DANE_UNUSABLE, /* its data is no certificate or key */
	SMTP_DANE_NO_CHAIN, /* the record of the session does not hold the chain */
};

/*
 * Judge a record whose parameters are usable (usage 2 or 3, selector 0 or 1, matching 0 to 2). `names`: those that the
 * certificate may be for, with usage 2. *why (one line, or NULL): for NO_PATH, NAME and UNUSABLE.
 */
enum smtp_dane_fit smtp_dane_try(struct mp_arena *a, const struct smtp_tls *t, const struct smtp_tlsa *r,
	const char *const *names, size_t n_names, int64_t now_ms, const char **why);

#endif
