/* probe/checks/host.c - this host's own idea of its name: host.* */
#include "probe/checks/checks.h"

/* ---- host.fqdn */

static bool is_announced(const struct mp_case *c, const char *name)
{
	return name && c->ehlo && dns_name_eq(c->ehlo, name);
}

static enum mp_judged judge_fqdn(struct mp_judge *j)
{
	const struct mp_case *c = j->c;
	const char *name = c->hostname;
	struct mp_name_fault fault;
	struct mp_result *r;

	if (!name || !*name) {
		mp_report(j, "", MP_SKIP, "The system has no host name.");
		return MP_SETTLED;
	}
	fault = mp_name_fault(j->a, name);
	if (!fault.words) {
		r = mp_report(j, name, MP_PASS, "The system's name %s is fully qualified.", name);
	} else if (c->fqdn && !mp_name_fault(j->a, c->fqdn).words) {
		r = mp_report(j, name, MP_PASS, "The system's name is %s, in full %s.", name, c->fqdn);
	} else if (is_announced(c, name) || is_announced(c, c->fqdn)) {
		const char *wanted;

		if (!mp_name_to_announce(j, &wanted))
			return MP_PENDING;
		r = mp_report(
			j, name, MP_WARN, "The system's name %s %s, and it is what is announced.", name, fault.words);
		mp_fix(j, r,
			"Give the system a full host name (hostnamectl hostname NAME where systemd runs, else /etc/hostname "
			"or rc.conf), or leave it and change only what is announced: %s",
			mp_step_announce(j, wanted));
	} else {
		r = mp_report(j, name, MP_INFO, "The system's name %s %s; it is not used for mail, which announces %s.",
			name, fault.words, c->ehlo ? c->ehlo : "no name here");
	}
	mp_jset_str(r->values, "hostname", name);
	mp_jset_str(r->values, "fqdn", c->fqdn);
	return MP_SETTLED;
}

const struct mp_check mp_check_host_fqdn = {
	.id = "host.fqdn",
	.title = "The system's name is a fully qualified name",
	.ref = "RFC 1123 2.1",
	.in = MP_IN_SENDER,
	.judge = judge_fqdn,
};

/* ---- host.witness */

/* What this host's addresses are outside. */
struct outside {
	struct mp_ip *ip;
	size_t n;
	bool global; /* one at least is an address of the Internet */
};

static bool look_outside(struct mp_judge *j, struct outside *out)
{
	bool pending = false;

	*out = (struct outside){.ip = mp_allocn(j->a, j->c->n_sources + 1, sizeof(*out->ip))};
	for (size_t i = 0; i < j->c->n_sources; i++) {
		struct mp_seen seen;

		if (!mp_seen_as(j, i, &seen)) {
			pending = true;
			continue;
		}
		if (!seen.known)
			continue;
		out->ip[out->n++] = seen.ip;
		out->global = out->global || mp_ip_kind(&seen.ip) == MP_IP_GLOBAL;
	}
	return !pending;
}

static bool has_one_of(const struct dns_answer *a, const struct outside *o)
{
	for (size_t i = 0; i < a->n_rr; i++)
		for (size_t k = 0; k < o->n; k++)
			if (mp_ip_eq(&a->rr[i].ip, &o->ip[k]))
				return true;
	return false;
}

/* What receivers see: an address of the Internet, of this family where there is one. */
static const struct mp_ip *seen_outside(const struct outside *o, enum mp_family family)
{
	const struct mp_ip *any = NULL;

	for (size_t i = 0; i < o->n; i++) {
		if (mp_ip_kind(&o->ip[i]) != MP_IP_GLOBAL)
			continue;
		if (o->ip[i].family == family)
			return &o->ip[i];
		any = any ? any : &o->ip[i];
	}
	return any;
}

/* An address in the answer that the public DNS would hardly give for a mail host, or NULL. */
static const struct mp_ip *inside_address(const struct dns_answer *a)
{
	for (size_t i = 0; i < a->n_rr; i++)
		if (mp_ip_kind(&a->rr[i].ip) != MP_IP_GLOBAL)
			return &a->rr[i].ip;
	return NULL;
}

/* The entry of the hosts file for the announced name that says something else than the DNS, or NULL. */
static const struct mp_hosts_entry *differing_entry(
	const struct mp_case *c, const struct dns_answer *a, const struct dns_answer *aaaa)
{
	for (size_t i = 0; i < c->n_hosts; i++) {
		const struct mp_hosts_entry *e = &c->hosts[i];
		const struct dns_answer *same = e->address.family == MP_IPV4 ? a : aaaa;
		bool known = false;

		if (!dns_name_eq(e->name, c->ehlo) || !dns_known(same->outcome))
			continue;
		for (size_t k = 0; k < same->n_rr; k++)
			known = known || mp_ip_eq(&same->rr[k].ip, &e->address);
		if (!known)
			return e;
	}
	return NULL;
}

static enum mp_judged judge_witness(struct mp_judge *j)
{
	const char *name = j->c->ehlo;
	const struct dns_answer *a, *aaaa, *wrong = NULL;
	const struct mp_hosts_entry *entry;
	struct outside outside;
	struct mp_result *r;
	struct mp_ehlo e;
	char text[MP_IP_TEXT];
	bool seen;

	mp_ehlo_read(j->a, name, &e);
	if (e.kind != MP_EHLO_NAME || !e.fault.in_dns) {
		mp_report(j, name ? name : "", MP_SKIP, "%s",
			e.kind == MP_EHLO_NAME ? "The EHLO name cannot be in the public DNS (follows from ehlo.syntax)."
					       : "There is no EHLO name to look up.");
		return MP_SETTLED;
	}
	a = mp_dns(j, name, DNS_A);
	aaaa = mp_dns(j, name, DNS_AAAA);
	seen = look_outside(j, &outside);
	if (!a || !aaaa || !seen)
		return MP_PENDING;
	if (inside_address(a) && !has_one_of(a, &outside))
		wrong = a;
	else if (inside_address(aaaa) && !has_one_of(aaaa, &outside))
		wrong = aaaa;
	entry = differing_entry(j->c, a, aaaa);
	if (wrong && outside.global) {
		const struct mp_ip *ip = seen_outside(&outside, wrong == a ? MP_IPV4 : MP_IPV6);
		char theirs[MP_IP_TEXT];

		r = mp_report(j, name, MP_WARN,
			"The resolver gives %s for the host's own name %s, an address that means nothing outside; receivers see "
			"%s.",
			mp_ip_text(inside_address(wrong), text), name, mp_ip_text(ip, theirs));
		mp_detail(j, r,
			"Either the resolver answers from data of its own (a hosts file that dnsmasq serves, split DNS), and what "
			"it says of this name is no witness for what receivers see; or the public zone itself holds the address.");
		mp_fix(j, r,
			"Compare with a public resolver (--resolver IP). If that one gives the right address, take the entry out of "
			"the local resolver's data; if not, correct the record: %s",
			mp_step_forward(j, ip, name));
	} else if (!dns_known(a->outcome) && !dns_known(aaaa->outcome)) {
		r = mp_cannot_tell(j, name, mp_printf(j->a, "the A record of %s", name), a);
	} else if (entry) {
		r = mp_report(j, name, MP_INFO,
			"The hosts file says %s for %s, the DNS says %s; the checks go by the DNS.",
			mp_ip_text(&entry->address, text), name,
			mp_address_list(j->a, entry->address.family == MP_IPV4 ? a : aaaa));
		mp_detail(j, r,
			"Receivers do not see this host's hosts file. Tests with getent or ping on this host do, and mislead.");
	} else {
		r = mp_report(j, name, MP_PASS,
			"What the resolver says of %s does not come from local data of this host.", name);
	}
	if (entry)
		mp_jset_str(r->values, "hosts_file", mp_ip_text(&entry->address, text));
	return MP_SETTLED;
}

const struct mp_check mp_check_host_witness = {
	.id = "host.witness",
	.title = "Answers for the host's own name come from the public DNS",
	.ref = "RFC 6762, hosts(5)",
	.in = MP_IN_SENDER,
	.advisory = true,
	.judge = judge_witness,
};
