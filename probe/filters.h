/*
 * probe/filters.h - rspamd and spamd of the user: where they are, and what they make of the message before it is sent
 *
 * A filter is told what a receiver would tell it: the address that receivers see, its reverse name where that leads back,
 * the EHLO name, sender and recipient. rspamd has headers of its protocol for that. SpamAssassin reads it from the
 * Received line that the receiving server writes, so spamd gets the message with that line, and Return-Path, before it;
 * without them it would judge a message that no network has seen, and none of its rules for the sending host would hit.
 * Of a received message ("mailprobe message FILE") all this is what its header, or --ip, --helo and --from tell.
 *
 * Owns:   nothing; results live in the judge's arena.
 * Fails:  MP_EINVAL with the line to print (exit 64) for what the user gave; a filter that cannot be asked is a result.
 * Uses:   a file (the password's). No network.
 */
#ifndef MP_FILTERS_H
#define MP_FILTERS_H

#include "probe/check.h"
#include "probe/fetch.h"
#include "probe/options.h"
#include "probe/score.h"

enum { MP_SPAMD_PORT = 783 };

enum mp_filter { MP_RSPAMD, MP_SPAMD };

/* "http://127.0.0.1:11333/": fills scheme, host, port and path of `out`. */
int mp_rspamd_parse(struct mp_arena *a, struct mp_str url, struct mp_fetch_question *out, struct mp_err *err);
/* "HOST[:PORT]", "[IPv6]:PORT" */
int mp_spamd_parse(struct mp_arena *a, struct mp_str s, struct mp_fetch_question *out, struct mp_err *err);

/* The password for rspamd, of --rspamd-password-file; NULL without. To be wiped after use. */
int mp_filters_password(struct mp_arena *a, const struct mp_options *o, char **out, struct mp_err *err);

struct mp_filtered {
	const char *trouble; /* why there is no score; else NULL */
	struct mp_score score;
	const char *told; /* what it was told of the sending host */
};

/* The case names this filter, and there is a message for the target, or a received one. */
bool mp_filter_wanted(const struct mp_case *c, enum mp_filter filter, size_t target);
/* What it makes of the message for the target. False: pending. */
bool mp_filter_ask(struct mp_judge *j, enum mp_filter filter, size_t target, struct mp_filtered *out);
/* All that are wanted have answered. */
bool mp_filters_asked(struct mp_judge *j, size_t target);

#endif
