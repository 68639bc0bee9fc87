/* reports/prometheus.c - the report as metrics: text exposition, for the textfile collector of node_exporter */
#include <math.h>

#include "base/text.h"
#include "reports/tree.h"
#include "reports/report.h"

enum { MAX_LABEL = 256 }; /* bytes of a value, before escapes */

struct prom {
	struct mp_arena *a;
	struct mp_buf *out;
	const json_t *report;
	json_t *seen; /* series that are written: a scrape with one of them twice is refused as a whole */
	bool single;
};

/* ---- series */

static void family(struct prom *p, const char *name, const char *help)
{
	mp_buf_addf(p->out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

static void add_label(struct prom *p, struct mp_buf *b, const char *name, const char *value)
{
	const char *s = mp_text(p->a, mp_str(value ? value : ""));
	size_t n = strlen(s), len;

	mp_buf_addf(b, "%s%s=\"", b->n ? "," : "", name);
	for (size_t i = 0; i < n && i + (len = mp_utf8_len(s + i, n - i)) <= MAX_LABEL; i += len) {
		if (s[i] == '\\' || s[i] == '"')
			mp_buf_addc(b, '\\');
		mp_buf_add(b, s + i, len);
	}
	mp_buf_addc(b, '"');
}

/* `labels` are pairs of name and value, ended by NULL. The first of two equal series counts. */
static void series(struct prom *p, double value, const char *name, ...)
{
	struct mp_buf b = MP_BUF(64 * 1024);
	const char *label, *key;
	va_list ap;

	va_start(ap, name);
	while ((label = va_arg(ap, const char *)))
		add_label(p, &b, label, va_arg(ap, const char *));
	va_end(ap);
	key = b.n ? mp_printf(p->a, "%s{%s}", name, mp_buf_cstr(&b)) : name;
	mp_buf_release(&b);
	if (!isfinite(value) || json_object_get(p->seen, key))
		return;
	json_object_set_new(p->seen, key, json_true());
	mp_buf_addf(p->out, "%s %.13g\n", key, value);
}

/* ---- the report */

static const char *const verdicts[] = {
	"deliverable", "at-risk", "blocked", "unknown"}; /* in the order of exit status */
static const char *const statuses[] = {"pass", "warn", "fail", "info", "skip", "error"};

static int verdict_number(const char *status)
{
	for (int i = 0; status && i < (int)ARRAY_LEN(verdicts); i++)
		if (strcmp(status, verdicts[i]) == 0)
			return i;
	return (int)ARRAY_LEN(verdicts) - 1;
}

static void add_time(struct prom *p, const char *name, const char *time)
{
	int64_t ms;

	if (time && mp_time_parse(mp_str(time), &ms))
		series(p, (double)ms / 1000, name, NULL);
}

static void add_run(struct prom *p)
{
	const json_t *run = mp_jget(p->report, "run");

	family(p, "mailprobe_info", "The program that wrote this; always 1.");
	series(p, 1, "mailprobe_info", "version", rep_str(mp_jget(p->report, "tool"), "version"), NULL);
	family(p, "mailprobe_run_timestamp_seconds", "When the run started, in seconds since 1970.");
	add_time(p, "mailprobe_run_timestamp_seconds", rep_str(run, "started"));
	family(p, "mailprobe_run_duration_seconds", "How long the run took.");
	if (json_is_number(mp_jget(run, "duration_ms")))
		series(p, mp_jget_num(run, "duration_ms", 0) / 1000, "mailprobe_run_duration_seconds", NULL);
}

static void add_verdict(struct prom *p)
{
	int verdict = verdict_number(rep_overall(p->report, p->single));

	family(p, "mailprobe_verdict",
		"As the exit status: 0 deliverable, 1 at risk, 2 blocked, 3 could not be determined.");
	series(p, verdict, "mailprobe_verdict", NULL);
	family(p, "mailprobe_verdict_status", "1 for the status that the verdict is, 0 for the others.");
	for (int i = 0; i < (int)ARRAY_LEN(verdicts); i++)
		series(p, i == verdict, "mailprobe_verdict_status", "status", verdicts[i], NULL);
	family(p, "mailprobe_target_status", "Of one target, in the numbers of mailprobe_verdict.");
	for (size_t i = 0; i < rep_len(p->report, "targets"); i++) {
		const json_t *t = rep_at(p->report, "targets", i);

		if (json_is_object(t))
			series(p, verdict_number(rep_str(t, "status")), "mailprobe_target_status", "target",
				rep_target_name(t), "domain", rep_str(t, "domain"), NULL);
	}
}

static void add_checks(struct prom *p)
{
	family(p, "mailprobe_check_status", "Always 1: the status of a check is a label.");
	for (size_t i = 0; i < rep_len(p->report, "checks"); i++) {
		const json_t *c = rep_at(p->report, "checks", i);

		if (rep_str(c, "id"))
			series(p, 1, "mailprobe_check_status", "id", rep_str(c, "id"), "subject", rep_str(c, "subject"),
				"ip", rep_str(mp_jget(c, "values"), "ip"), "status", rep_str(c, "status"), NULL);
	}
	family(p, "mailprobe_checks", "How many checks have this status.");
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		series(p, (double)rep_count_checks(p->report, statuses[i]), "mailprobe_checks", "status", statuses[i],
			NULL);
}

static void add_findings(struct prom *p)
{
	json_t *counts = json_object(); /* in the order of the first of each */
	const char *key;
	json_t *j;

	family(p, "mailprobe_findings", "How many findings have this status and cause.");
	for (size_t i = 0; i < rep_len(p->report, "findings"); i++) {
		const json_t *f = rep_at(p->report, "findings", i);
		const char *k = mp_printf(p->a, "%s\n%s", mp_jget_str(f, "status", ""), mp_jget_str(f, "cause", ""));

		if (json_is_object(f))
			json_object_set_new(counts, k, json_integer(mp_jget_int(counts, k, 0) + 1));
	}
	json_object_foreach(counts, key, j)
	{
		const char *end = strchr(key, '\n');

		series(p, (double)json_integer_value(j), "mailprobe_findings", "status",
			mp_dupn(p->a, key, (size_t)(end - key)), "cause", end + 1, NULL);
	}
	json_decref(counts);
}

/* ---- sessions: one family after the other, as the format wants it */

typedef void session_fn(struct prom *p, const json_t *target, const json_t *session);

static void each_session(struct prom *p, session_fn *fn)
{
	for (size_t i = 0; i < rep_len(p->report, "targets"); i++) {
		const json_t *t = rep_at(p->report, "targets", i);

		for (size_t k = 0; k < rep_len(t, "sessions"); k++)
			if (json_is_object(rep_at(t, "sessions", k)))
				fn(p, t, rep_at(t, "sessions", k));
	}
}

#define SESSION_LABELS(t_, s_)                                                                               \
	"target", rep_target_name(t_), "mx", rep_str(s_, "mx"), "address", rep_str(s_, "address"), "source", \
		rep_str(s_, "source"), "purpose", rep_str(s_, "purpose")

static void add_outcome(struct prom *p, const json_t *t, const json_t *s)
{
	series(p, 1, "mailprobe_session_outcome", SESSION_LABELS(t, s), "outcome", rep_str(s, "outcome"), "stage",
		rep_str(s, "stage"), NULL);
}

static void add_timings(struct prom *p, const json_t *t, const json_t *s)
{
	const char *phase;
	json_t *ms;

	json_object_foreach(mp_jget(s, "timings_ms"), phase, ms)
	{
		if (json_is_number(ms))
			series(p, json_number_value(ms) / 1000, "mailprobe_session_seconds", SESSION_LABELS(t, s),
				"phase", phase, NULL);
	}
}

static void add_expiry(struct prom *p, const json_t *t, const json_t *s)
{
	const char *until = rep_str(mp_jget(mp_jget(s, "tls"), "certificate"), "not_after");
	int64_t ms;

	if (until && mp_time_parse(mp_str(until), &ms))
		series(p, (double)ms / 1000, "mailprobe_certificate_expiry_timestamp_seconds", "target",
			rep_target_name(t), "mx", rep_str(s, "mx"), "address", rep_str(s, "address"), NULL);
}

static int write_prometheus(const json_t *report, const struct rep_style *style, struct mp_buf *out, struct mp_err *err)
{
	struct prom p = {.a = mp_arena_new(), .out = out, .report = report, .seen = json_object()};

	p.single = style->single || !rep_len(report, "targets");
	add_run(&p);
	add_verdict(&p);
	add_checks(&p);
	add_findings(&p);
	family(&p, "mailprobe_session_outcome", "Always 1: how a session ended, and at which stage, are labels.");
	each_session(&p, add_outcome);
	family(&p, "mailprobe_session_seconds", "How long each phase of a session took, and the whole of it (total).");
	each_session(&p, add_timings);
	family(&p, "mailprobe_certificate_expiry_timestamp_seconds",
		"When the server's certificate expires, in seconds since 1970.");
	each_session(&p, add_expiry);
	json_decref(p.seen);
	mp_arena_free(p.a);
	return out->full ? mp_fail(err, MP_ELIMIT, "the report is larger than %zu bytes", out->max) : MP_OK;
}

const struct rep_format rep_prometheus = {
	.name = "prometheus",
	.suffixes = {".prom"},
	.write = write_prometheus,
};
