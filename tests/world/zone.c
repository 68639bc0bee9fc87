/* tests/world/zone.c - see tests/world/zone.h */
#include <arpa/inet.h>

#include "tests/world/zone.h"

#include "base/buf.h"
#include "base/rd.h"

enum {
	NAME_MAX_WIRE = 255,
	NAME_TEXT = 4 * NAME_MAX_WIRE + 2, /* every byte as \DDD */
	DEFAULT_TTL = 3600,
	MAX_CHAIN = 16,
	MAX_MESSAGE = 65535,
	TYPE_OPT = 41,
	TYPE_ANY = 255,
	RCODE_OK = 0,
	RCODE_FORMERR = 1,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_REFUSED = 5,
};

/* A name in wire form, the root's empty label included. */
struct wname {
	size_t n;
	uint8_t b[NAME_MAX_WIRE];
};

enum behaviour {
	RECORD, /* none: the line is a record */
	ANSWER,
	SERVFAIL,
	REFUSED,
	RCODE,
	NXDOMAIN,
	NODATA,
	TIMEOUT,
	LOSE,
	SLOW,
	TRUNCATE,
	MALFORMED,
};

static const struct {
	const char *word;
	enum behaviour behaviour;
	bool takes_number;
} behaviours[] = {
	{"!ANSWER", ANSWER, false},
	{"!SERVFAIL", SERVFAIL, false},
	{"!REFUSED", REFUSED, false},
	{"!RCODE", RCODE, true},
	{"!NXDOMAIN", NXDOMAIN, false},
	{"!NODATA", NODATA, false},
	{"!TIMEOUT", TIMEOUT, false},
	{"!LOSE", LOSE, true},
	{"!SLOW", SLOW, true},
	{"!TRUNCATE", TRUNCATE, false},
	{"!MALFORMED", MALFORMED, false},
};

static const struct {
	const char *word;
	uint16_t type;
} types[] = {
	{"A", DNS_A},
	{"NS", DNS_NS},
	{"CNAME", DNS_CNAME},
	{"SOA", DNS_SOA},
	{"PTR", DNS_PTR},
	{"MX", DNS_MX},
	{"TXT", DNS_TXT},
	{"AAAA", DNS_AAAA},
	{"DS", DNS_DS},
	{"DNSKEY", DNS_DNSKEY},
	{"TLSA", DNS_TLSA},
	{"SPF", DNS_SPF},
};

enum heard_by { BY_ALL, BY_RESOLVER, BY_AUTHORITY, BY_RECEIVER, BY_SERVER };

struct line {
	enum heard_by heard_by;
	struct mp_ip server;
	struct wname name; /* lower case; of a subtree its top */
	bool subtree;
	uint16_t type; /* 0: a behaviour of all types */
	bool has_ttl;
	uint32_t ttl;
	enum behaviour behaviour;
	uint32_t number; /* the behaviour's */
	const uint8_t *rdata;
	size_t n_rdata;
	bool bad; /* the bytes are no rdata of this type */
	struct dns_rr rr;
};

struct world_zone {
	size_t n, cap;
	struct line *lines;
	size_t n_ad, cap_ad;
	struct wname *ad;
};

void world_zone_become(struct world_zone *z, const struct world_zone *by)
{
	*z = *by;
}

/* Who asks whom. */
struct asked {
	enum world_view view;
	const struct mp_ip *server;
};

/* ---- names */

static bool name_parse(struct mp_str s, struct wname *out)
{
	struct wname w = {0};
	size_t label = 0; /* where the length byte of the current label stands */

	if (s.n == 0)
		return false;
	if (s.n == 1 && s.p[0] == '.') {
		*out = (struct wname){.n = 1};
		return true;
	}
	w.n = 1;
	for (size_t i = 0; i < s.n; i++) {
		uint8_t c = (uint8_t)s.p[i];

		if (c == '.') {
			if (w.n == label + 1)
				return false;
			w.b[label] = (uint8_t)(w.n - label - 1);
			label = w.n;
			if (i + 1 == s.n)
				break;
			if (w.n >= NAME_MAX_WIRE)
				return false;
			w.n++;
			continue;
		}
		if (c == '\\') {
			if (i + 3 < s.n && mp_isdigit(s.p[i + 1]) && mp_isdigit(s.p[i + 2]) && mp_isdigit(s.p[i + 3])) {
				int v = (s.p[i + 1] - '0') * 100 + (s.p[i + 2] - '0') * 10 + (s.p[i + 3] - '0');

				if (v > 255)
					return false;
				c = (uint8_t)v;
				i += 3;
			} else if (i + 1 < s.n) {
				c = (uint8_t)s.p[++i];
			} else {
				return false;
			}
		}
		if (w.n >= NAME_MAX_WIRE || w.n - label > 63)
			return false;
		w.b[w.n++] = c;
	}
	if (label < w.n) {
		if (w.n == label + 1)
			return false;
		w.b[label] = (uint8_t)(w.n - label - 1);
	}
	if (w.n >= NAME_MAX_WIRE)
		return false;
	w.b[w.n++] = 0;
	*out = w;
	return true;
}

/* From an uncompressed name in rdata. */
static bool name_read(struct mp_rd *rd, struct wname *out)
{
	struct wname w = {0};

	for (;;) {
		uint8_t n = mp_rd_u8(rd);
		const uint8_t *p;

		if (rd->bad || n > 63 || w.n + n + 1U > NAME_MAX_WIRE)
			return false;
		w.b[w.n++] = n;
		if (n == 0)
			break;
		p = mp_rd_take(rd, n);
		if (!p)
			return false;
		memcpy(w.b + w.n, p, n);
		w.n += n;
	}
	*out = w;
	return true;
}

static void name_text(const struct wname *w, char out[static NAME_TEXT])
{
	size_t n = 0;

	for (size_t i = 0; w->b[i] != 0; i += w->b[i] + 1U) {
		if (n)
			out[n++] = '.';
		for (size_t k = 1; k <= w->b[i]; k++) {
			uint8_t c = w->b[i + k];

			if (c == '.' || c == '\\') {
				out[n++] = '\\';
				out[n++] = (char)c;
			} else if (c > 0x20 && c < 0x7f) {
				out[n++] = (char)c;
			} else {
				out[n++] = '\\';
				out[n++] = (char)('0' + c / 100);
				out[n++] = (char)('0' + c / 10 % 10);
				out[n++] = (char)('0' + c % 10);
			}
		}
	}
	if (n == 0)
		out[n++] = '.';
	out[n] = '\0';
}

static const char *name_dup(struct mp_arena *a, const struct wname *w)
{
	char text[NAME_TEXT];

	name_text(w, text);
	return mp_dup(a, text);
}

/* Lengths are below 'A', so folding the whole wire form touches letters only. */
static void name_fold(struct wname *w)
{
	for (size_t i = 0; i < w->n; i++)
		w->b[i] = (uint8_t)mp_tolower((char)w->b[i]);
}

static bool name_eq(const struct wname *a, const struct wname *b)
{
	return a->n == b->n && memcmp(a->b, b->b, a->n) == 0;
}

static bool name_under(const struct wname *name, const struct wname *top)
{
	for (size_t i = 0;; i += name->b[i] + 1U) {
		if (name->n - i == top->n)
			return memcmp(name->b + i, top->b, top->n) == 0;
		if (name->n - i < top->n || name->b[i] == 0)
			return false;
	}
}

static bool name_up(struct wname *w)
{
	size_t n = w->b[0] + 1U;

	if (w->b[0] == 0)
		return false;
	w->n -= n;
	memmove(w->b, w->b + n, w->n);
	return true;
}

/* ---- rdata */

static bool rr_names(struct mp_arena *a, struct mp_rd *rd, const char **one, const char **two)
{
	struct wname w;

	if (!name_read(rd, &w))
		return false;
	*one = name_dup(a, &w);
	if (!two)
		return true;
	if (!name_read(rd, &w))
		return false;
	*two = name_dup(a, &w);
	return true;
}

static bool rr_txt(struct mp_arena *a, struct mp_rd *rd, struct dns_rr *rr)
{
	uint8_t *joined = mp_alloc(a, mp_rd_left(rd) + 1);
	size_t n = 0;

	if (mp_rd_left(rd) == 0)
		return false;
	while (mp_rd_left(rd) > 0) {
		uint8_t len = mp_rd_u8(rd);
		const uint8_t *p = mp_rd_take(rd, len);

		if (!p)
			return false;
		memcpy(joined + n, p, len);
		n += len;
		rr->txt.n_strings++;
	}
	rr->txt.p = joined;
	rr->txt.n = n;
	return true;
}

/* The decoded form of a line's rdata. False when the bytes are no rdata of this type. */
static bool rr_decode(struct mp_arena *a, const struct line *l, struct dns_rr *rr)
{
	struct mp_rd rd = mp_rd(l->rdata, l->n_rdata);
	const uint8_t *p;

	rr->type = l->type;
	rr->ttl = l->ttl;
	switch (l->type) {
	case DNS_A:
	case DNS_AAAA:
		rr->ip.family = l->type == DNS_A ? MP_IPV4 : MP_IPV6;
		p = mp_rd_take(&rd, l->type == DNS_A ? 4 : 16);
		if (p)
			memcpy(rr->ip.b, p, l->type == DNS_A ? 4 : 16);
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		if (!rr_names(a, &rd, &rr->name, NULL))
			return false;
		break;
	case DNS_MX:
		rr->mx.preference = mp_rd_u16(&rd);
		if (!rr_names(a, &rd, &rr->mx.exchange, NULL))
			return false;
		break;
	case DNS_SOA:
		if (!rr_names(a, &rd, &rr->soa.mname, &rr->soa.rname))
			return false;
		rr->soa.serial = mp_rd_u32(&rd);
		rr->soa.refresh = mp_rd_u32(&rd);
		rr->soa.retry = mp_rd_u32(&rd);
		rr->soa.expire = mp_rd_u32(&rd);
		rr->soa.minimum = mp_rd_u32(&rd);
		break;
	case DNS_TXT:
	case DNS_SPF:
		if (!rr_txt(a, &rd, rr))
			return false;
		break;
	case DNS_TLSA:
		rr->tlsa.usage = mp_rd_u8(&rd);
		rr->tlsa.selector = mp_rd_u8(&rd);
		rr->tlsa.matching = mp_rd_u8(&rd);
		rr->tlsa.n = mp_rd_left(&rd);
		rr->tlsa.p = mp_rd_take(&rd, rr->tlsa.n);
		break;
	default:
		rr->raw.p = l->rdata;
		rr->raw.n = l->n_rdata;
		return true;
	}
	return !rd.bad && mp_rd_left(&rd) == 0;
}

/* ---- parsing: one line */

struct words {
	size_t n;
	struct mp_str w[64];
};

static bool complain(struct mp_err *err, unsigned number, const char *what, struct mp_str word)
{
	mp_fail(err, MP_EPARSE, "zone line %u: %s: %.*s", number, what, (int)(word.n > 80 ? 80 : word.n), word.p);
	return false;
}

/* Cut a line into blank-separated words; quotes hold a word together, `;` outside of them ends the line. */
static bool words_split(struct mp_str s, struct words *out)
{
	size_t i = 0;

	out->n = 0;
	while (i < s.n) {
		size_t from;
		bool quoted = false;

		if (mp_isblank(s.p[i]) || s.p[i] == '\r') {
			i++;
			continue;
		}
		if (s.p[i] == ';')
			return true;
		if (out->n == ARRAY_LEN(out->w))
			return false;
		from = i;
		for (; i < s.n; i++) {
			if (s.p[i] == '\\' && i + 1 < s.n)
				i++;
			else if (s.p[i] == '"')
				quoted = !quoted;
			else if (!quoted && (mp_isblank(s.p[i]) || s.p[i] == '\r' || s.p[i] == ';'))
				break;
		}
		if (quoted)
			return false;
		out->w[out->n++] = mp_strn(s.p + from, i - from);
	}
	return true;
}

static uint16_t type_parse(struct mp_str w)
{
	uint64_t v;

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (mp_str_eq(w, mp_str(types[i].word)))
			return types[i].type;
	}
	if (w.n > 4 && memcmp(w.p, "TYPE", 4) == 0 && mp_str_u64(mp_strn(w.p + 4, w.n - 4), 65535, &v))
		return (uint16_t)v;
	return 0;
}

static void put_u16(struct mp_buf *b, uint16_t v)
{
	mp_buf_addc(b, (char)(v >> 8));
	mp_buf_addc(b, (char)(v & 0xff));
}

static void put_u32(struct mp_buf *b, uint32_t v)
{
	put_u16(b, (uint16_t)(v >> 16));
	put_u16(b, (uint16_t)(v & 0xffff));
}

static bool put_name(struct mp_buf *b, struct mp_str word)
{
	struct wname w;

	return name_parse(word, &w) && mp_buf_add(b, w.b, w.n);
}

static bool put_hex(struct mp_buf *b, struct mp_str word)
{
	if (word.n % 2)
		return false;
	for (size_t i = 0; i < word.n; i += 2) {
		int hi = mp_hexval(word.p[i]), lo = mp_hexval(word.p[i + 1]);

		if (hi < 0 || lo < 0)
			return false;
		mp_buf_addc(b, (char)(hi << 4 | lo));
	}
	return true;
}

static bool put_string(struct mp_buf *b, struct mp_str word)
{
	struct mp_buf text = MP_BUF(256);
	bool ok = true;

	if (word.n >= 2 && word.p[0] == '"')
		word = mp_strn(word.p + 1, word.n - 2);
	for (size_t i = 0; i < word.n && ok; i++) {
		unsigned char c = (unsigned char)word.p[i];

		if (c == '\\' && i + 3 < word.n && mp_isdigit(word.p[i + 1]) && mp_isdigit(word.p[i + 2]) &&
			mp_isdigit(word.p[i + 3])) {
			int v = (word.p[i + 1] - '0') * 100 + (word.p[i + 2] - '0') * 10 + (word.p[i + 3] - '0');

			ok = v <= 255;
			c = (unsigned char)v;
			i += 3;
		} else if (c == '\\' && i + 1 < word.n) {
			c = (unsigned char)word.p[++i];
		}
		ok = ok && mp_buf_addc(&text, (char)c);
	}
	ok = ok && text.n <= 255;
	if (ok) {
		mp_buf_addc(b, (char)text.n);
		mp_buf_addstr(b, mp_buf_str(&text));
	}
	mp_buf_release(&text);
	return ok;
}

static bool put_number(struct mp_buf *b, struct mp_str word, unsigned bytes)
{
	uint64_t v;

	if (!mp_str_u64(word, bytes == 4 ? UINT32_MAX : bytes == 2 ? 65535 : 255, &v))
		return false;
	for (unsigned i = bytes; i-- > 0;)
		mp_buf_addc(b, (char)(v >> (8 * i) & 0xff));
	return true;
}

/*
 * What the words of a type's rdata are, one letter each: n name, s string, 1 2 4 number of so many bytes, h hex;
 * the last letter takes all words that are left.
 */
static const char *rdata_form(uint16_t type)
{
	switch (type) {
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		return "n";
	case DNS_MX:
		return "2n";
	case DNS_SOA:
		return "nn44444";
	case DNS_TXT:
	case DNS_SPF:
		return "s";
	case DNS_TLSA:
		return "111h";
	case DNS_DS:
		return "211h";
	case DNS_DNSKEY:
		return "211h";
	default:
		return NULL;
	}
}

static bool put_address(struct mp_buf *b, struct mp_str word, int family)
{
	char text[MP_IP_TEXT];
	uint8_t bytes[16];

	if (word.n >= sizeof(text))
		return false;
	memcpy(text, word.p, word.n);
	text[word.n] = '\0';
	return inet_pton(family, text, bytes) == 1 && mp_buf_add(b, bytes, family == AF_INET ? 4 : 16);
}

static bool put_rdata(struct mp_buf *b, uint16_t type, const struct mp_str *w, size_t n)
{
	const char *form = rdata_form(type);

	if (n >= 2 && mp_str_eq(w[0], MP_LIT("\\#"))) {
		uint64_t len;

		for (size_t i = 2; i < n; i++) {
			if (!put_hex(b, w[i]))
				return false;
		}
		return mp_str_u64(w[1], 65535, &len) && len == b->n;
	}
	if (type == DNS_A || type == DNS_AAAA)
		return n == 1 && put_address(b, w[0], type == DNS_A ? AF_INET : AF_INET6);
	if (!form || n < strlen(form))
		return false;
	for (size_t i = 0; i < n; i++) {
		char kind = form[i < strlen(form) ? i : strlen(form) - 1];
		bool ok = kind == 'n'   ? put_name(b, w[i])
			  : kind == 's' ? put_string(b, w[i])
			  : kind == 'h' ? put_hex(b, w[i])
					: put_number(b, w[i], (unsigned)(kind - '0'));

		if (!ok)
			return false;
	}
	return n == strlen(form) || strchr("sh", form[strlen(form) - 1]) != NULL;
}

static bool parse_prefix(struct mp_str w, struct line *l)
{
	struct mp_str rest = mp_strn(w.p + 1, w.n - 1);

	if (mp_str_eq(rest, MP_LIT("resolver")))
		l->heard_by = BY_RESOLVER;
	else if (mp_str_eq(rest, MP_LIT("authority")))
		l->heard_by = BY_AUTHORITY;
	else if (mp_str_eq(rest, MP_LIT("receiver")))
		l->heard_by = BY_RECEIVER;
	else if (mp_ip_parse(rest, &l->server))
		l->heard_by = BY_SERVER;
	else
		return false;
	return true;
}

static bool parse_behaviour(const struct mp_str *w, size_t n, struct line *l)
{
	for (size_t i = 0; i < ARRAY_LEN(behaviours); i++) {
		uint64_t v = 0;

		if (!mp_str_eq(w[0], mp_str(behaviours[i].word)))
			continue;
		if (n != (behaviours[i].takes_number ? 2U : 1U))
			return false;
		if (behaviours[i].takes_number && !mp_str_u64(w[1], 600000, &v))
			return false;
		l->behaviour = behaviours[i].behaviour;
		l->number = (uint32_t)v;
		return true;
	}
	return false;
}

/* A behaviour's name: "*.name" is a subtree, "*" everything. */
static bool parse_subtree(struct mp_str w, struct line *l)
{
	if (w.n >= 1 && w.p[0] == '*' && (w.n == 1 || w.p[1] == '.')) {
		l->subtree = true;
		w = w.n <= 2 ? MP_LIT(".") : mp_strn(w.p + 2, w.n - 2);
	}
	return name_parse(w, &l->name);
}

static bool parse_line(
	struct mp_arena *a, struct world_zone *z, const struct words *ws, unsigned number, struct mp_err *err)
{
	struct line l = {.ttl = DEFAULT_TTL};
	const struct mp_str *w = ws->w;
	size_t n = ws->n;
	struct mp_str name;
	uint64_t v;

	if (mp_str_eq(w[0], MP_LIT("@ad"))) {
		struct wname top;

		if (n != 2 || !name_parse(w[1], &top))
			return complain(err, number, "@ad takes one name", n > 1 ? w[1] : w[0]);
		name_fold(&top);
		*MP_PUSH(a, z->ad, z->n_ad, z->cap_ad) = top;
		return true;
	}
	if (w[0].p[0] == '@') {
		if (!parse_prefix(w[0], &l))
			return complain(err, number, "unknown prefix", w[0]);
		w++;
		n--;
	}
	if (n < 2)
		return complain(err, number, "too few words", ws->w[0]);
	name = w[0];
	w++;
	n--;
	if (mp_str_u64(w[0], INT32_MAX, &v)) {
		l.has_ttl = true;
		l.ttl = (uint32_t)v;
		w++;
		n--;
	}
	if (n > 0 && w[0].p[0] != '!') {
		l.type = type_parse(w[0]);
		if (!l.type)
			return complain(err, number, "unknown type", w[0]);
		w++;
		n--;
	}
	if (n > 0 && w[0].p[0] == '!') {
		if (!parse_behaviour(w, n, &l))
			return complain(err, number, "no such behaviour, or not so", w[0]);
		if (!parse_subtree(name, &l))
			return complain(err, number, "no possible name", name);
		name_fold(&l.name);
	} else {
		struct mp_buf rdata = MP_BUF(65535);
		struct wname owner;
		bool ok = n > 0 && put_rdata(&rdata, l.type, w, n) && !rdata.full;

		l.rdata = mp_memdup(a, mp_buf_cstr(&rdata), rdata.n);
		l.n_rdata = rdata.n;
		mp_buf_release(&rdata);
		if (!ok)
			return complain(err, number, "rdata is not what this type has", n > 0 ? w[0] : name);
		if (!name_parse(name, &owner))
			return complain(err, number, "no possible name", name);
		l.name = owner;
		name_fold(&l.name);
		l.bad = !rr_decode(a, &l, &l.rr);
	}
	*MP_PUSH(a, z->lines, z->n, z->cap) = l;
	return true;
}

struct world_zone *world_zone_parse(struct mp_arena *a, const char *text, struct mp_err *err)
{
	struct world_zone *z = mp_alloc(a, sizeof(*z));
	struct mp_str rest = mp_str(text), part;

	for (unsigned number = 1; mp_str_split(&rest, '\n', &part); number++) {
		struct words ws;

		if (!words_split(part, &ws)) {
			complain(err, number, "open quote, or too many words", part);
			return NULL;
		}
		if (ws.n > 0 && !parse_line(a, z, &ws, number, err))
			return NULL;
	}
	return z;
}

/* ---- looking up */

/* -1: not heard; else the higher comes before the lower. */
static int rank(const struct line *l, const struct asked *who)
{
	switch (l->heard_by) {
	case BY_ALL:
		return 0;
	case BY_RESOLVER:
		return who->view == WORLD_RESOLVER || who->view == WORLD_RECEIVER ? 1 : -1;
	case BY_AUTHORITY:
		return who->view == WORLD_AUTHORITY ? 1 : -1;
	case BY_RECEIVER:
		return who->view == WORLD_RECEIVER ? 2 : -1;
	case BY_SERVER:
		return who->server && mp_ip_eq(who->server, &l->server) ? 3 : -1;
	}
	return -1;
}

static const struct line *find_behaviour(
	const struct world_zone *z, const struct asked *who, const struct wname *name, uint16_t type)
{
	const struct line *best = NULL;
	size_t best_weight = 0;

	for (size_t i = 0; i < z->n; i++) {
		const struct line *l = &z->lines[i];
		int r = rank(l, who);
		size_t weight;

		if (l->behaviour == RECORD || r < 0 || (l->type && l->type != type))
			continue;
		if (!(l->subtree ? name_under(name, &l->name) : name_eq(name, &l->name)))
			continue;
		/* the longer name, then the name itself, then the type, then who is asked */
		weight = ((l->name.n * 2 + !l->subtree) * 2 + (l->type != 0)) * 4 + (size_t)r + 1;
		if (weight > best_weight) {
			best = l;
			best_weight = weight;
		}
	}
	return best;
}

/* The rank that the RRset of this name and type is heard with; -1 when there is none. */
static int rrset_rank(const struct world_zone *z, const struct asked *who, const struct wname *name, uint16_t type)
{
	int best = -1;

	for (size_t i = 0; i < z->n; i++) {
		const struct line *l = &z->lines[i];

		if (l->behaviour == RECORD && l->type == type && rank(l, who) > best && name_eq(name, &l->name))
			best = rank(l, who);
	}
	return best;
}

static const struct line *rrset_next(const struct world_zone *z, const struct asked *who, const struct wname *name,
	uint16_t type, const struct line *after)
{
	int best = rrset_rank(z, who, name, type);

	if (best < 0)
		return NULL;
	for (const struct line *l = after ? after + 1 : z->lines; l < z->lines + z->n; l++) {
		if (l->behaviour == RECORD && l->type == type && rank(l, who) == best && name_eq(name, &l->name))
			return l;
	}
	return NULL;
}

static bool name_exists(const struct world_zone *z, const struct asked *who, const struct wname *name)
{
	for (size_t i = 0; i < z->n; i++) {
		const struct line *l = &z->lines[i];

		if (l->behaviour == RECORD && rank(l, who) >= 0 && name_under(&l->name, name))
			return true;
	}
	return false;
}

struct hit {
	struct wname owner;
	const struct line *line;
};

struct found {
	uint16_t rcode;
	bool silent, malformed, truncate, loop, lame;
	uint32_t delay_ms, lose;
	size_t n_chain;
	struct hit chain[MAX_CHAIN]; /* CNAMEs */
	struct wname last;           /* the name at the end of the chain */
	size_t n_rr, cap_rr;
	const struct line **rr;
	const struct line *soa; /* of a negative answer */
	uint32_t soa_ttl;
	size_t n_ns, cap_ns, n_glue, cap_glue;
	struct hit *ns, *glue; /* of a referral */
	bool ad;
};

static const struct line *find_apex(const struct world_zone *z, const struct asked *who, struct wname name)
{
	do {
		const struct line *soa = rrset_next(z, who, &name, DNS_SOA, NULL);

		if (soa)
			return soa;
	} while (name_up(&name));
	return NULL;
}

static void set_negative(struct found *f, uint16_t rcode, const struct line *apex, const struct line *behaviour)
{
	f->rcode = rcode;
	f->soa = apex;
	if (!apex)
		return;
	f->soa_ttl = apex->ttl;
	if (!apex->bad && apex->rr.soa.minimum < f->soa_ttl)
		f->soa_ttl = apex->rr.soa.minimum;
	if (behaviour && behaviour->has_ttl)
		f->soa_ttl = behaviour->ttl;
}

static void set_referral(const struct world_zone *z, const struct asked *who, const struct wname *cut, struct found *f,
	struct mp_arena *a)
{
	static const uint16_t address[] = {DNS_A, DNS_AAAA};

	for (const struct line *l = NULL; (l = rrset_next(z, who, cut, DNS_NS, l));) {
		struct mp_rd rd = mp_rd(l->rdata, l->n_rdata);
		struct wname host;

		*MP_PUSH(a, f->ns, f->n_ns, f->cap_ns) = (struct hit){*cut, l};
		if (!name_read(&rd, &host))
			continue;
		name_fold(&host);
		for (size_t t = 0; t < ARRAY_LEN(address); t++) {
			for (const struct line *g = NULL; (g = rrset_next(z, who, &host, address[t], g));)
				*MP_PUSH(a, f->glue, f->n_glue, f->cap_glue) = (struct hit){host, g};
		}
	}
}

/* Records of `at` that answer for `name`. False when the name goes on at a CNAME's target: then `name` is that. */
static bool take_rrset(const struct world_zone *z, const struct asked *who, const struct wname *at, struct wname *name,
	uint16_t type, struct found *f, struct mp_arena *a)
{
	const struct line *cname = type == DNS_CNAME ? NULL : rrset_next(z, who, at, DNS_CNAME, NULL);
	struct mp_rd rd;
	struct wname target;

	if (!cname) {
		for (const struct line *l = NULL; (l = rrset_next(z, who, at, type, l));)
			*MP_PUSH(a, f->rr, f->n_rr, f->cap_rr) = l;
		return true;
	}
	if (f->n_chain == MAX_CHAIN) {
		f->loop = true;
		return true;
	}
	f->chain[f->n_chain++] = (struct hit){*name, cname};
	rd = mp_rd(cname->rdata, cname->n_rdata);
	if (!name_read(&rd, &target)) {
		f->malformed = true;
		return true;
	}
	name_fold(&target);
	*name = target;
	for (size_t i = 0; i < f->n_chain; i++) {
		if (name_eq(&f->chain[i].owner, name)) {
			f->loop = true;
			return true;
		}
	}
	return false;
}

/* True when a behaviour settles the answer. */
static bool behave(const struct line *b, const struct line *apex, struct found *f)
{
	switch (b->behaviour) {
	case RECORD:
	case ANSWER:
		return false;
	case SERVFAIL:
		f->rcode = RCODE_SERVFAIL;
		return true;
	case REFUSED:
		f->rcode = RCODE_REFUSED;
		return true;
	case RCODE:
		f->rcode = (uint16_t)b->number;
		return true;
	case NXDOMAIN:
		set_negative(f, RCODE_NXDOMAIN, apex, b);
		return true;
	case NODATA:
		set_negative(f, RCODE_OK, apex, b);
		return true;
	case TIMEOUT:
		f->silent = true;
		return true;
	case LOSE:
		f->lose = b->number;
		return false;
	case SLOW:
		f->delay_ms += b->number;
		return false;
	case TRUNCATE:
		f->truncate = true;
		return false;
	case MALFORMED:
		f->malformed = true;
		return true;
	}
	return false;
}

/* One name of the chain. True when the answer is settled; false: `name` is a CNAME's target now. */
static bool look_up_name(const struct world_zone *z, const struct asked *who, struct wname *name, uint16_t type,
	struct found *f, struct mp_arena *a)
{
	const struct line *apex = find_apex(z, who, *name), *b = find_behaviour(z, who, name, type);
	struct wname at = *name;

	if (b && behave(b, apex, f))
		return true;
	if (!apex) {
		f->rcode = RCODE_REFUSED;
		return true;
	}
	for (struct wname cut = *name; !name_eq(&cut, &apex->name); name_up(&cut)) {
		if (rrset_rank(z, who, &cut, DNS_NS) < 0 || (type == DNS_DS && name_eq(&cut, name)))
			continue;
		if (who->view == WORLD_AUTHORITY)
			set_referral(z, who, &cut, f, a);
		else
			f->rcode = RCODE_SERVFAIL;
		f->lame = true;
		return true;
	}
	if (!name_exists(z, who, name)) {
		/* RFC 4592 3.3.1: the source of synthesis is the wildcard below the closest encloser */
		struct wname star = {.n = 2, .b = {1, '*'}};

		do {
			name_up(&at);
		} while (at.b[0] != 0 && !name_exists(z, who, &at));
		if (at.n <= NAME_MAX_WIRE - star.n) {
			memcpy(star.b + star.n, at.b, at.n);
			star.n += at.n;
		}
		if (!name_exists(z, who, &star)) {
			set_negative(f, RCODE_NXDOMAIN, apex, NULL);
			return true;
		}
		at = star;
	}
	if (!take_rrset(z, who, &at, name, type, f, a))
		return false;
	if (f->n_rr == 0 && !f->loop && !f->malformed)
		set_negative(f, RCODE_OK, apex, NULL);
	return true;
}

static bool name_signed(const struct world_zone *z, const struct wname *name)
{
	for (size_t i = 0; i < z->n_ad; i++) {
		if (name_under(name, &z->ad[i]))
			return true;
	}
	return false;
}

static void look_up(const struct world_zone *z, const struct asked *who, const struct wname *qname, uint16_t type,
	struct found *f, struct mp_arena *a)
{
	struct wname name = *qname;

	*f = (struct found){.ad = who->view != WORLD_AUTHORITY && name_signed(z, &name)};
	while (!look_up_name(z, who, &name, type, f, a))
		f->ad = f->ad && name_signed(z, &name);
	f->last = name;
	for (size_t i = 0; i < f->n_rr; i++)
		f->malformed = f->malformed || f->rr[i]->bad;
	if (f->rcode != RCODE_OK && f->rcode != RCODE_NXDOMAIN)
		f->ad = false;
}

/* ---- the answer as evidence */

static struct dns_rr rr_for(struct mp_arena *a, const struct wname *owner, const struct line *l)
{
	struct dns_rr rr = l->rr;

	rr.owner = name_dup(a, owner);
	return rr;
}

static enum dns_outcome outcome_of(const struct found *f)
{
	if (f->silent)
		return DNS_TIMEOUT;
	if (f->malformed || f->loop)
		return DNS_MALFORMED;
	switch (f->rcode) {
	case RCODE_OK:
		return f->n_rr ? DNS_ANSWERED : DNS_NODATA;
	case RCODE_NXDOMAIN:
		return DNS_NXDOMAIN;
	case RCODE_SERVFAIL:
		return DNS_SERVFAIL;
	case RCODE_REFUSED:
		return DNS_REFUSED;
	default:
		return DNS_OTHER;
	}
}

static struct dns_rr *hits(struct mp_arena *a, const struct hit *h, size_t n)
{
	struct dns_rr *rr = n ? mp_allocn(a, n, sizeof(*rr)) : NULL;

	for (size_t i = 0; i < n; i++)
		rr[i] = rr_for(a, &h[i].owner, h[i].line);
	return rr;
}

static void fill_records(struct mp_arena *a, const struct found *f, struct dns_answer *out)
{
	struct dns_rr *rr = f->n_rr ? mp_allocn(a, f->n_rr, sizeof(*rr)) : NULL;
	const char **cname = f->n_chain ? mp_allocn(a, f->n_chain, sizeof(*cname)) : NULL;
	uint32_t ttl = UINT32_MAX;

	for (size_t i = 0; i < f->n_chain; i++) {
		cname[i] = f->chain[i].line->rr.name;
		if (f->chain[i].line->ttl < ttl)
			ttl = f->chain[i].line->ttl;
	}
	for (size_t i = 0; i < f->n_rr; i++) {
		rr[i] = rr_for(a, &f->last, f->rr[i]);
		if (f->rr[i]->ttl < ttl)
			ttl = f->rr[i]->ttl;
	}
	out->n_rr = f->n_rr;
	out->rr = rr;
	out->n_cname = f->n_chain;
	out->cname = cname;
	out->ttl = ttl == UINT32_MAX ? 0 : ttl;
	if (f->soa && !f->soa->bad) {
		struct dns_rr *soa = mp_alloc(a, sizeof(*soa));

		*soa = rr_for(a, &f->soa->name, f->soa);
		soa->ttl = f->soa_ttl;
		out->soa = soa;
		out->negative_ttl = f->soa_ttl < soa->soa.minimum ? f->soa_ttl : soa->soa.minimum;
	}
	out->n_ns = f->n_ns;
	out->ns = hits(a, f->ns, f->n_ns);
	out->n_glue = f->n_glue;
	out->glue = hits(a, f->glue, f->n_glue);
}

/* The address of "IP:PORT" or "[IPv6]:PORT". */
static bool server_ip(const char *server, struct mp_ip *out)
{
	struct mp_str s = mp_str(server);
	const char *colon;

	if (s.n == 0)
		return false;
	colon = strrchr(server, ':');
	if (colon)
		s.n = (size_t)(colon - server);
	if (s.n > 2 && s.p[0] == '[' && s.p[s.n - 1] == ']')
		s = mp_strn(s.p + 1, s.n - 2);
	return mp_ip_parse(s, out);
}

const struct dns_answer *world_zone_answer_to(
	const struct world_zone *z, enum world_view view, const struct dns_question *q, struct mp_arena *a)
{
	struct dns_answer *out = mp_alloc(a, sizeof(*out));
	struct asked who = {.view = view};
	struct mp_ip server;
	struct wname name;
	struct found f;

	if (!name_parse(mp_str(q->name), &name)) {
		out->outcome = DNS_BADNAME;
		return out;
	}
	if (q->server && server_ip(q->server, &server))
		who.server = &server;
	name_fold(&name);
	look_up(z, &who, &name, q->type, &f, a);
	out->outcome = outcome_of(&f);
	out->took_ms = f.delay_ms;
	if (out->outcome == DNS_TIMEOUT)
		return out;
	out->server = q->server ? mp_dup(a, q->server) : "127.0.0.1:53";
	out->tcp = f.truncate;
	if (out->outcome == DNS_MALFORMED)
		return out;
	out->rcode = f.rcode;
	out->aa = view == WORLD_AUTHORITY && !f.lame && f.rcode != RCODE_REFUSED && f.rcode != RCODE_SERVFAIL;
	out->ra = view != WORLD_AUTHORITY;
	out->ad = f.ad;
	if (dns_known(out->outcome))
		fill_records(a, &f, out);
	return out;
}

const struct dns_answer *world_zone_answer(const struct world_zone *z, const struct dns_question *q, struct mp_arena *a)
{
	return world_zone_answer_to(z, q->norecurse ? WORLD_AUTHORITY : WORLD_RESOLVER, q, a);
}

/* ---- the answer as a message */

struct query {
	uint16_t id, flags, type;
	const uint8_t *question; /* as sent: name, type, class */
	size_t n_question;
	struct wname name;
	bool edns, dnssec_ok;
	uint16_t udp_size;
};

enum {
	FLAG_QR = 0x8000,
	FLAG_AA = 0x0400,
	FLAG_TC = 0x0200,
	FLAG_RD = 0x0100,
	FLAG_RA = 0x0080,
	FLAG_AD = 0x0020,
	FLAG_CD = 0x0010
};

static bool query_read(struct mp_str bytes, struct query *q)
{
	struct mp_rd rd = mp_rd(bytes.p, bytes.n);
	uint16_t n_question, n_answer, n_authority, n_additional;

	*q = (struct query){.udp_size = 512};
	q->id = mp_rd_u16(&rd);
	q->flags = mp_rd_u16(&rd);
	n_question = mp_rd_u16(&rd);
	n_answer = mp_rd_u16(&rd);
	n_authority = mp_rd_u16(&rd);
	n_additional = mp_rd_u16(&rd);
	if (rd.bad || n_question != 1 || n_answer || n_authority)
		return false;
	q->question = rd.p;
	if (!name_read(&rd, &q->name))
		return false;
	name_fold(&q->name);
	q->type = mp_rd_u16(&rd);
	mp_rd_u16(&rd); /* class */
	if (rd.bad)
		return false;
	q->n_question = (size_t)(rd.p - q->question);
	for (unsigned i = 0; i < n_additional; i++) {
		struct wname owner;
		uint16_t type, class;
		uint32_t ttl;

		if (!name_read(&rd, &owner))
			return false;
		type = mp_rd_u16(&rd);
		class = mp_rd_u16(&rd);
		ttl = mp_rd_u32(&rd);
		mp_rd_take(&rd, mp_rd_u16(&rd));
		if (rd.bad)
			return false;
		if (type == TYPE_OPT) {
			q->edns = true;
			q->dnssec_ok = ttl & 0x8000;
			q->udp_size = class < 512 ? 512 : class;
		}
	}
	return true;
}

static void put_rr(struct mp_buf *b, const struct wname *owner, const struct line *l, uint32_t ttl)
{
	mp_buf_add(b, owner->b, owner->n);
	put_u16(b, l->type);
	put_u16(b, 1);
	put_u32(b, ttl);
	put_u16(b, (uint16_t)l->n_rdata);
	mp_buf_add(b, l->rdata, l->n_rdata);
}

static void put_head(
	struct mp_buf *b, const struct query *q, uint16_t flags, size_t answers, size_t authority, size_t additional)
{
	put_u16(b, q->id);
	put_u16(b, flags);
	put_u16(b, q->n_question ? 1 : 0);
	put_u16(b, (uint16_t)answers);
	put_u16(b, (uint16_t)authority);
	put_u16(b, (uint16_t)(additional + q->edns));
	mp_buf_add(b, q->question, q->n_question);
}

static void put_opt(struct mp_buf *b, const struct query *q)
{
	if (!q->edns)
		return;
	mp_buf_addc(b, 0);
	put_u16(b, TYPE_OPT);
	put_u16(b, 1232);
	put_u32(b, q->dnssec_ok ? 0x8000 : 0);
	put_u16(b, 0);
}

static void put_message(struct mp_buf *b, const struct query *q, const struct found *f, uint16_t flags, size_t limit)
{
	put_head(b, q, flags, f->n_chain + f->n_rr, f->n_ns + (f->soa != NULL), f->n_glue);
	for (size_t i = 0; i < f->n_chain; i++)
		put_rr(b, &f->chain[i].owner, f->chain[i].line, f->chain[i].line->ttl);
	for (size_t i = 0; i < f->n_rr; i++)
		put_rr(b, &f->last, f->rr[i], f->rr[i]->ttl);
	for (size_t i = 0; i < f->n_ns; i++)
		put_rr(b, &f->ns[i].owner, f->ns[i].line, f->ns[i].line->ttl);
	if (f->soa)
		put_rr(b, &f->soa->name, f->soa, f->soa_ttl);
	for (size_t i = 0; i < f->n_glue; i++)
		put_rr(b, &f->glue[i].owner, f->glue[i].line, f->glue[i].line->ttl);
	put_opt(b, q);
	if (b->n > limit || b->full) {
		mp_buf_reset(b);
		put_head(b, q, flags | FLAG_TC, 0, 0, 0);
		put_opt(b, q);
	}
}

struct world_dns_reply world_zone_reply(
	const struct world_zone *z, struct mp_str query, const struct mp_ip *server, bool tcp, struct mp_arena *a)
{
	struct world_dns_reply out = {0};
	struct mp_buf b = MP_BUF(MAX_MESSAGE);
	struct asked who = {.server = server};
	char text[NAME_TEXT];
	struct query q;
	struct found f;
	uint16_t flags;

	if (query.n < 12 || ((uint8_t)query.p[2] & 0x80))
		return out; /* nothing that asks; a response must never be answered */
	if (!query_read(query, &q)) {
		q.n_question = 0;
		q.edns = false;
		put_head(&b, &q, FLAG_QR | RCODE_FORMERR, 0, 0, 0);
		goto out;
	}
	who.view = q.flags & FLAG_RD ? WORLD_RESOLVER : WORLD_AUTHORITY;
	look_up(z, &who, &q.name, q.type, &f, a);
	name_text(&q.name, text);
	snprintf(out.name, sizeof(out.name), "%.255s", text);
	out.type = q.type;
	out.delay_ms = f.delay_ms;
	out.lose = f.lose;
	if (f.silent)
		return out;
	flags = (uint16_t)(FLAG_QR | (q.flags & (FLAG_RD | FLAG_CD)) | (f.rcode & 15));
	if (who.view == WORLD_RESOLVER)
		flags |= FLAG_RA;
	else if (!f.lame && f.rcode != RCODE_REFUSED && f.rcode != RCODE_SERVFAIL)
		flags |= FLAG_AA;
	if (f.ad && (q.dnssec_ok || (q.flags & FLAG_AD)))
		flags |= FLAG_AD;
	if (f.malformed && f.n_rr == 0) {
		/* a record is promised and cut in the middle of its owner's name */
		put_head(&b, &q, flags, 1, 0, 0);
		mp_buf_add(&b,
			"\x3f"
			"cut",
			4);
	} else if (f.truncate && !tcp) {
		put_head(&b, &q, flags | FLAG_TC, 0, 0, 0);
		put_opt(&b, &q);
	} else {
		put_message(&b, &q, &f, flags, tcp ? MAX_MESSAGE : q.udp_size);
	}
out:
	out.p = mp_memdup(a, b.p, b.n);
	out.n = b.n;
	mp_buf_release(&b);
	return out;
}
