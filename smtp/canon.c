/* smtp/canon.c - see smtp/canon.h */
#include "base/tags.h"
#include "smtp/canon.h"

const char *smtp_canon_name(enum smtp_canon c)
{
	return c == SMTP_RELAXED ? "relaxed" : "simple";
}

static bool parse_one(struct mp_str s, enum smtp_canon *out)
{
	*out = mp_str_ieq(s, MP_LIT("relaxed")) ? SMTP_RELAXED : SMTP_SIMPLE;
	return *out == SMTP_RELAXED || mp_str_ieq(s, MP_LIT("simple"));
}

bool smtp_canon_parse(struct mp_str s, enum smtp_canon *header, enum smtp_canon *body)
{
	struct mp_str part;

	*body = SMTP_SIMPLE;
	mp_tag_item(&s, '/', &part);
	return parse_one(part, header) && (!mp_tag_item(&s, '/', &part) || parse_one(part, body));
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* ---- header fields */

/* 3.4.2: the name in lower case, the value on one line, runs of white space one blank, none at its ends. */
static void relaxed_name(struct mp_str name, struct mp_buf *out)
{
	for (size_t i = 0; i < name.n; i++)
		mp_buf_addc(out, mp_tolower(name.p[i]));
	mp_buf_addc(out, ':');
}

static void relaxed_value(struct mp_str v, struct mp_buf *out)
{
	size_t from = out->n;
	bool blank = false;

	for (size_t i = 0; i < v.n; i++) {
		char c = v.p[i];

		/* only the line ends of folding go; a bare CR or LF is text */
		if (c == '\r' && i + 1 < v.n && v.p[i + 1] == '\n') {
			i++;
			continue;
		}
		if (mp_isblank(c)) {
			blank = true;
			continue;
		}
		if (blank && out->n > from)
			mp_buf_addc(out, ' ');
		blank = false;
		mp_buf_addc(out, c);
	}
}

void smtp_canon_field(enum smtp_canon how, const struct smtp_field *f, struct mp_buf *out)
{
	if (how == SMTP_SIMPLE) {
		mp_buf_addstr(out, f->raw);
		return;
	}
	relaxed_name(f->name, out);
	relaxed_value(f->value, out);
	mp_buf_adds(out, "\r\n");
}

/* Where the value of the tag b begins and ends in a tag list; false without one. */
static bool find_b(struct mp_str v, size_t *from, size_t *to)
{
	for (size_t at = 0; at < v.n;) {
		const char *semicolon = memchr(v.p + at, ';', v.n - at);
		size_t end = semicolon ? (size_t)(semicolon - v.p) : v.n, i = at;

		while (i < end && is_space(v.p[i]))
			i++;
		if (i < end && v.p[i] == 'b') {
			i++;
			while (i < end && is_space(v.p[i]))
				i++;
			if (i < end && v.p[i] == '=') {
				*from = i + 1;
				*to = end;
				return true;
			}
		}
		at = end + 1;
	}
	return false;
}

void smtp_canon_own(enum smtp_canon how, const struct smtp_field *f, struct mp_buf *out)
{
	struct mp_buf cut = MP_BUF(f->value.n + 1);
	size_t from = f->value.n, to = f->value.n;

	find_b(f->value, &from, &to);
	mp_buf_addstr(&cut, mp_strn(f->value.p, from));
	mp_buf_addstr(&cut, mp_strn(f->value.p + to, f->value.n - to));
	if (how == SMTP_SIMPLE) {
		mp_buf_addstr(out, mp_strn(f->raw.p, (size_t)(f->value.p - f->raw.p)));
		mp_buf_addstr(out, mp_buf_str(&cut));
	} else {
		relaxed_name(f->name, out);
		relaxed_value(mp_buf_str(&cut), out);
	}
	mp_buf_release(&cut);
}

/* ---- bodies */

void smtp_body_init(struct smtp_body *b, enum smtp_canon how, void (*out)(void *to, struct mp_str bytes), void *to)
{
	*b = (struct smtp_body){.how = how, .out = out, .to = to};
}

static void put(struct smtp_body *b, struct mp_str bytes)
{
	if (!bytes.n)
		return;
	b->n += bytes.n;
	b->out(b->to, bytes);
}

/* What was held back turns out to stand before something. */
static void release(struct smtp_body *b)
{
	for (; b->held_lines; b->held_lines--)
		put(b, MP_LIT("\r\n"));
	if (b->blank)
		put(b, MP_LIT(" "));
	b->blank = false;
	b->text = b->any = true;
}

void smtp_body_text(struct smtp_body *b, struct mp_str piece)
{
	size_t from = 0;

	if (b->how == SMTP_SIMPLE) {
		if (piece.n) {
			release(b);
			put(b, piece);
		}
		return;
	}
	while (from < piece.n) {
		size_t to = from;

		/* a single blank within a line is as it should be: goes with the text around it */
		while (to < piece.n &&
			(!mp_isblank(piece.p[to]) ||
				(piece.p[to] == ' ' && to > from && to + 1 < piece.n && !mp_isblank(piece.p[to + 1]))))
			to++;
		if (to > from) {
			release(b);
			put(b, mp_strn(piece.p + from, to - from));
		}
		while (to < piece.n && mp_isblank(piece.p[to])) {
			b->blank = true;
			to++;
		}
		from = to;
	}
}

bool smtp_body_line(struct smtp_body *b)
{
	bool whole = b->text;

	b->blank = b->text = false;
	b->held_lines++;
	return whole;
}

void smtp_body_end(struct smtp_body *b)
{
	b->blank = b->text = false;
	b->held_lines = 0;
	/* 3.4.3, 3.4.4: one CRLF at the end; an empty body is one CRLF in the simple form, and nothing in the relaxed one */
	if (b->any || b->how == SMTP_SIMPLE)
		put(b, MP_LIT("\r\n"));
}
