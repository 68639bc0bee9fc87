/*
 * probe/checks/dmarc.c - dmarc.*: the record, the policy that applies, alignment of what SPF and DKIM authenticate
 *
 * Judged by RFC 9989. Where a receiver that still follows RFC 7489 comes to something else, the details say so.
 */
#include "dns/dmarc.h"
#include "dns/psl.h"
#include "probe/checks/checks.h"

static bool is_single(const struct mp_judge *j)
{
	return strcmp(j->c->command, "dmarc") == 0;
}

static const char *record_name(struct mp_judge *j, const char *domain)
{
	return mp_printf(j->a, "_dmarc.%s", domain);
}

/* Where a domain's owner would publish: the registered domain. */
static const char *home_of(const char *domain)
{
	const char *home = dns_registrable_domain(domain, DNS_PSL_REGISTRIES);

	return home ? home : domain;
}

static void put_discovery(struct mp_result *r, const struct dns_dmarc *d)
{
	bool found = d->found == DNS_DMARC_FOUND || d->found == DNS_DMARC_BROKEN;

	mp_jset_str(r->values, "policy", dns_dmarc_policy_name(d->policy));
	mp_jset_str(r->values, "organizational_domain", d->walk.org);
	mp_jset_str(r->values, "record_domain", found ? d->record_domain : NULL);
}

static struct mp_result *cannot_discover(struct mp_judge *j, const struct dns_dmarc *d)
{
	return mp_cannot_tell(j, j->c->domain, mp_printf(j->a, "%s", d->failed_name), d->failed);
}

/* ---- dmarc.record */

static void fix_none(struct mp_judge *j, struct mp_result *r)
{
	const char *home = home_of(j->c->domain);

	mp_fix(j, r,
		"Publish in the zone of %s (your DNS provider, or your own name servers): _dmarc.%s. TXT \"v=DMARC1; p=none; "
		"rua=mailto:postmaster@%s\". That asks receivers for reports and changes nothing else.",
		home, home, home);
}

/* The first name of the walk with several records that could have been the one, or NULL. */
static const struct dns_dmarc_step *several(const struct dns_dmarc *d)
{
	for (size_t i = 0; i < d->walk.n; i++) {
		if (d->walk.step[i].n_records > 1)
			return &d->walk.step[i];
		if (d->walk.step[i].record == d->record && d->record)
			return NULL;
	}
	return NULL;
}

/* Text at a name of the walk that was meant as a record, or stands there by mistake. NULL: none. */
static const char *near_miss(struct mp_judge *j, const struct dns_dmarc *d, const char **name)
{
	const char *home = home_of(j->c->domain);

	for (size_t i = 0; i < d->walk.n; i++) {
		const struct dns_dmarc_step *s = &d->walk.step[i];

		for (size_t k = 0; dns_name_under(s->domain, home) && k < s->answer->n_rr; k++) {
			const struct dns_rr *rr = &s->answer->rr[k];
			const char *words = dns_dmarc_near_miss(j->a, mp_strn((const char *)rr->txt.p, rr->txt.n));

			if (words) {
				*name = record_name(j, s->domain);
				return words;
			}
		}
	}
	return NULL;
}

static bool has_record(struct mp_judge *j, const struct dns_answer *ans)
{
	struct dns_dmarc_record r;

	for (size_t i = 0; i < ans->n_rr; i++)
		if (dns_dmarc_parse(j->a, mp_strn((const char *)ans->rr[i].txt.p, ans->rr[i].txt.n), &r))
			return true;
	return false;
}

static enum mp_judged report_absent(struct mp_judge *j, const struct dns_dmarc *d)
{
	const char *domain = j->c->domain, *name = NULL, *words = near_miss(j, d, &name);
	const struct dns_answer *apex;
	struct mp_result *r;

	if (words) {
		r = mp_report(j, domain, MP_FAIL, "The TXT record at %s is no DMARC record: it %s.", name, words);
		mp_fix(j, r, "Make %s a TXT record that begins with v=DMARC1, such as \"v=DMARC1; p=none\".", name);
		put_discovery(r, d);
		return MP_SETTLED;
	}
	apex = mp_dns(j, domain, DNS_TXT);
	if (!apex)
		return MP_PENDING;
	if (has_record(j, apex)) {
		r = mp_report(j, domain, MP_FAIL,
			"The DMARC record stands at %s itself, where no receiver looks for it.", domain);
		mp_fix(j, r, "Move the record from %s to _dmarc.%s.", domain, domain);
	} else {
		r = mp_report(j, domain, MP_WARN, "%s has no DMARC record, and no domain above it has one.", domain);
		mp_detail(j, r, "Gmail, Yahoo and Microsoft ask one of everybody who sends much mail.");
		fix_none(j, r);
	}
	put_discovery(r, d);
	return MP_SETTLED;
}

/* The notes but `without`, as sentences; NULL: none. */
static const char *other_notes(struct mp_judge *j, const struct dns_dmarc_record *rec, const char *without)
{
	const char *out = NULL;

	for (size_t i = 0; i < rec->n_notes; i++)
		if (rec->note[i].words != without)
			out = out ? mp_printf(j->a, "%s %s", out, rec->note[i].words) : rec->note[i].words;
	return out;
}

/* The first note that is more than a remark, or NULL. */
static const char *first_fault(const struct dns_dmarc_record *rec)
{
	for (size_t i = 0; i < rec->n_notes; i++)
		if (rec->note[i].weight >= DNS_DMARC_WARNING)
			return rec->note[i].words;
	return NULL;
}

/* A note as the second half of a sentence. */
static const char *as_clause(struct mp_judge *j, const char *sentence)
{
	return mp_printf(j->a, "%c%s", mp_tolower(sentence[0]), sentence + 1);
}

static void report_found(struct mp_judge *j, const struct dns_dmarc *d)
{
	const struct dns_dmarc_record *rec = d->record;
	const char *name = record_name(j, d->record_domain), *domain = j->c->domain, *wrong = first_fault(rec),
		   *others = other_notes(j, rec, wrong);
	json_t *all = json_array();
	struct mp_result *r;

	if (d->found == DNS_DMARC_BROKEN)
		r = mp_report(j, domain, MP_FAIL, "No receiver can apply the DMARC record at %s: %s", name,
			as_clause(j, wrong));
	else if (wrong)
		r = mp_report(j, domain, MP_WARN, "The DMARC record at %s has a fault: %s", name, as_clause(j, wrong));
	else
		r = mp_report(j, domain, MP_PASS, "The DMARC record at %s is valid.", name);
	if (others)
		mp_detail(j, r, "%s", others);
	if (rec->broken)
		mp_fix(j, r,
			"Change the record %s, \"%s\": the tags p, sp and np each have one of the values none, quarantine, reject.",
			name, rec->text);
	else if (wrong)
		mp_fix(j, r, "Change the record %s, \"%s\": leave out or correct what is named here.", name, rec->text);
	for (size_t i = 0; i < rec->n_notes; i++)
		mp_jpush(all, mp_j(rec->note[i].words));
	put_discovery(r, d);
	mp_jset_str(r->values, "record", rec->text);
	mp_jset(r->values, "notes", all);
}

static enum mp_judged judge_record(struct mp_judge *j)
{
	struct dns_dmarc *d = mp_alloc(j->a, sizeof(*d));
	const struct dns_dmarc_step *many;
	struct mp_result *r;

	if (!dns_dmarc_discover(j->ev, j->a, j->c->domain, d))
		return MP_PENDING;
	many = several(d);
	if (many) {
		const char *name = record_name(j, many->domain);

		r = mp_report(j, j->c->domain, MP_FAIL,
			"There are %zu DMARC records at %s, so receivers ignore them all.", many->n_records, name);
		mp_fix(j, r, "Leave one TXT record that begins with v=DMARC1 at %s.", name);
		put_discovery(r, d);
		return MP_SETTLED;
	}
	switch (d->found) {
	case DNS_DMARC_UNKNOWN:
		cannot_discover(j, d);
		break;
	case DNS_DMARC_NO_RECORD:
		return report_absent(j, d);
	case DNS_DMARC_FOUND:
	case DNS_DMARC_BROKEN:
		report_found(j, d);
		break;
	}
	return MP_SETTLED;
}

const struct mp_check mp_check_dmarc_record = {
	.id = "dmarc.record",
	.title = "The domain has a DMARC record, a valid one and one only",
	.ref = "RFC 9989 4.10",
	.in = MP_IN_SENDER | MP_IN_DMARC,
	.judge = judge_record,
};

/* ---- dmarc.policy */

/* What of RFC 7489 differs, a sentence; NULL: nothing. False: pending. */
static bool compare_7489(struct mp_judge *j, const struct dns_dmarc *d, struct mp_result *r, const char **out)
{
	struct dns_dmarc_7489 old;
	json_t *v;

	*out = NULL;
	if (!dns_dmarc_7489(j->ev, j->a, j->c->domain, &old))
		return false;
	if (old.found == DNS_DMARC_UNKNOWN)
		return true;
	if (old.found != DNS_DMARC_FOUND)
		*out = "Receivers that still follow RFC 7489 (public suffix list) find no policy.";
	else if (old.policy != d->policy)
		*out = mp_printf(j->a,
			"Receivers that still follow RFC 7489 (public suffix list) apply %s, by the record of %s.",
			dns_dmarc_policy_name(old.policy), old.record_domain);
	else if (old.policy != DNS_DMARC_NONE && old.pct < 100)
		*out = mp_printf(j->a, "Receivers that still follow RFC 7489 apply it to %u %% of the mail.", old.pct);
	else if (!dns_name_eq(old.org, d->walk.org))
		*out = mp_printf(j->a,
			"The organizational domain is %s; for receivers that still follow RFC 7489 (public suffix list) it is %s.",
			d->walk.org, old.org);
	if (!r)
		return true;
	v = json_object();
	mp_jset_str(v, "policy", dns_dmarc_policy_name(old.policy));
	mp_jset_str(v, "record_domain", old.record_domain);
	mp_jset_str(v, "organizational_domain", old.org);
	mp_jset_bool(v, "differs", *out != NULL);
	mp_jset(r->values, "rfc7489", v);
	return true;
}

struct reports {
	const char *refused[2 * DNS_DMARC_URIS]; /* domains */
	const char *names[2 * DNS_DMARC_URIS];   /* the records that are not there */
	size_t n_refused;
	const char *unknown; /* a name that could not be asked */
	bool pending;
};

static void ask_targets(
	struct mp_judge *j, const struct dns_dmarc *d, const struct dns_dmarc_uri *uris, size_t n, struct reports *out)
{
	for (size_t i = 0; i < n; i++) {
		const struct dns_answer *answer;
		const char *name;

		if (!uris[i].domain)
			continue;
		switch (dns_dmarc_external(j->ev, j->a, d->record_domain, uris[i].domain, &name, &answer)) {
		case DNS_DMARC_EXT_PENDING:
			out->pending = true;
			break;
		case DNS_DMARC_EXT_REFUSED:
			for (size_t k = 0; k < out->n_refused && name; k++)
				if (strcmp(out->names[k], name) == 0)
					name = NULL;
			if (name) {
				out->refused[out->n_refused] = uris[i].domain;
				out->names[out->n_refused++] = name;
			}
			break;
		case DNS_DMARC_EXT_UNKNOWN:
			out->unknown = name;
			break;
		case DNS_DMARC_EXT_OWN:
		case DNS_DMARC_EXT_ALLOWED:
			break;
		}
	}
}

static json_t *uris_json(const struct dns_dmarc_uri *uris, size_t n)
{
	json_t *j = json_array();

	for (size_t i = 0; i < n; i++)
		mp_jpush(j, mp_j(uris[i].text));
	return j;
}

static const char *policy_words(struct mp_judge *j, const struct dns_dmarc *d)
{
	const char *p = dns_dmarc_policy_name(d->policy);

	if (d->published != d->policy)
		return mp_printf(j->a, "%s: the record of %s says %s=%s, but also that it is a test (t=y)", p,
			d->record_domain, d->taken_from, dns_dmarc_policy_name(d->published));
	return mp_printf(j->a, "%s, by the tag %s of the record of %s", p, d->taken_from, d->record_domain);
}

static enum mp_judged report_policy(struct mp_judge *j, const struct dns_dmarc *d)
{
	const struct dns_dmarc_record *rec = d->record;
	const char *domain = j->c->domain, *differs, *detail = NULL;
	struct reports to = {.pending = false};
	struct mp_result *r;

	ask_targets(j, d, rec->rua, rec->n_rua, &to);
	ask_targets(j, d, rec->ruf, rec->n_ruf, &to);
	if (!compare_7489(j, d, NULL, &differs) || to.pending)
		return MP_PENDING;
	r = mp_report(j, domain,
		to.n_refused                  ? MP_WARN
		: d->policy == DNS_DMARC_NONE ? MP_INFO
					      : MP_PASS,
		"The DMARC policy for %s is %s%s.", domain, policy_words(j, d),
		to.n_refused ? mp_printf(j->a, "; %s has not agreed to receive reports on %s",
				       mp_list(j->a, to.refused, to.n_refused), d->record_domain)
			     : "");
	if (to.n_refused)
		mp_fix(j, r,
			"Ask whoever runs %s to publish %s. TXT \"v=DMARC1\", or give another address in rua and ruf; until then receivers "
			"send no reports there.",
			mp_list(j->a, to.refused, to.n_refused), mp_list(j->a, to.names, to.n_refused));
	compare_7489(j, d, r, &differs);
	if (!rec->has_rua)
		detail = "No reports are asked for (rua).";
	if (to.unknown)
		detail = mp_printf(j->a, "%s%sWhether reports may be sent could not be determined: %s did not resolve.",
			detail ? detail : "", detail ? " " : "", to.unknown);
	if (differs)
		detail = mp_printf(j->a, "%s%s%s", detail ? detail : "", detail ? " " : "", differs);
	if (detail)
		mp_detail(j, r, "%s", detail);
	put_discovery(r, d);
	mp_jset_str(r->values, "published", dns_dmarc_policy_name(d->published));
	mp_jset_str(r->values, "tag", d->taken_from);
	mp_jset_bool(r->values, "test", rec->test);
	mp_jset(r->values, "rua", uris_json(rec->rua, rec->n_rua));
	mp_jset(r->values, "ruf", uris_json(rec->ruf, rec->n_ruf));
	mp_jset(r->values, "unauthorized", mp_json_list(to.refused, to.n_refused));
	return MP_SETTLED;
}

static enum mp_judged judge_policy(struct mp_judge *j)
{
	struct dns_dmarc *d = mp_alloc(j->a, sizeof(*d));

	if (!dns_dmarc_discover(j->ev, j->a, j->c->domain, d))
		return MP_PENDING;
	if (d->found == DNS_DMARC_FOUND)
		return report_policy(j, d);
	if (d->found == DNS_DMARC_UNKNOWN)
		put_discovery(cannot_discover(j, d), d);
	else
		put_discovery(mp_report(j, j->c->domain, MP_SKIP,
				      "There is no DMARC record that applies to %s (follows from dmarc.record).",
				      j->c->domain),
			d);
	return MP_SETTLED;
}

const struct mp_check mp_check_dmarc_policy = {
	.id = "dmarc.policy",
	.title = "A DMARC policy applies, and reports can be delivered",
	.ref = "RFC 9989 4.7",
	.in = MP_IN_SENDER | MP_IN_DMARC,
	.judge = judge_policy,
};

/* ---- dmarc.alignment */

enum { IDENTITIES_MAX = MP_CASE_SOURCES_MAX + MP_CASE_SELECTORS_MAX + MP_CASE_AUTHS_MAX };

/* What a message has to show for itself: as it was given, or as it would be on a message from this host. */
struct identity {
	const char *method, *domain, *result;
	int source;       /* whose SPF it is; -1: on mail from every source */
	const char *seen; /* the address of that source */
	const char *org;
	enum dns_dmarc_aligned aligned;
};

static bool is_spf(const struct identity *id)
{
	return strcmp(id->method, "spf") == 0;
}

static bool add_identity(struct identity *list, size_t *n, struct identity id)
{
	if (*n == IDENTITIES_MAX)
		return false;
	list[(*n)++] = id;
	return true;
}

/* SPF of each source, and each domain that is signed for: a signature of any selector will do. False: pending. */
static bool expected(struct mp_judge *j, struct identity *list, size_t *n)
{
	static const char *const words[] = {[MP_VERIFIES_YES] = "pass",
		[MP_VERIFIES_NO] = "fail",
		[MP_VERIFIES_UNKNOWN] = "temperror",
		[MP_VERIFIES_PENDING] = NULL};
	bool all = true;

	/* Without an address of this host nobody can say what SPF makes of it. */
	if (!j->c->n_sources)
		add_identity(
			list, n, (struct identity){.method = "spf", .domain = j->c->domain, .result = "temperror"});
	for (size_t i = 0; i < j->c->n_sources; i++) {
		struct mp_spf spf;

		if (!mp_spf_of_source(j, i, &spf))
			all = false;
		else if (*spf.domain && spf.domain[0] != '[')
			add_identity(list, n,
				(struct identity){.method = "spf",
					.domain = spf.domain,
					.result = spf_result_name(spf.result),
					.source = (int)i,
					.seen = spf.seen.text});
	}
	for (size_t i = 0; i < j->c->n_selectors; i++) {
		const struct mp_selector *s = &j->c->selectors[i];
		enum mp_verifies v = mp_dkim_verifies(j, s);

		if (v == MP_VERIFIES_PENDING)
			all = false;
		else
			add_identity(list, n,
				(struct identity){
					.method = "dkim", .domain = s->domain, .result = words[v], .source = -1});
	}
	return all;
}

/* False: pending. */
static bool identities(struct mp_judge *j, struct identity *list, size_t *n)
{
	for (size_t i = 0; i < j->c->n_auths; i++)
		add_identity(list, n,
			(struct identity){.method = j->c->auths[i].method,
				.domain = j->c->auths[i].domain,
				.result = j->c->auths[i].result,
				.source = -1});
	return is_single(j) || expected(j, list, n);
}

static bool passes(const struct identity *id)
{
	return strcmp(id->result, "pass") == 0;
}

static bool holds(const struct identity *id)
{
	return passes(id) && id->aligned == DNS_DMARC_ALIGNED;
}

/* It would hold, if what could not be determined were so. */
static bool may_hold(const struct identity *id)
{
	return (passes(id) && id->aligned == DNS_DMARC_CANNOT_TELL) ||
	       (strcmp(id->result, "temperror") == 0 && id->aligned != DNS_DMARC_NOT_ALIGNED);
}

static const char *identity_words(struct mp_judge *j, const struct identity *id)
{
	const char *of = id->source >= 0 && j->c->n_sources > 1 ? mp_printf(j->a, " from %s", id->seen) : "";

	return mp_printf(j->a, "%s %s%s%s%s", is_spf(id) ? "SPF" : "DKIM", id->domain,
		passes(id) ? "" : " with the result ", passes(id) ? "" : id->result, of);
}

/* The identities that hold, or those that do not, as a list. */
static const char *those(struct mp_judge *j, const struct identity *list, size_t n, bool good)
{
	const char *words[IDENTITIES_MAX];
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (holds(&list[i]) == good)
			words[k++] = identity_words(j, &list[i]);
	return k ? mp_list(j->a, words, k) : NULL;
}

/* Would a receiver on RFC 7489 see it aligned? */
static bool aligned_7489(const struct mp_judge *j, const struct identity *id, bool strict)
{
	const char *x = dns_registrable_domain(id->domain, DNS_PSL_ALL),
		   *y = dns_registrable_domain(j->c->domain, DNS_PSL_ALL);

	if (dns_name_eq(id->domain, j->c->domain))
		return true;
	return !strict && x && y && dns_name_eq(x, y);
}

static bool is_strict(const struct dns_dmarc *d, const struct identity *id)
{
	return is_spf(id) ? d->record->strict_spf : d->record->strict_dkim;
}

/* What one identity lacks, for a list: "SPF passes only for example.net", "DKIM of example.com gives fail". */
static const char *lack(struct mp_judge *j, const struct identity *id)
{
	const char *of = id->source >= 0 && j->c->n_sources > 1 ? mp_printf(j->a, " for %s", id->seen) : "";

	if (passes(id))
		return mp_printf(j->a, "%s passes only for %s", is_spf(id) ? "SPF" : "DKIM", id->domain);
	return mp_printf(j->a, "%s of %s gives %s%s", is_spf(id) ? "SPF" : "DKIM", id->domain, id->result, of);
}

static const char *what_lacks(struct mp_judge *j, const struct identity *list, size_t n, bool may_sign)
{
	const char *words[IDENTITIES_MAX + 1];
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (!holds(&list[i]))
			words[k++] = lack(j, &list[i]);
	if (!k && !may_sign)
		return "nothing is authenticated";
	if (may_sign)
		words[k++] = "no DKIM signature is known";
	return mp_list(j->a, words, k);
}

/* The domain that passes already, and could stand in From:. */
static const char *passes_already(const struct identity *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (passes(&list[i]) && list[i].aligned == DNS_DMARC_NOT_ALIGNED)
			return list[i].domain;
	return NULL;
}

static bool sent_unsigned(const struct mp_judge *j)
{
	for (size_t i = 0; j->c->send && i < j->c->n_targets; i++)
		if (j->c->targets[i].message && !j->c->targets[i].message->n_signatures)
			return true;
	return false;
}

static void fix_alignment(struct mp_judge *j, struct mp_result *r, const struct dns_dmarc *d,
	const struct identity *list, size_t n, const struct identity *spf)
{
	const struct dns_dmarc_record *rec = d->record;
	const char *domain = j->c->domain, *org = d->walk.org, *other = passes_already(list, n);
	bool below = !rec->strict_dkim && org && !dns_name_eq(org, domain);
	const char *sign = mp_printf(j->a, "ign with DKIM as d=%s%s%s%s (whoever runs the mail server)", domain,
		rec->strict_dkim ? " and no other (adkim=s)" : "", below ? ", or as d=" : "", below ? org : "");

	if (!j->c->n_selectors && sent_unsigned(j))
		mp_fix(j, r,
			"If the mail server signs with DKIM, test again first with its selector and key (--selector, --dkim-key): the "
			"test message bore no signature.");
	if (spf) {
		mp_fix_next(j, r,
			mp_printf(j->a, "Let SPF of %s pass for %s (see spf.mail_from), or s%s.", spf->domain,
				spf->seen ? spf->seen : "the client", sign));
		return;
	}
	mp_fix_next(j, r,
		mp_printf(j->a,
			"S%s. Or send with an envelope sender at %s%s, whose SPF record must allow this host.%s%s%s",
			sign, rec->strict_spf || !org ? domain : org,
			rec->strict_spf ? " itself (its record demands that: aspf=s)" : " or below it",
			other ? " Or put an address at " : "", other ? other : "",
			other ? ", which passes already, into From:." : ""));
}

static json_t *identities_json(const struct identity *list, size_t n)
{
	json_t *j = json_array();

	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();

		mp_jset_str(o, "method", list[i].method);
		mp_jset_str(o, "domain", list[i].domain);
		mp_jset_str(o, "result", list[i].result);
		if (list[i].seen)
			mp_jset_str(o, "ip", list[i].seen);
		mp_jset_bool(o, "aligned", list[i].aligned == DNS_DMARC_ALIGNED);
		mp_jset_str(o, "organizational_domain", list[i].org);
		mp_jpush(j, o);
	}
	return j;
}

/* How mail from one source stands, or the one message of a single check (source -1). */
struct stand {
	bool good, old;                 /* by RFC 9989, by RFC 7489 */
	const struct identity *unknown; /* what could not be determined, and would decide */
	const struct identity *spf;     /* aligned, and has not passed */
};

static struct stand stand_of(
	const struct mp_judge *j, const struct dns_dmarc *d, const struct identity *list, size_t n, int source)
{
	struct stand s = {.good = false};

	for (size_t i = 0; i < n; i++) {
		const struct identity *id = &list[i];

		if (id->source >= 0 && id->source != source)
			continue;
		s.good = s.good || holds(id);
		s.old = s.old || (passes(id) && aligned_7489(j, id, is_strict(d, id)));
		if (may_hold(id))
			s.unknown = id;
		if (is_spf(id) && id->aligned == DNS_DMARC_ALIGNED && !passes(id))
			s.spf = id;
	}
	return s;
}

static void report_aligned(struct mp_judge *j, struct mp_result **out, const struct identity *list, size_t n)
{
	const char *good = those(j, list, n, true), *bad = those(j, list, n, false);

	*out = mp_report(j, j->c->domain, MP_PASS, "%s %s with the From: domain %s.", good,
		strstr(good, " and ") ? "align" : "aligns", j->c->domain);
	if (bad)
		mp_detail(j, *out, "Not aligned, or not passed: %s.", bad);
}

static void report_not_aligned(struct mp_judge *j, struct mp_result **out, const struct dns_dmarc *d,
	const struct identity *list, size_t n, const struct stand *worst)
{
	const char *domain = j->c->domain, *good = those(j, list, n, true);
	bool may_sign = !j->c->n_selectors && !is_single(j);

	*out = mp_report(j, domain, may_sign ? MP_WARN : MP_FAIL, "DMARC fails for the From: domain %s (p=%s): %s.",
		domain, dns_dmarc_policy_name(d->policy), what_lacks(j, list, n, may_sign));
	mp_detail(j, *out, "SPF or DKIM has to pass for %s%s.%s%s%s%s", domain,
		d->record->strict_spf && d->record->strict_dkim ? " itself" : " or a domain that aligns with it",
		good ? " Aligned: " : "", good ? good : "", good ? "." : "",
		!may_sign          ? ""
		: sent_unsigned(j) ? " The message that was sent is of this program's making and bears no signature."
				   : " Where the mail server signs, name its selector (--selector).");
	fix_alignment(j, *out, d, list, n, worst->spf);
	/* With SPF mended it would be aligned: one fault. */
	if (worst->spf)
		mp_jset_str((*out)->values, "follows", "spf.mail_from");
}

static struct mp_result *report_alignment(
	struct mp_judge *j, const struct dns_dmarc *d, const struct identity *list, size_t n, const char **result)
{
	size_t n_stands = is_single(j) || !j->c->n_sources ? 1 : j->c->n_sources;
	struct stand worst = {.good = true}, s;
	const struct identity *unknown = NULL;
	bool good = true, old = true;
	struct mp_result *r;

	for (size_t i = 0; i < n_stands; i++) {
		s = stand_of(j, d, list, n, is_single(j) ? -1 : (int)i);
		old = old && s.old;
		if (s.good)
			continue;
		good = false;
		if (s.unknown)
			unknown = s.unknown;
		else if (worst.good || !s.spf)
			worst = s;
	}
	*result = good ? "pass" : worst.good ? "temperror" : "fail";
	if (good)
		report_aligned(j, &r, list, n);
	else if (worst.good)
		r = mp_report(j, j->c->domain, MP_ERROR,
			"Could not be determined: whether %s aligns with the From: domain %s.",
			identity_words(j, unknown), j->c->domain);
	else
		report_not_aligned(j, &r, d, list, n, &worst);
	if (old != good && !unknown)
		mp_detail(j, r, "%s%sReceivers that still follow RFC 7489 (public suffix list) see it %s.",
			r->detail ? r->detail : "", r->detail ? " " : "", old ? "aligned" : "not aligned");
	return r;
}

static enum mp_judged judge_alignment(struct mp_judge *j)
{
	struct dns_dmarc *d = mp_alloc(j->a, sizeof(*d));
	struct identity *list = mp_allocn(j->a, IDENTITIES_MAX, sizeof(*list));
	size_t n = 0;
	/* Everything is asked for in the same batch as the author domain. */
	bool pending = !identities(j, list, &n), walked = dns_dmarc_discover(j->ev, j->a, j->c->domain, d);
	const char *result = NULL;
	struct mp_result *r;

	for (size_t i = 0; i < n; i++) {
		struct dns_dmarc_walk *ahead = walked ? NULL : mp_alloc(j->a, sizeof(*ahead));

		if (ahead)
			dns_dmarc_walk(j->ev, j->a, list[i].domain, ahead);
		else if (d->found == DNS_DMARC_FOUND)
			list[i].aligned =
				dns_dmarc_align(j->ev, j->a, d, list[i].domain, is_strict(d, &list[i]), &list[i].org);
		pending = pending || list[i].aligned == DNS_DMARC_PENDING;
	}
	if (!walked)
		return MP_PENDING;
	if (d->found != DNS_DMARC_FOUND) {
		if (d->found == DNS_DMARC_UNKNOWN) {
			r = cannot_discover(j, d);
			result = "temperror";
		} else {
			r = mp_report(j, j->c->domain, MP_SKIP,
				"There is no DMARC record that applies to %s (follows from dmarc.record).",
				j->c->domain);
			result = d->found == DNS_DMARC_BROKEN ? "permerror" : "none";
		}
	} else if (pending) {
		return MP_PENDING;
	} else if (is_single(j) && !n) {
		r = mp_report(j, j->c->domain, MP_SKIP,
			"No result of SPF or DKIM was given (--spf-domain, --spf-result, --dkim-domain, --dkim-result).");
		/* RFC 9989 5.3.5: without an authenticated identifier a message fails. */
		result = "fail";
	} else {
		r = report_alignment(j, d, list, n, &result);
		mp_jset(r->values, "identities", identities_json(list, n));
	}
	mp_jset_str(r->values, "result", result);
	put_discovery(r, d);
	return MP_SETTLED;
}

const struct mp_check mp_check_dmarc_alignment = {
	.id = "dmarc.alignment",
	.title = "What SPF or DKIM authenticates aligns with the From: domain",
	.ref = "RFC 9989 4.4",
	.in = MP_IN_SENDER | MP_IN_DMARC,
	.judge = judge_alignment,
};
