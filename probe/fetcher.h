/*
 * probe/fetcher.h - fetches by HTTPS, with libcurl on the run's libuv loop
 *
 * To the addresses of the question alone; no proxy, no redirect, no cookie, no password file; certificates are judged
 * as those of sessions are, with the same trust anchors, each loaded once.
 *
 * Owns:   its transfers, sockets and timers; answers go to the evidence, in its arena. Files in cache_dir (probe/cache.h).
 * Fails:  never: see enum mp_fetch_outcome. A cache that cannot be read or written is none.
 * Uses:   network, monotonic clock, the cache's files, the loop's thread only. Never calls a judge.
 */
#ifndef MP_FETCHER_H
#define MP_FETCHER_H

#include <uv.h>

#include "probe/fetch.h"
#include "smtp/session.h"
#include "smtp/tls.h"

struct mp_fetcher_config {
	uint64_t start_ms;                   /* uv_now() at the start of the run */
	int64_t now_ms;                      /* wall clock at the start */
	uint32_t timeout_ms;                 /* of one fetch, where its row allows more; 0: as the row says */
	const char *cache_dir;               /* made when something is to be kept; NULL: nothing is kept */
	struct smtp_tls_ctx *tls;            /* judges certificates; outlives the fetcher */
	const char *ca_file;                 /* the same extra trust anchors, for a libcurl with another TLS library */
	const struct smtp_message *messages; /* those that questions name to be posted; borrowed */
	size_t n_messages;
	const char *rspamd_password; /* NULL: none. Goes to rspamd alone, and nowhere else */
};

struct mp_fetcher;

struct mp_fetcher *mp_fetcher_new(uv_loop_t *loop, struct mp_evidence *ev, const struct mp_fetcher_config *cfg);
/* Take a question of mp_fetch_kind to the network. Never blocks, but for loading libcurl at the first one. */
void mp_fetcher_observe(struct mp_fetcher *f, struct mp_question *q);
/* The run ends (deadline, interrupt): what is under way ends now, as "unknown" with `why` as the reason. */
void mp_fetcher_finish(struct mp_fetcher *f, const char *why);
size_t mp_fetcher_active(const struct mp_fetcher *f); /* fetches not yet answered */
/* One line on what goes on now: "mta-sts.example.net: fetching". NULL when nothing does. */
const char *mp_fetcher_doing(const struct mp_fetcher *f);
void mp_fetcher_stop(struct mp_fetcher *f); /* close all handles; run the loop until idle, then free */
void mp_fetcher_free(struct mp_fetcher *f); /* NULL is fine */

#endif
