/* tests/run/test_explain.c - the real program explains replies, bounces and logs: what it prints, and its exit status */
#include <unistd.h>

#include "tests/run/keep.h"
#include "tests/run/spawn.h"

#include <setjmp.h>
#include <cmocka.h>

/* A shell line in which "$0" is the program. */
static void run_shell(const char *line, struct output *o)
{
	const char *argv[] = {"/bin/sh", "-c", line, mailprobe_path(), NULL};

	run_program(argv, o);
}

static json_t *array_of(const struct output *o, const char *what)
{
	struct mp_err err = {.msg = ""};
	json_t *j = mp_json_parse(mp_buf_str(&o->out), &err);

	if (!json_is_array(j))
		fail_msg("%s: no JSON array: %s", what, err.msg);
	return j;
}

static const struct row {
	const char *line;
	int status;
	const char *replies; /* of all elements, a "|" behind each */
	const char *causes;  /* the same */
} rows[] = {
	{"\"$0\" explain '550 5.1.1 no such user'", 0, "550 5.1.1 no such user|", "recipient-unknown|"},
	{"\"$0\" explain '550-5.1.1 no such\\n550 5.1.1 user'", 0, "550-5.1.1 no such\n550 5.1.1 user|",
		"recipient-unknown|"},
	{"\"$0\" explain 'no such user'", 0, "no such user|", "recipient-unknown|"},
	{"\"$0\" explain '550 5.1.1 no such user' --lines", 0, "550 5.1.1 no such user|", "recipient-unknown|"},
	{"\"$0\" explain 'qwertz uiop'", 3, "qwertz uiop|", "unknown|"},
	{"\"$0\" explain ./no/such/file.log", 3, "./no/such/file.log|", "unknown|"},
	{"printf '550 5.1.1 no such user\\n\\n552 5.2.2 mailbox full\\n' | \"$0\" explain", 0,
		"550 5.1.1 no such user|552 5.2.2 mailbox full|", "recipient-unknown|mailbox-full|"},
	{"printf 'no such user\\n' | \"$0\" explain -", 0, "no such user|", "recipient-unknown|"},
	{"\"$0\" explain - </dev/null", 3, "", ""},
	{"\"$0\" explain ''", 3, "|", "unknown|"},
	{"\"$0\" explain --lines - </dev/null", 3, "", ""},
	{"echo 'Nov 21 10:00:00 o postfix/smtp[1]: 4: to=<a@example.org>, dsn=2.0.0, status=sent (250 Ok)' | \"$0\" explain -",
		3, "", ""},

	/* --lines: every line, in order, the empty ones too */
	{"printf 'no such user\\n\\n550-5.2.2 mailbox\\\\n550 5.2.2 full\\r\\nlast' | \"$0\" explain --lines -", 3,
		"no such user||550-5.2.2 mailbox\n550 5.2.2 full|last|",
		"recipient-unknown|unknown|mailbox-full|unknown|"},
	{"printf '\\n\\n' | \"$0\" explain --lines", 3, "||", "unknown|unknown|"},

	/* what is not UTF-8: as decoders replace it */
	{"printf '550 5.1.1 no such user \\377\\342\\202x\\360\\237\\n' | \"$0\" explain --lines", 0,
		"550 5.1.1 no such user \xef\xbf\xbd\xef\xbf\xbdx\xef\xbf\xbd|", "recipient-unknown|"},
	{"printf '550 5.1.1 no such user \\033[31m\\n' | \"$0\" explain -", 0, "550 5.1.1 no such user \x1b[31m|",
		"recipient-unknown|"},
};

static void answers_in_json(void **state)
{
	static const char *const members[] = {
		"reply", "code", "enhanced", "cause", "provider", "confidence", "title", "points_to", "fix"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct mp_buf replies = MP_BUF(1 << 16), causes = MP_BUF(1 << 16), line = MP_BUF(1 << 16);
		struct output o = {0};
		json_t *j, *e;
		size_t at;

		mp_buf_addf(&line, "set -- --format json; %s \"$@\"", rows[i].line);
		run_shell(mp_buf_cstr(&line), &o);
		j = array_of(&o, rows[i].line);
		json_array_foreach(j, at, e)
		{
			for (size_t m = 0; m < ARRAY_LEN(members); m++)
				if (!json_object_get(e, members[m]))
					fail_msg("%s: element %zu has no \"%s\"", rows[i].line, at, members[m]);
			mp_buf_addf(&replies, "%s|", mp_jget_str(e, "reply", "(none)"));
			mp_buf_addf(&causes, "%s|", mp_jget_str(e, "cause", "(none)"));
		}
		assert_string_equal(mp_buf_cstr(&replies), rows[i].replies);
		assert_string_equal(mp_buf_cstr(&causes), rows[i].causes);
		if (o.status != rows[i].status)
			fail_msg("%s: exit %d, want %d", rows[i].line, o.status, rows[i].status);
		json_decref(j);
		output_release(&o);
		mp_buf_release(&replies);
		mp_buf_release(&causes);
		mp_buf_release(&line);
	}
}

static void an_element_is_whole(void **state)
{
	struct output o = {0};
	json_t *j, *e;

	(void)state;
	run_shell(
		"\"$0\" explain --format json 'host mx.example.org[192.0.2.7] said: 550 5.7.1 Client host rejected: cannot find "
		"your reverse hostname, [203.0.113.10] (in reply to RCPT TO command)'",
		&o);
	j = array_of(&o, "postfix");
	e = json_array_get(j, 0);
	assert_int_equal(json_array_size(j), 1);
	assert_int_equal(mp_jget_int(e, "code", 0), 550);
	assert_string_equal(mp_jget_str(e, "enhanced", ""), "5.7.1");
	assert_string_equal(mp_jget_str(e, "cause", ""), "ptr-missing");
	assert_string_equal(mp_jget_str(e, "provider", ""), "postfix");
	assert_string_equal(mp_jget_str(e, "stage", ""), "rcpt-to");
	assert_string_equal(mp_jget_str(e, "host", ""), "mx.example.org");
	assert_true(mp_jget_num(e, "confidence", 0) > 0.5);
	assert_string_equal(json_string_value(json_array_get(json_object_get(e, "points_to"), 0)), "ptr.exists");
	assert_true(json_array_size(json_object_get(e, "fix")) > 0);
	json_decref(j);
	output_release(&o);
}

static void text_fits_the_page(void **state)
{
	struct output o = {0};

	(void)state;
	run_shell(
		"printf '550 5.7.1 Client host rejected: cannot find your reverse hostname \\033[31m\\377 "
		"https://example.org/%0200d\\n550 5.7.1 Client host rejected: cannot find your reverse hostname\\n' 1 | "
		"\"$0\" explain",
		&o);
	assert_int_equal(o.status, 0);
	text_fits(&o.out);
	assert_non_null(strstr(mp_buf_cstr(&o.out), "ptr-missing"));
	assert_non_null(strstr(mp_buf_cstr(&o.out), "ptr.exists"));
	output_release(&o);
}

static void wrong_usage_is_told(void **state)
{
	static const char *const lines[] = {"\"$0\" explain a b", "\"$0\" explain .", "\"$0\" check --lines",
		"\"$0\" ptr 192.0.2.1 --summary", "\"$0\" check --check", "\"$0\" explain x -o report.json",
		"\"$0\" explain --format nothing x"};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		struct output o = {0};

		run_shell(lines[i], &o);
		if (o.status != 64 || o.out.n || !o.err.n)
			fail_msg("%s: exit %d", lines[i], o.status);
		output_release(&o);
	}
}

static void says_what_to_do_instead(void **state)
{
	static const struct {
		const char *line, *want;
		int status;
	} said[] = {
		{"\"$0\" explain 550 5.1.1 no such user", "needs quotes, mailprobe explain 'REPLY'", 64},
		{"printf '\\037\\213\\010\\000\\000' | \"$0\" explain -",
			"it is compressed; better: zcat FILE | mailprobe explain -", 3},
		{"\"$0\" explain ' '", "there is nothing like an SMTP reply in it", 3},
		{"\"$0\" explain mail.log", "there is no file 'mail.log'", 3},
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(said); i++) {
		struct output o = {0};

		run_shell(said[i].line, &o);
		if (o.status != said[i].status || !strstr(mp_buf_cstr(&o.err), said[i].want))
			fail_msg("%s: exit %d, \"%s\"", said[i].line, o.status, mp_buf_cstr(&o.err));
		output_release(&o);
	}
}

/* 20,000 lines of two causes for many domains; more groups than are kept. */
#define LOG                                                                                                                 \
	"awk 'BEGIN { for (i = 0; i < 20000; i++) printf \"Nov 21 10:00:00 o postfix/smtp[1]: 4A%d: to=<u@d%d.example>, "   \
	"relay=mx.example[192.0.2.7]:25, dsn=5.1.1, status=bounced (host mx.example[192.0.2.7] said: %s (in reply to RCPT " \
	"TO command))\\n\", i, i % 2 ? 0 : i, i % 2 ? \"550 5.1.1 no such user\" : \"552 5.2.2 mailbox full\" }'"

static void a_log_is_counted(void **state)
{
	struct output o = {0};
	json_t *j, *e;
	int64_t n = 0;
	size_t at;

	(void)state;
	run_shell(LOG " | \"$0\" explain --summary --format json", &o);
	assert_int_equal(o.status, 0);
	j = array_of(&o, "summary");
	json_array_foreach(j, at, e) n += mp_jget_int(e, "count", 0);
	assert_int_equal(n, 20000);
	e = json_array_get(j, 0);
	assert_int_equal(mp_jget_int(e, "count", 0), 10000);
	assert_string_equal(mp_jget_str(e, "cause", ""), "recipient-unknown");
	assert_string_equal(mp_jget_str(e, "domain", ""), "d0.example");
	e = json_array_get(j, json_array_size(j) - 1);
	assert_string_equal(mp_jget_str(e, "cause", ""), "other");
	json_decref(j);
	output_release(&o);

	run_shell(LOG " | \"$0\" explain --summary", &o);
	assert_int_equal(o.status, 0);
	text_fits(&o.out);
	assert_non_null(strstr(mp_buf_cstr(&o.out), "20000 replies, 0 not classified"));
	output_release(&o);

	run_shell(LOG " | \"$0\" explain --format json", &o);
	j = array_of(&o, "log");
	assert_int_equal(json_array_size(j), 20000);
	json_decref(j);
	output_release(&o);
}

/* On the sending host: the checks that a cause points to, beside it. The host is that of the scenario without a PTR. */
static void checks_are_made(void **state)
{
	const char *argv[80] = {mailprobe_path(), "explain", "554 5.7.1 Rejected: no reverse DNS", "--check",
		"--config", "/dev/null", "--format", "json"};
	static const size_t format = 6;
	struct server server;
	struct mp_buf counts;
	struct output o = {0};
	const json_t *checks, *c;
	bool ptr = false;
	size_t n = 8, at;
	json_t *j;

	(void)state;
	if (!server_start("no-ptr", NULL, &server))
		skip();
	for (size_t i = 0; i < server.n_args; i++)
		if (strcmp(server.args[i], "--to") == 0)
			i++; /* asks no receiver */
		else
			argv[n++] = server.args[i];
	run_program(argv, &o);
	assert_int_equal(o.status, 0);
	j = array_of(&o, "--check");
	assert_int_equal(json_array_size(j), 1);
	checks = mp_jget_array(json_array_get(j, 0), "checks");
	assert_true(json_array_size(checks) > 0);
	json_array_foreach(checks, at, c)
	{
		assert_int_equal(strncmp(mp_jget_str(c, "id", ""), "ptr.", 4), 0); /* no other */
		if (strcmp(mp_jget_str(c, "id", ""), "ptr.exists") == 0) {
			assert_string_equal(mp_jget_str(c, "status", ""), "fail");
			assert_string_equal(mp_jget_str(c, "subject", ""), "203.0.113.10");
			ptr = true;
		}
	}
	assert_true(ptr);
	json_decref(j);
	output_release(&o);
	argv[format] = "--color";
	argv[format + 1] = "never";
	run_program(argv, &o);
	assert_int_equal(o.status, 0);
	text_fits(&o.out);
	assert_non_null(strstr(mp_buf_cstr(&o.out), "    fail   ptr.exists: "));
	output_release(&o);
	server_end(&server, &counts);
	mp_buf_release(&counts);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(checks_are_made),
		cmocka_unit_test(answers_in_json),
		cmocka_unit_test(an_element_is_whole),
		cmocka_unit_test(text_fits_the_page),
		cmocka_unit_test(wrong_usage_is_told),
		cmocka_unit_test(says_what_to_do_instead),
		cmocka_unit_test(a_log_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
