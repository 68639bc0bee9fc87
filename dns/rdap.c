/* dns/rdap.c - see dns/rdap.h */
#include "dns/rdap.h"
#include "base/json.h"
#include "base/text.h"
#include "dns/dns.h"

/* ---- texts: foreign bytes, made one line */

/* Not empty, blanks trimmed, line ends made blanks, cut at a character. NULL otherwise. */
static const char *text_of(struct mp_arena *a, const json_t *j, size_t max)
{
	struct mp_str s;
	char *flat;
	size_t n = 0;

	if (!json_is_string(j))
		return NULL;
	s = mp_strn(json_string_value(j), json_string_length(j));
	if (s.n > max * 4)
		s.n = max * 4;
	flat = mp_dupn(a, s.p, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (flat[i] == '\n' || flat[i] == '\r' || flat[i] == '\t')
			flat[i] = ' ';
	flat = mp_text(a, mp_str_trim(mp_strn(flat, s.n)));
	while (flat[n]) {
		size_t len = mp_utf8_len(flat + n, strlen(flat + n));

		if (n + len > max)
			break;
		n += len;
	}
	flat[n] = '\0';
	return n ? flat : NULL;
}

static const char *member(struct mp_arena *a, const json_t *object, const char *key)
{
	return text_of(a, mp_jget(object, key), RDAP_TEXT_MAX);
}

/* An http or https URL that may stand in a sentence, or NULL. */
static const char *url_of(struct mp_arena *a, const json_t *j)
{
	struct mp_str s;

	if (!json_is_string(j))
		return NULL;
	s = mp_strn(json_string_value(j), json_string_length(j));
	if (s.n > RDAP_URL_MAX || !(mp_str_istarts(s, "https://") || mp_str_istarts(s, "http://")))
		return NULL;
	for (size_t i = 0; i < s.n; i++)
		if (!mp_isprint((unsigned char)s.p[i]) || strchr(" \"<>\\^`{|}", s.p[i]))
			return NULL;
	return mp_dupstr(a, s);
}

/* local@domain that may stand in a sentence, or NULL. */
static const char *email_of(struct mp_arena *a, const json_t *j)
{
	const char *s = text_of(a, j, RDAP_TEXT_MAX), *at;

	if (s && mp_str_istarts(mp_str(s), "mailto:"))
		s += strlen("mailto:");
	at = s ? strchr(s, '@') : NULL;
	if (!at || at == s || at - s > 64 || !dns_is_hostname(at + 1) || !strchr(at + 1, '.'))
		return NULL;
	for (const char *p = s; p < at; p++)
		if (!mp_isalnum((unsigned char)*p) && !strchr("!#$%&'*+-/=?^_`{|}~.", *p))
			return NULL;
	return s;
}

/* ---- which server to ask */

/* Length of the match of one entry: prefix length + 1, or labels + 1; 0: none. */
static size_t match_length(const char *entry, const char *subject, const struct mp_ip *ip)
{
	struct mp_str rest = mp_str(entry), addr;
	struct mp_ip net;
	uint64_t prefix;

	if (ip->family == MP_IPNONE)
		return entry[0] && dns_name_under(subject, entry) ? dns_name_labels(entry) + 1 : 0;
	if (!mp_str_split(&rest, '/', &addr) || !mp_ip_parse(addr, &net) || net.family != ip->family ||
		!mp_str_u64(rest, net.family == MP_IPV4 ? 32 : 128, &prefix))
		return 0;
	return mp_ip_in(ip, &net, (unsigned)prefix) ? (size_t)prefix + 1 : 0;
}

/* The service with the longest match, and which of its entries that is. */
static const json_t *find_service(const json_t *doc, const char *subject, const char **entry)
{
	const json_t *services = mp_jget_array(doc, "services"), *best = NULL;
	struct mp_ip ip = {MP_IPNONE, {0}};
	size_t longest = 0;

	mp_ip_parse(mp_str(subject), &ip);
	for (size_t i = 0; i < json_array_size(services); i++) {
		const json_t *service = json_array_get(services, i), *entries = json_array_get(service, 0);

		for (size_t k = 0; k < json_array_size(entries); k++) {
			const char *e = json_string_value(json_array_get(entries, k));
			size_t n = e ? match_length(e, subject, &ip) : 0;

			if (n <= longest)
				continue;
			longest = n;
			best = service;
			*entry = e;
		}
	}
	return best;
}

static json_t *bootstrap_parse(struct mp_str body, struct mp_err *err)
{
	json_t *doc;

	if (body.n > RDAP_BODY_MAX) {
		mp_fail(err, MP_ELIMIT, "the list of registries is larger than %d bytes", RDAP_BODY_MAX);
		return NULL;
	}
	doc = mp_json_parse(body, err);
	if (doc && !mp_jget_array(doc, "services")) {
		json_decref(doc);
		mp_fail(err, MP_EPARSE, "the list of registries has no services");
		return NULL;
	}
	return doc;
}

static size_t add_urls(struct mp_arena *a, const json_t *urls, const char *scheme, const char **out, size_t n)
{
	for (size_t i = 0; i < json_array_size(urls) && n < RDAP_SERVERS_MAX; i++) {
		const char *url = url_of(a, json_array_get(urls, i));

		if (url && mp_str_istarts(mp_str(url), scheme))
			out[n++] = url[strlen(url) - 1] == '/' ? url : mp_printf(a, "%s/", url);
	}
	return n;
}

int rdap_bootstrap_find(
	struct mp_arena *a, struct mp_str body, const char *subject, struct rdap_servers *out, struct mp_err *err)
{
	json_t *doc = bootstrap_parse(body, err);
	const char *entry = NULL, **urls = mp_allocn(a, RDAP_SERVERS_MAX, sizeof(*urls));
	const json_t *service;

	if (!doc)
		return MP_EPARSE;
	memset(out, 0, sizeof(*out));
	service = find_service(doc, subject, &entry);
	if (service) {
		out->entry = mp_text(a, mp_str(entry));
		out->n = add_urls(a, json_array_get(service, 1), "https://", urls, 0);
		out->n = add_urls(a, json_array_get(service, 1), "http://", urls, out->n);
	}
	out->url = urls;
	json_decref(doc);
	return MP_OK;
}

static char *written(struct mp_arena *a, json_t *doc)
{
	struct mp_buf b = MP_BUF((size_t)64 * 1024);
	char *text;

	mp_json_write(doc, 0, &b);
	text = mp_dupn(a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	json_decref(doc);
	return text;
}

/* A list with one service, or with none. */
static char *list_of(struct mp_arena *a, const char *entry, const struct rdap_servers *s)
{
	json_t *doc = json_object(), *services = json_array();

	if (entry) {
		json_t *service = json_array(), *entries = json_array(), *urls = json_array();

		mp_jpush(entries, mp_j(entry));
		for (size_t i = 0; i < s->n; i++)
			mp_jpush(urls, mp_j(s->url[i]));
		mp_jpush(service, entries);
		mp_jpush(service, urls);
		mp_jpush(services, service);
	}
	mp_jset(doc, "services", services);
	return written(a, doc);
}

char *rdap_bootstrap_cut(struct mp_arena *a, struct mp_str body, const char *subject)
{
	struct mp_err err = {.msg = ""};
	struct rdap_servers found;

	return rdap_bootstrap_find(a, body, subject, &found, &err) == MP_OK ? list_of(a, found.entry, &found) : NULL;
}

/* ---- contacts */

static const struct {
	const char *word;
	enum rdap_role role;
} roles[] = {
	{"registrant", RDAP_REGISTRANT},
	{"technical", RDAP_TECHNICAL},
	{"noc", RDAP_NOC},
	{"administrative", RDAP_ADMINISTRATIVE},
	{"abuse", RDAP_ABUSE},
	{"registrar", RDAP_REGISTRAR},
};

static unsigned roles_of(const json_t *list)
{
	unsigned out = 0;

	for (size_t i = 0; i < json_array_size(list) && i < 16; i++) {
		const char *word = json_string_value(json_array_get(list, i));
		unsigned role = word ? RDAP_OTHER : 0;

		for (size_t k = 0; word && k < ARRAY_LEN(roles); k++)
			if (mp_ieq(word, roles[k].word))
				role = roles[k].role;
		out |= role;
	}
	return out;
}

/* The first text of a jCard value: a string, or the first string of a structured one. */
static const json_t *first_text(const json_t *value)
{
	for (size_t i = 0; json_is_array(value) && i < json_array_size(value); i++)
		if (json_string_length(json_array_get(value, i)) > 0)
			return json_array_get(value, i);
	return value;
}

/* The country of a jCard address: a parameter, the last part of the value, or the last line of a label. */
static const char *country_of(struct mp_arena *a, const json_t *property)
{
	const json_t *parameters = json_array_get(property, 1), *value = json_array_get(property, 3);
	const char *country = member(a, parameters, "cc");

	if (!country && json_is_array(value) && json_array_size(value) >= 7)
		country = text_of(a, json_array_get(value, 6), RDAP_TEXT_MAX);
	return country;
}

/* ["vcard", [[name, {parameters}, type, value...], ...]] (RFC 7095 3) */
static void read_card(struct mp_arena *a, const json_t *card, struct rdap_entity *e)
{
	const json_t *properties = json_array_get(card, 1);
	const char *kind = NULL, *fn = NULL;

	for (size_t i = 0; i < json_array_size(properties) && i < 64; i++) {
		const json_t *p = json_array_get(properties, i), *value = json_array_get(p, 3);
		const char *name = json_string_value(json_array_get(p, 0));

		if (!name)
			continue;
		if (mp_ieq(name, "fn") && !fn)
			fn = text_of(a, value, RDAP_TEXT_MAX);
		else if (mp_ieq(name, "org") && !e->org)
			e->org = text_of(a, first_text(value), RDAP_TEXT_MAX);
		else if (mp_ieq(name, "kind") && !kind)
			kind = text_of(a, value, RDAP_TEXT_MAX);
		else if (mp_ieq(name, "email") && !e->email)
			e->email = email_of(a, value);
		else if ((mp_ieq(name, "contact-uri") || mp_ieq(name, "url")) && !e->page)
			e->page = url_of(a, value);
		else if (mp_ieq(name, "adr") && !e->country)
			e->country = country_of(a, p);
	}
	e->name = fn ? fn : e->org;
	if (!e->org && kind && mp_ieq(kind, "org"))
		e->org = fn;
}

struct gather {
	struct mp_arena *a;
	struct rdap_entity *list;
	size_t n;
};

/* Breadth first, so that an object's own contacts stand before those of its contacts, whatever their number. */
static void gather_entities(struct gather *g, const json_t *object)
{
	const json_t *holder[RDAP_ENTITIES_MAX + 1] = {object};
	size_t depth[RDAP_ENTITIES_MAX + 1] = {0}, n = 1;

	for (size_t at = 0; at < n; at++) {
		const json_t *entities = mp_jget_array(holder[at], "entities");

		if (depth[at] >= RDAP_DEPTH_MAX)
			continue;
		for (size_t i = 0; i < json_array_size(entities) && g->n < RDAP_ENTITIES_MAX; i++) {
			const json_t *j = json_array_get(entities, i);
			struct rdap_entity *e = &g->list[g->n];

			if (!json_is_object(j))
				continue;
			e->depth = depth[at];
			e->handle = member(g->a, j, "handle");
			e->roles = roles_of(mp_jget_array(j, "roles"));
			read_card(g->a, mp_jget_array(j, "vcardArray"), e);
			g->n++;
			holder[n] = j;
			depth[n++] = depth[at] + 1;
		}
	}
}

/* ---- the rest of an answer */

static const struct {
	const char *word;
	enum rdap_status status;
} status_words[] = {
	{"client hold", RDAP_ON_HOLD},
	{"server hold", RDAP_ON_HOLD},
	{"pending delete", RDAP_PENDING_DELETE},
	{"redemption period", RDAP_PENDING_DELETE},
	{"pending restore", RDAP_PENDING_DELETE},
	{"auto renew period", RDAP_AUTO_RENEW},
	{"inactive", RDAP_INACTIVE},
};

/* Words as RDAP has them, "client hold", and as EPP has them, "clientHold". */
static bool same_status(const char *a, const char *b)
{
	for (;; a++, b++) {
		while (*a == ' ')
			a++;
		while (*b == ' ')
			b++;
		if (!*a || !*b)
			return *a == *b;
		if (mp_tolower(*a) != mp_tolower(*b))
			return false;
	}
}

static void read_status(struct mp_arena *a, const json_t *list, struct rdap_object *o)
{
	const char **words = mp_allocn(a, RDAP_STATUS_MAX, sizeof(*words));

	for (size_t i = 0; i < json_array_size(list) && o->n_status < RDAP_STATUS_MAX; i++) {
		const char *word = text_of(a, json_array_get(list, i), 64);

		if (!word)
			continue;
		words[o->n_status++] = word;
		for (size_t k = 0; k < ARRAY_LEN(status_words); k++)
			if (same_status(word, status_words[k].word))
				o->status |= status_words[k].status;
	}
	o->statuses = words;
}

#define YEAR_9999_MS INT64_C(253402300799999) /* what mp_time_text() can show */

/* A domain that was deleted and registered anew is as old as that. */
static void read_events(const json_t *list, struct rdap_object *o)
{
	for (size_t i = 0; i < json_array_size(list) && i < 64; i++) {
		const json_t *event = json_array_get(list, i);
		const char *action = mp_jget_str(event, "eventAction", ""), *date = mp_jget_str(event, "eventDate", "");
		int64_t ms;

		if (!mp_time_parse(mp_str(date), &ms) || ms <= 0 || ms > YEAR_9999_MS)
			continue;
		if ((mp_ieq(action, "registration") || mp_ieq(action, "reregistration")) && ms > o->registered)
			o->registered = ms;
		else if (mp_ieq(action, "expiration") && ms > o->expires)
			o->expires = ms;
		else if (mp_ieq(action, "last changed") && ms > o->changed)
			o->changed = ms;
	}
}

static void read_links(struct mp_arena *a, const json_t *list, struct rdap_object *o)
{
	for (size_t i = 0; i < json_array_size(list) && i < 64; i++) {
		const json_t *link = json_array_get(list, i);

		if (!o->related && mp_ieq(mp_jget_str(link, "rel", ""), "related") &&
			mp_ieq(mp_jget_str(link, "type", ""), "application/rdap+json"))
			o->related = url_of(a, mp_jget(link, "href"));
	}
}

/* Remarks titled "description" are where RPSL's descr went; notices and remarks both may tell of truncation. */
static void read_remarks(struct mp_arena *a, const json_t *list, struct rdap_object *o)
{
	for (size_t i = 0; i < json_array_size(list) && i < 64; i++) {
		const json_t *remark = json_array_get(list, i), *lines = mp_jget_array(remark, "description");
		const char *type = mp_jget_str(remark, "type", ""), *title = mp_jget_str(remark, "title", "");

		if (mp_str_ifind(mp_str(type), "truncated") >= 0)
			o->truncated = true;
		if (mp_str_ifind(mp_str(type), "redacted") >= 0 ||
			mp_str_ifind(mp_str(title), "redacted for privacy") >= 0)
			o->redacted = true;
		if (!o->described && (mp_ieq(title, "description") || mp_ieq(title, "descr")))
			o->described = text_of(a, json_array_get(lines, 0), RDAP_TEXT_MAX);
	}
}

/* The prefix length when the range is exactly one network, else -1. */
static int prefix_of(const struct mp_ip *start, const struct mp_ip *end)
{
	unsigned bits = start->family == MP_IPV4 ? 32 : 128, n = 0;

	while (n < bits && ((start->b[n / 8] ^ end->b[n / 8]) & (0x80 >> n % 8)) == 0)
		n++;
	for (unsigned i = n; i < bits; i++)
		if (start->b[i / 8] & (0x80 >> i % 8) || !(end->b[i / 8] & (0x80 >> i % 8)))
			return -1;
	return (int)n;
}

static void read_range(struct mp_arena *a, const json_t *j, struct rdap_object *o)
{
	char start[MP_IP_TEXT], end[MP_IP_TEXT];
	int prefix;

	if (!mp_ip_parse(mp_str(mp_jget_str(j, "startAddress", "")), &o->start) ||
		!mp_ip_parse(mp_str(mp_jget_str(j, "endAddress", "")), &o->end) || o->start.family != o->end.family ||
		mp_ip_cmp(&o->start, &o->end) > 0) {
		o->start = o->end = (struct mp_ip){MP_IPNONE, {0}};
		return;
	}
	prefix = prefix_of(&o->start, &o->end);
	mp_ip_text(&o->start, start);
	mp_ip_text(&o->end, end);
	o->range = prefix >= 0 ? mp_printf(a, "%s/%d", start, prefix) : mp_printf(a, "%s - %s", start, end);
}

static int fail_with_answer(struct mp_arena *a, const json_t *j, struct mp_err *err)
{
	const char *title = member(a, j, "title");

	if (mp_jget(j, "errorCode"))
		return mp_fail(err, MP_EPARSE, "the server answers with error %d%s%s",
			(int)mp_jget_int(j, "errorCode", 0), title ? ": " : "", title ? title : "");
	return mp_fail(err, MP_EPARSE, "the answer describes neither a network nor a domain");
}

int rdap_parse(struct mp_arena *a, struct mp_str body, struct rdap_object *out, struct mp_err *err)
{
	struct rdap_object o = {.class = RDAP_DOMAIN};
	struct gather g = {.a = a};
	const char *class;
	json_t *j;
	int rc = MP_OK;

	if (body.n > RDAP_BODY_MAX)
		return mp_fail(err, MP_ELIMIT, "the answer is larger than %d bytes", RDAP_BODY_MAX);
	j = mp_json_parse(body, err);
	if (!j)
		return MP_EPARSE;
	class = mp_jget_str(j, "objectClassName", "");
	if (mp_ieq(class, "ip network")) {
		o.class = RDAP_IP_NETWORK;
		o.name = member(a, j, "name");
		o.country = member(a, j, "country");
		read_range(a, j, &o);
	} else if (mp_ieq(class, "domain")) {
		o.name = member(a, j, "ldhName");
	} else {
		rc = fail_with_answer(a, j, err);
		goto out;
	}
	o.handle = member(a, j, "handle");
	read_status(a, mp_jget_array(j, "status"), &o);
	read_events(mp_jget_array(j, "events"), &o);
	read_links(a, mp_jget_array(j, "links"), &o);
	read_remarks(a, mp_jget_array(j, "remarks"), &o);
	read_remarks(a, mp_jget_array(j, "notices"), &o);
	o.redacted = o.redacted || json_array_size(mp_jget_array(j, "redacted")) > 0;
	g.list = mp_allocn(a, RDAP_ENTITIES_MAX, sizeof(*g.list));
	gather_entities(&g, j);
	o.entities = g.list;
	o.n_entities = g.n;
	*out = o;
out:
	json_decref(j);
	return rc;
}

/* ---- what is made of it */

bool rdap_covers(const struct rdap_object *o, const struct mp_ip *ip)
{
	if (o->class != RDAP_IP_NETWORK)
		return false;
	if (o->start.family == MP_IPNONE)
		return true;
	return o->start.family == ip->family && mp_ip_cmp(&o->start, ip) <= 0 && mp_ip_cmp(ip, &o->end) <= 0;
}

const struct rdap_entity *rdap_contact(const struct rdap_object *o, unsigned wanted, bool with_email)
{
	for (size_t i = 0; i < o->n_entities; i++)
		if (o->entities[i].roles & wanted && (!with_email || o->entities[i].email))
			return &o->entities[i];
	return NULL;
}

const char *rdap_holder(const struct rdap_object *o)
{
	/* In this order: an organization is who can be asked; a person of the role is better than a network's name. */
	for (size_t i = 0; i < o->n_entities; i++)
		if (o->entities[i].roles & RDAP_REGISTRANT && o->entities[i].org)
			return o->entities[i].org;
	for (size_t i = 0; i < o->n_entities; i++)
		if (o->entities[i].roles & RDAP_REGISTRANT && o->entities[i].name)
			return o->entities[i].name;
	if (o->described)
		return o->described;
	for (size_t i = 0; i < o->n_entities; i++)
		if (!(o->entities[i].roles & (RDAP_ABUSE | RDAP_REGISTRAR)) && o->entities[i].org)
			return o->entities[i].org;
	return o->class == RDAP_IP_NETWORK ? o->name : NULL;
}

/* ---- for the public */

/* The one service of a list that was cut, for another subject. */
static char *redacted_list(struct mp_arena *a, struct mp_str body, const char *subject)
{
	const char *urls[RDAP_SERVERS_MAX];
	struct rdap_servers s = {NULL, 0, urls};
	json_t *doc = bootstrap_parse(body, NULL);
	const json_t *service = json_array_get(mp_jget_array(doc, "services"), 0);
	struct mp_ip ip;
	char *text;

	if (!doc)
		return NULL;
	s.n = add_urls(a, json_array_get(service, 1), "http", urls, 0);
	if (mp_ip_parse(mp_str(subject), &ip))
		subject = mp_printf(a, "%s/%d", subject, ip.family == MP_IPV4 ? 32 : 128);
	text = list_of(a, service ? subject : NULL, &s);
	json_decref(doc);
	return text;
}

static json_t *event(struct mp_arena *a, const char *action, int64_t ms)
{
	json_t *j = json_object();

	mp_jset_str(j, "eventAction", action);
	mp_jset_str(j, "eventDate", mp_time_text(a, ms, false));
	return j;
}

static json_t *entity(const char *role, const char *name)
{
	json_t *j = json_object(), *list = json_array(), *card = json_array(), *properties = json_array(),
	       *fn = json_array();

	mp_jpush(list, mp_j(role));
	mp_jset(j, "roles", list);
	mp_jpush(fn, mp_j("fn"));
	mp_jpush(fn, json_object());
	mp_jpush(fn, mp_j("text"));
	mp_jpush(fn, mp_j(name));
	mp_jpush(properties, fn);
	mp_jpush(card, mp_j("vcard"));
	mp_jpush(card, properties);
	mp_jset(j, "vcardArray", card);
	return j;
}

static void put_network(json_t *j, const char *subject)
{
	mp_jset_str(j, "objectClassName", "ip network");
	mp_jset_str(j, "name", "REDACTED");
	mp_jset_str(j, "startAddress", subject);
	mp_jset_str(j, "endAddress", subject);
}

static void put_domain(struct mp_arena *a, json_t *j, const struct rdap_object *o, const char *subject)
{
	const struct rdap_entity *registrar = rdap_contact(o, RDAP_REGISTRAR, false);
	json_t *events = json_array(), *status = json_array(), *entities = json_array();

	mp_jset_str(j, "objectClassName", "domain");
	mp_jset_str(j, "ldhName", subject);
	for (size_t i = 0; i < o->n_status; i++)
		mp_jpush(status, mp_j(o->statuses[i]));
	mp_jset(j, "status", status);
	if (o->registered)
		mp_jpush(events, event(a, "registration", o->registered));
	if (o->expires)
		mp_jpush(events, event(a, "expiration", o->expires));
	mp_jset(j, "events", events);
	if (registrar && registrar->name)
		mp_jpush(entities, entity("registrar", registrar->name));
	mp_jset(j, "entities", entities);
}

char *rdap_redacted(struct mp_arena *a, struct mp_str body, const char *subject)
{
	struct rdap_object o = {.class = RDAP_DOMAIN};
	json_t *j;

	if (rdap_parse(a, body, &o, NULL) != MP_OK)
		return redacted_list(a, body, subject);
	j = json_object();
	if (o.class == RDAP_IP_NETWORK)
		put_network(j, subject);
	else
		put_domain(a, j, &o, subject);
	return written(a, j);
}
