/* tests/unit/test_dns_observer.c - the observer against name servers of its own on loopback, right and wrong ones */
#include "dns/observer.h"
#include "tests/unit/dns_packet.h"
#include "tests/unit/row.h"

/* Nothing listens there: no test binds this address. */
#define CLOSED "127.77.1.1:1"

enum { MANY = 700, WATCHDOG_MS = 30000, DELAY_MS = 1500 };

/* ---- a name server. What it does is said by the first label of the name, or by `mood` for all of them. */

struct server {
	uv_udp_t udp;
	uv_tcp_t tcp;
	char text[32]; /* "127.0.0.1:PORT" */
	const char *mood;
	unsigned n_udp, n_tcp, n_dropped, ids;
	unsigned flags;            /* of the last query */
	char asked[DNS_NAME_TEXT]; /* its name */
	bool edns;                 /* its last 11 bytes are our OPT record */
	bool hangs_up;             /* closes TCP connections at once */
	uv_timer_t delay;
	struct sockaddr_in delayed_to;
	struct packet delayed;
	uint8_t in[65536];
	struct packet out;
};

struct connection {
	uv_tcp_t tcp;
	struct server *s;
	uint8_t in[2048];
	size_t n;
};

struct fixture {
	uv_loop_t loop;
	struct mp_evidence *ev;
	struct dns_observer *o;
	struct server a, b;
	uv_timer_t watchdog;
	bool late;
};

static void free_data(uv_handle_t *h)
{
	free(h->data);
}

static bool is(const char *mood, const char *word)
{
	return mp_ieq(mood, word);
}

/* Put the answer into s->out. False: none. */
static bool answer(struct server *s, const uint8_t *q, size_t n, bool tcp)
{
	static const uint8_t opt[] = {0, 0, 41, 0x04, 0xd0, 0, 0, 0x80, 0, 0, 0};
	char name[DNS_NAME_TEXT], label[64] = "";
	struct packet *p = &s->out;
	const char *mood;
	size_t len = 0, at;
	unsigned id, type;

	assert_true(n > 12 + 5);
	while (q[12 + len])
		len += q[12 + len] + 1U;
	assert_true(12 + len + 5 <= n);
	dns_name_from_wire(q + 12, name);
	memcpy(s->asked, name, sizeof(name));
	if (q[12])
		memcpy(label, q + 13, q[12]);
	mood = s->mood ? s->mood : label;
	id = (unsigned)(q[0] << 8 | q[1]);
	type = (unsigned)(q[12 + len + 1] << 8 | q[12 + len + 2]);
	s->flags = (unsigned)(q[2] << 8 | q[3]);
	s->edns = n == 12 + len + 5 + sizeof(opt) && q[11] == 1 && memcmp(q + n - sizeof(opt), opt, sizeof(opt)) == 0;
	s->ids += id;
	if (tcp)
		s->n_tcp++;
	else
		s->n_udp++;

	pk_start(p, id, QR | RA | (s->flags & RD), name, type);
	if (is(mood, "silent"))
		return false;
	if (is(mood, "lost") && !s->n_dropped++)
		return false;
	if (is(mood, "nx") || is(mood, "nodata")) {
		p->b[3] = (uint8_t)(p->b[3] | (is(mood, "nx") ? 3 : 0));
		pk_soa(p, AUTHORITY, "example", 900, 1, 300);
	} else if (is(mood, "servfail")) {
		p->b[3] |= 2;
		pk_opt(p, 0, 22, "all lame");
		return true;
	} else if (is(mood, "refused")) {
		p->b[3] |= 5;
	} else if (is(mood, "notauth")) {
		p->b[3] |= 9;
	} else if (is(mood, "truncated") && !tcp) {
		p->b[2] |= TC >> 8;
	} else if (is(mood, "malformed")) {
		pk_raw(p, ANSWER, NULL, type, 60, "\1", 1);
	} else if (is(mood, "loop")) {
		pk_target(p, ANSWER, NULL, DNS_CNAME, 60, name);
	} else if (is(mood, "formerr") && s->edns) {
		p->b[3] |= 1;
		return true;
	} else if (is(mood, "badvers") && s->edns) {
		pk_opt(p, 1, 0, NULL);
		return true;
	} else if (is(mood, "big") || is(mood, "formerr") || is(mood, "huge")) {
		for (int i = 0; i < (is(mood, "huge") ? 200 : 4); i++) {
			at = pk_open(p, ANSWER, NULL, DNS_TXT, 60);
			pk_u8(p, 200);
			for (int k = 0; k < 200; k++)
				pk_u8(p, 'a' + (unsigned)(i % 26));
			pk_close(p, at);
		}
		if (is(mood, "huge") && !tcp) {
			pk_start(p, id, QR | RA | TC, name, type);
			return true;
		}
		if (is(mood, "formerr"))
			return true;
	} else if (is(mood, "secure")) {
		p->b[3] = (uint8_t)(p->b[3] | (s->flags & AD));
		pk_raw(p, ANSWER, NULL, type, 300, "\xc0\0\2\1", 4);
	} else if (type == DNS_TXT) {
		pk_raw(p, ANSWER, NULL, type, 300, "\2ok", 3);
	} else {
		pk_raw(p, ANSWER, NULL, type, 300, "\xc0\0\2\1", 4);
	}
	if (s->edns)
		pk_opt(p, 0, 0, NULL);
	return true;
}

static void udp_alloc(uv_handle_t *h, size_t want, uv_buf_t *buf)
{
	struct server *s = h->data;

	(void)want;
	*buf = uv_buf_init((char *)s->in, sizeof(s->in));
}

static void send_delayed(uv_timer_t *t)
{
	struct server *s = t->data;
	uv_buf_t out = uv_buf_init((char *)s->delayed.b, (unsigned)s->delayed.n);

	uv_udp_try_send(&s->udp, &out, 1, (const struct sockaddr *)&s->delayed_to);
}

static void udp_recv(uv_udp_t *h, ssize_t n, const uv_buf_t *buf, const struct sockaddr *from, unsigned flags)
{
	struct server *s = h->data;
	uv_buf_t out;

	(void)flags;
	if (n <= 0 || !from || !answer(s, (const uint8_t *)buf->base, (size_t)n, false))
		return;
	if (is(s->mood, "slow")) {
		if (!uv_is_active((uv_handle_t *)&s->delay)) {
			s->delayed = s->out;
			memcpy(&s->delayed_to, from, sizeof(s->delayed_to));
			uv_timer_start(&s->delay, send_delayed, DELAY_MS, 0);
		}
		return;
	}
	out = uv_buf_init((char *)s->out.b, (unsigned)s->out.n);
	uv_udp_try_send(h, &out, 1, from);
}

static void tcp_alloc(uv_handle_t *h, size_t want, uv_buf_t *buf)
{
	struct connection *c = h->data;

	(void)want;
	*buf = uv_buf_init((char *)c->in + c->n, (unsigned)(sizeof(c->in) - c->n));
}

static void tcp_read(uv_stream_t *h, ssize_t n, const uv_buf_t *buf)
{
	struct connection *c = h->data;
	uint8_t length[2];
	uv_buf_t out[2];
	size_t want;

	(void)buf;
	if (n < 0) {
		uv_close((uv_handle_t *)h, free_data);
		return;
	}
	c->n += (size_t)n;
	while (c->n >= 2) {
		want = (size_t)(c->in[0] << 8 | c->in[1]);
		if (c->n < want + 2)
			return;
		if (answer(c->s, c->in + 2, want, true)) {
			length[0] = (uint8_t)(c->s->out.n >> 8);
			length[1] = (uint8_t)c->s->out.n;
			out[0] = uv_buf_init((char *)length, 2);
			out[1] = uv_buf_init((char *)c->s->out.b, (unsigned)c->s->out.n);
			uv_try_write(h, out, 2);
		}
		memmove(c->in, c->in + 2 + want, c->n - want - 2);
		c->n -= want + 2;
	}
}

static void tcp_connection(uv_stream_t *h, int status)
{
	struct server *s = h->data;
	struct connection *c = mp_xcalloc(1, sizeof(*c));

	assert_int_equal(status, 0);
	uv_tcp_init(h->loop, &c->tcp);
	c->tcp.data = c;
	c->s = s;
	if (uv_accept(h, (uv_stream_t *)&c->tcp) != 0 || s->hangs_up)
		uv_close((uv_handle_t *)&c->tcp, free_data);
	else
		uv_read_start((uv_stream_t *)&c->tcp, tcp_alloc, tcp_read);
}

/* UDP and TCP on one port that the system chooses. */
static void start_server(uv_loop_t *loop, struct server *s)
{
	struct sockaddr_in at = {.sin_family = AF_INET};
	int len = sizeof(at), rc = -1;

	at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	for (int tries = 0; tries < 50 && rc != 0; tries++) {
		at.sin_port = 0;
		uv_udp_init(loop, &s->udp);
		assert_int_equal(uv_udp_bind(&s->udp, (const struct sockaddr *)&at, 0), 0);
		assert_int_equal(uv_udp_getsockname(&s->udp, (struct sockaddr *)&at, &len), 0);
		uv_tcp_init(loop, &s->tcp);
		s->udp.data = s->tcp.data = s;
		rc = uv_tcp_bind(&s->tcp, (const struct sockaddr *)&at, 0);
		if (rc == 0)
			rc = uv_listen((uv_stream_t *)&s->tcp, 16, tcp_connection);
		if (rc != 0) { /* somebody has that port for TCP */
			uv_close((uv_handle_t *)&s->udp, NULL);
			uv_close((uv_handle_t *)&s->tcp, NULL);
			uv_run(loop, UV_RUN_DEFAULT);
		}
	}
	assert_int_equal(rc, 0);
	assert_int_equal(uv_udp_recv_start(&s->udp, udp_alloc, udp_recv), 0);
	snprintf(s->text, sizeof(s->text), "127.0.0.1:%u", ntohs(at.sin_port));
	uv_timer_init(loop, &s->delay);
	s->delay.data = s;
	/* they serve; what is asked keeps the loop running */
	uv_unref((uv_handle_t *)&s->udp);
	uv_unref((uv_handle_t *)&s->tcp);
}

/* ---- the fixture */

static void on_watchdog(uv_timer_t *t)
{
	struct fixture *f = t->data;

	f->late = true;
}

static int setup(void **state)
{
	struct fixture *f = mp_xcalloc(1, sizeof(*f));

	assert_int_equal(uv_loop_init(&f->loop), 0);
	f->ev = mp_evidence_new();
	start_server(&f->loop, &f->a);
	start_server(&f->loop, &f->b);
	uv_timer_init(&f->loop, &f->watchdog);
	f->watchdog.data = f;
	uv_timer_start(&f->watchdog, on_watchdog, WATCHDOG_MS, 0);
	*state = f;
	return 0;
}

static void start(struct fixture *f, const char *const *resolvers, size_t n, uint32_t timeout_ms)
{
	struct dns_config cfg = {
		.resolvers = resolvers, .n_resolvers = n, .timeout_ms = timeout_ms, .start_ms = uv_now(&f->loop)};
	struct mp_err err = {0};

	f->o = dns_observer_new(&f->loop, f->ev, &cfg, &err);
	if (!f->o)
		fail_msg("dns_observer_new: %s", err.msg);
}

static void start1(struct fixture *f, uint32_t timeout_ms)
{
	const char *resolver = f->a.text;

	start(f, &resolver, 1, timeout_ms);
}

static void start2(struct fixture *f, const char *first, const char *second, uint32_t timeout_ms)
{
	const char *resolvers[] = {first, second};

	start(f, resolvers, 2, timeout_ms);
}

static void stop_server(struct server *s)
{
	uv_close((uv_handle_t *)&s->udp, NULL);
	uv_close((uv_handle_t *)&s->tcp, NULL);
	uv_close((uv_handle_t *)&s->delay, NULL);
}

static void stop(struct fixture *f)
{
	if (f->o)
		dns_observer_stop(f->o);
	uv_close((uv_handle_t *)&f->watchdog, NULL);
	stop_server(&f->a);
	stop_server(&f->b);
	uv_run(&f->loop, UV_RUN_DEFAULT);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	int rc;

	stop(f);
	dns_observer_free(f->o);
	mp_evidence_free(f->ev);
	rc = uv_loop_close(&f->loop);
	free(f);
	return rc;
}

/* Hand over all that is wanted, as the runner does. */
static void observe_wanted(struct fixture *f)
{
	struct mp_question *q;

	while ((q = mp_evidence_next_wanted(f->ev)))
		dns_observe(f->o, q);
}

/* One round of the loop at a time: an answer must end the round that it comes in. */
static void until_answered(struct fixture *f)
{
	observe_wanted(f);
	while (mp_evidence_waiting(f->ev) > 0 && !f->late)
		uv_run(&f->loop, UV_RUN_ONCE);
	assert_false(f->late);
}

static const struct dns_answer *look_up(struct fixture *f, const char *name, enum dns_type type)
{
	dns_ask(f->ev, name, type);
	until_answered(f);
	return dns_ask(f->ev, name, type);
}

static const struct dns_answer *look_up_at(
	struct fixture *f, const char *server, const char *name, enum dns_type type, bool recurse)
{
	dns_ask_server(f->ev, server, name, type, recurse);
	until_answered(f);
	return dns_ask_server(f->ev, server, name, type, recurse);
}

/* ---- one server */

/* A key goes over the wire, and is in nothing that is kept. */
static void secret(void **state)
{
	static const struct {
		const char *label, *name, *sent;
		enum dns_type type;
		enum dns_outcome outcome;
	} rows[] = {
		{"keyed", "ok._key.bl.example", "ok.s3cr3t.bl.example", DNS_A, DNS_ANSWERED},
		{"keyed, deeper", "ok.b._key.bl.example", "ok.b.s3cr3t.bl.example", DNS_A, DNS_ANSWERED},
		{"an error that quotes", "servfail._key.bl.example", "servfail.s3cr3t.bl.example", DNS_A, DNS_SERVFAIL},
		{"no such name", "nx._key.bl.example", "nx.s3cr3t.bl.example", DNS_A, DNS_NXDOMAIN},
		{"a broken answer", "malformed._key.bl.example", "malformed.s3cr3t.bl.example", DNS_A, DNS_MALFORMED},
		{"another zone", "ok._key.other.example", "ok._key.other.example", DNS_A, DNS_ANSWERED},
		{"no label before it", "_key.bl.example", "_key.bl.example", DNS_A, DNS_ANSWERED},
		{"inside a label", "ok.x_key.bl.example", "ok.x_key.bl.example", DNS_A, DNS_ANSWERED},
	};
	static const struct dns_secret keys[] = {{"zen.example", "0ther"}, {"bl.example", "s3cr3t"}};
	static const struct mp_kind *const kinds[] = {&dns_kind};
	struct fixture *f = *state;
	const char *resolver = f->a.text;
	struct dns_config cfg = {.resolvers = &resolver,
		.n_resolvers = 1,
		.timeout_ms = 5000,
		.start_ms = uv_now(&f->loop),
		.secrets = keys,
		.n_secrets = ARRAY_LEN(keys)};
	struct mp_buf text = MP_BUF(1 << 20);
	struct mp_err err = {0};
	json_t *saved;

	f->o = dns_observer_new(&f->loop, f->ev, &cfg, &err);
	assert_non_null(f->o);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct dns_answer *ans;

		dns_ask(f->ev, rows[i].name, rows[i].type);
		until_answered(f);
		ans = dns_ask(f->ev, rows[i].name, rows[i].type);
		row_str(rows[i].label, f->a.asked, rows[i].sent);
		row_int(rows[i].label, ans->outcome, rows[i].outcome);
		if (ans->n_rr)
			row_str(rows[i].label, ans->rr[0].owner, rows[i].name);
	}
	saved = mp_evidence_to_json(f->ev, kinds, 1);
	mp_json_write(saved, 0, &text);
	assert_null(strstr(mp_buf_cstr(&text), "s3cr3t"));
	assert_non_null(strstr(mp_buf_cstr(&text), "_key.bl.example"));
	json_decref(saved);
	mp_buf_release(&text);
}

static void outcomes(void **state)
{
	static const struct {
		const char *label, *name;
		enum dns_type type;
		enum dns_outcome outcome;
		uint16_t rcode;
		int tcp;            /* -1: either; c-ares 1.18 has lost EDNS for this question, newer ones have not */
		const char *detail; /* "%" is the server */
	} rows[] = {
		{"answered", "ok.example", DNS_A, DNS_ANSWERED, 0, 0, NULL},
		{"no such name", "nx.example", DNS_A, DNS_NXDOMAIN, 3, 0, NULL},
		{"no data", "nodata.example", DNS_A, DNS_NODATA, 0, 0, NULL},
		{"SERVFAIL", "servfail.example", DNS_A, DNS_SERVFAIL, 2, 0,
			"% answered SERVFAIL (no reachable authority: all lame)"},
		{"REFUSED", "refused.example", DNS_A, DNS_REFUSED, 5, 0, "% answered REFUSED"},
		{"another code", "notauth.example", DNS_A, DNS_OTHER, 9, 0, "% answered with error code 9"},
		{"first packet lost", "lost.example", DNS_A, DNS_ANSWERED, 0, 0, NULL},
		{"truncated", "truncated.example", DNS_A, DNS_ANSWERED, 0, 1, NULL},
		{"40 KB", "huge.example", DNS_TXT, DNS_ANSWERED, 0, 1, NULL},
		{"800 bytes by UDP", "big.example", DNS_TXT, DNS_ANSWERED, 0, 0, NULL},
		{"FORMERR to EDNS", "formerr.example", DNS_TXT, DNS_ANSWERED, 0, -1, NULL},
		{"800 bytes by UDP after a FORMERR", "big.a.example", DNS_TXT, DNS_ANSWERED, 0, 0, NULL},
		{"BADVERS", "badvers.example", DNS_A, DNS_ANSWERED, 0, 0, NULL},
		{"CNAME loop", "loop.example", DNS_A, DNS_MALFORMED, 0, 0, "CNAME loop"},
	};
	struct fixture *f = *state;

	start1(f, 3000);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct dns_answer *ans = look_up(f, rows[i].name, rows[i].type);
		const char *rest = rows[i].detail && rows[i].detail[0] == '%' ? rows[i].detail + 1 : NULL;

		row_str(rows[i].label, dns_outcome_name(ans->outcome), dns_outcome_name(rows[i].outcome));
		row_int(rows[i].label, ans->rcode, rows[i].rcode);
		row_str(rows[i].label, ans->server, f->a.text);
		if (rows[i].tcp >= 0)
			row_int(rows[i].label, ans->tcp, rows[i].tcp);
		row_str(rows[i].label, ans->detail,
			rest ? mp_printf(mp_evidence_arena(f->ev), "%s%s", f->a.text, rest) : rows[i].detail);
		row_bool(rows[i].label, ans->at_ms >= 0 && ans->took_ms >= 0, true);
	}
}

static void malformed(void **state)
{
	struct fixture *f = *state;
	const struct dns_answer *ans;

	start1(f, 3000);
	ans = look_up(f, "malformed.example", DNS_A);
	assert_int_equal(ans->outcome, DNS_MALFORMED);
	assert_non_null(ans->detail); /* c-ares 1.34 rejects it before we see what is wrong */
	assert_string_equal(ans->server, f->a.text);
}

static void what_is_sent(void **state)
{
	struct fixture *f = *state;
	const struct dns_answer *ans;

	start1(f, 3000);
	ans = look_up(f, "secure.example", DNS_A);
	assert_int_equal(f->a.flags, RD | AD);
	assert_true(f->a.edns);
	assert_true(ans->ad);
	assert_true(ans->ra);
	assert_false(ans->aa);
	assert_int_equal(f->a.n_udp, 1);
}

static void silence(void **state)
{
	struct fixture *f = *state;
	const struct dns_answer *ans;

	start1(f, 300);
	ans = look_up(f, "silent.example", DNS_A);
	assert_int_equal(ans->outcome, DNS_TIMEOUT);
	assert_null(ans->server);
	assert_string_equal(
		ans->detail, mp_printf(mp_evidence_arena(f->ev), "no answer from %s within 0.3 s", f->a.text));
	assert_true(f->a.n_udp >= 2);
}

static void closed_port(void **state)
{
	static const char *const resolvers[] = {CLOSED};
	struct fixture *f = *state;
	const struct dns_answer *ans;

	start(f, resolvers, 1, 4 * WATCHDOG_MS);
	ans = look_up(f, "ok.example", DNS_A);
	assert_int_equal(ans->outcome, DNS_UNREACHABLE);
	assert_string_equal(ans->detail, CLOSED " cannot be reached: no route, or the port is closed");
	assert_null(ans->server);
	/* The system refuses that one while it is being asked: the answer must still end the loop's next round. */
	ans = look_up_at(f, "255.255.255.255:53", "ok.example", DNS_A, true);
	assert_int_equal(ans->outcome, DNS_UNREACHABLE);
}

static void tcp_hangs_up(void **state)
{
	struct fixture *f = *state;
	const struct dns_answer *ans;

	start1(f, 1000);
	f->a.hangs_up = true;
	ans = look_up(f, "truncated.example", DNS_A);
	assert_false(dns_known(ans->outcome));
	assert_non_null(ans->detail);
	f->a.hangs_up = false;
	ans = look_up(f, "truncated.b.example", DNS_A);
	assert_int_equal(ans->outcome, DNS_ANSWERED);
}

static void no_resolver(void **state)
{
	struct fixture *f = *state;
	const struct dns_answer *ans;

	start(f, NULL, 0, 1000);
	ans = look_up(f, "ok.example", DNS_A);
	assert_int_equal(ans->outcome, DNS_UNREACHABLE);
	assert_string_equal(ans->detail, "no name server is known to ask");
	ans = look_up_at(f, f->a.text, "ok.example", DNS_A, true);
	assert_int_equal(ans->outcome, DNS_ANSWERED);
	ans = look_up_at(f, "nonsense\n", "ok.example", DNS_A, true);
	assert_int_equal(ans->outcome, DNS_UNREACHABLE);
	assert_string_equal(ans->detail, "'nonsense\\x0a' is not the IP:PORT of a name server");
}

static void impossible_name(void **state)
{
	struct fixture *f = *state;
	struct dns_question q = {.name = "a..b", .type = DNS_A};
	const struct dns_answer *ans;

	start1(f, 1000);
	mp_evidence_ask(f->ev, &dns_kind, &q);
	until_answered(f);
	ans = mp_evidence_ask(f->ev, &dns_kind, &q);
	assert_int_equal(ans->outcome, DNS_BADNAME);
	assert_int_equal(f->a.n_udp, 0);
}

/* ---- several servers */

static void second_takes_over(void **state)
{
	static const struct {
		const char *label, *mood; /* of the first; NULL: its port is closed */
	} rows[] = {
		{"closed port", NULL},
		{"SERVFAIL", "servfail"},
		{"REFUSED", "refused"},
		{"malformed", "malformed"},
		{"silent", "silent"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		char name[32];
		const struct dns_answer *ans;

		f->a.mood = rows[i].mood;
		start2(f, rows[i].mood ? f->a.text : CLOSED, f->b.text, 2400);
		snprintf(name, sizeof(name), "ok.row%zu.example", i);
		ans = look_up(f, name, DNS_A);
		row_str(rows[i].label, dns_outcome_name(ans->outcome), "answered");
		row_str(rows[i].label, ans->server, f->b.text);
		row_str(rows[i].label, ans->detail, NULL);
		dns_observer_stop(f->o);
		for (int k = 0; k < 5; k++)
			uv_run(&f->loop, UV_RUN_NOWAIT);
		dns_observer_free(f->o);
		f->o = NULL;
	}
}

static void first_is_enough(void **state)
{
	struct fixture *f = *state;
	const struct dns_answer *ans;

	start2(f, f->a.text, f->b.text, 5000);
	ans = look_up(f, "nx.example", DNS_A);
	assert_int_equal(ans->outcome, DNS_NXDOMAIN);
	assert_string_equal(ans->server, f->a.text);
	assert_int_equal(f->b.n_udp, 0);
}

static void silent_one_is_asked_last(void **state)
{
	struct fixture *f = *state;
	unsigned before;

	f->a.mood = "silent";
	start2(f, f->a.text, f->b.text, 2400);
	look_up(f, "ok.example", DNS_A);
	before = f->b.n_udp;
	look_up(f, "nx.example", DNS_A); /* NXDOMAIN at once, from the second */
	look_up(f, "nodata.example", DNS_A);
	assert_int_equal(f->b.n_udp, before + 2);
	/* asked alone it answers again, and is the first again */
	f->a.mood = NULL;
	look_up_at(f, f->a.text, "ok.example", DNS_A, true);
	before = f->b.n_udp;
	look_up(f, "ok.b.example", DNS_A);
	assert_int_equal(f->b.n_udp, before);
}

static void late_answer_counts(void **state)
{
	struct fixture *f = *state;
	const struct dns_answer *ans;

	f->a.mood = "slow";
	f->b.mood = "silent";
	start2(f, f->a.text, f->b.text, 3 * DELAY_MS / 2 + 200); /* each is given half: A needs more */
	ans = look_up(f, "ok.example", DNS_A);
	assert_int_equal(ans->outcome, DNS_ANSWERED);
	assert_string_equal(ans->server, f->a.text);
}

static void best_of_all(void **state)
{
	struct fixture *f = *state;
	struct mp_arena *arena = mp_evidence_arena(f->ev);
	const struct dns_answer *ans;

	f->a.mood = "refused";
	f->b.mood = "servfail";
	start2(f, f->a.text, f->b.text, 3000);
	ans = look_up(f, "one.example", DNS_A);
	assert_int_equal(ans->outcome, DNS_SERVFAIL);
	assert_string_equal(ans->server, f->b.text);
	assert_string_equal(ans->detail,
		mp_printf(arena, "%s answered REFUSED; %s answered SERVFAIL (no reachable authority: all lame)",
			f->a.text, f->b.text));
	f->a.mood = "servfail";
	f->b.mood = "loop";
	ans = look_up(f, "two.example", DNS_A);
	assert_int_equal(ans->outcome, DNS_SERVFAIL);
	assert_string_equal(ans->server, f->a.text);
	assert_string_equal(
		ans->detail, mp_printf(arena, "%s answered SERVFAIL (no reachable authority: all lame); %s: CNAME loop",
				     f->a.text, f->b.text));
}

static void all_silent(void **state)
{
	struct fixture *f = *state;
	const char *resolvers[] = {f->a.text, CLOSED, f->b.text, f->a.text};
	const struct dns_answer *ans;

	f->a.mood = f->b.mood = "silent";
	start(f, resolvers, ARRAY_LEN(resolvers), 600);
	ans = look_up(f, "one.example", DNS_A);
	assert_int_equal(ans->outcome, DNS_TIMEOUT);
	assert_string_equal(ans->detail,
		mp_printf(mp_evidence_arena(f->ev),
			CLOSED " cannot be reached: no route, or the port is closed; no answer from %s and %s within "
			       "0.6 s",
			f->a.text, f->b.text));
}

static void asked_alone(void **state)
{
	struct fixture *f = *state;
	const struct dns_answer *ans;

	start1(f, 3000);
	ans = look_up_at(f, f->b.text, "ok.example", DNS_A, false);
	assert_int_equal(ans->outcome, DNS_ANSWERED);
	assert_string_equal(ans->server, f->b.text);
	assert_int_equal(f->b.flags, AD);
	ans = look_up_at(f, f->b.text, "ok.example", DNS_A, true);
	assert_int_equal(f->b.flags, RD | AD);
	ans = look_up_at(f, f->b.text, "servfail.example", DNS_A, false);
	assert_int_equal(ans->outcome, DNS_SERVFAIL);
	ans = look_up_at(f, CLOSED, "ok.example", DNS_A, false);
	assert_int_equal(ans->outcome, DNS_UNREACHABLE);
	assert_int_equal(f->a.n_udp, 0);
}

/* ---- many at once, and ending */

static void many_at_once(void **state)
{
	static const char *const moods[] = {"ok", "nx", "nodata", "truncated", "servfail", "lost", "formerr"};
	struct fixture *f = *state;
	size_t answered = 0;
	char name[64];

	start2(f, f->a.text, f->b.text, 6000);
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "%s.n%d.example", moods[(size_t)i % ARRAY_LEN(moods)], i);
		assert_null(dns_ask(f->ev, name, DNS_TXT));
	}
	until_answered(f);
	for (const struct mp_question *q = mp_evidence_first(f->ev); q; q = q->next) {
		const struct dns_question *params = q->params;
		const struct dns_answer *ans = q->answer;

		answered += ans->outcome == DNS_ANSWERED;
		if (strncmp(params->name, "servfail", 8) == 0)
			row_int(params->name, ans->outcome, DNS_SERVFAIL);
		else
			row_bool(params->name, dns_known(ans->outcome), true);
	}
	assert_int_equal(answered, 4 * MANY / ARRAY_LEN(moods)); /* ok, truncated, lost, formerr */
}

/* More than may be asked at once: those in line time out as well, and a place that becomes free is of no use. */
static void many_in_silence(void **state)
{
	struct fixture *f = *state;
	char name[64];

	f->a.mood = "silent";
	start1(f, 300);
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "n%d.example", i);
		dns_ask(f->ev, name, DNS_A);
	}
	until_answered(f);
	for (const struct mp_question *q = mp_evidence_first(f->ev); q; q = q->next)
		row_int(q->key, ((const struct dns_answer *)q->answer)->outcome, DNS_TIMEOUT);
}

static void stopped_in_flight(void **state)
{
	struct fixture *f = *state;
	char name[64];

	f->a.mood = "silent";
	start2(f, f->a.text, f->b.text, 9000);
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "n%d.example", i);
		dns_ask(f->ev, name, DNS_A);
	}
	dns_ask_server(f->ev, CLOSED, "ok.example", DNS_A, true);
	observe_wanted(f);
	for (int i = 0; i < 3; i++)
		uv_run(&f->loop, UV_RUN_NOWAIT);
	dns_observer_stop(f->o);
	dns_observer_stop(f->o);
	assert_true(mp_evidence_waiting(f->ev) >= MANY);
	/* what is handed over afterwards stays unanswered too */
	dns_ask(f->ev, "later.example", DNS_A);
	observe_wanted(f);
	mp_evidence_close(f->ev);
	assert_int_equal(dns_ask(f->ev, "n1.example", DNS_A)->outcome, DNS_TIMEOUT);
}

static void stopped_before_the_loop_ran(void **state)
{
	struct fixture *f = *state;

	start2(f, CLOSED, f->a.text, 9000);
	dns_ask(f->ev, "ok.example", DNS_A);
	dns_ask_server(f->ev, "255.255.255.255:53", "ok.example", DNS_A, true);
	observe_wanted(f);
	dns_observer_stop(f->o);
	assert_int_equal(mp_evidence_waiting(f->ev), 2);
}

static void saved_and_read_back(void **state)
{
	static const struct mp_kind *const kinds[] = {&dns_kind};
	static const char *const names[] = {
		"ok.example", "nx.example", "servfail.example", "big.example", "loop.example"};
	struct fixture *f = *state;
	struct mp_evidence *other = mp_evidence_new();
	struct mp_buf text = MP_BUF(1 << 20);
	struct mp_err err = {0};
	json_t *j, *again, *parsed;

	start1(f, 3000);
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		look_up(f, names[i], DNS_TXT);
	look_up_at(f, CLOSED, "ok.example", DNS_A, true);
	j = mp_evidence_to_json(f->ev, kinds, 1);
	mp_json_write(j, 2, &text);
	parsed = mp_json_parse(mp_buf_str(&text), &err);
	if (mp_evidence_from_json(other, kinds, 1, parsed, &err) != MP_OK)
		fail_msg("%s", err.msg);
	again = mp_evidence_to_json(other, kinds, 1);
	assert_true(json_equal(j, again)); /* the times too */
	json_decref(again);
	json_decref(parsed);
	json_decref(j);
	mp_buf_release(&text);
	mp_evidence_free(other);
}

/* ---- configuration */

static void bad_resolvers(void **state)
{
	static const char *const texts[] = {"192.0.2.1", "ns.example:53", "", "127.0.0.1:0"};
	struct fixture *f = *state;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
		struct dns_config cfg = {.resolvers = &texts[i], .n_resolvers = 1};
		struct mp_err err = {0};

		assert_null(dns_observer_new(&f->loop, f->ev, &cfg, &err));
		row_int(texts[i], err.code, MP_EINVAL);
		row_bool(texts[i], strstr(err.msg, texts[i]) != NULL, true);
	}
}

static void system_resolvers(void **state)
{
	struct fixture *f = *state;
	const char *const *list = NULL;
	size_t n = dns_system_resolvers(mp_evidence_arena(f->ev), &list);

	assert_true((n > 0) == (list != NULL));
	for (size_t i = 0; i < n; i++) {
		struct mp_ip ip;
		uint16_t port;

		row_bool(list[i], dns_server_parse(list[i], &ip, &port), true);
	}
}

#define WITH_SERVERS(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_SERVERS(secret),
		WITH_SERVERS(outcomes),
		WITH_SERVERS(malformed),
		WITH_SERVERS(what_is_sent),
		WITH_SERVERS(silence),
		WITH_SERVERS(closed_port),
		WITH_SERVERS(tcp_hangs_up),
		WITH_SERVERS(no_resolver),
		WITH_SERVERS(impossible_name),
		WITH_SERVERS(second_takes_over),
		WITH_SERVERS(first_is_enough),
		WITH_SERVERS(silent_one_is_asked_last),
		WITH_SERVERS(late_answer_counts),
		WITH_SERVERS(best_of_all),
		WITH_SERVERS(all_silent),
		WITH_SERVERS(asked_alone),
		WITH_SERVERS(many_at_once),
		WITH_SERVERS(many_in_silence),
		WITH_SERVERS(stopped_in_flight),
		WITH_SERVERS(stopped_before_the_loop_ran),
		WITH_SERVERS(saved_and_read_back),
		WITH_SERVERS(bad_resolvers),
		WITH_SERVERS(system_resolvers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
