/* dns/msg.c - see dns/msg.h */
#include "base/rd.h"
#include "base/text.h"
#include "dns/msg.h"

enum {
	HEADER = 12,
	FLAG_QR = 0x8000,
	FLAG_AA = 0x0400,
	FLAG_TC = 0x0200,
	FLAG_RD = 0x0100,
	FLAG_RA = 0x0080,
	FLAG_AD = 0x0020,
	OPCODE = 0x7800,
	CLASS_IN = 1,
	TYPE_OPT = 41,
	EDNS_DO = 0x8000,
	OPTION_EDE = 15,
	EDE_TEXT_MAX = 200,
};

/* ---- names */

/* An uncompressed name. Length bytes stay below 64, so folding case over all bytes touches letters only. */
struct name {
	size_t n;
	uint8_t b[DNS_NAME_WIRE];
};

static uint8_t fold(uint8_t c)
{
	return (uint8_t)mp_tolower((char)c);
}

static bool name_eq(const struct name *a, const struct name *b)
{
	if (a->n != b->n)
		return false;
	for (size_t i = 0; i < a->n; i++)
		if (fold(a->b[i]) != fold(b->b[i]))
			return false;
	return true;
}

static uint32_t name_hash(const struct name *a) /* FNV-1a, case folded */
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < a->n; i++)
		h = (h ^ fold(a->b[i])) * 16777619U;
	return h;
}

size_t dns_name_to_wire(const char *s, uint8_t out[static DNS_NAME_WIRE])
{
	size_t n = 1, label = 0; /* out[label] is the length byte of the label being filled */

	if (!s || !*s)
		return 0;
	if (strcmp(s, ".") == 0) {
		out[0] = 0;
		return 1;
	}
	while (*s) {
		unsigned c = (unsigned char)*s++;

		if (c == '.') {
			if (n == label + 1)
				return 0;
			out[label] = (uint8_t)(n - label - 1);
			label = n++;
			if (n > DNS_NAME_WIRE)
				return 0;
			continue;
		}
		if (c == '\\') {
			if (mp_isdigit(s[0])) {
				if (!mp_isdigit(s[1]) || !mp_isdigit(s[2]))
					return 0;
				c = (unsigned)((s[0] - '0') * 100 + (s[1] - '0') * 10 + (s[2] - '0'));
				if (c > 255)
					return 0;
				s += 3;
			} else if (*s) {
				c = (unsigned char)*s++;
			} else {
				return 0;
			}
		}
		if (n - label - 1 == 63 || n == DNS_NAME_WIRE)
			return 0;
		out[n++] = (uint8_t)c;
	}
	if (n == label + 1) { /* the last dot: this empty label is the root's */
		out[label] = 0;
		return n;
	}
	out[label] = (uint8_t)(n - label - 1);
	if (n == DNS_NAME_WIRE)
		return 0;
	out[n++] = 0;
	return n;
}

char *dns_name_from_wire(const uint8_t *w, char out[static DNS_NAME_TEXT])
{
	char *o = out;

	if (!*w)
		*o++ = '.';
	while (*w) {
		for (uint8_t left = *w++; left; left--, w++) {
			if (*w == '.' || *w == '\\') {
				*o++ = '\\';
				*o++ = (char)*w;
			} else if (*w > 0x20 && *w < 0x7f) {
				*o++ = (char)*w;
			} else {
				*o++ = '\\';
				*o++ = (char)('0' + *w / 100);
				*o++ = (char)('0' + *w / 10 % 10);
				*o++ = (char)('0' + *w % 10);
			}
		}
		if (*w)
			*o++ = '.';
	}
	*o = '\0';
	return out;
}

/* ---- the query */

static uint8_t *put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

size_t dns_query_build(const struct dns_question *q, uint16_t id, bool edns, uint8_t out[static DNS_QUERY_MAX])
{
	uint8_t *p = out;
	size_t n;

	p = put16(p, id);
	p = put16(p, FLAG_AD | (q->norecurse ? 0U : FLAG_RD));
	p = put16(p, 1);
	p = put16(p, 0);
	p = put16(p, 0);
	p = put16(p, edns ? 1 : 0);
	n = dns_name_to_wire(q->name, p);
	if (!n)
		return 0;
	p += n;
	p = put16(p, q->type);
	p = put16(p, CLASS_IN);
	if (edns) {
		*p++ = 0;
		p = put16(p, TYPE_OPT);
		p = put16(p, DNS_UDP_SIZE);
		p = put16(p, 0); /* extended RCODE, version */
		p = put16(p, EDNS_DO);
		p = put16(p, 0);
	}
	return (size_t)(p - out);
}

/* ---- the reply */

struct record { /* where a record lies in the message */
	uint32_t owner_hash;
	const uint8_t *owner;
	uint16_t type;
	uint32_t ttl;
	struct mp_rd rdata;
	bool ours; /* class IN, and no OPT */
};

struct msg {
	const uint8_t *p;
	size_t n;
	struct mp_arena *a;
	const char *why; /* what is malformed; NULL while nothing is */
	size_t n_answer, n_authority, n_records;
	struct record *records;
	bool edns;
	unsigned ext_rcode;
	const char *ede;
	struct name last_owner; /* the records of a set share one text */
	const char *last_owner_text;
};

static bool malformed(struct msg *m, const char *why)
{
	if (!m->why)
		m->why = why;
	return false;
}

/*
 * Read a name at `r`, compression followed. A pointer must lead before the place where the present run of labels began,
 * so every jump goes strictly backwards and the walk ends.
 */
static bool read_name(struct msg *m, struct mp_rd *r, struct name *out)
{
	struct mp_rd at = *r;
	size_t run = (size_t)(r->p - m->p);
	bool jumped = false;

	out->n = 0;
	for (;;) {
		uint8_t len = mp_rd_u8(&at);
		const uint8_t *label;

		if ((len & 0xc0) == 0xc0) {
			size_t to = (size_t)(len & 0x3f) << 8 | mp_rd_u8(&at);

			if (at.bad)
				return malformed(m, "a name is cut short");
			if (to < HEADER || to >= run)
				return malformed(m, "a compressed name does not point backwards");
			if (!jumped)
				*r = at;
			jumped = true;
			run = to;
			at = mp_rd(m->p + to, m->n - to);
			continue;
		}
		if (len & 0xc0)
			return malformed(m, "a name has a label of unknown kind");
		label = mp_rd_take(&at, len);
		if (!label)
			return malformed(m, "a name is cut short");
		if (out->n + 1 + len > DNS_NAME_WIRE)
			return malformed(m, "a name is longer than 255 bytes");
		out->b[out->n++] = len;
		memcpy(out->b + out->n, label, len);
		out->n += len;
		if (len == 0)
			break;
	}
	if (!jumped)
		*r = at;
	return true;
}

static const char *keep_name(struct msg *m, const struct name *name)
{
	char text[DNS_NAME_TEXT];

	return mp_dup(m->a, dns_name_from_wire(name->b, text));
}

/* Names of RFC 8914's codes, registered as of 2024. */
static const char *const ede_names[] = {
	[0] = "other error",
	[1] = "unsupported DNSKEY algorithm",
	[2] = "unsupported DS digest type",
	[3] = "stale answer",
	[4] = "forged answer",
	[5] = "DNSSEC indeterminate",
	[6] = "DNSSEC bogus",
	[7] = "signature expired",
	[8] = "signature not yet valid",
	[9] = "DNSKEY missing",
	[10] = "RRSIGs missing",
	[11] = "no zone key bit set",
	[12] = "NSEC missing",
	[13] = "cached error",
	[14] = "not ready",
	[15] = "blocked",
	[16] = "censored",
	[17] = "filtered",
	[18] = "prohibited",
	[19] = "stale NXDOMAIN answer",
	[20] = "not authoritative",
	[21] = "not supported",
	[22] = "no reachable authority",
	[23] = "network error",
	[24] = "invalid data",
};

/* RFC 6891 6.1.2, and RFC 8914 2 within. The first extended error is kept. */
static bool read_opt(struct msg *m, uint32_t ttl, struct mp_rd r)
{
	if (m->edns)
		return malformed(m, "two OPT records");
	m->edns = true;
	m->ext_rcode = ttl >> 24;
	while (mp_rd_left(&r) > 0) {
		uint16_t code = mp_rd_u16(&r), len = mp_rd_u16(&r);
		const uint8_t *p = mp_rd_take(&r, len);
		const char *name;
		char *text;
		unsigned info;

		if (!p)
			return malformed(m, "an OPT record is cut short");
		if (code != OPTION_EDE || len < 2 || m->ede)
			continue;
		info = (unsigned)p[0] << 8 | p[1];
		name = info < ARRAY_LEN(ede_names) ? ede_names[info] : mp_printf(m->a, "extended error %u", info);
		len = (uint16_t)(len - 2);
		while (len > 0 && p[1 + len] == '\0') /* some servers send the NUL along */
			len--;
		text = mp_text(m->a, mp_strn((const char *)p + 2, len < EDE_TEXT_MAX ? len : EDE_TEXT_MAX));
		m->ede = *text ? mp_printf(m->a, "%s: %s", name, text) : name;
	}
	return true;
}

static bool read_record(struct msg *m, struct mp_rd *r, bool additional, struct record *out)
{
	struct name owner;
	const uint8_t *rdata;
	uint16_t class;
	size_t n;

	out->owner = r->p;
	if (!read_name(m, r, &owner))
		return false;
	out->owner_hash = name_hash(&owner);
	out->type = mp_rd_u16(r);
	class = mp_rd_u16(r);
	out->ttl = mp_rd_u32(r);
	n = mp_rd_u16(r);
	rdata = mp_rd_take(r, n);
	if (!rdata)
		return malformed(m, "a record is cut short");
	out->rdata = mp_rd(rdata, n);
	if (out->type == TYPE_OPT)
		return additional ? read_opt(m, out->ttl, out->rdata) : malformed(m, "an OPT record out of place");
	if (out->ttl > INT32_MAX) /* RFC 2181 8 */
		out->ttl = 0;
	out->ours = class == CLASS_IN;
	return true;
}

static bool read_rdata_name(struct msg *m, struct mp_rd *r, const char **out)
{
	struct name name;

	if (!read_name(m, r, &name))
		return false;
	if (out)
		*out = keep_name(m, &name);
	return true;
}

static bool read_txt(struct msg *m, struct mp_rd *r, struct dns_rr *out)
{
	struct mp_rd strings = *r;
	size_t total = 0, count = 0;
	uint8_t *bytes;

	while (mp_rd_left(r) > 0) {
		uint8_t len = mp_rd_u8(r);

		if (!mp_rd_take(r, len))
			return malformed(m, "a text string is cut short");
		total += len;
		count++;
	}
	if (!out)
		return true;
	bytes = mp_alloc(m->a, total + 1);
	out->txt.p = bytes;
	out->txt.n = total;
	out->txt.n_strings = count;
	while (mp_rd_left(&strings) > 0) {
		uint8_t len = mp_rd_u8(&strings);

		memcpy(bytes, mp_rd_take(&strings, len), len);
		bytes += len;
	}
	return true;
}

/* Decode the record's data. With `out` NULL it is only checked, so that a broken record anywhere is noticed. */
static bool read_rdata(struct msg *m, const struct record *rec, struct dns_rr *out)
{
	struct mp_rd r = rec->rdata;
	const char *name = NULL;
	size_t want;
	uint8_t head[3];

	switch (rec->type) {
	case DNS_A:
	case DNS_AAAA:
		want = rec->type == DNS_A ? 4 : 16;
		if (mp_rd_left(&r) != want)
			return malformed(m, "an address of the wrong length");
		if (out) {
			out->ip.family = rec->type == DNS_A ? MP_IPV4 : MP_IPV6;
			memcpy(out->ip.b, mp_rd_take(&r, want), want);
		}
		return true;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_PTR:
		if (!read_rdata_name(m, &r, out ? &name : NULL))
			return false;
		if (out)
			out->name = name;
		break;
	case DNS_MX: {
		uint16_t preference = mp_rd_u16(&r);

		if (!read_rdata_name(m, &r, out ? &name : NULL))
			return false;
		if (out) {
			out->mx.preference = preference;
			out->mx.exchange = name;
		}
		break;
	}
	case DNS_SOA: {
		const char *rname = NULL;

		if (!read_rdata_name(m, &r, out ? &name : NULL) || !read_rdata_name(m, &r, out ? &rname : NULL))
			return false;
		if (mp_rd_left(&r) == 20 && out) {
			out->soa.mname = name;
			out->soa.rname = rname;
			out->soa.serial = mp_rd_u32(&r);
			out->soa.refresh = mp_rd_u32(&r);
			out->soa.retry = mp_rd_u32(&r);
			out->soa.expire = mp_rd_u32(&r);
			out->soa.minimum = mp_rd_u32(&r);
		} else {
			mp_rd_take(&r, 20);
		}
		break;
	}
	case DNS_TXT:
	case DNS_SPF:
		return read_txt(m, &r, out);
	case DNS_TLSA:
		head[0] = mp_rd_u8(&r);
		head[1] = mp_rd_u8(&r);
		head[2] = mp_rd_u8(&r);
		if (r.bad)
			break;
		if (out) {
			out->tlsa.usage = head[0];
			out->tlsa.selector = head[1];
			out->tlsa.matching = head[2];
			out->tlsa.n = mp_rd_left(&r);
			out->tlsa.p = mp_memdup(m->a, r.p, out->tlsa.n);
		}
		return true;
	default:
		if (out) {
			out->raw.n = mp_rd_left(&r);
			out->raw.p = mp_memdup(m->a, r.p, out->raw.n);
		}
		return true;
	}
	if (r.bad || mp_rd_left(&r) > 0)
		return malformed(m, "a record's data has the wrong length");
	return true;
}

static void keep_record(struct msg *m, const struct record *rec, struct dns_rr *out)
{
	struct mp_rd r = mp_rd(rec->owner, (size_t)(m->p + m->n - rec->owner));
	struct name owner;

	read_name(m, &r, &owner);
	if (!m->last_owner_text || owner.n != m->last_owner.n || memcmp(owner.b, m->last_owner.b, owner.n) != 0) {
		m->last_owner = owner;
		m->last_owner_text = keep_name(m, &owner);
	}
	out->owner = m->last_owner_text;
	out->type = rec->type;
	out->ttl = rec->ttl;
	read_rdata(m, rec, out);
}

/* The first record of this type that `name` owns in the answer section, from index `from` on; n_answer without one. */
static size_t next_owned(struct msg *m, size_t from, const struct name *name, uint16_t type)
{
	uint32_t hash = name_hash(name);

	for (; from < m->n_answer; from++) {
		const struct record *rec = &m->records[from];
		struct mp_rd r;
		struct name owner;

		if (!rec->ours || rec->type != type || rec->owner_hash != hash)
			continue;
		r = mp_rd(rec->owner, (size_t)(m->p + m->n - rec->owner));
		if (read_name(m, &r, &owner) && name_eq(&owner, name))
			break;
	}
	return from;
}

/* All records of one type in a section, whoever owns them; a second type may be taken along. */
static size_t keep_section(
	struct msg *m, size_t from, size_t to, uint16_t type, uint16_t or_type, const struct dns_rr **out)
{
	struct dns_rr *list;
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += m->records[i].ours && (m->records[i].type == type || m->records[i].type == or_type);
	if (!n)
		return 0;
	*out = list = mp_allocn(m->a, n, sizeof(*list));
	for (size_t i = from; i < to; i++)
		if (m->records[i].ours && (m->records[i].type == type || m->records[i].type == or_type))
			keep_record(m, &m->records[i], list++);
	return n;
}

static void least(uint32_t *ttl, bool *first, uint32_t v)
{
	if (*first || v < *ttl)
		*ttl = v;
	*first = false;
}

/* The records of the type asked that belong to `name`; other records (signatures) may stand between them. */
static bool keep_owned(struct msg *m, const struct name *name, uint16_t type, struct dns_answer *ans, bool *first_ttl)
{
	struct dns_rr *list;
	size_t n = 0;

	for (size_t i = next_owned(m, 0, name, type); i < m->n_answer; i = next_owned(m, i + 1, name, type))
		n++;
	if (!n)
		return false;
	ans->rr = list = mp_allocn(m->a, n, sizeof(*list));
	ans->n_rr = n;
	for (size_t i = next_owned(m, 0, name, type); i < m->n_answer; i = next_owned(m, i + 1, name, type)) {
		keep_record(m, &m->records[i], list++);
		least(&ans->ttl, first_ttl, m->records[i].ttl);
	}
	return true;
}

/*
 * RFC 1034 3.6.2, the resolver's side:
 *  1. records of the type asked at the present name: the answer;
 *  2. else a CNAME at it: note its target and go on there, unless it was met before;
 *  3. else the chain ends without a record.
 */
static bool follow_chain(struct msg *m, const struct name *asked, uint16_t type, struct dns_answer *ans)
{
	struct name met[DNS_CHAIN_MAX + 1];
	const char **chain = NULL;
	bool first_ttl = true;

	met[0] = *asked;
	for (size_t n = 0;; n++) {
		const struct record *cname;
		struct mp_rd r;
		size_t at;

		ans->n_cname = n;
		ans->cname = chain;
		if (keep_owned(m, &met[n], type, ans, &first_ttl) || type == DNS_CNAME)
			return true;
		at = next_owned(m, 0, &met[n], DNS_CNAME);
		if (at == m->n_answer)
			return true;
		cname = &m->records[at];
		if (n == DNS_CHAIN_MAX)
			return malformed(m, "CNAME chain of more than 16 links");
		r = cname->rdata;
		if (!read_name(m, &r, &met[n + 1]))
			return false;
		for (size_t i = 0; i <= n; i++)
			if (name_eq(&met[i], &met[n + 1]))
				return malformed(m, "CNAME loop");
		if (!chain)
			chain = mp_allocn(m->a, DNS_CHAIN_MAX, sizeof(*chain));
		chain[n] = keep_name(m, &met[n + 1]);
		least(&ans->ttl, &first_ttl, cname->ttl);
	}
}

static bool read_sections(struct msg *m, struct mp_rd *r, size_t answer, size_t authority, size_t additional)
{
	m->n_answer = answer;
	m->n_authority = authority;
	m->n_records = answer + authority + additional;
	if (m->n_records > DNS_RR_MAX)
		return malformed(m, "too many records");
	m->records = mp_xcalloc(m->n_records ? m->n_records : 1, sizeof(*m->records));
	for (size_t i = 0; i < m->n_records; i++)
		if (!read_record(m, r, i >= answer + authority, &m->records[i]) ||
			(m->records[i].ours && !read_rdata(m, &m->records[i], NULL)))
			return false;
	return true;
}

static bool read_question(struct msg *m, struct mp_rd *r, const struct name *asked, uint16_t type)
{
	struct name name;

	if (!read_name(m, r, &name))
		return false;
	if (!name_eq(&name, asked) || mp_rd_u16(r) != type || mp_rd_u16(r) != CLASS_IN || r->bad)
		return malformed(m, "the question is not the one asked");
	return true;
}

static enum dns_outcome classify(const struct dns_answer *ans, const struct dns_question *q)
{
	switch (ans->rcode) {
	case DNS_RCODE_NOERROR:
		if (ans->n_rr)
			return DNS_ANSWERED;
		/* A server that was to recurse and sends a referral instead has told nothing of the name. */
		if (!q->norecurse && !ans->ra && !ans->aa && ans->n_ns && !ans->soa && !ans->n_cname)
			return DNS_REFUSED;
		return DNS_NODATA;
	case DNS_RCODE_NXDOMAIN:
		return DNS_NXDOMAIN;
	case DNS_RCODE_SERVFAIL:
		return DNS_SERVFAIL;
	case DNS_RCODE_REFUSED:
		return DNS_REFUSED;
	default:
		return DNS_OTHER;
	}
}

static void read_reply(struct msg *m, const struct dns_question *q, struct dns_answer *ans)
{
	struct mp_rd r = mp_rd(m->p, m->n);
	struct name asked;
	unsigned flags;
	size_t count[4];

	asked.n = dns_name_to_wire(q->name, asked.b);
	mp_rd_u16(&r);
	flags = mp_rd_u16(&r);
	for (size_t i = 0; i < ARRAY_LEN(count); i++)
		count[i] = mp_rd_u16(&r);
	if (r.bad) {
		malformed(m, "the message is shorter than its header");
		return;
	}
	ans->aa = flags & FLAG_AA;
	ans->ra = flags & FLAG_RA;
	ans->ad = flags & FLAG_AD;
	ans->rcode = flags & 15;
	if (!(flags & FLAG_QR) || (flags & OPCODE) || !asked.n) {
		malformed(m, "no response to a query");
		return;
	}
	if (flags & FLAG_TC) {
		malformed(m, "truncated, over TCP too");
		return;
	}
	if (count[0] == 0 && ans->rcode != DNS_RCODE_NOERROR && ans->rcode != DNS_RCODE_NXDOMAIN) {
		/* An error without the question: the header is all there need be. */
	} else if (count[0] != 1) {
		malformed(m, "not one question");
		return;
	} else if (!read_question(m, &r, &asked, q->type)) {
		return;
	}
	if (!read_sections(m, &r, count[1], count[2], count[3]))
		return;
	ans->rcode = (uint16_t)(ans->rcode | m->ext_rcode << 4);
	if (!follow_chain(m, &asked, q->type, ans))
		return;
	keep_section(m, m->n_answer, m->n_answer + m->n_authority, DNS_SOA, DNS_SOA, &ans->soa);
	ans->n_ns = keep_section(m, m->n_answer, m->n_answer + m->n_authority, DNS_NS, DNS_NS, &ans->ns);
	ans->n_glue = keep_section(m, m->n_answer + m->n_authority, m->n_records, DNS_A, DNS_AAAA, &ans->glue);
	if (ans->soa)
		ans->negative_ttl = ans->soa->ttl < ans->soa->soa.minimum ? ans->soa->ttl : ans->soa->soa.minimum;
	ans->outcome = classify(ans, q);
	if (ans->outcome == DNS_REFUSED && ans->rcode == DNS_RCODE_NOERROR)
		ans->detail = "does not offer recursion";
	else if (!dns_known(ans->outcome))
		ans->detail = m->ede;
	if (ans->outcome != DNS_ANSWERED) {
		ans->n_rr = 0;
		ans->rr = NULL;
	}
}

void dns_reply_parse(
	struct mp_arena *a, const struct dns_question *q, const uint8_t *p, size_t n, struct dns_reply *out)
{
	struct msg m = {.p = p, .n = n, .a = a};

	memset(out, 0, sizeof(*out));
	read_reply(&m, q, &out->answer);
	out->edns = m.edns;
	free(m.records);
	if (m.why) {
		struct dns_answer bad = {
			.outcome = DNS_MALFORMED,
			.rcode = out->answer.rcode,
			.aa = out->answer.aa,
			.ad = out->answer.ad,
			.ra = out->answer.ra,
			.detail = m.why,
		};

		out->answer = bad;
	}
}
