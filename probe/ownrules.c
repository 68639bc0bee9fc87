/* probe/ownrules.c - see probe/ownrules.h */
#include "probe/ownrules.h"
#include "base/text.h"
#include "probe/lines.h"
#include "probe/names.h"
#include "smtp/cause.h"

enum {
	CONFIDENCE = 90,                        /* percent, of a rule that states none */
	SAVED_WORDS_MAX = 2 * MP_OWN_WORDS_MAX, /* redaction may have made them longer */
};

/* ---- conditions */

/* A part of a list such as "550,45x"; false at its end. */
static bool next_part(struct mp_str *list, struct mp_str *part)
{
	return mp_str_split(list, ',', part);
}

static int take_provider(struct mp_arena *a, struct mp_str s, struct smtp_own_rule *r, struct mp_err *err)
{
	struct mp_nearest near = {.word = s};

	for (size_t i = 0; i < smtp_n_speakers + smtp_n_rules; i++) {
		const char *name =
			i < smtp_n_speakers ? smtp_speakers[i].name : smtp_rules[i - smtp_n_speakers].provider;

		if (!name)
			continue;
		if (mp_str_ieq(s, mp_str(name))) {
			r->row.provider = name;
			return MP_OK;
		}
		mp_nearest_try(&near, name);
	}
	return mp_fail(err, MP_EINVAL, "'%s' is no provider that mailprobe recognises%s; mx=DOMAIN names any other",
		mp_shown(a, s), mp_did_you_mean(a, &near, ""));
}

static int take_mx(struct mp_arena *a, struct mp_str s, struct smtp_own_rule *r, struct mp_err *err)
{
	if (mp_str_istarts(s, "*."))
		s = mp_strn(s.p + 2, s.n - 2);
	return mp_domain_parse(a, s, &r->mx, err);
}

static int take_code(struct mp_arena *a, struct mp_str s, struct smtp_own_rule *r, struct mp_err *err)
{
	struct mp_str rest = s, part;
	char *out = mp_dupstr(a, s);

	while (next_part(&rest, &part)) {
		bool ok = part.n == 3 && (part.p[0] == '4' || part.p[0] == '5');

		for (size_t i = 1; ok && i < 3; i++)
			ok = mp_isdigit(part.p[i]) || part.p[i] == 'x';
		if (!ok)
			return mp_fail(
				err, MP_EINVAL, "'%s' should be codes such as 550, 45x or 550,554", mp_shown(a, s));
	}
	for (char *p = out; *p; p++)
		if (*p == ',')
			*p = '|';
	r->row.code = out;
	return MP_OK;
}

/* "5.7.1", "x.7.25", "4.x.x" as a pattern: x is any number. */
static bool enhanced_pattern(struct mp_str s, struct mp_buf *out)
{
	struct mp_str part;
	int n = 0;

	for (; mp_str_split(&s, '.', &part); n++) {
		bool any = part.n == 1 && part.p[0] == 'x';
		uint64_t v;

		if (!any && (!mp_str_u64(part, 999, &v) || (n == 0 && v != 4 && v != 5)))
			return false;
		mp_buf_adds(out, n ? "." : "");
		mp_buf_addstr(out, any ? MP_LIT("%d") : part);
	}
	return n == 3;
}

static int take_enhanced(struct mp_arena *a, struct mp_str s, struct smtp_own_rule *r, struct mp_err *err)
{
	struct mp_buf out = MP_BUF(4 * MP_OWN_VALUE_MAX);
	struct mp_str rest = s, part;
	bool ok = true;

	while (ok && next_part(&rest, &part)) {
		mp_buf_adds(&out, out.n ? "|" : "(");
		ok = enhanced_pattern(part, &out);
	}
	mp_buf_addc(&out, ')');
	r->row.enhanced = mp_dup(a, mp_buf_cstr(&out));
	mp_buf_release(&out);
	if (!ok)
		return mp_fail(
			err, MP_EINVAL, "'%s' should be enhanced codes such as 5.7.1, x.7.25 or 5.7.x", mp_shown(a, s));
	return MP_OK;
}

static int take_stage(struct mp_arena *a, struct mp_str s, struct smtp_own_rule *r, struct mp_err *err)
{
	const char *names[SMTP_AT_QUIT + 2] = {NULL};
	struct mp_str part;
	size_t at;

	for (int i = 0; i <= SMTP_AT_QUIT; i++)
		names[i] = smtp_stage_name((enum smtp_stage)i);
	while (next_part(&s, &part)) {
		if (mp_word_parse(a, part, names, &at, err) != MP_OK)
			return MP_EINVAL;
		r->stages |= UINT32_C(1) << at;
	}
	return MP_OK;
}

static int take_confidence(struct mp_arena *a, struct mp_str s, struct smtp_own_rule *r, struct mp_err *err)
{
	uint64_t v = 0;

	if (mp_str_eq(s, MP_LIT("1")) || mp_str_eq(s, MP_LIT("1.0")))
		v = 100;
	else if (s.n >= 3 && s.n <= 4 && mp_str_istarts(s, "0."))
		v = mp_str_u64(mp_strn(s.p + 2, s.n - 2), 99, &v) ? (s.n == 3 ? v * 10 : v) : 0;
	if (!v)
		return mp_fail(err, MP_EINVAL, "'%s' should be a number from 0.01 to 1, such as 0.9", mp_shown(a, s));
	r->row.confidence = (uint8_t)v;
	return MP_OK;
}

static const struct {
	const char *key;
	int (*take)(struct mp_arena *a, struct mp_str s, struct smtp_own_rule *r, struct mp_err *err);
} conditions[MP_OWN_KEY__COUNT] = {
	[MP_OWN_PROVIDER] = {"provider", take_provider},
	[MP_OWN_MX] = {"mx", take_mx},
	[MP_OWN_CODE] = {"code", take_code},
	[MP_OWN_ENHANCED] = {"enhanced", take_enhanced},
	[MP_OWN_STAGE] = {"stage", take_stage},
	[MP_OWN_CONFIDENCE] = {"confidence", take_confidence},
};

/* ---- cause and words */

static int take_cause(struct mp_arena *a, struct mp_str s, struct smtp_own_rule *r, struct mp_err *err)
{
	struct mp_nearest near = {.word = s};

	for (size_t i = SMTP_CAUSE_UNKNOWN + 1; i < SMTP_EGRESS_BLOCKED; i++) {
		if (mp_str_ieq(s, mp_str(smtp_causes[i].id))) {
			r->row.cause = (uint8_t)i;
			return MP_OK;
		}
		mp_nearest_try(&near, smtp_causes[i].id);
	}
	return mp_fail(err, MP_EINVAL, "'%s' is no cause that a reply can have%s; 'mailprobe help causes' lists them",
		mp_shown(a, s), mp_did_you_mean(a, &near, ""));
}

/* Words that were pasted with the code before them: it is no part of what is matched. */
static bool begins_with_code(struct mp_str s)
{
	return s.n >= 4 && (s.p[0] == '4' || s.p[0] == '5') && mp_isdigit(s.p[1]) && mp_isdigit(s.p[2]) &&
	       (s.p[3] == ' ' || s.p[3] == '-');
}

static int take_words(struct mp_arena *a, struct mp_str s, bool pattern, struct smtp_own_rule *r, struct mp_err *err)
{
	const char *wrong;
	char *folded;

	if (mp_fit(a, s, SAVED_WORDS_MAX, "words of the reply", err) != MP_OK)
		return MP_EINVAL;
	if (begins_with_code(s))
		return mp_fail(err, MP_EINVAL,
			"'%s': the code is no part of the words; write code=%.3s, and enhanced= for what follows it",
			mp_shown(a, s), s.p);
	folded = mp_alloc(a, s.n + 1);
	s = mp_strn(folded, smtp_fold(s, folded));
	r->words = folded;
	r->pattern = pattern;
	r->row.phrase = pattern ? folded : smtp_pattern_of_words(a, s);
	wrong = smtp_pattern_wrong(r->row.phrase);
	if (wrong)
		return mp_fail(err, MP_EINVAL, "the pattern '%s' %s", mp_shown(a, s), wrong);
	return MP_OK;
}

/* ---- a rule */

static int fill(struct mp_arena *a, const struct mp_own_text *t, struct smtp_own_rule *r, struct mp_err *err)
{
	bool any = t->words != NULL;

	*r = (struct smtp_own_rule){.line = t->line};
	r->row.name = "own";
	r->row.confidence = CONFIDENCE;
	if (take_cause(a, mp_str(t->cause), r, err) != MP_OK)
		return MP_EINVAL;
	for (size_t k = 0; k < MP_OWN_KEY__COUNT; k++) {
		if (!t->value[k])
			continue;
		if (conditions[k].take(a, mp_str(t->value[k]), r, err) != MP_OK)
			return mp_at(err, conditions[k].key);
		any = any || k != MP_OWN_CONFIDENCE;
	}
	if (t->words && take_words(a, mp_str(t->words), t->pattern, r, err) != MP_OK)
		return MP_EINVAL;
	if (!any)
		return mp_fail(err, MP_EINVAL,
			"the rule would take every reply; give words, as in '%s : WORDS OF THE REPLY', or code=550",
			t->cause);
	r->row.tier = r->row.phrase || r->row.provider || r->mx ? SMTP_BY_USER : SMTP_BY_ENHANCED;
	return MP_OK;
}

static int make(
	struct mp_arena *a, const struct mp_own_text *text, size_t n, struct mp_own_rules *out, struct mp_err *err)
{
	struct smtp_own_rule *list = mp_allocn(a, n, sizeof(*list));
	struct mp_own_rules made = {.n = n, .text = text, .made = {.n = n, .list = list}};

	for (size_t i = 0; i < n; i++)
		if (fill(a, &text[i], &list[i], err) != MP_OK)
			return MP_EINVAL;
	if (!smtp_own_prepare(a, &made.made))
		return mp_fail(
			err, MP_EINVAL, "the rules have more than %d words or alternatives in all", SMTP_INDEX_ALTS);
	*out = made;
	return MP_OK;
}

/* ---- the file */

static int condition(struct mp_arena *a, struct mp_str word, struct mp_own_text *t, struct mp_err *err)
{
	struct mp_str value = word, key;
	struct mp_nearest near;

	mp_str_split(&value, '=', &key);
	near = (struct mp_nearest){.word = key};
	for (size_t k = 0; value.p && k < MP_OWN_KEY__COUNT; k++) {
		mp_nearest_try(&near, conditions[k].key);
		if (!mp_str_ieq(key, mp_str(conditions[k].key)))
			continue;
		if (t->value[k])
			return mp_fail(
				err, MP_EINVAL, "'%s=' stands there twice; commas list several", conditions[k].key);
		if (mp_fit(a, value, MP_OWN_VALUE_MAX, "a value", err) != MP_OK)
			return mp_at(err, conditions[k].key);
		t->value[k] = mp_dupstr(a, value);
		return MP_OK;
	}
	if (!value.p)
		return mp_fail(err, MP_EINVAL,
			"'%s' is no condition such as code=550; words of the reply stand behind ' : '",
			mp_shown(a, word));
	return mp_fail(err, MP_EINVAL,
		"unknown condition '%s='%s; there are provider, mx, code, enhanced, stage and confidence",
		mp_shown(a, key), mp_did_you_mean(a, &near, ""));
}

static bool next_word(struct mp_str *s, struct mp_str *word)
{
	size_t n = 0;

	*s = mp_str_trim(*s);
	while (n < s->n && !mp_isblank(s->p[n]))
		n++;
	*word = mp_strn(s->p, n);
	*s = mp_strn(s->p + n, s->n - n);
	return n > 0;
}

static int parse_rule(struct mp_arena *a, struct mp_str line, struct mp_own_text *t, struct mp_err *err)
{
	struct mp_str word;

	for (bool first = true; next_word(&line, &word); first = false) {
		bool words = word.p[word.n - 1] == ':', pattern = word.n == 1 && word.p[0] == '~';

		if (words)
			word.n--;
		if (first && (pattern || !word.n))
			return mp_fail(err, MP_EINVAL,
				"the cause is missing; a rule looks like 'ip-blocked : WORDS OF THE REPLY'");
		if (first)
			t->cause = mp_dupstr(a, word);
		else if (word.n && !pattern && condition(a, word, t, err) != MP_OK)
			return MP_EINVAL;
		if (words || pattern) {
			line = mp_str_trim(line);
			t->words = mp_dupstr(a, line);
			t->pattern = pattern;
			if (mp_fit(a, line, MP_OWN_WORDS_MAX, "words of the reply", err) != MP_OK)
				return mp_at(err, pattern ? "the pattern" : "what stands behind ':'");
			return MP_OK;
		}
	}
	return MP_OK;
}

static int read_rules(struct mp_arena *a, struct mp_lines *lines, struct mp_own_rules *out, struct mp_err *err)
{
	struct mp_own_text *text = NULL;
	struct smtp_own_rule ignored;
	struct mp_str line;
	size_t n = 0, cap = 0;

	for (;;) {
		struct mp_own_text *t;

		if (mp_lines_next(lines, &line, err) != MP_OK)
			return MP_EINVAL;
		if (!line.p)
			break;
		t = MP_PUSH(a, text, n, cap);
		*t = (struct mp_own_text){.line = lines->line};
		if (n > MP_OWN_RULES_MAX)
			mp_fail(err, MP_EINVAL, "more than %d rules", MP_OWN_RULES_MAX);
		else if (parse_rule(a, line, t, err) == MP_OK && fill(a, t, &ignored, err) == MP_OK)
			continue;
		return mp_lines_at(lines, MP_LIT(""), err);
	}
	return make(a, text, n, out, err) == MP_OK ? MP_OK : mp_at(err, lines->path);
}

int mp_own_rules_parse(
	struct mp_arena *a, const char *path, struct mp_str bytes, struct mp_own_rules *out, struct mp_err *err)
{
	struct mp_lines lines;

	return mp_lines_of(a, path, bytes, &lines, err) == MP_OK ? read_rules(a, &lines, out, err) : MP_EINVAL;
}

int mp_own_rules_read(
	struct mp_arena *a, const char *root, const char *path, struct mp_own_rules *out, struct mp_err *err)
{
	struct mp_lines lines;

	return mp_lines_read(a, root, path, &lines, err) == MP_OK ? read_rules(a, &lines, out, err) : MP_EINVAL;
}

/* ---- saved */

json_t *mp_own_rules_json(const struct mp_own_rules *r)
{
	json_t *list = json_array();

	for (size_t i = 0; i < r->n; i++) {
		const struct mp_own_text *t = &r->text[i];
		json_t *j = json_object();

		mp_jset_int(j, "line", t->line);
		mp_jset_str(j, "cause", t->cause);
		for (size_t k = 0; k < MP_OWN_KEY__COUNT; k++)
			if (t->value[k])
				mp_jset_str(j, conditions[k].key, t->value[k]);
		if (t->words)
			mp_jset_str(j, t->pattern ? "pattern" : "words", t->words);
		mp_jpush(list, j);
	}
	return list;
}

/* A text of a saved rule; NULL when it has none. What it must be like, fill() says. */
static const char *member(struct mp_arena *a, const json_t *j, const char *key, bool *bad)
{
	const json_t *v = mp_jget(j, key);
	struct mp_str s;

	if (!v)
		return NULL;
	s = json_is_string(v) ? mp_strn(json_string_value(v), json_string_length(v)) : mp_strn(NULL, 0);
	if (mp_fit(a, s, SAVED_WORDS_MAX, "a text", NULL) != MP_OK) {
		*bad = true;
		return NULL;
	}
	return mp_dupstr(a, s);
}

int mp_own_rules_from_json(const json_t *list, struct mp_arena *a, struct mp_own_rules *out, struct mp_err *err)
{
	size_t n = json_is_array(list) ? json_array_size(list) : 0;
	struct mp_own_text *text;

	if (!json_is_array(list) || n > MP_OWN_RULES_MAX)
		return mp_fail(err, MP_EPARSE, "should be a list, not longer than any case has");
	text = mp_allocn(a, n, sizeof(*text));
	for (size_t i = 0; i < n; i++) {
		const json_t *j = json_array_get(list, i);
		const char *pattern;
		bool bad = false;
		int64_t line = mp_jget_int(j, "line", 0);

		text[i].line = (unsigned)line;
		text[i].cause = member(a, j, "cause", &bad);
		for (size_t k = 0; k < MP_OWN_KEY__COUNT; k++)
			text[i].value[k] = member(a, j, conditions[k].key, &bad);
		text[i].words = member(a, j, "words", &bad);
		pattern = member(a, j, "pattern", &bad);
		text[i].pattern = pattern != NULL;
		if (bad || !text[i].cause || (pattern && text[i].words) || line < 1 || line > MP_LINES_MAX)
			return mp_fail(err, MP_EPARSE, "each should be a rule as a file of rules has it");
		if (pattern)
			text[i].words = pattern;
	}
	return make(a, text, n, out, err) == MP_OK ? MP_OK : MP_EPARSE;
}
