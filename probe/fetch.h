/*
 * probe/fetch.h - an HTTPS fetch as evidence: what was asked for, by which rules, and what came
 *
 * A message that is to be scored is posted by the same rules; to spamd in its own protocol, where an answer counts as
 * status 200.
 *
 * A judge looks the host's addresses up by itself and passes them on: what was fetched then comes from where the DNS
 * evidence points to. Redirects are never followed; the answer carries where one leads, and a judge that wants to follow
 * asks again.
 *
 * Owns:   nothing; questions and answers live in the evidence's arena and never change.
 * Fails:  an answer always has an outcome; a fetch that did not work is an outcome, not an error.
 * Uses:   no I/O, no clock.
 * RFC:    9110 (HTTP semantics), 8461 3.3 (policy fetch), 7480 (RDAP over HTTP).
 */
#ifndef MP_FETCH_H
#define MP_FETCH_H

#include "base/evidence.h"
#include "base/ip.h"

/* The rules of a fetch: one row for each purpose, in the table of fetch.c. */
struct mp_fetch_use {
	const char *name; /* "mta-sts", "rdap", "rdap-bootstrap": part of the question */
	size_t max_bytes; /* of the body; more is "too large" */
	uint32_t timeout_ms;
	const char *types[4]; /* media types that a right answer has; NULL ends the list */
	const char *accept;   /* what is asked for (RFC 9110 12.5.1); NULL: anything */
	bool allow_http;      /* http:// as well, for servers of one's own */
	bool near;            /* http:// to loopback and private addresses alone */
	bool posts;           /* the message that the question is about goes along */
	bool spamc;           /* not HTTP at all: REPORT of SpamAssassin's spamd */
	uint32_t cache_s;     /* kept on disk for so long, and longer while a fetch fails; 0: never */
	/* The part of a large document that a question is about; NULL from it: no such document. NULL: the whole is kept. */
	char *(*cut)(struct mp_arena *a, struct mp_str body, const char *about);
};

const struct mp_fetch_use *mp_fetch_use_by_name(const char *name); /* NULL when there is none */

enum {
	MP_FETCH_PATH_MAX = 1024,
	MP_FETCH_ADDRESSES_MAX = 16,
	MP_FETCH_LINES_MAX = 16,
	MP_FETCH_LINE_MAX = 1000,
};

struct mp_fetch_question {
	const char *use;  /* name of a row */
	bool http;        /* http:// instead; only where the row allows it */
	const char *host; /* a host name, or the text of an address */
	uint16_t port;
	const char *path; /* from '/' on, the query with it: printable ASCII without blanks */
	size_t n_addresses;
	const struct mp_ip *addresses; /* one of them is connected to; not part of a URL */
	const char *about;             /* for the row's `cut`: what is looked for, or the Message-ID that is posted */
	size_t n_lines;
	const char *const *lines; /* header lines that go before the message (spamd), or of the request */
	uint32_t limit_ms;        /* where a judge has less time than its row allows; else 0 */
};

enum mp_fetch_outcome {
	MP_FETCHED, /* a whole HTTP answer within the bounds. A 404 is one too: see `status` */
	MP_FETCH_UNREACHABLE,
	MP_FETCH_TLS_FAILED,
	MP_FETCH_TIMEOUT,
	MP_FETCH_TOO_LARGE,
	MP_FETCH_PROTOCOL_ERROR, /* what came is no HTTP, or ended early */
	MP_FETCH_UNKNOWN,        /* not known in time, or there is no way to fetch on this machine */
};

struct mp_fetch_answer {
	enum mp_fetch_outcome outcome;
	const char *reason; /* one line: why not. When fetched NULL, or why an old answer from the disk has to do */
	int status;         /* of HTTP, 100..599; 0: none came */
	const char *content_type; /* as received, or NULL */
	const char *location;     /* where a 3xx leads to, absolute, or NULL */
	struct mp_str body;       /* bytes from outside. Whole when the outcome is "fetched", else empty */
	/* For "tls-failed", each part told apart. NULL: good, or not known. In the words of smtp_tls. */
	const char *chain_error, *name_error, *time_error;
	struct mp_ip address; /* that was connected to; MP_IPNONE: none was */
	int64_t fetched_ms;   /* wall clock of the fetch when the answer comes from the disk; else 0 */
	double at_ms, took_ms;
};

extern const struct mp_kind mp_fetch_kind;

/* Ask. NULL: pending. A question that no URL can be made of is answered "protocol-error" at once. */
const struct mp_fetch_answer *mp_fetch_ask(struct mp_evidence *ev, const struct mp_fetch_question *q);

/* The answer's media type is one of the row's. */
bool mp_fetch_type_ok(const struct mp_fetch_question *q, const struct mp_fetch_answer *a);

/* Host, port, path and scheme are such that a URL can be made of them, and the row of `use` allows it. */
bool mp_fetch_valid(const struct mp_fetch_question *q);
/* "https://host/path"; the port where it is not the usual one. */
char *mp_fetch_url(struct mp_arena *a, const struct mp_fetch_question *q);
/*
 * The way back, for a URL of a configuration or a redirect: fills http, host (lower case), port and path of `out`.
 * False: no http or https URL, or with a user, a fragment, or bytes that no URL has.
 */
bool mp_fetch_parse_url(struct mp_arena *a, struct mp_str url, struct mp_fetch_question *out);

const char *mp_fetch_outcome_name(enum mp_fetch_outcome o); /* the word of the JSON: "fetched", "tls-failed", ... */

#endif
