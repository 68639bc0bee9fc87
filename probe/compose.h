/*
 * probe/compose.h - the message that --send sends: a text of our own, or the user's file, made whole and signed
 *
 * One for each target, since each has a recipient and a Message-ID of its own. What is known of it goes into the case
 * (struct mp_message), its bytes go to the observer and nowhere else.
 *
 * Owns:   all of it lives in the arena given.
 * Fails:  MP_EINVAL with the line to print (exit 64): a file that cannot be read or is no message.
 * Uses:   files (--message, private keys, which are wiped after use). No network; the time is the case's.
 * RFC:    5322 2.1.1, 3.6 (fields), 6376 (DKIM), 2045 (MIME), 2369 and 8058 (List-Unsubscribe), 3834 (Auto-Submitted).
 */
#ifndef MP_COMPOSE_H
#define MP_COMPOSE_H

#include "probe/options.h"

enum {
	MP_MESSAGE_MAX = 32 * 1024 * 1024, /* bytes of --message FILE */
	MP_MESSAGE_LINE = 998,             /* bytes of a line without its CRLF: RFC 5322 2.1.1 */
};

#define MP_RECEIVED "the message" /* no Message-ID: of those that come there may be none, or two */

/* How the subject of our own text begins; the run's id follows. */
#define MP_TEST_SUBJECT "Test message of mailprobe, run "

/*
 * Compose for every target of `c` what --send or --dry-run asked for, and note it in the case; without either nothing
 * is done. `*out` has c->n_targets elements, in the order of the targets. Of a received message that filters are to score
 * it has that one, by the name MP_RECEIVED.
 */
int mp_compose(struct mp_arena *a, const struct mp_options *o, struct mp_case *c, const struct smtp_message **out,
	size_t *n_out, struct mp_err *err);

/* The address in the From: of --message FILE; NULL without that option, or where the file has none. */
int mp_compose_from(struct mp_arena *a, const struct mp_options *o, const char **from, struct mp_err *err);

/* The same of a file's bytes, for tests and fuzzing: no file is read. `file` is its name, for messages. */
int mp_compose_file(struct mp_arena *a, const struct mp_case *c, const char *file, struct mp_str bytes,
	const char *message_id, struct mp_message *said, struct smtp_message *out, struct mp_err *err);

/* As Date: has it, in UTC (RFC 5322 3.3). */
const char *mp_compose_date(struct mp_arena *a, int64_t ms);

#endif
