/* dns/ares_uv.c - see dns/observer.h */
/* ares_send() and ares_process_fd() are marked deprecated in newer versions; they are what 1.18 and 1.34 share. */
#define CARES_NO_DEPRECATED
#include <ares.h>

#include "dns/observer.h"
#include "base/text.h"
#include "dns/msg.h"

/*
 * How a question goes:
 *  1. its servers are the one it names, or the run's resolvers in order, those that have gone silent last;
 *  2. the first is asked. c-ares repeats lost packets and goes to TCP after a truncated answer;
 *  3. an answer that settles it (dns_known()) is the end. Any other, or a server's patience passed: the next is asked,
 *     and the one before may still answer;
 *  4. when no server is left, the best of what came is the answer: at once if all have failed, at the deadline if not.
 *
 * c-ares has one channel for each server, so that it never chooses one. It calls back from inside ares_send(),
 * ares_process_fd() and ares_destroy(); a call-back therefore only notes its result on the list `done`, and drain()
 * works that off when the library has returned.
 *
 * Whoever runs the loop waits for news. nudge() keeps the loop from blocking in a round in which there is some, also
 * when it came before the loop ran or in its timers, and drains after the round's polling.
 */

enum {
	TIMEOUT_MS = 10000,  /* one question, when the configuration does not say */
	FIRST_TRY_MS = 1500, /* c-ares waits so long for the first packet, then twice as long, and so on */
	LEAST_TRY_MS = 20,
	WINDOW = 256, /* asked of one server at once; the rest waits, or bursts would overflow its socket buffer */
	DETAIL_MAX = 1000,
	ID_POOL = 64,
};

struct dns_watch { /* a socket of c-ares */
	uv_poll_t poll;
	struct dns_channel *ch;
	ares_socket_t fd;
	int events;
	bool tcp, closing;
	struct dns_watch *next;
};

struct dns_channel {
	struct dns_observer *o;
	struct dns_server *srv;
	ares_channel ares; /* NULL once destroyed */
	uv_timer_t timer;  /* when c-ares has to look at its time-outs */
	struct dns_watch *watches;
	size_t n_sent;          /* queries that c-ares has not called back */
	bool dirty;             /* the timer has to be set anew */
	bool retired;           /* takes no more queries; goes when the last has been called back */
	bool reading_tcp;       /* the packet being handed over came by TCP */
	uint8_t ids[65536 / 8]; /* in flight */
	struct dns_channel *next;
};

struct dns_server {
	const char *text; /* in the evidence's arena: answers point to it */
	struct mp_ip ip;
	uint16_t port;
	struct dns_channel *ch; /* the one in use, or NULL */
	bool resolver;          /* one of the run's */
	bool silent;            /* nothing came since a question that it let time out */
	uint64_t heard_ns;
	size_t n_asking; /* queries that somebody waits for */
	struct dns_query *waiting, **waiting_end;
	struct dns_server *next;
};

/* One question to one server. */
struct dns_query {
	struct dns_ask *ask; /* NULL: nobody waits any more */
	struct dns_server *srv;
	struct dns_channel *ch; /* NULL until it is sent */
	uint16_t id;
	bool edns;
	bool in_line; /* in srv->waiting */
	uint64_t sent_ns;
	/* the result */
	bool answered;
	enum dns_outcome failed; /* unless answered */
	struct dns_answer answer;
	struct dns_query *next; /* in `waiting` or `done` */
};

/* What a server has made of a question. */
struct dns_turn {
	struct dns_server *srv;
	struct dns_query *query; /* NULL when it has come to an end */
	bool patient;            /* no: the next server was asked already */
	enum dns_outcome outcome;
	struct dns_answer answer; /* unless it is a time-out or unreachable */
};

/* A question of the evidence, on its way. */
struct dns_ask {
	struct dns_observer *o;
	struct mp_question *q;
	const struct dns_question *params; /* as it is sent */
	const struct dns_secret *secret;   /* whose key its name has, or NULL */
	struct dns_question keyed;
	char keyed_name[DNS_NAME_TEXT];
	uv_timer_t timer; /* the present server's patience, or the deadline */
	uint64_t start_ns, deadline_ms;
	uint32_t limit_ms; /* from the start to the deadline */
	size_t n_servers;
	struct dns_server *const *servers; /* `own`, or the observer's resolvers */
	struct dns_server *own;
	size_t n_turns;
	struct dns_turn *turns; /* n_servers at most */
	struct dns_ask *next, **prev;
};

struct dns_observer {
	uv_loop_t *loop;
	struct mp_evidence *ev;
	uint64_t start_ms;
	uint32_t timeout_ms, try_ms, patience_ms;
	int tries;
	size_t n_resolvers;
	struct dns_server **resolvers;
	const struct dns_secret *secrets;
	size_t n_secrets;
	struct dns_server *servers;
	struct dns_channel *channels;
	struct dns_ask *asks;
	struct dns_query *done, **done_end;
	uv_prepare_t prepare; /* sets the channels' timers, once a round of the loop */
	uv_idle_t idle;       /* while it is active, the loop does not block */
	uv_check_t check;
	bool stopped;
	uint16_t ids[ID_POOL];
	size_t n_ids;
};

static void drain(struct dns_observer *o);
static void nudge(struct dns_observer *o);

static uint64_t now_ns(void)
{
	return uv_hrtime();
}

/* ---- sockets and timers of c-ares on the loop */

static void watch_closed(uv_handle_t *h)
{
	free(h->data);
}

static void close_watch(struct dns_watch *w)
{
	for (struct dns_watch **p = &w->ch->watches; *p; p = &(*p)->next)
		if (*p == w) {
			*p = w->next;
			break;
		}
	w->closing = true;
	uv_poll_stop(&w->poll);
	uv_close((uv_handle_t *)&w->poll, watch_closed);
}

/* On an error libuv gives no events and has disarmed the handle: c-ares must look at the socket itself. */
static void on_poll(uv_poll_t *h, int status, int events)
{
	struct dns_watch *w = h->data;
	struct dns_channel *ch = w->ch;
	struct dns_observer *o = ch->o;
	bool err = status < 0;

	ch->reading_tcp = w->tcp;
	ares_process_fd(ch->ares, err || (events & UV_READABLE) ? w->fd : ARES_SOCKET_BAD,
		err || (events & UV_WRITABLE) ? w->fd : ARES_SOCKET_BAD);
	ch->reading_tcp = false;
	ch->dirty = true;
	/* A watch that c-ares gave up lives until its close call-back, after this round. */
	if (err && !w->closing && uv_poll_start(&w->poll, w->events, on_poll) != 0)
		close_watch(w);
	drain(o);
}

static struct dns_watch *new_watch(struct dns_channel *ch, ares_socket_t fd)
{
	struct dns_watch *w = mp_xcalloc(1, sizeof(*w));
	socklen_t len = sizeof(int);
	int type = 0;

	if (uv_poll_init_socket(ch->o->loop, &w->poll, fd) != 0) {
		free(w); /* the question's own timer ends it */
		return NULL;
	}
	w->poll.data = w;
	w->ch = ch;
	w->fd = fd;
	w->tcp = getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &len) == 0 && type == SOCK_STREAM;
	w->next = ch->watches;
	ch->watches = w;
	return w;
}

static void on_socket_state(void *data, ares_socket_t fd, int readable, int writable)
{
	struct dns_channel *ch = data;
	struct dns_watch *w = ch->watches;

	while (w && w->fd != fd)
		w = w->next;
	if (!readable && !writable) { /* about to be closed */
		if (w)
			close_watch(w);
		return;
	}
	if (!w && !(w = new_watch(ch, fd)))
		return;
	w->events = (readable ? UV_READABLE : 0) | (writable ? UV_WRITABLE : 0);
	if (uv_poll_start(&w->poll, w->events, on_poll) != 0)
		close_watch(w);
}

static void on_channel_timer(uv_timer_t *t)
{
	struct dns_channel *ch = t->data;
	struct dns_observer *o = ch->o;

	ares_process_fd(ch->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	ch->dirty = true;
	drain(o);
}

static void on_prepare(uv_prepare_t *p)
{
	struct dns_observer *o = p->data;

	for (struct dns_channel *ch = o->channels; ch; ch = ch->next) {
		struct timeval tv;

		if (!ch->dirty || !ch->ares)
			continue;
		ch->dirty = false;
		if (ares_timeout(ch->ares, NULL, &tv))
			uv_timer_start(&ch->timer, on_channel_timer,
				(uint64_t)tv.tv_sec * 1000 + (uint64_t)(tv.tv_usec + 999) / 1000, 0);
		else
			uv_timer_stop(&ch->timer);
	}
}

/* ---- channels */

static void channel_closed(uv_handle_t *h)
{
	free(h->data);
}

/* Its queries come back on `done`, as failed. */
static void close_channel(struct dns_channel *ch)
{
	struct dns_observer *o = ch->o;
	ares_channel ares = ch->ares;

	for (struct dns_channel **p = &o->channels; *p; p = &(*p)->next)
		if (*p == ch) {
			*p = ch->next;
			break;
		}
	if (ch->srv->ch == ch)
		ch->srv->ch = NULL;
	ch->ares = NULL;
	ares_destroy(ares);
	uv_timer_stop(&ch->timer);
	uv_close((uv_handle_t *)&ch->timer, channel_closed);
}

static int set_server(ares_channel ares, const struct dns_server *srv)
{
	struct ares_addr_port_node node;

	memset(&node, 0, sizeof(node));
	node.family = srv->ip.family == MP_IPV4 ? AF_INET : AF_INET6;
	memcpy(&node.addr, srv->ip.b, srv->ip.family == MP_IPV4 ? 4 : 16);
	node.udp_port = node.tcp_port = srv->port;
	return ares_set_servers_ports(ares, &node);
}

static struct dns_channel *new_channel(struct dns_server *srv, struct dns_observer *o)
{
	struct dns_channel *ch = mp_xcalloc(1, sizeof(*ch));
	char lookups[] = "b", no_file[] = "/dev/null";
	struct ares_options opt;
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_EDNSPSZ | ARES_OPT_SOCK_STATE_CB |
		   ARES_OPT_LOOKUPS | ARES_OPT_RESOLVCONF | ARES_OPT_SOCK_RCVBUF;

	memset(&opt, 0, sizeof(opt));
	opt.flags = ARES_FLAG_EDNS | ARES_FLAG_NOCHECKRESP | ARES_FLAG_NOSEARCH | ARES_FLAG_NOALIASES;
	opt.ednspsz = DNS_UDP_SIZE;
	opt.timeout = (int)o->try_ms;
	opt.tries = o->tries;
	opt.sock_state_cb = on_socket_state;
	opt.sock_state_cb_data = ch;
	opt.socket_receive_buffer_size = 1 << 20; /* a burst of answers waits there while judges work */
	/* Nothing of the system's configuration counts here. */
	opt.lookups = lookups;
	opt.resolvconf_path = no_file;
#ifdef ARES_OPT_QUERY_CACHE
	opt.qcache_max_ttl = 0;
	mask |= ARES_OPT_QUERY_CACHE;
#endif
	ch->o = o;
	ch->srv = srv;
	if (ares_init_options(&ch->ares, &opt, mask) != ARES_SUCCESS) {
		free(ch);
		return NULL;
	}
	if (set_server(ch->ares, srv) != ARES_SUCCESS) {
		ares_destroy(ch->ares);
		free(ch);
		return NULL;
	}
	uv_timer_init(o->loop, &ch->timer);
	ch->timer.data = ch;
	ch->next = o->channels;
	o->channels = ch;
	return ch;
}

/*
 * After a FORMERR without OPT, c-ares 1.18 has switched EDNS off for the whole channel, and every answer over 512 bytes
 * would come by TCP. Only the flags in its saved options show that.
 */
static bool lost_edns(struct dns_channel *ch)
{
	struct ares_options opt;
	int mask = 0;
	bool lost = false;

	memset(&opt, 0, sizeof(opt));
	if (ares_save_options(ch->ares, &opt, &mask) == ARES_SUCCESS)
		lost = (mask & ARES_OPT_FLAGS) && !(opt.flags & ARES_FLAG_EDNS);
	ares_destroy_options(&opt);
	return lost;
}

/* ---- one question to one server */

/* An id that is not in flight on the channel. False when the system has no random bytes, or all ids are taken. */
static bool next_id(struct dns_channel *ch, uint16_t *out)
{
	struct dns_observer *o = ch->o;

	for (size_t tries = 0; tries < 1000; tries++) {
		uint16_t id;

		if (o->n_ids == 0) {
			if (uv_random(NULL, NULL, o->ids, sizeof(o->ids), 0, NULL) != 0)
				return false;
			o->n_ids = ARRAY_LEN(o->ids);
		}
		id = o->ids[--o->n_ids];
		if (ch->ids[id / 8] & 1 << id % 8)
			continue;
		ch->ids[id / 8] |= (uint8_t)(1 << id % 8);
		*out = id;
		return true;
	}
	return false;
}

static void put_done(struct dns_observer *o, struct dns_query *query)
{
	query->next = NULL;
	*o->done_end = query;
	o->done_end = &query->next;
}

/* Nothing that could tell the key: no names, no words, no text with it. */
static void hide_key(const struct dns_ask *ask, struct dns_answer *ans)
{
	const struct dns_question *asked = ask->q->params;
	const struct dns_answer all = *ans;
	struct dns_rr *rr = mp_allocn(mp_evidence_arena(ask->o->ev), all.n_rr, sizeof(*rr));

	*ans = (struct dns_answer){.outcome = all.outcome,
		.rcode = all.rcode,
		.aa = all.aa,
		.ad = all.ad,
		.ra = all.ra,
		.ttl = all.ttl,
		.negative_ttl = all.negative_ttl,
		.detail = all.detail ? "more is not told, it could hold the key" : NULL,
		.rr = rr};
	for (size_t i = 0; i < all.n_rr; i++) {
		struct mp_str text = mp_strn((const char *)all.rr[i].txt.p, all.rr[i].txt.n);

		if (all.rr[i].type != DNS_A && (all.rr[i].type != DNS_TXT || mp_str_ifind(text, ask->secret->key) >= 0))
			continue;
		rr[ans->n_rr] = all.rr[i];
		rr[ans->n_rr++].owner = asked->name;
	}
	if (ans->outcome == DNS_ANSWERED && ans->n_rr == 0)
		ans->outcome = DNS_NODATA;
}

static void on_answer(void *arg, int status, int timeouts, unsigned char *bytes, int n)
{
	struct dns_query *query = arg;
	struct dns_channel *ch = query->ch;
	struct dns_server *srv = query->srv;
	struct dns_observer *o = ch->o;

	(void)timeouts;
	ch->n_sent--;
	ch->ids[query->id / 8] &= (uint8_t) ~(1 << query->id % 8);
	if ((bytes && n > 0) || status == ARES_EBADRESP) {
		srv->silent = false;
		srv->heard_ns = now_ns();
	}
	if (query->ask && bytes && n > 0) {
		struct dns_reply reply;

		dns_reply_parse(mp_evidence_arena(o->ev), query->ask->params, bytes, (size_t)n, &reply);
		query->answered = true;
		query->answer = reply.answer;
		if (query->ask->secret)
			hide_key(query->ask, &query->answer);
		query->answer.server = srv->text;
		query->answer.tcp = ch->reading_tcp;
		if (query->edns && !reply.edns && ch->ares && !ch->retired)
			ch->retired = lost_edns(ch);
	} else if (status == ARES_EBADRESP) {
		query->answered = true;
		query->answer.outcome = DNS_MALFORMED;
		query->answer.detail = "bytes that are no DNS message";
		query->answer.server = srv->text;
	} else {
		query->failed = status == ARES_ETIMEOUT ? DNS_TIMEOUT : DNS_UNREACHABLE;
	}
	put_done(o, query);
}

static void send_query(struct dns_query *query)
{
	struct dns_server *srv = query->srv;
	struct dns_observer *o = query->ask->o;
	uint8_t bytes[DNS_QUERY_MAX];
	struct dns_channel *ch;
	size_t n = 0;

	if (srv->ch && srv->ch->retired)
		srv->ch = NULL;
	if (!srv->ch)
		srv->ch = new_channel(srv, o);
	ch = srv->ch;
	if (ch && next_id(ch, &query->id)) {
		n = dns_query_build(query->ask->params, query->id, query->edns, bytes);
		if (!n)
			ch->ids[query->id / 8] &= (uint8_t) ~(1 << query->id % 8);
	}
	if (!n) {
		query->failed = DNS_UNREACHABLE;
		put_done(o, query);
		return;
	}
	query->ch = ch;
	query->sent_ns = now_ns();
	ch->n_sent++;
	ch->dirty = true;
	ares_send(ch->ares, bytes, (int)n, on_answer, query);
}

static struct dns_query *start_query(struct dns_ask *ask, struct dns_server *srv, bool edns)
{
	struct dns_query *query = mp_xcalloc(1, sizeof(*query));

	query->ask = ask;
	query->srv = srv;
	query->edns = edns;
	query->sent_ns = now_ns();
	if (srv->n_asking < WINDOW) {
		srv->n_asking++;
		send_query(query);
	} else {
		query->in_line = true;
		*srv->waiting_end = query;
		srv->waiting_end = &query->next;
	}
	return query;
}

/* Nobody waits for it any more. c-ares cannot cancel one query: it stays there until it is called back. */
static void forget_query(struct dns_query *query)
{
	struct dns_server *srv = query->srv;

	if (!query->in_line) {
		query->ask = NULL;
		srv->n_asking--;
		return;
	}
	for (struct dns_query **p = &srv->waiting; *p; p = &(*p)->next)
		if (*p == query) {
			*p = query->next;
			if (!*p)
				srv->waiting_end = p;
			break;
		}
	free(query);
}

static void pump(struct dns_observer *o)
{
	for (struct dns_server *srv = o->servers; srv; srv = srv->next)
		while (srv->waiting && srv->n_asking < WINDOW) {
			struct dns_query *query = srv->waiting;

			srv->waiting = query->next;
			if (!srv->waiting)
				srv->waiting_end = &srv->waiting;
			query->next = NULL;
			query->in_line = false;
			srv->n_asking++;
			send_query(query);
		}
}

/* ---- the answer */

static void ask_closed(uv_handle_t *h)
{
	struct dns_ask *ask = h->data;

	free(ask->turns);
	free(ask);
}

static void close_ask(struct dns_ask *ask)
{
	for (size_t i = 0; i < ask->n_turns; i++)
		if (ask->turns[i].query) {
			forget_query(ask->turns[i].query);
			ask->turns[i].query = NULL;
		}
	*ask->prev = ask->next;
	if (ask->next)
		ask->next->prev = ask->prev;
	uv_timer_stop(&ask->timer);
	uv_close((uv_handle_t *)&ask->timer, ask_closed);
}

static void list_servers(const struct dns_ask *ask, enum dns_outcome outcome, struct mp_buf *out)
{
	size_t n = 0, seen = 0;

	for (size_t i = 0; i < ask->n_turns; i++)
		n += ask->turns[i].outcome == outcome;
	for (size_t i = 0; i < ask->n_turns; i++)
		if (ask->turns[i].outcome == outcome) {
			mp_buf_adds(out, seen == 0 ? "" : seen + 1 < n ? ", " : " and ");
			mp_buf_adds(out, ask->turns[i].srv->text);
			seen++;
		}
}

static void separate(struct mp_buf *out)
{
	if (out->n > 0)
		mp_buf_adds(out, "; ");
}

static void describe_answer(const struct dns_ask *ask, const struct dns_turn *turn, struct mp_buf *out)
{
	const struct dns_answer *ans = &turn->answer;
	const char *who = turn->srv->text;

	separate(out);
	switch (turn->outcome) {
	case DNS_MALFORMED:
		if (ask->n_turns > 1)
			mp_buf_addf(out, "%s: ", who);
		mp_buf_adds(out, ans->detail);
		return;
	case DNS_REFUSED:
		if (ans->rcode == DNS_RCODE_NOERROR) {
			mp_buf_addf(out, "%s %s", who, ans->detail);
			return;
		}
		mp_buf_addf(out, "%s answered REFUSED", who);
		break;
	case DNS_SERVFAIL:
		mp_buf_addf(out, "%s answered SERVFAIL", who);
		break;
	default:
		mp_buf_addf(out, "%s answered with error code %u", who, ans->rcode);
		break;
	}
	if (ans->detail)
		mp_buf_addf(out, " (%s)", ans->detail);
}

/* One line: what each server made of it, those without an answer together at the end. */
static char *describe(const struct dns_ask *ask, uint32_t waited_ms)
{
	struct mp_buf out = MP_BUF(DETAIL_MAX);
	bool silent = false, unreachable = false;
	char *text;

	for (size_t i = 0; i < ask->n_turns; i++) {
		silent = silent || ask->turns[i].outcome == DNS_TIMEOUT;
		unreachable = unreachable || ask->turns[i].outcome == DNS_UNREACHABLE;
		if (ask->turns[i].outcome != DNS_TIMEOUT && ask->turns[i].outcome != DNS_UNREACHABLE)
			describe_answer(ask, &ask->turns[i], &out);
	}
	if (unreachable) {
		separate(&out);
		list_servers(ask, DNS_UNREACHABLE, &out);
		mp_buf_adds(&out, " cannot be reached: no route, or the port is closed");
	}
	if (silent) {
		separate(&out);
		mp_buf_adds(&out, "no answer from ");
		list_servers(ask, DNS_TIMEOUT, &out);
		mp_buf_addf(&out, " within %.*f s", waited_ms % 1000 ? 1 : 0, waited_ms / 1000.0);
	}
	if (ask->n_turns == 0 && ask->params->server)
		mp_buf_addf(&out, "'%.100s' is not the IP:PORT of a name server", ask->params->server);
	else if (ask->n_turns == 0)
		mp_buf_adds(&out, "no name server is known to ask");
	text = mp_text(mp_evidence_arena(ask->o->ev), mp_buf_str(&out));
	mp_buf_release(&out);
	return text;
}

/* `settled`: the turn that settles it, or NULL: the best of all. */
static void finish(struct dns_ask *ask, const struct dns_turn *settled)
{
	struct dns_observer *o = ask->o;
	const struct dns_turn *best = settled;
	struct dns_answer *ans = mp_alloc(mp_evidence_arena(o->ev), sizeof(*ans));
	double took = (double)(now_ns() - ask->start_ns) / 1e6;

	for (size_t i = 0; !settled && i < ask->n_turns; i++)
		if (!best || dns_outcome_rank(ask->turns[i].outcome) < dns_outcome_rank(best->outcome))
			best = &ask->turns[i];
	ans->outcome = DNS_UNREACHABLE;
	if (best) {
		*ans = best->answer;
		ans->outcome = best->outcome;
	}
	if (!dns_known(ans->outcome)) {
		bool deadline = uv_now(o->loop) >= ask->deadline_ms;

		ans->detail = describe(ask, deadline ? ask->limit_ms : (uint32_t)took);
	}
	ans->at_ms = dns_round_ms((double)ask->start_ns / 1e6 - (double)o->start_ms);
	ans->took_ms = dns_round_ms(took);
	mp_evidence_answer(o->ev, ask->q, ans);
	close_ask(ask);
	nudge(o);
}

/* ---- from server to server */

static void on_ask_timer(uv_timer_t *t);

/* The next server to ask: the first that was not, one that answers rather than one that has gone silent. */
static struct dns_server *next_server(const struct dns_ask *ask)
{
	struct dns_server *silent = NULL;

	for (size_t i = 0; i < ask->n_servers; i++) {
		struct dns_server *srv = ask->servers[i];
		bool had = false;

		for (size_t k = 0; k < ask->n_turns && !had; k++)
			had = ask->turns[k].srv == srv;
		if (!had && !srv->silent)
			return srv;
		if (!had && !silent)
			silent = srv;
	}
	return silent;
}

/* Go on: to the next server, to waiting for those asked, or to the end. */
static void advance(struct dns_ask *ask)
{
	struct dns_observer *o = ask->o;
	struct dns_server *srv = next_server(ask);
	uint64_t now = uv_now(o->loop), left = ask->deadline_ms > now ? ask->deadline_ms - now : 0;
	bool asking = false, patient = false, have = false;

	if (srv && left > 0) {
		struct dns_turn *turn = &ask->turns[ask->n_turns++];

		turn->srv = srv;
		turn->patient = true;
		turn->outcome = DNS_TIMEOUT;
		turn->query = start_query(ask, srv, true);
		/* With none to turn to, there is nothing to lose by waiting until the deadline. */
		uv_timer_start(&ask->timer, on_ask_timer,
			ask->n_servers > 1 && o->patience_ms < left ? o->patience_ms : left, 0);
		return;
	}
	for (size_t i = 0; i < ask->n_turns; i++) {
		asking = asking || ask->turns[i].query;
		patient = patient || (ask->turns[i].query && ask->turns[i].patient);
		have = have || dns_outcome_rank(ask->turns[i].outcome) < dns_outcome_rank(DNS_TIMEOUT);
	}
	if (!asking || left == 0 || (have && !patient))
		finish(ask, NULL);
	else if (!patient)
		uv_timer_start(&ask->timer, on_ask_timer, left, 0);
}

static void on_ask_timer(uv_timer_t *t)
{
	struct dns_ask *ask = t->data;
	struct dns_observer *o = ask->o;

	for (size_t i = 0; i < ask->n_turns; i++) {
		struct dns_turn *turn = &ask->turns[i];

		turn->patient = false;
		if (turn->query && turn->query->ch && turn->srv->heard_ns < turn->query->sent_ns)
			turn->srv->silent = true;
	}
	advance(ask);
	drain(o);
}

static void take_result(struct dns_query *query)
{
	struct dns_ask *ask = query->ask;
	struct dns_turn *turn = ask->turns;
	const struct dns_answer *ans = &query->answer;
	bool present = true;

	query->srv->n_asking--;
	while (turn->query != query)
		turn++;
	turn->query = NULL;
	turn->outcome = query->answered ? ans->outcome : query->failed;
	turn->answer = *ans;
	if (!query->answered && query->srv->heard_ns < query->sent_ns)
		query->srv->silent = true;
	if (dns_known(turn->outcome)) {
		finish(ask, turn);
		return;
	}
	/* A server that does not understand EDNS is asked without. */
	if (turn->outcome == DNS_OTHER && query->edns &&
		(ans->rcode == DNS_RCODE_FORMERR || ans->rcode == DNS_RCODE_NOTIMP ||
			ans->rcode == DNS_RCODE_BADVERS)) {
		turn->outcome = DNS_TIMEOUT;
		turn->query = start_query(ask, query->srv, false);
		return;
	}
	/* One whose patience had passed says that it fails: then the present server's turn goes on. */
	for (size_t i = 0; i < ask->n_turns && !turn->patient; i++)
		present = present && !(ask->turns[i].query && ask->turns[i].patient);
	if (present)
		advance(ask);
}

/* A channel of 1.18 takes some 80 KB: those of servers that were asked by name go when they are idle. */
static void retire_channels(struct dns_observer *o)
{
	struct dns_channel *next;

	for (struct dns_channel *ch = o->channels; ch; ch = next) {
		next = ch->next;
		if (ch->n_sent == 0 && (ch->retired || !ch->srv->resolver))
			close_channel(ch);
	}
}

/* Work off what c-ares has called back. Never inside a call of c-ares. */
static void drain(struct dns_observer *o)
{
	bool any = false;

	do {
		while (o->done) {
			struct dns_query *query = o->done;

			any = true;
			o->done = query->next;
			if (!o->done)
				o->done_end = &o->done;
			if (query->ask && !o->stopped)
				take_result(query);
			free(query);
		}
		if (!o->stopped)
			pump(o);
	} while (o->done);
	if (any && !o->stopped)
		retire_channels(o);
}

static void on_idle(uv_idle_t *i)
{
	(void)i;
}

static void on_check(uv_check_t *c)
{
	struct dns_observer *o = c->data;

	uv_idle_stop(&o->idle);
	uv_check_stop(&o->check);
	drain(o);
}

static void nudge(struct dns_observer *o)
{
	uv_idle_start(&o->idle, on_idle);
	uv_check_start(&o->check, on_check);
}

/* ---- the interface */

static struct dns_server *server_at(struct dns_observer *o, const struct mp_ip *ip, uint16_t port)
{
	struct dns_server **p = &o->servers, *srv;

	for (; *p; p = &(*p)->next)
		if (mp_ip_eq(&(*p)->ip, ip) && (*p)->port == port)
			return *p;
	srv = *p = mp_xcalloc(1, sizeof(*srv));
	srv->ip = *ip;
	srv->port = port;
	srv->text = dns_server_text(mp_evidence_arena(o->ev), ip, port);
	srv->waiting_end = &srv->waiting;
	return srv;
}

static int add_resolvers(struct dns_observer *o, const struct dns_config *cfg, struct mp_err *err)
{
	o->resolvers = mp_xcalloc(cfg->n_resolvers + 1, sizeof(struct dns_server *));
	for (size_t i = 0; i < cfg->n_resolvers; i++) {
		struct dns_server *srv;
		struct mp_ip ip;
		uint16_t port;

		if (!dns_server_parse(cfg->resolvers[i], &ip, &port))
			return mp_fail(err, MP_EINVAL, "resolver '%s' is not an IP:PORT or [IPv6]:PORT",
				cfg->resolvers[i] ? cfg->resolvers[i] : "");
		srv = server_at(o, &ip, port);
		if (!srv->resolver)
			o->resolvers[o->n_resolvers++] = srv;
		srv->resolver = true;
	}
	return MP_OK;
}

/* Times: each server gets its share of the whole, in which c-ares sends twice; it repeats until the whole is over. */
static void set_times(struct dns_observer *o, uint32_t timeout_ms)
{
	uint32_t share;

	o->timeout_ms = timeout_ms ? timeout_ms : TIMEOUT_MS;
	share = o->timeout_ms / (uint32_t)(o->n_resolvers ? o->n_resolvers : 1);
	o->try_ms = share / 3 < FIRST_TRY_MS ? share / 3 : FIRST_TRY_MS;
	if (o->try_ms < LEAST_TRY_MS)
		o->try_ms = LEAST_TRY_MS;
	o->patience_ms = 3 * o->try_ms;
	o->tries = 3;
	while (o->tries < 8 && ((uint64_t)o->try_ms << o->tries) - o->try_ms < o->timeout_ms)
		o->tries++;
}

static void free_servers(struct dns_observer *o)
{
	while (o->servers) {
		struct dns_server *srv = o->servers;

		o->servers = srv->next;
		free(srv);
	}
	free(o->resolvers);
}

struct dns_observer *dns_observer_new(
	uv_loop_t *loop, struct mp_evidence *ev, const struct dns_config *cfg, struct mp_err *err)
{
	struct dns_observer *o = mp_xcalloc(1, sizeof(*o));
	int rc;

	o->loop = loop;
	o->ev = ev;
	o->start_ms = cfg->start_ms;
	o->secrets = cfg->secrets;
	o->n_secrets = cfg->n_secrets;
	o->done_end = &o->done;
	if (add_resolvers(o, cfg, err) != MP_OK) {
		free_servers(o);
		free(o);
		return NULL;
	}
	rc = ares_library_init(ARES_LIB_INIT_ALL);
	if (rc != ARES_SUCCESS) {
		mp_fail(err, MP_ENET, "c-ares: %s", ares_strerror(rc));
		free_servers(o);
		free(o);
		return NULL;
	}
	set_times(o, cfg->timeout_ms);
	uv_idle_init(loop, &o->idle);
	uv_check_init(loop, &o->check);
	o->check.data = o;
	uv_prepare_init(loop, &o->prepare);
	o->prepare.data = o;
	uv_prepare_start(&o->prepare, on_prepare);
	uv_unref((uv_handle_t *)&o->prepare); /* it alone must not keep the loop running */
	return o;
}

static void answer_badname(struct dns_observer *o, struct mp_question *q)
{
	struct dns_answer *ans = mp_alloc(mp_evidence_arena(o->ev), sizeof(*ans));

	ans->outcome = DNS_BADNAME;
	ans->detail = "this is no possible DNS name";
	mp_evidence_answer(o->ev, q, ans);
	nudge(o);
}

/* Put the key in the place of DNS_KEY_LABEL, where the name has that before a zone with one. */
static void use_key(struct dns_ask *ask)
{
	const char *name = ask->params->name;

	for (size_t i = 0; i < ask->o->n_secrets; i++) {
		const struct dns_secret *s = &ask->o->secrets[i];
		size_t n = strlen(name), tail = strlen(DNS_KEY_LABEL) + 1 + strlen(s->zone);
		int len;

		if (n <= tail || name[n - tail - 1] != '.' ||
			strncmp(name + n - tail, DNS_KEY_LABEL ".", strlen(DNS_KEY_LABEL) + 1) != 0 ||
			!dns_name_eq(name + n - strlen(s->zone), s->zone))
			continue;
		len = snprintf(
			ask->keyed_name, sizeof(ask->keyed_name), "%.*s%s.%s", (int)(n - tail), name, s->key, s->zone);
		if (len < 0 || (size_t)len >= sizeof(ask->keyed_name))
			return;
		ask->keyed = *ask->params;
		ask->keyed.name = ask->keyed_name;
		ask->params = &ask->keyed;
		ask->secret = s;
		return;
	}
}

void dns_observe(struct dns_observer *o, struct mp_question *q)
{
	const struct dns_question *params = q->params;
	uint8_t wire[DNS_NAME_WIRE];
	struct dns_ask *ask;
	struct mp_ip ip;
	uint16_t port;

	if (o->stopped)
		return;
	if (!dns_name_to_wire(params->name, wire)) {
		answer_badname(o, q);
		return;
	}
	uv_update_time(o->loop); /* judges may have taken a while */
	ask = mp_xcalloc(1, sizeof(*ask));
	ask->o = o;
	ask->q = q;
	ask->params = params;
	use_key(ask);
	ask->start_ns = now_ns();
	/* A zone's own server answers from memory or not at all, and behind many firewalls never: no use waiting long. */
	ask->limit_ms = params->norecurse ? o->timeout_ms / 2 : o->timeout_ms;
	ask->deadline_ms = uv_now(o->loop) + ask->limit_ms;
	if (!params->server) {
		ask->servers = o->resolvers;
		ask->n_servers = o->n_resolvers;
	} else if (dns_server_parse(params->server, &ip, &port)) {
		ask->own = server_at(o, &ip, port);
		ask->servers = &ask->own;
		ask->n_servers = 1;
	}
	ask->turns = mp_xcalloc(ask->n_servers + 1, sizeof(*ask->turns));
	ask->prev = &o->asks;
	ask->next = o->asks;
	if (ask->next)
		ask->next->prev = &ask->next;
	o->asks = ask;
	uv_timer_init(o->loop, &ask->timer);
	ask->timer.data = ask;
	advance(ask);
	if (o->done)
		nudge(o);
}

void dns_observer_stop(struct dns_observer *o)
{
	if (o->stopped)
		return;
	o->stopped = true;
	while (o->asks)
		close_ask(o->asks);
	while (o->channels)
		close_channel(o->channels);
	drain(o);
	uv_close((uv_handle_t *)&o->idle, NULL);
	uv_close((uv_handle_t *)&o->check, NULL);
	uv_close((uv_handle_t *)&o->prepare, NULL);
}

void dns_observer_free(struct dns_observer *o)
{
	if (!o)
		return;
	ares_library_cleanup();
	free_servers(o);
	free(o);
}

size_t dns_system_resolvers(struct mp_arena *a, const char *const **out)
{
	struct ares_addr_port_node *list = NULL;
	const char **texts = NULL;
	ares_channel ares = NULL;
	size_t n = 0, cap = 0;

	if (ares_library_init(ARES_LIB_INIT_ALL) != ARES_SUCCESS)
		return 0;
	if (ares_init(&ares) == ARES_SUCCESS) {
		if (ares_get_servers_ports(ares, &list) == ARES_SUCCESS)
			for (const struct ares_addr_port_node *p = list; p; p = p->next) {
				struct mp_ip ip = {.family = p->family == AF_INET ? MP_IPV4 : MP_IPV6};

				memcpy(ip.b, &p->addr, ip.family == MP_IPV4 ? 4 : 16);
				/* c-ares does not say which interface a link-local one belongs to */
				if (mp_ip_kind(&ip) == MP_IP_LINKLOCAL && ip.family == MP_IPV6)
					continue;
				*MP_PUSH(a, texts, n, cap) =
					dns_server_text(a, &ip, (uint16_t)(p->udp_port ? p->udp_port : 53));
			}
		ares_free_data(list);
		ares_destroy(ares);
	}
	ares_library_cleanup();
	*out = texts;
	return n;
}
