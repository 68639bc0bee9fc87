/*
 * dns/dkim_key.h - DKIM key records: what they say, what is wrong with them, and whose private key belongs to them
 *
 * Owns:   results live in the arena given; a private key never leaves dns_dkim_public_of_pem().
 * Fails:  never for records: what no verifier can use has a fault in words. Private keys: MP_EPARSE with the reason.
 * Uses:   libcrypto. No I/O, no clock.
 * RFC:    6376 3.6.1 (record), 8301 (no SHA-1, RSA sizes), 8463 (Ed25519), 8410 and 8017 (forms of keys).
 */
#ifndef DNS_DKIM_KEY_H
#define DNS_DKIM_KEY_H

#include "dns/dns.h"

enum dns_dkim_type { DNS_DKIM_UNKNOWN, DNS_DKIM_RSA, DNS_DKIM_ED25519 };

struct dns_dkim_key {
	const char *text;  /* the record, safe to show */
	const char *fault; /* why verifiers cannot use it: "has no tag p", to stand behind "the record"; NULL: usable */
	const char *hint;  /* what probably happened, a whole sentence; or NULL */
	bool revoked;      /* p is empty: a fault of its own kind */
	bool private_key;  /* the secret half was published */
	enum dns_dkim_type type; /* by k */
	unsigned bits;           /* of the RSA modulus; 256 for Ed25519; 0: the key could not be read */
	const char *hash;        /* h as it is written; NULL: any */
	bool testing, strict;    /* t=y, t=s */
	const char *notes;       /* n, or NULL */
	const char *remark;      /* what is odd and does no harm, a whole sentence; or NULL */
	const char *
		public_key; /* SubjectPublicKeyInfo in base64, the form of dns_dkim_public_of_pem(); NULL: not readable */
	const char *p_wanted; /* what p should hold where the form alone is wrong; or NULL */
};

/* False: the bytes are no key record at all (nothing of the form p=...): SPF text of a wildcard, and the like. */
bool dns_dkim_key_parse(struct mp_arena *a, struct mp_str record, struct dns_dkim_key *out);

/* "<selector>._domainkey.<domain>" */
char *dns_dkim_key_name(struct mp_arena *a, const char *selector, const char *domain);

const char *dns_dkim_type_name(enum dns_dkim_type t); /* "rsa", "ed25519", "unknown" */

/*
 * The public half of a private key in PEM (PKCS#1, PKCS#8; RSA or Ed25519), as SubjectPublicKeyInfo in base64. Never asks
 * for a passphrase. MP_OK, or MP_EPARSE with what the text is instead.
 */
int dns_dkim_public_of_pem(struct mp_arena *a, struct mp_str pem, const char **out, struct mp_err *err);

/* Type and size of a key in that form: of a saved case. Zeroes when it is none. */
enum dns_dkim_type dns_dkim_public_type(const char *public_key, unsigned *bits);

/* The record to publish for a key in that form; NULL when it is none. */
char *dns_dkim_record_of(struct mp_arena *a, const char *public_key);

#endif
