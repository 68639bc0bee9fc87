/*
 * probe/saved.h - the commands on saved reports: judge one again, compare two
 *
 * Owns:   nothing.
 * Fails:  what is no report gives a line and MP_EXIT_USAGE, what cannot be written MP_EXIT_IO.
 * Uses:   files, stdout, stderr; the wall clock (when a replay was made). No network.
 */
#ifndef MP_SAVED_H
#define MP_SAVED_H

#include "probe/options.h"

/* `mailprobe replay REPORT`. Returns the exit status: that of the run. */
int mp_replay(struct mp_arena *a, const struct mp_options *o);

/*
 * `mailprobe diff OLD NEW`, as the reports stand: what was judged is not judged again. Returns 0 when nothing got worse,
 * 1 when something did.
 */
int mp_diff(struct mp_arena *a, const struct mp_options *o);

#endif
