/* dns/reverse.c - see dns/reverse.h */
#include "dns/reverse.h"

/* ---- names and addresses of answers */

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

struct dns_names dns_names_of(struct mp_arena *a, const struct dns_answer *answer)
{
	const char **list = mp_allocn(a, answer->n_rr + 1, sizeof(*list));
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < answer->n_rr; i++) {
		const char *name = dns_name_canonical(a, answer->rr[i].name);

		if (name)
			list[n++] = name;
	}
	/* Sorted: servers rotate the order, and a report must not depend on it. */
	qsort(list, n, sizeof(*list), by_name);
	for (size_t i = 0; i < n; i++)
		if (!kept || strcmp(list[kept - 1], list[i]) != 0)
			list[kept++] = list[i];
	return (struct dns_names){kept, list};
}

bool dns_names_eq(const struct dns_names *x, const struct dns_names *y)
{
	if (x->n != y->n)
		return false;
	for (size_t i = 0; i < x->n; i++)
		if (strcmp(x->name[i], y->name[i]) != 0)
			return false;
	return true;
}

/* An IPv4 address inside IPv6 (::ffff:203.0.113.10) is that IPv4 address. */
static struct mp_ip plain(const struct mp_ip *ip)
{
	static const struct mp_ip mapped = {MP_IPV6, {[10] = 0xff, [11] = 0xff}};
	struct mp_ip out = *ip;

	if (!mp_ip_in(ip, &mapped, 96))
		return out;
	memset(&out, 0, sizeof(out));
	out.family = MP_IPV4;
	memcpy(out.b, ip->b + 12, 4);
	return out;
}

bool dns_answer_has(const struct dns_answer *answer, const struct mp_ip *ip)
{
	struct mp_ip want = plain(ip);

	for (size_t i = 0; i < answer->n_rr; i++) {
		struct mp_ip have = plain(&answer->rr[i].ip);

		if (mp_ip_eq(&have, &want))
			return true;
	}
	return false;
}

/* ---- the zone that the reverse name is in */

struct walk {
	struct mp_evidence *ev;
	struct mp_arena *a;
	uint16_t ns_port;
	enum mp_family prefer;
	bool pending;
};

static const struct dns_answer *ask(struct walk *w, const char *name, enum dns_type type)
{
	const struct dns_answer *ans = dns_ask(w->ev, name, type);

	if (!ans)
		w->pending = true;
	return ans;
}

static const char *last_name(const char *name, const struct dns_answer *ans)
{
	return ans->n_cname ? ans->cname[ans->n_cname - 1] : name;
}

/* The zone's name by the SOA record, or NULL. A record of some other zone is not believed. */
static const char *zone_of(const char *last, const struct dns_answer *soa)
{
	const char *owner = NULL;

	if (soa->outcome == DNS_ANSWERED && soa->rr[0].type == DNS_SOA)
		owner = soa->rr[0].owner;
	else if (soa->soa)
		owner = soa->soa->owner;
	/* Of the root's own servers nobody need ask a PTR. */
	return owner && strcmp(owner, ".") != 0 && dns_name_under(last, owner) ? owner : NULL;
}

/*
 * For where the SOA is not to be had (the zone fails, a forwarder drops the authority section): the deepest ancestor
 * that has NS records. IPv6 addresses are delegated at few depths; the others are not asked.
 */
static const struct dns_answer *deepest_ns(struct walk *w, const char *last, const char **zone)
{
	static const size_t depths[] = {
		18, 14, 13, 12, 11, 10, 9}; /* labels of /64, /48, /44 ... /28 with "ip6.arpa" */
	const struct dns_answer *found = NULL;
	bool ip6 = dns_name_under(last, "ip6.arpa");
	size_t asked = 0;

	for (const char *at = dns_name_parent(last); at && asked < ARRAY_LEN(depths); at = dns_name_parent(at)) {
		const struct dns_answer *ns;
		size_t labels = dns_name_labels(at);
		bool usual = !ip6;

		for (size_t i = 0; i < ARRAY_LEN(depths) && ip6; i++)
			usual = usual || labels == depths[i];
		if (!usual || labels < (dns_name_under(at, "arpa") ? 3 : 2))
			continue;
		asked++;
		ns = ask(w, at, DNS_NS);
		if (ns && ns->outcome == DNS_ANSWERED && !found && ns->n_cname == 0) {
			found = ns;
			*zone = at;
		}
	}
	return found;
}

/* ---- its servers */

/* The address of a name server to ask: one, of the preferred family where there is one. False: none (or pending). */
static bool server_address(struct walk *w, const char *host, struct mp_ip *out)
{
	const struct dns_answer *v4 = ask(w, host, DNS_A), *v6 = ask(w, host, DNS_AAAA);
	const struct dns_answer *order[2] = {v4, v6};

	if (!v4 || !v6)
		return false;
	if (w->prefer == MP_IPV6) {
		order[0] = v6;
		order[1] = v4;
	}
	for (size_t i = 0; i < 2; i++)
		if (order[i]->n_rr) {
			const struct mp_ip *least = &order[i]->rr[0].ip;

			/* Of several the least: the same whatever order they came in. */
			for (size_t k = 1; k < order[i]->n_rr; k++)
				if (mp_ip_cmp(&order[i]->rr[k].ip, least) < 0)
					least = &order[i]->rr[k].ip;
			*out = *least;
			return true;
		}
	return false;
}

static enum dns_says what_it_says(const struct dns_answer *reply)
{
	switch (reply->outcome) {
	case DNS_ANSWERED:
	case DNS_NODATA:
	case DNS_NXDOMAIN:
		/* An alias that appeared since: the end of it lies elsewhere, the server has not said what is there. */
		if (!reply->aa || dns_is_referral(reply) || (reply->n_cname && reply->outcome != DNS_ANSWERED))
			return DNS_SAYS_LAME;
		return DNS_SAYS;
	case DNS_TIMEOUT:
	case DNS_UNREACHABLE:
		return DNS_SAYS_SILENT;
	default:
		return DNS_SAYS_LAME;
	}
}

static void ask_servers(struct walk *w, const struct dns_answer *ns, struct dns_reverse *out)
{
	struct dns_names hosts = dns_names_of(w->a, ns);
	struct dns_reverse_server *list;

	if (hosts.n > DNS_REVERSE_SERVERS)
		hosts.n = DNS_REVERSE_SERVERS;
	list = mp_allocn(w->a, hosts.n ? hosts.n : 1, sizeof(*list));
	for (size_t i = 0; i < hosts.n; i++) {
		struct dns_reverse_server *s = &list[i];
		struct mp_ip ip;

		s->host = hosts.name[i];
		s->says = DNS_NO_ADDRESS;
		if (!server_address(w, s->host, &ip))
			continue;
		s->server = dns_server_text(w->a, &ip, w->ns_port);
		s->reply = dns_ask_server(w->ev, s->server, out->last, DNS_PTR, false);
		if (!s->reply) {
			w->pending = true;
			continue;
		}
		s->says = what_it_says(s->reply);
		if (s->says == DNS_SAYS)
			s->names = dns_names_of(w->a, s->reply);
	}
	out->servers = list;
	out->n_servers = hosts.n;
}

static void compare(struct dns_reverse *out)
{
	const struct dns_reverse_server *first = NULL;

	for (size_t i = 0; i < out->n_servers; i++) {
		const struct dns_reverse_server *s = &out->servers[i];

		if (s->says != DNS_SAYS)
			continue;
		if (!first)
			first = s;
		else if (!dns_names_eq(&first->names, &s->names)) {
			out->agreement = DNS_SERVERS_DIFFER;
			return;
		}
	}
	if (!first) {
		out->agreement = DNS_AUTHORITY_UNKNOWN;
		return;
	}
	out->authority_names = first->names;
	if (!dns_known(out->resolver->outcome)) {
		out->agreement = DNS_RESOLVER_UNKNOWN;
	} else if (dns_names_eq(&out->resolver_names, &first->names)) {
		out->agreement = DNS_AGREE;
	} else {
		out->agreement = DNS_RESOLVER_DIFFERS;
		out->by_authority = true;
		out->outcome = first->reply->outcome;
	}
}

/* ---- the names */

static const struct dns_reverse_name *look_forward(
	struct walk *w, const struct dns_names *names, const struct mp_ip *ip)
{
	struct dns_reverse_name *list = mp_allocn(w->a, names->n ? names->n : 1, sizeof(*list));
	enum dns_type type = ip->family == MP_IPV4 ? DNS_A : DNS_AAAA;

	for (size_t i = 0; i < names->n; i++) {
		list[i].name = names->name[i];
		if (i >= DNS_REVERSE_FORWARDS || strcmp(list[i].name, ".") == 0)
			continue;
		list[i].forward = ask(w, list[i].name, type);
		list[i].leads_back = list[i].forward && dns_answer_has(list[i].forward, ip);
	}
	return list;
}

/* True when a further question to the same resolver has a chance. */
static bool resolver_answers(const struct dns_answer *a)
{
	return a->outcome != DNS_TIMEOUT && a->outcome != DNS_UNREACHABLE;
}

bool dns_reverse_ask(struct mp_evidence *ev, struct mp_arena *a, const struct mp_ip *ip, uint16_t ns_port,
	enum mp_family prefer, struct dns_reverse *out)
{
	struct walk w = {.ev = ev, .a = a, .ns_port = ns_port, .prefer = prefer};
	const struct dns_answer *ptr, *soa, *ns = NULL;
	char text[MP_IP_REVERSE];

	memset(out, 0, sizeof(*out));
	out->ip = *ip;
	out->name = out->last = mp_dup(a, mp_ip_reverse(ip, text));
	out->resolver = ptr = ask(&w, out->name, DNS_PTR);
	soa = ask(&w, out->name, DNS_SOA);
	if (ptr) {
		out->resolver_names = dns_names_of(a, ptr);
		out->outcome = ptr->outcome;
		out->names = look_forward(&w, &out->resolver_names, ip);
		out->n_names = out->resolver_names.n;
	}
	if (!ptr || !soa)
		return false;
	out->last = last_name(last_name(out->name, soa), ptr);
	out->zone = zone_of(out->last, soa);
	if (out->zone)
		ns = ask(&w, out->zone, DNS_NS);
	else if (resolver_answers(ptr) && resolver_answers(soa))
		ns = deepest_ns(&w, out->last, &out->zone);
	if (ns)
		ask_servers(&w, ns, out);
	if (w.pending)
		return false;
	compare(out);
	if (out->by_authority) {
		out->names = look_forward(&w, &out->authority_names, ip);
		out->n_names = out->authority_names.n;
	}
	return !w.pending;
}
