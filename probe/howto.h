/*
 * probe/howto.h - why each check matters, and how its fault is mended at the hosters and mail servers that people have
 *
 * A row for every check and cause: a test walks both tables and names what has none. What a check holds, and what a cause
 * means, stand in their own tables.
 *
 * Owns:   static tables. Fails: NULL. Uses: no I/O, no clock.
 */
#ifndef MP_HOWTO_H
#define MP_HOWTO_H

#include "base/base.h"

/* One way to do a thing at one place. */
struct mp_way {
	const char *where; /* "Hetzner", "Postfix"; NULL ends the list */
	const char *how;   /* one or two sentences; commands as they are typed */
	/* When it was compared with what its owner says (the hoster's pages, the program's manual, the RFC): "2026-11". */
	const char *verified; /* NULL: known from elsewhere */
};

/* A thing to do, in all the places where it may have to be done. */
struct mp_howto {
	const char *title; /* "Set a PTR record" */
	const char *first; /* what holds everywhere */
	struct mp_way ways[20];
};

struct mp_help_row {
	const char *id;                   /* of a check or a cause */
	const char *why;                  /* what receivers make of it, and what breaks */
	const struct mp_howto *howtos[4]; /* ended by NULL or the array */
};

const struct mp_help_row *mp_help_row(const char *id); /* NULL when there is none */

#endif
