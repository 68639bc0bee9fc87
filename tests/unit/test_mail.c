/* tests/unit/test_mail.c - a message as a stream: the same in any split, saved and read back, and what is told of a body */
#include <stdarg.h>
#include <stddef.h>

#include "smtp/mail.h"
#include "tests/unit/dkim_keys.h"
#include "tests/unit/row.h"

#define HEADER                                                                                                  \
	"From: Ann <ann@example.com>\r\nTo: bob@example.net\r\nSubject: A test\r\nContent-Type: text/plain\r\n" \
	"Content-Transfer-Encoding: 8bit\r\n"

static const struct smtp_mail *read_in_steps(struct mp_arena *a, struct mp_str bytes, size_t step)
{
	struct smtp_reader *r = smtp_reader_new(a);
	const struct smtp_mail *m;

	while (bytes.n) {
		size_t n = bytes.n < step ? bytes.n : step;

		smtp_reader_feed(r, mp_strn(bytes.p, n));
		bytes = mp_strn(bytes.p + n, bytes.n - n);
	}
	m = smtp_reader_end(r);
	smtp_reader_free(r);
	return m;
}

static const struct row {
	const char *label, *header, *made, *came; /* the body as it was signed, and as it came; header NULL: HEADER */
	enum smtp_undo simple, relaxed;
	bool good; /* the hash is right in both forms */
	uint64_t lines;
} rows[] = {
	{"untouched", NULL, "Hello\r\n\r\nbye\r\n", "Hello\r\n\r\nbye\r\n", 0, 0, true, 0},
	{"empty lines at the end", NULL, "Hello\r\n", "Hello\r\n\r\n\r\n", 0, 0, true, 0},
	{"no body at all", NULL, "", "", 0, 0, true, 0},
	{"a footer", NULL, "Hello\r\n", "Hello\r\n-- \r\nlist\r\n", SMTP_UNDO_FOOTER, SMTP_UNDO_FOOTER, false, 2},
	{"a footer behind empty lines", NULL, "Hello\r\n", "Hello\r\n\r\n\r\nlist\r\n", SMTP_UNDO_FOOTER,
		SMTP_UNDO_FOOTER, false, 3},
	{"a banner", NULL, "Hello\r\nyou\r\n", "[EXTERNAL]\r\n\r\nHello\r\nyou\r\n", SMTP_UNDO_BANNER, SMTP_UNDO_BANNER,
		false, 2},
	{"dots", NULL, "a\r\n.b\r\n..c\r\n", "a\r\n..b\r\n...c\r\n", SMTP_UNDO_DOTS, SMTP_UNDO_DOTS, false, 0},
	{"From", NULL, "a\r\nFrom here\r\n", "a\r\n>From here\r\n", SMTP_UNDO_FROM, SMTP_UNDO_FROM, false, 0},
	{"line ends", NULL, "a\r\nb\r\nc\r\n", "a\r\nb\nc\r\n", SMTP_UNDO_LINE_ENDS, SMTP_UNDO_LINE_ENDS, false, 0},
	{"quoted-printable",
		"From: a@example.com\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: quoted-printable\r\n",
		"gr\xc3\xbc\xc3\x9f dich, Welt\r\na=b\r\n", "gr=C3=BC=C3=9F dich,=\r\n Welt\r\na=3Db\r\n",
		SMTP_UNDO_QUOTED, SMTP_UNDO_QUOTED, false, 0},
	{"a part of another message", "From: a@example.com\r\nContent-Type: multipart/mixed; boundary=\"x y\"\r\n",
		"Hello\r\n\r\nbye\r\n",
		"preamble\r\n--x y\r\nContent-Type: text/plain\r\n\r\nHello\r\n\r\nbye\r\n--x y\r\n\r\nlist\r\n--x y--\r\n",
		SMTP_UNDO_PART, SMTP_UNDO_PART, false, 4},
	{"a word", NULL, "Hello\r\n", "Hallo\r\n", SMTP_UNDO_NOTHING, SMTP_UNDO_NOTHING, false, 0},
	{"cut off", NULL, "Hello\r\nbye\r\n", "Hello\r\n", SMTP_UNDO_NOTHING, SMTP_UNDO_NOTHING, false, 0},
};

static const struct row space_rows[] = {
	{"white space at the end", NULL, "a\r\nb  c\r\n", "a \r\nb  c\t\r\n", SMTP_UNDO_SPACE, 0, false, 0},
	{"white space within", NULL, "a\r\nb c\r\n", "a\r\nb   c\r\n", SMTP_UNDO_SPACE, 0, false, 0},
};

/* A signature for a body of `made`, in front of a message whose body is `came`. */
static const struct smtp_mail *signed_and_read(
	struct mp_arena *a, const struct row *r, enum smtp_canon how, size_t step, bool lf)
{
	struct smtp_private *key = smtp_private_new(mp_str(ED25519_PKCS8), NULL);
	struct smtp_signer signer = {"example.com", "s1", key, SMTP_RELAXED, how, 1795255200};
	const char *header = r->header ? r->header : HEADER;
	char *text = mp_printf(
		a, "%s%s\r\n%s", smtp_dkim_sign(a, &signer, mp_str(header), mp_str(r->made)), header, r->came);

	smtp_private_free(key);
	if (lf) {
		size_t n = 0;

		for (const char *p = text; *p; p++)
			if (*p != '\r')
				text[n++] = *p;
		text[n] = '\0';
	}
	return read_in_steps(a, mp_str(text), step);
}

/* The saved form gives the same again. */
static void there_and_back(const char *label, const struct smtp_mail *m)
{
	json_t *saved = smtp_mail_to_json(m), *again;
	struct mp_arena *a = mp_arena_new();
	const struct smtp_mail *back = NULL;
	struct mp_err err = {.msg = ""};

	if (smtp_mail_from_json(saved, a, &back, &err) != MP_OK)
		fail_msg("row '%s': %s", label, err.msg);
	again = smtp_mail_to_json(back);
	row_bool(label, json_equal(saved, again), true);
	row_bool(label,
		back->header_bytes.n == m->header_bytes.n &&
			memcmp(back->header_bytes.p, m->header_bytes.p, m->header_bytes.n) == 0,
		true);
	json_decref(saved);
	json_decref(again);
	mp_arena_free(a);
}

static void check_row(const struct row *r, enum smtp_canon how, bool relaxed_is_good)
{
	static const size_t steps[] = {1, 2, 7, 100000};
	enum smtp_undo want = how == SMTP_SIMPLE ? r->simple : r->relaxed;
	bool good = r->good || (how == SMTP_RELAXED && relaxed_is_good);

	for (size_t s = 0; s < ARRAY_LEN(steps); s++) {
		struct mp_arena *a = mp_arena_new();
		const struct smtp_mail *m = signed_and_read(a, r, how, steps[s], false);
		const struct smtp_body_fact *f = smtp_mail_body(m, 0);
		struct smtp_sig sig;

		smtp_sig_read(a, SMTP_SIG_DKIM, &m->header.field[0], &sig);
		row_int(r->label, (long long)m->n_bodies, 1);
		row_bool(r->label, memcmp(f->hash, sig.body_hash.p, SMTP_HASH) == 0, good);
		row_str(r->label, smtp_undo_name(f->undo), smtp_undo_name(want));
		if (f->undo)
			row_int(r->label, (long long)f->lines, (long long)r->lines);
		there_and_back(r->label, m);
		mp_arena_free(a);
	}
}

static void bodies(void **state)
{
	(void)state;
	for (enum smtp_canon how = SMTP_SIMPLE; how <= SMTP_RELAXED; how++) {
		for (size_t i = 0; i < ARRAY_LEN(rows); i++)
			check_row(&rows[i], how, false);
		for (size_t i = 0; i < ARRAY_LEN(space_rows); i++)
			check_row(&space_rows[i], how, true);
	}
}

/* A message stored with LF is the message that came with CRLF. */
static void stored_with_lf(void **state)
{
	struct mp_arena *a = mp_arena_new();
	const struct smtp_mail *m = signed_and_read(a, &rows[0], SMTP_SIMPLE, 10, true);
	struct smtp_sig sig;

	(void)state;
	assert_true(m->lf);
	assert_int_equal(m->lone_lf, 0);
	smtp_sig_read(a, SMTP_SIG_DKIM, &m->header.field[0], &sig);
	assert_memory_equal(smtp_mail_body(m, 0)->hash, sig.body_hash.p, SMTP_HASH);
	mp_arena_free(a);
}

static const struct odd_row {
	const char *label, *bytes;
	size_t fields;
	bool mbox, no_body;
	uint64_t lone_cr, lone_lf, lines;
} odd_rows[] = {
	{"nothing", "", 0, false, true, 0, 0, 0},
	{"an mbox", "From ann@example.com Sat Nov 21 10:00:00 2026\nFrom: a\n\nx\n", 1, true, false, 0, 0, 1},
	{"an obsolete field", "From : a\r\n\r\n", 1, false, false, 0, 0, 0},
	{"a header alone", "From: a\r\nTo: b", 2, false, true, 0, 0, 0},
	{"a body without an end", "From: a\r\n\r\nx\r\ny", 1, false, false, 0, 0, 1},
	{"lone CR and LF", "From: a\r\nX: b\rc\nd\r\n\r\nx\ny\rz\r\n", 2, false, false, 2, 2, 1},
	{"an empty line first", "\r\nFrom: a\r\n", 0, false, false, 0, 0, 1},
};

static void odd_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(odd_rows); i++)
		for (size_t step = 1; step < 5; step++) {
			const struct odd_row *r = &odd_rows[i];
			struct mp_arena *a = mp_arena_new();
			const struct smtp_mail *m = read_in_steps(a, mp_str(r->bytes), step);

			row_int(r->label, (long long)m->header.n, (long long)r->fields);
			row_bool(r->label, m->mbox, r->mbox);
			row_bool(r->label, m->no_body, r->no_body);
			row_int(r->label, (long long)m->lone_cr, (long long)r->lone_cr);
			row_int(r->label, (long long)m->lone_lf, (long long)r->lone_lf);
			row_int(r->label, (long long)m->body_lines, (long long)r->lines);
			row_int(r->label, (long long)m->size, (long long)strlen(r->bytes));
			there_and_back(r->label, m);
			mp_arena_free(a);
		}
}

/* Of a header without end as much is kept as is allowed, in whole lines, and the body is still found. */
static void huge_header(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct smtp_reader *r = smtp_reader_new(a);
	const struct smtp_mail *m;

	(void)state;
	smtp_reader_feed(r, MP_LIT("From: a\r\n"));
	for (size_t i = 0; i < SMTP_MAIL_HEADER / 32; i++)
		smtp_reader_feed(r, MP_LIT("X-Filler: 0123456789 0123456789 0123456789\r\n"));
	smtp_reader_feed(r, MP_LIT("\r\nbody\r\n"));
	m = smtp_reader_end(r);
	smtp_reader_free(r);
	assert_true(m->header_cut);
	assert_true(m->header_bytes.n <= SMTP_MAIL_HEADER);
	assert_memory_equal(m->header_bytes.p + m->header_bytes.n - 2, "\r\n", 2);
	assert_int_equal(m->body_lines, 1);
	there_and_back("huge", m);
	mp_arena_free(a);
}

/* Five megabytes, and a footer behind them. */
static void large_body(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_buf b = MP_BUF(8 << 20);
	struct row r = {.label = "large"};
	const struct smtp_body_fact *f;

	(void)state;
	for (size_t i = 0; b.n < 5 << 20; i++)
		mp_buf_addf(&b, "This is line %zu of a message  that is read as a stream. \r\n", i);
	r.made = mp_dupn(a, b.p, b.n);
	mp_buf_adds(&b, "_____\r\na list\r\n");
	r.came = mp_buf_cstr(&b);
	f = smtp_mail_body(signed_and_read(a, &r, SMTP_RELAXED, 65536, false), 0);
	assert_int_equal(f->undo, SMTP_UNDO_FOOTER);
	assert_int_equal(f->lines, 2);
	mp_buf_release(&b);
	mp_arena_free(a);
}

/* Each member of the saved form, wrong: refused, and named. */
static void saved_wrong(void **state)
{
	static const char *const members[] = {"size", "body_lines", "lone_cr", "lf", "mbox", "header", "bodies"};
	struct mp_arena *a = mp_arena_new();
	const struct smtp_mail *m = signed_and_read(a, &rows[3], SMTP_RELAXED, 100, false), *back = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		json_t *saved = smtp_mail_to_json(m);
		struct mp_err err = {.msg = ""};

		json_object_set_new(saved, members[i], json_string("x"));
		row_int(members[i], smtp_mail_from_json(saved, a, &back, &err), MP_EPARSE);
		if (!strstr(err.msg, members[i]))
			fail_msg("row '%s': \"%s\"", members[i], err.msg);
		json_decref(saved);
	}
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(bodies),
		cmocka_unit_test(stored_with_lf),
		cmocka_unit_test(odd_messages),
		cmocka_unit_test(huge_header),
		cmocka_unit_test(large_body),
		cmocka_unit_test(saved_wrong),
	};

	return cmocka_run_group_tests_name("mail", tests, NULL, NULL);
}
