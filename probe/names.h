/*
 * probe/names.h - names, addresses and numbers that people and configurations give: checked, and made fit for the wire
 *
 * Every function takes text as given and says in one line what is wrong with it and how it should look, without the name
 * of the option: mp_at() puts that in front.
 *
 * Owns:   results live in the arena given.
 * Fails:  MP_EINVAL with the line; outputs are then untouched.
 * Uses:   no I/O, no clock. libidn2.
 * RFC:    5321 4.1.2, 4.5.3.1 (addresses, sizes), 1123 2.1 (host names), 5891 (IDNA), 6531 (non-ASCII local parts).
 */
#ifndef MP_NAMES_H
#define MP_NAMES_H

#include "base/arena.h"
#include "base/ip.h"

enum {
	MP_HOST_MAX = 253, /* a host name, without the last dot */
	MP_LABEL_MAX = 63,
	MP_LOCAL_MAX = 64,
	MP_PATH_MAX = 254, /* local part, "@" and domain: 256 with the angle brackets */
	MP_INPUT_MAX = 4096,
};

/* Text as it may stand in a message: by mp_text()'s rules, cut to 48 bytes. */
const char *mp_shown(struct mp_arena *a, struct mp_str s);

/* Put "where: " before the message and return err->code. */
int mp_at(struct mp_err *err, const char *where);

/* Text of 1 to `max` bytes, UTF-8, no control characters. `how`: what it should be, "a host name such as ...". */
int mp_fit(struct mp_arena *a, struct mp_str s, size_t max, const char *how, struct mp_err *err);

/* A host name or domain: IDN to A-labels, lower case, one last dot removed, host-name syntax. */
int mp_domain_parse(struct mp_arena *a, struct mp_str s, const char **out, struct mp_err *err);

/* SELECTOR[@DOMAIN], lower case. *domain is NULL when none was given. */
int mp_selector_parse(
	struct mp_arena *a, struct mp_str s, const char **selector, const char **domain, struct mp_err *err);

/*
 * What is announced in EHLO. Wrong names pass (the report will say so); what cannot be sent as one word, or cannot be a
 * name in the DNS, does not. Case is kept.
 */
int mp_ehlo_parse(struct mp_arena *a, struct mp_str s, const char **out, struct mp_err *err);

struct mp_address {
	const char *text;   /* local-part@domain, the domain in A-labels; "" for the null reverse-path */
	const char *domain; /* "" for the null reverse-path; with its brackets when it is an address literal */
	struct mp_ip ip;    /* of an address literal, else MP_IPNONE */
};

enum { MP_ADDRESS_NULL = 1, MP_ADDRESS_LITERAL = 2 }; /* "<>" and local@[192.0.2.1] are allowed */

/* A mail address, with or without angle brackets. */
int mp_address_parse(struct mp_arena *a, struct mp_str s, unsigned allow, struct mp_address *out, struct mp_err *err);

/* An address that a host can have: not the unspecified one, no multicast. */
int mp_host_ip_parse(struct mp_arena *a, struct mp_str s, struct mp_ip *out, struct mp_err *err);

/* IP[:PORT], [IPv6]:PORT. */
int mp_endpoint_parse(struct mp_arena *a, struct mp_str s, uint16_t port_or_else, struct mp_ip *ip, uint16_t *port,
	struct mp_err *err);
/* "192.0.2.1:53", "[2001:db8::1]:53" */
char *mp_endpoint_text(struct mp_arena *a, const struct mp_ip *ip, uint16_t port);

/* HOST[:PORT], IP[:PORT], [IP]:PORT. *host is NULL when an address was given; *port stays as it was without one. */
int mp_server_parse(
	struct mp_arena *a, struct mp_str s, const char **host, struct mp_ip *ip, uint16_t *port, struct mp_err *err);

/* A decimal number; `what`: "a port". */
int mp_number_parse(struct mp_arena *a, struct mp_str s, uint32_t min, uint32_t max, const char *what, uint32_t *out,
	struct mp_err *err);

/* One of `words` (NULL-ended), as its index. */
int mp_word_parse(struct mp_arena *a, struct mp_str s, const char *const *words, size_t *out, struct mp_err *err);

/*
 * Cut the part before the next comma off `*s`, blanks trimmed; a quoted local part may hold commas. False at the end.
 */
bool mp_list_next(struct mp_str *s, struct mp_str *part);

/* ---- the nearest of many words, for a typing error */

struct mp_nearest {
	struct mp_str word;
	const char *best; /* NULL while nothing is near */
	size_t distance;
};
void mp_nearest_try(struct mp_nearest *n, const char *candidate);
/* " (did you mean 'PREFIXbest'?)", or "" when nothing was near. */
const char *mp_did_you_mean(struct mp_arena *a, const struct mp_nearest *n, const char *prefix);

#endif
