/*
 * tests/run/test_watch.c - the real program waits for a fault to be mended, and says so when it is
 *
 * The world mends it as soon as it has seen one session to its end.
 */
#include <unistd.h>

#include "tests/run/keep.h"
#include "tests/run/spawn.h"

#include <setjmp.h>
#include <cmocka.h>

static char directory[4096];

static void start(const char *scenario, struct server *w)
{
	if (server_start(scenario, NULL, w))
		return;
	print_message("SKIPPED: the scenario cannot be had on this system\n");
	skip();
}

/* "mailprobe watch" with the world's arguments and these. */
static size_t arguments(const struct server *w, const char *const *more, const char **argv)
{
	size_t n = 0;

	argv[n++] = mailprobe_path();
	argv[n++] = "watch";
	argv[n++] = "--config";
	argv[n++] = "/dev/null";
	for (size_t i = 0; i < w->n_args; i++)
		argv[n++] = w->args[i];
	while (*more)
		argv[n++] = *more++;
	argv[n] = NULL;
	return n;
}

static bool says(const struct mp_buf *b, const char *words)
{
	return strstr(mp_buf_cstr(b), words) != NULL;
}

/* Rejected for want of a PTR; then there is one: only the DNS is asked until then, and the receiver once more. */
static void waits_for_the_record(void **state)
{
	char then[sizeof(directory) + 160], told[sizeof(directory) + 80], path[sizeof(directory) + 80];
	const char *more[] = {"--interval", "1", "--then", then, "-o", path, NULL}, *argv[100];
	struct mp_buf counts;
	struct server w;
	struct output o;
	json_t *report;
	char words[256] = "";
	FILE *f;

	(void)state;
	start("no-ptr", &w);
	snprintf(told, sizeof(told), "%s/told", directory);
	snprintf(path, sizeof(path), "%s/watched.json", directory);
	snprintf(then, sizeof(then), "printf '%%s %%s' \"$MAILPROBE_STATUS\" \"$MAILPROBE_SUMMARY\" >%s; exit 3", told);
	arguments(&w, more, argv);
	assert_int_equal(write(w.in, "healthy\n", 8), 8);
	run_program(argv, &o);
	server_end(&w, &counts);
	if (o.status != 0)
		fail_msg("exit status %d: %s", o.status, mp_buf_cstr(&o.err));
	if (!says(&o.err, "waiting at ") || !says(&o.err, "ptr.exists: 203.0.113.10 has no PTR record"))
		fail_msg("it does not say what it waits for: %s", mp_buf_cstr(&o.err));
	if (!says(&o.err, "--then: the command ended with status 3"))
		fail_msg("it does not say how the command ended: %s", mp_buf_cstr(&o.err));
	if (!says(&counts, "sessions=2 "))
		fail_msg("the receiver was asked otherwise than twice: %s", mp_buf_cstr(&counts));
	report = report_read(path);
	report_keeps(report);
	assert_string_equal(mp_jget_str(mp_jget(report, "verdict"), "status", ""), "deliverable");
	replay_agrees(report, path, 0);
	f = fopen(told, "rb");
	assert_non_null(f);
	assert_non_null(fgets(words, sizeof(words), f));
	fclose(f);
	if (strncmp(words, "0 Nothing stands against", 24) != 0)
		fail_msg("the command was told '%s'", words);
	json_decref(report);
	mp_buf_release(&counts);
	output_release(&o);
	unlink(told);
	unlink(path);
}

/* Nothing to wait for: one run, one session, no word. */
static void ends_at_once(void **state)
{
	const char *more[] = {"--interval", "1", NULL}, *argv[100];
	struct mp_buf counts;
	struct server w;
	struct output o;

	(void)state;
	start("healthy", &w);
	arguments(&w, more, argv);
	run_program(argv, &o);
	server_end(&w, &counts);
	assert_int_equal(o.status, 0);
	assert_int_equal(o.err.n, 0);
	assert_true(says(&counts, "sessions=1 "));
	mp_buf_release(&counts);
	output_release(&o);
}

/* Ctrl-C while it waits: the last state's report, and its exit status. */
static void ends_with_the_last_state(void **state)
{
	/* A FIFO's writer waits for its reader: the shell interrupts when the program has said that it waits. */
	static const char script[] =
		"d=$0; mkfifo \"$d/said\"; \"$@\" >\"$d/out\" 2>\"$d/said\" & p=$!; exec 3<\"$d/said\"; "
		"while read -r l <&3; do case $l in 'mailprobe: waiting'*) kill -INT $p;; esac; done; "
		"wait $p; s=$?; cat \"$d/out\"; rm -f \"$d/said\" \"$d/out\"; exit $s";
	const char *more[] = {"--interval", "60", NULL}, *argv[104] = {"/bin/sh", "-c", script, directory};
	struct mp_buf counts;
	struct server w;
	struct output o;

	(void)state;
	start("no-ptr", &w);
	arguments(&w, more, argv + 4);
	run_program(argv, &o);
	server_end(&w, &counts);
	if (o.status != 2 || !says(&o.out, "BLOCKED"))
		fail_msg("exit status %d: %s%s", o.status, mp_buf_cstr(&o.out), mp_buf_cstr(&o.err));
	assert_true(says(&counts, "sessions=1 "));
	mp_buf_release(&counts);
	output_release(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(waits_for_the_record),
		cmocka_unit_test(ends_at_once),
		cmocka_unit_test(ends_with_the_last_state),
	};
	const char *tmp = getenv("TMPDIR");
	int failed;

	snprintf(directory, sizeof(directory), "%s/mailprobe-run-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(directory)) {
		perror(directory);
		return 70;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(directory);
	return failed;
}
