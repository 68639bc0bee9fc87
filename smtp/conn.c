/* smtp/conn.c - see smtp/observer.h: engines on uv_tcp handles, one session at a time to one host */
#include <netinet/tcp.h>
#include <uv.h>

#include "smtp/engine.h"
#include "smtp/observer.h"
#include "smtp/tls.h"

enum {
	BUCKETS = 256,
	READ_BYTES = 65536,
	PLAIN_BYTES = 16384 + 1, /* a TLS record's content */
	RAW_BYTES_MAX = 4 << 20, /* from the socket, TLS's own included */
	CONNECT_MS = 30000,
	REPLY_MS = 60000,
	SESSION_MS = 300000,
	QUIT_MS = 5000,
};

struct conn {
	struct smtp_observer *o;
	struct mp_question *q;
	struct host *host;
	struct conn *prev, *next; /* among the active, or those that pause */
	struct conn *later;       /* in the host's line */
	struct smtp_engine *e;
	struct smtp_tls_conn *tls;
	bool tls_up;
	uv_tcp_t tcp;
	uv_timer_t timer;
	uv_connect_t connect;
	int open; /* handles not closed yet */
	bool has_tcp, closing;
	bool deaf; /* writing failed: the server is gone, but what it said before may still be read */
	uint64_t armed_us;
	size_t raw;
};

/* A name that sessions are held with or wait for. */
struct host {
	struct host *chain;
	struct conn *active, *first, *last;
	char name[];
};

struct smtp_observer {
	uv_loop_t *loop;
	struct mp_evidence *ev;
	struct smtp_limits lim;
	uint64_t start_us;
	struct smtp_tls_ctx *tls;
	const struct smtp_message *messages;
	size_t n_messages;
	struct host *hosts[BUCKETS];
	struct conn *active, *latest;
	struct conn *pausing; /* asked for, and not to be held before a while */
	size_t n;
	char *finished; /* why the run ended; NULL: it has not */
	char doing[320];
	char in[READ_BYTES], plain[PLAIN_BYTES];
};

static uint64_t now_us(void)
{
	return uv_hrtime() / 1000;
}

static const struct smtp_question *asked(const struct conn *c)
{
	return c->q->params;
}

/* ---- sending */

struct send {
	uv_write_t req;
	char bytes[];
};

static void on_sent(uv_write_t *req, int status)
{
	struct conn *c = req->data;

	if (status < 0)
		c->deaf = true;
	free(req);
}

static void send_raw(struct conn *c, struct mp_str s)
{
	uv_buf_t buf = uv_buf_init((char *)s.p, (unsigned)s.n);
	struct send *later;
	int n;

	if (!s.n || c->deaf)
		return;
	n = uv_try_write((uv_stream_t *)&c->tcp, &buf, 1);
	if (n == (int)s.n)
		return;
	if (n < 0 && n != UV_EAGAIN) {
		c->deaf = true;
		return;
	}
	if (n > 0)
		s = mp_strn(s.p + n, s.n - (size_t)n);
	later = mp_xmalloc(sizeof(*later) + s.n);
	memcpy(later->bytes, s.p, s.n);
	later->req.data = c;
	buf = uv_buf_init(later->bytes, (unsigned)s.n);
	if (uv_write(&later->req, (uv_stream_t *)&c->tcp, &buf, 1, on_sent) != 0) {
		c->deaf = true;
		free(later);
	}
}

/* True when there was something to send. */
static bool drain(struct conn *c)
{
	struct mp_str out = smtp_tls_out(c->tls);

	send_raw(c, out);
	smtp_tls_sent(c->tls);
	return out.n > 0;
}

static void quickack(struct conn *c)
{
#ifdef TCP_QUICKACK
	uv_os_fd_t fd;

	if (uv_fileno((uv_handle_t *)&c->tcp, &fd) == 0)
		setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &(int){1}, sizeof(int));
#else
	(void)c;
#endif
}

/* ---- lines of hosts */

static struct host **host_place(struct smtp_observer *o, const char *name)
{
	uint32_t h = 2166136261U; /* FNV-1a */
	struct host **p;

	for (const char *s = name; *s; s++)
		h = (h ^ (unsigned char)mp_tolower(*s)) * 16777619U;
	for (p = &o->hosts[h % BUCKETS]; *p && !mp_ieq((*p)->name, name);)
		p = &(*p)->chain;
	return p;
}

static struct host *host_of(struct smtp_observer *o, const char *name)
{
	struct host **p = host_place(o, name);

	if (!*p) {
		size_t n = strlen(name) + 1;

		*p = mp_xcalloc(1, sizeof(**p) + n);
		memcpy((*p)->name, name, n);
	}
	return *p;
}

static void host_drop(struct smtp_observer *o, struct host *h)
{
	struct host **p = host_place(o, h->name);

	*p = h->chain;
	free(h);
}

static void pump(struct conn *c);

static void link_in(struct conn **list, struct conn *c)
{
	c->prev = NULL;
	c->next = *list;
	if (c->next)
		c->next->prev = c;
	*list = c;
}

static void link_out(struct conn **list, struct conn *c)
{
	if (c->prev)
		c->prev->next = c->next;
	else
		*list = c->next;
	if (c->next)
		c->next->prev = c->prev;
}

static void start(struct conn *c)
{
	struct smtp_observer *o = c->o;

	c->host->active = c;
	link_in(&o->active, c);
	o->latest = c;
	c->e = smtp_engine_new(mp_evidence_arena(o->ev), asked(c), &o->lim, o->start_us, now_us());
	for (size_t i = 0; asked(c)->message_id && i < o->n_messages; i++)
		if (strcmp(o->messages[i].id, asked(c)->message_id) == 0)
			smtp_engine_message(c->e, &o->messages[i]);
	uv_timer_init(o->loop, &c->timer);
	c->timer.data = c;
	c->open = 1;
	pump(c);
}

/* ---- the end of a session */

static void on_closed(uv_handle_t *handle)
{
	struct conn *c = handle->data;
	struct smtp_observer *o = c->o;
	struct host *h = c->host;

	if (--c->open)
		return;
	mp_evidence_answer(o->ev, c->q, smtp_engine_end(c->e, now_us()));
	o->n--;
	smtp_engine_free(c->e);
	link_out(&o->active, c);
	if (o->latest == c)
		o->latest = o->active;
	free(c);
	h->active = NULL;
	if (h->first) {
		c = h->first;
		h->first = c->later;
		start(c);
	} else {
		host_drop(o, h);
	}
}

static void close_conn(struct conn *c)
{
	if (c->closing)
		return;
	c->closing = true;
	if (c->tls) {
		smtp_tls_goodbye(c->tls);
		drain(c);
		smtp_tls_close(c->tls); /* 40 KiB that nobody needs any more */
		c->tls = NULL;
	}
	if (c->has_tcp)
		uv_close((uv_handle_t *)&c->tcp, on_closed);
	uv_close((uv_handle_t *)&c->timer, on_closed);
}

/* A question that was not taken to the network before the run ended. */
static void give_up(struct smtp_observer *o, struct mp_question *q)
{
	struct mp_arena *a = mp_evidence_arena(o->ev);
	struct smtp_session *s = mp_memdup(a, smtp_kind.unknown(q->params, a), sizeof(*s));

	s->reason = mp_dup(a, o->finished);
	mp_evidence_answer(o->ev, q, s);
	o->n--;
}

/* ---- what the loop tells */

static const char *reset_words(int err)
{
	switch (err) {
	case UV_ECONNRESET:
	case UV_EPIPE:
		return "connection reset";
	case UV_ETIMEDOUT:
		return "connection timed out";
	default:
		return uv_strerror(err);
	}
}

static const struct {
	int err;
	enum smtp_no_way no_way;
	const char *words;
} no_ways[] = {
	{UV_ECONNREFUSED, SMTP_WAY_REFUSED, "connection refused"},
	{UV_EHOSTUNREACH, SMTP_WAY_NO_HOST, "no route to host"},
	{UV_ENETUNREACH, SMTP_WAY_NO_NETWORK, "network is unreachable"},
	{UV_ETIMEDOUT, SMTP_WAY_SILENT, "no answer"},
	{UV_EADDRNOTAVAIL, SMTP_WAY_NO_SOURCE, "source address not available"},
	/* netfilter's verdict on our own packet, and what Linux makes of ICMPv6 "administratively prohibited" */
	{UV_EACCES, SMTP_WAY_FORBIDDEN, "not permitted, by this host or a firewall on the way"},
	{UV_EPERM, SMTP_WAY_FORBIDDEN, "not permitted by this host"},
	{UV_ECONNRESET, SMTP_WAY_REFUSED, "connection reset"},
};

/* There is no connection. `words`: other ones than the table's, or NULL. */
static void unreachable(struct conn *c, int err, const char *words)
{
	enum smtp_no_way no_way = SMTP_WAY_OTHER;

	for (size_t i = 0; i < ARRAY_LEN(no_ways); i++)
		if (no_ways[i].err == err) {
			no_way = no_ways[i].no_way;
			words = words ? words : no_ways[i].words;
		}
	smtp_engine_no_way(c->e, no_way);
	smtp_engine_event(c->e, SMTP_EV_UNREACHABLE, words ? words : uv_strerror(err), now_us());
}

/* After bytes of the handshake. */
static void handshake(struct conn *c)
{
	switch (smtp_tls_handshake(c->tls)) {
	case 1:
		/* Our Finished stays in TLS's buffer: EHLO joins it. */
		c->tls_up = true;
		smtp_engine_event(c->e, SMTP_EV_TLS_UP, NULL, now_us());
		break;
	case 0:
		if (drain(c))
			smtp_engine_event(c->e, SMTP_EV_TLS_FLIGHT, NULL, now_us());
		break;
	default:
		drain(c);
		smtp_engine_event(c->e, SMTP_EV_TLS_FAILED, smtp_tls_why(c->tls), now_us());
	}
}

/* Records to text. What follows the handshake in one chunk (tickets, a reply) comes here too. */
static void decrypt(struct conn *c)
{
	struct smtp_observer *o = c->o;
	int n;

	while ((n = smtp_tls_read(c->tls, o->plain, sizeof(o->plain))) > 0)
		smtp_engine_feed(c->e, mp_strn(o->plain, (size_t)n), now_us());
	drain(c);
	if (n == -1)
		smtp_engine_event(c->e, SMTP_EV_CLOSED, NULL, now_us());
	else if (n == -2)
		smtp_engine_event(c->e, SMTP_EV_TLS_FAILED, smtp_tls_why(c->tls), now_us());
}

static void on_alloc(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	struct conn *c = handle->data;

	(void)size;
	*buf = uv_buf_init(c->o->in, sizeof(c->o->in)); /* used up before the next call */
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct conn *c = stream->data;

	if (c->closing || n == 0)
		return;
	c->o->latest = c;
	if (n < 0) {
		uv_read_stop(stream);
		smtp_engine_event(c->e, n == UV_EOF ? SMTP_EV_CLOSED : SMTP_EV_BROKEN,
			n == UV_EOF ? NULL : reset_words((int)n), now_us());
		pump(c);
		return;
	}
	c->raw += (size_t)n;
	if (c->raw > RAW_BYTES_MAX) {
		smtp_engine_event(c->e, SMTP_EV_FLOOD, "the server sent more than 4 MiB", now_us());
		pump(c);
		return;
	}
	if (!c->tls) {
		smtp_engine_feed(c->e, mp_strn(buf->base, (size_t)n), now_us());
		pump(c);
		return;
	}
	smtp_tls_in(c->tls, mp_strn(buf->base, (size_t)n));
	if (!c->tls_up) {
		handshake(c);
		pump(c);
		if (!c->tls_up || c->closing)
			return;
		smtp_engine_tls(c->e, smtp_tls_describe(c->tls, mp_evidence_arena(c->o->ev)));
	}
	decrypt(c);
	pump(c);
}

static void on_timer(uv_timer_t *timer)
{
	struct conn *c = timer->data;

	if (c->closing)
		return;
	c->armed_us = 0;
	smtp_engine_event(c->e, SMTP_EV_TIMER, NULL, now_us());
	pump(c);
}

/*
 * A server that accepts, says why not, and resets may be gone before we look: the system then reports the reset in the
 * place of the connection, and what was said is still there to be read (a refused connection is another error).
 */
static void on_connected_and_gone(struct conn *c)
{
	uv_os_fd_t fd;
	char bytes[4096];
	ssize_t n;

	smtp_engine_event(c->e, SMTP_EV_CONNECTED, NULL, now_us());
	pump(c); /* it waits for the greeting now, as it would have done */
	if (uv_fileno((uv_handle_t *)&c->tcp, &fd) == 0)
		while (c->raw < RAW_BYTES_MAX && (n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0) {
			c->raw += (size_t)n;
			smtp_engine_feed(c->e, mp_strn(bytes, (size_t)n), now_us());
		}
	smtp_engine_event(c->e, SMTP_EV_BROKEN, reset_words(UV_ECONNRESET), now_us());
	pump(c);
}

static void on_connect(uv_connect_t *req, int status)
{
	struct conn *c = req->data;
	struct sockaddr_storage sa;
	struct mp_ip local;
	int n = sizeof(sa);

	if (c->closing)
		return;
	if (status == UV_ECONNRESET) {
		on_connected_and_gone(c);
		return;
	}
	if (status < 0) {
		unreachable(c, status, status == UV_EADDRNOTAVAIL ? "no local port is free" : NULL);
		pump(c);
		return;
	}
	smtp_engine_event(c->e, SMTP_EV_CONNECTED, NULL, now_us());
	if (asked(c)->source.family == MP_IPNONE && uv_tcp_getsockname(&c->tcp, (struct sockaddr *)&sa, &n) == 0 &&
		mp_ip_from_sockaddr((struct sockaddr *)&sa, &local, NULL))
		smtp_engine_source(c->e, &local);
	uv_read_start((uv_stream_t *)&c->tcp, on_alloc, on_read);
	pump(c);
	/* While the greeting is under way: what the handshake would wait for. */
	if (asked(c)->tls != SMTP_TLS_OFF && !asked(c)->only_connect)
		smtp_tls_prepare(c->o->tls);
}

/* ---- what the engine wants */

static void connect_now(struct conn *c)
{
	const struct smtp_question *q = asked(c);
	struct sockaddr_storage sa;
	int err = uv_tcp_init_ex(c->o->loop, &c->tcp, q->address.family == MP_IPV6 ? AF_INET6 : AF_INET);

	if (err) {
		smtp_engine_event(c->e, SMTP_EV_BROKEN, uv_strerror(err), now_us());
		return;
	}
	c->has_tcp = true;
	c->open++;
	c->tcp.data = c;
	uv_tcp_nodelay(&c->tcp, 1);
	if (q->source.family != MP_IPNONE && q->source.family != q->address.family) {
		smtp_engine_event(c->e, SMTP_EV_UNREACHABLE, "source and destination are of different address families",
			now_us());
		return;
	}
	if (q->source.family != MP_IPNONE) {
#ifdef IP_BIND_ADDRESS_NO_PORT
		uv_os_fd_t fd;

		/* The port is chosen at connect, by the pair of addresses: many sessions do not use ports up. */
		if (uv_fileno((uv_handle_t *)&c->tcp, &fd) == 0)
			setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &(int){1}, sizeof(int));
#endif
		mp_ip_sockaddr(&q->source, 0, &sa);
		err = uv_tcp_bind(&c->tcp, (struct sockaddr *)&sa, 0);
	}
	if (!err) {
		mp_ip_sockaddr(&q->address, q->port, &sa);
		c->connect.data = c;
		err = uv_tcp_connect(&c->connect, &c->tcp, (struct sockaddr *)&sa, on_connect);
	}
	if (err)
		unreachable(c, err, NULL);
}

static void start_tls(struct conn *c)
{
	c->tls = smtp_tls_open(c->o->tls, asked(c)->mx);
	if (c->tls)
		handshake(c);
	else
		smtp_engine_event(c->e, SMTP_EV_TLS_FAILED, "the TLS library is not usable", now_us());
}

static void wait_until(struct conn *c, uint64_t deadline_us)
{
	uint64_t now = now_us();

	/* A later deadline is seen to when the timer fires. */
	if (c->armed_us && c->armed_us <= deadline_us)
		return;
	c->armed_us = deadline_us;
	uv_timer_start(&c->timer, on_timer, deadline_us > now ? (deadline_us - now) / 1000 + 1 : 1, 0);
}

static void pump(struct conn *c)
{
	while (!c->closing) {
		struct smtp_action act = smtp_engine_next(c->e);

		switch (act.want) {
		case SMTP_WANT_CONNECT:
			connect_now(c);
			break;
		case SMTP_WANT_WRITE:
			if (!c->tls) {
				send_raw(c, act.bytes);
			} else {
				smtp_tls_write(c->tls, act.bytes);
				drain(c);
			}
			break;
		case SMTP_WANT_TLS:
			start_tls(c);
			break;
		case SMTP_WANT_READ:
			if (act.quickack)
				quickack(c);
			wait_until(c, act.deadline_us);
			return;
		case SMTP_WANT_CLOSE:
			close_conn(c);
			return;
		}
	}
}

/* ---- the observer */

struct smtp_observer *smtp_observer_new(
	uv_loop_t *loop, struct mp_evidence *ev, const struct smtp_config *cfg, struct mp_err *err)
{
	struct smtp_observer *o;

	if (cfg->ca_file) {
		FILE *f = fopen(cfg->ca_file, "r");

		if (!f) {
			mp_fail(err, MP_EIO, "the file of trust anchors %s cannot be read", cfg->ca_file);
			return NULL;
		}
		fclose(f);
	}
	o = mp_xcalloc(1, sizeof(*o));
	o->loop = loop;
	o->ev = ev;
	o->start_us = cfg->start_ms * 1000;
	o->lim.connect_ms = cfg->connect_timeout_ms ? cfg->connect_timeout_ms : CONNECT_MS;
	o->lim.reply_ms = cfg->reply_timeout_ms ? cfg->reply_timeout_ms : REPLY_MS;
	o->lim.session_ms = cfg->session_timeout_ms ? cfg->session_timeout_ms : SESSION_MS;
	o->lim.quit_ms = QUIT_MS;
	o->tls = smtp_tls_ctx_new(cfg->ca_file, cfg->now_ms);
	o->messages = cfg->messages;
	o->n_messages = cfg->n_messages;
	return o;
}

/* Its turn, as soon as the host is free. */
static void enter(struct conn *c)
{
	struct host *h = host_of(c->o, asked(c)->mx);

	c->host = h;
	if (!h->active) {
		start(c);
		return;
	}
	if (h->first)
		h->last->later = c;
	else
		h->first = c;
	h->last = c;
}

static void on_pause_closed(uv_handle_t *handle)
{
	struct conn *c = handle->data;

	link_out(&c->o->pausing, c);
	if (c->o->finished) {
		give_up(c->o, c->q);
		free(c);
	} else {
		enter(c);
	}
}

static void end_pause(struct conn *c)
{
	if (!uv_is_closing((uv_handle_t *)&c->timer))
		uv_close((uv_handle_t *)&c->timer, on_pause_closed);
}

static void on_pause_over(uv_timer_t *timer)
{
	end_pause(timer->data);
}

void smtp_observe(struct smtp_observer *o, struct mp_question *q)
{
	struct conn *c;

	o->n++;
	if (o->finished) {
		give_up(o, q);
		return;
	}
	c = mp_xcalloc(1, sizeof(*c));
	c->o = o;
	c->q = q;
	if (!asked(c)->pause_ms) {
		enter(c);
		return;
	}
	/* Not in the host's line: others need not wait for who waits for the clock. */
	link_in(&o->pausing, c);
	uv_timer_init(o->loop, &c->timer);
	c->timer.data = c;
	uv_timer_start(&c->timer, on_pause_over, asked(c)->pause_ms, 0);
}

void smtp_observer_finish(struct smtp_observer *o, const char *why, uint32_t grace_ms)
{
	char *before = o->finished;

	o->finished = mp_xstrdup(why); /* `why` may be `before` */
	free(before);
	for (struct conn *c = o->pausing; c; c = c->next)
		end_pause(c);
	for (struct conn *c = o->active; c; c = c->next) {
		while (c->host->first) {
			struct conn *waiting = c->host->first;

			c->host->first = waiting->later;
			give_up(o, waiting->q);
			free(waiting);
		}
		smtp_engine_finish(c->e, o->finished, grace_ms, now_us());
		pump(c);
	}
}

size_t smtp_observer_active(const struct smtp_observer *o)
{
	return o->n;
}

const char *smtp_observer_doing(const struct smtp_observer *o)
{
	const struct conn *c = o->latest ? o->latest : o->pausing;
	const char *doing = c && c->e ? smtp_engine_doing(c->e) : "waiting before", *purpose;
	char *text = ((struct smtp_observer *)o)->doing;
	int n;

	if (!c)
		return NULL;
	purpose = strcmp(asked(c)->purpose, "baseline") != 0 ? asked(c)->purpose : "";
	n = snprintf(text, sizeof(o->doing), "%.255s: %s%s%.40s", asked(c)->mx, doing, *purpose ? " " : "", purpose);
	if (o->n > 1 && n > 0 && n < (int)sizeof(o->doing))
		snprintf(text + n, sizeof(o->doing) - (size_t)n, " (and %zu more)", o->n - 1);
	return text;
}

struct smtp_tls_ctx *smtp_observer_tls(struct smtp_observer *o)
{
	return o->tls;
}

void smtp_observer_stop(struct smtp_observer *o)
{
	smtp_observer_finish(o, o->finished ? o->finished : "the run ended", 0);
	for (struct conn *c = o->active; c; c = c->next) {
		smtp_engine_event(c->e, SMTP_EV_TIMER, NULL, now_us());
		pump(c);
	}
}

void smtp_observer_free(struct smtp_observer *o)
{
	if (!o)
		return;
	smtp_tls_ctx_free(o->tls);
	free(o->finished);
	free(o);
}
