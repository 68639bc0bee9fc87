/* tests/run/test_help.c - the real program explains every check and every cause, by its id, without a network */
#include "probe/check.h"
#include "probe/howto.h"
#include "smtp/cause.h"
#include "tests/run/keep.h"
#include "tests/run/spawn.h"

#include <setjmp.h>
#include <cmocka.h>

/* Help is there for `id`, fits a terminal, and says `title` and each of `words` (NULL-ended). */
static void explained(const char *id, const char *title, const char *const *words)
{
	const char *argv[] = {mailprobe_path(), "help", id, NULL};
	struct output o;
	struct mp_buf flat = MP_BUF(65536);

	run_program(argv, &o);
	if (o.status != 0 || o.err.n)
		fail_msg("help %s: exit %d", id, o.status);
	if (!strstr(mp_buf_cstr(&o.out), "://")) /* an address is not wrapped */
		text_fits(&o.out);
	for (size_t i = 0; i < o.out.n; i++) { /* as if it were not wrapped */
		char c = o.out.p[i] == '\n' ? ' ' : o.out.p[i];

		if (c != ' ' || !flat.n || flat.p[flat.n - 1] != ' ')
			mp_buf_addc(&flat, c);
	}
	if (!strstr(mp_buf_cstr(&flat), title))
		fail_msg("help %s does not say '%s'", id, title);
	for (size_t i = 0; words[i]; i++)
		if (!strstr(mp_buf_cstr(&flat), words[i]))
			fail_msg("help %s does not say '%s'", id, words[i]);
	mp_buf_release(&flat);
	output_release(&o);
}

static void every_check_is_explained(void **state)
{
	static const char *const none[] = {NULL};

	(void)state;
	for (size_t i = 0; i < mp_n_checks; i++)
		explained(mp_checks[i]->id, mp_checks[i]->title, none);
}

static void every_cause_is_explained(void **state)
{
	(void)state;
	for (int c = SMTP_CAUSE_UNKNOWN + 1; c < SMTP_CAUSE__COUNT; c++) {
		const struct smtp_cause_info *info = &smtp_causes[c];

		if (!info->fix[0] || !info->points_to[0])
			fail_msg("%s: nothing to check, or nothing to do", info->id);
		for (size_t i = 0; i < ARRAY_LEN(info->points_to) && info->points_to[i]; i++)
			if (!mp_check_by_id(info->points_to[i]))
				fail_msg("%s points to %s, which is no check", info->id, info->points_to[i]);
		explained(info->id, info->title, info->points_to);
		explained(info->id, info->meaning, info->fix);
	}
}

/* What was not compared with its owner's words is named, and nothing else. */
static void says_what_is_hearsay(void **state)
{
	const struct mp_howto *h = mp_help_row("ptr-missing")->howtos[0];
	const char *argv[] = {mailprobe_path(), "help", "ptr-missing", NULL};
	struct output o;
	const char *said;

	(void)state;
	run_program(argv, &o);
	said = strstr(mp_buf_cstr(&o.out), "Not checked against the owner's own pages:");
	assert_non_null(said);
	for (size_t w = 0; w < ARRAY_LEN(h->ways) && h->ways[w].where; w++)
		if (!strstr(said, h->ways[w].where) != !!h->ways[w].verified)
			fail_msg("%s: %s", h->ways[w].where, said);
	output_release(&o);
}

static void lists_and_commands_are_there(void **state)
{
	static const struct {
		const char *args[3];
		const char *says;
	} rows[] = {
		{{"--help"}, "Usage: mailprobe --to TARGET"},
		{{"help"}, "Usage: mailprobe --to TARGET"},
		{{"help", "options"}, "--dkim-canonicalization"},
		{{"help", "checks"}, "ptr.fcrdns"},
		{{"help", "causes"}, "ptr-missing"},
		{{"help", "explain"}, "Usage: mailprobe explain"},
		{{"explain", "--help"}, "Usage: mailprobe explain"},
		{{"--help", "demo"}, "Usage: mailprobe demo"},
		{{"watch", "check", "--help"}, "Usage: mailprobe watch"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *argv[] = {mailprobe_path(), rows[i].args[0], rows[i].args[1], rows[i].args[2], NULL};
		struct output o;

		run_program(argv, &o);
		if (o.status != 0 || o.err.n || !strstr(mp_buf_cstr(&o.out), rows[i].says))
			fail_msg("%s %s: exit %d, not '%s'", rows[i].args[0], rows[i].args[1] ? rows[i].args[1] : "",
				o.status, rows[i].says);
		text_fits(&o.out);
		output_release(&o);
	}
}

static void a_typing_error_is_met(void **state)
{
	static const struct {
		const char *id, *says;
	} rows[] = {
		{"ptr-mising", "did you mean 'ptr-missing'"},
		{"spf.recrod", "did you mean 'spf.record'"},
		{"wacth", "did you mean 'watch'"},
		{"option", "did you mean 'options'"},
		{"nothing-like-it", "no check, cause or command 'nothing-like-it'; there are"},
		{"\x1b[31m", "'\\x1b[31m'"},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *argv[] = {mailprobe_path(), "help", rows[i].id, NULL};
		struct output o;

		run_program(argv, &o);
		assert_int_equal(o.status, 64);
		assert_int_equal(o.out.n, 0);
		if (!strstr(mp_buf_cstr(&o.err), rows[i].says))
			fail_msg("not '%s' but '%s'", rows[i].says, mp_buf_cstr(&o.err));
		output_release(&o);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_check_is_explained),
		cmocka_unit_test(every_cause_is_explained),
		cmocka_unit_test(says_what_is_hearsay),
		cmocka_unit_test(lists_and_commands_are_there),
		cmocka_unit_test(a_typing_error_is_met),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
