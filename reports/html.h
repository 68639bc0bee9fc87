/*
 * reports/html.h - inside the HTML form: what its parts share
 *
 * Markup comes from formats that are literals alone; what stands for a %s is escaped by rep_html_text(), always. So no
 * string of a tree can become markup, an attribute's end, a URL or CSS.
 *
 * Owns:   nothing; all text lives in the sheet's arena, bytes go to its buffer.
 * Fails:  never; a full buffer is the buffer's sticky state.
 * Uses:   no I/O, no clock.
 */
#ifndef REP_HTML_H
#define REP_HTML_H

#include "reports/report.h"
#include "reports/tree.h"

struct rep_html {
	struct mp_arena *a;
	struct mp_buf *out;
	const json_t *report;
	bool single; /* of the sender alone */
};

/* How something stands. In the order of weight: of several the first counts. */
enum rep_state { REP_BAD, REP_WARN, REP_UNKNOWN, REP_GOOD, REP_NOTE, REP_NONE, REP_N_STATES };

/* `s` for text and attributes: markup escaped, bytes from outside as mp_text() shows them, line ends kept. */
void rep_html_text(struct rep_html *h, const char *s);
/* A literal with %s, each of them escaped; NULL is empty. No other conversions. */
void rep_html_put(struct rep_html *h, const char *markup, ...) MP_PRINTF(2, 3);

/* " class words" of a state: bad, warn, unknown, good, note, none. */
const char *rep_html_class(enum rep_state state);
void rep_html_icon(struct rep_html *h, enum rep_state state);
/* A word in the state's colours, with its icon. */
void rep_html_badge(struct rep_html *h, enum rep_state state, const char *word);

enum rep_state rep_html_check_state(const json_t *check);
enum rep_state rep_html_outcome_state(const json_t *session);
enum rep_state rep_html_verdict_state(const char *status);
const char *rep_html_verdict_word(const char *status);
const char *rep_html_check_word(const json_t *check);
/* Text items of an array, with ", " between; at most a few dozen. NULL without any. */
const char *rep_html_list(struct rep_html *h, const json_t *object, const char *key);
/* Names and addresses, which may be cut into lines at their joints, an IPv4 address nowhere. */
void rep_html_names(struct rep_html *h, const char *value);

/* The parts of the page. */
void rep_html_path(struct rep_html *h);
void rep_html_compare(struct rep_html *h);
void rep_html_sessions(struct rep_html *h);
void rep_html_rules(struct rep_html *h);
void rep_html_checks(struct rep_html *h);

/* The report itself, as a data block that rep_html_data() finds. */
void rep_html_embed(struct rep_html *h);

/* The one style sheet, and its SHA-256 in base64 for the Content-Security-Policy. */
extern const char rep_html_style[], rep_html_style_hash[];

#endif
