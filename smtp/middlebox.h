/*
 * smtp/middlebox.h - signs that a device on the way rewrites the session
 *
 * Firewalls that "inspect" SMTP put X for letters of keywords that they do not know, STARTTLS among them, and asterisks
 * for the greeting: what the server offers does not arrive.
 *
 * Owns:   texts live in the arena given.
 * Fails:  never. Uses: no I/O, no clock.
 */
#ifndef SMTP_MIDDLEBOX_H
#define SMTP_MIDDLEBOX_H

#include "smtp/session.h"

/*
 * What was seen, for a sentence: "its EHLO reply has \"XXXXXXXA\" in the place of a keyword and the greeting is asterisks";
 * NULL: nothing. `keyword_out`: the keyword that was written over, or NULL.
 */
const char *smtp_middlebox_words(struct mp_arena *a, const struct smtp_session *s, const char **keyword_out);

#endif
