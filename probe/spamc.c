/* probe/spamc.c - see probe/spamc.h */
#include "probe/spamc.h"

enum { CHUNK = 16384, HEAD_MAX = 64 * 1024 };

struct mp_spamc {
	uv_loop_t *loop;
	const struct mp_fetch_question *q;
	struct mp_str message;
	struct mp_buf *body, head;
	mp_spamc_done *done;
	void *user;
	uv_tcp_t tcp;
	uv_connect_t connect;
	uv_write_t write;
	size_t tried;
	bool connected, closing, over, dropped;
	enum mp_fetch_outcome outcome; /* when it is over */
	const char *reason;
	char chunk[CHUNK];
};

static void try_next(struct mp_spamc *s);

static void on_closed(uv_handle_t *h)
{
	struct mp_spamc *s = h->data;

	s->closing = false;
	if (!s->over && !s->dropped) {
		try_next(s);
		return;
	}
	mp_buf_release(&s->head);
	free(s);
}

static void close_socket(struct mp_spamc *s)
{
	if (!s->closing)
		uv_close((uv_handle_t *)&s->tcp, on_closed);
	s->closing = true;
}

static void finish(struct mp_spamc *s, enum mp_fetch_outcome outcome, const char *reason)
{
	if (s->over || s->dropped)
		return;
	s->over = true;
	close_socket(s);
	s->done(s->user, outcome, reason);
}

static void on_alloc(uv_handle_t *h, size_t wanted, uv_buf_t *out)
{
	struct mp_spamc *s = h->data;

	(void)wanted;
	*out = uv_buf_init(s->chunk, sizeof(s->chunk));
}

static void on_read(uv_stream_t *h, ssize_t n, const uv_buf_t *buf)
{
	struct mp_spamc *s = h->data;

	if (n > 0 && !mp_buf_add(s->body, buf->base, (size_t)n))
		finish(s, MP_FETCH_TOO_LARGE, "its answer is too large");
	else if (n == UV_EOF && s->body->n)
		finish(s, MP_FETCHED, NULL);
	else if (n == UV_EOF)
		finish(s, MP_FETCH_PROTOCOL_ERROR, "it closed the connection without an answer");
	else if (n < 0)
		finish(s, MP_FETCH_PROTOCOL_ERROR, "the connection broke before the answer was whole");
}

/* Reading tells: it may answer before it has read all, and close, and then what it says counts. */
static void on_written(uv_write_t *w, int status)
{
	(void)w;
	(void)status;
}

static void on_connected(uv_connect_t *c, int status)
{
	struct mp_spamc *s = c->data;
	uv_buf_t bufs[2];

	if (s->closing)
		return;
	if (status < 0) {
		if (s->tried == s->q->n_addresses)
			finish(s, MP_FETCH_UNREACHABLE, uv_strerror(status));
		else
			close_socket(s);
		return;
	}
	s->connected = true;
	bufs[0] = uv_buf_init(s->head.p, (unsigned)s->head.n);
	bufs[1] = uv_buf_init((char *)(uintptr_t)s->message.p, (unsigned)s->message.n);
	uv_read_start((uv_stream_t *)&s->tcp, on_alloc, on_read);
	uv_write(&s->write, (uv_stream_t *)&s->tcp, bufs, 2, on_written);
}

static void try_next(struct mp_spamc *s)
{
	const struct mp_ip *ip = &s->q->addresses[s->tried++];
	char text[MP_IP_TEXT];
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
	} to;
	int rc;

	uv_tcp_init(s->loop, &s->tcp);
	s->tcp.data = s;
	if (ip->family == MP_IPV6)
		rc = uv_ip6_addr(mp_ip_text(ip, text), s->q->port, &to.v6);
	else
		rc = uv_ip4_addr(mp_ip_text(ip, text), s->q->port, &to.v4);
	if (rc == 0)
		rc = uv_tcp_connect(&s->connect, &s->tcp, &to.any, on_connected);
	if (rc != 0 && s->tried == s->q->n_addresses)
		finish(s, MP_FETCH_UNREACHABLE, uv_strerror(rc));
	else if (rc != 0)
		close_socket(s);
}

struct mp_spamc *mp_spamc_start(uv_loop_t *loop, const struct mp_fetch_question *q, struct mp_str message,
	struct mp_buf *body, mp_spamc_done *done, void *user)
{
	struct mp_spamc *s = mp_xcalloc(1, sizeof(*s));
	struct mp_buf lines = MP_BUF(HEAD_MAX / 2);

	*s = (struct mp_spamc){.loop = loop, .q = q, .message = message, .body = body, .done = done, .user = user};
	s->head = MP_BUF(HEAD_MAX);
	s->connect.data = s;
	for (size_t i = 0; i < q->n_lines; i++)
		mp_buf_addf(&lines, "%s\r\n", q->lines[i]);
	mp_buf_addf(&s->head, "REPORT SPAMC/1.5\r\nContent-length: %zu\r\n\r\n", lines.n + message.n);
	mp_buf_addstr(&s->head, mp_buf_str(&lines));
	mp_buf_release(&lines);
	try_next(s);
	return s;
}

struct mp_ip mp_spamc_address(const struct mp_spamc *s)
{
	return s->connected ? s->q->addresses[s->tried - 1] : (struct mp_ip){.family = MP_IPNONE};
}

void mp_spamc_drop(struct mp_spamc *s)
{
	s->dropped = true;
	close_socket(s);
}
