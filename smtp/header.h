/*
 * smtp/header.h - the header of a message: its fields, and what structured ones are made of
 *
 *     field       = field-name *WSP ":" *( text / obs-fold ) CRLF        ; folded: CRLF before WSP
 *     field-name  = 1*( %d33-57 / %d59-126 )
 *
 * The bytes given have CRLF line ends (smtp/mail.h sees to that); whatever else is in them stays: 8-bit text, bare CR and
 * LF, NUL. A line that is no field and continues none is passed over and counted.
 *
 * Owns:   nothing; views point into the bytes given, the rest lives in the arena.
 * Fails:  never; any bytes give a header, bounded by SMTP_FIELDS_MAX.
 * Uses:   no I/O, no clock.
 * RFC:    5322 2.2, 3.2.2 (comments), 3.4 (addresses), 3.6 (which fields, how often), 4.5 (obsolete forms).
 */
#ifndef SMTP_HEADER_H
#define SMTP_HEADER_H

#include "base/arena.h"
#include "base/buf.h"

enum { SMTP_FIELDS_MAX = 2000, SMTP_MAILBOXES_MAX = 64 };

struct smtp_field {
	struct mp_str raw;   /* all of it, the CRLF at its end too */
	struct mp_str name;  /* as it is written, without blanks before the colon */
	struct mp_str value; /* behind the colon, as it is written; without the CRLF at its end */
};

struct smtp_header {
	size_t n;
	struct smtp_field *field;
	size_t n_odd;    /* lines that are no field */
	const char *odd; /* the first of them, safe to show and short; or NULL */
	bool more;       /* there are more than SMTP_FIELDS_MAX */
};

void smtp_header_parse(struct mp_arena *a, struct mp_str bytes, struct smtp_header *out);

bool smtp_field_is(const struct smtp_field *f, const char *name);
/* How many fields of that name, and the first one at or behind `from` (h->n: none). */
size_t smtp_field_count(const struct smtp_header *h, const char *name);
size_t smtp_field_find(const struct smtp_header *h, const char *name, size_t from);

/* The value on one line, white space reduced to single blanks, none at the ends, by mp_text()'s rules. */
char *smtp_field_text(struct mp_arena *a, const struct smtp_field *f);

/* ---- structured values */

enum smtp_token_kind {
	SMTP_TOKEN_END,
	SMTP_TOKEN_ATOM,    /* a run of anything that is none of the others */
	SMTP_TOKEN_QUOTED,  /* text of a quoted string, without quotes and backslashes */
	SMTP_TOKEN_COMMENT, /* text within the outermost parentheses */
	SMTP_TOKEN_SPECIAL, /* one character of those that were asked for */
};

struct smtp_token {
	enum smtp_token_kind kind;
	struct mp_str text;
	size_t at, end; /* where it stands in the value */
	bool spaced;    /* white space or a comment stood before it */
};

/* Cuts a value into tokens. An open quote or parenthesis ends at the end. */
struct smtp_lexer {
	struct mp_arena *a;
	struct mp_str s;
	size_t at;
	const char *specials;
	bool comments; /* give comments, else they are passed over */
};

void smtp_lex_init(struct smtp_lexer *l, struct mp_arena *a, struct mp_str value, const char *specials);
enum smtp_token_kind smtp_lex(struct smtp_lexer *l, struct smtp_token *t);
struct smtp_token smtp_lex_peek(const struct smtp_lexer *l);

struct smtp_mailbox {
	const char *name;    /* display name, "" without one; safe to show */
	const char *address; /* local@domain, safe to show; "" when there is none in it */
	const char *domain;  /* lower case; "" when there is none */
};

/* The mailboxes of an address list; those in groups too. Bounded by SMTP_MAILBOXES_MAX. */
size_t smtp_mailboxes(struct mp_arena *a, struct mp_str value, struct smtp_mailbox out[static SMTP_MAILBOXES_MAX]);

/* A parameter of a value such as Content-Type's ("boundary"), or NULL. The bytes as they are. */
char *smtp_parameter(struct mp_arena *a, struct mp_str value, const char *name);

/*
 * A date-time as milliseconds since 1970. Obsolete zones and two-digit years are taken. False when it is none.
 * `zone_min` (may be NULL) gets the offset of its zone in minutes.
 */
bool smtp_date(struct mp_arena *a, struct mp_str value, int64_t *ms, int *zone_min);

#endif
