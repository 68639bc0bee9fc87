/* tests/unit/test_base64.c - base64: what is taken, what is refused and where, and the way back */
#include <stdarg.h>
#include <stddef.h>

#include "base/base64.h"
#include "tests/unit/row.h"

static const struct row {
	const char *label, *text, *bytes; /* bytes NULL: refused */
	const char *fault;
	size_t at;
} rows[] = {
	{"nothing", "", "", NULL, 0},
	{"one byte", "Zg==", "f", NULL, 0},
	{"two bytes", "Zm8=", "fo", NULL, 0},
	{"three bytes", "Zm9v", "foo", NULL, 0},
	{"without the end", "Zm8", "fo", NULL, 0},
	{"white space", " Z m\r\n\t9v ", "foo", NULL, 0},
	{"a foreign character", "Zm-v", NULL, "has a character that base64 does not have", 2},
	{"goes on", "Zg==Zg==", NULL, "goes on behind its end ('=')", 4},
	{"too many", "Z===", NULL, "has too many '=' at the end", 3},
	{"cut", "Zm9vY", NULL, "ends in the middle of a group of four characters", 5},
};

static void decoding(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_bytes b;
		size_t at = 0;
		const char *fault = mp_base64_decode(a, mp_str(rows[i].text), &b, &at);

		row_str(rows[i].label, fault, rows[i].fault);
		if (fault)
			row_int(rows[i].label, (long long)at, (long long)rows[i].at);
		else
			row_view(rows[i].label, mp_strn((const char *)b.p, b.n), rows[i].bytes);
		mp_arena_free(a);
	}
}

static void there_and_back(void **state)
{
	uint8_t bytes[256];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(255 - i);
	for (size_t n = 0; n <= sizeof(bytes); n++) {
		struct mp_arena *a = mp_arena_new();
		const char *text = mp_base64_encode(a, bytes, n);
		struct mp_bytes b;
		size_t at;

		assert_int_equal(strlen(text), (n + 2) / 3 * 4);
		assert_null(mp_base64_decode(a, mp_str(text), &b, &at));
		assert_int_equal(b.n, n);
		assert_memory_equal(b.p, bytes, n);
		mp_arena_free(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(decoding), cmocka_unit_test(there_and_back)};

	return cmocka_run_group_tests_name("base64", tests, NULL, NULL);
}
