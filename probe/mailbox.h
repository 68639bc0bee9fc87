/*
 * probe/mailbox.h - where a message landed, as evidence: a look into a mailbox by IMAP, and what was found there
 *
 * The judge looks the server's addresses up by itself and passes them on, as for fetches. User, password and token are
 * no part of a question: the observer has them by the mailbox's name.
 *
 * Owns:   nothing; questions and answers live in the evidence's arena and never change.
 * Fails:  an answer always has an outcome.
 * Uses:   no I/O, no clock.
 * RFC:    9051 and 3501 (IMAP), 6154 (special-use folders), 5322 3.6.4 (Message-ID).
 */
#ifndef MP_MAILBOX_H
#define MP_MAILBOX_H

#include "base/evidence.h"
#include "base/ip.h"
#include "smtp/mail.h"

enum {
	MP_MAILBOX_ADDRESSES_MAX = 16,
	MP_MAILBOX_HEADER_MAX = 64 * 1024, /* bytes of a header that are kept */
	MP_MAILBOX_LINES_MAX = 2000,       /* lines of it */
};

struct mp_mailbox_question {
	const char *mailbox; /* its name in the configuration */
	const char *host;
	uint16_t port;
	bool imaps; /* TLS from the start; else STARTTLS, which only a server on loopback may lack */
	size_t n_addresses;
	const struct mp_ip *addresses;
	const char *inbox;      /* folders, as the server spells them */
	const char *junk;       /* "": the one that the server marks so, else "Junk" */
	const char *message_id; /* without the angle brackets */
	uint32_t wait_ms;       /* it is looked for again until then */
	bool clean;             /* remove it when it was found */
	/* What has that Message-ID from another time: up to these UIDs, 0: nothing. With `before` they are asked for. */
	bool before;
	uint32_t inbox_uid, junk_uid;
};

enum mp_mailbox_outcome {
	MP_MAILBOX_FOUND,
	MP_MAILBOX_MISSING, /* in none of the folders within the time */
	MP_MAILBOX_NO_LOGIN,
	MP_MAILBOX_NO_FOLDER, /* not found, and a folder could not be opened */
	MP_MAILBOX_UNREACHABLE,
	MP_MAILBOX_TLS_FAILED,
	MP_MAILBOX_PROTOCOL_ERROR,
	MP_MAILBOX_UNKNOWN, /* not known in time, or there is no way to look on this machine */
};

struct mp_mailbox_answer {
	enum mp_mailbox_outcome outcome;
	const char *reason; /* one line: why not; NULL when found or missing */
	const char *folder; /* where it was found, or NULL */
	bool junk;          /* that is the junk folder */
	const char *tab;    /* the category of the inbox, where the server has such and tells: "promotions"; or NULL */
	double seconds;     /* from the question to the find */
	/* The message as it was fetched; NULL: it was not, or the report is redacted, in which the header's words remain. */
	const struct smtp_mail *mail;
	size_t n_header;
	const char *const *header; /* its lines, by mp_text()'s rules, folded as they are */
	bool cleaned;
	const char *clean_reason;     /* why it was not removed, or NULL */
	uint32_t inbox_uid, junk_uid; /* of a question `before`: the highest in each folder, 0: none */
	double at_ms;
};

extern const struct mp_kind mp_mailbox_kind;

/* Ask. NULL: pending. */
const struct mp_mailbox_answer *mp_mailbox_ask(struct mp_evidence *ev, const struct mp_mailbox_question *q);

/* "inbox", "junk", "tab", "missing"; NULL: it could not be looked at. */
const char *mp_placement_kind(const struct mp_mailbox_answer *ans);
const char *mp_mailbox_outcome_name(enum mp_mailbox_outcome o); /* "found", "missing", "no-login" ... */

/* Set the message, and the lines of its header. */
void mp_mailbox_keep(struct mp_arena *a, struct mp_mailbox_answer *ans, const struct smtp_mail *mail);

/* The header of what was found, for readers of messages: without a message of its own, of the lines alone. */
const struct smtp_mail *mp_mailbox_header(struct mp_arena *a, const struct mp_mailbox_answer *ans);

/* The values of a header field, each unfolded onto one line, in order. Returns how many, at most `max`. */
size_t mp_mailbox_field(
	struct mp_arena *a, const struct mp_mailbox_answer *ans, const char *name, const char **out, size_t max);

/*
 * Of untagged LIST answers: true when one names the folder `wanted`. `*marked` (may be NULL) is the folder that the server
 * marks as the one for junk (RFC 6154), or NULL.
 */
bool mp_imap_has_folder(struct mp_arena *a, struct mp_str bytes, const char *wanted, const char **marked);

/* The number that an untagged SEARCH answer ends with, the highest there is; 0: it found nothing. */
uint32_t mp_imap_search_result(struct mp_str bytes);

#endif
