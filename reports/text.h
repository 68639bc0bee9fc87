/*
 * reports/text.h - inside the text form: what its parts share
 *
 * Owns:   nothing; all text lives in the page's arena, bytes go to its buffer.
 * Fails:  never; see reports/wrap.h.
 * Uses:   no I/O, no clock.
 */
#ifndef REP_TEXT_H
#define REP_TEXT_H

#include "reports/report.h"
#include "reports/tree.h"
#include "reports/wrap.h"

enum { REP_INDENT = 5 }; /* of what stands below a numbered title */

struct rep_sheet {
	struct rep_page pg;
	const json_t *report;
	bool verbose, single;
};

struct rep_verdict_word {
	const char *status, *word, *single;
	enum rep_ink ink;
};
const struct rep_verdict_word *rep_verdict_word(const char *status); /* UNKNOWN's for any other term */

struct rep_status_word {
	const char *status, *word, *count; /* count: "2 failed" */
	enum rep_ink ink;
};
enum { REP_N_STATUSES = 6 };
extern const struct rep_status_word rep_statuses[REP_N_STATUSES];  /* in the order of a count */
const struct rep_status_word *rep_status_word(const char *status); /* "-" for any other term */

enum rep_ink rep_outcome_ink(const json_t *session);

/* A title between empty lines, with words of the same line behind it or NULL. */
void rep_heading(struct rep_sheet *t, const char *title, const char *more);

/* Text behind a word in ink that begins the line; further lines stand below the word. */
void rep_worded(struct rep_sheet *t, unsigned indent, enum rep_ink ink, const char *word, const char *text);

/* A list that grows: item by item, with `sep` between. NULL until the first. */
struct rep_list {
	struct rep_sheet *t;
	const char *text;
};
void rep_add(struct rep_list *l, const char *sep, const char *fmt, ...) MP_PRINTF(3, 4);

/* How a target stands, in a few words. */
const char *rep_target_brief(struct rep_sheet *t, const json_t *target);

/* The parts of the page, in its order. */
bool rep_text_why(struct rep_sheet *t); /* false: there was nothing to tell */
void rep_text_what_to_do(struct rep_sheet *t);
void rep_text_noted(struct rep_sheet *t, const char *title);
void rep_text_compare(struct rep_sheet *t);
void rep_text_sessions(struct rep_sheet *t);
void rep_text_rules(struct rep_sheet *t);
void rep_text_checks(struct rep_sheet *t);

#endif
