/*
 * reports/diff.h - what changed between two reports: by verdict, target, session, finding and check
 *
 * Better and worse are said of what is known in both: of two verdicts, outcomes of sessions, or statuses, the one with
 * less of a fault. What could not be determined, was skipped, or is in one of them alone is another change, with one
 * exception: a fault that is there now and was not is worse, and a finding that is gone is better when the checks that
 * it rested on are still known.
 *
 *     {"schema": "mailprobe.diff/1", "old": {"run", "started"}, "new": {"run", "started"},
 *      "better": 2, "worse": 0, "other": 1,
 *      "changes": [{"kind": "verdict|target|session|finding|check", "id", "subject", "old", "new",
 *                   "change": "better|worse|other", "summary"}]}
 *
 * "old" and "new" are null where the thing is not there.
 *
 * Owns:   the tree is a new reference; bytes go to the caller's buffer.
 * Fails:  never: any trees will do, what is not there is not compared.
 * Uses:   no I/O, no clock.
 */
#ifndef REP_DIFF_H
#define REP_DIFF_H

#include "reports/report.h"

json_t *rep_diff(const json_t *old, const json_t *new);

/* For people. MP_OK, or MP_ELIMIT. */
int rep_diff_text(const json_t *diff, const struct rep_style *style, struct mp_buf *out, struct mp_err *err);

#endif
