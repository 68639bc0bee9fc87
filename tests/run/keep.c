/* tests/run/keep.c - see tests/run/keep.h */
#include "base/text.h"
#include "tests/run/keep.h"
#include "tests/run/spawn.h"

#include <setjmp.h>
#include <cmocka.h>

/* ---- what every report keeps */

static const char *text_of(const json_t *o, const char *key)
{
	return mp_jget_str(o, key, "");
}

static const json_t *find_check(const json_t *checks, const char *id, const char *subject, const char *ip)
{
	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *c = json_array_get(checks, i);

		if (strcmp(text_of(c, "id"), id) == 0 && strcmp(text_of(c, "subject"), subject) == 0 &&
			strcmp(text_of(mp_jget(c, "values"), "ip"), ip) == 0)
			return c;
	}
	return NULL;
}

static void checks_keep(const json_t *checks)
{
	static const char *const statuses = "pass warn fail info skip error";

	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *c = json_array_get(checks, i);
		const char *status = text_of(c, "status"), *ip = text_of(mp_jget(c, "values"), "ip");

		if (find_check(checks, text_of(c, "id"), text_of(c, "subject"), ip) != c)
			fail_msg("check %s (%s, %s) is there twice", text_of(c, "id"), text_of(c, "subject"), ip);
		if (!*status || !strstr(statuses, status))
			fail_msg("check %s: status '%s'", text_of(c, "id"), status);
		if (!*text_of(c, "summary"))
			fail_msg("check %s has no summary", text_of(c, "id"));
		if ((strcmp(status, "fail") == 0 || strcmp(status, "warn") == 0) && !*text_of(c, "fix"))
			fail_msg("check %s (%s) has no fix", text_of(c, "id"), status);
		if (!mp_jget_array(c, "refs") || !json_is_object(mp_jget(c, "values")))
			fail_msg("check %s lacks refs or values", text_of(c, "id"));
	}
}

static void sessions_keep(const json_t *target)
{
	const json_t *sessions = mp_jget_array(target, "sessions");
	int sent = 0;

	for (size_t i = 0; i < json_array_size(sessions); i++) {
		const json_t *s = json_array_get(sessions, i), *lines = mp_jget_array(s, "transcript");
		const char *outcome = text_of(s, "outcome");
		bool decided = strcmp(outcome, "accepted") == 0 || strcmp(outcome, "rejected") == 0 ||
			       strcmp(outcome, "deferred") == 0;
		bool greeted = false;

		if (decided && !mp_jget(s, "reply"))
			fail_msg("session %zu: %s without a reply", i, outcome);
		if ((mp_jget(s, "cause") != NULL) != (mp_jget(s, "reply") && strcmp(outcome, "accepted") != 0))
			fail_msg("session %zu: %s and its cause do not fit", i, outcome);
		for (size_t k = 0; k < json_array_size(lines); k++) {
			const json_t *line = json_array_get(lines, k);
			const char *from = text_of(line, "from"), *said = text_of(line, "line");

			greeted = greeted || strcmp(from, "server") == 0;
			if (strcmp(from, "client") != 0)
				continue;
			if (!greeted)
				fail_msg("session %zu: '%s' was sent before the greeting", i, said);
			if (!mp_str_istarts(mp_str(said), "DATA") && !mp_str_istarts(mp_str(said), "BDAT"))
				continue;
			if (!mp_jget(s, "to_send"))
				fail_msg("session %zu: %s without --send", i, said);
			if (sent++)
				fail_msg("session %zu: a second message after one that was not refused", i);
		}
		/* What was refused may be tried again elsewhere. */
		if (sent && (strcmp(outcome, "rejected") == 0 || strcmp(outcome, "deferred") == 0))
			sent = 0;
		if (mp_jget(s, "message_id") && !mp_jget(s, "to_send"))
			fail_msg("session %zu: sent a message that it had not", i);
	}
}

/* Where an old answer lives on in caches, the finding about it tells how long it can. */
static void says_until_when(const json_t *checks, const json_t *f)
{
	for (size_t i = 0; i < json_array_size(checks); i++) {
		const json_t *c = json_array_get(checks, i);
		const char *until = text_of(mp_jget(c, "values"), "until");
		int64_t ms;

		if (strcmp(text_of(c, "id"), "ptr.propagation") != 0 || strcmp(text_of(c, "status"), "warn") != 0)
			continue;
		if (!mp_time_parse(mp_str(until), &ms))
			fail_msg("ptr.propagation: until '%s'", until);
		if (!strstr(text_of(f, "explanation"), until))
			fail_msg("finding '%s' does not say until when (%s): %s", text_of(f, "id"), until,
				text_of(f, "explanation"));
	}
}

static const json_t *because_session(const json_t *report, const json_t *because)
{
	const json_t *t = json_array_get(mp_jget_array(report, "targets"), (size_t)mp_jget_int(because, "target", 99));

	return json_array_get(mp_jget_array(t, "sessions"), (size_t)mp_jget_int(because, "session", 99));
}

/* How many of what can be varied differ between two sessions. Addresses of both ends change together with the family. */
static size_t factors_apart(const json_t *a, const json_t *b)
{
	static const char *const single[] = {"ehlo", "mail_from", "rcpt", "tls_policy"};
	bool source = strcmp(text_of(a, "source"), text_of(b, "source")) != 0;
	bool mx = strcmp(text_of(a, "address"), text_of(b, "address")) != 0 ||
		  strcmp(text_of(a, "mx"), text_of(b, "mx")) != 0;
	bool family = !strchr(text_of(a, "source"), ':') != !strchr(text_of(b, "source"), ':');
	size_t n = family ? 1 : (size_t)source + mx;

	for (size_t i = 0; i < ARRAY_LEN(single); i++)
		n += strcmp(text_of(a, single[i]), text_of(b, single[i])) != 0;
	return n;
}

/* Two sessions with different outcomes, one factor apart; or none, where only time has passed. */
static void is_isolated(const json_t *report, const json_t *f)
{
	const json_t *because = mp_jget_array(f, "because"), *first = NULL, *second = NULL;

	for (size_t i = 0; i < json_array_size(because); i++) {
		if (mp_jget(json_array_get(because, i), "check"))
			continue;
		second = first ? because_session(report, json_array_get(because, i)) : second;
		first = first ? first : because_session(report, json_array_get(because, i));
	}
	if (!first || !second || strcmp(text_of(first, "outcome"), text_of(second, "outcome")) == 0 ||
		factors_apart(first, second) > 1)
		fail_msg("finding '%s' is not isolated by two sessions one factor apart", text_of(f, "id"));
}

static void finding_keeps(const json_t *report, const json_t *f)
{
	const json_t *because = mp_jget_array(f, "because"), *checks = mp_jget_array(report, "checks");
	const char *certainty = text_of(f, "certainty"), *status = text_of(f, "status"), *id = text_of(f, "id");
	size_t n_checks = 0, n_sessions = 0, n_faults = 0;

	if (!*id || !*text_of(f, "title") || !*text_of(f, "explanation"))
		fail_msg("finding '%s' lacks words", id);
	if (strcmp(status, "info") != 0 && json_array_size(mp_jget_array(f, "fix")) == 0)
		fail_msg("finding '%s' ends in no action", id);
	for (size_t i = 0; i < json_array_size(because); i++) {
		const json_t *b = json_array_get(because, i);

		if (mp_jget(b, "check")) {
			const json_t *c =
				find_check(checks, text_of(b, "check"), text_of(b, "subject"), text_of(b, "ip"));

			if (!c)
				fail_msg("finding '%s': no check %s (%s, %s)", id, text_of(b, "check"),
					text_of(b, "subject"), text_of(b, "ip"));
			n_checks++;
			n_faults +=
				strcmp(text_of(c, "status"), "fail") == 0 || strcmp(text_of(c, "status"), "warn") == 0;
		} else {
			const json_t *t =
				json_array_get(mp_jget_array(report, "targets"), (size_t)mp_jget_int(b, "target", 99));

			if (!json_array_get(mp_jget_array(t, "sessions"), (size_t)mp_jget_int(b, "session", 99)))
				fail_msg("finding '%s': no such session", id);
			n_sessions++;
		}
	}
	if ((strcmp(certainty, "confirmed") == 0 || strcmp(certainty, "likely") == 0) && (!n_faults || !n_sessions))
		fail_msg("finding '%s' is %s by %zu faulty checks and %zu sessions", id, certainty, n_faults,
			n_sessions);
	if (strcmp(certainty, "isolated") == 0)
		is_isolated(report, f);
	if (strcmp(certainty, "claimed") == 0 && !n_sessions)
		fail_msg("finding '%s' is claimed by nobody", id);
	if (strcmp(certainty, "claimed") == 0 && *text_of(f, "cause") &&
		strstr("ptr-missing fcrdns-mismatch rdns-generic", text_of(f, "cause")))
		says_until_when(checks, f);
	if (strcmp(certainty, "latent") == 0 && (!n_checks || n_sessions))
		fail_msg("finding '%s' is latent by %zu checks and %zu sessions", id, n_checks, n_sessions);
}

static int badness(const char *verdict)
{
	static const char *const order[] = {"deliverable", "unknown", "at-risk", "blocked"};

	for (size_t i = 0; i < ARRAY_LEN(order); i++) {
		if (strcmp(verdict, order[i]) == 0)
			return (int)i;
	}
	fail_msg("no such verdict: '%s'", verdict);
	return -1;
}

void report_keeps(const json_t *report)
{
	const json_t *targets = mp_jget_array(report, "targets"), *findings = mp_jget_array(report, "findings");
	int worst = 0;

	checks_keep(mp_jget_array(report, "checks"));
	for (size_t i = 0; i < json_array_size(targets); i++) {
		int bad = badness(text_of(json_array_get(targets, i), "status"));

		if (bad > worst)
			worst = bad;
		sessions_keep(json_array_get(targets, i));
	}
	assert_int_equal(badness(text_of(mp_jget(report, "verdict"), "status")), worst);
	for (size_t i = 0; i < json_array_size(findings); i++)
		finding_keeps(report, json_array_get(findings, i));
}

/* ---- forms of the report */

json_t *report_parse(const struct mp_buf *b, const char *what)
{
	struct mp_err err = {0};
	json_t *j = mp_json_parse(mp_buf_str(b), &err);

	if (!j)
		fail_msg("%s is no JSON: %s", what, err.msg);
	return j;
}

json_t *report_read(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct mp_buf text = MP_BUF(MP_JSON_MAX);
	char chunk[16384];
	json_t *report;
	size_t n;

	if (!f)
		fail_msg("%s was not written", path);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		mp_buf_add(&text, chunk, n);
	fclose(f);
	report = report_parse(&text, path);
	mp_buf_release(&text);
	return report;
}

void text_fits(const struct mp_buf *text)
{
	struct mp_str rest = mp_buf_str(text), line;

	assert_true(text->n > 0);
	while (mp_str_split(&rest, '\n', &line)) {
		for (size_t i = 0; i < line.n; i++) {
			if ((unsigned char)line.p[i] < 0x20 || line.p[i] == 0x7f)
				fail_msg("control byte %02x in the text: %.*s", (unsigned char)line.p[i], (int)line.n,
					line.p);
		}
		if (!mp_utf8_valid(line))
			fail_msg("no UTF-8: %.*s", (int)line.n, line.p);
		if (mp_text_width(line) > 80)
			fail_msg("%zu columns: %.*s", mp_text_width(line), (int)line.n, line.p);
	}
}

void replay_agrees(const json_t *report, const char *path, int status)
{
	static const char *const members[] = {"sender", "checks", "targets", "findings", "verdict"};
	const char *argv[] = {mailprobe_path(), "replay", path, "--format", "json", NULL};
	struct output o;
	json_t *again;

	run_program(argv, &o);
	if (o.status != status)
		fail_msg("replay: exit status %d, the run's was %d: %s", o.status, status, mp_buf_cstr(&o.err));
	again = report_parse(&o.out, "the replay");
	for (size_t i = 0; i < ARRAY_LEN(members); i++) {
		char *was = json_dumps(mp_jget(report, members[i]), JSON_INDENT(1)), *is;
		size_t at = 0;

		is = json_dumps(mp_jget(again, members[i]), JSON_INDENT(1));
		assert_non_null(was);
		assert_non_null(is);
		while (was[at] && was[at] == is[at])
			at++;
		if (was[at] || is[at]) {
			at = at > 100 ? at - 100 : 0;
			fail_msg("replay: %s differs at %zu:\n--- was\n%.300s\n--- is\n%.300s", members[i], at,
				was + at, is + at);
		}
		free(was);
		free(is);
	}
	assert_true(mp_jget(mp_jget(again, "run"), "replayed") != NULL);
	json_decref(again);
	output_release(&o);
}

void client_was_harmless(const struct mp_buf *counts, unsigned messages)
{
	struct mp_str rest = mp_buf_str(counts), line;
	ptrdiff_t at;
	uint64_t taken = 0, n;

	while (mp_str_split(&rest, '\n', &line)) {
		if (line.n == 0)
			continue;
		if (mp_str_ifind(line, " early=0 ") < 0)
			fail_msg("it talked before the greeting: %.*s", (int)line.n, line.p);
		at = mp_str_ifind(line, " messages=");
		if (at < 0 || !mp_str_u64(mp_strn(line.p + at + 10, line.n - (size_t)at - 10), 1000, &n))
			fail_msg("it is not told how many messages it sent: %.*s", (int)line.n, line.p);
		taken += n;
		if (mp_str_ifind(line, " most_open=0 ") < 0 && mp_str_ifind(line, " most_open=1 ") < 0)
			fail_msg("it held several sessions at once: %.*s", (int)line.n, line.p);
	}
	if (taken != messages)
		fail_msg("%u messages were taken, not %u:\n%s", (unsigned)taken, messages, mp_buf_cstr(counts));
}
