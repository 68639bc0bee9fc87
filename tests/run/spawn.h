/*
 * tests/run/spawn.h - runs the real programs and keeps what they say
 *
 * Owns:   struct output's buffers, until output_release(); children until they have ended.
 * Fails:  the test ends (fail_msg) when a program cannot be started or does not end in time.
 * Uses:   processes, pipes, clock.
 */
#ifndef TESTS_RUN_SPAWN_H
#define TESTS_RUN_SPAWN_H

#include "base/buf.h"

struct output {
	int status;             /* exit status; 128 + signal */
	struct mp_buf out, err; /* stdout and stderr */
};

/* Run to the end: argv[0] is the path. No terminal, nothing on stdin. */
void run_program(const char *const *argv, struct output *o);
void output_release(struct output *o);

/* The program under test: $MAILPROBE, else ./mailprobe, for `make check' runs in the build tree. */
const char *mailprobe_path(void);

/* tests/world/world-server ($WORLD_SERVER) with a scenario, and another policy for its receivers unless NULL. */
struct server {
	int pid, in, out;
	size_t n_args;
	const char *args[64]; /* for mailprobe, NULL-ended */
	struct mp_buf said;
};

/* True when it serves; false when the scenario cannot be had on this system, with the reason on the test's output. */
bool server_start(const char *scenario, const char *policy, struct server *s);
/* Let it end; `counts` gets the lines that it says at the end. */
void server_end(struct server *s, struct mp_buf *counts);

#endif
