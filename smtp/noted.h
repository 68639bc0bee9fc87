/*
 * smtp/noted.h - what receivers and their filters wrote into a message about it, in words
 *
 * Owns:   nothing; results live in the arena given, all texts are safe to show.
 * Fails:  never; fields and codes that are not known are left out. Bounded by SMTP_NOTED_MAX.
 * Uses:   no I/O, no clock.
 * Known:  Microsoft Learn "Anti-spam message headers" (2026), rspamd and SpamAssassin documentation, and messages seen.
 */
#ifndef SMTP_NOTED_H
#define SMTP_NOTED_H

#include "smtp/header.h"

enum { SMTP_NOTED_MAX = 128 };

enum smtp_mood { SMTP_NOTED_NEUTRAL, SMTP_NOTED_GOOD, SMTP_NOTED_BAD };

struct smtp_noted {
	const char *by;    /* "Microsoft", "rspamd" */
	const char *field; /* "X-Forefront-Antispam-Report" */
	const char *key;   /* "SCL"; NULL where the field is one value */
	const char *value;
	const char *words; /* "spam confidence level 5: taken for spam" */
	enum smtp_mood mood;
	size_t at; /* index of the field in the header */
};

/* In the order of the header. */
size_t smtp_noted_read(struct mp_arena *a, const struct smtp_header *h, struct smtp_noted out[static SMTP_NOTED_MAX]);

/* The words for Microsoft's composite authentication, "compauth=fail reason=001", or NULL. */
const char *smtp_noted_compauth(const char *reason);

#endif
