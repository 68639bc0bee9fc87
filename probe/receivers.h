/*
 * probe/receivers.h - the receivers we know: aliases for --to, and what each is known to judge, and when
 *
 * Owns:   static tables. Fails: NULL. Uses: no I/O, no clock.
 */
#ifndef MP_RECEIVERS_H
#define MP_RECEIVERS_H

#include "smtp/cause.h"

/* "This receiver judges that cause at that stage": why an accepted RCPT is not yet a delivered message. */
struct mp_judges {
	enum smtp_cause cause;
	enum smtp_stage stage; /* SMTP_AT_MESSAGE: after the end of the data */
};

struct mp_receiver {
	const char *alias;           /* "gmail-mx" */
	const char *also[4];         /* further names, without "-mx"; ended by NULL or the array */
	const char *provider;        /* as smtp_classify() names it: "gmail" */
	const char *name;            /* "Gmail and Google Workspace" */
	const char *domain;          /* the domain that the alias stands for: "gmail.com" */
	const char *domains[12];     /* further mail domains of its own; ended by NULL or the array */
	const char *mx_suffix[6];    /* MX host names end so: ".google.com" */
	struct mp_judges judges[12]; /* ended by SMTP_CAUSE_UNKNOWN */
	const char *note;            /* one sentence a sender should know, or NULL */
	const char *contact;         /* postmaster's form, page or address; NULL: none but RFC 5321's */
	const char *verified;        /* "2026-11": when the row was last checked */
};

extern const struct mp_receiver mp_receivers[];
extern const size_t mp_n_receivers;

const struct mp_receiver *mp_receiver_by_alias(const char *alias); /* "gmail-mx" or "gmail", case folded */
/* By domain (its own mail domains) first, then by the longest MX suffix; either may be NULL. NULL when unknown. */
const struct mp_receiver *mp_receiver_of(const char *domain, const char *mx_host);

#endif
