/* tests/world/conn.c - see tests/world/conn.h */
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <uv.h>

#include "base/buf.h"
#include "tests/world/conn.h"

enum { LINGER_MS = 1000, OUT_MAX = 4 * 1024 * 1024, CHUNK = 16384, BACKLOG = 128 };

struct world_conn {
	uv_tcp_t tcp;
	uv_timer_t timer;
	const struct world_conn_ops *ops;
	void *user;
	struct mp_buf out;
	SSL *ssl;
	bool handshaking, tls;
	bool ending; /* FIN is on its way: what still comes is not looked at */
	bool closing;
	bool said; /* since the peer sent something */
	size_t turns;
	unsigned open_handles;
	char in[CHUNK];
};

/* ---- listening */

static void on_listener_closed(uv_handle_t *h)
{
	free(h);
}

uv_tcp_t *world_listen(uv_loop_t *loop, const struct mp_ip *address, uint16_t *port,
	void (*on_connection)(uv_stream_t *listener, int status), void *user, const char *cannot, struct mp_err *err)
{
	struct sockaddr_storage addr;
	int size = sizeof(addr), rc;
	char ip[MP_IP_TEXT];
	uv_tcp_t *listener;

	if (mp_ip_kind(address) != MP_IP_LOOPBACK) {
		mp_fail(err, MP_EINVAL, "%s: the world's servers stay on loopback", mp_ip_text(address, ip));
		return NULL;
	}
	listener = mp_xmalloc(sizeof(*listener));
	uv_tcp_init(loop, listener);
	listener->data = user;
	mp_ip_sockaddr(address, *port, &addr);
	rc = uv_tcp_bind(listener, (struct sockaddr *)&addr, address->family == MP_IPV6 ? UV_TCP_IPV6ONLY : 0);
	if (rc == 0)
		rc = uv_listen((uv_stream_t *)listener, BACKLOG, on_connection);
	if (rc == 0)
		rc = uv_tcp_getsockname(listener, (struct sockaddr *)&addr, &size);
	if (rc == 0) {
		mp_ip_from_sockaddr((struct sockaddr *)&addr, &(struct mp_ip){0}, port);
		return listener;
	}
	mp_fail(err, MP_ENET, "%s at %s port %u: %s", cannot, mp_ip_text(address, ip), *port, uv_strerror(rc));
	if (err)
		err->sys = rc;
	world_listen_stop(listener);
	return NULL;
}

void world_listen_stop(uv_tcp_t *listener)
{
	if (listener)
		uv_close((uv_handle_t *)listener, on_listener_closed);
}

/* ---- one connection */

struct write {
	uv_write_t req;
	uv_buf_t buf;
};

static void on_handle_closed(uv_handle_t *h)
{
	struct world_conn *c = h->data;

	if (--c->open_handles > 0)
		return;
	c->ops->on_gone(c->user);
	SSL_free(c->ssl);
	mp_buf_release(&c->out);
	free(c);
}

void world_conn_close(struct world_conn *c)
{
	if (c->closing)
		return;
	c->closing = true;
	uv_close((uv_handle_t *)&c->timer, on_handle_closed);
	uv_close((uv_handle_t *)&c->tcp, on_handle_closed);
}

void world_conn_reset(struct world_conn *c)
{
	if (c->closing)
		return;
	c->closing = true;
	uv_close((uv_handle_t *)&c->timer, on_handle_closed);
	if (uv_tcp_close_reset(&c->tcp, on_handle_closed) < 0)
		uv_close((uv_handle_t *)&c->tcp, on_handle_closed);
}

/* ---- out */

static void on_written(uv_write_t *req, int status)
{
	struct write *w = req->data;
	struct world_conn *c = req->handle->data;

	free(w->buf.base);
	free(w);
	if (status < 0)
		world_conn_close(c);
	else if (!c->closing && !c->ending && world_conn_queued(c) == 0)
		c->ops->on_drained(c->user);
}

/* Takes the bytes of `b`. */
static void send_raw(struct world_conn *c, struct mp_buf *b)
{
	struct write *w;

	if (c->closing || b->n == 0) {
		mp_buf_release(b);
		return;
	}
	c->said = true;
	w = mp_xmalloc(sizeof(*w));
	w->req.data = w;
	w->buf = uv_buf_init(b->p, (unsigned)b->n);
	b->p = NULL;
	mp_buf_release(b);
	if (uv_write(&w->req, (uv_stream_t *)&c->tcp, &w->buf, 1, on_written) < 0) {
		free(w->buf.base);
		free(w);
		world_conn_close(c);
	}
}

/* What TLS wants on the wire; after every call, failures included, for alerts are in it. */
static void send_tls(struct world_conn *c)
{
	struct mp_buf wire = MP_BUF(2 * OUT_MAX);
	char chunk[CHUNK];
	int n;

	while ((n = BIO_read(SSL_get_wbio(c->ssl), chunk, sizeof(chunk))) > 0)
		mp_buf_add(&wire, chunk, (size_t)n);
	send_raw(c, &wire);
}

void world_conn_say(struct world_conn *c, const void *p, size_t n)
{
	mp_buf_add(&c->out, p, n);
}

void world_conn_flush(struct world_conn *c)
{
	if (c->closing || c->out.n == 0)
		return;
	if (c->tls) {
		ERR_clear_error();
		SSL_write(c->ssl, c->out.p, (int)c->out.n);
		mp_buf_reset(&c->out);
		send_tls(c);
	} else {
		struct mp_buf all = c->out;

		c->out = MP_BUF(OUT_MAX);
		send_raw(c, &all);
	}
}

void world_conn_say_raw(struct world_conn *c, const void *p, size_t n)
{
	struct mp_buf all = MP_BUF(OUT_MAX);

	if (c->closing || c->ending)
		return;
	world_conn_flush(c);
	mp_buf_add(&all, p, n);
	send_raw(c, &all);
}

void world_conn_renegotiate(struct world_conn *c)
{
	ERR_clear_error();
	if (c->tls && SSL_renegotiate(c->ssl) == 1)
		SSL_do_handshake(c->ssl);
	ERR_clear_error();
	if (c->tls)
		send_tls(c);
}

size_t world_conn_queued(const struct world_conn *c)
{
	return uv_stream_get_write_queue_size((const uv_stream_t *)&c->tcp);
}

/* ---- in */

static void fed(struct world_conn *c, const char *p, size_t n)
{
	if (!c->ending && !c->closing && n)
		c->ops->on_bytes(c->user, mp_strn(p, n));
}

static void tls_go_on(struct world_conn *c)
{
	char chunk[CHUNK];

	if (c->handshaking) {
		int rc, why;

		ERR_clear_error();
		rc = SSL_do_handshake(c->ssl);
		why = rc == 1 ? SSL_ERROR_NONE : SSL_get_error(c->ssl, rc);
		ERR_clear_error();
		send_tls(c);
		if (why != SSL_ERROR_NONE) {
			if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
				world_conn_end(c);
			return;
		}
		c->handshaking = false;
		c->tls = true;
		c->ops->on_tls(c->user);
	}
	while (!c->closing) {
		int n, why;

		ERR_clear_error();
		n = SSL_read(c->ssl, chunk, sizeof(chunk));
		why = n > 0 ? SSL_ERROR_NONE : SSL_get_error(c->ssl, n);
		ERR_clear_error();
		if (n > 0) {
			fed(c, chunk, (size_t)n);
			continue;
		}
		send_tls(c);
		if (why != SSL_ERROR_WANT_READ && why != SSL_ERROR_WANT_WRITE)
			world_conn_end(c);
		return;
	}
}

static void on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	struct world_conn *c = h->data;

	(void)suggested;
	*buf = uv_buf_init(c->in, sizeof(c->in));
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct world_conn *c = s->data;

	if (n > 0 && c->said) {
		c->turns++;
		c->said = false;
	}
	if (n < 0) {
		world_conn_close(c);
	} else if (c->ssl) {
		if (n > 0)
			BIO_write(SSL_get_rbio(c->ssl), buf->base, (int)n);
		tls_go_on(c);
	} else {
		fed(c, buf->base, (size_t)n);
	}
}

static void on_timer(uv_timer_t *t)
{
	struct world_conn *c = t->data;

	if (c->ending)
		world_conn_close(c);
	else
		c->ops->on_timer(c->user);
}

/* ---- life */

struct world_conn *world_conn_accept(uv_stream_t *listener, const struct world_conn_ops *ops, void *user)
{
	struct world_conn *c = mp_xcalloc(1, sizeof(*c));

	c->ops = ops;
	c->user = user;
	c->out = MP_BUF(OUT_MAX);
	uv_tcp_init(listener->loop, &c->tcp);
	uv_timer_init(listener->loop, &c->timer);
	c->tcp.data = c->timer.data = c;
	c->open_handles = 2;
	if (uv_accept(listener, (uv_stream_t *)&c->tcp) < 0 ||
		uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read) < 0)
		world_conn_close(c);
	else
		uv_tcp_nodelay(&c->tcp, 1);
	return c;
}

void world_conn_peer(const struct world_conn *c, struct mp_ip *out)
{
	struct sockaddr_storage ss;
	int n = sizeof(ss);

	memset(out, 0, sizeof(*out));
	if (uv_tcp_getpeername(&c->tcp, (struct sockaddr *)&ss, &n) == 0)
		mp_ip_from_sockaddr((struct sockaddr *)&ss, out, NULL);
}

bool world_conn_tls(const struct world_conn *c)
{
	return c->tls;
}

bool world_conn_over(const struct world_conn *c)
{
	struct pollfd p = {.events = POLLRDHUP};

	if (c->closing || c->ending)
		return true;
	return uv_fileno((const uv_handle_t *)&c->tcp, &p.fd) == 0 && poll(&p, 1, 0) > 0;
}

size_t world_conn_turns(const struct world_conn *c)
{
	return c->turns;
}

void world_conn_start_tls(struct world_conn *c, SSL_CTX *ctx)
{
	BIO *rbio, *wbio;

	world_conn_flush(c);
	c->ssl = SSL_new(ctx);
	rbio = BIO_new(BIO_s_mem());
	wbio = BIO_new(BIO_s_mem());
	if (!c->ssl || !rbio || !wbio) {
		BIO_free(rbio);
		BIO_free(wbio);
		world_conn_close(c);
		return;
	}
	SSL_set_bio(c->ssl, rbio, wbio);
	SSL_set_accept_state(c->ssl);
	c->handshaking = true;
}

void world_conn_wait(struct world_conn *c, unsigned ms)
{
	if (!c->closing && !c->ending)
		uv_timer_start(&c->timer, on_timer, ms, 0);
}

static void on_shutdown(uv_shutdown_t *req, int status)
{
	struct world_conn *c = req->handle->data;

	free(req);
	if (status < 0)
		world_conn_close(c);
}

void world_conn_end(struct world_conn *c)
{
	uv_shutdown_t *req;

	if (c->closing || c->ending)
		return;
	world_conn_flush(c);
	if (c->tls) {
		ERR_clear_error();
		SSL_shutdown(c->ssl);
		ERR_clear_error();
		send_tls(c);
	}
	c->ending = true;
	if (c->closing)
		return;
	req = mp_xmalloc(sizeof(*req));
	if (uv_shutdown(req, (uv_stream_t *)&c->tcp, on_shutdown) < 0) {
		free(req);
		world_conn_close(c);
		return;
	}
	uv_timer_start(&c->timer, on_timer, LINGER_MS, 0);
}
