/*
 * smtp/rules.h - what receivers say, as data: the rows that smtp_classify() walks
 *
 * Rows stand in the order in which they are tried; the first that matches decides. The order of the tiers is the order
 * of trust: a support code means one thing only, a provider's phrase seldom two, a bare 550 anything.
 *
 * To add a reply: one row in the tier it belongs to, before any row that would take it, and a line in
 * tests/data/replies.tsv. A row says what a receiver or a program says in general, never one message.
 *
 * Owns:   static tables. Fails: never. Uses: no I/O, no clock.
 */
#ifndef SMTP_RULES_H
#define SMTP_RULES_H

#include "smtp/cause.h"

enum smtp_tier {
	SMTP_BY_USER,     /* a rule of the user's own (smtp/own.h): none of these tables */
	SMTP_BY_TOKEN,    /* a support code or the tag in a URL */
	SMTP_BY_PROVIDER, /* wording of one receiver or filtering service */
	SMTP_BY_LIST,     /* a named list */
	SMTP_BY_MTA,      /* built-in texts of mail servers and filters */
	SMTP_BY_WORDS,    /* what people write */
	SMTP_BY_ENHANCED, /* RFC 3463 code alone */
	SMTP_BY_CODE,     /* three digits alone */
	SMTP_TIER__COUNT
};

struct smtp_rule {
	const char *name;     /* unique; "family.what" */
	const char *provider; /* who says so: the provider of the result. NULL: whoever is recognised */
	uint8_t tier;         /* enum smtp_tier */
	bool only;            /* matches only where `provider` was recognised by other means */
	uint8_t confidence;   /* percent: how often a reply that this row takes has this cause */
	uint8_t cause;        /* enum smtp_cause */
	const char *code;     /* "550", "45x", several separated by '|'; NULL: any, or none */
	const char *enhanced; /* pattern for the enhanced code; NULL: any, or none */
	const char *phrase;   /* pattern (smtp/match.h); NULL: any text */
};

extern const struct smtp_rule smtp_rules[];
extern const size_t smtp_n_rules;

/* Is `code` one of "550", "45x", several separated by '|'? */
bool smtp_code_matches(const char *pattern, int code);

/* Who is speaking. The first row that matches wins: services before the software that they run on. */
struct smtp_speaker {
	const char *name;
	const char *text; /* pattern over the reply */
	const char *host; /* pattern over the MX name and the banner; NULL: cannot be told from it */
};

extern const struct smtp_speaker smtp_speakers[];
extern const size_t smtp_n_speakers;

#endif
