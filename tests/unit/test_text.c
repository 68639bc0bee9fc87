/* tests/unit/test_text.c - UTF-8, text from outside, arguments for a shell, times, typing distance */
#include "base/text.h"
#include "tests/unit/row.h"

static void utf8(void **state)
{
	static const struct {
		const char *label, *in;
		size_t len; /* of the first sequence; 0: invalid */
		uint32_t code;
	} rows[] = {
		{"ASCII", "a", 1, 'a'},
		{"DEL", "\x7f", 1, 0x7f},
		{"two bytes, first", "\xc2\x80", 2, 0x80},
		{"two bytes, last", "\xdf\xbf", 2, 0x7ff},
		{"three bytes, first", "\xe0\xa0\x80", 3, 0x800},
		{"before the surrogates", "\xed\x9f\xbf", 3, 0xd7ff},
		{"behind the surrogates", "\xee\x80\x80", 3, 0xe000},
		{"three bytes, last", "\xef\xbf\xbf", 3, 0xffff},
		{"four bytes, first", "\xf0\x90\x80\x80", 4, 0x10000},
		{"four bytes, last", "\xf4\x8f\xbf\xbf", 4, 0x10ffff},
		{"past the last", "\xf4\x90\x80\x80", 0, 0},
		{"five bytes", "\xf8\x88\x80\x80\x80", 0, 0},
		{"overlong NUL", "\xc0\x80", 0, 0},
		{"overlong slash", "\xc1\xaf", 0, 0},
		{"overlong, three", "\xe0\x9f\xbf", 0, 0},
		{"overlong, four", "\xf0\x8f\xbf\xbf", 0, 0},
		{"first surrogate", "\xed\xa0\x80", 0, 0},
		{"last surrogate", "\xed\xbf\xbf", 0, 0},
		{"continuation alone", "\x80", 0, 0},
		{"cut after one of two", "\xc3", 0, 0},
		{"cut after two of three", "\xe2\x82", 0, 0},
		{"cut after three of four", "\xf0\x9f\x98", 0, 0},
		{"ASCII inside", "\xe2\x41\x80", 0, 0},
		{"0xfe", "\xfe", 0, 0},
		{"0xff", "\xff", 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t n = strlen(rows[i].in), len = mp_utf8_len(rows[i].in, n);

		row_int(rows[i].label, (long long)len, (long long)rows[i].len);
		if (len)
			row_int(rows[i].label, mp_utf8_code(rows[i].in, len), rows[i].code);
		row_bool(rows[i].label, mp_utf8_valid(mp_strn(rows[i].in, n)), len == n);
		for (size_t cut = 1; cut < len; cut++)
			row_int(rows[i].label, (long long)mp_utf8_len(rows[i].in, cut), 0);
	}
	assert_int_equal(mp_utf8_len("", 0), 0);
	assert_true(mp_utf8_valid(mp_str("")));
	assert_true(mp_utf8_valid(mp_str("gr\xc3\xbc\xc3\x9f")));
	assert_false(mp_utf8_valid(mp_str("gr\xfc\xdf")));
}

static void shell_words(void **state)
{
	static const struct {
		const char *arg, *want;
	} rows[] = {{"--to=you@example.net", "--to=you@example.net"}, {"", "''"}, {"<>", "'<>'"}, {"a b", "'a b'"},
		{"[::1]", "'[::1]'"}, {"it's", "'it'\\''s'"}, {"$(id)`id`", "'$(id)`id`'"}};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_str(rows[i].arg, mp_shell_word(a, rows[i].arg), rows[i].want);
	mp_arena_free(a);
}

static void text_from_outside(void **state)
{
	static const struct {
		const char *label, *in;
		size_t n;
		const char *want;
	} rows[] = {
#define ROW(label, in, want) {label, in, sizeof(in) - 1, want}
		ROW("plain", "550 5.7.1 no", "550 5.7.1 no"),
		ROW("empty", "", ""),
		ROW("tab stays", "a\tb", "a\tb"),
		ROW("backslash stays", "a\\b", "a\\b"),
		ROW("UTF-8 stays", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x93\xac", "gr\xc3\xbc\xc3\x9f \xf0\x9f\x93\xac"),
		ROW("Latin-1", "gr\xfc\xdf", "gr\\xfc\\xdf"),
		ROW("NUL", "a\0b",
			"a\\x00"
			"b"),
		ROW("line ends", "a\r\nb",
			"a\\x0d\\x0a"
			"b"),
		ROW("terminal escape", "\x1b[2J", "\\x1b[2J"),
		ROW("DEL", "\x7f", "\\x7f"),
		ROW("C1 as a byte",
			"\x9b"
			"31m",
			"\\x9b31m"),
		ROW("C1 as UTF-8",
			"\xc2\x9b"
			"31m",
			"\\u{009b}31m"),
		ROW("right-to-left override", "\xe2\x80\xae", "\\u{202e}"),
		ROW("isolate", "\xe2\x81\xa6", "\\u{2066}"),
		ROW("zero-width space",
			"a\xe2\x80\x8b"
			"b",
			"a\\u{200b}b"),
		ROW("line separator", "\xe2\x80\xa8", "\\u{2028}"),
		ROW("byte order mark", "\xef\xbb\xbf", "\\u{feff}"),
		ROW("soft hyphen", "\xc2\xad", "\\u{00ad}"),
		ROW("tag character", "\xf3\xa0\x81\x81", "\\u{e0041}"),
		ROW("no-break space stays", "\xc2\xa0", "\xc2\xa0"),
		ROW("cut sequence", "\xe2\x82", "\\xe2\\x82"),
		ROW("cut, then more", "\xe2\x82 a", "\\xe2\\x82 a"),
		ROW("overlong", "\xc0\xaf", "\\xc0\\xaf"),
		ROW("surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80"),
#undef ROW
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_str(rows[i].label, mp_text(a, mp_strn(rows[i].in, rows[i].n)), rows[i].want);
	assert_string_equal(mp_text(a, mp_str(NULL)), "");
	mp_arena_free(a);
}

/* Every pair of bytes, alone and before a letter: the promises of mp_text() hold. */
static void text_of_all_pairs(void **state)
{
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (unsigned i = 0; i < 65536; i++) {
		char in[3] = {(char)(i >> 8), (char)(i & 255), 'x'};
		char *out = mp_text(a, mp_strn(in, sizeof(in)));
		size_t n = strlen(out);

		assert_true(mp_utf8_valid(mp_strn(out, n)));
		assert_true(n >= sizeof(in));
		/* A lead byte of three may not take the letter along. */
		assert_int_equal(out[n - 1], 'x');
		for (size_t k = 0; k < n; k++)
			if ((unsigned char)out[k] < 0x20 || out[k] == 0x7f)
				assert_int_equal(out[k], '\t');
		/* Kept text passes unchanged: to keep it twice does no harm. */
		assert_string_equal(mp_text(a, mp_str(out)), out);
		if (i % 256 == 255)
			mp_arena_reset(a);
	}
	mp_arena_free(a);
}

static void replies_flowed(void **state)
{
	static const struct {
		const char *label;
		const char *lines[4], *status, *want;
	} rows[] = {
		{"one line", {"250 2.0.0 Ok"}, "2.0.0", "250 2.0.0 Ok"},
		{"code and status once", {"550-5.7.25 The address has", "550-5.7.25 no PTR", "550 5.7.25 record."},
			"5.7.25", "550 5.7.25 The address has no PTR record."},
		{"without a status", {"554-No", "554 way"}, NULL, "554 No way"},
		{"another code is kept", {"550-No", "551 way"}, NULL, "550 No 551 way"},
		{"another status is kept", {"550-5.7.1 No", "550 5.7.0 way"}, "5.7.1", "550 5.7.1 No 5.7.0 way"},
		{"a longer number is no status", {"550-5.7.1 No", "550 5.7.10 way"}, "5.7.1",
			"550 5.7.1 No 5.7.10 way"},
		{"empty lines", {"220-", "220-a", "220"}, NULL, "220 a"},
		{"a code alone", {"550"}, NULL, "550"},
		{"no code", {"SSH-2.0", "what"}, NULL, "SSH-2.0 what"},
		{"nothing", {NULL}, NULL, ""},
	};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t n = 0;

		while (n < ARRAY_LEN(rows[i].lines) && rows[i].lines[n])
			n++;
		row_str(rows[i].label, mp_reply_flowed(a, rows[i].lines, n, rows[i].status), rows[i].want);
	}
	mp_arena_free(a);
}

static void widths(void **state)
{
	static const struct {
		const char *in;
		size_t want;
	} rows[] = {
		{"", 0}, {"abc", 3}, {"gr\xc3\xbc\xc3\x9f", 4}, {"e\xcc\x81", 1}, /* e and a combining accent */
		{"\xe9\x82\xae\xe4\xbb\xb6", 4},                                  /* two Han characters */
		{"\xed\x95\x9c", 2},                                              /* Hangul */
		{"\xef\xbc\xa1", 2},                                              /* fullwidth A */
		{"\xf0\x9f\x93\xac", 2},                                          /* emoji */
		{"\xf0\x9f\x93\xac\xef\xb8\x8f!", 3},                             /* with a variation selector */
		{"\xff\xfe", 2},                                                  /* bytes that are no text */
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		row_int(rows[i].in, (long long)mp_text_width(mp_str(rows[i].in)), (long long)rows[i].want);
}

static void times(void **state)
{
	static const struct {
		const char *in;
		int64_t ms;
		const char *text; /* NULL: the same as `in`, with the fraction where there is one */
	} rows[] = {
		{"1970-01-01T00:00:00Z", 0, NULL},
		{"1970-01-01T00:00:00.001Z", 1, NULL},
		{"1969-12-31T23:59:59.999Z", -1, NULL},
		{"1969-12-31T23:59:59Z", -1000, NULL},
		{"2026-11-21T10:02:03Z", 1795255323000, NULL},
		{"2026-11-21T10:02:03.250Z", 1795255323250, NULL},
		{"2026-11-21t10:02:03z", 1795255323000, "2026-11-21T10:02:03Z"},
		{"2026-11-21 10:02:03Z", 1795255323000, "2026-11-21T10:02:03Z"},
		{"2026-11-21T11:02:03+01:00", 1795255323000, "2026-11-21T10:02:03Z"},
		{"2026-11-21T04:32:03-05:30", 1795255323000, "2026-11-21T10:02:03Z"},
		{"2026-11-22T00:02:03+14:00", 1795255323000, "2026-11-21T10:02:03Z"},
		{"2026-11-21T10:02:03.2Z", 1795255323200, "2026-11-21T10:02:03.200Z"},
		{"2026-11-21T10:02:03.2509999999999Z", 1795255323250, "2026-11-21T10:02:03.250Z"},
		{"2000-02-29T00:00:00Z", 951782400000, NULL},
		{"2024-02-29T12:00:00Z", 1709208000000, NULL},
		{"2024-03-01T00:00:00Z", 1709251200000, NULL},
		{"2038-01-19T03:14:08Z", 2147483648000, NULL},
		{"2016-12-31T23:59:60Z", 1483228800000, "2017-01-01T00:00:00Z"},
		{"0001-01-01T00:00:00Z", -62135596800000, NULL},
		{"9999-12-31T23:59:59.999Z", 253402300799999, NULL},
	};
	static const char *const bad[] = {"", "2026", "2026-11-21", "2026-11-21T10:02:03", "2026-11-21T10:02Z",
		"2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z",
		"2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-01-01T24:00:00Z",
		"2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z", "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.",
		"2026-01-01T00:00:00.5", "2026-01-01T00:00:00Zx", "2026-01-01T00:00:00+1:00", "2026-01-01T00:00:00+01",
		"2026-01-01T00:00:00+0100", "2026-01-01T00:00:00+24:00", "2026-01-01T00:00:00+01:60",
		"2026/01/01T00:00:00Z", "2026-01-01X00:00:00Z", "2026-01-01T00-00-00Z", "+026-01-01T00:00:00Z",
		" 2026-01-01T00:00:00Z", "12026-01-01T00:00:00Z", "2026-01-01T00:00:00,5Z"};
	struct mp_arena *a = mp_arena_new();
	int64_t ms;

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *want = rows[i].text ? rows[i].text : rows[i].in;

		ms = -4711;
		row_bool(rows[i].in, mp_time_parse(mp_str(rows[i].in), &ms), true);
		row_int(rows[i].in, ms, rows[i].ms);
		row_str(rows[i].in, mp_time_text(a, ms, strchr(want, '.') != NULL), want);
	}
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		ms = -4711;
		row_bool(bad[i], mp_time_parse(mp_str(bad[i]), &ms), false);
		row_int(bad[i], ms, -4711);
	}
	/* cut at every length, a whole time is whole only at its end */
	for (size_t cut = 0; cut < 24; cut++)
		row_bool("cut", mp_time_parse(mp_strn("2026-11-21T10:02:03.250Z", cut), &ms), false);
	mp_arena_free(a);
}

static void times_that_cannot_be_written(void **state)
{
	static const int64_t rows[] = {INT64_MIN, INT64_MAX, 253402300800000, -62167219200001};
	struct mp_arena *a = mp_arena_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int64_t ms;

		/* some time, and one that can be read */
		assert_true(mp_time_parse(mp_str(mp_time_text(a, rows[i], true)), &ms));
	}
	mp_arena_free(a);
}

static void times_round_trip(void **state)
{
	struct mp_arena *a = mp_arena_new();

	(void)state;
	/* a step that meets every day of the month and every hour of the day, over 800 years */
	for (int64_t ms = -12219292800000; ms < 13000000000000; ms += 86400000LL * 3 + 3723457) {
		int64_t got;

		assert_true(mp_time_parse(mp_str(mp_time_text(a, ms, true)), &got));
		assert_true(got == ms);
		mp_arena_reset(a);
	}
	mp_arena_free(a);
}

static void typing_distance(void **state)
{
	static const struct {
		const char *a, *b;
		size_t want;
	} rows[] = {
		{"mail.example.com", "mail.example.com", 0},
		{"mail.example.com", "MAIL.Example.COM", 0},
		{"mail.example.com", "mial.example.com", 1},  /* neighbours swapped */
		{"mail.example.com", "mal.example.com", 1},   /* one left out */
		{"mail.example.com", "maill.example.com", 1}, /* one doubled */
		{"mail.example.com", "nail.example.com", 1},  /* one mistaken */
		{"mail.example.com", "mail.exampel.cmo", 2},
		{"mail.example.com", "mta.example.com", 3},
		{"ca", "abc", 3}, /* optimal string alignment: no change inside a swap */
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "", 3},
		{"kitten", "sitting", 3},
		{"ab", "ba", 1},
		{"a", "b", 1},
	};
	char x[256], y[256];

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_str a = mp_str(rows[i].a), b = mp_str(rows[i].b);

		row_int(rows[i].a, (long long)mp_typo_distance(a, b), (long long)rows[i].want);
		row_int(rows[i].b, (long long)mp_typo_distance(b, a), (long long)rows[i].want);
	}
	memset(x, 'x', sizeof(x));
	memset(y, 'y', sizeof(y));
	assert_int_equal(mp_typo_distance(mp_strn(x, 255), mp_strn(y, 255)), 255);
	assert_int_equal(mp_typo_distance(mp_strn(x, 255), mp_str("")), 255);
	assert_true(mp_typo_distance(mp_strn(x, 256), mp_str("")) == SIZE_MAX);
	assert_true(mp_typo_distance(mp_str(""), mp_strn(y, 256)) == SIZE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(utf8),
		cmocka_unit_test(shell_words),
		cmocka_unit_test(text_from_outside),
		cmocka_unit_test(text_of_all_pairs),
		cmocka_unit_test(replies_flowed),
		cmocka_unit_test(widths),
		cmocka_unit_test(times),
		cmocka_unit_test(times_that_cannot_be_written),
		cmocka_unit_test(times_round_trip),
		cmocka_unit_test(typing_distance),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
