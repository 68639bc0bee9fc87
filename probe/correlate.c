/* probe/correlate.c - see probe/correlate.h */
#include "probe/correlate.h"
#include "base/text.h"
#include "dns/dnsbl.h"
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

/*
 * Which finding a faulty check makes, in the order of roots: an earlier row explains a later one. `stage`: the earliest
 * stage at which receivers judge it. `own`: a fault of this sender (else of the receiver: information only).
 */
static const struct {
	const char *check; /* an id, or a name space ending in '.' */
	enum smtp_cause cause;
	enum smtp_stage stage;
	bool own;
} roots[] = {
	{"egress.port25", SMTP_EGRESS_BLOCKED, SMTP_AT_CONNECT, true},
	{"ptr.exists", SMTP_PTR_MISSING, SMTP_AT_CONNECT, true},
	{"ptr.fcrdns", SMTP_FCRDNS_MISMATCH, SMTP_AT_CONNECT, true},
	{"ptr.syntax", SMTP_RDNS_GENERIC, SMTP_AT_CONNECT, true},
	{"ptr.generic", SMTP_RDNS_GENERIC, SMTP_AT_CONNECT, true},
	{"ehlo.", SMTP_HELO_REJECTED, SMTP_AT_EHLO, true},
	{"ptr.matches_ehlo", SMTP_HELO_REJECTED, SMTP_AT_EHLO, true},
	{"ptr.single", SMTP_FCRDNS_MISMATCH, SMTP_AT_CONNECT, true},
	{"ptr.propagation", SMTP_PTR_MISSING, SMTP_AT_CONNECT, true},
	{"host.", SMTP_HELO_REJECTED, SMTP_AT_EHLO, true},
	{"dnssec.sender", SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL, true},
	{"mx.sender", SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL, true},
	{"spf.", SMTP_SPF_FAIL, SMTP_AT_MAIL, true},
	{"dnsbl.ip", SMTP_DNSBL_LISTED, SMTP_AT_CONNECT, true},
	{"registration.sender", SMTP_SENDER_DOMAIN_DNS, SMTP_AT_MAIL, true},
	{"dnsbl.domain", SMTP_DOMAIN_REPUTATION, SMTP_AT_MAIL, true},
	{"age.sender", SMTP_DOMAIN_REPUTATION, SMTP_AT_MAIL, true},
	{"dkim.", SMTP_DKIM_FAIL, SMTP_AT_MESSAGE, true},
	{"dmarc.", SMTP_DMARC_FAIL, SMTP_AT_MESSAGE, true},
	{"message.placement", SMTP_CONTENT_SPAM, SMTP_AT_MESSAGE, true},
	{"message.dkim", SMTP_DKIM_FAIL, SMTP_AT_MESSAGE, true},
	{"message.dmarc", SMTP_DMARC_FAIL, SMTP_AT_MESSAGE, true},
	{"message.spf", SMTP_SPF_FAIL, SMTP_AT_MESSAGE, true},
	{"message.receiver", SMTP_CAUSE_UNKNOWN, SMTP_AT_MESSAGE, true},
	{"message.headers", SMTP_MESSAGE_MALFORMED, SMTP_AT_MESSAGE, true},
	{"message.format", SMTP_MESSAGE_MALFORMED, SMTP_AT_MESSAGE, true},
	{"message.", SMTP_CAUSE_UNKNOWN, SMTP_AT_MESSAGE, true},
	{"mx.target", SMTP_MX_UNUSABLE, SMTP_AT_CONNECT, false},
	{"tls.dane", SMTP_TLS_POLICY, SMTP_AT_TLS, false},
	{"tls.mta_sts", SMTP_TLS_POLICY, SMTP_AT_TLS, false},
	{"smtp.starttls", SMTP_CAUSE_UNKNOWN, SMTP_AT_STARTTLS, false},
	{"tls.certificate", SMTP_CAUSE_UNKNOWN, SMTP_AT_TLS, false},
	{"tls.version", SMTP_CAUSE_UNKNOWN, SMTP_AT_TLS, false},
};

/*
 * A cause that a receiver names, and the checks that show it, the deeper root first: a receiver that misses the way back
 * from a PTR name says so also when there is no PTR at all.
 */
static const struct {
	enum smtp_cause said;
	const char *checks[8];
} shown_by[] = {
	{SMTP_PTR_MISSING, {"ptr.exists"}},
	{SMTP_SENDER_DOMAIN_DNS, {"mx.sender", "dnssec.sender", "registration.sender"}},
	{SMTP_FCRDNS_MISMATCH, {"ptr.exists", "ptr.fcrdns", "ptr.single"}},
	{SMTP_RDNS_GENERIC, {"ptr.exists", "ptr.generic", "ptr.syntax"}},
	{SMTP_HELO_REJECTED, {"ehlo.syntax", "ehlo.resolves", "ptr.exists", "ptr.fcrdns", "ptr.matches_ehlo",
				     "ehlo.matches_source", "host.fqdn"}},
};

struct work {
	struct mp_judge *j;
	struct mp_finding **list;
	size_t n, cap;
	bool *used;   /* for each result: in a finding of a session already */
	bool pending; /* a rule asked for something that is not known yet */
	bool bare;    /* neither SPF nor DKIM nor DMARC is published: one fault, not three */
};

static bool id_matches(const char *id, const char *pattern)
{
	size_t n = strlen(pattern);

	return n && pattern[n - 1] == '.' ? strncmp(id, pattern, n) == 0 : strcmp(id, pattern) == 0;
}

/* Row of roots[] for a check, or -1. */
static int root_of(const struct mp_result *r)
{
	for (size_t i = 0; i < ARRAY_LEN(roots); i++)
		if (id_matches(r->check->id, roots[i].check))
			return (int)i;
	return -1;
}

static enum smtp_cause cause_of(const struct work *w, int root)
{
	enum smtp_cause c = roots[root].cause;

	return w->bare && (c == SMTP_SPF_FAIL || c == SMTP_DKIM_FAIL || c == SMTP_DMARC_FAIL)
		       ? SMTP_SENDER_UNAUTHENTICATED
		       : c;
}

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

static bool faulty(const struct mp_result *r)
{
	return r->status == MP_FAIL || r->status == MP_WARN;
}

/* Index of the source that a result is about, or -1: the sender as a whole. */
static int source_of(const struct mp_judge *j, const struct mp_result *r)
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

int mp_result_source(const struct mp_judge *j, const struct mp_result *r)
{
	return source_of(j, r);
}

static bool concerns(const struct mp_judge *j, const struct mp_result *r, int source)
{
	int mine = source_of(j, r);

	return mine < 0 || source < 0 || mine == source;
}

/* Causes whose faults belong to one address; those of others belong to the name or domain, for all addresses at once. */
static bool per_address(enum smtp_cause c)
{
	return c == SMTP_PTR_MISSING || c == SMTP_FCRDNS_MISMATCH || c == SMTP_RDNS_GENERIC ||
	       c == SMTP_EGRESS_BLOCKED || c == SMTP_DNSBL_LISTED;
}

static struct mp_finding *find(struct work *w, const char *id)
{
	for (size_t i = 0; i < w->n; i++)
		if (strcmp(w->list[i]->id, id) == 0)
			return w->list[i];
	return NULL;
}

/* The finding of this id; made with the weakest values when it is not there. */
static struct mp_finding *finding(struct work *w, const char *id, enum smtp_cause cause, int source, int target)
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

static void add_because(struct work *w, struct mp_finding *f, struct mp_because b)
{
	for (size_t i = 0; i < f->n_because; i++)
		if (f->because[i].result == b.result && f->because[i].target == b.target &&
			f->because[i].session == b.session)
			return;
	*MP_PUSH(w->j->a, f->because, f->n_because, f->cap_because) = b;
}

static void add_fix(struct work *w, struct mp_finding *f, const char *step)
{
	if (!step)
		return;
	for (size_t i = 0; i < f->n_fix; i++)
		if (strcmp(f->fix[i], step) == 0)
			return;
	*MP_PUSH(w->j->a, f->fix, f->n_fix, f->cap_fix) = step;
}

static void worsen(struct mp_finding *f, enum mp_status s, enum mp_certainty c, int tier)
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

static const char *seen_text(struct work *w, int source)
{
	struct mp_seen seen;

	return source >= 0 && mp_seen_as(w->j, (size_t)source, &seen) ? seen.text : "the sending address";
}

static const char *finding_id(struct work *w, enum smtp_cause cause, int source, const char *subject)
{
	if (per_address(cause) && source >= 0)
		subject = seen_text(w, source);
	else if (cause == SMTP_HELO_REJECTED)
		subject = w->j->c->ehlo ? w->j->c->ehlo : w->j->c->hostname;
	else if (cause == SMTP_SENDER_UNAUTHENTICATED && w->j->c->domain)
		subject = w->j->c->domain;
	else if (cause == SMTP_SPF_FAIL && strrchr(subject, '@'))
		subject = strrchr(subject, '@') + 1; /* one record, whoever of its domain sends */
	return mp_printf(w->j->a, "%s:%s", cause_id(cause), subject);
}

/* The check's part of a finding: evidence, fix, and the words that describe the fault. */
static struct mp_finding *from_check(struct work *w, size_t index, enum smtp_cause cause)
{
	const struct mp_result *r = mp_run_result(w->j->run, index);
	int source = per_address(cause) ? source_of(w->j, r) : -1;
	/*
	 * Of lists the subject is the list; what several of them say of the sender is one finding. So are the servers of a
	 * domain whose policy they do not meet.
	 */
	const char *subject = cause == SMTP_DOMAIN_REPUTATION && w->j->c->domain ? w->j->c->domain
			      : cause == SMTP_TLS_POLICY ? mp_jget_str(r->values, "domain", r->subject)
							 : r->subject;
	const char *id = cause == SMTP_CAUSE_UNKNOWN ? mp_printf(w->j->a, "%s:%s", r->check->id, r->subject)
						     : finding_id(w, cause, source, subject);
	struct mp_finding *f = finding(w, id, cause, source, -1);

	add_because(w, f, (struct mp_because){.result = r});
	if (!f->title)
		f->title = mp_printf(w->j->a, "%.*s", (int)strcspn(r->summary, "\n"), r->summary);
	add_fix(w, f, r->fix);
	w->used[index] = true;
	return f;
}

static const char *reply_text(struct work *w, const struct smtp_session *s)
{
	return s->reply ? smtp_reply_flowed(w->j->a, s->reply, 2048) : NULL;
}

static void explain(struct work *w, struct mp_finding *f, const char *fmt, ...) MP_PRINTF(3, 4);

static void explain(struct work *w, struct mp_finding *f, const char *fmt, ...)
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

static const char *who_said(struct work *w, const struct smtp_session *s)
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

/* When the receiver's claim is at odds with what is seen here: until when an old answer may live in its cache. */
static const char *stale_until(struct work *w, int source)
{
	struct mp_judge *j = w->j;
	const struct dns_answer *soa;
	struct mp_seen seen;
	char rev[MP_IP_REVERSE];
	uint32_t ttl;

	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);

		if (strcmp(r->check->id, "ptr.propagation") == 0 && r->status == MP_WARN && concerns(j, r, source) &&
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

static bool is_ptr_cause(enum smtp_cause c)
{
	return c == SMTP_PTR_MISSING || c == SMTP_FCRDNS_MISMATCH || c == SMTP_RDNS_GENERIC;
}

bool mp_not_the_sender(enum smtp_cause c)
{
	const char *group = smtp_causes[c].group;

	return strcmp(group, "recipient") == 0 || strcmp(group, "quota") == 0 || c == SMTP_RECEIVER_ERROR ||
	       c == SMTP_RECIPIENT_RATE_LIMITED || c == SMTP_RECIPIENT_RESTRICTED;
}

/* A cause that says no more than "no". */
static bool says_nothing(enum smtp_cause c)
{
	return c == SMTP_CAUSE_UNKNOWN || c == SMTP_POLICY_REJECTED;
}

/* Below this a cause is what such words or codes mean more often than not, and no more than that. */
#define NAMES_A_CAUSE 0.61

static bool vague(const struct smtp_classified *c)
{
	return says_nothing(c->cause) || c->confidence < NAMES_A_CAUSE;
}

static const char *const *checks_for(enum smtp_cause said)
{
	for (size_t i = 0; i < ARRAY_LEN(shown_by); i++)
		if (shown_by[i].said == said)
			return shown_by[i].checks;
	return smtp_causes[said].points_to;
}

/* Does a reply name the zone of a list that the checks ask? */
static bool names_a_list(const char *reply)
{
	for (size_t i = 0; reply && i < dnsbl_n_lists; i++)
		if (mp_str_ifind(mp_str(reply), dnsbl_lists[i].zone) >= 0)
			return true;
	return false;
}

/* Is the check `id` faulty for the source (-1: the sender as a whole)? Index of its result, or -1. */
static int faulty_for(struct work *w, const char *id, int source)
{
	for (size_t i = 0; i < mp_run_n_results(w->j->run); i++) {
		const struct mp_result *r = mp_run_result(w->j->run, i);

		if (faulty(r) && strcmp(r->check->id, id) == 0 && concerns(w->j, r, source))
			return (int)i;
	}
	return -1;
}

/* The faulty result that `r` follows from, by its own word; -1: it stands by itself. */
static int followed(struct work *w, const struct mp_result *r, int source)
{
	const char *id = mp_jget_str(r->values, "follows", NULL);

	return id ? faulty_for(w, id, source) : -1;
}

/* Faulty results of the checks that show `said`: the finding of the deepest root, or NULL. */
static struct mp_finding *confirm(struct work *w, const struct smtp_session *s, enum smtp_cause said, int source)
{
	const char *const *ids = checks_for(said), *reply = reply_text(w, s);
	bool named = names_a_list(reply);
	struct mp_finding *f = NULL;

	for (size_t k = 0; ids[k]; k++)
		for (size_t i = 0; i < mp_run_n_results(w->j->run); i++) {
			const struct mp_result *r = mp_run_result(w->j->run, i);
			int root = root_of(r);
			enum smtp_cause cause = root >= 0 && roots[root].cause ? cause_of(w, root) : said;

			if (root < 0 || !faulty(r) || strcmp(r->check->id, ids[k]) != 0 || !concerns(w->j, r, source))
				continue;
			/* A receiver that names its list means that one. */
			if (named && dnsbl_list_by_zone(r->subject) && mp_str_ifind(mp_str(reply), r->subject) < 0)
				continue;
			if (f && f->cause != cause)
				continue; /* a deeper root explains it; step 2 looks at it again */
			if (!f && followed(w, r, source) >= 0) {
				size_t deeper = (size_t)followed(w, r, source);

				f = from_check(w, deeper, cause_of(w, root_of(mp_run_result(w->j->run, deeper))));
				add_because(w, f, (struct mp_because){.result = r});
				w->used[i] = true;
				continue;
			}
			f = from_check(w, i, cause);
		}
	return f;
}

/* A check on the cause that could not be determined: then nothing here contradicts the receiver. */
static const struct mp_result *undetermined_check(struct work *w, enum smtp_cause said, int source)
{
	const char *const *ids = checks_for(said);

	for (size_t k = 0; ids[k]; k++)
		for (size_t i = 0; i < mp_run_n_results(w->j->run); i++) {
			const struct mp_result *r = mp_run_result(w->j->run, i);

			if (r->status == MP_ERROR && root_of(r) >= 0 && strcmp(r->check->id, ids[k]) == 0 &&
				concerns(w->j, r, source))
				return r;
		}
	return NULL;
}

/* ---- what further sessions showed */

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
static bool own_fault_until(struct work *w, enum smtp_stage stage, int source)
{
	for (size_t i = 0; i < mp_run_n_results(w->j->run); i++) {
		const struct mp_result *r = mp_run_result(w->j->run, i);
		int root = root_of(r);

		if (root >= 0 && roots[root].own && faulty(r) && concerns(w->j, r, source) &&
			roots[root].stage <= stage && roots[root].cause != SMTP_EGRESS_BLOCKED)
			return true;
	}
	return false;
}

/* What a changed factor is the cause of. UNKNOWN: it does not tell. */
static enum smtp_cause changed_cause(
	struct work *w, const struct mp_experiment *e, const struct smtp_session *base, enum smtp_cause said)
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
			if (faulty_for(w, shown_by_change[i].checks[k], source) >= 0 &&
				(f != MP_VARY_SOURCE || faulty_for(w, shown_by_change[i].checks[k], other) < 0))
				return shown_by_change[i].cause;
	}
	return SMTP_CAUSE_UNKNOWN;
}

/* The checks that show such a cause, into its finding. How many. */
static size_t changed_because(struct work *w, enum smtp_cause cause, enum mp_factor f, int source)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(shown_by_change); i++) {
		if (shown_by_change[i].cause != cause || shown_by_change[i].factor != f)
			continue;
		for (size_t k = 0; shown_by_change[i].checks[k]; k++) {
			int at = faulty_for(w, shown_by_change[i].checks[k], source);

			if (at < 0)
				continue;
			from_check(w, (size_t)at, cause);
			n++;
		}
	}
	return n;
}

static const char *changed_title(struct work *w, const struct mp_experiment *e, const struct smtp_session *base)
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
static bool isolated_finding(struct work *w, size_t t, size_t i, const struct mp_target_result *tr)
{
	const struct mp_diagnosis *d = mp_run_diagnosis(w->j->run, t);
	const struct mp_experiment *e = d && d->of == (int)i ? mp_what_changed(d) : NULL;
	const struct smtp_session *base = tr->sessions[i];
	int source = mp_session_source(w->j->c, base);
	enum smtp_cause said = tr->causes[i].cause, cause = e ? changed_cause(w, e, base, said) : SMTP_CAUSE_UNKNOWN;
	enum mp_factor f;
	struct mp_finding *found;
	const char *subject = tr->target->domain, *id, *reply = reply_text(w, base);
	size_t shown;

	if (!cause)
		return false;
	f = e->factor == MP_VARY_FAMILY ? MP_VARY_SOURCE : e->factor;
	if (cause == SMTP_SENDER_DOMAIN_DNS || cause == SMTP_SPF_FAIL)
		subject = strrchr(base->q.mail_from, '@') ? strrchr(base->q.mail_from, '@') + 1 : w->j->c->domain;
	else if (cause == SMTP_DOMAIN_REPUTATION)
		subject = w->j->c->domain;
	id = finding_id(w, cause, source, subject);
	shown = changed_because(w, cause, f, source);
	found = finding(w, id, cause, per_address(cause) ? source : -1, per_address(cause) ? -1 : (int)t);
	/* What the receiver named and a check shows needs no experiment; the experiment still says so. */
	worsen(found, base->outcome == SMTP_REJECTED ? MP_FAIL : MP_WARN,
		shown && said == cause ? MP_CONFIRMED : MP_ISOLATED, base->outcome == SMTP_REJECTED ? 0 : 1);
	add_because(w, found, (struct mp_because){.target = t, .session = i});
	add_because(w, found, (struct mp_because){.target = t, .session = e->index});
	if (f != MP_VARY_SOURCE || !found->title)
		found->title = changed_title(w, e, base);
	explain(w, found, "%s: \"%s\". Two sessions that differ in %s alone (%s, %s) had different answers.",
		who_said(w, base), reply ? reply : "", mp_factor_words(e->factor), e->from, e->to);
	if (!shown)
		explain(w, found, "%s", smtp_causes[cause].meaning);
	if (!found->n_fix && f == MP_VARY_EHLO && e->to[0] != '[')
		add_fix(w, found, mp_printf(w->j->a, "Announce %s (Postfix: myhostname or smtp_helo_name).", e->to));
	for (size_t k = 0; !found->n_fix && smtp_causes[cause].fix[k]; k++)
		add_fix(w, found, smtp_causes[cause].fix[k]);
	return true;
}

/* Put off at first, taken at the second try: nothing that an MTA would not do by itself. */
static bool passed_later(struct work *w, size_t t, size_t i, const struct mp_target_result *tr)
{
	const struct mp_comeback *b = mp_comeback_of(tr, i);
	const struct smtp_session *was = tr->sessions[i], *then = b ? mp_second_try(tr, b) : NULL;
	bool grey = says_nothing(tr->causes[i].cause) || tr->causes[i].cause == SMTP_GREYLISTED;
	enum smtp_cause cause = grey ? SMTP_GREYLISTED : tr->causes[i].cause;
	struct mp_finding *f;

	if (!then || then->outcome != SMTP_ACCEPTED)
		return false;
	f = finding(w, finding_id(w, cause, -1, tr->target->domain), cause, -1, (int)t);
	worsen(f, MP_INFO, MP_ISOLATED, 5);
	f->title = mp_printf(w->j->a,
		grey ? "%s greylists: the second try passed after %.0f s."
		     : "%s put the first try off; the second passed after %.0f s.",
		was->q.mx, (then->at_ms - was->at_ms) / 1000);
	explain(w, f, "%s: \"%s\". Held again without any change, the session was accepted.", who_said(w, was),
		reply_text(w, was));
	add_because(w, f, (struct mp_because){.target = t, .session = i});
	for (size_t k = 0; k < tr->n_sessions; k++)
		if (tr->sessions[k] == then)
			add_because(w, f, (struct mp_because){.target = t, .session = k});
	add_fix(w, f,
		"Nothing: an MTA comes back by itself. Only software that sends each message once is hurt by it.");
	return true;
}

/* When to come back, into the finding of a deferral. */
static void say_when(struct work *w, struct mp_finding *f, size_t i, const struct mp_target_result *tr)
{
	const struct mp_comeback *b = mp_comeback_of(tr, i);
	const struct smtp_session *s = tr->sessions[i];
	uint32_t needed;

	if (!b || b->held)
		return;
	if (b->named)
		explain(w, f, "The server asks to come back after %u s: not before %s.", b->after_s,
			mp_comeback_time(w->j->a, w->j->c, tr, b));
	needed = b->after_s + (uint32_t)(s->at_ms / 1000) + 30;
	if (b->too_late || w->j->c->retry || b->named)
		add_fix(w, f,
			mp_printf(w->j->a, "Try again after %s; mailprobe --retry --timeout %u waits for it.",
				mp_comeback_time(w->j->a, w->j->c, tr, b), needed));
}

/* The same answer whatever was varied: said where nothing explains the refusal. */
static const char *varied_in_vain(struct work *w, size_t t, size_t i)
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
static bool ruled_out(struct work *w, size_t t, size_t i, enum smtp_cause c)
{
	const struct mp_diagnosis *d = mp_run_diagnosis(w->j->run, t);

	if (!d || d->of != (int)i)
		return false;
	if (c == SMTP_HELO_REJECTED)
		return mp_changed_nothing(d, MP_VARY_EHLO);
	return (c == SMTP_SENDER_DOMAIN_DNS || c == SMTP_DOMAIN_REPUTATION) && mp_changed_nothing(d, MP_VARY_SENDER);
}

/* Is the EHLO name among the PTR names that a finding is about? */
static bool names_ehlo(struct work *w, const struct mp_finding *f)
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
	const char *at = strrchr(r->subject, '@'), *from = strrchr(j->c->mail_from ? j->c->mail_from : "", '@');

	if (f->cause != SMTP_SENDER_DOMAIN_DNS || f->status == MP_INFO)
		return false;
	if (strcmp(r->check->id, "dmarc.alignment") == 0) /* SPF cannot align a domain that is not there */
		return from && because_of(f, from + 1);
	if (!because_of(f, at ? at + 1 : r->subject))
		return false;
	return strcmp(mp_jget_str(r->values, "result", ""), "none") == 0 ||
	       (strcmp(r->check->id, "spf.record") == 0 && mp_jget_int(r->values, "records", 1) == 0);
}

/* The finding that already explains the faulty check `r`, or NULL. */
static struct mp_finding *explained_by(struct work *w, const struct mp_result *r)
{
	int source = source_of(w->j, r);
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
		if (names_differ && is_ptr_cause(f->cause) && f->source == source && f->status != MP_INFO)
			return f;
		/* One name for PTR and EHLO, and its forward record is what is wrong: one fault. */
		if (ehlo_leads_away && f->cause == SMTP_FCRDNS_MISMATCH && names_ehlo(w, f))
			return f;
		if (strcmp(r->check->id, "ptr.propagation") == 0 && is_ptr_cause(f->cause) && f->source == source)
			return f;
		/* Its identity is the right one, but SPF does not pass. */
		if (strcmp(mp_jget_str(r->values, "follows", ""), "spf.mail_from") == 0 && f->cause == SMTP_SPF_FAIL &&
			f->status != MP_INFO)
			return f;
	}
	return NULL;
}

/* By its reply and the checks. The finding, or NULL where there are several. */
static struct mp_finding *blame(struct work *w, size_t t, size_t i, const struct mp_target_result *tr)
{
	const struct smtp_session *s = tr->sessions[i];
	const struct smtp_classified *c = &tr->causes[i];
	int source = mp_session_source(w->j->c, s), tier = s->outcome == SMTP_REJECTED ? 0 : 1;
	enum mp_status status = s->outcome == SMTP_REJECTED ? MP_FAIL : MP_WARN;
	const struct mp_because here = {.target = t, .session = i};
	const char *reply = reply_text(w, s), *who = who_said(w, s);
	struct mp_finding *f = NULL;
	const struct mp_result *undetermined;
	const char *until, *in_vain = varied_in_vain(w, t, i);

	if (!says_nothing(c->cause))
		f = confirm(w, s, c->cause, source);
	if (f) {
		worsen(f, status, MP_CONFIRMED, tier);
		add_because(w, f, here);
		explain(w, f, "%s for this: \"%s\".", who, reply ? reply : "");
		if (c->cause != f->cause)
			explain(w, f, "The reply names another symptom (%s); this is the root of it.",
				smtp_causes[c->cause].id);
		return f;
	}
	if (vague(c)) {
		bool any = false;

		for (size_t k = 0; k < ARRAY_LEN(roots) * mp_run_n_results(w->j->run); k++) {
			/* in the order of roots, so that what follows from one is told from it */
			size_t row = k / mp_run_n_results(w->j->run), at = k % mp_run_n_results(w->j->run);
			const struct mp_result *r = mp_run_result(w->j->run, at);

			if (root_of(r) != (int)row || !roots[row].own || !faulty(r) || !concerns(w->j, r, source) ||
				roots[row].stage > s->stage || ruled_out(w, t, i, cause_of(w, (int)row)))
				continue;
			if (roots[row].cause == SMTP_EGRESS_BLOCKED || id_matches(r->check->id, "ptr.propagation"))
				continue;
			if (!w->used[at] && explained_by(w, r))
				continue;
			f = from_check(w, at, cause_of(w, (int)row));
			worsen(f, status, MP_LIKELY, tier);
			add_because(w, f, here);
			explain(w, f, "%s %s (\"%s\"), and this is a fault that receivers judge at that point.", who,
				says_nothing(c->cause) ? "without naming a cause"
						       : "in words that may mean one thing or another",
				reply ? reply : "");
			if (in_vain)
				explain(w, f, "%s", in_vain);
			say_when(w, f, i, tr);
			any = true;
		}
		if (any)
			return NULL;
	}
	f = finding(w, finding_id(w, c->cause, source, tr->target->domain), c->cause,
		per_address(c->cause) ? source : -1,
		is_ptr_cause(c->cause) || c->cause == SMTP_HELO_REJECTED ? -1 : (int)t);
	add_because(w, f, here);
	worsen(f, status, MP_CLAIMED, tier);
	if (c->cause == SMTP_CAUSE_UNKNOWN) {
		if (!f->title)
			f->title = mp_printf(w->j->a, "%s, for a reason its reply does not name.", who);
		explain(w, f, "The reply: \"%s\". No check here shows a fault that would explain it.",
			reply ? reply : "");
		if (in_vain)
			explain(w, f, "%s", in_vain);
		add_fix(w, f,
			mp_printf(w->j->a, "Ask the postmaster of %s what the reply means; attach this report.",
				tr->target->domain));
		return f;
	}
	if (!f->title)
		f->title = mp_not_the_sender(c->cause)
				   ? mp_printf(w->j->a, "%s (not a fault of this sender).", smtp_causes[c->cause].title)
				   : mp_printf(w->j->a, "%s says: %s.", s->q.mx, smtp_causes[c->cause].title);
	explain(w, f, "%s: \"%s\". %s", who, reply ? reply : "", smtp_causes[c->cause].meaning);
	undetermined = undetermined_check(w, c->cause, source);
	if (undetermined) {
		add_because(w, f, (struct mp_because){.result = undetermined});
		explain(w, f, "From here it could not be determined whether that is so.");
		add_fix(w, f, undetermined->fix);
		if (undetermined->fix)
			return f;
	} else if (is_ptr_cause(c->cause)) {
		until = stale_until(w, source);
		explain(w, f,
			"Seen from here the reverse DNS of %s is in order, so the receiver may go by an old answer%s%s.",
			seen_text(w, source), until ? ", which caches may keep until " : "", until ? until : "");
		add_fix(w, f,
			until && *until
				? mp_printf(w->j->a, "Wait until %s and probe again.", until)
				: mp_printf(w->j->a,
					  "Wait until caches have expired (usually within a day) and probe again."));
		add_fix(w, f,
			mp_printf(w->j->a,
				"If it still rejects then, ask the postmaster of %s which address and name it sees.",
				tr->target->domain));
		return f;
	}
	for (size_t k = 0; smtp_causes[c->cause].fix[k]; k++)
		add_fix(w, f, smtp_causes[c->cause].fix[k]);
	return f;
}

static void session_finding(struct work *w, size_t t, size_t i, const struct mp_target_result *tr)
{
	struct mp_finding *f;

	if (passed_later(w, t, i, tr) || isolated_finding(w, t, i, tr))
		return;
	f = blame(w, t, i, tr);
	if (f)
		say_when(w, f, i, tr);
}

static void latent_findings(struct work *w)
{
	struct mp_judge *j = w->j;

	for (size_t row = 0; row < ARRAY_LEN(roots); row++)
		for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
			const struct mp_result *r = mp_run_result(j->run, i);
			struct mp_finding *f;
			bool fresh;

			if (!faulty(r) || w->used[i] || root_of(r) != (int)row)
				continue;
			f = explained_by(w, r);
			if (f) {
				add_because(w, f, (struct mp_because){.result = r});
				add_fix(w, f, r->fix);
				w->used[i] = true;
				continue;
			}
			f = from_check(w, i, cause_of(w, (int)row));
			fresh = f->status == MP_INFO && f->tier == 9;
			if (!roots[row].own && r->check->id[0] != 'm' &&
				!(roots[row].cause == SMTP_TLS_POLICY && r->status == MP_FAIL)) {
				/* The receiver's own fault, met opportunistically. */
				worsen(f, MP_INFO, MP_LATENT, 5);
				continue;
			}
			if (fresh || f->certainty == MP_LATENT)
				worsen(f, r->status, MP_LATENT,
					r->status == MP_FAIL || f->cause == SMTP_EGRESS_BLOCKED ? 2 : 3);
			if (r->detail)
				explain(w, f, "%s", r->detail);
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
static void add_cost(struct work *w, struct mp_finding *f, const struct mp_policy *p, const struct mp_result *r)
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
static void own_policy_finding(struct work *w, const struct mp_policy *p, const struct mp_result *r)
{
	for (size_t t = 0; t < w->j->c->n_targets; t++) {
		const char *domain = w->j->c->targets[t].domain;
		struct mp_finding *f;

		if (!mp_policy_counts(p, mp_run_target(w->j->run, t)))
			continue;
		f = finding(
			w, mp_printf(w->j->a, "%s:%s", r->check->id, domain), mp_rule_cause(p, r->subject), -1, (int)t);
		if (!f->title)
			f->title = r->summary;
		worsen(f, r->status, MP_LATENT, 3);
		add_cost(w, f, p, r);
		add_because(w, f, (struct mp_because){.result = r});
		add_fix(w, f, r->fix);
	}
}

/*
 * What providers ask is broken by faults that have their findings: it goes into these, with the names of the providers,
 * and lowers nothing twice. Only providers of the targets count; without targets all are of interest.
 */
static void policy_findings(struct work *w)
{
	struct mp_judge *j = w->j;

	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);
		const struct mp_policy *p = mp_policy_by_check(r->check->id);

		if (!p || !faulty(r) || (j->c->n_targets && !mp_jget_bool(r->values, "counts", false)))
			continue;
		for (size_t k = 0; k < r->n_rests_on; k++)
			for (size_t n = 0; n < w->n; n++)
				if (rests_on(w->list[n], r->rests_on[k])) {
					add_because(w, w->list[n], (struct mp_because){.result = r});
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
static void disagreement(struct work *w, size_t t, int source)
{
	const struct mp_target_result *tr = mp_run_target(w->j->run, t);
	size_t count[SMTP_DEFERRED + 1] = {0}, *of = mp_allocn(w->j->a, tr->n_sessions, sizeof(*of)), n = 0;
	enum smtp_outcome most = SMTP_ACCEPTED;
	struct mp_finding *f;
	const char *odd = "", *from = seen_text(w, source);

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
	f = finding(w, mp_printf(w->j->a, "servers-differ:%s:%s", tr->target->domain, from), SMTP_CAUSE_UNKNOWN, -1,
		(int)t);
	f->certainty = MP_CLAIMED;
	f->tier = 4;
	for (size_t k = 0; k < n; k++) {
		const struct smtp_session *s = tr->sessions[of[k]];

		add_because(w, f, (struct mp_because){.target = t, .session = of[k]});
		if (s->outcome != most)
			odd = mp_printf(w->j->a, "%s%s%s %s", odd, *odd ? ", " : "", smtp_server_name(w->j->a, &s->q),
				outcome_verb(s->outcome, true));
	}
	f->title = mp_printf(w->j->a, "The mail servers of %s do not agree: %zu of %zu %s, but %s.", tr->target->domain,
		count[most], n, outcome_verb(most, count[most] == 1), odd);
	explain(w, f,
		"All were asked the same from %s. Which of them a message meets is up to the order of preference and to chance.",
		from);
	add_fix(w, f,
		mp_printf(w->j->a, "If the sender is in order, tell the postmaster of %s that its servers differ.",
			tr->target->domain));
}

/* What leaves everything undetermined, a resolver that does not answer, no route: said once, as information. */
static void resolver_findings(struct work *w)
{
	for (size_t i = 0; i < mp_run_n_results(w->j->run); i++) {
		const struct mp_result *r = mp_run_result(w->j->run, i);
		bool resolver = strcmp(r->check->id, "resolver.health") == 0;
		struct mp_finding *f;

		/* No way out by this host's own doing: known is what to mend, though not whether that is all. */
		if (r->status != MP_ERROR || !(resolver || (strcmp(r->check->id, "egress.port25") == 0 && r->fix)))
			continue;
		f = finding(w, mp_printf(w->j->a, "%s:%s", r->check->id, r->subject), SMTP_CAUSE_UNKNOWN, -1, -1);
		f->title = resolver ? mp_printf(w->j->a, "The resolver %s does not answer.", r->subject) : r->summary;
		f->explanation = r->detail ? r->detail : "What it was asked for could not be determined.";
		f->tier = 4;
		add_because(w, f, (struct mp_because){.result = r});
		add_fix(w, f, r->fix);
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
static void settle_receiver_findings(struct work *w)
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
			f = finding(w, mp_printf(j->a, "%s:%s", smtp_causes[SMTP_TLS_POLICY].id, tr->target->domain),
				SMTP_TLS_POLICY, -1, (int)t);
			worsen(f, MP_FAIL, MP_CONFIRMED, 0);
			if (!f->title)
				f->title = mp_printf(
					j->a, "%s cannot be reached with TLS, which --tls require demands.", s->q.mx);
			explain(w, f, "The session ended at %s: %s.", smtp_stage_name(s->stage),
				s->reason ? s->reason : "no reason given");
			add_because(w, f, (struct mp_because){.target = t, .session = k});
			for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
				const struct mp_result *r = mp_run_result(j->run, i);

				if (faulty(r) && strcmp(r->check->id, "smtp.starttls") == 0 &&
					strcmp(r->subject, smtp_server_name(j->a, &s->q)) == 0)
					add_because(w, f, (struct mp_because){.result = r});
			}
			add_fix(w, f,
				"The receiver's administrator has to offer working STARTTLS; or relax the TLS policy for this receiver.");
		}
	}
}

/* ---- words */

static void finish_words(struct work *w)
{
	for (size_t i = 0; i < w->n; i++) {
		struct mp_finding *f = w->list[i];

		if (f->certainty == MP_LATENT && f->status != MP_INFO && f->cause != SMTP_EGRESS_BLOCKED &&
			f->cause != SMTP_MX_UNUSABLE && f->cause != SMTP_CONTENT_SPAM && f->cause != SMTP_CAUSE_UNKNOWN)
			explain(w, f, "%s", smtp_causes[f->cause].meaning);
		if (!f->explanation)
			f->explanation =
				f->cause != SMTP_CAUSE_UNKNOWN ? smtp_causes[f->cause].meaning
				: f->because[0].result && f->because[0].result->detail
					? f->because[0].result->detail
					: "Mail is sent all the same; the receiver's administrator can mend it.";
		for (size_t k = 0; !f->n_fix && f->cause != SMTP_CAUSE_UNKNOWN && smtp_causes[f->cause].fix[k]; k++)
			add_fix(w, f, smtp_causes[f->cause].fix[k]);
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
	struct work w = {.j = j};
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
	return MP_SETTLED;
}
