/*
 * probe/watch.h - repeat a job until its faults are mended
 *
 * 1. The job runs as a whole. Exit status 0: it is right, the end.
 * 2. Else the checks that show a fault and need no session are looked at again, and nothing else: PTR, EHLO, SPF, ... at
 *    the resolver and the zones' own servers. The next look is when the first of the resolver's answers ends, within
 *    bounds, or after --interval.
 * 3. When none of them shows a fault any more, the job runs again as a whole. Where it was a receiver alone that said no,
 *    it runs again after MP_WATCH_SESSION_S.
 *
 * What is waited for is told on stderr whenever it changes; the last report is told as by any other command.
 *
 * Owns:   nothing.
 * Fails:  as the job does. An interrupt ends it with the last state's report and exit status.
 * Uses:   network, clocks, SIGINT and SIGTERM, stderr; with --then a shell.
 */
#ifndef MP_WATCH_H
#define MP_WATCH_H

#include "probe/options.h"

enum {
	MP_WATCH_SHORTEST_S = 15, /* between two looks at the DNS, unless --interval says otherwise */
	MP_WATCH_LONGEST_S = 300,
	MP_WATCH_SESSION_S = 300, /* between two sessions with a receiver whose answer no record explains */
};

/* Returns 0 when all is right, else the exit status of the last state. */
int mp_watch(const struct mp_options *o);

#endif
