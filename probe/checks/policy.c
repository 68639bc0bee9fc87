/*
 * probe/checks/policy.c - policy.*: would this sender meet what a provider asks of senders?
 *
 * These judges come after the others and read what they have settled: a requirement is never worse than the worst check
 * that it rests on, and a fault is told by that check.
 */
#include "probe/policies.h"
#include "dns/dns.h"
#include "probe/checks/checks.h"
#include "probe/receivers.h"
#include "probe/run.h"

enum { RESTS_MAX = 16 }; /* faulty results that one requirement names */

enum state { UNSEEN, MET, UNKNOWN, BROKEN };

/* How a part of a requirement stands. */
struct fact {
	enum state state;
	enum mp_status worst; /* when BROKEN */
	const char *words;    /* "SPF passes", "no DKIM selector is known" */
	const struct mp_result *rests[RESTS_MAX];
	size_t n_rests;
};

static bool is_of(const struct mp_result *r, const char *id)
{
	return strcmp(r->check->id, id) == 0;
}

static bool faulty(const struct mp_result *r)
{
	return r->status == MP_FAIL || r->status == MP_WARN;
}

static void rest_on(struct fact *f, const struct mp_result *r)
{
	if (f->n_rests < RESTS_MAX)
		f->rests[f->n_rests++] = r;
	if (r->status == MP_FAIL || f->state != BROKEN)
		f->worst = r->status;
	f->state = BROKEN;
}

/* The worst that the results of some checks say: a fault, else what could not be determined, else that it holds. */
static struct fact worst_of(struct mp_judge *j, const char *const *ids, size_t n, const char *words)
{
	struct fact f = {.state = UNSEEN, .words = words};

	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);
		bool ours = false;

		for (size_t k = 0; k < n; k++)
			ours = ours || is_of(r, ids[k]);
		if (!ours)
			continue;
		if (faulty(r))
			rest_on(&f, r);
		else if (r->status == MP_ERROR && f.state != BROKEN)
			f.state = UNKNOWN;
		else if ((r->status == MP_PASS || r->status == MP_INFO) && f.state == UNSEEN)
			f.state = MET;
	}
	return f;
}

static struct fact spf(struct mp_judge *j)
{
	return worst_of(j, (const char *const[]){"spf.mail_from"}, 1, "SPF");
}

/* The result of another check of DKIM on the same key, or NULL. */
static const struct mp_result *of_key(struct mp_judge *j, const char *id, const struct mp_result *key)
{
	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);

		if (is_of(r, id) && strcmp(r->subject, key->subject) == 0)
			return r;
	}
	return NULL;
}

/* A signature of one selector is enough; a key that is testing (t=y) verifies all the same. */
static struct fact dkim(struct mp_judge *j)
{
	static const char *const more[] = {"dkim.strength", "dkim.pair"};
	struct fact f = {.state = UNSEEN, .words = "DKIM"};
	bool met = false;

	for (size_t i = 0; i < mp_run_n_results(j->run) && j->c->n_selectors; i++) {
		const struct mp_result *r = mp_run_result(j->run, i), *bad = r->status == MP_FAIL ? r : NULL;

		if (!is_of(r, "dkim.key"))
			continue;
		for (size_t k = 0; k < ARRAY_LEN(more) && !bad; k++) {
			const struct mp_result *o = of_key(j, more[k], r);

			bad = o && o->status == MP_FAIL ? o : NULL;
		}
		if (bad)
			rest_on(&f, bad);
		else if (r->status == MP_ERROR)
			f.state = UNKNOWN;
		met = met || (!bad && (r->status == MP_PASS || r->status == MP_WARN));
	}
	return met ? (struct fact){.state = MET, .words = "DKIM"} : f;
}

/* Keys that are published and too short; one that is not there is another matter. */
static struct fact key_size(struct mp_judge *j)
{
	struct fact f = {.state = UNSEEN, .words = "the key"};

	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);

		if (!is_of(r, "dkim.strength"))
			continue;
		if (r->status == MP_FAIL)
			rest_on(&f, r);
		else if (f.state == UNSEEN && (r->status == MP_PASS || r->status == MP_WARN))
			f.state = MET;
	}
	return f;
}

/* A record that some receiver can apply; what else is wrong with it does not matter here. */
static struct fact dmarc(struct mp_judge *j)
{
	struct fact f = {.state = UNSEEN, .words = "DMARC"};

	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);

		if (!is_of(r, "dmarc.record"))
			continue;
		if (r->status == MP_ERROR)
			f.state = UNKNOWN;
		else if (r->status == MP_FAIL ||
			 (r->status == MP_WARN && !mp_jget_str(r->values, "record_domain", NULL)))
			rest_on(&f, r);
		else
			f.state = MET;
	}
	return f;
}

static struct fact aligned(struct mp_judge *j)
{
	struct fact f = worst_of(j, (const char *const[]){"dmarc.alignment"}, 1, "the From: domain");

	/* Without a record nothing says how to align. */
	return f.state == UNSEEN ? dmarc(j) : f;
}

/* An SOA record that is not there (info) is a fault in these eyes alone. */
static struct fact in_dns(struct mp_judge *j)
{
	static const char *const ids[] = {"mx.sender", "soa.sender"};
	struct fact f = worst_of(j, ids, ARRAY_LEN(ids), NULL);

	for (size_t i = 0; i < mp_run_n_results(j->run) && f.state == MET; i++) {
		const struct mp_result *r = mp_run_result(j->run, i);

		if (is_of(r, "soa.sender") && r->status == MP_INFO)
			f = (struct fact){.state = BROKEN, .worst = MP_WARN};
	}
	return f;
}

static bool encrypted(const struct smtp_session *s)
{
	return s->tls != NULL;
}

/* What the run's own sessions with the provider had. */
static struct fact tls(struct mp_judge *j, const struct mp_policy *p)
{
	struct fact f = {.state = UNSEEN, .words = "the session"};

	for (size_t t = 0; t < j->c->n_targets && j->c->tls != SMTP_TLS_OFF; t++) {
		const struct mp_target_result *tr = mp_run_target(j->run, t);

		if (!mp_policy_counts(p, tr))
			continue;
		for (size_t i = 0; i < tr->n_sessions; i++) {
			const struct smtp_session *s = tr->sessions[i];

			if (encrypted(s))
				f.state = f.state == UNSEEN ? MET : f.state;
			else if (s->outcome == SMTP_ACCEPTED)
				f = (struct fact){.state = BROKEN, .worst = MP_WARN, .words = f.words};
		}
	}
	return f;
}

static bool is_own_domain(const struct mp_policy *p, const char *domain)
{
	for (size_t i = 0; i < mp_n_receivers; i++) {
		const struct mp_receiver *rc = &mp_receivers[i];
		bool ours = false;

		for (size_t k = 0; k < ARRAY_LEN(p->receivers) && p->receivers[k]; k++)
			ours = ours || strcmp(rc->provider, p->receivers[k]) == 0;
		if (ours && dns_name_eq(rc->domain, domain))
			return true;
		for (size_t k = 0; ours && k < ARRAY_LEN(rc->domains) && rc->domains[k]; k++)
			if (dns_name_eq(rc->domains[k], domain))
				return true;
	}
	return false;
}

/* Whoever may send for the provider's own domain is the provider. */
static struct fact no_forge(struct mp_judge *j, const struct mp_policy *p)
{
	if (j->c->domain && is_own_domain(p, j->c->domain))
		return aligned(j);
	return (struct fact){.state = MET, .words = "the From: domain"};
}

static void add_rests(struct fact *f, const struct fact *more)
{
	for (size_t i = 0; i < more->n_rests; i++)
		rest_on(f, more->rests[i]);
}

static const char *state_words(struct mp_judge *j, const struct fact *f)
{
	static const char *const words[] = {[MET] = "passes",
		[BROKEN] = "does not pass",
		[UNKNOWN] = "could not be determined",
		[UNSEEN] = "cannot be judged"};

	if (f->state == UNSEEN && strcmp(f->words, "DKIM") == 0)
		return "no DKIM selector is known";
	return mp_printf(j->a, "%s %s", f->words, words[f->state]);
}

/* Either will do: broken only where nothing is left that could hold. */
static struct fact either(struct mp_judge *j, const struct fact *x, const struct fact *y)
{
	struct fact f = {.state = UNSEEN};

	f.words = mp_printf(j->a, "%s, %s", state_words(j, x), state_words(j, y));
	if (x->state == MET || y->state == MET) {
		f.state = MET;
	} else if (x->state == UNKNOWN || y->state == UNKNOWN) {
		f.state = UNKNOWN;
	} else {
		add_rests(&f, x);
		add_rests(&f, y);
		if (f.state == BROKEN && (x->state == UNSEEN || y->state == UNSEEN))
			f.worst = MP_WARN;
	}
	return f;
}

static struct fact both(struct mp_judge *j, const struct fact *x, const struct fact *y)
{
	struct fact f = {.state = MET};

	f.words = mp_printf(j->a, "%s, %s", state_words(j, x), state_words(j, y));
	if (x->state == UNSEEN || y->state == UNSEEN)
		f.state = UNSEEN;
	if (x->state == UNKNOWN || y->state == UNKNOWN)
		f.state = UNKNOWN;
	add_rests(&f, x);
	add_rests(&f, y);
	return f;
}

static struct fact fact_of(struct mp_judge *j, const struct mp_policy *p, const struct mp_rule *rule)
{
	static const char *const ptr[] = {"ptr.exists", "ptr.fcrdns"}, *const name[] = {"ptr.generic", "ptr.syntax"};
	struct fact x = {.state = UNSEEN}, y;

	switch (rule->part) {
	case MP_PART_UNSEEN:
		return x;
	case MP_PART_SPF_OR_DKIM:
	case MP_PART_SPF_AND_DKIM:
		x = spf(j);
		y = dkim(j);
		return rule->part == MP_PART_SPF_OR_DKIM ? either(j, &x, &y) : both(j, &x, &y);
	case MP_PART_PTR:
		return worst_of(j, ptr, ARRAY_LEN(ptr), NULL);
	case MP_PART_PTR_NAME:
		return worst_of(j, name, ARRAY_LEN(name), NULL);
	case MP_PART_TLS:
		return tls(j, p);
	case MP_PART_DMARC:
		return dmarc(j);
	case MP_PART_ALIGNED:
		return aligned(j);
	case MP_PART_KEY:
		return key_size(j);
	case MP_PART_DOMAIN:
		return in_dns(j);
	case MP_PART_NO_FORGE:
		return no_forge(j, p);
	}
	return x;
}

/* Why nothing can be said of it. */
static const char *unseen_words(struct mp_judge *j, const struct mp_rule *rule, const struct fact *f)
{
	switch (rule->part) {
	case MP_PART_UNSEEN:
		return rule->unseen;
	case MP_PART_TLS:
		return j->c->tls == SMTP_TLS_OFF ? "this run was told to use no TLS (--tls off)"
						 : "no session with this provider came so far";
	case MP_PART_SPF_OR_DKIM:
	case MP_PART_SPF_AND_DKIM:
		return f->words;
	case MP_PART_KEY:
		return "no DKIM key of a known selector";
	default:
		return "the checks that show it could not be made";
	}
}

static struct mp_result *report(struct mp_judge *j, const struct mp_policy *p, const struct mp_rule *rule,
	const struct fact *f, enum mp_status status)
{
	const char *by = rule->demand == MP_OF_ALL ? mp_printf(j->a, "%s, required of every sender", p->name)
			 : rule->demand == MP_OF_BULK
				 ? mp_printf(j->a, "%s, required if you send in bulk (%s)", p->name, p->bulk)
				 : mp_printf(j->a, "%s, advised", p->name);
	const char *words = f->words && (rule->part == MP_PART_SPF_OR_DKIM || rule->part == MP_PART_SPF_AND_DKIM)
				    ? mp_printf(j->a, " (%s)", f->words)
				    : "";

	switch (f->state) {
	case MET:
		return mp_report(j, rule->subject, status, "%s: %s; met%s.", by, rule->holds, words);
	case BROKEN:
		return mp_report(j, rule->subject, status, "%s: %s; not met%s.", by, rule->holds, words);
	case UNKNOWN:
		return mp_report(
			j, rule->subject, status, "%s: %s; could not be determined%s.", by, rule->holds, words);
	case UNSEEN:
		break;
	}
	return mp_report(j, rule->subject, status, "%s: %s; not to be seen from here: %s.", by, rule->holds,
		unseen_words(j, rule, f));
}

/* Never worse than what it rests on; what may not concern this sender is a warning at most. */
static enum mp_status status_of(const struct mp_rule *rule, const struct fact *f)
{
	static const enum mp_status of[] = {
		[UNSEEN] = MP_SKIP, [MET] = MP_PASS, [UNKNOWN] = MP_ERROR, [BROKEN] = MP_WARN};

	if (rule->demand == MP_ADVISED && f->state == BROKEN)
		return MP_INFO;
	return f->state == BROKEN && rule->demand == MP_OF_ALL ? f->worst : of[f->state];
}

static const char *const state_names[] = {
	[UNSEEN] = "not seen", [MET] = "met", [UNKNOWN] = "not determined", [BROKEN] = "not met"};
static const char *const demand_names[] = {[MP_OF_ALL] = "always", [MP_OF_BULK] = "bulk", [MP_ADVISED] = "advised"};

static void fix_tls(struct mp_judge *j, struct mp_result *r, const struct mp_policy *p)
{
	mp_fix(j, r,
		"%s offers STARTTLS to all: look for what removes it on the way (a firewall or proxy that inspects SMTP), and "
		"have your MTA use TLS where it is offered.",
		p->name);
}

static void say_why(struct mp_judge *j, struct mp_result *r, const struct mp_policy *p, const struct mp_rule *rule,
	const struct fact *f)
{
	const struct mp_result **rests = mp_allocn(j->a, f->n_rests, sizeof(*rests));
	const char **lines = mp_allocn(j->a, f->n_rests, sizeof(*lines));
	const char *effect = rule->effect ? mp_printf(j->a, "%s answers with %s.", p->name, rule->effect) : NULL;

	if (f->state != BROKEN)
		return;
	for (size_t i = 0; i < f->n_rests; i++) {
		rests[i] = f->rests[i];
		lines[i] = mp_printf(j->a, "%s (%s)", rests[i]->check->id, rests[i]->subject);
		if (!r->fix && rests[i]->fix)
			r->fix = rests[i]->fix;
	}
	r->rests_on = rests;
	r->n_rests_on = f->n_rests;
	if (f->n_rests)
		mp_detail(j, r, "Shown by %s.%s%s", mp_list(j->a, lines, f->n_rests), effect ? " " : "",
			effect ? effect : "");
	else if (effect)
		mp_detail(j, r, "%s", effect);
	if (rule->part == MP_PART_TLS)
		fix_tls(j, r, p);
	else if (!r->fix)
		mp_fix(j, r, "Have the name servers of the sender's domain answer with the SOA record of its zone.");
}

static enum mp_judged judge_policy(struct mp_judge *j)
{
	const struct mp_policy *p = mp_policy_by_check(j->check->id);
	bool counts = false;

	for (size_t t = 0; t < j->c->n_targets; t++)
		counts = counts || mp_policy_counts(p, mp_run_target(j->run, t));
	for (size_t i = 0; i < p->n_rules; i++) {
		const struct mp_rule *rule = &p->rules[i];
		struct fact f = fact_of(j, p, rule);
		enum mp_status status = status_of(rule, &f);
		struct mp_result *r;

		/* It counts for this provider's targets alone; without targets all are of interest. */
		if (f.state == BROKEN && !counts && (j->c->n_targets || !f.n_rests))
			status = MP_INFO;
		r = report(j, p, rule, &f, status);

		say_why(j, r, p, rule, &f);
		mp_jset_str(r->values, "provider", p->name);
		mp_jset_str(r->values, "required", demand_names[rule->demand]);
		mp_jset_str(r->values, "state", state_names[f.state]);
		mp_jset_bool(r->values, "counts", counts);
		mp_jset_str(r->values, "applies_to", p->whom);
		mp_jset_str(r->values, "threshold", rule->demand == MP_OF_BULK ? p->bulk : NULL);
		mp_jset_str(r->values, "source", p->source);
		mp_jset_str(r->values, "verified", p->verified);
	}
	return MP_SETTLED;
}

#define POLICY_OF(variable, provider, words, url)                 \
	const struct mp_check mp_check_policy_##variable = {      \
		.id = "policy." provider,                         \
		.title = "What " words " asks of senders is met", \
		.ref = url,                                       \
		.per = MP_ONCE,                                   \
		.in = MP_IN_SENDER,                               \
		.advisory = true,                                 \
		.after = true,                                    \
		.judge = judge_policy,                            \
	}

POLICY_OF(gmail, "gmail", "Gmail", MP_GMAIL_RULES);
POLICY_OF(yahoo, "yahoo", "Yahoo", MP_YAHOO_RULES);
POLICY_OF(microsoft, "microsoft", "Microsoft (Outlook.com)", MP_MICROSOFT_RULES);
POLICY_OF(apple, "apple", "Apple (iCloud)", MP_APPLE_RULES);
