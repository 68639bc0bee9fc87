/* smtp/own.c - see smtp/own.h */
#include "smtp/own.h"

enum { DEPTH_MAX = 4 };

/* "%d", "%w", "%<low-high>" behind the '%': its length, or 0. */
static size_t percent_len(const char *p)
{
	size_t low, high;

	if (*p == 'd' || *p == 'w')
		return 1;
	low = *p == '<' ? strspn(p + 1, "0123456789") : 0;
	if (low == 0 || low > 9 || p[1 + low] != '-')
		return 0;
	high = strspn(p + 2 + low, "0123456789");
	return high && high <= 9 && p[2 + low + high] == '>' ? 3 + low + high : 0;
}

const char *smtp_pattern_wrong(const char *pattern)
{
	int depth = 0;
	bool empty = true; /* of the phrase at hand */

	for (const char *p = pattern; *p; p++) {
		if (*p == '\\') {
			if (!p[1])
				return "ends in '\\'";
			p++;
		} else if (*p == '%') {
			size_t n = percent_len(p + 1);

			if (!n)
				return "has a '%' that is neither %d, %w nor %<LOW-HIGH> (\\% is the sign itself)";
			p += n;
		} else if (*p == '(') {
			if (++depth > DEPTH_MAX)
				return "has groups within groups, more than four";
		} else if (*p == ')') {
			if (depth-- == 0)
				return "has a ')' without its '(' (\\) is the sign itself)";
		} else if (*p == ' ' && depth == 0 && (p[1] == '|' || p[1] == '&') && (p[2] == ' ' || !p[2])) {
			if (empty)
				return "has a '|' or '&' with nothing before it";
			empty = true;
			p += p[2] ? 2 : 1;
			continue;
		} else if (empty && depth == 0 && (*p == '|' || *p == '&') && (p[1] == ' ' || !p[1])) {
			return "has a '|' or '&' with nothing before it";
		} else if (strchr(" !^$*", *p)) {
			continue;
		}
		empty = false;
	}
	if (depth)
		return "has a '(' without its ')' (\\( is the sign itself)";
	return empty ? "has no words, or none behind its last '|' or '&'" : NULL;
}

const char *smtp_pattern_of_words(struct mp_arena *a, struct mp_str words)
{
	char *out = mp_alloc(a, 2 * words.n + 1), *p = out;

	for (size_t i = 0; i < words.n; i++) {
		unsigned char c = (unsigned char)words.p[i];

		if (c != ' ' && c < 0x80 && !mp_isalnum(c))
			*p++ = '\\';
		*p++ = (char)c;
	}
	return out;
}

bool smtp_own_prepare(struct mp_arena *a, struct smtp_own_rules *r)
{
	struct smtp_index *ix = mp_alloc(a, sizeof(*ix));

	for (size_t i = 0; i < r->n; i++)
		if (!smtp_index_add(ix, r->list[i].row.phrase, (uint16_t)i))
			return false;
	r->index = ix;
	return true;
}

/* The host itself, or one below it. */
static bool within(const char *host, const char *domain)
{
	size_t n = strlen(domain), h = strlen(host);

	return h >= n && mp_ieq(host + h - n, domain) && (h == n || host[h - n - 1] == '.');
}

static bool holds(const struct smtp_own_rule *r, const struct smtp_own_facts *f)
{
	if (r->row.provider && (!f->provider || strcmp(f->provider, r->row.provider) != 0))
		return false;
	if (r->mx && (!f->mx || !within(f->mx, r->mx)))
		return false;
	if (r->stages && (f->stage < 0 || !(r->stages >> f->stage & 1)))
		return false;
	if (r->row.code && !smtp_code_matches(r->row.code, f->code))
		return false;
	if (r->row.enhanced) {
		struct smtp_text enhanced = *f->enhanced;

		return enhanced.n && smtp_match(&enhanced, r->row.enhanced);
	}
	return true;
}

const struct smtp_own_rule *smtp_own_match(const struct smtp_own_rules *r, enum smtp_tier tier,
	const struct smtp_own_facts *f, const struct smtp_text *text)
{
	struct smtp_text own;

	if (!r || !r->n)
		return NULL;
	own = *text; /* with a budget of its own: no rule of the user's costs the built-in ones theirs */
	for (size_t i = 0; i < r->index->n; i++) {
		const struct smtp_own_rule *rule = &r->list[r->index->alts[i].owner];

		if (rule->row.tier == tier && smtp_index_possible(r->index, i, &own) && holds(rule, f) &&
			smtp_index_match(r->index, i, &own))
			return rule;
	}
	return NULL;
}
