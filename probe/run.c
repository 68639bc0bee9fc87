/* probe/run.c - see probe/run.h */
#include "probe/run.h"

enum unit_kind { UNIT_TARGET, UNIT_CHECK, UNIT_DIAGNOSE, UNIT_CORRELATE };
enum { PHASES = 3 }; /* targets and checks; diagnoses, and checks that read others' results; the correlation */

struct unit {
	enum unit_kind kind;
	bool settled;
	bool fresh; /* never judged yet */
	int phase;  /* judged when all of earlier phases have settled */
	struct mp_judge j;
	struct mp_target_result target;
	struct mp_diagnosis diagnosis;
	struct mp_conclusion conclusion;
};

struct mp_run {
	const struct mp_case *c;
	struct mp_evidence *ev;
	struct unit *units;
	size_t n_units, cap_units;
	size_t n_settled;
	size_t n_phase[PHASES];      /* units of each phase and of those before */
	size_t n_first, n_diagnoses; /* where the diagnosis of each target stands */
	size_t seen_answers;         /* how many answers there were at the last judging */
	const struct mp_result **results;
	size_t n_results;
};

static struct unit *add_unit(
	struct mp_run *r, enum unit_kind kind, const struct mp_check *check, size_t source, size_t target)
{
	struct unit *u;

	if (r->n_units == r->cap_units) {
		r->cap_units = r->cap_units ? r->cap_units * 2 : 64;
		r->units = mp_xrealloc(r->units, r->cap_units * sizeof(*r->units));
	}
	u = &r->units[r->n_units++];
	memset(u, 0, sizeof(*u));
	u->kind = kind;
	u->fresh = true;
	u->phase = kind == UNIT_CORRELATE ? 2 : kind == UNIT_DIAGNOSE || (check && check->after) ? 1 : 0;
	for (int p = u->phase; p < PHASES; p++)
		r->n_phase[p]++;
	u->j.c = r->c;
	u->j.ev = r->ev;
	u->j.run = r;
	u->j.check = check;
	u->j.source = source;
	u->j.target = target;
	return u;
}

unsigned mp_run_scope(const struct mp_case *c)
{
	if (strcmp(c->command, "check") == 0)
		return MP_IN_SENDER;
	if (strcmp(c->command, "ptr") == 0)
		return MP_IN_PTR;
	if (strcmp(c->command, "mx") == 0)
		return MP_IN_MX;
	if (strcmp(c->command, "spf") == 0)
		return MP_IN_SPF;
	if (strcmp(c->command, "dkim") == 0)
		return MP_IN_DKIM;
	if (strcmp(c->command, "dmarc") == 0)
		return MP_IN_DMARC;
	if (strcmp(c->command, "dnsbl") == 0)
		return MP_IN_DNSBL;
	if (strcmp(c->command, "message") == 0)
		return MP_IN_MESSAGE;
	return MP_IN_SENDER | MP_IN_PROBE;
}

static bool one_of(const char *id, const char *const *ids)
{
	while (*ids)
		if (strcmp(*ids++, id) == 0)
			return true;
	return false;
}

struct mp_run *mp_run_new(const struct mp_case *c, struct mp_evidence *ev, unsigned in)
{
	return mp_run_new_only(c, ev, in, NULL);
}

struct mp_run *mp_run_new_only(const struct mp_case *c, struct mp_evidence *ev, unsigned in, const char *const *only)
{
	struct mp_run *r = mp_xcalloc(1, sizeof(*r));

	r->c = c;
	r->ev = ev;
	for (size_t t = 0; t < c->n_targets; t++)
		add_unit(r, UNIT_TARGET, NULL, 0, t);
	for (size_t i = 0; i < mp_n_checks; i++) {
		const struct mp_check *check = mp_checks[i];
		/* A received message is a target by itself. */
		size_t n = check->per == MP_PER_SOURCE               ? c->n_sources
			   : check->per == MP_PER_TARGET && !c->mail ? c->n_targets
								     : 1;

		if (!(check->in & in) || (only && !one_of(check->id, only)))
			continue;
		for (size_t k = 0; k < n; k++)
			add_unit(r, UNIT_CHECK, check, check->per == MP_PER_SOURCE ? k : 0,
				check->per == MP_PER_TARGET ? k : 0);
	}
	r->n_first = r->n_units;
	r->n_diagnoses = c->diagnose && (in & MP_IN_PROBE) ? c->n_targets : 0;
	for (size_t t = 0; t < r->n_diagnoses; t++)
		add_unit(r, UNIT_DIAGNOSE, NULL, 0, t);
	add_unit(r, UNIT_CORRELATE, NULL, 0, 0);
	return r;
}

static void drop_scratch(struct unit *u)
{
	mp_arena_free(u->j.a);
	u->j.a = NULL;
	json_decref(u->j.keep);
	u->j.keep = NULL;
	u->j.results = NULL;
	u->j.n_results = u->j.cap_results = 0;
}

void mp_run_free(struct mp_run *r)
{
	if (!r)
		return;
	for (size_t i = 0; i < r->n_units; i++)
		drop_scratch(&r->units[i]);
	free(r->units);
	free(r->results);
	free(r);
}

static enum mp_judged judge_unit(struct unit *u)
{
	switch (u->kind) {
	case UNIT_TARGET:
		return mp_judge_target(&u->j, &u->target);
	case UNIT_CHECK:
		return u->j.check->judge(&u->j);
	case UNIT_DIAGNOSE:
		return mp_diagnose(&u->j, &u->diagnosis);
	case UNIT_CORRELATE:
		return mp_correlate(&u->j, &u->conclusion);
	}
	return MP_SETTLED;
}

/* The results so far, in table order, for the correlation and the report. */
static void collect(struct mp_run *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_units; i++)
		if (r->units[i].kind == UNIT_CHECK)
			n += r->units[i].j.n_results;
	free(r->results);
	r->results = mp_xcalloc(n, sizeof(*r->results));
	r->n_results = 0;
	for (size_t i = 0; i < r->n_units; i++)
		for (size_t k = 0; r->units[i].kind == UNIT_CHECK && k < r->units[i].j.n_results; k++)
			r->results[r->n_results++] = &r->units[i].j.results[k];
}

bool mp_run_judge(struct mp_run *r)
{
	bool news = mp_evidence_answered(r->ev) != r->seen_answers, moved;

	do {
		moved = false;
		r->seen_answers = mp_evidence_answered(r->ev);
		for (size_t i = 0; i < r->n_units; i++) {
			struct unit *u = &r->units[i];

			if (u->settled || !(u->fresh || news))
				continue;
			if (u->phase && r->n_settled < r->n_phase[u->phase - 1])
				continue;
			if (u->phase)
				collect(r);
			drop_scratch(u);
			u->j.a = mp_arena_new();
			u->j.keep = json_array();
			u->fresh = false;
			if (judge_unit(u) == MP_PENDING) {
				drop_scratch(u);
				continue;
			}
			u->settled = true;
			r->n_settled++;
			moved = true;
		}
		/* What has settled may be what another unit waits for: look again until nothing moves. */
		news = true;
	} while (moved && r->n_settled < r->n_units);
	return r->n_settled == r->n_units;
}

const struct mp_case *mp_run_case(const struct mp_run *r)
{
	return r->c;
}

size_t mp_run_n_results(const struct mp_run *r)
{
	return r->n_results;
}

const struct mp_result *mp_run_result(const struct mp_run *r, size_t i)
{
	return r->results[i];
}

const struct mp_target_result *mp_run_target(const struct mp_run *r, size_t i)
{
	return i < r->c->n_targets && r->units[i].settled ? &r->units[i].target : NULL;
}

const struct mp_diagnosis *mp_run_diagnosis(const struct mp_run *r, size_t target)
{
	return target < r->n_diagnoses && r->units[r->n_first + target].settled
		       ? &r->units[r->n_first + target].diagnosis
		       : NULL;
}

size_t mp_run_n_sessions(const struct mp_run *r, size_t target)
{
	const struct mp_target_result *tr = mp_run_target(r, target);
	const struct mp_diagnosis *d = mp_run_diagnosis(r, target);

	return (tr ? tr->n_sessions : 0) + (d ? d->n_sessions : 0);
}

const struct smtp_session *mp_run_session(
	const struct mp_run *r, size_t target, size_t i, const struct smtp_classified **cause)
{
	const struct mp_target_result *tr = mp_run_target(r, target);
	const struct mp_diagnosis *d = mp_run_diagnosis(r, target);

	if (i < tr->n_sessions) {
		*cause = &tr->causes[i];
		return tr->sessions[i];
	}
	*cause = &d->causes[i - tr->n_sessions];
	return d->sessions[i - tr->n_sessions];
}

const struct mp_conclusion *mp_run_conclusion(const struct mp_run *r)
{
	const struct unit *last = &r->units[r->n_units - 1];

	return last->settled ? &last->conclusion : NULL;
}

bool mp_run_seen(const struct mp_run *r, size_t source, struct mp_seen *out)
{
	/* The correlation's judge has an arena that lives as long as the run. */
	struct mp_judge *j = &r->units[r->n_units - 1].j;

	return j->a && mp_seen_as(j, source, out);
}
