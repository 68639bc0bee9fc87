/*
 * probe/request.h - texts to send to the party who can mend a fault, and who that is
 *
 * Two tables: the kinds of requests, each a word of --request, and which findings need which. A request asks for what only
 * others can do; for a fault that the sender can mend alone there is none.
 *
 * Owns:   the texts, in the judge's arena.
 * Fails:  never.
 * Uses:   no I/O, no clock.
 */
#ifndef MP_REQUEST_H
#define MP_REQUEST_H

#include "probe/correlate.h"

struct mp_request_kind {
	const char *word; /* of --request: "ptr" */
	const char *asks; /* whom it asks for what: "the holder of the address to set its PTR record" */
};

extern const struct mp_request_kind mp_request_kinds[];
extern const size_t mp_n_request_kinds;

/* Where a finding needs others: its request, request_kind, and a step of its fix that says whom to send it to. */
void mp_request_make(struct mp_judge *j, struct mp_finding *f);

#endif
