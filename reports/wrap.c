/* reports/wrap.c - see reports/wrap.h */
#include "reports/wrap.h"
#include "base/text.h"

static const char *const sgr[] = {
	[REP_PLAIN] = "",
	[REP_BOLD] = "\x1b[1m",
	[REP_DIM] = "\x1b[2m",
	[REP_RED] = "\x1b[1;31m",
	[REP_GREEN] = "\x1b[32m",
	[REP_YELLOW] = "\x1b[33m",
	[REP_BLUE] = "\x1b[34m",
	[REP_MAGENTA] = "\x1b[35m",
};
#define SGR_RESET "\x1b[0m"

char *rep_clean(struct rep_page *pg, const char *text)
{
	char *safe = mp_text(pg->a, mp_str(text ? text : ""));
	struct mp_buf b;
	size_t n = strlen(safe);

	for (char *p = safe; *p; p++)
		if (*p == '\t')
			*p = ' ';
	if (pg->unicode)
		return safe;
	b = MP_BUF(SIZE_MAX / 4);
	for (size_t i = 0, len; i < n; i += len) {
		len = mp_utf8_len(safe + i, n - i);
		if (len > 1)
			mp_buf_addf(&b, "\\u{%04x}", (unsigned)mp_utf8_code(safe + i, len));
		else
			mp_buf_addc(&b, safe[i]);
	}
	if (b.n != n)
		safe = mp_dupn(pg->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return safe;
}

/* Columns of the character at p, which is valid UTF-8, and its length. */
static unsigned char_cols(const char *p, size_t n, size_t *len)
{
	*len = mp_utf8_len(p, n);
	if (!*len)
		*len = 1;
	return (unsigned)mp_text_width(mp_strn(p, *len));
}

/* Bytes of `s` that fit into `cols` columns; marks without a width stay with the character that they belong to. */
static size_t fitting(struct mp_str s, unsigned cols)
{
	unsigned w = 0;
	size_t i = 0;

	while (i < s.n) {
		size_t len;
		unsigned c = char_cols(s.p + i, s.n - i, &len);

		if (w + c > cols)
			break;
		w += c;
		i += len;
	}
	return i;
}

char *rep_cut(struct rep_page *pg, const char *text, unsigned cols)
{
	char *safe = rep_clean(pg, text);
	size_t n = strlen(safe);
	const char *dots = cols < 4 ? "" : "...";

	if (mp_text_width(mp_strn(safe, n)) <= cols)
		return safe;
	n = fitting(mp_strn(safe, n), cols - (unsigned)strlen(dots));
	while (n > 0 && safe[n - 1] == ' ')
		n--;
	return mp_printf(pg->a, "%.*s%s", (int)n, safe, dots);
}

char *rep_blanks(struct rep_page *pg, unsigned n)
{
	return mp_printf(pg->a, "%*s", (int)n, "");
}

char *rep_inked(struct rep_page *pg, enum rep_ink ink, const char *text)
{
	char *safe = rep_clean(pg, text);
	bool inked = pg->color && ink != REP_PLAIN && safe[strspn(safe, " ")];

	return inked ? mp_printf(pg->a, "%s%s" SGR_RESET, sgr[ink], safe) : safe;
}

char *rep_cell(struct rep_page *pg, enum rep_ink ink, const char *text, int cols)
{
	unsigned room = (unsigned)(cols < 0 ? -cols : cols);
	const char *cut = rep_cut(pg, text, room);
	unsigned w = (unsigned)mp_text_width(mp_str(cut));
	const char *pad = rep_blanks(pg, room > w ? room - w : 0);

	return mp_printf(pg->a, "%s%s%s", cols < 0 ? pad : "", rep_inked(pg, ink, cut), cols < 0 ? "" : pad);
}

unsigned rep_cols(const char *prefix)
{
	unsigned w = 0;
	size_t n = strlen(prefix), len;

	for (size_t i = 0; i < n;) {
		if (prefix[i] == '\x1b') {
			while (i < n && prefix[i] != 'm')
				i++;
			i++;
			continue;
		}
		w += char_cols(prefix + i, n - i, &len);
		i += len;
	}
	return w;
}

static void put_line(struct rep_page *pg, const char *prefix, enum rep_ink ink, struct mp_str s, const char *end)
{
	size_t n = strlen(prefix);

	while (!*end && s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	if (!s.n)
		while (n > 0 && prefix[n - 1] == ' ')
			n--;
	mp_buf_add(pg->out, prefix, n);
	if (s.n && pg->color && ink != REP_PLAIN)
		mp_buf_addf(pg->out, "%s%.*s%s" SGR_RESET, sgr[ink], (int)s.n, s.p, end);
	else if (s.n)
		mp_buf_addf(pg->out, "%.*s%s", (int)s.n, s.p, end);
	mp_buf_addc(pg->out, '\n');
}

/* Where to cut a word of which n bytes fit: behind the last mark of its last third, as in URLs and host names, else at n. */
static size_t cut_word(const char *p, size_t n)
{
	for (size_t i = n; i > n - n / 3; i--)
		if (strchr("/?&=,;:-.", p[i - 1]))
			return i;
	return n;
}

/* Columns of the word that begins at `at`. */
static size_t word_cols(struct mp_str s, size_t at)
{
	size_t end = at;

	while (end < s.n && s.p[end] != ' ')
		end++;
	return at < end ? mp_text_width(mp_strn(s.p + at, end - at)) : 0;
}

/* One line of text, cleaned, on as many lines of the page as it takes. */
static void wrap_line(struct rep_page *pg, const struct rep_para *para, const char *first, const char *rest, char *text)
{
	struct mp_str s = mp_str(text);
	const char *prefix = first;
	size_t lead = 0, n, len;

	while (s.n > 0 && s.p[s.n - 1] == ' ')
		s.n--;
	while (lead < s.n && s.p[lead] == ' ')
		lead++;
	if (lead > 16)
		lead = 16;
	if (!para->raw && lead)
		rest = mp_printf(pg->a, "%s%*s", rest, (int)lead, "");
	for (;;) {
		unsigned used = rep_cols(prefix), room = pg->width > used + 2 ? pg->width - used : 2;
		const char *end = "";

		n = fitting(s, room);
		if (n == s.n) {
			put_line(pg, prefix, para->ink, s, "");
			return;
		}
		/* The blank before the first word that does not fit; blanks that lead the line do not count. */
		len = n;
		while (len > 0 && s.p[len] != ' ')
			len--;
		/* A word of a protocol that must be cut anyway is not worth a line end before it. */
		if (para->raw && s.p[n] != ' ' && word_cols(s, len + 1) > pg->width - rep_cols(rest))
			len = 0;
		while (len > 0 && s.p[len - 1] == ' ')
			len--;
		if (!len) {
			len = para->raw ? fitting(s, room - 1) : cut_word(s.p, n);
			end = para->raw ? "\\" : "";
			/* Never nothing, however narrow: one character at least. */
			if (!len)
				char_cols(s.p, s.n, &len);
		}
		put_line(pg, prefix, para->ink, mp_strn(s.p, len), end);
		s.p += len;
		s.n -= len;
		while (!*end && s.n > 0 && *s.p == ' ') {
			s.p++;
			s.n--;
		}
		prefix = rest;
	}
}

void rep_wrap(struct rep_page *pg, const struct rep_para *para, const char *text)
{
	const char *first = para->first ? para->first : para->rest ? para->rest : "";
	const char *rest = para->rest ? para->rest : rep_blanks(pg, rep_cols(first));
	struct mp_str all = mp_str(text ? text : ""), line;

	if (para->one_line) {
		unsigned used = rep_cols(first);

		put_line(pg, first, para->ink, mp_str(rep_cut(pg, text, pg->width > used ? pg->width - used : 1)), "");
		return;
	}
	while (all.n > 0 && all.p[all.n - 1] == '\n')
		all.n--;
	if (!all.n) {
		put_line(pg, first, para->ink, all, "");
		return;
	}
	while (mp_str_split(&all, '\n', &line)) {
		wrap_line(pg, para, first, rest, rep_clean(pg, mp_dupstr(pg->a, line)));
		first = rest;
	}
}

void rep_print(struct rep_page *pg, unsigned indent, const char *fmt, ...)
{
	struct rep_para para = {.first = rep_blanks(pg, indent)};
	va_list ap;

	va_start(ap, fmt);
	rep_wrap(pg, &para, mp_vprintf(pg->a, fmt, ap));
	va_end(ap);
}

void rep_blank(struct rep_page *pg)
{
	const struct mp_buf *b = pg->out;

	if (b->n && !(b->n > 1 && b->p[b->n - 1] == '\n' && b->p[b->n - 2] == '\n'))
		mp_buf_addc(pg->out, '\n');
}
