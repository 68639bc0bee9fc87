/*
 * tests/unit/test_steps.c - how often a run waits: round trips of look-ups and of sessions, counted without a clock
 *
 * The figures are the floor that the protocols leave. Who makes one of them larger has put a question behind an answer
 * that it does not need, or a command behind a reply.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <uv.h>

#include "probe/run.h"
#include "smtp/observer.h"
#include "tests/unit/judge.h"
#include "tests/unit/row.h"
#include "tests/world/world.h"

/* ---- a whole run, in round trips: a look-up takes one, a session as many as the row says */

/* What registries said is on the disk since the last run. */
static const struct judge_page registries[] = {
	{"https://data.iana.org/rdap/ipv4.json", MP_FETCHED, 200, "application/json",
		"{\"services\":[[[\"203.0.0.0/8\"],[\"https://rdap.example/\"]]]}", NULL, 0, JUDGE_STARTED},
	{"https://data.iana.org/rdap/dns.json", MP_FETCHED, 200, "application/json",
		"{\"services\":[[[\"com\"],[\"https://rdap.example/\"]]]}", NULL, 0, JUDGE_STARTED},
	{"https://rdap.example/ip/203.0.113.10", MP_FETCHED, 200, "application/rdap+json",
		"{\"objectClassName\":\"ip network\",\"name\":\"EXAMPLE\"}", NULL, 0, JUDGE_STARTED},
	{"https://rdap.example/domain/example.com", MP_FETCHED, 200, "application/rdap+json",
		"{\"objectClassName\":\"domain\"}", NULL, 0, JUDGE_STARTED},
	{"https://mta-sts.example.net/.well-known/mta-sts.txt", MP_FETCHED, 200, "text/plain",
		"version: STSv1\nmode: enforce\nmx: *.example.net\nmax_age: 604800\n", NULL, 0, 0},
	{"https://mta-sts.example.com/.well-known/mta-sts.txt", MP_FETCHED, 200, "text/plain",
		"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 604800\n", NULL, 0, 0},
	{NULL, MP_FETCHED, 0, NULL, NULL, NULL, 0, 0},
};
#define REGISTRIES "data.iana.org A 192.0.2.80\nrdap.example A 192.0.2.81\n"

enum {
	SESSION = 7,
	GREETING = 3 /* TCP, greeting, QUIT */,
	POLICY = 3 /* TCP, TLS, HTTP */,
	MAX_WAITING = 256,
	LATE = 50,
	MAX_ROUNDS = 100
};

struct run_row {
	const char *label;
	const char *command;
	const char *scenario; /* for its zone */
	const char *more;     /* zone text beside it */
	const char *source, *public_ip, *seen_as;
	const char *to[3]; /* domains; an address is a server */
	int session_asked; /* after how many round trips; -1: none is */
	int dns_answered;  /* when the last look-up is answered */
	int settled;       /* when all is judged */
};

static const struct run_row run_rows[] = {
	{"the main job, to a domain", "probe", "healthy", "", "203.0.113.10", NULL, NULL, {"example.net"}, 2, 4,
		2 + SESSION},
	{"to one server", "probe", "healthy", "", "203.0.113.10", NULL, NULL, {"127.0.0.25"}, 0, 4, SESSION},
	{"to a domain that is its own MX", "probe", "healthy",
		"implicit.example SOA ns1.world.example h.world.example 1 2 3 4 300\nimplicit.example A 127.0.0.27\n",
		"203.0.113.10", NULL, NULL, {"implicit.example"}, 1, 4, 1 + SESSION},
	{"two targets at once", "probe", "one-of-two", "", "203.0.113.10", NULL, NULL, {"example.net", "example.org"},
		2, 4, 2 + SESSION},
	{"no PTR", "probe", "no-ptr", "", "203.0.113.10", NULL, NULL, {"example.net"}, 2, 4, 2 + SESSION},
	{"a delegated reverse name", "probe", "rfc2317", "", "203.0.113.10", NULL, NULL, {"example.net"}, 2, 4,
		2 + SESSION},
	{"NAT, the address given", "probe", "healthy", "", "10.0.0.5", "203.0.113.10", NULL, {"example.net"}, 2, 4,
		2 + SESSION},
	{"NAT, the receiver tells the address", "probe", "healthy", "", "10.0.0.5", NULL, "203.0.113.10",
		{"example.net"}, 2, 2 + SESSION + 4, 2 + SESSION + 4},
	{"the sender alone", "check", "healthy", "", "203.0.113.10", NULL, NULL, {NULL}, -1, 4, 4},
	{"the sender alone, registries known", "check", "healthy", REGISTRIES, "203.0.113.10", NULL, NULL, {NULL}, -1,
		4, 4},
	{"a policy of the target: free beside the session", "probe", "mta-sts", "", "203.0.113.10", NULL, NULL,
		{"example.net"}, 2, 4, 2 + SESSION},
	{"the sender alone, with a policy", "check", "mta-sts-own", "", "203.0.113.10", NULL, NULL, {NULL}, -1, 4, 4},
	{"one address", "ptr", "healthy", "", "203.0.113.10", NULL, NULL, {NULL}, -1, 4, 4},
	{"one domain", "mx", "healthy", "", NULL, NULL, NULL, {"example.net"}, -1, 2, 2},
};

struct waiting {
	struct mp_question *q;
	int due;
};

struct clockless {
	const struct run_row *row;
	const char *slow; /* servers of this name and of what is below it take LATE round trips; NULL: none do */
	const struct world_zone *zone;
	struct mp_evidence *ev;
	struct waiting list[MAX_WAITING];
	size_t n;
	int now, session_asked, dns_answered;
};

static const struct smtp_session *accepted(const struct clockless *t, const struct smtp_question *q)
{
	static const char *const lines[] = {"250 2.1.5 Ok"};
	struct mp_arena *a = mp_evidence_arena(t->ev);
	struct smtp_session *s = mp_alloc(a, sizeof(*s));

	s->q = *q;
	s->outcome = SMTP_ACCEPTED;
	s->stage = SMTP_AT_RCPT;
	s->seen_as = t->row->seen_as;
	s->reply = mp_alloc(a, sizeof(*s->reply));
	*s->reply = (struct smtp_reply){.code = 250, .n_lines = 1, .lines = lines};
	return s;
}

/* A policy is fetched anew in each run. */
static int fetch_takes(const struct mp_fetch_question *q)
{
	return strcmp(q->use, "mta-sts") == 0 ? POLICY : 0;
}

static int session_takes(const struct smtp_question *q)
{
	return q->only_connect ? GREETING : SESSION;
}

static bool within(const char *name, const char *zone)
{
	size_t n = strlen(name), z = strlen(zone);

	return mp_str_iends(mp_str(name), zone) && (n == z || name[n - z - 1] == '.');
}

static int look_up_takes(const struct clockless *t, const struct dns_question *q)
{
	return t->slow && within(q->name, t->slow) ? LATE : 1;
}

static void take_wanted(struct clockless *t)
{
	struct mp_question *q;

	while ((q = mp_evidence_next_wanted(t->ev))) {
		int takes = q->kind == &dns_kind    ? look_up_takes(t, q->params)
			    : q->kind == &smtp_kind ? session_takes(q->params)
						    : fetch_takes(q->params);

		assert_true(t->n < MAX_WAITING);
		t->list[t->n++] = (struct waiting){q, t->now + takes};
		if (q->kind == &smtp_kind && t->session_asked < 0)
			t->session_asked = t->now;
	}
}

/* On to the next answer, and all others that come with it. */
static void pass_time(struct clockless *t)
{
	int next = MAX_ROUNDS;
	size_t kept = 0;

	for (size_t i = 0; i < t->n; i++)
		next = t->list[i].due < next ? t->list[i].due : next;
	if (next == MAX_ROUNDS)
		fail_msg("row '%s': nothing is asked, and not all is judged", t->row->label);
	t->now = next;
	for (size_t i = 0; i < t->n; i++) {
		struct mp_question *q = t->list[i].q;

		if (t->list[i].due > next) {
			t->list[kept++] = t->list[i];
		} else if (q->kind == &dns_kind) {
			t->dns_answered = next;
			mp_evidence_answer(t->ev, q, world_zone_answer(t->zone, q->params, mp_evidence_arena(t->ev)));
		} else if (q->kind == &smtp_kind) {
			mp_evidence_answer(t->ev, q, accepted(t, q->params));
		} else {
			judge_fetch(t->ev, q);
		}
	}
	t->n = kept;
}

static void make_case(const struct run_row *row, struct mp_arena *a, struct mp_case *c)
{
	struct mp_source *sources = mp_allocn(a, JUDGE_SOURCES, sizeof(*sources));
	struct mp_target *targets = mp_allocn(a, ARRAY_LEN(row->to), sizeof(*targets));

	judge_case(c, sources, row->source ? row->source : "203.0.113.10", "mail.example.com");
	c->n_sources = row->source ? 1 : 0;
	c->command = row->command;
	if (row->public_ip)
		assert_true(mp_ip_parse(mp_str(row->public_ip), &sources[0].public_ip));
	c->targets = targets;
	for (size_t i = 0; i < ARRAY_LEN(row->to) && row->to[i]; i++) {
		struct mp_target *t = &targets[c->n_targets++];

		*t = (struct mp_target){
			.text = row->to[i], .domain = row->to[i], .port = 25, .rcpt = "you@example.net"};
		if (mp_ip_parse(mp_str(row->to[i]), &t->address))
			t->kind = MP_TARGET_SERVER;
	}
	/* addresses of receivers are in the zone for IPv4 alone */
	c->family = MP_IPV4;
}

/* The row's run, to be judged; `run` is NULL where its zone is malformed. */
struct counted {
	struct mp_arena *a;
	struct mp_case c;
	struct clockless t;
	struct mp_run *run;
};

static void set_up(struct counted *n, const struct run_row *row, const char *slow)
{
	const struct world_scenario *s = world_scenario_by_id(row->scenario);
	struct mp_err err = {.msg = ""};

	assert_non_null(s);
	n->a = mp_arena_new();
	n->t = (struct clockless){.row = row, .slow = slow, .ev = mp_evidence_new(), .session_asked = -1};
	n->t.zone = world_zone_parse(n->a, mp_printf(n->a, "%s%s%s", world_zone_for_all, s->zone, row->more), &err);
	if (!n->t.zone)
		fail_msg("row '%s': the zone: %s", row->label, err.msg);
	make_case(row, n->a, &n->c);
	n->run = mp_run_new(&n->c, n->t.ev, mp_run_scope(&n->c));
}

static void release(struct counted *n)
{
	mp_run_free(n->run);
	mp_evidence_free(n->t.ev);
	mp_arena_free(n->a);
}

static void count_run(const struct run_row *row)
{
	struct counted n;

	set_up(&n, row, NULL);
	while (!mp_run_judge(n.run)) {
		take_wanted(&n.t);
		pass_time(&n.t);
	}
	if (n.t.session_asked != row->session_asked || n.t.dns_answered != row->dns_answered || n.t.now != row->settled)
		fail_msg(
			"row '%s': session asked after %d round trips, look-ups answered after %d, settled after %d; want "
			"%d, %d, %d",
			row->label, n.t.session_asked, n.t.dns_answered, n.t.now, row->session_asked, row->dns_answered,
			row->settled);
	release(&n);
}

static void test_runs(void **state)
{
	(void)state;
	judge_web(registries);
	for (size_t i = 0; i < ARRAY_LEN(run_rows); i++)
		count_run(&run_rows[i]);
}

/* ---- slow and dead name servers delay the checks that ask them, and nothing else */

struct slow_row {
	const char *slow;
	const char *checks; /* that wait */
	bool session;       /* it waits */
};

static const struct slow_row slow_rows[] = {
	{"113.0.203.in-addr.arpa",
		"resolver.health ptr.exists ptr.single ptr.fcrdns ptr.matches_ehlo ptr.generic ptr.syntax ptr.propagation ptr.owner",
		false},
	{"example.com",
		"resolver.health host.witness ehlo.resolves ehlo.matches_source ptr.exists ptr.single ptr.fcrdns ptr.matches_ehlo ptr.generic ptr.syntax ptr.propagation ptr.owner spf.record spf.mail_from spf.helo spf.limits dkim.key dmarc.record dmarc.policy dmarc.alignment mx.sender soa.sender mta_sts.sender tls_rpt.sender dane.sender bimi.sender dnssec.sender",
		false},
	{"_dmarc.example.com", "dmarc.record dmarc.policy dmarc.alignment", false},
	{"mail.example.com",
		"resolver.health host.witness ehlo.resolves ehlo.matches_source ptr.exists ptr.single ptr.fcrdns ptr.matches_ehlo ptr.generic ptr.syntax ptr.propagation ptr.owner spf.helo",
		false},
	{"zen.spamhaus.org", "dnsbl.ip", false},
	{"example.net", "", true},
	{"mx1.example.net", "", true},
	{"_mta-sts.example.net", "", false},
};

static const struct run_row job = {
	"the main job", "probe", "healthy", "", "203.0.113.10", NULL, NULL, {"example.net"}, 0, 0, 0};

/* Without `only` the whole job. True when the run, or its targets, settle before the slow ones answer. */
static bool in_time(struct counted *n, const struct slow_row *row, const char *only)
{
	const char *const ids[] = {only, NULL};
	bool settled;

	set_up(n, &job, row->slow);
	if (only) {
		mp_run_free(n->run);
		n->c.n_targets = 0;
		n->run = mp_run_new_only(&n->c, n->t.ev, mp_run_scope(&n->c), ids);
	}
	while (!(settled = mp_run_judge(n->run)) && !mp_run_target(n->run, 0) && n->t.now < LATE) {
		take_wanted(&n->t);
		pass_time(&n->t);
	}
	return n->t.now < LATE;
}

static void delay(const struct slow_row *row)
{
	struct mp_buf waiting = MP_BUF(4096);
	struct counted n;

	for (size_t i = 0; i < mp_n_checks; i++) {
		if (mp_checks[i]->after || mp_checks[i]->per == MP_PER_TARGET || !(mp_checks[i]->in & MP_IN_SENDER))
			continue;
		if (!in_time(&n, row, mp_checks[i]->id)) {
			mp_buf_adds(&waiting, waiting.n ? " " : "");
			mp_buf_adds(&waiting, mp_checks[i]->id);
		}
		release(&n);
	}
	row_str(row->slow, mp_buf_cstr(&waiting), row->checks);
	row_int(row->slow, !in_time(&n, row, NULL), row->session);
	release(&n);
	mp_buf_release(&waiting);
}

static void test_slow_servers(void **state)
{
	(void)state;
	judge_web(registries);
	for (size_t i = 0; i < ARRAY_LEN(slow_rows); i++)
		delay(&slow_rows[i]);
}

/* ---- one session, on the wire: how often the client spoke after it was spoken to, as the server counts it */

enum {
	CONNECT_AND_GREETING = 2, /* round trips in which the client says nothing */
	LIMIT_MS = 20000,
};

struct session_row {
	const char *label;
	const char *policy;
	enum smtp_tls_policy tls;
	int verdict; /* round trips until the recipient is accepted */
	int all;     /* until QUIT is answered */
};

static const struct session_row session_rows[] = {
	/* connection, greeting, EHLO, STARTTLS, ClientHello, Finished with EHLO, MAIL with RCPT, RSET and QUIT */
	{"TLS 1.3, PIPELINING", "postfix", SMTP_TLS_MAY, 7, 7},
	{"TLS 1.2: one flight more", "tls-1.2", SMTP_TLS_MAY, 8, 8},
	{"no PIPELINING: RCPT behind MAIL, RSET and QUIT behind RCPT", "no-pipelining", SMTP_TLS_MAY, 8, 10},
	{"no TLS offered", "no-starttls", SMTP_TLS_MAY, 4, 4},
	{"no TLS wanted", "postfix", SMTP_TLS_OFF, 4, 4},
};

static void on_limit(uv_timer_t *t)
{
	(void)t;
	fail_msg("no session within %d s", LIMIT_MS / 1000);
}

/* The scenario's receiver at the one loopback address that all systems have. */
static struct world *start_world(uv_loop_t *loop, struct world_scenario *s, const char *policy)
{
	struct mp_err err = {.msg = ""};
	struct world *w;

	*s = *world_scenario_by_id("healthy");
	s->receivers[0].address = "127.0.0.1";
	s->receivers[0].policy = policy;
	w = world_start(loop, s, &err);
	if (!w)
		fail_msg("policy '%s': %s", policy, err.msg);
	return w;
}

static uint16_t port_of(const struct world *w)
{
	const char *const *args;
	uint64_t port = 0;
	size_t n = world_argv(w, &args);

	for (size_t i = 0; i + 1 < n; i++)
		if (strcmp(args[i], "--port") == 0)
			assert_true(mp_str_u64(mp_str(args[i + 1]), UINT16_MAX, &port));
	return (uint16_t)port;
}

static void count_session(const struct session_row *row)
{
	struct world_scenario scenario;
	uv_loop_t loop;
	uv_timer_t limit;
	struct mp_evidence *ev = mp_evidence_new();
	struct smtp_config cfg = {.now_ms = JUDGE_STARTED};
	struct smtp_question q = {.mx = "mx1.example.net",
		.address = {MP_IPV4, {127, 0, 0, 1}},
		.ehlo = "mail.example.com",
		.mail_from = "sender@example.com",
		.rcpt = "you@example.net",
		.tls = row->tls,
		.purpose = "baseline"};
	struct smtp_observer *o;
	const struct smtp_session *s;
	struct world *w;

	assert_int_equal(uv_loop_init(&loop), 0);
	w = start_world(&loop, &scenario, row->policy);
	q.port = port_of(w);
	uv_timer_init(&loop, &limit);
	uv_timer_start(&limit, on_limit, LIMIT_MS, 0);
	uv_unref((uv_handle_t *)&limit);
	o = smtp_observer_new(&loop, ev, &cfg, NULL);
	assert_null(smtp_ask(ev, &q));
	smtp_observe(o, mp_evidence_next_wanted(ev));
	/* the server may still have to hear that the client has gone */
	while (!smtp_ask(ev, &q) || world_smtp_counts(world_receiver(w, q.mx)).open)
		uv_run(&loop, UV_RUN_ONCE);
	s = smtp_ask(ev, &q);
	row_str(row->label, smtp_outcome_name(s->outcome), "accepted");
	row_int(row->label, s->turnarounds, row->verdict);
	row_int(row->label, (int)world_smtp_counts(world_receiver(w, q.mx)).turns + CONNECT_AND_GREETING, row->all);
	smtp_observer_stop(o);
	world_stop(w);
	uv_close((uv_handle_t *)&limit, NULL);
	uv_run(&loop, UV_RUN_DEFAULT);
	smtp_observer_free(o);
	world_free(w);
	assert_int_equal(uv_loop_close(&loop), 0);
	mp_evidence_free(ev);
}

static void test_sessions(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(session_rows); i++)
		count_session(&session_rows[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_runs),
		cmocka_unit_test(test_slow_servers),
		cmocka_unit_test(test_sessions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
