/*
 * probe/checks/mta_sts.h - a domain's MTA-STS policy, as a sender finds it
 *
 * Owns:   nothing; texts live in the judge's arena.
 * Fails:  never; what could not be determined is a state.
 * Uses:   no I/O, no clock.
 * RFC:    8461 3 (discovery), 3.3 (fetch), 4 and 5 (what senders make of it).
 */
#ifndef MP_CHECKS_MTA_STS_H
#define MP_CHECKS_MTA_STS_H

#include "dns/mta_sts.h"
#include "probe/checks/checks.h"
#include "probe/fetch.h"

enum mp_sts_state {
	MP_STS_ABSENT,  /* there is no record */
	MP_STS_UNKNOWN, /* could not be determined */
	MP_STS_VOID,    /* published, but senders act as if there were none */
	MP_STS_VALID,   /* a policy, of mode none too */
};

/* Where it ends to be valid: what somebody has to correct. */
enum mp_sts_part { MP_STS_RECORD, MP_STS_HOST, MP_STS_FETCH, MP_STS_POLICY };

struct mp_sts {
	const char *domain;
	const char *record_name; /* _mta-sts.<domain> */
	const char *host;        /* mta-sts.<domain> */
	const char *url;
	enum mp_sts_state state;
	enum mp_sts_part part; /* of a void or unknown one */
	const char *why;       /* of a void or unknown one: one sentence */
	struct dns_sts_record record;
	const char *delegated_to;     /* the last alias of the policy host, or NULL */
	bool served;                  /* the policy file is there, record or not */
	struct dns_sts_policy policy; /* of a valid one */
};

/*
 * Look it up; all that can be asked at once is. `anyhow`: fetch the policy even without a record, to tell of one that
 * nobody finds. False: pending.
 */
bool mp_sts_find(struct mp_judge *j, const char *domain, bool anyhow, struct mp_sts *out);

/* The domain whose policy a sender to this target would follow: of its recipients. NULL: none is known. */
const char *mp_sts_domain(struct mp_judge *j, const struct mp_target *t);

/* Does a policy of mode enforce hold for sessions with this server? False: pending. */
struct mp_server;
bool mp_sts_enforced(struct mp_judge *j, const struct mp_server *v, bool *out);

#endif
