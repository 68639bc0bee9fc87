/* tests/unit/test_smtp_retry.c - the time that a deferral names, in the words that servers use */
#include "smtp/retry.h"
#include "tests/unit/row.h"

static const struct {
	const char *label, *text;
	uint32_t seconds; /* 0: none is named */
} rows[] = {
	{"seconds", "4.7.1 Greylisted, please try again in 300 seconds", 300},
	{"minutes, for", "Greylisted for 5 minutes", 300},
	{"clock of three", "4.7.1 Greylisting in action, please come back in 00:04:59", 299},
	{"clock of two", "Greylisting in effect, retry in 04:59", 299},
	{"hours in a clock", "please come back in 01:00:00", 3600},
	{"short unit, joined", "4.7.1 Please retry in 60s", 60},
	{"short unit", "Try again in 5 min.", 300},
	{"in brackets", "Temporarily deferred (retry in 120 seconds)", 120},
	{"unit with (s)", "Greylisted: please retry in 5 minute(s)", 300},
	{"two units", "please try again in 1 minute and 30 seconds", 90},
	{"three units", "come back in 1 hour, 5 minutes, 3 seconds", 3903},
	{"hyphen", "wait for a 5-minute delay and retry", 300},
	{"bare, after", "4.2.0 Greylisted, try again after 300", 300},
	{"bare, equals", "greylisted retry=60", 60},
	{"upper case", "GREYLISTED, TRY AGAIN IN 3 MINUTES", 180},
	{"at least", "Deferred, wait at least 15 minutes", 900},
	{"a limit's span and a time", "Too many messages: 10 per 60 seconds; try again in 2 minutes", 120},
	{"behind an address", "[203.0.113.10] greylisted, retry in 240 seconds", 240},
	{"behind a status", "4.7.1 defer 30s", 30},
	{"a day", "try again in 24 hours", 86400},

	{"no time",
		"4.2.0 <a@b>: Recipient address rejected: Greylisted, see http://postgrey.schweikert.ch/help/b.html",
		0},
	{"later", "4.7.1 Try again later", 0},
	{"a limit's span alone", "Rate limit of 100 messages per 60 minutes exceeded, try again later", 0},
	{"in the last", "Too many errors in the last 10 minutes, try later", 0},
	{"no word of coming back", "Your session lasted 30 seconds", 0},
	{"an address", "Try again later, 203.0.113.10 is greylisted", 0},
	{"an IPv6 address", "retry later, [2001:db8::25:30:10] is greylisted", 0},
	{"a code", "Try again later (code 4512)", 0},
	{"more than a day", "try again in 3 days or 172801 seconds", 0},
	{"too large a number", "try again in 99999999999999999999 seconds", 0},
	{"zero", "try again in 0 seconds", 0},
	{"an id", "try again in a while 4Xyz12s", 0},
	{"empty", "", 0},
};

static void test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		uint32_t seconds = 0;
		bool named = smtp_retry_after(mp_str(rows[i].text), &seconds);

		row_bool(rows[i].label, named, rows[i].seconds != 0);
		row_int(rows[i].label, seconds, rows[i].seconds);
	}
}

/* Cut anywhere, the text names a time within the bounds or none. */
static void test_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		for (size_t n = 0; n < strlen(rows[i].text); n++) {
			char *text = mp_xmalloc(n + 1);
			uint32_t seconds = 1;

			memcpy(text, rows[i].text, n);
			smtp_retry_after(mp_strn(text, n), &seconds);
			assert_in_range(seconds, 1, SMTP_RETRY_MAX_S);
			free(text);
		}
}

static void test_lines(void **state)
{
	static const char *const lines[] = {"450-4.7.1 Greylisted by", "450 4.7.1 us, come back in 90 seconds"};
	struct smtp_reply r = {.code = 450, .n_lines = ARRAY_LEN(lines), .lines = lines};
	uint32_t seconds = 0;

	(void)state;
	assert_true(smtp_reply_retry_after(&r, &seconds));
	assert_int_equal(seconds, 90);
	assert_false(smtp_reply_retry_after(NULL, &seconds));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
