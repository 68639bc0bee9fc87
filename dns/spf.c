/* dns/spf.c - see dns/spf.h */
#include "base/text.h"
#include "dns/spf_record.h"

/*
 * One pass over the tree of records, in the RFC's order:
 * 1. Answers that are there are used; at the first that is not, the verdict of this pass is "pending".
 * 2. From there on the pass only asks ahead: a term that cannot be evaluated yet is taken for one that does not match,
 *    so that the questions of the terms behind it are asked as well; a term that surely matches still ends a record.
 * 3. Counts of such a pass are too low or right, never too high: they bound what is asked ahead.
 */

enum {
	NAME_BYTES = 253,       /* of a name, without the last dot (7.3) */
	EXPLANATION_MAX = 4096, /* bytes: more than an SMTP reply may have */
	AHEAD_MAX = 32,         /* questions of one pass after the first that is open */
	SHOWN = 80,             /* bytes of a term in a sentence */
};

struct target {
	struct mp_str raw; /* as macros have it, without the last dot */
	const char *text;  /* presentation form; NULL: no possible name */
};

struct ctx {
	struct mp_evidence *ev;
	struct mp_arena *a;
	const struct spf_request *rq;
	struct mp_ip ip;
	struct mp_str local, sender, sender_domain;
	struct spf_verdict *v; /* of the whole evaluation */
	const char *problem;
	unsigned lookups, voids;
	bool pending;
	unsigned ahead; /* questions asked ahead in this pass */
	/* what the record that decided says of its "fail" */
	struct mp_str exp;
	struct target exp_domain;
	/* counting the whole tree instead of looking for a match */
	struct spf_tree *tree;
	unsigned followed; /* other terms than include and redirect that were looked up */
	struct spf_seen {
		const char *domain;
		bool open;               /* the terms at hand are inside it */
		unsigned lookups, voids; /* what it cost */
	} seen[SPF_TREE_TERMS + 2];      /* domains whose record is in the tree already */
	size_t n_seen;
	const char **lines, **void_lines;
	size_t n_lines, cap_lines, n_voids, cap_voids;
};

const char *spf_result_name(enum spf_result r)
{
	static const char *const names[] = {
		[SPF_NONE] = "none",
		[SPF_NEUTRAL] = "neutral",
		[SPF_PASS] = "pass",
		[SPF_FAIL] = "fail",
		[SPF_SOFTFAIL] = "softfail",
		[SPF_TEMPERROR] = "temperror",
		[SPF_PERMERROR] = "permerror",
	};

	return names[r];
}

const char *spf_record_fault(struct mp_arena *a, struct mp_str record)
{
	struct spf_record r;

	return spf_record_parse(a, record, &r);
}

static const char *shown(struct ctx *c, struct mp_str s)
{
	return mp_printf(
		c->a, "%s%s", mp_text(c->a, mp_strn(s.p, s.n < SHOWN ? s.n : SHOWN)), s.n > SHOWN ? "[...]" : "");
}

static enum spf_result trouble(struct ctx *c, enum spf_result r, const char *fmt, ...) MP_PRINTF(3, 4);

static enum spf_result trouble(struct ctx *c, enum spf_result r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	c->problem = mp_vprintf(c->a, fmt, ap);
	va_end(ap);
	return r;
}

/* ---- asking */

static const struct dns_answer *ask(struct ctx *c, const char *name, enum dns_type type)
{
	static const struct dns_answer no_name = {.outcome = DNS_NXDOMAIN};
	const struct dns_answer *ans;

	if (!name)
		return &no_name;
	/* Beyond the limit nobody waits for the count: one question at a time keeps a hostile tree small. */
	if (c->pending && (c->lookups > SPF_MAX_LOOKUPS || c->ahead++ >= AHEAD_MAX))
		return NULL;
	ans = dns_ask(c->ev, name, type);
	if (!ans)
		c->pending = true;
	return ans && ans->outcome == DNS_BADNAME ? &no_name : ans;
}

/*
 * A query of a term that counts (4.6.4). NULL: no answer that the term could go on with. With *r SPF_TEMPERROR or
 * SPF_PERMERROR the evaluation ends (5, 4.6.4); else it is pending. `lenient`: errors are no records (5.5).
 */
static const struct dns_answer *ask_for_term(
	struct ctx *c, const char *name, enum dns_type type, const struct spf_term *t, bool lenient, enum spf_result *r)
{
	static const struct dns_answer nothing = {.outcome = DNS_NODATA};
	const struct dns_answer *ans = ask(c, name, type);

	*r = SPF_NONE;
	if (!ans)
		return NULL;
	if (!dns_known(ans->outcome)) {
		if (lenient)
			return &nothing;
		if (c->tree) {
			c->tree->incomplete = true;
			return &nothing;
		}
		*r = trouble(c, SPF_TEMPERROR, "the %s record of %s, which %s asks for, could not be looked up (%s)",
			dns_type_name((uint16_t)type), mp_text(c->a, mp_str(name)), shown(c, t->text),
			dns_outcome_words(ans->outcome));
		return NULL;
	}
	if (ans->outcome == DNS_ANSWERED || !name)
		return ans;
	c->voids++;
	if (c->tree)
		*MP_PUSH(c->a, c->void_lines, c->n_voids, c->cap_voids) =
			mp_printf(c->a, "%s %s", dns_type_name((uint16_t)type), mp_text(c->a, mp_str(name)));
	if (c->voids <= SPF_MAX_VOID_LOOKUPS || c->tree)
		return ans;
	*r = trouble(c, SPF_PERMERROR,
		"more than %d look-ups have no answer; the third is that of %s's %s record, in %s",
		SPF_MAX_VOID_LOOKUPS, mp_text(c->a, mp_str(name)), dns_type_name((uint16_t)type), shown(c, t->text));
	return NULL;
}

static enum dns_type address_type(const struct ctx *c)
{
	return c->ip.family == MP_IPV4 ? DNS_A : DNS_AAAA;
}

static bool has_address(const struct ctx *c, const struct dns_answer *ans, const struct spf_term *t)
{
	for (size_t i = 0; i < ans->n_rr; i++)
		if (mp_ip_in(&c->ip, &ans->rr[i].ip, c->ip.family == MP_IPV4 ? t->prefix4 : t->prefix6))
			return true;
	return false;
}

/* ---- names */

/* Raw bytes as a name: the last dot away, cut at the left to 253 bytes by whole labels (7.3), then escaped. */
static struct target make_target(struct ctx *c, struct mp_str raw)
{
	struct target t = {.raw = raw};
	struct mp_buf text = MP_BUF(4 * NAME_BYTES + 1);

	if (raw.n && raw.p[raw.n - 1] == '.')
		raw.n--;
	while (raw.n > NAME_BYTES) {
		const char *dot = memchr(raw.p, '.', raw.n);

		if (!dot)
			return t;
		raw = mp_strn(dot + 1, raw.n - (size_t)(dot + 1 - raw.p));
	}
	t.raw = raw;
	for (size_t i = 0; i < raw.n; i++) {
		unsigned char b = (unsigned char)raw.p[i];

		if (b == '\\')
			mp_buf_adds(&text, "\\\\");
		else if (b > ' ' && b < 0x7f)
			mp_buf_addc(&text, (char)b);
		else
			mp_buf_addf(&text, "\\%03u", b);
	}
	t.text = raw.n ? dns_name_canonical(c->a, mp_buf_cstr(&text)) : NULL;
	mp_buf_release(&text);
	return t;
}

/* The names that an address is called by, and that lead back to it (5.5). Strict order; errors skip a name. */
struct validated {
	size_t n;
	const char *name[SPF_MAX_NAMES];
};

/* False: pending, or *r says why the evaluation ends. `t` NULL: for a macro; nothing is counted then. */
static bool validate_names(struct ctx *c, const struct spf_term *t, struct validated *out, enum spf_result *r)
{
	char reverse[MP_IP_REVERSE];
	const struct dns_answer *ptr, *addresses;
	bool pending = false;

	out->n = 0;
	*r = SPF_NONE;
	mp_ip_reverse(&c->ip, reverse);
	ptr = t ? ask_for_term(c, reverse, DNS_PTR, t, true, r) : ask(c, reverse, DNS_PTR);
	if (!ptr)
		return false;
	for (size_t i = 0; i < ptr->n_rr && i < SPF_MAX_NAMES; i++) {
		const char *name = dns_name_canonical(c->a, ptr->rr[i].name);

		if (!name)
			continue;
		addresses = t ? ask_for_term(c, name, address_type(c), t, true, r) : ask(c, name, address_type(c));
		if (*r != SPF_NONE)
			return false;
		pending = pending || !addresses;
		for (size_t k = 0; addresses && k < addresses->n_rr; k++)
			if (mp_ip_eq(&addresses->rr[k].ip, &c->ip)) {
				out->name[out->n++] = name;
				break;
			}
	}
	return !pending;
}

/* The macro "p" (7.3): the domain itself, else a name below it, else any; "unknown" without. False: pending. */
static bool validated_name(struct ctx *c, const struct target *domain, struct mp_str *out)
{
	const char *best = NULL;
	struct validated v;
	enum spf_result r;

	if (!validate_names(c, NULL, &v, &r))
		return false;
	for (size_t i = 0; i < v.n && domain->text; i++)
		if (dns_name_eq(v.name[i], domain->text))
			best = v.name[i];
	for (size_t i = 0; i < v.n && !best && domain->text; i++)
		if (dns_name_under(v.name[i], domain->text))
			best = v.name[i];
	*out = mp_str(best ? best : v.n ? v.name[0] : "unknown");
	return true;
}

/* The address with a dot between its bytes, or nibbles (7.3). */
static struct mp_str dotted(struct ctx *c)
{
	static const char digits[] = "0123456789abcdef";
	char text[MP_IP_TEXT], *out;

	if (c->ip.family == MP_IPV4)
		return mp_str(mp_dup(c->a, mp_ip_text(&c->ip, text)));
	out = mp_alloc(c->a, 64);
	for (size_t i = 0; i < 32; i++) {
		out[2 * i] = digits[i % 2 ? c->ip.b[i / 2] & 15 : c->ip.b[i / 2] >> 4];
		out[2 * i + 1] = '.';
	}
	return mp_strn(out, 63);
}

/* What the macros of `spec` stand for. False: pending, for the macro "p". */
static bool find_letters(struct ctx *c, const struct target *domain, struct mp_str spec, struct spf_letters *out)
{
	char text[MP_IP_TEXT];

	for (size_t i = 0; i < ARRAY_LEN(out->value); i++)
		out->value[i] = MP_LIT("");
	out->value['s' - 'a'] = c->sender;
	out->value['l' - 'a'] = c->local;
	out->value['o' - 'a'] = c->sender_domain;
	out->value['d' - 'a'] = domain->raw;
	out->value['i' - 'a'] = dotted(c);
	out->value['v' - 'a'] = c->ip.family == MP_IPV4 ? MP_LIT("in-addr") : MP_LIT("ip6");
	out->value['h' - 'a'] = mp_str(c->rq->helo ? c->rq->helo : "");
	out->value['c' - 'a'] = mp_str(mp_dup(c->a, mp_ip_text(&c->ip, text)));
	out->value['r' - 'a'] = mp_str(c->rq->receiver ? c->rq->receiver : "unknown");
	out->value['t' - 'a'] = mp_str(mp_printf(c->a, "%lld", (long long)(c->rq->now_ms / 1000)));
	return !spf_macro_uses(spec, 'p') || validated_name(c, domain, &out->value['p' - 'a']);
}

/* The <target-name> of a term (4.8): its domain-spec expanded, or the domain at hand. False: pending. */
static bool find_target(struct ctx *c, const struct target *domain, struct mp_str spec, struct target *out)
{
	struct mp_buf b = MP_BUF(8 * 1024);
	struct spf_letters letters;

	if (!spec.p) {
		*out = *domain;
		return true;
	}
	if (!find_letters(c, domain, spec, &letters))
		return false;
	/* What lies further left than this is cut away in any case. */
	spf_macro_expand(spec, &letters, 1024, &b);
	*out = make_target(c, mp_str(mp_dupn(c->a, mp_buf_cstr(&b), b.n)));
	out->raw = out->raw.n <= NAME_BYTES ? out->raw : mp_strn(out->raw.p + out->raw.n - NAME_BYTES, NAME_BYTES);
	mp_buf_release(&b);
	return true;
}

static const char *target_words(struct ctx *c, const struct target *t)
{
	return t->text ? mp_text(c->a, mp_str(t->text)) : mp_printf(c->a, "\"%s\"", shown(c, t->raw));
}

/* A term for the path: as written, and what its macros made of it. */
static const char *term_words(struct ctx *c, const struct spf_term *t, const struct target *target)
{
	if (t->spec.p && target && memchr(t->spec.p, '%', t->spec.n))
		return mp_printf(c->a, "%s (%s)", shown(c, t->text), target_words(c, target));
	return shown(c, t->text);
}

/* ---- mechanisms */

enum match { MATCH, NO_MATCH, ENDS /* the evaluation: c->problem tells, *r is the result */ };

static enum match from_addresses(struct ctx *c, const char *name, const struct spf_term *t, enum spf_result *r)
{
	const struct dns_answer *ans = ask_for_term(c, name, address_type(c), t, false, r);

	if (!ans)
		return *r != SPF_NONE ? ENDS : NO_MATCH;
	return has_address(c, ans, t) ? MATCH : NO_MATCH;
}

static int by_preference(const void *x, const void *y)
{
	const struct dns_rr *const *a = x, *const *b = y;

	if ((*a)->mx.preference != (*b)->mx.preference)
		return (*a)->mx.preference < (*b)->mx.preference ? -1 : 1;
	return strcmp((*a)->mx.exchange, (*b)->mx.exchange);
}

/* 5.4. In an order that does not depend on how servers rotate their records. */
static enum match mx(struct ctx *c, const struct spf_term *t, const struct target *target, enum spf_result *r)
{
	const struct dns_answer *ans = ask_for_term(c, target->text, DNS_MX, t, false, r);
	const struct dns_rr *order[SPF_MAX_NAMES];
	enum match m = NO_MATCH;
	bool pending = false;

	if (!ans)
		return *r != SPF_NONE ? ENDS : NO_MATCH;
	if (ans->n_rr > SPF_MAX_NAMES) {
		if (c->tree)
			return NO_MATCH;
		*r = trouble(c, SPF_PERMERROR, "%s has %zu MX records, and %s may ask for the addresses of %d",
			target_words(c, target), ans->n_rr, shown(c, t->text), SPF_MAX_NAMES);
		return ENDS;
	}
	for (size_t i = 0; i < ans->n_rr; i++)
		order[i] = &ans->rr[i];
	if (ans->n_rr)
		qsort(order, ans->n_rr, sizeof(*order), by_preference);
	for (size_t i = 0; i < ans->n_rr && m == NO_MATCH; i++) {
		bool before = c->pending;

		if (strcmp(order[i]->mx.exchange, ".") == 0)
			continue;
		m = from_addresses(c, order[i]->mx.exchange, t, r);
		pending = pending || (c->pending && !before);
	}
	/* An end that a host behind an open one brings is not sure yet. */
	return pending ? NO_MATCH : m;
}

static enum match ptr(struct ctx *c, const struct spf_term *t, const struct target *target, enum spf_result *r)
{
	struct validated v;

	if (!validate_names(c, t, &v, r))
		return *r != SPF_NONE ? ENDS : NO_MATCH;
	for (size_t i = 0; i < v.n; i++)
		if (target->text && dns_name_under(v.name[i], target->text))
			return MATCH;
	return NO_MATCH;
}

static enum spf_result evaluate(
	struct ctx *c, const struct target *domain, unsigned depth, const struct spf_term *why, const char **path);

/* 5.2: what the result of an include means. */
static enum match include(struct ctx *c, const struct spf_term *t, const struct target *target, unsigned depth,
	enum spf_result *r, const char **path)
{
	const char *inner = NULL;
	enum spf_result got = evaluate(c, target, depth + 1, t, &inner);

	switch (got) {
	case SPF_PASS:
		*path = inner;
		return MATCH;
	case SPF_FAIL:
	case SPF_SOFTFAIL:
	case SPF_NEUTRAL:
		return NO_MATCH;
	case SPF_NONE:
		*r = trouble(c, SPF_PERMERROR, "%s names a domain without an SPF record: %s", shown(c, t->text),
			c->problem ? c->problem : target_words(c, target));
		return ENDS;
	case SPF_TEMPERROR:
	case SPF_PERMERROR:
		break;
	}
	*r = got;
	return ENDS;
}

static bool asks(enum spf_term_kind k)
{
	return k == SPF_INCLUDE || k == SPF_A || k == SPF_MX || k == SPF_PTR || k == SPF_EXISTS || k == SPF_REDIRECT;
}

static enum match mechanism(struct ctx *c, const struct spf_term *t, const struct target *target, unsigned depth,
	enum spf_result *r, const char **path)
{
	const struct dns_answer *ans;

	switch (t->kind) {
	case SPF_ALL:
		return MATCH;
	case SPF_IP4:
	case SPF_IP6:
		return mp_ip_in(&c->ip, &t->net, t->kind == SPF_IP4 ? t->prefix4 : t->prefix6) ? MATCH : NO_MATCH;
	case SPF_INCLUDE:
		return include(c, t, target, depth, r, path);
	case SPF_A:
		return from_addresses(c, target->text, t, r);
	case SPF_MX:
		return mx(c, t, target, r);
	case SPF_PTR:
		return ptr(c, t, target, r);
	case SPF_EXISTS: /* 5.7: A records whatever the client's family is */
		ans = ask_for_term(c, target->text, DNS_A, t, false, r);
		return *r != SPF_NONE ? ENDS : ans && ans->n_rr ? MATCH : NO_MATCH;
	default:
		return NO_MATCH;
	}
}

static enum spf_result by_qualifier(char q)
{
	return q == '-' ? SPF_FAIL : q == '~' ? SPF_SOFTFAIL : q == '?' ? SPF_NEUTRAL : SPF_PASS;
}

/* Count a term against the limit of 4.6.4. False: that was one too many. */
static bool count(struct ctx *c, const struct spf_term *t)
{
	if (!asks(t->kind) || ++c->lookups <= SPF_MAX_LOOKUPS)
		return true;
	trouble(c, SPF_PERMERROR, "more than %d terms need DNS look-ups; one too many is %s", SPF_MAX_LOOKUPS,
		shown(c, t->text));
	return false;
}

/* 6.1, at the end of a record without a match. */
static enum spf_result redirect(
	struct ctx *c, const struct spf_record *rec, const struct target *domain, unsigned depth, const char **path)
{
	const char *inner = NULL;
	struct target target;
	enum spf_result r;

	if (!rec->redirect || rec->all)
		return SPF_NEUTRAL;
	if (!count(c, rec->redirect))
		return SPF_PERMERROR;
	if (!find_target(c, domain, rec->redirect->spec, &target))
		return SPF_NEUTRAL;
	r = evaluate(c, &target, depth + 1, rec->redirect, &inner);
	if (r == SPF_NONE)
		return trouble(c, SPF_PERMERROR, "%s names a domain without an SPF record: %s",
			shown(c, rec->redirect->text), c->problem ? c->problem : target_words(c, &target));
	if (inner)
		*path = mp_printf(c->a, "%s -> %s", term_words(c, rec->redirect, &target), inner);
	return r;
}

/* The terms of one record in their order (4.6.2, 4.6.3). */
static enum spf_result walk(
	struct ctx *c, const struct spf_record *rec, const struct target *domain, unsigned depth, const char **path)
{
	for (size_t i = 0; i < rec->n; i++) {
		const struct spf_term *t = &rec->terms[i];
		struct target target = *domain;
		const char *inner = NULL, *words;
		enum spf_result r = SPF_NONE;
		bool before = c->pending, open;
		enum match m;

		if (t->kind >= SPF_REDIRECT)
			continue;
		if (!count(c, t))
			return SPF_PERMERROR;
		c->pending = false;
		m = !t->spec.p || find_target(c, domain, t->spec, &target) ? mechanism(c, t, &target, depth, &r, &inner)
									   : NO_MATCH;
		open = c->pending;
		c->pending = before || open;
		if (open || m == NO_MATCH)
			continue;
		if (m == ENDS)
			return r;
		words = term_words(c, t, &target);
		*path = inner ? mp_printf(c->a, "%s -> %s", words, inner) : words;
		r = by_qualifier(t->qualifier);
		if (r == SPF_FAIL && !c->pending) {
			c->exp = rec->exp ? rec->exp->spec : mp_strn(NULL, 0);
			c->exp_domain = *domain;
		}
		return r;
	}
	return redirect(c, rec, domain, depth, path);
}

/* ---- the whole tree, for its owner */

static void line(struct ctx *c, unsigned depth, const struct spf_term *t, const char *more)
{
	*MP_PUSH(c->a, c->lines, c->n_lines, c->cap_lines) =
		mp_printf(c->a, "%*s%s%s", (int)(2 * depth), "", shown(c, t->text), more);
}

static const struct spf_seen *seen_before(const struct ctx *c, const struct target *t)
{
	for (size_t i = 0; i < c->n_seen && t->text; i++)
		if (strcmp(c->seen[i].domain, t->text) == 0)
			return &c->seen[i];
	return NULL;
}

/* A record that is there a second time costs as much again; one inside itself has no end. */
static const char *again(struct ctx *c, const struct spf_seen *s, const struct spf_term *t)
{
	if (s->open) {
		if (!c->tree->loop)
			c->tree->loop = shown(c, t->text);
		return "a loop";
	}
	c->lookups += s->lookups;
	if (c->lookups > SPF_TREE_TERMS) {
		c->lookups = SPF_TREE_TERMS;
		c->tree->more = true;
	}
	c->voids += s->voids;
	return mp_printf(c->a, "%u, again", s->lookups + 1);
}

/* All terms that could ever be evaluated: up to "all", and redirect where there is none. */
static void walk_tree(struct ctx *c, const struct spf_record *rec, const struct target *domain, unsigned depth)
{
	for (size_t i = 0; i < rec->n; i++) {
		const struct spf_term *t = &rec->terms[i];
		struct target target = *domain;
		const char *path = NULL;
		enum spf_result r = SPF_NONE;
		size_t at = c->n_lines, index;
		unsigned before = c->lookups, voids = c->voids;
		const struct spf_seen *known;

		if (rec->all && (t > rec->all || t->kind == SPF_REDIRECT))
			continue;
		if (!asks(t->kind))
			continue;
		if (c->lookups >= SPF_TREE_TERMS) {
			c->tree->more = true;
			return;
		}
		c->lookups++;
		line(c, depth, t, "");
		if (t->spec.p && !find_target(c, domain, t->spec, &target))
			continue;
		if (t->kind != SPF_INCLUDE && t->kind != SPF_REDIRECT) {
			if (c->followed++ < SPF_MAX_LOOKUPS)
				mechanism(c, t, &target, depth, &r, &path);
			continue;
		}
		known = seen_before(c, &target);
		if (known) {
			c->lines[at] = mp_printf(c->a, "%s (%s)", c->lines[at], again(c, known, t));
			continue;
		}
		index = c->n_seen;
		r = evaluate(c, &target, depth + 1, t, &path);
		if (c->n_seen > index) {
			c->seen[index].open = false;
			c->seen[index].lookups = c->lookups - before - 1;
			c->seen[index].voids = c->voids - voids;
		}
		if (r == SPF_NONE || r == SPF_TEMPERROR || r == SPF_PERMERROR)
			c->tree->incomplete = true;
		c->lines[at] = mp_printf(c->a, "%s (%u)", c->lines[at], c->lookups - before);
	}
}

/* ---- check_host() */

/* Something that begins as an SPF record does, and is none (field experience: blanks, quotes, semicolons). */
static bool is_near_miss(struct mp_str txt)
{
	while (txt.n && strchr(" \t\"'(\\=", txt.p[0]) && txt.p[0])
		txt = mp_strn(txt.p + 1, txt.n - 1);
	return mp_str_istarts(txt, "v=spf1") || mp_str_istarts(txt, "spf1") || mp_str_istarts(txt, "v = spf") ||
	       mp_str_istarts(txt, "v= spf") || mp_str_istarts(txt, "v =spf") || mp_str_istarts(txt, "v:spf") ||
	       mp_str_istarts(txt, "v=spf ") || mp_str_istarts(txt, "spf=") || mp_str_istarts(txt, "v=sfp1") ||
	       mp_str_istarts(txt, "\xef\xbb\xbfv=spf1");
}

void spf_find(struct mp_arena *a, const struct dns_answer *txt, struct spf_found *out)
{
	*out = (struct spf_found){.text = {"", 0}};
	for (size_t i = 0; i < txt->n_rr; i++) {
		struct mp_str s = mp_strn((const char *)txt->rr[i].txt.p, txt->rr[i].txt.n);

		if (spf_is_record(s)) {
			if (!out->n++)
				out->text = s;
		} else if (!out->near_miss && is_near_miss(s)) {
			out->near_miss = mp_text(a, mp_strn(s.p, s.n < 256 ? s.n : 256));
		}
	}
}

/* 4.5. SPF_NEUTRAL: there is one. */
static enum spf_result select_record(
	struct ctx *c, const struct target *domain, const struct dns_answer *txt, unsigned depth, struct mp_str *out)
{
	struct spf_found f;

	spf_find(c->a, txt, &f);
	*out = f.text;
	if (depth == 0 && c->v) {
		c->v->n_records = f.n;
		c->v->near_miss = f.near_miss;
		c->v->record = f.n ? mp_text(c->a, f.text) : NULL;
	}
	if (f.n > 1)
		return trouble(
			c, SPF_PERMERROR, "%s has %zu SPF records, and one is allowed", target_words(c, domain), f.n);
	if (f.n == 0)
		return trouble(c, SPF_NONE, "%s has no SPF record%s%s%s", target_words(c, domain),
			f.near_miss ? " (this one is none: \"" : "", f.near_miss ? f.near_miss : "",
			f.near_miss ? "\")" : "");
	return SPF_NEUTRAL;
}

/* check_host() for one domain. `why`: the term that sends here; NULL for the domain that was asked about. */
static enum spf_result evaluate(
	struct ctx *c, const struct target *domain, unsigned depth, const struct spf_term *why, const char **path)
{
	const struct dns_answer *txt;
	struct spf_record rec;
	struct mp_str text;
	enum spf_result r = SPF_NONE;
	const char *fault;

	/* 4.3 */
	if (!domain->text || domain->raw.p[0] == '[')
		return trouble(c, SPF_NONE, "%s is no domain name", target_words(c, domain));
	if (dns_name_labels(domain->text) < 2)
		return trouble(c, SPF_NONE, "%s is one label, no full domain name", target_words(c, domain));
	if (c->tree)
		c->seen[c->n_seen++] = (struct spf_seen){.domain = domain->text, .open = true};
	/* 4.4 */
	if (why) {
		txt = ask_for_term(c, domain->text, DNS_TXT, why, false, &r);
		if (!txt)
			return r == SPF_NONE ? SPF_NEUTRAL : r;
	} else {
		txt = ask(c, domain->text, DNS_TXT);
		if (!txt)
			return SPF_NEUTRAL;
		if (!dns_known(txt->outcome))
			return trouble(c, SPF_TEMPERROR, "the TXT records of %s could not be looked up (%s)",
				target_words(c, domain), dns_outcome_words(txt->outcome));
	}
	if (txt->outcome == DNS_NXDOMAIN)
		return trouble(c, SPF_NONE, "%s does not exist in the DNS", target_words(c, domain));
	r = select_record(c, domain, txt, depth, &text);
	if (r != SPF_NEUTRAL)
		return r;
	/* 4.6: a syntax error anywhere counts before anything is evaluated. */
	fault = spf_record_parse(c->a, text, &rec);
	if (fault)
		return trouble(c, SPF_PERMERROR, "in the record of %s, %s", target_words(c, domain), fault);
	if (!c->tree)
		return walk(c, &rec, domain, depth, path);
	walk_tree(c, &rec, domain, depth);
	return SPF_NEUTRAL;
}

/* ---- the explanation (6.2) */

/* "" wherever something is wrong with it. False: pending. */
static bool explain(struct ctx *c, const char **out)
{
	const struct dns_answer *txt;
	struct mp_buf b = MP_BUF(EXPLANATION_MAX);
	struct spf_letters letters;
	struct target target;
	struct mp_str text;
	bool ascii = true;

	*out = "";
	if (!c->exp.p)
		return true;
	if (!find_target(c, &c->exp_domain, c->exp, &target))
		return false;
	txt = ask(c, target.text, DNS_TXT);
	if (!txt)
		return false;
	if (txt->outcome != DNS_ANSWERED || txt->n_rr != 1)
		return true;
	text = mp_strn((const char *)txt->rr[0].txt.p, txt->rr[0].txt.n);
	if (text.n > EXPLANATION_MAX || spf_macro_fault(c->a, text, true))
		return true;
	if (!find_letters(c, &c->exp_domain, text, &letters))
		return false;
	spf_macro_expand(text, &letters, 0, &b);
	/* What a sender's address brings in must not make it another protocol's text (RFC 5321 2.4). */
	for (size_t i = 0; i < b.n; i++)
		ascii = ascii && mp_isprint((unsigned char)b.p[i]);
	if (ascii && !b.full)
		*out = mp_dupn(c->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return true;
}

/* ---- from outside */

static struct target domain_target(struct ctx *c, const char *domain)
{
	struct mp_str raw = mp_str(domain ? domain : "");
	struct target t;

	if (raw.n && raw.p[raw.n - 1] == '.')
		raw.n--;
	t = (struct target){.raw = mp_str(mp_dupstr(c->a, raw)), .text = NULL};
	if (raw.n)
		t.text = dns_name_canonical(c->a, t.raw.p);
	return t;
}

static void begin(struct ctx *c, struct mp_evidence *ev, struct mp_arena *a, const struct spf_request *rq)
{
	static const struct mp_ip mapped = {MP_IPV6, {[10] = 0xff, [11] = 0xff}};
	const char *at;

	memset(c, 0, sizeof(*c));
	c->ev = ev;
	c->a = a;
	c->rq = rq;
	c->ip = rq->ip;
	/* 5: an IPv4-mapped address is the IPv4 address. */
	if (mp_ip_in(&rq->ip, &mapped, 96)) {
		c->ip = (struct mp_ip){.family = MP_IPV4};
		memcpy(c->ip.b, rq->ip.b + 12, 4);
	}
	/* 4.3: a sender without a local part is the postmaster. */
	at = rq->sender ? strrchr(rq->sender, '@') : NULL;
	c->sender_domain = mp_str(at ? at + 1 : rq->sender ? rq->sender : "");
	c->local = at && at > rq->sender ? mp_strn(rq->sender, (size_t)(at - rq->sender)) : MP_LIT("postmaster");
	c->sender = mp_str(
		mp_printf(a, "%.*s@%.*s", (int)c->local.n, c->local.p, (int)c->sender_domain.n, c->sender_domain.p));
}

bool spf_check_host(struct mp_evidence *ev, struct mp_arena *a, const struct spf_request *rq, struct spf_verdict *out)
{
	struct target domain;
	struct ctx c;

	memset(out, 0, sizeof(*out));
	out->explanation = "";
	begin(&c, ev, a, rq);
	c.v = out;
	domain = domain_target(&c, rq->domain);
	out->result = evaluate(&c, &domain, 0, NULL, &out->path);
	if (c.pending)
		return false;
	out->lookups = c.lookups;
	out->void_lookups = c.voids;
	if (out->result == SPF_NONE || out->result == SPF_TEMPERROR || out->result == SPF_PERMERROR) {
		out->problem = c.problem;
		out->path = NULL;
	}
	return out->result != SPF_FAIL || explain(&c, &out->explanation);
}

bool spf_count(struct mp_evidence *ev, struct mp_arena *a, const struct spf_request *rq, struct spf_tree *out)
{
	const char *path = NULL;
	struct target domain;
	struct ctx c;

	memset(out, 0, sizeof(*out));
	begin(&c, ev, a, rq);
	c.tree = out;
	domain = domain_target(&c, rq->domain);
	out->problem = evaluate(&c, &domain, 0, NULL, &path);
	out->lookups = c.lookups;
	out->void_lookups = c.voids;
	out->n_lines = c.n_lines;
	out->lines = c.lines;
	out->n_void = c.n_voids;
	out->voids = c.void_lines;
	return !c.pending;
}
