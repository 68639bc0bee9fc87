/*
 * tests/world/imap_server.h - a mailbox on loopback that messages arrive in, as far as looking one up needs it
 *
 * STARTTLS, LOGIN, AUTHENTICATE PLAIN or XOAUTH2, SELECT, UID SEARCH HEADER, UID FETCH BODY[], UID STORE and UID EXPUNGE. The
 * message that is searched for, once a receiver of the world took it, arrives in the folder that the row names, some time
 * later.
 *
 * Owns:   its sockets and timers. PKI, receiver and row must outlive it.
 * Fails:  world_imap_start() with what could not be had. An address that is not loopback is refused.
 * Uses:   network (loopback alone), the loop's thread, OpenSSL.
 * RFC:    3501, 4315 (UIDPLUS), 4959 (SASL-IR); XOAUTH2 is Google's, and in no RFC.
 */
#ifndef WORLD_IMAP_SERVER_H
#define WORLD_IMAP_SERVER_H

#include "tests/world/smtp_server.h"

#define WORLD_IMAP_USER "you@example.net"
#define WORLD_IMAP_PASSWORD "correct horse battery"
#define WORLD_IMAP_TOKEN "ya29.a0-world-bearer-token"

enum world_imap_tls {
	WORLD_IMAP_TLS,       /* from the start (imaps) */
	WORLD_IMAP_STARTTLS,  /* when asked for (imap); without it nobody logs in */
	WORLD_IMAP_NO_TLS,    /* never (imap) */
	WORLD_IMAP_NOT_SPOKEN /* plain text on the port of TLS (imaps) */
};

struct world_mailbox {
	const char *address; /* loopback; NULL ends the list */
	const char *name;    /* of its section in the client's configuration; NULL: "seed" */
	const char *owner;   /* whose mail arrives in it; NULL: WORLD_IMAP_USER, as whom one logs in */
	enum world_imap_tls tls;
	enum world_cert cert;
	const char *folder;  /* "INBOX", "Junk": where messages arrive; NULL: nowhere */
	unsigned after_ms;   /* that much later than the receiver took them */
	bool no_junk;        /* there is no folder Junk */
	bool other_password; /* the one that the client has is wrong; so the token */
	bool token;          /* it is opened with a token (XOAUTH2), and takes no password */
	const char *stamp;   /* header fields that the receiver sets before the message, CRLF ended, or NULL */
	const char *before; /* the folder that has a message with that Message-ID already, from another time; or NULL */
	bool keeps;         /* it cannot expunge one message alone */
	const char *tag;    /* what a list on the way sets before the Subject, or NULL */
	const char *footer; /* what it adds to the body, CRLF ended, or NULL */
};

struct uv_loop_s;
struct world_imap;

struct world_imap *world_imap_start(struct uv_loop_s *loop, const struct world_pki *pki, const char *host,
	const struct world_mailbox *row, const struct world_smtp *receiver, struct mp_err *err);
uint16_t world_imap_port(const struct world_imap *s);
void world_imap_stop(struct world_imap *s); /* close all handles; run the loop until idle, then free */
void world_imap_free(struct world_imap *s); /* NULL is fine */

#endif
