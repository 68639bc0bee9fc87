/* reports/text.c - the report for a person at a terminal: the page, what was tested, the verdict, how it was found out */
#include "reports/placed.h"
#include "reports/rules.h"
#include "reports/text.h"

enum { MAX_LIST = 65536 };

/* ---- words and inks */

const struct rep_verdict_word *rep_verdict_word(const char *status)
{
	static const struct rep_verdict_word words[] = {
		{"unknown", "UNKNOWN", "UNKNOWN", REP_MAGENTA},
		{"deliverable", "DELIVERABLE", "PASS", REP_GREEN},
		{"at-risk", "AT RISK", "WARN", REP_YELLOW},
		{"blocked", "BLOCKED", "FAIL", REP_RED},
	};

	for (size_t i = 0; status && i < ARRAY_LEN(words); i++)
		if (strcmp(status, words[i].status) == 0)
			return &words[i];
	return &words[0];
}

const struct rep_status_word rep_statuses[REP_N_STATUSES] = {
	{"fail", "FAIL", "failed", REP_RED},
	{"warn", "warn", "with warnings", REP_YELLOW},
	{"error", "error", "undetermined", REP_MAGENTA},
	{"pass", "pass", "passed", REP_GREEN},
	{"info", "info", "informational", REP_BLUE},
	{"skip", "skip", "skipped", REP_DIM},
};

const struct rep_status_word *rep_status_word(const char *status)
{
	static const struct rep_status_word none = {"", "-", "", REP_PLAIN};

	for (size_t i = 0; status && i < REP_N_STATUSES; i++)
		if (strcmp(status, rep_statuses[i].status) == 0)
			return &rep_statuses[i];
	return &none;
}

enum rep_ink rep_outcome_ink(const json_t *session)
{
	if (rep_is(session, "outcome", "accepted"))
		return REP_GREEN;
	if (rep_is(session, "outcome", "rejected"))
		return REP_RED;
	return rep_is(session, "outcome", "deferred") ? REP_YELLOW : REP_MAGENTA;
}

/* ---- small things */

void rep_heading(struct rep_sheet *t, const char *title, const char *more)
{
	struct rep_page *pg = &t->pg;
	struct rep_para para = {.first = mp_printf(pg->a, "%s%s", rep_inked(pg, REP_BOLD, title), more ? "  " : "")};

	rep_blank(pg);
	rep_wrap(pg, &para, more);
	rep_blank(pg);
}

void rep_add(struct rep_list *l, const char *sep, const char *fmt, ...)
{
	struct mp_arena *a = l->t->pg.a;
	const char *item;
	va_list ap;

	/* Thousands of items would be unreadable, and quadratic here. */
	if (l->text && strlen(l->text) > MAX_LIST)
		return;
	va_start(ap, fmt);
	item = mp_vprintf(a, fmt, ap);
	va_end(ap);
	l->text = l->text ? mp_printf(a, "%s%s%s", l->text, sep, item) : item;
}

void rep_worded(struct rep_sheet *t, unsigned indent, enum rep_ink ink, const char *word, const char *text)
{
	struct rep_page *pg = &t->pg;
	const char *in = rep_blanks(pg, indent), *w = rep_inked(pg, ink, word);
	struct rep_para para = {.first = mp_printf(pg->a, "%s%s", in, w), .rest = in};

	if (rep_cols(para.first) > pg->width * 2 / 3) {
		para.first = in;
		para.ink = ink;
		rep_wrap(pg, &para, mp_printf(pg->a, "%s%s", word, text));
		return;
	}
	rep_wrap(pg, &para, text);
}

/* ---- what was tested, and the verdict */

static void from_line(struct rep_sheet *t)
{
	const json_t *run = mp_jget(t->report, "run"), *sender = mp_jget(t->report, "sender");
	const char *ehlo = rep_str(sender, "ehlo"), *mail_from = mp_jget_str(sender, "mail_from", NULL);
	const char *header_from = rep_str(sender, "header_from");
	struct rep_list l = {t, ehlo};
	struct rep_para para = {.first = "from  "};

	for (size_t i = 0; i < rep_len(sender, "sources"); i++) {
		const json_t *s = rep_at(sender, "sources", i);
		const char *address = rep_str(s, "address"), *seen = rep_str(s, "seen_as");
		const char *how = rep_str(s, "seen_how");

		if (!address)
			address = seen;
		if (address && seen && strcmp(seen, address) != 0)
			rep_add(&l, " ", "[%s] (seen as [%s])", address, seen);
		else if (address && how && strncmp(how, "not known", 9) == 0)
			rep_add(&l, " ", "[%s] (what receivers see is %s)", address, how);
		else if (address)
			rep_add(&l, " ", "[%s]", address);
	}
	if (l.text) {
		if (mail_from)
			rep_add(&l, ", ", "sender <%s>", mail_from);
		if (header_from && (!mail_from || strcmp(header_from, mail_from) != 0))
			rep_add(&l, ", ", "From: %s", header_from);
	} else {
		/* A single check has no sender: what was asked for says what was tested. */
		para.first = "for   ";
		for (size_t i = 1; i < rep_len(run, "argv"); i++) {
			if (json_is_string(rep_at(run, "argv", i)))
				rep_add(&l, " ", "%s", json_string_value(rep_at(run, "argv", i)));
		}
	}
	if (l.text)
		rep_wrap(&t->pg, &para, l.text);
	if (t->verbose && rep_str(sender, "ehlo_origin"))
		rep_print(&t->pg, 6, "EHLO name by %s", rep_str(sender, "ehlo_origin"));
}

static void headline(struct rep_sheet *t)
{
	struct rep_page *pg = &t->pg;
	const json_t *run = mp_jget(t->report, "run"), *tool = mp_jget(t->report, "tool");
	const char *version = rep_str(tool, "version");
	const char *name = mp_printf(
		pg->a, "%s%s%s", mp_jget_str(tool, "name", "mailprobe"), version ? " " : "", version ? version : "");
	struct rep_list l = {t, rep_when(pg->a, rep_str(run, "started"))};
	struct rep_para para = {.ink = REP_DIM};

	if (json_is_number(mp_jget(run, "duration_ms")))
		rep_add(&l, ", ", "%s", rep_duration(pg->a, mp_jget_num(run, "duration_ms", 0)));
	if (mp_jget_bool(run, "interrupted", false))
		rep_add(&l, ", ", "ended early");
	if (rep_str(run, "replayed"))
		rep_add(&l, ", ", "judged again %s", rep_when(pg->a, rep_str(run, "replayed")));
	para.first = mp_printf(pg->a, "%s  ", rep_inked(pg, REP_BOLD, rep_cut(pg, name, pg->width / 2)));
	rep_wrap(pg, &para, l.text);
	from_line(t);
	l.text = NULL;
	for (size_t i = 0; i < rep_len(t->report, "targets") && !t->single; i++) {
		const json_t *target = rep_at(t->report, "targets", i);
		bool given = rep_is(target, "mx_kind", "given");
		const char *text = given ? rep_target_to(pg->a, target) : rep_target_name(target);
		const char *domain = rep_str(target, "domain");

		/* An alias: which domain it stands for. */
		rep_add(&l, ", ", !domain || strstr(text, domain) ? "%s" : "%s (%s)", text, domain);
	}
	para = (struct rep_para){.first = "to    "};
	if (l.text)
		rep_wrap(pg, &para, l.text);
}

const char *rep_target_brief(struct rep_sheet *t, const json_t *target)
{
	struct mp_arena *a = t->pg.a;
	const json_t *s = rep_deciding(target);
	const char *domain = rep_str(target, "domain"), *said = rep_reply_flowed(a, mp_jget(s, "reply"));

	if (said && !rep_is(s, "outcome", "accepted"))
		return mp_printf(a, "%s: %s", rep_outcome(a, s), said);
	if (s)
		return rep_landed(a, target) ? rep_landed(a, target) : rep_outcome(a, s);
	/* Without a session the DNS said all there is. */
	if (rep_str(target, "summary"))
		return rep_str(target, "summary");
	for (size_t i = 0; domain && i < rep_len(t->report, "checks"); i++) {
		const json_t *c = rep_at(t->report, "checks", i);

		if (rep_is(c, "id", "mx.target") && rep_is(c, "subject", domain) && rep_str(c, "summary"))
			return rep_str(c, "summary");
	}
	return "no session was held";
}

static const struct rep_verdict_word *overall(const struct rep_sheet *t)
{
	return rep_verdict_word(rep_overall(t->report, t->single));
}

static void verdict(struct rep_sheet *t)
{
	struct rep_page *pg = &t->pg;
	const json_t *v = mp_jget(t->report, "verdict");
	const struct rep_verdict_word *w = overall(t);
	const char *word = rep_inked(pg, w->ink, t->single ? w->single : w->word);
	struct rep_para para = {.first = mp_printf(pg->a, "%s  ", word), .ink = REP_BOLD};
	size_t n = rep_len(t->report, "targets"), widest = 0;

	rep_blank(pg);
	rep_wrap(pg, &para, rep_str(v, "summary"));
	if (n < 2)
		return;
	rep_blank(pg);
	for (size_t i = 0; i < n; i++) {
		size_t len = rep_cols(rep_clean(pg, rep_target_name(rep_at(t->report, "targets", i))));

		widest = len > widest ? len : widest;
	}
	widest = widest > pg->width / 3 ? pg->width / 3 : widest;
	para = (struct rep_para){.one_line = true};
	for (size_t i = 0; i < n; i++) {
		const json_t *target = rep_at(t->report, "targets", i);

		w = rep_verdict_word(rep_str(target, "status"));
		para.first = mp_printf(pg->a, "  %s  %s  ", rep_cell(pg, w->ink, w->word, 11),
			rep_cell(pg, REP_PLAIN, rep_target_name(target), (int)widest));
		rep_wrap(pg, &para, rep_target_brief(t, target));
	}
}

/* ---- how it was found out */

/* Ids of the checks of a status, each once. */
static const char *ids(struct rep_sheet *t, const char *status)
{
	size_t n = rep_len(t->report, "checks");
	struct rep_list l = {t, NULL};

	for (size_t i = 0; i < n; i++) {
		const json_t *c = rep_at(t->report, "checks", i);
		const char *id = rep_str(c, "id");
		bool before = false;

		if (!id || !rep_is(c, "status", status) || rep_is_rule(c))
			continue;
		for (size_t k = 0; k < i && !before; k++) {
			const json_t *o = rep_at(t->report, "checks", k);

			before = rep_is(o, "id", id) && rep_is(o, "status", status);
		}
		if (!before)
			rep_add(&l, ", ", "%s", id);
	}
	return l.text;
}

static void footer(struct rep_sheet *t)
{
	struct rep_page *pg = &t->pg;
	const json_t *run = mp_jget(t->report, "run");
	const char *basis = rep_basis_words(t->pg.a, t->report, t->single);
	const char *skipped = ids(t, "skip"), *unknown = ids(t, "error");

	rep_blank(pg);
	if (basis)
		rep_print(pg, 0, "%s", basis);
	if (mp_jget_bool(run, "interrupted", false))
		rep_print(pg, 0, "The run was ended early: what was not known by then counts as undetermined.");
	if (unknown)
		rep_print(pg, 0, "Could not be determined: %s.", unknown);
	if (skipped)
		rep_print(pg, 0, "Not tested: %s.", skipped);
	if (rep_str(run, "id"))
		rep_print(pg, 0, "Run %s.", rep_str(run, "id"));
}

/* ---- the form */

static void quiet_line(struct rep_sheet *t)
{
	struct rep_page *pg = &t->pg;
	const json_t *v = mp_jget(t->report, "verdict");
	const struct rep_verdict_word *w = overall(t);
	const char *summary = rep_str(v, "summary");

	mp_buf_addf(pg->out, "%s%s%s\n", rep_inked(pg, w->ink, t->single ? w->single : w->word), summary ? ": " : "",
		rep_clean(pg, summary));
}

static void whole_page(struct rep_sheet *t)
{
	bool good = rep_is(mp_jget(t->report, "verdict"), "status", "deliverable"), why;

	headline(t);
	verdict(t);
	why = rep_text_why(t);
	rep_text_what_to_do(t);
	/* Where nothing else tells why, what was noted does. */
	rep_text_noted(t, why ? "ALSO NOTED" : good ? "NOTED" : "WHY");
	rep_text_compare(t);
	rep_text_sessions(t);
	rep_text_rules(t);
	rep_text_checks(t);
	footer(t);
}

static unsigned page_width(const struct rep_style *style)
{
	if (!style->width)
		return REP_WIDTH;
	if (style->width < REP_WIDTH_MIN)
		return REP_WIDTH_MIN;
	return style->width > REP_WIDTH_MAX ? REP_WIDTH_MAX : style->width;
}

static int write_text(const json_t *report, const struct rep_style *style, struct mp_buf *out, struct mp_err *err)
{
	struct rep_sheet t = {.report = report, .verbose = style->verbose};

	t.single = style->single || !rep_len(report, "targets");
	t.pg.a = mp_arena_new();
	t.pg.out = out;
	t.pg.width = page_width(style);
	t.pg.color = style->color;
	t.pg.unicode = style->unicode;
	if (style->quiet)
		quiet_line(&t);
	else
		whole_page(&t);
	mp_arena_free(t.pg.a);
	return out->full ? mp_fail(err, MP_ELIMIT, "the report is larger than %zu bytes", out->max) : MP_OK;
}

const struct rep_format rep_text = {
	.name = "text",
	.suffixes = {".txt"},
	.write = write_text,
};
