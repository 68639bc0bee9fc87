/* tests/unit/test_tags.c - tag=value lists: what is kept, what is a fault, and where */
#include <stdarg.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/tags.h"
#include "tests/unit/row.h"

static const struct row {
	const char *label, *record;
	const char *tags;   /* "name=value@offset ..." with '|' between */
	const char *faults; /* in words, '|' between */
} rows[] = {
	{"plain", "v=DKIM1; p=abc", "v=DKIM1@0|p=abc@9", ""},
	{"semicolon at the end", "v=DMARC1; p=none;", "v=DMARC1@0|p=none@10", ""},
	{"and a blank behind it", "v=DMARC1; p=none; ", "v=DMARC1@0|p=none@10", ""},
	{"white space everywhere", "\t v = DKIM1 ;\r\n\t p =\r\n a b ", "v=DKIM1@2|p=a b@17", ""},
	{"empty value", "v=DKIM1; p=", "v=DKIM1@0|p=@9", ""},
	{"equals in the value", "p=a==; n=x=y", "p=a==@0|n=x=y@7", ""},
	{"digits and underscores in names", "a1_b=1", "a1_b=1@0", ""},
	{"case counts", "p=1; P=2", "p=1@0|P=2@5", ""},
	{"twice", "p=1; p=2", "p=1@0", "has the tag \"p\" twice (byte 6)"},
	{"no equals", "v=DMARC1; none", "v=DMARC1@0", "has no '=' in \"none\" (byte 11)"},
	{"an empty tag", "v=DMARC1;; p=none", "v=DMARC1@0|p=none@11", "has an empty tag (byte 10)"},
	{"no name", "=1; p=2", "p=2@4", "has no valid tag name in \"=1\" (byte 1)"},
	{"a digit first", "1a=1", "", "has no valid tag name in \"1a=1\" (byte 1)"},
	{"a hyphen", "a-b=1", "", "has no valid tag name in \"a-b=1\" (byte 1)"},
	{"a byte that is not ASCII", "a=1; p=x\xc3\xa4", "a=1@0", "has a byte that is not printable ASCII (byte 9)"},
	{"a quotation mark before the name", "\"v=DKIM1; p=a", "p=a@10",
		"has no valid tag name in \"\"v=DKIM1\" (byte 1)"},
	{"nothing", "", "", "has an empty tag (byte 1)"},
	{"blanks alone", "  ", "", "has an empty tag (byte 1)"},
};

static void lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_arena *a = mp_arena_new();
		struct mp_buf tags = MP_BUF(4096), faults = MP_BUF(4096);
		struct mp_tags t;

		mp_tags_parse(mp_str(rows[i].record), &t);
		for (size_t k = 0; k < t.n; k++) {
			const struct mp_tag *tag = &t.tag[k];

			mp_buf_addf(&tags, "%s%.*s=%.*s@%zu", k ? "|" : "", (int)tag->name.n, tag->name.p,
				(int)tag->value.n, tag->value.p, tag->at);
			assert_ptr_equal(tag->value.p, rows[i].record + tag->value_at);
			assert_ptr_equal(mp_tag_find(&t, mp_dupstr(a, tag->name)), tag);
		}
		for (size_t k = 0; k < t.n_faults; k++)
			mp_buf_addf(&faults, "%s%s", k ? "|" : "", mp_tag_fault_words(a, &t.fault[k]));
		row_str(rows[i].label, mp_buf_cstr(&tags), rows[i].tags);
		row_str(rows[i].label, mp_buf_cstr(&faults), rows[i].faults);
		mp_buf_release(&tags);
		mp_buf_release(&faults);
		mp_arena_free(a);
	}
}

/* 64 KiB of one thing: bounded, and every view inside the record. */
static void hostile(void **state)
{
	static const char *const parts[] = {";", "=", "a=1;", "a", "\"", "\xff", " ", "x=y ; ", ";;=;"};
	enum { SIZE = 65535 };
	char *bytes = mp_xmalloc(SIZE);

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
		size_t n = strlen(parts[i]);
		struct mp_tags t;

		for (size_t k = 0; k < SIZE; k++)
			bytes[k] = parts[i][k % n];
		mp_tags_parse(mp_strn(bytes, SIZE), &t);
		assert_true(t.n <= MP_TAGS_MAX && t.n_faults <= MP_TAG_FAULTS_MAX);
		for (size_t k = 0; k < t.n; k++)
			assert_true(t.tag[k].value.p >= bytes && t.tag[k].value.p + t.tag[k].value.n <= bytes + SIZE);
	}
	free(bytes);
}

static void many(void **state)
{
	struct mp_buf b = MP_BUF(65536);
	struct mp_tags t;

	(void)state;
	for (size_t i = 0; i < 200; i++)
		mp_buf_addf(&b, "t%zu=1;", i);
	mp_tags_parse(mp_buf_str(&b), &t);
	assert_int_equal(t.n, MP_TAGS_MAX);
	assert_int_equal(t.n_faults, 1); /* said once, and the rest is not read */
	assert_int_equal(t.fault[0].trouble, MP_TAG_TOO_MANY);
	mp_buf_release(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists),
		cmocka_unit_test(hostile),
		cmocka_unit_test(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
