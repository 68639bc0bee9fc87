/*
 * tests/run/test_servers.c - the real program against servers of many kinds, broken and hostile ones among them
 *
 * The sender is the healthy one; what differs is the server. Each run ends in time, with the right outcome and stage, and
 * nothing of what the server said gets unescaped anywhere.
 */
#include <unistd.h>

#include "tests/run/keep.h"
#include "tests/run/spawn.h"

#include <setjmp.h>
#include <cmocka.h>

static const struct row {
	const char *policy;
	int exit_status;
	const char *outcome, *stage; /* of the last session */
	int code;                    /* of its reply; 0: none */
	size_t sessions;
	int turnarounds;      /* times that the client waited; 0: not looked at */
	const char *extra[4]; /* further arguments */
} rows[] = {
	/* servers that work, each in its way */
	{"postfix", 0, "accepted", "rcpt-to", 250, 1, 7, {NULL}},
	{"exim", 0, "accepted", "rcpt-to", 250, 1, 7, {NULL}},
	{"gmail", 0, "accepted", "rcpt-to", 250, 1, 0, {NULL}},
	{"tls-1.2", 0, "accepted", "rcpt-to", 250, 1, 8, {NULL}},
	{"tls-old", 0, "accepted", "rcpt-to", 250, 1, 0, {NULL}},
	{"tls-required", 0, "accepted", "rcpt-to", 250, 1, 0, {NULL}},
	{"no-pipelining", 0, "accepted", "rcpt-to", 250, 1, 8, {NULL}},
	{"helo-only", 0, "accepted", "rcpt-to", 250, 1, 6, {NULL}},
	{"postfix-dnsbl", 0, "accepted", "rcpt-to", 250, 1, 0, {NULL}},
	{"play-slow-bytes", 0, "accepted", "rcpt-to", 250, 1, 0, {NULL}},
	{"play-injection", 0, "accepted", "rcpt-to", 250, 1, 0, {NULL}},
	{"tls-required", 2, "rejected", "mail-from", 530, 1, 0, {"--tls", "off"}},
	{"postfix", 0, "accepted", "rcpt-to", 250, 1, 7, {"--tls", "require"}},
	{"postfix", 0, "accepted", "rcpt-to", 250, 1, 4, {"--tls", "off"}},
	{"no-starttls", 0, "accepted", "rcpt-to", 250, 1, 4, {NULL}},

	/* servers that refuse, put off, or have no TLS */
	{"crowded", 1, "deferred", "banner", 421, 1, 0, {NULL}},
	{"broken", 1, "deferred", "rcpt-to", 451, 1, 0, {NULL}},
	{"play-421-ehlo", 1, "deferred", "ehlo", 421, 1, 0, {NULL}},
	{"play-421-mail", 1, "deferred", "mail-from", 421, 1, 0, {NULL}},
	{"play-554-ehlo", 2, "rejected", "ehlo", 554, 1, 0, {NULL}},
	{"play-550-ehlo-close", 2, "rejected", "ehlo", 550, 1, 0, {NULL}},
	{"play-553-mail", 2, "rejected", "mail-from", 553, 1, 0, {NULL}},
	{"play-reject-close", 2, "rejected", "rcpt-to", 550, 1, 0, {NULL}},
	{"tls-hangup", 0, "accepted", "rcpt-to", 250, 2, 0, {NULL}},
	{"tls-lie", 0, "accepted", "rcpt-to", 250, 2, 0, {NULL}},
	{"tls-hangup", 1, "tls-failed", "tls", 0, 1, 0, {"--tls", "require"}},
	{"no-starttls", 1, "tls-failed", "starttls", 0, 1, 0, {"--tls", "require"}},
	{"starttls-refused", 1, "tls-failed", "starttls", 454, 1, 0, {"--tls", "require"}},
	{"starttls-refused", 0, "accepted", "rcpt-to", 250, 1, 0, {NULL}},

	/* silence, ended by the time that the run has */
	{"play-silent-banner", 3, "aborted", "banner", 0, 1, 0, {"--timeout", "3"}},
	{"play-silent-ehlo", 3, "aborted", "ehlo", 0, 1, 0, {"--timeout", "3"}},
	{"play-silent-tls", 3, "aborted", "tls", 0, 1, 0, {"--timeout", "3"}},
	{"play-silent-mail", 3, "aborted", "mail-from", 0, 1, 0, {"--timeout", "3"}},
	{"play-silent-rcpt", 3, "aborted", "rcpt-to", 0, 1, 0, {"--timeout", "3"}},

	/* connections that end too early */
	{"play-close-connect", 3, "aborted", "banner", 0, 1, 0, {NULL}},
	{"play-reset-banner", 3, "aborted", "banner", 0, 1, 0, {NULL}},
	{"play-close-banner", 3, "aborted", "banner", 0, 1, 0, {NULL}},
	{"play-close-ehlo", 3, "aborted", "ehlo", 0, 1, 0, {NULL}},
	{"play-close-mail", 3, "aborted", "mail-from", 0, 1, 0, {NULL}},
	{"play-close-rcpt", 3, "aborted", "rcpt-to", 0, 1, 0, {NULL}},

	/* what is no SMTP, or has no end */
	{"play-http", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-garbage", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-endless-line", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-endless-reply", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-mixed-codes", 3, "protocol-error", "ehlo", 0, 1, 0, {NULL}},
	{"play-no-code", 3, "protocol-error", "ehlo", 0, 1, 0, {NULL}},
	{"play-escapes", 2, "rejected", "rcpt-to", 550, 1, 0, {NULL}},
};

static char directory[4096];

static void server(void **state)
{
	const struct row *r = *state;
	const char *argv[80] = {mailprobe_path(), "--config", "/dev/null"};
	char path[sizeof(directory) + 80];
	const json_t *target, *sessions, *s;
	struct mp_buf counts;
	struct server w;
	struct output o;
	json_t *report;
	size_t n = 3;

	if (!server_start("healthy", r->policy, &w)) {
		print_message("SKIPPED: the healthy scenario cannot be had on this system\n");
		skip();
	}
	snprintf(path, sizeof(path), "%s/%s.json", directory, r->policy);
	for (size_t i = 0; i < w.n_args; i++)
		argv[n++] = w.args[i];
	for (size_t i = 0; i < ARRAY_LEN(r->extra) && r->extra[i]; i++)
		argv[n++] = r->extra[i];
	argv[n++] = "-o";
	argv[n++] = path;
	run_program(argv, &o);
	server_end(&w, &counts);
	if (o.err.n)
		fail_msg("%s: stderr: %s", r->policy, mp_buf_cstr(&o.err));
	report = report_read(path);
	target = json_array_get(mp_jget_array(report, "targets"), 0);
	sessions = mp_jget_array(target, "sessions");
	s = json_array_size(sessions) ? json_array_get(sessions, json_array_size(sessions) - 1) : NULL;
	if (!s || json_array_size(sessions) != r->sessions || strcmp(mp_jget_str(s, "outcome", ""), r->outcome) != 0 ||
		strcmp(mp_jget_str(s, "stage", ""), r->stage) != 0 ||
		mp_jget_int(mp_jget(s, "reply"), "code", 0) != r->code || o.status != r->exit_status)
		fail_msg("row '%s': got %zu sessions, %s at %s, %lld, exit %d; want %zu, %s at %s, %d, exit %d (%s)",
			r->policy, json_array_size(sessions), mp_jget_str(s, "outcome", "none"),
			mp_jget_str(s, "stage", "none"), (long long)mp_jget_int(mp_jget(s, "reply"), "code", 0),
			o.status, r->sessions, r->outcome, r->stage, r->code, r->exit_status, path);
	if (r->turnarounds && mp_jget_int(s, "turnarounds", 0) != r->turnarounds)
		fail_msg("row '%s': got %lld turnarounds, want %d", r->policy,
			(long long)mp_jget_int(s, "turnarounds", 0), r->turnarounds);
	report_keeps(report);
	replay_agrees(report, path, o.status);
	text_fits(&o.out);
	client_was_harmless(&counts, 0);
	json_decref(report);
	mp_buf_release(&counts);
	output_release(&o);
	unlink(path);
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");
	struct CMUnitTest tests[ARRAY_LEN(rows)];
	int failed;

	snprintf(directory, sizeof(directory), "%s/mailprobe-run-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(directory)) {
		perror(directory);
		return 70;
	}
	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		tests[i] = (struct CMUnitTest){
			.name = rows[i].policy, .test_func = server, .initial_state = (void *)(uintptr_t)&rows[i]};
	failed = _cmocka_run_group_tests("servers", tests, ARRAY_LEN(tests), NULL, NULL);
	rmdir(directory); /* reports of failed tests stay, and with them the directory */
	return failed;
}
