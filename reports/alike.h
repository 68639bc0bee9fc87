/*
 * reports/alike.h - checks that say the same of several things: told once
 *
 * Owns:   nothing; texts live in the arena given.
 * Fails:  takes any tree.
 * Uses:   no I/O, no clock.
 */
#ifndef REP_ALIKE_H
#define REP_ALIKE_H

#include "reports/tree.h"

/* What a check says, whatever list it says it of: two with equal keys are alike. NULL: it stands for itself. */
const char *rep_alike_key(struct mp_arena *a, const json_t *check);
/* The one summary of n > 0 checks that are alike: "Whether 192.0.2.1 is on A, B could not be determined." */
const char *rep_alike_summary(struct mp_arena *a, const json_t *const *checks, size_t n);

#endif
