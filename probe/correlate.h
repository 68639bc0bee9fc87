/*
 * probe/correlate.h - joins what receivers said with what the checks show: findings and the verdict
 *
 * The last judge: it runs when all targets and checks have settled.
 *
 * Owns:   all of its conclusion, in the judge's arena.
 * Fails:  never.
 * Uses:   no I/O, no clock.
 */
#ifndef MP_CORRELATE_H
#define MP_CORRELATE_H

#include "probe/check.h"
#include "probe/target.h"

enum mp_certainty { MP_CONFIRMED, MP_ISOLATED, MP_CLAIMED, MP_LIKELY, MP_LATENT };

/* One piece of evidence that a finding rests on: a check's result, or a session. */
struct mp_because {
	const struct mp_result *result; /* or NULL */
	size_t target, session;         /* when result is NULL */
};

struct mp_finding {
	const char *id;        /* "<cause>:<subject>", unique in the report */
	enum mp_status status; /* MP_FAIL, MP_WARN, MP_INFO */
	enum smtp_cause cause; /* SMTP_CAUSE_UNKNOWN: none */
	enum mp_certainty certainty;
	const char *title, *explanation;
	struct mp_because *because;
	size_t n_because, cap_because;
	const char **fix;
	size_t n_fix, cap_fix;
	const char *request;      /* text for the party who can fix it, or NULL */
	const char *request_kind; /* "ptr", "port25", ... for --request; NULL without one */
	int source;               /* index of the source it is about, or -1: the sender as a whole */
	int target;               /* index of the one target it is about, or -1 */
	int tier;                 /* sorting: what blocks first */
	uint8_t *cost;            /* at each target, what its provider asks in vain (mp_rule_weight()); NULL: nothing */
	int most;                 /* the highest of these; without targets, of any provider's */
};

struct mp_conclusion {
	size_t n_findings;
	const struct mp_finding *findings; /* ordered */
	enum mp_verdict *target_status;    /* for each target */
	const char **target_summary;       /* one sentence for each */
	enum mp_verdict status;
	const char *basis;
	const char *summary; /* one sentence */
	/* when something is to be done: the command that tests it again (NULL: the same one, or one `with` something else), and when that can show (NULL:
	 * at once) */
	bool again;
	const char *again_command, *again_with, *again_after;
};

enum mp_judged mp_correlate(struct mp_judge *j, struct mp_conclusion *out);

/* From out->findings to the statuses, basis and sentences of `out`: the table of verdicts. */
void mp_conclude(struct mp_judge *j, struct mp_conclusion *out);

/* From out->findings to what is said of testing again. */
void mp_say_again(struct mp_judge *j, struct mp_conclusion *out);

/* Index of the source that a result is about, or -1: the sender as a whole. */
int mp_result_source(const struct mp_judge *j, const struct mp_result *r);

/* A fault of the sender that nobody rejected for: such are ranked by what they cost. */
bool mp_ranked_by_cost(const struct mp_finding *f);

/* Causes that are about the recipient or the receiver, not about the sender. */
bool mp_not_the_sender(enum smtp_cause c);

const char *mp_certainty_name(enum mp_certainty c);

#endif
