/*
 * reports/tree.h - reading a report's tree: what its references point to, and its terms in words for people
 *
 * For all forms that people read. Every function takes any tree: NULL, missing members and other types are "not there".
 *
 * Owns:   nothing; results are borrowed from the tree, static, or in the arena given.
 * Fails:  NULL where a thing is not there; words for an unknown term are the term itself.
 * Uses:   no I/O, no clock.
 */
#ifndef REP_TREE_H
#define REP_TREE_H

#include "base/json.h"

/* NULL and empty strings count as absent. */
const char *rep_str(const json_t *object, const char *key);
size_t rep_len(const json_t *object, const char *key); /* elements of a member that is an array; else 0 */
/* Element i of the array at `key`, or NULL. */
const json_t *rep_at(const json_t *object, const char *key, size_t i);

bool rep_is(const json_t *object, const char *key, const char *value); /* the member is this string */
size_t rep_count_checks(const json_t *report, const char *status);
/* The verdict's status. Of a `single` report, where no receiver was asked, the worst of its checks in the same terms. */
const char *rep_overall(const json_t *report, bool single);

/* As the user gave it. Never NULL. */
const char *rep_target_name(const json_t *target);
/* Whom mail was for, and by which server where that was given: "you@example.net via 192.0.2.25". Never NULL. */
const char *rep_target_to(struct mp_arena *a, const json_t *target);
/* The session that decided for a target, else the last that was tried; NULL without any. */
const json_t *rep_deciding(const json_t *target);

/* The check that an element of "because" names, or NULL. */
const json_t *rep_because_check(const json_t *report, const json_t *because);
/* What that check saw; NULL where the finding's explanation says so already, word for word. */
const char *rep_because_detail(const json_t *finding, const json_t *check);
/* The session that it names, or NULL. */
const json_t *rep_because_session(const json_t *report, const json_t *because);
/* The check that stands for a session among the checks, or NULL. */
const json_t *rep_session_check(struct mp_arena *a, const json_t *report, const json_t *session);
/* Sessions are numbered from 1 through all targets, as a reader counts them. */
size_t rep_session_number(const json_t *report, size_t target, size_t session);

/* A session's reply, one line each, all beginning with the code. NULL without one. Borrowed lines are not changed. */
const char *const *rep_reply_lines(struct mp_arena *a, const json_t *reply, size_t *n);
/* The same as one text: code and status once, then the words of all lines. NULL without a reply. */
char *rep_reply_flowed(struct mp_arena *a, const json_t *reply);
/* "HOST [ADDRESS]:PORT"; the port is left out where it is 25. */
char *rep_server(struct mp_arena *a, const json_t *session);

/* "rejected at RCPT TO", "no connection: connection refused", "accepted at RCPT TO" */
char *rep_outcome(struct mp_arena *a, const json_t *session);
/* By what the cause of a session was told: "gmail", "a rule of the sender's own, line 3"; NULL where nobody was recognised. */
const char *rep_cause_by(struct mp_arena *a, const json_t *cause);
/* What is known of a certificate whose server was given by its address, where nothing else is wrong with it; else NULL. */
const char *rep_unnamed_words(const json_t *session);
/* A line of the session's dialogue, for a person: what was noted of TLS says no other of such a certificate. Or NULL. */
const char *rep_line(struct mp_arena *a, const json_t *session, const json_t *line);
const char *rep_stage_word(const char *stage); /* "rcpt-to" -> "RCPT TO" */
/* How certain a finding is: a sentence, or NULL where it goes without saying. `single`: no receiver was asked. */
const char *rep_certainty_words(const json_t *finding, bool single);
/* What became of the message that was composed for target number `t`: one sentence; NULL when there was none. */
const char *rep_message_words(struct mp_arena *a, const json_t *report, size_t t);
/* How it was found out, and what that leaves open: a sentence, or NULL. `single`: no receiver was asked. */
const char *rep_basis_words(struct mp_arena *a, const json_t *report, bool single);
bool rep_of_message(const json_t *report); /* it is about a received message, not about a sender */

/* 812 -> "812 ms", 2410 -> "2.41 s", 20131 -> "20 s", 312000 -> "5 min 12 s" */
char *rep_duration(struct mp_arena *a, double ms);
/* RFC 3339 -> "2026-11-21 10:02:03 UTC"; anything else stays as it is. */
char *rep_when(struct mp_arena *a, const char *time);

#endif
