/* dns/spf_record.c - see dns/spf_record.h */
#include <arpa/inet.h>

#include "base/text.h"
#include "dns/spf_record.h"

/* ---- words */

enum { SHOWN = 80 }; /* bytes of a term in a sentence */

static const char *shown(struct mp_arena *a, struct mp_str s)
{
	return mp_printf(
		a, "\"%s%s\"", mp_text(a, mp_strn(s.p, s.n < SHOWN ? s.n : SHOWN)), s.n > SHOWN ? "[...]" : "");
}

static const char *fault(struct mp_arena *a, const struct spf_term *t, const char *what)
{
	return mp_printf(a, "%s %s", shown(a, t->text), what);
}

/* ---- macros */

static bool is_delimiter(char c)
{
	return c && strchr(".-+,/_=", c) != NULL;
}

/*
 *   macro-expand = ( "%{" macro-letter transformers *delimiter "}" ) / "%%" / "%_" / "%-"
 *   transformers = *DIGIT [ "r" ]
 */
struct macro {
	char letter;  /* lower case; '%', '_' or '-' for those three */
	bool escape;  /* upper case: URL escaping */
	size_t parts; /* right-hand parts to keep; 0: all */
	bool reverse;
	struct mp_str delimiters;
};

/* Take the macro-expand that `*s` begins with. */
static bool take_macro(struct mp_str *s, struct macro *out)
{
	const char *p = s->p + 1, *end = s->p + s->n;
	bool digits = false;

	memset(out, 0, sizeof(*out));
	if (p == end)
		return false;
	if (*p == '%' || *p == '_' || *p == '-') {
		out->letter = *p++;
		*s = mp_strn(p, (size_t)(end - p));
		return true;
	}
	if (*p++ != '{' || p == end)
		return false;
	out->letter = mp_tolower(*p);
	out->escape = mp_isupper(*p);
	if (!out->letter || !strchr("slodiphcrtv", out->letter))
		return false;
	for (p++; p < end && mp_isdigit(*p); p++) {
		digits = true;
		/* A sender has no more parts than that: the rest is the same as all of them. */
		if (out->parts < 100000)
			out->parts = out->parts * 10 + (size_t)(*p - '0');
	}
	if (digits && out->parts == 0)
		return false;
	if (p < end && mp_tolower(*p) == 'r') {
		out->reverse = true;
		p++;
	}
	out->delimiters.p = p;
	while (p < end && is_delimiter(*p))
		p++;
	out->delimiters.n = (size_t)(p - out->delimiters.p);
	if (p == end || *p++ != '}')
		return false;
	*s = mp_strn(p, (size_t)(end - p));
	return true;
}

/* Up to the end of the macro, or to the next blank, for a message. */
static struct mp_str around(struct mp_str s)
{
	size_t n = 0;

	while (n < s.n && n < 20 && s.p[n] != '}' && s.p[n] != ' ')
		n++;
	return mp_strn(s.p, n < s.n && s.p[n] == '}' ? n + 1 : n);
}

/* The check of spf_macro_fault(); `last`: where the last macro-expand ended. */
static const char *macros_fault(struct mp_arena *a, struct mp_str s, bool text, bool any_letter, const char **last)
{
	*last = NULL;
	while (s.n) {
		struct mp_str at = s;
		struct macro m;

		if (*s.p != '%') {
			if ((unsigned char)*s.p > 0x7e || *s.p < (text ? ' ' : '!'))
				return mp_printf(a, "has %s",
					(unsigned char)*s.p > 0x7e && (unsigned char)*s.p != 0x7f
						? "a byte that is not ASCII"
						: "a control character");
			s = mp_strn(s.p + 1, s.n - 1);
			continue;
		}
		if (!take_macro(&s, &m))
			return mp_printf(a, "has the macro %s, which is none", shown(a, around(at)));
		if (!any_letter && (m.letter == 'c' || m.letter == 'r' || m.letter == 't'))
			return mp_printf(
				a, "has the macro %s, which explanations alone may have", shown(a, around(at)));
		*last = s.p;
	}
	return NULL;
}

const char *spf_macro_fault(struct mp_arena *a, struct mp_str s, bool text)
{
	const char *last;

	return macros_fault(a, s, text, text, &last);
}

bool spf_macro_uses(struct mp_str s, char letter)
{
	while (s.n) {
		struct macro m;

		if (*s.p != '%') {
			s = mp_strn(s.p + 1, s.n - 1);
			continue;
		}
		if (!take_macro(&s, &m))
			return false;
		if (m.letter == letter)
			return true;
	}
	return false;
}

static void add(struct mp_buf *out, char c, size_t keep)
{
	if (keep && out->n >= 2 * keep)
		mp_buf_consume(out, out->n - keep);
	mp_buf_addc(out, c);
}

/* RFC 3986 2.3: what is not "unreserved" is escaped. */
static void add_value(struct mp_buf *out, struct mp_str v, bool escape, size_t keep)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < v.n; i++) {
		unsigned char c = (unsigned char)v.p[i];

		if (!escape || mp_isalnum(c) || (c && strchr("-._~", c))) {
			add(out, (char)c, keep);
			continue;
		}
		add(out, '%', keep);
		add(out, digits[c >> 4], keep);
		add(out, digits[c & 15], keep);
	}
}

/* A value split at the delimiters, its last `parts` parts joined by dots, in reverse where so asked (7.3). */
static void add_parts(struct mp_buf *out, struct mp_str v, const struct macro *m, size_t keep)
{
	struct mp_str set = m->delimiters.n ? m->delimiters : MP_LIT("."), part[512];
	size_t n = 0, from, start = 0;

	for (size_t i = 0; i <= v.n; i++) {
		if (i < v.n && !memchr(set.p, v.p[i], set.n))
			continue;
		if (n == ARRAY_LEN(part)) { /* longer than any address: keep the right end */
			memmove(part, part + 1, (n - 1) * sizeof(*part));
			n--;
		}
		part[n++] = mp_strn(v.p + start, i - start);
		start = i + 1;
	}
	for (size_t i = 0; m->reverse && i < n / 2; i++) {
		struct mp_str swap = part[i];

		part[i] = part[n - 1 - i];
		part[n - 1 - i] = swap;
	}
	from = m->parts && m->parts < n ? n - m->parts : 0;
	for (size_t i = from; i < n; i++) {
		if (i > from)
			add(out, '.', keep);
		add_value(out, part[i], m->escape, keep);
	}
}

void spf_macro_expand(struct mp_str s, const struct spf_letters *letters, size_t keep, struct mp_buf *out)
{
	while (s.n && !out->full) {
		struct macro m;

		if (*s.p != '%' || !take_macro(&s, &m)) {
			add(out, *s.p, keep);
			s = mp_strn(s.p + 1, s.n - 1);
		} else if (m.letter == '%') {
			add(out, '%', keep);
		} else if (m.letter == '_') {
			add(out, ' ', keep);
		} else if (m.letter == '-') {
			add_value(out, MP_LIT("%20"), false, keep);
		} else {
			add_parts(out, letters->value[m.letter - 'a'], &m, keep);
		}
	}
}

/* ---- domain-spec */

/* toplabel: letters, digits, inner hyphens, not digits alone. */
static bool is_toplabel(struct mp_str s)
{
	bool digits = true;

	if (!s.n || s.p[0] == '-' || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		if (!mp_isalnum(s.p[i]) && s.p[i] != '-')
			return false;
		digits = digits && mp_isdigit(s.p[i]);
	}
	return !digits;
}

/*
 *   domain-spec = macro-string domain-end
 *   domain-end  = ( "." toplabel [ "." ] ) / macro-expand
 */
static const char *spec_fault(struct mp_arena *a, struct mp_str s)
{
	const char *last, *why = macros_fault(a, s, false, false, &last), *dot;
	struct mp_str label = {0};
	size_t at = 0;

	if (why)
		return why;
	if (!s.n)
		return "has no domain name where one must stand";
	if (last == s.p + s.n)
		return NULL;
	if (s.p[s.n - 1] == '.')
		s.n--;
	dot = memrchr(s.p, '.', s.n);
	if (!dot || (last && last > dot + 1))
		return "has a domain name of one label; it needs a full one";
	label = mp_strn(dot + 1, s.n - (size_t)(dot + 1 - s.p));
	if (!is_toplabel(label))
		return mp_printf(a, "has a domain name that ends in %s, which no name does", shown(a, label));
	if (last || memchr(s.p, '%', s.n))
		return NULL;
	for (size_t i = 0; i <= s.n; i++) {
		if (i < s.n && s.p[i] != '.')
			continue;
		if (i == at)
			return "has a domain name with an empty label";
		if (i - at > 63)
			return "has a domain name with a label of more than 63 bytes";
		at = i + 1;
	}
	return NULL;
}

/* ---- prefix lengths */

/* "0", or digits that do not begin with 0; 0 to `max`. */
static bool prefix_length(struct mp_str s, unsigned max, unsigned *out)
{
	uint64_t v;

	if (!s.n || s.n > 3 || (s.p[0] == '0' && s.n > 1) || !mp_str_u64(s, max, &v))
		return false;
	*out = (unsigned)v;
	return true;
}

/* Cut a last "/digits" off; its digits into *len. */
static bool cut_length(struct mp_str *s, struct mp_str *len)
{
	size_t n = s->n;

	while (n && mp_isdigit(s->p[n - 1]))
		n--;
	if (n == s->n || !n || s->p[n - 1] != '/')
		return false;
	*len = mp_strn(s->p + n, s->n - n);
	s->n = n - 1;
	return true;
}

/* dual-cidr-length = [ ip4-cidr-length ] [ "/" ip6-cidr-length ], at the end of `*s`. */
static const char *dual_length(struct mp_str *s, struct spf_term *t)
{
	struct mp_str len;

	if (!cut_length(s, &len))
		return NULL;
	if (s->n && s->p[s->n - 1] == '/') {
		s->n--;
		if (!prefix_length(len, 128, &t->prefix6))
			return "has a prefix length for IPv6 that is none from 0 to 128";
		if (!cut_length(s, &len))
			return NULL;
	}
	return prefix_length(len, 32, &t->prefix4) ? NULL : "has a prefix length for IPv4 that is none from 0 to 32";
}

/* ---- terms */

static const struct {
	const char *name;
	enum spf_term_kind kind;
	bool takes_spec, needs_spec, lengths;
} mechanisms[] = {
	{"all", SPF_ALL, false, false, false},
	{"include", SPF_INCLUDE, true, true, false},
	{"a", SPF_A, true, false, true},
	{"mx", SPF_MX, true, false, true},
	{"ptr", SPF_PTR, true, false, false},
	{"ip4", SPF_IP4, false, false, false},
	{"ip6", SPF_IP6, false, false, false},
	{"exists", SPF_EXISTS, true, true, false},
};

/* Words that people write for another. */
static const struct {
	const char *written, *meant;
} slips[] = {
	{"ipv4", "ip4"},
	{"ip", "ip4"},
	{"ipv6", "ip6"},
	{"redirect", "redirect="},
	{"exp", "exp="},
	{"includes", "include"},
	{"exist", "exists"},
	{"spf1", "v=spf1, which stands at the beginning alone"},
};

static const char *unknown_mechanism(struct mp_arena *a, const struct spf_term *t, struct mp_str name)
{
	const char *best = NULL;
	struct mp_ip ip;

	for (size_t i = 0; i < ARRAY_LEN(slips) && !best; i++)
		if (mp_str_ieq(name, mp_str(slips[i].written)))
			best = slips[i].meant;
	for (size_t i = 0; i < ARRAY_LEN(mechanisms) && !best; i++)
		if (name.n >= 3 && mp_typo_distance(name, mp_str(mechanisms[i].name)) == 1)
			best = mechanisms[i].name;
	if (!best && mp_ip_parse(t->text, &ip))
		best = ip.family == MP_IPV4 ? "ip4:" : "ip6:";
	return mp_printf(a, "%s is no mechanism of SPF%s%s%s", shown(a, t->text), best ? " (meant is " : "",
		best ? best : "", best ? "?)" : "");
}

/* "ip4:203.0.113.0/24", "ip6:2001:db8::/32": what stands behind the colon. */
static const char *network(struct spf_term *t, struct mp_str s)
{
	bool v6 = t->kind == SPF_IP6;
	char text[INET6_ADDRSTRLEN];
	const char *slash = s.n ? memchr(s.p, '/', s.n) : NULL;
	unsigned *prefix = v6 ? &t->prefix6 : &t->prefix4;

	if (slash) {
		struct mp_str len = mp_strn(slash + 1, s.n - (size_t)(slash + 1 - s.p));

		if (!prefix_length(len, v6 ? 128 : 32, prefix))
			return v6 ? "has a prefix length that is none from 0 to 128"
				  : "has a prefix length that is none from 0 to 32";
		s.n = (size_t)(slash - s.p);
	}
	t->net.family = v6 ? MP_IPV6 : MP_IPV4;
	if (!s.n || s.n >= sizeof(text) || memchr(s.p, '\0', s.n))
		return v6 ? "has no IPv6 address" : "has no IPv4 address";
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	/* Not mp_ip_parse(): an IPv4-mapped network of ip6 stays one of IPv6. */
	if (inet_pton(v6 ? AF_INET6 : AF_INET, text, t->net.b) != 1)
		return v6 ? "has no IPv6 address" : "has no IPv4 address";
	return NULL;
}

static const char *parse_mechanism(struct mp_arena *a, struct spf_term *t, struct mp_str name, struct mp_str rest)
{
	const char *why = NULL;
	size_t m = 0;

	while (m < ARRAY_LEN(mechanisms) && !mp_str_ieq(name, mp_str(mechanisms[m].name)))
		m++;
	if (m == ARRAY_LEN(mechanisms))
		return unknown_mechanism(a, t, name);
	t->kind = mechanisms[m].kind;
	if (t->kind == SPF_IP4 || t->kind == SPF_IP6) {
		why = rest.n && rest.p[0] == ':' ? network(t, mp_strn(rest.p + 1, rest.n - 1)) : "has no address";
		return why ? fault(a, t, why) : NULL;
	}
	if (mechanisms[m].lengths && (why = dual_length(&rest, t)))
		return fault(a, t, why);
	if (rest.n && rest.p[0] == ':' && mechanisms[m].takes_spec) {
		t->spec = mp_strn(rest.p + 1, rest.n - 1);
		why = spec_fault(a, t->spec);
	} else if (rest.n) {
		why = mp_printf(a, "has %s, which cannot stand there", shown(a, rest));
	} else if (mechanisms[m].needs_spec) {
		why = "has no domain name where one must stand";
	}
	return why ? fault(a, t, why) : NULL;
}

static const char *parse_modifier(struct mp_arena *a, struct spf_term *t, struct spf_record *out)
{
	bool redirect = mp_str_ieq(t->name, MP_LIT("redirect")), exp = mp_str_ieq(t->name, MP_LIT("exp"));
	const char *why, *last;

	if (redirect || exp) {
		t->kind = redirect ? SPF_REDIRECT : SPF_EXP;
		for (size_t i = 0; i < out->n; i++)
			if (out->terms[i].kind == t->kind)
				return fault(a, t, "is the second of its name, and one may stand in a record");
		why = spec_fault(a, t->spec);
	} else {
		t->kind = SPF_OTHER_MODIFIER;
		why = macros_fault(a, t->spec, false, true, &last);
	}
	return why ? fault(a, t, why) : NULL;
}

/*
 *   name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )
 * A modifier is a name and "="; everything else is a mechanism.
 */
static const char *parse_term(struct mp_arena *a, struct spf_record *out, struct mp_str text)
{
	struct spf_term t = {.text = text, .qualifier = '+', .prefix4 = 32, .prefix6 = 128};
	struct mp_str rest = text;
	const char *why;
	size_t n = 0;

	if (rest.p[0] && strchr("+-?~", rest.p[0])) {
		t.qualifier = rest.p[0];
		rest = mp_strn(rest.p + 1, rest.n - 1);
	}
	if (rest.n && mp_isalpha(rest.p[0]))
		while (n < rest.n &&
			(mp_isalnum(rest.p[n]) || rest.p[n] == '-' || rest.p[n] == '_' || rest.p[n] == '.'))
			n++;
	if (n && n < rest.n && rest.p[n] == '=' && rest.p == text.p) {
		t.name = mp_strn(rest.p, n);
		t.spec = mp_strn(rest.p + n + 1, rest.n - n - 1);
		why = parse_modifier(a, &t, out);
	} else {
		why = parse_mechanism(a, &t, mp_strn(rest.p, n), mp_strn(rest.p + n, rest.n - n));
	}
	if (why)
		return why;
	*MP_PUSH(a, out->terms, out->n, out->cap) = t;
	return NULL;
}

bool spf_is_record(struct mp_str txt)
{
	return mp_str_istarts(txt, "v=spf1") && (txt.n == 6 || txt.p[6] == ' ');
}

const char *spf_record_parse(struct mp_arena *a, struct mp_str record, struct spf_record *out)
{
	struct mp_str rest, word;

	memset(out, 0, sizeof(*out));
	if (!spf_is_record(record))
		return "it does not begin with \"v=spf1\" and a blank";
	rest = mp_strn(record.p + 6, record.n - 6);
	while (mp_str_split(&rest, ' ', &word)) {
		const char *why = word.n ? parse_term(a, out, word) : NULL;

		if (why)
			return why;
	}
	for (size_t i = 0; i < out->n; i++) {
		const struct spf_term *t = &out->terms[i];

		if (t->kind == SPF_ALL && !out->all)
			out->all = t;
		else if (t->kind == SPF_REDIRECT)
			out->redirect = t;
		else if (t->kind == SPF_EXP)
			out->exp = t;
	}
	return NULL;
}

/* What is written as a modifier, and means nothing, for want of a colon: "include=example.net". */
static bool meant_as_mechanism(const struct spf_term *t)
{
	for (size_t i = 0; i < ARRAY_LEN(mechanisms); i++)
		if (mp_str_ieq(t->name, mp_str(mechanisms[i].name)))
			return true;
	return false;
}

const char *spf_record_doubt(struct mp_arena *a, struct mp_str record, bool *serious)
{
	struct spf_record r;
	bool harm;

	serious = serious ? serious : &harm;
	*serious = true;
	if (spf_record_parse(a, record, &r))
		return NULL;
	for (size_t i = 0; i < r.n; i++) {
		const struct spf_term *t = &r.terms[i];

		if (t->kind == SPF_OTHER_MODIFIER && meant_as_mechanism(t))
			return fault(a, t,
				"is an unknown modifier without effect; meant is probably a colon for the equals sign");
		if (t->kind == SPF_ALL && t->qualifier == '+')
			return fault(a, t, "lets every host of the Internet send as this domain");
		if ((t->kind == SPF_IP4 || t->kind == SPF_IP6) && t->qualifier == '+' &&
			(t->kind == SPF_IP4 ? t->prefix4 < 8 : t->prefix6 < 16))
			return fault(a, t, "lets a large part of the Internet send as this domain");
	}
	*serious = false;
	if (r.all && r.all + 1 < r.terms + r.n && r.all[1].kind < SPF_REDIRECT)
		return mp_printf(a, "%s is never reached, for it stands behind %s", shown(a, r.all[1].text),
			shown(a, r.all->text));
	if (!r.all && !r.redirect)
		return "it ends without \"all\", so hosts that it does not name are neither allowed nor refused";
	return NULL;
}
