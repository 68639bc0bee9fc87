/*
 * smtp/arc.h - the ARC sets of a message: what is wrong with their structure, and what their seals sign
 *
 * Validating a chain (RFC 8617 5.2): smtp_arc_read() does steps 1 to 3. The caller looks up the keys and then verifies the
 * newest ARC-Message-Signature (smtp/dkim.h) and every seal (smtp_arc_seal_hash()).
 *
 * Owns:   nothing; results live in the arena given, views point into the header.
 * Fails:  never: a broken structure is a fault in words.
 * Uses:   smtp/sign.h. No I/O, no clock.
 * RFC:    8617.
 */
#ifndef SMTP_ARC_H
#define SMTP_ARC_H

#include "smtp/dkim.h"

enum { SMTP_ARC_SETS = 50 };

struct smtp_arc_set {
	const struct smtp_field *results, *message, *seal; /* all three, unless the chain has a fault */
	size_t message_at;                                 /* index of `message` in the header */
	struct smtp_sig message_sig, seal_sig;
};

struct smtp_arc {
	size_t n; /* sets: the highest instance seen; 0: none */
	struct smtp_arc_set *set;
	const char *fault; /* "has two ARC-Seal fields of instance 2", to stand behind "the chain"; NULL: none */
};

void smtp_arc_read(struct mp_arena *a, const struct smtp_header *h, struct smtp_arc *out);

/* What the seal of instance `i` (from 1) signs. The structure up to it is sound. */
void smtp_arc_seal_hash(const struct smtp_arc *arc, size_t i, uint8_t out[static SMTP_HASH]);

/* ---- sealing, as a mailing list does */

/*
 * The fields of one more set, to stand before the message. `results`: what stands behind "i=N;" in the set's
 * ARC-Authentication-Results; `cv`: "none", "pass" or "fail".
 */
char *smtp_arc_seal(struct mp_arena *a, const struct smtp_signer *s, const char *results, const char *cv,
	struct mp_str header, struct mp_str body);

#endif
