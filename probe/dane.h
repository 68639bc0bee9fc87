/*
 * probe/dane.h - DANE of a receiver's servers: which TLSA records a sender would go by, and whether a session meets them
 *
 * The look-ups are made for each MX host of a target beside those of its addresses; no session waits for them. What a
 * session showed is held to the records afterwards.
 *
 * Owns:   results live in the judge's arena.
 * Fails:  never; what could not be determined is a state.
 * Uses:   no I/O, no clock.
 * RFC:    7672 2.1 (MX and addresses must be secure), 2.2 (errors, CNAME), 3.1 (usages), 3.2 (names).
 */
#ifndef MP_DANE_H
#define MP_DANE_H

#include "dns/tlsa.h"
#include "probe/check.h"
#include "probe/target.h"
#include "smtp/dane.h"

enum mp_dane_state {
	MP_DANE_NO_NAME,  /* an address was given: nothing to look up */
	MP_DANE_INSECURE, /* DNSSEC does not vouch for the way to it, `insecure`: no DANE */
	MP_DANE_NONE,     /* no TLSA record */
	MP_DANE_RECORDS,
	MP_DANE_UNKNOWN, /* `failed` could not be determined: a sender that follows DANE waits */
};

struct mp_dane {
	enum mp_dane_state state;
	bool believed;               /* the AD bits came from a resolver that is believed */
	const char *base;            /* TLSA base domain: the host, or what its alias leads to */
	const char *name;            /* "_25._tcp." and base */
	const struct dns_answer *rr; /* MP_DANE_RECORDS: the records */
	const char *insecure;        /* "the MX record of example.net" */
	const struct dns_answer *failed;
	const char *failed_name;
};

/*
 * Look up DANE for one MX host of a target. `mx`: the answer that named it, NULL where it was given. False: pending, and
 * all that can be asked is.
 */
bool mp_dane_find(struct mp_judge *j, const struct mp_target *t, const struct dns_answer *mx, const char *host,
	struct mp_dane *out);

/* How one record fits a session. */
struct mp_dane_fit {
	const char *fault; /* it cannot be used, to stand behind "it"; or NULL */
	bool passed_over;  /* a stronger digest is there */
	enum smtp_dane_fit fit;
	const char *why; /* of the fit, or NULL */
};

struct mp_dane_met {
	size_t n; /* of records looked at */
	struct mp_dane_fit fit[DNS_TLSA_MAX];
	size_t n_usable;
	int by;        /* the record that matches, -1: none */
	bool no_chain; /* the chain is not in the evidence */
};

/* Hold a session to the records. dane->state is MP_DANE_RECORDS. `s` may have no TLS. */
void mp_dane_meet(struct mp_judge *j, const struct mp_dane *dane, const struct mp_target *t, const char *host,
	const struct smtp_session *s, struct mp_dane_met *out);

/* Of the target's hosts, the one that a session was held with; NULL: none. */
const struct mp_dane *mp_dane_of(const struct mp_target_result *tr, const struct smtp_session *s);

/* policy.dane of a target's report; null when nothing was looked up. New reference. */
json_t *mp_dane_json(const struct mp_target_result *tr);

#endif
