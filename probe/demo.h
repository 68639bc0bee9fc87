/*
 * probe/demo.h - the main job against built-in receivers on loopback
 *
 * A scenario of the loopback world is started on the run's own event loop, and the program is run against it with the
 * arguments that the scenario names. Nothing leaves this machine, and root is not needed.
 *
 * Owns:   its event loop and the world on it, for the length of the call.
 * Fails:  a line on stderr and an exit status.
 * Uses:   loopback network, stdout, stderr.
 */
#ifndef MP_DEMO_H
#define MP_DEMO_H

#include "probe/options.h"

/* `mailprobe demo [SCENARIO] [--list]`. Returns 0 when the report is what the scenario promises, else 70 (or 64). */
int mp_demo(struct mp_arena *a, const char *argv0, const struct mp_options *o);

#endif
