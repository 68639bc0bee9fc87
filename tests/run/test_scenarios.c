/*
 * tests/run/test_scenarios.c - the real program against every scenario of the loopback world
 *
 * For each: the report keeps the scenario's promise; what every report must keep holds; judging the saved evidence again
 * gives the same report; the text fits a terminal; redacted it says the same of nobody; and the receivers saw a harmless
 * client.
 */
#include <unistd.h>

#include "tests/run/keep.h"
#include "tests/run/spawn.h"
#include "tests/world/scenarios.h"

#include <setjmp.h>
#include <cmocka.h>

static char directory[4096]; /* for reports */

/* The messages that it should send: one, or one for each mailbox. */
static unsigned sends(const struct world_scenario *s)
{
	unsigned n = 0;

	while (n < ARRAY_LEN(s->mailboxes) && s->mailboxes[n].address)
		n++;
	for (size_t i = 0; i < ARRAY_LEN(s->extra) && s->extra[i]; i++)
		if (strcmp(s->extra[i], "--send") == 0)
			return n ? n : 1;
	return 0;
}

/* ---- redaction */

/* Whether `name` stands in `text` where neither letter nor digit continues it. */
static bool stands_in(const char *text, const char *name)
{
	struct mp_str rest = mp_str(text);
	ptrdiff_t at;

	while (*name && (at = mp_str_ifind(rest, name)) >= 0) {
		const char *p = rest.p + at, *end = p + strlen(name);

		if ((p == text || !mp_isalnum((unsigned char)p[-1])) && !mp_isalnum((unsigned char)*end))
			return true;
		rest = mp_strn(p + 1, rest.n - (size_t)at - 1);
	}
	return false;
}

static void tells_not(const char *form, const char *text, const char *name)
{
	if (name && stands_in(text, name))
		fail_msg("the redacted %s still tells '%s': ... %.200s", form, name, strcasestr(text, name));
}

/* The sender's domain, addresses in all spellings, and local parts; what receivers and lists are called is no secret. */
static void tells_nobody(const struct world_scenario *s, const char *form, const char *text)
{
	struct mp_arena *a = mp_arena_new();
	const char *at = strchr(s->from, '@');

	if (at) {
		tells_not(form, text, at + 1);
		tells_not(form, text, mp_printf(a, "<%s", mp_dupn(a, s->from, (size_t)(at - s->from + 1))));
	}
	if (s->ehlo && strchr(s->ehlo, '.') && s->ehlo[0] != '[')
		tells_not(form, text, s->ehlo);
	tells_not(form, text, "you@example.net");
	for (size_t i = 0; i < ARRAY_LEN(s->senders) && s->senders[i].address; i++) {
		struct mp_ip ip;
		char reverse[MP_IP_REVERSE];

		if (!s->senders[i].public_ip || !mp_ip_parse(mp_str(s->senders[i].public_ip), &ip))
			continue;
		tells_not(form, text, s->senders[i].public_ip);
		mp_ip_reverse(&ip, reverse);
		tells_not(form, text, reverse);
		*strstr(reverse, ip.family == MP_IPV4 ? ".in-addr" : ".ip6") = '\0';
		tells_not(form, text, reverse);
		if (ip.family == MP_IPV4)
			tells_not(form, text, mp_printf(a, "%u-%u-%u-%u", ip.b[0], ip.b[1], ip.b[2], ip.b[3]));
	}
	mp_arena_free(a);
}

static char *file_text(const char *path)
{
	FILE *f = fopen(path, "rb");
	struct mp_buf b = MP_BUF(MP_JSON_MAX);
	char chunk[16384], *text;
	size_t n;

	if (!f)
		fail_msg("%s was not written", path);
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		mp_buf_add(&b, chunk, n);
	fclose(f);
	text = mp_xstrdup(mp_buf_cstr(&b));
	mp_buf_release(&b);
	return text;
}

static void redacts(const struct world_scenario *s, const char *saved, int status)
{
	static const char *const endings[] = {"json", "html", "md", "txt", "jsonl", "prom", "xml"};
	char paths[ARRAY_LEN(endings)][sizeof(directory) + 80];
	const char *argv[40] = {mailprobe_path(), "replay", saved, "--redact", "--verbose"};
	struct output o;
	json_t *report;
	size_t n = 5;

	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/%s-redacted.%s", directory, s->id, endings[i]);
		argv[n++] = "-o";
		argv[n++] = paths[i];
	}
	run_program(argv, &o);
	/* Where it judges otherwise for it, it says so. */
	if (s->promise.redacted_otherwise ? !strstr(mp_buf_cstr(&o.err), s->promise.redacted_otherwise) : o.err.n > 0)
		fail_msg("%s --redact: stderr: %s", s->id, mp_buf_cstr(&o.err));
	assert_int_equal(o.status, status);
	tells_nobody(s, "text", mp_buf_cstr(&o.out));
	report = report_read(paths[0]);
	report_keeps(report);
	assert_true(mp_jget_bool(mp_jget(report, "run"), "redacted", false));
	replay_agrees(report, paths[1], status);
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		char *text = file_text(paths[i]);

		tells_nobody(s, endings[i], text);
		free(text);
		unlink(paths[i]);
	}
	json_decref(report);
	output_release(&o);
}

/* ---- the tests */

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
	client_was_harmless(&counts, strcmp(s->promise.outcome, "accepted") == 0 ? sends(s) : 0);
	redacts(s, path, o.status);
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
