/*
 * smtp/engine.h - one SMTP session as a pure machine: bytes, events and the time in, wishes out
 *
 * The driver does what smtp_engine_next() wants until that is to read or to close; then it waits for bytes or an event,
 * hands them over, and asks again. Tests and fuzzers are drivers without sockets.
 *
 * Owns:   its buffers; the record and all texts live in the arena given. The question is borrowed.
 * Fails:  never; whatever happens ends in a record with an outcome and the stage where it was decided.
 * Uses:   no I/O, no clock: `now_us` is any clock that never goes back.
 * RFC:    5321 (3.1 to 3.3, 4.1.1, 4.3, 4.5.2), 3207 (STARTTLS), 2920 (PIPELINING), 6531 (SMTPUTF8), 1870 (SIZE),
 *         6152 (8BITMIME), 3030 (CHUNKING).
 *
 * What is never done: nothing is sent before the whole greeting, nor behind an unanswered EHLO or STARTTLS; plaintext that
 * came behind the 220 to STARTTLS is not used; no parameter puts a line end or NUL on the wire; no message is sent but
 * the one that the question names, once.
 */
#ifndef SMTP_ENGINE_H
#define SMTP_ENGINE_H

#include "smtp/session.h"

struct smtp_limits {
	uint32_t connect_ms, reply_ms, session_ms; /* no connection; silence; the whole session */
	uint32_t quit_ms;                          /* from the decision to the end */
};

enum smtp_want {
	SMTP_WANT_CONNECT, /* start to connect; once */
	SMTP_WANT_WRITE,   /* send `bytes`, through TLS if that is up */
	SMTP_WANT_TLS,     /* start the handshake; once */
	SMTP_WANT_READ,    /* wait for bytes or an event, until `deadline_us`: then give SMTP_EV_TIMER */
	SMTP_WANT_CLOSE,   /* the session is over */
};

struct smtp_action {
	enum smtp_want want;
	struct mp_str bytes; /* alive until the next call */
	uint64_t deadline_us;
	bool quickack; /* acknowledge what comes at once: the server's next segment may wait for that (Nagle) */
};

enum smtp_event {
	SMTP_EV_CONNECTED,
	SMTP_EV_UNREACHABLE, /* no connection; `why` */
	SMTP_EV_CLOSED,      /* the server ended its side */
	SMTP_EV_BROKEN,      /* the connection failed; `why` */
	SMTP_EV_TIMER,       /* the deadline of the last wish has passed */
	SMTP_EV_TLS_FLIGHT,  /* bytes of the handshake were sent, and now the server's are waited for */
	SMTP_EV_TLS_UP,      /* ours to speak; what EHLO wants to write may go in the same flight as our Finished */
	SMTP_EV_TLS_FAILED,  /* `why` */
	SMTP_EV_FLOOD,       /* more bytes than the driver takes; `why` */
};

struct smtp_engine;

/* `start_us` is `now_us` at the start of the run. */
struct smtp_engine *smtp_engine_new(struct mp_arena *a, const struct smtp_question *q, const struct smtp_limits *lim,
	uint64_t start_us, uint64_t now_us);
void smtp_engine_free(struct smtp_engine *e); /* NULL is fine */

/* The message that the question names; borrowed. Before the first smtp_engine_next(). Without it nothing is sent. */
void smtp_engine_message(struct smtp_engine *e, const struct smtp_message *m);
struct smtp_action smtp_engine_next(struct smtp_engine *e);
/* Bytes from the server, decrypted where TLS is up, in any split. */
void smtp_engine_feed(struct smtp_engine *e, struct mp_str in, uint64_t now_us);
/* `why` is copied; one line for a person, or NULL. */
void smtp_engine_event(struct smtp_engine *e, enum smtp_event ev, const char *why, uint64_t now_us);
/* What SMTP_EV_UNREACHABLE comes of; before it. */
void smtp_engine_no_way(struct smtp_engine *e, enum smtp_no_way why);
/* The address that was in fact sent from; for questions that left it to the system. */
void smtp_engine_source(struct smtp_engine *e, const struct mp_ip *source);
/* What TLS turned out to be; after SMTP_EV_TLS_UP, at leisure. `tls` lives in the arena. */
void smtp_engine_tls(struct smtp_engine *e, struct smtp_tls *tls);
/* The run ends: QUIT where the protocol allows it, all over within `grace_ms`. See smtp_observer_finish(). */
void smtp_engine_finish(struct smtp_engine *e, const char *why, uint32_t grace_ms, uint64_t now_us);
/* What goes on: "EHLO", "waiting for the greeting". */
const char *smtp_engine_doing(const struct smtp_engine *e);
/* The record, complete. After SMTP_WANT_CLOSE; once. */
struct smtp_session *smtp_engine_end(struct smtp_engine *e, uint64_t now_us);

#endif
