/*
 * tests/world/pki.h - the world's certificate authority, made anew at each start
 *
 * Owns:   world_pki_new() gives keys and CA; contexts are the caller's.
 * Fails:  NULL or MP_ETLS with OpenSSL's word.
 * Uses:   OpenSSL, the wall clock (validity of certificates). No network.
 */
#ifndef WORLD_PKI_H
#define WORLD_PKI_H

#include "base/base.h"

/* What a receiver shows. */
enum world_cert {
	WORLD_CERT_VALID, /* by the world's CA, for the host's name, now */
	WORLD_CERT_SELF_SIGNED,
	WORLD_CERT_EXPIRED,
	WORLD_CERT_NOT_YET,
	WORLD_CERT_WRONG_NAME,
	WORLD_CERT_UNKNOWN_CA, /* by an authority that nobody has heard of */
	WORLD_CERT_HUGE,       /* valid, and of 1 MiB */
};

struct ssl_ctx_st; /* SSL_CTX */
struct world_pki;

struct world_pki *world_pki_new(struct mp_err *err);
void world_pki_free(struct world_pki *p); /* NULL is fine */
/* The CA's certificate, PEM, into a new file of the temporary directory. `path_out` is the caller's to unlink and free. */
int world_pki_ca_file(const struct world_pki *p, char **path_out, struct mp_err *err);
/* What a TLSA record "3 1 1" says of the receivers' key, which all of them share: SHA-256, in hex. */
void world_pki_spki(const struct world_pki *p, char hex[static 65]);
/*
 * A server's context. Versions as OpenSSL numbers them (TLS1_2_VERSION), 0: its own bounds. Below 1.2 the security
 * level is lowered, for otherwise OpenSSL refuses.
 */
struct ssl_ctx_st *world_pki_context(const struct world_pki *p, const char *host, enum world_cert cert, int min_version,
	int max_version, struct mp_err *err);

#endif
