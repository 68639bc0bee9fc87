/*
 * smtp/found.h - replies within a text: a mail-log line, or a paragraph of a bounce
 *
 * Owns:   nothing. What is found points into the text given, and is valid during the call only.
 * Fails:  never: a text without a reply gives none.
 * Uses:   no I/O, no clock, no allocation.
 * RFC:    5321 4.2 (replies), 3463 (enhanced status codes).
 */
#ifndef SMTP_FOUND_H
#define SMTP_FOUND_H

#include "smtp/session.h"

struct smtp_found {
	struct mp_str reply;  /* its lines joined by '\n', as they were written */
	int stage;            /* enum smtp_stage where the text tells it, else -1 */
	struct mp_str host;   /* who spoke: a name or an address; n 0: not told */
	struct mp_str domain; /* the recipient's; n 0: not told */
};

typedef void smtp_found_fn(void *to, const struct smtp_found *f);

/*
 * A line of Postfix's, Exim's, Sendmail's, OpenSMTPD's or qmail's log. The reply is told, if the line holds one. False:
 * it is no such line. Its blanks may be changed in place.
 */
bool smtp_found_in_log(char *line, size_t n, smtp_found_fn *found, void *to);

/* A literal "\n" before a code is how logs write the lines of a reply: a newline, in place. Returns the new length. */
size_t smtp_found_unescape(char *line, size_t n);

/* True when the line begins as the lines of logs do, with a time. */
bool smtp_found_log_time(struct mp_str line);

enum smtp_found_how {
	SMTP_FOUND_LOOSE,  /* text of a bounce: a code behind a colon is a reply */
	SMTP_FOUND_STRICT, /* anything: behind a phrase that introduces replies, or with an enhanced code alone */
};

/*
 * All replies of a paragraph. A newline stands before those lines only that begin with a code or a phrase of their own
 * (smtp_found_breaks()); all others were joined by a blank.
 */
size_t smtp_found_in_text(struct mp_str text, enum smtp_found_how how, smtp_found_fn *found, void *to);
bool smtp_found_breaks(struct mp_str line);

/* Length of what a transcript puts before the server's replies ("<<< 550", "S: 550"), or 0. */
size_t smtp_found_mark(struct mp_str line);
/* Does a 4yz or 5yz reply line begin there? */
bool smtp_found_code(struct mp_str line);
/* The domain of the first address in the text; n 0: none. */
struct mp_str smtp_found_domain(struct mp_str text);

#endif
