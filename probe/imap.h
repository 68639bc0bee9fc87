/*
 * probe/imap.h - looks for messages in mailboxes, by IMAP with libcurl on the run's libuv loop
 *
 * What is done with a mailbox: its folders are opened and searched by Message-ID, the one message found is fetched, and,
 * where that was asked for, removed again. No other message is looked at or touched.
 *
 * Owns:   its transfers and timers; answers go to the evidence, in its arena. Secrets are borrowed.
 * Fails:  never: see enum mp_mailbox_outcome.
 * Uses:   network, monotonic clock, the loop's thread only. Never calls a judge.
 */
#ifndef MP_IMAP_H
#define MP_IMAP_H

#include <uv.h>

#include "probe/mailbox.h"
#include "probe/mailboxes.h"
#include "smtp/tls.h"

struct mp_imap_config {
	uint64_t start_ms; /* uv_now() at the start of the run */
	const struct mp_mailbox_secret *secrets;
	size_t n_secrets;
	struct smtp_tls_ctx *tls; /* judges certificates; outlives the observer */
	const char *ca_file;
};

struct mp_imap;

struct mp_imap *mp_imap_new(uv_loop_t *loop, struct mp_evidence *ev, const struct mp_imap_config *cfg);
void mp_imap_observe(struct mp_imap *m, struct mp_question *q);
void mp_imap_finish(struct mp_imap *m, const char *why); /* the run ends: all is answered now */
size_t mp_imap_active(const struct mp_imap *m);
const char *mp_imap_doing(const struct mp_imap *m); /* "mailbox gmail: looking for the message"; NULL: nothing */
void mp_imap_stop(struct mp_imap *m);
void mp_imap_free(struct mp_imap *m); /* NULL is fine */

#endif
