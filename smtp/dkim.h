/*
 * smtp/dkim.h - DKIM signatures, and the two kinds of ARC that are made like them: read, hashed, verified, made
 *
 * Verifying a signature (RFC 6376 6.1):
 *   1. smtp_sig_read(): the tags. What no verifier can use has a fault.
 *   2. The key, which is the caller's to look up: this room does not know the DNS.
 *   3. The body hash, made while the message was read (smtp/mail.h), is bh; the header hash below is what b signs.
 *
 * Owns:   nothing; results live in the arena given, views point into the header.
 * Fails:  never for signatures: their faults are in words.
 * Uses:   smtp/sign.h. No I/O; the time of signing is given.
 * RFC:    6376, 8301 (no SHA-1), 8463 (Ed25519), 8617 4.1 (the fields of ARC).
 */
#ifndef SMTP_DKIM_H
#define SMTP_DKIM_H

#include "smtp/canon.h"
#include "smtp/sign.h"

enum smtp_sig_kind {
	SMTP_SIG_DKIM,
	SMTP_SIG_ARC_MESSAGE,
	SMTP_SIG_ARC_SEAL,
};

enum smtp_sig_trouble {
	SMTP_SIG_GOOD,
	SMTP_SIG_MALFORMED, /* its text is not what the grammar wants */
	SMTP_SIG_UNUSABLE,  /* it is well formed, and no verifier may accept it */
};

enum { SMTP_SIG_NAMES = 256 }; /* in h */

struct smtp_sig {
	enum smtp_sig_kind kind;
	enum smtp_sig_trouble trouble;
	const char *fault;             /* "has no tag bh", to stand behind "the signature"; NULL: none */
	const char *domain, *selector; /* safe to show; NULL where it does not tell */
	const char *algorithm;         /* the same */
	bool ed25519;
	enum smtp_canon header, body;
	const char *identity; /* the domain of i=, lower case; that of d= without one. Of DKIM alone. */
	unsigned instance;    /* i of ARC; 0: not told */
	const char *cv;       /* of a seal */
	bool has_length;
	uint64_t length;          /* l */
	int64_t signed_s, ends_s; /* t, x; -1: not there */
	size_t n_names;
	struct mp_str *names; /* h */
	struct mp_bytes signature, body_hash;
};

/* `f`: a DKIM-Signature, ARC-Message-Signature or ARC-Seal field. */
void smtp_sig_read(struct mp_arena *a, enum smtp_sig_kind kind, const struct smtp_field *f, struct smtp_sig *out);

/*
 * The fields that h names, in its order: the last of that name, then the one above it, and so on; NULL where there is
 * none any more. `out` has room for s->n_names.
 */
void smtp_sig_fields(const struct smtp_header *h, const struct smtp_sig *s, const struct smtp_field **out);

/* What b signs: `fields` (NULL ones are skipped) in the form `how`, then the signature's own field. */
void smtp_sig_hash(enum smtp_canon how, const struct smtp_field *const *fields, size_t n, const struct smtp_field *own,
	uint8_t out[static SMTP_HASH]);

/* True when b is good for the header as it is. */
bool smtp_sig_verify(const struct smtp_header *h, const struct smtp_field *own, const struct smtp_sig *s,
	const struct smtp_public *key);

/* ---- signing */

struct smtp_signer {
	const char *domain, *selector;
	const struct smtp_private *key;
	enum smtp_canon header, body;
	int64_t now_s; /* t */
};

/*
 * A DKIM-Signature field, with its CRLF, to stand before the message. `header` and `body` have CRLF line ends. All fields
 * that say something to the reader are signed, From once more than it is there; never a part of the body alone (l=).
 */
char *smtp_dkim_sign(struct mp_arena *a, const struct smtp_signer *s, struct mp_str header, struct mp_str body);

/* The same as the ARC-Message-Signature of an instance. */
char *smtp_arc_message(
	struct mp_arena *a, const struct smtp_signer *s, size_t instance, struct mp_str header, struct mp_str body);

/* A signature in base64, in lines that no relay finds too long. */
char *smtp_sign_folded(struct mp_arena *a, const struct smtp_private *k, const uint8_t hash[static SMTP_HASH]);

#endif
