/*
 * tests/world/scenarios.h - senders, receivers and zones, each with one thing wrong, and what a report must say of them
 *
 * Adding a scenario is one row in scenarios.c: `mailprobe demo` lists and runs it, the whole-run tests hold it to its
 * promise.
 *
 * Owns:   static tables. Fails: NULL. Uses: no I/O, no clock.
 */
#ifndef WORLD_SCENARIOS_H
#define WORLD_SCENARIOS_H

#include <jansson.h>

#include "base/buf.h"
#include "tests/world/smtp_server.h"

struct world_receiver {
	const char *host;    /* NULL ends the list */
	const char *address; /* loopback; the zone must say the same */
	const char *policy;  /* a row of policies.c */
	enum world_cert cert;
	bool closed; /* the port is bound, but nobody listens: connection refused */
};

struct world_sender {
	const char *address;   /* loopback; NULL ends the list */
	const char *public_ip; /* as receivers see it */
	bool untold;           /* no --public-ip is given: only a receiver can tell */
};

/* Words are those of the report. */
struct world_promise {
	const char *verdict;
	int exit_status;
	const char *summary_has; /* a word that the verdict's summary must have, or NULL */
	/* the deciding session of the first target; outcome NULL: no session decides */
	const char *outcome, *stage, *cause; /* cause NULL: none */
	int code;                            /* of the deciding reply; 0: any */
	const char *source;                  /* of the deciding session, public; NULL: any */
	const char *purpose;                 /* NULL: "baseline" */
	/* the first finding, whatever its status; NULL: there is none at all */
	const char *finding, *certainty, *status;
	/* the causes of all findings of status fail or warn, in any order, blanks between; "" for none */
	const char *causes;
	/* checks: "ID STATUS" or "ID SUBJECT STATUS" each; every check of that id (and subject) has that status */
	const char *checks[16];
};

struct world_scenario {
	const char *id;
	const char *title;
	const char *story; /* two lines */
	const char *zone;  /* joined with the zones that all scenarios share */
	struct world_sender senders[3];
	struct world_receiver receivers[4];
	const char *ehlo, *from;
	const char *to[4];    /* targets */
	const char *extra[6]; /* further arguments */
	bool ca;              /* pass the world's CA by --ca-file */
	struct world_promise promise;
};

extern const struct world_scenario world_scenarios[];
extern const size_t world_n_scenarios;
const struct world_scenario *world_scenario_by_id(const char *id); /* NULL when there is none */

/*
 * Hold a report (mailprobe.report/1) and the exit status to the promise. True when it keeps it; else `why` has one line
 * for each difference: "verdict.status: got x, promised y".
 */
bool world_promise_kept(const struct world_scenario *s, const json_t *report, int exit_status, struct mp_buf *why);

#endif
