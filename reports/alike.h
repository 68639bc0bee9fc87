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

/* Whether two checks say the same, whatever list they say it of. What is wrong is alike to nothing: it counts one by one. */
bool rep_alike(const json_t *x, const json_t *y);
/* The one summary of n > 0 checks that are alike: "Whether 192.0.2.1 is on A, B could not be determined." */
const char *rep_alike_summary(struct mp_arena *a, const json_t *const *checks, size_t n);

#endif
