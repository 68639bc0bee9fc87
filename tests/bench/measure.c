/*
 * tests/bench/measure.c - measure RUNS COMMAND [ARG...] [-- COMMAND [ARG...]]...
 *
 * Runs the commands in turn, A B A B ..., so that what else the machine does falls on all alike; a first round warms up
 * and is not counted. Prints for each command a line "WALL_MS CPU_MS PEAK_KB STATUS": medians, and the first exit status
 * that was not 0 (128 + signal). The commands read nothing, and what they print is thrown away.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/base.h"

enum { MAX_COMMANDS = 16, MAX_RUNS = 1000, LIMIT_S = 60 };

struct command {
	char **argv;
	double wall[MAX_RUNS], cpu[MAX_RUNS], peak[MAX_RUNS];
	int status;
};

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double ms(struct timeval t)
{
	return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static double kilobytes(const struct rusage *u)
{
#ifdef __APPLE__
	return (double)u->ru_maxrss / 1024;
#else
	return (double)u->ru_maxrss;
#endif
}

static void become(char **argv)
{
	int null = open("/dev/null", O_RDWR);

	if (null < 0 || dup2(null, 0) < 0 || dup2(null, 1) < 0 || dup2(null, 2) < 0)
		_exit(126);
	if (null > 2)
		close(null);
	alarm(LIMIT_S); /* outlives exec */
	execvp(argv[0], argv);
	_exit(127);
}

static void run(struct command *c, size_t round)
{
	double start = now_ms();
	struct rusage u;
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		become(c->argv);
	if (pid < 0 || wait4(pid, &status, 0, &u) < 0) {
		fprintf(stderr, "measure: %s: %s\n", c->argv[0], strerror(errno));
		exit(70);
	}
	if (!c->status)
		c->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
	if (round == 0)
		return;
	c->wall[round - 1] = now_ms() - start;
	c->cpu[round - 1] = ms(u.ru_utime) + ms(u.ru_stime);
	c->peak[round - 1] = kilobytes(&u);
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *v, size_t n)
{
	qsort(v, n, sizeof(*v), by_value);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

int main(int argc, char **argv)
{
	static struct command commands[MAX_COMMANDS];
	uint64_t runs = 0;
	size_t n = 0;

	for (int i = 2; i < argc && n < MAX_COMMANDS; i++) {
		if (strcmp(argv[i], "--") == 0)
			argv[i] = NULL;
		else if (i == 2 || !argv[i - 1])
			commands[n++].argv = &argv[i];
	}
	if (argc < 3 || !mp_str_u64(mp_str(argv[1]), MAX_RUNS, &runs) || !runs || !n) {
		fprintf(stderr, "usage: measure RUNS COMMAND [ARG...] [-- COMMAND [ARG...]]...\n");
		return 64;
	}
	for (size_t round = 0; round <= runs; round++)
		for (size_t i = 0; i < n; i++)
			run(&commands[i], round);
	for (size_t i = 0; i < n; i++)
		printf("%.3f %.3f %.0f %d\n", median(commands[i].wall, runs), median(commands[i].cpu, runs),
			median(commands[i].peak, runs), commands[i].status);
	return 0;
}
