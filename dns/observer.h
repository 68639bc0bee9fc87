/*
 * dns/observer.h - asks name servers, over c-ares on the run's libuv loop
 *
 * Owns:   its channels, sockets and timers; answers go to the evidence, in its arena.
 * Fails:  dns_observer_new() with what is wrong with the configuration. A look-up never fails: see enum dns_outcome.
 * Uses:   network, monotonic clock (uv_now), the loop's thread only. Never calls a judge.
 * RFC:    1035 4.2 (UDP and TCP), 6891 (EDNS(0)), 4035 3.2.3 (DO, AD), 7766 (TCP after truncation).
 */
#ifndef DNS_OBSERVER_H
#define DNS_OBSERVER_H

#include <uv.h>

#include "dns/dns.h"

struct dns_config {
	const char *const *resolvers; /* "IP:PORT", "[IPv6]:PORT"; tried in order, each with retries */
	size_t n_resolvers;
	uint32_t timeout_ms;              /* for one question, tries and servers included; 0: the default of 10 s */
	uint64_t start_ms;                /* uv_now() at the start of the run: at_ms counts from it */
	const struct dns_secret *secrets; /* keys of zones; what they lead to is reduced to what cannot hold the key */
	size_t n_secrets;                 /* they outlive the observer */
};

struct dns_observer;

/* NULL with `err` when a resolver's text is no address. The evidence must outlive the observer. */
struct dns_observer *dns_observer_new(
	uv_loop_t *loop, struct mp_evidence *ev, const struct dns_config *cfg, struct mp_err *err);
/*
 * Take a question of dns_kind to the network. Never blocks; the answer arrives by mp_evidence_answer(), and the loop does
 * not block in a round in which one has arrived: uv_run() with UV_RUN_ONCE returns with the news.
 *
 * The run's resolvers are asked in order until one settles the question (dns_known()); one that has gone silent is asked
 * last, until it is heard again. Each has its share of the time, in which lost packets are repeated; an answer after that
 * still counts. When none settles it, the best one is the answer, and its detail says what became of each.
 */
void dns_observe(struct dns_observer *o, struct mp_question *q);
/* Drop what is in flight (unanswered questions stay so) and close all handles; run the loop until it is idle, then free. */
void dns_observer_stop(struct dns_observer *o);
void dns_observer_free(struct dns_observer *o); /* NULL is fine; after stop and an idle loop */

/* The system's resolvers (/etc/resolv.conf as c-ares reads it) as texts in the arena; 0 when there are none. */
size_t dns_system_resolvers(struct mp_arena *a, const char *const **out);

#endif
