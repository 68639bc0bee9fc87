/*
 * base/evidence.h - the memo of questions and answers
 *
 * A judge asks; an answer that is there comes back at once, one that is not is noted as wanted and NULL comes back.
 * The runner takes what is wanted to the observers, who answer. The same question is kept once. An answer never changes.
 *
 * Owns:   questions, copies of their parameters, and (through mp_evidence_arena()) the answers.
 * Fails:  reading saved evidence fails with the place in the document; nothing else can.
 * Uses:   no I/O, no clock. It never calls back into whoever answers.
 */
#ifndef MP_EVIDENCE_H
#define MP_EVIDENCE_H

#include "base/arena.h"
#include "base/json.h"

/* One kind of question: DNS look-ups, SMTP sessions, routes ... Each room defines its own. */
struct mp_kind {
	const char *name; /* member of "evidence" in a report */
	/* Append the canonical form of `params`: equal questions give equal keys, others never do. */
	void (*key)(const void *params, struct mp_buf *out);
	const void *(*copy)(const void *params, struct mp_arena *a); /* deep */
	/* The answer when it can no longer be found out: the deadline has passed, or a replay lacks it. Never a fault. */
	const void *(*unknown)(const void *params, struct mp_arena *a);
	/* One element of the saved array, question and answer. The way back must give an equal answer. */
	json_t *(*to_json)(const void *params, const void *answer);
	int (*from_json)(
		const json_t *j, struct mp_arena *a, const void **params, const void **answer, struct mp_err *err);
};

struct mp_question {
	const struct mp_kind *kind;
	const char *key;
	const void *params;
	const void *answer;        /* NULL until answered */
	bool taken;                /* handed out by mp_evidence_next_wanted() */
	struct mp_question *next;  /* in the order asked */
	struct mp_question *chain; /* hash bucket */
};

struct mp_evidence;

struct mp_evidence *mp_evidence_new(void);
void mp_evidence_free(struct mp_evidence *ev); /* NULL is fine */
struct mp_arena *mp_evidence_arena(struct mp_evidence *ev);

/* The answer to a question, or NULL: then it is wanted (unless the evidence is closed; see below). */
const void *mp_evidence_ask(struct mp_evidence *ev, const struct mp_kind *kind, const void *params);

/* Take the next wanted question, in the order asked; NULL when there is none. Each is handed out once. */
struct mp_question *mp_evidence_next_wanted(struct mp_evidence *ev);

/* Answer. `answer` must live as long as the evidence. The first answer stays, a later one is ignored. */
void mp_evidence_answer(struct mp_evidence *ev, struct mp_question *q, const void *answer);
/* Answer with the kind's `unknown`. */
void mp_evidence_give_up(struct mp_evidence *ev, struct mp_question *q);

/*
 * Close: all unanswered questions, now and to come, are answered `unknown` at once. Asking then never gives NULL.
 * For the deadline, an interrupt, and replay.
 */
void mp_evidence_close(struct mp_evidence *ev);

size_t mp_evidence_answered(const struct mp_evidence *ev);                 /* how many, for "is there news?" */
size_t mp_evidence_waiting(const struct mp_evidence *ev);                  /* asked and unanswered */
const struct mp_question *mp_evidence_first(const struct mp_evidence *ev); /* walk with ->next */

/* {"<kind>": [..], ...} for the kinds given, answered questions in the order asked. New reference. */
json_t *mp_evidence_to_json(const struct mp_evidence *ev, const struct mp_kind *const *kinds, size_t n);
/* Add all that `j` holds of these kinds. MP_OK, or MP_EPARSE when an element is malformed or appears twice. */
int mp_evidence_from_json(
	struct mp_evidence *ev, const struct mp_kind *const *kinds, size_t n, const json_t *j, struct mp_err *err);

#endif
