/* dns/dns.c - see dns/dns.h */
#include <arpa/inet.h>

#include "base/text.h"
#include "dns/msg.h"

/* ---- words */

static const struct {
	uint16_t type;
	const char *name;
} types[] = {
	{DNS_A, "A"},
	{DNS_NS, "NS"},
	{DNS_CNAME, "CNAME"},
	{DNS_SOA, "SOA"},
	{DNS_PTR, "PTR"},
	{DNS_MX, "MX"},
	{DNS_TXT, "TXT"},
	{DNS_AAAA, "AAAA"},
	{DNS_DS, "DS"},
	{DNS_DNSKEY, "DNSKEY"},
	{DNS_TLSA, "TLSA"},
	{DNS_SPF, "SPF"},
};

static const struct {
	const char *name, *words;
	int rank;
} outcomes[] = {
	[DNS_ANSWERED] = {"answered", "answered", 0},
	[DNS_NXDOMAIN] = {"nxdomain", "no such name (NXDOMAIN)", 1},
	[DNS_NODATA] = {"nodata", "has no such record", 2},
	[DNS_SERVFAIL] = {"servfail", "SERVFAIL", 3},
	[DNS_REFUSED] = {"refused", "REFUSED", 4},
	[DNS_OTHER] = {"other", "an error code", 5},
	[DNS_MALFORMED] = {"malformed", "a malformed answer", 6},
	[DNS_TIMEOUT] = {"timeout", "time-out", 7},
	[DNS_UNREACHABLE] = {"unreachable", "no name server could be reached", 8},
	[DNS_BADNAME] = {"badname", "no possible DNS name", 9},
};

const char *dns_type_name(uint16_t type)
{
	static char ring[8][sizeof("TYPE65535")];
	static size_t next;
	char *out;

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (types[i].type == type)
			return types[i].name;
	out = ring[next++ % ARRAY_LEN(ring)];
	snprintf(out, sizeof(ring[0]), "TYPE%u", type);
	return out;
}

static bool type_from_name(const char *name, uint16_t *out)
{
	uint64_t v;

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strcmp(types[i].name, name) == 0) {
			*out = types[i].type;
			return true;
		}
	if (strncmp(name, "TYPE", 4) != 0 || !mp_str_u64(mp_str(name + 4), UINT16_MAX, &v))
		return false;
	*out = (uint16_t)v;
	return strcmp(dns_type_name(*out), name) == 0; /* one name for a type: not TYPE1, not TYPE007 */
}

const char *dns_outcome_name(enum dns_outcome o)
{
	return outcomes[o].name;
}

const char *dns_outcome_words(enum dns_outcome o)
{
	return outcomes[o].words;
}

int dns_outcome_rank(enum dns_outcome o)
{
	return outcomes[o].rank;
}

/* ---- names */

enum { NAME_END = -1, NAME_DOT = 256 };

/* The next byte of a name, escapes resolved and case folded; NAME_DOT between labels, NAME_END after the last. */
static int next_byte(const char **s)
{
	const char *p = *s;

	if (*p == '\0')
		return NAME_END;
	if (*p == '.') {
		*s = p + 1;
		return p[1] ? NAME_DOT : NAME_END;
	}
	if (*p == '\\' && mp_isdigit(p[1]) && mp_isdigit(p[2]) && mp_isdigit(p[3])) {
		*s = p + 4;
		return (unsigned char)mp_tolower((char)((p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0')));
	}
	if (*p == '\\' && p[1])
		p++;
	*s = p + 1;
	return (unsigned char)mp_tolower(*p);
}

bool dns_name_eq(const char *a, const char *b)
{
	int x, y;

	do {
		x = next_byte(&a);
		y = next_byte(&b);
	} while (x == y && x != NAME_END);
	return x == y;
}

const char *dns_name_parent(const char *name)
{
	int c;

	if (strcmp(name, ".") == 0 || !*name)
		return NULL;
	do
		c = next_byte(&name);
	while (c != NAME_DOT && c != NAME_END);
	return c == NAME_DOT ? name : ".";
}

size_t dns_name_labels(const char *name)
{
	size_t n = 0;

	while ((name = dns_name_parent(name)))
		n++;
	return n;
}

bool dns_name_under(const char *name, const char *ancestor)
{
	size_t have = dns_name_labels(name), want = dns_name_labels(ancestor);

	if (have < want)
		return false;
	for (; have > want; have--)
		name = dns_name_parent(name);
	return want == 0 || dns_name_eq(name, ancestor);
}

static bool canonical(const char *name, char out[static DNS_NAME_TEXT])
{
	uint8_t wire[DNS_NAME_WIRE];
	size_t n = dns_name_to_wire(name, wire);

	if (!n)
		return false;
	for (size_t i = 0; i < n; i++) /* length bytes are below 64: no letters */
		wire[i] = (uint8_t)mp_tolower((char)wire[i]);
	dns_name_from_wire(wire, out);
	return true;
}

char *dns_name_canonical(struct mp_arena *a, const char *name)
{
	char text[DNS_NAME_TEXT];

	return canonical(name, text) ? mp_dup(a, text) : NULL;
}

bool dns_is_hostname(const char *name)
{
	struct mp_str rest = mp_str(name), label = {0};
	bool digits = true;

	if (!name || rest.n == 0 || rest.n > 253 || rest.p[rest.n - 1] == '.')
		return false;
	while (mp_str_split(&rest, '.', &label)) {
		if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
			return false;
		digits = true;
		for (size_t i = 0; i < label.n; i++) {
			if (!mp_isalnum((unsigned char)label.p[i]) && label.p[i] != '-')
				return false;
			digits = digits && mp_isdigit((unsigned char)label.p[i]);
		}
	}
	return !digits;
}

/* ---- servers */

bool dns_server_parse(const char *text, struct mp_ip *ip, uint16_t *port)
{
	struct mp_str host = mp_str(text), number;
	struct mp_ip parsed;
	const char *colon;
	bool v6 = host.n > 0 && *text == '[';
	uint64_t v;

	colon = text ? strrchr(text, ':') : NULL;
	if (!colon)
		return false;
	number = mp_str(colon + 1);
	host.n = (size_t)(colon - text);
	if (v6) {
		if (host.n < 2 || host.p[host.n - 1] != ']')
			return false;
		host = mp_strn(host.p + 1, host.n - 2);
	}
	if (v6 != (host.n > 0 && memchr(host.p, ':', host.n) != NULL))
		return false;
	if (!mp_ip_parse(host, &parsed) || !mp_str_u64(number, UINT16_MAX, &v) || v == 0)
		return false;
	*ip = parsed;
	*port = (uint16_t)v;
	return true;
}

char *dns_server_text(struct mp_arena *a, const struct mp_ip *ip, uint16_t port)
{
	char text[MP_IP_TEXT];

	mp_ip_text(ip, text);
	return mp_printf(a, ip->family == MP_IPV6 ? "[%s]:%u" : "%s:%u", text, port);
}

/* ---- asking */

static const struct dns_answer impossible = {.outcome = DNS_BADNAME, .detail = "this is no possible DNS name"};

const struct dns_answer *dns_ask_server(
	struct mp_evidence *ev, const char *server, const char *name, enum dns_type type, bool recurse)
{
	char text[DNS_NAME_TEXT];
	struct dns_question q = {.name = text, .type = (uint16_t)type, .server = server, .norecurse = !recurse};

	/* It depends on the name alone, so it needs no place in the evidence to come back in a replay. */
	if (!canonical(name, text))
		return &impossible;
	return mp_evidence_ask(ev, &dns_kind, &q);
}

const struct dns_answer *dns_ask(struct mp_evidence *ev, const char *name, enum dns_type type)
{
	return dns_ask_server(ev, NULL, name, type, true);
}

static void question_key(const void *params, struct mp_buf *out)
{
	const struct dns_question *q = params;

	mp_buf_addf(out, "%s %s %u %s", q->server ? q->server : "-", q->norecurse ? "norecurse" : "recurse", q->type,
		q->name);
}

static const void *question_copy(const void *params, struct mp_arena *a)
{
	const struct dns_question *q = params;
	struct dns_question *copy = mp_memdup(a, q, sizeof(*q));

	copy->name = mp_dup(a, q->name);
	copy->server = mp_dup(a, q->server);
	return copy;
}

static const void *question_unknown(const void *params, struct mp_arena *a)
{
	struct dns_answer *ans = mp_alloc(a, sizeof(*ans));

	(void)params;
	ans->outcome = DNS_TIMEOUT;
	ans->detail = "not known in time";
	return ans;
}

/* ---- to JSON */

static json_t *hex(const uint8_t *p, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	struct mp_buf b = MP_BUF(2 * DNS_RDATA_MAX);
	json_t *j;

	for (size_t i = 0; i < n; i++) {
		mp_buf_addc(&b, digits[p[i] >> 4]);
		mp_buf_addc(&b, digits[p[i] & 15]);
	}
	j = mp_j(mp_buf_cstr(&b));
	mp_buf_release(&b);
	return j;
}

/* Printable ASCII as it is, a backslash doubled, every other byte \DDD. */
static json_t *escaped(const uint8_t *p, size_t n)
{
	struct mp_buf b = MP_BUF(4 * DNS_RDATA_MAX);
	json_t *j;

	for (size_t i = 0; i < n; i++) {
		if (p[i] == '\\')
			mp_buf_adds(&b, "\\\\");
		else if (mp_isprint(p[i]))
			mp_buf_addc(&b, (char)p[i]);
		else
			mp_buf_addf(&b, "\\%03u", p[i]);
	}
	j = mp_j(mp_buf_cstr(&b));
	mp_buf_release(&b);
	return j;
}

static json_t *rr_to_json(const struct dns_rr *rr)
{
	json_t *j = json_object();
	char ip[MP_IP_TEXT];

	mp_jset_str(j, "owner", rr->owner);
	mp_jset_str(j, "type", dns_type_name(rr->type));
	mp_jset_int(j, "ttl", rr->ttl);
	switch (rr->type) {
	case DNS_A:
	case DNS_AAAA:
		mp_jset_str(j, "address", mp_ip_text(&rr->ip, ip));
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		mp_jset_str(j, "target", rr->name);
		break;
	case DNS_MX:
		mp_jset_int(j, "preference", rr->mx.preference);
		mp_jset_str(j, "exchange", rr->mx.exchange);
		break;
	case DNS_TXT:
	case DNS_SPF:
		mp_jset(j, "text", escaped(rr->txt.p, rr->txt.n));
		mp_jset_int(j, "strings", (int64_t)rr->txt.n_strings);
		break;
	case DNS_SOA:
		mp_jset_str(j, "mname", rr->soa.mname);
		mp_jset_str(j, "rname", rr->soa.rname);
		mp_jset_int(j, "serial", rr->soa.serial);
		mp_jset_int(j, "refresh", rr->soa.refresh);
		mp_jset_int(j, "retry", rr->soa.retry);
		mp_jset_int(j, "expire", rr->soa.expire);
		mp_jset_int(j, "minimum", rr->soa.minimum);
		break;
	case DNS_TLSA:
		mp_jset_int(j, "usage", rr->tlsa.usage);
		mp_jset_int(j, "selector", rr->tlsa.selector);
		mp_jset_int(j, "matching", rr->tlsa.matching);
		mp_jset(j, "data", hex(rr->tlsa.p, rr->tlsa.n));
		break;
	default:
		mp_jset(j, "data", hex(rr->raw.p, rr->raw.n));
		break;
	}
	return j;
}

static json_t *rrs_to_json(const struct dns_rr *rr, size_t n)
{
	json_t *j = json_array();

	for (size_t i = 0; i < n; i++)
		mp_jpush(j, rr_to_json(&rr[i]));
	return j;
}

static json_t *question_to_json(const void *params, const void *answer)
{
	const struct dns_question *q = params;
	const struct dns_answer *ans = answer;
	json_t *j = json_object(), *chain = json_array();

	mp_jset_str(j, "name", q->name);
	mp_jset_str(j, "type", dns_type_name(q->type));
	mp_jset_str(j, "server", q->server);
	mp_jset_bool(j, "norecurse", q->norecurse);
	mp_jset_str(j, "outcome", dns_outcome_name(ans->outcome));
	mp_jset_int(j, "rcode", ans->rcode);
	mp_jset_bool(j, "ad", ans->ad);
	mp_jset_bool(j, "aa", ans->aa);
	mp_jset_bool(j, "ra", ans->ra);
	mp_jset_bool(j, "tcp", ans->tcp);
	mp_jset_str(j, "by", ans->server);
	mp_jset_str(j, "detail", ans->detail);
	mp_jset(j, "at_ms", json_real(ans->at_ms));
	mp_jset(j, "ms", json_real(ans->took_ms));
	mp_jset_int(j, "ttl", ans->ttl);
	mp_jset_int(j, "negative_ttl", ans->negative_ttl);
	for (size_t i = 0; i < ans->n_cname; i++)
		mp_jpush(chain, mp_j(ans->cname[i]));
	mp_jset(j, "cname", chain);
	mp_jset(j, "records", rrs_to_json(ans->rr, ans->n_rr));
	if (ans->soa)
		mp_jset(j, "soa", rr_to_json(ans->soa));
	mp_jset(j, "ns", rrs_to_json(ans->ns, ans->n_ns));
	mp_jset(j, "glue", rrs_to_json(ans->glue, ans->n_glue));
	return j;
}

/* ---- from JSON: a saved report is foreign bytes. Absent members take their default, wrong ones are refused. */

enum { DETAIL_MAX = 4096, LONGEST_MS = 1000000000 };

struct in {
	const json_t *j; /* the object being read */
	struct mp_arena *a;
	struct mp_err *err;
	size_t n_rr; /* records read so far, of all lists */
};

static bool refuse(struct in *in, const char *key, const char *what)
{
	mp_fail(in->err, MP_EPARSE, "\"%s\" is not %s", key, what);
	return false;
}

static bool in_uint(struct in *in, const char *key, uint32_t max, bool needed, uint32_t *out)
{
	const json_t *v = mp_jget(in->j, key);

	*out = 0;
	if (!v && !needed)
		return true;
	if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > (json_int_t)max) {
		mp_fail(in->err, MP_EPARSE, "\"%s\" is not a number of 0 to %u", key, max);
		return false;
	}
	*out = (uint32_t)json_integer_value(v);
	return true;
}

static bool in_bool(struct in *in, const char *key, bool *out)
{
	const json_t *v = mp_jget(in->j, key);

	if (v && !json_is_boolean(v))
		return refuse(in, key, "true or false");
	*out = json_is_true(v);
	return true;
}

static bool in_ms(struct in *in, const char *key, double *out)
{
	const json_t *v = mp_jget(in->j, key);

	if (v && !(json_is_number(v) && json_number_value(v) >= 0 && json_number_value(v) <= LONGEST_MS))
		return refuse(in, key, "a time in milliseconds");
	*out = v ? dns_round_ms(json_number_value(v)) : 0;
	return true;
}

/* A string without NUL of at most `max` bytes; NULL where it is absent and not needed. */
static bool in_text(struct in *in, const char *key, size_t max, bool needed, struct mp_str *out)
{
	const json_t *v = mp_jget(in->j, key);

	*out = mp_strn(NULL, 0);
	if (!v && !needed)
		return true;
	if (!json_is_string(v))
		return refuse(in, key, "a text");
	*out = mp_strn(json_string_value(v), json_string_length(v));
	if (out->n > max || memchr(out->p, '\0', out->n))
		return refuse(in, key, "a text of possible length");
	return true;
}

/* A name in the one form that the decoder gives it. */
static bool good_name(struct mp_str text)
{
	uint8_t wire[DNS_NAME_WIRE];
	char again[DNS_NAME_TEXT];

	return text.n < DNS_NAME_TEXT && dns_name_to_wire(text.p, wire) &&
	       strcmp(dns_name_from_wire(wire, again), text.p) == 0;
}

static bool in_name(struct in *in, const char *key, const char **out)
{
	struct mp_str text;

	if (!in_text(in, key, DNS_NAME_TEXT, true, &text))
		return false;
	if (!good_name(text))
		return refuse(in, key, "a DNS name in plain form");
	*out = mp_dupstr(in->a, text);
	return true;
}

static bool in_server(struct in *in, const char *key, const char **out)
{
	struct mp_str text;
	struct mp_ip ip;
	uint16_t port;

	if (!in_text(in, key, MP_IP_TEXT + sizeof("[]:65535"), false, &text))
		return false;
	if (text.p && !dns_server_parse(text.p, &ip, &port))
		return refuse(in, key, "an IP:PORT");
	*out = text.p ? mp_dupstr(in->a, text) : NULL;
	return true;
}

static bool in_type(struct in *in, uint16_t *out)
{
	struct mp_str text;

	if (!in_text(in, "type", 16, true, &text))
		return false;
	return type_from_name(text.p, out) || refuse(in, "type", "a record type");
}

static bool in_hex(struct in *in, const char *key, const uint8_t **out, size_t *n)
{
	struct mp_str text;
	uint8_t *bytes;

	if (!in_text(in, key, 2 * DNS_RDATA_MAX, true, &text))
		return false;
	bytes = mp_alloc(in->a, text.n / 2 + 1);
	for (size_t i = 0; i < text.n; i++) {
		int v = mp_isupper(text.p[i]) ? -1 : mp_hexval(text.p[i]);

		if (v < 0 || text.n % 2)
			return refuse(in, key, "pairs of lower-case hexadecimal digits");
		bytes[i / 2] = (uint8_t)(bytes[i / 2] << 4 | v);
	}
	*out = bytes;
	*n = text.n / 2;
	return true;
}

/* The way back from escaped(): only what that writes is taken, so that one text stands for one value. */
static bool in_escaped(struct in *in, const char *key, const uint8_t **out, size_t *n)
{
	struct mp_str text;
	uint8_t *bytes;
	size_t len = 0;

	if (!in_text(in, key, 4 * DNS_RDATA_MAX, true, &text))
		return false;
	bytes = mp_alloc(in->a, text.n + 1);
	for (size_t i = 0; i < text.n; i++) {
		const char *p = text.p + i; /* NUL-terminated: looking ahead stops there */
		unsigned c = (unsigned char)*p;

		if (!mp_isprint((int)c))
			return refuse(in, key, "text with \\DDD escapes");
		if (c == '\\' && p[1] == '\\') {
			i++;
		} else if (c == '\\') {
			if (!mp_isdigit(p[1]) || !mp_isdigit(p[2]) || !mp_isdigit(p[3]))
				return refuse(in, key, "text with \\DDD escapes");
			c = (unsigned)((p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0'));
			if (c > 255 || mp_isprint((int)c))
				return refuse(in, key, "text with \\DDD escapes");
			i += 3;
		}
		bytes[len++] = (uint8_t)c;
	}
	if (len > DNS_RDATA_MAX)
		return refuse(in, key, "text of possible length");
	*out = bytes;
	*n = len;
	return true;
}

static bool in_address(struct in *in, uint16_t type, struct mp_ip *out)
{
	struct mp_str text;
	uint8_t b[16] = {0};
	char again[MP_IP_TEXT];

	if (!in_text(in, "address", MP_IP_TEXT, true, &text))
		return false;
	/* Not mp_ip_parse(): an AAAA record may hold an IPv4-mapped address, and stays what was published. */
	if (inet_pton(type == DNS_A ? AF_INET : AF_INET6, text.p, b) != 1)
		return refuse(in, "address", "an address of this record type");
	memcpy(out->b, b, sizeof(b));
	out->family = type == DNS_A ? MP_IPV4 : MP_IPV6;
	return strcmp(mp_ip_text(out, again), text.p) == 0 || refuse(in, "address", "an address in its usual form");
}

static bool in_u8(struct in *in, const char *key, uint8_t *out)
{
	uint32_t v;
	bool ok = in_uint(in, key, UINT8_MAX, true, &v);

	*out = (uint8_t)v;
	return ok;
}

static bool in_rr(struct in *in, struct dns_rr *rr)
{
	uint32_t v;

	if (!json_is_object(in->j)) {
		mp_fail(in->err, MP_EPARSE, "a record is not an object");
		return false;
	}
	if (++in->n_rr > DNS_RR_MAX) {
		mp_fail(in->err, MP_EPARSE, "more than %d records", DNS_RR_MAX);
		return false;
	}
	if (!in_name(in, "owner", &rr->owner) || !in_type(in, &rr->type) ||
		!in_uint(in, "ttl", INT32_MAX, true, &rr->ttl))
		return false;
	switch (rr->type) {
	case DNS_A:
	case DNS_AAAA:
		return in_address(in, rr->type, &rr->ip);
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		return in_name(in, "target", &rr->name);
	case DNS_MX:
		if (!in_uint(in, "preference", UINT16_MAX, true, &v) || !in_name(in, "exchange", &rr->mx.exchange))
			return false;
		rr->mx.preference = (uint16_t)v;
		return true;
	case DNS_TXT:
	case DNS_SPF:
		if (!in_escaped(in, "text", &rr->txt.p, &rr->txt.n) || !in_uint(in, "strings", DNS_RDATA_MAX, true, &v))
			return false;
		rr->txt.n_strings = v;
		return rr->txt.n <= 255 * rr->txt.n_strings || refuse(in, "strings", "enough for the text");
	case DNS_SOA:
		return in_name(in, "mname", &rr->soa.mname) && in_name(in, "rname", &rr->soa.rname) &&
		       in_uint(in, "serial", UINT32_MAX, true, &rr->soa.serial) &&
		       in_uint(in, "refresh", UINT32_MAX, true, &rr->soa.refresh) &&
		       in_uint(in, "retry", UINT32_MAX, true, &rr->soa.retry) &&
		       in_uint(in, "expire", UINT32_MAX, true, &rr->soa.expire) &&
		       in_uint(in, "minimum", UINT32_MAX, true, &rr->soa.minimum);
	case DNS_TLSA:
		return in_u8(in, "usage", &rr->tlsa.usage) && in_u8(in, "selector", &rr->tlsa.selector) &&
		       in_u8(in, "matching", &rr->tlsa.matching) && in_hex(in, "data", &rr->tlsa.p, &rr->tlsa.n);
	default:
		return in_hex(in, "data", &rr->raw.p, &rr->raw.n);
	}
}

static bool in_rr_typed(struct in *in, const json_t *j, uint16_t type, uint16_t or_type, struct dns_rr *rr)
{
	const json_t *outer = in->j;
	bool ok;

	in->j = j;
	ok = in_rr(in, rr) && (rr->type == type || rr->type == or_type || refuse(in, "type", "what belongs here"));
	in->j = outer;
	return ok;
}

static bool in_rrs(
	struct in *in, const char *key, uint16_t type, uint16_t or_type, const struct dns_rr **out, size_t *n)
{
	const json_t *list = mp_jget(in->j, key);
	struct dns_rr *rr;

	if (!list)
		return true;
	if (!json_is_array(list) || json_array_size(list) > DNS_RR_MAX)
		return refuse(in, key, "a list of records");
	*n = json_array_size(list);
	if (!*n)
		return true;
	*out = rr = mp_allocn(in->a, *n, sizeof(*rr));
	for (size_t i = 0; i < *n; i++)
		if (!in_rr_typed(in, json_array_get(list, i), type, or_type, &rr[i]))
			return false;
	return true;
}

static bool in_chain(struct in *in, struct dns_answer *ans)
{
	const json_t *list = mp_jget(in->j, "cname");
	const char **chain;

	if (!list)
		return true;
	if (!json_is_array(list) || json_array_size(list) > DNS_CHAIN_MAX)
		return refuse(in, "cname", "a list of at most 16 names");
	ans->n_cname = json_array_size(list);
	if (!ans->n_cname)
		return true;
	ans->cname = chain = mp_allocn(in->a, ans->n_cname, sizeof(*chain));
	for (size_t i = 0; i < ans->n_cname; i++) {
		const json_t *v = json_array_get(list, i);
		struct mp_str text = mp_strn(json_string_value(v), json_string_length(v));

		if (!json_is_string(v) || memchr(text.p, '\0', text.n) || !good_name(text))
			return refuse(in, "cname", "a list of DNS names in plain form");
		chain[i] = mp_dupstr(in->a, text);
	}
	return true;
}

static bool in_outcome(struct in *in, enum dns_outcome *out)
{
	struct mp_str text;

	if (!in_text(in, "outcome", 16, true, &text))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(outcomes); i++)
		if (i != DNS_BADNAME && strcmp(outcomes[i].name, text.p) == 0) {
			*out = (enum dns_outcome)i;
			return true;
		}
	return refuse(in, "outcome", "one of the words for it");
}

static bool in_question(struct in *in, struct dns_question *q)
{
	char text[DNS_NAME_TEXT];

	if (!in_name(in, "name", &q->name) || !in_type(in, &q->type) || !in_server(in, "server", &q->server) ||
		!in_bool(in, "norecurse", &q->norecurse))
		return false;
	return (canonical(q->name, text) && strcmp(text, q->name) == 0) || refuse(in, "name", "in lower case");
}

static bool in_answer(struct in *in, const struct dns_question *q, struct dns_answer *ans)
{
	struct mp_str detail;
	struct dns_rr *soa;
	uint32_t rcode;

	if (!in_outcome(in, &ans->outcome) || !in_uint(in, "rcode", DNS_RCODE_MAX, false, &rcode) ||
		!in_bool(in, "ad", &ans->ad) || !in_bool(in, "aa", &ans->aa) || !in_bool(in, "ra", &ans->ra) ||
		!in_bool(in, "tcp", &ans->tcp) || !in_server(in, "by", &ans->server) ||
		!in_text(in, "detail", DETAIL_MAX, false, &detail) || !in_ms(in, "at_ms", &ans->at_ms) ||
		!in_ms(in, "ms", &ans->took_ms) || !in_uint(in, "ttl", INT32_MAX, false, &ans->ttl) ||
		!in_uint(in, "negative_ttl", UINT32_MAX, false, &ans->negative_ttl) || !in_chain(in, ans))
		return false;
	ans->rcode = (uint16_t)rcode;
	ans->detail = detail.p ? mp_text(in->a, detail) : NULL;
	if (!in_rrs(in, "records", q->type, q->type, &ans->rr, &ans->n_rr) ||
		!in_rrs(in, "ns", DNS_NS, DNS_NS, &ans->ns, &ans->n_ns) ||
		!in_rrs(in, "glue", DNS_A, DNS_AAAA, &ans->glue, &ans->n_glue))
		return false;
	if (mp_jget(in->j, "soa")) {
		ans->soa = soa = mp_alloc(in->a, sizeof(*soa));
		if (!in_rr_typed(in, mp_jget(in->j, "soa"), DNS_SOA, DNS_SOA, soa))
			return false;
	}
	/* What judges rely on without looking. */
	if ((ans->outcome == DNS_ANSWERED) != (ans->n_rr > 0))
		return refuse(in, "records", "what the outcome says");
	if (dns_known(ans->outcome) && !ans->server)
		return refuse(in, "by", "the server that answered");
	return true;
}

static int question_from_json(
	const json_t *j, struct mp_arena *a, const void **params, const void **answer, struct mp_err *err)
{
	struct in in = {.j = j, .a = a, .err = err};
	struct dns_question *q = mp_alloc(a, sizeof(*q));
	struct dns_answer *ans = mp_alloc(a, sizeof(*ans));

	if (!json_is_object(j))
		return mp_fail(err, MP_EPARSE, "not an object");
	if (!in_question(&in, q) || !in_answer(&in, q, ans))
		return MP_EPARSE;
	*params = q;
	*answer = ans;
	return MP_OK;
}

const struct mp_kind dns_kind = {
	.name = "dns",
	.key = question_key,
	.copy = question_copy,
	.unknown = question_unknown,
	.to_json = question_to_json,
	.from_json = question_from_json,
};
