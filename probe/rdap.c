/* probe/rdap.c - see probe/rdap.h */
#include "probe/rdap.h"
#include "base/text.h"
#include "probe/fetch.h"

enum { OLD_MS = 7 * 24 * 3600 * 1000 };

enum asked { ASK_PENDING, ASK_FAILED, ASK_FETCHED };

struct asking {
	struct mp_judge *j;
	struct mp_rdap *out;
	uint32_t spent_ms; /* by fetches so far */
};

static enum asked fail(struct asking *k, enum mp_rdap_state state, const char *why)
{
	k->out->state = state;
	k->out->why = why;
	return ASK_FAILED;
}

/* The addresses of a host, in the families that the run may use. Without any the disk may still know the answer. */
static enum asked look_up(struct asking *k, struct mp_fetch_question *q, const struct dns_answer **trouble)
{
	const struct mp_case *c = k->j->c;
	struct mp_ip *list = mp_allocn(k->j->a, MP_FETCH_ADDRESSES_MAX, sizeof(*list));
	const struct dns_answer *answer[2] = {NULL, NULL};

	q->addresses = list;
	q->n_addresses = 0;
	*trouble = NULL;
	if (mp_ip_parse(mp_str(q->host), &list[0])) {
		q->n_addresses = 1;
		return ASK_FETCHED;
	}
	answer[0] = mp_dns(k->j, q->host, DNS_AAAA);
	answer[1] = mp_dns(k->j, q->host, DNS_A);
	if (!answer[0] || !answer[1])
		return ASK_PENDING;
	for (int i = 0; i < 2; i++) {
		if (answer[i]->outcome != DNS_ANSWERED)
			*trouble = answer[i];
		for (size_t r = 0; r < answer[i]->n_rr && q->n_addresses < MP_FETCH_ADDRESSES_MAX; r++)
			if (c->family == MP_IPNONE || answer[i]->rr[r].ip.family == c->family)
				list[q->n_addresses++] = answer[i]->rr[r].ip;
	}
	return ASK_FETCHED;
}

static const char *fetch_words(struct asking *k, const struct mp_fetch_question *q, const struct mp_fetch_answer *ans,
	const struct dns_answer *no_address)
{
	struct mp_arena *a = k->j->a;

	if (no_address && !q->n_addresses)
		return mp_printf(a, "%s could not be looked up (%s)", q->host, dns_outcome_words(no_address->outcome));
	if (!q->n_addresses)
		return mp_printf(a, "%s has no address that this run may use", q->host);
	if (ans->outcome == MP_FETCHED)
		return mp_printf(a, "%s answered with status %d%s", q->host, ans->status,
			ans->status == 429 ? " (too many questions)" : "");
	return mp_printf(
		a, "%s did not answer (%s)", q->host, ans->reason ? ans->reason : mp_fetch_outcome_name(ans->outcome));
}

/* One fetch, within the time that is left. */
static enum asked fetch(struct asking *k, struct mp_fetch_question *q, const struct mp_fetch_answer **out)
{
	const struct dns_answer *trouble;
	enum asked known = look_up(k, q, &trouble);

	if (known != ASK_FETCHED)
		return known;
	if (k->spent_ms >= MP_RDAP_LIMIT_MS)
		return fail(k, MP_RDAP_UNKNOWN, mp_printf(k->j->a, "no answer within %d s", MP_RDAP_LIMIT_MS / 1000));
	q->limit_ms = k->spent_ms ? MP_RDAP_LIMIT_MS - k->spent_ms : 0;
	*out = mp_fetch_ask(k->j->ev, q);
	if (!*out)
		return ASK_PENDING;
	k->spent_ms += (uint32_t)(*out)->took_ms;
	if ((*out)->outcome != MP_FETCHED || (*out)->status == 429 || (*out)->status >= 500)
		return fail(k, MP_RDAP_UNKNOWN, fetch_words(k, q, *out, trouble));
	return ASK_FETCHED;
}

/* ---- which server */

/* The base URL of the server to ask. */
static enum asked find_server(struct asking *k, const char *subject, const char **base)
{
	struct mp_arena *a = k->j->a;
	struct mp_fetch_question q = {.use = "rdap-bootstrap", .host = "data.iana.org", .port = 443, .about = subject};
	const struct mp_fetch_answer *ans;
	struct mp_err err = {.msg = ""};
	struct rdap_servers servers;
	struct mp_ip ip = {MP_IPNONE, {0}};
	enum asked known;

	if (k->j->c->rdap_url) {
		*base = k->j->c->rdap_url;
		return ASK_FETCHED;
	}
	mp_ip_parse(mp_str(subject), &ip);
	q.path = ip.family == MP_IPV4 ? "/rdap/ipv4.json" : ip.family == MP_IPV6 ? "/rdap/ipv6.json" : "/rdap/dns.json";
	known = fetch(k, &q, &ans);
	if (known != ASK_FETCHED)
		return known;
	if (ans->status != 200)
		return fail(k, MP_RDAP_UNKNOWN, fetch_words(k, &q, ans, NULL));
	if (rdap_bootstrap_find(a, ans->body, subject, &servers, &err) != MP_OK)
		return fail(k, MP_RDAP_UNKNOWN,
			mp_printf(a, "%s is no list of registries: %s", mp_fetch_url(a, &q),
				mp_text(a, mp_str(err.msg))));
	for (size_t i = 0; i < servers.n; i++)
		if (mp_str_istarts(mp_str(servers.url[i]), "https://")) {
			*base = servers.url[i];
			return ASK_FETCHED;
		}
	return fail(k, MP_RDAP_NONE, "IANA's list names no registry that answers for it by RDAP and HTTPS");
}

/* ---- its answer */

static bool is_redirect(int status)
{
	return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

static enum asked read_answer(
	struct asking *k, const char *subject, const struct mp_fetch_question *q, const struct mp_fetch_answer *ans)
{
	struct mp_arena *a = k->j->a;
	struct rdap_object *o = &k->out->object;
	struct mp_err err = {.msg = ""};
	struct mp_ip ip;

	/* The disk's answer, for want of a newer one: holders stay, but registrations run out. */
	if (ans->fetched_ms && k->j->c->started_ms - ans->fetched_ms > OLD_MS)
		return fail(k, MP_RDAP_UNKNOWN,
			mp_printf(a, "%s did not answer (%s)", q->host, ans->reason ? ans->reason : "only long ago"));
	if (ans->status == 404)
		return fail(k, MP_RDAP_NONE, mp_printf(a, "%s knows of no such registration", q->host));
	if (ans->status != 200)
		return fail(k, MP_RDAP_UNKNOWN, fetch_words(k, q, ans, NULL));
	if (!mp_fetch_type_ok(q, ans))
		return fail(k, MP_RDAP_UNKNOWN,
			mp_printf(a, "what %s sent is no RDAP answer (%s)", q->host,
				ans->content_type ? ans->content_type : "no media type"));
	if (rdap_parse(a, ans->body, o, &err) != MP_OK)
		return fail(k, MP_RDAP_UNKNOWN,
			mp_printf(a, "what %s sent is no RDAP answer: %s", q->host, mp_text(a, mp_str(err.msg))));
	if (mp_ip_parse(mp_str(subject), &ip) ? !rdap_covers(o, &ip)
					      : o->class != RDAP_DOMAIN || (o->name && !dns_name_eq(o->name, subject)))
		return fail(k, MP_RDAP_UNKNOWN, mp_printf(a, "%s answered about something else", q->host));
	k->out->state = MP_RDAP_FOUND;
	k->out->source = mp_fetch_url(a, q);
	return ASK_FETCHED;
}

static enum asked ask_server(struct asking *k, const char *subject, const char *base)
{
	struct mp_arena *a = k->j->a;
	struct mp_ip ip;
	const char *url = mp_printf(a, "%s%s%s/%s", base, base[strlen(base) - 1] == '/' ? "" : "/",
		mp_ip_parse(mp_str(subject), &ip) ? "ip" : "domain", subject);

	for (int n = 0; n <= MP_RDAP_REDIRECTS; n++) {
		struct mp_fetch_question q = {.use = "rdap"};
		const struct mp_fetch_answer *ans;
		enum asked known;

		if (!mp_fetch_parse_url(a, mp_str(url), &q) || q.http)
			return fail(k, MP_RDAP_UNKNOWN,
				n ? "the registry leads to what is no https URL" : "the server's URL is none of https");
		known = fetch(k, &q, &ans);
		if (known != ASK_FETCHED)
			return known;
		if (!is_redirect(ans->status) || !ans->location)
			return read_answer(k, subject, &q, ans);
		url = ans->location;
	}
	return fail(k, MP_RDAP_UNKNOWN,
		mp_printf(a, "the registry leads on and on (more than %d redirects)", MP_RDAP_REDIRECTS));
}

bool mp_rdap_url_ok(struct mp_arena *a, struct mp_str url)
{
	struct mp_fetch_question q = {.use = "rdap"};

	return mp_fetch_parse_url(a, url, &q) && !q.http && !strchr(q.path, '?');
}

bool mp_rdap_ask(struct mp_judge *j, const char *subject, struct mp_rdap *out)
{
	struct asking k = {.j = j, .out = out};
	const char *base = NULL;
	enum asked known;

	memset(out, 0, sizeof(*out));
	known = find_server(&k, subject, &base);
	if (known == ASK_FETCHED)
		known = ask_server(&k, subject, base);
	return known != ASK_PENDING;
}
