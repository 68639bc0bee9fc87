/*
 * probe/ownrules.h - the user's own rules from replies to causes: the file of --rules, and its saved form
 *
 *     file      = *( blank / comment / rule )                 one a line (probe/lines.h)
 *     rule      = cause *( blank condition ) [ ":" words / "~" pattern ]
 *     condition = "provider=" NAME / "mx=" DOMAIN / "code=" 550,45x / "enhanced=" 5.7.1,x.7.x / "stage=" rcpt-to,message
 *               / "confidence=" 0.9
 *     words     = as they stand in the reply, in any case, to the end of the line
 *     pattern   = as smtp/match.h has it
 *
 * smtp/own.h says when a rule is tried. A report holds the rules that were in force, so that it replays without the file.
 *
 * Owns:   all texts live in the arena given.
 * Fails:  MP_EINVAL with "FILE:LINE: what is wrong and how it should look"; a saved rule: MP_EPARSE.
 * Uses:   mp_own_rules_read() reads the file; the rest does no I/O.
 */
#ifndef MP_OWNRULES_H
#define MP_OWNRULES_H

#include "base/arena.h"
#include "base/json.h"
#include "smtp/own.h"

enum {
	MP_OWN_RULES_MAX = 500,
	MP_OWN_WORDS_MAX = 512, /* of one rule */
	MP_OWN_VALUE_MAX = 256, /* of one condition */
};

enum mp_own_key {
	MP_OWN_PROVIDER,
	MP_OWN_MX,
	MP_OWN_CODE,
	MP_OWN_ENHANCED,
	MP_OWN_STAGE,
	MP_OWN_CONFIDENCE,
	MP_OWN_KEY__COUNT
};

/* A rule as it was written. */
struct mp_own_text {
	unsigned line;
	const char *cause;
	const char *value[MP_OWN_KEY__COUNT]; /* NULL: not given */
	const char *words;                    /* NULL: none */
	bool pattern;                         /* the words are one */
};

struct mp_own_rules {
	size_t n;
	const struct mp_own_text *text;
	struct smtp_own_rules made; /* in the same order */
};

int mp_own_rules_parse(
	struct mp_arena *a, const char *path, struct mp_str bytes, struct mp_own_rules *out, struct mp_err *err);
int mp_own_rules_read(
	struct mp_arena *a, const char *root, const char *path, struct mp_own_rules *out, struct mp_err *err);

/* The saved form, a list. New reference. */
json_t *mp_own_rules_json(const struct mp_own_rules *r);
int mp_own_rules_from_json(const json_t *list, struct mp_arena *a, struct mp_own_rules *out, struct mp_err *err);

#endif
