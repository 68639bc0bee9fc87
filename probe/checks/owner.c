/* probe/checks/owner.c - who holds the address, and since when the domain is registered: what registries say */
#include "base/text.h"
#include "dns/psl.h"
#include "dns/reverse.h"
#include "probe/checks/checks.h"
#include "probe/rdap.h"

/* ---- ptr.owner */

static void put_contacts(struct mp_result *r, const struct rdap_object *o)
{
	static const struct {
		enum rdap_role role;
		const char *word;
	} roles[] = {{RDAP_TECHNICAL, "technical"}, {RDAP_NOC, "noc"}, {RDAP_ADMINISTRATIVE, "administrative"},
		{RDAP_ABUSE, "abuse"}};
	json_t *list = json_array();

	for (size_t i = 0; i < ARRAY_LEN(roles); i++) {
		const struct rdap_entity *e = rdap_contact(o, roles[i].role, true);
		json_t *one;

		if (!e)
			continue;
		one = json_object();
		mp_jset_str(one, "role", roles[i].word);
		mp_jset_str(one, "name", e->name);
		mp_jset_str(one, "email", e->email);
		mp_jpush(list, one);
	}
	mp_jset(r->values, "contacts", list);
}

/* "technical: noc@host.example, abuse: abuse@host.example"; "" without any. */
static const char *contact_words(struct mp_judge *j, const struct rdap_object *o)
{
	const struct rdap_entity *tech = rdap_contact(o, RDAP_TECHNICAL | RDAP_NOC, true);
	const struct rdap_entity *abuse = rdap_contact(o, RDAP_ABUSE, true);
	bool both = tech && abuse && !mp_ieq(tech->email, abuse->email);

	if (!tech && !abuse)
		return "";
	return mp_printf(j->a, "%s%s%s%s%s", tech ? "technical: " : "", tech ? tech->email : "", both ? ", " : "",
		both || !tech ? "abuse: " : "", both || !tech ? abuse->email : "");
}

/* "EXAMPLE-HOST, 203.0.113.0/24, DE": what is known of the network beside its holder. */
static const char *network_words(struct mp_judge *j, const struct rdap_object *o, const char *holder)
{
	const char *parts[3] = {mp_ieq(o->name, holder) ? NULL : o->name, o->range, o->country};
	const char *words = "";

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (parts[i])
			words = mp_printf(j->a, "%s%s%s", words, *words ? ", " : "", parts[i]);
	return *words ? mp_printf(j->a, " (%s)", words) : "";
}

static void put_owner(struct mp_result *r, const struct mp_rdap *rdap)
{
	const struct rdap_object *o = &rdap->object;

	mp_jset_str(r->values, "holder", rdap_holder(o));
	mp_jset_str(r->values, "handle", o->handle);
	mp_jset_str(r->values, "network", o->name);
	mp_jset_str(r->values, "range", o->range);
	mp_jset_str(r->values, "country", o->country);
	put_contacts(r, o);
	mp_jset_str(r->values, "source", rdap->source);
}

/* Where the reverse zone is. */
struct zone {
	const char *name; /* NULL: not found */
	const char *servers;
	bool ours;   /* on name servers of the sender's own */
	bool shared; /* on the same name servers as the sender's domain */
};

/* False: pending. */
static bool find_zone(struct mp_judge *j, const struct mp_ip *ip, struct zone *out)
{
	const char *domain = j->c->domain ? dns_registrable_domain(j->c->domain, DNS_PSL_REGISTRIES) : NULL;
	const struct dns_answer *of_domain = domain ? mp_dns(j, domain, DNS_NS) : NULL, *of_zone;
	struct dns_names ns, domain_ns;
	struct dns_reverse r;

	memset(out, 0, sizeof(*out));
	if (!mp_reverse_ask(j, ip, &r) || (domain && !of_domain))
		return false;
	if (!r.zone)
		return true;
	of_zone = mp_dns(j, r.zone, DNS_NS);
	if (!of_zone)
		return false;
	ns = dns_names_of(j->a, of_zone);
	out->name = r.zone;
	out->servers = mp_name_list(j->a, ns.name, ns.n);
	out->ours = mp_own_reverse_zone(j, &r);
	if (of_domain) {
		domain_ns = dns_names_of(j->a, of_domain);
		out->shared = ns.n && dns_names_eq(&ns, &domain_ns);
	}
	return true;
}

static void report_owner(struct mp_judge *j, const char *ip, const struct mp_rdap *rdap, const struct zone *z)
{
	const struct rdap_object *o = &rdap->object;
	const char *holder = rdap->state == MP_RDAP_FOUND ? rdap_holder(o) : NULL, *contacts;
	const char *held =
		holder ? mp_printf(j->a, "%s is held by %s%s", ip, holder, network_words(j, o, holder)) : NULL;
	struct mp_result *r;

	if (z->ours) {
		r = mp_report(j, ip, MP_INFO,
			"The reverse zone %s is on name servers of your own (%s): set the PTR record there.", z->name,
			z->servers);
		if (held)
			mp_detail(j, r, "%s, and has delegated the zone.", held);
	} else if (holder) {
		contacts = contact_words(j, o);
		r = mp_report(j, ip, MP_INFO, "%s.", held);
		mp_detail(j, r,
			"Only the holder, or whom it has given the reverse zone to, can set the PTR record: mostly a field in its "
			"control panel, else a request%s%s%s.%s",
			*contacts ? " (" : "", contacts, *contacts ? ")" : "",
			z->shared
				? mp_printf(j->a,
					  " The reverse zone %s is on the same name servers as your domain (%s): where you keep "
					  "the domain, the record may be yours to set.",
					  z->name, z->servers)
				: "");
	} else if (rdap->state == MP_RDAP_UNKNOWN) {
		r = mp_report(j, ip, MP_ERROR, "Who holds %s could not be determined: %s.", ip, rdap->why);
	} else if (o->redacted || o->truncated) {
		r = mp_report(j, ip, MP_INFO, "The registry leaves out who holds %s.", ip);
	} else {
		r = mp_report(j, ip, MP_INFO, "No registry says who holds %s%s%s.", ip, rdap->why ? ": " : "",
			rdap->why ? rdap->why : "");
	}
	if (rdap->state == MP_RDAP_FOUND)
		put_owner(r, rdap);
	mp_jset_bool(r->values, "own_zone", z->ours);
	mp_jset_str(r->values, "zone", z->name);
}

static enum mp_judged judge_owner(struct mp_judge *j)
{
	struct mp_seen seen;
	struct mp_rdap rdap;
	enum mp_judged ret;
	struct zone zone;
	bool zone_known, holder_known;

	if (!mp_source_subject(j, &seen, &ret))
		return ret;
	if (mp_ip_kind(&seen.ip) != MP_IP_GLOBAL) {
		mp_report(j, seen.text, MP_SKIP, "%s is no address of the Internet: no registry knows who uses it.",
			seen.text);
		return MP_SETTLED;
	}
	/* Both at once. */
	zone_known = find_zone(j, &seen.ip, &zone);
	holder_known = mp_rdap_ask(j, seen.text, &rdap);
	if (!zone_known || !holder_known)
		return MP_PENDING;
	report_owner(j, seen.text, &rdap, &zone);
	return MP_SETTLED;
}

const struct mp_check mp_check_ptr_owner = {
	.id = "ptr.owner",
	.title = "Who holds the address, and so can set its PTR record",
	.ref = "RFC 9083 5.4",
	.per = MP_PER_SOURCE,
	.in = MP_IN_SENDER | MP_IN_PTR,
	.advisory = true,
	.judge = judge_owner,
};

/* ---- age.sender, registration.sender: the domain at its registry */

enum { YOUNG_DAYS = 30, SOON_DAYS = 14, DAY_MS = 86400000 };

struct registration {
	const char *domain; /* the registered one */
	struct mp_rdap rdap;
};

/* False: return *ret; what can be said was reported. */
static bool look(struct mp_judge *j, struct registration *g, enum mp_judged *ret)
{
	const char *of = dns_registrable_domain(j->c->domain, DNS_PSL_REGISTRIES);

	*ret = MP_SETTLED;
	g->domain = of ? dns_name_canonical(j->a, of) : NULL;
	if (!g->domain || !dns_is_hostname(g->domain)) {
		mp_report(j, j->c->domain, MP_SKIP, "%s is no domain that could be registered.",
			mp_name_words(j->a, j->c->domain));
		return false;
	}
	if (!mp_rdap_ask(j, g->domain, &g->rdap)) {
		*ret = MP_PENDING;
		return false;
	}
	if (g->rdap.state == MP_RDAP_FOUND)
		return true;
	if (j->check != &mp_check_registration_sender)
		mp_report(j, g->domain, MP_SKIP,
			"Its registration could not be looked up (follows from registration.sender).");
	else if (g->rdap.state == MP_RDAP_UNKNOWN)
		mp_report(j, g->domain, MP_ERROR, "What the registry says of %s could not be determined: %s.",
			g->domain, g->rdap.why);
	else
		mp_report(j, g->domain, MP_INFO, "No registry tells by RDAP about %s: %s.", g->domain, g->rdap.why);
	return false;
}

static const char *date(struct mp_judge *j, int64_t ms)
{
	char *text = mp_time_text(j->a, ms, false);

	text[strcspn(text, "T")] = '\0';
	return text;
}

static const char *age_words(struct mp_judge *j, int64_t days)
{
	if (days < 1)
		return "today";
	if (days < 90)
		return mp_printf(j->a, "%lld day%s ago", (long long)days, days == 1 ? "" : "s");
	if (days < 730)
		return mp_printf(j->a, "%lld months ago", (long long)(days / 30));
	return mp_printf(j->a, "%lld years ago", (long long)(days / 365));
}

static enum mp_judged judge_age(struct mp_judge *j)
{
	struct registration g;
	struct mp_result *r;
	enum mp_judged ret;
	int64_t days;

	if (!look(j, &g, &ret))
		return ret;
	if (!g.rdap.object.registered) {
		r = mp_report(j, g.domain, MP_INFO, "Its registry does not say when %s was registered.", g.domain);
		mp_jset_str(r->values, "source", g.rdap.source);
		return MP_SETTLED;
	}
	days = (j->c->started_ms - g.rdap.object.registered) / DAY_MS;
	days = days < 0 ? 0 : days;
	r = mp_report(j, g.domain, days < YOUNG_DAYS ? MP_WARN : MP_INFO, "%s was registered %s, on %s%s.", g.domain,
		age_words(j, days), date(j, g.rdap.object.registered),
		days < YOUNG_DAYS ? ": receivers distrust mail from new domains" : "");
	if (days < YOUNG_DAYS) {
		mp_detail(j, r,
			"Most spam comes from domains that are days old, so a new one has no credit: its mail lands in the spam "
			"folder, or is deferred, although all else is right. That passes with time and with mail that is wanted.");
		mp_fix(j, r,
			"Wait, and begin small: until %s send from %s only what its recipients expect, a little more each day, "
			"signed with DKIM and covered by DMARC; or send from an older domain of yours until then.",
			date(j, g.rdap.object.registered + (int64_t)YOUNG_DAYS * DAY_MS), g.domain);
	}
	mp_jset_str(r->values, "registered", mp_time_text(j->a, g.rdap.object.registered, false));
	mp_jset_int(r->values, "days", days);
	mp_jset_str(r->values, "source", g.rdap.source);
	return MP_SETTLED;
}

const struct mp_check mp_check_age_sender = {
	.id = "age.sender",
	.title = "The sender's domain is not new",
	.ref = "RFC 9083 4.5",
	.per = MP_ONCE,
	.in = MP_IN_SENDER,
	.advisory = true,
	.judge = judge_age,
};

static enum mp_judged judge_registration(struct mp_judge *j)
{
	const struct rdap_entity *registrar;
	const struct rdap_object *o;
	struct registration g;
	struct mp_result *r;
	enum mp_judged ret;
	const char *whom, *words;
	int64_t left;

	if (!look(j, &g, &ret))
		return ret;
	o = &g.rdap.object;
	registrar = rdap_contact(o, RDAP_REGISTRAR, false);
	whom = registrar && registrar->name ? mp_printf(j->a, "its registrar, %s,", registrar->name) : "its registrar";
	words = mp_list(j->a, o->statuses, o->n_status);
	left = o->expires - j->c->started_ms;
	if (o->status & RDAP_PENDING_DELETE) {
		r = mp_report(j, g.domain, MP_FAIL, "%s is about to be deleted by its registry (%s).", g.domain, words);
		mp_fix(j, r, "Have %s restore and renew %s now; once deleted, anybody can register it.", whom,
			g.domain);
	} else if (o->status & RDAP_ON_HOLD) {
		r = mp_report(j, g.domain, MP_FAIL, "%s is on hold at its registry (%s): it is taken out of the DNS.",
			g.domain, words);
		mp_fix(j, r,
			"Ask %s why %s is on hold, and have it lifted: mostly an unpaid bill, or a contact address that was "
			"not confirmed.",
			whom, g.domain);
	} else if (o->expires && left < 0) {
		r = mp_report(
			j, g.domain, MP_WARN, "The registration of %s expired on %s.", g.domain, date(j, o->expires));
		mp_fix(j, r, "Have %s renew %s, before it is taken out of the DNS.", whom, g.domain);
	} else if (o->expires && left < (int64_t)SOON_DAYS * DAY_MS) {
		r = mp_report(j, g.domain, MP_INFO, "The registration of %s expires on %s: see that it is renewed.",
			g.domain, date(j, o->expires));
	} else if (o->expires) {
		r = mp_report(j, g.domain, MP_PASS, "%s is registered until %s.", g.domain, date(j, o->expires));
	} else {
		r = mp_report(j, g.domain, MP_PASS, "%s is registered.", g.domain);
	}
	mp_jset_str(r->values, "expires", o->expires ? mp_time_text(j->a, o->expires, false) : NULL);
	mp_jset(r->values, "status", mp_json_list(o->statuses, o->n_status));
	mp_jset_str(r->values, "changed", o->changed ? mp_time_text(j->a, o->changed, false) : NULL);
	mp_jset_str(r->values, "registrar", registrar ? registrar->name : NULL);
	mp_jset_str(r->values, "registrar_source", o->related); /* may tell what the registry leaves out */
	mp_jset_str(r->values, "source", g.rdap.source);
	return MP_SETTLED;
}

const struct mp_check mp_check_registration_sender = {
	.id = "registration.sender",
	.title = "The sender's domain is registered, not on hold or about to be deleted",
	.ref = "RFC 8056",
	.per = MP_ONCE,
	.in = MP_IN_SENDER,
	.advisory = true,
	.judge = judge_registration,
};
