/* tests/run/spawn.c - see tests/run/spawn.h */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/run/spawn.h"

#include <setjmp.h>
#include <cmocka.h>

enum { OUTPUT_MAX = 64 * 1024 * 1024, LIMIT_MS = 100 * 1000, NOT_HERE = 77 };

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Start argv[0]; the ends of its pipes that are ours. `in` NULL: it gets /dev/null. */
static int start(const char *const *argv, int *in, int *out, int *err)
{
	int pin[2] = {-1, -1}, pout[2], perr[2] = {-1, -1}, pid;

	if ((in && pipe(pin) != 0) || pipe(pout) != 0 || (err && pipe(perr) != 0))
		fail_msg("pipe: %s", strerror(errno));
	pid = fork();
	if (pid < 0)
		fail_msg("fork: %s", strerror(errno));
	if (pid == 0) {
		int zero = in ? pin[0] : open("/dev/null", O_RDONLY);

		dup2(zero, 0);
		dup2(pout[1], 1);
		if (err)
			dup2(perr[1], 2);
		for (int fd = 3; fd < 256; fd++)
			close(fd);
		/* Nothing is kept of what the world's web says: its ports come again, with other pages. */
		unsetenv("COLUMNS");
		setenv("XDG_CACHE_HOME", "/dev/null/none", 1);
		execv(argv[0], (char *const *)(uintptr_t)argv);
		dprintf(2, "%s: %s\n", argv[0], strerror(errno));
		_exit(127);
	}
	close(pout[1]);
	*out = pout[0];
	if (in) {
		close(pin[0]);
		*in = pin[1];
	}
	if (err) {
		close(perr[1]);
		*err = perr[0];
	}
	return pid;
}

static int reap(int pid, int64_t until, const char *what)
{
	int status;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		if (now_ms() > until) {
			kill(pid, SIGKILL);
			waitpid(pid, &status, 0);
			fail_msg("%s did not end in time", what);
		}
		usleep(500);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Read what is there. False at the end. */
static bool take(int fd, struct mp_buf *b)
{
	char chunk[16384];
	ssize_t n = read(fd, chunk, sizeof(chunk));

	if (n > 0)
		mp_buf_add(b, chunk, (size_t)n);
	return n > 0 || (n < 0 && errno == EINTR);
}

void run_program(const char *const *argv, struct output *o)
{
	struct pollfd fds[2] = {{.events = POLLIN}, {.events = POLLIN}};
	struct mp_buf *to[2] = {&o->out, &o->err};
	int64_t until = now_ms() + LIMIT_MS;
	int pid, open_fds = 2;

	o->out = MP_BUF(OUTPUT_MAX);
	o->err = MP_BUF(OUTPUT_MAX);
	pid = start(argv, NULL, &fds[0].fd, &fds[1].fd);
	while (open_fds > 0 && now_ms() < until) {
		if (poll(fds, 2, 100) <= 0)
			continue;
		for (int i = 0; i < 2; i++) {
			if (fds[i].fd < 0 || !fds[i].revents || take(fds[i].fd, to[i]))
				continue;
			close(fds[i].fd);
			fds[i].fd = -1;
			open_fds--;
		}
	}
	for (int i = 0; i < 2; i++) {
		if (fds[i].fd >= 0)
			close(fds[i].fd);
	}
	o->status = reap(pid, until, argv[0]);
}

void output_release(struct output *o)
{
	mp_buf_release(&o->out);
	mp_buf_release(&o->err);
}

const char *mailprobe_path(void)
{
	const char *path = getenv("MAILPROBE");

	return path ? path : "./mailprobe";
}

bool server_start(const char *scenario, const char *policy, struct server *s)
{
	const char *path = getenv("WORLD_SERVER");
	const char *argv[] = {path ? path : "tests/world/world-server", scenario, policy, NULL};
	int64_t until = now_ms() + LIMIT_MS;
	size_t at = 0;

	memset(s, 0, sizeof(*s));
	s->said = MP_BUF(65536);
	s->pid = start(argv, &s->in, &s->out, NULL);
	while (!strstr(mp_buf_cstr(&s->said), "ready\n")) {
		struct pollfd p = {.fd = s->out, .events = POLLIN};

		if (now_ms() < until && (poll(&p, 1, 100) <= 0 || take(s->out, &s->said)))
			continue;
		close(s->in);
		close(s->out);
		mp_buf_release(&s->said);
		if (reap(s->pid, until, argv[0]) != NOT_HERE)
			fail_msg("%s %s did not start", argv[0], scenario);
		return false;
	}
	while (strcmp(s->said.p + at, "ready\n") != 0 && s->n_args + 1 < ARRAY_LEN(s->args)) {
		char *line = s->said.p + at, *end = strchr(line, '\n');

		*end = '\0';
		s->args[s->n_args++] = line;
		at = (size_t)(end - s->said.p) + 1;
	}
	return true;
}

void server_end(struct server *s, struct mp_buf *counts)
{
	int64_t until = now_ms() + LIMIT_MS;
	int status;

	*counts = MP_BUF(65536);
	close(s->in);
	while (take(s->out, counts)) {
	}
	close(s->out);
	status = reap(s->pid, until, "world-server");
	mp_buf_release(&s->said);
	if (status != 0)
		fail_msg("world-server: exit status %d", status);
}
