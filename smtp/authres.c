/* smtp/authres.c - see smtp/authres.h */
#include "base/text.h"
#include "smtp/authres.h"

enum { TEXT_MAX = 512 };

static char *shown(struct mp_arena *a, struct mp_str s)
{
	return mp_text(a, mp_strn(s.p, s.n < TEXT_MAX ? s.n : TEXT_MAX));
}

static char *lower(struct mp_arena *a, struct mp_str s)
{
	char *out = shown(a, s);

	for (char *p = out; *p; p++)
		*p = mp_tolower(*p);
	return out;
}

static bool is_special(const struct smtp_token *t, char c)
{
	return t->kind == SMTP_TOKEN_SPECIAL && t->text.p[0] == c;
}

/* A value up to white space or ";": "=" and a quoted string may be part of it. */
static const char *value_of(struct smtp_lexer *l, struct mp_buf *b)
{
	struct smtp_token t = smtp_lex_peek(l);
	bool first = true;

	mp_buf_reset(b);
	while (t.kind != SMTP_TOKEN_END && t.kind != SMTP_TOKEN_COMMENT && !is_special(&t, ';') &&
		(first || !t.spaced)) {
		smtp_lex(l, &t);
		mp_buf_addstr(b, t.text);
		t = smtp_lex_peek(l);
		first = false;
	}
	return shown(l->a, mp_buf_str(b));
}

static void note(struct smtp_lexer *l, struct smtp_authres_result *r, struct mp_str key, const char *value)
{
	if (mp_str_ieq(key, MP_LIT("reason")))
		r->reason = value;
	else if (r->n < SMTP_AUTHRES_PROPERTIES)
		r->property[r->n++] = (struct smtp_authres_property){lower(l->a, key), value};
}

/* From "method" to ";" or the end. False: there is none. */
static bool read_result(struct smtp_lexer *l, struct smtp_authres_result *r, struct mp_buf *b)
{
	struct mp_str method, key;
	struct smtp_token t;
	bool have = false;

	*r = (struct smtp_authres_result){.n = 0};
	while (smtp_lex(l, &t) != SMTP_TOKEN_END && !is_special(&t, ';')) {
		struct smtp_token next = smtp_lex_peek(l);

		if (t.kind == SMTP_TOKEN_COMMENT && have && !r->reason)
			r->reason = shown(l->a, t.text);
		if (t.kind != SMTP_TOKEN_ATOM || !is_special(&next, '='))
			continue;
		key = t.text;
		smtp_lex(l, &next);
		if (have) {
			note(l, r, key, value_of(l, b));
			continue;
		}
		mp_str_split(&key, '/', &method);
		r->method = lower(l->a, mp_str_trim(method));
		r->result = lower(l->a, mp_str(value_of(l, b)));
		have = true;
	}
	return have;
}

void smtp_authres_read(struct mp_arena *a, struct mp_str value, struct smtp_authres *out)
{
	struct mp_buf b = MP_BUF(TEXT_MAX);
	struct smtp_authres_result r;
	struct smtp_token t, next;
	struct smtp_lexer l, start;
	size_t cap = 0;

	*out = (struct smtp_authres){.id = NULL};
	smtp_lex_init(&l, a, value, ";=");
	/* the instance of ARC */
	start = l;
	if (smtp_lex(&l, &t) == SMTP_TOKEN_ATOM && mp_str_ieq(t.text, MP_LIT("i")) && smtp_lex(&l, &t) &&
		is_special(&t, '=') && smtp_lex(&l, &t) == SMTP_TOKEN_ATOM && smtp_lex(&l, &t) && is_special(&t, ';'))
		start = l;
	l = start;
	smtp_lex(&l, &t);
	next = smtp_lex_peek(&l);
	if ((t.kind == SMTP_TOKEN_ATOM || t.kind == SMTP_TOKEN_QUOTED) && !is_special(&next, '=')) {
		out->id = lower(a, t.text);
		while (!is_special(&t, ';') && t.kind != SMTP_TOKEN_END) /* the version */
			smtp_lex(&l, &t);
	} else {
		l = start;
	}
	l.comments = true;
	while (l.at < l.s.n && out->n < SMTP_AUTHRES_RESULTS)
		if (read_result(&l, &r, &b))
			*MP_PUSH(a, out->result, out->n, cap) = r;
	mp_buf_release(&b);
}

const char *smtp_authres_value(const struct smtp_authres_result *r, const char *name)
{
	for (size_t i = 0; i < r->n; i++)
		if (strcmp(r->property[i].name, name) == 0)
			return r->property[i].value;
	return NULL;
}
