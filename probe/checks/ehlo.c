/* probe/checks/ehlo.c - the name that is announced: ehlo.* */
#include "dns/reverse.h"
#include "probe/checks/checks.h"

/* ---- ehlo.syntax */

/* Whether a literal is one of our addresses: 1 yes, 0 no, -1 pending. */
static int is_ours(struct mp_judge *j, const struct mp_ip *ip)
{
	bool pending = false;

	for (size_t i = 0; i < j->c->n_sources; i++) {
		struct mp_seen seen;

		if (mp_ip_eq(ip, &j->c->sources[i].address) || mp_ip_eq(ip, &j->c->sources[i].public_ip))
			return 1;
		if (!mp_seen_as(j, i, &seen))
			pending = true;
		else if (seen.known && mp_ip_eq(ip, &seen.ip))
			return 1;
	}
	return pending ? -1 : 0;
}

static enum mp_judged judge_syntax(struct mp_judge *j)
{
	const char *name = j->c->ehlo, *wanted;
	struct mp_result *r = NULL;
	struct mp_ehlo e;
	int ours;

	mp_ehlo_read(j->a, name, &e);
	ours = e.kind == MP_EHLO_LITERAL ? is_ours(j, &e.ip) : 0;
	if (ours < 0)
		return MP_PENDING;
	if (!ours && e.kind != MP_EHLO_NONE && (e.kind != MP_EHLO_NAME || e.fault.words) &&
		!mp_name_to_announce(j, &wanted))
		return MP_PENDING;
	switch (e.kind) {
	case MP_EHLO_NONE:
		mp_report(j, "", MP_SKIP, "No EHLO name is given.");
		return MP_SETTLED;
	case MP_EHLO_NAME:
		if (!e.fault.words) {
			r = mp_report(j, name, MP_PASS, "The EHLO name %s is a fully qualified host name.", name);
			break;
		}
		r = mp_report(j, name, MP_FAIL, "The EHLO name %s %s.", name, e.fault.words);
		mp_fix(j, r, "%s", mp_step_announce(j, wanted));
		break;
	case MP_EHLO_LITERAL:
		if (ours) {
			r = mp_report(j, name, MP_PASS,
				"The EHLO name is an address literal, %s, and the address is a sending one.", name);
			mp_detail(j, r,
				"RFC 5321 allows it where a host has no name; many receivers refuse it all the same.");
		} else {
			r = mp_report(j, name, MP_WARN,
				"The EHLO name is an address literal, %s, of an address that is not a sending one.",
				name);
			mp_fix(j, r, "%s", mp_step_announce(j, wanted));
		}
		break;
	case MP_EHLO_BAD_LITERAL:
		r = mp_report(j, name, MP_FAIL, "The EHLO name %s is no valid address literal: it %s.", name,
			e.literal_fault);
		mp_fix(j, r, "%s", mp_step_announce(j, wanted));
		break;
	}
	mp_jset_str(r->values, "origin", j->c->ehlo_origin);
	return MP_SETTLED;
}

const struct mp_check mp_check_ehlo_syntax = {
	.id = "ehlo.syntax",
	.title = "The EHLO name is a fully qualified host name or an address literal",
	.ref = "RFC 5321 4.1.1.1",
	.in = MP_IN_SENDER,
	.judge = judge_syntax,
};

/* ---- its addresses */

struct addresses {
	const struct dns_answer *a, *aaaa;
};

/* False: *ret says whether pending, or settled with a skip that is reported. */
static bool ask_addresses(struct mp_judge *j, struct addresses *out, enum mp_judged *ret)
{
	const char *name = j->c->ehlo;
	struct mp_ehlo e;

	mp_ehlo_read(j->a, name, &e);
	*ret = MP_SETTLED;
	if (e.kind == MP_EHLO_NONE) {
		mp_report(j, "", MP_SKIP, "No EHLO name is given.");
		return false;
	}
	if (e.kind != MP_EHLO_NAME) {
		mp_report(j, name, MP_SKIP, "An address literal needs no record in the DNS.");
		return false;
	}
	if (!e.fault.in_dns) {
		mp_report(j, name, MP_SKIP, "%s cannot be in the public DNS (follows from ehlo.syntax).", name);
		return false;
	}
	*ret = MP_PENDING;
	out->a = mp_dns(j, name, DNS_A);
	out->aaaa = mp_dns(j, name, DNS_AAAA);
	return out->a && out->aaaa;
}

static const struct dns_answer *unknown_one(const struct addresses *ad)
{
	if (!dns_known(ad->a->outcome) && ad->a->outcome != DNS_BADNAME)
		return ad->a;
	if (!dns_known(ad->aaaa->outcome) && ad->aaaa->outcome != DNS_BADNAME)
		return ad->aaaa;
	return NULL;
}

static const char *addresses_words(struct mp_judge *j, const struct addresses *ad)
{
	if (!ad->a->n_rr)
		return mp_address_list(j->a, ad->aaaa);
	if (!ad->aaaa->n_rr)
		return mp_address_list(j->a, ad->a);
	return mp_printf(j->a, "%s and %s", mp_address_list(j->a, ad->a), mp_address_list(j->a, ad->aaaa));
}

static void put_addresses(struct mp_result *r, const struct addresses *ad)
{
	json_t *all = mp_json_addresses(ad->a), *v6 = mp_json_addresses(ad->aaaa);

	json_array_extend(all, v6);
	json_decref(v6);
	mp_jset(r->values, "addresses", all);
}

/* An address that the name should have: of the first source whose outside address is known. NULL: none is. */
static const struct mp_ip *address_wanted(struct mp_judge *j, struct mp_seen *seen)
{
	for (size_t i = 0; i < j->c->n_sources; i++)
		if (mp_seen_as(j, i, seen) && seen->known)
			return &seen->ip;
	return NULL;
}

/* The name that leads to the address already; or, where there is none, the record that lets the announced one do so. */
static void fix_either(struct mp_judge *j, struct mp_result *r, const char *forward, const char *proven)
{
	const char *ours = mp_printf(j->a, "if %s is to be this host's name", j->c->ehlo);

	if (proven) {
		mp_fix(j, r, "%s", mp_step_announce(j, proven));
		mp_fix_next(j, r, mp_step_or(j, ours, forward));
	} else {
		mp_fix(j, r, "%s", forward);
		mp_fix_next(j, r, mp_step_or(j, "if this host has another name", mp_step_announce(j, "that one")));
	}
}

/* ---- ehlo.resolves */

/* The PTR name of a source that the EHLO name is a typo of, or NULL. False: pending. */
static bool name_meant(struct mp_judge *j, const char **out)
{
	bool pending = false;

	*out = NULL;
	for (size_t i = 0; i < j->c->n_sources; i++) {
		const struct dns_answer *ptr;
		struct mp_seen seen;

		pending = !mp_ptr_of_source(j, i, &seen, &ptr) || pending;
		for (size_t k = 0; ptr && k < ptr->n_rr && k < DNS_REVERSE_FORWARDS && !*out; k++)
			if (!mp_name_fault(j->a, ptr->rr[k].name).words &&
				mp_likely_typo(j->a, ptr->rr[k].name, j->c->ehlo, NULL))
				*out = ptr->rr[k].name;
	}
	return !pending;
}

static enum mp_judged judge_resolves(struct mp_judge *j)
{
	const char *name = j->c->ehlo;
	struct addresses ad;
	struct mp_result *r;
	struct mp_seen seen;
	enum mp_judged ret;

	if (!ask_addresses(j, &ad, &ret))
		return ret;
	if (ad.a->n_rr || ad.aaaa->n_rr) {
		const struct dns_answer *one = ad.a->n_rr ? ad.a : ad.aaaa;

		r = mp_report(j, name, MP_PASS, "The EHLO name %s has the address%s %s.", name,
			ad.a->n_rr + ad.aaaa->n_rr == 1 ? "" : "es", addresses_words(j, &ad));
		if (one->n_cname)
			mp_detail(j, r,
				"It is an alias (CNAME) of %s; RFC 5321 2.3.5 wants a name with an address of its own.",
				one->cname[one->n_cname - 1]);
		else if (unknown_one(&ad))
			mp_detail(j, r, "Its %s record could not be determined: %s.", ad.a->n_rr ? "AAAA" : "A",
				dns_outcome_words(unknown_one(&ad)->outcome));
	} else if (unknown_one(&ad)) {
		r = mp_cannot_tell(j, name,
			mp_printf(j->a, "the %s record of the EHLO name %s", unknown_one(&ad) == ad.a ? "A" : "AAAA",
				name),
			unknown_one(&ad));
	} else {
		const char *meant, *proven, *forward,
			*lacks = ad.a->outcome == DNS_NXDOMAIN ? "does not exist in the DNS"
							       : "has neither an A nor an AAAA record";

		/* Sessions may have to tell what receivers see; without that the step has no address to name. */
		if (!name_meant(j, &meant) || !mp_name_proven(j, &proven))
			return MP_PENDING;
		forward = address_wanted(j, &seen) ? mp_step_forward(j, &seen.ip, name)
						   : mp_printf(j->a, "Publish an A or AAAA record of %s.", name);
		if (meant) {
			r = mp_report(
				j, name, MP_FAIL, "The EHLO name %s, a likely typo of %s, %s.", name, meant, lacks);
			mp_fix(j, r, "%s", mp_step_announce(j, meant));
		} else {
			r = mp_report(j, name, MP_FAIL, "The EHLO name %s %s.", name, lacks);
			fix_either(j, r, forward, proven);
		}
	}
	put_addresses(r, &ad);
	return MP_SETTLED;
}

const struct mp_check mp_check_ehlo_resolves = {
	.id = "ehlo.resolves",
	.title = "The EHLO name has an A or AAAA record",
	.ref = "RFC 5321 2.3.5",
	.in = MP_IN_SENDER,
	.judge = judge_resolves,
};

/* ---- ehlo.matches_source */

static enum mp_judged judge_matches_source(struct mp_judge *j)
{
	const char *name = j->c->ehlo;
	const struct dns_answer *own;
	struct addresses ad;
	struct mp_result *r;
	struct mp_seen seen;
	enum mp_judged ret, of_subject;
	bool asked = ask_addresses(j, &ad, &ret), v4;

	if (!asked && ret == MP_SETTLED)
		return ret;
	if (!mp_source_subject(j, &seen, &of_subject))
		return of_subject;
	if (!asked)
		return MP_PENDING;
	v4 = seen.ip.family == MP_IPV4;
	own = v4 ? ad.a : ad.aaaa;
	if (own->n_rr) {
		const char *proven = NULL;
		bool has = dns_answer_has(own, &seen.ip);

		if (!has && !mp_name_proven(j, &proven))
			return MP_PENDING;
		if (has) {
			r = mp_report(
				j, name, MP_PASS, "The EHLO name %s leads to the sending address %s.", name, seen.text);
		} else {
			r = mp_report(j, name, MP_WARN, "The EHLO name %s leads to %s; the sending address is %s.",
				name, mp_address_list(j->a, own), seen.text);
			fix_either(j, r, mp_step_forward(j, &seen.ip, name), proven);
		}
	} else if (!dns_known(own->outcome)) {
		r = mp_cannot_tell(
			j, name, mp_printf(j->a, "the %s record of the EHLO name %s", v4 ? "A" : "AAAA", name), own);
	} else if (!ad.a->n_rr && !ad.aaaa->n_rr && !unknown_one(&ad)) {
		r = mp_report(
			j, name, MP_SKIP, "The EHLO name %s has no address at all (follows from ehlo.resolves).", name);
	} else {
		r = mp_report(j, name, MP_WARN, "The EHLO name %s has no %s record; the sending address is %s.", name,
			v4 ? "A" : "AAAA", seen.text);
		if (ad.a->n_rr || ad.aaaa->n_rr)
			mp_detail(j, r, "It has %s, which is of the other family.", addresses_words(j, &ad));
		mp_fix(j, r, "%s", mp_step_forward(j, &seen.ip, name));
		mp_fix_next(j, r, mp_printf(j->a, "Or do not send over %s.", v4 ? "IPv4" : "IPv6"));
	}
	mp_jset_str(r->values, "seen_as", seen.text);
	put_addresses(r, &ad);
	return MP_SETTLED;
}

const struct mp_check mp_check_ehlo_matches_source = {
	.id = "ehlo.matches_source",
	.title = "The EHLO name leads to the sending address",
	.ref = "RFC 5321 4.1.4",
	.per = MP_PER_SOURCE,
	.in = MP_IN_SENDER,
	.judge = judge_matches_source,
};
