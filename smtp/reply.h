/*
 * smtp/reply.h - from the server's bytes to replies, and what a reply tells
 *
 * Owns:   a reader owns the line under way; texts and replies live in the arena it was given.
 * Fails:  bytes that are no reply, or break a bound, make the reader stick at SMTP_GOT_GARBAGE with the reason. Where
 *         that happens depends on the bytes alone, never on how they were split.
 * Uses:   no I/O, no clock.
 * RFC:    5321 4.2 (replies), 4.5.3.1.5 (their length); 2034, 3463 (enhanced status codes).
 */
#ifndef SMTP_REPLY_H
#define SMTP_REPLY_H

#include "base/buf.h"
#include "smtp/session.h"

enum {
	SMTP_LINE_KEPT = 4096,        /* RFC 5321 has 512; what is longer is cut */
	SMTP_LINE_MAX = 65536,        /* a longer line is no SMTP */
	SMTP_REPLY_LINES = 512,       /* lines of one reply */
	SMTP_SESSION_BYTES = 1 << 20, /* of all replies of one session */
	SMTP_GARBAGE_KEPT = 512,      /* how much of a line that cannot be a reply is waited for */
};

enum smtp_got {
	SMTP_GOT_NOTHING, /* the bytes are used up */
	SMTP_GOT_LINE,    /* a line of a reply that goes on, in `text` */
	SMTP_GOT_REPLY,   /* the last line in `text`, the whole in `reply` */
	SMTP_GOT_GARBAGE, /* the offending bytes in `text`, the reason in `why` */
};

struct smtp_reader {
	struct mp_arena *a;
	struct mp_buf line;   /* the line under way, its first SMTP_LINE_KEPT bytes */
	size_t line_n, total; /* bytes of it, and of the session */
	bool odd;             /* the line under way can no longer become a reply line */
	int code;             /* of the reply under way; 0: none */
	const char **lines;
	size_t n_lines, cap_lines;
	/* what the last call found */
	const char *text, *why;
	struct smtp_reply *reply;
	bool bare_lf;   /* the line ended without CR */
	size_t cut_off; /* bytes of the line that were not kept */
};

void smtp_reader_init(struct smtp_reader *r, struct mp_arena *a);
void smtp_reader_release(struct smtp_reader *r);
/* Read on, to the end of a line at most; what was read is taken off the front of `*in`. */
enum smtp_got smtp_reader_next(struct smtp_reader *r, struct mp_str *in);
/* The text of a line that was begun and not ended, or NULL. For when nothing more will come. */
const char *smtp_reader_rest(struct smtp_reader *r);
/* True in the middle of a reply or of a line. */
bool smtp_reader_midway(const struct smtp_reader *r);

/*
 * Who sends such bytes instead of SMTP ("an SSH server"), or NULL. `text` as in smtp_reader.
 */
const char *smtp_impostor(const char *text);

/* A reply as one text, as mp_reply_flowed() has it; what is longer than `max` bytes ends in dots. */
char *smtp_reply_flowed(struct mp_arena *a, const struct smtp_reply *r, size_t max);

/* The text of a reply's line behind its code: "Ok" of "250-Ok"; "" when there is none. */
const char *smtp_line_text(const char *line);

/* The host that a greeting names, or NULL. */
const char *smtp_banner_host(const struct smtp_reply *banner, struct mp_arena *a);

/* Where a reply may name the client. */
enum smtp_naming {
	SMTP_NAMES_GREETED, /* EHLO's or HELO's reply: "mx.example Hello h [203.0.113.5]" */
	SMTP_NAMES_BANNER,  /* "you are [203.0.113.5]" */
	SMTP_NAMES_REFUSED, /* "Client host [203.0.113.5] blocked" */
};
/*
 * The address that the server sees us come from, if the reply tells it. Never the server's own, never one of another
 * family than the connection's, and not the echo of an address literal that we announced.
 */
bool smtp_names_client(
	const struct smtp_reply *r, enum smtp_naming where, const struct smtp_question *q, struct mp_ip *out);

#endif
