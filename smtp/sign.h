/*
 * smtp/sign.h - SHA-256 of a stream, and signatures over such hashes: RSA (PKCS#1 1.5) and Ed25519
 *
 * Both kinds sign the 32 bytes of a SHA-256: RSA as RFC 8017 has it, Ed25519 takes them as its message (RFC 8463 3).
 *
 * Owns:   its handles, until they are freed (NULL is fine). A private key never leaves its handle.
 * Fails:  MP_EPARSE for keys, with what the text is instead; hashing and verifying cannot.
 * Uses:   libcrypto. No I/O, no clock.
 * RFC:    8017, 8032, 8410, 8463.
 */
#ifndef SMTP_SIGN_H
#define SMTP_SIGN_H

#include "base/base64.h"

enum { SMTP_HASH = 32 };

struct smtp_hash;

struct smtp_hash *smtp_hash_new(void);
void smtp_hash_free(struct smtp_hash *h);
void smtp_hash_add(struct smtp_hash *h, struct mp_str bytes);
/* The hash of what was added so far and of `then`, which is not added. */
void smtp_hash_now(struct smtp_hash *h, struct mp_str then, uint8_t out[static SMTP_HASH]);
void smtp_sha256(struct mp_str bytes, uint8_t out[static SMTP_HASH]);

/* ---- verifying */

struct smtp_public;

/* From SubjectPublicKeyInfo in base64 (dns/dkim_key.h); NULL when it is none of RSA or Ed25519. */
struct smtp_public *smtp_public_new(const char *spki);
void smtp_public_free(struct smtp_public *k);
bool smtp_public_is_rsa(const struct smtp_public *k);
bool smtp_verify(const struct smtp_public *k, const uint8_t hash[static SMTP_HASH], struct mp_bytes signature);

/* ---- signing */

struct smtp_private;

/* From PEM (PKCS#1, PKCS#8). Never asks for a passphrase. */
struct smtp_private *smtp_private_new(struct mp_str pem, struct mp_err *err);
void smtp_private_free(struct smtp_private *k);
bool smtp_private_is_rsa(const struct smtp_private *k);
/* In base64. */
char *smtp_sign(struct mp_arena *a, const struct smtp_private *k, const uint8_t hash[static SMTP_HASH]);

#endif
