/* smtp/match.c - see smtp/match.h */
#include "smtp/match.h"

#include "base/text.h"

enum { BUDGET = 400000 };

static bool is_word(char c)
{
	return mp_isalnum((unsigned char)c) || (unsigned char)c >= 0x80;
}

/* ---- folding */

/* Lower case of the scripts that receivers write in; other letters stay as they are. */
static uint32_t fold_letter(uint32_t c)
{
	if ((c >= 0xc0 && c <= 0xde && c != 0xd7) || (c >= 0x410 && c <= 0x42f))
		return c + 0x20;
	if (c >= 0x400 && c <= 0x40f)
		return c + 0x50;
	if (c >= 0x391 && c <= 0x3a9)
		return c + 0x20;
	if (c >= 0x100 && c <= 0x137 && c % 2 == 0)
		return c + 1;
	return c;
}

/* Punctuation to ASCII; 0 when `c` is not punctuation. */
static char fold_punct(uint32_t c)
{
	if (c >= 0x2010 && c <= 0x2015)
		return '-';
	if (c == 0x2018 || c == 0x2019 || c == 0xb4)
		return '\'';
	if (c == 0x201c || c == 0x201d)
		return '"';
	if (c >= 0xff01 && c <= 0xff5e) /* full width forms of ASCII */
		return mp_tolower((char)(c - 0xfee0));
	if ((c >= 0x80 && c <= 0xbf) || (c >= 0x2000 && c <= 0x206f) || (c >= 0x3000 && c <= 0x303f) || c == 0xfeff)
		return ' ';
	if (c == 0xfffd)
		return '?';
	return 0;
}

/* Two bytes in, two bytes out: no folded letter is longer than it was. */
static size_t put_utf8(char *out, uint32_t c, const char *was, size_t len)
{
	if (len == 2 && c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	memcpy(out, was, len);
	return len;
}

size_t smtp_fold(struct mp_str in, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < in.n;) {
		unsigned char b = (unsigned char)in.p[i];
		size_t len = b < 0x80 ? 1 : mp_utf8_len(in.p + i, in.n - i);
		char c;

		if (len == 1)
			c = b <= 0x20 || b == 0x7f ? ' ' : mp_tolower((char)b);
		else if (len == 0)
			c = '?';
		else
			c = fold_punct(mp_utf8_code(in.p + i, len));
		if (c == 0)
			n += put_utf8(out + n, fold_letter(mp_utf8_code(in.p + i, len)), in.p + i, len);
		else if (c != ' ' || (n && out[n - 1] != ' '))
			out[n++] = c;
		i += len ? len : 1;
	}
	if (n && out[n - 1] == ' ')
		n--;
	return n;
}

/* ---- words of a text */

static uint16_t word_hash(const char *p, size_t n)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 16777619U;
	return (uint16_t)((h ^ h >> 15) % SMTP_WORD_BITS);
}

void smtp_text_init(struct smtp_text *t, const char *p, size_t n)
{
	memset(t, 0, sizeof(*t));
	t->p = p;
	t->n = n;
	t->steps = BUDGET;
	for (size_t i = 0; i < n;) {
		size_t start = i;
		uint16_t h;

		while (i < n && is_word(p[i]))
			i++;
		if (i == start) {
			i++;
			continue;
		}
		h = word_hash(p + start, i - start);
		t->words[h / 64] |= (uint64_t)1 << (h % 64);
	}
}

/* ---- matching */

/* What follows a group: the rest of the phrase around it. */
struct rest {
	const char *p, *end;
	const struct rest *next;
};

static bool at_limit(const struct smtp_text *t, size_t s)
{
	return s == 0 || s >= t->n || !is_word(t->p[s - 1]) || !is_word(t->p[s]);
}

static bool is_gap(const char *p, const char *end)
{
	return end - p >= 4 && memcmp(p, " .. ", 4) == 0;
}

/* The ")" or "|" that ends the group's phrase at p; `stop_at_bar`: the first of both. */
static const char *group_end(const char *p, const char *end, bool stop_at_bar)
{
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && depth-- == 0)
			return p;
		else if (*p == '|' && depth == 0 && stop_at_bar)
			return p;
	}
	return end;
}

/* "%<low-high>" at p: the end of the text's number when that lies within, or 0. `*after` is behind the '>'. */
static size_t number_within(const struct smtp_text *t, const char *p, const char *end, size_t s, const char **after)
{
	unsigned long low = 0, high = 0, v = 0;
	size_t digits = 0;

	for (p += 2; p < end && mp_isdigit(*p); p++)
		low = low * 10 + (unsigned long)(*p - '0');
	for (p += 1; p < end && mp_isdigit(*p); p++)
		high = high * 10 + (unsigned long)(*p - '0');
	*after = p < end ? p + 1 : end;
	for (; s < t->n && mp_isdigit(t->p[s]) && digits < 9; s++, digits++)
		v = v * 10 + (unsigned long)(t->p[s] - '0');
	return digits && v >= low && v <= high ? s : 0;
}

/* A blank of the pattern also covers punctuation, unless punctuation is what the pattern has next. */
static bool takes_any(const char *p, const char *end)
{
	return p == end || is_word(*p) || *p == '(' || *p == '%' || *p == ' ' || *p == ')' || *p == '$';
}

static bool run(struct smtp_text *t, const char *p, const char *end, size_t s, const struct rest *next);

static bool run_group(struct smtp_text *t, const char *p, const char *end, size_t s, const struct rest *next)
{
	const char *close = group_end(p + 1, end, false);
	struct rest after = {close < end ? close + 1 : end, end, next};

	for (const char *a = p + 1; a <= close;) {
		const char *bar = group_end(a, close, true);

		if (run(t, a, bar, s, &after))
			return true;
		a = bar + 1;
	}
	return false;
}

static bool run_gap(struct smtp_text *t, const char *p, const char *end, size_t s, const struct rest *next)
{
	size_t last = t->n - s > SMTP_GAP ? s + SMTP_GAP : t->n;

	for (size_t i = s; i <= last; i++) {
		if ((i == 0 || !is_word(t->p[i - 1])) && run(t, p + 4, end, i, next))
			return true;
		if (i + 1 < t->n && t->p[i + 1] == ' ' && (t->p[i] == '.' || t->p[i] == '!' || t->p[i] == '?'))
			return false;
	}
	return false;
}

/* Match the elements p..end, then what is in `next`, at place s of the text. */
static bool run(struct smtp_text *t, const char *p, const char *end, size_t s, const struct rest *next)
{
	while (t->steps) {
		size_t from = s;

		t->steps--;
		if (p == end) {
			if (!next)
				return at_limit(t, s);
			p = next->p;
			end = next->end;
			next = next->next;
			continue;
		}
		if (is_gap(p, end))
			return run_gap(t, p, end, s, next);
		switch (*p) {
		case '(':
			return run_group(t, p, end, s, next);
		case '*':
			while (s < t->n && is_word(t->p[s]))
				s++;
			p++;
			continue;
		case ' ':
			while (s < t->n && (t->p[s] == ' ' || (!is_word(t->p[s]) && takes_any(p + 1, end))))
				s++;
			if (s == from)
				return false;
			p++;
			continue;
		case '$':
			if (s != t->n)
				return false;
			p++;
			continue;
		case '%':
			if (p + 1 < end && p[1] == '<') {
				s = number_within(t, p, end, s, &p);
			} else {
				bool digits = p + 1 < end && p[1] == 'd';

				while (s < t->n && (digits ? mp_isdigit(t->p[s]) : t->p[s] != ' '))
					s++;
				p += 2;
			}
			if (s <= from)
				return false;
			continue;
		case '\\':
			if (p + 1 < end)
				p++;
			break;
		default:
			break;
		}
		if (s >= t->n || t->p[s] != *p)
			return false;
		s++;
		p++;
	}
	return false;
}

static bool phrase_match(struct smtp_text *t, const char *p, const char *end)
{
	bool anywhere = p < end && *p == '*';
	bool literal;

	if (p < end && *p == '^')
		return run(t, p + 1, end, 0, NULL);
	if (anywhere)
		p++;
	literal = p < end && is_word(*p);
	for (size_t s = 0; s < t->n && t->steps; s++) {
		if (literal) {
			const char *at = memchr(t->p + s, *p, t->n - s);

			if (!at)
				return false;
			s = (size_t)(at - t->p);
		}
		if ((anywhere || at_limit(t, s)) && run(t, p, end, s, NULL))
			return true;
	}
	return false;
}

/* The end of the term or alternative at p: where `sep` stands outside of any group. */
static const char *find_sep(const char *p, const char *end, const char *sep)
{
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')')
			depth--;
		else if (depth == 0 && end - p >= 3 && memcmp(p, sep, 3) == 0)
			return p;
	}
	return end;
}

bool smtp_alt_match(struct smtp_text *t, const struct smtp_alt *a)
{
	const char *end = a->p + a->n;

	for (const char *p = a->p; p < end;) {
		const char *stop = find_sep(p, end, " & ");
		bool not = *p == '!';

		if (phrase_match(t, p + (not ? 1 : 0), stop) == not )
			return false;
		p = stop + 3;
	}
	return true;
}

/* ---- anchors */

struct longest {
	const char *p[SMTP_ANCHORS];
	size_t n[SMTP_ANCHORS];
};

static void keep(struct longest *l, const char *p, size_t n)
{
	for (size_t i = 0; i < SMTP_ANCHORS; i++) {
		const char *tp = l->p[i];
		size_t tn = l->n[i];

		if (n <= tn)
			continue;
		l->p[i] = p;
		l->n[i] = n;
		p = tp;
		n = tn;
	}
}

/* Words that stand whole in the pattern, outside groups, with a limit on both sides: each must be in the text. */
static void term_words(struct longest *l, const char *p, const char *end)
{
	int depth = 0;
	bool open = false; /* what came before may be part of the same word in the text */

	while (p < end) {
		const char *start = p;

		while (p < end && is_word(*p))
			p++;
		if (p > start) {
			bool goes_on = p < end && (*p == '*' || *p == '(' || *p == '%' || *p == ')' || *p == '|');

			if (!open && !goes_on && depth == 0)
				keep(l, start, (size_t)(p - start));
			open = false;
			continue;
		}
		open = *p == '*' || *p == ')' || *p == '%';
		if (*p == '(')
			depth++;
		else if (*p == ')')
			depth--;
		if (*p == '%' && p + 1 < end && p[1] == '<')
			while (p + 1 < end && *p != '>')
				p++;
		else if ((*p == '%' || *p == '\\') && p + 1 < end)
			p++;
		p++;
	}
}

bool smtp_alt_next(const char **pattern, struct smtp_alt *out)
{
	const char *p = *pattern, *end, *stop;
	struct longest l = {{NULL}, {0}};

	if (!p)
		return false;
	end = p + strlen(p);
	stop = find_sep(p, end, " | ");
	*pattern = stop < end ? stop + 3 : NULL;
	out->p = p;
	out->n = (size_t)(stop - p);
	for (const char *q = p; q < stop;) {
		const char *term_end = find_sep(q, stop, " & ");

		if (*q != '!')
			term_words(&l, q, term_end);
		q = term_end + 3;
	}
	for (size_t i = 0; i < SMTP_ANCHORS; i++)
		out->anchor[i] = l.p[i] ? word_hash(l.p[i], l.n[i]) : SMTP_NO_ANCHOR;
	return true;
}

bool smtp_match(struct smtp_text *t, const char *pattern)
{
	struct smtp_alt a;

	while (smtp_alt_next(&pattern, &a))
		if (smtp_alt_possible(t, &a) && smtp_alt_match(t, &a))
			return true;
	return false;
}
