/*
 * probe/checks/arrived.c - the message that was sent, as its mailbox has it: verified as any received message is, and what
 * its receiver saw of SPF, DKIM and DMARC beside what this report predicts
 */
#include "base/text.h"
#include "dns/spf.h"
#include "probe/checks/checks.h"
#include "probe/mailbox.h"
#include "probe/message.h"
#include "probe/run.h"

/* The judges of a received message, asked about what was found. Nothing that is known of the sender is put into them. */
static void as_received(struct mp_judge *j, const struct smtp_mail *mail, struct mp_judge *sub)
{
	struct mp_case *c = mp_alloc(j->a, sizeof(*c));

	*c = *j->c;
	c->command = "message";
	c->mail = mail;
	c->n_sources = 0;
	c->ehlo = c->mail_from = NULL;
	*sub = *j;
	sub->c = c;
	sub->results = NULL;
	sub->n_results = sub->cap_results = 0;
}

/* What was found of this target's message; NULL: nothing. */
static const struct mp_mailbox_answer *found_of(const struct mp_target_result *tr)
{
	return tr->placement && tr->placement->outcome == MP_MAILBOX_FOUND && tr->placement->n_header ? tr->placement
												      : NULL;
}

static const char *subject_of(struct mp_judge *j)
{
	return j->c->targets[j->target].mailbox;
}

/* ---- message.arrived */

static const struct mp_check *const parts[] = {
	&mp_check_message_dkim,
	&mp_check_message_arc,
	&mp_check_message_spf,
	&mp_check_message_dmarc,
	&mp_check_message_headers,
	&mp_check_message_format,
	&mp_check_message_unsubscribe,
	&mp_check_message_transport,
	&mp_check_message_receiver,
};

/* Which faults of it are the sender's to mend here; SPF, DMARC and the receiver's word have checks of their own. */
static bool counts(const struct mp_result *r)
{
	return r->check != &mp_check_message_arc && r->check != &mp_check_message_spf &&
	       r->check != &mp_check_message_dmarc && r->check != &mp_check_message_transport &&
	       r->check != &mp_check_message_receiver;
}

static bool unsigned_by_us(struct mp_judge *j)
{
	const struct mp_message *m = j->c->targets[j->target].message;

	return !m || !m->n_signatures;
}

/* A result of the receiver's for a method, or NULL; `domain`: what it is about, where that has to be told apart. */
static const struct smtp_authres_result *said_of(
	const struct mp_said *s, const char *method, const char *domain, const char *selector)
{
	const struct smtp_authres_result *best = NULL;

	for (size_t i = 0; i < s->n_results; i++)
		for (size_t k = 0; s->results[i].believed && k < s->results[i].said.n; k++) {
			const struct smtp_authres_result *r = &s->results[i].said.result[k];
			const char *d = smtp_authres_value(r, "header.d"), *sel = smtp_authres_value(r, "header.s");
			const char *at = smtp_authres_value(r, "header.i");

			if (strcmp(r->method, method) != 0)
				continue;
			if (domain && !d && at && strchr(at, '@'))
				d = strchr(at, '@') + 1;
			if (domain && d && !dns_name_eq(d, domain))
				continue;
			if (selector && sel && !mp_ieq(sel, selector))
				continue;
			if (!best || (selector && sel))
				best = r;
		}
	return best;
}

static json_t *part_json(const struct mp_result *r)
{
	json_t *o = json_object();

	mp_jset_str(o, "id", r->check->id);
	mp_jset_str(o, "subject", r->subject);
	mp_jset_str(o, "status", mp_status_name(r->status));
	mp_jset_str(o, "summary", r->summary);
	mp_jset_str(o, "detail", r->detail);
	mp_jset(o, "values", json_deep_copy(r->values));
	return o;
}

static const char *about_signature(struct mp_judge *j, const json_t *signature)
{
	const char *domain = mp_jget_str(signature, "domain", NULL),
		   *selector = mp_jget_str(signature, "selector", NULL);

	return domain && selector ? dns_dkim_key_name(j->a, selector, domain) : NULL;
}

static void report_arrived(struct mp_judge *j, const struct mp_judge *sub, const struct mp_said *said, bool whole)
{
	const struct mp_result *fault = NULL, *way = NULL;
	const struct smtp_authres_result *dkim = said_of(said, "dkim", j->c->domain, NULL);
	struct mp_buf more = MP_BUF(16000);
	json_t *list = json_array();
	size_t n_good = 0;
	struct mp_result *r;
	const char *changed;
	bool afterwards;

	for (size_t i = 0; i < sub->n_results; i++) {
		const struct mp_result *p = &sub->results[i];
		bool dkim_part = p->check == &mp_check_message_dkim;

		mp_jpush(list, part_json(p));
		n_good += dkim_part && p->status == MP_PASS;
		if (p->check == &mp_check_message_transport)
			way = p;
		if (dkim_part && unsigned_by_us(j))
			continue;
		if (counts(p) && (p->status == MP_FAIL || p->status == MP_WARN)) {
			fault = fault && fault->status <= p->status ? fault : p;
			mp_buf_addf(&more, "%s%s%s%s", more.n ? "\n" : "", p->summary, p->detail ? " " : "",
				p->detail ? p->detail : "");
		}
	}
	afterwards = fault && fault->check == &mp_check_message_dkim && dkim && strcmp(dkim->result, "pass") == 0;
	if (way && way->status != MP_SKIP)
		mp_buf_addf(&more, "%s%s %s", more.n ? "\n" : "", way->summary, way->detail ? way->detail : "");
	if (!whole && !unsigned_by_us(j)) {
		r = mp_report(j, subject_of(j), MP_SKIP,
			"Whether the message arrived as it was signed is not to be seen of its header alone, without the "
			"names that it was signed with (a redacted report).");
	} else if (afterwards) {
		r = mp_report(j, subject_of(j), MP_INFO,
			"The message changed after its receiver had verified it: a signature was good then, and is not any more.");
	} else if (fault) {
		changed = mp_jget_str(mp_jget(fault->values, "signature"), "changed", NULL);
		r = mp_report(j, subject_of(j), MP_WARN,
			changed ? "The message did not arrive as it was signed: %s"
				: "The message did not arrive as it should: %s",
			changed ? changed : fault->summary);
		mp_fix(j, r, "%s", fault->fix ? fault->fix : "Look at what the message checks say of it.");
	} else {
		r = mp_report(j, subject_of(j), MP_PASS, "The message arrived as it was sent%s.",
			!whole        ? ", as far as its header tells"
			: n_good == 1 ? "; its signature is good"
			: n_good      ? mp_printf(j->a, "; its %zu signatures are good", n_good)
				      : "; it bears no signature");
	}
	if (more.n)
		mp_detail(j, r, "%s", mp_buf_cstr(&more));
	mp_buf_release(&more);
	mp_jset_str(r->values, "mailbox", subject_of(j));
	if (fault && fault->check == &mp_check_message_dkim)
		mp_jset_str(r->values, "about", about_signature(j, mp_jget(fault->values, "signature")));
	mp_jset(r->values, "message", list);
}

static enum mp_judged judge_arrived(struct mp_judge *j)
{
	const struct mp_target_result *tr;
	const struct mp_mailbox_answer *ans;
	struct mp_judge sub;
	struct mp_said said;
	bool pending = false;

	if (!subject_of(j))
		return MP_SETTLED;
	tr = mp_target_outcome(j, j->target);
	if (!tr)
		return MP_PENDING;
	ans = found_of(tr);
	if (!ans) {
		mp_report(j, subject_of(j), MP_SKIP, "No message was found that could be verified.");
		return MP_SETTLED;
	}
	as_received(j, mp_mailbox_header(j->a, ans), &sub);
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		if (!ans->mail && parts[i] != &mp_check_message_transport && parts[i] != &mp_check_message_receiver)
			continue; /* words of a header alone: what is signed is not known */
		sub.check = parts[i];
		pending = parts[i]->judge(&sub) == MP_PENDING || pending;
	}
	if (pending)
		return MP_PENDING;
	mp_message_said(&sub, &said);
	report_arrived(j, &sub, &said, ans->mail);
	return MP_SETTLED;
}

const struct mp_check mp_check_message_arrived = {
	.id = "message.arrived",
	.title = "The message that was sent arrived as it was signed",
	.ref = "RFC 6376 6.1",
	.per = MP_PER_TARGET,
	.in = MP_IN_PROBE,
	.judge = judge_arrived,
};

/* ---- message.seen_*: what the receiver saw beside what this report predicts */

struct beside {
	const char *subject;   /* "seed: SPF of example.com" */
	const char *about;     /* the record or key */
	const char *method;    /* "SPF" */
	const char *predicted; /* RFC 8601 results; NULL: nothing could be predicted */
	const char *seen;      /* NULL: the receiver noted none */
	const char *why;       /* a sentence about the difference; NULL: none is known */
	const char *fix;
	bool shown; /* another check shows what the difference comes of */
};

static bool is_pass(const char *result)
{
	return result && strcmp(result, "pass") == 0;
}

static void report_beside(struct mp_judge *j, const struct beside *b)
{
	struct mp_result *r;

	if (!b->seen) {
		r = mp_report(j, b->subject, MP_SKIP, "The receiver noted no result of %s; we predict %s.", b->method,
			b->predicted ? b->predicted : "nothing");
	} else if (!b->predicted) {
		r = mp_report(j, b->subject, MP_INFO, "The receiver saw %s %s; this run could predict nothing.",
			b->method, b->seen);
	} else if (strcmp(b->predicted, b->seen) == 0) {
		r = mp_report(j, b->subject, MP_PASS, "The receiver saw %s %s, as predicted.", b->method, b->seen);
	} else if (is_pass(b->predicted) && strcmp(b->seen, "temperror") != 0 && !b->shown) {
		r = mp_report(j, b->subject, MP_WARN, "We predicted %s %s; the receiver saw %s.", b->method,
			b->predicted, b->seen);
		mp_fix(j, r, "%s", b->fix);
	} else {
		r = mp_report(j, b->subject, MP_INFO, "We predicted %s %s; the receiver saw %s.", b->method,
			b->predicted, b->seen);
	}
	if (b->why)
		mp_detail(j, r, "%s", b->why);
	mp_jset_str(r->values, "mailbox", subject_of(j));
	mp_jset_str(r->values, "about", b->about);
	mp_jset_str(r->values, "method", b->method);
	mp_jset_str(r->values, "predicted", b->predicted);
	mp_jset_str(r->values, "seen", b->seen);
}

/* What the judges of seen_* look at. */
struct looked {
	const struct mp_mailbox_answer *ans;
	struct mp_judge sub;
	struct mp_said said;
	const struct smtp_session *session; /* in which the message was taken */
	int source;                         /* -1: none of the case's */
};

/* False: the caller returns `*ret`. */
static bool look(struct mp_judge *j, struct looked *l, enum mp_judged *ret)
{
	const struct mp_target_result *tr = subject_of(j) ? mp_target_outcome(j, j->target) : NULL;

	memset(l, 0, sizeof(*l));
	*ret = !subject_of(j) || tr ? MP_SETTLED : MP_PENDING;
	l->ans = tr ? found_of(tr) : NULL;
	if (!l->ans)
		return false;
	as_received(j, mp_mailbox_header(j->a, l->ans), &l->sub);
	mp_message_said(&l->sub, &l->said);
	for (size_t i = 0; i < tr->n_sessions; i++)
		if (tr->sessions[i]->message_id)
			l->session = tr->sessions[i];
	l->source = l->session ? mp_session_source(j->c, l->session) : -1;
	return true;
}

/* The address that the receiver says the message came from, or NULL. */
static const char *client_seen(struct mp_judge *j, struct looked *l)
{
	struct mp_envelope e;
	char text[MP_IP_TEXT];

	mp_message_envelope(&l->sub, &e);
	return e.ip.family == MP_IPNONE ? NULL : mp_dup(j->a, mp_ip_text(&e.ip, text));
}

static enum mp_judged judge_seen_spf(struct mp_judge *j)
{
	const char *at = j->c->mail_from ? strrchr(j->c->mail_from, '@') : NULL, *client;
	const char *domain = at ? at + 1 : j->c->ehlo;
	const struct smtp_authres_result *said;
	struct beside b = {.method = "SPF"};
	enum mp_judged ret;
	struct mp_seen seen = {.text = NULL};
	struct mp_spf spf;
	struct looked l;

	if (!look(j, &l, &ret))
		return ret;
	said = said_of(&l.said, "spf", NULL, NULL);
	b.about = domain ? domain : "the sender";
	b.subject = mp_printf(j->a, "%s: SPF of %s", subject_of(j), b.about);
	b.seen = said ? said->result : NULL;
	if (l.source >= 0) {
		if (!mp_spf_of_source(j, (size_t)l.source, &spf) || !mp_seen_as(j, (size_t)l.source, &seen))
			return MP_PENDING;
		b.predicted = spf_result_name(spf.result);
	}
	client = client_seen(j, &l);
	b.fix = mp_printf(j->a,
		"Compare the record of %s that the receiver's name servers see with ours (\"mailprobe spf\"); after a change wait "
		"until the old record's TTL is over, then send again.",
		domain ? domain : "the domain");
	if (b.seen && b.predicted && strcmp(b.seen, b.predicted) != 0) {
		if (client && seen.text && strcmp(client, seen.text) != 0) {
			b.why = mp_printf(j->a,
				"The receiver saw the message come from %s, and we predict for %s (%s): NAT or a relay on the "
				"way sends from another address than was thought.",
				client, seen.text, seen.how);
			b.fix = mp_printf(j->a,
				"Put %s into the SPF record of %s (whoever runs its DNS), or have the host send from %s; "
				"--public-ip %s makes all checks look at the address that receivers see.",
				client, domain ? domain : "the domain", seen.text, client);
		} else {
			b.why = mp_printf(j->a,
				"Both are about %s: the receiver may still have an old record in its cache, or looked up "
				"another name%s%s.",
				client ? client : "the same address", said->reason ? "; it says: " : "",
				said->reason ? said->reason : "");
		}
	}
	report_beside(j, &b);
	return MP_SETTLED;
}

const struct mp_check mp_check_message_seen_spf = {
	.id = "message.seen_spf",
	.title = "The receiver saw of SPF what we predict",
	.ref = "RFC 8601 2.7.2",
	.per = MP_PER_TARGET,
	.in = MP_IN_PROBE,
	.judge = judge_seen_spf,
};

/* One of our signatures. False: pending. */
static bool one_signature(
	struct mp_judge *j, struct looked *l, const struct mp_signature *sig, const struct mp_selector *s)
{
	const struct smtp_authres_result *said = said_of(&l->said, "dkim", s->domain, s->selector);
	struct beside b = {.method = "DKIM"};
	enum mp_verifies v = mp_dkim_verifies(j, s);

	if (v == MP_VERIFIES_PENDING)
		return false;
	b.about = dns_dkim_key_name(j->a, s->selector, s->domain);
	b.subject = mp_printf(j->a, "%s: %s", subject_of(j), b.about);
	b.predicted = v == MP_VERIFIES_YES ? "pass" : v == MP_VERIFIES_NO ? "fail" : NULL;
	b.seen = said ? said->result : NULL;
	b.fix = mp_printf(j->a,
		"Have whatever touches the message behind the signer leave it as it is; \"mailprobe dkim %s %s\" says "
		"whether the key is right.",
		s->selector, s->domain);
	b.shown = sig && !mp_signature_passes(sig); /* message.arrived */
	if (b.seen && b.predicted && strcmp(b.seen, b.predicted) != 0) {
		if (sig && l->ans->mail && mp_signature_passes(sig))
			b.why = mp_printf(j->a,
				"The signature is good on the message as it arrived, with the key that the DNS has now: the "
				"receiver had no key, or an older one%s%s.",
				said->reason ? "; it says: " : "", said->reason ? said->reason : "");
		else if (sig && sig->changed)
			b.why = sig->changed;
		else if (said->reason)
			b.why = mp_printf(j->a, "It says: %s.", said->reason);
	}
	report_beside(j, &b);
	return true;
}

static enum mp_judged judge_seen_dkim(struct mp_judge *j)
{
	struct mp_signature *list = NULL;
	enum mp_judged ret;
	struct looked l;
	size_t n = 0;
	bool pending = false;

	if (!look(j, &l, &ret))
		return ret;
	if (l.ans->mail && !mp_message_signatures(&l.sub, true, &list, &n))
		pending = true;
	for (size_t i = 0; i < j->c->n_selectors && !unsigned_by_us(j); i++) {
		const struct mp_selector *s = &j->c->selectors[i];
		const struct mp_signature *ours = NULL;

		if (!s->public_key)
			continue; /* nothing is signed with it here */
		for (size_t k = 0; k < n; k++)
			if (list[k].sig.domain && list[k].sig.selector && dns_name_eq(list[k].sig.domain, s->domain) &&
				mp_ieq(list[k].sig.selector, s->selector))
				ours = &list[k];
		pending = !one_signature(j, &l, ours, s) || pending;
	}
	if (pending)
		j->n_results = 0;
	return pending ? MP_PENDING : MP_SETTLED;
}

const struct mp_check mp_check_message_seen_dkim = {
	.id = "message.seen_dkim",
	.title = "The receiver saw of our signatures what we predict",
	.ref = "RFC 8601 2.7.1",
	.per = MP_PER_TARGET,
	.in = MP_IN_PROBE,
	.judge = judge_seen_dkim,
};

/* Is it of SPF or DKIM in that mailbox, and not as predicted? */
static bool seen_otherwise(const struct mp_result *r, const char *mailbox)
{
	const char *seen = mp_jget_str(r->values, "seen", NULL), *predicted = mp_jget_str(r->values, "predicted", NULL);

	return (r->check == &mp_check_message_seen_spf || r->check == &mp_check_message_seen_dkim) && seen &&
	       predicted && strcmp(seen, predicted) != 0 && strcmp(mp_jget_str(r->values, "mailbox", ""), mailbox) == 0;
}

static enum mp_judged judge_seen_dmarc(struct mp_judge *j)
{
	const char *otherwise = NULL;
	const struct smtp_authres_result *said;
	struct beside b = {.method = "DMARC"};
	enum mp_judged ret;
	struct looked l;

	if (!look(j, &l, &ret))
		return ret;
	said = said_of(&l.said, "dmarc", NULL, NULL);
	b.about = j->c->domain;
	b.subject = mp_printf(j->a, "%s: DMARC of %s", subject_of(j), b.about);
	b.seen = said ? said->result : NULL;
	for (size_t i = 0; i < mp_run_n_results(j->run); i++) {
		const struct mp_result *r = mp_run_result(j->run, i);

		if (strcmp(r->check->id, "dmarc.alignment") == 0)
			b.predicted = mp_jget_str(r->values, "result", NULL);
		if (seen_otherwise(r, subject_of(j)))
			otherwise = mp_printf(j->a, "%s%s%s", otherwise ? otherwise : "", otherwise ? " and " : "",
				mp_jget_str(r->values, "method", ""));
	}
	b.shown = otherwise;
	if (b.seen && b.predicted && strcmp(b.seen, b.predicted) != 0)
		b.why = otherwise
				? mp_printf(j->a, "That follows from %s, as the receiver saw it.", otherwise)
				: "SPF and DKIM are as predicted, so the receiver found another DMARC record, or another "
				  "domain to align with.";
	b.fix = mp_printf(j->a,
		"Compare the record at _dmarc.%s that the receiver's name servers see with ours "
		"(\"mailprobe dmarc %s\").",
		j->c->domain, j->c->domain);
	report_beside(j, &b);
	return MP_SETTLED;
}

const struct mp_check mp_check_message_seen_dmarc = {
	.id = "message.seen_dmarc",
	.title = "The receiver saw of DMARC what we predict",
	.ref = "RFC 8601 2.7.3",
	.per = MP_PER_TARGET,
	.in = MP_IN_PROBE,
	.after = true,
	.judge = judge_seen_dmarc,
};
