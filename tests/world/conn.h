/*
 * tests/world/conn.h - listening, and one accepted connection: bytes in and out, TLS when told, one timer, an orderly or
 * a rude end
 *
 * Owns:   its socket, timer, TLS state; frees itself when all is closed, after on_gone.
 * Fails:  listening: MP_EINVAL, MP_ENET. A connection never; what breaks ends it, and on_gone tells.
 * Uses:   network, the loop's thread, OpenSSL over memory BIOs (what the peer sends behind STARTTLS stays visible).
 */
#ifndef WORLD_CONN_H
#define WORLD_CONN_H

#include "base/ip.h"

struct uv_loop_s;
struct uv_stream_s;
struct uv_tcp_s;
struct ssl_ctx_st;
struct world_conn;

/*
 * Listen at a loopback address. `port`: 0 for one of the kernel's choice; then it says which. NULL with `err`, whose text
 * begins with `cannot`; err->sys is libuv's.
 */
struct uv_tcp_s *world_listen(struct uv_loop_s *loop, const struct mp_ip *address, uint16_t *port,
	void (*on_connection)(struct uv_stream_s *listener, int status), void *user, const char *cannot,
	struct mp_err *err);
void world_listen_stop(struct uv_tcp_s *listener); /* NULL is fine; it is freed when closed */

struct world_conn_ops {
	void (*on_bytes)(void *user, struct mp_str bytes); /* in the clear, as TLS gave them where it is on */
	void (*on_tls)(void *user);                        /* the handshake is done */
	void (*on_timer)(void *user);
	void (*on_drained)(void *user); /* all that was said is with the system */
	void (*on_gone)(void *user);    /* the connection is closed; do not use it again */
};

struct world_conn *world_conn_accept(struct uv_stream_s *listener, const struct world_conn_ops *ops, void *user);
void world_conn_peer(const struct world_conn *c, struct mp_ip *out);
bool world_conn_tls(const struct world_conn *c); /* TLS is on */
/* It is ending here, or the peer has closed its side, whether or not that was read yet. */
bool world_conn_over(const struct world_conn *c);
/* How often the peer sent something after it was sent something, those of the TLS handshake included. */
size_t world_conn_turns(const struct world_conn *c);
/* Keep for sending; world_conn_flush() sends all of it at once. */
void world_conn_say(struct world_conn *c, const void *p, size_t n);
void world_conn_flush(struct world_conn *c);
/* Bytes that wait to be taken by the peer. */
size_t world_conn_queued(const struct world_conn *c);
/* Bytes that go out as they are, past TLS where it is on. */
void world_conn_say_raw(struct world_conn *c, const void *p, size_t n);
void world_conn_renegotiate(struct world_conn *c); /* TLS up to 1.2 */
void world_conn_start_tls(struct world_conn *c, struct ssl_ctx_st *ctx);
void world_conn_wait(struct world_conn *c, unsigned ms); /* then on_timer */
/* Send what waits, then FIN; the peer has a second to close, so that no RST overtakes the last reply. */
void world_conn_end(struct world_conn *c);
void world_conn_reset(struct world_conn *c); /* RST at once */
void world_conn_close(struct world_conn *c); /* close at once */

#endif
