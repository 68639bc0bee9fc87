/*
 * reports/placed.h - where the messages of a run landed, and what their receivers saw: the rows of two tables
 *
 * Owns:   nothing; texts are borrowed from the tree, static, or in the arena given.
 * Fails:  no rows where no mailbox was looked into. Any tree will do (reports/tree.h).
 * Uses:   no I/O, no clock.
 */
#ifndef REP_PLACED_H
#define REP_PLACED_H

#include "reports/tree.h"

struct rep_placed {
	const char *mailbox;
	const char *kind;               /* "inbox", "JUNK", "promotions", "MISSING", "unknown" */
	const char *folder;             /* or NULL */
	const char *took;               /* "3.1 s", or NULL */
	const char *spf, *dkim, *dmarc; /* as seen, or NULL; several signatures: "1 of 2" */
	const char *note;               /* score, or why nothing is known; why it is still there; or NULL */
	bool good, bad;
};

/* The mailboxes of a target; false past the last. */
bool rep_placed(struct mp_arena *a, const json_t *target, size_t i, struct rep_placed *out);
bool rep_any_placed(const json_t *report);
/* Where the message to a target landed, in a few words; NULL: no mailbox was asked for. */
const char *rep_landed(struct mp_arena *a, const json_t *target);

/* What was predicted beside what was seen. */
struct rep_seen {
	const char *what;             /* "seed: SPF of example.com" */
	const char *method;           /* "SPF" */
	const char *predicted, *seen; /* never NULL */
	const char *why;              /* or NULL */
	bool same, differs;           /* neither, where one of the two is not known */
};
bool rep_seen(const json_t *placement, size_t i, struct rep_seen *out);

#endif
