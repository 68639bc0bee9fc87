/*
 * reports/compare.h - what a report shows by comparison: sessions one factor apart, and the servers of one target
 *
 * Owns:   nothing; texts are borrowed from the tree, static, or in the arena given.
 * Fails:  no rows where there is nothing to compare. Any tree will do (reports/tree.h).
 * Uses:   no I/O, no clock.
 */
#ifndef REP_COMPARE_H
#define REP_COMPARE_H

#include "reports/tree.h"

/* One experiment of a diagnosis. */
struct rep_varied {
	const char *factor; /* "the EHLO name" */
	const char *from, *to;
	const char *outcome; /* "accepted at RCPT TO" */
	size_t number;       /* of the session; 0: none */
	bool changed;
	const json_t *session; /* or NULL */
};
enum { REP_VARIED_MAX = 16 };
/* False past the last, or where element i is none. */
bool rep_varied(struct mp_arena *a, const json_t *report, size_t target, size_t i, struct rep_varied *out);
/* "Session 1 was rejected at RCPT TO; each of these differs from it in one thing." NULL without a diagnosis. */
const char *rep_varied_intro(struct mp_arena *a, const json_t *report, size_t target);

enum { REP_SERVERS_MAX = 256 };
/* The last session with each server from each source that was no experiment, at most `max`. */
size_t rep_ways(const json_t *target, const json_t **out, size_t max);

/* One server of a target, seen from one source. */
struct rep_server_row {
	const char *server;      /* "mx1.example.net [192.0.2.1]" */
	const char *source;      /* NULL where all have the same */
	const char *answer;      /* "rejected at RCPT TO" */
	const char *reply;       /* "550 5.7.1", or NULL */
	const char *tls;         /* "TLSv1.3", "none" */
	const char *certificate; /* "verified", "not verified", or NULL */
	const char *greeting;    /* the host that it greets as, or NULL */
	const json_t *session;
};
/* The rows of a target, at most `max`; 0 where fewer than two servers came to a verdict. */
size_t rep_server_rows(struct mp_arena *a, const json_t *target, struct rep_server_row *rows, size_t max);
/* In what the rows differ: "the answer, TLS". NULL: in nothing. */
const char *rep_rows_differ(struct mp_arena *a, const struct rep_server_row *rows, size_t n);

#endif
