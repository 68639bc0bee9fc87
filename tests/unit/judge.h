/*
 * tests/unit/judge.h - one judge, run to its end over zone text
 *
 * The questions that the judge leaves wanted are answered from the zone, all of a step at once, and it is called again
 * with fresh scratch memory, as the runner does. When it has settled, the evidence goes to JSON and back, and the judge
 * must say the same of that.
 *
 * Owns:   all of a run until judge_release().
 * Fails:  as cmocka does: the test ends, naming the row.
 * Uses:   cmocka. No I/O, no clock.
 */
#ifndef MP_TEST_JUDGE_H
#define MP_TEST_JUDGE_H

#include "probe/checks/checks.h"
#include "probe/fetch.h"

enum { JUDGE_SOURCES = 4 };

/* 2026-11-21T10:00:00Z: when all cases begin. */
#define JUDGE_STARTED INT64_C(1795255200000)

struct judge_run {
	struct mp_arena *arena; /* the judge's */
	struct mp_evidence *ev;
	struct mp_judge judge;   /* its results */
	size_t steps, questions; /* of DNS: batches, and all together */
};

/*
 * A case in `c`, with its sources in `sources` (room for JUDGE_SOURCES): a healthy sender by default. Texts are borrowed.
 * `ips`: the source addresses, blanks between.
 */
void judge_case(struct mp_case *c, struct mp_source sources[static JUDGE_SOURCES], const char *ips, const char *ehlo);

/* `zone` is parsed afresh. `label`: of the row. */
void judge_run(struct judge_run *out, const char *label, const struct mp_check *check, const struct mp_case *c,
	size_t source, const char *zone);
void judge_release(struct judge_run *r);

/* A page of the web. One that is not there cannot be reached. */
struct judge_page {
	const char *url; /* NULL ends the list */
	enum mp_fetch_outcome outcome;
	int status;
	const char *type;
	const char *body; /* of one that cannot be had: the reason, or NULL */
	const char *location;
	double took_ms;
	int64_t fetched_ms;
};

/* The web of the next runs. NULL, as at the beginning: a judge that fetches anything fails its row. */
void judge_web(const struct judge_page *pages);
/* Answer a fetch from that web; without one nothing can be reached. */
void judge_fetch(struct mp_evidence *ev, struct mp_question *question);

/* What a row expects of one result. */
struct judge_want {
	const struct mp_check *check;
	const char *subject;
	enum mp_status status;
	const char *words[4]; /* parts of the summary; NULL ends */
};

/*
 * Run want->check and hold result number `nth` against the row: id, subject, status, words, and the form of its texts.
 * Prints what differs and returns how many things do.
 */
size_t judge_expect(const char *label, const struct judge_want *want, const struct mp_case *c, size_t source,
	const char *zone, size_t nth);

/* Of a result: its form. One sentence as summary, a fix for warn and fail, values an object. */
void judge_check_form(const char *label, const struct mp_result *r);

#endif
