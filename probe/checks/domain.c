/* probe/checks/domain.c - the sender's domain beside its authentication: mx, soa, tls_rpt, dane, bimi and dnssec.sender */
#include "base/text.h"
#include "dns/dmarc.h"
#include "dns/tlsa.h"
#include "probe/checks/checks.h"

enum {
	MX_MAX = 10,    /* hosts that are looked at */
	URI_MAX = 1000, /* bytes of a record that are shown */
};

/* ---- shared */

/* The domain of the From header, and the envelope's where it is another one. NULL: none. */
static size_t sender_domains(struct mp_judge *j, const char *out[2])
{
	const char *at = j->c->mail_from ? strrchr(j->c->mail_from, '@') : NULL;
	size_t n = 0;

	if (j->c->domain && j->c->domain[0] != '[')
		out[n++] = j->c->domain;
	if (at && at[1] && at[1] != '[' && (n == 0 || !dns_name_eq(at + 1, out[0])))
		out[n++] = at + 1;
	return n;
}

static const char *shown_record(struct mp_judge *j, struct mp_str s)
{
	return mp_text(j->a, mp_strn(s.p, s.n < URI_MAX ? s.n : URI_MAX));
}

/* Of the TXT records those of one version, as in "v=TLSRPTv1": the first, and how many. */
static size_t records_of(const struct dns_answer *txt, const char *version, struct mp_str *first)
{
	size_t n = 0;

	for (size_t i = 0; i < txt->n_rr; i++) {
		struct mp_str s = mp_strn((const char *)txt->rr[i].txt.p, txt->rr[i].txt.n);
		size_t len = strlen(version);

		if (s.n < len || strncmp(s.p, version, len) != 0 ||
			(s.n > len && s.p[len] != ';' && !mp_isblank(s.p[len])))
			continue;
		if (n++ == 0)
			*first = s;
	}
	return n;
}

/* The value of a tag of "a=b; c=d". False: it is not there. *fault: a part that is no tag, or a tag given twice. */
static bool tag_of(struct mp_judge *j, struct mp_str record, const char *name, struct mp_str *value, const char **fault)
{
	struct mp_str part = {0};
	bool found = false;

	while (mp_str_split(&record, ';', &part)) {
		struct mp_str rest = mp_str_trim(part), tag = {0};

		if (rest.n == 0)
			continue;
		mp_str_split(&rest, '=', &tag);
		if (!rest.p) {
			*fault = mp_printf(j->a, "\"%s\" is no tag", shown_record(j, tag));
			return false;
		}
		if (!mp_str_eq(mp_str_trim(tag), mp_str(name)))
			continue;
		if (found)
			*fault = mp_printf(j->a, "the tag %s is there twice", name);
		found = true;
		*value = mp_str_trim(rest);
	}
	return found;
}

/* ---- mx.sender */

struct mx_hosts {
	size_t n, with_address;
	const char *names[MX_MAX];
	const char *without[MX_MAX]; /* hosts that have none */
	size_t n_without;
	const struct dns_answer *unknown; /* an address look-up that could not be determined */
	const char *unknown_host;
	bool null_mx;
	const char *inside, *inside_host; /* a private address, and whose; NULL: none */
	bool outside;                     /* there is an address that is none */
};

static void note_addresses(struct mp_judge *j, const char *host, const struct dns_answer *a, struct mx_hosts *h)
{
	char text[MP_IP_TEXT];

	for (size_t i = 0; i < a->n_rr; i++)
		if (mp_ip_kind(&a->rr[i].ip) != MP_IP_PRIVATE) {
			h->outside = true;
		} else {
			h->inside = mp_dup(j->a, mp_ip_text(&a->rr[i].ip, text));
			h->inside_host = host;
		}
}

/* False: pending. */
static bool look_at_hosts(struct mp_judge *j, const struct dns_answer *mx, struct mx_hosts *h)
{
	bool pending = false;

	for (size_t i = 0; i < mx->n_rr && h->n < MX_MAX; i++) {
		const char *host = mx->rr[i].mx.exchange;
		const struct dns_answer *a, *aaaa;

		if (strcmp(host, ".") == 0) {
			h->null_mx = true;
			continue;
		}
		h->names[h->n++] = host;
		a = mp_dns(j, host, DNS_A);
		aaaa = mp_dns(j, host, DNS_AAAA);
		if (!a || !aaaa) {
			pending = true;
		} else if (a->n_rr || aaaa->n_rr) {
			h->with_address++;
			note_addresses(j, host, a, h);
			note_addresses(j, host, aaaa, h);
		} else if (!dns_known(a->outcome) && a->outcome != DNS_BADNAME) {
			h->unknown = a;
			h->unknown_host = host;
		} else if (!dns_known(aaaa->outcome) && aaaa->outcome != DNS_BADNAME) {
			h->unknown = aaaa;
			h->unknown_host = host;
		} else {
			h->without[h->n_without++] = host;
		}
	}
	return !pending;
}

static void fix_mx(struct mp_judge *j, struct mp_result *r, const char *domain)
{
	mp_fix(j, r,
		"In the zone of %s, publish an MX record that names a host which takes its mail and has an address; or "
		"send with an envelope sender in a domain that has one.",
		domain);
}

/* Do receivers see this sender at a public address? False as well where that is not known. */
static bool sends_from_outside(struct mp_judge *j, bool *pending)
{
	for (size_t i = 0; i < j->c->n_sources; i++) {
		struct mp_seen seen;

		if (!mp_seen_as(j, i, &seen))
			*pending = true;
		else if (seen.known && mp_ip_kind(&seen.ip) == MP_IP_GLOBAL)
			return true;
	}
	return false;
}

static struct mp_result *judge_implicit(
	struct mp_judge *j, const char *domain, const struct dns_answer *a, const struct dns_answer *aaaa)
{
	struct mp_result *r;

	if (a->n_rr || aaaa->n_rr)
		return mp_report(j, domain, MP_PASS, "%s has no MX record; its own address takes bounces.", domain);
	if (!dns_known(a->outcome) || !dns_known(aaaa->outcome))
		return mp_cannot_tell(j, domain, mp_printf(j->a, "the address of %s, which has no MX record", domain),
			dns_known(a->outcome) ? aaaa : a);
	r = mp_report(
		j, domain, MP_FAIL, "%s has neither an MX record nor an address: bounces cannot come back.", domain);
	fix_mx(j, r, domain);
	return r;
}

static struct mp_result *judge_hosts(struct mp_judge *j, const char *domain, const struct mx_hosts *h, bool inside)
{
	struct mp_result *r;

	if (h->null_mx && h->n == 0) {
		r = mp_report(j, domain, MP_FAIL, "%s says that it takes no mail (null MX): bounces cannot come back.",
			domain);
		mp_detail(j, r, "Receivers reject mail from such a domain (RFC 7505 4.2).");
		fix_mx(j, r, domain);
	} else if (h->with_address == 0 && h->unknown) {
		r = mp_cannot_tell(j, domain,
			mp_printf(j->a, "the addresses of the MX host %s", mp_name_words(j->a, h->unknown_host)),
			h->unknown);
	} else if (h->with_address == 0) {
		r = mp_report(j, domain, MP_FAIL, "No MX host of %s has an address (%s): bounces cannot come back.",
			domain, mp_name_list(j->a, h->without, h->n_without));
		fix_mx(j, r, domain);
	} else if (h->null_mx) {
		r = mp_report(j, domain, MP_WARN, "%s has a null MX beside other MX records.", domain);
		mp_fix(j, r, "In the zone of %s, remove the record \"MX 0 .\": it says that no mail is taken.", domain);
	} else if (inside) {
		r = mp_report(j, domain, MP_WARN,
			"The MX hosts of %s have private addresses alone (%s, %s): bounces from outside cannot come back.",
			domain, mp_name_words(j->a, h->inside_host), h->inside);
		mp_fix(j, r,
			"In the public zone of %s, have the MX name a host with a public address; if it does already, ask a "
			"resolver that shows the public zone (--resolver).",
			domain);
	} else if (h->n_without) {
		r = mp_report(j, domain, MP_WARN, "Of the MX hosts of %s, %s has no address.", domain,
			mp_name_list(j->a, h->without, h->n_without));
		mp_fix(j, r, "In the zone of %s, remove the MX records of hosts that are gone, or give them addresses.",
			domain);
	} else {
		r = mp_report(j, domain, MP_PASS, "Bounces to %s can come back: MX %s.", domain,
			mp_name_list(j->a, h->names, h->n));
	}
	mp_jset(r->values, "mx", mp_json_list(h->names, h->n));
	return r;
}

/* The zone that a name lies in, by the SOA record; NULL: not told. */
static const char *zone_of(const char *name, const struct dns_answer *soa)
{
	const char *owner = soa->outcome == DNS_ANSWERED ? soa->rr[0].owner : soa->soa ? soa->soa->owner : NULL;

	return owner && dns_name_under(name, owner) ? owner : NULL;
}

static bool judge_mx_of(struct mp_judge *j, const char *domain)
{
	const struct dns_answer *mx = mp_dns(j, domain, DNS_MX);
	const struct dns_answer *a = mp_dns(j, domain, DNS_A), *aaaa = mp_dns(j, domain, DNS_AAAA);
	struct mx_hosts h = {0};
	bool pending = false, inside = false;

	if (mx && !look_at_hosts(j, mx, &h))
		return false;
	if (!mx || !a || !aaaa)
		return false;
	if (h.inside && !h.outside)
		inside = sends_from_outside(j, &pending);
	if (pending)
		return false;
	if (mx->outcome == DNS_NXDOMAIN) {
		struct mp_result *r =
			mp_report(j, domain, MP_FAIL, "The sender's domain %s does not exist in the DNS.", domain);

		mp_fix(j, r,
			"Send with a domain that exists: look for a typing error in the sender's address, or have "
			"%s created (an MX or A record, by whoever runs the DNS above it).",
			domain);
		mp_jset_bool(r->values, "exists", false);
	} else if (!dns_known(mx->outcome)) {
		mp_cannot_tell(j, domain, mp_printf(j->a, "the MX record of %s", domain), mx);
	} else if (mx->outcome == DNS_NODATA) {
		judge_implicit(j, domain, a, aaaa);
	} else {
		judge_hosts(j, domain, &h, inside);
	}
	return true;
}

static enum mp_judged judge_mx(struct mp_judge *j)
{
	const char *domains[2];
	size_t n = sender_domains(j, domains);
	bool pending = false;

	for (size_t i = 0; i < n; i++)
		pending = !judge_mx_of(j, domains[i]) || pending;
	if (n == 0)
		mp_report(j, j->c->domain ? j->c->domain : "", MP_SKIP, "The sender has no domain to look up.");
	return pending ? MP_PENDING : MP_SETTLED;
}

const struct mp_check mp_check_mx_sender = {
	.id = "mx.sender",
	.title = "Bounces can come back: the sender's domain has an MX or an address",
	.ref = "RFC 5321 5.1",
	.per = MP_ONCE,
	.in = MP_IN_SENDER,
	.judge = judge_mx,
};

/* ---- soa.sender */

/* Yahoo asks for it of every sender's domain; a name inside a zone is vouched for by the zone's. False: pending. */
static bool judge_soa_of(struct mp_judge *j, const char *domain)
{
	const struct dns_answer *soa = mp_dns(j, domain, DNS_SOA);
	struct mp_result *r;
	const char *zone;

	if (!soa)
		return false;
	zone = dns_known(soa->outcome) ? zone_of(domain, soa) : NULL;
	if (soa->outcome == DNS_NXDOMAIN || soa->outcome == DNS_BADNAME) {
		mp_report(j, domain, MP_SKIP, "%s does not exist in the DNS (follows from mx.sender).", domain);
	} else if (!dns_known(soa->outcome)) {
		mp_cannot_tell(j, domain, mp_printf(j->a, "the SOA record of %s", domain), soa);
	} else if (!zone) {
		r = mp_report(
			j, domain, MP_INFO, "%s has no SOA record, and no zone that it lies in shows one.", domain);
		mp_detail(j, r, "Yahoo and AOL refuse senders whose domain has none.");
		mp_jset_str(r->values, "zone", NULL);
	} else if (dns_name_eq(zone, domain)) {
		r = mp_report(j, domain, MP_PASS, "%s has an SOA record.", domain);
		mp_jset_str(r->values, "zone", zone);
	} else {
		r = mp_report(j, domain, MP_PASS, "%s lies in the zone %s, which has an SOA record.", domain, zone);
		mp_jset_str(r->values, "zone", zone);
	}
	return true;
}

static enum mp_judged judge_soa(struct mp_judge *j)
{
	const char *domains[2];
	size_t n = sender_domains(j, domains);
	bool pending = false;

	for (size_t i = 0; i < n; i++)
		pending = !judge_soa_of(j, domains[i]) || pending;
	if (n == 0)
		mp_report(j, j->c->domain ? j->c->domain : "", MP_SKIP, "The sender has no domain to look up.");
	return pending ? MP_PENDING : MP_SETTLED;
}

const struct mp_check mp_check_soa_sender = {
	.id = "soa.sender",
	.title = "The sender's domain lies in a zone that shows its SOA record",
	.ref = "RFC 1035 3.3.13",
	.per = MP_ONCE,
	.in = MP_IN_SENDER,
	.advisory = true,
	.judge = judge_soa,
};

/* ---- tls_rpt.sender */

/* What is wrong with the addresses of rua, or NULL. */
static const char *rua_fault(struct mp_judge *j, struct mp_str rua)
{
	struct mp_str uri = {0};

	if (rua.n == 0)
		return "the tag rua is empty";
	while (mp_str_split(&rua, ',', &uri)) {
		struct mp_str s = mp_str_trim(uri);

		if (mp_str_istarts(s, "mailto:") && memchr(s.p, '@', s.n))
			continue;
		if (mp_str_istarts(s, "https://") && s.n > strlen("https://"))
			continue;
		return mp_printf(j->a, "\"%s\" is neither a mailto: nor an https: address", shown_record(j, s));
	}
	return NULL;
}

static enum mp_judged judge_tls_rpt(struct mp_judge *j)
{
	const char *domain = j->c->domain, *name = mp_printf(j->a, "_smtp._tls.%s", domain), *fault = NULL;
	const struct dns_answer *txt = mp_dns(j, name, DNS_TXT);
	struct mp_str record = {0}, rua = {0};
	struct mp_result *r;
	size_t n;

	if (!txt)
		return MP_PENDING;
	if (!dns_known(txt->outcome)) {
		mp_cannot_tell(j, domain, mp_printf(j->a, "the TXT record %s", name), txt);
		return MP_SETTLED;
	}
	n = records_of(txt, "v=TLSRPTv1", &record);
	if (n == 0 && txt->n_rr == 0) {
		mp_report(j, domain, MP_INFO, "%s asks for no reports on TLS (no record %s).", domain, name);
		return MP_SETTLED;
	}
	if (n == 0)
		fault = "it does not begin with v=TLSRPTv1";
	else if (n > 1)
		fault = mp_printf(j->a, "there are %zu of them, and then none counts", n);
	else if (!tag_of(j, record, "rua", &rua, &fault) && !fault)
		fault = "it has no tag rua, so there is nobody to report to";
	if (!fault)
		fault = rua_fault(j, rua);
	if (fault) {
		r = mp_report(j, domain, MP_WARN, "The TLS-RPT record %s is wrong: %s.", name, fault);
		mp_fix(j, r, "Publish one TXT record at %s: \"v=TLSRPTv1; rua=mailto:postmaster@%s\".", name, domain);
	} else {
		r = mp_report(j, domain, MP_PASS, "Reports on TLS are asked for, to %s.", shown_record(j, rua));
	}
	mp_jset_str(r->values, "record", n ? shown_record(j, record) : NULL);
	return MP_SETTLED;
}

const struct mp_check mp_check_tls_rpt_sender = {
	.id = "tls_rpt.sender",
	.title = "The sender's domain asks for reports on TLS, in a valid record",
	.ref = "RFC 8460 3",
	.per = MP_ONCE,
	.in = MP_IN_SENDER,
	.advisory = true,
	.judge = judge_tls_rpt,
};

/* ---- dane.sender */

struct dane {
	const char *with[MX_MAX]; /* hosts that have usable records */
	size_t n_hosts, n_with, n_secure;
	const struct dns_answer *unknown;
	const char *unknown_name, *fault, *fault_name;
};

static bool look_at_tlsa(struct mp_judge *j, const char *host, struct dane *d)
{
	const char *name = mp_printf(j->a, "_25._tcp.%s", host);
	const struct dns_answer *tlsa = mp_dns(j, name, DNS_TLSA);
	size_t usable = 0;

	if (!tlsa)
		return false;
	d->n_hosts++;
	if (!dns_known(tlsa->outcome) && tlsa->outcome != DNS_BADNAME) {
		d->unknown = tlsa;
		d->unknown_name = name;
	}
	for (size_t i = 0; i < tlsa->n_rr; i++) {
		const char *fault = dns_tlsa_fault(j->a, &tlsa->rr[i]);

		usable += !fault;
		if (fault) {
			d->fault = fault;
			d->fault_name = name;
		}
	}
	if (usable) {
		d->with[d->n_with++] = host;
		d->n_secure += (tlsa->ad && mp_ad_believed(j->c));
	}
	return true;
}

static void report_dane(struct mp_judge *j, const char *domain, const struct dane *d)
{
	struct mp_result *r;

	if (d->fault) {
		r = mp_report(j, domain, MP_WARN, "The TLSA record %s is wrong: %s.", d->fault_name, d->fault);
		mp_fix(j, r,
			"Publish at %s a record \"3 1 1 DIGEST\": the SHA-256 of the server's public key. The server's "
			"administrator has to do it, again with each new key.",
			d->fault_name);
	} else if (d->unknown) {
		mp_cannot_tell(j, domain, mp_printf(j->a, "the TLSA record %s", d->unknown_name), d->unknown);
	} else if (d->n_with == 0) {
		mp_report(j, domain, MP_INFO, "The MX hosts of %s have no TLSA records: no DANE.", domain);
	} else if (d->n_with < d->n_hosts) {
		mp_report(j, domain, MP_INFO,
			"Of the %zu MX hosts of %s, %zu have TLSA records (%s): DANE is not complete.", d->n_hosts,
			domain, d->n_with, mp_name_list(j->a, d->with, d->n_with));
	} else if (d->n_secure < d->n_with) {
		mp_report(j, domain, MP_INFO,
			"The MX hosts of %s have TLSA records; whether DNSSEC vouches for them, no resolver that is believed "
			"says.",
			domain);
	} else {
		mp_report(j, domain, MP_PASS, "DANE: the TLSA records of %s are there, and DNSSEC vouches for them.",
			mp_name_list(j->a, d->with, d->n_with));
	}
}

static enum mp_judged judge_dane(struct mp_judge *j)
{
	const char *domain = j->c->domain;
	const struct dns_answer *mx = mp_dns(j, domain, DNS_MX);
	bool pending = false;
	struct dane d = {0};

	if (!mx)
		return MP_PENDING;
	if (!dns_known(mx->outcome)) {
		mp_cannot_tell(j, domain, mp_printf(j->a, "the MX record of %s", domain), mx);
		return MP_SETTLED;
	}
	for (size_t i = 0; i < mx->n_rr && i < MX_MAX; i++)
		if (strcmp(mx->rr[i].mx.exchange, ".") != 0)
			pending = !look_at_tlsa(j, mx->rr[i].mx.exchange, &d) || pending;
	if (mx->outcome == DNS_NODATA)
		pending = !look_at_tlsa(j, domain, &d);
	if (pending)
		return MP_PENDING;
	if (d.n_hosts)
		report_dane(j, domain, &d);
	else
		mp_report(j, domain, MP_SKIP, "%s has no MX host to look at (follows from mx.sender).", domain);
	return MP_SETTLED;
}

const struct mp_check mp_check_dane_sender = {
	.id = "dane.sender",
	.title = "The sender's own mail servers have valid TLSA records",
	.ref = "RFC 7672",
	.per = MP_ONCE,
	.in = MP_IN_SENDER,
	.advisory = true,
	.judge = judge_dane,
};

/* ---- bimi.sender */

/* What is wrong with the record, or NULL. */
static const char *bimi_fault(struct mp_judge *j, struct mp_str record, struct mp_str *logo)
{
	struct mp_str authority = {0};
	const char *fault = NULL;

	if (!tag_of(j, record, "l", logo, &fault))
		return fault ? fault : "it has no tag l, the place of the logo";
	if (fault)
		return fault;
	if (logo->n && !mp_str_istarts(*logo, "https://"))
		return "the logo (tag l) is not at an https: address";
	if (tag_of(j, record, "a", &authority, &fault) && authority.n && !mp_str_istarts(authority, "https://"))
		return "the evidence document (tag a) is not at an https: address";
	return fault;
}

static bool has_authority(struct mp_judge *j, struct mp_str record)
{
	struct mp_str authority = {0};
	const char *fault = NULL;

	return tag_of(j, record, "a", &authority, &fault) && authority.n;
}

/* Why DMARC is not strong enough for a logo, or NULL. The record is that of the domain or of its organization. */
static const char *too_weak(struct mp_judge *j, const struct dns_dmarc *dmarc)
{
	const struct dns_dmarc_record *rec = dmarc->record;

	if (dmarc->found != DNS_DMARC_FOUND)
		return "there is no DMARC policy";
	if (dmarc->policy < DNS_DMARC_QUARANTINE)
		return "the DMARC policy is none";
	if (rec->p < DNS_DMARC_QUARANTINE)
		return mp_printf(j->a, "the DMARC policy of %s itself is none", dmarc->record_domain);
	if (rec->sp == DNS_DMARC_NONE)
		return "DMARC says sp=none";
	if (rec->pct && rec->pct_number < 100)
		return mp_printf(j->a, "DMARC says pct=%u", rec->pct_number);
	return NULL;
}

/* Receivers show a logo only where DMARC protects the domain. */
static struct mp_result *report_logo(
	struct mp_judge *j, const char *domain, const char *logo, const struct dns_dmarc *dmarc)
{
	const char *weak = too_weak(j, dmarc);
	struct mp_result *r;

	if (dmarc->found == DNS_DMARC_UNKNOWN)
		return mp_cannot_tell(j, domain,
			mp_printf(j->a, "the DMARC record %s, without which no logo is shown,", dmarc->failed_name),
			dmarc->failed);
	if (!weak)
		return mp_report(j, domain, MP_PASS, "The BIMI record is valid: the logo is %s.", logo);
	r = mp_report(j, domain, MP_WARN,
		"The BIMI record is valid, but DMARC is not enforced for %s (%s): receivers show no logo.", domain,
		weak);
	mp_fix(j, r,
		"Publish a DMARC policy of quarantine or reject for %s, without sp=none and pct, once SPF or DKIM passes and "
		"aligns for all of its mail.",
		dmarc->walk.org ? dmarc->walk.org : domain);
	return r;
}

static enum mp_judged judge_bimi(struct mp_judge *j)
{
	const char *domain = j->c->domain, *name = mp_printf(j->a, "default._bimi.%s", domain), *fault;
	const struct dns_answer *txt = mp_dns(j, name, DNS_TXT);
	struct mp_str record = {0}, logo = {0};
	struct dns_dmarc *dmarc = mp_alloc(j->a, sizeof(*dmarc));
	bool walked = dns_dmarc_discover(j->ev, j->a, domain, dmarc);
	struct mp_result *r;
	size_t n;

	if (!txt)
		return MP_PENDING;
	/* Without one of its own the organizational domain's counts. */
	if ((txt->outcome == DNS_NXDOMAIN || txt->outcome == DNS_NODATA) && walked && dmarc->walk.org &&
		!dns_name_eq(dmarc->walk.org, domain)) {
		const char *above = mp_printf(j->a, "default._bimi.%s", dmarc->walk.org);
		const struct dns_answer *theirs = mp_dns(j, above, DNS_TXT);

		if (!theirs)
			return MP_PENDING;
		if (theirs->n_rr) {
			txt = theirs;
			name = above;
		}
	}
	if (!dns_known(txt->outcome)) {
		mp_cannot_tell(j, domain, mp_printf(j->a, "the TXT record %s", name), txt);
		return MP_SETTLED;
	}
	n = records_of(txt, "v=BIMI1", &record);
	if (n == 0 && txt->n_rr == 0) {
		mp_report(j, domain, MP_INFO, "%s shows no logo (no BIMI record %s).", domain, name);
		return MP_SETTLED;
	}
	if (n == 0)
		fault = "it does not begin with v=BIMI1";
	else
		fault = n > 1 ? "there are several of them, and then none counts" : bimi_fault(j, record, &logo);
	if (fault) {
		r = mp_report(j, domain, MP_WARN, "The BIMI record %s is wrong: %s.", name, fault);
		mp_fix(j, r, "Publish one TXT record at %s: \"v=BIMI1; l=https://%s/logo.svg\", or none.", name,
			domain);
	} else if (logo.n == 0) {
		r = mp_report(j, domain, MP_INFO, "%s says that it shows no logo (BIMI, an empty tag l).", domain);
	} else {
		if (!walked)
			return MP_PENDING;
		r = report_logo(j, domain, shown_record(j, logo), dmarc);
		if (r->status == MP_PASS && !has_authority(j, record))
			mp_detail(j, r,
				"It names no evidence document (tag a): Gmail and Apple show a logo only with a mark "
				"certificate (VMC, CMC).");
	}
	mp_jset_str(r->values, "record", n ? shown_record(j, record) : NULL);
	return MP_SETTLED;
}

const struct mp_check mp_check_bimi_sender = {
	.id = "bimi.sender",
	.title = "The sender's domain has a valid BIMI record",
	.ref = "draft-brand-indicators-for-message-identification",
	.per = MP_ONCE,
	.in = MP_IN_SENDER,
	.advisory = true,
	.judge = judge_bimi,
};

/* ---- dnssec.sender */

/* Words by which resolvers say that a signature does not verify (RFC 8914 4.6 to 4.12). */
static bool says_bogus(const struct dns_answer *a)
{
	static const char *const words[] = {"DNSSEC", "signature", "RRSIG", "DNSKEY", "NSEC"};

	for (size_t i = 0; a->detail && i < ARRAY_LEN(words); i++)
		if (mp_str_ifind(mp_str(a->detail), words[i]) >= 0)
			return true;
	return false;
}

/* An address of a name server: of the glue where it is there. False: none, or pending. */
static bool server_address(
	struct mp_judge *j, const struct dns_answer *from, const char *host, struct mp_ip *ip, bool *pending)
{
	const struct dns_answer *a;

	for (size_t i = 0; i < from->n_glue; i++)
		if (from->glue[i].type == DNS_A && dns_name_eq(from->glue[i].owner, host)) {
			*ip = from->glue[i].ip;
			return true;
		}
	a = mp_dns(j, host, DNS_A);
	if (!a)
		*pending = true;
	if (!a || !a->n_rr)
		return false;
	*ip = a->rr[0].ip;
	return true;
}

enum answers { ANSWERS_NO, ANSWERS_YES, ANSWERS_PENDING };

/*
 * Do the zone's own servers answer, where the resolver says SERVFAIL? They are found from above, for the resolver does
 * not tell them either: the parent's servers refer to them, or are they themselves.
 */
static enum answers own_servers_answer(struct mp_judge *j, const char *zone)
{
	enum { ASKED_MAX = 3 };
	const char *parent = dns_name_parent(zone);
	const struct dns_answer *ns = parent ? mp_dns(j, parent, DNS_NS) : NULL;
	bool pending = false;

	if (parent && ns && ns->outcome == DNS_NODATA && ns->soa) /* no zone cut there */
		ns = mp_dns(j, ns->soa->owner, DNS_NS);
	if (!ns)
		return parent ? ANSWERS_PENDING : ANSWERS_NO;
	for (size_t i = 0; i < ns->n_rr && i < ASKED_MAX; i++) {
		const struct dns_answer *up, *down;
		struct mp_ip ip;

		if (!server_address(j, ns, ns->rr[i].name, &ip, &pending))
			continue;
		up = dns_ask_server(j->ev, dns_server_text(j->a, &ip, j->c->ns_port), zone, DNS_SOA, false);
		if (!up)
			pending = true;
		else if (up->outcome == DNS_ANSWERED && up->aa)
			return ANSWERS_YES;
		for (size_t k = 0; up && k < up->n_ns && k < ASKED_MAX; k++) {
			if (!server_address(j, up, up->ns[k].name, &ip, &pending))
				continue;
			down = dns_ask_server(j->ev, dns_server_text(j->a, &ip, j->c->ns_port), zone, DNS_SOA, false);
			if (!down)
				pending = true;
			else if (down->outcome == DNS_ANSWERED && down->aa)
				return ANSWERS_YES;
		}
	}
	return pending ? ANSWERS_PENDING : ANSWERS_NO;
}

static void report_bogus(struct mp_judge *j, const char *domain, const char *how)
{
	struct mp_result *r = mp_report(j, domain, MP_FAIL,
		"DNSSEC of %s is broken (bogus): validating resolvers do not see the domain.", domain);

	mp_detail(j, r, "%s", how);
	mp_fix(j, r,
		"Whoever runs the zone of %s has to sign it again, with keys that fit the DS record at its parent; until then "
		"have the registrar remove the DS record.",
		domain);
	mp_jset_str(r->values, "dnssec", "bogus");
}

static enum mp_judged judge_failing(
	struct mp_judge *j, const char *domain, const struct dns_answer *soa, const struct dns_answer *ds)
{
	if (says_bogus(soa)) {
		report_bogus(j, domain, mp_printf(j->a, "The resolver says: %s.", soa->detail));
		return MP_SETTLED;
	}
	if (ds->outcome == DNS_ANSWERED)
		switch (own_servers_answer(j, domain)) {
		case ANSWERS_PENDING:
			return MP_PENDING;
		case ANSWERS_YES:
			report_bogus(j, domain,
				"The parent says that the zone is signed (DS), its own servers answer, and the resolver "
				"still says SERVFAIL.");
			return MP_SETTLED;
		case ANSWERS_NO:
			break;
		}
	mp_cannot_tell(j, domain, mp_printf(j->a, "the SOA record of %s", domain), soa);
	return MP_SETTLED;
}

static void report_known(struct mp_judge *j, const char *domain, const char *zone, const struct dns_answer *soa,
	const struct dns_answer *ds, const struct dns_answer *key)
{
	struct mp_result *r;
	const char *word = "unsigned";

	if (soa->ad && mp_ad_believed(j->c)) {
		r = mp_report(j, domain, MP_PASS, "%s is signed, and the resolver vouches for its answers.", domain);
		word = "secure";
	} else if (!dns_known(ds->outcome)) {
		r = mp_cannot_tell(j, domain, mp_printf(j->a, "the DS record of %s", zone), ds);
		word = NULL;
	} else if (ds->outcome == DNS_ANSWERED && key->outcome == DNS_NODATA) {
		report_bogus(j, domain,
			mp_printf(j->a, "The parent says that %s is signed (DS), but the zone has no DNSKEY record.",
				zone));
		return;
	} else if (ds->outcome == DNS_ANSWERED) {
		r = mp_report(j, domain, MP_INFO,
			"%s is signed; no resolver that is believed here says whether the signatures are right.",
			domain);
		word = "signed";
	} else if (key->outcome == DNS_ANSWERED) {
		r = mp_report(j, domain, MP_INFO, "%s has keys, but no DS record at its parent: DNSSEC is not in use.",
			domain);
		word = "no-ds";
	} else {
		r = mp_report(j, domain, MP_INFO, "%s is not signed (no DNSSEC).", domain);
	}
	mp_jset_str(r->values, "dnssec", word);
	mp_jset_str(r->values, "zone", zone);
}

static enum mp_judged judge_dnssec(struct mp_judge *j)
{
	const char *domain = j->c->domain, *zone = domain;
	const struct dns_answer *soa = mp_dns(j, domain, DNS_SOA), *ds = mp_dns(j, domain, DNS_DS);
	const struct dns_answer *key = mp_dns(j, domain, DNS_DNSKEY);

	if (!soa || !ds || !key)
		return MP_PENDING;
	if (soa->outcome == DNS_SERVFAIL)
		return judge_failing(j, domain, soa, ds);
	if (!dns_known(soa->outcome)) {
		mp_cannot_tell(j, domain, mp_printf(j->a, "the SOA record of %s", domain), soa);
		return MP_SETTLED;
	}
	if (soa->outcome == DNS_NXDOMAIN) {
		mp_report(j, domain, MP_SKIP, "%s does not exist in the DNS (follows from mx.sender).", domain);
		return MP_SETTLED;
	}
	/* A domain inside a zone: the zone is what is signed. */
	if (soa->outcome == DNS_NODATA && zone_of(domain, soa) && !(soa->ad && mp_ad_believed(j->c))) {
		zone = zone_of(domain, soa);
		ds = mp_dns(j, zone, DNS_DS);
		key = mp_dns(j, zone, DNS_DNSKEY);
		if (!ds || !key)
			return MP_PENDING;
	}
	report_known(j, domain, zone, soa, ds, key);
	return MP_SETTLED;
}

const struct mp_check mp_check_dnssec_sender = {
	.id = "dnssec.sender",
	.title = "The sender's domain is signed, and its signatures are right",
	.ref = "RFC 4035 5",
	.per = MP_ONCE,
	.in = MP_IN_SENDER,
	.advisory = true,
	.judge = judge_dnssec,
};
