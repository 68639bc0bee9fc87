/*
 * probe/check.h - what a judge is and how it reports
 *
 * A check is one const entry in the table of probe/checks/registry.c: an id, what it is made for, and a pure function.
 * The function is straight-line code over the case and the evidence. Where an answer is not there yet it returns
 * MP_PENDING, having asked for all it can already know it needs; it is called again from the start when there is news.
 *
 * Owns:   results and all scratch memory belong to the judge's arena, which is dropped when the judge is pending.
 * Fails:  a judge never fails; what it cannot tell is a result with status error.
 * Uses:   no I/O, no clock: time is case.started_ms plus the answers' at_ms.
 */
#ifndef MP_CHECK_H
#define MP_CHECK_H

#include "base/evidence.h"
#include "dns/dns.h"
#include "probe/case.h"
#include "smtp/session.h"

enum mp_status { MP_PASS, MP_WARN, MP_FAIL, MP_INFO, MP_SKIP, MP_ERROR };

enum mp_judged { MP_PENDING, MP_SETTLED };

/* For what a check is made: how many instances of it run. */
enum mp_per {
	MP_ONCE,
	MP_PER_SOURCE, /* one instance for each source; judge->source tells which */
	MP_PER_TARGET, /* one for each target; judge->target tells which */
};

/* Which commands run a check. */
enum {
	MP_IN_SENDER = 1,    /* "check", and the main job */
	MP_IN_PROBE = 2,     /* the main job only */
	MP_IN_PTR = 4,       /* mailprobe ptr IP */
	MP_IN_MX = 8,        /* mailprobe mx DOMAIN */
	MP_IN_SPF = 16,      /* mailprobe spf --ip IP --helo NAME --from ADDR */
	MP_IN_DNSBL = 128,   /* mailprobe dnsbl IP|DOMAIN */
	MP_IN_DKIM = 32,     /* mailprobe dkim SELECTOR DOMAIN */
	MP_IN_DMARC = 64,    /* mailprobe dmarc DOMAIN */
	MP_IN_MESSAGE = 256, /* mailprobe message FILE */
};

struct mp_judge;

struct mp_check {
	const char *id;    /* "ptr.exists" */
	const char *title; /* what holds when it passes: "The address has a PTR record" */
	const char *ref;   /* "RFC 1912 2.1" */
	enum mp_per per;
	unsigned in;   /* MP_IN_* */
	bool advisory; /* its `error` alone leaves the sender's own records judged: no exit 3 for it */
	bool after;    /* judged when all others have settled: it reads their results (mp_run_result()) */
	enum mp_judged (*judge)(struct mp_judge *j);
};

/* One row of the report's "checks". */
struct mp_result {
	const struct mp_check *check;
	const char *subject;
	enum mp_status status;
	const char *summary; /* one sentence, always there */
	const char *detail;  /* more, or NULL */
	const char *fix;     /* what to do, by whom, or NULL; always there for warn and fail */
	const char **steps;  /* the same step by step */
	size_t n_steps, cap_steps;
	const char *ref2;                        /* a further reference, or NULL */
	const struct mp_result *const *rests_on; /* faulty results of other checks that this one follows from */
	size_t n_rests_on;
	json_t *values; /* object; kept alive by the judge */
};

struct mp_run;

struct mp_judge {
	struct mp_arena *a; /* scratch and results: dropped when pending */
	struct mp_evidence *ev;
	const struct mp_case *c;
	const struct mp_run *run; /* for mp_target_outcome(), mp_seen_as() */
	const struct mp_check *check;
	size_t source, target; /* index, for MP_PER_SOURCE and MP_PER_TARGET */
	struct mp_result *results;
	size_t n_results, cap_results;
	json_t *keep; /* array that holds the values of all results */
};

/* Add a result. The summary is formatted; values starts as {}, or {"ip": source address} for MP_PER_SOURCE. */
struct mp_result *mp_report(struct mp_judge *j, const char *subject, enum mp_status status, const char *summary, ...)
	MP_PRINTF(4, 5);

/* Set `detail` or `fix`, formatted. */
void mp_detail(struct mp_judge *j, struct mp_result *r, const char *fmt, ...) MP_PRINTF(3, 4);
void mp_fix(struct mp_judge *j, struct mp_result *r, const char *fmt, ...) MP_PRINTF(3, 4);
/* What to do after that, or else: whole sentences. */
void mp_fix_next(struct mp_judge *j, struct mp_result *r, const char *step);

/*
 * A result of status error for a look-up that could not be determined (any outcome that is not dns_known()), saying
 * which question it was and what came of it.
 */
struct mp_result *mp_cannot_tell(struct mp_judge *j, const char *subject, const char *what, const struct dns_answer *a);

/* DNS, from a judge. NULL: pending. */
static inline const struct dns_answer *mp_dns(struct mp_judge *j, const char *name, enum dns_type type)
{
	return dns_ask(j->ev, name, type);
}

/* The AD bit of an answer counts where nobody on the way could have set it: every resolver is on loopback, or --trust-ad. */
bool mp_ad_believed(const struct mp_case *c);
/* Of one resolver ("IP:PORT"). */
bool mp_resolver_believed(const struct mp_case *c, const char *resolver);

const char *mp_status_name(enum mp_status s); /* "pass", "warn", "fail", "info", "skip", "error" */

/* ---- what other judges have settled */

/* How a target stands: see probe/target.h. NULL: pending. */
const struct mp_target_result *mp_target_outcome(struct mp_judge *j, size_t target);

/*
 * The address that receivers see for a source, the one that all DNS checks are about: what the user said, else what a
 * receiver named in a session from it, else the address itself. False: pending.
 */
struct mp_seen {
	struct mp_ip ip;
	const char *text;
	bool known;      /* false: a private address, and nobody could tell what receivers see instead */
	const char *how; /* "the address itself", "--public-ip", "mx1.example.net said so" */
};
bool mp_seen_as(struct mp_judge *j, size_t source, struct mp_seen *out);

/*
 * The addresses that a source-wise DNS check is about. For MP_PER_SOURCE checks: call this first; MP_PENDING means return
 * it; MP_SETTLED with *ip untouched and a result reported means the address is not known (return MP_SETTLED).
 */
bool mp_source_subject(struct mp_judge *j, struct mp_seen *out, enum mp_judged *ret);

/* ---- the table: probe/checks/registry.c, in the order of the report */
extern const struct mp_check *const mp_checks[];
extern const size_t mp_n_checks;
const struct mp_check *mp_check_by_id(const char *id);

#endif
