/*
 * tests/world/world.h - a scenario come alive: its name server and receivers on loopback, and the arguments to meet them
 *
 * Owns:   servers, certificates, a file with the world's CA (removed at the end).
 * Fails:  world_start() with what could not be had: an address that this system does not have (127.0.0.2 outside of
 *         Linux, ::1 without IPv6) gives MP_ENET.
 * Uses:   network (loopback alone), the loop's thread, the temporary directory.
 */
#ifndef WORLD_WORLD_H
#define WORLD_WORLD_H

#include "tests/world/scenarios.h"

struct world;

/* Start. The servers work while the loop runs. */
struct world *world_start(struct uv_loop_s *loop, const struct world_scenario *s, struct mp_err *err);
/* The arguments for mailprobe, without the program's name and NULL-ended; they live as long as the world. */
size_t world_argv(const struct world *w, const char *const **out);
/* What the servers saw, for tests. NULL when there is no such host. */
const struct world_smtp *world_receiver(const struct world *w, const char *host);
/* The same by the scenario's row: several may be of one host, at other addresses. */
const struct world_smtp *world_receiver_at(const struct world *w, size_t row);
size_t world_queries(const struct world *w, const char *name, uint16_t type);
/* Its name server and receivers go by the zone of another scenario from now on. */
int world_become(struct world *w, const struct world_scenario *s, struct mp_err *err);
void world_stop(struct world *w); /* close all handles; run the loop until idle, then free */
void world_free(struct world *w); /* NULL is fine */

#endif
