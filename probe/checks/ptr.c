/* probe/checks/ptr.c - the reverse name of each sending address: ptr.* but ptr.owner */
#include "base/text.h"
#include "dns/generic.h"
#include "dns/psl.h"
#include "dns/reverse.h"
#include "probe/checks/checks.h"

/* ---- what all of them look at */

struct look {
	struct mp_seen seen;
	struct dns_reverse r;
	const char *const *names; /* those that count, r.n_names of them */
};

static bool has_source(const struct mp_case *c, enum mp_family family)
{
	for (size_t i = 0; i < c->n_sources; i++)
		if (c->sources[i].address.family == family)
			return true;
	return false;
}

bool mp_reverse_ask(struct mp_judge *j, const struct mp_ip *ip, struct dns_reverse *out)
{
	return dns_reverse_ask(j->ev, j->a, ip, j->c->ns_port, has_source(j->c, MP_IPV4) ? MP_IPV4 : MP_IPV6, out);
}

/* False: return *ret. */
static bool look(struct mp_judge *j, struct look *l, enum mp_judged *ret)
{
	const char **names;

	if (!mp_source_subject(j, &l->seen, ret))
		return false;
	*ret = MP_PENDING;
	if (!mp_reverse_ask(j, &l->seen.ip, &l->r))
		return false;
	names = mp_allocn(j->a, l->r.n_names + 1, sizeof(*names));
	for (size_t i = 0; i < l->r.n_names; i++)
		names[i] = l->r.names[i].name;
	l->names = names;
	return true;
}

/* Who said what counts, behind a sentence; "" when it is the resolver, as usual. */
static const char *by_whom(const struct look *l)
{
	return l->r.by_authority ? ", say the zone's own servers" : "";
}

static const char *names_of(struct mp_judge *j, const struct look *l)
{
	return mp_name_list(j->a, l->names, l->r.n_names);
}

static struct mp_result *cannot_tell(struct mp_judge *j, const struct look *l)
{
	return mp_cannot_tell(j, l->seen.text, mp_printf(j->a, "the PTR record %s", l->r.name), l->r.resolver);
}

/* For all but ptr.exists, which says why: false, and a result, when there is no PTR name to judge. */
static bool has_names(struct mp_judge *j, const struct look *l)
{
	if (l->r.n_names)
		return true;
	if (dns_known(l->r.outcome))
		mp_report(j, l->seen.text, MP_SKIP, "There is no PTR record to judge (follows from ptr.exists).");
	else
		cannot_tell(j, l);
	return false;
}

static void put_names(struct mp_result *r, const struct look *l)
{
	mp_jset(r->values, "names", mp_json_list(l->names, l->r.n_names));
}

/* Of the same registered domain: whoever can publish the one can publish the other. */
static bool same_domain(const char *x, const char *y)
{
	const char *of_x = x ? dns_registrable_domain(x, DNS_PSL_REGISTRIES) : NULL;
	const char *of_y = y ? dns_registrable_domain(y, DNS_PSL_REGISTRIES) : NULL;

	return of_x && of_y && dns_name_eq(of_x, of_y);
}

bool mp_own_reverse_zone(struct mp_judge *j, const struct dns_reverse *r)
{
	for (size_t i = 0; i < r->n_servers; i++)
		if (same_domain(r->servers[i].host, j->c->domain) || same_domain(r->servers[i].host, j->c->ehlo))
			return true;
	return false;
}

static char *step_set(struct mp_judge *j, const struct look *l, const char *name)
{
	if (mp_own_reverse_zone(j, &l->r))
		return mp_printf(j->a,
			"In the reverse zone %s, which is on name servers of your own, set the PTR record of %s to %s.",
			l->r.zone, l->r.last, name);
	return mp_step_ptr(j, &l->seen.ip, name);
}

/* All that it takes, in the order in which it has to be done: the forward record, the PTR, the EHLO name. */
static void fix_ptr(struct mp_judge *j, const struct look *l, struct mp_result *r, const struct mp_wanted *wanted)
{
	const char *name = wanted->name;

	if (!name) {
		mp_fix_next(j, r,
			mp_printf(j->a, "Give a host name of your own an %s record with the address %s.",
				l->seen.ip.family == MP_IPV4 ? "A" : "AAAA", l->seen.text));
		name = "that name";
	} else if (!wanted->leads) {
		mp_fix_next(j, r, mp_step_forward(j, &l->seen.ip, name));
	}
	if (wanted->announced && wanted->leads)
		name = mp_printf(j->a, "%s, which the server announces and which leads to this address already", name);
	mp_fix_next(j, r, step_set(j, l, name));
	if (j->c->ehlo && !wanted->announced)
		mp_fix_next(j, r, mp_step_announce(j, name));
}

static const char *server_words(struct mp_judge *j, const struct dns_reverse_server *s)
{
	const char *says = "has no address";

	if (s->says == DNS_SAYS)
		says = s->names.n ? mp_name_list(j->a, s->names.name, s->names.n) : "no PTR record";
	else if (s->says == DNS_SAYS_LAME)
		says = dns_known(s->reply->outcome) ? "answers without authority"
						    : dns_outcome_words(s->reply->outcome);
	else if (s->says == DNS_SAYS_SILENT)
		says = dns_outcome_words(s->reply->outcome);
	if (!s->server)
		return mp_printf(j->a, "%s: %s", s->host, says);
	return mp_printf(j->a, "%s (%s): %s", s->host, s->server, says);
}

static const char *servers_words(struct mp_judge *j, const struct look *l)
{
	struct mp_buf b = MP_BUF(16384);
	const char *text;

	for (size_t i = 0; i < l->r.n_servers; i++)
		mp_buf_addf(&b, "%s%s", i ? "; " : "", server_words(j, &l->r.servers[i]));
	text = mp_dupn(j->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

/* ---- ptr.exists */

/* Why the resolver could not tell, as far as the zone's own servers let one guess. */
static void explain_failure(struct mp_judge *j, const struct look *l, struct mp_result *r)
{
	const char *given = r->detail;
	const char *step = mp_printf(j->a,
		"If it stays so, ask the holder of %s (the hosting or access provider) to repair the reverse zone%s%s.",
		l->seen.text, l->r.zone ? " " : "", l->r.zone ? l->r.zone : "");
	const char *why;

	switch (l->r.agreement) {
	case DNS_RESOLVER_UNKNOWN:
		why = mp_printf(j->a,
			"The zone's own servers do answer: %s. So either its DNSSEC signatures do not verify (bogus) and the "
			"resolver refuses the answer, or the resolver cannot reach these servers.",
			l->r.authority_names.n ? mp_name_list(j->a, l->r.authority_names.name, l->r.authority_names.n)
					       : "no PTR record");
		break;
	case DNS_SERVERS_DIFFER:
		why = mp_printf(j->a, "The zone's own servers contradict each other (%s).", servers_words(j, l));
		break;
	default:
		if (l->r.n_servers)
			why = mp_printf(j->a,
				"No name server of %s answers with authority: the delegation is lame (%s).", l->r.zone,
				servers_words(j, l));
		else if (l->r.resolver->outcome == DNS_SERVFAIL)
			why = "SERVFAIL mostly means that the reverse zone's servers do not answer (a lame delegation), or that "
			      "its DNSSEC signatures do not verify (bogus).";
		else
			return;
		break;
	}
	mp_detail(j, r, "%s%s%s", given ? given : "", given ? ". " : "", why);
	mp_fix(j, r, "%s", step);
}

static enum mp_judged judge_exists(struct mp_judge *j)
{
	struct mp_wanted wanted;
	struct mp_result *r;
	enum mp_judged ret;
	struct look l;

	if (!look(j, &l, &ret))
		return ret;
	if (!dns_known(l.r.outcome)) {
		r = cannot_tell(j, &l);
		explain_failure(j, &l, r);
	} else if (l.r.n_names) {
		r = mp_report(j, l.seen.text, MP_PASS, "%s has the PTR record%s %s%s.", l.seen.text,
			l.r.n_names == 1 ? "" : "s", names_of(j, &l), by_whom(&l));
	} else {
		if (!mp_name_wanted(j, &l.seen.ip, &wanted))
			return MP_PENDING;
		r = mp_report(j, l.seen.text, MP_FAIL, "%s has no PTR record%s.", l.seen.text, by_whom(&l));
		fix_ptr(j, &l, r, &wanted);
	}
	if (dns_known(l.r.outcome) && !dns_name_eq(l.r.name, l.r.last))
		mp_detail(j, r, "Its reverse name is an alias of %s (CNAME, as RFC 2317 has it).", l.r.last);
	put_names(r, &l);
	mp_jset_str(r->values, "reverse_name", l.r.name);
	mp_jset_str(r->values, "dns", dns_outcome_name(l.r.outcome));
	mp_jset_str(r->values, "said_by", l.r.by_authority ? "authority" : "resolver");
	mp_jset_str(r->values, "seen", l.seen.how);
	return MP_SETTLED;
}

const struct mp_check mp_check_ptr_exists = {
	.id = "ptr.exists",
	.title = "The address has a PTR record",
	.ref = "RFC 1912 2.1",
	.per = MP_PER_SOURCE,
	.in = MP_IN_SENDER | MP_IN_PTR,
	.judge = judge_exists,
};

/* ---- ptr.single */

static enum mp_judged judge_single(struct mp_judge *j)
{
	struct mp_result *r;
	enum mp_judged ret;
	struct look l;

	if (!look(j, &l, &ret))
		return ret;
	if (!has_names(j, &l))
		return MP_SETTLED;
	if (l.r.n_names == 1) {
		r = mp_report(j, l.seen.text, MP_PASS, "%s has one PTR name, %s.", l.seen.text, names_of(j, &l));
	} else {
		const char *keep = NULL;

		for (size_t i = 0; i < l.r.n_names; i++)
			if (l.r.names[i].leads_back && (!keep || (j->c->ehlo && dns_name_eq(l.names[i], j->c->ehlo))))
				keep = l.names[i];
		r = mp_report(j, l.seen.text, MP_WARN, "%s has %zu PTR names (%s), and should have one.", l.seen.text,
			l.r.n_names, names_of(j, &l));
		mp_detail(j, r,
			"Some receivers look at the first name alone, and the order changes from answer to answer: what one "
			"of the names lacks then counts by chance.");
		mp_fix(j, r,
			"Ask the holder of %s (the hosting or access provider) to keep one PTR record%s%s and to remove the "
			"others.",
			l.seen.text, keep ? ", " : "", keep ? mp_printf(j->a, "%s,", mp_name_words(j->a, keep)) : "");
	}
	put_names(r, &l);
	return MP_SETTLED;
}

const struct mp_check mp_check_ptr_single = {
	.id = "ptr.single",
	.title = "The address has one PTR name, not several",
	.ref = "RFC 1912 2.1",
	.per = MP_PER_SOURCE,
	.in = MP_IN_SENDER | MP_IN_PTR,
	.judge = judge_single,
};

/* ---- ptr.fcrdns */

static const char *forward_type(const struct look *l)
{
	return l->seen.ip.family == MP_IPV4 ? "A" : "AAAA";
}

/* What became of one name: "mail.example.com has no A record". */
static const char *forward_words(struct mp_judge *j, const struct look *l, const struct dns_reverse_name *n)
{
	const char *name = mp_name_words(j->a, n->name);

	if (strcmp(n->name, ".") == 0)
		return "the PTR record names the root of the DNS, no host";
	if (!n->forward)
		return mp_printf(j->a, "%s was not looked up", name);
	switch (n->forward->outcome) {
	case DNS_ANSWERED:
		return mp_printf(j->a, "%s has the address%s %s", name, n->forward->n_rr == 1 ? "" : "es",
			mp_address_list(j->a, n->forward));
	case DNS_NXDOMAIN:
		return mp_printf(j->a, "%s does not exist in the DNS", name);
	case DNS_NODATA:
		return mp_printf(j->a, "%s has no %s record", name, forward_type(l));
	default:
		return mp_printf(j->a, "%s is no possible name", name);
	}
}

struct forwards {
	const struct dns_reverse_name *back;    /* the first that leads back, or NULL */
	const struct dns_reverse_name *unknown; /* the first that could not be looked up, or NULL */
	const char *words;                      /* of those that do not lead back */
};

static struct forwards judge_forwards(struct mp_judge *j, const struct look *l)
{
	struct forwards f = {0};
	const char **words = mp_allocn(j->a, l->r.n_names + 1, sizeof(*words));
	size_t n = 0;

	for (size_t i = 0; i < l->r.n_names; i++) {
		const struct dns_reverse_name *name = &l->r.names[i];

		if (name->leads_back && !f.back)
			f.back = name;
		/* BADNAME is known well enough: such a name cannot be looked up by anybody. */
		if (name->forward && !dns_known(name->forward->outcome) && name->forward->outcome != DNS_BADNAME) {
			f.unknown = f.unknown ? f.unknown : name;
			continue;
		}
		if (!name->leads_back && (name->forward || strcmp(name->name, ".") == 0))
			words[n++] = forward_words(j, l, name);
	}
	f.words = mp_list(j->a, words, n);
	return f;
}

static void put_addresses(struct mp_result *r, const struct look *l)
{
	json_t *all = json_array();

	for (size_t i = 0; i < l->r.n_names; i++)
		if (l->r.names[i].forward) {
			json_t *part = mp_json_addresses(l->r.names[i].forward);

			json_array_extend(all, part);
			json_decref(part);
		}
	mp_jset(r->values, "addresses", all);
}

/* Which PTR name is a typing error away from the EHLO name; NULL when none is, or when one is the same. */
static const char *near_miss(struct mp_judge *j, const struct look *l)
{
	struct mp_ehlo ehlo;
	const char *near = NULL;

	mp_ehlo_read(j->a, j->c->ehlo, &ehlo);
	if (ehlo.kind != MP_EHLO_NAME)
		return NULL;
	for (size_t i = 0; i < l->r.n_names && i < DNS_REVERSE_FORWARDS; i++) {
		if (dns_name_eq(l->names[i], j->c->ehlo))
			return NULL;
		if (!near && mp_likely_typo(j->a, l->names[i], j->c->ehlo, NULL))
			near = l->names[i];
	}
	return near;
}

/* A name inside the reverse tree: somebody forgot the last dot in the zone file, and the zone was appended. */
static bool lacks_last_dot(const char *name)
{
	return dns_name_under(name, "in-addr.arpa") || dns_name_under(name, "ip6.arpa");
}

/* PTR and EHLO agree on the name: what it lacks is the forward record, unless both have another host's name. */
static void fix_same(struct mp_judge *j, const struct look *l, struct mp_result *r, const char *name,
	const struct dns_answer *forward, const struct mp_wanted *wanted)
{
	const char *say = wanted->name ? mp_printf(j->a, ", %s say,", wanted->name) : ",";

	mp_fix(j, r, "%s", mp_step_forward(j, &l->seen.ip, name));
	if (forward && forward->outcome == DNS_ANSWERED)
		mp_fix_next(j, r,
			mp_step_or(j, mp_printf(j->a, "if %s is another host's name", name),
				mp_printf(j->a,
					"Give this one a name of its own%s by %s record, PTR record and EHLO name.",
					say, l->seen.ip.family == MP_IPV4 ? "A" : "AAAA")));
}

/* Either record may be the wrong one: the one that the EHLO name speaks for is the right one. */
static void fix_fcrdns(
	struct mp_judge *j, const struct look *l, struct mp_result *r, const char *near, const struct mp_wanted *wanted)
{
	const char *name = l->names[0];
	const struct dns_answer *forward = l->r.names[0].forward;

	for (size_t i = 0; i < l->r.n_names; i++)
		if (j->c->ehlo && dns_name_eq(l->names[i], j->c->ehlo) &&
			mp_name_will_do(j, l->names[i], &l->seen.ip)) {
			fix_same(j, l, r, l->names[i], l->r.names[i].forward, wanted);
			return;
		}
	if (near || mp_name_fault(j->a, name).words || lacks_last_dot(name) || !same_domain(name, j->c->domain)) {
		fix_ptr(j, l, r, wanted);
		return;
	}
	/* A name of ours that leads to another host is that host's. */
	if (wanted->leads || (forward && forward->outcome == DNS_ANSWERED)) {
		fix_ptr(j, l, r, wanted);
		mp_fix_next(j, r,
			mp_step_or(j, mp_printf(j->a, "if %s is to be this host's name", name),
				mp_step_forward(j, &l->seen.ip, name)));
	} else {
		mp_fix(j, r, "%s", mp_step_forward(j, &l->seen.ip, name));
		if (wanted->announced)
			mp_fix_next(j, r, mp_step_announce(j, name));
	}
}

static enum mp_judged judge_fcrdns(struct mp_judge *j)
{
	struct mp_result *r;
	enum mp_judged ret;
	struct forwards f;
	struct look l;

	if (!look(j, &l, &ret))
		return ret;
	if (!has_names(j, &l))
		return MP_SETTLED;
	f = judge_forwards(j, &l);
	if (f.back) {
		r = mp_report(j, l.seen.text, MP_PASS, "The PTR name %s leads back to %s.",
			mp_name_words(j->a, f.back->name), l.seen.text);
		if (f.words[0])
			mp_detail(j, r, "Not every PTR name does: %s.", f.words);
	} else if (f.unknown) {
		r = mp_cannot_tell(j, l.seen.text,
			mp_printf(j->a, "the %s record of the PTR name %s", forward_type(&l),
				mp_name_words(j->a, f.unknown->name)),
			f.unknown->forward);
	} else {
		const char *near = near_miss(j, &l);
		struct mp_wanted wanted;

		if (!mp_name_wanted(j, &l.seen.ip, &wanted))
			return MP_PENDING;
		r = mp_report(j, l.seen.text, MP_FAIL,
			l.r.n_names == 1 ? "The PTR name of %s does not lead back to it: %s."
					 : "None of the PTR names of %s leads back to it: %s.",
			l.seen.text, f.words);
		if (l.r.n_names > DNS_REVERSE_FORWARDS)
			mp_detail(j, r, "Of %zu PTR names the first %d were looked up.", l.r.n_names,
				DNS_REVERSE_FORWARDS);
		else if (near)
			mp_detail(j, r, "The EHLO name is %s: %s looks like a typo of it.", j->c->ehlo, near);
		fix_fcrdns(j, &l, r, near, &wanted);
	}
	put_names(r, &l);
	put_addresses(r, &l);
	return MP_SETTLED;
}

const struct mp_check mp_check_ptr_fcrdns = {
	.id = "ptr.fcrdns",
	.title = "The PTR name leads back to the address",
	.ref = "RFC 1912 2.1",
	.per = MP_PER_SOURCE,
	.in = MP_IN_SENDER | MP_IN_PTR,
	.judge = judge_fcrdns,
};

/* ---- ptr.matches_ehlo */

/* PTR and EHLO name are the same: does it lead back? */
static struct mp_result *same_name(struct mp_judge *j, const struct look *l, const struct dns_reverse_name *n)
{
	struct mp_result *r;

	if (n->leads_back)
		return mp_report(j, l->seen.text, MP_PASS, "PTR name, EHLO name and forward address agree: %s, %s.",
			n->name, l->seen.text);
	if (n->forward && !dns_known(n->forward->outcome) && n->forward->outcome != DNS_BADNAME)
		return mp_cannot_tell(
			j, l->seen.text, mp_printf(j->a, "the %s record of %s", forward_type(l), n->name), n->forward);
	r = mp_report(j, l->seen.text, MP_WARN, "PTR and EHLO name are both %s, but it does not lead back to %s.",
		n->name, l->seen.text);
	if (n->forward)
		mp_detail(j, r, "%s.", forward_words(j, l, n));
	mp_fix(j, r, "%s", mp_step_forward(j, &l->seen.ip, n->name));
	return r;
}

/* Names a typing error apart: the one that leads to the address is taken for the right one. */
static struct mp_result *near_name(
	struct mp_judge *j, const struct look *l, const struct dns_reverse_name *n, const struct dns_answer *forward)
{
	bool known = n->forward && dns_known(n->forward->outcome) && (!forward || dns_known(forward->outcome));
	bool ehlo_back = forward && dns_answer_has(forward, &l->seen.ip);
	const char *wrong = !known || n->leads_back == ehlo_back ? NULL : n->leads_back ? "EHLO name" : "PTR name";
	const char *part[2] = {n->name, j->c->ehlo};
	struct mp_result *r;

	mp_likely_typo(j->a, n->name, j->c->ehlo, part);
	r = mp_report(j, l->seen.text, MP_WARN,
		"The PTR name %s and the EHLO name %s differ by a likely typo%s%s, %s %s %s.", n->name, j->c->ehlo,
		wrong ? " in the " : "", wrong ? wrong : "", wrong && n->leads_back ? part[1] : part[0],
		wrong ? "for" : "and", wrong && n->leads_back ? part[0] : part[1]);
	if (wrong)
		mp_detail(j, r, "%s leads to %s, the other name does not.", n->leads_back ? n->name : j->c->ehlo,
			l->seen.text);
	else if (known)
		mp_detail(j, r, ehlo_back ? "Both names lead to %s." : "Neither name leads to %s.", l->seen.text);
	else
		mp_detail(j, r, "Which of them leads to %s could not be determined.", l->seen.text);
	if (!wrong)
		mp_fix(j, r, "Decide which of the two names is meant. If it is %s: %s If it is %s: %s", n->name,
			mp_step_announce(j, n->name), j->c->ehlo, step_set(j, l, j->c->ehlo));
	else if (n->leads_back)
		mp_fix(j, r, "%s", mp_step_announce(j, n->name));
	else
		mp_fix(j, r, "%s", step_set(j, l, j->c->ehlo));
	mp_jset_bool(r->values, "typo", true);
	mp_jset_str(r->values, "typo_in", !wrong ? NULL : n->leads_back ? "ehlo" : "ptr");
	return r;
}

/* NULL: pending. */
static struct mp_result *other_name(
	struct mp_judge *j, const struct look *l, const struct dns_reverse_name *back, const struct dns_answer *forward)
{
	bool ehlo_back = forward && dns_answer_has(forward, &l->seen.ip);
	bool good = back && mp_name_will_do(j, back->name, &l->seen.ip);
	struct mp_wanted wanted;
	struct mp_result *r;

	if (!mp_name_wanted(j, &l->seen.ip, &wanted))
		return NULL;
	r = mp_report(
		j, l->seen.text, MP_WARN, "The PTR name is %s, but the EHLO name is %s.", names_of(j, l), j->c->ehlo);
	if (back && ehlo_back)
		mp_detail(j, r, "Both lead to %s, which most receivers take.", l->seen.text);
	else if (back && (!forward || dns_known(forward->outcome)))
		mp_detail(j, r, "%s leads to %s, %s does not.", mp_name_words(j->a, back->name), l->seen.text,
			j->c->ehlo);
	else if (back)
		mp_detail(j, r, "%s leads to %s; where %s leads could not be determined.",
			mp_name_words(j->a, back->name), l->seen.text, j->c->ehlo);
	else if (ehlo_back)
		mp_detail(j, r, "%s leads to %s; for the PTR name see ptr.fcrdns.", j->c->ehlo, l->seen.text);
	if (!back)
		fix_fcrdns(j, l, r, NULL, &wanted);
	else if (!good)
		fix_ptr(j, l, r, &wanted);
	if (!good)
		return r;
	mp_fix(j, r, "%s", mp_step_announce(j, back->name));
	if (wanted.announced && wanted.leads)
		mp_fix_next(j, r,
			mp_step_or(j, mp_printf(j->a, "if %s is to be this host's name", j->c->ehlo),
				step_set(j, l, j->c->ehlo)));
	return r;
}

static enum mp_judged judge_matches_ehlo(struct mp_judge *j)
{
	const struct dns_answer *forward = NULL;
	const struct dns_reverse_name *same = NULL, *near = NULL, *back = NULL;
	struct mp_result *r;
	struct mp_ehlo ehlo;
	enum mp_judged ret;
	struct look l;
	bool looked;

	mp_ehlo_read(j->a, j->c->ehlo, &ehlo);
	looked = look(j, &l, &ret);
	if (!looked && ret == MP_SETTLED)
		return ret;
	if (ehlo.kind == MP_EHLO_NAME && ehlo.fault.in_dns) {
		const struct mp_ip *ip = looked ? &l.seen.ip : &j->c->sources[j->source].address;

		forward = mp_dns(j, j->c->ehlo, ip->family == MP_IPV4 ? DNS_A : DNS_AAAA);
		if (!forward)
			return MP_PENDING;
	}
	if (!looked)
		return ret;
	if (ehlo.kind != MP_EHLO_NAME) {
		mp_report(j, l.seen.text, MP_SKIP,
			ehlo.kind == MP_EHLO_NONE
				? "No EHLO name is given to compare the PTR name with."
				: "The EHLO name is an address literal: there is no name to compare.");
		return MP_SETTLED;
	}
	if (!has_names(j, &l))
		return MP_SETTLED;
	for (size_t i = 0; i < l.r.n_names; i++) {
		const struct dns_reverse_name *n = &l.r.names[i];

		if (dns_name_eq(n->name, j->c->ehlo))
			same = n;
		if (n->leads_back && !back)
			back = n;
		if (!near && i < DNS_REVERSE_FORWARDS && mp_likely_typo(j->a, n->name, j->c->ehlo, NULL))
			near = n;
	}
	if (same) {
		struct dns_reverse_name whole = *same;

		/* The eleventh of many names was not looked up as a PTR name, but as the EHLO name it was. */
		if (!whole.forward && forward) {
			whole.forward = forward;
			whole.leads_back = dns_answer_has(forward, &l.seen.ip);
		}
		r = same_name(j, &l, &whole);
	} else if (near) {
		r = near_name(j, &l, near, forward);
	} else {
		r = other_name(j, &l, back, forward);
		if (!r)
			return MP_PENDING;
	}
	put_names(r, &l);
	mp_jset_str(r->values, "ehlo", j->c->ehlo);
	return MP_SETTLED;
}

const struct mp_check mp_check_ptr_matches_ehlo = {
	.id = "ptr.matches_ehlo",
	.title = "PTR name, EHLO name and forward address agree",
	.ref = "RFC 5321 4.1.4",
	.per = MP_PER_SOURCE,
	.in = MP_IN_SENDER | MP_IN_PTR,
	.judge = judge_matches_ehlo,
};

/* ---- ptr.generic */

static enum mp_judged judge_generic(struct mp_judge *j)
{
	struct dns_generic g = {0};
	const char *name = NULL;
	struct mp_wanted wanted;
	struct mp_result *r;
	enum mp_judged ret;
	struct look l;

	if (!look(j, &l, &ret))
		return ret;
	if (!has_names(j, &l))
		return MP_SETTLED;
	/* Any of several: a receiver may pick that one. */
	for (size_t i = 0; i < l.r.n_names && i < DNS_REVERSE_FORWARDS && !name; i++)
		if (mp_name_generated(j, l.names[i], &l.seen.ip, &g))
			name = l.names[i];
	if (!name) {
		r = mp_report(
			j, l.seen.text, MP_PASS, "The PTR name %s is no provider's generated name.", names_of(j, &l));
		mp_jset_str(r->values, "name", l.names[0]);
	} else {
		if (!mp_name_wanted(j, &l.seen.ip, &wanted))
			return MP_PENDING;
		r = mp_report(j, l.seen.text, MP_WARN, "The PTR name %s looks generated by a provider.",
			mp_name_words(j->a, name));
		mp_detail(j, r, "%c%s. Many receivers take such a name for a home connection or an unattended server.",
			mp_toupper(g.reason[0]), g.reason + 1);
		fix_ptr(j, &l, r, &wanted);
		mp_fix_next(j, r, "If the provider does not set the PTR, send through its mail relay (smarthost).");
		mp_jset_str(r->values, "name", name);
	}
	mp_jset_str(r->values, "pattern", g.pattern);
	mp_jset_str(r->values, "reason", g.reason);
	return MP_SETTLED;
}

const struct mp_check mp_check_ptr_generic = {
	.id = "ptr.generic",
	.title = "The PTR name is not a provider's generated name",
	.ref = "M3AAWG Sending Domains BCP",
	.per = MP_PER_SOURCE,
	.in = MP_IN_SENDER | MP_IN_PTR,
	.judge = judge_generic,
};

/* ---- ptr.syntax */

static enum mp_judged judge_syntax(struct mp_judge *j)
{
	const char *fault = NULL, *faulty = NULL, *bare = NULL;
	struct mp_wanted wanted;
	struct mp_result *r;
	enum mp_judged ret;
	struct look l;

	if (!look(j, &l, &ret))
		return ret;
	if (!has_names(j, &l))
		return MP_SETTLED;
	for (size_t i = 0; i < l.r.n_names && !fault; i++) {
		fault = mp_name_fault(j->a, l.names[i]).words;
		if (!fault && lacks_last_dot(l.names[i]))
			fault = "lies in the reverse zone itself (a last dot is missing in the zone file)";
		if (fault)
			faulty = l.names[i];
		else if (!bare && mp_name_is_bare(l.names[i]))
			bare = l.names[i];
	}
	if ((fault || bare) && !mp_name_wanted(j, &l.seen.ip, &wanted))
		return MP_PENDING;
	if (fault) {
		r = mp_report(j, l.seen.text, MP_FAIL, "The PTR name %s %s.", mp_name_words(j->a, faulty), fault);
		fix_ptr(j, &l, r, &wanted);
	} else if (bare) {
		r = mp_report(j, l.seen.text, MP_WARN,
			"The PTR name %s is a bare domain, not the name of a host in it.", bare);
		fix_ptr(j, &l, r, &wanted);
	} else {
		r = mp_report(j, l.seen.text, MP_PASS, "%s %s.", names_of(j, &l),
			l.r.n_names == 1 ? "is a fully qualified host name" : "are fully qualified host names");
	}
	put_names(r, &l);
	return MP_SETTLED;
}

const struct mp_check mp_check_ptr_syntax = {
	.id = "ptr.syntax",
	.title = "The PTR name is a fully qualified host name",
	.ref = "RFC 1123 2.1",
	.per = MP_PER_SOURCE,
	.in = MP_IN_SENDER | MP_IN_PTR,
	.judge = judge_syntax,
};

/* ---- ptr.propagation */

/* Until when the resolver may repeat its answer, and for how many seconds it said so. */
static const char *put_until(struct mp_judge *j, const struct look *l, struct mp_result *r)
{
	const struct dns_answer *a = l->r.resolver;
	uint32_t ttl = a->outcome == DNS_ANSWERED ? a->ttl : a->negative_ttl;
	const char *until = mp_time_text(j->a, j->c->started_ms + (int64_t)a->at_ms + (int64_t)ttl * 1000, false);

	mp_jset_str(r->values, "until", until);
	mp_jset_int(r->values, "ttl", ttl);
	return until;
}

static const char *names_or_none(struct mp_judge *j, const struct dns_names *n)
{
	return n->n ? mp_name_list(j->a, n->name, n->n) : "no PTR record";
}

static const char *zone_words(struct mp_judge *j, const struct look *l)
{
	return l->r.zone ? mp_printf(j->a, "the reverse zone %s", l->r.zone) : "the reverse zone";
}

static void propagation_of(struct mp_judge *j, const struct look *l)
{
	const char *servers = servers_words(j, l), *until;
	json_t *list = json_array();
	struct mp_result *r = NULL;
	size_t mute = 0;

	switch (l->r.agreement) {
	case DNS_AGREE:
		for (size_t i = 0; i < l->r.n_servers; i++)
			mute += l->r.servers[i].says != DNS_SAYS;
		r = mp_report(j, l->seen.text, MP_PASS, "The resolver and the servers of %s agree: %s%s.",
			zone_words(j, l), names_or_none(j, &l->r.resolver_names),
			mute ? mp_printf(j->a, " (%zu of %zu servers did not answer with authority)", mute,
				       l->r.n_servers)
			     : "");
		if (mute)
			mp_detail(j, r, "Resolvers ask the others then, which takes them longer: %s.", servers);
		break;
	case DNS_RESOLVER_DIFFERS:
		r = mp_report(j, l->seen.text, MP_WARN,
			"The resolver says %s, the servers of %s say %s: an old answer is still cached.",
			names_or_none(j, &l->r.resolver_names), zone_words(j, l),
			names_or_none(j, &l->r.authority_names));
		until = put_until(j, l, r);
		mp_detail(j, r,
			"This resolver may repeat its answer until %s; others that asked earlier or later have times of their "
			"own. Servers: %s.",
			until, servers);
		mp_fix(j, r,
			"Nothing to change, if the servers' answer is the wanted one: wait until %s and run again. If the "
			"difference stays, the resolver answers from data of its own (a hosts file, split DNS): have its operator "
			"remove them.",
			until);
		break;
	case DNS_SERVERS_DIFFER:
		r = mp_report(j, l->seen.text, MP_WARN,
			"The servers of %s contradict each other, so receivers see now one answer, now another.",
			zone_words(j, l));
		mp_detail(j, r, "%s. The resolver says %s, and the other checks of the PTR go by that.", servers,
			dns_known(l->r.resolver->outcome) ? names_or_none(j, &l->r.resolver_names)
							  : dns_outcome_words(l->r.resolver->outcome));
		if (dns_known(l->r.resolver->outcome))
			put_until(j, l, r);
		mp_fix(j, r,
			"Ask the holder of %s (the hosting or access provider) to bring the name servers of %s to the same "
			"contents: a raised serial number and a working zone transfer.",
			l->seen.text, zone_words(j, l));
		break;
	case DNS_RESOLVER_UNKNOWN:
		r = cannot_tell(j, l);
		mp_detail(j, r, "The servers of %s answer: %s.", zone_words(j, l), servers);
		break;
	case DNS_AUTHORITY_UNKNOWN:
		if (dns_known(l->r.resolver->outcome))
			r = mp_report(j, l->seen.text, MP_ERROR,
				"Could not be determined: no server of %s answered with authority; the other checks of the PTR go by "
				"the resolver.",
				zone_words(j, l));
		else
			r = cannot_tell(j, l);
		if (l->r.n_servers)
			mp_detail(j, r, "Servers: %s.", servers);
		else
			mp_detail(j, r,
				l->r.zone ? "Its name servers could not be found out."
					  : "Which zone the reverse name is in could not be found out.");
		break;
	}
	for (size_t i = 0; i < l->r.n_servers; i++)
		mp_jpush(list, mp_j(server_words(j, &l->r.servers[i])));
	mp_jset_str(r->values, "zone", l->r.zone);
	mp_jset(r->values, "resolver", mp_json_list(l->r.resolver_names.name, l->r.resolver_names.n));
	mp_jset(r->values, "authority", mp_json_list(l->r.authority_names.name, l->r.authority_names.n));
	mp_jset(r->values, "servers", list);
}

static enum mp_judged judge_propagation(struct mp_judge *j)
{
	enum mp_judged ret;
	struct look l;

	if (!look(j, &l, &ret))
		return ret;
	propagation_of(j, &l);
	return MP_SETTLED;
}

const struct mp_check mp_check_ptr_propagation = {
	.id = "ptr.propagation",
	.title = "The resolver and the reverse zone's own name servers agree",
	.ref = "RFC 2308",
	.per = MP_PER_SOURCE,
	.in = MP_IN_SENDER | MP_IN_PTR,
	.advisory = true,
	.judge = judge_propagation,
};
