/*
 * tests/run/test_servers.c - the real program against servers of many kinds, broken and hostile ones among them
 *
 * The sender is the healthy one; what differs is the server. Each run ends in time, with the right outcome and stage, and
 * nothing of what the server said gets unescaped anywhere.
 */
#include <unistd.h>

#include "base/text.h"
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
	{"tls-hello-retry", 0, "accepted", "rcpt-to", 250, 1, 8, {NULL}},
	{"tls-asks-cert", 0, "accepted", "rcpt-to", 250, 1, 7, {NULL}},
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
	{"tls-demands-cert", 0, "accepted", "rcpt-to", 250, 2, 0, {NULL}},
	{"tls-demands-cert", 1, "tls-failed", "tls", 0, 1, 0, {"--tls", "require"}},
	{"tls-huge-cert", 1, "tls-failed", "tls", 0, 1, 0, {"--tls", "require"}},
	{"play-alert-hello", 1, "tls-failed", "tls", 0, 1, 0, {"--tls", "require"}},
	{"play-reset-hello", 1, "tls-failed", "tls", 0, 1, 0, {"--tls", "require"}},
	{"play-garbage-hello", 1, "tls-failed", "tls", 0, 1, 0, {"--tls", "require"}},
	{"play-421-starttls", 1, "deferred", "starttls", 421, 1, 0, {NULL}},
	{"play-421-ehlo-tls", 1, "deferred", "ehlo-tls", 421, 1, 0, {NULL}},
	{"no-starttls", 1, "tls-failed", "starttls", 0, 1, 0, {"--tls", "require"}},
	{"starttls-refused", 1, "tls-failed", "starttls", 454, 1, 0, {"--tls", "require"}},
	{"starttls-refused", 0, "accepted", "rcpt-to", 250, 1, 0, {NULL}},

	/* silence, ended by the time that the run has */
	{"play-silent-banner", 3, "aborted", "banner", 0, 1, 0, {"--timeout", "3"}},
	{"play-silent-ehlo", 3, "aborted", "ehlo", 0, 1, 0, {"--timeout", "3"}},
	{"play-silent-tls", 3, "aborted", "tls", 0, 1, 0, {"--timeout", "3"}},
	{"play-silent-ehlo-tls", 3, "aborted", "ehlo-tls", 0, 1, 0, {"--timeout", "3"}},
	{"play-one-for-two", 3, "aborted", "rcpt-to", 0, 1, 0, {"--timeout", "3"}},
	{"play-silent-mail", 3, "aborted", "mail-from", 0, 1, 0, {"--timeout", "3"}},
	{"play-silent-rcpt", 3, "aborted", "rcpt-to", 0, 1, 0, {"--timeout", "3"}},

	/* connections that end too early */
	{"play-close-connect", 3, "aborted", "banner", 0, 1, 0, {NULL}},
	{"play-reset-banner", 3, "aborted", "banner", 0, 1, 0, {NULL}},
	{"play-close-banner", 3, "aborted", "banner", 0, 1, 0, {NULL}},
	{"play-close-ehlo", 3, "aborted", "ehlo", 0, 1, 0, {NULL}},
	{"play-close-mail", 3, "aborted", "mail-from", 0, 1, 0, {NULL}},
	{"play-close-rcpt", 3, "aborted", "rcpt-to", 0, 1, 0, {NULL}},

	{"play-reset-tls", 3, "aborted", "ehlo-tls", 0, 1, 0, {NULL}},
	{"play-close-tls", 3, "aborted", "ehlo-tls", 0, 1, 0, {NULL}},
	{"play-broken-record", 1, "tls-failed", "tls", 0, 1, 0, {"--tls", "require"}},
	{"play-alert-tls", 1, "tls-failed", "tls", 0, 1, 0, {"--tls", "require"}},
	{"play-renegotiate", 1, "tls-failed", "tls", 0, 1, 0, {"--tls", "require"}},

	/* what is no SMTP, or has no end */
	{"play-implicit-tls", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-ssh", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-early-reply", 3, "aborted", "rcpt-to", 0, 1, 0, {"--timeout", "3"}},
	{"play-http", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-garbage", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-endless-line", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-endless-reply", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-mixed-codes", 3, "protocol-error", "ehlo", 0, 1, 0, {NULL}},
	{"play-no-code", 3, "protocol-error", "ehlo", 0, 1, 0, {NULL}},
	{"play-escapes", 2, "rejected", "rcpt-to", 550, 1, 0, {NULL}},

	/* the same at the other stages, and further ways to be wrong */
	{"play-silent-quit", 0, "accepted", "rcpt-to", 250, 1, 0, {"--timeout", "3"}},
	{"play-close-ehlo-tls", 3, "aborted", "ehlo-tls", 0, 1, 0, {NULL}},
	{"play-close-quit", 0, "accepted", "rcpt-to", 250, 1, 0, {NULL}},
	{"play-421-rcpt", 1, "deferred", "rcpt-to", 421, 1, 0, {NULL}},
	{"play-pop3", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-imap", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-tls-alert", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-endless-ehlo", 3, "protocol-error", "ehlo", 0, 1, 0, {NULL}},
	{"play-endless-rcpt", 3, "protocol-error", "rcpt-to", 0, 1, 0, {NULL}},
	{"play-long-refusal", 3, "protocol-error", "rcpt-to", 0, 1, 0, {NULL}},
	{"play-huge-ehlo", 0, "accepted", "rcpt-to", 250, 1, 0, {NULL}},
	{"play-nul", 2, "rejected", "rcpt-to", 550, 1, 0, {NULL}},
	{"play-code-000", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-code-199", 3, "protocol-error", "banner", 0, 1, 0, {NULL}},
	{"play-354-mail", 3, "protocol-error", "mail-from", 0, 1, 0, {NULL}},
	{"play-299", 0, "accepted", "rcpt-to", 297, 1, 0, {NULL}},
	{"play-all-at-once", 2, "rejected", "mail-from", 550, 1, 0, {NULL}},
	{"play-two-replies", 3, "protocol-error", "rcpt-to", 0, 1, 0, {NULL}},
	{"play-pipelining-short", 3, "aborted", "rcpt-to", 0, 1, 0, {NULL}},
	{"play-pipelining-503", 2, "rejected", "rcpt-to", 503, 1, 0, {NULL}},
	{"play-bare-lf", 0, "accepted", "rcpt-to", 250, 1, 0, {NULL}},
	{"play-bare-cr", 3, "aborted", "banner", 0, 1, 0, {"--timeout", "3"}},
	{"play-bare-codes", 2, "rejected", "rcpt-to", 550, 1, 0, {NULL}},
	{"play-markup", 2, "rejected", "rcpt-to", 550, 1, 0, {NULL}},
};

/* What TLS showed beside: a member of the session's "tls" that must be true. */
static const struct {
	const char *policy, *member;
} showed[] = {
	{"tls-hello-retry", "hello_retried"},
	{"tls-asks-cert", "client_certificate_asked"},
	{"postfix", "ticket"},
};

static char directory[4096];

/*
 * What no report may hold, whatever a server said. Controls and what turns the direction of writing have no place in any
 * form (a form's own line ends and tabs aside), markup none in those that are markup; the unit tests of the forms look
 * closer, and here they are made of what really came.
 */
static const struct form {
	const char *ending;
	const char *never[6];
} forms[] = {
	{".json", {NULL}},
	{".html", {"<script>alert", "<img", "href=\"http", "href=\"javascript", NULL}},
	{".txt", {NULL}},
	{".md", {"\n![y]", "\n[x](", "\n<script", NULL}},
	{".jsonl", {NULL}},
	{".prom", {"\nmailprobe_target_status{target=\"x\"}", NULL}},
	{".xml", {"<script", "<img", "]]>", NULL}},
};

static void form_is_clean(const char *policy, const struct form *form, const char *path)
{
	FILE *f = fopen(path, "rb");
	struct mp_buf text = MP_BUF(64 << 20);
	char chunk[16384];
	size_t n;

	if (!f)
		fail_msg("%s: %s was not written", policy, path);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		mp_buf_add(&text, chunk, n);
	fclose(f);
	assert_true(text.n > 0);
	if (!mp_utf8_valid(mp_buf_str(&text)))
		fail_msg("%s: %s is no UTF-8", policy, path);
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.p[i], next = i + 1 < text.n ? (unsigned char)text.p[i + 1] : 0;

		if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || (c == 0xc2 && next >= 0x80 && next < 0xa0))
			fail_msg("%s: control byte %02x in %s: %.60s", policy, c, path, text.p + (i > 40 ? i - 40 : 0));
	}
	if (mp_str_ifind(mp_buf_str(&text), "\xe2\x80\xae") >= 0)
		fail_msg("%s: text that runs backwards in %s", policy, path);
	for (size_t i = 0; i < ARRAY_LEN(form->never) && form->never[i]; i++)
		if (mp_str_ifind(mp_buf_str(&text), form->never[i]) >= 0)
			fail_msg("%s: '%s' in %s", policy, form->never[i], path);
	mp_buf_release(&text);
	unlink(path);
}

/* Of the first check with this id; NULL: there is none. */
static const char *status_of(const json_t *report, const char *id)
{
	const json_t *checks = mp_jget_array(report, "checks");

	for (size_t i = 0; i < json_array_size(checks); i++)
		if (strcmp(mp_jget_str(json_array_get(checks, i), "id", ""), id) == 0)
			return mp_jget_str(json_array_get(checks, i), "status", NULL);
	return NULL;
}

static void server(void **state)
{
	const struct row *r = *state;
	const char *argv[80] = {mailprobe_path(), "--config", "/dev/null"};
	char paths[ARRAY_LEN(forms)][sizeof(directory) + 80], *path = paths[0];
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
	for (size_t i = 0; i < w.n_args; i++)
		argv[n++] = w.args[i];
	for (size_t i = 0; i < ARRAY_LEN(r->extra) && r->extra[i]; i++)
		argv[n++] = r->extra[i];
	for (size_t i = 0; i < ARRAY_LEN(forms); i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/%s%s", directory, r->policy, forms[i].ending);
		argv[n++] = "-o";
		argv[n++] = paths[i];
	}
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
	if (strcmp(mp_jget_str(json_array_get(sessions, 0), "outcome", ""), "tls-failed") == 0)
		assert_true(status_of(report, "smtp.starttls") != NULL &&
			    strcmp(status_of(report, "smtp.starttls"), "pass") != 0);
	for (size_t i = 0; i < ARRAY_LEN(showed); i++)
		if (strcmp(showed[i].policy, r->policy) == 0 && mp_jget(s, "tls") &&
			!mp_jget_bool(mp_jget(s, "tls"), showed[i].member, false))
			fail_msg("row '%s': %s is not true", r->policy, showed[i].member);
	report_keeps(report);
	replay_agrees(report, path, o.status);
	text_fits(&o.out);
	client_was_harmless(&counts, 0);
	json_decref(report);
	mp_buf_release(&counts);
	output_release(&o);
	for (size_t i = 0; i < ARRAY_LEN(forms); i++)
		form_is_clean(r->policy, &forms[i], paths[i]);
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
