/* probe/diagnose.c - see probe/diagnose.h */
#include "probe/diagnose.h"
#include "dns/psl.h"
#include "probe/names.h"
#include "probe/run.h"

static const struct {
	const char *name, *words;
} factors[] = {
	[MP_VARY_EHLO] = {"ehlo", "the EHLO name"},
	[MP_VARY_SENDER] = {"sender", "the sender"},
	[MP_VARY_SOURCE] = {"source", "the sending address"},
	[MP_VARY_FAMILY] = {"family", "the address family"},
	[MP_VARY_TLS] = {"tls", "STARTTLS"},
	[MP_VARY_MX] = {"mx", "the mail server"},
	[MP_VARY_RCPT] = {"rcpt", "the recipient"},
	[MP_VARY_TIME] = {"time", "the time"},
};

const char *mp_factor_name(enum mp_factor f)
{
	return factors[f].name;
}

const char *mp_factor_words(enum mp_factor f)
{
	return factors[f].words;
}

/* ---- which factors can matter */

enum {
	EHLO = 1U << MP_VARY_EHLO,
	SENDER = 1U << MP_VARY_SENDER,
	SOURCE = 1U << MP_VARY_SOURCE | 1U << MP_VARY_FAMILY,
	TLS = 1U << MP_VARY_TLS,
	MX = 1U << MP_VARY_MX,
	RCPT = 1U << MP_VARY_RCPT,
	ALL = EHLO | SENDER | SOURCE | TLS | MX | RCPT,
};

/* A cause that the reply names leaves fewer open. Those without a row leave all. */
static const struct {
	enum smtp_cause cause;
	unsigned factors;
} open_to[] = {
	{SMTP_PTR_MISSING, SOURCE | MX},
	{SMTP_FCRDNS_MISMATCH, SOURCE | MX},
	{SMTP_RDNS_GENERIC, SOURCE | MX},
	{SMTP_HELO_REJECTED, EHLO | MX},
	{SMTP_SENDER_DOMAIN_DNS, SENDER | MX},
	{SMTP_SPF_FAIL, SENDER | SOURCE | MX},
	{SMTP_DKIM_FAIL, SENDER | MX},
	{SMTP_DMARC_FAIL, SENDER | MX},
	{SMTP_SENDER_UNAUTHENTICATED, SENDER | MX},
	{SMTP_SENDER_REJECTED, SENDER | MX},
	{SMTP_SENDER_VERIFY_FAILED, SENDER | MX},
	{SMTP_TLS_REQUIRED, TLS | MX},
	{SMTP_RECIPIENT_UNKNOWN, RCPT | MX},
	{SMTP_RECIPIENT_DISABLED, RCPT | MX},
	{SMTP_DOMAIN_NOT_HOSTED, RCPT | MX},
	{SMTP_MAILBOX_FULL, RCPT | MX},
	{SMTP_RECIPIENT_RESTRICTED, RCPT | SENDER | MX},
	{SMTP_RELAY_DENIED, RCPT | MX},
	{SMTP_RECEIVER_ERROR, MX | TLS | RCPT},
};

static unsigned factors_for(enum smtp_cause c)
{
	for (size_t i = 0; i < ARRAY_LEN(open_to); i++)
		if (open_to[i].cause == c)
			return open_to[i].factors;
	return ALL;
}

/* Answers after which asking again would make things worse: why, or NULL. */
static const char *leave_alone(const struct smtp_session *s, enum smtp_cause c)
{
	if (s->reply && s->reply->code == 421)
		return "the server closed the connection by itself (421)";
	if (smtp_decided(s->outcome) && s->outcome != SMTP_ACCEPTED) {
		if (strcmp(smtp_causes[c].group, "rate") == 0)
			return "the answer is about how often or how fast mail comes";
		if (strcmp(smtp_causes[c].group, "reputation") == 0)
			return "the answer is about the reputation of the sender";
	}
	if (s->outcome == SMTP_ABORTED && s->stage == SMTP_AT_CONNECT)
		return "the run ended first (--timeout gives it more time)";
	if (s->outcome == SMTP_UNREACHABLE || (s->outcome == SMTP_ABORTED && s->stage <= SMTP_AT_BANNER))
		return "the server did not answer any more";
	return NULL;
}

/* ---- how to vary */

enum varied { NO_WAY, VARIED, PENDING };

struct plan {
	struct mp_judge *j;
	const struct mp_target_result *tr;
	const struct smtp_session *base;
	int source;
	struct mp_seen seen;
	struct mp_experiment *list;
	size_t n, cap;
	const struct smtp_session **held;
	size_t n_held, cap_held;
};

static const char *server(const struct plan *p, const char *host, const struct mp_ip *ip)
{
	char text[MP_IP_TEXT];

	return mp_printf(p->j->a, "%s [%s]", host, mp_ip_text(ip, text));
}

/* Does the name lead to the address that receivers see? */
static enum varied leads_here(const struct plan *p, const char *name)
{
	const struct dns_answer *a = mp_dns(p->j, name, p->seen.ip.family == MP_IPV4 ? DNS_A : DNS_AAAA);

	if (!a)
		return PENDING;
	for (size_t i = 0; i < a->n_rr; i++)
		if (mp_ip_eq(&a->rr[i].ip, &p->seen.ip))
			return VARIED;
	return NO_WAY;
}

/* The PTR name, if it leads back: others may be anybody's. Of several the first by alphabet, for answers rotate. */
static enum varied ptr_name(struct plan *p, struct smtp_question *q, const char **from, const char **to)
{
	char rev[MP_IP_REVERSE];
	const struct dns_answer *a = mp_dns(p->j, mp_ip_reverse(&p->seen.ip, rev), DNS_PTR);
	const char *best = NULL;

	if (!a)
		return PENDING;
	for (size_t i = 0; i < a->n_rr; i++) {
		const char *name = a->rr[i].name, *fit;
		enum varied ours = leads_here(p, name);

		if (ours == PENDING)
			return PENDING;
		if (ours != VARIED || dns_name_eq(name, q->ehlo) || !strchr(name, '.') ||
			mp_ehlo_parse(p->j->a, mp_str(name), &fit, NULL) != MP_OK)
			continue;
		if (!best || strcmp(name, best) < 0)
			best = name;
	}
	if (!best)
		return NO_WAY;
	*from = q->ehlo;
	*to = q->ehlo = mp_dup(p->j->a, best);
	return VARIED;
}

/* RFC 5321 4.1.3 */
static enum varied address_literal(struct plan *p, struct smtp_question *q, const char **from, const char **to)
{
	if (q->ehlo[0] == '[' || !p->seen.known)
		return NO_WAY;
	*from = q->ehlo;
	*to = q->ehlo = mp_printf(p->j->a, p->seen.ip.family == MP_IPV6 ? "[IPv6:%s]" : "[%s]", p->seen.text);
	return VARIED;
}

static const char *shown_sender(struct plan *p, const char *sender)
{
	return mp_printf(p->j->a, "<%s>", sender);
}

static enum varied null_sender(struct plan *p, struct smtp_question *q, const char **from, const char **to)
{
	if (!*q->mail_from)
		return NO_WAY;
	*from = shown_sender(p, q->mail_from);
	*to = "<>";
	q->mail_from = "";
	return VARIED;
}

static const char *domain_of(const char *address)
{
	const char *at = strrchr(address, '@');

	return at ? at + 1 : "";
}

/* Another domain of ours: the header From's, else that of the EHLO name, if that name is ours. */
static enum varied other_domain(struct plan *p, struct smtp_question *q, const char **from, const char **to)
{
	const char *now = domain_of(q->mail_from), *other = p->j->c->header_from, *org;
	enum varied ours;

	if (!other || !*other || dns_name_eq(domain_of(other), now)) {
		org = q->ehlo[0] == '[' ? NULL : dns_registrable_domain(q->ehlo, DNS_PSL_ALL);
		if (!org || dns_name_eq(org, now) || dns_name_eq(q->ehlo, now))
			return NO_WAY;
		ours = leads_here(p, q->ehlo);
		if (ours != VARIED)
			return ours;
		other = mp_printf(p->j->a, "postmaster@%s", org);
	}
	*from = shown_sender(p, q->mail_from);
	*to = shown_sender(p, other);
	q->mail_from = other;
	return VARIED;
}

static const struct mp_mx *mx_of(const struct plan *p, const char *host)
{
	for (size_t i = 0; i < p->tr->n_mx; i++)
		if (dns_name_eq(p->tr->mx[i].host, host))
			return &p->tr->mx[i];
	return NULL;
}

static enum varied other_source(struct plan *p, struct smtp_question *q, const char **from, const char **to)
{
	const struct mp_case *c = p->j->c;
	char text[MP_IP_TEXT];

	for (size_t i = 0; i < c->n_sources; i++) {
		if (mp_ip_eq(&c->sources[i].address, &q->source) || c->sources[i].address.family != q->source.family)
			continue;
		*from = mp_dup(p->j->a, mp_ip_text(&q->source, text));
		*to = mp_dup(p->j->a, mp_ip_text(&c->sources[i].address, text));
		q->source = c->sources[i].address;
		return VARIED;
	}
	return NO_WAY;
}

/* The other family to the same host: both addresses change, and nothing else. */
static enum varied other_family(struct plan *p, struct smtp_question *q, const char **from, const char **to)
{
	const struct mp_case *c = p->j->c;
	const struct mp_mx *mx = mx_of(p, q->mx);
	char text[MP_IP_TEXT];

	for (size_t i = 0; mx && i < c->n_sources; i++) {
		if (c->sources[i].address.family == q->source.family)
			continue;
		for (size_t k = 0; k < mx->n_addresses; k++) {
			if (mx->addresses[k].family != c->sources[i].address.family)
				continue;
			*from = mp_printf(p->j->a, "IPv%d (%s)", q->source.family, mp_ip_text(&q->source, text));
			*to = mp_printf(p->j->a, "IPv%d (%s)", c->sources[i].address.family,
				mp_ip_text(&c->sources[i].address, text));
			q->source = c->sources[i].address;
			q->address = mx->addresses[k];
			return VARIED;
		}
	}
	return NO_WAY;
}

static enum varied other_mx(struct plan *p, struct smtp_question *q, const char **from, const char **to)
{
	const struct mp_mx *same = NULL;
	const struct mp_ip *same_ip = NULL;

	for (size_t i = 0; i < p->tr->n_mx; i++) {
		const struct mp_mx *mx = &p->tr->mx[i];

		for (size_t k = 0; k < mx->n_addresses; k++) {
			bool this_host = dns_name_eq(mx->host, q->mx);

			if (mx->addresses[k].family != q->address.family || mp_ip_eq(&mx->addresses[k], &q->address))
				continue;
			if (this_host && !same) {
				same = mx; /* a second address of one host: where there is no other host */
				same_ip = &mx->addresses[k];
			}
			if (this_host)
				continue;
			*from = server(p, q->mx, &q->address);
			*to = server(p, mx->host, &mx->addresses[k]);
			q->mx = mx->host;
			q->address = mx->addresses[k];
			return VARIED;
		}
	}
	if (!same)
		return NO_WAY;
	*from = server(p, q->mx, &q->address);
	*to = server(p, same->host, same_ip);
	q->address = *same_ip;
	return VARIED;
}

static enum varied starttls(struct plan *p, struct smtp_question *q, const char **from, const char **to)
{
	if (p->base->tls && q->tls == SMTP_TLS_MAY) {
		*from = "TLS";
		*to = "in the clear";
		q->tls = SMTP_TLS_OFF;
		return VARIED;
	}
	if (!p->base->tls && q->tls == SMTP_TLS_OFF && p->base->starttls_offered &&
		strcmp(q->purpose, "fallback:plain") != 0) {
		*from = "in the clear";
		*to = "TLS";
		q->tls = SMTP_TLS_MAY;
		return VARIED;
	}
	return NO_WAY;
}

/* RFC 5321 4.5.1: the one recipient that every domain has. */
static enum varied postmaster(struct plan *p, struct smtp_question *q, const char **from, const char **to)
{
	const char *domain = domain_of(q->rcpt);

	if (!*domain || mp_str_istarts(mp_str(q->rcpt), "postmaster@"))
		return NO_WAY;
	*from = shown_sender(p, q->rcpt);
	q->rcpt = mp_printf(p->j->a, "postmaster@%s", domain);
	*to = shown_sender(p, q->rcpt);
	return VARIED;
}

/*
 * The experiments in the order of what they are worth: what is likely and cheap to mend first; postmaster last, for many
 * receivers take mail to it from everybody. `since`: the earliest stage that the factor can have decided.
 */
static const struct row {
	enum mp_factor factor;
	enum smtp_stage since;
	enum varied (*vary)(struct plan *p, struct smtp_question *q, const char **from, const char **to);
} rows[] = {
	{MP_VARY_SOURCE, SMTP_AT_BANNER, other_source},
	{MP_VARY_FAMILY, SMTP_AT_BANNER, other_family},
	{MP_VARY_EHLO, SMTP_AT_EHLO, ptr_name},
	{MP_VARY_SENDER, SMTP_AT_MAIL, null_sender},
	{MP_VARY_SENDER, SMTP_AT_MAIL, other_domain},
	{MP_VARY_EHLO, SMTP_AT_EHLO, address_literal},
	{MP_VARY_TLS, SMTP_AT_EHLO_TLS, starttls},
	{MP_VARY_MX, SMTP_AT_BANNER, other_mx},
	{MP_VARY_RCPT, SMTP_AT_RCPT, postmaster},
};

/* ---- the plan */

static bool same_question(const struct smtp_question *a, const struct smtp_question *b)
{
	return mp_ip_eq(&a->address, &b->address) && mp_ip_eq(&a->source, &b->source) && a->port == b->port &&
	       a->tls == b->tls && strcmp(a->mx, b->mx) == 0 && strcmp(a->ehlo, b->ehlo) == 0 &&
	       strcmp(a->mail_from, b->mail_from) == 0 && strcmp(a->rcpt, b->rcpt) == 0;
}

/* Was this session held anyway? The last of such, for a second try says more than the first. */
static int held_already(const struct plan *p, const struct smtp_question *q)
{
	for (size_t i = p->tr->n_sessions; i-- > 0;) {
		const struct smtp_session *se = p->tr->sessions[i];

		/* What ended at RCPT says nothing of a refusal of the message. */
		if (se->outcome == SMTP_ACCEPTED && p->base->stage > SMTP_AT_RCPT && !se->message_id)
			continue;
		if (same_question(&se->q, q) && smtp_decided(se->outcome))
			return (int)i;
	}
	return -1;
}

static struct mp_experiment *add(struct plan *p, enum mp_factor factor, const char *from, const char *to,
	const struct smtp_session *se, size_t index)
{
	struct mp_experiment *e = MP_PUSH(p->j->a, p->list, p->n, p->cap);

	*e = (struct mp_experiment){.factor = factor, .from = from, .to = to, .session = se, .index = index};
	e->told = smtp_decided(se->outcome) && !leave_alone(se, mp_session_cause(p->j, se).cause);
	e->changed = e->told && se->outcome != p->base->outcome;
	return e;
}

/* A session of its own. False: pending. */
static bool hold(struct plan *p, enum mp_factor factor, struct smtp_question q, const char *from, const char *to,
	const struct mp_experiment **out)
{
	const struct smtp_session *se;

	/* What was refused before the message is told apart without one; at most one is accepted in all. */
	if (p->base->stage <= SMTP_AT_RCPT)
		q.message_id = NULL;
	q.purpose = mp_printf(p->j->a, "vary:%s", factors[factor].name);
	q.pause_ms = mp_ip_kind(&q.address) == MP_IP_LOOPBACK ? 0 : MP_DIAGNOSE_PAUSE_MS;
	se = smtp_ask(p->j->ev, &q);
	if (!se)
		return false;
	*out = add(p, factor, from, to, se, p->tr->n_sessions + p->n_held);
	*MP_PUSH(p->j->a, p->held, p->n_held, p->cap_held) = se;
	return true;
}

static bool accepted(const struct mp_experiment *e)
{
	return e->changed && e->session->outcome == SMTP_ACCEPTED;
}

/* A deferral may have passed by itself meanwhile: the first question once more tells. False: pending. */
static bool control(struct plan *p, const struct mp_experiment *e)
{
	const struct mp_experiment *again;

	if (p->base->outcome != SMTP_DEFERRED || e->session->message_id || e->index < p->tr->n_sessions)
		return true;
	return hold(p, MP_VARY_TIME, p->base->q, "at first", "once more, nothing changed", &again);
}

/* What was held for other reasons, compared: no session. True: it tells enough. */
static bool compare(struct plan *p, unsigned wanted)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct smtp_question q = p->base->q;
		const char *from = NULL, *to = NULL;
		int held;

		if (!(wanted & 1U << rows[i].factor) || p->base->stage < rows[i].since ||
			!(rows[i].factor == MP_VARY_SOURCE || rows[i].factor == MP_VARY_FAMILY ||
				rows[i].factor == MP_VARY_MX))
			continue;
		if (rows[i].vary(p, &q, &from, &to) != VARIED)
			continue;
		held = held_already(p, &q);
		if (held >= 0 && accepted(add(p, rows[i].factor, from, to, p->tr->sessions[held], (size_t)held)))
			return true;
	}
	return false;
}

static bool compared(const struct plan *p, enum mp_factor f)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->list[i].factor == f && p->list[i].index < p->tr->n_sessions)
			return true;
	return false;
}

/* Session by session. False: pending. */
static bool experiment(struct plan *p, unsigned wanted, const char **end)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct smtp_question q = p->base->q;
		const struct mp_experiment *e;
		const char *from = NULL, *to = NULL, *why;
		enum varied v;

		if (!(wanted & 1U << rows[i].factor) || p->base->stage < rows[i].since || compared(p, rows[i].factor))
			continue;
		/* The last one is kept for the control. */
		if (p->n_held + (p->base->outcome == SMTP_DEFERRED) >= MP_DIAGNOSE_MAX) {
			*end = mp_printf(p->j->a, "No more than %d further sessions are held.", MP_DIAGNOSE_MAX);
			return true;
		}
		v = rows[i].vary(p, &q, &from, &to);
		if (v == NO_WAY)
			continue;
		if (v == PENDING || !hold(p, rows[i].factor, q, from, to, &e))
			return false;
		if (accepted(e)) {
			*end = "It ended there: the answer had changed.";
			return control(p, e);
		}
		why = leave_alone(e->session, mp_session_cause(p->j, e->session).cause);
		if (why) {
			*end = mp_printf(p->j->a, "It was broken off: %s.", why);
			return true;
		}
	}
	*end = p->n ? "All that could be varied was." : "There is nothing that could be varied.";
	return true;
}

enum mp_judged mp_diagnose(struct mp_judge *j, struct mp_diagnosis *out)
{
	const struct mp_target_result *tr = mp_target_outcome(j, j->target);
	struct plan p = {.j = j, .tr = tr};
	enum smtp_cause cause;
	const char *why;

	memset(out, 0, sizeof(*out));
	out->of = -1;
	if (!tr)
		return MP_PENDING;
	if (tr->decided_by < 0)
		return MP_SETTLED;
	p.base = tr->sessions[tr->decided_by];
	p.source = mp_session_source(j->c, p.base);
	cause = tr->causes[tr->decided_by].cause;
	if ((p.base->outcome != SMTP_REJECTED && p.base->outcome != SMTP_DEFERRED) || p.source < 0)
		return MP_SETTLED;
	if (!mp_seen_as(j, (size_t)p.source, &p.seen))
		return MP_PENDING;
	out->of = tr->decided_by;
	why = leave_alone(p.base, cause);
	if (compare(&p, why ? ALL : factors_for(cause)))
		out->end = "No further session was needed.";
	else if (why)
		out->end = mp_printf(j->a, "No further session was held: %s.", why);
	else if (!experiment(&p, factors_for(cause), &out->end))
		return MP_PENDING;
	out->experiments = p.list;
	out->n = p.n;
	out->sessions = p.held;
	out->n_sessions = p.n_held;
	out->causes = mp_allocn(j->a, p.n_held, sizeof(*out->causes));
	for (size_t i = 0; i < p.n_held; i++)
		out->causes[i] = mp_session_cause(j, p.held[i]);
	return MP_SETTLED;
}

const struct mp_experiment *mp_what_changed(const struct mp_diagnosis *d)
{
	for (size_t i = d->n; i-- > 0;)
		if (accepted(&d->experiments[i]))
			return &d->experiments[i];
	return NULL;
}

bool mp_changed_nothing(const struct mp_diagnosis *d, enum mp_factor f)
{
	bool varied = false;

	for (size_t i = 0; i < d->n; i++) {
		if (d->experiments[i].factor != f)
			continue;
		if (d->experiments[i].changed)
			return false;
		varied = varied || d->experiments[i].told;
	}
	return varied;
}
