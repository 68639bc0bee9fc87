/*
 * probe/live.h - lets a run happen: observers, deadline, interrupt, progress, on one event loop
 *
 * Owns:   the loop (unless one is given), the observers and all handles, for the length of the call.
 * Fails:  MP_EINVAL when a resolver's address is unusable. Whatever happens on the network is evidence, not failure.
 * Uses:   network, clocks, SIGINT and SIGTERM while it runs.
 */
#ifndef MP_LIVE_H
#define MP_LIVE_H

#include "probe/report.h"

struct uv_loop_s;
struct dns_secret;
struct mp_mailbox_secret;

struct mp_live {
	const char *ca_file;
	const struct dns_secret *secrets; /* keys of lists */
	size_t n_secrets;
	const char *cache_dir;               /* what fetches may keep (probe/cache.h); NULL: nothing */
	const struct smtp_message *messages; /* of --send */
	size_t n_messages;
	const struct mp_mailbox_secret *mailbox_secrets;
	size_t n_mailbox_secrets;
	const char *rspamd_password; /* NULL: none */
	bool progress;               /* draw a progress line on stderr */
	struct uv_loop_s *loop;      /* NULL: one of its own */
	void (*at_end)(void *data);  /* with a loop given: called before it is drained, to close the caller's handles */
	void *data;
};

/* Observe and judge until all judges have settled, the deadline has passed or the user interrupts. */
int mp_live_run(struct mp_run *r, struct mp_evidence *ev, const struct mp_live *live, struct mp_run_facts *facts,
	struct mp_err *err);

#endif
