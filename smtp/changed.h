/*
 * smtp/changed.h - which change of the header broke a signature, as far as can be told
 *
 * A signature is good for one header only. Changes that relays and lists are known to make are taken back, one at a time
 * and a prefix of the subject together with one other; the header for which the signature is good again tells what
 * happened. At most SMTP_CHANGED_TRIES are tried.
 *
 * Owns:   nothing; results live in the arena given.
 * Fails:  never: NULL when no change that is known explains it.
 * Uses:   smtp/sign.h. No I/O, no clock.
 * RFC:    6376 3.7, 5.4.2.
 */
#ifndef SMTP_CHANGED_H
#define SMTP_CHANGED_H

#include "smtp/dkim.h"

enum { SMTP_CHANGED_TRIES = 600 };

struct smtp_changed {
	const char *field; /* its name, as it is written */
	const char *words; /* a whole sentence */
};

/* `s` is not good for `h`. False: nothing that is known. */
bool smtp_sig_changed(struct mp_arena *a, const struct smtp_header *h, const struct smtp_field *own,
	const struct smtp_sig *s, const struct smtp_public *key, struct smtp_changed *out);

#endif
