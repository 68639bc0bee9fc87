/*
 * probe/run.h - the judging of one case: every judge of the table, called until all have settled
 *
 * A run holds one unit for each target and for each check (times source or target). When those have settled come checks
 * that read others' results (`after`) and, with --diagnose, one unit more for each target; and last the correlation. A
 * unit that is pending loses its scratch memory and is called again when there is news. Nothing here touches the network:
 * probe/live.h feeds a run from observers, a replay feeds it from a saved report.
 *
 * Owns:   units with their arenas, until mp_run_free(). Borrows the case and the evidence.
 * Fails:  never.
 * Uses:   no I/O, no clock.
 */
#ifndef MP_RUN_H
#define MP_RUN_H

#include "probe/check.h"
#include "probe/correlate.h"
#include "probe/diagnose.h"
#include "probe/target.h"

struct mp_run;

/* `in`: one of MP_IN_*; checks whose row lacks it are not run. The case and the evidence must outlive the run. */
struct mp_run *mp_run_new(const struct mp_case *c, struct mp_evidence *ev, unsigned in);
/* The same with the checks of these ids alone (NULL-ended), and no target. */
struct mp_run *mp_run_new_only(const struct mp_case *c, struct mp_evidence *ev, unsigned in, const char *const *only);
void mp_run_free(struct mp_run *r); /* NULL is fine */

/* Call every waiting judge for which there may be news. True when all have settled. */
bool mp_run_judge(struct mp_run *r);

/* The MP_IN_* of a saved or built case's command. */
unsigned mp_run_scope(const struct mp_case *c);

/* ---- what has settled; whole only after mp_run_judge() returned true */

const struct mp_case *mp_run_case(const struct mp_run *r);
size_t mp_run_n_results(const struct mp_run *r);
/* In the order of the table, then of sources or targets, then as reported. */
const struct mp_result *mp_run_result(const struct mp_run *r, size_t i);
/* NULL while pending. */
const struct mp_target_result *mp_run_target(const struct mp_run *r, size_t i);
/* NULL while pending, and without --diagnose. */
const struct mp_diagnosis *mp_run_diagnosis(const struct mp_run *r, size_t target);
/* Sessions of a target, those of its diagnosis behind its own. */
size_t mp_run_n_sessions(const struct mp_run *r, size_t target);
const struct smtp_session *mp_run_session(
	const struct mp_run *r, size_t target, size_t i, const struct smtp_classified **cause);
const struct mp_conclusion *mp_run_conclusion(const struct mp_run *r);
/* What was found out for a source; `out` borrows from the run. */
bool mp_run_seen(const struct mp_run *r, size_t source, struct mp_seen *out);

#endif
