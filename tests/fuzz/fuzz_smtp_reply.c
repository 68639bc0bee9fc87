/* tests/fuzz/fuzz_smtp_reply.c - a server's bytes: the same replies, however they are split */
#include "smtp/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All that is found in the bytes, as one text. The first byte of the input sets the size of the pieces. */
static void read_all(struct mp_str in, size_t piece, struct mp_arena *a, struct mp_buf *out)
{
	struct smtp_question q = {.ehlo = "[192.0.2.1]", .address = {MP_IPV4, {198, 51, 100, 25}}};
	enum smtp_got got = SMTP_GOT_NOTHING;
	struct smtp_reader r;
	const char *rest;

	smtp_reader_init(&r, a);
	while (in.n && got != SMTP_GOT_GARBAGE) {
		size_t n = in.n < piece ? in.n : piece;
		struct mp_str part = mp_strn(in.p, n);

		while (got != SMTP_GOT_GARBAGE && (got = smtp_reader_next(&r, &part)) != SMTP_GOT_NOTHING) {
			mp_buf_addf(out, "%d %s %d %zu\n", got, r.text, r.bare_lf, r.cut_off);
			if (got == SMTP_GOT_GARBAGE) {
				const char *who = smtp_impostor(r.text);

				mp_buf_addf(out, "%s %s\n", r.why, who ? who : "-");
			}
			if (got == SMTP_GOT_REPLY) {
				const char *host = smtp_banner_host(r.reply, a);
				struct mp_ip ip;

				if (r.reply->code < 200 || r.reply->code > 599 || !r.reply->n_lines ||
					r.reply->n_lines > SMTP_REPLY_LINES)
					abort();
				mp_buf_addf(out, "= %d %s %zu %s\n", r.reply->code,
					r.reply->enhanced ? r.reply->enhanced : "-", r.reply->n_lines,
					host ? host : "-");
				for (int where = SMTP_NAMES_GREETED; where <= SMTP_NAMES_REFUSED; where++)
					if (smtp_names_client(r.reply, (enum smtp_naming)where, &q, &ip) &&
						(ip.family != MP_IPV4 || mp_ip_eq(&ip, &q.address)))
						abort();
			}
		}
		in = mp_strn(in.p + n, in.n - n);
	}
	rest = smtp_reader_rest(&r);
	mp_buf_addf(out, "%s %d", rest ? rest : "-", smtp_reader_midway(&r));
	smtp_reader_release(&r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct mp_buf whole = MP_BUF(1 << 26), parts = MP_BUF(1 << 26);
	struct mp_arena *a = mp_arena_new();

	if (size) {
		struct mp_str in = mp_strn((const char *)data + 1, size - 1);

		read_all(in, SIZE_MAX, a, &whole);
		read_all(in, data[0] ? data[0] : 1, a, &parts);
		if (strcmp(mp_buf_cstr(&whole), mp_buf_cstr(&parts)) != 0)
			abort();
	}
	mp_buf_release(&whole);
	mp_buf_release(&parts);
	mp_arena_free(a);
	return 0;
}
