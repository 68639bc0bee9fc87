/* tests/fuzz/fuzz_bounce.c - bounces and logs: the same replies, however the bytes are split, and none that is not there */
#include "smtp/bounce.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void add(void *to, const struct smtp_found *f)
{
	struct mp_buf *out = to;

	if (!f->reply.n || f->stage < -1 || f->stage > SMTP_AT_QUIT)
		abort();
	mp_buf_addf(out, "%d [", f->stage);
	mp_buf_addstr(out, f->reply);
	mp_buf_adds(out, "] ");
	mp_buf_addstr(out, f->host);
	mp_buf_addc(out, ' ');
	mp_buf_addstr(out, f->domain);
	mp_buf_addc(out, '\n');
}

/* All that is found in the bytes, as one text. */
static void read_all(struct mp_str in, size_t piece, struct mp_buf *out)
{
	struct smtp_bounce *b = smtp_bounce_new(add, out);

	while (in.n) {
		size_t n = in.n < piece ? in.n : piece;

		smtp_bounce_feed(b, mp_strn(in.p, n));
		in = mp_strn(in.p + n, in.n - n);
	}
	smtp_bounce_end(b);
	smtp_bounce_free(b);
}

/* The first byte of the input sets the size of the pieces. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_buf whole = MP_BUF(1 << 26), parts = MP_BUF(1 << 26);

	if (size) {
		struct mp_str in = mp_strn((const char *)data + 1, size - 1);

		read_all(in, SIZE_MAX, &whole);
		read_all(in, data[0] ? data[0] : 1, &parts);
		if (whole.n != parts.n || (whole.n && memcmp(whole.p, parts.p, whole.n) != 0))
			abort();
	}
	mp_buf_release(&whole);
	mp_buf_release(&parts);
	return 0;
}
