/* smtp/changed.c - see smtp/changed.h */
#include "base/text.h"
#include "smtp/changed.h"

struct work {
	struct mp_arena *a;
	const struct smtp_header *h;
	const struct smtp_field *own;
	const struct smtp_sig *s;
	const struct smtp_public *key;
	const struct smtp_field *fields[SMTP_SIG_NAMES]; /* what is signed, with the changes taken back so far */
	size_t tries;
};

static bool good(struct work *w)
{
	uint8_t hash[SMTP_HASH];

	if (++w->tries > SMTP_CHANGED_TRIES)
		return false;
	smtp_sig_hash(w->s->header, w->fields, w->s->n_names, w->own, hash);
	return smtp_verify(w->key, hash, w->s->signature);
}

static bool tell(struct smtp_changed *out, const char *field, const char *words)
{
	*out = (struct smtp_changed){field, words};
	return true;
}

/* Another field in place of number `k`, for one look. */
static bool good_with(struct work *w, size_t k, const struct smtp_field *f)
{
	const struct smtp_field *was = w->fields[k];
	bool is;

	w->fields[k] = f;
	is = good(w);
	w->fields[k] = was;
	return is;
}

static struct smtp_field *field_of(struct work *w, struct mp_str name, struct mp_str value)
{
	struct smtp_field *f = mp_alloc(w->a, sizeof(*f));
	char *raw = mp_printf(w->a, "%.*s:%.*s\r\n", (int)name.n, name.p, (int)value.n, value.p);

	f->raw = mp_str(raw);
	f->name = mp_strn(raw, name.n);
	f->value = mp_strn(raw + name.n + 1, value.n);
	return f;
}

static const char *name_of(struct work *w, const struct smtp_field *f)
{
	return mp_text(w->a, mp_strn(f->name.p, f->name.n < 60 ? f->name.n : 60));
}

/* ---- the subject's prefix: "[list] ", "***SPAM*** ", "EXTERNAL: " */

/* Length of one prefix with the white space behind it, or 0. */
static size_t prefix_length(struct mp_str v)
{
	static const char *const words[] = {"Re:", "Fwd:", "SPAM:", "EXTERNAL:", "EXT:", "CAUTION:"};
	static const char pairs[][2] = {{'[', ']'}, {'(', ')'}, {'{', '}'}, {'*', '*'}, {'<', '>'}};
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (mp_str_istarts(v, words[i]))
			n = strlen(words[i]);
	for (size_t i = 0; i < ARRAY_LEN(pairs) && v.n && !n; i++) {
		if (v.p[0] != pairs[i][0])
			continue;
		while (n < v.n && v.p[n] == pairs[i][0])
			n++;
		while (n < v.n && v.p[n] != pairs[i][1])
			n++;
		while (n < v.n && v.p[n] == pairs[i][1])
			n++;
	}
	while (n && n < v.n && (mp_isblank(v.p[n]) || v.p[n] == '\r' || v.p[n] == '\n'))
		n++;
	return n;
}

/* The subject with its first `n` prefixes taken off; NULL when there are not so many. */
static struct smtp_field *without_prefixes(struct work *w, const struct smtp_field *f, size_t n, struct mp_str *cut)
{
	struct mp_str v = f->value;
	size_t blanks = 0;

	while (v.n && mp_isblank(v.p[0])) {
		v = mp_strn(v.p + 1, v.n - 1);
		blanks++;
	}
	*cut = mp_strn(v.p, 0);
	while (n--) {
		size_t length = prefix_length(v);

		if (!length)
			return NULL;
		v = mp_strn(v.p + length, v.n - length);
		cut->n += length;
	}
	return field_of(w, f->name, mp_str(mp_printf(w->a, "%.*s%.*s", (int)blanks, f->value.p, (int)v.n, v.p)));
}

/* ---- one field */

static char *without(struct work *w, struct mp_str v, const char *what, const char *instead)
{
	struct mp_buf b = MP_BUF(4 * v.n + 1);
	size_t n = strlen(what);
	char *text;

	for (size_t i = 0; i < v.n;)
		if (v.n - i >= n && memcmp(v.p + i, what, n) == 0) {
			mp_buf_adds(&b, instead);
			i += n;
		} else {
			mp_buf_addc(&b, v.p[i++]);
		}
	text = mp_dupn(w->a, mp_buf_cstr(&b), b.n);
	mp_buf_release(&b);
	return text;
}

static bool rewritten(struct work *w, size_t k, struct smtp_changed *out)
{
	static const struct {
		const char *what, *instead, *words;
	} edits[] = {
		{"\"", "", "quotation marks were put around names"},
		{", ", ",", "a blank was put behind commas"},
		{",", ", ", "the blanks behind commas were taken away"},
		{"\r\n", "", "it was folded at another place"},
		{"\r\n\t", " ", "it was folded at another place"},
		{"\t", " ", "a blank became a tabulator"},
		{"  ", " ", "blanks were put in"},
	};
	const struct smtp_field *f = w->fields[k];

	for (size_t i = 0; i < ARRAY_LEN(edits); i++)
		if (good_with(
			    w, k, field_of(w, f->name, mp_str(without(w, f->value, edits[i].what, edits[i].instead)))))
			return tell(out, name_of(w, f),
				mp_printf(w->a, "The %s: field was rewritten: %s.", name_of(w, f), edits[i].words));
	return false;
}

/* Values that relays change by themselves, and the fields that keep the former one. */
static bool replaced(struct work *w, size_t k, struct smtp_changed *out)
{
	static const char *const encodings[] = {" 8bit", " 7bit", " quoted-printable", " base64"};
	static const char *const kept[] = {
		"X-Original-From", "Original-From", "Reply-To", "X-Original-Sender", "X-Original-To"};
	const struct smtp_field *f = w->fields[k];

	for (size_t i = 0; i < ARRAY_LEN(encodings) && smtp_field_is(f, "Content-Transfer-Encoding"); i++)
		if (good_with(w, k, field_of(w, f->name, mp_str(encodings[i]))))
			return tell(out, name_of(w, f),
				mp_printf(w->a,
					"A relay encoded the message anew: Content-Transfer-Encoding was \"%s\".",
					encodings[i] + 1));
	for (size_t i = 0; i < ARRAY_LEN(kept) && (smtp_field_is(f, "From") || smtp_field_is(f, "To")); i++) {
		size_t at = smtp_field_find(w->h, kept[i], 0);

		if (at < w->h->n && good_with(w, k, field_of(w, f->name, w->h->field[at].value)))
			return tell(out, name_of(w, f),
				mp_printf(w->a, "The %s: field was replaced; %s has what it was.", name_of(w, f),
					kept[i]));
	}
	return false;
}

/* Others of the same name; or none at all: the field came later. */
static bool another(struct work *w, size_t k, struct smtp_changed *out)
{
	const struct smtp_field *f = w->fields[k];
	const char *name = name_of(w, f);
	size_t n = smtp_field_count(w->h, name);

	if (good_with(w, k, NULL))
		return tell(out, name,
			n > 1 ? mp_printf(w->a, "One of the %zu %s: fields was added after signing.", n, name)
			      : mp_printf(w->a, "The %s: field was added after signing.", name));
	for (size_t i = 0; i < w->h->n && n > 1; i++)
		if (&w->h->field[i] != f && smtp_field_is(&w->h->field[i], name) && good_with(w, k, &w->h->field[i]))
			return tell(out, name,
				mp_printf(w->a,
					"There are %zu %s: fields, and the signature is for another one than the last.",
					n, name));
	return false;
}

static bool one_field(struct work *w, struct smtp_changed *out)
{
	for (size_t k = 0; k < w->s->n_names; k++)
		if (w->fields[k] && (another(w, k, out) || rewritten(w, k, out) || replaced(w, k, out)))
			return true;
	return false;
}

/* ---- all of the header: of the simple form, where the way it is written counts */

static bool written_anew(struct work *w, struct smtp_changed *out)
{
	const struct smtp_field *was[SMTP_SIG_NAMES];
	bool is = false;

	if (w->s->header != SMTP_SIMPLE)
		return false;
	memcpy(was, w->fields, sizeof(was));
	for (unsigned how = 1; how < 8 && !is; how++) {
		for (size_t k = 0; k < w->s->n_names; k++) {
			struct mp_str v, name;
			char *text;

			if (!was[k])
				continue;
			name = was[k]->name;
			v = was[k]->value;
			if (how & 1)
				v = mp_str(without(w, v, "\r\n", ""));
			if (how & 2)
				v = mp_str(mp_printf(w->a, " %.*s", (int)mp_str_trim(v).n, mp_str_trim(v).p));
			if (how & 4) { /* as h= spells it */
				text = mp_dupstr(w->a, w->s->names[k]);
				name = mp_str(text);
			}
			w->fields[k] = field_of(w, name, v);
		}
		is = good(w);
	}
	memcpy(w->fields, was, sizeof(was));
	return is &&
	       tell(out, NULL,
		       "White space, folding or the case of names changed in the header; a signature with c=relaxed "
		       "would have stood that.");
}

bool smtp_sig_changed(struct mp_arena *a, const struct smtp_header *h, const struct smtp_field *own,
	const struct smtp_sig *s, const struct smtp_public *key, struct smtp_changed *out)
{
	struct work w = {.a = a, .h = h, .own = own, .s = s, .key = key};
	const struct smtp_field *subject = NULL;
	struct smtp_changed more;
	size_t k = 0;

	smtp_sig_fields(h, s, w.fields);
	if (written_anew(&w, out) || one_field(&w, out))
		return true;
	while (k < s->n_names && !(w.fields[k] && smtp_field_is(w.fields[k], "Subject")))
		k++;
	if (k == s->n_names)
		return false;
	subject = w.fields[k];
	for (size_t n = 1; n <= 3; n++) {
		struct mp_str cut;

		w.fields[k] = without_prefixes(&w, subject, n, &cut);
		if (!w.fields[k])
			return false;
		cut = mp_str_trim(mp_strn(cut.p, cut.n < 80 ? cut.n : 80));
		if (good(&w))
			return tell(out, name_of(&w, subject),
				mp_printf(a, "\"%s\" was put before the subject.", mp_text(a, cut)));
		if (one_field(&w, &more))
			return tell(out, name_of(&w, subject),
				mp_printf(a, "\"%s\" was put before the subject. %s", mp_text(a, cut), more.words));
	}
	return false;
}
