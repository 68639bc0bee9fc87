/* tests/unit/test_report_wrap.c - lines that fit a page, and the words for a report's terms */
#include "base/text.h"
#include "reports/tree.h"
#include "reports/wrap.h"
#include "tests/unit/row.h"

static void wrapping(void **state)
{
	static const struct {
		const char *label;
		unsigned width;
		struct rep_para para;
		bool unicode;
		const char *text, *want;
	} rows[] = {
		{"fits", 20, {.first = "  "}, false, "a few words", "  a few words\n"},
		{"fits to the last column", 13, {.first = "  "}, false, "a few words", "  a few words\n"},
		{"one too many", 12, {.first = "  "}, false, "a few words", "  a few\n  words\n"},
		{"own prefix for further lines", 12, {.first = "* ", .rest = "    "}, false, "a few more words",
			"* a few more\n    words\n"},
		{"rest alone", 12, {.rest = "> "}, false, "a few words", "> a few\n> words\n"},
		{"nothing", 12, {.first = "  "}, false, "", "\n"},
		{"no text at all", 12, {.first = "ab  "}, false, NULL, "ab\n"},
		{"lines stay lines", 20, {.first = "- "}, false, "one\ntwo", "- one\n  two\n"},
		{"an empty line between", 20, {.first = "  "}, false, "one\n\ntwo\n\n", "  one\n\n  two\n"},
		{"leading blanks go with the line", 12, {.first = ""}, false, "   one two three",
			"   one two\n   three\n"},
		{"blanks at the end", 12, {.first = ""}, false, "one   ", "one\n"},
		{"several blanks at a line end", 8, {.first = ""}, false, "one two   three", "one two\nthree\n"},
		{"a long word gets a line of its own", 10, {.first = ""}, false, "to abcdefgh", "to\nabcdefgh\n"},
		{"a longer one is cut", 10, {.first = ""}, false, "to abcdefghijkl", "to\nabcdefghij\nkl\n"},
		{"behind a mark, if there is one near", 22, {.first = ""}, false, "https://example.net/path",
			"https://example.net/\npath\n"},
		{"a host name behind a dot", 12, {.first = ""}, false, "mail.exam.ple.com", "mail.exam.\nple.com\n"},
		{"raw: cut with a backslash", 10, {.first = "", .raw = true}, false, "abcdefghijkl",
			"abcdefghi\\\njkl\n"},
		{"raw: the line is filled first", 10, {.first = "", .raw = true}, false, "to abcdefghijkl",
			"to abcdef\\\nghijkl\n"},
		{"raw: words that fit stay whole", 10, {.first = "", .raw = true}, false, "250 abcdefg hi",
			"250\nabcdefg hi\n"},
		{"one line", 12, {.first = "  ", .one_line = true}, false, "a few more words", "  a few m...\n"},
		{"one line, blanks at the end", 12, {.first = "  ", .one_line = true}, false, "few   ", "  few\n"},
		{"one line that fits", 18, {.first = "  ", .one_line = true}, false, "a few more words",
			"  a few more words\n"},
		{"dots without a blank before", 11, {.first = "", .one_line = true}, false, "a few more words",
			"a few mo...\n"},
		{"wide characters", 5, {.first = ""}, true, "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e",
			"\xe6\x97\xa5\xe6\x9c\xac\n\xe8\xaa\x9e\n"},
		{"a mark stays with its letter", 4, {.first = ""}, true, "abce\xcc\x81xy", "abce\xcc\x81\nxy\n"},
		{"beyond ASCII, on an ASCII page", 20, {.first = ""}, false, "gr\xc3\xbc\xc3\x9f",
			"gr\\u{00fc}\\u{00df}\n"},
		{"controls", 20, {.first = ""}, true, "a\x1b[31m\x07\tb", "a\\x1b[31m\\x07 b\n"},
		{"carriage return", 20, {.first = ""}, true, "a\rb", "a\\x0db\n"},
		{"broken UTF-8", 20, {.first = ""}, true, "a\xff\xc3", "a\\xff\\xc3\n"},
		{"right-to-left override", 20, {.first = ""}, true, "a\xe2\x80\xae", "a\\u{202e}\n"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_buf out = MP_BUF(4096);
		struct rep_page pg = {
			.a = mp_arena_new(), .out = &out, .width = rows[i].width, .unicode = rows[i].unicode};

		rep_wrap(&pg, &rows[i].para, rows[i].text);
		row_str(rows[i].label, mp_buf_cstr(&out), rows[i].want);
		mp_arena_free(pg.a);
		mp_buf_release(&out);
	}
}

/* All of the text comes out, in order, whatever the width. */
static void nothing_is_lost(void **state)
{
	static const char text[] = "Lorem  ipsum https://example.net/a/very/long/path?with=a&query=string "
				   "\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e dolor e\xcc\x81tude sit.";

	(void)state;
	for (unsigned width = 2; width < 100; width++) {
		struct mp_buf out = MP_BUF(4096), got = MP_BUF(4096), want = MP_BUF(4096);
		struct rep_page pg = {.a = mp_arena_new(), .out = &out, .width = width, .unicode = true};
		char label[24];

		snprintf(label, sizeof(label), "width %u", width);
		rep_wrap(&pg, &(struct rep_para){.first = ""}, text);
		for (size_t i = 0; i < out.n; i++)
			if (out.p[i] != ' ' && out.p[i] != '\n')
				mp_buf_addc(&got, out.p[i]);
		for (size_t i = 0; text[i]; i++)
			if (text[i] != ' ')
				mp_buf_addc(&want, text[i]);
		row_str(label, mp_buf_cstr(&got), mp_buf_cstr(&want));
		mp_arena_free(pg.a);
		mp_buf_release(&want);
		mp_buf_release(&got);
		mp_buf_release(&out);
	}
}

static void cells(void **state)
{
	struct mp_buf out = MP_BUF(100);
	struct rep_page pg = {.a = mp_arena_new(), .out = &out, .width = 80};
	const char *red;

	(void)state;
	assert_string_equal(rep_cell(&pg, REP_RED, "ab", 5), "ab   ");
	assert_string_equal(rep_cell(&pg, REP_RED, "ab", -5), "   ab");
	assert_string_equal(rep_cell(&pg, REP_RED, "abcdefgh", 6), "abc...");
	assert_string_equal(rep_cell(&pg, REP_RED, "abcdefgh", 3), "abc");
	pg.color = true;
	red = rep_cell(&pg, REP_RED, "ab", 5);
	assert_string_equal(red, "\x1b[1;31mab\x1b[0m   ");
	assert_int_equal(rep_cols(red), 5);
	assert_string_equal(rep_inked(&pg, REP_RED, "  "), "  ");
	assert_string_equal(rep_inked(&pg, REP_PLAIN, "ab"), "ab");
	/* No text can end the ink or start another. */
	assert_string_equal(rep_inked(&pg, REP_DIM, "a\x1b[0m"), "\x1b[2ma\\x1b[0m\x1b[0m");
	rep_blank(&pg);
	assert_int_equal(out.n, 0);
	rep_print(&pg, 1, "%s", "x");
	rep_blank(&pg);
	rep_blank(&pg);
	assert_string_equal(mp_buf_cstr(&out), " x\n\n");
	mp_arena_free(pg.a);
	mp_buf_release(&out);
}

static void replies(void **state)
{
	static const struct {
		const char *label, *json, *lines, *flowed;
	} rows[] = {
		{"one line", "{\"code\":250,\"enhanced\":\"2.1.5\",\"lines\":[\"250 2.1.5 Ok\"]}", "250 2.1.5 Ok|",
			"250 2.1.5 Ok"},
		{"several",
			"{\"code\":550,\"enhanced\":\"5.7.1\",\"lines\":[\"550-5.7.1 No\",\"550-5.7.1  mail\",\"550 5.7.1 here\"]}",
			"550-5.7.1 No|550-5.7.1  mail|550 5.7.1 here|", "550 5.7.1 No mail here"},
		{"another status on the way",
			"{\"code\":550,\"enhanced\":\"5.7.1\",\"lines\":[\"550-5.7.1 No\",\"550 5.7.2 why\"]}",
			"550-5.7.1 No|550 5.7.2 why|", "550 5.7.1 No 5.7.2 why"},
		{"a status is no prefix",
			"{\"code\":550,\"enhanced\":\"5.7.1\",\"lines\":[\"550-5.7.1 No\",\"550 5.7.10 why\"]}",
			"550-5.7.1 No|550 5.7.10 why|", "550 5.7.1 No 5.7.10 why"},
		{"a number that is no code", "{\"code\":550,\"lines\":[\"550-No\",\"554 ways\"]}", "550-No|554 ways|",
			"550 No 554 ways"},
		{"without codes", "{\"code\":554,\"lines\":[\"go\",\"away\"]}", "554-go|554 away|", "554 go away"},
		{"code alone", "{\"code\":421}", "421|", "421"},
		{"bare code line", "{\"code\":421,\"lines\":[\"421\"]}", "421|", "421"},
		{"nothing", "{}", NULL, NULL},
		{"null", "null", NULL, NULL},
		{"no strings", "{\"lines\":[1,null]}", NULL, NULL},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		json_t *j = json_loads(rows[i].json, JSON_DECODE_ANY, NULL);
		struct mp_buf joined = MP_BUF(1000);
		size_t n;
		const char *const *lines = rep_reply_lines(a, j, &n);

		assert_non_null(j);
		for (size_t k = 0; k < n; k++)
			mp_buf_addf(&joined, "%s|", lines[k]);
		row_str(rows[i].label, n ? mp_buf_cstr(&joined) : NULL, rows[i].lines);
		row_str(rows[i].label, rep_reply_flowed(a, j), rows[i].flowed);
		mp_buf_release(&joined);
		json_decref(j);
		mp_arena_free(a);
	}
}

static void sessions_in_words(void **state)
{
	static const struct {
		const char *label, *json, *outcome, *server;
	} rows[] = {
		{"accepted",
			"{\"outcome\":\"accepted\",\"stage\":\"rcpt-to\",\"mx\":\"mx.example\",\"address\":\"192.0.2.1\",\"port\":25}",
			"accepted at RCPT TO", "mx.example [192.0.2.1]"},
		{"another port",
			"{\"outcome\":\"rejected\",\"stage\":\"banner\",\"mx\":\"mx.example\",\"address\":\"2001:db8::1\",\"port\":2525,"
			"\"reply\":{\"code\":554},\"reason\":\"not said where there is a reply\"}",
			"rejected at the banner", "mx.example [2001:db8::1]:2525"},
		{"an address for a name",
			"{\"outcome\":\"unreachable\",\"stage\":\"connect\",\"reason\":\"connection refused\",\"mx\":\"192.0.2.1\",\"address\":\"192.0.2.1\"}",
			"not reached: connection refused", "[192.0.2.1]"},
		{"the handshake", "{\"outcome\":\"tls-failed\",\"stage\":\"tls\",\"reason\":\"no shared cipher\"}",
			"TLS failed: no shared cipher", "a server"},
		{"no STARTTLS",
			"{\"outcome\":\"tls-failed\",\"stage\":\"starttls\",\"reply\":null,\"reason\":\"not offered\"}",
			"TLS failed at STARTTLS: not offered", "a server"},
		{"silence", "{\"outcome\":\"aborted\",\"stage\":\"ehlo-tls\",\"reason\":\"no answer for 30 s\"}",
			"broken off at EHLO under TLS: no answer for 30 s", "a server"},
		{"terms of a later version", "{\"outcome\":\"postponed\",\"stage\":\"bdat\"}", "postponed at bdat",
			"a server"},
		{"nothing", "{}", "no outcome", "a server"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		json_t *j = json_loads(rows[i].json, 0, NULL);

		assert_non_null(j);
		row_str(rows[i].label, rep_outcome(a, j), rows[i].outcome);
		row_str(rows[i].label, rep_server(a, j), rows[i].server);
		json_decref(j);
		mp_arena_free(a);
	}
}

static void references(void **state)
{
	static const char text[] =
		"{\"checks\":[{\"id\":\"ptr.exists\",\"subject\":\"a\",\"values\":{\"ip\":\"1\"},\"n\":0},"
		"{\"id\":\"ptr.exists\",\"subject\":\"a\",\"values\":{\"ip\":\"2\"},\"n\":1},"
		"{\"id\":\"ptr.exists\",\"subject\":\"b\",\"n\":2}, 7],"
		"\"targets\":[{\"sessions\":[{\"n\":0},{\"n\":1}]},{},{\"sessions\":[{\"n\":2}]}]}";
	static const struct {
		const char *label, *because;
		int check, session; /* "n" of what is found; -1: nothing */
	} rows[] = {
		{"by address", "{\"check\":\"ptr.exists\",\"subject\":\"a\",\"ip\":\"2\"}", 1, -1},
		{"the first of the subject", "{\"check\":\"ptr.exists\",\"subject\":\"a\"}", 0, -1},
		{"without an address", "{\"check\":\"ptr.exists\",\"subject\":\"b\"}", 2, -1},
		{"another address", "{\"check\":\"ptr.exists\",\"subject\":\"a\",\"ip\":\"3\"}", -1, -1},
		{"another id", "{\"check\":\"ptr.single\",\"subject\":\"a\",\"ip\":\"1\"}", -1, -1},
		{"a session", "{\"target\":0,\"session\":1}", -1, 1},
		{"of a later target", "{\"target\":2,\"session\":0}", -1, 2},
		{"of a target without any", "{\"target\":1,\"session\":0}", -1, -1},
		{"past the last", "{\"target\":0,\"session\":2}", -1, -1},
		{"negative", "{\"target\":-1,\"session\":0}", -1, -1},
		{"huge", "{\"target\":9223372036854775807,\"session\":9223372036854775807}", -1, -1},
		{"not numbers", "{\"target\":\"0\",\"session\":null}", -1, -1},
		{"nothing", "{}", -1, -1},
	};
	json_t *report = json_loads(text, 0, NULL);

	(void)state;
	assert_non_null(report);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		json_t *because = json_loads(rows[i].because, 0, NULL);

		assert_non_null(because);
		row_int(rows[i].label, mp_jget_int(rep_because_check(report, because), "n", -1), rows[i].check);
		row_int(rows[i].label, mp_jget_int(rep_because_session(report, because), "n", -1), rows[i].session);
		json_decref(because);
	}
	assert_int_equal(rep_session_number(report, 0, 1), 2);
	assert_int_equal(rep_session_number(report, 2, 0), 3);
	json_decref(report);
}

static void times(void **state)
{
	static const struct {
		double ms;
		const char *want;
	} durations[] = {{0, "0 ms"}, {-5, "0 ms"}, {812.4, "812 ms"}, {999.6, "1.00 s"}, {9994, "9.99 s"},
		{9996, "10 s"}, {20131, "20 s"}, {119499, "119 s"}, {119500, "1 min 59 s"}, {312000, "5 min 12 s"},
		{1e300, "16666666 min 40 s"}};
	static const struct {
		const char *in, *want;
	} moments[] = {{"2026-11-21T10:02:03Z", "2026-11-21 10:02:03 UTC"},
		{"2026-11-21T10:02:03.456Z", "2026-11-21 10:02:03 UTC"},
		{"2026-11-21T12:02:03+02:00", "2026-11-21 10:02:03 UTC"}, {"yesterday", "yesterday"}, {NULL, NULL}};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(durations); i++)
		row_str(durations[i].want, rep_duration(a, durations[i].ms), durations[i].want);
	for (size_t i = 0; i < ARRAY_LEN(moments); i++)
		row_str(moments[i].in ? moments[i].in : "none", rep_when(a, moments[i].in), moments[i].want);
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrapping),
		cmocka_unit_test(nothing_is_lost),
		cmocka_unit_test(cells),
		cmocka_unit_test(replies),
		cmocka_unit_test(sessions_in_words),
		cmocka_unit_test(references),
		cmocka_unit_test(times),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
