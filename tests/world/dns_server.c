/* tests/world/dns_server.c - see tests/world/dns_server.h */
#include <uv.h>

#include "tests/world/dns_server.h"

#include "base/buf.h"

enum { MAX_ADDRESSES = 8, MAX_CLIENTS = 256, MAX_COUNTS = 4096, PORT_TRIES = 64, TCP_MESSAGE = 2 + 65535 };

struct world_dns;

/* One address: a UDP and a TCP socket at the same port. */
struct place {
	struct world_dns *d;
	struct mp_ip ip;
	uv_udp_t *udp; /* on the heap, for it lives until its closing is done; NULL when closed */
	uv_tcp_t *tcp;
};

/* Stays in memory, small, until the server is freed: a late reply may still point to it. */
struct client {
	struct world_dns *d;
	struct place *place;
	uv_tcp_t tcp;
	struct mp_buf in;
	struct client *next;
	bool closing;
};

/* An answer on its way, at once or after a delay. */
struct reply {
	struct world_dns *d;
	struct place *place;   /* by UDP */
	struct client *client; /* by TCP */
	struct sockaddr_storage peer;
	struct mp_arena *a;
	uint8_t length[2];
	uv_buf_t bytes[2];
	uv_timer_t timer;
	union {
		uv_udp_send_t udp;
		uv_write_t tcp;
	} send;
	struct reply *next;
};

struct count {
	char *name;
	uint16_t type;
	size_t n;
};

struct world_dns {
	uv_loop_t *loop;
	const struct world_zone *zone;
	uint16_t port;
	size_t n_places;
	struct place places[MAX_ADDRESSES];
	struct client *clients;
	size_t n_open;
	struct reply *waiting; /* those whose delay runs */
	size_t n_counts;
	struct count *counts;
	bool stopped;
	char bytes[TCP_MESSAGE]; /* what is read lands here and is used before the next read */
};

static void on_alloc(uv_handle_t *h, size_t suggested, uv_buf_t *buf)
{
	struct place *p;
	struct client *c;

	(void)suggested;
	if (h->type == UV_UDP) {
		p = h->data;
		*buf = uv_buf_init(p->d->bytes, sizeof(p->d->bytes));
	} else {
		c = h->data;
		*buf = uv_buf_init(c->d->bytes, sizeof(c->d->bytes));
	}
}

/* ---- replies */

static void reply_free(struct reply *r)
{
	mp_arena_free(r->a);
	free(r);
}

static void on_udp_sent(uv_udp_send_t *req, int status)
{
	(void)status; /* a client that has gone is no fault of ours */
	reply_free(req->data);
}

static void on_tcp_sent(uv_write_t *req, int status)
{
	(void)status;
	reply_free(req->data);
}

static void reply_send(struct reply *r)
{
	int rc;

	if (r->client) {
		r->send.tcp.data = r;
		rc = r->client->closing
			     ? UV_ECANCELED
			     : uv_write(&r->send.tcp, (uv_stream_t *)&r->client->tcp, r->bytes, 2, on_tcp_sent);
	} else {
		r->send.udp.data = r;
		rc = r->d->stopped ? UV_ECANCELED
				   : uv_udp_send(&r->send.udp, r->place->udp, &r->bytes[1], 1,
					     (const struct sockaddr *)&r->peer, on_udp_sent);
	}
	if (rc < 0)
		reply_free(r);
}

static void on_delay_closed(uv_handle_t *h)
{
	reply_send(h->data);
}

static void delay_end(struct reply *r)
{
	struct reply **at = &r->d->waiting;

	while (*at != r)
		at = &(*at)->next;
	*at = r->next;
	uv_close((uv_handle_t *)&r->timer, on_delay_closed);
}

static void on_delay(uv_timer_t *t)
{
	delay_end(t->data);
}

static size_t count_query(struct world_dns *d, const char *name, uint16_t type)
{
	for (size_t i = 0; i < d->n_counts; i++) {
		if (d->counts[i].type == type && strcmp(d->counts[i].name, name) == 0)
			return ++d->counts[i].n;
	}
	if (d->n_counts == MAX_COUNTS)
		return SIZE_MAX;
	d->counts = mp_xrealloc(d->counts, (d->n_counts + 1) * sizeof(*d->counts));
	d->counts[d->n_counts++] = (struct count){mp_xstrdup(name), type, 1};
	return 1;
}

/* Answer one message; `client` for TCP, else `peer`. */
static void answer(
	struct place *p, struct client *client, const struct sockaddr *peer, size_t peer_size, struct mp_str query)
{
	struct mp_arena *a = mp_arena_new();
	struct world_dns_reply what = world_zone_reply(p->d->zone, query, &p->ip, client != NULL, a);
	struct reply *r;

	if (what.name[0] && count_query(p->d, what.name, what.type) <= what.lose)
		what.p = NULL;
	if (!what.p) {
		mp_arena_free(a);
		return;
	}
	r = mp_xcalloc(1, sizeof(*r));
	r->d = p->d;
	r->a = a;
	r->place = p;
	r->length[0] = (uint8_t)(what.n >> 8);
	r->length[1] = (uint8_t)(what.n & 0xff);
	r->bytes[0] = uv_buf_init((char *)r->length, 2);
	r->bytes[1] = uv_buf_init((char *)(uintptr_t)what.p, (unsigned)what.n);
	r->client = client;
	if (!client)
		memcpy(&r->peer, peer, peer_size);
	if (what.delay_ms == 0) {
		reply_send(r);
		return;
	}
	uv_timer_init(p->d->loop, &r->timer);
	r->timer.data = r;
	r->next = p->d->waiting;
	p->d->waiting = r;
	uv_timer_start(&r->timer, on_delay, what.delay_ms, 0);
}

/* ---- UDP */

static void on_udp(uv_udp_t *h, ssize_t n, const uv_buf_t *buf, const struct sockaddr *peer, unsigned flags)
{
	struct place *p = h->data;

	if (n <= 0 || !peer || (flags & UV_UDP_PARTIAL))
		return;
	answer(p, NULL, peer, peer->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6),
		mp_strn(buf->base, (size_t)n));
}

/* ---- TCP */

static void on_client_closed(uv_handle_t *h)
{
	struct client *c = h->data;

	mp_buf_release(&c->in);
}

static void client_close(struct client *c)
{
	if (c->closing)
		return;
	c->closing = true;
	c->d->n_open--;
	uv_close((uv_handle_t *)&c->tcp, on_client_closed);
}

static void on_tcp(uv_stream_t *s, ssize_t n, const uv_buf_t *buf)
{
	struct client *c = s->data;

	if (n < 0 || (n > 0 && !mp_buf_add(&c->in, buf->base, (size_t)n))) {
		client_close(c);
		return;
	}
	while (c->in.n >= 2) {
		size_t len = (size_t)((uint8_t)c->in.p[0] << 8 | (uint8_t)c->in.p[1]);

		if (c->in.n < len + 2)
			break;
		answer(c->place, c, NULL, 0, mp_strn(c->in.p + 2, len));
		mp_buf_consume(&c->in, len + 2);
	}
}

static void on_connection(uv_stream_t *listener, int status)
{
	struct place *p = listener->data;
	struct client *c;

	if (status < 0 || p->d->stopped || p->d->n_open == MAX_CLIENTS)
		return;
	c = mp_xcalloc(1, sizeof(*c));
	c->d = p->d;
	c->place = p;
	c->in = MP_BUF(2 * TCP_MESSAGE);
	uv_tcp_init(p->d->loop, &c->tcp);
	c->tcp.data = c;
	c->next = p->d->clients;
	p->d->clients = c;
	p->d->n_open++;
	if (uv_accept(listener, (uv_stream_t *)&c->tcp) < 0 ||
		uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_tcp) < 0)
		client_close(c);
	else
		uv_tcp_nodelay(&c->tcp, 1); /* a second reply must not wait for the ACK of the first */
}

/* ---- start and stop */

static void on_closed(uv_handle_t *h)
{
	free(h);
}

static void place_close(struct place *p)
{
	if (p->udp)
		uv_close((uv_handle_t *)p->udp, on_closed);
	if (p->tcp)
		uv_close((uv_handle_t *)p->tcp, on_closed);
	p->udp = NULL;
	p->tcp = NULL;
}

/* Bind both sockets of a place at d->port, or at a port of the kernel's choice when that is 0. */
static int place_bind(struct world_dns *d, struct place *p)
{
	struct sockaddr_storage addr;
	int size = sizeof(addr), rc;
	struct mp_ip ip;

	p->udp = mp_xmalloc(sizeof(*p->udp));
	p->tcp = mp_xmalloc(sizeof(*p->tcp));
	uv_udp_init(d->loop, p->udp);
	uv_tcp_init(d->loop, p->tcp);
	p->udp->data = p->tcp->data = p;
	mp_ip_sockaddr(&p->ip, d->port, &addr);
	rc = uv_udp_bind(p->udp, (struct sockaddr *)&addr, 0);
	if (rc == 0 && d->port == 0) {
		rc = uv_udp_getsockname(p->udp, (struct sockaddr *)&addr, &size);
		if (rc == 0)
			mp_ip_from_sockaddr((struct sockaddr *)&addr, &ip, &d->port);
	}
	if (rc == 0)
		rc = uv_tcp_bind(p->tcp, (struct sockaddr *)&addr, 0);
	if (rc == 0)
		rc = uv_listen((uv_stream_t *)p->tcp, 16, on_connection);
	if (rc == 0)
		rc = uv_udp_recv_start(p->udp, on_alloc, on_udp);
	return rc;
}

struct world_dns *world_dns_start(uv_loop_t *loop, const struct world_zone *z, const struct mp_ip *addresses,
	size_t n_addresses, struct mp_err *err)
{
	struct world_dns *d = mp_xcalloc(1, sizeof(*d));
	char ip[MP_IP_TEXT];
	int rc = UV_EINVAL;

	d->loop = loop;
	d->zone = z;
	for (size_t i = 0; i < n_addresses; i++) {
		if (i == MAX_ADDRESSES || mp_ip_kind(&addresses[i]) != MP_IP_LOOPBACK) {
			mp_fail(err, MP_EINVAL, "%s: the world's servers stay on loopback",
				mp_ip_text(&addresses[i], ip));
			goto fail;
		}
		d->places[i].d = d;
		d->places[i].ip = addresses[i];
		d->n_places++;
	}
	/* a port that is free by UDP at one address may be taken by TCP or at another: try again */
	for (int tries = 0; tries < PORT_TRIES; tries++) {
		size_t i;

		d->port = 0;
		for (i = 0; i < n_addresses; i++) {
			rc = place_bind(d, &d->places[i]);
			if (rc < 0)
				break;
		}
		if (rc == 0)
			return d;
		mp_fail(err, MP_ENET, "cannot serve DNS at %s: %s", mp_ip_text(&addresses[i], ip), uv_strerror(rc));
		for (i = 0; i < n_addresses; i++)
			place_close(&d->places[i]);
		if (rc != UV_EADDRINUSE)
			break;
	}
fail:
	world_dns_free(d);
	return NULL;
}

uint16_t world_dns_port(const struct world_dns *d)
{
	return d->port;
}

size_t world_dns_queries(const struct world_dns *d, const char *name, uint16_t type)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_counts; i++) {
		if ((!name || mp_ieq(d->counts[i].name, name)) && (!type || d->counts[i].type == type))
			n += d->counts[i].n;
	}
	return n;
}

void world_dns_stop(struct world_dns *d)
{
	d->stopped = true;
	for (size_t i = 0; i < d->n_places; i++)
		place_close(&d->places[i]);
	for (struct client *c = d->clients; c; c = c->next)
		client_close(c);
	while (d->waiting)
		delay_end(d->waiting);
}

void world_dns_free(struct world_dns *d)
{
	if (!d)
		return;
	for (size_t i = 0; i < d->n_counts; i++)
		free(d->counts[i].name);
	free(d->counts);
	while (d->clients) {
		struct client *next = d->clients->next;

		free(d->clients);
		d->clients = next;
	}
	free(d);
}
