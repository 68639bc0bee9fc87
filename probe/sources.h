/*
 * probe/sources.h - addresses of this host: which are its own, and which the kernel would send from
 *
 * Owns:   lists live in the arena given.
 * Fails:  false or 0.
 * Uses:   sockets that send nothing (bind, connect of UDP), getifaddrs().
 */
#ifndef MP_SOURCES_H
#define MP_SOURCES_H

#include "base/arena.h"
#include "base/ip.h"

/* True when a socket can be bound to it. `*sys`: errno otherwise. */
bool mp_ip_is_ours(const struct mp_ip *ip, int *sys);

/* The address that the kernel would send from towards `to`. False without a route. */
bool mp_ip_towards(const struct mp_ip *to, struct mp_ip *out);

/* All addresses of this host that are up, but link-local ones; each once. */
size_t mp_ip_all_ours(struct mp_arena *a, struct mp_ip **out);

/* What sources by route are chosen from. */
struct mp_route_wish {
	bool v4, v6;            /* families wanted */
	const struct mp_ip *to; /* towards these, where there are any; else towards the Internet */
	size_t n_to;
};

/* At most one address a family, IPv4 first. `*how`: "route", "interface" or "loopback". */
size_t mp_sources_by_route(
	struct mp_arena *a, const struct mp_route_wish *wish, struct mp_ip out[static 2], const char **how);

#endif
