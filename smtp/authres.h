/*
 * smtp/authres.h - Authentication-Results: what a receiver noted of a message
 *
 *     authres-header = authserv-id [version] ( *( ";" resinfo ) / ";" "none" )
 *     resinfo        = method ["/" version] "=" result ["reason" "=" value] *( ptype "." property "=" value )
 *
 * Microsoft leaves the authserv-id out; that is taken, too.
 *
 * Owns:   nothing; results live in the arena given, all texts are safe to show.
 * Fails:  never; what cannot be read is left out. Bounded by SMTP_AUTHRES_RESULTS.
 * Uses:   no I/O, no clock.
 * RFC:    8601 2.2, 8617 4.1.1 (the same with an instance before it).
 */
#ifndef SMTP_AUTHRES_H
#define SMTP_AUTHRES_H

#include "smtp/header.h"

enum { SMTP_AUTHRES_RESULTS = 64, SMTP_AUTHRES_PROPERTIES = 8 };

struct smtp_authres_property {
	const char *name, *value; /* "header.d", "example.com" */
};

struct smtp_authres_result {
	const char *method, *result; /* lower case */
	const char *reason;          /* or the first comment; NULL */
	size_t n;
	struct smtp_authres_property property[SMTP_AUTHRES_PROPERTIES];
};

struct smtp_authres {
	const char *id; /* authserv-id, lower case; NULL: left out */
	size_t n;
	struct smtp_authres_result *result;
};

void smtp_authres_read(struct mp_arena *a, struct mp_str value, struct smtp_authres *out);

/* The value of a property, or NULL. */
const char *smtp_authres_value(const struct smtp_authres_result *r, const char *name);

#endif
