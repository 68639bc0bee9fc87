/* reports/text_findings.c - the findings for a person: why, what to do, and what else was noted */
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

/* What the receivers said: the sessions that a finding rests on, those that ended alike together. */
static void said(struct rep_sheet *t, const json_t *finding)
{
	struct rep_page *pg = &t->pg;
	size_t n = rep_len(finding, "because"), quoted = 0, more = 0;

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
		rep_blank(pg);
		refused = mp_jget(s, "reply") && !rep_is(s, "outcome", "accepted");
		rep_print(pg, REP_INDENT, "%s, %s (session%s %s)%s", rep_server(pg->a, s), rep_outcome(pg->a, s),
			several ? "s" : "", numbers.text, refused ? ":" : "");
		if (refused)
			quote(t, s);
	}
	if (more)
		rep_print(pg, REP_INDENT, "and %zu more answers, below", more);
}

/* A check as a finding quotes it: its summary and what it saw. */
static void shown_by(struct rep_sheet *t, const json_t *check)
{
	struct rep_page *pg = &t->pg;
	const struct rep_status_word *w = rep_status_word(rep_str(check, "status"));
	struct rep_para para = {
		.first = mp_printf(pg->a, "%*s%s ", REP_INDENT, "", rep_inked(pg, w->ink, w->word)),
		.rest = rep_blanks(pg, REP_INDENT + 2),
	};

	rep_wrap(pg, &para,
		mp_printf(pg->a, "%s: %s", mp_jget_str(check, "id", "?"), mp_jget_str(check, "summary", "")));
	if (rep_str(check, "detail"))
		rep_print(pg, REP_INDENT + 2, "%s", rep_str(check, "detail"));
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
	const char *certainty = rep_certainty_words(rep_str(f, "certainty")), *explanation = rep_str(f, "explanation");
	struct rep_para title = {
		.first = mp_printf(pg->a, "%3zu. %s  ", number, rep_inked(pg, w->ink, w->word)),
		.rest = rep_blanks(pg, REP_INDENT),
		.ink = REP_BOLD,
	};
	bool first = true, noted = rep_is(f, "status", "info");

	if (t->single && rep_is(f, "certainty", "latent"))
		certainty = "Latent: the check shows it; no receiver was asked.";
	rep_blank(pg);
	rep_wrap(pg, &title, mp_jget_str(f, "title", mp_jget_str(f, "id", "a finding")));
	/* "latent: nobody rejected for it yet" goes without saying where something is merely noted. */
	if (certainty && !noted)
		rep_print(pg, REP_INDENT, "%s", certainty);
	if (explanation) {
		rep_blank(pg);
		rep_print(pg, REP_INDENT, "%s", explanation);
	}
	if (!noted || t->verbose)
		said(t, f);
	for (size_t i = 0; i < rep_len(f, "because"); i++) {
		const json_t *c = rep_because_check(t->report, rep_at(f, "because", i));

		if (!c)
			continue;
		if (first)
			rep_blank(pg);
		first = false;
		shown_by(t, c);
	}
	rep_blank(pg);
	if (noted)
		steps(t, f, REP_INDENT);
	rep_blank(pg);
}

/* Whether the finding counts (fail, warn) and rests on a session of this target, or on a check of its domain. */
static bool touches(struct rep_sheet *t, const json_t *finding, size_t target)
{
	const char *domain = rep_str(rep_at(t->report, "targets", target), "domain");

	for (size_t i = 0; !rep_is(finding, "status", "info") && i < rep_len(finding, "because"); i++) {
		const json_t *b = rep_at(finding, "because", i);

		if (mp_jget_int(b, "target", -1) == (int64_t)target || (domain && rep_is(b, "subject", domain)))
			return true;
	}
	return false;
}

/* A target that stands badly and that no finding speaks of: what happened there. */
static void unexplained(struct rep_sheet *t, size_t target)
{
	struct rep_page *pg = &t->pg;
	const json_t *g = rep_at(t->report, "targets", target), *s = rep_deciding(g);
	bool said = s && mp_jget(s, "reply") && !rep_is(s, "outcome", "accepted");
	struct rep_para para = {.first = "  -  "};

	rep_blank(pg);
	if (s)
		rep_wrap(pg, &para,
			mp_printf(pg->a, "%s: %s, %s%s", rep_target_name(g), rep_server(pg->a, s),
				rep_outcome(pg->a, s), said ? ":" : ""));
	else
		rep_wrap(pg, &para, mp_printf(pg->a, "%s: %s", rep_target_name(g), rep_target_brief(t, g)));
	if (said)
		quote(t, s);
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
		const json_t *g = rep_at(t->report, "targets", i);
		bool told = t->single || !rep_str(g, "status") || rep_is(g, "status", "deliverable");

		for (size_t k = 0; k < rep_len(t->report, "findings") && !told; k++)
			told = touches(t, rep_at(t->report, "findings", k), i);
		if (told)
			continue;
		if (!titled)
			rep_heading(t, "WHY", NULL);
		titled = true;
		unexplained(t, i);
	}
	return titled;
}

/* ---- what to do */

/* The texts to send to those who can mend it, each once, as they are to be pasted. */
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
		if (!request || shown)
			continue;
		rep_blank(pg);
		rep_print(pg, 2, "Text to send%s%s%s%s%s:", numbered ? ", for " : "", numbered ? numbers.text : "",
			kind ? " (--request " : "", kind ? kind : "", kind ? " prints it alone)" : "");
		rep_blank(pg);
		rep_print(pg, 6, "%s", request);
		rep_blank(pg);
	}
}

/* A finding whose steps belong here: those of what is merely noted stand beside it. */
static bool has_steps(const json_t *f)
{
	return rep_len(f, "fix") > 0 && !rep_is(f, "status", "info");
}

void rep_text_what_to_do(struct rep_sheet *t)
{
	struct rep_page *pg = &t->pg;
	size_t n = rep_len(t->report, "findings"), counted = 0, with_steps = 0, with_request = 0;

	for (size_t i = 0; i < n; i++) {
		const json_t *f = rep_at(t->report, "findings", i);

		counted += !rep_is(f, "status", "info");
		with_steps += has_steps(f);
		with_request += rep_str(f, "request") != NULL;
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
				mp_printf(pg->a, "  %s", mp_jget_str(f, "title", "")));
		}
		steps(t, f, counted > 1 ? REP_INDENT : 2);
	}
	requests(t, counted > 1);
}

void rep_text_noted(struct rep_sheet *t, const char *title)
{
	findings(t, true, title);
}
