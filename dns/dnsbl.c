/* dns/dnsbl.c - see dns/dnsbl.h */
#include "dns/dnsbl.h"

#include "base/text.h"

#define CODE(b, c, d) (UINT32_C(127) << 24 | (uint32_t)(b) << 16 | (uint32_t)(c) << 8 | (uint32_t)(d))
#define ONE(b, c, d, means, words)                         \
	{                                                  \
		CODE(b, c, d), CODE(b, c, d), means, words \
	}
#define RANGE(b, c, d, e, means, words)                    \
	{                                                  \
		CODE(b, c, d), CODE(b, c, e), means, words \
	}
#define BIT(bit, means, words)       \
	{                            \
		0, bit, means, words \
	}

/*
 * Left out: lists that have ended (SORBS, AHBL, NiX Spam, WPBL ...), that answer paying customers alone, or that list
 * whole countries and providers by intent.
 */
const struct dnsbl_list dnsbl_lists[] = {
	{
		.zone = "zen.spamhaus.org",
		.name = "Spamhaus ZEN",
		.keyed = "zen.dq.spamhaus.net",
		.lists = DNSBL_IPV4 | DNSBL_IPV6,
		.code = {ONE(0, 0, 2, DNSBL_BLACK, "SBL: a source of spam"),
			ONE(0, 0, 3, DNSBL_BLACK, "CSS: low-reputation mail, seen by machines"),
			RANGE(0, 0, 4, 7, DNSBL_BLACK, "XBL: an infected or abused host"),
			ONE(0, 0, 9, DNSBL_BLACK, "DROP: a hijacked or criminal network"),
			ONE(0, 0, 10, DNSBL_POLICY,
				"PBL: an end-user range that its provider says sends no mail directly"),
			ONE(0, 0, 11, DNSBL_POLICY, "PBL: an end-user range that should send no mail directly"),
			ONE(0, 0, 30, DNSBL_BLACK, "BCL: a botnet controller")},
		.delist = "https://check.spamhaus.org/",
		.access = "public resolvers and shared networks are refused; a resolver of one's own is answered",
		.known = "2026-11",
	},
	{
		.zone = "bl.spamcop.net",
		.name = "SpamCop",
		.lists = DNSBL_IPV4,
		.code = {ONE(0, 0, 2, DNSBL_BLACK, "users reported spam from it in the last days")},
		.delist = "https://www.spamcop.net/bl.shtml",
		.known = "2025-06",
	},
	{
		.zone = "b.barracudacentral.org",
		.name = "Barracuda",
		.lists = DNSBL_IPV4,
		.code = {ONE(0, 0, 2, DNSBL_BLACK, "poor reputation at Barracuda's customers")},
		.delist = "https://www.barracudacentral.org/rbl/removal-request",
		.access = "resolvers are to be registered first",
		.known = "2025-06",
	},
	{
		.zone = "psbl.surriel.com",
		.name = "PSBL",
		.lists = DNSBL_IPV4,
		.code = {ONE(0, 0, 2, DNSBL_BLACK, "it wrote to a spam trap")},
		.delist = "https://psbl.org/remove",
		.known = "2025-06",
	},
	{
		.zone = "bl.mailspike.net",
		.name = "Mailspike",
		.lists = DNSBL_IPV4,
		.code = {ONE(0, 0, 2, DNSBL_BLACK, "takes part in a wave of spam"),
			ONE(0, 0, 10, DNSBL_BLACK, "the worst possible reputation"),
			ONE(0, 0, 11, DNSBL_BLACK, "a very bad reputation"),
			ONE(0, 0, 12, DNSBL_SUSPECT, "a bad reputation")},
		.delist = "https://mailspike.org/iplookup.html",
		.known = "2025-06",
	},
	{
		.zone = "dnsbl-1.uceprotect.net",
		.name = "UCEPROTECT level 1",
		.lists = DNSBL_IPV4,
		.code = {ONE(0, 0, 2, DNSBL_BLACK, "it wrote to a spam trap in the last seven days")},
		.delist = "https://www.uceprotect.net/en/rblcheck.php",
		.known = "2025-06",
	},
	{
		.zone = "dnsbl-2.uceprotect.net",
		.name = "UCEPROTECT level 2",
		.lists = DNSBL_IPV4,
		.code = {ONE(0, 0, 2, DNSBL_BROAD, "its provider's range, for the deeds of neighbours")},
		.delist = "https://www.uceprotect.net/en/rblcheck.php",
		.known = "2025-06",
	},
	{
		.zone = "dnsbl-3.uceprotect.net",
		.name = "UCEPROTECT level 3",
		.lists = DNSBL_IPV4,
		.code = {ONE(0, 0, 2, DNSBL_BROAD, "its provider's whole network, for the deeds of others")},
		.delist = "https://www.uceprotect.net/en/rblcheck.php",
		.known = "2025-06",
	},
	{
		.zone = "hostkarma.junkemailfilter.com",
		.name = "Hostkarma",
		.lists = DNSBL_IPV4,
		.code = {ONE(0, 0, 1, DNSBL_WHITE, "white: sends good mail alone"),
			ONE(0, 0, 2, DNSBL_BLACK, "black: a source of spam"),
			ONE(0, 0, 3, DNSBL_YELLOW, "yellow: sends good mail and bad, as large providers do"),
			ONE(0, 0, 4, DNSBL_SUSPECT, "brown: mostly spam, on the way to the black list"),
			ONE(0, 0, 5, DNSBL_WHITE, "no list should hold it")},
		.delist = "https://ipadmin.junkemailfilter.com/remove.php",
		.known = "2026-06",
	},
	{
		.zone = "list.dnswl.org",
		.name = "DNSWL",
		.lists = DNSBL_IPV4 | DNSBL_IPV6,
		.code = {ONE(0, 0, 255, DNSBL_REFUSAL, "too many questions from this resolver"),
			{CODE(0, 2, 0), CODE(0, 255, 3), DNSBL_WHITE, "a known sender"}},
		.delist = "https://www.dnswl.org/",
		.no_test = true,
		.access = "resolvers with many questions are refused",
		.known = "2025-06",
	},
	{
		.zone = "dbl.spamhaus.org",
		.name = "Spamhaus DBL",
		.keyed = "dbl.dq.spamhaus.net",
		.lists = DNSBL_DOMAINS,
		.code = {RANGE(0, 1, 2, 3, DNSBL_BLACK, "a domain of low reputation"),
			ONE(0, 1, 4, DNSBL_BLACK, "phishing"), ONE(0, 1, 5, DNSBL_BLACK, "malware"),
			ONE(0, 1, 6, DNSBL_BLACK, "botnet control"),
			ONE(0, 1, 102, DNSBL_BLACK, "a legitimate domain that is abused for spam"),
			ONE(0, 1, 103, DNSBL_BLACK, "a redirector that is abused for spam"),
			ONE(0, 1, 104, DNSBL_BLACK, "a legitimate domain that is abused for phishing"),
			ONE(0, 1, 105, DNSBL_BLACK, "a legitimate domain that is abused for malware"),
			ONE(0, 1, 106, DNSBL_BLACK, "a legitimate domain that is abused for botnet control"),
			ONE(0, 1, 255, DNSBL_REFUSAL, "addresses must not be asked for in a list of domains")},
		.delist = "https://check.spamhaus.org/",
		.test = "dbltest.com",
		.access = "public resolvers and shared networks are refused; a resolver of one's own is answered",
		.known = "2026-11",
	},
	{
		.zone = "multi.surbl.org",
		.name = "SURBL",
		.lists = DNSBL_DOMAINS,
		.code = {ONE(0, 0, 1, DNSBL_REFUSAL, "this resolver's questions are blocked"),
			BIT(8, DNSBL_BLACK, "PH: phishing"), BIT(16, DNSBL_BLACK, "MW: malware"),
			BIT(64, DNSBL_BLACK, "ABUSE: advertised by spam"), BIT(128, DNSBL_BLACK, "CR: a cracked site")},
		.delist = "https://surbl.org/surbl-analysis",
		.test = "test.surbl.org",
		.access = "resolvers with many questions are blocked",
		.known = "2025-06",
	},
	{
		.zone = "multi.uribl.com",
		.name = "URIBL",
		.lists = DNSBL_DOMAINS,
		.code = {ONE(0, 0, 1, DNSBL_REFUSAL, "this resolver's questions are blocked"),
			BIT(2, DNSBL_BLACK, "black: advertised by spam"),
			BIT(4, DNSBL_SUSPECT, "grey: bulk mail that not everybody asked for"),
			BIT(8, DNSBL_SUSPECT, "red: a domain that machines hold for spam, not confirmed")},
		.delist = "https://admin.uribl.com/",
		.test = "test.uribl.com",
		.access = "resolvers with many questions, public ones among them, are blocked",
		.known = "2025-06",
	},
};
const size_t dnsbl_n_lists = ARRAY_LEN(dnsbl_lists);

const struct dnsbl_list *dnsbl_list_by_zone(const char *zone)
{
	for (size_t i = 0; i < dnsbl_n_lists; i++)
		if (dns_name_eq(dnsbl_lists[i].zone, zone))
			return &dnsbl_lists[i];
	return NULL;
}

bool dnsbl_is_allow_list(const struct dnsbl_list *list)
{
	for (size_t i = 0; i < ARRAY_LEN(list->code) && list->code[i].words; i++)
		if (list->code[i].means > DNSBL_YELLOW && list->code[i].means < DNSBL_REFUSAL)
			return false;
	return true;
}

/* ---- codes */

/* What lists say to those whom they do not answer: Spamhaus, and others after its example. */
static const struct dnsbl_code refusals[] = {
	ONE(255, 255, 252, DNSBL_REFUSAL, "the zone's name is mistyped"),
	ONE(255, 255, 254, DNSBL_REFUSAL, "asked through a public resolver or a shared network"),
	ONE(255, 255, 255, DNSBL_REFUSAL, "too many questions"),
	{CODE(255, 255, 0), CODE(255, 255, 255), DNSBL_REFUSAL, "an error code"},
};

static const struct dnsbl_code *code_in(const struct dnsbl_code *codes, size_t n, uint32_t code)
{
	for (size_t i = 0; i < n && codes[i].words; i++)
		if (codes[i].from && code >= codes[i].from && code <= codes[i].to)
			return &codes[i];
	return NULL;
}

static bool is_loopback(uint32_t code)
{
	return code >> 24 == 127;
}

bool dnsbl_meaning(
	struct mp_arena *a, const struct dnsbl_list *list, uint32_t code, enum dnsbl_means *means, const char **words)
{
	const struct dnsbl_code *known = code_in(refusals, ARRAY_LEN(refusals), code);
	const char *all = NULL;

	if (!known)
		known = code_in(list->code, ARRAY_LEN(list->code), code);
	if (known) {
		*means = known->means;
		*words = known->words;
		return true;
	}
	*means = DNSBL_SUSPECT;
	for (size_t i = 0; i < ARRAY_LEN(list->code) && list->code[i].words; i++) {
		const struct dnsbl_code *c = &list->code[i];

		if (c->from || !(code & c->to) || code >> 8 != CODE(0, 0, 0) >> 8)
			continue;
		*means = !all || c->means > *means ? c->means : *means;
		all = all ? mp_printf(a, "%s; %s", all, c->words) : c->words;
	}
	*words = all ? all : "a code without a known meaning";
	return all != NULL;
}

static uint32_t code_of(const struct dns_rr *rr)
{
	const uint8_t *b = rr->ip.b;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* ---- asking */

/* The questions that one list answers about one subject. */
struct ask {
	struct mp_evidence *ev;
	struct mp_arena *a;
	const struct dnsbl_list *list;
	const char *subject, *never, *always; /* labels before the zone */
	const char *further;                  /* an entry that shows life as `always` does, or NULL */
	const char *never_words, *always_words;
	const struct dns_answer *said, *said_never, *said_always, *said_test;
};

static const struct dns_answer *look(struct ask *q, const char *labels, enum dns_type type)
{
	const struct dnsbl_list *l = q->list;

	return dns_ask(q->ev,
		mp_printf(q->a, "%s.%s%s", labels, l->with_key ? DNS_KEY_LABEL "." : "",
			l->with_key && l->keyed ? l->keyed : l->zone),
		type);
}

/* "10.113.0.203", or the nibbles: the reverse name without its tree. */
static const char *ip_labels(struct mp_arena *a, const struct mp_ip *ip)
{
	char name[MP_IP_REVERSE];
	size_t n = strlen(mp_ip_reverse(ip, name)),
	       tree = strlen(ip->family == MP_IPV4 ? ".in-addr.arpa" : ".ip6.arpa");

	return mp_dupn(a, name, n - tree);
}

/* 127.0.0.x of either family. Not by mp_ip_parse(), which makes IPv4 of the mapped form. */
static struct mp_ip test_address(enum mp_family family, uint8_t last)
{
	struct mp_ip ip = {.family = family};
	uint8_t *b = family == MP_IPV4 ? ip.b : ip.b + 12;

	if (family == MP_IPV6)
		ip.b[10] = ip.b[11] = 0xff;
	b[0] = 127;
	b[3] = last;
	return ip;
}

static bool says_nothing(struct dnsbl_verdict *out, bool silent, const char *trouble)
{
	*out = (struct dnsbl_verdict){.state = DNSBL_UNKNOWN, .trouble = trouble, .silent = silent};
	return true;
}

/* An answer that no healthy list gives to whoever it answers. True: `out` says so. */
static bool refused(struct ask *q, const struct dns_answer *answer, struct dnsbl_verdict *out)
{
	for (size_t i = 0; i < answer->n_rr; i++) {
		char text[MP_IP_TEXT];
		enum dnsbl_means means;
		const char *words;
		uint32_t code = code_of(&answer->rr[i]);

		mp_ip_text(&answer->rr[i].ip, text);
		if (!is_loopback(code))
			return says_nothing(out, false,
				mp_printf(q->a,
					"it answers %s, which is no code: the domain is parked, or the resolver rewrites "
					"answers",
					text));
		dnsbl_meaning(q->a, q->list, code, &means, &words);
		if (means == DNSBL_REFUSAL)
			return says_nothing(out, false,
				mp_printf(q->a, "it refuses to answer this resolver (%s: %s)", text, words));
	}
	return false;
}

/* True when something is wrong with the list: `out` says what. */
static bool unhealthy(struct ask *q, struct dnsbl_verdict *out)
{
	const struct dns_answer *all[] = {q->said, q->said_never, q->said_always, q->said_test};
	bool listed;

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i] && refused(q, all[i], out))
			return true;
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (all[i] && !dns_known(all[i]->outcome))
			return says_nothing(out, !dns_known(q->said_always->outcome),
				mp_printf(q->a, "it could not be asked (%s)", dns_outcome_words(all[i]->outcome)));
	if (q->said_never->outcome == DNS_ANSWERED)
		return says_nothing(out, false,
			mp_printf(q->a, "it lists everything, even %s, which no list may hold", q->never_words));
	listed = q->said_always->outcome == DNS_ANSWERED || (q->said_test && q->said_test->outcome == DNS_ANSWERED);
	if (!listed && !q->list->no_test)
		return says_nothing(out, true,
			mp_printf(q->a, "it lists nothing, not even %s, which every list holds", q->always_words));
	return false;
}

/* The list's own words; lists put a link there that names the entry. */
static const char *reason(struct mp_arena *a, const struct dns_answer *txt)
{
	enum { REASON_MAX = 300 };
	struct mp_str s;

	if (txt->outcome != DNS_ANSWERED)
		return NULL;
	s = mp_str_trim(mp_strn((const char *)txt->rr[0].txt.p, txt->rr[0].txt.n));
	return s.n ? mp_text(a, mp_strn(s.p, s.n < REASON_MAX ? s.n : REASON_MAX)) : NULL;
}

static int by_value(const void *x, const void *y)
{
	uint32_t a = *(const uint32_t *)x, b = *(const uint32_t *)y;

	return a < b ? -1 : a > b;
}

/* Codes in order of value: the same whatever order they came in. */
static void read_codes(struct ask *q, struct dnsbl_verdict *out)
{
	enum { CODES_MAX = 16 };
	uint32_t sorted[CODES_MAX];
	const char **codes = mp_allocn(q->a, CODES_MAX, sizeof(*codes));
	size_t n = q->said->n_rr < CODES_MAX ? q->said->n_rr : CODES_MAX;

	for (size_t i = 0; i < n; i++)
		sorted[i] = code_of(&q->said->rr[i]);
	qsort(sorted, n, sizeof(sorted[0]), by_value);
	for (size_t i = 0; i < n; i++) {
		enum dnsbl_means means;
		const char *words;

		if (i && sorted[i] == sorted[i - 1])
			continue;
		dnsbl_meaning(q->a, q->list, sorted[i], &means, &words);
		if (!out->meaning || means > out->means)
			out->means = means;
		if (!out->meaning)
			out->meaning = words;
		else if (!strstr(out->meaning, words))
			out->meaning = mp_printf(q->a, "%s; %s", out->meaning, words);
		codes[out->n_codes++] = mp_printf(q->a, "%u.%u.%u.%u", sorted[i] >> 24, sorted[i] >> 16 & 255,
			sorted[i] >> 8 & 255, sorted[i] & 255);
	}
	out->codes = codes;
}

static bool ask(struct ask *q, struct dnsbl_verdict *out)
{
	struct dnsbl_verdict v = {.state = DNSBL_CLEAR};
	const struct dns_answer *txt;

	q->said = look(q, q->subject, DNS_A);
	q->said_never = look(q, q->never, DNS_A);
	q->said_always = look(q, q->always, DNS_A);
	q->said_test = q->further ? look(q, q->further, DNS_A) : NULL;
	if (!q->said || !q->said_never || !q->said_always || (q->further && !q->said_test))
		return false;
	if (unhealthy(q, out))
		return true;
	if (q->said->outcome == DNS_ANSWERED) {
		v.state = DNSBL_LISTED;
		read_codes(q, &v);
		txt = look(q, q->subject, DNS_TXT);
		if (!txt)
			return false;
		v.reason = reason(q->a, txt);
	}
	*out = v;
	return true;
}

bool dnsbl_ask_ip(struct mp_evidence *ev, struct mp_arena *a, const struct dnsbl_list *list, const struct mp_ip *ip,
	struct dnsbl_verdict *out)
{
	struct mp_ip never = test_address(ip->family, 1), always = test_address(ip->family, 2);
	struct mp_ip of_ipv4 = test_address(MP_IPV4, 2);
	struct ask q = {.ev = ev, .a = a, .list = list, .further = list->test};

	/* Lists of both families need not hold the test entry of IPv6: that of IPv4 shows that the zone is alive. */
	if (ip->family == MP_IPV6 && list->lists & DNSBL_IPV4)
		q.further = ip_labels(a, &of_ipv4);
	q.subject = ip_labels(a, ip);
	q.never = ip_labels(a, &never);
	q.always = ip_labels(a, &always);
	q.never_words = ip->family == MP_IPV4 ? "127.0.0.1" : "::ffff:127.0.0.1";
	q.always_words = ip->family == MP_IPV4 ? "127.0.0.2" : "::ffff:127.0.0.2";
	return ask(&q, out);
}

bool dnsbl_ask_domain(struct mp_evidence *ev, struct mp_arena *a, const struct dnsbl_list *list, const char *domain,
	struct dnsbl_verdict *out)
{
	struct ask q = {.ev = ev, .a = a, .list = list, .further = list->test};

	q.subject = domain;
	q.never = "invalid";
	q.always = "test";
	q.never_words = "the domain INVALID";
	q.always_words = "the domain TEST";
	return ask(&q, out);
}
