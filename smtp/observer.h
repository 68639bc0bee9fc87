/*
 * smtp/observer.h - holds real SMTP sessions on the run's libuv loop
 *
 * Owns:   its sockets, TLS state and timers; records go to the evidence, in its arena.
 * Fails:  a session never fails to have a record.
 * Uses:   network, monotonic clock, the loop's thread only. Never calls a judge. SIGPIPE must be ignored: libuv does not.
 *         At most one session at a time to one host (struct smtp_question.mx); others wait in line, in the order asked.
 */
#ifndef SMTP_OBSERVER_H
#define SMTP_OBSERVER_H

#include <uv.h>

#include "smtp/session.h"

struct smtp_config {
	uint64_t start_ms;           /* uv_now() at the start of the run */
	uint32_t connect_timeout_ms; /* 0: the default of 30 s */
	uint32_t
		reply_timeout_ms; /* silence that ends a session; 0: the default of 60 s (greet pauses of 20 s are normal) */
	uint32_t session_timeout_ms;         /* a whole session; 0: 300 s */
	const char *ca_file;                 /* extra trust anchors (PEM), or NULL */
	int64_t now_ms;                      /* wall clock at start, for certificate validity */
	const struct smtp_message *messages; /* those that questions name; borrowed */
	size_t n_messages;
};

struct smtp_observer;

struct smtp_observer *smtp_observer_new(
	uv_loop_t *loop, struct mp_evidence *ev, const struct smtp_config *cfg, struct mp_err *err);
/* Take a question of smtp_kind to the network. Never blocks. */
void smtp_observe(struct smtp_observer *o, struct mp_question *q);
/*
 * The run ends (deadline, interrupt): sessions that wait in line are given up; those that are connected send QUIT where
 * the protocol allows it and end within `grace_ms` with outcome "aborted" at their stage and `why` as the reason
 * (a session that was already decided keeps its outcome).
 */
void smtp_observer_finish(struct smtp_observer *o, const char *why, uint32_t grace_ms);
size_t smtp_observer_active(const struct smtp_observer *o); /* sessions not yet recorded */
/* One line on what goes on now, for a progress display: "mx1.example.net: EHLO". NULL when nothing does. */
const char *smtp_observer_doing(const struct smtp_observer *o);
/* What certificates are judged by, trust anchors and all, for other connections of the run. Lives as the observer does. */
struct smtp_tls_ctx *smtp_observer_tls(struct smtp_observer *o);
void smtp_observer_stop(struct smtp_observer *o); /* close all handles; run the loop until idle, then free */
void smtp_observer_free(struct smtp_observer *o); /* NULL is fine */

#endif
