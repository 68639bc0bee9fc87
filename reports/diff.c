/* reports/diff.c - see reports/diff.h */
#include "reports/diff.h"
#include "reports/text.h"

/* ---- terms in the order of their badness. What is in no such list cannot be compared. */

struct scale {
	const char *term;
	int badness; /* 0: no fault */
};

static const struct scale statuses[] = {{"pass", 0}, {"info", 0}, {"warn", 1}, {"fail", 2}, {NULL, 0}};
static const struct scale verdicts[] = {{"deliverable", 0}, {"at-risk", 1}, {"blocked", 2}, {NULL, 0}};
static const struct scale outcomes[] = {{"accepted", 0}, {"deferred", 1}, {"rejected", 2}, {NULL, 0}};

enum { NOT_KNOWN = -1 };

static int badness(const struct scale *scale, const char *term)
{
	for (; term && scale->term; scale++)
		if (strcmp(scale->term, term) == 0)
			return scale->badness;
	return NOT_KNOWN;
}

enum change { BETTER, WORSE, OTHER };
static const char *const change_names[] = {"better", "worse", "other"}; /* in the order of enum change */

static enum change compare(const struct scale *scale, const char *old, const char *new)
{
	int was = badness(scale, old), is = badness(scale, new);

	if (was == NOT_KNOWN)
		return is > 0 ? WORSE : OTHER;
	if (is == NOT_KNOWN)
		return OTHER;
	return is < was ? BETTER : is > was ? WORSE : OTHER;
}

/* ---- the list */

struct both {
	struct mp_arena *a;
	const json_t *old, *new;
	json_t *changes;
};

static void add(struct both *b, const char *kind, const char *id, const char *subject, const char *old, const char *new,
	enum change change, const char *summary)
{
	json_t *j = json_object();

	mp_jset_str(j, "kind", kind);
	mp_jset_str(j, "id", id);
	mp_jset_str(j, "subject", subject);
	mp_jset_str(j, "old", old);
	mp_jset_str(j, "new", new);
	mp_jset_str(j, "change", change_names[change]);
	mp_jset_str(j, "summary", summary);
	mp_jpush(b->changes, j);
}

static bool same(const char *x, const char *y)
{
	return strcmp(x ? x : "", y ? y : "") == 0;
}

static bool same_member(const json_t *x, const json_t *y, const char *key)
{
	return same(rep_str(x, key), rep_str(y, key));
}

/* ---- what is the same thing in both */

static bool same_check(const json_t *x, const json_t *y)
{
	return same_member(x, y, "id") && same_member(x, y, "subject") &&
	       same_member(mp_jget(x, "values"), mp_jget(y, "values"), "ip");
}

static bool same_finding(const json_t *x, const json_t *y)
{
	return same_member(x, y, "id");
}

static bool same_target(const json_t *x, const json_t *y)
{
	return same_member(x, y, "target");
}

static bool same_session(const json_t *x, const json_t *y)
{
	return same_member(x, y, "mx") && same_member(x, y, "address") && same_member(x, y, "source") &&
	       same_member(x, y, "purpose") && mp_jget_int(x, "port", 0) == mp_jget_int(y, "port", 0);
}

enum { MOST = 4096 }; /* of one list: each is compared with each */

static size_t length(const json_t *list)
{
	size_t n = json_array_size(list);

	return n < MOST ? n : MOST;
}

/* The one of a list that is the same thing; of several, the one with as many of them before it. */
static const json_t *counterpart(
	const json_t *from, size_t at, const json_t *in, bool (*is)(const json_t *, const json_t *))
{
	const json_t *one = json_array_get(from, at);
	size_t nth = 0;

	for (size_t i = 0; i < at; i++)
		nth += is(json_array_get(from, i), one);
	for (size_t i = 0; i < length(in); i++)
		if (is(json_array_get(in, i), one) && nth-- == 0)
			return json_array_get(in, i);
	return NULL;
}

/* ---- checks */

static const char *subject_of(struct mp_arena *a, const json_t *check)
{
	const char *subject = rep_str(check, "subject"), *ip = rep_str(mp_jget(check, "values"), "ip");

	return subject && ip && strcmp(subject, ip) != 0 ? mp_printf(a, "%s, %s", subject, ip) : subject;
}

static void check(struct both *b, const json_t *old, const json_t *new)
{
	const json_t *any = new ? new : old;
	const char *was = rep_str(old, "status"), *is = rep_str(new, "status");
	bool fault = badness(statuses, is) > 0;

	if (old && new &&same(was, is) && !(fault && !same_member(old, new, "summary")))
		return;
	/* What only one of them looked at says little, unless it is a fault. */
	if (!old && !fault)
		return;
	if (!new &&badness(statuses, was) <= 0)
		return;
	add(b, "check", rep_str(any, "id"), subject_of(b->a, any), was, is, compare(statuses, was, is),
		rep_str(any, "summary"));
}

/* ---- findings */

/* Whether the checks that a finding rested on can still be told. */
static bool still_known(const json_t *old, const json_t *new, const json_t *finding)
{
	for (size_t i = 0; i < rep_len(finding, "because"); i++) {
		const json_t *was = rep_because_check(old, rep_at(finding, "because", i)), *is = NULL;

		for (size_t k = 0; was && !is && k < length(mp_jget_array(new, "checks")); k++)
			if (same_check(was, rep_at(new, "checks", k)))
				is = rep_at(new, "checks", k);
		if (was && (!is || badness(statuses, rep_str(is, "status")) == NOT_KNOWN))
			return false;
	}
	return true;
}

static void finding(struct both *b, const json_t *was, const json_t *is)
{
	const json_t *any = is ? is : was;
	const char *before = rep_str(was, "status"), *after = rep_str(is, "status");
	enum change change = compare(statuses, before, after);

	if (was && is && same(before, after))
		return;
	if (!is && badness(statuses, before) > 0 && still_known(b->old, b->new, was))
		change = BETTER;
	add(b, "finding", rep_str(any, "id"), NULL, before, after, change, rep_str(any, "title"));
}

/* ---- targets and their sessions */

static const char *session_words(struct mp_arena *a, const json_t *s)
{
	const char *cause = rep_str(mp_jget(s, "cause"), "id");
	int64_t code = mp_jget_int(mp_jget(s, "reply"), "code", 0);
	const char *text = s ? rep_outcome(a, s) : NULL;

	if (!s || rep_is(s, "outcome", "accepted"))
		return text;
	if (code)
		text = mp_printf(a, "%s, %lld", text, (long long)code);
	return cause && strcmp(cause, "unknown") != 0 ? mp_printf(a, "%s (%s)", text, cause) : text;
}

static void session(struct both *b, const json_t *old, const json_t *new)
{
	const char *was = session_words(b->a, old), *is = session_words(b->a, new);
	const json_t *any = new ? new : old;
	const char *source = rep_str(any, "source"), *subject = rep_server(b->a, any);

	if (same(was, is))
		return;
	if (source)
		subject = mp_printf(b->a, "%s from %s", subject, source);
	add(b, "session", rep_str(any, "purpose"), subject, was, is,
		compare(outcomes, rep_str(old, "outcome"), rep_str(new, "outcome")),
		rep_reply_flowed(b->a, mp_jget(new, "reply")));
}

static void target(struct both *b, const json_t *old, const json_t *new)
{
	const json_t *was = mp_jget_array(old, "sessions"), *is = mp_jget_array(new, "sessions"),
		     *any = new ? new : old;

	if (!same_member(old, new, "status"))
		add(b, "target", rep_target_name(any), NULL, rep_str(old, "status"), rep_str(new, "status"),
			compare(verdicts, rep_str(old, "status"), rep_str(new, "status")), rep_str(any, "summary"));
	for (size_t i = 0; i < length(is); i++)
		session(b, counterpart(is, i, was, same_session), json_array_get(is, i));
	for (size_t i = 0; i < length(was); i++)
		if (!counterpart(was, i, is, same_session))
			session(b, json_array_get(was, i), NULL);
}

/* ---- all of it */

static json_t *side(const json_t *report)
{
	json_t *j = json_object();

	mp_jset_str(j, "run", rep_str(mp_jget(report, "run"), "id"));
	mp_jset_str(j, "started", rep_str(mp_jget(report, "run"), "started"));
	return j;
}

/* What both reports have lists of, in the order in which it is told. */
static const struct kind {
	const char *list;
	bool (*same)(const json_t *x, const json_t *y);
	void (*differ)(struct both *b, const json_t *was, const json_t *is);
} kinds[] = {
	{"targets", same_target, target},
	{"findings", same_finding, finding},
	{"checks", same_check, check},
};

/* First what is in the new report, in its order, then what was in the old one alone. */
static void walk(struct both *b, const struct kind *k, const json_t *x, const json_t *y)
{
	for (size_t i = 0; i < length(y); i++)
		k->differ(b, counterpart(y, i, x, k->same), json_array_get(y, i));
	for (size_t i = 0; i < length(x); i++)
		if (!counterpart(x, i, y, k->same))
			k->differ(b, json_array_get(x, i), NULL);
}

json_t *rep_diff(const json_t *old, const json_t *new)
{
	struct both b = {.a = mp_arena_new(), .old = old, .new = new, .changes = json_array()};
	json_t *j = json_object();
	const char *was = rep_str(mp_jget(old, "verdict"), "status"), *is = rep_str(mp_jget(new, "verdict"), "status");
	int counts[ARRAY_LEN(change_names)] = {0};

	mp_jset_str(j, "schema", "mailprobe.diff/1");
	mp_jset(j, "old", side(old));
	mp_jset(j, "new", side(new));
	/* Where no receiver was asked the checks are all there is to it. */
	if (!same(was, is) && (rep_len(old, "targets") || rep_len(new, "targets")))
		add(&b, "verdict", NULL, NULL, was, is, compare(verdicts, was, is),
			rep_str(mp_jget(new, "verdict"), "summary"));
	for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
		walk(&b, &kinds[k], mp_jget_array(old, kinds[k].list), mp_jget_array(new, kinds[k].list));
	for (size_t c = 0; c < ARRAY_LEN(change_names); c++) {
		for (size_t i = 0; i < json_array_size(b.changes); i++)
			counts[c] += rep_is(json_array_get(b.changes, i), "change", change_names[c]);
		mp_jset_int(j, change_names[c], counts[c]);
	}
	mp_jset(j, "changes", b.changes);
	mp_arena_free(b.a);
	return j;
}

/* ---- for people */

static void one_change(struct rep_page *pg, const json_t *c, enum rep_ink ink)
{
	const char *id = rep_str(c, "id"), *subject = rep_str(c, "subject"), *old = rep_str(c, "old"),
		   *new = rep_str(c, "new"), *kind = rep_str(c, "kind"), *arrow = pg->unicode ? "→" : "->", *text;
	struct rep_para p = {.first = mp_printf(pg->a, "  %s ", rep_cell(pg, ink, kind, 8))};

	text = mp_printf(pg->a, "%s%s%s%s", id ? id : "", id && subject ? " " : "", subject ? subject : "",
		id || subject ? ": " : "");
	if (old && new &&strcmp(old, new) != 0)
		text = mp_printf(pg->a, "%s%s %s %s", text, old, arrow, new);
	else if (old && new)
		text = mp_printf(pg->a, "%sstill %s, but otherwise", text, new);
	else
		text = mp_printf(pg->a, "%s%s, %s", text, new ? new : old, new ? "new" : "no longer there");
	rep_wrap(pg, &p, text);
	if (rep_str(c, "summary") && new)
		rep_print(pg, 11, "%s", rep_str(c, "summary"));
}

int rep_diff_text(const json_t *diff, const struct rep_style *style, struct mp_buf *out, struct mp_err *err)
{
	static const struct {
		const char *change, *title, *words;
		enum rep_ink ink;
	} parts[] = {{"worse", "WORSE", "worse", REP_RED}, {"better", "BETTER", "better", REP_GREEN},
		{"other", "CHANGED", "changed otherwise", REP_YELLOW}};
	struct rep_page pg = {.a = mp_arena_new(),
		.out = out,
		.width = style->width ? style->width : REP_WIDTH,
		.color = style->color,
		.unicode = style->unicode};
	const char *counts = "";

	if (pg.width < REP_WIDTH_MIN)
		pg.width = REP_WIDTH_MIN;
	if (pg.width > REP_WIDTH_MAX)
		pg.width = REP_WIDTH_MAX;
	for (size_t k = 0; k < ARRAY_LEN(parts); k++)
		counts = mp_printf(pg.a, "%s%s%lld %s", counts, k ? ", " : "",
			(long long)mp_jget_int(diff, parts[k].change, 0), parts[k].words);
	if (!style->quiet) {
		rep_print(&pg, 0, "old  %s  run %s", rep_when(pg.a, mp_jget_str(mp_jget(diff, "old"), "started", "")),
			mp_jget_str(mp_jget(diff, "old"), "run", "unknown"));
		rep_print(&pg, 0, "new  %s  run %s", rep_when(pg.a, mp_jget_str(mp_jget(diff, "new"), "started", "")),
			mp_jget_str(mp_jget(diff, "new"), "run", "unknown"));
		rep_blank(&pg);
	}
	rep_print(&pg, 0, "%s", rep_len(diff, "changes") ? counts : "Nothing changed.");
	for (size_t k = 0; !style->quiet && k < ARRAY_LEN(parts); k++) {
		if (!mp_jget_int(diff, parts[k].change, 0))
			continue;
		rep_blank(&pg);
		rep_wrap(&pg, &(struct rep_para){.ink = REP_BOLD}, parts[k].title);
		rep_blank(&pg);
		for (size_t i = 0; i < rep_len(diff, "changes"); i++)
			if (rep_is(rep_at(diff, "changes", i), "change", parts[k].change))
				one_change(&pg, rep_at(diff, "changes", i), parts[k].ink);
	}
	mp_arena_free(pg.a);
	return out->full ? mp_fail(err, MP_ELIMIT, "the comparison is larger than %zu bytes", out->max) : MP_OK;
}
