/*
 * smtp/own.h - rules of the user's own, which smtp_classify() tries with the built-in ones
 *
 * A rule that names words, a provider or an MX is tried before all built-in rows, in its order; one that names codes or
 * stages alone, when the words of the reply told nothing: at the place of the built-in rows for codes, and before them.
 * All that a rule names must hold; what is not known (the stage of a reply that somebody pasted) does not.
 *
 * Owns:   nothing; all lives in the arena that it was made in (probe/ownrules.h reads it from a file).
 * Fails:  smtp_own_prepare() when the phrases are too many for one index.
 * Uses:   no I/O, no clock.
 */
#ifndef SMTP_OWN_H
#define SMTP_OWN_H

#include "smtp/match.h"
#include "smtp/rules.h"

struct smtp_own_rule {
	struct smtp_rule row; /* phrase: of mx/phrase/pattern below, as smtp/match.h has it; tier: see above */
	size_t line;          /* of the file */
	uint32_t stages;      /* bits by enum smtp_stage; 0: any */
	const char *mx;       /* the MX host, or a domain that it is in; NULL: any */
	const char *words;    /* what the file has: literal words, or a pattern; NULL: any */
	bool pattern;
};

struct smtp_own_rules {
	size_t n;
	const struct smtp_own_rule *list;
	const struct smtp_index *index; /* of their phrases; owner: place in the list */
};

/* What is wrong with a pattern from outside the program, or NULL: those that pass match within bounds. */
const char *smtp_pattern_wrong(const char *pattern);
/* Words as they stand in a reply, as a pattern that matches them. */
const char *smtp_pattern_of_words(struct mp_arena *a, struct mp_str words);

bool smtp_own_prepare(struct mp_arena *a, struct smtp_own_rules *r);

/* What is known of a reply, beside its text. */
struct smtp_own_facts {
	int code;             /* 0: none */
	int stage;            /* -1: not known */
	const char *provider; /* NULL: not recognised */
	const char *mx;       /* NULL: not known */
	const struct smtp_text *enhanced;
};

/* The first rule of that tier (SMTP_BY_USER, SMTP_BY_ENHANCED) that holds; NULL: none. `r` may be NULL. */
const struct smtp_own_rule *smtp_own_match(const struct smtp_own_rules *r, enum smtp_tier tier,
	const struct smtp_own_facts *f, const struct smtp_text *text);

#endif
