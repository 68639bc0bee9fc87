/*
 * tests/world/dns_server.h - a name server on loopback that says what a zone says, behaviours included
 *
 * Owns:   its sockets, timers and counts. The zone must outlive it.
 * Fails:  world_dns_start() with the address that could not be bound. An address that is not loopback is refused.
 * Uses:   network (loopback alone), the loop's thread.
 * RFC:    1035 4.2 (UDP and TCP), 7766.
 */
#ifndef WORLD_DNS_SERVER_H
#define WORLD_DNS_SERVER_H

#include "tests/world/zone.h"

struct uv_loop_s;
struct world_dns;

/* Serve at each address, at one port number of the kernel's choice, by UDP and TCP. NULL with `err`. */
struct world_dns *world_dns_start(struct uv_loop_s *loop, const struct world_zone *z, const struct mp_ip *addresses,
	size_t n_addresses, struct mp_err *err);
uint16_t world_dns_port(const struct world_dns *d);
/* How many queries came for this name and type, lost ones included. `name` NULL: for any; `type` 0: of any. */
size_t world_dns_queries(const struct world_dns *d, const char *name, uint16_t type);
void world_dns_stop(struct world_dns *d); /* close all handles; run the loop until idle, then free */
void world_dns_free(struct world_dns *d); /* NULL is fine */

#endif
