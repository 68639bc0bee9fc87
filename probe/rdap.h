/*
 * probe/rdap.h - asks the registry of an address or a domain who holds it
 *
 * Procedure:
 *   1. Which server: --rdap-url, else IANA's list of registries (RFC 9224), which is kept on disk for a week.
 *   2. The addresses of the server; the answer, which is kept on disk for a day.
 *   3. Registries send on to each other: a redirect is followed, MP_RDAP_REDIRECTS times at most, to https alone.
 * Nobody's mail depends on the answer, so all of it has MP_RDAP_LIMIT_MS of fetching; what is slower is not waited for.
 *
 * Owns:   texts live in the judge's arena.
 * Fails:  never; see enum mp_rdap_state.
 * Uses:   no I/O, no clock: the evidence's fetches and look-ups.
 * RFC:    7480 5 (redirects, errors), 9082 3.1 (paths), 9224.
 */
#ifndef MP_RDAP_H
#define MP_RDAP_H

#include "dns/rdap.h"
#include "probe/check.h"

enum { MP_RDAP_REDIRECTS = 3, MP_RDAP_LIMIT_MS = 5000 };

enum mp_rdap_state {
	MP_RDAP_FOUND,
	MP_RDAP_NONE,    /* no registry answers for it, or the registry knows no such thing */
	MP_RDAP_UNKNOWN, /* could not be determined */
};

struct mp_rdap {
	enum mp_rdap_state state;
	const char *why;           /* one clause, unless found: "rdap.example.net did not answer in time" */
	const char *source;        /* URL of the answer, when found */
	struct rdap_object object; /* when found */
};

/* May a server be named so: an https URL without a query, whatever is asked of it then goes behind its path. */
bool mp_rdap_url_ok(struct mp_arena *a, struct mp_str url);

/* False: pending. `subject`: the text of a public address, or a domain in A-labels. */
bool mp_rdap_ask(struct mp_judge *j, const char *subject, struct mp_rdap *out);

#endif
