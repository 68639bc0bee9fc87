/* tests/run/test_score.c - a saved message, scored by filters on loopback: what they are told of it, and what is told of them */
#include <unistd.h>

#include "base/json.h"
#include "tests/run/keep.h"
#include "tests/run/spawn.h"
#include "tests/unit/row.h"

#define TOP                                                                                                  \
	"Return-Path: <sender@example.com>\nDelivered-To: you@example.net\nReceived: from mail.example.com " \
	"(mail.example.com [203.0.113.10])\n\tby mx1.example.net (Postfix) with ESMTPS id 1\n\tfor "         \
	"<you@example.net>; Sat, 28 Nov 2026 06:00:00 +0000\n"
#define HEADER \
	"From: <sender@example.com>\nTo: <you@example.net>\nSubject: hello\nDate: Sat, 28 Nov 2026 06:00:00 +0000\n"
#define BODY "\nthis is the secret body\n"

static const struct row {
	const char *label, *text;
	const char *more[3];
	const char *rspamd, *spamd; /* words in what is said of each */
} rows[] = {
	{"its header tells all", TOP HEADER BODY, {NULL},
		"It was told of a connection from 203.0.113.10 (mail.example.com), EHLO mail.example.com, from "
		"<sender@example.com> to <you@example.net>.",
		"+0.5 MISSING_MID"},
	{"its header tells little", HEADER BODY, {NULL},
		"It was told of nobody who sent it; no address, since its header names none: --ip says it.",
		"+0.2 WORLD_NO_ENVELOPE"},
	{"told by the user", HEADER BODY, {"--ip=203.0.113.11", "--helo=other.example.com"},
		"a connection from 203.0.113.11 (no reverse name that leads back), EHLO other.example.com",
		"MISSING_MID"},
};

/* The check's detail, or "". */
static const char *detail_of(const json_t *report, const char *id)
{
	const json_t *checks = mp_jget_array(report, "checks");

	for (size_t i = 0; i < json_array_size(checks); i++)
		if (strcmp(mp_jget_str(json_array_get(checks, i), "id", ""), id) == 0)
			return mp_jget_str(json_array_get(checks, i), "detail", "");
	return "";
}

static void has(const struct row *r, const char *text, const char *words)
{
	if (!strstr(text, words))
		fail_msg("row '%s': \"%s\" lacks \"%s\"", r->label, text, words);
}

static void scored(void **state)
{
	static const char *const wanted[] = {"--resolver", "--rspamd", "--rspamd-password-file", "--spamd"};
	const char *tmp = getenv("TMPDIR");
	char file[256], path[256];

	(void)state;
	snprintf(file, sizeof(file), "%.200s/mailprobe-score-%d.eml", tmp && *tmp ? tmp : "/tmp", (int)getpid());
	snprintf(path, sizeof(path), "%.200s/mailprobe-score-%d.json", tmp && *tmp ? tmp : "/tmp", (int)getpid());
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *r = &rows[i];
		const char *argv[40] = {mailprobe_path(), "--config", "/dev/null", "message", file, "-o", path};
		FILE *f = fopen(file, "w");
		struct mp_buf counts;
		struct server w;
		struct output o;
		json_t *report;
		size_t n = 7;

		assert_non_null(f);
		assert_true(fputs(r->text, f) >= 0);
		assert_int_equal(fclose(f), 0);
		if (!server_start("content", NULL, &w)) {
			print_message("SKIPPED: the scenario cannot be had on this system\n");
			unlink(file);
			skip();
		}
		for (size_t k = 0; k + 1 < w.n_args; k++)
			for (size_t m = 0; m < ARRAY_LEN(wanted); m++)
				if (strcmp(w.args[k], wanted[m]) == 0) {
					argv[n++] = w.args[k];
					argv[n++] = w.args[k + 1];
				}
		for (size_t k = 0; k < ARRAY_LEN(r->more) && r->more[k]; k++)
			argv[n++] = r->more[k];
		run_program(argv, &o);
		server_end(&w, &counts);
		if (o.err.n)
			fail_msg("row '%s': %s", r->label, mp_buf_cstr(&o.err));
		report = report_read(path);
		has(r, detail_of(report, "content.rspamd"), r->rspamd);
		has(r, detail_of(report, "content.spamd"), r->spamd);
		replay_agrees(report, path, o.status);
		json_decref(report);
		output_release(&o);
		mp_buf_release(&counts);
	}
	unlink(file);
	unlink(path);
}

static void not_from_standard_input(void **state)
{
	struct output o;

	(void)state;
	run_program((const char *const[]){mailprobe_path(), "--config", "/dev/null", "message", "-", "--spamd",
			    "127.0.0.1", NULL},
		&o);
	assert_int_equal(o.status, 64);
	output_release(&o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(scored), cmocka_unit_test(not_from_standard_input)};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
