/*
 * tests/run/test_rules.c - the real program with rules of the user's own: a run that they change, its replay without the
 * file, its redaction; and what is wrong in a file, said before anything is sent
 */
#include <unistd.h>

#include "tests/run/keep.h"
#include "tests/run/spawn.h"

#include <setjmp.h>
#include <cmocka.h>

static char directory[4096];

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "wb");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	fclose(f);
}

static const json_t *cause_of(const json_t *report)
{
	const json_t *target = json_array_get(mp_jget_array(report, "targets"), 0);

	return mp_jget(json_array_get(mp_jget_array(target, "sessions"), 0), "cause");
}

/* The world with these arguments; `rules` NULL: without the option. */
static json_t *run_world(const char *scenario, const char *rules, const char *path, struct output *o)
{
	const char *argv[100] = {mailprobe_path(), "--config", "/dev/null", "-o", path, "--verbose"};
	struct mp_buf counts;
	struct server w;
	size_t n = 6;

	if (!server_start(scenario, NULL, &w)) {
		print_message("SKIPPED: the scenario cannot be had on this system\n");
		skip();
	}
	for (size_t i = 0; i < w.n_args; i++)
		argv[n++] = w.args[i];
	if (rules) {
		argv[n++] = "--rules";
		argv[n++] = rules;
	}
	run_program(argv, o);
	server_end(&w, &counts);
	mp_buf_release(&counts);
	return report_read(path);
}

static void change_a_cause(void **state)
{
	char rules[sizeof(directory) + 80], path[sizeof(directory) + 80], redacted[sizeof(directory) + 80];
	const char *again[] = {mailprobe_path(), "replay", path, "--redact", "-o", redacted, NULL};
	struct output o, r;
	json_t *plain, *report, *hidden;

	(void)state;
	snprintf(rules, sizeof(rules), "%s/own.rules", directory);
	snprintf(path, sizeof(path), "%s/rules.json", directory);
	snprintf(redacted, sizeof(redacted), "%s/redacted.json", directory);
	plain = run_world("no-ptr", NULL, path, &o);
	assert_string_equal(mp_jget_str(cause_of(plain), "id", ""), "ptr-missing");
	assert_null(mp_jget(cause_of(plain), "own_rule"));
	assert_null(mp_jget(mp_jget(mp_jget(plain, "evidence"), "case"), "rules"));
	output_release(&o);

	/* the address of ours is in the reply, and in the rule: in a redacted report both become the same */
	write_file(rules, "# how this house speaks\nip-blocked mx=example.net stage=rcpt-to : [203.0.113.10]\n");
	report = run_world("no-ptr", rules, path, &o);
	assert_string_equal(mp_jget_str(cause_of(report), "id", ""), "ip-blocked");
	assert_int_equal(mp_jget_int(cause_of(report), "own_rule", 0), 2);
	if (!strstr(mp_buf_cstr(&o.out), "Cause by wording: ip-blocked (a rule of the sender's own, line 2,"))
		fail_msg("the text does not say by what rule: %s", mp_buf_cstr(&o.out));
	report_keeps(report);
	unlink(rules);
	replay_agrees(report, path, o.status);
	run_program(again, &r);
	assert_int_equal(r.status, o.status);
	hidden = report_read(redacted);
	assert_string_equal(mp_jget_str(cause_of(hidden), "id", ""), "ip-blocked");
	assert_null(strstr(mp_buf_cstr(&r.out), "203.0.113.10"));
	json_decref(plain);
	json_decref(report);
	json_decref(hidden);
	output_release(&o);
	output_release(&r);
	unlink(path);
	unlink(redacted);
}

/* From the configuration, for explain too. */
static void stand_in_the_configuration(void **state)
{
	char rules[sizeof(directory) + 80], config[sizeof(directory) + 80], text[2 * sizeof(directory)];
	const char *argv[] = {
		mailprobe_path(), "explain", "--config", config, "--format", "json", "550 5.1.1 user unknown", NULL};
	struct mp_err err = {.msg = ""};
	struct output o;
	json_t *j;

	(void)state;
	snprintf(rules, sizeof(rules), "%s/own.rules", directory);
	snprintf(config, sizeof(config), "%s/own.conf", directory);
	snprintf(text, sizeof(text), "[default]\nrules = %s\nformat = html\n", rules);
	write_file(config, text);
	write_file(rules, "mailbox-full : user unknown\n");
	run_program(argv, &o);
	assert_int_equal(o.status, 0);
	j = mp_json_parse(mp_buf_str(&o.out), &err);
	assert_string_equal(mp_jget_str(json_array_get(j, 0), "cause", ""), "mailbox-full");
	assert_int_equal(mp_jget_int(json_array_get(j, 0), "own_rule", 0), 1);
	json_decref(j);
	output_release(&o);
	argv[4] = "550 5.1.1 user unknown"; /* a form that explain does not have is the reports' */
	argv[5] = NULL;
	run_program(argv, &o);
	assert_int_equal(o.status, 0);
	assert_non_null(strstr(mp_buf_cstr(&o.out), "mailbox-full, by your own rule in line 1 (confidence 0.90)"));
	output_release(&o);
	unlink(rules);
	unlink(config);
}

/* Each of a log's lines is held against them: what is remembered of one is not told of another. */
static void see_every_line_of_a_log(void **state)
{
	char rules[sizeof(directory) + 80], line[3 * sizeof(directory)];
	const char *argv[] = {"/bin/sh", "-c", line, mailprobe_path(), NULL};
	struct output o;

	(void)state;
	snprintf(rules, sizeof(rules), "%s/own.rules", directory);
	write_file(rules, "mailbox-full : b@example.net\ngreylisted mx=two.example.net\n");
	snprintf(line, sizeof(line),
		"for x in a@example.net,one b@example.net,one a@example.net,two a@example.net,one; do echo \"Nov 21 10:00:00 o "
		"postfix/smtp[1]: 4: to=<${x%%,*}>, relay=${x#*,}.example.net[192.0.2.7]:25, dsn=5.1.1, status=bounced (host "
		"${x#*,}.example.net[192.0.2.7] said: 550 5.1.1 <${x%%,*}> user unknown (in reply to RCPT TO command))\"; done | "
		"\"$0\" explain --config /dev/null --rules '%s' --format json | grep -o '\"cause\": \"[a-z-]*\"'",
		rules);
	run_program(argv, &o);
	assert_string_equal(mp_buf_cstr(&o.out),
		"\"cause\": \"recipient-unknown\"\n\"cause\": \"mailbox-full\"\n\"cause\": \"greylisted\"\n"
		"\"cause\": \"recipient-unknown\"\n");
	output_release(&o);
	unlink(rules);
}

static void are_refused_before_anything_is_sent(void **state)
{
	static const struct {
		const char *text; /* NULL: there is no file */
		const char *want;
	} bad[] = {
		{"spf-fail : ok\nspf-fial : x\n", "own.rules:2: 'spf-fial' is no cause that a reply can have"},
		{"spf-fail ~ (x\n", "own.rules:1: the pattern '(x' has a '(' without its ')'"},
		{NULL, "--rules: cannot read '"},
	};
	char rules[sizeof(directory) + 80];

	(void)state;
	snprintf(rules, sizeof(rules), "%s/own.rules", directory);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++) {
		const char *argv[] = {mailprobe_path(), "--config", "/dev/null", "--to", "mx:127.0.0.1:1", "--ehlo",
			"mail.example.com", "--from", "a@example.com", "--rules", rules, NULL};
		struct output o;

		if (bad[i].text)
			write_file(rules, bad[i].text);
		run_program(argv, &o);
		assert_int_equal(o.status, 64);
		assert_int_equal(o.out.n, 0);
		if (!strstr(mp_buf_cstr(&o.err), bad[i].want) ||
			strchr(mp_buf_cstr(&o.err), '\n') != o.err.p + o.err.n - 1)
			fail_msg("got \"%s\", want one line with \"%s\"", mp_buf_cstr(&o.err), bad[i].want);
		output_release(&o);
		unlink(rules);
	}
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(change_a_cause),
		cmocka_unit_test(stand_in_the_configuration),
		cmocka_unit_test(see_every_line_of_a_log),
		cmocka_unit_test(are_refused_before_anything_is_sent),
	};
	int failed;

	snprintf(directory, sizeof(directory), "%s/mailprobe-rules-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(directory)) {
		perror(directory);
		return 70;
	}
	failed = cmocka_run_group_tests_name("rules", tests, NULL, NULL);
	rmdir(directory);
	return failed;
}
