/* tests/unit/test_canon.c - header fields, and the two canonical forms of fields and bodies */
#include <stdarg.h>
#include <stddef.h>

#include "smtp/canon.h"
#include "tests/unit/row.h"

/* ---- header fields */

static const struct field_row {
	const char *label, *header;
	const char *names; /* "Name=value|Name=value", the text of each */
	size_t odd;
} field_rows[] = {
	{"plain", "From: a@example.com\r\nTo: b\r\n", "From=a@example.com|To=b", 0},
	{"folded", "Subject: one\r\n\ttwo\r\n  three\r\n", "Subject=one two three", 0},
	{"a blank before the colon", "Subject \t: x\r\n", "Subject=x", 0},
	{"an empty value", "Subject:\r\nX:\r\n", "Subject=|X=", 0},
	{"without an end", "Subject: x", "Subject=x", 0},
	{"a line that is no field", "From: a\r\nwhat is this\r\nTo: b\r\n", "From=a|To=b", 1},
	{"a fold that continues nothing", " x\r\nTo: b\r\n", "To=b", 1},
	{"a fold of a line that is no field", "what\r\n is this\r\nTo: b\r\n", "To=b", 1},
	{"a bare CR and LF are text", "Subject: a\rb\nTo: c\r\n", "Subject=a b To: c", 0},
	{"8-bit text", "Subject: gr\xc3\xbc\xc3\x9f\xff\r\n", "Subject=gr\xc3\xbc\xc3\x9f\\xff", 0},
	{"a field of white space alone", "X: \r\n \t\r\n\r\n", "X=", 1},
	{"no name", ": x\r\nA: b\r\n", "A=b", 1},
};

static void fields(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(field_rows); i++) {
		const struct field_row *r = &field_rows[i];
		struct mp_arena *a = mp_arena_new();
		struct mp_buf got = MP_BUF(4096);
		struct smtp_header h;

		smtp_header_parse(a, mp_str(r->header), &h);
		for (size_t k = 0; k < h.n; k++)
			mp_buf_addf(&got, "%s%.*s=%s", k ? "|" : "", (int)h.field[k].name.n, h.field[k].name.p,
				smtp_field_text(a, &h.field[k]));
		row_str(r->label, mp_buf_cstr(&got), r->names);
		row_int(r->label, (long long)h.n_odd, (long long)r->odd);
		mp_buf_release(&got);
		mp_arena_free(a);
	}
}

static void too_many_fields(void **state)
{
	struct mp_arena *a = mp_arena_new();
	struct mp_buf b = MP_BUF(1 << 20);
	struct smtp_header h;

	(void)state;
	for (size_t i = 0; i <= SMTP_FIELDS_MAX; i++)
		mp_buf_adds(&b, "X: y\r\n");
	smtp_header_parse(a, mp_buf_str(&b), &h);
	assert_int_equal(h.n, SMTP_FIELDS_MAX);
	assert_true(h.more);
	mp_buf_release(&b);
	mp_arena_free(a);
}

/* ---- addresses and dates */

static const struct mailbox_row {
	const char *label, *value, *want; /* "name|address|domain; ..." */
} mailbox_rows[] = {
	{"bare", "a@Example.COM", "|a@Example.COM|example.com"},
	{"a name", "Ann Onymous <a@example.com>", "Ann Onymous|a@example.com|example.com"},
	{"quoted, with a comma", "\"Onymous, Ann\" <a@example.com>", "Onymous, Ann|a@example.com|example.com"},
	{"a comment", "a@example.com (Ann (the one))", "|a@example.com|example.com"},
	{"two", "a@example.com, B <b@example.org>", "|a@example.com|example.com; B|b@example.org|example.org"},
	{"a group", "Team: a@x.example, b@x.example;", "|a@x.example|x.example; |b@x.example|x.example"},
	{"an empty group", "undisclosed-recipients:;", ""},
	{"an obsolete route", "<@relay.example:a@example.com>", "|a@example.com|example.com"},
	{"a quoted local part", "\"a@b\"@example.com", "|a@b@example.com|example.com"},
	{"an address in the name", "\"boss@example.org\" <a@evil.example>",
		"boss@example.org|a@evil.example|evil.example"},
	{"no address", "Ann Onymous", "Ann Onymous||"},
	{"an open quote", "\"a@example.com", "|a@example.com|example.com"},
	{"an open bracket", "Ann <a@example.com", "Ann|a@example.com|example.com"},
	{"nothing", "  ", ""},
};

static void mailboxes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(mailbox_rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct smtp_mailbox list[SMTP_MAILBOXES_MAX];
		struct mp_buf got = MP_BUF(4096);
		size_t n = smtp_mailboxes(a, mp_str(mailbox_rows[i].value), list);

		for (size_t k = 0; k < n; k++)
			mp_buf_addf(&got, "%s%s|%s|%s", k ? "; " : "", list[k].name, list[k].address, list[k].domain);
		row_str(mailbox_rows[i].label, mp_buf_cstr(&got), mailbox_rows[i].want);
		mp_buf_release(&got);
		mp_arena_free(a);
	}
}

static const struct date_row {
	const char *label, *value;
	int64_t ms; /* -1: no date */
	int zone;
} date_rows[] = {
	{"the epoch", "Thu, 01 Jan 1970 00:00:00 +0000", 0, 0},
	{"a zone", "Sat, 21 Nov 2026 12:30:01 +0230", INT64_C(1795255201000), 150},
	{"west", "21 Nov 2026 02:00:01 -0800", INT64_C(1795255201000), -480},
	{"a comment behind it", "Sat, 21 Nov 2026 10:00:01 +0000 (UTC)", INT64_C(1795255201000), 0},
	{"without seconds", "Sat, 21 Nov 2026 10:00 GMT", INT64_C(1795255200000), 0},
	{"an obsolete zone", "Sat, 21 Nov 2026 05:00:00 EST", INT64_C(1795255200000), -300},
	{"two digits of a year", "21 Nov 26 10:00:00 Z", INT64_C(1795255200000), 0},
	{"no zone", "21 Nov 2026 10:00:00", INT64_C(1795255200000), 0},
	{"a leap day", "Thu, 29 Feb 2024 00:00:00 +0000", INT64_C(1709164800000), 0},
	{"no date", "yesterday", -1, 0},
	{"no month", "21 Nix 2026 10:00:00 +0000", -1, 0},
	{"an hour too many", "21 Nov 2026 24:00:00 +0000", -1, 0},
	{"nothing", "", -1, 0},
};

static void dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(date_rows); i++) {
		struct mp_arena *a = mp_arena_new();
		int64_t ms = -1;
		int zone = 0;

		row_bool(
			date_rows[i].label, smtp_date(a, mp_str(date_rows[i].value), &ms, &zone), date_rows[i].ms >= 0);
		row_int(date_rows[i].label, ms, date_rows[i].ms);
		row_int(date_rows[i].label, zone, date_rows[i].zone);
		mp_arena_free(a);
	}
}

/* ---- canonical forms */

static const struct canon_row {
	const char *label, *in, *simple, *relaxed;
} canon_fields[] = {
	/* RFC 6376 3.4.5 */
	{"the RFC's first", "A: X\r\n", "A: X\r\n", "a:X\r\n"},
	{"the RFC's second", "B : Y\t\r\n\tZ  \r\n", "B : Y\t\r\n\tZ  \r\n", "b:Y Z\r\n"},
	{"an empty value", "X-Y:   \r\n", "X-Y:   \r\n", "x-y:\r\n"},
	{"a fold right at the start", "S:\r\n one\r\n", "S:\r\n one\r\n", "s:one\r\n"},
};

static const struct canon_row canon_own[] = {
	{"in the middle", "D: a=x; b=abc\r\n def ; c=y\r\n", "D: a=x; b=; c=y", "d:a=x; b=; c=y"},
	{"at the end", "D: a=x;\r\n\tb=abc\r\n", "D: a=x;\r\n\tb=", "d:a=x; b="},
	{"not that of bh", "D: bh=q; b = abc;\r\n", "D: bh=q; b =;", "d:bh=q; b =;"},
	{"none", "D: a=x\r\n", "D: a=x", "d:a=x"},
};

static const struct canon_row bodies[] = {
	{"the RFC's", " C \r\nD \t E\r\n\r\n\r\n", " C \r\nD \t E\r\n", " C\r\nD E\r\n"},
	{"nothing", "", "\r\n", ""},
	{"an empty line", "\r\n", "\r\n", ""},
	{"empty lines", "\r\n\r\n\r\n", "\r\n", ""},
	{"no end", "a", "a\r\n", "a\r\n"},
	{"an empty line between", "a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n", "a\r\n\r\nb\r\n"},
	{"white space alone", " \t \r\n", " \t \r\n", ""},
	{"white space alone between", "a\r\n  \r\nb\r\n", "a\r\n  \r\nb\r\n", "a\r\n\r\nb\r\n"},
	{"white space at the end", "a \t\r\nb\r\n \r\n", "a \t\r\nb\r\n \r\n", "a\r\nb\r\n"},
	{"runs of it", "a  b\tc \t d\r\n", "a  b\tc \t d\r\n", "a b c d\r\n"},
	{"a bare CR and LF are text", "a\rb\nc\r\n", "a\rb\nc\r\n", "a\rb\nc\r\n"},
	{"no end, with white space", "a ", "a \r\n", "a\r\n"},
};

static void field_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(canon_fields) + ARRAY_LEN(canon_own); i++) {
		bool own = i >= ARRAY_LEN(canon_fields);
		const struct canon_row *r = own ? &canon_own[i - ARRAY_LEN(canon_fields)] : &canon_fields[i];
		struct mp_arena *a = mp_arena_new();
		struct mp_buf simple = MP_BUF(4096), relaxed = MP_BUF(4096);
		struct smtp_header h;

		smtp_header_parse(a, mp_str(r->in), &h);
		row_int(r->label, (long long)h.n, 1);
		(own ? smtp_canon_own : smtp_canon_field)(SMTP_SIMPLE, &h.field[0], &simple);
		(own ? smtp_canon_own : smtp_canon_field)(SMTP_RELAXED, &h.field[0], &relaxed);
		row_str(r->label, mp_buf_cstr(&simple), r->simple);
		row_str(r->label, mp_buf_cstr(&relaxed), r->relaxed);
		mp_buf_release(&simple);
		mp_buf_release(&relaxed);
		mp_arena_free(a);
	}
}

static void keep_bytes(void *to, struct mp_str bytes)
{
	mp_buf_addstr(to, bytes);
}

/* `step`: bytes of a piece. */
static void body_form(const char *label, enum smtp_canon how, const char *in, const char *want, size_t step)
{
	struct mp_buf got = MP_BUF(4096);
	const char *p = in, *end = in + strlen(in);
	struct smtp_body b;

	smtp_body_init(&b, how, keep_bytes, &got);
	while (p < end) {
		const char *eol = strstr(p, "\r\n");
		size_t left = (size_t)((eol ? eol : end) - p), n = left < step ? left : step;

		smtp_body_text(&b, mp_strn(p, n));
		p += n;
		if (n == left && eol) {
			smtp_body_line(&b);
			p += 2;
		}
	}
	smtp_body_end(&b);
	row_str(label, mp_buf_cstr(&got), want);
	row_int(label, (long long)b.n, (long long)strlen(want));
	mp_buf_release(&got);
}

static void body_forms(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(bodies); i++)
		for (size_t step = 1; step <= 8; step++) {
			body_form(bodies[i].label, SMTP_SIMPLE, bodies[i].in, bodies[i].simple, step);
			body_form(bodies[i].label, SMTP_RELAXED, bodies[i].in, bodies[i].relaxed, step);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fields),
		cmocka_unit_test(too_many_fields),
		cmocka_unit_test(mailboxes),
		cmocka_unit_test(dates),
		cmocka_unit_test(field_forms),
		cmocka_unit_test(body_forms),
	};

	return cmocka_run_group_tests_name("canon", tests, NULL, NULL);
}
