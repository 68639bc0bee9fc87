/*
 * dns/spf_record.h - the terms of an SPF record, and the macros in them: what dns/spf.c reads and expands
 *
 * Owns:   views point into the record given; texts live in the arena given.
 * Fails:  with what is wrong, for a person.
 * Uses:   no I/O, no clock.
 * RFC:    7208 4.6.1, 5, 6, 7, 12.
 */
#ifndef DNS_SPF_RECORD_H
#define DNS_SPF_RECORD_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/ip.h"
#include "dns/spf.h"

enum spf_term_kind {
	SPF_ALL,
	SPF_INCLUDE,
	SPF_A,
	SPF_MX,
	SPF_PTR,
	SPF_IP4,
	SPF_IP6,
	SPF_EXISTS,
	SPF_REDIRECT,
	SPF_EXP,
	SPF_OTHER_MODIFIER,
};

struct spf_term {
	enum spf_term_kind kind;
	char qualifier;     /* + - ? ~ ; '+' where none is written */
	struct mp_str text; /* as written */
	struct mp_str name; /* of a modifier */
	struct mp_str spec; /* domain-spec, without prefix lengths; p NULL when there is none */
	struct mp_ip net;   /* ip4, ip6 */
	unsigned prefix4, prefix6;
};

struct spf_record {
	size_t n, cap;
	struct spf_term *terms;     /* in the order written, modifiers too */
	const struct spf_term *all; /* the first, or NULL */
	const struct spf_term *redirect;
	const struct spf_term *exp;
};

/* "v=spf1", then a blank or the end (4.5). */
bool spf_is_record(struct mp_str txt);

/* NULL: `out` is written. Else what is wrong. */
const char *spf_record_parse(struct mp_arena *a, struct mp_str record, struct spf_record *out);

/* What is wrong with a macro-string (7.1); `text`: that of an explanation, with blanks and the letters c, r, t. */
const char *spf_macro_fault(struct mp_arena *a, struct mp_str s, bool text);

/* What the letters stand for. Those of another letter are "". */
struct spf_letters {
	struct mp_str value[26]; /* by lower-case letter */
};

/*
 * Expand a macro-string that has no fault. `keep`: with more than that, the beginning is dropped and the end kept (for
 * domain names, which are cut at the left); 0: a full `out` ends it.
 */
void spf_macro_expand(struct mp_str s, const struct spf_letters *letters, size_t keep, struct mp_buf *out);
/* True when `s` has the macro of that lower-case letter. */
bool spf_macro_uses(struct mp_str s, char letter);

#endif
