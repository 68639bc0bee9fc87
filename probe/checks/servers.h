/*
 * probe/checks/servers.h - the servers that sessions were held with: what the checks smtp.* and tls.* are made for
 *
 * Owns:   nothing; lists live in the judge's arena.
 * Fails:  never. Uses: no I/O, no clock.
 */
#ifndef MP_CHECKS_SERVERS_H
#define MP_CHECKS_SERVERS_H

#include "probe/checks/checks.h"
#include "probe/target.h"

struct mp_server {
	const struct smtp_session *base; /* the session with TLS, if the policy wants any */
	const struct smtp_session *last; /* the one that decided: base, or the fallback after it */
	const char *subject;
	const struct mp_target_result *tr; /* the target that it was talked to for */
};

/* One entry for each server and source, all targets together. False: pending. */
bool mp_servers(struct mp_judge *j, struct mp_server **out, size_t *n_out);

/* Whether it was found by a name. One that was given by its address has none that a certificate or a policy could bear. */
bool mp_server_named(const struct mp_server *v);

/* A result about one of them. */
struct mp_result *mp_server_report(
	struct mp_judge *j, const struct mp_server *v, enum mp_status status, const char *text);

#endif
