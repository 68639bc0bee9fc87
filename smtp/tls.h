/*
 * smtp/tls.h - TLS as a client over memory: bytes in, bytes out, and what the server showed
 *
 * Owns:   a context owns the trust anchors; a connection owns its state until smtp_tls_close().
 * Fails:  the handshake and reading, with smtp_tls_why(): one line in plain words.
 * Uses:   files (trust anchors, at the first certificate to be judged). No network, no clock: validity is judged
 *         against the time given.
 * RFC:    8446, 5246, 3207; 6125 (names), 5280 (chains), 6066 3 (SNI), 7672 (nothing of it here yet).
 *
 * A probe wants to meet old servers and tell of them: TLS 1.0 and weak keys are let through, and the handshake never ends
 * for the certificate's sake. Chain, name and time are judged afterwards, each by itself.
 */
#ifndef SMTP_TLS_H
#define SMTP_TLS_H

#include "smtp/session.h"

enum {
	SMTP_CHAIN_MAX = 10,          /* certificates recorded */
	SMTP_NAMES_MAX = 64,          /* names recorded of one */
	SMTP_CERT_BYTES = 100 * 1024, /* of a certificate message; a larger one fails the handshake */
};

struct smtp_tls_ctx;
struct smtp_tls_conn;

/* `ca_file`: extra trust anchors (PEM), or NULL. Light: the library is not touched before it is needed. */
struct smtp_tls_ctx *smtp_tls_ctx_new(const char *ca_file, int64_t now_ms);
void smtp_tls_ctx_free(struct smtp_tls_ctx *ctx); /* NULL is fine; after its connections */
/* Do now what the first connection would wait for. */
void smtp_tls_prepare(struct smtp_tls_ctx *ctx);

/* `host`: the server's name, for SNI; an address's text for none. NULL when the library cannot. */
struct smtp_tls_conn *smtp_tls_open(struct smtp_tls_ctx *ctx, const char *host);
void smtp_tls_close(struct smtp_tls_conn *c); /* NULL is fine */

/* After each call that follows, send what smtp_tls_out() has, failures included: it may be an alert. */
void smtp_tls_in(struct smtp_tls_conn *c, struct mp_str bytes); /* bytes from the server */
/* Bytes for the server, alive until the next call; take them off with smtp_tls_sent(). */
struct mp_str smtp_tls_out(struct smtp_tls_conn *c);
void smtp_tls_sent(struct smtp_tls_conn *c);

/* 1: done; 0: needs bytes; -1: failed. */
int smtp_tls_handshake(struct smtp_tls_conn *c);
/* > 0: bytes read; 0: needs bytes; -1: the server ended TLS (close_notify); -2: failed. */
int smtp_tls_read(struct smtp_tls_conn *c, char *buf, size_t size);
bool smtp_tls_write(struct smtp_tls_conn *c, struct mp_str bytes);
void smtp_tls_goodbye(struct smtp_tls_conn *c); /* close_notify */
const char *smtp_tls_why(const struct smtp_tls_conn *c);

/*
 * What was agreed on and shown, judged. After the handshake. Lives in the arena, which must outlive the connection: a
 * ticket that comes later is noted in it.
 */
struct smtp_tls *smtp_tls_describe(struct smtp_tls_conn *c, struct mp_arena *a);

/*
 * The same judgement for another library's connections on the same OpenSSL: `ssl_ctx` is its SSL_CTX. What is wrong with
 * a server's certificates is noted, in words that live in `a`, and ends the handshake. `g` outlives the context.
 */
struct smtp_tls_guard {
	struct smtp_tls_ctx *ctx;
	const char *host; /* the name that the leaf must cover, or an address's text */
	struct mp_arena *a;
	const char *chain_error, *name_error, *time_error; /* NULL: good */
};
void smtp_tls_guard(struct smtp_tls_guard *g, void *ssl_ctx);

#endif
