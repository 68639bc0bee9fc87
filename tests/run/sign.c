/*
 * tests/run/sign.c - sign KEY.pem SELECTOR DOMAIN HEADER/BODY [CV RESULTS] <MESSAGE: sign it as --send does, for verifiers
 * that are none of ours
 *
 * HEADER and BODY are "simple" or "relaxed". With CV and RESULTS an ARC set is put on top instead. Lines of the message
 * end with CRLF. Exit status: 0; 64 wrong usage; 74 the key or the message cannot be read.
 */
#include "smtp/arc.h"

enum { MESSAGE_MAX = 16 * 1024 * 1024, USAGE = 64, UNREADABLE = 74 };

static bool read_all(FILE *f, struct mp_buf *out)
{
	char chunk[65536];
	size_t n;

	while (f && (n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		mp_buf_add(out, chunk, n);
	return f && !ferror(f) && !out->full;
}

static bool read_forms(const char *text, struct smtp_signer *s)
{
	struct mp_str rest = mp_str(text), header = {0}, body = {0};

	mp_str_split(&rest, '/', &header);
	mp_str_split(&rest, '/', &body);
	s->header = mp_str_eq(header, MP_LIT("relaxed")) ? SMTP_RELAXED : SMTP_SIMPLE;
	s->body = mp_str_eq(body, MP_LIT("relaxed")) ? SMTP_RELAXED : SMTP_SIMPLE;
	return header.n && body.n;
}

int main(int argc, char **argv)
{
	struct mp_buf pem = MP_BUF(65536), message = MP_BUF(MESSAGE_MAX);
	struct smtp_signer s = {.now_s = 1795255200};
	struct mp_arena *a = mp_arena_new();
	struct mp_err err = {.msg = "cannot be read"};
	struct smtp_private *key = NULL;
	FILE *f = argc == 5 || argc == 7 ? fopen(argv[1], "rb") : NULL;
	int rc = argc == 5 || argc == 7 ? UNREADABLE : USAGE;
	char *end;

	if (read_all(f, &pem) && read_all(stdin, &message))
		s.key = key = smtp_private_new(mp_buf_str(&pem), &err);
	end = message.n ? strstr(mp_buf_cstr(&message), "\r\n\r\n") : NULL;
	if (key && end && read_forms(argv[4], &s)) {
		struct mp_str header = mp_strn(message.p, (size_t)(end - message.p) + 2);
		struct mp_str body = mp_strn(end + 4, message.n - header.n - 2);

		s.selector = argv[2];
		s.domain = argv[3];
		fputs(argc == 7 ? smtp_arc_seal(a, &s, argv[6], argv[5], header, body)
				: smtp_dkim_sign(a, &s, header, body),
			stdout);
		fwrite(message.p, 1, message.n, stdout);
		rc = 0;
	} else {
		fprintf(stderr, "sign: %s\n", err.msg);
	}
	if (f)
		fclose(f);
	smtp_private_free(key);
	mp_buf_release(&pem);
	mp_buf_release(&message);
	mp_arena_free(a);
	return rc;
}
