/*
 * probe/diagnose.h - what changes a receiver's answer: further sessions, each one factor apart from the one refused
 *
 * With --diagnose, and once a target and all checks have settled: the session that decided is held again with another EHLO
 * name, another sender, from another address and so on, as far as the stage and the cause of the refusal leave it open,
 * and one after the other. What was held anyway (another source, another MX host) is compared first and costs nothing.
 *
 * Owns:   all of its diagnosis, in the judge's arena.
 * Fails:  never; what no session told is not said to have changed anything.
 * Uses:   no I/O, no clock.
 *
 * What is never done: no name is announced that is not ours, that is, which the user did not give and which does not lead
 * to the sending address; nobody is asked again who speaks of rates or reputation, or who no longer answers.
 */
#ifndef MP_DIAGNOSE_H
#define MP_DIAGNOSE_H

#include "probe/check.h"
#include "probe/target.h"

enum {
	MP_DIAGNOSE_MAX = 6,         /* further sessions for each target */
	MP_DIAGNOSE_PAUSE_MS = 5000, /* before each of them; none on loopback, where nobody is bothered */
};

enum mp_factor {
	MP_VARY_EHLO,
	MP_VARY_SENDER,
	MP_VARY_SOURCE,
	MP_VARY_FAMILY,
	MP_VARY_TLS,
	MP_VARY_MX,
	MP_VARY_RCPT,
	MP_VARY_TIME, /* the same again: after a deferral that another factor seemed to end */
	MP_VARY__COUNT
};
const char *mp_factor_name(enum mp_factor f);  /* "ehlo", "sender", "source", "family", "tls", "mx", "rcpt", "time" */
const char *mp_factor_words(enum mp_factor f); /* "the EHLO name" */

struct mp_experiment {
	enum mp_factor factor;
	const char *from, *to; /* the factor's value in the session that was refused, and in this one */
	const struct smtp_session *session;
	size_t index; /* among the target's sessions, the diagnosis' own counted behind them */
	bool told; /* the receiver decided, and not about rates or reputation: that would be no answer to the factor */
	bool changed; /* told, and otherwise */
};

struct mp_diagnosis {
	int of; /* the session that was refused: index into the target's, or -1: there is nothing to diagnose */
	size_t n;
	const struct mp_experiment *experiments;
	size_t n_sessions; /* held for this alone */
	const struct smtp_session *const *sessions;
	struct smtp_classified *causes; /* one for each of them */
	const char *end;                /* why there were not more, one sentence; NULL without a refusal */
};

/* Diagnose target number j->target, which has settled, as all checks have. `out` is written when settled. */
enum mp_judged mp_diagnose(struct mp_judge *j, struct mp_diagnosis *out);

/* The experiment that got mail accepted, or NULL. Where a second try without a change did so as well, it is that one. */
const struct mp_experiment *mp_what_changed(const struct mp_diagnosis *d);
/* Was the factor varied, and the answer the same? */
bool mp_changed_nothing(const struct mp_diagnosis *d, enum mp_factor f);

#endif
