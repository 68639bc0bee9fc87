/*
 * tests/run/test_scenarios.c - the real program against every scenario of the loopback world
 *
 * For each: the report keeps the scenario's promise; what every report must keep holds; judging the saved evidence again
 * gives the same report; the text fits a terminal; and the receivers saw a harmless client.
 */
#include <unistd.h>

#include "tests/run/keep.h"
#include "tests/run/spawn.h"
#include "tests/world/scenarios.h"

#include <setjmp.h>
#include <cmocka.h>

/* ---- the tests */

static char directory[4096]; /* for reports */

static bool sends(const struct world_scenario *s)
{
	for (size_t i = 0; i < ARRAY_LEN(s->extra) && s->extra[i]; i++)
		if (strcmp(s->extra[i], "--send") == 0)
			return true;
	return false;
}

static void scenario(void **state)
{
	const struct world_scenario *s = *state;
	const char *argv[80] = {mailprobe_path(), "--config", "/dev/null"};
	struct mp_buf why = MP_BUF(65536), counts;
	char path[sizeof(directory) + 80], page[sizeof(directory) + 80];
	struct server server;
	struct output o;
	json_t *report;
	size_t n = 3;

	if (!server_start(s->id, NULL, &server)) {
		print_message("SKIPPED: %s cannot be had on this system\n", s->id);
		skip();
	}
	snprintf(path, sizeof(path), "%s/%s.json", directory, s->id);
	snprintf(page, sizeof(page), "%s/%s.html", directory, s->id);
	for (size_t i = 0; i < server.n_args; i++)
		argv[n++] = server.args[i];
	argv[n++] = "-o";
	argv[n++] = path;
	argv[n++] = "-o";
	argv[n++] = page;
	run_program(argv, &o);
	server_end(&server, &counts);
	if (o.err.n)
		print_message("%s: stderr: %s\n", s->id, mp_buf_cstr(&o.err));
	assert_int_equal(o.err.n, 0); /* no terminal, no progress; and nothing went wrong */
	report = report_read(path);
	if (!world_promise_kept(s, report, o.status, &why))
		fail_msg("%s breaks its promise (%s):\n%s", s->id, path, mp_buf_cstr(&why));
	report_keeps(report);
	replay_agrees(report, path, o.status);
	replay_agrees(report, page, o.status);
	text_fits(&o.out);
	client_was_harmless(&counts, sends(s) && strcmp(s->promise.outcome, "accepted") == 0);
	json_decref(report);
	mp_buf_release(&why);
	mp_buf_release(&counts);
	output_release(&o);
	unlink(path);
	unlink(page);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	struct CMUnitTest *tests = mp_xcalloc(world_n_scenarios, sizeof(*tests));
	int failed;

	snprintf(directory, sizeof(directory), "%s/mailprobe-run-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(directory)) {
		perror(directory);
		return 70;
	}
	for (size_t i = 0; i < world_n_scenarios; i++)
		tests[i] = (struct CMUnitTest){.name = world_scenarios[i].id,
			.test_func = scenario,
			.initial_state = (void *)(uintptr_t)&world_scenarios[i]};
	failed = _cmocka_run_group_tests("scenarios", tests, world_n_scenarios, NULL, NULL);
	free(tests);
	rmdir(directory); /* reports of failed tests stay, and with them the directory */
	return failed;
}
