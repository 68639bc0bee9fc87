/*
 * probe/request.h - texts to send to the party who can mend a fault
 *
 * Owns: the texts, in the arena given. Fails: never. Uses: no I/O, no clock.
 */
#ifndef MP_REQUEST_H
#define MP_REQUEST_H

#include "probe/check.h"
#include "probe/target.h"

/*
 * To the holder of an address: please set (or change) its PTR. `now_names` is what it says today ("" for nothing),
 * `reply` the receiver's words, or NULL.
 */
const char *mp_request_ptr(
	struct mp_arena *a, const struct mp_case *c, const struct mp_ip *ip, const char *now_names, const char *reply);

/* To the provider: please open outgoing TCP port `port` for an address. `silent`: the receivers that were tried. */
const char *mp_request_port25(
	struct mp_arena *a, const struct mp_case *c, const struct mp_ip *ip, uint16_t port, const char *silent);

#endif
