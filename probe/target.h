/*
 * probe/target.h - the judge of one target: MX hosts, which sessions to hold, how the target stands
 *
 * Owns:   results live in the judge's arena.
 * Fails:  never; what could not be determined is a state.
 * Uses:   no I/O, no clock.
 * RFC:    5321 5.1 (MX order, implicit MX), 7505 (null MX), 2181 10.3 (CNAME).
 */
#ifndef MP_TARGET_H
#define MP_TARGET_H

#include "probe/check.h"
#include "probe/mailbox.h"
#include "smtp/cause.h"

enum mp_verdict { MP_DELIVERABLE, MP_AT_RISK, MP_BLOCKED, MP_UNKNOWN };

struct mp_dane;

/* How the target's MX look-up ended. */
enum mp_mx_state {
	MP_MX_FOUND,    /* MX records */
	MP_MX_IMPLICIT, /* none; the domain's own address is the MX */
	MP_MX_GIVEN,    /* mx:HOST: none was looked up */
	MP_MX_NULL,     /* "0 .": takes no mail (RFC 7505) */
	MP_MX_NXDOMAIN,
	MP_MX_NOTHING,    /* neither MX nor address */
	MP_MX_NO_ADDRESS, /* MX records, but no host of them has an address */
	MP_MX_UNKNOWN,    /* could not be determined */
};

struct mp_mx_address {
	struct mp_ip ip;
};

struct mp_mx {
	const char *host;
	uint16_t preference;
	bool is_alias;            /* the name is a CNAME, against RFC 2181 10.3 */
	enum dns_outcome a, aaaa; /* of its address look-ups */
	size_t n_addresses;
	const struct mp_ip *addresses; /* in the order of the answer, IPv6 first as RFC 6724 would */
};

/* A deferral and the coming back to it. */
struct mp_comeback {
	uint32_t after_s; /* what the reply asked for, else what is usual for its cause */
	bool named;       /* the reply named it */
	bool held;        /* --retry: a session of purpose "retry" was held */
	bool too_late;    /* --retry: it would have been after the end of the run */
	int session;      /* the deferral: index into sessions */
};

struct mp_target_result {
	const struct mp_target *target;
	enum mp_mx_state mx_state;
	const struct dns_answer *mx_answer; /* NULL when none was asked */
	bool null_mx_among_others;
	size_t n_mx;
	const struct mp_mx *mx;
	size_t n_sessions;
	const struct smtp_session *const *sessions;
	struct smtp_classified *causes; /* one for each session; cause UNKNOWN without a reply */
	size_t n_comebacks;             /* one for each source whose session was put off */
	const struct mp_comeback *comebacks;
	int decided_by;                            /* index into sessions, or -1 */
	enum mp_verdict base;                      /* by its sessions and MX state alone, before findings */
	const char *basis;                         /* "dns", "rcpt", "message", "placement" */
	const struct mp_dane *dane;                /* of each MX host (probe/dane.h); NULL: not looked up */
	const struct mp_mailbox_answer *placement; /* NULL: no mailbox was looked into */
};

/* Judge target number j->target. `out` is written when settled; it lives in j->a. */
enum mp_judged mp_judge_target(struct mp_judge *j, struct mp_target_result *out);

const char *mp_verdict_name(enum mp_verdict v); /* "deliverable", "at-risk", "blocked", "unknown" */

/* The order of "worst": blocked, at-risk, unknown, deliverable. Larger is worse. */
int mp_verdict_badness(enum mp_verdict v);

/* The cause of a session's reply; UNKNOWN without one, or where it was accepted. */
struct smtp_classified mp_session_cause(struct mp_judge *j, const struct smtp_session *s);

/* What came of the deferral with this index into sessions, or NULL. */
const struct mp_comeback *mp_comeback_of(const struct mp_target_result *tr, size_t session);
/* From when on it may be tried again, RFC 3339. */
const char *mp_comeback_time(
	struct mp_arena *a, const struct mp_case *c, const struct mp_target_result *tr, const struct mp_comeback *b);
/* The session of a deferral's second try, or NULL. */
const struct smtp_session *mp_second_try(const struct mp_target_result *tr, const struct mp_comeback *b);

/* Is anything of this family to be looked up: has a source an address of it? */
bool mp_has_family(const struct mp_case *c, enum mp_family f);

/* Index of the source that a session was held from, or -1. */
int mp_session_source(const struct mp_case *c, const struct smtp_session *s);

/*
 * An address that no mail can be delivered to from outside, published as an MX's: loopback, private, IPv4 inside IPv6 ...
 * The reason in words, or NULL.
 */
const char *mp_odd_mx_address(const struct mp_ip *ip);

#endif
