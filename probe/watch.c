/* probe/watch.c - see probe/watch.h */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/text.h"
#include "probe/cache.h"
#include "probe/compose.h"
#include "probe/live.h"
#include "probe/raw.h"
#include "probe/tell.h"
#include "probe/watch.h"
#include "reports/progress.h"

extern char **environ;

enum { MAX_FAULTS = 256 };

/* One run, whole or of some checks alone, with all it lives on. */
struct job {
	struct mp_arena *a;
	struct mp_case c;
	struct mp_evidence *ev;
	struct mp_run *run;
	struct mp_run_facts facts;
	int64_t end_ms; /* monotonic */
};

struct watch {
	const struct mp_options *o;
	const char *faults[MAX_FAULTS + 2]; /* ids of checks with a fault that need no session; NULL-ended */
	size_t n_faults;
	struct mp_ip seen[MP_CASE_SOURCES_MAX]; /* what receivers saw of each source, so that no session has to tell */
	char *told;                             /* the last that was said of what is waited for */
	struct rep_progress *progress;
	int64_t start_ms;
};

static volatile sig_atomic_t stopped;

static void on_stop(int signum)
{
	stopped = signum;
}

static void catch_stop(void)
{
	struct sigaction sa = {.sa_handler = on_stop};

	sigemptyset(&sa.sa_mask);
	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
}

static int64_t clock_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* ---- runs */

static void job_free(struct job *j)
{
	if (!j)
		return;
	mp_run_free(j->run);
	mp_evidence_free(j->ev);
	mp_arena_free(j->a);
	free(j);
}

/* The sources' public addresses as they are known by now. */
static void know_addresses(struct watch *w, struct job *j)
{
	struct mp_source *sources = mp_allocn(j->a, j->c.n_sources, sizeof(*sources));

	for (size_t i = 0; i < j->c.n_sources; i++) {
		sources[i] = j->c.sources[i];
		if (sources[i].public_ip.family == MP_IPNONE)
			sources[i].public_ip = w->seen[i];
	}
	j->c.sources = sources;
}

/* Run it, whole or (`only`) the checks with these ids alone. NULL, with a line on stderr and the exit status. */
static struct job *run_job(struct watch *w, const char *const *only, int *status)
{
	struct job *j = mp_xcalloc(1, sizeof(*j));
	struct mp_err err = {.msg = ""};
	struct mp_live live = {.ca_file = w->o->ca_file,
		.secrets = w->o->raw->secrets,
		.n_secrets = w->o->raw->n_secrets,
		.progress = !w->o->quiet};
	int rc;

	j->a = mp_arena_new();
	live.cache_dir = mp_cache_dir(j->a);
	*status = MP_EXIT_USAGE;
	if (mp_case_build(j->a, w->o, &j->c, &err) != MP_OK)
		goto failed;
	if (only) {
		know_addresses(w, j);
		j->c.n_targets = 0;
	}
	j->ev = mp_evidence_new();
	j->run = only ? mp_run_new_only(&j->c, j->ev, mp_run_scope(&j->c), only)
		      : mp_run_new(&j->c, j->ev, mp_run_scope(&j->c));
	rc = mp_live_run(j->run, j->ev, &live, &j->facts, &err);
	catch_stop();
	*status = rc == MP_EINVAL ? MP_EXIT_USAGE : MP_EXIT_INTERNAL;
	if (rc != MP_OK)
		goto failed;
	/* Ended by the user, not by --timeout: the deadline is a part of the job. */
	if (j->facts.interrupted && j->facts.duration_ms + 1000 < (int64_t)j->c.timeout_ms * 9 / 10)
		stopped = SIGINT;
	j->end_ms = clock_ms(CLOCK_MONOTONIC);
	return j;
failed:
	fprintf(stderr, "mailprobe: %s\n", err.msg);
	job_free(j);
	return NULL;
}

/* ---- what is waited for */

static bool fault(const struct mp_result *r)
{
	return r->status == MP_WARN || r->status == MP_FAIL || r->status == MP_ERROR;
}

static bool listed(const struct watch *w, const char *id)
{
	for (size_t i = 0; i < w->n_faults; i++)
		if (strcmp(w->faults[i], id) == 0)
			return true;
	return false;
}

static void add_fault(struct watch *w, const char *id)
{
	if (w->n_faults < MAX_FAULTS && !listed(w, id))
		w->faults[w->n_faults++] = id;
	w->faults[w->n_faults] = NULL;
}

/* Which checks are to be looked at again. What only a session can tell waits for the next whole run. */
static void find_faults(struct watch *w, const struct job *j)
{
	bool reverse = false;

	w->n_faults = 0;
	w->faults[0] = NULL;
	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);

		if (r->check->per == MP_PER_TARGET || r->check->after || !(r->check->in & ~(unsigned)MP_IN_PROBE) ||
			(r->status != MP_WARN && r->status != MP_FAIL) || strcmp(r->check->id, "egress.port25") == 0)
			continue;
		add_fault(w, r->check->id);
		reverse = reverse || strncmp(r->check->id, "ptr.", 4) == 0;
	}
	/* It says what each name server has, and until when the old answer lives. */
	if (reverse)
		add_fault(w, "ptr.propagation");
	for (size_t i = 0; i < j->c.n_sources && i < ARRAY_LEN(w->seen); i++) {
		struct mp_seen seen;

		if (mp_run_seen(j->run, i, &seen) && seen.known)
			w->seen[i] = seen.ip;
	}
}

static bool faults_left(const struct job *j)
{
	for (size_t i = 0; i < mp_run_n_results(j->run); i++)
		if (fault(mp_run_result(j->run, i)))
			return true;
	return false;
}

/* When the first of the resolver's answers ends: seconds from now; 0: none of them is kept. */
static int64_t answers_end(const struct job *j)
{
	int64_t passed = clock_ms(CLOCK_MONOTONIC) - j->end_ms + j->facts.duration_ms, least = 0;

	for (const struct mp_question *q = mp_evidence_first(j->ev); q; q = q->next) {
		const struct dns_question *d = q->params;
		const struct dns_answer *ans = q->answer;
		int64_t left;

		if (q->kind != &dns_kind || d->server || !ans || !dns_known(ans->outcome))
			continue;
		left = (ans->outcome == DNS_ANSWERED ? ans->ttl : ans->negative_ttl) - passed / 1000;
		if (left > 0 && (!least || left < least))
			least = left;
	}
	return least;
}

/* Say what is waited for, when it is something else than at the last time. */
static void say(struct watch *w, const struct job *j, int64_t wait_s, bool session)
{
	struct mp_arena *a = mp_arena_new();
	const char *text = "";
	int64_t now = clock_ms(CLOCK_REALTIME);

	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);
		const char *until = mp_jget_str(r->values, "until", NULL);

		if (listed(w, r->check->id) && fault(r))
			text = mp_printf(a, "%s  %s: %s%s%s%s\n", text, r->check->id, r->summary,
				until ? " (until " : "", until ? until : "", until ? ")" : "");
	}
	if (!*text)
		text = mp_printf(a, "  %s\n", mp_run_conclusion(j->run)->summary);
	if (!w->o->quiet && !(w->told && strcmp(w->told, text) == 0)) {
		rep_progress_clear(w->progress);
		fprintf(stderr, "mailprobe: waiting at %s for\n%s  %s at %s, then at the pace of the answers' TTLs\n",
			mp_time_text(a, now, false), text, session ? "the receiver is asked again" : "looked up again",
			mp_time_text(a, now + wait_s * 1000, false));
	}
	free(w->told);
	w->told = mp_xstrdup(text);
	mp_arena_free(a);
}

static void wait_for(struct watch *w, int64_t seconds)
{
	int64_t until = clock_ms(CLOCK_MONOTONIC) + seconds * 1000, now;

	while (!stopped && (now = clock_ms(CLOCK_MONOTONIC)) < until) {
		struct timespec ts = {.tv_nsec = 200 * 1000000};
		char text[128];

		snprintf(text, sizeof(text), "waiting; next look in %lld s (Ctrl-C: the report as it stands)",
			(long long)((until - now + 999) / 1000));
		if (!w->o->quiet)
			rep_progress_show(w->progress, text, (uint64_t)(now - w->start_ms));
		nanosleep(&ts, NULL);
	}
	rep_progress_clear(w->progress);
}

static int64_t clamp(int64_t v, int64_t least, int64_t most)
{
	return v < least ? least : v > most ? most : v;
}

/* Until the next look: as the user said, else until the first answer ends, within bounds. */
static int64_t interval(const struct watch *w, const struct job *j)
{
	const struct mp_value *v = mp_raw_value(w->o->raw, MP_OPT_INTERVAL);
	uint64_t s;

	if (v && mp_str_u64(mp_str(v->text), UINT32_MAX, &s))
		return (int64_t)s;
	return clamp(answers_end(j), MP_WATCH_SHORTEST_S, MP_WATCH_LONGEST_S);
}

/* ---- the end */

/* --then CMD, with what it may want to know in its environment. */
static void run_command(const char *command, int status, const char *summary)
{
	char *argv[] = {(char *)(uintptr_t) "sh", (char *)(uintptr_t) "-c", (char *)(uintptr_t)command, NULL};
	char number[16];
	pid_t pid;
	int rc, how = 0;

	snprintf(number, sizeof(number), "%d", status);
	setenv("MAILPROBE_STATUS", number, 1);
	setenv("MAILPROBE_SUMMARY", summary, 1);
	fflush(stdout);
	rc = posix_spawn(&pid, "/bin/sh", NULL, NULL, argv, environ);
	if (rc != 0) {
		fprintf(stderr, "mailprobe: --then: cannot run /bin/sh: %s\n", strerror(rc));
		return;
	}
	while (waitpid(pid, &how, 0) < 0 && errno == EINTR) {
	}
	if (!WIFEXITED(how) || WEXITSTATUS(how) != 0)
		fprintf(stderr, "mailprobe: --then: the command ended with status %d\n",
			WIFEXITED(how) ? WEXITSTATUS(how) : 128 + WTERMSIG(how));
}

static int finish(const struct watch *w, const struct job *j)
{
	const struct mp_value *then = mp_raw_value(w->o->raw, MP_OPT_THEN);
	int rc = mp_tell(j->run, j->ev, &j->facts, w->o);

	if (mp_exit_status(j->run) != 0)
		return rc;
	if (!w->o->quiet && isatty(STDERR_FILENO))
		fputc('\a', stderr);
	if (then)
		run_command(then->text, rc, mp_run_conclusion(j->run)->summary);
	return rc;
}

/* Look at the faulty checks alone until they show no fault. False: stopped, or it cannot be done. */
static bool poll_faults(struct watch *w, int64_t seconds, int *status)
{
	while (!stopped) {
		struct job *j;

		wait_for(w, seconds);
		if (stopped)
			return false;
		j = run_job(w, w->faults, status);
		if (!j)
			return false;
		if (!faults_left(j)) {
			job_free(j);
			return true;
		}
		seconds = interval(w, j);
		say(w, j, seconds, false);
		job_free(j);
	}
	return false;
}

int mp_watch(const struct mp_options *o)
{
	struct watch w = {.o = o, .start_ms = clock_ms(CLOCK_MONOTONIC)};
	struct job *last = NULL, *j;
	int status = MP_EXIT_INTERNAL;

	w.progress = rep_progress_new(STDERR_FILENO, getenv("TERM"));
	catch_stop();
	while ((j = run_job(&w, NULL, &status))) {
		int64_t seconds;

		job_free(last);
		last = j;
		if (stopped || mp_exit_status(j->run) == 0)
			break;
		find_faults(&w, j);
		seconds = interval(&w, j);
		/* A receiver is not asked more often than a queue would ask it. */
		if (!w.n_faults)
			seconds = MP_WATCH_SESSION_S;
		say(&w, j, seconds, !w.n_faults);
		if (w.n_faults ? !poll_faults(&w, seconds, &status) : (wait_for(&w, seconds), stopped))
			break;
	}
	rep_progress_free(w.progress);
	free(w.told);
	if (last && (stopped || j))
		status = finish(&w, last);
	job_free(last);
	return status;
}
