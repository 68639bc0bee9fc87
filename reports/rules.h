/*
 * reports/rules.h - the providers' rules of a report (checks policy.*) as one table: requirements down, providers across
 *
 * Shown are the providers of the run's targets; where there are none among them, all.
 *
 * Owns:   nothing; the table lives in the arena given and borrows from the tree.
 * Fails:  false where the report has no such check.
 * Uses:   no I/O, no clock.
 */
#ifndef REP_RULES_H
#define REP_RULES_H

#include "reports/tree.h"

enum { REP_PROVIDERS = 8 };

struct rep_rule {
	const char *subject, *required;    /* "always", "bulk", "advised" */
	const json_t *cell[REP_PROVIDERS]; /* the check, or NULL: that provider does not ask it */
};

struct rep_rules {
	bool counting; /* the providers are those of targets */
	size_t n_providers;
	const char *provider[REP_PROVIDERS];
	const char *bulk[REP_PROVIDERS]; /* "5,000 messages or more ...", or NULL */
	size_t n, cap;
	struct rep_rule *rule; /* those of one kind together, "always" first */
};

bool rep_rules_read(struct mp_arena *a, const json_t *report, struct rep_rules *out);

/* "met", "not met", "unknown", "not seen", whatever the tree says; "" for none. */
const char *rep_rule_word(const json_t *cell);

/* Whether a check is one of them. */
bool rep_is_rule(const json_t *check);

/* A heading for those of a kind: "of every sender". */
const char *rep_rules_kind(const char *required);

#endif
