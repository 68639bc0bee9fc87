/*
 * probe/explain.h - `mailprobe explain': what a reply, a bounce or a mail log says, and what to do
 *
 * Owns:   its buffers; they stay small however much is read.
 * Fails:  with an exit status and one line on stderr.
 * Uses:   the file or standard input, standard output. No network, no configuration.
 */
#ifndef MP_EXPLAIN_H
#define MP_EXPLAIN_H

#include "base/json.h"
#include "probe/options.h"

/*
 * 0: every reply was classified; 3: one was not, or there was none; else MP_EXIT_USAGE or MP_EXIT_IO. `checks`: those of
 * a report on this host, told beside the causes that point to them; NULL: none were made.
 */
int mp_explain(const struct mp_options *o, const json_t *checks);

#endif
