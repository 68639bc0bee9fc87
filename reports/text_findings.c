/* reports/text_findings.c - the findings for a person: why, what to do, and what else was noted */
#include "reports/rules.h"
#include "reports/text.h"

enum {
	MAX_QUOTES = 4,    /* replies quoted for one finding; the dialogues have all */
	MAX_QUOTED = 1000, /* bytes of one of them */
};

/* What a receiver said, as one text behind a bar. The dialogue has it line by line. */
static void quote(struct rep_sheet *t, const json_t *session)
{
	struct rep_page *pg = &t->pg;
	const char *text = rep_reply_flowed(pg->a, mp_jget(session, "reply"));
	const char *bar = mp_printf(pg->a, "%*s%s ", REP_INDENT, "", rep_inked(pg, REP_DIM, "|"));
	struct rep_para para = {.first = bar, .rest = bar, .ink = rep_outcome_ink(session), .raw = true};

	/* A refusal can be a whole page, by intention. */
	if (text && strlen(text) > MAX_QUOTED && !t->verbose)
		text = mp_printf(pg->a, "%s ...", mp_dupn(pg->a, text, MAX_QUOTED));
	if (text)
		rep_wrap(pg, &para, text);
}

/* ---- why */

static size_t session_number(struct rep_sheet *t, const json_t *because)
{
	return rep_session_number(
		t->report, (size_t)mp_jget_int(because, "target", 0), (size_t)mp_jget_int(because, "session", 0));
}

/* Whether two sessions ended in the same words of the same server. */
static bool alike(struct rep_sheet *t, const json_t *x, const json_t *y)
{
	struct mp_arena *a = t->pg.a;
	const char *said_x = rep_reply_flowed(a, mp_jget(x, "reply")),
		   *said_y = rep_reply_flowed(a, mp_jget(y, "reply"));

	return strcmp(rep_server(a, x), rep_server(a, y)) == 0 && strcmp(rep_outcome(a, x), rep_outcome(a, y)) == 0 &&
	       strcmp(said_x ? said_x : "", said_y ? said_y : "") == 0;
}

/* Whether the explanation has the reply already, word for word. */
static bool explained(struct rep_sheet *t, const json_t *finding, const json_t *session)
{
	const char *explanation = rep_str(finding, "explanation");
	const char *reply = rep_reply_flowed(t->pg.a, mp_jget(session, "reply"));

	return explanation && reply && strstr(explanation, reply);
}

/* What the receivers said: the sessions that a finding rests on, those that ended alike together. */
static void said(struct rep_sheet *t, const json_t *finding)
{
	struct rep_page *pg = &t->pg;
	size_t n = rep_len(finding, "because"), quoted = 0, more = 0;
	bool gap = true; /* replies stand apart, mere outcomes together */

	for (size_t i = 0; i < n; i++) {
		const json_t *b = rep_at(finding, "because", i), *s = rep_because_session(t->report, b);
		struct rep_list numbers = {t, NULL};
		bool shown = false, several = false, refused;

		for (size_t k = 0; s && k < i && !shown; k++) {
			const json_t *before = rep_because_session(t->report, rep_at(finding, "because", k));

			shown = before && alike(t, before, s);
		}
		if (!s || shown)
			continue;
		if (quoted == MAX_QUOTES && !t->verbose) {
			more++;
			continue;
		}
		quoted++;
		for (size_t k = i; k < n; k++) {
			const json_t *other = rep_at(finding, "because", k);
			const json_t *os = rep_because_session(t->report, other);

			if (os && alike(t, s, os)) {
				const char *purpose = rep_str(os, "purpose");
				bool varied = purpose && strcmp(purpose, "baseline") != 0;

				several = numbers.text != NULL;
				rep_add(&numbers, ", ", "%zu%s%s", session_number(t, other), varied ? " " : "",
					varied ? purpose : "");
			}
		}
		refused = mp_jget(s, "reply") && !rep_is(s, "outcome", "accepted") && !explained(t, finding, s);
		if (refused || gap)
			rep_blank(pg);
		gap = refused;
		rep_print(pg, REP_INDENT, "%s, %s (session%s %s)%s", rep_server(pg->a, s), rep_outcome(pg->a, s),
			several ? "s" : "", numbers.text, refused ? ":" : "");
		if (refused)
			quote(t, s);
	}
	if (more)
		rep_print(pg, REP_INDENT, "and %zu more answers, below", more);
}

/* Has the same check of another subject been quoted before, with the same summary? */
static bool quoted(const struct rep_sheet *t, const json_t *finding, size_t n, const json_t *check)
{
	for (size_t i = 0; i < n; i++) {
		const json_t *c = rep_because_check(t->report, rep_at(finding, "because", i));

		if (c && rep_is(c, "id", mp_jget_str(check, "id", "")) &&
			rep_is(c, "summary", mp_jget_str(check, "summary", "")))
			return true;
	}
	return false;
}

/*
 * A check as a finding quotes it: its summary and what it saw, where title and explanation do not say so already, and not
 * for one subject after another.
 */
static void shown_by(struct rep_sheet *t, const json_t *check, const json_t *finding, bool again)
{
	struct rep_page *pg = &t->pg;
	const struct rep_status_word *w = rep_status_word(rep_str(check, "status"));
	const char *summary = mp_jget_str(check, "summary", ""), *detail = rep_because_detail(finding, check);
	const char *title = rep_str(finding, "title");
	struct rep_para para = {
		.first = mp_printf(pg->a, "%*s%s ", REP_INDENT, "", rep_inked(pg, w->ink, w->word)),
		.rest = rep_blanks(pg, REP_INDENT + 2),
	};

	if (again || (title && strcmp(title, summary) == 0)) {
		summary = detail && !again ? detail : mp_jget_str(check, "subject", "");
		detail = NULL;
	}
	rep_wrap(pg, &para, mp_printf(pg->a, "%s: %s", mp_jget_str(check, "id", "?"), summary));
	if (detail)
		rep_print(pg, REP_INDENT + 2, "%s", detail);
}

static void steps(struct rep_sheet *t, const json_t *f, unsigned indent)
{
	struct rep_page *pg = &t->pg;
	size_t n = rep_len(f, "fix"), number = 0;

	for (size_t i = 0; i < n; i++) {
		const char *step = json_string_value(rep_at(f, "fix", i));
		struct rep_para para = {.first = rep_blanks(pg, indent)};

		if (!step || !*step)
			continue;
		if (n > 1)
			para.first = mp_printf(pg->a, n > 9 ? "%s%2zu. " : "%s%zu. ", para.first, ++number);
		rep_wrap(pg, &para, step);
	}
}

static void finding(struct rep_sheet *t, const json_t *f, size_t number)
{
	struct rep_page *pg = &t->pg;
	const struct rep_status_word *w = rep_status_word(rep_str(f, "status"));
	const char *certainty = rep_certainty_words(f, t->single), *explanation = rep_str(f, "explanation");
	struct rep_para title = {
		.first = mp_printf(pg->a, "%3zu. %s  ", number, rep_inked(pg, w->ink, w->word)),
		.rest = rep_blanks(pg, REP_INDENT),
		.ink = REP_BOLD,
	};
	bool first = true, noted = rep_is(f, "status", "info");

	rep_blank(pg);
	rep_wrap(pg, &title, mp_jget_str(f, "title", mp_jget_str(f, "id", "a finding")));
	if (certainty)
		rep_print(pg, REP_INDENT, "%s", certainty);
	if (explanation) {
		rep_blank(pg);
		rep_print(pg, REP_INDENT, "%s", explanation);
	}
	if (!noted || t->verbose)
		said(t, f);
	for (size_t i = 0; i < rep_len(f, "because"); i++) {
		const json_t *c = rep_because_check(t->report, rep_at(f, "because", i));

		/* A provider's rule follows from the checks before it. */
		if (!c || (rep_is_rule(c) && !first))
			continue;
		if (first)
			rep_blank(pg);
		first = false;
		shown_by(t, c, f, quoted(t, f, i, c));
	}
	rep_blank(pg);
	if (noted)
		steps(t, f, REP_INDENT);
	rep_blank(pg);
}

/*
 * Whether the finding counts (fail, warn) and tells of this target: it rests on a session there, on a check of its
 * domain, or on the way out from the source that did not get there.
 */
static bool touches(struct rep_sheet *t, const json_t *finding, size_t target)
{
	const json_t *g = rep_at(t->report, "targets", target);
	const char *domain = rep_str(g, "domain"), *source = rep_str(rep_deciding(g), "source");

	for (size_t i = 0; !rep_is(finding, "status", "info") && i < rep_len(finding, "because"); i++) {
		const json_t *b = rep_at(finding, "because", i);
		const char *check = rep_str(b, "check");

		if (mp_jget_int(b, "target", -1) == (int64_t)target || (domain && rep_is(b, "subject", domain)))
			return true;
		if (check && strncmp(check, "egress.", 7) == 0 && source && rep_is(b, "ip", source))
			return true;
	}
	return false;
}

/* A target that was not accepted, and that no finding speaks of. */
static bool untold(struct rep_sheet *t, size_t target)
{
	const json_t *g = rep_at(t->report, "targets", target);

	if (t->single || !rep_str(g, "status") || rep_is(g, "status", "deliverable") ||
		rep_is(rep_deciding(g), "outcome", "accepted"))
		return false;
	for (size_t i = 0; i < rep_len(t->report, "findings"); i++)
		if (touches(t, rep_at(t->report, "findings", i), target))
			return false;
	return true;
}

/* What happened there: the session that decided, else what was found out of its mail servers. */
static void unexplained(struct rep_sheet *t, const json_t *target)
{
	struct rep_page *pg = &t->pg;
	const char *name = rep_target_name(target), *domain = rep_str(target, "domain");
	const json_t *s = rep_deciding(target);
	struct rep_para para = {.first = "  -  "};

	rep_blank(pg);
	if (s) {
		bool refused = mp_jget(s, "reply") != NULL;

		rep_wrap(pg, &para,
			mp_printf(pg->a, "%s: %s, %s%s", name, rep_server(pg->a, s), rep_outcome(pg->a, s),
				refused ? ":" : ""));
		if (refused)
			quote(t, s);
		return;
	}
	for (size_t i = 0; domain && i < rep_len(t->report, "checks"); i++) {
		const json_t *c = rep_at(t->report, "checks", i);

		if (rep_is(c, "id", "mx.target") && rep_is(c, "subject", domain)) {
			rep_wrap(pg, &para, mp_printf(pg->a, "%s:", name));
			shown_by(t, c, NULL, false);
			return;
		}
	}
	rep_wrap(pg, &para, mp_printf(pg->a, "%s: %s", name, rep_target_brief(t, target)));
}

/* Findings of one kind: those that count (fail, warn), or those that are merely noted. */
static size_t findings(struct rep_sheet *t, bool noted, const char *title)
{
	size_t shown = 0;

	for (size_t i = 0; i < rep_len(t->report, "findings"); i++) {
		const json_t *f = rep_at(t->report, "findings", i);

		if (rep_is(f, "status", "info") != noted)
			continue;
		if (!shown++ && title)
			rep_heading(t, title, NULL);
		finding(t, f, i + 1);
	}
	return shown;
}

bool rep_text_why(struct rep_sheet *t)
{
	bool titled = findings(t, false, "WHY") > 0;

	for (size_t i = 0; i < rep_len(t->report, "targets"); i++) {
		if (!untold(t, i))
			continue;
		if (!titled)
			rep_heading(t, "WHY", NULL);
		titled = true;
		unexplained(t, rep_at(t->report, "targets", i));
	}
	return titled;
}

/* ---- what to do */

/* "Subject: ..." */
static bool is_field(struct mp_str line)
{
	size_t n = 0;

	while (n < line.n && (mp_isalnum(line.p[n]) || line.p[n] == '-'))
		n++;
	return n > 0 && n < line.n && line.p[n] == ':';
}

/*
 * A text to be pasted. A paragraph of prose that does not fit is filled anew, lest every line end in a stump; lines that
 * begin with blanks are tables or quotations and stay as they are.
 */
static void pasteable(struct rep_sheet *t, unsigned indent, const char *text)
{
	struct rep_page *pg = &t->pg;
	struct mp_str rest = mp_str(text), line, ahead;
	struct rep_para para = {.first = rep_blanks(pg, indent)};
	bool head = true; /* header fields, each a line of its own */

	while (mp_str_split(&rest, '\n', &line)) {
		const char *paragraph = mp_dupstr(pg->a, line);
		bool prose = line.n > 0 && line.p[0] != ' ',
		     wide = rep_cols(rep_clean(pg, paragraph)) + indent > pg->width;
		struct mp_str after = rest;

		head = head && is_field(line);
		/* Prose goes up to an empty line, or to one that begins with blanks. */
		while (prose && !head && mp_str_split(&after, '\n', &ahead) && ahead.n > 0 && ahead.p[0] != ' ') {
			const char *next = mp_dupstr(pg->a, ahead);

			wide = wide || rep_cols(rep_clean(pg, next)) + indent > pg->width;
			paragraph = mp_printf(pg->a, "%s\n%s", paragraph, next);
			rest = after;
		}
		if (prose && wide) {
			char *flowed = mp_dup(pg->a, paragraph);

			for (char *p = flowed; (p = strchr(p, '\n'));)
				*p = ' ';
			paragraph = flowed;
		}
		rep_wrap(pg, &para, paragraph);
	}
}

/* The texts to send to those who can mend it, each once, as they are to be pasted; of what is merely noted none. */
static void requests(struct rep_sheet *t, bool numbered)
{
	struct rep_page *pg = &t->pg;
	size_t n = rep_len(t->report, "findings");

	for (size_t i = 0; i < n; i++) {
		const json_t *f = rep_at(t->report, "findings", i);
		const char *request = rep_str(f, "request"), *kind = rep_str(f, "request_kind");
		struct rep_list numbers = {t, NULL};
		bool shown = false;

		for (size_t k = 0; request && k < n; k++) {
			const char *other = rep_str(rep_at(t->report, "findings", k), "request");

			if (!other || strcmp(other, request) != 0)
				continue;
			shown = shown || k < i;
			rep_add(&numbers, ", ", "%zu", k + 1);
		}
		if (!request || shown || rep_is(f, "status", "info"))
			continue;
		rep_blank(pg);
		rep_print(pg, 2, "Text to send%s%s%s%s%s:", numbered ? ", for " : "", numbered ? numbers.text : "",
			kind ? " (--request " : "", kind ? kind : "", kind ? " prints it alone)" : "");
		rep_blank(pg);
		pasteable(t, 4, request);
		rep_blank(pg);
	}
}

/* A finding whose steps belong here: those of what is merely noted stand beside it. */
static bool has_steps(const json_t *f)
{
	return rep_len(f, "fix") > 0 && !rep_is(f, "status", "info");
}

/* A title again, where its number would do: what is wrong, without what is wanted. */
static const char *short_title(struct rep_page *pg, const json_t *f)
{
	const char *title = mp_jget_str(f, "title", ""), *end = strstr(title, "; ");

	return end ? mp_dupn(pg->a, title, (size_t)(end - title)) : title;
}

static void again(struct rep_sheet *t)
{
	const json_t *of = mp_jget(mp_jget(t->report, "verdict"), "again");
	const char *command = rep_str(of, "command"), *with = rep_str(of, "with"), *after = rep_str(of, "after");
	struct rep_para words = {.first = rep_blanks(&t->pg, 2)};

	if (!of)
		return;
	rep_blank(&t->pg);
	rep_wrap(&t->pg, &words,
		mp_printf(t->pg.a, "Then test again%s%s.%s%s", command ? "" : " with ",
			command ? ""
			: with  ? with
				: "the same command",
			after ? " " : "", after ? after : ""));
	if (command) {
		struct rep_para line = {.first = rep_blanks(&t->pg, 4), .rest = rep_blanks(&t->pg, 6)};

		rep_blank(&t->pg);
		rep_wrap(&t->pg, &line, command);
	}
}

void rep_text_what_to_do(struct rep_sheet *t)
{
	struct rep_page *pg = &t->pg;
	size_t n = rep_len(t->report, "findings"), counted = 0, with_steps = 0, with_request = 0;

	for (size_t i = 0; i < n; i++) {
		const json_t *f = rep_at(t->report, "findings", i);

		counted += !rep_is(f, "status", "info");
		with_steps += has_steps(f);
		with_request += rep_str(f, "request") && !rep_is(f, "status", "info");
	}
	if (!with_steps && !with_request)
		return;
	rep_heading(t, "WHAT TO DO", NULL);
	for (size_t i = 0; i < n; i++) {
		const json_t *f = rep_at(t->report, "findings", i);
		struct rep_list numbers = {t, NULL};
		bool shown = !has_steps(f);

		for (size_t k = 0; k < n && !shown; k++) {
			const json_t *other = rep_at(t->report, "findings", k);

			if (!has_steps(other) || !json_equal(mp_jget(f, "fix"), mp_jget(other, "fix")))
				continue;
			shown = k < i;
			rep_add(&numbers, ", ", "%zu", k + 1);
		}
		if (shown)
			continue;
		if (counted > 1) {
			rep_blank(pg);
			rep_worded(t, 2, REP_BOLD, mp_printf(pg->a, "For %s:", numbers.text),
				mp_printf(pg->a, "  %s", short_title(pg, f)));
		}
		steps(t, f, counted > 1 ? REP_INDENT : 2);
	}
	again(t);
	requests(t, counted > 1);
}

void rep_text_noted(struct rep_sheet *t, const char *title)
{
	findings(t, true, title);
}
