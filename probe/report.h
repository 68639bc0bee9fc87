/*
 * probe/report.h - a settled run as the report's JSON document, and back
 *
 * Owns:   mp_report_build() returns a new reference. mp_report_read() fills the case and evidence given.
 * Fails:  building never; reading foreign bytes with what is wrong, in one line.
 * Uses:   no I/O, no clock.
 */
#ifndef MP_REPORT_H
#define MP_REPORT_H

#include "probe/run.h"

#define MP_SCHEMA "mailprobe.report/1"

/* Facts of the run that no judgement depends on. */
struct mp_run_facts {
	int64_t duration_ms;
	int64_t replayed_ms; /* wall clock of the replay; 0: not one */
	bool interrupted;    /* by the user or the deadline: what is missing is "not known in time" */
	bool redacted;       /* names and addresses are not the real ones: probe/redact.h */
};

/* The kinds of evidence that a report carries. */
extern const struct mp_kind *const mp_kinds[];
extern const size_t mp_n_kinds;

json_t *mp_report_build(const struct mp_run *r, const struct mp_evidence *ev, const struct mp_run_facts *facts);

/*
 * What --format json prints of a single check that has a form of its own ("spf": {"result", "explanation", "lookups",
 * ...}); a file gets the report, which can be judged again. New reference, or NULL: the command has none.
 */
json_t *mp_report_single(const struct mp_run *r);

/*
 * Read a saved report: its case and its evidence (closed: what it lacks is unknown). `facts` gets duration and interrupt
 * of the original. MP_OK or MP_EPARSE.
 */
int mp_report_read(struct mp_str text, struct mp_arena *a, struct mp_case *c, struct mp_evidence *ev,
	struct mp_run_facts *facts, struct mp_err *err);

/* The same of evidence alone: the member of a report. */
int mp_report_evidence(
	const json_t *evidence, struct mp_arena *a, struct mp_case *c, struct mp_evidence *ev, struct mp_err *err);

/*
 * Exit status by the Monitoring Plugins: for the main job the verdict's; for `check` and the single checks the worst
 * status of the checks (an `error` of an advisory check does not count); for `spf` that of spf.mail_from.
 */
int mp_exit_status(const struct mp_run *r);

#endif
