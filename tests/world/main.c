/*
 * tests/world/main.c - world-server SCENARIO [POLICY] | --many SCENARIO | --list
 *
 * Starts a scenario's servers on loopback (all receivers with POLICY, a row of policies.c, where one is given), prints the arguments for mailprobe, one a line, then "ready", and serves until
 * its standard input ends, ten minutes at most. With --many the zone has a domain many.example.net as well, of fifty MX
 * hosts at 127.0.0.101 and the addresses after it; what answers there is somebody else's part (tests/bench). A line on
 * standard input names a scenario, whose zone takes the place of this one's as soon as a receiver has seen a session to its
 * end: what was wrong is mended. Then it says what it saw: for each receiver a line
 * "HOST sessions=N open=N most_open=N early=N quits=N mails=N messages=N".
 *
 * Exit status: 0; 64 unknown scenario or policy; 77 an address of the scenario that this system does not have; 70 otherwise.
 */
#include <signal.h>
#include <unistd.h>
#include <uv.h>

#include "tests/world/world.h"

enum { LONGEST_MS = 10 * 60 * 1000, LOOK_MS = 10, MANY = 50 };

static void on_limit(uv_timer_t *t)
{
	uv_stop(t->loop);
}

struct later {
	struct world *w;
	const struct world_scenario *now, *then; /* then: NULL when nothing is to change */
};

static void on_stdin(uv_poll_t *p, int status, int events)
{
	struct later *l = p->data;
	char line[256];
	ssize_t n = status < 0 ? 0 : read(0, line, sizeof(line) - 1);

	(void)events;
	if (n <= 0) {
		uv_stop(p->loop);
		return;
	}
	line[n] = '\0';
	line[strcspn(line, "\n")] = '\0';
	l->then = world_scenario_by_id(line);
}

static void on_look(uv_timer_t *t)
{
	struct later *l = t->data;
	struct mp_err err = {0};

	for (size_t i = 0; l->then && l->now->receivers[i].host; i++) {
		const struct world_smtp *smtp = world_receiver_at(l->w, i);

		if (!smtp || !world_smtp_counts(smtp).quits)
			continue;
		if (world_become(l->w, l->then, &err) != MP_OK)
			fprintf(stderr, "world-server: %s\n", err.msg);
		l->then = NULL;
	}
}

/* For benchmarks: SPF of seven look-ups that takes four round trips, as each of its names is in a record before. */
static const char deep[] =
	"deep.example.net TXT \"v=spf1 include:a.deep.example.net include:b.deep.example.net -all\"\n"
	"a.deep.example.net TXT \"v=spf1 include:c.deep.example.net include:d.deep.example.net ?all\"\n"
	"b.deep.example.net TXT \"v=spf1 include:e.deep.example.net ~all\"\n"
	"c.deep.example.net TXT \"v=spf1 ip4:198.51.100.1 -all\"\n"
	"d.deep.example.net TXT \"v=spf1 ip4:198.51.100.2 -all\"\n"
	"e.deep.example.net TXT \"v=spf1 a:f.deep.example.net a:g.deep.example.net -all\"\n"
	"f.deep.example.net A 198.51.100.3\n"
	"g.deep.example.net A 203.0.113.10\n";

static void report(const struct world_scenario *s, const struct world *w)
{
	for (size_t i = 0; s->receivers[i].host; i++) {
		const struct world_smtp *smtp = world_receiver_at(w, i);
		struct world_smtp_counts c;

		if (!smtp)
			continue;
		c = world_smtp_counts(smtp);
		printf("%s sessions=%zu open=%zu most_open=%zu early=%zu quits=%zu mails=%zu messages=%zu\n",
			s->receivers[i].host, c.sessions, c.open, c.most_open, c.early, c.quits, c.mails, c.messages);
	}
}

static void serve(uv_loop_t *loop, const struct world_scenario *s, struct world *w)
{
	const char *const *args;
	size_t n = world_argv(w, &args);
	struct later later = {.w = w, .now = s};
	uv_timer_t limit, look;
	uv_poll_t in;
	bool polled = uv_poll_init(loop, &in, 0) == 0; /* a file cannot be waited for: it has ended already */

	for (size_t i = 0; i < n; i++)
		puts(args[i]);
	puts("ready");
	fflush(stdout);
	uv_timer_init(loop, &limit);
	uv_timer_start(&limit, on_limit, LONGEST_MS, 0);
	uv_timer_init(loop, &look);
	look.data = in.data = &later;
	uv_timer_start(&look, on_look, LOOK_MS, LOOK_MS);
	if (polled) {
		uv_poll_start(&in, UV_READABLE | UV_DISCONNECT, on_stdin);
		uv_run(loop, UV_RUN_DEFAULT);
		uv_close((uv_handle_t *)&in, NULL);
	}
	/* what a client sent just before it went, QUIT say, is still to be read */
	for (int i = 0; i < 100; i++)
		uv_run(loop, UV_RUN_NOWAIT);
	report(s, w);
	uv_close((uv_handle_t *)&limit, NULL);
	uv_close((uv_handle_t *)&look, NULL);
	world_stop(w);
	uv_run(loop, UV_RUN_DEFAULT);
}

int main(int argc, char **argv)
{
	const struct world_scenario *row;
	struct world_scenario s;
	struct mp_buf zone = MP_BUF(65536);
	bool many = false;
	struct mp_err err = {0};
	struct world *w;
	uv_loop_t loop;

	if (argc == 2 && strcmp(argv[1], "--list") == 0) {
		for (size_t i = 0; i < world_n_scenarios; i++)
			puts(world_scenarios[i].id);
		return 0;
	}
	if (argc == 3 && strcmp(argv[1], "--many") == 0) {
		many = true;
		argv++;
		argc--;
	}
	row = argc == 2 || argc == 3 ? world_scenario_by_id(argv[1]) : NULL;
	if (!row || (argc == 3 && !world_policy_by_name(argv[2]))) {
		fprintf(stderr, "usage: world-server SCENARIO [POLICY] | --many SCENARIO | --list\n");
		return 64;
	}
	s = *row;
	for (size_t i = 0; many && i < MANY; i++)
		mp_buf_addf(&zone,
			"many.example.net MX 10 mx%zu.many.example.net\nmx%zu.many.example.net A 127.0.0.%zu\n", i, i,
			101 + i);
	if (many) {
		mp_buf_adds(&zone, deep);
		mp_buf_adds(&zone, row->zone);
		s.zone = mp_buf_cstr(&zone);
	}
	for (size_t i = 0; argc == 3 && s.receivers[i].host; i++)
		s.receivers[i].policy = argv[2];
	signal(SIGPIPE, SIG_IGN); /* a client may go while it is written to */
	if (uv_loop_init(&loop) != 0)
		return 70;
	w = world_start(&loop, &s, &err);
	if (!w) {
		fprintf(stderr, "world-server: %s\n", err.msg);
		uv_run(&loop, UV_RUN_DEFAULT);
		uv_loop_close(&loop);
		return err.sys == UV_EADDRNOTAVAIL || err.sys == UV_EAFNOSUPPORT ? 77 : 70;
	}
	serve(&loop, &s, w);
	world_free(w);
	mp_buf_release(&zone);
	return uv_loop_close(&loop) == 0 ? 0 : 70;
}
