/* tests/unit/test_smtp_middlebox.c - what a device that rewrites SMTP leaves behind, and what only looks so */
#include "smtp/middlebox.h"
#include "tests/unit/row.h"

static const struct {
	const char *label, *banner;
	const char *keywords[4];
	const char *keyword; /* that was written over */
	const char *words;   /* in what is said; NULL: nothing is */
} rows[] = {
	{"nothing odd", "220 mx.example.net ESMTP Postfix", {"PIPELINING", "STARTTLS", "8BITMIME"}, NULL, NULL},
	{"STARTTLS not offered", "220 mx.example.net ESMTP", {"PIPELINING"}, NULL, NULL},
	{"no keywords", "220 mx.example.net SMTP", {NULL}, NULL, NULL},
	{"XXXXXXXA", "220 mx.example.net ESMTP", {"SIZE 100", "XXXXXXXA"}, "XXXXXXXA", "has \"XXXXXXXA\" in the place"},
	{"XXXB", "220 mx.example.net ESMTP", {"XXXB"}, "XXXB", "\"XXXB\""},
	{"XXXXXXXX", "220 mx.example.net ESMTP", {"XXXXXXXX"}, "XXXXXXXX", "\"XXXXXXXX\""},
	{"XTARTTLS", "220 mx.example.net ESMTP", {"XTARTTLS"}, "XTARTTLS", "\"XTARTTLS\""},
	{"STARTXXX", "220 mx.example.net ESMTP", {"STARTXXX"}, "STARTXXX", "\"STARTXXX\""},
	{"a stripped greeting", "220 ************************************", {"PIPELINING"}, NULL,
		"its greeting is asterisks"},
	{"a greeting with digits left", "220 *****2******0***0****", {"XXXXXXXA"}, "XXXXXXXA",
		"keyword, and its greeting is asterisks"},
	{"stars for decoration", "220 ***** mx.example.net ESMTP *****", {"PIPELINING"}, NULL, NULL},
	{"a few stars", "220 mx.example.net ***", {"PIPELINING"}, NULL, NULL},
	{"XCLIENT", "220 mx.example.net ESMTP", {"XCLIENT NAME ADDR", "XFORWARD NAME", "X", "XX"}, NULL, NULL},
	{"XEXCH50", "220 mx.example.net ESMTP", {"X-EXPS GSSAPI", "XXXY-LINK", "XEXCH50", "XRDST"}, NULL, NULL},
	{"eight other letters", "220 mx.example.net ESMTP", {"CHUNKING", "SMTPUTF8", "8BITMIME"}, NULL, NULL},
};

static void signs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct smtp_reply banner = {220, NULL, 1, &rows[i].banner};
		struct smtp_session s = {.banner = &banner, .extensions = rows[i].keywords};
		const char *keyword = "not written", *words;

		while (s.n_extensions < ARRAY_LEN(rows[i].keywords) && rows[i].keywords[s.n_extensions])
			s.n_extensions++;
		words = smtp_middlebox_words(a, &s, &keyword);
		row_str(rows[i].label, keyword, rows[i].keyword);
		if (!rows[i].words)
			row_str(rows[i].label, words, NULL);
		else if (!words || !strstr(words, rows[i].words))
			fail_msg("row '%s': got \"%s\", want \"%s\" in it", rows[i].label, words ? words : "(null)",
				rows[i].words);
		mp_arena_free(a);
	}
}

static void nothing_came(void **state)
{
	struct mp_arena *a = mp_arena_new();
	const struct smtp_session s = {.outcome = SMTP_UNREACHABLE};
	const char *keyword;

	(void)state;
	assert_null(smtp_middlebox_words(a, &s, &keyword));
	assert_null(keyword);
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signs),
		cmocka_unit_test(nothing_came),
	};

	return cmocka_run_group_tests_name("smtp_middlebox", tests, NULL, NULL);
}
