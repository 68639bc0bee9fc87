/*
 * probe/findings.h - the findings of one correlation while they are made: what each rests on, and in which words
 *
 * For the files that correlate: probe/correlate.c (the order of work), probe/roots.c (which check stands for which cause),
 * probe/findings.c (a finding put together), probe/isolated.c (what further sessions showed).
 *
 * Owns:   all of it lives in the judge's arena.
 * Fails:  never.
 * Uses:   no I/O, no clock.
 */
#ifndef MP_FINDINGS_H
#define MP_FINDINGS_H

#include "probe/correlate.h"

struct mp_findings {
	struct mp_judge *j;
	struct mp_finding **list;
	size_t n, cap;
	bool *used;   /* for each result: in a finding of a session already */
	bool pending; /* a rule asked for something that is not known yet */
	bool bare;    /* neither SPF nor DKIM nor DMARC is published: one fault, not three */
};

/* ---- roots.c: checks and causes */

/*
 * Which finding a faulty check makes, in the order of roots: an earlier row explains a later one. `stage`: the earliest
 * stage at which receivers judge it. `own`: a fault of this sender (else of the receiver: information only).
 */
struct mp_root {
	const char *check; /* an id, or a name space ending in '.' */
	enum smtp_cause cause;
	enum smtp_stage stage;
	bool own;
};
extern const struct mp_root mp_roots[];
extern const size_t mp_n_roots;

bool mp_id_matches(const char *id, const char *pattern);
int mp_root_of(const struct mp_result *r); /* index of the row for a check, or -1 */
enum smtp_cause mp_root_cause(const struct mp_findings *w, int root);
bool mp_is_faulty(const struct mp_result *r);
/* Causes whose faults belong to one address; those of others belong to the name or domain, for all addresses at once. */
bool mp_cause_per_address(enum smtp_cause c);
bool mp_is_ptr_cause(enum smtp_cause c);
bool mp_says_nothing(enum smtp_cause c); /* a cause that says no more than "no" */
const char *const *mp_checks_for(enum smtp_cause said);

/* ---- findings.c: one finding */

/* Is a result about this source, or about the sender as a whole? */
bool mp_concerns(const struct mp_judge *j, const struct mp_result *r, int source);
/* Is the check `id` faulty for the source (-1: the sender as a whole)? Index of its result, or -1. */
int mp_faulty_for(struct mp_findings *w, const char *id, int source);

const char *mp_finding_id(struct mp_findings *w, enum smtp_cause cause, int source, const char *subject);
/* The finding of this id; made with the weakest values when it is not there. */
struct mp_finding *mp_finding_of(struct mp_findings *w, const char *id, enum smtp_cause cause, int source, int target);
/* That of a faulty check, number `index`: evidence, fix, and the words that describe the fault. */
struct mp_finding *mp_finding_from_check(struct mp_findings *w, size_t index, enum smtp_cause cause);
void mp_finding_because(struct mp_findings *w, struct mp_finding *f, struct mp_because b);
void mp_finding_fix(struct mp_findings *w, struct mp_finding *f, const char *step);             /* NULL: nothing */
void mp_finding_fix_as(struct mp_findings *w, struct mp_finding *f, const struct mp_result *r); /* its steps */
/* A title to stand inside another sentence: without its full stop, its first word small where it is none of names. */
const char *mp_within(struct mp_judge *j, const char *sentence);

void mp_finding_worsen(struct mp_finding *f, enum mp_status s, enum mp_certainty c, int tier);
void mp_finding_explain(struct mp_findings *w, struct mp_finding *f, const char *fmt, ...) MP_PRINTF(3, 4);

const char *mp_seen_text(struct mp_findings *w, int source); /* the address that receivers see */
const char *mp_reply_text(struct mp_findings *w, const struct smtp_session *s);
const char *mp_who_said(struct mp_findings *w, const struct smtp_session *s); /* "mx.example rejected the sender" */

/* ---- isolated.c: session `i` of target `t`, and those that were held because of it */

/* What one changed factor shows (--diagnose): false where nothing changed, or where it does not tell. */
bool mp_isolated_finding(struct mp_findings *w, size_t t, size_t i, const struct mp_target_result *tr);
/* Put off at first, taken at the second try (--retry). */
bool mp_passed_later(struct mp_findings *w, size_t t, size_t i, const struct mp_target_result *tr);
/* When to come back, into the finding of a deferral. */
void mp_say_when(struct mp_findings *w, struct mp_finding *f, size_t i, const struct mp_target_result *tr);
/* The factors that changed nothing, in a sentence; NULL: none. */
const char *mp_varied_in_vain(struct mp_findings *w, size_t t, size_t i);
/* Does an experiment speak against a cause? */
bool mp_ruled_out(struct mp_findings *w, size_t t, size_t i, enum smtp_cause c);

#endif
