/* smtp/session.c - see smtp/session.h: names, the question's key, and the JSON form both ways */
#include "base/base64.h"
#include "base/text.h"
#include "smtp/session.h"

/* What a saved session may hold at most; the engine keeps to less. */
enum {
	MAX_TEXT = 65536, /* one line or text; mp_text() makes up to four bytes of one */
	MAX_LINES = 512,
	MAX_TRANSCRIPT = 4096,
	MAX_CHAIN = 16,
	MAX_NAMES = 256,
	MAX_PAUSE_MS = 86400000,
	MAX_DER_TEXT = 140000, /* of one certificate: a message of SMTP_CERT_BYTES in base64 */
};

static const double MAX_MS = 1e10; /* a third of a year */

/* ---- names */

static const char *const stages[] = {
	[SMTP_AT_CONNECT] = "connect",
	[SMTP_AT_BANNER] = "banner",
	[SMTP_AT_EHLO] = "ehlo",
	[SMTP_AT_STARTTLS] = "starttls",
	[SMTP_AT_TLS] = "tls",
	[SMTP_AT_EHLO_TLS] = "ehlo-tls",
	[SMTP_AT_MAIL] = "mail-from",
	[SMTP_AT_RCPT] = "rcpt-to",
	[SMTP_AT_DATA] = "data",
	[SMTP_AT_MESSAGE] = "message",
	[SMTP_AT_QUIT] = "quit",
};

static const char *const outcomes[] = {
	[SMTP_ACCEPTED] = "accepted",
	[SMTP_REJECTED] = "rejected",
	[SMTP_DEFERRED] = "deferred",
	[SMTP_UNREACHABLE] = "unreachable",
	[SMTP_TLS_FAILED] = "tls-failed",
	[SMTP_PROTOCOL_ERROR] = "protocol-error",
	[SMTP_ABORTED] = "aborted",
};

static const char *const no_ways[] = {
	[SMTP_WAY_OPEN] = NULL,
	[SMTP_WAY_SILENT] = "silent",
	[SMTP_WAY_REFUSED] = "refused",
	[SMTP_WAY_NO_HOST] = "no-host",
	[SMTP_WAY_NO_NETWORK] = "no-network",
	[SMTP_WAY_FORBIDDEN] = "forbidden",
	[SMTP_WAY_NO_SOURCE] = "no-source",
	[SMTP_WAY_OTHER] = "other",
};

static const char *const policies[] = {
	[SMTP_TLS_MAY] = "may",
	[SMTP_TLS_REQUIRE] = "require",
	[SMTP_TLS_OFF] = "off",
};

static const char *const speakers[] = {
	[SMTP_FROM_SERVER] = "server",
	[SMTP_FROM_CLIENT] = "client",
	[SMTP_FROM_TLS] = "tls",
	[SMTP_FROM_NOTE] = "note",
};

const char *smtp_stage_name(enum smtp_stage s)
{
	return stages[s];
}

const char *smtp_outcome_name(enum smtp_outcome o)
{
	return outcomes[o];
}

const char *smtp_tls_policy_name(enum smtp_tls_policy p)
{
	return policies[p];
}

const char *smtp_no_way_name(enum smtp_no_way w)
{
	return no_ways[w];
}

char *smtp_server_name(struct mp_arena *a, const struct smtp_question *q)
{
	char ip[MP_IP_TEXT];

	return mp_printf(a, "%s [%s]:%u", q->mx, mp_ip_text(&q->address, ip), q->port);
}

/* ---- the question */

/* " 11:mx1.example". Without printf: with fifty servers this is asked for thousands of times. */
static void key_text(struct mp_buf *out, const char *s)
{
	size_t n = s ? strlen(s) : 0, at;
	char digits[24];

	at = sizeof(digits);
	for (size_t rest = n; at == sizeof(digits) || rest; rest /= 10)
		digits[--at] = (char)('0' + rest % 10);
	mp_buf_addc(out, ' ');
	mp_buf_add(out, digits + at, sizeof(digits) - at);
	mp_buf_addc(out, ':');
	mp_buf_add(out, s ? s : "", n);
}

static void question_key(const void *params, struct mp_buf *out)
{
	const struct smtp_question *q = params;
	char address[MP_IP_TEXT], source[MP_IP_TEXT];

	/* Lengths before the texts: no text can pass for the next member. */
	mp_buf_addf(out, "[%s]:%u [%s] %s%s", mp_ip_text(&q->address, address), q->port, mp_ip_text(&q->source, source),
		policies[q->tls], q->only_connect ? " connect" : "");
	if (q->pause_ms)
		mp_buf_addf(out, " after %u ms", q->pause_ms);
	key_text(out, q->purpose);
	key_text(out, q->mx);
	key_text(out, q->ehlo);
	key_text(out, q->mail_from);
	key_text(out, q->rcpt);
	if (q->message_id)
		key_text(out, q->message_id);
}

static const char *dup_text(struct mp_arena *a, const char *s)
{
	return mp_dup(a, s ? s : "");
}

static const void *question_copy(const void *params, struct mp_arena *a)
{
	struct smtp_question *q = mp_memdup(a, params, sizeof(*q));

	q->mx = dup_text(a, q->mx);
	q->ehlo = dup_text(a, q->ehlo);
	q->mail_from = dup_text(a, q->mail_from);
	q->rcpt = dup_text(a, q->rcpt);
	q->purpose = dup_text(a, q->purpose);
	q->message_id = mp_dup(a, q->message_id);
	return q;
}

static const void *question_unknown(const void *params, struct mp_arena *a)
{
	struct smtp_session *s = mp_alloc(a, sizeof(*s));

	s->q = *(const struct smtp_question *)params;
	s->outcome = SMTP_ABORTED;
	s->stage = SMTP_AT_CONNECT;
	s->reason = "this session was not held: the run ended first";
	s->ms_connect = s->ms_banner = s->ms_ehlo = s->ms_starttls = s->ms_tls = s->ms_ehlo_tls = -1;
	s->ms_mail = s->ms_rcpt = s->ms_data = s->ms_message = s->ms_total = -1;
	return s;
}

const struct smtp_session *smtp_ask(struct mp_evidence *ev, const struct smtp_question *q)
{
	return mp_evidence_ask(ev, &smtp_kind, q);
}

/* ---- to JSON */

/* Times are kept to the tenth: short in JSON, and the same after a round trip. */
static double tenth(double ms)
{
	return (double)(int64_t)(ms * 10 + 0.5) / 10;
}

static const struct {
	const char *key;
	size_t at;
} timings[] = {
	{"connect", offsetof(struct smtp_session, ms_connect)},
	{"banner", offsetof(struct smtp_session, ms_banner)},
	{"ehlo", offsetof(struct smtp_session, ms_ehlo)},
	{"starttls", offsetof(struct smtp_session, ms_starttls)},
	{"tls", offsetof(struct smtp_session, ms_tls)},
	{"ehlo_tls", offsetof(struct smtp_session, ms_ehlo_tls)},
	{"mail", offsetof(struct smtp_session, ms_mail)},
	{"rcpt", offsetof(struct smtp_session, ms_rcpt)},
	{"data", offsetof(struct smtp_session, ms_data)},
	{"message", offsetof(struct smtp_session, ms_message)},
	{"total", offsetof(struct smtp_session, ms_total)},
};

static json_t *texts_json(size_t n, const char *const *texts)
{
	json_t *j = json_array();

	for (size_t i = 0; i < n; i++)
		mp_jpush(j, mp_j(texts[i]));
	return j;
}

/* Of a question nobody has checked yet: a line end in it must not come back as another text than it went. */
static json_t *line_json(const char *s)
{
	struct mp_arena *a = mp_arena_new();
	json_t *j = mp_j(mp_text(a, mp_str(s)));

	mp_arena_free(a);
	return j;
}

static json_t *ip_json(const struct mp_ip *ip)
{
	char text[MP_IP_TEXT];

	return ip->family == MP_IPNONE ? json_null() : mp_j(mp_ip_text(ip, text));
}

static json_t *reply_json(const struct smtp_reply *r)
{
	json_t *j;

	if (!r)
		return json_null();
	j = json_object();
	mp_jset_int(j, "code", r->code);
	mp_jset_str(j, "enhanced", r->enhanced);
	mp_jset(j, "lines", texts_json(r->n_lines, r->lines));
	return j;
}

static json_t *time_json(int64_t ms)
{
	struct mp_arena *a = mp_arena_new();
	json_t *j = mp_j(mp_time_text(a, ms, false));

	mp_arena_free(a);
	return j;
}

static json_t *cert_json(const struct smtp_cert *c)
{
	json_t *j = json_object();

	mp_jset_str(j, "subject", c->subject);
	mp_jset_str(j, "issuer", c->issuer);
	mp_jset(j, "names", texts_json(c->n_names, c->names));
	mp_jset(j, "not_before", time_json(c->not_before_ms));
	mp_jset(j, "not_after", time_json(c->not_after_ms));
	mp_jset_str(j, "key", c->key);
	mp_jset_str(j, "signature", c->signature);
	mp_jset_str(j, "sha256", c->sha256);
	mp_jset_str(j, "spki_sha256", c->spki_sha256);
	return j;
}

static json_t *tls_json(const struct smtp_tls *t)
{
	json_t *j, *chain;

	if (!t)
		return json_null();
	j = json_object();
	mp_jset_str(j, "version", t->version);
	mp_jset_str(j, "cipher", t->cipher);
	mp_jset_str(j, "group", t->group);
	mp_jset_str(j, "verified", t->chain_error || t->name_error || t->time_error ? "none" : "pkix");
	mp_jset(j, "certificate", t->n_chain ? cert_json(&t->chain[0]) : json_null());
	chain = json_array();
	for (size_t i = 1; i < t->n_chain; i++)
		mp_jpush(chain, cert_json(&t->chain[i]));
	mp_jset(j, "chain", chain);
	mp_jset_str(j, "chain_error", t->chain_error);
	mp_jset_str(j, "name_error", t->name_error);
	mp_jset_str(j, "time_error", t->time_error);
	mp_jset_bool(j, "roots_loaded", t->roots_loaded);
	mp_jset_str(j, "peer_signature", t->peer_signature);
	mp_jset_str(j, "alpn", t->alpn);
	mp_jset_str(j, "sni", t->sni);
	mp_jset_bool(j, "resumed", t->resumed);
	mp_jset_bool(j, "hello_retried", t->hello_retried);
	mp_jset_bool(j, "client_certificate_asked", t->client_cert_asked);
	mp_jset_bool(j, "ticket", t->ticket_given);
	return j;
}

json_t *smtp_session_json(const struct smtp_session *s)
{
	json_t *j = json_object(), *part;

	mp_jset(j, "mx", line_json(s->q.mx));
	mp_jset(j, "address", ip_json(&s->q.address));
	mp_jset_int(j, "port", s->q.port);
	mp_jset(j, "source", ip_json(&s->q.source));
	mp_jset(j, "ehlo", line_json(s->q.ehlo));
	mp_jset(j, "mail_from", line_json(s->q.mail_from));
	mp_jset(j, "rcpt", line_json(s->q.rcpt));
	mp_jset_str(j, "tls_policy", policies[s->q.tls]);
	mp_jset_bool(j, "only_connect", s->q.only_connect);
	if (s->q.message_id)
		mp_jset(j, "to_send", line_json(s->q.message_id));
	mp_jset(j, "purpose", line_json(s->q.purpose));
	if (s->q.pause_ms)
		mp_jset_int(j, "pause_ms", s->q.pause_ms);
	mp_jset_str(j, "outcome", outcomes[s->outcome]);
	mp_jset_str(j, "stage", stages[s->stage]);
	mp_jset_str(j, "reason", s->reason);
	if (s->no_way)
		mp_jset_str(j, "no_way", no_ways[s->no_way]);
	mp_jset(j, "reply", reply_json(s->reply));
	part = reply_json(s->banner);
	if (s->banner)
		mp_jset_str(part, "host", s->banner_host);
	mp_jset(j, "banner", part);
	mp_jset(j, "ehlo_reply", reply_json(s->ehlo_reply));
	mp_jset_bool(j, "helo", s->helo);
	mp_jset(j, "extensions", texts_json(s->n_extensions, s->extensions));
	part = json_object();
	mp_jset_bool(part, "offered", s->starttls_offered);
	mp_jset(part, "reply", reply_json(s->starttls_reply));
	mp_jset(j, "starttls", part);
	mp_jset_str(j, "tls_error", s->tls_error);
	mp_jset_int(j, "injected_bytes", (int64_t)s->injected_bytes);
	mp_jset(j, "tls", tls_json(s->tls));
	mp_jset_str(j, "seen_as", s->seen_as);
	mp_jset_str(j, "message_id", s->message_id);
	mp_jset_int(j, "turnarounds", s->turnarounds);
	mp_jset(j, "at_ms", json_real(s->at_ms));
	part = json_object();
	for (size_t i = 0; i < ARRAY_LEN(timings); i++) {
		double ms = *(const double *)((const char *)s + timings[i].at);

		if (ms >= 0)
			mp_jset(part, timings[i].key, json_real(ms));
	}
	mp_jset(j, "timings_ms", part);
	part = json_array();
	for (size_t i = 0; i < s->n_transcript; i++) {
		json_t *line = json_object();

		mp_jset(line, "t_ms", json_real(s->transcript[i].t_ms));
		mp_jset_str(line, "from", speakers[s->transcript[i].from]);
		mp_jset_str(line, "line", s->transcript[i].line);
		mp_jpush(part, line);
	}
	mp_jset(j, "transcript", part);
	return j;
}

/* The chain itself, for TLSA records to be matched against in a replay. No form of the report shows it. */
static void put_der(const struct smtp_tls *t, json_t *j)
{
	struct mp_arena *a = mp_arena_new();
	json_t *der = json_array();

	for (size_t i = 0; t && i < t->n_chain && t->chain[i].der; i++)
		mp_jpush(der, mp_j(mp_base64_encode(a, t->chain[i].der, t->chain[i].n_der)));
	if (t && t->n_chain && json_array_size(der) == t->n_chain)
		mp_jset(j, "der", der);
	else
		json_decref(der);
	mp_arena_free(a);
}

static json_t *kind_to_json(const void *params, const void *answer)
{
	const struct smtp_question *q = params;
	json_t *j = smtp_session_json(answer);

	/* The record names the source that was used; the question may have left it to the system. */
	mp_jset_bool(j, "bound", q->source.family != MP_IPNONE);
	put_der(((const struct smtp_session *)answer)->tls, j);
	return j;
}

/* ---- from JSON: foreign bytes. The first thing wrong is kept, later reads then do nothing of harm. */

struct in {
	struct mp_arena *a;
	struct mp_err *err;
	bool bad;
};

static void wrong(struct in *in, const char *key, const char *what)
{
	if (!in->bad)
		mp_fail(in->err, MP_EPARSE, "member \"%s\" %s", key, what);
	in->bad = true;
}

static const char *text_of(struct in *in, const char *key, const json_t *j)
{
	if (!json_is_string(j)) {
		wrong(in, key, "is not a string");
		return "";
	}
	if (json_string_length(j) > MAX_TEXT) {
		wrong(in, key, "is too long");
		return "";
	}
	return mp_text(in->a, mp_strn(json_string_value(j), json_string_length(j)));
}

static const char *get_text(struct in *in, const json_t *o, const char *key)
{
	const json_t *j = mp_jget(o, key);

	if (!j) {
		wrong(in, key, "is missing");
		return "";
	}
	return text_of(in, key, j);
}

/* null or absent gives NULL. */
static const char *get_opt(struct in *in, const json_t *o, const char *key)
{
	const json_t *j = mp_jget(o, key);

	return j ? text_of(in, key, j) : NULL;
}

/* A member that earlier versions did not write. */
static bool get_later_bool(struct in *in, const json_t *o, const char *key)
{
	const json_t *j = mp_jget(o, key);

	if (j && !json_is_boolean(j))
		wrong(in, key, "is not true or false");
	return json_is_true(j);
}

static bool get_bool(struct in *in, const json_t *o, const char *key)
{
	const json_t *j = mp_jget(o, key);

	if (!json_is_boolean(j))
		wrong(in, key, "is not true or false");
	return json_is_true(j);
}

static int64_t get_int(struct in *in, const json_t *o, const char *key, int64_t min, int64_t max)
{
	const json_t *j = mp_jget(o, key);

	if (!json_is_integer(j) || json_integer_value(j) < min || json_integer_value(j) > max) {
		wrong(in, key, "is not a number in its range");
		return min;
	}
	return json_integer_value(j);
}

static double get_ms(struct in *in, const json_t *o, const char *key)
{
	const json_t *j = mp_jget(o, key);
	double ms = json_is_number(j) ? json_number_value(j) : -1;

	if (!(ms >= 0 && ms <= MAX_MS)) {
		wrong(in, key, "is not a time in milliseconds");
		return 0;
	}
	return tenth(ms);
}

static int get_name(struct in *in, const json_t *o, const char *key, const char *const *names, size_t n)
{
	const char *s = mp_jget_str(o, key, "");

	for (size_t i = 0; i < n; i++)
		if (strcmp(s, names[i]) == 0)
			return (int)i;
	wrong(in, key, "has no known value");
	return 0;
}

static struct mp_ip get_ip(struct in *in, const json_t *o, const char *key, bool may_lack)
{
	struct mp_ip ip = {0};
	const char *s = mp_jget_str(o, key, NULL);

	if (!mp_jget(o, key) && may_lack)
		return ip;
	if (!s || !mp_ip_parse(mp_str(s), &ip))
		wrong(in, key, "is not an IP address");
	return ip;
}

static int64_t get_time(struct in *in, const json_t *o, const char *key)
{
	const char *s = mp_jget_str(o, key, "");
	int64_t ms = 0;

	/* Year 1000 and up: four digits on the way out too. */
	if (!mp_time_parse(mp_str(s), &ms) || ms < SMTP_CERT_TIME_MIN || ms > SMTP_CERT_TIME_MAX) {
		wrong(in, key, "is not an RFC 3339 time");
		return 0;
	}
	return ms - ((ms % 1000) + 1000) % 1000;
}

/* An array member, bounded; NULL with the fault noted. */
static const json_t *get_array(struct in *in, const json_t *o, const char *key, size_t max)
{
	const json_t *j = mp_jget_array(o, key);

	if (!j || json_array_size(j) > max) {
		wrong(in, key, j ? "is too long" : "is not an array");
		return NULL;
	}
	return j;
}

static const json_t *get_object(struct in *in, const json_t *o, const char *key)
{
	const json_t *j = mp_jget(o, key);

	if (!json_is_object(j)) {
		wrong(in, key, "is not an object");
		return NULL;
	}
	return j;
}

static const char *const *get_texts(struct in *in, const json_t *o, const char *key, size_t max, size_t *n)
{
	const json_t *j = get_array(in, o, key, max);
	const char **texts;

	*n = json_array_size(j);
	if (!*n)
		return NULL;
	texts = mp_allocn(in->a, *n, sizeof(*texts));
	for (size_t i = 0; i < *n; i++)
		texts[i] = text_of(in, key, json_array_get(j, i));
	return texts;
}

static struct smtp_reply *get_reply(struct in *in, const json_t *o, const char *key)
{
	const json_t *j = mp_jget(o, key);
	struct smtp_reply *r;

	if (!j)
		return NULL;
	r = mp_alloc(in->a, sizeof(*r));
	r->code = (int)get_int(in, j, "code", 200, 599);
	r->enhanced = get_opt(in, j, "enhanced");
	r->lines = get_texts(in, j, "lines", MAX_LINES, &r->n_lines);
	if (!r->n_lines)
		wrong(in, key, "has no lines");
	return r;
}

static void get_cert(struct in *in, const json_t *j, struct smtp_cert *out)
{
	out->subject = get_text(in, j, "subject");
	out->issuer = get_text(in, j, "issuer");
	out->names = get_texts(in, j, "names", MAX_NAMES, &out->n_names);
	out->not_before_ms = get_time(in, j, "not_before");
	out->not_after_ms = get_time(in, j, "not_after");
	out->key = get_text(in, j, "key");
	out->signature = get_text(in, j, "signature");
	out->sha256 = get_text(in, j, "sha256");
	out->spki_sha256 = get_text(in, j, "spki_sha256");
}

static void get_der(struct in *in, const json_t *o, struct smtp_cert *chain, size_t n)
{
	const json_t *j = mp_jget(o, "der");

	if (!j)
		return;
	if (!json_is_array(j) || json_array_size(j) != n) {
		wrong(in, "der", "is not an array of as many certificates as the chain has");
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const json_t *text = json_array_get(j, i);
		struct mp_bytes b;
		size_t at;

		if (!json_is_string(text) || json_string_length(text) > MAX_DER_TEXT ||
			mp_base64_decode(in->a, mp_strn(json_string_value(text), json_string_length(text)), &b, &at) ||
			b.n == 0) {
			wrong(in, "der", "is not certificates in base64");
			return;
		}
		chain[i].der = b.p;
		chain[i].n_der = b.n;
	}
}

static struct smtp_tls *get_tls(struct in *in, const json_t *o)
{
	const json_t *j = mp_jget(o, "tls"), *leaf = mp_jget(j, "certificate"), *rest;
	struct smtp_tls *t;
	struct smtp_cert *chain;

	if (!j)
		return NULL;
	t = mp_alloc(in->a, sizeof(*t));
	t->version = get_text(in, j, "version");
	t->cipher = get_opt(in, j, "cipher");
	t->group = get_opt(in, j, "group");
	t->peer_signature = get_opt(in, j, "peer_signature");
	t->alpn = get_opt(in, j, "alpn");
	t->sni = get_opt(in, j, "sni");
	t->resumed = get_bool(in, j, "resumed");
	t->hello_retried = get_later_bool(in, j, "hello_retried");
	t->client_cert_asked = get_later_bool(in, j, "client_certificate_asked");
	t->ticket_given = get_later_bool(in, j, "ticket");
	t->chain_error = get_opt(in, j, "chain_error");
	t->name_error = get_opt(in, j, "name_error");
	t->time_error = get_opt(in, j, "time_error");
	t->roots_loaded = get_bool(in, j, "roots_loaded");
	rest = get_array(in, j, "chain", MAX_CHAIN);
	if (!leaf) {
		if (json_array_size(rest))
			wrong(in, "chain", "has certificates without a first one");
		if (!t->chain_error)
			wrong(in, "chain_error", "is missing: there is no certificate");
		return t;
	}
	t->n_chain = 1 + json_array_size(rest);
	t->chain = chain = mp_allocn(in->a, t->n_chain, sizeof(*chain));
	get_cert(in, leaf, &chain[0]);
	for (size_t i = 1; i < t->n_chain; i++)
		get_cert(in, json_array_get(rest, i - 1), &chain[i]);
	get_der(in, o, chain, t->n_chain);
	return t;
}

static void get_timings(struct in *in, const json_t *o, struct smtp_session *s)
{
	const json_t *j = get_object(in, o, "timings_ms");

	for (size_t i = 0; i < ARRAY_LEN(timings); i++) {
		double *ms = (double *)((char *)s + timings[i].at);

		*ms = mp_jget(j, timings[i].key) ? get_ms(in, j, timings[i].key) : -1;
	}
}

static void get_transcript(struct in *in, const json_t *o, struct smtp_session *s)
{
	const json_t *j = get_array(in, o, "transcript", MAX_TRANSCRIPT);
	struct smtp_line *lines;

	s->n_transcript = json_array_size(j);
	if (!s->n_transcript)
		return;
	s->transcript = lines = mp_allocn(in->a, s->n_transcript, sizeof(*lines));
	for (size_t i = 0; i < s->n_transcript; i++) {
		const json_t *line = json_array_get(j, i);

		lines[i].t_ms = get_ms(in, line, "t_ms");
		lines[i].from = (enum smtp_from)get_name(in, line, "from", speakers, ARRAY_LEN(speakers));
		lines[i].line = get_text(in, line, "line");
	}
}

/* What judges rely on: a verdict has the reply that gave it, everything else says why. */
static void check_whole(struct in *in, const struct smtp_session *s)
{
	static const int classes[] = {[SMTP_ACCEPTED] = 2, [SMTP_REJECTED] = 5, [SMTP_DEFERRED] = 4};

	if (smtp_decided(s->outcome)) {
		if (!s->reply || s->reply->code / 100 != classes[s->outcome])
			wrong(in, "reply", "does not fit the outcome");
	} else if (!s->reply && !s->reason) {
		wrong(in, "reason", "is missing");
	}
	if (s->q.only_connect && s->outcome == SMTP_ACCEPTED && s->stage != SMTP_AT_BANNER)
		wrong(in, "stage", "does not fit the question");
	if (s->message_id && (!s->q.message_id || strcmp(s->message_id, s->q.message_id) != 0))
		wrong(in, "message_id", "does not fit the question");
	if (s->q.message_id && !s->q.only_connect && s->outcome == SMTP_ACCEPTED && s->stage != SMTP_AT_MESSAGE)
		wrong(in, "stage", "does not fit the question");
	if (s->no_way && s->outcome != SMTP_UNREACHABLE)
		wrong(in, "no_way", "does not fit the outcome");
}

static int kind_from_json(
	const json_t *j, struct mp_arena *a, const void **params, const void **answer, struct mp_err *err)
{
	struct in in = {a, err, false};
	struct smtp_session *s = mp_alloc(a, sizeof(*s));
	struct smtp_question *q;
	const json_t *part;

	if (!json_is_object(j))
		return mp_fail(err, MP_EPARSE, "not an object");
	s->q.mx = get_text(&in, j, "mx");
	s->q.address = get_ip(&in, j, "address", false);
	s->q.port = (uint16_t)get_int(&in, j, "port", 0, UINT16_MAX);
	s->q.source = get_ip(&in, j, "source", true);
	s->q.ehlo = get_text(&in, j, "ehlo");
	s->q.mail_from = get_text(&in, j, "mail_from");
	s->q.rcpt = get_text(&in, j, "rcpt");
	s->q.tls = (enum smtp_tls_policy)get_name(&in, j, "tls_policy", policies, ARRAY_LEN(policies));
	s->q.only_connect = get_bool(&in, j, "only_connect");
	s->q.purpose = get_text(&in, j, "purpose");
	s->q.message_id = get_opt(&in, j, "to_send");
	if (mp_jget(j, "pause_ms"))
		s->q.pause_ms = (uint32_t)get_int(&in, j, "pause_ms", 1, MAX_PAUSE_MS);
	s->outcome = (enum smtp_outcome)get_name(&in, j, "outcome", outcomes, ARRAY_LEN(outcomes));
	s->stage = (enum smtp_stage)get_name(&in, j, "stage", stages, ARRAY_LEN(stages));
	s->reason = get_opt(&in, j, "reason");
	if (mp_jget(j, "no_way")) /* row 0 has no name */
		s->no_way = (enum smtp_no_way)(1 + get_name(&in, j, "no_way", no_ways + 1, ARRAY_LEN(no_ways) - 1));
	s->reply = get_reply(&in, j, "reply");
	s->banner = get_reply(&in, j, "banner");
	s->banner_host = get_opt(&in, mp_jget(j, "banner"), "host");
	s->ehlo_reply = get_reply(&in, j, "ehlo_reply");
	s->helo = get_bool(&in, j, "helo");
	s->extensions = get_texts(&in, j, "extensions", MAX_LINES, &s->n_extensions);
	part = get_object(&in, j, "starttls");
	s->starttls_offered = get_bool(&in, part, "offered");
	s->starttls_reply = get_reply(&in, part, "reply");
	s->tls_error = get_opt(&in, j, "tls_error");
	s->injected_bytes = (size_t)get_int(&in, j, "injected_bytes", 0, INT32_MAX);
	s->tls = get_tls(&in, j);
	s->seen_as = get_opt(&in, j, "seen_as");
	if (s->seen_as)
		get_ip(&in, j, "seen_as", false);
	s->message_id = get_opt(&in, j, "message_id");
	s->turnarounds = (int)get_int(&in, j, "turnarounds", 0, 1000000);
	s->at_ms = get_ms(&in, j, "at_ms");
	get_timings(&in, j, s);
	get_transcript(&in, j, s);
	check_whole(&in, s);
	q = mp_memdup(a, &s->q, sizeof(*q));
	if (!get_bool(&in, j, "bound"))
		q->source = (struct mp_ip){0};
	else if (q->source.family == MP_IPNONE)
		wrong(&in, "source", "is missing");
	if (in.bad)
		return MP_EPARSE;
	*params = q;
	*answer = s;
	return MP_OK;
}

const struct mp_kind smtp_kind = {
	.name = "smtp",
	.key = question_key,
	.copy = question_copy,
	.unknown = question_unknown,
	.to_json = kind_to_json,
	.from_json = kind_from_json,
};
