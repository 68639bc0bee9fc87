/* probe/judge.c - what every judge uses: see probe/check.h */
#include "probe/check.h"
#include "base/text.h"
#include "probe/run.h"

static const char *const status_names[] = {
	[MP_PASS] = "pass",
	[MP_WARN] = "warn",
	[MP_FAIL] = "fail",
	[MP_INFO] = "info",
	[MP_SKIP] = "skip",
	[MP_ERROR] = "error",
};

const char *mp_status_name(enum mp_status s)
{
	return status_names[s];
}

bool mp_resolver_believed(const struct mp_case *c, const char *resolver)
{
	struct mp_ip ip;
	uint16_t port;

	return c->trust_ad || (dns_server_parse(resolver, &ip, &port) && mp_ip_kind(&ip) == MP_IP_LOOPBACK);
}

bool mp_ad_believed(const struct mp_case *c)
{
	for (size_t i = 0; i < c->n_resolvers; i++)
		if (!mp_resolver_believed(c, c->resolvers[i]))
			return false;
	return true;
}

const struct mp_check *mp_check_by_id(const char *id)
{
	for (size_t i = 0; i < mp_n_checks; i++)
		if (strcmp(mp_checks[i]->id, id) == 0)
			return mp_checks[i];
	return NULL;
}

struct mp_result *mp_report(struct mp_judge *j, const char *subject, enum mp_status status, const char *summary, ...)
{
	struct mp_result *r = MP_PUSH(j->a, j->results, j->n_results, j->cap_results);
	va_list ap;

	memset(r, 0, sizeof(*r));
	r->check = j->check;
	r->subject = mp_dup(j->a, subject);
	r->status = status;
	va_start(ap, summary);
	r->summary = mp_vprintf(j->a, summary, ap);
	va_end(ap);
	r->values = json_object();
	mp_jpush(j->keep, r->values);
	if (j->check->per == MP_PER_SOURCE) {
		char text[MP_IP_TEXT];

		mp_jset_str(r->values, "ip", mp_ip_text(&j->c->sources[j->source].address, text));
	}
	return r;
}

void mp_detail(struct mp_judge *j, struct mp_result *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	r->detail = mp_vprintf(j->a, fmt, ap);
	va_end(ap);
}

void mp_fix(struct mp_judge *j, struct mp_result *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	r->fix = mp_vprintf(j->a, fmt, ap);
	va_end(ap);
	r->n_steps = 0;
	*MP_PUSH(j->a, r->steps, r->n_steps, r->cap_steps) = r->fix;
}

void mp_fix_next(struct mp_judge *j, struct mp_result *r, const char *step)
{
	if (r->fix)
		r->fix = mp_printf(j->a, "%s %s", r->fix, step);
	else
		r->fix = step;
	*MP_PUSH(j->a, r->steps, r->n_steps, r->cap_steps) = step;
}

struct mp_result *mp_cannot_tell(struct mp_judge *j, const char *subject, const char *what, const struct dns_answer *a)
{
	struct mp_result *r = mp_report(j, subject, MP_ERROR, "Could not be determined: the look-up of %s failed (%s).",
		what, dns_outcome_words(a->outcome));

	if (a->detail)
		mp_detail(j, r, "%s", a->detail);
	mp_jset_str(r->values, "dns", dns_outcome_name(a->outcome));
	return r;
}

const struct mp_target_result *mp_target_outcome(struct mp_judge *j, size_t target)
{
	return mp_run_target(j->run, target);
}

/* True when a session from this source went to an address of the Internet: there a private address is not what is seen. */
static bool went_outside(const struct mp_target_result *t, const struct mp_ip *source)
{
	for (size_t i = 0; i < t->n_sessions; i++)
		if (mp_ip_eq(&t->sessions[i]->q.source, source) &&
			mp_ip_kind(&t->sessions[i]->q.address) == MP_IP_GLOBAL)
			return true;
	return false;
}

bool mp_seen_as(struct mp_judge *j, size_t source, struct mp_seen *out)
{
	const struct mp_source *s = &j->c->sources[source];
	enum mp_ip_kind kind = mp_ip_kind(&s->address);
	char text[MP_IP_TEXT];
	bool outside = false, named = false;

	out->known = true;
	out->ip = s->address;
	out->how = "the address itself";
	if (s->public_ip.family != MP_IPNONE) {
		out->ip = s->public_ip;
		out->how = "--public-ip";
	} else if (kind != MP_IP_GLOBAL) {
		for (size_t t = 0; t < j->c->n_targets; t++) {
			const struct mp_target_result *tr = mp_target_outcome(j, t);

			if (!tr)
				return false;
			outside = outside || went_outside(tr, &s->address);
			for (size_t i = 0; i < tr->n_sessions && !named; i++) {
				const struct smtp_session *se = tr->sessions[i];
				struct mp_ip ip;

				if (!mp_ip_eq(&se->q.source, &s->address) || !se->seen_as ||
					!mp_ip_parse(mp_str(se->seen_as), &ip))
					continue;
				named = true;
				out->ip = ip;
				out->how = mp_printf(j->a, "named by %s in its reply", se->q.mx);
			}
		}
		/* A private address that nobody translated for us: right among private hosts, meaningless outside. */
		if (!named && (outside || (kind == MP_IP_PRIVATE && !j->c->n_targets && !j->c->arg)))
			out->known = false;
	}
	out->text = mp_dup(j->a, mp_ip_text(&out->ip, text));
	return true;
}

bool mp_source_subject(struct mp_judge *j, struct mp_seen *out, enum mp_judged *ret)
{
	struct mp_result *r;

	*ret = MP_PENDING;
	if (!mp_seen_as(j, j->source, out))
		return false;
	if (out->known)
		return true;
	r = mp_report(j, out->text, MP_ERROR,
		"%s is a private address, and what receivers see instead of it is not known.", out->text);
	mp_fix(j, r, "Give the address that receivers see: --public-ip ADDRESS.");
	*ret = MP_SETTLED;
	return false;
}
