/* probe/correlate.c - see probe/correlate.h */
#include "probe/correlate.h"
#include "base/text.h"
#include "dns/dnsbl.h"
#include "probe/findings.h"
#include "probe/howto.h"
#include "probe/policies.h"
#include "probe/request.h"
#include "probe/run.h"
#include "smtp/reply.h"

/*
 * The order of work:
 * 1. Every session that a receiver decided against us gives findings: its cause against the checks that show it, unless
 *    a further session shows what changes the answer (--diagnose), or that time did (--retry).
 * 2. Every faulty check that no receiver rejected for gives a latent finding.
 * 3. Findings of one cause and one subject are one finding; what follows from another goes into it.
 * 4. Findings are ordered, and with them each target's status, and the verdict.
 */

/* Does the sender's domain publish none of the three? Only said when each was looked for and is not there. */
static bool publishes_nothing(struct mp_judge *j)
{
	bool spf = true, dmarc = true, dkim = false;

	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);

		if (strcmp(r->check->id, "spf.record") == 0)
			spf = r->status != MP_WARN || mp_jget_int(r->values, "records", 1) != 0;
		else if (strcmp(r->check->id, "dmarc.record") == 0)
			dmarc = r->status != MP_WARN || mp_jget(r->values, "record_domain");
		else if (strcmp(r->check->id, "dkim.key") == 0)
			dkim = dkim || r->status == MP_PASS || r->status == MP_WARN || r->status == MP_INFO ||
			       r->status == MP_ERROR;
	}
	return !spf && !dmarc && !dkim;
}

/* When the receiver's claim is at odds with what is seen here: until when an old answer may live in its cache. */
static const char *stale_until(struct mp_findings *w, int source)
{
	struct mp_judge *j = w->j;
	const struct dns_answer *soa;
	struct mp_seen seen;
	char rev[MP_IP_REVERSE];
	uint32_t ttl;

	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);

		if (strcmp(r->check->id, "ptr.propagation") == 0 && r->status == MP_WARN && mp_concerns(j, r, source) &&
			mp_jget_str(r->values, "until", NULL))
			return mp_jget_str(r->values, "until", NULL);
	}
	if (source < 0 || !mp_seen_as(j, (size_t)source, &seen))
		return NULL;
	soa = dns_ask(j->ev, mp_ip_reverse(&seen.ip, rev), DNS_SOA);
	if (!soa) {
		w->pending = true;
		return NULL;
	}
	ttl = soa->negative_ttl;
	if (!ttl && soa->outcome == DNS_ANSWERED && soa->n_rr)
		ttl = soa->rr[0].soa.minimum < soa->rr[0].ttl ? soa->rr[0].soa.minimum : soa->rr[0].ttl;
	if (!ttl)
		return NULL;
	return mp_time_text(j->a, j->c->started_ms + (int64_t)soa->at_ms + (int64_t)ttl * 1000, false);
}

/* Below this a cause is what such words or codes mean more often than not, and no more than that. */
#define NAMES_A_CAUSE 0.61

static bool vague(const struct smtp_classified *c)
{
	return mp_says_nothing(c->cause) || c->confidence < NAMES_A_CAUSE;
}

/* Does a reply name the zone of a list that the checks ask? */
static bool names_a_list(const char *reply)
{
	for (size_t i = 0; reply && i < dnsbl_n_lists; i++)
		if (mp_str_ifind(mp_str(reply), dnsbl_lists[i].zone) >= 0)
			return true;
	return false;
}

/* The reply names its list, and this check is of another one. */
static bool of_another_list(const struct mp_result *r, const char *reply)
{
	return names_a_list(reply) && dnsbl_list_by_zone(r->subject) && mp_str_ifind(mp_str(reply), r->subject) < 0;
}

/*
 * SPF or its record, looked for at a name that no mail comes back to, or DMARC's at one that is not there: the domain is
 * what is wrong. `mx`: the result of mx.sender.
 */
static bool finds_nothing(const struct mp_result *r, const struct mp_result *mx)
{
	if (strcmp(r->check->id, "dmarc.record") == 0)
		return !mp_jget(r->values, "record_domain") && !mp_jget_bool(mx->values, "exists", true);
	return strcmp(mp_jget_str(r->values, "result", ""), "none") == 0 ||
	       (strcmp(r->check->id, "spf.record") == 0 && mp_jget_int(r->values, "records", 1) == 0);
}

static const char *domain_of(const struct mp_result *r)
{
	const char *at = strrchr(r->subject, '@');

	return at ? at + 1 : r->subject;
}

/* The faulty result that `r` follows from, by its own word, or as there is no such domain; -1: it stands by itself. */
static int followed(struct mp_findings *w, const struct mp_result *r, int source)
{
	const char *id = mp_jget_str(r->values, "follows", NULL);
	int at = mp_faulty_for(w, "mx.sender", source);
	const struct mp_result *mx = at < 0 ? NULL : mp_run_result(w->j->run, (size_t)at);

	if (mx && strcmp(mx->subject, domain_of(r)) == 0 && finds_nothing(r, mx))
		return at;
	return id ? mp_faulty_for(w, id, source) : -1;
}

/* Faulty results of the checks that show `said`: the finding of the deepest root, or NULL. */
static struct mp_finding *confirm(struct mp_findings *w, const struct smtp_session *s, enum smtp_cause said, int source)
{
	const char *const *ids = mp_checks_for(said), *reply = mp_reply_text(w, s);
	struct mp_finding *f = NULL;

	for (size_t k = 0; ids[k]; k++)
		for (size_t i = 0; i < mp_run_n_results(w->j->run); i++) {
			const struct mp_result *r = mp_run_result(w->j->run, i);
			int root = mp_root_of(r);
			enum smtp_cause cause = root >= 0 && mp_roots[root].cause ? mp_root_cause(w, root) : said;

			if (root < 0 || !mp_is_faulty(r) || strcmp(r->check->id, ids[k]) != 0 ||
				!mp_concerns(w->j, r, source))
				continue;
			if (of_another_list(r, reply))
				continue;
			if (f && f->cause != cause)
				continue; /* a deeper root explains it; step 2 looks at it again */
			if (!f && followed(w, r, source) >= 0) {
				size_t deeper = (size_t)followed(w, r, source);

				f = mp_finding_from_check(
					w, deeper, mp_root_cause(w, mp_root_of(mp_run_result(w->j->run, deeper))));
				mp_finding_because(w, f, (struct mp_because){.result = r});
				w->used[i] = true;
				continue;
			}
			f = mp_finding_from_check(w, i, cause);
		}
	return f;
}

/* A check on the cause that could not be determined: then nothing here contradicts the receiver. */
static const struct mp_result *undetermined_check(
	struct mp_findings *w, const char *reply, enum smtp_cause said, int source)
{
	const char *const *ids = mp_checks_for(said);

	for (size_t k = 0; ids[k]; k++)
		for (size_t i = 0; i < mp_run_n_results(w->j->run); i++) {
			const struct mp_result *r = mp_run_result(w->j->run, i);

			if (r->status == MP_ERROR && mp_root_of(r) >= 0 && strcmp(r->check->id, ids[k]) == 0 &&
				mp_concerns(w->j, r, source) && !of_another_list(r, reply))
				return r;
		}
	return NULL;
}

/* Is the EHLO name among the PTR names that a finding is about? */
static bool names_ehlo(struct mp_findings *w, const struct mp_finding *f)
{
	for (size_t i = 0; i < f->n_because; i++) {
		const json_t *names =
			f->because[i].result ? mp_jget_array(f->because[i].result->values, "names") : NULL;

		for (size_t k = 0; k < json_array_size(names); k++) {
			const char *name = json_string_value(json_array_get(names, k));

			if (name && w->j->c->ehlo && dns_name_eq(name, w->j->c->ehlo))
				return true;
		}
	}
	return false;
}

/* Does a finding rest on a check of this subject? */
static bool because_of(const struct mp_finding *f, const char *subject)
{
	for (size_t i = 0; i < f->n_because; i++)
		if (f->because[i].result && strcmp(f->because[i].result->subject, subject) == 0)
			return true;
	return false;
}

/* The sender's domain does not exist, or takes no mail; and it publishes nothing of the kind that `r` looked for. */
static bool follows_from_no_domain(const struct mp_finding *f, const struct mp_judge *j, const struct mp_result *r)
{
	const char *from = strrchr(j->c->mail_from ? j->c->mail_from : "", '@');

	if (f->cause != SMTP_SENDER_DOMAIN_DNS || f->status == MP_INFO)
		return false;
	if (strcmp(r->check->id, "dmarc.alignment") == 0) /* SPF cannot align a domain that is not there */
		return from && because_of(f, from + 1);
	for (size_t i = 0; i < f->n_because; i++) {
		const struct mp_result *mx = f->because[i].result;

		if (mx && strcmp(mx->subject, domain_of(r)) == 0 && finds_nothing(r, mx))
			return true;
	}
	return false;
}

/* The finding that already explains the faulty check `r`, or NULL. */
static struct mp_finding *explained_by(struct mp_findings *w, const struct mp_result *r)
{
	int source = mp_result_source(w->j, r);
	bool names_differ = strcmp(r->check->id, "ptr.matches_ehlo") == 0;
	bool of_tls = strcmp(r->check->id, "tls.certificate") == 0 || strcmp(r->check->id, "smtp.starttls") == 0;
	bool ehlo_leads_away =
		strcmp(r->check->id, "ehlo.matches_source") == 0 || strcmp(r->check->id, "ehlo.resolves") == 0;

	for (size_t i = 0; i < w->n; i++) {
		struct mp_finding *f = w->list[i];

		if (follows_from_no_domain(f, w->j, r))
			return f;
		/* What the server lacks, and the policy that asks for it: one fault. */
		if (of_tls && f->cause == SMTP_TLS_POLICY && because_of(f, r->subject))
			return f;
		/* A wrong or missing PTR cannot agree with the EHLO name: the difference is a symptom. */
		if (names_differ && mp_is_ptr_cause(f->cause) && f->source == source && f->status != MP_INFO)
			return f;
		/* One name for PTR and EHLO, and its forward record is what is wrong: one fault. */
		if (ehlo_leads_away && f->cause == SMTP_FCRDNS_MISMATCH && names_ehlo(w, f))
			return f;
		if (strcmp(r->check->id, "ptr.propagation") == 0 && mp_is_ptr_cause(f->cause) && f->source == source)
			return f;
		/* Its identity is the right one, but SPF does not pass. */
		if (strcmp(mp_jget_str(r->values, "follows", ""), "spf.mail_from") == 0 && f->cause == SMTP_SPF_FAIL &&
			f->status != MP_INFO)
			return f;
	}
	return NULL;
}

/*
 * What the checks that a cause points to say against it: the first of them that holds, in its words; NULL: none does. A
 * receiver that names its list means that one.
 */
static const char *contradiction(struct mp_findings *w, const char *reply, enum smtp_cause said, int source)
{
	const char *const *ids = mp_checks_for(said), *group = smtp_causes[said].group;

	if (strcmp(group, "identity") != 0 && strcmp(group, "authentication") != 0 && strcmp(group, "reputation") != 0)
		return NULL;
	for (size_t k = 0; ids[k]; k++)
		for (size_t i = 0; i < mp_run_n_results(w->j->run); i++) {
			const struct mp_result *r = mp_run_result(w->j->run, i);

			if (r->status != MP_PASS || mp_root_of(r) < 0 || strcmp(r->check->id, ids[k]) != 0 ||
				!mp_concerns(w->j, r, source))
				continue;
			if (dnsbl_list_by_zone(r->subject) && (!reply || mp_str_ifind(mp_str(reply), r->subject) < 0))
				continue;
			return r->summary;
		}
	return NULL;
}

/* By its reply and the checks. The finding, or NULL where there are several. */
static struct mp_finding *blame(struct mp_findings *w, size_t t, size_t i, const struct mp_target_result *tr)
{
	const struct smtp_session *s = tr->sessions[i];
	const struct smtp_classified *c = &tr->causes[i];
	int source = mp_session_source(w->j->c, s), tier = s->outcome == SMTP_REJECTED ? 0 : 1;
	enum mp_status status = s->outcome == SMTP_REJECTED ? MP_FAIL : MP_WARN;
	const struct mp_because here = {.target = t, .session = i};
	const char *reply = mp_reply_text(w, s), *who = mp_who_said(w, s);
	struct mp_finding *f = NULL;
	const struct mp_result *undetermined;
	const char *until, *in_vain = mp_varied_in_vain(w, t, i);

	if (!mp_says_nothing(c->cause))
		f = confirm(w, s, c->cause, source);
	if (f) {
		mp_finding_worsen(f, status, MP_CONFIRMED, tier);
		mp_finding_because(w, f, here);
		mp_finding_explain(w, f, "%s for this: \"%s\".", who, reply ? reply : "");
		if (c->cause != f->cause)
			mp_finding_explain(w, f, "The reply was read as \"%s\"; this is the root of it.",
				smtp_causes[c->cause].title);
		return f;
	}
	if (vague(c)) {
		bool any = false;

		for (size_t k = 0; k < mp_n_roots * mp_run_n_results(w->j->run); k++) {
			/* in the order of roots, so that what follows from one is told from it */
			size_t row = k / mp_run_n_results(w->j->run), at = k % mp_run_n_results(w->j->run);
			const struct mp_result *r = mp_run_result(w->j->run, at);

			if (mp_root_of(r) != (int)row || !mp_roots[row].own || !mp_is_faulty(r) ||
				!mp_concerns(w->j, r, source) || mp_roots[row].stage > s->stage ||
				mp_ruled_out(w, t, i, mp_root_cause(w, (int)row)))
				continue;
			if (mp_roots[row].cause == SMTP_EGRESS_BLOCKED ||
				mp_id_matches(r->check->id, "ptr.propagation"))
				continue;
			if (!w->used[at] && explained_by(w, r))
				continue;
			f = mp_finding_from_check(w, at, mp_root_cause(w, (int)row));
			mp_finding_worsen(f, status, MP_LIKELY, tier);
			mp_finding_because(w, f, here);
			mp_finding_explain(w, f,
				"%s %s (\"%s\"), and this is a fault that receivers judge at that point.", who,
				mp_says_nothing(c->cause) ? "without naming a cause"
							  : "in words that may mean one thing or another",
				reply ? reply : "");
			if (in_vain)
				mp_finding_explain(w, f, "%s", in_vain);
			mp_say_when(w, f, i, tr);
			any = true;
		}
		if (any)
			return NULL;
	}
	f = mp_finding_of(w, mp_finding_id(w, c->cause, source, tr->target->domain), c->cause,
		mp_cause_per_address(c->cause) ? source : -1,
		mp_is_ptr_cause(c->cause) || c->cause == SMTP_HELO_REJECTED ? -1 : (int)t);
	mp_finding_because(w, f, here);
	mp_finding_worsen(f, status, MP_CLAIMED, tier);
	if (c->cause == SMTP_CAUSE_UNKNOWN) {
		if (!f->title)
			f->title = mp_printf(w->j->a, "%s, for a reason its reply does not name.", who);
		mp_finding_explain(w, f, "The reply: \"%s\". No check here shows a fault that would explain it.",
			reply ? reply : "");
		if (in_vain)
			mp_finding_explain(w, f, "%s", in_vain);
		mp_finding_fix(w, f,
			mp_printf(w->j->a, "Ask the postmaster of %s what the reply means; attach this report.",
				tr->target->domain));
		return f;
	}
	undetermined = undetermined_check(w, reply, c->cause, source);
	if (!f->title)
		f->title = mp_not_the_sender(c->cause)
				   ? mp_printf(w->j->a, "%s (not a fault of this sender).", smtp_causes[c->cause].title)
				   : mp_printf(w->j->a, "%s says: %s%s.", s->q.mx,
					     mp_within(w->j, smtp_causes[c->cause].title),
					     mp_is_ptr_cause(c->cause) && !undetermined
						     ? "; seen from here the reverse DNS is in order"
						     : "");
	mp_finding_explain(w, f, "%s: \"%s\". %s", who, reply ? reply : "", smtp_causes[c->cause].meaning);
	if (undetermined) {
		mp_finding_because(w, f, (struct mp_because){.result = undetermined});
		mp_finding_explain(w, f, "From here it could not be determined whether that is so.");
		mp_finding_fix_as(w, f, undetermined);
		if (undetermined->fix)
			return f;
	} else if (mp_is_ptr_cause(c->cause)) {
		until = stale_until(w, source);
		mp_finding_explain(w, f,
			"Seen from here the reverse DNS of %s is in order, so the receiver may go by an old answer%s%s.",
			mp_seen_text(w, source), until ? ", which caches may keep until " : "", until ? until : "");
		mp_finding_fix(w, f,
			until && *until
				? mp_printf(w->j->a, "Wait until %s and probe again.", until)
				: mp_printf(w->j->a,
					  "Wait until caches have expired (usually within a day) and probe again."));
		mp_finding_fix(w, f,
			mp_printf(w->j->a,
				"If it still rejects then, ask the postmaster of %s which address and name it sees.",
				tr->target->domain));
		return f;
	} else if (contradiction(w, reply, c->cause, source)) {
		mp_finding_explain(w, f, "Seen from here it is not so: %s", contradiction(w, reply, c->cause, source));
	}
	for (size_t k = 0; smtp_causes[c->cause].fix[k]; k++)
		mp_finding_fix(w, f, smtp_causes[c->cause].fix[k]);
	return f;
}

static void session_finding(struct mp_findings *w, size_t t, size_t i, const struct mp_target_result *tr)
{
	struct mp_finding *f;

	if (mp_passed_later(w, t, i, tr) || mp_isolated_finding(w, t, i, tr))
		return;
	f = blame(w, t, i, tr);
	if (f)
		mp_say_when(w, f, i, tr);
}

/* Does it rest on the same check of another target, which has told it? */
static bool said_before(const struct mp_finding *f, const struct mp_result *r)
{
	for (size_t i = 0; i < f->n_because; i++)
		if (f->because[i].result && f->because[i].result != r && f->because[i].result->check == r->check &&
			r->check->per == MP_PER_TARGET)
			return true;
	return false;
}

static void latent_findings(struct mp_findings *w)
{
	struct mp_judge *j = w->j;

	for (size_t row = 0; row < mp_n_roots; row++)
		for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
			const struct mp_result *r = mp_run_result(j->run, i);
			struct mp_finding *f;
			bool fresh;

			if (!mp_is_faulty(r) || w->used[i] || mp_root_of(r) != (int)row)
				continue;
			f = explained_by(w, r);
			if (f) {
				mp_finding_because(w, f, (struct mp_because){.result = r});
				/* What mends the root mends what follows; a symptom's own step says it again, or misleads. */
				if (!f->n_fix)
					mp_finding_fix_as(w, f, r);
				w->used[i] = true;
				continue;
			}
			f = mp_finding_from_check(w, i, mp_root_cause(w, (int)row));
			fresh = f->status == MP_INFO && f->tier == 9;
			if (!mp_roots[row].own && r->check->id[0] != 'm' &&
				!(mp_roots[row].cause == SMTP_TLS_POLICY && r->status == MP_FAIL)) {
				/* The receiver's own fault, met opportunistically. */
				mp_finding_worsen(f, MP_INFO, MP_LATENT, 5);
				continue;
			}
			if (fresh || f->certainty == MP_LATENT)
				mp_finding_worsen(f, r->status, MP_LATENT,
					r->status == MP_FAIL || f->cause == SMTP_EGRESS_BLOCKED ? 2 : 3);
			if (r->detail && !said_before(f, r))
				mp_finding_explain(w, f, "%s", r->detail);
		}
}

/* Is a result among the reasons of a finding? */
static bool rests_on(const struct mp_finding *f, const struct mp_result *r)
{
	for (size_t i = 0; i < f->n_because; i++)
		if (f->because[i].result == r)
			return true;
	return false;
}

/* What the broken requirement makes a finding cost, at the targets of its provider. */
static void add_cost(struct mp_findings *w, struct mp_finding *f, const struct mp_policy *p, const struct mp_result *r)
{
	size_t n = w->j->c->n_targets;
	int weight = mp_rule_weight(p, r->subject);

	if (weight > f->most)
		f->most = weight;
	if (n && !f->cost)
		f->cost = mp_allocn(w->j->a, n, sizeof(*f->cost));
	for (size_t t = 0; t < n; t++)
		if (weight > f->cost[t] && mp_policy_counts(p, mp_run_target(w->j->run, t)))
			f->cost[t] = (uint8_t)weight;
}

/* A provider's requirement that is not met, and that no finding shows: one of its own, for each target there. */
static void own_policy_finding(struct mp_findings *w, const struct mp_policy *p, const struct mp_result *r)
{
	for (size_t t = 0; t < w->j->c->n_targets; t++) {
		const char *domain = w->j->c->targets[t].domain;
		struct mp_finding *f;

		if (!mp_policy_counts(p, mp_run_target(w->j->run, t)))
			continue;
		f = mp_finding_of(
			w, mp_printf(w->j->a, "%s:%s", r->check->id, domain), mp_rule_cause(p, r->subject), -1, (int)t);
		if (!f->title)
			f->title = r->summary;
		mp_finding_worsen(f, r->status, MP_LATENT, 3);
		add_cost(w, f, p, r);
		mp_finding_because(w, f, (struct mp_because){.result = r});
		mp_finding_fix_as(w, f, r);
	}
}

/*
 * What providers ask is broken by faults that have their findings: it goes into these, with the names of the providers,
 * and lowers nothing twice. Only providers of the targets count; without targets all are of interest.
 */
static void policy_findings(struct mp_findings *w)
{
	struct mp_judge *j = w->j;

	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);
		const struct mp_policy *p = mp_policy_by_check(r->check->id);

		if (!p || !mp_is_faulty(r) || (j->c->n_targets && !mp_jget_bool(r->values, "counts", false)))
			continue;
		for (size_t k = 0; k < r->n_rests_on; k++)
			for (size_t n = 0; n < w->n; n++)
				if (rests_on(w->list[n], r->rests_on[k])) {
					mp_finding_because(w, w->list[n], (struct mp_because){.result = r});
					add_cost(w, w->list[n], p, r);
				}
		if (!r->n_rests_on)
			own_policy_finding(w, p, r);
	}
}

static const char *outcome_verb(enum smtp_outcome o, bool one)
{
	switch (o) {
	case SMTP_ACCEPTED:
		return one ? "accepts" : "accept";
	case SMTP_REJECTED:
		return one ? "rejects" : "reject";
	default:
		return one ? "defers" : "defer";
	}
}

/* With --all-mx: do the servers of a target say different things to one source? Which, as information. */
static void disagreement(struct mp_findings *w, size_t t, int source)
{
	const struct mp_target_result *tr = mp_run_target(w->j->run, t);
	size_t count[SMTP_DEFERRED + 1] = {0}, *of = mp_allocn(w->j->a, tr->n_sessions, sizeof(*of)), n = 0;
	enum smtp_outcome most = SMTP_ACCEPTED;
	struct mp_finding *f;
	const char *odd = "", *from = mp_seen_text(w, source);

	for (size_t i = 0; i < tr->n_sessions; i++) {
		const struct smtp_session *s = tr->sessions[i];

		if (!smtp_decided(s->outcome) || mp_session_source(w->j->c, s) != source ||
			(mp_comeback_of(tr, i) && mp_comeback_of(tr, i)->held))
			continue;
		of[n++] = i;
		count[s->outcome]++;
	}
	for (enum smtp_outcome o = SMTP_ACCEPTED; o <= SMTP_DEFERRED; o++)
		if (count[o] > count[most])
			most = o;
	if (!n || count[most] == n)
		return;
	f = mp_finding_of(w, mp_printf(w->j->a, "servers-differ:%s:%s", tr->target->domain, from), SMTP_CAUSE_UNKNOWN,
		-1, (int)t);
	f->certainty = MP_CLAIMED;
	f->tier = 4;
	for (size_t k = 0; k < n; k++) {
		const struct smtp_session *s = tr->sessions[of[k]];

		mp_finding_because(w, f, (struct mp_because){.target = t, .session = of[k]});
		if (s->outcome != most)
			odd = mp_printf(w->j->a, "%s%s%s %s", odd, *odd ? ", " : "", smtp_server_name(w->j->a, &s->q),
				outcome_verb(s->outcome, true));
	}
	f->title = mp_printf(w->j->a, "The mail servers of %s do not agree: %zu of %zu %s, but %s.", tr->target->domain,
		count[most], n, outcome_verb(most, count[most] == 1), odd);
	mp_finding_explain(w, f,
		"All were asked the same from %s. Which of them a message meets is up to the order of preference and to chance.",
		from);
	mp_finding_fix(w, f,
		mp_printf(w->j->a, "If the sender is in order, tell the postmaster of %s that its servers differ.",
			tr->target->domain));
}

/* Where a message landed was asked for, and its mailbox cannot be looked into: information, and what to mend. */
static void mailbox_findings(struct mp_findings *w)
{
	for (size_t i = 0; i < mp_run_n_results(w->j->run); i++) {
		const struct mp_result *r = mp_run_result(w->j->run, i);
		struct mp_finding *f;

		if (r->status != MP_ERROR || strcmp(r->check->id, "message.placement") != 0)
			continue;
		f = mp_finding_of(w, mp_printf(w->j->a, "%s:%s", r->check->id, r->subject), SMTP_CAUSE_UNKNOWN, -1, -1);
		f->title = r->summary;
		f->explanation = r->detail;
		f->tier = 4;
		mp_finding_because(w, f, (struct mp_because){.result = r});
		mp_finding_fix_as(w, f, r);
	}
}

/* What leaves everything undetermined, a resolver that does not answer, no route: said once, as information. */
static void resolver_findings(struct mp_findings *w)
{
	for (size_t i = 0; i < mp_run_n_results(w->j->run); i++) {
		const struct mp_result *r = mp_run_result(w->j->run, i);
		bool resolver = strcmp(r->check->id, "resolver.health") == 0;
		struct mp_finding *f;

		/* No way out by this host's own doing: known is what to mend, though not whether that is all. */
		if (r->status != MP_ERROR || !(resolver || (strcmp(r->check->id, "egress.port25") == 0 && r->fix)))
			continue;
		f = mp_finding_of(w, mp_printf(w->j->a, "%s:%s", r->check->id, r->subject), SMTP_CAUSE_UNKNOWN, -1, -1);
		f->title = resolver ? mp_printf(w->j->a, "The resolver %s does not answer.", r->subject) : r->summary;
		f->explanation = r->detail ? r->detail : "What it was asked for could not be determined.";
		f->tier = 4;
		mp_finding_because(w, f, (struct mp_because){.result = r});
		mp_finding_fix_as(w, f, r);
	}
}

/* The last target that had a session with the server, or -1. */
static int target_of_server(struct mp_judge *j, const char *server)
{
	int found = -1;

	for (size_t t = 0; t < j->c->n_targets; t++) {
		const struct mp_target_result *tr = mp_run_target(j->run, t);

		for (size_t k = 0; k < tr->n_sessions; k++)
			if (strcmp(smtp_server_name(j->a, &tr->sessions[k]->q), server) == 0)
				found = (int)t;
	}
	return found;
}

/* The first target whose recipients' domain publishes the policy that a check is about; where it is the host's: its. */
static int target_of_policy(struct mp_judge *j, const struct mp_result *r)
{
	const char *domain = mp_jget_str(r->values, "domain", NULL);

	if (!domain)
		return target_of_server(j, r->subject);
	for (size_t t = 0; t < j->c->n_targets; t++) {
		const struct mp_target *target = &j->c->targets[t];
		const char *at = strrchr(target->rcpt, '@');

		if (mp_ieq(target->domain, domain) || (at && mp_ieq(at + 1, domain)))
			return (int)t;
	}
	return -1;
}

/* Status of findings that come from checks on the receiver: what the verdict table says of each. */
static void settle_receiver_findings(struct mp_findings *w)
{
	struct mp_judge *j = w->j;

	for (size_t i = 0; i < w->n; i++) {
		struct mp_finding *f = w->list[i];

		if (f->cause == SMTP_MX_UNUSABLE) {
			for (size_t t = 0; t < j->c->n_targets; t++) {
				const struct mp_target_result *tr = mp_run_target(j->run, t);

				if (mp_ieq(tr->target->domain, f->because[0].result->subject))
					f->target = (int)t;
			}
			if (f->target >= 0 && mp_run_target(j->run, (size_t)f->target)->n_sessions) {
				f->status = MP_INFO; /* mail gets through by the other hosts */
				f->tier = 5;
			} else {
				f->tier = 0;
			}
		} else if (f->cause == SMTP_TLS_POLICY && f->because[0].result) {
			f->target = target_of_policy(j, f->because[0].result);
		} else if (f->cause == SMTP_CAUSE_UNKNOWN && f->because[0].result) {
			f->target = target_of_server(j, f->because[0].result->subject);
		}
	}
	if (j->c->tls != SMTP_TLS_REQUIRE)
		return;
	for (size_t t = 0; t < j->c->n_targets; t++) {
		const struct mp_target_result *tr = mp_run_target(j->run, t);

		for (size_t k = 0; k < tr->n_sessions; k++) {
			const struct smtp_session *s = tr->sessions[k];
			struct mp_finding *f;

			if (s->outcome != SMTP_TLS_FAILED)
				continue;
			f = mp_finding_of(w,
				mp_printf(j->a, "%s:%s", smtp_causes[SMTP_TLS_POLICY].id, tr->target->domain),
				SMTP_TLS_POLICY, -1, (int)t);
			mp_finding_worsen(f, MP_FAIL, MP_CONFIRMED, 0);
			if (!f->title)
				f->title = mp_printf(
					j->a, "%s cannot be reached with TLS, which --tls require demands.", s->q.mx);
			mp_finding_explain(w, f, "The session ended at %s: %s.", smtp_stage_name(s->stage),
				s->reason ? s->reason : "no reason given");
			mp_finding_because(w, f, (struct mp_because){.target = t, .session = k});
			for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
				const struct mp_result *r = mp_run_result(j->run, i);

				if (mp_is_faulty(r) && strcmp(r->check->id, "smtp.starttls") == 0 &&
					strcmp(r->subject, smtp_server_name(j->a, &s->q)) == 0)
					mp_finding_because(w, f, (struct mp_because){.result = r});
			}
			mp_finding_fix(w, f,
				"The receiver's administrator has to offer working STARTTLS; or relax the TLS policy for this receiver.");
		}
	}
}

/* ---- words */

/* Why a fault that no receiver named matters: as its check says; what the cause means speaks of one that did. */
static const char *why_it_matters(const struct mp_finding *f)
{
	for (size_t i = 0; i < f->n_because; i++) {
		const struct mp_result *r = f->because[i].result;
		const struct mp_help_row *row = r && mp_is_faulty(r) ? mp_help_row(r->check->id) : NULL;

		if (row && row->why)
			return row->why;
	}
	return smtp_causes[f->cause].meaning;
}

static void finish_words(struct mp_findings *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct mp_finding *f = w->list[i];

		if (!f->explanation && f->certainty == MP_LATENT && f->status != MP_INFO &&
			f->cause != SMTP_EGRESS_BLOCKED && f->cause != SMTP_MX_UNUSABLE &&
			f->cause != SMTP_CONTENT_SPAM && f->cause != SMTP_CAUSE_UNKNOWN)
			mp_finding_explain(w, f, "%s", why_it_matters(f));
		if (f->cause == SMTP_HELO_REJECTED && f->status != MP_INFO && mp_ieq(w->j->c->ehlo_origin, "--ehlo"))
			mp_finding_explain(w, f,
				"The name was given with --ehlo, not read from the MTA: look first at what that announces (Postfix: postconf smtp_helo_name myhostname; Exim: exim4 -bP primary_hostname).");
		if (!f->explanation)
			f->explanation =
				f->cause != SMTP_CAUSE_UNKNOWN ? smtp_causes[f->cause].meaning
				: f->because[0].result && f->because[0].result->detail
					? f->because[0].result->detail
					: "Mail is sent all the same; the receiver's administrator can fix it.";
		for (size_t k = 0; !f->n_fix && f->cause != SMTP_CAUSE_UNKNOWN && smtp_causes[f->cause].fix[k]; k++)
			mp_finding_fix(w, f, smtp_causes[f->cause].fix[k]);
	}
}

/* ---- order */

bool mp_ranked_by_cost(const struct mp_finding *f)
{
	return (f->tier == 2 || f->tier == 3) && f->cause != SMTP_EGRESS_BLOCKED;
}

/*
 * What blocks first. Then the faults that nobody rejected for: by what they cost at the targets, then failures before
 * warnings, then in the order of roots.
 */
static int by_weight(const void *a, const void *b)
{
	const struct mp_finding *const *x = a, *const *y = b;
	int cx = (*x)->cause ? (int)(*x)->cause : SMTP_CAUSE__COUNT,
	    cy = (*y)->cause ? (int)(*y)->cause : SMTP_CAUSE__COUNT;

	if (mp_ranked_by_cost(*x) != mp_ranked_by_cost(*y))
		return mp_ranked_by_cost(*x) ? ((*y)->tier <= 2 ? 1 : -1) : ((*x)->tier <= 2 ? -1 : 1);
	if (mp_ranked_by_cost(*x) && (*x)->most != (*y)->most)
		return (*y)->most - (*x)->most;
	if ((*x)->tier != (*y)->tier)
		return (*x)->tier - (*y)->tier;
	if (cx != cy)
		return cx - cy;
	if ((*x)->certainty != (*y)->certainty)
		return (int)(*x)->certainty - (int)(*y)->certainty;
	return strcmp((*x)->id, (*y)->id);
}

enum mp_judged mp_correlate(struct mp_judge *j, struct mp_conclusion *out)
{
	struct mp_findings w = {.j = j};
	const struct mp_finding *flat;
	struct mp_finding *copy;

	memset(out, 0, sizeof(*out));
	w.bare = publishes_nothing(j);
	w.used = mp_allocn(j->a, mp_run_n_results(j->run), sizeof(*w.used));
	for (size_t t = 0; t < j->c->n_targets; t++) {
		const struct mp_target_result *tr = mp_run_target(j->run, t);

		for (size_t i = 0; i < tr->n_sessions; i++)
			if (tr->sessions[i]->outcome == SMTP_REJECTED || tr->sessions[i]->outcome == SMTP_DEFERRED)
				session_finding(&w, t, i, tr);
	}
	latent_findings(&w);
	policy_findings(&w);
	mailbox_findings(&w);
	resolver_findings(&w);
	for (size_t t = 0; t < j->c->n_targets && j->c->all_mx; t++)
		for (size_t s = 0; s < j->c->n_sources; s++)
			disagreement(&w, t, (int)s);
	if (w.pending)
		return MP_PENDING;
	settle_receiver_findings(&w);
	finish_words(&w);
	for (size_t i = 0; i < w.n; i++)
		mp_request_make(j, w.list[i]);
	if (w.n)
		qsort(w.list, w.n, sizeof(*w.list), by_weight);
	copy = mp_allocn(j->a, w.n, sizeof(*copy));
	for (size_t i = 0; i < w.n; i++)
		copy[i] = *w.list[i];
	flat = copy;
	out->findings = flat;
	out->n_findings = w.n;
	mp_conclude(j, out);
	mp_say_again(j, out);
	return MP_SETTLED;
}
