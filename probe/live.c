/* probe/live.c - see probe/live.h */
#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include "dns/observer.h"
#include "probe/fetcher.h"
#include "probe/imap.h"
#include "probe/live.h"
#include "reports/progress.h"
#include "smtp/observer.h"

/*
 * Ending early: at the deadline less a grace, or on the first interrupt, no new question is taken up and sessions are
 * asked to QUIT; when they have, or when the grace is over (or on the second interrupt), the evidence is closed. Judges
 * then settle with what is known.
 */

enum {
	GRACE_MS = 2000, /* for QUIT at the end; at most a tenth of the run's time */
	PROGRESS_MS = 100,
	MIN_CONNECT_MS = 1000, /* a connect may take an eighth of the run, so that several can be tried */
	MAX_CONNECT_MS = 15000,
	MAX_FETCH_MS = 60000,
};

struct state {
	uv_loop_t own, *loop;
	struct mp_run *run;
	struct mp_evidence *ev;
	struct dns_observer *dns;
	struct smtp_observer *smtp;
	struct mp_fetcher *fetcher;
	struct mp_imap *imap;
	uv_timer_t deadline, tick;
	uv_signal_t sigint, sigterm;
	struct rep_progress *progress;
	uint64_t start;
	uint32_t grace;
	bool finishing, closed;
};

static void close_evidence(struct state *s)
{
	s->closed = true;
	mp_evidence_close(s->ev);
}

static void on_grace_over(uv_timer_t *t)
{
	close_evidence(t->data);
}

static void finish(struct state *s, const char *why)
{
	if (s->finishing)
		return;
	s->finishing = true;
	mp_fetcher_finish(s->fetcher, why);
	mp_imap_finish(s->imap, why);
	smtp_observer_finish(s->smtp, why, s->grace);
	/* A little later than the sessions' own grace, so that their records are in. */
	uv_timer_start(&s->deadline, on_grace_over, s->grace + 100, 0);
}

static void on_deadline(uv_timer_t *t)
{
	finish(t->data, "the time given with --timeout was over");
}

static void on_signal(uv_signal_t *h, int signum)
{
	struct state *s = h->data;

	if (s->finishing)
		close_evidence(s);
	finish(s, signum == SIGINT ? "interrupted" : "terminated");
}

static void on_tick(uv_timer_t *t)
{
	struct state *s = t->data;
	size_t others = smtp_observer_active(s->smtp) + mp_fetcher_active(s->fetcher) + mp_imap_active(s->imap);
	size_t waiting = mp_evidence_waiting(s->ev), names = waiting > others ? waiting - others : 0;
	const char *doing = smtp_observer_doing(s->smtp);
	char text[256];

	if (!doing)
		doing = mp_fetcher_doing(s->fetcher);
	if (!doing)
		doing = mp_imap_doing(s->imap);
	if (names)
		snprintf(text, sizeof(text), "%s%s%zu question%s to the DNS", doing ? doing : "", doing ? ", " : "",
			names, names == 1 ? "" : "s");
	else
		snprintf(text, sizeof(text), "%s", doing ? doing : "judging");
	rep_progress_show(s->progress, text, uv_now(s->loop) - s->start);
}

static void observe_wanted(struct state *s)
{
	struct mp_question *q;

	while (!s->finishing && (q = mp_evidence_next_wanted(s->ev))) {
		if (q->kind == &dns_kind)
			dns_observe(s->dns, q);
		else if (q->kind == &smtp_kind)
			smtp_observe(s->smtp, q);
		else if (q->kind == &mp_fetch_kind)
			mp_fetcher_observe(s->fetcher, q);
		else if (q->kind == &mp_mailbox_kind)
			mp_imap_observe(s->imap, q);
		else
			mp_evidence_give_up(s->ev, q);
	}
}

static void observe_and_judge(struct state *s)
{
	for (;;) {
		size_t answered = mp_evidence_answered(s->ev);

		if (mp_run_judge(s->run))
			return;
		observe_wanted(s);
		if (s->finishing && !s->closed && smtp_observer_active(s->smtp) == 0)
			close_evidence(s);
		if (mp_evidence_answered(s->ev) != answered)
			continue; /* some were answered on the spot */
		uv_run(s->loop, UV_RUN_ONCE);
	}
}

static uint32_t clamp(uint32_t v, uint32_t least, uint32_t most)
{
	return v < least ? least : v > most ? most : v;
}

static bool start_observers(struct state *s, const struct mp_live *live, struct mp_err *err)
{
	const struct mp_case *c = mp_run_case(s->run);
	const struct dns_config dns = {
		.resolvers = c->resolvers,
		.n_resolvers = c->n_resolvers,
		.timeout_ms = clamp(c->timeout_ms / 3, 500, 10000),
		.start_ms = s->start,
		.secrets = live->secrets,
		.n_secrets = live->n_secrets,
	};
	const struct smtp_config smtp = {
		.start_ms = s->start,
		.connect_timeout_ms = clamp(c->timeout_ms / 8, MIN_CONNECT_MS, MAX_CONNECT_MS),
		.ca_file = live->ca_file,
		.now_ms = c->started_ms,
		.messages = live->messages,
		.n_messages = live->n_messages,
	};

	s->dns = dns_observer_new(s->loop, s->ev, &dns, err);
	s->smtp = s->dns ? smtp_observer_new(s->loop, s->ev, &smtp, err) : NULL;
	if (!s->smtp)
		return false;
	s->fetcher = mp_fetcher_new(s->loop, s->ev,
		&(struct mp_fetcher_config){
			.start_ms = s->start,
			.now_ms = c->started_ms,
			.timeout_ms = clamp(c->timeout_ms / 3, 500, MAX_FETCH_MS),
			.cache_dir = live->cache_dir,
			.tls = smtp_observer_tls(s->smtp),
			.ca_file = live->ca_file,
			.messages = live->messages,
			.n_messages = live->n_messages,
			.rspamd_password = live->rspamd_password,
		});
	s->imap = mp_imap_new(s->loop, s->ev,
		&(struct mp_imap_config){
			.start_ms = s->start,
			.secrets = live->mailbox_secrets,
			.n_secrets = live->n_mailbox_secrets,
			.tls = smtp_observer_tls(s->smtp),
			.ca_file = live->ca_file,
		});
	return true;
}

static void start_watching(struct state *s, bool progress)
{
	uint32_t timeout = mp_run_case(s->run)->timeout_ms;

	s->grace = clamp(timeout / 10, 50, GRACE_MS);
	uv_timer_init(s->loop, &s->deadline);
	uv_timer_init(s->loop, &s->tick);
	uv_signal_init(s->loop, &s->sigint);
	uv_signal_init(s->loop, &s->sigterm);
	s->deadline.data = s->tick.data = s->sigint.data = s->sigterm.data = s;
	uv_timer_start(&s->deadline, on_deadline, timeout - s->grace, 0);
	uv_signal_start(&s->sigint, on_signal, SIGINT);
	uv_signal_start(&s->sigterm, on_signal, SIGTERM);
	if (progress) {
		s->progress = rep_progress_new(STDERR_FILENO, getenv("TERM"));
		uv_timer_start(&s->tick, on_tick, PROGRESS_MS, PROGRESS_MS);
	}
}

static void stop_watching(struct state *s)
{
	rep_progress_free(s->progress);
	uv_close((uv_handle_t *)&s->deadline, NULL);
	uv_close((uv_handle_t *)&s->tick, NULL);
	uv_close((uv_handle_t *)&s->sigint, NULL);
	uv_close((uv_handle_t *)&s->sigterm, NULL);
}

int mp_live_run(struct mp_run *r, struct mp_evidence *ev, const struct mp_live *live, struct mp_run_facts *facts,
	struct mp_err *err)
{
	struct state s = {.run = r, .ev = ev};
	int rc = MP_OK;

	signal(SIGPIPE, SIG_IGN);
	s.loop = live->loop ? live->loop : &s.own;
	if (!live->loop && uv_loop_init(&s.own) != 0)
		return mp_fail(err, MP_EIO, "the event loop cannot be started");
	uv_update_time(s.loop);
	s.start = uv_now(s.loop);
	if (start_observers(&s, live, err)) {
		start_watching(&s, live->progress);
		observe_and_judge(&s);
		facts->interrupted = s.finishing;
		uv_update_time(s.loop);
		facts->duration_ms = (int64_t)(uv_now(s.loop) - s.start);
		stop_watching(&s);
		mp_fetcher_stop(s.fetcher);
		mp_imap_stop(s.imap);
		smtp_observer_stop(s.smtp);
	} else {
		rc = err->code ? (int)err->code : MP_EINVAL;
	}
	if (s.dns)
		dns_observer_stop(s.dns);
	if (live->loop && live->at_end)
		live->at_end(live->data);
	uv_run(s.loop, UV_RUN_DEFAULT);
	mp_fetcher_free(s.fetcher);
	mp_imap_free(s.imap);
	smtp_observer_free(s.smtp);
	dns_observer_free(s.dns);
	if (!live->loop && uv_loop_close(&s.own) != 0)
		return mp_fail(err, MP_EIO, "the event loop still has open handles (a bug)");
	return rc;
}
