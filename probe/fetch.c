/* probe/fetch.c - see probe/fetch.h */
#include "base/jin.h"
#include "base/text.h"
#include "dns/dns.h"
#include "dns/rdap.h"
#include "probe/fetch.h"
#include "probe/score.h"

enum { KIB = 1024, MIB = 1024 * 1024, SECOND = 1000, DAY_S = 24 * 3600, MAX_BODY = 2 * MIB, MAX_LINE = 4096 };

static const struct mp_fetch_use uses[] = {
	/* RFC 8461 3.2 says text/plain, 3.3 suggests a minute; a probe says "not within 20 s" */
	{.name = "mta-sts", .max_bytes = 64 * KIB, .timeout_ms = 20 * SECOND, .types = {"text/plain"}},
	{.name = "rdap",
		.max_bytes = 256 * KIB,
		.timeout_ms = 5 * SECOND,
		.types = {"application/rdap+json", "application/json"},
		.accept =
			"application/rdap+json, application/json;q=0.9", /* RFC 7480 4.2: servers may have pages as well */
		.cache_s = DAY_S},
	/* RFC 9224: which server answers for which address */
	{.name = "rdap-bootstrap",
		.max_bytes = MAX_BODY,
		.timeout_ms = 5 * SECOND,
		.types = {"application/json", "application/rdap+json", "text/plain"},
		.cache_s = 7 * DAY_S,
		.cut = rdap_bootstrap_cut},
	/* a filter may look up a dozen names; rspamd itself gives up after 8 s */
	{.name = "rspamd",
		.max_bytes = 512 * KIB,
		.timeout_ms = 20 * SECOND,
		.types = {"application/json"},
		.allow_http = true,
		.near = true,
		.posts = true,
		.cut = mp_score_cut_rspamd},
	/* its own limit is 300 s */
	{.name = "spamd",
		.max_bytes = 512 * KIB,
		.timeout_ms = 30 * SECOND,
		.allow_http = true,
		.posts = true,
		.spamc = true,
		.cut = mp_score_cut_spamd},
};

const struct mp_fetch_use *mp_fetch_use_by_name(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(uses); i++)
		if (strcmp(uses[i].name, name) == 0)
			return &uses[i];
	return NULL;
}

static const char *const outcomes[] = {
	[MP_FETCHED] = "fetched",
	[MP_FETCH_UNREACHABLE] = "unreachable",
	[MP_FETCH_TLS_FAILED] = "tls-failed",
	[MP_FETCH_TIMEOUT] = "timeout",
	[MP_FETCH_TOO_LARGE] = "too-large",
	[MP_FETCH_PROTOCOL_ERROR] = "protocol-error",
	[MP_FETCH_UNKNOWN] = "unknown",
};

const char *mp_fetch_outcome_name(enum mp_fetch_outcome o)
{
	return outcomes[o];
}

/* ---- URLs */

static bool good_path(const char *path)
{
	size_t n = 0;

	for (; path[n]; n++)
		if (n >= MP_FETCH_PATH_MAX || !mp_isprint((unsigned char)path[n]) || strchr(" \"#<>\\^`{|}", path[n]))
			return false;
	return n > 0 && path[0] == '/';
}

static bool good_host(const char *host)
{
	struct mp_ip ip;

	for (const char *p = host; *p; p++)
		if (mp_isupper(*p))
			return false;
	return mp_ip_parse(mp_str(host), &ip) || (dns_is_hostname(host) && host[strlen(host) - 1] != '.');
}

static bool good_lines(const struct mp_fetch_question *q)
{
	for (size_t i = 0; i < q->n_lines; i++) {
		const char *p = q->lines[i];

		while (*p && (unsigned char)*p >= 0x20 && *p != 0x7f)
			p++;
		if (*p || p == q->lines[i] || p - q->lines[i] > MP_FETCH_LINE_MAX)
			return false;
	}
	return q->n_lines <= MP_FETCH_LINES_MAX;
}

/* What may not be read on its way goes by http to hosts of one's own alone. */
static bool http_ok(const struct mp_fetch_use *use, const struct mp_fetch_question *q)
{
	if (!q->http)
		return true;
	for (size_t i = 0; i < q->n_addresses && use->near; i++)
		if (mp_ip_kind(&q->addresses[i]) == MP_IP_GLOBAL)
			return false;
	return use->allow_http;
}

bool mp_fetch_valid(const struct mp_fetch_question *q)
{
	const struct mp_fetch_use *use = mp_fetch_use_by_name(q->use);

	return use && http_ok(use, q) && !use->cut == !q->about && good_host(q->host) && q->port > 0 &&
	       good_path(q->path) && q->n_addresses <= MP_FETCH_ADDRESSES_MAX && good_lines(q);
}

static uint16_t usual_port(bool http)
{
	return http ? 80 : 443;
}

char *mp_fetch_url(struct mp_arena *a, const struct mp_fetch_question *q)
{
	bool v6 = strchr(q->host, ':') != NULL;
	char port[8] = "";

	if (q->port != usual_port(q->http))
		snprintf(port, sizeof(port), ":%u", q->port);
	return mp_printf(
		a, "%s://%s%s%s%s%s", q->http ? "http" : "https", v6 ? "[" : "", q->host, v6 ? "]" : "", port, q->path);
}

/* "host", "host:port", "[v6]:port" */
static bool parse_authority(struct mp_arena *a, struct mp_str s, struct mp_fetch_question *out)
{
	struct mp_str host = s, port = mp_strn(NULL, 0);
	const char *end = s.n && s.p[0] == '[' ? memchr(s.p, ']', s.n) : NULL, *colon;
	uint64_t v = usual_port(out->http);
	char *text;

	if (end) {
		host = mp_strn(s.p + 1, (size_t)(end - s.p) - 1);
		s = mp_strn(end + 1, s.n - host.n - 2);
		if (s.n && s.p[0] != ':')
			return false;
		port = s.n ? mp_strn(s.p + 1, s.n - 1) : port;
	} else if ((colon = memchr(s.p, ':', s.n))) {
		host = mp_strn(s.p, (size_t)(colon - s.p));
		port = mp_strn(colon + 1, s.n - host.n - 1);
	}
	if (memchr(host.p, '\0', host.n) || (port.p && (!mp_str_u64(port, UINT16_MAX, &v) || v == 0)))
		return false;
	text = mp_dupstr(a, host);
	for (char *p = text; *p; p++)
		*p = mp_tolower(*p);
	out->host = text;
	out->port = (uint16_t)v;
	return good_host(text) && (end != NULL) == (strchr(text, ':') != NULL);
}

bool mp_fetch_parse_url(struct mp_arena *a, struct mp_str url, struct mp_fetch_question *out)
{
	struct mp_fetch_question q = *out;
	struct mp_str rest;
	size_t n = 0;

	q.http = mp_str_istarts(url, "http://");
	if (!q.http && !mp_str_istarts(url, "https://"))
		return false;
	rest = mp_strn(url.p + (q.http ? 7 : 8), url.n - (q.http ? 7 : 8));
	while (n < rest.n && !strchr("/?#", rest.p[n])) /* a NUL too */
		n++;
	if (!n || !parse_authority(a, mp_strn(rest.p, n), &q))
		return false;
	rest = mp_strn(rest.p + n, rest.n - n);
	if (memchr(rest.p, '\0', rest.n))
		return false;
	q.path = rest.n && rest.p[0] == '/' ? mp_dupstr(a, rest) : mp_printf(a, "/%.*s", (int)rest.n, rest.p);
	if (!good_path(q.path))
		return false;
	*out = q;
	return true;
}

bool mp_fetch_type_ok(const struct mp_fetch_question *q, const struct mp_fetch_answer *a)
{
	const struct mp_fetch_use *use = mp_fetch_use_by_name(q->use);
	struct mp_str rest = mp_str(a->content_type), type;

	if (!use || !mp_str_split(&rest, ';', &type))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(use->types) && use->types[i]; i++)
		if (mp_str_ieq(mp_str_trim(type), mp_str(use->types[i])))
			return true;
	return false;
}

/* ---- the question */

static void question_key(const void *params, struct mp_buf *out)
{
	const struct mp_fetch_question *q = params;
	char ip[MP_IP_TEXT];

	/* Lengths before the texts: no text can pass for the next member. */
	mp_buf_addf(out, "%s %s %zu:%s %u %zu:%s", q->use, q->http ? "http" : "https", strlen(q->host), q->host,
		q->port, strlen(q->path), q->path);
	for (size_t i = 0; i < q->n_addresses; i++)
		mp_buf_addf(out, " %s", mp_ip_text(&q->addresses[i], ip));
	mp_buf_addf(out, " %u", q->limit_ms);
	for (size_t i = 0; i < q->n_lines; i++)
		mp_buf_addf(out, " %zu:%s", strlen(q->lines[i]), q->lines[i]);
	mp_buf_addf(out, " %s", q->about ? q->about : "");
}

static const void *question_copy(const void *params, struct mp_arena *a)
{
	struct mp_fetch_question *q = mp_memdup(a, params, sizeof(*q));

	q->use = mp_dup(a, q->use);
	q->host = mp_dup(a, q->host);
	q->path = mp_dup(a, q->path);
	q->addresses = mp_memdup(a, q->addresses, q->n_addresses * sizeof(*q->addresses));
	q->about = mp_dup(a, q->about);
	if (q->n_lines) {
		const char **lines = mp_allocn(a, q->n_lines, sizeof(*lines));

		for (size_t i = 0; i < q->n_lines; i++)
			lines[i] = mp_dup(a, q->lines[i]);
		q->lines = lines;
	}
	return q;
}

static const void *question_unknown(const void *params, struct mp_arena *a)
{
	struct mp_fetch_answer *ans = mp_alloc(a, sizeof(*ans));

	(void)params;
	ans->outcome = MP_FETCH_UNKNOWN;
	ans->reason = "not fetched: the run ended first";
	return ans;
}

const struct mp_fetch_answer *mp_fetch_ask(struct mp_evidence *ev, const struct mp_fetch_question *q)
{
	struct mp_fetch_question few = *q;

	if (few.n_addresses > MP_FETCH_ADDRESSES_MAX)
		few.n_addresses = MP_FETCH_ADDRESSES_MAX;
	if (!mp_fetch_valid(&few)) {
		static const struct mp_fetch_answer never = {
			.outcome = MP_FETCH_PROTOCOL_ERROR, .reason = "this is no URL that could be fetched"};

		return &never;
	}
	return mp_evidence_ask(ev, &mp_fetch_kind, &few);
}

/* ---- JSON */

/* The body as a text: by mp_text()'s rules, and a backslash doubled, so that the bytes can be had again. */
static char *escaped(struct mp_arena *a, struct mp_str bytes)
{
	struct mp_buf out = MP_BUF(SIZE_MAX / 4);
	struct mp_str part;
	bool first = true;
	char *text;

	while (mp_str_split(&bytes, '\\', &part)) {
		mp_buf_adds(&out, first ? "" : "\\\\");
		mp_buf_adds(&out, mp_text(a, part));
		first = false;
	}
	text = mp_dupn(a, mp_buf_cstr(&out), out.n);
	mp_buf_release(&out);
	return text;
}

static void add_utf8(struct mp_buf *out, uint32_t c)
{
	if (c < 0x80) {
		mp_buf_addc(out, (char)c);
	} else if (c < 0x800) {
		mp_buf_addc(out, (char)(0xc0 | c >> 6));
		mp_buf_addc(out, (char)(0x80 | (c & 0x3f)));
	} else if (c < 0x10000) {
		mp_buf_addc(out, (char)(0xe0 | c >> 12));
		mp_buf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		mp_buf_addc(out, (char)(0x80 | (c & 0x3f)));
	} else {
		mp_buf_addc(out, (char)(0xf0 | c >> 18));
		mp_buf_addc(out, (char)(0x80 | (c >> 12 & 0x3f)));
		mp_buf_addc(out, (char)(0x80 | (c >> 6 & 0x3f)));
		mp_buf_addc(out, (char)(0x80 | (c & 0x3f)));
	}
}

/* One escape at the backslash s.p[0]; how many bytes it takes, 0: it is none. */
static size_t unescape_one(struct mp_str s, struct mp_buf *out)
{
	uint32_t c = 0;
	size_t i;

	if (s.n >= 2 && s.p[1] == '\\')
		return mp_buf_addc(out, '\\') ? 2 : 0;
	if (s.n >= 4 && s.p[1] == 'x' && mp_hexval(s.p[2]) >= 0 && mp_hexval(s.p[3]) >= 0)
		return mp_buf_addc(out, (char)(mp_hexval(s.p[2]) * 16 + mp_hexval(s.p[3]))) ? 4 : 0;
	if (s.n < 4 || s.p[1] != 'u' || s.p[2] != '{')
		return 0;
	for (i = 3; i < s.n && i < 9 && mp_hexval(s.p[i]) >= 0; i++)
		c = c << 4 | (uint32_t)mp_hexval(s.p[i]);
	if (i == s.n || s.p[i] != '}' || c > 0x10ffff)
		return 0;
	add_utf8(out, c);
	return i + 1;
}

/* The way back from escaped(): only what that writes is taken, so that one text stands for one value. */
static struct mp_str unescaped(struct mp_jin *in, const char *key)
{
	struct mp_str text = mp_jin_string(in, key, 4 * MAX_BODY, MP_JIN_MAY_LACK), bytes;
	struct mp_buf out = MP_BUF(MAX_BODY);
	bool ok = true;

	for (size_t i = 0; ok && i < text.n;) {
		size_t n = text.p[i] == '\\' ? unescape_one(mp_strn(text.p + i, text.n - i), &out)
					     : (size_t)mp_buf_addc(&out, text.p[i]);

		ok = n > 0;
		i += n;
	}
	bytes = mp_strn(mp_dupn(in->a, mp_buf_cstr(&out), out.n), out.n);
	if (!ok || out.full || (text.p && strcmp(escaped(in->a, bytes), text.p) != 0))
		mp_jin_wrong(in, key, "is not text as this program writes it");
	mp_buf_release(&out);
	return bytes;
}

static json_t *ip_json(const struct mp_ip *ip)
{
	char text[MP_IP_TEXT];

	return ip->family == MP_IPNONE ? json_null() : mp_j(mp_ip_text(ip, text));
}

static json_t *kind_to_json(const void *params, const void *answer)
{
	const struct mp_fetch_question *q = params;
	const struct mp_fetch_answer *ans = answer;
	struct mp_arena *a = mp_arena_new();
	json_t *j = json_object(), *addresses = json_array();

	mp_jset_str(j, "use", q->use);
	mp_jset_bool(j, "http", q->http);
	mp_jset_str(j, "host", q->host);
	mp_jset_int(j, "port", q->port);
	mp_jset_str(j, "path", q->path);
	for (size_t i = 0; i < q->n_addresses; i++)
		mp_jpush(addresses, ip_json(&q->addresses[i]));
	mp_jset(j, "addresses", addresses);
	if (q->about)
		mp_jset_str(j, "about", q->about);
	if (q->n_lines) {
		json_t *lines = json_array();

		for (size_t i = 0; i < q->n_lines; i++)
			mp_jpush(lines, mp_j(q->lines[i]));
		mp_jset(j, "lines", lines);
	}
	if (q->limit_ms)
		mp_jset_int(j, "limit_ms", q->limit_ms);
	mp_jset_str(j, "outcome", outcomes[ans->outcome]);
	mp_jset_str(j, "reason", ans->reason);
	mp_jset_int(j, "status", ans->status);
	mp_jset_str(j, "content_type", ans->content_type);
	mp_jset_str(j, "location", ans->location);
	mp_jset_str(j, "body", escaped(a, ans->body));
	mp_jset_str(j, "chain_error", ans->chain_error);
	mp_jset_str(j, "name_error", ans->name_error);
	mp_jset_str(j, "time_error", ans->time_error);
	mp_jset(j, "address", ip_json(&ans->address));
	mp_jset_str(j, "fetched", ans->fetched_ms ? mp_time_text(a, ans->fetched_ms, false) : NULL);
	mp_jset(j, "at_ms", json_real(dns_round_ms(ans->at_ms)));
	mp_jset(j, "ms", json_real(dns_round_ms(ans->took_ms)));
	mp_arena_free(a);
	return j;
}

static void read_answer(struct mp_jin *in, struct mp_fetch_answer *ans)
{
	ans->outcome = (enum mp_fetch_outcome)mp_jin_word(in, "outcome", outcomes, ARRAY_LEN(outcomes));
	ans->reason = mp_jin_text(in, "reason", MAX_LINE, ans->outcome == MP_FETCHED ? MP_JIN_MAY_LACK : MP_JIN_NEEDED);
	ans->status = (int)mp_jin_int(in, "status", 0, 599);
	ans->content_type = mp_jin_text(in, "content_type", MAX_LINE, MP_JIN_MAY_LACK);
	ans->location = mp_jin_text(in, "location", MAX_LINE, MP_JIN_MAY_LACK);
	ans->body = unescaped(in, "body");
	ans->chain_error = mp_jin_text(in, "chain_error", MAX_LINE, MP_JIN_MAY_LACK);
	ans->name_error = mp_jin_text(in, "name_error", MAX_LINE, MP_JIN_MAY_LACK);
	ans->time_error = mp_jin_text(in, "time_error", MAX_LINE, MP_JIN_MAY_LACK);
	ans->address = mp_jin_ip(in, "address", MP_JIN_MAY_LACK);
	ans->fetched_ms = mp_jin_time(in, "fetched", MP_JIN_MAY_LACK);
	ans->at_ms = mp_jin_ms(in, "at_ms");
	ans->took_ms = mp_jin_ms(in, "ms");
	/* What judges rely on without looking. */
	if (ans->outcome == MP_FETCHED && ans->status < 200)
		mp_jin_wrong(in, "status", "is not that of an answer");
}

static void read_lines(struct mp_jin *in, struct mp_fetch_question *q)
{
	const json_t *list = json_object_get(in->j, "lines");
	const char **out;

	if (!list)
		return;
	if (!json_is_array(list) || !json_array_size(list) || json_array_size(list) > MP_FETCH_LINES_MAX) {
		mp_jin_wrong(in, "lines", "is not a list of lines");
		return;
	}
	q->n_lines = json_array_size(list);
	out = mp_allocn(in->a, q->n_lines, sizeof(*out));
	for (size_t i = 0; i < q->n_lines; i++) {
		const char *s = json_string_value(json_array_get(list, i));

		out[i] = s ? mp_text(in->a, mp_str(s)) : "";
		if (!s || strcmp(s, out[i]) != 0)
			mp_jin_wrong(in, "lines", "is not a list of lines");
	}
	q->lines = out;
}

static int kind_from_json(
	const json_t *j, struct mp_arena *a, const void **params, const void **answer, struct mp_err *err)
{
	struct mp_jin in = {.j = j, .a = a, .err = err};
	struct mp_fetch_question *q = mp_alloc(a, sizeof(*q));
	struct mp_fetch_answer *ans = mp_alloc(a, sizeof(*ans));

	if (!json_is_object(j))
		return mp_fail(err, MP_EPARSE, "not an object");
	q->use = mp_jin_text(&in, "use", 64, MP_JIN_NEEDED);
	q->http = mp_jin_bool(&in, "http");
	q->host = mp_jin_text(&in, "host", 256, MP_JIN_NEEDED);
	q->port = (uint16_t)mp_jin_int(&in, "port", 1, UINT16_MAX);
	q->path = mp_jin_text(&in, "path", MP_FETCH_PATH_MAX, MP_JIN_NEEDED);
	q->addresses = mp_jin_ips(&in, "addresses", MP_FETCH_ADDRESSES_MAX, &q->n_addresses);
	q->about = mp_jin_text(&in, "about", 256, MP_JIN_MAY_LACK);
	read_lines(&in, q);
	if (mp_jget(j, "limit_ms"))
		q->limit_ms = (uint32_t)mp_jin_int(&in, "limit_ms", 1, UINT32_MAX);
	read_answer(&in, ans);
	if (!in.bad && !mp_fetch_valid(q))
		mp_jin_wrong(&in, "use", "asks for what could not be fetched");
	if (in.bad)
		return MP_EPARSE;
	*params = q;
	*answer = ans;
	return MP_OK;
}

const struct mp_kind mp_fetch_kind = {
	.name = "fetch",
	.key = question_key,
	.copy = question_copy,
	.unknown = question_unknown,
	.to_json = kind_to_json,
	.from_json = kind_from_json,
};
