/* tests/fuzz/fuzz_header.c - any bytes as a header: every view inside it, every text safe to show */
#include "base/text.h"
#include "smtp/canon.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void shown(const char *s)
{
	require(mp_utf8_valid(mp_str(s)));
	for (; *s; s++)
		require((unsigned char)*s >= 0x20 || *s == '\t');
}

static void tokens(struct mp_arena *a, struct mp_str value)
{
	struct smtp_lexer l;
	struct smtp_token t;
	size_t last = 0;

	smtp_lex_init(&l, a, value, "<>,:;@=");
	l.comments = true;
	while (smtp_lex(&l, &t) != SMTP_TOKEN_END) {
		require(t.at >= last && t.end > t.at && t.end <= value.n);
		last = t.end;
	}
}

static void field(struct mp_arena *a, const struct smtp_field *f)
{
	struct smtp_mailbox list[SMTP_MAILBOXES_MAX];
	struct mp_buf b = MP_BUF(1 << 20);
	size_t n = smtp_mailboxes(a, f->value, list);
	int64_t ms;

	for (size_t i = 0; i < n; i++) {
		shown(list[i].name);
		shown(list[i].address);
		shown(list[i].domain);
	}
	shown(smtp_field_text(a, f));
	tokens(a, f->value);
	smtp_date(a, f->value, &ms, NULL);
	smtp_canon_field(SMTP_RELAXED, f, &b);
	require(b.n >= 3 && !b.full);
	smtp_canon_own(SMTP_SIMPLE, f, &b);
	mp_buf_release(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *p = (const char *)data;
	struct mp_arena *a = mp_arena_new();
	struct smtp_header h;

	smtp_header_parse(a, mp_strn(p, size), &h);
	require(h.n <= SMTP_FIELDS_MAX);
	for (size_t i = 0; i < h.n; i++) {
		const struct smtp_field *f = &h.field[i];

		require(f->raw.p >= p && f->raw.p + f->raw.n <= p + size && f->name.n);
		require(f->value.p >= f->raw.p && f->value.p + f->value.n <= f->raw.p + f->raw.n);
		field(a, f);
	}
	if (h.odd)
		shown(h.odd);
	mp_arena_free(a);
	return 0;
}
