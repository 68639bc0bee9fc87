/* probe/checks/resolver.c - whether the resolvers can be believed: resolver.health */
#include "dns/reverse.h"
#include "probe/checks/checks.h"

enum { MAX_RESOLVERS = 8 };

enum asked {
	OWN_NAME,    /* A of the EHLO name */
	OWN_ADDRESS, /* PTR of the first source */
	NOBODY,      /* A of a name that nobody has */
	ROOT,        /* SOA of the root, whose AD bit tells whether it validates */
	N_ASKED,
};

struct resolver {
	const char *text;
	const struct dns_answer *answer[N_ASKED]; /* NULL: not asked */
	bool differs;
};

struct questions {
	const char *name[N_ASKED]; /* NULL: not to be asked */
	enum dns_type type[N_ASKED];
	bool pending;
};

static void plan(struct mp_judge *j, struct questions *q)
{
	struct mp_ehlo e;
	struct mp_seen seen;
	char text[MP_IP_REVERSE];

	*q = (struct questions){.type = {DNS_A, DNS_PTR, DNS_A, DNS_SOA}};
	mp_ehlo_read(j->a, j->c->ehlo, &e);
	if (e.kind == MP_EHLO_NAME && e.fault.in_dns)
		q->name[OWN_NAME] = j->c->ehlo;
	if (j->c->n_sources) {
		if (!mp_seen_as(j, 0, &seen))
			q->pending = true;
		else if (seen.known)
			q->name[OWN_ADDRESS] = mp_dup(j->a, mp_ip_reverse(&seen.ip, text));
	}
	q->name[NOBODY] = mp_printf(j->a, "%s.com", j->c->nonce);
	q->name[ROOT] = ".";
}

/* With one resolver its answers are those of the run, which other checks ask for anyway. */
static const struct dns_answer *ask(struct mp_judge *j, const char *resolver, const char *name, enum dns_type type)
{
	if (j->c->n_resolvers == 1)
		return mp_dns(j, name, type);
	return dns_ask_server(j->ev, resolver, name, type, true);
}

static bool same_answer(struct mp_judge *j, const struct dns_answer *x, const struct dns_answer *y, enum asked what)
{
	struct dns_names nx, ny;

	if (what == OWN_ADDRESS) {
		nx = dns_names_of(j->a, x);
		ny = dns_names_of(j->a, y);
		return dns_names_eq(&nx, &ny);
	}
	for (size_t i = 0; i < x->n_rr; i++)
		if (!dns_answer_has(y, &x->rr[i].ip))
			return false;
	for (size_t i = 0; i < y->n_rr; i++)
		if (!dns_answer_has(x, &y->rr[i].ip))
			return false;
	return true;
}

/* Those that do not say what more than half of them say. Where there is no such half, all that contradict another. */
static void compare(struct mp_judge *j, struct resolver *list, size_t n, enum asked what)
{
	size_t speaking = 0;

	for (size_t i = 0; i < n; i++)
		speaking += list[i].answer[what] && dns_known(list[i].answer[what]->outcome);
	for (size_t i = 0; i < n; i++) {
		size_t like = 0;

		if (!list[i].answer[what] || !dns_known(list[i].answer[what]->outcome))
			continue;
		for (size_t k = 0; k < n; k++)
			like += list[k].answer[what] && dns_known(list[k].answer[what]->outcome) &&
				same_answer(j, list[i].answer[what], list[k].answer[what], what);
		if (like < speaking && 2 * like <= speaking)
			list[i].differs = true;
	}
}

static const char *answer_words(struct mp_judge *j, const struct dns_answer *a, enum asked what)
{
	struct dns_names names;

	if (a->outcome != DNS_ANSWERED)
		return dns_outcome_words(a->outcome);
	if (what == OWN_NAME)
		return mp_address_list(j->a, a);
	names = dns_names_of(j->a, a);
	return mp_list(j->a, names.name, names.n);
}

/* What it makes of our own names, as a sentence; "" when it was not asked. */
static const char *own_names(struct mp_judge *j, const struct resolver *r)
{
	const struct dns_answer *name = r->answer[OWN_NAME], *address = r->answer[OWN_ADDRESS];

	if (!name && !address)
		return "";
	return mp_printf(j->a, "%s%s%s%s%s.", name ? "The EHLO name: " : "",
		name ? answer_words(j, name, OWN_NAME) : "", name && address ? ". " : "",
		address ? "The PTR of the sending address: " : "",
		address ? answer_words(j, address, OWN_ADDRESS) : "");
}

enum validates { NOT_KNOWN, VALIDATES, DOES_NOT };

static enum validates does_validate(struct mp_judge *j, const struct resolver *r)
{
	const struct dns_answer *root = r->answer[ROOT];

	if (!dns_known(root->outcome))
		return NOT_KNOWN;
	if (!root->ad)
		return DOES_NOT;
	return mp_resolver_believed(j->c, r->text) ? VALIDATES : NOT_KNOWN;
}

static const struct dns_answer *first_answer(const struct resolver *r)
{
	for (size_t i = 0; i < N_ASKED; i++)
		if (r->answer[i])
			return r->answer[i];
	return NULL;
}

static void report_one(struct mp_judge *j, const struct resolver *v, const struct questions *q)
{
	static const char *const dnssec[] = {
		[NOT_KNOWN] = "whether it validates DNSSEC is not known",
		[VALIDATES] = "it validates DNSSEC",
		[DOES_NOT] = "it does not validate DNSSEC",
	};
	enum validates validates = does_validate(j, v);
	bool answers = false, rewrites = v->answer[NOBODY]->outcome == DNS_ANSWERED;
	struct mp_result *r;

	for (size_t i = 0; i < N_ASKED; i++)
		answers = answers || (v->answer[i] && dns_known(v->answer[i]->outcome));
	if (!answers) {
		r = mp_cannot_tell(
			j, v->text, mp_printf(j->a, "every name asked of the resolver %s", v->text), first_answer(v));
		mp_fix(j, r, "Name a resolver that answers with --resolver, or repair this one (/etc/resolv.conf).");
		return;
	}
	if (rewrites) {
		r = mp_report(j, v->text, MP_WARN,
			"The resolver %s rewrites NXDOMAIN: %s, which nobody has, is %s there.", v->text,
			q->name[NOBODY], mp_address_list(j->a, v->answer[NOBODY]));
		mp_detail(j, r,
			"Names that do not exist seem to exist with it: a missing record then passes for a wrong one.");
		mp_fix(j, r,
			"Use a resolver that does not rewrite NXDOMAIN: one of your own on this host (unbound, and nameserver "
			"127.0.0.1 in /etc/resolv.conf), or another with --resolver.");
	} else if (v->differs) {
		r = mp_report(j, v->text, MP_WARN,
			"The resolver %s says something else of this host's names than the others.", v->text);
		mp_detail(j, r, "%s", own_names(j, v));
		mp_fix(j, r,
			"Find out which is right by asking the zone's own servers (dig +trace), then take the other resolver out of "
			"/etc/resolv.conf, or wait until its old answer has expired.");
	} else {
		r = mp_report(j, v->text, MP_PASS, "The resolver %s answers; %s.", v->text, dnssec[validates]);
		if (own_names(j, v)[0])
			mp_detail(j, r, "%s", own_names(j, v));
	}
	mp_jset(r->values, "validates", validates == NOT_KNOWN ? json_null() : json_boolean(validates == VALIDATES));
	mp_jset_bool(r->values, "rewrites_nxdomain", rewrites);
	mp_jset_bool(r->values, "differs", v->differs);
}

static enum mp_judged judge_health(struct mp_judge *j)
{
	struct resolver list[MAX_RESOLVERS] = {0};
	size_t n = j->c->n_resolvers < MAX_RESOLVERS ? j->c->n_resolvers : MAX_RESOLVERS;
	struct questions q;

	if (!n) {
		struct mp_result *r =
			mp_report(j, "", MP_ERROR, "No resolver is configured: nothing can be looked up.");

		mp_fix(j, r, "Name one with --resolver, or in /etc/resolv.conf.");
		return MP_SETTLED;
	}
	plan(j, &q);
	for (size_t i = 0; i < n; i++) {
		list[i].text = j->c->resolvers[i];
		for (size_t k = 0; k < N_ASKED; k++) {
			if (!q.name[k])
				continue;
			list[i].answer[k] = ask(j, list[i].text, q.name[k], q.type[k]);
			q.pending = q.pending || !list[i].answer[k];
		}
	}
	if (q.pending)
		return MP_PENDING;
	compare(j, list, n, OWN_NAME);
	compare(j, list, n, OWN_ADDRESS);
	for (size_t i = 0; i < n; i++)
		report_one(j, &list[i], &q);
	return MP_SETTLED;
}

const struct mp_check mp_check_resolver_health = {
	.id = "resolver.health",
	.title = "The resolver answers, and does not make answers up",
	.ref = "RFC 8020, RFC 4035 3.2.3",
	.in = MP_IN_SENDER,
	.advisory = true,
	.judge = judge_health,
};
