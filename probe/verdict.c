/* probe/verdict.c - from findings and sessions to each target's status and the verdict: see probe/correlate.h */
#include "probe/correlate.h"
#include "probe/findings.h"
#include "probe/mailbox.h"
#include "probe/policies.h"
#include "probe/receivers.h"
#include "probe/run.h"

/* For a count of targets: "2 of 3 targets blocked". */
static const char *const status_words[] = {
	[MP_DELIVERABLE] = "deliverable",
	[MP_AT_RISK] = "at risk",
	[MP_BLOCKED] = "blocked",
	[MP_UNKNOWN] = "undetermined",
};

/* Does it rest on nothing but what mailboxes showed, none of which is the target's? */
static bool of_other_mailboxes(struct mp_judge *j, const struct mp_finding *f, size_t t)
{
	const char *mine = j->c->targets[t].mailbox;

	for (size_t i = 0; i < f->n_because; i++) {
		const struct mp_result *r = f->because[i].result;
		const char *mailbox = r ? mp_jget_str(r->values, "mailbox", NULL) : NULL;

		if (!mailbox || (mine && strcmp(mailbox, mine) == 0))
			return false;
	}
	return f->n_because > 0;
}

/* Does a finding touch a target: its own, or through a source that talked to it. */
static bool touches(struct mp_judge *j, const struct mp_finding *f, size_t t)
{
	const struct mp_target_result *tr = mp_run_target(j->run, t);

	if (of_other_mailboxes(j, f, t))
		return false;
	if (f->target >= 0)
		return f->target == (int)t;
	if (f->source < 0)
		return true;
	for (size_t i = 0; i < tr->n_sessions; i++)
		if (mp_session_source(j->c, tr->sessions[i]) == f->source)
			return true;
	return false;
}

static int cost_at(const struct mp_finding *f, size_t t)
{
	return f->cost ? f->cost[t] : 0;
}

/* The first that touches the target; of those that nobody rejected for, the one that costs most there. */
static const struct mp_finding *worst_for(struct mp_judge *j, const struct mp_conclusion *con, size_t t)
{
	const struct mp_finding *worst = NULL;

	for (size_t i = 0; i < con->n_findings; i++) {
		const struct mp_finding *f = &con->findings[i];

		if (f->status == MP_INFO || !touches(j, f, t))
			continue;
		if (!worst || (mp_ranked_by_cost(worst) && mp_ranked_by_cost(f) && cost_at(f, t) > cost_at(worst, t)))
			worst = f;
	}
	return worst;
}

/* What its provider publishes of the fault, to stand behind it: " (against Gmail's rules for every sender)". "": nothing. */
static const char *cost_words(struct mp_judge *j, const struct mp_finding *f, size_t t)
{
	for (size_t i = 0; f && cost_at(f, t) && i < mp_n_policies; i++)
		if (mp_policy_counts(&mp_policies[i], mp_run_target(j->run, t)))
			return mp_printf(j->a, " (against %s's rules for %s)", mp_policies[i].name,
				cost_at(f, t) > 1 ? "every sender" : "bulk senders");
	return "";
}

/* What this receiver is known to judge later than a probe goes. "" when nothing is known. */
static const char *judged_later(struct mp_judge *j, const struct mp_target_result *tr)
{
	const struct mp_receiver *rc = mp_receiver_of(
		tr->target->kind == MP_TARGET_DOMAIN ? tr->target->domain : NULL, tr->n_mx ? tr->mx[0].host : NULL);
	struct mp_buf b = MP_BUF(1024);
	const char *text;
	size_t n = 0;

	if (!rc)
		return "";
	for (size_t i = 0; i < ARRAY_LEN(rc->judges) && rc->judges[i].cause != SMTP_CAUSE_UNKNOWN; i++)
		if (rc->judges[i].stage > SMTP_AT_RCPT && n++ < 5)
			mp_buf_addf(&b, "%s%s", n > 1 ? ", " : "", smtp_causes[rc->judges[i].cause].id);
	text = n ? mp_printf(j->a, " %s is known to judge %s only after the message.", rc->name, mp_buf_cstr(&b)) : "";
	mp_buf_release(&b);
	return text;
}

/* " It asks to come back ...", or "". */
static const char *come_back_after(struct mp_judge *j, const struct mp_target_result *tr)
{
	const struct mp_comeback *b = mp_comeback_of(tr, (size_t)tr->decided_by);

	if (!b || !b->named || b->held)
		return "";
	return mp_printf(j->a, " It asks to come back after %u s, not before %s.", b->after_s,
		mp_comeback_time(j->a, j->c, tr, b));
}

/* Did the receiver take a message, wherever it landed? */
static bool took_message(const struct mp_target_result *tr)
{
	return strcmp(tr->basis, "message") == 0 || strcmp(tr->basis, "placement") == 0;
}

/* Where it landed, if that is known: "in the inbox of ...". NULL: it is not, or not there. */
static const char *landed_words(struct mp_judge *j, const struct mp_target_result *tr)
{
	const char *kind = tr->placement ? mp_placement_kind(tr->placement) : NULL;

	if (kind && strcmp(kind, "inbox") == 0)
		return mp_printf(j->a, "in the inbox of %s", tr->target->rcpt);
	if (kind && strcmp(kind, "tab") == 0)
		return mp_printf(j->a, "in the inbox of %s, in its category %s", tr->target->rcpt, tr->placement->tab);
	return NULL;
}

static const char *summary_of(struct mp_judge *j, const struct mp_conclusion *out, size_t t, enum mp_verdict v)
{
	const struct mp_target_result *tr = mp_run_target(j->run, t);
	const struct mp_finding *f = worst_for(j, out, t);
	const char *d = tr->target->domain;
	const struct smtp_session *last = tr->n_sessions ? tr->sessions[tr->n_sessions - 1] : NULL;
	const struct smtp_session *by = tr->decided_by >= 0 ? tr->sessions[tr->decided_by] : NULL;
	enum smtp_cause cause = tr->decided_by >= 0 ? tr->causes[tr->decided_by].cause : SMTP_CAUSE_UNKNOWN;
	struct mp_arena *a = j->a;

	if (!(mp_run_scope(j->c) & MP_IN_PROBE) && v == MP_UNKNOWN && tr->mx_state != MP_MX_UNKNOWN)
		return mp_printf(a, "The mail servers of %s were looked up; none was talked to.", d);
	switch (v) {
	case MP_BLOCKED:
		if (!by)
			return mp_printf(a, "No mail can be delivered to %s: %s.", d,
				f ? mp_within(j, f->title) : "its DNS says so");
		if (mp_not_the_sender(cause) && (!f || f->tier > 0 || mp_not_the_sender(f->cause)))
			return mp_printf(a, "%s rejects this recipient (%s); that is not a fault of this sender.%s", d,
				cause == SMTP_CAUSE_UNKNOWN ? "unnamed" : smtp_causes[cause].id,
				tr->target->rcpt_assumed ? " The recipient was only assumed; give one with --rcpt."
							 : "");
		return mp_printf(a, "%s rejects mail from this host: %s.", d,
			f && f->tier == 0 ? mp_within(j, f->title) : "it does not say why");
	case MP_AT_RISK:
		if (by && by->outcome == SMTP_DEFERRED)
			return mp_printf(a, "%s delays mail from this host for now: %s.%s", d,
				f ? mp_within(j, f->title) : "it does not say why", come_back_after(j, tr));
		if (!by)
			return mp_printf(a, "%s", f ? f->title : "The TLS policy cannot be met.");
		if (f && f->because[0].result && strcmp(f->because[0].result->check->id, "message.placement") == 0)
			return f->title;
		return mp_printf(a, "%s accepts the %s, but: %s%s.", d, took_message(tr) ? "message" : "recipient",
			f ? mp_within(j, f->title) : "a fault was found", cost_words(j, f, t));
	case MP_DELIVERABLE:
		if (landed_words(j, tr))
			return mp_printf(a, "%s took the message, and it landed %s.", d, landed_words(j, tr));
		if (tr->placement)
			return mp_printf(a,
				"%s took the message, and nothing stands against its delivery. Where it landed is not "
				"known: %s.",
				d, tr->placement->reason);
		if (took_message(tr))
			return mp_printf(a,
				"%s took the message, and nothing stands against its delivery. Whether it lands in the "
				"inbox, only the mailbox can tell.",
				d);
		return mp_printf(a,
			"Nothing stands against delivery to %s up to the recipient.%s Only a message really sent "
			"(--send) would tell what is judged after it.",
			d, judged_later(j, tr));
	case MP_UNKNOWN:
		break;
	}
	if (f && f->cause == SMTP_EGRESS_BLOCKED)
		return mp_printf(a, "Whether %s takes mail could not be determined: %s.", d, mp_within(j, f->title));
	if (tr->mx_state == MP_MX_UNKNOWN)
		return mp_printf(a,
			"Whether %s takes mail could not be determined: its mail servers could not be looked up (%s).",
			d, tr->mx_answer ? dns_outcome_words(tr->mx_answer->outcome) : "no address known");
	if (tr->mx_state == MP_MX_NO_ADDRESS || !last)
		return mp_printf(a,
			"Whether %s takes mail could not be determined: it has no address that this host can send to.",
			d);
	return mp_printf(a, "Whether %s takes mail could not be determined: %s %s (%s).", d, last->q.mx,
		last->outcome == SMTP_UNREACHABLE ? "cannot be reached" : "did not come to a verdict",
		last->reason ? last->reason : smtp_outcome_name(last->outcome));
}

/* The headline of a single check that shows no fault. Of lists there are many rows, and the first is not the sum. */
static const char *single_summary(struct mp_judge *j)
{
	size_t n = mp_run_n_results(j->run), unknown = 0;

	for (size_t i = 0; i < n; i++)
		unknown += mp_run_result(j->run, i)->status == MP_ERROR;
	if (n < 2 || mp_run_scope(j->c) != MP_IN_DNSBL)
		return mp_run_result(j->run, 0)->summary;
	return mp_printf(j->a, "%s is on no list that receivers reject for; %zu of %zu lists could be asked.",
		j->c->arg, n - unknown, n);
}

static void conclude_sender(struct mp_judge *j, struct mp_conclusion *out)
{
	bool errors = false, known = false, single = j->c->arg && mp_run_n_results(j->run);

	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);

		known = known || r->status != MP_ERROR;
		errors = errors || (r->status == MP_ERROR && !r->check->advisory);
	}
	errors = errors || (!known && mp_run_n_results(j->run));
	out->basis = "dns";
	if (out->n_findings && out->findings[0].status != MP_INFO) {
		out->status = MP_AT_RISK;
		out->summary = mp_printf(j->a, "%s%s", out->findings[0].title,
			out->n_findings > 1 && out->findings[1].status != MP_INFO ? " There are further faults." : "");
	} else if (errors) {
		out->status = MP_UNKNOWN;
		out->summary = known ? "Not everything could be determined; what could shows no fault."
				     : mp_run_result(j->run, 0)->summary;
	} else {
		out->status = MP_DELIVERABLE;
		out->summary =
			single ? single_summary(j) : "The DNS shows no fault of this sender; no receiver was asked.";
	}
}

void mp_conclude(struct mp_judge *j, struct mp_conclusion *out)
{
	size_t worst = 0, same = 0;

	out->target_status = mp_allocn(j->a, j->c->n_targets, sizeof(*out->target_status));
	out->target_summary = mp_allocn(j->a, j->c->n_targets, sizeof(*out->target_summary));
	for (size_t t = 0; t < j->c->n_targets; t++) {
		const struct mp_target_result *tr = mp_run_target(j->run, t);
		enum mp_verdict v = tr->base;

		if (v == MP_DELIVERABLE && worst_for(j, out, t))
			v = MP_AT_RISK;
		out->target_status[t] = v;
		out->target_summary[t] = summary_of(j, out, t, v);
		if (mp_verdict_badness(v) > mp_verdict_badness(out->target_status[worst]))
			worst = t;
	}
	if (!j->c->n_targets || !(mp_run_scope(j->c) & MP_IN_PROBE)) {
		conclude_sender(j, out);
		return;
	}
	out->status = out->target_status[worst];
	out->basis = mp_run_target(j->run, worst)->basis;
	out->summary = out->target_summary[worst];
	for (size_t t = 0; t < j->c->n_targets; t++)
		same += out->target_status[t] == out->status;
	if (j->c->n_targets > 1)
		out->summary = mp_printf(j->a, "%zu of %zu targets %s. %s", same, j->c->n_targets,
			status_words[out->status], out->summary);
}
