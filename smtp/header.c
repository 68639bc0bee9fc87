/* smtp/header.c - see smtp/header.h */
#include "base/text.h"
#include "smtp/header.h"

/* ---- fields */

static bool name_char(char c)
{
	return c > 32 && c < 127 && c != ':';
}

/* The line at `p`, its CRLF included. */
static size_t line_length(const char *p, size_t n)
{
	const char *at = p, *end = p + n, *lf;

	while ((lf = memchr(at, '\n', (size_t)(end - at)))) {
		if (lf > p && lf[-1] == '\r')
			return (size_t)(lf - p) + 1;
		at = lf + 1;
	}
	return n;
}

static struct mp_str without_crlf(struct mp_str s)
{
	if (s.n && s.p[s.n - 1] == '\n' && s.n > 1 && s.p[s.n - 2] == '\r')
		s.n -= 2;
	return s;
}

static bool is_field(struct mp_str raw, struct smtp_field *f)
{
	size_t n = 0, colon;

	while (n < raw.n && name_char(raw.p[n]))
		n++;
	colon = n;
	while (colon < raw.n && mp_isblank(raw.p[colon])) /* obsolete: blanks before the colon */
		colon++;
	if (!n || colon == raw.n || raw.p[colon] != ':')
		return false;
	f->raw = raw;
	f->name = mp_strn(raw.p, n);
	f->value = without_crlf(mp_strn(raw.p + colon + 1, raw.n - colon - 1));
	return true;
}

void smtp_header_parse(struct mp_arena *a, struct mp_str bytes, struct smtp_header *out)
{
	enum { ODD_SHOWN = 80 };
	const char *p = bytes.p, *end = bytes.p + bytes.n;
	size_t cap = 0;

	memset(out, 0, sizeof(*out));
	while (p < end) {
		size_t n = line_length(p, (size_t)(end - p));
		struct smtp_field f;

		while (p + n < end && mp_isblank(p[n]))
			n += line_length(p + n, (size_t)(end - p) - n);
		if (!is_field(mp_strn(p, n), &f)) {
			if (!out->n_odd++)
				out->odd = mp_text(
					a, mp_str_trim(without_crlf(mp_strn(p, n < ODD_SHOWN ? n : ODD_SHOWN))));
		} else if (out->n == SMTP_FIELDS_MAX) {
			out->more = true;
			return;
		} else {
			*MP_PUSH(a, out->field, out->n, cap) = f;
		}
		p += n;
	}
}

bool smtp_field_is(const struct smtp_field *f, const char *name)
{
	return mp_str_ieq(f->name, mp_str(name));
}

size_t smtp_field_count(const struct smtp_header *h, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < h->n; i++)
		n += smtp_field_is(&h->field[i], name);
	return n;
}

size_t smtp_field_find(const struct smtp_header *h, const char *name, size_t from)
{
	while (from < h->n && !smtp_field_is(&h->field[from], name))
		from++;
	return from;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

char *smtp_field_text(struct mp_arena *a, const struct smtp_field *f)
{
	char *out = mp_alloc(a, f->value.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < f->value.n; i++) {
		char c = is_space(f->value.p[i]) ? ' ' : f->value.p[i];

		if (c == ' ' && (!n || out[n - 1] == ' '))
			continue;
		out[n++] = c;
	}
	if (n && out[n - 1] == ' ')
		n--;
	return mp_text(a, mp_strn(out, n));
}

/* ---- structured values */

void smtp_lex_init(struct smtp_lexer *l, struct mp_arena *a, struct mp_str value, const char *specials)
{
	*l = (struct smtp_lexer){.a = a, .s = value, .specials = specials};
}

/* A quoted string or a comment that begins at l->at, to its end; its text without backslashes. */
static struct mp_str delimited(struct smtp_lexer *l, char open, char close)
{
	size_t from = ++l->at, depth = 1, n = 0;
	char *out;

	for (; l->at < l->s.n; l->at++) {
		char c = l->s.p[l->at];

		if (c == '\\' && l->at + 1 < l->s.n)
			l->at++;
		else if (c == close && --depth == 0)
			break;
		else if (c == open && open != close)
			depth++;
	}
	out = mp_alloc(l->a, l->at - from + 1);
	for (size_t i = from; i < l->at; i++) {
		if (l->s.p[i] == '\\' && i + 1 < l->at)
			i++;
		else if (l->s.p[i] == '\r' || l->s.p[i] == '\n')
			continue;
		out[n++] = l->s.p[i];
	}
	if (l->at < l->s.n)
		l->at++;
	return mp_strn(out, n);
}

static bool special(const struct smtp_lexer *l, char c)
{
	return c && strchr(l->specials, c);
}

enum smtp_token_kind smtp_lex(struct smtp_lexer *l, struct smtp_token *t)
{
	*t = (struct smtp_token){.kind = SMTP_TOKEN_END};
	while (l->at < l->s.n) {
		char c = l->s.p[l->at];

		t->at = l->at;
		if (is_space(c)) {
			t->spaced = true;
			l->at++;
			continue;
		}
		if (c == '(') {
			t->text = delimited(l, '(', ')');
			t->kind = SMTP_TOKEN_COMMENT;
			if (l->comments)
				break;
			t->kind = SMTP_TOKEN_END;
			t->spaced = true;
			continue;
		}
		if (c == '"') {
			t->text = delimited(l, '"', '"');
			t->kind = SMTP_TOKEN_QUOTED;
			break;
		}
		if (special(l, c)) {
			t->text = mp_strn(l->s.p + l->at++, 1);
			t->kind = SMTP_TOKEN_SPECIAL;
			break;
		}
		while (l->at < l->s.n && !is_space(l->s.p[l->at]) && l->s.p[l->at] != '(' && l->s.p[l->at] != '"' &&
			!special(l, l->s.p[l->at]))
			l->at++;
		t->text = mp_strn(l->s.p + t->at, l->at - t->at);
		t->kind = SMTP_TOKEN_ATOM;
		break;
	}
	t->end = l->at;
	if (t->kind == SMTP_TOKEN_END)
		t->at = l->at;
	return t->kind;
}

struct smtp_token smtp_lex_peek(const struct smtp_lexer *l)
{
	struct smtp_lexer copy = *l;
	struct smtp_token t;

	smtp_lex(&copy, &t);
	return t;
}

/* ---- addresses */

enum { ADDRESS_MAX = 1024, NAME_MAX_SHOWN = 256 };

struct mailbox_reader {
	struct mp_arena *a;
	struct mp_buf words;   /* what stands before "<": the display name, or an address without brackets */
	struct mp_buf address; /* between the brackets */
	bool bracket, any;
};

static void mailbox_end(struct mailbox_reader *r, struct smtp_mailbox *out, size_t *n)
{
	struct mp_str address = r->bracket ? mp_buf_str(&r->address) : mp_buf_str(&r->words);
	const char *at = NULL;

	if (r->any && *n < SMTP_MAILBOXES_MAX) {
		struct smtp_mailbox *m = &out[(*n)++];
		char *domain;

		for (size_t i = 0; i < address.n; i++)
			if (address.p[i] == '@')
				at = address.p + i;
		*m = (struct smtp_mailbox){"", "", ""};
		if (r->bracket)
			m->name = mp_text(r->a, mp_str_trim(mp_buf_str(&r->words)));
		else if (!at)
			m->name = mp_text(r->a, mp_str_trim(address));
		if (at) {
			m->address = mp_text(r->a, mp_str_trim(address));
			domain = mp_text(r->a, mp_str_trim(mp_strn(at + 1, (size_t)(address.p + address.n - at - 1))));
			for (char *p = domain; *p; p++)
				*p = mp_tolower(*p);
			m->domain = domain;
		}
	}
	mp_buf_reset(&r->words);
	mp_buf_reset(&r->address);
	r->bracket = r->any = false;
}

static void mailbox_word(struct mailbox_reader *r, bool inside, const struct smtp_token *t)
{
	struct mp_buf *to = inside ? &r->address : &r->words;

	r->any = true;
	if (!inside && t->spaced && to->n)
		mp_buf_addc(to, ' ');
	mp_buf_addstr(to, t->text);
}

size_t smtp_mailboxes(struct mp_arena *a, struct mp_str value, struct smtp_mailbox out[static SMTP_MAILBOXES_MAX])
{
	struct mailbox_reader r = {.a = a, .words = MP_BUF(ADDRESS_MAX), .address = MP_BUF(ADDRESS_MAX)};
	struct smtp_lexer l;
	struct smtp_token t;
	bool inside = false;
	size_t n = 0;

	smtp_lex_init(&l, a, value, "<>,:;@");
	while (smtp_lex(&l, &t) != SMTP_TOKEN_END) {
		char c = t.kind == SMTP_TOKEN_SPECIAL ? t.text.p[0] : '\0';

		if (c == '<') {
			inside = r.bracket = r.any = true;
			mp_buf_reset(&r.address);
		} else if (c == '>') {
			inside = false;
		} else if ((c == ',' || c == ';') && !inside) {
			mailbox_end(&r, out, &n);
		} else if (c == ':') {
			/* the name of a group, or an obsolete route: neither is part of an address */
			mp_buf_reset(inside ? &r.address : &r.words);
			r.any = r.bracket;
		} else {
			mailbox_word(&r, inside, &t);
		}
	}
	mailbox_end(&r, out, &n);
	mp_buf_release(&r.words);
	mp_buf_release(&r.address);
	return n;
}

/* ---- parameters */

char *smtp_parameter(struct mp_arena *a, struct mp_str value, const char *name)
{
	struct smtp_lexer l;
	struct smtp_token t;
	bool begins = false;

	smtp_lex_init(&l, a, value, ";=");
	while (smtp_lex(&l, &t) != SMTP_TOKEN_END) {
		if (t.kind == SMTP_TOKEN_SPECIAL) {
			begins = t.text.p[0] == ';';
			continue;
		}
		if (begins && t.kind == SMTP_TOKEN_ATOM && mp_str_ieq(t.text, mp_str(name)) &&
			smtp_lex(&l, &t) == SMTP_TOKEN_SPECIAL && t.text.p[0] == '=' &&
			smtp_lex(&l, &t) != SMTP_TOKEN_END && t.kind != SMTP_TOKEN_SPECIAL)
			return mp_dupstr(a, t.text);
		begins = false;
	}
	return NULL;
}

/* ---- dates */

static const char *const months[] = {
	"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};
static const struct {
	const char *name;
	int minutes;
} zones[] = {{"UT", 0}, {"GMT", 0}, {"UTC", 0}, {"Z", 0}, {"EST", -300}, {"EDT", -240}, {"CST", -360}, {"CDT", -300},
	{"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420}};

static bool take_number(struct smtp_lexer *l, uint64_t max, uint64_t *out)
{
	struct smtp_token t;

	return smtp_lex(l, &t) == SMTP_TOKEN_ATOM && mp_str_u64(t.text, max, out);
}

static bool take_month(struct smtp_lexer *l, uint64_t *out)
{
	struct smtp_token t;

	if (smtp_lex(l, &t) != SMTP_TOKEN_ATOM || t.text.n < 3)
		return false;
	for (*out = 1; *out <= 12; ++*out)
		if (mp_str_istarts(t.text, months[*out - 1]))
			return true;
	return false;
}

static bool zone_of(struct mp_str s, int *minutes)
{
	uint64_t v;

	if (s.n == 5 && (s.p[0] == '+' || s.p[0] == '-') && mp_str_u64(mp_strn(s.p + 1, 4), 9999, &v) && v % 100 < 60) {
		*minutes = (int)(v / 100 * 60 + v % 100) * (s.p[0] == '-' ? -1 : 1);
		return true;
	}
	for (size_t i = 0; i < ARRAY_LEN(zones); i++)
		if (mp_str_ieq(s, mp_str(zones[i].name))) {
			*minutes = zones[i].minutes;
			return true;
		}
	*minutes = 0;
	return s.n == 1 && mp_isalpha(s.p[0]); /* military zones: 5322 4.3 takes them as -0000 */
}

/* Days from 1970-01-01 to a day of the Gregorian calendar. */
static int64_t days_from_civil(int64_t y, int64_t m, int64_t d)
{
	int64_t era, year_of_era, day_of_year;

	y -= m <= 2;
	era = (y >= 0 ? y : y - 399) / 400;
	year_of_era = y - era * 400;
	day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

/* "10:02:03", "10:02"; ":" is a special of the lexer. */
static bool take_time(struct smtp_lexer *l, int64_t *seconds)
{
	uint64_t h, m, s = 0;
	struct smtp_token t;

	if (!take_number(l, 23, &h) || smtp_lex(l, &t) != SMTP_TOKEN_SPECIAL || t.text.p[0] != ':' ||
		!take_number(l, 59, &m))
		return false;
	t = smtp_lex_peek(l);
	if (t.kind == SMTP_TOKEN_SPECIAL && t.text.p[0] == ':') {
		smtp_lex(l, &t);
		if (!take_number(l, 60, &s))
			return false;
	}
	*seconds = (int64_t)(h * 3600 + m * 60 + s);
	return true;
}

bool smtp_date(struct mp_arena *a, struct mp_str value, int64_t *ms, int *zone_min)
{
	uint64_t day, month, year;
	int64_t seconds;
	struct smtp_lexer l;
	struct smtp_token t;
	int zone = 0;

	smtp_lex_init(&l, a, value, ",:;");
	t = smtp_lex_peek(&l);
	if (t.kind == SMTP_TOKEN_ATOM && t.text.n && mp_isalpha(t.text.p[0])) { /* the day of the week */
		smtp_lex(&l, &t);
		t = smtp_lex_peek(&l);
		if (t.kind == SMTP_TOKEN_SPECIAL && t.text.p[0] == ',')
			smtp_lex(&l, &t);
	}
	if (!take_number(&l, 31, &day) || !day || !take_month(&l, &month) || !take_number(&l, 9999, &year) ||
		!take_time(&l, &seconds))
		return false;
	if (smtp_lex(&l, &t) != SMTP_TOKEN_END && (t.kind != SMTP_TOKEN_ATOM || !zone_of(t.text, &zone)))
		return false;
	if (year < 100) /* 5322 4.3 */
		year += year < 50 ? 2000 : 1900;
	*ms = (days_from_civil((int64_t)year, (int64_t)month, (int64_t)day) * 86400 + seconds - zone * 60) * 1000;
	if (zone_min)
		*zone_min = zone;
	return true;
}
