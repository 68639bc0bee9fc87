/* reports/text.c - the report for a person at a terminal: the verdict, why, what to do, the dialogues, all checks */
#include "reports/report.h"
#include "reports/tree.h"
#include "reports/wrap.h"

enum {
	INDENT = 5,        /* of what stands below a numbered title */
	MAX_QUOTES = 4,    /* replies quoted for one finding; the dialogues have all */
	MAX_QUOTED = 1000, /* bytes of one of them */
	MIN_TEXT = 38,     /* columns that a check's summary needs to stand beside its id */
	MAX_ID = 20,
	MAX_LIST = 65536,
};

/* A check that a finding rests on. */
struct link {
	const json_t *check;
	size_t finding; /* counted from 1 */
};

struct text {
	struct rep_page pg;
	const json_t *report;
	bool verbose, single;
	struct link *links;
	size_t n_links, cap_links;
};

/* ---- words and inks */

struct verdict_word {
	const char *status, *word, *single;
	enum rep_ink ink;
};

static const struct verdict_word *verdict_word(const char *status)
{
	static const struct verdict_word words[] = {
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

struct status_word {
	const char *status, *word, *count; /* count: "2 failed" */
	enum rep_ink ink;
};

static const struct status_word statuses[] = {
	{"fail", "FAIL", "failed", REP_RED},
	{"warn", "warn", "with warnings", REP_YELLOW},
	{"error", "error", "undetermined", REP_MAGENTA},
	{"pass", "pass", "passed", REP_GREEN},
	{"info", "info", "informational", REP_BLUE},
	{"skip", "skip", "skipped", REP_DIM},
};

static const struct status_word *status_word(const char *status)
{
	static const struct status_word none = {"", "-", "", REP_PLAIN};

	for (size_t i = 0; status && i < ARRAY_LEN(statuses); i++)
		if (strcmp(status, statuses[i].status) == 0)
			return &statuses[i];
	return &none;
}

static bool is(const json_t *object, const char *key, const char *value)
{
	const char *s = rep_str(object, key);

	return s && strcmp(s, value) == 0;
}

static size_t count_checks(const struct text *t, const char *status)
{
	size_t n = 0;

	for (size_t i = 0; i < rep_len(t->report, "checks"); i++)
		n += is(rep_at(t->report, "checks", i), "status", status);
	return n;
}

/* Of the whole report. Where no receiver was asked it is the worst of the checks, as the exit status is. */
static const struct verdict_word *overall(const struct text *t)
{
	const char *status = rep_str(mp_jget(t->report, "verdict"), "status");

	if (t->single && count_checks(t, "fail"))
		status = "blocked";
	else if (t->single && count_checks(t, "warn"))
		status = "at-risk";
	return verdict_word(status);
}

static enum rep_ink outcome_ink(const json_t *session)
{
	if (is(session, "outcome", "accepted"))
		return REP_GREEN;
	if (is(session, "outcome", "rejected"))
		return REP_RED;
	return is(session, "outcome", "deferred") ? REP_YELLOW : REP_MAGENTA;
}

/* ---- small things */

static void heading(struct text *t, const char *title, const char *more)
{
	struct rep_page *pg = &t->pg;
	struct rep_para para = {.first = mp_printf(pg->a, "%s%s", rep_inked(pg, REP_BOLD, title), more ? "  " : "")};

	rep_blank(pg);
	rep_wrap(pg, &para, more);
	rep_blank(pg);
}

/* A list that grows: item by item, with `sep` between. */
struct list {
	struct text *t;
	const char *text;
};

static void add(struct list *l, const char *sep, const char *fmt, ...) MP_PRINTF(3, 4);

static void add(struct list *l, const char *sep, const char *fmt, ...)
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

/* What a receiver said, as one text behind a bar. The dialogue has it line by line. */
static void quote(struct text *t, const json_t *session)
{
	struct rep_page *pg = &t->pg;
	const char *text = rep_reply_flowed(pg->a, mp_jget(session, "reply"));
	const char *bar = mp_printf(pg->a, "%*s%s ", INDENT, "", rep_inked(pg, REP_DIM, "|"));
	struct rep_para para = {.first = bar, .rest = bar, .ink = outcome_ink(session), .raw = true};

	/* A refusal can be a whole page, by intention. */
	if (text && strlen(text) > MAX_QUOTED && !t->verbose)
		text = mp_printf(pg->a, "%s ...", mp_dupn(pg->a, text, MAX_QUOTED));
	if (text)
		rep_wrap(pg, &para, text);
}

/* Text behind a word in ink that begins the line; further lines stand below the text, or below the word if that is long. */
static void worded(struct text *t, unsigned indent, enum rep_ink ink, const char *word, const char *text)
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

/* ---- 1. what was tested, and the verdict */

static void from_line(struct text *t)
{
	const json_t *run = mp_jget(t->report, "run"), *sender = mp_jget(t->report, "sender");
	const char *ehlo = rep_str(sender, "ehlo"), *mail_from = mp_jget_str(sender, "mail_from", NULL);
	const char *header_from = rep_str(sender, "header_from");
	struct list l = {t, ehlo};
	struct rep_para para = {.first = "from  "};

	for (size_t i = 0; i < rep_len(sender, "sources"); i++) {
		const json_t *s = rep_at(sender, "sources", i);
		const char *address = rep_str(s, "address"), *seen = rep_str(s, "seen_as");
		const char *how = rep_str(s, "seen_how");

		if (!address)
			address = seen;
		if (address && seen && strcmp(seen, address) != 0)
			add(&l, " ", "[%s] (seen as [%s])", address, seen);
		else if (address && how && strncmp(how, "not known", 9) == 0)
			add(&l, " ", "[%s] (what receivers see is %s)", address, how);
		else if (address)
			add(&l, " ", "[%s]", address);
	}
	if (l.text) {
		if (mail_from)
			add(&l, ", ", "sender <%s>", mail_from);
		if (header_from && (!mail_from || strcmp(header_from, mail_from) != 0))
			add(&l, ", ", "From: %s", header_from);
	} else {
		/* A single check has no sender: what was asked for says what was tested. */
		para.first = "for   ";
		for (size_t i = 1; i < rep_len(run, "argv"); i++) {
			if (json_is_string(rep_at(run, "argv", i)))
				add(&l, " ", "%s", json_string_value(rep_at(run, "argv", i)));
		}
	}
	if (l.text)
		rep_wrap(&t->pg, &para, l.text);
	if (t->verbose && rep_str(sender, "ehlo_origin"))
		rep_print(&t->pg, 6, "EHLO name by %s", rep_str(sender, "ehlo_origin"));
}

static const char *target_name(const json_t *target)
{
	const char *name = rep_str(target, "target");

	if (!name)
		name = rep_str(target, "domain");
	return name ? name : "a target";
}

static void headline(struct text *t)
{
	struct rep_page *pg = &t->pg;
	const json_t *run = mp_jget(t->report, "run"), *tool = mp_jget(t->report, "tool");
	const char *version = rep_str(tool, "version");
	const char *name = mp_printf(
		pg->a, "%s%s%s", mp_jget_str(tool, "name", "mailprobe"), version ? " " : "", version ? version : "");
	struct list l = {t, rep_when(pg->a, rep_str(run, "started"))};
	struct rep_para para = {.ink = REP_DIM};

	if (json_is_number(mp_jget(run, "duration_ms")))
		add(&l, ", ", "%s", rep_duration(pg->a, mp_jget_num(run, "duration_ms", 0)));
	if (mp_jget_bool(run, "interrupted", false))
		add(&l, ", ", "ended early");
	if (rep_str(run, "replayed"))
		add(&l, ", ", "judged again %s", rep_when(pg->a, rep_str(run, "replayed")));
	para.first = mp_printf(pg->a, "%s%s", rep_inked(pg, REP_BOLD, name), l.text ? "  " : "");
	rep_wrap(pg, &para, l.text);
	from_line(t);
	l.text = NULL;
	for (size_t i = 0; i < rep_len(t->report, "targets") && !t->single; i++) {
		const json_t *target = rep_at(t->report, "targets", i);
		const char *text = target_name(target), *domain = rep_str(target, "domain");

		/* An alias: which domain it stands for. */
		add(&l, ", ", !domain || strstr(text, domain) ? "%s" : "%s (%s)", text, domain);
	}
	para = (struct rep_para){.first = "to    "};
	if (l.text)
		rep_wrap(pg, &para, l.text);
}

/* The session that decided for a target, else the last that was tried; NULL without any. */
static const json_t *deciding(const json_t *target)
{
	int64_t i = mp_jget_int(target, "decided_by", -1);
	size_t n = rep_len(target, "sessions");

	if (i < 0 || (size_t)i >= n)
		i = (int64_t)n - 1;
	return i < 0 ? NULL : rep_at(target, "sessions", (size_t)i);
}

/* How a target stands, in a few words. */
static const char *target_brief(struct text *t, const json_t *target)
{
	struct mp_arena *a = t->pg.a;
	const json_t *s = deciding(target);
	const char *domain = rep_str(target, "domain"), *said = rep_reply_flowed(a, mp_jget(s, "reply"));

	if (said && !is(s, "outcome", "accepted"))
		return mp_printf(a, "%s: %s", rep_outcome(a, s), said);
	if (s)
		return rep_outcome(a, s);
	/* Without a session the DNS said all there is. */
	if (rep_str(target, "summary"))
		return rep_str(target, "summary");
	for (size_t i = 0; domain && i < rep_len(t->report, "checks"); i++) {
		const json_t *c = rep_at(t->report, "checks", i);

		if (is(c, "id", "mx.target") && is(c, "subject", domain) && rep_str(c, "summary"))
			return rep_str(c, "summary");
	}
	return "no session was held";
}

static void verdict(struct text *t)
{
	struct rep_page *pg = &t->pg;
	const json_t *v = mp_jget(t->report, "verdict");
	const struct verdict_word *w = overall(t);
	const char *word = mp_printf(pg->a, "%s  ", t->single ? w->single : w->word);
	struct rep_para para = {.first = rep_inked(pg, w->ink, word), .ink = REP_BOLD};
	size_t n = rep_len(t->report, "targets"), widest = 0;

	rep_blank(pg);
	rep_wrap(pg, &para, rep_str(v, "summary"));
	if (n < 2)
		return;
	rep_blank(pg);
	for (size_t i = 0; i < n; i++) {
		size_t len = rep_cols(rep_clean(pg, target_name(rep_at(t->report, "targets", i))));

		widest = len > widest ? len : widest;
	}
	widest = widest > pg->width / 3 ? pg->width / 3 : widest;
	para = (struct rep_para){.one_line = true};
	for (size_t i = 0; i < n; i++) {
		const json_t *target = rep_at(t->report, "targets", i);

		w = verdict_word(rep_str(target, "status"));
		para.first = mp_printf(pg->a, "  %s  %s  ", rep_cell(pg, w->ink, w->word, 11),
			rep_cell(pg, REP_PLAIN, target_name(target), (int)widest));
		rep_wrap(pg, &para, target_brief(t, target));
	}
}

/* ---- 2. why */

static size_t session_number(struct text *t, const json_t *because)
{
	return rep_session_number(
		t->report, (size_t)mp_jget_int(because, "target", 0), (size_t)mp_jget_int(because, "session", 0));
}

/* Whether two sessions ended in the same words of the same server. */
static bool alike(struct text *t, const json_t *x, const json_t *y)
{
	struct mp_arena *a = t->pg.a;
	const char *said_x = rep_reply_flowed(a, mp_jget(x, "reply")),
		   *said_y = rep_reply_flowed(a, mp_jget(y, "reply"));

	return strcmp(rep_server(a, x), rep_server(a, y)) == 0 && strcmp(rep_outcome(a, x), rep_outcome(a, y)) == 0 &&
	       strcmp(said_x ? said_x : "", said_y ? said_y : "") == 0;
}

/* What the receivers said: the sessions that a finding rests on, those that ended alike together. */
static void said(struct text *t, const json_t *finding)
{
	struct rep_page *pg = &t->pg;
	size_t n = rep_len(finding, "because"), quoted = 0, more = 0;

	for (size_t i = 0; i < n; i++) {
		const json_t *b = rep_at(finding, "because", i), *s = rep_because_session(t->report, b);
		struct list numbers = {t, NULL};
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
				add(&numbers, ", ", "%zu%s%s", session_number(t, other), varied ? " " : "",
					varied ? purpose : "");
			}
		}
		rep_blank(pg);
		refused = mp_jget(s, "reply") && !is(s, "outcome", "accepted");
		rep_print(pg, INDENT, "%s, %s (session%s %s)%s", rep_server(pg->a, s), rep_outcome(pg->a, s),
			several ? "s" : "", numbers.text, refused ? ":" : "");
		if (refused)
			quote(t, s);
	}
	if (more)
		rep_print(pg, INDENT, "and %zu more answers, below", more);
}

/* A check as a finding quotes it: its summary and what it saw. */
static void shown_by(struct text *t, const json_t *check)
{
	struct rep_page *pg = &t->pg;
	const struct status_word *w = status_word(rep_str(check, "status"));
	struct rep_para para = {
		.first = mp_printf(pg->a, "%*s%s ", INDENT, "", rep_inked(pg, w->ink, w->word)),
		.rest = rep_blanks(pg, INDENT + 2),
	};

	rep_wrap(pg, &para,
		mp_printf(pg->a, "%s: %s", mp_jget_str(check, "id", "?"), mp_jget_str(check, "summary", "")));
	if (rep_str(check, "detail"))
		rep_print(pg, INDENT + 2, "%s", rep_str(check, "detail"));
}

static void steps(struct text *t, const json_t *f, unsigned indent)
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

static void finding(struct text *t, const json_t *f, size_t number)
{
	struct rep_page *pg = &t->pg;
	const struct status_word *w = status_word(rep_str(f, "status"));
	const char *certainty = rep_certainty_words(rep_str(f, "certainty")), *explanation = rep_str(f, "explanation");
	struct rep_para title = {
		.first = mp_printf(pg->a, "%3zu. %s  ", number, rep_inked(pg, w->ink, w->word)),
		.rest = rep_blanks(pg, INDENT),
		.ink = REP_BOLD,
	};
	bool first = true, noted = is(f, "status", "info");

	rep_blank(pg);
	rep_wrap(pg, &title, mp_jget_str(f, "title", mp_jget_str(f, "id", "a finding")));
	/* "latent: nobody rejected for it yet" goes without saying where something is merely noted. */
	if (certainty && !noted)
		rep_print(pg, INDENT, "%s", certainty);
	if (explanation) {
		rep_blank(pg);
		rep_print(pg, INDENT, "%s", explanation);
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
		steps(t, f, INDENT);
	rep_blank(pg);
}

/* Whether the finding counts (fail, warn) and rests on a session of this target, or on a check of its domain. */
static bool touches(struct text *t, const json_t *finding, size_t target)
{
	const char *domain = rep_str(rep_at(t->report, "targets", target), "domain");

	for (size_t i = 0; !is(finding, "status", "info") && i < rep_len(finding, "because"); i++) {
		const json_t *b = rep_at(finding, "because", i);

		if (mp_jget_int(b, "target", -1) == (int64_t)target || (domain && is(b, "subject", domain)))
			return true;
	}
	return false;
}

/* A target that stands badly and that no finding speaks of: what happened there. */
static void unexplained(struct text *t, size_t target)
{
	struct rep_page *pg = &t->pg;
	const json_t *g = rep_at(t->report, "targets", target), *s = deciding(g);
	bool said = s && mp_jget(s, "reply") && !is(s, "outcome", "accepted");
	struct rep_para para = {.first = "  -  "};

	rep_blank(pg);
	if (s)
		rep_wrap(pg, &para,
			mp_printf(pg->a, "%s: %s, %s%s", target_name(g), rep_server(pg->a, s), rep_outcome(pg->a, s),
				said ? ":" : ""));
	else
		rep_wrap(pg, &para, mp_printf(pg->a, "%s: %s", target_name(g), target_brief(t, g)));
	if (said)
		quote(t, s);
}

/* Findings of one kind: those that count (fail, warn), or those that are merely noted. */
static size_t findings(struct text *t, bool noted, const char *title)
{
	size_t shown = 0;

	for (size_t i = 0; i < rep_len(t->report, "findings"); i++) {
		const json_t *f = rep_at(t->report, "findings", i);

		if (is(f, "status", "info") != noted)
			continue;
		if (!shown++ && title)
			heading(t, title, NULL);
		finding(t, f, i + 1);
	}
	return shown;
}

static bool why(struct text *t)
{
	bool titled = findings(t, false, "WHY") > 0;

	for (size_t i = 0; i < rep_len(t->report, "targets"); i++) {
		const json_t *g = rep_at(t->report, "targets", i);
		bool told = t->single || !rep_str(g, "status") || is(g, "status", "deliverable");

		for (size_t k = 0; k < rep_len(t->report, "findings") && !told; k++)
			told = touches(t, rep_at(t->report, "findings", k), i);
		if (told)
			continue;
		if (!titled)
			heading(t, "WHY", NULL);
		titled = true;
		unexplained(t, i);
	}
	return titled;
}

/* ---- 3. what to do */

/* The texts to send to those who can mend it, each once, as they are to be pasted. */
static void requests(struct text *t, bool numbered)
{
	struct rep_page *pg = &t->pg;
	size_t n = rep_len(t->report, "findings");

	for (size_t i = 0; i < n; i++) {
		const json_t *f = rep_at(t->report, "findings", i);
		const char *request = rep_str(f, "request"), *kind = rep_str(f, "request_kind");
		struct list numbers = {t, NULL};
		bool shown = false;

		for (size_t k = 0; request && k < n; k++) {
			const char *other = rep_str(rep_at(t->report, "findings", k), "request");

			if (!other || strcmp(other, request) != 0)
				continue;
			shown = shown || k < i;
			add(&numbers, ", ", "%zu", k + 1);
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
	return rep_len(f, "fix") > 0 && !is(f, "status", "info");
}

static void what_to_do(struct text *t)
{
	struct rep_page *pg = &t->pg;
	size_t n = rep_len(t->report, "findings"), counted = 0, with_steps = 0, with_request = 0;

	for (size_t i = 0; i < n; i++) {
		const json_t *f = rep_at(t->report, "findings", i);

		counted += !is(f, "status", "info");
		with_steps += has_steps(f);
		with_request += rep_str(f, "request") != NULL;
	}
	if (!with_steps && !with_request)
		return;
	heading(t, "WHAT TO DO", NULL);
	for (size_t i = 0; i < n; i++) {
		const json_t *f = rep_at(t->report, "findings", i);
		struct list numbers = {t, NULL};
		struct rep_para para = {.ink = REP_PLAIN};
		bool shown = !has_steps(f);

		for (size_t k = 0; k < n && !shown; k++) {
			const json_t *other = rep_at(t->report, "findings", k);

			if (!has_steps(other) || !json_equal(mp_jget(f, "fix"), mp_jget(other, "fix")))
				continue;
			shown = k < i;
			add(&numbers, ", ", "%zu", k + 1);
		}
		if (shown)
			continue;
		if (counted > 1) {
			rep_blank(pg);
			para.first = mp_printf(
				pg->a, "  %s  ", rep_inked(pg, REP_BOLD, mp_printf(pg->a, "For %s:", numbers.text)));
			rep_wrap(pg, &para, mp_jget_str(f, "title", ""));
		}
		steps(t, f, counted > 1 ? INDENT : 2);
	}
	requests(t, counted > 1);
}

/* ---- 4. the sessions */

static const char *tls_words(struct text *t, const json_t *session)
{
	static const char *const faults[] = {"chain_error", "name_error", "time_error"};
	static const char *const clear[] = {"starttls", "mail-from", "rcpt-to", "data", "message", "quit"};
	const json_t *tls = mp_jget(session, "tls"), *offer = mp_jget(session, "starttls");
	const char *verified = rep_str(tls, "verified");
	struct list l = {t, rep_str(tls, "version")};
	struct list bad = {t, NULL};

	if (l.text) {
		if (verified && strcmp(verified, "none") != 0)
			add(&l, ", ", "certificate verified (%s)", strcmp(verified, "dane") == 0 ? "DANE" : "PKIX");
		for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
			const char *fault = rep_str(tls, faults[i]);

			if (fault || (fault = rep_str(mp_jget(tls, "certificate"), faults[i])))
				add(&bad, "; ", "%s", fault);
		}
		if (verified && strcmp(verified, "none") == 0)
			add(&l, ", ", "certificate not verified%s%s%s", bad.text ? " (" : "", bad.text ? bad.text : "",
				bad.text ? ")" : "");
		return l.text;
	}
	for (size_t i = 0; i < ARRAY_LEN(clear); i++)
		if (is(session, "stage", clear[i]))
			return json_is_false(mp_jget(offer, "offered")) ? "in the clear (STARTTLS was not offered)"
									: "in the clear";
	return NULL;
}

static double total_ms(const json_t *session)
{
	size_t n = rep_len(session, "transcript");

	return mp_jget_num(mp_jget(session, "timings_ms"), "total",
		n ? mp_jget_num(rep_at(session, "transcript", n - 1), "t_ms", 0) : -1);
}

static void certificate(struct text *t, const json_t *cert)
{
	static const char *const parts[] = {"subject", "issuer", "not_before", "not_after", "key", "signature"};
	struct list l = {t, NULL}, names = {t, NULL};

	for (size_t i = 0; i < ARRAY_LEN(parts); i++)
		if (rep_str(cert, parts[i]))
			add(&l, ", ", "%s %s", parts[i], rep_str(cert, parts[i]));
	for (size_t i = 0; i < rep_len(cert, "names"); i++)
		if (json_is_string(rep_at(cert, "names", i)))
			add(&names, " ", "%s", json_string_value(rep_at(cert, "names", i)));
	if (l.text)
		rep_print(&t->pg, INDENT, "Certificate: %s", l.text);
	if (names.text)
		rep_print(&t->pg, INDENT, "Names in it: %s", names.text);
}

static void timings(struct text *t, const json_t *session)
{
	const json_t *v, *all = mp_jget(session, "timings_ms");
	struct list l = {t, NULL};

	for (void *it = json_object_iter((json_t *)all); it; it = json_object_iter_next((json_t *)all, it)) {
		v = json_object_iter_value(it);
		if (json_is_number(v) && json_number_value(v) >= 0)
			add(&l, ", ", "%s %.1f", json_object_iter_key(it), json_number_value(v));
	}
	if (l.text)
		rep_print(&t->pg, INDENT, "Times in ms: %s", l.text);
}

/* What is worth a line before the dialogue. */
static void session_facts(struct text *t, const json_t *s)
{
	struct rep_page *pg = &t->pg;
	const char *seen = rep_str(s, "seen_as"), *source = rep_str(s, "source"), *id = rep_str(s, "message_id");
	const json_t *cause = mp_jget(s, "cause");
	int64_t injected = mp_jget_int(s, "injected_bytes", 0);

	if (rep_str(cause, "id")) {
		const char *provider = rep_str(cause, "provider");
		bool known = provider && strcmp(provider, "unknown") != 0;

		if (t->verbose)
			rep_print(pg, INDENT, "Cause by wording: %s (%s, confidence %.2f)", rep_str(cause, "id"),
				known ? provider : "no known wording", mp_jget_num(cause, "confidence", 0));
		else if (!is(cause, "id", "unknown"))
			rep_print(pg, INDENT, "Cause by wording: %s%s%s%s", rep_str(cause, "id"), known ? " (" : "",
				known ? provider : "", known ? ")" : "");
	}
	if (seen && (!source || strcmp(seen, source) != 0))
		rep_print(pg, INDENT, "The server sees us as %s.", seen);
	if (mp_jget_bool(s, "helo", false))
		rep_print(pg, INDENT, "EHLO was refused; HELO was used.");
	if (injected > 0)
		rep_print(pg, INDENT, "%lld bytes of plaintext came behind the reply to STARTTLS; they were not used.",
			(long long)injected);
	if (id)
		rep_print(pg, INDENT, "Message-ID: %s", id);
	if (t->verbose) {
		certificate(t, mp_jget(mp_jget(s, "tls"), "certificate"));
		timings(t, s);
	}
}

struct dialogue {
	struct text *t;
	const json_t *lines;
	size_t n;
	size_t decided, decided_end; /* lines of the reply that decided; none: equal */
	enum rep_ink decided_ink;
	int time_cols;
	const char *last_time;
};

static const char *line_text(const struct dialogue *d, size_t i)
{
	return mp_jget_str(json_array_get(d->lines, i), "line", "");
}

static bool line_from(const struct dialogue *d, size_t i, const char *from)
{
	return i < d->n && is(json_array_get(d->lines, i), "from", from);
}

/*
 * Where the deciding reply stands in the dialogue: the last place where its lines follow one another. Without a reply
 * it is what was noted after the server's last word: silence, a cut line, a failed handshake.
 */
static void find_decided(struct dialogue *d, const json_t *session)
{
	size_t n;
	const char *const *reply = rep_reply_lines(d->t->pg.a, mp_jget(session, "reply"), &n);

	d->decided_ink = outcome_ink(session);
	for (size_t at = n && n <= d->n ? d->n - n + 1 : 0; at-- > 0;) {
		size_t k = 0;

		while (k < n && line_from(d, at + k, "server") && strcmp(line_text(d, at + k), reply[k]) == 0)
			k++;
		if (k == n) {
			d->decided = at;
			d->decided_end = at + n;
			return;
		}
	}
	if (n || is(session, "outcome", "accepted"))
		return;
	for (size_t at = d->n; at-- > 0 && !line_from(d, at, "server");)
		if (line_from(d, at, "note") || line_from(d, at, "tls")) {
			d->decided = at;
			d->decided_end = at + 1;
			return;
		}
}

/* What stands before a line: a mark at a refusal, the time where it is another than above, the direction. */
static void line_prefix(struct dialogue *d, size_t i, bool decided, struct rep_para *para)
{
	static const struct {
		const char *from, *ascii, *unicode;
	} arrows[] = {
		{"server", "<-", "\xe2\x86\x90 "},
		{"client", "->", "\xe2\x86\x92 "},
		{"tls", "==", "\xe2\x95\x90\xe2\x95\x90"},
		{"note", "--", "\xe2\x94\x80\xe2\x94\x80"},
	};
	struct rep_page *pg = &d->t->pg;
	double ms = mp_jget_num(json_array_get(d->lines, i), "t_ms", -1);
	const char *time = ms >= 0 && ms < 1e9 ? mp_printf(pg->a, "%.3f", ms / 1000) : "";
	bool again = d->last_time && strcmp(d->last_time, time) == 0;
	bool bad = decided && d->decided_ink != REP_GREEN;
	const char *arrow = "  ";

	for (size_t k = 0; k < ARRAY_LEN(arrows); k++)
		if (line_from(d, i, arrows[k].from))
			arrow = pg->unicode ? arrows[k].unicode : arrows[k].ascii;
	d->last_time = time;
	para->first = mp_printf(pg->a, "   %s %s %s ", rep_inked(pg, d->decided_ink, bad ? "!" : " "),
		rep_cell(pg, REP_DIM, again ? "" : time, -d->time_cols), rep_inked(pg, REP_DIM, arrow));
	para->ink = decided ? d->decided_ink : line_from(d, i, "note") ? REP_DIM : REP_PLAIN;
}

/* The end of a run of lines of a reply to EHLO that can be folded: 250-..., 250-..., 250 ... */
static size_t ehlo_run(const struct dialogue *d, size_t i)
{
	const char *command = i > 0 && line_from(d, i - 1, "client") ? line_text(d, i - 1) : "";
	size_t end = i;

	if (!mp_str_istarts(mp_str(command), "EHLO "))
		return i;
	while (line_from(d, end, "server") && strncmp(line_text(d, end), "250", 3) == 0 &&
		strlen(line_text(d, end)) > 4)
		end++;
	/* A reply that decided is shown as it came; two lines are not worth folding. */
	return end - i < 3 || (d->decided < end && d->decided_end > i) ? i : end;
}

static void dialogue(struct text *t, const json_t *session)
{
	struct rep_page *pg = &t->pg;
	struct dialogue d = {.t = t, .lines = mp_jget_array(session, "transcript"), .time_cols = 5};
	double longest = 0;

	d.n = json_array_size(d.lines);
	for (size_t i = 0; i < d.n; i++) {
		double ms = mp_jget_num(json_array_get(d.lines, i), "t_ms", 0);

		longest = ms > longest && ms < 1e9 ? ms : longest;
	}
	for (double s = longest / 1000; s >= 10 && d.time_cols < 10; s /= 10)
		d.time_cols++;
	find_decided(&d, session);
	for (size_t i = 0; i < d.n; i++) {
		size_t end = t->verbose ? i : ehlo_run(&d, i);
		struct rep_para para = {.raw = true};
		struct list keywords = {t, NULL};

		if (!json_is_string(mp_jget(json_array_get(d.lines, i), "line")))
			continue;
		line_prefix(&d, i, i >= d.decided && i < d.decided_end, &para);
		para.rest = mp_printf(pg->a, "%*s%s ", d.time_cols + 6, "", rep_inked(pg, REP_DIM, ".."));
		rep_wrap(pg, &para, line_text(&d, i));
		if (end == i)
			continue;
		line_prefix(&d, i + 1, false, &para);
		para.rest = rep_blanks(pg, rep_cols(para.first) + 4);
		for (i++; i < end; i++)
			add(&keywords, ", ", "%s", line_text(&d, i) + 4);
		i--;
		rep_wrap(pg, &para, mp_printf(pg->a, "250 %s", keywords.text));
	}
}

static void session(struct text *t, const json_t *s, size_t number, bool decides)
{
	struct rep_page *pg = &t->pg;
	const char *source = rep_str(s, "source"), *purpose = rep_str(s, "purpose"), *tls = tls_words(t, s);
	struct list head = {t, rep_server(pg->a, s)}, state = {t, ""};
	struct rep_para title = {.first = mp_printf(pg->a, "%3zu. ", number), .ink = REP_BOLD};

	if (source)
		add(&head, " ", "from %s", source);
	if (purpose && strcmp(purpose, "baseline") != 0)
		add(&head, " ", "(%s)", purpose);
	rep_blank(pg);
	rep_wrap(pg, &title, head.text);
	if (total_ms(s) >= 0)
		add(&state, "", "; %s", rep_duration(pg->a, total_ms(s)));
	if (tls)
		add(&state, "", "; %s", tls);
	if (decides)
		add(&state, "", "; this one decides");
	worded(t, INDENT, outcome_ink(s), rep_outcome(pg->a, s), state.text);
	session_facts(t, s);
	if (rep_len(s, "transcript")) {
		rep_blank(pg);
		dialogue(t, s);
	}
	rep_blank(pg);
}

static const char *mx_words(struct text *t, const json_t *target)
{
	struct list l = {t, NULL};

	for (size_t i = 0; i < rep_len(target, "mx"); i++) {
		const json_t *mx = rep_at(target, "mx", i);
		struct list addresses = {t, NULL};

		for (size_t k = 0; t->verbose && k < rep_len(mx, "addresses"); k++)
			if (json_is_string(rep_at(mx, "addresses", k)))
				add(&addresses, " ", "[%s]", json_string_value(rep_at(mx, "addresses", k)));
		if (json_is_integer(mp_jget(mx, "preference")))
			add(&l, ", ", "%lld ", (long long)mp_jget_int(mx, "preference", 0));
		add(&l, json_is_integer(mp_jget(mx, "preference")) ? "" : ", ", "%s%s%s", mp_jget_str(mx, "host", "?"),
			addresses.text ? " " : "", addresses.text ? addresses.text : "");
	}
	return l.text;
}

static void sessions(struct text *t)
{
	struct rep_page *pg = &t->pg;
	size_t n = rep_len(t->report, "targets"), held = 0;

	for (size_t i = 0; i < n; i++)
		held += rep_len(rep_at(t->report, "targets", i), "sessions");
	if (!n || (t->single && !held))
		return;
	heading(t, "SESSIONS", NULL);
	for (size_t i = 0; i < n; i++) {
		const json_t *target = rep_at(t->report, "targets", i);
		const struct verdict_word *w = verdict_word(rep_str(target, "status"));
		const char *mx = mx_words(t, target);
		size_t count = rep_len(target, "sessions");
		struct rep_para para = {.ink = REP_BOLD};

		rep_blank(pg);
		para.first = mp_printf(pg->a, "  %s  ", rep_inked(pg, w->ink, w->word));
		rep_wrap(pg, &para, mp_printf(pg->a, "%s%s%s", target_name(target), mx ? ", MX " : "", mx ? mx : ""));
		if (!count)
			rep_print(pg, INDENT, "No session was held.");
		else if (mp_jget_bool(target, "rcpt_assumed", false))
			rep_print(pg, INDENT,
				"The recipient %s was assumed: weaker evidence than a mailbox of yours there (--rcpt).",
				mp_jget_str(target, "rcpt", ""));
		for (size_t k = 0; k < count; k++)
			session(t, rep_at(target, "sessions", k), rep_session_number(t->report, i, k),
				count > 1 && mp_jget_int(target, "decided_by", -1) == (int64_t)k);
	}
}

/* ---- 5. the checks */

/* The check that stands for a session among the checks. */
static const json_t *check_of_session(struct text *t, const json_t *s)
{
	const char *subject = mp_printf(t->pg.a, "%s [%s]:%d", mp_jget_str(s, "mx", ""), mp_jget_str(s, "address", ""),
		(int)mp_jget_int(s, "port", 25));
	const char *source = rep_str(s, "source");

	for (size_t i = 0; s && i < rep_len(t->report, "checks"); i++) {
		const json_t *c = rep_at(t->report, "checks", i);
		const char *ip = rep_str(mp_jget(c, "values"), "ip");

		if (is(c, "id", "smtp.session") && is(c, "subject", subject) &&
			(!ip || !source || strcmp(ip, source) == 0))
			return c;
	}
	return NULL;
}

static void note_links(struct text *t)
{
	for (size_t i = 0; i < rep_len(t->report, "findings"); i++) {
		const json_t *f = rep_at(t->report, "findings", i);

		for (size_t k = 0; k < rep_len(f, "because"); k++) {
			const json_t *b = rep_at(f, "because", k), *c = rep_because_check(t->report, b);

			if (!c && !is(f, "status", "info"))
				c = check_of_session(t, rep_because_session(t->report, b));
			if (c)
				*MP_PUSH(t->pg.a, t->links, t->n_links, t->cap_links) = (struct link){c, i + 1};
		}
	}
}

static const char *findings_of(struct text *t, const json_t *check)
{
	struct list l = {t, NULL};

	for (size_t i = 0; i < t->n_links; i++)
		if (t->links[i].check == check &&
			(!i || memcmp(&t->links[i], &t->links[i - 1], sizeof(*t->links)) != 0))
			add(&l, ", ", "%zu", t->links[i].finding);
	return l.text;
}

static bool names_subject(const json_t *c)
{
	const char *subject = rep_str(c, "subject");

	return !subject || mp_str_ifind(mp_str(mp_jget_str(c, "summary", "")), subject) >= 0;
}

/* The summary, with what was checked where neither it nor a line above the check says so. */
static const char *check_text(struct text *t, const json_t *c, bool below_subject)
{
	const char *summary = mp_jget_str(c, "summary", ""), *ip = rep_str(mp_jget(c, "values"), "ip");
	const char *subject = mp_jget_str(c, "subject", ""), *text = summary, *told = findings_of(t, c);

	if (!below_subject && !names_subject(c))
		text = mp_printf(t->pg.a, "%s: %s", subject, summary);
	if (ip && rep_len(mp_jget(t->report, "sender"), "sources") > 1 && !strstr(text, ip) && !strstr(subject, ip))
		text = mp_printf(t->pg.a, "%s (from %s)", text, ip);
	return told ? mp_printf(t->pg.a, "%s (finding %s)", text, told) : text;
}

static void check_values(struct text *t, const json_t *c, struct rep_para *para)
{
	json_t *values = mp_jget(c, "values");
	struct list l = {t, NULL};

	for (void *it = json_object_iter(values); it; it = json_object_iter_next(values, it)) {
		json_t *v = json_object_iter_value(it);
		char *dump = json_is_string(v) ? NULL : json_dumps(v, JSON_ENCODE_ANY);

		if (json_is_string(v) && !is(c, "subject", json_string_value(v)))
			add(&l, ", ", "%s=%s", json_object_iter_key(it), json_string_value(v));
		else if (dump)
			add(&l, ", ", "%s=%s", json_object_iter_key(it), dump);
		free(dump);
	}
	if (l.text)
		rep_wrap(&t->pg, para, l.text);
}

/* The layout of all rows: ids in a column of their own, or, on a narrow page, above the text. */
struct columns {
	unsigned id;
	bool beside;
	const char *above; /* the subject that stands above the last rows, or NULL */
	size_t last;       /* how many these were */
};

static void check_more(struct text *t, const json_t *c, unsigned indent)
{
	struct rep_page *pg = &t->pg;
	const char *detail = rep_str(c, "detail"), *fix = rep_str(c, "fix");
	struct rep_para para = {.first = rep_blanks(pg, indent)};
	struct list refs = {t, NULL};

	if (detail)
		rep_wrap(pg, &para, detail);
	if (fix)
		worded(t, indent, REP_BOLD, "Fix: ", fix);
	if (!t->verbose)
		return;
	for (size_t i = 0; i < rep_len(c, "refs"); i++)
		if (json_is_string(rep_at(c, "refs", i)))
			add(&refs, ", ", "%s", json_string_value(rep_at(c, "refs", i)));
	para.ink = REP_DIM;
	check_values(t, c, &para);
	if (refs.text)
		rep_wrap(pg, &para, refs.text);
}

static void check_row(struct text *t, const json_t *c, const struct columns *cols, bool below_subject)
{
	struct rep_page *pg = &t->pg;
	const struct status_word *w = status_word(rep_str(c, "status"));
	const char *id = mp_jget_str(c, "id", "?"), *text = check_text(t, c, below_subject);
	bool good = is(c, "status", "pass") || is(c, "status", "info") || is(c, "status", "skip");
	struct rep_para para = {.first = mp_printf(pg->a, "  %s  ", rep_cell(pg, w->ink, w->word, 5))};

	if (cols->beside) {
		para.first = mp_printf(pg->a, "%s%s  ", para.first, rep_cell(pg, REP_PLAIN, id, (int)cols->id));
	} else {
		rep_wrap(pg, &para, id);
		para.first = rep_blanks(pg, 9);
	}
	rep_wrap(pg, &para, text);
	/* What a finding has quoted is not said twice. */
	if (t->verbose || (!good && !findings_of(t, c)))
		check_more(t, c, cols->beside ? cols->id + 11 : 9);
}

static bool same_member(const json_t *x, const json_t *y, const char *key)
{
	const char *a = rep_str(x, key), *b = rep_str(y, key);

	return strcmp(a ? a : "", b ? b : "") == 0;
}

/* Skipped checks of one reason, on one line: ids, then the reason, cut where it is long. */
static void skipped_row(struct text *t, const json_t *const *rows, size_t n, const struct columns *cols)
{
	struct rep_page *pg = &t->pg;
	struct list l = {t, NULL};
	struct rep_para para = {.ink = REP_DIM, .one_line = true};
	const char *word = rep_cell(pg, REP_DIM, "skip", 5);

	if (n == 1 && cols->beside) {
		para.first = mp_printf(pg->a, "  %s  %s  ", word,
			rep_cell(pg, REP_DIM, mp_jget_str(rows[0], "id", "?"), (int)cols->id));
		rep_wrap(pg, &para, mp_jget_str(rows[0], "summary", ""));
		return;
	}
	for (size_t i = 0; i < n; i++)
		add(&l, ", ", "%s", mp_jget_str(rows[i], "id", "?"));
	para.first = mp_printf(pg->a, "  %s  ", word);
	para.one_line = false;
	rep_wrap(pg, &para, mp_printf(pg->a, "%s: %s", l.text, mp_jget_str(rows[0], "summary", "")));
}

/* Rows of one name space and one subject. */
static void check_rows(struct text *t, const json_t *const *rows, size_t n, bool first, struct columns *cols)
{
	struct rep_page *pg = &t->pg;
	const char *subject = rep_str(rows[0], "subject");
	bool going_on = subject && cols->above && strcmp(subject, cols->above) == 0, above = false;
	bool *done = mp_allocn(pg->a, n + 1, sizeof(*done));
	const json_t **alike = mp_allocn(pg->a, n + 1, sizeof(*alike));

	/* Said once above the rows where one of them does not say it itself. */
	for (size_t i = 0; i < n && (n > 1 || going_on); i++)
		above = above || !names_subject(rows[i]);
	if (!(above && going_on)) {
		/* Name spaces of a single check stand together. */
		if (first && (n > 1 || cols->last > 1))
			rep_blank(pg);
		if (above)
			rep_wrap(pg, &(struct rep_para){.first = "  ", .rest = "    ", .ink = REP_DIM}, subject);
	}
	cols->above = above ? subject : NULL;
	cols->last = n;
	for (size_t i = 0; i < n; i++) {
		size_t count = 0;

		if (done[i])
			continue;
		if (t->verbose || !is(rows[i], "status", "skip")) {
			check_row(t, rows[i], cols, above);
			continue;
		}
		for (size_t k = i; k < n; k++) {
			if (!is(rows[k], "status", "skip") || !same_member(rows[i], rows[k], "summary"))
				continue;
			done[k] = true;
			alike[count++] = rows[k];
		}
		skipped_row(t, alike, count, cols);
	}
}

/* "ptr.exists" -> "ptr" */
static struct mp_str name_space(const json_t *c)
{
	struct mp_str id = mp_str(mp_jget_str(c, "id", "")), part = {"", 0};

	mp_str_split(&id, '.', &part);
	return part;
}

static void checks(struct text *t)
{
	struct rep_page *pg = &t->pg;
	size_t n = rep_len(t->report, "checks");
	struct list counts = {t, NULL};
	struct columns cols = {.last = 0};
	bool *done = mp_allocn(pg->a, n + 1, sizeof(*done));
	const json_t **group = mp_allocn(pg->a, n + 1, sizeof(*group));

	if (!n)
		return;
	for (size_t i = 0; i < n; i++) {
		unsigned w = rep_cols(rep_clean(pg, mp_jget_str(rep_at(t->report, "checks", i), "id", "?")));

		cols.id = w > cols.id ? w : cols.id;
	}
	cols.id = cols.id > MAX_ID ? MAX_ID : cols.id;
	cols.beside = pg->width >= cols.id + 11 + MIN_TEXT;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++) {
		size_t count = count_checks(t, statuses[i].status);

		if (count)
			add(&counts, ", ", "%zu %s", count, statuses[i].count);
	}
	heading(t, "CHECKS", counts.text);
	for (size_t i = 0; i < n; i++) {
		struct mp_str space = name_space(rep_at(t->report, "checks", i));
		size_t in_group = 0, from = 0;

		for (size_t k = i; k < n && !done[i]; k++)
			if (!done[k] && mp_str_eq(space, name_space(rep_at(t->report, "checks", k))))
				group[in_group++] = rep_at(t->report, "checks", k);
		for (size_t k = n; k-- > i && in_group;)
			done[k] = done[k] || mp_str_eq(space, name_space(rep_at(t->report, "checks", k)));
		if (!in_group)
			continue;
		for (size_t k = 1; k <= in_group; k++) {
			if (k < in_group && same_member(group[k], group[from], "subject"))
				continue;
			check_rows(t, group + from, k - from, from == 0, &cols);
			from = k;
		}
	}
}

/* ---- 6. how it was found out */

/* Ids of the checks of a status, each once. */
static const char *ids(struct text *t, const char *status)
{
	size_t n = rep_len(t->report, "checks");
	struct list l = {t, NULL};

	for (size_t i = 0; i < n; i++) {
		const json_t *c = rep_at(t->report, "checks", i);
		const char *id = rep_str(c, "id");
		bool before = false;

		if (!id || !is(c, "status", status))
			continue;
		for (size_t k = 0; k < i && !before; k++) {
			const json_t *o = rep_at(t->report, "checks", k);

			before = is(o, "id", id) && is(o, "status", status);
		}
		if (!before)
			add(&l, ", ", "%s", id);
	}
	return l.text;
}

static void footer(struct text *t)
{
	struct rep_page *pg = &t->pg;
	const json_t *run = mp_jget(t->report, "run");
	const char *basis = rep_basis_words(rep_str(mp_jget(t->report, "verdict"), "basis"));
	const char *skipped = ids(t, "skip"), *unknown = ids(t, "error");

	if (t->single)
		basis = "Judged by this host and the DNS alone: no receiver was asked.";
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

static void quiet_line(struct text *t)
{
	struct rep_page *pg = &t->pg;
	const json_t *v = mp_jget(t->report, "verdict");
	const struct verdict_word *w = overall(t);
	const char *summary = rep_str(v, "summary");

	mp_buf_addf(pg->out, "%s%s%s\n", rep_inked(pg, w->ink, t->single ? w->single : w->word), summary ? ": " : "",
		rep_clean(pg, summary));
}

static int write_text(const json_t *report, const struct rep_style *style, struct mp_buf *out, struct mp_err *err)
{
	unsigned width = style->width ? style->width : REP_WIDTH;
	struct text t = {
		.report = report,
		.verbose = style->verbose,
		.single = style->single || !rep_len(report, "targets"),
		.pg =
			{
				.out = out,
				.color = style->color,
				.unicode = style->unicode,
				.width = width < REP_WIDTH_MIN   ? REP_WIDTH_MIN
					 : width > REP_WIDTH_MAX ? REP_WIDTH_MAX
								 : width,
			},
	};

	bool whys;

	t.pg.a = mp_arena_new();
	if (style->quiet) {
		quiet_line(&t);
	} else {
		note_links(&t);
		headline(&t);
		verdict(&t);
		whys = why(&t);
		what_to_do(&t);
		findings(&t, true,
			whys                                                      ? "ALSO NOTED"
			: is(mp_jget(report, "verdict"), "status", "deliverable") ? "NOTED"
										  : "WHY");
		sessions(&t);
		checks(&t);
		footer(&t);
	}
	mp_arena_free(t.pg.a);
	return out->full ? mp_fail(err, MP_ELIMIT, "the report is larger than %zu bytes", out->max) : MP_OK;
}

const struct rep_format rep_text = {
	.name = "text",
	.suffixes = {".txt"},
	.write = write_text,
};
