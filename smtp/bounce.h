/*
 * smtp/bounce.h - replies found in what people have: the reply itself, a bounce message, a mail log
 *
 * 1. Bytes become lines of at most SMTP_BOUNCE_LINE bytes; the rest of a longer line is dropped.
 * 2. Input that begins with header fields is a message (or an mbox of them): parts are told apart and decoded. Of a
 *    multipart/report the delivery-status part is believed (RFC 3464); the text part only where that has no reply.
 *    What the original message said (message/rfc822, HTML) is passed over.
 * 3. All else is text: a line of a mail log stands for itself, other lines form paragraphs, wrapped lines joined.
 * 4. smtp/found.h finds the replies in them.
 *
 * Owns:   struct smtp_bounce: its buffers, of bounded size whatever is fed.
 * Fails:  never: input without a reply finds none.
 * Uses:   no I/O, no clock.
 * RFC:    3464 (delivery status), 2045, 2046 (parts and encodings), 5321 4.2 (replies).
 */
#ifndef SMTP_BOUNCE_H
#define SMTP_BOUNCE_H

#include "base/buf.h"
#include "smtp/found.h"

enum {
	SMTP_BOUNCE_LINE = 64 * 1024,
	SMTP_BOUNCE_PARAGRAPH = 64 * 1024, /* wrapped lines that are looked at as one text */
};

struct smtp_bounce;

/* `found` is called for each reply, in order, from within the calls below. */
struct smtp_bounce *smtp_bounce_new(smtp_found_fn *found, void *to);
void smtp_bounce_free(struct smtp_bounce *b); /* NULL is fine */
/* Any split of the input finds the same replies. */
void smtp_bounce_feed(struct smtp_bounce *b, struct mp_str bytes);
void smtp_bounce_end(struct smtp_bounce *b);
/* All of it was plain text: no message, and no line of a log. */
bool smtp_bounce_is_text(const struct smtp_bounce *b);

#endif
