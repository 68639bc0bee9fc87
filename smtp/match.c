/* smtp/match.c - see smtp/match.h */
#include "smtp/match.h"

#include "base/text.h"

enum { BUDGET = 100000 };

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
	if (((c >= 0x100 && c <= 0x137) || (c >= 0x14a && c <= 0x177)) && c % 2 == 0)
		return c + 1;
	if (((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17e)) && c % 2 == 1)
		return c + 1;
	return c;
}

char smtp_plain_letter(uint32_t c)
{
	static const char plain[] = "aaaaaa.ceeeeiiiidnooooo.ouuuuy..aaaaaa.ceeeeiiiidnooooo.ouuuuy.y"
				    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii..jjkkklllllll"
				    "lllnnnnnnnnnoooooo..rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

	return c >= 0xc0 && c < 0xc0 + sizeof(plain) - 1 && plain[c - 0xc0] != '.' ? plain[c - 0xc0] : '\0';
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
			c = smtp_plain_letter(b) ? smtp_plain_letter(b) : '?';
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

static uint16_t hash_of(const char *p, size_t n)
{
	uint32_t h = 2166136261U;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)p[i]) * 16777619U;
	return (uint16_t)((h ^ h >> 15) % SMTP_WORD_BITS);
}

/* Words are also known by their first letters, four and two, for patterns that leave the rest open. */
enum { PREFIX = 4, SHORT_PREFIX = 2 };

static uint16_t prefix_hash(const char *p, size_t n)
{
	return (uint16_t)(SMTP_WORD_BITS + hash_of(p, n));
}

static uint16_t byte_bit(char c)
{
	return (uint16_t)(2 * SMTP_WORD_BITS + (unsigned char)c);
}

static void set_bit(uint64_t *bits, uint16_t i)
{
	bits[i / 64] |= (uint64_t)1 << (i % 64);
}

static bool has_bit(const uint64_t *bits, uint16_t i)
{
	return bits[i / 64] >> (i % 64) & 1;
}

void smtp_text_init(struct smtp_text *t, const char *p, size_t n)
{
	memset(t->words, 0, sizeof(t->words));
	t->p = p;
	t->n = n;
	t->steps = BUDGET;
	for (size_t i = 0; i < n;) {
		size_t start = i;

		for (; i < n && smtp_is_word(p[i]); i++)
			if ((unsigned char)p[i] >= 0x80) /* scripts without blanks: any of them may begin a word */
				set_bit(t->words, byte_bit(p[i]));
		if (i == start) {
			set_bit(t->words, byte_bit(p[i++]));
			continue;
		}
		set_bit(t->words, byte_bit(p[start]));
		set_bit(t->words, hash_of(p + start, i - start));
		if (i - start >= PREFIX)
			set_bit(t->words, prefix_hash(p + start, PREFIX));
		if (i - start >= SHORT_PREFIX)
			set_bit(t->words, prefix_hash(p + start, SHORT_PREFIX));
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
	return s == 0 || s >= t->n || !smtp_is_word(t->p[s - 1]) || !smtp_is_word(t->p[s]);
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
	return p == end || smtp_is_word(*p) || *p == '(' || *p == '%' || *p == ' ' || *p == ')' || *p == '$';
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

	if (!at_limit(t, s))
		return false;
	for (size_t i = s; i <= last; i++) {
		if ((i == 0 || !smtp_is_word(t->p[i - 1])) && run(t, p + 4, end, i, next))
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
			while (s < t->n && smtp_is_word(t->p[s]))
				s++;
			p++;
			continue;
		case ' ':
			while (s < t->n && (t->p[s] == ' ' || (!smtp_is_word(t->p[s]) && takes_any(p + 1, end))))
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

static bool first_chars(const char *p, const char *end, bool set[static 256]);

static bool group_first_chars(const char *p, const char *end, bool set[static 256])
{
	const char *close = group_end(p + 1, end, false);

	for (const char *a = p + 1; a <= close;) {
		const char *bar = group_end(a, close, true);

		if (!first_chars(a, bar, set))
			return false;
		a = bar + 1;
	}
	return true;
}

/* The characters that a phrase may begin with. False when that cannot be told: any. */
static bool first_chars(const char *p, const char *end, bool set[static 256])
{
	if (p < end && *p == '\\')
		p++;
	else if (p < end && *p == '(')
		return group_first_chars(p, end, set);
	else if (p == end || !smtp_is_word(*p))
		return false;
	set[(unsigned char)*p] = true;
	return true;
}

static bool phrase_match(struct smtp_text *t, const char *p, const char *end)
{
	bool anywhere = p < end && *p == '*';
	bool set[256] = {false}, known;

	if (p < end && *p == '^')
		return run(t, p + 1, end, 0, NULL);
	if (anywhere)
		p++;
	known = first_chars(p, end, set);
	for (size_t s = 0; s < t->n && t->steps; s++) {
		if (known && !set[(unsigned char)t->p[s]])
			continue;
		if ((anywhere || at_limit(t, s)) && run(t, p, end, s, NULL))
			return true;
	}
	return false;
}

/* The end of the term or alternative at p: where `sep` stands outside of any group. */
static const char *find_sep(const char *p, const char *end, char sep)
{
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')')
			depth--;
		else if (*p == ' ' && depth == 0 && end - p >= 3 && p[1] == sep && p[2] == ' ')
			return p;
	}
	return end;
}

static bool alternative_match(struct smtp_text *t, const char *p, const char *end)
{
	while (p < end) {
		const char *stop = find_sep(p, end, '&');
		bool not = *p == '!';

		if (phrase_match(t, p + (not ? 1 : 0), stop) == not )
			return false;
		p = stop + 3;
	}
	return true;
}

bool smtp_match(struct smtp_text *t, const char *pattern)
{
	const char *end = pattern + strlen(pattern);

	while (pattern < end) {
		const char *stop = find_sep(pattern, end, '|');

		if (alternative_match(t, pattern, stop))
			return true;
		pattern = stop + 3;
	}
	return false;
}

/* ---- the index: what a text must hold for an alternative to match */

/* Up to this many words in one condition; a longer group makes none. */
enum { CONDITION_MAX = 64 };

struct condition {
	uint16_t hash[CONDITION_MAX];
	uint16_t n;
	bool unusable; /* something in it can match without any of the words */
};

/*
 * A word of a pattern that the text must hold as it is, or begin a word with: its hash. -1 when it is neither, because
 * the pattern lets more letters stand before or behind it.
 */
static int word_condition(const char *from, const char *p, const char *stop, const char *end)
{
	bool open_left = p > from && (p[-1] == '*' || p[-1] == ')' || p[-1] == '>' ||
					     (p - from >= 2 && p[-2] == '%' && (p[-1] == 'd' || p[-1] == 'w')));
	bool open_right = stop < end && (*stop == '(' || *stop == '%');

	if (open_left)
		return -1;
	if (stop < end && *stop == '*')
		open_right = true;
	if (!open_right)
		return hash_of(p, (size_t)(stop - p));
	if (stop - p >= PREFIX)
		return prefix_hash(p, PREFIX);
	return stop - p >= SHORT_PREFIX ? prefix_hash(p, SHORT_PREFIX) : -1;
}

/* The first usable word of p..end at this level of nesting; -1: none. `from`: where the pattern begins. */
static int first_word(const char *from, const char *p, const char *end, const char *whole_end)
{
	while (p < end) {
		const char *start = p;
		int h;

		if (*p == '(') {
			p = group_end(p + 1, end, false);
			p += p < end;
			continue;
		}
		if (*p == '%') {
			const char *close = p + 1 < end && p[1] == '<' ? memchr(p, '>', (size_t)(end - p)) : p + 1;

			p = close ? close + 1 : end;
			while (p < end && smtp_is_word(*p)) /* joined to what was matched */
				p++;
			continue;
		}
		if (*p == '\\' && p + 1 < end) {
			p += 2;
			continue;
		}
		while (p < end && smtp_is_word(*p))
			p++;
		if (p == start) {
			p++;
			continue;
		}
		h = word_condition(from, start, p, p == end ? whole_end : end);
		if (h >= 0)
			return h;
	}
	return -1;
}

/* One of the words of a group must occur, when each way through it has one. */
static void group_condition(struct condition *c, const char *from, const char *open, const char *close, const char *end)
{
	c->n = 0;
	c->unusable = open > from && smtp_is_word(open[-1]);
	for (const char *a = open + 1; a <= close && !c->unusable;) {
		const char *bar = group_end(a, close, true);
		/* what follows the group goes on in the same word: "(block|reject)ed" */
		bool joined = close + 1 < end &&
			      (smtp_is_word(close[1]) || close[1] == '(' || close[1] == '*' || close[1] == '%');
		int h = joined ? -1 : first_word(a, a, bar, bar);

		if (h < 0 || c->n == CONDITION_MAX)
			c->unusable = true;
		else
			c->hash[c->n++] = (uint16_t)h;
		a = bar + 1;
	}
	if (!c->n)
		c->unusable = true;
}

static void add_condition(struct smtp_index *ix, struct smtp_alt *a, const struct condition *c)
{
	if (c->unusable || ix->n_words + c->n + 1U > SMTP_INDEX_WORDS)
		return;
	ix->words[ix->n_words++] = c->n;
	memcpy(ix->words + ix->n_words, c->hash, c->n * sizeof(c->hash[0]));
	ix->n_words += c->n;
	a->conditions++;
}

/* The conditions of one term: its words outside of groups, and its groups. */
static void term_conditions(
	struct smtp_index *ix, struct smtp_alt *alt, size_t *key_len, const char *from, const char *end)
{
	struct condition c;

	for (const char *p = from; p < end;) {
		const char *start = p;
		int h;

		if (*p == '(') {
			const char *close = group_end(p + 1, end, false);

			group_condition(&c, from, p, close, end);
			add_condition(ix, alt, &c);
			p = close < end ? close + 1 : end;
			while (p < end && smtp_is_word(*p)) /* the rest of the group's word */
				p++;
			continue;
		}
		if (*p == '%') {
			const char *close = p + 1 < end && p[1] == '<' ? memchr(p, '>', (size_t)(end - p)) : p + 1;

			p = close ? close + 1 : end;
			while (p < end && smtp_is_word(*p))
				p++;
			continue;
		}
		if (*p == '\\' && p + 1 < end) {
			p += 2;
			continue;
		}
		while (p < end && smtp_is_word(*p))
			p++;
		if (p == start) {
			p++;
			continue;
		}
		h = word_condition(from, start, p, end);
		if (h <= 0)
			continue;
		if ((size_t)(p - start) > *key_len) { /* the longest word is the rarest */
			uint16_t was = alt->key;

			alt->key = (uint16_t)h;
			*key_len = (size_t)(p - start);
			h = was;
		}
		if (h > 0) {
			c = (struct condition){{(uint16_t)h}, 1, false};
			add_condition(ix, alt, &c);
		}
	}
}

/* Without a word to go by: the punctuation or the non-ASCII letter that the first term begins with. 0: neither. */
static uint16_t byte_condition(const char *p, const char *end)
{
	if (p < end && *p == '\\')
		return byte_bit(p[1]);
	if (end - p >= 2 && *p == '*' && (unsigned char)p[1] >= 0x80)
		return byte_bit(p[1]);
	return 0;
}

bool smtp_index_add(struct smtp_index *ix, const char *pattern, uint16_t owner)
{
	const char *p = pattern ? pattern : "", *end = p + strlen(p);

	do {
		struct smtp_alt *a = &ix->alts[ix->n];
		size_t key_len = 0;
		const char *stop = find_sep(p, end, '|');

		if (ix->n == SMTP_INDEX_ALTS || ix->n_words >= UINT16_MAX)
			return false;
		ix->n++;
		*a = (struct smtp_alt){.p = p, .n = (uint16_t)(stop - p), .owner = owner, .at = (uint16_t)ix->n_words};
		a->one_term = find_sep(p, stop, '&') == stop && *p != '!';
		for (const char *q = p; q < stop;) {
			const char *term_end = find_sep(q, stop, '&');

			if (*q != '!')
				term_conditions(ix, a, &key_len, q + (*q == '^'), term_end);
			q = term_end + 3;
		}
		if (!a->key && !a->conditions)
			a->key = byte_condition(p, stop);
		p = stop + 3;
	} while (p < end);
	return true;
}

bool smtp_index_meets(const struct smtp_index *ix, size_t i, const struct smtp_text *t)
{
	const uint16_t *w = ix->words + ix->alts[i].at;

	for (uint16_t c = ix->alts[i].conditions; c; c--) {
		uint16_t n = *w++;
		bool found = false;

		for (uint16_t k = 0; k < n && !found; k++)
			found = has_bit(t->words, w[k]);
		if (!found)
			return false;
		w += n;
	}
	return true;
}

bool smtp_index_match(const struct smtp_index *ix, size_t i, struct smtp_text *t)
{
	const struct smtp_alt *a = &ix->alts[i];

	if (!a->n)
		return true;
	return a->one_term ? phrase_match(t, a->p, a->p + a->n) : alternative_match(t, a->p, a->p + a->n);
}
