/* probe/isolated.c - what further sessions showed: one changed factor, or time; see probe/findings.h */
#include "probe/findings.h"
#include "probe/diagnose.h"
#include "probe/run.h"

/* The causes that a factor can stand for, and the checks that tell which, the deeper root first. The last is for none. */
static const struct {
	enum mp_factor factor;
	enum smtp_cause cause;
	const char *checks[6];
} shown_by_change[] = {
	{MP_VARY_EHLO, SMTP_HELO_REJECTED,
		{"ehlo.syntax", "ehlo.resolves", "ehlo.matches_source", "ptr.matches_ehlo", "host.fqdn"}},
	{MP_VARY_SENDER, SMTP_SENDER_DOMAIN_DNS, {"mx.sender", "dnssec.sender", "registration.sender"}},
	{MP_VARY_SENDER, SMTP_SPF_FAIL, {"spf.mail_from", "spf.record"}},
	{MP_VARY_SENDER, SMTP_DOMAIN_REPUTATION, {"dnsbl.domain", "age.sender"}},
	{MP_VARY_SENDER, SMTP_SENDER_REJECTED, {NULL}},
	{MP_VARY_SOURCE, SMTP_PTR_MISSING, {"ptr.exists"}},
	{MP_VARY_SOURCE, SMTP_FCRDNS_MISMATCH, {"ptr.fcrdns"}},
	{MP_VARY_SOURCE, SMTP_RDNS_GENERIC, {"ptr.syntax", "ptr.generic"}},
	{MP_VARY_SOURCE, SMTP_DNSBL_LISTED, {"dnsbl.ip"}},
	{MP_VARY_SOURCE, SMTP_SPF_FAIL, {"spf.mail_from"}},
	{MP_VARY_SOURCE, SMTP_HELO_REJECTED, {"ptr.matches_ehlo"}},
	{MP_VARY_SOURCE, SMTP_IP_BLOCKED, {NULL}},
	{MP_VARY_MX, SMTP_RECEIVER_ERROR, {NULL}},
	{MP_VARY_TIME, SMTP_GREYLISTED, {NULL}},
};

/* Are there faults of ours that are judged up to this stage? Then a postmaster who takes mail may just be exempt. */
static bool own_fault_until(struct mp_findings *w, enum smtp_stage stage, int source)
{
	for (size_t i = 0; i < mp_run_n_results(w->j->run); i++) {
		const struct mp_result *r = mp_run_result(w->j->run, i);
		int root = mp_root_of(r);

		if (root >= 0 && mp_roots[root].own && mp_is_faulty(r) && mp_concerns(w->j, r, source) &&
			mp_roots[root].stage <= stage && mp_roots[root].cause != SMTP_EGRESS_BLOCKED)
			return true;
	}
	return false;
}

/* What a changed factor is the cause of. UNKNOWN: it does not tell. */
static enum smtp_cause changed_cause(
	struct mp_findings *w, const struct mp_experiment *e, const struct smtp_session *base, enum smtp_cause said)
{
	enum mp_factor f = e->factor == MP_VARY_FAMILY ? MP_VARY_SOURCE : e->factor;
	int source = mp_session_source(w->j->c, base), other = mp_session_source(w->j->c, e->session);

	if (f == MP_VARY_TLS)
		return base->tls ? SMTP_RECEIVER_ERROR : SMTP_TLS_REQUIRED;
	if (f == MP_VARY_RCPT) {
		if (mp_not_the_sender(said))
			return said;
		return own_fault_until(w, base->stage, source) ? SMTP_CAUSE_UNKNOWN : SMTP_RECIPIENT_RESTRICTED;
	}
	for (size_t i = 0; i < ARRAY_LEN(shown_by_change); i++) {
		if (shown_by_change[i].factor != f)
			continue;
		if (!shown_by_change[i].checks[0] || f == MP_VARY_EHLO)
			return shown_by_change[i].cause;
		for (size_t k = 0; shown_by_change[i].checks[k]; k++)
			if (mp_faulty_for(w, shown_by_change[i].checks[k], source) >= 0 &&
				(f != MP_VARY_SOURCE || mp_faulty_for(w, shown_by_change[i].checks[k], other) < 0))
				return shown_by_change[i].cause;
	}
	return SMTP_CAUSE_UNKNOWN;
}

/* The checks that show such a cause, into its finding. How many. */
static size_t changed_because(struct mp_findings *w, enum smtp_cause cause, enum mp_factor f, int source)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(shown_by_change); i++) {
		if (shown_by_change[i].cause != cause || shown_by_change[i].factor != f)
			continue;
		for (size_t k = 0; shown_by_change[i].checks[k]; k++) {
			int at = mp_faulty_for(w, shown_by_change[i].checks[k], source);

			if (at < 0)
				continue;
			mp_finding_from_check(w, (size_t)at, cause);
			n++;
		}
	}
	return n;
}

static const char *changed_title(struct mp_findings *w, const struct mp_experiment *e, const struct smtp_session *base)
{
	struct mp_arena *a = w->j->a;

	switch (e->factor) {
	case MP_VARY_EHLO:
		return mp_printf(a, "%s refuses the EHLO name %s, and takes %s.", base->q.mx, e->from, e->to);
	case MP_VARY_SENDER:
		return mp_printf(a, "%s refuses the sender %s, and takes %s.", base->q.mx, e->from, e->to);
	case MP_VARY_SOURCE:
	case MP_VARY_FAMILY:
		return mp_printf(a, "%s refuses mail from %s, and takes it from %s.", base->q.mx, e->from, e->to);
	case MP_VARY_TLS:
		return mp_printf(a, "%s takes mail %s only.", base->q.mx, base->tls ? "in the clear" : "with TLS");
	case MP_VARY_MX:
		return mp_printf(a, "%s alone refuses; %s takes the mail.", e->from, e->to);
	case MP_VARY_RCPT:
		return mp_printf(a, "%s refuses the recipient %s, and takes %s (not a fault of this sender).",
			base->q.mx, e->from, e->to);
	case MP_VARY_TIME:
	case MP_VARY__COUNT:
		break;
	}
	return mp_printf(a, "%s put the first contact off and took the second (greylisting).", base->q.mx);
}

/*
 * The session that a diagnosis is about, and the one that was accepted: a finding of what changed between them. False
 * where nothing did, or where it does not tell.
 */
bool mp_isolated_finding(struct mp_findings *w, size_t t, size_t i, const struct mp_target_result *tr)
{
	const struct mp_diagnosis *d = mp_run_diagnosis(w->j->run, t);
	const struct mp_experiment *e = d && d->of == (int)i ? mp_what_changed(d) : NULL;
	const struct smtp_session *base = tr->sessions[i];
	int source = mp_session_source(w->j->c, base);
	enum smtp_cause said = tr->causes[i].cause, cause = e ? changed_cause(w, e, base, said) : SMTP_CAUSE_UNKNOWN;
	enum mp_factor f;
	struct mp_finding *found;
	const char *subject = tr->target->domain, *id, *reply = mp_reply_text(w, base);
	size_t shown;

	if (!cause)
		return false;
	f = e->factor == MP_VARY_FAMILY ? MP_VARY_SOURCE : e->factor;
	if (cause == SMTP_SENDER_DOMAIN_DNS || cause == SMTP_SPF_FAIL)
		subject = strrchr(base->q.mail_from, '@') ? strrchr(base->q.mail_from, '@') + 1 : w->j->c->domain;
	else if (cause == SMTP_DOMAIN_REPUTATION)
		subject = w->j->c->domain;
	id = mp_finding_id(w, cause, source, subject);
	shown = changed_because(w, cause, f, source);
	found = mp_finding_of(
		w, id, cause, mp_cause_per_address(cause) ? source : -1, mp_cause_per_address(cause) ? -1 : (int)t);
	/* What the receiver named and a check shows needs no experiment; the experiment still says so. */
	mp_finding_worsen(found, base->outcome == SMTP_REJECTED ? MP_FAIL : MP_WARN,
		shown && said == cause ? MP_CONFIRMED : MP_ISOLATED, base->outcome == SMTP_REJECTED ? 0 : 1);
	mp_finding_because(w, found, (struct mp_because){.target = t, .session = i});
	mp_finding_because(w, found, (struct mp_because){.target = t, .session = e->index});
	if (f != MP_VARY_SOURCE || !found->title)
		found->title = changed_title(w, e, base);
	mp_finding_explain(w, found, "%s: \"%s\". Two sessions that differ in %s alone (%s, %s) had different answers.",
		mp_who_said(w, base), reply ? reply : "", mp_factor_words(e->factor), e->from, e->to);
	if (!shown)
		mp_finding_explain(w, found, "%s", smtp_causes[cause].meaning);
	if (!found->n_fix && f == MP_VARY_EHLO && e->to[0] != '[')
		mp_finding_fix(
			w, found, mp_printf(w->j->a, "Announce %s (Postfix: myhostname or smtp_helo_name).", e->to));
	for (size_t k = 0; !found->n_fix && smtp_causes[cause].fix[k]; k++)
		mp_finding_fix(w, found, smtp_causes[cause].fix[k]);
	return true;
}

/* Put off at first, taken at the second try: nothing that an MTA would not do by itself. */
bool mp_passed_later(struct mp_findings *w, size_t t, size_t i, const struct mp_target_result *tr)
{
	const struct mp_comeback *b = mp_comeback_of(tr, i);
	const struct smtp_session *was = tr->sessions[i], *then = b ? mp_second_try(tr, b) : NULL;
	bool grey = mp_says_nothing(tr->causes[i].cause) || tr->causes[i].cause == SMTP_GREYLISTED;
	enum smtp_cause cause = grey ? SMTP_GREYLISTED : tr->causes[i].cause;
	struct mp_finding *f;

	if (!then || then->outcome != SMTP_ACCEPTED)
		return false;
	f = mp_finding_of(w, mp_finding_id(w, cause, -1, tr->target->domain), cause, -1, (int)t);
	mp_finding_worsen(f, MP_INFO, MP_ISOLATED, 5);
	f->title = mp_printf(w->j->a,
		grey ? "%s greylists: the second try passed after %.0f s."
		     : "%s put the first try off; the second passed after %.0f s.",
		was->q.mx, (then->at_ms - was->at_ms) / 1000);
	mp_finding_explain(w, f, "%s: \"%s\". Held again without any change, the session was accepted.",
		mp_who_said(w, was), mp_reply_text(w, was));
	mp_finding_because(w, f, (struct mp_because){.target = t, .session = i});
	for (size_t k = 0; k < tr->n_sessions; k++)
		if (tr->sessions[k] == then)
			mp_finding_because(w, f, (struct mp_because){.target = t, .session = k});
	mp_finding_fix(w, f,
		"Nothing: an MTA comes back by itself. Only software that sends each message once is hurt by it.");
	return true;
}

void mp_say_when(struct mp_findings *w, struct mp_finding *f, size_t i, const struct mp_target_result *tr)
{
	const struct mp_comeback *b = mp_comeback_of(tr, i);
	const struct smtp_session *s = tr->sessions[i];
	uint32_t needed;

	if (!b || b->held)
		return;
	if (b->named)
		mp_finding_explain(w, f, "The server asks to come back after %u s: not before %s.", b->after_s,
			mp_comeback_time(w->j->a, w->j->c, tr, b));
	needed = b->after_s + (uint32_t)(s->at_ms / 1000) + 30;
	if (b->too_late || w->j->c->retry || b->named)
		mp_finding_fix(w, f,
			mp_printf(w->j->a, "Try again after %s; mailprobe --retry --timeout %u waits for it.",
				mp_comeback_time(w->j->a, w->j->c, tr, b), needed));
}

/* The same answer whatever was varied: said where nothing explains the refusal. */
const char *mp_varied_in_vain(struct mp_findings *w, size_t t, size_t i)
{
	const struct mp_diagnosis *d = mp_run_diagnosis(w->j->run, t);
	struct mp_buf b = MP_BUF(512);
	const char *text = NULL;

	for (enum mp_factor f = 0; d && d->of == (int)i && f < MP_VARY__COUNT; f++)
		if (mp_changed_nothing(d, f))
			mp_buf_addf(&b, "%s%s", b.n ? ", " : "", mp_factor_words(f));
	if (b.n)
		text = mp_printf(w->j->a, "Varied one at a time, these changed nothing: %s.", mp_buf_cstr(&b));
	mp_buf_release(&b);
	return text;
}

/* A cause that an experiment speaks against: with the factor changed, the answer stayed. */
bool mp_ruled_out(struct mp_findings *w, size_t t, size_t i, enum smtp_cause c)
{
	const struct mp_diagnosis *d = mp_run_diagnosis(w->j->run, t);

	if (!d || d->of != (int)i)
		return false;
	if (c == SMTP_HELO_REJECTED)
		return mp_changed_nothing(d, MP_VARY_EHLO);
	return (c == SMTP_SENDER_DOMAIN_DNS || c == SMTP_DOMAIN_REPUTATION) && mp_changed_nothing(d, MP_VARY_SENDER);
}
