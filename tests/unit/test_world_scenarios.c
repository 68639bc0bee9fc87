/* tests/unit/test_world_scenarios.c - the table of scenarios: complete, startable, and its promises are held */
#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include "tests/unit/row.h"
#include "tests/world/world.h"

static bool is_one_of(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (strcmp(word, list[i]) == 0)
			return true;
	}
	return false;
}

static void rows(void **state)
{
	static const char *const statuses[] = {"pass", "warn", "fail", "info", "skip", "error"};
	static const char *const verdicts[] = {"deliverable", "at-risk", "blocked", "unknown"}; /* by exit status */

	(void)state;
	assert_true(world_n_scenarios >= 13);
	for (size_t i = 0; i < world_n_scenarios; i++) {
		const struct world_scenario *s = &world_scenarios[i];

		assert_ptr_equal(world_scenario_by_id(s->id), s); /* ids are unique */
		assert_non_null(s->title);
		assert_true(strlen(s->id) <= 20 && strlen(s->title) <= 70);
		row_bool(s->id, strchr(s->story, '\n') != NULL || strlen(s->story) <= 80, true);
		for (const char *p = s->story; *p; p += strcspn(p, "\n"), p += *p == '\n')
			row_bool(s->id, strcspn(p, "\n") <= 80, true);
		assert_true(s->promise.exit_status >= 0 && s->promise.exit_status <= 3);
		row_str(s->id, s->promise.verdict, verdicts[s->promise.exit_status]);
		for (size_t k = 0; k < ARRAY_LEN(s->promise.checks) && s->promise.checks[k]; k++) {
			const char *status = strrchr(s->promise.checks[k], ' ');

			row_bool(s->promise.checks[k], status && is_one_of(status + 1, statuses, ARRAY_LEN(statuses)),
				true);
		}
		for (size_t k = 0; s->receivers[k].host; k++)
			row_bool(s->receivers[k].policy, world_policy_by_name(s->receivers[k].policy) != NULL, true);
	}
	assert_null(world_scenario_by_id("no-such"));
}

static bool has_arg(const char *const *args, size_t n, const char *name, const char *value)
{
	for (size_t i = 0; i + 1 < n; i++) {
		if (strcmp(args[i], name) == 0 && (!value || strcmp(args[i + 1], value) == 0))
			return true;
	}
	return false;
}

/* Each starts, names its arguments, and goes without a trace: no handle, no file. */
static void all_start(void **state)
{
	size_t skipped = 0;

	(void)state;
	for (size_t i = 0; i < world_n_scenarios; i++) {
		const struct world_scenario *s = &world_scenarios[i];
		struct mp_err err = {0};
		const char *const *args, *ca = NULL;
		char path[4096] = "";
		struct world *w;
		uv_loop_t loop;
		size_t n;

		uv_loop_init(&loop);
		w = world_start(&loop, s, &err);
		if (!w) {
			row_int(s->id, err.code, MP_ENET);
			print_message("SKIPPED: %s: %s\n", s->id, err.msg);
			skipped++;
			row_int(s->id, uv_loop_close(&loop), 0);
			continue;
		}
		n = world_argv(w, &args);
		assert_null(args[n]);
		row_bool(s->id, has_arg(args, n, "--to", s->to[0]), true);
		row_bool(s->id, has_arg(args, n, "--source", s->senders[0].address), true);
		row_bool(s->id, has_arg(args, n, "--public-ip", NULL), !s->senders[0].untold);
		row_bool(s->id, has_arg(args, n, "--ehlo", s->ehlo), true);
		row_bool(s->id, has_arg(args, n, "--resolver", NULL), true);
		row_bool(s->id, has_arg(args, n, "--port", NULL), true);
		row_bool(s->id, has_arg(args, n, "--ns-port", NULL), true);
		row_bool(s->id, has_arg(args, n, "--ca-file", NULL), true);
		for (size_t k = 0; k + 1 < n; k++) {
			if (strcmp(args[k], "--ca-file") == 0)
				ca = args[k + 1];
		}
		if (ca) {
			snprintf(path, sizeof(path), "%s", ca);
			row_int(s->id, access(path, R_OK), 0);
		}
		world_stop(w);
		uv_run(&loop, UV_RUN_DEFAULT);
		world_free(w);
		row_int(s->id, uv_loop_close(&loop), 0);
		if (ca)
			row_bool(s->id, access(path, F_OK) == 0, false);
	}
	if (skipped == world_n_scenarios)
		skip();
}

/* A report that keeps the promise of "no-ptr", as far as the promise goes. */
static const char kept[] =
	"{\"schema\": \"mailprobe.report/1\","
	" \"sender\": {\"ehlo\": \"mail.example.com\","
	"  \"sources\": [{\"address\": \"127.0.0.10\", \"seen_as\": \"203.0.113.10\"}]},"
	" \"checks\": [{\"id\": \"a.b\", \"subject\": \"x\", \"status\": \"pass\"},"
	"  {\"id\": \"a.b\", \"subject\": \"y z\", \"status\": \"fail\"}],"
	" \"targets\": [{\"decided_by\": 0, \"sessions\": [{\"outcome\": \"rejected\", \"stage\": \"rcpt-to\","
	"  \"source\": \"127.0.0.10\", \"purpose\": \"baseline\", \"reply\": {\"code\": 550}, \"cause\": {\"id\": \"ptr-missing\"}}]}],"
	" \"findings\": [{\"cause\": \"ptr-missing\", \"certainty\": \"confirmed\", \"status\": \"fail\", \"fix\": [\"by nobody here\"],"
	"  \"request_kind\": \"ptr\"},"
	"  {\"cause\": \"spf-fail\", \"certainty\": \"latent\", \"status\": \"info\"}],"
	" \"verdict\": {\"status\": \"blocked\", \"basis\": \"rcpt\", \"summary\": \"not good\"}}";

static void promises(void **state)
{
	static const struct {
		const char *label, *from, *to; /* what is replaced in the report */
		int exit_status;
		const char *want; /* a line of the complaint; NULL: kept */
	} cases[] = {
		{"kept", "", "", 2, NULL},
		{"schema", "report/1", "report/2", 2, "schema: got mailprobe.report/2, promised mailprobe.report/1"},
		{"exit", "", "", 0, "exit status: got 0, promised 2"},
		{"verdict", "blocked", "unknown", 2, "verdict.status: got unknown, promised blocked"},
		{"basis", "\"rcpt\"", "\"dns\"", 2, "verdict.basis: got dns, promised rcpt"},
		{"summary", "not good", "well", 2, "verdict.summary: got well, promised good"},
		{"seen", "203.0.113.10", "127.0.0.10", 2,
			"sender.sources.seen_as: got 127.0.0.10, promised 203.0.113.10"},
		{"undecided", "\"decided_by\": 0", "\"decided_by\": null", 2,
			"decided_by: got null, promised a session"},
		{"outcome", "rejected", "deferred", 2, "session.outcome: got deferred, promised rejected"},
		{"stage", "rcpt-to", "banner", 2, "session.stage: got banner, promised rcpt-to"},
		{"code", "550", "450", 2, "session.reply.code: got 450, promised 550"},
		{"purpose", "baseline", "egress", 2, "session.purpose: got egress, promised baseline"},
		{"cause", "{\"id\": \"ptr-missing\"}", "null", 2, "session.cause: got null, promised ptr-missing"},
		{"first", "\"cause\": \"ptr-missing\"", "\"cause\": \"greylisted\"", 2,
			"findings[0].cause: got greylisted, promised ptr-missing"},
		{"first", "\"cause\": \"ptr-missing\"", "\"cause\": \"greylisted\"", 2,
			"findings: ptr-missing is missing"},
		{"first", "\"cause\": \"ptr-missing\"", "\"cause\": null", 2,
			"findings: null (fail) was not promised: "},
		{"certainty", "confirmed", "likely", 2, "findings[0].certainty: got likely, promised confirmed"},
		{"status", "\"confirmed\", \"status\": \"fail\"", "\"confirmed\", \"status\": \"warn\"", 2,
			"findings[0].status: got warn, promised fail"},
		{"request", "\"ptr\"", "\"mx\"", 2, "findings[0].request_kind: got mx, promised ptr"},
		{"extra", "\"status\": \"info\"", "\"status\": \"warn\"", 2,
			"findings: spf-fail (warn) was not promised: "},
		{"check", "\"status\": \"pass\"", "\"status\": \"warn\"", 2,
			"check a.b (x): got warn, promised pass: "},
		{"says", "nobody", "somebody", 2, "checks and findings: got no such words, promised nobody"},
		{"no check", "\"subject\": \"y z\"", "\"subject\": \"q\"", 2, "check a.b (y z): none, promised fail"},
	};
	struct world_scenario s = *world_scenario_by_id("no-ptr");

	(void)state;
	s.promise.summary_has = "good";
	memset(s.promise.checks, 0, sizeof(s.promise.checks));
	memset(s.promise.says, 0, sizeof(s.promise.says));
	s.promise.says[0] = "nobody";
	s.promise.checks[0] = "a.b x pass";
	s.promise.checks[1] = "a.b y z fail";
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *at = strstr(kept, cases[i].from);
		struct mp_buf text = MP_BUF(8192), why = MP_BUF(8192);
		struct mp_err err = {0};
		json_t *report;
		bool ok;

		assert_non_null(at);
		mp_buf_addf(&text, "%.*s%s%s", (int)(at - kept), kept, cases[i].to, at + strlen(cases[i].from));
		report = mp_json_parse(mp_buf_str(&text), &err);
		if (!report)
			fail_msg("row '%s': %s", cases[i].label, err.msg);
		ok = world_promise_kept(&s, report, cases[i].exit_status, &why);
		row_bool(cases[i].label, ok, cases[i].want == NULL);
		if (cases[i].want && !strstr(mp_buf_cstr(&why), cases[i].want))
			fail_msg("row '%s': got '%s', want '%s'", cases[i].label, mp_buf_cstr(&why), cases[i].want);
		if (!cases[i].want)
			row_int(cases[i].label, (long long)why.n, 0);
		json_decref(report);
		mp_buf_release(&text);
		mp_buf_release(&why);
	}
}

/* A report that is no report breaks every promise, and nothing else. */
static void strange_reports(void **state)
{
	static const char *const reports[] = {
		"{}",
		"[]",
		"{\"verdict\": 1, \"targets\": {}, \"checks\": [1, []], \"findings\": [[], {\"cause\": 1}], \"sender\": []}",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(reports); i++) {
		for (size_t k = 0; k < world_n_scenarios; k++) {
			struct mp_buf why = MP_BUF(65536);
			json_t *j = mp_json_parse(mp_str(reports[i]), NULL);

			assert_non_null(j);
			row_bool(world_scenarios[k].id, world_promise_kept(&world_scenarios[k], j, 0, &why), false);
			assert_true(why.n > 0);
			json_decref(j);
			mp_buf_release(&why);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows),
		cmocka_unit_test(all_start),
		cmocka_unit_test(promises),
		cmocka_unit_test(strange_reports),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
