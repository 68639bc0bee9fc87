/* probe/checks/content.c - content.rspamd, content.spamd: what the user's own filter makes of the message before it is
 * sent, or of one that was received */
#include "probe/checks/checks.h"
#include "probe/filters.h"

enum { RULES_SHOWN = 16, FIXES = 3 };

static const double least = 0.05; /* points: less does not show in one decimal */

/* What each action of rspamd is for the message. */
static const struct {
	const char *action, *words;
} actions[] = {{"no action", "would let it pass"}, {"greylist", "would ask the sending server to come back later"},
	{"add header", "would mark it as spam, which goes to the spam folder"},
	{"rewrite subject", "would mark it as spam in its subject"}, {"soft reject", "would delay it"},
	{"reject", "would refuse it"}, {"quarantine", "would keep it from the recipient"},
	{"discard", "would throw it away"}};

static const char *action_words(const char *action)
{
	for (size_t i = 0; i < ARRAY_LEN(actions); i++)
		if (action && strcmp(actions[i].action, action) == 0)
			return actions[i].words;
	return "does not say what it would do";
}

static const char *rule_words(const struct mp_rule *r)
{
	const struct mp_rule_known *known = mp_rule_known(r->name);

	return known ? known->words : r->words ? r->words : "what it means is not known here";
}

/* The rules that moved the score, the worst first. */
static const char *rules_that_hit(struct mp_judge *j, const struct mp_score *s)
{
	const char *all = "The rules that hit:";
	size_t shown = 0, left = 0;

	for (size_t i = 0; i < s->n_rules; i++) {
		const struct mp_rule *r = &s->rules[i];

		if (r->score < least && r->score > -least)
			continue;
		if (shown == RULES_SHOWN) {
			left++;
			continue;
		}
		shown++;
		all = mp_printf(j->a, "%s\n%+.1f %s: %s", all, r->score, r->name, rule_words(r));
	}
	if (!shown)
		return "No rule moved its score.";
	return left ? mp_printf(j->a, "%s\nand %zu more", all, left) : all;
}

/* What to change first: for the rules that cost most. */
static const char *first_steps(struct mp_judge *j, const struct mp_score *s)
{
	const char *steps[FIXES], *all = NULL;
	size_t n = 0;

	for (size_t i = 0; i < s->n_rules && n < FIXES && s->rules[i].score >= least; i++) {
		const struct mp_rule_known *known = mp_rule_known(s->rules[i].name);
		bool twice = false;

		for (size_t k = 0; known && known->fix && k < n; k++)
			twice = twice || strcmp(steps[k], known->fix) == 0;
		if (!known || !known->fix || twice)
			continue;
		steps[n++] = known->fix;
		all = mp_printf(j->a, "%s%s%s (%+.1f): %s", all ? all : "", all ? "\n" : "", s->rules[i].name,
			s->rules[i].score, known->fix);
	}
	return all ? all
		   : "Change in the message what the rules with the highest scores name, and have it scored again.";
}

static void add_values(struct mp_result *r, const struct mp_score *s, const char *domain)
{
	json_t *rules = json_array();

	mp_jset_str(r->values, "about", domain); /* whose text it is, to whomever it goes */
	mp_jset(r->values, "score", json_real(s->score));
	mp_jset(r->values, "threshold", json_real(s->threshold));
	if (s->action)
		mp_jset_str(r->values, "action", s->action);
	for (size_t i = 0; i < s->n_rules; i++) {
		json_t *one = json_object();

		mp_jset_str(one, "name", s->rules[i].name);
		mp_jset(one, "score", json_real(s->rules[i].score));
		mp_jset_str(one, "words", rule_words(&s->rules[i]));
		mp_jpush(rules, one);
	}
	mp_jset(r->values, "rules", rules);
}

/* The file of a received message; else the recipient; where another target has the same one, the Message-ID as well. */
static const char *subject_of(struct mp_judge *j)
{
	const struct mp_target *t;

	if (j->c->mail)
		return j->c->arg;
	t = &j->c->targets[j->target];
	for (size_t i = 0; i < j->target; i++)
		if (strcmp(j->c->targets[i].rcpt, t->rcpt) == 0)
			return mp_printf(j->a, "%s (%s)", t->rcpt, t->message->id);
	return t->rcpt;
}

static enum mp_judged judge_content(struct mp_judge *j, enum mp_filter filter)
{
	const char *name = filter == MP_RSPAMD ? "rspamd" : "SpamAssassin", *subject;
	struct mp_filtered f;
	struct mp_result *r;

	if (!mp_filter_wanted(j->c, filter, j->target))
		return MP_SETTLED;
	if (!mp_filter_ask(j, filter, j->target, &f))
		return MP_PENDING;
	subject = subject_of(j);
	if (f.trouble) {
		mp_report(j, subject, MP_ERROR, "What %s (%s) makes of the message could not be determined: %s.", name,
			filter == MP_RSPAMD ? j->c->rspamd_url : j->c->spamd, f.trouble);
		return MP_SETTLED;
	}
	if (filter == MP_RSPAMD)
		r = mp_report(j, subject,
			f.score.spam    ? MP_WARN
			: f.score.later ? MP_INFO
					: MP_PASS,
			"rspamd gives the message %.1f of the %.1f points at which it rejects, and %s (%s).",
			f.score.score, f.score.threshold, action_words(f.score.action), f.score.action);
	else
		r = mp_report(j, subject, f.score.spam ? MP_WARN : MP_PASS,
			"SpamAssassin gives the message %.1f points%s; from %.1f on it is spam.", f.score.score,
			f.score.spam ? " and takes it for spam" : "", f.score.threshold);
	mp_detail(j, r, "%s\nIt was told of %s.", rules_that_hit(j, &f.score), f.told);
	if (r->status != MP_PASS)
		mp_fix(j, r, "%s", first_steps(j, &f.score));
	add_values(r, &f.score, j->c->domain);
	return MP_SETTLED;
}

static enum mp_judged judge_rspamd(struct mp_judge *j)
{
	return judge_content(j, MP_RSPAMD);
}

static enum mp_judged judge_spamd(struct mp_judge *j)
{
	return judge_content(j, MP_SPAMD);
}

const struct mp_check mp_check_content_rspamd = {
	.id = "content.rspamd",
	.title = "The user's rspamd takes the message for no spam",
	.ref = "rspamd HTTP protocol, /checkv2",
	.per = MP_PER_TARGET,
	.in = MP_IN_PROBE | MP_IN_MESSAGE,
	.judge = judge_rspamd,
};

const struct mp_check mp_check_content_spamd = {
	.id = "content.spamd",
	.title = "The user's SpamAssassin takes the message for no spam",
	.ref = "SpamAssassin spamd/PROTOCOL",
	.per = MP_PER_TARGET,
	.in = MP_IN_PROBE | MP_IN_MESSAGE,
	.judge = judge_spamd,
};
