/* probe/case.c - a case saved and read back; see probe/case.h */
#include "base/text.h"
#include "probe/case.h"
#include "probe/filters.h"
#include "probe/rdap.h"

static const char *const tls_names[] = {"may", "require", "off"}; /* in the order of enum smtp_tls_policy */
static const char *const commands[] = {
	"probe", "check", "demo", "ptr", "mx", "spf", "dnsbl", "dkim", "dmarc", "message"};

/* Plain text members, in the order of the saved form. */
static const struct text_member {
	const char *name;
	size_t at;
	bool needed; /* by every command */
	bool sender; /* by those that judge a sender */
} texts[] = {
	{"command", offsetof(struct mp_case, command), true, false},
	{"run_id", offsetof(struct mp_case, run_id), true, false},
	{"nonce", offsetof(struct mp_case, nonce), true, false},
	{"hostname", offsetof(struct mp_case, hostname), false, true},
	{"fqdn", offsetof(struct mp_case, fqdn), false, false},
	{"ehlo", offsetof(struct mp_case, ehlo), false, true},
	{"ehlo_origin", offsetof(struct mp_case, ehlo_origin), false, false},
	{"mail_from", offsetof(struct mp_case, mail_from), false, true},
	{"mail_from_origin", offsetof(struct mp_case, mail_from_origin), false, false},
	{"header_from", offsetof(struct mp_case, header_from), false, true},
	{"domain", offsetof(struct mp_case, domain), false, true},
	{"mta", offsetof(struct mp_case, mta), false, false},
	{"relayhost", offsetof(struct mp_case, relayhost), false, false},
	{"relayhost_origin", offsetof(struct mp_case, relayhost_origin), false, false},
	{"sources_origin", offsetof(struct mp_case, sources_origin), false, false},
	{"arg", offsetof(struct mp_case, arg), false, false},
	{"rdap_url", offsetof(struct mp_case, rdap_url), false, false},
	{"rspamd_url", offsetof(struct mp_case, rspamd_url), false, false},
	{"spamd", offsetof(struct mp_case, spamd), false, false},
};

static const char **text_at(struct mp_case *c, const struct text_member *m)
{
	return (const char **)((char *)c + m->at);
}

static json_t *ip_json(const struct mp_ip *ip)
{
	char text[MP_IP_TEXT];

	return ip->family == MP_IPNONE ? json_null() : mp_j(mp_ip_text(ip, text));
}

static json_t *strings_json(const char *const *s, size_t n)
{
	json_t *j = json_array();

	for (size_t i = 0; i < n; i++)
		mp_jpush(j, mp_j(s[i]));
	return j;
}

json_t *mp_message_json(const struct mp_message *m)
{
	json_t *j = json_object();

	mp_jset_str(j, "id", m->id);
	mp_jset_str(j, "subject", m->subject);
	mp_jset_int(j, "size", (int64_t)m->size);
	mp_jset(j, "signatures", strings_json(m->signatures, m->n_signatures));
	return j;
}

static json_t *target_json(const struct mp_target *t)
{
	json_t *j = json_object();

	mp_jset_str(j, "target", t->text);
	mp_jset_str(j, "kind", t->kind == MP_TARGET_SERVER ? "server" : "domain");
	mp_jset_str(j, "domain", t->domain);
	mp_jset_str(j, "host", t->host);
	mp_jset(j, "address", ip_json(&t->address));
	mp_jset_int(j, "port", t->port);
	mp_jset_str(j, "rcpt", t->rcpt);
	mp_jset_bool(j, "rcpt_assumed", t->rcpt_assumed);
	if (t->mailbox)
		mp_jset_str(j, "mailbox", t->mailbox);
	if (t->message)
		mp_jset(j, "message", mp_message_json(t->message));
	return j;
}

static json_t *lists_json(const struct mp_case *c)
{
	json_t *all = json_array();

	for (size_t i = 0; i < c->n_lists; i++) {
		json_t *one = json_object(), *codes = json_array();

		mp_jset_str(one, "zone", c->lists[i].zone);
		mp_jset_bool(one, "disabled", c->lists[i].disabled);
		mp_jset_bool(one, "keyed", c->lists[i].keyed);
		for (size_t k = 0; k < c->lists[i].n_codes; k++) {
			json_t *code = json_object();

			mp_jset(code, "code", ip_json(&c->lists[i].codes[k].code));
			mp_jset_str(code, "words", c->lists[i].codes[k].words);
			mp_jpush(codes, code);
		}
		mp_jset(one, "codes", codes);
		mp_jpush(all, one);
	}
	return all;
}

static json_t *mailboxes_json(const struct mp_case *c)
{
	json_t *all = json_array();

	for (size_t i = 0; i < c->n_mailboxes; i++) {
		const struct mp_mailbox *m = &c->mailboxes[i];
		json_t *one = json_object();

		mp_jset_str(one, "name", m->name);
		mp_jset_str(one, "address", m->address);
		mp_jset_str(one, "host", m->host);
		mp_jset_int(one, "port", m->port);
		mp_jset_bool(one, "imaps", m->imaps);
		mp_jset_str(one, "inbox", m->inbox);
		mp_jset_str(one, "junk", m->junk);
		mp_jpush(all, one);
	}
	return all;
}

json_t *mp_case_to_json(const struct mp_case *c)
{
	json_t *j = json_object(), *list;
	struct mp_case copy = *c;

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		mp_jset_str(j, texts[i].name, *text_at(&copy, &texts[i]));
	mp_jset_int(j, "started_ms", c->started_ms);
	mp_jset(j, "argv", strings_json(c->argv, c->n_argv));
	list = json_array();
	for (size_t i = 0; i < c->n_sources; i++) {
		json_t *s = json_object();

		mp_jset(s, "address", ip_json(&c->sources[i].address));
		mp_jset(s, "public_ip", ip_json(&c->sources[i].public_ip));
		mp_jpush(list, s);
	}
	mp_jset(j, "sources", list);
	list = json_array();
	for (size_t i = 0; i < c->n_hosts; i++) {
		json_t *h = json_object();

		mp_jset(h, "address", ip_json(&c->hosts[i].address));
		mp_jset_str(h, "name", c->hosts[i].name);
		mp_jpush(list, h);
	}
	mp_jset(j, "hosts", list);
	if (c->n_lists)
		mp_jset(j, "lists", lists_json(c));
	if (c->rules)
		mp_jset(j, "rules", mp_own_rules_json(c->rules));
	list = json_array();
	for (size_t i = 0; i < c->n_selectors; i++) {
		json_t *s = json_object();

		mp_jset_str(s, "selector", c->selectors[i].selector);
		mp_jset_str(s, "domain", c->selectors[i].domain);
		mp_jset_str(s, "origin", c->selectors[i].origin);
		mp_jset_str(s, "public_key", c->selectors[i].public_key);
		mp_jset_str(s, "key_origin", c->selectors[i].key_origin);
		mp_jpush(list, s);
	}
	mp_jset(j, "selectors", list);
	list = json_array();
	for (size_t i = 0; i < c->n_auths; i++) {
		json_t *s = json_object();

		mp_jset_str(s, "method", c->auths[i].method);
		mp_jset_str(s, "domain", c->auths[i].domain);
		mp_jset_str(s, "result", c->auths[i].result);
		mp_jpush(list, s);
	}
	mp_jset(j, "auths", list);
	list = json_array();
	for (size_t i = 0; i < c->n_targets; i++)
		mp_jpush(list, target_json(&c->targets[i]));
	mp_jset(j, "targets", list);
	mp_jset(j, "resolvers", strings_json(c->resolvers, c->n_resolvers));
	mp_jset_bool(j, "trust_ad", c->trust_ad);
	mp_jset_str(j, "tls", tls_names[c->tls]);
	mp_jset_int(j, "family", c->family);
	mp_jset_bool(j, "all_mx", c->all_mx);
	if (c->send)
		mp_jset_bool(j, "send", true);
	if (c->diagnose)
		mp_jset_bool(j, "diagnose", true);
	if (c->retry)
		mp_jset_bool(j, "retry", true);
	if (c->n_mailboxes)
		mp_jset(j, "mailboxes", mailboxes_json(c));
	if (c->clean)
		mp_jset_bool(j, "clean", true);
	mp_jset_int(j, "ns_port", c->ns_port);
	mp_jset_int(j, "mta_sts_port", c->mta_sts_port);
	mp_jset_int(j, "timeout_ms", c->timeout_ms);
	if (c->mail)
		mp_jset(j, "mail", smtp_mail_to_json(c->mail));
	return j;
}

/* ---- reading: foreign bytes. The first wrong member ends it. */

struct reader {
	struct mp_arena *a;
	struct mp_err *err;
	const char *in; /* "case", "case.sources[2]" */
	bool bad;
};

static void wrong(struct reader *r, const char *key, const char *how)
{
	if (!r->bad)
		mp_fail(r->err, MP_EPARSE, "%s.%s: %s", r->in, key, how);
	r->bad = true;
}

static const char *checked_text(struct reader *r, const char *key, const json_t *j)
{
	struct mp_str s;

	if (!json_is_string(j)) {
		wrong(r, key, "should be a string");
		return NULL;
	}
	s = mp_strn(json_string_value(j), json_string_length(j));
	if (s.n > MP_CASE_TEXT_MAX || strcmp(mp_text(r->a, s), s.p) != 0) {
		wrong(r, key, "should be text of one line, without control characters");
		return NULL;
	}
	return mp_dupstr(r->a, s);
}

static const char *get_text(struct reader *r, const json_t *j, const char *key, bool needed)
{
	const json_t *v = mp_jget(j, key);

	if (!v && !needed)
		return NULL;
	return checked_text(r, key, v);
}

static int64_t get_int(struct reader *r, const json_t *j, const char *key, int64_t min, int64_t max)
{
	const json_t *v = mp_jget(j, key);

	if (!json_is_integer(v) || json_integer_value(v) < min || json_integer_value(v) > max) {
		wrong(r, key, "should be a number within its range");
		return min;
	}
	return json_integer_value(v);
}

static bool get_bool(struct reader *r, const json_t *j, const char *key)
{
	const json_t *v = mp_jget(j, key);

	if (!json_is_boolean(v))
		wrong(r, key, "should be true or false");
	return json_is_true(v);
}

static struct mp_ip get_ip(struct reader *r, const json_t *j, const char *key, bool needed)
{
	const char *text = get_text(r, j, key, needed);
	struct mp_ip ip = {0};

	if (text && !mp_ip_parse(mp_str(text), &ip))
		wrong(r, key, "should be an IP address");
	return ip;
}

/* One of `words`, as its index. */
static size_t get_word(struct reader *r, const json_t *j, const char *key, const char *const *words, size_t n)
{
	const char *text = get_text(r, j, key, true);

	for (size_t i = 0; text && i < n; i++)
		if (strcmp(text, words[i]) == 0)
			return i;
	wrong(r, key, "should be one of the known words");
	return 0;
}

static json_t *get_list(struct reader *r, const json_t *j, const char *key, size_t max)
{
	json_t *v = mp_jget_array(j, key);

	if (!v || json_array_size(v) > max) {
		wrong(r, key, "should be a list, not longer than any case has");
		return NULL;
	}
	return v;
}

static const char *const *get_strings(struct reader *r, const json_t *j, const char *key, size_t max, size_t *n)
{
	json_t *list = get_list(r, j, key, max);
	const char **out = mp_allocn(r->a, json_array_size(list), sizeof(*out));

	*n = json_array_size(list);
	for (size_t i = 0; i < *n; i++)
		out[i] = checked_text(r, key, json_array_get(list, i));
	return out;
}

static void within(struct reader *r, const char *list, size_t i)
{
	if (!r->bad)
		r->in = mp_printf(r->a, "case.%s[%zu]", list, i);
}

static const struct mp_message *get_message(struct reader *r, const json_t *j)
{
	struct mp_message *m = mp_alloc(r->a, sizeof(*m));

	m->id = get_text(r, j, "id", true);
	m->subject = get_text(r, j, "subject", false);
	m->size = (size_t)get_int(r, j, "size", 1, INT32_MAX);
	m->signatures = get_strings(r, j, "signatures", MP_CASE_SIGNATURES_MAX, &m->n_signatures);
	return m;
}

static void get_target(struct reader *r, const json_t *j, struct mp_target *t)
{
	static const char *const kinds[] = {"domain", "server"}; /* in the order of enum mp_target_kind */

	t->text = get_text(r, j, "target", true);
	t->kind = (enum mp_target_kind)get_word(r, j, "kind", kinds, ARRAY_LEN(kinds));
	t->domain = get_text(r, j, "domain", true);
	t->host = get_text(r, j, "host", false);
	t->address = get_ip(r, j, "address", false);
	t->port = (uint16_t)get_int(r, j, "port", 1, UINT16_MAX);
	t->rcpt = get_text(r, j, "rcpt", true);
	t->rcpt_assumed = get_bool(r, j, "rcpt_assumed");
	t->mailbox = get_text(r, j, "mailbox", false);
	if (mp_jget(j, "message"))
		t->message = get_message(r, mp_jget(j, "message"));
	if (t->kind == MP_TARGET_SERVER && !t->host == (t->address.family == MP_IPNONE))
		wrong(r, "host", "a server has either a host or an address");
}

static void get_own_list(struct reader *r, const json_t *j, struct mp_own_list *out)
{
	json_t *list;
	struct mp_own_code *codes;

	out->zone = get_text(r, j, "zone", true);
	out->disabled = get_bool(r, j, "disabled");
	out->keyed = get_bool(r, j, "keyed");
	list = get_list(r, j, "codes", MP_CASE_CODES_MAX);
	codes = mp_allocn(r->a, json_array_size(list), sizeof(*codes));
	for (size_t i = 0; i < json_array_size(list); i++) {
		codes[i].code = get_ip(r, json_array_get(list, i), "code", true);
		codes[i].words = get_text(r, json_array_get(list, i), "words", true);
		if (codes[i].code.family != MP_IPV4)
			wrong(r, "codes", "should be IPv4 addresses");
	}
	out->codes = codes;
	out->n_codes = json_array_size(list);
}

/* There only with --mailbox. */
static void get_mailboxes(struct reader *r, const json_t *j, struct mp_case *c)
{
	json_t *list = mp_jget(j, "mailboxes") ? get_list(r, j, "mailboxes", MP_CASE_MAILBOXES_MAX) : NULL;
	struct mp_mailbox *m = mp_allocn(r->a, json_array_size(list), sizeof(*m));

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *one = json_array_get(list, i);

		within(r, "mailboxes", i);
		m[i].name = get_text(r, one, "name", true);
		m[i].address = get_text(r, one, "address", true);
		m[i].host = get_text(r, one, "host", true);
		m[i].port = (uint16_t)get_int(r, one, "port", 1, UINT16_MAX);
		m[i].imaps = get_bool(r, one, "imaps");
		m[i].inbox = get_text(r, one, "inbox", true);
		m[i].junk = get_text(r, one, "junk", true);
	}
	r->in = r->bad ? r->in : "case";
	c->mailboxes = m;
	c->n_mailboxes = json_array_size(list);
	c->clean = mp_jget(j, "clean") && get_bool(r, j, "clean");
}

/* There only where the configuration speaks of lists. */
static void get_own_lists(struct reader *r, const json_t *j, struct mp_case *c)
{
	json_t *list = mp_jget(j, "lists") ? get_list(r, j, "lists", MP_CASE_LISTS_MAX) : NULL;
	struct mp_own_list *lists = mp_allocn(r->a, json_array_size(list), sizeof(*lists));

	for (size_t i = 0; i < json_array_size(list); i++) {
		within(r, "lists", i);
		get_own_list(r, json_array_get(list, i), &lists[i]);
	}
	r->in = r->bad ? r->in : "case";
	c->lists = lists;
	c->n_lists = json_array_size(list);
}

/* There only with --rules. */
static void get_rules(struct reader *r, const json_t *j, struct mp_case *c)
{
	struct mp_own_rules *rules = mp_alloc(r->a, sizeof(*rules));
	struct mp_err why = {.msg = ""};

	if (!mp_jget(j, "rules"))
		return;
	if (mp_own_rules_from_json(mp_jget(j, "rules"), r->a, rules, &why) != MP_OK)
		wrong(r, "rules", why.msg);
	c->rules = rules;
}

/* Lists that reports of the first version do not have. */
static void get_authentication(struct reader *r, const json_t *j, struct mp_case *c)
{
	json_t *list = mp_jget(j, "selectors") ? get_list(r, j, "selectors", MP_CASE_SELECTORS_MAX) : NULL;
	struct mp_selector *selectors = mp_allocn(r->a, json_array_size(list), sizeof(*selectors));
	struct mp_auth *auths;

	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *s = json_array_get(list, i);

		within(r, "selectors", i);
		selectors[i].selector = get_text(r, s, "selector", true);
		selectors[i].domain = get_text(r, s, "domain", true);
		selectors[i].origin = get_text(r, s, "origin", false);
		selectors[i].public_key = get_text(r, s, "public_key", false);
		selectors[i].key_origin = get_text(r, s, "key_origin", selectors[i].public_key != NULL);
	}
	c->selectors = selectors;
	c->n_selectors = json_array_size(list);
	r->in = r->bad ? r->in : "case";
	list = mp_jget(j, "auths") ? get_list(r, j, "auths", MP_CASE_AUTHS_MAX) : NULL;
	auths = mp_allocn(r->a, json_array_size(list), sizeof(*auths));
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *s = json_array_get(list, i);

		within(r, "auths", i);
		auths[i].method = get_text(r, s, "method", true);
		auths[i].domain = get_text(r, s, "domain", true);
		auths[i].result = get_text(r, s, "result", true);
	}
	c->auths = auths;
	c->n_auths = json_array_size(list);
	r->in = r->bad ? r->in : "case";
}

static void get_lists(struct reader *r, const json_t *j, struct mp_case *c)
{
	json_t *list = get_list(r, j, "sources", MP_CASE_SOURCES_MAX);
	struct mp_source *sources = mp_allocn(r->a, json_array_size(list), sizeof(*sources));
	struct mp_hosts_entry *hosts;
	struct mp_target *targets;

	for (size_t i = 0; i < json_array_size(list); i++) {
		within(r, "sources", i);
		sources[i].address = get_ip(r, json_array_get(list, i), "address", true);
		sources[i].public_ip = get_ip(r, json_array_get(list, i), "public_ip", false);
	}
	c->sources = sources;
	c->n_sources = json_array_size(list);
	r->in = r->bad ? r->in : "case";
	list = get_list(r, j, "hosts", MP_CASE_HOSTS_MAX);
	hosts = mp_allocn(r->a, json_array_size(list), sizeof(*hosts));
	for (size_t i = 0; i < json_array_size(list); i++) {
		within(r, "hosts", i);
		hosts[i].address = get_ip(r, json_array_get(list, i), "address", true);
		hosts[i].name = get_text(r, json_array_get(list, i), "name", true);
	}
	c->hosts = hosts;
	c->n_hosts = json_array_size(list);
	r->in = r->bad ? r->in : "case";
	list = get_list(r, j, "targets", MP_CASE_TARGETS_MAX);
	targets = mp_allocn(r->a, json_array_size(list), sizeof(*targets));
	for (size_t i = 0; i < json_array_size(list); i++) {
		within(r, "targets", i);
		get_target(r, json_array_get(list, i), &targets[i]);
	}
	c->targets = targets;
	c->n_targets = json_array_size(list);
	r->in = r->bad ? r->in : "case";
}

int mp_case_from_json(const json_t *j, struct mp_arena *a, struct mp_case *out, struct mp_err *err)
{
	struct reader r = {.a = a, .err = err, .in = "case"};
	struct mp_case c = {0};
	struct mp_fetch_question filter;
	int64_t family;

	if (!json_is_object(j))
		return mp_fail(err, MP_EPARSE, "case: should be an object");
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		*text_at(&c, &texts[i]) = get_text(&r, j, texts[i].name, texts[i].needed);
	c.command = commands[get_word(&r, j, "command", commands, ARRAY_LEN(commands))];
	/* Judges of the main job and of `check` take a sender for granted. */
	if (strcmp(c.command, "probe") == 0 || strcmp(c.command, "check") == 0 || strcmp(c.command, "demo") == 0)
		for (size_t i = 0; i < ARRAY_LEN(texts); i++)
			if (texts[i].sender && !*text_at(&c, &texts[i]))
				wrong(&r, texts[i].name, "is needed");
	/* What mp_time_text() can show: years up to 9999. */
	c.started_ms = get_int(&r, j, "started_ms", 0, INT64_C(253402300799999));
	c.argv = get_strings(&r, j, "argv", MP_CASE_ARGV_MAX, &c.n_argv);
	get_lists(&r, j, &c);
	get_own_lists(&r, j, &c);
	get_rules(&r, j, &c);
	get_mailboxes(&r, j, &c);
	get_authentication(&r, j, &c);
	/* Judges of single checks take what they are asked about for granted. */
	if ((strcmp(c.command, "dkim") == 0 || strcmp(c.command, "dmarc") == 0) && (!c.domain || !c.arg))
		wrong(&r, "domain", "is needed");
	if (strcmp(c.command, "message") == 0 && !r.bad) {
		struct mp_err why = {.msg = ""};

		if (smtp_mail_from_json(mp_jget(j, "mail"), a, &c.mail, &why) != MP_OK)
			wrong(&r, "mail", why.msg);
	}
	if (c.rdap_url && !mp_rdap_url_ok(a, mp_str(c.rdap_url)))
		wrong(&r, "rdap_url", "should be an https URL without a query");
	if (c.rspamd_url && mp_rspamd_parse(a, mp_str(c.rspamd_url), &filter, NULL) != MP_OK)
		wrong(&r, "rspamd_url", "should be the URL of an rspamd");
	if (c.spamd && mp_spamd_parse(a, mp_str(c.spamd), &filter, NULL) != MP_OK)
		wrong(&r, "spamd", "should be HOST[:PORT]");
	c.resolvers = get_strings(&r, j, "resolvers", MP_CASE_RESOLVERS_MAX, &c.n_resolvers);
	c.trust_ad = get_bool(&r, j, "trust_ad");
	c.tls = (enum smtp_tls_policy)get_word(&r, j, "tls", tls_names, ARRAY_LEN(tls_names));
	family = get_int(&r, j, "family", 0, 6);
	if (family != MP_IPNONE && family != MP_IPV4 && family != MP_IPV6)
		wrong(&r, "family", "should be 4, 6, or 0 for both");
	c.family = (enum mp_family)family;
	c.all_mx = get_bool(&r, j, "all_mx");
	c.send = mp_jget(j, "send") && get_bool(&r, j, "send");
	/* There only where they were asked for. */
	c.diagnose = mp_jget(j, "diagnose") && get_bool(&r, j, "diagnose");
	c.retry = mp_jget(j, "retry") && get_bool(&r, j, "retry");
	c.ns_port = (uint16_t)get_int(&r, j, "ns_port", 1, UINT16_MAX);
	/* reports of the first version do not have it */
	c.mta_sts_port =
		mp_jget(j, "mta_sts_port") ? (uint16_t)get_int(&r, j, "mta_sts_port", 1, UINT16_MAX) : MP_HTTPS_PORT;
	c.timeout_ms = (uint32_t)get_int(&r, j, "timeout_ms", 1, UINT32_MAX);
	if (r.bad)
		return MP_EPARSE;
	*out = c;
	return MP_OK;
}
