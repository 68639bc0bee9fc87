/*
 * tests/unit/row.h - assertions for rows of a table: a failure names the row, what came and what was wanted
 *
 * Owns:   nothing.
 * Fails:  as cmocka does: the test ends.
 * Uses:   cmocka, which it includes after what that needs.
 */
#ifndef MP_TEST_ROW_H
#define MP_TEST_ROW_H

#include "base/base.h"

#include <setjmp.h>
#include <cmocka.h>

/* NULL equals NULL. */
static inline void row_str(const char *label, const char *got, const char *want)
{
	if (got == want || (got && want && strcmp(got, want) == 0))
		return;
	fail_msg("row '%s': got \"%s\", want \"%s\"", label, got ? got : "(null)", want ? want : "(null)");
}

static inline void row_view(const char *label, struct mp_str got, const char *want)
{
	if (!got.p || got.n != strlen(want) || (got.n && memcmp(got.p, want, got.n) != 0))
		fail_msg("row '%s': got \"%.*s\", want \"%s\"", label, (int)got.n, got.p ? got.p : "", want);
}

static inline void row_int(const char *label, long long got, long long want)
{
	if (got != want)
		fail_msg("row '%s': got %lld, want %lld", label, got, want);
}

static inline void row_bool(const char *label, bool got, bool want)
{
	if (got != want)
		fail_msg("row '%s': got %s, want %s", label, got ? "true" : "false", want ? "true" : "false");
}

#endif
