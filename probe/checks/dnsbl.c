/* probe/checks/dnsbl.c - public lists of addresses and domains: dnsbl.ip, dnsbl.domain */
#include "dns/dnsbl.h"
#include "dns/psl.h"
#include "probe/checks/checks.h"

static const char all_lists[] = "all lists";

/* ---- one list's row */

/* What is asked about: "203.0.113.10", "example.com". */
struct asked {
	const struct dnsbl_list *list;
	const char *subject;
	bool several; /* the subject is more than one domain */
	struct dnsbl_verdict verdict;
};

static const char *verb(bool several)
{
	return several ? "are" : "is";
}

static const char *codes_of(struct mp_judge *j, const struct dnsbl_verdict *v)
{
	return mp_list(j->a, v->codes, v->n_codes);
}

static enum mp_status status_of(enum dnsbl_means means)
{
	switch (means) {
	case DNSBL_WHITE:
		return MP_PASS;
	case DNSBL_YELLOW:
	case DNSBL_BROAD:
		return MP_INFO;
	case DNSBL_POLICY:
	case DNSBL_SUSPECT:
		return MP_WARN;
	case DNSBL_BLACK:
		return MP_FAIL;
	case DNSBL_REFUSAL:
		break;
	}
	return MP_ERROR;
}

static const char *means_name(enum dnsbl_means means)
{
	static const char *const names[] = {
		[DNSBL_WHITE] = "white",
		[DNSBL_YELLOW] = "yellow",
		[DNSBL_BROAD] = "broad",
		[DNSBL_POLICY] = "policy",
		[DNSBL_SUSPECT] = "suspect",
		[DNSBL_BLACK] = "black",
		[DNSBL_REFUSAL] = "refusal",
	};

	return names[means];
}

static void explain_entry(struct mp_judge *j, struct mp_result *r, const struct asked *k)
{
	const char *about = NULL;

	switch (k->verdict.means) {
	case DNSBL_POLICY:
		about = "This is a policy about the dynamic or residential range, not about any mail that was seen.";
		break;
	case DNSBL_BROAD:
		about = "The entry holds a whole network; few receivers reject for it, and only its holder can end it.";
		break;
	case DNSBL_YELLOW:
		about = "Such an entry keeps receivers from judging by the address.";
		break;
	default:
		break;
	}
	if (k->verdict.reason)
		mp_detail(j, r, "%s%sThe list's own words: \"%s\"", about ? about : "", about ? " " : "",
			k->verdict.reason);
	else if (about)
		mp_detail(j, r, "%s", about);
}

/* "look 203.0.113.10 up at https://... and ask for removal there" */
static const char *removal(struct mp_judge *j, const struct asked *k)
{
	if (!k->list->delist)
		return mp_printf(j->a,
			"ask the operator of %s to remove %s (no removal page of that list is known here)",
			k->list->zone, k->subject);
	return mp_printf(j->a, "look %s up at %s and ask for removal there", k->subject, k->list->delist);
}

static void say_fix(struct mp_judge *j, struct mp_result *r, const struct asked *k)
{
	bool ip = !(k->list->lists & DNSBL_DOMAINS);

	if (k->verdict.means == DNSBL_POLICY)
		mp_fix(j, r,
			"Send through the provider's relay (a smarthost). Or, where %s is a static address of a mail "
			"server with a PTR record of its own, %s.",
			k->subject, removal(j, k));
	else if (ip)
		mp_fix(j, r,
			"Find and end the cause first: an infected host, an open relay or proxy, a stolen account, "
			"bought addresses; the mail queue and the mail log show what goes out. Then %s.",
			removal(j, k));
	else
		mp_fix(j, r,
			"Find and end the cause first: a cracked web site, a stolen account, a redirector, bought "
			"addresses. Then %s.",
			removal(j, k));
}

/* Many lists refuse the resolvers that everybody asks. */
static void say_ask_yourself(struct mp_judge *j, struct mp_result *r)
{
	const char *local = "";

	for (size_t i = 0; i < j->c->n_resolvers && !*local; i++) {
		char text[MP_IP_TEXT];
		struct mp_ip ip;
		uint16_t port;

		if (dns_server_parse(j->c->resolvers[i], &ip, &port) && mp_ip_kind(&ip) == MP_IP_LOOPBACK)
			local = mp_printf(j->a,
				" %s, which may hand questions on to one of these (systemd-resolved and dnsmasq do), will not do "
				"then.",
				mp_ip_text(&ip, text));
	}
	mp_fix(j, r,
		"Ask through a resolver that looks names up by itself, not through a public one or the provider's: install "
		"unbound on this host, say, and name it with --resolver.%s",
		local);
}

static void report_unknown(struct mp_judge *j, const struct asked *k)
{
	struct mp_result *r = mp_report(j, k->list->zone, MP_ERROR, "Whether %s %s on %s could not be determined: %s.",
		k->subject, verb(k->several), k->list->name, k->verdict.trouble);

	if (k->list->access) {
		mp_detail(j, r, "Of %s it is known that %s.", k->list->name, k->list->access);
		say_ask_yourself(j, r);
	}
	mp_jset_str(r->values, "list", k->list->name);
}

static void report_one(struct mp_judge *j, const struct asked *k)
{
	const struct dnsbl_verdict *v = &k->verdict;
	struct mp_result *r;

	if (v->state == DNSBL_UNKNOWN) {
		report_unknown(j, k);
		return;
	}
	if (v->state == DNSBL_CLEAR) {
		/* Without a test entry nothing shows that the list answers. */
		r = mp_report(j, k->list->zone, k->list->no_test ? MP_INFO : MP_PASS,
			dnsbl_is_allow_list(k->list) ? "%s %s not on %s, a list of known senders; that is no fault."
						     : "%s %s not on %s.",
			k->subject, verb(k->several), k->list->name);
	} else {
		r = mp_report(j, k->list->zone, status_of(v->means), "%s is on %s (%s; answer code%s %s).", k->subject,
			k->list->name, v->meaning, v->n_codes == 1 ? "" : "s", codes_of(j, v));
		explain_entry(j, r, k);
		if (r->status == MP_FAIL || r->status == MP_WARN)
			say_fix(j, r, k);
		mp_jset_str(r->values, "meaning", v->meaning);
		mp_jset_str(r->values, "means", means_name(v->means));
	}
	mp_jset(r->values, "codes", mp_json_list(v->codes, v->n_codes));
	mp_jset_str(r->values, "list", k->list->name);
	mp_jset_str(r->values, "delist", k->list->delist);
}

/*
 * All of them. Where no list shows a sign of life, it is the way to the lists that is missing: said once. A list without
 * a test entry shows none by not listing.
 */
static void report_all(struct mp_judge *j, const struct asked *all, size_t n, const char *subjects)
{
	size_t silent = 0;
	struct mp_result *r;

	if (n == 0) {
		mp_report(
			j, all_lists, MP_SKIP, "The configuration leaves out all lists that could hold %s.", subjects);
		return;
	}
	for (size_t i = 0; i < n; i++)
		silent += all[i].verdict.silent || (all[i].list->no_test && all[i].verdict.state != DNSBL_LISTED);
	if (silent == n) {
		r = mp_report(j, all_lists, MP_ERROR,
			"Whether %s %s on a public list could not be determined: none of the %zu lists answers.",
			subjects, verb(all[0].several), n);
		mp_detail(j, r,
			"Not even their entries for tests are found: the lists cannot be reached from here, or they refuse "
			"the resolver.");
		say_ask_yourself(j, r);
		return;
	}
	for (size_t i = 0; i < n; i++)
		report_one(j, &all[i]);
}

/* ---- which lists */

static uint32_t code_number(const struct mp_ip *ip)
{
	return (uint32_t)ip->b[0] << 24 | (uint32_t)ip->b[1] << 16 | (uint32_t)ip->b[2] << 8 | ip->b[3];
}

/* A list as the configuration has it: its codes go before those of the table. */
static struct dnsbl_list *configured(struct mp_judge *j, const struct mp_own_list *own, const struct dnsbl_list *known)
{
	struct dnsbl_list *list = mp_alloc(j->a, sizeof(*list));
	size_t n = 0, room = ARRAY_LEN(list->code) - 1;

	if (known)
		*list = *known;
	else
		*list = (struct dnsbl_list){.zone = own->zone, .name = own->zone, .lists = DNSBL_IPV4};
	for (; n < own->n_codes && n < room; n++) {
		uint32_t code = code_number(&own->codes[n].code);

		list->code[n] = (struct dnsbl_code){code, code, DNSBL_BLACK, own->codes[n].words};
	}
	for (size_t i = 0; known && known->code[i].words && n < room; i++)
		list->code[n++] = known->code[i];
	list->with_key = own->keyed;
	/* Without any meaning given, an entry is an entry (127.0.0.1 to 127.255.254.255). */
	if (n == 0)
		list->code[n++] = (struct dnsbl_code){0x7f000001, 0x7ffffeff, DNSBL_BLACK, "an entry"};
	list->code[n].words = NULL;
	return list;
}

/* The table as the configuration changes it. */
static size_t lists_to_ask(struct mp_judge *j, unsigned what, const struct dnsbl_list ***out)
{
	const struct dnsbl_list **all =
		mp_allocn(j->a, dnsbl_n_lists + j->c->n_lists, sizeof(const struct dnsbl_list *));
	bool *used = mp_allocn(j->a, j->c->n_lists, sizeof(*used));
	size_t n = 0;

	for (size_t i = 0; i < dnsbl_n_lists; i++) {
		const struct dnsbl_list *list = &dnsbl_lists[i];

		for (size_t k = 0; k < j->c->n_lists; k++)
			if (dns_name_eq(j->c->lists[k].zone, dnsbl_lists[i].zone)) {
				used[k] = true;
				list = j->c->lists[k].disabled ? NULL : configured(j, &j->c->lists[k], &dnsbl_lists[i]);
			}
		if (list && (list->lists & what))
			all[n++] = list;
	}
	for (size_t k = 0; k < j->c->n_lists; k++)
		if (!used[k] && !j->c->lists[k].disabled && (what & DNSBL_IPV4))
			all[n++] = configured(j, &j->c->lists[k], NULL);
	*out = all;
	return n;
}

/* ---- dnsbl.ip */

/* Lists hold what the Internet can see. Their own test entries are on loopback: these may be asked for by name. */
static bool worth_asking(struct mp_judge *j, const struct mp_seen *seen)
{
	enum mp_ip_kind kind = mp_ip_kind(&seen->ip);

	return seen->known && (kind == MP_IP_GLOBAL || (kind == MP_IP_LOOPBACK && j->c->arg));
}

static enum mp_judged judge_ip(struct mp_judge *j)
{
	const struct dnsbl_list **lists;
	bool pending = false;
	struct asked *all;
	struct mp_seen seen;
	size_t n, before;

	if (!mp_seen_as(j, j->source, &seen))
		return MP_PENDING;
	if (!worth_asking(j, &seen)) {
		mp_report(
			j, all_lists, MP_SKIP, "%s is no address of the public Internet: no list holds it.", seen.text);
		return MP_SETTLED;
	}
	n = lists_to_ask(j, seen.ip.family == MP_IPV4 ? DNSBL_IPV4 : DNSBL_IPV6, &lists);
	all = mp_allocn(j->a, n, sizeof(*all));
	for (size_t i = 0; i < n; i++) {
		all[i] = (struct asked){.list = lists[i], .subject = seen.text};
		if (!dnsbl_ask_ip(j->ev, j->a, lists[i], &seen.ip, &all[i].verdict))
			pending = true;
	}
	if (pending)
		return MP_PENDING;
	before = j->n_results;
	report_all(j, all, n, seen.text);
	for (size_t i = before; i < j->n_results; i++)
		mp_jset_str(j->results[i].values, "address", seen.text);
	return MP_SETTLED;
}

const struct mp_check mp_check_dnsbl_ip = {
	.id = "dnsbl.ip",
	.title = "The address is on no public block list",
	.ref = "RFC 5782",
	.per = MP_PER_SOURCE,
	.in = MP_IN_SENDER | MP_IN_DNSBL,
	.advisory = true,
	.judge = judge_ip,
};

/* ---- dnsbl.domain */

enum { DOMAINS_MAX = 3 };

/* Lists hold registered domains. */
static void add_domain(const char **list, size_t *n, const char *name)
{
	const char *domain = name && *name && *name != '[' ? dns_registrable_domain(name, DNS_PSL_REGISTRIES) : NULL;

	for (size_t i = 0; i < *n; i++)
		if (domain && dns_name_eq(list[i], domain))
			return;
	if (domain)
		list[(*n)++] = domain;
}

/* Of several domains the row is about the one that it is worst for. */
static int weight(const struct dnsbl_verdict *v)
{
	return v->state == DNSBL_LISTED ? 2 + (int)v->means : v->state == DNSBL_UNKNOWN ? 1 : 0;
}

static enum mp_judged judge_domain(struct mp_judge *j)
{
	const char *domains[DOMAINS_MAX], *at = j->c->mail_from ? strrchr(j->c->mail_from, '@') : NULL, *words;
	const struct dnsbl_list **lists;
	size_t n, n_domains = 0, before;
	bool pending = false;
	struct asked *all;

	add_domain(domains, &n_domains, j->c->domain);
	add_domain(domains, &n_domains, at ? at + 1 : NULL);
	add_domain(domains, &n_domains, j->c->ehlo);
	if (n_domains == 0)
		return MP_SETTLED;
	words = mp_name_list(j->a, domains, n_domains);
	n = lists_to_ask(j, DNSBL_DOMAINS, &lists);
	all = mp_allocn(j->a, n, sizeof(*all));
	for (size_t i = 0; i < n; i++) {
		struct asked *k = &all[i];

		*k = (struct asked){.list = lists[i], .subject = words, .several = n_domains > 1};
		for (size_t d = 0; d < n_domains; d++) {
			struct dnsbl_verdict v;

			if (!dnsbl_ask_domain(j->ev, j->a, k->list, domains[d], &v)) {
				pending = true;
			} else if (d == 0 || weight(&v) > weight(&k->verdict)) {
				k->verdict = v;
				if (v.state == DNSBL_LISTED) {
					k->subject = domains[d];
					k->several = false;
				}
			}
		}
	}
	if (pending)
		return MP_PENDING;
	before = j->n_results;
	report_all(j, all, n, words);
	for (size_t i = before; i < j->n_results; i++) {
		mp_jset_str(
			j->results[i].values, "domain", n == j->n_results - before ? all[i - before].subject : words);
		mp_jset(j->results[i].values, "domains", mp_json_list(domains, n_domains));
	}
	return MP_SETTLED;
}

const struct mp_check mp_check_dnsbl_domain = {
	.id = "dnsbl.domain",
	.title = "The sender's domains are on no public block list",
	.ref = "RFC 5782 2.5",
	.per = MP_ONCE,
	.in = MP_IN_SENDER | MP_IN_DNSBL,
	.advisory = true,
	.judge = judge_domain,
};
