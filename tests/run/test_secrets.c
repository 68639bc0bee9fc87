/*
 * tests/run/test_secrets.c - no secret leaves the program: in no form of a report, no line of its output, no line that
 * says what is wrong with the configuration, and no argument list, be it the program's own or one of what it starts
 *
 * Argument lists are watched from a process beside it, in what /proc says of this test's process group; where there is no
 * /proc, that part is not tested.
 */
#include <dirent.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base64.h"
#include "tests/run/keep.h"
#include "tests/run/spawn.h"
#include "tests/unit/dkim_keys.h"
#include "tests/world/imap_server.h"

#include <setjmp.h>
#include <cmocka.h>

static char directory[4096];

/* ---- in which shapes a secret may show */

enum { SHAPES = 4 };

/* The secret itself, and the middle of its base64 at each of the three places it may begin: as SASL has it. */
static void shapes_of(struct mp_arena *a, const char *secret, const char *out[static SHAPES])
{
	out[0] = secret;
	for (size_t shift = 0; shift < SHAPES - 1; shift++) {
		const char *text = mp_printf(a, "%.*s%s", (int)shift, "xx", secret);
		char *code = mp_base64_encode(a, (const uint8_t *)text, strlen(text));

		code[strlen(code) - 4] = '\0';
		out[shift + 1] = code + (shift ? 4 : 0);
	}
}

static const char *seen_in(const struct mp_buf *b, const char *const *shapes)
{
	for (size_t i = 0; i < SHAPES; i++)
		if (memmem(b->p, b->n, shapes[i], strlen(shapes[i])))
			return shapes[i];
	return NULL;
}

static void hides(const char *where, const struct mp_buf *b, const char *secret)
{
	struct mp_arena *a = mp_arena_new();
	const char *shapes[SHAPES], *seen;

	shapes_of(a, secret, shapes);
	seen = b->n ? seen_in(b, shapes) : NULL;
	if (seen)
		fail_msg("%s shows '%s'", where, seen);
	mp_arena_free(a);
}

static void read_file(const char *path, struct mp_buf *out)
{
	FILE *f = fopen(path, "rb");
	char chunk[16384];
	size_t n;

	*out = MP_BUF(MP_JSON_MAX);
	while (f && (n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		mp_buf_add(out, chunk, n);
	if (f)
		fclose(f);
}

static void write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* ---- argument lists */

static volatile sig_atomic_t stopped;

static void on_stop(int sig)
{
	(void)sig;
	stopped = 1;
}

/* What argument lists and environments of this process group say. */
static void look_around(const char *const *shapes, bool *seen, unsigned *looks)
{
	static const char *const files[] = {"cmdline", "environ"};
	DIR *d = opendir("/proc");
	const struct dirent *e;

	while (d && (e = readdir(d))) {
		int pid = (int)strtol(e->d_name, NULL, 10);

		if (pid <= 0 || getpgid(pid) != getpgrp())
			continue;
		for (size_t i = 0; i < ARRAY_LEN(files); i++) {
			char path[64];
			struct mp_buf b;

			snprintf(path, sizeof(path), "/proc/%d/%s", pid, files[i]);
			read_file(path, &b);
			*looks += pid != getpid() && b.n && i == 0;
			*seen = *seen || (b.n && seen_in(&b, shapes));
			mp_buf_release(&b);
		}
	}
	if (d)
		closedir(d);
}

/* A process that looks until it gets SIGTERM, and then ends with 0: nothing was seen; 1: it was; 2: there was no /proc. */
static int watch(const char *const *shapes)
{
	const char *path = "/proc/self/cmdline";
	int pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		bool seen = false;
		unsigned looks = 0;

		signal(SIGTERM, on_stop);
		while (access(path, R_OK) == 0 && !stopped) {
			look_around(shapes, &seen, &looks);
			usleep(1000);
		}
		_exit(seen ? 1 : looks ? 0 : 2);
	}
	return pid;
}

static int watched(int pid)
{
	int status;

	kill(pid, SIGTERM);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* ---- a run, in all forms */

static const char *const endings[] = {"json", "jsonl", "html", "md", "txt", "prom", "xml"};

static void run_hides(const char *scenario, const char *const *more, const char *secret)
{
	const char *argv[100] = {mailprobe_path(), "--config", "/dev/null", "--verbose"}, *shapes[SHAPES];
	char paths[ARRAY_LEN(endings)][sizeof(directory) + 32];
	struct mp_arena *a = mp_arena_new();
	struct output o, again;
	struct server server;
	struct mp_buf counts;
	size_t n = 4;
	int watcher;

	if (!server_start(scenario, NULL, &server))
		skip();
	for (size_t i = 0; i < server.n_args; i++)
		argv[n++] = server.args[i];
	while (more && *more)
		argv[n++] = *more++;
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		snprintf(paths[i], sizeof(paths[i]), "%s/r.%s", directory, endings[i]);
		argv[n++] = "-o";
		argv[n++] = paths[i];
	}
	shapes_of(a, secret, shapes);
	watcher = watch(shapes);
	run_program(argv, &o);
	if (watched(watcher) == 1)
		fail_msg("%s: an argument list or environment shows the secret", scenario);
	server_end(&server, &counts);
	hides("stdout", &o.out, secret);
	hides("stderr", &o.err, secret);
	assert_true(o.out.n > 1000);
	run_program((const char *const[]){mailprobe_path(), "replay", paths[0], "--redact", "--format", "json", NULL},
		&again);
	hides("a redacted replay", &again.out, secret);
	hides("a redacted replay's stderr", &again.err, secret);
	assert_null(memmem(again.out.p, again.out.n, WORLD_IMAP_USER, strlen(WORLD_IMAP_USER)));
	for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
		struct mp_buf b;

		read_file(paths[i], &b);
		assert_true(b.n > 0);
		hides(paths[i], &b, secret);
		mp_buf_release(&b);
		unlink(paths[i]);
	}
	mp_buf_release(&counts);
	output_release(&again);
	output_release(&o);
	mp_arena_free(a);
}

static void passwords(void **state)
{
	(void)state;
	run_hides("inbox", NULL, WORLD_IMAP_PASSWORD);
	run_hides("mailbox-password", NULL, WORLD_IMAP_PASSWORD);
	run_hides("mailbox-no-folder", NULL, WORLD_IMAP_PASSWORD);
	run_hides("mailbox-certificate", NULL, WORLD_IMAP_PASSWORD);
	run_hides("mailbox-starttls", NULL, WORLD_IMAP_PASSWORD);
	run_hides("mailbox-no-tls", NULL, WORLD_IMAP_PASSWORD);
	run_hides("mailboxes", NULL, WORLD_IMAP_PASSWORD);
}

static void tokens(void **state)
{
	(void)state;
	run_hides("mailbox-token", NULL, WORLD_IMAP_TOKEN);
	run_hides("mailbox-old-token", NULL, WORLD_IMAP_TOKEN);
}

/* The primes of the key, of which nothing public is made; by lines, as they stand in the file. */
static void keys(void **state)
{
	char path[sizeof(directory) + 32];
	const char *more[] = {"--selector", "s1", "--dkim-key", path, NULL};
	struct mp_str rest = mp_str(RSA1024_PKCS1), line;

	(void)state;
	snprintf(path, sizeof(path), "%s/key.pem", directory);
	write_file(path, RSA1024_PKCS1);
	for (unsigned i = 0; mp_str_split(&rest, '\n', &line); i++) {
		char text[80];

		snprintf(text, sizeof(text), "%.*s", (int)line.n, line.p);
		if (i == 7 || i == 10)
			run_hides("sent", more, text);
	}
	unlink(path);
}

/* ---- what is wrong with a configuration */

#define SECRET "hunter2-is-secret"
#define SECTION "[mailbox seed]\naddress = you@example.net\n"
#define WITH_URL SECTION "url = imaps://imap.example.net/\n"

static void mistakes(void **state)
{
	static const struct {
		const char *label, *config;
	} rows[] = {
		{"in the URL, with the user",
			SECTION "url = imaps://you:" SECRET "@imap.example.net/\npassword-file = x\n"},
		{"a key that is none", WITH_URL "pasword = " SECRET "\n"},
		{"a key that is none of mailboxes", WITH_URL "password = " SECRET "\n"},
		{"a line without a key", WITH_URL SECRET "\n"},
		{"a line without a key before the '='", WITH_URL "= " SECRET "\n"},
		{"a command that fails", WITH_URL "password-command = echo " SECRET "; exit 3\n"},
		{"a command that says it on stderr", WITH_URL "token-command = exit 1 # " SECRET "\n"},
		{"a command that gives nothing", WITH_URL "token-command = true " SECRET "\n"},
		{"what is no secret", WITH_URL "password-command = printf '" SECRET "\\001\\n'\n"},
		{"two ways at once", WITH_URL "password-command = echo " SECRET "\npassword-file = x\n"},
	};
	char path[sizeof(directory) + 32];

	(void)state;
	snprintf(path, sizeof(path), "%s/mistake.conf", directory);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *argv[] = {mailprobe_path(), "--config", path, "--mailbox", "seed", "--send", "--from",
			"me@example.com", "--ehlo", "mail.example.com", NULL};
		struct output o;

		write_file(path, rows[i].config);
		run_program(argv, &o);
		if (o.status != 64 || !o.err.n)
			fail_msg("row '%s': status %d: %s", rows[i].label, o.status, mp_buf_cstr(&o.err));
		hides(rows[i].label, &o.out, SECRET);
		hides(rows[i].label, &o.err, SECRET);
		output_release(&o);
	}
	unlink(path);
}

/* The watch sees what it looks for: a child that does have it in its arguments. */
static void watch_sees(void **state)
{
	struct mp_arena *a = mp_arena_new();
	const char *shapes[SHAPES];
	struct output o;
	int watcher, ended;

	(void)state;
	shapes_of(a, WORLD_IMAP_TOKEN, shapes);
	watcher = watch(shapes);
	run_program((const char *const[]){"/bin/sh", "-c", "sleep 0.3; : \"$0\"", WORLD_IMAP_TOKEN, NULL}, &o);
	ended = watched(watcher);
	output_release(&o);
	mp_arena_free(a);
	if (ended == 2)
		skip();
	assert_int_equal(ended, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(watch_sees),
		cmocka_unit_test(passwords),
		cmocka_unit_test(tokens),
		cmocka_unit_test(keys),
		cmocka_unit_test(mistakes),
	};
	const char *tmp = getenv("TMPDIR");
	int failed;

	setpgid(0, 0); /* others of `make check' are none of ours */
	snprintf(directory, sizeof(directory), "%s/mailprobe-secrets-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp(directory)) {
		perror(directory);
		return 70;
	}
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	rmdir(directory);
	return failed;
}
