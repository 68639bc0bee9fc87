/* probe/dane.c - see probe/dane.h */
#include "probe/dane.h"

/* ---- the look-ups */

static void unknown(struct mp_dane *d, const struct dns_answer *a, const char *name)
{
	d->state = MP_DANE_UNKNOWN;
	d->failed = a;
	d->failed_name = name;
}

static void insecure(struct mp_dane *d, const char *what)
{
	d->state = MP_DANE_INSECURE;
	d->insecure = what;
}

static const char *tlsa_name(struct mp_judge *j, const struct mp_target *t, const char *base)
{
	return mp_printf(j->a, "_%u._tcp.%s", t->port, base);
}

/* The TLSA records at one base domain: true when that settles it. */
static bool settle(struct mp_judge *j, const struct mp_target *t, const char *base, const struct dns_answer *tlsa,
	struct mp_dane *out)
{
	out->base = base;
	out->name = tlsa_name(j, t, base);
	if (!dns_known(tlsa->outcome) && tlsa->outcome != DNS_BADNAME) {
		unknown(out, tlsa, out->name);
		return true;
	}
	if (!tlsa->n_rr) {
		out->state = MP_DANE_NONE;
		return false;
	}
	if (!tlsa->ad) {
		insecure(out, mp_printf(j->a, "the TLSA records of %s", out->name));
		return false;
	}
	out->state = MP_DANE_RECORDS;
	out->rr = tlsa;
	return true;
}

/* The addresses of the host: is one of them secure, and where does its alias lead? False: pending. */
struct addresses {
	bool any, secure;
	const char *expanded; /* end of the CNAME chain of the secure answer, or of any */
	const struct dns_answer *failed;
};

static bool look_at_addresses(struct mp_judge *j, const char *host, struct addresses *out)
{
	static const enum dns_type types[] = {DNS_A, DNS_AAAA};
	bool all = true;

	*out = (struct addresses){0};
	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		const struct dns_answer *a;

		if (!mp_has_family(j->c, types[i] == DNS_A ? MP_IPV4 : MP_IPV6))
			continue;
		a = mp_dns(j, host, types[i]);
		if (!a) {
			all = false;
			continue;
		}
		if (!dns_known(a->outcome))
			out->failed = a;
		if (!a->n_rr)
			continue;
		out->any = true;
		if (a->n_cname && (a->ad || !out->expanded))
			out->expanded = a->cname[a->n_cname - 1];
		out->secure = out->secure || a->ad;
	}
	return all;
}

/*
 * RFC 7672 2.2:
 * 1. The MX record must be secure, for who could change it could name another host.
 * 2. So must the address records. Where they are not, because an alias leads out of the secure zone, the alias itself may
 *    be (2.2.2): then the host's own name counts.
 * 3. The records are those of the name that the alias leads to; where there are none, of the host (2.2.3).
 * The look-ups of 2 and 3 are made at once; what the rules do not allow to be used is not.
 */
bool mp_dane_find(struct mp_judge *j, const struct mp_target *t, const struct dns_answer *mx, const char *host,
	struct mp_dane *out)
{
	const struct dns_answer *own, *alias, *led;
	struct addresses addr;
	bool ready;

	*out = (struct mp_dane){.believed = mp_ad_believed(j->c), .base = host};
	out->name = tlsa_name(j, t, host);
	if (t->kind == MP_TARGET_SERVER && !t->host) {
		out->state = MP_DANE_NO_NAME;
		return true;
	}
	if (mx && !mx->ad) {
		insecure(out, mp_printf(j->a, "the MX record of %s", t->domain));
		return true;
	}
	ready = look_at_addresses(j, host, &addr);
	own = mp_dns(j, out->name, DNS_TLSA);
	if (!ready)
		return false;
	if (!addr.any && addr.failed) {
		unknown(out, addr.failed, host);
		return true;
	}
	if (!addr.secure && addr.expanded) {
		alias = mp_dns(j, host, DNS_CNAME);
		if (!alias || !own)
			return false;
		if (alias->ad && alias->n_rr)
			settle(j, t, host, own, out);
		else
			insecure(out, mp_printf(j->a, "the alias %s", host));
		return true;
	}
	if (!addr.secure) {
		insecure(out, mp_printf(j->a, "the addresses of %s", host));
		return true;
	}
	if (addr.expanded) {
		led = mp_dns(j, tlsa_name(j, t, addr.expanded), DNS_TLSA);
		if (!led || !own)
			return false;
		if (settle(j, t, addr.expanded, led, out))
			return true;
	}
	if (!own)
		return false;
	settle(j, t, host, own, out);
	return true;
}

const struct mp_dane *mp_dane_of(const struct mp_target_result *tr, const struct smtp_session *s)
{
	for (size_t i = 0; i < tr->n_mx && tr->dane; i++)
		if (dns_name_eq(tr->mx[i].host, s->q.mx))
			return &tr->dane[i];
	return NULL;
}

/* ---- sessions held to the records */

void mp_dane_meet(struct mp_judge *j, const struct mp_dane *dane, const struct mp_target *t, const char *host,
	const struct smtp_session *s, struct mp_dane_met *out)
{
	/* RFC 7672 3.2.2: the base domain, the host where that is an alias, and the domain that mail is for. */
	const char *names[3] = {dane->base};
	size_t n_names = 1;

	if (!dns_name_eq(dane->base, host))
		names[n_names++] = host;
	if (t->kind == MP_TARGET_DOMAIN && !dns_name_eq(t->domain, host))
		names[n_names++] = t->domain;
	memset(out, 0, sizeof(*out));
	out->by = -1;
	for (size_t i = 0; i < dane->rr->n_rr && i < DNS_TLSA_MAX; i++) {
		const struct dns_rr *rr = &dane->rr->rr[i];
		struct mp_dane_fit *f = &out->fit[out->n++];
		const struct smtp_tlsa r = {
			rr->tlsa.usage, rr->tlsa.selector, rr->tlsa.matching, rr->tlsa.p, rr->tlsa.n};

		f->fault = dns_tlsa_fault(j->a, rr);
		f->passed_over = !f->fault && dns_tlsa_passed_over(dane->rr, i);
		if (f->fault)
			continue;
		f->fit = smtp_dane_try(j->a, s->tls, &r, names, n_names, j->c->started_ms, &f->why);
		if (f->fit == SMTP_DANE_UNUSABLE) {
			f->fault = f->why;
			continue;
		}
		out->n_usable++;
		out->no_chain = out->no_chain || (s->tls && f->fit == SMTP_DANE_NO_CHAIN);
		/* The server's own certificate first: it needs neither name nor time. */
		if (f->fit == SMTP_DANE_MATCHES && !f->passed_over && (out->by < 0 || rr->tlsa.usage == 3))
			out->by = (int)i;
	}
}

/* ---- in the report */

static const char *const states[] = {
	[MP_DANE_NO_NAME] = "no-name",
	[MP_DANE_INSECURE] = "insecure",
	[MP_DANE_NONE] = "none",
	[MP_DANE_RECORDS] = "secure",
	[MP_DANE_UNKNOWN] = "unknown",
};

/* What DANE amounts to for the domain: as good as for the worst of its hosts that has it. */
static const char *overall(const struct mp_target_result *tr)
{
	size_t n[ARRAY_LEN(states)] = {0};

	for (size_t i = 0; i < tr->n_mx; i++)
		n[tr->dane[i].state]++;
	if (n[MP_DANE_UNKNOWN])
		return "unknown";
	if (n[MP_DANE_RECORDS])
		return n[MP_DANE_RECORDS] == tr->n_mx ? "secure" : "partial";
	return n[MP_DANE_NONE] ? "none" : n[MP_DANE_INSECURE] ? "insecure" : "no-name";
}

json_t *mp_dane_json(const struct mp_target_result *tr)
{
	struct mp_arena *a;
	json_t *j, *hosts;

	if (!tr->dane || !tr->n_mx)
		return json_null();
	a = mp_arena_new();
	j = json_object();
	hosts = json_array();
	mp_jset_str(j, "status", overall(tr));
	mp_jset_bool(j, "believed", tr->dane[0].believed);
	for (size_t i = 0; i < tr->n_mx; i++) {
		const struct mp_dane *d = &tr->dane[i];
		json_t *h = json_object(), *records = json_array();

		mp_jset_str(h, "host", tr->mx[i].host);
		mp_jset_str(h, "status", states[d->state]);
		mp_jset_str(h, "name", d->state == MP_DANE_NO_NAME ? NULL : d->name);
		for (size_t k = 0; d->rr && k < d->rr->n_rr && k < DNS_TLSA_MAX; k++)
			mp_jpush(records, mp_j(dns_tlsa_text(a, &d->rr->rr[k])));
		mp_jset(h, "records", records);
		mp_jset_str(h, "insecure", d->insecure);
		mp_jpush(hosts, h);
	}
	mp_jset(j, "hosts", hosts);
	mp_arena_free(a);
	return j;
}
