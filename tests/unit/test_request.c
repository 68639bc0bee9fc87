/* tests/unit/test_request.c - the kinds of requests: each has its word wherever words are, and a scenario that needs it */
#include "probe/options.h"
#include "probe/request.h"
#include "tests/unit/row.h"
#include "tests/world/scenarios.h"

static char *read_manual(struct mp_arena *a)
{
	const char *srcdir = getenv("srcdir");
	FILE *f = fopen(mp_printf(a, "%s/docs/mailprobe.1", srcdir ? srcdir : "."), "rb");
	char *text = mp_alloc(a, (size_t)256 * 1024);

	assert_non_null(f);
	assert_true(fread(text, 1, 256 * 1024 - 1, f) > 0);
	fclose(f);
	return text;
}

static char *usage(struct mp_arena *a)
{
	char *text = NULL, *copy;
	size_t n;
	FILE *f = open_memstream(&text, &n);

	assert_non_null(f);
	mp_usage(f);
	fclose(f);
	copy = mp_dup(a, text);
	free(text);
	return copy;
}

static bool promised(const char *word)
{
	for (size_t i = 0; i < world_n_scenarios; i++)
		if (world_scenarios[i].promise.request && strcmp(world_scenarios[i].promise.request, word) == 0)
			return true;
	return false;
}

static int parse(struct mp_arena *a, const char *word, struct mp_options *o, struct mp_err *err)
{
	const char *argv[] = {"mailprobe", "ptr", "192.0.2.1", "--config=/dev/null", "--request", word, NULL};

	return mp_options_parse(a, 6, (char **)(uintptr_t)argv, o, err);
}

static void test_kinds(void **state)
{
	struct mp_arena *a = mp_arena_new();
	const char *manual = read_manual(a), *help = usage(a);

	(void)state;
	for (size_t i = 0; i < mp_n_request_kinds; i++) {
		const struct mp_request_kind *k = &mp_request_kinds[i];
		struct mp_err err = {.msg = ""};
		struct mp_options o;

		for (size_t n = 0; n < i; n++)
			row_bool(k->word, strcmp(mp_request_kinds[n].word, k->word) == 0, false);
		if (!strstr(help, mp_printf(a, "\n        %s ", k->word)))
			fail_msg("--help does not tell of --request %s", k->word);
		if (!strstr(manual, mp_printf(a, "\n.It Cm %s\n", k->word)))
			fail_msg("the manual does not tell of --request %s", k->word);
		if (!promised(k->word))
			fail_msg("no scenario promises a request '%s'", k->word);
		if (parse(a, k->word, &o, &err) != MP_OK)
			fail_msg("--request %s: %s", k->word, err.msg);
		row_str(k->word, o.request, k->word);
		/* the words of a wrong one name it */
		row_int("wrong", parse(a, "nothing", &o, &err), MP_EINVAL);
		if (!strstr(err.msg, k->word))
			fail_msg("\"%s\" does not name %s", err.msg, k->word);
	}
	mp_arena_free(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_kinds)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
