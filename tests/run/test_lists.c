/*
 * tests/run/test_lists.c - the real program with sections [dnsbl ZONE]: lists left out, lists and meanings of the user's own,
 * and a customer's key, which shows nowhere; and their replay, without the configuration
 */
#include <unistd.h>

#include "tests/run/keep.h"
#include "tests/run/spawn.h"

#include <setjmp.h>
#include <cmocka.h>

#define KEY "customer1key"

static char directory[4096];

static void write_file(const char *name, const char *text, char *path, size_t n)
{
	FILE *f;

	snprintf(path, n, "%s/%s", directory, name);
	f = fopen(path, "wb");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	fclose(f);
}

/* A host on a list, with this configuration: the report, which is kept in `path`. */
static json_t *run_world(const char *config, const char *path, struct output *o)
{
	const char *argv[100] = {mailprobe_path(), "--config", config, "-o", path, "--verbose"};
	char file[sizeof(directory) + 32];
	struct mp_buf counts;
	struct server w;
	size_t n = 6;

	if (!server_start("dnsbl-listed", NULL, &w)) {
		print_message("SKIPPED: the scenario cannot be had on this system\n");
		skip();
	}
	write_file("own.conf", config, file, sizeof(file));
	argv[2] = file;
	for (size_t i = 0; i < w.n_args; i++)
		argv[n++] = w.args[i];
	run_program(argv, o);
	server_end(&w, &counts);
	mp_buf_release(&counts);
	unlink(file);
	return report_read(path);
}

/* The check of that list; NULL: it was not asked. */
static const json_t *list(const json_t *report, const char *zone)
{
	size_t i;
	json_t *c;

	json_array_foreach(
		mp_jget_array(report, "checks"), i, c) if (strcmp(mp_jget_str(c, "id", ""), "dnsbl.ip") == 0 &&
							   strcmp(mp_jget_str(c, "subject", ""), zone) == 0) return c;
	return NULL;
}

static void says(const json_t *report, const char *zone, const char *status, const char *words)
{
	const json_t *c = list(report, zone);

	if (!c || strcmp(mp_jget_str(c, "status", ""), status) != 0 || !strstr(mp_jget_str(c, "summary", ""), words))
		fail_msg("%s: %s: \"%s\", want %s with \"%s\"", zone, c ? mp_jget_str(c, "status", "") : "not asked",
			c ? mp_jget_str(c, "summary", "") : "", status, words);
}

static void are_the_users_own(void **state)
{
	char path[sizeof(directory) + 32];
	struct output o;
	json_t *report;

	(void)state;
	snprintf(path, sizeof(path), "%s/lists.json", directory);
	report = run_world("[dnsbl zen.spamhaus.org]\n127.0.0.4 = a host that our abuse desk knows\n"
			   "[dnsbl b.barracudacentral.org]\nenabled = no\n"
			   "[dnsbl bl.own.example]\n127.0.0.9 = complaints\n"
			   "[dnsbl bl.dead.example]\n127.0.0.2 = a source of spam\n",
		path, &o);
	says(report, "zen.spamhaus.org", "fail", "a host that our abuse desk knows");
	says(report, "bl.own.example", "fail", "complaints");
	says(report, "bl.spamcop.net", "pass", "");
	says(report, "bl.dead.example", "error", ""); /* it has no test entry, so it has said nothing */
	assert_null(list(report, "b.barracudacentral.org"));
	assert_non_null(strstr(mp_buf_cstr(&o.out), "complaints"));
	report_keeps(report);
	replay_agrees(report, path, o.status);
	json_decref(report);
	output_release(&o);
	unlink(path);
}

/* Where a key is given, the customers' zone is asked, and told by the name that all know. */
static void have_keys_that_show_nowhere(void **state)
{
	char path[sizeof(directory) + 32], key[sizeof(directory) + 32], config[2 * sizeof(directory)];
	struct output o, saved;
	json_t *report;

	(void)state;
	snprintf(path, sizeof(path), "%s/lists.json", directory);
	write_file("key", KEY "\n", key, sizeof(key));
	snprintf(config, sizeof(config), "[dnsbl zen.spamhaus.org]\nkey-file = %s\n", key);
	report = run_world(config, path, &o);
	says(report, "zen.spamhaus.org", "fail", "XBL");
	assert_null(strstr(mp_buf_cstr(&o.out), KEY));
	assert_null(strstr(mp_buf_cstr(&o.err), KEY));
	run_program((const char *const[]){"/bin/grep", "-c", KEY, path, NULL}, &saved);
	assert_string_equal(mp_buf_cstr(&saved.out), "0\n");
	output_release(&saved);
	unlink(key);
	replay_agrees(report, path, o.status);
	json_decref(report);
	output_release(&o);

	/* another key is answered as nobody */
	write_file("key", "nobody\n", key, sizeof(key));
	report = run_world(config, path, &o);
	says(report, "zen.spamhaus.org", "error", "");
	json_decref(report);
	output_release(&o);
	unlink(key);
	unlink(path);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(are_the_users_own),
		cmocka_unit_test(have_keys_that_show_nowhere),
	};
	int failed;

	snprintf(directory, sizeof(directory), "%s/mailprobe-lists-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(directory)) {
		perror(directory);
		return 70;
	}
	failed = cmocka_run_group_tests_name("lists", tests, NULL, NULL);
	rmdir(directory);
	return failed;
}
