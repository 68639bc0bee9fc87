/*
 * probe/score.h - what a content filter made of a message: rspamd's JSON, spamd's report, and both in one saved form
 *
 * Owns:   nothing; results live in the arena given, and all texts are safe to show.
 * Fails:  MP_EPARSE with what is odd about the answer. Of rules, what has not their form is left out.
 * Uses:   no I/O, no clock. Fuzzed by tests/fuzz/fuzz_score.c.
 * Known:  rspamd's HTTP protocol (/checkv2), SpamAssassin's spamd/PROTOCOL and its report templates (3.4, 4.0).
 */
#ifndef MP_SCORE_H
#define MP_SCORE_H

#include "base/json.h"

enum {
	MP_SCORE_RULES_MAX = 256,
	MP_SCORE_NAME_MAX = 80,
	MP_SCORE_WORDS_MAX = 240, /* of what the filter says a rule is */
};

struct mp_rule {
	const char *name;  /* "MISSING_MID" */
	double score;      /* hundredths; below 0: speaks for the message */
	const char *words; /* the filter's own, or NULL */
};

struct mp_score {
	double score, threshold; /* hundredths. Of rspamd the score at which it rejects */
	const char *action;      /* rspamd's: "no action", "add header" ...; NULL: spamd, which has none */
	bool spam;               /* it would not go to the inbox as it is */
	bool later;              /* it would be deferred at first: rspamd's "greylist" */
	size_t n_rules;
	const struct mp_rule *rules; /* by score, the highest first; then by name */
};

int mp_score_of_rspamd(struct mp_arena *a, struct mp_str body, struct mp_score *out, struct mp_err *err);
/* A whole answer to REPORT, from "SPAMD/1.1 0 EX_OK" on. */
int mp_score_of_spamd(struct mp_arena *a, struct mp_str bytes, struct mp_score *out, struct mp_err *err);

/* The saved form, one line. What was in the message, and a report may quote, is not in it. */
char *mp_score_text(struct mp_arena *a, const struct mp_score *s);
/* Strict: only what mp_score_text() writes. */
int mp_score_read(struct mp_arena *a, struct mp_str text, struct mp_score *out, struct mp_err *err);

/* For fetches (struct mp_fetch_use): the saved form of an answer; NULL: it is none. */
char *mp_score_cut_rspamd(struct mp_arena *a, struct mp_str body, const char *message_id);
char *mp_score_cut_spamd(struct mp_arena *a, struct mp_str bytes, const char *message_id);

/* ---- score_words.c */

/* What a rule's name says and how what it found is mended; `words` NULL: not known. */
struct mp_rule_known {
	const char *name;  /* a '*' in it stands for anything */
	const char *words; /* what is so of a message that it hits */
	const char *fix;   /* NULL: nothing to mend */
};
const struct mp_rule_known *mp_rule_known(const char *name); /* NULL when it is none of them */

extern const struct mp_rule_known mp_rules_known[];
extern const size_t mp_n_rules_known;

#endif
