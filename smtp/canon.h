/*
 * smtp/canon.h - the two forms in which DKIM signs headers and bodies
 *
 * A body is taken in pieces: of a line, with what ended it known. So any split of the input gives the same bytes, memory
 * is bounded, and whoever feeds it decides what a line end is.
 *
 * Owns:   nothing but the texts in the arena given.
 * Fails:  never.
 * Uses:   no I/O, no clock.
 * RFC:    6376 3.4 (the forms), 3.5 (l=), 3.7 (the signature's own field).
 */
#ifndef SMTP_CANON_H
#define SMTP_CANON_H

#include "base/buf.h"
#include "smtp/header.h"

enum smtp_canon { SMTP_SIMPLE, SMTP_RELAXED };

const char *smtp_canon_name(enum smtp_canon c); /* "simple", "relaxed" */
/* "relaxed/simple" as in the tag c (RFC 6376 3.5): a body that is not named is simple. False where a form is not known. */
bool smtp_canon_parse(struct mp_str s, enum smtp_canon *header, enum smtp_canon *body);

/* Append a field as it is signed; its CRLF included. */
void smtp_canon_field(enum smtp_canon how, const struct smtp_field *f, struct mp_buf *out);
/* The same of a signature's own field: without the value of its tag b, and without the CRLF at its end. */
void smtp_canon_own(enum smtp_canon how, const struct smtp_field *f, struct mp_buf *out);

struct smtp_body {
	enum smtp_canon how;
	void (*out)(void *to, struct mp_str bytes); /* canonical bytes; never called with none */
	void *to;
	uint64_t n;          /* canonical bytes so far, without those that are held back */
	uint64_t held_lines; /* line ends held back: empty lines at the end do not count */
	bool any;            /* there was a byte */
	bool blank;          /* relaxed: white space held back */
	bool text;           /* the line has text, up to now */
};

void smtp_body_init(struct smtp_body *b, enum smtp_canon how, void (*out)(void *to, struct mp_str bytes), void *to);
/* A piece of a line, without its end. */
void smtp_body_text(struct smtp_body *b, struct mp_str piece);
/* The line ended. True when what came so far would be a whole body that ends here: the line was not empty. */
bool smtp_body_line(struct smtp_body *b);
/* The body ended. */
void smtp_body_end(struct smtp_body *b);

#endif
