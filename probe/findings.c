/* probe/findings.c - a finding put together; see probe/findings.h */
#include "probe/findings.h"
#include "base/text.h"
#include "probe/run.h"
#include "smtp/reply.h"

static const char *const certainty_names[] = {
	[MP_CONFIRMED] = "confirmed",
	[MP_ISOLATED] = "isolated",
	[MP_CLAIMED] = "claimed",
	[MP_LIKELY] = "likely",
	[MP_LATENT] = "latent",
};

const char *mp_certainty_name(enum mp_certainty c)
{
	return certainty_names[c];
}

int mp_result_source(const struct mp_judge *j, const struct mp_result *r)
{
	const char *ip = mp_jget_str(r->values, "ip", NULL);
	struct mp_ip addr;

	if (!ip || !mp_ip_parse(mp_str(ip), &addr))
		return -1;
	for (size_t i = 0; i < j->c->n_sources; i++)
		if (mp_ip_eq(&j->c->sources[i].address, &addr))
			return (int)i;
	return -1;
}

bool mp_concerns(const struct mp_judge *j, const struct mp_result *r, int source)
{
	int mine = mp_result_source(j, r);

	return mine < 0 || source < 0 || mine == source;
}

static struct mp_finding *find(struct mp_findings *w, const char *id)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->list[i]->id, id) == 0)
			return w->list[i];
	return NULL;
}

struct mp_finding *mp_finding_of(struct mp_findings *w, const char *id, enum smtp_cause cause, int source, int target)
{
	struct mp_finding *f = find(w, id);

	if (f) {
		if (f->source != source)
			f->source = -1; /* two sources behind one address */
		return f;
	}
	f = mp_alloc(w->j->a, sizeof(*f));
	f->id = mp_dup(w->j->a, id);
	f->cause = cause;
	f->certainty = MP_LATENT;
	f->status = MP_INFO;
	f->source = source;
	f->target = target;
	f->tier = 9;
	*MP_PUSH(w->j->a, w->list, w->n, w->cap) = f;
	return f;
}

void mp_finding_because(struct mp_findings *w, struct mp_finding *f, struct mp_because b)
{
	for (size_t i = 0; i < f->n_because; i++)
		if (f->because[i].result == b.result && f->because[i].target == b.target &&
			f->because[i].session == b.session)
			return;
	*MP_PUSH(w->j->a, f->because, f->n_because, f->cap_because) = b;
}

void mp_finding_fix(struct mp_findings *w, struct mp_finding *f, const char *step)
{
	if (!step)
		return;
	for (size_t i = 0; i < f->n_fix; i++)
		if (strcmp(f->fix[i], step) == 0)
			return;
	*MP_PUSH(w->j->a, f->fix, f->n_fix, f->cap_fix) = step;
}

void mp_finding_fix_as(struct mp_findings *w, struct mp_finding *f, const struct mp_result *r)
{
	for (size_t i = 0; i < r->n_steps; i++)
		mp_finding_fix(w, f, r->steps[i]);
	if (!r->n_steps)
		mp_finding_fix(w, f, r->fix); /* another check's */
}

/* With which our own titles begin. */
static const char *const small[] = {
	"The", "A", "This", "No", "Too", "Deferred", "Refused", "Relaying", "Outgoing", "Attachments"};

const char *mp_within(struct mp_judge *j, const char *sentence)
{
	char *words = mp_dup(j->a, sentence), *space = strchr(words, ' ');
	size_t n = strlen(words);

	if (n && words[n - 1] == '.')
		words[n - 1] = '\0';
	/* "The name", "A virus", "Too many"; but SPF, IPv6 and names stay as they are. */
	for (size_t i = 0; space && i < ARRAY_LEN(small); i++)
		if ((size_t)(space - words) == strlen(small[i]) && strncmp(words, small[i], strlen(small[i])) == 0)
			words[0] = (char)(words[0] - 'A' + 'a');
	return words;
}

void mp_finding_worsen(struct mp_finding *f, enum mp_status s, enum mp_certainty c, int tier)
{
	static const int rank[] = {
		[MP_FAIL] = 3, [MP_WARN] = 2, [MP_INFO] = 1, [MP_PASS] = 0, [MP_SKIP] = 0, [MP_ERROR] = 0};

	if (rank[s] > rank[f->status])
		f->status = s;
	if (c < f->certainty)
		f->certainty = c;
	if (tier < f->tier)
		f->tier = tier;
}

static const char *cause_id(enum smtp_cause c)
{
	return c == SMTP_CAUSE_UNKNOWN ? "unnamed" : smtp_causes[c].id;
}

const char *mp_seen_text(struct mp_findings *w, int source)
{
	struct mp_seen seen;

	return source >= 0 && mp_seen_as(w->j, (size_t)source, &seen) ? seen.text : "the sending address";
}

const char *mp_finding_id(struct mp_findings *w, enum smtp_cause cause, int source, const char *subject)
{
	if (mp_cause_per_address(cause) && source >= 0)
		subject = mp_seen_text(w, source);
	else if (cause == SMTP_HELO_REJECTED)
		subject = w->j->c->ehlo ? w->j->c->ehlo : w->j->c->hostname;
	else if (cause == SMTP_SENDER_UNAUTHENTICATED && w->j->c->domain)
		subject = w->j->c->domain;
	else if (cause == SMTP_SPF_FAIL && strrchr(subject, '@'))
		subject = strrchr(subject, '@') + 1; /* one record, whoever of its domain sends */
	return mp_printf(w->j->a, "%s:%s", cause_id(cause), subject);
}

struct mp_finding *mp_finding_from_check(struct mp_findings *w, size_t index, enum smtp_cause cause)
{
	const struct mp_result *r = mp_run_result(w->j->run, index);
	int source = mp_cause_per_address(cause) ? mp_result_source(w->j, r) : -1;
	/*
	 * Of lists the subject is the list; what several of them say of the sender is one finding. So are the servers of a
	 * domain whose policy they do not meet, and what the receivers of several messages saw of one record or key.
	 */
	const char *subject = cause == SMTP_DOMAIN_REPUTATION && w->j->c->domain ? w->j->c->domain
			      : cause == SMTP_TLS_POLICY ? mp_jget_str(r->values, "domain", r->subject)
							 : mp_jget_str(r->values, "about", r->subject);
	const char *id = cause == SMTP_CAUSE_UNKNOWN ? mp_printf(w->j->a, "%s:%s", r->check->id, r->subject)
						     : mp_finding_id(w, cause, source, subject);
	struct mp_finding *f = mp_finding_of(w, id, cause, source, -1);

	mp_finding_because(w, f, (struct mp_because){.result = r});
	if (!f->title && cause == SMTP_SENDER_UNAUTHENTICATED && w->bare)
		f->title = mp_printf(w->j->a, "%s has neither an SPF nor a DMARC record, and no DKIM key is known.",
			w->j->c->domain);
	if (!f->title)
		f->title = mp_printf(w->j->a, "%.*s", (int)strcspn(r->summary, "\n"), r->summary);
	mp_finding_fix_as(w, f, r);
	w->used[index] = true;
	return f;
}

const char *mp_reply_text(struct mp_findings *w, const struct smtp_session *s)
{
	return s->reply ? smtp_reply_flowed(w->j->a, s->reply, 2048) : NULL;
}

void mp_finding_explain(struct mp_findings *w, struct mp_finding *f, const char *fmt, ...)
{
	va_list ap;
	const char *more;

	va_start(ap, fmt);
	more = mp_vprintf(w->j->a, fmt, ap);
	va_end(ap);
	if (f->explanation && strstr(f->explanation, more))
		return;
	/* What was quoted from elsewhere may end in no full stop. */
	if (f->explanation)
		more = mp_printf(w->j->a, "%s%s%s", f->explanation,
			strchr(".:\"", f->explanation[strlen(f->explanation) - 1]) ? " " : "\n", more);
	f->explanation = more;
}

const char *mp_who_said(struct mp_findings *w, const struct smtp_session *s)
{
	return mp_printf(w->j->a, "%s %s %s", s->q.mx, s->outcome == SMTP_DEFERRED ? "deferred" : "rejected",
		s->stage == SMTP_AT_BANNER     ? "the connection"
		: s->stage == SMTP_AT_EHLO     ? "the EHLO name"
		: s->stage == SMTP_AT_EHLO_TLS ? "the EHLO name"
		: s->stage == SMTP_AT_STARTTLS ? "STARTTLS"
		: s->stage == SMTP_AT_MAIL     ? "the sender"
		: s->stage == SMTP_AT_RCPT     ? "the recipient"
					       : "the message");
}

int mp_faulty_for(struct mp_findings *w, const char *id, int source)
{
	for (size_t i = 0; i < mp_run_n_results(w->j->run); i++) {
		const struct mp_result *r = mp_run_result(w->j->run, i);

		if (mp_is_faulty(r) && strcmp(r->check->id, id) == 0 && mp_concerns(w->j, r, source))
			return (int)i;
	}
	return -1;
}
