/*
 * smtp/mail.h - a received message, read as a stream: its header, and what signatures need of its body
 *
 *   1. Bytes become lines. A message that was stored with LF line ends is taken as if these were CRLF; in one with CRLF a
 *      lone LF is text, as it was on the wire. A "From " line of an mbox is passed over.
 *   2. The header is kept whole, up to SMTP_MAIL_HEADER bytes.
 *   3. Of the body nothing is kept. For every signature its body hash is made while the body passes by; and beside it, as
 *      long as the body is not huge, those of bodies from which a known change was taken back, so that a signature that
 *      fails can be told why.
 *
 * So memory does not grow with the message, and what is left is all that a later judgement needs: it is what a report
 * keeps in place of the message.
 *
 * Owns:   struct smtp_reader: its buffers and hashes. The result lives in the arena given.
 * Fails:  never: any bytes are a message, if a poor one. Saved ones: MP_EPARSE with the member that is wrong.
 * Uses:   smtp/sign.h. No I/O, no clock.
 * RFC:    5322 2.1, 6376 3.4, 3.7, 2046 5.1 (parts), 4155 (mbox).
 */
#ifndef SMTP_MAIL_H
#define SMTP_MAIL_H

#include "base/json.h"
#include "smtp/dkim.h"

enum {
	SMTP_MAIL_HEADER = 512 * 1024,
	SMTP_MAIL_SIGNATURES = 32,         /* that body hashes are made for */
	SMTP_MAIL_UNDO = 16 * 1024 * 1024, /* bytes of a body for which changes are looked for */
};

/* What, taken back, makes the body hash right. */
enum smtp_undo {
	SMTP_UNDO_NOTHING,
	SMTP_UNDO_FOOTER,    /* lines were appended */
	SMTP_UNDO_BANNER,    /* lines were put before */
	SMTP_UNDO_PART,      /* the message became a part of another one; lines behind it are part of that */
	SMTP_UNDO_SPACE,     /* white space changed */
	SMTP_UNDO_LINE_ENDS, /* lone CR or LF became CRLF */
	SMTP_UNDO_DOTS,      /* the dots that SMTP doubles were not taken off */
	SMTP_UNDO_FROM,      /* "From " at the beginning of lines became ">From " */
	SMTP_UNDO_QUOTED,    /* 8-bit text became quoted-printable */
	SMTP_UNDO__COUNT
};

const char *smtp_undo_name(enum smtp_undo u); /* "footer" */

/* What the body is to one signature. */
struct smtp_body_fact {
	size_t field; /* the signature: index in the header */
	uint8_t hash[SMTP_HASH];
	uint64_t length; /* of the whole canonical body */
	enum smtp_undo undo;
	uint64_t lines; /* of FOOTER, BANNER and PART: how many are too much */
};

struct smtp_mail {
	struct smtp_header header;
	struct mp_str header_bytes;
	bool header_cut; /* it is larger than is kept */
	bool lf;         /* stored with LF line ends */
	bool mbox;       /* a "From " line stood before it */
	bool no_body;    /* it ends within the header */
	uint64_t size, body_lines;
	uint64_t lone_cr, lone_lf, nul, long_lines; /* lines over 998 bytes */
	size_t n_bodies;
	struct smtp_body_fact *bodies;
};

struct smtp_reader;

struct smtp_reader *smtp_reader_new(struct mp_arena *a);
void smtp_reader_free(struct smtp_reader *r); /* NULL is fine */
/* Any split of the input gives the same message. */
void smtp_reader_feed(struct smtp_reader *r, struct mp_str bytes);
const struct smtp_mail *smtp_reader_end(struct smtp_reader *r);

/* The body fact of a signature, or NULL. */
const struct smtp_body_fact *smtp_mail_body(const struct smtp_mail *m, size_t field);

/* The saved form. New reference. */
json_t *smtp_mail_to_json(const struct smtp_mail *m);
int smtp_mail_from_json(const json_t *j, struct mp_arena *a, const struct smtp_mail **out, struct mp_err *err);

#endif
