/* tests/fuzz/fuzz_dkim.c - any bytes as a signature's field and as a body: bounded, and the same in any split */
#include "base/text.h"
#include "smtp/dkim.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void keep(void *to, struct mp_str bytes)
{
	mp_buf_addstr(to, bytes);
}

static void canonical(enum smtp_canon how, struct mp_str in, size_t step, struct mp_buf *out)
{
	struct smtp_body b;

	smtp_body_init(&b, how, keep, out);
	for (size_t at = 0; at < in.n;) {
		size_t n = 0;

		while (at + n < in.n && n < step && in.p[at + n] != '\n')
			n++;
		smtp_body_text(&b, mp_strn(in.p + at, n));
		at += n;
		if (at < in.n && in.p[at] == '\n') {
			smtp_body_line(&b);
			at++;
		}
	}
	smtp_body_end(&b);
	require(b.n == out->n);
}

static void body(enum smtp_canon how, struct mp_str in)
{
	struct mp_buf whole = MP_BUF(1 << 22), split = MP_BUF(1 << 22);

	canonical(how, in, SIZE_MAX, &whole);
	canonical(how, in, 1 + in.n % 3, &split);
	require(whole.n == split.n && (!whole.n || memcmp(whole.p, split.p, whole.n) == 0));
	require(!whole.n || (whole.n >= 2 && memcmp(whole.p + whole.n - 2, "\r\n", 2) == 0));
	mp_buf_release(&whole);
	mp_buf_release(&split);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_str in = mp_strn((const char *)data, size);
	struct mp_arena *a = mp_arena_new();
	struct smtp_header h;

	smtp_header_parse(a, in, &h);
	for (size_t i = 0; i < h.n && i < 8; i++)
		for (enum smtp_sig_kind kind = SMTP_SIG_DKIM; kind <= SMTP_SIG_ARC_SEAL; kind++) {
			const struct smtp_field *fields[SMTP_SIG_NAMES];
			uint8_t hash[SMTP_HASH];
			struct smtp_sig s;

			smtp_sig_read(a, kind, &h.field[i], &s);
			require((s.trouble == SMTP_SIG_GOOD) == (s.fault == NULL));
			require(s.n_names <= SMTP_SIG_NAMES);
			if (s.trouble == SMTP_SIG_GOOD)
				require(s.domain && s.selector && s.signature.n);
			smtp_sig_fields(&h, &s, fields);
			smtp_sig_hash(s.header, fields, s.n_names, &h.field[i], hash);
		}
	body(SMTP_SIMPLE, in);
	body(SMTP_RELAXED, in);
	mp_arena_free(a);
	return 0;
}
